"""Neunzig Berichte: papermill, Maschine „quartier“ und dieselben Funktionen direkt.

Alle drei rechnen dasselbe: 30 Gebiete × 3 Zielgruppen, je ein Steckbrief als PDF und
die Einstufung; Vorberechnetes wird in allen drei einmal abgelegt und geteilt.

    python benchmarks/bench_lauf.py             # alle 90, dazu der Kaltstart
    python benchmarks/bench_lauf.py 12          # nur die ersten zwölf
"""

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path

from kleines_notebook import notebook

from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.katalog import hauswurzel
from quartierstools.lauf import Auftrag, Werkstatt
from quartierstools.lauf.motor import WARM

PROJEKT = "bochum"
ARBEITER = 2
EINSTUFUNG = """\
ergebnis = werkbank.auswertung.bedarf(zielgruppe)
tafel = getattr(ergebnis, "tafel", None)
ergebnis.satz if tafel is None else tafel.loc[[gebiet]]"""
ZELLEN = [
    ("parameters", 'projekt = "bochum"\ngebiet = "24"\nzielgruppe = "jugendliche"'),
    ("", "from quartierstools import oeffne\n\nwerkbank = oeffne(projekt)\nwerkbank"),
    ("", EINSTUFUNG),
    ("", "werkbank.schreibe_steckbrief(gebiet)"),
]
Bericht = tuple[str, str]


def umgebung(ort: Path, name: str) -> dict[str, str]:
    return {
        "QUARTIER_LAUFORDNER": str(ort / name),
        "QUARTIER_SPEICHER": str(ort / "zwischen"),
        "QUARTIER_LAUF": "",
        "QUARTIER_DATEN": str(hauswurzel() / "daten"),
    }


def parameter(bericht: Bericht) -> dict[str, str]:
    return {"projekt": PROJEKT, "gebiet": bericht[0], "zielgruppe": bericht[1]}


def mit_papermill(ort: Path, berichte: Sequence[Bericht]) -> None:
    """Papermill über seine Python-Schnittstelle, ein Kernel je Bericht."""
    import papermill  # noqa: PLC0415

    vorlage = notebook(ort / "bericht.ipynb", ZELLEN)
    for bericht in berichte:
        name = "-".join(bericht)
        os.environ.update(umgebung(ort, name))
        papermill.execute_notebook(
            vorlage,
            ort / f"{name}.ipynb",
            parameter(bericht),
            kernel_name="python3",
            progress_bar=False,
        )


def mit_quartier(ort: Path, berichte: Sequence[Bericht]) -> None:
    """Die warme Werkstatt, samt Aufwärmen."""
    vorlage = notebook(ort / "bericht.ipynb", ZELLEN)
    auftraege = [
        Auftrag(
            name="-".join(bericht),
            notebook=vorlage,
            ziel=ort / f"{'-'.join(bericht)}.ipynb",
            parameter=parameter(bericht),
            umgebung=umgebung(ort, "-".join(bericht)),
        )
        for bericht in berichte
    ]
    with Werkstatt(ARBEITER, vorwaermen=WARM) as werkstatt:
        ergebnisse = werkstatt.fuehre_aus(auftraege)
    assert all(e.gelungen for e in ergebnisse), [e.meldung for e in ergebnisse]


DIREKT = """\
import json, os, sys
from quartierstools import oeffne
for bericht, env in json.load(open(sys.argv[1])):
    os.environ.update(env)
    werkbank = oeffne(bericht["projekt"])
    ergebnis = werkbank.auswertung.bedarf(bericht["zielgruppe"])
    tafel = getattr(ergebnis, "tafel", None)
    ergebnis.satz if tafel is None else tafel.loc[[bericht["gebiet"]]]
    werkbank.schreibe_steckbrief(bericht["gebiet"])
"""


def direkt(ort: Path, berichte: Sequence[Bericht], prozesse: int = ARBEITER) -> None:
    """Dieselben Funktionen ohne Notebooks, samt Start von Python."""
    laufend = []
    for nummer in range(prozesse):
        teil = [
            (parameter(b), umgebung(ort, "-".join(b)))
            for b in berichte[nummer::prozesse]
        ]
        liste = ort / f"liste-{nummer}.json"
        liste.write_text(json.dumps(teil), encoding="utf-8")
        befehl = [sys.executable, "-c", DIREKT, str(liste)]
        laufend.append(subprocess.Popen(befehl))  # noqa: S603 – eigener Befehl
    assert [p.wait() for p in laufend] == [0] * prozesse


def gemessen(
    was: str, arbeite: Callable[[Path], None], ort: Path
) -> tuple[float, float]:
    """Sekunden an der Wand und Prozessorzeit samt Kindern."""
    ort.mkdir()
    vorher, beginn = _prozessorzeit(), time.perf_counter()
    arbeite(ort)
    wand, rechenzeit = time.perf_counter() - beginn, _prozessorzeit() - vorher
    print(f"{was:34} {wand:8.1f} s Wand {rechenzeit:8.1f} s Rechenzeit", flush=True)
    return wand, rechenzeit


def _prozessorzeit() -> float:
    zeiten = [
        resource.getrusage(wer)
        for wer in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return sum(z.ru_utime + z.ru_stime for z in zeiten)


def pruefsumme(ort: Path) -> str:
    """Über alle PDF, nach Namen."""
    dateien = sorted(ort.rglob("*.pdf"))
    inhalt = b"".join(
        str(d.relative_to(ort)).encode() + d.read_bytes() for d in dateien
    )
    return f"{len(dateien)} PDF, {hashlib.sha256(inhalt).hexdigest()[:12]}"


def kaltstart(befehl: Sequence[str], male: int = 5) -> tuple[float, float]:
    """Kleinste Wandzeit und Rechenzeit eines Befehls."""
    zeiten = []
    for _ in range(male):
        vorher, beginn = _prozessorzeit(), time.perf_counter()
        subprocess.run(  # noqa: S603 – eigener Befehl
            [sys.executable, "-m", "quartierstools", *befehl],
            check=True,
            capture_output=True,
        )
        zeiten.append((time.perf_counter() - beginn, _prozessorzeit() - vorher))
    return min(z[0] for z in zeiten), min(z[1] for z in zeiten)


def haupt() -> None:
    """Misst alles nacheinander und nennt die Verhältnisse."""
    stand = Auswertung(
        ort=PROJEKT, daten=hauswurzel() / "daten", einstellung=Einstellung()
    )
    gebiete = [str(g) for g in stand.freigabe.gebiete.index]
    alle = list(product(gebiete, stand.projekt.zielgruppen))
    berichte = alle[: int(sys.argv[1]) if len(sys.argv) > 1 else len(alle)]
    print(f"{len(berichte)} Berichte, {ARBEITER} Arbeiter, {os.cpu_count()} Kerne")
    ort = Path(tempfile.mkdtemp(prefix="bench-lauf-"))
    try:
        d2 = gemessen(
            "direkt, 2 Prozesse", lambda o: direkt(o, berichte), ort / "direkt2"
        )
        d1 = gemessen(
            "direkt, 1 Prozess", lambda o: direkt(o, berichte, 1), ort / "direkt1"
        )
        q = gemessen(
            "Maschine quartier, 2 Arbeiter",
            lambda o: mit_quartier(o, berichte),
            ort / "quartier",
        )
        p = gemessen(
            "papermill (Python-Schnittstelle)",
            lambda o: mit_papermill(o, berichte),
            ort / "papermill",
        )
        summen = {pruefsumme(o) for o in ort.iterdir()}
        print("gleiche Ausgaben:", len(summen) == 1, sorted(summen))
    finally:
        shutil.rmtree(ort, ignore_errors=True)
    for wort, stelle in (("Wand", 0), ("Rechenzeit", 1)):
        print(
            f"{wort}: papermill / quartier {p[stelle] / q[stelle]:.1f}; "
            f"quartier / direkt (2) {q[stelle] / d2[stelle]:.2f}; "
            f"quartier / direkt (1) {q[stelle] / d1[stelle]:.2f}"
        )
    for befehl in (["--help"], ["lauf", "--projekt", PROJEKT, "--trocken"]):
        wand, rechenzeit = kaltstart(befehl)
        print(f"quartier {' '.join(befehl)}: {wand:.2f} s, {rechenzeit:.2f} s CPU")


if __name__ == "__main__":
    haupt()
