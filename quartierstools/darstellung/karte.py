"""Was steht auf der Karte? Gebiete, Ebenen, Angebote und alles, was dazugehört.

`Kartenbild` prüft, dass Flächen und Klassen zusammenpassen; was davon in die Datei
kommt, entscheidet `kartendaten`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quartierstools.darstellung.angebotsbild import Angebotsbild
from quartierstools.darstellung.hintergrund import Kacheldienst
from quartierstools.darstellung.klassenbild import (
    Klassenbild,
    genannt,
    gleiche_gebiete,
    pruefe_index,
)
from quartierstools.darstellung.zeitbild import Zeitbild
from quartierstools.fehler import Ausgabefehler, Gebietsfehler

if TYPE_CHECKING:
    import geopandas as gpd

Profilzeilen = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kartenbild:
    """Alles, was eine interaktive Karte zeigt.

    Attributes
    ----------
    titel, untertitel : str
        Überschrift der Seite und Zeile darunter.
    gebiete : GeoDataFrame, EPSG:4326, Index ``gebiet``
        Flächen mit den Spalten ``name`` und ``stadtbezirk``.
    grenzen : GeoDataFrame or None
        Stadtbezirke mit der Spalte ``stadtbezirk`` (oder ``name``), EPSG:4326; sie
        geben den Ort der Namen vor, die Linien folgen aus den Gebieten.
    ebenen : tuple of Klassenbild or Zeitbild
        Was sich zeigen lässt; die erste ist beim Öffnen sichtbar.
    angebote : Angebotsbild or None
        Angebote mit Form je Zielgruppe.
    hintergrund : Kacheldienst or None
        Fremder Hintergrund nach Zustimmung; Vorgabe: keiner.
    quelle : str
        Herkunft der Geometrie und der Werte, als Text unter der Karte.
    hinweise : tuple of str
        Sätze unter der Karte („Grenzen innerhalb der Stadtbezirke angenähert“).
    stempel : tuple of str
        Sätze über der Karte, die niemand übersehen darf.
    wasserzeichen : str
        Leer oder Text für Band und Fläche („Synthetische Daten“).
    profile : Mapping of str to tuple of (Name, Text)
        Zeilen des Profils je Gebiet, zusätzlich zu Ebenen und Angeboten.
    fassung, kennung : str
        Stehen in der Fußzeile.
    gebietswort : tuple of str
        Einzahl und Mehrzahl, etwa „Bezirk“, „Bezirke“.

    Raises
    ------
    Gebietsfehler
        Wenn Gebiete doppelt sind oder Ebenen, Profile und Flächen nicht
        zusammenpassen.
    Ausgabefehler
        Wenn eine Spalte, die Ebenen oder das Koordinatensystem fehlen.
    """

    titel: str
    gebiete: "gpd.GeoDataFrame"
    ebenen: tuple[Klassenbild | Zeitbild, ...]
    untertitel: str = ""
    grenzen: "gpd.GeoDataFrame | None" = None
    angebote: Angebotsbild | None = None
    hintergrund: Kacheldienst | None = None
    quelle: str = ""
    hinweise: tuple[str, ...] = ()
    stempel: tuple[str, ...] = ()
    wasserzeichen: str = ""
    profile: Mapping[str, Profilzeilen] | None = None
    fassung: str = "öffentlich"
    kennung: str = ""
    gebietswort: tuple[str, str] = ("Gebiet", "Gebiete")

    def __post_init__(self) -> None:
        if not self.ebenen:
            raise Ausgabefehler(
                f"Die Karte „{self.titel}“ hat keine Ebene. Bitte mindestens ein "
                "Klassenbild angeben."
            )
        pruefe_flaechen(self.gebiete, {"name", "stadtbezirk"}, self.titel)
        pruefe_index(self.gebiete.index, f"Karte „{self.titel}“")
        if self.grenzen is not None:
            pruefe_flaechen(self.grenzen, set(), f"{self.titel}: Stadtbezirke")
        self._pruefe_ebenen()
        fremd = set(self.profile or {}) - set(self.gebiete.index)
        if fremd:
            raise Gebietsfehler(
                f"Karte „{self.titel}“: Profile ohne Fläche ({genannt(list(fremd))}). "
                "Bitte Profile nur für Gebiete der Karte angeben."
            )

    @property
    def zeitbilder(self) -> tuple[Zeitbild, ...]:
        """Alle Ebenen als Zeitbilder; ein einzelnes Bild hat ein Jahr."""
        return tuple(
            e if isinstance(e, Zeitbild) else Zeitbild.aus(e, kennung=f"ebene-{n}")
            for n, e in enumerate(self.ebenen)
        )

    def _pruefe_ebenen(self) -> None:
        zeitbilder = self.zeitbilder
        kennungen = [e.kennung for e in zeitbilder]
        doppelt = sorted({k for k in kennungen if kennungen.count(k) > 1})
        if doppelt:
            raise Ausgabefehler(
                f"Karte „{self.titel}“: Die Kennungen {doppelt} stehen mehrfach da; "
                "erwartet wird jede Ebene einmal."
            )
        for ebene in zeitbilder:
            gleiche_gebiete(
                self.gebiete.index,
                ebene.neuestes.klasse.index,
                was=f"Karte und Klassenbild „{ebene.titel}“",
                links="ohne Fläche",
                rechts="ohne Klasse",
            )


def pruefe_flaechen(
    flaechen: "gpd.GeoDataFrame", spalten: set[str], titel: str
) -> None:
    """Verlangt EPSG:4326, nicht leere Flächen und die genannten Spalten.

    Raises
    ------
    Ausgabefehler
        Mit allen Mängeln auf einmal.
    """
    befunde = []
    if flaechen.crs is None or flaechen.crs.to_epsg() != 4326:  # noqa: PLR2004
        befunde.append(
            f"Das Koordinatensystem ist {flaechen.crs}, erwartet wird EPSG:4326; "
            "bitte vorher gebiete.to_crs(4326)."
        )
    fehlend = sorted(spalten - set(flaechen.columns))
    if fehlend:
        befunde.append(f"Es fehlen die Spalten {fehlend}.")
    for spalte in sorted(spalten & set(flaechen.columns)):
        ohne = flaechen.index[flaechen[spalte].isna()]
        if len(ohne):
            befunde.append(f"In „{spalte}“ steht nichts bei {genannt(ohne)}.")
    leer = flaechen.index[flaechen.geometry.isna() | flaechen.geometry.is_empty]
    if len(leer):
        befunde.append(f"Ohne Fläche sind {genannt(leer)}.")
    if not len(flaechen):
        befunde.append("Es gibt keine Flächen.")
    if befunde:
        raise Ausgabefehler(f"Flächen für „{titel}“: {' '.join(befunde)}")


def bezirksnamen(grenzen: "gpd.GeoDataFrame") -> list[str]:
    """Namen der Stadtbezirke aus Spalte ``stadtbezirk`` oder ``name``."""
    for spalte in ("stadtbezirk", "name"):
        if spalte in grenzen:
            return [str(name) for name in grenzen[spalte]]
    return [str(name) for name in grenzen.index]


def geordnete_grenzen(grenzen: "gpd.GeoDataFrame") -> "gpd.GeoDataFrame":
    """Stadtbezirke nach Namen, unabhängig von der Reihenfolge der Lieferung."""
    namen = bezirksnamen(grenzen)
    return grenzen.iloc[sorted(range(len(namen)), key=namen.__getitem__)]
