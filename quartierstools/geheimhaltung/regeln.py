"""Welche Zellen sind für sich genommen zu klein? Primäre Sperrung.

Grundlage: METHODE 3 (BA-Statistik: Mindestfallzahl 3, Dominanz, Zahl der
Bedarfsgemeinschaften; SGB-II-Raster: Nenner ab 100; MSS Berlin: Gebiete ab 300
Einwohnern). Was sich aus Summen zurückrechnen ließe, sperrt `sperrung`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from quartierstools.katalog import Regelprofil
from quartierstools.katalog.regelmodelle import Dominanz

EINWOHNER = "K01"
"""Indikator, dessen Wert die Mindesteinwohnerzahl entscheidet."""

BEDARFSGEMEINSCHAFTEN = "bedarfsgemeinschaften"
"""Spalte des Bestands mit der Zahl der Bedarfsgemeinschaften, falls geliefert."""

NICHT_PRUEFBAR = "nicht prüfbar"

UNSICHER = frozenset({"nenner", "einwohner"})
"""Gründe der Verlässlichkeit: Der Wert wird nicht ausgewiesen, ist aber kein
Geheimnis. Alle anderen Gründe schützen Menschen."""

FAKTOREN: Mapping[str, float] = {"prozent": 1.0, "je_100": 100.0, "je_1000": 1000.0}
"""Einheiten, deren Wert Zähler durch Nenner ist, und ihr Faktor."""

SUMMENEINHEITEN = frozenset({"euro", "stunden"})
"""Einheiten, die Beträge statt Köpfe zählen."""


def zu_klein(anzahl: int | None, regeln: Regelprofil) -> bool:
    """Ob eine Fallzahl zu klein ist; 0 nach der Null-Regel des Profils.

    Examples
    --------
    >>> p = Regelprofil(id="p", version="1")
    >>> [zu_klein(n, p) for n in (0, 1, 9, 10, None)]
    [False, True, True, False, False]
    """
    if anzahl is None:
        return False
    if anzahl == 0:
        return not regeln.null_veroeffentlichen
    return 0 < anzahl < regeln.min_zaehler


def beherrscht(beitraege: Sequence[float], dominanz: Dominanz) -> bool:
    """Ob wenige Beiträge eine Summe beherrschen (n-k- oder p-Prozent-Regel).

    Parameters
    ----------
    beitraege : Sequence of float
        Beträge der einzelnen Merkmalsträger, nicht negativ.
    dominanz : Dominanz
        Schwellen.

    Examples
    --------
    >>> beherrscht([90, 5, 5], Dominanz())  # die zwei größten: 95 Prozent
    True
    >>> beherrscht([40, 30, 20, 10], Dominanz())
    False
    >>> beherrscht([60, 20, 3, 2], Dominanz(hoechstanteil=100))  # Rest 5 < 6
    True
    """
    geordnet = sorted((float(b) for b in beitraege), reverse=True)
    summe = sum(geordnet)
    if summe <= 0:
        return False
    if 100 * sum(geordnet[: dominanz.anzahl]) > dominanz.hoechstanteil * summe:
        return True
    rest = sum(geordnet[2:])
    return 100 * rest < dominanz.abstand * geordnet[0]


def gruende(
    werte: pd.DataFrame,
    einheit: "pd.Series[str]",
    profil: Regelprofil,
    *,
    beitraege: pd.DataFrame | None = None,
) -> "pd.Series[str]":
    """Warum eine Zelle für sich genommen nicht hinausdarf; leer, wenn sie darf.

    Parameters
    ----------
    werte : DataFrame
        Beobachtungen mit `zaehler`, `nenner`, `wert`, auf Wunsch mit der Spalte
        ``bedarfsgemeinschaften``.
    einheit : Series
        Einheit des Indikators je Zeile.
    profil : Regelprofil
        Schwellen samt Abweichungen je Indikator.
    beitraege : DataFrame, default=None
        Einzelbeiträge zu Summen: `ebene`, `gebiet`, `indikator`, `stichtag`,
        `beitrag`.

    Returns
    -------
    Series of str
        Geheimhaltung: ``zaehler``, ``rest``, ``bezugszahl`` (der Nenner selbst
        zählt zu wenige), ``bedarfsgemeinschaften``, ``dominanz``.
        Verlässlichkeit, siehe `UNSICHER`: ``nenner``, ``einwohner``. Sonst leer.
        Stehen mehrere Gründe an, geht die Geheimhaltung vor.
    """
    beherrschte = _beherrschte(werte, einheit, profil, beitraege).tolist()
    einwohner = _einwohner(werte)
    regeln = {str(k): profil.fuer(str(k)) for k in set(werte["indikator"])}
    ergebnis = []
    for nummer, zelle in enumerate(_zellen(werte, einheit)):
        grund = ""
        if zelle.zahl:
            eigene = regeln[zelle.indikator]
            ort = (zelle.ebene, zelle.gebiet, zelle.stichtag)
            grund = _geheim(zelle, eigene)
            if not grund and beherrschte[nummer]:
                grund = "dominanz"
            if not grund:
                grund = _unsicher(zelle, eigene, einwohner.get(ort))
        ergebnis.append(grund)
    return pd.Series(ergebnis, index=werte.index, dtype="object")


@dataclass(frozen=True, slots=True)
class _Zelle:
    """Eine Beobachtung in gewöhnlichen Python-Werten."""

    ebene: str
    gebiet: str
    indikator: str
    stichtag: str
    zahl: bool
    einheit: str
    zaehler: int | None
    nenner: int | None
    haushalte: int | None


def _zellen(werte: pd.DataFrame, einheit: "pd.Series[str]") -> Iterator[_Zelle]:
    geliefert = BEDARFSGEMEINSCHAFTEN in werte
    haushalte = werte[BEDARFSGEMEINSCHAFTEN] if geliefert else [None] * len(werte)
    spalten = [werte[s] for s in ("ebene", "gebiet", "indikator", "stichtag")]
    zahlen = (werte["wertart"], werte["wert"], werte["zaehler"], werte["nenner"])
    for e, g, i, t, art, wert, z, n, bg, einer in zip(
        *spalten, *zahlen, haushalte, einheit, strict=True
    ):
        zaehler, nenner = _ganz(z), _ganz(n)
        if zaehler is None and not pd.isna(wert):
            if einer == "anzahl":
                zaehler = _ganz(wert)
            elif einer in FAKTOREN and nenner is not None:
                # Anteil mal Bezugszahl ist die Fallzahl, auch ungeliefert.
                zaehler = round(float(str(wert)) / FAKTOREN[einer] * nenner)
        stelle = (str(e), str(g), str(i), str(t))
        yield _Zelle(*stelle, art == "Zahl", str(einer), zaehler, nenner, _ganz(bg))


def _ganz(wert: object) -> int | None:
    return None if pd.isna(wert) else round(float(str(wert)))  # type: ignore[call-overload]


def _geheim(zelle: _Zelle, regeln: Regelprofil) -> str:
    """Ob die Zelle so wenige zählt, dass Einzelne erkennbar wären."""
    if zu_klein(zelle.zaehler, regeln):
        return "zaehler"
    if zelle.nenner is not None:
        rest = None if zelle.zaehler is None else zelle.nenner - zelle.zaehler
        anteil = zelle.einheit == "prozent"
        if regeln.komplement and anteil and zu_klein(rest, regeln):
            return "rest"
        if zu_klein(zelle.nenner, regeln):
            return "bezugszahl"
    haushalte = zelle.haushalte
    if haushalte is not None and 0 < haushalte < regeln.min_bg:
        return BEDARFSGEMEINSCHAFTEN
    return ""


def _unsicher(zelle: _Zelle, regeln: Regelprofil, einwohner: float | None) -> str:
    """Ob die Bezugszahl zu klein ist, um etwas über das Gebiet zu sagen."""
    if zelle.nenner is not None and zelle.nenner < regeln.min_nenner:
        return "nenner"
    if zelle.indikator == EINWOHNER or einwohner is None:
        return ""
    return "einwohner" if einwohner < regeln.min_einwohner else ""


def _einwohner(werte: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    """Einwohnerzahl je Gebiet und Stichtag, wo sie vorliegt."""
    zeilen = werte[(werte["indikator"] == EINWOHNER) & (werte["ebene"] == "gebiet")]
    spalten = (zeilen["ebene"], zeilen["gebiet"], zeilen["stichtag"])
    orte = zip(*spalten, strict=True)
    return {
        (str(e), str(g), str(t)): float(wert)
        for (e, g, t), wert in zip(orte, zeilen["wert"], strict=True)
        if not pd.isna(wert)
    }


def _beherrschte(
    werte: pd.DataFrame,
    einheit: "pd.Series[str]",
    profil: Regelprofil,
    beitraege: pd.DataFrame | None,
) -> "pd.Series[bool]":
    leer = pd.Series(data=False, index=werte.index, dtype=bool)
    if beitraege is None or beitraege.empty:
        return leer
    spalten = ["ebene", "gebiet", "indikator", "stichtag"]
    faelle = {
        schluessel: beherrscht(list(gruppe["beitrag"]), profil.dominanz)
        for schluessel, gruppe in beitraege.groupby(spalten, sort=True)
    }
    summen = summenindikatoren(werte, einheit, profil)
    treffer = [
        schluessel[2] in summen and faelle.get(schluessel, False)
        for schluessel in zip(*(werte[s] for s in spalten), strict=True)
    ]
    return pd.Series(treffer, index=werte.index, dtype=bool)


def summenindikatoren(
    werte: pd.DataFrame, einheit: "pd.Series[str]", profil: Regelprofil
) -> set[str]:
    """Indikatoren, die Beträge statt Köpfe zählen."""
    nach_einheit = werte.loc[einheit.isin(SUMMENEINHEITEN), "indikator"]
    genannt = set(profil.dominanz.indikatoren) & set(werte["indikator"])
    return {str(k) for k in nach_einheit} | genannt


def pruefstand(
    werte: pd.DataFrame,
    einheiten: Mapping[str, str],
    profil: Regelprofil,
    *,
    beitraege: pd.DataFrame | None = None,
) -> tuple[str, ...]:
    """Sätze darüber, welche Regeln sich mit dieser Lieferung nicht prüfen ließen.

    Examples
    --------
    >>> p = Regelprofil(id="p", version="1")
    >>> leer = pd.DataFrame({"indikator": ["B01"], "zaehler": [None]})
    >>> for satz in pruefstand(leer, {"B01": "prozent"}, p):
    ...     print(satz)
    Zahl der Bedarfsgemeinschaften (mindestens 3): nicht prüfbar, nicht geliefert.
    Mindestzahl der Fälle (10): nicht prüfbar, es liegen keine Fallzahlen vor.
    """
    saetze = []
    if profil.min_bg and BEDARFSGEMEINSCHAFTEN not in werte:
        saetze.append(
            f"Zahl der Bedarfsgemeinschaften (mindestens {profil.min_bg}): "
            f"{NICHT_PRUEFBAR}, nicht geliefert."
        )
    einheit = werte["indikator"].map(einheiten)
    summen = summenindikatoren(werte, einheit, profil)
    if summen and (beitraege is None or beitraege.empty):
        saetze.append(
            f"Dominanz bei Summen ({', '.join(sorted(summen))}): {NICHT_PRUEFBAR}, "
            "Einzelbeiträge nicht geliefert."
        )
    if werte["zaehler"].isna().all() and not (einheit == "anzahl").any():
        saetze.append(
            f"Mindestzahl der Fälle ({profil.min_zaehler}): {NICHT_PRUEFBAR}, es "
            "liegen keine Fallzahlen vor."
        )
    return tuple(saetze)
