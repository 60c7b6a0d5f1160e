"""Tafel und JupyterLab in einem echten Browser, ohne fremde Adresse."""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress

import pytest
from hausmittel import WURZEL, quartier

pytestmark = [pytest.mark.browser, pytest.mark.lang]

GEDULD = 180_000
FERTIG = ".qt-erkundung path.qt-flaeche"


def freier_anschluss() -> int:
    with socket.socket() as anschluss:
        anschluss.bind(("127.0.0.1", 0))
        return int(anschluss.getsockname()[1])


@pytest.fixture(scope="module")
def haus(tmp_path_factory):
    """Eigenes Haus, damit gespeicherte Profile nicht im Projekt landen."""
    ordner = tmp_path_factory.mktemp("haus")
    for teil in ("daten", "notebooks"):
        shutil.copytree(WURZEL / teil, ordner / teil)
    return ordner


def _starte(haus, befehl, anschluss, *weitere):
    umgebung = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "JUPYTER_CONFIG_DIR": str(haus / ".jupyter"),
    }
    aufruf = [sys.executable, "-m", "quartierstools", befehl, "--ohne-browser"]
    aufruf += ["--port", str(anschluss), *weitere]
    protokoll = (haus / f"{befehl}.log").open("w")
    prozess = subprocess.Popen(
        aufruf, cwd=haus, env=umgebung, stdout=protokoll, stderr=subprocess.STDOUT
    )
    return prozess, protokoll


def _warte(anschluss, pfad, sekunden=60):
    ende = time.monotonic() + sekunden
    while time.monotonic() < ende:
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection("127.0.0.1", anschluss, timeout=5)) as v,
        ):
            v.request("GET", pfad, headers={"Connection": "close"})
            antwort = v.getresponse()
            antwort.read()
            if antwort.status < 500:
                return
        time.sleep(0.3)
    pytest.fail(f"{pfad} antwortet nicht.")


@pytest.fixture(scope="module")
def tafel(haus):
    anschluss = freier_anschluss()
    prozess, protokoll = _starte(haus, "tafel", anschluss)
    adresse = f"http://127.0.0.1:{anschluss}/"
    try:
        _warte(anschluss, "/voila/static/voila.js")
        yield adresse
    finally:
        prozess.terminate()
        prozess.wait(20)
        protokoll.close()


@pytest.fixture
def seite(chromium):
    kontext = chromium.new_context(
        viewport={"width": 1400, "height": 1000}, locale="de-DE"
    )
    kontext.set_default_timeout(GEDULD)
    blatt = kontext.new_page()
    blatt.fremd = []
    blatt.on(
        "request",
        lambda a: (
            None
            if re.match(r"(https?|wss?)://127\.0\.0\.1|data:|blob:", a.url)
            else blatt.fremd.append(a.url)
        ),
    )
    yield blatt
    kontext.close()


def waehle_musterstadt_intern(seite):
    seite.get_by_label("Projekt").select_option("musterstadt")
    seite.wait_for_function(
        "() => document.querySelectorAll('.qt-flaeche').length === 30 && "
        "document.querySelector('.qt-regler input')"
    )
    seite.get_by_label("Fassung").select_option("intern")
    seite.wait_for_function(
        "() => document.querySelector('.qt-liste h2').textContent.includes('Rangband')"
    )


def nummer(seite) -> int:
    return int(seite.locator(".qt-erkundung").get_attribute("data-nummer"))


def nach(seite, tue):
    """Führt etwas aus und wartet, bis die Ansicht geantwortet hat."""
    vorher = nummer(seite)
    tue()
    seite.wait_for_function(
        "(vorher) => { const e = document.querySelector('.qt-erkundung');"
        "return Number(e.dataset.nummer) > vorher && "
        "e.getAttribute('aria-busy') === 'false' }",
        arg=vorher,
    )


def reihenfolge(seite):
    return seite.locator(".qt-liste tbody tr").evaluate_all(
        "zeilen => zeilen.map(z => z.textContent)"
    )


def test_tafel_regler_aendern_die_reihenfolge_und_profil_rechnet_dasselbe(
    tafel, haus, seite, tmp_path
):
    seite.goto(tafel)
    seite.wait_for_selector(FERTIG)
    waehle_musterstadt_intern(seite)
    vorher = reihenfolge(seite)
    regler = seite.locator(".qt-regler input").first
    nach(seite, lambda: regler.fill("3"))
    nachher = reihenfolge(seite)
    assert vorher != nachher
    assert "Gegenüber der Vorgabe" in seite.locator(".qt-saetze").inner_text()

    nach(seite, lambda: seite.locator(".qt-flaeche").nth(4).click())
    gewaehlt = seite.locator(".qt-profil h2").first.inner_text()
    assert gewaehlt in seite.locator("tr.qt-gewaehlt").inner_text()

    nach(seite, lambda: seite.locator('[data-merkmal="C03"]').press("Space"))
    assert "Gruppen" in seite.locator(".qt-karte h2").inner_text()
    assert not seite.locator('[data-merkmal="C03"]').is_checked()
    assert reihenfolge(seite) == nachher

    seite.get_by_role("textbox", name="Profilname").fill("mehr-elb")
    seite.get_by_role("textbox", name="Wer").fill("Sozialplanung")
    seite.get_by_role("textbox", name="Warum").fill("Probe")
    seite.get_by_role("button", name="Als Profil speichern").click()
    seite.get_by_text("Gespeichert: mehr-elb.yaml").wait_for()
    assert (haus / "daten/musterstadt/profile/mehr-elb.yaml").is_file()

    lauf = quartier(
        "lauf", "--projekt", "musterstadt", "--profil", "mehr-elb",
        "--ausgabe", str(tmp_path), ort=haus, frist=600,
    )  # fmt: skip
    assert lauf.returncode == 0, lauf.stdout + lauf.stderr
    manifest = json.loads(next(tmp_path.glob("*/*/manifest.json")).read_text())
    parameter = manifest["parameter"]["30_bedarf-jugendliche"]
    assert parameter["gewichte"] == ["jugendliche:J01=3"]
    assert parameter["typmerkmale"] == ["A03", "B05", "B11"]
    assert parameter["aenderung"] == "Probe (Sozialplanung)"
    notebook = next(tmp_path.glob("*/*/notebooks/30_bedarf-jugendliche.ipynb"))
    klassen = _klassen_im_notebook(notebook)
    gezeigt = {
        re.split(r"\d", zeile)[0].strip(): zeile
        for zeile in nachher
        if "Mittel" in zeile
    }
    namen = json.loads((haus / "daten/musterstadt/gebiete.geojson").read_text())
    je_name = {
        f["properties"]["name"]: klassen[f["properties"]["schluessel"]]
        for f in namen["features"]
        if f["properties"]["schluessel"] in klassen
    }
    assert len(gezeigt) == 30
    for name, zeile in gezeigt.items():
        assert je_name[name] in zeile
    assert seite.fremd == []


def _klassen_im_notebook(notebook) -> dict[str, str]:
    """Gebiet → Wort aus der Tafel des ausgeführten Notebooks."""
    texte = [
        "".join(ausgabe["data"].get("text/html", ""))
        for zelle in json.loads(notebook.read_text())["cells"]
        for ausgabe in zelle.get("outputs", [])
        if "data" in ausgabe
    ]
    tabelle = next(t for t in texte if "haltbarkeit" in t)
    zeilen = re.findall(r"<tr>\s*<th>(\d+)</th>\s*<td>([^<]*)</td>", tabelle)
    return dict(zeilen)


def test_tafel_laesst_sich_mit_der_tastatur_bedienen(tafel, seite):
    seite.goto(tafel)
    seite.wait_for_selector(FERTIG)
    seite.locator(".qt-flaeche").first.focus()
    erster = seite.evaluate("document.activeElement.dataset.gebiet")
    for taste in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft"):
        seite.keyboard.press(taste)
    zweiter = seite.evaluate("document.activeElement.dataset.gebiet")
    assert zweiter
    assert zweiter != erster
    nach(seite, lambda: seite.keyboard.press("Enter"))
    assert seite.locator(".qt-profil article").count() == 1
    assert (
        seite.locator(f'.qt-flaeche[data-gebiet="{zweiter}"]').get_attribute(
            "aria-pressed"
        )
        == "true"
    )


def test_tafel_rechnet_ein_szenario(tafel, seite):
    seite.goto(tafel)
    seite.wait_for_selector(FERTIG)
    waehle_musterstadt_intern(seite)
    szenario = seite.get_by_label("Szenario")
    nach(seite, lambda: szenario.select_option("katalog:lotsen-kalkwerk"))
    saetze = seite.locator(".qt-saetze").inner_text()
    assert "Neues Angebot am Kalkwerk" in saetze
    assert "Gedankenspiel, keine Vorhersage" in saetze


def test_tafel_hat_keine_maengel_nach_axe(tafel, seite):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415

    seite.goto(tafel)
    seite.wait_for_selector(FERTIG)
    waehle_musterstadt_intern(seite)
    nach(seite, lambda: seite.locator(".qt-flaeche").nth(4).click())
    ergebnis = Axe().run(seite)
    maengel = [
        (m["id"], [n["html"][:160] for n in m["nodes"]][:3])
        for m in ergebnis.response["violations"]
    ]
    assert maengel == []


def test_jupyterlab_oeffnet_erkundung_und_rechnet(haus, seite):
    anschluss = freier_anschluss()
    prozess, protokoll = _starte(haus, "lab", anschluss)
    try:
        token = _token(haus / "lab.log")
        adresse = f"http://127.0.0.1:{anschluss}"
        _warte(anschluss, f"/api?token={token}")
        seite.goto(f"{adresse}/?token={token}")
        start = seite.get_by_role("heading", name="Willkommen bei quartierstools")
        start.wait_for()
        assert seite.locator(".jp-toast-button, .Toastify__toast").count() == 0
        seite.get_by_role("link", name="Erkundung", exact=True).click()
        menue = seite.get_by_role("menuitem", name="Ausführen", exact=True)
        menue.wait_for()
        seite.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
        seite.wait_for_timeout(2000)
        seite.locator(".jp-NotebookPanel .jp-CodeCell").first.click()
        menue.click()
        seite.get_by_text("Alle Zellen ausführen", exact=True).click()
        seite.wait_for_selector(FERTIG)
        nach(seite, seite.locator(".qt-liste tbody button").first.click)
        assert seite.locator(".qt-profil article").count() == 1
        assert seite.fremd == []
    finally:
        prozess.terminate()
        prozess.wait(20)
        protokoll.close()


def _token(protokoll, sekunden=60) -> str:
    ende = time.monotonic() + sekunden
    while time.monotonic() < ende:
        if treffer := re.search(r"token=([0-9a-f]+)", protokoll.read_text()):
            return treffer[1]
        time.sleep(0.3)
    pytest.fail("JupyterLab nennt kein Token.")
