"""Welche Angebote enden vor dem nächsten Bericht, und wo fehlt dann etwas?"""

from datetime import date
from typing import Any

import pandas as pd

from quartierstools.angebote.luecke import bezug, hat_gruppe, lagen
from quartierstools.katalog.angebotsmodelle import Angebotsregeln
from quartierstools.schreibweise import datum_text, mehrzahl

SPALTEN = (
    *("name", "traeger", "ende", "plaetze", "geprueft", "gebiete", "danach_ohne"),
    *("betroffene", "frist", "satz"),
)


def kalender(
    angebote: pd.DataFrame,
    *,
    zielgruppe: str,
    stadtbezirke: "pd.Series[str]",
    betroffene: "pd.Series[float]",
    regeln: Angebotsregeln,
    bezugsdatum: date,
) -> pd.DataFrame:
    """Auslaufende Angebote einer Zielgruppe, das früheste zuerst.

    Als Ersatz zählt nur ein geprüftes Angebot am Ort, das den nächsten Bericht
    erreicht.

    Returns
    -------
    DataFrame
        Index `angebot`, siehe `Angebotslage.kalender`; dazu `geprueft`.
    """
    heute = pd.Timestamp(bezugsdatum)
    bericht = heute + pd.DateOffset(months=regeln.bericht_monate)
    danach = bericht + pd.DateOffset(months=regeln.nachlauf_monate)
    gruppe = angebote[hat_gruppe(angebote, zielgruppe)]
    gruppe = gruppe.assign(lage=lagen(gruppe, bezugsdatum)).sort_index()
    aktiv = gruppe[gruppe["lage"] != "beendet"]
    endet = aktiv[(aktiv["ende"] >= heute) & (aktiv["ende"] <= danach)]
    bleibt = aktiv[
        (aktiv["lage"] != "ungeprüft")
        & ~((aktiv["ende"] >= heute) & (aktiv["ende"] <= bericht))
    ]
    versorgt = {
        str(g) for k in bleibt.index for g in _gebiete(bleibt.loc[k], stadtbezirke)
    }
    zeilen = {}
    for kennung, angebot in endet.sort_values("ende", kind="stable").iterrows():
        dort = _gebiete(angebot, stadtbezirke)
        andere = versorgt
        if angebot["ende"] > bericht:  # zählt selbst noch als geblieben
            andere = {
                str(g)
                for k in bleibt.index.difference([kennung])
                for g in _gebiete(bleibt.loc[k], stadtbezirke)
            }
        ohne = tuple(g for g in dort if g not in andere)
        gezaehlt = betroffene.reindex(list(ohne))
        zeilen[kennung] = {
            "name": angebot["name"],
            "traeger": angebot["traeger"],
            "ende": angebot["ende"],
            "plaetze": angebot["plaetze"],
            "geprueft": angebot["lage"] != "ungeprüft",
            "gebiete": dort,
            "danach_ohne": ohne,
            "betroffene": gezaehlt.sum() if gezaehlt.notna().any() else float("nan"),
            "frist": "vor dem nächsten Bericht"
            if angebot["ende"] <= bericht
            else "knapp danach",
            "satz": _satz(angebot, ohne),
        }
    tafel = pd.DataFrame.from_dict(zeilen, orient="index", columns=list(SPALTEN))
    return tafel.rename_axis("angebot")


def _gebiete(
    angebot: "pd.Series[Any]", stadtbezirke: "pd.Series[str]"
) -> tuple[str, ...]:
    """Gebiete, in denen ein Angebot am Ort ist."""
    einzug = str(angebot.get("einzugsgebiet", ""))
    return tuple(
        str(g)
        for g, b in sorted(stadtbezirke.items())
        if bezug(angebot["gebiete"], str(g), str(b), einzug) == "hier"
    )


def _satz(angebot: "pd.Series[Any]", ohne: tuple[str, ...]) -> str:
    text = f"„{angebot['name']}“ endet am {datum_text(angebot['ende'].date())}."
    if not ohne:
        return text
    wo = mehrzahl(len(ohne), "Gebiet", "Gebieten")
    return f"{text} Danach ist in {wo} kein anderes geprüftes Angebot bekannt."
