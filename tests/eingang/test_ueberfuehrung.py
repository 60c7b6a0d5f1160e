"""Neue Grenzen: Genaues kommt in den Bestand, eine Schätzung nie."""

import csv
import shutil
import subprocess
import sys

import pandas as pd
import pytest
from eingang_hilfe import FAELLE
from hausmittel import umgebung

from quartierstools.eingang import lies_datenstand
from quartierstools.eingang.ueberfuehrung import (
    schreibe_ueberfuehrung,
    ueberfuehre_bestand,
)
from quartierstools.fehler import Aufruffehler, Ausgabefehler, Datenfehler
from quartierstools.katalog import Projektordner

KOPF = "ebene;gebiet;indikator;stichtag;wert;zaehler;nenner;quelle;stichtag_belegt"

# A und B werden 010, C heißt künftig 011, D wird in 020 und 021 geteilt.
BRUECKE = "alt;neu;gewicht\nA;010;1\nB;010;1\nC;011;1\nD;020;0,6\nD;021;0,4\n"
ALT = f"""{KOPF}
gebiet;A;B01;2020-12-31;;30;400;statistik;ja
gebiet;B;B01;2020-12-31;;50;600;statistik;ja
gebiet;C;B01;2020-12-31;.;;;statistik;ja
gebiet;D;B01;2020-12-31;;100;1000;statistik;ja
"""


@pytest.fixture
def ort(tmp_path):
    return Projektordner(
        shutil.copytree(FAELLE / "kleinstadt", tmp_path / "kleinstadt")
    )


def lege(tmp_path, alt=ALT, bruecke=BRUECKE):
    tabelle, plan = tmp_path / "alt_2020.csv", tmp_path / "bruecke.csv"
    tabelle.write_text(alt, encoding="utf-8")
    plan.write_text(bruecke, encoding="utf-8")
    return tabelle, plan


def zeilen(datei):
    text = datei.read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def test_zusammengelegt_umbenannt_gesperrt_geteilt_von_hand(ort, tmp_path):
    tabelle, plan = lege(tmp_path)
    ergebnis = ueberfuehre_bestand([tabelle], plan, ort)
    felder = ["gebiet", "wert", "zaehler", "nenner", "hinweis"]
    assert ergebnis.genau[felder].to_numpy().tolist() == [
        ["010", "", "80", "1000", "umgerechnet aus A und B"],
        ["011", ".", "", "", "umgerechnet aus C"],
    ]
    assert ergebnis.geschaetzt[[*felder, "geschaetzt"]].to_numpy().tolist() == [
        ["020", "10", "60", "600", "geschätzt nach Anteilen von D (60,0 %)", "ja"],
        ["021", "10", "40", "400", "geschätzt nach Anteilen von D (40,0 %)", "ja"],
    ]
    (stand,) = ergebnis.uebersicht.to_dict("records")
    assert stand == {
        "indikator": "B01",
        "stichtag": "2020-12-31",
        "genau": 1,
        "geschätzt": 2,
        "gesperrt": 1,
        "ohne Wert": 0,
    }


def test_genaues_liest_der_bestand_schaetzungen_weist_er_zurueck(ort, tmp_path):
    tabelle, plan = lege(tmp_path)
    ergebnis = ueberfuehre_bestand([tabelle], plan, ort)
    genau, geschaetzt = schreibe_ueberfuehrung(ergebnis, tmp_path / "neu", "alt_2020")
    bestand = ort.wurzel / "bestand"
    shutil.copy(genau, bestand)
    werte = lies_datenstand(ort).werte
    neu = werte[werte["stichtag"] == "2020-12-31"].set_index("gebiet")
    assert neu["wertart"].to_dict() == {"010": "Zahl", "011": "gesperrt"}
    assert neu.loc["010", "wert"] == 80 / 1000
    shutil.copy(geschaetzt, bestand)
    with pytest.raises(Datenfehler, match="Die Spalte „geschaetzt“ gibt es hier nicht"):
        lies_datenstand(ort)


def test_geschaetzte_anzahlen_sind_ganze_zahlen(ort, tmp_path):
    alt = f"{KOPF}\ngebiet;D;K01;2020-12-31;1001;;;statistik;ja\n"
    tabelle, plan = lege(tmp_path, alt=alt)
    ergebnis = ueberfuehre_bestand([tabelle], plan, ort)
    assert ergebnis.genau.empty
    assert ergebnis.geschaetzt["wert"].tolist() == ["601", "400"]
    assert ergebnis.uebersicht["ohne Wert"].tolist() == [2]


def test_stadtwerte_bleiben_und_zaehlen_nicht_als_gebiet(ort, tmp_path):
    alt = f"{ALT}stadt;stadt;B01;2020-12-31;;180;2000;statistik;ja\n"
    tabelle, plan = lege(tmp_path, alt=alt)
    ergebnis = ueberfuehre_bestand([tabelle], plan, ort)
    stadt = ergebnis.genau[ergebnis.genau["ebene"] == "stadt"]
    assert stadt[["zaehler", "nenner"]].to_numpy().tolist() == [["180", "2000"]]
    assert ergebnis.uebersicht["genau"].tolist() == [1]


def test_schaetzung_nennt_den_wert_aus_ungerundeten_fallzahlen(ort, tmp_path):
    # 41 von 287 sind 14,29 Prozent; gerundet geteilt (25 von 172) wären es 14,53.
    alt = f"{KOPF}\ngebiet;D;B01;2020-12-31;;41;287;statistik;ja\n"
    tabelle, plan = lege(tmp_path, alt=alt)
    zeile = ueberfuehre_bestand([tabelle], plan, ort).geschaetzt.iloc[0]
    assert (zeile["wert"], zeile["zaehler"], zeile["nenner"]) == ("14,29", "25", "172")


def test_stadtbezirke_gehen_nicht_mit(ort, tmp_path):
    alt = f"{ALT}stadtbezirk;1;B01;2020-12-31;;30;400;statistik;ja\n"
    tabelle, plan = lege(tmp_path, alt=alt)
    ergebnis = ueberfuehre_bestand([tabelle], plan, ort)
    assert set(ergebnis.genau["ebene"]) == {"gebiet"}


def test_gleichnamige_tabellen_verlieren_nichts(ort, tmp_path):
    _, plan = lege(tmp_path)
    kopf, a, b, c, d = ALT.splitlines()
    orte = []
    for name, zeilen in (("x", [a, b]), ("y", [c, d])):
        (tmp_path / name).mkdir()
        datei = tmp_path / name / "werte.csv"
        datei.write_text("\n".join([kopf, *zeilen]) + "\n", encoding="utf-8")
        orte.append(datei)
    getrennt = ueberfuehre_bestand(orte, plan, ort)
    assert getrennt.genau["gebiet"].tolist() == ["010", "011"]
    assert getrennt.geschaetzt["gebiet"].tolist() == ["020", "021"]
    with pytest.raises(Aufruffehler, match="zweimal angegeben"):
        ueberfuehre_bestand([orte[0], orte[0]], plan, ort)


def test_bruecke_zu_fremden_gebieten_ist_ein_mangel(ort, tmp_path):
    tabelle, plan = lege(tmp_path, bruecke="alt;neu;gewicht\nA;777;1\nB;888;1\n")
    with pytest.raises(Datenfehler) as fehler:
        ueberfuehre_bestand([tabelle], plan, ort)
    assert "„777“ hat das Projekt nicht" in str(fehler.value)
    assert "„888“ hat das Projekt nicht" in str(fehler.value)


def test_alter_schluessel_ohne_bruecke_ist_ein_mangel(ort, tmp_path):
    alt = f"{KOPF}\ngebiet;Z;B01;2020-12-31;;10;400;statistik;ja\n"
    tabelle, plan = lege(tmp_path, alt=alt)
    with pytest.raises(Datenfehler, match=r"alt_2020\.csv, Zeile 2.*„Z“ gibt es nicht"):
        ueberfuehre_bestand([tabelle], plan, ort)


def test_ueberschrieben_wird_nichts(ort, tmp_path):
    tabelle, plan = lege(tmp_path)
    ergebnis = ueberfuehre_bestand([tabelle], plan, ort)
    (genau, _) = schreibe_ueberfuehrung(ergebnis, tmp_path / "neu", "alt_2020")
    genau.write_text("meins", encoding="utf-8")
    with pytest.raises(Aufruffehler, match=r"liegt schon alt_2020_genau\.csv"):
        schreibe_ueberfuehrung(ergebnis, tmp_path / "neu", "alt_2020")
    assert genau.read_text(encoding="utf-8") == "meins"


def test_unbeschreibbarer_ort_wird_erklaert(ort, tmp_path):
    tabelle, plan = lege(tmp_path)
    ergebnis = ueberfuehre_bestand([tabelle], plan, ort)
    (tmp_path / "datei").write_text("", encoding="utf-8")
    with pytest.raises(Ausgabefehler, match="lässt sich nicht schreiben"):
        schreibe_ueberfuehrung(ergebnis, tmp_path / "datei" / "neu", "alt_2020")


def test_befehl_zeigt_anzahlen_und_naechsten_schritt(ort, tmp_path):
    tabelle, plan = lege(tmp_path)
    befehl = [sys.executable, "-m", "quartierstools", "ueberfuehre", str(tabelle)]
    befehl += ["--bruecke", str(plan), "--projekt", str(ort.wurzel)]
    befehl += ["--ziel", str(tmp_path / "neu")]
    lauf = subprocess.run(
        befehl, env=umgebung(), capture_output=True, text=True, check=False
    )
    assert lauf.returncode == 0, lauf.stderr
    assert (
        "B01, 31.12.2020: 1 genau, 2 geschätzt, 1 gesperrt, 0 ohne Wert" in lauf.stdout
    )
    assert "Schätzungen gehen in keinen Lauf ein." in lauf.stdout
    assert "alt_2020_genau.csv nach bestand/ legen" in lauf.stdout
    assert [z["gebiet"] for z in zeilen(tmp_path / "neu" / "alt_2020_genau.csv")] == [
        "010",
        "011",
    ]


def test_in_den_bestand_schreibt_der_befehl_nicht_selbst(ort, tmp_path):
    tabelle, plan = lege(tmp_path)
    befehl = [sys.executable, "-m", "quartierstools", "ueberfuehre", str(tabelle)]
    befehl += ["--bruecke", str(plan), "--projekt", str(ort.wurzel)]
    befehl += ["--ziel", str(ort.wurzel / "bestand")]
    vorher = sorted(p.name for p in (ort.wurzel / "bestand").iterdir())
    lauf = subprocess.run(
        befehl, env=umgebung(), capture_output=True, text=True, check=False
    )
    assert lauf.returncode == 2
    assert "In bestand/ gehört nur, was genau ist" in lauf.stderr
    assert sorted(p.name for p in (ort.wurzel / "bestand").iterdir()) == vorher


def test_die_reihenfolge_der_alten_zeilen_aendert_nichts(ort, tmp_path):
    tabelle, plan = lege(tmp_path)
    vorher = ueberfuehre_bestand([tabelle], plan, ort)
    kopf, *rest = ALT.splitlines()
    tabelle.write_text("\n".join([kopf, *reversed(rest)]) + "\n", encoding="utf-8")
    nachher = ueberfuehre_bestand([tabelle], plan, ort)
    pd.testing.assert_frame_equal(vorher.genau, nachher.genau)
    pd.testing.assert_frame_equal(vorher.geschaetzt, nachher.geschaetzt)
