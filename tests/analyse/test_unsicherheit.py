"""Stimmen Intervalle und Schrumpfen mit der Handrechnung?"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.analyse import (
    intervalle,
    schrumpfe,
    wilson,
    wilson_differenz,
    zugsatz,
)
from quartierstools.analyse.pruefung import Einstellungsfehler, Merkmalsfehler

from .conftest import lies_faelle

FAELLE = lies_faelle("unsicherheit.yaml")


@pytest.mark.parametrize("fall", FAELLE["wilson"], ids=lambda f: f["quelle"])
def test_wilson_von_hand_gerechnet(fall):
    zeile = wilson(fall["zaehler"], fall["nenner"]).iloc[0]
    assert zeile["unten"] == pytest.approx(fall["unten"], abs=6e-5)
    assert zeile["oben"] == pytest.approx(fall["oben"], abs=6e-5)


@pytest.mark.parametrize("fall", FAELLE["newcombe"], ids=lambda f: f["quelle"])
def test_differenz_wie_bei_newcombe(fall):
    zeile = wilson_differenz(fall["vorher"], fall["nachher"]).iloc[0]
    for spalte in ("differenz", "unten", "oben"):
        assert zeile[spalte] == pytest.approx(fall[spalte], abs=6e-5)


@given(st.integers(1, 5000), st.data(), st.floats(0.5, 0.999))
def test_anteil_liegt_im_intervall_und_das_in_null_bis_eins(n, data, sicherheit):
    x = data.draw(st.integers(0, n))
    zeile = wilson(x, n, sicherheit=sicherheit).iloc[0]
    assert 0 <= zeile["unten"] <= zeile["anteil"] <= zeile["oben"] <= 1


def test_ohne_nenner_gibt_es_keinen_anteil_und_nicht_null():
    tabelle = wilson(pd.Series([0.0, np.nan, 3]), pd.Series([0.0, 10, np.nan]))
    assert tabelle.isna().all(axis=None)


def test_zaehler_ueber_nenner_nennt_jedes_gebiet():
    with pytest.raises(Merkmalsfehler) as fehler:
        wilson(pd.Series({"10": 5, "11": -1}), pd.Series({"10": 4, "11": 9}))
    assert len(fehler.value.befunde) == 2


def test_sicherheit_muss_ein_anteil_sein():
    with pytest.raises(Einstellungsfehler, match="über 0 und unter 1"):
        wilson(1, 2, sicherheit=95)


def test_nur_anteile_geben_kein_intervall_sondern_einen_satz():
    tabelle, satz = intervalle(anteil=pd.Series({"10": 0.08}))
    assert tabelle[["unten", "oben"]].isna().all(axis=None)
    assert satz == (
        "Es liegen nur Anteile vor, keine Zähler und Nenner; ein Intervall lässt sich "
        "daraus nicht rechnen."
    )


def test_mit_fallzahlen_gibt_es_ein_intervall_und_keinen_satz():
    x, n = pd.Series({"10": 8}), pd.Series({"10": 300})
    tabelle, satz = intervalle(zaehler=x, nenner=n)
    pd.testing.assert_frame_equal(tabelle, wilson(x, n))
    assert satz == ""


@pytest.mark.parametrize(
    "fall", lies_faelle("schrumpfen.yaml"), ids=lambda f: f["name"]
)
def test_schrumpfen_von_hand_gerechnet(fall):
    x, n = pd.Series(fall["zaehler"]), pd.Series(fall["nenner"])
    tabelle = schrumpfe(x, n)
    np.testing.assert_allclose(tabelle["geschrumpft"], fall["geschrumpft"], atol=1e-6)
    np.testing.assert_allclose(tabelle["ziel"], fall["ziel"])
    staerke = n * (1 / tabelle["eigengewicht"] - 1)
    np.testing.assert_allclose(staerke, fall["staerke"], rtol=1e-6)


zellen = st.lists(
    st.tuples(st.integers(1, 2000), st.floats(0, 1)), min_size=2, max_size=30
)


@given(zellen)
def test_geschrumpft_liegt_zwischen_rohwert_und_ziel(paare):
    n = pd.Series([p[0] for p in paare], dtype=float)
    x = pd.Series([round(p[0] * p[1]) for p in paare], dtype=float)
    t = schrumpfe(x, n)
    unten, oben = t[["roh", "ziel"]].min(axis=1), t[["roh", "ziel"]].max(axis=1)
    assert (t["geschrumpft"] >= unten - 1e-12).all()
    assert (t["geschrumpft"] <= oben + 1e-12).all()
    np.testing.assert_allclose(t["zug"], t["geschrumpft"] - t["roh"], atol=1e-12)


def test_kleine_gebiete_werden_staerker_gezogen():
    n = pd.Series([50.0, 500, 5000, 800])
    t = schrumpfe(pd.Series([10.0, 100, 1000, 40]), n)
    assert t["eigengewicht"].iloc[:3].is_monotonic_increasing


def test_ziel_ist_der_eigene_stadtbezirk():
    x = pd.Series({"10": 10.0, "11": 30, "20": 5, "21": 5})
    n = pd.Series({"10": 100.0, "11": 100, "20": 100, "21": 100})
    t = schrumpfe(x, n, gruppe={"10": "1", "11": "1", "20": "2", "21": "2"})
    assert t["ziel"].to_dict() == {"10": 0.2, "11": 0.2, "20": 0.05, "21": 0.05}


def test_nur_zufall_zieht_ganz_zum_ziel():
    t = schrumpfe(pd.Series([20.0, 20, 21]), pd.Series([100.0, 100, 100]))
    np.testing.assert_allclose(t["geschrumpft"], t["ziel"])
    assert (t["eigengewicht"] == 0).all()


def test_gebiet_ohne_gruppe_ist_ein_fehler():
    x = pd.Series({"10": 1.0, "11": 2.0})
    with pytest.raises(Merkmalsfehler, match="„11“ hat keine Gruppe"):
        schrumpfe(x, x + 10, gruppe={"10": "1"})


def test_gesperrte_zelle_bleibt_leer_und_zaehlt_nicht_mit():
    x = pd.Series({"10": 10.0, "11": np.nan, "12": 30})
    n = pd.Series({"10": 100.0, "11": 100, "12": 100})
    t = schrumpfe(x, n)
    assert t.loc["11"].drop("ziel").isna().all()
    ohne = schrumpfe(x.drop("11"), n.drop("11"))
    pd.testing.assert_frame_equal(t.drop("11"), ohne)


def test_satz_macht_das_ziehen_sichtbar():
    zeile = pd.Series({"roh": 0.1, "geschrumpft": 0.1071, "eigengewicht": 0.929})
    assert zugsatz("Hordel", zeile) == (
        "Hordel: 10,0\u00a0% gezählt, 10,7\u00a0% nach Ausgleich kleiner Fallzahlen "
        "(zu 93\u00a0% der eigene Wert, sonst Mittel der Stadt)."
    )


@pytest.mark.parametrize(
    ("zaehler", "nenner", "satz"),
    [
        (pd.Series({"a": 1}), pd.Series({"b": 10}), "„a“ steht nur bei einem"),
        (pd.Series({"a": 1, "b": 2}), pd.Series({"a": 10}), "„b“ steht nur bei einem"),
        (pd.Series([1, 2], index=["a", "a"]), pd.Series({"a": 9}), "„a“ steht mehr"),
        ([1, 2], [10, 20, 30], "2 verschiedene Längen: [2, 3]"),
    ],
)
def test_was_nicht_zusammenpasst_wird_kein_fehlender_anteil(zaehler, nenner, satz):
    with pytest.raises(Merkmalsfehler) as fehler:
        wilson(zaehler, nenner)
    assert satz in str(fehler.value)


def test_andere_reihenfolge_der_nenner_ist_egal():
    x, n = pd.Series({"a": 1, "b": 5}), pd.Series({"b": 10, "a": 20})
    pd.testing.assert_frame_equal(wilson(x, n), wilson(x, n.reindex(["a", "b"])))
