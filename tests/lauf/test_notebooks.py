"""Jedes Notebook läuft ohne Bildschirm von oben nach unten, an allen drei Orten.

Bochum und Musterstadt rechnet der Lauf der anderen Tests mit jedem Notebook außer
der Erkundung. Berlin läuft hier: jedes Notebook einmal, der Band nur am Ganzen.
"""

import json
from pathlib import Path

import nbformat
import pytest
from hausmittel import WURZEL, umgebung
from nbclient import NotebookClient

from quartierstools.ausgabe.werkbank import UMGEBUNG
from quartierstools.lauf import Auftrag, Werkstatt
from quartierstools.lauf.plan import NOTEBOOKS, STECKBRIEFBAND

ORTE = ("bochum", "musterstadt", "berlin")
GEBIETE = {"bochum": 30, "musterstadt": 30, "berlin": 542}
BERLIN = {
    "30_bedarf": {"zielgruppe": "soziale_lage"},
    "40_begruendung": {"vorhaben": "rechenbeispiel-brunnenstrasse"},
    "50_steckbrief": {"gebiet": "01100101"},
    "60_stadtbezirk": {"stadtbezirk": "01"},
}


def test_bochum_und_musterstadt_fuehren_jedes_notebook_aus(lauf):
    gelaufen = {p.stem.split("-")[0] for p in (lauf.ordner / "notebooks").glob("*")}
    assert gelaufen == {Path(name).stem for name in NOTEBOOKS}


@pytest.mark.lang
@pytest.mark.parametrize("ort", ORTE)
def test_erkundung_laeuft_in_einem_gewoehnlichen_kern(ort, monkeypatch):
    for name, wert in umgebung().items():
        monkeypatch.setenv(name, wert)
    quelle = WURZEL / "notebooks" / "00_erkundung.ipynb"
    notebook = nbformat.read(quelle, as_version=4)
    (vorgaben,) = [
        z for z in notebook.cells if "parameters" in z.metadata.get("tags", ())
    ]
    vorgaben.source += f"\nprojekt = {ort!r}"
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(WURZEL)}},
    ).execute()
    stand = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]
    zustaende = [eintrag["state"] for eintrag in stand["state"].values()]
    (ansicht,) = [z for z in zustaende if "grund" in z]
    assert len(ansicht["grund"]["schluessel"]) == GEBIETE[ort]
    assert len(ansicht["bild"]["klasse"]) == GEBIETE[ort]
    assert ansicht["bild"]["saetze"][0] == "Fassung: öffentlich."


@pytest.mark.lang
def test_berlin_fuehrt_jedes_notebook_aus(tmp_path):
    ort = {
        UMGEBUNG["ordner"]: str(tmp_path / "ausgaben"),
        UMGEBUNG["speicher"]: str(tmp_path / "speicher"),
        UMGEBUNG["daten"]: str(WURZEL / "daten"),
    }
    auftraege = [
        Auftrag(
            name=Path(name).stem,
            notebook=WURZEL / "notebooks" / name,
            ziel=tmp_path / "notebooks" / name,
            parameter={"projekt": "berlin", **BERLIN.get(Path(name).stem, {})},
            umgebung=ort,
            ordner=WURZEL,
        )
        for name in NOTEBOOKS
        if name != STECKBRIEFBAND
    ]
    with Werkstatt(1) as werkstatt:
        ergebnisse = werkstatt.fuehre_aus(auftraege)
    assert [(e.auftrag.name, e.meldung) for e in ergebnisse if not e.gelungen] == []
    for auftrag in auftraege:
        zellen = json.loads(auftrag.ziel.read_text(encoding="utf-8"))["cells"]
        assert all(z["execution_count"] for z in zellen if z["cell_type"] == "code")
    geschrieben = {
        str(p.relative_to(tmp_path / "ausgaben"))
        for p in (tmp_path / "ausgaben").rglob("*.*")
    }
    assert {
        "karte.html",
        "anhang/tabellen.xlsx",
        "vorhaben/rechenbeispiel-brunnenstrasse/begruendung.pdf",
        "steckbriefe/01100101.pdf",
        "stadtbezirke/01/auszug.pdf",
    } <= geschrieben
