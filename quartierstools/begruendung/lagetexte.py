"""Was sagen Bestand, Fachleute und frühere Beschlüsse? Kurze Sätze mit Beleg.

Ein Fachurteil steht immer neben den Daten. Überstimmt es sie, stehen beide da.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from quartierstools.angebote.mengen import platzangabe
from quartierstools.auswertung import Angebotslage
from quartierstools.begruendung import saetze
from quartierstools.begruendung.beleg import ZAHL_IM_TEXT, Niederschrift
from quartierstools.begruendung.stoff import Stoff
from quartierstools.dokument import Inhalt, Textstueck, inhalt
from quartierstools.schreibweise import aufzaehlung, datum_text, zahl_text

DATUM = re.compile(r"\d{2}\.\d{2}\.\d{4}")

OHNE_RECHNUNG = "keine Fallzahl"
"""Lage der Mengen, zu der es nichts zu sagen gibt."""

MENGENFORMEL = "menschen minus plaetze"
SEITHERFORMEL = "nachher minus vorher"
"""Rechenwege der Belege zu Mengen und zu Veränderungen seit einem Beschluss."""

KEIN_BELEG = "Ähnlichkeit belegt keine Wirkung."


def belegt(
    schrift: Niederschrift,
    satz: str,
    was: str,
    *,
    indikator: str,
    gebiet: str,
    formel: str,
) -> Textstueck:
    """Satz, in dem jede Zahl außer Daten ein Beleg der Art „rechnung“ ist."""
    zahlen = ZAHL_IM_TEXT.findall(DATUM.sub(" ", satz))
    stuecke = [
        schrift.rechnung(z, was, indikator=indikator, gebiet=gebiet, formel=formel)
        for z in zahlen
    ]
    kennungen = [stueck.belege[0] for stueck in stuecke]
    return Textstueck(satz, belege=tuple(dict.fromkeys(kennungen)))


def urteil(lage: Angebotslage, gebiet: str) -> "pd.Series | None":
    """Jüngstes Fachurteil zu einem Gebiet; None ohne Urteil."""
    urteile = lage.urteile
    if urteile.empty:
        return None
    eigene = urteile[(urteile["gebiet"] == gebiet) & urteile["gilt"].astype(bool)]
    return None if eigene.empty else eigene.iloc[0]


def urteilssatz(lage: Angebotslage, gebiet: str) -> str:
    """Wer wann was geurteilt hat und ob es die Daten überstimmt; sonst leer.

    Öffentlich stehen Funktion, Einrichtung und Datum; der Name nur intern.
    """
    eigenes = urteil(lage, gebiet)
    if eigenes is None:
        return ""
    satz = f"„{eigenes['begruendung']}“ ({eigenes['urteil_text']})"
    zeile = lage.rangfolge.tafel.loc[gebiet]
    if str(zeile["gilt"]) != "Fachurteil":
        return f"{satz}."
    if str(zeile["nach_daten"]) == "nicht eingestuft":
        return (
            f"{satz}. Die Daten stufen das Gebiet nicht ein; es gilt das Fachurteil: "
            f"{zeile['ergebnis']}."
        )
    return (
        f"{satz}. Das Urteil überstimmt die Daten: nach den Daten "
        f"{zeile['nach_daten']}, nach dem Urteil {zeile['ergebnis']}."
    )


def knappsatz(stoff: Stoff) -> str:
    """Ob das Gebiet knapp unter der Grenze der Auswahl liegt."""
    if stoff.gebiet not in stoff.lage.knapp.index:
        return ""
    return "Das Gebiet liegt knapp unter der Grenze der Auswahl."


def mengensatz(stoff: Stoff) -> Inhalt:
    """Betroffene gegen bekannte Plätze, Zahl und Häufigkeit; leer ohne Fallzahl."""
    tafel = stoff.lage.mengenluecke.tafel
    if stoff.gebiet not in tafel.index:
        return ()
    zeile: dict[str, Any] = {str(k): w for k, w in tafel.loc[stoff.gebiet].items()}
    if zeile["lage"] == OHNE_RECHNUNG:
        return ()
    menge = stoff.lage.mengenluecke
    indikator = stoff.katalog.indikatoren[menge.indikator]
    gezaehlt = (
        f"Gezählt am {datum_text(date.fromisoformat(menge.stichtag))}: "
        f"{zahl_text(float(zeile['betroffene']))} Menschen "
        f"({zahl_text(float(zeile['je_100']), stellen=1)} je 100)"
    )
    satz = belegt(
        stoff.schrift,
        gezaehlt + _gegen_plaetze(zeile),
        f"Menschen und Plätze, {stoff.ort}",
        indikator=menge.indikator,
        gebiet=stoff.gebiet,
        formel=MENGENFORMEL,
    )
    nenner = f"; Nenner: {indikator.nenner}" if indikator.nenner else ""
    return (satz, Textstueck(f" Zähler: {indikator.zaehler}{nenner}."))


def _gegen_plaetze(zeile: Mapping[str, Any]) -> str:
    """Was die bekannten Plätze dagegen sind."""
    if pd.isna(zeile["luecke"]):
        return "; eine Platzzahl ist hier nicht bekannt."
    kopf = f", {platzangabe(zeile)}"
    if zeile["lage"] == "kein belastbarer Unterschied":
        return f"{kopf}; der Unterschied ist nicht belastbar."
    mehr = "Menschen" if zeile["lage"] == "Lücke" else "Plätze"
    unten, oben = sorted(abs(float(zeile[s])) for s in ("luecke_unten", "luecke_oben"))
    return (
        f"{kopf}: {zahl_text(abs(float(zeile['luecke'])))} {mehr} mehr als "
        f"{'Plätze' if mehr == 'Menschen' else 'Menschen'} (Bereich "
        f"{zahl_text(unten)} bis {zahl_text(oben)})."
    )


def vorbehalt(stoff: Stoff) -> str:
    """Satz, wenn ein wechselndes Angebot hier stattfinden könnte."""
    tafel = stoff.lage.kategorie
    return str(tafel.loc[stoff.gebiet, "vorbehalt"]) if len(tafel) else ""


def auslaufsaetze(stoff: Stoff) -> list[str]:
    """Angebote hier, die vor dem nächsten Bericht oder knapp danach enden."""
    kalender = stoff.lage.kalender
    if kalender.empty:
        return []
    hier = kalender[kalender["gebiete"].map(lambda orte: stoff.gebiet in orte)]
    return [
        f"„{zeile['name']}“ endet am {datum_text(zeile['ende'])}."
        for _, zeile in hier.iterrows()
    ]


def zwillingssatz(stoff: Stoff) -> str:
    """Ähnlichstes Gebiet, in dem es ein geprüftes Angebot gibt."""
    zwilling = stoff.lage.zwilling(stoff.gebiet)
    if zwilling is None:
        return ""
    namen = stoff.lage.bestand["name"]
    angebote = aufzaehlung([f"„{namen[a]}“" for a in zwilling.angebote[:2]])
    seit = f" seit {datum_text(zwilling.seit)}" if zwilling.seit else ""
    ort = saetze.namen(stoff.freigabe, [zwilling.zwilling])[0]
    return (
        f"Am ähnlichsten unter den Gebieten mit geprüftem Angebot: {ort} ({angebote}"
        f"{seit}). {KEIN_BELEG}"
    )


def beschlusskopf(zeile: Mapping[Any, Any]) -> str:
    """Wer wann worüber wie entschied, ohne Punkt.

    Examples
    --------
    >>> beschlusskopf({"datum": "2025-04-09", "einrichtung": "Rat der Stadt",
    ...     "entscheidung": "beschlossen", "gegenstand": "Lernwerkstatt"})
    '09.04.2025, Rat der Stadt, „Lernwerkstatt“ beschlossen'
    """
    tag = datum_text(pd.Timestamp(zeile["datum"]).date())
    was = f"„{zeile['gegenstand']}“ " if zeile["gegenstand"] else ""
    return f"{tag}, {zeile['einrichtung']}, {was}{zeile['entscheidung']}"


def beschlusssatz(stoff: Stoff) -> str:
    """Jüngster Beschluss zu Gebiet und Zielgruppe; leer ohne."""
    tafel = stoff.lage.gedaechtnis
    hier = tafel[tafel["gebiet"] == stoff.gebiet] if len(tafel) else tafel
    if hier.empty:
        return ""
    letzter = hier.sort_values(["datum", "beschluss"], kind="stable").iloc[-1]
    tag = datum_text(pd.Timestamp(letzter["datum"]).date())
    return (
        f"Frühere Entscheidung: {letzter['einrichtung']}, {tag}, "
        f"{letzter['entscheidung']}."
    )


def seither(stoff: Stoff) -> Inhalt:
    """Was sich seit einem Beschluss am ersten Indikator geändert hat; sonst leer."""
    tafel = stoff.lage.gedaechtnis
    if tafel.empty:
        return ()
    hier = tafel[(tafel["gebiet"] == stoff.gebiet) & tafel["vorher"].notna()]
    if hier.empty:
        return ()
    letzter = hier.sort_values("datum", kind="stable").iloc[-1]
    eigene = hier[hier["beschluss"] == letzter["beschluss"]].iloc[0]
    satz = belegt(
        stoff.schrift,
        f"Seither: {eigene['satz']}",
        f"Veränderung seit dem Beschluss, {stoff.ort}",
        indikator=str(eigene["indikator"]),
        gebiet=stoff.gebiet,
        formel=SEITHERFORMEL,
    )
    return (satz,)


def mit_abstand(*teile: "str | Inhalt") -> Inhalt:
    """Fügt Sätze mit Leerzeichen zusammen; Leeres fällt weg."""
    fertig: list[Textstueck] = []
    for teil in teile:
        stuecke = inhalt(teil) if isinstance(teil, str) else teil
        if stuecke:
            fertig += [*([Textstueck(" ")] if fertig else []), *stuecke]
    return tuple(fertig)
