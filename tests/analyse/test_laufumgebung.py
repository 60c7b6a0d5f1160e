"""Hängt nichts an Threads, Hash-Startwert oder Import?"""

import hashlib
import os
import subprocess
import sys

import pytest

import quartierstools.analyse

PROGRAMM = """
import hashlib, numpy as np, pandas as pd
from quartierstools.analyse import Bedarfsindex, Typisierung, haltbarkeit
n, m = {form}
rng = np.random.default_rng(0)
mitten = rng.normal(size=(4, m)) * 3
x = pd.DataFrame(mitten[rng.integers(0, 4, n)] + rng.normal(size=(n, m)),
                 columns=[f"i{{j}}" for j in range(m)],
                 index=[f"{{i:05}}" for i in range(n)])
t = Typisierung({k!r}, {verfahren!r}, n_wiederholungen=20).fit(x)
e = haltbarkeit(x)
b = Bedarfsindex(zusammenfassung="hauptkomponente").fit(x)
teile = [t.labels_, t.zugehoerigkeit_, t.anzahltabelle_.drop(columns="grund"),
         t.stabilitaet_, e.klassenanteile, e.wechsel, b.index_]
print(hashlib.sha256(b"".join(np.ascontiguousarray(p.to_numpy(dtype=float)).tobytes()
                              for p in teile)).hexdigest())
"""


def pruefsumme(threads, hash_startwert, **werte):
    umgebung = os.environ | {
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
        "PYTHONHASHSEED": str(hash_startwert),
    }
    lauf = subprocess.run(
        [sys.executable, "-c", PROGRAMM.format(**werte)],
        env=umgebung,
        capture_output=True,
        text=True,
        check=True,
    )
    summe = lauf.stdout.strip()
    assert len(summe) == len(hashlib.sha256().hexdigest())
    return summe


@pytest.mark.parametrize(
    "verfahren", ["kmeans", pytest.param("gemischt", marks=pytest.mark.lang)]
)
def test_gleiche_bytes_bei_einem_und_zwei_threads(verfahren):
    werte = {"form": (30, 4), "k": 3, "verfahren": verfahren}
    assert pruefsumme(1, 1, **werte) == pruefsumme(2, 2, **werte)


@pytest.mark.lang
@pytest.mark.parametrize("n", [300, 3000])
def test_gleiche_bytes_bei_vielen_gebieten(n):
    werte = {"form": (n, 8), "k": "auto", "verfahren": "kmeans"}
    assert pruefsumme(1, 1, **werte) == pruefsumme(2, 2, **werte)


def test_import_laedt_nichts_schweres():
    programm = (
        "import sys; import quartierstools.analyse;"
        "schwer = {'sklearn', 'scipy', 'pandas', 'numpy', 'esda'} & set(sys.modules);"
        "assert not schwer, schwer"
    )
    subprocess.run([sys.executable, "-c", programm], check=True)


def test_jeder_oeffentliche_name_laesst_sich_laden():
    for name in quartierstools.analyse.__all__:
        assert getattr(quartierstools.analyse, name).__doc__
    assert dir(quartierstools.analyse) == sorted(quartierstools.analyse.__all__)


def test_fremder_name_ist_ein_attributfehler():
    with pytest.raises(AttributeError, match="hat keinen Namen 'gibt_es_nicht'"):
        _ = quartierstools.analyse.gibt_es_nicht
