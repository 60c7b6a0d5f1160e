"""Was die Auswertung zu Angeboten sagt, an Musterstadt und Bochum."""

import dataclasses

import pandas as pd
import pytest
from hausmittel import WURZEL

from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.auswertung.angebotslage import angebotslage
from quartierstools.auswertung.gedaechtnis import KEIN_NACHWEIS, gedaechtnis
from quartierstools.auswertung.szenario import rechne_szenario
from quartierstools.katalog.angebotsmodelle import NeuesAngebot, Szenario

GRUPPEN = ("jugendliche", "fachkraefte", "langzeitarbeitslose")


def oeffne(projekt, fassung="oeffentlich"):
    return Auswertung(
        ort=projekt,
        daten=WURZEL / "daten",
        einstellung=Einstellung(fassung=fassung, varianten=100),
    )


@pytest.fixture(scope="module")
def muster():
    return oeffne("musterstadt")


@pytest.fixture(scope="module")
def intern():
    return oeffne("musterstadt", "intern")


@pytest.fixture(scope="module")
def bochum():
    return oeffne("bochum")


@pytest.mark.parametrize("gruppe", GRUPPEN)
def test_jede_tabelle_traegt_alle_gebiete(muster, gruppe):
    lage = muster.angebotslage(gruppe)
    gebiete = muster.freigabe.gebiete.index
    for tafel in (
        lage.kategorie,
        lage.mengenluecke.tafel,
        lage.erreichbarkeit.tafel,
        lage.rangfolge.tafel,
    ):
        pd.testing.assert_index_equal(tafel.index, gebiete)


@pytest.mark.parametrize("gruppe", GRUPPEN)
def test_gesperrtes_steht_in_keiner_zahl(muster, intern, gruppe):
    oeffentlich, alles = muster.angebotslage(gruppe), intern.angebotslage(gruppe)
    kennung = muster.katalog.angebotsregeln.betroffene[gruppe]
    gesperrt = muster.freigabe.wertarten(kennung) == "gesperrt"
    tafel = oeffentlich.mengenluecke.tafel
    spalten = [s for s in tafel if s.startswith(("betroffene", "je_100", "luecke"))]
    assert tafel.loc[gesperrt, spalten].isna().all(axis=None)
    assert alles.mengenluecke.tafel.loc[gesperrt, "betroffene"].notna().all()
    if gruppe == "langzeitarbeitslose":
        assert gesperrt.any()


def test_oeffentlich_gibt_es_weder_rang_noch_namen(muster, intern):
    for gruppe in GRUPPEN:
        lage = muster.angebotslage(gruppe)
        assert not {"punkte", "rang_von", "stufe"} & set(lage.rangfolge.tafel)
        assert "name" not in lage.urteile
    urteile = intern.angebotslage("jugendliche").rangfolge.tafel
    assert urteile.loc["011", "urteil_text"].startswith("Jonte Beispiel, Teamleitung")
    assert "rang_von" in urteile


def test_plaetze_der_nordstadt_von_hand(muster):
    # Jugendtreff 45 Plätze in 011; Berufswege 30 Plätze, davon 0,6 für 011: 63.
    menge = muster.angebotslage("jugendliche").mengenluecke.tafel
    assert menge.loc["011", "plaetze"] == 63
    assert menge.loc["012", "plaetze"] == 12
    assert menge.loc["011", "luecke"] == menge.loc["011", "betroffene"] - 63


def test_ein_urteil_ueberstimmt_und_beides_steht_da(muster):
    tafel = muster.angebotslage("langzeitarbeitslose").rangfolge.tafel
    assert list(tafel.index[tafel["gilt"] == "Fachurteil"]) == ["052"]
    zeile = tafel.loc["052"]
    assert zeile["nach_daten"] == "nicht ausgewählt"
    assert zeile["ergebnis"] == "ausgewählt"
    assert zeile["urteil_grund"].startswith("Im Stadtteilbüro")
    # Wer ausgewählt ist, liegt nicht „knapp unter der Grenze“.
    assert "052" not in muster.angebotslage("langzeitarbeitslose").knapp.index


def test_das_juengere_urteil_am_hafen_gilt(muster):
    lage = muster.angebotslage("langzeitarbeitslose")
    hafen = lage.urteile[lage.urteile["gebiet"] == "020"]
    assert hafen["gilt"].to_list() == [True, False]
    assert lage.rangfolge.tafel.loc["020", "urteil"] == "Hinweis"


def test_zwilling_hat_selbst_ein_geprueftes_angebot(muster):
    lage = muster.angebotslage("jugendliche")
    for zwilling in lage.zwillinge.values():
        assert not lage.kategorie.loc[zwilling.gebiet, "geprueft_hier"]
        hier = lage.kategorie.loc[zwilling.zwilling, "geprueft_hier"]
        assert set(zwilling.angebote) == set(hier)
    assert lage.zwilling("011") is None


def test_gedaechtnis_sagt_an_jeder_zeile_dass_es_nichts_beweist(muster):
    tafel = muster.angebotslage("langzeitarbeitslose").gedaechtnis
    beschluesse = {"2023-werkhof-nordstadt", "2025-radwerkstatt-weberei"}
    assert set(tafel["beschluss"]) == beschluesse
    assert tafel["satz"].str.endswith(KEIN_NACHWEIS).all()
    gerechnet = tafel.dropna(subset=["veraenderung"])
    assert (gerechnet["vorher_tag"] <= "2023-10-18").all()
    assert (gerechnet["nachher_tag"] > "2023-10-18").all()
    assert (gerechnet["zwilling"] != gerechnet["gebiet"]).all()
    mitte = gerechnet["veraenderung"]
    assert (gerechnet["veraenderung_unten"] <= mitte).all()
    assert (mitte <= gerechnet["veraenderung_oben"]).all()


def test_veraenderung_im_gedaechtnis_von_hand(muster):
    zeile = muster.angebotslage("langzeitarbeitslose").gedaechtnis.iloc[0]
    vorher, nachher = (
        muster.freigabe.zelle("011", "B05", stichtag=t).wert
        for t in ("2022-12-31", "2024-12-31")
    )
    assert (zeile["gebiet"], zeile["indikator"]) == ("011", "B05")
    assert zeile["veraenderung"] == pytest.approx(nachher - vorher)


def test_ein_spaeter_begonnenes_angebot_wird_nicht_an_frueheren_werten_gemessen(muster):
    tafel = muster.angebotslage("jugendliche").gedaechtnis
    saetze = tafel.loc[tafel["beschluss"] == "2024-uebergangslotsen-weberei", "satz"]
    # Beschlossen am 27.11.2024, begonnen am 01.02.2025, neuester Wert 31.12.2024.
    assert len(saetze)
    assert saetze.str.contains("begann erst am 01.02.2025", regex=False).all()
    frueh = muster.angebotslage("langzeitarbeitslose").gedaechtnis
    werkhof = frueh.loc[frueh["beschluss"] == "2023-werkhof-nordstadt", "satz"]
    assert not werkhof.str.contains("begann erst").any()


def test_beschluss_vor_dem_ersten_stichtag_hat_keinen_vergleich(muster):
    freigabe = dataclasses.replace(
        muster.freigabe,
        beschluesse=muster.freigabe.beschluesse.assign(
            datum=pd.Timestamp("2015-01-01")
        ),
    )
    tafel = gedaechtnis(freigabe, muster.katalog.zielgruppe("jugendliche"))
    assert tafel["veraenderung"].isna().all()
    assert tafel["satz"].str.endswith(KEIN_NACHWEIS).all()


def test_szenarien_nennen_gewinner_und_verlierer(muster):
    je_name = {s.name: s for g in GRUPPEN for s in muster.szenarien(g)}
    assert len(je_name) == 3
    neu = je_name["Neues Angebot am Kalkwerk mit 40 Plätzen"]
    assert neu.gewinnt == ("044",)
    assert neu.verliert == ()
    assert neu.tafel.loc["044", "kategorie_nachher"] == "vorhanden"
    ende = je_name["Das Sozialkaufhaus am Hafen endet"]
    assert (ende.gewinnt, ende.verliert) == ((), ("020",))


def test_szenario_ohne_aenderung_hat_keine_zeile(muster):
    leer = Szenario(id="leer", name="Nichts", zielgruppe="jugendliche")
    ergebnis = rechne_szenario(
        leer,
        muster.freigabe,
        muster.bedarf("jugendliche"),
        muster.angebotslage("jugendliche"),
        varianten=100,
    )
    assert ergebnis.tafel.empty


def test_neues_angebot_verschlechtert_kein_gebiet(muster):
    for gebiet in ("010", "012", "064"):
        neu = NeuesAngebot(name="Neu", gebiete=(gebiet,), plaetze=10)
        szenario = Szenario(id="s", name="S", zielgruppe="jugendliche", neu=(neu,))
        ergebnis = rechne_szenario(
            szenario,
            muster.freigabe,
            muster.bedarf("jugendliche"),
            muster.angebotslage("jugendliche"),
            varianten=100,
        )
        assert ergebnis.verliert == ()
        assert ergebnis.gewinnt == (gebiet,)


def test_standorte_nennen_alternativen_und_verfahren(muster):
    wahl = muster.standorte("jugendliche")
    assert len(wahl.vorschlaege) == muster.katalog.angebotsregeln.alternativen
    assert len({v.orte for v in wahl.vorschlaege}) == len(wahl.vorschlaege)
    gedeckt = [v.gedeckt for v in wahl.vorschlaege]
    assert gedeckt == sorted(gedeckt, reverse=True)
    assert "Wegenetz" in wahl.satz


def test_bochum_rechnet_nichts_ohne_fallzahlen_und_ohne_pruefdatum(bochum):
    for gruppe in GRUPPEN:
        lage = bochum.angebotslage(gruppe)
        assert not lage.mengenluecke.verrechenbar
        assert set(lage.mengenluecke.tafel["lage"]) == {"keine Fallzahl"}
        assert not lage.zwillinge
        assert bochum.standorte(gruppe) is None
        kategorien = set(lage.kategorie["kategorie"])
        assert not kategorien & {"vorhanden", "vorhanden, Umfang unbekannt"}


def test_wechselnde_jobcenter_beratung_steht_in_jedem_bezirk(bochum):
    kategorie = bochum.angebotslage("langzeitarbeitslose").kategorie
    assert "kein Angebot bekannt" not in set(kategorie["kategorie"])
    offen = kategorie["kategorie"] != "Ort wechselnd/offen"
    assert kategorie.loc[offen, "vorbehalt"].str.contains("Jobcenter-Beratung").all()


def test_reihenfolge_von_gebieten_und_angeboten_ist_egal(muster):
    freigabe = muster.freigabe
    gruppe, ergebnis = (
        muster.katalog.zielgruppe("jugendliche"),
        muster.bedarf("jugendliche"),
    )
    umgekehrt = dataclasses.replace(
        freigabe,
        angebote=freigabe.angebote.iloc[::-1],
        werte=freigabe.werte.iloc[::-1],
        fachurteile=freigabe.fachurteile.iloc[::-1],
    )
    eins, zwei = (angebotslage(f, gruppe, ergebnis) for f in (freigabe, umgekehrt))
    pd.testing.assert_frame_equal(eins.kategorie, zwei.kategorie)
    pd.testing.assert_frame_equal(eins.mengenluecke.tafel, zwei.mengenluecke.tafel)
    pd.testing.assert_frame_equal(eins.erreichbarkeit.tafel, zwei.erreichbarkeit.tafel)
    pd.testing.assert_frame_equal(eins.rangfolge.tafel, zwei.rangfolge.tafel)
    pd.testing.assert_frame_equal(eins.kalender, zwei.kalender)
    assert eins.zwillinge == zwei.zwillinge
