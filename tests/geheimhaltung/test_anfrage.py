"""Ein Tippfehler in einer Frage sieht nie aus wie ein fehlender Wert."""

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from quartierstools import oeffne
from quartierstools.auswertung import Einstellung
from quartierstools.eingang import lies_datenstand
from quartierstools.fehler import Aufruffehler, Katalogfehler
from quartierstools.geheimhaltung import gib_frei
from quartierstools.geheimhaltung.freigabe import verlange_schluessel
from quartierstools.katalog import finde_projekt

DATEN = Path(__file__).parents[2] / "daten"


@pytest.fixture(scope="module")
def werkbank():
    return oeffne("bochum")


@pytest.fixture(scope="module")
def freigabe(werkbank):
    return werkbank.auswertung.freigabe


@pytest.fixture(scope="module")
def muster_stadt():
    return lies_datenstand(finde_projekt("musterstadt", daten=DATEN))


@pytest.mark.parametrize(
    "frage",
    [
        lambda f: f.zelle("24", "B99"),
        lambda f: f.wertarten("B99"),
        lambda f: f.stichtag("B99"),
        lambda f: f.liegt_vor("B99"),
        lambda f: f.tabelle(["B01", "B99"]),
        lambda f: f.zeilennummern("B99"),
    ],
)
def test_unbekannter_indikator_nennt_den_naechsten(freigabe, frage):
    with pytest.raises(Katalogfehler, match="„B99“ kennt der Katalog nicht"):
        frage(freigabe)


@pytest.mark.parametrize("stichtag", ["2024", "31.12.2024", "nan", "2024-13-01"])
@pytest.mark.parametrize("frage", ["tabelle", "wertarten", "zeilennummern"])
def test_ein_stichtag_ist_ein_datum(freigabe, frage, stichtag):
    indikator = ["B01"] if frage == "tabelle" else "B01"
    with pytest.raises(Aufruffehler, match=r"ist kein Datum.*JJJJ-MM-TT"):
        getattr(freigabe, frage)(indikator, stichtag=stichtag)
    with pytest.raises(Aufruffehler, match="ist kein Datum"):
        freigabe.zelle("24", "B01", stichtag=stichtag)


@pytest.mark.parametrize(
    ("gebiet", "rat"),
    [
        ("99", "Erwartet wird ein Schlüssel als Text, etwa „10“ "),
        (24, "Schlüssel sind Text: „24“ in Anführungszeichen"),
        ("Wattenscheid-Mitte", "Meinten Sie den Schlüssel „24“?"),
        ("Watenscheid-Mitte", "Meinten Sie „Wattenscheid-Mitte“?"),
    ],
)
def test_unbekanntes_gebiet_nennt_was_gemeint_sein_kann(freigabe, gebiet, rat):
    with pytest.raises(Aufruffehler, match="gibt es nicht") as fehler:
        freigabe.zelle(gebiet, "B01")
    assert rat in str(fehler.value)
    with pytest.raises(Aufruffehler, match="gibt es nicht"):
        freigabe.gebietszeile(gebiet)


def test_die_stadt_und_ihre_bezirke_haben_eigene_schluessel(freigabe):
    bezirk = str(freigabe.stadtbezirke.index[0])
    assert freigabe.zelle(bezirk, "B01", ebene="stadtbezirk").gebiet == bezirk
    assert freigabe.zelle("stadt", "B01", ebene="stadt").gebiet == "stadt"
    assert freigabe.gebietszeile(bezirk, "stadtbezirk")["name"]
    for gebiet, ebene in (("24", "stadt"), ("24", "quartier"), ("stadt", "gebiet")):
        with pytest.raises(Aufruffehler, match="gibt es nicht"):
            freigabe.zelle(gebiet, "B01", ebene=ebene)
    with pytest.raises(Aufruffehler, match="Den Stadtbezirk „9“ gibt es nicht"):
        freigabe.gebietszeile("9", "stadtbezirk")


@pytest.mark.parametrize(
    "schreibe",
    [
        lambda w: w.schreibe_steckbrief("Grumme"),
        lambda w: w.schreibe_begruendung("jobcenter"),
        lambda w: w.schreibe_stadtbezirk("9"),
        lambda w: w.schreibe_bericht("jugend"),
        lambda w: w.auswertung.standorte("jugend"),
        lambda w: w.auswertung.szenarien("jugend"),
    ],
)
def test_die_werkbank_nennt_unbekanntes_beim_namen(werkbank, schreibe, monkeypatch):
    monkeypatch.setattr(
        type(werkbank), "_schreibe", lambda *_: pytest.fail("geschrieben")
    )
    with pytest.raises((Aufruffehler, Katalogfehler), match=r"gibt es nicht|kennt der"):
        schreibe(werkbank)


def test_was_es_gibt_geht_durch():
    namen = pd.Series({"1": "Mitte", "2": "Nord"})
    verlange_schluessel("2", namen)
    with pytest.raises(Aufruffehler, match="„1“ \\(Mitte\\), „2“ \\(Nord\\)"):
        verlange_schluessel("3", namen)


@pytest.mark.parametrize("fassung", ["öffentlich", "Intern", "public", "", None])
def test_eine_unbekannte_fassung_gibt_nichts_frei(muster_stadt, fassung):
    # Alles, was nicht wörtlich „intern“ heißt, darf nie alle Werte zeigen.
    with pytest.raises(Aufruffehler, match=r"Fassung .* gibt es nicht.*oeffentlich"):
        gib_frei(muster_stadt, fassung)
    with pytest.raises(Aufruffehler, match="gibt es nicht"):
        oeffne("musterstadt", fassung=fassung)
    frei = gib_frei(muster_stadt)
    with pytest.raises(Aufruffehler, match="gibt es nicht"):
        dataclasses.replace(frei, fassung=fassung)


@pytest.mark.parametrize(
    ("angabe", "mangel"),
    [
        ({"anzahl_typen": 1}, "anzahl_typen: „1“ geht nicht"),
        ({"anzahl_typen": 9}, "anzahl_typen: „9“ geht nicht"),
        ({"anzahl_typen": "drei"}, "anzahl_typen: „drei“ geht nicht"),
        ({"anzahl_typen": True}, "anzahl_typen: „True“ geht nicht"),
        ({"varianten": 0}, "varianten: „0“ geht nicht"),
        ({"varianten": 10.5}, "varianten: „10.5“ geht nicht"),
        ({"startwert": -1}, "startwert: „-1“ geht nicht"),
        ({"gewichte": "langzeitarbeitslose:B05=2"}, "gewichte: Erwartet wird eine"),
        ({"gewichte": {"B05": 2}}, "gewichte: Erwartet wird eine Liste"),
        ({"typmerkmale": [1, 2]}, "typmerkmale: Erwartet wird eine Liste"),
    ],
)
def test_eine_einstellung_nennt_was_nicht_geht(angabe, mangel):
    with pytest.raises(Aufruffehler) as fehler:
        oeffne("bochum", **angabe)
    assert mangel in str(fehler.value)


def test_eine_einstellung_nennt_alle_maengel_zugleich():
    with pytest.raises(Aufruffehler) as fehler:
        Einstellung(anzahl_typen=99, varianten=-1, gewichte="x")
    assert str(fehler.value).count("\n  - ") == 3


def test_ein_projekt_ist_ein_text():
    with pytest.raises(Aufruffehler, match="Das Projekt ist ein Text"):
        oeffne(3)
