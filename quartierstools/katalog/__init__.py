"""Was gilt? Indikatoren, Gebiete, Zielgruppen, Quellen, Regeln – als Daten."""

from quartierstools.katalog.katalog import Katalog, lade_katalog
from quartierstools.katalog.modelle import (
    Aussage,
    Formular,
    Gebietsebene,
    Indikator,
    Klassenworte,
    Projekt,
    Quelle,
    Regelprofil,
    Vorhaben,
    Wortwahl,
    Zielgruppe,
)
from quartierstools.katalog.orte import Projektordner, finde_projekt, hauswurzel

__all__ = [
    "Aussage",
    "Formular",
    "Gebietsebene",
    "Indikator",
    "Katalog",
    "Klassenworte",
    "Projekt",
    "Projektordner",
    "Quelle",
    "Regelprofil",
    "Vorhaben",
    "Wortwahl",
    "Zielgruppe",
    "finde_projekt",
    "hauswurzel",
    "lade_katalog",
]
