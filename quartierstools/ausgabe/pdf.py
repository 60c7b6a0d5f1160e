"""Wie wird aus einem Dokument ein PDF, das alle lesen und aufheben können?

Satz mit typst, zugleich PDF/UA-1 (barrierefrei) und PDF/A-2a (Archiv). Der Inhalt
geht als JSON hinein, nie als Satzbefehl: kein Name kann etwas ausführen.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from quartierstools.ausgabe.gestalt import GESTALT, Gestalt
from quartierstools.ausgabe.packen import druckbar
from quartierstools.ausgabe.pdf_inhalt import (
    dokument_daten,
    gesetzte_texte,
    mit_kennungen,
)
from quartierstools.ausgabe.schriften import FAMILIE, fehlende_zeichen, schriftordner
from quartierstools.dokument import Dokument
from quartierstools.fehler import Ausgabefehler

if TYPE_CHECKING:
    import typst

NORMEN: "list[typst.PDFStandard]" = ["ua-1", "a-2a"]
"""Barrierefrei nach ISO 14289-1 und archivfähig nach ISO 19005-2, Stufe A."""

FREMD = Literal["fehler", "kennung"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Mehrere Dokumente in einer Datei, mit Inhalt und Lesezeichen.

    Attributes
    ----------
    titel, untertitel, fusszeile : str
        Titel der Datei, Zeile darunter, Angaben am Fuß jeder Seite.
    gruppen : tuple of (str, tuple of mapping)
        Überschrift im Inhalt → Daten je Dokument, wie sie `dokument_daten` liefert.
    stand : date
        Zeitstempel der Datei.
    """

    titel: str
    gruppen: tuple[tuple[str, tuple[Mapping[str, Any], ...]], ...]
    stand: date
    untertitel: str = ""
    fusszeile: str = ""


def pdf_bytes(
    dokument: Dokument,
    *,
    gestalt: Gestalt = GESTALT,
    fremde_zeichen: FREMD = "fehler",
) -> bytes:
    """PDF/UA-1 und PDF/A-2a in einer Datei.

    Parameters
    ----------
    dokument : Dokument
        Inhalt; `stand` ist auch der Zeitstempel der Datei.
    gestalt : Gestalt, default=GESTALT
        Farben, Schriftgrade und Ränder.
    fremde_zeichen : {"fehler", "kennung"}, default="fehler"
        Was mit Zeichen geschieht, die in der Schrift fehlen: abbrechen oder als
        ``[U+65E5]`` schreiben.

    Returns
    -------
    bytes
        Gleiche Eingabe, gleiche Bytes.

    Raises
    ------
    Ausgabefehler
        Wenn Zeichen fehlen oder der Satz die Normen nicht einhält.

    Notes
    -----
    typst rechnet mit mehreren Threads: vor einem `fork` nicht aufrufen.

    Examples
    --------
    >>> from datetime import date
    >>> pdf = pdf_bytes(Dokument(titel="T", gattung="Muster", bloecke=(),
    ...                          stand=date(2023, 12, 31)))
    >>> pdf[:8]
    b'%PDF-1.7'
    """
    daten = dokument_daten(dokument)
    fehlend = fehlende_zeichen("".join(gesetzte_texte(daten)))
    if fehlend and fremde_zeichen == "fehler":
        raise _zeichenfehler(dokument, fehlend)
    eingabe = {"dokument": daten}
    return _setze_notfalls_streng(
        eingabe,
        dokument.titel,
        dokument.stand,
        gestalt,
        streng=fremde_zeichen == "kennung",
    )


def band_bytes(band: Band, *, gestalt: Gestalt = GESTALT) -> bytes:
    """Ein PDF aus mehreren Dokumenten: Inhaltsseite, Lesezeichen, dieselben Normen.

    Zeichen, die der Schrift fehlen, stehen als ``[U+65E5]`` da.

    Parameters
    ----------
    band : Band
        Titel und Dokumente, nach Gruppen geordnet.
    gestalt : Gestalt, default=GESTALT
        Farben, Schriftgrade und Ränder.

    Raises
    ------
    Ausgabefehler
        Wenn der Band leer ist oder der Satz die Normen nicht einhält.
    """
    dokumente = [daten for _, teile in band.gruppen for daten in teile]
    if not dokumente:
        raise Ausgabefehler(f"Band „{band.titel}“: Es gibt kein Dokument zu binden.")
    gemeinsam = (
        *("stempel", "wasserzeichen", "herausgeber", "logo", "sprache"),
        "beschreibung",
    )
    eingabe = {
        "band": {
            "titel": druckbar(band.titel),
            "untertitel": druckbar(band.untertitel),
            "fusszeile": druckbar(band.fusszeile or dokumente[0]["fusszeile"]),
            **{name: dokumente[0][name] for name in gemeinsam},
            "gruppen": [
                {"titel": druckbar(titel), "dokumente": list(teile)}
                for titel, teile in band.gruppen
            ],
        }
    }
    return _setze_notfalls_streng(eingabe, band.titel, band.stand, gestalt, streng=True)


def _setze_notfalls_streng(
    eingabe: dict[str, Any],
    titel: str,
    stand: date,
    gestalt: Gestalt,
    *,
    streng: bool,
) -> bytes:
    fehlend = fehlende_zeichen("".join(gesetzte_texte(eingabe)))
    try:
        return _setze(mit_kennungen(eingabe, fehlend), titel, stand, gestalt)
    except Ausgabefehler:
        if not streng:
            raise
    # Seltene Zeichenfolgen setzt typst nur, wenn jeder Schnitt alle Zeichen hat.
    gesetzt = "".join(gesetzte_texte(eingabe))
    fehlend = fehlende_zeichen(gesetzt, in_jedem_schnitt=True)
    return _setze(mit_kennungen(eingabe, fehlend), titel, stand, gestalt)


def _setze(
    inhalt: Mapping[str, Any], titel: str, stand: date, gestalt: Gestalt
) -> bytes:
    import typst  # noqa: PLC0415 - Threads erst, wenn gesetzt wird

    eingabe = {**inhalt, "gestalt": asdict(gestalt), "schrift": FAMILIE}
    mitternacht = datetime.combine(stand, time(), UTC)
    try:
        fertig = _setzer().compile(
            input=_vorlage(),
            format="pdf",
            pdf_standards=NORMEN,
            sys_inputs={"eingabe": json.dumps(eingabe, ensure_ascii=False)},
            timestamp=int(mitternacht.timestamp()),
        )
    except typst.TypstError as fehler:
        hinweise = "; ".join(fehler.hints)
        raise Ausgabefehler(
            f"„{titel}“ lässt sich nicht als PDF setzen: {fehler.message}"
            f"{f' ({hinweise})' if hinweise else ''}. Bitte den Inhalt prüfen, "
            "besonders Grafiken und ungewöhnliche Zeichen."
        ) from fehler
    if not isinstance(fertig, bytes):
        raise Ausgabefehler(f"„{titel}“: Das Satzprogramm gab kein PDF aus.")
    return fertig


def svg_als_png(svg: str, *, breite_mm: float, dpi: int = 200) -> bytes:
    """Rastert eine Grafik für Word, mit denselben Schriften wie das PDF.

    Parameters
    ----------
    svg : str
        Grafik ohne Verweise nach außen.
    breite_mm : float
        Breite im Druck.
    dpi : int, default=200
        Auflösung.

    Raises
    ------
    Ausgabefehler
        Wenn die Grafik unlesbar ist.
    """
    import typst  # noqa: PLC0415

    satz = (
        "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"
        f'#image(bytes(sys.inputs.svg), format: "svg", width: {breite_mm:g}mm)'
    )
    try:
        fertig = _setzer().compile(
            input=satz.encode(), format="png", ppi=dpi, sys_inputs={"svg": svg}
        )
    except typst.TypstError as fehler:
        raise Ausgabefehler(
            f"Eine Grafik lässt sich nicht rastern: {fehler.message}. Erwartet wird "
            "ein vollständiges SVG."
        ) from fehler
    if not isinstance(fertig, bytes):
        raise Ausgabefehler("Das Satzprogramm gab keine Grafik aus.")
    return fertig


@lru_cache(maxsize=1)
def _setzer() -> "typst.Compiler":
    import typst  # noqa: PLC0415

    schriften = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(schriftordner())],
    )
    # Ein leerer Grund: die Vorlage liest keine Dateien, also darf sie auch keine.
    return typst.Compiler(root=schriftordner(), font_paths=schriften)


@lru_cache(maxsize=1)
def _vorlage() -> bytes:
    ort = files("quartierstools.ausgabe") / "vorlagen" / "dokument.typ"
    return ort.read_bytes()


def _zeichenfehler(dokument: Dokument, fehlend: tuple[str, ...]) -> Ausgabefehler:
    """Nie ein Kästchen statt eines Buchstabens."""
    liste = ", ".join(f"„{z}“ (U+{ord(z):04X})" for z in fehlend)
    return Ausgabefehler(
        f"„{dokument.titel}“: Für {liste} hat die Schrift {FAMILIE} kein Zeichen. "
        "Erwartet sind Zeichen, die das PDF zeigen kann. Bitte den Text ändern oder "
        'fremde_zeichen="kennung" wählen; dann steht dort die Nummer des Zeichens.'
    )
