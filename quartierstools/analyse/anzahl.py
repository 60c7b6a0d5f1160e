"""Wie viele Typen, und gibt es überhaupt welche? Die Prüfung hinter dem Vorschlag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quartierstools.analyse.guete import (
    BRAUCHBAR,
    erklaerter_anteil,
    paarabstaende,
    silhouetten,
)
from quartierstools.analyse.strukturlos import gleichmaessig, vergleichsdaten
from quartierstools.analyse.verfahren import VERFAHREN, zufall
from quartierstools.analyse.wiederholung import (
    Einrichtung,
    Wiederholungen,
    starts,
    wiederhole,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Feld = Any
"""Ein Feld von Zahlen."""

MITTELGROSS = 200
"""Bis zu so vielen Gebieten wird mit allen Wiederholungen verglichen."""

KLEIN = 50
"""Unter so vielen Gebieten gelten die engen Grenzen."""

MERKMALE_KLEIN = 4
TYPEN_KLEIN = 5
TYPEN_GROSS = 10
MINDESTGROESSE = 3
"""Ein Typ hat mindestens so viele Gebiete."""

ZUFALL = 0.05
"""Höchstens so oft dürfen strukturlose Daten ebenso klar getrennt sein."""

GLEICH_GUT = 0.02
"""Bis zu diesem Abstand gelten Silhouetten als gleich: weniger Typen gewinnen."""

SILHOUETTE_HOECHSTENS = 4000
VERGLEICH_ZEILEN = 1000
VERGLEICH_GROSS = 39
"""Zahl strukturloser Datensätze über `MITTELGROSS` Gebieten."""

SONDERFALL = 0.99
"""Weiter entfernt als das fernste Gebiet in so vielen strukturlosen Datensätzen."""

ZWECK_VERGLEICH, ZWECK_SONDERFALL, ZWECK_STICHPROBE = 21, 22, 23


@dataclass(frozen=True, slots=True, kw_only=True)
class Anzahlpruefung:
    """Alles, was den Vorschlag trägt.

    Attributes
    ----------
    tabelle : DataFrame
        Index Typenzahl; ``silhouette``, ``silhouette_geprueft`` (bei räumlichen Typen
        ohne Zwang zum Zusammenhang, sonst dieselbe), ``silhouette_strukturlos``,
        ``ebenso_klar`` (Zahl der strukturlosen Datensätze mit mindestens dieser
        Silhouette), ``erklaerter_anteil``, ``jaccard_min``, ``kleinster_typ``,
        ``zulaessig``, ``grund``.
    nummern : dict of int to array of shape (n,)
        Typen je Typenzahl.
    wiederholungen : dict of int to Wiederholungen
        Stabilität je Typenzahl.
    ebenso_klar : int
        Strukturlose Datensätze, die über alle Typenzahlen gerechnet ebenso klar
        getrennt sind.
    vergleiche : int
        Zahl der strukturlosen Datensätze.
    vorschlag : int
        Zahl der Typen; 1 = kein Beleg.
    beste : int
        Typenzahl, die sich am stärksten von strukturlosen Daten abhebt.
    """

    tabelle: pd.DataFrame
    nummern: dict[int, Feld]
    wiederholungen: dict[int, Wiederholungen]
    ebenso_klar: int
    vergleiche: int
    vorschlag: int
    beste: int

    @property
    def belegt(self) -> bool:
        """Ob die Gruppen klarer getrennt sind als in strukturlosen Daten."""
        return (1 + self.ebenso_klar) / (1 + self.vergleiche) <= ZUFALL


def hindernis(n: int, m: int) -> str:
    """Warum keine Typen geprüft werden können; leer, wenn es geht.

    Examples
    --------
    >>> hindernis(30, 3), hindernis(30, 5)
    ('', 'bei 30 Gebieten sind höchstens 4 Merkmale zulässig, hier sind es 5')
    """
    if n < 2 * MINDESTGROESSE:
        return (
            f"mit {n} Gebieten lassen sich keine zwei Typen mit je mindestens "
            f"{MINDESTGROESSE} Gebieten prüfen"
        )
    if n < KLEIN:
        erlaubt = min(MERKMALE_KLEIN, int(np.log2(n)))
        if m > erlaubt:
            wort = "Merkmal" if erlaubt == 1 else "Merkmale"
            return (
                f"bei {n} Gebieten sind höchstens {erlaubt} {wort} zulässig, "
                f"hier sind es {m}"
            )
    return ""


def typenzahlen(n: int) -> list[int]:
    """Welche Typenzahlen geprüft werden.

    Examples
    --------
    >>> typenzahlen(30), typenzahlen(10)
    ([2, 3, 4, 5], [2, 3])
    """
    hoechstens = TYPEN_KLEIN if n < KLEIN else TYPEN_GROSS
    return list(range(2, min(hoechstens, n // MINDESTGROESSE) + 1))


def sonderfaelle(daten: Feld, startwert: int) -> Feld:
    """Gebiete, die zu weit entfernt liegen, um mit zwei anderen einen Typ zu bilden.

    Verglichen wird der Abstand zum zweitnächsten Gebiet mit dem größten solchen
    Abstand in strukturlosen Daten. Höchstens ein Zehntel der Gebiete.

    Returns
    -------
    array of bool of shape (n,)
    """
    n = len(daten)
    raus = np.zeros(n, dtype=bool)
    hoechstens = n // 10
    if n > MITTELGROSS or n < 2 * MINDESTGROESSE:
        return raus
    while raus.sum() < hoechstens:
        rest = np.flatnonzero(~raus)
        eigene = _zweitnaechster(daten[rest])
        # Ohne das fernste Gebiet: es soll den Maßstab nicht selbst setzen.
        kern = np.delete(rest, eigene.argmax())
        rng = zufall(startwert, ZWECK_SONDERFALL)
        streuung = daten[kern].std(axis=0)
        streuung = np.where(streuung > 0, streuung, 1.0)
        vergleich = vergleichsdaten(
            (daten[kern] - daten[kern].mean(axis=0)) / streuung, 200, rng, len(rest)
        )
        grenze = np.quantile(
            _zweitnaechster(vergleich * streuung).max(axis=1), SONDERFALL
        )
        if eigene.max() <= grenze:
            break
        raus[rest[eigene.argmax()]] = True
    return raus


def _zweitnaechster(daten: Feld) -> Feld:
    """Abstand zum zweitnächsten anderen Gebiet."""
    return np.sort(paarabstaende(daten), axis=-1)[..., 2]


def pruefe_anzahl(
    daten: Feld,
    zahlen: Sequence[int],
    einrichtung: Einrichtung,
    n_wiederholungen: int,
) -> Anzahlpruefung:
    """Gruppiert für jede Typenzahl, vergleicht mit strukturlosen Daten, wiederholt.

    Parameters
    ----------
    daten : array of shape (n, m)
        Standardisierte Merkmale in fester Folge.
    zahlen : sequence of int
        Typenzahlen, die geprüft werden.
    einrichtung : Einrichtung
        Verfahren, Startwert, Nachbarn.
    n_wiederholungen : int
        Ziehungen je Typenzahl und strukturlose Datensätze.
    """
    n = len(daten)
    nummern = einrichtung.gruppiere(
        daten[None], np.ones((1, n)), zahlen, starts(n, haupt=True)
    )
    haupt = {k: nummern[k][0] for k in zahlen}
    eigene = _silhouette_je_zahl(daten, haupt, einrichtung.startwert)
    wiederholt = wiederhole(daten, haupt, einrichtung, n_wiederholungen)
    pruefgroesse = eigene
    if einrichtung.nachbarn is not None:
        pruefgroesse = _ohne_raum(daten, zahlen, einrichtung)
    vergleiche = [
        _Vergleich.aus(pruefgroesse, werte)
        for werte in _vergleichswerte(daten, zahlen, einrichtung, n_wiederholungen)
    ]
    strenger = max(vergleiche, key=lambda v: v.ebenso)
    vergleich = strenger.werte
    tabelle = pd.DataFrame(
        {
            "silhouette": eigene,
            "silhouette_geprueft": pruefgroesse,
            "silhouette_strukturlos": vergleich.mean(axis=0),
            "ebenso_klar": (vergleich >= pruefgroesse - 1e-9).sum(axis=0),
            "erklaerter_anteil": [
                erklaerter_anteil(daten, haupt[k], int(haupt[k].max()) + 1)
                for k in zahlen
            ],
            "jaccard_min": [float(wiederholt[k].jaccard.min()) for k in zahlen],
            "kleinster_typ": [int(np.bincount(haupt[k]).min()) for k in zahlen],
        },
        index=pd.Index(zahlen, name="anzahl_typen"),
    )
    pruefung = Anzahlpruefung(
        tabelle=tabelle,
        nummern=haupt,
        wiederholungen=wiederholt,
        ebenso_klar=strenger.ebenso,
        vergleiche=len(vergleich),
        vorschlag=1,
        beste=int(zahlen[strenger.beste]),
    )
    return _mit_vorschlag(pruefung)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vergleich:
    """Silhouetten einer Art strukturloser Daten neben den eigenen.

    Gezählt wird über alle Typenzahlen: maßgeblich ist je Datensatz die Typenzahl, mit
    der er sich am stärksten von seinesgleichen abhebt.
    """

    werte: Feld
    ebenso: int
    beste: int

    @classmethod
    def aus(cls, eigene: Feld, werte: Feld) -> _Vergleich:
        mitte, sd = werte.mean(axis=0), np.maximum(werte.std(axis=0), 1e-9)
        abgehoben = (eigene - mitte) / sd
        hoechste = ((werte - mitte) / sd).max(axis=1)
        return cls(
            werte=werte,
            ebenso=int((hoechste >= abgehoben.max() - 1e-9).sum()),
            beste=int(abgehoben.argmax()),
        )


def _mit_vorschlag(pruefung: Anzahlpruefung) -> Anzahlpruefung:
    """Klarste zulässige Typenzahl; bei fast gleicher Klarheit weniger Typen."""
    tabelle = pruefung.tabelle.copy()
    gruende = []
    for k, zeile in zip(pruefung.nummern, tabelle.to_dict("records"), strict=True):
        teile = []
        if (1 + zeile["ebenso_klar"]) / (1 + pruefung.vergleiche) > ZUFALL:
            teile.append("nicht klarer getrennt als strukturlose Daten")
        if zeile["jaccard_min"] < BRAUCHBAR:
            teile.append("ein Typ bleibt bei Wiederholung nicht erkennbar")
        if zeile["kleinster_typ"] < MINDESTGROESSE:
            teile.append(f"ein Typ hat weniger als {MINDESTGROESSE} Gebiete")
        if int(pruefung.nummern[k].max()) + 1 != k:
            teile.append("so viele Typen gibt es nicht")
        gruende.append("; ".join(teile))
    tabelle["zulaessig"] = [not grund for grund in gruende]
    tabelle["grund"] = gruende
    vorschlag = 1
    moeglich = tabelle.loc[tabelle["zulaessig"], "silhouette"]
    if pruefung.belegt and len(moeglich):
        nah = moeglich[moeglich >= moeglich.max() - GLEICH_GUT]
        vorschlag = int(nah.index.min())
    return Anzahlpruefung(
        tabelle=tabelle,
        nummern=pruefung.nummern,
        wiederholungen=pruefung.wiederholungen,
        ebenso_klar=pruefung.ebenso_klar,
        vergleiche=pruefung.vergleiche,
        vorschlag=vorschlag,
        beste=pruefung.beste,
    )


def _silhouette_je_zahl(daten: Feld, nummern: dict[int, Feld], startwert: int) -> Feld:
    n = len(daten)
    zeilen = np.arange(n)
    if n > SILHOUETTE_HOECHSTENS:
        rng = zufall(startwert, ZWECK_STICHPROBE)
        zeilen = np.sort(rng.choice(n, SILHOUETTE_HOECHSTENS, replace=False))
    abstand = paarabstaende(daten[zeilen])
    return np.array(
        [
            silhouetten(abstand, nr[zeilen], int(nr.max()) + 1).mean()
            for nr in nummern.values()
        ]
    )


def _vergleichswerte(
    daten: Feld, zahlen: Sequence[int], einrichtung: Einrichtung, anzahl: int
) -> list[Feld]:
    """Silhouetten beider Arten strukturloser Daten; je (Datensätze, Typenzahlen)."""
    n = len(daten)
    b = anzahl if n <= MITTELGROSS else min(anzahl, VERGLEICH_GROSS)
    zeilen = min(n, VERGLEICH_ZEILEN)
    rng = zufall(einrichtung.startwert, ZWECK_VERGLEICH)
    frei = _ohne_nachbarn(einrichtung)
    return [
        _silhouetten_im_stapel(art(daten, b, rng, zeilen), zahlen, frei)
        for art in (vergleichsdaten, gleichmaessig)
    ]


def _silhouetten_im_stapel(
    stapel: Feld, zahlen: Sequence[int], frei: Einrichtung
) -> Feld:
    b, zeilen, _ = stapel.shape
    ergebnis = np.empty((b, len(zahlen)))
    breite = max(1, 4_000_000 // zeilen**2)
    for start in range(0, b, breite):
        stueck = stapel[start : start + breite]
        gewichte = np.ones(stueck.shape[:2])
        nummern = frei.gruppiere(stueck, gewichte, zahlen, starts(zeilen, haupt=False))
        abstand = paarabstaende(stueck)
        for spalte, k in enumerate(zahlen):
            werte = silhouetten(abstand, nummern[k], k).mean(axis=1)
            ergebnis[start : start + breite, spalte] = werte
    return ergebnis


def _ohne_nachbarn(einrichtung: Einrichtung) -> Einrichtung:
    """Ob es Typen gibt, wird immer ohne Zwang zum Zusammenhang geprüft.

    Sonst gälte schon räumliche Ähnlichkeit als Beleg für Typen.
    """
    if einrichtung.nachbarn is None:
        return einrichtung
    return Einrichtung(verfahren=VERFAHREN["kmeans"], startwert=einrichtung.startwert)


def _ohne_raum(daten: Feld, zahlen: Sequence[int], einrichtung: Einrichtung) -> Feld:
    frei = _ohne_nachbarn(einrichtung)
    n = len(daten)
    nummern = frei.gruppiere(
        daten[None], np.ones((1, n)), zahlen, starts(n, haupt=True)
    )
    haupt = {k: nummern[k][0] for k in zahlen}
    return _silhouette_je_zahl(daten, haupt, einrichtung.startwert)
