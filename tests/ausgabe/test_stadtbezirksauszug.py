"""Auszug: Angebote zuerst, jedes Gebiet einmal, und warum eine Einstufung fehlt."""

import re

import pandas as pd

from quartierstools.ausgabe.stadtbezirksauszug import stadtbezirksauszug
from quartierstools.auswertung import Bedarf
from quartierstools.dokument import (
    Absatz,
    Liste,
    Tabelle,
    Ueberschrift,
    reiner_text,
    texte,
)

SATZ = {"fehlt": "liegt nicht vor", "gesperrt": "ist gesperrt"}


def auszuege(auswertung):
    """Je Stadtbezirk seine Gebiete und sein Auszug."""
    gebiete = auswertung.freigabe.gebiete
    for schluessel in auswertung.freigabe.stadtbezirke.index:
        eigene = gebiete[gebiete["stadtbezirk"] == schluessel]
        yield eigene, stadtbezirksauszug(auswertung, str(schluessel))[0].bloecke


def kapitel(bloecke, titel):
    """Die Blöcke eines Kapitels."""
    gesammelt, drin = [], False
    for block in bloecke:
        if isinstance(block, Ueberschrift):
            drin = block.text == titel
        elif drin:
            gesammelt.append(block)
    assert gesammelt, titel
    return gesammelt


def wertart(auswertung, indikator, gebiet):
    """Zustand am jüngsten nutzbaren Stichtag, ohne den Weg des Programms."""
    werte = auswertung.freigabe.werte
    zeile = werte[
        (werte["indikator"] == indikator)
        & (werte["gebiet"] == gebiet)
        & (werte["ebene"] == "gebiet")
        & (werte["stichtag"] == auswertung.freigabe.stichtag(indikator))
    ]
    return "fehlt" if zeile.empty else str(zeile["wertart"].iloc[0])


def test_angebote_stehen_vor_auffaelligem(auswertung):
    for _, bloecke in auszuege(auswertung):
        titel = [b.text for b in bloecke if isinstance(b, Ueberschrift)]
        assert titel[:2] == ["Was es gibt", "Was ausläuft"]
        assert titel.index("Was ausläuft") < titel.index("Was auffällt")


def test_jedes_gebiet_steht_genau_einmal_bei_den_angeboten(auswertung):
    for eigene, bloecke in auszuege(auswertung):
        bestand = kapitel(bloecke, "Was es gibt")
        mit = [
            reiner_text(zeile[0])
            for block in bestand
            if isinstance(block, Tabelle)
            for zeile in block.zeilen
        ]
        (satz,) = [reiner_text(b.inhalt) for b in bestand if isinstance(b, Absatz)]
        ohne = satz.partition("am Ort bekannt: ")[2].partition(". ")[0]
        for name in eigene["name"]:
            gezaehlt = mit.count(name) + (
                name in ohne.replace(" und ", ", ").split(", ")
            )
            assert gezaehlt == 1, name


def test_warum_eine_einstufung_fehlt(auswertung):
    geprueft = 0
    for eigene, bloecke in auszuege(auswertung):
        punkte = [
            reiner_text(punkt)
            for block in kapitel(bloecke, "Was nicht bekannt ist")
            if isinstance(block, Liste)
            for punkt in block.punkte
        ]
        for kennung in auswertung.projekt.zielgruppen:
            ergebnis = auswertung.bedarf(kennung)
            if not isinstance(ergebnis, Bedarf):
                continue
            klassen = ergebnis.klasse.reindex(eigene.index)
            ohne = [g for g in eigene.index if pd.isna(klassen[g])]
            gruppe = ergebnis.zielgruppe.bezeichnung
            saetze = [p for p in punkte if p.startswith(f"{gruppe}, ohne Einstufung: ")]
            assert len(saetze) == bool(ohne)
            if not ohne:
                continue
            arten = {
                wertart(auswertung, k, g)
                for k in ergebnis.messung.indikatoren
                for g in ohne
            }
            for art, worte in SATZ.items():
                assert (worte in saetze[0]) == (art in arten), saetze[0]
            assert ("nicht sinnvoll" in saetze[0]) == ("nicht sinnvoll" in arten)
            geprueft += 1
    assert geprueft


def test_kein_auszug_ordnet_orte_nach_rang(auswertung):
    namen = set(auswertung.freigabe.gebiete["name"])
    folge = list(auswertung.freigabe.gebiete["name"])
    for schluessel in auswertung.freigabe.stadtbezirke.index:
        dokument = stadtbezirksauszug(auswertung, str(schluessel))[0]
        gesamt = " ".join(texte(dokument))
        assert not re.search(r"Rang|Schlusslicht|Brennpunkt|Problem", gesamt)
        for block in dokument.bloecke:
            if isinstance(block, Tabelle):
                orte = [reiner_text(z[0]) for z in block.zeilen]
                orte = [o for o in orte if o in namen]
                assert orte == sorted(orte, key=folge.index)
