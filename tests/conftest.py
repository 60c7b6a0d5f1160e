"""Was alle Tests teilen: ein Rechenfaden, ein Lauf je Ort, ein Browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hausmittel import PROJEKTE, WURZEL, Lauf, rechne_lauf
from hypothesis import settings
from hypothesis.internal.conjecture import providers

# numpy und scikit-learn laden erst später: mehr Fäden machen nur langsamer.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# Zufällige Fälle sind bei jedem Lauf dieselben; Zeit misst benchmarks/, nicht der Test.
settings.register_profile("haus", deadline=None, derandomize=True)
settings.load_profile("haus")
# Sonst zieht hypothesis Zahlen aus allen geladenen Modulen: je Reihenfolge andere.
providers._get_local_constants = lambda: providers._local_constants

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCHALTER = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def gemeinsam(tmp_path_factory, worker_id) -> Path:
    """Ordner, den alle Prozesse dieser Testsitzung teilen."""
    ordner = tmp_path_factory.getbasetemp()
    return ordner if worker_id == "master" else ordner.parent


@pytest.fixture(scope="session")
def worker_id(request) -> str:
    """Kennung des Prozesses; „master“ ohne pytest-xdist."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture(scope="session")
def lauf_bochum(gemeinsam) -> Lauf:
    """Fertiger Lauf mit den echten Daten."""
    return rechne_lauf(gemeinsam, "bochum", "bochum")


@pytest.fixture(scope="session")
def lauf_musterstadt(gemeinsam) -> Lauf:
    """Fertiger Lauf mit den erfundenen Daten."""
    return rechne_lauf(gemeinsam, "musterstadt", "musterstadt")


@pytest.fixture(scope="session")
def laeufe(lauf_bochum, lauf_musterstadt) -> dict[str, Lauf]:
    """Beide Läufe nach Ort."""
    return {"bochum": lauf_bochum, "musterstadt": lauf_musterstadt}


@pytest.fixture(scope="session", params=PROJEKTE)
def lauf(request) -> Lauf:
    """Jeder der beiden Läufe."""
    return request.getfixturevalue(f"lauf_{request.param}")


@pytest.fixture(scope="session")
def auswertungen():
    """Öffentliche Auswertung je Ort, im Prozess gerechnet."""
    from quartierstools.auswertung import Auswertung, Einstellung  # noqa: PLC0415

    return {
        ort: Auswertung(ort=ort, daten=WURZEL / "daten", einstellung=Einstellung())
        for ort in PROJEKTE
    }


@pytest.fixture(scope="session", params=PROJEKTE)
def auswertung(request, auswertungen):
    """Jede der beiden Auswertungen."""
    return auswertungen[request.param]


def _chromium() -> str:
    """Pfad zu Chromium; ohne ihn ein Fehler (CI) oder ein übersprungener Test."""
    for name in CHROMIUM:
        if pfad := shutil.which(name):
            return pfad
    grund = "Chromium fehlt (Debian: apt-get install chromium)."
    if os.environ.get("QUARTIER_BROWSER") == "pflicht":
        pytest.fail(f"{grund} QUARTIER_BROWSER=pflicht verlangt ihn.", pytrace=False)
    pytest.skip(grund)


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """Gestarteter Browser ohne Netz im Hintergrund."""
    pfad = _chromium()
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as spiel:
        browser = spiel.chromium.launch(executable_path=pfad, args=SCHALTER)
        yield browser
        browser.close()


@pytest.fixture
def oeffne_seite(chromium) -> Iterator[Callable]:
    """Öffnet eine Datei ohne Netz; `anfragen` und `fehler` der Seite zählen mit."""
    fenster = []

    def oeffne(datei: Path, breite: int = 1280, hoehe: int = 900):
        kontext = chromium.new_context(
            viewport={"width": breite, "height": hoehe}, offline=True, locale="de-DE"
        )
        fenster.append(kontext)
        seite = kontext.new_page()
        seite.anfragen, seite.fehler = [], []
        seite.on("request", lambda anfrage: seite.anfragen.append(anfrage.url))
        seite.on("pageerror", lambda fehler: seite.fehler.append(str(fehler)))
        seite.on("console", lambda meldung: seite.fehler.append(meldung.text))
        seite.goto(datei.as_uri())
        seite.adresse = datei.as_uri()
        return seite

    yield oeffne
    for kontext in fenster:
        with suppress(Exception):
            kontext.close()
