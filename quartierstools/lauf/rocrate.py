"""Beschreibung eines Laufs als RO-Crate 1.1, für Archive und Forschungsdaten."""

import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quartierstools.ausgabe.manifest import MANIFEST, ausgabenamen, sha256
from quartierstools.auswertung import Auswertung

CRATE = "ro-crate-metadata.json"
KONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFIL = "https://w3id.org/ro/crate/1.1"
PROGRAMM = "#quartierstools"

ARTEN: Mapping[str, str] = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def rocrate(ordner: Path, kopf: Mapping[str, Any], auswertung: Auswertung) -> str:
    """Text von ``ro-crate-metadata.json``.

    Parameters
    ----------
    ordner : Path
        Fertiger Lauf, noch ohne Manifest; das Manifest wird genannt, aber ohne
        Prüfsumme, denn es enthält selbst die der Beschreibung.
    kopf : Mapping
        Kopf des Manifests.

    Returns
    -------
    str
        JSON-LD, sortiert und ohne Uhrzeit.
    """
    namen = [n for n in ausgabenamen(ordner) if n != CRATE]
    stadt = auswertung.projekt.stadt
    teile = [{"@id": name} for name in [*namen, MANIFEST]]
    wurzel = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Sozialräumliche Auswertung {stadt}",
        "description": (
            f"Auswertung {stadt}, Fassung {kopf['fassung']}, "
            f"Kennung {kopf['kennung']}. Zahlen und Belege stehen in {MANIFEST}."
        ),
        "datePublished": kopf["bezugsdatum"],
        "identifier": kopf["kennung"],
        # Die Rechte liegen bei der Kommune; das Programm legt sie nicht fest.
        "license": "Nutzung nach den Angaben der Kommune und der Datenquellen",
        "hasPart": teile,
        "mentions": {"@id": f"#lauf-{kopf['kennung']}"},
    }
    beschreibung = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": PROFIL},
    }
    lauf = {
        "@id": f"#lauf-{kopf['kennung']}",
        "@type": "CreateAction",
        "name": f"Lauf {kopf['kennung']}",
        "instrument": {"@id": PROGRAMM},
        "object": [{"@id": f"#eingabe-{name}"} for name in sorted(kopf["eingaben"])],
        "result": teile,
    }
    programm = {
        "@id": PROGRAMM,
        "@type": "SoftwareApplication",
        "name": "quartierstools",
        "softwareVersion": kopf["programm"],
        "softwareRequirements": f"siehe „versionen“ in {MANIFEST}",
    }
    eingaben = [
        {
            "@id": f"#eingabe-{name}",
            "@type": "CreativeWork",
            "name": name,
            "sha256": summe,
        }
        for name, summe in sorted(kopf["eingaben"].items())
    ]
    graph = [
        beschreibung,
        wurzel,
        *(_datei(ordner, name) for name in namen),
        {"@id": MANIFEST, "@type": "File", "encodingFormat": ARTEN[".json"]},
        programm,
        lauf,
        *eingaben,
    ]
    inhalt = {"@context": KONTEXT, "@graph": graph}
    return json.dumps(inhalt, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _datei(ordner: Path, name: str) -> dict[str, Any]:
    datei = ordner / name
    art = ARTEN.get(datei.suffix) or mimetypes.guess_type(name)[0]
    return {
        "@id": name,
        "@type": "File",
        "contentSize": str(datei.stat().st_size),
        "encodingFormat": art or "application/octet-stream",
        "sha256": sha256(datei),
    }
