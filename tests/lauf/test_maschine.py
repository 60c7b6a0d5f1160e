"""Vertrag: Was papermill mit eigenem Kernel schreibt, schreibt auch die Maschine."""

import json
import os
import re
import subprocess
import sys

import pytest
from conftest import als_notebook, lies_vorlage

from quartierstools.lauf import Auftrag, Werkstatt
from quartierstools.lauf.reinschrift import reinschrift, wurzeln_dieses_prozesses

VORLAGEN = ("ausgaben", "bilder", "widgets", "abbruch")
PARAMETER = {"ausgaben": {"anzahl": 4}, "bilder": {"gebiet": "022"}, "abbruch": {}}
MASCHINEN = ("quartier", "fork", "spawn")

PAPERMILL = """
import json, sys
import papermill
quelle, ziel, maschine, parameter = sys.argv[1:]
try:
    papermill.execute_notebook(
        quelle, ziel, json.loads(parameter), engine_name=maschine, progress_bar=False
    )
except papermill.PapermillExecutionError as fehler:
    print(fehler.exec_count, fehler.ename, fehler.evalue)
"""


FRIST = 120
"""Sekunden je Notebook; üblich sind drei."""


def papermill(quelle, ziel, maschine, parameter):
    """Führt ein Notebook in einem eigenen Prozess aus; gibt, was er druckt.

    Papermills eigene Maschine bleibt bei Widgets selten für immer stehen
    (jupyter/nbclient#312); sie bekommt dann noch zwei Versuche. Unsere keinen.
    """
    for versuche_danach in (2, 1, 0) if maschine == "nbclient" else (0,):
        try:
            return _papermill(quelle, ziel, maschine, parameter)
        except subprocess.TimeoutExpired:
            if not versuche_danach:
                raise
    raise AssertionError


def _papermill(quelle, ziel, maschine, parameter):
    umgebung = os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    # Unter pytest fängt ipykernel Unterprozesse nicht ein, wenn es das merkt.
    for name in ("MPLBACKEND", "PYTEST_CURRENT_TEST"):
        umgebung.pop(name, None)
    return subprocess.run(
        [
            *(sys.executable, "-c", PAPERMILL),
            *(str(quelle), str(ziel), maschine, json.dumps(parameter)),
        ],
        check=True,
        capture_output=True,
        text=True,
        env=umgebung,
        cwd=quelle.parent,
        timeout=FRIST,
    ).stdout


@pytest.fixture(scope="module")
def ausgefuehrt(tmp_path_factory):
    """Jede Vorlage auf jedem Weg ausgeführt: {maschine: {vorlage: Pfad}}."""
    ordner = tmp_path_factory.mktemp("vertrag")
    fertig = {}
    for name in VORLAGEN:
        quelle = ordner / f"{name}.ipynb"
        quelle.write_text(json.dumps(lies_vorlage(name)), encoding="utf-8")
        for maschine in ("nbclient", "quartier"):
            ziel = ordner / f"{name}_{maschine}.ipynb"
            papermill(quelle, ziel, maschine, PARAMETER.get(name, {}))
            fertig.setdefault(maschine, {})[name] = ziel
    for verfahren in ("fork", "spawn"):
        auftraege = [
            Auftrag(
                name=name,
                notebook=ordner / f"{name}.ipynb",
                ziel=ordner / f"{name}_{verfahren}.ipynb",
                parameter=PARAMETER.get(name, {}),
                ordner=ordner,
            )
            for name in VORLAGEN
        ]
        with Werkstatt(
            1, vorwaermen=("matplotlib.pyplot",), verfahren=verfahren
        ) as werkstatt:
            werkstatt.fuehre_aus(auftraege)
        fertig[verfahren] = {a.name: a.ziel for a in auftraege}
    return fertig


def vergleichbar(pfad):
    """Was gleich sein muss: alles bis auf Zeiten, Adressen, Prozessnummern."""
    inhalt = json.loads(pfad.read_text(encoding="utf-8"))
    widgets = inhalt["metadata"].get("widgets", {})
    wurzeln = wurzeln_dieses_prozesses(pfad.parent)
    inhalt = reinschrift(
        inhalt, kennungen={z["id"] for z in inhalt["cells"]}, wurzeln=wurzeln
    )
    for zelle in inhalt["cells"]:
        zelle.pop("id")
        zelle["outputs"] = zusammengelegt(zelle.pop("outputs", []))
    text = json.dumps([inhalt, widgets], indent=1, sort_keys=True, ensure_ascii=False)
    text = re.sub(r"(?:/[\w.-]+)*/ipykernel_\d+/", "/ipykernel/", text)
    return re.sub(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", "kennung", text)


def zusammengelegt(ausgaben):
    """Papermills Kernel teilt Ströme alle 0,2 Sekunden; das ist Zufall."""
    fertig = []
    for ausgabe in ausgaben:
        strom = ausgabe["output_type"] == "stream"
        if strom:
            ausgabe["text"] = "".join(ausgabe["text"])
        if strom and fertig and fertig[-1].get("name") == ausgabe["name"]:
            fertig[-1]["text"] += ausgabe["text"]
        else:
            fertig.append(ausgabe)
    return fertig


@pytest.mark.lang
@pytest.mark.parametrize("maschine", MASCHINEN)
@pytest.mark.parametrize("name", ["ausgaben", "bilder", "abbruch"])
def test_ausgaben_wie_mit_papermills_eigener_maschine(ausgefuehrt, name, maschine):
    erwartet = vergleichbar(ausgefuehrt["nbclient"][name])
    assert vergleichbar(ausgefuehrt[maschine][name]) == erwartet


@pytest.mark.lang
@pytest.mark.parametrize("name", VORLAGEN)
def test_auch_widgets_haben_denselben_zustand(ausgefuehrt, name):
    erwartet = sorted(vergleichbar(ausgefuehrt["nbclient"][name]).splitlines())
    bekommen = sorted(vergleichbar(ausgefuehrt["quartier"][name]).splitlines())
    assert bekommen == erwartet


@pytest.mark.lang
@pytest.mark.parametrize("name", VORLAGEN)
def test_geforkt_und_wiederverwendet_ergibt_gleiche_bytes(ausgefuehrt, name):
    geforkt = ausgefuehrt["fork"][name].read_bytes()
    assert geforkt == ausgefuehrt["spawn"][name].read_bytes()


@pytest.mark.lang
def test_vertrag_prueft_wirklich_ausgaben(ausgefuehrt):
    """Ohne diese Ausgaben verglichen die anderen Tests Leeres mit Leerem."""
    text = vergleichbar(ausgefuehrt["nbclient"]["ausgaben"])
    for stueck in (
        "am Strom vorbei",
        "aus der Shell",
        "endgültig",
        "<i>eigen</i>",
        "nach dem Warten",
        "nebenbei",
        "Decimal('0.333')",
        "UserWarning: Vorsicht",
        "ZeroDivisionError",
        "SyntaxError",
        "StdinNotImplementedError",
        "nach den Fehlern",
    ):
        assert stueck in text
    assert "vorläufig" not in text.split('"outputs"', maxsplit=1)[1].replace(
        'Markdown(\\"vorläufig\\")', ""
    )
    assert vergleichbar(ausgefuehrt["nbclient"]["bilder"]).count("image/") == 6
    assert "im Rahmen" in vergleichbar(ausgefuehrt["quartier"]["widgets"])


@pytest.mark.lang
def test_scheitern_meldet_papermill_wie_gewohnt(tmp_path):
    quelle = tmp_path / "abbruch.ipynb"
    quelle.write_text(json.dumps(lies_vorlage("abbruch")), encoding="utf-8")
    meldungen = {
        maschine: papermill(quelle, tmp_path / f"{maschine}.ipynb", maschine, {})
        for maschine in ("nbclient", "quartier")
    }
    assert meldungen["quartier"] == meldungen["nbclient"]
    assert "3 ValueError Für das Gebiet" in meldungen["quartier"]


@pytest.mark.lang
def test_der_prozess_ist_nach_einem_notebook_wie_vorher(tmp_path):
    """Direkt benutzt räumt die Maschine auf: Ausgänge, Umgebung, eingebaute Namen."""
    unordnung = (
        "import builtins, os, random, sys, warnings\n"
        "builtins.fremd = 1; os.environ['FREMD'] = '1'; sys.path.append('/fremd')\n"
        "os.chdir('/'); random.seed(5); warnings.simplefilter('error')\n"
        "sys.setrecursionlimit(500)"
    )
    quelle = tmp_path / "quelle.ipynb"
    quelle.write_text(json.dumps(als_notebook(unordnung)), encoding="utf-8")
    programm = """
import builtins, os, sys, warnings
import papermill
def stand():
    return [
        os.getcwd(), dict(os.environ), list(sys.path), sorted(vars(builtins)),
        list(warnings.filters), sys.getrecursionlimit(), sys.stdout, sys.stderr,
        sys.displayhook, sys.excepthook, sys.modules["__main__"], os.fstat(1).st_ino,
        len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task")),
    ]
def lauf():
    papermill.execute_notebook(*sys.argv[1:3], engine_name="quartier",
                               progress_bar=False)
lauf()
vorher = stand()
lauf()
nachher = stand()
assert nachher == vorher, [(a, b) for a, b in zip(vorher, nachher) if a != b]
print("unverändert")
"""
    lauf = subprocess.run(
        [sys.executable, "-c", programm, str(quelle), str(tmp_path / "ziel.ipynb")],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (lauf.stdout, lauf.stderr) == ("unverändert\n", "")


@pytest.mark.lang
def test_ein_notebook_im_notebook_wird_mit_rat_abgelehnt(tmp_path):
    innen = tmp_path / "innen.ipynb"
    innen.write_text(json.dumps(als_notebook("1")), encoding="utf-8")
    aussen = als_notebook(
        "import papermill\n"
        f"papermill.execute_notebook({str(innen)!r}, None, engine_name='quartier',\n"
        "    progress_bar=False)"
    )
    quelle, ziel = tmp_path / "aussen.ipynb", tmp_path / "ziel.ipynb"
    quelle.write_text(json.dumps(aussen), encoding="utf-8")
    meldung = papermill(quelle, ziel, "quartier", {})
    assert "Lauffehler" in meldung
    assert "fuehre_aus" in meldung


@pytest.mark.lang
def test_notebook_ohne_kernangabe_laeuft_als_python(tmp_path):
    inhalt = als_notebook("6 * 7")
    inhalt["metadata"] = {}
    quelle, ziel = tmp_path / "ohne.ipynb", tmp_path / "ziel.ipynb"
    quelle.write_text(json.dumps(inhalt), encoding="utf-8")
    papermill(quelle, ziel, "quartier", {})
    assert '"42"' in ziel.read_text(encoding="utf-8")
