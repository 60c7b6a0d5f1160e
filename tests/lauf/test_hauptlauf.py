"""Ein Lauf ist ganz oder gar nicht da; gleiche Eingabe, gleiche Bytes."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from hausmittel import Lauf, baue_kleines_haus, quartier, umgebung

from quartierstools.ausgabe.manifest import kennung, programmstand, sha256

KURZ = ("--projekt", "kleinstadt", "--profil", "kurz")
BEREITS = 60
MIT_STRG_C = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from quartierstools.cli import haupt; haupt()"
)
"""Im Hintergrund gestartete Prozesse erben ein taubes SIGINT; hier hören sie es."""


@pytest.fixture(scope="module")
def haus(tmp_path_factory):
    """Haus mit fünf Gebieten und einem Profil für kurze Läufe."""
    ordner = tmp_path_factory.mktemp("haus")
    projekt = baue_kleines_haus(ordner, ["06"])
    (projekt / "profile").mkdir()
    profil = projekt / "profile" / "kurz.yaml"
    profil.write_text("varianten: 150\nstartwert: 3\n", encoding="utf-8")
    return ordner


def lies_lauf(ausgabe):
    (ordner,) = (ausgabe / "kleinstadt").iterdir()
    return Lauf(projekt="kleinstadt", ordner=ordner)


@pytest.fixture(scope="module")
def fertig(haus):
    """Ein gelungener Lauf im kleinen Haus."""
    ausgabe = haus / "eins"
    ergebnis = quartier(
        "lauf", *KURZ, "-P", "varianten=100", "--ausgabe", str(ausgabe), ort=haus
    )
    assert ergebnis.returncode == 0, ergebnis.stdout + ergebnis.stderr
    return lies_lauf(ausgabe)


def gleiches_programm(eins, zwei):
    """Wer während des Tests am Paket schreibt, bekommt zu Recht zwei Kennungen."""
    if eins.manifest["programm"] != zwei.manifest["programm"]:
        pytest.skip("Das Programm wurde während des Tests geändert.")


def inhalte(lauf):
    return {name: sha256(lauf.pfad(name)) for name in lauf.namen()}


def test_befehlszeile_geht_dem_profil_vor(fertig):
    parameter = fertig.manifest["parameter"]["10_datenlage"]
    assert parameter == {"projekt": "kleinstadt", "startwert": 3, "varianten": 100}


def test_ausgabeordner_traegt_die_kennung(fertig):
    assert fertig.manifest["kennung"] == fertig.kennung
    assert len(fertig.kennung) == 12


def test_neben_dem_lauf_bleibt_nichts_liegen(fertig):
    versteckt = [p.name for p in fertig.ordner.parent.iterdir() if p.name[0] == "."]
    assert versteckt == []
    assert [n for n in fertig.namen() if n.split("/")[-1].startswith(".")] == []


def test_gleiche_eingabe_gibt_gleiche_bytes(haus, fertig):
    """Andere Zeitzone, Sprache, Streuung der Hashes, ein Arbeiter, anderes Ziel."""
    ausgabe = haus / "zwei"
    befehl = ["lauf", *KURZ, "-P", "varianten=100", "--ausgabe", str(ausgabe)]
    anders = {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C.UTF-8"}
    ergebnis = subprocess.run(
        [sys.executable, "-m", "quartierstools", *befehl, "--parallel", "1"],
        cwd=haus,
        env=umgebung() | anders,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert ergebnis.returncode == 0
    zweiter = lies_lauf(ausgabe)
    gleiches_programm(zweiter, fertig)
    assert zweiter.kennung == fertig.kennung
    assert inhalte(zweiter) == inhalte(fertig)


@pytest.fixture(scope="module")
def gescheitert(haus):
    """Ein Lauf, in dem ein Notebook für eine Zielgruppe abbricht."""
    notebook = haus / "notebooks" / "30_bedarf.ipynb"
    vorher = notebook.read_text(encoding="utf-8")
    inhalt = json.loads(vorher)
    zelle = {
        "cell_type": "code",
        "id": "absicht",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": "if zielgruppe == 'jugendliche':\n    raise ValueError('Absicht')",
    }
    inhalt["cells"].insert(-1, zelle)
    notebook.write_text(json.dumps(inhalt), encoding="utf-8")
    ausgabe = haus / "drei"
    try:
        ergebnis = quartier("lauf", *KURZ, "--ausgabe", str(ausgabe), ort=haus)
    finally:
        notebook.write_text(vorher, encoding="utf-8")
    return ergebnis, lies_lauf(ausgabe)


def test_ein_gescheitertes_notebook_haelt_die_anderen_nicht_auf(gescheitert):
    ergebnis, lauf = gescheitert
    assert ergebnis.returncode == 1
    assert lauf.ordner.name.endswith("-unvollstaendig")
    namen = lauf.namen()
    assert "zielgruppen/jugendliche/bericht.html" not in namen
    for name in (
        "index.html",
        "karte.html",
        "manifest.json",
        "zielgruppen/fachkraefte/bericht.html",
        "zielgruppen/langzeitarbeitslose/bericht.pdf",
        "vorhaben/jobcenter-beratung-webereiviertel/begruendung.docx",
        "steckbriefe/060.pdf",
        "steckbriefe/064.pdf",
    ):
        assert name in namen


def test_misserfolg_steht_auf_dem_bildschirm_im_einstieg_und_im_protokoll(gescheitert):
    ergebnis, lauf = gescheitert
    assert "30_bedarf-jugendliche" in ergebnis.stdout
    assert "Traceback" not in ergebnis.stdout + ergebnis.stderr
    einstieg = lauf.text("index.html")
    assert "Nicht gelungen" in einstieg
    assert "30_bedarf-jugendliche" in einstieg
    zeilen = lauf.pfad("protokoll.jsonl").read_text(encoding="utf-8").splitlines()
    misslungen = [z for z in map(json.loads, zeilen) if not z["gelungen"]]
    assert [z["notebook"] for z in misslungen] == ["30_bedarf-jugendliche"]
    assert "Absicht" in misslungen[0]["meldung"]


def test_auch_der_halbe_lauf_laesst_keine_halben_ordner(gescheitert):
    _, lauf = gescheitert
    assert [p.name for p in lauf.ordner.parent.iterdir()] == [lauf.ordner.name]
    assert set(lauf.manifest["ausgaben"]) == set(lauf.namen()) - {"manifest.json"}


def test_anderes_notebook_andere_kennung(gescheitert, fertig):
    assert gescheitert[1].manifest["programm"] != fertig.manifest["programm"]


def test_wiederholter_lauf_ersetzt_den_ordner(haus, fertig):
    """Eine fremde Datei im alten Ordner überlebt den nächsten Lauf nicht."""
    vorher = inhalte(fertig)
    fremd = fertig.ordner / "fremd.txt"
    fremd.write_text("alt", encoding="utf-8")
    ausgabe = fertig.ordner.parents[1]
    befehl = ("lauf", *KURZ, "-P", "varianten=100", "--ausgabe", str(ausgabe))
    assert quartier(*befehl, ort=haus).returncode == 0
    for ordner in fertig.ordner.parent.iterdir():
        gleiches_programm(Lauf(projekt="kleinstadt", ordner=ordner), fertig)
    assert not fremd.exists()
    assert [p.name for p in fertig.ordner.parent.iterdir()] == [fertig.kennung]
    assert inhalte(fertig) == vorher


def test_ziel_das_kein_ordner_sein_kann(haus, tmp_path):
    datei = tmp_path / "schon-da"
    datei.write_text("eine Datei", encoding="utf-8")
    ergebnis = quartier("lauf", *KURZ, "--ausgabe", str(datei), ort=haus)
    assert ergebnis.returncode == 1
    assert "Traceback" not in ergebnis.stderr
    assert "--ausgabe" in ergebnis.stderr
    assert datei.read_text(encoding="utf-8") == "eine Datei"


@pytest.mark.skipif(os.name == "nt", reason="Signale gibt es so nur unter Unix.")
@pytest.mark.parametrize("zeichen", [signal.SIGINT, signal.SIGTERM])
def test_abbruch_laesst_nichts_zurueck(haus, tmp_path, zeichen):
    ausgabe = tmp_path / "aus"
    befehl = ["lauf", *KURZ, "--ausgabe", str(ausgabe)]
    with subprocess.Popen(
        [sys.executable, "-c", MIT_STRG_C, *befehl],
        cwd=haus,
        env=umgebung(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as prozess:
        frist = time.monotonic() + BEREITS
        while not list(ausgabe.rglob("*.ipynb")):
            assert prozess.poll() is None, prozess.communicate()
            assert time.monotonic() < frist
            time.sleep(0.05)
        if zeichen == signal.SIGINT:
            os.killpg(prozess.pid, zeichen)  # wie Strg+C: die ganze Gruppe
        else:
            prozess.send_signal(zeichen)
        _, fehler = prozess.communicate(timeout=BEREITS)
    assert prozess.returncode == 130, fehler
    assert "Traceback" not in fehler
    assert "Abgebrochen" in fehler
    # Am Ziel steht nichts; verborgen bleibt höchstens, was sich fortsetzen lässt.
    assert list((ausgabe / "kleinstadt").glob("[!.]*")) == []
    assert list(ausgabe.rglob("*.sperre")) == []


EINGABEN = {"a.csv": "1f", "b.csv": "2e"}
PARAMETER = {"10": {"projekt": "x"}, "30": {"zielgruppe": "j"}}


def test_kennung_haengt_an_eingabe_parameter_und_programm():
    vier = {
        kennung(EINGABEN, PARAMETER, "00"),
        kennung({**EINGABEN, "a.csv": "1e"}, PARAMETER, "00"),
        kennung(EINGABEN, {**PARAMETER, "10": {"projekt": "x", "startwert": 1}}, "00"),
        kennung(EINGABEN, PARAMETER, "01"),
    }
    assert len(vier) == 4


def test_kennung_haengt_nicht_an_der_reihenfolge():
    gedreht = dict(reversed(EINGABEN.items())), dict(reversed(PARAMETER.items()))
    assert kennung(*gedreht, "00") == kennung(EINGABEN, PARAMETER, "00")


def test_programmstand_haengt_am_inhalt_der_notebooks(tmp_path):
    eins, zwei = tmp_path / "a.ipynb", tmp_path / "b.ipynb"
    eins.write_text("{}", encoding="utf-8")
    zwei.write_text("{ }", encoding="utf-8")
    staende = {
        programmstand([eins]),
        programmstand([zwei]),
        programmstand([eins, zwei]),
    }
    assert len(staende) == 3
    assert programmstand([eins, zwei]) == programmstand([zwei, eins])
