"""Was wird in welcher Reihenfolge ausgeführt? Der Plan eines Laufs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quartierstools.fehler import Aufruffehler
from quartierstools.katalog import Katalog
from quartierstools.lauf.parameter import pruefe_parameter

DATENLAGE = "10_datenlage.ipynb"
TYPISIERUNG = "20_typisierung.ipynb"
BEDARF = "30_bedarf.ipynb"
ANGEBOTE = "35_angebote.ipynb"
BEGRUENDUNG = "40_begruendung.ipynb"
STECKBRIEF = "50_steckbrief.ipynb"
STADTBEZIRK = "60_stadtbezirk.ipynb"
STECKBRIEFBAND = "70_steckbriefband.ipynb"

NOTEBOOKS = (
    DATENLAGE,
    TYPISIERUNG,
    BEDARF,
    ANGEBOTE,
    BEGRUENDUNG,
    STECKBRIEF,
    STADTBEZIRK,
    STECKBRIEFBAND,
)

VORBEHALTEN = ("projekt", "zielgruppe", "vorhaben", "gebiet", "stadtbezirk")
"""Parameter, die der Plan selbst setzt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schritt:
    """Ein Notebook mit seinen Parametern.

    Attributes
    ----------
    name : str
        Kennung des ausgeführten Notebooks, auch sein Dateiname.
    titel : str
        Was entsteht, für Fortschritt und Endtabelle.
    """

    name: str
    titel: str
    notebook: Path
    parameter: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Stufen eines Laufs; eine Stufe beginnt, wenn die vorige fertig ist."""

    stufen: tuple[tuple[Schritt, ...], ...]

    @property
    def schritte(self) -> list[Schritt]:
        """Alle Schritte in der Reihenfolge des Plans."""
        return [schritt for stufe in self.stufen for schritt in stufe]


def plane(
    katalog: Katalog,
    gebiete: Sequence[str],
    *,
    ordner: Path,
    projekt: str,
    werte: Mapping[str, object],
    stadtbezirke: Sequence[str] = (),
) -> Plan:
    """Stellt den Plan auf und prüft dabei alle Parameter.

    Parameters
    ----------
    katalog : Katalog
        Zielgruppen und Vorhaben des Projekts.
    gebiete : Sequence of str
        Schlüssel, je Gebiet entsteht ein Steckbrief.
    ordner : Path
        Ordner der Notebooks.
    projekt : str
        Wie das Projekt im Notebook heißt (Name oder Pfad).
    werte : Mapping
        Parameter aus Profil und Befehlszeile.
    stadtbezirke : Sequence of str, default=()
        Schlüssel, je Stadtbezirk entsteht ein Auszug.

    Raises
    ------
    Aufruffehler
        Wenn ein Parameter unbekannt oder vom falschen Typ ist oder ein Notebook
        fehlt.
    """
    notebooks = {name: ordner / name for name in NOTEBOOKS}
    fehlend = [name for name, pfad in notebooks.items() if not pfad.is_file()]
    if fehlend:
        raise Aufruffehler(
            f"Im Ordner {ordner.name} fehlen Notebooks: {', '.join(fehlend)}."
        )
    vergeben = sorted(set(werte) & set(VORBEHALTEN))
    if vergeben:
        raise Aufruffehler(
            f"{', '.join(vergeben)} setzt der Plan selbst; --projekt wählt den Ort, "
            "Zielgruppen und Vorhaben stehen im Projektordner."
        )
    geprueft = pruefe_parameter(list(notebooks.values()), dict(werte))

    def schritt(notebook: str, titel: str, anhang: str = "", **zusatz: str) -> Schritt:
        pfad = notebooks[notebook]
        name = pfad.stem + (f"-{anhang}" if anhang else "")
        parameter = {**geprueft[pfad], "projekt": projekt, **zusatz}
        return Schritt(name=name, titel=titel, notebook=pfad, parameter=parameter)

    gruppen = katalog.projekt.zielgruppen
    erste = (
        schritt(DATENLAGE, "Datenlage"),
        schritt(TYPISIERUNG, "Typen und Karte"),
    )
    zweite = (
        *(
            schritt(
                BEDARF, f"Bericht {katalog.zielgruppen[g].bezeichnung}", g, zielgruppe=g
            )
            for g in gruppen
        ),
        schritt(ANGEBOTE, "Angebote und Lücke"),
        *(
            schritt(BEGRUENDUNG, f"Begründung {v.name}", v.id, vorhaben=v.id)
            for v in katalog.vorhaben.values()
        ),
        *(schritt(STECKBRIEF, f"Steckbrief {g}", g, gebiet=g) for g in gebiete),
        *(
            schritt(STADTBEZIRK, f"Auszug Stadtbezirk {b}", b, stadtbezirk=b)
            for b in stadtbezirke
        ),
    )
    # Der Band bindet, was die Steckbriefe der zweiten Stufe gesetzt haben.
    dritte = (schritt(STECKBRIEFBAND, "Alle Steckbriefe in einem Band"),)
    return Plan(stufen=(erste, zweite, dritte))
