"""Wohin bewegen sich die Gebiete gegen ein früheres Jahr? Stand und Entwicklung.

Der Stand ist die gezeigte Klasse; die Entwicklung vergleicht die Veränderung jedes
Gebiets mit der mittleren. Alles aus der Freigabe: Was in einem der beiden Jahre
gesperrt ist, hat keine Entwicklung.
"""

from dataclasses import dataclass

import pandas as pd

from quartierstools.analyse import Dynamik, StatusDynamik, statusmatrix
from quartierstools.auswertung.bedarf import Bedarf
from quartierstools.auswertung.reihen import brueche, stichtage
from quartierstools.fehler import Datenfehler
from quartierstools.geheimhaltung import Freigabe

ABSTAND_JAHRE = 2
"""Angestrebter Abstand der Jahre, wie im Monitoring Soziale Stadtentwicklung Berlin."""

OHNE = "Eine Entwicklung lässt sich nicht zeigen: "
EIN_STICHTAG = f"{OHNE}Es liegt nur ein Stichtag vor."
OHNE_VERGLEICH = f"{OHNE}Kein früherer Stichtag ist mit dem neuesten vergleichbar."


@dataclass(frozen=True, slots=True, kw_only=True)
class Entwicklung:
    """Veränderung einer Zielgruppe zwischen zwei vergleichbaren Stichtagen.

    Attributes
    ----------
    von, bis : str
        Stichtage als JJJJ-MM-TT.
    modell : Dynamik
        Gelernte Veränderung; `klasse_`, `bezug_`, `index_intervall_` je Gebiet.
    feld : StatusDynamik
        Gebiete je Stand (gezeigte Klasse 1 bis 4) und Entwicklung (1 bis 3).

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> auswertung = oeffne("musterstadt").auswertung
    >>> ergebnis = entwicklung(auswertung.freigabe, auswertung.bedarf("jugendliche"))
    >>> ergebnis.von, ergebnis.bis
    ('2022-12-31', '2024-12-31')
    """

    von: str
    bis: str
    modell: Dynamik
    feld: StatusDynamik

    @property
    def beurteilt(self) -> int:
        """Zahl der Gebiete mit Stand und Entwicklung."""
        return int(self.feld.gruppe.notna().sum())

    @property
    def sicher(self) -> int | None:
        """Gebiete, deren 95-%-Intervall ganz in ihrer Spalte liegt; None ohne."""
        sicher = self.modell.index_intervall_["klasse_sicher"].dropna()
        eigene = sicher[sicher.index.isin(self.feld.gruppe.dropna().index)]
        return None if eigene.empty else int(eigene.sum())


def entwicklung(freigabe: Freigabe, ergebnis: Bedarf) -> Entwicklung | str:
    """Stand und Entwicklung einer Zielgruppe, oder warum es sie nicht gibt.

    Verglichen wird mit dem Jahr, das möglichst zwei Jahre zurückliegt und in dem
    jeder Indikator ohne Bruch vorliegt; bei gleichem Abstand mit dem älteren.

    Returns
    -------
    Entwicklung or str
        Ergebnis oder ein Satz mit dem Grund.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> bochum = oeffne("bochum").auswertung
    >>> print(entwicklung(bochum.freigabe, bochum.bedarf("langzeitarbeitslose")))
    Eine Entwicklung lässt sich nicht zeigen: Es liegt nur ein Stichtag vor.
    """
    kennungen = list(ergebnis.messung.indikatoren)
    jahre = _vergleichsjahre(freigabe, kennungen)
    if jahre is None:
        mehrere = any(len(stichtage(freigabe, i)) > 1 for i in kennungen)
        return OHNE_VERGLEICH if mehrere else EIN_STICHTAG
    frueher, jetzt = jahre
    indikatoren = freigabe.katalog.indikatoren
    gewichte = {g.indikator: g.gewicht for g in ergebnis.zielgruppe.index}
    modell = Dynamik(
        richtungen={i: indikatoren[i].richtung for i in kennungen},
        gewichte={i: gewichte.get(i, 1.0) for i in kennungen},
    )
    tage = {i: stichtage(freigabe, i) for i in kennungen}
    try:
        modell.fit(
            _tabelle(freigabe, {i: tage[i][jetzt] for i in kennungen}),
            basis=_tabelle(freigabe, {i: tage[i][frueher] for i in kennungen}),
            fallzahlen=_fallzahlen(freigabe, {i: tage[i][jetzt] for i in kennungen}),
            fallzahlen_basis=_fallzahlen(
                freigabe, {i: tage[i][frueher] for i in kennungen}
            ),
        )
    except Datenfehler as fehler:
        grund = " ".join(str(befund) for befund in fehler.befunde)
        return f"{OHNE}{grund}"
    namen = {str(g): str(n) for g, n in freigabe.gebiete["name"].items()}
    return Entwicklung(
        von=max(tage[i][frueher] for i in kennungen),
        bis=max(tage[i][jetzt] for i in kennungen),
        modell=modell,
        feld=statusmatrix(ergebnis.klasse, modell.klasse_, namen=namen),
    )


def _vergleichsjahre(
    freigabe: Freigabe, kennungen: list[str]
) -> tuple[str, str] | None:
    """Früheres und neuestes Jahr, in denen jeder Indikator ohne Bruch vorliegt."""
    je_indikator = [set(stichtage(freigabe, i)) for i in kennungen]
    gemeinsame = set.intersection(*je_indikator)
    if not gemeinsame or any(max(j) != max(gemeinsame) for j in je_indikator):
        return None
    jetzt = max(gemeinsame)
    gebrochen = max(max(brueche(freigabe, i), default="") for i in kennungen)
    frueher = [jahr for jahr in gemeinsame - {jetzt} if jahr >= gebrochen]
    if not frueher:
        return None
    ziel = int(jetzt) - ABSTAND_JAHRE
    return min(frueher, key=lambda jahr: (abs(int(jahr) - ziel), jahr)), jetzt


def _tabelle(freigabe: Freigabe, tage: dict[str, str]) -> pd.DataFrame:
    spalten = {i: freigabe.tabelle([i], stichtag=tag)[i] for i, tag in tage.items()}
    return pd.DataFrame(spalten, index=freigabe.gebiete.index)


def _fallzahlen(
    freigabe: Freigabe, tage: dict[str, str]
) -> dict[str, tuple[pd.Series, pd.Series]]:
    """Zähler und Nenner je Indikator; ohne Fallzahlen fehlt er."""
    werte = freigabe.werte
    gefunden = {}
    for kennung, tag in tage.items():
        zeilen = werte[
            (werte["indikator"] == kennung)
            & (werte["stichtag"] == tag)
            & (werte["ebene"] == "gebiet")
            & (werte["wertart"] == "Zahl")
        ].dropna(subset=["zaehler", "nenner"])
        if len(zeilen):
            zahlen = zeilen.set_index("gebiet")[["zaehler", "nenner"]]
            je_gebiet = zahlen.astype("float64").reindex(freigabe.gebiete.index)
            gefunden[kennung] = (je_gebiet["zaehler"], je_gebiet["nenner"])
    return gefunden
