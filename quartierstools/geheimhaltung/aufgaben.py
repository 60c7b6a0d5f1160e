"""Welche Aufgaben stellen die Zählungen? Vom Bestand zu zusammenhängenden Netzen.

Was feststeht (Nullen, Bevölkerungszahlen, früher Veröffentlichtes), wird
eingesetzt; was übrig bleibt, zerfällt in Netze, die einander nichts verraten.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from quartierstools.geheimhaltung.groessen import Groessen, Schluessel
from quartierstools.geheimhaltung.spanne import netz
from quartierstools.geheimhaltung.sperrung import Aufgabe

GEWICHT_EBENE: Mapping[str, float] = {"gebiet": 1.0, "stadtbezirk": 3.0, "stadt": 20.0}
"""Was eine gesperrte Zelle kostet: Mit dem Stadtwert wird alles verglichen."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lage:
    """Zustand der Zählungen vor der Wahl.

    Attributes
    ----------
    schutz : Mapping
        Schutzbreite je schutzbedürftiger Zählung.
    restschutz : Mapping
        Schutzbreite je Unterschied zwischen Teil und Ganzem.
    ohnehin : Set
        Zählungen, die in keiner offenen Zeile stehen.
    fest : Set
        Zählungen, die nicht gesperrt werden dürfen oder können.
    zeilen : Mapping
        Wie viele offene Zeilen mit einer Zählung gesperrt würden; Zeilen, die
        ohnehin nicht ausgewiesen werden, zählen weniger.
    rundung : int
        Vielfaches, auf das Fallzahlen gerundet hinausgehen; 0 ist genau.
    """

    groessen: Groessen
    schutz: Mapping[Schluessel, float]
    restschutz: Mapping[tuple[Schluessel, Schluessel], float]
    ohnehin: AbstractSet[Schluessel]
    fest: AbstractSet[Schluessel]
    zeilen: Mapping[Schluessel, float]
    rundung: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Teilaufgabe:
    """Ein Netz mit den Namen seiner Unbekannten; ein Rest heißt nach seinem Teil."""

    aufgabe: Aufgabe
    schluessel: tuple[Schluessel, ...]


Glieder = tuple[tuple[tuple[int, float], ...], float, float]


class Verbund:
    """Vereinigt Nummern, die in einer Bedingung zusammen stehen."""

    def __init__(self, groesse: int) -> None:
        self._eltern = list(range(groesse))

    def kopf(self, nummer: int) -> int:
        """Vertreterin des Verbunds, zu dem eine Nummer gehört."""
        while self._eltern[nummer] != nummer:
            self._eltern[nummer] = self._eltern[self._eltern[nummer]]
            nummer = self._eltern[nummer]
        return nummer

    def verbinde(self, eine: int, andere: int) -> None:
        """Legt zwei Verbünde zusammen."""
        a, b = self.kopf(eine), self.kopf(andere)
        self._eltern[max(a, b)] = min(a, b)


def gerundete_grenzen(wert: int, vielfaches: int) -> tuple[int, int]:
    """Kleinste und größte Zahl, die gerundet ebenso aussieht wie `wert`.

    Examples
    --------
    >>> gerundete_grenzen(12, 5), gerundete_grenzen(1, 5), gerundete_grenzen(15, 10)
    ((8, 12), (0, 2), (15, 24))
    >>> gerundete_grenzen(7, 0)
    (7, 7)
    """
    if not vielfaches:
        return wert, wert
    mitte = auf_vielfaches(wert, vielfaches)
    unten = mitte - vielfaches // 2
    return max(0, unten), unten + vielfaches - 1


def auf_vielfaches(wert: int, vielfaches: int) -> int:
    """Kaufmännisch auf ein Vielfaches gerundet.

    Examples
    --------
    >>> [auf_vielfaches(w, 5) for w in (2, 3, 7, 8)], auf_vielfaches(15, 10)
    ([0, 5, 5, 10], 20)
    """
    if not vielfaches:
        return wert
    return (wert + vielfaches // 2) // vielfaches * vielfaches


def aufgaben(lage: Lage) -> Iterator[Teilaufgabe]:
    """Alle Netze, in denen etwas zu schützen ist, in fester Reihenfolge."""
    bau = _Bau(lage)
    yield from bau.teilaufgaben()


class _Bau:
    """Setzt Festes ein und stellt die Netze zusammen."""

    def __init__(self, lage: Lage) -> None:
        self._lage = lage
        werte = lage.groessen.werte
        self._namen = sorted(s for s in werte if s not in lage.fest or werte[s] is None)
        self._nummer = {s: i for i, s in enumerate(self._namen)}
        self._unten: list[float] = []
        self._oben: list[float] = []
        self._eng: list[tuple[float, float]] = []
        self._kosten: list[float] = []
        self._breite: dict[int, float] = {}
        self._glieder: list[Glieder] = []
        self._reste: dict[int, Schluessel] = {}
        self._grenzen_der_zaehlungen()
        self._teilmengen()
        for gleichung in lage.groessen.gleichungen:
            self._bedingung(gleichung.terme, gleichung.unten, gleichung.oben)

    def _grenzen_der_zaehlungen(self) -> None:
        lage, werte = self._lage, self._lage.groessen.werte
        bekannt = [w for w in werte.values() if w is not None]
        weit = 10.0 * max(bekannt, default=0) + 1000.0
        spielraum = 3.0 * max(lage.schutz.values(), default=0.0)
        geschaetzt = self._aus_anteilen()
        for nummer, name in enumerate(self._namen):
            wert = werte[name]
            kosten = self._preis(name)
            if wert is not None:
                eng = gerundete_grenzen(wert, lage.rundung)
                oben = wert + max(spielraum, float(wert))
            elif name in geschaetzt:
                eng, oben = geschaetzt[name], weit
            else:
                eng, oben, kosten = (0, 0), weit, 0.0
            self._unten.append(0.0)
            self._oben.append(max(oben, float(eng[1])))
            self._eng.append((float(eng[0]), float(eng[1])))
            self._kosten.append(kosten)
            if name in lage.schutz:
                self._breite[nummer] = lage.schutz[name]

    def _preis(self, name: Schluessel) -> float:
        """Kosten nach Ebene und Zeilen; bei Gleichstand die kleinere Zählung."""
        lage = self._lage
        if name in lage.schutz or name in lage.ohnehin:
            return 0.0
        if name in lage.fest:
            return float("inf")
        wert = lage.groessen.werte[name] or 0
        gleichstand = 1e-3 * float(np.log1p(wert))
        return GEWICHT_EBENE.get(name[1], 1.0) * lage.zeilen[name] + gleichstand

    def _aus_anteilen(self) -> dict[Schluessel, tuple[int, int]]:
        """Zähler, die sich aus veröffentlichtem Anteil und Nenner ergeben."""
        werte = self._lage.groessen.werte
        ergebnis = {}
        for zaehler, nenner, unten, oben in self._lage.groessen.anteile:
            n = werte.get(nenner)
            if n is not None and werte.get(zaehler) is None:
                grenzen = ganze_grenzen(unten, oben, n)
                if grenzen[0] <= grenzen[1]:
                    ergebnis[zaehler] = grenzen
        return ergebnis

    def _teilmengen(self) -> None:
        """Reste werden Unbekannte; steht eine Seite fest, genügt eine Grenze."""
        werte = self._lage.groessen.werte
        for teil, ganzes in self._lage.groessen.teilmengen:
            i, j = self._nummer.get(teil), self._nummer.get(ganzes)
            schutz = self._lage.restschutz.get((teil, ganzes))
            if i is not None and j is not None:
                rest = self._rest(teil, schutz)
                glieder = ((i, 1.0), (rest, 1.0), (j, -1.0))
                self._glieder.append((glieder, 0.0, 0.0))
            elif i is not None and (oben := werte[ganzes]) is not None:
                self._oben[i] = max(min(self._oben[i], float(oben)), self._eng[i][1])
                self._merke_schutz(i, schutz)
            elif j is not None and (unten := werte[teil]) is not None:
                self._unten[j] = min(max(self._unten[j], unten), self._eng[j][0])
                self._merke_schutz(j, schutz)

    def _merke_schutz(self, nummer: int, schutz: float | None) -> None:
        if schutz is not None:
            self._breite[nummer] = max(self._breite.get(nummer, 0.0), schutz)

    def _rest(self, teil: Schluessel, schutz: float | None) -> int:
        nummer = len(self._unten)
        self._reste[nummer] = teil
        self._unten.append(0.0)
        self._oben.append(max(self._oben, default=1000.0))
        self._eng.append((0.0, 0.0))
        self._kosten.append(0.0)
        if schutz is not None:
            self._breite[nummer] = schutz
        return nummer

    def _bedingung(
        self,
        terme: tuple[tuple[Schluessel, float], ...],
        unten: float,
        oben: float,
    ) -> None:
        werte, fest = self._lage.groessen.werte, 0.0
        glieder: dict[int, float] = {}
        for name, gewicht in terme:
            if name in self._nummer:
                nummer = self._nummer[name]
                glieder[nummer] = glieder.get(nummer, 0.0) + gewicht
            else:
                fest += gewicht * (werte[name] or 0)
        if glieder:
            paare = tuple(sorted(glieder.items()))
            self._glieder.append((paare, unten - fest, oben - fest))

    def teilaufgaben(self) -> Iterator[Teilaufgabe]:
        """Netze mit mindestens einer schutzbedürftigen Unbekannten."""
        verbund = Verbund(len(self._unten))
        for glieder, _, _ in self._glieder:
            for nummer, _ in glieder:
                verbund.verbinde(glieder[0][0], nummer)
        netze: dict[int, list[int]] = {}
        for nummer in range(len(self._unten)):
            netze.setdefault(verbund.kopf(nummer), []).append(nummer)
        bedingungen: dict[int, list[Glieder]] = {}
        for eintrag in self._glieder:
            bedingungen.setdefault(verbund.kopf(eintrag[0][0][0]), []).append(eintrag)
        for kopf in sorted(netze):
            if any(n in self._breite for n in netze[kopf]):
                yield self._teil(netze[kopf], bedingungen.get(kopf, []))

    def _teil(self, nummern: list[int], bedingungen: list[Glieder]) -> Teilaufgabe:
        neu = {alt: i for i, alt in enumerate(nummern)}
        stueck = netz(
            [[(neu[n], g) for n, g in glieder] for glieder, _, _ in bedingungen],
            [unten for _, unten, _ in bedingungen],
            [oben for _, _, oben in bedingungen],
            groesse=len(nummern),
        )
        aufgabe = Aufgabe(
            netz=stueck,
            weit_unten=np.array([self._unten[n] for n in nummern]),
            weit_oben=np.array([self._oben[n] for n in nummern]),
            eng_unten=np.array([self._eng[n][0] for n in nummern]),
            eng_oben=np.array([self._eng[n][1] for n in nummern]),
            kosten=np.array([self._kosten[n] for n in nummern]),
            breite={neu[n]: self._breite[n] for n in nummern if n in self._breite},
        )
        namen = tuple(
            self._reste[n] if n in self._reste else self._namen[n] for n in nummern
        )
        return Teilaufgabe(aufgabe=aufgabe, schluessel=namen)


def ganze_grenzen(unten: float, oben: float, nenner: int) -> tuple[int, int]:
    """Ganze Zähler, die zu einem gerundeten Anteil und einem Nenner passen.

    Examples
    --------
    >>> ganze_grenzen(0.5705, 0.5715, 7), ganze_grenzen(0.0205, 0.0215, 400)
    ((4, 4), (9, 8))
    """
    genau = 1e-9
    return (
        int(np.ceil(unten * nenner - genau)),
        int(np.floor(oben * nenner + genau)),
    )
