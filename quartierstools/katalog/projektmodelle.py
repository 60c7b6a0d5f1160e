"""Was gehört zu einem Ort? Sein Name, seine Ebene, seine Vorhaben."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from quartierstools.katalog.eintrag import Eintrag, JaNein, Kennungen


class Gebietsebene(Eintrag):
    """Wie die kleinste Raumebene einer Stadt heißt (Grammatik für die Texte).

    Attributes
    ----------
    wo : str
        Was vor einem Namen ohne eigene Ortsangabe steht: „in“ oder etwa „im
        Planungsraum“.

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel, lade_katalog
    >>> katalog = lade_katalog(finde_projekt("bochum", daten=hauswurzel() / "daten"))
    >>> katalog.projekt.ebene.kurz_mehrere
    'Bezirke'
    """

    eines: str
    mehrere: str
    kurz: str
    kurz_mehrere: str
    kurz_dativ_mehrere: str
    artikel: Literal["der", "die", "das"] = "der"
    wo: str = "in"


class Typenwahl(Eintrag):
    """Merkmale, nach denen Gebiete von Haus aus gruppiert werden; leer: gar nicht."""

    indikatoren: Kennungen = ()
    begruendung: str = ""


class Stadtgestalt(Eintrag):
    """Farben und Logo einer Stadt für Schriftstücke.

    Attributes
    ----------
    farben : Mapping
        Name einer Farbe der Gestalt (``dunkelblau``, ``blau``, ``hellblau`` …) →
        ``#rrggbb``; was fehlt, bleibt wie vorgegeben.
    logo : str
        Dateiname (SVG oder PNG) im Projektordner; leer: kein Logo.
    logo_text : str
        Was auf dem Logo zu sehen ist, für Menschen, die es nicht sehen.
    """

    farben: Mapping[str, Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]] = {}
    logo: Annotated[str, Field(pattern=r"^([\w-]+\.(svg|png))?$")] = ""
    logo_text: str = ""


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

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel, lade_katalog
    >>> katalog = lade_katalog(finde_projekt("bochum", daten=hauswurzel() / "daten"))
    >>> katalog.projekt.stadt, katalog.projekt.zielgruppen[0]
    ('Bochum', 'jugendliche')
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    stadt: str
    herausgeber: str
    bezugsdatum: date
    synthetisch: JaNein = False
    schluessel_breite: Annotated[int, Field(ge=1, le=16)]
    ebene: Gebietsebene
    zielgruppen: Annotated[Kennungen, Field(min_length=1)]
    typen: Typenwahl = Typenwahl()
    regelprofil: str = "standard"
    formular: str = "vorlage"
    weitere_formulare: tuple[str, ...] = ()
    kartenquelle: str
    grenzhinweis: str = ""
    kartendienst: Kartendienst | None = None
    hinweise: tuple[str, ...] = ()
    gestalt: Stadtgestalt = Stadtgestalt()


class Aussage(Eintrag):
    """Ein Satz, den ein Mensch verantwortet, mit Quelle.

    Examples
    --------
    >>> Aussage(text="Der Rat hat es beschlossen.", quelle="niederschrift").quelle
    'niederschrift'
    """

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

    Attributes
    ----------
    dafuer : tuple of Aussage
        Was außer den Zahlen dafür spricht; die erste steht in der Kürze, wo die
        Zahlen allein nicht tragen.
    alternativen : tuple of Aussage
        Was sonst möglich wäre, neben der Nullvariante.
    einfach : tuple of str
        Der Vorschlag in Einfacher Sprache, ein Hauptsatz je Eintrag.
    einfach_dagegen : str
        Das stärkste Gegenargument in Einfacher Sprache.

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel, lade_katalog
    >>> katalog = lade_katalog(finde_projekt("bochum", daten=hauswurzel() / "daten"))
    >>> katalog.vorhaben["jobcenter-beratung-wattenscheid-mitte"].zielgruppe
    'langzeitarbeitslose'
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: str
    zielgruppe: str
    gebiete: Annotated[Kennungen, Field(min_length=1)]
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
    einzelwerte: Kennungen = ()
    nicht_bekannt: tuple[str, ...] = ()
    wirkung: Wirkung
    dafuer: tuple[Aussage, ...] = ()
    dagegen: tuple[Aussage, ...] = ()
    alternativen: tuple[Aussage, ...] = ()
    nullvariante: str
    umkehr: tuple[str, ...] = ()
    fachliche_einschaetzung: str = ""
    status: Literal["Hinweis", "fachlich bestätigt", "verworfen"] = "Hinweis"
    klima: str = ""
    einfach: tuple[str, ...] = ()
    einfach_dagegen: str = ""
