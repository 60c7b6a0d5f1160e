"""Wo könnte etwas stattfinden, wie kommt man hin? Orte, Wegenetz, Quartiersnamen."""

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd

from quartierstools.eingang.angebotspruefung import GRAD, grad
from quartierstools.eingang.schutz import sicherer_text, zellbefund
from quartierstools.eingang.tabelle import befunde_je_zeile, lies_csv
from quartierstools.fehler import Befund, Datenfehler

ORTE = ("id", "name", "art", "breite", "laenge")
POI = ("poi_id", "name", "kategorie", "hauptkateg", "rechts_utm", "hoch_utm")
POI_WEITERE = (
    *("str_hausnr", "plz_ort", "beschreib", "link", "bedeut_id", "bedeutung"),
    *("erstkateg", "angelegt", "geaendert", "kateg_id", "kateg_pfad", "abrufdatum"),
)
POI_ADRESSEN = ("str_hausnr",)
UTM = "EPSG:25832"
KANTEN = ("von_breite", "von_laenge", "nach_breite", "nach_laenge")
METER = re.compile(r"[0-9]{1,7}(?:[,.][0-9]{1,3})?")
QUARTIERE = ("quartier", "gebiet", "zuordnung", "quelle")
ZUORDNUNGEN = ("eindeutig", "mehrdeutig")


def lies_orte(wurzel: Path, gebiete: gpd.GeoDataFrame) -> pd.DataFrame:
    """Orte, die als Standort in Frage kommen: ``orte.csv`` und ``poi/*.csv``.

    Returns
    -------
    DataFrame
        Index `kandidat`: `name`, `art`, `gebiet` (leer außerhalb), `breite`,
        `laenge` (Grad). Jede Einrichtung einmal, nach Kennung.

    Raises
    ------
    Datenfehler
        Mit allen Mängeln aller Dateien.
    """
    teile, befunde = [], []
    for datei in [wurzel / "orte.csv", *sorted(wurzel.glob("poi/*.csv"))]:
        if not datei.is_file():
            continue
        try:
            gelesen = _ortsliste(datei) if datei.name == "orte.csv" else _poi(datei)
            teile.append(gelesen)
        except Datenfehler as fehler:
            befunde += fehler.befunde
    if befunde:
        raise Datenfehler("Orte", befunde)
    if not teile:
        spalten = ["name", "art", "gebiet", "breite", "laenge"]
        leer = pd.DataFrame(columns=spalten, dtype="object")
        return leer.rename_axis("kandidat")
    alle = pd.concat(teile).drop_duplicates("kandidat").set_index("kandidat")
    punkte = gpd.GeoSeries.from_xy(alle["laenge"], alle["breite"], crs="EPSG:4326")
    punkte.index = alle.index
    treffer = gpd.sjoin(
        gpd.GeoDataFrame(geometry=punkte), gebiete[["geometry"]], predicate="within"
    )
    spalte = next(s for s in treffer.columns if s != "geometry")
    wo = treffer[spalte].groupby(level=0).min().reindex(alle.index).fillna("")
    return alle.assign(gebiet=wo)[
        ["name", "art", "gebiet", "breite", "laenge"]
    ].sort_index()


def _ortsliste(datei: Path) -> pd.DataFrame:
    roh = lies_csv(datei, name=datei.name, pflicht=ORTE, weitere=("quelle",))
    befunde = _textbefunde(roh, ("id", "name", "art"))
    befunde += befunde_je_zeile(
        roh,
        roh["id"].duplicated(keep=False) | (roh["id"] == ""),
        spalte="id",
        erwartet="eine Kennung, jede nur einmal",
    )
    for spalte in ("breite", "laenge"):
        passt = roh[spalte].map(lambda t: t != "" and GRAD.fullmatch(t) is not None)
        befunde += befunde_je_zeile(
            roh, ~passt, spalte=spalte, erwartet="Grad (WGS 84), etwa 51,48165"
        )
    if befunde:
        raise Datenfehler(datei.name, befunde)
    return pd.DataFrame(
        {
            "kandidat": roh["id"],
            "name": roh["name"],
            "art": roh["art"],
            "breite": roh["breite"].map(grad),
            "laenge": roh["laenge"].map(grad),
        }
    )


def _poi(datei: Path) -> pd.DataFrame:
    name = f"poi/{datei.name}"
    roh = lies_csv(
        datei, name=name, pflicht=POI, weitere=POI_WEITERE, adressen=POI_ADRESSEN
    )
    befunde = _textbefunde(roh, ("poi_id", "name", "hauptkateg"))
    for spalte in ("rechts_utm", "hoch_utm"):
        passt = roh[spalte].map(lambda t: METER.fullmatch(t) is not None)
        befunde += befunde_je_zeile(
            roh, ~passt, spalte=spalte, erwartet=f"Meter in {UTM}"
        )
    if befunde:
        raise Datenfehler(name, befunde)
    punkte = gpd.GeoSeries.from_xy(
        roh["rechts_utm"].map(grad), roh["hoch_utm"].map(grad), crs=UTM
    ).to_crs("EPSG:4326")
    return pd.DataFrame(
        {
            "kandidat": roh["poi_id"],
            "name": roh["name"],
            "art": roh["hauptkateg"],
            "breite": punkte.y.round(6).to_numpy(),
            "laenge": punkte.x.round(6).to_numpy(),
        }
    )


def _textbefunde(roh: pd.DataFrame, spalten: tuple[str, ...]) -> list[Befund]:
    befunde = []
    for spalte in spalten:
        befunde += befunde_je_zeile(
            roh.assign(**{spalte: roh[spalte].map(sicherer_text)}),
            roh[spalte].map(zellbefund) != "",
            spalte=spalte,
            erwartet="Text ohne Formel und ohne HTML",
        )
    return befunde


def lies_wegenetz(datei: Path) -> pd.DataFrame | None:
    """Kanten eines Wegenetzes für Fußgänger; ohne Datei None.

    Returns
    -------
    DataFrame or None
        `von_breite`, `von_laenge`, `nach_breite`, `nach_laenge` (Grad), `meter`
        (fehlend: Luftlinie zwischen den Enden). Kanten gelten in beide Richtungen.

    Raises
    ------
    Datenfehler
        Mit allen Mängeln.
    """
    if not datei.is_file():
        return None
    roh = lies_csv(datei, name=datei.name, pflicht=KANTEN, weitere=("meter",))
    befunde = []
    for spalte in KANTEN:
        passt = roh[spalte].map(lambda t: t != "" and GRAD.fullmatch(t) is not None)
        befunde += befunde_je_zeile(
            roh, ~passt, spalte=spalte, erwartet="Grad (WGS 84)"
        )
    passt = roh["meter"].map(lambda t: t == "" or METER.fullmatch(t) is not None)
    befunde += befunde_je_zeile(
        roh, ~passt, spalte="meter", erwartet="Länge in Metern oder leer"
    )
    if befunde or roh.empty:
        leer = (
            [] if befunde else [Befund(ort=datei.name, was="Es steht keine Kante da.")]
        )
        raise Datenfehler(datei.name, [*befunde, *leer])
    zahlen = {s: roh[s].map(grad) for s in KANTEN}
    meter = roh["meter"].replace("", None).map(grad, na_action="ignore")
    return pd.DataFrame(zahlen).assign(meter=meter.astype("float64"))


def lies_quartiere(datei: Path, gebiete: pd.Index) -> pd.DataFrame:
    """Quartiersname → Gebiet; mehrdeutige Namen bleiben ohne Gebiet.

    Returns
    -------
    DataFrame
        Index `quartier`: `gebiet` (leer, wenn mehrdeutig), `zuordnung`, `quelle`,
        `hinweis`.

    Raises
    ------
    Datenfehler
        Mit allen Mängeln.
    """
    spalten = [*QUARTIERE, "hinweis"]
    if not datei.is_file():
        leer = pd.DataFrame(columns=spalten, dtype="object")
        return leer.set_index("quartier")
    name = f"katalog/{datei.name}"
    roh = lies_csv(datei, name=name, pflicht=QUARTIERE, weitere=("hinweis",))
    eindeutig = roh["zuordnung"] == "eindeutig"
    befunde = befunde_je_zeile(
        roh,
        ~roh["zuordnung"].isin(ZUORDNUNGEN),
        spalte="zuordnung",
        erwartet=" oder ".join(ZUORDNUNGEN),
    )
    befunde += befunde_je_zeile(
        roh,
        (eindeutig & ~roh["gebiet"].isin(gebiete))
        | (~eindeutig & (roh["gebiet"] != "")),
        spalte="gebiet",
        erwartet="ein Gebietsschlüssel; bei „mehrdeutig“ leer",
    )
    befunde += befunde_je_zeile(
        roh,
        roh["quartier"].duplicated(keep=False) | (roh["quartier"] == ""),
        spalte="quartier",
        erwartet="jeder Name nur einmal",
    )
    if befunde:
        raise Datenfehler(name, befunde)
    return roh[spalten].set_index("quartier").sort_index()
