"""Was liegt vor? Ein Projekt lesen, prüfen, mit Prüfsummen festhalten."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import geopandas as gpd
import pandas as pd

from quartierstools.eingang.angebote import (
    lies_angebote,
    lies_einzelwerte,
    lies_roh,
)
from quartierstools.eingang.angebotspruefung import Bestandsort, angebotshinweise
from quartierstools.eingang.beschluesse import lies_beschluesse
from quartierstools.eingang.bestand import lies_bestand, vollstaendigkeit
from quartierstools.eingang.gebiete import lies_gebiete
from quartierstools.eingang.standortdaten import (
    lies_orte,
    lies_quartiere,
    lies_wegenetz,
)
from quartierstools.eingang.urteile import lies_fachurteile
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.katalog import Katalog, Projektordner, lade_katalog
from quartierstools.schreibweise import aufzaehlung, datum_text

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Datenstand:
    """Geprüfte Eingaben eines Ortes, noch nicht freigegeben.

    Attributes
    ----------
    gebiete, stadtbezirke : GeoDataFrame
        Flächen mit Namen, Index `gebiet`.
    werte : DataFrame
        Beobachtungen, siehe `lies_bestand`.
    angebote, einzelwerte : DataFrame
        Angebotsbestand und veröffentlichte Einzelwerte.
    fachurteile, beschluesse : DataFrame
        Was Fachleute und Gremien sagen; Namen nur für die interne Fassung.
    orte : DataFrame
        Orte, die als Standort in Frage kommen.
    wegenetz : DataFrame or None
        Kanten für Fußwege, wenn geliefert.
    hinweise : tuple of Befund
        Was auffiel, ohne ein Fehler zu sein.
    pruefsummen : Mapping
        SHA-256 je Eingabedatei.
    """

    katalog: Katalog
    ordner: Projektordner
    gebiete: gpd.GeoDataFrame
    stadtbezirke: gpd.GeoDataFrame
    werte: pd.DataFrame
    angebote: pd.DataFrame
    einzelwerte: pd.DataFrame
    hinweise: tuple[Befund, ...]
    pruefsummen: Mapping[str, str]
    fachurteile: pd.DataFrame = field(default_factory=pd.DataFrame)
    beschluesse: pd.DataFrame = field(default_factory=pd.DataFrame)
    orte: pd.DataFrame = field(default_factory=pd.DataFrame)
    wegenetz: pd.DataFrame | None = None

    @property
    def stichtage(self) -> list[str]:
        """Alle Stichtage mit Werten, ältester zuerst."""
        return sorted(set(self.werte["stichtag"]))


def pruefsummen(ordner: Projektordner) -> dict[str, str]:
    """SHA-256 jeder Eingabedatei, nach Namen sortiert."""
    return {
        ordner.name_von(datei): hashlib.sha256(datei.read_bytes()).hexdigest()
        for datei in ordner.eingaben()
    }


def lies_datenstand(ordner: Projektordner) -> Datenstand:
    """Liest und prüft ein ganzes Projekt.

    Raises
    ------
    Datenfehler, Katalogfehler
        Mit allen gefundenen Mängeln.
    """
    katalog = lade_katalog(ordner)
    gebiete, bezirke = lies_gebiete(ordner, katalog)
    befunde: list[Befund | str] = []
    wurzel = ordner.wurzel

    def lies(leser: Callable[[], T], sonst: T) -> T:
        """Liest weiter, auch wenn eine Datei Mängel hat."""
        try:
            return leser()
        except Datenfehler as fehler:
            befunde.extend(fehler.befunde)
            return sonst

    leer = pd.DataFrame()
    dateien = [(datei, ordner.name_von(datei)) for datei in ordner.bestand]
    werte = lies(lambda: lies_bestand(dateien, katalog, gebiete, bezirke.index), leer)
    ohne: dict[str, str] = {}
    quartiere = lies(lambda: _quartiere(ordner, gebiete.index), ohne)
    ort = Bestandsort(
        katalog=katalog, gebiete=gebiete, stadtbezirke=bezirke, quartiere=quartiere
    )
    angebote = lies(lambda: lies_angebote(ordner.angebote, ort), None)
    einzelwerte = lies(lambda: lies_einzelwerte(ordner.einzelwerte), leer)
    fachurteile = lies(
        lambda: lies_fachurteile(wurzel / "fachurteile.csv", katalog, gebiete.index),
        leer,
    )
    kennungen = None if angebote is None else angebote.index
    beschluesse = lies(
        lambda: lies_beschluesse(
            wurzel / "beschluesse.csv", katalog, gebiete.index, kennungen
        ),
        leer,
    )
    orte = lies(lambda: lies_orte(wurzel, gebiete), leer)
    wegenetz = lies(lambda: lies_wegenetz(wurzel / "wegenetz.csv"), None)
    befunde += _vorhabenbefunde(katalog, gebiete.index, einzelwerte)
    befunde += _szenariobefunde(katalog, gebiete.index, kennungen)
    if befunde or angebote is None:
        raise Datenfehler(f"Projekt „{katalog.projekt.id}“", befunde)
    return Datenstand(
        katalog=katalog,
        ordner=ordner,
        gebiete=gebiete,
        stadtbezirke=bezirke,
        werte=werte,
        angebote=angebote,
        einzelwerte=einzelwerte,
        fachurteile=fachurteile,
        beschluesse=beschluesse,
        orte=orte,
        wegenetz=wegenetz,
        hinweise=(
            *_hinweise(katalog, werte, gebiete),
            *angebotshinweise(lies_roh(ordner.angebote), ort),
        ),
        pruefsummen=pruefsummen(ordner),
    )


def bestandsort(ordner: Projektordner) -> Bestandsort:
    """Womit ein Angebotsbestand verglichen wird, ohne den Bestand selbst.

    Raises
    ------
    Datenfehler, Katalogfehler
        Mit allen Mängeln von Katalog und Flächen.
    """
    katalog = lade_katalog(ordner)
    gebiete, bezirke = lies_gebiete(ordner, katalog)
    return Bestandsort(
        katalog=katalog,
        gebiete=gebiete,
        stadtbezirke=bezirke,
        quartiere=_quartiere(ordner, gebiete.index),
    )


def _quartiere(ordner: Projektordner, gebiete: pd.Index) -> dict[str, str]:
    """Quartiersname → Gebiet; leer, wenn mehrdeutig."""
    tafel = lies_quartiere(ordner.wurzel / "katalog" / "quartiere.csv", gebiete)
    return {str(q): str(g) for q, g in tafel["gebiet"].items()}


def _szenariobefunde(
    katalog: Katalog, gebiete: pd.Index, angebote: pd.Index | None
) -> list[Befund]:
    """Szenarien nennen nur Gebiete und Angebote, die es gibt."""
    befunde = []
    for szenario in katalog.szenarien.values():
        ort = f"katalog/szenarien.yaml, {szenario.id}"
        genannt = [g for neu in szenario.neu for g in neu.gebiete]
        befunde += [
            Befund(
                ort=ort,
                was=f"Das Gebiet „{schluessel}“ gibt es nicht.",
                erwartet="ein Schlüssel aus gebiete.geojson",
            )
            for schluessel in genannt
            if schluessel not in gebiete
        ]
        befunde += [
            Befund(
                ort=ort,
                was=f"Das Angebot „{kennung}“ gibt es nicht.",
                erwartet="eine id aus angebote.csv",
            )
            for kennung in szenario.endet
            if angebote is not None and kennung not in angebote
        ]
    return befunde


def _vorhabenbefunde(
    katalog: Katalog, gebiete: pd.Index, einzelwerte: pd.DataFrame
) -> list[Befund]:
    befunde = []
    for vorhaben in katalog.vorhaben.values():
        ort = f"vorhaben/{vorhaben.id}.yaml"
        befunde += [
            Befund(
                ort=ort,
                was=f"Das Gebiet „{schluessel}“ gibt es nicht.",
                erwartet="ein Schlüssel aus gebiete.geojson",
            )
            for schluessel in vorhaben.gebiete
            if schluessel not in gebiete
        ]
        befunde += [
            Befund(
                ort=ort,
                was=f"Den Einzelwert „{kennung}“ gibt es nicht.",
                erwartet="eine id aus einzelwerte.csv",
            )
            for kennung in vorhaben.einzelwerte
            if kennung not in einzelwerte.index
        ]
    return befunde


def _hinweise(
    katalog: Katalog, werte: pd.DataFrame, gebiete: pd.DataFrame
) -> list[Befund]:
    """Lücken, die kein Fehler sind, aber gesagt werden müssen."""
    ergebnis = []
    stand = vollstaendigkeit(werte, gebiete.index).reset_index()
    for zeile in stand[stand["vorhanden"] < stand["von"]].itertuples():
        kennung, tag = str(zeile.indikator), str(zeile.stichtag)
        da = werte[
            (werte["indikator"] == kennung)
            & (werte["stichtag"] == tag)
            & (werte["ebene"] == "gebiet")
        ]
        ohne = gebiete.loc[~gebiete.index.isin(da["gebiet"]), "name"]
        if ohne.empty:
            continue
        bezeichnung = katalog.indikatoren[kennung].bezeichnung
        ergebnis.append(
            Befund(
                ort=f"{bezeichnung}, {datum_text(date.fromisoformat(tag))}",
                was=f"{zeile.satz}; liegt nicht vor für {_namen(list(ohne))}.",
                schwere="hinweis",
            )
        )
    return ergebnis


def _namen(namen: list[str], hoechstens: int = 6) -> str:
    gezeigt = namen[:hoechstens]
    rest = len(namen) - len(gezeigt)
    return aufzaehlung([*gezeigt, f"{rest} weitere"] if rest else gezeigt)
