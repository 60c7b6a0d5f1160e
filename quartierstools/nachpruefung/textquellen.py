"""Woher stammt eine Zahl in einem Satz, den ein Mensch geschrieben hat?

Sätze aus Vorhaben, Katalog und Angebotsbestand werden mit Datei und Zeile belegt,
feste Sätze des Programms mit Modul und Zeile. Belegt ist eine Zahl nur, wenn auch
die Wörter neben ihr in der Quelle stehen.
"""

import ast
import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from quartierstools.begruendung.beleg import Beleg
from quartierstools.katalog import Projektordner
from quartierstools.katalog.orte import STANDARD
from quartierstools.nachpruefung.zahlen import Zeichen, glatt, zeichen

FENSTER = 3
"""So viele Zeichen neben der Zahl müssen übereinstimmen, wenn es sie gibt."""

TABELLEN = ("angebote.csv", "einzelwerte.csv")
"""Tabellen mit Sätzen und Namen; Wertetabellen belegt die Freigabe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Textquelle:
    """Ein Text mit Zahlen an einer Stelle einer Datei."""

    art: str
    datei: str
    zeile: int
    text: str
    pruefsumme: str
    folge: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Textverzeichnis:
    """Texte nach den Zahlen, die darin stehen."""

    nach_zahl: dict[str, tuple[tuple[Textquelle, int], ...]]

    def finde(self, folge: Sequence[Zeichen], stelle: int) -> Beleg | None:
        """Beleg für die Zahl an einer Stelle einer Zeichenfolge."""
        worte = [z.schluessel for z in folge]
        bester: tuple[int, Textquelle] | None = None
        for quelle, ort in self.nach_zahl.get(worte[stelle], ()):
            laenge = _uebereinstimmung(worte, stelle, quelle.folge, ort)
            if laenge and (bester is None or laenge > bester[0]):
                bester = (laenge, quelle)
        if bester is None:
            return None
        quelle = bester[1]
        return Beleg(
            art=quelle.art,
            text=folge[stelle].text,
            was=quelle.text,
            datei=quelle.datei,
            zeile=quelle.zeile,
            pruefsumme=quelle.pruefsumme,
        )


def _uebereinstimmung(
    text: Sequence[str], a: int, quelle: Sequence[str], b: int
) -> int:
    """Länge des gemeinsamen Stücks um eine Zahl; 0, wenn es zu kurz ist."""
    links = rechts = 0
    while a > links and b > links and text[a - links - 1] == quelle[b - links - 1]:
        links += 1
    while (
        a + rechts + 1 < len(text)
        and b + rechts + 1 < len(quelle)
        and text[a + rechts + 1] == quelle[b + rechts + 1]
    ):
        rechts += 1
    gesamt = links + rechts
    if len(quelle) == 1:  # ein Text, der nur aus der Zahl besteht: eine ganze Zelle
        return int(len(text) == 1)
    return gesamt + 1 if gesamt >= min(FENSTER, len(quelle) - 1) else 0


def textverzeichnis(ordner: Projektordner) -> Textverzeichnis:
    """Liest die Texte eines Projekts, des Katalogs und des Programms."""
    gesammelt: dict[str, list[tuple[Textquelle, int]]] = {}
    for quelle in (*_projekttexte(ordner), *_katalogtexte(), *programmtexte()):
        for ort, schluessel in enumerate(quelle.folge):
            if any(z.isdigit() for z in schluessel):
                gesammelt.setdefault(schluessel, []).append((quelle, ort))
    return Textverzeichnis({k: tuple(v) for k, v in gesammelt.items()})


def _projekttexte(ordner: Projektordner) -> Iterator[Textquelle]:
    for datei in ordner.eingaben():
        name = ordner.name_von(datei)
        if datei.suffix == ".yaml":
            yield from _aus(datei, name, "text", _yaml_blaetter(datei))
        elif name in TABELLEN or name.startswith("gebiete") or "stadtbezirk" in name:
            leser = _csv_felder if datei.suffix == ".csv" else _geojson_felder
            yield from _aus(datei, name, "text", leser(datei))


@lru_cache(maxsize=1)
def _katalogtexte() -> tuple[Textquelle, ...]:
    return tuple(
        quelle
        for datei in sorted(STANDARD.glob("*.yaml"))
        for quelle in _aus(
            datei, f"katalog/standard/{datei.name}", "text", _yaml_blaetter(datei)
        )
    )


@lru_cache(maxsize=1)
def programmtexte() -> tuple[Textquelle, ...]:
    """Feste Wortlaute des Programms, in denen eine Zahl steht."""
    paket = Path(__file__).resolve().parents[1]
    raeume = ("analyse", "angebote", "auswertung", "begruendung", "darstellung")
    dateien = [p for raum in (*raeume, "ausgabe") for p in (paket / raum).rglob("*.py")]
    return tuple(
        quelle
        for datei in sorted(dateien)
        for quelle in _aus(
            datei,
            f"quartierstools/{datei.relative_to(paket).as_posix()}",
            "wortlaut",
            _programmsaetze(datei),
        )
    )


def _aus(
    datei: Path, name: str, art: str, texte: Iterator[tuple[int, str]]
) -> Iterator[Textquelle]:
    summe = hashlib.sha256(datei.read_bytes()).hexdigest()
    for zeile, text in texte:
        sauber = glatt(text)
        folge = zeichen(sauber)
        if any(z.ist_zahl for z in folge):
            yield Textquelle(
                art=art,
                datei=name,
                zeile=zeile,
                text=sauber,
                pruefsumme=summe,
                folge=tuple(z.schluessel for z in folge),
            )


def _yaml_blaetter(datei: Path) -> Iterator[tuple[int, str]]:
    offen = [yaml.compose(datei.read_text(encoding="utf-8"), yaml.SafeLoader)]
    while offen:
        knoten = offen.pop()
        if isinstance(knoten, yaml.MappingNode):
            offen += [teil for paar in knoten.value for teil in paar]
        elif isinstance(knoten, yaml.SequenceNode):
            offen += knoten.value
        elif isinstance(knoten, yaml.ScalarNode):
            yield knoten.start_mark.line + 1, str(knoten.value)


def _csv_felder(datei: Path) -> Iterator[tuple[int, str]]:
    text = datei.read_text(encoding="utf-8-sig")
    trenner = ";" if text.partition("\n")[0].count(";") else ","
    leser = csv.reader(text.splitlines(), delimiter=trenner)
    for zeile in leser:
        for feld in zeile:
            if any(zeichen_.isalpha() for zeichen_ in feld):
                yield leser.line_num, feld


def _geojson_felder(datei: Path) -> Iterator[tuple[int, str]]:
    daten = json.loads(datei.read_text(encoding="utf-8"))
    for nummer, flaeche in enumerate(daten.get("features", ()), start=1):
        for wert in flaeche.get("properties", {}).values():
            if isinstance(wert, str):
                yield nummer, wert


def _programmsaetze(datei: Path) -> Iterator[tuple[int, str]]:
    """Zeichenketten eines Moduls ohne Docstrings."""
    baum = ast.parse(datei.read_text(encoding="utf-8"))
    beschreibungen = {
        id(knoten.value) for knoten in ast.walk(baum) if isinstance(knoten, ast.Expr)
    }
    for knoten in ast.walk(baum):
        if not isinstance(knoten, ast.Constant) or id(knoten) in beschreibungen:
            continue
        if isinstance(knoten.value, str) and " " in knoten.value.strip():
            yield knoten.lineno, knoten.value
