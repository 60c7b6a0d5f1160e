"""Wovon hängt ein Schritt ab? Sein Schlüssel und warum er neu gerechnet wird."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from quartierstools.ausgabe.manifest import sha256
from quartierstools.lauf.plan import (
    BEGRUENDUNG,
    DATENLAGE,
    NOTEBOOKS,
    STADTBEZIRK,
    STECKBRIEF,
    STECKBRIEFBAND,
    Schritt,
)

Json = dict[str, Any]

LAENGE = 12
"""Zeichen der Kennung, die ein Schriftstück in der Fußzeile trägt."""

NUR_FUER: Mapping[str, tuple[str, ...]] = {
    "einzelwerte.csv": (
        DATENLAGE,
        BEGRUENDUNG,
        STECKBRIEF,
        STADTBEZIRK,
        STECKBRIEFBAND,
    ),
    "vorhaben": (DATENLAGE, BEGRUENDUNG, STADTBEZIRK),
    "profile": (DATENLAGE,),
}
"""Eingaben, die nicht jedes Notebook liest; alles andere geht alle an.

Dass die anderen Notebooks wirklich unverändert bleiben, prüft
``tests/lauf/test_schrittweise.py`` an einem vollständigen Neubau.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grundlage:
    """Was allen Schritten eines Laufs gemeinsam ist.

    Attributes
    ----------
    eingaben : Mapping
        Öffentliche Prüfsumme je Eingabedatei.
    freigabe : str
        Prüfsumme über Fassung, Regelprofil, Sperrmuster und Hinweise.
    code : str
        Prüfsumme über den Code des Pakets.
    versionen : Mapping
        Versionen der Pakete.
    """

    eingaben: Mapping[str, str]
    freigabe: str
    code: str
    versionen: Mapping[str, str]


def benutzt(schritt: Schritt, eingaben: Mapping[str, str]) -> dict[str, str]:
    """Die Eingaben, von denen ein Schritt abhängt.

    Examples
    --------
    >>> from pathlib import Path
    >>> karte = Schritt(name="20", titel="Karte", notebook=Path("20_typisierung.ipynb"))
    >>> benutzt(karte, {"bestand/a.csv": "1f", "vorhaben/v.yaml": "2e"})
    {'bestand/a.csv': '1f'}
    """
    art = schritt.notebook.name
    eigenes = f"{schritt.parameter.get('vorhaben', '')}.yaml"
    gebraucht = {}
    for name, summe in sorted(eingaben.items()):
        teile = PurePosixPath(name).parts
        if art not in NUR_FUER.get(teile[0], NOTEBOOKS):
            continue
        if teile[0] == "vorhaben" and art == BEGRUENDUNG and teile[-1] != eigenes:
            continue
        gebraucht[name] = summe
    return gebraucht


def angaben(schritt: Schritt, grundlage: Grundlage) -> Json:
    """Alles, was die Bytes eines Schritts bestimmt."""
    return {
        "name": schritt.name,
        "eingaben": benutzt(schritt, grundlage.eingaben),
        "freigabe": grundlage.freigabe,
        "parameter": dict(sorted(schritt.parameter.items())),
        "notebook": sha256(schritt.notebook),
        "code": grundlage.code,
        "versionen": dict(sorted(grundlage.versionen.items())),
    }


def fruehere_angaben(schritt: Schritt, manifest: Mapping[str, Any]) -> Json | None:
    """Dieselben Angaben aus dem Manifest eines früheren Laufs; None ohne diesen."""
    parameter = manifest.get("parameter", {}).get(schritt.name)
    if parameter is None:
        return None
    return {
        "name": schritt.name,
        "eingaben": benutzt(schritt, manifest.get("eingaben", {})),
        "freigabe": manifest.get("freigabe"),
        "parameter": parameter,
        "notebook": manifest.get("notebooks", {}).get(schritt.notebook.name),
        "code": manifest.get("code"),
        "versionen": manifest.get("versionen", {}),
    }


def schluessel(angaben: Mapping[str, Any]) -> str:
    """Prüfsumme der Angaben; gleicher Schlüssel, gleiche Bytes.

    Examples
    --------
    >>> schluessel({"name": "a"}) == schluessel({"name": "b"})
    False
    """
    text = json.dumps(dict(angaben), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def gruende(neu: Mapping[str, Any], alt: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Warum ein Schritt neu gerechnet wird, in Worten; leer, wenn nichts anders ist.

    Examples
    --------
    >>> jetzt = {"eingaben": {"a.csv": "2"}, "parameter": {"varianten": 500}}
    >>> vorher = {"eingaben": {"a.csv": "1"}, "parameter": {}}
    >>> gruende(jetzt, vorher)
    ('Eingabe geändert: a.csv', 'Parameter: varianten Vorgabe → 500')
    >>> gruende(jetzt, None)
    ('neu',)
    """
    if alt is None:
        return ("neu",)
    saetze = []
    dateien = _verschieden(neu["eingaben"], alt["eingaben"])
    if dateien:
        saetze.append(f"Eingabe geändert: {', '.join(dateien)}")
    for name in _verschieden(neu["parameter"], alt["parameter"]):
        vorher = alt["parameter"].get(name, "Vorgabe")
        saetze.append(
            f"Parameter: {name} {vorher} → {neu['parameter'].get(name, 'Vorgabe')}"
        )
    worte = {
        "notebook": "Notebook geändert",
        "code": "Programm geändert",
        "freigabe": "Freigabe geändert (Fassung, Regelprofil, Sperrmuster)",
    }
    saetze += [satz for feld, satz in worte.items() if neu.get(feld) != alt.get(feld)]
    pakete = _verschieden(neu.get("versionen", {}), alt.get("versionen", {}))
    if pakete:
        saetze.append(f"Pakete geändert: {', '.join(pakete)}")
    return tuple(saetze)


def _verschieden(eins: Mapping[str, Any], zwei: Mapping[str, Any]) -> list[str]:
    namen = sorted(eins.keys() | zwei.keys())
    return [n for n in namen if eins.get(n) != zwei.get(n)]
