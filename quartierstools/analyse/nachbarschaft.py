"""Wer grenzt an wen, und welche Gebiete hängen mit keinem anderen zusammen?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quartierstools.analyse.pruefung import Merkmalsfehler
from quartierstools.schreibweise import aufzaehlung

Feld = Any
"""Ein Feld von Zahlen."""

Nachbarschaft = Any
"""Tabelle mit zwei Schlüsselspalten, Gebiet → Nachbarn oder Paare von Gebieten."""

Duenn = Any
"""Dünn besetzte Matrix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nachbarn:
    """Nachbarschaft als Paare von Zeilennummern.

    Attributes
    ----------
    n : int
        Zahl der Gebiete.
    paare : array of shape (p, 2)
        Jedes Paar einmal, kleinere Nummer zuerst.
    """

    n: int
    paare: Feld

    def matrix(self) -> Duenn:
        """Dünn besetzte, symmetrische Matrix mit Einsen."""
        from scipy.sparse import coo_array  # noqa: PLC0415

        a, b = self.paare[:, 0], self.paare[:, 1]
        eins = np.ones(2 * len(a))
        form = (self.n, self.n)
        felder = (np.concatenate([a, b]), np.concatenate([b, a]))
        return coo_array((eins, felder), shape=form).tocsr()

    def teile(self) -> Feld:
        """Nummer des zusammenhängenden Teils je Gebiet."""
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

        return connected_components(self.matrix(), directed=False)[1]

    def auswahl(self, zeilen: Feld) -> Nachbarn:
        """Nachbarschaft der ausgewählten Zeilen in deren Reihenfolge."""
        neu = np.full(self.n, -1)
        neu[zeilen] = np.arange(len(zeilen))
        paare = neu[self.paare] if len(self.paare) else self.paare
        dabei = (paare >= 0).all(axis=1)
        return Nachbarn(n=len(zeilen), paare=np.sort(paare[dabei], axis=1))


def nachbarn_aus(
    nachbarschaft: Nachbarschaft,
    gebiete: pd.Index,
) -> Nachbarn:
    """Liest eine Nachbarschaft; Gebiete außerhalb von `gebiete` entfallen.

    Parameters
    ----------
    nachbarschaft : DataFrame, mapping or iterable of pairs
        Tabelle mit den Spalten ``schluessel_a`` und ``schluessel_b`` (sonst die ersten
        zwei Spalten), Gebiet → Nachbarn oder Paare.
    gebiete : Index
        Die Gebiete in der Folge der Tabelle.

    Examples
    --------
    >>> nachbarn_aus({"10": ["11"], "12": []}, pd.Index(["10", "11", "12"])).paare
    array([[0, 1]])
    """
    if isinstance(nachbarschaft, pd.DataFrame):
        spalten = [s for s in nachbarschaft.columns if str(s).startswith("schluessel")]
        spalten = (spalten or list(nachbarschaft.columns))[:2]
        roh: list[tuple[Any, Any]] = [
            (a, b) for a, b in nachbarschaft[spalten].itertuples(index=False)
        ]
    elif isinstance(nachbarschaft, Mapping):
        roh = [(a, b) for a, andere in nachbarschaft.items() for b in andere]
    else:
        roh = [(paar[0], paar[1]) for paar in nachbarschaft]
    nummer = {gebiet: i for i, gebiet in enumerate(gebiete)}
    paare = {
        (min(nummer[a], nummer[b]), max(nummer[a], nummer[b]))
        for a, b in roh
        if a in nummer and b in nummer and a != b
    }
    if roh and not paare:
        raise Merkmalsfehler(
            "Nachbarschaft",
            [
                (
                    f"Kein Paar passt: Nachbarschaft etwa „{roh[0][0]}“, Tabelle etwa "
                    f"„{gebiete[0]}“."
                )
            ],
        )
    feld = np.array(sorted(paare), dtype=np.int64).reshape(-1, 2)
    return Nachbarn(n=len(gebiete), paare=feld)


def unverbundene(nachbarn: Nachbarn, gebiete: pd.Index) -> list[list[Any]]:
    """Teile ohne Verbindung zum größten Teil; leere Liste, wenn alles zusammenhängt.

    Examples
    --------
    >>> gebiete = pd.Index(["10", "11", "12"])
    >>> unverbundene(nachbarn_aus([("10", "11")], gebiete), gebiete)
    [['12']]
    """
    teile = nachbarn.teile()
    groessen = np.bincount(teile)
    rest = [t for t in range(len(groessen)) if t != groessen.argmax()]
    listen = [sorted(gebiete[teile == t], key=str) for t in rest]
    return sorted(listen, key=lambda liste: str(liste[0]))


def unverbunden_satz(teile: list[list[Any]], namen: Mapping[Any, str]) -> str:
    """Nennt die Gebiete ohne Verbindung; leer, wenn es keine gibt."""
    if not teile:
        return ""
    gruppen = [aufzaehlung([namen.get(g, str(g)) for g in teil]) for teil in teile]
    return (
        "Ohne gemeinsame Grenze mit dem übrigen Stadtgebiet: "
        f"{'; '.join(gruppen)}. Es wird keine Verbindung ergänzt."
    )


def ward_zusammenhaengend(
    daten: Feld, nachbarn: Nachbarn, zahlen: Sequence[int]
) -> dict[int, Feld]:
    """Ward nur zwischen Nachbarn; unverbundene Teile werden nie zusammengelegt.

    Parameters
    ----------
    daten : array of shape (n, m)
        Standardisierte Merkmale.
    nachbarn : Nachbarn
        Nachbarschaft derselben Zeilen.
    zahlen : sequence of int
        Typenzahlen; weniger als Teile ist unmöglich, dann so viele Typen wie Teile.

    Returns
    -------
    dict of int to array of shape (n,)
        Typen je Typenzahl.
    """
    from sklearn.cluster import ward_tree  # noqa: PLC0415

    n = len(daten)
    schritte: list[tuple[float, int, int]] = []
    teile = nachbarn.teile()
    for teil in range(int(teile.max()) + 1):
        zeilen = np.flatnonzero(teile == teil)
        if len(zeilen) == 1:
            continue
        matrix = nachbarn.auswahl(zeilen).matrix()
        kinder, *_, hoehen = ward_tree(
            daten[zeilen], connectivity=matrix, return_distance=True
        )
        schritte += _schritte(kinder, np.maximum.accumulate(hoehen), zeilen)
    # Stabil nach Höhe: innerhalb eines Teils bleibt die Folge des Baums.
    schritte.sort(key=lambda s: s[0])
    return {k: _schnitt(n, schritte, k) for k in zahlen}


def _schritte(kinder: Feld, hoehen: Feld, zeilen: Feld) -> list[tuple[float, int, int]]:
    """Je Schritt Höhe und zwei Vertreter der zusammengelegten Gruppen."""
    vertreter = [int(z) for z in zeilen]
    schritte = []
    for (a, b), hoehe in zip(kinder, hoehen, strict=True):
        schritte.append((float(hoehe), vertreter[a], vertreter[b]))
        vertreter.append(vertreter[a])
    return schritte


def _schnitt(n: int, schritte: list[tuple[float, int, int]], k: int) -> Feld:
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    benutzt = schritte[: max(n - k, 0)]
    a = np.array([s[1] for s in benutzt], dtype=np.int64)
    b = np.array([s[2] for s in benutzt], dtype=np.int64)
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(n, n))
    return connected_components(graph, directed=False)[1].astype(np.int64)
