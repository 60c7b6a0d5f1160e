"""Was gehört zu einem Lauf zusammen? Freigabe, Bedarf, Typen – einmal gerechnet."""

from quartierstools.auswertung.angebotslage import Angebotslage
from quartierstools.auswertung.auswertung import Auswertung
from quartierstools.auswertung.bedarf import Bedarf, haltwort
from quartierstools.auswertung.einstellung import Einstellung, angewandt, gewichte_von
from quartierstools.auswertung.entwicklung import Entwicklung, entwicklung
from quartierstools.auswertung.lieferstand import (
    Lieferstand,
    lieferstand,
    mangelsatz,
    mangelzahl,
    mit_grund,
    wertluecke,
    zustand,
)
from quartierstools.auswertung.messung import Messung
from quartierstools.auswertung.reihen import (
    brueche,
    fruehere_klassen,
    intervalle,
    stichtage,
)
from quartierstools.auswertung.szenario import Szenarioergebnis
from quartierstools.auswertung.typen import Typen

__all__ = [
    "Angebotslage",
    "Auswertung",
    "Bedarf",
    "Einstellung",
    "Entwicklung",
    "Lieferstand",
    "Messung",
    "Szenarioergebnis",
    "Typen",
    "angewandt",
    "brueche",
    "entwicklung",
    "fruehere_klassen",
    "gewichte_von",
    "haltwort",
    "intervalle",
    "lieferstand",
    "mangelsatz",
    "mangelzahl",
    "mit_grund",
    "stichtage",
    "wertluecke",
    "zustand",
]


def __dir__() -> list[str]:
    """Was das Zimmer anbietet."""
    return __all__
