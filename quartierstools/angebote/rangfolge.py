"""Wo zuerst? Dominanz, dann ein offener gewichteter Vergleich.

Öffentlich stehen nur Klasse, Haltbarkeit und Abstand; Rangbänder gibt es nur intern
und in der Erkundung. Ein Fachurteil steht daneben und kann die Daten überstimmen.
"""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Rangfolge:
    """Auswahl der Gebiete für eine Zielgruppe.

    Attributes
    ----------
    satz : str
        Nach welchen Kriterien verglichen wurde, oder warum nicht.
    kriterien : DataFrame
        Index `kriterium`: `bezeichnung`, `gewicht`, `benutzt`, `grund`.
    tafel : DataFrame
        Je Gebiet, nach Schlüssel geordnet: `klasse`, `wort`, `haltbarkeit`,
        `abstand`, `nach_daten` (``ausgewählt``, ``nicht ausgewählt`` oder ``nicht
        eingestuft``), `urteil` (Status oder leer), `urteil_text` (wer, wann; Name nur
        intern), `urteil_grund`, `ergebnis` (nach Daten und Urteil) und `gilt`
        (``Daten`` oder ``Fachurteil``, wenn es überstimmt).
        Nur intern dazu: `stufe` (1: von keinem Gebiet übertroffen), `uebertroffen_von`
        (Zahl), `punkte` (0 bis 1), `rang_von`, `rang_bis`.
    knapp : DataFrame
        Gebiete knapp unter der Grenze: `wort`, `abstand` (Standardabweichungen bis
        zur Auswahl), `haltbarkeit`, `satz`.
    """

    satz: str
    kriterien: pd.DataFrame
    tafel: pd.DataFrame
    knapp: pd.DataFrame

    @property
    def ausgewaehlt(self) -> tuple[str, ...]:
        """Gebiete, die nach Daten und Urteil ausgewählt sind, nach Schlüssel."""
        gewaehlt = self.tafel["ergebnis"] == "ausgewählt"
        return tuple(map(str, self.tafel.index[gewaehlt]))
