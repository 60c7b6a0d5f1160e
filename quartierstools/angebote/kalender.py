"""Welche Angebote enden vor dem nächsten Bericht, und wo fehlt dann etwas?"""

from datetime import date
from typing import Any

import pandas as pd

from quartierstools.angebote.luecke import hat_gruppe, lagen
from quartierstools.katalog.angebotsmodelle import Angebotsregeln
from quartierstools.katalog.einzugsgebiet import lies_einzugsgebiet
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
    wo = {k: _gebiete(aktiv.loc[k], stadtbezirke) for k in aktiv.index}
    zeilen = {}
    for kennung, angebot in endet.sort_values("ende", kind="stable").iterrows():
        dort = wo[kennung]
        andere = {g for k in bleibt.index.difference([kennung]) for g in wo[k]}
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
    fuer = lies_einzugsgebiet(str(angebot.get("einzugsgebiet", "")))
    hier = {teil.strip() for teil in str(angebot["gebiete"]).split(",")}
    hier |= set(fuer.anteile)
    im_bezirk = stadtbezirke.isin(list(fuer.stadtbezirke))
    da = im_bezirk | stadtbezirke.index.isin(sorted(hier))
    return tuple(sorted(map(str, stadtbezirke.index[da])))


def _satz(angebot: "pd.Series[Any]", ohne: tuple[str, ...]) -> str:
    text = f"„{angebot['name']}“ endet am {datum_text(angebot['ende'].date())}."
    if not ohne:
        return text
    wo = mehrzahl(len(ohne), "Gebiet", "Gebieten")
    return f"{text} Danach ist in {wo} kein anderes geprüftes Angebot bekannt."
