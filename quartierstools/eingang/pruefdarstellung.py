"""Wie sieht das Ergebnis einer Datenprüfung aus? Bildschirm und Schriftstück."""

import re
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
from quartierstools.eingang.pruefergebnis import Pruefbericht, Tabellenbild
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.fehler import Befund
from quartierstools.schreibweise import (
    WERTART_TEXT,
    aufzaehlung,
    datum_text,
    mehrzahl,
    zahl_text,
)

if TYPE_CHECKING:
    from rich.table import Table

HOECHSTENS_ZEICHEN = 4000
VERAENDERLICH = re.compile(r"„[^“]*“|[−-]?[0-9][0-9.,]*")
"""Teile eines Satzes, die sich von Zeile zu Zeile unterscheiden."""


EINZELN = 3
"""So viele gleichartige Befunde stehen auf dem Bildschirm einzeln."""
BREIT = 120
"""Ab so vielen Zeichen steht jede Angabe in einer eigenen Spalte."""


def als_bildschirmtabelle(bericht: Pruefbericht, breite: int = BREIT) -> "Table":
    """Tabelle für `rich.print`; jeder Text wird wörtlich gezeigt.

    Von gleichartigen Befunden stehen die ersten da; alle stehen im Bericht.

    Parameters
    ----------
    breite : int
        Breite des Bildschirms; auf schmalen stehen die Angaben untereinander.
    """
    from rich.table import Table  # noqa: PLC0415 – nur für den Bildschirm
    from rich.text import Text  # noqa: PLC0415

    tabelle = Table(show_lines=True, expand=True)
    koepfe = ("Wo", "Was", "Erwartet", "Was nun") if breite >= BREIT else ("Befund",)
    tabelle.add_column("", no_wrap=True)
    for kopf in koepfe:
        tabelle.add_column(kopf, overflow="fold")
    for befund in _gekuerzt(bericht.befunde):
        wort = "Mangel" if befund.schwere == "fehler" else "Hinweis"
        zellen = [befund.ort, befund.was, befund.erwartet, befund.rat]
        if breite < BREIT:
            erwartet = f"Erwartet: {befund.erwartet}." if befund.erwartet else ""
            teile = [befund.ort, befund.was, erwartet, befund.rat]
            zellen = ["\n".join(teil for teil in teile if teil)]
        tabelle.add_row(Text(wort), *map(Text, zellen))
    return tabelle


def _gekuerzt(befunde: Sequence[Befund]) -> list[Befund]:
    """Die ersten Befunde jeder Art und ein Satz über die übrigen."""
    gruppen: dict[tuple[str, ...], list[Befund]] = {}
    for b in befunde:
        # Fehlende Felder („zitat“, „titel“) sind verschiedene Mängel, falsche Zellen
        # in vielen Zeilen derselbe.
        art = VERAENDERLICH.sub("…", b.was) if ", Zeile" in b.ort else b.was
        gruppen.setdefault((b.schwere, art, b.erwartet, b.rat), []).append(b)
    gezeigt: list[Befund] = []
    for gruppe in gruppen.values():
        rest = len(gruppe) - EINZELN
        if rest <= 1:
            gezeigt += gruppe
            continue
        wort = mehrzahl(rest, "gleichartige Stelle", "gleichartige Stellen")
        letzter = gruppe[EINZELN]
        gezeigt += gruppe[:EINZELN]
        gezeigt.append(
            Befund(
                ort=letzter.ort.partition(", Zeile")[0],
                was=f"Dazu kommen {wort}; alle stehen im Bericht.",
                schwere=letzter.schwere,
            )
        )
    return gezeigt


def _vereint(befunde: Sequence[Befund]) -> list[Befund]:
    """Befunde mit demselben Wortlaut in einer Zeile, mit allen Stellen."""
    orte: dict[tuple[str, str, str], list[str]] = {}
    for b in befunde:
        orte.setdefault((b.was, b.erwartet, b.rat), []).append(b.ort)
    return [
        Befund(ort="; ".join(_ohne_wiederholung(stellen)), was=was, erwartet=e, rat=r)
        for (was, e, r), stellen in orte.items()
    ]


def _ohne_wiederholung(orte: Sequence[str]) -> list[str]:
    """Ab der zweiten Stelle ohne den Dateinamen, wenn er derselbe ist."""
    kurz, datei = [], ""
    for ort in orte:
        name, trenner, rest = ort.partition(", ")
        kurz.append(rest if trenner and name == datei else ort)
        datei = name
    return kurz


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
    if bild.haelften:
        werte.append(f"{zahl_text(bild.haelften)} Zähler oder Nenner")
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
                inhalt(sicherer_text(text, HOECHSTENS_ZEICHEN) or "–")
                for text in (b.ort, b.was, b.erwartet, b.rat)
            )
            for b in _vereint(befunde)
        ),
    )
