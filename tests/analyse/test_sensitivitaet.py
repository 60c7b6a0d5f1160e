"""Zählt die Haltbarkeit, was sie zu zählen behauptet?"""

import numpy as np
import pandas as pd
import pytest

from quartierstools.analyse import Bedarfsindex, haltbarkeit
from quartierstools.analyse.pruefung import Einstellungsfehler, Merkmalsfehler


def test_mindestens_tausend_varianten_jede_verbindung_gleich_oft(lage):
    ergebnis = haltbarkeit(lage)
    assert ergebnis.n_varianten >= 1000
    haeufig = ergebnis.varianten.groupby(["normierung", "ohne", "geschrumpft"]).size()
    assert haeufig.min() == haeufig.max()
    assert len(haeufig) == 4 * 4


def test_gewichte_schwanken_um_hoechstens_ein_viertel(lage):
    v = haltbarkeit(lage).varianten
    alle = v[v["ohne"] == ""][["gewicht_A03", "gewicht_B05", "gewicht_B11"]]
    np.testing.assert_allclose(alle.sum(axis=1), 1)
    verhaeltnis = alle["gewicht_A03"] / alle["gewicht_B05"]
    assert verhaeltnis.between(0.75 / 1.25, 1.25 / 0.75).all()
    assert verhaeltnis.nunique() > 200


@pytest.mark.parametrize("zusammenfassung", ["summe", "mittel", "hauptkomponente"])
def test_jede_variante_ist_ein_echter_index(lage, zusammenfassung):
    """Zehn Varianten einzeln mit Bedarfsindex nachgerechnet."""
    modell = Bedarfsindex(zusammenfassung=zusammenfassung)
    ergebnis = haltbarkeit(lage, modell, n_varianten=80)
    zaehlung = pd.DataFrame(0.0, index=lage.index, columns=[1, 2, 3, 4])
    for _, v in ergebnis.varianten.iterrows():
        dabei = [m for m in lage.columns if v[f"gewicht_{m}"] > 0]
        gewichte = {m: v[f"gewicht_{m}"] for m in dabei}
        einzeln = Bedarfsindex(
            gewichte=None if zusammenfassung == "hauptkomponente" else gewichte,
            normierung=v["normierung"],
            zusammenfassung=zusammenfassung,
        ).fit(lage[dabei])
        for gebiet, klasse in einzeln.klasse_.items():
            zaehlung.loc[gebiet, klasse] += 1
    np.testing.assert_allclose(
        ergebnis.klassenanteile, zaehlung / ergebnis.n_varianten, atol=1e-12
    )


def test_geometrisch_laesst_normierungen_unter_null_weg(lage):
    modell = Bedarfsindex(normierung="minmax", zusammenfassung="geometrisch")
    ergebnis = haltbarkeit(lage, modell)
    assert set(ergebnis.varianten["normierung"]) == {"minmax", "prozentrang"}
    assert ergebnis.haltbarkeit["haltbarkeit"].between(0, 1).all()


def test_haltbarkeit_ist_der_anteil_der_eigenen_klasse(lage):
    e = haltbarkeit(lage)
    eigene = [e.klassenanteile.loc[g, k] for g, k in e.haltbarkeit["klasse"].items()]
    np.testing.assert_allclose(e.haltbarkeit["haltbarkeit"], eigene)
    np.testing.assert_allclose(e.klassenanteile.sum(axis=1), 1)


def test_satz_nennt_haltbarkeit_und_abstand():
    x = pd.DataFrame({"a": [1, 2, 3, 4, 20.0], "b": [2, 1, 3, 5, 22.0]})
    e = haltbarkeit(x)
    assert e.haltbarkeit.loc[4, "satz"] == (
        "Klasse 4 hält in 75\u00a0% der 1.008 Varianten; der Index liegt 0,48 "
        "Standardabweichungen über der Grenze zu Klasse 3."
    )
    assert not e.haltbarkeit.loc[4, "deutlich"]


def test_deutlich_nur_aussen_und_ab_neunzig_prozent(lage):
    h = haltbarkeit(lage).haltbarkeit
    erwartet = h["klasse"].isin([1, 4]) & (h["haltbarkeit"] >= 0.9)
    assert h["deutlich"].tolist() == erwartet.tolist()


def test_rang_liegt_im_band_wenn_nichts_variiert(lage):
    e = haltbarkeit(
        lage, gewichtsspanne=0, normierungen=(), weglassen=False, n_varianten=5
    )
    band = e.rangbaender
    assert (band["rang_von"] == band["rang"]).all()
    assert (band["rang_bis"] == band["rang"]).all()
    assert (e.haltbarkeit["haltbarkeit"] == 1).all()
    assert band["rang"].min() == 1
    assert e.haltbarkeit["haeufigste_andere"].isna().all()


def test_hoechster_index_hat_rang_eins(lage):
    band = haltbarkeit(lage).rangbaender["rang"]
    assert band.idxmin() == Bedarfsindex().fit(lage).index_.idxmax()


def test_wer_wechselt_wann(lage):
    e = haltbarkeit(lage)
    assert list(e.wechsel.columns) == [
        "Gewichte ± 25 %",
        "ohne A03",
        "ohne B05",
        "ohne B11",
        "Normierung z_robust",
        "Normierung minmax",
        "Normierung prozentrang",
    ]
    v = e.varianten
    ohne = v["ohne"] == "A03"
    assert e.wechsel["ohne A03"].between(0, 1).all()
    grund = Bedarfsindex(gewichte={"A03": 0, "B05": 1, "B11": 1}).fit(lage)
    immer = Bedarfsindex().fit(lage).klasse_
    if ohne.sum() == 1:
        pytest.fail("Weglassen muss mehrfach vorkommen.")
    bleibt = grund.klasse_ == immer
    assert (e.wechsel.loc[~bleibt, "ohne A03"] > 0).all()


def test_geschrumpfte_werte_verdoppeln_die_verbindungen(lage):
    kleiner = lage * 0.5 + lage.mean() * 0.5
    e = haltbarkeit(lage, geschrumpft=kleiner)
    assert e.varianten["geschrumpft"].mean() == 0.5
    assert "geschrumpft" in e.wechsel.columns


def test_geschrumpfte_werte_muessen_vollstaendig_sein(lage):
    kleiner = lage.copy()
    kleiner.loc["003", "A03"] = np.nan
    with pytest.raises(Merkmalsfehler, match="Gebiet „003“"):
        haltbarkeit(lage, geschrumpft=kleiner)


def test_gebiet_ohne_index_hat_keine_haltbarkeit(lage):
    luecke = lage.copy()
    luecke.loc["003", "A03"] = np.nan
    e = haltbarkeit(luecke)
    zeile = e.haltbarkeit.loc["003"]
    assert np.isnan(zeile["haltbarkeit"])
    assert zeile["satz"] == "Ohne Index gibt es keine Klasse."
    assert e.rangbaender.loc["003"].isna().all()
    ohne = haltbarkeit(lage.drop("003"))
    pd.testing.assert_frame_equal(
        e.klassenanteile.drop("003"), ohne.klassenanteile, check_exact=True
    )


def test_unmoegliche_normierung_wird_ausgelassen_und_genannt():
    x = pd.DataFrame({"a": [0, 0, 0, 0, 1.0, 2], "b": [1, 2, 3, 4, 5.0, 6]})
    e = haltbarkeit(x)
    assert "z_robust" not in set(e.varianten["normierung"])
    assert e.ausgelassen[0].startswith("Ohne Normierung „z_robust“: „a“ hat in")
    assert e.n_varianten >= 1000


def test_reihenfolge_und_wiederholung_aendern_nichts(lage):
    a = haltbarkeit(lage)
    b = haltbarkeit(lage.sample(frac=1, random_state=5))
    for tabelle in ("haltbarkeit", "klassenanteile", "rangbaender", "wechsel"):
        pd.testing.assert_frame_equal(
            getattr(a, tabelle),
            getattr(b, tabelle).reindex(lage.index),
            check_exact=True,
        )


def test_modell_bleibt_unveraendert(lage):
    modell = Bedarfsindex()
    haltbarkeit(lage, modell, n_varianten=10)
    assert not hasattr(modell, "index_")


@pytest.mark.parametrize("falsch", [{"gewichtsspanne": 1.0}, {"n_varianten": 0}])
def test_unmoegliche_einstellung_ist_ein_fehler(lage, falsch):
    with pytest.raises(Einstellungsfehler):
        haltbarkeit(lage, **falsch)


def test_ein_indikator_laesst_sich_nicht_weglassen(lage):
    """Auch Gewichte ändern nichts: es bleiben vier Normierungen, ehrlich gezählt."""
    e = haltbarkeit(lage[["A03"]])
    assert set(e.varianten["ohne"]) == {""}
    assert e.n_varianten == 4
    satz = e.haltbarkeit["satz"].iloc[0]
    assert "von 4 Varianten; der Wert liegt" in satz
