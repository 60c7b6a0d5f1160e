"""Wie lange dauert das Lesen und Prüfen einer großen Lieferung, wie viel Speicher?

Aufruf: ``python benchmarks/bench_eingang.py [ZEILEN]``. Gemessen wird in einem
frischen Prozess: eine CSV-Datei mit 100.000 Gebieten und 40 Spalten (Schlüssel, Name,
19-mal Zähler und Nenner), gelesen, zugeordnet, gedeutet, geprüft.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

INDIKATOREN = [
    "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "B01",
    "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B09", "B10",
]  # fmt: skip
ORT = Path(__file__).parents[1] / "tests" / "faelle" / "eingang" / "kleinstadt"


def schreibe_lieferung(datei: Path, zeilen: int) -> None:
    """Erfundene Fallzahlen, aus der Zeilennummer gerechnet."""
    kopf = ["Schlüssel", "Name"]
    for kennung in INDIKATOREN:
        kopf += [f"{kennung} Zähler", f"{kennung} Nenner"]
    with datei.open("w", encoding="utf-8") as strom:
        strom.write(";".join(kopf) + "\n")
        for i in range(zeilen):
            felder = [f"{i:06d}", f"Gebiet {i}"]
            for k in range(len(INDIKATOREN)):
                nenner = 1000 + (i * 7919 + k * 104729) % 90000
                felder += [str(nenner * (k + 1) // 40), str(nenner)]
            strom.write(";".join(felder) + "\n")


def main() -> None:
    zeilen = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as ordner:
        datei = Path(ordner) / "gross_2024.csv"
        schreibe_lieferung(datei, zeilen)
        groesse = datei.stat().st_size / 1e6
        # Erst hier: Die Importe werden mitgemessen.
        beginn = time.perf_counter()
        from quartierstools.eingang.lieferung import deute_lieferung  # noqa: PLC0415
        from quartierstools.eingang.namen import Gebietsverzeichnis  # noqa: PLC0415
        from quartierstools.eingang.zuordnung import Zuordnung  # noqa: PLC0415
        from quartierstools.katalog import Projektordner, lade_katalog  # noqa: PLC0415

        katalog = lade_katalog(Projektordner(ORT))
        geladen = time.perf_counter()
        leer = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        namen = {("gebiet", f"{i:06d}"): f"Gebiet {i}" for i in range(zeilen)}
        verzeichnis = Gebietsverzeichnis(
            namen=namen,
            stadt="Kleinstadt",
            breite=6,
            bezirk_von={k: k[:2] for _, k in namen},
        )
        spalten = [
            {"spalte": f"{k} {wort}", "indikator": k, "rolle": rolle}
            for k in INDIKATOREN
            for wort, rolle in (("Zähler", "zaehler"), ("Nenner", "nenner"))
        ]
        zuordnung = Zuordnung(
            datei="gross_*.csv",
            schluessel="Schlüssel",
            name="Name",
            quelle="statistik",
            stichtag="2024-12-31",
            spalten=spalten,
        )
        vorbereitet, vorher = time.perf_counter(), time.process_time()
        lieferung = deute_lieferung(
            datei, zuordnung, katalog=katalog, verzeichnis=verzeichnis
        )
        fertig, nachher = time.perf_counter(), time.process_time()
    spitze = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{zeilen} Zeilen × {2 + 2 * len(INDIKATOREN)} Spalten, {groesse:.0f} MB")
    print(f"Importe und Katalog   {geladen - beginn:.2f} s, {leer:.0f} MB")
    print(
        f"lesen und prüfen      {fertig - vorbereitet:.2f} s, "
        f"davon gerechnet {nachher - vorher:.2f} s"
    )
    print(f"Spitze                {spitze:.0f} MB")
    print(f"Beobachtungen         {len(lieferung.werte)}")
    for befund in lieferung.befunde[:5]:
        print(f"  {befund}")


if __name__ == "__main__":
    main()
