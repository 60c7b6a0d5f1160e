"""Sagen Meldungen, was nun zu tun ist, und verschweigen sie nichts?"""

import shutil
from pathlib import Path

import pytest
from eingang_hilfe import FAELLE

from quartierstools.eingang.pruefbericht import pruefe_dateien
from quartierstools.eingang.pruefdarstellung import als_bildschirmtabelle
from quartierstools.fehler import Befund
from quartierstools.katalog import Projektordner

KOPF = "ebene;gebiet;indikator;stichtag;wert;zaehler;nenner;quelle;stichtag_belegt\n"


@pytest.fixture
def ort(tmp_path) -> Path:
    ziel = tmp_path / "kleinstadt"
    shutil.copytree(FAELLE / "kleinstadt", ziel)
    return ziel


def maengel(ort: Path) -> list[Befund]:
    return list(pruefe_dateien([], Projektordner(ort)).fehler)


def bestand(ort: Path, zeilen: str) -> None:
    (ort / "bestand" / "neu.csv").write_text(KOPF + zeilen, encoding="utf-8")


def test_falsches_trennzeichen_ist_ein_mangel_und_heisst_so(ort):
    text = KOPF + "gebiet;010;B01;2022-12-31;;38;1000;statistik;ja\n"
    (ort / "bestand" / "neu.csv").write_text(text.replace(";", ","), encoding="utf-8")
    (mangel,) = maengel(ort)
    assert mangel.was == "Trennzeichen ist Komma."
    assert mangel.erwartet == "Semikolon"


@pytest.mark.parametrize(
    ("zeile", "rat"),
    [
        ("gebiet;010;B01;2022-12-31;*;;;statistik;ja", "„.“ schreiben"),
        ("gebiet;010;B01;2022-12-31;<3;;;statistik;ja", "„.“ schreiben"),
        ("gebiet;010;B01;2022-12-31;;*;900;statistik;ja", "in wert „.“"),
        ("gebiet;010;B01;31.12.2022;;3;900;statistik;ja", "JJJJ-MM-TT"),
        ("gebiet;010;Q99;2022-12-31;;3;900;statistik;ja", "quartier indikatoren"),
        ("gebiet;010;B01;2023-12-31;;3;900;statistik;ja", "die andere löschen"),
    ],
)
def test_jeder_mangel_im_bestand_sagt_was_nun(ort, zeile, rat):
    bestand(ort, f"{zeile}\n")
    (mangel,) = maengel(ort)
    assert rat in mangel.rat


def test_verschiedene_fehlende_felder_werden_nicht_zusammengefasst(ort):
    quellen = ort / "katalog" / "quellen.yaml"
    text = quellen.read_text(encoding="utf-8")
    zeilen = [z for z in text.splitlines() if not z.startswith("  ")]
    quellen.write_text("\n".join([*zeilen, '  lizenz: ""']) + "\n", encoding="utf-8")
    bericht = pruefe_dateien([], Projektordner(ort))
    felder = [b for b in bericht.fehler if b.was.startswith("Das Feld")]
    assert len(felder) == 4
    assert {b.ort for b in felder} == {"katalog/quellen.yaml, statistik"}
    tabelle = als_bildschirmtabelle(bericht)
    gezeigt = " ".join(str(zelle) for zelle in tabelle.columns[2].cells)
    assert all(b.was in gezeigt for b in felder)
    assert "gleichartige" not in gezeigt


def test_unbekannte_zielgruppe_nennt_die_bekannten(ort):
    projekt = ort / "projekt.yaml"
    text = projekt.read_text(encoding="utf-8")
    neu = [
        "zielgruppen: [rentner]" if z.startswith("zielgruppen:") else z
        for z in text.splitlines()
    ]
    projekt.write_text("\n".join(neu) + "\n", encoding="utf-8")
    (mangel,) = [b for b in maengel(ort) if "rentner" in b.was]
    assert "Bekannt: fachkraefte, jugendliche, langzeitarbeitslose" in mangel.rat


def test_vorhaben_heissen_ueberall_wie_im_projekt(ort):
    (ort / "vorhaben").mkdir()
    (ort / "vorhaben" / "beratung.yaml").write_text("id: beratung\n", encoding="utf-8")
    assert {b.ort for b in maengel(ort)} == {"vorhaben/beratung.yaml"}


def test_sprung_nennt_indikator_und_einheit_und_keine_leere_spalte(ort):
    bestand(ort, "gebiet;010;B01;2024-12-31;;380;1000;statistik;ja\n")
    bericht = pruefe_dateien([], Projektordner(ort))
    (sprung,) = [b for b in bericht.hinweise if "springt" in b.was]
    assert sprung.was == (
        "B01 (Arbeitslosenanteil) springt von 3,8 (31.12.2023) auf 38,0 Prozent."
    )
    assert "Spalte" not in sprung.ort


def test_summenzeile_ohne_schluessel_sagt_dass_beide_spalten_helfen(ort):
    datei = ort / "alo_2024.csv"
    datei.write_text(
        "Nr;Bezirk;Arbeitslosenanteil in %\n010;Vöde;4,1\n;Kleinstadt insgesamt;4,6\n",
        encoding="utf-8",
    )
    eintrag = (
        "alo:\n  datei: alo_*.csv\n  schluessel: Nr\n  quelle: statistik\n"
        "  stichtag: 2024-12-31\n"
        '  spalten: [{spalte: "Arbeitslosenanteil in %", indikator: B01}]\n'
    )
    (ort / "lieferung.yaml").write_text(eintrag, encoding="utf-8")
    (mangel,) = pruefe_dateien([datei], Projektordner(ort)).fehler
    assert "neben schluessel auch name angeben" in mangel.rat
    (ort / "lieferung.yaml").write_text(eintrag + "  name: Bezirk\n", encoding="utf-8")
    assert pruefe_dateien([datei], Projektordner(ort)).in_ordnung
