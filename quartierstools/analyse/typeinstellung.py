"""Ist eine Typisierung richtig eingestellt?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quartierstools.analyse.anzahl import KLEIN, MINDESTGROESSE, TYPEN_KLEIN
from quartierstools.analyse.normierungen import WINZIG, mittel, streuung
from quartierstools.analyse.pruefung import (
    Einstellungsfehler,
    Merkmalsfehler,
    wort_aus,
)
from quartierstools.analyse.verfahren import VERFAHREN
from quartierstools.schreibweise import zahl_text

if TYPE_CHECKING:
    import pandas as pd

    from quartierstools.analyse.typisierung import Typisierung

Feld = Any
"""Ein Feld von Zahlen."""

BUCHSTABEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Namen der Typen in fester Folge."""


def pruefe_einstellung(modell: Typisierung, n: int) -> None:
    """Löst einen Fehler aus, wenn ein Parameter bei `n` Gebieten nicht geht.

    Raises
    ------
    Einstellungsfehler
        Unbekanntes Verfahren, fehlende Nachbarschaft, unmögliche Zahl.
    """
    wort_aus(modell.verfahren, VERFAHREN, parameter="verfahren")
    if modell.verfahren == "ward_raum" and modell.nachbarschaft is None:
        raise Einstellungsfehler(
            "verfahren='ward_raum' braucht `nachbarschaft` (Tabelle, Zuordnung oder "
            "Paare von Gebieten)."
        )
    hoechstens = VERFAHREN[modell.verfahren].hoechstens
    if hoechstens is not None and n > hoechstens:
        raise Einstellungsfehler(
            f"verfahren={modell.verfahren!r} rechnet höchstens {zahl_text(hoechstens)} "
            f"Gebiete, hier sind es {zahl_text(n)}. Möglich ist „kmeans“."
        )
    ganz = isinstance(modell.n_wiederholungen, int | np.integer)
    if not ganz or modell.n_wiederholungen < 20:  # noqa: PLR2004
        raise Einstellungsfehler(
            f"n_wiederholungen={modell.n_wiederholungen!r} geht nicht. Erwartet: "
            "mindestens 20; Vorgabe 100."
        )
    grenze = n // MINDESTGROESSE
    if n < KLEIN:
        grenze = min(grenze, TYPEN_KLEIN)
    for name, wert, oben in (
        ("anzahl_typen", modell.anzahl_typen, min(grenze, len(BUCHSTABEN))),
        ("beschreibung", modell.beschreibung, TYPEN_KLEIN),
    ):
        if wert is None or (name == "anzahl_typen" and wert == "auto"):
            continue
        ganzzahl = isinstance(wert, int | np.integer) and not isinstance(wert, bool)
        if not ganzzahl or not 2 <= int(wert) <= oben:  # noqa: PLR2004
            raise Einstellungsfehler(
                f"{name}={wert!r} geht bei {n} Gebieten nicht. Erlaubt: 2 bis {oben}"
                + (" oder „auto“." if name == "anzahl_typen" else ".")
            )


def mitte_und_streuung(tabelle: pd.DataFrame) -> tuple[Feld, Feld]:
    """Mittel und Streuung (ddof = 0) je Merkmal, unabhängig von der Zeilenfolge.

    Raises
    ------
    Merkmalsfehler
        Wenn es weniger als zwei Gebiete sind oder ein Merkmal keine Unterschiede hat.
    """
    n = len(tabelle)
    if n < 2:  # noqa: PLR2004
        satz = f"Nur {n} Gebiete mit allen Werten; nötig sind 2 (n_samples={n})."
        raise Merkmalsfehler("Typisierung", [satz])
    werte = tabelle.to_numpy()
    groesse = np.maximum(np.abs(werte).max(axis=0), 1e-300)
    sd = np.array([streuung(s) for s in werte.T])
    befunde = [
        f"„{name}“ hat in allen gültigen Gebieten denselben Wert."
        for name, gleich in zip(tabelle.columns, sd <= WINZIG * groesse, strict=True)
        if gleich
    ]
    if befunde:
        raise Merkmalsfehler("Typisierung", befunde)
    return np.array([mittel(s) for s in werte.T]), sd
