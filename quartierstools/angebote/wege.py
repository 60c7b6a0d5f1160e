"""Wie weit ist es zu Fuß? Luftlinie mit Umwegfaktor oder kürzester Weg im Netz."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from quartierstools.katalog.angebotsmodelle import Angebotsregeln

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

Wegart = Literal["Wegenetz", "Luftlinie mit Umwegfaktor"]

ERDRADIUS = 6_371_008.8
"""Mittlerer Erdradius in Metern (WGS 84)."""

METER_JE_KM = 1000
MINUTEN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wege:
    """Entfernungen zwischen zwei Listen von Punkten.

    Attributes
    ----------
    wegart : str
        ``Wegenetz`` oder ``Luftlinie mit Umwegfaktor``.
    meter, minuten : DataFrame
        Start × Ziel: Luftlinie in Metern; Gehminuten, fehlend ohne Weg.
    """

    wegart: Wegart
    meter: pd.DataFrame
    minuten: pd.DataFrame


def gebietspunkte(gebiete: "gpd.GeoDataFrame") -> pd.DataFrame:
    """Ein Punkt im Inneren jedes Gebiets, `breite` und `laenge` in Grad.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> flaeche = gpd.GeoDataFrame(index=["10"], geometry=[box(7, 51, 8, 52)])
    >>> gebietspunkte(flaeche).loc["10"].tolist()
    [51.5, 7.5]
    """
    punkte = gebiete.geometry.representative_point()
    return pd.DataFrame({"breite": punkte.y, "laenge": punkte.x}, index=gebiete.index)


def luftlinie(von: pd.DataFrame, nach: pd.DataFrame) -> pd.DataFrame:
    """Großkreis in Metern, Start × Ziel.

    Examples
    --------
    >>> a = pd.DataFrame({"breite": [51.0], "laenge": [7.0]}, index=["a"])
    >>> b = pd.DataFrame({"breite": [51.01], "laenge": [7.0]}, index=["b"])
    >>> round(float(luftlinie(a, b).loc["a", "b"]))
    1112
    """
    phi_a, phi_b = (np.radians(t["breite"].to_numpy(float)) for t in (von, nach))
    lam_a, lam_b = (np.radians(t["laenge"].to_numpy(float)) for t in (von, nach))
    d_phi = phi_b[None, :] - phi_a[:, None]
    d_lam = lam_b[None, :] - lam_a[:, None]
    h = (
        np.sin(d_phi / 2) ** 2
        + np.cos(phi_a)[:, None] * np.cos(phi_b)[None, :] * np.sin(d_lam / 2) ** 2
    )
    meter = 2 * ERDRADIUS * np.arcsin(np.sqrt(np.clip(h, 0, 1)))
    return pd.DataFrame(meter, index=von.index, columns=nach.index)


def wege(
    von: pd.DataFrame,
    nach: pd.DataFrame,
    regeln: Angebotsregeln,
    kanten: pd.DataFrame | None = None,
) -> Wege:
    """Wege zwischen Punkten zu Fuß.

    Parameters
    ----------
    von, nach : DataFrame
        `breite`, `laenge` in Grad.
    regeln : Angebotsregeln
        Tempo und Umwegfaktor.
    kanten : DataFrame, optional
        Wegenetz mit `von_breite`, `von_laenge`, `nach_breite`, `nach_laenge`,
        `meter`; ohne Angabe gilt die Luftlinie mit Umwegfaktor.
    """
    meter = luftlinie(von, nach)
    if kanten is None or nach.empty:
        weglaenge = meter * regeln.umwegfaktor
        art: Wegart = "Luftlinie mit Umwegfaktor"
    else:
        weglaenge = _im_netz(von, nach, kanten, regeln.umwegfaktor)
        art = "Wegenetz"
    je_minute = regeln.gehgeschwindigkeit * METER_JE_KM / MINUTEN
    return Wege(wegart=art, meter=meter, minuten=weglaenge / je_minute)


def _im_netz(
    von: pd.DataFrame, nach: pd.DataFrame, kanten: pd.DataFrame, umwegfaktor: float
) -> pd.DataFrame:
    """Kürzeste Wege; das Stück bis zur nächsten Kreuzung zählt mit Umwegfaktor."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

    knoten, anfang, ende = _knoten(kanten)
    enden = [
        pd.DataFrame({"breite": kanten[f"{s}_breite"], "laenge": kanten[f"{s}_laenge"]})
        for s in ("von", "nach")
    ]
    gerade = _abstand(*enden)
    laenge = kanten["meter"].to_numpy(float)
    laenge = np.where(np.isnan(laenge), gerade, laenge)
    # Von mehrfachen Kanten zählt die kürzeste; coo_matrix würde sie addieren.
    paare = (
        pd.DataFrame(
            {"a": np.minimum(anfang, ende), "b": np.maximum(anfang, ende), "m": laenge}
        )
        .groupby(["a", "b"], sort=True)["m"]
        .min()
        .reset_index()
    )
    n = len(knoten)
    netz = coo_matrix((paare["m"], (paare["a"], paare["b"])), shape=(n, n)).tocsr()
    start, zum_start = _naechster(von, knoten)
    ziel, zum_ziel = _naechster(nach, knoten)
    verschieden, stelle = np.unique(ziel, return_inverse=True)
    entfernung = np.atleast_2d(dijkstra(netz, directed=False, indices=verschieden))
    im_netz = entfernung[stelle][:, start].T
    gesamt = im_netz + umwegfaktor * (zum_start[:, None] + zum_ziel[None, :])
    gesamt = np.where(np.isfinite(gesamt), gesamt, np.nan)
    return pd.DataFrame(gesamt, index=von.index, columns=nach.index)


def _knoten(
    kanten: pd.DataFrame,
) -> "tuple[pd.DataFrame, NDArray[np.int64], NDArray[np.int64]]":
    """Verschiedene Endpunkte und die Nummern von Anfang und Ende jeder Kante."""
    punkte = np.vstack(
        [
            kanten[["von_breite", "von_laenge"]].to_numpy(float),
            kanten[["nach_breite", "nach_laenge"]].to_numpy(float),
        ]
    )
    eindeutig, nummern = np.unique(punkte, axis=0, return_inverse=True)
    nummern = nummern.ravel().astype(np.int64)
    tafel = pd.DataFrame(eindeutig, columns=["breite", "laenge"])
    return tafel, nummern[: len(kanten)], nummern[len(kanten) :]


def _abstand(von: pd.DataFrame, nach: pd.DataFrame) -> "NDArray[np.float64]":
    """Luftlinie Zeile für Zeile."""
    phi_a, phi_b = (np.radians(t["breite"].to_numpy(float)) for t in (von, nach))
    d_lam = np.radians(nach["laenge"].to_numpy(float) - von["laenge"].to_numpy(float))
    h = (
        np.sin((phi_b - phi_a) / 2) ** 2
        + np.cos(phi_a) * np.cos(phi_b) * np.sin(d_lam / 2) ** 2
    )
    meter: NDArray[np.float64] = 2 * ERDRADIUS * np.arcsin(np.sqrt(np.clip(h, 0, 1)))
    return meter


def _naechster(
    punkte: pd.DataFrame, knoten: pd.DataFrame
) -> "tuple[NDArray[np.int64], NDArray[np.float64]]":
    """Nummer der nächsten Kreuzung und Luftlinie dorthin."""
    meter = luftlinie(punkte, knoten).to_numpy()
    nummer = meter.argmin(axis=1)
    return nummer, meter[np.arange(len(punkte)), nummer]
