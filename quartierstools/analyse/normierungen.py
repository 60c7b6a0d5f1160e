"""Wie werden Indikatoren vergleichbar? Eine Tabelle kleiner Verfahren.

Jedes Verfahren lernt seine Parameter aus den gültigen Gebieten des Basisjahrs und
wendet sie unverändert auf jedes andere Jahr an. Alle rechnen auf schon gerichteten
Werten: mehr heißt mehr Bedarf.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

ZUR_NORMALVERTEILUNG = 1.4826022185056018
"""Macht die mittlere absolute Abweichung vom Median mit der SD vergleichbar."""

WINZIG = 1e-12
"""Kleinere Unterschiede sind Rundungsreste."""

EXPONENT = 23.0
"""Konstante der englischen Indices of Deprivation."""

Spalte = Any
"""Ein Feld von Gleitkommazahlen, ein Wert je Gebiet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Normierung:
    """Ein Verfahren: was es lernt, wie es rechnet, was herauskommt.

    Attributes
    ----------
    lerne : callable
        Spalte der gültigen Gebiete → Parameter (Feld).
    wende_an : callable
        Spalte und Parameter → normierte Spalte.
    nichtnegativ : bool
        Ob die Werte im Basisjahr nie unter 0 liegen (Bedingung für „geometrisch“).
    braucht : callable
        Parameter → Satz, warum das Verfahren hier nicht geht, sonst leer.
    satz : str
        Rechenweg in einem Satz.
    """

    lerne: Callable[[Spalte], Spalte]
    wende_an: Callable[[Spalte, Spalte], Spalte]
    nichtnegativ: bool
    braucht: Callable[[Spalte], str]
    satz: str


def mittel(werte: NDArray[np.float64]) -> float:
    """Mittelwert, der nicht von der Reihenfolge der Zeilen abhängt."""
    return float(np.sort(werte).sum() / len(werte))


def streuung(werte: NDArray[np.float64]) -> float:
    """Standardabweichung der Grundgesamtheit (ddof = 0), ohne Reihenfolge."""
    abweichung = np.sort((werte - mittel(werte)) ** 2)
    return float(np.sqrt(abweichung.sum() / len(werte)))


def _lerne_z(werte: Spalte) -> Spalte:
    sd = streuung(werte)
    # Rundungsrest einer konstanten Spalte ist keine Streuung.
    winzig = WINZIG * max(float(np.abs(werte).max()), 1e-300)
    return np.array([mittel(werte), 0.0 if sd <= winzig else sd])


def _lerne_robust(werte: Spalte) -> Spalte:
    median = np.median(werte)
    return np.array([median, ZUR_NORMALVERTEILUNG * np.median(np.abs(werte - median))])


def _lerne_spanne(werte: Spalte) -> Spalte:
    return np.array([werte.min(), werte.max() - werte.min()])


def _linear(werte: Spalte, parameter: Spalte) -> Spalte:
    return (werte - parameter[0]) / parameter[1]


def _raenge(werte: Spalte, sortiert: Spalte) -> Spalte:
    """Rang im Basisjahr, 1 = niedrigster Wert; gleiche Werte teilen sich den Rang."""
    rang = 1.0 + np.searchsorted(sortiert, werte, side="left")
    return np.where(np.isnan(werte), np.nan, np.minimum(rang, len(sortiert)))


def _anteilsrang(werte: Spalte, sortiert: Spalte) -> Spalte:
    return _raenge(werte, sortiert) / len(sortiert)


def _prozentrang(werte: Spalte, sortiert: Spalte) -> Spalte:
    return (_raenge(werte, sortiert) - 1.0) / (len(sortiert) - 1.0)


def _exponentiell(werte: Spalte, sortiert: Spalte) -> Spalte:
    stauchung = 1.0 - np.exp(-100.0 / EXPONENT)
    return -EXPONENT * np.log(1.0 - _anteilsrang(werte, sortiert) * stauchung)


def _mit_streuung(parameter: Spalte) -> str:
    if parameter[1] > 0:
        return ""
    return "hat in allen gültigen Gebieten denselben Wert"


def _mit_robuster_streuung(parameter: Spalte) -> str:
    if parameter[1] > 0:
        return ""
    return (
        "hat in mindestens der Hälfte der gültigen Gebiete denselben Wert; "
        "„z_robust“ geht nicht, „z“ oder „prozentrang“ schon"
    )


def _mit_raengen(sortiert: Spalte) -> str:
    if sortiert[0] < sortiert[-1]:
        return ""
    return "hat in allen gültigen Gebieten denselben Wert"


NORMIERUNGEN: dict[str, Normierung] = {
    "z": Normierung(
        lerne=_lerne_z,
        wende_an=_linear,
        nichtnegativ=False,
        braucht=_mit_streuung,
        satz="Abstand vom Mittel der gültigen Gebiete in Standardabweichungen",
    ),
    "z_robust": Normierung(
        lerne=_lerne_robust,
        wende_an=_linear,
        nichtnegativ=False,
        braucht=_mit_robuster_streuung,
        satz="Abstand vom Median in mittleren absoluten Abweichungen (× 1,4826)",
    ),
    "minmax": Normierung(
        lerne=_lerne_spanne,
        wende_an=_linear,
        nichtnegativ=True,
        braucht=_mit_streuung,
        satz="Lage zwischen kleinstem (0) und größtem Wert (1)",
    ),
    "rang": Normierung(
        lerne=np.sort,
        wende_an=_anteilsrang,
        nichtnegativ=True,
        braucht=_mit_raengen,
        satz="Rang geteilt durch Zahl der gültigen Gebiete (über 0 bis 1)",
    ),
    "prozentrang": Normierung(
        lerne=np.sort,
        wende_an=_prozentrang,
        nichtnegativ=True,
        braucht=_mit_raengen,
        satz="(Rang − 1) / (n − 1), von 0 bis 1",
    ),
    "exponentiell": Normierung(
        lerne=np.sort,
        wende_an=_exponentiell,
        nichtnegativ=True,
        braucht=_mit_raengen,
        satz="−23 · ln(1 − R · (1 − exp(−100/23))) mit R = Rang / n, bis 100",
    ),
}
"""Name → Verfahren; der Name ist der Wert des Parameters `normierung`."""
