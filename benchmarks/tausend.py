"""Tausend Berichte in einem Zug: Speicher, Prozesse und offene Dateien des Aufrufers.

python benchmarks/tausend.py             # 1.000 Notebooks, zwei Arbeiter
python benchmarks/tausend.py 200 spawn   # weniger, ohne fork
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Literal

import psutil
from kleines_notebook import notebook

from quartierstools.lauf import Auftrag, Ergebnis, Werkstatt

ANZAHL = 1000
ARBEITER = 2
MEGABYTE = 1e6
ZELLEN = [
    ("parameters", "x = 0"),
    ("", "import pandas as pd\npd.DataFrame({'a': [x, x + 1]}, index=['m', 'n'])"),
]


def messe(anzahl: int, verfahren: Literal["fork", "spawn"], ort: Path) -> None:
    """Führt alle aus und schreibt nach jedem Zehntel, was der Aufrufer hält."""
    quelle = notebook(ort / "quelle.ipynb", ZELLEN)
    auftraege = [
        Auftrag(
            name=f"{n:05d}",
            notebook=quelle,
            ziel=ort / f"{n:05d}.ipynb",
            parameter={"x": n},
        )
        for n in range(anzahl)
    ]
    selbst, fertig = psutil.Process(), 0

    def melde(ergebnis: Ergebnis) -> None:
        nonlocal fertig
        assert ergebnis.gelungen, ergebnis.meldung
        fertig += 1
        if fertig % max(1, anzahl // 10) == 0:
            kinder = selbst.children(recursive=True)
            tote = sum(k.status() == psutil.STATUS_ZOMBIE for k in kinder)
            speicher = selbst.memory_info().rss / MEGABYTE
            print(
                f"{fertig:6d} fertig, {speicher:7.1f} MB, {selbst.num_fds()} Dateien, "
                f"{len(kinder)} Kinder, davon {tote} Zombies"
            )

    beginn = time.perf_counter()
    with Werkstatt(ARBEITER, vorwaermen=("pandas",), verfahren=verfahren) as werkstatt:
        werkstatt.fuehre_aus(auftraege, melde=melde)
    dauer = time.perf_counter() - beginn
    print(f"{dauer:.1f} s, {1000 * dauer / anzahl:.0f} ms je Notebook")
    print(f"danach: {selbst.children()}, {selbst.num_fds()} Dateien")
    werte = [json.loads((ort / f"{n:05d}.ipynb").read_text()) for n in (0, anzahl - 1)]
    assert werte[0] != werte[1]
    assert len(list(ort.iterdir())) == anzahl + 1


if __name__ == "__main__":
    zahl = int(sys.argv[1]) if len(sys.argv) > 1 else ANZAHL
    art: Literal["fork", "spawn"] = "spawn" if "spawn" in sys.argv else "fork"
    with tempfile.TemporaryDirectory() as temporaer:
        messe(zahl, art, Path(temporaer))
