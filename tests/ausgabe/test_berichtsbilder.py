"""Bilder des Berichts: Beiträge, Entwicklung, Gruppen sagen dasselbe wie die Zahlen."""

import re
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

from quartierstools.analyse import wasserfall
from quartierstools.ausgabe.bericht import bericht
from quartierstools.ausgabe.berichtsbilder import (
    gruppen,
    oberste,
    stand_und_entwicklung,
    veraenderung_text,
    zusammensetzung,
)
from quartierstools.ausgabe.druckbild import druckbild
from quartierstools.auswertung import Bedarf, entwicklung
from quartierstools.auswertung.entwicklung import OHNE_VERGLEICH
from quartierstools.begruendung.beleg import Niederschrift
from quartierstools.dokument import Bild, Tabelle, reiner_text
from quartierstools.katalog import finde_projekt
from quartierstools.nachpruefung.abdruck import UNBELEGT, Beweis
from quartierstools.nachpruefung.fakten import faktenverzeichnis
from quartierstools.nachpruefung.textquellen import textverzeichnis

DATEN = Path(__file__).parents[2] / "daten"


def gemessen(auswertung):
    alle = [auswertung.bedarf(z) for z in auswertung.projekt.zielgruppen]
    return [e for e in alle if isinstance(e, Bedarf)]


def bilder(bloecke):
    return [b for b in bloecke if isinstance(b, Bild)]


def als_zahl(text):
    return float(text.replace("−", "-").replace(",", "."))


def test_treppe_je_gebiet_der_obersten_klasse_nach_schluessel(auswertungen):
    auswertung = auswertungen["musterstadt"]
    namen = auswertung.freigabe.gebiete["name"]
    for ergebnis in gemessen(auswertung):
        gezeigt = bilder(zusammensetzung(auswertung, ergebnis))
        oben = oberste(ergebnis)
        assert oben == sorted(oben)
        assert [b.titel.split(":")[0] for b in gezeigt] == [namen[g] for g in oben]


def test_alternativtext_der_treppe_nennt_jeden_beitrag_gerundet(auswertungen):
    auswertung = auswertungen["musterstadt"]
    for ergebnis in gemessen(auswertung):
        for gebiet, bild in zip(
            oberste(ergebnis),
            bilder(zusammensetzung(auswertung, ergebnis)),
            strict=True,
        ):
            zahlen = [
                als_zahl(z) for z in re.findall(r"[+−]?\d+,\d", bild.alternativtext)
            ]
            stufen = wasserfall(ergebnis.modell, gebiet)["beitrag"].sort_index()
            soll = [*stufen, float(ergebnis.index[gebiet])]
            assert zahlen == pytest.approx(soll, abs=0.0501)


def test_eine_einzige_kennzahl_hat_keine_treppe(auswertungen):
    auswertung = auswertungen["bochum"]
    (ergebnis,) = gemessen(auswertung)
    assert zusammensetzung(auswertung, ergebnis) == []


def test_ein_stichtag_sagt_dass_es_keine_entwicklung_gibt(auswertungen):
    auswertung = auswertungen["bochum"]
    (ergebnis,) = gemessen(auswertung)
    schrift = Niederschrift(auswertung.freigabe)
    _, satz = stand_und_entwicklung(auswertung, ergebnis, schrift)
    assert reiner_text(satz.inhalt) == (
        "Eine Entwicklung lässt sich nicht zeigen: Es liegt nur ein Stichtag vor."
    )
    assert schrift.belege == ()


def test_entwicklung_von_hand_nachgerechnet(auswertungen):
    """Veränderung je Indikator standardisiert, summiert und erneut standardisiert."""
    auswertung = auswertungen["musterstadt"]
    freigabe = auswertung.freigabe
    for ergebnis in gemessen(auswertung):
        gefunden = entwicklung(freigabe, ergebnis)
        assert (gefunden.von, gefunden.bis) == ("2022-12-31", "2024-12-31")
        summe = 0.0
        aenderung = pd.DataFrame(
            {
                i: freigabe.tabelle([i], stichtag=gefunden.bis)[i]
                - freigabe.tabelle([i], stichtag=gefunden.von)[i]
                for i in ergebnis.messung.indikatoren
            }
        ).dropna()
        for kennung, spalte in aenderung.items():
            z = (spalte - spalte.mean()) / spalte.std(ddof=0)
            niedrig = auswertung.katalog.indikatoren[kennung].richtung == "niedrig"
            summe = summe + (-z if niedrig else z)
        z = (summe - summe.mean()) / summe.std(ddof=0)
        soll = pd.cut(z, [-99, -1, 1, 99], labels=[1, 2, 3], right=False).astype(int)
        assert gefunden.modell.klasse_.dropna().to_dict() == soll.to_dict()


@pytest.mark.parametrize(
    ("bruch", "von"), [("2021", "2022-12-31"), ("2023", "2023-12-31"), ("2024", None)]
)
def test_ueber_einen_bruch_wird_nie_verglichen(auswertungen, monkeypatch, bruch, von):
    modul = import_module("quartierstools.auswertung.entwicklung")
    monkeypatch.setattr(modul, "brueche", lambda *_: {bruch: "neu abgegrenzt"})
    auswertung = auswertungen["musterstadt"]
    gefunden = entwicklung(auswertung.freigabe, auswertung.bedarf("jugendliche"))
    if von is None:
        assert gefunden == OHNE_VERGLEICH
    else:
        assert gefunden.von == von


def test_sicher_ist_nur_wessen_intervall_in_einer_spalte_liegt(auswertungen):
    auswertung = auswertungen["musterstadt"]
    for ergebnis in gemessen(auswertung):
        gefunden = entwicklung(auswertung.freigabe, ergebnis)
        drin = gefunden.modell.index_intervall_.loc[gefunden.feld.gruppe.dropna().index]
        seiten = [
            pd.cut(drin[s].dropna(), [-99, -1, 1, 99], right=False, labels=False)
            for s in ("unten", "oben")
        ]
        assert gefunden.sicher == (seiten[0] == seiten[1]).sum()
        assert 0 <= gefunden.sicher < gefunden.beurteilt


def test_gesperrtes_hat_keine_entwicklung(auswertungen):
    auswertung = auswertungen["musterstadt"]
    for ergebnis in gemessen(auswertung):
        gefunden = entwicklung(auswertung.freigabe, ergebnis)
        for kennung in ergebnis.messung.indikatoren:
            for tag in (gefunden.von, gefunden.bis):
                arten = auswertung.freigabe.wertarten(kennung, stichtag=tag)
                ohne = arten.index[arten != "Zahl"]
                assert gefunden.feld.gruppe[ohne].isna().all()


def test_jedes_gebiet_mit_gruppe_steht_einmal_in_der_tafel(auswertung):
    bloecke = gruppen(auswertung)
    (tafel,) = (b for b in bloecke if isinstance(b, Tabelle))
    namen = [n for z in tafel.zeilen for n in reiner_text(z[3]).split(", ")]
    mit = auswertung.typen().typ.dropna().index
    assert sorted(namen) == sorted(auswertung.freigabe.gebiete["name"][mit])
    (bild,) = bilder(bloecke)
    for zeile in tafel.zeilen:
        assert f"{reiner_text(zeile[0])}: " in bild.alternativtext


@pytest.mark.parametrize(
    ("wert", "text"), [(0.0123, "+1,2"), (-0.004, "−0,4"), (0.00001, "0,0")]
)
def test_veraenderung_in_prozentpunkten(auswertungen, wert, text):
    b01 = auswertungen["bochum"].katalog.indikatoren["B01"]
    assert veraenderung_text(wert, b01) == f"{text}\u00a0Prozentpunkte"


def test_jede_zahl_des_berichts_und_seiner_bilder_ist_belegt(auswertung):
    fakten = faktenverzeichnis(auswertung)
    texte = textverzeichnis(finde_projekt(auswertung.projekt.id, daten=DATEN))
    for ergebnis in gemessen(auswertung):
        dokument, belege = bericht(auswertung, ergebnis.zielgruppe.id)
        eigene = {b.kennung: b.als_eintrag() for b in belege}
        beweis = Beweis(fakten=fakten, texte=texte, belege=eigene)
        offen = [
            (aussage.text, zahl.text)
            for aussage in beweis.abdruck(druckbild(dokument))
            for zahl in aussage.zahlen
            if zahl.art == UNBELEGT
        ]
        assert offen == []
