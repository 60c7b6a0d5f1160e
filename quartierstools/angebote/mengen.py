"""Reichen die bekannten Plätze? Betroffene minus erreichbare Plätze, mit Intervall.

Gerechnet wird nur, wo Fallzahlen freigegeben und Plätze bekannt sind. Ohne Platzzahl
gibt es keine Versorgungsquote; nicht bekannte Plätze sind nicht null Plätze.
"""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Mengenluecke:
    """Betroffene und Plätze einer Zielgruppe.

    Attributes
    ----------
    indikator : str
        Sein Zähler zählt die Betroffenen; leer, wenn keiner vorliegt.
    stichtag : str
        Stichtag der Betroffenen; leer, wenn keiner vorliegt.
    satz : str
        Was verrechnet ist oder warum nichts.
    tafel : DataFrame
        Je Gebiet `betroffene`, `betroffene_unten`, `betroffene_oben` (Menschen),
        `je_100`, `je_100_unten`, `je_100_oben` (Betroffene je 100 des Nenners),
        `plaetze` (geprüfte, hier erreichbare; fehlend, wenn keine bekannt),
        `plaetze_weit` (davon Anteil an Angeboten für Stadtbezirk oder Stadt),
        `plaetze_ungeprueft` (nie mitgerechnet), `ohne_platzzahl` (Zahl geprüfter
        Angebote hier ohne Platzzahl), `luecke`, `luecke_unten`, `luecke_oben`
        (Betroffene minus Plätze; negativ: mehr Plätze als Betroffene),
        `ohne_bekannten_platz` (Betroffene, für die kein Platz bekannt ist, nie
        negativ), `lage` (``Lücke``, ``Überdeckung``, ``kein belastbarer
        Unterschied``, ``keine Platzzahl bekannt``, ``keine Fallzahl``) und `satz`.
    nicht_zugeordnet : tuple of str
        Angebote mit Plätzen, die sich keinem Gebiet zuordnen ließen.
    """

    indikator: str
    stichtag: str
    satz: str
    tafel: pd.DataFrame
    nicht_zugeordnet: tuple[str, ...] = ()

    @property
    def verrechenbar(self) -> bool:
        """Ob es für mindestens ein Gebiet eine Lücke in Plätzen gibt."""
        return bool(self.tafel["luecke"].notna().any())
