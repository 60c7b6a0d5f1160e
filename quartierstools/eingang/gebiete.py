"""Welche Gebiete gibt es? Flächen lesen und prüfen."""

from pathlib import Path

import geopandas as gpd
from shapely.errors import GEOSException

from quartierstools.eingang.geojson import (
    FELDER,
    feldbefunde,
    formbefunde,
    lies_merkmale,
)
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.katalog import Katalog, Projektordner
from quartierstools.schreibweise import mehrzahl, zahl_text

DEUTSCHLAND = (5.5, 47.0, 15.5, 55.5)
"""West, Süd, Ost, Nord; Länge und Breite überschneiden sich darin nicht."""
MINDESTENS = 3
"""Mit weniger Gebieten gibt es weder Streuung noch Rang noch Gruppen."""


def lies_flaechen(
    datei: Path, *, name: str, pflicht: tuple[str, ...], wo: str = "in"
) -> gpd.GeoDataFrame:
    """Liest ein GeoJSON in Länge und Breite, indiziert nach `gebiet`.

    Parameters
    ----------
    wo : str, default="in"
        Was in Sätzen vor dem Namen steht, wo die Fläche kein eigenes `wo` hat.

    Raises
    ------
    Datenfehler
        Mit allen Mängeln: Felder, Schlüssel, Geometrie.
    """
    merkmale = lies_merkmale(datei, name)
    befunde = feldbefunde(merkmale, name, pflicht) + formbefunde(merkmale, name)
    if befunde:
        raise Datenfehler(name, befunde)
    try:
        flaechen = gpd.GeoDataFrame.from_features(merkmale, crs="EPSG:4326")
    except (ValueError, TypeError, GEOSException):
        befund = Befund(
            ort=name,
            was="Eine Fläche hat keine lesbaren Koordinaten.",
            erwartet="Ringe aus mindestens vier Punkten in Länge und Breite",
            rat="Bitte im GIS prüfen und neu ausgeben.",
        )
        raise Datenfehler(name, [befund]) from None
    for feld in FELDER:
        if feld not in flaechen:
            flaechen[feld] = ""
    flaechen[list(FELDER)] = flaechen[list(FELDER)].fillna("").astype(str)
    ohne_ort = flaechen["wo"] == ""
    flaechen.loc[ohne_ort, "wo"] = f"{wo} " + flaechen.loc[ohne_ort, "name"]
    flaechen = flaechen[[*FELDER, "geometry"]].set_index("schluessel").sort_index()
    flaechen.index.name = "gebiet"
    befunde = _geometriebefunde(flaechen, name) + _lagebefunde(flaechen, name)
    if befunde:
        raise Datenfehler(name, befunde)
    return flaechen


def _geometriebefunde(flaechen: gpd.GeoDataFrame, name: str) -> list[Befund]:
    """Überschneidungen mit sich selbst und Flächen, die es zweimal gibt."""
    befunde = [
        Befund(
            ort=f"{name}, {schluessel}",
            was="Die Fläche überschneidet sich selbst.",
            erwartet="eine gültige Fläche",
            rat="Bitte im GIS reparieren.",
        )
        for schluessel, form in flaechen.geometry.items()
        if not form.is_valid
    ]
    gesehen: dict[bytes, str] = {}
    for schluessel, form in flaechen.geometry.normalize().items():
        erste = gesehen.setdefault(form.wkb, str(schluessel))
        if erste != schluessel:
            befunde.append(
                Befund(
                    ort=f"{name}, {schluessel}",
                    was=f"Die Fläche ist dieselbe wie bei {erste}.",
                    erwartet="eine eigene Fläche je Gebiet",
                    rat="Bitte im GIS prüfen, welche hierher gehört.",
                )
            )
    return befunde


def _lagebefunde(flaechen: gpd.GeoDataFrame, name: str) -> list[Befund]:
    """Länge und Breite in Grad, richtig herum, in Deutschland."""
    west, sued, ost, nord = map(float, flaechen.total_bounds)
    if not (-180 <= west <= ost <= 180 and -90 <= sued <= nord <= 90):  # noqa: PLR2004
        return [
            Befund(
                ort=name,
                was=f"Die Koordinaten reichen von {zahl_text(west)} bis "
                f"{zahl_text(ost)}.",
                erwartet="Länge und Breite in Grad (EPSG:4326)",
                rat="Bitte im GIS nach EPSG:4326 umrechnen.",
            )
        ]
    verrutscht = [
        (str(k), _innen(s, w, n, o))
        for k, (w, s, o, n) in flaechen.bounds.iterrows()
        if not _innen(w, s, o, n)
    ]
    if not verrutscht:
        return []
    if all(vertauscht for _, vertauscht in verrutscht):
        was = "Länge und Breite sind vertauscht."
    else:
        was = "Die Fläche liegt nicht in Deutschland."
    orte = verrutscht if len(verrutscht) < len(flaechen) else [("", True)]
    return [
        Befund(
            ort=f"{name}, {schluessel}".removesuffix(", "),
            was=was,
            erwartet="erst Länge, dann Breite, in Deutschland etwa [7.2, 51.4]",
            rat="Bitte Achsenfolge und Koordinatensystem im GIS prüfen.",
        )
        for schluessel, _ in orte
    ]


def _innen(west: float, sued: float, ost: float, nord: float) -> bool:
    w, s, o, n = DEUTSCHLAND
    return bool(w <= west and ost <= o and s <= sued and nord <= n)


def lies_gebiete(
    ordner: Projektordner, katalog: Katalog
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Gebiete und Stadtbezirke eines Projekts, aufeinander geprüft.

    Returns
    -------
    gebiete, stadtbezirke : GeoDataFrame
        Gebiete mit den Spalten `name`, `stadtbezirk`, `stadtbezirk_name`, `wo`,
        `teilraum`, `hinweis`; Index `gebiet` (Text).
    """
    gebiete = lies_flaechen(
        ordner.gebiete,
        name="gebiete.geojson",
        pflicht=("schluessel", "name", "stadtbezirk"),
        wo=katalog.projekt.ebene.wo,
    )
    if ordner.stadtbezirke.exists() or ordner.stadtbezirke.is_symlink():
        bezirke = lies_flaechen(
            ordner.stadtbezirke,
            name="stadtbezirke.geojson",
            pflicht=("schluessel", "name"),
        )
    else:
        bezirke = gebiete.dissolve("stadtbezirk")[["geometry"]]
        bezirke = bezirke.assign(name=bezirke.index)
    befunde = [
        Befund(
            ort=f"gebiete.geojson, {schluessel}",
            was=f"Der Schlüssel hat {len(schluessel)} Zeichen.",
            erwartet=f"{katalog.projekt.schluessel_breite} wie in projekt.yaml",
            rat="Führende Nullen gehören dazu.",
        )
        for schluessel in gebiete.index
        if len(schluessel) != katalog.projekt.schluessel_breite
    ]
    befunde += [
        Befund(
            ort=f"gebiete.geojson, {schluessel}",
            was=f"Den Stadtbezirk „{bezirk}“ gibt es nicht.",
            erwartet=f"einer von {', '.join(bezirke.index)}",
        )
        for schluessel, bezirk in gebiete["stadtbezirk"].items()
        if bezirk not in bezirke.index
    ]
    if len(gebiete) < MINDESTENS:
        befunde.append(
            Befund(
                ort="gebiete.geojson",
                was=f"Das Projekt hat {mehrzahl(len(gebiete), 'Gebiet', 'Gebiete')}.",
                erwartet=f"mindestens {MINDESTENS} Gebiete",
                rat="Mit weniger lässt sich nichts vergleichen.",
            )
        )
    if befunde:
        raise Datenfehler("gebiete.geojson", befunde)
    namen = gebiete["stadtbezirk"].map(bezirke["name"])
    return gebiete.assign(stadtbezirk_name=namen), bezirke
