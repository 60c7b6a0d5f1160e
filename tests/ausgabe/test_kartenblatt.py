"""Die Karte eines Laufs: jedes Jahr, jeder Indikator, nur Freigegebenes."""

from dataclasses import replace

import pandas as pd
import pytest

from quartierstools.ausgabe.kartenblatt import angebotsbild, kartenbild
from quartierstools.ausgabe.klassenbilder import (
    anzeigewerte,
    indikatorreihe,
    vergleichbare,
    vorhandene_indikatoren,
)
from quartierstools.auswertung import Auswertung, Einstellung, stichtage
from quartierstools.darstellung.kartendaten import LUECKENZEICHEN, kartendaten
from quartierstools.schreibweise import gerundet


@pytest.fixture(scope="module")
def muster(auswertungen):
    return auswertungen["musterstadt"]


@pytest.fixture(scope="module")
def daten(muster):
    return kartendaten(kartenbild(muster))


def test_jeder_indikator_steht_in_jedem_jahr_genau_freigegeben_da(muster, daten):
    """Zahl, gesperrt, fehlt, nicht sinnvoll: Zelle für Zelle wie die Freigabe."""
    freigabe = muster.freigabe
    ebenen = {e["kennung"]: e for e in daten["ebenen"]}
    gesperrt = zahlen = 0
    for kennung in vorhandene_indikatoren(freigabe):
        stellen = freigabe.katalog.indikatoren[kennung].stellen
        zeiten = {z["jahr"]: z for z in ebenen[kennung]["zeiten"]}
        assert list(zeiten) == list(stichtage(freigabe, kennung))
        for jahr, tag in stichtage(freigabe, kennung).items():
            art = freigabe.wertarten(kennung, stichtag=tag).sort_index()
            roh = anzeigewerte(freigabe, kennung, stichtag=tag).sort_index()
            for eigener, soll, wert in zip(
                zeiten[jahr]["werte"], art, roh, strict=True
            ):
                if soll == "Zahl":
                    assert eigener == float(gerundet(wert, stellen))
                    zahlen += 1
                else:
                    assert eigener == LUECKENZEICHEN[soll]
                    gesperrt += soll == "gesperrt"
            for seite in ("unten", "oben"):
                for grenze, soll in zip(zeiten[jahr].get(seite, []), art, strict=False):
                    assert soll == "Zahl" or grenze is None
    assert zahlen > 2000
    assert gesperrt > 100


def test_klassen_sind_ueber_die_jahre_dieselben(muster):
    for kennung in vorhandene_indikatoren(muster.freigabe):
        ebene = indikatorreihe(muster.freigabe, kennung)
        assert len({b.grenzen for b in ebene.bilder.values()}) == 1


def test_vergleichbar_ist_nur_dasselbe_fuer_eine_andere_gruppe(muster):
    freigabe = muster.freigabe
    assert "B11" in vergleichbare(freigabe, "B12")
    assert "B12" in vergleichbare(freigabe, "B11")
    assert "B01" in vergleichbare(freigabe, "B02")
    assert vergleichbare(freigabe, "B05") == ()
    assert vergleichbare(freigabe, "K01") == ()


def test_angebote_stehen_wo_der_bestand_sie_nennt(muster):
    bild = angebotsbild(muster.freigabe)
    bestand = muster.freigabe.angebote
    assert set(bild.angebote.index) == set(bestand.index)
    for spalte in ("laenge", "breite"):
        soll = bestand.get(spalte, pd.Series(float("nan"), index=bestand.index))
        ort = bild.angebote[spalte].astype("float64")
        assert ort.dropna().to_dict() == soll.astype("float64").dropna().to_dict()
    for kennung, angebot in bild.angebote.iterrows():
        genannt = [o.strip() for o in bestand.loc[kennung, "gebiete"].split(",")]
        assert set(angebot["gebiete"]) <= set(genannt)
        assert set(angebot["gebiete"]) <= set(muster.freigabe.gebiete.index)
        assert not angebot["reichweite"] or angebot["reichweite"] in genannt


def test_koordinaten_des_bestands_werden_zum_ort(muster):
    bestand = muster.freigabe.angebote
    orte = pd.Series(float("nan"), index=bestand.index)
    orte.iloc[0] = 54.9
    freigabe = replace(
        muster.freigabe,
        angebote=bestand.assign(breite=orte, laenge=orte - 48.4),
    )
    liste = angebotsbild(freigabe).felder(freigabe.gebiete.index, [])["liste"]
    mit_ort = [a["ort"] for a in liste if a["ort"]]
    assert mit_ort == [[pytest.approx(6.5), pytest.approx(54.9)]]


def test_rangband_steht_nur_in_der_internen_fassung(muster, daten):
    assert "Rangband" not in str(daten["profile"])
    intern = Auswertung(
        ort=muster.ort, daten=muster.daten, einstellung=Einstellung(fassung="intern")
    )
    profile = kartendaten(kartenbild(intern))["profile"]
    namen = {name for profil in profile for name, _ in profil}
    assert any(name.endswith("Rangband (intern)") for name in namen)


def test_beitraege_tragen_oeffentlich_keine_zahlen(daten):
    texte = {
        text
        for ebene in daten["ebenen"]
        for spalte in ebene.get("beitraege", {}).values()
        for text in spalte
    }
    assert {"hebt den Index", "senkt den Index"} <= texte
    assert not any(zeichen.isdigit() for text in texte for zeichen in text)
