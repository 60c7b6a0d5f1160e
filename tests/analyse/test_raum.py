"""Stimmt die räumliche Statistik, und sagt sie bei wenigen Gebieten, was sie ist?"""

import numpy as np
import pandas as pd
import pytest

from quartierstools.analyse import raumbefund
from quartierstools.analyse.nachbarschaft import (
    nachbarn_aus,
    unverbundene,
    ward_zusammenhaengend,
)
from quartierstools.analyse.pruefung import Merkmalsfehler
from quartierstools.analyse.raum import fdr_grenze

from .conftest import gebiete


def kette(n):
    return [(f"{i:03}", f"{i + 1:03}") for i in range(n - 1)]


def gitter(breite):
    paare = []
    for i in range(breite):
        for j in range(breite):
            if j + 1 < breite:
                paare.append((f"{i * breite + j:03}", f"{i * breite + j + 1:03}"))
            if i + 1 < breite:
                paare.append((f"{i * breite + j:03}", f"{(i + 1) * breite + j:03}"))
    return paare


def test_moran_von_hand():
    """Werte 1 2 8 9 in einer Kette: Abweichungen −4 −3 3 4, I = 27/50."""
    werte = pd.Series([1.0, 2, 8, 9], index=gebiete(4))
    assert raumbefund(werte, kette(4)).moran == pytest.approx(27 / 50)


def test_schachbrett_ist_vollkommen_gegenlaeufig():
    werte = pd.Series([(i // 8 + i % 8) % 2 * 1.0 for i in range(64)], gebiete(64))
    befund = raumbefund(werte, gitter(8))
    assert befund.moran == pytest.approx(-1)
    assert befund.moran_p == pytest.approx(0.001)


def test_ein_haeufungsgebiet_wird_gemeldet():
    """Block von 4 × 4 hohen Werten in einer Ecke von 12 × 12 Gebieten."""
    rng = np.random.default_rng(0)
    block = np.array([i % 12 < 4 and i // 12 < 4 for i in range(144)])
    werte = pd.Series(block * 6 + rng.normal(size=144), gebiete(144))
    befund = raumbefund(werte, gitter(12))
    hoch = befund.gebiete["lage"] == "hoch neben hoch"
    assert hoch[block].sum() >= 9
    assert not hoch[~block].any()
    assert befund.hinweise == []


def test_rauschen_wird_fast_nie_gemeldet():
    meldungen = 0
    for seed in range(20):
        werte = pd.Series(np.random.default_rng(seed).normal(size=64), gebiete(64))
        lage = raumbefund(werte, gitter(8), permutationen=999).gebiete["lage"]
        meldungen += (lage != "nicht vom Zufall unterscheidbar").any()
    assert meldungen <= 3


def test_grenze_nach_benjamini_hochberg():
    """0,001 0,012 0,03 0,9 gegen 0,0125 0,025 0,0375 0,05: drei liegen darunter."""
    p = np.array([0.9, 0.012, 0.001, 0.03])
    assert fdr_grenze(p, 0.05) == pytest.approx(0.0375)


def test_bei_wenigen_gebieten_steht_der_hinweis():
    befund = raumbefund(pd.Series(range(30), gebiete(30), dtype=float), kette(30))
    assert befund.hinweise == [
        "Nur 30 Gebiete: räumliche Muster sind so kaum vom Zufall zu unterscheiden."
    ]


def test_inseln_und_luecken_werden_genannt_nicht_gerechnet():
    werte = pd.Series([1.0, 2, 8, 9, 5, np.nan], gebiete(6))
    befund = raumbefund(werte, kette(4), namen={"004": "Insel"})
    assert befund.gebiete.loc["004", "lage"] == "ohne Nachbarn"
    assert befund.gebiete.loc["005", "lage"] == "liegt nicht vor"
    assert befund.unverbundene == [["004"]]
    assert befund.hinweise[1:] == [
        "Ohne Wert, nicht gerechnet: 1.",
        (
            "Ohne gemeinsame Grenze mit dem übrigen Stadtgebiet: Insel. Es wird keine "
            "Verbindung ergänzt."
        ),
    ]
    assert befund.moran == pytest.approx(27 / 50)


def test_reihenfolge_ist_egal_und_der_globale_zufall_bleibt():
    werte = pd.Series(np.random.default_rng(1).normal(size=25), gebiete(25))
    np.random.seed(3)  # noqa: NPY002
    a = raumbefund(werte, gitter(5))
    nachher = np.random.random()  # noqa: NPY002
    b = raumbefund(werte.sample(frac=1, random_state=1), gitter(5)[::-1])
    pd.testing.assert_frame_equal(a.gebiete, b.gebiete.reindex(werte.index))
    assert (a.moran, a.moran_p) == (b.moran, b.moran_p)
    np.random.seed(3)  # noqa: NPY002
    assert nachher == np.random.random()  # noqa: NPY002


def test_ohne_unterschiede_oder_nachbarn_ist_es_ein_fehler():
    with pytest.raises(Merkmalsfehler, match="denselben Wert"):
        raumbefund(pd.Series(1.0, gebiete(5)), kette(5))
    with pytest.raises(Merkmalsfehler, match="nötig sind 3"):
        raumbefund(pd.Series([1.0, 2, 3], gebiete(3)), kette(2))


def test_nachbarschaft_aus_tabelle_zuordnung_und_paaren_ist_gleich():
    g = gebiete(3)
    tabelle = pd.DataFrame(
        {
            "schluessel_a": ["000", "001"],
            "name_a": ["x", "y"],
            "schluessel_b": ["001", "002"],
        }
    )
    zuordnung = {"000": ["001"], "001": ["000", "002"], "999": ["000"]}
    for quelle in (tabelle, zuordnung, [("001", "000"), ("002", "001")]):
        assert nachbarn_aus(quelle, g).paare.tolist() == [[0, 1], [1, 2]]


def test_fremde_schluessel_sind_ein_fehler():
    with pytest.raises(Merkmalsfehler, match="Nachbarschaft etwa „10“"):
        nachbarn_aus([("10", "11")], gebiete(3))


def test_unverbundene_teile_sind_alle_ausser_dem_groessten():
    nachbarn = nachbarn_aus([*kette(3), ("003", "004")], gebiete(6))
    assert unverbundene(nachbarn, gebiete(6)) == [["003", "004"], ["005"]]


def test_ward_mit_nachbarn_trennt_nie_zusammenhaengendes_zu_wenig():
    """Zwei unverbundene Teile ergeben nie einen gemeinsamen Typ."""
    nachbarn = nachbarn_aus([*kette(4), ("004", "005"), ("005", "006")], gebiete(7))
    daten = np.array([[0.0], [0], [9], [9], [0], [0], [0]])
    typen = ward_zusammenhaengend(daten, nachbarn, [2, 3])
    assert typen[2].tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert len(set(typen[3][:4])) == 2
    assert typen[3][0] == typen[3][1] != typen[3][2]


def test_ward_mit_allen_nachbarn_ist_ward():
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415

    daten = np.random.default_rng(2).normal(size=(20, 3))
    alle = [(a, b) for a in gebiete(20) for b in gebiete(20) if a < b]
    nummern = ward_zusammenhaengend(daten, nachbarn_aus(alle, gebiete(20)), [4])[4]
    scipy = fcluster(linkage(daten, "ward"), 4, "maxclust")
    assert pd.crosstab(nummern, scipy).gt(0).sum().sum() == 4
