"""Behält derselbe Typ im nächsten Jahr seinen Buchstaben?"""

import numpy as np
import pandas as pd
import pytest

from quartierstools.analyse import Typisierung, gleiche_buchstaben, wanderung
from quartierstools.analyse.pruefung import Merkmalsfehler

from .conftest import gebiete


def jahr(mitten, seed=0, je=10):
    rng = np.random.default_rng(seed)
    werte = np.vstack([rng.normal(m, 0.5, size=(je, 2)) for m in mitten])
    return pd.DataFrame(werte, columns=["a", "b"], index=gebiete(je * len(mitten)))


def lerne(x, k):
    return Typisierung(anzahl_typen=k, n_wiederholungen=20).fit(x)


def test_typ_behaelt_seinen_buchstaben_auch_wenn_die_folge_wechselt():
    """Im zweiten Jahr hat der alte Typ A höhere Werte als der alte Typ B."""
    alt = lerne(jahr([(0, 0), (5, 0), (5, 9)]), 3)
    neu = lerne(jahr([(2.2, 4), (3.0, -4), (5, 9)], seed=1), 3)
    assert neu.typ_.iloc[0] == "B"
    ergebnis = gleiche_buchstaben(alt, neu)
    assert ergebnis.neu == ()
    assert ergebnis.typ.iloc[0] == alt.typ_.iloc[0]
    assert ergebnis.typ.iloc[-1] == alt.typ_.iloc[-1]


def test_neuer_typ_bekommt_einen_neuen_buchstaben():
    alt = lerne(jahr([(0, 0), (9, 0)]), 2)
    neu = lerne(jahr([(0, 0), (9, 0), (9, 9)]), 3)
    ergebnis = gleiche_buchstaben(alt, neu)
    assert sorted(ergebnis.buchstaben.values()) == ["A", "B", "C"]
    assert ergebnis.neu == ("C",)
    assert ergebnis.abstaende.isna().sum() == 1
    assert ergebnis.typ.iloc[-1] == "C"


def test_verschwundener_typ_wird_genannt_sein_buchstabe_nicht_neu_vergeben():
    alt = lerne(jahr([(0, 0), (9, 0), (9, 9)]), 3)
    neu = lerne(jahr([(0, 0), (9, 9)]), 2)
    ergebnis = gleiche_buchstaben(alt, neu)
    assert ergebnis.verschwunden == ("B",)
    assert set(ergebnis.typ) == {"A", "C"}


def test_verschiedene_merkmale_sind_ein_fehler():
    x = jahr([(0, 0), (9, 0)])
    with pytest.raises(Merkmalsfehler, match="Typen zweier Jahre"):
        gleiche_buchstaben(lerne(x, 2), lerne(x.rename(columns={"a": "c"}), 2))


def test_wanderung_zaehlt_und_nennt_namen():
    alt = pd.Series({"10": "A", "11": "A", "12": "B", "13": pd.NA}, dtype="string")
    neu = pd.Series({"13": "A", "12": "B", "11": "B", "10": "A"}, dtype="string")
    w = wanderung(alt, neu, namen={"11": "Hamme"})
    assert w.tabelle.loc["A", "B"] == 1
    assert w.tabelle.to_numpy().sum() == 4
    assert w.wechsel.to_dict("index") == {"11": {"von": "A", "nach": "B"}}
    assert w.satz == (
        "Von 4 Bezirken behalten 2 ihren Typ; 1 Wechsel: Hamme (A nach B); 1 in einem "
        "der Jahre ohne Typ."
    )


def test_niemand_wechselt():
    typen = pd.Series({"10": "A", "11": "B"})
    w = wanderung(typen, typen, einheit="Gebieten")
    assert w.satz == "Von 2 Gebieten behalten 2 ihren Typ."
    assert w.wechsel.empty
