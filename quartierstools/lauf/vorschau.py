"""Was würde laufen und warum? Entscheidung je Schritt, bevor etwas läuft."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from quartierstools.lauf.plan import Schritt
from quartierstools.lauf.schluessel import (
    LAENGE,
    fruehere_angaben,
    gruende,
    schluessel,
)
from quartierstools.lauf.vorbereitung import Vorbereitung
from quartierstools.lauf.vorrat import Vorrat
from quartierstools.schreibweise import mehrzahl

UNVERAENDERT = "unverändert"
FERTIG = "schon fertig (abgebrochener Lauf)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vorgesehen:
    """Ein Schritt und was mit ihm geschieht.

    Attributes
    ----------
    schluessel : str
        Gleicher Schlüssel, gleiche Bytes.
    rechnen : bool
        Ob das Notebook läuft; sonst wird übernommen.
    gruende : tuple of str
        Warum, in Worten.
    """

    schritt: Schritt
    schluessel: str
    rechnen: bool
    gruende: tuple[str, ...]

    @property
    def kennung(self) -> str:
        """Kurzform des Schlüssels für die Fußzeile."""
        return self.schluessel[:LAENGE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vorschau:
    """Alle Schritte eines Laufs mit der Entscheidung."""

    kennung: str
    schritte: tuple[Vorgesehen, ...]

    @property
    def zu_rechnen(self) -> tuple[Vorgesehen, ...]:
        """Schritte, die laufen."""
        return tuple(s for s in self.schritte if s.rechnen)

    @property
    def satz(self) -> str:
        """Zusammenfassung in einem Satz."""
        gesamt, neu = len(self.schritte), len(self.zu_rechnen)
        notebooks = mehrzahl(gesamt, "Notebook", "Notebooks")
        if not neu:
            return f"{notebooks}, alle unverändert."
        if neu == gesamt:
            return f"{notebooks}, alle zu rechnen."
        return f"{notebooks}: {neu} zu rechnen, {gesamt - neu} unverändert übernommen."


class Beobachter(Protocol):
    """Wer beim Lauf zusieht: Bildschirm oder Protokoll."""

    def sieh_plan(self, vorschau: Vorschau) -> None:
        """Der Plan steht."""

    def sieh_beginn(self, schritt: Schritt) -> None:
        """Ein Notebook beginnt."""

    def sieh_ende(
        self, schritt: Schritt, *, gelungen: bool, meldung: str, dauer: float
    ) -> None:
        """Ein Notebook ist fertig."""

    def sieh_hinweis(self, satz: str) -> None:
        """Etwas ist zu sagen."""


def entscheide(
    vorbereitung: Vorbereitung,
    vorrat: Vorrat,
    *,
    schon_fertig: Collection[tuple[str, str]] = (),
    neu: bool = False,
) -> Vorschau:
    """Entscheidet je Schritt, ob er läuft oder übernommen wird.

    Parameters
    ----------
    schon_fertig : Collection of (str, str)
        Name und Schlüssel der Schritte, die ein abgebrochener Lauf fertig hat.
    neu : bool, default=False
        Alles rechnen.
    """

    def vorgesehen(schritt: Schritt) -> Vorgesehen:
        angaben = vorbereitung.angaben[schritt.name]
        schluss = schluessel(angaben)
        warum: tuple[str, ...]
        if neu:
            warum, rechnen = ("alles neu verlangt",), True
        elif (schritt.name, schluss) in schon_fertig:
            warum, rechnen = (FERTIG,), False
        elif vorrat.unversehrt(schluss):
            warum, rechnen = (UNVERAENDERT,), False
        else:
            vorher = fruehere_angaben(schritt, vorrat.letztes)
            rechnen = True
            warum = gruende(angaben, vorher) or _ohne_aenderung(schritt, vorrat)
        return Vorgesehen(
            schritt=schritt, schluessel=schluss, rechnen=rechnen, gruende=warum
        )

    return Vorschau(
        kennung=vorbereitung.kennung,
        schritte=tuple(vorgesehen(s) for s in vorbereitung.plan.schritte),
    )


def _ohne_aenderung(schritt: Schritt, vorrat: Vorrat) -> tuple[str, ...]:
    if schritt.name in vorrat.letztes.get("schritte", {}):
        return ("Ausgabe fehlt oder wurde verändert",)
    return ("zuletzt gescheitert",)
