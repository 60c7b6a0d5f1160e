"""Ein Ort ohne Fallzahlen bekommt seine Übersicht; „fehlt“ ist dabei keine Null."""

from pathlib import Path

import pytest

from quartierstools.ausgabe.angebotslage import angebotsblaetter, zaehlstand
from quartierstools.auswertung import Auswertung, Einstellung

DATEN = Path(__file__).parents[2] / "daten"


@pytest.fixture(scope="module")
def berlin():
    return Auswertung(ort="berlin", daten=DATEN, einstellung=Einstellung())


def test_ohne_zaehlung_im_katalog_fehlt_jede_fallzahl(berlin):
    zielgruppe = berlin.katalog.projekt.zielgruppen[0]
    assert zielgruppe not in berlin.katalog.angebotsregeln.betroffene
    stand = zaehlstand(berlin, berlin.angebotslage(zielgruppe))
    assert set(stand) == {"fehlt"}
    assert list(stand.index) == list(berlin.freigabe.gebiete.index)


def test_anhang_hat_auch_dann_ein_blatt_je_zielgruppe(berlin):
    blaetter = angebotsblaetter(berlin)
    assert len(blaetter) == len(berlin.katalog.projekt.zielgruppen)
