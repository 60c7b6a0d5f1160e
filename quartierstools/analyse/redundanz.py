"""Verteilen sich Indikatoren ähnlich? Korrelation und ein Satz je Paar."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quartierstools.analyse.pruefung import tabelle_aus
from quartierstools.schreibweise import zahl_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Reihe = Any
"""Eine Zahl je Gebiet."""

AEHNLICH = 0.7
"""Ab diesem Betrag der Korrelation steht ein Satz."""

MINDESTENS = 4
"""Unter so vielen gemeinsamen Gebieten wird keine Korrelation gerechnet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redundanz:
    """Wie ähnlich sich Indikatoren über die Gebiete verteilen.

    Attributes
    ----------
    korrelation : DataFrame of shape (n_merkmale, n_merkmale)
        Korrelationen nach Pearson; NaN, wo zu wenige Gebiete gemeinsam vorliegen.
    paare : DataFrame
        Je Paar ``a``, ``b``, ``r``, ``n`` (gemeinsame Gebiete), ``aehnlich``,
        ``satz`` (leer, wenn nicht ähnlich); in der Folge der Spalten.

    Examples
    --------
    >>> lage = pd.DataFrame({"A03": [1, 2, 3, 4.0], "B05": [1, 2, 3, 5.0]})
    >>> float(redundanzen(lage).korrelation.loc["A03", "B05"].round(2))
    0.98
    """

    korrelation: pd.DataFrame
    paare: pd.DataFrame

    @property
    def saetze(self) -> list[str]:
        """Nur die Sätze zu ähnlichen Paaren."""
        return [satz for satz in self.paare["satz"] if satz]


def korrelation(a: Reihe, b: Reihe) -> tuple[float, int]:
    """Korrelation nach Pearson und Zahl der gemeinsamen Gebiete.

    Die Folge der Gebiete spielt keine Rolle; NaN bei zu wenigen Gebieten oder ohne
    Unterschiede.

    Examples
    --------
    >>> r, n = korrelation(pd.Series([1, 2, 3, 4.0]), pd.Series([2, 4, 6, 8.0]))
    >>> round(r, 3), n
    (1.0, 4)
    """
    x, y = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    da = ~(np.isnan(x) | np.isnan(y))
    x, y = x[da], y[da]
    if len(x) < MINDESTENS:
        return float("nan"), len(x)
    ordnung = np.lexsort((y, x))
    x, y = x[ordnung] - x.mean(), y[ordnung] - y.mean()
    nenner = float(np.sqrt((x**2).sum() * (y**2).sum()))
    winzig = 1e-12 * len(x)
    if nenner <= winzig:
        return float("nan"), len(x)
    return float(np.clip((x * y).sum() / nenner, -1.0, 1.0)), len(x)


def redundanzen(
    X: pd.DataFrame,
    *,
    kontext: Collection[str] = (),
    bezeichnungen: Mapping[str, str] | None = None,
    schwelle: float = AEHNLICH,
    einheit: str = "Bezirke",
) -> Redundanz:
    """Prüft alle Paare von Indikatoren; Kontextindikatoren bleiben außen vor.

    Parameters
    ----------
    X : DataFrame of shape (n_gebiete, n_merkmale)
        Werte; NaN heißt fehlend.
    kontext : collection of str, optional
        Merkmale, die nie verglichen werden.
    bezeichnungen : mapping, optional
        Merkmal → Name im Satz.
    schwelle : float, default=0.7
        Ab diesem Betrag steht ein Satz.
    einheit : str, default="Bezirke"
        Wie die Gebiete heißen.

    Examples
    --------
    >>> lage = pd.DataFrame({"A03": [1, 2, 3, 4.0], "B05": [1, 2, 3, 5.0]})
    >>> redundanzen(lage).saetze
    ['A03 und B05 verteilen sich über die Bezirke ähnlich (r = 0,98).']
    """
    tabelle = tabelle_aus(X)
    merkmale = [m for m in tabelle.columns if m not in kontext]
    namen = {} if bezeichnungen is None else bezeichnungen
    matrix = pd.DataFrame(np.nan, index=merkmale, columns=merkmale)
    for m in merkmale:
        matrix.loc[m, m] = 1.0
    zeilen = []
    for a, b in combinations(merkmale, 2):
        r, n = korrelation(tabelle[a], tabelle[b])
        matrix.loc[a, b] = matrix.loc[b, a] = r
        aehnlich = bool(abs(r) >= schwelle)
        wort = "ähnlich" if r > 0 else "gegenläufig"
        satz = (
            f"{namen.get(a, a)} und {namen.get(b, b)} verteilen sich über die "
            f"{einheit} {wort} (r = {zahl_text(r, stellen=2)})."
            if aehnlich
            else ""
        )
        zeilen.append(
            {"a": a, "b": b, "r": r, "n": n, "aehnlich": aehnlich, "satz": satz}
        )
    spalten = ["a", "b", "r", "n", "aehnlich", "satz"]
    return Redundanz(korrelation=matrix, paare=pd.DataFrame(zeilen, columns=spalten))
