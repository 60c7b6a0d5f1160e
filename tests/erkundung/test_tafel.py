"""Die Bedienung: eine Wahl hin, ein Bild zurück, Fehler als Satz."""

import pytest

from quartierstools.erkundung import erkunde
from quartierstools.erkundung.oeffnen import VORLAGEN, tafelbefehl
from quartierstools.katalog import hauswurzel


@pytest.fixture
def tafel():
    return erkunde("musterstadt")


def test_eine_wahl_bringt_ein_bild_mit_ihrer_nummer(tafel):
    angabe = {**tafel.ansicht.wahl, "gebiet": "011", "nummer": 7}
    tafel.ansicht.wahl = angabe
    assert tafel.ansicht.bild["nummer"] == 7
    assert tafel.ansicht.bild["steckblatt"][0]["name"] == "Nordstadt"


def test_wechsel_des_projekts_laedt_neu(tafel):
    tafel._projekt.value = "bochum"
    assert tafel.ansicht.grund["stadt"] == "Bochum"
    assert tafel.wahl.zielgruppe == "langzeitarbeitslose"
    assert "nicht amtlich geprüft" in tafel._stempel.value


def test_speichern_ohne_angaben_meldet_und_schreibt_nicht(tafel):
    tafel._name.value = "../../boese"
    tafel._knopf.click()
    assert "passt nicht" in tafel._meldung.value
    assert "wer warum" in tafel._meldung.value


def test_namen_in_meldungen_sind_maskiert(tafel):
    tafel._name.value = "<b>x</b>"
    tafel._knopf.click()
    assert "<b>" not in tafel._meldung.value


def test_fassung_steht_im_ersten_satz(tafel):
    assert tafel.ansicht.bild["saetze"][0] == "Fassung: öffentlich."
    tafel._fassung.value = "intern"
    assert tafel.ansicht.bild["saetze"][0] == "Fassung: intern."


def test_tafel_ist_nur_auf_diesem_rechner_erreichbar():
    befehl = tafelbefehl(hauswurzel(), browser=False, anschluss=8866)
    assert "--Voila.ip=127.0.0.1" in befehl
    assert "--no-browser" in befehl


def test_vorlage_und_ansicht_nennen_keine_fremde_adresse():
    dateien = [*VORLAGEN.rglob("*.*"), *VORLAGEN.parent.glob("*.*")]
    assert len(dateien) >= 9
    for datei in dateien:
        text = datei.read_text(encoding="utf-8")
        text = text.replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text, datei.name
