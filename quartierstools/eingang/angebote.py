"""Welche Angebote sind bekannt? Angebotsbestand und Einzelwerte lesen."""

from pathlib import Path

import pandas as pd

from quartierstools.eingang.tabelle import befunde_je_zeile, lies_csv
from quartierstools.fehler import Datenfehler
from quartierstools.katalog import Katalog

PFLICHT = ("id", "name", "traeger", "zielgruppen", "status")
WEITERE = (
    "ort",
    "gebiete",
    "plaetze",
    "umfang",
    "zugang",
    "beginn",
    "ende",
    "pruefdatum",
    "stand",
    "beschreibung",
    "adresse_quelle",
    "hinweis",
)
STATUS = ("laufend", "ungeprüft", "beendet", "einmalig")
OHNE_ORT = ("stadtweit", "wechselnd", "unklar")
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


def lies_angebote(
    datei: Path, katalog: Katalog, gebiete: pd.Index, bezirke: pd.Index
) -> pd.DataFrame:
    """Liest den Angebotsbestand; ohne Datei eine leere Tabelle.

    Returns
    -------
    DataFrame
        Index `angebot` (Kennung); Text, dazu `plaetze` (Int64), `beginn`, `ende`
        und `pruefdatum` (Datum oder fehlend).

    Raises
    ------
    Datenfehler
        Mit allen Mängeln.
    """
    spalten = [*PFLICHT, *WEITERE]
    if not datei.is_file():
        leer = pd.DataFrame(columns=[*spalten, "zeile", "datei"], dtype="object")
        return _gedeutet(leer)
    name = "angebote.csv"
    roh = lies_csv(datei, name=name, pflicht=PFLICHT, weitere=WEITERE)
    befunde = befunde_je_zeile(
        roh, ~roh["status"].isin(STATUS), spalte="status", erwartet=", ".join(STATUS)
    )
    befunde += befunde_je_zeile(
        roh,
        roh["id"].duplicated() | (roh["id"] == ""),
        spalte="id",
        erwartet="eine Kennung, jede nur einmal",
    )
    erlaubt = {*gebiete, *OHNE_ORT, *(f"stadtbezirk:{b}" for b in bezirke), ""}
    befunde += befunde_je_zeile(
        roh,
        ~roh["gebiete"].map(lambda t: set(teile(t)) <= erlaubt),
        spalte="gebiete",
        erwartet="Gebietsschlüssel mit Komma, stadtbezirk:SCHLÜSSEL, stadtweit, "
        "wechselnd oder unklar",
    )
    gruppen = {*katalog.zielgruppen, "kontext"}
    befunde += befunde_je_zeile(
        roh,
        ~roh["zielgruppen"].map(lambda t: bool(teile(t)) and set(teile(t)) <= gruppen),
        spalte="zielgruppen",
        erwartet=f"Kennungen aus {', '.join(sorted(gruppen))}",
    )
    befunde += befunde_je_zeile(
        roh,
        ~roh["plaetze"].str.fullmatch(r"\d*"),
        spalte="plaetze",
        erwartet="ganze Zahl",
    )
    for spalte in ("beginn", "ende", "pruefdatum"):
        tage = pd.to_datetime(roh[spalte], format="%Y-%m-%d", errors="coerce")
        befunde += befunde_je_zeile(
            roh,
            tage.isna() & (roh[spalte] != ""),
            spalte=spalte,
            erwartet="ein Datum wie 2027-05-31 oder leer",
        )
    if befunde:
        raise Datenfehler(name, befunde)
    return _gedeutet(roh)


def teile(text: str) -> list[str]:
    """Teile einer Liste mit Kommas.

    Examples
    --------
    >>> teile("16, 18"), teile("")
    (['16', '18'], [])
    """
    return [teil.strip() for teil in text.split(",") if teil.strip()]


def _gedeutet(roh: pd.DataFrame) -> pd.DataFrame:
    tage = {
        spalte: pd.to_datetime(roh[spalte].replace("", None), format="%Y-%m-%d")
        for spalte in ("beginn", "ende", "pruefdatum")
    }
    plaetze = pd.to_numeric(roh["plaetze"].replace("", None)).astype("Int64")
    tabelle = roh.assign(plaetze=plaetze, **tage).set_index("id").sort_index()
    tabelle.index.name = "angebot"
    return tabelle


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
