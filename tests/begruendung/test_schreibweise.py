"""Zahlen, Daten und Aufzählungen, von Hand gerundet."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.schreibweise import (
    aufzaehlung,
    datum_text,
    gerundet,
    gross,
    mehrzahl,
    prozent_text,
    zahl_text,
    zahlwort,
)

FAELLE = yaml.safe_load(
    (Path(__file__).parent / "faelle" / "schreibweise.yaml").read_text(encoding="utf-8")
)
ENDLICH = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize("fall", FAELLE["zahl"], ids=lambda f: f["text"])
def test_zahl_von_hand(fall):
    assert zahl_text(fall["wert"], stellen=fall["stellen"]) == fall["text"]


@pytest.mark.parametrize("fall", FAELLE["vorzeichen"], ids=lambda f: f["text"])
def test_zahl_mit_vorzeichen_von_hand(fall):
    text = zahl_text(fall["wert"], stellen=fall["stellen"], vorzeichen=True)
    assert text == fall["text"]


@pytest.mark.parametrize("fall", FAELLE["prozent"], ids=lambda f: f["text"])
def test_prozent_von_hand(fall):
    text = prozent_text(fall["wert"], stellen=fall["stellen"])
    assert text.replace("\xa0", "~") == fall["text"]
    kurz = prozent_text(fall["wert"], stellen=fall["stellen"], kurz=True)
    assert kurz == text.replace("Prozent", "%")


@given(ENDLICH, st.integers(0, 3))
def test_zahl_laesst_sich_zuruecklesen(wert, stellen):
    text = zahl_text(wert, stellen=stellen)
    gelesen = Decimal(text.replace(".", "").replace(",", ".").replace("−", "-"))
    soll = Decimal(repr(wert)).quantize(Decimal(1).scaleb(-stellen), ROUND_HALF_UP)
    assert gelesen == soll


@given(ENDLICH)
def test_minus_spiegelt_und_null_hat_kein_vorzeichen(wert):
    ohne = zahl_text(wert, stellen=1).removeprefix("−")
    assert zahl_text(-wert, stellen=1).removeprefix("−") == ohne
    assert zahl_text(wert, stellen=1) != "−0,0"


@given(st.integers(0, 10**9))
def test_tausenderpunkte_teilen_dreierweise(zahl):
    teile = zahl_text(zahl).split(".")
    assert 1 <= len(teile[0]) <= 3
    assert all(len(teil) == 3 for teil in teile[1:])


@pytest.mark.parametrize("wert", [float("nan"), float("inf"), float("-inf")])
def test_fehlendes_wird_nie_gedruckt(wert):
    with pytest.raises(ArithmeticError):
        zahl_text(wert)
    with pytest.raises(ArithmeticError):
        prozent_text(wert)


def test_gerundet_ist_gleich_was_gleich_dasteht():
    assert gerundet(0.1214, 3) == gerundet(0.12139, 3) == Decimal("0.121")
    assert gerundet(0.1215, 3) != gerundet(0.1214, 3)


def test_datum_hat_immer_zehn_stellen():
    assert datum_text(date(2024, 1, 5)) == "05.01.2024"
    assert datum_text(date(999, 1, 5)) == "05.01.0999"


@pytest.mark.parametrize(
    ("zahl", "wort"), [(0, "null"), (1, "eins"), (12, "zwölf"), (13, "13"), (-1, "−1")]
)
def test_zahlwort_bis_zwoelf(zahl, wort):
    assert zahlwort(zahl) == wort


def test_zahlwort_am_satzanfang_gross():
    assert zahlwort(3, gross=True) == "Drei"
    assert zahlwort(1234, gross=True) == "1.234"


def test_einzahl_nur_bei_eins():
    texte = [mehrzahl(n, "Bezirk", "Bezirke") for n in (0, 1, 2, 1000)]
    assert texte == ["0 Bezirke", "1 Bezirk", "2 Bezirke", "1.000 Bezirke"]


@pytest.mark.parametrize(
    ("teile", "text"),
    [([], ""), (["A"], "A"), (["A", "B"], "A und B"), (["A", "B", "C"], "A, B und C")],
)
def test_aufzaehlung_ohne_komma_vor_und(teile, text):
    assert aufzaehlung(teile) == text
    assert aufzaehlung(teile, wort="oder") == text.replace("und", "oder")


def test_satzanfang_aendert_nur_den_ersten_buchstaben():
    assert gross("überWiegend B") == "ÜberWiegend B"
    assert gross("") == ""
