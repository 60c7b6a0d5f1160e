"""Was stört, zerstört nichts: getötet, hängend, gierig, voll, gesperrt, zu zweit."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from hausmittel import Lauf, baue_kleines_haus, quartier, umgebung

from quartierstools.ausgabe.manifest import sha256
from quartierstools.lauf.sperre import Sperre

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Signale und Sperren von Unix.")

KURZ = ("--projekt", "kleinstadt", "-P", "varianten=100")
TOETUNGEN = 20
KEIN_FEHLER = "Traceback"
ZEITGRENZE = {True: "60", False: "0"}
"""Sekunden, nur wo etwas hängt: Eine langsame Maschine ist keine Störung."""


@pytest.fixture(scope="module")
def haus(tmp_path_factory):
    """Haus mit fünf Gebieten."""
    ordner = tmp_path_factory.mktemp("haus")
    baue_kleines_haus(ordner, ["06"])
    return ordner


@pytest.fixture(scope="module")
def soll(haus):
    """Ungestörter Lauf: Kennung, Dauer und Prüfsummen."""
    beginn = time.monotonic()
    ergebnis = quartier("lauf", *KURZ, "--ausgabe", str(haus / "soll"), ort=haus)
    assert ergebnis.returncode == 0, ergebnis.stderr
    (ordner,) = (haus / "soll" / "kleinstadt").iterdir()
    return ordner.name, time.monotonic() - beginn, summen(ordner)


def summen(ordner):
    return {
        p.relative_to(ordner).as_posix(): sha256(p)
        for p in sorted(ordner.rglob("*"))
        if p.is_file()
    }


def starte(haus, ausgabe, *weitere):
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "quartierstools", "lauf", *KURZ),
            *("--ausgabe", str(ausgabe), *weitere),
        ],
        cwd=haus,
        env=umgebung(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def sichtbares(ausgabe):
    """Alles am Ziel, was nicht verborgen ist."""
    ort = ausgabe / "kleinstadt"
    return sorted(p.name for p in ort.glob("[!.]*")) if ort.exists() else []


def pruefe_ende(ausgabe, soll):
    name, _, erwartet = soll
    ort = ausgabe / "kleinstadt"
    assert [p.name for p in ort.iterdir()] == [name]
    assert summen(ort / name) == erwartet


@pytest.mark.lang
def test_zwanzigmal_getoetet_und_nie_etwas_halbes(haus, soll, tmp_path):
    """Derselbe Lauf wird an zufälligen Stellen getötet und fortgesetzt."""
    wuerfel = random.Random(20)  # noqa: S311 – feste Folge
    name, dauer, erwartet = soll
    ausgabe, getoetet, runden, vorher_fertig = tmp_path / "aus", 0, 0, 0
    while getoetet < TOETUNGEN:
        with starte(haus, ausgabe, "--fortsetzen", "--parallel", "1") as prozess:
            try:
                prozess.wait(wuerfel.uniform(0.05, 1.0) * dauer)
            except subprocess.TimeoutExpired:
                prozess.kill()
                prozess.communicate()
                getoetet += 1
            else:
                fehler = prozess.communicate()[1]
                assert prozess.returncode == 0, fehler
        if sichtbares(ausgabe):
            assert sichtbares(ausgabe) == [name]
            assert summen(ausgabe / "kleinstadt" / name) == erwartet
            runden += 1
            shutil.rmtree(ausgabe)
            vorher_fertig = 0
            continue
        journal = ausgabe / "kleinstadt" / f".{name}.teil" / "journal.jsonl"
        zeilen = journal.read_text().splitlines() if journal.exists() else []
        fertig = len(zeilen)
        assert fertig >= vorher_fertig, "Ein fertiger Schritt ging verloren."
        vorher_fertig = fertig
    ergebnis = quartier(
        "lauf", *KURZ, "--fortsetzen", "--ausgabe", str(ausgabe), ort=haus
    )
    assert ergebnis.returncode == 0, ergebnis.stderr
    pruefe_ende(ausgabe, soll)
    assert getoetet == TOETUNGEN


@contextmanager
def geaendertes_notebook(haus, name, quelltext):
    """Das Notebook hat bis zum Ende des Blocks eine Zelle mehr vor der Ausgabe."""
    datei = haus / "notebooks" / name
    vorher = datei.read_text(encoding="utf-8")
    inhalt = json.loads(vorher)
    zelle = {"cell_type": "code", "id": "stoerung", "metadata": {}, "outputs": []}
    inhalt["cells"].insert(-1, zelle | {"execution_count": None, "source": quelltext})
    datei.write_text(json.dumps(inhalt), encoding="utf-8")
    try:
        yield
    finally:
        datei.write_text(vorher, encoding="utf-8")


STOERUNGEN = {
    "haengt": ("import time\ntime.sleep(600)", "(Zeitgrenze)"),
    "frisst": (
        "alles = [bytearray(10**6) for _ in range(10**5)]",
        "Speichergrenze 600",
    ),
    "frisst_klein": (
        "alles = []\nwhile True:\n    alles.append(str(len(alles)) * 50)",
        "Speichergrenze 600",
    ),
    "wirft": ("raise ValueError('Absicht')", "ValueError: Absicht"),
    "toetet_sich": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "gewaltsam beendet",
    ),
    "geht": ("import os\nos._exit(3)", "Code 3"),
}


@pytest.mark.parametrize(
    "art",
    [
        pytest.param(a, marks=() if a == "wirft" else pytest.mark.lang)
        for a in STOERUNGEN
    ],
)
def test_ein_gestoertes_notebook_haelt_keines_auf(haus, tmp_path, art):
    quelltext, meldung = STOERUNGEN[art]
    quelltext = "if zielgruppe == 'jugendliche':\n    " + quelltext.replace(
        "\n", "\n    "
    )
    with geaendertes_notebook(haus, "30_bedarf.ipynb", quelltext):
        ergebnis = quartier(
            *("lauf", *KURZ, "--ausgabe", str(tmp_path / "aus")),
            *("--zeitgrenze", ZEITGRENZE[art == "haengt"]),
            *("--speichergrenze", "600"),
            ort=haus,
        )
    assert ergebnis.returncode == 1, ergebnis.stderr
    assert KEIN_FEHLER not in ergebnis.stdout + ergebnis.stderr
    (ordner,) = (tmp_path / "aus" / "kleinstadt").iterdir()
    lauf = Lauf(projekt="kleinstadt", ordner=ordner)
    assert ordner.name.endswith("-unvollstaendig")
    zeilen = lauf.pfad("protokoll.jsonl").read_text(encoding="utf-8").splitlines()
    misslungen = [z for z in map(json.loads, zeilen) if not z["gelungen"]]
    assert [z["notebook"] for z in misslungen] == ["30_bedarf-jugendliche"]
    assert meldung in misslungen[0]["meldung"]
    assert "zielgruppen/fachkraefte/bericht.html" in lauf.namen()
    assert "zielgruppen/jugendliche/bericht.html" not in lauf.namen()
    fehler = lauf.pfad("fehler/30_bedarf-jugendliche.ipynb").read_text(encoding="utf-8")
    assert str(haus) not in fehler
    zellen = json.loads(fehler)["cells"]
    assert {"".join(z["source"]) for z in zellen if z["cell_type"] == "code"} == {""}
    gruende = (meldung.split(": ")[-1], "abgebrochen", "MemoryError")
    assert any(grund in fehler for grund in gruende)


@pytest.mark.lang
def test_hundert_megabyte_ausgabe_stoeren_niemanden(haus, tmp_path):
    quelltext = (
        "if zielgruppe == 'jugendliche':\n"
        "    for _ in range(100):\n        print('x' * 10**6)"
    )
    with geaendertes_notebook(haus, "30_bedarf.ipynb", quelltext):
        ergebnis = quartier("lauf", *KURZ, "--ausgabe", str(tmp_path / "aus"), ort=haus)
    assert ergebnis.returncode == 0, ergebnis.stdout + ergebnis.stderr
    (ordner,) = (tmp_path / "aus" / "kleinstadt").iterdir()
    notebook = ordner / "notebooks" / "30_bedarf-jugendliche.ipynb"
    assert notebook.stat().st_size > 10**8


def test_derselbe_lauf_zweimal_zugleich_sagt_es(haus, soll, tmp_path):
    ausgabe = tmp_path / "aus"
    (ausgabe / "kleinstadt").mkdir(parents=True)
    sperre = Sperre(ausgabe / "kleinstadt" / f".{soll[0]}.sperre")
    assert sperre.nimm()
    zweiter = quartier("lauf", *KURZ, "--ausgabe", str(ausgabe), ort=haus)
    assert zweiter.returncode == 1
    assert "wird gerade schon gerechnet" in zweiter.stderr
    assert KEIN_FEHLER not in zweiter.stderr
    sperre.gib()
    assert quartier("lauf", *KURZ, "--ausgabe", str(ausgabe), ort=haus).returncode == 0
    pruefe_ende(ausgabe, soll)


@pytest.mark.lang
def test_zwei_echte_laeufe_zugleich_hinterlassen_ein_ganzes(haus, soll, tmp_path):
    ausgabe = tmp_path / "aus"
    with starte(haus, ausgabe) as eins, starte(haus, ausgabe) as zwei:
        enden = [(p.communicate()[1], p.returncode) for p in (eins, zwei)]
    assert sorted(code for _, code in enden) in ([0, 0], [0, 1]), enden
    for meldung, code in enden:
        assert code == 0 or "wird gerade schon gerechnet" in meldung
    pruefe_ende(ausgabe, soll)


def test_sperre_stirbt_mit_ihrem_prozess(tmp_path):
    datei = tmp_path / ".x.sperre"
    programm = (
        "import sys, time, pathlib\n"
        "from quartierstools.lauf.sperre import Sperre\n"
        "sperre = Sperre(pathlib.Path(sys.argv[1]))\n"
        "print(sperre.nimm(), flush=True)\n"
        "time.sleep(60)"
    )
    befehl = [sys.executable, "-c", programm, str(datei)]
    with subprocess.Popen(befehl, stdout=subprocess.PIPE, text=True) as prozess:
        assert prozess.stdout.readline().strip() == "True"
        assert not Sperre(datei).nimm()
        prozess.send_signal(signal.SIGKILL)
        prozess.wait()
    sperre = Sperre(datei)
    assert sperre.nimm()
    sperre.gib()
    assert not datei.exists()


@contextmanager
def kleiner_datentraeger(angaben):
    """tmpfs; übersprungen, wo sich nichts einhängen lässt.

    Nicht unter `tmp_path`: Was ein getöteter Test eingehängt lässt, stört sonst das
    Aufräumen jeder späteren Sitzung.
    """
    ort = Path(tempfile.mkdtemp(prefix="quartier-datentraeger-"))
    befehl = ["mount", "-t", "tmpfs", "-o", angaben, "tmpfs", str(ort)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("Einhängen darf nur root.")
    if subprocess.run(befehl, capture_output=True, check=False).returncode:
        pytest.skip("Einhängen ist hier nicht erlaubt.")
    try:
        yield ort
    finally:
        subprocess.run(
            ["umount", "-l", str(ort)],  # noqa: S607
            check=False,
            capture_output=True,
        )
        ort.rmdir()


@pytest.mark.lang
def test_voller_datentraeger_laesst_sich_raeumen_und_fortsetzen(haus, soll):
    with kleiner_datentraeger("size=16m") as ort:
        fueller = ort / "fueller"
        fueller.write_bytes(b"x" * (15 << 20))
        ergebnis = quartier("lauf", *KURZ, "--ausgabe", str(ort), ort=haus)
        assert ergebnis.returncode == 1
        assert KEIN_FEHLER not in ergebnis.stdout + ergebnis.stderr
        assert "lässt sich nicht schreiben" in ergebnis.stderr
        assert "--fortsetzen" in ergebnis.stderr
        assert sichtbares(ort) == []
        fueller.unlink()
        befehl = ("lauf", *KURZ, "--fortsetzen", "--ausgabe", str(ort))
        weiter = quartier(*befehl, ort=haus)
        assert weiter.returncode == 0, weiter.stderr
        assert "geht weiter" in weiter.stdout
        assert summen(ort / "kleinstadt" / soll[0]) == soll[2]


def test_schreibgeschuetztes_ziel(haus):
    with kleiner_datentraeger("size=1m,ro") as ort:
        ergebnis = quartier("lauf", *KURZ, "--ausgabe", str(ort), ort=haus)
        assert ergebnis.returncode == 1
        assert KEIN_FEHLER not in ergebnis.stdout + ergebnis.stderr
        assert "lässt sich nicht schreiben" in ergebnis.stderr
        assert list(ort.iterdir()) == []
