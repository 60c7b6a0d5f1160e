"""Wo gibt es das schon? Das ähnlichste Gebiet, in dem ein Angebot vorhanden ist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from quartierstools.schreibweise import aufzaehlung, datum_text, zahl_text

WEITERE = 3
STELLEN = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Zwilling:
    """Ähnlichstes Gebiet mit Angebot zu einem Gebiet ohne.

    Attributes
    ----------
    gebiet, zwilling : str
        Schlüssel.
    abstand : float
        Mittlere Abweichung der gemeinsamen Indikatoren in Standardabweichungen.
    indikatoren : tuple of str
        Indikatoren, die in beiden Gebieten vorliegen.
    angebote : tuple of str
        Geprüfte Angebote der Zielgruppe im Zwilling.
    seit : date or None
        Frühester bekannter Beginn.
    weitere : tuple of str
        Die nächstähnlichen Gebiete mit Angebot.
    satz : str
        Dasselbe als Satz; sagt, dass Ähnlichkeit keine Wirkung belegt.
    """

    gebiet: str
    zwilling: str
    abstand: float
    indikatoren: tuple[str, ...]
    angebote: tuple[str, ...]
    seit: date | None
    weitere: tuple[str, ...]
    satz: str


def abstaende(
    merkmale: pd.DataFrame, gebiet: str, kandidaten: Sequence[str], *, mindestens: int
) -> "pd.Series[float]":
    """Wie ähnlich Kandidaten einem Gebiet sind, ähnlichste zuerst.

    Parameters
    ----------
    merkmale : DataFrame
        Gebiete × Indikatoren; fehlend bleibt außen vor.
    mindestens : int
        So viele Indikatoren müssen in beiden vorliegen, sonst fällt ein Kandidat weg.

    Returns
    -------
    Series
        Wurzel der mittleren quadrierten Abweichung in Standardabweichungen.

    Examples
    --------
    >>> lage = pd.DataFrame({"A03": [0.0, 1.0, 4.0], "B05": [0.0, 1.0, None]},
    ...                     index=["10", "11", "12"])
    >>> list(abstaende(lage, "10", ["11", "12"], mindestens=2).index)
    ['11']
    """
    return _abstaende(_standardisiert(merkmale), gebiet, kandidaten, mindestens)


def _standardisiert(merkmale: pd.DataFrame) -> pd.DataFrame:
    """Abweichungen vom Mittel in Standardabweichungen; ohne Streuung entfällt."""
    streuung = merkmale.std(ddof=0)
    benutzt = streuung.index[streuung > 0]
    z: pd.DataFrame = (merkmale[benutzt] - merkmale[benutzt].mean()) / streuung[benutzt]
    return z


def _abstaende(
    z: pd.DataFrame, gebiet: str, kandidaten: Sequence[str], mindestens: int
) -> "pd.Series[float]":
    andere = [k for k in sorted(kandidaten) if k != gebiet and k in z.index]
    if gebiet not in z.index or not andere:
        return pd.Series(dtype="float64")
    quadrate = (z.loc[andere].to_numpy(float) - z.loc[gebiet].to_numpy(float)) ** 2
    gemeinsam = (~np.isnan(quadrate)).sum(axis=1)
    mittel = np.nansum(quadrate, axis=1) / np.maximum(gemeinsam, 1)
    weite = pd.Series(np.sqrt(mittel).round(STELLEN), index=andere)
    genug = weite[pd.Series(gemeinsam >= max(mindestens, 1), index=andere)]
    return genug.sort_values(kind="stable")


def zwillinge(
    merkmale: pd.DataFrame,
    angebote_hier: Mapping[str, Sequence[str]],
    *,
    mindestens: int,
    namen: Mapping[str, str],
    beginn: Mapping[str, date],
    bezeichnungen: Mapping[str, str],
) -> dict[str, Zwilling]:
    """Zu jedem Gebiet ohne geprüftes Angebot das ähnlichste mit.

    Parameters
    ----------
    merkmale : DataFrame
        Freigegebene Indikatoren je Gebiet.
    angebote_hier : Mapping
        Gebiet → Kennungen geprüfter Angebote am Ort; leer oder fehlend: keines.
    namen, bezeichnungen : Mapping
        Gebiet → Name; Indikator → Bezeichnung.
    beginn : Mapping
        Angebot → bekannter Beginn.
    """
    mit = [g for g in merkmale.index if angebote_hier.get(g)]
    z, bekannt = _standardisiert(merkmale), merkmale.notna().to_numpy()
    stelle = {g: n for n, g in enumerate(merkmale.index)}
    gefunden = {}
    for gebiet in sorted(set(merkmale.index) - set(mit)):
        weite = _abstaende(z, gebiet, mit, mindestens)
        if weite.empty:
            continue
        zwilling = str(weite.index[0])
        beide = bekannt[stelle[gebiet]] & bekannt[stelle[zwilling]]
        gemeinsam = tuple(map(str, merkmale.columns[beide]))
        dort = tuple(sorted(angebote_hier[zwilling]))
        tage = [beginn[a] for a in dort if a in beginn]
        gefunden[str(gebiet)] = Zwilling(
            gebiet=str(gebiet),
            zwilling=zwilling,
            abstand=float(weite.iloc[0]),
            indikatoren=gemeinsam,
            angebote=dort,
            seit=min(tage, default=None),
            weitere=tuple(map(str, weite.index[1 : 1 + WEITERE])),
            satz=_satz(
                namen[gebiet],
                namen[zwilling],
                [bezeichnungen.get(i, i) for i in gemeinsam],
                float(weite.iloc[0]),
                min(tage, default=None),
            ),
        )
    return gefunden


def _satz(
    ort: str, zwilling: str, merkmale: Sequence[str], abstand: float, seit: date | None
) -> str:
    wann = f" seit {datum_text(seit)}" if seit else ""
    return (
        f"Am ähnlichsten ist {zwilling}, wo ein geprüftes Angebot bekannt ist{wann} "
        f"(verglichen: {aufzaehlung(list(merkmale))}; mittlerer Abstand zu {ort} "
        f"{zahl_text(abstand, stellen=2)} Standardabweichungen). Ähnlichkeit belegt "
        "keine Wirkung."
    )
