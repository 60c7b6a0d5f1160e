"""Wie steht ein Gebiet im Vergleich da? Die Kennzahlentafel des Steckbriefs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from quartierstools.analyse import wilson
from quartierstools.analyse.klassen import klassennummern
from quartierstools.ausgabe.klassenbilder import vorhandene_indikatoren
from quartierstools.auswertung import Auswertung, Bedarf, zustand
from quartierstools.begruendung.beleg import Niederschrift, stichtag_text, wert_text
from quartierstools.dokument import Inhalt, Spalte, Tabelle, inhalt, reiner_text
from quartierstools.geheimhaltung import Freigabe, Zelle
from quartierstools.katalog import Katalog
from quartierstools.schreibweise import FEST, aufzaehlung, gross, mehrzahl, zahl_text

HOECHSTENS_KENNZAHLEN = 12
INTERVALL = f"Intervall (95{FEST}%)"
"""Bricht nur vor der Klammer; „95-%-“ ginge an der Zeilengrenze verloren."""
BRUCH = "Bruch"
"""Steht statt eines früheren Werts, der nicht vergleichbar ist."""

LAGEN = (
    "deutlich unter dem Mittel",
    "unter dem Mittel",
    "um das Mittel",
    "über dem Mittel",
    "deutlich über dem Mittel",
)
LAGEGRENZEN = (-1.5, -1.0, 1.0, 1.5)
"""Grenzen in Standardabweichungen; dieselben wie für die Klassen der Karte."""


@dataclass(frozen=True, kw_only=True)
class Blatt:
    """Fakten eines Steckbriefs; was mehrere Abschnitte brauchen, einmal gerechnet."""

    auswertung: Auswertung
    gebiet: str
    name: str
    schrift: Niederschrift

    @cached_property
    def freigabe(self) -> Freigabe:
        """Freigegebene Werte des Ortes."""
        return self.auswertung.freigabe

    @cached_property
    def vorhanden(self) -> list[str]:
        """Indikatoren mit mindestens einem freigegebenen Wert."""
        return vorhandene_indikatoren(self.freigabe)

    @cached_property
    def wichtig(self) -> list[str]:
        """Vorliegende Indikatoren, wichtigster zuerst."""
        return wichtigste(self.freigabe.katalog, self.vorhanden)

    @cached_property
    def werte(self) -> pd.DataFrame:
        """Gebiete × vorliegende Indikatoren."""
        return self.freigabe.tabelle(self.vorhanden)

    def merkmal(self, feld: str) -> str:
        """Eigenschaft der Fläche als Text."""
        return str(self.freigabe.gebiete.loc[self.gebiet, feld])


def kennzahlentafel(blatt: Blatt) -> Tabelle:
    """Gebiet, Stadtbezirk, Stadt – die gewohnte Dreierspalte, mit Lage und Güte.

    Spalten, die für alle Kennzahlen gleich oder leer wären, stehen im Titel oder
    entfallen.
    """
    freigabe = blatt.freigabe
    gezeigt = gezeigte_kennzahlen(freigabe, blatt.vorhanden)
    zellen = {k: freigabe.zelle(blatt.gebiet, k) for k in gezeigt}
    tage = {_stichtag(z) for z in zellen.values()} - {"–"}
    frueher = {k: _frueherer_tag(freigabe, k, z) for k, z in zellen.items()}
    jahre = sorted({tag[:4] for tag in frueher.values() if tag})
    spannen = _intervalle(zellen, freigabe)
    zeilen = []
    for kennung, zelle in zellen.items():
        zeile = [*_vergleich(blatt, kennung, zelle)]
        if spannen:
            zeile.insert(2, inhalt(spannen.get(kennung, "–")))
        if jahre:
            zeile.insert(-1, _frueher(blatt, kennung, frueher[kennung]))
        if len(tage) > 1:
            zeile.append(inhalt(_stichtag(zelle)))
        zeilen.append(tuple(zeile))
    ebene = blatt.auswertung.projekt.ebene
    titel = [
        ("Kennzahl", "links"),
        (gross(ebene.kurz), "rechts"),
        ("Stadt\u00adbezirk", "rechts"),
        ("Stadt", "rechts"),
        ("Mittel", "rechts"),
        ("Lage", "links"),
    ]
    if spannen:
        titel.insert(2, (INTERVALL, "rechts"))
    if jahre:
        titel.insert(-1, (" und ".join(jahre), "rechts"))
    if len(tage) > 1:
        titel.append(("Stichtag", "links"))
    tag = f", {next(iter(tage))}" if len(tage) == 1 else ""
    return Tabelle(
        titel=f"Kennzahlen {blatt.merkmal('wo')} im Vergleich{tag}",
        spalten=_spalten(titel, zeilen),
        zeilen=tuple(zeilen),
        fussnote=_fussnote(blatt, zellen, zeilen, jahre, spannen),
    )


def _spalten(
    titel: Sequence[tuple[str, str]], zeilen: Sequence[tuple[Inhalt, ...]]
) -> tuple[Spalte, ...]:
    """Breiten nach dem längsten Eintrag; nur Kennzahl und Güte brechen um."""
    spalten = []
    for nummer, (name, seite) in enumerate(titel):
        laengen = [len(reiner_text(z[nummer])) for z in zeilen]
        laengster = max([*laengen, len(re.split("[-\u00ad ]", name)[0]) + 1], default=1)
        grenzen = (24.0, 30.0) if nummer == 0 else (8.0, 16.5)
        anteil = min(max(float(laengster), grenzen[0]), grenzen[1])
        spalten.append(Spalte(name, "rechts" if seite == "rechts" else "links", anteil))
    return tuple(spalten)


def _fussnote(
    blatt: Blatt,
    zellen: Mapping[str, Zelle],
    zeilen: Sequence[tuple[Inhalt, ...]],
    jahre: Sequence[str],
    spannen: Mapping[str, str],
) -> str:
    """Wie das Mittel gebildet ist, was fehlt und wo mehr steht."""
    mehrere = blatt.auswertung.projekt.ebene.kurz_mehrere
    saetze = [f"Mittel: ungewichtet über die {mehrere} mit Wert."]
    if not spannen:
        saetze.append(_ohne_intervall(zellen, blatt.freigabe))
    if not jahre:
        saetze.append("Ohne Verlauf: Es liegt nur ein Stichtag vor.")
    if any(reiner_text(z) == BRUCH for zeile in zeilen for z in zeile):
        saetze.append(f"„{BRUCH}“: mit dem früheren Wert nicht vergleichbar.")
    rest = len(blatt.vorhanden) - len(zellen)
    if rest:
        wort = mehrzahl(rest, "weitere Kennzahl steht", "weitere Kennzahlen stehen")
        saetze.append(f"{wort} in der Anlage.")
    return " ".join(saetze)


def _ohne_intervall(zellen: Mapping[str, Zelle], freigabe: Freigabe) -> str:
    """Warum keine Kennzahl ein Intervall hat: gesperrt ist nicht dasselbe wie fehlt."""
    arten = {
        str(zustand(freigabe, k)[z.gebiet])
        for k, z in zellen.items()
        if freigabe.katalog.indikatoren[k].einheit == "prozent"
    }
    gruende = [art for art in ("gesperrt", "nicht sinnvoll") if art in arten]
    if not gruende:
        return "Ohne Intervall: Fallzahlen fehlen."
    teile = [f"sind {aufzaehlung(gruende, wort='oder')}"]
    if arten & {"Zahl", "fehlt"}:
        teile.append("fehlen")
    return f"Ohne Intervall: Fallzahlen {aufzaehlung(teile, wort='oder')} hier."


def gezeigte_kennzahlen(freigabe: Freigabe, vorhanden: Sequence[str]) -> list[str]:
    """Kennzahlen, die auf die erste Seite passen; was Bedarf misst, geht vor.

    Parameters
    ----------
    vorhanden : Sequence of str
        Vorliegende Indikatoren in der Reihenfolge der Tabelle; sie bleibt.
    """
    gezeigt = set(wichtigste(freigabe.katalog, vorhanden)[:HOECHSTENS_KENNZAHLEN])
    return [k for k in vorhanden if k in gezeigt]


def wichtigste(katalog: Katalog, vorhanden: Sequence[str]) -> list[str]:
    """Vorliegende Indikatoren: was Bedarf misst, dann Typen, Hemmnisse, Kontext."""
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
    return [k for k in dict.fromkeys(folge) if k in vorhanden]


def _vergleich(blatt: Blatt, kennung: str, zelle: Zelle) -> list[Inhalt]:
    """Name, Gebiet, Stadtbezirk, Stadt, Mittel und Lage einer Kennzahl."""
    freigabe, schrift = blatt.freigabe, blatt.schrift
    indikator = freigabe.katalog.indikatoren[kennung]
    bezirk = freigabe.zelle(blatt.merkmal("stadtbezirk"), kennung, ebene="stadtbezirk")
    stadt = freigabe.zelle("stadt", kennung, ebene="stadt")
    werte = blatt.werte[kennung]
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
        inhalt(lage(blatt.auswertung, kennung, blatt.gebiet, werte)),
    ]


def _stichtag(zelle: Zelle) -> str:
    if zelle.wertart == "fehlt":
        return "–"
    guete = f", Güte {zelle.guete}" if zelle.guete not in ("", "A") else ""
    return f"{stichtag_text(zelle)}{guete}"


def _intervalle(zellen: Mapping[str, Zelle], freigabe: Freigabe) -> dict[str, str]:
    """Wilson-Intervall in Prozent je Kennzahl mit Fallzahlen."""
    indikatoren = freigabe.katalog.indikatoren
    mit = {
        k: (z.zaehler, z.nenner)
        for k, z in zellen.items()
        if indikatoren[k].einheit == "prozent"
        and z.zaehler is not None
        and z.nenner is not None
    }
    if not mit:
        return {}
    zahlen = pd.DataFrame(mit, index=["zaehler", "nenner"]).T
    grenzen = wilson(zahlen["zaehler"], zahlen["nenner"]) * 100
    return {
        str(k): f"{zahl_text(zeile['unten'], stellen=1)} bis "
        f"{zahl_text(zeile['oben'], stellen=1)}"
        for k, zeile in grenzen.to_dict("index").items()
    }


def _frueherer_tag(freigabe: Freigabe, kennung: str, zelle: Zelle) -> str:
    """Voriger Stichtag eines Indikators oder leer."""
    jetzt = zelle.stichtag.isoformat()
    frueher = [tag for tag in stichtage(freigabe, kennung) if tag < jetzt]
    return frueher[-1] if frueher else ""


def stichtage(freigabe: Freigabe, kennung: str) -> list[str]:
    """Stichtage eines Indikators, aufsteigend."""
    alle = freigabe.werte.loc[freigabe.werte["indikator"] == kennung, "stichtag"]
    return sorted(map(str, set(alle)))


def _frueher(blatt: Blatt, kennung: str, tag: str) -> Inhalt:
    """Voriger Wert; hinter einem Bruch der Reihe steht keiner."""
    if not tag:
        return inhalt("–")
    jetzt = blatt.freigabe.stichtag(kennung) or ""
    if blatt.freigabe.katalog.indikatoren[kennung].bruch_zwischen(tag, jetzt):
        return inhalt(BRUCH)
    alt = blatt.freigabe.zelle(blatt.gebiet, kennung, stichtag=tag)
    return (blatt.schrift.zelle(alt, kurz=True),)


def lage(
    auswertung: Auswertung, kennung: str, gebiet: str, werte: pd.Series | None = None
) -> str:
    """Lage eines Werts zum Mittel in fünf Stufen; Herkunft ohne Einstufung.

    Auch ohne Einstufung, wo es für zu wenige Gebiete einen Wert gibt.

    Dieselben Grenzen wie die Klassen der Karte: −1,5, −1, +1 und +1,5
    Standardabweichungen; eine Grenze gehört zur Stufe näher am Mittel. Misst der
    Indikator allein eine Zielgruppe, gilt deren Klasse.
    """
    freigabe = auswertung.freigabe
    indikator = freigabe.katalog.indikatoren[kennung]
    if werte is None:
        werte = freigabe.tabelle([kennung])[kennung]
    if pd.isna(werte[gebiet]):
        return "–"
    zaehlt_nur = indikator.ohne_einstufung or indikator.einheit == "anzahl"
    if zaehlt_nur or not freigabe.liegt_vor(kennung):
        return "ohne Einstufung"
    for zielgruppe in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(zielgruppe)
        if isinstance(ergebnis, Bedarf) and ergebnis.messung.indikatoren == (kennung,):
            return str(ergebnis.tafel["wort"].loc[gebiet])
    abstand, streuung = float(werte[gebiet] - werte.mean()), float(werte.std(ddof=0))
    if not streuung:
        return LAGEN[2]
    z = np.array([abstand / streuung])
    return LAGEN[int(klassennummern(z, LAGEGRENZEN)[0]) - 1]
