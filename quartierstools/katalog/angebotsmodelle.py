"""Was gilt für Angebote? Wirkungsfelder, Rechenregeln, Kriterien, Szenarien."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from quartierstools.katalog.eintrag import Eintrag

Kennung = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class Wirkungsfeld(Eintrag):
    """Wofür ein Angebot wirken soll, etwa Beratung oder Beschäftigung."""

    id: Kennung
    bezeichnung: str
    beschreibung: str = ""


class Kriterium(Eintrag):
    """Wonach Gebiete im gewichteten Vergleich nebeneinanderstehen.

    Attributes
    ----------
    id : str
        ``haeufigkeit``, ``menge``, ``luecke`` oder ``weg``.
    gewicht : float
        Anteil am Vergleich; 0 lässt das Kriterium weg.
    """

    id: Kennung
    bezeichnung: str
    gewicht: Annotated[float, Field(ge=0)] = 1.0
    beschreibung: str = ""


class Angebotsregeln(Eintrag):
    """Annahmen, mit denen Wege, Lücken und Fristen gerechnet werden.

    Attributes
    ----------
    gehgeschwindigkeit : float
        Kilometer je Stunde.
    umwegfaktor : float
        Weg geteilt durch Luftlinie, wenn kein Wegenetz vorliegt.
    reichweite_minuten : float
        So weit reicht ein Angebot zu Fuß.
    bericht_monate, nachlauf_monate : int
        Abstand bis zum nächsten Bericht; so lange danach gilt „knapp danach“.
    auswahl_ab_klasse : int
        Ab dieser gezeigten Klasse ist ein Gebiet nach Daten ausgewählt.
    knapp_abstand : float
        Standardabweichungen unter der Grenze, die noch „knapp“ heißen.
    zwilling_mindestens : int
        So viele Indikatoren müssen zwei Gebiete gemeinsam haben.
    gewichtsspanne : float
        Um diesen Anteil werden Gewichte für Rangbänder geändert.
    varianten : int
        Zahl der Rechenvarianten für Rangbänder.
    betroffene : Mapping
        Zielgruppe → Indikator, dessen Zähler die Betroffenen zählt.
    kandidaten : tuple of str
        Arten von Orten, die als Standort in Frage kommen; leer heißt alle.
    standorte, alternativen : int
        So viele neue Orte je Vorschlag; so viele Vorschläge.
    fundstelle : str
        Woher die Annahmen stammen.
    """

    id: Kennung
    gehgeschwindigkeit: Annotated[float, Field(gt=0, le=8)] = 4.0
    umwegfaktor: Annotated[float, Field(ge=1, le=3)] = 1.3
    reichweite_minuten: Annotated[float, Field(gt=0, le=120)] = 15.0
    bericht_monate: Annotated[int, Field(ge=1, le=60)] = 12
    nachlauf_monate: Annotated[int, Field(ge=0, le=60)] = 3
    auswahl_ab_klasse: Annotated[int, Field(ge=2, le=4)] = 3
    knapp_abstand: Annotated[float, Field(ge=0)] = 0.25
    zwilling_mindestens: Annotated[int, Field(ge=1)] = 2
    gewichtsspanne: Annotated[float, Field(ge=0, lt=1)] = 0.25
    varianten: Annotated[int, Field(ge=1, le=100_000)] = 1000
    betroffene: Mapping[str, str] = {}
    kandidaten: tuple[str, ...] = ()
    standorte: Annotated[int, Field(ge=1, le=20)] = 2
    alternativen: Annotated[int, Field(ge=1, le=50)] = 5
    fundstelle: str = ""


class NeuesAngebot(Eintrag):
    """Ein gedachtes Angebot in einem Szenario; es gilt als geprüft."""

    name: str
    gebiete: Annotated[tuple[str, ...], Field(min_length=1)]
    plaetze: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class Szenario(Eintrag):
    """Was wäre, wenn: neue Angebote, beendete Angebote, andere Gewichte.

    Attributes
    ----------
    endet : tuple of str
        Kennungen von Angeboten, die es dann nicht mehr gibt.
    gewichte : Mapping
        Indikator → Gewicht im Index; nicht Genanntes bleibt.
    """

    id: Kennung
    name: str
    zielgruppe: str
    neu: tuple[NeuesAngebot, ...] = ()
    endet: tuple[str, ...] = ()
    gewichte: Mapping[str, Annotated[float, Field(ge=0)]] = {}
