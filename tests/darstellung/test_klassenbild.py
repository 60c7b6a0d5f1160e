import pandas as pd
import pytest
from beispielstadt import anteil, stufen, typen, wertart, werte
from hypothesis import given, settings
from hypothesis import strategies as st

from quartierstools.darstellung import (
    Klasse,
    Klassenbild,
    quantilgrenzen,
    stufenbild,
    typenbild,
    wertebild,
)
from quartierstools.darstellung.einteilung import bereichstexte
from quartierstools.darstellung.klassenbild import luecken
from quartierstools.fehler import Ausgabefehler, Gebietsfehler
from quartierstools.schreibweise import gerundet

ART = pd.Series({"10": "Zahl", "11": "gesperrt", "12": "fehlt", "13": "nicht sinnvoll"})


def test_bereiche_stehen_auf_deutsch_da():
    erwartet = (
        "unter 4,0\u00a0Prozent",
        "4,0 bis unter 6,5\u00a0Prozent",
        "6,5\u00a0Prozent und mehr",
    )
    assert bereichstexte([4, 6.5], einheit="Prozent") == erwartet


def test_grenze_gehoert_zur_oberen_klasse():
    bild = wertebild(
        pd.Series({"1": 3.9, "2": 4.0, "3": 6.4, "4": 6.5}), titel="x", grenzen=[4, 6.5]
    )
    assert bild.klasse.to_list() == ["1", "2", "2", "3"]


def test_eingeordnet_wird_der_wert_der_dasteht():
    """6,46 heißt „6,5“ und darf nicht unter „bis unter 6,5“ stehen."""
    bild = wertebild(pd.Series({"1": 6.46, "2": 6.44}), titel="x", grenzen=[6.5])
    assert bild.klasse.to_dict() == {"1": "2", "2": "1"}
    assert bild.wert_text("1") == "6,5"


@settings(deadline=None)
@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=40),
    st.integers(1, 7),
    st.integers(0, 2),
)
def test_quantile_steigen_und_jeder_wert_hat_seine_klasse(liste, anzahl, stellen):
    reihe = pd.Series(liste, index=[f"g{i}" for i in range(len(liste))])
    grenzen = quantilgrenzen(reihe, anzahl=anzahl, stellen=stellen)
    assert list(grenzen) == sorted(set(grenzen))
    bild = wertebild(reihe, titel="x", anzahl=anzahl, stellen=stellen)
    assert sum(bild.anzahlen.values()) == len(liste)
    for gebiet, wert in reihe.items():
        genau = float(gerundet(wert, stellen))
        nummer = 1 + sum(genau >= g for g in grenzen)
        assert bild.klasse[gebiet] == str(nummer)


@settings(deadline=None, max_examples=25)
@given(st.permutations(list(werte().index)))
def test_reihenfolge_der_gebiete_ist_egal(reihenfolge):
    bild = wertebild(werte(), titel="x", wertart=wertart())
    gemischt = wertebild(werte()[reihenfolge], titel="x", wertart=wertart())
    pd.testing.assert_series_equal(
        bild.klasse, gemischt.klasse.reindex(bild.klasse.index)
    )
    assert bild.anzahlen == gemischt.anzahlen


def test_vier_wertarten_bleiben_vier_verschiedene_dinge():
    reihe = pd.Series({"10": 0.0, "11": None, "12": None, "13": None})
    bild = wertebild(reihe, titel="x", grenzen=[5], wertart=ART)
    assert bild.klasse.to_list() == ["1", "gesperrt", "fehlt", "nicht sinnvoll"]
    assert [bild.wert_text(g) for g in ART.index] == [
        "0,0",
        "gesperrt",
        "liegt nicht vor",
        "nicht sinnvoll",
    ]
    assert len({bild.klasse_von(g).muster for g in ART.index}) == 4


def test_null_ist_eine_zahl_und_keine_luecke():
    bild = wertebild(pd.Series({"10": 0.0, "11": 7.0}), titel="x", grenzen=[5])
    assert bild.klasse_von("10").wertart == "Zahl"


def test_gesperrter_wert_kommt_nicht_in_die_darstellung():
    reihe = pd.Series({"10": 1.0, "11": 7.0, "12": None, "13": None})
    with pytest.raises(Ausgabefehler, match="vorher sperren") as fehler:
        wertebild(reihe, titel="x", grenzen=[5], wertart=ART)
    assert "11" in str(fehler.value)
    assert "7" not in str(fehler.value)


def test_zusatztext_an_einer_luecke_wird_abgelehnt():
    zusatz = pd.Series({"10": "hält", "11": "hält nicht", "12": "", "13": ""})
    with pytest.raises(Ausgabefehler, match="vorher sperren"):
        stufenbild(
            pd.Series({"10": 1, "11": None, "12": None, "13": None}),
            titel="x",
            woerter={1: "a"},
            wertart=ART,
            zusatz=zusatz,
        )


def test_klassennummer_an_einer_gesperrten_stelle_verschwindet():
    nummern = pd.Series({"10": 1, "11": 2, "12": 1, "13": 2})
    bild = stufenbild(nummern, titel="x", woerter={1: "a", 2: "b"}, wertart=ART)
    assert bild.klasse.to_list() == ["1", "gesperrt", "fehlt", "nicht sinnvoll"]


def test_eine_fehlende_klasse_ohne_wertart_bricht_ab():
    art = pd.Series({"10": "Zahl", "11": "Zahl"})
    with pytest.raises(Ausgabefehler, match="keine Klasse"):
        stufenbild(
            pd.Series({"10": 1, "11": None}), titel="x", woerter={1: "a"}, wertart=art
        )


def test_dunkler_heisst_hoehere_nummer_und_der_blick_bestimmt_die_farbe():
    nummern = pd.Series({"10": 1, "11": 4})
    woerter = {1: "a", 2: "b", 3: "c", 4: "d"}
    bedarf = stufenbild(nummern, titel="x", woerter=woerter)
    potential = stufenbild(nummern, titel="x", woerter=woerter, blick="potential")
    assert bedarf.klasse_von("11").farbe == "#2f72b4"
    assert potential.klasse_von("11").farbe != bedarf.klasse_von("11").farbe


def test_nummer_ohne_wort_wird_genannt():
    with pytest.raises(Ausgabefehler, match=r"ohne Eintrag \['5'\]"):
        stufenbild(pd.Series({"10": 5}), titel="x", woerter={1: "a"})


def test_typ_ohne_text_wird_genannt():
    with pytest.raises(Ausgabefehler, match=r"\['C'\]"):
        typenbild(pd.Series({"10": "C"}), titel="x", texte={"A": "a"})


def test_mehr_als_acht_typen_sind_zu_viele():
    buchstaben = "ABCDEFGHI"
    typ = pd.Series({f"{i}": b for i, b in enumerate(buchstaben)})
    with pytest.raises(Ausgabefehler, match="höchstens 8"):
        typenbild(typ, titel="x", texte={b: b for b in buchstaben})


def test_legende_zeigt_leere_klassen_aber_nur_vorhandene_luecken():
    bild = stufenbild(
        pd.Series({"10": 1, "11": None}), titel="x", woerter={1: "a", 2: "b"}
    )
    assert [k.schluessel for k in bild.legende] == ["1", "2", "fehlt"]
    assert bild.anzahlen["2"] == 0


def test_ausrichten_nennt_beide_seiten():
    bild = anteil()
    index = bild.klasse.index.drop("10").append(pd.Index(["99"]))
    with pytest.raises(Gebietsfehler) as fehler:
        bild.fuer(index)
    assert "ohne Klasse (99)" in str(fehler.value)
    assert "ohne Fläche (10)" in str(fehler.value)


@pytest.mark.parametrize("bild", [anteil(), stufen(), typen()])
def test_ausrichten_behaelt_jedes_gebiet(bild):
    umgekehrt = bild.fuer(bild.klasse.index[::-1])
    for gebiet in bild.klasse.index:
        assert umgekehrt.aussage(gebiet) == bild.aussage(gebiet)


def test_schluessel_als_zahl_werden_abgelehnt():
    with pytest.raises(Gebietsfehler, match="müssen Text sein"):
        wertebild(pd.Series({10: 1.0}), titel="x", grenzen=[5])


def test_doppelte_gebiete_werden_abgelehnt():
    with pytest.raises(Gebietsfehler, match="mehrfach"):
        wertebild(pd.Series([1.0, 2.0], index=["10", "10"]), titel="x", grenzen=[5])


def test_wertart_mit_fremdem_gebiet_wird_abgelehnt():
    with pytest.raises(Gebietsfehler, match="ohne Wert"):
        wertebild(pd.Series({"10": 1.0}), titel="x", grenzen=[5], wertart=ART)


def test_grenzen_die_gerundet_zusammenfallen_werden_abgelehnt():
    with pytest.raises(Ausgabefehler, match="steigen"):
        wertebild(pd.Series({"10": 1.0}), titel="x", grenzen=[4.01, 4.04])


def test_eingaben_bleiben_unveraendert():
    reihe, art = werte(), wertart()
    wertebild(reihe, titel="x", wertart=art)
    pd.testing.assert_series_equal(reihe, werte())
    pd.testing.assert_series_equal(art, wertart())


def test_aussage_nennt_wert_und_klasse():
    assert anteil().aussage("12") == (
        "2,7\u00a0Prozent, Klasse 1: unter 4,0\u00a0Prozent"
    )
    assert anteil().aussage("11") == "liegt nicht vor"
    assert typen().aussage("12") == "Typ A: wenige Kinder"
    assert stufen().aussage("12") == "unter dem Mittel"


def test_luecke_ohne_eigene_klasse_wird_abgelehnt():
    with pytest.raises(Ausgabefehler, match="widersprechen"):
        Klassenbild(
            titel="x",
            klasse=pd.Series({"10": "1"}),
            klassen=(Klasse(schluessel="1", text="a", farbe="#ffffff"), *luecken()),
            wertart=pd.Series({"10": "fehlt"}),
        )
