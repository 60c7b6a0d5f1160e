"""Was gehört zu einem Lauf zusammen? Freigabe, Bedarf, Typen – einmal gerechnet."""

from quartierstools.auswertung.auswertung import Auswertung
from quartierstools.auswertung.bedarf import Bedarf
from quartierstools.auswertung.einstellung import Einstellung, angewandt, gewichte_von
from quartierstools.auswertung.messung import Messung
from quartierstools.auswertung.reihen import (
    brueche,
    fruehere_klassen,
    intervalle,
    stichtage,
)
from quartierstools.auswertung.typen import Typen

__all__ = [
    "Auswertung",
    "Bedarf",
    "Einstellung",
    "Messung",
    "Typen",
    "angewandt",
    "brueche",
    "fruehere_klassen",
    "gewichte_von",
    "intervalle",
    "stichtage",
]
