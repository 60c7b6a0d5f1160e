"""Was soll gerechnet werden? Eingaben prüfen, freigeben, planen, Schlüssel bilden."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quartierstools.ausgabe.manifest import (
    kennung,
    programmstand,
    sha256,
    versionen,
)
from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.auswertung.methodenblatt import methodenblatt
from quartierstools.eingang import Datenstand, lies_datenstand
from quartierstools.geheimhaltung import Fassung, Freigabe, gib_frei, musterordner
from quartierstools.geheimhaltung.ablage import lies_muster
from quartierstools.geheimhaltung.muster import musterkennung, sperrmuster
from quartierstools.katalog import Projektordner, finde_projekt, hauswurzel
from quartierstools.lauf.plan import Plan, plane
from quartierstools.lauf.profil import lies_profil
from quartierstools.lauf.schluessel import Grundlage, angaben

Json = dict[str, Any]

ZEITGRENZE = 1800.0
"""Sekunden, nach denen ein Notebook als hängend gilt."""

MOTOREN = ("lokal", "dask")


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
    arbeiter : int, optional
        Notebooks zugleich; Vorgabe: Prozessoren.
    neu : bool
        Rechnet alles neu und übernimmt nichts.
    fortsetzen : bool
        Sagt es, wenn es nichts fortzusetzen gibt.
    zeitgrenze : float
        Sekunden je Notebook; 0 heißt ohne Grenze.
    speichergrenze : int
        MB, die ein Notebook belegen darf; 0 heißt ohne Grenze.
    motor : str
        ``lokal`` oder ``dask``.
    scheduler, ablage : str
        Adresse des Dask-Schedulers; gemeinsamer Speicher als fsspec-Adresse.
    rocrate : bool
        Legt ``ro-crate-metadata.json`` dazu.
    """

    ort: str = "bochum"
    profil: str = "standard"
    werte: Mapping[str, object] = field(default_factory=dict)
    ausgabe: Path | None = None
    arbeiter: int | None = None
    neu: bool = False
    fortsetzen: bool = False
    zeitgrenze: float = ZEITGRENZE
    speichergrenze: int = 0
    motor: str = "lokal"
    scheduler: str = ""
    ablage: str = ""
    rocrate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Vorbereitung:
    """Geprüfter Auftrag: Werte, Plan und wovon jeder Schritt abhängt.

    Attributes
    ----------
    kennung : str
        Name des Laufs.
    kopf : dict
        Kopf des Manifests.
    angaben : Mapping
        Je Schritt, was seine Bytes bestimmt.
    ordner : Projektordner
        Woher die Eingaben kamen.
    ziel : Path
        Ordner des fertigen Laufs; es gibt ihn vielleicht noch nicht.
    """

    auswertung: Auswertung
    plan: Plan
    kennung: str
    kopf: Json
    angaben: Mapping[str, Json]
    ordner: Projektordner
    ziel: Path


def bereite_vor(auftraggeber: Auftraggeber, *, nur_lesen: bool = False) -> Vorbereitung:
    """Liest und prüft alles, was vor dem ersten Notebook zu prüfen ist.

    Parameters
    ----------
    nur_lesen : bool, default=False
        Schreibt auch kein Sperrmuster ins Projekt.

    Raises
    ------
    Quartiersfehler
        Bei falschem Aufruf oder mangelhaften Daten, mit allen Mängeln.
    """
    wurzel = hauswurzel()
    ordner = finde_projekt(auftraggeber.ort, daten=wurzel / "daten")
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
    auswertung = _auswertung(stand, plan, nur_lesen=nur_lesen)
    grundlage = _grundlage(auswertung.freigabe)
    kopf = _kopf(auswertung, plan, grundlage, rocrate=auftraggeber.rocrate)
    ausgabe = auftraggeber.ausgabe or wurzel / "ausgaben"
    return Vorbereitung(
        auswertung=auswertung,
        plan=plan,
        kennung=str(kopf["kennung"]),
        kopf=kopf,
        angaben={s.name: angaben(s, grundlage) for s in plan.schritte},
        ordner=ordner,
        ziel=ausgabe / auswertung.projekt.id / str(kopf["kennung"]),
    )


def _auswertung(stand: Datenstand, plan: Plan, *, nur_lesen: bool) -> Auswertung:
    """Auswertung mit der Einstellung, die auch die Notebooks bekommen."""
    einstellung = Einstellung.aus_parametern(plan.schritte[0].parameter)
    return Auswertung.aus_freigabe(
        _gib_frei(stand, einstellung.fassung, nur_lesen=nur_lesen),
        ordner=stand.ordner,
        einstellung=einstellung,
    )


def _gib_frei(stand: Datenstand, fassung: Fassung, *, nur_lesen: bool) -> Freigabe:
    ordner = musterordner(stand)
    if not nur_lesen or ordner is None or fassung == "intern":
        return gib_frei(stand, fassung, ordner=ordner)
    abgelegt = lies_muster(ordner)
    gesucht = musterkennung(stand)
    muster = next((m for m in abgelegt if m.kennung == gesucht), None)
    neu = muster or sperrmuster(stand, frueher=abgelegt)
    return gib_frei(stand, fassung, muster=neu, ordner=ordner)


def _grundlage(freigabe: Freigabe) -> Grundlage:
    stand = [
        freigabe.fassung,
        freigabe.profil.id,
        freigabe.profil.version,
        freigabe.muster,
        list(map(str, freigabe.hinweise)),
        list(freigabe.pruefstand),
    ]
    text = json.dumps(stand, ensure_ascii=False)
    return Grundlage(
        eingaben=dict(freigabe.pruefsummen),
        freigabe=hashlib.sha256(text.encode()).hexdigest(),
        code=programmstand([]),
        versionen=versionen(),
    )


def _kopf(
    auswertung: Auswertung, plan: Plan, grundlage: Grundlage, *, rocrate: bool
) -> Json:
    """Kopf des Manifests mit der Kennung des Laufs."""
    freigabe = auswertung.freigabe
    parameter = {s.name: dict(sorted(s.parameter.items())) for s in plan.schritte}
    notebooks = sorted({s.notebook for s in plan.schritte})
    programm = programmstand(notebooks)
    gewaehlt: Json = {"rocrate": True} if rocrate else {}
    bestimmend = {**grundlage.eingaben, "freigabe": grundlage.freigabe}
    return {
        "kennung": kennung(bestimmend, {**parameter, **gewaehlt}, programm),
        "projekt": auswertung.ort,
        "fassung": freigabe.fassung,
        "bezugsdatum": auswertung.projekt.bezugsdatum.isoformat(),
        "regelprofil": {"id": freigabe.profil.id, "version": freigabe.profil.version},
        "freigabe": grundlage.freigabe,
        "methode": methodenblatt(auswertung),
        "parameter": parameter,
        "eingaben": dict(freigabe.pruefsummen),
        "programm": programm,
        "code": grundlage.code,
        "notebooks": {n.name: sha256(n) for n in notebooks},
        **gewaehlt,
    }
