"""Wo läge ein neues Angebot günstig? Kandidaten, Bedarf ohne Platz, Alternativen.

Gerechnet wird mit `spopt.locate`; das Ergebnis ist ein Vorschlag zum Prüfen vor Ort.
"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

Ziel = Literal["größte Abdeckung", "kürzeste Wege"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standortvorschlag:
    """Eine Auswahl von Orten mit dem, was sie erreicht.

    Attributes
    ----------
    orte : tuple of str
        Kennungen der Kandidaten, sortiert.
    gedeckt : float
        Bedarf in Reichweite.
    anteil : float
        Gedeckter Anteil am gesamten Bedarf, 0 bis 1.
    mittlere_minuten : float
        Mittlerer Weg zum nächsten gewählten Ort, nach Bedarf gewichtet.
    kosten : float
        Summe der Kosten; 0 ohne Kostenangabe.
    """

    orte: tuple[str, ...]
    gedeckt: float
    anteil: float
    mittlere_minuten: float
    kosten: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standortwahl:
    """Vorschläge für neue Standorte, bester zuerst.

    Attributes
    ----------
    ziel : str
        ``größte Abdeckung`` oder ``kürzeste Wege``.
    satz : str
        Was gerechnet wurde: Bedarf, Wege, Reichweite, Kandidaten.
    vorschlaege : tuple of Standortvorschlag
        Der beste und die nächstbesten; gleich gute stehen nach Kennung.
    kandidaten : DataFrame
        Index `kandidat`: `name`, `art`, `gebiet`, `breite`, `laenge`.
    bedarf : Series
        Bedarf je Gebiet, mit dem gerechnet wurde.
    """

    ziel: Ziel
    satz: str
    vorschlaege: tuple[Standortvorschlag, ...]
    kandidaten: pd.DataFrame
    bedarf: pd.Series
