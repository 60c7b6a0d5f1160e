"""Was zeigt die Ansicht, und wie sicher ist das? Ein paar einfache Sätze."""

import pandas as pd

from quartierstools.auswertung import Bedarf, Messung, Typen
from quartierstools.geheimhaltung import FASSUNG_TEXT, Freigabe
from quartierstools.schreibweise import aufzaehlung, prozent_text, zahl_text, zahlwort

GENANNT = 6
"""So viele Gebiete nennt ein Satz; danach steht nur ihre Zahl."""


def bedarfssaetze(
    freigabe: Freigabe, ergebnis: Bedarf | Messung, vorgabe: Bedarf | Messung
) -> list[str]:
    """Was der Index zeigt, wie sicher es ist und was die Wahl ändert.

    Parameters
    ----------
    vorgabe : Bedarf or Messung
        Dasselbe mit den Gewichten des Katalogs.
    """
    saetze = [f"Fassung: {FASSUNG_TEXT[freigabe.fassung]}."]
    if isinstance(ergebnis, Messung):
        return [*saetze, ergebnis.satz]
    tafel = ergebnis.tafel
    oberste = ergebnis.worte.klassen[-1]
    anzahl = int((tafel["klasse"] == len(ergebnis.worte.klassen)).sum())
    grenz = int(tafel["grenzfall"].fillna(value=False).sum())
    saetze.append(
        f"{ergebnis.groesse} für {ergebnis.zielgruppe.bezeichnung} aus "
        f"{zahl_text(ergebnis.gueltig)} von {zahl_text(len(tafel))} "
        f"{freigabe.katalog.projekt.ebene.kurz_dativ_mehrere}. "
        f"{ergebnis.messung.satz}"
    )
    steht = "Gebiet steht" if anzahl == 1 else "Gebiete stehen"
    saetze.append(
        f"{_anzahl(anzahl)} {steht} in der Klasse „{oberste}“; sie hält "
        f"dort in mindestens {prozent_text(0.9, stellen=0)} der "
        f"{zahl_text(_varianten(ergebnis))} "
        f"Rechenvarianten. {_anzahl(grenz)} "
        f"{'Grenzfall' if grenz == 1 else 'Grenzfälle'}."
    )
    saetze.append(_wechsel(freigabe, ergebnis, vorgabe))
    return saetze


def _anzahl(anzahl: int) -> str:
    """Zahl am Satzanfang: kein, ein Gebiet, zwei Gebiete."""
    if anzahl == 0:
        return "Keine"
    return "Ein" if anzahl == 1 else zahlwort(anzahl, gross=True)


def _varianten(ergebnis: Bedarf) -> int:
    return ergebnis.sensitivitaet.n_varianten


def _wechsel(freigabe: Freigabe, ergebnis: Bedarf, vorgabe: Bedarf | Messung) -> str:
    """Welche Gebiete gegenüber der Vorgabe die Klasse wechseln."""
    if ergebnis is vorgabe or isinstance(vorgabe, Messung):
        return "Gerechnet wie in der Vorgabe."
    vorher, nachher = vorgabe.klasse, ergebnis.klasse
    anders = (vorher != nachher) | (vorher.isna() != nachher.isna())
    gebiete = [
        str(g)
        for g in anders.index[anders.fillna(value=True)]
        if not _beide_leer(vorher, nachher, str(g))
    ]
    if not gebiete:
        return "Gegenüber der Vorgabe wechselt kein Gebiet die Klasse."
    namen = [str(freigabe.gebiete.loc[g, "name"]) for g in gebiete[:GENANNT]]
    rest = len(gebiete) - len(namen)
    if rest:
        namen.append(f"{zahl_text(rest)} weitere")
    wort = "wechselt ein Gebiet" if len(gebiete) == 1 else "wechseln Gebiete"
    return f"Gegenüber der Vorgabe {wort} die Klasse: {aufzaehlung(namen)}."


def _beide_leer(vorher: pd.Series, nachher: pd.Series, gebiet: str) -> bool:
    return bool(pd.isna(vorher[gebiet]) and pd.isna(nachher[gebiet]))


def gruppensaetze(freigabe: Freigabe, ergebnis: Typen) -> list[str]:
    """Was die Gruppen zeigen und ob es einen Beleg für Typen gibt."""
    return [f"Fassung: {FASSUNG_TEXT[freigabe.fassung]}.", ergebnis.begruendung]
