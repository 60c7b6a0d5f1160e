"""Gegenprobe am ganzen Weg: Projekt berlin gegen die veröffentlichten Statusklassen.

Quelle: Senatsverwaltung für Stadtentwicklung Berlin, Monitoring Soziale
Stadtentwicklung 2021, Spalte „status_nr“.
"""

from pathlib import Path

import pandas as pd

from quartierstools.auswertung import Auswertung, Bedarf, Einstellung

DATEN = Path(__file__).resolve().parents[2] / "daten"


def test_der_statusindex_trifft_jede_veroeffentlichte_klasse():
    auswertung = Auswertung(ort="berlin", daten=DATEN, einstellung=Einstellung())
    ergebnis = auswertung.bedarf("soziale_lage")
    assert isinstance(ergebnis, Bedarf)
    amtlich = pd.read_csv(
        DATEN / "berlin" / "amtlich" / "mss_2021_planungsraeume.csv",
        dtype={"plr_id": "str"},
    ).set_index("plr_id")["status_nr"]
    klasse = ergebnis.modell.klasse_
    assert klasse.notna().sum() == 536
    assert klasse.dropna().to_dict() == amtlich.dropna().astype(int).to_dict()


def test_nicht_bewertete_planungsraeume_bleiben_ohne_klasse():
    auswertung = Auswertung(ort="berlin", daten=DATEN, einstellung=Einstellung())
    ergebnis = auswertung.bedarf("soziale_lage")
    assert isinstance(ergebnis, Bedarf)
    ohne = ergebnis.klasse[ergebnis.klasse.isna()]
    assert len(ohne) == 6
    assert "10100205" in ohne.index
