"""Was beschreibt der Katalog? Indikatoren, Quellen, Zielgruppen, Regeln, Wörter."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from quartierstools.katalog.eintrag import Eintrag, JaNein

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
    teilgruppe_von : str
        Indikator, der dasselbe für alle misst; solche lassen sich voneinander abziehen.
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

    @property
    def spaltenname(self) -> str:
        """Name für Spaltenköpfe und schmale Tabellen."""
        return self.kurz or self.bezeichnung


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
    hemmnisse : tuple of str
        Stehen neben dem Index, nie darin.
    """

    id: str
    bezeichnung: str
    dativ: str
    kurz: str
    blick: Literal["bedarf", "potential"] = "bedarf"
    beschreibung: str
    index: tuple[Gewichtet, ...]
    mindestens: Annotated[int, Field(ge=1)] = 2
    naeherung: tuple[Naeherung, ...] = ()
    hemmnisse: tuple[str, ...] = ()
    kontext: tuple[str, ...] = ()
    hinweise: tuple[str, ...] = ()


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
        Darunter gilt ein Anteil als nicht sinnvoll.
    min_bg : int
        So viele Bedarfsgemeinschaften müssen dahinterstehen, wo sie geliefert
        sind.
    komplement : bool
        Auch der Rest bis zum Nenner muss `min_zaehler` erreichen.
    rundung : int
        0, 5 oder 10: Fallzahlen gehen auf Vielfache gerundet hinaus, jede für
        sich; Anteile entstehen aus den gerundeten Zahlen.
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
        teile = [
            f"Zähler{rest} ab {self.min_zaehler}{null}",
            f"Nenner ab {self.min_nenner}",
            f"Gebiete ab {self.min_einwohner} Einwohnern",
        ]
        if self.min_bg:
            teile.append(f"mindestens {self.min_bg} Bedarfsgemeinschaften")
        satz = f"Veröffentlicht werden nur Werte mit {', '.join(teile)}"
        satz += "; was sich zurückrechnen ließe, ist mitgesperrt"
        if self.rundung:
            satz += f"; Fallzahlen sind auf Vielfache von {self.rundung} gerundet"
        if self.je_indikator:
            kennungen = ", ".join(sorted(self.je_indikator))
            satz += f"; eigene Schwellen gelten für {kennungen}"
        return f"{satz}."


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
    """

    id: str
    verboten: Mapping[str, str]
    ursache: tuple[str, ...]
    haltbarkeit_deutlich: Annotated[float, Field(gt=0, le=1)] = 0.9
    grenzabstand: Annotated[float, Field(ge=0)] = 0.1
    hoechstwoerter: int = 900
    hoechstgebiete: int = 8


class Formular(Eintrag):
    """Felder des Vorblatts einer Stadt, in der Reihenfolge des Formulars."""

    id: str
    bezeichnung: str
    felder: tuple[str, ...]
    hinweis: str = ""


class Gebietsebene(Eintrag):
    """Wie die kleinste Raumebene einer Stadt heißt (Grammatik für die Texte)."""

    eines: str
    mehrere: str
    kurz: str
    kurz_mehrere: str
    kurz_dativ_mehrere: str
    artikel: Literal["der", "die", "das"] = "der"


class Typenwahl(Eintrag):
    """Merkmale, nach denen Gebiete von Haus aus gruppiert werden."""

    indikatoren: tuple[str, ...]
    begruendung: str = ""


class Kartendienst(Eintrag):
    """Fremder Kartenhintergrund; nur ausdrücklich und nur nach einem Klick."""

    name: str
    adresse: Annotated[str, Field(pattern=r"^https://[^/]+/.*\{z\}.*$")]
    nachweis: str


class Projekt(Eintrag):
    """Ein Ort: Inhalt von ``projekt.yaml``.

    Attributes
    ----------
    bezugsdatum : date
        Von hier zählen alle Fristen, nie von heute.
    synthetisch : bool
        Erfundene Daten: Wasserzeichen überall, nur „Muster“, nie Vorlage.
    schluessel_breite : int
        Stellen eines Gebietsschlüssels.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    stadt: str
    herausgeber: str
    bezugsdatum: date
    synthetisch: JaNein = False
    schluessel_breite: Annotated[int, Field(ge=1, le=16)]
    ebene: Gebietsebene
    zielgruppen: tuple[str, ...]
    typen: Typenwahl
    regelprofil: str = "standard"
    formular: str = "vorlage"
    kartenquelle: str
    grenzhinweis: str = ""
    kartendienst: Kartendienst | None = None
    hinweise: tuple[str, ...] = ()


class Aussage(Eintrag):
    """Ein Satz, den ein Mensch verantwortet, mit Quelle."""

    text: str
    quelle: str = ""


class Wirkung(Eintrag):
    """Was das Vorhaben erreichen soll und woran man es misst."""

    ziel: str
    messung: tuple[str, ...]
    zielwert: str = ""
    bericht: str = ""


class Vorhaben(Eintrag):
    """Ein Angebot, über das entschieden wird: Inhalt von ``vorhaben/*.yaml``.

    Leere Felder erscheinen im Text als ``[offen: …]``. Zuständigkeit und
    Beschlussart setzt immer ein Mensch.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: str
    zielgruppe: str
    gebiete: Annotated[tuple[str, ...], Field(min_length=1)]
    vorschlag: str
    kurzvorschlag: str
    traeger: str = ""
    ort: str = ""
    umfang: str = ""
    laufzeit: str = ""
    zugang: str = ""
    kosten: str = ""
    zustaendigkeit: str = ""
    beschlussart: str = ""
    beschlussvorschlag: str = ""
    beratungsfolge: str = ""
    vorlage_nr: str = ""
    bezug: str = ""
    anlass: tuple[Aussage, ...] = ()
    ausgangslage: tuple[Aussage, ...] = ()
    rahmen: tuple[Aussage, ...] = ()
    einzelwerte: tuple[str, ...] = ()
    nicht_bekannt: tuple[str, ...] = ()
    wirkung: Wirkung
    dagegen: tuple[Aussage, ...] = ()
    nullvariante: str
    umkehr: tuple[str, ...] = ()
    fachliche_einschaetzung: str = ""
    status: Literal["Hinweis", "fachlich bestätigt", "verworfen"] = "Hinweis"
    klima: str = ""


class Partition(Eintrag):
    """Wie Zählungen verschiedener Indikatoren zusammenhängen.

    Zählungen heißen ``<Indikator>.zaehler`` oder ``<Indikator>.nenner``. Wer
    einen Teil sperrt, muss wissen, woraus er sich errechnen ließe.

    Attributes
    ----------
    art : str
        ``gleich``: dieselbe Zählung; ``summe``: die Teile ergeben das Ganze;
        ``teilmenge``: jeder Teil ist im Ganzen enthalten, der Unterschied zählt
        selbst Menschen; ``differenz``: der Indikator `ganzes` ist aus den
        Indikatoren `teile` gerechnet und wird mit ihnen gesperrt.
    """

    id: str
    art: Literal["gleich", "summe", "teilmenge", "differenz"]
    ganzes: str
    teile: Annotated[tuple[str, ...], Field(min_length=1)]
    satz: str = ""
