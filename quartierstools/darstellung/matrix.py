"""Wo stehen die Gebiete, und wohin bewegen sie sich? Status und Dynamik als Feld.

Jede Zelle nennt Zahl und Namen; die Farbe wiederholt nur, was dort steht.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from quartierstools.darstellung.farben import GRAU, PAPIER, RUHIG, TINTE
from quartierstools.darstellung.leinwand import (
    PUNKTE_JE_MM,
    als_bild,
    gekuerzt,
    schreibe,
    umbrochen,
    vieleck,
)
from quartierstools.fehler import Ausgabefehler
from quartierstools.schreibweise import aufzaehlung, mehrzahl

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from quartierstools.dokument import Bild

KOPF_MM, RAND_MM, ZEILE = 12.0, 34.0, 8.2
HOECHSTENS_ZEILEN = 5


def statusfeld(
    gebiete: pd.DataFrame,
    *,
    titel: str,
    statusworte: Sequence[str],
    dynamikworte: Sequence[str] = ("nimmt ab", "bleibt ähnlich", "nimmt zu"),
    gebietswort: tuple[str, str] = ("Gebiet", "Gebiete"),
    breite_mm: float = 165.0,
    raster: bool = True,
) -> "Bild":
    """Matrix aus Status (Zeilen) und Dynamik (Spalten) mit Zahl und Namen.

    Parameters
    ----------
    gebiete : DataFrame of tuple of str
        Namen je Zelle, wie sie `statusmatrix` liefert: Zeilen Status, Spalten
        Dynamik.
    titel : str
        Größe, die gezeigt wird.
    statusworte, dynamikworte : Sequence of str
        Ein Wort je Zeile und je Spalte.
    gebietswort : tuple of str
        Einzahl und Mehrzahl.
    breite_mm : float, default=165
    raster : bool, default=True
        Ob auch ein PNG entsteht.

    Raises
    ------
    Ausgabefehler
        Wenn Worte und Tabelle nicht zusammenpassen.
    """
    if gebiete.shape != (len(statusworte), len(dynamikworte)):
        raise Ausgabefehler(
            f"Statusfeld „{titel}“: {gebiete.shape[0]} Zeilen und {gebiete.shape[1]} "
            f"Spalten, aber {len(statusworte)} und {len(dynamikworte)} Worte. Bitte je "
            "Zeile und Spalte ein Wort angeben."
        )
    zellen = [[tuple(map(str, z)) for z in zeile] for zeile in gebiete.to_numpy()]
    spalte = (breite_mm - RAND_MM) * PUNKTE_JE_MM / len(dynamikworte)
    texte = [[_zellzeilen(z, spalte - 10) for z in zeile] for zeile in zellen]
    hoehen = [max(len(t) for t in zeile) * ZEILE + 18 for zeile in texte]
    hoehe_mm = KOPF_MM + sum(hoehen) / PUNKTE_JE_MM + 1

    def zeichne(flaeche: "Axes") -> None:
        rand = RAND_MM * PUNKTE_JE_MM
        oben = flaeche.get_ylim()[1] - KOPF_MM * PUNKTE_JE_MM
        for nummer, wort in enumerate(dynamikworte):
            x = rand + nummer * spalte
            kurz = gekuerzt(wort, 7, spalte - 6, fett=True)
            schreibe(flaeche, x + 4, oben + 8, kurz, groesse=7, fett=True)
        for reihe, wort in enumerate(statusworte):
            unten = oben - hoehen[reihe]
            for nummer, teil in enumerate(umbrochen(wort, 7, rand - 6, fett=True)[:3]):
                y = oben - 9 - nummer * 8.5
                schreibe(flaeche, 1, y, teil, groesse=7, fett=True)
            for nummer, zeilen in enumerate(texte[reihe]):
                x = rand + nummer * spalte
                _zeichne_zelle(
                    flaeche, (x, unten, x + spalte, oben), zellen[reihe][nummer], zeilen
                )
            oben = unten

    return als_bild(
        zeichne,
        breite_mm=breite_mm,
        hoehe_mm=hoehe_mm,
        alternativtext=_feldtext(titel, zellen, statusworte, dynamikworte, gebietswort),
        titel=titel,
        raster=raster,
    )


def _zellzeilen(namen: tuple[str, ...], breite: float) -> list[str]:
    """Namen in höchstens fünf Zeilen; was nicht passt, wird gezählt."""
    for zahl in range(len(namen), 0, -1):
        rest = len(namen) - zahl
        text = ", ".join(namen[:zahl]) + (f" und {rest} weitere" if rest else "")
        zeilen = umbrochen(text, GRAD, breite)
        if len(zeilen) <= HOECHSTENS_ZEILEN:
            return [gekuerzt(z, GRAD, breite) for z in zeilen]
    return []


GRAD = 6.5


def _zeichne_zelle(
    flaeche: "Axes",
    kasten: tuple[float, float, float, float],
    namen: tuple[str, ...],
    zeilen: Sequence[str],
) -> None:
    x0, y0, x1, y1 = kasten
    ring = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
    fuellung = RUHIG if namen else PAPIER
    vieleck(flaeche, [ring], fuellung=fuellung, linie=GRAU, staerke=0.6)
    schreibe(
        flaeche, x0 + 4, y1 - 8, str(len(namen)), groesse=8, fett=True, farbe=TINTE
    )
    for nummer, zeile in enumerate(zeilen):
        schreibe(flaeche, x0 + 4, y1 - 18 - nummer * ZEILE, zeile, groesse=GRAD)


def _feldtext(
    titel: str,
    zellen: Sequence[Sequence[tuple[str, ...]]],
    statusworte: Sequence[str],
    dynamikworte: Sequence[str],
    gebietswort: tuple[str, str],
) -> str:
    saetze = [
        f"{status}, {dynamik}: {mehrzahl(len(namen), *gebietswort)} "
        f"({aufzaehlung(list(namen))})."
        for status, zeile in zip(statusworte, zellen, strict=True)
        for dynamik, namen in zip(dynamikworte, zeile, strict=True)
        if namen
    ]
    return f"Status und Dynamik, {titel}. {' '.join(saetze) or 'Keine Gebiete.'}"
