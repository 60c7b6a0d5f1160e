"""Was öffnet man zuerst? Die Einstiegsseite eines Laufs, Warnungen oben."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from quartierstools.ausgabe.rahmen import grenzen_der_daten, schriftstueck
from quartierstools.auswertung import Auswertung, Bedarf, mangelzahl
from quartierstools.auswertung.bedarf import OBERSTE
from quartierstools.dokument import (
    Absatz,
    Block,
    Dokument,
    Inhalt,
    Kasten,
    Liste,
    Spalte,
    Tabelle,
    Ueberschrift,
    fett,
    inhalt,
)
from quartierstools.schreibweise import aufzaehlung, datum_text, gross, mehrzahl

NACHWEIS = (
    "Jedes Schriftstück trägt unten einen Nachweis. Wozu er gehört, steht in "
    "manifest.json unter „nachweise“; gleicher Nachweis heißt gleicher Inhalt."
)
"""Wie man vom Papier zum Lauf findet."""

HOECHSTENS_NAMEN = 8
"""Mehr Namen nennt ein Satz nicht; sie stehen in der Tabelle."""


def einstieg(
    auswertung: Auswertung, *, misserfolge: Sequence[str] = (), lauf: str = ""
) -> Dokument:
    """Einstiegsseite: Warnungen, was gefunden wurde, Grenzen.

    Parameters
    ----------
    misserfolge : Sequence of str
        Meldungen gescheiterter Notebooks; stehen ganz oben.
    """
    projekt = auswertung.projekt
    bloecke: list[Block] = []
    if misserfolge:
        punkte = tuple(inhalt(meldung) for meldung in misserfolge)
        bloecke.append(
            Kasten(titel="Nicht gelungen", bloecke=(Liste(punkte),), art="warnung")
        )
    warnungen = _warnungen(auswertung)
    if warnungen:
        bloecke.append(
            Kasten(titel="Zuerst lesen", bloecke=(Liste(warnungen),), art="warnung")
        )
    bloecke += [
        Kasten(
            titel="In Kürze", bloecke=(Liste(tuple(_kuerze(auswertung))),), art="kurz"
        ),
        Ueberschrift("Was gefunden wurde"),
        _zielgruppen(auswertung),
        Absatz((fett("Gruppen: "), *inhalt(auswertung.typen().begruendung))),
        Ueberschrift("Grenzen der Daten"),
        grenzen_der_daten(auswertung.freigabe),
        Absatz(inhalt(NACHWEIS), art="klein"),
    ]
    ebene = projekt.ebene
    anzahl = mehrzahl(len(auswertung.freigabe.gebiete), ebene.eines, ebene.mehrere)
    seite = schriftstueck(
        auswertung,
        titel=f"Sozialräumliche Auswertung {projekt.stadt}",
        gattung="Übersicht",
        untertitel=anzahl,
        bloecke=bloecke,
        lauf=lauf,
    )
    return replace(seite, kennungswort="Lauf")


def _kuerze(auswertung: Auswertung) -> list[Inhalt]:
    """Was das ist, aus welchen Daten, und je Zielgruppe ein Satz."""
    freigabe, ebene = auswertung.freigabe, auswertung.projekt.ebene
    anzahl = mehrzahl(len(freigabe.gebiete), ebene.eines, ebene.mehrere)
    quellen = sorted(set(freigabe.werte["quelle"]))
    herkunft = sorted({freigabe.katalog.quellen[q].herkunft for q in quellen})
    tage = freigabe.werte.loc[freigabe.werte["wertart"] == "Zahl", "stichtag"]
    stand = f", jüngster Stichtag {_tag(str(tage.max()))}" if len(tage) else ""
    was = (
        f"{anzahl} im Vergleich und der Bestand der Angebote – als Karte, Berichte, "
        "Begründungen und Steckbriefe."
    )
    daten = (
        f"{gross(aufzaehlung(herkunft))}, aus "
        f"{'einer Quelle' if len(quellen) == 1 else f'{len(quellen)} Quellen'}{stand}."
    )
    return [
        (fett("Was: "), *inhalt(was)),
        (fett("Daten: "), *inhalt(daten)),
        *(_fund(auswertung, z) for z in auswertung.projekt.zielgruppen),
    ]


def _tag(stichtag: str) -> str:
    return datum_text(date.fromisoformat(stichtag))


def _fund(auswertung: Auswertung, kennung: str) -> Inhalt:
    """Ein Satz: was für eine Zielgruppe gefunden wurde."""
    ergebnis = auswertung.bedarf(kennung)
    gruppe = fett(f"{auswertung.katalog.zielgruppen[kennung].bezeichnung}: ")
    if not isinstance(ergebnis, Bedarf):
        grund = mangelzahl(auswertung.freigabe, ergebnis.fehlend)
        return (gruppe, *inhalt(f"{ergebnis.art}. {grund}."))
    namen = auswertung.freigabe.gebiete["name"]
    oben = ergebnis.klasse.index[(ergebnis.klasse == OBERSTE).fillna(value=False)]
    if len(oben) > HOECHSTENS_NAMEN:
        orte = mehrzahl(len(oben), "Gebiet", "Gebiete")
    else:
        orte = aufzaehlung(sorted(str(namen[g]) for g in oben)) or "kein Gebiet"
    art = f" ({ergebnis.messung.art})" if ergebnis.messung.art != "direkt" else ""
    return (
        gruppe,
        *inhalt(f"{ergebnis.groesse}{art}, {ergebnis.worte.klassen[3]}: {orte}."),
    )


def _warnungen(auswertung: Auswertung) -> tuple[Inhalt, ...]:
    freigabe = auswertung.freigabe
    punkte = list(auswertung.projekt.hinweise[:1])
    punkte += [f"{b.ort}: {b.was}" for b in freigabe.hinweise[:1]]
    if len(freigabe.hinweise) > 1:
        rest = mehrzahl(len(freigabe.hinweise) - 1, "weitere Lücke", "weitere Lücken")
        punkte.append(f"{rest}: siehe Datenprüfung.")
    return tuple(inhalt(punkt) for punkt in punkte)


def _zielgruppen(auswertung: Auswertung) -> Tabelle:
    namen = auswertung.freigabe.gebiete["name"]
    zeilen: list[tuple[Inhalt, ...]] = []
    for kennung in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(kennung)
        gruppe = auswertung.katalog.zielgruppen[kennung].bezeichnung
        if not isinstance(ergebnis, Bedarf):
            zeilen.append((inhalt(gruppe), inhalt(ergebnis.art), inhalt(ergebnis.satz)))
            continue
        obere = ergebnis.klasse.index[(ergebnis.klasse == OBERSTE).fillna(value=False)]
        genannt = aufzaehlung(sorted(str(namen[g]) for g in obere))
        wort = ergebnis.worte.klassen[3]
        text = f"{ergebnis.groesse}, {wort}: {genannt or 'kein Gebiet'}."
        zeilen.append((inhalt(gruppe), inhalt(ergebnis.messung.art), inhalt(text)))
    return Tabelle(
        titel="Zielgruppen",
        spalten=(
            Spalte("Zielgruppe", anteil=1.6),
            Spalte("Gemessen", anteil=0.9),
            Spalte("Ergebnis", anteil=4),
        ),
        zeilen=tuple(zeilen),
    )
