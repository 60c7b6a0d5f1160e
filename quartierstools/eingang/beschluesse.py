"""Was haben Gremien entschieden? Beschlüsse lesen, prüfen, mit Kennung versehen.

Die Kennung folgt aus dem Inhalt: Derselbe Beschluss trägt sie jedes Jahr wieder, auch
wenn sich seine Begründung oder die Schreibweise der `id` ändert.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from quartierstools.eingang.tabelle import befunde_je_zeile, lies_csv
from quartierstools.eingang.urteile import gemeinsame_befunde, leere_tabelle
from quartierstools.fehler import Datenfehler
from quartierstools.katalog import Katalog

PFLICHT = (
    *("id", "gebiet", "zielgruppe", "beschluss", "begruendung", "funktion"),
    *("einrichtung", "datum"),
)
WEITERE = ("vorhaben", "angebot", "name")
ARTEN = ("beschlossen", "abgelehnt", "vertagt", "zur Kenntnis genommen")
STADT = "stadt"
INHALT = (
    *("datum", "einrichtung", "gebiet", "zielgruppe", "vorhaben", "angebot"),
    "beschluss",
)
"""Woraus die Kennung entsteht."""


def lies_beschluesse(
    datei: Path, katalog: Katalog, gebiete: pd.Index, angebote: pd.Index | None
) -> pd.DataFrame:
    """Liest die Beschlüsse; ohne Datei eine leere Tabelle.

    Parameters
    ----------
    angebote : Index or None
        Kennungen des Bestands; None, wenn er sich nicht lesen ließ.

    Returns
    -------
    DataFrame
        Index `beschluss_id`, nach Datum; `kennung` (aus dem Inhalt), `datum` als Tag.

    Raises
    ------
    Datenfehler
        Mit allen Mängeln.
    """
    if not datei.is_file():
        return _gedeutet(leere_tabelle((*PFLICHT, *WEITERE)))
    name = datei.name
    roh = lies_csv(datei, name=name, pflicht=PFLICHT, weitere=WEITERE)
    befunde = gemeinsame_befunde(roh, katalog, [*map(str, gebiete), STADT])
    befunde += befunde_je_zeile(
        roh,
        ~roh["beschluss"].isin(ARTEN),
        spalte="beschluss",
        erwartet=", ".join(ARTEN),
    )
    befunde += befunde_je_zeile(
        roh,
        ~roh["vorhaben"].isin([*katalog.vorhaben, ""]),
        spalte="vorhaben",
        erwartet="eine id aus vorhaben/*.yaml oder leer",
    )
    if angebote is not None:
        befunde += befunde_je_zeile(
            roh,
            ~roh["angebot"].isin([*map(str, angebote), ""]),
            spalte="angebot",
            erwartet="eine id aus angebote.csv oder leer",
        )
    doppelt = roh.duplicated(list(INHALT), keep=False)
    befunde += befunde_je_zeile(
        roh, doppelt, spalte="id", erwartet="jeder Beschluss nur einmal"
    )
    if befunde:
        raise Datenfehler(name, befunde)
    return _gedeutet(roh)


def beschlusskennung(zeile: Mapping[Any, Any]) -> str:
    """Kennung eines Beschlusses aus seinem Inhalt, zehn Zeichen.

    Examples
    --------
    >>> beschlusskennung({"datum": "2025-04-09", "einrichtung": "Rat",
    ...     "gebiet": "011", "zielgruppe": "fachkraefte", "vorhaben": "",
    ...     "angebot": "minijob-beratung", "beschluss": "beschlossen"})
    'b-a3b5a894'
    """
    text = "\x1f".join(str(zeile[feld]) for feld in INHALT)
    return f"b-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _gedeutet(roh: pd.DataFrame) -> pd.DataFrame:
    kennungen = [beschlusskennung(zeile) for zeile in roh.to_dict("records")]
    tage = pd.to_datetime(roh["datum"], format="%Y-%m-%d")
    tabelle = roh.assign(kennung=pd.Series(kennungen, index=roh.index, dtype="object"))
    tabelle = tabelle.assign(datum=tage).set_index("id")
    tabelle.index.name = "beschluss_id"
    return tabelle.sort_index().sort_values("datum", kind="stable")
