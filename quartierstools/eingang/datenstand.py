"""Was liegt vor? Ein Projekt lesen, prüfen, mit Prüfsummen festhalten."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from quartierstools.eingang.angebote import lies_angebote, lies_einzelwerte
from quartierstools.eingang.bestand import lies_bestand, vollstaendigkeit
from quartierstools.eingang.gebiete import lies_gebiete
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.katalog import Katalog, Projektordner, lade_katalog
from quartierstools.kurzbild import kurzbild
from quartierstools.schreibweise import aufzaehlung, datum_text


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
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

    def __repr__(self) -> str:
        # Ohne Werte: Der Stand ist noch nicht freigegeben.
        return f"Datenstand({self.katalog.projekt.id!r}, {len(self.gebiete)} Gebiete)"

    def _repr_html_(self) -> str:
        """Was vorliegt, nie einzelne Werte: Der Stand ist nicht freigegeben."""
        tage = self.stichtage
        return kurzbild(
            f"Datenstand {self.katalog.projekt.stadt}",
            [
                ("Gebiete", str(len(self.gebiete))),
                ("Indikatoren", str(self.werte["indikator"].nunique())),
                ("Stichtage", f"{tage[0]} bis {tage[-1]}" if tage else ""),
                ("Angebote", str(len(self.angebote))),
                ("Hinweise", str(len(self.hinweise))),
            ],
            saetze=["Noch nicht freigegeben: nur mit gib_frei weitergeben."],
        )

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
    werte = angebote = einzelwerte = pd.DataFrame()
    try:
        dateien = [(datei, ordner.name_von(datei)) for datei in ordner.bestand]
        werte = lies_bestand(dateien, katalog, gebiete, bezirke.index)
    except Datenfehler as fehler:
        befunde += fehler.befunde
    try:
        angebote = lies_angebote(ordner.angebote, katalog, gebiete.index, bezirke.index)
    except Datenfehler as fehler:
        befunde += fehler.befunde
    try:
        einzelwerte = lies_einzelwerte(ordner.einzelwerte)
    except Datenfehler as fehler:
        befunde += fehler.befunde
    befunde += _vorhabenbefunde(katalog, gebiete.index, einzelwerte)
    if befunde:
        raise Datenfehler(f"Projekt „{katalog.projekt.id}“", befunde)
    return Datenstand(
        katalog=katalog,
        ordner=ordner,
        gebiete=gebiete,
        stadtbezirke=bezirke,
        werte=werte,
        angebote=angebote,
        einzelwerte=einzelwerte,
        hinweise=tuple(_hinweise(katalog, werte, gebiete)),
        pruefsummen=pruefsummen(ordner),
    )


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
