"""Wie gut trennen Typen? Silhouette, erklärter Anteil, Jaccard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Feld = Any
"""Ein Feld von Gleitkommazahlen."""

STABILITAET = (
    (0.85, "hoch stabil"),
    (0.75, "stabil"),
    (0.6, "Muster, Zugehörigkeit zweifelhaft"),
    (0.5, "nicht verwendbar"),
)
"""Bänder nach Hennig: ab dieser Jaccard-Zahl gilt das Wort."""

AUFGELOEST = 0.5
"""Bis hier gilt ein Typ als aufgelöst."""

BRAUCHBAR = 0.6
"""Ein Typ darunter wird nicht verwendet."""


def stabilitaetswort(jaccard: float) -> str:
    """Stabilität in Worten, nie als Ampel.

    Parameters
    ----------
    jaccard : float
        Mittlere Jaccard-Ähnlichkeit über die Wiederholungen, 0 bis 1.

    References
    ----------
    .. [1] Hennig, C. (2007), Computational Statistics & Data Analysis 52,
       S. 258–271; R-Paket fpc, Hilfeseite clusterboot.

    Examples
    --------
    >>> stabilitaetswort(0.9), stabilitaetswort(0.6), stabilitaetswort(0.5)
    ('hoch stabil', 'Muster, Zugehörigkeit zweifelhaft', 'aufgelöst')
    """
    if np.isnan(jaccard):
        return "nicht gerechnet"
    if jaccard <= AUFGELOEST:
        return "aufgelöst"
    for grenze, wort in STABILITAET:
        if jaccard >= grenze:
            return wort
    return "aufgelöst"


def paarabstaende(daten: Feld) -> Feld:
    """Euklidische Abstände aller Paare; Form (..., n, n)."""
    n = daten.shape[-2]
    summe = np.zeros((*daten.shape[:-2], n, n))
    for stelle in range(daten.shape[-1]):
        spalte = daten[..., stelle]
        differenz = spalte[..., :, None] - spalte[..., None, :]
        summe += differenz * differenz
    return np.sqrt(summe)


def silhouetten(abstand: Feld, nummern: Feld, k: int) -> Feld:
    """Silhouette je Gebiet; 0 für ein Gebiet, das allein einen Typ bildet.

    Parameters
    ----------
    abstand : array of shape (..., n, n)
        Paarabstände.
    nummern : array of shape (..., n)
        Typen 0 bis k − 1.
    k : int
        Zahl der Typen.

    Returns
    -------
    array of shape (..., n)
        −1 bis 1.

    References
    ----------
    .. [1] Rousseeuw, P. J. (1987), J. Comput. Appl. Math. 20, S. 53–65.

    Examples
    --------
    >>> punkte = np.array([[0.0], [1.0], [5.0]])
    >>> silhouetten(paarabstaende(punkte), np.array([0, 0, 1]), 2)
    array([0.8 , 0.75, 0.  ])
    """
    eins = (nummern[..., :, None] == np.arange(k)).astype(float)
    anzahl = eins.sum(axis=-2)
    summe = np.matmul(abstand, eins)
    eigene_zahl = np.take_along_axis(anzahl, nummern, axis=-1)
    eigene = np.take_along_axis(summe, nummern[..., None], axis=-1)[..., 0]
    innen = eigene / np.maximum(eigene_zahl - 1, 1)
    teiler = np.maximum(anzahl, 1)[..., None, :]
    aussen = np.where((eins > 0) | (anzahl == 0)[..., None, :], np.inf, summe / teiler)
    naechster = aussen.min(axis=-1)
    groesser = np.maximum(innen, naechster)
    gueltig = (eigene_zahl > 1) & np.isfinite(naechster) & (groesser > 0)
    teiler_gueltig = np.where(gueltig, groesser, 1.0)
    zaehler = np.where(gueltig, naechster - innen, 0.0)
    return zaehler / teiler_gueltig


def erklaerter_anteil(daten: Feld, nummern: NDArray[np.int64], k: int) -> float:
    """Anteil der Streuung, der zwischen den Typen liegt (0 bis 1).

    Examples
    --------
    >>> erklaerter_anteil(np.array([[0.0], [2.0], [8.0], [10.0]]),
    ...                   np.array([0, 0, 1, 1]), 2).round(3)
    np.float64(0.941)
    """
    gesamt = ((daten - daten.mean(axis=0)) ** 2).sum()
    innen = 0.0
    for typ in range(k):
        teil = daten[nummern == typ]
        if len(teil):
            innen += ((teil - teil.mean(axis=0)) ** 2).sum()
    return np.float64(1 - innen / gesamt)


def jaccard_je_typ(
    haupt: Feld, nummern: Feld, gezogen: Feld, k: int, k_neu: int | None = None
) -> Feld:
    """Größte Jaccard-Ähnlichkeit jedes Typs mit einem Typ der Wiederholung.

    Parameters
    ----------
    haupt : array of shape (n,)
        Typen der Hauptlösung.
    nummern : array of shape (B, n)
        Typen je Wiederholung.
    gezogen : array of bool of shape (B, n)
        Welche Gebiete die Wiederholung enthielt; nur sie zählen.
    k, k_neu : int
        Zahl der Typen in Hauptlösung und Wiederholung.

    Returns
    -------
    array of shape (B, k)
        0 bis 1; NaN, wenn kein Gebiet des Typs gezogen wurde.
    """
    gemeinsam = ueberschneidung(haupt, nummern, gezogen, k, k_neu or k)
    alt = gemeinsam.sum(axis=2, keepdims=True)
    neu = gemeinsam.sum(axis=1, keepdims=True)
    vereint = alt + neu - gemeinsam
    anteil = np.where(vereint > 0, gemeinsam / np.maximum(vereint, 1), 0.0)
    bester = anteil.max(axis=2)
    return np.where(alt[:, :, 0] > 0, bester, np.nan)


def ueberschneidung(haupt: Feld, nummern: Feld, gezogen: Feld, k: int, kn: int) -> Feld:
    """Gemeinsame Gebiete je Paar von Typen; Form (B, k, k_neu)."""
    b = len(nummern)
    schluessel = (np.arange(b)[:, None] * k + haupt[None, :]) * kn + nummern
    zaehlung = np.bincount(schluessel[gezogen], minlength=b * k * kn)
    return zaehlung.reshape(b, k, kn)


def zuordnung(gemeinsam: Feld) -> NDArray[np.int64]:
    """Welcher neue Typ welchem alten entspricht (größte Überschneidung insgesamt).

    Parameters
    ----------
    gemeinsam : array of shape (k, k_neu)
        Gemeinsame Gebiete oder eine andere Ähnlichkeit.

    Returns
    -------
    array of shape (k_neu,)
        Alter Typ je neuem Typ; −1 ohne Gegenstück.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    alt, neu = linear_sum_assignment(-np.asarray(gemeinsam, dtype=float))
    ergebnis = np.full(gemeinsam.shape[1], -1, dtype=np.int64)
    ergebnis[neu] = alt
    return ergebnis
