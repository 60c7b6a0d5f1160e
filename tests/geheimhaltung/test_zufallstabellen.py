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
    TAG,
    angegriffen,
    aufbau,
    stadt,
    tabelle,
    veroeffentlicht,
    zeile,
)

from quartierstools.geheimhaltung.sperrliste import sperrliste, teilaufgaben
from quartierstools.geheimhaltung.sperrung import billigste, waehle
from quartierstools.katalog import Regelprofil
from quartierstools.katalog.regelmodelle import Partition

LANGZEIT = (
    Partition(id="l1", art="gleich", ganzes="T.zaehler", teile=("A.zaehler",)),
    Partition(id="l2", art="gleich", ganzes="G.zaehler", teile=("A.nenner",)),
)
"""A ist der Anteil von T an G: lauter Quotienten aus anderen Indikatoren."""

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
        tag = f"{2020 + jahr}-12-31"
        tabellen.append(stadt(zahlen, bezirke, nenner=2500, tag=tag))
        if draw(st.booleans()):
            nur_anteil = draw(st.booleans())
            zeilen = _mit_summen("A", teil, gesamt, bezirke, tag=tag)
            tabellen.append(tabelle([_ohne_zaehler(z, nur_anteil) for z in zeilen]))
    profil = Regelprofil(
        id="zufall",
        version="1",
        min_zaehler=draw(st.sampled_from([3, 10])),
        null_veroeffentlichen=draw(st.booleans()),
        rundung=draw(st.sampled_from([0, 0, 0, 5, 10])),
    )
    return bezirke, pd.concat(tabellen, ignore_index=True), profil


def _ohne_zaehler(zeile_, nur_anteil):
    """Anteil mit Bezugszahl, aber ohne Fallzahl geliefert."""
    return {**zeile_, "zaehler": None} if nur_anteil else zeile_


def pruefe(fall):
    bezirke, werte, profil = fall
    plan = aufbau(bezirke, [FRAUEN_MAENNER, TEIL, *LANGZEIT])
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


def test_eine_null_die_alle_verriete_nimmt_ihre_summen_mit():
    """Von drei Menschen ist keiner in T: „0 von 1“ gilt allen, auch über die Summe."""
    bezirke = {"10": "1", "11": "1", "30": "3", "31": "3", "32": "3"}
    null = dict.fromkeys(bezirke, 0)
    klein = {**null, "31": 1, "32": 2}
    zahlen = {"F": klein, "M": null, "G": klein, "T": null}
    werte = pd.concat(
        [stadt(zahlen, bezirke), tabelle(_mit_summen("A", null, klein, bezirke))],
        ignore_index=True,
    )
    profil = Regelprofil(
        id="hand", version="1", min_zaehler=3, null_veroeffentlichen=True
    )
    pruefe((bezirke, werte, profil))
    plan = aufbau(bezirke, [FRAUEN_MAENNER, TEIL, *LANGZEIT])
    liste = sperrliste(werte, plan, profil)
    teil = {z[:2] for z in liste.gesperrt if z[2] == "T"}
    assert teil == {
        ("gebiet", "31"),
        ("gebiet", "32"),
        ("stadtbezirk", "3"),
        ("stadt", "stadt"),
    }


def test_winzige_spielraeume_des_loesers_sind_kein_widerspruch():
    """Diese Zahlen brachten HiGHS mit Vorlauf dazu, Zulässiges abzulehnen."""
    bezirke = {"10": "1", "11": "1", "20": "2", "21": "2"}
    frauen = {"10": 38, "11": 11, "20": 7, "21": 995}
    maenner = {"10": 37, "11": 13, "20": 0, "21": 0}
    teil = {"10": 7, "11": 4, "20": 0, "21": 429}
    gesamt = {g: frauen[g] + maenner[g] for g in bezirke}
    zahlen = {"F": frauen, "M": maenner, "G": gesamt, "T": teil}
    profil = Regelprofil(
        id="hand", version="1", min_zaehler=3, null_veroeffentlichen=False
    )
    pruefe((bezirke, stadt(zahlen, bezirke), profil))


def pruefe_zwei_ausgaben(fall, spaeter):
    """Erst erscheint ein Teil, dann alles; beide Ausgaben zusammen halten."""
    bezirke, werte, profil = fall
    plan = aufbau(bezirke, [FRAUEN_MAENNER, TEIL, *LANGZEIT])
    zuerst = werte[~werte["indikator"].isin(spaeter)]
    liste_1 = sperrliste(zuerst, plan, profil)
    liste_2 = sperrliste(werte, plan, profil, frueher=[liste_1])
    assert liste_1.gesperrt <= liste_2.gesperrt
    ergebnis = angegriffen(
        werte,
        plan,
        profil,
        liste=liste_2,
        fruehere=[veroeffentlicht(zuerst, liste_1, plan, profil.rundung)],
    )
    orte = {(e, g, t) for e, g, _, t in liste_2.ungeschuetzt}
    verraten = ergebnis[~ergebnis["geschuetzt"]]
    for stelle in verraten.itertuples():
        ort = (stelle.ebene, stelle.gebiet, stelle.stichtag)
        assert ort in orte, verraten.to_string()


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
    plan = aufbau(bezirke, [FRAUEN_MAENNER, TEIL, *LANGZEIT])
    erstes = werte[werte["stichtag"] == "2020-12-31"]
    liste_1 = sperrliste(erstes, plan, profil)
    liste_2 = sperrliste(werte, plan, profil, frueher=[liste_1])
    altes = {z for z in liste_2.gesperrt if z[3] == "2020-12-31"}
    assert altes == liste_1.gesperrt


GLEICHE = (
    Partition(
        id="g1", art="gleich", ganzes="G.zaehler", teile=("B.zaehler", "A.nenner")
    ),
    Partition(id="g2", art="gleich", ganzes="G.nenner", teile=("T.nenner",)),
    Partition(id="g3", art="gleich", ganzes="T.zaehler", teile=("A.zaehler",)),
)


def krumme_lieferung(startwert):
    """Lückenhafte Lieferung: kleine Nenner, Fehlendes, geliefert Gesperrtes."""
    zufall = np.random.default_rng(startwert)
    bezirke = {
        f"{b}{g}": str(b)
        for b in range(1, int(zufall.integers(2, 4)))
        for g in range(int(zufall.integers(2, 4)))
    }
    nenner = {g: int(zufall.choice([6, 40, 90, 150, 400, 2000])) for g in bezirke}
    frauen = {g: int(zufall.integers(0, n // 2 + 1)) for g, n in nenner.items()}
    maenner = {g: int(zufall.integers(0, n // 2)) for g, n in nenner.items()}
    gesamt = {g: frauen[g] + maenner[g] for g in bezirke}
    teil = {g: int(zufall.integers(0, gesamt[g] + 1)) for g in bezirke}
    doppelt = {g: 2 * n for g, n in nenner.items()}
    auswahl = {
        "F": (frauen, nenner),
        "M": (maenner, nenner),
        "G": (gesamt, doppelt),
        "T": (teil, doppelt),
        "B": (gesamt, nenner),
        "A": (teil, gesamt),
    }
    zeilen = []
    for indikator, (oben, unten) in auswahl.items():
        if zufall.random() < 0.75:
            zeilen += _mit_summen(indikator, oben, unten, bezirke)
    if zufall.random() < 0.5:
        einwohner = {g: float(zufall.choice([250, 5000])) for g in bezirke}
        zeilen += [zeile(g, "K01", None, None, wert=e) for g, e in einwohner.items()]
    werte = tabelle([z for z in zeilen if zufall.random() < 0.97] or zeilen)
    geheim = pd.Series(zufall.random(len(werte)) < 0.02)
    werte = werte.assign(
        wert=werte["wert"].mask(geheim),
        zaehler=werte["zaehler"].mask(geheim),
        nenner=werte["nenner"].mask(geheim),
        wertart=werte["wertart"].mask(geheim, "gesperrt"),
    )
    profil = Regelprofil(
        id="krumm",
        version="1",
        min_zaehler=int(zufall.choice([3, 10])),
        null_veroeffentlichen=bool(zufall.random() < 0.5),
        komplement=bool(zufall.random() < 0.7),
        rundung=int(zufall.choice([0, 0, 5, 10])),
        je_indikator={"F": {"min_zaehler": 5}} if zufall.random() < 0.3 else {},
    )
    return bezirke, werte, profil


def _mit_summen(indikator, oben, unten, bezirke, tag=TAG):
    zeilen = [zeile(g, indikator, oben[g], unten[g], tag=tag) for g in bezirke]
    gruppen = {b: [g for g in bezirke if bezirke[g] == b] for b in bezirke.values()}
    for ort, gebiete in {**gruppen, "stadt": list(bezirke)}.items():
        ebene = "stadt" if ort == "stadt" else "stadtbezirk"
        summen = (sum(zahlen[g] for g in gebiete) for zahlen in (oben, unten))
        zeilen.append(zeile(ort, indikator, *summen, ebene=ebene, tag=tag))
    return zeilen


def pruefe_krumme(startwert):
    bezirke, werte, profil = krumme_lieferung(startwert)
    if werte.empty:
        return
    plan = aufbau(bezirke, [FRAUEN_MAENNER, TEIL, *GLEICHE])
    liste = sperrliste(werte, plan, profil)
    ergebnis = angegriffen(werte, plan, profil, liste=liste)
    orte = {(e, g) for e, g, _, _ in liste.ungeschuetzt}
    for fall in ergebnis[~ergebnis["geschuetzt"]].itertuples():
        assert (fall.ebene, fall.gebiet) in orte, fall


@pytest.mark.parametrize("startwert", range(20))
def test_auch_krumme_lieferungen_verraten_nichts(startwert):
    pruefe_krumme(startwert)


@pytest.mark.lang
@pytest.mark.parametrize("zehner", range(2, 30))
def test_auch_viele_krumme_lieferungen_verraten_nichts(zehner):
    for startwert in range(10 * zehner, 10 * zehner + 10):
        pruefe_krumme(startwert)


def gesperrt_und_optimum(anzahl, kandidaten):
    """Kosten der Wahl, kleinste Kosten und Kosten von allem, je kleiner Tabelle."""
    zufall = np.random.default_rng(20261101)
    gewaehlt, optimum, alles = [], [], []
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
                alles.append(aufgabe.kosten[aufgabe.kandidaten].sum())
    return np.array(gewaehlt), np.array(optimum), np.array(alles)


def melde(record_testsuite_property, gewaehlt, optimum, alles):
    """Anteil des zusätzlich Gesperrten, gewichtet, und was nötig gewesen wäre."""
    record_testsuite_property("gesperrt_anteil", float(gewaehlt.sum() / alles.sum()))
    record_testsuite_property("noetig_anteil", float(optimum.sum() / alles.sum()))


def test_es_ist_nichts_umsonst_gesperrt(record_testsuite_property):
    gewaehlt, optimum, alles = gesperrt_und_optimum(15, 9)
    melde(record_testsuite_property, gewaehlt, optimum, alles)
    np.testing.assert_allclose(gewaehlt, optimum)


@pytest.mark.lang
def test_auch_in_groesseren_tabellen_ist_nichts_umsonst_gesperrt(
    record_testsuite_property,
):
    gewaehlt, optimum, alles = gesperrt_und_optimum(60, 13)
    melde(record_testsuite_property, gewaehlt, optimum, alles)
    np.testing.assert_allclose(gewaehlt, optimum)
