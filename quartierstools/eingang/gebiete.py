"""Welche Gebiete gibt es? Flächen lesen und prüfen."""

import json
from pathlib import Path

import geopandas as gpd
from shapely.errors import GEOSException

from quartierstools.fehler import Befund, Datenfehler
from quartierstools.katalog import Katalog, Projektordner

FELDER = ("schluessel", "name", "stadtbezirk", "wo", "teilraum", "hinweis")


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
    try:
        inhalt = json.loads(datei.read_text(encoding="utf-8"))
        merkmale = list(inhalt["features"])
        eigenschaften = [dict(m["properties"] or {}) for m in merkmale]
    except FileNotFoundError:
        befund = Befund(ort=name, was="Die Datei fehlt.", rat="Bitte ergänzen.")
        raise Datenfehler(name, [befund]) from None
    except (ValueError, KeyError, TypeError):
        befund = Befund(
            ort=name,
            was="Die Datei ist kein vollständiges GeoJSON.",
            erwartet="eine FeatureCollection",
            rat="Sie ist womöglich abgeschnitten; bitte neu ausgeben.",
        )
        raise Datenfehler(name, [befund]) from None
    befunde = _feldbefunde(eigenschaften, name, pflicht)
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
    befunde = _geometriebefunde(flaechen, name)
    if befunde:
        raise Datenfehler(name, befunde)
    return flaechen


def _feldbefunde(
    eigenschaften: list[dict[str, object]], name: str, pflicht: tuple[str, ...]
) -> list[Befund]:
    befunde = []
    gesehen: set[object] = set()
    for nummer, felder in enumerate(eigenschaften, start=1):
        ort = f"{name}, Fläche {nummer}"
        befunde += [
            Befund(ort=ort, was=f"„{f}“ fehlt oder ist leer.", rat="Bitte ergänzen.")
            for f in pflicht
            if felder.get(f) in (None, "")
        ]
        schluessel = felder.get("schluessel")
        if schluessel is not None and not isinstance(schluessel, str):
            befunde.append(
                Befund(
                    ort=ort,
                    was=f"Der Schlüssel {schluessel!r} ist eine Zahl.",
                    erwartet="ein Text in Anführungszeichen, mit führenden Nullen",
                )
            )
        if schluessel in gesehen:
            was = f"Der Schlüssel „{schluessel}“ steht mehrfach."
            befunde.append(Befund(ort=ort, was=was, rat="Jeder Schlüssel nur einmal."))
        gesehen.add(schluessel)
    return befunde


def _geometriebefunde(flaechen: gpd.GeoDataFrame, name: str) -> list[Befund]:
    befunde = []
    for schluessel, form in flaechen.geometry.items():
        ort = f"{name}, {schluessel}"
        if form is None or form.is_empty:
            befunde.append(Befund(ort=ort, was="Die Fläche ist leer."))
        elif form.geom_type not in ("Polygon", "MultiPolygon"):
            was = f"Hier steht ein {form.geom_type}."
            befunde.append(Befund(ort=ort, was=was, erwartet="eine Fläche"))
        elif not form.is_valid:
            befunde.append(
                Befund(
                    ort=ort,
                    was="Die Fläche überschneidet sich selbst.",
                    rat="Bitte im GIS reparieren.",
                )
            )
    west, sued, ost, nord = flaechen.total_bounds
    if not (-180 <= west <= ost <= 180 and -90 <= sued <= nord <= 90):  # noqa: PLR2004
        befunde.append(
            Befund(
                ort=name,
                was=f"Die Koordinaten reichen von {west:.0f} bis {ost:.0f}.",
                erwartet="Länge und Breite in Grad (EPSG:4326)",
                rat="Bitte im GIS nach EPSG:4326 umrechnen.",
            )
        )
    return befunde


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
    if ordner.stadtbezirke.is_file():
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
    if befunde:
        raise Datenfehler("gebiete.geojson", befunde)
    namen = gebiete["stadtbezirk"].map(bezirke["name"])
    return gebiete.assign(stadtbezirk_name=namen), bezirke
