"""Was sagen Indikatoren, die nicht im Index stecken? Keine Bestätigung, kein Beweis.

Eine Gegenprobe nennt nie den am besten passenden Indikator: alle stehen in der Folge
ihrer Schlüssel, mit demselben Satzbau.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd

from quartierstools.analyse.pruefung import Merkmalsfehler, tabelle_aus
from quartierstools.analyse.redundanz import korrelation
from quartierstools.schreibweise import aufzaehlung, zahl_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

MITTLERE = 2
"""Nummer der mittleren Klasse."""

VORBEHALT = (
    "Die Gegenprobe bestätigt und widerlegt den Index nicht: sie zeigt nur, wie sich "
    "nicht verwendete Indikatoren über dieselben Gebiete verteilen."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gegenprobe:
    """Index neben nicht verwendeten Indikatoren.

    Attributes
    ----------
    tabelle : DataFrame
        Je Merkmal (nach Schlüssel) ``r``, ``n`` und ``satz``.
    vorbehalt : str
        Gehört neben jede Ausgabe der Tabelle.

    Examples
    --------
    >>> index = pd.Series([-1, 0, 0.5, 1.2], index=list("abcd"))
    >>> weitere = pd.DataFrame({"K06": [5, 9, 7, 12.0]}, index=list("abcd"))
    >>> vergleiche_mit_index(index, weitere).tabelle["n"].to_dict()
    {'K06': 4}
    """

    tabelle: pd.DataFrame
    vorbehalt: str = VORBEHALT


def vergleiche_mit_index(
    index: pd.Series,
    X: pd.DataFrame,
    *,
    verwendet: Collection[str] = (),
    bezeichnungen: Mapping[str, str] | None = None,
) -> Gegenprobe:
    """Stellt den Index neben Indikatoren, die nicht in ihm stecken.

    Parameters
    ----------
    index : Series
        Index je Gebiet.
    X : DataFrame
        Weitere Indikatoren mit denselben Gebieten.
    verwendet : collection of str
        Merkmale des Index; sie entfallen.
    bezeichnungen : mapping, optional
        Merkmal → Name im Satz.

    Examples
    --------
    >>> index = pd.Series([-1, 0, 0.5, 1.2], index=list("abcd"))
    >>> weitere = pd.DataFrame({"K06": [5, 9, 7, 12.0]}, index=list("abcd"))
    >>> vergleiche_mit_index(index, weitere).tabelle.loc["K06", "satz"]
    'K06: r = 0,86 über 4 Gebiete.'
    """
    tabelle = tabelle_aus(X).reindex(index.index)
    namen = {} if bezeichnungen is None else bezeichnungen
    zeilen = {}
    for merkmal in sorted(tabelle.columns, key=str):
        if merkmal in verwendet:
            continue
        r, n = korrelation(index, tabelle[merkmal])
        wert = "nicht gerechnet" if isnan(r) else f"r = {zahl_text(r, stellen=2)}"
        satz = f"{namen.get(merkmal, merkmal)}: {wert} über {n} Gebiete."
        zeilen[merkmal] = {"r": r, "n": n, "satz": satz}
    ergebnis = pd.DataFrame.from_dict(
        zeilen, orient="index", columns=["r", "n", "satz"]
    )
    ergebnis.index.name = "merkmal"
    return Gegenprobe(tabelle=ergebnis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fokusprobe:
    """Früher ausgewählte Gebiete neben dem Index.

    Attributes
    ----------
    tabelle : DataFrame
        Je Gebiet der Auswahl (nach Schlüssel) ``name`` und ``klasse``.
    satz : str
        Befund und Vorbehalt.

    Examples
    --------
    >>> klasse = pd.Series({"10": 3, "12": 2}, dtype="Int64")
    >>> probe = vergleiche_mit_auswahl(klasse, ["10"], anlass="des Projekts X")
    >>> probe.tabelle["klasse"].to_dict()
    {'10': 3}
    """

    tabelle: pd.DataFrame
    satz: str


def vergleiche_mit_auswahl(
    klasse: pd.Series,
    auswahl: Sequence[Any],
    *,
    anlass: str,
    namen: Mapping[Any, str] | None = None,
) -> Fokusprobe:
    r"""Stellt Gebiete, die ein früheres Projekt gewählt hat, neben die Klassen.

    Parameters
    ----------
    klasse : Series of Int64
        Klasse je Gebiet.
    auswahl : sequence
        Schlüssel der früher gewählten Gebiete.
    anlass : str
        Name des Projekts im Genitiv, etwa ``"des Projekts „Zusammen im Quartier“"``.
    namen : mapping, optional
        Gebiet → Name.

    Examples
    --------
    >>> klasse = pd.Series({"10": 3, "12": 2}, dtype="Int64")
    >>> probe = vergleiche_mit_auswahl(klasse, ["10", "12"], anlass="des Projekts X")
    >>> print(probe.satz.replace(". ", ".\n"))
    Von den 2 Fokusgebieten des Projekts X liegt 1 über der mittleren Klasse: 10.
    Nach welchen Kriterien gewählt wurde, ist nicht belegt.
    Die Auswahl bestätigt und widerlegt den Index nicht.
    """
    fremd = [str(g) for g in auswahl if g not in klasse.index]
    if fremd:
        raise Merkmalsfehler(
            "Fokusgebiete", [f"Gebiet „{g}“ steht nicht in der Tabelle." for g in fremd]
        )
    genannt = {} if namen is None else namen
    schluessel = sorted(auswahl, key=str)
    tabelle = pd.DataFrame(
        {
            "name": [str(genannt.get(g, g)) for g in schluessel],
            "klasse": klasse.loc[schluessel].astype("Int64"),
        },
        index=pd.Index(schluessel, name=klasse.index.name),
    )
    oben = tabelle.loc[(tabelle["klasse"] > MITTLERE).fillna(value=False), "name"]
    ohne = tabelle.loc[tabelle["klasse"].isna(), "name"]
    verb = "liegt" if len(oben) == 1 else "liegen"
    zahl = "keines" if not len(oben) else str(len(oben))
    verb = "liegt" if not len(oben) else verb
    wer = f": {aufzaehlung(list(oben))}" if len(oben) else ""
    satz = (
        f"Von den {len(tabelle)} Fokusgebieten {anlass} {verb} {zahl} über der "
        f"mittleren Klasse{wer}."
    )
    if len(ohne):
        satz += f" Ohne Klasse, da Werte fehlen: {aufzaehlung(list(ohne))}."
    satz += (
        " Nach welchen Kriterien gewählt wurde, ist nicht belegt. "
        "Die Auswahl bestätigt und widerlegt den Index nicht."
    )
    return Fokusprobe(tabelle=tabelle, satz=satz)
