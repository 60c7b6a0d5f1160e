"""Welche Angebote sind bekannt? Angebotsbestand und Einzelwerte lesen."""

from pathlib import Path

import pandas as pd

from quartierstools.eingang.angebotspruefung import (
    TAGE,
    Bestandsort,
    grad,
    pruefe_angebote,
)
from quartierstools.eingang.tabelle import befunde_je_zeile, lies_csv
from quartierstools.fehler import Datenfehler

PFLICHT = ("id", "name", "traeger", "zielgruppen", "status")
WEITERE = (
    *("ort", "breite", "laenge", "gebiete", "einzugsgebiet", "wirkungsfeld"),
    *("plaetze", "stunden", "umfang", "zugang", "finanzierung"),
    *("beginn", "ende", "pruefdatum", "stand"),
    *("beschreibung", "adresse_quelle", "hinweis"),
)
SPALTENFOLGE = (
    *("id", "name", "traeger", "ort", "breite", "laenge", "gebiete", "einzugsgebiet"),
    *("zielgruppen", "wirkungsfeld", "plaetze", "stunden", "umfang", "zugang"),
    *("finanzierung", "beginn", "ende", "status", "pruefdatum", "stand"),
    *("beschreibung", "adresse_quelle", "hinweis"),
)
"""So stehen die Spalten in einer neu geschriebenen Datei und im Bogen."""
EINZELWERTE = (
    "id",
    "ebene",
    "gebiet",
    "bezeichnung",
    "wert",
    "einheit",
    "stichtag",
    "quelle",
    "fundstelle",
    "zitierfaehig",
)


def lies_roh(datei: Path) -> pd.DataFrame:
    """Zellen des Bestands als Text mit `zeile` und `datei`; ohne Datei leer.

    Raises
    ------
    Datenfehler
        Wenn Datei oder Kopfzeile nicht lesbar sind.
    """
    spalten = [*SPALTENFOLGE, "zeile", "datei"]
    if not datei.is_file():
        return pd.DataFrame(columns=spalten, dtype="object")
    roh = lies_csv(datei, name="angebote.csv", pflicht=PFLICHT, weitere=WEITERE)
    return roh[spalten]


def lies_angebote(datei: Path, ort: Bestandsort) -> pd.DataFrame:
    """Liest den Angebotsbestand; ohne Datei eine leere Tabelle.

    Returns
    -------
    DataFrame
        Index `angebot` (Kennung); Text, dazu `plaetze` (Int64), `stunden` (je Woche),
        `breite`, `laenge` (Grad), `beginn`, `ende` und `pruefdatum` (Datum oder
        fehlend).

    Raises
    ------
    Datenfehler
        Mit allen Mängeln.
    """
    roh = lies_roh(datei)
    befunde = pruefe_angebote(roh, ort) if len(roh) else []
    if befunde:
        raise Datenfehler("angebote.csv", befunde)
    return gedeutet(roh)


def gedeutet(roh: pd.DataFrame) -> pd.DataFrame:
    """Geprüfter Text als Zahlen und Tage."""
    tage = {
        spalte: pd.to_datetime(roh[spalte].replace("", None), format="%Y-%m-%d")
        for spalte in TAGE
    }
    zahlen = {
        spalte: roh[spalte].replace("", None).map(grad, na_action="ignore")
        for spalte in ("breite", "laenge", "stunden")
    }
    zahlen = {spalte: reihe.astype("float64") for spalte, reihe in zahlen.items()}
    plaetze = pd.to_numeric(roh["plaetze"].replace("", None)).astype("Int64")
    tabelle = roh.assign(plaetze=plaetze, **zahlen, **tage).set_index("id")
    tabelle.index.name = "angebot"
    return tabelle.sort_index()


def lies_einzelwerte(datei: Path) -> pd.DataFrame:
    """Liest veröffentlichte Einzelwerte (alles Text); ohne Datei leer.

    Sie stammen aus verschiedenen Messungen und werden nie verrechnet.
    """
    if not datei.is_file():
        return pd.DataFrame(columns=list(EINZELWERTE), dtype="object").set_index("id")
    roh = lies_csv(datei, name="einzelwerte.csv", pflicht=EINZELWERTE)
    befunde = befunde_je_zeile(
        roh,
        ~roh["zitierfaehig"].isin(["ja", "nur intern", "nein"]),
        spalte="zitierfaehig",
        erwartet="ja, nur intern oder nein",
    )
    befunde += befunde_je_zeile(
        roh, roh["id"].duplicated(), spalte="id", erwartet="jede Kennung nur einmal"
    )
    if befunde:
        raise Datenfehler("einzelwerte.csv", befunde)
    return roh.set_index("id").sort_index()
