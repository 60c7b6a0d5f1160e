"""Welche Gebiete ähneln sich? Gruppen mit Beschreibung, Sicherheit und Grenzfällen.

Gruppen beschreiben, sie ordnen nicht. Fehlt ein Beleg für getrennte Typen, bleiben
sie „nur Beschreibung“ und werden in jeder Ausgabe so genannt.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from quartierstools.analyse import Typisierung
from quartierstools.fehler import Datenfehler
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog import Indikator
from quartierstools.schreibweise import aufzaehlung, gross

BESCHREIBUNG = 3
"""Gruppen zum Beschreiben, wenn es keinen Beleg für Typen gibt."""

UM_DAS_MITTEL, DEUTLICH = 0.5, 1.5
"""Abweichungen in Standardabweichungen, ab denen ein Portrait andere Worte wählt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typen:
    """Ergebnis der Gruppierung.

    Attributes
    ----------
    pruefung : DataFrame
        Prüfung je Gruppenzahl (k-means).
    verfahrensvergleich : Series
        Verfahren → Anteil gleich eingeteilter Gebiete (Ward).
    typ : Series of str
        Buchstabe je Gebiet; fehlend ohne Gruppe.
    nur_beschreibung : bool
        Ob ein Beleg für getrennte Typen fehlt.
    begruendung : str
        Warum so viele Gruppen, in einem Satz.
    mitten, abweichungen : DataFrame
        Mittlere Werte je Gruppe; dieselben in Standardabweichungen.
    portraets : Mapping
        Buchstabe → Satz mit den stärksten Abweichungen (Entwurf).
    grenzfaelle : tuple of str
        Gebiete, die in mehr als einem Viertel der Läufe wechseln.
    sonderfaelle : Mapping
        Gebiete, die zu keiner Gruppe passen, mit Grund.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> auswertung = oeffne("musterstadt").auswertung
    >>> ergebnis = auswertung.typen()
    >>> ergebnis.wort, ergebnis.typ["011"]
    ('Typ', 'C')
    """

    pruefung: pd.DataFrame
    verfahrensvergleich: pd.Series
    merkmale: pd.DataFrame
    typ: pd.Series
    nur_beschreibung: bool
    begruendung: str
    mitten: pd.DataFrame
    abweichungen: pd.DataFrame
    portraets: Mapping[str, str]
    stabilitaet: Mapping[str, str]
    grenzfaelle: tuple[str, ...]
    sonderfaelle: Mapping[str, str]

    @property
    def wort(self) -> str:
        """„Typ“ oder, ohne Beleg, „Gruppe“."""
        return "Gruppe" if self.nur_beschreibung else "Typ"


def typen(
    freigabe: Freigabe,
    *,
    anzahl: int = 0,
    verfahren: str = "kmeans",
    startwert: int = 0,
) -> Typen:
    """Gruppiert die Gebiete nach den Merkmalen des Projekts.

    Parameters
    ----------
    anzahl : int, default=0
        0: aus den Daten vorgeschlagen; sonst 2 bis 8.
    verfahren : str, default="kmeans"
        ``kmeans``, ``ward`` oder ``gemischt``.
    startwert : int, default=0
        Startwert der Ziehungen.
    """
    katalog = freigabe.katalog
    merkmale = freigabe.tabelle(katalog.projekt.typen.indikatoren)
    if merkmale.columns.empty:
        satz = "projekt.yaml nennt unter typen keine Merkmale."
        return _ohne_gruppen(merkmale, Datenfehler("Gruppen", [satz]))
    richtungen = {
        i: "niedrig" if katalog.indikatoren[i].richtung == "niedrig" else "hoch"
        for i in katalog.projekt.typen.indikatoren
    }
    modell = Typisierung(
        anzahl_typen=anzahl or "auto",
        verfahren=verfahren,
        random_state=startwert,
        richtungen=richtungen,
        beschreibung=None if anzahl else BESCHREIBUNG,
    )
    try:
        modell.fit(merkmale)
    except Datenfehler as fehler:
        return _ohne_gruppen(merkmale, fehler)
    frei = bool(modell.nur_beschreibung_) and not anzahl
    typ = modell.typ_
    if frei and modell.beschreibung_labels_ is not None:
        typ = _buchstaben(modell.beschreibung_labels_)
    typ = typ.reindex(freigabe.gebiete.index)
    z = (merkmale - merkmale.mean()) / merkmale.std(ddof=0)
    abweichungen = z.groupby(typ).mean().sort_index()
    portraets = {
        buchstabe: portraet(zeile, katalog.indikatoren)
        for buchstabe, zeile in abweichungen.iterrows()
    }
    return Typen(
        pruefung=modell.anzahltabelle_,
        verfahrensvergleich=modell.verfahrensvergleich_,
        merkmale=merkmale,
        typ=typ,
        nur_beschreibung=bool(modell.nur_beschreibung_),
        begruendung=str(modell.begruendung_),
        mitten=merkmale.groupby(typ).mean().sort_index(),
        abweichungen=abweichungen,
        portraets={str(k): v for k, v in portraets.items()},
        stabilitaet={} if frei else _als_text(modell.typen_["stabilitaet"]),
        grenzfaelle=() if frei else tuple(map(str, modell.grenzfaelle_.index)),
        sonderfaelle=_als_text(modell.sonderfaelle_),
    )


def _ohne_gruppen(merkmale: pd.DataFrame, fehler: Datenfehler) -> Typen:
    """Ergebnis, wenn sich gar nicht gruppieren lässt, mit Grund."""
    grund = " ".join(str(befund) for befund in fehler.befunde)
    leer = pd.DataFrame(columns=merkmale.columns, dtype="float64")
    return Typen(
        pruefung=pd.DataFrame(),
        verfahrensvergleich=pd.Series(dtype="float64"),
        merkmale=merkmale,
        typ=pd.Series(pd.NA, index=merkmale.index, dtype="string"),
        nur_beschreibung=True,
        begruendung=f"Keine Gruppen: {grund}",
        mitten=leer,
        abweichungen=leer,
        portraets={},
        stabilitaet={},
        grenzfaelle=(),
        sonderfaelle={},
    )


def _buchstaben(labels: pd.Series) -> pd.Series:
    """Nummern ab 0 als Buchstaben; −1 bleibt fehlend."""
    return labels.map({n: chr(ord("A") + n) for n in range(26)})


def _als_text(reihe: pd.Series) -> dict[str, str]:
    return {str(schluessel): str(wert) for schluessel, wert in reihe.items()}


def portraet(abweichung: pd.Series, indikatoren: Mapping[str, Indikator]) -> str:
    """Beschreibt eine Gruppe durch ihre Abweichungen, stärkste zuerst.

    Examples
    --------
    >>> b01 = Indikator(id="B01", bezeichnung="Arbeitslosenanteil",
    ...                 zaehler="Arbeitslose", dimension="arbeit", lieferant="BA")
    >>> portraet(pd.Series({"B01": 1.6}), {"B01": b01})
    'Arbeitslosenanteil deutlich über dem Mittel'
    """
    folge = abweichung.abs().sort_index().sort_values(ascending=False, kind="stable")
    teile = []
    for kennung in map(str, folge.index):
        z = float(abweichung[kennung])
        if abs(z) < UM_DAS_MITTEL:
            continue
        richtung = "über dem Mittel" if z > 0 else "unter dem Mittel"
        wort = f"deutlich {richtung}" if abs(z) >= DEUTLICH else richtung
        teile.append(f"{indikatoren[kennung].bezeichnung} {wort}")
    if not teile:
        return "Alle Merkmale um das Mittel"
    rest = "; sonst um das Mittel" if len(teile) < len(folge) else ""
    return f"{gross(aufzaehlung(teile))}{rest}"
