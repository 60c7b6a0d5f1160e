"""Der Steckbrief: Lage in Worten, ähnliche Gebiete, zwei Seiten für jedes Gebiet."""

import dataclasses
import io

import pandas as pd
import pytest
from hausmittel import bestand, freigabe_aus
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from quartierstools.ausgabe import steckbrief as modul
from quartierstools.ausgabe.kennzahlentafel import BRUCH, _frueher, lage
from quartierstools.ausgabe.pdf import pdf_bytes
from quartierstools.ausgabe.steckbrief import aehnliche, steckbrief
from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.begruendung.beleg import Niederschrift
from quartierstools.dokument import (
    Bild,
    Nebeneinander,
    Tabelle,
    Ueberschrift,
    reiner_text,
    texte,
)
from quartierstools.katalog import Projektordner
from quartierstools.schreibweise import zahl_text

# Mittel 3, Streuung 2: z = −1, −1, 1, 1 liegen genau am Rand.
GEBIETE = {"bochum": ["17", "24", "38"], "musterstadt": ["010", "022", "060", "063"]}
"""Ohne Werte, mit höchstem Wert, mit Angeboten, mit wenigen und vielen Sperren."""

RAND = [1.0, 1.0, 5.0, 5.0]


@pytest.fixture
def auswerten(tmp_path):
    def rechne(freigabe):
        return Auswertung.aus_freigabe(
            freigabe,
            ordner=Projektordner(tmp_path / "probe"),
            einstellung=Einstellung(varianten=20),
        )

    return rechne


@pytest.mark.parametrize(
    ("werte", "worte"),
    [
        (RAND, ["um das Mittel"] * 4),
        # z: −1, −0,33, −0,33, 1,67 und −1,67, 0,33, 0,33, 1
        ([1.0, 3.0, 3.0, 9.0], [*["um das Mittel"] * 3, "deutlich über dem Mittel"]),
        ([-3.0, 3.0, 3.0, 5.0], ["deutlich unter dem Mittel", *["um das Mittel"] * 3]),
        # Mittel 4, Streuung √2: z = −1,41, −0,71, 0, 0,71, 1,41
        (
            [2.0, 3.0, 4.0, 5.0, 6.0],
            ["unter dem Mittel", *["um das Mittel"] * 3, "über dem Mittel"],
        ),
        ([0.2, 0.2, 0.2, 0.2], ["um das Mittel"] * 4),
        # Zwei von vier Werten sind zu wenige, um ein Mittel zu vergleichen.
        (
            [1.0, None, 5.0, "gesperrt"],
            ["ohne Einstufung", "–", "ohne Einstufung", "–"],
        ),
    ],
)
def test_lage_von_hand(auswerten, werte, worte):
    """Mit allen Werten gleich ist die Streuung null: Niemand liegt daneben."""
    auswertung = auswerten(freigabe_aus({"C03": werte}))
    gebiete = auswertung.freigabe.gebiete.index
    assert [lage(auswertung, "C03", g) for g in gebiete] == worte


@pytest.mark.parametrize("kennung", ["K05", "K06", "K07", "K01"])
def test_herkunft_und_einwohner_bleiben_ohne_einstufung(auswerten, kennung):
    auswertung = auswerten(freigabe_aus({kennung: [0.1, 0.2, 0.9]}))
    assert lage(auswertung, kennung, "012") == "ohne Einstufung"


def test_einziger_indikator_uebernimmt_das_wort_der_klasse(auswerten):
    """Karte, Bericht und Steckbrief sagen dasselbe Wort."""
    werte = [0.01, 0.02, 0.02, 0.03, 0.03, 0.03, 0.04, 0.04, 0.05, 0.09]
    auswertung = auswerten(freigabe_aus({"B01": werte}))
    ergebnis = auswertung.bedarf("langzeitarbeitslose")
    for gebiet, wort in ergebnis.tafel["wort"].items():
        assert lage(auswertung, "B01", gebiet) == wort
    assert lage(auswertung, "B01", "019").endswith("über dem Mittel")


def test_aehnliche_von_hand():
    """Abstand von 013: zu 012 nur b, 300 / 122,5 = 2,45; zu 011 √(2² + 1,63²) = 2,58.

    Ohne Standardisieren wäre 011 näher (200 statt 300).
    """
    merkmale = pd.DataFrame(
        {"a": [0.0, 0.0, 1.0, 1.0], "b": [0.0, 100.0, 0.0, 300.0]},
        index=["010", "011", "012", "013"],
    )
    assert aehnliche(merkmale, "010", 3) == ["011", "012", "013"]
    assert aehnliche(merkmale, "013", 1) == ["012"]


def test_gebiete_mit_luecken_sind_niemandem_aehnlich():
    merkmale = pd.DataFrame(
        {"a": [0.0, 0.1, None, 5.0]}, index=["010", "011", "012", "013"]
    )
    assert aehnliche(merkmale, "010", 3) == ["011", "013"]


def test_gleichstand_nach_schluessel():
    merkmale = pd.DataFrame({"a": [0.0, 1.0, -1.0]}, index=["010", "012", "011"])
    assert aehnliche(merkmale, "010", 1) == ["011"]


def test_merkmal_ohne_unterschied_stoert_nicht():
    """Ein Merkmal mit lauter gleichen Werten hat keine Streuung."""
    merkmale = pd.DataFrame(
        {"a": [0.0, 1.0, 9.0], "b": [2.0, 2.0, 2.0]}, index=["010", "011", "012"]
    )
    assert aehnliche(merkmale, "010", 2) == ["011", "012"]


@given(st.permutations(["010", "011", "012", "013", "014"]))
def test_reihenfolge_der_zeilen_aendert_keine_nachbarn(folge):
    merkmale = pd.DataFrame(
        {"a": [0.0, 1.0, 4.0, 9.0, 16.0]}, index=["010", "011", "012", "013", "014"]
    )
    assert aehnliche(merkmale.loc[folge], "012", 2) == ["011", "010"]


@pytest.fixture(scope="module")
def blaetter(auswertungen):
    """Steckbriefe auffälliger Gebiete beider Orte, ohne Bilder und ungesetzt."""
    bild = Bild(svg="<svg/>", png=b"", alternativtext="Bild")
    with pytest.MonkeyPatch.context() as tausch:
        tausch.setattr(modul, "lagekarte", lambda *_, **__: bild)
        tausch.setattr(modul, "punktstreifen", lambda *_, **__: bild)
        tausch.setattr(modul, "verlaufstafel", lambda *_, **__: bild)
        return [
            (a, g, steckbrief(a, g)[0])
            for ort, a in auswertungen.items()
            for g in GEBIETE[ort]
        ]


def test_jedes_gebiet_hat_denselben_aufbau(blaetter):
    pflicht = [
        "Was es hier gibt",
        "Kennzahlen",
        "Zielgruppen",
        "Ähnliche Gebiete und Gruppe",
        "Fachliche Einschätzung",
        "Grenzen der Daten",
    ]
    erlaubt = {
        *pflicht,
        "Verlauf",
        "Bekannte Teilräume",
        "Weitere veröffentlichte Einzelwerte",
    }
    for _, gebiet, blatt in blaetter:
        titel = [b.text for b in blatt.bloecke if isinstance(b, Ueberschrift)]
        assert [t for t in titel if t in pflicht] == pflicht, gebiet
        assert set(titel) <= erlaubt


def test_angebote_stehen_vor_den_zahlen(blaetter):
    for _, _, blatt in blaetter:
        assert isinstance(blatt.bloecke[0], Nebeneinander)
        assert blatt.bloecke[1].text == "Was es hier gibt"


def test_gebiet_ohne_werte_bekommt_denselben_steckbrief(blaetter):
    ohne = [
        (gebiet, blatt)
        for a, gebiet, blatt in blaetter
        if a.projekt.id == "bochum"
        and a.freigabe.tabelle(["B01"])["B01"].isna()[gebiet]
    ]
    assert [gebiet for gebiet, _ in ohne] == ["17", "38"]
    for _, blatt in ohne:
        text = "\n".join(texte(blatt))
        assert "liegt nicht vor" in text
        # In Bochum ist nichts gesperrt: Dort fehlt der Wert.
        assert "Ohne Einstufung: Ein Wert liegt nicht vor." in text
        assert "Ohne Gruppe" in text


def test_gesperrtes_steht_als_wort_und_nie_als_zahl(blaetter):
    """Jede gesperrte Zelle der Gebietsspalte sagt „gesperrt“; jede andere nicht."""
    gesehen = 0
    for auswertung, gebiet, blatt in blaetter:
        freigabe = auswertung.freigabe
        tabelle = next(
            b for b in blatt.bloecke if isinstance(b, Tabelle) and "Kenn" in b.titel
        )
        namen = {i.bezeichnung: k for k, i in freigabe.katalog.indikatoren.items()}
        for zeile in tabelle.zeilen:
            titel = zeile[0][0].text.split(" [")[0].replace(" (Kontext)", "")
            art = freigabe.wertarten(namen[titel])[gebiet]
            text = "".join(t.text for t in zeile[1])
            for wort in ("gesperrt", "nicht sinnvoll"):
                assert (text == wort) is (art == wort), (gebiet, titel)
            assert any(c.isdigit() for c in text) is (art == "Zahl"), (gebiet, titel)
            gesehen += art in {"gesperrt", "nicht sinnvoll"}
    assert gesehen > 10


def test_kein_satz_bleibt_leer(blaetter):
    for _, gebiet, blatt in blaetter:
        for text in texte(blatt):
            assert ": ." not in text, gebiet
            assert "nan" not in text.lower().split(), gebiet
            assert "None" not in text, gebiet


def test_zu_viele_angebote_werden_gezaehlt_statt_gezeigt(auswerten):
    freigabe = freigabe_aus({"B01": [0.1, 0.2, 0.3, 0.4, 0.9]})
    viele = bestand(*({"name": f"A{n}", "gebiete": "010"} for n in range(12)))
    auswertung = auswerten(dataclasses.replace(freigabe, angebote=viele))
    blatt = modul.Blatt(
        auswertung=auswertung,
        gebiet="010",
        name="Ort 010",
        schrift=Niederschrift(auswertung.freigabe),
    )
    tabelle, hinweis = modul._angebote(blatt)
    assert [zeile[0][0].text for zeile in tabelle.zeilen] == [f"A{n}" for n in range(9)]
    assert hinweis.inhalt[0].text.startswith("3 weitere in der Anlage. ")


def test_frueherer_wert_hinter_einem_bruch_steht_nicht_da(auswertungen):
    """Haushalte mit Kindern: ab 31.12.2022 neues Verfahren (Musterstadt)."""
    auswertung = auswertungen["musterstadt"]
    blatt = modul.Blatt(
        auswertung=auswertung,
        gebiet="052",
        name="Brunnensiedlung",
        schrift=Niederschrift(auswertung.freigabe),
    )
    for tag, text in (("2021-12-31", BRUCH), ("2023-12-31", "21,2\u00a0%")):
        assert reiner_text(_frueher(blatt, "K08", tag)) == text


def test_verlauf_zeigt_die_reihe_mit_bruch(auswertungen):
    auswertung = auswertungen["musterstadt"]
    dokument, _ = steckbrief(auswertung, "010")
    bilder = [b.alternativtext for b in dokument.bloecke if isinstance(b, Bild)]
    (verlauf,) = [t for t in bilder if "Bruch" in t]
    assert "Bruch ab 2022: neues Verfahren der Haushaltegenerierung." in verlauf
    zahl = zahl_text(auswertung.freigabe.zelle("010", "K08").wert * 100, stellen=1)
    assert f"2024 {zahl}; Stadt" in verlauf


def test_ein_stichtag_hat_keinen_verlauf_und_das_steht_da(auswertungen):
    dokument, _ = steckbrief(auswertungen["bochum"], "24")
    text = " ".join(texte(dokument))
    assert "Ohne Verlauf: Es liegt nur ein Stichtag vor." in text
    assert "Ohne Intervall: Fallzahlen fehlen." in text
    assert not [b for b in dokument.bloecke if getattr(b, "text", "") == "Verlauf"]


def test_gesperrte_fallzahlen_heissen_nicht_fehlend(auswertungen):
    dokument, _ = steckbrief(auswertungen["musterstadt"], "063")
    text = " ".join(texte(dokument))
    assert "Fallzahlen sind gesperrt oder nicht sinnvoll" in text
    assert "Fallzahlen fehlen" not in text


def test_namen_mit_artikel_stehen_richtig_im_satz(auswertungen):
    for ort, gebiet, satz in (
        ("bochum", "11", "Im Gleisdreieck (Stadtbezirk Mitte)"),
        ("musterstadt", "052", "In der Brunnensiedlung (Stadtbezirk Südtal)"),
    ):
        dokument, _ = steckbrief(auswertungen[ort], gebiet)
        assert satz in " ".join(texte(dokument))


@pytest.mark.lang
def test_jeder_steckbrief_hat_zwei_seiten(auswertung):
    for gebiet in map(str, auswertung.freigabe.gebiete.index):
        pdf = pdf_bytes(steckbrief(auswertung, gebiet, lauf="0" * 12)[0])
        assert len(PdfReader(io.BytesIO(pdf)).pages) == 2, gebiet
