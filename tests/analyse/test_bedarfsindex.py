"""Ist der Index der, den die Lehrbücher meinen?"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartierstools.analyse import Bedarfsindex
from quartierstools.analyse.klassen import klassen
from quartierstools.analyse.normierungen import NORMIERUNGEN
from quartierstools.analyse.pruefung import Einstellungsfehler, Merkmalsfehler
from quartierstools.analyse.zusammenfassungen import ZUSAMMENFASSUNGEN

from .conftest import gebiete, lies_faelle


def name(fall):
    return fall["name"]


@pytest.mark.parametrize("fall", lies_faelle("normierungen.yaml"), ids=name)
def test_normierung_von_hand_gerechnet(fall):
    x = pd.DataFrame({"x": fall["werte"]}, dtype=float)
    modell = Bedarfsindex(
        normierung=fall["normierung"],
        richtungen={"x": fall.get("richtung", "hoch")},
    ).fit(x)
    np.testing.assert_allclose(modell.normiert_["x"], fall["erwartet"], atol=1e-6)


@pytest.mark.parametrize("fall", lies_faelle("zusammenfassungen.yaml"), ids=name)
def test_zusammenfassung_von_hand_gerechnet(fall):
    x = pd.DataFrame(fall["merkmale"], dtype=float)
    modell = Bedarfsindex(
        normierung=fall["normierung"],
        zusammenfassung=fall["zusammenfassung"],
        gewichte=fall.get("gewichte"),
    ).fit(x)
    np.testing.assert_allclose(modell.index_, fall["index"], atol=1e-6)


@pytest.mark.parametrize("fall", lies_faelle("klassen.yaml"), ids=name)
def test_klassen_von_hand_gerechnet(fall):
    ergebnis = klassen(pd.Series(fall["werte"], dtype=float), fall["grenzen"])
    assert [None if pd.isna(k) else int(k) for k in ergebnis] == fall["erwartet"]


def test_jedes_verfahren_hat_einen_fall():
    normierungen = {f["normierung"] for f in lies_faelle("normierungen.yaml")}
    assert normierungen == set(NORMIERUNGEN)
    zusammen = {f["zusammenfassung"] for f in lies_faelle("zusammenfassungen.yaml")}
    assert zusammen == set(ZUSAMMENFASSUNGEN)


def test_jeder_fall_nennt_seine_quelle():
    for datei in ("normierungen", "zusammenfassungen", "klassen", "schrumpfen"):
        assert all(f["quelle"] for f in lies_faelle(f"{datei}.yaml"))


VERBINDUNGEN = [
    (n, z)
    for n in NORMIERUNGEN
    for z in ZUSAMMENFASSUNGEN
    if z != "geometrisch" or NORMIERUNGEN[n].nichtnegativ
]


@pytest.mark.parametrize(("normierung", "zusammenfassung"), VERBINDUNGEN)
def test_beitraege_ergeben_den_index(lage, normierung, zusammenfassung):
    modell = Bedarfsindex(normierung=normierung, zusammenfassung=zusammenfassung).fit(
        lage
    )
    zusammen = modell.beitraege_.sum(axis=1)
    if zusammenfassung == "geometrisch":
        zusammen = modell.beitraege_.prod(axis=1)
    np.testing.assert_allclose(zusammen, modell.index_, atol=1e-12)


@pytest.mark.parametrize(("normierung", "zusammenfassung"), VERBINDUNGEN)
def test_anwenden_auf_das_basisjahr_ergibt_dasselbe(lage, normierung, zusammenfassung):
    modell = Bedarfsindex(normierung=normierung, zusammenfassung=zusammenfassung).fit(
        lage
    )
    pd.testing.assert_series_equal(modell.transform(lage), modell.index_)
    pd.testing.assert_series_equal(modell.klassen(lage), modell.klasse_)
    pd.testing.assert_frame_equal(modell.beitraege(lage), modell.beitraege_)


@pytest.mark.parametrize(("normierung", "zusammenfassung"), VERBINDUNGEN)
def test_reihenfolge_der_gebiete_ist_egal_auf_das_letzte_bit(
    lage, normierung, zusammenfassung
):
    gemischt = lage.sample(frac=1, random_state=2)
    a, b = (
        Bedarfsindex(normierung=normierung, zusammenfassung=zusammenfassung).fit(x)
        for x in (lage, gemischt)
    )
    pd.testing.assert_series_equal(
        a.index_, b.index_.reindex(lage.index), check_exact=True
    )
    assert a.klasse_.equals(b.klasse_.reindex(lage.index))


werte = st.lists(
    st.tuples(*[st.integers(-1000, 1000)] * 3), min_size=5, max_size=40, unique=True
)


def als_tabelle(zeilen):
    tabelle = pd.DataFrame(zeilen, columns=["a", "b", "c"], dtype=float)
    tabelle.index = gebiete(len(tabelle))
    return tabelle


def verschieden(tabelle):
    return bool((tabelle.max() > tabelle.min()).all())


@settings(deadline=None, max_examples=60)
@given(
    werte, st.floats(0.01, 100), st.floats(-50, 50), st.sampled_from(["z", "minmax"])
)
def test_einheit_und_nullpunkt_aendern_den_index_nicht(zeilen, faktor, plus, art):
    x = als_tabelle(zeilen)
    if not verschieden(x):
        return
    try:
        a = Bedarfsindex(normierung=art).fit(x)
    except Merkmalsfehler:
        return
    b = Bedarfsindex(normierung=art).fit(
        x.assign(a=x["a"] * faktor + plus, b=x["b"] + plus)
    )
    np.testing.assert_allclose(a.index_, b.index_, atol=1e-6)


@settings(deadline=None, max_examples=60)
@given(werte, st.sampled_from([v for v in VERBINDUNGEN if v[1] != "hauptkomponente"]))
def test_wer_ueberall_mehr_hat_hat_keinen_kleineren_index(zeilen, verbindung):
    x = als_tabelle(zeilen)
    if not verschieden(x):
        return
    try:
        modell = Bedarfsindex(
            normierung=verbindung[0], zusammenfassung=verbindung[1]
        ).fit(x)
    except Merkmalsfehler:
        return
    index = modell.index_.to_numpy()
    groesser = (x.to_numpy()[:, None] >= x.to_numpy()[None]).all(axis=2)
    i, j = np.nonzero(groesser)
    assert (index[i] >= index[j] - 1e-9).all()


@settings(deadline=None, max_examples=40)
@given(werte)
def test_richtung_umdrehen_dreht_den_index_um(zeilen):
    x = als_tabelle(zeilen)
    if not verschieden(x):
        return
    try:
        hoch = Bedarfsindex().fit(x)
    except Merkmalsfehler:
        return
    niedrig = Bedarfsindex(richtungen=dict.fromkeys("abc", "niedrig")).fit(x)
    np.testing.assert_allclose(hoch.index_, -niedrig.index_, atol=1e-9)


def test_index_hat_mittel_null_und_streuung_eins(lage):
    index = Bedarfsindex().fit(lage).index_
    assert abs(index.mean()) < 1e-12
    assert abs(index.std(ddof=0) - 1) < 1e-12


def test_basisjahr_ist_eingefroren(lage):
    modell = Bedarfsindex().fit(lage)
    spaeter = lage + lage.std(ddof=0)
    neu = modell.transform(spaeter)
    assert (neu > modell.index_).all()
    einzeln = pd.concat([modell.transform(spaeter.iloc[[i]]) for i in range(30)])
    pd.testing.assert_series_equal(neu, einzeln)


def test_gesperrter_wert_gibt_keinen_index_sondern_einen_grund(lage):
    mit_luecke = lage.copy()
    mit_luecke.loc["004", "B05"] = np.nan
    mit_luecke.loc["009", ["A03", "B11"]] = np.nan
    gruende = pd.DataFrame(index=lage.index, columns=lage.columns, dtype=object)
    gruende.loc["004", "B05"] = "gesperrt"
    modell = Bedarfsindex().fit(mit_luecke, gruende=gruende)
    assert modell.gruende_.to_dict() == {
        "004": "B05: gesperrt",
        "009": "A03: liegt nicht vor; B11: liegt nicht vor",
    }
    assert modell.index_[["004", "009"]].isna().all()
    assert modell.klasse_[["004", "009"]].isna().all()
    assert modell.index_.notna().sum() == 28
    assert modell.hinweis_ == (
        "Gerechnet aus 28 von 30 Gebieten; Mittel und Streuung gelten nur für sie. "
        "Ohne Index: 004 und 009."
    )


def test_gebiet_ohne_wert_aendert_die_anderen_nicht(lage):
    """Ob die Zeile fehlt oder leer ist, ist für alle anderen gleich."""
    leer = lage.copy()
    leer.loc["004"] = np.nan
    a = Bedarfsindex().fit(leer).index_.drop("004")
    b = Bedarfsindex().fit(lage.drop("004")).index_
    pd.testing.assert_series_equal(a, b, check_exact=True)


def test_merkmal_ohne_gewicht_darf_fehlen(lage):
    luecke = lage.assign(B11=np.nan)
    gewichte = {"A03": 1, "B05": 1, "B11": 0}
    modell = Bedarfsindex(gewichte=gewichte).fit(luecke)
    ohne = Bedarfsindex().fit(lage[["A03", "B05"]])
    np.testing.assert_allclose(modell.index_, ohne.index_, atol=1e-12)


def test_ein_indikator_gibt_dem_index_seinen_namen(lage):
    assert Bedarfsindex().fit(lage[["A03"]]).index_.name == "A03"
    assert Bedarfsindex().fit(lage).index_.name == "index"


def test_klassen_messen_in_streuungen_auch_bei_anderen_skalen(lage):
    z = Bedarfsindex().fit(lage[["A03"]])
    m = Bedarfsindex(normierung="minmax", zusammenfassung="mittel").fit(lage[["A03"]])
    assert m.index_.between(0, 1).all()
    assert z.klasse_.equals(m.klasse_)


def test_geometrisch_verlangt_werte_ab_null(lage):
    with pytest.raises(Einstellungsfehler, match="braucht Werte ab 0"):
        Bedarfsindex(zusammenfassung="geometrisch").fit(lage)


def test_geometrisch_unter_der_spanne_des_basisjahrs_fehlt(lage):
    modell = Bedarfsindex(normierung="minmax", zusammenfassung="geometrisch").fit(lage)
    tiefer = lage.copy()
    tiefer.loc["000", "A03"] = lage["A03"].min() - 1
    assert np.isnan(modell.transform(tiefer)["000"])


def test_raenge_spaeterer_jahre_bleiben_im_bereich(lage):
    for art, oben in (("rang", 1.0), ("prozentrang", 1.0), ("exponentiell", 100.0)):
        modell = Bedarfsindex(normierung=art, zusammenfassung="mittel").fit(lage)
        hoch = modell.transform(lage + 100)
        np.testing.assert_allclose(hoch, oben)


def test_alle_maengel_stehen_in_einer_meldung():
    x = pd.DataFrame({"A03": ["x", "y"], "B05": [1.0, np.inf]}, index=["10", "11"])
    with pytest.raises(Merkmalsfehler) as fehler:
        Bedarfsindex().fit(x)
    assert fehler.value.befunde == [
        "Merkmal „A03“ enthält anderes als Zahlen.",
        "Merkmal „B05“ ist unendlich groß in: 11.",
    ]


def test_doppelte_gebiete_sind_ein_fehler(lage):
    with pytest.raises(Merkmalsfehler, match="„000“ kommt mehrfach vor"):
        Bedarfsindex().fit(pd.concat([lage, lage.iloc[[0]]]))


def test_indikator_ohne_unterschiede_ist_ein_fehler(lage):
    with pytest.raises(Merkmalsfehler, match="„B05“ hat in allen gültigen Gebieten"):
        Bedarfsindex().fit(lage.assign(B05=0.1))


def test_fehlende_richtung_und_fremdes_gewicht_werden_genannt(lage):
    with pytest.raises(Merkmalsfehler, match="Für „B11“ ist keine Richtung"):
        Bedarfsindex(richtungen={"A03": "hoch", "B05": 1}).fit(lage)
    with pytest.raises(Merkmalsfehler, match="Meinten Sie „B05“"):
        Bedarfsindex(gewichte={"A03": 1, "B5": 1, "B11": 1}).fit(lage)


def test_unbekanntes_wort_bekommt_einen_vorschlag(lage):
    with pytest.raises(Einstellungsfehler, match="Meinten Sie „minmax“"):
        Bedarfsindex(normierung="minmaxx").fit(lage)


@pytest.mark.parametrize("grenzen", [(1.0, -1.0), (), (0.0, np.nan)])
def test_klassengrenzen_muessen_steigen(lage, grenzen):
    with pytest.raises(Einstellungsfehler, match="steigende Zahlen"):
        Bedarfsindex(klassengrenzen=grenzen).fit(lage)


def test_hauptkomponente_und_gewichte_schliessen_sich_aus(lage):
    with pytest.raises(Einstellungsfehler, match="bestimmt die Gewichte selbst"):
        Bedarfsindex(zusammenfassung="hauptkomponente", gewichte=[1, 2, 3]).fit(lage)


def test_andere_merkmale_im_zweiten_jahr_sind_ein_fehler(lage):
    modell = Bedarfsindex().fit(lage)
    with pytest.raises(Merkmalsfehler, match="andere als im Basisjahr"):
        modell.transform(lage.rename(columns={"A03": "A04"}))


def test_eingabe_bleibt_unveraendert(lage):
    vorher = lage.copy(deep=True)
    Bedarfsindex(richtungen=dict.fromkeys(lage, "niedrig")).fit(lage).transform(lage)
    pd.testing.assert_frame_equal(lage, vorher)


def test_nullbare_spalten_werden_gelesen(lage):
    nullbar = lage.astype("Float64")
    nullbar.loc["002", "A03"] = pd.NA
    modell = Bedarfsindex().fit(nullbar)
    assert modell.gruende_.to_dict() == {"002": "A03: liegt nicht vor"}
