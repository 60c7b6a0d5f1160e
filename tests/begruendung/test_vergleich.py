"""Stellung eines Gebiets: Gleichstand nach gedrucktem Wert, Lücken, Enden."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartierstools.begruendung.vergleich import vergleich

GEGENTEIL = {
    "höchster": "niedrigster",
    "niedrigster": "höchster",
    "über": "unter",
    "unter": "über",
    "gleich": "gleich",
    "ohne": "ohne",
}


def reihe(**werte):
    return pd.Series({k.removeprefix("g"): w for k, w in werte.items()}, name="B01")


def test_gleichstand_nach_dem_was_dasteht():
    """12,14 und 12,06 Prozent stehen beide als 12,1 da; 12,04 als 12,0."""
    werte = reihe(g10=0.1214, g11=0.1206, g12=0.1204, g13=0.02)
    stand = vergleich(werte, "11")
    assert stand.gleichauf == ("10",)
    assert stand.lage == "höchster"
    assert stand.naechste == ("12", "13")
    assert vergleich(werte, "12").gleichauf == ()


def test_alle_gleichauf_stehen_sortiert():
    werte = reihe(g13=0.1, g10=0.1, g12=0.1, g11=0.05)
    assert vergleich(werte, "12").gleichauf == ("10", "13")


def test_luecken_zaehlen_nicht_mit():
    """Vier Werte 2, 4, 6, 8 Prozent: der mittlere ist 5, nicht 4 (mit Nullen)."""
    werte = reihe(g10=0.08, g11=None, g12=0.02, g13=0.06, g14=0.04, g15=None)
    stand = vergleich(werte, "10")
    assert (stand.anzahl, stand.fehlend) == (4, ("11", "15"))
    assert stand.median == pytest.approx(0.05)
    assert (stand.minimum, stand.niedrigstes) == (0.02, "12")
    assert (stand.maximum, stand.hoechstes) == (0.08, "10")


def test_gebiet_ohne_wert_hat_keine_lage():
    stand = vergleich(reihe(g10=0.1, g11=None, g12=0.2), "11")
    assert (stand.lage, stand.gleichauf) == ("ohne", ())
    assert stand.naechste == ("12", "10")


@pytest.mark.parametrize(
    ("gebiet", "lage"),
    [("10", "niedrigster"), ("11", "unter"), ("12", "gleich"), ("13", "über")],
)
def test_lage_von_hand(gebiet, lage):
    """1, 2, 3, 4, 9 Prozent: mittlerer Wert 3."""
    werte = reihe(g10=0.01, g11=0.02, g12=0.03, g13=0.04, g14=0.09)
    assert vergleich(werte, gebiet).lage == lage


def test_mittlerer_wert_zaehlt_wie_er_dasteht():
    """Median 3,04 Prozent steht als 3,0 da; 3,0 ist dann „so hoch wie“."""
    werte = reihe(g10=0.01, g11=0.03, g12=0.0308, g13=0.09)
    assert vergleich(werte, "11").lage == "gleich"


def test_richtung_niedrig_sucht_die_naechsten_von_unten():
    werte = reihe(g10=0.1, g11=0.2, g12=0.3, g13=0.4, g14=0.5)
    assert vergleich(werte, "12", hoch=True).naechste == ("14", "13", "11")
    assert vergleich(werte, "12", hoch=False).naechste == ("10", "11", "13")


def test_hoechstens_drei_naechste():
    werte = pd.Series({str(n): n / 100 for n in range(10, 40)})
    assert len(vergleich(werte, "20").naechste) == 3


def test_schluessel_bleiben_text_mit_null():
    stand = vergleich(reihe(g010=0.2, g011=0.1), "010")
    assert (stand.hoechstes, stand.niedrigstes) == ("010", "011")


HUNDERTSTEL = st.lists(
    st.one_of(st.none(), st.integers(0, 100)), min_size=3, max_size=12
).filter(lambda w: sum(x is not None for x in w) >= 2)


def als_reihe(hundertstel):
    return pd.Series(
        [None if x is None else x / 100 for x in hundertstel],
        index=[f"{n:03d}" for n in range(len(hundertstel))],
        dtype="float64",
    )


@settings(max_examples=30)
@given(HUNDERTSTEL, st.randoms(use_true_random=False))
def test_reihenfolge_der_zeilen_ist_egal(hundertstel, zufall):
    werte = als_reihe(hundertstel)
    folge = list(werte.index)
    zufall.shuffle(folge)
    for gebiet in werte.index:
        assert vergleich(werte, gebiet) == vergleich(werte[folge], gebiet)


@settings(max_examples=30)
@given(HUNDERTSTEL)
def test_umgekehrtes_vorzeichen_vertauscht_die_worte(hundertstel):
    werte = als_reihe(hundertstel)
    if len(set(werte.dropna())) == 1:
        return
    for gebiet in werte.index:
        hin, her = vergleich(werte, gebiet), vergleich(-werte, gebiet)
        assert her.lage == GEGENTEIL[hin.lage]
        assert her.gleichauf == hin.gleichauf


@settings(max_examples=30)
@given(HUNDERTSTEL, st.sampled_from([2, 4, 10]))
def test_anderes_mass_aendert_die_lage_nicht(hundertstel, faktor):
    """Feiner gedruckt als gemessen: Ein Vielfaches ordnet gleich."""
    werte = als_reihe(hundertstel)
    for gebiet in werte.index:
        eins = vergleich(werte, gebiet, stellen=6)
        zwei = vergleich(werte * faktor, gebiet, stellen=6)
        assert (eins.lage, eins.gleichauf) == (zwei.lage, zwei.gleichauf)


@settings(max_examples=30)
@given(HUNDERTSTEL)
def test_fehlendes_wird_nie_null(hundertstel):
    werte = als_reihe(hundertstel)
    stand = vergleich(werte, werte.index[0])
    da = [x for x in hundertstel if x is not None]
    assert stand.anzahl == len(da)
    assert stand.minimum == pytest.approx(min(da) / 100)
    assert set(stand.fehlend) == set(werte.index[werte.isna()])
