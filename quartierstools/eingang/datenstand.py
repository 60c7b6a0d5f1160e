"""Was liegt vor? Ein Projekt lesen, prüfen, mit Prüfsummen festhalten."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pandas as pd

from quartierstools.eingang.angebote import (
    lies_angebote,
    lies_einzelwerte,
    lies_roh,
)
from quartierstools.eingang.angebotskontext import (
    lies_quartiersnamen,
    szenariobefunde,
)
from quartierstools.eingang.angebotspruefung import Bestandsort, angebotshinweise
from quartierstools.eingang.beschluesse import lies_beschluesse
from quartierstools.eingang.bestand import (
    lies_bestand,
    lies_rohbestand,
    vollstaendigkeit,
)
from quartierstools.eingang.gebiete import lies_flaechen, lies_gebiete
from quartierstools.eingang.schutz import sicherer_text, zellbefund
from quartierstools.eingang.standortdaten import lies_orte, lies_wegenetz
from quartierstools.eingang.tabelle import befunde_je_zeile
from quartierstools.eingang.urteile import lies_fachurteile
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.katalog import Katalog, Projektordner, lade_katalog
from quartierstools.katalog.datei import dateimangel
from quartierstools.kurzbild import kurzbild
from quartierstools.schreibweise import aufzaehlung, datum_text

T = TypeVar("T")


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

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel
    >>> ordner = finde_projekt("bochum", daten=hauswurzel() / "daten")
    >>> lies_datenstand(ordner)
    Datenstand('bochum', 30 Gebiete)
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
    """SHA-256 jeder Eingabedatei, nach Namen sortiert.

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel
    >>> ordner = finde_projekt("bochum", daten=hauswurzel() / "daten")
    >>> len(pruefsummen(ordner)["projekt.yaml"])
    64
    """
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

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel
    >>> ordner = finde_projekt("bochum", daten=hauswurzel() / "daten")
    >>> stand = lies_datenstand(ordner)
    >>> len(stand.gebiete), stand.gebiete.index.name
    (30, 'gebiet')
    """
    try:
        katalog = lade_katalog(ordner)
    except Datenfehler as fehler:
        maengel = [*fehler.befunde, *_ohne_katalog(ordner)]
        raise Datenfehler(_titel(fehler), maengel) from None
    befunde: list[Befund | str] = list(_sonderdateien(ordner))
    try:
        gebiete, bezirke = lies_gebiete(ordner, katalog)
    except Datenfehler as fehler:
        befunde += [*fehler.befunde, *lies_rohbestand(_bestandsdateien(ordner))[1]]
        raise Datenfehler(f"Projekt „{katalog.projekt.id}“", befunde) from None
    wurzel, index = ordner.wurzel, gebiete.index

    def lies(leser: Callable[[], T], sonst: T) -> T:
        """Liest weiter, auch wenn eine Datei Mängel hat."""
        try:
            return leser()
        except Datenfehler as fehler:
            befunde.extend(fehler.befunde)
            return sonst

    leer, keine = pd.DataFrame(), dict[str, str]()
    werte = lies(
        lambda: lies_bestand(_bestandsdateien(ordner), katalog, gebiete, bezirke.index),
        leer,
    )
    ort = Bestandsort(
        katalog=katalog,
        gebiete=gebiete,
        stadtbezirke=bezirke,
        quartiere=lies(lambda: lies_quartiersnamen(ordner, index), keine),
    )
    angebote = lies(lambda: lies_angebote(ordner.angebote, ort), None)
    kennungen = None if angebote is None else angebote.index
    einzelwerte = lies(lambda: lies_einzelwerte(ordner.einzelwerte), leer)
    befunde += _einzelwertbefunde(einzelwerte, index, bezirke.index)
    urteile, beschluesse = wurzel / "fachurteile.csv", wurzel / "beschluesse.csv"
    fachurteile = lies(lambda: lies_fachurteile(urteile, katalog, index), leer)
    entschieden = lies(
        lambda: lies_beschluesse(beschluesse, katalog, index, kennungen), leer
    )
    orte = lies(lambda: lies_orte(wurzel, gebiete), leer)
    wegenetz = lies(lambda: lies_wegenetz(wurzel / "wegenetz.csv"), None)
    befunde += _vorhabenbefunde(katalog, gebiete.index, einzelwerte)
    befunde += szenariobefunde(katalog, gebiete.index, kennungen)
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
        beschluesse=entschieden,
        orte=orte,
        wegenetz=wegenetz,
        hinweise=(
            *_hinweise(katalog, werte, gebiete),
            *angebotshinweise(lies_roh(ordner.angebote), ort),
        ),
        pruefsummen=pruefsummen(ordner),
    )


def _titel(fehler: Datenfehler) -> str:
    return str(fehler).partition(":")[0]


def _bestandsdateien(ordner: Projektordner) -> list[tuple[Path, str]]:
    return [(datei, ordner.name_von(datei)) for datei in ordner.bestand]


def _ohne_katalog(ordner: Projektordner) -> list[Befund | str]:
    """Was sich auch ohne lesbaren Katalog über Flächen und Werte sagen lässt."""
    befunde: list[Befund | str] = [*_sonderdateien(ordner)]
    try:
        lies_flaechen(
            ordner.gebiete,
            name="gebiete.geojson",
            pflicht=("schluessel", "name", "stadtbezirk"),
        )
    except Datenfehler as fehler:
        befunde += fehler.befunde
    return befunde + lies_rohbestand(_bestandsdateien(ordner))[1]


def _sonderdateien(ordner: Projektordner) -> list[Befund]:
    """Ordner, Verknüpfungen und Leitungen, wo eine Tabelle stehen dürfte."""
    return [
        mangel
        for datei in (ordner.angebote, ordner.einzelwerte)
        if (datei.exists() or datei.is_symlink())
        and (mangel := dateimangel(datei, ordner.name_von(datei)))
    ]


def _einzelwertbefunde(
    einzelwerte: pd.DataFrame, gebiete: pd.Index, bezirke: pd.Index
) -> list[Befund]:
    """Ebene und Gebiet müssen bekannt sein; Formeln und HTML bleiben draußen.

    Bei ``unklar`` steht im Gebiet, was die Fundstelle nennt.
    """
    if einzelwerte.empty:
        return []
    je_ebene = {
        "gebiet": list(gebiete),
        "stadtbezirk": list(bezirke),
        "stadt": ["stadt", ""],
    }
    tabelle = einzelwerte.reset_index()
    befunde = befunde_je_zeile(
        tabelle,
        ~tabelle["ebene"].isin([*je_ebene, "unklar"]),
        spalte="ebene",
        erwartet=", ".join([*je_ebene, "unklar"]),
        rat="Bitte berichtigen.",
    )
    for ebene, bekannt in je_ebene.items():
        fremd = (tabelle["ebene"] == ebene) & ~tabelle["gebiet"].isin(bekannt)
        befunde += befunde_je_zeile(
            tabelle,
            fremd,
            spalte="gebiet",
            was="Den Schlüssel „{}“ gibt es nicht.".format,
            erwartet=f"ein Schlüssel der Ebene {ebene}",
            rat="Führende Nullen und Schreibweise prüfen.",
        )
    for spalte in ("id", "gebiet", "bezeichnung", "wert", "quelle", "fundstelle"):
        gruende = {t: zellbefund(t) for t in tabelle[spalte].unique()}
        befunde += befunde_je_zeile(
            tabelle,
            tabelle[spalte].map(gruende) != "",
            spalte=spalte,
            was=lambda text, g=gruende: (  # type: ignore[misc]
                f"In „{sicherer_text(text)}“ steht {g[text]}."
            ),
            erwartet="gewöhnlicher Text",
            rat="Bitte umformulieren.",
        )
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
