"""Welche Zellen sind für sich genommen zu klein? Primäre Sperrung.

Grundlage: METHODE 3 (BA-Statistik: Mindestfallzahl 3, Dominanz, Zahl der
Bedarfsgemeinschaften; SGB-II-Raster: Nenner ab 100; MSS Berlin: Gebiete ab 300
Einwohnern). Was sich aus Summen zurückrechnen ließe, sperrt `sperrung`.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from quartierstools.katalog import Regelprofil
from quartierstools.katalog.modelle import Dominanz

EINWOHNER = "K01"
"""Indikator, dessen Wert die Mindesteinwohnerzahl entscheidet."""

BEDARFSGEMEINSCHAFTEN = "bedarfsgemeinschaften"
"""Spalte des Bestands mit der Zahl der Bedarfsgemeinschaften, falls geliefert."""

NICHT_PRUEFBAR = "nicht prüfbar"

SUMMENEINHEITEN = frozenset({"euro", "stunden"})
"""Einheiten, die Beträge statt Köpfe zählen."""


def klein(anzahl: "pd.Series[int]", profil: Regelprofil) -> "pd.Series[bool]":
    """Ob eine Fallzahl zu klein ist; 0 nach der Null-Regel des Profils.

    Examples
    --------
    >>> p = Regelprofil(id="p", version="1")
    >>> klein(pd.Series([0, 1, 9, 10], dtype="Int64"), p).tolist()
    [False, True, True, False]
    """
    unter = anzahl.between(1, profil.min_zaehler - 1)
    if not profil.null_veroeffentlichen:
        unter |= anzahl == 0
    return unter.fillna(value=False).astype(bool)


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
        ``zaehler``, ``rest``, ``nenner``, ``einwohner``,
        ``bedarfsgemeinschaften``, ``dominanz`` oder leer. Stehen mehrere Gründe
        an, gilt der, der die Fallzahl selbst betrifft.
    """
    ergebnis = pd.Series("", index=werte.index, dtype="object")
    beherrschte = _beherrschte(werte, einheit, profil, beitraege)
    wenige = _duenn_besiedelt(werte)
    for kennung, zeilen in werte.groupby("indikator", sort=True).groups.items():
        regeln = profil.fuer(str(kennung))
        teil = werte.loc[zeilen]
        grund = _gruende_eines(teil, einheit.loc[zeilen], regeln)
        if str(kennung) != EINWOHNER:
            duenn = wenige.loc[zeilen] < regeln.min_einwohner
            grund = grund.mask((grund == "") & duenn, "einwohner")
        ergebnis.loc[zeilen] = grund
    ergebnis = ergebnis.mask((ergebnis == "") & beherrschte, "dominanz")
    return ergebnis.where(werte["wertart"] == "Zahl", "")


def _gruende_eines(
    teil: pd.DataFrame, einheit: "pd.Series[str]", regeln: Regelprofil
) -> "pd.Series[str]":
    """Gründe der Zeilen eines Indikators; der strengste zuletzt geprüfte gilt."""
    anzahl = teil["wert"].where((einheit == "anzahl") & teil["wertart"].eq("Zahl"))
    zaehler = teil["zaehler"].fillna(anzahl.round().astype("Int64"))
    grund = pd.Series("", index=teil.index, dtype="object")
    if BEDARFSGEMEINSCHAFTEN in teil and regeln.min_bg:
        haushalte = pd.to_numeric(teil[BEDARFSGEMEINSCHAFTEN]).astype("Int64")
        wenige = haushalte.between(1, regeln.min_bg - 1).fillna(value=False)
        grund = grund.mask(wenige.astype(bool), BEDARFSGEMEINSCHAFTEN)
    unter = (teil["nenner"] < regeln.min_nenner).fillna(value=False).astype(bool)
    grund = grund.mask(unter, "nenner")
    if regeln.komplement:
        rest = teil["nenner"] - teil["zaehler"]
        grund = grund.mask((einheit == "prozent") & klein(rest, regeln), "rest")
    return grund.mask(klein(zaehler, regeln), "zaehler")


def _duenn_besiedelt(werte: pd.DataFrame) -> "pd.Series[float]":
    """Einwohnerzahl des Gebiets je Zeile; unbekannt ist unendlich."""
    einwohner = werte[(werte["indikator"] == EINWOHNER) & (werte["ebene"] == "gebiet")]
    spalten = (einwohner["gebiet"], einwohner["stichtag"])
    je_gebiet = dict(zip(zip(*spalten, strict=True), einwohner["wert"], strict=True))
    unten = (werte["ebene"] == "gebiet").tolist()
    zeilen = zip(werte["gebiet"], werte["stichtag"], unten, strict=True)
    zahlen = [
        je_gebiet.get((gebiet, tag), float("inf")) if gilt else float("inf")
        for gebiet, tag, gilt in zeilen
    ]
    return pd.Series(zahlen, index=werte.index, dtype="float64")


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


def primaer(
    werte: pd.DataFrame, einheit: "pd.Series[str]", profil: Regelprofil
) -> "pd.Series[bool]":
    """Zellen, die für sich genommen zu klein sind.

    Returns
    -------
    Series of bool
        Wahr, wo `gruende` einen Grund nennt.
    """
    return gruende(werte, einheit, profil).ne("")


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
