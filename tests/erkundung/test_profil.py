"""Ein gespeichertes Profil rechnet dasselbe wie die Ansicht."""

import pytest
import yaml

from quartierstools.auswertung import Einstellung
from quartierstools.erkundung.profil import profiltext, speichere_profil
from quartierstools.fehler import Aufruffehler

WAHL = Einstellung(
    fassung="intern",
    anzahl_typen=4,
    verfahren="ward",
    gewichte=("jugendliche:J01=2.5",),
    typmerkmale=("A03", "B05"),
    datenstand="2023-12-31",
    aenderung="Ausschuss bat um mehr Gewicht: „ELB“ (Sozialplanung)",
)


def test_profil_nennt_genau_die_abweichungen():
    assert yaml.safe_load(profiltext(WAHL, "musterstadt", "probe")) == {
        "fassung": "intern",
        "anzahl_typen": 4,
        "gewichte": ["jugendliche:J01=2.5"],
        "typmerkmale": ["A03", "B05"],
        "verfahren": "ward",
        "datenstand": "2023-12-31",
        "aenderung": "Ausschuss bat um mehr Gewicht: „ELB“ (Sozialplanung)",
    }


def test_gleiches_profil_darf_noch_einmal_gespeichert_werden(tmp_path):
    ziel = speichere_profil(WAHL, tmp_path, "probe")
    assert ziel == tmp_path / "profile" / "probe.yaml"
    assert speichere_profil(WAHL, tmp_path, "probe") == ziel


def test_fremdes_profil_wird_nur_auf_wunsch_ersetzt(tmp_path):
    speichere_profil(WAHL, tmp_path, "probe")
    anderes = Einstellung(aenderung="anderer Grund")
    with pytest.raises(Aufruffehler, match="gibt es schon"):
        speichere_profil(anderes, tmp_path, "probe")
    speichere_profil(anderes, tmp_path, "probe", ersetzen=True)
    assert "anderer Grund" in (tmp_path / "profile" / "probe.yaml").read_text()


@pytest.mark.parametrize(
    "name", ["", "../x", "Ä", "a b", "x" * 99, "standard", "-a", "a/b", "a\n"]
)
def test_unzulaessige_namen_schreiben_nichts(tmp_path, name):
    with pytest.raises(Aufruffehler):
        speichere_profil(WAHL, tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_ohne_wer_und_warum_wird_nicht_gespeichert(tmp_path):
    with pytest.raises(Aufruffehler, match="wer warum"):
        speichere_profil(Einstellung(), tmp_path, "probe")
    assert list(tmp_path.iterdir()) == []
