"""In welcher Klasse liegt ein Wert, und wie weit ist die nächste Grenze?"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from quartierstools.analyse.pruefung import Einstellungsfehler

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

STELLEN = 12
"""Auf so viele Stellen gerundet wird verglichen: Rundungsreste zählen nicht."""


def pruefe_grenzen(grenzen: Sequence[float]) -> tuple[float, ...]:
    """Gibt die Grenzen zurück, wenn sie endlich sind und steigen."""
    zahlen = tuple(float(g) for g in grenzen)
    steigt = all(a < b for a, b in itertools.pairwise(zahlen))
    if not zahlen or not np.isfinite(zahlen).all() or not steigt:
        raise Einstellungsfehler(
            f"klassengrenzen={tuple(grenzen)!r} geht nicht. Erwartet werden steigende "
            "Zahlen, etwa (-1.0, 1.0, 1.5)."
        )
    return zahlen


def klassennummern(
    werte: NDArray[np.float64], grenzen: Sequence[float]
) -> NDArray[np.int64]:
    """Klasse 1 (niedrigster Wert) bis len(grenzen) + 1; 0, wo der Wert fehlt.

    Eine Grenze gehört zur Klasse, die näher an der Mitte liegt: bei (−1; 1; 1,5)
    heißt das „unter −1“, „bis 1“, „bis 1,5“, „darüber“.

    Examples
    --------
    >>> klassennummern(np.array([-1.2, -1.0, 1.0, 1.2, 1.6]), (-1.0, 1.0, 1.5))
    array([1, 2, 2, 3, 4])
    """
    gerundet = np.round(werte, STELLEN)
    nummer = np.ones(gerundet.shape, dtype=np.int64)
    for grenze in grenzen:
        nummer += (gerundet >= grenze) if grenze < 0 else (gerundet > grenze)
    return np.where(np.isnan(werte), 0, nummer)


def klassen(werte: pd.Series, grenzen: Sequence[float]) -> pd.Series:
    """Klassen als ganze Zahlen mit fehlenden Werten (Int64), Gebiete bleiben."""
    nummern = klassennummern(werte.to_numpy(dtype=float), grenzen)
    reihe = pd.Series(nummern, index=werte.index, name="klasse", dtype="Int64")
    return reihe.mask(reihe == 0)


def grenzabstand(werte: pd.Series, grenzen: Sequence[float]) -> pd.DataFrame:
    """Abstand zur nächsten Klassengrenze.

    Returns
    -------
    DataFrame
        Je Gebiet ``grenze`` (die nächste), ``abstand`` (Wert minus Grenze, in
        Standardabweichungen) und ``nachbarklasse`` (jenseits der Grenze).

    Examples
    --------
    >>> grenzabstand(pd.Series({"10": 1.4}), (-1.0, 1.0, 1.5)).round(2)
        grenze  abstand  nachbarklasse
    10     1.5     -0.1              4
    """
    zahlen = werte.to_numpy(dtype=float)
    felder = np.asarray(grenzen, dtype=float)
    differenz = zahlen[:, None] - felder[None, :]
    naechste = np.abs(differenz).argmin(axis=1)
    abstand = differenz[np.arange(len(zahlen)), naechste]
    eigene = klassennummern(zahlen, grenzen)
    jenseits = np.where(eigene > naechste + 1, naechste + 1, naechste + 2)
    tabelle = pd.DataFrame(
        {
            "grenze": felder[naechste],
            "abstand": abstand,
            "nachbarklasse": pd.array(jenseits, dtype="Int64"),
        },
        index=werte.index,
    )
    tabelle.loc[np.isnan(zahlen), :] = pd.NA
    return tabelle
