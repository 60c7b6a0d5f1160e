"""Kommt dasselbe heraus? Ein Lauf wird wiederholt und Byte für Byte verglichen."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quartierstools.ausgabe.manifest import lies_manifest, sha256
from quartierstools.lauf.hauptlauf import laufe
from quartierstools.lauf.journal import dateien_in
from quartierstools.lauf.plan import VORBEHALTEN
from quartierstools.lauf.vorbereitung import Auftraggeber
from quartierstools.lauf.vorschau import Beobachter
from quartierstools.schreibweise import mehrzahl

GRUENDE = {
    "eingaben": "die Eingaben",
    "code": "das Programm",
    "notebooks": "die Notebooks",
    "versionen": "die Pakete",
    "freigabe": "Regelprofil oder Sperrmuster",
}
"""Felder des Manifests, die erklären, warum etwas anders ist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nachrechnung:
    """Ergebnis einer Wiederholung.

    Attributes
    ----------
    verschieden : tuple of str
        Dateien mit anderen Bytes.
    fehlend, zusaetzlich : tuple of str
        Dateien, die nur der alte oder nur der neue Lauf hat.
    ursachen : tuple of str
        Was sich seit dem Lauf geändert hat.
    """

    dateien: int
    verschieden: tuple[str, ...]
    fehlend: tuple[str, ...]
    zusaetzlich: tuple[str, ...]
    ursachen: tuple[str, ...]

    @property
    def in_ordnung(self) -> bool:
        """Ob jede Datei dieselben Bytes hat."""
        return not (self.verschieden or self.fehlend or self.zusaetzlich)

    @property
    def zeilen(self) -> tuple[str, ...]:
        """Ergebnis für den Bildschirm."""
        anzahl = mehrzahl(self.dateien, "Datei", "Dateien")
        if self.in_ordnung:
            return (f"Nachgerechnet: {anzahl}, alle mit denselben Bytes.",)
        zeilen = [f"  - anders: {name}" for name in self.verschieden]
        zeilen += [f"  - entsteht nicht mehr: {name}" for name in self.fehlend]
        zeilen += [f"  - kommt dazu: {name}" for name in self.zusaetzlich]
        if self.ursachen:
            zeilen.append(f"Seit dem Lauf geändert: {', '.join(self.ursachen)}.")
        abweichend = mehrzahl(len(zeilen) - bool(self.ursachen), "weicht", "weichen")
        zeilen.append(f"Nachgerechnet: {anzahl}, {abweichend} ab.")
        return tuple(zeilen)


def rechne_nach(
    ordner: Path,
    projekt: str | None = None,
    *,
    beobachter: Sequence[Beobachter] = (),
) -> Nachrechnung:
    """Wiederholt einen Lauf mit den Parametern seines Manifests.

    Gerechnet wird alles neu, in einem vorläufigen Ordner; `ordner` bleibt unberührt.

    Parameters
    ----------
    ordner : Path
        Fertiger Lauf mit ``manifest.json``.
    projekt : str, optional
        Vorgabe: das Projekt aus dem Manifest.

    Raises
    ------
    Aufruffehler
        Wenn das Manifest fehlt oder unbrauchbar ist.
    """
    alt = lies_manifest(ordner)
    with tempfile.TemporaryDirectory(prefix="quartier-nachrechnen-") as vorlaeufig:
        ergebnis = laufe(
            Auftraggeber(
                ort=projekt or str(alt["projekt"]),
                profil="standard",
                werte=_gemeinsame_werte(alt),
                ausgabe=Path(vorlaeufig),
                neu=True,
                rocrate=bool(alt.get("rocrate")),
            ),
            beobachter,
        )
        neu = lies_manifest(ergebnis.ordner)
        return _vergleiche(ordner, ergebnis.ordner, alt, neu)


def _gemeinsame_werte(manifest: dict[str, Any]) -> dict[str, object]:
    """Parameter, die für alle Notebooks galten; die anderen setzt der Plan."""
    werte: dict[str, object] = {}
    for parameter in manifest["parameter"].values():
        werte |= {n: w for n, w in parameter.items() if n not in VORBEHALTEN}
    return werte


def _vergleiche(
    eins: Path, zwei: Path, alt: dict[str, Any], neu: dict[str, Any]
) -> Nachrechnung:
    vorher, nachher = set(dateien_in(eins)), set(dateien_in(zwei))
    gemeinsam = sorted(vorher & nachher)
    return Nachrechnung(
        dateien=len(vorher),
        verschieden=tuple(n for n in gemeinsam if sha256(eins / n) != sha256(zwei / n)),
        fehlend=tuple(sorted(vorher - nachher)),
        zusaetzlich=tuple(sorted(nachher - vorher)),
        ursachen=tuple(
            wort for feld, wort in GRUENDE.items() if alt.get(feld) != neu.get(feld)
        ),
    )
