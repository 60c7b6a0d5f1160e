"""Wie wird aus normierten Indikatoren ein Index? Eine Tabelle kleiner Verfahren."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from quartierstools.analyse.normierungen import WINZIG, mittel, streuung

if TYPE_CHECKING:
    from collections.abc import Callable

EINS_GEGEN_EINS = 1e-9
"""Heben sich die Ladungen so weit auf, entscheidet die größte das Vorzeichen."""

Feld = Any
"""Ein Feld von Gleitkommazahlen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechnung:
    """Gelernte Größen einer Zusammenfassung; im Basisjahr eingefroren.

    Attributes
    ----------
    faktoren : array of shape (n_merkmale,)
        Womit jedes normierte Merkmal eingeht.
    mitten : array of shape (n_merkmale,)
        Was vorher von jedem normierten Merkmal abgezogen wird.
    """

    faktoren: Feld
    mitten: Feld


@dataclass(frozen=True, slots=True, kw_only=True)
class Zusammenfassung:
    """Ein Verfahren: was es lernt und wie die Beiträge zum Index werden.

    Attributes
    ----------
    lerne : callable
        Normierte Werte der gültigen Gebiete und Gewichte → `Rechnung`.
    beitraege : callable
        Normierte Werte und `Rechnung` → Beitrag je Gebiet und Merkmal.
    fasse : callable
        Beiträge → Index je Gebiet.
    positiv : bool
        Ob nur nichtnegative Normierungen erlaubt sind.
    eigene_gewichte : bool
        Ob das Verfahren die Gewichte selbst bestimmt.
    """

    lerne: Callable[[Feld, Feld], Rechnung]
    beitraege: Callable[[Feld, Rechnung], Feld]
    fasse: Callable[[Feld], Feld]
    positiv: bool = False
    eigene_gewichte: bool = False


def spaltensumme(beitraege: Feld) -> Feld:
    """Summe über die Merkmale in fester Folge (unabhängig von Threads)."""
    summe = np.zeros(len(beitraege))
    for spalte in beitraege.T:
        summe = summe + spalte
    return summe


def _spaltenprodukt(beitraege: Feld) -> Feld:
    produkt = np.ones(len(beitraege))
    for spalte in beitraege.T:
        produkt = produkt * spalte
    return produkt


def _gewogen(normiert: Feld, rechnung: Rechnung) -> Feld:
    return (normiert - rechnung.mitten) * rechnung.faktoren


def _lerne_summe(normiert: Feld, gewichte: Feld) -> Rechnung:
    """Gewogene Summe, danach erneut auf Mittel 0 und Streuung 1 gebracht."""
    mitten = np.array([mittel(spalte) for spalte in normiert.T])
    summe = spaltensumme((normiert - mitten) * gewichte)
    return Rechnung(faktoren=gewichte / _teiler(summe), mitten=mitten)


def _teiler(summe: Feld) -> float:
    sd = streuung(summe)
    return sd if sd > WINZIG else np.nan


def _lerne_mittel(normiert: Feld, gewichte: Feld) -> Rechnung:
    return Rechnung(faktoren=gewichte, mitten=np.zeros(normiert.shape[1]))


def _potenzen(normiert: Feld, rechnung: Rechnung) -> Feld:
    """Faktoren, deren Produkt der Index ist; unter 0 gibt es keinen."""
    return np.power(np.where(normiert < 0, np.nan, normiert), rechnung.faktoren)


def _lerne_hauptkomponente(normiert: Feld, gewichte: Feld) -> Rechnung:
    """Erste Hauptkomponente als standardisierter Wert.

    Die Gewichte entscheiden nur, welche Merkmale dabei sind (0 oder nicht). Das
    Vorzeichen ist so gewählt, dass die Summe der Ladungen positiv ist.
    """
    mitten = np.array([mittel(spalte) for spalte in normiert.T])
    dabei = gewichte > 0
    mitte = (normiert - mitten)[:, dabei]
    ordnung = np.lexsort(mitte.T[::-1])
    kovarianz = np.einsum("ij,ik->jk", mitte[ordnung], mitte[ordnung]) / len(mitte)
    _, vektoren = np.linalg.eigh(kovarianz)
    ladung = vektoren[:, -1]
    summe = ladung.sum()
    if abs(summe) > EINS_GEGEN_EINS:
        ladung = ladung * np.sign(summe)
    else:
        ladung = ladung * np.sign(ladung[np.abs(ladung).argmax()])
    faktoren = np.zeros(normiert.shape[1])
    faktoren[dabei] = ladung
    summe_je_gebiet = spaltensumme((normiert - mitten) * faktoren)
    return Rechnung(faktoren=faktoren / _teiler(summe_je_gebiet), mitten=mitten)


ZUSAMMENFASSUNGEN: dict[str, Zusammenfassung] = {
    "summe": Zusammenfassung(
        lerne=_lerne_summe, beitraege=_gewogen, fasse=spaltensumme
    ),
    "mittel": Zusammenfassung(
        lerne=_lerne_mittel, beitraege=_gewogen, fasse=spaltensumme
    ),
    "geometrisch": Zusammenfassung(
        lerne=_lerne_mittel, beitraege=_potenzen, fasse=_spaltenprodukt, positiv=True
    ),
    "hauptkomponente": Zusammenfassung(
        lerne=_lerne_hauptkomponente,
        beitraege=_gewogen,
        fasse=spaltensumme,
        eigene_gewichte=True,
    ),
}
"""Name → Verfahren; der Name ist der Wert des Parameters `zusammenfassung`."""
