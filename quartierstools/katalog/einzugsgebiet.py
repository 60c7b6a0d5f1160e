"""Für welche Gebiete ist ein Angebot da? Die Schreibweise des Einzugsgebiets.

``021:0,5 022`` heißt: die Hälfte der Plätze für 021, der Rest für 022.
``stadtbezirk:02`` und ``stadtweit`` meinen alle Gebiete darin.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

STADTWEIT = "stadtweit"
STADTBEZIRK = "stadtbezirk:"
WINZIG = 1e-9
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


@lru_cache(maxsize=4096)
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
    maengel = [
        f"„{w}“ steht doppelt." for w in sorted(set(worte)) if worte.count(w) > 1
    ]
    bezirke = [w.removeprefix(STADTBEZIRK) for w in worte if w.startswith(STADTBEZIRK)]
    anteile: dict[str, float | None] = {}
    for wort in dict.fromkeys(worte):
        if wort == STADTWEIT or wort.startswith(STADTBEZIRK):
            continue
        gebiet, anteil, mangel = _gebiet(wort)
        if gebiet in anteile:
            mangel = f"„{gebiet}“ steht doppelt."
        if mangel:
            maengel.append(mangel)
        else:
            anteile[gebiet] = anteil
    genannt = [a for a in anteile.values() if a is not None]
    regeln = (
        (
            STADTWEIT in worte and len(set(worte)) > 1,
            "„stadtweit“ steht neben anderen Angaben.",
        ),
        (bezirke and genannt, "Anteile stehen neben ganzen Stadtbezirken."),
        (sum(genannt) > 1 + WINZIG, "Die Anteile ergeben mehr als 1."),
    )
    maengel += [satz for falsch, satz in regeln if falsch]
    return Einzugsgebiet(
        anteile=anteile,
        stadtbezirke=tuple(dict.fromkeys(bezirke)),
        stadtweit=STADTWEIT in worte,
        maengel=tuple(maengel),
    )


def _gebiet(wort: str) -> tuple[str, float | None, str]:
    """Gebiet, Anteil und Mangel eines Wortes."""
    treffer = ANTEIL.fullmatch(wort)
    if treffer:
        return treffer["gebiet"], float(treffer["anteil"].replace(",", ".")), ""
    falsch = ":" in wort or "," in wort
    return wort, None, f"„{wort}“ ist kein Gebiet mit Anteil." if falsch else ""
