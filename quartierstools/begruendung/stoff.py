"""Woraus entsteht eine Begründung? Alles, was ihre Kapitel brauchen."""

from dataclasses import dataclass

from quartierstools.angebote import Luecke, luecke
from quartierstools.auswertung import Angebotslage, Auswertung, Bedarf, Messung
from quartierstools.begruendung.beleg import Niederschrift, druckstellen
from quartierstools.begruendung.vergleich import Vergleich, vergleich
from quartierstools.dokument import Textstueck, offen
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog import Katalog, Projekt, Vorhaben, Zielgruppe


@dataclass(frozen=True, slots=True, kw_only=True)
class Stoff:
    """Fakten eines Vorhabens.

    Attributes
    ----------
    ergebnis : Bedarf or Messung
        `Messung`, wenn die Zielgruppe nicht messbar ist.
    schrift : Niederschrift
        Schreibt Belege und Quellen mit.
    vergleiche : dict
        Stellung des Gebiets je verwendetem Indikator.
    luecke : Luecke
        Bestand der Angebote im Gebiet.
    lage : Angebotslage
        Mengen, Zwillinge, Urteile und Beschlüsse der Zielgruppe.
    """

    freigabe: Freigabe
    vorhaben: Vorhaben
    gruppe: Zielgruppe
    ergebnis: Bedarf | Messung
    gebiet: str
    ort: str
    lauf: str
    schrift: Niederschrift
    vergleiche: dict[str, Vergleich]
    luecke: Luecke
    lage: Angebotslage

    @property
    def katalog(self) -> Katalog:
        """Katalog des Projekts."""
        return self.freigabe.katalog

    @property
    def status(self) -> str:
        """Hinweis, fachlich bestätigt oder verworfen; ein Fachurteil geht vor."""
        return status_von(self.vorhaben, self.lage)

    @property
    def wo(self) -> str:
        """Ortsangabe im Satz, etwa „in der Südinnenstadt“."""
        return str(self.freigabe.gebiete.loc[self.gebiet, "wo"])

    @property
    def projekt(self) -> Projekt:
        """Angaben zum Ort."""
        return self.freigabe.katalog.projekt


def status_von(vorhaben: Vorhaben, lage: Angebotslage) -> str:
    """Status eines Vorhabens; ein Fachurteil zu seinem Gebiet geht vor.

    Parameters
    ----------
    lage : Angebotslage
        Lage der Zielgruppe des Vorhabens.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> auswertung = oeffne("musterstadt").auswertung
    >>> vorhaben = auswertung.katalog.vorhaben["jobcenter-beratung-webereiviertel"]
    >>> vorhaben.status
    'Hinweis'
    >>> status_von(vorhaben, auswertung.angebotslage(vorhaben.zielgruppe))
    'fachlich bestätigt'
    """
    return (
        str(lage.rangfolge.tafel.loc[vorhaben.gebiete[0], "urteil"]) or vorhaben.status
    )


def stoff_fuer(auswertung: Auswertung, kennung: str, *, lauf: str = "") -> Stoff:
    """Sammelt die Fakten eines Vorhabens."""
    freigabe, katalog = auswertung.freigabe, auswertung.katalog
    vorhaben = katalog.eintrag_vorhaben(kennung)
    gruppe = katalog.zielgruppe(vorhaben.zielgruppe)
    ergebnis = auswertung.bedarf(gruppe.id)
    gebiet = vorhaben.gebiete[0]
    return Stoff(
        freigabe=freigabe,
        vorhaben=vorhaben,
        gruppe=gruppe,
        ergebnis=ergebnis,
        gebiet=gebiet,
        ort=str(freigabe.gebiete.loc[gebiet, "name"]),
        lauf=lauf,
        schrift=Niederschrift(freigabe),
        vergleiche=_vergleiche(freigabe, ergebnis, gebiet),
        luecke=bestand_in(freigabe, gebiet, gruppe),
        lage=auswertung.angebotslage(gruppe.id),
    )


def _vergleiche(
    freigabe: Freigabe, ergebnis: Bedarf | Messung, gebiet: str
) -> dict[str, Vergleich]:
    if isinstance(ergebnis, Messung):
        return {}
    indikatoren = freigabe.katalog.indikatoren
    return {
        kennung: vergleich(
            ergebnis.merkmale[kennung],
            gebiet,
            stellen=druckstellen(indikatoren[kennung]),
            hoch=indikatoren[kennung].richtung == "hoch",
        )
        for kennung in ergebnis.messung.indikatoren
    }


def bestand_in(freigabe: Freigabe, gebiet: str, gruppe: Zielgruppe) -> Luecke:
    """Einordnung des Angebotsbestands für ein Gebiet und eine Zielgruppe."""
    projekt = freigabe.katalog.projekt
    return luecke(
        freigabe.angebote,
        gebiet=gebiet,
        stadtbezirk=str(freigabe.gebiete.loc[gebiet, "stadtbezirk"]),
        zielgruppe=gruppe.id,
        gruppe_text=gruppe.gruppe_text,
        ebene=projekt.ebene.kurz,
        bezugsdatum=projekt.bezugsdatum,
    )


def feld(wert: str, name: str = "") -> Textstueck:
    """Angabe eines Menschen oder ein offenes Feld."""
    return Textstueck(wert) if wert else offen(name)
