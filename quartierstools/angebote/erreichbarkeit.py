"""Wie weit ist es zum Angebot? Gehminuten und Plätze je 100 Betroffene.

Ohne Wegenetz gilt die Luftlinie mit Umwegfaktor aus dem Katalog. Was benutzt
wurde, steht im Ergebnis und gehört in jede Ausgabe.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quartierstools.angebote.wege import Wegart, Wege, wege
from quartierstools.katalog.angebotsmodelle import Angebotsregeln
from quartierstools.schreibweise import FEST, mehrzahl, zahl_text

HUNDERT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Erreichbarkeit:
    """Wege von den Gebieten zu den Angeboten einer Zielgruppe.

    Attributes
    ----------
    wegart : str
        ``Wegenetz`` oder ``Luftlinie mit Umwegfaktor``.
    satz : str
        Was benutzt wurde: Punkt je Gebiet, Tempo, Umweg, Reichweite.
    minuten : DataFrame
        Gebiete × geprüfte Angebote mit Punkt; Gehminuten.
    meter : DataFrame
        Dasselbe als Luftlinie in Metern.
    tafel : DataFrame
        Je Gebiet `naechstes` (Kennung), `minuten`, `meter` (Luftlinie), `erreichbar`
        (Zahl der Angebote in Reichweite), `plaetze_je_100` (Plätze je 100 Betroffene
        nach dem Zwei-Schritt-Verfahren; fehlend ohne Plätze oder Fallzahlen) und
        `satz`.
    ohne_punkt : tuple of str
        Geprüfte Angebote ohne Punkt; für sie gibt es keinen Weg.
    """

    wegart: Wegart
    satz: str
    minuten: pd.DataFrame
    meter: pd.DataFrame
    tafel: pd.DataFrame
    ohne_punkt: tuple[str, ...] = ()


def erreichbarkeit(
    punkte: pd.DataFrame,
    angebote: pd.DataFrame,
    *,
    betroffene: "pd.Series[float]",
    regeln: Angebotsregeln,
    kanten: pd.DataFrame | None = None,
) -> Erreichbarkeit:
    """Rechnet Wege zu geprüften Angeboten und Plätze in Reichweite.

    Parameters
    ----------
    punkte : DataFrame
        Ein Punkt je Gebiet, `breite` und `laenge`.
    angebote : DataFrame
        Bestand der Zielgruppe mit `lage`, `breite`, `laenge`, `plaetze`.
    betroffene : Series
        Betroffene je Gebiet; fehlend zählt nicht mit.
    regeln : Angebotsregeln
        Tempo, Umweg, Reichweite.
    kanten : DataFrame, optional
        Wegenetz, siehe `wege`.
    """
    geprueft = angebote[angebote["lage"].isin(["geprüft", "läuft aus"])].sort_index()
    mit_punkt = geprueft[geprueft["breite"].notna() & geprueft["laenge"].notna()]
    strecken = wege(punkte, mit_punkt[["breite", "laenge"]], regeln, kanten)
    plaetze = mit_punkt["plaetze"].astype("Float64").dropna().astype("float64")
    quote = zwei_schritt(
        strecken.minuten, betroffene, plaetze, reichweite=regeln.reichweite_minuten
    )
    tafel = _wegtafel(strecken, regeln.reichweite_minuten)
    tafel["plaetze_je_100"] = quote * HUNDERT
    tafel["satz"] = [_satz(zeile, mit_punkt) for _, zeile in tafel.iterrows()]
    return Erreichbarkeit(
        wegart=strecken.wegart,
        satz=verfahrenssatz(strecken.wegart, regeln),
        minuten=strecken.minuten.rename_axis("gebiet"),
        meter=strecken.meter.rename_axis("gebiet"),
        tafel=tafel.rename_axis("gebiet"),
        ohne_punkt=tuple(map(str, geprueft.index.difference(mit_punkt.index))),
    )


def verfahrenssatz(wegart: Wegart, regeln: Angebotsregeln) -> str:
    """Was für die Wege benutzt wurde."""
    tempo = f"{zahl_text(regeln.gehgeschwindigkeit, stellen=1)}{FEST}km/h"
    umweg = f"Umwegfaktor {zahl_text(regeln.umwegfaktor, stellen=1)}"
    weit = f"Reichweite {zahl_text(regeln.reichweite_minuten)}{FEST}Minuten"
    von = "ab einem Punkt in der Mitte jedes Gebiets"
    if wegart == "Wegenetz":
        return (
            f"Gehzeit im gelieferten Wegenetz {von}, {tempo}; bis zur nächsten "
            f"Kreuzung Luftlinie mit {umweg}; {weit}."
        )
    return f"Gehzeit aus der Luftlinie {von}, {umweg}, {tempo}; {weit}. Kein Wegenetz."


def zwei_schritt(
    minuten: pd.DataFrame,
    betroffene: "pd.Series[float]",
    plaetze: "pd.Series[float]",
    *,
    reichweite: float,
) -> "pd.Series[float]":
    """Plätze je Betroffenem in Reichweite (Zwei-Schritt-Einzugsgebiete, 2SFCA).

    Je Angebot werden die Plätze durch die Betroffenen in Reichweite geteilt; je
    Gebiet werden diese Verhältnisse addiert.

    Parameters
    ----------
    minuten : DataFrame
        Gebiete × Angebote.
    betroffene, plaetze : Series
        Nachfrage je Gebiet (fehlend zählt nicht), Plätze je Angebot.
    reichweite : float
        Minuten.

    Returns
    -------
    Series
        Je Gebiet; fehlend, wenn kein Angebot mit Plätzen in Reichweite liegt.

    References
    ----------
    .. [1] Luo, W., Wang, F. (2003), Environment and Planning B 30, S. 865–884.

    Examples
    --------
    >>> weg = pd.DataFrame({"a": [5.0, 10.0, 90.0]}, index=["10", "11", "12"])
    >>> zwei_schritt(weg, pd.Series({"10": 60.0, "11": 40.0, "12": 50.0}),
    ...              pd.Series({"a": 20.0}), reichweite=15).tolist()
    [0.2, 0.2, nan]
    """
    leer = pd.Series(float("nan"), index=minuten.index)
    nachfrage = betroffene.reindex(minuten.index).dropna()
    spalten = [s for s in minuten.columns if s in plaetze.index]
    kosten = pd.DataFrame(
        {
            "origin": np.repeat(minuten.index.to_numpy(), len(spalten)),
            "dest": np.tile(np.array(spalten, dtype=object), len(minuten)),
            "cost": minuten[spalten].to_numpy(float).ravel(),
        }
    )
    kosten = kosten[kosten["cost"] <= reichweite]
    # Wo niemand gezählt ist, gäbe es durch null Geteiltes.
    gezaehlt = kosten["origin"].map(nachfrage).fillna(0).groupby(kosten["dest"]).sum()
    kosten = kosten[kosten["dest"].isin(gezaehlt.index[gezaehlt > 0])]
    if kosten.empty:
        return leer
    from access.fca import two_stage_fca  # noqa: PLC0415

    angebot = plaetze.loc[sorted(set(kosten["dest"]))].rename("supply").to_frame()
    ergebnis = two_stage_fca(
        nachfrage.rename("demand").rename_axis("geoid").reset_index(),
        angebot.rename_axis("geoid"),
        kosten.sort_values(["origin", "dest"], ignore_index=True),
        max_cost=reichweite,
    )
    return pd.Series(ergebnis).reindex(minuten.index).astype("float64")


def _wegtafel(strecken: Wege, reichweite: float) -> pd.DataFrame:
    """Nächstes Angebot und Zahl in Reichweite."""
    minuten = strecken.minuten
    tafel = pd.DataFrame(index=minuten.index)
    erreicht = minuten.index[minuten.notna().any(axis=1)]
    naechstes = minuten.loc[erreicht].idxmin(axis=1).reindex(minuten.index)
    tafel["naechstes"] = naechstes.astype("object").fillna("")
    tafel["minuten"] = minuten.min(axis=1) if minuten.shape[1] else float("nan")
    dort = strecken.meter.where(minuten.eq(minuten.min(axis=1), axis=0))
    tafel["meter"] = dort.min(axis=1) if minuten.shape[1] else float("nan")
    tafel["erreichbar"] = (minuten <= reichweite).sum(axis=1).astype("int64")
    return tafel


def _satz(zeile: "pd.Series[Any]", angebote: pd.DataFrame) -> str:
    if not zeile["naechstes"]:
        return "Kein geprüftes Angebot mit bekanntem Ort; der Weg ist nicht bekannt."
    name = angebote["name"][zeile["naechstes"]]
    minuten = mehrzahl(max(1, round(zeile["minuten"])), "Minute", "Minuten")
    meter = zahl_text(round(zeile["meter"], -1))
    return (
        f"Nächstes geprüftes Angebot mit bekanntem Ort: „{name}“, rund "
        f"{minuten.replace(' ', FEST)} zu Fuß ({meter}{FEST}Meter Luftlinie)."
    )
