"""Was steht auf den zwei Seiten über ein Gebiet? Angebote zuerst, dann Zahlen."""

import pandas as pd

from quartierstools.angebote import angebote_fuer
from quartierstools.ausgabe.kennzahlentafel import Blatt, kennzahlentafel
from quartierstools.ausgabe.klassenbilder import anzeigewerte, vorhandene_indikatoren
from quartierstools.ausgabe.rahmen import (
    grenzen_der_daten,
    quellenabsatz,
    schriftstueck,
)
from quartierstools.auswertung import Auswertung, Bedarf
from quartierstools.begruendung.beleg import (
    Beleg,
    Niederschrift,
)
from quartierstools.begruendung.bestandstext import angebotstabelle
from quartierstools.begruendung.kennzahlen import zeitangabe
from quartierstools.darstellung import lagekarte, punktstreifen
from quartierstools.dokument import (
    Absatz,
    Block,
    Dokument,
    Felder,
    Liste,
    Nebeneinander,
    Seitenumbruch,
    Spalte,
    Tabelle,
    Ueberschrift,
    inhalt,
    kursiv,
    offen,
)
from quartierstools.katalog.modelle import EINHEIT_TEXT
from quartierstools.schreibweise import (
    aufzaehlung,
    datum_text,
    gross,
    mehrzahl,
    prozent_text,
)

HOECHSTENS_ANGEBOTE = 9

STREIFEN = 2
"""So viele Punktstreifen passen auf die erste Seite."""

AEHNLICHE = 3
EINZELWERTE = 6


def steckbrief(
    auswertung: Auswertung, gebiet: str, *, lauf: str = ""
) -> tuple[Dokument, tuple[Beleg, ...]]:
    """Zweiseitiger Steckbrief; auch für Gebiete ohne Werte."""
    freigabe = auswertung.freigabe
    name = str(freigabe.gebiete.loc[gebiet, "name"])
    blatt = Blatt(
        auswertung=auswertung,
        gebiet=gebiet,
        name=name,
        schrift=Niederschrift(freigabe),
    )
    bloecke: list[Block] = [
        _kopf(blatt),
        Ueberschrift("Was es hier gibt"),
        *_angebote(blatt),
        Ueberschrift("Kennzahlen"),
        kennzahlentafel(blatt),
        *_streifen(blatt),
        Seitenumbruch(),
        Ueberschrift("Zielgruppen"),
        _zielgruppen(blatt),
        Ueberschrift("Ähnliche Gebiete und Gruppe"),
        *_gruppe(blatt),
        Ueberschrift("Fachliche Einschätzung"),
        Absatz((offen("Einschätzung, Funktion, Einrichtung, Datum, Status"),)),
        *_teilraum(blatt),
        *_einzelwerte(blatt),
        Ueberschrift("Grenzen der Daten"),
        grenzen_der_daten(freigabe),
    ]
    if blatt.schrift.belege:
        bloecke.append(quellenabsatz(blatt.schrift.quellenliste()))
    dokument = schriftstueck(
        auswertung,
        titel=name,
        gattung="Steckbrief",
        untertitel=f"Schlüssel {gebiet} · Stadtbezirk "
        f"{blatt.merkmal('stadtbezirk_name')}",
        bloecke=bloecke,
        lauf=lauf,
    )
    return dokument, blatt.schrift.belege


def _kopf(blatt: Blatt) -> Block:
    projekt = blatt.auswertung.projekt
    karte = lagekarte(
        blatt.freigabe.gebiete,
        blatt.gebiet,
        blatt.freigabe.stadtbezirke,
        hinweis=projekt.grenzhinweis,
    )
    anzahl = len(_hier(blatt))
    bestand = (
        f"der Bestand nennt hier {mehrzahl(anzahl, 'Angebot', 'Angebote')}"
        if anzahl
        else "im Bestand ist hier kein Angebot bekannt; es kann dennoch eines geben"
    )
    bezirk = blatt.merkmal("stadtbezirk_name")
    satz = f"{blatt.name} liegt im Stadtbezirk {bezirk}; {bestand}."
    felder = Felder(
        paare=(
            ("In einem Satz", inhalt(satz)),
            ("Datenstand", inhalt(_datenstand(blatt))),
            ("Bezugsdatum", inhalt(datum_text(projekt.bezugsdatum))),
            *(
                (("Hinweis", inhalt(f"{blatt.merkmal('hinweis')}.")),)
                if blatt.merkmal("hinweis")
                else ()
            ),
        )
    )
    return Nebeneinander(felder, karte, anteil_links=0.66)


def _datenstand(blatt: Blatt) -> str:
    """Herkunft der Werte dieses Gebiets; ohne Werte sagt sie, dass keine da sind."""
    werte = blatt.freigabe.werte
    eigene = werte[(werte["ebene"] == "gebiet") & (werte["gebiet"] == blatt.gebiet)]
    if not (eigene["wertart"] == "Zahl").any():
        return "Für dieses Gebiet liegt kein Wert vor."
    quellen = blatt.freigabe.katalog.quellen
    herkunft = sorted({quellen[q].herkunft for q in set(eigene["quelle"])})
    return f"Werte: {aufzaehlung(herkunft)}"


def _hier(blatt: Blatt) -> pd.DataFrame:
    alle = angebote_fuer(
        blatt.freigabe.angebote,
        gebiet=blatt.gebiet,
        stadtbezirk=blatt.merkmal("stadtbezirk"),
        bezugsdatum=blatt.auswertung.projekt.bezugsdatum,
    )
    return alle[(alle["bezug"] == "hier") & (alle["lage"] != "beendet")]


def _angebote(blatt: Blatt) -> list[Block]:
    hier = _hier(blatt)
    bloecke: list[Block] = []
    if len(hier):
        titel = f"Angebote {blatt.merkmal('wo')}"
        bloecke.append(angebotstabelle(hier.head(HOECHSTENS_ANGEBOTE), titel))
    rest = max(0, len(hier) - HOECHSTENS_ANGEBOTE)
    weitere = f"{mehrzahl(rest, 'weiteres', 'weitere')} in der Anlage. " if rest else ""
    text = (
        f"{weitere}Angebote für den ganzen Stadtbezirk oder die Stadt, mit wechselndem "
        "Ort und beendete stehen in der Anlage. Nicht bekannt heißt nicht, dass es "
        "nichts gibt."
    )
    bloecke.append(Absatz(inhalt(text), art="klein"))
    return bloecke


def _streifen(blatt: Blatt) -> list[Block]:
    """Alle Werte als Punkte, dieses Gebiet hervorgehoben, Lücken als Zahl."""
    freigabe, ebene = blatt.freigabe, blatt.auswertung.projekt.ebene
    indikatoren = freigabe.katalog.indikatoren
    gezeigt = [
        i
        for i in vorhandene_indikatoren(freigabe)
        if not indikatoren[i].ohne_einstufung and indikatoren[i].einheit != "anzahl"
    ]
    return [
        punktstreifen(
            anzeigewerte(freigabe, kennung),
            blatt.gebiet,
            titel=indikatoren[kennung].bezeichnung,
            einheit=EINHEIT_TEXT[indikatoren[kennung].einheit],
            stellen=indikatoren[kennung].stellen,
            wertart=freigabe.wertarten(kennung),
            namen=freigabe.gebiete["name"].to_dict(),
            gebietswort=(ebene.kurz, ebene.kurz_mehrere),
        )
        for kennung in gezeigt[:STREIFEN]
    ]


def _zielgruppen(blatt: Blatt) -> Tabelle:
    zeilen = []
    katalog = blatt.auswertung.katalog
    for kennung in blatt.auswertung.projekt.zielgruppen:
        ergebnis = blatt.auswertung.bedarf(kennung)
        gruppe = katalog.zielgruppen[kennung]
        if not isinstance(ergebnis, Bedarf):
            fehlt = [katalog.indikatoren[i].bezeichnung for i in ergebnis.fehlend]
            text = f"Es fehlen: {aufzaehlung(fehlt)}."
            zeilen.append(
                (inhalt(gruppe.bezeichnung), inhalt(ergebnis.art), inhalt(text))
            )
            continue
        zeilen.append(
            (
                inhalt(gruppe.bezeichnung),
                inhalt(ergebnis.messung.art),
                inhalt(_einstufung(ergebnis, blatt.gebiet)),
            )
        )
    return Tabelle(
        titel="Einstufung je Zielgruppe",
        spalten=(
            Spalte("Zielgruppe", anteil=2),
            Spalte("Gemessen", anteil=1),
            Spalte("Einstufung und was fehlt", anteil=4),
        ),
        zeilen=tuple(zeilen),
    )


def _einstufung(ergebnis: Bedarf, gebiet: str) -> str:
    zeile = ergebnis.tafel.loc[gebiet]
    if pd.isna(zeile["klasse"]):
        return "Ohne Einstufung: Ein Wert fehlt, ist gesperrt oder nicht sinnvoll."
    halt = prozent_text(float(zeile["haltbarkeit"]), stellen=0)
    grenzfall = "; Grenzfall" if zeile["grenzfall"] else ""
    return (
        f"{gross(str(zeile['wort']))}; hält in {halt} der Rechenvarianten{grenzfall}."
    )


def _gruppe(blatt: Blatt) -> list[Block]:
    ergebnis = blatt.auswertung.typen()
    typ = ergebnis.typ[blatt.gebiet]
    if pd.isna(typ):
        grund = ergebnis.sonderfaelle.get(
            blatt.gebiet, "Ein Merkmal fehlt, ist gesperrt oder nicht sinnvoll."
        )
        return [Absatz(inhalt(f"Ohne Gruppe: {grund}"))]
    texte = [
        f"{ergebnis.wort} {typ}, im Schnitt der Gruppe: {ergebnis.portraets[str(typ)]}."
    ]
    if ergebnis.nur_beschreibung:
        texte.append("Die Gruppen sind nur eine Beschreibung; ein Beleg fehlt.")
    if blatt.gebiet in ergebnis.grenzfaelle:
        texte.append("Das Gebiet ist ein Grenzfall zwischen zwei Gruppen.")
    namen = blatt.freigabe.gebiete["name"]
    aehnlich = [str(namen[g]) for g in aehnliche(ergebnis.merkmale, blatt.gebiet)]
    texte.append(f"Am ähnlichsten in diesen Merkmalen: {aufzaehlung(aehnlich)}.")
    return [Absatz(inhalt(" ".join(texte)))]


def aehnliche(
    merkmale: pd.DataFrame, gebiet: str, anzahl: int = AEHNLICHE
) -> list[str]:
    """Gebiete mit dem kleinsten Abstand der standardisierten Merkmale.

    Examples
    --------
    >>> m = pd.DataFrame({"a": [1.0, 1.1, 5.0]}, index=["10", "11", "12"])
    >>> aehnliche(m, "10", 1)
    ['11']
    """
    streuung = merkmale.std(ddof=0)
    z = (merkmale - merkmale.mean()) / streuung.where(streuung > 0, 1.0)
    abstand = ((z - z.loc[gebiet]) ** 2).sum(axis=1, skipna=False) ** 0.5
    folge = abstand.drop(gebiet).dropna().sort_index()
    return list(map(str, folge.sort_values(kind="stable").index[:anzahl]))


def _teilraum(blatt: Blatt) -> list[Block]:
    teilraum = blatt.merkmal("teilraum")
    if not teilraum:
        return []
    text = f"{teilraum}. Werte für das ganze Gebiet können solche Teilräume verdecken."
    return [Ueberschrift("Bekannte Teilräume"), Absatz(inhalt(text))]


def _einzelwerte(blatt: Blatt) -> list[Block]:
    """Einzelne veröffentlichte Werte, ausdrücklich nicht vergleichbar."""
    werte = blatt.freigabe.einzelwerte
    eigene = werte[(werte["ebene"] == "gebiet") & (werte["gebiet"] == blatt.gebiet)]
    eigene = eigene.drop_duplicates(["bezeichnung", "wert", "stichtag"])
    if eigene.empty:
        return []
    punkte = []
    for kennung in list(map(str, eigene.index))[:EINZELWERTE]:
        wert, verweis = blatt.schrift.einzelwert(kennung)
        zeile = eigene.loc[kennung]
        bezeichnung = str(zeile["bezeichnung"])
        text = f"{bezeichnung}{zeitangabe(bezeichnung, str(zeile['stichtag']))}: "
        punkte.append(inhalt(text, wert, f" {verweis}"))
    hinweis = (kursiv("Verschiedene Messungen, untereinander nicht vergleichbar."),)
    return [
        Ueberschrift("Weitere veröffentlichte Einzelwerte"),
        Absatz(hinweis),
        Liste(tuple(punkte)),
    ]
