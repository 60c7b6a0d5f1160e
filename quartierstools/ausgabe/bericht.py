"""Was zeigt der Bericht einer Zielgruppe? Messung, Karte, Tabelle, Angebote."""

import pandas as pd

from quartierstools.ausgabe.angebotsabschnitte import angebotsabschnitte
from quartierstools.ausgabe.berichtsbilder import (
    gruppen,
    stand_und_entwicklung,
    zusammensetzung,
)
from quartierstools.ausgabe.klassenbilder import bedarfsbild
from quartierstools.ausgabe.rahmen import (
    grenzen_der_daten,
    quellenabsatz,
    schriftstueck,
)
from quartierstools.auswertung import Auswertung, Bedarf, Messung, mangelzahl
from quartierstools.begruendung.beleg import Beleg, Niederschrift, stichtag_text
from quartierstools.begruendung.saetze import FAST_ALLE
from quartierstools.begruendung.stoff import bestand_in
from quartierstools.begruendung.worte import abkuerzungen, zahl_der_gebiete
from quartierstools.darstellung import klassenkarte
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
    texte,
)
from quartierstools.geheimhaltung import Freigabe
from quartierstools.schreibweise import (
    aufzaehlung,
    gross,
    prozent_text,
    zahl_text,
)


def bericht(
    auswertung: Auswertung, zielgruppe: str, *, lauf: str = ""
) -> tuple[Dokument, tuple[Beleg, ...]]:
    """Bericht einer Zielgruppe mit den Belegen seiner Zahlen."""
    freigabe = auswertung.freigabe
    gruppe = auswertung.katalog.zielgruppe(zielgruppe)
    ergebnis = auswertung.bedarf(zielgruppe)
    schrift = Niederschrift(freigabe)
    bloecke: list[Block] = [_messungskasten(ergebnis)]
    if isinstance(ergebnis, Bedarf):
        bloecke += _ergebnis(auswertung, ergebnis, schrift)
    else:
        bloecke += _nicht_messbar(freigabe, ergebnis)
    bloecke += _bestand(auswertung, zielgruppe)
    lage = auswertung.angebotslage(zielgruppe)
    bloecke += angebotsabschnitte(auswertung, lage, schrift)
    bloecke += [Ueberschrift("Grenzen der Daten"), grenzen_der_daten(freigabe)]
    hinweise = tuple(inhalt(satz) for satz in gruppe.hinweise)
    if hinweise:
        bloecke.append(Liste(hinweise))
    if isinstance(ergebnis, Bedarf):
        bloecke.append(quellenabsatz(schrift.quellenliste()))
    bloecke += _erklaerte(auswertung, bloecke)
    dokument = schriftstueck(
        auswertung,
        titel=gruppe.bezeichnung,
        gattung="Bericht zur Zielgruppe",
        untertitel=gruppe.beschreibung,
        bloecke=bloecke,
        lauf=lauf,
    )
    return dokument, schrift.belege


def _erklaerte(auswertung: Auswertung, bloecke: list[Block]) -> list[Block]:
    """Was die Abkürzungen des Berichts heißen."""
    probe = schriftstueck(auswertung, titel="", gattung="", bloecke=bloecke)
    erklaert = abkuerzungen(texte(probe), auswertung.katalog.wortwahl)
    return [Absatz(inhalt(f"Abkürzungen: {erklaert}"), art="klein")] if erklaert else []


def _messungskasten(ergebnis: Bedarf | Messung) -> Kasten:
    messung = ergebnis.messung if isinstance(ergebnis, Bedarf) else ergebnis
    art = "hinweis" if messung.art == "direkt" else "warnung"
    return Kasten(
        titel=f"So gemessen: {messung.art}",
        bloecke=(Absatz(inhalt(messung.satz)),),
        art=art,  # type: ignore[arg-type]
    )


def _nicht_messbar(freigabe: Freigabe, messung: Messung) -> list[Block]:
    grund = mangelzahl(freigabe, messung.fehlend)
    text = (
        "Aus den vorliegenden Werten lässt sich für diese Zielgruppe nichts "
        f"ableiten: keine Klasse, keine Karte, keine Reihenfolge. {grund}. Was hilft "
        "und von wem es kommen kann, steht in der Datenanforderung."
    )
    return [Absatz(inhalt(text))]


def _ergebnis(
    auswertung: Auswertung, ergebnis: Bedarf, schrift: Niederschrift
) -> list[Block]:
    freigabe = auswertung.freigabe
    ebene = auswertung.projekt.ebene
    bild = klassenkarte(
        bedarfsbild(freigabe, ergebnis),
        freigabe.gebiete,
        freigabe.stadtbezirke,
        gebietswort=(ebene.kurz, ebene.kurz_mehrere),
        hinweis=auswertung.projekt.grenzhinweis,
    )
    bloecke: list[Block] = [
        Absatz(inhalt(_ueberblick(auswertung, ergebnis))),
        bild,
        Ueberschrift("Werte und Einstufung"),
        _tabelle(auswertung, ergebnis, schrift),
    ]
    grenzfaelle = _grenzfaelle(auswertung, ergebnis)
    if grenzfaelle:
        bloecke += [Ueberschrift("Knapp an einer Grenze"), Absatz(inhalt(grenzfaelle))]
    return [
        *bloecke,
        *zusammensetzung(auswertung, ergebnis),
        *stand_und_entwicklung(auswertung, ergebnis, schrift),
        *gruppen(auswertung),
    ]


def _ueberblick(auswertung: Auswertung, ergebnis: Bedarf) -> str:
    """Wie viele Gebiete in welcher Klasse, ohne Namen."""
    ebene = auswertung.projekt.ebene
    anzahlen = ergebnis.klasse.value_counts()
    teile = [
        f"{wort}: {zahl_der_gebiete(int(anzahlen.get(nummer, 0)), ebene)}"
        for nummer, wort in enumerate(ergebnis.worte.klassen, start=1)
    ]
    gesamt = len(auswertung.freigabe.gebiete)
    vergleich = (
        f"Verglichen wird mit dem Mittel (Durchschnitt) der {ergebnis.gueltig} "
        f"{ebene.kurz_mehrere} mit Wert (von {gesamt})."
    )
    return f"{vergleich} {gross('; '.join(teile))}."


def _tabelle(
    auswertung: Auswertung, ergebnis: Bedarf, schrift: Niederschrift
) -> Tabelle:
    """Alle Gebiete nach Schlüssel; keine nach Bedarf sortierte Liste."""
    freigabe, katalog = auswertung.freigabe, auswertung.katalog
    kennungen = ergebnis.messung.indikatoren
    verweise, tage = [], set()
    zeilen = []
    for gebiet in map(str, freigabe.gebiete.index):
        zellen = [freigabe.zelle(gebiet, k) for k in kennungen]
        for zelle, kennung in zip(zellen, kennungen, strict=True):
            if zelle.quelle is not None:
                verweise.append(schrift.quelle(zelle.quelle, kennung))
                tage.add(stichtag_text(zelle))
        werte = [(schrift.zelle(z, kurz=True),) for z in zellen]
        name = str(freigabe.gebiete.loc[gebiet, "name"])
        zeilen.append(
            (
                inhalt(name),
                inhalt(gebiet),
                *werte,
                *_einstufung(ergebnis, gebiet, name, schrift),
            )
        )
    titel = f"{ergebnis.groesse} je {auswertung.projekt.ebene.kurz}, "
    titel += f"{aufzaehlung(sorted(tage))} {' '.join(dict.fromkeys(verweise))}"
    return Tabelle(
        titel=titel.strip(),
        spalten=(
            Spalte(gross(auswertung.projekt.ebene.kurz), anteil=2.2),
            Spalte("Schlüssel", anteil=1.1),
            *(
                Spalte(katalog.indikatoren[k].spaltenname, "rechts", 1.3)
                for k in kennungen
            ),
            Spalte("Einstufung", anteil=2.0),
            Spalte("Hält in", "rechts", 0.9),
            Spalte("Abstand", "rechts", 1.0),
        ),
        zeilen=tuple(zeilen),
        fussnote="„Hält in“: Anteil der Rechenvarianten mit derselben Klasse"
        f"{_mindestens(auswertung, ergebnis)}. "
        "„Abstand“: zur nächsten Klassengrenze, in Standardabweichungen. Die oberste "
        "Klasse erscheint nur, wo sie in mindestens 90 % der Varianten hält, sonst die "
        "darunter. Reihenfolge nach Schlüssel.",
    )


def _einstufung(
    ergebnis: Bedarf, gebiet: str, name: str, schrift: Niederschrift
) -> list[Inhalt]:
    """Wort, Haltbarkeit und Abstand eines Gebiets, jede Zahl mit Beleg."""
    zeile = ergebnis.tafel.loc[gebiet]
    if pd.isna(zeile["klasse"]):
        return [inhalt("ohne Einstufung"), inhalt("–"), inhalt("–")]
    halt = prozent_text(float(zeile["haltbarkeit"]), stellen=0, kurz=True)
    abstand = zahl_text(abs(float(zeile["abstand"])), stellen=2)
    gruppe = ergebnis.zielgruppe.bezeichnung
    return [
        inhalt(str(zeile["wort"])),
        *(
            (
                schrift.rechnung(
                    text, f"{was}, {gruppe}, {name}", gebiet=gebiet, formel=was.lower()
                ),
            )
            for text, was in ((halt, "Haltbarkeit"), (abstand, "Abstand"))
        ),
    ]


def _mindestens(auswertung: Auswertung, ergebnis: Bedarf) -> str:
    """Wo der Anteil auch die oberste Klasse mitzählt; sonst leer."""
    tafel = ergebnis.tafel
    gesenkt = tafel.index[tafel["gesenkt"]]
    if gesenkt.empty:
        return ""
    namen = auswertung.freigabe.gebiete["name"]
    return f"; mit mindestens dieser bei {aufzaehlung([namen[g] for g in gesenkt])}"


def _mit_haltbarkeit(faelle: pd.DataFrame, namen: "pd.Series[str]") -> str:
    """Aufzählung der Gebiete, jedes mit seiner Haltbarkeit in Klammern."""
    return aufzaehlung(
        [
            f"{namen[str(g)]} ({prozent_text(float(h), stellen=0)})"
            for g, h in faelle["haltbarkeit"].items()
        ]
    )


def _grenzfaelle(auswertung: Auswertung, ergebnis: Bedarf) -> str:
    """Gebiete, deren Klasse an der Rechnung hängt oder knapp an der Grenze liegt."""
    namen = auswertung.freigabe.gebiete["name"]
    faelle = ergebnis.tafel[ergebnis.tafel["grenzfall"]]
    kippt = faelle[(faelle["haltbarkeit"] < FAST_ALLE) & ~faelle["gesenkt"]]
    knapp = faelle[(faelle["haltbarkeit"] >= FAST_ALLE) & ~faelle["gesenkt"]]
    gesenkt = faelle[faelle["gesenkt"]]
    saetze = []
    if len(gesenkt):
        orte = _mit_haltbarkeit(gesenkt, namen)
        saetze.append(
            "Die oberste Klasse gilt in weniger als 90 von 100 Rechenvarianten, "
            f"gezeigt ist deshalb die darunter: {orte}; in Klammern steht, in wie "
            "vielen Varianten mindestens die gezeigte Klasse gilt."
        )
    if len(kippt):
        orte = _mit_haltbarkeit(kippt, namen)
        saetze.append(
            f"Die Klasse hängt an der Rechnung bei {orte}; in Klammern "
            "steht, in wie vielen Rechenvarianten sie hält."
        )
    if len(knapp):
        orte = aufzaehlung([str(namen[g]) for g in knapp.index])
        saetze.append(f"Knapp neben einer Klassengrenze liegen: {orte}.")
    return " ".join(saetze)


def _bestand(auswertung: Auswertung, zielgruppe: str) -> list[Block]:
    """Angebotslage je Gebiet, gezählt nach Kategorien und mit Namen."""
    freigabe = auswertung.freigabe
    gruppe = auswertung.katalog.zielgruppe(zielgruppe)
    je_kategorie: dict[str, list[str]] = {}
    for gebiet in map(str, freigabe.gebiete.index):
        stand = bestand_in(freigabe, gebiet, gruppe)
        name = str(freigabe.gebiete.loc[gebiet, "name"])
        je_kategorie.setdefault(stand.kategorie, []).append(name)
    zeilen = tuple(
        (inhalt(kategorie), inhalt(zahl_text(len(namen))), inhalt(", ".join(namen)))
        for kategorie, namen in sorted(je_kategorie.items())
    )
    ebene = auswertung.projekt.ebene
    tabelle = Tabelle(
        titel=f"Bestand der Angebote für {gruppe.gruppe_text}",
        spalten=(
            Spalte("Lage", anteil=1.6),
            Spalte("Zahl", "rechts", 0.5),
            Spalte(ebene.kurz_mehrere, anteil=4),
        ),
        zeilen=zeilen,
    )
    hinweis = (
        fett("Nicht bekannt heißt nicht, dass es nichts gibt. "),
        *inhalt(
            "Der Bestand ist eine Liste gefundener Einträge; alle Einzelheiten je "
        ),
        *inhalt(f"{ebene.kurz} stehen auf der Seite „Angebote und Lücke“."),
    )
    return [Ueberschrift("Was es gibt"), tabelle, Absatz(hinweis)]
