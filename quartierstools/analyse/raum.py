"""Liegen ähnliche Werte nebeneinander? Nur für die Erkundung.

Moran und LISA rechnet esda. numba wird nicht gebraucht und nicht mitgeliefert: seine
Übersetzung kostet in jedem frischen Prozess mehr als die ganze Rechnung.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quartierstools.analyse.nachbarschaft import (
    nachbarn_aus,
    unverbunden_satz,
    unverbundene,
)
from quartierstools.analyse.pruefung import Merkmalsfehler
from quartierstools.schreibweise import zahl_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from quartierstools.analyse.nachbarschaft import Nachbarn, Nachbarschaft

MINDESTENS = 3
"""So viele Gebiete mit Wert und Nachbarn braucht die Rechnung."""

WENIGE = 50
"""Unter so vielen Gebieten steht der Hinweis auf geringe Trennschärfe."""

LAGEN = {1: "hoch neben hoch", 2: "niedrig neben hoch", 3: "niedrig neben niedrig"}
LAGEN[4] = "hoch neben niedrig"

ZUFAELLIG = "nicht vom Zufall unterscheidbar"
OHNE_WERT = "liegt nicht vor"
OHNE_NACHBARN = "ohne Nachbarn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raumbefund:
    """Räumliche Ähnlichkeit im Ganzen und je Gebiet.

    Attributes
    ----------
    moran : float
        Morans I; NaN ohne verbundene Gebiete.
    moran_p : float
        Anteil zufälliger Umordnungen, die mindestens so stark ausfallen.
    gebiete : DataFrame
        Je Gebiet ``lokal`` (lokales I), ``p``, ``lage`` (in Worten; nur unter der
        FDR-Grenze eine Aussage).
    fdr_grenze : float
        Grenze für `p` nach Benjamini/Hochberg über alle Gebiete.
    unverbundene : list of list
        Teile ohne Verbindung zum größten Teil.
    hinweise : list of str
        Wenige Gebiete, unverbundene Gebiete, Lücken.

    Examples
    --------
    >>> werte = pd.Series([1.0, 2, 8, 9], index=["10", "11", "12", "13"])
    >>> befund = raumbefund(werte, [("10", "11"), ("11", "12"), ("12", "13")])
    >>> befund.gebiete["lokal"].round(2).to_dict()
    {'10': 0.72, '11': 0.09, '12': 0.09, '13': 0.72}
    """

    moran: float
    moran_p: float
    gebiete: pd.DataFrame
    fdr_grenze: float
    unverbundene: list[list[Any]]
    hinweise: list[str]


def raumbefund(
    werte: pd.Series,
    nachbarschaft: Nachbarschaft,
    *,
    permutationen: int = 999,
    random_state: int = 0,
    fdr: float = 0.05,
    namen: Mapping[Any, str] | None = None,
) -> Raumbefund:
    """Morans I und lokale Kennzahlen mit Kontrolle des Mehrfachtestens.

    Parameters
    ----------
    werte : Series
        Ein Wert je Gebiet; NaN heißt fehlend.
    nachbarschaft : DataFrame, mapping or iterable of pairs
        Wer an wen grenzt.
    permutationen : int, default=999
        Zufällige Umordnungen.
    random_state : int, default=0
        Startwert.
    fdr : float, default=0.05
        Erwarteter Anteil falscher Meldungen unter den Meldungen.
    namen : mapping, optional
        Gebiet → Name für die Hinweise.

    Returns
    -------
    Raumbefund
        Mit den Gebieten von `werte` in derselben Folge.

    References
    ----------
    .. [1] Anselin, L. (1995), Geographical Analysis 27, S. 93–115.
    .. [2] Benjamini, Y. und Hochberg, Y. (1995), JRSS B 57, S. 289–300.

    Examples
    --------
    >>> werte = pd.Series([1.0, 2, 8, 9], index=["10", "11", "12", "13"])
    >>> befund = raumbefund(werte, [("10", "11"), ("11", "12"), ("12", "13")])
    >>> round(befund.moran, 2)
    0.54
    >>> befund.hinweise[0]
    'Nur 4 Gebiete: räumliche Muster sind so kaum vom Zufall zu unterscheiden.'
    """
    genannt = {} if namen is None else namen
    da = werte.notna()
    # Feste Folge nach Schlüssel: Umordnungen hängen nicht an der Zeile.
    gebiete = pd.Index(sorted(werte.index[da], key=str), name=werte.index.name)
    nachbarn = nachbarn_aus(nachbarschaft, gebiete)
    grad = np.bincount(nachbarn.paare.ravel(), minlength=nachbarn.n)
    mit = gebiete[grad > 0]
    if len(mit) < MINDESTENS:
        raise Merkmalsfehler(
            "Raum",
            [f"Nur {len(mit)} Gebiete mit Wert und Nachbarn; nötig sind {MINDESTENS}."],
        )
    verbunden = nachbarn.auswahl(np.flatnonzero(grad > 0))
    reihe = werte.loc[mit].to_numpy(dtype=float)
    if np.ptp(reihe) <= 0:
        raise Merkmalsfehler("Raum", ["Alle Gebiete haben denselben Wert."])
    moran, moran_p, lokal = _esda(reihe, verbunden, permutationen, random_state)
    grenze = fdr_grenze(lokal["p"].to_numpy(), fdr)
    lokal.index = mit
    lokal["lage"] = np.where(
        lokal["p"] <= grenze, lokal["viertel"].map(LAGEN), ZUFAELLIG
    )
    tabelle = lokal.drop(columns="viertel").reindex(werte.index)
    tabelle.loc[da & tabelle["lage"].isna(), "lage"] = OHNE_NACHBARN
    tabelle.loc[~da, "lage"] = OHNE_WERT
    teile = unverbundene(nachbarn, gebiete)
    return Raumbefund(
        moran=moran,
        moran_p=moran_p,
        gebiete=tabelle,
        fdr_grenze=grenze,
        unverbundene=teile,
        hinweise=_hinweise(
            len(mit), int((~da).sum()), unverbunden_satz(teile, genannt)
        ),
    )


def _esda(
    reihe: NDArray[np.float64],
    nachbarn: Nachbarn,
    permutationen: int,
    random_state: int,
) -> tuple[float, float, pd.DataFrame]:
    with warnings.catch_warnings():
        # Veraltungshinweise aus den PySAL-Paketen sind hier nicht zu beheben.
        warnings.simplefilter("ignore")
        from esda.moran import Moran, Moran_Local  # noqa: PLC0415
        from libpysal.weights import WSP  # noqa: PLC0415

        matrix = nachbarn.matrix()
        gewichte = WSP(matrix).to_W(silence_warnings=True)
        gewichte.transform = "r"
        zufall = np.random.get_state()  # noqa: NPY002
        try:
            np.random.seed(random_state)  # noqa: NPY002
            ganz = Moran(reihe, gewichte, permutations=permutationen)
            lokal = Moran_Local(
                reihe,
                gewichte,
                permutations=permutationen,
                seed=random_state,
                n_jobs=1,
                keep_simulations=False,
            )
        finally:
            # esda setzt den Startwert des ganzen Prozesses; zurück damit.
            np.random.set_state(zufall)  # noqa: NPY002
    alle = permutationen + 1
    p = np.round(np.asarray(lokal.p_sim, dtype=float) * alle) / alle
    tabelle = pd.DataFrame({"lokal": lokal.Is, "p": p, "viertel": lokal.q})
    return float(ganz.I), float(ganz.p_sim), tabelle


def fdr_grenze(p: NDArray[np.float64], fdr: float) -> float:
    """Grenze für p nach Benjamini/Hochberg (über esda).

    Examples
    --------
    >>> round(fdr_grenze(np.array([0.001, 0.02, 0.2, 0.9]), 0.05), 4)
    0.025
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda import fdr as benjamini_hochberg  # noqa: PLC0415

    return float(benjamini_hochberg(p, fdr))


def _hinweise(n: int, fehlend: int, getrennt: str) -> list[str]:
    hinweise = []
    if n < WENIGE:
        hinweise.append(
            f"Nur {n} Gebiete: räumliche Muster sind so kaum vom Zufall zu "
            "unterscheiden."
        )
    if fehlend:
        hinweise.append(f"Ohne Wert, nicht gerechnet: {zahl_text(fehlend)}.")
    if getrennt:
        hinweise.append(getrennt)
    return hinweise
