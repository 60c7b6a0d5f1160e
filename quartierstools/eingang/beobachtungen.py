"""Wie wird aus Wert, Zähler und Nenner eine Beobachtung? Für Bestand und Lieferung.

Vorrang: Zeichen im Wert, Zeichen im Zähler, Anteil aus Fallzahlen, gelieferter Wert.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quartierstools.eingang.deutung import (
    FEHLT,
    NICHT_SINNVOLL,
    UNLESBAR,
    WERTARTEN,
    ZAHL,
    Zahlenspalte,
)

FAKTOR: Mapping[str, float] = {"je_1000": 1000.0, "je_100": 100.0}
"""Einheiten, deren Wert Zähler / Nenner mal Faktor ist; Anteile bleiben 0–1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beobachtungen:
    """Werte, Arten und Fallzahlen gleicher Länge.

    Attributes
    ----------
    wert : ndarray of float
        NaN, wo keine Zahl steht.
    art : ndarray of int8
        Stelle in `WERTARTEN`.
    zaehler, nenner : IntegerArray
        Ganze Zahlen, fehlend, wo keine geliefert sind.
    gegeben : ndarray of float
        Gelieferter Wert, auch wo aus Fallzahlen gerechnet wurde.
    """

    wert: Any
    art: Any
    zaehler: Any
    nenner: Any
    gegeben: Any


def beobachtungen(
    wert: Zahlenspalte, zaehler: Zahlenspalte, nenner: Zahlenspalte, *, einheit: str
) -> Beobachtungen:
    """Verbindet drei gedeutete Spalten; unlesbare Zellen gelten hier als fehlend."""
    z_da = (zaehler.art == ZAHL) & ~zaehler.leer
    n_da = (nenner.art == ZAHL) & ~nenner.leer
    w_da = (wert.art == ZAHL) & ~wert.leer
    z_zahl = np.where(wert.null & ~z_da, 0.0, zaehler.wert)
    z_hat = z_da | wert.null
    ergebnis = np.full(len(wert.art), np.nan)
    art = np.full(len(wert.art), FEHLT, dtype=np.int8)
    art[w_da] = ZAHL
    ergebnis[w_da] = wert.wert[w_da]
    quote = z_da & n_da & ~zaehler.null
    with np.errstate(divide="ignore", invalid="ignore"):
        anteil = z_zahl / nenner.wert * FAKTOR.get(einheit, 1.0)
    null_nenner = quote & (nenner.wert == 0)
    ergebnis[quote] = anteil[quote]
    art[quote] = ZAHL
    ergebnis[null_nenner], art[null_nenner] = np.nan, NICHT_SINNVOLL
    nenner_zeichen = z_da & ~w_da & ~nenner.leer & ~n_da & (nenner.art != UNLESBAR)
    ergebnis[nenner_zeichen] = np.nan
    art[nenner_zeichen] = nenner.art[nenner_zeichen]
    null = zaehler.null & ~w_da | wert.null
    ergebnis[null], art[null] = 0.0, ZAHL
    for spalte in (zaehler, wert):
        marke = (spalte.art > ZAHL) & ~spalte.leer
        ergebnis[marke], art[marke] = np.nan, spalte.art[marke]
    return Beobachtungen(
        wert=ergebnis,
        art=art,
        zaehler=_ganzzahlen(z_zahl, z_hat),
        nenner=_ganzzahlen(nenner.wert, n_da),
        gegeben=np.where(w_da & ~wert.null, wert.wert, np.nan)
        if w_da.any()
        else wert.wert,
    )


def _ganzzahlen(zahlen: Any, vorhanden: Any) -> Any:  # noqa: ANN401
    ganz = np.where(vorhanden, np.nan_to_num(zahlen), 0).astype(np.int64)
    return pd.arrays.IntegerArray(ganz, ~vorhanden)


def leere_spalte(n: int) -> Zahlenspalte:
    """Spalte, die es in der Lieferung nicht gibt; ohne eigenen Speicher je Zelle."""
    return Zahlenspalte(
        wert=np.broadcast_to(np.nan, n),
        art=np.broadcast_to(np.int8(FEHLT), n),
        leer=np.broadcast_to(np.True_, n),
        null=np.broadcast_to(np.False_, n),
    )


def artwoerter(art: Any) -> Any:  # noqa: ANN401
    """Wörter der Wertarten."""
    return np.array(WERTARTEN, dtype=object)[art]
