"""Stimmt, was dasteht? Gesperrt, Fachurteil, Beschluss und Zählung in den Ausgaben."""

import dataclasses
import io
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hausmittel import glatt
from situationen import ANDERE, lage, stoff

from quartierstools.angebote.rangfolge import ergebnis_mit_urteil
from quartierstools.ausgabe import steckbrief as modul
from quartierstools.ausgabe.angebotslage import angebotsseite
from quartierstools.ausgabe.anhang import anhang
from quartierstools.ausgabe.bericht import bericht
from quartierstools.ausgabe.datenanforderung import datenanforderung
from quartierstools.ausgabe.einstieg import einstieg
from quartierstools.ausgabe.gestalt import fusszeile
from quartierstools.ausgabe.steckbrief import steckbrief
from quartierstools.ausgabe.tabellen import blattnamen
from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.begruendung import kapitel
from quartierstools.dokument import Bild, reiner_text, texte
from quartierstools.katalog import Projektordner

G = "gesperrt"
BILD = Bild(svg="<svg/>", png=b"", alternativtext="Bild")
HALB = [G, G, G, *[0.05 + n / 100 for n in range(3)]]
"""Sechs Gebiete, die Hälfte gesperrt: geliefert, aber nicht zu gebrauchen."""


@pytest.fixture(autouse=True)
def _ohne_bilder(monkeypatch):
    for name in ("lagekarte", "punktstreifen", "verlaufstafel"):
        monkeypatch.setattr(modul, name, lambda *_, **__: BILD)
    # Die Szenarien der Musterstadt nennen Gebiete, die es hier nicht gibt.
    monkeypatch.setattr(Auswertung, "szenarien", lambda *_: ())


@pytest.fixture
def gesperrte():
    """Langzeitarbeitslose: beides geliefert und gesperrt, A02 fehlt."""
    return lage(werte={"B05": HALB, "A09": HALB}, nenner=1000)


def voll(dokument):
    return glatt("\n".join(texte(dokument)))


def zellen(auswertung, blatt):
    mappe = openpyxl.load_workbook(io.BytesIO(anhang(auswertung)))
    return [list(zeile) for zeile in mappe[blatt].iter_rows(values_only=True)]


def test_geliefertes_heisst_in_keiner_ausgabe_nicht_vorliegend(gesperrte):
    namen = gesperrte.katalog.indikatoren
    gesperrt = f"zu oft gesperrt: {namen['B05'].bezeichnung}"
    fehlt = f"liegen nicht vor: {namen['A02'].bezeichnung}."
    for dokument in (
        einstieg(gesperrte),
        bericht(gesperrte, "langzeitarbeitslose")[0],
        steckbrief(gesperrte, "010")[0],
    ):
        text = voll(dokument)
        assert gesperrt in text
        assert fehlt in text
        assert "Es fehlen" not in text
    kurz = "nicht messbar. Ein Indikator fehlt und zwei sind zu oft gesperrt."
    assert kurz in voll(einstieg(gesperrte))


def test_freigegebene_werte_eines_meist_gesperrten_indikators_erscheinen(gesperrte):
    """Der vierte Bezirk hat 5 Prozent; der erste ist gesperrt."""
    blatt = zellen(gesperrte, "Werte Arbeitslosigkeit")
    kopf = next(z for z in blatt if z[0] == "Schlüssel")
    spalte = next(n for n, k in enumerate(kopf) if "(B05)" in str(k))
    werte = {z[0]: z[spalte] for z in blatt if z[0] in {"010", "013"}}
    assert werte == {"010": "gesperrt", "013": 0.05}
    assert "5,0 %" in voll(steckbrief(gesperrte, "013")[0])


def test_die_luecke_nennt_gesperrtes_gesperrt(gesperrte):
    blatt = zellen(gesperrte, "Lücke Langzeitarbeitslose")
    kopf = next(z for z in blatt if z[0] == "Schlüssel")
    zeile = dict(zip(kopf, next(z for z in blatt if z[0] == "010"), strict=True))
    assert {zeile[k] for k in ("Menschen", "Je 100", "Mindestens")} == {"gesperrt"}
    assert zeile["Geprüfte Plätze"] == "nicht bekannt"
    assert "gesperrt" in voll(angebotsseite(gesperrte))


def test_zahlen_der_luecke_sind_so_genau_wie_gezeigt():
    auswertung = lage(
        werte={"B05": [0.0333, *ANDERE], "A09": [0.14, *ANDERE]}, nenner=3000
    )
    blatt = zellen(auswertung, "Lücke Langzeitarbeitslose")
    zahlen = [z for zeile in blatt for z in zeile if isinstance(z, float)]
    assert 3.3 in zahlen  # 100 von 3.000, je 100
    assert all(round(z, 1) == z for z in zahlen)


def test_fachurteil_steht_im_steckbrief_und_erfuellt_die_anforderung():
    mit, ohne = lage(0.12, urteile=[{}]), lage(0.12)
    assert "„Die Nachfrage am Ort ist groß.“" in voll(steckbrief(mit, "010")[0])
    assert "Einschätzung, Funktion" not in voll(steckbrief(mit, "010")[0])
    assert "Einschätzung, Funktion" in voll(steckbrief(mit, "011")[0])
    assert "steht aus" in voll(datenanforderung(ohne))
    assert "steht aus" not in voll(datenanforderung(mit))


def test_wo_daten_nichts_einstufen_gilt_das_fachurteil():
    daten = ergebnis_mit_urteil(
        *(pd_reihe(w) for w in (["nicht eingestuft"] * 2, ["verworfen", "Hinweis"]))
    )
    assert daten.to_numpy().tolist() == [
        ["nicht ausgewählt", "Fachurteil"],
        ["nicht eingestuft", "Daten"],
    ]


def pd_reihe(werte):
    return pd.Series(werte, index=["10", "11"])


def test_beschluss_nennt_was_beschlossen_wurde(monkeypatch):
    monkeypatch.setattr(
        "quartierstools.ausgabe.bericht.klassenkarte", lambda *_, **__: BILD
    )
    auswertung = lage(
        werte={"B05": [0.04, *ANDERE], "A09": [0.14, *ANDERE]},
        frueher=[0.05, *ANDERE],
        beschluesse=[{"vorhaben": "probe"}],
    )
    name = auswertung.katalog.vorhaben["probe"].name
    kopf = f"10.05.2023, Sozialausschuss, „{name}“ beschlossen"
    text = voll(bericht(auswertung, "langzeitarbeitslose")[0])
    assert f"{kopf}. Seither: " in text
    seite = voll(angebotsseite(auswertung))
    assert f"{kopf} (Kennung z0). Seither: " in seite
    assert "b-1" not in seite


def test_gezaehlt_sagt_wen_und_wann():
    fall = stoff(
        lage(werte={"B05": [0.04, *ANDERE], "A09": [0.14, *ANDERE]}, nenner=3000)
    )
    text = glatt(" ".join(t for b in kapitel.was_es_gibt(fall) for t in blocktexte(b)))
    indikator = fall.katalog.indikatoren["B05"]
    assert "Gezählt am 31.12.2024: 120 Menschen (4,0 je 100)" in text
    assert f"Zähler: {indikator.zaehler}; Nenner: {indikator.nenner}." in text


def blocktexte(block):
    return [reiner_text(block.inhalt)] if hasattr(block, "inhalt") else []


def test_ziel_ohne_punkt_bekommt_einen():
    fall = stoff(lage(0.12))
    wirkung = fall.vorhaben.wirkung.model_copy(update={"ziel": "Mehr Kontakt"})
    fall = dataclasses.replace(
        fall, vorhaben=fall.vorhaben.model_copy(update={"wirkung": wirkung})
    )
    assert reiner_text(kapitel.wirkung(fall)).startswith("Mehr Kontakt. Gemessen")


def test_ohne_merkmale_nennt_der_steckbrief_den_grund_und_kein_blatt():
    auswertung = lage(0.12)
    katalog = auswertung.katalog
    leer = katalog.projekt.typen.model_copy(update={"indikatoren": ()})
    projekt = katalog.projekt.model_copy(update={"typen": leer})
    freigabe = dataclasses.replace(
        auswertung.freigabe, katalog=dataclasses.replace(katalog, projekt=projekt)
    )
    ohne = Auswertung.aus_freigabe(
        freigabe,
        ordner=Projektordner(Path("probe-ohne-typen")),
        einstellung=Einstellung(varianten=20),
    )
    text = voll(steckbrief(ohne, "010")[0])
    assert "Keine Gruppen: " in text
    assert "Ein Merkmal fehlt" not in text
    mappe = openpyxl.load_workbook(io.BytesIO(anhang(ohne)))
    assert "Gruppen" not in mappe.sheetnames


def test_fusszeile_nennt_nachweis_und_fassung_der_regeln():
    dokument = dataclasses.replace(
        einstieg(lage(0.12), lauf="ab12"), stand=date(2024, 1, 1)
    )
    fuss = fusszeile(dokument)
    assert fuss.endswith("Lauf ab12")
    schrift = datenanforderung(lage(0.12), lauf="ab12")
    assert fusszeile(schrift).endswith("Nachweis ab12")
    assert "Fassung öffentlich, Regelprofil standard 3 · Bezugsdatum" in fuss
    assert "manifest.json unter „nachweise“" in voll(dokument)


def test_lange_blattnamen_enden_an_einem_wort():
    assert blattnamen(["Lücke Jugendliche mit besonderem Bedarf"]) == [
        "Lücke Jugendliche"
    ]
    assert blattnamen(["x" * 40]) == ["x" * 31]
