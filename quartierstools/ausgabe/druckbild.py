"""Was steht gedruckt in einem Schriftstück, und worauf ruht jedes Stück Text?

Das Druckbild hält je Aussage (Satzabsatz, Tabellenzeile, Bildtext) den Wortlaut und
die Kennungen der Belege fest. Das Manifest bewahrt es; daran misst die Durchsicht
jede spätere Fassung der Datei.
"""

from collections.abc import Iterator, Sequence
from typing import TypedDict

from quartierstools.ausgabe.gestalt import fusszeile
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
)

TRENNER = " | "
"""Zwischen den Zellen einer Tabellenzeile."""

Teil = tuple[str, tuple[str, ...]]


class Druckstelle(TypedDict):
    """Eine gedruckte Aussage.

    Attributes
    ----------
    art : str
        ``rahmen`` (Kopf, Fuß, Stempel), ``text``, ``kopfzeile``, ``zeile`` oder
        ``bild``.
    ort : str
        Überschrift, unter der sie steht.
    teile : list
        Textstücke mit den Kennungen ihrer Belege.
    kontext : str
        Was man zum Lesen wissen muss: Titel und Spaltenköpfe einer Tabelle.
    """

    art: str
    ort: str
    teile: list[Teil]
    kontext: str


def druckbild(dokument: Dokument, verweise: Sequence[str] = ()) -> list[Druckstelle]:
    """Alle Aussagen eines Schriftstücks in Lesereihenfolge.

    Examples
    --------
    >>> from datetime import date
    >>> from quartierstools.dokument import Textstueck
    >>> block = Absatz((Textstueck("Es sind "), Textstueck("24", belege=("a1",))))
    >>> dok = Dokument(titel="T", gattung="Muster", bloecke=(block,),
    ...                stand=date(2023, 12, 31))
    >>> [s["teile"] for s in druckbild(dok) if s["art"] == "text"][1]
    [('Es sind ', ()), ('24', ('a1',))]
    """
    stellen = [_rahmen(satz) for satz in dokument.stempel]
    if dokument.logo:
        stellen.append(_stelle("bild", "", ((dokument.logo.alternativtext, ()),)))
    stellen += [
        # Mit Logo stehen beide in eigenen Zeilen.
        _rahmen(f"{dokument.gattung} {dokument.herausgeber}".strip()),
        _rahmen(dokument.gattung),
        _rahmen(dokument.herausgeber),
        _stelle("text", "", ((dokument.titel, ()),)),
    ]
    if dokument.untertitel:
        stellen.append(_stelle("text", "", ((dokument.untertitel, ()),)))
    kaesten = 0
    while isinstance(next(iter(dokument.bloecke[kaesten:]), None), Kasten):
        kaesten += 1
    ort = ""
    for nummer, block in enumerate((*dokument.bloecke, Seitenumbruch())):
        if nummer == kaesten:  # der Wegweiser steht hinter den ersten Kästen
            stellen += [_stelle("text", "", ((name, ()),)) for name in verweise]
        ort = block.text if isinstance(block, Ueberschrift) else ort
        stellen += _stellen(block, ort)
    stellen.append(_rahmen(fusszeile(dokument)))
    if dokument.wasserzeichen:
        stellen.append(_rahmen(dokument.wasserzeichen))
    return [s for s in stellen if any(text.strip() for text, _ in s["teile"])]


def _rahmen(text: str) -> Druckstelle:
    return _stelle("rahmen", "", ((text, ()),))


def _stelle(
    art: str, ort: str, teile: Sequence[Teil], kontext: str = ""
) -> Druckstelle:
    return Druckstelle(art=art, ort=ort, teile=list(teile), kontext=kontext)


def _teile(stuecke: Inhalt) -> list[Teil]:
    return [(stueck.text, stueck.belege) for stueck in stuecke]


def _stellen(block: Block, ort: str) -> Iterator[Druckstelle]:  # noqa: C901 – je Art ein Fall
    match block:
        case Ueberschrift(text=text):
            yield _stelle("text", ort, ((text, ()),))
        case Absatz(inhalt=stuecke):
            yield _stelle("text", ort, _teile(stuecke))
        case Liste(punkte=punkte):
            for punkt in punkte:
                yield _stelle("text", ort, _teile(punkt))
        case Tabelle():
            yield from _tabelle(block, ort)
        case Bild():
            yield _stelle("bild", ort, ((block.alternativtext, ()),), block.titel)
            yield _stelle("text", ort, ((block.titel, ()),))
        case Felder(paare=paare):
            for name, wert in paare:
                yield _stelle("text", ort, [(f"{name} ", ()), *_teile(wert)])
        case Kasten():
            yield _stelle("text", ort, ((block.titel, ()),))
            for teil in block.bloecke:
                yield from _stellen(teil, ort or block.titel)
        case Nebeneinander(links=links, rechts=rechts):
            yield from (*_stellen(links, ort), *_stellen(rechts, ort))


def _tabelle(tabelle: Tabelle, ort: str) -> Iterator[Druckstelle]:
    """Titel, Kopfzeile, je Zeile eine Aussage, Fußnote."""
    kopf = TRENNER.join(spalte.titel for spalte in tabelle.spalten)
    kontext = f"{tabelle.titel}{TRENNER}{kopf}"
    yield _stelle("text", ort, ((tabelle.titel, ()),))
    yield _stelle("kopfzeile", ort, ((kopf, ()),), tabelle.titel)
    for zeile in tabelle.zeilen:
        teile: list[Teil] = []
        for nummer, zelle in enumerate(zeile):
            teile += [(TRENNER, ())] * (nummer > 0) + _teile(zelle)
        yield _stelle("zeile", ort, teile, kontext)
    yield _stelle("text", ort, ((tabelle.fussnote, ()),))
