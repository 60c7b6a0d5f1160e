"""Welche Tabellen beschreiben Typen, Zugehörigkeit und Vergleich der Verfahren?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from quartierstools.analyse.guete import stabilitaetswort, ueberschneidung, zuordnung
from quartierstools.analyse.verfahren import VERFAHREN
from quartierstools.analyse.wiederholung import Einrichtung, starts

Feld = Any
"""Ein Feld von Zahlen."""

GRENZFALL = 0.25
"""Wechselt ein Gebiet in mehr als diesem Anteil der Läufe den Typ, ist es Grenzfall."""

VERGLEICH_HOECHSTENS = 1000
"""Bis zu so vielen Gebieten wird ein zweites Verfahren zum Vergleich gerechnet."""


def zuordnungstabelle(
    anteile: pd.DataFrame, ohne: Feld, zahl_ohne: Feld, eigene: Feld
) -> pd.DataFrame:
    """Eigener und zweitbester Typ je Gebiet mit Anteilen der Wiederholungen.

    Parameters
    ----------
    anteile : DataFrame of shape (n_gebiete, n_typen)
        Anteil der Wiederholungen je Typ.
    ohne : array of shape (n_gebiete, n_typen)
        Dasselbe nur aus Ziehungen ohne das Gebiet.
    zahl_ohne : array of shape (n_gebiete,)
        Zahl dieser Ziehungen.
    eigene : array of shape (n_gebiete,)
        Eigener Typ; −1 ohne Typ.

    Returns
    -------
    DataFrame
        Nur Gebiete mit Typ.
    """
    typen = np.array(list(anteile.columns), dtype=object)
    feld = anteile.to_numpy()
    zeile = np.arange(len(feld))
    stelle = np.maximum(eigene, 0)
    bleibt = feld[zeile, stelle]
    andere = feld.copy()
    andere[zeile, stelle] = -1.0
    gibt_es = andere.max(axis=1) > 0
    zweiter = [
        str(typen[i]) if da else None
        for i, da in zip(andere.argmax(axis=1), gibt_es, strict=True)
    ]
    ohne_gebiet = np.where(zahl_ohne > 0, ohne[zeile, stelle], np.nan)
    tabelle = pd.DataFrame(
        {
            "typ": pd.Series([str(typen[i]) for i in stelle], dtype="string").array,
            "zweitbester_typ": pd.Series(zweiter, dtype="string").array,
            "bleibt_anteil": bleibt,
            "bleibt_anteil_ohne_gebiet": ohne_gebiet,
            "ziehungen_ohne_gebiet": pd.array(zahl_ohne, dtype="Int64"),
            "grenzfall": pd.array(bleibt < 1 - GRENZFALL, dtype="boolean"),
        },
        index=anteile.index,
    )
    return tabelle.loc[eigene >= 0]


def leere_zuordnung(gebiete: pd.Index) -> pd.DataFrame:
    """Alle Gebiete, noch ohne Typ."""
    return pd.DataFrame(
        {
            "typ": pd.Series(pd.NA, index=gebiete, dtype="string"),
            "zweitbester_typ": pd.Series(pd.NA, index=gebiete, dtype="string"),
            "bleibt_anteil": pd.Series(np.nan, index=gebiete, dtype="float64"),
            "bleibt_anteil_ohne_gebiet": pd.Series(np.nan, gebiete, dtype="float64"),
            "ziehungen_ohne_gebiet": pd.Series(pd.NA, index=gebiete, dtype="Int64"),
            "grenzfall": pd.Series(data=False, index=gebiete, dtype="bool"),
        }
    )


def typentabelle(typen: list[str], anzahl: Feld, jaccard: Feld) -> pd.DataFrame:
    """Je Typ Zahl der Gebiete, Jaccard und Stabilität in Worten."""
    return pd.DataFrame(
        {
            "anzahl_gebiete": np.asarray(anzahl, dtype=np.int64),
            "jaccard": np.asarray(jaccard, dtype=float),
            "stabilitaet": [stabilitaetswort(float(j)) for j in jaccard],
        },
        index=pd.Index(typen, name="typ"),
    )


def andere_verfahren(
    daten: Feld, nummern: Feld, k: int, einrichtung: Einrichtung, eigenes: str
) -> pd.Series:
    """Anteil der Gebiete, die ein anderes Verfahren in denselben Typ legt."""
    ergebnis = {}
    n = len(daten)
    for name in ("kmeans", "ward"):
        if name == eigenes or n > VERGLEICH_HOECHSTENS:
            continue
        andere = Einrichtung(
            verfahren=VERFAHREN[name], startwert=einrichtung.startwert
        ).gruppiere(daten[None], np.ones((1, n)), [k], starts(n, haupt=True))[k]
        alle = np.ones((1, n), dtype=bool)
        gemeinsam = ueberschneidung(nummern, andere, alle, int(nummern.max()) + 1, k)
        passt = zuordnung(gemeinsam[0])
        ergebnis[name] = float((passt[andere[0]] == nummern).mean())
    return pd.Series(ergebnis, name="gleicher_typ", dtype="float64")
