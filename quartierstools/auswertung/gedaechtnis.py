"""Was geschah nach einem Beschluss? Indikatoren davor und danach, neben dem Zwilling.

Das ist Beobachtung, kein Wirkungsnachweis; jede Zeile sagt es.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from quartierstools.analyse import wilson_differenz
from quartierstools.angebote.zwilling import abstaende
from quartierstools.geheimhaltung import Freigabe, Zelle
from quartierstools.katalog import Indikator, Zielgruppe
from quartierstools.katalog.modelle import EINHEIT_TEXT
from quartierstools.schreibweise import datum_text, prozent_text, zahl_text

SPALTEN = (
    *("beschluss", "datum", "gebiet", "entscheidung", "gegenstand", "einrichtung"),
    "indikator",
    *("vorher_tag", "vorher", "nachher_tag", "nachher", "veraenderung"),
    *("veraenderung_unten", "veraenderung_oben", "zwilling"),
    *("zwilling_veraenderung", "satz"),
)
KEIN_NACHWEIS = "Das belegt keine Wirkung."
STADT = "stadt"
JE = {"je_100": 100.0, "je_1000": 1000.0}
"""So viel mal größer als ein Anteil ist ein Wert in seiner Einheit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spanne:
    """Letzter Stichtag vor und neuester nach einem Beschluss."""

    vorher: str
    nachher: str


def gedaechtnis(freigabe: Freigabe, zielgruppe: Zielgruppe) -> pd.DataFrame:
    """Je Beschluss und Indikator der Zielgruppe, was sich seither änderte.

    Returns
    -------
    DataFrame
        Siehe `Angebotslage.gedaechtnis`; nach Datum geordnet.
    """
    zeilen = []
    indikatoren = [g.indikator for g in zielgruppe.index]
    if len(freigabe.beschluesse):
        gruppe = freigabe.beschluesse[
            (freigabe.beschluesse["zielgruppe"] == zielgruppe.id)
            & (freigabe.beschluesse["gebiet"] != STADT)
        ]
        belegt = set(gruppe.loc[gruppe["beschluss"] == "beschlossen", "gebiet"])
        gruppe = gruppe.rename_axis("id").reset_index()
        for _, beschluss in gruppe.sort_values(["datum", "kennung"]).iterrows():
            zeilen += [
                _zeile(freigabe, beschluss, kennung, indikatoren, belegt)
                for kennung in indikatoren
            ]
    return pd.DataFrame(zeilen, columns=list(SPALTEN))


def _zeile(
    freigabe: Freigabe,
    beschluss: "pd.Series[Any]",
    kennung: str,
    indikatoren: list[str],
    belegt: set[str],
) -> dict[str, object]:
    gebiet, tag = str(beschluss["gebiet"]), beschluss["datum"].date()
    zeile: dict[str, object] = {
        "beschluss": beschluss["id"],
        "datum": beschluss["datum"],
        "gebiet": gebiet,
        "entscheidung": beschluss["beschluss"],
        "gegenstand": _gegenstand(freigabe, beschluss),
        "einrichtung": beschluss["einrichtung"],
        "indikator": kennung,
    }
    indikator = freigabe.katalog.indikatoren[kennung]
    spanne = _spanne(freigabe, gebiet, kennung, str(tag))
    kopf = f"{indikator.bezeichnung} {freigabe.gebiete.loc[gebiet, 'wo']}"
    if spanne is None:
        wann = datum_text(tag)
        satz = f"{kopf}: Vor und nach dem {wann} liegt nicht je ein Wert vor."
        return {**zeile, "zwilling": "", "satz": f"{satz} {KEIN_NACHWEIS}"}
    vorher, nachher = (
        freigabe.zelle(gebiet, kennung, stichtag=t)
        for t in (spanne.vorher, spanne.nachher)
    )
    aenderung = _aenderung(vorher, nachher, JE.get(indikator.einheit, 1.0))
    zwilling = _zwilling(freigabe, gebiet, indikatoren, spanne, belegt)
    daneben = _wandel(freigabe, zwilling, kennung, spanne) if zwilling else None
    satz = (
        f"{kopf}: {_wert(vorher, indikator)} am {datum_text(vorher.stichtag)}, "
        f"{_wert(nachher, indikator)} am {datum_text(nachher.stichtag)}."
    )
    satz += _noch_nicht(freigabe, str(beschluss["angebot"]), nachher)
    if daneben is not None:
        name = freigabe.gebiete.loc[zwilling, "name"]
        satz += (
            f" Im ähnlichsten Gebiet ohne solchen Beschluss ({name}): Veränderung "
            f"{_unterschied(daneben, indikator)}."
        )
    return {
        **zeile,
        "vorher_tag": spanne.vorher,
        "vorher": vorher.wert,
        "nachher_tag": spanne.nachher,
        "nachher": nachher.wert,
        **aenderung,
        "zwilling": zwilling,
        "zwilling_veraenderung": daneben,
        "satz": f"{satz} {KEIN_NACHWEIS}",
    }


def _gegenstand(freigabe: Freigabe, beschluss: "pd.Series[Any]") -> str:
    """Worüber entschieden wurde: Name des Vorhabens oder Angebots, sonst leer."""
    vorhaben = freigabe.katalog.vorhaben.get(str(beschluss["vorhaben"]))
    if vorhaben is not None:
        return vorhaben.name
    angebot = str(beschluss["angebot"])
    if angebot in freigabe.angebote.index:
        return str(freigabe.angebote.loc[angebot, "name"])
    return ""


def _noch_nicht(freigabe: Freigabe, angebot: str, nachher: Zelle) -> str:
    """Begann das Angebot erst nach dem neuesten Wert, sagt der Satz es."""
    if angebot not in freigabe.angebote.index:
        return ""
    beginn = freigabe.angebote["beginn"].dt.date.get(angebot)
    if beginn is None or pd.isna(beginn) or beginn <= nachher.stichtag:
        return ""
    wann = datum_text(beginn)
    return f" Das Angebot begann erst am {wann}; dieser Wert zeigt es noch nicht."


def _spanne(freigabe: Freigabe, gebiet: str, kennung: str, tag: str) -> _Spanne | None:
    werte = freigabe.werte
    zahlen = werte[
        (werte["ebene"] == "gebiet")
        & (werte["gebiet"] == gebiet)
        & (werte["indikator"] == kennung)
        & (werte["wertart"] == "Zahl")
    ]
    tage = sorted(set(zahlen["stichtag"].astype(str)))
    davor = [t for t in tage if t <= tag]
    danach = [t for t in tage if t > tag]
    if not davor or not danach:
        return None
    return _Spanne(vorher=davor[-1], nachher=danach[-1])


def _aenderung(vorher: Zelle, nachher: Zelle, faktor: float) -> dict[str, float | None]:
    """Differenz, mit Bereich nur aus Fallzahlen; `faktor` führt in die Einheit."""
    differenz = (nachher.wert or 0.0) - (vorher.wert or 0.0)
    unten = oben = None
    zahlen = (vorher.zaehler, vorher.nenner, nachher.zaehler, nachher.nenner)
    if all(zahl is not None for zahl in zahlen) and vorher.nenner and nachher.nenner:
        bereich = wilson_differenz(
            ([vorher.zaehler], [vorher.nenner]), ([nachher.zaehler], [nachher.nenner])
        ).iloc[0]
        unten, oben = bereich["unten"] * faktor, bereich["oben"] * faktor
    return {
        "veraenderung": differenz,
        "veraenderung_unten": unten,
        "veraenderung_oben": oben,
    }


def _zwilling(
    freigabe: Freigabe,
    gebiet: str,
    indikatoren: list[str],
    spanne: _Spanne,
    belegt: set[str],
) -> str:
    """Vor dem Beschluss ähnlichstes Gebiet, für das nichts beschlossen wurde."""
    vorher = freigabe.tabelle(indikatoren, stichtag=spanne.vorher)
    kandidaten = [g for g in map(str, vorher.index) if g not in belegt]
    mindestens = min(
        freigabe.katalog.angebotsregeln.zwilling_mindestens, len(indikatoren)
    )
    weite = abstaende(vorher, gebiet, kandidaten, mindestens=mindestens)
    return str(weite.index[0]) if len(weite) else ""


def _wandel(
    freigabe: Freigabe, gebiet: str, kennung: str, spanne: _Spanne
) -> float | None:
    vorher, nachher = (
        freigabe.zelle(gebiet, kennung, stichtag=t).wert
        for t in (spanne.vorher, spanne.nachher)
    )
    return None if vorher is None or nachher is None else nachher - vorher


def _wert(zelle: Zelle, indikator: Indikator) -> str:
    wert = zelle.wert or 0.0
    if indikator.einheit == "prozent":
        return prozent_text(wert, stellen=indikator.stellen)
    einheit = EINHEIT_TEXT[indikator.einheit]
    return f"{zahl_text(wert, stellen=indikator.stellen)} {einheit}".strip()


def _unterschied(wert: float, indikator: Indikator) -> str:
    if indikator.einheit == "prozent":
        zahl = zahl_text(wert * 100, stellen=indikator.stellen, vorzeichen=True)
        return f"{zahl} Prozentpunkte"
    zahl = zahl_text(wert, stellen=indikator.stellen, vorzeichen=True)
    return f"{zahl} {EINHEIT_TEXT[indikator.einheit]}".strip()
