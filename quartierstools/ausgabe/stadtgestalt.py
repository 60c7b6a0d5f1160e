"""Wie sieht diese Stadt aus? Farben und Logo aus dem Projektordner, geprüft."""

import re
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

from quartierstools.ausgabe.gestalt import GESTALT, Gestalt
from quartierstools.auswertung import Auswertung
from quartierstools.dokument import Bild
from quartierstools.fehler import Ausgabefehler, meinten_sie, systemgrund
from quartierstools.katalog.projektmodelle import Projekt

HOECHSTENS_BYTES = 200_000
"""Größtes Logo; es steckt in jeder Datei."""

_HOECHSTENS_ELEMENTE = 5_000
_PNG = b"\x89PNG\r\n\x1a\n"
_BILDELEMENTE = frozenset(
    {
        *("svg", "g", "defs", "title", "desc", "use", "symbol", "clipPath"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
        *("linearGradient", "radialGradient", "stop"),
    }
)
_ADRESSE = re.compile(r"url\(\s*['\"]?(?!#)|javascript:|data:|//", re.IGNORECASE)


def stadtgestalt(projekt: Projekt) -> Gestalt:
    """Gestalt mit den Farben der Stadt.

    Raises
    ------
    Ausgabefehler
        Wenn es eine Farbe nicht gibt oder ein Kontrast nicht reicht.
    """
    farben = dict(projekt.gestalt.farben)
    bekannt = [n for n, w in asdict(GESTALT).items() if isinstance(w, str)]
    fremd = sorted(set(farben) - set(bekannt))
    if fremd:
        vorschlag = "".join(f" {meinten_sie(name, bekannt)}" for name in fremd)
        raise Ausgabefehler(
            f"projekt.yaml, gestalt: Die Farben {fremd} gibt es nicht. Erwartet: "
            f"{', '.join(bekannt)}.{vorschlag}"
        )
    return replace(GESTALT, **farben)  # type: ignore[arg-type]


def stadtlogo(auswertung: Auswertung) -> Bild | None:
    """Logo der Stadt oder None, wenn das Projekt keines nennt."""
    angaben = auswertung.projekt.gestalt
    if not angaben.logo:
        return None
    ordner = Path(auswertung.daten) / auswertung.ort
    return lies_logo(ordner / angaben.logo, angaben.logo_text)


@lru_cache(maxsize=4)
def lies_logo(datei: Path, text: str) -> Bild:
    """Liest ein Logo und lehnt ab, was zu groß ist oder etwas ausführen könnte.

    Parameters
    ----------
    datei : Path
        SVG oder PNG.
    text : str
        Alternativtext.

    Raises
    ------
    Ausgabefehler
        Alle Mängel auf einmal.
    """
    maengel = [] if text.strip() else ["logo_text ist leer; bitte beschreiben."]
    if datei.is_symlink():
        maengel.append("Ein Verweis auf eine andere Datei ist nicht erlaubt.")
    try:
        roh = datei.read_bytes()
    except OSError as fehler:
        raise Ausgabefehler(
            f"Das Logo {datei.name} lässt sich nicht lesen ({systemgrund(fehler)}). "
            "Erwartet wird eine SVG- oder PNG-Datei im Projektordner."
        ) from fehler
    if len(roh) > HOECHSTENS_BYTES:
        maengel.append(
            f"{len(roh)} Bytes sind zu groß; erlaubt sind {HOECHSTENS_BYTES}."
        )
    ist_png = roh.startswith(_PNG)
    if not ist_png and not maengel:
        maengel += _svg_maengel(roh)
    if maengel:
        raise Ausgabefehler(f"Logo {datei.name}: {' '.join(maengel)}")
    svg = "" if ist_png else roh.decode("utf-8")
    return Bild(svg=svg, png=roh if ist_png else b"", alternativtext=text)


def _svg_maengel(roh: bytes) -> list[str]:
    """Warum ein SVG nicht als Logo taugt; erlaubt sind nur Formen und Farben."""
    try:
        text = roh.decode("utf-8")
    except UnicodeDecodeError:
        return ["Weder PNG noch SVG in UTF-8."]
    if "<!DOCTYPE" in text or "<!ENTITY" in text or "<?xml-stylesheet" in text:
        return ["Vorspann mit DOCTYPE, ENTITY oder Stilverweis ist nicht erlaubt."]
    try:
        wurzel = ET.fromstring(text)  # noqa: S314 – ohne DOCTYPE keine Entitäten
    except ET.ParseError as fehler:
        return [f"Kein lesbares SVG ({fehler})."]
    elemente = list(wurzel.iter())
    if len(elemente) > _HOECHSTENS_ELEMENTE:
        return [f"{len(elemente)} Elemente sind zu viele; bitte vereinfachen."]
    namen = {str(e.tag).rpartition("}")[2] for e in elemente}
    maengel = []
    fremd = sorted(namen - _BILDELEMENTE)
    if fremd:
        maengel.append(
            f"Elemente {fremd} sind nicht erlaubt (Text bitte in Pfade wandeln)."
        )
    for element in elemente:
        for name, wert in element.attrib.items():
            kurz = name.rpartition("}")[2].lower()
            verweis = kurz == "href" and not wert.startswith("#")
            if kurz.startswith("on") or verweis or _ADRESSE.search(wert):
                maengel.append(f"Attribut {kurz}={wert[:40]!r} ist nicht erlaubt.")
    return maengel
