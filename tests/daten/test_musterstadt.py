"""Hält Musterstadt, was HERKUNFT.md verspricht?"""

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from quartierstools.angebote.luecke import SAETZE, luecke
from quartierstools.eingang import Datenstand, lies_datenstand
from quartierstools.katalog import Katalog, Projektordner, lade_katalog

ORDNER = Path(__file__).parents[2] / "daten" / "musterstadt"
ERZEUGT = (
    "gebiete.geojson",
    "stadtbezirke.geojson",
    "bestand/arbeitsmarkt.csv",
    "bestand/betreuung.csv",
    "bestand/bevoelkerung.csv",
)
STICHTAGE = ("2023-12-31", "2024-12-31")
ARBEITSMARKT = {"A02", "A03", "A09", "B01", "B03", "B05", "B11", "B14", "B15", "J01"}
INDIKATOREN = ARBEITSMARKT | {"C03", "K01", "K08"}


@pytest.fixture(scope="module")
def zeilen() -> pd.DataFrame:
    """Alle Bestandszeilen, Fallzahlen als ganze Zahlen, Werte als Text."""
    teile = [
        pd.read_csv(datei, sep=";", dtype=str, keep_default_na=False)
        for datei in sorted(ORDNER.glob("bestand/*.csv"))
    ]
    tabelle = pd.concat(teile, ignore_index=True)
    for spalte in ("zaehler", "nenner"):
        tabelle[spalte] = pd.to_numeric(tabelle[spalte].replace("", None))
    return tabelle


@pytest.fixture(scope="module")
def gebiete() -> gpd.GeoDataFrame:
    return gpd.read_file(ORDNER / "gebiete.geojson").set_index("schluessel")


@pytest.fixture(scope="module")
def stadtbezirke() -> gpd.GeoDataFrame:
    return gpd.read_file(ORDNER / "stadtbezirke.geojson").set_index("schluessel")


@pytest.fixture(scope="module")
def katalog() -> Katalog:
    return lade_katalog(Projektordner(ORDNER))


@pytest.fixture(scope="module")
def stand() -> Datenstand:
    return lies_datenstand(Projektordner(ORDNER))


def faelle(zeilen: pd.DataFrame, spalte: str = "zaehler") -> pd.DataFrame:
    """Fallzahlen aller Ebenen: (ebene, gebiet, stichtag) × Indikator."""
    return zeilen.pivot_table(
        index=["ebene", "gebiet", "stichtag"], columns="indikator", values=spalte
    )


def anteile(zeilen: pd.DataFrame, stichtag: str) -> pd.DataFrame:
    """Werte der Gebiete zu einem Stichtag: Gebiet × Indikator."""
    auswahl = zeilen[(zeilen["ebene"] == "gebiet") & (zeilen["stichtag"] == stichtag)]
    wert = pd.to_numeric(
        auswahl["wert"].str.replace(",", ".").replace("", None), errors="raise"
    )
    wert = wert.fillna(100 * auswahl["zaehler"] / auswahl["nenner"])
    return auswahl.assign(zahl=wert).pivot_table(
        index="gebiet", columns="indikator", values="zahl"
    )


# --- Erzeugung -------------------------------------------------------------------


@pytest.mark.parametrize("streuwert", ["0", "77"])
def test_gleicher_startwert_ergibt_gleiche_bytes(tmp_path, streuwert):
    umgebung = {**os.environ, "PYTHONHASHSEED": streuwert}
    subprocess.run(
        [sys.executable, str(ORDNER / "erzeuge.py"), str(tmp_path)],
        check=True,
        cwd=tmp_path,
        env=umgebung,
        capture_output=True,
    )
    neu = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*")}
    assert neu == set(ERZEUGT)
    ungleich = [
        name
        for name in ERZEUGT
        if (tmp_path / name).read_bytes() != (ORDNER / name).read_bytes()
    ]
    assert ungleich == []


# --- Schlüssel und Flächen -------------------------------------------------------


def test_schluessel_behalten_ihre_null(zeilen, gebiete, stadtbezirke):
    assert len(gebiete) == 30
    assert len(stadtbezirke) == 6
    assert all(re.fullmatch(r"0\d\d", s) for s in gebiete.index)
    assert all(re.fullmatch(r"0\d", s) for s in stadtbezirke.index)
    assert {s[:2] for s in gebiete.index} == set(stadtbezirke.index)
    je_ebene = zeilen.groupby("ebene")["gebiet"].agg(set)
    assert je_ebene["gebiet"] == set(gebiete.index)
    assert je_ebene["stadtbezirk"] == set(stadtbezirke.index)
    assert je_ebene["stadt"] == {"stadt"}


def test_flaechen_haben_weder_luecken_noch_ueberschneidungen(gebiete):
    flaechen = gebiete.geometry.to_numpy()
    assert shapely.is_valid(flaechen).all()
    assert bool(shapely.coverage_is_valid(flaechen))
    vereinigt = shapely.union_all(flaechen)
    assert vereinigt.geom_type == "Polygon"
    assert len(vereinigt.interiors) == 0
    assert vereinigt.area == pytest.approx(shapely.area(flaechen).sum(), rel=1e-9)


def test_stadtbezirke_sind_die_vereinigung_ihrer_bezirke(gebiete, stadtbezirke):
    assert bool(shapely.coverage_is_valid(stadtbezirke.geometry.to_numpy()))
    for schluessel, flaeche in stadtbezirke.geometry.items():
        teile = gebiete.geometry[gebiete["stadtbezirk"] == schluessel]
        vereinigt = shapely.union_all(teile.to_numpy())
        assert vereinigt.geom_type == "Polygon"
        assert vereinigt.symmetric_difference(flaeche).area <= 1e-9 * flaeche.area


def test_flaechen_liegen_in_der_offenen_nordsee_und_bleiben_klein(gebiete):
    west, sued, ost, nord = gebiete.total_bounds
    assert 6.2 < west < ost < 6.8
    assert 54.8 < sued < nord < 55.1
    assert (ORDNER / "gebiete.geojson").stat().st_size < 120_000
    punkte = shapely.get_coordinates(gebiete.geometry.to_numpy())
    assert np.array_equal(punkte, np.round(punkte, 5))


def test_ortsangaben_stehen_mit_ohne_und_im_plural(stand):
    wo = stand.gebiete["wo"]
    assert {text.split(" ")[0] for text in wo} == {"am", "an", "auf", "im", "in"}
    assert wo["033"] == "in Haselbrink"
    assert wo["011"] == "in der Nordstadt"
    assert wo["043"] == "in den Neuen Gärten"


# --- Werte -----------------------------------------------------------------------


def test_jede_zelle_ist_genau_einmal_da(zeilen):
    assert set(zeilen["indikator"]) == INDIKATOREN
    assert set(zeilen["stichtag"]) == set(STICHTAGE)
    schluessel = ["ebene", "gebiet", "indikator", "stichtag"]
    assert not zeilen.duplicated(schluessel).any()
    assert len(zeilen) == (30 + 6 + 1) * len(INDIKATOREN) * len(STICHTAGE)


def test_wert_bleibt_leer_wo_es_fallzahlen_gibt(zeilen):
    nur_wert = zeilen["indikator"].isin(["K01", "C03"])
    assert (zeilen["wert"] != "").equals(nur_wert)
    assert zeilen["zaehler"].isna().equals(nur_wert)
    assert zeilen["nenner"].isna().equals(nur_wert)


def test_bezirke_ergeben_stadtbezirk_und_stadt(zeilen):
    einwohner = zeilen[zeilen["indikator"] == "K01"]
    ergaenzt = zeilen.assign(
        zaehler=zeilen["zaehler"].fillna(pd.to_numeric(einwohner["wert"]))
    )
    ergaenzt = ergaenzt[ergaenzt["indikator"] != "C03"].fillna({"nenner": 0})
    gruppe = ["indikator", "stichtag"]
    spalten = ["zaehler", "nenner"]
    unten = ergaenzt[ergaenzt["ebene"] == "gebiet"]
    mitte = ergaenzt[ergaenzt["ebene"] == "stadtbezirk"]
    oben = ergaenzt[ergaenzt["ebene"] == "stadt"].set_index(gruppe)[spalten]
    je_bezirk = unten.assign(gebiet=unten["gebiet"].str[:2])
    pd.testing.assert_frame_equal(
        je_bezirk.groupby(["gebiet", *gruppe])[spalten].sum().sort_index(),
        mitte.set_index(["gebiet", *gruppe])[spalten].sort_index(),
        check_dtype=False,
    )
    pd.testing.assert_frame_equal(
        mitte.groupby(gruppe)[spalten].sum().sort_index(),
        oben.sort_index(),
        check_dtype=False,
    )


def test_platzsaldo_der_oberen_ebenen_liegt_zwischen_den_bezirken(zeilen):
    saldo = zeilen[zeilen["indikator"] == "C03"]
    zahl = pd.to_numeric(saldo["wert"].str.replace(",", "."))
    saldo = saldo.assign(zahl=zahl)
    unten = saldo[saldo["ebene"] == "gebiet"]
    spanne = unten.assign(gebiet=unten["gebiet"].str[:2])
    spanne = spanne.groupby(["gebiet", "stichtag"])["zahl"].agg(["min", "max"])
    mitte = saldo[saldo["ebene"] == "stadtbezirk"].set_index(["gebiet", "stichtag"])
    wert = mitte["zahl"].reindex(spanne.index)
    assert wert.between(spanne["min"], spanne["max"]).all()
    assert (unten["zahl"] < 0).any()
    assert (unten["zahl"] > 0).any()


@pytest.mark.parametrize(
    ("teil", "ganzes"),
    [("B03", "B01"), ("B05", "B01"), ("A09", "A02"), ("J01", "A02")],
)
def test_teilmengen_sind_nicht_groesser_als_das_ganze(zeilen, teil, ganzes):
    zahlen = faelle(zeilen)
    assert (zahlen[teil] <= zahlen[ganzes]).all()


def test_zaehler_passen_in_ihre_nenner(zeilen):
    mit = zeilen.dropna(subset=["zaehler"])
    assert (mit["zaehler"] >= 0).all()
    assert (mit["zaehler"] <= mit["nenner"]).all()


def test_gleich_benannte_nenner_sind_gleich(zeilen):
    nenner = faelle(zeilen, "nenner")
    assert nenner["B01"].equals(nenner["B05"].rename("B01"))
    assert nenner["B01"].equals(nenner["B15"].rename("B01"))
    assert nenner["B03"].equals(nenner["J01"].rename("B03"))
    assert (nenner["A09"] <= nenner["A02"]).all()
    assert (nenner["B11"] < nenner["B01"]).all()
    assert (nenner["B14"] < nenner["B01"]).all()


def test_niemand_zaehlt_doppelt_als_arbeitslos_und_geringfuegig(zeilen):
    zahlen, nenner = faelle(zeilen), faelle(zeilen, "nenner")
    assert (zahlen["B01"] + zahlen["B15"] <= nenner["B01"]).all()


def test_kleine_zellen_und_nullen_kommen_vor(zeilen):
    unten = zeilen[(zeilen["ebene"] == "gebiet")]
    klein = unten[(unten["zaehler"] < 10) | (unten["nenner"] < 100)]
    assert {"B03", "J01", "B14"} <= set(klein["indikator"])
    assert {"063", "064"} < set(klein["gebiet"])
    null = unten[unten["zaehler"] == 0]
    assert 2 <= len(null) <= 10
    jungarbeitslose = klein[
        (klein["indikator"] == "B03") & (klein["stichtag"] == STICHTAGE[1])
    ]
    assert 5 <= len(jungarbeitslose) <= 15


def test_zwei_bezirke_sind_klein_einer_unter_300(zeilen):
    einwohner = anteile(zeilen, STICHTAGE[1])["K01"]
    assert einwohner[einwohner < 300].index.to_list() == ["063"]
    assert einwohner[einwohner < 1000].index.to_list() == ["063", "064"]


def test_stichtage_sind_aehnlich_aber_nicht_gleich(zeilen):
    frueher, spaeter = (anteile(zeilen, tag) for tag in STICHTAGE)
    gross = frueher.index[frueher["K01"] >= 1000]
    for kennung in sorted(INDIKATOREN - {"K01"}):
        paar = np.corrcoef(frueher.loc[gross, kennung], spaeter.loc[gross, kennung])
        assert 0.7 < paar[0, 1] < 0.9999, kennung


def test_studierende_druecken_anteile_am_hochschulberg(zeilen):
    werte = anteile(zeilen, STICHTAGE[1]).drop(index=["063", "064"])
    assert werte["B11"].idxmin() == "040"
    assert werte["B15"].idxmax() == "040"
    assert werte.loc["040", "B03"] < werte["B03"].median()


def test_drei_typen_trennen_besser_als_zwei_vier_oder_fuenf(zeilen, katalog):
    merkmale = list(katalog.projekt.typen.indikatoren)
    dimensionen = [katalog.indikatoren[m].dimension for m in merkmale]
    assert len(set(dimensionen)) == len(merkmale) == 4
    werte = anteile(zeilen, STICHTAGE[1])[merkmale].drop(index=["063", "064"])
    z = ((werte - werte.mean()) / werte.std(ddof=0)).to_numpy()
    guete = {}
    for k in (2, 3, 4, 5):
        typ = KMeans(k, n_init=50, random_state=0).fit_predict(z)
        guete[k] = float(silhouette_score(z, typ))
    assert max(guete, key=guete.__getitem__) == 3
    assert 0.4 < guete[3] < 0.7


# --- Katalog, Angebote, Vorhaben -------------------------------------------------


def test_katalog_und_daten_laden_ohne_befund(katalog, stand):
    assert katalog.projekt.synthetisch
    assert katalog.projekt.bezugsdatum == date(2026, 11, 1)
    assert stand.hinweise == ()
    assert set(stand.werte["wertart"]) == {"Zahl"}
    assert {q.herkunft for q in katalog.quellen.values()} == {"synthetisch"}


def test_jede_lage_des_bestands_kommt_vor(stand):
    bezugsdatum = stand.katalog.projekt.bezugsdatum
    gefunden = Counter(
        luecke(
            stand.angebote,
            gebiet=gebiet,
            stadtbezirk=bezirk,
            zielgruppe=gruppe,
            gruppe_text=gruppe,
            ebene="Bezirk",
            bezugsdatum=bezugsdatum,
        ).kategorie
        for gebiet, bezirk in stand.gebiete["stadtbezirk"].items()
        for gruppe in stand.katalog.projekt.zielgruppen
    )
    assert set(gefunden) == set(SAETZE)


def test_bestand_enthaelt_jeden_status_ort_und_zugang(stand):
    angebote = stand.angebote
    assert 28 <= len(angebote) <= 40
    assert set(angebote["status"]) == {"laufend", "ungeprüft", "beendet", "einmalig"}
    assert {"stadtweit", "wechselnd", "unklar"} < set(angebote["gebiete"])
    assert set(angebote["zugang"]) == {"offen", "zugewiesen", "Gutschein"}
    laufend = angebote[angebote["status"] == "laufend"]
    frist = pd.Timestamp("2025-11-01")
    assert (laufend["pruefdatum"] < frist).any()
    assert laufend["pruefdatum"].isna().any()
    assert laufend["plaetze"].isna().any()
    vorbei = angebote["status"].isin(["beendet", "einmalig"])
    assert (angebote.loc[vorbei, "ende"] < pd.Timestamp("2026-11-01")).all()
    assert not (laufend["ende"] < pd.Timestamp("2026-11-01")).any()
    assert not (angebote["beginn"] > angebote["ende"]).any()


def test_ein_vorhaben_je_zielgruppe_mit_offenen_feldern(katalog, stand):
    vorhaben = list(katalog.vorhaben.values())
    assert {v.zielgruppe for v in vorhaben} == set(katalog.projekt.zielgruppen)
    assert len({v.gebiete for v in vorhaben}) == len(vorhaben) == 3
    for v in vorhaben:
        felder = (v.kosten, v.beschlussart, v.beschlussvorschlag, v.beratungsfolge)
        assert not any(felder), v.id
        assert v.dagegen, v.id
        assert v.umkehr, v.id
        assert v.nicht_bekannt, v.id
        assert (
            stand.einzelwerte.loc[list(v.einzelwerte), "zitierfaehig"] == "ja"
        ).all()


def saetze(vorhaben) -> list[str]:
    """Alle Texte eines Vorhabens."""
    aussagen = (*vorhaben.anlass, *vorhaben.ausgangslage, *vorhaben.dagegen)
    return [
        vorhaben.name,
        vorhaben.vorschlag,
        vorhaben.kurzvorschlag,
        vorhaben.zustaendigkeit,
        vorhaben.nullvariante,
        vorhaben.wirkung.ziel,
        *vorhaben.wirkung.messung,
        *vorhaben.nicht_bekannt,
        *vorhaben.umkehr,
        *(aussage.text for aussage in (*aussagen, *vorhaben.rahmen)),
    ]


def test_vorhaben_sind_knapp_und_ohne_verbotene_woerter(katalog):
    woerter = (*katalog.wortwahl.verboten, *katalog.wortwahl.ursache)
    muster = re.compile(rf"\b(?:{'|'.join(map(re.escape, woerter))})\b", re.IGNORECASE)
    for vorhaben in katalog.vorhaben.values():
        for satz in saetze(vorhaben):
            assert not muster.search(satz), satz
            assert not re.search(r"\bgibt es (?:nicht|kein)", satz), satz
            assert len(re.findall(r"[.!?](?:\s|$)", satz)) <= 2, satz


def test_werte_stehen_nicht_im_vorhabentext(katalog):
    # Zahlen trägt das Werkzeug ein; nur Jahre und „nach dem SGB II“ bleiben Text.
    for vorhaben in katalog.vorhaben.values():
        for satz in saetze(vorhaben):
            ohne_jahr = re.sub(r"\b20\d\d\b", "", satz)
            assert not re.search(r"\d", ohne_jahr), satz


@pytest.mark.parametrize(
    ("kennung", "hoeher"),
    [
        ("uebergangslotsen-kalkwerk", ["011", "061"]),
        ("jobcenter-beratung-webereiviertel", ["011"]),
    ],
)
def test_gegenargument_zu_anderen_bezirken_stimmt(zeilen, katalog, kennung, hoeher):
    vorhaben = katalog.vorhaben[kennung]
    gruppe = katalog.zielgruppen[vorhaben.zielgruppe]
    index = [gewichtet.indikator for gewichtet in gruppe.index]
    werte = anteile(zeilen, STICHTAGE[1])[index]
    assert "liegen die Indikatoren der Zielgruppe höher" in vorhaben.dagegen[0].text
    assert (werte.loc[hoeher] > werte.loc[vorhaben.gebiete[0]]).all(axis=None)


def test_vorhaben_liegen_hoch_aber_nicht_an_der_spitze(zeilen, katalog):
    werte = anteile(zeilen, STICHTAGE[1]).drop(index=["063"])
    z = (werte - werte.mean()) / werte.std(ddof=0)
    for vorhaben in katalog.vorhaben.values():
        gruppe = katalog.zielgruppen[vorhaben.zielgruppe]
        vorzeichen = {"hoch": 1, "niedrig": -1}
        summe = sum(
            z[g.indikator] * vorzeichen[katalog.indikatoren[g.indikator].richtung]
            for g in gruppe.index
        )
        summe = (summe - summe.mean()) / summe.std(ddof=0)
        ort = vorhaben.gebiete[0]
        assert summe[ort] > 1, vorhaben.id
        assert summe.idxmax() != ort, vorhaben.id


def test_tabellen_haben_gleich_viele_spalten_je_zeile():
    for datei in (*ORDNER.glob("*.csv"), *ORDNER.glob("bestand/*.csv")):
        with datei.open(encoding="utf-8", newline="") as offen:
            breiten = {len(zeile) for zeile in csv.reader(offen, delimiter=";")}
        assert len(breiten) == 1, datei.name
