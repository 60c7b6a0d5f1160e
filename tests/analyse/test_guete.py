"""Stimmen die Gütemaße mit der Handrechnung und mit scikit-learn überein?"""

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from quartierstools.analyse import stabilitaetswort
from quartierstools.analyse.guete import (
    erklaerter_anteil,
    jaccard_je_typ,
    paarabstaende,
    silhouetten,
    ueberschneidung,
    zuordnung,
)
from quartierstools.analyse.kmeans import kmeans_stapel
from quartierstools.analyse.strukturlos import (
    gleichmaessig,
    standardisiert,
    umgeformt,
    vergleichsdaten,
    zurueckgeformt,
)


def test_silhouette_von_hand():
    """Punkte 0, 1 | 4, 6: a = 1, b = 5 → 4/5; a = 1, b = 4 → 3/4; …"""
    punkte = np.array([[0.0], [1.0], [4.0], [6.0]])
    werte = silhouetten(paarabstaende(punkte), np.array([0, 0, 1, 1]), 2)
    np.testing.assert_allclose(werte, [4 / 5, 3 / 4, 1.5 / 3.5, 3.5 / 5.5])


def test_silhouette_wie_scikit_learn():
    rng = np.random.default_rng(0)
    daten, nummern = rng.normal(size=(60, 4)), rng.integers(0, 4, size=60)
    np.testing.assert_allclose(
        silhouetten(paarabstaende(daten), nummern, 4),
        silhouette_samples(daten, nummern),
        atol=1e-12,
    )


def test_silhouette_eines_einzelnen_ist_null():
    punkte = np.array([[0.0], [0.1], [9.0]])
    assert silhouetten(paarabstaende(punkte), np.array([0, 0, 1]), 2)[2] == 0


def test_erklaerter_anteil_von_hand():
    """0, 2 | 8, 10: gesamt 68, innen 2 + 2."""
    daten = np.array([[0.0], [2.0], [8.0], [10.0]])
    assert erklaerter_anteil(daten, np.array([0, 0, 1, 1]), 2) == 1 - 4 / 68


def test_jaccard_von_hand():
    """Typ {0,1,2} gegen {0,1} und {2,3}: 2/3; Typ {3,4} gegen {2,3}: 1/3, {4}: 1/2."""
    haupt = np.array([0, 0, 0, 1, 1])
    neu = np.array([[0, 0, 1, 1, 2]])
    alle = np.ones((1, 5), dtype=bool)
    np.testing.assert_allclose(jaccard_je_typ(haupt, neu, alle, 2, 3), [[2 / 3, 1 / 2]])


def test_jaccard_zaehlt_nur_gezogene():
    haupt = np.array([0, 0, 1, 1])
    neu = np.array([[0, 1, 1, 1]])
    gezogen = np.array([[True, False, True, True]])
    np.testing.assert_allclose(jaccard_je_typ(haupt, neu, gezogen, 2), [[1, 1]])


def test_jaccard_eines_nicht_gezogenen_typs_fehlt():
    haupt, neu = np.array([0, 0, 1]), np.array([[0, 0, 0]])
    gezogen = np.array([[True, True, False]])
    assert np.isnan(jaccard_je_typ(haupt, neu, gezogen, 2)[0, 1])


def test_zuordnung_sucht_die_groesste_ueberschneidung_insgesamt():
    haupt = np.array([0, 0, 0, 1, 1, 1])
    neu = np.array([[1, 1, 0, 0, 0, 0]])
    alle = np.ones((1, 6), dtype=bool)
    assert zuordnung(ueberschneidung(haupt, neu, alle, 2, 2)[0]).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("jaccard", "wort"),
    [
        (1.0, "hoch stabil"),
        (0.85, "hoch stabil"),
        (0.8499, "stabil"),
        (0.75, "stabil"),
        (0.7499, "Muster, Zugehörigkeit zweifelhaft"),
        (0.6, "Muster, Zugehörigkeit zweifelhaft"),
        (0.5999, "nicht verwendbar"),
        (0.5001, "nicht verwendbar"),
        (0.5, "aufgelöst"),
        (0.1, "aufgelöst"),
        (float("nan"), "nicht gerechnet"),
    ],
)
def test_baender_nach_hennig(jaccard, wort):
    assert stabilitaetswort(jaccard) == wort


def test_kmeans_findet_das_beste_auch_im_stapel():
    """Vier Punkte, zwei Typen: alle Aufteilungen durchprobiert."""
    rng = np.random.default_rng(4)
    stapel = rng.normal(size=(20, 7, 2))
    nummern, zentren = kmeans_stapel(stapel, np.ones((20, 7)), 2, 30, rng)
    for daten, nr, mitte in zip(stapel, nummern, zentren, strict=True):
        gefunden = ((daten - mitte[nr]) ** 2).sum()
        beste = min(
            sum(
                ((t - t.mean(axis=0)) ** 2).sum() for t in (daten[maske], daten[~maske])
            )
            for code in range(1, 2**6)
            for maske in [np.array([code >> i & 1 for i in range(7)], dtype=bool)]
            if maske.any() and not maske.all()
        )
        assert gefunden == pytest.approx(beste)


def test_gewichtetes_kmeans_ist_kmeans_auf_wiederholten_zeilen():
    rng = np.random.default_rng(5)
    daten = rng.normal(size=(12, 3))
    gewichte = rng.multinomial(12, np.full(12, 1 / 12)).astype(float)
    nr, _ = kmeans_stapel(daten[None], gewichte[None], 3, 40, rng)
    zeilen = np.repeat(np.arange(12), gewichte.astype(int))
    nr2, _ = kmeans_stapel(daten[zeilen][None], np.ones((1, 12)), 3, 40, rng)
    gleich = nr[0][zeilen][:, None] == nr[0][zeilen][None]
    assert (gleich == (nr2[0][:, None] == nr2[0][None])).all()


@pytest.mark.parametrize("exponent", [-1.0, 0.0, 0.5, 1.0, 2.0, 2.5])
def test_rueckformung_hebt_die_umformung_auf(exponent):
    x = np.array([-0.9, -0.3, 0.0, 0.4, 1.7])
    np.testing.assert_allclose(zurueckgeformt(umgeformt(x, exponent), exponent), x)


@pytest.mark.parametrize("art", [vergleichsdaten, gleichmaessig])
def test_strukturlose_daten_haben_dieselbe_korrelation(art):
    rng = np.random.default_rng(6)
    a = rng.normal(size=400)
    daten = standardisiert(np.column_stack([a, 0.8 * a + 0.6 * rng.normal(size=400)]))
    stapel = art(daten, 50, rng)
    np.testing.assert_allclose(stapel.mean(axis=1), 0, atol=1e-9)
    np.testing.assert_allclose(stapel.std(axis=1), 1, atol=1e-9)
    r = np.mean([np.corrcoef(s.T)[0, 1] for s in stapel])
    assert r == pytest.approx(np.corrcoef(daten.T)[0, 1], abs=0.03)


def test_schiefe_bleibt_in_strukturlosen_daten_erhalten():
    rng = np.random.default_rng(7)
    daten = standardisiert(np.exp(rng.normal(size=(300, 1))))
    stapel = vergleichsdaten(daten, 20, rng)
    schief = ((stapel**3).mean(axis=1)).mean()
    assert schief > 1
