"""Welche Klasse bekommt ein Gebiet? Aus Nummern, Werten oder Typen ein Klassenbild."""

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from quartierstools.darstellung.farben import TYPEN, Blick, stufenfarben
from quartierstools.darstellung.klassenbild import (
    Klasse,
    Klassenbild,
    genannt,
    gleiche_gebiete,
    luecken,
)
from quartierstools.fehler import Ausgabefehler
from quartierstools.schreibweise import FEST, gerundet, gerundete, zahl_text

KURZE_EINHEIT = 12
"""Längere Einheiten stehen einmal über der Legende statt in jeder Klasse."""


def wertarten(reihe: pd.Series, wertart: pd.Series | None) -> pd.Series:
    """Wertart je Gebiet; ohne Angabe ist Leeres „fehlt“."""
    if wertart is None:
        return pd.Series("Zahl", index=reihe.index).mask(reihe.isna(), "fehlt")
    gleiche_gebiete(
        reihe.index, wertart.index, was="Werte und Wertarten", links="ohne Wert",
        rechts="ohne Wertart",
    )  # fmt: skip
    return wertart.reindex(reihe.index)


def _als_gebiete(reihe: pd.Series, name: str) -> pd.Series:
    return reihe.rename_axis("gebiet").rename(name)


def _mit_luecken(klasse: pd.Series, wertart: pd.Series) -> pd.Series:
    """Klasse je Gebiet; wo keine Zahl steht, die Klasse der Lücke."""
    ganz = klasse.where(wertart == "Zahl", wertart)
    ohne = ganz.index[ganz.isna()]
    if len(ohne):
        raise Ausgabefehler(
            f"Für {genannt(ohne)} ist die Wertart „Zahl“, aber es gibt keine Klasse. "
            "Bitte die Wertart auf „fehlt“, „gesperrt“ oder „nicht sinnvoll“ setzen."
        )
    return _als_gebiete(ganz.astype("object"), "klasse")


def stufenbild(
    nummern: pd.Series,
    *,
    titel: str,
    woerter: Mapping[int, str],
    wertart: pd.Series | None = None,
    blick: Blick = "bedarf",
    **weitere: Any,  # noqa: ANN401 – Felder von Klassenbild
) -> Klassenbild:
    """Klassenbild aus Klassennummern, etwa eines Bedarfsindex.

    Parameters
    ----------
    nummern : Series of int, Index ``gebiet``
        Klasse je Gebiet; fehlend, wo es keine gibt.
    titel : str
        Was gezeigt wird.
    woerter : Mapping of int to str
        Wort je Klassennummer; kleinste Nummer = hellste Farbe.
    wertart : Series of str, optional
        Ohne Angabe gilt eine fehlende Nummer als „fehlt“.
    blick : str
        ``bedarf``, ``potential`` oder ``neutral``; bestimmt die Farbe.
    **weitere
        Übrige Felder von `Klassenbild` (`werte`, `einheit`, `zusatz` …).

    Raises
    ------
    Ausgabefehler
        Wenn eine Nummer kein Wort hat.

    Examples
    --------
    >>> bild = stufenbild(pd.Series({"10": 1, "11": 2, "12": None}), titel="Bedarf",
    ...                   woerter={1: "unter dem Mittel", 2: "über dem Mittel"})
    >>> bild.anzahlen
    {'1': 1, '2': 1, 'fehlt': 1, 'gesperrt': 0, 'nicht sinnvoll': 0}
    """
    arten = wertarten(nummern, wertart)
    schluessel = nummern.map(lambda n: None if pd.isna(n) else str(int(n)))
    farben = stufenfarben(len(woerter), blick=blick)
    klassen = tuple(
        Klasse(schluessel=str(n), text=woerter[n], farbe=farbe, zeichen=str(n))
        for n, farbe in zip(sorted(woerter), farben, strict=True)
    )
    return Klassenbild(
        titel=titel,
        klasse=_mit_luecken(schluessel, arten),
        klassen=(*klassen, *luecken()),
        wertart=_als_gebiete(arten, "wertart"),
        blick=blick,
        **weitere,
    )


def quantilgrenzen(
    werte: pd.Series, *, anzahl: int = 4, stellen: int = 1
) -> tuple[float, ...]:
    """Innere Grenzen, die ungefähr gleich viele Gebiete trennen.

    Die Grenzen sind so gerundet, wie sie in der Legende stehen; fallen zwei
    zusammen, gibt es eine Klasse weniger.

    Examples
    --------
    >>> quantilgrenzen(pd.Series([1.0, 2.0, 3.0, 4.0]), anzahl=2)
    (2.5,)
    """
    vorhanden = werte.dropna()
    if vorhanden.empty:
        return ()
    kleinster = gerundet(float(vorhanden.min()), stellen)
    roh = vorhanden.quantile([i / anzahl for i in range(1, anzahl)])
    grenzen = {gerundet(float(wert), stellen) for wert in roh}
    return tuple(float(g) for g in sorted(grenzen) if g > kleinster)


def bereichstexte(
    grenzen: Sequence[float], *, einheit: str = "", stellen: int = 1
) -> tuple[str, ...]:
    """Wörter der Klassen zwischen inneren Grenzen.

    Examples
    --------
    >>> bereichstexte([4, 6.5])
    ('unter 4,0', '4,0 bis unter 6,5', '6,5 und mehr')
    """
    zahlen = [zahl_text(g, stellen=stellen) for g in grenzen]
    if not zahlen:
        return ("alle Werte",)
    ende = f"{FEST}{einheit}" if einheit else ""
    mitte = [f"{von} bis unter {bis}{ende}" for von, bis in pairwise(zahlen)]
    return (f"unter {zahlen[0]}{ende}", *mitte, f"{zahlen[-1]}{ende} und mehr")


def wertebild(  # noqa: PLR0913 – Werte, Grenzen, Schreibweise
    werte: pd.Series,
    *,
    titel: str,
    grenzen: Sequence[float] | None = None,
    anzahl: int = 4,
    einheit: str = "",
    stellen: int = 1,
    wertart: pd.Series | None = None,
    blick: Blick = "neutral",
    **weitere: Any,  # noqa: ANN401 – Felder von Klassenbild
) -> Klassenbild:
    """Klassenbild aus Werten und Grenzen.

    Eingeordnet wird der gerundete Wert, wie er dasteht: 6,46 heißt „6,5“ und
    gehört bei der Grenze 6,5 in die obere Klasse.

    Parameters
    ----------
    werte : Series of float, Index ``gebiet``
        Werte in `einheit`; fehlend, wo keine Zahl vorliegt.
    titel : str
        Was gezeigt wird.
    grenzen : Sequence of float, optional
        Innere Grenzen, aufsteigend; ohne Angabe Quantile.
    anzahl : int, default=4
        Zahl der Klassen, wenn `grenzen` fehlt.
    einheit, stellen, wertart, blick, **weitere
        Wie in `Klassenbild`.

    Raises
    ------
    Ausgabefehler
        Wenn Grenzen nicht aufsteigen oder gerundet zusammenfallen.

    Examples
    --------
    >>> bild = wertebild(pd.Series({"10": 12.1, "11": 6.46, "12": None}),
    ...                  titel="Anteil", grenzen=[4, 6.5])
    >>> bild.klasse.to_dict()
    {'10': '3', '11': '3', '12': 'fehlt'}
    """
    arten = wertarten(werte, wertart)
    if grenzen is None:
        grenzen = quantilgrenzen(werte[arten == "Zahl"], anzahl=anzahl, stellen=stellen)
    stufen = [gerundet(float(g), stellen) for g in grenzen]
    if stufen != sorted(set(stufen)):
        raise Ausgabefehler(
            f"Klassenbild „{titel}“: Die Grenzen {list(grenzen)} steigen mit {stellen} "
            "Nachkommastellen nicht an. Bitte aufsteigend und verschieden angeben."
        )
    kurz = einheit if len(einheit) <= KURZE_EINHEIT else ""
    texte = bereichstexte([float(s) for s in stufen], einheit=kurz, stellen=stellen)
    nummern = _stufen(werte, [float(s) for s in stufen], stellen)
    return stufenbild(
        nummern,
        titel=titel,
        woerter=dict(enumerate(texte, start=1)),
        wertart=arten,
        blick=blick,
        werte=_als_gebiete(werte.astype("float64"), "wert"),
        grenzen=tuple(float(s) for s in stufen),
        einheit=einheit,
        stellen=stellen,
        **weitere,
    )


def _stufen(werte: pd.Series, stufen: Sequence[float], stellen: int) -> pd.Series:
    """Nummer der Klasse ab 1, fehlend ohne Wert; gerundet, wie der Wert dasteht."""
    runde = gerundete(werte.astype("float64").tolist(), stellen)
    nummern = [None if w is None else 1 + bisect_right(stufen, w) for w in runde]
    return pd.Series(nummern, index=werte.index, dtype="object")


def typenbild(
    typ: pd.Series,
    *,
    titel: str,
    texte: Mapping[str, str],
    wertart: pd.Series | None = None,
    **weitere: Any,  # noqa: ANN401 – Felder von Klassenbild
) -> Klassenbild:
    """Klassenbild aus Typen ohne Rangfolge.

    Parameters
    ----------
    typ : Series of str, Index ``gebiet``
        Buchstabe des Typs; fehlend, wo keiner vergeben ist.
    titel : str
        Was gezeigt wird.
    texte : Mapping of str to str
        Beschreibung je Typ in der Reihenfolge der Legende, höchstens acht.
    wertart, **weitere
        Wie in `Klassenbild`.

    Raises
    ------
    Ausgabefehler
        Bei mehr als acht Typen oder einem Typ ohne Text.

    Examples
    --------
    >>> bild = typenbild(pd.Series({"10": "A", "11": "B"}), titel="Typen",
    ...                  texte={"A": "wenige Kinder", "B": "viele Kinder"})
    >>> bild.klasse_von("11").muster
    'senkrecht'
    """
    if len(texte) > len(TYPEN):
        raise Ausgabefehler(
            f"„{titel}“ hat {len(texte)} Typen; unterscheidbar sind höchstens "
            f"{len(TYPEN)}. Bitte weniger Typen wählen."
        )
    arten = wertarten(typ, wertart)
    schluessel: Mapping[Hashable, str] = {t: f"typ-{t}" for t in texte}
    fremd = sorted({str(t) for t in typ.dropna() if t not in texte})
    if fremd:
        raise Ausgabefehler(
            f"„{titel}“: Für die Typen {fremd} gibt es keinen Text; bekannt sind "
            f"{list(texte)}."
        )
    klassen = tuple(
        Klasse(schluessel=f"typ-{t}", text=text, farbe=farbe, muster=muster, zeichen=t)
        for (t, text), (farbe, muster) in zip(texte.items(), TYPEN, strict=False)
    )
    return Klassenbild(
        titel=titel,
        klasse=_mit_luecken(typ.map(schluessel), arten),
        klassen=(*klassen, *luecken()),
        wertart=_als_gebiete(arten, "wertart"),
        geordnet=False,
        **weitere,
    )
