"""Bleiben die Typen, wenn Gebiete anders gezogen oder Merkmale weggelassen werden?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from quartierstools.analyse.guete import jaccard_je_typ, ueberschneidung, zuordnung
from quartierstools.analyse.verfahren import (
    STAPELGRENZE,
    Verfahren,
    mitten,
    naechste,
    zufall,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from quartierstools.analyse.nachbarschaft import Nachbarn

Feld = Any
"""Ein Feld von Zahlen."""

RAUSCHEN = 0.25
"""Räumliche Typen: statt Ziehungen Zufallsrauschen dieser Streuung auf den z-Werten."""

ZIEHUNG_HOECHSTENS = 2500
"""So viele Gebiete zieht eine Wiederholung höchstens."""

WARD_HOECHSTENS = 1000
"""So viele zieht sie höchstens, wenn das Verfahren alle Paarabstände braucht."""

AUSLASSEN_HOECHSTENS = 100
"""Bis zu so vielen Gebieten wird jedes einmal ausgelassen."""

STUFEN = ((200, 100, 10), (1000, 30, 3), (10_000, 10, 2))
"""Bis so viele Gebiete: Anfänge der Hauptlösung und jeder Wiederholung."""

GEZOGEN_HOECHSTENS = 20_000
"""Bis zu so vielen Gebieten wird gemerkt, wer gezogen war."""

ZWECK_ZIEHUNG, ZWECK_RAUSCHEN = 11, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Einrichtung:
    """Womit gruppiert wird.

    Attributes
    ----------
    verfahren : Verfahren
        Eintrag aus `VERFAHREN`.
    startwert : int
        Fester Startwert.
    nachbarn : Nachbarn or None
        Nur für räumliche Verfahren.
    """

    verfahren: Verfahren
    startwert: int
    nachbarn: Nachbarn | None = None

    def gruppiere(
        self, daten: Feld, gewichte: Feld, zahlen: Sequence[int], starts: int
    ) -> dict[int, Feld]:
        """Gruppiert einen Stapel von Datensätzen."""
        return self.verfahren.gruppiere(
            daten, gewichte, zahlen, starts, self.startwert, self.nachbarn
        )


def starts(n: int, *, haupt: bool) -> int:
    """Zahl der Anfänge; je größer die Daten, desto weniger ändern mehr."""
    for grenze, erste, weitere in STUFEN:
        if n <= grenze:
            return erste if haupt else weitere
    return 4 if haupt else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiederholungen:
    """Ergebnis aller Wiederholungen für eine Typenzahl.

    Attributes
    ----------
    jaccard : array of shape (k,)
        Mittlere Jaccard-Ähnlichkeit je Typ.
    zentren : array of shape (B, k, m)
        Mitten, den Typen der Hauptlösung zugeordnet.
    nummern : array of shape (B, n) or None
        Zugeordnete Typen aller Gebiete; ``None`` bei großen Daten.
    gezogen : array of bool of shape (B, n) or None
        Welche Gebiete gezogen waren.
    """

    jaccard: NDArray[np.float64]
    zentren: Feld
    nummern: Feld | None
    gezogen: Feld | None


def wiederhole(
    daten: Feld, haupt: dict[int, Feld], einrichtung: Einrichtung, anzahl: int
) -> dict[int, Wiederholungen]:
    """Zieht Gebiete mit Zurücklegen, gruppiert neu, vergleicht.

    Parameters
    ----------
    daten : array of shape (n, m)
        Standardisierte Merkmale.
    haupt : dict of int to array of shape (n,)
        Hauptlösung je Typenzahl.
    einrichtung : Einrichtung
        Verfahren und Startwert.
    anzahl : int
        Wiederholungen B.

    References
    ----------
    .. [1] Hennig, C. (2007), Cluster-wise assessment of cluster stability,
       Computational Statistics & Data Analysis 52, S. 258–271.
    """
    n = len(daten)
    if einrichtung.nachbarn is not None:
        return _mit_rauschen(daten, haupt, einrichtung, anzahl)
    if n <= STAPELGRENZE:
        rng = zufall(einrichtung.startwert, ZWECK_ZIEHUNG)
        gewichte = rng.multinomial(n, np.full(n, 1.0 / n), size=anzahl).astype(float)
        nummern = einrichtung.gruppiere(
            daten[None], gewichte, list(haupt), starts(n, haupt=False)
        )
        return {
            k: _verglichen(daten[None], nummern[k], gewichte, haupt[k], k)
            for k in haupt
        }
    return _in_stichproben(daten, haupt, einrichtung, anzahl)


def _mit_rauschen(
    daten: Feld, haupt: dict[int, Feld], einrichtung: Einrichtung, anzahl: int
) -> dict[int, Wiederholungen]:
    rng = zufall(einrichtung.startwert, ZWECK_RAUSCHEN)
    gestoert = daten + RAUSCHEN * rng.standard_normal((anzahl, *daten.shape))
    gewichte = np.ones((anzahl, len(daten)))
    nummern = einrichtung.gruppiere(gestoert, gewichte, list(haupt), 1)
    return {k: _verglichen(gestoert, nummern[k], gewichte, haupt[k], k) for k in haupt}


def _verglichen(
    daten: Feld, nummern: Feld, gewichte: Feld, haupt: Feld, k: int
) -> Wiederholungen:
    gezogen = gewichte > 0
    k_neu = max(k, int(nummern.max()) + 1)
    jaccard = jaccard_je_typ(haupt, nummern, gezogen, k, k_neu)
    gemeinsam = ueberschneidung(haupt, nummern, gezogen, k, k_neu)
    gleich = np.empty_like(nummern)
    zentren = np.full((len(nummern), k, daten.shape[2]), np.nan)
    for b, zeile in enumerate(nummern):
        passt = zuordnung(gemeinsam[b])
        gleich[b] = passt[zeile]
        satz = daten[b if len(daten) > 1 else 0]
        zentren[b] = mitten(satz, gleich[b], k, gewichte[b])
    return Wiederholungen(
        jaccard=_mittel_je_typ(jaccard),
        zentren=zentren,
        nummern=gleich,
        gezogen=gezogen,
    )


def _mittel_je_typ(jaccard: Feld) -> Feld:
    """Mittel über die Wiederholungen, in denen der Typ vorkam."""
    da = ~np.isnan(jaccard)
    return np.where(da, jaccard, 0.0).sum(axis=0) / np.maximum(da.sum(axis=0), 1)


def _in_stichproben(
    daten: Feld, haupt: dict[int, Feld], einrichtung: Einrichtung, anzahl: int
) -> dict[int, Wiederholungen]:
    """Große Daten: jede Wiederholung zieht eine Stichprobe."""
    n = len(daten)
    rng = zufall(einrichtung.startwert, ZWECK_ZIEHUNG)
    grenze = ZIEHUNG_HOECHSTENS
    if einrichtung.verfahren.hoechstens is not None:
        grenze = WARD_HOECHSTENS
    jaccard: dict[int, list[Feld]] = {k: [] for k in haupt}
    zentren: dict[int, list[Feld]] = {k: [] for k in haupt}
    gezogen = np.zeros((anzahl, n), dtype=bool) if n <= GEZOGEN_HOECHSTENS else None
    ziehungen = [
        np.unique(rng.integers(n, size=min(n, grenze)), return_counts=True)
        for _ in range(anzahl)
    ]
    # Gezogen wird hier, gerechnet nach Wunsch verteilt: gleiche Zahlen.
    stichproben = Parallel(return_as="generator")(
        delayed(_stichprobe)(
            daten[zeilen],
            zahl.astype(float)[None],
            {k: nummern[zeilen] for k, nummern in haupt.items()},
            einrichtung,
        )
        for zeilen, zahl in ziehungen
    )
    for lauf, ((zeilen, _), je_typ) in enumerate(
        zip(ziehungen, stichproben, strict=True)
    ):
        if gezogen is not None:
            gezogen[lauf, zeilen] = True
        for k, (aehnlich, zentrum) in je_typ.items():
            jaccard[k].append(aehnlich)
            zentren[k].append(zentrum)
    return {
        k: Wiederholungen(
            jaccard=_mittel_je_typ(np.stack(jaccard[k])),
            zentren=np.stack(zentren[k]),
            nummern=None,
            gezogen=gezogen,
        )
        for k in haupt
    }


def _stichprobe(
    satz: Feld, gewichte: Feld, haupt: dict[int, Feld], einrichtung: Einrichtung
) -> dict[int, tuple[Feld, Feld]]:
    """Ähnlichkeit und Mitten einer Stichprobe je Typenzahl."""
    with threadpool_limits(limits=1):
        alle = einrichtung.gruppiere(
            satz[None], gewichte, list(haupt), starts(len(satz), haupt=False)
        )
    ergebnis = {}
    da = gewichte > 0
    for k, nummern in alle.items():
        aehnlich = jaccard_je_typ(haupt[k], nummern, da, k)[0]
        passt = zuordnung(ueberschneidung(haupt[k], nummern, da, k, k)[0])
        ergebnis[k] = (aehnlich, mitten(satz, passt[nummern[0]], k, gewichte[0]))
    return ergebnis


def anteile_je_typ(
    daten: Feld, ergebnis: Wiederholungen, k: int
) -> tuple[Feld, Feld, Feld]:
    """Wie oft jedes Gebiet in welchen Typ fiel.

    Returns
    -------
    alle : array of shape (n, k)
        Anteil der Wiederholungen je Typ.
    ohne : array of shape (n, k)
        Dasselbe nur aus Wiederholungen, die das Gebiet nicht enthielten.
    zahl_ohne : array of shape (n,)
        Wie viele das sind.
    """
    n = len(daten)
    b = len(ergebnis.zentren)
    alle = np.zeros((n, k))
    ohne = np.zeros((n, k))
    zeile = np.arange(n)
    for lauf in range(b):
        if ergebnis.nummern is None:
            nummern = naechste(daten, ergebnis.zentren[lauf])
        else:
            nummern = ergebnis.nummern[lauf]
        frei = np.zeros(n, dtype=bool)
        if ergebnis.gezogen is not None:
            frei = ~ergebnis.gezogen[lauf]
        da = nummern >= 0
        alle[zeile[da], nummern[da]] += 1.0
        ohne[zeile[da & frei], nummern[da & frei]] += 1.0
    zahl_ohne = ohne.sum(axis=1)
    return (
        alle / np.maximum(alle.sum(axis=1, keepdims=True), 1),
        ohne / np.maximum(zahl_ohne, 1)[:, None],
        zahl_ohne.astype(np.int64),
    )


def ohne_je_gebiet(
    daten: Feld, haupt: Feld, einrichtung: Einrichtung, k: int
) -> Feld | None:
    """Anteil der übrigen Gebiete, die ihren Typ behalten, wenn eines fehlt.

    Returns
    -------
    array of shape (n,) or None
        ``None``, wenn es zu viele Gebiete sind oder das Verfahren räumlich ist.
    """
    n = len(daten)
    if n > AUSLASSEN_HOECHSTENS or einrichtung.nachbarn is not None:
        return None
    gewichte = 1.0 - np.eye(n)
    nummern = einrichtung.gruppiere(daten[None], gewichte, [k], starts(n, haupt=False))
    return _behalten(nummern[k], gewichte > 0, haupt, k)


def ohne_je_merkmal(daten: Feld, haupt: Feld, einrichtung: Einrichtung, k: int) -> Feld:
    """Anteil der Gebiete, die ihren Typ behalten, wenn ein Merkmal fehlt."""
    n, m = daten.shape
    ergebnis = np.full(m, np.nan)
    if m < 2:  # noqa: PLR2004
        return ergebnis
    gewichte = np.ones((1, n))
    for stelle in range(m):
        rest = np.delete(daten, stelle, axis=1)
        nummern = einrichtung.gruppiere(
            rest[None], gewichte, [k], starts(n, haupt=False)
        )
        ergebnis[stelle] = _behalten(nummern[k], gewichte > 0, haupt, k)[0]
    return ergebnis


def _behalten(nummern: Feld, dabei: Feld, haupt: Feld, k: int) -> Feld:
    k_neu = max(k, int(nummern.max()) + 1)
    gemeinsam = ueberschneidung(haupt, nummern, dabei, k, k_neu)
    gleich = np.stack(
        [zuordnung(g)[zeile] for g, zeile in zip(gemeinsam, nummern, strict=True)]
    )
    return ((gleich == haupt) & dabei).sum(axis=1) / dabei.sum(axis=1)
