"""Betroffene minus Plätze, von Hand gerechnet, und was dabei nie passieren darf."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.angebote.mengen import mengenluecke, poissonbereich
from quartierstools.angebote.plaetze import anteile_von, platztafel
from quartierstools.katalog.einzugsgebiet import lies_einzugsgebiet

BEZIRKE = pd.Series({"011": "1", "012": "1", "021": "2"})


def fallzahlen(**zaehler):
    index = pd.Index(["011", "012", "021"], name="gebiet")
    reihe = pd.Series({g[1:]: z for g, z in zaehler.items()}).reindex(index)
    return pd.DataFrame({"zaehler": reihe, "nenner": 1000.0}, index=index)


def angebote(*zeilen):
    vorgabe = {"gebiete": "011", "einzugsgebiet": "", "lage": "geprüft"}
    vorgabe["plaetze"] = None
    index = [f"a{n}" for n in range(len(zeilen))]
    tafel = pd.DataFrame([{**vorgabe, **z} for z in zeilen], index=index)
    tafel = tafel.reindex(columns=list(vorgabe))
    return tafel.astype({"plaetze": "Int64"})


def rechne(zahlen, bestand, summen=None):
    return mengenluecke(zahlen, bestand, stadtbezirke=BEZIRKE, summen=summen or {})


def test_luecke_mit_wilson_bereich_von_hand():
    # 80 von 1.000, z = 1,96: Mitte (0,08 + 1,92073/1000) / (1 + 3,84146/1000)
    # = 0,0816073; Breite 1,959964 / 1,00384146 · Wurzel(0,0736/1000 +
    # 0,960365/1000²) = 0,0168592. Bereich 64,75 bis 98,47 Menschen, minus 30 Plätze.
    zeile = rechne(fallzahlen(g011=80), angebote({"plaetze": 30})).tafel.loc["011"]
    assert zeile["luecke"] == 50
    assert zeile["luecke_unten"] == pytest.approx(64.748 - 30, abs=0.01)
    assert zeile["luecke_oben"] == pytest.approx(98.466 - 30, abs=0.01)
    assert zeile["je_100"] == pytest.approx(8.0)
    assert zeile["lage"] == "Lücke"


def test_mehr_plaetze_als_menschen_heisst_ueberdeckung():
    # 10 von 1.000: Wilson-Obergrenze 18,3; 40 Plätze liegen sicher darüber.
    zeile = rechne(fallzahlen(g011=10), angebote({"plaetze": 40})).tafel.loc["011"]
    assert zeile["lage"] == "Überdeckung"
    assert zeile["luecke"] == -30
    assert zeile["ohne_bekannten_platz"] == 0
    assert "30 Plätze mehr als Menschen" in zeile["satz"]


def test_im_zufallsbereich_ist_der_unterschied_nicht_belastbar():
    zeile = rechne(fallzahlen(g011=80), angebote({"plaetze": 75})).tafel.loc["011"]
    assert zeile["lage"] == "kein belastbarer Unterschied"


def test_ohne_platzzahl_wird_nichts_gerechnet():
    ergebnis = rechne(fallzahlen(g011=80, g012=50), angebote({}))
    assert not ergebnis.verrechenbar
    for gebiet in ("011", "012"):
        zeile = ergebnis.tafel.loc[gebiet]
        assert math.isnan(zeile["luecke"])
        assert math.isnan(zeile["plaetze"])
        assert zeile["lage"] == "keine Platzzahl bekannt"
    assert ergebnis.tafel.loc["011", "ohne_platzzahl"] == 1


def test_ungepruefte_plaetze_zaehlen_nicht_und_stehen_daneben():
    bestand = angebote(
        {"plaetze": 30}, {"plaetze": 20, "lage": "ungeprüft"}, {"plaetze": 9}
    )
    bestand.loc["a2", "lage"] = "beendet"
    zeile = rechne(fallzahlen(g011=80), bestand).tafel.loc["011"]
    assert zeile["plaetze"] == 30
    assert zeile["plaetze_ungeprueft"] == 20


def test_ohne_fallzahl_keine_luecke_und_ein_satz():
    ergebnis = rechne(fallzahlen(), angebote({"plaetze": 30}))
    assert set(ergebnis.tafel["lage"]) == {"keine Fallzahl"}
    assert ergebnis.indikator == ""
    assert "nicht verrechnet" in ergebnis.satz


def test_stadtweite_plaetze_teilen_sich_nach_betroffenen_der_ganzen_stadt():
    # Veröffentlicht sind 200 für die Stadt, in 021 ist gesperrt:
    # 011 bekommt 60 · 80/200 = 24, 012 60 · 20/200 = 6; der Rest gehört 021.
    bestand = angebote({"gebiete": "stadtweit", "plaetze": 60})
    tafel = rechne(fallzahlen(g011=80, g012=20), bestand, {"stadt": 200}).tafel
    assert tafel.loc["011", "plaetze"] == 24
    assert tafel.loc["012", "plaetze"] == 6
    assert tafel.loc["021", "lage"] == "keine Fallzahl"
    assert tafel.loc["011", "plaetze_weit"] == 24


def test_anteile_im_einzugsgebiet_und_der_rest():
    # 021:0,5 → die Hälfte; der Rest teilt sich 30 : 10.
    einzug = lies_einzugsgebiet("021:0,5 011 012")
    betroffene = pd.Series({"011": 30.0, "012": 10.0, "021": float("nan")})
    anteile = anteile_von(
        einzug, betroffene=betroffene, stadtbezirke=BEZIRKE, summen={}
    )
    assert anteile.to_dict() == {"011": 0.375, "012": 0.125, "021": 0.5}


def test_fehlt_eine_fallzahl_bleibt_der_anteil_unbekannt():
    bestand = angebote({"gebiete": "011,012", "plaetze": 30})
    tafel = rechne(fallzahlen(g011=80), bestand).tafel
    assert math.isnan(tafel.loc["011", "plaetze"])
    assert tafel.loc["011", "ohne_platzzahl"] == 1


def test_plaetze_ohne_gebiet_werden_genannt():
    bestand = angebote({"gebiete": "wechselnd", "plaetze": 30})
    ergebnis = rechne(fallzahlen(g011=80), bestand)
    assert ergebnis.nicht_zugeordnet == ("a0",)
    assert ergebnis.tafel["plaetze"].isna().all()


def test_poissonbereich_nach_der_tafel():
    # Garwood (1936): 0 → 0 bis 3,689; 10 → 4,795 bis 18,39.
    bereich = poissonbereich(pd.Series([0.0, 10.0, np.nan]))
    assert bereich.loc[0, "unten"] == 0
    assert bereich.loc[0, "oben"] == pytest.approx(3.689, abs=1e-3)
    assert bereich.loc[1, "unten"] == pytest.approx(4.795, abs=1e-3)
    assert bereich.loc[2].isna().all()


ORTE = st.sampled_from(["011", "012", "021", "011,012", "stadtbezirk:1", "stadtweit"])
ZEILEN = st.lists(
    st.fixed_dictionaries(
        {
            "gebiete": ORTE,
            "plaetze": st.one_of(st.none(), st.integers(0, 200)),
            "lage": st.sampled_from(["geprüft", "ungeprüft", "läuft aus"]),
        }
    ),
    min_size=1,
    max_size=4,
)
ZAHLEN = st.fixed_dictionaries(
    {g: st.one_of(st.none(), st.integers(0, 900)) for g in ("g011", "g012", "g021")}
)


@given(ZAHLEN, ZEILEN, st.integers(1, 50))
def test_mehr_plaetze_vergroessern_nie_die_luecke(zahlen, zeilen, mehr):
    vorher = rechne(fallzahlen(**zahlen), angebote(*zeilen)).tafel
    groesser = [
        {**z, "plaetze": None if z["plaetze"] is None else z["plaetze"] + mehr}
        for z in zeilen
    ]
    nachher = rechne(fallzahlen(**zahlen), angebote(*groesser)).tafel
    beide = vorher["luecke"].notna()
    pd.testing.assert_series_equal(beide, nachher["luecke"].notna())
    unterschied = (nachher["luecke"] - vorher["luecke"])[beide]
    assert (unterschied <= 1e-9).all()
    ohne = nachher["ohne_bekannten_platz"] - vorher["ohne_bekannten_platz"]
    assert (ohne.dropna() <= 1e-9).all()


@given(ZAHLEN, ZEILEN, st.randoms(use_true_random=False))
def test_reihenfolge_der_zeilen_ist_egal(zahlen, zeilen, zufall):
    bestand, werte = angebote(*zeilen), fallzahlen(**zahlen)
    folge, orte = list(bestand.index), list(werte.index)
    zufall.shuffle(folge)
    zufall.shuffle(orte)
    eins = rechne(werte, bestand).tafel
    zwei = rechne(werte.loc[orte], bestand.loc[folge]).tafel
    pd.testing.assert_frame_equal(eins, zwei.loc[eins.index])


@given(ZAHLEN, ZEILEN)
def test_verteilte_plaetze_sind_nie_mehr_als_vorhandene(zahlen, zeilen):
    bestand = angebote(*zeilen)
    tafel, _ = platztafel(
        bestand,
        betroffene=fallzahlen(**zahlen)["zaehler"].astype(float),
        stadtbezirke=BEZIRKE,
        summen={},
    )
    geprueft = bestand[bestand["lage"] != "ungeprüft"]["plaetze"].fillna(0).sum()
    assert tafel["plaetze"].sum() <= geprueft + 1e-6


def test_eingaben_bleiben_unveraendert():
    werte, bestand = fallzahlen(g011=80), angebote({"plaetze": 30})
    vorher = (werte.copy(deep=True), bestand.copy(deep=True))
    rechne(werte, bestand)
    pd.testing.assert_frame_equal(werte, vorher[0])
    pd.testing.assert_frame_equal(bestand, vorher[1])
