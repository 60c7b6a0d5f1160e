"""Ergebnisse zeigen sich im Notebook kurz, ohne fremde Adresse und ohne Gesperrtes."""

import nbformat
import pandas as pd
import pytest

from quartierstools import Bedarfsindex, Dynamik, Typisierung, begruende
from quartierstools.eingang import lies_datenstand
from quartierstools.katalog import finde_projekt, hauswurzel
from quartierstools.kurzbild import kurzbild
from quartierstools.lauf import Auftrag, fuehre_aus


def test_alles_ist_maskiert():
    bild = kurzbild("<b>", [("<i>", "&")], saetze=["<script>"])
    assert "<b>" not in bild
    assert "<script>" not in bild


@pytest.fixture(scope="module")
def merkmale(auswertungen):
    return auswertungen["musterstadt"].freigabe.tabelle(["B05", "A09", "A02"])


def test_estimatoren_zeigen_ergebnis_ohne_fremde_adresse(merkmale):
    for modell in (Bedarfsindex(), Typisierung(anzahl_typen=3)):
        assert "Noch nichts gelernt" in modell._repr_html_()
        bild = modell.fit(merkmale)._repr_mimebundle_()["text/html"]
        assert "Gebiete" in bild
        assert "http" not in bild


def test_dynamik_zeigt_bezug_und_klassen():
    alt = pd.DataFrame({"A03": [0.10, 0.20, 0.30, 0.20]}, index=list("abcd"))
    neu = pd.DataFrame({"A03": [0.12, 0.22, 0.32, 0.30]}, index=list("abcd"))
    assert "Noch nichts gelernt" in Dynamik()._repr_html_()
    bild = Dynamik().fit(neu, basis=alt)._repr_mimebundle_()["text/html"]
    assert "1 negativ und 3 stabil" in bild
    assert "http" not in bild


def test_ergebnisse_zeigen_sich_in_einem_echten_notebook(tmp_path):
    """Was die Planerin sieht: HTML in der Ausgabe, nicht die rohe Darstellung."""
    vorab = """
from quartierstools import Bedarfsindex, Typisierung, begruende, oeffne
from quartierstools.eingang import lies_datenstand
from quartierstools.katalog import finde_projekt, hauswurzel
auswertung = oeffne("bochum").auswertung
werte = auswertung.freigabe.tabelle(["B01", "K08"])
"""
    zellen = [
        vorab,
        "lies_datenstand(finde_projekt('bochum', daten=hauswurzel() / 'daten'))",
        "Bedarfsindex().fit(werte)",
        "Typisierung(anzahl_typen=2).fit(werte.dropna())",
        "begruende(auswertung, 'jobcenter-beratung-wattenscheid-mitte')",
        "auswertung.freigabe",
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(z, id=f"z{n}") for n, z in enumerate(zellen)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    quelle, ziel = tmp_path / "a.ipynb", tmp_path / "b.ipynb"
    nbformat.write(notebook, quelle)
    auftrag = Auftrag(name="a", notebook=quelle, ziel=ziel, ordner=hauswurzel())
    (ergebnis,) = fuehre_aus([auftrag], arbeiter=1)
    assert ergebnis.meldung == ""
    for zelle in nbformat.read(ziel, as_version=4).cells[1:]:
        (ausgabe,) = zelle.outputs
        assert ausgabe.data["text/html"].startswith("<p><strong>"), zelle.source


def test_datenstand_zeigt_keine_werte():
    stand = lies_datenstand(finde_projekt("musterstadt", daten=hauswurzel() / "daten"))
    assert repr(stand) == "Datenstand('musterstadt', 30 Gebiete)"
    assert "Noch nicht freigegeben" in stand._repr_html_()


def test_begruendung_und_freigabe_sagen_woher_und_wie_viel(auswertungen):
    auswertung = auswertungen["bochum"]
    text = begruende(auswertung, "jobcenter-beratung-wattenscheid-mitte")
    assert "Entwurf – nicht amtlich geprüft" in text._repr_html_()
    assert "Freigabe Bochum" in auswertung.freigabe._repr_html_()
    assert repr(auswertung.freigabe) == "Freigabe('bochum', 'oeffentlich', 0 gesperrt)"
