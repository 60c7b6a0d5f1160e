"""Welche Zeichen zweier Texte gehören zueinander? Ausrichtung langer Folgen.

Eindeutige Wortgruppen sind Anker; dazwischen wird feiner verglichen. So bleibt auch
eine Tabelle mit hunderten gleichlautenden Zeilen schnell ausgerichtet.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

ANKERLAENGEN = (8, 5, 3, 2, 1)
GENAU_BIS = 400_000
"""Bis zu diesem Produkt der Längen wird eine Lücke vollständig verglichen."""

Paar = tuple[int, int]


def ausrichtung(alt: Sequence[str], neu: Sequence[str]) -> list[Paar]:
    """Paare gleicher Zeichen (Stelle alt, Stelle neu), beide aufsteigend.

    Examples
    --------
    >>> ausrichtung("der Wert ist 12".split(), "der alte Wert ist 13".split())
    [(0, 0), (1, 2), (2, 3)]
    """
    return list(_richte_aus(alt, neu, 0, len(alt), 0, len(neu), ANKERLAENGEN))


def _richte_aus(
    alt: Sequence[str],
    neu: Sequence[str],
    a: int,
    a_ende: int,
    b: int,
    b_ende: int,
    laengen: Sequence[int],
) -> Iterator[Paar]:
    while a < a_ende and b < b_ende and alt[a] == neu[b]:
        yield a, b
        a, b = a + 1, b + 1
    ende: list[Paar] = []
    while a < a_ende and b < b_ende and alt[a_ende - 1] == neu[b_ende - 1]:
        a_ende, b_ende = a_ende - 1, b_ende - 1
        ende.append((a_ende, b_ende))
    if a < a_ende and b < b_ende:
        yield from _mitte(alt, neu, a, a_ende, b, b_ende, laengen)
    yield from reversed(ende)


def _mitte(
    alt: Sequence[str],
    neu: Sequence[str],
    a: int,
    a_ende: int,
    b: int,
    b_ende: int,
    laengen: Sequence[int],
) -> Iterator[Paar]:
    if (a_ende - a) * (b_ende - b) <= GENAU_BIS and len(laengen) < len(ANKERLAENGEN):
        yield from _genau(alt, neu, a, a_ende, b, b_ende)
        return
    for nummer, laenge in enumerate(laengen):
        anker = _anker(alt[a:a_ende], neu[b:b_ende], laenge)
        if anker:
            rest = laengen[nummer + (laenge == 1) :]
            folge = [(a + i, b + j) for i, j in anker]
            grenzen = [*folge, (a_ende, b_ende)]
            von = (a, b)
            for bis in grenzen:
                yield from _richte_aus(
                    alt, neu, von[0], bis[0], von[1], bis[1], rest[1:]
                )
                von = bis
                if bis != (a_ende, b_ende):
                    yield bis
                    von = (bis[0] + 1, bis[1] + 1)
            return
    yield from _genau(alt, neu, a, a_ende, b, b_ende)


def _genau(
    alt: Sequence[str], neu: Sequence[str], a: int, a_ende: int, b: int, b_ende: int
) -> Iterator[Paar]:
    vergleich = SequenceMatcher(
        None,
        alt[a:a_ende],
        neu[b:b_ende],
        autojunk=(a_ende - a) * (b_ende - b) > GENAU_BIS,
    )
    for i, j, laenge in vergleich.get_matching_blocks():
        for schritt in range(laenge):
            yield a + i + schritt, b + j + schritt


def _anker(alt: Sequence[str], neu: Sequence[str], laenge: int) -> list[Paar]:
    """Wortgruppen, die beiderseits genau einmal vorkommen, in gleicher Folge."""
    dort = _einmalige(neu, laenge)
    paare = [
        (stelle, dort[gruppe])
        for gruppe, stelle in _einmalige(alt, laenge).items()
        if gruppe in dort
    ]
    return _laengste_folge(sorted(paare))


def _einmalige(folge: Sequence[str], laenge: int) -> dict[tuple[str, ...], int]:
    stellen: dict[tuple[str, ...], int] = {}
    mehrfach: set[tuple[str, ...]] = set()
    for stelle in range(len(folge) - laenge + 1):
        gruppe = tuple(folge[stelle : stelle + laenge])
        if gruppe in stellen:
            mehrfach.add(gruppe)
        stellen[gruppe] = stelle
    return {g: s for g, s in stellen.items() if g not in mehrfach}


def _laengste_folge(paare: Sequence[Paar]) -> list[Paar]:
    """Längste Teilfolge, in der auch die zweiten Stellen steigen."""
    spitzen: list[int] = []
    enden: list[int] = []
    davor: list[int] = []
    for nummer, (_, b) in enumerate(paare):
        ort = bisect_left(spitzen, b)
        davor.append(enden[ort - 1] if ort else -1)
        if ort == len(spitzen):
            spitzen.append(b)
            enden.append(nummer)
        else:
            spitzen[ort], enden[ort] = b, nummer
    folge: list[Paar] = []
    nummer = enden[-1] if enden else -1
    while nummer >= 0:
        folge.append(paare[nummer])
        nummer = davor[nummer]
    return folge[::-1]
