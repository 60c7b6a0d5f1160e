"""Wie weit ist es zum Angebot? Gehminuten und Plätze je 100 Betroffene.

Ohne Wegenetz gilt die Luftlinie mit Umwegfaktor aus dem Katalog. Was benutzt
wurde, steht im Ergebnis und gehört in jede Ausgabe.
"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

Wegart = Literal["Wegenetz", "Luftlinie mit Umwegfaktor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erreichbarkeit:
    """Wege von den Gebieten zu den Angeboten einer Zielgruppe.

    Attributes
    ----------
    wegart : str
        ``Wegenetz`` oder ``Luftlinie mit Umwegfaktor``.
    satz : str
        Was benutzt wurde: Punkt je Gebiet, Tempo, Umweg, Reichweite.
    minuten : DataFrame
        Gebiete × geprüfte Angebote mit Punkt; Gehminuten.
    meter : DataFrame
        Dasselbe als Luftlinie in Metern.
    tafel : DataFrame
        Je Gebiet `naechstes` (Kennung), `minuten`, `meter` (Luftlinie), `erreichbar`
        (Zahl der Angebote in Reichweite), `plaetze_je_100` (Plätze je 100 Betroffene
        nach dem Zwei-Schritt-Verfahren; fehlend ohne Plätze oder Fallzahlen) und
        `satz`.
    ohne_punkt : tuple of str
        Geprüfte Angebote ohne Punkt; für sie gibt es keinen Weg.
    """

    wegart: Wegart
    satz: str
    minuten: pd.DataFrame
    meter: pd.DataFrame
    tafel: pd.DataFrame
    ohne_punkt: tuple[str, ...] = ()
