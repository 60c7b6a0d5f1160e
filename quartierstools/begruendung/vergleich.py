"""Wie steht ein Gebiet im Vergleich? Fakten, aus denen Sätze werden.

Verglichen wird mit den vorliegenden Werten; fehlt ein Gebiet, heißt es nie
„höchster Wert der Stadt“.
"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from quartierstools.schreibweise import gerundet

Lage = Literal["höchster", "niedrigster", "über", "unter", "gleich", "ohne"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vergleich:
    """Stellung eines Gebiets unter den vorliegenden Werten eines Indikators.

    Attributes
    ----------
    lage : str
        ``höchster`` oder ``niedrigster`` der Werte, sonst über, unter oder gleich
        dem Median; ``ohne``, wenn das Gebiet keinen Wert hat.
    gleichauf : tuple of str
        Andere Gebiete mit demselben gedruckten Wert.
    naechste : tuple of str
        Gebiete mit den nächsten Werten in Richtung des Bedarfs, höchstens drei.
    median, minimum, maximum : float
        Aus den vorliegenden Werten.
    niedrigstes, hoechstes : str
        Schlüssel der Gebiete an den Enden.
    abstand : float
        Vom Median, in Standardabweichungen der vorliegenden Werte; 0 ohne Wert oder
        ohne Streuung.
    """

    gebiet: str
    indikator: str
    anzahl: int
    fehlend: tuple[str, ...]
    lage: Lage
    gleichauf: tuple[str, ...]
    naechste: tuple[str, ...]
    median: float
    minimum: float
    maximum: float
    niedrigstes: str
    hoechstes: str
    abstand: float = 0.0


def vergleich(
    werte: pd.Series, gebiet: str, *, stellen: int = 3, hoch: bool = True
) -> Vergleich:
    """Vergleicht ein Gebiet mit allen vorliegenden Werten.

    Parameters
    ----------
    werte : Series, Gebiete
        Freigegebene Werte; fehlende bleiben draußen.
    gebiet : str
        Schlüssel.
    stellen : int, default=3
        Nachkommastellen, auf die gedruckt wird: Gleich ist, was gleich dasteht.
    hoch : bool, default=True
        Ob hohe Werte für Bedarf oder Potential sprechen.

    Examples
    --------
    >>> w = pd.Series([0.121, 0.121, 0.04], index=["15", "24", "10"])
    >>> v = vergleich(w, "24")
    >>> v.lage, v.gleichauf, v.anzahl
    ('höchster', ('15',), 3)
    """
    da = werte.dropna().sort_index()
    gedruckt = da.map(lambda wert: gerundet(wert, stellen))
    median = float(da.median())
    folge = gedruckt.sort_values(ascending=not hoch, kind="stable").index
    gleichauf: tuple[str, ...] = ()
    lage: Lage = "ohne"
    if gebiet in da.index:
        eigen = gedruckt[gebiet]
        gleichauf = tuple(g for g in da.index if g != gebiet and gedruckt[g] == eigen)
        lage = _lage(eigen, gedruckt, gerundet(median, stellen))
    streuung = float(da.std(ddof=0))
    eigener = float(da.get(gebiet, median))
    naechste = tuple(g for g in folge if g != gebiet and g not in gleichauf)
    return Vergleich(
        gebiet=gebiet,
        indikator=str(werte.name or ""),
        anzahl=len(da),
        fehlend=tuple(sorted(map(str, werte.index[werte.isna()]))),
        lage=lage,
        gleichauf=gleichauf,
        naechste=naechste[:3],
        median=median,
        minimum=float(da.min()),
        maximum=float(da.max()),
        niedrigstes=str(gedruckt.idxmin()),
        hoechstes=str(gedruckt.idxmax()),
        abstand=(eigener - median) / streuung if streuung > 0 else 0.0,
    )


def _lage(eigen: object, gedruckt: pd.Series, median: object) -> Lage:
    if eigen == gedruckt.max():
        return "höchster"
    if eigen == gedruckt.min():
        return "niedrigster"
    if eigen == median:
        return "gleich"
    return "über" if eigen > median else "unter"  # type: ignore[operator]
