"""Belegt das Manifest jede Zahl, stimmen die Belege, und was sagt die Befehlszeile?"""

import copy
import json
import shutil

import pytest

from quartierstools.fehler import Aufruffehler
from quartierstools.lauf.durchsicht import als_json, pruefe_schriftstueck
from quartierstools.nachpruefung.abdruck import UNBELEGT, Aussage
from quartierstools.nachpruefung.nachrechnen import rechne_nach
from quartierstools.nachpruefung.pruefung import pruefe_datei, pruefe_lauf, vorlage


def _unbelegt(lauf, anfang: str = "") -> list[tuple[str, str, str]]:
    return [
        (name, zahl.text, aussage.text)
        for name, abdruck in lauf.manifest["abdrucke"].items()
        if name.startswith(anfang)
        for aussage in map(Aussage.aus_eintrag, abdruck["aussagen"])
        for zahl in aussage.zahlen
        if zahl.art == UNBELEGT
    ]


def test_jede_zahl_jeder_begruendung_ist_belegt(lauf):
    namen = [n for n in lauf.manifest["abdrucke"] if n.startswith("vorhaben/")]
    assert namen
    assert _unbelegt(lauf, "vorhaben/") == []


def test_jede_zahl_der_uebrigen_schriftstuecke_ist_belegt(lauf):
    assert _unbelegt(lauf) == []


def test_jedes_geschriebene_schriftstueck_hat_einen_abdruck(lauf):
    stuecke = {
        p.relative_to(lauf.ordner).as_posix().rpartition(".")[0]
        for p in lauf.ordner.rglob("*")
        if p.suffix in {".docx", ".pdf"}
    }
    baende = {s for s in stuecke if s.startswith("steckbriefe/alle")}
    assert stuecke - baende <= set(lauf.manifest["abdrucke"])


def test_gerechnete_belege_nennen_rechenweg_und_herkunft(lauf):
    ohne = [
        (name, beleg)
        for name, liste in lauf.manifest["belege"].items()
        for beleg in liste
        if beleg["art"] == "rechnung" and beleg.get("formel") in {"median", "mittel"}
        if not all(
            beleg.get(f) for f in ("indikator", "stichtag", "quelle", "eingaben")
        )
    ]
    assert ohne == []


def test_jeder_beleg_laesst_sich_mit_den_daten_bestaetigen(lauf, auswertungen):
    stand = vorlage(lauf.manifest)
    ort = lauf.manifest["projekt"]
    ergebnis = rechne_nach(stand.belege, auswertungen[ort])
    assert ergebnis.abweichungen == ()
    assert ergebnis.bestaetigt["wert"] > 0
    assert ergebnis.bestaetigt["median"] > 0


def test_ein_falscher_beleg_faellt_beim_nachrechnen_auf(lauf_bochum, auswertungen):
    belege = copy.deepcopy(dict(vorlage(lauf_bochum.manifest).belege))
    kennung = next(k for k, b in belege.items() if b.get("formel") == "median")
    belege[kennung]["text"] = "7,5 Prozent"
    (satz,) = rechne_nach(belege, auswertungen["bochum"]).abweichungen
    assert "7,5 Prozent" in satz
    assert "6,5" in satz


def test_ganzer_lauf_ist_belegt(lauf):
    ergebnis = pruefe_lauf(lauf.ordner, lauf.manifest)
    assert ergebnis.funde == []
    assert ergebnis.anteil == 1
    text = "\n".join(ergebnis.zeilen())
    assert "belegt 100,0\u00a0Prozent" in text
    assert "nicht geprüft: Notebooks" in text


def test_umbenannte_datei_wird_erkannt(lauf_bochum, tmp_path):
    quelle = min(lauf_bochum.ordner.glob("vorhaben/*/begruendung.docx"))
    datei = tmp_path / "Vorlage_Endfassung_2.docx"
    shutil.copy(quelle, datei)
    ergebnis = pruefe_schriftstueck(datei, lauf_bochum.ordner)
    assert ergebnis.in_ordnung
    gelesen = json.loads(als_json(ergebnis))
    assert gelesen["zahlenpruefung"]["dateien"][0]["schriftstueck"].startswith(
        "vorhaben/"
    )


def test_datei_ohne_lauf_sagt_was_zu_tun_ist(tmp_path):
    datei = tmp_path / "x.docx"
    datei.write_bytes(b"")
    with pytest.raises(Aufruffehler, match="--lauf"):
        pruefe_schriftstueck(datei)


def test_fremde_datei_wird_nicht_verglichen(lauf_bochum, tmp_path):
    datei = tmp_path / "fremd.html"
    datei.write_text("<p>Ein ganz anderer Text über Gartenbau.</p>", encoding="utf-8")
    with pytest.raises(Aufruffehler, match="gleicht keinem Schriftstück"):
        pruefe_datei(datei, lauf_bochum.manifest)


def test_altes_manifest_wird_erklaert(lauf_bochum, tmp_path):
    alt = {k: v for k, v in lauf_bochum.manifest.items() if k != "abdrucke"}
    with pytest.raises(Aufruffehler, match="neu rechnen"):
        pruefe_datei(tmp_path / "x.docx", alt)
