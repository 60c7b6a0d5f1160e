import os
import subprocess
import sys
from pathlib import Path

PROGRAMM = Path(__file__).with_name("beispielstadt.py")
WURZEL = PROGRAMM.parents[2]


def lauf(ordner, **umgebung):
    fertig = subprocess.run(
        [sys.executable, "-W", "error", str(PROGRAMM)],
        cwd=ordner,
        env=os.environ | {"PYTHONPATH": str(WURZEL)} | umgebung,
        check=True,
        capture_output=True,
        text=True,
    )
    return fertig.stdout


def test_karte_und_bilder_haben_in_zwei_prozessen_dieselben_bytes(tmp_path):
    eins = lauf(tmp_path, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    zwei = lauf(WURZEL, PYTHONHASHSEED="777", TZ="Asia/Tokyo", LC_ALL="C")
    assert eins.count("\n") == 19
    assert eins == zwei


def test_import_laedt_weder_folium_noch_matplotlib_noch_geopandas():
    programm = (
        "import sys, quartierstools.darstellung;"
        "print([m for m in ('folium', 'matplotlib', 'geopandas') if m in sys.modules])"
    )
    fertig = subprocess.run(
        [sys.executable, "-c", programm],
        env=os.environ | {"PYTHONPATH": str(WURZEL)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert fertig.stdout.strip() == "[]"
