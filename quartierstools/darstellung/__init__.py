"""Wie sieht es aus? Klassenbild → Karte, Diagramm, Tabelle.

Karte im Browser, Karte auf Papier, Legende und Text lesen dasselbe
`Klassenbild`.
"""

from quartierstools.darstellung.angebotsbild import Angebotsbild
from quartierstools.darstellung.diagramm import balken_beitraege, typenprofil
from quartierstools.darstellung.einteilung import (
    quantilgrenzen,
    stufenbild,
    typenbild,
    wertebild,
)
from quartierstools.darstellung.hintergrund import Kacheldienst
from quartierstools.darstellung.karte import Kartenbild
from quartierstools.darstellung.karte_html import karte_html
from quartierstools.darstellung.klassenbild import Klasse, Klassenbild
from quartierstools.darstellung.lagekarte import lagekarte
from quartierstools.darstellung.matrix import statusfeld
from quartierstools.darstellung.papierkarte import klassenkarte
from quartierstools.darstellung.streifen import punktstreifen
from quartierstools.darstellung.verlauf import Verlauf, verlaufstafel
from quartierstools.darstellung.zeitbild import Zeitbild, differenzbild

__all__ = [
    "Angebotsbild",
    "Kacheldienst",
    "Kartenbild",
    "Klasse",
    "Klassenbild",
    "Verlauf",
    "Zeitbild",
    "balken_beitraege",
    "differenzbild",
    "karte_html",
    "klassenkarte",
    "lagekarte",
    "punktstreifen",
    "quantilgrenzen",
    "statusfeld",
    "stufenbild",
    "typenbild",
    "typenprofil",
    "verlaufstafel",
    "wertebild",
]
