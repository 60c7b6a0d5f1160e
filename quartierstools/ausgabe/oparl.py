"""Wie kommt eine Begründung ins Ratsinformationssystem? Als Drucksache nach OParl 1.1.

Adressen sind Platzhalter der Form ``urn:quartier:…``: Die endgültigen vergibt das
Ratsinformationssystem. Alle Daten stammen aus dem Projekt, keines von der Uhr.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import PurePosixPath
from typing import Any

from quartierstools.ausgabe.packen import als_bytes
from quartierstools.auswertung import Auswertung

SCHEMA = "https://schema.oparl.org/1.1"
MIME = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Endung → Medientyp."""

HAUPTDATEI = ".pdf"
"""Die Fassung, die alle lesen können, ist die Hauptdatei."""


def drucksache(
    auswertung: Auswertung,
    vorhaben: str,
    dateien: Mapping[str, str | bytes],
    *,
    gattung: str,
) -> dict[str, Any]:
    """Drucksache (Paper) mit Haupt- und Nebendateien (File).

    Parameters
    ----------
    auswertung : Auswertung
        Ort und Vorhaben.
    vorhaben : str
        Kennung des Vorhabens.
    dateien : mapping of str to str or bytes
        Pfad im Laufordner → Inhalt; eine davon ist das PDF der Begründung.
    gattung : str
        Art der Drucksache, etwa „Begründung (Entwurf)“.

    References
    ----------
    .. [1] OParl 1.1, Objekttypen Paper und File.
    """
    eintrag = auswertung.katalog.eintrag_vorhaben(vorhaben)
    projekt, freigabe = auswertung.projekt, auswertung.freigabe
    kennung = f"urn:quartier:{projekt.id}:vorhaben:{vorhaben}"
    zeit = _zeitpunkt(auswertung)
    folge = sorted(dateien, key=lambda n: (PurePosixPath(n).suffix != HAUPTDATEI, n))
    belege = [
        _datei(name, dateien[name], kennung=kennung, titel=eintrag.name, zeit=zeit)
        for name in folge
    ]
    # Dieselbe Begründung in anderem Format hängt an der Hauptdatei.
    for beleg in belege[1:]:
        if PurePosixPath(beleg["fileName"]).stem == _stamm(belege[0]):
            beleg["masterFile"] = belege[0]["id"]
    zielgruppe = auswertung.katalog.zielgruppen[eintrag.zielgruppe].bezeichnung
    namen = freigabe.gebiete["name"]
    orte = [
        {
            "id": f"urn:quartier:{projekt.id}:gebiet:{gebiet}",
            "type": f"{SCHEMA}/Location",
            "description": f"{namen[gebiet]} (Schlüssel {gebiet})",
            "locality": projekt.stadt,
            "created": zeit,
            "modified": zeit,
        }
        for gebiet in eintrag.gebiete
    ]
    paper: dict[str, Any] = {
        "id": kennung,
        "type": f"{SCHEMA}/Paper",
        "body": f"urn:quartier:{projekt.id}",
        "name": eintrag.name,
        "date": projekt.bezugsdatum.isoformat(),
        "paperType": gattung,
        "mainFile": belege[0],
        "auxiliaryFile": belege[1:],
        "location": orte,
        "keyword": [zielgruppe, *(str(namen[g]) for g in eintrag.gebiete)],
        "created": zeit,
        "modified": zeit,
    }
    if eintrag.vorlage_nr:
        paper["reference"] = eintrag.vorlage_nr
    return paper


def drucksache_text(paper: Mapping[str, Any]) -> str:
    """JSON mit fester Reihenfolge und Zeilenende."""
    return json.dumps(paper, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _zeitpunkt(auswertung: Auswertung) -> str:
    """Mitternacht des Bezugsdatums nach RFC 3339."""
    tag = auswertung.projekt.bezugsdatum
    return datetime.combine(tag, time(), UTC).isoformat()


def _stamm(datei: Mapping[str, Any]) -> str:
    return PurePosixPath(str(datei["fileName"])).stem


def _datei(
    name: str, inhalt: str | bytes, *, kennung: str, titel: str, zeit: str
) -> dict[str, Any]:
    roh, pfad = als_bytes(inhalt), PurePosixPath(name)
    return {
        "id": f"{kennung}:datei:{pfad.name}",
        "type": f"{SCHEMA}/File",
        "name": f"{pfad.stem.capitalize()} {titel}",
        "fileName": pfad.name,
        "mimeType": MIME.get(pfad.suffix, "application/octet-stream"),
        "date": zeit[:10],
        "size": len(roh),
        "sha512Checksum": hashlib.sha512(roh).hexdigest(),
        "accessUrl": f"{kennung}:datei:{pfad.name}",
        "paper": [kennung],
        "created": zeit,
        "modified": zeit,
    }
