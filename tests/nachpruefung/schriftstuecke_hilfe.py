"""Schriftstücke beider Läufe, bereit zum Prüfen und zum Fälschen."""

from dataclasses import dataclass
from pathlib import Path

from faelschung import Vorlage, oeffne

from quartierstools.nachpruefung.gegenueberstellung import (
    Gegenueberstellung,
    stelle_gegenueber,
)
from quartierstools.nachpruefung.lesen import ENDUNGEN, Lesestelle
from quartierstools.nachpruefung.pruefung import Vorlage as Stand
from quartierstools.nachpruefung.pruefung import vorlage as lade


@dataclass(frozen=True)
class Schriftstuecke:
    """Vorlagen und das, woran sie gemessen werden."""

    vorlagen: tuple[Vorlage, ...]
    staende: dict[Path, tuple[Stand, str]]
    orte: dict[Path, tuple[str, ...]]

    def pruefe(self, datei: Path, stellen: list[Lesestelle]) -> Gegenueberstellung:
        stand, name = self.staende[datei]
        return stelle_gegenueber(
            stand.aussagen(name), stellen, stand.woerter, stand.eigene(name)
        )


def aus_laeufen(laeufe) -> Schriftstuecke:
    """Begründungen, Berichte, Einstieg und einige Steckbriefe beider Läufe."""
    vorlagen, staende, orte = [], {}, {}
    for lauf in laeufe.values():
        stand = lade(lauf.manifest)
        dateien = [
            *sorted(lauf.ordner.glob("vorhaben/*/*.*")),
            *sorted(lauf.ordner.glob("zielgruppen/*/*.*")),
            *sorted(lauf.ordner.glob("steckbriefe/*.pdf"))[::10],
            lauf.ordner / "index.html",
        ]
        for datei in dateien:
            name = datei.relative_to(lauf.ordner).as_posix().rpartition(".")[0]
            if name not in stand.abdrucke or datei.suffix not in ENDUNGEN:
                continue
            vorlagen.append(oeffne(datei))
            staende[datei] = (stand, name)
            orte[datei] = tuple(lauf.manifest["woerter"]["orte"])
    return Schriftstuecke(tuple(vorlagen), staende, orte)
