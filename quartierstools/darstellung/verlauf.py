"""Wie verlief es? Kleine Bilder nebeneinander: dieses Gebiet und die Stadt.

Jedes Feld hat seine eigene Achse; Linien enden an Lücken und an Brüchen der Reihe.
Gezeichnet wird der gerundete Wert, der auch geschrieben steht.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from quartierstools.darstellung.diagramm import Skala, kreisring, strich
from quartierstools.darstellung.farben import BLAU, GRAU, RUHIG, TINTE
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

FELDHOEHE_MM = 27.0
KOPF_MM = 5.0
GRAD = 6.5
ACHSE_MINDESTENS = 0.4
"""Kleinste Spanne einer Achse als Anteil des größten Betrags."""
LUECKENARTEN = ("gesperrt", "nicht sinnvoll", "fehlt")
"""Gründe einer Lücke in der Reihenfolge, in der sie genannt werden."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verlauf:
    """Zeitreihe einer Größe für ein Gebiet und die Stadt.

    Attributes
    ----------
    titel, einheit : str
        Name der Größe und Einheit in Worten.
    stellen : int
        Nachkommastellen, mit denen Werte gezeichnet und geschrieben werden.
    gebiet, stadt : Series of float, Index Stichtag als Text (JJJJ-MM-TT)
        Werte in `einheit`; fehlend, wo keine Zahl vorliegt.
    brueche : Mapping of str to str
        Erster Stichtag nach einem Bruch der Reihe → was sich geändert hat.
    luecken : Mapping of str to str
        Stichtag ohne Zahl des Gebiets → Wertart („gesperrt“, „fehlt“,
        „nicht sinnvoll“). Steht im Bild und im Alternativtext.
    """

    titel: str
    gebiet: pd.Series
    stadt: pd.Series
    einheit: str = ""
    stellen: int = 1
    brueche: Mapping[str, str] = field(default_factory=dict)
    luecken: Mapping[str, str] = field(default_factory=dict)

    @property
    def tage(self) -> list[str]:
        """Alle Stichtage, aufsteigend."""
        return sorted({*map(str, self.gebiet.index), *map(str, self.stadt.index)})

    def werte(self, reihe: pd.Series) -> dict[str, float]:
        """Stichtag → gerundeter Wert, nur wo eine Zahl vorliegt."""
        return {
            str(tag): float(gerundet(float(wert), self.stellen))
            for tag, wert in reihe.sort_index().dropna().items()
        }

    @property
    def lueckentext(self) -> str:
        """Welche Jahre keine Zahl haben und warum, je Grund einmal.

        Examples
        --------
        >>> reihe = pd.Series({"2020-12-31": 4.0, "2022-12-31": 5.0})
        >>> luecken = {"2021-12-31": "gesperrt", "2019-12-31": "fehlt"}
        >>> Verlauf(titel="x", gebiet=reihe, stadt=reihe, luecken=luecken).lueckentext
        '2021 gesperrt, 2019 fehlt'
        """
        jahre: dict[str, list[str]] = {}
        for tag, art in sorted(self.luecken.items()):
            jahre.setdefault(art, []).append(tag[:4])
        gruende = sorted(jahre, key=LUECKENARTEN.index)
        return ", ".join(f"{aufzaehlung(jahre[art])} {art}" for art in gruende)


def abschnitte(
    werte: Mapping[str, float], tage: Sequence[str], brueche: Sequence[str]
) -> list[list[str]]:
    """Stichtage, die eine Linie verbindet: ohne Lücke und ohne Bruch dazwischen.

    Examples
    --------
    >>> abschnitte({"2020": 1, "2022": 2, "2023": 3}, ["2020", "2021", "2022", "2023"],
    ...            ["2023"])
    [['2020'], ['2022'], ['2023']]
    """
    zuege: list[list[str]] = [[]]
    vorher = ""
    for tag in tage:
        if any(vorher < b <= tag for b in brueche) and vorher:
            zuege.append([])
        if tag in werte:
            zuege[-1].append(tag)
        else:
            zuege.append([])
        vorher = tag
    return [zug for zug in zuege if zug]


def verlaufstafel(
    verlaeufe: Sequence[Verlauf],
    *,
    gebietsname: str,
    titel: str = "",
    spalten: int = 3,
    breite_mm: float = 172.0,
    raster: bool = True,
) -> "Bild":
    """Ein kleines Feld je Größe: blaue Linie das Gebiet, graue Linie die Stadt.

    Parameters
    ----------
    verlaeufe : Sequence of Verlauf
        In der Reihenfolge der Felder, zeilenweise.
    gebietsname : str
        Name für Legende und Alternativtext.
    titel : str
        Bildunterschrift.
    spalten : int, default=3
        Felder nebeneinander.
    breite_mm : float, default=172
    raster : bool, default=True
        Ob auch ein PNG entsteht.

    Raises
    ------
    Ausgabefehler
        Ohne Verlauf oder wenn ein Verlauf weniger als zwei Stichtage hat.
    """
    kurz = [v.titel for v in verlaeufe if len(v.tage) < 2]  # noqa: PLR2004
    if not verlaeufe or kurz:
        raise Ausgabefehler(
            f"Verlaufstafel für {gebietsname}: Erwartet werden Größen mit mindestens "
            f"zwei Stichtagen; das fehlt bei {kurz or 'allen'}."
        )
    reihen = -(-len(verlaeufe) // spalten)
    hoehe_mm = reihen * FELDHOEHE_MM + KOPF_MM

    def zeichne(flaeche: "Axes") -> None:
        breite, hoehe = flaeche.get_xlim()[1], flaeche.get_ylim()[1]
        _zeichne_legende(flaeche, hoehe, breite, gebietsname)
        weite = breite / spalten
        for nummer, verlauf in enumerate(verlaeufe):
            x = (nummer % spalten) * weite
            oben = hoehe - (KOPF_MM + (nummer // spalten) * FELDHOEHE_MM) * PUNKTE_JE_MM
            _zeichne_feld(flaeche, verlauf, x, oben, weite)

    return als_bild(
        zeichne,
        breite_mm=breite_mm,
        hoehe_mm=hoehe_mm,
        alternativtext=" ".join(_verlaufstext(v, gebietsname) for v in verlaeufe),
        titel=titel,
        raster=raster,
    )


def _zeichne_legende(flaeche: "Axes", hoehe: float, breite: float, name: str) -> None:
    y = hoehe - 6
    strich(flaeche, (2, y), (18, y), farbe=BLAU, staerke=1.6)
    vieleck(flaeche, [kreisring(10, y, 2.2)], fuellung=BLAU, staerke=0.4, ebene=3)
    schreibe(flaeche, 22, y, gekuerzt(name, GRAD, breite / 2 - 30), groesse=GRAD)
    links = breite / 2
    strich(flaeche, (links, y), (links + 16, y), farbe=GRAU, staerke=1.0)
    schreibe(flaeche, links + 20, y, "Stadt", groesse=GRAD)


def _zeichne_feld(
    flaeche: "Axes", verlauf: Verlauf, links: float, oben: float, weite: float
) -> None:
    """Titel, Achse, Brüche, zwei Linien, Zahlen am Anfang und Ende."""
    innen = weite - 12
    kopf = umbrochen(_feldtitel(verlauf), GRAD, innen, fett=True)
    for nummer, zeile in enumerate(kopf[:2]):
        text = gekuerzt(zeile, GRAD, innen, fett=True)
        schreibe(
            flaeche, links + 2, oben - 5 - 8 * nummer, text, groesse=GRAD, fett=True
        )
    unten = oben - FELDHOEHE_MM * PUNKTE_JE_MM + 16
    gebiet, stadt = verlauf.werte(verlauf.gebiet), verlauf.werte(verlauf.stadt)
    alle = [*gebiet.values(), *stadt.values()]
    tage = verlauf.tage
    x_skala = Skala(0, len(tage) - 1, links + 10, links + innen - 20)
    strich(flaeche, (links + 2, unten), (links + innen, unten), farbe=RUHIG)
    for tag in (tage[0], tage[-1]):
        x = x_skala(tage.index(tag))
        schreibe(
            flaeche, x, unten - 6, tag[:4], groesse=6, farbe=GRAU, waagerecht="center"
        )
    for bruch in verlauf.brueche:
        _zeichne_bruch(flaeche, x_skala, tage, bruch, unten, oben - 20)
    if not alle:
        schreibe(flaeche, links + 2, unten + 14, "liegt nicht vor", groesse=GRAD)
        return
    luecken = verlauf.lueckentext or ("" if gebiet else "liegt nicht vor")
    y_skala = Skala(*achse(alle), unten + (14 if luecken else 8), oben - 26)
    for werte, farbe, staerke in ((stadt, GRAU, 1.0), (gebiet, BLAU, 1.6)):
        _zeichne_linie(flaeche, verlauf, werte, x_skala, y_skala, farbe, staerke)
    _zeichne_zahlen(flaeche, verlauf, gebiet, x_skala, y_skala)
    if luecken:
        text = gekuerzt(luecken, 6, innen)
        schreibe(flaeche, links + 2, unten + 4, text, groesse=6, farbe=GRAU)


def _feldtitel(verlauf: Verlauf) -> str:
    """Name der Größe mit ihrer Einheit."""
    einheit = {"Prozent": "%"}.get(verlauf.einheit, verlauf.einheit)
    return f"{verlauf.titel} ({einheit})" if einheit else verlauf.titel


def achse(werte: Sequence[float]) -> tuple[float, float]:
    """Unteres und oberes Ende einer Achse, die kleine Unterschiede nicht aufbläst.

    Die Spanne ist mindestens zwei Fünftel des größten Betrags.

    Examples
    --------
    >>> achse([5.0, 5.2])
    (4.06, 6.14)
    >>> achse([2.0, 9.0])
    (2.0, 9.0)
    """
    unten, oben = min(werte), max(werte)
    fehlt = ACHSE_MINDESTENS * max(abs(unten), abs(oben)) - (oben - unten)
    if fehlt <= 0:
        return unten, oben
    return round(unten - fehlt / 2, 6), round(oben + fehlt / 2, 6)


def _zeichne_bruch(
    flaeche: "Axes",
    skala: Skala,
    tage: Sequence[str],
    bruch: str,
    unten: float,
    oben: float,
) -> None:
    """Gestrichelte Senkrechte zwischen den beiden Stichtagen des Bruchs."""
    nach = [n for n, tag in enumerate(tage) if tag >= bruch]
    if not nach or nach[0] == 0:
        return
    x = skala(nach[0] - 0.5)
    y = unten
    while y < oben:
        strich(flaeche, (x, y), (x, min(y + 3, oben)), farbe=TINTE, staerke=0.8)
        y += 5.5
    schreibe(flaeche, x + 2, oben - 2, "Bruch", groesse=6, farbe=TINTE)


def _zeichne_linie(
    flaeche: "Axes",
    verlauf: Verlauf,
    werte: Mapping[str, float],
    x_skala: Skala,
    y_skala: Skala,
    farbe: str,
    staerke: float,
) -> None:
    tage = verlauf.tage
    for zug in abschnitte(werte, tage, sorted(verlauf.brueche)):
        orte = [(x_skala(tage.index(t)), y_skala(werte[t])) for t in zug]
        if len(orte) > 1:
            hin_und_zurueck = [*orte, *reversed(orte[:-1])]
            vieleck(flaeche, [hin_und_zurueck], linie=farbe, staerke=staerke, ebene=2)
        if farbe == BLAU:
            ringe = [kreisring(x, y, 1.9) for x, y in orte]
            vieleck(flaeche, ringe, fuellung=BLAU, linie=TINTE, staerke=0.3, ebene=3)


def _zeichne_zahlen(
    flaeche: "Axes",
    verlauf: Verlauf,
    werte: Mapping[str, float],
    x_skala: Skala,
    y_skala: Skala,
) -> None:
    """Erster Wert über, letzter neben seinem Punkt."""
    if not werte:
        return
    tage = verlauf.tage
    erster, letzter = min(werte), max(werte)
    x, y = x_skala(tage.index(letzter)), y_skala(werte[letzter])
    zahl = zahl_text(werte[letzter], stellen=verlauf.stellen)
    schreibe(flaeche, x + 4, y, zahl, groesse=GRAD, fett=True)
    if erster != letzter:
        x, y = x_skala(tage.index(erster)), y_skala(werte[erster])
        zahl = zahl_text(werte[erster], stellen=verlauf.stellen)
        schreibe(flaeche, x, y + 6, zahl, groesse=6, waagerecht="center")


def _verlaufstext(verlauf: Verlauf, name: str) -> str:
    """Alle Werte des Gebiets, Anfang und Ende der Stadt, jeder Bruch."""
    einheit = f" ({verlauf.einheit})" if verlauf.einheit else ""
    gebiet, stadt = verlauf.werte(verlauf.gebiet), verlauf.werte(verlauf.stadt)

    def zahlen(werte: Mapping[str, float], tage: Sequence[str]) -> str:
        return aufzaehlung(
            [f"{t[:4]} {zahl_text(werte[t], stellen=verlauf.stellen)}" for t in tage]
        )

    eigene = zahlen(gebiet, sorted(gebiet)) if gebiet else ""
    if verlauf.luecken and eigene:
        eigene += f" ({verlauf.lueckentext})"
    eigene = eigene or verlauf.lueckentext or "liegt nicht vor"
    text = f"{verlauf.titel}{einheit}, {name}: {eigene}"
    if stadt:
        enden = list(dict.fromkeys((min(stadt), max(stadt))))
        text += f"; Stadt: {zahlen(stadt, enden)}"
    saetze = [f" Bruch ab {t[:4]}: {s}." for t, s in sorted(verlauf.brueche.items())]
    return f"{text}.{''.join(saetze)}"
