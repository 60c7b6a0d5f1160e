"""Jahre der Musterstadt: Stichtage, Brüche, Intervalle, frühere Klassen."""

import pandas as pd
import pytest

from quartierstools.analyse import wilson
from quartierstools.auswertung import (
    brueche,
    fruehere_klassen,
    intervalle,
    stichtage,
)
from quartierstools.fehler import Katalogfehler


@pytest.fixture
def auswertung(auswertungen):
    return auswertungen["musterstadt"]


@pytest.fixture
def freigabe(auswertung):
    return auswertung.freigabe


def test_sechs_jahre_das_neueste_zuerst(freigabe):
    tage = stichtage(freigabe, "B01")
    assert list(tage) == ["2024", "2023", "2022", "2021", "2020", "2019"]
    assert tage["2022"] == "2022-12-31"
    with pytest.raises(Katalogfehler, match="„unbekannt“"):
        stichtage(freigabe, "unbekannt")


def test_der_bruch_der_haushalte_liegt_zwischen_2021_und_2022(freigabe):
    """So steht es in HERKUNFT.md und im Katalog der Musterstadt."""
    gefunden = brueche(freigabe, "K08")
    assert list(gefunden) == ["2022"]
    assert "Haushaltegenerierung" in gefunden["2022"]
    assert brueche(freigabe, "B01") == {}


def test_intervalle_gibt_es_nur_mit_freigegebenen_fallzahlen(freigabe):
    tag = "2021-12-31"
    spannen = intervalle(freigabe, "B01")[tag]
    art = freigabe.wertarten("B01", stichtag=tag)
    assert (art == "gesperrt").any()
    assert spannen[art != "Zahl"].isna().all(axis=None)
    gebiet = art.index[art == "Zahl"][0]
    zelle = freigabe.zelle(gebiet, "B01", stichtag=tag)
    soll = wilson(pd.Series([zelle.zaehler]), pd.Series([zelle.nenner])).iloc[0]
    assert spannen.loc[gebiet, "unten"] == pytest.approx(soll["unten"] * 100)
    assert spannen.loc[gebiet, "oben"] == pytest.approx(soll["oben"] * 100)
    assert intervalle(freigabe, "C03") == {}


def test_fruehere_klassen_ohne_oberste_und_ohne_gesperrtes(auswertung, freigabe):
    for zielgruppe in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(zielgruppe)
        klassen = fruehere_klassen(freigabe, ergebnis)
        assert list(klassen) == sorted(klassen, reverse=True)
        assert "2024" not in klassen
        for jahr, klasse in klassen.items():
            assert klasse.dropna().between(1, 3).all()
            for kennung in ergebnis.messung.indikatoren:
                art = freigabe.wertarten(kennung, stichtag=f"{jahr}-12-31")
                assert klasse[art != "Zahl"].isna().all()


def test_fruehere_klassen_messen_am_mittel_des_neuesten_jahres(auswertung, freigabe):
    """Von Hand: Beim einzigen Indikator ist die Klasse der z-Wert zu 2024."""
    ergebnis = auswertung.bedarf("langzeitarbeitslose")
    frueher = fruehere_klassen(freigabe, ergebnis)["2019"]
    tabelle = freigabe.tabelle(ergebnis.messung.indikatoren, stichtag="2019-12-31")
    gerechnet = ergebnis.modell.klassen(tabelle).clip(upper=3)
    pd.testing.assert_series_equal(
        frueher.dropna().astype("int64"),
        gerechnet.dropna().astype("int64"),
        check_names=False,
    )
