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


class Bruch(Eintrag):
    """Ab einem Jahr wird anders gemessen; davor und danach ist nicht vergleichbar.

    Attributes
    ----------
    jahr : int
        Erstes Jahr nach dem neuen Verfahren.
    grund : str
        Was sich geändert hat, in wenigen Worten.
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
    """

    id: str
    groesse: str
    klassen: tuple[str, str, str, str]
    vor_wort: str = ""


class Regelausnahme(Eintrag):
    """Abweichende Regeln für einen Indikator; Leeres gilt wie im Profil.

    Attributes
    ----------
    grund : str
        Warum die Ausnahme gilt; steht in keiner Ausgabe.
    """

    min_zaehler: Annotated[int, Field(ge=3)] | None = None
    min_nenner: Annotated[int, Field(ge=1)] | None = None
    min_einwohner: Annotated[int, Field(ge=0)] | None = None
    min_bg: Annotated[int, Field(ge=0)] | None = None
    komplement: JaNein | None = None
    null_veroeffentlichen: JaNein | None = None
    grund: str = ""


class Dominanz(Eintrag):
    """Wann wenige Beiträge eine Summe (Euro, Stunden) beherrschen.

    Attributes
    ----------
    anzahl, hoechstanteil : int
        n-k-Regel: Die `anzahl` größten Beiträge machen mehr als `hoechstanteil`
        Prozent der Summe aus.
    abstand : int
        p-Prozent-Regel: Wer die Summe um den zweitgrößten Beitrag mindert, kennt
        den größten auf weniger als `abstand` Prozent genau.
    indikatoren : tuple of str
        Indikatoren, die Summen statt Köpfe zählen.
    """

    anzahl: Annotated[int, Field(ge=1)] = 2
    hoechstanteil: Annotated[int, Field(ge=50, le=100)] = 85
    abstand: Annotated[int, Field(ge=1, le=100)] = 10
    indikatoren: tuple[str, ...] = ()


class Regelprofil(Eintrag):
    """Regeln der Geheimhaltung; `beschreibung` ist der Satz für jede Ausgabe.

    Attributes
    ----------
    min_zaehler : int
        Kleinster Zähler, der hinausgeht; nie unter 3 (BA-Statistik).
    min_nenner, min_einwohner : int
        Darunter ist ein Anteil nicht sinnvoll. Das schützt vor Fehlschlüssen,
        nicht Menschen: Solche Werte dürfen sich aus anderen ergeben.
    min_bg : int
        So viele Bedarfsgemeinschaften müssen dahinterstehen, wo sie geliefert
        sind.
    komplement : bool
        Auch der Rest bis zum Nenner muss `min_zaehler` erreichen.
    rundung : int
        0, 5 oder 10: Fallzahlen gehen auf Vielfache gerundet hinaus, jede für
        sich; Anteile entstehen aus den gerundeten Zahlen.
    stellen_anteil : int
        Nachkommastellen, mit denen Anteile (in Prozent), Prozentpunkte und Werte je
        100 oder je 1.000 hinausgehen.
    schutzbreite : int
        So breit bleibt das Intervall, auf das sich ein gesperrter Wert eingrenzen
        lässt; 0 heißt: wie `min_zaehler`.
    je_indikator : Mapping
        Abweichungen je Kennung.

    Examples
    --------
    >>> profil = Regelprofil(id="p", version="1", je_indikator={
    ...     "B03": {"min_zaehler": 5}})
    >>> profil.fuer("B03").min_zaehler, profil.fuer("B01").min_zaehler
    (5, 10)
    """

    id: str
    version: str
    min_zaehler: Annotated[int, Field(ge=3)] = 10
    min_nenner: Annotated[int, Field(ge=1)] = 100
    min_einwohner: Annotated[int, Field(ge=0)] = 300
    min_bg: Annotated[int, Field(ge=0)] = 3
    komplement: JaNein = True
    null_veroeffentlichen: JaNein = True
    rundung: Annotated[int, Field(ge=0, le=10, multiple_of=5)] = 0
    stellen_anteil: Annotated[int, Field(ge=0, le=2)] = 1
    schutzbreite: Annotated[int, Field(ge=0)] = 0
    dominanz: Dominanz = Dominanz()
    je_indikator: Mapping[str, Regelausnahme] = {}

    def fuer(self, indikator: str) -> "Regelprofil":
        """Profil mit den Abweichungen eines Indikators."""
        ausnahme = self.je_indikator.get(indikator)
        if ausnahme is None:
            return self
        werte = ausnahme.model_dump(exclude={"grund"}, exclude_none=True)
        return self.model_copy(update=werte)

    @property
    def breite(self) -> int:
        """Mindestbreite des Intervalls um einen gesperrten Wert."""
        return self.schutzbreite or self.min_zaehler

    @property
    def beschreibung(self) -> str:
        """Ein Satz über die geltenden Zahlen, für jede Ausgabe."""
        rest = " und Rest bis zum Nenner" if self.komplement else ""
        null = " (oder null)" if self.null_veroeffentlichen else ""
        teile = [f"Zähler{rest} ab {self.min_zaehler}{null}"]
        if self.min_bg:
            teile.append(f"mindestens {self.min_bg} Bedarfsgemeinschaften")
        satz = f"Veröffentlicht werden nur Werte mit {' und '.join(teile)}"
        satz += "; was sich zurückrechnen ließe, ist mitgesperrt"
        satz += (
            f"; verlässlich sind Werte mit Nenner ab {self.min_nenner} und in Gebieten "
            f"ab {self.min_einwohner} Einwohnern, sonst steht „nicht sinnvoll“"
        )
        if self.rundung:
            satz += f"; Fallzahlen sind auf Vielfache von {self.rundung} gerundet"
        if self.je_indikator:
            kennungen = ", ".join(sorted(self.je_indikator))
            satz += f"; eigene Schwellen gelten für {kennungen}"
        return f"{satz}."


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
    """

    id: str
    bezeichnung: str
    felder: tuple[str, ...]
    aus: Mapping[str, Formularquelle] = {}
    kopf: tuple[str, ...] = ()
    hinweis: str = ""


class Partition(Eintrag):
    """Wie Zählungen verschiedener Indikatoren zusammenhängen.

    Zählungen heißen ``<Indikator>.zaehler`` oder ``<Indikator>.nenner``. Wer
    einen Teil sperrt, muss wissen, woraus er sich errechnen ließe.

    Attributes
    ----------
    art : str
        ``gleich``: dieselbe Zählung; ``summe``: die Teile ergeben das Ganze;
        ``teilmenge``: jeder Teil ist im Ganzen enthalten, der Unterschied zählt
        selbst Menschen; ``differenz``: der Indikator `ganzes` ist der erste der
        Indikatoren `teile` minus den zweiten und wird mit ihnen gesperrt.
    """

    id: str
    art: Literal["gleich", "summe", "teilmenge", "differenz"]
    ganzes: str
    teile: Annotated[tuple[str, ...], Field(min_length=1)]
    satz: str = ""
