"""Welches Fachurteil gilt, und wer hat geurteilt?"""

from typing import Any

import pandas as pd

from quartierstools.schreibweise import datum_text


def urteilsliste(fachurteile: pd.DataFrame, zielgruppe: str) -> pd.DataFrame:
    """Urteile zu einer Zielgruppe, jüngstes zuerst; `gilt` nennt das jüngste.

    Parameters
    ----------
    fachurteile : DataFrame
        Wie freigegeben; ohne Spalten, wenn es keine gibt.

    Returns
    -------
    DataFrame
        Index `urteil`, siehe `Angebotslage.urteile`; dazu `urteil_text`.
    """
    spalten = ["gebiet", "urteil", "begruendung", "funktion", "einrichtung", "datum"]
    spalten += ["name"] if "name" in fachurteile else []
    if fachurteile.empty:
        leer = pd.DataFrame(columns=[*spalten, "gilt", "urteil_text"], dtype="object")
        return leer.rename_axis("urteil_id")
    gruppe = fachurteile[fachurteile["zielgruppe"] == zielgruppe].sort_index()
    liste = gruppe[spalten].sort_values("datum", ascending=False, kind="stable")
    texte = [_wer(zeile) for _, zeile in liste.iterrows()]
    return liste.assign(
        gilt=~liste.duplicated("gebiet"),
        urteil_text=pd.Series(texte, index=liste.index, dtype="object"),
    )


def geltende(liste: pd.DataFrame) -> pd.DataFrame:
    """Geltendes Urteil je Gebiet, Index `gebiet`.

    Returns
    -------
    DataFrame
        `urteil`, `urteil_text`, `urteil_grund`.
    """
    gelten = liste[liste["gilt"].astype(bool)].set_index("gebiet").sort_index()
    return gelten[["urteil", "urteil_text"]].assign(urteil_grund=gelten["begruendung"])


def _wer(zeile: "pd.Series[Any]") -> str:
    """Funktion, Einrichtung, Datum; der Name nur, wo er freigegeben ist."""
    name = f"{zeile['name']}, " if zeile.get("name", "") else ""
    tag = datum_text(zeile["datum"].date())
    return f"{name}{zeile['funktion']}, {zeile['einrichtung']}, {tag}"
