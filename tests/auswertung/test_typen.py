"""Portraits in Worten und Gruppen, die nur beschreiben."""

import numpy as np
import pandas as pd
import pytest
from hausmittel import freigabe_aus
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.auswertung.typen import portraet, typen
from quartierstools.katalog import Indikator


def indikator(kennung, name):
    return Indikator(
        id=kennung, bezeichnung=name, zaehler="z", dimension=kennung, lieferant="l"
    )


KATALOG = {
    "B01": indikator("B01", "Arbeitslosenanteil"),
    "A03": indikator("A03", "Anteil der Kinder"),
    "C03": indikator("C03", "Platzsaldo"),
}


DREI_WORTE = (
    "Anteil der Kinder deutlich unter dem Mittel und Arbeitslosenanteil über dem "
    "Mittel; sonst um das Mittel"
)
GLEICHSTAND = (
    "Anteil der Kinder unter dem Mittel, Arbeitslosenanteil über dem Mittel und "
    "Platzsaldo über dem Mittel"
)


@pytest.mark.parametrize(
    ("z", "text"),
    [
        ({"B01": 1.5}, "Arbeitslosenanteil deutlich über dem Mittel"),
        ({"B01": 1.4999}, "Arbeitslosenanteil über dem Mittel"),
        ({"B01": 0.5}, "Arbeitslosenanteil über dem Mittel"),
        ({"B01": 0.4999}, "Alle Merkmale um das Mittel"),
        ({"B01": -0.5}, "Arbeitslosenanteil unter dem Mittel"),
        ({"B01": -1.5}, "Arbeitslosenanteil deutlich unter dem Mittel"),
        (
            {"B01": 0.6, "A03": -1.6, "C03": 0.1},
            DREI_WORTE,
        ),
        (
            {"C03": 0.7, "B01": 0.7, "A03": -0.7},
            GLEICHSTAND,
        ),
    ],
)
def test_portraet_von_hand(z, text):
    assert portraet(pd.Series(z), KATALOG) == text


Z = st.fixed_dictionaries(
    {k: st.integers(-30, 30).map(lambda x: x / 10) for k in KATALOG}
)


@given(Z, st.permutations(list(KATALOG)))
def test_reihenfolge_der_merkmale_ist_egal(z, folge):
    reihe = pd.Series(z)
    assert portraet(reihe, KATALOG) == portraet(reihe[folge], KATALOG)


@given(Z)
def test_umgekehrtes_vorzeichen_vertauscht_ueber_und_unter(z):
    tausch = str.maketrans({"Ü": "U"})
    hin, her = portraet(pd.Series(z), KATALOG), portraet(-pd.Series(z), KATALOG)
    vertauscht = (
        hin.replace("über dem", "#").replace("unter dem", "über dem")
    ).replace("#", "unter dem")
    assert her.translate(tausch) == vertauscht.translate(tausch)


@pytest.fixture(scope="module")
def zwei_wolken():
    """Zwölf Gebiete, sechs niedrig, sechs hoch; eines davon ohne Wert."""
    zug = np.random.default_rng(0)
    tief, hoch = zug.normal(0.05, 0.004, 7), zug.normal(0.30, 0.004, 6)
    werte = [round(float(w), 4) for w in [*tief, *hoch]]
    reihen = {k: [*werte] for k in ("A03", "B05", "B11", "C03")}
    reihen["B05"][0] = None
    return freigabe_aus(reihen)


def test_gebiet_ohne_wert_bleibt_ohne_gruppe(zwei_wolken):
    ergebnis = typen(zwei_wolken, anzahl=2)
    assert pd.isna(ergebnis.typ["010"])
    assert ergebnis.typ.drop("010").notna().all()
    assert list(ergebnis.typ.index) == list(zwei_wolken.gebiete.index)


def test_gruppen_heissen_wie_sie_sind(zwei_wolken):
    ergebnis = typen(zwei_wolken, anzahl=2)
    assert sorted(ergebnis.typ.dropna().unique()) == ["A", "B"]
    assert set(ergebnis.portraets) == {"A", "B"}
    hoch = ergebnis.typ[ergebnis.merkmale["A03"] > 0.2]
    assert len(set(hoch)) == 1
    satz = ergebnis.portraets[hoch.iloc[0]]
    assert "über dem Mittel" in satz
    assert ergebnis.wort == ("Gruppe" if ergebnis.nur_beschreibung else "Typ")


def test_gleicher_startwert_gleiche_gruppen(zwei_wolken):
    eins, zwei = (typen(zwei_wolken, anzahl=2, startwert=3) for _ in range(2))
    pd.testing.assert_series_equal(eins.typ, zwei.typ)
    assert eins.portraets == zwei.portraets


def test_vorgabe_gruppiert_nie_nach_herkunft_oder_alter(auswertung):
    ergebnis = auswertung.typen()
    verboten = {"K02", "K03", "K04", "K05", "K06", "K07", "K12"}
    assert verboten.isdisjoint(ergebnis.merkmale.columns)
    assert list(ergebnis.merkmale) == list(auswertung.projekt.typen.indikatoren)
