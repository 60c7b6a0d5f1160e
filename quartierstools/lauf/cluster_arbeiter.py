"""Was auf den Rechnern eines Clusters läuft: ein Notebook je Aufgabe.

Die Rechner bekommen nur die Freigabe und Vorberechnetes, nie die Eingaben; gesperrte
Werte verlassen den eigenen Rechner in der öffentlichen Fassung nicht.
"""

import atexit
import functools
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

from distributed import get_worker

from quartierstools.ausgabe.manifest import programmstand, versionen
from quartierstools.ausgabe.werkbank import UMGEBUNG
from quartierstools.lauf.auftrag import Auftrag
from quartierstools.lauf.fracht import entpacke, packe, pruefsumme
from quartierstools.lauf.motor import WARM
from quartierstools.lauf.werkstatt import Werkstatt

Json = dict[str, Any]

_JE_FADEN = threading.local()
_OFFEN: list[Werkstatt] = []
_SCHLOSS = threading.Lock()


@functools.cache
def stand_dieses_rechners() -> tuple[str, tuple[tuple[str, str], ...]]:
    """Code und Pakete; nur gleicher Stand gibt gleiche Bytes."""
    return programmstand([]), tuple(sorted(versionen().items()))


def fuehre_schritt(paket: Json, speicher: bytes | None) -> Json:
    """Führt ein Notebook aus und gibt seine Dateien als Sendung zurück.

    Parameters
    ----------
    paket : dict
        ``name``, ``notebook`` (Bytes), ``parameter``, ``kennung``, ``thema`` (unter
        dem der Beginn gemeldet wird), ``stand``, ``speicher`` (Prüfsumme und
        Adresse), ``ziel`` (Adresse oder leer), ``zeitgrenze``, ``speichergrenze``.
    speicher : bytes or None
        Vorberechnetes; None, wenn es unter der Adresse liegt.

    Returns
    -------
    dict
        ``gelungen``, ``meldung``, ``dauer``, ``spitze_mb``, ``summe`` und
        ``sendung`` (None, wenn sie unter ``ziel`` liegt); bei anderem Programmstand
        nur ``fremd``.
    """
    if stand_dieses_rechners() != paket["stand"]:
        return {"fremd": True}
    get_worker().log_event(paket["thema"], paket["name"])
    ort = Path(tempfile.mkdtemp(prefix="quartier-schritt-"))
    try:
        return _fuehre_aus(paket, _speicherordner(paket["speicher"], speicher), ort)
    finally:
        shutil.rmtree(ort, ignore_errors=True)


def _fuehre_aus(paket: Json, speicher: Path, ort: Path) -> Json:
    name = paket["name"]
    notebook = ort / "vorlage" / f"{name}.ipynb"
    notebook.parent.mkdir()
    notebook.write_bytes(paket["notebook"])
    schritt = ort / "schritt"
    auftrag = Auftrag(
        name=name,
        notebook=notebook,
        ziel=schritt / "notebooks" / f"{name}.ipynb",
        parameter=paket["parameter"],
        umgebung={
            UMGEBUNG["ordner"]: str(schritt),
            UMGEBUNG["speicher"]: str(speicher),
            UMGEBUNG["lauf"]: paket["kennung"],
            UMGEBUNG["daten"]: str(speicher),
        },
        ordner=notebook.parent,
    )
    (ergebnis,) = _werkstatt().fuehre_aus(
        [auftrag],
        zeitgrenze=paket["zeitgrenze"],
        speichergrenze=paket["speichergrenze"],
    )
    sendung = packe(schritt)
    if paket["ziel"]:
        _schreibe(paket["ziel"], sendung)
    return {
        "gelungen": ergebnis.gelungen,
        "meldung": ergebnis.meldung,
        "dauer": ergebnis.dauer,
        "spitze_mb": ergebnis.spitze_mb,
        "summe": pruefsumme(sendung),
        "sendung": None if paket["ziel"] else sendung,
    }


def _speicherordner(angabe: Json, speicher: bytes | None) -> Path:
    """Vorberechnetes, je Rechnerprozess einmal ausgepackt."""
    ordner = _eigener_ordner() / str(angabe["summe"])
    with _SCHLOSS:
        if not ordner.exists():
            sendung = lies(angabe["adresse"]) if speicher is None else speicher
            daneben = ordner.with_suffix(".teil")
            shutil.rmtree(daneben, ignore_errors=True)
            daneben.mkdir()
            entpacke(sendung, angabe["summe"], daneben)
            daneben.rename(ordner)
    return ordner


@functools.cache
def _eigener_ordner() -> Path:
    ordner = Path(tempfile.mkdtemp(prefix=f"quartier-rechner-{os.getpid()}-"))
    atexit.register(shutil.rmtree, ordner, ignore_errors=True)
    return ordner


def _werkstatt() -> Werkstatt:
    """Warme Werkstatt dieses Fadens; sie bleibt für die nächste Aufgabe offen."""
    werkstatt: Werkstatt | None = getattr(_JE_FADEN, "werkstatt", None)
    if werkstatt is None:
        werkstatt = Werkstatt(1, vorwaermen=WARM)
        _JE_FADEN.werkstatt = werkstatt
        with _SCHLOSS:
            if not _OFFEN:
                atexit.register(schliesse)
            _OFFEN.append(werkstatt)
    return werkstatt


def schliesse() -> None:
    """Beendet alle warmen Prozesse dieses Rechners."""
    with _SCHLOSS:
        while _OFFEN:
            _OFFEN.pop().schliesse()
    _JE_FADEN.__dict__.clear()


def lies(adresse: str) -> bytes:
    """Inhalt einer fsspec-Adresse."""
    import fsspec  # noqa: PLC0415

    with fsspec.open(adresse, "rb") as strom:
        inhalt: bytes = strom.read()
        return inhalt


def _schreibe(adresse: str, inhalt: bytes) -> None:
    import fsspec  # noqa: PLC0415

    with fsspec.open(adresse, "wb", auto_mkdir=True) as strom:
        strom.write(inhalt)
