"""Werden Zellen genau so gelesen, wie sie dastehen?"""

from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.eingang.bestand import lies_bestand
from quartierstools.eingang.deutung import WERTARTEN, deute_spalte, dezimalzeichen
from quartierstools.eingang.lieferung import bestandszeilen
from quartierstools.eingang.namen import Gebietssuche, namensform
from quartierstools.schreibweise import zahl_text

ZEICHEN = {
    "-": "null",
    ".": "gesperrt",
    "/": "fehlt",
    "x": "nicht sinnvoll",
    "...": "fehlt",
}
zahlen = st.decimals(-(10**9), 10**9, places=3, allow_nan=False)


@given(st.lists(zahlen, min_size=1, max_size=8), st.sampled_from([0, 1, 2, 3]))
def test_geschriebene_zahlen_werden_genau_gelesen(werte, stellen):
    texte = [zahl_text(float(w), stellen=stellen) for w in werte]
    gelesen = deute_spalte(pa.array(texte), zeichen=ZEICHEN)
    soll = [
        float(t.replace(".", "").replace(",", ".").replace("−", "-")) for t in texte
    ]
    assert gelesen.wert.tolist() == soll
    assert set(gelesen.art.tolist()) == {0}


@given(st.lists(zahlen, min_size=1, max_size=8))
def test_prozent_wird_der_naechste_gleitkommawert_des_anteils(werte):
    texte = [f"{w:f}".replace(".", ",") for w in werte]
    gelesen = deute_spalte(pa.array(texte), zeichen=ZEICHEN, stellen=-2)
    assert gelesen.wert.tolist() == [float(Decimal(w) / 100) for w in werte]


@given(st.lists(st.sampled_from([*ZEICHEN, "12,1", "7", "", "abc"]), max_size=12))
def test_zeichen_bleiben_unterschieden(texte):
    gelesen = deute_spalte(pa.array(texte, pa.string()), zeichen=ZEICHEN)
    soll = {
        "-": "Zahl",
        ".": "gesperrt",
        "/": "fehlt",
        "...": "fehlt",
        "x": "nicht sinnvoll",
        "12,1": "Zahl",
        "7": "Zahl",
        "": "fehlt",
    }
    for text, art in zip(texte, gelesen.art.tolist(), strict=True):
        assert (WERTARTEN[art] if art >= 0 else None) == soll.get(text)


@given(st.text(max_size=8))
def test_beliebiger_text_wird_nie_zur_falschen_zahl(text):
    gelesen = deute_spalte(pa.array([text.strip()], pa.string()), zeichen=ZEICHEN)
    if gelesen.art[0] == 0 and text.strip() != "-":
        assert any(z.isdigit() for z in text)


@pytest.mark.parametrize(
    ("texte", "zeichen"),
    [
        (["12,1", "1.234"], ","),
        (["12.1", "1,234"], "."),
        (["1.234", "5"], "offen"),
        (["1.234.567"], "offen"),
        (["0.123"], "."),
        (["1234,567"], ","),
        (["12.1", "3,5"], "gemischt"),
        ([".", "-", "x"], "offen"),
    ],
)
def test_dezimalzeichen_wird_nie_geraten(texte, zeichen):
    assert dezimalzeichen([pa.array(texte)]) == zeichen


def test_hexadezimales_ist_keine_zahl():
    gelesen = deute_spalte(pa.array(["0x1F", "12"]), zeichen=ZEICHEN)
    assert gelesen.art.tolist() == [-1, 0]


@pytest.mark.parametrize(
    ("eins", "zwei"),
    [
        ("Vöde", "Voede"),
        ("Vöde", "Vo\u0308de"),
        ("Großer Weg", "GROSSER WEG"),
        ("Bochum-Hamme", "Hamme"),
        ("Harpen/Rosenberg", "Harpen / Rosenberg"),
        ("Langendreer-Alter Bahnhof", "Langendreer – Alter Bahnhof"),
        ("Stadtbezirk Süd", "Süd"),
    ],
)
def test_namen_die_dasselbe_gebiet_meinen(eins, zwei):
    assert namensform(eins, "Bochum") == namensform(zwei, "Bochum")


@pytest.mark.parametrize(
    ("eins", "zwei"),
    [("Wattenscheid", "Wattenscheid-Mitte"), ("Weitmar-Mark", "Weitmar-Mitte")],
)
def test_namen_verschiedener_gebiete_bleiben_verschieden(eins, zwei):
    assert namensform(eins, "Bochum") != namensform(zwei, "Bochum")


def test_bestand_laesst_sich_verlustfrei_schreiben_und_lesen(tmp_path, kleinstadt):
    datei = tmp_path / "b.csv"
    datei.write_text(
        "ebene;gebiet;indikator;stichtag;wert;zaehler;nenner;quelle;stichtag_belegt\n"
        "gebiet;010;B01;2024-12-31;12,1;;;statistik;ja\n"
        "gebiet;011;B01;2024-12-31;.;;;statistik;ja\n"
        "gebiet;020;B01;2024-12-31;;63;900;statistik;nein\n"
        "gebiet;021;B01;2024-12-31;;3;0;statistik;ja\n"
        "stadtbezirk;1;B01;2024-12-31;x;;;statistik;ja\n"
        "stadtbezirk;2;B01;2024-12-31;...;;;statistik;ja\n"
        "stadt;stadt;B01;2024-12-31;-;;;statistik;ja\n"
        "gebiet;010;C03;2024-12-31;-8,13;;;statistik;ja\n",
        encoding="utf-8",
    )
    ort = kleinstadt

    def lies():
        return lies_bestand(
            [(datei, "b.csv")], ort.katalog, ort.gebiete, ort.bezirke.index
        )

    with pytest.raises(Exception, match="größer als der Nenner"):
        lies()
    datei.write_text(datei.read_text("utf-8").replace(";;3;0;", ";;0;0;"), "utf-8")
    werte = lies()
    bestandszeilen(werte, ort.katalog).to_csv(
        datei, sep=";", index=False, lineterminator="\n"
    )
    pd.testing.assert_frame_equal(
        lies().drop(columns="zeile"), werte.drop(columns="zeile"), check_exact=True
    )
    assert werte["wertart"].tolist().count("Zahl") == 4


@pytest.mark.parametrize(
    "text",
    [
        *("Bochum", "Stadt Bochum", "Stadt Bochum insgesamt", "Gesamtstadt Bochum"),
        *("Bochum insgesamt", "Insgesamt", "kreisfreie Stadt Bochum", "Bochum gesamt"),
    ],
)
def test_die_ganze_stadt_hat_viele_namen(bochum, text):
    suche = Gebietssuche(bochum.verzeichnis)
    for fund in (suche.nach_name(text), suche.nach_schluessel(text)):
        assert (fund.art, fund.ebene) == ("genau", "stadt")


@pytest.mark.parametrize("text", ["Stadt Herne", "Stadtpark Bochum", "Stadt"[:3]])
def test_anderes_ist_nicht_die_ganze_stadt(bochum, text):
    assert Gebietssuche(bochum.verzeichnis).nach_name(text).ebene != "stadt"
