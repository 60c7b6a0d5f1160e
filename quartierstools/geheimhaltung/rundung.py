"""Wie gehen Fallzahlen auf Vielfache gerundet hinaus? Jede Zahl für sich.

Anteile entstehen aus den gerundeten Zahlen, auch wo nur der Anteil geliefert ist:
Ein genauer Anteil neben gerundeten Zahlen nennt die genauen (16,0 Prozent von 23 bis
27 sind nur 4 von 25).
"""

import pandas as pd

from quartierstools.geheimhaltung.aufgaben import auf_vielfaches
from quartierstools.geheimhaltung.groessen import Aufbau, groessen
from quartierstools.geheimhaltung.regeln import FAKTOREN


def runde_fallzahlen(
    werte: pd.DataFrame, aufbau: Aufbau, vielfaches: int
) -> pd.DataFrame:
    """Fallzahlen auf Vielfache und Anteile daraus.

    Parameters
    ----------
    werte : DataFrame
        Freigegebene Beobachtungen, siehe `groessen`; Gesperrtes ohne Zahl.
    aufbau : Aufbau
        Einheiten und gleiche Zählungen.
    vielfaches : int
        5 oder 10; 0 lässt alles, wie es ist.

    Returns
    -------
    DataFrame
        Dieselben Zeilen.
    """
    if not vielfaches:
        return werte
    gezaehlt = groessen(werte, aufbau)
    einheiten = werte["indikator"].map(aufbau.einheiten)
    neue = []
    zeilen = zip(
        werte["wert"],
        werte["zaehler"],
        werte["nenner"],
        einheiten,
        gezaehlt.zaehler,
        gezaehlt.nenner,
        strict=True,
    )
    for wert, eigen_z, eigen_n, einheit, z, n in zeilen:
        if pd.isna(wert):
            neue.append(wert)
        elif einheit == "anzahl":
            neue.append(float(auf_vielfaches(round(float(wert)), vielfaches)))
        else:
            zaehler = gezaehlt.werte.get(z) if pd.isna(eigen_z) and z else eigen_z
            nenner = gezaehlt.werte.get(n) if pd.isna(eigen_n) and n else eigen_n
            neue.append(_anteil(float(wert), zaehler, nenner, einheit, vielfaches))
    halb = vielfaches // 2
    gerundete = {
        feld: (werte[feld] + halb) // vielfaches * vielfaches
        for feld in ("zaehler", "nenner")
    }
    spalte = pd.Series(neue, index=werte.index, dtype="float64")
    return werte.assign(wert=spalte, **gerundete)


def _anteil(
    wert: float, zaehler: object, nenner: object, einheit: str, vielfaches: int
) -> float:
    """Verhältnis der gerundeten Zahlen; ohne Bezugszahl der gelieferte Wert."""
    if einheit not in FAKTOREN or pd.isna(nenner):  # type: ignore[call-overload]
        return wert
    faktor, bezug = FAKTOREN[einheit], int(str(nenner))
    unbekannt = pd.isna(zaehler)  # type: ignore[call-overload]
    faelle = round(wert / faktor * bezug) if unbekannt else int(str(zaehler))
    unten = auf_vielfaches(bezug, vielfaches)
    return faktor * auf_vielfaches(faelle, vielfaches) / unten if unten else wert
