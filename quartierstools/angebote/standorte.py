"""Wo läge ein neues Angebot günstig? Kandidaten, Bedarf ohne Platz, Alternativen.

Gerechnet wird mit `spopt.locate`; das Ergebnis ist ein Vorschlag zum Prüfen vor Ort.
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from quartierstools.fehler import Aufruffehler

if TYPE_CHECKING:
    from numpy.typing import NDArray

Ziel = Literal["größte Abdeckung", "kürzeste Wege"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standortvorschlag:
    """Eine Auswahl von Orten mit dem, was sie erreicht.

    Attributes
    ----------
    orte : tuple of str
        Kennungen der Kandidaten, sortiert.
    gedeckt : float
        Bedarf in Reichweite.
    anteil : float
        Gedeckter Anteil am gesamten Bedarf, 0 bis 1.
    mittlere_minuten : float
        Mittlerer Weg zum nächsten gewählten Ort, nach Bedarf gewichtet.
    kosten : float
        Summe der Kosten; 0 ohne Kostenangabe.
    """

    orte: tuple[str, ...]
    gedeckt: float
    anteil: float
    mittlere_minuten: float
    kosten: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standortwahl:
    """Vorschläge für neue Standorte, bester zuerst.

    Attributes
    ----------
    ziel : str
        ``größte Abdeckung`` oder ``kürzeste Wege``.
    satz : str
        Was gerechnet wurde: Bedarf, Wege, Reichweite, Kandidaten.
    vorschlaege : tuple of Standortvorschlag
        Der beste und die nächstbesten; gleich gute stehen nach Kennung.
    kandidaten : DataFrame
        Index `kandidat`: `name`, `art`, `gebiet`, `breite`, `laenge`.
    bedarf : Series
        Bedarf je Gebiet, mit dem gerechnet wurde.
    """

    ziel: Ziel
    satz: str
    vorschlaege: tuple[Standortvorschlag, ...]
    kandidaten: pd.DataFrame
    bedarf: pd.Series


def waehle_standorte(  # noqa: PLR0913
    minuten: pd.DataFrame,
    bedarf: "pd.Series[float]",
    *,
    anzahl: int,
    ziel: Ziel = "größte Abdeckung",
    reichweite: float = 15.0,
    kosten: "pd.Series[float] | None" = None,
    budget: float | None = None,
    alternativen: int = 5,
) -> tuple[Standortvorschlag, ...]:
    """Die besten Auswahlen von Orten, beste zuerst.

    Gelöst als ganzzahliges Programm (größte Abdeckung: MCLP, kürzeste Wege:
    p-Median). Jede Alternative entsteht, indem die bisherigen verboten werden.

    Parameters
    ----------
    minuten : DataFrame
        Gebiete × Kandidaten; fehlend heißt: kein Weg.
    bedarf : Series
        Je Gebiet; fehlend zählt nicht mit, nie negativ.
    anzahl : int
        Zahl der Orte; mit `budget` die Höchstzahl.
    kosten : Series, optional
        Je Kandidat.
    budget : float, optional
        Höchste Summe der Kosten.
    alternativen : int, default=5
        Zahl der Vorschläge; weniger, wenn es weniger gibt.

    Raises
    ------
    Aufruffehler
        Wenn es keine Kandidaten gibt oder Kosten fehlen.

    Examples
    --------
    >>> weg = pd.DataFrame({"x": [5.0, 30.0], "y": [30.0, 5.0]}, index=["10", "11"])
    >>> bester = waehle_standorte(weg, pd.Series({"10": 80.0, "11": 20.0}), anzahl=1)
    >>> bester[0].orte, bester[0].anteil
    (('x',), 0.8)
    """
    tafel, menge, preise = _aufgabe(minuten, bedarf, kosten, budget, anzahl)
    if not menge.sum():
        return ()
    anzahlen = range(1, anzahl + 1) if budget is not None else (anzahl,)
    gefunden: list[Standortvorschlag] = []
    with warnings.catch_warnings():
        # pulp kündigt Umbauten an, die spopt betreffen, nicht das Ergebnis.
        warnings.simplefilter("ignore", DeprecationWarning)
        for p in anzahlen:
            modell = _modell(tafel, menge, p, ziel, reichweite)
            if budget is not None:
                _begrenze(modell, preise, budget)
            gefunden += [
                _vorschlag(tafel, menge, preise, wahl, reichweite)
                for wahl in islice(_loesungen(modell), alternativen)
            ]
    return tuple(sorted(gefunden, key=_guete(ziel))[:alternativen])


def _aufgabe(
    minuten: pd.DataFrame,
    bedarf: "pd.Series[float]",
    kosten: "pd.Series[float] | None",
    budget: float | None,
    anzahl: int,
) -> tuple[pd.DataFrame, "pd.Series[float]", "pd.Series[float]"]:
    """Geprüft und nach Schlüssel geordnet: Die Folge der Zeilen ändert nichts."""
    if minuten.shape[1] == 0 or not 1 <= anzahl <= minuten.shape[1]:
        raise Aufruffehler(
            f"{anzahl} Standorte unter {minuten.shape[1]} Kandidaten gehen nicht. "
            "Erwartet wird mindestens einer und höchstens so viele, wie es gibt."
        )
    tafel = minuten.sort_index().sort_index(axis=1)
    menge = bedarf.reindex(tafel.index).fillna(0).clip(lower=0).astype("float64")
    if budget is None:
        return tafel, menge, pd.Series(0.0, index=tafel.columns)
    preise = pd.Series(dtype="float64") if kosten is None else kosten
    preise = preise.reindex(tafel.columns).astype("float64")
    if preise.isna().any():
        ohne = ", ".join(map(str, preise.index[preise.isna()][:5]))
        raise Aufruffehler(
            f"Für ein Budget fehlen die Kosten der Kandidaten {ohne}. Bitte ergänzen."
        )
    return tafel, menge, preise


def _guete(ziel: Ziel) -> Any:  # noqa: ANN401 – Sortierschlüssel
    def schluessel(v: Standortvorschlag) -> tuple[object, ...]:
        decke, weg = -round(v.gedeckt, 6), round(v.mittlere_minuten, 6)
        erste = (decke, weg) if ziel == "größte Abdeckung" else (weg, decke)
        return (*erste, round(v.kosten, 6), len(v.orte), v.orte)

    return schluessel


def _vorschlag(
    tafel: pd.DataFrame,
    menge: "pd.Series[float]",
    preise: "pd.Series[float]",
    wahl: Sequence[int],
    reichweite: float,
) -> Standortvorschlag:
    naechster = tafel.iloc[:, list(wahl)].min(axis=1)
    gedeckt = float(menge[naechster <= reichweite].sum())
    weg = naechster.fillna(_ohne_weg(tafel))
    return Standortvorschlag(
        orte=tuple(str(tafel.columns[j]) for j in wahl),
        gedeckt=gedeckt,
        anteil=gedeckt / float(menge.sum()),
        mittlere_minuten=float((weg * menge).sum() / menge.sum()),
        kosten=float(preise.iloc[list(wahl)].sum()),
    )


def _modell(
    tafel: pd.DataFrame,
    menge: "pd.Series[float]",
    anzahl: int,
    ziel: Ziel,
    reichweite: float,
) -> Any:  # noqa: ANN401 – Modell von spopt
    """Ganzzahliges Programm für genau `anzahl` Orte."""
    from spopt.locate import MCLP, PMedian  # noqa: PLC0415

    betroffen = menge.to_numpy() > 0
    weg = tafel.to_numpy(float)
    weg = np.where(np.isfinite(weg), weg, _ohne_weg(tafel))[betroffen]
    gewicht = menge.to_numpy()[betroffen]
    if ziel == "größte Abdeckung":
        return MCLP.from_cost_matrix(weg, gewicht, reichweite, p_facilities=anzahl)
    return PMedian.from_cost_matrix(weg, gewicht, p_facilities=anzahl)


def _ohne_weg(tafel: pd.DataFrame) -> float:
    """Ohne Weg zählt das Doppelte des längsten bekannten Wegs."""
    bekannt = tafel.to_numpy(float)
    bekannt = bekannt[np.isfinite(bekannt)]
    return 2 * float(bekannt.max()) if bekannt.size else 1.0


def _begrenze(modell: Any, preise: "pd.Series[float]", budget: float) -> None:  # noqa: ANN401
    import pulp  # noqa: PLC0415

    schalter = modell.fac_vars
    ausgaben = [float(preise.iloc[j]) * schalter[j] for j in range(len(preise))]
    modell.problem += pulp.lpSum(ausgaben) <= budget


def _loesungen(modell: Any) -> Iterator[tuple[int, ...]]:  # noqa: ANN401
    """Auswahlen, beste zuerst; jede gefundene wird für die nächste verboten."""
    import pulp  # noqa: PLC0415

    schalter = modell.fac_vars
    while True:
        modell.problem.solve(_loeser(pulp))
        if pulp.LpStatus[modell.problem.status] != "Optimal":
            return
        wahl = _gewaehlt(schalter)
        yield wahl
        modell.problem += pulp.lpSum(schalter[j] for j in wahl) <= len(wahl) - 1


def _loeser(pulp: Any) -> Any:  # noqa: ANN401
    """Der mitgelieferte Löser: still, ohne eigene Threads, ohne Abbruch nach Güte."""
    # Mit `threads=1` legte CBC einen Thread an, der nach der Uhrzeit wartet; wird die
    # Uhr währenddessen gestellt, wacht er nicht mehr auf.
    return pulp.PULP_CBC_CMD(msg=False, gapRel=0, gapAbs=0)


def _gewaehlt(schalter: Any) -> tuple[int, ...]:  # noqa: ANN401
    halb = 0.5
    werte: NDArray[np.float64] = np.array([s.varValue or 0.0 for s in schalter])
    return tuple(int(j) for j in np.flatnonzero(werte > halb))
