"""Was muss mitgesperrt werden, damit sich nichts zurückrechnen lässt?

Gesucht sind die billigsten Sperrungen, bei denen jede schutzbedürftige Zählung
nur bis auf ihre Schutzbreite eingrenzbar bleibt. Schnittebenen (Benders): Ein
ganzzahliges Programm wählt Sperrungen, lineare Programme greifen sie an, und
jeder gelungene Angriff wird zur Bedingung an die nächste Wahl.

Fundstelle: Fischetti und Salazar, Solving the Cell Suppression Problem on Tabular
Data with Linear Constraints, Management Science 47 (2001), S. 1008-1027.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from quartierstools.geheimhaltung.spanne import (
    KNOTEN,
    TOLERANZ,
    Netz,
    Zahlen,
    ganzzahlig,
    rand,
)

HOECHSTRUNDEN = 60
"""So oft wird neu gewählt; danach ergänzt ein einfaches Verfahren den Rest."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aufgabe:
    """Ein Netz mit der Frage, welche Unbekannten zu sperren sind.

    Attributes
    ----------
    weit_unten, weit_oben : ndarray
        Grenzen einer gesperrten Zählung.
    eng_unten, eng_oben : ndarray
        Grenzen einer veröffentlichten Zählung; ohne Rundung beide ihr Wert.
    kosten : ndarray
        Kosten einer Sperrung; 0 ist ohnehin gesperrt, unendlich nicht sperrbar.
    breite : Mapping
        Schutzbreite je schutzbedürftiger Zählung.
    """

    netz: Netz
    weit_unten: Zahlen
    weit_oben: Zahlen
    eng_unten: Zahlen
    eng_oben: Zahlen
    kosten: Zahlen
    breite: Mapping[int, float]

    @property
    def kandidaten(self) -> npt.NDArray[np.int64]:
        """Nummern, die zusätzlich gesperrt werden können."""
        return np.flatnonzero((self.kosten > 0) & np.isfinite(self.kosten))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wahl:
    """Zusätzlich gesperrte Nummern.

    Attributes
    ----------
    bestmoeglich : bool
        Ob die Kosten nachweislich die kleinsten sind.
    ungeschuetzt : Mapping
        Schutzbedürftige Nummern, für die auch alle Sperrungen nicht reichen, mit
        der erreichbaren Breite.
    """

    gesperrt: frozenset[int]
    bestmoeglich: bool
    ungeschuetzt: Mapping[int, float]


class _Verteidigung:
    """Prüft eine Auswahl und sammelt Bedingungen aus gelungenen Angriffen."""

    def __init__(self, aufgabe: Aufgabe) -> None:
        self.aufgabe = aufgabe
        self.kandidaten = aufgabe.kandidaten
        k = self.kandidaten
        self._mehr_unten = (aufgabe.eng_unten - aufgabe.weit_unten)[k]
        self._mehr_oben = (aufgabe.weit_oben - aufgabe.eng_oben)[k]
        self._ohnehin = aufgabe.kosten == 0
        self.schnitte: list[Zahlen] = []
        self.schwellen: list[float] = []
        self._zeugen: dict[int, tuple[Zahlen, Zahlen]] = {}

    def grenzen(self, anteil: Zahlen) -> tuple[Zahlen, Zahlen]:
        """Grenzen aller Unbekannten; `anteil` sagt je Kandidat, wie offen er ist."""
        a = self.aufgabe
        # Der Löser liefert auch −1e−9; dann widersprächen die Grenzen den Zahlen.
        anteil = np.clip(anteil, 0.0, 1.0)
        unten = np.where(self._ohnehin, a.weit_unten, a.eng_unten)
        oben = np.where(self._ohnehin, a.weit_oben, a.eng_oben)
        unten[self.kandidaten] -= anteil * self._mehr_unten
        oben[self.kandidaten] += anteil * self._mehr_oben
        return unten, oben

    def breite(self, nummer: int, anteil: Zahlen) -> float:
        """Breite des Bereichs einer Zählung bei einer Auswahl."""
        unten, oben = self.grenzen(anteil)
        hoch = rand(self.aufgabe.netz, nummer, unten, oben, 1)
        tief = rand(self.aufgabe.netz, nummer, unten, oben, -1)
        return hoch.wert - tief.wert

    def greife_an(self, nummer: int, soll: float, anteil: Zahlen) -> bool:
        """Ob `nummer` zu eng eingrenzbar ist; merkt sich dann eine Bedingung."""
        unten, oben = self.grenzen(anteil)
        if self.bezeugt(nummer, soll, unten, oben):
            return False
        hoch = rand(self.aufgabe.netz, nummer, unten, oben, 1)
        tief = rand(self.aufgabe.netz, nummer, unten, oben, -1)
        breite = hoch.wert - tief.wert
        if breite >= soll - TOLERANZ:
            self._zeugen[nummer] = (hoch.punkt, tief.punkt)
            return False
        preis = np.zeros(len(self.kandidaten))
        for seite in (hoch, tief):
            preis += np.maximum(seite.preis_unten[self.kandidaten], 0) * (
                self._mehr_unten
            )
            preis += np.maximum(seite.preis_oben[self.kandidaten], 0) * self._mehr_oben
        schwelle = soll - breite + float(preis @ anteil)
        self.schnitte.append(np.minimum(preis, schwelle) / schwelle)
        self.schwellen.append(1.0)
        return True

    def bezeugt(
        self,
        nummer: int,
        soll: float,
        unten: Zahlen,
        oben: Zahlen,
        *,
        ganz: bool = False,
    ) -> bool:
        """Ob zwei früher gefundene Punkte noch gelten und weit genug liegen."""
        if nummer not in self._zeugen:
            return False
        hoch, tief = self._zeugen[nummer]
        if hoch[nummer] - tief[nummer] < soll - TOLERANZ:
            return False
        return all(
            bool((p >= unten - TOLERANZ).all() and (p <= oben + TOLERANZ).all())
            and not (ganz and np.abs(p - np.rint(p)).max() > TOLERANZ)
            for p in (hoch, tief)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Urteil:
    """Hält eine vorgelegte Auswahl?

    Attributes
    ----------
    zu_eng : frozenset of int
        Nummern, die sich enger eingrenzen lassen als verlangt.
    ungeschuetzt : frozenset of int
        Nummern, für die auch alle Sperrungen nicht reichen.
    """

    zu_eng: frozenset[int]
    ungeschuetzt: frozenset[int]


def beurteile(aufgabe: Aufgabe, gesperrt: Sequence[int]) -> Urteil:
    """Greift eine Auswahl an, die andere getroffen haben.

    Parameters
    ----------
    aufgabe : Aufgabe
        Ein zusammenhängendes Netz.
    gesperrt : Sequence of int
        Zusätzlich gesperrte Nummern.
    """
    verteidigung = _Verteidigung(aufgabe)
    soll, ungeschuetzt = _soll(verteidigung)
    auswahl = np.isin(verteidigung.kandidaten, list(gesperrt)).astype(float)
    return Urteil(
        zu_eng=frozenset(_zu_eng(verteidigung, soll, auswahl)),
        ungeschuetzt=frozenset(ungeschuetzt),
    )


def _soll(
    verteidigung: _Verteidigung,
) -> tuple[dict[int, float], dict[int, float]]:
    """Erreichbare Breite je Nummer und was hinter der verlangten zurückbleibt."""
    aufgabe = verteidigung.aufgabe
    alle = np.ones(len(verteidigung.kandidaten))
    soll: dict[int, float] = {}
    ungeschuetzt: dict[int, float] = {}
    for nummer, breite in sorted(aufgabe.breite.items()):
        moeglich = _ganze_breite(aufgabe, *verteidigung.grenzen(alle), nummer)
        soll[nummer] = min(breite, moeglich)
        if moeglich < breite:
            ungeschuetzt[nummer] = moeglich
    return soll, ungeschuetzt


def waehle(aufgabe: Aufgabe) -> Wahl:
    """Billigste Sperrungen, die alle schutzbedürftigen Zählungen schützen.

    Parameters
    ----------
    aufgabe : Aufgabe
        Ein zusammenhängendes Netz.

    Returns
    -------
    Wahl
        Geprüft mit ganzzahligem Angriff.
    """
    verteidigung = _Verteidigung(aufgabe)
    soll, ungeschuetzt = _soll(verteidigung)
    ziel = dict(soll)
    while True:
        gewaehlt, bestmoeglich = _gewaehlt(verteidigung, soll)
        zu_eng = _zu_eng(verteidigung, ziel, gewaehlt)
        if not zu_eng:
            break
        # Das lineare Programm sah Bruchteile; mehr verlangen, bis Ganze reichen.
        for nummer in zu_eng:
            soll[nummer] += 1
    nummern = verteidigung.kandidaten[gewaehlt > 0]
    return Wahl(
        gesperrt=frozenset(int(n) for n in nummern),
        bestmoeglich=bestmoeglich and soll == ziel,
        ungeschuetzt=ungeschuetzt,
    )


def _ganze_breite(aufgabe: Aufgabe, unten: Zahlen, oben: Zahlen, nummer: int) -> float:
    """Breite des ganzzahligen Bereichs; ganze Ecken ersparen die Suche."""
    hoch = rand(aufgabe.netz, nummer, unten, oben, 1)
    tief = rand(aufgabe.netz, nummer, unten, oben, -1)
    if all(np.abs(r.punkt - np.rint(r.punkt)).max() < TOLERANZ for r in (hoch, tief)):
        return float(round(hoch.wert) - round(tief.wert))
    kleinster, groesster = ganzzahlig(aufgabe.netz, nummer, unten, oben)
    return groesster - kleinster


def _zu_eng(
    verteidigung: _Verteidigung, soll: Mapping[int, float], gewaehlt: Zahlen
) -> list[int]:
    unten, oben = verteidigung.grenzen(gewaehlt)
    return [
        nummer
        for nummer, breite in soll.items()
        if not verteidigung.bezeugt(nummer, breite, unten, oben, ganz=True)
        and not _ganze_breite(verteidigung.aufgabe, unten, oben, nummer) >= breite
    ]


def _gewaehlt(
    verteidigung: _Verteidigung, soll: Mapping[int, float]
) -> tuple[Zahlen, bool]:
    """Auswahl, die jedem linearen Angriff standhält, und ob sie die billigste ist."""
    anzahl = len(verteidigung.kandidaten)
    if not anzahl:
        return np.zeros(0), True
    fest = _brueckenregeln(verteidigung)
    for ganz in (False, True):
        for _ in range(HOECHSTRUNDEN):
            anteil = _meister(verteidigung, fest, ganz=ganz)
            if anteil is None:
                break
            treffer = [
                verteidigung.greife_an(nummer, breite, anteil)
                for nummer, breite in soll.items()
            ]
            if not any(treffer):
                if ganz:
                    return anteil, True
                break
    return _ergaenzt(verteidigung, soll), False


def _meister(
    verteidigung: _Verteidigung,
    fest: tuple[list[Zahlen], list[float]],
    *,
    ganz: bool,
) -> Zahlen | None:
    """Billigste Auswahl, die alle bisherigen Bedingungen erfüllt."""
    anzahl = len(verteidigung.kandidaten)
    zeilen = [*fest[0], *verteidigung.schnitte]
    schwellen = [*fest[1], *verteidigung.schwellen]
    bedingungen = []
    if zeilen:
        matrix = csr_array(np.vstack(zeilen))
        bedingungen.append(
            LinearConstraint(matrix, np.asarray(schwellen) - 1e-9, np.inf)
        )
    loesung = milp(
        verteidigung.aufgabe.kosten[verteidigung.kandidaten],
        integrality=np.full(anzahl, int(ganz)),
        bounds=Bounds(0, 1),
        constraints=bedingungen,
        options={"mip_rel_gap": 0.0, "node_limit": KNOTEN},
    )
    if loesung.x is None or loesung.status != 0:
        return None
    auswahl: Zahlen = np.clip(loesung.x, 0, 1)
    return np.rint(auswahl) if ganz else auswahl


def _brueckenregeln(
    verteidigung: _Verteidigung,
) -> tuple[list[Zahlen], list[float]]:
    """In einer genauen Summe ist nie genau ein Glied gesperrt.

    Für jeden Kandidaten gilt: Ist er gesperrt, dann auch ein anderes Glied der
    Summe. Wäre er es allein, ließe er sich ausrechnen und könnte offen bleiben.
    """
    a = verteidigung.aufgabe
    stelle = {int(k): i for i, k in enumerate(verteidigung.kandidaten)}
    offen = np.flatnonzero((a.kosten == 0) | (a.eng_unten != a.eng_oben))
    ohnehin = {int(n) for n in offen} - set(stelle)
    zeilen: list[Zahlen] = []
    schwellen: list[float] = []
    genau = a.netz.unten == a.netz.oben
    gerundet = bool((a.eng_unten != a.eng_oben)[verteidigung.kandidaten].any())
    for nummer in () if gerundet else np.flatnonzero(genau):
        glieder = a.netz.matrix[[nummer]].indices
        fest = [int(g) for g in glieder if int(g) in ohnehin]
        waehlbar = [stelle[int(g)] for g in glieder if int(g) in stelle]
        for eigen in waehlbar if not fest else ():
            zeile = np.zeros(len(stelle))
            zeile[waehlbar] = 1.0
            zeile[eigen] = -1.0
            zeilen.append(zeile)
            schwellen.append(0.0)
        if len(fest) == 1 and fest[0] in a.breite:
            zeile = np.zeros(len(stelle))
            zeile[waehlbar] = 1.0
            zeilen.append(zeile)
            schwellen.append(1.0)
    return zeilen, schwellen


def _ergaenzt(
    verteidigung: _Verteidigung,
    soll: Mapping[int, float],
) -> Zahlen:
    """Sichere Auswahl ohne Anspruch auf das Optimum: auffüllen, dann ausdünnen."""
    kosten = verteidigung.aufgabe.kosten[verteidigung.kandidaten]
    gewaehlt = np.ones(len(kosten))
    reihenfolge = np.lexsort((np.arange(len(kosten)), -kosten))
    for stelle in reihenfolge:
        gewaehlt[stelle] = 0.0
        haelt = all(
            verteidigung.breite(nummer, gewaehlt) >= breite - TOLERANZ
            for nummer, breite in soll.items()
        )
        if not haelt:
            gewaehlt[stelle] = 1.0
    return gewaehlt


def billigste(aufgabe: Aufgabe, *, hoechstens: int = 16) -> float:
    """Kleinste Kosten durch Ausprobieren aller Auswahlen; nur für kleine Netze.

    Raises
    ------
    ValueError
        Bei mehr als `hoechstens` Kandidaten.
    """
    kandidaten = aufgabe.kandidaten
    if len(kandidaten) > hoechstens:
        raise ValueError(f"Zu viele Kandidaten zum Ausprobieren: {len(kandidaten)}.")
    verteidigung = _Verteidigung(aufgabe)
    alle = np.ones(len(kandidaten))
    soll = {
        nummer: min(b, _ganze_breite(aufgabe, *verteidigung.grenzen(alle), nummer))
        for nummer, b in aufgabe.breite.items()
    }
    kosten = aufgabe.kosten[kandidaten]
    for auswahl in _nach_kosten(kosten):
        if not _zu_eng(verteidigung, soll, auswahl):
            return float(kosten @ auswahl)
    return float(kosten.sum())


def _nach_kosten(kosten: Zahlen) -> Iterable[Zahlen]:
    anzahl = len(kosten)
    muster = (np.arange(2**anzahl)[:, None] >> np.arange(anzahl)) & 1
    for nummer in np.argsort(muster @ kosten, kind="stable"):
        yield muster[nummer].astype(float)
