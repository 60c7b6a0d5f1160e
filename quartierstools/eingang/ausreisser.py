"""Fällt ein einzelner Wert aus der Reihe, als stünde er in einer anderen Einheit?"""

from typing import Any

import numpy as np

from quartierstools.eingang.pruefung import HOECHSTENS_GEBAUT, Pruefung, begrenzt
from quartierstools.fehler import Befund
from quartierstools.schreibweise import zahl_text

EINHEITEN = ("prozent", "je_100", "je_1000")
FAKTOR = 10.0
"""So viel kleiner oder größer als der nächste Wert muss ein Ausreißer sein."""
HOECHSTANTEIL = 0.1
"""Mehr Werte abseits der übrigen sind kein Tippfehler mehr."""


def ausreisserbefunde(pruefung: Pruefung) -> list[Befund]:
    """Hinweis auf einzelne Anteile abseits aller anderen („0,04“ statt „4,0“).

    Nur, wo keine Fallzahlen dahinterstehen: kleine Zähler sind wirklich klein.
    """
    werte = pruefung.werte
    unten = werte[
        (werte["ebene"] == "gebiet")
        & werte["zaehler"].isna()
        & (werte["wert"] > 0).fillna(value=False)
    ]
    befunde: list[Befund] = []
    for (kennung, _), gruppe in unten.groupby(
        ["indikator", "stichtag"], observed=True, sort=True
    ):
        einheit = pruefung.einheit(str(kennung))
        if (
            einheit not in EINHEITEN
            or len(gruppe) < pruefung.regeln.mindestzahl_einheit
        ):
            continue
        faktor = 100.0 if einheit == "prozent" else 1.0
        zahlen = gruppe["wert"].to_numpy(dtype=float) * faktor
        for maske, grenze, wort in _abseits(zahlen):
            befunde += begrenzt(
                [
                    Befund(
                        ort=pruefung.ort(zeile, "wert"),
                        was=f"Hier stehen {zahl_text(zeile.wert * faktor, stellen=2)}; "
                        f"alle anderen sind {wort} {zahl_text(grenze, stellen=1)}.",
                        erwartet="Werte einer Spalte in derselben Einheit",
                        rat="Bitte prüfen: Anteil statt Prozent oder Komma verrutscht?",
                        schwere="hinweis",
                    )
                    for zeile in gruppe[maske].head(HOECHSTENS_GEBAUT).itertuples()
                ]
            )
    return befunde


def _abseits(zahlen: Any) -> list[tuple[Any, float, str]]:  # noqa: ANN401
    """Masken weniger Werte, die eine Lücke von den übrigen trennt.

    Examples
    --------
    >>> werte = np.array([4.0, 5.1, 0.04, 6.2, 3.9])
    >>> [(maske.tolist().index(True), grenze) for maske, grenze, _ in _abseits(werte)]
    [(2, 3.9)]
    """
    sortiert = np.sort(zahlen)
    hoechstens = max(1, int(HOECHSTANTEIL * len(sortiert)))
    spruenge = sortiert[1:] / sortiert[:-1]
    gefunden = []
    unten = np.flatnonzero(spruenge[:hoechstens] >= FAKTOR)
    if len(unten):
        grenze = float(sortiert[unten[-1] + 1])
        gefunden.append((zahlen < grenze, grenze, "mindestens"))
    oben = np.flatnonzero(spruenge[-hoechstens:] >= FAKTOR)
    if len(oben):
        grenze = float(sortiert[len(sortiert) - hoechstens - 1 + oben[0]])
        gefunden.append((zahlen > grenze, grenze, "höchstens"))
    return gefunden
