"""Woraus setzt sich der Index eines Gebiets zusammen? Tabelle, Wasserfall, Satz."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from quartierstools.schreibweise import aufzaehlung, zahl_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quartierstools.analyse.bedarfsindex import Bedarfsindex
    from quartierstools.analyse.pruefung import Schluessel

KAUM = 0.05
"""Beiträge unter diesem Betrag (nach Runden 0,0) nennt der Satz nicht einzeln."""


def wasserfall(modell: Bedarfsindex, gebiet: Schluessel) -> pd.DataFrame:
    """Beiträge als Stufen vom Mittel (0) bis zum Index.

    Parameters
    ----------
    modell : Bedarfsindex
        Gelernter Index mit Beiträgen, die sich addieren (nicht „geometrisch“).
    gebiet : hashable
        Schlüssel des Gebiets.

    Returns
    -------
    DataFrame
        Je Merkmal ``beitrag``, ``von``, ``bis``, größter Betrag zuerst; das letzte
        ``bis`` ist der Index. Leer, wenn das Gebiet keinen Index hat.

    Raises
    ------
    KeyError
        Wenn das Gebiet nicht in der Tabelle steht.
    ValueError
        Bei „geometrisch“: die Beiträge sind Faktoren.

    Examples
    --------
    >>> from quartierstools.analyse import Bedarfsindex
    >>> lage = pd.DataFrame({"A03": [1, 2, 6.0], "B05": [3, 2, 4.0]},
    ...                     index=["10", "11", "12"])
    >>> wasserfall(Bedarfsindex().fit(lage), "12").round(2).T
    merkmal   A03   B05
    beitrag  0.74  0.65
    von      0.00  0.74
    bis      0.74  1.39
    """
    if modell.zusammenfassung == "geometrisch":
        raise ValueError(
            "zusammenfassung='geometrisch': Beiträge sind Faktoren und bilden keinen "
            "Wasserfall."
        )
    reihe = pd.Series(modell.beitraege_.loc[gebiet], name="beitrag")
    reihe.index.name = "merkmal"
    if reihe.isna().any():
        reihe = reihe.iloc[:0]
    folge = sorted(reihe.index, key=lambda m: (-round(abs(reihe[m]), 12), str(m)))
    reihe = reihe.loc[folge]
    bis = reihe.cumsum()
    return pd.DataFrame({"beitrag": reihe, "von": bis - reihe, "bis": bis})


def beitragssatz(
    modell: Bedarfsindex,
    gebiet: Schluessel,
    *,
    name: str = "",
    bezeichnungen: Mapping[str, str] | None = None,
    einheit: str = "Bezirke",
) -> str:
    """Ein Satz mit denselben Zahlen wie der Wasserfall.

    Parameters
    ----------
    modell : Bedarfsindex
        Gelernter Index.
    gebiet : hashable
        Schlüssel des Gebiets.
    name : str, optional
        Name des Gebiets; sonst der Schlüssel.
    bezeichnungen : mapping, optional
        Merkmal → Name im Text.
    einheit : str, default="Bezirke"
        Wie die Gebiete heißen.

    Examples
    --------
    >>> from quartierstools.analyse import Bedarfsindex
    >>> lage = pd.DataFrame({"A03": [1, 2, 6.0], "B05": [3, 2, 4.0]},
    ...                     index=["10", "11", "12"])
    >>> print(beitragssatz(Bedarfsindex().fit(lage), "12", name="Hamme"))
    Hamme: Index 1,4 über dem Mittel der 3 Bezirke; Beiträge A03 +0,7 und B05 +0,7.
    """
    text = name or str(gebiet)
    stufen = wasserfall(modell, gebiet)
    if stufen.empty:
        return f"{text}: kein Index ({modell.gruende_.loc[gebiet]})."
    namen = {} if bezeichnungen is None else bezeichnungen
    index = float(modell.standardisiert_.loc[gebiet])
    n = int(modell.gueltig_.sum())
    ein_merkmal = modell.index_.name != "index"
    was = (
        namen.get(str(stufen.index[0]), str(stufen.index[0]))
        if ein_merkmal
        else "Index"
    )
    betrag = zahl_text(abs(index), stellen=1)
    lage = f"{betrag} {'über' if index > 0 else 'unter'} dem Mittel"
    if ein_merkmal:
        lage = lage.replace(betrag, f"{betrag} Standardabweichungen")
    if betrag == "0,0":
        lage = "beim Mittel"
    satz = f"{text}: {was} {lage} der {n} {einheit}"
    genannt = [
        f"{namen.get(merkmal, merkmal)} {zahl_text(wert, stellen=1, vorzeichen=True)}"
        for merkmal, wert in zip(map(str, stufen.index), stufen["beitrag"], strict=True)
        if abs(wert) >= KAUM
    ]
    if ein_merkmal or not genannt:
        return f"{satz}."
    return f"{satz}; Beiträge {aufzaehlung(genannt)}."
