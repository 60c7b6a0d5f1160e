"""Welche Gebiete ähneln sich, und wie sicher ist das?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from quartierstools.analyse.anzahl import (
    MINDESTGROESSE,
    Anzahlpruefung,
    hindernis,
    pruefe_anzahl,
    sonderfaelle,
    typenzahlen,
)
from quartierstools.analyse.nachbarschaft import (
    nachbarn_aus,
    unverbunden_satz,
    unverbundene,
)
from quartierstools.analyse.normierungen import WINZIG
from quartierstools.analyse.pruefung import (
    Eingabe,
    Einstellungsfehler,
    feste_ordnung,
    lies_merkmale,
    luecken,
    vorzeichen,
)
from quartierstools.analyse.typeinstellung import (
    BUCHSTABEN,
    mitte_und_streuung,
    pruefe_einstellung,
)
from quartierstools.analyse.typsaetze import satz_ohne_beleg, satz_zur_zahl
from quartierstools.analyse.typtabellen import (
    andere_verfahren,
    leere_zuordnung,
    typentabelle,
    zuordnungstabelle,
)
from quartierstools.analyse.verfahren import VERFAHREN, mitten, naechste
from quartierstools.analyse.wiederholung import (
    Einrichtung,
    anteile_je_typ,
    ohne_je_gebiet,
    ohne_je_merkmal,
    starts,
)
from quartierstools.kurzbild import Kurzbild, kurzbild
from quartierstools.schreibweise import mehrzahl, zahl_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sklearn.utils import Tags

    from quartierstools.analyse.nachbarschaft import Nachbarschaft
    from quartierstools.analyse.wiederholung import Wiederholungen

Feld = Any
"""Ein Feld von Zahlen."""


FERN = "liegt zu weit von allen anderen, um mit zwei weiteren einen Typ zu bilden"


class Typisierung(Kurzbild, ClusterMixin, BaseEstimator):
    """Fasst ähnliche Gebiete zu Typen zusammen und sagt, wie sicher das ist.

    Die Merkmale werden standardisiert. Ob es Typen gibt, entscheidet der Vergleich mit
    strukturlosen Daten gleicher Korrelation; „kein Beleg für getrennte Typen“ ist ein
    gültiges Ergebnis (`anzahl_typen_` = 1, `nur_beschreibung_`). Typen sind nach ihrer
    mittleren Lage geordnet: A hat die niedrigsten Werte.

    Parameters
    ----------
    anzahl_typen : int or "auto", default="auto"
        Vorgegebene Zahl, 2 bis 5 unter 50 Gebieten; ``"auto"`` prüft und schlägt vor.
    verfahren : str, default="kmeans"
        ``"kmeans"``, ``"ward"``, ``"gemischt"`` oder ``"ward_raum"``.
    n_wiederholungen : int, default=100
        Ziehungen für die Stabilität und strukturlose Vergleichsdatensätze.
    random_state : int, default=0
        Startwert; gleiche Daten, gleiche Typen, bei jeder Zeilenfolge.
    nachbarschaft : DataFrame, mapping or iterable of pairs, optional
        Nur für ``"ward_raum"``: wer an wen grenzt.
    richtungen : mapping, optional
        Wie beim `Bedarfsindex`; entscheidet nur, in welcher Folge die Typen ihre
        Buchstaben bekommen.
    beschreibung : int, optional
        2 bis 5: liefert auch ohne Beleg so viele Gruppen zum Beschreiben in
        `beschreibung_labels_`.

    Attributes
    ----------
    labels_ : Series of int
        Typ je Gebiet ab 0; −1 ohne Typ (fehlender Wert, Sonderfall).
    typ_ : Series of str
        Buchstabe je Gebiet; fehlend ohne Typ und bei „nur Beschreibung“ ohne Vorgabe.
    anzahl_typen_ : int
        1 heißt: kein Beleg für getrennte Typen.
    nur_beschreibung_ : bool
        Ob die Gruppen nur zum Beschreiben taugen.
    begruendung_ : str
        Ein Satz: warum so viele Typen oder keine.
    anzahltabelle_ : DataFrame
        Die Prüfung je Typenzahl (Anhang).
    stabilitaet_ : Series of float
        Buchstabe → mittlere Jaccard-Ähnlichkeit über die Wiederholungen.
    typen_ : DataFrame
        Je Buchstabe ``anzahl_gebiete``, ``jaccard``, ``stabilitaet`` (Wort).
    zugehoerigkeit_ : DataFrame of shape (n_gebiete, n_typen)
        Anteil der Wiederholungen, in denen das Gebiet zum Typ gehörte.
    zuordnung_ : DataFrame
        Je Gebiet ``typ``, ``zweitbester_typ``, ``bleibt_anteil``,
        ``bleibt_anteil_ohne_gebiet`` (nur Ziehungen ohne dieses Gebiet),
        ``ziehungen_ohne_gebiet``, ``grenzfall``.
    grenzfaelle_ : DataFrame
        Die Zeilen von `zuordnung_`, die in mehr als 25 % der Läufe wechseln.
    sonderfaelle_ : Series of str
        Gebiete ohne Typ, weil sie zu keinem passen, mit Grund.
    gruende_ : Series of str
        Alle Gebiete ohne Typ mit Grund.
    zentren_ : DataFrame of shape (n_typen, n_merkmale)
        Mittlere Werte je Typ in den Einheiten der Eingabe.
    mittel_, streuung_ : ndarray of shape (n_merkmale,)
        Womit standardisiert wurde: gültige Gebiete ohne Sonderfälle.
    zentren_z_ : DataFrame of shape (n_typen, n_merkmale)
        Dasselbe in Standardabweichungen vom Mittel (`mittel_`, `streuung_`).
    ohne_gebiet_ : Series of float
        Anteil der übrigen Gebiete, die ihren Typ behalten, wenn dieses fehlt.
    ohne_merkmal_ : Series of float
        Anteil der Gebiete, die ihren Typ behalten, wenn dieses Merkmal fehlt.
    verfahrensvergleich_ : Series of float
        Verfahren → Anteil der Gebiete im entsprechenden Typ.
    erklaerter_anteil_ : float
        Anteil der Streuung zwischen den Typen (0 bis 1).
    beschreibung_labels_ : Series of int or None
        Gruppen zum Beschreiben, wenn verlangt.
    hinweise_ : list of str
        Sätze zu Lücken, Sonderfällen, unverbundenen Gebieten.
    eingabe_ : DataFrame
        Die Werte, wie sie gelesen wurden.

    See Also
    --------
    Bedarfsindex : Ordnet Gebiete auf einer Skala statt in Typen.

    References
    ----------
    .. [1] Hennig, C. (2007), Computational Statistics & Data Analysis 52, S. 258–271.
    .. [2] Liu, Y. u. a. (2008), Statistical Significance of Clustering (SigClust),
       JASA 103, S. 1281–1293: Vergleich mit einer einzigen Normalverteilung.

    Examples
    --------
    >>> lage = pd.DataFrame({"a": [1, 1.2, 0.8, 1.1, 9, 9.2, 8.8, 9.1],
    ...                      "b": [5, 5.1, 4.9, 5.2, 1, 1.1, 0.9, 1.2]},
    ...                     index=pd.Index(list("stuvwxyz"), name="gebiet"))
    >>> modell = Typisierung().fit(lage)
    >>> modell.anzahl_typen_, "".join(modell.typ_)
    (2, 'AAAABBBB')
    """

    labels_: pd.Series
    typ_: pd.Series
    gruende_: pd.Series
    sonderfaelle_: pd.Series
    beschreibung_labels_: pd.Series | None
    stabilitaet_: pd.Series
    ohne_gebiet_: pd.Series
    ohne_merkmal_: pd.Series

    def __init__(
        self,
        anzahl_typen: int | str = "auto",
        verfahren: str = "kmeans",
        n_wiederholungen: int = 100,
        random_state: int | None = 0,
        *,
        nachbarschaft: Nachbarschaft | None = None,
        richtungen: Mapping[str, str | int] | None = None,
        beschreibung: int | None = None,
    ) -> None:
        self.anzahl_typen = anzahl_typen
        self.verfahren = verfahren
        self.n_wiederholungen = n_wiederholungen
        self.random_state = random_state
        self.nachbarschaft = nachbarschaft
        self.richtungen = richtungen
        self.beschreibung = beschreibung

    def fit(
        self,
        X: Eingabe,
        y: object = None,
        *,
        gruende: pd.DataFrame | None = None,
    ) -> Self:
        """Lernt die Typen.

        Parameters
        ----------
        X : DataFrame of shape (n_gebiete, n_merkmale)
            Merkmale, Gebiete als Index; NaN heißt fehlend oder gesperrt.
        y : object, optional
            Ohne Wirkung (Protokoll von scikit-learn).
        gruende : DataFrame, optional
            Text je fehlender Zelle, etwa ``"gesperrt"``; sonst „liegt nicht vor“.
        """
        tabelle = lies_merkmale(self, X, neu=True)
        gueltig = tabelle.notna().all(axis=1).to_numpy()
        pruefe_einstellung(self, int(gueltig.sum()))
        self._vorzeichen = vorzeichen(self.richtungen, list(tabelle.columns))
        self.eingabe_ = tabelle
        self.gruende_ = luecken(tabelle, list(tabelle.columns), gruende)
        self.hinweise_: list[str] = []
        daten = self._standardisiere(tabelle.loc[gueltig])
        if len(self.gruende_):
            self.hinweise_.append(
                f"Gerechnet aus {int(gueltig.sum())} von {len(tabelle)} Gebieten; den "
                "übrigen fehlt ein Wert."
            )
        # Ein Thread: mehr ändern die letzten Stellen und schaden kleinen Daten.
        with threadpool_limits(limits=1):
            self._lerne(daten)
        return self

    def fit_predict(self, X: Eingabe, y: object = None) -> pd.Series:
        """Lernt die Typen und gibt `labels_` zurück."""
        return self.fit(X, y).labels_

    def predict(self, X: Eingabe) -> pd.Series:
        """Nächstliegender Typ mit den eingefrorenen Mitten; −1, wo ein Wert fehlt."""
        check_is_fitted(self)
        tabelle = lies_merkmale(self, X, neu=False)
        gueltig = tabelle.notna().all(axis=1).to_numpy()
        werte = (tabelle.to_numpy() - self.mittel_) / self.streuung_
        nummern = np.full(len(tabelle), -1, dtype=np.int64)
        zentren = self.zentren_z_.to_numpy()
        if gueltig.any():
            nummern[gueltig] = naechste(werte[gueltig], zentren)
        return pd.Series(nummern, index=tabelle.index, name="typ")

    def buchstaben(self, X: Eingabe) -> pd.Series:
        """Wie `predict`, als Buchstaben (fehlend ohne Typ)."""
        return self._als_buchstaben(self.predict(X))

    def _standardisiere(self, tabelle: pd.DataFrame) -> pd.DataFrame:
        """z-Werte in fester Zeilenfolge."""
        self.mittel_, self.streuung_ = mitte_und_streuung(tabelle)
        z = (tabelle.to_numpy() - self.mittel_) / self.streuung_
        ordnung = feste_ordnung(z, tabelle.index)
        return pd.DataFrame(
            z[ordnung], index=tabelle.index[ordnung], columns=tabelle.columns
        )

    def _ohne_sonderfaelle(self, daten: pd.DataFrame, startwert: int) -> pd.DataFrame:
        """Nimmt Sonderfälle heraus; sie sollen auch den Maßstab nicht setzen."""
        raus = np.zeros(len(daten), dtype=bool)
        if self.verfahren != "ward_raum":
            raus = sonderfaelle(daten.to_numpy(), startwert)
        self.sonderfaelle_ = pd.Series(
            FERN, index=daten.index[raus], name="grund", dtype=object
        )
        rest = daten.loc[~raus]
        if raus.any() and (rest.std(ddof=0) > WINZIG).all():
            mitte, sd = mitte_und_streuung(rest)
            rest = (rest - mitte) / sd
            self.mittel_ = self.mittel_ + mitte * self.streuung_
            self.streuung_ = self.streuung_ * sd
        return rest

    def _lerne(self, daten: pd.DataFrame) -> None:
        """Alles ab hier in fester Zeilenfolge; erst `_merke` stellt sie zurück."""
        startwert = int(
            check_random_state(self.random_state).randint(np.iinfo(np.int32).max)
        )
        n, m = daten.shape
        vorgabe = None if self.anzahl_typen == "auto" else int(self.anzahl_typen)
        hemmt = hindernis(n, m)
        rest = self._ohne_sonderfaelle(daten, startwert)
        einrichtung = self._einrichtung(rest, startwert)
        if (hemmt and vorgabe is None) or len(rest) < 2 * MINDESTGROESSE:
            grund = hemmt or hindernis(len(rest), m)
            if vorgabe is not None:
                raise Einstellungsfehler(
                    f"anzahl_typen={vorgabe}: {grund}. Möglich ist „auto“."
                )
            self._merke_keine(rest, grund, None)
        else:
            zahlen = typenzahlen(len(rest)) if vorgabe is None else [vorgabe]
            pruefung = pruefe_anzahl(
                rest.to_numpy(), zahlen, einrichtung, int(self.n_wiederholungen)
            )
            k = pruefung.vorschlag if vorgabe is None else vorgabe
            if k == 1:
                self._merke_keine(rest, "", pruefung)
            else:
                self._merke(rest, pruefung, k, einrichtung, hemmt)
        self._beschreibe(rest, einrichtung)

    def _einrichtung(self, rest: pd.DataFrame, startwert: int) -> Einrichtung:
        nachbarn = None
        if self.verfahren == "ward_raum":
            nachbarn = nachbarn_aus(self.nachbarschaft, rest.index)
            self.unverbundene_ = unverbundene(nachbarn, rest.index)
            if satz := unverbunden_satz(self.unverbundene_, {}):
                self.hinweise_.append(satz)
        return Einrichtung(
            verfahren=VERFAHREN[self.verfahren], startwert=startwert, nachbarn=nachbarn
        )

    def _merke_keine(
        self, rest: pd.DataFrame, grund: str, pruefung: Anzahlpruefung | None
    ) -> None:
        """Kein Beleg für getrennte Typen: alle gültigen Gebiete in einer Gruppe."""
        self.anzahl_typen_ = 1
        self.nur_beschreibung_ = True
        alle = self.eingabe_.index
        self._merke_gebiete(rest, np.zeros(len(rest), dtype=np.int64))
        self.typ_ = pd.Series(pd.NA, index=alle, name="typ", dtype="string")
        self.begruendung_ = satz_ohne_beleg(grund, pruefung)
        self.anzahltabelle_ = pd.DataFrame() if pruefung is None else pruefung.tabelle
        self._merke_zentren(rest.to_numpy().mean(axis=0, keepdims=True))
        leer: list[str] = []
        self.stabilitaet_ = pd.Series([], index=leer, name="jaccard", dtype="float64")
        self.typen_ = typentabelle(leer, [], [])
        self.zugehoerigkeit_ = pd.DataFrame(index=alle)
        self.zuordnung_ = leere_zuordnung(alle)
        self.grenzfaelle_ = self.zuordnung_.iloc[:0]
        self.ohne_gebiet_ = pd.Series(np.nan, index=alle, name="ohne_gebiet")
        self.ohne_merkmal_ = pd.Series(
            np.nan, index=self.eingabe_.columns, name="ohne_merkmal"
        )
        self.verfahrensvergleich_ = pd.Series([], dtype="float64", name="gleicher_typ")
        self.erklaerter_anteil_ = 0.0

    def _merke(
        self,
        rest: pd.DataFrame,
        pruefung: Anzahlpruefung,
        k: int,
        einrichtung: Einrichtung,
        hemmt: str,
    ) -> None:
        daten = rest.to_numpy()
        nummern, wiederholt = pruefung.nummern[k], pruefung.wiederholungen[k]
        folge = self._folge(daten, nummern)
        if len(folge) < 2:  # noqa: PLR2004
            satz = (
                f"bei {k} Gruppen haben zu wenige mindestens {MINDESTGROESSE} Gebiete"
            )
            self._merke_keine(rest, satz, None)
            return
        rang = np.full(int(nummern.max()) + 1, -1, dtype=np.int64)
        rang[folge] = np.arange(len(folge))
        typen = list(BUCHSTABEN[: len(folge)])
        self.anzahl_typen_ = len(folge)
        zulaessig = bool(pruefung.tabelle.loc[k, "zulaessig"]) and pruefung.belegt
        self.nur_beschreibung_ = bool(hemmt) or not zulaessig
        self.begruendung_ = satz_zur_zahl(
            pruefung, k, hemmt, vorgabe=self.anzahl_typen != "auto"
        )
        self.anzahltabelle_ = pruefung.tabelle
        self._merke_gebiete(rest, rang[nummern])
        self._merke_zentren(mitten(daten, nummern, len(rang))[folge])
        jaccard = wiederholt.jaccard[folge]
        self.stabilitaet_ = pd.Series(jaccard, index=typen, name="jaccard")
        self.typen_ = typentabelle(typen, np.bincount(nummern)[folge], jaccard)
        self._merke_zugehoerigkeit(rest, wiederholt, folge, rang[nummern])
        ohne = ohne_je_gebiet(daten, nummern, einrichtung, k)
        je_gebiet = np.full(len(rest), np.nan) if ohne is None else ohne
        self.ohne_gebiet_ = pd.Series(
            je_gebiet, index=rest.index, name="ohne_gebiet"
        ).reindex(self.eingabe_.index)
        self.ohne_merkmal_ = pd.Series(
            ohne_je_merkmal(daten, nummern, einrichtung, k),
            index=self.eingabe_.columns,
            name="ohne_merkmal",
        )
        self.verfahrensvergleich_ = andere_verfahren(
            daten, nummern, k, einrichtung, self.verfahren
        )
        erklaert = pruefung.tabelle["erklaerter_anteil"].to_dict()
        self.erklaerter_anteil_ = float(erklaert[k])

    def _folge(self, daten: Feld, nummern: Feld) -> Feld:
        """Typen mit mindestens drei Gebieten, nach mittlerer gerichteter Lage."""
        k = int(nummern.max()) + 1
        lage = np.round(mitten(daten, nummern, k) * self._vorzeichen, 9)
        schluessel = [lage[:, j] for j in range(lage.shape[1])][::-1]
        folge = np.lexsort([*schluessel, np.round(lage.mean(axis=1), 9)])
        reicht = np.bincount(nummern, minlength=k) >= MINDESTGROESSE
        return folge[reicht[folge]]

    def _merke_gebiete(self, rest: pd.DataFrame, nummern: Feld) -> None:
        alle = self.eingabe_.index
        klein = pd.Series(
            f"gehört zu einer Gruppe mit weniger als {MINDESTGROESSE} Gebieten",
            index=rest.index[nummern < 0],
            name="grund",
            dtype=object,
        )
        sonder = pd.concat([self.sonderfaelle_, klein])
        self.sonderfaelle_ = sonder.reindex(alle[alle.isin(sonder.index)])
        gruende = pd.concat([self.gruende_, "Sonderfall: " + self.sonderfaelle_])
        self.gruende_ = gruende.reindex(alle[alle.isin(gruende.index)])
        if len(self.sonderfaelle_):
            self.hinweise_.append(
                f"{mehrzahl(len(self.sonderfaelle_), 'Gebiet ist', 'Gebiete sind')} "
                "Sonderfall ohne Typ und ohne Stabilitätszahl."
            )
        labels = pd.Series(nummern, index=rest.index, name="typ", dtype="int64")
        self.labels_ = labels.reindex(alle, fill_value=-1)
        self.typ_ = self._als_buchstaben(self.labels_)

    @staticmethod
    def _als_buchstaben(labels: pd.Series) -> pd.Series:
        werte = [BUCHSTABEN[i] if i >= 0 else pd.NA for i in labels]
        return pd.Series(werte, index=labels.index, name="typ", dtype="string")

    def _merke_zentren(self, zentren: Feld) -> None:
        typen = pd.Index(list(BUCHSTABEN[: len(zentren)]), name="typ")
        spalten = self.eingabe_.columns
        self.zentren_z_ = pd.DataFrame(zentren, index=typen, columns=spalten)
        self.zentren_ = pd.DataFrame(
            zentren * self.streuung_ + self.mittel_, index=typen, columns=spalten
        )

    def _merke_zugehoerigkeit(
        self, rest: pd.DataFrame, wiederholt: Wiederholungen, folge: Feld, eigene: Feld
    ) -> None:
        alle, ohne, zahl_ohne = anteile_je_typ(
            rest.to_numpy(), wiederholt, wiederholt.zentren.shape[1]
        )
        typen = list(BUCHSTABEN[: len(folge)])
        index = self.eingabe_.index
        da = eigene >= 0
        anteile = pd.DataFrame(alle[:, folge], index=rest.index, columns=typen)
        self.zugehoerigkeit_ = anteile.loc[da].reindex(index)
        self.zuordnung_ = zuordnungstabelle(
            anteile, ohne[:, folge], zahl_ohne, eigene
        ).reindex(index)
        self.zuordnung_["grenzfall"] = (
            self.zuordnung_["grenzfall"].fillna(value=False).astype(bool)
        )
        self.grenzfaelle_ = self.zuordnung_.loc[self.zuordnung_["grenzfall"]]

    def _beschreibe(self, rest: pd.DataFrame, einrichtung: Einrichtung) -> None:
        """Gruppen zum Beschreiben, wenn verlangt (auch ohne Beleg)."""
        self.beschreibung_labels_ = None
        if self.beschreibung is None:
            return
        k = min(int(self.beschreibung), len(rest))
        daten = rest.to_numpy()
        n = len(rest)
        nummern = einrichtung.gruppiere(
            daten[None], np.ones((1, n)), [k], starts(n, haupt=True)
        )[k][0]
        lage = mitten(daten, nummern, int(nummern.max()) + 1) * self._vorzeichen
        folge = np.argsort(np.round(lage.mean(axis=1), 9), kind="stable")
        rang = np.empty(len(folge), dtype=np.int64)
        rang[folge] = np.arange(len(folge))
        reihe = pd.Series(rang[nummern], index=rest.index, name="gruppe")
        self.beschreibung_labels_ = reihe.reindex(self.eingabe_.index, fill_value=-1)

    def _kurzbild(self) -> str:
        if not hasattr(self, "typ_"):
            return kurzbild("Typisierung", [], saetze=["Noch nichts gelernt: fit(X)."])
        anzahl = self.typ_.value_counts().sort_index()
        je_typ = [
            (f"Typ {typ}", mehrzahl(int(n), "Gebiet", "Gebiete"))
            for typ, n in anzahl.items()
        ]
        grenzfaelle = zahl_text(len(self.grenzfaelle_))
        sonderfaelle = zahl_text(len(self.sonderfaelle_))
        return kurzbild(
            "Typisierung",
            [*je_typ, ("Grenzfälle", grenzfaelle), ("Sonderfälle", sonderfaelle)],
            saetze=[self.begruendung_],
        )

    def __sklearn_is_fitted__(self) -> bool:
        """Ob gelernt wurde."""
        return hasattr(self, "labels_")

    def __sklearn_tags__(self) -> Tags:
        """Fehlende Werte sind erlaubt."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
