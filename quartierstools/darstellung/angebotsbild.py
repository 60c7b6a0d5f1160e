"""Wie erscheinen Angebote auf der Karte? Form je Zielgruppe, Ort nur, wo bekannt.

Ein Angebot ohne Koordinaten steht beim Gebiet, Stadtbezirk oder der ganzen Stadt,
wie der Bestand es nennt, und nie an einem erfundenen Punkt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quartierstools.darstellung.klassenbild import genannt
from quartierstools.fehler import Ausgabefehler

FORMEN: tuple[str, ...] = (
    "M8 2A6 6 0 1 1 7.99 2Z",
    "M8 1.5L15 14.5H1Z",
    "M2.5 2.5H13.5V13.5H2.5Z",
    "M8 .8L15.2 8L8 15.2L.8 8Z",
    "M5 1.5H11L15 8L11 14.5H5L1 8Z",
    "M8 1L15 6.2L12.3 14.5H3.7L1 6.2Z",
)
"""Umrisse auf 16 × 16: Kreis, Dreieck, Quadrat, Raute, Sechseck, Fünfeck."""

MEHRERE = "M5.5 1H10.5V5.5H15V10.5H10.5V15H5.5V10.5H1V5.5H5.5Z"
"""Kreuz: ein Angebot für mehrere Zielgruppen."""

STAENDE: Mapping[str, tuple[str, bool]] = {
    "geprüft": ("läuft, in den letzten zwölf Monaten geprüft", True),
    "läuft aus": ("läuft in den nächsten zwölf Monaten aus", True),
    "ungeprüft": ("nicht in den letzten zwölf Monaten geprüft", True),
    "beendet": ("beendet", False),
}
"""Stand → Text im Filter und ob er beim Öffnen gezeigt wird."""

SPALTEN = (
    "name", "traeger", "ort", "stand", "lage", "zielgruppen", "gebiete",
    "stadtbezirke", "reichweite", "laenge", "breite",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Angebotsbild:
    """Angebote, wie die Karte sie zeigt und filtert.

    Attributes
    ----------
    angebote : DataFrame, Index ``angebot``
        ``name``, ``traeger``, ``ort``, ``stand`` (Text), ``lage`` (Schlüssel aus
        `STAENDE`), ``zielgruppen``, ``gebiete``, ``stadtbezirke`` (Tupel),
        ``reichweite`` („stadtweit“, „wechselnd“ oder leer), ``laenge``, ``breite``
        (Grad oder fehlend).
    zielgruppen : Mapping of str to str
        Kennung → Bezeichnung, in der Reihenfolge der Formen, höchstens sechs.
    titel : str
        Überschrift der Liste.

    Raises
    ------
    Ausgabefehler
        Bei fehlenden Spalten, unbekanntem Stand, unbekannter Zielgruppe oder halben
        Koordinaten; alle Mängel auf einmal.
    """

    angebote: pd.DataFrame
    zielgruppen: Mapping[str, str]
    titel: str = "Angebote"

    def __post_init__(self) -> None:
        fehlend = sorted(set(SPALTEN) - set(self.angebote.columns))
        if fehlend:
            raise Ausgabefehler(f"Den Angeboten der Karte fehlen Spalten {fehlend}.")
        befunde = self._befunde()
        if befunde:
            raise Ausgabefehler(f"Angebote der Karte: {' '.join(befunde)}")

    def _befunde(self) -> list[str]:
        angebote = self.angebote
        befunde = []
        if len(self.zielgruppen) > len(FORMEN):
            befunde.append(
                f"{len(self.zielgruppen)} Zielgruppen; unterscheidbar sind höchstens "
                f"{len(FORMEN)} Formen."
            )
        fremd = sorted(set(angebote["lage"]) - set(STAENDE))
        if fremd:
            befunde.append(f"Unbekannter Stand {fremd}; bekannt: {list(STAENDE)}.")
        gruppen = {g for gruppen in angebote["zielgruppen"] for g in gruppen}
        ohne = sorted(gruppen - set(self.zielgruppen))
        if ohne:
            befunde.append(f"Zielgruppen ohne Bezeichnung: {ohne}.")
        orte = angebote[["laenge", "breite"]].astype("float64")
        da = np.isfinite(orte.to_numpy())
        halb = angebote.index[da.any(axis=1) & ~da.all(axis=1)]
        if len(halb):
            befunde.append(
                f"Nur eine Koordinate bei {genannt(halb)}; erwartet werden Länge und "
                "Breite oder keine."
            )
        return befunde

    def felder(self, gebiete: pd.Index, bezirke: list[str]) -> dict[str, Any]:
        """Felder für die Datei, nach Name und Kennung geordnet."""
        gruppen = list(self.zielgruppen)
        staende = list(STAENDE)
        nummer = {str(g): n for n, g in enumerate(gebiete)}
        geordnet = self.angebote.assign(kennung=self.angebote.index.astype(str))
        geordnet = geordnet.sort_values(["name", "kennung"], kind="stable")
        return {
            "titel": self.titel,
            "zielgruppen": [
                [name, form]
                for name, form in zip(self.zielgruppen.values(), FORMEN, strict=False)
            ],
            "mehrere": MEHRERE,
            "staende": [[text, gezeigt] for text, gezeigt in STAENDE.values()],
            "liste": [
                {
                    "name": str(a["name"]),
                    "text": " · ".join(
                        str(t) for t in (a["traeger"], a["ort"], a["stand"]) if t
                    ),
                    "gruppen": sorted(gruppen.index(g) for g in a["zielgruppen"]),
                    "stand": staende.index(a["lage"]),
                    "gebiete": sorted(nummer[g] for g in a["gebiete"] if g in nummer),
                    "bezirke": sorted(
                        bezirke.index(b) for b in a["stadtbezirke"] if b in bezirke
                    ),
                    "weit": str(a["reichweite"]),
                    "ort": _ort(a["laenge"], a["breite"]),
                }
                for _, a in geordnet.iterrows()
            ],
        }


def _ort(laenge: float, breite: float) -> list[float] | None:
    """Koordinaten auf rund einen Meter oder keine."""
    if pd.isna(laenge) or pd.isna(breite):
        return None
    return [round(float(laenge), 5), round(float(breite), 5)]
