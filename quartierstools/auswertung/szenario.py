"""Was wäre, wenn? Neues Angebot, Ende eines Angebots, andere Gewichte."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Szenarioergebnis:
    """Vergleich vorher – nachher.

    Attributes
    ----------
    name, satz : str
        Was angenommen wurde; was sich ändert.
    tafel : DataFrame
        Je Gebiet, nur wo sich etwas ändert: `kategorie_vorher`, `kategorie_nachher`,
        `klasse_vorher`, `klasse_nachher`, `luecke_vorher`, `luecke_nachher`,
        `wirkung` (``gewinnt``, ``verliert`` oder ``ändert sich``) und `satz`.
    """

    name: str
    satz: str
    tafel: pd.DataFrame

    @property
    def gewinnt(self) -> tuple[str, ...]:
        """Gebiete, die besser dastehen."""
        return tuple(map(str, self.tafel.index[self.tafel["wirkung"] == "gewinnt"]))

    @property
    def verliert(self) -> tuple[str, ...]:
        """Gebiete, die schlechter dastehen."""
        return tuple(map(str, self.tafel.index[self.tafel["wirkung"] == "verliert"]))
