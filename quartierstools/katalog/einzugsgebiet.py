"""Für welche Gebiete ist ein Angebot da? Die Schreibweise des Einzugsgebiets.

``021:0,5 022`` heißt: die Hälfte der Plätze für 021, der Rest für 022.
``stadtbezirk:02`` und ``stadtweit`` meinen alle Gebiete darin.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

STADTWEIT = "stadtweit"
STADTBEZIRK = "stadtbezirk:"
ANTEIL = re.compile(r"(?P<gebiet>[^:]+):(?P<anteil>[01](?:,[0-9]{1,6})?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Einzugsgebiet:
    """Gelesenes Einzugsgebiet.

    Attributes
    ----------
    anteile : Mapping
        Gebiet → Anteil der Plätze (0 bis 1); None ohne Angabe.
    stadtbezirke : tuple of str
        Ganze Stadtbezirke.
    stadtweit : bool
        Die ganze Stadt.
    maengel : tuple of str
        Was sich nicht lesen ließ, als Sätze.
    """

    anteile: Mapping[str, float | None] = field(default_factory=dict)
    stadtbezirke: tuple[str, ...] = ()
    stadtweit: bool = False
    maengel: tuple[str, ...] = ()


def lies_einzugsgebiet(text: str) -> Einzugsgebiet:
    """Liest ein Einzugsgebiet; was nicht passt, steht in `maengel`.

    Examples
    --------
    >>> lies_einzugsgebiet("021:0,5 022").anteile
    {'021': 0.5, '022': None}
    >>> lies_einzugsgebiet("021 stadtweit").maengel
    ('„stadtweit“ steht neben anderen Angaben.',)
    """
    worte = text.split()
    anteile: dict[str, float | None] = {}
    bezirke, maengel = [], []
    for wort in sorted(set(worte)):
        if worte.count(wort) > 1:
            maengel.append(f"„{wort}“ steht doppelt.")
    for wort in dict.fromkeys(worte):
        if wort == STADTWEIT:
            continue
        if wort.startswith(STADTBEZIRK):
            bezirke.append(wort.removeprefix(STADTBEZIRK))
            continue
        treffer = ANTEIL.fullmatch(wort)
        gebiet = treffer["gebiet"] if treffer else wort
        if not treffer and (":" in wort or "," in wort):
            maengel.append(f"„{wort}“ ist kein Gebiet mit Anteil.")
        elif gebiet in anteile:
            maengel.append(f"„{gebiet}“ steht doppelt.")
        else:
            anteil = float(treffer["anteil"].replace(",", ".")) if treffer else None
            anteile[gebiet] = anteil
    if STADTWEIT in worte and len(set(worte)) > 1:
        maengel.append("„stadtweit“ steht neben anderen Angaben.")
    if bezirke and any(a is not None for a in anteile.values()):
        maengel.append("Anteile stehen neben ganzen Stadtbezirken.")
    summe = sum(a for a in anteile.values() if a is not None)
    if summe > 1 + 1e-9:
        maengel.append("Die Anteile ergeben mehr als 1.")
    return Einzugsgebiet(
        anteile=anteile,
        stadtbezirke=tuple(bezirke),
        stadtweit=STADTWEIT in worte,
        maengel=tuple(maengel),
    )
