"""Belege: stabile Kennung, Quellen in Reihenfolge, Fundstellen zusammengefasst."""

import dataclasses
import hashlib
import json
from datetime import date

import pandas as pd
import pytest
from hausmittel import freigabe_aus
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.begruendung.beleg import (
    ZAHL_IM_TEXT,
    Beleg,
    Niederschrift,
    _mit_fundstellen,
    druckstellen,
    stichtag_text,
    wert_text,
)
from quartierstools.dokument import reiner_text
from quartierstools.geheimhaltung import Zelle
from quartierstools.katalog import Aussage, Indikator, Quelle


def quelle(kennung, zitat, **fundstellen):
    return Quelle(
        id=kennung,
        herausgeber="H",
        titel="T",
        zitat=zitat,
        herkunft="synthetisch",
        fundstellen=fundstellen,
    )


@pytest.fixture(scope="module")
def freigabe():
    return freigabe_aus({"B01": [0.121, 0.04, "gesperrt", None]})


@pytest.fixture
def schrift(freigabe):
    return Niederschrift(freigabe)


def test_kennung_haengt_nur_am_inhalt():
    eins = Beleg(art="wert", text="12,1", was="Anteil", gebiet="010", zeile=3)
    zwei = Beleg(zeile=3, gebiet="010", was="Anteil", text="12,1", art="wert")
    felder = ["art=wert", "gebiet=010", "text=12,1", "was=Anteil", "zeile=3"]
    summe = hashlib.sha256("\x1f".join(felder).encode()).hexdigest()
    assert eins.kennung == zwei.kennung == summe[:12]
    assert len({dataclasses.replace(eins, zeile=n).kennung for n in range(9)}) == 9


def test_felder_laufen_in_der_kennung_nicht_ineinander():
    eins = Beleg(art="wert", text="ab", was="c")
    zwei = Beleg(art="wert", text="a", was="bc")
    assert eins.kennung != zwei.kennung


def test_eintrag_nennt_nur_gefuelltes_und_ist_json():
    eintrag = Beleg(art="wert", text="1", was="x", gebiet="010").als_eintrag()
    assert set(eintrag) == {"kennung", "art", "text", "was", "gebiet"}
    assert json.loads(json.dumps(eintrag))["gebiet"] == "010"


def test_quellen_werden_in_der_reihenfolge_ihres_auftretens_nummeriert(schrift):
    a, b = quelle("a", "Bericht A"), quelle("b", "Bericht B")
    assert [schrift.quelle(q) for q in (b, a, b)] == ["[1]", "[2]", "[1]"]
    assert schrift.eigene_rechnung() == "[3]"
    assert schrift.quelle(a) == "[2]"
    liste = reiner_text(schrift.quellenliste())
    assert liste.startswith("[1] Bericht B · [2] Bericht A · [3] eigene Rechnung")


def test_fundstellen_einer_quelle_stehen_zusammen(schrift):
    q = quelle("a", "Bericht A", B01="Tabelle 7", B05="Tabelle 12", A02="Tabelle 7")
    for kennung in ("B01", "B05", "A02", "B99"):
        assert schrift.quelle(q, kennung) == "[1]"
    assert reiner_text(schrift.quellenliste()) == "[1] Bericht A, Tabelle 7, 12"


@pytest.mark.parametrize(
    ("zitat", "stellen", "text"),
    [
        ("Bericht", [], "Bericht"),
        ("Bericht", ["S. 46"], "Bericht, S. 46"),
        ("Bericht", ["S. 46", "S. 47"], "Bericht, S. 46, 47"),
        ("Bericht", ["S. 46", "Tabelle 2"], "Bericht, S. 46, Tabelle 2"),
        ("Bericht", ["Anhang"], "Bericht, Anhang"),
        ("Bericht", ["Anhang", "Vorwort"], "Bericht, Anhang, Vorwort"),
        (
            "Bericht, mittelbar abgelesen; prüfen",
            ["PDF-S. 46"],
            "Bericht, PDF-S. 46, mittelbar abgelesen; prüfen",
        ),
    ],
)
def test_fundstellen_von_hand(zitat, stellen, text):
    assert _mit_fundstellen(zitat, stellen) == text


def test_gedruckter_wert_traegt_seinen_beleg(schrift, freigabe):
    stueck = schrift.zelle(freigabe.zelle("010", "B01"))
    (beleg,) = schrift.belege
    assert stueck.belege == (beleg.kennung,)
    assert stueck.text == beleg.text == "12,1\xa0Prozent"
    assert (beleg.gebiet, beleg.indikator) == ("010", "B01")
    assert (beleg.datei, beleg.zeile) == ("bestand/probe.csv", 2)
    assert beleg.was == "Arbeitslosenanteil, Ort 010"
    assert beleg.stichtag == "31.12.2024"


@pytest.mark.parametrize(
    ("gebiet", "text"), [("012", "gesperrt"), ("013", "liegt nicht vor")]
)
def test_luecke_ist_ein_wort_ohne_beleg(schrift, freigabe, gebiet, text):
    stueck = schrift.zelle(freigabe.zelle(gebiet, "B01"))
    assert (stueck.text, stueck.belege, schrift.belege) == (text, (), ())


def test_derselbe_wert_ist_ein_beleg(schrift, freigabe):
    for _ in range(3):
        schrift.zelle(freigabe.zelle("010", "B01"))
    assert len(schrift.belege) == 1


def test_jede_zahl_einer_aussage_wird_ein_beleg(schrift):
    text = "Im Dezember 2025 waren 7.171 von 17.499, rund 41,5 Prozent."
    stueck, verweis = schrift.aussage(Aussage(text=text, quelle="muster_arbeitsmarkt"))
    assert [b.text for b in schrift.belege] == ["2025", "7.171", "17.499", "41,5"]
    assert stueck.belege == tuple(b.kennung for b in schrift.belege)
    assert verweis.text == " [1]"


def test_aussage_ohne_quelle_bekommt_keinen_verweis(schrift):
    assert reiner_text(schrift.aussage(Aussage(text="Satz 1."))) == "Satz 1."
    assert schrift.belege == ()


@pytest.mark.parametrize(
    ("text", "zahlen"),
    [
        ("1.234.567 Menschen", ["1.234.567"]),
        ("§ 16i und B01", []),
        ("am 31.12.2023", []),
        ("12,1 Prozent.", ["12,1"]),
        ("zwischen 3 und 5", ["3", "5"]),
    ],
)
def test_zahlen_im_text(text, zahlen):
    gefunden = ZAHL_IM_TEXT.findall(text)
    if text.startswith("am"):
        assert "31.12.2023" not in gefunden
    else:
        assert gefunden == zahlen


@pytest.mark.parametrize(
    ("einheit", "wert", "text", "kurz"),
    [
        ("prozent", 0.1, "10,0~Prozent", "10,0~%"),
        ("je_1000", 12.34, "12,3~je 1.000", "12,3~je 1.000"),
        ("je_100", 147.0, "147,0", "147,0"),
        ("prozentpunkte", -1.25, "−1,3~Prozentpunkte", "−1,3~Prozentpunkte"),
        ("anzahl", 23205.0, "23.205,0", "23.205,0"),
    ],
)
def test_wert_in_seiner_einheit(einheit, wert, text, kurz):
    i = Indikator(
        id="X",
        bezeichnung="X",
        zaehler="z",
        dimension="d",
        lieferant="l",
        einheit=einheit,
    )
    assert wert_text(wert, i).replace("\xa0", "~") == text
    assert wert_text(wert, i, kurz=True).replace("\xa0", "~") == kurz


@given(st.sampled_from(["gesperrt", "fehlt", "nicht sinnvoll"]))
def test_was_keine_zahl_ist_wird_nie_eine(art):
    i = Indikator(id="X", bezeichnung="X", zaehler="z", dimension="d", lieferant="l")
    for wert in (None, 0.0, 0.5):
        text = wert_text(wert, i, wertart=art)
        assert not any(zeichen.isdigit() for zeichen in text)


def test_druckstellen_folgen_der_einheit():
    felder = {"bezeichnung": "X", "zaehler": "z", "dimension": "d", "lieferant": "l"}
    prozent = Indikator(id="X", **felder)
    anzahl = Indikator(id="X", einheit="anzahl", stellen=0, **felder)
    assert (druckstellen(prozent), druckstellen(anzahl)) == (3, 0)


@pytest.mark.parametrize(
    ("belegt", "text"),
    [
        ("ja", "31.12.2023"),
        ("nein", "31.12.2023 (angenommen)"),
        ("unbekannt", "Stichtag unbekannt"),
    ],
)
def test_stichtag_sagt_wie_sicher_er_ist(belegt, text):
    zelle = Zelle(
        gebiet="24",
        indikator="B01",
        stichtag=date(2023, 12, 31),
        wert=0.1,
        wertart="Zahl",
        stichtag_belegt=belegt,
    )
    assert stichtag_text(zelle) == text


@pytest.mark.parametrize(
    ("wert", "einheit", "text"),
    [
        ("23205", "Personen", "23.205"),
        ("28,8", "%", "28,8\xa0Prozent"),
        ("46,5", "Jahre", "46,5\xa0Jahre"),
        ("141", "Anzahl", "141"),
    ],
)
def test_einzelwert_in_lesbarer_einheit(freigabe, wert, einheit, text):
    zeile = {
        "ebene": "gebiet",
        "gebiet": "010",
        "bezeichnung": "Probe",
        "wert": wert,
        "einheit": einheit,
        "stichtag": "2023",
        "quelle": "Zeitung",
        "fundstelle": "S. 1",
        "zeile": 5,
    }
    tabelle = pd.DataFrame([zeile], index=pd.Index(["e1"], name="id"))
    schrift = Niederschrift(dataclasses.replace(freigabe, einzelwerte=tabelle))
    stueck, verweis = schrift.einzelwert("e1")
    assert (stueck.text, verweis) == (text, "[1]")
    (beleg,) = schrift.belege
    assert (beleg.datei, beleg.zeile) == ("einzelwerte.csv", 5)


def test_orte_aller_ebenen_haben_namen(schrift, freigabe):
    stadt = freigabe.katalog.projekt.stadt
    assert [schrift.ortsname(s) for s in ("010", "1", "stadt")] == [
        "Ort 010",
        "Mitte",
        stadt,
    ]
