"""Hält die Klasse, wenn anders gerechnet wird? Mindestens 1.000 Varianten.

Variiert werden Gewichte, Normierung, Weglassen je eines Indikators und – wenn
geschrumpfte Werte vorliegen – das Schrumpfen. Jede Verbindung von Normierung,
Weglassen und Schrumpfen kommt gleich oft vor, jeweils mit gezogenen Gewichten.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from quartierstools.analyse.klassen import STELLEN, klassennummern
from quartierstools.analyse.normierungen import NORMIERUNGEN, WINZIG
from quartierstools.analyse.pruefung import (
    Einstellungsfehler,
    Merkmalsfehler,
    feste_ordnung,
    wort_aus,
)
from quartierstools.analyse.zusammenfassungen import ZUSAMMENFASSUNGEN
from quartierstools.schreibweise import prozent_text, zahl_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from quartierstools.analyse.bedarfsindex import Bedarfsindex

DEUTLICH = 0.9
"""Ab dieser Haltbarkeit trägt eine äußere Klasse das Wort „deutlich“."""

WENIGE = 100
"""Unter so vielen Varianten nennt der Satz Zahlen statt Prozent."""

BAND = (0.05, 0.95)
"""Anteile der Varianten, zwischen denen das Rangband liegt."""

LOGARITHMUS_VON_NULL = -1e4

PAKET = 2_000_000
"""So viele Zahlen (Gebiete × Varianten) werden auf einmal gerechnet."""

Zeile = Any
"""Zeile einer Tabelle als benanntes Tupel."""

NORMIERUNGEN_VORGABE = ("z", "z_robust", "minmax", "prozentrang")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivitaet:
    """Was von der Klasse bleibt, wenn anders gerechnet wird.

    Attributes
    ----------
    haltbarkeit : DataFrame
        Je Gebiet ``klasse``, ``haltbarkeit`` (Anteil der Varianten mit derselben
        Klasse), ``abstand`` und ``grenze`` (in Standardabweichungen),
        ``nachbarklasse``, ``haeufigste_andere`` (Klasse, fehlend, wenn keine),
        ``deutlich`` (äußere Klasse und mindestens 90 %), ``satz``.
    klassenanteile : DataFrame
        Gebiete × Klassen: Anteil der Varianten.
    rangbaender : DataFrame
        ``rang``, ``rang_von``, ``rang_bis`` (mittlere 90 % der Varianten); 1 = höchster
        Index. Nur für die interne Fassung und die Erkundung.
    wechsel : DataFrame
        Gebiete × Änderungen (``"ohne B05"``, ``"Normierung minmax"``,
        ``"Gewichte ± 25 %"``, ``"geschrumpft"``): Anteil der Varianten mit dieser
        Änderung, in denen die Klasse wechselt.
    varianten : DataFrame
        Je Variante ``normierung``, ``ohne``, ``geschrumpft`` und die Gewichte.
    ausgelassen : tuple of str
        Sätze zu Normierungen, die hier nicht rechenbar sind.

    Examples
    --------
    >>> lage = pd.DataFrame({"A03": [1, 2, 3, 9.0], "B05": [1, 3, 2, 8.0]},
    ...                     index=["10", "11", "12", "13"])
    >>> haltbarkeit(lage).rangbaender.loc["13"].to_dict()
    {'rang': 1, 'rang_von': 1, 'rang_bis': 1}
    """

    haltbarkeit: pd.DataFrame
    klassenanteile: pd.DataFrame
    rangbaender: pd.DataFrame
    wechsel: pd.DataFrame
    varianten: pd.DataFrame
    ausgelassen: tuple[str, ...] = ()

    @property
    def n_varianten(self) -> int:
        """Zahl der gerechneten Varianten."""
        return len(self.varianten)


def haltbarkeit(  # noqa: PLR0913
    X: pd.DataFrame,
    modell: Bedarfsindex | None = None,
    *,
    n_varianten: int = 1000,
    gewichtsspanne: float = 0.25,
    normierungen: Sequence[str] = NORMIERUNGEN_VORGABE,
    weglassen: bool = True,
    geschrumpft: pd.DataFrame | None = None,
    random_state: int = 0,
) -> Sensitivitaet:
    """Rechnet den Index in vielen Varianten und zählt, wie oft die Klasse hält.

    Parameters
    ----------
    X : DataFrame of shape (n_gebiete, n_merkmale)
        Indikatorwerte; dieselben wie für den Index.
    modell : Bedarfsindex, optional
        Einstellung des Index; gelernt wird hier neu, `modell` bleibt unverändert.
    n_varianten : int, default=1000
        Mindestzahl; aufgerundet, damit jede Verbindung gleich oft vorkommt. Wo
        Gewichte nichts ändern (ein Indikator, „hauptkomponente“), gibt es nur die
        Verbindungen selbst.
    gewichtsspanne : float, default=0.25
        Jedes Gewicht wird gleichverteilt um bis zu diesen Anteil geändert.
    normierungen : sequence of str
        Normierungen, die vorkommen; die des Modells kommt immer vor.
    weglassen : bool, default=True
        Ob je ein Indikator weggelassen wird.
    geschrumpft : DataFrame, optional
        Geschrumpfte Werte in gleicher Form; dann rechnet die Hälfte damit.
    random_state : int, default=0
        Startwert; gleiche Daten, gleiche Varianten.

    Returns
    -------
    Sensitivitaet
        Tabellen mit den Gebieten von `X` in derselben Folge.

    Examples
    --------
    >>> lage = pd.DataFrame({"A03": [1, 2, 3, 9.0], "B05": [1, 3, 2, 8.0]},
    ...                     index=["10", "11", "12", "13"])
    >>> ergebnis = haltbarkeit(lage)
    >>> ergebnis.haltbarkeit.loc["13", "klasse"]
    np.int64(4)
    """
    from sklearn.base import clone  # noqa: PLC0415

    from quartierstools.analyse.bedarfsindex import Bedarfsindex  # noqa: PLC0415

    basis = (Bedarfsindex() if modell is None else clone(modell)).fit(X)
    if basis.zusammenfassung == "geometrisch":
        normierungen = [n for n in normierungen if NORMIERUNGEN[n].nichtnegativ]
    namen = list(dict.fromkeys([basis.normierung, *normierungen]))
    for name in namen:
        wort_aus(name, NORMIERUNGEN, parameter="normierungen")
    if not 0 <= gewichtsspanne < 1 or n_varianten < 1:
        raise Einstellungsfehler(
            f"gewichtsspanne={gewichtsspanne!r}, n_varianten={n_varianten!r} geht "
            "nicht. Erwartet: 0 ≤ Spanne < 1 und mindestens eine Variante."
        )
    tabellen = _tabellen(basis, geschrumpft)
    felder, ausgelassen = _normierte(tabellen, basis, namen)
    varianten, gewichte = _varianten(
        basis,
        list(felder),
        n_varianten,
        gewichtsspanne,
        random_state,
        weglassen=weglassen,
    )
    with threadpool_limits(limits=1):
        zaehlung = _rechne(felder, varianten, gewichte, basis)
    return _ergebnis(basis, varianten, gewichte, zaehlung, ausgelassen, gewichtsspanne)


def _tabellen(
    basis: Bedarfsindex, geschrumpft: pd.DataFrame | None
) -> dict[bool, pd.DataFrame]:
    """Werte der gültigen Gebiete, mit und ohne Schrumpfen."""
    roh = basis.eingabe_
    gueltig = basis.gueltig_.to_numpy()
    tabellen = {False: roh.loc[gueltig]}
    if geschrumpft is not None:
        andere = geschrumpft.reindex(index=roh.index, columns=roh.columns)
        fehlt = [str(g) for g in roh.index[gueltig & andere.isna().any(axis=1)]]
        if fehlt:
            raise Merkmalsfehler(
                "Geschrumpfte Werte", [f"Gebiet „{g}“: ein Wert fehlt." for g in fehlt]
            )
        tabellen[True] = andere.loc[gueltig]
    return tabellen


def _normierte(
    tabellen: dict[bool, pd.DataFrame], basis: Bedarfsindex, namen: Sequence[str]
) -> tuple[dict[tuple[str, bool], NDArray[np.float64]], tuple[str, ...]]:
    """Normierte Felder je Normierung und Schrumpfung, in fester Zeilenfolge."""
    erste = tabellen[False]
    ordnung = feste_ordnung(erste.to_numpy(), erste.index)
    felder: dict[tuple[str, bool], NDArray[np.float64]] = {}
    ausgelassen = []
    for name, (schrumpf, tabelle) in product(namen, tabellen.items()):
        verfahren = NORMIERUNGEN[name]
        gerichtet = tabelle.to_numpy()[ordnung] * basis.vorzeichen_
        gelernt = [verfahren.lerne(spalte) for spalte in gerichtet.T]
        dabei = basis.grundgewichte_ > 0
        gruende = [
            verfahren.braucht(p) for p, d in zip(gelernt, dabei, strict=True) if d
        ]
        if any(gruende):
            welche = [
                f"„{m}“ {g}"
                for m, g in zip(tabelle.columns[dabei], gruende, strict=True)
                if g
            ]
            ausgelassen.append(f"Ohne Normierung „{name}“: {'; '.join(welche)}.")
            continue
        feld = np.zeros_like(gerichtet)
        for stelle in np.flatnonzero(dabei):
            feld[:, stelle] = verfahren.wende_an(gerichtet[:, stelle], gelernt[stelle])
        felder[name, schrumpf] = feld
    return felder, tuple(dict.fromkeys(ausgelassen))


def _varianten(
    basis: Bedarfsindex,
    zellen: list[tuple[str, bool]],
    n_varianten: int,
    spanne: float,
    random_state: int,
    *,
    weglassen: bool,
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Alle Verbindungen gleich oft, je einmal mit unveränderten Gewichten."""
    grund = basis.grundgewichte_
    merkmale = list(basis.beitraege_.columns)
    ohne: list[int | None] = [None]
    if weglassen and (grund > 0).sum() > 1:
        ohne += [int(i) for i in np.flatnonzero(grund > 0)]
    verbindungen = [(z, o) for z in zellen for o in ohne]
    je_zelle = -(-n_varianten // len(verbindungen))
    if basis.zusammenfassung == "hauptkomponente" or (grund > 0).sum() == 1:
        je_zelle = 1  # Gewichte ändern hier nichts; gezogene wären nur Wiederholung
    rng = np.random.default_rng(random_state)
    faktoren = rng.uniform(
        1 - spanne, 1 + spanne, size=(len(verbindungen), je_zelle, len(grund))
    )
    faktoren[:, 0] = 1.0
    gewichte = grund * faktoren
    for nummer, (_, weg) in enumerate(verbindungen):
        if weg is not None:
            gewichte[nummer, :, weg] = 0.0
    gewichte /= gewichte.sum(axis=2, keepdims=True)
    zeilen = [
        {
            "normierung": name,
            "ohne": "" if weg is None else str(merkmale[weg]),
            "geschrumpft": schrumpf,
            "gewichte_veraendert": lauf > 0 and spanne > 0,
        }
        for (name, schrumpf), weg in verbindungen
        for lauf in range(je_zelle)
    ]
    return pd.DataFrame(zeilen), gewichte.reshape(-1, len(grund))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Zaehlung:
    """Was über alle Varianten gezählt wurde (Zeilen in der Folge des Modells)."""

    anteile: NDArray[np.float64]
    rang_von: NDArray[np.int64]
    rang_bis: NDArray[np.int64]
    wechsel: dict[str, NDArray[np.float64]]


def _rechne(
    felder: dict[tuple[str, bool], NDArray[np.float64]],
    varianten: pd.DataFrame,
    gewichte: NDArray[np.float64],
    basis: Bedarfsindex,
) -> _Zaehlung:
    """Zählt Klassen, Ränge und Wechsel; Felder sind Varianten × Gebiete."""
    gueltig = basis.gueltig_.to_numpy()
    n = int(gueltig.sum())
    k = len(basis.klassengrenzen) + 1
    werte = basis.eingabe_.loc[gueltig]
    ordnung = feste_ordnung(werte.to_numpy(), werte.index)
    eigene = basis.klasse_.to_numpy(dtype="int64", na_value=0)[gueltig][ordnung]
    haeufig = np.zeros((k, n), dtype=np.int64)
    raenge = np.empty((len(varianten), n), dtype=np.int32)
    gruppen = _aenderungen(varianten)
    summen = {name: np.zeros(n) for name in gruppen}
    pakete = list(_pakete(varianten, n))
    # Ohne gewählten Verteiler nacheinander; Zählungen hängen nicht daran.
    gerechnet = Parallel(return_as="generator")(
        delayed(_paket)(felder[zelle], gewichte[stellen], basis)
        for zelle, stellen in pakete
    )
    for (_, stellen), (nummern, reihe) in zip(pakete, gerechnet, strict=True):
        for klasse in range(1, k + 1):
            haeufig[klasse - 1] += (nummern == klasse).sum(axis=0)
        raenge[stellen] = reihe
        anders = nummern != eigene
        for gruppe, maske in gruppen.items():
            teil = maske[stellen]
            if teil.any():
                summen[gruppe] += anders[teil].sum(axis=0)
    zurueck = np.empty(n, dtype=np.intp)
    zurueck[ordnung] = np.arange(n)
    von, bis = _band(raenge)
    return _Zaehlung(
        anteile=(haeufig.T / len(varianten))[zurueck],
        rang_von=von[zurueck],
        rang_bis=bis[zurueck],
        wechsel={g: (summen[g] / gruppen[g].sum())[zurueck] for g in gruppen},
    )


def _paket(
    feld: NDArray[np.float64], gewichte: NDArray[np.float64], basis: Bedarfsindex
) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    """Klassen und Ränge eines Pakets, Varianten × Gebiete."""
    # Ein Thread: mehr ändern die letzten Stellen.
    with threadpool_limits(limits=1):
        index = np.round(_index(feld, gewichte, basis), STELLEN)
        nummern = klassennummern(index, basis.klassengrenzen).astype(np.int8)
        return nummern, _raenge(index)


def _pakete(
    varianten: pd.DataFrame, n: int
) -> Iterator[tuple[tuple[str, bool], NDArray[np.int64]]]:
    """Variantennummern je Normierung und Schrumpfung in Paketen fester Größe."""
    breite = max(1, PAKET // max(n, 1))
    for zelle, teil in varianten.groupby(["normierung", "geschrumpft"], sort=True):
        nummern = teil.index.to_numpy(dtype=np.int64)
        for start in range(0, len(nummern), breite):
            yield (str(zelle[0]), bool(zelle[1])), nummern[start : start + breite]


def _index(
    feld: NDArray[np.float64], gewichte: NDArray[np.float64], basis: Bedarfsindex
) -> NDArray[np.float64]:
    """Standardisierter Index: Varianten × Gebiete."""
    art = basis.zusammenfassung
    if art == "hauptkomponente":
        verfahren = ZUSAMMENFASSUNGEN[art]
        rechnungen = [verfahren.lerne(feld, g) for g in gewichte]
        return np.stack(
            [verfahren.fasse(verfahren.beitraege(feld, r)) for r in rechnungen]
        )
    if art == "geometrisch":
        with np.errstate(divide="ignore"):
            # Endlich statt −unendlich: ein weggelassenes Merkmal (mal 0) zählt nicht.
            feld = np.maximum(np.log(feld), LOGARITHMUS_VON_NULL)
    index = np.matmul(gewichte, feld.T)
    if art == "geometrisch":
        index = np.exp(index)
    index -= index.mean(axis=1, keepdims=True)
    sd = np.sqrt(np.einsum("ij,ij->i", index, index) / index.shape[1])
    index /= np.where(sd > WINZIG, sd, np.nan)[:, None]
    return np.asarray(index)


def _raenge(index: NDArray[np.float64]) -> NDArray[np.int32]:
    """Rang 1 = höchster Index; gleiche Werte teilen sich den kleineren Rang.

    Examples
    --------
    >>> _raenge(np.array([[0.5, 2.0, 0.5, -1.0]])).tolist()
    [[2, 1, 2, 4]]
    """
    folge = np.argsort(-index, axis=1, kind="stable")
    sortiert = np.take_along_axis(index, folge, axis=1)
    stelle = np.broadcast_to(
        np.arange(1, index.shape[1] + 1, dtype=np.int32), index.shape
    )
    gleich = sortiert[:, 1:] == sortiert[:, :-1]
    if gleich.any():
        stelle = stelle.copy()
        stelle[:, 1:][gleich] = 0
        stelle = np.maximum.accumulate(stelle, axis=1)
    raenge = np.empty(index.shape, dtype=np.int32)
    np.put_along_axis(raenge, folge, stelle, axis=1)
    return raenge


def _band(raenge: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Mittlere 90 % der Ränge, nach außen auf ganze Ränge."""
    v, n = raenge.shape
    unten, oben = int(BAND[0] * (v - 1)), -int(-BAND[1] * (v - 1) // 1)
    von = np.empty(n, dtype=np.int64)
    bis = np.empty(n, dtype=np.int64)
    schritt = max(1, PAKET // v)
    for start in range(0, n, schritt):
        teil = np.ascontiguousarray(raenge[:, start : start + schritt].T)
        teil.partition((unten, oben), axis=1)
        von[start : start + schritt] = teil[:, unten]
        bis[start : start + schritt] = teil[:, oben]
    return von, bis


def _aenderungen(varianten: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Welche Varianten welche Änderung enthalten; nach ihr wird gezählt."""
    gruppen: dict[str, NDArray[np.bool_]] = {}
    gruppen["nur Gewichte"] = (
        varianten["gewichte_veraendert"]
        & (varianten["ohne"] == "")
        & ~varianten["geschrumpft"]
        & (varianten["normierung"] == varianten["normierung"].iloc[0])
    ).to_numpy()
    for ohne in [o for o in varianten["ohne"].unique() if o]:
        gruppen[f"ohne {ohne}"] = (varianten["ohne"] == ohne).to_numpy()
    for name in varianten["normierung"].unique()[1:]:
        maske = varianten["normierung"] == name
        gruppen[f"Normierung {name}"] = maske.to_numpy()
    gruppen["geschrumpft"] = varianten["geschrumpft"].to_numpy(dtype=bool)
    return {name: maske for name, maske in gruppen.items() if maske.any()}


def _ergebnis(
    basis: Bedarfsindex,
    varianten: pd.DataFrame,
    gewichte: NDArray[np.float64],
    zaehlung: _Zaehlung,
    ausgelassen: tuple[str, ...],
    spanne: float,
) -> Sensitivitaet:
    gueltig = basis.gueltig_.to_numpy()
    gebiete = basis.index_.index
    klassen_ = range(1, len(basis.klassengrenzen) + 2)
    anteile = pd.DataFrame(
        zaehlung.anteile, index=gebiete[gueltig], columns=pd.Index(klassen_)
    ).reindex(gebiete)
    wechsel = pd.DataFrame(zaehlung.wechsel, index=gebiete[gueltig]).reindex(gebiete)
    wechsel = wechsel.rename(
        columns={"nur Gewichte": f"Gewichte ± {zahl_text(spanne * 100)} %"}
    )
    rang = basis.standardisiert_.round(12).rank(ascending=False, method="min")
    rangbaender = pd.DataFrame(
        {"rang_von": zaehlung.rang_von, "rang_bis": zaehlung.rang_bis},
        index=gebiete[gueltig],
    ).reindex(gebiete)
    rangbaender.insert(0, "rang", rang)
    tabelle = _haltbarkeit(basis, anteile, len(varianten))
    gewichtstabelle = pd.DataFrame(
        gewichte, columns=[f"gewicht_{m}" for m in basis.beitraege_.columns]
    )
    return Sensitivitaet(
        haltbarkeit=tabelle,
        klassenanteile=anteile,
        rangbaender=rangbaender.astype("Int64"),
        wechsel=wechsel,
        varianten=pd.concat([varianten, gewichtstabelle], axis=1),
        ausgelassen=ausgelassen,
    )


def _haltbarkeit(
    basis: Bedarfsindex, anteile: pd.DataFrame, n_varianten: int
) -> pd.DataFrame:
    eigene = basis.klasse_.to_numpy(dtype="int64", na_value=0)
    feld = anteile.to_numpy()
    zeile = np.arange(len(feld))
    haelt = np.where(eigene > 0, feld[zeile, np.maximum(eigene, 1) - 1], np.nan)
    rest = np.nan_to_num(feld.copy())
    rest[zeile, np.maximum(eigene, 1) - 1] = -1.0
    andere = rest.argmax(axis=1) + 1
    gibt_es = (rest.max(axis=1) > 0) & (eigene > 0)
    tabelle = pd.DataFrame(
        {"klasse": basis.klasse_, "haltbarkeit": haelt}, index=anteile.index
    ).join(basis.grenzabstand_[["abstand", "grenze", "nachbarklasse"]])
    tabelle["haeufigste_andere"] = pd.array(np.where(gibt_es, andere, 0), dtype="Int64")
    tabelle.loc[~gibt_es, "haeufigste_andere"] = pd.NA
    aussen = (eigene == 1) | (eigene == anteile.shape[1])
    tabelle["deutlich"] = aussen & (np.nan_to_num(haelt) >= DEUTLICH)
    was = "der Index" if basis.index_.name == "index" else "der Wert"
    tabelle["satz"] = [
        _satz(zeile_, n_varianten, was) for zeile_ in tabelle.itertuples(index=False)
    ]
    return tabelle


def _satz(zeile: Zeile, n_varianten: int, was: str) -> str:
    """„Klasse 3 hält in 93 % der 1.000 Varianten; …“."""
    if zeile.klasse is pd.NA:
        return "Ohne Index gibt es keine Klasse."
    haelt = prozent_text(_abgerundet(zeile.haltbarkeit), stellen=0, kurz=True)
    wie_oft = f"{haelt} der {zahl_text(n_varianten)} Varianten"
    if n_varianten < WENIGE:
        wie_oft = (
            f"{round(zeile.haltbarkeit * n_varianten)} von {n_varianten} Varianten"
        )
    lage = "über" if zeile.nachbarklasse < zeile.klasse else "unter"
    return (
        f"Klasse {zeile.klasse} hält in {wie_oft}; {was} liegt "
        f"{zahl_text(abs(zeile.abstand), stellen=2)} Standardabweichungen {lage} der "
        f"Grenze zu Klasse {zeile.nachbarklasse}."
    )


def _abgerundet(anteil: float) -> float:
    """Ganze Prozent nach unten: 99,6 % der Varianten sind nicht alle.

    Examples
    --------
    >>> _abgerundet(0.996), _abgerundet(1.0), _abgerundet(0.29)
    (0.99, 1.0, 0.29)
    """
    return float(np.floor(np.round(anteil * 100, 9)) / 100)
