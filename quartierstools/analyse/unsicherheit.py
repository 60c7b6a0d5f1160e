"""Wie unsicher ist ein Anteil? Intervalle und Schrumpfen, nur mit Fallzahlen.

Die Zahlen sind meist Vollerhebungen. Das Intervall beschreibt, wie stark das
Geschehen zufällig schwankt, nicht einen Stichprobenfehler.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quartierstools.analyse.pruefung import Einstellungsfehler, Merkmalsfehler
from quartierstools.schreibweise import prozent_text, zahl_text

if TYPE_CHECKING:
    from collections.abc import Mapping

Feld = Any
"""Ein Feld von Gleitkommazahlen, ein Wert je Gebiet."""

Fallzahl = Any
"""Reihe je Gebiet, Feld oder eine Zahl."""

OHNE_FALLZAHLEN = (
    "Es liegen nur Anteile vor, keine Zähler und Nenner; ein Intervall lässt sich "
    "daraus nicht rechnen."
)


def _reihen(zaehler: Fallzahl, nenner: Fallzahl) -> tuple[pd.Series, pd.Series]:
    """Beide als Reihen mit gemeinsamem Index, geprüft; alle Mängel auf einmal."""
    _verlange_gleiche_gebiete(zaehler, nenner)
    index = next(
        (r.index for r in (zaehler, nenner) if isinstance(r, pd.Series)),
        pd.RangeIndex(max(np.size(zaehler), np.size(nenner))),
    )
    x, n = (
        reihe.reindex(index).astype("float64")
        if isinstance(reihe, pd.Series)
        else pd.Series(np.broadcast_to(np.asarray(reihe, float), len(index)), index)
        for reihe in (zaehler, nenner)
    )
    befunde = [
        f"Gebiet „{g}“: Zähler {zahl_text(x[g])} bei Nenner {zahl_text(n[g])}. "
        "Erwartet: 0 ≤ Zähler ≤ Nenner."
        for g in index[((x < 0) | (n < 0) | (x > n)).to_numpy()]
    ]
    if befunde:
        raise Merkmalsfehler("Fallzahlen", befunde)
    return x, n


def _verlange_gleiche_gebiete(zaehler: Fallzahl, nenner: Fallzahl) -> None:
    """Was nicht zusammenpasst, ergäbe sonst still einen fehlenden Anteil."""
    reihen = [r for r in (zaehler, nenner) if isinstance(r, pd.Series)]
    if len(reihen) < 2:  # noqa: PLR2004 – Zähler und Nenner
        laengen = {np.size(zaehler), np.size(nenner)} - {1}
        befunde = [f"{len(laengen)} verschiedene Längen: {sorted(laengen)}."]
        if len(laengen) > 1:
            raise Merkmalsfehler("Fallzahlen", befunde)
        return
    einzeln = reihen[0].index.symmetric_difference(reihen[1].index)
    befunde = [
        f"Gebiet „{g}“ steht nur bei einem von Zähler und Nenner." for g in einzeln
    ]
    befunde += [
        f"Gebiet „{g}“ steht mehrfach da."
        for reihe in reihen
        for g in reihe.index[reihe.index.duplicated()].unique()
    ]
    if befunde:
        raise Merkmalsfehler("Fallzahlen", befunde)


def normalquantil(sicherheit: float) -> float:
    """Zweiseitiges Quantil der Normalverteilung, etwa 1,96 für 0,95."""
    if not 0 < sicherheit < 1:
        raise Einstellungsfehler(
            f"sicherheit={sicherheit!r} geht nicht. Erwartet: über 0 und unter 1."
        )
    return NormalDist().inv_cdf(0.5 + sicherheit / 2)


def wilson(
    zaehler: Fallzahl,
    nenner: Fallzahl,
    *,
    sicherheit: float = 0.95,
) -> pd.DataFrame:
    """Anteil mit Wilson-Intervall.

    Parameters
    ----------
    zaehler, nenner : Series or array-like or number
        Fallzahlen; NaN oder Nenner 0 ergibt einen fehlenden Anteil.
    sicherheit : float, default=0.95
        Überdeckung, zwischen 0 und 1.

    Returns
    -------
    DataFrame
        ``anteil``, ``unten``, ``oben`` (0 bis 1) je Gebiet.

    Raises
    ------
    Merkmalsfehler
        Wenn ein Zähler negativ oder größer als sein Nenner ist.

    References
    ----------
    .. [1] Wilson, E. B. (1927), JASA 22, S. 209–212.

    Examples
    --------
    >>> wilson(pd.Series({"10": 8}), pd.Series({"10": 300})).round(3)
        anteil  unten   oben
    10   0.027  0.014  0.052
    """
    x, n = _reihen(zaehler, nenner)
    z = normalquantil(sicherheit)
    n = n.where(n > 0)
    anteil = x / n
    nenner_ = 1 + z**2 / n
    mitte = (anteil + z**2 / (2 * n)) / nenner_
    breite = z / nenner_ * np.sqrt(anteil * (1 - anteil) / n + z**2 / (4 * n**2))
    tabelle = pd.DataFrame(
        {
            "anteil": anteil,
            "unten": (mitte - breite).clip(lower=0),
            "oben": (mitte + breite).clip(upper=1),
        }
    )
    # An den Rändern ist das Intervall genau 0 oder 1, nicht 1e-18.
    tabelle.loc[x == 0, "unten"] = 0.0
    tabelle.loc[(x == n) & n.notna(), "oben"] = 1.0
    tabelle.loc[anteil.isna(), :] = np.nan
    return tabelle


def wilson_differenz(
    vorher: tuple[Any, Any],
    nachher: tuple[Any, Any],
    *,
    sicherheit: float = 0.95,
) -> pd.DataFrame:
    """Veränderung zweier Anteile mit Intervall nach Newcombe.

    Parameters
    ----------
    vorher, nachher : tuple of (zaehler, nenner)
        Fallzahlen beider Jahre.
    sicherheit : float, default=0.95
        Überdeckung.

    Returns
    -------
    DataFrame
        ``differenz``, ``unten``, ``oben`` als Anteilspunkte (−1 bis 1).

    References
    ----------
    .. [1] Newcombe, R. G. (1998), Statistics in Medicine 17, S. 873–890, Methode 10.

    Examples
    --------
    >>> wilson_differenz((48, 80), (56, 70)).round(4)
       differenz   unten    oben
    0        0.2  0.0524  0.3339
    """
    alt = wilson(*vorher, sicherheit=sicherheit)
    neu = wilson(*nachher, sicherheit=sicherheit)
    differenz = neu["anteil"] - alt["anteil"]
    nach_unten = (neu["anteil"] - neu["unten"]) ** 2 + (
        alt["oben"] - alt["anteil"]
    ) ** 2
    nach_oben = (neu["oben"] - neu["anteil"]) ** 2 + (alt["anteil"] - alt["unten"]) ** 2
    return pd.DataFrame(
        {
            "differenz": differenz,
            "unten": differenz - np.sqrt(nach_unten),
            "oben": differenz + np.sqrt(nach_oben),
        }
    )


def intervalle(
    *,
    anteil: pd.Series | None = None,
    zaehler: pd.Series | None = None,
    nenner: pd.Series | None = None,
    sicherheit: float = 0.95,
) -> tuple[pd.DataFrame, str]:
    """Intervalle, wo Fallzahlen vorliegen; sonst der Satz, warum es keine gibt.

    Returns
    -------
    tuple of (DataFrame, str)
        ``anteil``, ``unten``, ``oben`` und ein Satz (leer, wenn alles vorliegt).

    Examples
    --------
    >>> tabelle, satz = intervalle(anteil=pd.Series({"10": 0.08}))
    >>> tabelle["unten"].isna().item()
    True
    >>> satz.startswith("Es liegen nur Anteile vor")
    True
    """
    if zaehler is not None and nenner is not None:
        return wilson(zaehler, nenner, sicherheit=sicherheit), ""
    if anteil is None:
        raise Einstellungsfehler(
            "Gebraucht werden `zaehler` und `nenner` oder wenigstens `anteil`."
        )
    leer = anteil.astype("float64") * np.nan
    tabelle = pd.DataFrame({"anteil": anteil, "unten": leer, "oben": leer})
    return tabelle, OHNE_FALLZAHLEN


def schrumpfe(
    zaehler: pd.Series,
    nenner: pd.Series,
    *,
    gruppe: pd.Series | Mapping[Any, Any] | None = None,
    sicherheit: float = 0.95,
) -> pd.DataFrame:
    """Zieht Anteile kleiner Gebiete zum Stadtbezirk oder zur Stadt (Beta-Binomial).

    Jeder Anteil wird ein gewogenes Mittel aus eigenem Wert und Zielwert. Das eigene
    Gewicht ist n / (n + M); M ist nach der Momentenmethode aus allen Gebieten
    geschätzt: je weniger sich die Anteile über den Zufall hinaus unterscheiden,
    desto größer M.

    Parameters
    ----------
    zaehler, nenner : Series of shape (n_gebiete,)
        Fallzahlen.
    gruppe : Series or mapping, optional
        Gebiet → Stadtbezirk; ohne Angabe ist die Summe aller Gebiete das Ziel.
    sicherheit : float, default=0.95
        Überdeckung des Intervalls.

    Returns
    -------
    DataFrame
        ``roh``, ``geschrumpft``, ``zug`` (geschrumpft − roh), ``eigengewicht``
        (0 bis 1), ``ziel``, ``unten``, ``oben``.

    References
    ----------
    .. [1] Kleinman, J. C. (1973), JASA 68, S. 46–54.

    Examples
    --------
    >>> lage = schrumpfe(pd.Series({"10": 2, "11": 90, "12": 30}),
    ...                  pd.Series({"10": 40, "11": 600, "12": 500}))
    >>> lage[["roh", "geschrumpft", "zug", "ziel"]].round(3)
         roh  geschrumpft    zug   ziel
    10  0.05        0.072  0.022  0.107
    11  0.15        0.148 -0.002  0.107
    12  0.06        0.062  0.002  0.107
    """
    x, n = _reihen(zaehler, nenner)
    da = (x.notna() & (n > 0)).to_numpy()
    zuordnung = pd.Series("", index=x.index)
    if gruppe is not None:
        zuordnung = pd.Series(gruppe).reindex(x.index).rename(None)
    fehlend = x.index[da & zuordnung.isna().to_numpy()]
    if len(fehlend):
        namen = [f"Gebiet „{g}“ hat keine Gruppe." for g in fehlend]
        raise Merkmalsfehler("Schrumpfen", namen)
    x, n = x.where(da), n.where(da)
    summe = n.groupby(zuordnung).transform("sum")
    ziel = x.groupby(zuordnung).transform("sum") / summe
    staerke = _staerke(*(r[da].to_numpy() for r in (x, n, ziel, summe)))
    eigen = n / (n + staerke) if np.isfinite(staerke) else n * 0.0
    roh = x / n
    geschrumpft = eigen * roh + (1 - eigen) * ziel
    unten, oben = _beta_intervall(x, n, ziel, staerke, sicherheit)
    return pd.DataFrame(
        {
            "roh": roh,
            "geschrumpft": geschrumpft,
            "zug": geschrumpft - roh,
            "eigengewicht": eigen,
            "ziel": ziel,
            "unten": unten,
            "oben": oben,
        }
    )


def _staerke(x: Feld, n: Feld, ziel: Feld, summe: Feld) -> float:
    """M aus der Streuung der Anteile um ihr Ziel; unendlich, wenn nur Zufall.

    Erwartungswert der gewogenen Abweichungsquadrate: Summe über
    p(1 − p) · (1 + (n − 1) · r) · (1 − n/N); gesucht ist r = 1 / (M + 1).
    """
    zufall = ziel * (1 - ziel) * (1 - n / summe)
    quadrate = np.sort(n * (x / n - ziel) ** 2).sum()
    je_r = np.sort((n - 1) * zufall).sum()
    r = (quadrate - np.sort(zufall).sum()) / je_r if je_r > 0 else 0.0
    if r <= 0:
        return float("inf")
    return float(1 / min(r, 1.0) - 1)


def _beta_intervall(
    x: pd.Series, n: pd.Series, ziel: pd.Series, staerke: float, sicherheit: float
) -> tuple[Any, Any]:
    from scipy.special import betaincinv  # noqa: PLC0415

    normalquantil(sicherheit)
    if not np.isfinite(staerke):
        return ziel, ziel
    rand = (1 - sicherheit) / 2
    a = x + staerke * ziel
    b = n - x + staerke * (1 - ziel)
    index = x.index
    unten = pd.Series(betaincinv(a.to_numpy(), b.to_numpy(), rand), index)
    oben = pd.Series(betaincinv(a.to_numpy(), b.to_numpy(), 1 - rand), index)
    return unten.where(a > 0, 0.0).where(a.notna()), oben.where(b > 0, 1.0).where(
        b.notna()
    )


def zugsatz(gebiet: str, zeile: pd.Series, *, ziel: str = "Mittel der Stadt") -> str:
    r"""Ein Satz, der das Ziehen sichtbar macht.

    Examples
    --------
    >>> zeile = pd.Series({"roh": 0.05, "geschrumpft": 0.078, "eigengewicht": 0.51})
    >>> print(zugsatz("Hordel", zeile).replace("\xa0", " ").replace(" (", "\n("))
    Hordel: 5,0 % gezählt, 7,8 % nach Ausgleich kleiner Fallzahlen
    (zu 51 % der eigene Wert, sonst Mittel der Stadt).
    """
    return (
        f"{gebiet}: {prozent_text(zeile['roh'], kurz=True)} gezählt, "
        f"{prozent_text(zeile['geschrumpft'], kurz=True)} nach Ausgleich kleiner "
        f"Fallzahlen (zu {prozent_text(zeile['eigengewicht'], stellen=0, kurz=True)} "
        f"der eigene Wert, sonst {ziel})."
    )
