"""Wie verlief ein Indikator, und wo ist die Reihe gebrochen?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quartierstools.schreibweise import zahl_text

if TYPE_CHECKING:
    from collections.abc import Mapping

Stichtag = Any
"""Datum, Jahr oder Text, der sich ordnen lässt."""


def abschnitte(reihe: pd.Series, brueche: Mapping[Any, str]) -> pd.DataFrame:
    """Teilt eine Zeitreihe an ihren Brüchen; Linien enden dort.

    Parameters
    ----------
    reihe : Series
        Stichtag → Wert; Lücken als NaN bleiben Lücken.
    brueche : mapping
        Erster Stichtag nach dem Bruch → Satz, was sich geändert hat.

    Returns
    -------
    DataFrame
        Je Stichtag (aufsteigend) ``wert``, ``abschnitt`` (ab 1) und ``bruch`` (Satz,
        nur am ersten Stichtag danach).

    Examples
    --------
    >>> reihe = pd.Series({2022: 6.1, 2023: 6.4, 2024: 7.9})
    >>> abschnitte(reihe, {2024: "neue Abgrenzung"})["abschnitt"].tolist()
    [1, 1, 2]
    """
    sortiert = reihe.sort_index()
    ab = [tag in brueche for tag in sortiert.index]
    for tag in brueche:
        if tag in sortiert.index or not (sortiert.index > tag).any():
            continue
        # Bruch zwischen zwei Stichtagen: er gilt ab dem nächsten gelieferten.
        ab[int(np.argmax(sortiert.index > tag))] = True
    saetze = [
        "; ".join(
            satz
            for tag, satz in sorted(brueche.items())
            if ab[i] and tag <= stichtag and (i == 0 or tag > sortiert.index[i - 1])
        )
        for i, stichtag in enumerate(sortiert.index)
    ]
    beginn = np.array(ab, dtype=int)
    if len(beginn):
        beginn[0] = 0
    return pd.DataFrame(
        {"wert": sortiert, "abschnitt": 1 + beginn.cumsum(), "bruch": saetze}
    )


def gebrochen(von: Stichtag, bis: Stichtag, brueche: Mapping[Any, str]) -> str:
    """Satz zum Bruch zwischen zwei Stichtagen; leer, wenn sie vergleichbar sind.

    Examples
    --------
    >>> gebrochen(2022, 2024, {2023: "Abgrenzung der Altersgruppe geändert"})
    'Nicht vergleichbar: Abgrenzung der Altersgruppe geändert.'
    >>> gebrochen(2023, 2024, {2023: "Abgrenzung der Altersgruppe geändert"})
    ''
    """
    saetze = [satz for tag, satz in sorted(brueche.items()) if von < tag <= bis]
    return f"Nicht vergleichbar: {'; '.join(saetze)}." if saetze else ""


def veraenderungssatz(
    bezeichnung: str,
    absolut: float,
    bezug: float,
    *,
    bezugswort: str,
    wort: str,
    einheit: str = "Prozentpunkte",
) -> str:
    r"""Absolute Veränderung und die des Bezugs nebeneinander.

    Parameters
    ----------
    bezeichnung : str
        Name des Indikators.
    absolut, bezug : float
        Veränderung des Gebiets und des Bezugs in `einheit`.
    bezugswort : str
        „Stadt“ oder „Mittel der n Bezirke“.
    wort : str
        Aus `Dynamik.worte_`.
    einheit : str
        Wie die Zahlen heißen.

    Examples
    --------
    >>> veraenderungssatz("Arbeitslosenanteil", 1.9, 1.2, bezugswort="Stadt",
    ...                   wort="gestiegen").replace("\xa0", " ")
    'Arbeitslosenanteil: +1,9 Prozentpunkte (Stadt: +1,2); gestiegen.'
    """
    eigen = zahl_text(absolut, stellen=1, vorzeichen=True)
    andere = zahl_text(bezug, stellen=1, vorzeichen=True)
    return f"{bezeichnung}: {eigen}\u00a0{einheit} ({bezugswort}: {andere}); {wort}."
