"""Was braucht eine Bezirksvertretung? Zwei Seiten je Stadtbezirk, Angebote zuerst."""

from dataclasses import dataclass

import pandas as pd

from quartierstools.angebote import angebote_fuer
from quartierstools.angebote.luecke import MONATE
from quartierstools.ausgabe.rahmen import (
    grenzen_der_daten,
    quellenabsatz,
    schriftstueck,
)
from quartierstools.auswertung import Auswertung, Bedarf, haltwort, wertluecke
from quartierstools.begruendung.beleg import Beleg, Niederschrift
from quartierstools.begruendung.kennzahlen import UM_DAS_MITTEL
from quartierstools.begruendung.saetze import FAST_ALLE, einstufung
from quartierstools.begruendung.stoff import status_von
from quartierstools.begruendung.worte import weitere, zahl_der_gebiete
from quartierstools.dokument import (
    Absatz,
    Block,
    Dokument,
    Inhalt,
    Liste,
    Seitenumbruch,
    Spalte,
    Tabelle,
    Ueberschrift,
    fett,
    inhalt,
)
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog import Vorhaben
from quartierstools.schreibweise import (
    aufzaehlung,
    datum_text,
    gross,
    prozent_text,
    zahlwort,
)

HOECHSTENS_GEBIETE = 12
"""So viele Gebiete passen mit Einstufung und Angeboten auf zwei Seiten."""

HOECHSTENS_UEBERBLICK = 20
"""Bis zu so vielen Gebieten zeigt eine Tabelle jede Einstufung."""

NAMEN_JE_GEBIET = 4
HOECHSTENS_ENDEN = 8

BALD = "; läuft in den nächsten zwölf Monaten aus"

STAND = {"ungeprüft": "ungeprüft", "läuft aus": "geprüft, läuft aus"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bezirk:
    """Ein Stadtbezirk mit allem, was sein Auszug zeigt."""

    auswertung: Auswertung
    schluessel: str
    schrift: Niederschrift

    @property
    def freigabe(self) -> Freigabe:
        return self.auswertung.freigabe

    @property
    def name(self) -> str:
        return str(self.freigabe.stadtbezirke.loc[self.schluessel, "name"])

    @property
    def gebiete(self) -> list[str]:
        alle = self.freigabe.gebiete
        return list(map(str, alle.index[alle["stadtbezirk"] == self.schluessel]))

    def ort(self, gebiet: str) -> str:
        return str(self.freigabe.gebiete.loc[gebiet, "name"])

    def angebote(self, gebiet: str) -> pd.DataFrame:
        """Angebote, die hier wirken können, ohne beendete."""
        alle = angebote_fuer(
            self.freigabe.angebote,
            gebiet=gebiet,
            stadtbezirk=self.schluessel,
            bezugsdatum=self.auswertung.projekt.bezugsdatum,
        )
        return alle[alle["lage"] != "beendet"]

    def messbare(self) -> list[tuple[str, Bedarf]]:
        """Messbare Zielgruppen mit ihrer Bezeichnung."""
        gruppen = self.auswertung.katalog.zielgruppen
        kennungen = self.auswertung.projekt.zielgruppen
        paare = [(gruppen[k].bezeichnung, self.auswertung.bedarf(k)) for k in kennungen]
        return [(name, e) for name, e in paare if isinstance(e, Bedarf)]


def stadtbezirksauszug(
    auswertung: Auswertung, stadtbezirk: str, *, lauf: str = ""
) -> tuple[Dokument, tuple[Beleg, ...]]:
    """Auszug für eine Bezirksvertretung mit den Belegen seiner Zahlen.

    Parameters
    ----------
    stadtbezirk : str
        Schlüssel des Stadtbezirks.
    """
    auswertung.freigabe.gebietszeile(stadtbezirk, "stadtbezirk")
    bezirk = _Bezirk(
        auswertung=auswertung,
        schluessel=stadtbezirk,
        schrift=Niederschrift(auswertung.freigabe),
    )
    bloecke: list[Block] = [
        Ueberschrift("Was es gibt"),
        *_bestand(bezirk),
        Ueberschrift("Was ausläuft"),
        _enden(bezirk),
        *_ueberblick(bezirk),
        Ueberschrift("Was auffällt"),
        *_auffaelliges(bezirk),
        Seitenumbruch(),
        Ueberschrift("Geplante Vorhaben"),
        _vorhaben(bezirk),
        Ueberschrift("Was nicht bekannt ist"),
        _nicht_bekannt(bezirk),
        Ueberschrift("Grenzen der Daten"),
        grenzen_der_daten(auswertung.freigabe),
    ]
    if bezirk.schrift.belege:
        bloecke.append(quellenabsatz(bezirk.schrift.quellenliste()))
    anzahl = zahl_der_gebiete(len(bezirk.gebiete), auswertung.projekt.ebene)
    dokument = schriftstueck(
        auswertung,
        titel=f"Stadtbezirk {bezirk.name}",
        gattung="Auszug für die Bezirksvertretung",
        untertitel=gross(anzahl),
        bloecke=bloecke,
        lauf=lauf,
    )
    return dokument, bezirk.schrift.belege


def _bestand(bezirk: _Bezirk) -> list[Block]:
    """Angebote je Gebiet, dann die für den ganzen Stadtbezirk."""
    if bezirk.freigabe.angebote.empty:
        return [Absatz(inhalt("Ein Bestand der Angebote liegt nicht vor."))]
    ebene = bezirk.auswertung.projekt.ebene
    zeilen: list[tuple[Inhalt, ...]] = []
    ohne: list[str] = []
    for gebiet in bezirk.gebiete:
        hier = bezirk.angebote(gebiet)
        hier = hier[hier["bezug"] == "hier"]
        if hier.empty:
            ohne.append(bezirk.ort(gebiet))
        else:
            zeilen.append((inhalt(bezirk.ort(gebiet)), inhalt(_namen(hier))))
    uebrig = zeilen[HOECHSTENS_GEBIETE:]
    zeilen = zeilen[:HOECHSTENS_GEBIETE]
    offen = bezirk.angebote(bezirk.gebiete[0])
    offen = offen[offen["bezug"] == "stadtbezirk"]
    if not offen.empty:
        wo = f"im Stadtbezirk, {ebene.kurz} nicht genannt"
        zeilen.append((inhalt(wo), inhalt(_namen(offen))))
    bloecke: list[Block] = []
    if zeilen:
        spalten = (Spalte(gross(ebene.kurz)), Spalte("Bekannte Angebote", anteil=3.2))
        titel = "Bekannte Angebote, mit Stand der Angabe"
        bloecke.append(Tabelle(titel=titel, spalten=spalten, zeilen=tuple(zeilen)))
    saetze = []
    if uebrig:
        saetze.append(f"{gross(weitere(len(uebrig), ebene))}: siehe Anlage.")
    if ohne:
        saetze.append(f"Kein Angebot am Ort bekannt: {_bis(ohne, bezirk)}.")
    saetze.append("Nicht bekannt heißt nicht, dass es nichts gibt.")
    saetze.append("Stadtweite Angebote und wechselnde Orte stehen in der Anlage.")
    bloecke.append(Absatz(inhalt(" ".join(saetze))))
    return bloecke


def _namen(angebote: pd.DataFrame) -> str:
    """Namen mit Stand; was nicht mehr passt, als Zahl."""
    teile = [
        f"{zeile['name']} ({STAND.get(str(zeile['lage']), 'geprüft')})"
        for _, zeile in angebote.head(NAMEN_JE_GEBIET).iterrows()
    ]
    rest = len(angebote) - NAMEN_JE_GEBIET
    if rest > 0:
        anzahl = "ein weiteres" if rest == 1 else f"{zahlwort(rest)} weitere"
        teile.append(f"{anzahl} in der Anlage")
    return "; ".join(teile)


def _bis(namen: list[str], bezirk: _Bezirk) -> str:
    """Höchstens `HOECHSTENS_GEBIETE` Namen, der Rest als Zahl."""
    genannt = namen[:HOECHSTENS_GEBIETE]
    rest = len(namen) - len(genannt)
    if rest:
        genannt = [*genannt, weitere(rest, bezirk.auswertung.projekt.ebene)]
    return aufzaehlung(genannt)


def _enden(bezirk: _Bezirk) -> Block:
    """Angebote mit bekanntem Ende, frühestes zuerst."""
    gesammelt = [
        a[(a["bezug"].isin(["hier", "stadtbezirk"])) & a["ende"].notna()]
        for a in map(bezirk.angebote, bezirk.gebiete)
    ]
    enden = pd.concat(gesammelt)
    enden = enden[~enden.index.duplicated()].sort_index()
    enden = enden.sort_values("ende", kind="stable")
    if bezirk.freigabe.angebote.empty:
        return Absatz(inhalt("Nicht bekannt; ein Bestand liegt nicht vor."))
    if enden.empty:
        text = "Für kein laufendes Angebot im Stadtbezirk ist ein Ende bekannt."
        return Absatz(inhalt(text))
    bezug = pd.Timestamp(bezirk.auswertung.projekt.bezugsdatum)
    frist = bezug + pd.DateOffset(months=MONATE)
    punkte = [
        inhalt(
            fett(datum_text(zeile["ende"].date())),
            f": {zeile['name']}, {zeile['traeger']}"
            f"{BALD if zeile['ende'] <= frist else ''}.",
        )
        for _, zeile in enden.head(HOECHSTENS_ENDEN).iterrows()
    ]
    if len(enden) > HOECHSTENS_ENDEN:
        punkte.append(inhalt("Spätere Enden stehen in der Anlage."))
    return Liste(tuple(punkte))


def _ueberblick(bezirk: _Bezirk) -> list[Block]:
    """Einstufung jedes Gebiets; entfällt, wo sie nicht auf die Seiten passt."""
    messbar = bezirk.messbare()
    ebene = bezirk.auswertung.projekt.ebene
    if not messbar or len(bezirk.gebiete) > HOECHSTENS_UEBERBLICK:
        return []
    zeilen = [
        (inhalt(bezirk.ort(g)), *(inhalt(_wort(e, g)) for _, e in messbar))
        for g in bezirk.gebiete
    ]
    tabelle = Tabelle(
        titel="Einstufung je Zielgruppe, Reihenfolge nach Schlüssel",
        spalten=(
            Spalte(gross(ebene.kurz), anteil=1.3),
            *(Spalte(gruppe, anteil=1.6) for gruppe, _ in messbar),
        ),
        zeilen=tuple(zeilen),
    )
    return [Ueberschrift(f"Die {ebene.kurz_mehrere} im Vergleich"), tabelle]


def _wort(ergebnis: Bedarf, gebiet: str) -> str:
    wort = ergebnis.tafel["wort"].loc[gebiet]
    return wort if isinstance(wort, str) else "ohne Einstufung"


def _auffaelliges(bezirk: _Bezirk) -> list[Block]:
    """Gebiete über dem Mittel je messbarer Zielgruppe, mit Wort und Haltbarkeit."""
    punkte: list[Inhalt] = []
    ebene = bezirk.auswertung.projekt.ebene
    for gruppe, ergebnis in bezirk.messbare():
        klassen = ergebnis.klasse.reindex(bezirk.gebiete)
        obere = [g for g in bezirk.gebiete if _ueber(klassen[g])]
        punkte += [
            _befund(bezirk, gruppe, ergebnis, g) for g in _erste(obere, ergebnis)
        ]
        rest = len(obere) - HOECHSTENS_GEBIETE
        if rest > 0:
            text = f": {weitere(rest, ebene)} über dem Mittel; siehe Bericht."
            punkte.append(inhalt(fett(gruppe), text))
        if not obere and klassen.notna().any():
            bereich = zahl_der_gebiete(0, ebene)
            punkte.append(inhalt(fett(gruppe), f": {bereich} liegt über dem Mittel."))
    if not punkte:
        text = "Keine Zielgruppe ist hier messbar; was fehlt, steht unten."
        return [Absatz(inhalt(text))]
    bloecke: list[Block] = [Liste(tuple(punkte))]
    zahlen = [beleg for beleg in bezirk.schrift.belege if beleg.art == "wert"]
    if zahlen:
        text = "Reihenfolge nach Schlüssel. Über Angebote entscheiden Menschen."
        bloecke.append(Absatz(inhalt(text), art="klein"))
    return bloecke


def _ueber(klasse: object) -> bool:
    return klasse is not pd.NA and int(str(klasse)) > UM_DAS_MITTEL


def _erste(obere: list[str], ergebnis: Bedarf) -> list[str]:
    """Höchstens `HOECHSTENS_GEBIETE`: äußere Klasse zuerst, dann nach Schlüssel."""
    folge = sorted(obere, key=lambda g: (-int(ergebnis.klasse[g]), g))
    return sorted(folge[:HOECHSTENS_GEBIETE])


def _befund(bezirk: _Bezirk, gruppe: str, ergebnis: Bedarf, gebiet: str) -> Inhalt:
    """Ein Gebiet: stärkste Zahl, Einstufung, Haltbarkeit."""
    beitraege = ergebnis.modell.beitraege_.loc[gebiet].fillna(0).sort_index()
    kennung = str(beitraege.idxmax())
    indikator = bezirk.auswertung.katalog.indikatoren[kennung]
    zelle = bezirk.freigabe.zelle(gebiet, kennung)
    quelle = zelle.quelle
    verweis = f" {bezirk.schrift.quelle(quelle, kennung)}" if quelle else ""
    mehrere = bezirk.auswertung.projekt.ebene.kurz_mehrere
    anteil = float(ergebnis.tafel["haltbarkeit"].loc[gebiet])
    text = prozent_text(anteil, stellen=0)
    was = f"Haltbarkeit, {bezirk.ort(gebiet)}, {gruppe}"
    haelt = (
        inhalt("allen geprüften")
        if anteil >= FAST_ALLE
        else inhalt(
            bezirk.schrift.rechnung(text, was, gebiet=gebiet, formel="haltbarkeit"),
            " der",
        )
    )
    grenzfall = "; Grenzfall" if ergebnis.tafel["grenzfall"].loc[gebiet] else ""
    return inhalt(
        fett(f"{bezirk.ort(gebiet)}, {gruppe}"),
        f": {einstufung(ergebnis, gebiet, ebene_mehrere=mehrere)} "
        f"({indikator.bezeichnung} ",
        bezirk.schrift.zelle(zelle),
        f"); {haltwort(gesenkt=bool(ergebnis.tafel.loc[gebiet, 'gesenkt']))} ",
        *haelt,
        f" Rechenvarianten{grenzfall}.{verweis}",
    )


def _vorhaben(bezirk: _Bezirk) -> Block:
    punkte = [
        _vorhabenpunkt(bezirk, vorhaben)
        for vorhaben in bezirk.auswertung.katalog.vorhaben.values()
        if set(vorhaben.gebiete) & set(bezirk.gebiete)
    ]
    if not punkte:
        return Absatz(inhalt("Kein Vorhaben im Stadtbezirk ist vorbereitet."))
    return Liste(tuple(punkte))


def _vorhabenpunkt(bezirk: _Bezirk, vorhaben: Vorhaben) -> Inhalt:
    gruppe = bezirk.auswertung.katalog.zielgruppe(vorhaben.zielgruppe)
    status = status_von(vorhaben, bezirk.auswertung.angebotslage(gruppe.id))
    return inhalt(
        fett(vorhaben.name),
        f" ({gruppe.bezeichnung}; Status: {status}). {vorhaben.kurzvorschlag}",
    )


def _nicht_bekannt(bezirk: _Bezirk) -> Liste:
    """Gebiete ohne Wert, nicht messbare Zielgruppen, ungeprüfte Angebote."""
    punkte: list[Inhalt] = []
    ebene = bezirk.auswertung.projekt.ebene
    for kennung in bezirk.auswertung.projekt.zielgruppen:
        gruppe = bezirk.auswertung.katalog.zielgruppen[kennung].bezeichnung
        ergebnis = bezirk.auswertung.bedarf(kennung)
        if not isinstance(ergebnis, Bedarf):
            satz = ergebnis.satz.removeprefix("Nicht messbar: ")
            punkte.append(inhalt(fett(gruppe), f": nicht messbar. {satz}"))
            continue
        klassen = ergebnis.klasse.reindex(bezirk.gebiete)
        ohne = [g for g in bezirk.gebiete if pd.isna(klassen[g])]
        if ohne:
            orte = _bis([bezirk.ort(g) for g in ohne], bezirk)
            grund = wertluecke(bezirk.freigabe, ergebnis.messung.indikatoren, ohne)
            text = f", ohne Einstufung: {orte}{'; ' if grund else ''}{grund}."
            punkte.append(inhalt(fett(gruppe), text))
    if bezirk.freigabe.angebote.empty:
        punkte.append(inhalt("Welche Angebote es gibt; ein Bestand liegt nicht vor."))
        return Liste(tuple(punkte))
    alle = pd.concat([bezirk.angebote(g) for g in bezirk.gebiete])
    hier = alle[alle["bezug"].isin(["hier", "stadtbezirk"])]
    hier = hier[~hier.index.duplicated()]
    ungeprueft = int((hier["lage"] == "ungeprüft").sum())
    if ungeprueft:
        menge = f"{zahlwort(ungeprueft, gross=True)} von {zahlwort(len(hier))}"
        was = "Angebote ohne Prüfung, alle Angebote"
        zahl = bezirk.schrift.rechnung(menge, was, formel="anzahl")
        text = " Angeboten im Stadtbezirk sind in den letzten zwölf Monaten nicht "
        punkte.append(inhalt(zahl, f"{text}geprüft."))
    if not punkte:
        punkte.append(inhalt(f"Alle {ebene.kurz_mehrere} haben eine Einstufung."))
    return Liste(tuple(punkte))
