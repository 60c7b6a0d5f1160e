"""Was gehört zu einem Lauf zusammen? Freigabe, Bedarf, Typen – einmal gerechnet."""

from quartierstools.auswertung.auswertung import Auswertung, Einstellung
from quartierstools.auswertung.bedarf import Bedarf
from quartierstools.auswertung.messung import Messung
from quartierstools.auswertung.typen import Typen

__all__ = ["Auswertung", "Bedarf", "Einstellung", "Messung", "Typen"]
