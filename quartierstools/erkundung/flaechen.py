"""Wie sehen die Gebiete auf dem Bildschirm aus? Flächen als SVG-Pfade."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

BREITE = 1000
"""Breite der Zeichnung in ganzen Schritten."""
FEINHEIT = 1.5
"""So weit darf eine vereinfachte Grenze abweichen, in Schritten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zeichnung:
    """Flächen einer Karte in gemeinsamen Bildkoordinaten.

    Attributes
    ----------
    hoehe : int
        Höhe bei 1.000 Schritten Breite.
    pfade : tuple of str
        Ein SVG-Pfad je Gebiet, in der Reihenfolge der Tabelle.
    mitten : tuple of tuple of int
        Ein Punkt im Inneren jedes Gebiets.
    umrisse : tuple of str
        Pfade der Stadtbezirke.
    """

    hoehe: int
    pfade: tuple[str, ...]
    mitten: tuple[tuple[int, int], ...]
    umrisse: tuple[str, ...]


def zeichnung(
    gebiete: "gpd.GeoDataFrame", stadtbezirke: "gpd.GeoDataFrame | None" = None
) -> Zeichnung:
    """Rechnet Flächen in Bildkoordinaten um; gemeinsame Grenzen bleiben gemeinsam.

    Parameters
    ----------
    gebiete, stadtbezirke : GeoDataFrame
        Flächen in Länge und Breite (EPSG:4326).
    """
    laenge0, breite0, laenge1, breite1 = gebiete.total_bounds
    stauchung = float(np.cos(np.radians((breite0 + breite1) / 2)))
    schritt = BREITE / max((laenge1 - laenge0) * stauchung, 1e-9)

    def lege(geometrien: Any) -> Any:  # noqa: ANN401 – Felder von shapely
        return shapely.transform(
            np.asarray(geometrien),
            lambda punkte: np.column_stack(
                [
                    (punkte[:, 0] - laenge0) * stauchung * schritt,
                    (breite1 - punkte[:, 1]) * schritt,
                ]
            ),
        )

    flaechen = shapely.coverage_simplify(lege(gebiete.geometry), FEINHEIT)
    mitten = [shapely.point_on_surface(f) for f in flaechen]
    umrisse = (
        ()
        if stadtbezirke is None or stadtbezirke.empty
        else tuple(
            _pfad(f)
            for f in shapely.coverage_simplify(lege(stadtbezirke.geometry), FEINHEIT)
        )
    )
    return Zeichnung(
        hoehe=round((breite1 - breite0) * schritt),
        pfade=tuple(_pfad(f) for f in flaechen),
        mitten=tuple((round(p.x), round(p.y)) for p in mitten),
        umrisse=umrisse,
    )


def _pfad(flaeche: Any) -> str:  # noqa: ANN401 – shapely ohne Typen
    """Alle Ringe einer Fläche als ein Pfad in ganzen Zahlen."""
    teile = []
    for ring in shapely.get_rings(flaeche):
        punkte = np.rint(shapely.get_coordinates(ring)).astype(int)
        teile.append("M" + "L".join(f"{x} {y}" for x, y in punkte[:-1]) + "Z")
    return "".join(teile)
