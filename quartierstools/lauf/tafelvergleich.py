"""Welche Werte und Einstufungen änderten sich? Vergleich zweier Tabellenanhänge."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quartierstools.schreibweise import zahl_text

TABELLEN = "anhang/tabellen.xlsx"
WERTE = "Werte"
"""So beginnen die Namen der Blätter mit Werten."""

SCHLUESSEL, NAME = "Schlüssel", "Name"
EINGESTUFT = ("Einstufung", "Gruppe", "Typ", "Ergebnis")
"""Spalten, in denen eine Klasse, Gruppe oder Auswahl steht."""

PROZENT = " (Prozent)"
STELLEN = 2
FEHLT = "keine Angabe"

Zelle = Any
Blatt = dict[str, dict[str, Zelle]]
"""Gebiet → Spalte → Zelle."""


def werte(eins: Path, zwei: Path) -> list[str]:
    """Je geändertem Wert ein Satz, nach Indikator und Gebiet geordnet."""
    alt, neu = (_werte(_lies(datei)) for datei in (eins, zwei))
    saetze = []
    for spalte in _spalten(alt, neu):
        for gebiet in sorted(alt.keys() | neu.keys()):
            vorher, nachher = (b.get(gebiet, {}).get(spalte) for b in (alt, neu))
            if vorher != nachher:
                name = _name(gebiet, neu, alt)
                wechsel = f"{_als_text(vorher, spalte)} → {_als_text(nachher, spalte)}"
                saetze.append(f"{spalte.removesuffix(PROZENT)}, {name}: {wechsel}")
    return saetze


def klassen(eins: Path, zwei: Path) -> list[str]:
    """Je geänderter Einstufung ein Satz, nach Blatt und Gebiet geordnet."""
    mappen = [_lies(datei) for datei in (eins, zwei)]
    saetze = []
    for blatt in sorted(mappen[0].keys() | mappen[1].keys()):
        alt, neu = (mappe.get(blatt, {}) for mappe in mappen)
        for spalte in EINGESTUFT:
            for gebiet in sorted(alt.keys() | neu.keys()):
                vorher, nachher = (b.get(gebiet, {}).get(spalte) for b in (alt, neu))
                if vorher != nachher:
                    name = _name(gebiet, neu, alt)
                    was = f"{blatt}, {spalte}, {name}"
                    saetze.append(f"{was}: {vorher or FEHLT} → {nachher or FEHLT}")
    return saetze


def _werte(mappe: Mapping[str, Blatt]) -> Blatt:
    """Alle Werte in einem Blatt; die Mappe verteilt sie nach Themen."""
    alle: Blatt = {}
    for titel, blatt in mappe.items():
        if titel.startswith(WERTE):
            for gebiet, zeile in blatt.items():
                alle.setdefault(gebiet, {}).update(zeile)
    return alle


def _lies(datei: Path) -> dict[str, Blatt]:
    """Alle Blätter mit einer Spalte „Schlüssel“; leer ohne Datei."""
    if not datei.is_file():
        return {}
    from openpyxl import load_workbook  # noqa: PLC0415

    mappe = load_workbook(datei, read_only=True, data_only=True)
    try:
        blaetter = {}
        for blatt in mappe.worksheets:
            zeilen = [list(z) for z in blatt.iter_rows(values_only=True)]
            kopf = next((n for n, z in enumerate(zeilen) if SCHLUESSEL in z), None)
            if kopf is None:
                continue
            spalten = [str(s) for s in zeilen[kopf]]
            stelle = spalten.index(SCHLUESSEL)
            blaetter[str(blatt.title)] = {
                str(zeile[stelle]): dict(zip(spalten, zeile, strict=False))
                for zeile in zeilen[kopf + 1 :]
                if zeile[stelle] is not None
            }
    finally:
        mappe.close()
    return blaetter


def _spalten(*blaetter: Blatt) -> list[str]:
    namen = {s for blatt in blaetter for zeile in blatt.values() for s in zeile}
    return sorted(namen - {SCHLUESSEL, NAME, "Stadtbezirk", "None"})


def _name(gebiet: str, *blaetter: Mapping[str, Mapping[str, Zelle]]) -> str:
    for blatt in blaetter:
        if name := blatt.get(gebiet, {}).get(NAME):
            return str(name)
    return gebiet


def _als_text(wert: Zelle, spalte: str) -> str:
    if wert is None:
        return FEHLT
    if isinstance(wert, int | float) and not isinstance(wert, bool):
        prozent = spalte.endswith(PROZENT)
        zahl = zahl_text(wert * 100 if prozent else wert, stellen=STELLEN)
        ohne_nullen = zahl.rstrip("0").rstrip(",") if "," in zahl else zahl
        if not prozent:
            return ohne_nullen
        eine_stelle = ohne_nullen if "," in ohne_nullen else f"{ohne_nullen},0"
        return f"{eine_stelle}\N{NO-BREAK SPACE}%"
    return str(wert)
