"""Index, Klasse und Haltbarkeit einer Zielgruppe; von Hand gerechnet."""

import dataclasses
from types import SimpleNamespace

import pandas as pd
import pytest
from hausmittel import freigabe_aus
from hypothesis import given, settings
from hypothesis import strategies as st

from quartierstools.auswertung import Bedarf, Messung
from quartierstools.auswertung.bedarf import _tafel, bedarf
from quartierstools.katalog import Klassenworte, Wortwahl

LANGZEIT = "langzeitarbeitslose"
WORTE = Klassenworte(
    id="bedarf",
    groesse="Bedarfsindex",
    klassen=("unter", "um", "über", "deutlich über"),
)
WORTWAHL = Wortwahl(id="standard", verboten={}, ursache=())
B05 = [0.01, 0.02, 0.02, 0.03, 0.03, 0.03, 0.04, 0.04, 0.05, 0.09]


def rechne(freigabe, zielgruppe=LANGZEIT, varianten=100):
    gruppe = freigabe.katalog.zielgruppe(zielgruppe)
    return bedarf(freigabe, gruppe, varianten=varianten)


def mit_naeherung(werte, **felder):
    """Nur der Arbeitslosenanteil liegt vor: Näherung für Langzeitarbeitslose."""
    return freigabe_aus({"B01": werte}, **felder)


def tafel(klasse, haltbarkeit, abstand=1.0):
    """Tafel eines Gebiets „10“ mit vorgegebener Klasse und Haltbarkeit."""
    index = pd.Index(["10"], name="gebiet")
    modell = SimpleNamespace(
        klasse_=pd.Series([klasse], index=index, dtype="Int64"),
        standardisiert_=pd.Series([2.0], index=index),
    )
    halt = pd.DataFrame(
        {"haltbarkeit": [haltbarkeit], "abstand": [abstand], "grenze": [1.5]},
        index=index,
        dtype="float64",
    )
    # Varianten, in denen die Klasse nicht hält, liegen eine Klasse tiefer.
    anteile = pd.DataFrame(0.0, index=index, columns=[1, 2, 3, 4])
    if klasse is not pd.NA and klasse is not None:
        anteile.loc["10", klasse] += haltbarkeit
        anteile.loc["10", max(klasse - 1, 1)] += 1 - haltbarkeit
    ergebnis = SimpleNamespace(haltbarkeit=halt, klassenanteile=anteile)
    return _tafel(modell, ergebnis, WORTE, WORTWAHL).loc["10"]


@pytest.mark.parametrize(
    ("klasse", "haltbarkeit", "gezeigt", "wort"),
    [
        (4, 0.90, 4, "deutlich über"),
        (4, 0.8999, 3, "über"),
        (4, 1.0, 4, "deutlich über"),
        (4, 0.0, 3, "über"),
        (3, 0.5, 3, "über"),
        (2, 0.1, 2, "um"),
        (1, 0.1, 1, "unter"),
    ],
)
def test_oberste_klasse_nur_wenn_sie_haelt(klasse, haltbarkeit, gezeigt, wort):
    """METHODE 4.2: „deutlich“ ab 90 Prozent der Rechenvarianten."""
    zeile = tafel(klasse, haltbarkeit)
    assert (zeile["klasse"], zeile["wort"]) == (gezeigt, wort)


def test_gebiet_ohne_wert_bleibt_ohne_klasse():
    """Fehlende Gebiete hatten hier einmal Klasse 3: NA ist nicht „hält nicht“."""
    zeile = tafel(pd.NA, float("nan"), float("nan"))
    assert pd.isna(zeile["klasse"])
    assert pd.isna(zeile["wort"])
    assert not zeile["grenzfall"]


@pytest.mark.parametrize(
    ("haltbarkeit", "abstand", "grenzfall"),
    [
        (1.0, 0.0999, True),
        (1.0, -0.0999, True),
        (1.0, 0.1, False),
        (1.0, -0.5, False),
        (0.9, 0.5, False),
        (0.8999, 0.5, True),
        (0.2, 0.01, True),
    ],
)
def test_grenzfall_nach_haltbarkeit_oder_abstand(haltbarkeit, abstand, grenzfall):
    assert bool(tafel(2, haltbarkeit, abstand)["grenzfall"]) is grenzfall


def test_ein_indikator_heisst_wie_er_selbst():
    ergebnis = rechne(mit_naeherung(B05))
    assert isinstance(ergebnis, Bedarf)
    assert ergebnis.groesse == "Arbeitslosenanteil"
    assert ergebnis.messung.art == "Näherung"


def test_index_von_hand():
    """Mittel 3,6, Streuung 2,1071 Prozent: 9,0 hat z = 2,563, 1,0 hat −1,234."""
    ergebnis = rechne(mit_naeherung(B05))
    assert ergebnis.index.loc["019"] == pytest.approx(2.5628, abs=1e-4)
    assert ergebnis.index.loc["010"] == pytest.approx(-1.2339, abs=1e-4)
    assert list(ergebnis.modell.klasse_) == [1, 2, 2, 2, 2, 2, 2, 2, 2, 4]
    assert list(ergebnis.tafel.index) == [f"0{n}" for n in range(10, 20)]
    assert ergebnis.tafel.index.name == "gebiet"


def test_zwei_indikatoren_zaehlen_gleich():
    """z-Werte ±1; Summen −2, 0, 0, 2 mit Streuung √2, also −√2, 0, 0, √2."""
    freigabe = freigabe_aus(
        {"B05": [0.0, 0.1, 0.0, 0.1], "A09": [0.0, 0.0, 0.4, 0.4]},
    )
    ergebnis = rechne(freigabe)
    assert ergebnis.groesse == "Bedarfsindex"
    assert ergebnis.messung.art == "direkt"
    erwartet = pytest.approx([-(2**0.5), 0, 0, 2**0.5], abs=1e-9)
    assert list(ergebnis.index) == erwartet


def test_ein_fehlender_indikator_laesst_das_gebiet_ohne_index():
    freigabe = freigabe_aus(
        {
            "B05": [*B05[:-1], None],
            "A09": ["gesperrt", *B05[1:]],
        }
    )
    ergebnis = rechne(freigabe)
    assert ergebnis.gueltig == 8
    for gebiet in ("010", "019"):
        assert pd.isna(ergebnis.index[gebiet])
        assert pd.isna(ergebnis.klasse[gebiet])
    assert ergebnis.klasse.drop(["010", "019"]).notna().all()


def test_fehlende_gebiete_aendern_mittel_und_streuung_nicht_als_null():
    """Fünf Lücken neben den zehn Werten: dieselben z-Werte wie ohne die Lücken."""
    ohne = rechne(mit_naeherung(B05))
    mit = rechne(mit_naeherung([*B05, None, None, None, None, "gesperrt"]))
    gueltig = mit.index.dropna()
    pd.testing.assert_series_equal(gueltig, ohne.index, check_index_type=False)


def test_nicht_messbar_ist_ein_ergebnis():
    ergebnis = rechne(mit_naeherung(B05), "jugendliche")
    assert isinstance(ergebnis, Messung)
    assert ergebnis.art == "nicht messbar"


def test_potential_bekommt_nie_bedarfswoerter():
    freigabe = freigabe_aus(dict.fromkeys(("B11", "B14", "B15"), B05))
    ergebnis = rechne(freigabe, "fachkraefte")
    assert ergebnis.groesse == "Potentialindex"
    assert set(ergebnis.tafel["wort"].dropna()) <= set(ergebnis.worte.klassen)
    assert all(w.startswith("Potential") for w in ergebnis.tafel["wort"].dropna())


WERTE = st.lists(st.integers(1, 60), min_size=8, max_size=12).filter(
    lambda w: len(set(w)) > 3
)


@settings(max_examples=6, deadline=None)
@given(WERTE, st.sampled_from([2, 5]))
def test_anderes_mass_aendert_keine_klasse(werte, faktor):
    eins = rechne(mit_naeherung([w / 1000 for w in werte]), varianten=20)
    zwei = rechne(mit_naeherung([w * faktor / 1000 for w in werte]), varianten=20)
    pd.testing.assert_series_equal(eins.index, zwei.index)
    pd.testing.assert_series_equal(eins.klasse, zwei.klasse)


@settings(max_examples=6, deadline=None)
@given(WERTE)
def test_umgekehrte_richtung_kehrt_den_index_um(werte):
    anteile = [w / 100 for w in werte]
    hoch = rechne(mit_naeherung(anteile), varianten=20)
    gedreht = {"B01": {"richtung": "niedrig"}}
    niedrig = rechne(mit_naeherung(anteile, aendere=gedreht), varianten=20)
    pd.testing.assert_series_equal(hoch.index, -niedrig.index)


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(10)))
def test_reihenfolge_der_werte_ist_egal(folge):
    freigabe = mit_naeherung(B05)
    gemischt = dataclasses.replace(
        freigabe, werte=freigabe.werte.iloc[list(folge)].reset_index(drop=True)
    )
    eins, zwei = rechne(freigabe, varianten=50), rechne(gemischt, varianten=50)
    pd.testing.assert_frame_equal(eins.tafel, zwei.tafel)


def test_herabgestufte_klasse_haelt_auch_wo_sie_hoeher_liegt():
    """4 in der Hälfte, 3 in der anderen: „über dem Mittel“ hält immer."""
    zeile = tafel(4, 0.5)
    assert (zeile["klasse"], zeile["haltbarkeit"]) == (3, 1.0)
    assert zeile["gesenkt"]
    assert not tafel(3, 0.5)["gesenkt"]
    assert zeile["grenzfall"]
