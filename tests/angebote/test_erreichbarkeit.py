"""Wege und Plätze in Reichweite, von Hand gerechnet."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.angebote.erreichbarkeit import erreichbarkeit, zwei_schritt
from quartierstools.angebote.wege import ERDRADIUS, luftlinie, wege
from quartierstools.katalog.angebotsmodelle import Angebotsregeln

REGELN = Angebotsregeln(id="probe", gehgeschwindigkeit=6, umwegfaktor=1.5)
GRAD = np.pi * ERDRADIUS / 180
"""Meter je Grad Breite: 111.195."""


def punkte(**breiten):
    return pd.DataFrame({"breite": breiten, "laenge": dict.fromkeys(breiten, 7.0)})


def test_luftlinie_nach_norden_von_hand():
    # 0,01 Grad Breite = 0,01 · π · 6.371.008,8 m / 180 = 1.111,95 m
    meter = luftlinie(punkte(a=51.0), punkte(b=51.01)).loc["a", "b"]
    assert meter == pytest.approx(1111.95, abs=0.01)


def test_gehzeit_aus_luftlinie_umweg_und_tempo():
    # 1.111,95 m · 1,5 / 100 m je Minute (6 km/h) = 16,68 Minuten
    ergebnis = wege(punkte(a=51.0), punkte(b=51.01), REGELN)
    assert ergebnis.wegart == "Luftlinie mit Umwegfaktor"
    assert ergebnis.minuten.loc["a", "b"] == pytest.approx(16.68, abs=0.01)


def kanten(*zeilen):
    namen = ["von_breite", "von_laenge", "nach_breite", "nach_laenge", "meter"]
    return pd.DataFrame(zeilen, columns=namen).astype("float64")


def test_kuerzester_weg_im_netz_von_hand():
    # Direkt 5.000 m, über die Mitte 800 + 900 = 1.700 m: 17 Minuten bei 6 km/h.
    netz = kanten(
        (51.00, 7.0, 51.02, 7.0, 5000),
        (51.00, 7.0, 51.01, 7.0, 800),
        (51.01, 7.0, 51.02, 7.0, 900),
    )
    ergebnis = wege(punkte(a=51.0), punkte(b=51.02), REGELN, netz)
    assert ergebnis.wegart == "Wegenetz"
    assert ergebnis.minuten.loc["a", "b"] == pytest.approx(17.0)


def test_zugang_zum_netz_zaehlt_mit_umwegfaktor():
    # a liegt 0,001 Grad (111,2 m) neben der Kreuzung: 111,2 · 1,5 + 800 = 966,8 m.
    netz = kanten((51.0, 7.0, 51.01, 7.0, 800))
    ergebnis = wege(punkte(a=50.999), punkte(b=51.01), REGELN, netz)
    erwartet = (0.001 * GRAD * 1.5 + 800) / 100
    assert ergebnis.minuten.loc["a", "b"] == pytest.approx(erwartet)


def test_ohne_laenge_zaehlt_die_luftlinie_der_kante():
    netz = kanten((51.0, 7.0, 51.01, 7.0, None))
    ergebnis = wege(punkte(a=51.0), punkte(b=51.01), REGELN, netz)
    assert ergebnis.minuten.loc["a", "b"] == pytest.approx(0.01 * GRAD / 100)


def test_getrennte_netze_haben_keinen_weg():
    netz = kanten((51.0, 7.0, 51.001, 7.0, 100), (52.0, 7.0, 52.001, 7.0, 100))
    ergebnis = wege(punkte(a=51.0), punkte(b=52.0), REGELN, netz)
    assert np.isnan(ergebnis.minuten.loc["a", "b"])


def test_von_doppelten_kanten_zaehlt_die_kuerzere():
    netz = kanten((51.0, 7.0, 51.01, 7.0, 900), (51.01, 7.0, 51.0, 7.0, 700))
    ergebnis = wege(punkte(a=51.0), punkte(b=51.01), REGELN, netz)
    assert ergebnis.minuten.loc["a", "b"] == pytest.approx(7.0)


def test_zwei_schritt_von_hand():
    # a: 20 Plätze, erreicht von 10 und 11 (60 + 40): 0,2. b: 30 Plätze, erreicht nur
    # von 11 (40): 0,75. 10 → 0,2; 11 → 0,95; 12 erreicht nichts.
    minuten = pd.DataFrame(
        {"a": [5.0, 10.0, 90.0], "b": [60.0, 15.0, 16.0]}, index=["10", "11", "12"]
    )
    menschen = pd.Series({"10": 60.0, "11": 40.0, "12": 50.0})
    plaetze = pd.Series({"a": 20.0, "b": 30.0})
    quote = zwei_schritt(minuten, menschen, plaetze, reichweite=15)
    assert quote["10"] == pytest.approx(0.2)
    assert quote["11"] == pytest.approx(0.95)
    assert np.isnan(quote["12"])


def test_ohne_gezaehlte_in_reichweite_gibt_es_keine_quote():
    minuten = pd.DataFrame({"a": [5.0]}, index=["10"])
    for menschen in (pd.Series({"10": 0.0}), pd.Series({"10": float("nan")})):
        quote = zwei_schritt(minuten, menschen, pd.Series({"a": 9.0}), reichweite=15)
        assert quote.isna().all()


WEG = st.one_of(st.none(), st.floats(0, 40))
FALL = st.integers(2, 5).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(WEG, min_size=n, max_size=n), min_size=3, max_size=3),
        st.lists(st.integers(1, 500), min_size=3, max_size=3),
        st.lists(st.integers(0, 90), min_size=n, max_size=n),
    )
)


def _tafeln(fall):
    weg, menschen, plaetze = fall
    orte = ["10", "11", "12"]
    angebote = [f"a{n}" for n in range(len(plaetze))]
    return (
        pd.DataFrame(weg, index=orte, columns=angebote, dtype="float64"),
        pd.Series(menschen, index=orte, dtype="float64"),
        pd.Series(plaetze, index=angebote, dtype="float64"),
    )


@given(FALL)
def test_ein_angebot_mehr_verschlechtert_die_erreichbarkeit_nie(fall):
    minuten, menschen, plaetze = _tafeln(fall)
    weniger = list(plaetze.index[:-1])
    vorher = zwei_schritt(minuten[weniger], menschen, plaetze[weniger], reichweite=15)
    nachher = zwei_schritt(minuten, menschen, plaetze, reichweite=15)
    assert (nachher.fillna(0) >= vorher.fillna(0) - 1e-12).all()


@given(FALL)
def test_erreichte_plaetze_bleiben_zusammen_gleich(fall):
    # Summe Quote · Menschen = Plätze, die jemand erreicht (Erhaltung).
    minuten, menschen, plaetze = _tafeln(fall)
    quote = zwei_schritt(minuten, menschen, plaetze, reichweite=15)
    erreicht = plaetze[(minuten <= 15).any(axis=0)].sum()
    assert (quote.fillna(0) * menschen).sum() == pytest.approx(erreicht)


@given(FALL, st.randoms(use_true_random=False))
def test_reihenfolge_der_gebiete_ist_egal(fall, zufall):
    minuten, menschen, plaetze = _tafeln(fall)
    orte, angebote = list(minuten.index), list(minuten.columns)
    zufall.shuffle(orte)
    zufall.shuffle(angebote)
    eins = zwei_schritt(minuten, menschen, plaetze, reichweite=15)
    zwei = zwei_schritt(
        minuten.loc[orte, angebote], menschen, plaetze[angebote], reichweite=15
    )
    pd.testing.assert_series_equal(eins, zwei.loc[eins.index], check_names=False)


def test_satz_nennt_das_verfahren_und_was_keinen_punkt_hat():
    bestand = pd.DataFrame(
        {
            "name": ["mit", "ohne", "ungeprüft"],
            "lage": ["geprüft", "geprüft", "ungeprüft"],
            "breite": [51.01, np.nan, 51.0],
            "laenge": [7.0, np.nan, 7.0],
            "plaetze": pd.array([10, 5, 90], dtype="Int64"),
        },
        index=["a", "b", "c"],
    )
    ergebnis = erreichbarkeit(
        punkte(**{"10": 51.0}),
        bestand,
        betroffene=pd.Series({"10": 50.0}),
        regeln=Angebotsregeln(id="probe", reichweite_minuten=30),
    )
    assert "Kein Wegenetz" in ergebnis.satz
    assert "Umwegfaktor 1,3" in ergebnis.satz
    assert ergebnis.ohne_punkt == ("b",)
    zeile = ergebnis.tafel.loc["10"]
    assert zeile["naechstes"] == "a"
    assert zeile["erreichbar"] == 1
    assert zeile["plaetze_je_100"] == pytest.approx(20.0)


def test_ohne_angebot_mit_ort_ist_der_weg_nicht_bekannt():
    leer = pd.DataFrame(
        {s: pd.Series(dtype="float64") for s in ("breite", "laenge")}
    ).assign(lage="", name="", plaetze=pd.array([], dtype="Int64"))
    ergebnis = erreichbarkeit(
        punkte(**{"10": 51.0}),
        leer,
        betroffene=pd.Series({"10": 50.0}),
        regeln=REGELN,
    )
    zeile = ergebnis.tafel.loc["10"]
    assert np.isnan(zeile["minuten"])
    assert "nicht bekannt" in zeile["satz"]
