"""Ist eine Typisierung richtig eingestellt?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quartierstools.analyse.anzahl import KLEIN, MINDESTGROESSE, TYPEN_KLEIN
from quartierstools.analyse.pruefung import Einstellungsfehler, wort_aus
from quartierstools.analyse.verfahren import VERFAHREN
from quartierstools.schreibweise import zahl_text

if TYPE_CHECKING:
    from quartierstools.analyse.typisierung import Typisierung

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
