"""Was steht auf den zwei Seiten über ein Gebiet? Angebote zuerst, dann Zahlen."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from quartierstools.angebote import angebote_fuer
from quartierstools.ausgabe.kennzahlentafel import (
    Blatt,
    kennzahlentafel,
    stichtage,
)
from quartierstools.ausgabe.rahmen import (
    grenzen_der_daten,
    quellenabsatz,
    schriftstueck,
)
from quartierstools.ausgabe.wegetafel import wege
from quartierstools.auswertung import (
    Auswertung,
    Bedarf,
    haltwort,
    mangelsatz,
    wertluecke,
)
from quartierstools.begruendung import lagetexte
from quartierstools.begruendung.beleg import (
    Beleg,
    Niederschrift,
)
from quartierstools.begruendung.bestandstext import angebotstabelle
from quartierstools.begruendung.kennzahlen import zeitangabe
from quartierstools.darstellung import (
    Verlauf,
    lagekarte,
    punktstreifen,
    verlaufstafel,
)
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
    fett,
    inhalt,
    kursiv,
    offen,
    reiner_text,
)
from quartierstools.geheimhaltung import Zelle
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
"""Höchstens so viele Punktstreifen stehen auf der ersten Seite."""

ZEILEN_SEITE_1, ZEILEN_JE_STREIFEN, ZEICHEN_JE_ZEILE = 22, 6, 96
"""Neben so vielen Tabellenzeilen haben alle Streifen Platz; so viele kostet einer."""

VERLAEUFE = (6, 3, 0)
"""Höchstens so viele Zeitreihen; weniger, je mehr Seite 2 sonst zu sagen hat."""

KARTE_MM = 46.0

AEHNLICHE = 3
EINZELWERTE = 6


def steckbrief(
    auswertung: Auswertung, gebiet: str, *, lauf: str = ""
) -> tuple[Dokument, tuple[Beleg, ...]]:
    """Zweiseitiger Steckbrief; auch für Gebiete ohne Werte."""
    freigabe = auswertung.freigabe
    name = str(freigabe.gebietszeile(gebiet)["name"])
    blatt = Blatt(
        auswertung=auswertung,
        gebiet=gebiet,
        name=name,
        schrift=Niederschrift(freigabe),
    )
    angebote, tafel = _angebote(blatt), kennzahlentafel(blatt)
    weg, besonderes = wege(blatt), [*_teilraum(blatt), *_einzelwerte(blatt)]
    einschaetzung = _einschaetzung(blatt)
    mehr = bool(besonderes) + isinstance(einschaetzung, Liste)
    bloecke: list[Block] = [
        _kopf(blatt),
        Ueberschrift("Was es hier gibt"),
        *angebote,
        Ueberschrift("Kennzahlen"),
        tafel,
        *_streifen(blatt, _streifenzahl([*angebote, tafel])),
        Seitenumbruch(),
        Ueberschrift("Zielgruppen"),
        _zielgruppen(blatt),
        *weg,
        *_verlauf(blatt, VERLAEUFE[mehr]),
        Ueberschrift("Ähnliche Gebiete und Gruppe"),
        *_gruppe(blatt),
        Ueberschrift("Fachliche Einschätzung"),
        einschaetzung,
        *besonderes,
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
        breite_mm=KARTE_MM,
        raster=False,
    )
    anzahl = len(_hier(blatt))
    bestand = (
        f"nennt der Bestand {mehrzahl(anzahl, 'Angebot', 'Angebote')}"
        if anzahl
        else "ist im Bestand kein Angebot bekannt; es kann dennoch eines geben"
    )
    ort = gross(blatt.merkmal("wo"))
    satz = f"{ort} (Stadtbezirk {blatt.merkmal('stadtbezirk_name')}) {bestand}."
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
    return Nebeneinander(felder, replace(karte, breite=1.0), anteil_links=0.72)


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


def _streifenzahl(bloecke: Sequence[Block]) -> int:
    """Alle Streifen, wenn die Tabellen kurz sind; sonst weniger."""
    zeilen = sum(_zeilen(b) for b in bloecke if isinstance(b, Tabelle))
    zu_viel = max(0, zeilen - ZEILEN_SEITE_1)
    return max(0, STREIFEN - -(-zu_viel // ZEILEN_JE_STREIFEN))


def _zeilen(tabelle: Tabelle) -> int:
    """Geschätzte Zeilen im Druck; lange Zellen brechen in ihrer Spalte um."""
    summe = sum(spalte.anteil for spalte in tabelle.spalten)
    breiten = [ZEICHEN_JE_ZEILE * spalte.anteil / summe for spalte in tabelle.spalten]
    return sum(
        max(
            math.ceil(len(reiner_text(zelle)) / breite)
            for zelle, breite in zip(zeile, breiten, strict=True)
        )
        for zeile in tabelle.zeilen
    )


def _streifen(blatt: Blatt, anzahl: int) -> list[Block]:
    """Alle Werte als Punkte, dieses Gebiet hervorgehoben, Stadtwert als Strich."""
    freigabe, ebene = blatt.freigabe, blatt.auswertung.projekt.ebene
    indikatoren = freigabe.katalog.indikatoren
    gezeigt = [
        i
        for i in blatt.wichtig
        if not indikatoren[i].ohne_einstufung
        and indikatoren[i].einheit != "anzahl"
        and freigabe.liegt_vor(i)
    ]
    namen = freigabe.gebiete["name"].to_dict()
    streifen: list[Block] = []
    for kennung in gezeigt[:anzahl]:
        indikator = indikatoren[kennung]
        faktor = 100 if indikator.einheit == "prozent" else 1
        stadt = freigabe.zelle("stadt", kennung, ebene="stadt").wert
        streifen.append(
            punktstreifen(
                blatt.werte[kennung] * faktor,
                blatt.gebiet,
                titel=indikator.bezeichnung,
                einheit=EINHEIT_TEXT[indikator.einheit],
                stellen=indikator.stellen,
                wertart=freigabe.wertarten(kennung),
                namen=namen,
                gebietswort=(ebene.kurz, ebene.kurz_mehrere),
                stadtwert=None if stadt is None else stadt * faktor,
                raster=False,
            )
        )
    return streifen


def _verlauf(blatt: Blatt, hoechstens: int) -> list[Block]:
    """Zeitreihen der wichtigsten Kennzahlen; eine mit Bruch ist immer dabei."""
    freigabe = blatt.freigabe
    indikatoren = freigabe.katalog.indikatoren
    moeglich = [
        k
        for k in blatt.wichtig
        if not indikatoren[k].ohne_einstufung
        and indikatoren[k].einheit != "anzahl"
        and _verlaeuft(blatt, k)
    ]
    if not moeglich or not hoechstens:
        return []
    gewaehlt = moeglich[:hoechstens]
    gebrochen = [k for k in moeglich if indikatoren[k].brueche]
    if gebrochen and not set(gebrochen) & set(gewaehlt):
        gewaehlt = [*gewaehlt[: hoechstens - 1], gebrochen[0]]
    tafel = verlaufstafel(
        [_zeitreihe(blatt, kennung) for kennung in gewaehlt],
        gebietsname=blatt.name,
        titel="Jedes Feld hat seine eigene Achse. Werte schwanken auch zufällig.",
        raster=False,
    )
    return [Ueberschrift("Verlauf"), tafel]


def _verlaeuft(blatt: Blatt, kennung: str) -> bool:
    """Ob das Gebiet mehr als einen freigegebenen Wert hat; sonst bliebe es leer."""
    tage = stichtage(blatt.freigabe, kennung)
    eigene = [
        blatt.freigabe.zelle(blatt.gebiet, kennung, stichtag=tag).wertart == "Zahl"
        for tag in tage
    ]
    return sum(eigene) > 1


def _zeitreihe(blatt: Blatt, kennung: str) -> Verlauf:
    """Werte des Gebiets und der Stadt je Stichtag, in der gedruckten Einheit."""
    freigabe = blatt.freigabe
    indikator = freigabe.katalog.indikatoren[kennung]
    faktor = 100 if indikator.einheit == "prozent" else 1
    tage = stichtage(freigabe, kennung)

    def zellen(gebiet: str, ebene: str) -> dict[str, Zelle]:
        return {
            tag: freigabe.zelle(gebiet, kennung, ebene=ebene, stichtag=tag)
            for tag in tage
        }

    def reihe(zeile: dict[str, Zelle]) -> pd.Series:
        werte = {tag: zelle.wert for tag, zelle in zeile.items()}
        return pd.Series(werte, dtype="float64") * faktor

    eigene = zellen(blatt.gebiet, "gebiet")
    return Verlauf(
        titel=indikator.spaltenname,
        gebiet=reihe(eigene),
        stadt=reihe(zellen("stadt", "stadt")),
        einheit=EINHEIT_TEXT[indikator.einheit],
        stellen=indikator.stellen,
        brueche=indikator.bruchtage(tage),
        luecken={t: z.wertart for t, z in eigene.items() if z.wertart != "Zahl"},
    )


def _zielgruppen(blatt: Blatt) -> Tabelle:
    zeilen = []
    katalog = blatt.auswertung.katalog
    for kennung in blatt.auswertung.projekt.zielgruppen:
        ergebnis = blatt.auswertung.bedarf(kennung)
        gruppe = katalog.zielgruppen[kennung]
        if not isinstance(ergebnis, Bedarf):
            text = mangelsatz(blatt.freigabe, ergebnis.fehlend)
            zeilen.append(
                (inhalt(gruppe.bezeichnung), inhalt(ergebnis.art), inhalt(text))
            )
            continue
        zeilen.append(
            (
                inhalt(gruppe.bezeichnung),
                inhalt(ergebnis.messung.art),
                inhalt(_einstufung(ergebnis, blatt)),
            )
        )
    return Tabelle(
        titel="Einstufung je Zielgruppe",
        spalten=(
            Spalte("Zielgruppe", anteil=2),
            Spalte("Gemessen", anteil=1.1),
            Spalte("Einstufung und was fehlt", anteil=4),
        ),
        zeilen=tuple(zeilen),
    )


def _einstufung(ergebnis: Bedarf, blatt: Blatt) -> str:
    zeile = ergebnis.tafel.loc[blatt.gebiet]
    if pd.isna(zeile["klasse"]):
        grund = wertluecke(blatt.freigabe, ergebnis.messung.indikatoren, [blatt.gebiet])
        return f"Ohne Einstufung: {gross(grund)}." if grund else "Ohne Einstufung."
    halt = prozent_text(float(zeile["haltbarkeit"]), stellen=0)
    grenzfall = "; Grenzfall" if zeile["grenzfall"] else ""
    haelt = haltwort(gesenkt=bool(zeile["gesenkt"]))
    return (
        f"{gross(str(zeile['wort']))}; {haelt} {halt} der Rechenvarianten{grenzfall}."
    )


def _einschaetzung(blatt: Blatt) -> Block:
    """Fachurteile und Einschätzungen der Vorhaben; sonst Platz zum Ausfüllen."""
    auswertung, punkte = blatt.auswertung, []
    for kennung in auswertung.projekt.zielgruppen:
        lage = auswertung.angebotslage(kennung)
        eigenes = lagetexte.urteil(lage, blatt.gebiet)
        if eigenes is not None:
            kopf = f"{lage.zielgruppe.bezeichnung}, {eigenes['urteil']}: "
            satz = lagetexte.urteilssatz(lage, blatt.gebiet)
            punkte.append(inhalt(fett(kopf), satz))
    punkte += [
        inhalt(fett(f"{vorhaben.name}: "), vorhaben.fachliche_einschaetzung)
        for vorhaben in auswertung.katalog.vorhaben.values()
        if blatt.gebiet in vorhaben.gebiete and vorhaben.fachliche_einschaetzung
    ]
    if punkte:
        return Liste(tuple(punkte))
    return Absatz((offen("Einschätzung, Funktion, Einrichtung, Datum, Status"),))


def _gruppe(blatt: Blatt) -> list[Block]:
    ergebnis = blatt.auswertung.typen()
    typ = ergebnis.typ[blatt.gebiet]
    if pd.isna(typ):
        if not ergebnis.portraets:
            return [Absatz(inhalt(ergebnis.begruendung))]
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
