"""Woraus besteht ein Schriftstück? Überschriften, Absätze, Tabellen, Bilder.

Ein `Dokument` ist ein unveränderlicher Wert ohne Format. Word, PDF und HTML
entstehen daraus im Zimmer `ausgabe`; alle drei zeigen denselben Inhalt.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from quartierstools.fehler import Ausgabefehler


@dataclass(frozen=True, slots=True)
class Textstueck:
    """Ein Stück Text mit gleicher Auszeichnung.

    Attributes
    ----------
    text : str
        Reiner Text; jedes Zeichen wird wörtlich ausgegeben.
    fett, kursiv : bool
        Auszeichnung.
    art : str
        ``"offen"`` kennzeichnet ein unausgefülltes Feld (`[offen: …]`).
    belege : tuple of str
        Kennungen der Belege, auf denen die Zahlen im Text ruhen.
    """

    text: str
    fett: bool = False
    kursiv: bool = False
    art: Literal["normal", "offen"] = "normal"
    belege: tuple[str, ...] = ()


Inhalt = tuple[Textstueck, ...]


def inhalt(*teile: str | Textstueck) -> Inhalt:
    """Fügt Zeichenketten und Textstücke zu einem Inhalt zusammen.

    Examples
    --------
    >>> [t.text for t in inhalt("ein ", fett("Wort"))]
    ['ein ', 'Wort']
    """
    return tuple(Textstueck(t) if isinstance(t, str) else t for t in teile if t != "")


def fett(text: str) -> Textstueck:
    """Fettes Textstück."""
    return Textstueck(text, fett=True)


def kursiv(text: str) -> Textstueck:
    """Kursives Textstück."""
    return Textstueck(text, kursiv=True)


def offen(text: str = "") -> Textstueck:
    """Unausgefülltes Feld, das ein Mensch ergänzen muss.

    Examples
    --------
    >>> offen("Beschluss, Datum").text, offen().text
    ('[offen: Beschluss, Datum]', '[offen]')
    """
    return Textstueck(f"[offen: {text}]" if text else "[offen]", art="offen")


def reiner_text(stuecke: Inhalt) -> str:
    """Text ohne Auszeichnung."""
    return "".join(stueck.text for stueck in stuecke)


@dataclass(frozen=True, slots=True)
class Ueberschrift:
    """Überschrift der Stufe 1 bis 3 unter dem Titel des Dokuments."""

    text: str
    stufe: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True)
class Absatz:
    """Fließtext; ``"klein"`` für Quellen und Hinweise."""

    inhalt: Inhalt
    art: Literal["normal", "klein"] = "normal"


@dataclass(frozen=True, slots=True)
class Liste:
    """Aufzählung; jeder Punkt ist ein Inhalt."""

    punkte: tuple[Inhalt, ...]
    nummeriert: bool = False


@dataclass(frozen=True, slots=True)
class Spalte:
    """Spaltenkopf; `anteil` ist die Breite im Verhältnis zu den anderen."""

    titel: str
    ausrichtung: Literal["links", "rechts"] = "links"
    anteil: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabelle:
    """Tabelle mit Titel, Spaltenköpfen und optionaler Fußnote.

    Attributes
    ----------
    titel : str
        Beschriftung über der Tabelle, nie leer.
    hervorgehoben : frozenset of int
        Nummern der Zeilen (ab 0), die fett stehen.
    """

    titel: str
    spalten: tuple[Spalte, ...]
    zeilen: tuple[tuple[Inhalt, ...], ...]
    hervorgehoben: frozenset[int] = frozenset()
    fussnote: str = ""

    def __post_init__(self) -> None:
        schief = [i for i, z in enumerate(self.zeilen) if len(z) != len(self.spalten)]
        if schief:
            raise Ausgabefehler(
                f"Tabelle „{self.titel}“: Zeilen {schief} haben nicht "
                f"{len(self.spalten)} Zellen wie der Kopf."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bild:
    """Grafik als SVG (HTML, PDF) und PNG (Word) mit Alternativtext.

    Attributes
    ----------
    breite : float
        Anteil der Textbreite, über 0 bis 1.
    """

    svg: str
    png: bytes
    alternativtext: str
    titel: str = ""
    breite: float = 1.0

    def __post_init__(self) -> None:
        if not self.alternativtext.strip():
            raise Ausgabefehler(f"Bild „{self.titel}“ hat keinen Alternativtext.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Felder:
    """Feste Felder eines Formulars oder Kopfes: Name und Inhalt."""

    paare: tuple[tuple[str, Inhalt], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kasten:
    """Abgesetzter Kasten mit Überschrift, etwa „Das Wichtigste in Kürze“."""

    titel: str
    bloecke: tuple["Absatz | Liste", ...]
    art: Literal["kurz", "warnung", "hinweis"] = "hinweis"


@dataclass(frozen=True, slots=True)
class Nebeneinander:
    """Zwei Blöcke nebeneinander (auf schmalen Flächen untereinander)."""

    links: "Absatz | Liste | Bild | Felder | Kasten"
    rechts: "Absatz | Liste | Bild | Felder | Kasten"
    anteil_links: float = 0.5


@dataclass(frozen=True, slots=True)
class Seitenumbruch:
    """Neue Seite in Word und PDF; in HTML ohne Wirkung."""


Block = (
    Ueberschrift
    | Absatz
    | Liste
    | Tabelle
    | Bild
    | Felder
    | Kasten
    | Nebeneinander
    | Seitenumbruch
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dokument:
    """Ein Schriftstück: Kopf, Stempel, Blöcke.

    Attributes
    ----------
    titel : str
        Titel des Dokuments, einzige Überschrift der obersten Stufe.
    gattung : str
        Was es ist: „Begründung“, „Steckbrief“, „Muster“ …
    untertitel : str
        Zeile unter dem Titel.
    stempel : tuple of str
        Sätze, die auf jeder Seite stehen müssen (Entwurf, synthetische Daten).
    wasserzeichen : str
        Leer oder Text hinter jeder Seite („synthetische Daten“).
    stand : date
        Datum aus den Daten, nie von heute; auch Zeitstempel der Datei.
    kennung : str
        Kennung für die Fußzeile.
    kennungswort : str
        Was die Kennung ist: „Nachweis“ eines Schritts oder „Lauf“.
    fassung : str
        „öffentlich“ oder „intern“.
    herausgeber : str
        Wer das Dokument verantwortet, etwa „Stadt Bochum“.
    logo : Bild or None
        Zeichen der Stadt oben rechts.
    """

    titel: str
    gattung: str
    bloecke: tuple[Block, ...]
    stand: date
    untertitel: str = ""
    stempel: tuple[str, ...] = ()
    wasserzeichen: str = ""
    kennung: str = ""
    kennungswort: str = "Nachweis"
    fassung: str = "öffentlich"
    herausgeber: str = ""
    logo: Bild | None = None
    sprache: str = "de-DE"


def texte(dokument: Dokument) -> list[str]:
    """Jeder Text des Dokuments in Lesereihenfolge, ohne Auszeichnung.

    Für Wortzählung, Zahlenprüfung und Wortlisten; Alternativtexte gehören dazu.
    """
    gesammelt = [dokument.titel, dokument.untertitel, *dokument.stempel]
    for block in dokument.bloecke:
        gesammelt += _blocktexte(block)
    return [text for text in gesammelt if text]


def _blocktexte(block: Block) -> list[str]:
    match block:
        case Ueberschrift(text=text):
            return [text]
        case Absatz(inhalt=stuecke):
            return [reiner_text(stuecke)]
        case Liste(punkte=punkte):
            return [reiner_text(punkt) for punkt in punkte]
        case Tabelle():
            zellen = [reiner_text(z) for zeile in block.zeilen for z in zeile]
            return [
                block.titel,
                *(s.titel for s in block.spalten),
                *zellen,
                block.fussnote,
            ]
        case Bild():
            return [block.titel, block.alternativtext]
        case Felder(paare=paare):
            return [f"{name}: {reiner_text(wert)}" for name, wert in paare]
        case Kasten():
            return [block.titel, *(t for b in block.bloecke for t in _blocktexte(b))]
        case Nebeneinander():
            return [*_blocktexte(block.links), *_blocktexte(block.rechts)]
        case Seitenumbruch():
            return []


def offene_felder(dokument: Dokument) -> int:
    """Zahl der Stellen, die ein Mensch noch ausfüllen muss."""
    return sum(text.count("[offen") for text in texte(dokument))


def woerter(dokument: Dokument) -> int:
    """Zahl der Wörter samt Tabellen und Quellen, ohne Alternativtexte."""
    ohne_bilder = [b for b in dokument.bloecke if not isinstance(b, Bild)]
    gesammelt = [dokument.titel, dokument.untertitel]
    for block in ohne_bilder:
        gesammelt += _blocktexte(block)
    return sum(len(text.split()) for text in gesammelt)
