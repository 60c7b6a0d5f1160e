"""Wie beginnt ein neuer Ort? Ein leerer Projektordner mit Anleitung."""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from string import Template

from quartierstools.eingang import angebote, beschluesse, urteile
from quartierstools.eingang.bestandspruefung import BEISPIEL
from quartierstools.fehler import Aufruffehler
from quartierstools.katalog.orte import kennung_aus

KENNUNG = re.compile(r"[a-z0-9][a-z0-9_-]*")
HOECHSTENS_STELLEN = 16
HOECHSTENS_ZEICHEN = 80
BESTAND = (
    *("ebene", "gebiet", "indikator", "stichtag", "wert", "zaehler", "nenner"),
    *("quelle", "stichtag_belegt", "guete", "hinweis"),
)
TABELLEN: Mapping[str, tuple[str, ...]] = {
    "bestand/werte.csv": BESTAND,
    "angebote.csv": angebote.SPALTENFOLGE,
    "einzelwerte.csv": angebote.EINZELWERTE,
    "fachurteile.csv": (*urteile.PFLICHT, *urteile.WEITERE),
    "beschluesse.csv": (*beschluesse.PFLICHT, *beschluesse.WEITERE),
}
BEISPIELZEILE = f"gebiet;{BEISPIEL};B01;JJJJ-MM-TT;;;;meine_quelle;ja;;bitte ersetzen\n"
"""Damit die Prüfung einen leeren Bestand nicht für einen gefüllten hält."""
EBENE: Mapping[str, str] = {
    "eines": "statistischer Bezirk",
    "mehrere": "statistische Bezirke",
    "kurz": "Bezirk",
    "kurz_mehrere": "Bezirke",
    "kurz_dativ_mehrere": "Bezirken",
}
"""Grammatik der kleinsten Raumebene, wie in `Gebietsebene`."""


def lege_an(
    ziel: Path,
    *,
    stadt: str,
    kennung: str = "",
    herausgeber: str = "",
    bezugsdatum: str = "",
    breite: int = 2,
    ebene: Mapping[str, str] = EBENE,
) -> list[Path]:
    """Legt einen leeren Projektordner an.

    Die Prüfung (`lies_datenstand`, ``quartier pruefe``) lehnt ihn ab, bis gefüllt ist,
    was die beigelegte ``README.md`` Schritt für Schritt nennt.

    Parameters
    ----------
    ziel : Path
        Neuer oder leerer Ordner.
    stadt : str
        Name der Stadt.
    kennung : str, optional
        Kleinbuchstaben, Ziffern, „-“ und „_“; sonst aus dem Namen des Ordners.
    herausgeber : str, optional
        Wer die Ausgaben verantwortet; sonst „Stadt …“.
    bezugsdatum : str, optional
        ``JJJJ-MM-TT``; leer bleibt es zu füllen, nie das heutige Datum.
    breite : int, default=2
        Stellen eines Gebietsschlüssels, 1 bis 16.
    ebene : Mapping, optional
        Wie die kleinste Raumebene heißt, siehe `EBENE`.

    Returns
    -------
    list of Path
        Angelegte Dateien.

    Raises
    ------
    Aufruffehler
        Wenn der Ordner nicht leer ist oder eine Angabe nicht passt; dann entsteht
        nichts.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as ordner:
    ...     dateien = lege_an(Path(ordner) / "herne", stadt="Herne")
    ...     [d.name for d in dateien][:3]
    ['README.md', 'angebote.csv', 'beschluesse.csv']
    """
    kennung = kennung or kennung_aus(ziel.absolute().name)
    maengel = _maengel(ziel, stadt, kennung, bezugsdatum, breite)
    maengel += _ebenenmaengel(ebene)
    herausgeber = herausgeber or f"Stadt {stadt}"
    maengel += _textmaengel("herausgeber", herausgeber)
    if maengel:
        raise Aufruffehler("\n".join(maengel))
    felder = {
        "kennung": kennung,
        "stadt": _als_yaml(stadt),
        "herausgeber": _als_yaml(herausgeber),
        "bezugsdatum": bezugsdatum,
        "breite": str(breite),
        **{name: _als_yaml(ebene[name]) for name in EBENE},
    }
    inhalte = {
        "projekt.yaml": _vorlage("projekt.yaml", felder),
        "katalog/quellen.yaml": _vorlage("quellen.yaml", {}),
        "vorhaben/beispiel.txt": _vorlage("vorhaben.yaml", {}),
        "README.md": _vorlage(
            "README.md",
            {"stadt": stadt, "breite": str(breite), "beispiel": "1".zfill(breite)},
        ),
        **{name: ";".join(kopf) + "\n" for name, kopf in TABELLEN.items()},
    }
    inhalte["bestand/werte.csv"] += BEISPIELZEILE
    _schreibe(ziel, inhalte)
    return [ziel / name for name in sorted(inhalte)]


def _maengel(
    ziel: Path, stadt: str, kennung: str, bezugsdatum: str, breite: int
) -> list[str]:
    """Alles, was nicht passt, auf einmal."""
    maengel = _textmaengel("stadt", stadt)
    if not KENNUNG.fullmatch(kennung):
        maengel.append(
            f"„{kennung}“ ist keine Kennung. Erwartet: Kleinbuchstaben, Ziffern, „-“ "
            "und „_“, etwa „herne“."
        )
    elif kennung != kennung_aus(ziel.absolute().name):
        maengel.append(
            f"Die Kennung „{kennung}“ passt nicht zum Ordner „{ziel.name}“. Erwartet: "
            "beides gleich."
        )
    if bezugsdatum and not _ist_tag(bezugsdatum):
        maengel.append(
            f"„{bezugsdatum}“ ist kein Bezugsdatum. Erwartet: ein Datum wie 2026-11-01."
        )
    if not 1 <= breite <= HOECHSTENS_STELLEN:
        maengel.append(
            f"Ein Schlüssel kann nicht {breite} Stellen haben. Erwartet: 1 bis "
            f"{HOECHSTENS_STELLEN}."
        )
    if ziel.is_symlink() or (ziel.exists() and not ziel.is_dir()):
        maengel.append(f"„{ziel.name}“ ist kein Ordner. Bitte einen Ordner angeben.")
    elif ziel.is_dir() and any(ziel.iterdir()):
        maengel.append(
            f"Der Ordner „{ziel.name}“ ist nicht leer. Angelegt wird nur in einem "
            "neuen oder leeren Ordner; bitte einen anderen Namen wählen."
        )
    return maengel


def _ist_tag(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _textmaengel(feld: str, text: str) -> list[str]:
    if text.strip() and len(text) <= HOECHSTENS_ZEICHEN and text.isprintable():
        return []
    erwartet = f"ein Name mit höchstens {HOECHSTENS_ZEICHEN} sichtbaren Zeichen"
    return [f"„{feld}“ ist leer oder unbrauchbar. Erwartet: {erwartet}."]


def _ebenenmaengel(ebene: Mapping[str, str]) -> list[str]:
    if set(ebene) != set(EBENE):
        return [f"ebene nennt nicht genau die Felder {', '.join(EBENE)}."]
    return [m for feld, text in ebene.items() for m in _textmaengel(feld, text)]


def _als_yaml(text: str) -> str:
    """Text in Anführungszeichen; so gilt er in YAML immer als Text."""
    return json.dumps(text, ensure_ascii=False)


def _vorlage(name: str, felder: Mapping[str, str]) -> str:
    vorlage = files("quartierstools.eingang") / "vorlagen" / name
    return Template(vorlage.read_text(encoding="utf-8")).substitute(felder)


def _schreibe(ziel: Path, inhalte: Mapping[str, str]) -> None:
    """Legt alles nebenan an und gibt ihm erst fertig seinen Namen."""
    oben = ziel.absolute().parent
    oben.mkdir(parents=True, exist_ok=True)
    neben = Path(tempfile.mkdtemp(prefix=f".{ziel.name}-", dir=oben))
    try:
        neben.chmod(0o755)
        for name, inhalt in inhalte.items():
            datei = neben / name
            datei.parent.mkdir(parents=True, exist_ok=True)
            datei.write_text(inhalt, encoding="utf-8", newline="\n")
        if ziel.is_dir():
            ziel.rmdir()
        neben.rename(ziel)
    finally:
        shutil.rmtree(neben, ignore_errors=True)
