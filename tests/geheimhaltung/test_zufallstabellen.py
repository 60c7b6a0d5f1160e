"""Tausend zufällige Tabellen: Der Angreifer findet nichts, nichts ist umsonst.

Jede Tabelle hat Stadtbezirke, Gebiete und Teilgruppen; manche auch ein zweites Jahr
oder eine frühere Veröffentlichung. Im üblichen Lauf sind es 100, in der CI 1.000.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tabellenbau import (
    FRAUEN_MAENNER,
    angegriffen,
    aufbau,
    stadt,
    veroeffentlicht,
)

from quartierstools.geheimhaltung.sperrliste import sperrliste, teilaufgaben
from quartierstools.geheimhaltung.sperrung import billigste, waehle
from quartierstools.katalog import Regelprofil
from quartierstools.katalog.modelle import Partition

TEIL = Partition(id="teil", art="teilmenge", ganzes="G.zaehler", teile=("T.zaehler",))
FAELLE = st.one_of(
    st.integers(0, 12), st.integers(0, 60), st.integers(0, 400), st.integers(940, 1000)
)
RUHIG = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}


@st.composite
def staedte(draw, jahre=1, hoechstens=4):
    """Zählungen F, M und G = F + M, dazu T ⊂ G, für ein bis drei Stadtbezirke."""
    je_bezirk = draw(
        st.lists(st.integers(2, hoechstens), min_size=1, max_size=hoechstens - 1)
    )
    bezirke = {
        f"{b}{g}": str(b)
        for b, anzahl in enumerate(je_bezirk, 1)
        for g in range(anzahl)
    }
    tabellen = []
    for jahr in range(jahre):
        frauen = {g: draw(FAELLE) for g in bezirke}
        maenner = {g: draw(FAELLE) for g in bezirke}
        gesamt = {g: frauen[g] + maenner[g] for g in bezirke}
        teil = {g: draw(st.integers(0, gesamt[g])) for g in bezirke}
        zahlen = {"F": frauen, "M": maenner, "G": gesamt, "T": teil}
        tabellen.append(stadt(zahlen, bezirke, nenner=2500, tag=f"{2020 + jahr}-12-31"))
    profil = Regelprofil(
        id="zufall",
        version="1",
        min_zaehler=draw(st.sampled_from([3, 10])),
        null_veroeffentlichen=draw(st.booleans()),
    )
    return bezirke, pd.concat(tabellen, ignore_index=True), profil


def pruefe(fall):
    bezirke, werte, profil = fall
    plan = aufbau(bezirke, [FRAUEN_MAENNER, TEIL])
    liste = sperrliste(werte, plan, profil)
    assert liste.ungeschuetzt == ()
    ergebnis = angegriffen(werte, plan, profil, liste=liste)
    verraten = ergebnis[~ergebnis["geschuetzt"]]
    assert verraten.empty, verraten.to_string()


@settings(max_examples=100, **RUHIG)
@given(staedte(hoechstens=3))
def test_angreifer_findet_nichts(fall):
    pruefe(fall)


@pytest.mark.lang
@settings(max_examples=1000, **RUHIG)
@given(staedte())
def test_angreifer_findet_in_tausend_tabellen_nichts(fall):
    pruefe(fall)


def pruefe_zwei_ausgaben(fall, spaeter):
    """Erst erscheint ein Teil, dann alles; beide Ausgaben zusammen halten."""
    bezirke, werte, profil = fall
    plan = aufbau(bezirke, [FRAUEN_MAENNER, TEIL])
    zuerst = werte[~werte["indikator"].isin(spaeter)]
    liste_1 = sperrliste(zuerst, plan, profil)
    liste_2 = sperrliste(werte, plan, profil, frueher=[liste_1])
    assert liste_1.gesperrt <= liste_2.gesperrt
    ergebnis = angegriffen(
        werte,
        plan,
        profil,
        liste=liste_2,
        fruehere=[veroeffentlicht(zuerst, liste_1)],
    )
    orte = {(e, g, t) for e, g, _, t in liste_2.ungeschuetzt}
    verraten = ergebnis[~ergebnis["geschuetzt"]]
    for zeile in verraten.itertuples():
        assert (zeile.ebene, zeile.gebiet, zeile.stichtag) in orte, verraten.to_string()


@settings(max_examples=15, **RUHIG)
@given(staedte(hoechstens=3), st.sampled_from([("F", "M"), ("T",), ("F",), ("G",)]))
def test_zwei_ausgaben_verraten_zusammen_nichts(fall, spaeter):
    pruefe_zwei_ausgaben(fall, spaeter)


@pytest.mark.lang
@settings(max_examples=300, **RUHIG)
@given(staedte(), st.sampled_from([("F", "M"), ("T",), ("F",), ("G",)]))
def test_zwei_ausgaben_verraten_auch_oft_nichts(fall, spaeter):
    pruefe_zwei_ausgaben(fall, spaeter)


@settings(max_examples=6, **RUHIG)
@given(staedte(jahre=2, hoechstens=3))
def test_ein_weiteres_jahr_aendert_das_alte_muster_nicht(fall):
    bezirke, werte, profil = fall
    plan = aufbau(bezirke, [FRAUEN_MAENNER, TEIL])
    erstes = werte[werte["stichtag"] == "2020-12-31"]
    liste_1 = sperrliste(erstes, plan, profil)
    liste_2 = sperrliste(werte, plan, profil, frueher=[liste_1])
    altes = {z for z in liste_2.gesperrt if z[3] == "2020-12-31"}
    assert altes == liste_1.gesperrt


def gesperrt_und_optimum(anzahl, kandidaten):
    """Kosten der Wahl und kleinste Kosten über zufällige kleine Tabellen."""
    zufall = np.random.default_rng(20261101)
    gewaehlt, optimum, zellen = [], [], []
    profil = Regelprofil(id="p", version="1")
    while len(gewaehlt) < anzahl:
        groesse = int(zufall.integers(2, 5))
        bezirke = {f"{b}{g}": str(b) for b in (1, 2) for g in range(groesse)}
        faelle = zufall.negative_binomial(1, 0.04, (2, len(bezirke)))
        frauen, maenner = (dict(zip(bezirke, map(int, r), strict=True)) for r in faelle)
        gesamt = {g: frauen[g] + maenner[g] for g in bezirke}
        zahlen = {"F": frauen, "M": maenner, "G": gesamt}
        if zufall.random() < 0.5:
            zahlen = {"A": frauen}
        werte = stadt(zahlen, bezirke)
        for teil in teilaufgaben(werte, aufbau(bezirke, [FRAUEN_MAENNER]), profil):
            aufgabe = teil.aufgabe
            if len(aufgabe.kandidaten) <= kandidaten:
                wahl = waehle(aufgabe)
                gewaehlt.append(sum(aufgabe.kosten[n] for n in wahl.gesperrt))
                optimum.append(billigste(aufgabe, hoechstens=kandidaten))
                zellen.append(len(teil.schluessel))
    return np.array(gewaehlt), np.array(optimum), np.array(zellen)


def test_es_ist_nichts_umsonst_gesperrt(record_property):
    gewaehlt, optimum, _ = gesperrt_und_optimum(15, 9)
    record_property("kosten_zum_optimum", float(gewaehlt.sum() / optimum.sum()))
    np.testing.assert_allclose(gewaehlt, optimum)


@pytest.mark.lang
def test_auch_in_groesseren_tabellen_ist_nichts_umsonst_gesperrt(record_property):
    gewaehlt, optimum, _ = gesperrt_und_optimum(60, 13)
    record_property("kosten_zum_optimum", float(gewaehlt.sum() / optimum.sum()))
    np.testing.assert_allclose(gewaehlt, optimum)
