"""Ergebnisse zeigen sich im Notebook kurz, ohne fremde Adresse und ohne Gesperrtes."""

import pytest

from quartierstools import Bedarfsindex, Typisierung, begruende
from quartierstools.eingang import lies_datenstand
from quartierstools.katalog import finde_projekt, hauswurzel
from quartierstools.kurzbild import kurzbild


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
