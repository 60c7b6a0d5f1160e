"""Was ist schon fertig? Journal eines Laufs, das auch ein Stromausfall nicht verliert.

Jede Zeile nennt einen fertigen Schritt und die Prüfsummen seiner Dateien. Geschrieben
wird sie erst, wenn die Dateien sicher auf dem Datenträger stehen.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from quartierstools.ausgabe.manifest import sha256

JOURNAL = "journal.jsonl"
SCHRITTE = "schritte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fertig:
    """Ein fertiger Schritt.

    Attributes
    ----------
    schluessel : str
        Siehe `quartierstools.lauf.schluessel`.
    dateien : Mapping
        Name im Ordner des Schritts → SHA-256.
    """

    name: str
    schluessel: str
    dateien: Mapping[str, str]


def dateien_in(ordner: Path) -> list[str]:
    """Namen aller Dateien eines Schritts, auch verborgener, sortiert."""
    return sorted(
        datei.relative_to(ordner).as_posix()
        for datei in ordner.rglob("*")
        if datei.is_file()
    )


class Journal:
    """Journal eines Laufs, der noch nicht an seinem Ort steht.

    Parameters
    ----------
    ordner : Path
        Verborgener Ordner des Laufs; die Schritte liegen in ``schritte/<name>``.
    """

    def __init__(self, ordner: Path) -> None:
        self._ordner = ordner
        self._datei = ordner / JOURNAL

    def lies(self) -> dict[str, Fertig]:
        """Alle lesbaren Zeilen nach Schritt; eine abgerissene letzte zählt nicht."""
        gelesen: dict[str, Fertig] = {}
        try:
            text = self._datei.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return {}
        for zeile in text.splitlines():
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                eintrag = json.loads(zeile)
                fertig = Fertig(
                    name=eintrag["name"],
                    schluessel=eintrag["schluessel"],
                    dateien=dict(eintrag["dateien"]),
                )
                gelesen[fertig.name] = fertig
        return gelesen

    def geprueft(self) -> dict[str, Fertig]:
        """Nur Schritte, deren Dateien vollständig und unverändert daliegen."""
        return {
            name: fertig
            for name, fertig in self.lies().items()
            if ist_unversehrt(self._ordner / SCHRITTE / name, fertig.dateien)
        }

    def merke(self, name: str, schluessel: str) -> Fertig:
        """Hält einen fertigen Schritt fest.

        Raises
        ------
        OSError
            Wenn der Datenträger voll oder nicht beschreibbar ist.
        """
        ort = self._ordner / SCHRITTE / name
        dateien = {datei: _sichere(ort / datei) for datei in dateien_in(ort)}
        for ordner in (ort, *(p for p in ort.rglob("*") if p.is_dir())):
            _sichere_ordner(ordner)
        fertig = Fertig(name=name, schluessel=schluessel, dateien=dateien)
        zeile = json.dumps(
            {"name": name, "schluessel": schluessel, "dateien": dateien},
            ensure_ascii=False,
            sort_keys=True,
        )
        with self._datei.open("a+b") as strom:
            # Nach einem Abriss beginnt eine neue Zeile.
            ende = strom.seek(0, os.SEEK_END)
            if ende and (strom.seek(-1, os.SEEK_END), strom.read(1))[1] != b"\n":
                strom.write(b"\n")
            strom.write(zeile.encode() + b"\n")
            strom.flush()
            os.fsync(strom.fileno())
        return fertig


def ist_unversehrt(ordner: Path, dateien: Mapping[str, str]) -> bool:
    """Ob in `ordner` genau diese Dateien mit diesen Prüfsummen liegen."""
    if dateien_in(ordner) != sorted(dateien):
        return False
    with suppress(OSError):
        return all(sha256(ordner / name) == soll for name, soll in dateien.items())
    return False


def _sichere(datei: Path) -> str:
    """Bringt eine Datei auf den Datenträger und gibt ihre Prüfsumme."""
    griff = os.open(datei, os.O_RDWR)
    try:
        os.fsync(griff)
    finally:
        os.close(griff)
    return sha256(datei)


def _sichere_ordner(ordner: Path) -> None:
    if os.name == "nt":  # dort lassen sich Ordner nicht öffnen
        return
    griff = os.open(ordner, os.O_RDONLY)
    try:
        with suppress(OSError):  # nicht jedes Dateisystem kann das
            os.fsync(griff)
    finally:
        os.close(griff)
