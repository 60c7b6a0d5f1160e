"""Was gilt? Indikatoren, Gebiete, Zielgruppen, Quellen, Regeln – als Daten."""

from quartierstools.katalog.katalog import Katalog, lade_katalog
from quartierstools.katalog.modelle import (
    Bruch,
    Formular,
    Indikator,
    Klassenworte,
    Quelle,
    Wortwahl,
    Zielgruppe,
)
from quartierstools.katalog.orte import Projektordner, finde_projekt, hauswurzel
from quartierstools.katalog.projektmodelle import (
    Aussage,
    Gebietsebene,
    Projekt,
    Vorhaben,
)
from quartierstools.katalog.regelmodelle import Regelprofil

__all__ = [
    "Aussage",
    "Bruch",
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


def __dir__() -> list[str]:
    """Was das Zimmer anbietet."""
    return __all__
