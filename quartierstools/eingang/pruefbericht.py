"""Ist die Lieferung in Ordnung? Dateien prüfen.

`pruefe_dateien` liest, deutet und prüft, ändert aber nichts und schreibt nichts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from quartierstools.eingang.adressen import adressart, ohne_kennwort
from quartierstools.eingang.auswahl import lieferdateien
from quartierstools.eingang.bestand import PFLICHT, lies_bestand
from quartierstools.eingang.datenstand import lies_datenstand
from quartierstools.eingang.flaechenpruefung import flaechenbefunde
from quartierstools.eingang.gebiete import lies_gebiete
from quartierstools.eingang.leser.oeffnen import oeffne, quellenname
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.lieferung import deute_lieferung
from quartierstools.eingang.namen import Gebietsverzeichnis
from quartierstools.eingang.pruefergebnis import (
    Pruefbericht,
    Tabellenbild,
    bild_von,
    wertarten,
)
from quartierstools.eingang.pruefregeln import Pruefregeln, lies_pruefregeln
from quartierstools.eingang.pruefung import Pruefung
from quartierstools.eingang.vorschlag import vorschlag_fuer
from quartierstools.eingang.wertepruefung import alle_befunde, verbundbefunde
from quartierstools.eingang.wertetabelle import leere_werte
from quartierstools.eingang.zellpruefung import zellbefunde
from quartierstools.eingang.zuordnung import (
    LIEFERUNGEN,
    Zuordnung,
    dateiformat,
    finde_zuordnungen,
    zuordnung_text,
)
from quartierstools.eingang.zusammenfuehrung import (
    Lieferteil,
    fuehre_zusammen,
)
from quartierstools.fehler import Befund, Datenfehler, Katalogfehler
from quartierstools.katalog import Katalog, Projektordner, Quelle, lade_katalog
from quartierstools.katalog.katalog import als_befunde

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
class _Umgebung:
    """Woran geprüft wird."""

    regeln: Pruefregeln
    ordner: Projektordner | None = None
    katalog: Katalog | None = None
    gebiete: Any = None
    bezirke: Any = None
    verzeichnis: Gebietsverzeichnis | None = None
    vorher: pd.DataFrame | None = None

    @property
    def lieferungen(self) -> Path | None:
        """Ordner des Projekts, in dem auch die Zuordnung von Diensten steht."""
        return self.ordner.wurzel / LIEFERUNGEN if self.ordner else None


@dataclass(frozen=True, slots=True)
class _Teil:
    """Ergebnis für eine Datei."""

    befunde: list[Befund]
    tabellen: list[Tabellenbild]
    vorschlag: str = ""
    gelesen: tuple[Lieferteil, ...] = ()


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
        befunde = als_befunde(fehler, "projekt")
        if projekt is not None and not dateien:
            befunde = _projektbefunde(projekt) or befunde
        return Pruefbericht(befunde=tuple(befunde), tabellen=(), stand=OHNE_STAND)
    teile = [_pruefe(datei, umgebung) for datei in lieferdateien(dateien)]
    if not dateien and projekt is not None:
        teile = [_pruefe_projekt(umgebung)]
    befunde = [b for teil in teile for b in teil.befunde]
    werte, neue = _zusammen([t for teil in teile for t in teil.gelesen], umgebung)
    befunde += neue
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
        werte=werte,
    )


def _zusammen(
    gelesen: Sequence[Lieferteil], umgebung: _Umgebung
) -> tuple[pd.DataFrame | None, list[Befund]]:
    """Alle Lieferungen zusammen: Zähler und Nenner verbinden, dann prüfen."""
    katalog, verzeichnis = umgebung.katalog, umgebung.verzeichnis
    if not gelesen or katalog is None or verzeichnis is None:
        return None, []
    ganzes = fuehre_zusammen(gelesen, katalog, verzeichnis)
    verbunden = ganzes.verbunden
    befunde = list(ganzes.befunde)
    if len(verbunden):
        befunde += verbundbefunde(
            Pruefung(
                werte=verbunden,
                katalog=katalog,
                verzeichnis=verzeichnis,
                regeln=umgebung.regeln,
                vorher=_andere(umgebung.vorher, verbunden),
            )
        )
    return ganzes.werte, befunde


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


def _projektbefunde(projekt: Projektordner) -> list[Befund]:
    """Alles, was sich über ein unvollständiges Projekt sagen lässt."""
    try:
        lies_datenstand(projekt)
    except (Datenfehler, Katalogfehler) as fehler:
        return als_befunde(fehler, "projekt")
    return []


def _pruefe(datei: Path | str, umgebung: _Umgebung) -> _Teil:
    name = quellenname(datei)
    bild = Tabellenbild(datei=name, format=dateiformat(str(datei)) or "")
    try:
        zuordnungen = finde_zuordnungen(datei, fuer_adressen=umgebung.lieferungen)
        if zuordnungen and umgebung.katalog is not None:
            return _vereint(
                [
                    _mit_zuordnung(datei, zuordnung, umgebung, "lieferung.yaml")
                    for zuordnung in zuordnungen
                ]
            )
        tabellen = oeffne(
            datei,
            zuordnung=zuordnungen[0] if zuordnungen else None,
            verzeichnis=umgebung.verzeichnis,
            regeln=umgebung.regeln,
        )
    except (Datenfehler, Katalogfehler) as fehler:
        return _Teil(als_befunde(fehler, name), [bild])
    return _vereint(
        [
            _pruefe_tabelle(roh, datei, umgebung, mit_blatt=len(tabellen) > 1)
            for roh in tabellen
        ]
    )


def _vereint(teile: Sequence[_Teil]) -> _Teil:
    """Ergebnisse mehrerer Tabellen einer Datei."""
    return _Teil(
        [b for teil in teile for b in teil.befunde],
        [t for teil in teile for t in teil.tabellen],
        "".join(teil.vorschlag for teil in teile),
        tuple(g for teil in teile for g in teil.gelesen),
    )


def _pruefe_tabelle(
    roh: Rohtabelle, datei: Path | str, umgebung: _Umgebung, *, mit_blatt: bool
) -> _Teil:
    """Eine Tabelle ohne Zuordnung: Bestand, Flächen oder Vorschlag."""
    befunde = zellbefunde(roh)
    if befunde or umgebung.katalog is None:
        return _Teil([*roh.hinweise, *befunde], [bild_von(roh, datei, leere_werte())])
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
            datei=ohne_kennwort(datei) if isinstance(datei, str) else datei.name,
            verzeichnis=umgebung.verzeichnis,
            mit_blatt=mit_blatt,
        )
    except Datenfehler as fehler:
        if roh.flaechen is not None:
            bild = bild_von(roh, datei, leere_werte(), "Flächen")
            return _Teil([*roh.hinweise, *flaechen], [bild])
        befunde = [*roh.hinweise, *als_befunde(fehler, roh.quelle)]
        return _Teil(befunde, [bild_von(roh, datei, leere_werte())])
    hinweis = Befund(
        ort=roh.quelle,
        was="Zu dieser Datei gibt es keine lieferung.yaml; geprüft wurde ein "
        "Vorschlag.",
        rat="Bitte den Vorschlag prüfen, ergänzen und als lieferung.yaml "
        f"{_wohin(datei)} speichern.",
        schwere="hinweis",
    )
    teil = _mit_zuordnung(datei, zuordnung, umgebung, "Vorschlag")
    return _Teil(
        [hinweis, *flaechen, *teil.befunde],
        teil.tabellen,
        zuordnung_text([zuordnung]),
        teil.gelesen,
    )


def _wohin(datei: Path | str) -> str:
    ist_adresse = isinstance(datei, str) and adressart(datei)
    return f"in {LIEFERUNGEN}/ des Projekts" if ist_adresse else "neben der Datei"


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
                auffuellen=zuordnung.schluessel_auffuellen,
            )
    teil = Lieferteil(werte=lieferung.werte, rollen=lieferung.rollen)
    gelesen = (teil,) if len(teil.werte) else ()
    bilder = _bilder(lieferung.roh, teil, datei, umgebung, art)
    return _Teil(befunde, bilder, gelesen=gelesen)


def _pruefe_bestandsdatei(roh: Rohtabelle, datei: Path, umgebung: _Umgebung) -> _Teil:
    """Datei, die schon im Format des Bestands vorliegt."""
    katalog, verzeichnis = umgebung.katalog, umgebung.verzeichnis
    if katalog is None or verzeichnis is None:
        return _Teil([], [bild_von(roh, datei, leere_werte())])
    try:
        werte = lies_bestand(
            [(datei, roh.name)], katalog, umgebung.gebiete, umgebung.bezirke.index
        )
    except Datenfehler as fehler:
        bild = bild_von(roh, datei, leere_werte(), "Bestand")
        return _Teil(als_befunde(fehler, roh.name), [bild])
    befunde = alle_befunde(
        Pruefung(
            werte=werte,
            katalog=katalog,
            verzeichnis=verzeichnis,
            regeln=umgebung.regeln,
            vorher=_andere(umgebung.vorher, werte),
        )
    )
    bild = bild_von(roh, datei, werte, "Bestand", len(verzeichnis.schluessel("gebiet")))
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
        return _Teil(als_befunde(fehler, katalog.projekt.id), [])
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
            wertarten=wertarten(werte),
            zuordnung="Bestand",
        )
        for datei, werte in stand.werte.groupby("datei", sort=True)
    ]
    return _Teil(befunde, bilder)


def _bilder(
    tabellen: Sequence[Rohtabelle],
    teil: Lieferteil,
    datei: Path | str,
    umgebung: _Umgebung,
    art: str,
) -> list[Tabellenbild]:
    verzeichnis = umgebung.verzeichnis
    von = len(verzeichnis.schluessel("gebiet")) if verzeichnis else 0
    if not tabellen:
        name = quellenname(datei)
        return [Tabellenbild(datei=name, format=dateiformat(str(datei)) or "")]
    werte = teil.werte
    haelfte = werte["indikator"].astype(object).isin(teil.halb) & (
        (werte["zaehler"].notna() | werte["nenner"].notna())
        & (werte["wertart"] == "fehlt")
    )
    return [
        replace(
            bild_von(roh, datei, werte[~haelfte], art, von),
            indikatoren=tuple(sorted({str(i) for i in werte["indikator"].unique()})),
            haelften=int(haelfte.sum()),
        )
        for roh in tabellen
    ]
