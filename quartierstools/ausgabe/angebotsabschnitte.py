"""Was steht im Bericht einer Zielgruppe zu Auswahl, Plätzen, Fristen, Beschlüssen?

Kurz; die volle Tabelle je Gebiet steht auf der Seite „Angebote und Lücke“.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from quartierstools.angebote.mengen import platzzahl
from quartierstools.auswertung import Angebotslage, Auswertung
from quartierstools.begruendung.beleg import Niederschrift
from quartierstools.begruendung.lagetexte import (
    MENGENFORMEL,
    SEITHERFORMEL,
    belegt,
    beschlusskopf,
)
from quartierstools.dokument import (
    Absatz,
    Block,
    Inhalt,
    Liste,
    Spalte,
    Tabelle,
    Ueberschrift,
    fett,
    inhalt,
)
from quartierstools.schreibweise import aufzaehlung, datum_text, gross, zahl_text

HOECHSTENS_NAMEN = 12


def angebotsabschnitte(
    auswertung: Auswertung, lage: Angebotslage, schrift: Niederschrift
) -> list[Block]:
    """Auswahl mit Fachurteil, Menschen und Plätze, Fristen, Beschlüsse."""
    return [
        *_auswahl(auswertung, lage),
        *_mengen(auswertung, lage, schrift),
        *_kalender(auswertung, lage),
        *_zwillinge(auswertung, lage),
        *_gedaechtnis(lage, schrift),
    ]


def _namen(auswertung: Auswertung, gebiete: list[str]) -> str:
    """Namen in der Reihenfolge der Schlüssel; was nicht passt, als Zahl."""
    namen = auswertung.freigabe.gebiete["name"]
    genannt = [str(namen[g]) for g in gebiete[:HOECHSTENS_NAMEN]]
    rest = len(gebiete) - len(genannt)
    if rest:
        genannt.append(f"{zahl_text(rest)} weitere")
    return aufzaehlung(genannt)


def _auswahl(auswertung: Auswertung, lage: Angebotslage) -> list[Block]:
    """Was nach Daten und Urteil ausgewählt ist; Urteile stehen neben den Daten."""
    tafel = lage.rangfolge.tafel
    if (tafel["nach_daten"] == "nicht eingestuft").all() and lage.urteile.empty:
        return []
    gewaehlt = list(lage.rangfolge.ausgewaehlt)
    grund = _urteilsgrund(auswertung, tafel)
    ebene = auswertung.projekt.ebene
    punkte: list[Inhalt] = [
        inhalt(
            fett("Ausgewählt: "),
            f"{_namen(auswertung, gewaehlt) or 'keine'}.{grund} {lage.rangfolge.satz}",
        )
    ]
    knapp = list(map(str, lage.knapp.index))
    if knapp:
        text = f"{_namen(auswertung, knapp)}."
        punkte.append(inhalt(fett("Knapp unter der Grenze: "), text))
    bloecke: list[Block] = [
        Ueberschrift("Wo zuerst hinsehen"),
        Liste(tuple(punkte)),
    ]
    mit = [str(g) for g in tafel.index if tafel["urteil"].loc[g]]
    if mit:
        bloecke.append(_urteilstafel(auswertung, tafel, mit, gross(ebene.kurz)))
    return bloecke


def _urteilsgrund(auswertung: Auswertung, tafel: pd.DataFrame) -> str:
    """Welche Gebiete durch ein Fachurteil aus- oder abgewählt sind; sonst leer."""
    durch = tafel[tafel["gilt"] == "Fachurteil"]
    saetze = []
    for ergebnis in ("ausgewählt", "nicht ausgewählt"):
        gebiete = list(map(str, durch.index[durch["ergebnis"] == ergebnis]))
        if gebiete:
            namen = _namen(auswertung, gebiete)
            saetze.append(f" Durch Fachurteil {ergebnis}: {namen}.")
    return "".join(saetze)


def _urteilstafel(
    auswertung: Auswertung, tafel: pd.DataFrame, gebiete: list[str], kopf: str
) -> Tabelle:
    """Daten und Fachurteil nebeneinander; wer gilt, steht dabei."""
    namen = auswertung.freigabe.gebiete["name"]
    zeilen = []
    for gebiet in gebiete:
        zeile = {str(k): str(w) for k, w in tafel.loc[gebiet].items()}
        grund = f"{zeile['urteil']}: {zeile['urteil_grund']} ({zeile['urteil_text']})"
        zeilen.append(
            (
                inhalt(str(namen[gebiet])),
                inhalt(zeile["nach_daten"]),
                inhalt(grund),
                inhalt(f"{zeile['ergebnis']} ({zeile['gilt']})"),
            )
        )
    return Tabelle(
        titel="Fachurteile neben den Daten",
        spalten=(
            Spalte(kopf, anteil=1.3),
            Spalte("Nach den Daten", anteil=1.2),
            Spalte("Fachurteil", anteil=3.6),
            Spalte("Ergebnis (es gilt)", anteil=1.4),
        ),
        zeilen=tuple(zeilen),
    )


def _mengen(
    auswertung: Auswertung, lage: Angebotslage, schrift: Niederschrift
) -> list[Block]:
    """Zahl und Häufigkeit nebeneinander, auch mehr Plätze als Menschen."""
    menge = lage.mengenluecke
    titel = Ueberschrift("Menschen und Plätze")
    if not menge.verrechenbar:
        return [titel, Absatz(inhalt(menge.satz))]
    namen = auswertung.freigabe.gebiete["name"]
    zeilen: list[tuple[Inhalt, ...]] = []
    for gebiet in map(str, menge.tafel.index):
        zeile = {str(k): w for k, w in menge.tafel.loc[gebiet].items()}
        if pd.isna(zeile["luecke"]):
            continue
        zahlen = _mengenzahlen(zeile)
        was = f"Menschen und Plätze, {namen[gebiet]}"
        felder = {
            "indikator": menge.indikator,
            "gebiet": gebiet,
            "formel": MENGENFORMEL,
        }
        zellen = [(belegt(schrift, text, was, **felder),) for text in zahlen]
        zeilen.append((inhalt(str(namen[gebiet])), *zellen, inhalt(str(zeile["lage"]))))
    tafel = Tabelle(
        titel="Wo Plätze bekannt sind: Menschen gegen geprüfte Plätze",
        spalten=(
            Spalte(gross(auswertung.projekt.ebene.kurz), anteil=1.5),
            Spalte("Menschen", "rechts", 0.8),
            Spalte("je 100", "rechts", 0.7),
            Spalte("Plätze", "rechts", 0.7),
            Spalte("Menschen minus Plätze", "rechts", 1.6),
            Spalte("Lage", anteil=1.6),
        ),
        zeilen=tuple(zeilen),
        fussnote="In Klammern der Bereich, in dem die Zahl auch zufällig liegen kann. "
        "Plätze von Angeboten für Stadt oder Stadtbezirk zählen anteilig.",
    )
    return [titel, Absatz(inhalt(menge.satz)), tafel]


def _mengenzahlen(zeile: Mapping[str, Any]) -> list[str]:
    unten, oben = float(zeile["luecke_unten"]), float(zeile["luecke_oben"])
    bereich = f"({zahl_text(unten)} bis {zahl_text(oben)})"
    return [
        zahl_text(float(zeile["betroffene"])),
        zahl_text(float(zeile["je_100"]), stellen=1),
        platzzahl(float(zeile["plaetze"])),
        f"{zahl_text(float(zeile['luecke']))} {bereich}",
    ]


def _kalender(auswertung: Auswertung, lage: Angebotslage) -> list[Block]:
    """Was vor dem nächsten Bericht endet und wo dann nichts Geprüftes bleibt."""
    if lage.kalender.empty:
        return []
    punkte = []
    for _, zeile in lage.kalender.iterrows():
        ohne = _namen(auswertung, list(map(str, zeile["danach_ohne"])))
        danach = f"; danach ohne anderes geprüftes Angebot: {ohne}" if ohne else ""
        tag = datum_text(pd.Timestamp(zeile["ende"]).date())
        text = f": {zeile['name']}, {zeile['traeger']}{danach}."
        punkte.append(inhalt(fett(tag), text))
    return [Ueberschrift("Förderkalender"), Liste(tuple(punkte))]


def _zwillinge(auswertung: Auswertung, lage: Angebotslage) -> list[Block]:
    """Zu ausgewählten Gebieten ohne Angebot das ähnlichste mit Angebot."""
    namen = auswertung.freigabe.gebiete["name"]
    paare = [(g, lage.zwilling(g)) for g in lage.rangfolge.ausgewaehlt]
    punkte = [
        inhalt(f"{namen[gebiet]}: am ähnlichsten {namen[zwilling.zwilling]}.")
        for gebiet, zwilling in paare
        if zwilling is not None
    ]
    if not punkte:
        return []
    hinweis = "Verglichen mit Gebieten, in denen ein geprüftes Angebot bekannt ist. "
    hinweis += "Ähnlichkeit belegt keine Wirkung."
    return [
        Ueberschrift("Ähnliche Gebiete mit Angebot"),
        Liste(tuple(punkte)),
        Absatz(inhalt(hinweis), art="klein"),
    ]


def _gedaechtnis(lage: Angebotslage, schrift: Niederschrift) -> list[Block]:
    """Was nach Beschlüssen geschah; belegt keine Wirkung."""
    tafel = lage.gedaechtnis
    if tafel.empty:
        return []
    mit = tafel[tafel["vorher"].notna()]
    punkte: list[Inhalt] = []
    for _, zeile in mit.iterrows():
        satz = belegt(
            schrift,
            f" Seither: {zeile['satz']}",
            f"Veränderung seit dem Beschluss, {zeile['beschluss']}",
            indikator=str(zeile["indikator"]),
            gebiet=str(zeile["gebiet"]),
            formel=SEITHERFORMEL,
        )
        kopf = f"{beschlusskopf(zeile.to_dict())}."
        punkte.append(inhalt(fett(kopf), satz))
    if not punkte:
        return []
    return [Ueberschrift("Was nach Beschlüssen geschah"), Liste(tuple(punkte))]
