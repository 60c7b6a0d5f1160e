"""Wo liegt ein Gebiet in der Stadt? Kleine Karte für Steckbrief und Begründung."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from quartierstools.darstellung.farben import (
    BLAU,
    GRAU,
    PAPIER,
    RUHIG,
    TINTE,
)
from quartierstools.darstellung.karte import geordnete_grenzen, pruefe_flaechen
from quartierstools.darstellung.klassenbild import genannt
from quartierstools.darstellung.leinwand import (
    PUNKTE_JE_MM,
    Kasten,
    als_bild,
    gekuerzt,
    schreibe,
    umbrochen,
    vieleck,
)
from quartierstools.fehler import Gebietsfehler

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

    from quartierstools.dokument import Bild

RAND = 4.0
HINWEISGRAD, ZEILE = 6.5, 8.5
"""Schriftgrad und Zeilenhöhe des Satzes unter der Karte in Punkten."""
VEREINFACHUNG = 0.8
"""Abweichung vereinfachter Grenzen in Punkten (1/72 Zoll)."""


@dataclass(frozen=True, slots=True)
class Blattlage:
    """Umrechnung von Grad in Punkte: flächentreu genug für eine Stadt."""

    links: float
    unten: float
    mitte_x: float
    mitte_y: float
    massstab: float
    cosinus: float

    @classmethod
    def passend(cls, rahmen: Sequence[float], kasten: Kasten) -> "Blattlage":
        """Passt `rahmen` (Grad) mittig in `kasten` (x, y, Breite, Höhe in Punkten)."""
        west, sued, ost, nord = rahmen
        x, y, breite, hoehe = kasten
        cosinus = math.cos(math.radians((sued + nord) / 2))
        weite = max((ost - west) * cosinus, 1e-9)
        massstab = min(breite / weite, hoehe / max(nord - sued, 1e-9))
        return cls(
            links=x + breite / 2,
            unten=y + hoehe / 2,
            mitte_x=(west + ost) / 2,
            mitte_y=(sued + nord) / 2,
            massstab=massstab,
            cosinus=cosinus,
        )

    def punkte(self, grad: np.ndarray) -> np.ndarray:
        """Koordinaten in Punkten."""
        x = self.links + (grad[:, 0] - self.mitte_x) * self.cosinus * self.massstab
        y = self.unten + (grad[:, 1] - self.mitte_y) * self.massstab
        punkte: np.ndarray = np.column_stack([x, y])
        return punkte

    def ringe(self, flaechen: "gpd.GeoSeries") -> list[list[np.ndarray]]:
        """Ringe je Fläche, gemeinsam vereinfacht: Nachbarn bleiben Nachbarn."""
        import shapely  # noqa: PLC0415 – lädt GEOS

        umgerechnet = shapely.transform(flaechen.to_numpy(), self.punkte)
        einfach = shapely.coverage_simplify(umgerechnet, VEREINFACHUNG)
        return [_ringe(geometrie) for geometrie in einfach]


def _ringe(geometrie: Any) -> list[np.ndarray]:  # noqa: ANN401 – shapely ohne Typen
    """Ringe auf halbe Punkte gerundet; gemeinsame Grenzen fallen weiter zusammen."""
    teile = getattr(geometrie, "geoms", [geometrie])
    ringe = [
        np.round(np.asarray(ring.coords) * 2) / 2
        for teil in teile
        if not teil.is_empty
        for ring in (teil.exterior, *teil.interiors)
    ]
    return [_ohne_stillstand(ring) for ring in ringe]


def _ohne_stillstand(ring: np.ndarray) -> np.ndarray:
    bewegt = (np.diff(ring, axis=0) != 0).any(axis=1)
    bleibt: np.ndarray = ring[np.concatenate([[True], bewegt])]
    return bleibt


def lagekarte(
    gebiete: "gpd.GeoDataFrame",
    hervorgehoben: str | Collection[str],
    grenzen: "gpd.GeoDataFrame | None" = None,
    *,
    hinweis: str = "",
    breite_mm: float = 60.0,
    raster: bool = True,
) -> "Bild":
    """Kleine Stadtkarte, ein Gebiet (oder mehrere) hervorgehoben.

    Parameters
    ----------
    gebiete : GeoDataFrame, EPSG:4326, Index ``gebiet``
        Flächen mit ``name`` und ``stadtbezirk``.
    hervorgehoben : str or Collection of str
        Schlüssel.
    grenzen : GeoDataFrame, optional
        Stadtbezirke.
    hinweis : str, optional
        Kleiner Satz unter der Karte („Innengrenzen angenähert“).
    breite_mm : float, default=60
        Breite, in der die Karte auch gedruckt wird: Die Schrift bleibt lesbar.
    raster : bool, default=True
        Ob auch ein PNG entsteht.

    Returns
    -------
    Bild
        Mit Alternativtext, der Stadtbezirk und Himmelsrichtung nennt.

    Raises
    ------
    Gebietsfehler
        Wenn ein Schlüssel nicht auf der Karte liegt.
    """
    gewaehlt = {hervorgehoben} if isinstance(hervorgehoben, str) else set(hervorgehoben)
    pruefe_flaechen(gebiete, {"name", "stadtbezirk"}, "Lagekarte")
    fremd = gewaehlt - set(gebiete.index)
    if fremd or not gewaehlt:
        raise Gebietsfehler(
            f"Lagekarte: nicht auf der Karte sind {genannt(list(fremd)) or '–'}. "
            f"Erwartet wird mindestens ein Schlüssel aus {genannt(gebiete.index)}."
        )
    geordnet = gebiete.sort_index()
    weite = breite_mm * PUNKTE_JE_MM - 2
    fusszeilen = umbrochen(hinweis, HINWEISGRAD, weite) if hinweis else []
    fuss = (len(fusszeilen) * ZEILE + 2) if hinweis else 0.0
    hoehe_mm = breite_mm * seitenverhaeltnis(geordnet) + fuss / PUNKTE_JE_MM

    def zeichne(flaeche: "Axes") -> None:
        breite, hoehe = flaeche.get_xlim()[1], flaeche.get_ylim()[1] - fuss
        kasten = (RAND, fuss + RAND, breite - 2 * RAND, hoehe - 2 * RAND)
        lage = Blattlage.passend(geordnet.total_bounds, kasten)
        ruhig: list[Any] = []
        for schluessel, ringe in zip(
            geordnet.index, lage.ringe(geordnet.geometry), strict=True
        ):
            if schluessel in gewaehlt:
                vieleck(
                    flaeche, ringe, fuellung=BLAU, linie=TINTE, staerke=1.1, ebene=3
                )
            else:
                ruhig += ringe
        # Ein Pfad für alle übrigen: bei Hunderten Gebieten zählt jeder Aufruf.
        vieleck(flaeche, ruhig, fuellung=RUHIG, linie=PAPIER, staerke=0.5, ebene=1)
        if grenzen is not None:
            for ringe in lage.ringe(geordnete_grenzen(grenzen).geometry):
                vieleck(flaeche, ringe, linie=GRAU, staerke=0.7, ebene=2)
        for nummer, zeile in enumerate(fusszeilen):
            text = gekuerzt(zeile, HINWEISGRAD, breite - 2)
            hoch = fuss - (nummer + 0.5) * ZEILE
            schreibe(flaeche, 1, hoch, text, groesse=HINWEISGRAD, farbe=GRAU)

    return als_bild(
        zeichne,
        breite_mm=breite_mm,
        hoehe_mm=hoehe_mm,
        alternativtext=_lagetext(geordnet, gewaehlt, hinweis),
        titel="",
        breite=0.35,
        raster=raster,
    )


def seitenverhaeltnis(gebiete: "gpd.GeoDataFrame") -> float:
    """Höhe je Breite des Gebiets, zwischen 0,5 und 1,4."""
    west, sued, ost, nord = gebiete.total_bounds
    weite = (ost - west) * math.cos(math.radians((sued + nord) / 2))
    return float(min(max((nord - sued) / max(weite, 1e-9), 0.5), 1.4))


def himmelsrichtung(gebiete: "gpd.GeoDataFrame", gebiet: str) -> str:
    """Lage eines Gebiets in der Stadt in Worten, etwa „im Westen“.

    Gemessen am Rechteck um alle Gebiete; das mittlere Drittel ist die Mitte.
    """
    west, sued, ost, nord = gebiete.total_bounds
    ort = gebiete.geometry[gebiet].representative_point()
    quer = (ort.x - west) / max(ost - west, 1e-9)
    hoch = (ort.y - sued) / max(nord - sued, 1e-9)
    drittel = 1 / 3
    senkrecht = "Süd" if hoch < drittel else "Nord" if hoch > 2 * drittel else ""
    waagerecht = "west" if quer < drittel else "ost" if quer > 2 * drittel else ""
    if not senkrecht and not waagerecht:
        return "in der Mitte"
    if not waagerecht:
        return f"im {senkrecht}en"
    return f"im {(senkrecht + waagerecht).capitalize()}en"


def _lagetext(
    gebiete: "gpd.GeoDataFrame", gewaehlt: Collection[str], hinweis: str
) -> str:
    bezirk = "stadtbezirk_name" if "stadtbezirk_name" in gebiete else "stadtbezirk"
    orte = [
        f"{gebiete['name'][g]} liegt {himmelsrichtung(gebiete, g)} der Stadt, "
        f"Stadtbezirk {gebiete[bezirk][g]}"
        for g in sorted(gewaehlt)
    ]
    schluss = f" {hinweis.rstrip('.')}." if hinweis else ""
    return f"Lagekarte: {'; '.join(orte)}.{schluss}"
