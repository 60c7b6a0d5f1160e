"""Was soll gerechnet werden? Eingaben prüfen, freigeben, planen, Schlüssel bilden."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from quartierstools.ausgabe.manifest import (
    kennung,
    programmstand,
    sha256,
    versionen,
)
from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.eingang import Datenstand, lies_datenstand
from quartierstools.fehler import Aufruffehler
from quartierstools.geheimhaltung import Fassung, Freigabe, gib_frei
from quartierstools.geheimhaltung.muster import lies_muster, musterkennung
from quartierstools.katalog import Projektordner, finde_projekt, hauswurzel
from quartierstools.katalog.eintrag import lies_yaml
from quartierstools.lauf.durchsicht import MUSTERORDNER
from quartierstools.lauf.plan import Plan, plane
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
    werte = {**_profil(ordner.wurzel, auftraggeber.profil), **auftraggeber.werte}
    stand = lies_datenstand(ordner)
    plan = plane(
        stand.katalog,
        list(map(str, stand.gebiete.index)),
        ordner=wurzel / "notebooks",
        projekt=ordner.wurzel.name,
        werte=werte,
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
    gewaehlt = plan.schritte[0].parameter
    fassung: Fassung = (
        "intern" if gewaehlt.get("fassung") == "intern" else "oeffentlich"
    )
    gesetzt: Json = {
        f.name: tuple(wert) if isinstance(wert, list) else wert
        for f in fields(Einstellung)
        if (wert := gewaehlt.get(f.name)) is not None and f.name != "fassung"
    }
    return Auswertung.aus_freigabe(
        _gib_frei(stand, fassung, nur_lesen=nur_lesen),
        ordner=stand.ordner,
        einstellung=Einstellung(fassung=fassung, **gesetzt),
    )


def _gib_frei(stand: Datenstand, fassung: Fassung, *, nur_lesen: bool) -> Freigabe:
    ablage = stand.ordner.wurzel / MUSTERORDNER
    if not stand.werte["zaehler"].notna().any():
        return gib_frei(stand, fassung)
    if nur_lesen and fassung == "oeffentlich":
        gesucht = musterkennung(stand)
        vorhanden = {m.kennung for m in lies_muster(ablage)}
        if gesucht not in vorhanden:
            return gib_frei(stand, fassung)
    return gib_frei(stand, fassung, ordner=ablage)


def _profil(projekt: Path, name: str) -> dict[str, object]:
    """Parameter eines Profils; „standard“ darf fehlen."""
    datei = projekt / "profile" / f"{name}.yaml"
    if not datei.is_file():
        if name == "standard":
            return {}
        vorhanden = sorted(p.stem for p in datei.parent.glob("*.yaml"))
        raise Aufruffehler(
            f"Das Profil „{name}“ gibt es nicht. "
            f"Vorhanden: {', '.join(vorhanden) or 'keines'}."
        )
    gelesen = lies_yaml(datei)
    return dict(gelesen) if isinstance(gelesen, dict) else {}


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
        "parameter": parameter,
        "eingaben": dict(freigabe.pruefsummen),
        "programm": programm,
        "code": grundlage.code,
        "notebooks": {n.name: sha256(n) for n in notebooks},
        **gewaehlt,
    }
