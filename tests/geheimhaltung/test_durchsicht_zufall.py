"""Zufällige Gleichheit ist kein Fund: Zeilennummern, so viele Ebenen wie Orte."""

import pytest

from quartierstools.geheimhaltung.geheimnisse import Geheimnis, Geheimnisse
from quartierstools.geheimhaltung.stellen import json_stellen, tabellenstellen
from quartierstools.geheimhaltung.verrat import Suche

ORTE = {
    "12": ("gebiet", "12"),
    "13": ("gebiet", "13"),
    "14": ("gebiet", "14"),
    "25": ("gebiet", "25"),
    "Mühle": ("gebiet", "12"),
    "Kirche": ("gebiet", "14"),
    "Wald": ("gebiet", "25"),
}


def suche(ort, name):
    """Gesperrt ist J01 in einem Gebiet: 11,0 Prozent."""
    geheim = Geheimnis(
        ort=("gebiet", ort),
        name=name,
        indikator="J01",
        bezeichnung="ELB-Quote",
        stichtag="2023-12-31",
        formen={"11.0": "anteil", "0.110": "anteil"},
    )
    return Suche(
        Geheimnisse(
            liste=(geheim,), orte=ORTE, indikatoren={"J01": "J01", "ELB-Quote": "J01"}
        )
    )


def funde(stellen, ort, name):
    probe = suche(ort, name)
    return [s.ort for s in stellen for _ in probe.treffer(s)]


def tabelle(erste, kopf=""):
    """Wie ein Notebook sie zeigt: vorn der Index, oft ohne Überschrift."""
    zeilen = [[n, "J01", "2022-12-31", w] for n, w in erste]
    return list(
        tabellenstellen(
            [[kopf, "indikator", "stichtag", "wert"], *zeilen],
            datei="n",
            ort="Tabelle",
            orte=frozenset(ORTE),
        )
    )


GEZAEHLT = [("24", "0.2"), ("25", "0.110"), ("26", "0.3")]


def test_zeilennummer_25_meint_nicht_gebiet_25():
    assert funde(tabelle(GEZAEHLT), "25", "Wald") == []


def test_mit_ueberschrift_zaehlt_der_schluessel():
    assert funde(tabelle(GEZAEHLT, "gebiet"), "25", "Wald")


@pytest.mark.parametrize(
    "erste",
    [
        [("12", "0.2"), ("25", "0.110"), ("14", "0.3")],
        [("24", "0.2"), ("25", "0.110"), ("27", "0.3")],
        [("25", "0.110"), ("26", "0.2")],
    ],
    ids=["lauter-gebiete", "mit-luecke", "zu-kurz"],
)
def test_im_zweifel_ist_es_ein_gebiet(erste):
    assert funde(tabelle(erste), "25", "Wald")


def test_fortlaufende_schluessel_bleiben_gebiete():
    erste = [("12", "0.110"), ("13", "0.2"), ("14", "0.3")]
    assert funde(tabelle(erste), "12", "Mühle")


@pytest.mark.parametrize(("jahr", "gleich"), [("2023", True), ("2022", False)])
def test_die_zahl_eines_anderen_jahres_verraet_nichts(jahr, gleich):
    ebene = {"kennung": "J01", "name": "ELB-Quote", "jahr": jahr}
    daten = {
        "gebiete": ["Mühle", "Kirche", "Wald"],
        "ebenen": [{**ebene, "unten": [1.0, 2.0, 11.0]}],
    }
    stellen = list(json_stellen(daten, datei="karte.html", orte=frozenset(ORTE)))
    assert bool(funde(stellen, "25", "Wald")) is gleich


EBENEN = [
    {"kennung": k, "name": n, "unten": [w, None, None]}
    for k, n, w in (("B01", "A", 1.0), ("J01", "ELB-Quote", 11.0), ("B05", "B", 2.0))
]


def karte(ebenen):
    daten = {"gebiete": ["12", "14", "25"], "ebenen": ebenen}
    return list(json_stellen(daten, datei="k", orte=frozenset(ORTE)))


def test_so_viele_ebenen_wie_gebiete_benennen_kein_gebiet():
    """Die zweite Ebene ist nicht das zweite Gebiet; 11,0 gehört dem ersten."""
    assert funde(karte(EBENEN), "14", "Kirche") == []


def test_in_der_ebene_zaehlt_die_stelle_der_liste():
    assert funde(karte(EBENEN), "12", "Mühle")


def test_namenlose_glieder_bleiben_gebiete():
    """Ohne eigene Kennung ist das zweite Glied das zweite Gebiet."""
    glieder = [{"J01": w} for w in (1.0, 11.0, 2.0)]
    assert funde(karte(glieder), "14", "Kirche")
