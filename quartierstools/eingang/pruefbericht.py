"""Ist die Lieferung in Ordnung? Dateien prüfen.

`pruefe_dateien` liest, deutet und prüft, ändert aber nichts und schreibt nichts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from quartierstools.eingang.bestand import PFLICHT, lies_bestand
from quartierstools.eingang.datenstand import lies_datenstand
from quartierstools.eingang.flaechenpruefung import flaechenbefunde
from quartierstools.eingang.gebiete import lies_gebiete
from quartierstools.eingang.leser.oeffnen import oeffne, quellenname
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.lieferung import Lieferung, deute_lieferung
from quartierstools.eingang.namen import Gebietsverzeichnis
from quartierstools.eingang.pruefregeln import Pruefregeln, lies_pruefregeln
from quartierstools.eingang.pruefung import Pruefung
from quartierstools.eingang.vorschlag import vorschlag_fuer
from quartierstools.eingang.wertepruefung import alle_befunde
from quartierstools.eingang.wertetabelle import leere_werte
from quartierstools.eingang.zellpruefung import zellbefunde
from quartierstools.eingang.zuordnung import (
    Zuordnung,
    dateiformat,
    finde_zuordnung,
    zuordnung_text,
)
from quartierstools.fehler import Befund, Datenfehler, Katalogfehler
from quartierstools.katalog import Katalog, Projektordner, Quelle, lade_katalog
from quartierstools.schreibweise import WERTART_TEXT, mehrzahl

OHNE_STAND = date(1980, 1, 1)
"""Stand eines Berichts ohne Projekt und ohne Stichtag (kein Datum von heute)."""

UNBEKANNT = Quelle(
    id="unbekannt",
    herausgeber="unbekannt",
    titel="unbekannt",
    zitat="unbekannt",
    herkunft="amtlich geliefert",
)
"""Steht nur für die üblichen Zeichen, solange ein Vorschlag keine Quelle nennt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabellenbild:
    """Was in einer Tabelle gefunden wurde.

    Attributes
    ----------
    datei, blatt, format : str
        Woher sie stammt.
    zeilen, spalten : int
        Ausmaße ohne Kopf und Fußnoten.
    gebiete, gebiete_von : int
        Gebiete mit Zeile und Gebiete des Projekts.
    indikatoren, stichtage : tuple of str
        Was geliefert ist.
    wertarten : Mapping
        Zahl der Werte je Wertart.
    merkmale : tuple of (str, str)
        Was beim Lesen erkannt wurde.
    zuordnung : str
        ``lieferung.yaml``, ``Vorschlag``, ``Bestand``, ``Flächen`` oder leer.
    """

    datei: str
    blatt: str = ""
    format: str = ""
    zeilen: int = 0
    spalten: int = 0
    gebiete: int = 0
    gebiete_von: int = 0
    indikatoren: tuple[str, ...] = ()
    stichtage: tuple[str, ...] = ()
    wertarten: Mapping[str, int] = field(default_factory=dict)
    merkmale: tuple[tuple[str, str], ...] = ()
    zuordnung: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruefbericht:
    """Ergebnis einer Datenprüfung.

    Attributes
    ----------
    befunde : tuple of Befund
        Fehler zuerst, dann Hinweise, in der Reihenfolge der Dateien.
    tabellen : tuple of Tabellenbild
        Was gelesen wurde.
    stand : date
        Bezugsdatum des Projekts oder jüngster Stichtag, nie von heute.
    projekt, herausgeber : str
        Woran geprüft wurde; leer ohne Projekt.
    vorschlaege : tuple of str
        Inhalt von ``lieferung.yaml`` für Dateien ohne Zuordnung.
    """

    befunde: tuple[Befund, ...]
    tabellen: tuple[Tabellenbild, ...]
    stand: date
    projekt: str = ""
    herausgeber: str = ""
    vorschlaege: tuple[str, ...] = ()

    @property
    def fehler(self) -> tuple[Befund, ...]:
        """Befunde, die eine Übernahme verbieten."""
        return tuple(b for b in self.befunde if b.schwere == "fehler")

    @property
    def hinweise(self) -> tuple[Befund, ...]:
        """Befunde, die man ansehen sollte."""
        return tuple(b for b in self.befunde if b.schwere != "fehler")

    @property
    def in_ordnung(self) -> bool:
        """Ob kein Fehler gefunden wurde."""
        return not self.fehler

    @property
    def satz(self) -> str:
        """Ergebnis in einem Satz."""
        wo = mehrzahl(len(self.tabellen), "Tabelle", "Tabellen")
        hinweise = mehrzahl(len(self.hinweise), "Hinweis", "Hinweise")
        if self.in_ordnung:
            return f"{wo} geprüft: kein Mangel, {hinweise}."
        maengel = mehrzahl(len(self.fehler), "Mangel", "Mängel")
        return f"{wo} geprüft: {maengel}, {hinweise}."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Umgebung:
    """Woran geprüft wird."""

    regeln: Pruefregeln
    ordner: Projektordner | None = None
    katalog: Katalog | None = None
    gebiete: Any = None
    bezirke: Any = None
    verzeichnis: Gebietsverzeichnis | None = None
    vorher: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class _Teil:
    """Ergebnis für eine Datei."""

    befunde: list[Befund]
    tabellen: list[Tabellenbild]
    vorschlag: str = ""


def pruefe_dateien(
    dateien: Sequence[Path | str], projekt: Projektordner | None = None
) -> Pruefbericht:
    """Prüft Lieferungen und nennt alle Mängel auf einmal.

    Parameters
    ----------
    dateien : Sequence of Path or str
        Dateien oder Adressen. Neben einer Datei darf ``lieferung.yaml`` liegen;
        sonst wird eine Zuordnung vorgeschlagen. Ohne Dateien wird der Bestand des
        Projekts geprüft.
    projekt : Projektordner, optional
        Gebiete, Indikatoren, Quellen und frühere Werte. Ohne Projekt werden nur
        Lesbarkeit, Sicherheit und personenbezogene Angaben geprüft.

    Returns
    -------
    Pruefbericht
        Auch bei Fehlern; geschrieben wird nichts.
    """
    try:
        umgebung = _umgebung(projekt)
    except (Datenfehler, Katalogfehler) as fehler:
        return Pruefbericht(
            befunde=tuple(_befunde(fehler, "projekt")), tabellen=(), stand=OHNE_STAND
        )
    teile = [_pruefe(datei, umgebung) for datei in dateien]
    if not dateien and projekt is not None:
        teile = [_pruefe_projekt(umgebung)]
    befunde = [b for teil in teile for b in teil.befunde]
    tabellen = tuple(t for teil in teile for t in teil.tabellen)
    stichtage = sorted(s for t in tabellen for s in t.stichtage if s)
    stand = date.fromisoformat(stichtage[-1]) if stichtage else OHNE_STAND
    einrichtung = umgebung.katalog.projekt if umgebung.katalog else None
    return Pruefbericht(
        befunde=tuple(sorted(befunde, key=lambda b: b.schwere != "fehler")),
        tabellen=tabellen,
        stand=einrichtung.bezugsdatum if einrichtung else stand,
        projekt=einrichtung.stadt if einrichtung else "",
        herausgeber=einrichtung.herausgeber if einrichtung else "",
        vorschlaege=tuple(teil.vorschlag for teil in teile if teil.vorschlag),
    )


def _umgebung(projekt: Projektordner | None) -> _Umgebung:
    regeln = lies_pruefregeln(projekt)
    if projekt is None:
        return _Umgebung(regeln=regeln)
    katalog = lade_katalog(projekt)
    gebiete, bezirke = lies_gebiete(projekt, katalog)
    verzeichnis = Gebietsverzeichnis.from_flaechen(
        gebiete,
        bezirke,
        stadt=katalog.projekt.stadt,
        breite=katalog.projekt.schluessel_breite,
    )
    try:
        vorher = _bestand(projekt, katalog, gebiete, bezirke)
    except Datenfehler:
        # Mängel des Bestands meldet die Prüfung des Projekts, nicht jede Lieferung.
        vorher = None
    return _Umgebung(
        regeln=regeln,
        ordner=projekt,
        katalog=katalog,
        gebiete=gebiete,
        bezirke=bezirke,
        verzeichnis=verzeichnis,
        vorher=vorher,
    )


def _bestand(
    projekt: Projektordner,
    katalog: Katalog,
    gebiete: pd.DataFrame,
    bezirke: pd.DataFrame,
) -> pd.DataFrame:
    dateien = [(datei, projekt.name_von(datei)) for datei in projekt.bestand]
    return lies_bestand(dateien, katalog, gebiete, bezirke.index)


def _befunde(fehler: Datenfehler | Katalogfehler, ort: str) -> list[Befund]:
    if isinstance(fehler, Datenfehler):
        return [
            b if isinstance(b, Befund) else Befund(ort=ort, was=b)
            for b in fehler.befunde
        ]
    rat = "Bitte berichtigen und noch einmal prüfen."
    return [Befund(ort=ort, was=str(fehler), rat=rat)]


def _pruefe(datei: Path | str, umgebung: _Umgebung) -> _Teil:
    name = quellenname(datei)
    bild = Tabellenbild(datei=name, format=dateiformat(str(datei)) or "")
    try:
        zuordnung = finde_zuordnung(datei)
        if zuordnung is not None and umgebung.katalog is not None:
            return _mit_zuordnung(datei, zuordnung, umgebung, "lieferung.yaml")
        tabellen = oeffne(
            datei,
            zuordnung=zuordnung,
            verzeichnis=umgebung.verzeichnis,
            regeln=umgebung.regeln,
        )
    except (Datenfehler, Katalogfehler) as fehler:
        return _Teil(_befunde(fehler, name), [bild])
    befunde: list[Befund] = []
    bilder: list[Tabellenbild] = []
    vorschlaege: list[str] = []
    for roh in tabellen:
        teil = _pruefe_tabelle(roh, datei, umgebung, mit_blatt=len(tabellen) > 1)
        befunde += teil.befunde
        bilder += teil.tabellen
        vorschlaege += [teil.vorschlag] if teil.vorschlag else []
    return _Teil(befunde, bilder, "".join(vorschlaege))


def _pruefe_tabelle(
    roh: Rohtabelle, datei: Path | str, umgebung: _Umgebung, *, mit_blatt: bool
) -> _Teil:
    """Eine Tabelle ohne Zuordnung: Bestand, Flächen oder Vorschlag."""
    befunde = zellbefunde(roh)
    if befunde or umgebung.katalog is None:
        return _Teil([*roh.hinweise, *befunde], [_bild(roh, datei, leere_werte())])
    if set(PFLICHT) <= set(roh.spalten):
        return _pruefe_bestandsdatei(roh, Path(datei), umgebung)
    flaechen: list[Befund] = []
    if roh.flaechen is not None:
        flaechen = flaechenbefunde(
            roh,
            regeln=umgebung.regeln,
            verzeichnis=umgebung.verzeichnis,
            gebiete=umgebung.gebiete,
            schluessel="schluessel",
        )
    try:
        zuordnung = vorschlag_fuer(
            roh,
            umgebung.katalog,
            datei=str(datei) if isinstance(datei, str) else datei.name,
            verzeichnis=umgebung.verzeichnis,
            mit_blatt=mit_blatt,
        )
    except Datenfehler as fehler:
        if roh.flaechen is not None:
            bild = _bild(roh, datei, leere_werte(), "Flächen")
            return _Teil([*roh.hinweise, *flaechen], [bild])
        befunde = [*roh.hinweise, *_befunde(fehler, roh.quelle)]
        return _Teil(befunde, [_bild(roh, datei, leere_werte())])
    hinweis = Befund(
        ort=roh.quelle,
        was="Zu dieser Datei gibt es keine lieferung.yaml; geprüft wurde ein "
        "Vorschlag.",
        rat="Bitte den Vorschlag prüfen, ergänzen und neben der Datei speichern.",
        schwere="hinweis",
    )
    teil = _mit_zuordnung(datei, zuordnung, umgebung, "Vorschlag")
    return _Teil(
        [hinweis, *flaechen, *teil.befunde], teil.tabellen, zuordnung_text([zuordnung])
    )


def _mit_zuordnung(
    datei: Path | str, zuordnung: Zuordnung, umgebung: _Umgebung, art: str
) -> _Teil:
    katalog, verzeichnis = umgebung.katalog, umgebung.verzeichnis
    if katalog is None or verzeichnis is None:
        raise Datenfehler(quellenname(datei), ["Ohne Projekt gibt es keine Zuordnung."])
    lieferung = deute_lieferung(
        datei,
        zuordnung,
        katalog=katalog,
        verzeichnis=verzeichnis,
        regeln=umgebung.regeln,
        vorher=umgebung.vorher,
        quelle=UNBEKANNT
        if zuordnung.quelle not in katalog.quellen and art == "Vorschlag"
        else None,
    )
    befunde = list(lieferung.befunde)
    for roh in lieferung.roh:
        if roh.flaechen is not None and art == "lieferung.yaml":
            befunde += flaechenbefunde(
                roh,
                regeln=umgebung.regeln,
                verzeichnis=verzeichnis,
                gebiete=umgebung.gebiete,
                schluessel=zuordnung.schluessel,
            )
    return _Teil(befunde, _bilder(lieferung, datei, umgebung, art))


def _pruefe_bestandsdatei(roh: Rohtabelle, datei: Path, umgebung: _Umgebung) -> _Teil:
    """Datei, die schon im Format des Bestands vorliegt."""
    katalog, verzeichnis = umgebung.katalog, umgebung.verzeichnis
    if katalog is None or verzeichnis is None:
        return _Teil([], [_bild(roh, datei, leere_werte())])
    try:
        werte = lies_bestand(
            [(datei, roh.name)], katalog, umgebung.gebiete, umgebung.bezirke.index
        )
    except Datenfehler as fehler:
        bild = _bild(roh, datei, leere_werte(), "Bestand")
        return _Teil(_befunde(fehler, roh.name), [bild])
    befunde = alle_befunde(
        Pruefung(
            werte=werte,
            katalog=katalog,
            verzeichnis=verzeichnis,
            regeln=umgebung.regeln,
            vorher=_andere(umgebung.vorher, werte),
        )
    )
    bild = _bild(roh, datei, werte, "Bestand", len(verzeichnis.schluessel("gebiet")))
    return _Teil([*roh.hinweise, *befunde], [bild])


def _andere(vorher: pd.DataFrame | None, werte: pd.DataFrame) -> pd.DataFrame | None:
    """Frühere Werte ohne die, die gerade geprüft werden."""
    if vorher is None:
        return None
    return vorher[~vorher["stichtag"].isin(set(werte["stichtag"]))]


def _pruefe_projekt(umgebung: _Umgebung) -> _Teil:
    """Bestand und Flächen eines Projekts."""
    ordner, katalog, verzeichnis = (
        umgebung.ordner,
        umgebung.katalog,
        umgebung.verzeichnis,
    )
    if ordner is None or katalog is None or verzeichnis is None:
        return _Teil([], [])
    try:
        stand = lies_datenstand(ordner)
    except (Datenfehler, Katalogfehler) as fehler:
        return _Teil(_befunde(fehler, katalog.projekt.id), [])
    befunde = alle_befunde(
        Pruefung(
            werte=stand.werte,
            katalog=katalog,
            verzeichnis=verzeichnis,
            regeln=umgebung.regeln,
        )
    )
    bilder = [
        Tabellenbild(
            datei=str(datei),
            format="csv",
            zeilen=len(werte),
            spalten=len(PFLICHT),
            gebiete=werte.loc[werte["ebene"] == "gebiet", "gebiet"].nunique(),
            gebiete_von=len(umgebung.gebiete),
            indikatoren=tuple(sorted(set(werte["indikator"]))),
            stichtage=tuple(sorted(set(werte["stichtag"]))),
            wertarten=_wertarten(werte),
            zuordnung="Bestand",
        )
        for datei, werte in stand.werte.groupby("datei", sort=True)
    ]
    return _Teil(befunde, bilder)


def _bilder(
    lieferung: Lieferung, datei: Path | str, umgebung: _Umgebung, art: str
) -> list[Tabellenbild]:
    verzeichnis = umgebung.verzeichnis
    von = len(verzeichnis.schluessel("gebiet")) if verzeichnis else 0
    if not lieferung.roh:
        name = quellenname(datei)
        return [Tabellenbild(datei=name, format=dateiformat(str(datei)) or "")]
    return [_bild(roh, datei, lieferung.werte, art, von) for roh in lieferung.roh]


def _bild(
    roh: Rohtabelle,
    datei: Path | str,
    werte: pd.DataFrame,
    art: str = "",
    von: int = 0,
) -> Tabellenbild:
    gebiete = werte.loc[werte["ebene"] == "gebiet", "gebiet"]
    return Tabellenbild(
        datei=roh.name,
        blatt=roh.blatt,
        format=dateiformat(str(datei)) or "",
        zeilen=len(roh.zeilen),
        spalten=len(roh.spalten),
        gebiete=int(gebiete.nunique()),
        gebiete_von=von,
        indikatoren=tuple(sorted({str(i) for i in werte["indikator"].unique()})),
        stichtage=tuple(sorted({str(s) for s in werte["stichtag"].unique()})),
        wertarten=_wertarten(werte),
        merkmale=roh.merkmale,
        zuordnung=art,
    )


def _wertarten(werte: pd.DataFrame) -> dict[str, int]:
    anzahl = werte["wertart"].value_counts()
    return {art: int(anzahl.get(art, 0)) for art in WERTART_TEXT}
