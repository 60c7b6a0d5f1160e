"""Was steht auf den zwei Seiten über ein Gebiet? Angebote zuerst, dann Zahlen."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from quartierstools.analyse import wilson
from quartierstools.angebote import angebote_fuer
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
    stichtag_text,
    wert_text,
)
from quartierstools.begruendung.bestandstext import angebotstabelle
from quartierstools.darstellung import lagekarte, punktstreifen
from quartierstools.dokument import (
    Absatz,
    Block,
    Dokument,
    Felder,
    Inhalt,
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
from quartierstools.geheimhaltung import Freigabe, Zelle
from quartierstools.katalog.modelle import EINHEIT_TEXT
from quartierstools.schreibweise import (
    aufzaehlung,
    datum_text,
    gross,
    mehrzahl,
    prozent_text,
    zahl_text,
)

HOECHSTENS_ANGEBOTE = 9
HOECHSTENS_KENNZAHLEN = 12
STREIFEN = 2
"""So viele Punktstreifen passen auf die erste Seite."""

AEHNLICHE = 3
EINZELWERTE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blatt:
    """Fakten eines Steckbriefs."""

    auswertung: Auswertung
    gebiet: str
    name: str
    schrift: Niederschrift

    @property
    def freigabe(self) -> Freigabe:
        return self.auswertung.freigabe

    def merkmal(self, feld: str) -> str:
        """Eigenschaft der Fläche als Text."""
        return str(self.freigabe.gebiete.loc[self.gebiet, feld])


def steckbrief(
    auswertung: Auswertung, gebiet: str, *, lauf: str = ""
) -> tuple[Dokument, tuple[Beleg, ...]]:
    """Zweiseitiger Steckbrief; auch für Gebiete ohne Werte."""
    freigabe = auswertung.freigabe
    name = str(freigabe.gebiete.loc[gebiet, "name"])
    blatt = _Blatt(
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
        _kennzahlen(blatt),
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
        quellenabsatz(blatt.schrift.quellenliste()),
    ]
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


def _kopf(blatt: _Blatt) -> Block:
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
            ("Datenstand", inhalt(_datenstand(blatt.freigabe))),
            ("Bezugsdatum", inhalt(datum_text(projekt.bezugsdatum))),
            *(
                (("Hinweis", inhalt(f"{blatt.merkmal('hinweis')}.")),)
                if blatt.merkmal("hinweis")
                else ()
            ),
        )
    )
    return Nebeneinander(felder, karte, anteil_links=0.66)


def _datenstand(freigabe: Freigabe) -> str:
    herkunft = sorted(
        {freigabe.katalog.quellen[q].herkunft for q in set(freigabe.werte["quelle"])}
    )
    return f"Werte: {aufzaehlung(herkunft)}"


def _hier(blatt: _Blatt) -> pd.DataFrame:
    alle = angebote_fuer(
        blatt.freigabe.angebote,
        gebiet=blatt.gebiet,
        stadtbezirk=blatt.merkmal("stadtbezirk"),
        bezugsdatum=blatt.auswertung.projekt.bezugsdatum,
    )
    return alle[(alle["bezug"] == "hier") & (alle["lage"] != "beendet")]


def _angebote(blatt: _Blatt) -> list[Block]:
    hier = _hier(blatt)
    bloecke: list[Block] = []
    if len(hier):
        titel = f"Angebote {blatt.merkmal('wo')}"
        bloecke.append(angebotstabelle(hier.head(HOECHSTENS_ANGEBOTE), titel))
    rest = max(0, len(hier) - HOECHSTENS_ANGEBOTE)
    weitere = f"{mehrzahl(rest, 'weiteres', 'weitere')} in der Anlage. " if rest else ""
    text = (
        f"{weitere}Stadtweite Angebote, Angebote mit wechselndem Ort und beendete "
        "stehen in der Anlage. Nicht bekannt heißt nicht, dass es nichts gibt."
    )
    bloecke.append(Absatz(inhalt(text), art="klein"))
    return bloecke


def _kennzahlen(blatt: _Blatt) -> Tabelle:
    """Gebiet, Stadtbezirk, Stadt – die gewohnte Dreierspalte, mit Lage und Güte.

    Spalten, die für alle Kennzahlen gleich oder leer wären, stehen im Titel oder
    entfallen.
    """
    freigabe = blatt.freigabe
    alle = vorhandene_indikatoren(freigabe)
    kennungen = gezeigte_kennzahlen(freigabe, alle)
    zellen = {k: freigabe.zelle(blatt.gebiet, k) for k in kennungen}
    tage = {_stichtag(z) for z in zellen.values()} - {"–"}
    frueher = {k: _frueherer_tag(freigabe, k, z) for k, z in zellen.items()}
    jahre = sorted({tag[:4] for tag in frueher.values() if tag})
    mit_intervall = any(_intervall(z, freigabe) for z in zellen.values())
    zeilen = []
    for kennung, zelle in zellen.items():
        zeile = [*_vergleich(blatt, kennung, zelle)]
        if mit_intervall:
            zeile.insert(2, inhalt(_intervall(zelle, freigabe) or "–"))
        if jahre:
            alt = frueher[kennung]
            zeile.insert(-1, _frueher(blatt, kennung, alt) if alt else inhalt("–"))
        if len(tage) > 1:
            zeile.append(inhalt(_stichtag(zelle)))
        zeilen.append(tuple(zeile))
    ebene = blatt.auswertung.projekt.ebene
    spalten = [
        Spalte("Kennzahl", anteil=2.8),
        Spalte(gross(ebene.kurz), "rechts", 0.9),
        Spalte("Stadt-\u200bbezirk", "rechts", 0.9),
        Spalte("Stadt", "rechts", 0.9),
        Spalte("Mittel", "rechts", 0.9),
        Spalte("Lage", anteil=1.7),
    ]
    if mit_intervall:
        spalten.insert(2, Spalte("95-%-Intervall", "rechts", 1.3))
    if jahre:
        spalten.insert(-1, Spalte(" und ".join(jahre), "rechts", 0.9))
    if len(tage) > 1:
        spalten.append(Spalte("Stichtag", anteil=1.4))
    tag = f", {next(iter(tage))}" if len(tage) == 1 else ""
    rest = len(alle) - len(kennungen)
    weitere = (
        f" {mehrzahl(rest, 'weitere Kennzahl steht', 'weitere Kennzahlen stehen')} in "
        "der Anlage."
        if rest
        else ""
    )
    return Tabelle(
        titel=f"Kennzahlen {blatt.merkmal('wo')} im Vergleich{tag}",
        spalten=tuple(spalten),
        zeilen=tuple(zeilen),
        fussnote=f"Mittel: ungewichtet über die {ebene.kurz_mehrere} mit Wert."
        f"{weitere}",
    )


def gezeigte_kennzahlen(freigabe: Freigabe, vorhanden: Sequence[str]) -> list[str]:
    """Kennzahlen, die auf die erste Seite passen; was Bedarf misst, geht vor.

    Parameters
    ----------
    vorhanden : Sequence of str
        Vorliegende Indikatoren in der Reihenfolge der Tabelle; sie bleibt.
    """
    katalog = freigabe.katalog
    gruppen = [katalog.zielgruppen[z] for z in katalog.projekt.zielgruppen]
    folge = [
        *(g.indikator for gruppe in gruppen for g in gruppe.index),
        *(n.indikator for gruppe in gruppen for n in gruppe.naeherung),
        *katalog.projekt.typen.indikatoren,
        *(h for gruppe in gruppen for h in gruppe.hemmnisse),
        "K01",
        *(k for gruppe in gruppen for k in gruppe.kontext),
        *vorhanden,
    ]
    wichtig = [k for k in dict.fromkeys(folge) if k in vorhanden]
    gezeigt = set(wichtig[:HOECHSTENS_KENNZAHLEN])
    return [k for k in vorhanden if k in gezeigt]


def _vergleich(blatt: _Blatt, kennung: str, zelle: Zelle) -> list[Inhalt]:
    """Name, Gebiet, Stadtbezirk, Stadt, Mittel und Lage einer Kennzahl."""
    freigabe, schrift = blatt.freigabe, blatt.schrift
    indikator = freigabe.katalog.indikatoren[kennung]
    bezirk = freigabe.zelle(blatt.merkmal("stadtbezirk"), kennung, ebene="stadtbezirk")
    stadt = freigabe.zelle("stadt", kennung, ebene="stadt")
    werte = freigabe.tabelle([kennung])[kennung]
    mittel = wert_text(float(werte.mean()), indikator, kurz=True)
    kontext = " (Kontext)" if indikator.kontext else ""
    verweis = ""
    if zelle.quelle is not None:
        verweis = f" {schrift.quelle(zelle.quelle, kennung)}"
    return [
        inhalt(f"{indikator.bezeichnung}{kontext}{verweis}"),
        (schrift.zelle(zelle, kurz=True),),
        (schrift.zelle(bezirk, kurz=True),),
        (schrift.zelle(stadt, kurz=True),),
        inhalt(schrift.rechnung(mittel, f"Mittel von {werte.count()} Werten")),
        inhalt(lage(blatt.auswertung, kennung, blatt.gebiet)),
    ]


def _stichtag(zelle: Zelle) -> str:
    if zelle.wertart == "fehlt":
        return "–"
    guete = f", Güte {zelle.guete}" if zelle.guete not in ("", "A") else ""
    return f"{stichtag_text(zelle)}{guete}"


def _intervall(zelle: Zelle, freigabe: Freigabe) -> str:
    """Wilson-Intervall in Prozent, leer ohne Fallzahlen."""
    einheit = freigabe.katalog.indikatoren[zelle.indikator].einheit
    if zelle.zaehler is None or zelle.nenner is None or einheit != "prozent":
        return ""
    grenzen = wilson(pd.Series([zelle.zaehler]), pd.Series([zelle.nenner])).iloc[0]
    unten = zahl_text(float(grenzen["unten"]) * 100, stellen=1)
    oben = zahl_text(float(grenzen["oben"]) * 100, stellen=1)
    return f"{unten} bis {oben}"


def _frueherer_tag(freigabe: Freigabe, kennung: str, zelle: Zelle) -> str:
    """Voriger Stichtag eines Indikators oder leer."""
    alle = freigabe.werte.loc[freigabe.werte["indikator"] == kennung, "stichtag"]
    frueher = sorted(tag for tag in set(alle) if tag < zelle.stichtag.isoformat())
    return str(frueher[-1]) if frueher else ""


def _frueher(blatt: _Blatt, kennung: str, tag: str) -> Inhalt:
    alt = blatt.freigabe.zelle(blatt.gebiet, kennung, stichtag=tag)
    return (blatt.schrift.zelle(alt, kurz=True),)


def lage(auswertung: Auswertung, kennung: str, gebiet: str) -> str:
    """Lage eines Werts zum Mittel in Worten; Herkunftsmerkmale ohne Einstufung."""
    freigabe = auswertung.freigabe
    indikator = freigabe.katalog.indikatoren[kennung]
    werte = freigabe.tabelle([kennung])[kennung]
    if pd.isna(werte[gebiet]):
        return "–"
    if indikator.ohne_einstufung or indikator.einheit == "anzahl":
        return "ohne Einstufung"
    for zielgruppe in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(zielgruppe)
        if isinstance(ergebnis, Bedarf) and ergebnis.messung.indikatoren == (kennung,):
            return str(ergebnis.tafel["wort"].loc[gebiet])
    abstand, streuung = werte[gebiet] - werte.mean(), werte.std(ddof=0)
    if abs(abstand) <= streuung:
        return "um das Mittel"
    return "über dem Mittel" if abstand > 0 else "unter dem Mittel"


def _streifen(blatt: _Blatt) -> list[Block]:
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


def _zielgruppen(blatt: _Blatt) -> Tabelle:
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
        return "Ohne Einstufung: Ein Wert liegt nicht vor oder ist gesperrt."
    halt = prozent_text(float(zeile["haltbarkeit"]), stellen=0)
    grenzfall = "; Grenzfall" if zeile["grenzfall"] else ""
    return (
        f"{gross(str(zeile['wort']))}; hält in {halt} der Rechenvarianten{grenzfall}."
    )


def _gruppe(blatt: _Blatt) -> list[Block]:
    ergebnis = blatt.auswertung.typen()
    typ = ergebnis.typ[blatt.gebiet]
    if pd.isna(typ):
        grund = ergebnis.sonderfaelle.get(
            blatt.gebiet, "Ein Merkmal liegt nicht vor oder ist gesperrt."
        )
        return [Absatz(inhalt(f"Ohne Gruppe: {grund}"))]
    texte = [f"{ergebnis.wort} {typ}: {ergebnis.portraets[str(typ)]}."]
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


def _teilraum(blatt: _Blatt) -> list[Block]:
    teilraum = blatt.merkmal("teilraum")
    if not teilraum:
        return []
    text = f"{teilraum}. Werte für das ganze Gebiet können solche Teilräume verdecken."
    return [Ueberschrift("Bekannte Teilräume"), Absatz(inhalt(text))]


def _einzelwerte(blatt: _Blatt) -> list[Block]:
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
        text = f"{zeile['bezeichnung']} am {zeile['stichtag']}: "
        punkte.append(inhalt(text, wert, f" {verweis}"))
    hinweis = (kursiv("Verschiedene Messungen, untereinander nicht vergleichbar."),)
    return [
        Ueberschrift("Weitere veröffentlichte Einzelwerte"),
        Absatz(hinweis),
        Liste(tuple(punkte)),
    ]
