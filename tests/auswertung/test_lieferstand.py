"""Fehlt ganz, zu oft gesperrt, nicht sinnvoll, zu wenige: vier verschiedene Dinge."""

import dataclasses

import pytest
from hausmittel import freigabe_aus

from quartierstools.auswertung.lieferstand import (
    lieferstand,
    mangelsatz,
    mangelzahl,
    mit_grund,
)
from quartierstools.auswertung.messung import messung

G = "gesperrt"


def unsicher(freigabe, kennung, gebiete):
    """Freigabe, in der einzelne Werte auf zu kleinen Bezugszahlen ruhen."""
    werte = freigabe.werte.copy()
    treffer = (werte["indikator"] == kennung) & werte["gebiet"].isin(gebiete)
    werte.loc[treffer, "wertart"] = "nicht sinnvoll"
    werte.loc[treffer, "wert"] = float("nan")
    return dataclasses.replace(freigabe, werte=werte)


@pytest.mark.parametrize(
    ("werte", "lage", "zahlen"),
    [
        ([0.1, 0.2, 0.3, 0.4, None, None], "nutzbar", (4, 0)),
        ([0.1, 0.2, 0.3, G, G, G], "gesperrt", (3, 3)),
        ([G, G, G, G, G, G], "gesperrt", (0, 6)),
        ([0.1, 0.2, G, None, None, None], "zu wenige", (2, 1)),
        ([None] * 6, "fehlt", (0, 0)),
    ],
)
def test_haeufigster_grund_der_luecken(werte, lage, zahlen):
    stand = lieferstand(freigabe_aus({"J01": werte, "B01": [0.1] * 6}), "J01")
    assert (stand.lage, (stand.mit_wert, stand.gesperrt)) == (lage, zahlen)


def test_zu_kleine_bezugszahl_heisst_nicht_gesperrt():
    freigabe = freigabe_aus({"J01": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]})
    stand = lieferstand(unsicher(freigabe, "J01", ["010", "011", "012"]), "J01")
    assert (stand.lage, stand.nicht_sinnvoll) == ("nicht sinnvoll", 3)


@pytest.fixture
def dreierlei():
    """J01 geliefert und zu oft gesperrt, A03 fehlt, B03 für zwei Bezirke."""
    return freigabe_aus(
        {
            "J01": [0.1, 0.2, 0.3, G, G, G],
            "B03": [0.1, 0.2, None, None, None, None],
            "B01": [0.1] * 6,
        }
    )


def test_geliefertes_heisst_nie_nicht_vorliegend(dreierlei):
    satz = messung(dreierlei, dreierlei.katalog.zielgruppe("jugendliche")).satz
    namen = dreierlei.katalog.indikatoren
    assert satz == (
        f"Nicht messbar: Je Bezirk liegen nicht vor: {namen['A03'].bezeichnung}. "
        f"Geliefert, aber zu oft gesperrt: {namen['J01'].bezeichnung}. "
        f"Geliefert, aber für zu wenige Bezirke: {namen['B03'].bezeichnung}."
    )
    assert mangelsatz(dreierlei, ["B01"]) == ""


def test_gezaehlt_wird_je_grund(dreierlei):
    assert mangelzahl(dreierlei, ["J01", "A03", "B03", "B01"]) == (
        "Ein Indikator fehlt, ein ist zu oft gesperrt und ein liegt zu selten vor"
    )


def test_der_grund_steht_in_klammern(dreierlei):
    namen = [dreierlei.katalog.indikatoren[k].bezeichnung for k in ("J01", "A03")]
    assert mit_grund(dreierlei, ["J01", "A03"]) == [
        f"{namen[0]} (zu oft gesperrt)",
        namen[1],
    ]
