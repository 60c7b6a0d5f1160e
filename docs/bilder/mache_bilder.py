"""Macht die Bilder der README aus zwei fertigen Läufen neu.

    .venv/bin/python docs/bilder/mache_bilder.py

Nimmt je Projekt den neuesten Lauf unter ``ausgaben``. Nötig sind Chromium und
``pdftoppm`` (Debian: chromium, poppler-utils). Die Bilder werden auf wenige Farben
gebracht; keines ist größer als 300 kB.
"""

import io
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HIER = Path(__file__).resolve().parent
AUSGABEN = HIER.parents[1] / "ausgaben"
HOECHSTENS = 300_000
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

SEITEN = {
    "karte_bochum": ("bochum", "karte.html", (1280, 900)),
    "einstieg_musterstadt": ("musterstadt", "index.html", (1000, 1100)),
}
"""Bild → Projekt, Seite, Größe des Fensters."""

BLAETTER = {
    "begruendung_bochum": (
        "bochum",
        "vorhaben/jobcenter-beratung-wattenscheid-mitte/begruendung.pdf",
        1,
    ),
    "steckbrief_musterstadt": ("musterstadt", "steckbriefe/022.pdf", 1),
}
"""Bild → Projekt, Datei, Seite."""


def lauf(ausgaben: Path, projekt: str) -> Path:
    """Neuester Lauf eines Projekts."""
    laeufe = [p.parent for p in (ausgaben / projekt).glob("*/manifest.json")]
    if not laeufe:
        sys.exit(f"Kein Lauf unter {ausgaben / projekt}; zuerst „make lauf“.")
    return max(laeufe, key=lambda p: p.stat().st_mtime)


def speichere(bild: bytes, name: str) -> None:
    """Legt ein Bild mit höchstens 128 Farben ab."""
    klein = Image.open(io.BytesIO(bild)).convert("RGB").quantize(128)
    ziel = HIER / f"{name}.png"
    klein.save(ziel, optimize=True)
    groesse = ziel.stat().st_size
    if groesse > HOECHSTENS:
        sys.exit(f"{ziel.name} hat {groesse} Bytes, höchstens {HOECHSTENS} sind gut.")
    sys.stdout.write(f"{ziel.name}: {groesse // 1000} kB\n")


def main(ausgaben: Path) -> None:
    """Alle Bilder."""
    programm = next((p for p in map(shutil.which, CHROMIUM) if p), None)
    with sync_playwright() as spiel:
        browser = spiel.chromium.launch(
            executable_path=programm, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (projekt, datei, (breite, hoehe)) in SEITEN.items():
            seite = browser.new_page(viewport={"width": breite, "height": hoehe})
            seite.goto((lauf(ausgaben, projekt) / datei).as_uri())
            seite.wait_for_timeout(500)
            speichere(seite.screenshot(timeout=120_000), name)
        browser.close()
    for name, (projekt, datei, nummer) in BLAETTER.items():
        befehl = ["pdftoppm", "-r", "80", "-png", "-f", str(nummer), "-l", str(nummer)]
        pfad = lauf(ausgaben, projekt) / datei
        ergebnis = subprocess.run(  # noqa: S603 – fester Befehl
            [*befehl, pfad], capture_output=True, check=True
        )
        speichere(ergebnis.stdout, name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else AUSGABEN)
