"""Warum dieser Typ? Höchstens drei Fragen, die fast jede Zuordnung erklären."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd  # noqa: TC002

from quartierstools.analyse.normierungen import WINZIG
from quartierstools.analyse.typeinstellung import BUCHSTABEN
from quartierstools.schreibweise import zahl_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quartierstools.analyse.pruefung import Schluessel
    from quartierstools.analyse.typisierung import Typisierung

Feld = Any
"""Ein Feld von Zahlen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frage:
    """Eine Frage oder eine Antwort der Kurzregel.

    Attributes
    ----------
    typ : int
        Häufigster Typ an dieser Stelle.
    merkmal : str
        Wonach gefragt wird; leer bei einer Antwort.
    grenze : float
        „über“ oder „bis“ zu diesem Wert.
    bis, ueber : Frage or None
        Wie es weitergeht.
    """

    typ: int
    merkmal: str = ""
    grenze: float = float("nan")
    bis: Frage | None = None
    ueber: Frage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kurzregel:
    """Einfache Regel, die die Typen nachahmt; sie ersetzt sie nicht.

    Attributes
    ----------
    wurzel : Frage
        Erste Frage.
    treffer : int
        Gebiete, deren Typ die Regel trifft.
    gebiete : int
        Gebiete mit Typ.
    merkmale : DataFrame
        Werte, nach denen gefragt wird.
    typ : Series of int
        Zugeordneter Typ je Gebiet; −1 ohne Typ.
    zentren_z : DataFrame
        Mitten der Typen in Standardabweichungen.
    mittel, streuung : array of shape (n_merkmale,)
        Womit standardisiert wurde.

    Examples
    --------
    >>> from quartierstools.analyse import Typisierung
    >>> lage = pd.DataFrame({"B01": [1, 1.2, 0.8, 1.1, 9, 9.2, 8.8, 9.1]})
    >>> regel = kurzregel(Typisierung().fit(lage))
    >>> regel.treffer, regel.gebiete
    (8, 8)
    """

    wurzel: Frage
    treffer: int
    gebiete: int
    merkmale: pd.DataFrame
    typ: pd.Series
    zentren_z: pd.DataFrame
    mittel: Feld
    streuung: Feld

    def _wert(self, gebiet: Schluessel, merkmal: str) -> float:
        return float(self.merkmale[merkmal].to_dict()[gebiet])

    def weg(self, gebiet: Schluessel) -> tuple[list[tuple[str, str, float]], int]:
        """Beantwortete Fragen (Merkmal, „bis“/„über“, Grenze) und Typ der Regel."""
        frage, schritte = self.wurzel, []
        while frage.bis is not None and frage.ueber is not None:
            ueber = self._wert(gebiet, frage.merkmal) > frage.grenze
            schritte.append((frage.merkmal, "über" if ueber else "bis", frage.grenze))
            frage = frage.ueber if ueber else frage.bis
        return schritte, frage.typ

    def warum(
        self,
        gebiet: Schluessel,
        *,
        name: str = "",
        bezeichnungen: Mapping[str, str] | None = None,
        einheiten: Mapping[str, str] | None = None,
    ) -> str:
        """Ein Satz „Warum dieser Typ?“ mit den Werten des Gebiets."""
        worte, maasse = bezeichnungen or {}, einheiten or {}
        eigener = int(self.typ.loc[gebiet])
        text = name or str(gebiet)
        if eigener < 0:
            return f"{text} hat keinen Typ."
        schritte, laut_regel = self.weg(gebiet)
        teile = []
        for merkmal, lage, grenze in _zusammengefasst(schritte):
            einheit = f"\u00a0{maasse[merkmal]}" if merkmal in maasse else ""
            hier = zahl_text(self._wert(gebiet, merkmal), stellen=1)
            teile.append(
                f"{worte.get(merkmal, merkmal)} {lage} {zahl_text(grenze, stellen=1)}"
                f"{einheit} (hier {hier}{einheit})"
            )
        kopf = f"{text} gehört zu Typ {BUCHSTABEN[eigener]}"
        if laut_regel != eigener:
            kopf += f", die Kurzregel führt zu Typ {BUCHSTABEN[laut_regel]}"
        quote = f"Die Kurzregel trifft {self.treffer} von {self.gebiete} Zuordnungen."
        return (
            f"{kopf}: {' und '.join(teile)}. {quote}" if teile else f"{kopf}. {quote}"
        )

    def was_waere_anders(
        self,
        gebiet: Schluessel,
        *,
        bezeichnungen: Mapping[str, str] | None = None,
        einheiten: Mapping[str, str] | None = None,
    ) -> str:
        """Kleinste Änderung eines Merkmals, die zu einem anderen Typ führt."""
        eigener = int(self.typ.loc[gebiet])
        if eigener < 0:
            return ""
        x = (self.merkmale.loc[gebiet].to_numpy() - self.mittel) / self.streuung
        zentren = self.zentren_z.to_numpy()
        beste: tuple[float, int, int] | None = None
        for anderer in range(len(zentren)):
            richtung = zentren[anderer] - zentren[eigener]
            weg = (zentren[anderer] ** 2 - zentren[eigener] ** 2).sum() / 2
            fehlt = weg - (richtung * x).sum()
            for stelle in range(len(richtung)):
                if abs(richtung[stelle]) < WINZIG:
                    continue
                schritt = fehlt / richtung[stelle]
                ziel = x.copy()
                ziel[stelle] += schritt * (1 + 1e-6)
                naechster = int(((zentren - ziel) ** 2).sum(axis=1).argmin())
                if naechster != anderer or anderer == eigener:
                    continue
                if beste is None or abs(schritt) < abs(beste[0]) - WINZIG:
                    beste = (float(schritt), int(stelle), anderer)
        if beste is None:
            return ""
        schritt, stelle, anderer = beste
        merkmal = str(self.merkmale.columns[stelle])
        einheit = (
            f"\u00a0{einheiten[merkmal]}" if einheiten and merkmal in einheiten else ""
        )
        hier = self._wert(gebiet, merkmal)
        dort = hier + schritt * float(self.streuung[stelle])
        wort = (bezeichnungen or {}).get(merkmal, merkmal)
        lage = "über" if schritt > 0 else "unter"
        return (
            f"Typ {BUCHSTABEN[anderer]} wäre näher bei: {wort} {lage} "
            f"{zahl_text(dort, stellen=1)}{einheit} (hier "
            f"{zahl_text(hier, stellen=1)}{einheit})."
        )


def _zusammengefasst(
    schritte: list[tuple[str, str, float]],
) -> list[tuple[str, str, float]]:
    """Zwei Fragen zum selben Merkmal in dieselbe Richtung: nur die engere."""
    enger: dict[tuple[str, str], float] = {}
    for merkmal, lage, grenze in schritte:
        bisher = enger.get((merkmal, lage), grenze)
        waehle = max if lage == "über" else min
        enger[merkmal, lage] = waehle(bisher, grenze)
    return [(merkmal, lage, grenze) for (merkmal, lage), grenze in enger.items()]


def kurzregel(modell: Typisierung, *, fragen: int = 3) -> Kurzregel:
    r"""Lernt höchstens `fragen` hintereinander gestellte Ja-Nein-Fragen.

    Parameters
    ----------
    modell : Typisierung
        Gelernte Typen. Bei „nur Beschreibung“ ohne Vorgabe dienen die Gruppen aus
        `beschreibung_labels_`, wenn es sie gibt.
    fragen : int, default=3
        Tiefe, 1 bis 3.

    References
    ----------
    .. [1] Breiman, L. u. a. (1984), Classification and Regression Trees.

    Examples
    --------
    >>> from quartierstools.analyse import Typisierung
    >>> lage = pd.DataFrame({"B01": [1, 1.2, 0.8, 1.1, 9, 9.2, 8.8, 9.1]})
    >>> regel = kurzregel(Typisierung().fit(lage))
    >>> print(regel.warum(4, name="Hamme").replace(". ", ".\n"))
    Hamme gehört zu Typ B: B01 über 5,0 (hier 9,0).
    Die Kurzregel trifft 8 von 8 Zuordnungen.
    >>> print(regel.was_waere_anders(4))
    Typ A wäre näher bei: B01 unter 5,0 (hier 9,0).
    """
    typ = modell.labels_
    zentren = modell.zentren_z_
    if modell.anzahl_typen_ == 1 and modell.beschreibung_labels_ is not None:
        typ = modell.beschreibung_labels_
        gruppe = typ[typ >= 0]
        z = (modell.eingabe_ - modell.mittel_).div(modell.streuung_)
        zentren = z.loc[gruppe.index].groupby(gruppe).mean()
    dabei = typ >= 0
    merkmale = modell.eingabe_
    werte = merkmale[dabei].to_numpy()
    nummern = typ[dabei].to_numpy(dtype=np.int64)
    namen = [str(s) for s in merkmale.columns]
    wurzel = _lerne(werte, nummern, namen, min(max(fragen, 1), 3), modell.streuung_)
    getroffen = sum(
        _antwort(wurzel, dict(zip(namen, zeile, strict=True))) == nummer
        for zeile, nummer in zip(werte, nummern, strict=True)
    )
    return Kurzregel(
        wurzel=wurzel,
        treffer=int(getroffen),
        gebiete=len(nummern),
        merkmale=merkmale,
        typ=typ,
        zentren_z=zentren,
        mittel=modell.mittel_,
        streuung=modell.streuung_,
    )


def _antwort(frage: Frage, werte: Mapping[str, float]) -> int:
    while frage.bis is not None and frage.ueber is not None:
        frage = frage.ueber if werte[frage.merkmal] > frage.grenze else frage.bis
    return frage.typ


def _lerne(
    werte: Feld, nummern: Feld, namen: list[str], tiefe: int, streuung: Feld
) -> Frage:
    haeufig = int(np.bincount(nummern).argmax())
    if tiefe == 0 or len(np.unique(nummern)) == 1:
        return Frage(typ=haeufig)
    teilung = _beste_teilung(werte, nummern, streuung)
    if teilung is None:
        return Frage(typ=haeufig)
    stelle, grenze = teilung
    ueber = werte[:, stelle] > grenze
    return Frage(
        typ=haeufig,
        merkmal=namen[stelle],
        grenze=grenze,
        bis=_lerne(werte[~ueber], nummern[~ueber], namen, tiefe - 1, streuung),
        ueber=_lerne(werte[ueber], nummern[ueber], namen, tiefe - 1, streuung),
    )


def _beste_teilung(
    werte: Feld, nummern: Feld, streuung: Feld
) -> tuple[int, float] | None:
    """Teilung mit kleinster Unreinheit (Gini); bei Gleichstand die breitere Lücke."""
    eins = (nummern[:, None] == np.arange(nummern.max() + 1)).astype(float)
    n = len(nummern)
    beste: tuple[float, float, int, float] | None = None
    for stelle in range(werte.shape[1]):
        ordnung = np.argsort(werte[:, stelle], kind="stable")
        spalte = werte[ordnung, stelle]
        links = eins[ordnung].cumsum(axis=0)[:-1]
        rechts = eins.sum(axis=0) - links
        anzahl = np.arange(1, n)
        unrein = (
            n - (links**2).sum(axis=1) / anzahl - (rechts**2).sum(axis=1) / (n - anzahl)
        )
        for i in np.flatnonzero(spalte[1:] > spalte[:-1]):
            luecke = (spalte[i + 1] - spalte[i]) / streuung[stelle]
            guete = (round(float(unrein[i]), 9), -round(float(luecke), 9))
            if beste is None or guete < beste[:2]:
                mitte = float((spalte[i] + spalte[i + 1]) / 2)
                beste = (*guete, stelle, mitte)
    return None if beste is None else (beste[2], beste[3])
