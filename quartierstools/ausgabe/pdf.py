"""Wie wird aus einem Dokument ein PDF, das alle lesen und aufheben können?

Satz mit typst, zugleich PDF/UA-1 (barrierefrei) und PDF/A-2a (Archiv). Der Inhalt
geht als JSON hinein, nie als Satzbefehl: kein Name kann etwas ausführen.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from quartierstools.ausgabe.gestalt import GESTALT, Gestalt, fusszeile
from quartierstools.ausgabe.packen import (
    druckbar,
    saeubere_png,
    saeubere_svg,
    zeichenkennung,
)
from quartierstools.ausgabe.schriften import FAMILIE, fehlende_zeichen, schriftordner
from quartierstools.dokument import (
    Absatz,
    Bild,
    Block,
    Dokument,
    Felder,
    Inhalt,
    Kasten,
    Liste,
    Nebeneinander,
    Seitenumbruch,
    Tabelle,
    Ueberschrift,
    reiner_text,
)
from quartierstools.fehler import Ausgabefehler

if TYPE_CHECKING:
    import typst

NORMEN: "list[typst.PDFStandard]" = ["ua-1", "a-2a"]
"""Barrierefrei nach ISO 14289-1 und archivfähig nach ISO 19005-2, Stufe A."""

FREMD = Literal["fehler", "kennung"]

_UNGESETZT = frozenset({"alternativtext", "svg", "png", "typ"})
_UNTEILBAR_BIS = 9
_LANGE_ZELLE = 1200
_BREIT_AB, _SEHR_BREIT_AB = 5, 7


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
    daten = _dokument_daten(dokument)
    fehlend = fehlende_zeichen("".join(_gesetzte_texte(daten)))
    if fehlend and fremde_zeichen == "fehler":
        raise _zeichenfehler(dokument, fehlend)
    try:
        return _setze(dokument, _mit_kennungen(daten, fehlend), gestalt)
    except Ausgabefehler:
        if fremde_zeichen == "fehler":
            raise
    # Seltene Zeichenfolgen setzt typst nur, wenn jeder Schnitt alle Zeichen hat.
    gesetzt = "".join(_gesetzte_texte(daten))
    streng = fehlende_zeichen(gesetzt, in_jedem_schnitt=True)
    return _setze(dokument, _mit_kennungen(daten, streng), gestalt)


def _setze(dokument: Dokument, daten: dict[str, Any], gestalt: Gestalt) -> bytes:
    import typst  # noqa: PLC0415 - Threads erst, wenn gesetzt wird

    eingabe = {"dokument": daten, "gestalt": asdict(gestalt), "schrift": FAMILIE}
    mitternacht = datetime.combine(dokument.stand, time(), UTC)
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
            f"„{dokument.titel}“ lässt sich nicht als PDF setzen: {fehler.message}"
            f"{f' ({hinweise})' if hinweise else ''}. Bitte den Inhalt prüfen, "
            "besonders Grafiken und ungewöhnliche Zeichen."
        ) from fehler
    if not isinstance(fertig, bytes):
        raise Ausgabefehler(f"„{dokument.titel}“: Das Satzprogramm gab kein PDF aus.")
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


def _dokument_daten(dokument: Dokument) -> dict[str, Any]:
    stempel = [druckbar(satz) for satz in dokument.stempel]
    return {
        "titel": druckbar(dokument.titel),
        "gattung": druckbar(dokument.gattung),
        "untertitel": druckbar(dokument.untertitel),
        "stempel": stempel,
        "wasserzeichen": druckbar(dokument.wasserzeichen),
        "herausgeber": druckbar(dokument.herausgeber),
        "sprache": dokument.sprache,
        "fusszeile": druckbar(fusszeile(dokument)),
        "beschreibung": " ".join([druckbar(dokument.gattung), *stempel]),
        "bloecke": [_block_daten(block) for block in dokument.bloecke],
    }


def _block_daten(block: Block) -> dict[str, Any]:
    return {"typ": type(block).__name__, **_felder_eines_blocks(block)}


def _felder_eines_blocks(block: Block) -> dict[str, Any]:
    match block:
        case Ueberschrift():
            return {"text": druckbar(block.text), "stufe": block.stufe}
        case Absatz():
            return {"inhalt": _satz(block.inhalt), "klein": block.art == "klein"}
        case Liste():
            punkte = [_satz(punkt) for punkt in block.punkte]
            return {"punkte": punkte, "nummeriert": block.nummeriert}
        case Tabelle():
            return _tabelle_daten(block)
        case Bild():
            return _bild_daten(block)
        case Felder():
            paare = [{"name": druckbar(n), "inhalt": _satz(w)} for n, w in block.paare]
            return {"paare": paare}
        case Kasten():
            return {
                "titel": druckbar(block.titel),
                "art": block.art,
                "bloecke": [_block_daten(b) for b in block.bloecke],
                "umbrechen": sum(_laenge(b) for b in block.bloecke) > _LANGE_ZELLE,
            }
        case Nebeneinander():
            return {
                "links": _block_daten(block.links),
                "rechts": _block_daten(block.rechts),
                "anteil_links": block.anteil_links,
            }
        case Seitenumbruch():
            return {}


def _satz(stuecke: Inhalt) -> list[dict[str, Any]]:
    return [
        {"text": druckbar(s.text), "fett": s.fett, "kursiv": s.kursiv, "art": s.art}
        for s in stuecke
    ]


def _tabelle_daten(tabelle: Tabelle) -> dict[str, Any]:
    laengen = [len(reiner_text(z)) for zeile in tabelle.zeilen for z in zeile]
    breit = len(tabelle.spalten) >= _SEHR_BREIT_AB
    return {
        "titel": druckbar(tabelle.titel),
        "spalten": [
            {
                "titel": druckbar(spalte.titel),
                "rechts": spalte.ausrichtung == "rechts",
                "anteil": spalte.anteil,
            }
            for spalte in tabelle.spalten
        ],
        "zeilen": [[_satz(zelle) for zelle in zeile] for zeile in tabelle.zeilen],
        "hervorgehoben": sorted(tabelle.hervorgehoben),
        "fussnote": druckbar(tabelle.fussnote),
        # Kleine Tabellen bleiben ganz; Zeilen brechen nur um, wenn sie riesig sind.
        "umbrechen": len(tabelle.zeilen) > _UNTEILBAR_BIS
        or sum(laengen) > 2 * _LANGE_ZELLE,
        "lange_zellen": max(laengen, default=0) > _LANGE_ZELLE,
        "grad": "grad_klein" if breit else "grad_tabelle",
        "abstand": 4 if len(tabelle.spalten) >= _BREIT_AB else 5,
    }


def _bild_daten(bild: Bild) -> dict[str, Any]:
    return {
        "svg": saeubere_svg(bild.svg) if bild.svg else "",
        "png": [] if bild.svg else list(saeubere_png(bild.png)),
        "alternativtext": druckbar(bild.alternativtext),
        "titel": druckbar(bild.titel),
        "breite": bild.breite,
    }


def _laenge(block: Absatz | Liste) -> int:
    if isinstance(block, Absatz):
        return len(reiner_text(block.inhalt))
    return sum(len(reiner_text(punkt)) for punkt in block.punkte)


def _zeichenfehler(dokument: Dokument, fehlend: tuple[str, ...]) -> Ausgabefehler:
    """Nie ein Kästchen statt eines Buchstabens."""
    liste = ", ".join(f"„{z}“ (U+{ord(z):04X})" for z in fehlend)
    return Ausgabefehler(
        f"„{dokument.titel}“: Für {liste} hat die Schrift {FAMILIE} kein Zeichen. "
        "Erwartet sind Zeichen, die das PDF zeigen kann. Bitte den Text ändern oder "
        'fremde_zeichen="kennung" wählen; dann steht dort die Nummer des Zeichens.'
    )


def _mit_kennungen(daten: dict[str, Any], fehlend: tuple[str, ...]) -> dict[str, Any]:
    tafel = {ord(zeichen): zeichenkennung(zeichen) for zeichen in fehlend}
    ersetzt: dict[str, Any] = _ersetze(daten, tafel) if tafel else daten
    return ersetzt


def _gesetzte_texte(wert: object, feld: str = "") -> Iterator[str]:
    if isinstance(wert, dict):
        for name, inhalt in wert.items():
            yield from _gesetzte_texte(inhalt, name)
    elif feld in _UNGESETZT:
        return
    elif isinstance(wert, list):
        for inhalt in wert:
            yield from _gesetzte_texte(inhalt)
    elif isinstance(wert, str):
        yield wert


def _ersetze(wert: Any, tafel: dict[int, str], feld: str = "") -> Any:  # noqa: ANN401 - JSON
    if isinstance(wert, dict):
        return {name: _ersetze(i, tafel, name) for name, i in wert.items()}
    if feld in _UNGESETZT:
        return wert
    if isinstance(wert, list):
        return [_ersetze(inhalt, tafel) for inhalt in wert]
    return wert.translate(tafel) if isinstance(wert, str) else wert
