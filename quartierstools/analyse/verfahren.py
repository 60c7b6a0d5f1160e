"""Womit werden Gebiete gruppiert? Eine Tabelle weniger, gut begründeter Verfahren.

Jedes Verfahren gruppiert einen Stapel von Datensätzen für mehrere Typenzahlen. Gewichte
sagen, wie oft ein Gebiet gezogen ist; nicht gezogene bekommen den Typ der nächsten
Mitte.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from quartierstools.analyse.kmeans import abstaende, kmeans_stapel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from quartierstools.analyse.nachbarschaft import Nachbarn

Feld = Any
"""Ein Feld von Zahlen."""

Mischung = Any
"""GaussianMixture aus scikit-learn (hier noch nicht geladen)."""

STAPELGRENZE = 600
"""Bis zu so vielen Gebieten rechnet k-Means alle Datensätze gemeinsam; darüber ist
scikit-learn schneller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verfahren:
    """Ein Gruppierungsverfahren.

    Attributes
    ----------
    gruppiere : callable
        (Daten (B, n, m), Gewichte (B, n), Typenzahlen, Starts, Startwert, Nachbarn) →
        je Typenzahl die Nummern (B, n).
    hoechstens : int or None
        Mehr Gebiete auf einmal rechnet das Verfahren nicht.
    satz : str
        Was es tut, in einem Satz.
    """

    gruppiere: Callable[..., dict[int, Feld]]
    hoechstens: int | None
    satz: str


def zufall(startwert: int, *zweck: int) -> np.random.Generator:
    """Eigene Zufallsfolge je Zweck, damit Teile einander nicht verschieben."""
    return np.random.default_rng([startwert, *zweck])


def mitten(daten: Feld, nummern: Feld, k: int, gewichte: Feld | None = None) -> Feld:
    """Mitten der Typen eines Datensatzes; Form (k, m), leere Typen NaN."""
    gewichte = np.ones(len(daten)) if gewichte is None else gewichte
    ergebnis = np.full((k, daten.shape[1]), np.nan)
    for typ in range(k):
        dabei = (nummern == typ) & (gewichte > 0)
        if dabei.any():
            teil, g = daten[dabei], gewichte[dabei]
            ergebnis[typ] = (teil * g[:, None]).sum(axis=0) / g.sum()
    return ergebnis


def naechste(daten: Feld, zentren: Feld) -> Feld:
    """Nummer der nächsten Mitte; leere Mitten (NaN) kommen nicht vor."""
    d = abstaende(daten, np.nan_to_num(zentren, nan=1e6))
    return d.argmin(axis=-1)


def _kmeans(
    daten: Feld,
    gewichte: Feld,
    zahlen: Sequence[int],
    starts: int,
    startwert: int,
    _nachbarn: Nachbarn | None = None,
) -> dict[int, Feld]:
    if gewichte.shape[1] <= STAPELGRENZE:
        return {
            k: kmeans_stapel(daten, gewichte, k, starts, zufall(startwert, k))[0]
            for k in zahlen
        }
    return {
        k: np.stack(
            [
                _kmeans_gross(
                    daten[b if len(daten) > 1 else 0], gewichte[b], k, starts, startwert
                )
                for b in range(len(gewichte))
            ]
        )
        for k in zahlen
    }


def _kmeans_gross(
    daten: Feld, gewichte: Feld, k: int, starts: int, startwert: int
) -> Feld:
    from sklearn.cluster import KMeans  # noqa: PLC0415

    modell = KMeans(k, n_init=starts, random_state=startwert, max_iter=100, tol=1e-4)
    dabei = gewichte > 0
    modell.fit(daten[dabei], sample_weight=gewichte[dabei])
    return modell.predict(daten).astype(np.int64)


def _ward(
    daten: Feld,
    gewichte: Feld,
    zahlen: Sequence[int],
    _starts: int,
    _startwert: int,
    _nachbarn: Nachbarn | None = None,
) -> dict[int, Feld]:
    from scipy.cluster.hierarchy import cut_tree, linkage  # noqa: PLC0415

    ergebnis = {k: np.empty(gewichte.shape, dtype=np.int64) for k in zahlen}
    for b, g in enumerate(gewichte):
        satz = daten[b if len(daten) > 1 else 0]
        zeilen = np.repeat(np.arange(len(g)), g.astype(np.int64))
        # Gleiche Zeilen stehen zusammen; Ward sieht sie wie mehrere Gebiete.
        baum = linkage(satz[zeilen], method="ward")
        schnitte = cut_tree(baum, n_clusters=list(zahlen))
        for spalte, k in enumerate(zahlen):
            ergebnis[k][b] = _ergaenzt(satz, g, zeilen, schnitte[:, spalte], k)
    return ergebnis


def _ergaenzt(satz: Feld, g: Feld, zeilen: Feld, nummern: Feld, k: int) -> Feld:
    """Typen der gezogenen Gebiete; die übrigen zur nächsten Mitte."""
    zentren = mitten(satz[zeilen], nummern, k)
    alle = naechste(satz, zentren)
    alle[zeilen] = nummern
    return np.where(g > 0, alle, naechste(satz, zentren))


def _gemischt(
    daten: Feld,
    gewichte: Feld,
    zahlen: Sequence[int],
    starts: int,
    startwert: int,
    _nachbarn: Nachbarn | None = None,
) -> dict[int, Feld]:
    anfang = _kmeans(daten, gewichte, zahlen, starts, startwert)
    ergebnis = {k: np.empty(gewichte.shape, dtype=np.int64) for k in zahlen}
    for b, g in enumerate(gewichte):
        satz = daten[b if len(daten) > 1 else 0]
        for k in zahlen:
            modell = mischung(satz, g, anfang[k][b], k)
            ergebnis[k][b] = modell.predict(satz)
    return ergebnis


def mischung(satz: Feld, gewichte: Feld, anfang: Feld, k: int) -> Mischung:
    """Gaußsche Mischung (achsenparallel), begonnen mit den Typen von k-Means."""
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
    from sklearn.mixture import GaussianMixture  # noqa: PLC0415

    zeilen = np.repeat(np.arange(len(gewichte)), gewichte.astype(np.int64))
    gezogen = satz[zeilen]
    zentren = mitten(gezogen, anfang[zeilen], k)
    fehlt = np.isnan(zentren).any(axis=1)
    zentren[fehlt] = gezogen[: int(fehlt.sum())]
    modell = GaussianMixture(
        k,
        covariance_type="diag",
        # Bei wenigen Gebieten fiele eine Komponente sonst auf ein Gebiet zusammen.
        reg_covar=0.05,
        means_init=zentren,
        weights_init=np.full(k, 1.0 / k),
        init_params="random_from_data",
        random_state=0,
        max_iter=200,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return modell.fit(gezogen)


def _ward_raum(
    daten: Feld,
    gewichte: Feld,
    zahlen: Sequence[int],
    _starts: int,
    _startwert: int,
    nachbarn: Nachbarn | None = None,
) -> dict[int, Feld]:
    from quartierstools.analyse.nachbarschaft import ward_zusammenhaengend  # noqa: PLC0415

    if nachbarn is None:
        raise TypeError("ward_raum ohne Nachbarn")
    ergebnis = {k: np.empty(gewichte.shape, dtype=np.int64) for k in zahlen}
    for b in range(len(gewichte)):
        satz = daten[b if len(daten) > 1 else 0]
        for k, nummern in ward_zusammenhaengend(satz, nachbarn, zahlen).items():
            ergebnis[k][b] = nummern
    return ergebnis


VERFAHREN: dict[str, Verfahren] = {
    "kmeans": Verfahren(
        gruppiere=_kmeans,
        hoechstens=None,
        satz="k-Means: kleinste Streuung um die Mitten der Typen",
    ),
    "ward": Verfahren(
        gruppiere=_ward,
        hoechstens=10_000,
        satz="Ward: schrittweises Zusammenlegen mit kleinstem Zuwachs an Streuung",
    ),
    "gemischt": Verfahren(
        gruppiere=_gemischt,
        hoechstens=None,
        satz="Gaußsche Mischung: Typen dürfen verschieden weit streuen",
    ),
    "ward_raum": Verfahren(
        gruppiere=_ward_raum,
        hoechstens=None,
        satz="Ward nur zwischen Nachbarn: Typen hängen räumlich zusammen",
    ),
}
"""Name → Verfahren; der Name ist der Wert des Parameters `verfahren`."""
