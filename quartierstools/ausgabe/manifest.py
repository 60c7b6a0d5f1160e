"""Woraus ist ein Lauf entstanden? Kennung und Manifest aus Prüfsummen.

Die Kennung folgt aus Eingaben, Parametern und Programmstand; gleiche Eingabe,
gleiche Kennung, gleiche Bytes. Zeiten und Pfade stehen nirgends.
"""

import hashlib
import json
import sys
from collections.abc import Collection, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from quartierstools.ausgabe.manifestform import maengel
from quartierstools.fehler import Aufruffehler, systemgrund

PAKETE = (
    "folium",
    "geopandas",
    "matplotlib",
    "nbclient",
    "numpy",
    "pandas",
    "papermill",
    "python-docx",
    "scikit-learn",
    "scipy",
    "shapely",
    "typst",
    "xlsxwriter",
    "XStatic-Leaflet",
)
"""Pakete, deren Version das Ergebnis ändern kann."""

PROGRAMMDATEIEN = ("*.py", "*.yaml", "*.typ", "*.html", "*.css", "*.js", "*.ttf")

MANIFEST = "manifest.json"

ZEIGT = 5
"""So viele Mängel eines Manifests stehen in der Meldung."""


def sha256(datei: Path) -> str:
    """SHA-256 einer Datei."""
    return hashlib.sha256(datei.read_bytes()).hexdigest()


def programmstand(notebooks: Sequence[Path]) -> str:
    """Prüfsumme über den Code des Pakets und die Notebooks."""
    paket = Path(__file__).resolve().parents[1]
    dateien = {
        datei.relative_to(paket).as_posix(): datei
        for muster in PROGRAMMDATEIEN
        for datei in paket.rglob(muster)
        if "__pycache__" not in datei.parts
    }
    dateien |= {f"notebooks/{n.name}": n for n in notebooks}
    summen = {name: sha256(dateien[name]) for name in sorted(dateien)}
    return hashlib.sha256(_json(summen).encode()).hexdigest()


def versionen() -> dict[str, str]:
    """Version von Python (ohne letzte Stelle) und den Paketen, die rechnen."""
    stand = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for paket in PAKETE:
        try:
            stand[paket] = version(paket)
        except PackageNotFoundError:
            stand[paket] = "nicht installiert"
    return stand


def kennung(
    eingaben: Mapping[str, str], parameter: Mapping[str, object], programm: str
) -> str:
    """Kennung eines Laufs, zwölf Zeichen.

    Examples
    --------
    >>> eine = kennung({"a.csv": "1f"}, {"fassung": "intern"}, "00")
    >>> len(eine), eine == kennung({"a.csv": "2f"}, {"fassung": "intern"}, "00")
    (12, False)
    """
    stand = {
        "eingaben": dict(eingaben),
        "parameter": dict(parameter),
        "programm": programm,
        "versionen": versionen(),
    }
    return hashlib.sha256(_json(stand).encode()).hexdigest()[:12]


def manifest(
    ordner: Path,
    kopf: Mapping[str, object],
    belege: object,
    abdrucke: Mapping[str, object] | None = None,
) -> str:
    """Text des Manifests: Kopf, Prüfsumme jeder Ausgabe, Belege, Abdrucke.

    Parameters
    ----------
    ordner : Path
        Fertiger Laufordner; das Manifest selbst und verborgene Dateien zählen nicht.
    kopf : Mapping
        Kennung, Projekt, Parameter, Eingaben, Programmstand, Regelprofil.
    belege : object
        Belege je Schriftstück.
    abdrucke : Mapping, optional
        Je Schriftstück seine Formate und jede Aussage mit ihren Zahlen und Belegen.
    """
    ausgaben = {name: sha256(ordner / name) for name in ausgabenamen(ordner)}
    inhalt = {**kopf, "versionen": versionen(), "ausgaben": ausgaben, "belege": belege}
    inhalt["abdrucke"] = dict(abdrucke or {})
    return json.dumps(inhalt, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def lies_manifest(ordner: Path, nur: Collection[str] = ()) -> dict[str, Any]:
    """Manifest eines fertigen Laufs, auf seine Form geprüft.

    Parameters
    ----------
    ordner : Path
        Ordner des Laufs.
    nur : Collection of str, optional
        Blöcke, deren Form geprüft wird; ohne Angabe alle.

    Raises
    ------
    Aufruffehler
        Wenn die Datei fehlt, nicht lesbar ist oder nicht die Form eines Manifests hat.
    """
    datei = ordner / MANIFEST
    if not datei.is_file():
        raise Aufruffehler(
            f"In „{ordner}“ fehlt {MANIFEST}. Erwartet wird der Ordner eines fertigen "
            "Laufs, etwa ausgaben/bochum/<lauf>."
        )
    try:
        gelesen = json.loads(datei.read_text(encoding="utf-8"))
    except OSError as fehler:
        raise _unbrauchbar(
            datei, [f"Nicht zu öffnen: {systemgrund(fehler)}."]
        ) from fehler
    except (ValueError, RecursionError) as fehler:
        grund = "Sie ist leer, abgeschnitten oder kein JSON in UTF-8."
        raise _unbrauchbar(datei, [grund]) from fehler
    if schlecht := maengel(gelesen, nur):
        raise _unbrauchbar(datei, schlecht)
    return dict(gelesen)


def _unbrauchbar(datei: Path, gruende: Sequence[str]) -> Aufruffehler:
    zeilen = [f"  - {grund}" for grund in gruende[:ZEIGT]]
    if len(gruende) > ZEIGT:
        zeilen.append(f"  … und {len(gruende) - ZEIGT} weitere")
    rat = (
        f"Erwartet wird {MANIFEST}, wie quartier lauf es schreibt. Bitte den Lauf neu "
        "rechnen oder den richtigen Ordner nennen, etwa ausgaben/bochum/<lauf>."
    )
    kopf = f"„{datei}“ ist kein brauchbares Manifest:"
    return Aufruffehler("\n".join([kopf, *zeilen, rat]))


def ausgabenamen(ordner: Path) -> list[str]:
    """Namen aller Ausgaben eines Laufs, sortiert, ohne Manifest."""
    namen = [
        datei.relative_to(ordner).as_posix()
        for datei in ordner.rglob("*")
        if datei.is_file()
    ]
    return sorted(n for n in namen if n != MANIFEST and not n.startswith("."))


def _json(inhalt: object) -> str:
    return json.dumps(inhalt, ensure_ascii=False, sort_keys=True, default=str)
