"""Welche Zellen dürfen nicht hinaus? Primäre und sekundäre Sperrung.

Primär gesperrt wird, was selbst zu klein ist; sekundär, was sich sonst aus
Summen zurückrechnen ließe. Grundlage: METHODE 3 (BA-Statistik: Mindestfallzahl 3;
SGB-II-Raster: Nenner ab 100; MSS Berlin: Gebiete ab 300 Einwohnern).
"""

import pandas as pd

from quartierstools.katalog import Regelprofil

EINWOHNER = "K01"
"""Indikator, dessen Wert die Mindesteinwohnerzahl entscheidet."""


def klein(anzahl: "pd.Series[int]", profil: Regelprofil) -> "pd.Series[bool]":
    """Ob eine Fallzahl zu klein ist; 0 nach der Null-Regel des Profils.

    Examples
    --------
    >>> p = Regelprofil(id="p", version="1", beschreibung="")
    >>> klein(pd.Series([0, 1, 9, 10], dtype="Int64"), p).tolist()
    [False, True, True, False]
    """
    unter = anzahl.between(1, profil.min_zaehler - 1)
    if not profil.null_veroeffentlichen:
        unter |= anzahl == 0
    return unter.fillna(value=False).astype(bool)


def primaer(
    werte: pd.DataFrame, einheit: "pd.Series[str]", profil: Regelprofil
) -> "pd.Series[bool]":
    """Zellen, die für sich genommen zu klein sind.

    Parameters
    ----------
    werte : DataFrame
        Beobachtungen mit `zaehler`, `nenner`, `wert`.
    einheit : Series
        Einheit des Indikators je Zeile.
    profil : Regelprofil
        Schwellen.

    Returns
    -------
    Series of bool
        Wahr, wo gesperrt wird: Zähler, Rest bis zum Nenner, Nenner oder
        Einwohnerzahl zu klein.
    """
    rest = werte["nenner"] - werte["zaehler"]
    gesperrt = klein(werte["zaehler"], profil)
    gesperrt |= (einheit == "prozent") & klein(rest, profil)
    gesperrt |= (werte["nenner"] < profil.min_nenner).fillna(value=False)
    ist_anzahl = (einheit == "anzahl") & werte["wertart"].eq("Zahl")
    anzahl = werte["wert"].where(ist_anzahl).round().astype("Int64")
    gesperrt |= ist_anzahl & klein(anzahl, profil)
    return gesperrt | _zu_klein_besiedelt(werte, profil)


def _zu_klein_besiedelt(werte: pd.DataFrame, profil: Regelprofil) -> "pd.Series[bool]":
    """Alle Anteile eines Gebiets unter der Mindesteinwohnerzahl."""
    einwohner = werte[(werte["indikator"] == EINWOHNER) & (werte["ebene"] == "gebiet")]
    wenige = einwohner[einwohner["wert"] < profil.min_einwohner]
    paare = set(zip(wenige["gebiet"], wenige["stichtag"], strict=True))
    treffer = [
        ebene == "gebiet" and indikator != EINWOHNER and (gebiet, tag) in paare
        for ebene, gebiet, tag, indikator in zip(
            werte["ebene"],
            werte["gebiet"],
            werte["stichtag"],
            werte["indikator"],
            strict=True,
        )
    ]
    return pd.Series(treffer, index=werte.index, dtype=bool)


def sekundaer(
    werte: pd.DataFrame,
    gesperrt: "pd.Series[bool]",
    stadtbezirk: "pd.Series[str]",
    profil: Regelprofil,
) -> "pd.Series[bool]":
    """Sperrt weitere Zellen, bis sich keine aus einer Summe ergibt.

    In jeder Gruppe (Gebiete eines Stadtbezirks, Stadtbezirke der Stadt) mit
    bekannter Summe müssen entweder keine oder mindestens zwei Zellen gesperrt
    sein, zusammen mit mindestens `min_zaehler` Fällen. Gesperrt wird jeweils die
    kleinste freie Zelle; reicht die Gruppe nicht, wird ihre Summe gesperrt.

    Returns
    -------
    Series of bool
        Primär und sekundär gesperrte Zellen.
    """
    ergebnis = gesperrt.copy()
    gruppen = werte.groupby(["indikator", "stichtag"], sort=True).groups
    for zeilen in gruppen.values():
        teil = werte.loc[zeilen]
        summen = teil[teil["ebene"] == "stadtbezirk"].set_index("gebiet", drop=False)
        unten = teil[teil["ebene"] == "gebiet"]
        for bezirk, gruppe in unten.groupby(unten["gebiet"].map(stadtbezirk)):
            if bezirk not in summen.index:
                continue
            offen = _ergaenze(ergebnis, gruppe, profil)
            if offen:
                oben = teil.index[
                    (teil["ebene"] == "stadtbezirk") & (teil["gebiet"] == bezirk)
                ]
                ergebnis.loc[oben] = True
        stadt = teil[teil["ebene"] == "stadt"]
        if len(stadt) and _ergaenze(
            ergebnis, teil[teil["ebene"] == "stadtbezirk"], profil
        ):
            ergebnis.loc[stadt.index] = True
        if len(stadt) and summen.empty and _ergaenze(ergebnis, unten, profil):
            ergebnis.loc[stadt.index] = True
    return ergebnis


def _ergaenze(
    gesperrt: "pd.Series[bool]", gruppe: pd.DataFrame, profil: Regelprofil
) -> bool:
    """Sperrt in `gruppe` nach; wahr, wenn das nicht reicht."""
    zaehler = gruppe["zaehler"].dropna()
    if zaehler.empty or not gesperrt.loc[gruppe.index].any():
        return False
    frei = zaehler[~gesperrt.loc[zaehler.index] & (zaehler > 0)]
    for zeile in frei.sort_values(kind="stable").index:
        if _geschuetzt(gesperrt, zaehler, profil):
            return False
        gesperrt.loc[zeile] = True
    return not _geschuetzt(gesperrt, zaehler, profil)


def _geschuetzt(
    gesperrt: "pd.Series[bool]", zaehler: "pd.Series[int]", profil: Regelprofil
) -> bool:
    betroffen = zaehler[gesperrt.loc[zaehler.index]]
    return len(betroffen) > 1 and int(betroffen.sum()) >= profil.min_zaehler
