"""Standortwahl: von Hand, gegen alle Möglichkeiten, mit Budget."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartierstools.angebote.standorte import waehle_standorte
from quartierstools.fehler import Aufruffehler

MINUTEN = pd.DataFrame(
    {"x": [5.0, 10.0, 40.0], "y": [40.0, 8.0, 12.0], "z": [30.0, 30.0, 3.0]},
    index=["10", "11", "12"],
)
BEDARF = pd.Series({"10": 50.0, "11": 30.0, "12": 40.0})


def test_groesste_abdeckung_von_hand():
    # Reichweite 15: x deckt 10 und 11 (80), y deckt 11 und 12 (70), z deckt 12 (40).
    erster, zweiter, dritter = waehle_standorte(MINUTEN, BEDARF, anzahl=1)
    assert (erster.orte, erster.gedeckt) == (("x",), 80)
    assert (zweiter.orte, zweiter.gedeckt) == (("y",), 70)
    assert (dritter.orte, dritter.gedeckt) == (("z",), 40)
    assert erster.anteil == pytest.approx(80 / 120)


def test_kuerzeste_wege_von_hand():
    # x: (50·5 + 30·10 + 40·40)/120 = 17,9; y: (50·40 + 30·8 + 40·12)/120 = 22,7;
    # z: (50·30 + 30·30 + 40·3)/120 = 21.
    wege = waehle_standorte(MINUTEN, BEDARF, anzahl=1, ziel="kürzeste Wege")
    assert [v.orte for v in wege] == [("x",), ("z",), ("y",)]
    assert wege[0].mittlere_minuten == pytest.approx(2150 / 120)


def test_budget_von_hand():
    # Alles mit zwei Orten: x+z deckt 120, kostet 9; mit Budget 6 geht nur x+y (5),
    # das auch alles deckt; mit Budget 3 nur y (2): 70.
    kosten = pd.Series({"x": 3.0, "y": 2.0, "z": 6.0})
    reich = waehle_standorte(MINUTEN, BEDARF, anzahl=2, kosten=kosten, budget=6)
    assert (reich[0].orte, reich[0].gedeckt, reich[0].kosten) == (("x", "y"), 120, 5)
    arm = waehle_standorte(MINUTEN, BEDARF, anzahl=2, kosten=kosten, budget=2)
    assert [v.orte for v in arm] == [("y",)]
    assert waehle_standorte(MINUTEN, BEDARF, anzahl=1, kosten=kosten, budget=1) == ()


def test_ohne_bedarf_gibt_es_keinen_vorschlag():
    assert waehle_standorte(MINUTEN, BEDARF * 0, anzahl=1) == ()


@pytest.mark.parametrize("anzahl", [0, 4])
def test_zu_viele_oder_keine_standorte_sind_ein_fehler(anzahl):
    with pytest.raises(Aufruffehler, match="Standorte unter 3 Kandidaten"):
        waehle_standorte(MINUTEN, BEDARF, anzahl=anzahl)


def test_budget_ohne_kosten_ist_ein_fehler():
    with pytest.raises(Aufruffehler, match="Kosten"):
        waehle_standorte(MINUTEN, BEDARF, anzahl=1, budget=3)


FALL = st.tuples(st.integers(2, 5), st.integers(2, 6)).flatmap(
    lambda form: st.tuples(
        st.lists(
            st.lists(st.integers(1, 30), min_size=form[1], max_size=form[1]),
            min_size=form[0],
            max_size=form[0],
        ),
        st.lists(st.integers(1, 99), min_size=form[0], max_size=form[0]),
        st.lists(st.integers(1, 9), min_size=form[1], max_size=form[1]),
    )
)


def _tafeln(fall):
    weg, menge, preise = fall
    orte = [f"{n:02}" for n in range(len(menge))]
    kandidaten = [f"k{n}" for n in range(len(preise))]
    return (
        pd.DataFrame(weg, index=orte, columns=kandidaten, dtype="float64"),
        pd.Series(menge, index=orte, dtype="float64"),
        pd.Series(preise, index=kandidaten, dtype="float64"),
    )


def _alle(minuten, bedarf, anzahlen, kosten=None, budget=None):
    """Jede erlaubte Auswahl mit Deckung und gewichtetem Weg."""
    for p in anzahlen:
        for wahl in combinations(minuten.columns, p):
            if budget is not None and kosten[list(wahl)].sum() > budget:
                continue
            naechster = minuten[list(wahl)].min(axis=1)
            gedeckt = bedarf[naechster <= 15].sum()
            yield wahl, gedeckt, (naechster * bedarf).sum() / bedarf.sum()


@settings(max_examples=12, deadline=None)
@given(FALL, st.integers(1, 2))
def test_abdeckung_ist_so_gut_wie_die_beste_von_allen(fall, anzahl):
    minuten, bedarf, _ = _tafeln(fall)
    ergebnis = waehle_standorte(minuten, bedarf, anzahl=anzahl, alternativen=3)
    alle = sorted((g for _, g, _ in _alle(minuten, bedarf, [anzahl])), reverse=True)
    assert [v.gedeckt for v in ergebnis] == pytest.approx(alle[:3])
    assert len({v.orte for v in ergebnis}) == len(ergebnis)


@settings(max_examples=12, deadline=None)
@given(FALL, st.integers(1, 2))
def test_wege_sind_so_kurz_wie_die_kuerzesten_von_allen(fall, anzahl):
    minuten, bedarf, _ = _tafeln(fall)
    ergebnis = waehle_standorte(
        minuten, bedarf, anzahl=anzahl, ziel="kürzeste Wege", alternativen=3
    )
    alle = sorted(w for _, _, w in _alle(minuten, bedarf, [anzahl]))
    assert [v.mittlere_minuten for v in ergebnis] == pytest.approx(alle[:3])


@settings(max_examples=12, deadline=None)
@given(FALL, st.integers(1, 18))
def test_mit_budget_ist_es_die_beste_bezahlbare_auswahl(fall, budget):
    minuten, bedarf, kosten = _tafeln(fall)
    ergebnis = waehle_standorte(
        minuten, bedarf, anzahl=2, kosten=kosten, budget=budget, alternativen=1
    )
    alle = [g for _, g, _ in _alle(minuten, bedarf, [1, 2], kosten, budget)]
    assert [v.gedeckt for v in ergebnis] == pytest.approx([max(alle)] if alle else [])
    assert all(v.kosten <= budget for v in ergebnis)


@settings(max_examples=8, deadline=None)
@given(FALL, st.randoms(use_true_random=False))
def test_reihenfolge_von_gebieten_und_kandidaten_ist_egal(fall, zufall):
    minuten, bedarf, _ = _tafeln(fall)
    orte, kandidaten = list(minuten.index), list(minuten.columns)
    zufall.shuffle(orte)
    zufall.shuffle(kandidaten)
    eins = waehle_standorte(minuten, bedarf, anzahl=1, alternativen=3)
    zwei = waehle_standorte(
        minuten.loc[orte, kandidaten], bedarf[orte], anzahl=1, alternativen=3
    )
    assert eins == zwei


def test_der_loeser_schweigt(capfd):
    waehle_standorte(MINUTEN, BEDARF, anzahl=1)
    assert capfd.readouterr() == ("", "")
