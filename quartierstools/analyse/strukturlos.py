"""Wie sähen Daten ohne getrennte Typen aus? Vergleichsdaten gleicher Korrelation.

Zwei Arten, die beide nur einen einzigen Haufen kennen; wer Typen behauptet, muss sich
von beiden abheben:

- „normal“: jedes Merkmal wird umgeformt (Yeo-Johnson), normalverteilt mit derselben
  Korrelation gezogen und zurückgeformt. Schiefe allein ist kein Beleg für Typen.
- „gleichmäßig“: gleichverteilt im Kasten der Hauptachsen (wie beim Gap-Maß). Flache
  Verteilungen ohne Lücken sind kein Beleg für Typen.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Feld = Any
"""Ein Feld von Gleitkommazahlen."""

EXPONENTEN = np.linspace(-1.0, 3.0, 81)
"""Gitter der Yeo-Johnson-Exponenten; 1 lässt die Werte, wie sie sind."""

NULL = 1e-9
"""Exponenten darunter gelten als 0."""

UEBERSTAND = 0.5
"""So weit (in Spannweiten) dürfen gezogene Werte über die beobachteten hinaus."""


def umgeformt(werte: Feld, exponent: float) -> Feld:
    """Yeo-Johnson-Umformung.

    Examples
    --------
    >>> umgeformt(np.array([-1.0, 0.0, 3.0]), 1.0)
    array([-1.,  0.,  3.])
    """
    positiv, negativ = np.maximum(werte, 0.0), np.maximum(-werte, 0.0)
    if abs(exponent) < NULL:
        oben = np.log1p(positiv)
    else:
        oben = ((positiv + 1) ** exponent - 1) / exponent
    rest = 2.0 - exponent
    if abs(rest) < NULL:
        unten = np.log1p(negativ)
    else:
        unten = ((negativ + 1) ** rest - 1) / rest
    return np.where(werte >= 0, oben, -unten)


def zurueckgeformt(werte: Feld, exponent: float) -> Feld:
    """Umkehrung von `umgeformt`."""
    positiv, negativ = np.maximum(werte, 0.0), np.maximum(-werte, 0.0)
    if abs(exponent) < NULL:
        oben = np.expm1(positiv)
    else:
        oben = np.maximum(exponent * positiv + 1, 1e-6) ** (1 / exponent) - 1
    rest = 2.0 - exponent
    if abs(rest) < NULL:
        unten = np.expm1(negativ)
    else:
        unten = np.maximum(rest * negativ + 1, 1e-6) ** (1 / rest) - 1
    return np.where(werte >= 0, oben, -unten)


def _bester_exponent(spalte: Feld) -> float:
    """Exponent mit größter Likelihood auf dem Gitter."""
    vorzeichen = np.sort(np.sign(spalte) * np.log1p(np.abs(spalte))).sum()
    guete = []
    for exponent in EXPONENTEN:
        streuung = np.var(np.sort(umgeformt(spalte, exponent)))
        guete.append(
            -len(spalte) / 2 * np.log(max(streuung, 1e-300))
            + (exponent - 1) * vorzeichen
        )
    return float(EXPONENTEN[int(np.argmax(np.round(guete, 9)))])


def standardisiert(daten: Feld) -> Feld:
    """Jede Spalte mit Mittel 0 und Streuung 1 (ddof = 0)."""
    mitte = daten.mean(axis=-2, keepdims=True)
    sd = daten.std(axis=-2, keepdims=True)
    return (daten - mitte) / np.where(sd > 0, sd, 1.0)


def _hauptachsen(daten: Feld) -> tuple[Feld, Feld]:
    """Eigenwerte und Achsen der Streuung, Vorzeichen fest."""
    mitte_frei = daten - daten.mean(axis=0)
    kovarianz = np.einsum("ij,ik->jk", mitte_frei, mitte_frei) / len(daten)
    werte, achsen = np.linalg.eigh(kovarianz)
    groesste = achsen[np.abs(achsen).argmax(axis=0), np.arange(daten.shape[1])]
    return np.maximum(werte, 0.0), achsen * np.sign(groesste)


def gleichmaessig(
    daten: Feld, anzahl: int, rng: np.random.Generator, zeilen: int | None = None
) -> Feld:
    """Gleichverteilte Datensätze im Kasten der Hauptachsen von `daten`.

    Parameters und Rückgabe wie bei `vergleichsdaten`.

    References
    ----------
    .. [1] Tibshirani, R. u. a. (2001), JRSS B 63, S. 411–423, Bezug (b).
    """
    _, achsen = _hauptachsen(daten)
    gedreht = np.einsum("ij,jk->ik", daten - daten.mean(axis=0), achsen)
    unten, oben = gedreht.min(axis=0), gedreht.max(axis=0)
    n, m = daten.shape
    gezogen = rng.uniform(
        unten, oben, size=(anzahl, n if zeilen is None else zeilen, m)
    )
    return standardisiert(np.einsum("bij,kj->bik", gezogen, achsen))


def vergleichsdaten(
    daten: Feld, anzahl: int, rng: np.random.Generator, zeilen: int | None = None
) -> Feld:
    """Strukturlose Datensätze mit Korrelation und Schiefe von `daten`.

    Parameters
    ----------
    daten : array of shape (n, m)
        Standardisierte Merkmale.
    anzahl : int
        Zahl der Datensätze B.
    rng : Generator
        Zufallsquelle.
    zeilen : int, optional
        Gebiete je Datensatz; Vorgabe n.

    Returns
    -------
    array of shape (B, zeilen, m)
        Standardisiert wie `daten`.
    """
    n, m = daten.shape
    zeilen = n if zeilen is None else zeilen
    exponenten = [_bester_exponent(spalte) for spalte in daten.T]
    normal = np.column_stack(
        [umgeformt(s, e) for s, e in zip(daten.T, exponenten, strict=True)]
    )
    werte, achsen = _hauptachsen(normal)
    zufall = rng.standard_normal((anzahl, zeilen, m))
    gezogen = normal.mean(axis=0) + np.einsum(
        "bij,kj->bik", zufall, achsen * np.sqrt(werte)
    )
    ergebnis = np.empty_like(gezogen)
    for j, exponent in enumerate(exponenten):
        spanne = np.ptp(daten[:, j]) * UEBERSTAND
        ergebnis[:, :, j] = np.clip(
            zurueckgeformt(gezogen[:, :, j], exponent),
            daten[:, j].min() - spanne,
            daten[:, j].max() + spanne,
        )
    return standardisiert(ergebnis)
