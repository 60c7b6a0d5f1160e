"""Was beschreibt der Katalog? Indikatoren, Quellen, Zielgruppen, Regeln, Wörter."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from quartierstools.katalog.eintrag import Eintrag, JaNein, Kennungen, einmalig

Einheit = Literal["prozent", "je_100", "je_1000", "prozentpunkte", "anzahl", "stufe"]
Herkunft = Literal["amtlich geliefert", "veröffentlicht", "abgelesen", "synthetisch"]

EINHEIT_TEXT: Mapping[str, str] = {
    "prozent": "Prozent",
    "je_100": "je 100",
    "je_1000": "je 1.000",
    "prozentpunkte": "Prozentpunkte",
    "anzahl": "",
    "stufe": "Stufe",
}


BEVOELKERUNG = "bevoelkerung"
"""Dimension der Merkmale, die Menschen nach Alter und Herkunft zählen."""


class Bruch(Eintrag):
    """Ab einem Jahr wird anders gemessen; davor und danach ist nicht vergleichbar.

    Attributes
    ----------
    jahr : int
        Erstes Jahr nach dem neuen Verfahren.
    grund : str
        Was sich geändert hat, in wenigen Worten.

    Examples
    --------
    >>> Bruch(jahr=2022, grund="neues Verfahren").satz
    'Zeitreihenbruch 2022: neues Verfahren'
    """

    jahr: Annotated[int, Field(ge=1900, le=2999)]
    grund: Annotated[str, Field(min_length=1)]

    @property
    def satz(self) -> str:
        """Hinweis für Zeitreihen."""
        return f"Zeitreihenbruch {self.jahr}: {self.grund}"


class Indikator(Eintrag):
    """Eine Messgröße: was gezählt wird, woran gemessen, wie zu lesen.

    Attributes
    ----------
    id : str
        Kennung im Katalog, etwa ``B01``.
    bezeichnung : str
        Name, wie er in Texten steht; nie durch einen anderen ersetzt.
    kurz : str
        Kürzere Form für Spaltenköpfe; leer heißt: die Bezeichnung.
    artikel : str
        Grammatisches Geschlecht über den Artikel.
    richtung : str
        ``hoch``: ein hoher Wert spricht für mehr Bedarf oder Potential,
        ``niedrig``: ein niedriger, ``neutral``: Kontext ohne Wertung.
    dimension : str
        Für Typen zählt je Dimension höchstens ein Indikator.
    kontext : bool
        Kontextmerkmale gehen nie in einen Index ein; Herkunft und Alter auch nie in
        die vorgegebenen Gruppen.
    ohne_einstufung : bool
        Herkunftsmerkmale stehen als Zahl da, nie als „über“ oder „unter“.
    nur_intern : bool
        Erscheint in keiner öffentlichen Ausgabe.
    brueche : tuple of Bruch
        Ab wann anders gemessen wird; über einen Bruch hinweg gibt es keine
        Entwicklung.
    einfach : str
        Wer gezählt wird, in Einfacher Sprache („Menschen ohne Arbeit“).
    teilgruppe_von : str
        Indikator, der dasselbe für alle misst; solche lassen sich voneinander abziehen.

    Examples
    --------
    >>> k08 = Indikator(id="K08", bezeichnung="Haushalte mit Kindern", zaehler="H",
    ...                 dimension="familie", lieferant="Melderegister",
    ...                 brueche=[{"jahr": "2022", "grund": "neues Verfahren"}])
    >>> k08.bruch_zwischen("2021-12-31", "2022-12-31")
    'Zeitreihenbruch 2022: neues Verfahren'
    >>> k08.bruch_zwischen("2022-12-31", "2023-12-31")
    ''
    """

    id: str
    bezeichnung: str
    kurz: str = ""
    artikel: Literal["der", "die", "das"] = "der"
    zaehler: str
    nenner: str = ""
    einheit: Einheit = "prozent"
    stellen: Annotated[int, Field(ge=0, le=3)] = 1
    richtung: Literal["hoch", "niedrig", "neutral"] = "neutral"
    dimension: str
    kontext: JaNein = False
    ohne_einstufung: JaNein = False
    nur_intern: JaNein = False
    teilgruppe_von: str = ""
    raumbezug: Literal["wohnort", "schulort", "standort", "stadt"] = "wohnort"
    lieferant: str
    fundstelle: str = ""
    hinweis: str = ""
    brueche: tuple[Bruch, ...] = ()
    einfach: str = ""

    @property
    def spaltenname(self) -> str:
        """Name für Spaltenköpfe und schmale Tabellen."""
        return self.kurz or self.bezeichnung

    @property
    def wertet(self) -> bool:
        """Ob der Indikator in einen Index darf: kein Kontext, mit Richtung."""
        return not self.kontext and self.richtung != "neutral"

    @property
    def gruppiert(self) -> bool:
        """Ob er Gruppen bilden darf: weder Alter noch Herkunft noch Größe."""
        beschreibt = self.ohne_einstufung or self.dimension == BEVOELKERUNG
        return not (self.kontext and beschreibt)

    def bruch_zwischen(self, von: str, bis: str) -> str:
        """Satz zum Bruch zwischen zwei Stichtagen; leer, wenn keiner liegt.

        Parameters
        ----------
        von, bis : str
            Stichtage als ``JJJJ-MM-TT``, gleich in welcher Reihenfolge.
        """
        frueher, spaeter = sorted((von[:4], bis[:4]))
        saetze = [b.satz for b in self.brueche if frueher < str(b.jahr) <= spaeter]
        return "; ".join(saetze)

    def bruchtage(self, tage: Sequence[str]) -> dict[str, str]:
        """Erster Stichtag nach jedem Bruch und was sich geändert hat.

        Examples
        --------
        >>> k08 = Indikator(id="K08", bezeichnung="H", zaehler="H", dimension="familie",
        ...                 lieferant="M", brueche=[{"jahr": 2022, "grund": "neu"}])
        >>> k08.bruchtage(["2021-12-31", "2022-12-31", "2023-12-31"])
        {'2022-12-31': 'neu'}
        """
        erste = {
            bruch.grund: min((t for t in tage if t[:4] >= str(bruch.jahr)), default="")
            for bruch in self.brueche
        }
        return {tag: grund for grund, tag in erste.items() if tag and tag != min(tage)}


class Quelle(Eintrag):
    """Herkunft von Werten: wer, was, wie zitiert, wie gedeutet.

    Attributes
    ----------
    zitat : str
        Wie die Quelle in einer Vorlage steht, ohne Stichtag.
    fundstellen : Mapping
        Seite oder Tabelle je Indikator.
    zeichen : Mapping
        Zeichen der Lieferung → Aussage (``gesperrt``, ``fehlt``, ``null``,
        ``nicht sinnvoll``).

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel, lade_katalog
    >>> katalog = lade_katalog(finde_projekt("bochum", daten=hauswurzel() / "daten"))
    >>> katalog.quellen["angebotsbestand"].zeichen["."]
    'gesperrt'
    """

    id: str
    herausgeber: str
    titel: str
    zitat: str
    herkunft: Herkunft
    lizenz: str = ""
    adresse: str = ""
    fundstellen: Mapping[str, str] = {}
    zeichen: Mapping[str, Literal["gesperrt", "fehlt", "null", "nicht sinnvoll"]] = {
        "-": "null",
        ".": "gesperrt",
        "/": "fehlt",
        "x": "nicht sinnvoll",
        "...": "fehlt",
    }


class Gewichtet(Eintrag):
    """Ein Indikator im Index einer Zielgruppe."""

    indikator: str
    gewicht: Annotated[float, Field(gt=0)] = 1.0


class Naeherung(Eintrag):
    """Ersatz, wenn die Index-Indikatoren fehlen; `satz` sagt, was er nicht misst."""

    indikator: str
    satz: str


def _je_indikator_einmal(index: tuple[Gewichtet, ...]) -> tuple[Gewichtet, ...]:
    einmalig(tuple(g.indikator for g in index))
    return index


class Zielgruppe(Eintrag):
    """Menschen, für die geplant wird, und wie ihr Bedarf gemessen wird.

    Attributes
    ----------
    blick : str
        ``bedarf`` oder ``potential``: bestimmt die Wörter, nie ein Defizit bei
        Potentialen.
    index : tuple of Gewichtet
        Indikatoren des Bedarfsindex.
    mindestens : int
        So viele davon müssen vorliegen, sonst gilt die Näherung oder
        „nicht messbar“.
    fuer : str
        Wie die Gruppe nach „für“ heißt; leer: die Bezeichnung.
    einfach : tuple of str
        Wer gemeint ist, in Einfacher Sprache.
    hemmnisse : tuple of str
        Stehen neben dem Index, nie darin.

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel, lade_katalog
    >>> katalog = lade_katalog(finde_projekt("bochum", daten=hauswurzel() / "daten"))
    >>> katalog.zielgruppen["langzeitarbeitslose"].bezeichnung
    'Langzeitarbeitslose'
    """

    id: str
    bezeichnung: str
    dativ: str
    kurz: str
    blick: Literal["bedarf", "potential"] = "bedarf"
    beschreibung: str
    index: Annotated[tuple[Gewichtet, ...], AfterValidator(_je_indikator_einmal)]
    mindestens: Annotated[int, Field(ge=1)] = 2
    naeherung: tuple[Naeherung, ...] = ()
    hemmnisse: Kennungen = ()
    kontext: Kennungen = ()
    hinweise: tuple[str, ...] = ()
    fuer: str = ""
    einfach: tuple[str, ...] = ()

    @property
    def gruppe_text(self) -> str:
        """Die Gruppe, wie sie nach „für“ im Satz steht."""
        return self.fuer or self.bezeichnung


class Klassenworte(Eintrag):
    """Wörter der vier Klassen eines Blicks, niedrigste zuerst.

    Attributes
    ----------
    klassen : tuple of str
        Vier Wörter für Karte, Tabelle und Text.
    vor_wort : str
        Was im Satz vor dem Wort steht („Bedarfsindex über dem Mittel …“).

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel, lade_katalog
    >>> katalog = lade_katalog(finde_projekt("bochum", daten=hauswurzel() / "daten"))
    >>> katalog.klassenworte["bedarf"].klassen[-1]
    'deutlich über dem Mittel'
    """

    id: str
    groesse: str
    klassen: tuple[str, str, str, str]
    vor_wort: str = ""


class Vergleichsstufe(Eintrag):
    """Wort vor „über“ und „unter“ ab einem Abstand in Standardabweichungen."""

    ab: Annotated[float, Field(ge=0)]
    wort: Literal["kaum", "etwas", "", "deutlich"]


class Wortwahl(Eintrag):
    """Wörter, die in keiner Ausgabe stehen dürfen, und Schwellen für Wörter.

    Attributes
    ----------
    verboten : Mapping
        Wortstamm → was stattdessen zu schreiben ist.
    ursache : tuple of str
        Wörter, die zwischen zwei Kennzahlen eine Ursache behaupten.
    haltbarkeit_deutlich : float
        Anteil der Rechenvarianten, in denen eine äußere Klasse halten muss,
        damit der Text „deutlich“ sagt, wenn Fallzahlen fehlen.
    grenzabstand : float
        Näher an einer Klassengrenze (in Standardabweichungen) ist ein Gebiet ein
        Grenzfall, auch wenn seine Klasse in allen Varianten hält.
    vergleich : tuple of Vergleichsstufe
        Wörter für den Abstand eines Werts vom Median, kleinster Abstand zuerst.
    ohne_unterschied : str
        Was dasteht, wo das Intervall den Vergleichswert enthält.
    abkuerzungen : Mapping
        Abkürzung → was sie heißt; erklärt, wo sie vorkommt.
    einfach_woerter : int
        Längster Satz der Einfachen Sprache.

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel, lade_katalog
    >>> katalog = lade_katalog(finde_projekt("bochum", daten=hauswurzel() / "daten"))
    >>> katalog.wortwahl.haltbarkeit_deutlich
    0.9
    """

    id: str
    verboten: Mapping[str, str]
    ursache: tuple[str, ...]
    haltbarkeit_deutlich: Annotated[float, Field(gt=0, le=1)] = 0.9
    grenzabstand: Annotated[float, Field(ge=0)] = 0.1
    hoechstwoerter: int = 900
    hoechstgebiete: int = 8
    vergleich: Annotated[tuple[Vergleichsstufe, ...], Field(min_length=1)] = (
        Vergleichsstufe(ab=0, wort=""),
    )
    ohne_unterschied: str = "kein belastbarer Unterschied"
    abkuerzungen: Mapping[str, str] = {}
    einfach_woerter: Annotated[int, Field(ge=5)] = 12


Formularquelle = Literal[
    "name",
    "vorlage_nr",
    "beratungsfolge",
    "beschlussart",
    "beschlussvorschlag",
    "bezug",
    "zustaendigkeit",
    "kosten",
    "klima",
    "anlagen",
    "absatz",
]


class Formular(Eintrag):
    """Felder des Vorblatts einer Stadt, in der Reihenfolge des Formulars.

    Attributes
    ----------
    aus : Mapping
        Feld des Formulars → Angabe des Vorhabens, die hineingehört; `anlagen` und
        `absatz` (Kurzfassung in einem Absatz) entstehen im Lauf. Felder ohne
        Angabe füllt ein Mensch aus.
    kopf : tuple of str
        Felder, die schon über der Begründung stehen.

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel, lade_katalog
    >>> katalog = lade_katalog(finde_projekt("bochum", daten=hauswurzel() / "daten"))
    >>> katalog.formular.bezeichnung
    'Beschlussvorlage der Verwaltung'
    """

    id: str
    bezeichnung: str
    felder: tuple[str, ...]
    aus: Mapping[str, Formularquelle] = {}
    kopf: tuple[str, ...] = ()
    hinweis: str = ""
