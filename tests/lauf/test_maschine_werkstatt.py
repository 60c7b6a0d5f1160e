"""Viele Notebooks: keines stört das andere, keines geht verloren, nichts bleibt."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from conftest import als_notebook, ausgaben

from quartierstools.fehler import Aufruffehler, Lauffehler
from quartierstools.lauf import Auftrag, Werkstatt, fuehre_aus

VERFAHREN = ("fork", "spawn")
SCHLAFEN = "import time; time.sleep(60)"
TOETEN = "import os, signal\nprint('noch da')\nos.kill(os.getpid(), signal.SIGKILL)"


def kinder():
    """Alle Nachkommen dieses Prozesses, auch tote, die niemand abgeholt hat."""
    return set(psutil.Process().children(recursive=True))


@pytest.fixture(scope="module", params=VERFAHREN)
def werkstatt(request):
    with Werkstatt(2, vorwaermen=("pandas",), verfahren=request.param) as offen:
        offen.name = request.param
        yield offen


@pytest.fixture
def auftrag(tmp_path):
    """Baut einen Auftrag aus Quelltexten."""

    def baue(*zellen, name="a", **weiteres):
        quelle = tmp_path / f"{name}.vorlage.ipynb"
        quelle.write_text(json.dumps(als_notebook(*zellen)), encoding="utf-8")
        ziel = tmp_path / "aus" / f"{name}.ipynb"
        return Auftrag(name=name, notebook=quelle, ziel=ziel, **weiteres)

    return baue


def test_ergebnisse_stehen_in_der_reihenfolge_der_auftraege(werkstatt, auftrag):
    auftraege = [
        auftrag(f"import time; time.sleep({dauer}); {dauer}", name=str(nummer))
        for nummer, dauer in enumerate((0.4, 0, 0.2, 0))
    ]
    gemeldet = []
    ergebnisse = werkstatt.fuehre_aus(auftraege, melde=gemeldet.append)
    assert [e.auftrag for e in ergebnisse] == auftraege
    assert all(e.gelungen and not e.meldung for e in ergebnisse)
    assert sorted(e.auftrag.name for e in gemeldet) == ["0", "1", "2", "3"]
    if werkstatt.name == "fork":
        # Gemeldet wird sofort; der langsame erste kommt nicht als Erster.
        assert gemeldet[0].auftrag.name != "0"
    assert [ausgaben(a.ziel) for a in auftraege] == ["0.4", "0", "0.2", "0"]


def test_ein_gescheitertes_notebook_haelt_die_anderen_nicht_auf(werkstatt, auftrag):
    kaputt = ("print('davor')", "raise ValueError('Keine Zahlen')", "print('nie')")
    auftraege = [
        auftrag("1", name="gut"),
        auftrag(*kaputt, name="fehler"),
        auftrag("print('davor')", TOETEN, "print('nie')", name="tot"),
        auftrag("import os; os._exit(3)", name="weg"),
        auftrag("import ctypes; ctypes.string_at(0)", name="absturz"),
        auftrag("import sys; sys.exit(4)", name="ende"),
        auftrag("2", name="auchgut"),
    ]
    ergebnisse = {e.auftrag.name: e for e in werkstatt.fuehre_aus(auftraege)}
    assert [e.gelungen for e in ergebnisse.values()] == [True, *[False] * 5, True]
    meldungen = {name: e.meldung for name, e in ergebnisse.items()}
    assert meldungen["fehler"] == "Zelle [2] bricht ab: ValueError: Keine Zahlen"
    assert "gewaltsam beendet (Signal 9)" in meldungen["tot"]
    assert meldungen["tot"].endswith("Das war in der 2. Zelle.")
    assert "selbst beendet (Code 3)" in meldungen["weg"]
    assert "abgestürzt (Signal 11)" in meldungen["absturz"]
    assert meldungen["ende"] == "Zelle [1] bricht ab: SystemExit: 4"


def test_ein_gescheitertes_notebook_bleibt_zum_lesen_am_ziel(werkstatt, auftrag):
    auftraege = [
        auftrag("print('davor')", "raise ValueError('x')", "1", name="fehler"),
        auftrag("print('davor')", TOETEN, "1", name="tot"),
    ]
    werkstatt.fuehre_aus(auftraege)
    for auftrag_, marken in zip(auftraege, ([0, 2], [1]), strict=True):
        assert ausgaben(auftrag_.ziel).startswith("davor")
        zellen = json.loads(auftrag_.ziel.read_text(encoding="utf-8"))["cells"]
        assert [i for i, z in enumerate(zellen) if z["id"].startswith("abbruch")] == (
            marken
        )
    assert "Signal 9" in zellen[1]["source"]


def test_ein_totes_notebook_hinterlaesst_gleiche_bytes(werkstatt, auftrag):
    toter = auftrag("print('davor')", TOETEN, name="tot", parameter={"x": 1})
    inhalte = set()
    for _ in range(2):
        werkstatt.fuehre_aus([toter])
        inhalte.add(toter.ziel.read_bytes())
    assert len(inhalte) == 1


def test_die_zeitgrenze_trifft_nur_den_haengenden(werkstatt, auftrag):
    auftraege = [
        auftrag("1", SCHLAFEN, name="haengt"),
        auftrag("2", name="gut"),
        auftrag("while True: pass", name="dreht"),
        auftrag("3", name="auchgut"),
    ]
    beginn = time.monotonic()
    ergebnisse = werkstatt.fuehre_aus(auftraege, zeitgrenze=1.5)
    assert time.monotonic() - beginn < 30
    assert [e.gelungen for e in ergebnisse] == [False, True, False, True]
    assert ergebnisse[0].meldung == (
        "Nach 1,5 Sekunden abgebrochen (Zeitgrenze). Das war in der 2. Zelle."
    )


def test_zu_viel_speicher_trifft_nur_das_eigene_notebook(werkstatt, auftrag):
    gierig = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, -1))\n"
        "viel = bytearray(8 * 2**30)"
    )
    auftraege = [auftrag(gierig, name="gierig"), auftrag("1", name="gut")]
    gierig, gut = werkstatt.fuehre_aus(auftraege)
    assert (gierig.gelungen, gut.gelungen) == (False, True)
    assert "Arbeitsspeicher reicht nicht" in gierig.meldung


@pytest.mark.lang
def test_nichts_geht_von_einem_notebook_ins_naechste_ueber(tmp_path, auftrag):
    """Ein Arbeiter, also nacheinander im selben Prozess beziehungsweise Server."""
    (tmp_path / "helfer.py").write_text("wert = 1", encoding="utf-8")
    unordnung = """
        import builtins, logging, os, random, sys, warnings
        import numpy, pandas, matplotlib, matplotlib.pyplot as plt
        import helfer; helfer.wert = 2
        builtins.fremd = 1
        os.environ["FREMD"] = "1"
        sys.path.append("/fremd")
        os.chdir("/")
        random.seed(9); numpy.random.seed(9)
        numpy.set_printoptions(precision=2); numpy.seterr(all="raise")
        pandas.set_option("display.precision", 1)
        matplotlib.rcParams["figure.figsize"] = (1, 1)
        plt.figure()
        logging.basicConfig(level="DEBUG")
        warnings.simplefilter("error")
    """
    nachsehen = """
        import builtins, logging, os, random, sys, warnings
        import numpy, pandas, matplotlib, matplotlib.pyplot as plt
        import helfer
        print(hasattr(builtins, "fremd"), "FREMD" in os.environ, "/fremd" in sys.path)
        print(os.path.basename(os.getcwd()), random.random(), numpy.random.random())
        print(numpy.get_printoptions()["precision"], numpy.geterr()["divide"])
        print(pandas.get_option("display.precision"), plt.get_fignums())
        print(matplotlib.rcParams["figure.figsize"], logging.root.level, helfer.wert)
        print(sorted(n for n in dir() if not n.startswith("_")), len(warnings.filters))
        print(1 / numpy.array(3.0))
    """
    schmutzig = auftrag(textwrap.dedent(unordnung), name="unordnung", ordner=tmp_path)
    sauber = auftrag(textwrap.dedent(nachsehen), name="sauber", ordner=tmp_path)
    texte = set()
    for verfahren in VERFAHREN:
        with Werkstatt(1, vorwaermen=("pandas",), verfahren=verfahren) as werkstatt:
            for reihe in ([sauber], [schmutzig, sauber]):
                ergebnisse = werkstatt.fuehre_aus(reihe)
                assert [e.meldung for e in ergebnisse] == [""] * len(reihe)
                texte.add(sauber.ziel.read_bytes())
    assert len(texte) == 1
    assert ausgaben(sauber.ziel).startswith("False False False\n")


@pytest.mark.lang
def test_ein_zwei_oder_drei_arbeiter_schreiben_gleiche_bytes(tmp_path, auftrag):
    fehler = (
        "import traceback\ntry:\n    pandas.DataFrame({'a': [1]})['b']\n"
        "except KeyError:\n    traceback.print_exc()"
    )
    zellen = (
        ("parameters", "gebiet: str = '1'"),
        "import numpy, pandas, random\nimport matplotlib.pyplot as plt",
        "pandas.DataFrame(numpy.random.random((2, 2))), random.random(), {gebiet, 'x'}",
        "plt.plot([1, int(gebiet)])",
        "pandas.DataFrame({'a': [1, 2]}).style.highlight_max()",
        "object(), lambda: 1",
        "import warnings; warnings.warn('Vorsicht')",
        fehler,
    )
    fassungen = []
    for anzahl, verfahren, ordner in (
        (1, "fork", "hier"),
        (2, "fork", "woanders"),
        (3, "fork", "hier"),
        (2, "spawn", "hier"),
    ):
        stelle = tmp_path / f"{ordner}_{anzahl}_{verfahren}"
        stelle.mkdir()
        auftraege = [
            replace(
                auftrag(*zellen, parameter={"gebiet": str(gebiet)}),
                name=str(gebiet),
                ziel=stelle / f"{gebiet}.ipynb",
                ordner=stelle,
            )
            for gebiet in range(1, 5)
        ]
        ergebnisse = fuehre_aus(
            auftraege,
            arbeiter=anzahl,
            verfahren=verfahren,
            vorwaermen=("matplotlib.pyplot",),
        )
        assert [e.meldung for e in ergebnisse] == [""] * 4
        fassungen.append([a.ziel.read_bytes() for a in auftraege])
    assert fassungen[0] == fassungen[1] == fassungen[2] == fassungen[3]
    bilder = [stueck.split(b'"image/png": "')[1][:5000] for stueck in fassungen[0]]
    assert len(set(bilder)) == 4
    text = b"".join(fassungen[0])
    for verraeter in (str(tmp_path), sys.prefix, "start_time", "duration", " at 0x7"):
        assert verraeter.encode() not in text


def test_ordner_umgebung_und_parameter_kommen_an(werkstatt, auftrag, tmp_path):
    werte = {
        "text": "Köln „010“\n{x}",
        "zahl": 4,
        "anteil": 0.5,
        "ja": True,
        "nichts": None,
        "liste": ["a", "b"],
        "pfad": Path("daten/bochum"),
    }
    frage = "import os\nos.path.basename(os.getcwd()), os.environ['FASSUNG'], anteil"
    kennt = ("parameters", "\n".join(f"{name} = None" for name in werte))
    ordner = tmp_path / "mit {klammern}"
    ordner.mkdir()
    eintrag = replace(
        auftrag(kennt, frage, "[text, zahl, ja, nichts, liste, pfad]", parameter=werte),
        ziel=ordner / "ziel.ipynb",
        ordner=ordner,
        umgebung={"FASSUNG": "intern"},
    )
    (ergebnis,) = werkstatt.fuehre_aus([eintrag])
    assert ergebnis.meldung == ""
    ort, *rest = ausgaben(eintrag.ziel).splitlines()
    assert ort == "('mit {klammern}', 'intern', 0.5)"
    erwartet = [*(werte[n] for n in ("text", "zahl", "ja", "nichts", "liste")), None]
    erwartet[-1] = "daten/bochum"
    assert "".join(rest).replace(",  ", ", ") == repr(erwartet)


def test_die_eingefuegte_zelle_hat_eine_feste_kennung(werkstatt, auftrag):
    eintrag = auftrag(("parameters", "x = 1"), "x", parameter={"x": 2})
    werkstatt.fuehre_aus([eintrag])
    inhalt = json.loads(eintrag.ziel.read_text(encoding="utf-8"))
    assert [z["id"] for z in inhalt["cells"]] == ["z0", "parameter", "z1"]
    assert set(inhalt["metadata"]) == {"kernelspec", "language_info"}
    assert [z["metadata"] for z in inhalt["cells"]] == [
        {"tags": ["parameters"]},
        {"tags": ["injected-parameters"]},
        {},
    ]


def test_die_reihenfolge_von_druck_und_unterprozess_stimmt(werkstatt, auftrag):
    zelle = (
        "import os, subprocess\nprint('eins'); os.system('echo zwei')\n"
        "print('drei'); subprocess.run(['echo', 'vier']);"
    )
    eintrag = auftrag(zelle)
    werkstatt.fuehre_aus([eintrag])
    assert ausgaben(eintrag.ziel) == "eins\nzwei\ndrei\nvier"


def test_was_unterprozesse_und_geforkte_kinder_schreiben_geht_nicht_verloren(
    werkstatt, auftrag
):
    zellen = (
        "import multiprocessing, subprocess\n"
        "nebenher = subprocess.Popen(['sh', '-c',\n"
        "    'for i in $(seq 300); do echo neben $i; done'])\n"
        "for i in range(300): print('selbst', i)\n"
        "nebenher.wait()\n"
        "kind = multiprocessing.get_context('fork').Process(\n"
        "    target=print, args=('aus dem Kind',))\n"
        "kind.start(); kind.join()"
    )
    eintrag = auftrag(zellen)
    (ergebnis,) = werkstatt.fuehre_aus([eintrag])
    assert ergebnis.meldung == ""
    zeilen = ausgaben(eintrag.ziel).splitlines()
    assert sorted(z for z in zeilen if "neben" in z) == sorted(
        f"neben {i}" for i in range(1, 301)
    )
    assert [z for z in zeilen if "selbst" in z] == [f"selbst {i}" for i in range(300)]
    assert zeilen[-1] == "aus dem Kind"


def test_fehlende_und_kaputte_notebooks_bekommen_eine_meldung(werkstatt, tmp_path):
    kaputt = tmp_path / "kaputt.ipynb"
    kaputt.write_text("{", encoding="utf-8")
    auftraege = [
        Auftrag(name="fehlt", notebook=tmp_path / "nie.ipynb", ziel=tmp_path / "x"),
        Auftrag(name="kaputt", notebook=kaputt, ziel=tmp_path / "y"),
    ]
    fehlt, defekt = werkstatt.fuehre_aus(auftraege)
    assert fehlt.meldung.endswith("nie.ipynb“ gibt es nicht.")
    assert defekt.meldung.startswith("Das Notebook lässt sich nicht ausführen:")


def test_ein_unbeschreibbares_ziel_bekommt_eine_meldung(werkstatt, auftrag, tmp_path):
    sperre = tmp_path / "sperre"
    sperre.write_text("", encoding="utf-8")
    gesperrt = replace(auftrag("1"), ziel=sperre / "unter" / "ziel.ipynb")
    (ergebnis,) = werkstatt.fuehre_aus([gesperrt])
    assert not ergebnis.gelungen
    assert "lässt sich nicht schreiben: ein Teil des Pfades" in ergebnis.meldung


def test_falsche_aufrufe_fallen_vor_dem_ersten_notebook_auf(werkstatt, auftrag):
    with pytest.raises(Aufruffehler, match="an dieselbe Stelle"):
        werkstatt.fuehre_aus([auftrag("1"), auftrag("2")])
    with pytest.raises(Aufruffehler, match="kann kein Parameter sein"):
        werkstatt.fuehre_aus([auftrag("1", parameter={"x": object()})])
    with pytest.raises(Aufruffehler, match="mindestens einen Arbeiter"):
        Werkstatt(0)


def test_ein_fehler_im_melder_beendet_alles(auftrag, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()

    davor = kinder()

    def melde(_):
        raise RuntimeError("Balken kaputt")

    for verfahren in VERFAHREN:
        with (
            pytest.raises(RuntimeError, match="Balken"),
            Werkstatt(2, vorwaermen=(), verfahren=verfahren) as werkstatt,
        ):
            werkstatt.fuehre_aus(
                [auftrag("1", name="kurz"), auftrag(SCHLAFEN, name="lang")],
                melde=melde,
            )
        assert kinder() == davor
        assert list((tmp_path / "tmp").iterdir()) == []


def test_nach_einem_fehler_arbeitet_die_werkstatt_weiter(auftrag):
    def melde(_):
        raise RuntimeError

    with Werkstatt(1, vorwaermen=()) as werkstatt:
        with pytest.raises(RuntimeError):
            werkstatt.fuehre_aus([auftrag("1")], melde=melde)
        (ergebnis,) = werkstatt.fuehre_aus([auftrag("2")])
    assert ergebnis.gelungen


def test_mehrere_schuebe_teilen_den_warmen_prozess(auftrag):
    frage = auftrag("import os; os.getppid()")
    eltern = set()
    with Werkstatt(2, vorwaermen=(), verfahren="fork") as werkstatt:
        for _ in range(2):
            werkstatt.fuehre_aus([frage])
            eltern.add(ausgaben(frage.ziel))
    assert len(eltern) == 1


@pytest.mark.lang
def test_der_warme_prozess_hat_beim_forken_nur_einen_faden(auftrag):
    frage = auftrag(
        "import os; len(os.listdir(f'/proc/{os.getppid()}/task'))",
        "len(os.listdir('/proc/self/task'))",
        "import psutil; psutil.Process().net_connections()",
        "import papermill, pandas, geopandas, sklearn; os.environ['OMP_NUM_THREADS']",
    )
    fuehre_aus([frage], arbeiter=1, verfahren="fork")
    assert ausgaben(frage.ziel) == "1\n1\n[]\n'1'"


@pytest.mark.lang
def test_stirbt_der_warme_prozess_geht_kein_auftrag_verloren(auftrag):
    davor = kinder()
    langsam = "import time; time.sleep(1.5)"
    auftraege = [auftrag(langsam, str(n), name=str(n)) for n in range(4)]
    with Werkstatt(2, vorwaermen=(), verfahren="fork") as werkstatt:
        werkstatt.fuehre_aus([auftrag("0", name="warm")])
        (gabel,) = kinder() - davor
        wecker = threading.Timer(0.7, gabel.kill)
        wecker.start()
        ergebnisse = werkstatt.fuehre_aus(auftraege)
        wecker.join()
    assert [e.meldung for e in ergebnisse] == [""] * 4
    assert kinder() == davor


def test_ein_fehlendes_modul_beim_aufwaermen_wird_genannt(auftrag):
    with pytest.raises(Lauffehler, match="No module named 'gibt_es_nicht'"):
        fuehre_aus([auftrag("1")], vorwaermen=("gibt_es_nicht",))


@pytest.mark.lang
def test_nach_dem_schliessen_bleibt_nichts_uebrig(auftrag, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    eigener, davor = psutil.Process(), kinder()
    vorher = (eigener.num_fds(), eigener.num_threads())
    auftraege = [
        auftrag(
            "import subprocess, tempfile\n"
            "ordner = tempfile.mkdtemp()\n"
            "print(subprocess.Popen(['sleep', '300']).pid)",
            name="enkel",
        ),
        auftrag(TOETEN, name="tot"),
        auftrag(SCHLAFEN, name="haengt"),
    ]
    for verfahren in VERFAHREN:
        with Werkstatt(2, vorwaermen=(), verfahren=verfahren) as werkstatt:
            # Enkel beendet nur die Gabel; ein Arbeiter von Windows lebt ja weiter.
            dabei = auftraege if verfahren == "fork" else auftraege[1:]
            werkstatt.fuehre_aus(dabei, zeitgrenze=8.0)
        assert kinder() == davor
    assert (eigener.num_fds(), eigener.num_threads()) == vorher
    assert list((tmp_path / "tmp").iterdir()) == []
    assert sorted(p.name for p in (tmp_path / "aus").iterdir()) == [
        "enkel.ipynb",
        "haengt.ipynb",
        "tot.ipynb",
    ]
    enkel = int(ausgaben(tmp_path / "aus" / "enkel.ipynb"))
    assert not psutil.pid_exists(enkel) or psutil.Process(enkel).name() != "sleep"


@pytest.mark.parametrize("verfahren", VERFAHREN)
def test_stirbt_der_aufrufer_enden_auch_die_notebooks(verfahren, auftrag, tmp_path):
    haengt = auftrag(f"import os; print(os.getpid())\n{SCHLAFEN}")
    programm = f"""
from pathlib import Path
from quartierstools.lauf import Auftrag, fuehre_aus
fuehre_aus([Auftrag(name="a", notebook=Path({str(haengt.notebook)!r}),
                    ziel=Path({str(haengt.ziel)!r}))],
           arbeiter=1, vorwaermen=(), verfahren={verfahren!r})
"""
    umgebung = os.environ | {"TMPDIR": str(tmp_path)}
    aufrufer = psutil.Popen([sys.executable, "-c", programm], env=umgebung)
    mitschriften = []
    while not mitschriften:
        time.sleep(0.05)
        mitschriften = list(tmp_path.glob("quartier-*/auftrag-*/mitschrift.jsonl"))
    nachkommen = aufrufer.children(recursive=True)
    assert len(nachkommen) == (2 if verfahren == "fork" else 1)
    aufrufer.send_signal(signal.SIGKILL)
    aufrufer.wait()
    _, uebrig = psutil.wait_procs(nachkommen, timeout=10)
    assert uebrig == []
    assert list(tmp_path.glob("quartier-*")) == []


def test_der_aufrufende_prozess_bleibt_leicht_und_still(auftrag):
    laut = auftrag(
        "import os, sys\nprint('laut'); print('auch', file=sys.stderr)\n"
        "os.system('echo direkt'); os.write(2, b'roh')",
        "raise ValueError",
    )
    programm = f"""
import sys
from pathlib import Path
from quartierstools.lauf import Auftrag, fuehre_aus
fuehre_aus([Auftrag(name="a", notebook=Path({str(laut.notebook)!r}),
                    ziel=Path({str(laut.ziel)!r}), parameter={{"unbekannt": 1}})],
           arbeiter=1, vorwaermen=("pandas",))
schwer = {{"papermill", "IPython", "pandas", "numpy", "pydantic", "nbformat"}}
print(sorted(schwer & set(sys.modules)))
"""
    lauf = subprocess.run(
        [sys.executable, "-c", programm], check=True, capture_output=True, text=True
    )
    assert (lauf.stdout, lauf.stderr) == ("[]\n", "")
    assert "direkt" in ausgaben(laut.ziel)


def test_der_speicherbedarf_steht_im_ergebnis(auftrag):
    klein, gross = fuehre_aus(
        [auftrag("1", name="klein"), auftrag("x = b'1' * 300_000_000", name="gross")],
        arbeiter=1,
        vorwaermen=(),
        verfahren="fork",
    )
    assert 10 < klein.spitze_mb < 300 < gross.spitze_mb < 700
    assert klein.dauer > 0
