"""Wie schreiben wir ein Angebot in eine Tabelle? Ort, Reichweite und Stand."""

import pandas as pd

from quartierstools.dokument import Spalte, Tabelle, inhalt
from quartierstools.schreibweise import datum_text


def angebotstabelle(auswahl: pd.DataFrame, titel: str) -> Tabelle:
    """Tabelle mit Angebot, Ort und Stand.

    Parameters
    ----------
    auswahl : DataFrame
        Ergebnis von `angebote_fuer` (Spalten `bezug`, `lage`).
    titel : str
        Beschriftung.
    """
    zeilen = tuple(
        (
            inhalt(str(angebot["name"])),
            inhalt(ortstext(angebot)),
            inhalt(standtext(angebot)),
        )
        for _, angebot in auswahl.iterrows()
    )
    spalten = (
        Spalte("Angebot", anteil=2.6),
        Spalte("Ort", anteil=1.8),
        Spalte("Stand", anteil=1.4),
    )
    return Tabelle(titel=titel, spalten=spalten, zeilen=zeilen)


def ortstext(angebot: pd.Series) -> str:
    """Ort und Reichweite eines Angebots."""
    ort = str(angebot["ort"])
    reichweite = {
        "stadtweit": "stadtweit",
        "wechselnd": "wechselnd; ob hier: nicht bekannt",
        "stadtbezirk": "im Stadtbezirk, Bezirk nicht genannt",
        "hier": "",
    }[str(angebot["bezug"])]
    if angebot["bezug"] == "wechselnd":
        return reichweite
    return "; ".join(teil for teil in (reichweite, ort) if teil) or "nicht genannt"


def standtext(angebot: pd.Series) -> str:
    """Stand der Angabe: geprüft am, läuft bis, Stand der Fundstelle."""
    teile = []
    geprueft = angebot["pruefdatum"]
    ende = angebot["ende"]
    if angebot["lage"] in ("geprüft", "läuft aus"):
        teile.append(f"geprüft {datum_text(geprueft.date())}")
    else:
        teile.append("ungeprüft")
        if angebot["stand"]:
            teile.append(f"Stand {angebot['stand']}")
    if ende == ende:  # noqa: PLR0124 – NaT ist sich selbst nie gleich
        teile.append(f"bis {datum_text(ende.date())}")
    return ", ".join(teile)
