"""k-Means für viele kleine Datensätze auf einmal.

Für einige Dutzend bis tausend Gebiete kostet der Aufruf einer Bibliothek mehr als die
Rechnung. Hier laufen alle Ziehungen und Starts in denselben Feldern; das Ergebnis hängt
nicht von der Zahl der Threads ab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOECHSTENS = 100
"""Schritte je Start."""

PAKET = 300_000
"""So viele Abstände auf einmal; mehr passt nicht in den Zwischenspeicher."""

Feld = Any
"""Ein Feld von Gleitkommazahlen."""


def abstaende(daten: Feld, zentren: Feld) -> Feld:
    """Quadrierte Abstände.

    Parameters
    ----------
    daten : array of shape (..., n, m)
        Gebiete × Merkmale.
    zentren : array of shape (..., k, m)
        Typen × Merkmale.

    Returns
    -------
    array of shape (..., n, k)
        Nie negativ.
    """
    vorn = np.broadcast_shapes(daten.shape[:-2], zentren.shape[:-2])
    summe = np.zeros((*vorn, daten.shape[-2], zentren.shape[-2]))
    for stelle in range(daten.shape[-1]):
        differenz = daten[..., :, None, stelle] - zentren[..., None, :, stelle]
        summe += differenz * differenz
    return summe


def kmeans_stapel(
    daten: Feld,
    gewichte: Feld,
    k: int,
    starts: int,
    rng: np.random.Generator,
    warm: Feld | None = None,
) -> tuple[NDArray[np.int64], Feld]:
    """Beste von `starts` Lösungen je Datensatz.

    Parameters
    ----------
    daten : array of shape (B, n, m)
        Datensätze; B darf 1 sein, wenn sich nur die Gewichte unterscheiden.
    gewichte : array of shape (B, n)
        Wie oft ein Gebiet gezogen ist; 0 zählt nicht mit, bekommt aber einen Typ.
    k : int
        Zahl der Typen.
    starts : int
        Zufällige Anfänge (k-Means++) je Datensatz.
    rng : Generator
        Quelle der Anfänge.
    warm : array of shape (W, k, m), optional
        Weitere, feste Anfänge.

    Returns
    -------
    nummern : array of shape (B, n)
        Typ je Gebiet.
    zentren : array of shape (B, k, m)
        Mitten der Typen.
    """
    b, n = gewichte.shape
    zufall = rng.random((b, starts, k))
    nummern = np.empty((b, n), dtype=np.int64)
    zentren = np.empty((b, k, daten.shape[2]))
    je = starts + (0 if warm is None else len(warm))
    breite = max(1, PAKET // (je * n * k))
    for start in range(0, b, breite):
        teil = slice(start, min(start + breite, b))
        stueck = daten if len(daten) == 1 else daten[teil]
        stueck = np.broadcast_to(stueck, (gewichte[teil].shape[0], *daten.shape[1:]))
        anfang = _anfaenge(stueck, gewichte[teil], zufall[teil], k)
        if warm is not None:
            fest = np.broadcast_to(warm, (len(stueck), *warm.shape))
            anfang = np.concatenate([fest, anfang], axis=1)
        nummern[teil], zentren[teil] = _beste(stueck, gewichte[teil], anfang)
    return nummern, zentren


def _anfaenge(daten: Feld, gewichte: Feld, zufall: Feld, k: int) -> Feld:
    """k-Means++: jede Mitte mit Wahrscheinlichkeit nach quadriertem Abstand."""
    b, starts, _ = zufall.shape
    n, m = daten.shape[1:]
    zentren = np.empty((b, starts, k, m))
    naechster = np.broadcast_to(gewichte[:, None, :], (b, starts, n)).copy()
    abstand = np.full((b, starts, n), np.inf)
    datensatz = np.arange(b)[:, None]
    for nummer in range(k):
        kumuliert = np.cumsum(naechster, axis=2)
        ziel = zufall[:, :, nummer, None] * kumuliert[:, :, -1:]
        wahl = np.minimum((kumuliert <= ziel).sum(axis=2), n - 1)
        zentren[:, :, nummer] = daten[datensatz, wahl]
        neu = abstaende(daten[:, None], zentren[:, :, nummer : nummer + 1])[..., 0]
        abstand = np.minimum(abstand, neu)
        naechster = abstand * gewichte[:, None, :]
        leer = naechster.sum(axis=2) <= 0
        if leer.any():
            # Alle gezogenen Gebiete liegen auf Mitten: irgendein gezogenes nehmen.
            naechster[leer] = np.broadcast_to(gewichte[:, None, :], naechster.shape)[
                leer
            ]
    return zentren


def _beste(daten: Feld, gewichte: Feld, zentren: Feld) -> tuple[Any, Any]:
    """Lloyd bis zum Stillstand; je Datensatz die Lösung mit kleinster Streuung."""
    b, starts, k, m = zentren.shape
    n = daten.shape[1]
    satz = np.repeat(np.arange(b), starts)
    mitten = zentren.reshape(b * starts, k, m).copy()
    nummern = np.full((b * starts, n), -1, dtype=np.int64)
    aktiv = np.arange(b * starts)
    for _ in range(HOECHSTENS):
        neu = _naechste(daten, satz[aktiv], mitten[aktiv])
        geaendert = (neu != nummern[aktiv]).any(axis=1)
        nummern[aktiv] = neu
        aktiv = aktiv[geaendert]
        if not len(aktiv):
            break
        mitten[aktiv] = _mitten_aus(
            daten, gewichte, satz[aktiv], nummern[aktiv], mitten[aktiv]
        )
    eigene = np.take_along_axis(mitten, nummern[:, :, None], axis=1)
    abweichung = ((daten[satz] - eigene) ** 2).sum(axis=2)
    streuung = (abweichung * gewichte[satz]).sum(axis=1).reshape(b, starts)
    # Auf neun Stellen: gleich gute Starts entscheidet die Reihenfolge, nicht der Rest.
    wahl = np.round(streuung, 9).argmin(axis=1) + np.arange(b) * starts
    return nummern[wahl], mitten[wahl]


def _naechste(daten: Feld, satz: Feld, mitten: Feld) -> Feld:
    """Nummer der nächsten Mitte je Lauf und Gebiet.

    Verglichen wird |c|² − 2·x·c; das |x|² ist für alle Mitten gleich.
    """
    produkt = np.matmul(daten[satz], mitten.transpose(0, 2, 1))
    laenge = (mitten * mitten).sum(axis=2)
    return (laenge[:, None, :] - 2.0 * produkt).argmin(axis=2)


def _mitten_aus(
    daten: Feld, gewichte: Feld, satz: Feld, nummern: Feld, bisher: Feld
) -> Feld:
    """Gewogene Mitten je Typ; leere Typen behalten ihre bisherige Mitte."""
    eins = (nummern[:, None, :] == np.arange(bisher.shape[1])[:, None]) * gewichte[
        satz, None, :
    ]
    anzahl = eins.sum(axis=2)[:, :, None]
    summe = np.matmul(eins, daten[satz])
    return np.where(anzahl > 0, summe / np.where(anzahl > 0, anzahl, 1.0), bisher)
