"""Was folgt aus einer Wahl? Rechnet, merkt sich und packt es für die Ansicht.

Die Ansicht rechnet nichts: Index, Klassen, Rangbänder, Beiträge und Sätze kommen
aus denselben Funktionen wie im Lauf.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import pandas as pd

from quartierstools.ausgabe.klassenbilder import (
    anzeigewerte,
    bedarfsbild,
    gruppenbild,
    indikatorbild,
)
from quartierstools.auswertung import (
    Angebotslage,
    Bedarf,
    Messung,
    Typen,
    angewandt,
)
from quartierstools.auswertung.angebotslage import angebotslage
from quartierstools.auswertung.bedarf import bedarf
from quartierstools.auswertung.szenario import rechne_szenario
from quartierstools.auswertung.typen import typen
from quartierstools.darstellung.farben import MUSTER
from quartierstools.darstellung.klassenbild import Klassenbild
from quartierstools.erkundung.flaechen import BREITE, zeichnung
from quartierstools.erkundung.satz import bedarfssaetze, gruppensaetze
from quartierstools.erkundung.steckblatt import steckblatt
from quartierstools.erkundung.szenario import (
    szenario_aus,
    szenariosaetze,
    waehlbare_szenarien,
)
from quartierstools.erkundung.wahl import (
    BEDARF,
    GRUPPEN,
    Wahl,
    gruppierbar,
    waehlbar,
)
from quartierstools.geheimhaltung import Freigabe

T = TypeVar("T")

GEMERKT = 64
"""So viele Ergebnisse bleiben liegen; das älteste weicht."""
VARIANTEN = 1000


@dataclass(slots=True, kw_only=True)
class Rechner:
    """Rechnet zu jeder Wahl, was die Ansicht zeigt.

    Attributes
    ----------
    basis : Freigabe
        Freigegebener Stand nach dem Katalog; ungesperrtes erreicht die Ansicht nie.
    """

    basis: Freigabe
    _gemerkt: OrderedDict[object, object] = field(default_factory=OrderedDict)

    def grund(self) -> dict[str, Any]:
        """Was sich nicht ändert: Flächen, Namen, Wahlmöglichkeiten."""
        freigabe = self.basis
        katalog, projekt = freigabe.katalog, freigabe.katalog.projekt
        bild = zeichnung(freigabe.gebiete, freigabe.stadtbezirke)
        indikatoren = {
            i: katalog.indikatoren[i].bezeichnung
            + (" (Kontext)" if katalog.indikatoren[i].kontext else "")
            for i in waehlbar(freigabe)
        }
        return {
            "stadt": projekt.stadt,
            "fassung": freigabe.fassung,
            "ebene": projekt.ebene.kurz,
            "breite": BREITE,
            "hoehe": bild.hoehe,
            "pfade": list(bild.pfade),
            "mitten": [list(m) for m in bild.mitten],
            "umrisse": list(bild.umrisse),
            "schluessel": [str(g) for g in freigabe.gebiete.index],
            "namen": [str(n) for n in freigabe.gebiete["name"]],
            "bezirke": [str(n) for n in freigabe.gebiete["stadtbezirk_name"]],
            "zielgruppen": {
                z: katalog.zielgruppen[z].bezeichnung for z in projekt.zielgruppen
            },
            "indikatoren": indikatoren,
            "wertend": [i for i in indikatoren if katalog.indikatoren[i].wertet],
            "gruppierbar": [
                [i, katalog.indikatoren[i].bezeichnung] for i in gruppierbar(freigabe)
            ],
            "tage": sorted(map(str, freigabe.werte["stichtag"].unique()), reverse=True),
            "muster": {
                n: {"kachel": m.kachel, "pfad": m.pfad} for n, m in MUSTER.items()
            },
        }

    def bild(self, wahl: Wahl) -> dict[str, Any]:
        """Alles, was zu einer Wahl zu sehen ist."""
        freigabe = self._freigabe(wahl)
        ergebnis = self._bedarf(wahl)
        gruppen = self._typen(wahl) if wahl.ebene == GRUPPEN else None
        gezeigt = self._klassenbild(freigabe, wahl, ergebnis, gruppen)
        saetze = (
            gruppensaetze(freigabe, gruppen)
            if wahl.ebene == GRUPPEN and gruppen is not None
            else bedarfssaetze(freigabe, ergebnis, self._bedarf(self._vorgabe(wahl)))
        )
        gebiete = freigabe.gebiete.index
        return {
            "saetze": [*saetze, *self._szenario(freigabe, wahl)],
            "klassen": self._klassen(gezeigt),
            "titel": gezeigt.titel if gezeigt is not None else "Nicht messbar",
            "klasse": [] if gezeigt is None else list(gezeigt.klasse.loc[gebiete]),
            "folge": self._folge(freigabe, ergebnis),
            "quer": _liste(self._achse(freigabe, wahl.quer), gebiete),
            "hoch": _liste(self._achse(freigabe, wahl.hoch), gebiete),
            "beitraege": _beitraege(ergebnis, gebiete),
            "gewichte": {
                i: g for i, g in wahl.gewichte.items() if freigabe.liegt_vor(i)
            },
            "typmerkmale": list(freigabe.katalog.projekt.typen.indikatoren),
            "steckblatt": [
                steckblatt(freigabe, g, ergebnis, gruppen, zielgruppe=wahl.zielgruppe)
                for g in (wahl.gebiet, wahl.vergleich)
                if g
            ],
            "szenarien": waehlbare_szenarien(freigabe, wahl.zielgruppe, wahl.gebiet),
        }

    def _vorgabe(self, wahl: Wahl) -> Wahl:
        return replace(wahl, gewichte={})

    def _szenario(self, freigabe: Freigabe, wahl: Wahl) -> list[str]:
        if not wahl.szenario:
            return []
        gedacht = szenario_aus(freigabe, wahl.zielgruppe, wahl.szenario)
        if gedacht is None:
            return []
        ergebnis = self._bedarf(wahl)
        return self._einmal(
            ("szenario", self._schluessel(wahl), wahl.szenario),
            lambda: szenariosaetze(
                rechne_szenario(
                    gedacht, freigabe, ergebnis, self._lage(wahl), varianten=VARIANTEN
                )
            ),
        )

    def _lage(self, wahl: Wahl) -> Angebotslage:
        freigabe, ergebnis = self._freigabe(wahl), self._bedarf(wahl)
        gruppe = freigabe.katalog.zielgruppe(wahl.zielgruppe)
        return self._einmal(
            ("lage", self._schluessel(wahl)),
            lambda: angebotslage(freigabe, gruppe, ergebnis),
        )

    def _freigabe(self, wahl: Wahl) -> Freigabe:
        einstellung = wahl.einstellung(self.basis.katalog, self.basis.fassung)
        return self._einmal(
            ("freigabe", einstellung), lambda: angewandt(self.basis, einstellung)
        )

    def _schluessel(self, wahl: Wahl) -> tuple[object, ...]:
        """Wovon der Bedarf abhängt."""
        einstellung = wahl.einstellung(self.basis.katalog, self.basis.fassung)
        return (wahl.zielgruppe, einstellung.gewichte, einstellung.datenstand)

    def _bedarf(self, wahl: Wahl) -> Bedarf | Messung:
        freigabe = self._freigabe(wahl)
        gruppe = freigabe.katalog.zielgruppe(wahl.zielgruppe)
        return self._einmal(
            ("bedarf", self._schluessel(wahl)),
            lambda: bedarf(freigabe, gruppe, varianten=VARIANTEN),
        )

    def _typen(self, wahl: Wahl) -> Typen:
        freigabe = self._freigabe(wahl)
        merkmale = wahl.typmerkmale
        return self._einmal(
            ("typen", wahl.verfahren, wahl.anzahl_typen, merkmale, wahl.datenstand),
            lambda: typen(freigabe, anzahl=wahl.anzahl_typen, verfahren=wahl.verfahren),
        )

    def _klassenbild(
        self,
        freigabe: Freigabe,
        wahl: Wahl,
        ergebnis: Bedarf | Messung,
        gruppen: Typen | None,
    ) -> Klassenbild | None:
        if wahl.ebene == GRUPPEN and gruppen is not None:
            return gruppenbild(freigabe, gruppen) if gruppen.portraets else None
        if wahl.ebene not in (BEDARF, GRUPPEN) and freigabe.liegt_vor(wahl.ebene):
            return indikatorbild(freigabe, wahl.ebene)
        return bedarfsbild(freigabe, ergebnis) if isinstance(ergebnis, Bedarf) else None

    def _klassen(self, bild: Klassenbild | None) -> list[dict[str, Any]]:
        if bild is None:
            return []
        anzahl = bild.klasse.value_counts()
        return [
            {
                "schluessel": k.schluessel,
                "text": k.text,
                "farbe": k.farbe,
                "muster": k.muster,
                "zeichen": k.zeichen,
                "anzahl": int(anzahl.get(k.schluessel, 0)),
            }
            for k in bild.klassen
        ]

    def _folge(self, freigabe: Freigabe, ergebnis: Bedarf | Messung) -> dict[str, Any]:
        """Gebiete geordnet: intern mit Rangband, öffentlich nur nach Klasse."""
        if isinstance(ergebnis, Messung):
            return {"zeilen": [], "rang": False}
        intern = freigabe.fassung == "intern"
        tafel = ergebnis.tafel
        raenge = ergebnis.sensitivitaet.rangbaender if intern else None
        stellen = {g: n for n, g in enumerate(freigabe.gebiete.index)}
        ordnung = tafel.assign(
            name=freigabe.gebiete["name"],
            vorn=-tafel["index"] if intern else -tafel["klasse"].astype("Float64"),
        ).sort_values(["vorn", "name"], kind="stable", na_position="last")
        zeilen = []
        for gebiet, zeile in ordnung.iterrows():
            halt = zeile["haltbarkeit"]
            eintrag: dict[str, Any] = {
                "stelle": stellen[gebiet],
                "wort": "" if pd.isna(zeile["wort"]) else str(zeile["wort"]),
                "halt": None if pd.isna(halt) else round(100 * float(halt)),
                "mindestens": bool(zeile["gesenkt"]),
                "grenzfall": bool(zeile["grenzfall"]) and not pd.isna(zeile["klasse"]),
            }
            if raenge is not None and not pd.isna(zeile["klasse"]):
                band = raenge.loc[str(gebiet)]
                eintrag["rang"] = [
                    int(str(band["rang_von"])),
                    int(str(band["rang_bis"])),
                ]
                eintrag["index"] = round(float(zeile["index"]), 3)
            zeilen.append(eintrag)
        return {"zeilen": zeilen, "rang": intern}

    def _achse(self, freigabe: Freigabe, kennung: str) -> pd.Series:
        if not kennung or not freigabe.liegt_vor(kennung):
            return pd.Series(float("nan"), index=freigabe.gebiete.index)
        stellen = freigabe.katalog.indikatoren[kennung].stellen
        return anzeigewerte(freigabe, kennung).round(stellen)

    def _einmal(self, schluessel: object, rechne: Callable[[], T]) -> T:
        if schluessel in self._gemerkt:
            self._gemerkt.move_to_end(schluessel)
        else:
            self._gemerkt[schluessel] = rechne()
            while len(self._gemerkt) > GEMERKT:
                self._gemerkt.popitem(last=False)
        return self._gemerkt[schluessel]  # type: ignore[return-value]


def _liste(reihe: pd.Series, gebiete: pd.Index) -> list[float | None]:
    return [None if pd.isna(w) else float(w) for w in reihe.reindex(gebiete)]


def _beitraege(
    ergebnis: Bedarf | Messung, gebiete: pd.Index
) -> dict[str, list[float | None]]:
    """Beitrag jedes Indikators zum Index je Gebiet, in Standardabweichungen."""
    if isinstance(ergebnis, Messung):
        return {}
    tabelle = ergebnis.modell.beitraege_
    return {str(i): _liste(tabelle[i].round(2), gebiete) for i in tabelle.columns}
