"""Wie entsteht ein Laufordner? Prüfen, planen, ausführen, an den Ort stellen.

Geschrieben wird nebenan; erst der fertige Ordner bekommt seinen Namen. Scheitert
ein Notebook, laufen die anderen weiter, und der Ordner heißt „…-unvollstaendig“.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quartierstools.ausgabe import packen
from quartierstools.ausgabe.manifest import (
    MANIFEST,
    ausgabenamen,
    kennung,
    manifest,
    programmstand,
)
from quartierstools.ausgabe.werkbank import BELEGE, UMGEBUNG, Werkbank
from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.eingang import Datenstand, lies_datenstand
from quartierstools.fehler import Ausgabefehler
from quartierstools.geheimhaltung import gib_frei, musterordner
from quartierstools.katalog import finde_projekt, hauswurzel
from quartierstools.lauf import Auftrag, Ergebnis, Werkstatt
from quartierstools.lauf.plan import Plan, Schritt, plane
from quartierstools.lauf.profil import lies_profil
from quartierstools.lauf.werkstatt import VORWAERMEN
from quartierstools.nachpruefung.abdruck import bilde_abdrucke
from quartierstools.nachpruefung.fakten import faktenverzeichnis, namensliste
from quartierstools.nachpruefung.textquellen import textverzeichnis

WARM = (
    *VORWAERMEN,
    "quartierstools.ausgabe.werkbank",
    "quartierstools.ausgabe.steckbrief",
    "quartierstools.ausgabe.html",
    "quartierstools.analyse.bedarfsindex",
    "quartierstools.analyse.typisierung",
    "quartierstools.analyse.sensitivitaet",
)
"""Module, die der warme Prozess einmal lädt."""

SPEICHER = ".zwischen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Auftraggeber:
    """Was beim Aufruf gewählt wurde.

    Attributes
    ----------
    ort : str
        Projektname oder Pfad.
    werte : Mapping
        Parameter der Befehlszeile; sie gehen dem Profil vor.
    ausgabe : Path, optional
        Zielordner; Vorgabe ``ausgaben`` im Haus.
    """

    ort: str = "bochum"
    profil: str = "standard"
    werte: Mapping[str, str] = field(default_factory=dict)
    ausgabe: Path | None = None
    arbeiter: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Laufergebnis:
    """Fertiger Lauf.

    Attributes
    ----------
    ordner : Path
        Wo die Dateien liegen.
    misserfolge : tuple of Ergebnis
        Gescheiterte Notebooks; leer, wenn alles gelang.
    """

    kennung: str
    ordner: Path
    dateien: tuple[str, ...]
    misserfolge: tuple[Ergebnis, ...]


Melder = Callable[[int, int, str], None]
"""Bekommt erledigte und alle Schritte und den Titel des letzten."""


def laufe(auftraggeber: Auftraggeber, melde: Melder | None = None) -> Laufergebnis:
    """Führt die Standardauswertung eines Projekts aus.

    Raises
    ------
    Quartiersfehler
        Bei falschem Aufruf, mangelhaften Daten oder unbeschreibbarem Ziel; dann
        steht nichts in der Ausgabe.
    """
    wurzel = hauswurzel()
    ordner = finde_projekt(auftraggeber.ort, daten=wurzel / "daten")
    with Werkstatt(arbeiter=auftraggeber.arbeiter, vorwaermen=WARM) as werkstatt:
        werte = {
            **lies_profil(ordner.wurzel, auftraggeber.profil),
            **auftraggeber.werte,
        }
        stand = lies_datenstand(ordner)
        plan = plane(
            stand.katalog,
            list(map(str, stand.gebiete.index)),
            ordner=wurzel / "notebooks",
            projekt=ordner.wurzel.name,
            werte=werte,
            stadtbezirke=list(map(str, stand.stadtbezirke.index)),
        )
        auswertung = _auswertung(stand, plan)
        name, kopf = _kopf(auswertung, plan)
        ziel = _zielordner(
            auftraggeber.ausgabe or wurzel / "ausgaben", auswertung, name
        )
        _raeume_reste(ziel.parent)
        daneben = ziel.with_name(f".{name}-{os.getpid()}.teil")
        try:
            daneben.mkdir(parents=True)
            auswertung = auswertung.lege_ab(daneben / SPEICHER)
            ergebnisse = _fuehre_aus(werkstatt, plan, auswertung, daneben, name, melde)
            return _stelle_fertig(daneben, ziel, auswertung, kopf, ergebnisse)
        except OSError as fehler:
            raise Ausgabefehler(
                f"In {ziel.parent} lässt sich nicht schreiben ({fehler.strerror}). "
                "Bitte Platz und Rechte prüfen oder mit --ausgabe einen anderen "
                "Ordner wählen."
            ) from fehler
        finally:
            shutil.rmtree(daneben, ignore_errors=True)


def _auswertung(stand: Datenstand, plan: Plan) -> Auswertung:
    """Auswertung mit der Einstellung, die auch die Notebooks bekommen."""
    einstellung = Einstellung.aus_parametern(plan.schritte[0].parameter)
    return Auswertung.aus_freigabe(
        gib_frei(stand, einstellung.fassung, ordner=musterordner(stand)),
        ordner=stand.ordner,
        einstellung=einstellung,
    )


def _zielordner(ausgabe: Path, auswertung: Auswertung, name: str) -> Path:
    ziel = ausgabe / auswertung.projekt.id / name
    try:
        ziel.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fehler:
        raise Ausgabefehler(
            f"Der Ordner {ziel.parent} lässt sich nicht anlegen ({fehler.strerror}). "
            "Bitte mit --ausgabe einen anderen wählen."
        ) from fehler
    return ziel


def _raeume_reste(ordner: Path) -> None:
    """Löscht halbe Ordner von Läufen, deren Prozess es nicht mehr gibt."""
    for rest in [*ordner.glob(".*.teil"), *ordner.glob(".*.alt")]:
        nummer = rest.stem.rpartition("-")[2]
        if nummer.isdigit() and not _lebt(int(nummer)):
            shutil.rmtree(rest, ignore_errors=True)


def _lebt(nummer: int) -> bool:
    if os.name == "nt":  # dort beendet das Signal 0 den Prozess
        return True
    try:
        os.kill(nummer, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _kopf(auswertung: Auswertung, plan: Plan) -> tuple[str, dict[str, object]]:
    """Kennung des Laufs und Kopf seines Manifests."""
    freigabe = auswertung.freigabe
    parameter = {s.name: dict(sorted(s.parameter.items())) for s in plan.schritte}
    programm = programmstand(sorted({s.notebook for s in plan.schritte}))
    name = kennung(freigabe.pruefsummen, parameter, programm)
    kopf: dict[str, object] = {
        "kennung": name,
        "projekt": auswertung.ort,
        "fassung": freigabe.fassung,
        "bezugsdatum": auswertung.projekt.bezugsdatum.isoformat(),
        "regelprofil": {"id": freigabe.profil.id, "version": freigabe.profil.version},
        "parameter": parameter,
        "eingaben": dict(freigabe.pruefsummen),
        "programm": programm,
        "woerter": namensliste(freigabe),
    }
    return name, kopf


def _fuehre_aus(
    werkstatt: Werkstatt,
    plan: Plan,
    auswertung: Auswertung,
    daneben: Path,
    name: str,
    melde: Melder | None,
) -> list[Ergebnis]:
    """Führt die Stufen nacheinander aus; ein Misserfolg hält niemanden auf."""
    umgebung = {
        UMGEBUNG["ordner"]: str(daneben),
        UMGEBUNG["speicher"]: str(daneben / SPEICHER),
        UMGEBUNG["lauf"]: name,
        UMGEBUNG["daten"]: str(auswertung.daten),
    }
    fertig: list[Ergebnis] = []
    gesamt = len(plan.schritte)
    titel = {s.name: s.titel for s in plan.schritte}

    def gemeldet(ergebnis: Ergebnis) -> None:
        fertig.append(ergebnis)
        if melde:
            melde(len(fertig), gesamt, titel[ergebnis.auftrag.name])

    ergebnisse: list[Ergebnis] = []
    for stufe in plan.stufen:
        auftraege = [_auftrag(s, daneben, umgebung) for s in stufe]
        ergebnisse += werkstatt.fuehre_aus(auftraege, melde=gemeldet)
    return ergebnisse


def _auftrag(schritt: Schritt, daneben: Path, umgebung: Mapping[str, str]) -> Auftrag:
    return Auftrag(
        name=schritt.name,
        notebook=schritt.notebook,
        ziel=daneben / "notebooks" / f"{schritt.name}.ipynb",
        parameter=schritt.parameter,
        umgebung=umgebung,
        ordner=schritt.notebook.parent,
    )


def _stelle_fertig(
    daneben: Path,
    ziel: Path,
    auswertung: Auswertung,
    kopf: dict[str, object],
    ergebnisse: Sequence[Ergebnis],
) -> Laufergebnis:
    """Schreibt Einstieg, Protokoll und Manifest und benennt den Ordner um."""
    misserfolge = tuple(e for e in ergebnisse if not e.gelungen)
    _protokolliere(daneben, ergebnisse)
    werkbank = Werkbank(
        auswertung=auswertung, ordner=daneben, lauf=str(kopf["kennung"])
    )
    meldungen = [f"{e.auftrag.name}: {e.meldung}" for e in misserfolge]
    werkbank.schreibe_einstieg(meldungen)
    belege, abdrucke = bilde_abdrucke(
        _sammle_belege(daneben),
        faktenverzeichnis(auswertung),
        textverzeichnis(finde_projekt(auswertung.ort, daten=auswertung.daten)),
    )
    shutil.rmtree(daneben / SPEICHER, ignore_errors=True)
    shutil.rmtree(daneben / BELEGE, ignore_errors=True)
    packen.schreibe(daneben / MANIFEST, manifest(daneben, kopf, belege, abdrucke))
    if misserfolge:
        ziel = ziel.with_name(f"{ziel.name}-unvollstaendig")
    _ersetze(daneben, ziel)
    return Laufergebnis(
        kennung=str(kopf["kennung"]),
        ordner=ziel,
        dateien=tuple(ausgabenamen(ziel)),
        misserfolge=misserfolge,
    )


def _protokolliere(daneben: Path, ergebnisse: Sequence[Ergebnis]) -> None:
    """Eine Zeile je Notebook, ohne Zeiten: gleiche Eingabe, gleiche Bytes."""
    zeilen = [
        json.dumps(
            {
                "notebook": e.auftrag.name,
                "gelungen": e.gelungen,
                "meldung": e.meldung,
            },
            ensure_ascii=False,
        )
        for e in ergebnisse
    ]
    packen.schreibe(daneben / "protokoll.jsonl", "\n".join(zeilen) + "\n")


def _sammle_belege(daneben: Path) -> dict[str, dict[str, object]]:
    belege: dict[str, dict[str, object]] = {}
    for datei in sorted((daneben / BELEGE).glob("*.json")):
        belege |= json.loads(datei.read_text(encoding="utf-8"))
    return belege


def _ersetze(daneben: Path, ziel: Path) -> None:
    """Stellt den fertigen Ordner an seinen Ort; ein alter gleichen Namens weicht."""
    alt = ziel.with_name(f".{ziel.name}-{os.getpid()}.alt")
    if ziel.exists():
        ziel.rename(alt)
    daneben.rename(ziel)
    shutil.rmtree(alt, ignore_errors=True)
