"""Stehen absolute und relative Veränderung nebeneinander, und nur mit Belegen?"""

import numpy as np
import pandas as pd
import pytest

from quartierstools.analyse import (
    Bedarfsindex,
    Dynamik,
    abschnitte,
    gebrochen,
    statusmatrix,
    veraenderungssatz,
    wilson_differenz,
)
from quartierstools.analyse.pruefung import Einstellungsfehler, Merkmalsfehler

from .conftest import gebiete


@pytest.fixture
def jahre():
    rng = np.random.default_rng(1)
    n = 20
    alt = pd.DataFrame(
        {"A03": rng.uniform(0.1, 0.3, n), "B05": rng.uniform(0.02, 0.1, n)},
        index=gebiete(n),
    )
    neu = alt + rng.normal(0.01, 0.02, size=(n, 2))
    return alt, neu.clip(lower=0.001)


def fallzahlen(tabelle, nenner):
    n = pd.Series(float(nenner), index=tabelle.index)
    return {m: ((tabelle[m] * n).round(), n) for m in tabelle}


def test_absolut_und_relativ_stehen_nebeneinander(jahre):
    alt, neu = jahre
    modell = Dynamik().fit(neu, basis=alt)
    pd.testing.assert_frame_equal(modell.absolut_, neu - alt)
    assert modell.bezugswort_ == "Mittel der 20 Gebiete"
    np.testing.assert_allclose(modell.bezug_, (neu - alt).mean())
    np.testing.assert_allclose(modell.relativ_.mean(), 0, atol=1e-12)


def test_gelieferte_stadt_geht_vor(jahre):
    alt, neu = jahre
    stadt = pd.Series({"A03": 0.012, "B05": 0.003})
    modell = Dynamik().fit(neu, basis=alt, stadt=stadt)
    assert modell.bezugswort_ == "Stadt"
    pd.testing.assert_frame_equal(modell.relativ_, neu - alt - stadt)


def test_dass_alle_steigen_bleibt_sichtbar(jahre):
    """Der Index sieht nur den Abstand zu den anderen; die übrigen Zahlen zeigen es."""
    alt, neu = jahre
    hoeher = neu + 0.1
    a, b = Dynamik().fit(neu, basis=alt), Dynamik().fit(hoeher, basis=alt)
    assert a.klasse_.equals(b.klasse_)
    np.testing.assert_allclose(b.absolut_ - a.absolut_, 0.1)
    assert (b.indexveraenderung_ > a.indexveraenderung_).all()


def test_indexveraenderung_misst_auf_der_skala_des_basisjahrs(jahre):
    alt, neu = jahre
    modell = Dynamik().fit(neu, basis=alt)
    basis = Bedarfsindex().fit(alt)
    erwartet = basis.transform(neu) - basis.index_
    np.testing.assert_allclose(modell.indexveraenderung_, erwartet, atol=1e-12)


def test_ohne_fallzahlen_kein_wort_und_kein_intervall(jahre):
    alt, neu = jahre
    modell = Dynamik().fit(neu, basis=alt)
    assert (modell.worte_ == "ohne Fallzahlen nicht beurteilbar").all(axis=None)
    assert modell.intervalle_.isna().all(axis=None)
    assert modell.index_intervall_["klasse_sicher"].isna().all()


def test_worte_nur_jenseits_des_rauschens(jahre):
    alt, neu = jahre
    zahlen = {
        "fallzahlen": fallzahlen(neu, 900),
        "fallzahlen_basis": fallzahlen(alt, 900),
    }
    modell = Dynamik().fit(neu, basis=alt, **zahlen)
    grenzen = modell.intervalle_["A03"]
    x = wilson_differenz(zahlen["fallzahlen_basis"]["A03"], zahlen["fallzahlen"]["A03"])
    np.testing.assert_allclose(grenzen["unten"], x["unten"])
    wort = modell.worte_["A03"]
    assert (wort[grenzen["unten"] > 0] == "gestiegen").all()
    assert (wort[grenzen["oben"] < 0] == "gesunken").all()
    offen = (grenzen["unten"] <= 0) & (grenzen["oben"] >= 0)
    assert offen.any()
    assert (wort[offen] == "kein belastbarer Unterschied").all()


def test_mehr_faelle_engeres_indexintervall(jahre):
    alt, neu = jahre
    breiten, sicher = [], []
    for n in (300, 30000):
        m = Dynamik().fit(
            neu,
            basis=alt,
            fallzahlen=fallzahlen(neu, n),
            fallzahlen_basis=fallzahlen(alt, n),
        )
        i = m.index_intervall_
        assert ((i["unten"] < m.index_) & (m.index_ < i["oben"])).all()
        breiten.append((i["oben"] - i["unten"]).mean())
        sicher.append(i["klasse_sicher"].mean())
    assert breiten[1] < breiten[0] / 5
    assert sicher[1] > sicher[0]


def test_indexintervall_ist_fortgepflanzte_streuung():
    """Ein Merkmal: Intervall des Index = Intervall der Veränderung / ihre Streuung."""
    alt = pd.DataFrame({"A03": [0.1, 0.2, 0.3, 0.25]}, index=gebiete(4))
    neu = pd.DataFrame({"A03": [0.15, 0.2, 0.32, 0.2]}, index=gebiete(4))
    m = Dynamik().fit(
        neu,
        basis=alt,
        fallzahlen=fallzahlen(neu, 500),
        fallzahlen_basis=fallzahlen(alt, 500),
    )
    grenzen = m.intervalle_["A03"]
    breite = (grenzen["oben"] - grenzen["unten"]) / (neu - alt)["A03"].std(ddof=0)
    i = m.index_intervall_
    np.testing.assert_allclose(i["oben"] - i["unten"], breite, rtol=1e-9)


def test_aus_zwei_messkonzepten_gibt_es_keine_entwicklung(jahre):
    alt, neu = jahre
    bruch = {"B05": "Abgrenzung der Langzeitarbeitslosen geändert"}
    modell = Dynamik().fit(neu, basis=alt, brueche=bruch)
    assert modell.ohne_bruch_ == ["A03"]
    assert modell.absolut_["B05"].isna().all()
    assert (modell.worte_["B05"] == bruch["B05"]).all()
    nur_a = Dynamik().fit(neu[["A03"]], basis=alt[["A03"]])
    np.testing.assert_allclose(modell.index_, nur_a.index_)


def test_nur_brueche_sind_ein_fehler(jahre):
    alt, neu = jahre
    with pytest.raises(Merkmalsfehler, match="jedes Merkmal hat einen Bruch"):
        Dynamik().fit(neu, basis=alt, brueche={"A03": "x", "B05": "y"})


def test_gebiet_ohne_basisjahr_fehlt_mit_grund(jahre):
    alt, neu = jahre
    modell = Dynamik().fit(neu, basis=alt.drop("004"))
    assert modell.klasse_.isna().sum() == 1
    assert list(modell.gruende_.index) == ["004"]
    assert modell.worte_.loc["004", "A03"] == "liegt nicht vor"


def test_richtung_dreht_die_klasse(jahre):
    alt, neu = jahre
    a = Dynamik().fit(neu, basis=alt).klasse_
    b = Dynamik(richtungen={"A03": -1, "B05": -1}).fit(neu, basis=alt).klasse_
    assert (a + b == 4).all()


def test_fremdes_basisjahr_ist_ein_fehler(jahre):
    alt, neu = jahre
    with pytest.raises(Merkmalsfehler, match="„B05“ fehlt im Basisjahr"):
        Dynamik().fit(neu, basis=alt[["A03"]])
    with pytest.raises(Merkmalsfehler, match="Kein Gebiet kommt in beiden"):
        Dynamik().fit(neu, basis=alt.rename(index=lambda g: f"x{g}"))


def test_dynamik_hat_genau_zwei_grenzen(jahre):
    with pytest.raises(Einstellungsfehler, match="zwei Grenzen"):
        Dynamik(klassengrenzen=(-1, 0, 1)).fit(jahre[1])


def test_matrix_hat_zwoelf_zellen_mit_namen():
    status = pd.Series({"10": 1, "12": 3, "11": 3, "13": pd.NA}, dtype="Int64")
    dynamik = pd.Series({"10": 2, "11": 3, "12": 3, "13": 1}, dtype="Int64")
    m = statusmatrix(status, dynamik, namen={"11": "Hamme", "12": "Grumme"})
    assert m.anzahl.shape == (4, 3)
    assert m.anzahl.to_numpy().sum() == 3
    assert m.gebiete.loc[3, "-"] == ("Hamme", "Grumme")
    assert m.gruppe.dropna().to_dict() == {"10": "1+/-", "11": "3-", "12": "3-"}
    assert pd.isna(m.gruppe["13"])


def test_matrix_kennt_den_abstand_zur_naechsten_zelle(jahre):
    alt, neu = jahre
    status, dynamik = Bedarfsindex().fit(neu), Dynamik().fit(neu, basis=alt)
    m = statusmatrix(status, dynamik)
    np.testing.assert_allclose(m.abstand["status"], status.grenzabstand_["abstand"])
    np.testing.assert_allclose(m.abstand["dynamik"], dynamik.grenzabstand_["abstand"])


def test_brueche_teilen_die_reihe():
    reihe = pd.Series({2021: 5.0, 2020: 4.0, 2023: 7.0, 2024: 7.5})
    t = abschnitte(
        reihe, {2022: "neue Abgrenzung", 2024: "neue Quelle", 2030: "später"}
    )
    assert t.index.tolist() == [2020, 2021, 2023, 2024]
    assert t["abschnitt"].tolist() == [1, 1, 2, 3]
    assert t["bruch"].tolist() == ["", "", "neue Abgrenzung", "neue Quelle"]


def test_bruch_vor_der_reihe_beginnt_keinen_abschnitt():
    assert abschnitte(pd.Series({2021: 5.0, 2022: 6.0}), {2021: "x"})[
        "abschnitt"
    ].tolist() == [1, 1]


def test_vergleich_ueber_einen_bruch_wird_benannt():
    brueche = {2022: "neue Abgrenzung"}
    assert gebrochen(2020, 2023, brueche) == "Nicht vergleichbar: neue Abgrenzung."
    assert gebrochen(2022, 2023, brueche) == ""


def test_satz_nennt_gebiet_und_bezug():
    satz = veraenderungssatz(
        "Kinderarmut",
        -0.25,
        1.25,
        bezugswort="Mittel der 30 Bezirke",
        wort="kein belastbarer Unterschied",
    )
    assert satz == (
        "Kinderarmut: −0,3\u00a0Prozentpunkte (Mittel der 30 Bezirke: +1,3); kein "
        "belastbarer Unterschied."
    )


@pytest.mark.parametrize(
    ("status", "dynamik", "satz"),
    [
        ({"a": 9}, {"a": 2}, "Status: Klasse 9 gibt es nicht. Erwartet: 1 bis 4."),
        ({"a": 1}, {"a": 0}, "Dynamik: Klasse 0 gibt es nicht. Erwartet: 1 bis 3."),
        ({"a": 1}, {"b": 2}, "Kein Gebiet steht in Status und Dynamik zugleich."),
    ],
)
def test_statusmatrix_laesst_nichts_still_weg(status, dynamik, satz):
    reihen = (pd.Series(r, dtype="Int64") for r in (status, dynamik))
    with pytest.raises(Merkmalsfehler) as fehler:
        statusmatrix(*reihen)
    assert satz in str(fehler.value)
