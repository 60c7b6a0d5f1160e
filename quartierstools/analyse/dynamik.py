"""Wie hat sich die Lage gegen das Basisjahr verändert, absolut und zur Stadt?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils import TransformerTags
from sklearn.utils.validation import check_is_fitted

from quartierstools.analyse.bedarfsindex import Bedarfsindex
from quartierstools.analyse.klassen import klassennummern
from quartierstools.analyse.pruefung import (
    Eingabe,
    Einstellungsfehler,
    Merkmalsfehler,
    gewichte_aus,
    lies_merkmale,
    tabelle_aus,
)
from quartierstools.analyse.unsicherheit import normalquantil, wilson_differenz
from quartierstools.kurzbild import Kurzbild, kurzbild
from quartierstools.schreibweise import aufzaehlung

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sklearn.utils import Tags

KLASSENWORTE = {1: "positiv", 2: "stabil", 3: "negativ"}
"""Dynamik 1 (Bedarf sinkt gegen die anderen), 2, 3; Zeichen „+“, „+/-“, „-“."""

KEIN_UNTERSCHIED = "kein belastbarer Unterschied"
OHNE_FALLZAHLEN = "ohne Fallzahlen nicht beurteilbar"
LIEGT_NICHT_VOR = "liegt nicht vor"

Fallzahlen = Any
"""Merkmal → (Zähler, Nenner) als Reihen je Gebiet."""


class Dynamik(Kurzbild, BaseEstimator):
    """Veränderung gegen ein Basisjahr in drei Klassen.

    Die Veränderungen werden wie im Berliner Monitoring standardisiert, summiert und
    erneut standardisiert: die Klasse sagt, wie sich ein Gebiet gegen die anderen
    entwickelt hat. Daneben stehen die absolute Veränderung und die zur Stadt, damit
    eine Verschlechterung aller nicht „stabil“ heißt.

    Parameters
    ----------
    richtungen : mapping, optional
        Wie beim `Bedarfsindex`: ob ein hoher oder niedriger Wert Bedarf anzeigt.
    gewichte : mapping or sequence, optional
        Wie beim `Bedarfsindex`.
    klassengrenzen : sequence of float, default=(-1.0, 1.0)
        Zwei Grenzen in Standardabweichungen.
    sicherheit : float, default=0.95
        Überdeckung der Intervalle.

    Attributes
    ----------
    index_ : Series of float
        Standardisierte Veränderung; hoch heißt, der Bedarf stieg gegen die anderen.
    klasse_ : Series of Int64
        1 positiv, 2 stabil, 3 negativ; fehlend, wo ein Wert fehlt.
    klassenwort_ : Series of str
        Dasselbe als Wort.
    absolut_ : DataFrame of shape (n_gebiete, n_merkmale)
        Veränderung in den Einheiten der Eingabe.
    relativ_ : DataFrame of shape (n_gebiete, n_merkmale)
        Veränderung minus die des Bezugs.
    bezug_ : Series of float
        Veränderung des Bezugs je Merkmal.
    bezugswort_ : str
        „Stadt“ (gelieferte Zeile) oder „Mittel der n Gebiete“.
    intervalle_ : DataFrame
        Spalten (Merkmal, ``unten``/``oben``); NaN ohne Fallzahlen.
    worte_ : DataFrame of shape (n_gebiete, n_merkmale)
        „gestiegen“, „gesunken“, „kein belastbarer Unterschied“, „ohne Fallzahlen nicht
        beurteilbar“, „liegt nicht vor“ oder der Satz zum Bruch.
    index_intervall_ : DataFrame
        ``unten``, ``oben`` des Index und ``klasse_sicher`` (ob das ganze Intervall in
        der Klasse liegt); NaN, wenn nicht für jedes Merkmal Fallzahlen vorliegen.
    indexveraenderung_ : Series of float
        Veränderung des Bedarfsindex auf der eingefrorenen Skala des Basisjahrs; NaN
        ohne Basisjahr.
    ohne_bruch_ : list of str
        Merkmale, die eingehen; solche mit Bruch nicht.
    beitraege_, grenzabstand_, gruende_, gueltig_, hinweis_
        Wie beim `Bedarfsindex`.

    Raises
    ------
    Merkmalsfehler
        Wenn Basisjahr und Jahr nicht zusammenpassen oder jedes Merkmal einen Bruch hat.

    References
    ----------
    .. [1] Senatsverwaltung für Stadtentwicklung Berlin, Monitoring Soziale
       Stadtentwicklung 2021, Dynamik-Index.

    Examples
    --------
    >>> gebiete = pd.Index(["10", "11", "12", "13"], name="gebiet")
    >>> alt = pd.DataFrame({"A03": [0.10, 0.20, 0.30, 0.20]}, index=gebiete)
    >>> neu = pd.DataFrame({"A03": [0.12, 0.22, 0.32, 0.30]}, index=gebiete)
    >>> modell = Dynamik().fit(neu, basis=alt)
    >>> modell.klassenwort_.to_dict()
    {'10': 'stabil', '11': 'stabil', '12': 'stabil', '13': 'negativ'}
    >>> modell.absolut_["A03"].round(2).tolist()
    [0.02, 0.02, 0.02, 0.1]
    """

    def __init__(
        self,
        richtungen: Mapping[str, str | int] | None = None,
        gewichte: Mapping[str, float] | Sequence[float] | None = None,
        klassengrenzen: Sequence[float] = (-1.0, 1.0),
        sicherheit: float = 0.95,
    ) -> None:
        self.richtungen = richtungen
        self.gewichte = gewichte
        self.klassengrenzen = klassengrenzen
        self.sicherheit = sicherheit

    def fit(  # noqa: PLR0913
        self,
        X: Eingabe,
        y: object = None,
        *,
        basis: pd.DataFrame | None = None,
        fallzahlen: Fallzahlen | None = None,
        fallzahlen_basis: Fallzahlen | None = None,
        stadt: pd.Series | None = None,
        brueche: Mapping[str, str] | None = None,
        gruende: pd.DataFrame | None = None,
    ) -> Self:
        """Lernt, was eine übliche Veränderung ist.

        Parameters
        ----------
        X : DataFrame of shape (n_gebiete, n_merkmale)
            Werte des Jahres; ohne `basis` schon die Veränderungen.
        y : object, optional
            Ohne Wirkung (Protokoll von scikit-learn).
        basis : DataFrame, optional
            Werte des Basisjahrs mit denselben Merkmalen.
        fallzahlen, fallzahlen_basis : mapping, optional
            Merkmal → (Zähler, Nenner) beider Jahre; nur damit gibt es Intervalle.
        stadt : Series, optional
            Gelieferte Veränderung der Stadt je Merkmal. Ohne sie gilt das Mittel der
            gültigen Gebiete als Bezug.
        brueche : mapping, optional
            Merkmal → Satz zum Bruch zwischen beiden Jahren. Solche Merkmale gehen nicht
            ein: aus zwei Messkonzepten gibt es keine Entwicklung.
        gruende : DataFrame, optional
            Text je fehlender Zelle.
        """
        if len(tuple(self.klassengrenzen)) != 2:  # noqa: PLR2004
            raise Einstellungsfehler(
                f"klassengrenzen={self.klassengrenzen!r}: Dynamik hat drei Klassen, "
                "also zwei Grenzen, etwa (-1.0, 1.0)."
            )
        tabelle = lies_merkmale(self, X, neu=True)
        self._brueche = dict(brueche or {})
        self.ohne_bruch_ = [m for m in tabelle.columns if m not in self._brueche]
        if not self.ohne_bruch_:
            saetze = [f"„{m}“: {satz}" for m, satz in self._brueche.items()]
            raise Merkmalsfehler("Dynamik: jedes Merkmal hat einen Bruch", saetze)
        self.absolut_ = _veraenderung(tabelle, basis)
        self.absolut_.loc[:, list(set(tabelle.columns) - set(self.ohne_bruch_))] = (
            np.nan
        )
        self._modell = self._bedarfsindex(list(tabelle.columns))
        self._modell.fit(self.absolut_[self.ohne_bruch_], gruende=gruende)
        self._uebernimm()
        self._merke_bezug(stadt)
        self._merke_intervalle(fallzahlen, fallzahlen_basis)
        self._merke_indexveraenderung(tabelle, basis)
        return self

    def transform(self, X: Eingabe) -> pd.Series:
        """Index anderer Veränderungen auf der gelernten Skala."""
        check_is_fitted(self)
        tabelle = lies_merkmale(self, X, neu=False)
        return self._modell.transform(tabelle[self.ohne_bruch_]).rename("index")

    def fit_transform(self, X: Eingabe, y: object = None) -> pd.Series:
        """Lernt aus den Veränderungen `X` und gibt deren Index zurück."""
        return self.fit(X, y).index_

    def _bedarfsindex(self, merkmale: list[str]) -> Bedarfsindex:
        gewichte = gewichte_aus(self.gewichte, merkmale)
        return Bedarfsindex(
            richtungen=self.richtungen,
            gewichte={
                m: g
                for m, g in zip(merkmale, gewichte, strict=True)
                if m in self.ohne_bruch_
            },
            klassengrenzen=self.klassengrenzen,
        )

    def _uebernimm(self) -> None:
        modell = self._modell
        self.index_ = modell.index_.rename("index")
        self.klasse_ = modell.klasse_
        self.klassenwort_ = self.klasse_.map(KLASSENWORTE).astype("string")
        self.beitraege_ = modell.beitraege_
        self.grenzabstand_ = modell.grenzabstand_
        self.gruende_ = modell.gruende_
        self.gueltig_ = modell.gueltig_
        self.hinweis_ = modell.hinweis_

    def _merke_bezug(self, stadt: pd.Series | None) -> None:
        if stadt is None:
            n = int(self.gueltig_.sum())
            werte = self.absolut_.loc[self.gueltig_].to_numpy()
            mitte = [float(np.sort(s).sum() / n) for s in werte.T]
            self.bezug_ = pd.Series(mitte, index=self.absolut_.columns, name="bezug")
            self.bezugswort_ = f"Mittel der {n} Gebiete"
        else:
            self.bezug_ = stadt.reindex(self.absolut_.columns).rename("bezug")
            self.bezugswort_ = "Stadt"
        self.relativ_ = self.absolut_ - self.bezug_

    def _merke_intervalle(self, neu: Fallzahlen | None, alt: Fallzahlen | None) -> None:
        gebiete = self.absolut_.index
        teile: dict[tuple[str, str], pd.Series] = {}
        worte: dict[str, pd.Series] = {}
        leer = pd.Series(np.nan, index=gebiete)
        for merkmal in self.absolut_.columns:
            unten, oben = leer, leer
            if neu and alt and merkmal in neu and merkmal in alt:
                unten, oben = _intervall(alt[merkmal], neu[merkmal], gebiete, self)
            if merkmal in self._brueche:
                unten, oben = leer, leer
            teile[merkmal, "unten"], teile[merkmal, "oben"] = unten, oben
            worte[merkmal] = _worte(self.absolut_[merkmal], unten, oben)
            if merkmal in self._brueche:
                worte[merkmal] = pd.Series(self._brueche[merkmal], index=gebiete)
        self.intervalle_ = pd.DataFrame(teile, index=gebiete)
        self.worte_ = pd.DataFrame(worte, index=gebiete)
        self.index_intervall_ = self._index_intervall()

    def _index_intervall(self) -> pd.DataFrame:
        """Fehlerfortpflanzung: unabhängige Schwankung der Merkmale."""
        z = normalquantil(self.sicherheit)
        varianz = np.zeros(len(self.absolut_))
        for merkmal in self.ohne_bruch_:
            faktor = self._modell.faktor(merkmal)
            if faktor == 0:
                continue
            grenzen = self.intervalle_[merkmal]
            breite = (grenzen["oben"] - grenzen["unten"]).to_numpy() / (2 * z)
            varianz = varianz + (faktor * breite) ** 2
        rand = z * np.sqrt(varianz)
        unten, oben = self.index_ - rand, self.index_ + rand
        nummer_unten = klassennummern(unten.to_numpy(), self.klassengrenzen)
        nummer_oben = klassennummern(oben.to_numpy(), self.klassengrenzen)
        sicher = pd.array(nummer_unten == nummer_oben, dtype="boolean")
        tabelle = pd.DataFrame({"unten": unten, "oben": oben, "klasse_sicher": sicher})
        tabelle.loc[unten.isna(), "klasse_sicher"] = pd.NA
        return tabelle

    def _merke_indexveraenderung(
        self, tabelle: pd.DataFrame, basis: pd.DataFrame | None
    ) -> None:
        self.indexveraenderung_ = pd.Series(
            np.nan, index=tabelle.index, name="indexveraenderung"
        )
        if basis is None:
            return
        merkmale = self.ohne_bruch_
        eingefroren = self._bedarfsindex(list(tabelle.columns)).fit(basis[merkmale])
        vorher = eingefroren.index_.reindex(tabelle.index)
        nachher = eingefroren.transform(tabelle[merkmale])
        self.indexveraenderung_ = (nachher - vorher).rename("indexveraenderung")

    def _kurzbild(self) -> str:
        if not hasattr(self, "index_"):
            return kurzbild("Dynamik", [], saetze=["Noch nichts gelernt: fit(X)."])
        anzahl = self.klassenwort_.value_counts().sort_index()
        return kurzbild(
            "Dynamik",
            [
                ("Bezug", self.bezugswort_),
                ("Merkmale", aufzaehlung(list(map(str, self.ohne_bruch_)))),
                ("Gebiete", aufzaehlung([f"{n} {wort}" for wort, n in anzahl.items()])),
            ],
            saetze=[self.hinweis_],
        )

    def __sklearn_is_fitted__(self) -> bool:
        """Ob gelernt wurde."""
        return hasattr(self, "index_")

    def __sklearn_tags__(self) -> Tags:
        """Wandelt Tabellen um; fehlende Werte sind erlaubt."""
        tags = super().__sklearn_tags__()
        tags.transformer_tags = TransformerTags()
        tags.input_tags.allow_nan = True
        return tags


def _veraenderung(tabelle: pd.DataFrame, basis: pd.DataFrame | None) -> pd.DataFrame:
    if basis is None:
        return tabelle.copy()
    alt = tabelle_aus(basis)
    fehlend = [m for m in tabelle.columns if m not in alt.columns]
    if fehlend:
        raise Merkmalsfehler(
            "Basisjahr", [f"Merkmal „{m}“ fehlt im Basisjahr." for m in fehlend]
        )
    if not tabelle.index.isin(alt.index).any():
        raise Merkmalsfehler(
            "Basisjahr", ["Kein Gebiet kommt in beiden Jahren vor; Schlüssel prüfen."]
        )
    vorher: pd.DataFrame = alt.reindex(index=tabelle.index, columns=tabelle.columns)
    return tabelle - vorher


def _intervall(
    alt: tuple[Any, Any], neu: tuple[Any, Any], gebiete: pd.Index, modell: Dynamik
) -> tuple[pd.Series, pd.Series]:
    paare = [
        tuple(pd.Series(reihe).reindex(gebiete) for reihe in paar)
        for paar in (alt, neu)
    ]
    tabelle = wilson_differenz(
        (paare[0][0], paare[0][1]),
        (paare[1][0], paare[1][1]),
        sicherheit=modell.sicherheit,
    )
    return tabelle["unten"], tabelle["oben"]


def _worte(absolut: pd.Series, unten: pd.Series, oben: pd.Series) -> pd.Series:
    """Worte nur jenseits der Zufallsschwankung."""
    worte = pd.Series(KEIN_UNTERSCHIED, index=absolut.index)
    worte = worte.mask(unten > 0, "gestiegen").mask(oben < 0, "gesunken")
    worte = worte.mask(unten.isna() | oben.isna(), OHNE_FALLZAHLEN)
    return worte.mask(absolut.isna(), LIEGT_NICHT_VOR)
