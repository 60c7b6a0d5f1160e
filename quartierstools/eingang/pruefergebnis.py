"""Was kam bei einer Datenprüfung heraus? Befunde, gelesene Tabellen, ein Satz."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.zuordnung import dateiformat
from quartierstools.fehler import Befund
from quartierstools.schreibweise import WERTART_TEXT, mehrzahl


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabellenbild:
    """Was in einer Tabelle gefunden wurde.

    Attributes
    ----------
    datei, blatt, format : str
        Woher sie stammt.
    zeilen, spalten : int
        Ausmaße ohne Kopf und Fußnoten.
    gebiete, gebiete_von : int
        Gebiete mit Zeile und Gebiete des Projekts.
    indikatoren, stichtage : tuple of str
        Was geliefert ist.
    wertarten : Mapping
        Zahl der Werte je Wertart.
    merkmale : tuple of (str, str)
        Was beim Lesen erkannt wurde.
    haelften : int
        Zähler ohne Nenner und Nenner ohne Zähler, die zu einer anderen Datei gehören.
    zuordnung : str
        ``lieferung.yaml``, ``Vorschlag``, ``Bestand``, ``Flächen`` oder leer.
    """

    datei: str
    blatt: str = ""
    format: str = ""
    zeilen: int = 0
    spalten: int = 0
    gebiete: int = 0
    gebiete_von: int = 0
    indikatoren: tuple[str, ...] = ()
    stichtage: tuple[str, ...] = ()
    wertarten: Mapping[str, int] = field(default_factory=dict)
    merkmale: tuple[tuple[str, str], ...] = ()
    zuordnung: str = ""
    haelften: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruefbericht:
    """Ergebnis einer Datenprüfung.

    Attributes
    ----------
    befunde : tuple of Befund
        Fehler zuerst, dann Hinweise, in der Reihenfolge der Dateien.
    tabellen : tuple of Tabellenbild
        Was gelesen wurde.
    stand : date
        Bezugsdatum des Projekts oder jüngster Stichtag, nie von heute.
    projekt, herausgeber : str
        Woran geprüft wurde; leer ohne Projekt.
    vorschlaege : tuple of str
        Inhalt von ``lieferung.yaml`` für Dateien ohne Zuordnung.
    werte : DataFrame or None
        Alle Lieferungen zusammen, siehe `fuehre_zusammen`.
    """

    befunde: tuple[Befund, ...]
    tabellen: tuple[Tabellenbild, ...]
    stand: date
    projekt: str = ""
    herausgeber: str = ""
    vorschlaege: tuple[str, ...] = ()
    werte: pd.DataFrame | None = field(default=None, compare=False, repr=False)

    @property
    def fehler(self) -> tuple[Befund, ...]:
        """Befunde, die eine Übernahme verbieten."""
        return tuple(b for b in self.befunde if b.schwere == "fehler")

    @property
    def hinweise(self) -> tuple[Befund, ...]:
        """Befunde, die man ansehen sollte."""
        return tuple(b for b in self.befunde if b.schwere != "fehler")

    @property
    def in_ordnung(self) -> bool:
        """Ob kein Fehler gefunden wurde."""
        return not self.fehler

    @property
    def satz(self) -> str:
        """Ergebnis in einem Satz."""
        wo = mehrzahl(len(self.tabellen), "Tabelle", "Tabellen")
        wo = f"{wo} geprüft" if self.tabellen else "Nichts gelesen"
        hinweise = mehrzahl(len(self.hinweise), "Hinweis", "Hinweise")
        if self.in_ordnung:
            return f"{wo}: kein Mangel, {hinweise}."
        maengel = mehrzahl(len(self.fehler), "Mangel", "Mängel")
        return f"{wo}: {maengel}, {hinweise}."


def bild_von(
    roh: Rohtabelle,
    datei: Path | str,
    werte: pd.DataFrame,
    art: str = "",
    von: int = 0,
) -> Tabellenbild:
    """Tabellenbild einer gelesenen Tabelle."""
    gebiete = werte.loc[werte["ebene"] == "gebiet", "gebiet"]
    return Tabellenbild(
        datei=roh.name,
        blatt=roh.blatt,
        format=dateiformat(str(datei)) or "",
        zeilen=len(roh.zeilen),
        spalten=len(roh.spalten),
        gebiete=int(gebiete.nunique()),
        gebiete_von=von,
        indikatoren=tuple(sorted({str(i) for i in werte["indikator"].unique()})),
        stichtage=tuple(sorted({str(s) for s in werte["stichtag"].unique()})),
        wertarten=wertarten(werte),
        merkmale=roh.merkmale,
        zuordnung=art,
    )


def wertarten(werte: pd.DataFrame) -> dict[str, int]:
    """Zahl der Werte je Wertart."""
    anzahl = werte["wertart"].value_counts()
    return {art: int(anzahl.get(art, 0)) for art in WERTART_TEXT}
