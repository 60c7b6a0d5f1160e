"""Was anders gewählt wird, ändert die Rechnung und steht in jeder Ausgabe."""

import pytest

from quartierstools import oeffne
from quartierstools.auswertung import Einstellung, angewandt, gewichte_von
from quartierstools.begruendung.stempel import ABWEICHEND, stempel
from quartierstools.fehler import Aufruffehler


@pytest.fixture(scope="module")
def freigabe():
    return oeffne("musterstadt").auswertung.freigabe


def test_ohne_wahl_bleibt_die_freigabe_dieselbe(freigabe):
    assert angewandt(freigabe, Einstellung()) is freigabe


def test_vorgabe_noch_einmal_genannt_ist_keine_abweichung(freigabe):
    gleich = Einstellung(gewichte=("langzeitarbeitslose:B05=1",))
    assert angewandt(freigabe, gleich) is freigabe


def test_gewichte_aendern_den_index_nach_der_formel(freigabe):
    wahl = Einstellung(
        gewichte=("langzeitarbeitslose:B05=3", "langzeitarbeitslose:A02=0")
    )
    neu = angewandt(freigabe, wahl)
    gruppe = neu.katalog.zielgruppe("langzeitarbeitslose")
    assert gewichte_von(gruppe) == {"B05": 3.0, "A09": 1.0}
    assert gewichte_von(freigabe.katalog.zielgruppe("langzeitarbeitslose"))["B05"] == 1
    assert neu.abweichungen == (
        (
            "Abweichend von der Vorgabe: Gewichte für Langzeitarbeitslose: "
            "Langzeitarbeitslosenanteil 3 statt 1 und ELB-Quote 0 statt 1."
        ),
        "Ein Grund ist nicht angegeben (Parameter aenderung).",
    )


def test_abweichung_setzt_den_stempel(freigabe):
    neu = angewandt(freigabe, Einstellung(verfahren="ward", aenderung="Probe"))
    assert ABWEICHEND in stempel(neu)
    assert ABWEICHEND not in stempel(freigabe)
    assert neu.abweichungen[-1] == "Grund der Abweichung: Probe."


def test_datenstand_nimmt_nur_werte_bis_zum_tag(freigabe):
    neu = angewandt(freigabe, Einstellung(datenstand="2022-12-31"))
    assert neu.werte["stichtag"].max() == "2022-12-31"
    assert freigabe.werte["stichtag"].max() == "2024-12-31"
    assert neu.stichtag("B05") == "2022-12-31"


def test_alle_maengel_stehen_in_einer_meldung(freigabe):
    falsch = Einstellung(
        gewichte=("langzeitarbeitslos:B05=2", "unsinn", "jugendliche:J01=11"),
        typmerkmale=("B5",),
        verfahren="wart",
        datenstand="2023-13-31",
    )
    with pytest.raises(Aufruffehler) as fehler:
        angewandt(freigabe, falsch)
    meldung = str(fehler.value)
    for teil in (
        "Meinten Sie „langzeitarbeitslose“?",
        "unsinn",
        "zwischen 0 und 10",
        "typmerkmale",
        "Meinten Sie „ward“?",
        "JJJJ-MM-TT",
    ):
        assert teil in meldung


def test_doppelte_merkmale_der_gruppen_werden_abgelehnt(freigabe):
    with pytest.raises(Aufruffehler, match="A03 steht mehrfach da"):
        angewandt(freigabe, Einstellung(typmerkmale=("A03", "B05", "A03")))


def test_ohne_indikator_bleibt_keine_zielgruppe(freigabe):
    nichts = tuple(f"jugendliche:{i}=0" for i in ("J01", "A03", "B03"))
    with pytest.raises(Aufruffehler, match="bliebe kein Indikator übrig"):
        angewandt(freigabe, Einstellung(gewichte=nichts))


def test_ohne_wert_bis_zum_tag_wird_nicht_gerechnet(freigabe):
    with pytest.raises(Aufruffehler, match="liegt kein Wert vor"):
        angewandt(freigabe, Einstellung(datenstand="1999-12-31"))


def test_kontext_kommt_auch_auf_wunsch_nicht_in_index_oder_gruppen(freigabe):
    with pytest.raises(Aufruffehler) as fehler:
        angewandt(
            freigabe,
            Einstellung(
                gewichte=("jugendliche:K02=2",), typmerkmale=("A03", "B05", "K03")
            ),
        )
    assert "(K02) ist ein Kontextmerkmal" in str(fehler.value)
    assert "(K03) beschreibt Alter, Herkunft" in str(fehler.value)


def test_kontext_mit_gewicht_null_bleibt_ohne_folgen(freigabe):
    assert angewandt(freigabe, Einstellung(gewichte=("jugendliche:K02=0",))) is freigabe
