"""Wo steht ein Gebiet, und wohin bewegt es sich? Matrix aus Status und Dynamik."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from quartierstools.analyse.pruefung import Merkmalsfehler

if TYPE_CHECKING:
    from collections.abc import Mapping

Klassenquelle = Any
"""Gelerntes Verfahren mit `klasse_` und `grenzabstand_` oder eine Reihe von Klassen."""

STATUSKLASSEN = (1, 2, 3, 4)
DYNAMIKKLASSEN = (1, 2, 3)
ZEICHEN = {1: "+", 2: "+/-", 3: "-"}
"""Zeichen der Dynamik wie im Berliner Monitoring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusDynamik:
    """Zwölf Gruppen aus vier Status- und drei Dynamikklassen.

    Attributes
    ----------
    gruppe : Series of str
        Je Gebiet etwa ``"2+/-"``; fehlend, wo Status oder Dynamik fehlt.
    anzahl : DataFrame of shape (4, 3)
        Gebiete je Zelle; Zeilen Status 1 bis 4, Spalten ``"+"``, ``"+/-"``, ``"-"``.
    gebiete : DataFrame of shape (4, 3)
        Namen je Zelle als Tupel, nach Schlüssel geordnet.
    abstand : DataFrame
        Je Gebiet ``status`` und ``dynamik``: Abstand zur nächsten Klassengrenze in
        Standardabweichungen; NaN, wenn nur Klassen übergeben wurden.

    Raises
    ------
    Merkmalsfehler
        Wenn eine Klasse nicht vorkommen kann oder kein Gebiet in beiden steht.

    Examples
    --------
    >>> status = pd.Series({"10": 1, "11": 4}, dtype="Int64")
    >>> matrix = statusmatrix(status, pd.Series({"10": 2, "11": 3}, dtype="Int64"))
    >>> int(matrix.anzahl.loc[4, "-"])
    1
    """

    gruppe: pd.Series
    anzahl: pd.DataFrame
    gebiete: pd.DataFrame
    abstand: pd.DataFrame


def statusmatrix(
    status: Klassenquelle,
    dynamik: Klassenquelle,
    *,
    namen: Mapping[Any, str] | None = None,
) -> StatusDynamik:
    """Verbindet Status und Dynamik zu zwölf Gruppen.

    Parameters
    ----------
    status : Bedarfsindex or Series of Int64
        Gelerntes Verfahren oder Klassen 1 bis 4.
    dynamik : Dynamik or Series of Int64
        Gelerntes Verfahren oder Klassen 1 bis 3.
    namen : mapping, optional
        Gebiet → Name für die Zellen; sonst der Schlüssel.

    Examples
    --------
    >>> status = pd.Series({"10": 1, "11": 4}, dtype="Int64")
    >>> matrix = statusmatrix(status, pd.Series({"10": 2, "11": 3}, dtype="Int64"))
    >>> matrix.gruppe.to_dict()
    {'10': '1+/-', '11': '4-'}
    >>> matrix.gebiete.loc[4, "-"]
    ('11',)
    """
    s, abstand_s = _klassen(status)
    d, abstand_d = _klassen(dynamik)
    _pruefe(s, d)
    d = d.reindex(s.index)
    gruppe = (s.astype("string") + d.map(ZEICHEN).astype("string")).rename("gruppe")
    genannt = {} if namen is None else namen
    zellen: dict[str, list[tuple[str, ...]]] = {}
    for klasse in DYNAMIKKLASSEN:
        zellen[ZEICHEN[klasse]] = [
            tuple(
                str(genannt.get(g, g))
                for g in sorted(
                    gruppe.index[gruppe == f"{st}{ZEICHEN[klasse]}"], key=str
                )
            )
            for st in STATUSKLASSEN
        ]
    zeilen = pd.Index(STATUSKLASSEN, name="status")
    gebiete = pd.DataFrame(zellen, index=zeilen)
    return StatusDynamik(
        gruppe=gruppe,
        anzahl=gebiete.map(len),
        gebiete=gebiete,
        abstand=pd.DataFrame({"status": abstand_s, "dynamik": abstand_d}).reindex(
            s.index
        ),
    )


def _pruefe(status: pd.Series, dynamik: pd.Series) -> None:
    """Unmögliche Klassen und fremde Gebiete, die sonst still wegfielen."""
    befunde = [
        f"{was}: Klasse {k} gibt es nicht. Erwartet: {min(erlaubt)} bis {max(erlaubt)}."
        for was, reihe, erlaubt in (
            ("Status", status, STATUSKLASSEN),
            ("Dynamik", dynamik, DYNAMIKKLASSEN),
        )
        for k in sorted(set(reihe.dropna()) - set(erlaubt))
    ]
    if len(status) and len(dynamik) and not status.index.isin(dynamik.index).any():
        befunde.append("Kein Gebiet steht in Status und Dynamik zugleich.")
    if befunde:
        raise Merkmalsfehler("Status und Dynamik", befunde)


def _klassen(quelle: Klassenquelle) -> tuple[pd.Series, pd.Series]:
    if isinstance(quelle, pd.Series):
        leer = pd.Series(float("nan"), index=quelle.index)
        return quelle.astype("Int64"), leer
    return quelle.klasse_, quelle.grenzabstand_["abstand"]
