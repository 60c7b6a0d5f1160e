"""Tausend zufällige Tabellen: Der Angreifer findet nichts, nichts ist umsonst.

Jede Tabelle hat Stadtbezirke, Gebiete und Teilgruppen; manche auch ein zweites Jahr
oder eine frühere Veröffentlichung. Im üblichen Lauf sind es 100, in der CI 1.000,
überall dieselben: Jede entsteht aus ihrem Startwert, den ein Fehlschlag nennt.
"""

import numpy as np
import pandas as pd
import pytest
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


GROESSEN = ((0, 0), (0, 3), (0, 12), (0, 60), (0, 400), (940, 1000))


def anzahl(zufall):
    """Eine Fallzahl: oft null oder klein, mitunter groß."""
    unten, oben = GROESSEN[int(zufall.integers(len(GROESSEN)))]
    return int(zufall.integers(unten, oben + 1))


def zufallsstadt(zufall, jahre=1, hoechstens=4):
    """Zählungen F, M und G = F + M, dazu T ⊂ G, für ein bis drei Stadtbezirke."""
    bezirke = {
        f"{b}{g}": str(b)
        for b in range(1, int(zufall.integers(1, hoechstens)) + 1)
        for g in range(int(zufall.integers(2, hoechstens + 1)))
    }
    tabellen = []
    for jahr in range(jahre):
        ohne_maenner = zufall.random() < 0.1
        frauen = {g: anzahl(zufall) for g in bezirke}
        maenner = {g: 0 if ohne_maenner else anzahl(zufall) for g in bezirke}
        gesamt = {g: frauen[g] + maenner[g] for g in bezirke}
        ohne_teil = zufall.random() < 0.1
        teil = {g: 0 if ohne_teil else _bis(zufall, n) for g, n in gesamt.items()}
        zahlen = {"F": frauen, "M": maenner, "G": gesamt, "T": teil}
        tag = f"{2020 + jahr}-12-31"
        tabellen.append(stadt(zahlen, bezirke, nenner=2500, tag=tag))
        if zufall.random() < 0.5:
            nur_anteil = zufall.random() < 0.5
            zeilen = _mit_summen("A", teil, gesamt, bezirke, tag=tag)
            tabellen.append(tabelle([_ohne_zaehler(z, nur_anteil) for z in zeilen]))
    profil = Regelprofil(
        id="zufall",
        version="1",
        min_zaehler=int(zufall.choice([3, 10])),
        null_veroeffentlichen=bool(zufall.random() < 0.5),
        rundung=int(zufall.choice([0, 0, 0, 5, 10])),
    )
    return bezirke, pd.concat(tabellen, ignore_index=True), profil


def _bis(zufall, ganzes):
    """Ein Teil von `ganzes`; gern nichts, fast nichts, fast alles oder alles."""
    enden = sorted({n for n in (0, 1, 2, ganzes - 1, ganzes) if 0 <= n <= ganzes})
    if zufall.random() < 0.4:
        return int(zufall.choice(enden))
    return int(zufall.integers(0, ganzes + 1))


def _ohne_zaehler(zeile_, nur_anteil):
    """Anteil mit Bezugszahl, aber ohne Fallzahl geliefert."""
    return {**zeile_, "zaehler": None} if nur_anteil else zeile_


def pruefe(fall):
    """Nach Sperrung und Rundung bleibt jede Schutzbreite gewahrt."""
    bezirke, werte, profil = fall
    plan = aufbau(bezirke, [FRAUEN_MAENNER, TEIL, *LANGZEIT])
    liste = sperrliste(werte, plan, profil)
    assert liste.ungeschuetzt == ()
    ergebnis = angegriffen(werte, plan, profil, liste=liste)
    verraten = ergebnis[~ergebnis["geschuetzt"]]
    assert verraten.empty, verraten.to_string()


@pytest.mark.parametrize("zehner", range(10))
def test_angreifer_findet_nichts(zehner):
    for startwert in range(10 * zehner, 10 * zehner + 10):
        pruefe(zufallsstadt(np.random.default_rng([1, startwert]), hoechstens=3))


@pytest.mark.lang
@pytest.mark.parametrize("fuenfziger", range(20))
def test_angreifer_findet_in_tausend_tabellen_nichts(fuenfziger):
    for startwert in range(50 * fuenfziger, 50 * fuenfziger + 50):
        pruefe(zufallsstadt(np.random.default_rng([2, startwert])))


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
    # Ein Anteil, dessen Zahlen beide nicht zu schützen sind, darf sich später ergeben.
    zaehlungen = ergebnis[ergebnis["zaehlung"].str.contains(".", regex=False)]
    verraten = zaehlungen[~zaehlungen["geschuetzt"]]
    for stelle in verraten.itertuples():
        ort = (stelle.ebene, stelle.gebiet, stelle.stichtag)
        assert ort in orte, verraten.to_string()


def test_ein_rest_den_frueheres_verraet_wird_genannt():
    """Der Rest G − T ist in 10 und 13 zusammen 1; A sagte es schon vorher."""
    gebiete = ("10", "11", "12", "13", "20", "21", "22", "30", "31")
    bezirke = {g: g[0] for g in gebiete}
    reihen = {
        "F": (1, 27, 187, 967, 0, 11, 11, 50, 325),
        "M": (0, 991, 3, 24, 4, 0, 373, 188, 954),
        "T": (0, 898, 31, 991, 1, 11, 383, 198, 1),
    }
    zahlen = {n: dict(zip(gebiete, r, strict=True)) for n, r in reihen.items()}
    zahlen["G"] = {g: zahlen["F"][g] + zahlen["M"][g] for g in gebiete}
    zeilen = _mit_summen("A", zahlen["T"], zahlen["G"], bezirke)
    anteile = [_ohne_zaehler(z, nur_anteil=True) for z in zeilen]
    teile = [stadt(zahlen, bezirke, nenner=2500), tabelle(anteile)]
    werte = pd.concat(teile, ignore_index=True)
    profil = Regelprofil(
        id="hand", version="1", min_zaehler=3, null_veroeffentlichen=False
    )
    pruefe_zwei_ausgaben((bezirke, werte, profil), ("T",))
    plan = aufbau(bezirke, [FRAUEN_MAENNER, TEIL, *LANGZEIT])
    zuerst = sperrliste(werte[werte["indikator"] != "T"], plan, profil)
    danach = sperrliste(werte, plan, profil, frueher=[zuerst])
    assert ("gebiet", "10", "T", TAG) in danach.ungeschuetzt


SPAETER = (("F", "M"), ("T",), ("F",), ("G",))


@pytest.mark.parametrize("startwert", range(15))
def test_zwei_ausgaben_verraten_zusammen_nichts(startwert):
    fall = zufallsstadt(np.random.default_rng([3, startwert]), hoechstens=3)
    pruefe_zwei_ausgaben(fall, SPAETER[startwert % 4])


@pytest.mark.lang
@pytest.mark.parametrize("zehner", range(30))
def test_zwei_ausgaben_verraten_auch_oft_nichts(zehner):
    for startwert in range(10 * zehner, 10 * zehner + 10):
        fall = zufallsstadt(np.random.default_rng([4, startwert]))
        pruefe_zwei_ausgaben(fall, SPAETER[startwert % 4])


@pytest.mark.parametrize("startwert", range(6))
def test_ein_weiteres_jahr_aendert_das_alte_muster_nicht(startwert):
    zufall = np.random.default_rng([5, startwert])
    bezirke, werte, profil = zufallsstadt(zufall, jahre=2, hoechstens=3)
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
