"""Welche Zahlen folgen aus Bestand, Menge, Weg und Auswahl der Angebote?"""

from collections.abc import Iterator

import pandas as pd

from quartierstools.angebote.mengen import platzzahl
from quartierstools.auswertung import Angebotslage, Auswertung
from quartierstools.nachpruefung.fakt import Fakt, fakt
from quartierstools.nachpruefung.zahlen import glatt
from quartierstools.schreibweise import prozent_text, zahl_text

SATZANFANG = 40
"""So viele Zeichen eines Satzes müssen neben seiner Zahl wiederzufinden sein."""

SPALTENWORTE = ("menschen", "plätze", "unterschied", "weg", "je 100", "minuten")

PLATZSPALTEN = ("plaetze", "plaetze_weit")
"""Spalten, in denen ein Anteil „unter 1“ heißen kann."""


def angebotsfakten(auswertung: Auswertung) -> Iterator[Fakt]:
    """Fakten aller Zielgruppen; ohne Bestand nur, was ohne ihn gilt."""
    for kennung in auswertung.projekt.zielgruppen:
        lage = auswertung.angebotslage(kennung)
        gruppe = lage.zielgruppe.bezeichnung
        namen = auswertung.freigabe.gebiete["name"]
        yield from _tafeln(lage, namen, gruppe)
        for satz in _saetze(auswertung, lage, kennung):
            yield from satzfakten(satz, f"Angebotslage, {gruppe}")
        yield from _kalender(lage)
        yield from _standorte(auswertung, kennung, gruppe)


def satzfakten(satz: str, was: str) -> Iterator[Fakt]:
    """Fakten eines gerechneten Satzes; sie gelten nur neben seinem Anfang."""
    anfang = glatt(satz)[:SATZANFANG].strip()
    yield from fakt(satz, was, "satz", (), alle=(anfang,))


def _tafeln(lage: Angebotslage, namen: "pd.Series[str]", gruppe: str) -> Iterator[Fakt]:
    """Jede Zahl der Tafeln zu Menge und Weg, mit dem Namen ihres Gebiets."""
    for tafel in (lage.mengenluecke.tafel, lage.erreichbarkeit.tafel):
        zahlen = tafel.select_dtypes("number")
        for schluessel, zeile in zahlen.iterrows():
            gebiet = str(schluessel)
            for spalte, wert in zeile.items():
                if pd.isna(wert):
                    continue
                zahl = float(wert)
                texte = [zahl_text(zahl, stellen=stellen) for stellen in (0, 1)]
                if spalte in PLATZSPALTEN:
                    texte.append(platzzahl(zahl))
                for text in dict.fromkeys(texte):
                    yield from fakt(
                        text,
                        f"{spalte}, {gruppe}, {namen[gebiet]}",
                        "angebotslage",
                        SPALTENWORTE,
                        ort=str(namen[gebiet]),
                        gebiet=gebiet,
                    )


def _saetze(auswertung: Auswertung, lage: Angebotslage, kennung: str) -> Iterator[str]:
    yield from lage.hinweise
    for tafel, spalten in (
        (lage.kategorie, ("satz", "vorbehalt")),
        (lage.knapp, ("satz",)),
        (lage.kalender, ("satz",)),
        (lage.gedaechtnis, ("satz",)),
        (lage.urteile, ("begruendung",)),
        (lage.rangfolge.tafel, ("urteil_grund", "urteil_text")),
    ):
        for spalte in spalten:
            if spalte in tafel:
                yield from (str(text) for text in tafel[spalte] if text)
    yield from (zwilling.satz for zwilling in lage.zwillinge.values())
    wahl = auswertung.standorte(kennung)
    if wahl is not None:
        yield wahl.satz
    for ergebnis in auswertung.szenarien(kennung):
        yield ergebnis.name
        yield ergebnis.satz
        yield from (str(text) for text in ergebnis.tafel.get("satz", ()))


def _kalender(lage: Angebotslage) -> Iterator[Fakt]:
    for _, zeile in lage.kalender.iterrows():
        for spalte in ("plaetze", "betroffene"):
            if pd.notna(zeile[spalte]):
                yield from fakt(
                    zahl_text(float(zeile[spalte])),
                    f"{spalte}, {zeile['name']}",
                    "angebotslage",
                    (),
                    alle=(str(zeile["name"]),),
                )


def _standorte(auswertung: Auswertung, kennung: str, gruppe: str) -> Iterator[Fakt]:
    wahl = auswertung.standorte(kennung)
    if wahl is None:
        return
    for vorschlag in wahl.vorschlaege:
        orte = [str(wahl.kandidaten["name"][ort]) for ort in vorschlag.orte]
        for text in (
            zahl_text(vorschlag.gedeckt),
            prozent_text(vorschlag.anteil, stellen=1, kurz=True),
            zahl_text(vorschlag.mittlere_minuten),
        ):
            yield from fakt(
                text, f"Standortwahl, {gruppe}", "standortwahl", (), alle=tuple(orte)
            )
