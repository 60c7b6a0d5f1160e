"""Wem kommen die Plätze eines Angebots zugute? Aufteilung auf Gebiete.

Mit Anteilen im Einzugsgebiet nach diesen, sonst im Verhältnis der Betroffenen. Fehlt
dafür eine Fallzahl, bleibt der Anteil unbekannt und wird nicht geschätzt.
"""

from collections.abc import Mapping

import pandas as pd

from quartierstools.katalog.einzugsgebiet import Einzugsgebiet, lies_einzugsgebiet

STADT = "stadt"


def einzug_von(angebot: "pd.Series[str]") -> Einzugsgebiet:
    """Einzugsgebiet eines Angebots; ohne Angabe das, wo es liegt.

    Examples
    --------
    >>> zeile = pd.Series({"gebiete": "16,stadtbezirk:2", "einzugsgebiet": ""})
    >>> einzug_von(zeile).anteile, einzug_von(zeile).stadtbezirke
    ({'16': None}, ('2',))
    """
    text = angebot.get("einzugsgebiet", "")
    if text:
        return lies_einzugsgebiet(text)
    orte = [teil.strip() for teil in str(angebot["gebiete"]).split(",")]
    offen = ("", "wechselnd", "unklar")
    return lies_einzugsgebiet(" ".join(o for o in orte if o not in offen))


def anteile_von(
    einzug: Einzugsgebiet,
    *,
    betroffene: "pd.Series[float]",
    stadtbezirke: "pd.Series[str]",
    summen: Mapping[str, float],
) -> "pd.Series[float]":
    """Anteil der Plätze je erreichtem Gebiet; fehlend, wo er unbekannt ist.

    Parameters
    ----------
    betroffene : Series
        Betroffene je Gebiet, fehlend ohne freigegebene Fallzahl.
    stadtbezirke : Series
        Stadtbezirk je Gebiet.
    summen : Mapping
        ``stadt`` und Schlüssel der Stadtbezirke → veröffentlichte Summe der
        Betroffenen; was fehlt, wird nur aus vollständigen Gebieten addiert.

    Examples
    --------
    >>> reihe = pd.Series({"021": 30.0, "022": 10.0, "023": 60.0})
    >>> anteile_von(lies_einzugsgebiet("021 022"), betroffene=reihe,
    ...     stadtbezirke=pd.Series({"021": "2", "022": "2", "023": "2"}),
    ...     summen={}).to_dict()
    {'021': 0.75, '022': 0.25}
    """
    if einzug.stadtweit:
        ganzes = _summe(betroffene, summen.get(STADT))
        return _verhaeltnis(betroffene, ganzes)
    fest = {g: a for g, a in einzug.anteile.items() if a is not None}
    frei = [g for g, a in einzug.anteile.items() if a is None]
    rest = max(0.0, 1.0 - sum(fest.values()))
    je_bezirk = {
        b: [g for g in stadtbezirke.index[stadtbezirke == b] if g not in frei]
        for b in einzug.stadtbezirke
    }
    alle = sorted({*frei, *(g for gebiete in je_bezirk.values() for g in gebiete)})
    if len(alle) == 1:
        verteilt = pd.Series([rest], index=alle)
    elif alle:
        teile = [_summe(betroffene.reindex(frei), None)] if frei else []
        for bezirk, gebiete in je_bezirk.items():
            genau = len(gebiete) == int((stadtbezirke == bezirk).sum())
            bekannt = summen.get(bezirk) if genau else None
            teile.append(_summe(betroffene.reindex(gebiete), bekannt))
        ganzes = sum(teile)
        verteilt = rest * _verhaeltnis(betroffene.reindex(alle), ganzes)
    else:
        verteilt = pd.Series(dtype="float64")
    feste = pd.Series(fest, dtype="float64")
    if rest == 0:  # Nichts bleibt zu verteilen: auch ein unbekannter Anteil ist null.
        verteilt = pd.Series(0.0, index=alle)
    return pd.concat([feste, verteilt.astype("float64")]).sort_index()


def _summe(betroffene: "pd.Series[float]", bekannt: float | None) -> float:
    """Veröffentlichte Summe oder Summe vollständiger Gebiete, sonst fehlend."""
    addiert = float(betroffene.sum())
    if bekannt is not None and not pd.isna(bekannt):
        return max(float(bekannt), addiert)
    return addiert if betroffene.notna().all() else float("nan")


def _verhaeltnis(betroffene: "pd.Series[float]", ganzes: float) -> "pd.Series[float]":
    """Anteil am Ganzen; ist niemand betroffen, zu gleichen Teilen."""
    if ganzes == 0:
        return betroffene * 0 + 1 / max(len(betroffene), 1)
    return betroffene / ganzes


def platztafel(
    angebote: pd.DataFrame,
    *,
    betroffene: "pd.Series[float]",
    stadtbezirke: "pd.Series[str]",
    summen: Mapping[str, float],
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Plätze je Gebiet aus allen Angeboten.

    Parameters
    ----------
    angebote : DataFrame
        Bestand einer Zielgruppe mit der Spalte `lage`.

    Returns
    -------
    tafel : DataFrame
        Je Gebiet `plaetze`, `plaetze_weit`, `plaetze_ungeprueft` (fehlend, wenn
        keine bekannt) und `ohne_platzzahl`.
    nicht_zugeordnet : tuple of str
        Angebote mit Plätzen, die zu keinem Gebiet gehören.
    """
    leer = pd.Series(float("nan"), index=betroffene.index)
    spalten = {
        s: leer.copy() for s in ("plaetze", "plaetze_weit", "plaetze_ungeprueft")
    }
    ohne = pd.Series(0, index=betroffene.index, dtype="int64")
    nicht_zugeordnet = []
    for kennung, angebot in angebote.sort_index().iterrows():
        if angebot["lage"] == "beendet":
            continue
        einzug = einzug_von(angebot)
        anteile = anteile_von(
            einzug, betroffene=betroffene, stadtbezirke=stadtbezirke, summen=summen
        )
        geprueft = angebot["lage"] != "ungeprüft"
        bekannt = pd.notna(angebot["plaetze"])
        if anteile.empty:
            if bekannt:
                nicht_zugeordnet.append(str(kennung))
            continue
        menge = (
            anteile * float(angebot["plaetze"]) if bekannt else anteile * float("nan")
        )
        weit = einzug.stadtweit or bool(einzug.stadtbezirke)
        if geprueft:
            spalten["plaetze"] = _plus(spalten["plaetze"], menge)
            offen = menge.index[menge.isna()]
            ohne.loc[offen] += 1
        else:
            spalten["plaetze_ungeprueft"] = _plus(spalten["plaetze_ungeprueft"], menge)
        if geprueft and weit:
            spalten["plaetze_weit"] = _plus(spalten["plaetze_weit"], menge)
    tafel = pd.DataFrame({**spalten, "ohne_platzzahl": ohne})
    return tafel, tuple(nicht_zugeordnet)


def _plus(bisher: "pd.Series[float]", dazu: "pd.Series[float]") -> "pd.Series[float]":
    """Summe, in der Unbekanntes nichts ändert und nie null wird."""
    bekannt = dazu.dropna()
    summe = bisher.copy()
    summe.loc[bekannt.index] = summe.loc[bekannt.index].fillna(0) + bekannt
    return summe
