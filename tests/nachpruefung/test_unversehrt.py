"""Was nach dem Lauf fehlt, geändert oder dazugelegt ist, bleibt nicht unbemerkt."""

import errno
import hashlib
import json
import os
import shutil

import pytest

from quartierstools.ausgabe.packen import schreibe
from quartierstools.fehler import Ausgabefehler, systemgrund
from quartierstools.lauf.durchsicht import als_json, pruefe_schriftstueck, sieh_durch
from quartierstools.nachpruefung.pruefung import Zahlenpruefung
from quartierstools.nachpruefung.unversehrt import vergleiche_dateien


@pytest.fixture
def ordner(tmp_path):
    """Drei Dateien und ihr Manifest."""
    for name in ("a.html", "b.xlsx", "c/d.pdf"):
        schreibe(tmp_path / name, name)
    schreibe(tmp_path / "manifest.json", "{}")
    return tmp_path


@pytest.fixture
def ausgaben(ordner):
    return {
        name: hashlib.sha256((ordner / name).read_bytes()).hexdigest()
        for name in ("a.html", "b.xlsx", "c/d.pdf")
    }


def test_unveraenderter_ordner_hat_keinen_fund(ordner, ausgaben):
    ergebnis = vergleiche_dateien(ordner, ausgaben)
    assert ergebnis.funde == ergebnis.hinweise == ()
    assert ergebnis.satz == "3 von 3 Dateien nach Prüfsumme unverändert"


def test_fehlendes_geaendertes_und_fremdes_ist_ein_fund(ordner, ausgaben):
    (ordner / "a.html").unlink()
    (ordner / "b.xlsx").write_bytes(b"von Hand")
    (ordner / "c" / "fremd.docx").write_bytes(b"x")
    (ordner / "c" / ".DS_Store").write_bytes(b"x")
    ergebnis = vergleiche_dateien(ordner, ausgaben)
    assert [satz.split(";")[0] for satz in ergebnis.funde] == [
        "a.html: fehlt",
        "b.xlsx: wurde nach dem Lauf geändert",
        "c/fremd.docx: stammt nicht aus dem Lauf",
    ]
    assert ergebnis.satz == "1 von 3 Dateien nach Prüfsumme unverändert"
    (hinweis,) = ergebnis.hinweise
    assert "c/.DS_Store" in hinweis
    assert ergebnis.als_eintrag()["unveraendert"] == 1


def test_nichts_ist_nie_hundert_prozent():
    nichts = Zahlenpruefung(dateien=(), belege={})
    assert nichts.anteil is None
    assert nichts.satz_belegt == "kein Wert gelesen, also keiner belegt"
    assert "Prozent" not in "\n".join(nichts.zeilen())


def test_leerer_lauf_ist_nicht_in_ordnung(lauf_bochum, tmp_path):
    shutil.copy(lauf_bochum.ordner / "manifest.json", tmp_path)
    ergebnis = sieh_durch(tmp_path)
    text = "\n".join(ergebnis.zeilen)
    dateien = len(lauf_bochum.manifest["ausgaben"])
    assert not ergebnis.in_ordnung
    assert f"0 von {dateien} Dateien nach Prüfsumme unverändert, kein Wert" in text
    assert "karte.html: fehlt" in text
    assert "100,0" not in text
    assert "ist belegt" not in text


def test_ganzer_lauf_nennt_was_geprueft_ist(lauf_bochum, tmp_path):
    kopie = tmp_path / "kopie"
    shutil.copytree(lauf_bochum.ordner, kopie)
    gut = sieh_durch(kopie)
    dateien = len(lauf_bochum.manifest["ausgaben"])
    assert gut.in_ordnung, gut.zeilen
    assert gut.zeilen[-1] == "Jede Zahl der geprüften Texte ist belegt."
    assert f"Geprüft: {dateien} von {dateien} Dateien nach" in gut.zeilen[-2]
    assert gut.zeilen[-2].endswith(" Werten mit Beleg.")
    for name in ("karte.html", "anhang/tabellen.xlsx"):
        with (kopie / name).open("ab") as datei:
            datei.write(b" ")
    schlecht = sieh_durch(kopie)
    assert not schlecht.in_ordnung
    assert sum("wurde nach dem Lauf geändert" in z for z in schlecht.zeilen) == 2
    assert schlecht.zeilen[-1].startswith("2 Dateien weichen vom Lauf ab.")
    gelesen = json.loads(als_json(schlecht))["dateien"]
    assert gelesen["geaendert"] == ["anhang/tabellen.xlsx", "karte.html"]


def test_einzelne_datei_darf_neu_gespeichert_sein(lauf_bochum, tmp_path):
    quelle = min(lauf_bochum.ordner.glob("vorhaben/*/begruendung.html"))
    datei = tmp_path / "meine.html"
    datei.write_text(quelle.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    ergebnis = pruefe_schriftstueck(datei, lauf_bochum.ordner)
    assert ergebnis.in_ordnung, ergebnis.zeilen
    assert ergebnis.zeilen[-1] == "Jede Zahl der geprüften Texte ist belegt."
    assert not any("nach dem Lauf geändert" in zeile for zeile in ergebnis.zeilen)


@pytest.mark.parametrize(
    "nummer",
    [
        *(errno.EEXIST, errno.ENOTDIR, errno.EACCES, errno.EROFS, errno.ENOSPC),
        *(errno.ENOENT, errno.EISDIR, errno.ENAMETOOLONG),
    ],
)
def test_grund_des_systems_ist_deutsch(nummer):
    grund = systemgrund(OSError(nummer, os.strerror(nummer)))
    assert os.strerror(nummer) not in grund
    assert "Betriebssystems" not in grund


@pytest.mark.parametrize(
    ("ziel", "grund"),
    [
        ("datei/a.html", "dort steht schon eine Datei dieses Namens"),
        ("datei/b/a.html", "ein Teil des Pfades ist kein Ordner"),
        ("ordner", "dort steht ein Ordner"),
        ("n" * 300 + "/a.html", "der Name ist zu lang"),
    ],
)
def test_nicht_schreibbares_ziel_sagt_warum(tmp_path, ziel, grund):
    (tmp_path / "datei").write_bytes(b"")
    (tmp_path / "ordner").mkdir()
    with pytest.raises(Ausgabefehler) as fehler:
        schreibe(tmp_path / ziel, "x")
    assert grund in str(fehler.value)
