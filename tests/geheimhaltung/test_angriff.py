"""Was lässt sich zurückrechnen? Von Hand gerechnete Angriffe.

Quellen: METHODE 3.2 Punkte 5, 6 und 8; Giessing/Dittrich (Tabellenauswertung);
gegengerechnet durch Aufzählen aller ganzzahligen Tabellen.
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from tabellenbau import NENNER, TAG, aufbau, stadt, tabelle, zeile

from quartierstools.geheimhaltung.angriff import angriff, verratene_quotienten
from quartierstools.geheimhaltung.spanne import netz, rand
from quartierstools.katalog.regelmodelle import Partition

GLEICH = Partition(id="g", art="gleich", ganzes="A.zaehler", teile=("B.nenner",))


def bereich(ergebnis, zaehlung, gebiet="11", tag=TAG):
    wahl = ergebnis[
        (ergebnis["zaehlung"] == zaehlung)
        & (ergebnis["gebiet"] == gebiet)
        & (ergebnis["stichtag"] == tag)
    ]
    return wahl["unten"].item(), wahl["oben"].item()


def vorwissen(unten, oben, gebiet="11"):
    return pd.DataFrame(
        {
            "ebene": ["gebiet"],
            "gebiet": gebiet,
            "indikator": "A",
            "groesse": "zaehler",
            "stichtag": TAG,
            "unten": unten,
            "oben": oben,
        }
    )


def test_anteil_von_57_1_prozent_verraet_die_sieben():
    # a < 10 gesperrt, daneben steht: 57,1 Prozent von a. Unter den Brüchen k/a mit
    # a von 1 bis 9 rundet nur 4/7 = 57,14… auf 57,1.
    werte = tabelle(
        [
            zeile("11", "A", None, None, art="gesperrt"),
            zeile("11", "B", None, None, wert=0.571),
        ]
    )
    plan = aufbau({"11": "1"}, [GLEICH])
    ergebnis = angriff(werte, plan, vorwissen=vorwissen(1, 9))
    assert bereich(ergebnis, "A.zaehler") == (7, 7)
    assert bereich(ergebnis, "B.zaehler") == (4, 4)


def test_das_lineare_programm_allein_sieht_die_sieben_nicht():
    # Dieselben Bedingungen: 0,5705 a <= b <= 0,5715 a, 1 <= a <= 9.
    bedingungen = netz(
        [[(1, 1.0), (0, -0.5705)], [(1, 1.0), (0, -0.5715)]],
        [0.0, -np.inf],
        [np.inf, 0.0],
        groesse=2,
    )
    unten, oben = np.array([1.0, 0.0]), np.array([9.0, 9.0])
    assert rand(bedingungen, 0, unten, oben, -1).wert == pytest.approx(1)
    assert rand(bedingungen, 0, unten, oben, 1).wert == pytest.approx(9)


@pytest.mark.parametrize("nenner", [100, 137, 400, 799])
def test_anteil_mit_einer_stelle_und_nenner_verraten_den_zaehler(nenner):
    # Bis 799 trennt eine Nachkommastelle benachbarte Zähler (1/799 > 0,1 Prozent).
    wahr = 7
    werte = tabelle([zeile("11", "A", None, nenner, wert=round(wahr / nenner, 3))])
    ergebnis = angriff(werte, aufbau({"11": "1"}))
    assert bereich(ergebnis, "A.zaehler") == (wahr, wahr)


def test_summe_gibt_die_einzelne_luecke_preis():
    zahlen = {"A": {"11": 4, "12": 20, "13": 50}}
    bezirke = dict.fromkeys(zahlen["A"], "1")
    werte = stadt(zahlen, bezirke)
    luecke = (werte["gebiet"] == "11") & (werte["ebene"] == "gebiet")
    offen = werte.assign(
        zaehler=werte["zaehler"].mask(luecke),
        nenner=werte["nenner"].mask(luecke),
        wert=werte["wert"].mask(luecke),
        wertart=werte["wertart"].mask(luecke, "gesperrt"),
    )
    assert bereich(angriff(offen, aufbau(bezirke)), "A.zaehler") == (4, 4)
    nachbar = offen["gebiet"].isin(["11", "12"]) & (offen["ebene"] == "gebiet")
    beide = offen.assign(
        zaehler=offen["zaehler"].mask(nachbar),
        nenner=offen["nenner"].mask(nachbar),
        wert=offen["wert"].mask(nachbar),
        wertart=offen["wertart"].mask(nachbar, "gesperrt"),
    )
    assert bereich(angriff(beide, aufbau(bezirke)), "A.zaehler") == (0, 24)


def test_fruehere_ausgabe_schliesst_die_luecke():
    jetzt = tabelle(
        [
            zeile("11", "A", None, None, art="gesperrt"),
            zeile("12", "A", None, None, art="gesperrt"),
            zeile("1", "A", 24, 2 * NENNER, ebene="stadtbezirk"),
        ]
    )
    frueher = tabelle([zeile("12", "A", 20)])
    plan = aufbau({"11": "1", "12": "1"})
    assert bereich(angriff(jetzt, plan), "A.zaehler") == (0, 24)
    ergebnis = angriff(jetzt, plan, fruehere=[frueher])
    assert bereich(ergebnis, "A.zaehler") == (4, 4)


def test_mehrjahresmittel_verraet_das_gesperrte_jahr():
    # (30 + 24 + x) / 3 = 20,0 → x = 6.
    tage = ["2021-12-31", "2022-12-31", "2023-12-31"]
    werte = tabelle(
        [
            zeile("11", "A", 30, tag=tage[0]),
            zeile("11", "A", 24, tag=tage[1]),
            zeile("11", "A", None, None, tag=tage[2], art="gesperrt"),
        ]
    )
    mittel = pd.DataFrame(
        {
            "aussage": "mittel",
            "ebene": "gebiet",
            "gebiet": "11",
            "indikator": "A",
            "stichtag": tage,
            "groesse": "zaehler",
            "gewicht": 1 / 3,
            "wert": 20.0,
            "toleranz": 0.05,
        }
    )
    plan = aufbau({"11": "1"})
    assert bereich(angriff(werte, plan), "A.zaehler", tag=tage[2]) == (0, np.inf)
    ergebnis = angriff(werte, plan, anderswo=mittel)
    assert bereich(ergebnis, "A.zaehler", tag=tage[2]) == (6, 6)


def test_mittel_mit_dem_gesperrten_wert_verraet_ihn():
    # 24 Gebiete, eines gesperrt. Das Mittel der Anteile auf eine Nachkommastelle in
    # Prozent genügt: Bei 1.000 Personen je Gebiet ist ein Fall 0,1/24 Punkte wert,
    # das gerundete Mittel lässt nur 24 Zähler zu; auf zwei Stellen noch 2 bis 3.
    zufall = np.random.default_rng(3)
    anteile = zufall.integers(10, 200, 24) / NENNER
    anteile[0] = 7 / NENNER

    def zaehler(stellen):
        halb = 0.5 * 10.0 ** -(stellen + 2)
        mitte = round(anteile.mean(), stellen + 2)
        rest = anteile[1:].sum()
        unten, oben = ((mitte + v * halb) * 24 - rest for v in (-1, 1))
        return {z for z in range(200) if unten <= z / NENNER <= oben}

    assert 7 in zaehler(2)
    assert len(zaehler(2)) <= 3
    assert len(zaehler(3)) == 1
    # Aus Freigegebenem gerechnet enthält das Mittel die 7 nicht: jeder Wert passt.
    assert anteile[1:].mean() == pytest.approx((anteile.sum() - 0.007) / 23)


def test_teilmenge_begrenzt_von_oben():
    teil = Partition(id="t", art="teilmenge", ganzes="A.zaehler", teile=("B.zaehler",))
    werte = tabelle(
        [zeile("11", "A", 12), zeile("11", "B", None, None, art="gesperrt")]
    )
    ergebnis = angriff(werte, aufbau({"11": "1"}, [teil]))
    assert bereich(ergebnis, "B.zaehler") == (0, 12)
    assert bereich(ergebnis, "A.zaehler − B.zaehler") == (0, 12)


LANGZEIT = (
    Partition(id="l1", art="gleich", ganzes="A.zaehler", teile=("B.nenner",)),
    Partition(id="l2", art="gleich", ganzes="T.zaehler", teile=("B.zaehler",)),
)


def test_quotient_aus_zwei_veroeffentlichten_zahlen_wird_gefunden():
    # Gesperrt ist B = T je A; T (40) und A (80) stehen anderswo: 40/80 = 50 Prozent.
    werte = tabelle(
        [
            zeile("11", "A", 80),
            zeile("11", "T", 40),
            zeile("11", "B", None, None, art="gesperrt"),
        ]
    )
    plan = aufbau({"11": "1"}, LANGZEIT)
    fund = verratene_quotienten(werte, plan, angriff(werte, plan))
    assert fund[["zaehlung", "gebiet", "unten"]].to_numpy().tolist() == [
        ["B", "11", 0.5]
    ]
    # Ist T auch gesperrt, bleibt der Anteil offen.
    zu = werte.assign(
        zaehler=werte["zaehler"].mask(werte["indikator"] == "T"),
        wert=werte["wert"].mask(werte["indikator"] == "T"),
        wertart=werte["wertart"].mask(werte["indikator"] == "T", "gesperrt"),
    )
    assert verratene_quotienten(zu, plan, angriff(zu, plan)).empty


def test_quotient_aus_zurueckgerechneten_zahlen_wird_gefunden():
    # T ist auch gesperrt, folgt aber aus der Summe: 100 − 60 = 40.
    werte = tabelle(
        [
            zeile("11", "A", 80),
            zeile("11", "T", None, None, art="gesperrt"),
            zeile("12", "T", 60),
            zeile("1", "T", 100, 2 * NENNER, ebene="stadtbezirk"),
            zeile("11", "B", None, None, art="gesperrt"),
        ]
    )
    plan = aufbau({"11": "1", "12": "1"}, LANGZEIT)
    fund = verratene_quotienten(werte, plan, angriff(werte, plan))
    assert fund["zaehlung"].tolist() == ["T", "B"]
    assert fund["unten"].tolist() == [0.04, 0.5]


def test_anteil_mal_anderswo_stehende_bezugszahl_verraet_den_zaehler():
    # 12,5 Prozent Langzeitarbeitslose, daneben steht: 80 Arbeitslose. Also 10.
    werte = tabelle(
        [
            zeile("11", "A", 80),
            zeile("11", "T", None, None, art="gesperrt"),
            zeile("11", "B", None, None, wert=0.125),
        ]
    )
    plan = aufbau({"11": "1"}, LANGZEIT)
    assert bereich(angriff(werte, plan), "T.zaehler") == (10, 10)


def test_unterschied_und_ein_anteil_verraten_den_anderen():
    # Männer 60,0 Prozent, Lücke 55,5 Punkte: Frauen 4,5 Prozent von 200 sind 9.
    luecke = Partition(id="l", art="differenz", ganzes="D", teile=("M", "F"))
    werte = tabelle(
        [
            zeile("11", "M", 120, 200),
            zeile("11", "F", None, 200, art="gesperrt"),
            zeile("11", "D", None, None, wert=55.5),
        ]
    )
    plan = aufbau({"11": "1"}, [luecke], {"D": "prozentpunkte"})
    assert bereich(angriff(werte, plan), "F.zaehler") == (9, 9)
    ohne = angriff(werte, aufbau({"11": "1"}, (), {"D": "prozentpunkte"}))
    assert bereich(ohne, "F.zaehler") == (0, 200)


def test_gerundete_zahlen_lassen_ihre_spanne():
    werte = tabelle(
        [
            zeile("11", "A", None, None, art="gesperrt"),
            zeile("12", "A", 20),
            zeile("1", "A", 25, 2 * NENNER, ebene="stadtbezirk"),
        ]
    )
    ergebnis = angriff(werte, aufbau({"11": "1", "12": "1"}), rundung=5)
    # Summe 23 bis 27, Nachbar 18 bis 22: 11 liegt zwischen 1 und 9.
    assert bereich(ergebnis, "A.zaehler") == (1, 9)


def test_anteil_aus_gerundeten_zahlen_laesst_alle_passenden_vielfachen():
    einzeln = zeile("11", "A", None, 7305, wert=0.368)
    ergebnis = angriff(tabelle([einzeln]), aufbau({"11": "1"}), rundung=5)
    # 2685 und 2690 geben beide 36,8 % von 7305; gerundet sind es 2683 bis 2692.
    assert bereich(ergebnis, "A.zaehler") == (2683, 2692)


def test_widerspruch_wird_gemeldet_statt_geraten():
    werte = tabelle([zeile("11", "A", None, None, art="gesperrt")])
    unmoeglich = pd.DataFrame(
        {
            "aussage": ["x", "y"],
            "ebene": "gebiet",
            "gebiet": "11",
            "indikator": "A",
            "stichtag": TAG,
            "groesse": "zaehler",
            "gewicht": 1.0,
            "wert": [3.0, 9.0],
            "toleranz": 0.0,
        }
    )
    ergebnis = angriff(werte, aufbau({"11": "1"}), anderswo=unmoeglich)
    assert ergebnis.loc[ergebnis["zaehlung"] == "A.zaehler", "breite"].isna().all()


@pytest.mark.parametrize("startwert", range(8))
def test_angriff_findet_genau_die_moeglichen_tabellen(startwert):
    # Drei Gebiete × Frauen, Männer, gesamt; einzelne Zellen offen. Alle Tabellen
    # mit denselben Summen werden aufgezählt.
    zufall = np.random.default_rng(startwert)
    zellen = zufall.integers(0, 7, (2, 3))
    bekannt = zufall.random((2, 3)) < 0.35
    gebiete = ["11", "12", "13"]
    bezirke = dict.fromkeys(gebiete, "1")
    zeilen = []
    for i, indikator in enumerate("FM"):
        for j, gebiet in enumerate(gebiete):
            z = int(zellen[i, j]) if bekannt[i, j] else None
            art = "Zahl" if bekannt[i, j] else "gesperrt"
            zeilen.append(zeile(gebiet, indikator, z, art=art))
        summe = int(zellen[i].sum())
        zeilen.append(zeile("1", indikator, summe, 3000, ebene="stadtbezirk"))
    zeilen += [
        zeile(gebiet, "G", int(zellen[:, j].sum())) for j, gebiet in enumerate(gebiete)
    ]
    moegliche = []
    for frauen in product(range(13), repeat=3):
        wahl = np.array([frauen, zellen.sum(axis=0) - frauen])
        if _passt(wahl, zellen, bekannt):
            moegliche.append(wahl)
    geschlecht = Partition(
        id="x", art="summe", ganzes="G.zaehler", teile=("F.zaehler", "M.zaehler")
    )
    ergebnis = angriff(tabelle(zeilen), aufbau(bezirke, [geschlecht]))
    stapel = np.stack(moegliche)
    for i, indikator in enumerate("FM"):
        for j, gebiet in enumerate(gebiete):
            if not bekannt[i, j]:
                spalte = stapel[:, i, j]
                gefunden = bereich(ergebnis, f"{indikator}.zaehler", gebiet)
                assert gefunden == (spalte.min(), spalte.max())


def _passt(wahl, zellen, bekannt):
    return (
        (wahl >= 0).all()
        and (wahl[bekannt] == zellen[bekannt]).all()
        and (wahl.sum(axis=1) == zellen.sum(axis=1)).all()
    )
