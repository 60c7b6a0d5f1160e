"""Rückrechnung: dieselben Klassen wie das Berliner Monitoring 2019 und 2021."""

import pytest

from quartierstools.analyse import Bedarfsindex, Dynamik, statusmatrix

from .conftest import mss

BEWERTET = {2019: 436, 2021: 536}


@pytest.fixture(scope="module", params=sorted(BEWERTET))
def ausgabe(request):
    tabelle = mss(request.param)
    gueltig = tabelle["gueltig"].astype(bool)
    status = Bedarfsindex(normierung="z", zusammenfassung="summe").fit(
        tabelle[["S1", "S3", "S4"]].where(gueltig)
    )
    dynamik = Dynamik(klassengrenzen=(-1.0, 1.0)).fit(
        tabelle[["D1", "D3", "D4"]].where(gueltig)
    )
    amtlich = tabelle[tabelle["status_nr"].notna()]
    return request.param, amtlich, status, dynamik


def test_alle_bewerteten_planungsraeume_sind_dabei(ausgabe):
    jahr, amtlich, status, dynamik = ausgabe
    assert len(amtlich) == BEWERTET[jahr]
    assert set(status.klasse_.dropna().index) == set(amtlich.index)
    assert set(dynamik.klasse_.dropna().index) == set(amtlich.index)


def test_status_wie_veroeffentlicht(ausgabe):
    _, amtlich, status, _ = ausgabe
    anders = status.klasse_[amtlich.index] != amtlich["status_nr"].astype("Int64")
    assert list(amtlich.index[anders]) == []


def test_dynamik_wie_veroeffentlicht(ausgabe):
    _, amtlich, _, dynamik = ausgabe
    zeichen = dynamik.klasse_[amtlich.index].map({1: "+", 2: "+/-", 3: "-"})
    anders = zeichen.to_numpy() != amtlich["dynamik_zeichen"].to_numpy()
    assert list(amtlich.index[anders]) == []


def test_gesamtklasse_wie_veroeffentlicht(ausgabe):
    _, amtlich, status, dynamik = ausgabe
    matrix = statusmatrix(status, dynamik)
    anders = (
        matrix.gruppe[amtlich.index].to_numpy() != amtlich["gesamtindex"].to_numpy()
    )
    assert list(amtlich.index[anders]) == []
    assert int(matrix.anzahl.to_numpy().sum()) == len(amtlich)


def test_mit_streuung_der_stichprobe_waere_es_anders(ausgabe):
    """Der Rechenweg ist nicht beliebig: ohne zweite Standardisierung passt er nicht."""
    _, amtlich, status, _ = ausgabe
    summe = status.normiert_.sum(axis=1)[amtlich.index]
    ohne = 1 + (summe >= -1).astype(int) + (summe > 1) + (summe > 1.5)
    assert (ohne != amtlich["status_nr"]).any()
