"""OParl 1.1: Drucksache und Dateien tragen die Felder der Spezifikation."""

import hashlib
import json
import re
from datetime import date, datetime

import pytest

from quartierstools.ausgabe.oparl import SCHEMA, drucksache, drucksache_text

# Felder aus der Spezifikation OParl 1.1, Kapitel „Paper“, „File“ und „Location“.
ALLGEMEIN = {
    "id",
    "type",
    "license",
    "keyword",
    "created",
    "modified",
    "web",
    "deleted",
}
FELDER = {
    "Paper": ALLGEMEIN
    | {
        *("body", "name", "reference", "date", "paperType", "relatedPaper"),
        *("superordinatedPaper", "subordinatedPaper", "mainFile", "auxiliaryFile"),
        *("location", "originatorPerson", "underDirectionOf"),
        *("originatorOrganization", "consultation"),
    },
    "File": ALLGEMEIN
    | {
        *("name", "fileName", "mimeType", "date", "size", "sha1Checksum"),
        *("sha512Checksum", "text", "accessUrl", "downloadUrl", "externalServiceUrl"),
        *("masterFile", "derivativeFile", "fileLicense", "meeting", "agendaItem"),
        *("person", "organization", "paper"),
    },
    "Location": ALLGEMEIN
    | {
        *("description", "geojson", "streetAddress", "room", "postalCode"),
        *("subLocality", "locality", "bodies", "organizations", "persons"),
        *("meetings", "papers"),
    },
}
PFLICHT = {
    "Paper": {"id", "type", "body", "name"},
    "File": {"id", "type", "accessUrl"},
    "Location": {"id", "type"},
}
ZEIT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
DATEIEN = {
    "vorhaben/x/begruendung.docx": b"PK",
    "vorhaben/x/begruendung.pdf": b"%PDF",
    "vorhaben/x/kurzfassungen.html": "<p>ä</p>\n",
}


@pytest.fixture(params=["bochum", "musterstadt"], scope="module")
def paper(request, auswertungen):
    auswertung = auswertungen[request.param]
    vorhaben = min(auswertung.katalog.vorhaben)
    return (
        drucksache(auswertung, vorhaben, DATEIEN, gattung="Begründung"),
        auswertung.katalog.vorhaben[vorhaben],
        auswertung,
    )


def objekte(wert):
    """Jedes OParl-Objekt, auch die eingebetteten."""
    if isinstance(wert, dict):
        yield wert
        for kind in wert.values():
            yield from objekte(kind)
    elif isinstance(wert, list):
        for kind in wert:
            yield from objekte(kind)


def test_jedes_objekt_hat_pflichtfelder_und_keine_fremden(paper):
    gesehen = set()
    for objekt in objekte(paper[0]):
        art = objekt["type"].removeprefix(f"{SCHEMA}/")
        gesehen.add(art)
        assert set(objekt) >= PFLICHT[art], art
        assert set(objekt) <= FELDER[art], art
        assert objekt["id"].startswith("urn:quartier:")
        for feld in ("created", "modified"):
            assert ZEIT.fullmatch(objekt[feld])
        if "date" in objekt:
            assert date.fromisoformat(objekt["date"])
    assert gesehen == {"Paper", "File", "Location"}


def test_hauptdatei_ist_das_pdf_der_rest_haengt_daran(paper):
    haupt, neben = paper[0]["mainFile"], paper[0]["auxiliaryFile"]
    assert haupt["fileName"] == "begruendung.pdf"
    assert haupt["mimeType"] == "application/pdf"
    assert [n["fileName"] for n in neben] == ["begruendung.docx", "kurzfassungen.html"]
    assert [n.get("masterFile") for n in neben] == [haupt["id"], None]
    assert all(n["paper"] == [paper[0]["id"]] for n in (haupt, *neben))


def test_groesse_und_pruefsumme_sind_die_der_datei(paper):
    (seite,) = [
        n for n in paper[0]["auxiliaryFile"] if n["fileName"] == "kurzfassungen.html"
    ]
    roh = "<p>ä</p>\n".encode()
    assert seite["size"] == len(roh) == 10
    assert seite["sha512Checksum"] == hashlib.sha512(roh).hexdigest()


def test_datum_kommt_aus_dem_projekt(paper):
    drucksache_, _, auswertung = paper
    tag = auswertung.projekt.bezugsdatum
    assert drucksache_["date"] == tag.isoformat()
    assert datetime.fromisoformat(drucksache_["modified"]).date() == tag


def test_name_orte_und_nummer_sind_die_des_vorhabens(paper):
    drucksache_, vorhaben, _ = paper
    assert drucksache_["name"] == vorhaben.name
    assert [o["id"].rpartition(":")[2] for o in drucksache_["location"]] == [
        *vorhaben.gebiete
    ]
    assert ("reference" in drucksache_) is bool(vorhaben.vorlage_nr)


def test_text_ist_json_und_jedesmal_gleich(paper):
    text = drucksache_text(paper[0])
    assert json.loads(text) == paper[0]
    assert text == drucksache_text(dict(reversed(paper[0].items())))
