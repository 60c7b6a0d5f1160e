"""Auf welchen Bereich lässt sich eine Zählung eingrenzen? Das Rechenwerk.

Ein `Netz` ist ein zusammenhängendes Stück der Zählungen mit ihren Gleichungen.
Grenzen kommen aus linearen Programmen (für die Wahl der Sperrungen) und aus
ganzzahligen (für den Angriff); beide löst HiGHS, ohne Zufall.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

Zahlen = npt.NDArray[np.float64]
TOLERANZ = 1e-6

KNOTEN = 20_000
"""Grenze jeder ganzzahligen Suche; zählt Schritte, nicht Zeit."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Netz:
    """Lineare Bedingungen ``unten <= matrix @ x <= oben``."""

    matrix: csr_array
    unten: Zahlen
    oben: Zahlen

    @property
    def groesse(self) -> int:
        """Zahl der Unbekannten."""
        return int(self.matrix.shape[1])


def netz(
    zeilen: Sequence[Sequence[tuple[int, float]]],
    unten: Sequence[float],
    oben: Sequence[float],
    *,
    groesse: int,
) -> Netz:
    """Netz aus Gliedern (Nummer der Unbekannten, Gewicht) je Bedingung.

    Examples
    --------
    >>> paar = netz([[(0, 1.0), (1, 1.0)]], [7.0], [7.0], groesse=2)
    >>> ganzzahlig(paar, 0, np.zeros(2), np.full(2, 99.0))
    (0.0, 7.0)
    """
    stellen = [(i, j) for i, zeile in enumerate(zeilen) for j, _ in zeile]
    gewichte = [g for zeile in zeilen for _, g in zeile]
    i_nummern = [i for i, _ in stellen]
    j_nummern = [j for _, j in stellen]
    matrix = csr_array(
        (np.asarray(gewichte, dtype=float), (i_nummern, j_nummern)),
        shape=(len(zeilen), groesse),
    )
    return Netz(
        matrix=matrix,
        unten=np.asarray(unten, dtype=float),
        oben=np.asarray(oben, dtype=float),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Rand:
    """Äußerster Punkt einer Richtung und was ihn festhält.

    Attributes
    ----------
    preis_unten, preis_oben : ndarray
        Um wie viel der Wert je Einheit weiterer Grenze weiter hinausrückte.
    """

    wert: float
    punkt: Zahlen
    preis_unten: Zahlen
    preis_oben: Zahlen


UNZULAESSIG = 2
"""Kennzahl von scipy für „kein zulässiger Punkt“."""


def rand(
    bedingungen: Netz, nummer: int, unten: Zahlen, oben: Zahlen, richtung: int
) -> Rand:
    """Größter (`richtung` 1) oder kleinster (−1) Wert einer Unbekannten.

    Raises
    ------
    ArithmeticError
        Wenn die Bedingungen einander widersprechen.
    """
    ziel = np.zeros(bedingungen.groesse)
    ziel[nummer] = -richtung
    gleich = bedingungen.unten == bedingungen.oben
    weitere: dict[str, object] = {}
    if not gleich.all():
        weitere["A_ub"], weitere["b_ub"] = _einseitig(bedingungen, ~gleich)
    if gleich.any():
        weitere["A_eq"] = bedingungen.matrix[gleich]
        weitere["b_eq"] = bedingungen.oben[gleich]
    grenzen = np.column_stack([unten, oben])
    loesung = linprog(ziel, bounds=grenzen, method="highs", **weitere)
    if loesung.status == UNZULAESSIG:
        # Spielräume um 1e−8 hält der Vorlauf von HiGHS mitunter für einen Widerspruch.
        ohne = {"presolve": False}
        loesung = linprog(ziel, bounds=grenzen, method="highs", options=ohne, **weitere)
    if loesung.status != 0:
        raise ArithmeticError(f"Kein zulässiger Punkt: {loesung.message}")
    return Rand(
        float(loesung.x[nummer]),
        np.asarray(loesung.x),
        np.asarray(loesung.lower.marginals),
        -np.asarray(loesung.upper.marginals),
    )


def _einseitig(
    bedingungen: Netz, auswahl: npt.NDArray[np.bool_]
) -> tuple[csr_array, Zahlen]:
    """Spielräume als „höchstens“-Bedingungen; Unendliches fällt weg."""
    matrix = bedingungen.matrix[auswahl]
    oben, unten = bedingungen.oben[auswahl], bedingungen.unten[auswahl]
    nach_oben, nach_unten = np.isfinite(oben), np.isfinite(unten)
    gestapelt = vstack([matrix[nach_oben], -matrix[nach_unten]])
    return csr_array(gestapelt), np.concatenate([oben[nach_oben], -unten[nach_unten]])


def _bedingung(bedingungen: Netz) -> list[LinearConstraint]:
    if not bedingungen.matrix.shape[0]:
        return []
    return [LinearConstraint(bedingungen.matrix, bedingungen.unten, bedingungen.oben)]


def ganzzahlig(
    bedingungen: Netz, nummer: int, unten: Zahlen, oben: Zahlen
) -> tuple[float, float]:
    """Kleinster und größter ganzzahliger Wert einer Unbekannten.

    Findet die Suche in `KNOTEN` Schritten kein Ende, gilt der weiteste gefundene
    Wert: Er ist sicher möglich, der Bereich also eher zu eng als zu weit.

    Returns
    -------
    tuple of float
        Unten und oben; ``nan``, wenn die Bedingungen einander widersprechen oder
        sich kein Wert finden ließ. ``nan`` ist niemals Schutz.
    """
    grenzen = []
    for richtung in (-1, 1):
        ziel = np.zeros(bedingungen.groesse)
        ziel[nummer] = -richtung
        loesung = milp(
            ziel,
            integrality=np.ones(bedingungen.groesse),
            bounds=Bounds(unten, oben),
            constraints=_bedingung(bedingungen),
            # Mit Vorlauf schreibt HiGHS mitunter eigene Zeilen auf den Bildschirm.
            options={"mip_rel_gap": 0.0, "presolve": False, "node_limit": KNOTEN},
        )
        if loesung.x is None:
            return (float("nan"), float("nan"))
        grenzen.append(float(round(loesung.x[nummer])))
    return (grenzen[0], grenzen[1])
