"""Wird jede deutsche Schreibweise einer Zahl erkannt und richtig eingeordnet?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.nachpruefung.zahlen import (
    KLASSEN,
    WERT,
    glatt,
    saetze,
    zahlen,
    zeichen,
)
from quartierstools.schreibweise import ZAHLWOERTER, prozent_text, zahl_text

WERTE = [
    ("12,1 Prozent", "12,1", "%"),
    ("12,1\u00a0%", "12,1", "%"),
    ("12,1%", "12,1", "%"),
    ("1.234.567,89", "1234567,89", ""),
    ("23.205 Einwohner", "23205", ""),
    ("−4,7", "-4,7", ""),
    ("–4,7 Prozentpunkte", "-4,7", "pp"),
    ("+0,3 Prozentpunkte", "0,3", "pp"),
    ("3 ‰", "3", "‰"),
    ("12.000 €", "12000", "€"),
    ("12.000 Euro", "12000", "€"),
    ("2,5 Mio.", "2,5", "mio"),
    ("drei", "3", ""),
    ("Zwölf", "12", ""),
    ("zweimal", "2", ""),
    ("ein weiteres", "1", ""),
    ("null", "0", ""),
    ("eins", "1", ""),
    ("95-%-Intervall", "95", "%"),
    ("15- bis", "15", ""),
]


@pytest.mark.parametrize(("text", "wert", "einheit"), WERTE)
def test_wert_und_einheit(text, wert, einheit):
    (z,) = zahlen(glatt(text))
    assert z.klasse == WERT
    assert z.wert == Decimal(wert.replace(",", "."))
    assert z.einheit == einheit


GESONDERT = [
    ("am 31.12.2023", "datum"),
    ("Stand 2012", "datum"),
    ("im Dezember 2025", "datum"),
    ("am 3. März 2024", "datum"),
    ("2019/2020", "datum"),
    ("§ 22 Absatz 1 SGB II", "recht"),
    ("Paragraf 16i", "recht"),
    ("siehe [3]", "verweis"),
    ("2 Ausgangslage", "gliederung"),
    ("Seite 1 von 2", "seite"),
    ("Vorlage Nr. 20250123", "vorlage"),
    ("PDF-S. 46, 135, 27", "fundstelle"),
    ("WR/WAZ 12/2019", "fundstelle"),
    ("Lauf c7161617ef8b", "kennung"),
    ("Schlüssel 052", "kennung"),
    ("Indikator B01", "kennung"),
    ("Universitätsstraße 74a", "anschrift"),
    ("44787 Bochum", "anschrift"),
]


@pytest.mark.parametrize(("text", "klasse"), GESONDERT)
def test_gesonderte_klassen(text, klasse):
    gefunden = zahlen(glatt(text))
    assert gefunden
    assert {z.klasse for z in gefunden} == {klasse}
    assert klasse in KLASSEN


@pytest.mark.parametrize(
    "text", ["ein Bezirk mit einer Karte", "Bezirke und Gebiete", "eine Begründung"]
)
def test_artikel_ist_keine_zahl(text):
    assert zahlen(glatt(text)) == []


def test_spanne_sind_zwei_zahlen_ohne_vorzeichen():
    assert [z.wert for z in zahlen("9–15 Plätze, 3 bis 5")] == [9, 15, 3, 5]


def test_falsche_schreibweise_hat_keinen_wert():
    assert [z.wert for z in zahlen("12.1 Prozent")] == [None]


@given(st.floats(-1e6, 1e6, allow_nan=False), st.integers(0, 3))
def test_was_wir_schreiben_lesen_wir_wieder(wert, stellen):
    text = zahl_text(wert, stellen=stellen)
    gelesen = zahlen(text)
    assert len(gelesen) == 1
    if gelesen[0].klasse == WERT:
        zurueck = f"{gelesen[0].wert}".replace("-", "−").replace(".", ",")
        assert zahlen(zurueck)[0].wert == gelesen[0].wert
        assert zahl_text(float(gelesen[0].wert), stellen=stellen) == text


@given(st.floats(0, 1, allow_nan=False))
def test_prozent_in_beiden_schreibweisen_ist_dasselbe(anteil):
    lang, kurz = (zahlen(glatt(prozent_text(anteil, kurz=k)))[0] for k in (False, True))
    assert lang.schluessel == kurz.schluessel


@pytest.mark.parametrize(("zahl", "wort"), list(enumerate(ZAHLWOERTER)))
def test_zahlwort_und_ziffer_sind_dasselbe(zahl, wort):
    assert zahlen(wort)[0].schluessel == zahlen(str(zahl))[0].schluessel


@given(st.text(alphabet="abz ä0123456789.,-–−%§[]()/\n\u00ad\u00a0", max_size=60))
def test_keine_ziffer_geht_verloren(text):
    sauber = glatt(text)
    ziffern = [n for n, c in enumerate(sauber) if c.isdigit()]
    gelesen = {n for z in zeichen(sauber) for n in range(z.von, z.bis)}
    assert [n for n in ziffern if n not in gelesen] == []


def test_satzgrenzen_achten_abkuerzungen_und_daten():
    text = "Laut Vorlage Nr. 12 am 31.12.2023 galt das. [1] Rund 41 Prozent. Ende."
    assert [text[a:b] for a, b in saetze(text)] == [
        "Laut Vorlage Nr. 12 am 31.12.2023 galt das. [1]",
        "Rund 41 Prozent.",
        "Ende.",
    ]
