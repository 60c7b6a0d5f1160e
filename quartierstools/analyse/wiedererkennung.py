"""Ist der Typ im nächsten Jahr derselbe? Gleicher Buchstabe, wer hat gewechselt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quartierstools.analyse.guete import zuordnung
from quartierstools.analyse.pruefung import Merkmalsfehler
from quartierstools.analyse.typeinstellung import BUCHSTABEN
from quartierstools.schreibweise import aufzaehlung, mehrzahl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quartierstools.analyse.typisierung import Typisierung

OHNE_TYP = "ohne Typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiedererkennung:
    """Neue Typen mit den Buchstaben der alten.

    Attributes
    ----------
    buchstaben : dict of str to str
        Neuer Buchstabe → Buchstabe, den der Typ behält oder neu bekommt.
    abstaende : Series of float
        Abstand der Mitten in Standardabweichungen des alten Jahres; NaN bei neuen.
    neu, verschwunden : tuple of str
        Buchstaben ohne Gegenstück.
    typ : Series of str
        Typ je Gebiet im neuen Jahr mit den behaltenen Buchstaben.

    Examples
    --------
    >>> ergebnis = Wiedererkennung(
    ...     buchstaben={"A": "B"}, abstaende=pd.Series({"A": 0.2}), neu=(),
    ...     verschwunden=("A",), typ=pd.Series({"011": "B"}),
    ... )
    >>> ergebnis.typ["011"], ergebnis.verschwunden
    ('B', ('A',))
    """

    buchstaben: dict[str, str]
    abstaende: pd.Series
    neu: tuple[str, ...]
    verschwunden: tuple[str, ...]
    typ: pd.Series


def gleiche_buchstaben(alt: Typisierung, neu: Typisierung) -> Wiedererkennung:
    """Gibt jedem Typ den Buchstaben des alten Typs, dem seine Mitte am nächsten liegt.

    Zugeordnet wird insgesamt mit kleinstem Abstand (ungarisches Verfahren). Liegt eine
    neue Mitte näher an einer anderen alten, ist der Typ neu.

    Parameters
    ----------
    alt, neu : Typisierung
        Gelernt aus denselben Merkmalen zweier Jahre.

    Raises
    ------
    Merkmalsfehler
        Wenn die Merkmale verschieden sind.

    Examples
    --------
    >>> from quartierstools.analyse import Typisierung
    >>> alt = pd.DataFrame({"B01": [1, 1.2, 0.8, 1.1, 9, 9.2, 8.8, 9.1]})
    >>> neu = 10.0 - alt
    >>> ergebnis = gleiche_buchstaben(Typisierung().fit(alt), Typisierung().fit(neu))
    >>> ergebnis.buchstaben, "".join(ergebnis.typ)
    ({'A': 'A', 'B': 'B'}, 'BBBBAAAA')
    """
    if list(alt.zentren_.columns) != list(neu.zentren_.columns):
        raise Merkmalsfehler(
            "Typen zweier Jahre",
            [f"{list(alt.zentren_.columns)} gegen {list(neu.zentren_.columns)}."],
        )
    a = alt.zentren_z_.to_numpy()
    b = (neu.zentren_.to_numpy() - alt.mittel_) / alt.streuung_
    abstand = np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=2))
    passt = zuordnung(-abstand)
    naechster = abstand.argmin(axis=0)
    behalten = {j: int(i) for j, i in enumerate(passt) if i >= 0 and naechster[j] == i}
    frei = [
        x for x in BUCHSTABEN if BUCHSTABEN.index(x) >= len(a)
    ]  # Buchstaben alter Typen werden nie neu vergeben
    buchstaben: dict[str, str] = {}
    werte: dict[str, float] = {}
    for j in range(len(b)):
        if j in behalten:
            buchstaben[BUCHSTABEN[j]] = BUCHSTABEN[behalten[j]]
            werte[BUCHSTABEN[behalten[j]]] = float(abstand[behalten[j], j])
        else:
            buchstaben[BUCHSTABEN[j]] = frei.pop(0)
            werte[buchstaben[BUCHSTABEN[j]]] = float("nan")
    alte = set(BUCHSTABEN[: len(a)])
    vergeben = set(buchstaben.values())
    return Wiedererkennung(
        buchstaben=buchstaben,
        abstaende=pd.Series(werte, name="abstand").sort_index(),
        neu=tuple(sorted(vergeben - alte)),
        verschwunden=tuple(sorted(alte - vergeben)),
        typ=neu.typ_.map(buchstaben).astype("string"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanderung:
    """Wer den Typ gewechselt hat.

    Attributes
    ----------
    tabelle : DataFrame
        Alte Typen × neue Typen: Zahl der Gebiete; „ohne Typ“ eigens.
    wechsel : DataFrame
        Je Gebiet mit Wechsel ``von`` und ``nach``, nach Schlüssel.
    satz : str
        Zusammenfassung.

    Examples
    --------
    >>> ergebnis = wanderung(pd.Series({"10": "A", "11": "A"}),
    ...                      pd.Series({"10": "A", "11": "B"}))
    >>> ergebnis.wechsel.loc["11"].to_dict()
    {'von': 'A', 'nach': 'B'}
    """

    tabelle: pd.DataFrame
    wechsel: pd.DataFrame
    satz: str


def wanderung(
    alt: pd.Series,
    neu: pd.Series,
    *,
    namen: Mapping[Any, str] | None = None,
    einheit: str = "Bezirke",
) -> Wanderung:
    """Stellt die Typen zweier Jahre gegenüber.

    Parameters
    ----------
    alt, neu : Series of str
        Typ je Gebiet; fehlend heißt ohne Typ. Verglichen werden die Gebiete, die in
        beiden Jahren vorkommen.
    namen : mapping, optional
        Gebiet → Name.
    einheit : str, default="Bezirke"
        Wie die Gebiete heißen.

    Examples
    --------
    >>> ergebnis = wanderung(pd.Series({"10": "A", "11": "A", "12": "B"}),
    ...                      pd.Series({"10": "A", "11": "B", "12": "B"}))
    >>> ergebnis.satz
    'Von 3 Bezirken behalten 2 ihren Typ; 1 Wechsel: 11 (A nach B).'
    """
    genannt = {} if namen is None else namen
    gebiete = sorted(set(alt.index) & set(neu.index), key=str)
    von = alt.loc[gebiete].astype("string").fillna(OHNE_TYP)
    nach = neu.loc[gebiete].astype("string").fillna(OHNE_TYP)
    tabelle = pd.crosstab(von.rename("von"), nach.rename("nach"))
    anders = (von != nach) & (von != OHNE_TYP) & (nach != OHNE_TYP)
    wechsel = pd.DataFrame({"von": von[anders], "nach": nach[anders]})
    wechsel.index.name = alt.index.name
    gleich = int(((von == nach) & (von != OHNE_TYP)).sum())
    ohne = len(gebiete) - gleich - len(wechsel)
    satz = f"Von {len(gebiete)} {_dativ(einheit)} behalten {gleich} ihren Typ"
    if len(wechsel):
        liste = [
            f"{genannt.get(g, g)} ({zeile.von} nach {zeile.nach})"
            for g, zeile in zip(
                wechsel.index, wechsel.itertuples(index=False), strict=True
            )
        ]
        zahl = mehrzahl(len(wechsel), "Wechsel", "Wechsel")
        satz += f"; {zahl}: {aufzaehlung(liste)}"
    if ohne:
        satz += f"; {ohne} in einem der Jahre ohne Typ"
    return Wanderung(tabelle=tabelle, wechsel=wechsel, satz=f"{satz}.")


def _dativ(mehrzahlwort: str) -> str:
    """„Bezirke“ → „Bezirken“; „Gebieten“ bleibt."""
    return mehrzahlwort if mehrzahlwort.endswith("n") else f"{mehrzahlwort}n"
