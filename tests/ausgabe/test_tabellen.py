"""Excel: Zahlen bleiben Zahlen, Lücken bleiben Lücken, Text bleibt Text."""

import io
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from musterdokumente import FEINDLICH, in_zwei_prozessen

from quartierstools.ausgabe.packen import druckbar
from quartierstools.ausgabe.tabellen import Blatt, Spaltenform, arbeitsmappe, blattnamen
from quartierstools.fehler import Ausgabefehler

STAND = date(2023, 12, 31)


def tabelle() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["Wattenscheid-Mitte", "Hordel", "Weitmar-Mark"],
            "einwohner": [23205, np.nan, 0],
            "anteil": [0.121, 0.05, 0.0],
        },
        index=pd.Index(["24", "05", "31"], name="gebiet"),
    )


def blatt(**angaben: object) -> Blatt:
    vorgabe = {
        "name": "Arbeitslosigkeit",
        "titel": "Arbeitslosenanteil",
        "tabelle": tabelle(),
        "formen": {
            "name": Spaltenform(titel="Name"),
            "einwohner": Spaltenform(titel="Bevölkerung", einheit="Anzahl"),
            "anteil": Spaltenform(titel="Anteil", art="anteil", stellen=1),
        },
        "wertarten": pd.DataFrame(
            {"anteil": ["Zahl", "gesperrt", "nicht sinnvoll"]},
            index=tabelle().index,
        ),
        "hinweise": ("Gleisdreieck fehlt.",),
    }
    return Blatt(**(vorgabe | angaben))


def mappe(*blaetter: Blatt, **angaben: object) -> openpyxl.Workbook:
    datei = arbeitsmappe(
        blaetter or [blatt()], titel="Anlage 2", stand=STAND, **angaben
    )
    return openpyxl.load_workbook(io.BytesIO(datei))


def test_werte_woerter_und_formate():
    seite = mappe()["Arbeitslosigkeit"]
    koepfe = [zelle.value for zelle in seite[3]]
    assert koepfe == ["gebiet", "Name", "Bevölkerung (Anzahl)", "Anteil (Prozent)"]
    werte = [[zelle.value for zelle in zeile] for zeile in seite["A4:D6"]]
    assert werte == [
        ["24", "Wattenscheid-Mitte", 23205, 0.121],
        ["05", "Hordel", "liegt nicht vor", "gesperrt"],
        ["31", "Weitmar-Mark", 0, "nicht sinnvoll"],
    ]
    assert seite["C4"].number_format == "#,##0"
    assert seite["D4"].number_format == "0.0%"
    assert seite["D4"].alignment.horizontal != "left"
    assert seite["D5"].alignment.horizontal == "right"


def test_gesperrter_wert_steht_nirgends_in_der_datei():
    geheim = tabelle()
    geheim.loc["05", "anteil"] = 0.0512345
    datei = arbeitsmappe([blatt(tabelle=geheim)], titel="T", stand=STAND)
    with zipfile.ZipFile(io.BytesIO(datei)) as archiv:
        alles = b"".join(archiv.read(name) for name in archiv.namelist())
    assert b"0.0512345" not in alles


def test_kopf_steht_fest_und_wird_wiederholt():
    seite = mappe()["Arbeitslosigkeit"]
    assert seite.freeze_panes == "B4"
    assert seite.print_title_rows == "$1:$3"
    assert seite.auto_filter.ref == "A3:D6"
    breiten = [seite.column_dimensions[b].width for b in "ABCD"]
    assert breiten[1] > breiten[0]


def test_hinweisblatt_steht_vorn_mit_stempeln_und_quellen():
    heft = mappe(stempel=("ENTWURF.",), quellen=("Sozialbericht 2024",), kennung="ab12")
    assert heft.sheetnames == ["Hinweise und Quellen", "Arbeitslosigkeit"]
    texte = [z.value for zeile in heft.worksheets[0].rows for z in zeile if z.value]
    for erwartet in ("Anlage 2", "ENTWURF.", "31.12.2023", "ab12", "[1]"):
        assert erwartet in texte
    assert "Sozialbericht 2024" in texte
    assert any("Das ist keine Null" in text for text in texte)
    assert heft["Arbeitslosigkeit"]["A2"].value == "ENTWURF."


def test_dateizeit_ist_der_datenstand():
    heft = mappe(herausgeber="Stadt Bochum")
    assert str(heft.properties.created) == "2023-12-31 00:00:00"
    assert heft.properties.creator == "Stadt Bochum"
    assert heft.properties.title == "Anlage 2"


@pytest.mark.parametrize("name", [*FEINDLICH, "=1+1", "+1", "-1", "@SUM(A1)", "{=1}"])
def test_text_wird_nie_zur_formel_oder_verweis(name):
    feind = pd.DataFrame({name: [name]}, index=pd.Index([name], name=name))
    datei = arbeitsmappe(
        [Blatt(name=name, titel=name, tabelle=feind, hinweise=(name,))],
        titel=name,
        stand=STAND,
        stempel=(name,),
        quellen=(name, "http://fremd.example"),
    )
    heft = openpyxl.load_workbook(io.BytesIO(datei))
    seite = heft.worksheets[1]
    assert seite["A4"].value == seite["B4"].value == druckbar(name)
    for blatt_ in heft.worksheets:
        zellen = [z for zeile in blatt_.rows for z in zeile]
        assert {z.data_type for z in zellen} <= {"s", "n"}
        assert all(z.hyperlink is None for z in zellen)
        assert all(z.value is None for z in zellen if z.data_type == "n")


@given(st.lists(st.text(max_size=45), min_size=1, max_size=6))
def test_reiternamen_sind_erlaubt_und_verschieden(wuensche):
    namen = blattnamen(wuensche)
    assert len({name.casefold() for name in namen}) == len(wuensche)
    for name in namen:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("'") == name


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_jeder_reitername_laesst_sich_schreiben(wuensche):
    blaetter = [blatt(name=w) for w in wuensche if w.strip()]
    if blaetter:
        assert len(mappe(*blaetter).sheetnames) == len(blaetter) + 1


def test_verschiedene_werte_werden_verstaendlich():
    bunt = pd.DataFrame(
        {"wert": [True, date(2023, 5, 1), pd.NA, "", np.int64(7)]},
        index=pd.RangeIndex(5),
        dtype=object,
    )
    seite = mappe(Blatt(name="B", titel="B", tabelle=bunt))["B"]
    werte = [seite.cell(row=4 + i, column=2).value for i in range(5)]
    assert werte == ["ja", "01.05.2023", "liegt nicht vor", "liegt nicht vor", 7]


@pytest.mark.parametrize(
    ("angaben", "meldung"),
    [
        ({"titel": " "}, "leer"),
        ({"formen": {"fremd": Spaltenform()}}, r"unbekannte Spalten \['fremd'\]"),
        (
            {"wertarten": pd.DataFrame({"anteil": ["Zahl"]}, index=["24"])},
            "andere Zeilen",
        ),
        (
            {
                "wertarten": pd.DataFrame(
                    {"anteil": ["Zahl", "geheim", "Zahl"]}, index=tabelle().index
                )
            },
            "geheim",
        ),
    ],
)
def test_unstimmiges_blatt_faellt_auf(angaben, meldung):
    with pytest.raises(Ausgabefehler, match=meldung):
        blatt(**angaben)


def test_unendlich_leere_mappe_und_falsche_stellen_fallen_auf():
    schlecht = tabelle().assign(anteil=[np.inf, 0.1, 0.2])
    with pytest.raises(Ausgabefehler, match="unendlich"):
        mappe(blatt(tabelle=schlecht))
    with pytest.raises(Ausgabefehler, match="kein Blatt"):
        arbeitsmappe([], titel="T", stand=STAND)
    with pytest.raises(Ausgabefehler, match="0 bis 6"):
        Spaltenform(stellen=9)


def test_eingabe_bleibt_unveraendert():
    eingabe = tabelle()
    mappe(blatt(tabelle=eingabe))
    pd.testing.assert_frame_equal(eingabe, tabelle())


def test_mappe_ist_in_jeder_umgebung_gleich(tmp_path: Path):
    code = (
        "import test_tabellen as t\n"
        "from quartierstools.ausgabe.tabellen import arbeitsmappe\n"
        "from quartierstools.ausgabe.packen import sha256\n"
        "print(sha256(arbeitsmappe([t.blatt()], titel='T', stand=t.STAND)))"
    )
    eins, zwei = in_zwei_prozessen(code, tmp_path)
    assert eins == zwei
    assert len(eins) == 65


def test_kopf_und_lange_texte_haben_genug_hoehe():
    lang = "Ein sehr langer Text, der in seiner Spalte mehrmals umbrechen muss. " * 4
    voll = blatt(
        tabelle=pd.DataFrame(
            {lang[:120].strip(): [1.0], "text": [lang]},
            index=pd.Index(["24"], name="gebiet"),
        ),
        formen={},
        wertarten=None,
        hinweise=(lang,),
    )
    seite = mappe(voll)["Arbeitslosigkeit"]
    assert seite.row_dimensions[3].height > 60
    assert seite.row_dimensions[4].height > 70
    assert seite.row_dimensions[1].height == 24


def test_gesperrtes_traegt_muster_und_legende():
    seite = mappe()["Arbeitslosigkeit"]
    gesperrt = [
        z for zeile in seite.iter_rows() for z in zeile if z.value == "gesperrt"
    ]
    assert gesperrt
    assert {z.fill.patternType for z in gesperrt} == {"gray0625"}
    texte = [str(z.value) for zeile in seite.iter_rows() for z in zeile if z.value]
    assert any(t.startswith("„gesperrt“: Der Wert ist zum Schutz") for t in texte)


def test_ohne_luecken_keine_legende():
    voll = blatt(tabelle=tabelle().drop(index="05"), wertarten=None, hinweise=())
    seite = mappe(voll)["Arbeitslosigkeit"]
    texte = [str(z.value) for zeile in seite.iter_rows() for z in zeile if z.value]
    assert not [t for t in texte if t.startswith("„")]
