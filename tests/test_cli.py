"""Die Befehlszeile: deutsche Hilfe, eine Meldung, kein Traceback, nichts Halbes."""

import re
import shutil
import subprocess
import sys

import pytest
from hausmittel import WURZEL, quartier, umgebung

ENGLISCH = (
    "Usage",
    "Options",
    "Commands",
    "Show this message",
    "Error",
    "Missing",
    "No such",
    "Invalid",
    "default",
    "required",
    "Try",
)


def kopie(tmp_path, projekt="bochum"):
    ziel = tmp_path / projekt
    shutil.copytree(WURZEL / "daten" / projekt, ziel)
    return ziel


def scheitert(tmp_path, *angaben, code):
    """Ruft auf, prüft die Form der Meldung und gibt sie zurück."""
    ausgabe = tmp_path / "ausgaben"
    ergebnis = quartier(*angaben, "--ausgabe", str(ausgabe))
    meldung = ergebnis.stderr.strip()
    assert ergebnis.returncode == code, ergebnis.stdout + ergebnis.stderr
    assert meldung
    assert "Traceback" not in meldung + ergebnis.stdout
    assert ergebnis.stdout.strip() == ""
    assert [w for w in ENGLISCH if re.search(rf"\b{w}\b", meldung)] == []
    assert "\n\n" not in meldung
    dateien = [p for p in ausgabe.rglob("*") if p.is_file()] if ausgabe.exists() else []
    assert dateien == []
    assert not list(ausgabe.rglob("*.teil"))
    return meldung


def test_tippfehler_im_parameter(tmp_path):
    meldung = scheitert(tmp_path, "lauf", "-P", "anzahl_typn=4", code=2)
    assert "anzahl_typn" in meldung
    assert "Meinten Sie „anzahl_typen“?" in meldung


@pytest.mark.parametrize(
    ("angaben", "satz"),
    [
        (["-P", "anzahl_typen"], "-P erwartet name=wert"),
        (["-P", "varianten=200", "-P", "varianten=300"], "mehrfach"),
        (["-P", "anzahl_typen=99"], "anzahl_typen"),
        (["-P", "gebiet=24"], "setzt der Plan selbst"),
        (["--fassung", "geheim"], "fassung"),
    ],
)
def test_falsche_parameter(tmp_path, angaben, satz):
    assert satz in scheitert(tmp_path, "lauf", *angaben, code=2)


def test_unbekanntes_projekt(tmp_path):
    meldung = scheitert(tmp_path, "lauf", "--projekt", "gibtsnicht", code=2)
    assert meldung.startswith("Das Projekt „gibtsnicht“ gibt es nicht.")
    assert "bochum" in meldung
    assert "musterstadt" in meldung


def test_abgeschnittene_tabelle(tmp_path):
    """Eine Datei, deren Übertragung mitten in einer Zeile abbrach."""
    projekt = kopie(tmp_path)
    datei = projekt / "bestand" / "sozialbericht_2024.csv"
    roh = datei.read_bytes()
    datei.write_bytes(roh[: roh.index(b"\ngebiet;24;B01") + 20])
    meldung = scheitert(tmp_path, "lauf", "--projekt", str(projekt), code=1)
    assert "sozialbericht_2024.csv" in meldung
    assert re.search(r"Zeile \d+", meldung)


def test_schluessel_der_zu_keinem_gebiet_passt(tmp_path):
    projekt = kopie(tmp_path)
    datei = projekt / "bestand" / "sozialbericht_2024.csv"
    text = datei.read_text(encoding="utf-8").replace("gebiet;24;B01", "gebiet;024;B01")
    datei.write_text(text, encoding="utf-8")
    meldung = scheitert(tmp_path, "lauf", "--projekt", str(projekt), code=1)
    assert "Den Schlüssel „024“ gibt es nicht. Meinten Sie „24“?" in meldung
    assert "1 Mangel" in meldung


def test_alle_maengel_in_einer_meldung(tmp_path):
    projekt = kopie(tmp_path)
    datei = projekt / "bestand" / "sozialbericht_2024.csv"
    text = datei.read_text(encoding="utf-8")
    text = text.replace("gebiet;24;B01", "gebiet;99;B01").replace(
        "gebiet;15;B01", "gebiet;15;B0X"
    )
    datei.write_text(text, encoding="utf-8")
    meldung = scheitert(tmp_path, "lauf", "--projekt", str(projekt), code=1)
    assert "2 Mängel" in meldung
    assert "„99“" in meldung
    assert "„B0X“" in meldung


def test_unbekanntes_profil(tmp_path):
    meldung = scheitert(tmp_path, "lauf", "--profil", "standart", code=2)
    assert "Das Profil „standart“ gibt es nicht. Meinten Sie „standard“?" in meldung


@pytest.mark.parametrize("name", ["../projekt", "../../bochum/projekt", "a/b", ""])
def test_profil_bleibt_im_ordner(tmp_path, name):
    meldung = scheitert(tmp_path, "lauf", "--profil", name, code=2)
    assert f"Das Profil „{name}“ gibt es nicht." in meldung


@pytest.mark.parametrize(
    "angaben", [["lauf", "--ausgabe", ""], ["pruefe", "--bericht", ""]]
)
def test_leerer_ort_wird_abgelehnt(angaben):
    ergebnis = quartier(*angaben)
    assert ergebnis.returncode == 2
    assert f"{angaben[1]} ist leer." in ergebnis.stderr


@pytest.mark.parametrize(
    ("angaben", "satz"),
    [
        (["--projekte", "bochum"], "Die Option --projekte gibt es nicht."),
        (["--projekt"], "Nach --projekt fehlt der Wert."),
        (["-P"], "Nach -P fehlt der Wert."),
        (["--parallel", "viele"], "parallel"),
        (["--parallel", "0"], "parallel"),
        (["zuviel"], ""),
    ],
)
def test_falsche_optionen(angaben, satz):
    ergebnis = quartier("lauf", *angaben)
    assert ergebnis.returncode == 2
    assert "Traceback" not in ergebnis.stderr
    meldung = ergebnis.stderr.strip()
    assert satz in meldung
    assert "Hilfe: quartier --hilfe" in meldung
    assert meldung.count("\n") == 0
    assert [w for w in ENGLISCH if re.search(rf"\b{w}\b", meldung)] == []


def test_unbekannter_befehl_nennt_die_befehle():
    ergebnis = quartier("laufe")
    assert ergebnis.returncode == 2
    for befehl in ("lauf", "pruefe", "lab", "angebote"):
        assert befehl in ergebnis.stderr


def test_angebote_ohne_befehl_sagt_was_fehlt():
    ergebnis = quartier("angebote")
    assert ergebnis.returncode == 2
    assert ergebnis.stderr.strip().endswith("Es fehlt ein Befehl; er steht darüber.")
    assert "COMMAND" not in ergebnis.stdout + ergebnis.stderr


@pytest.mark.parametrize(
    "angaben", [["--help"], ["--hilfe"], ["-h"], ["lauf", "--help"]]
)
def test_hilfe_ist_deutsch(angaben):
    ergebnis = quartier(*angaben)
    assert ergebnis.returncode == 0
    assert "Aufruf:" in ergebnis.stdout
    assert "Optionen" in ergebnis.stdout
    assert [w for w in ENGLISCH if re.search(rf"\b{w}\b", ergebnis.stdout)] == []


def test_hilfe_laedt_keine_schweren_bibliotheken():
    programm = (
        "import sys; sys.argv = ['quartier', '--help']\n"
        "from quartierstools.cli import haupt\n"
        "try:\n    haupt()\nexcept SystemExit:\n    pass\n"
        "schwer = {'pandas', 'numpy', 'sklearn', 'geopandas', 'scipy', 'matplotlib'}\n"
        "print('GELADEN', sorted(schwer & set(sys.modules)))"
    )
    ergebnis = subprocess.run(
        [sys.executable, "-c", programm],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=umgebung(),
        check=True,
    )
    assert "GELADEN []" in ergebnis.stdout


@pytest.mark.parametrize("projekt", ["bochum", "musterstadt"])
def test_pruefe_sagt_wenn_alles_gut_ist(projekt):
    ergebnis = quartier("pruefe", "--projekt", projekt)
    assert ergebnis.returncode == 0
    assert "kein Mangel" in ergebnis.stdout.splitlines()[-1]


def test_unlesbares_projekt_scheitert_im_lauf_und_in_der_pruefung(tmp_path):
    projekt = kopie(tmp_path)
    (projekt / "projekt.yaml").write_text("id: bochum\nstadt: [\n", encoding="utf-8")
    ergebnis = quartier("pruefe", "--projekt", str(projekt))
    assert ergebnis.returncode == 1
    assert "Traceback" not in ergebnis.stdout + ergebnis.stderr
    meldung = scheitert(tmp_path, "lauf", "--projekt", str(projekt), code=1)
    assert "projekt.yaml: Zeile 3, Spalte 1 ist kein lesbares YAML" in meldung


def test_ausserhalb_des_hauses_hilft_der_ort_des_pakets(tmp_path):
    """Ein editierbar installiertes Paket findet sein Haus von überall."""
    ergebnis = quartier("pruefe", "--projekt", "bochum", ort=tmp_path)
    assert ergebnis.returncode == 0
