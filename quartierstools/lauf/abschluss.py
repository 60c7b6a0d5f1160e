"""Wie wird aus fertigen Schritten ein Laufordner? Zusammenstellen und umbenennen."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from quartierstools.ausgabe import packen
from quartierstools.ausgabe.manifest import MANIFEST, manifest, sha256
from quartierstools.ausgabe.werkbank import BELEGE, Werkbank
from quartierstools.fehler import Lauffehler
from quartierstools.lauf.auftrag import Ergebnis
from quartierstools.lauf.journal import SCHRITTE, dateien_in
from quartierstools.lauf.rocrate import CRATE, rocrate
from quartierstools.lauf.vorbereitung import Vorbereitung
from quartierstools.lauf.vorrat import DRUCKBILD
from quartierstools.lauf.vorschau import Vorschau
from quartierstools.nachpruefung.abdruck import bilde_abdrucke
from quartierstools.nachpruefung.fakten import faktenverzeichnis, namensliste
from quartierstools.nachpruefung.textquellen import textverzeichnis

Json = dict[str, Any]

LAUF = "lauf"
"""Unterordner des verborgenen Ordners, der am Ende den Namen des Laufs bekommt."""

FEHLER = "fehler"
"""Ordner der gescheiterten Notebooks in einem unvollständigen Lauf."""

PROTOKOLL = "protokoll.jsonl"
UNVOLLSTAENDIG = "-unvollstaendig"


def stelle_fertig(
    teil: Path,
    vorbereitung: Vorbereitung,
    vorschau: Vorschau,
    misserfolge: Sequence[Ergebnis],
) -> Path:
    """Baut den Laufordner, schreibt Einstieg, Protokoll und Manifest, benennt um.

    Parameters
    ----------
    teil : Path
        Verborgener Ordner mit den fertigen Schritten.

    Returns
    -------
    Path
        Ordner, in dem der Lauf nun steht.
    """
    lauf = teil / LAUF
    shutil.rmtree(lauf, ignore_errors=True)
    gescheitert = {e.auftrag.name: e for e in misserfolge}
    schritte: Json = {}
    for s in vorschau.schritte:
        name = s.schritt.name
        if name in gescheitert:
            _lege_fehler_ab(teil / SCHRITTE / name, lauf / FEHLER)
            continue
        dateien, belegtexte = _uebertrage(teil / SCHRITTE / name, lauf)
        schritte[name] = {
            "schluessel": s.schluessel,
            "kennung": s.kennung,
            "ausgaben": dateien,
            "belege": belegtexte,
        }
    _protokolliere(lauf, vorschau, gescheitert)
    # Der nächste Lauf bildet daraus die Abdrucke dessen, was er übernimmt.
    packen.schreibe(lauf / DRUCKBILD, _als_json(_sammle(lauf)))
    werkbank = Werkbank(
        auswertung=vorbereitung.auswertung, ordner=lauf, lauf=vorbereitung.kennung
    )
    meldungen = [f"{n}: {e.meldung}" for n, e in gescheitert.items()]
    werkbank.schreibe_einstieg(meldungen)
    druckbilder = _sammle(lauf)
    belege, abdrucke = bilde_abdrucke(
        druckbilder,
        faktenverzeichnis(vorbereitung.auswertung),
        textverzeichnis(vorbereitung.ordner),
    )
    shutil.rmtree(lauf / BELEGE, ignore_errors=True)
    woerter = namensliste(vorbereitung.auswertung.freigabe)
    nachweise = {s["kennung"]: name for name, s in schritte.items()}
    kopf = {**vorbereitung.kopf, "schritte": schritte, "woerter": woerter}
    kopf["nachweise"] = dict(sorted(nachweise.items()))
    if kopf.get("rocrate"):
        packen.schreibe(lauf / CRATE, rocrate(lauf, kopf, vorbereitung.auswertung))
    packen.schreibe(lauf / MANIFEST, manifest(lauf, kopf, belege, abdrucke))
    return _stelle_an_den_ort(lauf, vorbereitung.ziel, unvollstaendig=bool(misserfolge))


def _uebertrage(ort: Path, lauf: Path) -> tuple[list[str], list[str]]:
    """Bringt die Dateien eines Schritts in den Lauf; gibt Dateien und Belegtexte."""
    belege: list[str] = []
    namen = dateien_in(ort)
    for name in namen:
        ziel = lauf / name
        if ziel.exists():
            raise Lauffehler(
                f"Zwei Notebooks schreiben „{name}“. Jedes braucht eigene Dateien."
            )
        ziel.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(ort / name, ziel)
        except OSError:  # nicht jedes Dateisystem kennt zweite Namen
            shutil.copyfile(ort / name, ziel)
        if name.startswith(f"{BELEGE}/"):
            belege += sorted(json.loads(ziel.read_text(encoding="utf-8")))
    return [n for n in namen if not n.startswith(".")], belege


def _lege_fehler_ab(ort: Path, fehler: Path) -> None:
    """Hebt das Notebook eines gescheiterten Schritts zum Lesen auf."""
    for notebook in sorted(ort.glob("notebooks/*.ipynb")):
        fehler.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(notebook, fehler / notebook.name)


def _protokolliere(
    lauf: Path, vorschau: Vorschau, gescheitert: Mapping[str, Ergebnis]
) -> None:
    """Eine Zeile je Notebook, ohne Zeiten: gleiche Eingabe, gleiche Bytes."""
    zeilen = []
    for s in vorschau.schritte:
        name = s.schritt.name
        misserfolg = gescheitert.get(name)
        zeile = {
            "notebook": name,
            "gelungen": misserfolg is None,
            "meldung": misserfolg.meldung if misserfolg else "",
        }
        zeilen.append(json.dumps(zeile, ensure_ascii=False))
    packen.schreibe(lauf / PROTOKOLL, "\n".join(zeilen) + "\n")


def _sammle(lauf: Path) -> dict[str, Json]:
    """Belege und Druckbild je Schriftstück."""
    druckbilder: dict[str, Json] = {}
    for datei in sorted((lauf / BELEGE).glob("*.json")):
        druckbilder |= json.loads(datei.read_text(encoding="utf-8"))
    return druckbilder


def _als_json(inhalt: object) -> str:
    return json.dumps(inhalt, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def _stelle_an_den_ort(lauf: Path, ziel: Path, *, unvollstaendig: bool) -> Path:
    """Gibt dem fertigen Ordner seinen Namen; ein alter gleichen Namens weicht."""
    halb = ziel.with_name(f"{ziel.name}{UNVOLLSTAENDIG}")
    ort = halb if unvollstaendig else ziel
    if not _gleich(lauf, ort):
        alt = ort.with_name(f".{ort.name}.alt")
        shutil.rmtree(alt, ignore_errors=True)
        if ort.exists():
            ort.rename(alt)
        lauf.rename(ort)
        shutil.rmtree(alt, ignore_errors=True)
    if not unvollstaendig:
        shutil.rmtree(halb, ignore_errors=True)
    return ort


def _gleich(eins: Path, zwei: Path) -> bool:
    """Ob beide Ordner dieselben Dateien mit denselben Bytes haben."""
    if not zwei.is_dir():
        return False
    namen = dateien_in(eins)
    with suppress(OSError):
        return namen == dateien_in(zwei) and all(
            sha256(eins / n) == sha256(zwei / n) for n in namen
        )
    return False
