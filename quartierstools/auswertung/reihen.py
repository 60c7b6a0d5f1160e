"""Was lag in früheren Jahren vor? Werte, Intervalle, Brüche, Klassen je Jahr.

Alles aus der Freigabe: Was in einem Jahr gesperrt ist, fehlt auch hier.
"""

import pandas as pd

from quartierstools.analyse import wilson
from quartierstools.auswertung.bedarf import OBERSTE, Bedarf
from quartierstools.geheimhaltung import Freigabe

FRUEHERE_KLASSEN = (
    "Frühere Jahre auf der Skala von {jahr}, also am Mittel dieses Jahres gemessen. "
    "Die oberste Klasse wird dort nicht vergeben: Ob sie hält, ist nur für {jahr} "
    "gerechnet."
)


def stichtage(freigabe: Freigabe, indikator: str) -> dict[str, str]:
    """Jahr → letzter Stichtag darin mit freigegebenen Werten, neueste zuerst.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> freigabe = oeffne("musterstadt").auswertung.freigabe
    >>> stichtage(freigabe, "B05")["2024"]
    '2024-12-31'
    """
    freigabe.katalog.indikator(indikator)
    werte = freigabe.werte
    da = werte[
        (werte["indikator"] == indikator)
        & (werte["ebene"] == "gebiet")
        & (werte["wertart"] == "Zahl")
    ]
    tage = sorted({str(tag) for tag in da["stichtag"]})
    je_jahr = {tag[:4]: tag for tag in tage}
    return dict(sorted(je_jahr.items(), reverse=True))


def brueche(freigabe: Freigabe, indikator: str) -> dict[str, str]:
    """Erstes Jahr mit Werten nach einem Bruch → was sich geändert hat, laut Katalog.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> freigabe = oeffne("musterstadt").auswertung.freigabe
    >>> brueche(freigabe, "B05")
    {}
    """
    tage = list(stichtage(freigabe, indikator).values())
    gefunden = freigabe.katalog.indikator(indikator).bruchtage(tage)
    return {tag[:4]: satz for tag, satz in gefunden.items()}


def intervalle(freigabe: Freigabe, indikator: str) -> dict[str, pd.DataFrame]:
    """Wilson-Intervalle (95 Prozent) in Prozent je Stichtag mit Fallzahlen.

    Returns
    -------
    dict of str to DataFrame
        Stichtag → ``unten``, ``oben`` je Gebiet; leer, wenn es keine Fallzahlen gibt
        oder der Indikator kein Anteil ist.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> freigabe = oeffne("musterstadt").auswertung.freigabe
    >>> intervalle(freigabe, "B05")["2024-12-31"].loc["011"].round(1).to_dict()
    {'unten': 5.5, 'oben': 6.4}
    """
    if freigabe.katalog.indikator(indikator).einheit != "prozent":
        return {}
    werte = freigabe.werte
    zeilen = werte[
        (werte["indikator"] == indikator)
        & (werte["ebene"] == "gebiet")
        & (werte["wertart"] == "Zahl")
    ]
    da = zeilen.dropna(subset=["zaehler", "nenner"])
    if da.empty:
        return {}
    zahlen = da[["zaehler", "nenner"]].astype("float64")
    grenzen = wilson(zahlen["zaehler"], zahlen["nenner"])[["unten", "oben"]] * 100
    gebiete = freigabe.gebiete.index
    return {
        str(tag): teil.set_axis(da.loc[teil.index, "gebiet"]).reindex(gebiete)
        for tag, teil in grenzen.groupby(da["stichtag"])
    }


def fruehere_klassen(freigabe: Freigabe, ergebnis: Bedarf) -> dict[str, pd.Series]:
    """Klasse einer Zielgruppe in früheren Jahren auf der Skala des neuesten.

    Nur Jahre, in denen jeder Indikator vorliegt und keiner einen Bruch zum neuesten
    Jahr hat. Die oberste Klasse entfällt, weil ihre Haltbarkeit nicht gerechnet ist.

    Returns
    -------
    dict of str to Series
        Jahr → Klasse 1 bis 3 je Gebiet, fehlend ohne Werte; neueste zuerst.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> auswertung = oeffne("musterstadt").auswertung
    >>> ergebnis = auswertung.bedarf("jugendliche")
    >>> list(fruehere_klassen(auswertung.freigabe, ergebnis))
    ['2023', '2022', '2021', '2020', '2019']
    """
    kennungen = list(ergebnis.messung.indikatoren)
    tage = {i: stichtage(freigabe, i) for i in kennungen}
    neuestes = max(next(iter(t)) for t in tage.values())
    gebrochen = max(max(brueche(freigabe, i), default="") for i in kennungen)
    gemeinsame = set.intersection(*(set(t) for t in tage.values()))
    klassen = {}
    for jahr in sorted(gemeinsame - {neuestes}, reverse=True):
        if jahr < gebrochen:
            continue
        spalten = {
            i: freigabe.tabelle([i], stichtag=tage[i][jahr])[i] for i in kennungen
        }
        tabelle = pd.DataFrame(spalten, index=freigabe.gebiete.index)
        nummern = ergebnis.modell.klassen(tabelle).clip(upper=OBERSTE - 1)
        klassen[jahr] = nummern.reindex(tabelle.index).astype("Int64")
    return klassen
