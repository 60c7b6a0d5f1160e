"""Lässt sich eine Datei gefahrlos öffnen? Gewöhnlich, vorhanden, nicht zu groß.

Ein Ordner, eine Verknüpfung oder eine Leitung mit dem Namen einer Tabelle darf das
Lesen weder abbrechen noch aufhalten.
"""

import stat
from collections.abc import Iterable
from pathlib import Path

from quartierstools.fehler import Befund

MB = 1_000_000
HOECHSTENS = 500 * MB
"""Größere Dateien eines Projekts werden nicht gelesen."""


def dateimangel(
    datei: Path, name: str, *, hoechstens: int = HOECHSTENS
) -> Befund | None:
    """Warum eine Datei nicht gelesen wird; None, wenn nichts dagegen spricht.

    Parameters
    ----------
    datei : Path
        Zu lesende Datei; sie wird nicht geöffnet.
    name : str
        Name für die Meldung.
    hoechstens : int
        Größte erlaubte Zahl von Byte.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as ordner:
    ...     print(dateimangel(Path(ordner), "bestand/x.csv"))
    bestand/x.csv: Das ist ein Ordner. Erwartet: eine Datei. Bitte ersetzen.
    """
    if datei.is_symlink():
        return Befund(
            ort=name,
            was="Das ist eine Verknüpfung auf eine andere Datei.",
            erwartet="die Datei selbst",
            rat="Bitte die Datei an diese Stelle kopieren.",
        )
    try:
        zustand = datei.stat()
    except (OSError, ValueError):
        return Befund(
            ort=name,
            was="Die Datei fehlt.",
            rat="Bitte anlegen; das Format steht in daten/README.md.",
        )
    if not stat.S_ISREG(zustand.st_mode):
        art = "ein Ordner" if stat.S_ISDIR(zustand.st_mode) else "keine Datei"
        rat = "Bitte ersetzen."
        return Befund(ort=name, was=f"Das ist {art}.", erwartet="eine Datei", rat=rat)
    if zustand.st_size > hoechstens:
        groesse = f"{zustand.st_size / MB:.1f}".replace(".", ",")
        grenze = f"{hoechstens / MB:g}".replace(".", ",")
        return Befund(
            ort=name,
            was=f"Die Datei ist {groesse} MB groß.",
            erwartet=f"höchstens {grenze} MB",
            rat="Ist es die richtige Datei? Sie wurde nicht gelesen.",
        )
    return None


def mit_endung(ordner: Path, endungen: Iterable[str]) -> list[Path]:
    """Sichtbare Einträge eines Ordners mit einer Endung, gleich ob groß oder klein.

    Fehlt der Ordner, ist die Liste leer.
    """
    try:
        eintraege = sorted(ordner.iterdir())
    except OSError:
        return []
    gesucht = set(endungen)
    return [
        p
        for p in eintraege
        if p.suffix.lower() in gesucht and not p.name.startswith(".")
    ]
