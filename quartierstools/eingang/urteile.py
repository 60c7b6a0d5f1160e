"""Was sagen Fachleute? Fachurteile lesen und prüfen.

Ein Urteil steht neben den Daten. Der Name dessen, der urteilt, bleibt intern.
"""

import re
from datetime import date
from pathlib import Path

import pandas as pd

from quartierstools.eingang.schutz import sicherer_text, zellbefund
from quartierstools.eingang.tabelle import befunde_je_zeile, lies_csv
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.katalog import Katalog
from quartierstools.schreibweise import datum_text

PFLICHT = (
    *("id", "gebiet", "zielgruppe", "urteil", "begruendung", "funktion"),
    *("einrichtung", "datum"),
)
WEITERE = ("name",)
URTEILE = ("Hinweis", "fachlich bestätigt", "verworfen")
TAG = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
KENNUNG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


def lies_fachurteile(datei: Path, katalog: Katalog, gebiete: pd.Index) -> pd.DataFrame:
    """Liest die Fachurteile; ohne Datei eine leere Tabelle.

    Returns
    -------
    DataFrame
        Index `urteil_id`, nach Kennung; Text, `datum` als Tag.

    Raises
    ------
    Datenfehler
        Mit allen Mängeln.
    """
    if not datei.is_file():
        return _mit_tagen(leere_tabelle((*PFLICHT, *WEITERE)), "urteil_id")
    name = datei.name
    roh = lies_csv(datei, name=name, pflicht=PFLICHT, weitere=WEITERE)
    befunde = gemeinsame_befunde(roh, katalog, [*map(str, gebiete)])
    befunde += befunde_je_zeile(
        roh,
        ~roh["urteil"].isin(URTEILE),
        spalte="urteil",
        erwartet=", ".join(URTEILE),
    )
    befunde += befunde_je_zeile(
        roh,
        roh.duplicated(["gebiet", "zielgruppe", "datum"], keep=False),
        spalte="datum",
        erwartet="je Gebiet, Zielgruppe und Tag nur ein Urteil",
        rat="Welches gilt, muss ein Mensch entscheiden.",
    )
    if befunde:
        raise Datenfehler(name, befunde)
    return _mit_tagen(roh, "urteil_id")


def gemeinsame_befunde(
    roh: pd.DataFrame, katalog: Katalog, gebiete: list[str]
) -> list[Befund]:
    """Was in Urteilen und Beschlüssen gleich geprüft wird."""
    befunde = []
    for spalte in roh.columns.difference(["zeile", "datei"], sort=False):
        grund = roh[spalte].map(zellbefund)
        befunde += befunde_je_zeile(
            roh.assign(**{spalte: roh[spalte].map(sicherer_text)}),
            grund != "",
            spalte=spalte,
            erwartet="Text ohne Formel und ohne HTML",
        )
    befunde += befunde_je_zeile(
        roh,
        ~roh["id"].map(lambda t: KENNUNG.fullmatch(t) is not None)
        | roh["id"].duplicated(keep=False),
        spalte="id",
        erwartet="eine Kennung in Kleinbuchstaben, jede nur einmal",
    )
    befunde += befunde_je_zeile(
        roh,
        ~roh["gebiet"].isin(gebiete),
        spalte="gebiet",
        erwartet="ein Schlüssel aus gebiete.geojson",
    )
    befunde += befunde_je_zeile(
        roh,
        ~roh["zielgruppe"].isin(list(katalog.zielgruppen)),
        spalte="zielgruppe",
        erwartet=f"eine von {', '.join(sorted(katalog.zielgruppen))}",
    )
    for spalte in ("begruendung", "funktion", "einrichtung"):
        befunde += befunde_je_zeile(
            roh, roh[spalte] == "", spalte=spalte, erwartet="eine Angabe"
        )
    return befunde + _tagesbefunde(roh, katalog.projekt.bezugsdatum)


def _tagesbefunde(roh: pd.DataFrame, bezugsdatum: date) -> list[Befund]:
    muster = roh["datum"].map(lambda t: TAG.fullmatch(t) is not None)
    tage = pd.to_datetime(
        roh["datum"].where(muster), format="%Y-%m-%d", errors="coerce"
    )
    befunde = befunde_je_zeile(
        roh, tage.isna(), spalte="datum", erwartet="ein Datum wie 2026-09-17"
    )
    return befunde + befunde_je_zeile(
        roh,
        tage > pd.Timestamp(bezugsdatum),
        spalte="datum",
        erwartet=f"ein Tag bis zum Bezugsdatum {datum_text(bezugsdatum)}",
    )


def leere_tabelle(spalten: tuple[str, ...]) -> pd.DataFrame:
    """Tabelle ohne Zeilen mit `zeile` und `datei`."""
    return pd.DataFrame(columns=[*spalten, "zeile", "datei"], dtype="object")


def _mit_tagen(roh: pd.DataFrame, index: str) -> pd.DataFrame:
    tage = pd.to_datetime(roh["datum"], format="%Y-%m-%d")
    tabelle = roh.assign(datum=tage).set_index("id").sort_index()
    tabelle.index.name = index
    return tabelle
