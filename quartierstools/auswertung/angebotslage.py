"""Was gibt es für eine Zielgruppe, wo fehlt etwas, wo zuerst?

Verbindet freigegebene Werte, Bestand, Urteile und Beschlüsse zu einem Ergebnis, das
Texte, Seiten und Tabellen gemeinsam lesen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from quartierstools.angebote.erreichbarkeit import Erreichbarkeit
from quartierstools.angebote.mengen import Mengenluecke
from quartierstools.angebote.rangfolge import Rangfolge
from quartierstools.angebote.zwilling import Zwilling
from quartierstools.geheimhaltung import Fassung
from quartierstools.katalog import Zielgruppe


@dataclass(frozen=True, slots=True, kw_only=True)
class Angebotslage:
    """Bestand und Lücke einer Zielgruppe in allen Gebieten.

    Alle Tabellen je Gebiet tragen den Index `gebiet`, nach Schlüssel geordnet.

    Attributes
    ----------
    bezugsdatum : date
        Von hier zählen alle Fristen.
    bestand : DataFrame
        Angebote der Zielgruppe, Index `angebot`, wie im Bestand, dazu `lage`
        (``geprüft``, ``läuft aus``, ``ungeprüft``, ``beendet``).
    kategorie : DataFrame
        Je Gebiet `kategorie` (eine der acht), `satz`, `vorbehalt` (Satz, wenn ein
        wechselndes Angebot hier stattfinden könnte, sonst leer), `hier` (Zahl
        laufender Angebote an diesem Ort) und `angebote` (Tupel der Kennungen, die
        hier wirken können).
    mengenluecke : Mengenluecke
        Betroffene minus erreichbare Plätze.
    erreichbarkeit : Erreichbarkeit
        Wege zu den Angeboten.
    rangfolge : Rangfolge
        Auswahl mit Fachurteil; ihre Tabelle `knapp` auch als `knapp`.
    zwillinge : Mapping
        Gebiet ohne geprüftes Angebot am Ort → `Zwilling`; fehlt ein Gebiet, gibt es
        keinen.
    kalender : DataFrame
        Index `angebot`: `name`, `traeger`, `ende`, `plaetze`, `gebiete` (Tupel),
        `danach_ohne` (Tupel der Gebiete ohne anderes geprüftes Angebot),
        `betroffene` (Menschen dort, fehlend ohne Fallzahl), `frist` (``vor dem
        nächsten Bericht`` oder ``knapp danach``) und `satz`.
    urteile : DataFrame
        Fachurteile zur Zielgruppe, Index `urteil`, jüngstes zuerst: `gebiet`,
        `urteil`, `begruendung`, `funktion`, `einrichtung`, `datum`, `gilt` (jüngstes
        je Gebiet); `name` nur intern.
    gedaechtnis : DataFrame
        Je Beschluss der Zielgruppe und Indikator eine Zeile: `beschluss` (Kennung),
        `datum`, `gebiet`, `entscheidung`, `indikator`, `vorher_tag`, `vorher`,
        `nachher_tag`, `nachher`, `veraenderung` (Anteilspunkte oder Einheit des
        Indikators), `veraenderung_unten`, `veraenderung_oben`, `zwilling`,
        `zwilling_veraenderung` und `satz` (sagt: kein Wirkungsnachweis).
    hinweise : tuple of str
        Sätze, die zu jeder Ausgabe dieser Ergebnisse gehören.
    """

    zielgruppe: Zielgruppe
    fassung: Fassung
    bezugsdatum: date
    bestand: pd.DataFrame
    kategorie: pd.DataFrame
    mengenluecke: Mengenluecke
    erreichbarkeit: Erreichbarkeit
    rangfolge: Rangfolge
    zwillinge: Mapping[str, Zwilling]
    kalender: pd.DataFrame
    urteile: pd.DataFrame
    gedaechtnis: pd.DataFrame
    hinweise: tuple[str, ...] = ()

    @property
    def knapp(self) -> pd.DataFrame:
        """Gebiete knapp unter der Grenze der Auswahl."""
        return self.rangfolge.knapp

    def zwilling(self, gebiet: str) -> Zwilling | None:
        """Zwillingsquartier eines Gebiets; None, wenn es keines gibt."""
        return self.zwillinge.get(gebiet)
