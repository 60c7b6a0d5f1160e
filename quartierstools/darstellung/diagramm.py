"""Woraus setzt sich ein Wert zusammen, wie unterscheiden sich Typen?

Gezeichnet wird der gerundete Wert, der auch geschrieben steht; aus keinem Bild
lässt sich mehr ablesen als aus der Tabelle.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from quartierstools.darstellung.farben import BLAU, GRAU, MUSTER, RUHIG, TINTE, TYPEN
from quartierstools.darstellung.klassenbild import mit_einheit
from quartierstools.darstellung.leinwand import (
    PUNKTE_JE_MM,
    als_bild,
    gekuerzt,
    schreibe,
    umbrochen,
    vieleck,
)
from quartierstools.fehler import Ausgabefehler
from quartierstools.schreibweise import aufzaehlung, gerundet, zahl_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from quartierstools.dokument import Bild


@dataclass(frozen=True, slots=True)
class Skala:
    """Werte auf eine Strecke in Punkten."""

    von: float
    bis: float
    links: float
    rechts: float

    def __call__(self, wert: float) -> float:
        """Ort eines Wertes; ohne Spanne die Mitte der Strecke."""
        spanne = self.bis - self.von
        anteil = (wert - self.von) / spanne if spanne else 0.5
        return self.links + anteil * (self.rechts - self.links)


def kreisring(x: float, y: float, radius: float, ecken: int = 24) -> np.ndarray:
    """Kreis aus kurzen Strecken, als geschlossener Ring für `vieleck`."""
    winkel = np.linspace(0, 2 * np.pi, ecken + 1)
    return np.column_stack([x + radius * np.cos(winkel), y + radius * np.sin(winkel)])


def strich(
    flaeche: "Axes",
    von: tuple[float, float],
    bis: tuple[float, float],
    *,
    farbe: str = GRAU,
    staerke: float = 0.6,
) -> None:
    """Gerader Strich."""
    (x0, y0), (x1, y1) = von, bis
    vieleck(flaeche, [[(x0, y0), (x1, y1), (x0, y0)]], linie=farbe, staerke=staerke)


def balken_beitraege(  # noqa: PLR0913 – Schreibweise und Größe
    beitraege: pd.Series,
    *,
    titel: str,
    gebietsname: str,
    einheit: str = "",
    stellen: int = 2,
    summe: str = "Summe",
    bereich: tuple[float, float] = (0.0, 0.0),
    breite_mm: float = 165.0,
    raster: bool = True,
) -> "Bild":
    """Beiträge einer Summe als Treppe: Jeder Balken beginnt, wo der vorige endet.

    Parameters
    ----------
    beitraege : Series of float, Index Bezeichnung
        Beitrag je Indikator in der Reihenfolge des Bildes, alle vorhanden.
    titel, gebietsname : str
        Größe und Gebiet.
    einheit, stellen, summe
        Wie Zahlen und die Summenzeile geschrieben werden.
    bereich : tuple of float, default=(0, 0)
        So weit reicht die Achse mindestens; gleich für Bilder, die man vergleicht.
    breite_mm : float, default=165
    raster : bool, default=True
        Ob auch ein PNG entsteht.

    Raises
    ------
    Ausgabefehler
        Wenn ein Beitrag fehlt: Dann gibt es keine Summe.
    """
    fehlend = [str(name) for name in beitraege.index[beitraege.isna()]]
    if fehlend or beitraege.empty:
        raise Ausgabefehler(
            f"Beiträge zu „{titel}“ für {gebietsname}: ohne Wert sind {fehlend}. Eine "
            "Summe braucht jeden Beitrag; sonst bitte „nicht messbar“ ausgeben."
        )
    enden = beitraege.cumsum()
    zeilen = [
        (str(n), float(e - b), float(e), float(b))
        for n, b, e in zip(beitraege.index, beitraege, enden, strict=True)
    ]
    zeilen.append((summe, 0.0, float(enden.iloc[-1]), float(enden.iloc[-1])))
    zeile_mm = 7.0

    def zeichne(flaeche: "Axes") -> None:
        breite, hoehe = flaeche.get_xlim()[1], flaeche.get_ylim()[1]
        grenzen = [0.0, *bereich, *(z[1] for z in zeilen), *(z[2] for z in zeilen)]
        skala = Skala(min(grenzen), max(grenzen), breite * 0.42, breite - 34)
        strich(flaeche, (skala(0), 4), (skala(0), hoehe - 2), farbe=TINTE)
        for nummer, zeile in enumerate(zeilen):
            y = hoehe - (nummer + 0.5) * zeile_mm * PUNKTE_JE_MM - 2
            ist_summe = nummer == len(zeilen) - 1
            _zeichne_balken(flaeche, zeile, y, skala, stellen, ist_summe=ist_summe)

    teile = [
        f"{n} {zahl_text(b, stellen=stellen, vorzeichen=True)}" for n, _, _, b in zeilen
    ]
    gesamt = mit_einheit(zeilen[-1][3], einheit, stellen)
    return als_bild(
        zeichne,
        breite_mm=breite_mm,
        hoehe_mm=zeile_mm * len(zeilen) + 2,
        alternativtext=(
            f"Beiträge zu {titel} in {gebietsname}: {aufzaehlung(teile[:-1])}; "
            f"{summe} {gesamt}."
        ),
        titel=titel,
        raster=raster,
    )


def _zeichne_balken(
    flaeche: "Axes",
    zeile: tuple[str, float, float, float],
    y: float,
    skala: Skala,
    stellen: int,
    *,
    ist_summe: bool,
) -> None:
    name, von, bis, beitrag = zeile
    x0, x1 = sorted((skala(von), skala(bis)))
    ring = [(x0, y - 5), (x1, y - 5), (x1, y + 5), (x0, y + 5), (x0, y - 5)]
    minus = beitrag < 0
    schraffur = MUSTER["schraeg"].schraffur if minus and not ist_summe else ""
    fuellung = TINTE if ist_summe else RUHIG if minus else BLAU
    vieleck(flaeche, [ring], fuellung=fuellung, schraffur=schraffur, ebene=2)
    platz = skala.links - 12
    zeilen = umbrochen(name, 7, platz, fett=ist_summe)[:2]
    for nummer, text in enumerate(zeilen):
        hoch = y + (len(zeilen) - 1) * 4 - nummer * 8
        kurz = gekuerzt(text, 7, platz, fett=ist_summe)
        schreibe(flaeche, 2, hoch, kurz, groesse=7, fett=ist_summe)
    zahl = zahl_text(beitrag, stellen=stellen, vorzeichen=not ist_summe)
    schreibe(flaeche, x1 + 4, y, zahl, groesse=7, fett=ist_summe)


def typenprofil(
    profil: pd.DataFrame,
    *,
    titel: str = "Typen im Vergleich zum Mittel der Gebiete",
    stellen: int = 1,
    wort: str = "Typ",
    breite_mm: float = 165.0,
    raster: bool = True,
) -> "Bild":
    """Mittlere Lage jedes Typs je Merkmal, in Standardabweichungen vom Mittel.

    Parameters
    ----------
    profil : DataFrame, Typen × Merkmale
        Mittlerer z-Wert; Index sind die Buchstaben der Typen, Spalten die
        Bezeichnungen der Merkmale.
    titel : str
        Überschrift.
    stellen : int, default=1
        Nachkommastellen in Bild und Alternativtext.
    wort : str, default="Typ"
        Wie ein Typ im Alternativtext heißt.
    breite_mm : float, default=165
    raster : bool, default=True
        Ob auch ein PNG entsteht.

    Raises
    ------
    Ausgabefehler
        Wenn das Profil leer ist, zu viele Typen hat oder Werte fehlen.
    """
    if profil.empty or profil.isna().any(axis=None) or len(profil) > len(TYPEN):
        raise Ausgabefehler(
            f"Typenprofil „{titel}“: Erwartet werden 1 bis {len(TYPEN)} Typen mit "
            "einem Wert je Merkmal; ein Typ ohne Werte gehört nicht hinein."
        )
    werte = profil.map(lambda w: float(gerundet(float(w), stellen)))
    weite = max(2.0, float(np.ceil(werte.abs().to_numpy().max())))
    zeile_mm = 9.0

    def zeichne(flaeche: "Axes") -> None:
        breite, hoehe = flaeche.get_xlim()[1], flaeche.get_ylim()[1]
        skala = Skala(-weite, weite, breite * 0.36, breite - 16)
        _zeichne_profilachse(flaeche, skala, hoehe)
        for nummer, merkmal in enumerate(werte.columns):
            y = hoehe - 18 - (nummer + 0.5) * zeile_mm * PUNKTE_JE_MM
            strich(flaeche, (skala.links, y), (skala.rechts, y), farbe=RUHIG)
            zeilen = umbrochen(str(merkmal), 7, skala.links - 14)[:2]
            for i, text in enumerate(zeilen):
                hoch = y + (len(zeilen) - 1) * 4 - i * 8
                schreibe(
                    flaeche, 2, hoch, gekuerzt(text, 7, skala.links - 14), groesse=7
                )
            _zeichne_marken(flaeche, werte[merkmal], y, skala)

    return als_bild(
        zeichne,
        breite_mm=breite_mm,
        hoehe_mm=zeile_mm * werte.shape[1] + 13,
        alternativtext=_profiltext(titel, werte, stellen, wort),
        titel=titel,
        raster=raster,
    )


def _zeichne_profilachse(flaeche: "Axes", skala: Skala, hoehe: float) -> None:
    oben, unten = hoehe - 18, 17.0
    strich(flaeche, (skala(0), unten), (skala(0), oben + 2), farbe=TINTE)
    for text, x, seite in (
        ("unter dem Mittel", skala(0) - 6, "right"),
        ("über dem Mittel", skala(0) + 6, "left"),
    ):
        schreibe(flaeche, x, hoehe - 8, text, groesse=6.5, farbe=GRAU, waagerecht=seite)
    for stufe in range(int(skala.von), int(skala.bis) + 1):
        x = skala(stufe)
        strich(flaeche, (x, unten - 3), (x, unten))
        zahl = zahl_text(stufe, vorzeichen=True)
        schreibe(
            flaeche, x, unten - 8, zahl, groesse=6, farbe=GRAU, waagerecht="center"
        )
    schreibe(flaeche, 2, unten - 8, "Standardabweichungen", groesse=6, farbe=GRAU)


def _zeichne_marken(flaeche: "Axes", werte: pd.Series, y: float, skala: Skala) -> None:
    """Ein Kreis mit Buchstabe je Typ; gleiche Plätze werden versetzt."""
    farben = {typ: TYPEN[i][0] for i, typ in enumerate(werte.index)}
    belegt: list[tuple[float, float]] = []
    for typ, wert in werte.items():
        x = skala(float(wert))
        hoch = next(
            h
            for h in (0.0, 8.0, -8.0, 16.0, -16.0, 24.0, -24.0, 32.0)
            if all(abs(x - bx) > 9 or abs(h - bh) >= 8 for bx, bh in belegt)  # noqa: PLR2004
        )
        belegt.append((x, hoch))
        vieleck(
            flaeche,
            [kreisring(x, y + hoch, 5.2)],
            fuellung=farben[typ],
            staerke=0.6,
            ebene=3,
        )
        schreibe(
            flaeche, x, y + hoch, str(typ)[:2], groesse=6.5, fett=True,
            waagerecht="center", senkrecht="center_baseline", zorder=4,
        )  # fmt: skip


def _profiltext(titel: str, werte: pd.DataFrame, stellen: int, wort: str) -> str:
    """Je Typ ein Satz mit allen Merkmalen."""
    saetze = []
    for typ in werte.index:
        teile = [
            f"{merkmal} {zahl_text(float(wert), stellen=stellen, vorzeichen=True)}"
            for merkmal, wert in werte.loc[typ].items()
        ]
        saetze.append(f"{wort} {typ}: {aufzaehlung(teile)}.")
    return f"{titel}, in Standardabweichungen. {' '.join(saetze)}"
