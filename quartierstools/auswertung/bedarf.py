"""Wo ist Bedarf oder Potential einer Zielgruppe höher als im Mittel der Gebiete?"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from quartierstools.analyse import Bedarfsindex, haltbarkeit
from quartierstools.auswertung.messung import Messung, messung
from quartierstools.fehler import Datenfehler
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog import Klassenworte, Wortwahl, Zielgruppe

if TYPE_CHECKING:
    from quartierstools.analyse import Sensitivitaet

OBERSTE = 4
"""Nummer der äußeren Klasse über dem Mittel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bedarf:
    """Ergebnis einer messbaren Zielgruppe.

    Attributes
    ----------
    groesse : str
        Name der Größe: „Bedarfsindex“, „Potentialindex“ oder, bei nur einem
        Indikator, dessen Bezeichnung.
    merkmale : DataFrame
        Gebiete × Indikatoren, freigegebene Werte.
    index : Series
        Standardisierter Index je Gebiet, fehlend ohne Wert.
    klasse : Series of Int64
        1 bis 4; die oberste Klasse nur, wo sie in genügend Varianten hält, sonst
        die darunter. Karte, Tabelle und Text lesen alle diese Klasse.
    tafel : DataFrame
        Je Gebiet `klasse`, `wort`, `index`, `haltbarkeit` (Anteil der Varianten mit
        dieser Klasse, wo `gesenkt`: mit mindestens dieser), `abstand`, `grenze`,
        `grenzfall`, `gesenkt` (ob die oberste Klasse gerechnet, aber wegen zu
        geringer Haltbarkeit die darunter gezeigt ist).
    gueltig : int
        Zahl der Gebiete mit Index.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> auswertung = oeffne("bochum").auswertung
    >>> ergebnis = auswertung.bedarf("langzeitarbeitslose")
    >>> ergebnis.groesse, ergebnis.tafel.loc["24", "wort"]
    ('Arbeitslosenanteil', 'deutlich über dem Mittel')
    """

    zielgruppe: Zielgruppe
    messung: Messung
    worte: Klassenworte
    groesse: str
    merkmale: pd.DataFrame
    modell: Bedarfsindex
    sensitivitaet: "Sensitivitaet"
    tafel: pd.DataFrame
    gueltig: int

    @property
    def index(self) -> pd.Series:
        """Standardisierter Index je Gebiet."""
        return self.tafel["index"]

    @property
    def klasse(self) -> pd.Series:
        """Gezeigte Klasse je Gebiet."""
        return self.tafel["klasse"]


def bedarf(
    freigabe: Freigabe,
    zielgruppe: Zielgruppe,
    *,
    varianten: int = 1000,
    startwert: int = 0,
) -> Bedarf | Messung:
    """Rechnet den Index einer Zielgruppe; ohne Indikatoren nur die `Messung`.

    Parameters
    ----------
    varianten : int, default=1000
        Zahl der Rechenvarianten für die Haltbarkeit.
    startwert : int, default=0
        Für die gezogenen Gewichte.
    """
    katalog = freigabe.katalog
    stand = messung(freigabe, zielgruppe)
    if stand.art == "nicht messbar":
        return stand
    merkmale = freigabe.tabelle(stand.indikatoren)
    richtungen = {i: katalog.indikatoren[i].richtung for i in stand.indikatoren}
    gewichte = {g.indikator: g.gewicht for g in zielgruppe.index}
    modell = Bedarfsindex(
        richtungen=richtungen,
        gewichte={i: gewichte.get(i, 1.0) for i in stand.indikatoren},
    )
    try:
        modell.fit(merkmale)
        ergebnis = haltbarkeit(
            merkmale, modell, n_varianten=varianten, random_state=startwert
        )
    except Datenfehler as fehler:
        grund = " ".join(str(befund) for befund in fehler.befunde)
        return replace(
            stand, art="nicht messbar", satz=f"Nicht messbar: {grund}", indikatoren=()
        )
    worte = katalog.worte(zielgruppe)
    einzig = len(stand.indikatoren) == 1
    groesse = (
        katalog.indikatoren[stand.indikatoren[0]].bezeichnung
        if einzig
        else worte.groesse
    )
    tafel = _tafel(modell, ergebnis, worte, katalog.wortwahl)
    return Bedarf(
        zielgruppe=zielgruppe,
        messung=stand,
        worte=worte,
        groesse=groesse,
        merkmale=merkmale,
        modell=modell,
        sensitivitaet=ergebnis,
        tafel=tafel,
        gueltig=int(modell.gueltig_.sum()),
    )


def haltwort(*, gesenkt: bool) -> str:
    """Was vor dem Anteil der Rechenvarianten steht; eine Stelle für alle Ausgaben.

    Examples
    --------
    >>> haltwort(gesenkt=False), haltwort(gesenkt=True)
    ('hält in', 'mindestens diese Klasse in')
    """
    return "mindestens diese Klasse in" if gesenkt else "hält in"


def _tafel(
    modell: Bedarfsindex,
    ergebnis: "Sensitivitaet",
    worte: Klassenworte,
    wortwahl: Wortwahl,
) -> pd.DataFrame:
    """Klasse, Wort und Haltbarkeit je Gebiet."""
    gerechnet = modell.klasse_
    halt = ergebnis.haltbarkeit["haltbarkeit"]
    abstand = ergebnis.haltbarkeit["abstand"]
    traegt = halt >= wortwahl.haltbarkeit_deutlich
    oberste = (gerechnet == OBERSTE).fillna(value=False).astype(bool)
    gesenkt = oberste & ~traegt
    klasse = gerechnet.mask(gesenkt, OBERSTE - 1)
    # Wer herabgestuft gezeigt wird, hält „über dem Mittel“ auch, wo er höher liegt.
    anteile = ergebnis.klassenanteile
    gezeigt = halt.mask(gesenkt, anteile[OBERSTE - 1] + anteile[OBERSTE])
    wort = klasse.map(dict(enumerate(worte.klassen, start=1)))
    return pd.DataFrame(
        {
            "klasse": klasse.astype("Int64"),
            "wort": wort.astype("object"),
            "index": modell.standardisiert_,
            "haltbarkeit": gezeigt,
            "abstand": abstand,
            "grenze": ergebnis.haltbarkeit["grenze"],
            "grenzfall": (halt < wortwahl.haltbarkeit_deutlich)
            | (abstand.abs() < wortwahl.grenzabstand),
            "gesenkt": gesenkt,
        }
    )
