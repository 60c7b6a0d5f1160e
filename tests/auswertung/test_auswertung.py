"""Einmal rechnen, überall dasselbe lesen."""

import pandas as pd
import pytest
from hausmittel import WURZEL, freigabe_aus

from quartierstools.auswertung import Auswertung, Bedarf, Einstellung, Messung
from quartierstools.auswertung import auswertung as modul
from quartierstools.fehler import Katalogfehler
from quartierstools.katalog import Projektordner

B05 = [0.01, 0.02, 0.02, 0.03, 0.03, 0.03, 0.04, 0.04, 0.05, 0.09]


@pytest.fixture
def klein(tmp_path):
    return Auswertung.aus_freigabe(
        freigabe_aus({"B01": B05}),
        ordner=Projektordner(tmp_path / "probe"),
        einstellung=Einstellung(varianten=50),
    )


def test_ergebnis_wird_nur_einmal_gerechnet(klein, monkeypatch):
    gezaehlt = []
    echt = modul.bedarf

    def zaehle(*argumente, **felder):
        gezaehlt.append(argumente)
        return echt(*argumente, **felder)

    monkeypatch.setattr(modul, "bedarf", zaehle)
    eins = klein.bedarf("langzeitarbeitslose")
    assert klein.bedarf("langzeitarbeitslose") is eins
    assert isinstance(klein.bedarf("jugendliche"), Messung)
    assert len(gezaehlt) == 2


def test_abgelegtes_ergebnis_wird_gelesen_statt_gerechnet(klein, tmp_path, monkeypatch):
    speicher = tmp_path / "speicher"
    abgelegt = klein.lege_ab(speicher)
    eins = abgelegt.bedarf("langzeitarbeitslose")
    assert sorted(p.name for p in speicher.iterdir()) == [
        "bedarf-langzeitarbeitslose.pickle",
        "freigabe.pickle",
    ]
    monkeypatch.setattr(modul, "_IM_PROZESS", {})
    monkeypatch.setattr(modul, "bedarf", lambda *_, **__: pytest.fail("neu gerechnet"))
    zwei = abgelegt.bedarf("langzeitarbeitslose")
    assert isinstance(zwei, Bedarf)
    pd.testing.assert_frame_equal(eins.tafel, zwei.tafel)


def test_andere_einstellung_hat_eigene_ergebnisse(tmp_path):
    freigabe, ordner = freigabe_aus({"B01": B05}), Projektordner(tmp_path / "probe")
    eins, zwei = (
        Auswertung.aus_freigabe(
            freigabe, ordner=ordner, einstellung=Einstellung(varianten=zahl)
        ).bedarf("langzeitarbeitslose")
        for zahl in (20, 40)
    )
    assert eins is not zwei


def test_unbekannte_zielgruppe_macht_einen_vorschlag(klein):
    with pytest.raises(Katalogfehler, match="Meinten Sie „fachkraefte“"):
        klein.bedarf("fachkräfte")


def test_intern_zeigt_mehr_und_heisst_so():
    """Musterstadt hat gesperrte Werte; die interne Fassung hat keine."""
    gemeinsam = {"ort": "musterstadt", "daten": WURZEL / "daten"}
    offen = Auswertung(**gemeinsam, einstellung=Einstellung())
    intern = Auswertung(**gemeinsam, einstellung=Einstellung(fassung="intern"))
    assert offen.freigabe.gesperrt > 0
    assert intern.freigabe.gesperrt == 0
    assert intern.freigabe.fassung == "intern"
