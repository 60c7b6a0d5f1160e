"""Welche Bilder erklären eine Einstufung? Zusammensetzung, Entwicklung, Gruppen.

Jedes Bild steht mit einem Satz, der sagt, was man sieht und was nicht. Gezeigt wird
nach Schlüssel, nie nach Höhe.
"""

from datetime import date

import pandas as pd

from quartierstools.analyse import wasserfall
from quartierstools.auswertung import (
    Auswertung,
    Bedarf,
    Entwicklung,
    Typen,
    entwicklung,
)
from quartierstools.auswertung.bedarf import OBERSTE
from quartierstools.begruendung.beleg import Niederschrift
from quartierstools.darstellung import balken_beitraege, statusfeld, typenprofil
from quartierstools.dokument import (
    Absatz,
    Bild,
    Block,
    Inhalt,
    Liste,
    Spalte,
    Tabelle,
    Textstueck,
    Ueberschrift,
    inhalt,
)
from quartierstools.katalog import Indikator
from quartierstools.schreibweise import FEST, datum_text, zahl_text

HOECHSTENS_TREPPEN = 6
"""So viele Gebiete der obersten Klasse bekommen ein Bild ihrer Beiträge."""

ENTWICKLUNGSWORTE = (
    "nimmt gegen das Mittel ab",
    "wie im Mittel",
    "nimmt gegen das Mittel zu",
)

SUMME = "Abstand zum Mittel"


def zusammensetzung(auswertung: Auswertung, ergebnis: Bedarf) -> list[Block]:
    """Beiträge der Indikatoren in den Gebieten der obersten Klasse, als Treppe.

    Leer, wenn nur ein Indikator misst: Dann gibt es nichts zusammenzusetzen.
    """
    if len(ergebnis.messung.indikatoren) == 1:
        return []
    titel = Ueberschrift("Woraus sich die Einstufung zusammensetzt")
    oben = oberste(ergebnis)
    wort = ergebnis.worte.klassen[-1]
    if not oben:
        satz = f"Kein Gebiet ist „{wort}“; Beiträge zeigt die Karte im Profil."
        return [titel, Absatz(inhalt(satz))]
    text = (
        f"Gezeigt sind Gebiete „{wort}“, nach Schlüssel. Jede Stufe ist der Beitrag "
        "einer Kennzahl in Standardabweichungen; die Summe ist der Abstand zum Mittel. "
        "Ein Beitrag beschreibt, er erklärt nicht. Gerundet; Summen können abweichen."
    )
    return [
        titel,
        Absatz(inhalt(text)),
        *_treppen(auswertung, ergebnis, oben[:HOECHSTENS_TREPPEN]),
    ]


def oberste(ergebnis: Bedarf) -> list[str]:
    """Gebiete der obersten Klasse, nach Schlüssel."""
    oben = (ergebnis.klasse == OBERSTE).fillna(value=False).astype(bool)
    return sorted(map(str, ergebnis.klasse.index[oben]))


def _treppen(
    auswertung: Auswertung, ergebnis: Bedarf, gebiete: list[str]
) -> list[Block]:
    """Ein Bild je Gebiet, alle mit derselben Achse."""
    indikatoren = auswertung.katalog.indikatoren
    namen = auswertung.freigabe.gebiete["name"]
    stufen = {g: wasserfall(ergebnis.modell, g) for g in gebiete}
    enden = pd.concat([s[seite] for s in stufen.values() for seite in ("von", "bis")])
    bilder: list[Block] = []
    for gebiet, stufe in stufen.items():
        beitraege = stufe["beitrag"].sort_index()
        beitraege.index = [indikatoren[str(k)].spaltenname for k in beitraege.index]
        bilder.append(
            balken_beitraege(
                beitraege,
                titel=f"{namen[gebiet]}: Beiträge zum {ergebnis.groesse}",
                gebietsname=str(namen[gebiet]),
                stellen=1,
                summe=SUMME,
                bereich=(float(enden.min()), float(enden.max())),
                raster=False,
            )
        )
    return bilder


def stand_und_entwicklung(
    auswertung: Auswertung, ergebnis: Bedarf, schrift: Niederschrift
) -> list[Block]:
    """Matrix aus Stand und Entwicklung, oder warum es sie nicht gibt."""
    titel = Ueberschrift("Stand und Entwicklung")
    gefunden = entwicklung(auswertung.freigabe, ergebnis)
    if isinstance(gefunden, str):
        return [titel, Absatz(inhalt(gefunden))]
    ebene = auswertung.projekt.ebene
    bild = statusfeld(
        gefunden.feld.gebiete,
        titel=f"{ergebnis.zielgruppe.bezeichnung}: {ergebnis.groesse}, Stand und "
        "Entwicklung",
        statusworte=ergebnis.worte.klassen,
        dynamikworte=ENTWICKLUNGSWORTE,
        gebietswort=(ebene.kurz, ebene.kurz_mehrere),
        raster=False,
    )
    punkte = (
        inhalt(_vergleichssatz(gefunden, ebene.kurz_mehrere)),
        _mittelsatz(auswertung, gefunden, schrift),
        _zufallssatz(auswertung, gefunden, schrift),
    )
    return [titel, Liste(tuple(p for p in punkte if p)), bild]


def _vergleichssatz(gefunden: Entwicklung, mehrere: str) -> str:
    von, bis = (datum_text(date.fromisoformat(t)) for t in (gefunden.von, gefunden.bis))
    return (
        f"Zeilen: Einstufung am {bis}. Spalten: Veränderung seit dem {von}, verglichen "
        f"mit der mittleren Veränderung der {mehrere}; ab einer Standardabweichung "
        "steht ein Gebiet links oder rechts."
    )


def _mittelsatz(
    auswertung: Auswertung, gefunden: Entwicklung, schrift: Niederschrift
) -> Inhalt:
    """Wie sich die Werte im Mittel selbst verändert haben."""
    teile: list[str | Textstueck] = []
    for kennung, wert in gefunden.modell.bezug_.dropna().items():
        indikator = auswertung.katalog.indikatoren[str(kennung)]
        zahl = schrift.rechnung(
            veraenderung_text(float(wert), indikator),
            f"mittlere Veränderung, {indikator.bezeichnung}",
            indikator=str(kennung),
            formel="mittlere veraenderung",
        )
        teile += [f"{'; ' if teile else ''}{indikator.bezeichnung} ", zahl]
    return inhalt("Mittlere Veränderung: ", *teile, ".")


def veraenderung_text(wert: float, indikator: Indikator) -> str:
    """Veränderung mit Vorzeichen, in Prozentpunkten oder der Einheit.

    Examples
    --------
    >>> b01 = Indikator(id="B01", bezeichnung="Arbeitslosenanteil",
    ...                 zaehler="Arbeitslose", dimension="arbeit", lieferant="BA")
    >>> veraenderung_text(-0.004, b01) == "−0,4\u00a0Prozentpunkte"
    True
    """
    if indikator.einheit == "prozent":
        text = zahl_text(wert * 100, stellen=indikator.stellen, vorzeichen=True)
        return f"{text}{FEST}Prozentpunkte"
    return zahl_text(wert, stellen=indikator.stellen, vorzeichen=True)


def _zufallssatz(
    auswertung: Auswertung, gefunden: Entwicklung, schrift: Niederschrift
) -> Inhalt:
    """Bei wie vielen Gebieten die Spalte nicht am Zufall hängen kann."""
    if gefunden.sicher is None:
        return inhalt(
            "Ob eine Veränderung zufällig ist, lässt sich ohne Fallzahlen nicht sagen."
        )
    mehrere = auswertung.projekt.ebene.kurz_mehrere
    sicher, von = (
        schrift.rechnung(zahl_text(anzahl), was, formel="anzahl")
        for anzahl, was in (
            (gefunden.sicher, "Entwicklung mit ganzem Intervall in der Spalte"),
            (gefunden.beurteilt, "Gebiete mit Stand und Entwicklung"),
        )
    )
    return inhalt(
        f"{mehrere}, deren Intervall (Sicherheit 95{FEST}Prozent) ganz in der "
        "gezeigten Spalte liegt: ",
        sicher,
        " von ",
        von,
        ". Bei den anderen kann die Spalte Zufall sein.",
    )


def gruppen(auswertung: Auswertung) -> list[Block]:
    """Gruppen ähnlicher Gebiete: Beleg, Bild ihrer Lage, wer dazugehört."""
    ergebnis = auswertung.typen()
    ebene = auswertung.projekt.ebene
    bloecke: list[Block] = [
        Ueberschrift(f"Gruppen ähnlicher {ebene.kurz_mehrere}"),
        Absatz(inhalt(_satz(ergebnis.begruendung))),
    ]
    bild = profilbild(auswertung, ergebnis)
    if bild is None:
        return bloecke
    return [*bloecke, bild, _gruppentafel(auswertung, ergebnis)]


def _satz(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def profilbild(auswertung: Auswertung, ergebnis: Typen) -> Bild | None:
    """Mittlere Lage der Gruppen je Merkmal; None ohne Gruppen."""
    profil = ergebnis.abweichungen
    if profil.empty or profil.isna().any(axis=None):
        return None
    indikatoren = auswertung.katalog.indikatoren
    namen = {k: indikatoren[str(k)].bezeichnung for k in profil.columns}
    mehrzahl = "Gruppen" if ergebnis.nur_beschreibung else "Typen"
    return typenprofil(
        profil.rename(columns=namen),
        titel=f"{mehrzahl} im Vergleich zum Mittel der "
        f"{auswertung.projekt.ebene.kurz_mehrere}",
        wort=ergebnis.wort,
        raster=False,
    )


def _gruppentafel(auswertung: Auswertung, ergebnis: Typen) -> Tabelle:
    """Wer zu welcher Gruppe gehört, nach Schlüssel."""
    namen = auswertung.freigabe.gebiete["name"]
    zeilen = []
    for buchstabe, portraet in sorted(ergebnis.portraets.items()):
        drin = sorted(map(str, ergebnis.typ.index[ergebnis.typ == buchstabe]))
        zeilen.append(
            (
                inhalt(f"{ergebnis.wort} {buchstabe}"),
                inhalt(_satz(portraet)),
                inhalt(zahl_text(len(drin))),
                inhalt(", ".join(str(namen[g]) for g in drin)),
            )
        )
    return Tabelle(
        titel=f"Wer zu {'welcher' if ergebnis.nur_beschreibung else 'welchem'} "
        f"{ergebnis.wort} gehört",
        spalten=(
            Spalte(ergebnis.wort, anteil=0.9),
            Spalte("Im Schnitt", anteil=3),
            Spalte("Zahl", "rechts", 0.5),
            Spalte(auswertung.projekt.ebene.kurz_mehrere, anteil=3.6),
        ),
        zeilen=tuple(zeilen),
        fussnote="Gruppen beschreiben, sie ordnen nicht; Buchstaben sind keine "
        "Reihenfolge.",
    )
