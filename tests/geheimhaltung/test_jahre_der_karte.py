"""Eingebettete Daten nennen ihr Jahr; nur dasselbe Jahr kann verraten."""

from types import SimpleNamespace

import pytest

from quartierstools.geheimhaltung.stellen import json_stellen
from quartierstools.geheimhaltung.verrat import _anderes_jahr


@pytest.mark.parametrize(
    ("jahr", "anders"), [("2021", False), ("2022", True), ("Kinder", False)]
)
def test_nur_dasselbe_jahr_verraet(jahr, anders):
    geheim = SimpleNamespace(stichtag="2021-12-31")
    daten = {"jahr": jahr, "unten": [12.9, 13.0, 14.0]}
    stellen = [
        s
        for s in json_stellen(daten, datei="karte.html")
        if s.ort.startswith("unten") and s.text == "12.9"
    ]
    assert [_anderes_jahr(s, geheim) for s in stellen] == [anders]
