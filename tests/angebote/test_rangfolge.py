"""Dominanz, gewichteter Vergleich, Grenzfälle und Fachurteile."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from quartierstools.angebote.rangfolge import (
    NUR_INTERN,
    dominanz,
    ergebnis_mit_urteil,
    gewichteter_vergleich,
    rangfolge,
)
from quartierstools.katalog.angebotsmodelle import Angebotsregeln, Kriterium

REGELN = Angebotsregeln(id="probe", knapp_abstand=0.25, varianten=50)
KRITERIEN = {
    k: Kriterium(id=k, bezeichnung=k.title(), gewicht=g)
    for k, g in (("haeufigkeit", 2.0), ("menge", 1.0))
}
GEBIETE = ["10", "11", "12", "13"]
EINSTUFUNG = pd.DataFrame(
    {
        "klasse": pd.array([4, 3, 2, None], dtype="Int64"),
        "wort": ["deutlich über", "über", "um das Mittel", None],
        "index": [1.8, 1.2, 0.8, np.nan],
        "haltbarkeit": [1.0, 0.9, 0.95, np.nan],
        "abstand": [0.3, 0.2, 0.2, np.nan],
    },
    index=GEBIETE,
)
WERTE = pd.DataFrame(
    {"haeufigkeit": EINSTUFUNG["index"], "menge": [100.0, 300.0, 50.0, 80.0]},
    index=GEBIETE,
)


def urteile(**status):
    index = pd.Index([k[1:] for k in status], name="gebiet", dtype="object")
    return pd.DataFrame(
        {
            "urteil": list(status.values()),
            "urteil_text": "wer",
            "urteil_grund": "warum",
        },
        index=index,
    )


def rechne(*, intern=True, einstufung=EINSTUFUNG, **status):
    return rangfolge(
        einstufung,
        WERTE,
        urteile(**status),
        kriterien=KRITERIEN,
        regeln=REGELN,
        grenze=1.0,
        intern=intern,
    )


def test_dominanz_und_stufen_von_hand():
    # a (3|3) übertrifft b (2|3), c (1|1) und d (2|2); b übertrifft d und c;
    # e (0|4) wird von keinem übertroffen. Stufen: a, e · b · d · c.
    lage = pd.DataFrame(
        {"x": [3.0, 2, 1, 2, 0], "y": [3.0, 3, 1, 2, 4]}, index=list("abcde")
    )
    tafel = gewichteter_vergleich(
        lage, pd.Series({"x": 1.0, "y": 1.0}), spanne=0, varianten=1
    )
    assert tafel["stufe"].to_dict() == {"a": 1, "b": 2, "c": 4, "d": 3, "e": 1}
    assert tafel["uebertroffen_von"].to_dict() == {
        "a": 0,
        "b": 1,
        "c": 3,
        "d": 2,
        "e": 0,
    }


def test_punkte_von_hand():
    # x von 0 bis 4, y von 10 bis 20; Gewichte 3 : 1. b: 3/4·1/2 + 1/4·1 = 0,625.
    lage = pd.DataFrame(
        {"x": [0.0, 2.0, 4.0], "y": [10.0, 20.0, 10.0]}, index=list("abc")
    )
    tafel = gewichteter_vergleich(
        lage, pd.Series({"x": 3.0, "y": 1.0}), spanne=0.25, varianten=200
    )
    assert tafel["punkte"].to_list() == pytest.approx([0.0, 0.625, 0.75])
    # Ohne x führt b, sonst c: das mittlere Band umfasst für a nur den letzten Platz.
    assert tafel.loc["a", ["rang_von", "rang_bis"]].to_list() == [3, 3]


def test_wer_fehlt_bekommt_keinen_rang():
    tafel = rechne().tafel
    assert tafel.loc["13", list(NUR_INTERN)].isna().all()
    assert tafel.loc["13", "nach_daten"] == "nicht eingestuft"


def test_oeffentlich_stehen_nur_klasse_haltbarkeit_und_abstand():
    oeffentlich, intern = rechne(intern=False).tafel, rechne().tafel
    assert set(intern.columns) - set(oeffentlich.columns) == set(NUR_INTERN)
    assert list(oeffentlich.index) == sorted(oeffentlich.index)
    pd.testing.assert_frame_equal(oeffentlich, intern[oeffentlich.columns])


def test_knapp_unter_der_grenze_steht_mit_abstand():
    # Grenze 1,0; Gebiet 12 hat 0,8: es fehlen 0,2 (höchstens 0,25).
    knapp = rechne().knapp
    assert list(knapp.index) == ["12"]
    assert knapp.loc["12", "abstand"] == pytest.approx(0.2)
    weiter = EINSTUFUNG.assign(index=[1.8, 1.2, 0.74, np.nan])
    assert rechne(einstufung=weiter).knapp.empty


@pytest.mark.parametrize(
    ("gebiet", "status", "ergebnis", "gilt"),
    [
        ("10", "verworfen", "nicht ausgewählt", "Fachurteil"),
        ("10", "fachlich bestätigt", "ausgewählt", "Daten"),
        ("10", "Hinweis", "ausgewählt", "Daten"),
        ("12", "fachlich bestätigt", "ausgewählt", "Fachurteil"),
        ("12", "verworfen", "nicht ausgewählt", "Daten"),
        ("12", "Hinweis", "nicht ausgewählt", "Daten"),
        ("13", "fachlich bestätigt", "ausgewählt", "Fachurteil"),
        ("13", "Hinweis", "nicht eingestuft", "Daten"),
    ],
)
def test_urteil_steht_neben_den_daten_und_kann_sie_ueberstimmen(
    gebiet, status, ergebnis, gilt
):
    ohne = rechne().tafel.loc[gebiet]
    mit = rechne(**{f"g{gebiet}": status}).tafel.loc[gebiet]
    assert (mit["ergebnis"], mit["gilt"]) == (ergebnis, gilt)
    # Beides steht da: Was die Daten sagen, ändert das Urteil nicht.
    assert mit["nach_daten"] == ohne["nach_daten"]
    assert str(mit["klasse"]) == str(ohne["klasse"])
    assert mit["urteil"] == status
    assert mit["urteil_grund"] == "warum"


def test_auswahl_folgt_daten_und_urteil():
    assert rechne(g10="verworfen", g12="fachlich bestätigt").ausgewaehlt == ("11", "12")


def test_unbenutzte_kriterien_stehen_mit_grund_im_satz():
    ergebnis = rangfolge(
        EINSTUFUNG,
        WERTE.assign(menge=[100.0, np.nan, np.nan, np.nan]),
        urteile(),
        kriterien=KRITERIEN,
        regeln=REGELN,
        grenze=1.0,
        intern=True,
    )
    assert not ergebnis.kriterien.loc["menge", "benutzt"]
    grund = "für weniger als zwei Drittel der Gebiete bekannt"
    assert ergebnis.satz.endswith(f" Nicht dabei: Menge: {grund}.")


def test_gleicher_grund_steht_einmal_und_gewicht_in_derselben_klammer():
    leer = WERTE.assign(menge=np.nan, weg=np.nan)
    kriterien = {
        "haeufigkeit": Kriterium(
            id="haeufigkeit", bezeichnung="Häufigkeit (Index)", gewicht=2.0
        ),
        "menge": Kriterium(id="menge", bezeichnung="Menge", gewicht=1.0),
        "weg": Kriterium(id="weg", bezeichnung="Weg", gewicht=1.0),
    }
    ergebnis = rangfolge(
        EINSTUFUNG,
        leer,
        urteile(),
        kriterien=kriterien,
        regeln=REGELN,
        grenze=1.0,
        intern=True,
    )
    assert ergebnis.satz == (
        "Verglichen nach Häufigkeit (Index; Gewicht 2,0). Nicht dabei: Menge und Weg: "
        "für weniger als zwei Drittel der Gebiete bekannt."
    )


ZAHLEN = arrays(
    float, st.tuples(st.integers(2, 8), st.integers(2, 3)), elements=st.integers(0, 5)
)


@given(ZAHLEN)
def test_dominanz_ist_eine_strenge_ordnung(zahlen):
    besser = dominanz(zahlen)
    assert not besser.diagonal().any()
    assert not (besser & besser.T).any()
    ueber_zwei = (besser.astype(int) @ besser.astype(int)) > 0
    assert not (ueber_zwei & ~besser).any()


@given(ZAHLEN)
def test_wer_uebertrifft_hat_nie_weniger_punkte(zahlen):
    n, k = zahlen.shape
    lage = pd.DataFrame(zahlen, index=[f"{i:02}" for i in range(n)])
    gewichte = pd.Series(1.0, index=lage.columns)
    tafel = gewichteter_vergleich(lage, gewichte, spanne=0.25, varianten=20)
    besser = dominanz(zahlen)
    punkte = tafel["punkte"].to_numpy(float)
    rang = tafel["rang_bis"].to_numpy(int)
    for i, j in zip(*np.nonzero(besser), strict=True):
        assert punkte[i] >= punkte[j] - 1e-12
        assert rang[i] <= rang[j]
        assert tafel["stufe"].iloc[i] < tafel["stufe"].iloc[j]
    assert k == lage.shape[1]


@given(ZAHLEN, st.randoms(use_true_random=False))
def test_reihenfolge_der_gebiete_ist_egal(zahlen, zufall):
    lage = pd.DataFrame(zahlen, index=[f"{i:02}" for i in range(len(zahlen))])
    gewichte = pd.Series(range(1, 1 + lage.shape[1]), index=lage.columns, dtype=float)
    folge = list(lage.index)
    zufall.shuffle(folge)
    eins = gewichteter_vergleich(lage, gewichte, spanne=0.25, varianten=30)
    zwei = gewichteter_vergleich(lage.loc[folge], gewichte, spanne=0.25, varianten=30)
    pd.testing.assert_frame_equal(eins, zwei.loc[eins.index])


def test_ergebnis_und_daten_sind_gleich_ohne_urteil():
    daten = pd.Series(["ausgewählt", "nicht eingestuft"], index=["10", "11"])
    tafel = ergebnis_mit_urteil(daten, pd.Series("", index=daten.index))
    assert tafel["ergebnis"].to_list() == daten.to_list()
    assert set(tafel["gilt"]) == {"Daten"}
