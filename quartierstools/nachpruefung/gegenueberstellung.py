"""Steht in der Datei noch, was belegt ist? Datei und Abdruck nebeneinander.

Verglichen werden nicht Zeichen für Zeichen, sondern die Dinge, an denen eine Aussage
hängt: Zahl und Einheit, Gebiet, Kennzahl, Richtung, Datum und Quellenverweis. Ein
gestrichener oder verschobener Satz, ein Satz ohne Zahl und jede Gestaltung bleiben
unbeanstandet.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from quartierstools.nachpruefung.abdruck import UNBELEGT, Aussage, Druckzahl
from quartierstools.nachpruefung.ausrichtung import ausrichtung
from quartierstools.nachpruefung.folge import FUELLWORTE, Folge, Woerterbuch
from quartierstools.nachpruefung.lesen import Lesestelle
from quartierstools.nachpruefung.zahlen import (
    WERT,
    Zeichen,
    glatt,
    zeichen,
)

VON_HAND = "von Hand"
"""Zahlen, die in ein offenes Feld eingetragen wurden."""

EINGEFUEGT = "eingefügt"
"""Daten und Verweise in Sätzen, die jemand hinzugefügt hat."""

NUMMERN = frozenset({"kennung", "seite", "gliederung", "fundstelle"})
"""Klassen, die Programme beim Speichern selbst setzen."""

KURZER_RAHMEN = 5
"""Kürzere Kopf- und Fußzeilen werden nur im Ganzen erkannt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """Eine Stelle, die nicht mehr zum Beleg passt.

    Attributes
    ----------
    art : str
        ``Zahl``, ``Einheit``, ``Vorzeichen``, ``Datum``, ``Gebiet``, ``Kennzahl``,
        ``Richtung``, ``Bezug``, ``Verweis``, ``Spaltenkopf`` oder ``ohne Beleg``.
    steht, erwartet : str
        Was in der Datei steht und was im Abdruck stand.
    beleg : str
        Kennung des nächsten Belegs, leer, wenn es keinen gibt.
    """

    art: str
    ort: str
    satz: str
    steht: str
    erwartet: str = ""
    beleg: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gegenueberstellung:
    """Ergebnis für eine Datei.

    Attributes
    ----------
    arten : Mapping
        Zahl der Zahlen je Belegart oder Klasse.
    belege : Mapping
        Wie oft jeder Beleg in der Datei steht.
    """

    arten: Mapping[str, int]
    belege: Mapping[str, int]
    funde: tuple[Fund, ...]
    hinweise: tuple[Fund, ...]

    @property
    def anzahl(self) -> int:
        """Alle Zahlen der Datei, gleich welcher Art."""
        return sum(self.arten.values())


def stelle_gegenueber(
    aussagen: Sequence[Aussage],
    stellen: Sequence[Lesestelle],
    woerter: Woerterbuch,
    belege: Mapping[str, Mapping[str, Any]],
) -> Gegenueberstellung:
    """Vergleicht eine gelesene Datei mit ihrem Abdruck."""
    return _Vergleich(aussagen, stellen, woerter, belege).ergebnis()


class _Vergleich:
    """Ein Vergleich von Abdruck (alt) und Datei (neu)."""

    def __init__(
        self,
        aussagen: Sequence[Aussage],
        stellen: Sequence[Lesestelle],
        woerter: Woerterbuch,
        belege: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._belege = belege
        self._alt, self._neu = Folge(), Folge()
        self._arten: Counter[str] = Counter()
        self._gezaehlt: Counter[str] = Counter()
        self._fest = {
            tuple(z.schluessel for z in zeichen(a.text)): a
            for a in aussagen
            if a.art in {"rahmen", "bild"}
        }
        self._rahmenfunde: list[Fund] = []
        bilder: set[str] = set()
        for stelle in stellen:
            bilder |= self._nimm_auf(stelle)
        self._koepfe = [a for a in aussagen if a.art == "kopfzeile"]
        if any(stelle.art == "seite" for stelle in stellen):
            self._streiche_wiederholte_koepfe()
        for aussage in aussagen:
            if aussage.art != "rahmen" and aussage.text not in bilder:
                self._alt.fuege_an(
                    aussage.text, aussage.ort, aussage.art, aussage.zahlen
                )
        self._alt.arten = woerter.art(self._alt.worte)
        self._neu.arten = woerter.art(self._neu.worte)
        self._alt_worte: list[Counter[str]] = []
        self._alt_werte = self._alt.mit_wert()
        self._neu_werte = self._neu.mit_wert()

    def _nimm_auf(self, stelle: Lesestelle) -> set[str]:
        """Hängt eine Lesestelle an; Kopf, Fuß und Bildtexte zählen für sich."""
        rest, bilder = [], set()
        zeilen = stelle.text.split("\n") if stelle.art == "seite" else [stelle.text]
        for zeile in self._ganze_fusszeilen(zeilen):
            aussage = self._fest.get(_ohne_seitenzahl(zeile))
            if aussage is None and self._aehnlicher_rahmen(zeile, stelle.ort):
                continue
            if aussage is None:
                rest.append(zeile)
                continue
            if aussage.art == "bild":
                bilder.add(aussage.text)
            seiten = sum(z.klasse == "seite" for z in zeichen(glatt(zeile)))
            self._arten["seite"] += seiten
            for zahl in aussage.zahlen:
                self._zaehle(zahl)
        text = glatt("\n".join(rest))
        if text:
            art = "text" if stelle.art in {"seite", "rahmen"} else stelle.art
            self._neu.fuege_an(text, stelle.ort, art)
        return bilder

    def _ganze_fusszeilen(self, zeilen: Sequence[str]) -> Iterator[str]:
        """Zeilen; eine lange Fußzeile, die auf zwei Zeilen umbricht, als eine."""
        offen = ""
        for zeile, danach in zip(zeilen, [*zeilen[1:], ""], strict=True):
            if offen:
                yield f"{offen} {zeile}"
                offen = ""
            elif danach and _ohne_seitenzahl(f"{zeile} {danach}") in self._fest:
                offen = zeile
            else:
                yield zeile

    def _aehnlicher_rahmen(self, zeile: str, ort: str) -> bool:
        """Ob eine Kopf- oder Fußzeile bis auf einzelne Zahlen gedruckt war."""
        worte = _ohne_seitenzahl(zeile)
        if len(worte) < KURZER_RAHMEN:
            return False
        for folge, aussage in self._fest.items():
            if aussage.art != "rahmen" or len(folge) != len(worte):
                continue
            falsch = [n for n, wort in enumerate(worte) if wort != folge[n]]
            alte, text = zeichen(aussage.text), glatt(zeile)
            neue = zeichen(text)
            if not 0 < len(falsch) <= 2 or not any(neue[n].ist_zahl for n in falsch):  # noqa: PLR2004
                continue
            for n in falsch:
                art = "Datum" if neue[n].klasse == "datum" else "Zahl"
                self._rahmenfunde.append(
                    Fund(
                        art=art,
                        ort=ort,
                        satz=text,
                        steht=neue[n].text,
                        erwartet=alte[n].text,
                    )
                )
            self._arten.update(z.klasse for z in neue if z.ist_zahl)
            return True
        return False

    def _streiche_wiederholte_koepfe(self) -> None:
        """Tabellenköpfe, die eine neue Seite wiederholt, zählen für sich."""
        neu = self._neu
        for aussage in self._koepfe:
            kopf = "".join(z.schluessel for z in zeichen(aussage.text))
            for von, bis in _vorkommen(neu.worte, kopf)[:0:-1]:
                for liste in (neu.zeichen, neu.satz, neu.zahlen, neu.worte):
                    del liste[von:bis]
                for zahl in aussage.zahlen:
                    self._zaehle(zahl)

    def _zaehle(self, zahl: Druckzahl) -> None:
        self._arten[zahl.art] += 1
        if zahl.beleg:
            self._gezaehlt[zahl.beleg] += 1

    def ergebnis(self) -> Gegenueberstellung:
        """Richtet aus, sucht Verschobenes, sammelt Funde."""
        alt, neu = self._alt, self._neu
        paare = ausrichtung(alt.worte, neu.worte)
        partner: dict[int, int] = {b: a for a, b in paare}
        verdacht = self._verdacht(paare)
        funde = list(self._rahmenfunde)
        hinweise: list[Fund] = []
        for satz in sorted({s for s, _ in verdacht}):
            eigene = [f for s, f in verdacht if s == satz]
            versetzt = self._versetzt(satz)
            if versetzt is not None:
                partner.update(versetzt)
                continue
            for fund in eigene:
                ziel = hinweise if fund.art in {VON_HAND, EINGEFUEGT} else funde
                ziel.append(fund)
        funde += self._zaehle_alle(partner)
        return Gegenueberstellung(
            arten=dict(sorted(self._arten.items())),
            belege=dict(sorted(self._gezaehlt.items())),
            funde=tuple(dict.fromkeys(funde)),
            hinweise=tuple(dict.fromkeys(hinweise)),
        )

    def _zaehle_alle(self, partner: Mapping[int, int]) -> list[Fund]:
        """Zählt jede Zahl der Datei; unbelegte des Abdrucks werden Funde."""
        funde = []
        for stelle, z in enumerate(self._neu.zeichen):
            if not z.ist_zahl:
                continue
            zahl = self._alt.zahlen[partner[stelle]] if stelle in partner else None
            if zahl is None:
                self._arten[z.klasse if z.klasse != WERT else UNBELEGT] += 1
                continue
            self._zaehle(zahl)
            if zahl.art == UNBELEGT:
                funde.append(self._fund("ohne Beleg", stelle, stelle + 1, ()))
        return funde

    def _verdacht(self, paare: Sequence[tuple[int, int]]) -> list[tuple[int, Fund]]:
        """Abweichungen zwischen ausgerichteten Stellen, mit dem Satz der Datei."""
        alt, neu = self._alt, self._neu
        grenzen = [(-1, -1), *paare, (len(alt.worte), len(neu.worte))]
        verdacht: list[tuple[int, Fund]] = []
        for (a1, b1), (a2, b2) in pairwise(grenzen):
            a, b = range(a1 + 1, a2), range(b1 + 1, b2)
            if not (a or b) or _gleich_geschrieben(alt, a, neu, b):
                continue
            for fund, stelle in self._pruefe(a, b, b1, b2):
                verdacht.append((neu.satz[stelle], fund))
        return verdacht

    def _pruefe(
        self, a: range, b: range, davor: int, danach: int
    ) -> Iterator[tuple[Fund, int]]:
        """Funde einer Abweichung: a steht im Abdruck, b in der Datei."""
        alt, neu = self._alt, self._neu
        offen = any(alt.worte[i] == "offen" for i in a)
        zahlen = [j for j in b if neu.zeichen[j].ist_zahl]
        alte = [i for i in a if alt.zeichen[i].ist_zahl]
        gemeldet = False
        for nummer, j in enumerate(zahlen):
            alter = alte[min(nummer, len(alte) - 1)] if alte else None
            art = VON_HAND if offen else self._zahlart(j, alter, a)
            if art == EINGEFUEGT and neu.zeichen[j].klasse != "datum":
                continue  # Verweise, Rechtsstellen und Nummern sind frei
            yield self._fund(art, j, j + 1, [alter] if alter is not None else ()), j
            gemeldet |= art not in {VON_HAND, EINGEFUEGT}
        if gemeldet or offen:
            return
        if not neu.worte:
            return
        stelle = b[0] if b else self._luecke(a, davor, danach)
        art = self._wortart(a, b, davor, danach)
        if art:
            ende = b[-1] + 1 if b else stelle + 1
            yield self._fund(art, stelle, ende, a, leer=not b), stelle

    def _luecke(self, a: range, davor: int, danach: int) -> int:
        """Stelle der Datei, deren Satz ein gestrichenes Stück verloren hat."""
        satz = self._alt.satz
        folgt = a.stop < len(satz) and satz[a.stop] == satz[a[-1]]
        stelle = danach if folgt else davor
        return max(0, min(stelle, len(self._neu.worte) - 1))

    def _zahlart(self, j: int, alter: int | None, a: range) -> str:
        """Was an einer Zahl ohne Gegenstück nicht stimmt."""
        z = self._neu.zeichen[j]
        if alter is None:
            nebenbei = z.klasse != WERT and not a
            return EINGEFUEGT if nebenbei else "ohne Beleg"
        war = self._alt.zeichen[alter]
        if z.klasse in NUMMERN and war.klasse != z.klasse:
            return EINGEFUEGT
        if z.klasse != WERT and z.klasse == war.klasse:
            return {"datum": "Datum", "verweis": "Verweis"}.get(z.klasse, "Zahl")
        if z.wert is not None and war.wert is not None:
            if z.wert == war.wert and z.einheit != war.einheit:
                return "Einheit"
            if z.wert == -war.wert:
                return "Vorzeichen"
        return "Zahl"

    def _wortart(self, a: range, b: range, davor: int, danach: int) -> str:
        """Ob ein geändertes Wort eine Aussage verändert."""
        alt, neu = self._alt, self._neu
        if not b and self._ganz_gestrichen(a):
            return ""
        ganze = {neu.satz[j] for j in b}
        if self._ganz_gestrichen(a) and all(self._ganz_neu(s, b) for s in ganze):
            return ""
        beruehrt = {alt.satz[i] for i in a}
        if any(alt.saetze[s][2] == "kopfzeile" for s in beruehrt):
            return "Spaltenkopf"
        hat_zahl = self._hat_zahl(a, b, davor, danach)
        if any(alt.zeichen[i].ist_zahl for i in a) and b:
            return "Zahl"
        for art in ("Gebiet", "Kennzahl", "Richtung"):
            war = Counter(alt.worte[i] for i in a if alt.arten[i] == art)
            ist = Counter(neu.worte[j] for j in b if neu.arten[j] == art)
            if war != ist and (hat_zahl or (war and ist)):
                return art
        folgt = davor >= 0 and neu.zeichen[davor].ist_zahl and a and b
        worte = {alt.worte[i] for i in a[:1]} | {neu.worte[j] for j in b[:1]}
        if folgt and not worte & FUELLWORTE and self._ist_wert(davor):
            return "Bezug"
        return ""

    def _ist_wert(self, stelle: int) -> bool:
        return self._neu.zeichen[stelle].klasse == WERT

    def _hat_zahl(self, a: range, b: range, davor: int, danach: int) -> bool:
        """Ob der Satz um eine Abweichung einen Wert nennt."""
        satz = self._neu.satz
        stellen = list(b) or [j for j in (davor, danach) if 0 <= j < len(satz)]
        hier = any(satz[j] in self._neu_werte for j in stellen)
        return hier and (not a or any(self._alt.satz[i] in self._alt_werte for i in a))

    def _ganz_gestrichen(self, a: range) -> bool:
        """Ob nur ganze Sätze fehlen."""
        alt = self._alt
        for satz in {alt.satz[i] for i in a}:
            von, bis = alt.spanne(satz)
            if not (a[0] <= von and bis - 1 <= a[-1]):
                return False
        return True

    def _ganz_neu(self, satz: int, b: range) -> bool:
        von, bis = self._neu.spanne(satz)
        return bool(b) and b[0] <= von and bis - 1 <= b[-1]

    def _versetzt(self, satz: int) -> dict[int, int] | None:
        """Gegenstücke, wenn der Satz unverändert an anderer Stelle belegt ist."""
        neu, alt = self._neu, self._alt
        von, bis = neu.spanne(satz)
        worte = neu.worte[von:bis]
        for kandidat in self._kandidaten(worte):
            a_von, a_bis = alt.spanne(kandidat)
            if alt.worte[a_von:a_bis] == worte:
                return {von + n: a_von + n for n in range(bis - von)}
            paare = _kern_gleich(alt, (a_von, a_bis), neu, (von, bis))
            if paare is not None:
                return paare
        return None

    def _kandidaten(self, worte: Sequence[str]) -> list[int]:
        """Sätze des Abdrucks, die den Worten ähneln, ähnlichste zuerst."""
        menge = Counter(worte)
        treffer: Counter[int] = Counter()
        self._alt_worte = self._alt_worte or self._alt.worte_je_satz()
        for satz, eigene in enumerate(self._alt_worte):
            gemeinsam = sum((menge & eigene).values())
            laenge = max(sum(eigene.values()), len(worte))
            if gemeinsam >= 0.75 * laenge:
                treffer[satz] = gemeinsam
        return [satz for satz, _ in treffer.most_common(5)]

    def _fund(
        self, art: str, von: int, bis: int, alte: Iterable[int], *, leer: bool = False
    ) -> Fund:
        neu, alt = self._neu, self._alt
        stellen = list(alte)
        ort, satz, _ = neu.saetze[neu.satz[von]]
        steht = "" if leer else " ".join(z.text for z in neu.zeichen[von:bis])
        erwartet = " ".join(alt.zeichen[i].text for i in stellen)
        beleg = next(
            (zahl.beleg for i in stellen if (zahl := alt.zahlen[i]) and zahl.beleg), ""
        )
        if not beleg and neu.zeichen[von].ist_zahl:
            beleg = self._naechster(neu.zeichen[von])
        return Fund(
            art=art, ort=ort, satz=satz, steht=steht, erwartet=erwartet, beleg=beleg
        )

    def _naechster(self, z: Zeichen) -> str:
        """Beleg des Schriftstücks mit dem nächsten Wert gleicher Einheit."""
        if z.wert is None:
            return ""
        abstaende = [
            (abs(gedruckt.wert - z.wert), kennung)
            for kennung, eintrag in self._belege.items()
            for gedruckt in zeichen(glatt(str(eintrag.get("text", ""))))[:1]
            if gedruckt.wert is not None and gedruckt.einheit == z.einheit
        ]
        return min(abstaende)[1] if abstaende else ""


def _ohne_seitenzahl(zeile: str) -> tuple[str, ...]:
    text = glatt(zeile)
    kopf, _, _ = text.partition("Seite ")
    kern = kopf if any(z.klasse == "seite" for z in zeichen(text)) else text
    return tuple(z.schluessel for z in zeichen(kern.strip()))


def _vorkommen(worte: Sequence[str], gesucht: str) -> list[tuple[int, int]]:
    """Spannen, deren Wörter aneinandergereiht den gesuchten Text ergeben."""
    if not gesucht:
        return []
    anfaenge, text = [], ""
    for wort in worte:
        anfaenge.append(len(text))
        text += wort
    stellen = {ort: nummer for nummer, ort in enumerate([*anfaenge, len(text)])}
    spannen, ab = [], text.find(gesucht)
    while ab >= 0:
        if ab in stellen and ab + len(gesucht) in stellen:
            spannen.append((stellen[ab], stellen[ab + len(gesucht)]))
        ab = text.find(gesucht, ab + 1)
    return spannen


def _gleich_geschrieben(alt: Folge, a: range, neu: Folge, b: range) -> bool:
    """Ob sich nur Trennung oder Zusammenschreibung unterscheiden."""
    if not a or not b:
        return False
    eins = "".join(alt.worte[i] for i in a)
    return eins == "".join(neu.worte[j] for j in b) and not any(
        neu.zeichen[j].ist_zahl for j in b
    )


def _kern_gleich(
    alt: Folge, a: tuple[int, int], neu: Folge, b: tuple[int, int]
) -> dict[int, int] | None:
    """Gegenstücke, wenn alles Wesentliche zweier Sätze in gleicher Folge steht."""

    def kern(folge: Folge, von: int, bis: int) -> list[int]:
        return [
            n for n in range(von, bis) if folge.zeichen[n].ist_zahl or folge.arten[n]
        ]

    eins, zwei = kern(alt, *a), kern(neu, *b)
    if [alt.worte[i] for i in eins] != [neu.worte[j] for j in zwei]:
        return None
    vergleich = SequenceMatcher(
        None, alt.worte[a[0] : a[1]], neu.worte[b[0] : b[1]], autojunk=False
    )
    if vergleich.ratio() < 0.8:  # noqa: PLR2004 – fast derselbe Wortlaut
        return None
    return dict(zip(zwei, eins, strict=True))
