"""Welches Wort passt zu welcher Größe? Unterschiede und Ortsangaben in Worten.

Die Stufen stehen im Katalog (`wortwahl.yaml`, `vergleich`). „Deutlich“ braucht
mit Fallzahlen ein Intervall ohne den Median, ohne Fallzahlen eine äußere Klasse, die
in genügend Rechenvarianten hält.
"""

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from quartierstools.analyse import wilson, wilson_differenz
from quartierstools.auswertung import Bedarf
from quartierstools.auswertung.bedarf import OBERSTE
from quartierstools.begruendung.vergleich import Vergleich
from quartierstools.geheimhaltung import Zelle
from quartierstools.katalog import Indikator, Wortwahl
from quartierstools.katalog.projektmodelle import Gebietsebene
from quartierstools.schreibweise import zahlwort

FAKTOR: Mapping[str, float] = {"prozent": 1.0, "je_100": 100.0, "je_1000": 1000.0}
"""Wie aus einem Anteil der Wert eines Indikators wird."""

DEUTLICH = "deutlich"


def intervall(zelle: Zelle, indikator: Indikator) -> tuple[float, float] | None:
    """95-Prozent-Intervall eines Werts; None ohne Fallzahlen.

    Examples
    --------
    >>> from datetime import date
    >>> z = Zelle(gebiet="10", indikator="B01", stichtag=date(2024, 12, 31), wert=0.1,
    ...           wertart="Zahl", zaehler=30, nenner=300)
    >>> i = Indikator(id="B01", bezeichnung="Anteil", zaehler="z", dimension="d",
    ...               lieferant="l")
    >>> [round(grenze, 3) for grenze in intervall(z, i)]
    [0.071, 0.139]
    """
    faktor = FAKTOR.get(indikator.einheit)
    if zelle.wert is None or zelle.zaehler is None or not zelle.nenner or not faktor:
        return None
    if zelle.zaehler > zelle.nenner:
        return None
    zeile = wilson(pd.Series([zelle.zaehler]), pd.Series([zelle.nenner])).iloc[0]
    return float(zeile["unten"]) * faktor, float(zeile["oben"]) * faktor


def unterscheidbar(eine: Zelle, andere: Zelle) -> bool | None:
    """Ob sich zwei Anteile belastbar unterscheiden; None ohne Fallzahlen."""
    zellen = (eine, andere)
    if any(z.zaehler is None or not z.nenner or z.wert is None for z in zellen):
        return None
    paare = [(pd.Series([z.zaehler]), pd.Series([z.nenner])) for z in zellen]
    zeile = wilson_differenz(paare[0], paare[1]).iloc[0]
    return not (float(zeile["unten"]) <= 0 <= float(zeile["oben"]))


def haelt_aussen(ergebnis: Bedarf, gebiet: str, wortwahl: Wortwahl) -> bool:
    """Ob das Gebiet in einer äußeren Klasse liegt und dort oft genug bleibt."""
    zeile = ergebnis.tafel.loc[gebiet]
    if pd.isna(zeile["klasse"]) or int(zeile["klasse"]) not in (1, OBERSTE):
        return False
    return float(zeile["haltbarkeit"]) >= wortwahl.haltbarkeit_deutlich


def vergleichswort(
    stand: Vergleich,
    wortwahl: Wortwahl,
    *,
    grenzen: tuple[float, float] | None,
    aussen: bool,
) -> str:
    """Wie ein Wert zum Median liegt, etwa „etwas über“.

    Parameters
    ----------
    stand : Vergleich
        Fakten; `abstand` bestimmt die Stufe.
    grenzen : tuple of float or None
        Intervall des Werts, wenn Fallzahlen vorliegen.
    aussen : bool
        Ergebnis von `haelt_aussen`; zählt nur ohne Fallzahlen.

    Returns
    -------
    str
        Leer ohne Wert, „so hoch wie“, „kein belastbarer Unterschied“ oder Stufe mit
        „über“ oder „unter“.
    """
    if stand.lage == "ohne":
        return ""
    if grenzen is not None and grenzen[0] <= stand.median <= grenzen[1]:
        return wortwahl.ohne_unterschied
    if stand.lage == "gleich" or stand.abstand == 0:
        return "so hoch wie"
    wort = ""
    for stufe in wortwahl.vergleich:
        if abs(stand.abstand) >= stufe.ab:
            wort = stufe.wort
    if wort == DEUTLICH and grenzen is None and not aussen:
        wort = ""
    richtung = "über" if stand.abstand > 0 else "unter"
    return f"{wort} {richtung}".strip()


def vergleichssatz(wort: str) -> str:
    """Vergleichswort mit „dem Median“.

    Examples
    --------
    >>> vergleichssatz("etwas über"), vergleichssatz("kein belastbarer Unterschied")
    ('etwas über dem Median', 'kein belastbarer Unterschied zum Median')
    >>> vergleichssatz("so hoch wie")
    'so hoch wie der Median'
    """
    if wort == "so hoch wie":
        return f"{wort} der Median"
    if wort.endswith(("über", "unter")):
        return f"{wort} dem Median"
    return f"{wort} zum Median" if wort else ""


def abkuerzungen(texte: Iterable[str], wortwahl: Wortwahl) -> str:
    """Erklärt die Abkürzungen, die in den Texten stehen; leer, wenn keine.

    Examples
    --------
    >>> w = Wortwahl(id="w", verboten={}, ursache=(), abkuerzungen={"ELB": "Leute"})
    >>> abkuerzungen(["ELB-Quote"], w), abkuerzungen(["ELBE"], w)
    ('ELB: Leute.', '')
    """
    alles = "\n".join(texte)
    erklaert = [
        f"{kurz}: {lang}"
        for kurz, lang in wortwahl.abkuerzungen.items()
        if re.search(rf"(?<!\w){re.escape(kurz)}(?!\w)", alles)
    ]
    return f"{'; '.join(erklaert)}." if erklaert else ""


def keines(ebene: Gebietsebene) -> str:
    """„kein Bezirk“ oder „keine Raumeinheit“."""
    return f"{'keine' if ebene.artikel == 'die' else 'kein'} {ebene.kurz}"


def zahl_der_gebiete(anzahl: int, ebene: Gebietsebene) -> str:
    """„kein Bezirk“, „ein Bezirk“, „zwei Bezirke“, „15 Bezirke“.

    Examples
    --------
    >>> e = Gebietsebene(eines="Bezirk", mehrere="Bezirke", kurz="Bezirk",
    ...                  kurz_mehrere="Bezirke", kurz_dativ_mehrere="Bezirken")
    >>> [zahl_der_gebiete(n, e) for n in (0, 1, 2, 15)]
    ['kein Bezirk', 'ein Bezirk', 'zwei Bezirke', '15 Bezirke']
    """
    if anzahl == 0:
        return keines(ebene)
    if anzahl == 1:
        return f"{'eine' if ebene.artikel == 'die' else 'ein'} {ebene.kurz}"
    return f"{zahlwort(anzahl)} {ebene.kurz_mehrere}"


def weitere(anzahl: int, ebene: Gebietsebene) -> str:
    """„ein weiterer Bezirk“ oder „drei weitere Bezirke“."""
    if anzahl == 1:
        eins = {"der": "ein weiterer", "die": "eine weitere", "das": "ein weiteres"}
        return f"{eins[ebene.artikel]} {ebene.kurz}"
    return f"{zahlwort(anzahl)} weitere {ebene.kurz_mehrere}"
