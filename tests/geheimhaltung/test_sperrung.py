"""Was wird mitgesperrt? Von Hand gerechnete Fälle und Vergleich mit dem Optimum.

Quellen: METHODE 3.2 Punkt 5 (eine einzelne gesperrte Zelle je Gruppe ist
rückrechenbar); Handbook on Statistical Disclosure Control, Kapitel 4 (Tabellen).
"""

import numpy as np
import pandas as pd
import pytest
from tabellenbau import (
    FRAUEN_MAENNER,
    NENNER,
    PROFIL,
    TAG,
    angegriffen,
    aufbau,
    gesperrte,
    stadt,
    tabelle,
    veroeffentlicht,
    zeile,
)

from quartierstools.geheimhaltung.sperrliste import sperrliste, teilaufgaben
from quartierstools.geheimhaltung.sperrung import billigste, waehle
from quartierstools.katalog import Regelprofil
from quartierstools.katalog.regelmodelle import Partition

ZWEI = {"11": "1", "12": "1", "13": "1", "21": "2", "22": "2", "23": "2"}


def test_eine_kleine_zelle_braucht_eine_zweite():
    # Bezirk 1: 4 + 20 + 50 = 74. Nur 4 gesperrt: 74 − 20 − 50 = 4. Die 20 ist die
    # kleinste, die reicht: 4 + 20 = 24 lässt 0 bis 24 zu.
    zahlen = {"A": {"11": 4, "12": 20, "13": 50, "21": 30, "22": 40, "23": 60}}
    liste = sperrliste(stadt(zahlen, ZWEI), aufbau(ZWEI), PROFIL)
    assert gesperrte(liste) == {"11", "12"}
    assert liste.bestmoeglich


def test_zwei_kleine_zellen_reichen_nur_mit_genug_faellen():
    # 4 + 8 = 12: jede liegt zwischen 0 und 12, breiter als 10.
    zahlen = {"A": {"11": 4, "12": 8, "13": 50, "21": 30, "22": 40, "23": 60}}
    liste = sperrliste(stadt(zahlen, ZWEI), aufbau(ZWEI), PROFIL)
    assert gesperrte(liste) == {"11", "12"}
    # 4 + 5 = 9: beide höchstens 9, das verriete „unter zehn“ – eine dritte muss mit.
    zahlen = {"A": {"11": 4, "12": 5, "13": 50, "21": 30, "22": 40, "23": 60}}
    liste = sperrliste(stadt(zahlen, ZWEI), aufbau(ZWEI), PROFIL)
    assert gesperrte(liste) == {"11", "12", "13"}


def test_wenn_die_gruppe_nicht_reicht_faellt_die_summe():
    # Bezirk 1 hat nur 11 mit 4 und zwei Nullen; Nullen schützen nicht.
    zahlen = {"A": {"11": 4, "12": 0, "13": 0, "21": 30, "22": 40, "23": 60}}
    liste = sperrliste(stadt(zahlen, ZWEI), aufbau(ZWEI), PROFIL)
    # Bezirk 1 hat dann selbst nur 4 Fälle; in Bezirk 2 und darunter muss je eine mit.
    assert gesperrte(liste) == {"11", "1", "2", "21"}
    pruefung = angegriffen(stadt(zahlen, ZWEI), aufbau(ZWEI))
    assert pruefung["geschuetzt"].all()


def test_frauen_und_maenner_verraten_sich_ueber_gesamt():
    # 11: Frauen 4, Männer 30, gesamt 34. Sperrt man nur 4, gibt 34 − 30 sie preis.
    zahlen = {
        "F": {"11": 4, "12": 25, "13": 40, "21": 20, "22": 30, "23": 50},
        "M": {"11": 30, "12": 35, "13": 45, "21": 22, "22": 33, "23": 55},
    }
    zahlen["G"] = {g: zahlen["F"][g] + zahlen["M"][g] for g in ZWEI}
    plan = aufbau(ZWEI, [FRAUEN_MAENNER])
    werte = stadt(zahlen, ZWEI)
    liste = sperrliste(werte, plan, PROFIL)
    # Rechteck: Frauen und Männer in 11 und in einem Nachbargebiet, vier Zellen.
    assert len(liste.gesperrt) == 4
    assert {i for _, _, i, _ in liste.gesperrt} == {"F", "M"}
    assert {g for _, g, _, _ in liste.gesperrt} == {"11", "12"}
    assert angegriffen(werte, plan, liste=liste)["geschuetzt"].all()
    # Ohne die Partition zu kennen, reichten zwei – und der Angriff gelänge.
    ahnungslos = sperrliste(werte, aufbau(ZWEI), PROFIL)
    assert len(ahnungslos.gesperrt) == 2
    assert not angegriffen(werte, plan, liste=ahnungslos)["geschuetzt"].all()


def test_unterschied_zwischen_teil_und_ganzem_ist_selbst_klein():
    # 40 Arbeitslose, davon 36 langzeitarbeitslos: 4 sind es kürzer als ein Jahr.
    zahlen = {
        "G": {"11": 40, "12": 60, "13": 80, "21": 50, "22": 60, "23": 70},
        "T": {"11": 36, "12": 20, "13": 30, "21": 20, "22": 30, "23": 20},
    }
    teil = Partition(id="t", art="teilmenge", ganzes="G.zaehler", teile=("T.zaehler",))
    plan = aufbau(ZWEI, [teil])
    werte = stadt(zahlen, ZWEI)
    liste = sperrliste(werte, plan, PROFIL)
    assert len(liste.gesperrt) == 2  # T oder G in 11 und einem Nachbargebiet
    assert "11" in gesperrte(liste)
    assert angegriffen(werte, plan, liste=liste)["geschuetzt"].all()


def test_gleiche_zaehlung_wird_ueberall_gesperrt():
    # B zählt dasselbe wie A, nur an einem anderen Nenner gemessen.
    zahlen = {"A": {"11": 4, "12": 20, "13": 50, "21": 30, "22": 40, "23": 60}}
    werte = pd.concat(
        [stadt(zahlen, ZWEI), stadt({"B": zahlen["A"]}, ZWEI, nenner=500)],
        ignore_index=True,
    )
    gleich = Partition(id="g", art="gleich", ganzes="A.zaehler", teile=("B.zaehler",))
    liste = sperrliste(werte, aufbau(ZWEI, [gleich]), PROFIL)
    assert gesperrte(liste, "A") == gesperrte(liste, "B") == {"11", "12"}


def test_gesperrter_nenner_sperrt_den_anteil_daran():
    # T misst sich an der Zählung von A; A ist in 11 klein, also fällt T in 11.
    zahlen = {"A": {"11": 4, "12": 120, "13": 150, "21": 130, "22": 140, "23": 160}}
    anteil = [zeile(g, "T", 60, z) for g, z in zahlen["A"].items() if z >= 100]
    anteil.append(zeile("11", "T", None, None, wert=0.571))
    werte = pd.concat([stadt(zahlen, ZWEI), tabelle(anteil)], ignore_index=True)
    gleich = Partition(id="g", art="gleich", ganzes="A.zaehler", teile=("T.nenner",))
    liste = sperrliste(werte, aufbau(ZWEI, [gleich]), PROFIL)
    assert {"11", "12"} <= gesperrte(liste, "T")


def test_anteil_mit_bekanntem_nenner_verraet_den_zaehler():
    # 2,1 Prozent von 240 sind 5: als Anteil geliefert, trotzdem zu klein.
    zeilen = [zeile("11", "A", 60, 240), zeile("11", "B", None, None, wert=0.021)]
    gleich = Partition(id="g", art="gleich", ganzes="A.nenner", teile=("B.nenner",))
    werte = tabelle(zeilen)
    liste = sperrliste(werte, aufbau({"11": "1"}, [gleich]), PROFIL)
    assert liste.gesperrt == {("gebiet", "11", "B", TAG)}
    ohne_nenner = sperrliste(werte, aufbau({"11": "1"}), PROFIL)
    assert ohne_nenner.gesperrt == frozenset()


def test_nenner_unter_100_ist_unsicher_und_kein_geheimnis():
    # 40 von 80 ist kein guter Anteil; 40 von 1.000 steht daneben und darf.
    zeilen = [zeile("11", "A", 40, 1000), zeile("11", "B", 40, 80)]
    gleich = Partition(id="g", art="gleich", ganzes="A.zaehler", teile=("B.zaehler",))
    liste = sperrliste(tabelle(zeilen), aufbau({"11": "1"}, [gleich]), PROFIL)
    assert liste.gesperrt == frozenset()
    assert liste.unsicher == {("gebiet", "11", "B", TAG)}
    assert liste.offen == {("gebiet", "11", "A", TAG)}


def test_unsicheres_schuetzt_kein_geheimnis():
    # 11 ist geheim (4). 12 steht wegen kleiner Bezugszahl nirgends, ist aber nicht
    # geheim: Wer nachfragt, erfährt die 40. Also muss 13 mit, oder 12 wird gesperrt.
    zeilen = [
        zeile("11", "A", 4),
        zeile("12", "A", 40, 80),
        zeile("13", "A", 50),
        zeile("1", "A", 94, 2080, ebene="stadtbezirk"),
    ]
    plan = aufbau({"11": "1", "12": "1", "13": "1"})
    liste = sperrliste(tabelle(zeilen), plan, PROFIL)
    # 12 zu sperren kostet am wenigsten: Dort steht ohnehin keine Zahl.
    assert gesperrte(liste) == {"11", "12"}
    assert liste.unsicher == frozenset()


def test_kleiner_nenner_der_selbst_menschen_zaehlt_ist_geheim():
    # Keine von 6 Arbeitslosen: Die 6 nennt der Nenner.
    liste = sperrliste(
        tabelle([zeile("11", "A", 0, 6)]),
        aufbau({"11": "1"}),
        PROFIL.model_copy(update={"komplement": False}),
    )
    assert gesperrte(liste) == {"11"}


def test_geliefert_gesperrtes_wird_nicht_durch_summen_verraten():
    # Die Lieferung sperrt 11; 12, 13 und die Summe nennt sie. So wäre 11 = 74 − 70.
    zeilen = [
        zeile("11", "A", None, None, art="gesperrt"),
        zeile("12", "A", 20),
        zeile("13", "A", 50),
        zeile("1", "A", 74, 3 * NENNER, ebene="stadtbezirk"),
    ]
    plan = aufbau({"11": "1", "12": "1", "13": "1"})
    liste = sperrliste(tabelle(zeilen), plan, PROFIL)
    assert "12" in gesperrte(liste)


def test_differenz_wird_mit_ihren_teilen_gesperrt():
    luecke = Partition(id="l", art="differenz", ganzes="D", teile=("M", "F"))
    zeilen = [
        zeile("11", "F", 4),
        zeile("11", "M", 60),
        zeile("11", "D", None, None, wert=5.6),
    ]
    plan = aufbau({"11": "1"}, [luecke], {"D": "prozentpunkte"})
    liste = sperrliste(tabelle(zeilen), plan, PROFIL)
    assert {i for _, _, i, _ in liste.gesperrt} == {"F", "D"}


def test_fehlendes_gebiet_ist_kein_schutz_fuer_die_rueckrechnung():
    # 12 fehlt in der Lieferung; die Summe 74 ist damit kein Wissen über 11 allein.
    zeilen = [
        zeile("11", "A", 4),
        zeile("13", "A", 50),
        zeile("1", "A", 74, 3 * NENNER, ebene="stadtbezirk"),
    ]
    plan = aufbau({"11": "1", "12": "1", "13": "1"})
    werte = tabelle(zeilen)
    liste = sperrliste(werte, plan, PROFIL)
    assert gesperrte(liste) == {"11"}  # 11 und 12 zusammen 24: 0 bis 24
    assert angegriffen(werte, plan, liste=liste)["geschuetzt"].all()


def test_rundung_erspart_mitsperrungen():
    zahlen = {"A": {"11": 2, "12": 20, "13": 50, "21": 30, "22": 40, "23": 60}}
    grob = Regelprofil(id="p", version="1", min_zaehler=3, rundung=5)
    genau = grob.model_copy(update={"rundung": 0})
    werte = stadt(zahlen, ZWEI)
    assert len(sperrliste(werte, aufbau(ZWEI), grob).gesperrt) == 1
    assert len(sperrliste(werte, aufbau(ZWEI), genau).gesperrt) == 2


def test_anderswo_veroeffentlichte_summe_zaehlt_mit():
    # Eine andere Stelle nennt 11 + 12 = 24. Dann schützt 12 die 11 nicht mehr allein.
    zahlen = {"A": {"11": 4, "12": 20, "13": 50, "21": 30, "22": 40, "23": 60}}
    werte = stadt(zahlen, ZWEI)
    anderswo = pd.DataFrame(
        {
            "aussage": "pm1",
            "ebene": "gebiet",
            "gebiet": ["11", "13"],
            "indikator": "A",
            "stichtag": TAG,
            "groesse": "zaehler",
            "gewicht": 1.0,
            "wert": 54.0,
            "toleranz": 0.0,
        }
    )
    liste = sperrliste(werte, aufbau(ZWEI), PROFIL, anderswo=anderswo)
    pruefung = angegriffen(werte, aufbau(ZWEI), liste=liste, anderswo=anderswo)
    assert pruefung["geschuetzt"].all()
    ohne = sperrliste(werte, aufbau(ZWEI), PROFIL)
    assert len(liste.gesperrt) >= len(ohne.gesperrt)


def test_reihenfolge_der_zeilen_ist_egal():
    zahlen = {"A": {"11": 4, "12": 20, "13": 20, "21": 3, "22": 20, "23": 20}}
    werte = stadt(zahlen, ZWEI)
    vorwaerts = sperrliste(werte, aufbau(ZWEI), PROFIL)
    rueckwaerts = sperrliste(werte.iloc[::-1], aufbau(ZWEI), PROFIL)
    assert vorwaerts == rueckwaerts


def test_widersprechende_partition_gilt_nicht():
    # Frauen 4 + Männer 30 sind nicht 60: die Zahlen kommen aus zwei Quellen.
    zahlen = {
        "F": {"11": 40, "12": 25},
        "M": {"11": 30, "12": 35},
        "G": {"11": 60, "12": 60},
    }
    plan = aufbau({"11": "1", "12": "1"}, [FRAUEN_MAENNER])
    assert sperrliste(stadt(zahlen, {"11": "1", "12": "1"}), plan, PROFIL).gesperrt == (
        frozenset()
    )


@pytest.mark.parametrize("startwert", range(12))
def test_wahl_ist_so_billig_wie_durch_ausprobieren(startwert):
    zufall = np.random.default_rng(startwert)
    bezirke = {"11": "1", "12": "1", "13": "1", "21": "2", "22": "2"}
    zahlen = {
        "A": {
            g: int(z) for g, z in zip(bezirke, zufall.geometric(0.06, 5), strict=True)
        }
    }
    for teil in teilaufgaben(stadt(zahlen, bezirke), aufbau(bezirke), PROFIL):
        wahl = waehle(teil.aufgabe)
        kosten = sum(teil.aufgabe.kosten[n] for n in wahl.gesperrt)
        assert wahl.bestmoeglich
        assert kosten == pytest.approx(billigste(teil.aufgabe))


def test_offenlegung_einer_mitgesperrten_zelle_verraet_die_kleine():
    zahlen = {"A": {"11": 4, "12": 20, "13": 50, "21": 30, "22": 40, "23": 60}}
    werte = stadt(zahlen, ZWEI)
    liste = sperrliste(werte, aufbau(ZWEI), PROFIL)
    frei = veroeffentlicht(werte, liste, aufbau(ZWEI))
    assert frei["wertart"].eq("gesperrt").sum() == 2
    leichtsinnig = type(liste)(
        gesperrt=liste.gesperrt - {("gebiet", "12", "A", TAG)}, offen=liste.offen
    )
    pruefung = angegriffen(werte, aufbau(ZWEI), liste=leichtsinnig)
    # Die Zahl selbst und der Anteil, der aus ihr folgt.
    verraten = pruefung.loc[~pruefung["geschuetzt"], "unten"]
    assert verraten.tolist() == [4, 4 / NENNER]


def test_ohne_suche_nach_dem_optimum_bleibt_alles_geschuetzt(monkeypatch):
    # Bricht die Suche ab, ergänzt ein einfaches Verfahren: sicher, nur teurer.
    monkeypatch.setattr("quartierstools.geheimhaltung.sperrung.HOECHSTRUNDEN", 0)
    zahlen = {"A": {"11": 4, "12": 20, "13": 50, "21": 3, "22": 40, "23": 60}}
    werte = stadt(zahlen, ZWEI)
    liste = sperrliste(werte, aufbau(ZWEI), PROFIL)
    assert not liste.bestmoeglich
    assert angegriffen(werte, aufbau(ZWEI), liste=liste)["geschuetzt"].all()
    assert gesperrte(liste) == {"11", "12", "21", "22"}
