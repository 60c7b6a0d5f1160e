"""Welche Ergebnisse zeigt eine Karte? Bedarf, Gruppen, Kennzahlen als Klassenbild."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from quartierstools.auswertung import (
    Auswertung,
    Bedarf,
    Typen,
    brueche,
    fruehere_klassen,
    intervalle,
    stichtage,
)
from quartierstools.auswertung.reihen import FRUEHERE_KLASSEN
from quartierstools.begruendung.beleg import stichtag_text
from quartierstools.darstellung import (
    Klassenbild,
    Zeitbild,
    stufenbild,
    typenbild,
    wertebild,
)
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog.modelle import EINHEIT_TEXT
from quartierstools.schreibweise import datum_text, prozent_text, zahl_text

UM_DAS_MITTEL = 0.5
"""Beiträge bis zu dieser Zahl von Standardabweichungen heißen „um das Mittel“."""

MITTEL = "„Mittel“ ist der Durchschnitt der {mehrere} mit Wert."


def anzeigewerte(
    freigabe: Freigabe, kennung: str, *, stichtag: str | None = None
) -> pd.Series:
    """Werte eines Indikators in der Einheit, in der sie gedruckt werden."""
    werte = freigabe.tabelle([kennung], stichtag=stichtag)[kennung]
    faktor = 100 if freigabe.katalog.indikatoren[kennung].einheit == "prozent" else 1
    return werte * faktor


MINDESTENS = " (mindestens diese Klasse)"
"""Zusatz, wo die oberste Klasse gerechnet und die darunter gezeigt ist."""


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
        zusatz=halt.mask(tafel["gesenkt"], halt + MINDESTENS).mask(ohne, ""),
        zusatz_titel="Hält in … der Rechenvarianten",
        gruppe="Zielgruppen",
    )


def luecken_art(
    freigabe: Freigabe,
    indikatoren: Sequence[str],
    tage: Mapping[str, str] | None = None,
) -> pd.Series:
    """Zustand mehrerer Indikatoren zusammen: gesperrt vor fehlt, beide vor Zahl."""
    art = pd.Series("Zahl", index=freigabe.gebiete.index)
    for kennung in indikatoren:
        eigene = freigabe.wertarten(kennung, stichtag=(tage or {}).get(kennung))
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


def indikatorbild(
    freigabe: Freigabe,
    kennung: str,
    *,
    stichtag: str | None = None,
    grenzen: tuple[float, ...] | None = None,
) -> Klassenbild:
    """Ein Indikator in vier gleich besetzten Klassen oder zwischen festen Grenzen."""
    indikator = freigabe.katalog.indikatoren[kennung]
    da = freigabe.wertarten(kennung, stichtag=stichtag)
    belegt = da.index[da == "Zahl"]
    zelle = freigabe.zelle(str(belegt[0]), kennung, stichtag=stichtag)
    kontext = " (Kontext, kein Bedarf)" if indikator.kontext else ""
    return wertebild(
        anzeigewerte(freigabe, kennung, stichtag=stichtag),
        titel=indikator.bezeichnung + kontext,
        grenzen=grenzen,
        einheit=EINHEIT_TEXT[indikator.einheit],
        stellen=indikator.stellen,
        wertart=da,
        blick="neutral" if indikator.richtung == "neutral" else "bedarf",
        stand=stichtag_text(zelle),
        quelle=zelle.quelle.zitat if zelle.quelle else "",
        gruppe="Kennzahlen",
    )


def indikatorreihe(freigabe: Freigabe, kennung: str) -> Zeitbild:
    """Ein Indikator in allen Jahren, mit den Klassen des neuesten Stands."""
    tage = stichtage(freigabe, kennung)
    neuestes = indikatorbild(freigabe, kennung)
    bilder = {
        jahr: indikatorbild(freigabe, kennung, stichtag=tag, grenzen=neuestes.grenzen)
        for jahr, tag in tage.items()
    }
    spannen = intervalle(freigabe, kennung)
    return Zeitbild(
        kennung=kennung,
        bilder=bilder,
        intervalle={j: spannen[tag] for j, tag in tage.items() if tag in spannen},
        brueche=brueche(freigabe, kennung),
        vergleichbar=vergleichbare(freigabe, kennung),
    )


def vergleichbare(freigabe: Freigabe, kennung: str) -> tuple[str, ...]:
    """Indikatoren, die dasselbe für eine andere Gruppe messen, laut Katalog."""
    indikatoren = freigabe.katalog.indikatoren
    eigener = indikatoren[kennung]
    stamm = eigener.teilgruppe_von or kennung
    return tuple(
        sorted(
            i.id
            for i in indikatoren.values()
            if stamm in (i.id, i.teilgruppe_von)
            and i.id != kennung
            and i.einheit == eigener.einheit
        )
    )


def bedarfsreihe(freigabe: Freigabe, ergebnis: Bedarf) -> Zeitbild:
    """Klassen einer Zielgruppe in allen Jahren, gemessen am neuesten."""
    bild = bedarfsbild(freigabe, ergebnis)
    mehrere = freigabe.katalog.projekt.ebene.kurz_mehrere
    hinweise = [*bild.hinweise, MITTEL.format(mehrere=mehrere)]
    if ergebnis.messung.art == "Näherung":
        hinweise.append(ergebnis.messung.satz)
    bild = replace(bild, hinweise=tuple(hinweise))
    tage = {i: stichtage(freigabe, i) for i in ergebnis.messung.indikatoren}
    neuester = max(max(t.values()) for t in tage.values())
    jahr = neuester[:4]
    hinweis = FRUEHERE_KLASSEN.format(jahr=jahr)
    bilder = {jahr: replace(bild, stand=_stand(freigabe, list(tage), neuester))}
    for frueher, klasse in fruehere_klassen(freigabe, ergebnis).items():
        art = luecken_art(
            freigabe, list(tage), {i: t[frueher] for i, t in tage.items()}
        )
        bilder[frueher] = replace(
            bild,
            klasse=klasse.map(lambda n: None if pd.isna(n) else str(int(n)))
            .astype("object")
            .where(art == "Zahl", art)
            .rename("klasse"),
            wertart=art.rename("wertart"),
            zusatz=pd.Series("", index=klasse.index),
            stand=frueher,
            hinweise=(*bild.hinweise, hinweis),
        )
    return Zeitbild(
        kennung=ergebnis.zielgruppe.id,
        bilder=bilder,
        beitraege=_beitraege(ergebnis, freigabe),
    )


def _beitraege(ergebnis: Bedarf, freigabe: Freigabe) -> pd.DataFrame | None:
    """Wie jeder Indikator den Index bewegt; Zahlen nur in der internen Fassung."""
    if len(ergebnis.messung.indikatoren) < 2:  # noqa: PLR2004 – sonst gibt es nichts zu teilen
        return None
    normiert = ergebnis.modell.normiert_
    intern = freigabe.fassung == "intern"

    def wort(z: float) -> str:
        if pd.isna(z):
            return ""
        zahl = f" ({zahl_text(z, stellen=1, vorzeichen=True)})" if intern else ""
        if abs(z) <= UM_DAS_MITTEL:
            return f"bewegt den Index kaum{zahl}"
        return f"{'hebt' if z > 0 else 'senkt'} den Index{zahl}"

    namen = {k: freigabe.katalog.indikatoren[k].bezeichnung for k in normiert.columns}
    return normiert.map(wort).rename(columns=namen)


def vorhandene_indikatoren(freigabe: Freigabe) -> list[str]:
    """Indikatoren mit mindestens einem freigegebenen Wert; Wertung vor Kontext."""
    indikatoren = freigabe.katalog.indikatoren
    da = [i for i in sorted(set(freigabe.werte["indikator"])) if freigabe.stichtag(i)]
    return sorted(da, key=lambda i: (indikatoren[i].kontext, i))


def _stand(freigabe: Freigabe, indikatoren: list[str], tag: str) -> str:
    """Stichtag; „(angenommen)“, wenn ihn eine der Quellen nicht nennt."""
    werte = freigabe.werte
    zeilen = werte["indikator"].isin(indikatoren) & (werte["stichtag"] == tag)
    belegt = bool((werte.loc[zeilen, "stichtag_belegt"] == "ja").all())
    return datum_text(date.fromisoformat(tag)) + ("" if belegt else " (angenommen)")


def alle_ebenen(auswertung: Auswertung) -> tuple[Klassenbild | Zeitbild, ...]:
    """Ebenen der Karte über alle Jahre: Zielgruppen, Gruppen, Kennzahlen."""
    freigabe = auswertung.freigabe
    ergebnisse = [auswertung.bedarf(z) for z in auswertung.projekt.zielgruppen]
    ebenen: list[Klassenbild | Zeitbild] = [
        bedarfsreihe(freigabe, e) for e in ergebnisse if isinstance(e, Bedarf)
    ]
    gruppen = auswertung.typen()
    if gruppen.portraets:
        tage = [
            freigabe.stichtag(i) for i in freigabe.katalog.projekt.typen.indikatoren
        ]
        neuester = max(tag for tag in tage if tag)
        stand = datum_text(date.fromisoformat(neuester))
        ebenen.append(replace(gruppenbild(freigabe, gruppen), stand=stand))
    ebenen += [indikatorreihe(freigabe, i) for i in vorhandene_indikatoren(freigabe)]
    return tuple(ebenen)
