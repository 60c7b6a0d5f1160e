"""Wie weit ist es aus einem Gebiet zum nächsten geprüften Angebot?"""

from quartierstools.ausgabe.kennzahlentafel import Blatt
from quartierstools.auswertung import Angebotslage
from quartierstools.dokument import (
    Absatz,
    Block,
    Inhalt,
    Spalte,
    Tabelle,
    inhalt,
)
from quartierstools.schreibweise import FEST, aufzaehlung, zahl_text

NICHT_BEKANNT = (
    "Wege: Im Bestand ist für {gruppen} kein geprüftes Angebot mit bekanntem Ort; der "
    "Weg ist nicht bekannt."
)


def wege(blatt: Blatt) -> list[Block]:
    """Nächstes geprüftes Angebot je Zielgruppe mit Weg und Verfahren.

    Zielgruppen ohne geprüftes Angebot mit bekanntem Ort nennt ein Satz darunter.
    """
    lagen = [
        blatt.auswertung.angebotslage(kennung)
        for kennung in blatt.auswertung.projekt.zielgruppen
    ]
    mit = [lage for lage in lagen if _naechstes(lage, blatt.gebiet)]
    ohne = [lage.zielgruppe.gruppe_text for lage in lagen if lage not in mit]
    bloecke: list[Block] = []
    if mit:
        saetze = dict.fromkeys(lage.erreichbarkeit.satz for lage in mit)
        bloecke.append(
            Tabelle(
                titel="Weg zum nächsten geprüften Angebot",
                spalten=(
                    Spalte("Zielgruppe", anteil=2.6),
                    Spalte("Angebot", anteil=2.6),
                    Spalte("Zu Fuß", "rechts", 1),
                    Spalte("Luftlinie", "rechts", 1),
                ),
                zeilen=tuple(_zeile(blatt, lage) for lage in mit),
                fussnote=" ".join(saetze),
            )
        )
    if ohne:
        text = NICHT_BEKANNT.format(gruppen=aufzaehlung(ohne))
        bloecke.append(Absatz(inhalt(text), art="klein"))
    return bloecke


def _naechstes(lage: Angebotslage, gebiet: str) -> str:
    return str(lage.erreichbarkeit.tafel["naechstes"].loc[gebiet])


def _zeile(blatt: Blatt, lage: Angebotslage) -> tuple[Inhalt, ...]:
    """Zielgruppe, Angebot, Gehzeit und Luftlinie; jede Zahl mit Beleg."""
    gruppe = lage.zielgruppe.bezeichnung
    tafel = lage.erreichbarkeit.tafel
    minuten = zahl_text(max(1, round(float(tafel["minuten"].loc[blatt.gebiet]))))
    meter = zahl_text(round(float(tafel["meter"].loc[blatt.gebiet]), -1))
    return (
        inhalt(gruppe),
        inhalt(str(lage.bestand["name"].loc[_naechstes(lage, blatt.gebiet)])),
        *(
            (
                blatt.schrift.rechnung(
                    f"{zahl}{FEST}{einheit}",
                    f"{was}, {gruppe}, {blatt.name}",
                    gebiet=blatt.gebiet,
                    formel="weg",
                ),
            )
            for zahl, einheit, was in (
                (minuten, "Minuten", "Gehzeit"),
                (meter, "Meter", "Luftlinie"),
            )
        ),
    )
