"""Zeit und Speicherspitze je Aufgabe und Größe, jede in einem frischen Prozess.

Aufruf: ``python benchmarks/speicher.py [n ...]``; ohne Zahlen alle vier Größen.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path

AUFGABEN = ("laden", "index", "haltbarkeit", "typen")


def rechne(aufgabe: str, n: int) -> None:
    """Führt eine Aufgabe aus und druckt Sekunden und Megabyte."""
    sys.path.insert(0, str(Path(__file__).parent))
    from bench_analyse import MERKMALE, tabelle  # noqa: PLC0415

    from quartierstools.analyse import (  # noqa: PLC0415
        Bedarfsindex,
        Typisierung,
        haltbarkeit,
    )

    x = tabelle(n, 4 if aufgabe == "typen" and n < 50 else MERKMALE)
    start, rechenzeit = time.perf_counter(), time.process_time()
    if aufgabe == "index":
        Bedarfsindex().fit(x)
    elif aufgabe == "haltbarkeit":
        haltbarkeit(x)
    elif aufgabe == "typen":
        Typisierung(n_wiederholungen=100).fit(x)
    dauer = time.perf_counter() - start
    rechenzeit = time.process_time() - rechenzeit
    spitze = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {aufgabe} | {n} | {dauer:.2f} | {rechenzeit:.2f} | {spitze:.0f} |")


def main() -> None:
    """Startet je Aufgabe und Größe einen Prozess."""
    groessen = [int(z) for z in sys.argv[1:]] or [30, 542, 33_000, 100_000]
    print(
        "| Aufgabe | Gebiete | s | Rechenzeit s | MB |\n|---|---|---|---|---|",
        flush=True,
    )
    for n in groessen:
        for aufgabe in AUFGABEN:
            befehl = [sys.executable, __file__, "-", aufgabe, str(n)]
            subprocess.run(befehl, check=True)  # noqa: S603


if __name__ == "__main__":
    if sys.argv[1:2] == ["-"]:
        rechne(sys.argv[2], int(sys.argv[3]))
    else:
        main()
