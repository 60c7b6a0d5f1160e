"""Wie lange rechnen Index, Haltbarkeit und Typen bei 30 bis 100.000 Gebieten?"""

import numpy as np
import pandas as pd
import pytest

from quartierstools.analyse import Bedarfsindex, Typisierung, haltbarkeit, raumbefund

GROESSEN = (30, 542, 33_000, 100_000)
MERKMALE = 12


def tabelle(n, merkmale=MERKMALE):
    """Fünf überlappende Gruppen, gleichlaufende Merkmale, feste Zufallszahlen."""
    rng = np.random.default_rng(1)
    mitten = rng.normal(size=(5, merkmale)) * 1.5
    werte = mitten[rng.integers(0, 5, size=n)] + rng.normal(size=(n, merkmale))
    werte += 0.5 * rng.normal(size=(n, 1))
    gebiete = pd.Index([f"{i:06}" for i in range(n)], name="gebiet")
    return pd.DataFrame(
        werte, index=gebiete, columns=[f"i{j}" for j in range(merkmale)]
    )


def runden(n):
    return {"rounds": 5 if n <= 1000 else 1, "warmup_rounds": 1 if n <= 1000 else 0}


@pytest.mark.parametrize("n", GROESSEN)
def test_index_und_klassen(benchmark, n):
    x = tabelle(n)
    modell = benchmark.pedantic(lambda: Bedarfsindex().fit(x), **runden(n))
    assert modell.klasse_.notna().all()


@pytest.mark.parametrize("n", GROESSEN)
def test_haltbarkeit_in_tausend_varianten(benchmark, n):
    x = tabelle(n)
    ergebnis = benchmark.pedantic(lambda: haltbarkeit(x), **runden(n))
    assert ergebnis.n_varianten >= 1000


@pytest.mark.parametrize("n", GROESSEN)
def test_typen_mit_hundert_wiederholungen(benchmark, n):
    """k = 2 … 10 (30 Gebiete: 2 … 5 mit 4 Merkmalen), zwei Arten Vergleichsdaten."""
    x = tabelle(n, 4 if n < 50 else MERKMALE)
    modell = benchmark.pedantic(
        lambda: Typisierung(n_wiederholungen=100).fit(x), **runden(n)
    )
    assert modell.begruendung_


@pytest.mark.parametrize("breite", [5, 23, 182])
def test_lisa_mit_999_umordnungen(benchmark, breite):
    """Gitter aus 25, 529 und 33.124 Gebieten."""
    n = breite**2
    nummern = np.arange(n).reshape(breite, breite)
    paare = np.vstack(
        [
            np.column_stack([nummern[:, :-1].ravel(), nummern[:, 1:].ravel()]),
            np.column_stack([nummern[:-1].ravel(), nummern[1:].ravel()]),
        ]
    )
    werte = pd.Series(np.random.default_rng(0).normal(size=n))
    befund = benchmark.pedantic(
        lambda: raumbefund(werte, [tuple(p) for p in paare.tolist()]), **runden(n)
    )
    assert np.isfinite(befund.moran)
