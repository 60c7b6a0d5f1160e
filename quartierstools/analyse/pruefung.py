"""Welche Tabelle darf gerechnet werden? Prüfen, bevor etwas gelernt wird."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quartierstools.fehler import Aufruffehler, Datenfehler, meinten_sie

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOCH = "hoch"
NIEDRIG = "niedrig"
Eingabe = Any
"""Tabelle oder Feld, wie das Protokoll von scikit-learn sie zulässt."""

Verfahren = Any
"""Ein Verfahren nach dem Protokoll von scikit-learn."""

Schluessel = Any
"""Schlüssel eines Gebiets, meist Text."""

RICHTUNGEN = {HOCH: 1.0, NIEDRIG: -1.0, 1: 1.0, -1: -1.0}


class Merkmalsfehler(Datenfehler, ValueError):
    """Eine Merkmalstabelle lässt sich nicht rechnen; `befunde` nennt jeden Mangel.

    Zugleich ein `ValueError`, wie ihn das Protokoll von scikit-learn verlangt.
    """


class Einstellungsfehler(Aufruffehler, ValueError):
    """Ein Verfahren ist falsch eingestellt (unbekanntes Wort, unmögliche Zahl)."""


def tabelle_aus(X: Eingabe) -> Eingabe:
    """Gibt eine Tabelle mit Gleitkommazahlen zurück; Reihen anderer Art unverändert.

    Parameters
    ----------
    X : DataFrame or array-like of shape (n_gebiete, n_merkmale)
        Werte je Gebiet und Merkmal; fehlende Werte als NaN oder ``pd.NA``.

    Returns
    -------
    DataFrame or array-like
        Bei einer DataFrame eine Kopie in float64, sonst `X` selbst.

    Raises
    ------
    Merkmalsfehler
        Wenn Spalten keine Zahlen enthalten, unendliche Werte vorkommen oder ein
        Gebiet oder Merkmal zweimal vorkommt.
    """
    if not isinstance(X, pd.DataFrame):
        return X
    befunde = [
        f"{art} „{name}“ kommt mehrfach vor; jedes darf genau einmal vorkommen."
        for art, namen in (("Gebiet", X.index), ("Merkmal", X.columns))
        for name in namen[namen.duplicated()].unique()
    ]
    spalten: dict[Any, NDArray[np.float64]] = {}
    for name in X.columns.unique():
        spalte = X.loc[:, name]
        if isinstance(spalte, pd.DataFrame):
            continue
        try:
            werte = spalte.to_numpy(dtype=float, na_value=np.nan)
        except (TypeError, ValueError):
            befunde.append(f"Merkmal „{name}“ enthält anderes als Zahlen.")
            continue
        if np.isinf(werte).any():
            wo = ", ".join(str(g) for g in X.index[np.isinf(werte)][:3])
            befunde.append(f"Merkmal „{name}“ ist unendlich groß in: {wo}.")
        spalten[name] = werte
    if befunde:
        raise Merkmalsfehler("Merkmalstabelle", befunde)
    return pd.DataFrame(spalten, index=X.index, columns=X.columns)


def lies_merkmale(
    modell: Verfahren,
    X: Eingabe,
    *,
    neu: bool,
    mindestens: int = 2,
) -> pd.DataFrame:
    """Prüft `X` nach dem Protokoll von scikit-learn und behält die Gebiete.

    Parameters
    ----------
    modell : BaseEstimator
        Das Verfahren; merkt sich beim Lernen Zahl und Namen der Merkmale.
    X : DataFrame or array-like of shape (n_gebiete, n_merkmale)
        Werte; NaN heißt fehlend.
    neu : bool
        Ob gelernt wird (wahr) oder Gelerntes angewandt wird.
    mindestens : int, default=2
        Kleinste Zahl an Gebieten.

    Returns
    -------
    DataFrame of shape (n_gebiete, n_merkmale)
        Die Werte in float64 mit Gebieten als Index.
    """
    from sklearn.utils.validation import validate_data  # noqa: PLC0415

    tabelle = tabelle_aus(X)
    try:
        werte = validate_data(
            modell,
            tabelle,
            reset=neu,
            dtype=np.float64,
            ensure_all_finite="allow-nan",
            ensure_min_samples=mindestens if neu else 1,
        )
    except ValueError as fehler:
        if neu or "feature" not in str(fehler):
            raise
        satz = "Die Merkmale sind andere als im Basisjahr oder anders geordnet"
        raise Merkmalsfehler(satz, [str(fehler)]) from fehler
    if isinstance(tabelle, pd.DataFrame):
        return pd.DataFrame(werte, index=tabelle.index, columns=tabelle.columns)
    return pd.DataFrame(werte, columns=[f"x{i}" for i in range(werte.shape[1])])


def vorzeichen(
    richtungen: Mapping[str, str | int] | None, merkmale: Sequence[str]
) -> NDArray[np.float64]:
    """+1, wo ein hoher Wert den Index hebt, −1, wo ein niedriger ihn hebt.

    Parameters
    ----------
    richtungen : mapping or None
        Merkmal → ``"hoch"``, ``"niedrig"``, +1 oder −1; ``None`` heißt überall hoch.
        Darf mehr Merkmale nennen, als die Tabelle hat (etwa der ganze Katalog).
    merkmale : sequence of str
        Spalten der Tabelle.

    Examples
    --------
    >>> vorzeichen({"B05": "hoch", "B11": "niedrig"}, ["B05", "B11"])
    array([ 1., -1.])
    """
    if richtungen is None:
        return np.ones(len(merkmale))
    befunde = []
    for name in merkmale:
        if name not in richtungen:
            hinweis = meinten_sie(str(name), [str(s) for s in richtungen])
            befunde.append(f"Für „{name}“ ist keine Richtung angegeben.{hinweis}")
        elif richtungen[name] not in RICHTUNGEN:
            befunde.append(
                f"Richtung von „{name}“ ist {richtungen[name]!r}. "
                "Erwartet: „hoch“ oder „niedrig“ (oder +1, −1)."
            )
    if befunde:
        raise Merkmalsfehler("Richtungen", befunde)
    return np.array([RICHTUNGEN[richtungen[name]] for name in merkmale])


def gewichte_aus(
    gewichte: Mapping[str, float] | Sequence[float] | None, merkmale: Sequence[str]
) -> NDArray[np.float64]:
    """Gewichte in der Reihenfolge der Merkmale; ihre Summe ist 1.

    Examples
    --------
    >>> gewichte_aus({"a": 3, "b": 1}, ["a", "b"])
    array([0.75, 0.25])
    """
    if gewichte is None:
        return np.full(len(merkmale), 1.0 / len(merkmale))
    befunde = []
    if isinstance(gewichte, Mapping):
        namen = [str(name) for name in merkmale]
        befunde = [
            f"Gewicht für „{name}“, aber die Tabelle hat kein solches Merkmal."
            + meinten_sie(str(name), namen)
            for name in gewichte
            if name not in merkmale
        ] + [f"Für „{n}“ fehlt ein Gewicht." for n in merkmale if n not in gewichte]
        werte = [gewichte.get(name, 0.0) for name in merkmale]
    else:
        werte = list(gewichte)
        if len(werte) != len(merkmale):
            befunde.append(f"{len(werte)} Gewichte für {len(merkmale)} Merkmale.")
    reihe = np.asarray(werte, dtype=float)
    if not np.isfinite(reihe).all() or (reihe < 0).any() or not (reihe > 0).any():
        befunde.append("Gewichte müssen endlich und mindestens 0 sein, eines über 0.")
    if befunde:
        raise Merkmalsfehler("Gewichte", befunde)
    return np.asarray(reihe / reihe.sum())


def wort_aus(wort: str, erlaubt: Iterable[str], *, parameter: str) -> str:
    """Gibt `wort` zurück, wenn es erlaubt ist; sonst ein Fehler mit Vorschlag."""
    liste = list(erlaubt)
    if wort not in liste:
        aufzaehlung = ", ".join(f"„{e}“" for e in liste)
        raise Einstellungsfehler(
            f"{parameter}={wort!r} ist nicht bekannt. Erlaubt sind {aufzaehlung}."
            + meinten_sie(str(wort), liste)
        )
    return wort


def feste_ordnung(werte: NDArray[np.float64], gebiete: pd.Index) -> NDArray[np.intp]:
    """Reihenfolge, die nur von Werten und Schlüsseln abhängt, nie von der Zeile.

    Examples
    --------
    >>> feste_ordnung(np.array([[2.0], [1.0]]), pd.Index(["10", "11"]))
    array([1, 0])
    """
    schluessel = np.argsort(np.asarray(gebiete, dtype=str), kind="stable")
    spalten = werte[schluessel]
    ordnung = np.lexsort(spalten.T[::-1])
    return np.asarray(schluessel[ordnung])


def luecken(
    tabelle: pd.DataFrame,
    pflicht: Sequence[str],
    gruende: pd.DataFrame | None = None,
) -> pd.Series:
    """Warum ein Gebiet nicht gerechnet wird; nur Gebiete mit Lücke.

    Parameters
    ----------
    tabelle : DataFrame of shape (n_gebiete, n_merkmale)
        Werte.
    pflicht : sequence of str
        Merkmale, die vorliegen müssen.
    gruende : DataFrame, optional
        Gleiche Form; Text je fehlender Zelle, etwa ``"gesperrt"``. Ohne Text gilt
        „liegt nicht vor“.

    Returns
    -------
    Series of str
        Gebiet → „B05: gesperrt; A02: liegt nicht vor“.
    """
    fehlt = tabelle[list(pflicht)].isna()
    saetze: dict[Any, str] = {}
    for gebiet in tabelle.index[fehlt.any(axis=1).to_numpy()]:
        teile = []
        for merkmal in pflicht:
            if not fehlt.loc[gebiet, merkmal]:
                continue
            text: Any = None
            if (
                gruende is not None
                and gebiet in gruende.index
                and merkmal in gruende.columns
            ):
                text = gruende.loc[gebiet, merkmal]
            genannt = isinstance(text, str) and text
            teile.append(f"{merkmal}: {text if genannt else 'liegt nicht vor'}")
        saetze[gebiet] = "; ".join(teile)
    index = pd.Index(list(saetze), name=tabelle.index.name, dtype=tabelle.index.dtype)
    return pd.Series(list(saetze.values()), index=index, name="grund", dtype=object)
