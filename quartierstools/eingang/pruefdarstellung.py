"""Wie sieht das Ergebnis einer Datenprüfung aus? Bildschirm und Schriftstück."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from quartierstools.dokument import (
    Absatz,
    Block,
    Dokument,
    Kasten,
    Liste,
    Spalte,
    Tabelle,
    Ueberschrift,
    inhalt,
)
from quartierstools.eingang.pruefbericht import Pruefbericht, Tabellenbild
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.fehler import Befund
from quartierstools.schreibweise import (
    WERTART_TEXT,
    aufzaehlung,
    datum_text,
    zahl_text,
)

if TYPE_CHECKING:
    from rich.table import Table


def als_bildschirmtabelle(bericht: Pruefbericht) -> "Table":
    """Tabelle für `rich.print`; jeder Text wird wörtlich gezeigt."""
    from rich.table import Table  # noqa: PLC0415 – nur für den Bildschirm
    from rich.text import Text  # noqa: PLC0415

    tabelle = Table(title=Text(bericht.satz), show_lines=True, expand=True)
    for kopf in ("", "Wo", "Was", "Erwartet", "Was nun"):
        tabelle.add_column(kopf, overflow="fold")
    for befund in bericht.befunde:
        wort = "Mangel" if befund.schwere == "fehler" else "Hinweis"
        zellen = (wort, befund.ort, befund.was, befund.erwartet, befund.rat)
        tabelle.add_row(*(Text(zelle) for zelle in zellen))
    return tabelle


def pruefdokument(
    bericht: Pruefbericht,
    *,
    kennung: str = "",
    wasserzeichen: str = "",
    stempel: Sequence[str] = (),
) -> Dokument:
    """Datenprüfung als Schriftstück ohne Format."""
    bloecke: list[Block] = [
        Kasten(
            titel="Ergebnis",
            bloecke=(Absatz(inhalt(bericht.satz)),),
            art="kurz" if bericht.in_ordnung else "warnung",
        )
    ]
    if bericht.tabellen:
        bloecke += [Ueberschrift("Was geprüft wurde"), _tabellenuebersicht(bericht)]
    for titel, befunde in (
        ("Mängel", bericht.fehler),
        ("Hinweise", bericht.hinweise),
    ):
        if befunde:
            bloecke += [Ueberschrift(titel), _befundtabelle(titel, befunde)]
    if bericht.vorschlaege:
        bloecke.append(Ueberschrift("Vorschlag für lieferung.yaml"))
        bloecke += [
            Liste(tuple(inhalt(zeile) for zeile in text.splitlines()))
            for text in bericht.vorschlaege
        ]
    return Dokument(
        titel="Datenprüfung",
        gattung="Datenprüfung",
        untertitel=bericht.projekt,
        bloecke=tuple(bloecke),
        stand=bericht.stand,
        stempel=tuple(stempel),
        wasserzeichen=wasserzeichen,
        kennung=kennung,
        fassung="intern",
        herausgeber=bericht.herausgeber,
    )


def _tabellenuebersicht(bericht: Pruefbericht) -> Tabelle:
    zeilen = tuple(
        tuple(inhalt(text) for text in _bildzeile(bild)) for bild in bericht.tabellen
    )
    return Tabelle(
        titel="Gelesene Tabellen",
        spalten=(
            Spalte("Datei", anteil=2),
            Spalte("Zeilen", "rechts"),
            Spalte("Spalten", "rechts"),
            Spalte("Gebiete", "rechts"),
            Spalte("Indikatoren", anteil=1.5),
            Spalte("Stichtage", anteil=1.5),
            Spalte("Werte", anteil=2),
        ),
        zeilen=zeilen,
    )


def _bildzeile(bild: Tabellenbild) -> tuple[str, ...]:
    stichtage = [datum_text(date.fromisoformat(s)) for s in bild.stichtage if s]
    werte = [
        f"{zahl_text(anzahl)} {WERTART_TEXT[art] or 'Zahlen'}"
        for art, anzahl in bild.wertarten.items()
        if anzahl
    ]
    datei = f"{bild.datei}, {bild.blatt}" if bild.blatt else bild.datei
    return (
        datei,
        zahl_text(bild.zeilen),
        zahl_text(bild.spalten),
        f"{bild.gebiete} von {bild.gebiete_von}" if bild.gebiete_von else "–",
        aufzaehlung(bild.indikatoren) or "–",
        aufzaehlung(stichtage) or "–",
        aufzaehlung(werte) or "–",
    )


def _befundtabelle(titel: str, befunde: Sequence[Befund]) -> Tabelle:
    return Tabelle(
        titel=titel,
        spalten=(
            Spalte("Wo", anteil=1.5),
            Spalte("Was", anteil=2),
            Spalte("Erwartet", anteil=1.5),
            Spalte("Was nun", anteil=1.5),
        ),
        zeilen=tuple(
            tuple(
                inhalt(sicherer_text(text, 400) or "–")
                for text in (b.ort, b.was, b.erwartet, b.rat)
            )
            for b in befunde
        ),
    )
