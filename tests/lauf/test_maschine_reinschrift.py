"""Gleicher Lauf, gleiche Bytes: was aus dem Notebook verschwindet und was bleibt."""

import errno
import json
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from conftest import als_notebook

from quartierstools.fehler import Ausgabefehler
from quartierstools.lauf.reinschrift import (
    gerettet,
    reinschrift,
    schreibe_mit,
    schreibe_notebook,
)

PAKETE = "/opt/umgebung/site-packages"


def ausgefuehrt(*ausgaben):
    inhalt = als_notebook("x")
    inhalt["cells"][0]["outputs"] = list(ausgaben)
    return inhalt


def ausgaben(inhalt, **wie):
    return reinschrift(inhalt, kennungen=["z0"], **wie)["cells"][0]["outputs"]


def test_laufzeiten_pfade_und_widgets_verschwinden():
    inhalt = als_notebook("x")
    inhalt["metadata"] |= {"papermill": {"input_path": "/a"}, "widgets": {"s": 1}}
    inhalt["cells"][0]["metadata"] = {
        "papermill": {"duration": 1.5},
        "execution": {"iopub.status.busy": "2026-01-01"},
        "tags": [],
        "editable": True,
    }
    sauber = reinschrift(inhalt, kennungen=["z0"])
    assert sauber["metadata"] == als_notebook()["metadata"]
    assert sauber["cells"][0]["metadata"] == {"editable": True}


def test_die_eingabe_bleibt_unveraendert():
    inhalt = ausgefuehrt({"output_type": "stream", "name": "stderr", "text": "at 0x7"})
    vorher = deepcopy(inhalt)
    reinschrift(inhalt, kennungen=[], wurzeln=["at"])
    assert inhalt == vorher


def test_nur_fremde_kennungen_werden_ersetzt_und_nie_doppelt():
    inhalt = als_notebook("a", ("injected-parameters", "b"), "c", "d")
    kennungen = ["vorlage", "3f9a", "parameter", "88b1"]
    for zelle, kennung in zip(inhalt["cells"], kennungen, strict=True):
        zelle["id"] = kennung
    neu = reinschrift(inhalt, kennungen={"vorlage", "parameter"})
    assert [z["id"] for z in neu["cells"]] == [
        "vorlage",
        "parameter-2",
        "parameter",
        "zelle-4",
    ]


def test_speicheradressen_werden_gleich_andere_zahlen_bleiben():
    text = ["<Axes at 0x7f06a448d050>\n", "Farbe 0xdeadbeef, at 12"]
    (ausgabe,) = ausgaben(
        ausgefuehrt(
            {
                "output_type": "display_data",
                "data": {"text/plain": text},
                "metadata": {},
            }
        )
    )
    assert ausgabe["data"]["text/plain"] == [
        "<Axes at 0x0>\n",
        "Farbe 0xdeadbeef, at 12",
    ]


def test_bilder_und_json_bleiben_wie_sie_sind():
    daten = {"image/png": "at 0x7f06a448d050", "application/json": {"a": [1]}}
    inhalt = ausgefuehrt(
        {"output_type": "display_data", "data": dict(daten), "metadata": {}}
    )
    assert ausgaben(inhalt)[0]["data"] == daten


def test_paketpfade_verschwinden_aus_fehlern_aber_nicht_aus_tabellen():
    pfad = f"{PAKETE}/pandas/core.py:3"
    fehler = {"output_type": "error", "ename": "E", "evalue": pfad, "traceback": [pfad]}
    strom = {"output_type": "stream", "name": "stderr", "text": f"{pfad}: Warnung"}
    wert = {"output_type": "execute_result", "data": {"text/plain": pfad}}
    bekommen = ausgaben(ausgefuehrt(fehler, strom, wert), wurzeln=[PAKETE])
    assert bekommen[0]["traceback"] == ["pandas/core.py:3"]
    assert bekommen[0]["evalue"] == "pandas/core.py:3"
    assert bekommen[1]["text"] == "pandas/core.py:3: Warnung"
    assert bekommen[2]["data"]["text/plain"] == pfad


def test_gestaltete_tabellen_werden_gezaehlt():
    def html(kennung):
        return {
            "output_type": "display_data",
            "data": {
                "text/html": [f'<table id="T_{kennung}">', f"#T_{kennung}_row0 x"]
            },
            "metadata": {},
        }

    bekommen = ausgaben(ausgefuehrt(html("a1b2c"), html("00000"), html("a1b2c")))
    assert [a["data"]["text/html"] for a in bekommen] == [
        ['<table id="T_00001">', "#T_00001_row0 x"],
        ['<table id="T_00002">', "#T_00002_row0 x"],
        ['<table id="T_00001">', "#T_00001_row0 x"],
    ]


def test_von_widgets_bleibt_der_text_und_sonst_nichts():
    art = "application/vnd.jupyter.widget-view+json"
    beide = {
        "output_type": "display_data",
        "data": {art: {}, "text/plain": "IntSlider(value=3)"},
        "metadata": {},
    }
    nur = {"output_type": "display_data", "data": {art: {}}, "metadata": {}}
    assert [a["data"] for a in ausgaben(ausgefuehrt(beide, nur))] == [
        {"text/plain": "IntSlider(value=3)"}
    ]


def test_die_datei_ist_geschrieben_wie_von_nbformat(tmp_path):
    inhalt = als_notebook("a\nb", ("markdown", "ä"))
    nbformat.write(nbformat.from_dict(inhalt), tmp_path / "erwartet.ipynb")
    roh = json.loads((tmp_path / "erwartet.ipynb").read_text(encoding="utf-8"))
    ziel = schreibe_notebook(roh, tmp_path / "neu" / "ziel.ipynb", marke="1")
    assert ziel.read_bytes() == (tmp_path / "erwartet.ipynb").read_bytes()


@pytest.mark.parametrize(
    ("nummer", "grund"),
    [(errno.ENOSPC, "der Datenträger ist voll"), (errno.EROFS, "schreibgeschützt")],
)
def test_ein_voller_datentraeger_laesst_das_alte_stehen(
    tmp_path, monkeypatch, nummer, grund
):
    ziel = tmp_path / "ziel.ipynb"
    schreibe_notebook(als_notebook("alt"), ziel, marke="1")
    vorher = ziel.read_bytes()

    def voll(pfad, inhalt):
        with pfad.open("wb") as datei:
            datei.write(inhalt[:10])
        raise OSError(nummer, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", voll)
    with pytest.raises(Ausgabefehler, match=grund):
        schreibe_notebook(als_notebook("neu"), ziel, marke="2")
    assert ziel.read_bytes() == vorher
    assert list(tmp_path.iterdir()) == [ziel]


def test_halbe_ersatzzeichen_verhindern_das_schreiben_nicht(tmp_path):
    inhalt = ausgefuehrt(
        {"output_type": "stream", "name": "stdout", "text": "a\udc80b"}
    )
    ziel = schreibe_notebook(inhalt, tmp_path / "ziel.ipynb", marke="1")
    assert "a?b" in ziel.read_text(encoding="utf-8")


def test_gerettet_wird_bis_zur_letzten_begonnenen_zelle(tmp_path):
    mitschrift, inhalt = tmp_path / "m.jsonl", als_notebook("a", "b", "c")
    schreibe_mit(mitschrift, inhalt, 0)
    inhalt["cells"][0]["execution_count"] = 1
    schreibe_mit(mitschrift, inhalt, 1)
    notebook, stelle = gerettet(mitschrift, tmp_path / "nie", "Signal 9.")
    assert stelle == 2
    assert [z["source"] for z in notebook["cells"]] == [
        "a",
        "**Hier abgebrochen.** Signal 9.",
        "b",
        "c",
    ]
    assert notebook["cells"][0]["execution_count"] == 1


@pytest.mark.parametrize("abgeschnitten", [1, 20])
def test_eine_halbe_zeile_der_mitschrift_schadet_nicht(tmp_path, abgeschnitten):
    mitschrift, inhalt = tmp_path / "m.jsonl", als_notebook("a", "b")
    schreibe_mit(mitschrift, inhalt, 0)
    schreibe_mit(mitschrift, inhalt, 1)
    roh = mitschrift.read_bytes()
    mitschrift.write_bytes(roh[: -abgeschnitten - 1])
    notebook, stelle = gerettet(mitschrift, tmp_path / "nie", "x")
    assert (stelle, len(notebook["cells"])) == (1, 3)


def test_ohne_mitschrift_steht_der_hinweis_vor_der_vorlage(tmp_path):
    vorlage = tmp_path / "v.ipynb"
    vorlage.write_text(json.dumps(als_notebook("a")), encoding="utf-8")
    notebook, stelle = gerettet(tmp_path / "nie", vorlage, "x")
    assert stelle == 0
    assert [z["cell_type"] for z in notebook["cells"]] == ["markdown", "code"]
