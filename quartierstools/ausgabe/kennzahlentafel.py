"""Wie steht ein Gebiet im Vergleich da? Die Kennzahlentafel des Steckbriefs."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from quartierstools.analyse import wilson
from quartierstools.ausgabe.klassenbilder import vorhandene_indikatoren
from quartierstools.auswertung import Auswertung, Bedarf
from quartierstools.begruendung.beleg import Niederschrift, stichtag_text, wert_text
from quartierstools.dokument import Inhalt, Spalte, Tabelle, inhalt
from quartierstools.geheimhaltung import Freigabe, Zelle
from quartierstools.schreibweise import gross, mehrzahl, zahl_text

HOECHSTENS_KENNZAHLEN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Blatt:
    """Fakten eines Steckbriefs."""

    auswertung: Auswertung
    gebiet: str
    name: str
    schrift: Niederschrift

    @property
    def freigabe(self) -> Freigabe:
        """Freigegebene Werte des Ortes."""
        return self.auswertung.freigabe

    def merkmal(self, feld: str) -> str:
        """Eigenschaft der Fläche als Text."""
        return str(self.freigabe.gebiete.loc[self.gebiet, feld])


def kennzahlentafel(blatt: Blatt) -> Tabelle:
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


def _vergleich(blatt: Blatt, kennung: str, zelle: Zelle) -> list[Inhalt]:
    """Name, Gebiet, Stadtbezirk, Stadt, Mittel und Lage einer Kennzahl."""
    freigabe, schrift = blatt.freigabe, blatt.schrift
    indikator = freigabe.katalog.indikatoren[kennung]
    bezirk = freigabe.zelle(blatt.merkmal("stadtbezirk"), kennung, ebene="stadtbezirk")
    stadt = freigabe.zelle("stadt", kennung, ebene="stadt")
    werte = freigabe.tabelle([kennung])[kennung]
    mittel = schrift.rechnung(
        wert_text(float(werte.mean()), indikator, kurz=True),
        f"Mittel von {werte.count()} Werten",
        indikator=kennung,
        formel="mittel",
    )
    kontext = " (Kontext)" if indikator.kontext else ""
    verweis = ""
    if zelle.quelle is not None:
        verweis = f" {schrift.quelle(zelle.quelle, kennung)}"
    return [
        inhalt(f"{indikator.bezeichnung}{kontext}{verweis}"),
        (schrift.zelle(zelle, kurz=True),),
        (schrift.zelle(bezirk, kurz=True),),
        (schrift.zelle(stadt, kurz=True),),
        (mittel,),
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


def _frueher(blatt: Blatt, kennung: str, tag: str) -> Inhalt:
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
