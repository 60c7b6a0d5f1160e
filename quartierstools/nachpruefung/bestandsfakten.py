"""Welche Zahlen folgen aus dem Bestand der Angebote? Je Gebiet und insgesamt."""

from collections.abc import Iterable, Iterator

from quartierstools.angebote import angebote_fuer
from quartierstools.angebote.luecke import lagen
from quartierstools.auswertung import Auswertung
from quartierstools.nachpruefung.fakt import Fakt, fakt
from quartierstools.schreibweise import zahl_text


def bestandsfakten(
    auswertung: Auswertung, je_gebiet: Iterable[tuple[str, str, int]]
) -> Iterator[Fakt]:
    """Bekannte Angebote je Gebiet, dann Einträge insgesamt.

    Parameters
    ----------
    je_gebiet : Iterable of tuple
        Von `angebotszahlen`.
    """
    for name, schluessel, anzahl in je_gebiet:
        yield from fakt(
            zahl_text(anzahl),
            f"bekannte Angebote, {name}",
            "anzahl",
            ("angebot", "eintr"),
            ort=name,
            gebiet=schluessel,
            datei="angebote.csv",
        )
    yield from fakt(
        zahl_text(len(auswertung.freigabe.angebote)),
        "Einträge im Bestand",
        "anzahl",
        ("angebot", "eintr", "bestand"),
        datei="angebote.csv",
    )
    yield from _eintraege(auswertung)


def _eintraege(auswertung: Auswertung) -> Iterator[Fakt]:
    """Laufende, ungeprüfte und ungezählte Einträge; ohne Bestand keine."""
    bestand = auswertung.freigabe.angebote
    if bestand.empty:
        return
    stand = lagen(bestand, auswertung.projekt.bezugsdatum)
    aktiv = bestand[stand != "beendet"]
    for was, anzahl in (
        ("laufende Einträge", len(aktiv)),
        ("ungeprüfte Einträge", int((stand == "ungeprüft").sum())),
        ("laufende Einträge ohne Plätze", int(aktiv["plaetze"].isna().sum())),
    ):
        yield from fakt(
            zahl_text(anzahl), was, "anzahl", ("eintr",), datei="angebote.csv"
        )


def angebotszahlen(auswertung: Auswertung) -> Iterator[tuple[str, str, int]]:
    """Name, Schlüssel und Zahl der laufenden Angebote im Gebiet selbst."""
    freigabe = auswertung.freigabe
    if freigabe.angebote.empty:
        return
    for schluessel, zeile in freigabe.gebiete.iterrows():
        alle = angebote_fuer(
            freigabe.angebote,
            gebiet=str(schluessel),
            stadtbezirk=str(zeile["stadtbezirk"]),
            bezugsdatum=auswertung.projekt.bezugsdatum,
        )
        hier = (alle["bezug"] == "hier") & (alle["lage"] != "beendet")
        yield str(zeile["name"]), str(schluessel), int(hier.sum())
