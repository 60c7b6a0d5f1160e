"""Was gibt es, was fehlt, wo zuerst? Die Seite und die Tabellen zu den Angeboten.

Öffentlich stehen nur Klasse, Haltbarkeit und Abstand; Rangbänder nur intern.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from quartierstools.angebote.mengen import platzzahl
from quartierstools.angebote.standorte import Standortwahl
from quartierstools.ausgabe.rahmen import grenzen_der_daten, schriftstueck
from quartierstools.ausgabe.tabellen import Blatt, Spaltenform
from quartierstools.auswertung import (
    Angebotslage,
    Auswertung,
    Szenarioergebnis,
    zustand,
)
from quartierstools.begruendung.lagetexte import beschlusskopf
from quartierstools.dokument import (
    Absatz,
    Block,
    Dokument,
    Liste,
    Spalte,
    Tabelle,
    Ueberschrift,
    inhalt,
    reiner_text,
)
from quartierstools.schreibweise import (
    FEST,
    WERTART_TEXT,
    aufzaehlung,
    datum_text,
    gerundet,
    prozent_text,
    zahl_text,
)

NICHT_BEKANNT = "nicht bekannt"

BESTANDSSPALTEN = 2
"""Gebiet und Bestand: mehr bleibt nicht, wenn nichts gezählt und geprüft ist."""


def angebotsseite(auswertung: Auswertung, *, lauf: str = "") -> Dokument:
    """Schriftstück über Bestand, Lücke und Auswahl aller Zielgruppen."""
    bloecke: list[Block] = []
    for kennung in auswertung.projekt.zielgruppen:
        lage = auswertung.angebotslage(kennung)
        bloecke += [
            Ueberschrift(lage.zielgruppe.bezeichnung),
            Liste(tuple(inhalt(satz) for satz in lage.hinweise)),
            _bestand(auswertung, lage),
            *_auswahl(auswertung, lage),
            *_kalender(auswertung, lage),
            *_zwillinge(auswertung, lage),
            *_standorte(auswertung, auswertung.standorte(kennung)),
            *_szenarien(auswertung.szenarien(kennung)),
            *_gedaechtnis(lage),
        ]
    bloecke += [
        Ueberschrift("Grenzen der Daten"),
        grenzen_der_daten(auswertung.freigabe),
    ]
    return schriftstueck(
        auswertung,
        titel="Angebote und Lücke",
        gattung="Angebotslage",
        untertitel=f"{auswertung.projekt.stadt}: was bekannt ist und was nicht",
        bloecke=bloecke,
        lauf=lauf,
    )


def _name(auswertung: Auswertung, gebiet: str) -> str:
    return str(auswertung.freigabe.gebiete["name"][gebiet])


def _namen(auswertung: Auswertung, gebiete: Sequence[str]) -> str:
    return aufzaehlung([_name(auswertung, g) for g in gebiete])


def _zahl(wert: float, sonst: str, stellen: int = 0) -> str:
    return sonst if pd.isna(wert) else zahl_text(wert, stellen=stellen)


def _plaetze(wert: float) -> str:
    return NICHT_BEKANNT if pd.isna(wert) else platzzahl(wert)


def _bestand(auswertung: Auswertung, lage: Angebotslage) -> Tabelle:
    menge = lage.mengenluecke.tafel.to_dict("index")
    sonst = zaehlstand(auswertung, lage).map(WERTART_TEXT)
    weg = lage.erreichbarkeit.tafel.to_dict("index")
    zeilen = []
    for gebiet, zeile in lage.kategorie.iterrows():
        m, w = menge[gebiet], weg[gebiet]
        text = str(zeile["kategorie"])
        if zeile["vorbehalt"]:
            text += f". {zeile['vorbehalt']}"
        zeilen.append(
            (
                inhalt(f"{_name(auswertung, str(gebiet))} ({gebiet})"),
                inhalt(text),
                inhalt(_zahl(m["betroffene"], sonst[str(gebiet)])),
                inhalt(_zahl(m["je_100"], sonst[str(gebiet)], 1)),
                inhalt(_plaetze(m["plaetze"])),
                inhalt(_bereich(m)),
                inhalt(_zahl(w["minuten"], NICHT_BEKANNT)),
                inhalt(_zahl(w["plaetze_je_100"], NICHT_BEKANNT, 1)),
            )
        )
    ebene = auswertung.projekt.ebene
    spalten = (
        Spalte(ebene.kurz, anteil=1.6),
        Spalte("Bestand", anteil=2.2),
        Spalte("Menschen", "rechts"),
        Spalte("je 100", "rechts", 0.7),
        Spalte("Plätze", "rechts", 0.8),
        Spalte("Unterschied", "rechts", 1.4),
        Spalte("Weg", "rechts", 0.8),
        Spalte("Plätze in Reichweite", "rechts"),
    )
    return _ohne_leere_spalten(
        Tabelle(
            titel="Bestand, Menge und Weg, nach Schlüssel",
            fussnote="Unterschied: Menschen minus geprüfte Plätze mit Zufallsbereich; "
            "negativ heißt mehr Plätze als Menschen. Weg: Minuten zum nächsten "
            "geprüften Angebot mit bekanntem Ort. Plätze in Reichweite: je 100 "
            "Menschen.",
            spalten=spalten,
            zeilen=tuple(zeilen),
        )
    )


def zaehlstand(auswertung: Auswertung, lage: Angebotslage) -> "pd.Series[str]":
    """Wertart der gezählten Menschen je Gebiet; „fehlt“ auch ohne Fallzahl."""
    ohne = lage.mengenluecke.tafel["betroffene"].isna()
    regeln = auswertung.katalog.angebotsregeln
    kennung = regeln.betroffene.get(lage.zielgruppe.id)
    if kennung is None:
        return ohne.map({True: "fehlt", False: "Zahl"})
    arten = zustand(auswertung.freigabe, kennung).reindex(ohne.index)
    return arten.mask(ohne & (arten == "Zahl"), "fehlt").where(ohne, "Zahl")


def _ohne_leere_spalten(tabelle: Tabelle) -> Tabelle:
    """Spalten, in denen nirgends eine Zahl steht, nennt die Fußnote."""
    leer = {
        nummer
        for nummer in range(len(tabelle.spalten))
        if tabelle.zeilen
        and all(
            reiner_text(zeile[nummer]) in {NICHT_BEKANNT, WERTART_TEXT["fehlt"]}
            for zeile in tabelle.zeilen
        )
    }
    if not leer:
        return tabelle
    behalten = [n for n in range(len(tabelle.spalten)) if n not in leer]
    namen = aufzaehlung([f"„{tabelle.spalten[n].titel}“" for n in sorted(leer)])
    satz = f"Nirgends bekannt und deshalb ohne Spalte: {namen}."
    nur_bestand = len(behalten) == BESTANDSSPALTEN
    return Tabelle(
        titel="Bestand, nach Schlüssel" if nur_bestand else tabelle.titel,
        fussnote=satz if nur_bestand else f"{tabelle.fussnote} {satz}",
        spalten=tuple(tabelle.spalten[n] for n in behalten),
        zeilen=tuple(tuple(zeile[n] for n in behalten) for zeile in tabelle.zeilen),
    )


def _bereich(zeile: Mapping[Hashable, Any]) -> str:
    if pd.isna(zeile["luecke"]):
        return NICHT_BEKANNT
    unten, oben = zahl_text(zeile["luecke_unten"]), zahl_text(zeile["luecke_oben"])
    return f"{zahl_text(zeile['luecke'])} ({unten} bis {oben})"


def _auswahl(auswertung: Auswertung, lage: Angebotslage) -> list[Block]:
    """Ausgewählte und beurteilte Gebiete, dann die knapp darunter."""
    tafel = lage.rangfolge.tafel
    gezeigt = tafel[
        (tafel["nach_daten"] == "ausgewählt")
        | (tafel["ergebnis"] == "ausgewählt")
        | (tafel["urteil"] != "")
    ]
    bloecke: list[Block] = [Ueberschrift("Auswahl nach Daten und Fachurteil", 2)]
    if gezeigt.empty:
        satz = "Nach Daten ist kein Gebiet ausgewählt; Fachurteile liegen nicht vor."
        bloecke.append(Absatz(inhalt(satz)))
    else:
        bloecke.append(_auswahltafel(auswertung, gezeigt, lage))
    if len(lage.knapp):
        punkte = [
            inhalt(f"{_name(auswertung, str(g))}: {z['satz']}")
            for g, z in lage.knapp.iterrows()
        ]
        bloecke += [Ueberschrift("Knapp unter der Grenze", 2), Liste(tuple(punkte))]
    return bloecke


def _auswahltafel(
    auswertung: Auswertung, gezeigt: pd.DataFrame, lage: Angebotslage
) -> Tabelle:
    intern = lage.fassung == "intern"
    zeilen = []
    for gebiet, z in gezeigt.iterrows():
        urteil = z["urteil"]
        if urteil:
            urteil = f"{z['urteil']}: {z['urteil_grund']} ({z['urteil_text']})"
        zeile = [
            f"{_name(auswertung, str(gebiet))} ({gebiet})",
            "ohne Einstufung" if pd.isna(z["klasse"]) else str(z["wort"]),
            "–"
            if pd.isna(z["haltbarkeit"])
            else prozent_text(z["haltbarkeit"], stellen=0, kurz=True),
            _zahl(abs(z["abstand"]), "–", 2),
            str(z["nach_daten"]),
            urteil or "keines",
            f"{z['ergebnis']} ({z['gilt']})",
        ]
        if intern:
            von, bis = z["rang_von"], z["rang_bis"]
            ohne = pd.isna(von)
            zeile.append("–" if ohne else f"{von} bis {bis}, Stufe {z['stufe']}")
        zeilen.append(tuple(inhalt(teil) for teil in zeile))
    spalten = [
        Spalte(auswertung.projekt.ebene.kurz, anteil=1.4),
        Spalte("Einstufung", anteil=1.3),
        Spalte("hält in", "rechts", 0.8),
        Spalte("Abstand", "rechts", 0.8),
        Spalte("nach Daten", anteil=1.1),
        Spalte("Fachurteil", anteil=2.6),
        Spalte("Ergebnis", anteil=1.3),
    ]
    if intern:
        spalten.append(Spalte("Rangband", anteil=1.1))
    return Tabelle(
        titel="Einstufung, Haltbarkeit, Abstand zur Grenze und Fachurteil",
        fussnote="Abstand in Standardabweichungen zur nächsten Klassengrenze. Ein "
        "Fachurteil kann die Daten überstimmen; beides steht da.",
        spalten=tuple(spalten),
        zeilen=tuple(zeilen),
    )


def _kalender(auswertung: Auswertung, lage: Angebotslage) -> list[Block]:
    if lage.kalender.empty:
        return []
    zeilen = [
        (
            inhalt(str(z["name"])),
            inhalt(datum_text(z["ende"].date())),
            inhalt(str(z["frist"])),
            inhalt(_zahl(z["plaetze"], NICHT_BEKANNT)),
            inhalt(_namen(auswertung, z["danach_ohne"]) or "keines"),
            inhalt(_zahl(z["betroffene"], NICHT_BEKANNT)),
        )
        for _, z in lage.kalender.iterrows()
    ]
    tafel = Tabelle(
        titel="Angebote, die enden, das früheste zuerst",
        fussnote="Ohne heißt: danach ist kein anderes geprüftes Angebot bekannt.",
        spalten=(
            Spalte("Angebot", anteil=2),
            Spalte("Ende"),
            Spalte("Frist", anteil=1.3),
            Spalte("Plätze", "rechts", 0.8),
            Spalte("danach ohne", anteil=1.6),
            Spalte("Menschen dort", "rechts"),
        ),
        zeilen=tuple(zeilen),
    )
    return [Ueberschrift("Förderkalender", 2), tafel]


def _zwillinge(auswertung: Auswertung, lage: Angebotslage) -> list[Block]:
    """Zwillinge der ausgewählten Gebiete ohne geprüftes Angebot."""
    saetze = [
        inhalt(f"{_name(auswertung, g)}: {zwilling.satz}")
        for g in lage.rangfolge.ausgewaehlt
        if (zwilling := lage.zwilling(g)) is not None
    ]
    if not saetze:
        return []
    return [Ueberschrift("Ähnliche Gebiete mit Angebot", 2), Liste(tuple(saetze))]


def _standorte(auswertung: Auswertung, wahl: Standortwahl | None) -> list[Block]:
    if wahl is None or not wahl.vorschlaege:
        return []
    namen = wahl.kandidaten["name"]
    gebiete = wahl.kandidaten["gebiet"]

    def wo(kandidat: str) -> str:
        gebiet = str(gebiete[kandidat])
        return f"{namen[kandidat]}" + (
            f" ({_name(auswertung, gebiet)})" if gebiet else ""
        )

    zeilen = [
        (
            inhalt(aufzaehlung([wo(k) for k in vorschlag.orte])),
            inhalt(zahl_text(vorschlag.gedeckt)),
            inhalt(prozent_text(vorschlag.anteil, stellen=1, kurz=True)),
            inhalt(f"{zahl_text(vorschlag.mittlere_minuten)}{FEST}Minuten"),
        )
        for vorschlag in wahl.vorschlaege
    ]
    tafel = Tabelle(
        titel="Mögliche Standorte, bester Vorschlag zuerst",
        fussnote=wahl.satz,
        spalten=(
            Spalte("Orte", anteil=3),
            Spalte("Menschen in Reichweite", "rechts"),
            Spalte("Anteil", "rechts"),
            Spalte("mittlerer Weg", "rechts"),
        ),
        zeilen=tuple(zeilen),
    )
    return [Ueberschrift("Mögliche Standorte", 2), tafel]


def _szenarien(ergebnisse: Sequence[Szenarioergebnis]) -> list[Block]:
    bloecke: list[Block] = []
    for ergebnis in ergebnisse:
        punkte = [
            inhalt(f"{z['wirkung']}: {z['satz']}") for _, z in ergebnis.tafel.iterrows()
        ]
        bloecke += [Ueberschrift(ergebnis.name, 2), Absatz(inhalt(ergebnis.satz))]
        if punkte:
            bloecke.append(Liste(tuple(punkte)))
    return bloecke


def _gedaechtnis(lage: Angebotslage) -> list[Block]:
    if lage.gedaechtnis.empty:
        return []
    punkte = [
        inhalt(
            f"{beschlusskopf(z.to_dict())} (Kennung {z['beschluss']}). "
            f"Seither: {z['satz']}"
        )
        for _, z in lage.gedaechtnis.iterrows()
    ]
    return [Ueberschrift("Was nach Beschlüssen geschah", 2), Liste(tuple(punkte))]


def angebotsblaetter(auswertung: Auswertung) -> list[Blatt]:
    """Blätter für die Arbeitsmappe, eines je Zielgruppe."""
    return [
        _blatt(auswertung, auswertung.angebotslage(kennung))
        for kennung in auswertung.projekt.zielgruppen
    ]


def _rund(wert: object, stellen: int) -> object:
    """Zahl so genau, wie das Blatt sie zeigt; Worte und Lücken bleiben."""
    if not isinstance(wert, float) or pd.isna(wert):
        return wert
    return float(gerundet(wert, stellen))


def _blatt(auswertung: Auswertung, lage: Angebotslage) -> Blatt:
    menge, weg = lage.mengenluecke.tafel, lage.erreichbarkeit.tafel
    tabelle = pd.DataFrame(
        {
            "Name": auswertung.freigabe.gebiete["name"],
            "Bestand": lage.kategorie["kategorie"],
            "Menschen": menge["betroffene"],
            "Je 100": menge["je_100"],
            "Geprüfte Plätze": menge["plaetze"],
            "Menschen minus Plätze": menge["luecke"],
            "Mindestens": menge["luecke_unten"],
            "Höchstens": menge["luecke_oben"],
            "Minuten zum Angebot": weg["minuten"],
            "Plätze je 100 in Reichweite": weg["plaetze_je_100"],
            "Nach Daten": lage.rangfolge.tafel["nach_daten"],
            "Fachurteil": lage.rangfolge.tafel["urteil"].replace("", "keines"),
            "Ergebnis": lage.rangfolge.tafel["ergebnis"],
        }
    ).rename_axis("Schlüssel")
    gezaehlt = zaehlstand(auswertung, lage)
    bekannt = ["Geprüfte Plätze", "Minuten zum Angebot", "Plätze je 100 in Reichweite"]
    unterschied = ["Menschen minus Plätze", "Mindestens", "Höchstens"]
    for spalte in [*bekannt, *unterschied]:
        leer = tabelle[spalte].isna()
        tabelle[spalte] = tabelle[spalte].astype("object").mask(leer, NICHT_BEKANNT)
    formen = {
        "Je 100": Spaltenform(stellen=1),
        "Plätze je 100 in Reichweite": Spaltenform(stellen=1),
        "Minuten zum Angebot": Spaltenform(einheit="Minuten"),
    }
    for spalte in ("Menschen", "Je 100", *bekannt, *unterschied):
        stellen = formen.get(spalte, Spaltenform()).stellen
        tabelle[spalte] = tabelle[spalte].map(lambda w, s=stellen: _rund(w, s))
    arten = dict.fromkeys(("Menschen", "Je 100"), gezaehlt)
    # Wo die Menschen gesperrt sind, ist es auch der Unterschied.
    arten |= dict.fromkeys(unterschied, gezaehlt.replace("fehlt", "Zahl"))
    return Blatt(
        name=f"Lücke {lage.zielgruppe.bezeichnung}",
        titel=f"{lage.zielgruppe.bezeichnung}: Bestand, Menge, Weg, Auswahl",
        tabelle=tabelle,
        formen=formen,
        wertarten=pd.DataFrame(arten),
        hinweise=lage.hinweise,
    )
