"""Wie schnell antwortet die Erkundung im Browser? Median und 95-Prozent-Wert.

Aufruf: ``python benchmarks/erkundung_browser.py``. Startet die Tafel, bewegt vierzigmal
einen Regler und misst von der Eingabe bis zum neu gezeichneten Bild. Kein Stand kommt
zweimal vor, damit kein gemerktes Ergebnis mitzählt.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

WURZEL = Path(__file__).resolve().parent.parent
GEWICHTE = (0.25, 0.5, 0.75, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 2.75)
BEWEGUNGEN = 4 * len(GEWICHTE)
PROJEKTE = ("musterstadt", "berlin")
HORCHE = """() => {
  window.dauern = [];
  document.addEventListener("quartier-gezeigt", (e) =>
    window.dauern.push(e.detail.dauer));
}"""


def freier_anschluss() -> int:
    with socket.socket() as anschluss:
        anschluss.bind(("127.0.0.1", 0))
        return int(anschluss.getsockname()[1])


def miss(seite: Page, projekt: str) -> list[float]:
    """Dauern in Millisekunden für ein Projekt."""
    seite.get_by_label("Projekt").select_option(projekt)
    seite.wait_for_selector(".qt-regler input", timeout=120_000)
    anzahl = {"musterstadt": 30, "berlin": 542}[projekt]
    seite.wait_for_function(
        f"() => document.querySelectorAll('.qt-flaeche').length === {anzahl}",
        timeout=120_000,
    )
    seite.evaluate("() => { window.dauern = []; }")
    regler = seite.locator(".qt-regler input")
    anzahl = regler.count()
    for n in range(BEWEGUNGEN):
        runde, stelle = divmod(n, len(GEWICHTE))
        regler.nth(runde % anzahl).fill(str(GEWICHTE[stelle]))
        seite.wait_for_function(f"() => window.dauern.length > {n}", timeout=60_000)
    return list(seite.evaluate("window.dauern"))


def main() -> None:
    anschluss = freier_anschluss()
    befehl = [sys.executable, "-m", "quartierstools", "tafel", "--ohne-browser"]
    server = subprocess.Popen(  # noqa: S603 – eigener Befehl
        [*befehl, "--port", str(anschluss)],
        cwd=WURZEL,
        env={**os.environ, "PYTHONPATH": str(WURZEL)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(6)
        with sync_playwright() as spiel:
            browser = spiel.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            seite = browser.new_page(viewport={"width": 1400, "height": 1000})
            seite.goto(f"http://127.0.0.1:{anschluss}/", timeout=60_000)
            seite.wait_for_selector(".qt-flaeche", timeout=120_000)
            seite.evaluate(HORCHE)
            for projekt in PROJEKTE:
                dauern = sorted(miss(seite, projekt))
                p95 = dauern[int(0.95 * len(dauern)) - 1]
                median = statistics.median(dauern)
                print(f"{projekt}: Median {median:.0f} ms, 95 % {p95:.0f} ms")
            browser.close()
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
