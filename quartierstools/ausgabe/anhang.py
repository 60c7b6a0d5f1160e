"""Welche Tabellen gehören zur Vorlage? Die Arbeitsmappe eines Laufs."""

from datetime import date

import pandas as pd

from quartierstools.ausgabe.angebotslage import angebotsblaetter
from quartierstools.ausgabe.klassenbilder import luecken_art, vorhandene_indikatoren
from quartierstools.ausgabe.rahmen import schriftstueck
from quartierstools.ausgabe.tabellen import Blatt, Spaltenform, arbeitsmappe
from quartierstools.auswertung import Auswertung, Bedarf
from quartierstools.begruendung.stoff import bestand_in
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog.modelle import EINHEIT_TEXT
from quartierstools.schreibweise import datum_text, gross

ANGEBOTSSPALTEN = {
    "name": "Angebot",
    "traeger": "Träger",
    "ort": "Ort",
    "gebiete": "Gebiete",
    "zielgruppen": "Zielgruppen",
    "plaetze": "Plätze",
    "umfang": "Umfang",
    "zugang": "Zugang",
    "beginn": "Beginn",
    "ende": "Ende",
    "status": "Status",
    "pruefdatum": "Prüfdatum",
    "stand": "Stand der Angabe",
    "beschreibung": "Beschreibung",
    "adresse_quelle": "Fundstelle",
    "hinweis": "Hinweis",
}


THEMEN = {
    "bevoelkerung": "Bevölkerung und Familie",
    "familie": "Bevölkerung und Familie",
    "grundsicherung": "Grundsicherung",
    "grundsicherung_jugend": "Grundsicherung",
    "arbeitslosigkeit": "Arbeitslosigkeit",
    "beschaeftigung": "Beschäftigung",
    "qualifikation": "Bildung und Betreuung",
    "bildung": "Bildung und Betreuung",
    "betreuung": "Bildung und Betreuung",
}
"""Dimension im Katalog → Name des Blatts, in dieser Reihenfolge."""

FORMEN = {
    "Hält in Anteil der Varianten": Spaltenform(art="anteil"),
    "Abstand zur Grenze": Spaltenform(einheit="Standardabweichungen", stellen=2),
    "Index": Spaltenform(stellen=2),
}


def anhang(auswertung: Auswertung, *, lauf: str = "") -> bytes:
    """Arbeitsmappe mit Werten, Einstufungen, Gruppen, Angeboten und Quellen."""
    rahmen = schriftstueck(
        auswertung, titel="Tabellen", gattung="Anlage", bloecke=(), lauf=lauf
    )
    blaetter = _werte(auswertung.freigabe)
    for kennung in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(kennung)
        if isinstance(ergebnis, Bedarf):
            blaetter.append(_bedarf(auswertung, ergebnis))
    if auswertung.typen().portraets:
        blaetter.append(_gruppen(auswertung))
    blaetter += [_bestand(auswertung), _angebote(auswertung)]
    blaetter += angebotsblaetter(auswertung)
    freigabe = auswertung.freigabe
    benutzt = sorted(set(freigabe.werte["quelle"]))
    return arbeitsmappe(
        blaetter,
        titel=f"Tabellen {auswertung.projekt.stadt}",
        stand=rahmen.stand,
        stempel=rahmen.stempel,
        hinweise=(*auswertung.projekt.hinweise, freigabe.profil.beschreibung),
        quellen=tuple(freigabe.katalog.quellen[q].zitat for q in benutzt),
        herausgeber=rahmen.herausgeber,
        kennung=lauf,
        fassung=rahmen.fassung,
    )


def _mit_namen(freigabe: Freigabe, tabelle: pd.DataFrame) -> pd.DataFrame:
    namen = freigabe.gebiete[["name", "stadtbezirk_name"]]
    kopf = pd.DataFrame(
        {
            "Name": namen["name"],
            "Stadtbezirk": namen["stadtbezirk_name"],
        },
        index=freigabe.gebiete.index,
    )
    return kopf.join(tabelle).rename_axis("Schlüssel")


def _werte(freigabe: Freigabe) -> list[Blatt]:
    """Je Thema ein Blatt mit dem neuesten Wert je Gebiet und Indikator."""
    indikatoren = freigabe.katalog.indikatoren
    themen: dict[str, list[str]] = {}
    for kennung in vorhandene_indikatoren(freigabe):
        dimension = indikatoren[kennung].dimension
        themen.setdefault(THEMEN.get(dimension, gross(dimension)), []).append(kennung)
    namen = [n for n in dict.fromkeys(THEMEN.values()) if n in themen]
    folge = [*namen, *sorted(set(themen) - set(namen))]
    return [_themenblatt(freigabe, thema, themen[thema]) for thema in folge]


def _themenblatt(freigabe: Freigabe, thema: str, kennungen: list[str]) -> Blatt:
    indikatoren = freigabe.katalog.indikatoren
    titel = {k: f"{indikatoren[k].bezeichnung} ({k})" for k in kennungen}
    arten = pd.DataFrame({titel[k]: freigabe.wertarten(k) for k in kennungen})
    formen = {
        titel[k]: Spaltenform(
            einheit=EINHEIT_TEXT[indikatoren[k].einheit],
            stellen=indikatoren[k].stellen,
            art="anteil" if indikatoren[k].einheit == "prozent" else "zahl",
        )
        for k in kennungen
    }
    tage = [
        f"{k}: {datum_text(date.fromisoformat(tag))}"
        for k in kennungen
        if (tag := freigabe.stichtag(k))
    ]
    return Blatt(
        name=f"Werte {thema}",
        titel=f"{thema}: neuester Wert je Gebiet",
        tabelle=_mit_namen(freigabe, freigabe.tabelle(kennungen).rename(columns=titel)),
        formen=formen,
        wertarten=arten,
        hinweise=(f"Stichtag – {', '.join(tage)}.",),
    )


GESENKT = (
    "Wo die oberste Klasse nicht oft genug hält, steht die darunter; der Anteil zählt "
    "dort die Varianten mit mindestens dieser Klasse."
)


def _bedarf(auswertung: Auswertung, ergebnis: Bedarf) -> Blatt:
    """Einstufung je Gebiet, nach Schlüssel; der Index selbst nur intern."""
    freigabe = auswertung.freigabe
    tafel = ergebnis.tafel
    spalten: dict[str, pd.Series] = {
        "Einstufung": tafel["wort"],
        "Hält in Anteil der Varianten": tafel["haltbarkeit"],
        "Abstand zur Grenze": tafel["abstand"].abs(),
    }
    if freigabe.fassung == "intern":
        spalten["Index"] = tafel["index"]
    art = luecken_art(freigabe, ergebnis.messung.indikatoren)
    return Blatt(
        name=ergebnis.zielgruppe.bezeichnung,
        titel=f"{ergebnis.zielgruppe.bezeichnung}: {ergebnis.groesse} "
        f"({ergebnis.messung.art})",
        tabelle=_mit_namen(freigabe, pd.DataFrame(spalten)),
        formen={name: FORMEN[name] for name in spalten if name in FORMEN},
        wertarten=pd.DataFrame(dict.fromkeys(spalten, art)),
        hinweise=(
            ergebnis.messung.satz,
            "Reihenfolge nach Schlüssel, nicht nach Wert.",
            *([GESENKT] if tafel["gesenkt"].any() else []),
        ),
    )


def _gruppen(auswertung: Auswertung) -> Blatt:
    ergebnis = auswertung.typen()
    freigabe = auswertung.freigabe
    art = pd.Series("Zahl", index=ergebnis.typ.index).mask(ergebnis.typ.isna(), "fehlt")
    tabelle = pd.DataFrame({ergebnis.wort: ergebnis.typ})
    portraets = (f"{ergebnis.wort} {b}: {t}." for b, t in ergebnis.portraets.items())
    return Blatt(
        name="Gruppen",
        titel="Gruppen ähnlicher Gebiete",
        tabelle=_mit_namen(freigabe, tabelle),
        wertarten=pd.DataFrame(dict.fromkeys(tabelle, art)),
        hinweise=(*portraets, ergebnis.begruendung),
    )


def _bestand(auswertung: Auswertung) -> Blatt:
    freigabe, katalog = auswertung.freigabe, auswertung.katalog
    spalten = {}
    for kennung in auswertung.projekt.zielgruppen:
        gruppe = katalog.zielgruppen[kennung]
        spalten[gruppe.bezeichnung] = pd.Series(
            {
                g: bestand_in(freigabe, str(g), gruppe).kategorie
                for g in freigabe.gebiete.index
            }
        )
    return Blatt(
        name="Angebotslage",
        titel="Lage des Angebotsbestands je Gebiet und Zielgruppe",
        tabelle=_mit_namen(freigabe, pd.DataFrame(spalten)),
        hinweise=("„Kein Angebot bekannt“ heißt nicht, dass es keines gibt.",),
    )


def _angebote(auswertung: Auswertung) -> Blatt:
    angebote = auswertung.freigabe.angebote
    tabelle = angebote[list(ANGEBOTSSPALTEN)].copy()
    for spalte in ("beginn", "ende", "pruefdatum"):
        tabelle[spalte] = tabelle[spalte].dt.strftime("%d.%m.%Y").fillna("")
    tabelle["plaetze"] = (
        tabelle["plaetze"]
        .astype("object")
        .where(tabelle["plaetze"].notna(), "nicht bekannt")
    )
    return Blatt(
        name="Angebote",
        titel="Bestand der Angebote mit Einzelbelegen",
        tabelle=tabelle.rename(columns=ANGEBOTSSPALTEN).rename_axis("Kennung"),
        hinweise=("Fundliste; nicht aufgeführte Angebote sind nicht bekannt.",),
    )
