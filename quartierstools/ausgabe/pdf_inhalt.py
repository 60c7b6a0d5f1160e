"""Was bekommt die Satzvorlage? Ein Dokument als schlichte Daten, nie als Satzbefehl."""

from collections.abc import Iterator
from typing import Any

from quartierstools.ausgabe.gestalt import fusszeile
from quartierstools.ausgabe.packen import (
    druckbar,
    saeubere_png,
    saeubere_svg,
    zeichenkennung,
)
from quartierstools.ausgabe.schriften import verbunden
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

_UNGESETZT = frozenset({"alternativtext", "svg", "png", "typ"})
_UNTEILBAR_BIS = 9
_LANGE_ZELLE = 1200
_BREIT_AB, _SEHR_BREIT_AB = 5, 7


def _druck(text: str) -> str:
    """Druckbarer Text; Akzente sind mit ihrem Buchstaben ein Zeichen."""
    return verbunden(druckbar(text))


def dokument_daten(dokument: Dokument) -> dict[str, Any]:
    """Dokument als JSON-taugliche Daten für die Satzvorlage."""
    stempel = [_druck(satz) for satz in dokument.stempel]
    return {
        "titel": _druck(dokument.titel),
        "gattung": _druck(dokument.gattung),
        "untertitel": _druck(dokument.untertitel),
        "stempel": stempel,
        "wasserzeichen": _druck(dokument.wasserzeichen),
        "herausgeber": _druck(dokument.herausgeber),
        "logo": _bild_daten(dokument.logo) if dokument.logo else None,
        "sprache": dokument.sprache,
        "fusszeile": _druck(fusszeile(dokument)),
        "beschreibung": " ".join([_druck(dokument.gattung), *stempel]),
        "bloecke": [_block_daten(block) for block in dokument.bloecke],
    }


def _block_daten(block: Block) -> dict[str, Any]:
    return {"typ": type(block).__name__, **_felder_eines_blocks(block)}


def _felder_eines_blocks(block: Block) -> dict[str, Any]:
    match block:
        case Ueberschrift():
            return {"text": _druck(block.text), "stufe": block.stufe}
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
            paare = [{"name": _druck(n), "inhalt": _satz(w)} for n, w in block.paare]
            return {"paare": paare}
        case Kasten():
            return {
                "titel": _druck(block.titel),
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
        {"text": _druck(s.text), "fett": s.fett, "kursiv": s.kursiv, "art": s.art}
        for s in stuecke
    ]


def _tabelle_daten(tabelle: Tabelle) -> dict[str, Any]:
    laengen = [len(reiner_text(z)) for zeile in tabelle.zeilen for z in zeile]
    breit = len(tabelle.spalten) >= _SEHR_BREIT_AB
    return {
        "titel": _druck(tabelle.titel),
        "spalten": [
            {
                "titel": _druck(spalte.titel),
                "rechts": spalte.ausrichtung == "rechts",
                "anteil": spalte.anteil,
            }
            for spalte in tabelle.spalten
        ],
        "zeilen": [[_satz(zelle) for zelle in zeile] for zeile in tabelle.zeilen],
        "hervorgehoben": sorted(tabelle.hervorgehoben),
        "fussnote": _druck(tabelle.fussnote),
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
        "titel": _druck(bild.titel),
        "breite": bild.breite,
    }


def _laenge(block: Absatz | Liste) -> int:
    if isinstance(block, Absatz):
        return len(reiner_text(block.inhalt))
    return sum(len(reiner_text(punkt)) for punkt in block.punkte)


def mit_kennungen(daten: Any, fehlend: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    """Daten, in denen jedes fehlende Zeichen als ``[U+65E5]`` steht."""
    tafel = {ord(zeichen): zeichenkennung(zeichen) for zeichen in fehlend}
    return _ersetze(daten, tafel) if tafel else daten


def gesetzte_texte(wert: object, feld: str = "") -> Iterator[str]:
    """Jeder Text, den die Vorlage druckt; Alternativtexte und Grafiken nicht."""
    if isinstance(wert, dict):
        for name, inhalt in wert.items():
            yield from gesetzte_texte(inhalt, name)
    elif feld in _UNGESETZT:
        return
    elif isinstance(wert, list):
        for inhalt in wert:
            yield from gesetzte_texte(inhalt)
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
