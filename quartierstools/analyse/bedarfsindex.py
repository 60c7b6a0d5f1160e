"""Wo ist der Bedarf höher als im Mittel der Gebiete? Index, Klassen, Beiträge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils import TransformerTags
from sklearn.utils.validation import check_is_fitted

from quartierstools.analyse.klassen import grenzabstand, klassen, pruefe_grenzen
from quartierstools.analyse.normierungen import NORMIERUNGEN, mittel, streuung
from quartierstools.analyse.pruefung import (
    Eingabe,
    Einstellungsfehler,
    Merkmalsfehler,
    gewichte_aus,
    lies_merkmale,
    luecken,
    vorzeichen,
    wort_aus,
)
from quartierstools.analyse.zusammenfassungen import ZUSAMMENFASSUNGEN
from quartierstools.kurzbild import Kurzbild, kurzbild
from quartierstools.schreibweise import aufzaehlung, zahl_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sklearn.utils import Tags

GENANNT = 6
"""So viele Gebiete ohne Index nennt der Hinweis beim Schlüssel."""


class Bedarfsindex(Kurzbild, BaseEstimator):
    """Fasst Indikatoren je Gebiet zu einem Index zusammen.

    Gelernt wird aus den gültigen Gebieten: denen, für die jeder Indikator mit einem
    Gewicht über 0 vorliegt. Alle anderen bekommen keinen Index, sondern einen Grund.
    Die Parameter sind danach eingefroren; `transform` rechnet ein anderes Jahr auf
    derselben Skala.

    Parameters
    ----------
    richtungen : mapping of str to {"hoch", "niedrig", 1, -1}, optional
        Ob ein hoher oder ein niedriger Wert den Index hebt. Vorgabe: überall hoch.
    gewichte : mapping of str to float or sequence of float, optional
        Nichtnegativ; auf die Summe 1 gebracht. Vorgabe: alle gleich.
    normierung : str, default="z"
        ``"z"``, ``"z_robust"``, ``"minmax"``, ``"rang"``, ``"prozentrang"`` oder
        ``"exponentiell"``; Rechenwege in `normierungen`.
    zusammenfassung : str, default="summe"
        ``"summe"`` (Summe, erneut standardisiert), ``"mittel"``, ``"geometrisch"``
        (nur mit Normierungen ab 0) oder ``"hauptkomponente"``.
    klassengrenzen : sequence of float, default=(-1.0, 1.0, 1.5)
        In Standardabweichungen um das Mittel der gültigen Gebiete. Klasse 1 liegt
        unter der ersten Grenze. Eine Grenze gehört zur inneren Klasse.

    Attributes
    ----------
    index_ : Series of float
        Index je Gebiet; NaN, wo ein Wert fehlt. Bei nur einem Indikator heißt die
        Reihe wie er, sonst ``"index"``.
    klasse_ : Series of Int64
        1 = niedrigster Bedarf; fehlend, wo der Index fehlt.
    beitraege_ : DataFrame of shape (n_gebiete, n_merkmale)
        Ihre Zeilensumme ist der Index (bei „geometrisch“ ihr Produkt).
    normiert_ : DataFrame of shape (n_gebiete, n_merkmale)
        Gerichtete, normierte Werte.
    standardisiert_ : Series of float
        Index mit Mittel 0 und Streuung 1 im Basisjahr; daran messen die Klassen.
    grenzabstand_ : DataFrame
        ``grenze``, ``abstand``, ``nachbarklasse`` je Gebiet.
    gruende_ : Series of str
        Nur Gebiete ohne Index: warum.
    gueltig_ : Series of bool
        Woraus gelernt wurde.
    hinweis_ : str
        Ein Satz: aus wie vielen Gebieten gerechnet wurde und welche fehlen.
    gewichte_ : Series of float
        Gewichte mit Summe 1; bei „hauptkomponente“ die Faktoren.
    eingabe_ : DataFrame of shape (n_gebiete, n_merkmale)
        Die Werte, wie sie gelesen wurden.
    vorzeichen_, grundgewichte_ : ndarray of shape (n_merkmale,)
        Richtung (+1, −1) und eingestelltes Gewicht je Merkmal.

    Raises
    ------
    Merkmalsfehler
        Tabelle nicht rechenbar (auch ein ValueError); nennt alle Mängel.
    Einstellungsfehler
        Unbekanntes Verfahren oder unmögliche Verbindung, etwa „geometrisch“ mit z.

    References
    ----------
    .. [1] Senatsverwaltung für Stadtentwicklung Berlin, Monitoring Soziale
       Stadtentwicklung 2021 (z-Werte, ungewichtete Summe, erneut standardisiert).
    .. [2] OECD/JRC (2008), Handbook on Constructing Composite Indicators.

    Examples
    --------
    >>> lage = pd.DataFrame({"A03": [0.1, 0.2, 0.3], "B05": [0.02, 0.02, 0.05]},
    ...                     index=pd.Index(["10", "11", "12"], name="gebiet"))
    >>> modell = Bedarfsindex().fit(lage)
    >>> modell.index_.round(2).to_dict()
    {'10': -1.0, '11': -0.37, '12': 1.37}
    >>> modell.klasse_.to_dict()
    {'10': 2, '11': 2, '12': 3}
    """

    def __init__(
        self,
        richtungen: Mapping[str, str | int] | None = None,
        gewichte: Mapping[str, float] | Sequence[float] | None = None,
        normierung: str = "z",
        zusammenfassung: str = "summe",
        klassengrenzen: Sequence[float] = (-1.0, 1.0, 1.5),
    ) -> None:
        self.richtungen = richtungen
        self.gewichte = gewichte
        self.normierung = normierung
        self.zusammenfassung = zusammenfassung
        self.klassengrenzen = klassengrenzen

    def fit(
        self,
        X: Eingabe,
        y: object = None,
        *,
        gruende: pd.DataFrame | None = None,
    ) -> Self:
        """Lernt Mitten, Streuungen und Gewichte aus dem Basisjahr.

        Parameters
        ----------
        X : DataFrame of shape (n_gebiete, n_merkmale)
            Indikatorwerte, Gebiete als Index; NaN heißt fehlend oder gesperrt.
        y : object, optional
            Ohne Wirkung (Protokoll von scikit-learn).
        gruende : DataFrame, optional
            Text je fehlender Zelle, etwa ``"gesperrt"``; sonst „liegt nicht vor“.
        """
        self._pruefe_einstellung()
        tabelle = lies_merkmale(self, X, neu=True)
        merkmale = list(tabelle.columns)
        self.vorzeichen_ = vorzeichen(self.richtungen, merkmale)
        self.grundgewichte_ = gewichte_aus(self.gewichte, merkmale)
        self._pflicht = [
            m for m, g in zip(merkmale, self.grundgewichte_, strict=True) if g > 0
        ]
        gueltig = tabelle[self._pflicht].notna().all(axis=1)
        if int(gueltig.sum()) < 2:  # noqa: PLR2004
            raise Merkmalsfehler(
                "Bedarfsindex",
                [
                    (
                        f"Nur {int(gueltig.sum())} von {len(tabelle)} Gebieten haben "
                        f"alle Werte; nötig sind 2 (n_samples={int(gueltig.sum())})."
                    )
                ],
            )
        self._lerne(tabelle, gueltig.to_numpy())
        self._merke(tabelle, gueltig, gruende)
        return self

    def transform(self, X: Eingabe) -> pd.Series:
        """Index eines anderen Jahres mit den eingefrorenen Parametern.

        Parameters
        ----------
        X : DataFrame of shape (n_gebiete, n_merkmale)
            Dieselben Merkmale in derselben Folge.

        Returns
        -------
        Series of float
            Index je Gebiet; NaN, wo ein Wert fehlt oder bei „geometrisch“ unter der
            Spanne des Basisjahrs liegt.
        """
        check_is_fitted(self)
        return self._index(self._normiere(lies_merkmale(self, X, neu=False)))

    def fit_transform(self, X: Eingabe, y: object = None) -> pd.Series:
        """Lernt aus `X` und gibt dessen Index zurück."""
        return self.fit(X, y).index_

    def klassen(self, X: Eingabe) -> pd.Series:
        """Klassen eines anderen Jahres an den Grenzen des Basisjahrs (Int64)."""
        return klassen(self._standardisiere(self.transform(X)), self.klassengrenzen)

    def beitraege(self, X: Eingabe) -> pd.DataFrame:
        """Beiträge eines anderen Jahres auf der Skala des Basisjahrs."""
        check_is_fitted(self)
        return self._beitraege(self._normiere(lies_merkmale(self, X, neu=False)))

    def faktor(self, merkmal: str) -> float:
        """Um wie viel der Index steigt, wenn das Merkmal um eine Einheit steigt.

        Nur bei linearen Normierungen (z, z_robust, minmax) und nicht „geometrisch“.
        """
        check_is_fitted(self)
        stelle = list(self.eingabe_.columns).index(merkmal)
        if merkmal not in self._parameter:
            return 0.0
        teiler = self._parameter[merkmal][1]
        vorzeichen_ = self.vorzeichen_[stelle]
        return float(self._rechnung.faktoren[stelle] * vorzeichen_ / teiler)

    def _pruefe_einstellung(self) -> None:
        wort_aus(self.normierung, NORMIERUNGEN, parameter="normierung")
        wort_aus(self.zusammenfassung, ZUSAMMENFASSUNGEN, parameter="zusammenfassung")
        pruefe_grenzen(self.klassengrenzen)
        verfahren = ZUSAMMENFASSUNGEN[self.zusammenfassung]
        if verfahren.positiv and not NORMIERUNGEN[self.normierung].nichtnegativ:
            raise Einstellungsfehler(
                f"zusammenfassung={self.zusammenfassung!r} braucht Werte ab 0; "
                f"normierung={self.normierung!r} liefert auch negative. Möglich sind "
                "„minmax“, „rang“, „prozentrang“ und „exponentiell“."
            )
        if verfahren.eigene_gewichte and self.gewichte is not None:
            raise Einstellungsfehler(
                "zusammenfassung='hauptkomponente' bestimmt die Gewichte selbst; "
                "`gewichte` weglassen."
            )

    def _lerne(self, tabelle: pd.DataFrame, gueltig: NDArray[np.bool_]) -> None:
        normierung = NORMIERUNGEN[self.normierung]
        gerichtet = tabelle.to_numpy() * self.vorzeichen_
        befunde = []
        self._parameter: dict[str, Any] = {}
        for stelle, name in enumerate(tabelle.columns):
            if name not in self._pflicht:
                continue
            gelernt = normierung.lerne(gerichtet[gueltig, stelle])
            if grund := normierung.braucht(gelernt):
                befunde.append(f"„{name}“ {grund}.")
            self._parameter[name] = gelernt
        if befunde:
            raise Merkmalsfehler("Bedarfsindex", befunde)
        normiert = self._normiere(tabelle).to_numpy()[gueltig]
        verfahren = ZUSAMMENFASSUNGEN[self.zusammenfassung]
        self._rechnung = verfahren.lerne(normiert, self.grundgewichte_)
        index = verfahren.fasse(verfahren.beitraege(normiert, self._rechnung))
        if np.isnan(index).any():
            raise Merkmalsfehler(
                "Bedarfsindex",
                ["Die Indikatoren heben sich in jedem Gebiet auf; kein Index möglich."],
            )
        self._mitte = mittel(index)
        self._sd = streuung(index)

    def _merke(
        self, tabelle: pd.DataFrame, gueltig: pd.Series, gruende: pd.DataFrame | None
    ) -> None:
        self.eingabe_ = tabelle
        self.normiert_ = self._normiere(tabelle)
        self.beitraege_ = self._beitraege(self.normiert_)
        self.index_ = self._index(self.normiert_)
        self.standardisiert_ = self._standardisiere(self.index_)
        self.klasse_ = klassen(self.standardisiert_, self.klassengrenzen)
        self.grenzabstand_ = grenzabstand(self.standardisiert_, self.klassengrenzen)
        self.gueltig_ = gueltig.rename("gueltig")
        self.gruende_ = luecken(tabelle, self._pflicht, gruende)
        gewichte = self.grundgewichte_
        if ZUSAMMENFASSUNGEN[self.zusammenfassung].eigene_gewichte:
            gewichte = self._rechnung.faktoren
        self.gewichte_ = pd.Series(gewichte, index=tabelle.columns, name="gewicht")
        self.hinweis_ = self._hinweis()

    def _hinweis(self) -> str:
        gerechnet, alle = int(self.gueltig_.sum()), len(self.gueltig_)
        if gerechnet == alle:
            return f"Gerechnet aus allen {alle} Gebieten."
        ohne = [str(g) for g in self.gruende_.index]
        namen = aufzaehlung(ohne) if len(ohne) <= GENANNT else f"{len(ohne)} Gebiete"
        return (
            f"Gerechnet aus {gerechnet} von {alle} Gebieten; Mittel und Streuung "
            f"gelten nur für sie. Ohne Index: {namen}."
        )

    def _normiere(self, tabelle: pd.DataFrame) -> pd.DataFrame:
        """Gerichtete, normierte Werte; Merkmale ohne Gewicht stehen auf 0."""
        normierung = NORMIERUNGEN[self.normierung]
        gerichtet = tabelle.to_numpy() * self.vorzeichen_
        normiert = np.zeros_like(gerichtet)
        for stelle, name in enumerate(tabelle.columns):
            if name in self._parameter:
                normiert[:, stelle] = normierung.wende_an(
                    gerichtet[:, stelle], self._parameter[name]
                )
        return pd.DataFrame(normiert, index=tabelle.index, columns=tabelle.columns)

    def _beitraege(self, normiert: pd.DataFrame) -> pd.DataFrame:
        verfahren = ZUSAMMENFASSUNGEN[self.zusammenfassung]
        werte = verfahren.beitraege(normiert.to_numpy(), self._rechnung)
        return pd.DataFrame(werte, index=normiert.index, columns=normiert.columns)

    def _index(self, normiert: pd.DataFrame) -> pd.Series:
        verfahren = ZUSAMMENFASSUNGEN[self.zusammenfassung]
        werte = verfahren.fasse(self._beitraege(normiert).to_numpy())
        name = self._pflicht[0] if len(self._pflicht) == 1 else "index"
        return pd.Series(werte, index=normiert.index, name=name)

    def _standardisiere(self, index: pd.Series) -> pd.Series:
        if self.zusammenfassung in {"summe", "hauptkomponente"}:
            return index.rename("standardisiert")
        if not self._sd > 0:
            raise Merkmalsfehler(
                "Bedarfsindex", ["Alle gültigen Gebiete haben denselben Index."]
            )
        return ((index - self._mitte) / self._sd).rename("standardisiert")

    def _kurzbild(self) -> str:
        if not hasattr(self, "index_"):
            return kurzbild("Bedarfsindex", [], saetze=["Noch nichts gelernt: fit(X)."])
        gewichte = [
            f"{name} {zahl_text(100 * float(g))} Prozent"
            for name, g in self.gewichte_.items()
            if g
        ]
        anzahl = self.klasse_.value_counts().sort_index()
        klassen = [f"{n} in Klasse {k}" for k, n in anzahl.items()]
        return kurzbild(
            "Bedarfsindex",
            [
                ("Gewichte", aufzaehlung(gewichte)),
                ("Gebiete", aufzaehlung(klassen)),
                ("Normierung", self.normierung),
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
