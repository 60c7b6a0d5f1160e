"""Welche Ergebnisse zeigt eine Karte? Bedarf, Gruppen, Kennzahlen als Klassenbild."""

from collections.abc import Sequence

import pandas as pd

from quartierstools.auswertung import Auswertung, Bedarf, Typen
from quartierstools.begruendung.beleg import stichtag_text
from quartierstools.darstellung import Klassenbild, stufenbild, typenbild, wertebild
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog.modelle import EINHEIT_TEXT
from quartierstools.schreibweise import prozent_text


def anzeigewerte(freigabe: Freigabe, kennung: str) -> pd.Series:
    """Werte eines Indikators in der Einheit, in der sie gedruckt werden."""
    werte = freigabe.tabelle([kennung])[kennung]
    faktor = 100 if freigabe.katalog.indikatoren[kennung].einheit == "prozent" else 1
    return werte * faktor


def bedarfsbild(freigabe: Freigabe, ergebnis: Bedarf) -> Klassenbild:
    """Klassen einer Zielgruppe; Werte nur, wenn die Größe ein Indikator ist."""
    tafel = ergebnis.tafel
    ohne = tafel["klasse"].isna()
    halt = tafel["haltbarkeit"].map(
        lambda anteil: "" if pd.isna(anteil) else prozent_text(anteil, stellen=0)
    )
    woerter = dict(enumerate(ergebnis.worte.klassen, start=1))
    return stufenbild(
        tafel["klasse"],
        titel=f"{ergebnis.zielgruppe.bezeichnung}: {ergebnis.groesse}",
        woerter=woerter,
        wertart=luecken_art(freigabe, ergebnis.messung.indikatoren),
        blick=ergebnis.zielgruppe.blick,
        zusatz=halt.mask(ohne, ""),
        zusatz_titel="Hält in … der Rechenvarianten",
        gruppe="Zielgruppen",
    )


def luecken_art(freigabe: Freigabe, indikatoren: Sequence[str]) -> pd.Series:
    """Zustand mehrerer Indikatoren zusammen: gesperrt vor fehlt, beide vor Zahl."""
    art = pd.Series("Zahl", index=freigabe.gebiete.index)
    for kennung in indikatoren:
        eigene = freigabe.wertarten(kennung)
        art = art.mask((eigene == "fehlt") & (art != "gesperrt"), "fehlt")
        art = art.mask(eigene == "nicht sinnvoll", "nicht sinnvoll")
        art = art.mask(eigene == "gesperrt", "gesperrt")
    return art


def gruppenbild(freigabe: Freigabe, ergebnis: Typen) -> Klassenbild:
    """Gruppen ähnlicher Gebiete mit ihrem Portrait."""
    merkmale = freigabe.katalog.projekt.typen.indikatoren
    zusatz = "nur Beschreibung, kein Beleg" if ergebnis.nur_beschreibung else ""
    texte = {b: f"{ergebnis.wort} {b}: {t}" for b, t in ergebnis.portraets.items()}
    typ = ergebnis.typ
    if ergebnis.sonderfaelle:
        texte["Sonderfall"] = "Sonderfall ohne Gruppe"
        typ = typ.mask(typ.index.isin(list(ergebnis.sonderfaelle)), "Sonderfall")
    return typenbild(
        typ,
        titel="Gruppen ähnlicher Gebiete" + (f" ({zusatz})" if zusatz else ""),
        texte=texte,
        wertart=luecken_art(freigabe, merkmale),
        gruppe="Gruppen",
    )


def indikatorbild(freigabe: Freigabe, kennung: str) -> Klassenbild:
    """Ein Indikator in vier gleich besetzten Klassen."""
    indikator = freigabe.katalog.indikatoren[kennung]
    da = freigabe.wertarten(kennung)
    belegt = da.index[da == "Zahl"]
    zelle = freigabe.zelle(str(belegt[0]), kennung)
    kontext = " (Kontext, kein Bedarf)" if indikator.kontext else ""
    return wertebild(
        anzeigewerte(freigabe, kennung),
        titel=indikator.bezeichnung + kontext,
        einheit=EINHEIT_TEXT[indikator.einheit],
        stellen=indikator.stellen,
        wertart=da,
        blick="neutral" if indikator.richtung == "neutral" else "bedarf",
        stand=stichtag_text(zelle),
        quelle=zelle.quelle.zitat if zelle.quelle else "",
        gruppe="Kennzahlen",
    )


def vorhandene_indikatoren(freigabe: Freigabe) -> list[str]:
    """Indikatoren mit Werten für die meisten Gebiete; Wertung vor Kontext."""
    indikatoren = freigabe.katalog.indikatoren
    da = [i for i in sorted(set(freigabe.werte["indikator"])) if freigabe.liegt_vor(i)]
    return sorted(da, key=lambda i: (indikatoren[i].kontext, i))


def alle_ebenen(auswertung: Auswertung) -> tuple[Klassenbild, ...]:
    """Ebenen der Karte: Zielgruppen, Gruppen, Kennzahlen."""
    freigabe = auswertung.freigabe
    ergebnisse = [auswertung.bedarf(z) for z in auswertung.projekt.zielgruppen]
    ebenen = [bedarfsbild(freigabe, e) for e in ergebnisse if isinstance(e, Bedarf)]
    gruppen = auswertung.typen()
    if gruppen.portraets:
        ebenen.append(gruppenbild(freigabe, gruppen))
    ebenen += [indikatorbild(freigabe, i) for i in vorhandene_indikatoren(freigabe)]
    return tuple(ebenen)
