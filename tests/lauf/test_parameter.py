"""Parameter: was das Notebook anbietet, was die Befehlszeile daraus macht."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from conftest import als_notebook
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.fehler import Aufruffehler, Lauffehler
from quartierstools.lauf import lies_parameter, pruefe_parameter
from quartierstools.lauf.parameter import Parameter

ZELLE = '''
"""Was sich einstellen lässt."""
from typing import Literal
projekt: str = "bochum"
gebiet: str = "010"  # Schlüssel des Gebiets
anzahl_typen: int = 4  # Zahl der Typen, 2 bis 8
schwelle: float = 0.25  # Anteil von 0 bis 1
stichtag: str = "2023-12-31"  # Stand der Daten
mit_karte: bool = True
indikatoren: list[str] = ["a", "b"]
gewichte: list[float] = [0.5, 0.5]
fassung: Literal["oeffentlich", "intern"] = "oeffentlich"
hoechstzahl: int | None = None  # mindestens 1
ohne_typ = 3
'''


@pytest.fixture
def zelle(notebook):
    return notebook("import os", ("parameters", ZELLE), "projekt")


def wert(zelle, name, eingabe):
    return pruefe_parameter([zelle], {name: eingabe})[zelle][name]


def test_jede_zeile_wird_ein_parameter_mit_hilfe(zelle):
    parameter = lies_parameter(zelle)
    assert list(parameter) == [
        *("projekt", "gebiet", "anzahl_typen", "schwelle", "stichtag", "mit_karte"),
        *("indikatoren", "gewichte", "fassung", "hoechstzahl", "ohne_typ"),
    ]
    assert parameter["anzahl_typen"] == Parameter(
        name="anzahl_typen", typ=int, vorgabe=4, hilfe="Zahl der Typen, 2 bis 8"
    )
    assert parameter["stichtag"].typ is date
    assert parameter["stichtag"].vorgabe == "2023-12-31"
    assert parameter["ohne_typ"].typ is int


@pytest.mark.parametrize(
    ("name", "eingabe", "erwartet"),
    [
        ("anzahl_typen", "5", 5),
        ("anzahl_typen", " 8 ", 8),
        ("anzahl_typen", 2, 2),
        ("schwelle", "0,5", 0.5),
        ("schwelle", "0.5", 0.5),
        ("schwelle", "1", 1.0),
        ("schwelle", 1, 1.0),
        ("mit_karte", "nein", False),
        ("mit_karte", "Ja", True),
        ("mit_karte", "false", False),
        ("gebiet", "010", "010"),
        ("gebiet", "4", "4"),
        ("gebiet", "", ""),
        ("stichtag", "2024-06-30", "2024-06-30"),
        ("stichtag", "30.06.2024", "2024-06-30"),
        ("stichtag", date(2024, 6, 30), "2024-06-30"),
        ("indikatoren", "a,b", ["a", "b"]),
        ("indikatoren", "kinderarmut", ["kinderarmut"]),
        ("indikatoren", "", []),
        ("indikatoren", '["a, b", "010"]', ["a, b", "010"]),
        ("indikatoren", "010, 011", ["010", "011"]),
        ("gewichte", "0,5;0,7", [0.5, 0.7]),
        ("gewichte", "0.5,0.7", [0.5, 0.7]),
        ("gewichte", [1, 0.5], [1.0, 0.5]),
        ("fassung", "intern", "intern"),
        ("hoechstzahl", "", None),
        ("hoechstzahl", "3", 3),
        ("hoechstzahl", None, None),
    ],
)
def test_text_von_der_befehlszeile_wird_der_richtige_wert(
    zelle, name, eingabe, erwartet
):
    bekommen = wert(zelle, name, eingabe)
    assert bekommen == erwartet
    assert type(bekommen) is type(erwartet)


@pytest.mark.parametrize(
    ("name", "eingabe", "hinweis"),
    [
        ("anzahl_typen", "vier", "eine ganze Zahl von 2 bis 8"),
        ("anzahl_typen", "4,0", "eine ganze Zahl"),
        ("anzahl_typen", "1_0", "eine ganze Zahl"),
        ("anzahl_typen", "1", "von 2 bis 8"),
        ("anzahl_typen", "9", "von 2 bis 8"),
        ("anzahl_typen", True, "eine ganze Zahl"),
        ("anzahl_typen", 4.0, "eine ganze Zahl"),
        ("schwelle", "1,01", "eine Zahl von 0 bis 1"),
        ("schwelle", "1.234,5", "eine Zahl"),
        ("schwelle", "nan", "eine Zahl"),
        ("schwelle", float("nan"), "eine Zahl"),
        ("mit_karte", "1", "ja oder nein"),
        ("mit_karte", 1, "ja oder nein"),
        ("stichtag", "31.02.2024", "ein Tag wie 2023-12-31"),
        ("stichtag", "gestern", "ein Tag wie"),
        ("stichtag", datetime(2024, 1, 1, tzinfo=UTC), "ein Tag wie"),
        ("gebiet", 10, "Anführungszeichen"),
        ("gewichte", "0,5;x", "eine Liste von Zahlen"),
        ("gewichte", "[1,", "eine Liste von Zahlen"),
        ("fassung", "oefentlich", "Meinten Sie „oeffentlich“?"),
        ("fassung", "geheim", "eines von oeffentlich, intern"),
        ("hoechstzahl", "0", "eine ganze Zahl oder nichts, mindestens 1"),
    ],
)
def test_falsches_wird_auf_deutsch_abgelehnt(zelle, name, eingabe, hinweis):
    with pytest.raises(Aufruffehler, match="falsch angegeben") as gefangen:
        wert(zelle, name, eingabe)
    assert hinweis in str(gefangen.value)
    assert f"{name}: „{eingabe}“ passt nicht" in str(gefangen.value)


def test_alle_maengel_stehen_in_einer_meldung(zelle):
    werte = {"anzahl_typn": "4", "schwelle": "2", "mit_karte": "x", "gebiet": "ok"}
    with pytest.raises(Aufruffehler) as gefangen:
        pruefe_parameter([zelle], werte)
    meldung = str(gefangen.value)
    assert "anzahl_typn: Diesen Parameter kennt kein Notebook. Meinten Sie" in meldung
    assert "„anzahl_typen“?" in meldung
    assert "schwelle: „2“" in meldung
    assert "mit_karte: „x“" in meldung
    assert len(meldung.splitlines()) == 4


def test_jedes_notebook_bekommt_nur_was_es_kennt(notebook):
    eins = notebook(("parameters", "a: int = 1\nb: str = ''"), name="eins")
    zwei = notebook(("parameters", "b: int = 1"), name="zwei")
    keins = notebook("1", name="keins")
    geprueft = pruefe_parameter([eins, zwei, keins], {"b": "010", "a": "2"})
    assert geprueft == {eins: {"b": "010", "a": 2}, zwei: {"b": 10}, keins: {}}


def test_gleiche_maengel_in_zwei_notebooks_stehen_einmal_da(notebook):
    pfade = [notebook(("parameters", "a: int = 1"), name=n) for n in ("x", "y")]
    with pytest.raises(Aufruffehler) as gefangen:
        pruefe_parameter(pfade, {"a": "z"})
    assert str(gefangen.value).count("a: „z“") == 1


def test_ohne_angaben_bleibt_alles_bei_den_vorgaben(zelle):
    assert pruefe_parameter([zelle], {}) == {zelle: {}}


@pytest.mark.parametrize(
    ("quelltext", "hinweis"),
    [
        ("a: int = 1\nb = a + 1", "Zeile 2: Die Vorgabe muss ein fester Wert sein"),
        ("a: Path = 'x'", "Zeile 1: Der Typ „Path“ ist nicht vorgesehen"),
        ("a: int", "Erwartet wird „name: typ = wert"),
        ("a, b = 1, 2", "Erwartet wird „name: typ = wert"),
        ("print(1)", "Erwartet wird „name: typ = wert"),
        ("a: int = 1  # 2 bis 8", "„1“ passt nicht"),
        ("a: int = '1'", "„1“ ist Text, erwartet wird eine ganze Zahl"),
        ("a: Literal['x'] = 'y'", "„y“ ist Text, erwartet wird eines von x"),
        ("%time", "Zeile 1: kein gültiges Python"),
        ("a = {}", "Ohne Typ muss die Vorgabe"),
    ],
)
def test_eine_unklare_parameterzelle_wird_mit_zeile_gemeldet(
    notebook, quelltext, hinweis
):
    with pytest.raises(Lauffehler, match=r"vorlage\.ipynb, Parameterzelle") as gefangen:
        lies_parameter(notebook(("parameters", quelltext)))
    assert hinweis in str(gefangen.value)


@pytest.mark.parametrize("inhalt", ["", "{}", "[]", '{"cells": 1}'])
def test_was_kein_notebook_ist_wird_abgelehnt(tmp_path, inhalt):
    pfad = tmp_path / "x.ipynb"
    pfad.write_text(inhalt, encoding="utf-8")
    with pytest.raises(Lauffehler, match="kein lesbares Notebook"):
        lies_parameter(pfad)
    with pytest.raises(Lauffehler, match="gibt es nicht"):
        lies_parameter(tmp_path / "nie.ipynb")


def test_quelltext_als_zeilenliste_und_annotated_werden_gelesen(tmp_path):
    inhalt = als_notebook(("parameters", ""))
    inhalt["cells"][0]["source"] = [
        "k: Annotated[int, '2 bis 8'] = 4  # Typen\n",
        "w: 'float | None' = None\n",
    ]
    pfad = tmp_path / "x.ipynb"
    pfad.write_text(json.dumps(inhalt), encoding="utf-8")
    parameter = lies_parameter(pfad)
    assert parameter["k"].beschreibung == "eine ganze Zahl von 2 bis 8"
    assert parameter["w"].wert("0,5") == 0.5


@pytest.mark.parametrize(
    ("hilfe", "grenzen"),
    [
        ("2 bis 8", (2, 8)),
        ("-1,5 bis 0.5", (-1.5, 0.5)),
        ("mindestens 3", (3, None)),
        ("Sekunden, höchstens 60", (None, 60)),
        ("bis 8", (None, None)),
        ("Fassung 1.2 bis zur 3", (None, None)),
        ("", (None, None)),
    ],
)
def test_grenzen_stehen_in_der_hilfe(hilfe, grenzen):
    assert Parameter(name="x", typ=float, vorgabe=0.0, hilfe=hilfe).grenzen == grenzen
    assert Parameter(name="x", typ=str, vorgabe="", hilfe=hilfe).grenzen == (None, None)


@given(st.integers())
def test_jede_ganze_zahl_kommt_als_text_zurueck(zahl):
    assert Parameter(name="x", typ=int, vorgabe=0).wert(str(zahl)) == zahl


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_jede_zahl_kommt_mit_komma_zurueck(zahl):
    text = repr(zahl).replace(".", ",")
    assert Parameter(name="x", typ=float, vorgabe=0.0).wert(text) == zahl


@given(st.dates())
def test_jeder_tag_kommt_deutsch_geschrieben_zurueck(tag):
    text = f"{tag.day:02d}.{tag.month:02d}.{tag.year:04d}"
    assert Parameter(name="x", typ=date, vorgabe="").wert(text) == tag.isoformat()


@given(st.text())
def test_text_bleibt_unveraendert(text):
    assert Parameter(name="x", typ=str, vorgabe="").wert(text) == text


def test_lesen_laedt_weder_papermill_noch_pydantic():
    programm = (
        "import sys; import quartierstools.lauf.parameter;"
        "print({'papermill', 'pydantic', 'pandas'} & set(sys.modules))"
    )
    lauf = subprocess.run(
        [sys.executable, "-c", programm], check=True, capture_output=True, text=True
    )
    assert lauf.stdout == "set()\n"
