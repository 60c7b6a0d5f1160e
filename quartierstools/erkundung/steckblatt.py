"""Was steht im Profil eines Gebiets? Werte, Intervalle, Klasse, Angebote."""

from typing import Any

import pandas as pd

from quartierstools.analyse import wilson
from quartierstools.angebote import luecke
from quartierstools.auswertung import Bedarf, Messung, Typen, haltwort
from quartierstools.darstellung.klassenbild import mit_einheit
from quartierstools.geheimhaltung import Freigabe, Zelle
from quartierstools.katalog import Indikator
from quartierstools.katalog.modelle import EINHEIT_TEXT
from quartierstools.schreibweise import WERTART_TEXT, prozent_text


def steckblatt(
    freigabe: Freigabe,
    gebiet: str,
    ergebnis: Bedarf | Messung,
    gruppen: Typen | None,
    *,
    zielgruppe: str,
) -> dict[str, Any]:
    """Profil eines Gebiets als Texte.

    Returns
    -------
    dict
        `name`, `klasse`, `werte` (Bezeichnung, Wert mit Intervall), `angebote`.
    """
    zeile = freigabe.gebiete.loc[gebiet]
    return {
        "gebiet": gebiet,
        "name": str(zeile["name"]),
        "bezirk": str(zeile["stadtbezirk_name"]),
        "klasse": _klassensatz(gebiet, ergebnis),
        "gruppe": _gruppensatz(gebiet, gruppen),
        "werte": _werte(freigabe, gebiet, ergebnis, zielgruppe),
        "angebote": _angebotssatz(freigabe, gebiet, zielgruppe),
    }


def _klassensatz(gebiet: str, ergebnis: Bedarf | Messung) -> str:
    if isinstance(ergebnis, Messung):
        return ergebnis.satz
    zeile = ergebnis.tafel.loc[gebiet]
    if pd.isna(zeile["klasse"]):
        return "Keine Klasse: Es fehlen Werte."
    halt = prozent_text(float(zeile["haltbarkeit"]), stellen=0)
    grenzfall = " Grenzfall." if bool(zeile["grenzfall"]) else ""
    haelt = haltwort(gesenkt=bool(zeile["gesenkt"]))
    return f"{zeile['wort']}; {haelt} {halt} der Rechenvarianten.{grenzfall}"


def _gruppensatz(gebiet: str, gruppen: Typen | None) -> str:
    if gruppen is None or pd.isna(gruppen.typ[gebiet]):
        return ""
    buchstabe = str(gruppen.typ[gebiet])
    return f"{gruppen.wort} {buchstabe}: {gruppen.portraets.get(buchstabe, '')}"


def _werte(
    freigabe: Freigabe, gebiet: str, ergebnis: Bedarf | Messung, zielgruppe: str
) -> list[list[str]]:
    katalog = freigabe.katalog
    gruppe = katalog.zielgruppen[zielgruppe]
    benutzt = [g.indikator for g in gruppe.index]
    messung = ergebnis.messung if isinstance(ergebnis, Bedarf) else ergebnis
    kennungen = list(dict.fromkeys([*messung.indikatoren, *benutzt]))
    return [
        [
            katalog.indikatoren[i].bezeichnung,
            _wert_text(katalog.indikatoren[i], freigabe.zelle(gebiet, i)),
        ]
        for i in kennungen
    ]


def _wert_text(indikator: Indikator, zelle: Zelle) -> str:
    """Wert mit Einheit und, wo Fallzahlen frei sind, mit Intervall."""
    if zelle.wert is None:
        return WERTART_TEXT.get(zelle.wertart, zelle.wertart)
    if indikator.einheit != "prozent":
        return mit_einheit(
            zelle.wert, EINHEIT_TEXT[indikator.einheit], indikator.stellen
        )
    text = prozent_text(zelle.wert, stellen=indikator.stellen)
    if zelle.zaehler is None or not zelle.nenner:
        return text
    spanne = wilson(zelle.zaehler, zelle.nenner).iloc[0]
    unten = prozent_text(float(spanne["unten"]), stellen=1, kurz=True)
    oben = prozent_text(float(spanne["oben"]), stellen=1, kurz=True)
    return f"{text} ({unten} bis {oben})"


def _angebotssatz(freigabe: Freigabe, gebiet: str, zielgruppe: str) -> str:
    projekt = freigabe.katalog.projekt
    gruppe = freigabe.katalog.zielgruppen[zielgruppe]
    return luecke(
        freigabe.angebote,
        gebiet=gebiet,
        stadtbezirk=str(freigabe.gebiete.loc[gebiet, "stadtbezirk"]),
        zielgruppe=zielgruppe,
        gruppe_text=gruppe.bezeichnung,
        ebene=projekt.ebene.kurz,
        bezugsdatum=projekt.bezugsdatum,
    ).satz
