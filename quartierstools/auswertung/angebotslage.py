"""Was gibt es für eine Zielgruppe, wo fehlt etwas, wo zuerst?

Verbindet freigegebene Werte, Bestand, Urteile und Beschlüsse zu einem Ergebnis, das
Texte, Seiten und Tabellen gemeinsam lesen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from quartierstools.angebote.erreichbarkeit import Erreichbarkeit, erreichbarkeit
from quartierstools.angebote.kalender import kalender
from quartierstools.angebote.luecke import hat_gruppe, kategorientafel, lagen
from quartierstools.angebote.mengen import Mengenluecke, mengenluecke
from quartierstools.angebote.rangfolge import Rangfolge, rangfolge
from quartierstools.angebote.urteile import geltende, urteilsliste
from quartierstools.angebote.wege import gebietspunkte
from quartierstools.angebote.zwilling import Zwilling, zwillinge
from quartierstools.auswertung.bedarf import Bedarf
from quartierstools.auswertung.gedaechtnis import gedaechtnis
from quartierstools.auswertung.messung import Messung
from quartierstools.geheimhaltung import Fassung, Freigabe
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
        laufender Angebote an diesem Ort), `angebote` (Tupel der Kennungen, die hier
        wirken können) und `geprueft_hier` (davon geprüft und am Ort).
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
        Je Beschluss der Zielgruppe und Indikator eine Zeile: `beschluss` (id aus
        ``beschluesse.csv``), `datum`, `gebiet`, `entscheidung`, `gegenstand` (Name
        des Vorhabens oder Angebots, auch leer), `einrichtung`, `indikator`,
        `vorher_tag`, `vorher`, `nachher_tag`, `nachher`, `veraenderung`
        (Anteilspunkte oder Einheit des Indikators), `veraenderung_unten`,
        `veraenderung_oben`, `zwilling`, `zwilling_veraenderung` und `satz` (sagt:
        kein Wirkungsnachweis).
    hinweise : tuple of str
        Sätze, die zu jeder Ausgabe dieser Ergebnisse gehören.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> auswertung = oeffne("musterstadt").auswertung
    >>> lage = auswertung.angebotslage("jugendliche")
    >>> lage.kategorie.loc["011", "kategorie"]
    'vorhanden'
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


def angebotslage(
    freigabe: Freigabe,
    zielgruppe: Zielgruppe,
    ergebnis: Bedarf | Messung,
    *,
    startwert: int = 0,
) -> Angebotslage:
    """Stellt Bestand, Lücke, Wege und Auswahl einer Zielgruppe zusammen.

    Parameters
    ----------
    ergebnis : Bedarf or Messung
        Bedarf der Zielgruppe; `Messung`, wenn nicht messbar.
    startwert : int, default=0
        Für die gezogenen Gewichte der Rangbänder.
    """
    katalog = freigabe.katalog
    regeln, projekt = katalog.angebotsregeln, katalog.projekt
    bezirke = freigabe.gebiete["stadtbezirk"]
    bestand = zielgruppenbestand(freigabe, zielgruppe)
    kategorie = kategorien(freigabe, zielgruppe, freigabe.angebote)
    menge = mengen(freigabe, zielgruppe, bestand)
    betroffene = menge.tafel["betroffene"]
    wege = erreichbarkeit(
        gebietspunkte(freigabe.gebiete),
        bestand,
        betroffene=betroffene,
        regeln=regeln,
        kanten=freigabe.wegenetz,
    )
    urteile = urteilsliste(freigabe.fachurteile, zielgruppe.id)
    einstufung = _einstufung(freigabe, ergebnis)
    auswahl = rangfolge(
        einstufung,
        _kriterienwerte(einstufung, menge, wege),
        geltende(urteile),
        kriterien=katalog.kriterien,
        regeln=regeln,
        grenze=_grenze(ergebnis, regeln.auswahl_ab_klasse),
        intern=freigabe.fassung == "intern",
        startwert=startwert,
    )
    return Angebotslage(
        zielgruppe=zielgruppe,
        fassung=freigabe.fassung,
        bezugsdatum=projekt.bezugsdatum,
        bestand=bestand,
        kategorie=kategorie,
        mengenluecke=menge,
        erreichbarkeit=wege,
        rangfolge=auswahl,
        zwillinge=_zwillinge(freigabe, zielgruppe, bestand, kategorie),
        kalender=kalender(
            freigabe.angebote,
            zielgruppe=zielgruppe.id,
            stadtbezirke=bezirke,
            betroffene=betroffene,
            regeln=regeln,
            bezugsdatum=projekt.bezugsdatum,
        ),
        urteile=urteile,
        gedaechtnis=gedaechtnis(freigabe, zielgruppe),
        hinweise=(wege.satz, menge.satz, auswahl.satz, BESTANDSSATZ),
    )


BESTANDSSATZ = (
    "Der Bestand ist eine Liste gefundener Einträge. Nicht bekannt heißt nicht, dass "
    "es etwas nicht gibt."
)


def zielgruppenbestand(freigabe: Freigabe, zielgruppe: Zielgruppe) -> pd.DataFrame:
    """Angebote einer Zielgruppe mit ihrer Lage am Bezugsdatum."""
    angebote = freigabe.angebote
    gruppe = angebote[hat_gruppe(angebote, zielgruppe.id)].sort_index()
    fehlend = [s for s in ("breite", "laenge") if s not in gruppe]
    gruppe = gruppe.assign(**dict.fromkeys(fehlend, float("nan")))
    return gruppe.assign(lage=lagen(gruppe, freigabe.katalog.projekt.bezugsdatum))


def kategorien(
    freigabe: Freigabe, zielgruppe: Zielgruppe, angebote: pd.DataFrame
) -> pd.DataFrame:
    """Kategorie des Bestands je Gebiet; `angebote` darf ein gedachter Bestand sein."""
    projekt = freigabe.katalog.projekt
    return kategorientafel(
        angebote,
        stadtbezirke=freigabe.gebiete["stadtbezirk"],
        zielgruppe=zielgruppe.id,
        gruppe_text=zielgruppe.gruppe_text,
        ebene=projekt.ebene.kurz,
        bezugsdatum=projekt.bezugsdatum,
    )


def mengen(
    freigabe: Freigabe, zielgruppe: Zielgruppe, bestand: pd.DataFrame
) -> Mengenluecke:
    """Betroffene gegen Plätze, aus freigegebenen Fallzahlen."""
    katalog = freigabe.katalog
    kennung = katalog.angebotsregeln.betroffene.get(zielgruppe.id, "")
    tag = freigabe.stichtag(kennung) if kennung else None
    werte = freigabe.werte
    zeilen = werte[
        (werte["indikator"] == kennung)
        & (werte["stichtag"] == tag)
        & (werte["wertart"] == "Zahl")
    ]
    je_gebiet = zeilen[zeilen["ebene"] == "gebiet"].set_index("gebiet")
    fallzahlen = je_gebiet[["zaehler", "nenner"]].reindex(freigabe.gebiete.index)
    oben = zeilen[zeilen["ebene"] != "gebiet"].set_index("gebiet")["zaehler"].dropna()
    return mengenluecke(
        fallzahlen.astype("Float64").astype("float64"),
        bestand,
        stadtbezirke=freigabe.gebiete["stadtbezirk"],
        summen={str(k): float(v) for k, v in oben.items()},
        indikator=kennung,
        stichtag=tag or "",
        bezeichnung=katalog.indikatoren[kennung].zaehler if kennung else "",
    )


def _einstufung(freigabe: Freigabe, ergebnis: Bedarf | Messung) -> pd.DataFrame:
    spalten = ["klasse", "wort", "index", "haltbarkeit", "abstand"]
    if isinstance(ergebnis, Bedarf):
        return ergebnis.tafel[spalten].reindex(freigabe.gebiete.index)
    leer = pd.DataFrame(index=freigabe.gebiete.index, columns=spalten)
    zahlen = dict.fromkeys(("index", "haltbarkeit", "abstand"), "float64")
    return leer.astype({"klasse": "Int64", "wort": "object", **zahlen})


def _grenze(ergebnis: Bedarf | Messung, ab_klasse: int) -> float:
    """Index, ab dem ein Gebiet nach Daten ausgewählt ist."""
    if isinstance(ergebnis, Messung):
        return float("nan")
    return float(ergebnis.modell.klassengrenzen[ab_klasse - 2])


def _kriterienwerte(
    einstufung: pd.DataFrame, menge: Mengenluecke, wege: Erreichbarkeit
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "haeufigkeit": einstufung["index"],
            "menge": menge.tafel["betroffene"],
            "luecke": menge.tafel["ohne_bekannten_platz"],
            "weg": wege.tafel["minuten"],
        }
    )


def _zwillinge(
    freigabe: Freigabe,
    zielgruppe: Zielgruppe,
    bestand: pd.DataFrame,
    kategorie: pd.DataFrame,
) -> dict[str, Zwilling]:
    katalog = freigabe.katalog
    gewuenscht = [*(g.indikator for g in zielgruppe.index)]
    gewuenscht += [*(n.indikator for n in zielgruppe.naeherung)]
    gewuenscht += [*katalog.projekt.typen.indikatoren]
    merkmale = [i for i in dict.fromkeys(gewuenscht) if freigabe.liegt_vor(i)]
    beginn = bestand["beginn"].dropna()
    return zwillinge(
        freigabe.tabelle(merkmale),
        {str(g): hier for g, hier in kategorie["geprueft_hier"].items()},
        mindestens=katalog.angebotsregeln.zwilling_mindestens,
        namen={str(g): str(n) for g, n in freigabe.gebiete["name"].items()},
        beginn={str(a): t.date() for a, t in beginn.items()},
        bezeichnungen={k: i.bezeichnung for k, i in katalog.indikatoren.items()},
    )
