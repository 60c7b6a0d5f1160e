"""Was ist für sich genommen zu klein? Von Hand gerechnete Fälle.

Quellen: METHODE 3.1 und 3.2 (BA-Statistik: Mindestfallzahl 3, Dominanz, Zahl der
Bedarfsgemeinschaften; Destatis/BA: SGB-II-Raster, Nenner ab 100; MSS Berlin und
Hamburg: Gebiete ab 300 Einwohnern; Destatis: Fünferrundung).
"""

import pandas as pd
import pytest
from pydantic import ValidationError
from tabellenbau import PROFIL, TAG, aufbau, tabelle, zeile

from quartierstools.geheimhaltung.aufgaben import gerundete_grenzen
from quartierstools.geheimhaltung.regeln import (
    beherrscht,
    gruende,
    pruefstand,
)
from quartierstools.katalog import Regelprofil
from quartierstools.katalog.regelmodelle import Dominanz

EINHEITEN = aufbau({}).einheiten


def grund(zaehler, nenner=1000, profil=PROFIL, **weitere):
    werte = tabelle([zeile("11", "A", zaehler, nenner)]).assign(**weitere)
    einheit = werte["indikator"].map(EINHEITEN)
    return gruende(werte, einheit, profil).item()


@pytest.mark.parametrize(
    ("zaehler", "nenner", "erwartet"),
    [
        (9, 1000, "zaehler"),  # unter 10
        (10, 1000, ""),  # genau 10 darf hinaus
        (0, 1000, ""),  # Null nennt niemanden
        (991, 1000, "rest"),  # 9 fehlen: fast alle sind betroffen
        (990, 1000, ""),  # 10 fehlen
        (1000, 1000, ""),  # Rest null
        (40, 99, "nenner"),  # Nenner unter 100
        (40, 100, ""),
        (5, 50, "zaehler"),  # beides zu klein: die Fallzahl zählt
    ],
)
def test_schwellen_des_standardprofils(zaehler, nenner, erwartet):
    assert grund(zaehler, nenner) == erwartet


@pytest.mark.parametrize(
    ("wert", "einheit", "erwartet"),
    [
        (0.021, "prozent", "zaehler"),  # 2,1 % von 400 sind 8
        (0.985, "prozent", "rest"),  # 98,5 % von 400: 6 fehlen
        (2.1, "je_100", "zaehler"),
        (21.0, "je_1000", "zaehler"),
        (0.2, "prozent", ""),
    ],
)
def test_anteil_mal_bezugszahl_gilt_als_fallzahl(wert, einheit, erwartet):
    werte = tabelle([zeile("11", "A", None, 400, wert=wert)])
    einheiten = pd.Series([einheit])
    assert gruende(werte, einheiten, PROFIL).item() == erwartet


def test_geheimhaltung_geht_der_verlaesslichkeit_vor():
    # Nenner unter 100, aber auch nur zwei Bedarfsgemeinschaften: geheim.
    spalte = {"bedarfsgemeinschaften": pd.array([2], dtype="Int64")}
    assert grund(40, 80, **spalte) == "bedarfsgemeinschaften"
    assert grund(0, 6, Regelprofil(id="p", version="1", komplement=False)) == (
        "bezugszahl"
    )


def test_null_wird_gesperrt_wenn_das_profil_es_verlangt():
    streng = Regelprofil(id="p", version="1", null_veroeffentlichen=False)
    assert grund(0, profil=streng) == "zaehler"
    assert grund(1000, profil=streng) == "rest"


def test_ohne_komplement_darf_ein_kleiner_rest_hinaus():
    assert grund(991, profil=Regelprofil(id="p", version="1", komplement=False)) == ""


def test_drei_ist_die_harte_untergrenze():
    with pytest.raises(ValidationError):
        Regelprofil(id="p", version="1", min_zaehler=2)
    with pytest.raises(ValidationError):
        Regelprofil(id="p", version="1", je_indikator={"A": {"min_zaehler": 1}})


def test_abweichung_gilt_nur_fuer_ihren_indikator():
    profil = Regelprofil(
        id="p", version="1", je_indikator={"A": {"min_zaehler": 5, "grund": "Vertrag"}}
    )
    werte = tabelle([zeile("11", "A", 7), zeile("11", "B", 7)])
    einheit = werte["indikator"].map(EINHEITEN)
    assert gruende(werte, einheit, profil).tolist() == ["", "zaehler"]


def test_gebiet_unter_300_einwohnern_zeigt_keinen_anteil():
    zeilen = [
        zeile("11", "K01", None, None, wert=299.0),
        zeile("11", "A", 50),
        zeile("12", "K01", None, None, wert=300.0),
        zeile("12", "A", 50),
    ]
    werte = tabelle(zeilen)
    einheit = werte["indikator"].map(EINHEITEN)
    assert gruende(werte, einheit, PROFIL).tolist() == ["", "einwohner", "", ""]


def test_zwei_bedarfsgemeinschaften_hinter_zwoelf_kindern_sind_zu_wenige():
    spalte = {"bedarfsgemeinschaften": pd.array([2], dtype="Int64")}
    assert grund(12, **spalte) == "bedarfsgemeinschaften"
    spalte = {"bedarfsgemeinschaften": pd.array([3], dtype="Int64")}
    assert grund(12, **spalte) == ""


def test_ohne_bedarfsgemeinschaften_steht_nicht_pruefbar():
    werte = tabelle([zeile("11", "A", 50)])
    (satz,) = pruefstand(werte, EINHEITEN, PROFIL)
    assert satz == (
        "Zahl der Bedarfsgemeinschaften (mindestens 3): nicht prüfbar, nicht geliefert."
    )
    geliefert = werte.assign(bedarfsgemeinschaften=pd.array([20], dtype="Int64"))
    assert pruefstand(geliefert, EINHEITEN, PROFIL) == ()


@pytest.mark.parametrize(
    ("beitraege", "erwartet"),
    [
        ([100], True),  # ein Träger ist die Summe
        ([50, 36, 14], True),  # zwei Größte: 86 von 100, mehr als 85
        ([50, 35, 15], False),  # genau 85; der Zweite kennt den Ersten auf 15/50
        ([40, 30, 20, 10], False),
        ([], False),
        ([0, 0], False),
    ],
)
def test_zwei_traeger_beherrschen_die_summe(beitraege, erwartet):
    assert beherrscht(beitraege, Dominanz()) is erwartet


def test_p_prozent_regel_schuetzt_den_groessten_vor_dem_zweiten():
    nur_p = Dominanz(hoechstanteil=100, abstand=10)
    # Der Zweite (30) zieht sich ab: 60 + 5; der Größte ist auf 5/60 = 8,3 % bekannt.
    assert beherrscht([60, 30, 5], nur_p)
    # 60 + 7: auf 11,7 % bekannt.
    assert not beherrscht([60, 30, 7], nur_p)


def test_dominanz_sperrt_summen_und_ist_ohne_beitraege_nicht_pruefbar():
    profil = Regelprofil(id="p", version="1", dominanz={"indikatoren": ["S"]})
    werte = tabelle([zeile("11", "S", None, None, wert=5000.0)])
    einheiten = {**EINHEITEN, "S": "anzahl"}
    einheit = werte["indikator"].map(einheiten)
    beitraege = pd.DataFrame(
        {
            "ebene": "gebiet",
            "gebiet": "11",
            "indikator": "S",
            "stichtag": TAG,
            "beitrag": [4800.0, 100.0, 100.0],
        }
    )
    assert gruende(werte, einheit, profil, beitraege=beitraege).item() == "dominanz"
    assert gruende(werte, einheit, profil).item() == ""
    assert any("Dominanz" in s for s in pruefstand(werte, einheiten, profil))
    assert not any(
        "Dominanz" in s
        for s in pruefstand(werte, einheiten, profil, beitraege=beitraege)
    )


def test_beschreibung_nennt_die_geltenden_zahlen():
    satz = Regelprofil(
        id="p", version="1", min_zaehler=7, min_nenner=120, min_bg=0, rundung=5
    ).beschreibung
    for teil in ("mindestens 7", "ab 120", "ab 300 Einwohnern", "Vielfache von 5"):
        assert teil in satz
    assert "Bedarfsgemeinschaften" not in satz
    assert satz.count(".") == 1


def test_rundung_kennt_nur_null_fuenf_und_zehn():
    with pytest.raises(ValidationError):
        Regelprofil(id="p", version="1", rundung=3)


def test_fuenferrundung_weicht_hoechstens_um_zwei_ab():
    # Destatis: jede Zahl einzeln, höchstens 2 Abweichung.
    for wert in range(200):
        unten, oben = gerundete_grenzen(wert, 5)
        assert unten <= wert <= oben
        assert oben - unten <= 4


def test_eingaben_bleiben_unveraendert():
    werte = tabelle([zeile("11", "A", 5)])
    vorher = werte.copy(deep=True)
    gruende(werte, werte["indikator"].map(EINHEITEN), PROFIL)
    pd.testing.assert_frame_equal(werte, vorher)
