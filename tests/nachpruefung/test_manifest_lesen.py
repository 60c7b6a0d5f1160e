"""Ein kaputtes Manifest wird erklärt: was, wo, was erwartet ist, was nun."""

import json

import pytest

from quartierstools.ausgabe.manifest import lies_manifest
from quartierstools.ausgabe.manifestform import maengel
from quartierstools.fehler import Aufruffehler
from quartierstools.lauf.durchsicht import pruefe_schriftstueck, sieh_durch
from quartierstools.lauf.nachrechnen import rechne_nach
from quartierstools.lauf.vergleich import vergleiche
from quartierstools.lauf.vorrat import _manifeste

GANZ = {
    "projekt": "bochum",
    "fassung": "oeffentlich",
    "bezugsdatum": "2026-11-01",
    "eingaben": {},
    "parameter": {"10_datenlage": {"fassung": "oeffentlich"}},
    "regelprofil": {"id": "standard", "version": "3"},
    "versionen": {"python": "3.11"},
    "ausgaben": {"index.html": "0" * 64},
    "belege": {"index": [{"kennung": "1f", "text": "7", "was": "Zählung"}]},
    "abdrucke": {
        "index": {
            "aussagen": [
                {"art": "satz", "ort": "", "text": "7 ja", "zahlen": [["7", "x", ""]]}
            ]
        }
    },
}

UNLESBAR = {
    "leer": b"",
    "abgeschnitten": json.dumps(GANZ).encode()[:200],
    "kein UTF-8": b"\xff\xfe\x00",
    "zu tief": b"[" * 200_000,
}

FALSCHE_FORM = {
    "oben: Liste statt benannter Einträge": [],
    "oben: nichts statt benannter Einträge": None,
    "belege: Zahl statt": {**GANZ, "belege": 5},
    "belege / index / 1 / was: fehlt": {
        **GANZ,
        "belege": {"index": [{"kennung": "1f", "text": "7"}]},
    },
    "abdrucke: Liste statt": {**GANZ, "abdrucke": [1]},
    "abdrucke / index / aussagen / 1 / zahlen / 1: erwartet": {
        **GANZ,
        "abdrucke": {
            "index": {"aussagen": [{"art": "", "ort": "", "text": "", "zahlen": [7]}]}
        },
    },
    "methode: nichts statt": {**GANZ, "methode": None},
    "methode / zielgruppen: Text statt": {
        **GANZ,
        "methode": {"zielgruppen": "x", "gruppen": [1]},
    },
    "ausgaben: nennt keine einzige Datei": {**GANZ, "ausgaben": {}},
    "ausgaben / ../x: liegt nicht im Ordner": {
        **GANZ,
        "ausgaben": {"../x": "0" * 64},
    },
    "ausgaben / a: keine Prüfsumme": {**GANZ, "ausgaben": {"a": 5}},
    "projekt: leerer Text statt eines Namens": {**GANZ, "projekt": " "},
    "projekt: fehlt": {n: w for n, w in GANZ.items() if n != "projekt"},
    "bezugsdatum: kein Datum": {**GANZ, "bezugsdatum": "gestern"},
    "parameter / a: ja/nein statt": {**GANZ, "parameter": {"a": True}},
}


def schreibe(ordner, inhalt):
    ordner.mkdir(exist_ok=True)
    roh = inhalt if isinstance(inhalt, bytes) else json.dumps(inhalt).encode()
    (ordner / "manifest.json").write_bytes(roh)
    return ordner


LESER = {
    "durchsicht": sieh_durch,
    "durchsicht einer Datei": lambda o: pruefe_schriftstueck(o / "x.docx", o),
    "vergleiche": lambda o: vergleiche(o, o),
    "nachrechnen": rechne_nach,
}


@pytest.mark.parametrize("lies", LESER.values(), ids=LESER)
@pytest.mark.parametrize(
    ("satz", "inhalt"),
    [
        *((s, i) for s, i in FALSCHE_FORM.items()),
        *(("JSON", i) for i in UNLESBAR.values()),
    ],
    ids=[*FALSCHE_FORM, *UNLESBAR],
)
def test_jeder_leser_erklaert_ein_kaputtes_manifest(tmp_path, lies, satz, inhalt):
    lauf = schreibe(tmp_path / "lauf", inhalt)
    with pytest.raises(Aufruffehler) as fehler:
        lies(lauf)
    meldung = str(fehler.value)
    assert satz in meldung
    assert str(lauf / "manifest.json") in meldung
    assert "Bitte den Lauf neu rechnen oder den richtigen Ordner nennen" in meldung


def test_ganzes_manifest_wird_gelesen(tmp_path):
    assert maengel(GANZ) == []
    assert lies_manifest(schreibe(tmp_path, {**GANZ, "neu": 1})) == {**GANZ, "neu": 1}


def test_viele_maengel_stehen_gekuerzt_da(tmp_path):
    with pytest.raises(Aufruffehler, match="… und 4 weitere"):
        lies_manifest(schreibe(tmp_path, {}))


def test_echtes_manifest_hat_die_form(lauf):
    assert maengel(lauf.manifest) == []


def test_kaputter_nachbar_haelt_den_naechsten_lauf_nicht_auf(tmp_path):
    schreibe(tmp_path / "a", {**GANZ, "ausgaben": 5})
    schreibe(tmp_path / "b", UNLESBAR["kein UTF-8"])
    gut = schreibe(tmp_path / "c", GANZ)
    assert [ordner for ordner, _ in _manifeste(tmp_path)] == [gut]
