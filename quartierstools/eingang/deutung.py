"""Was bedeutet eine Zelle? Zahl, gesperrt, fehlt oder nicht sinnvoll – spaltenweise.

Alle Zellen einer Spalte werden auf einmal gedeutet. Gerundet wird nichts: „12,1“
Prozent wird der nächste Gleitkommawert zu 0,121.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

WERTARTEN = ("Zahl", "gesperrt", "fehlt", "nicht sinnvoll")
ZAHL, GESPERRT, FEHLT, NICHT_SINNVOLL, UNLESBAR = 0, 1, 2, 3, -1
NUMMER = {"null": ZAHL, "gesperrt": 1, "fehlt": 2, "nicht sinnvoll": 3}
GLEICHE_ZEICHEN = {"–": "-", "—": "-", "−": "-", "…": "...", "X": "x"}
"""Andere Schreibung desselben Zeichens."""

Liefereinheit = Literal[
    "prozent",
    "anteil",
    "promille",
    "je_100",
    "je_1000",
    "prozentpunkte",
    "anzahl",
    "stufe",
]
STELLEN: Mapping[tuple[str, str], int] = {
    # (Lieferung, Katalog) → Verschiebung des Kommas; Prozent stehen intern als 0–1.
    ("prozent", "prozent"): -2,
    ("anteil", "prozent"): 0,
    ("promille", "prozent"): -3,
    ("je_100", "prozent"): -2,
    ("je_1000", "prozent"): -3,
    ("prozent", "je_100"): 0,
    ("anteil", "je_100"): 2,
    ("promille", "je_100"): -1,
    ("je_1000", "je_100"): -1,
    ("prozent", "je_1000"): 1,
    ("anteil", "je_1000"): 3,
    ("promille", "je_1000"): 0,
    ("je_100", "je_1000"): 1,
    ("prozent", "prozentpunkte"): 0,
}

LEERRAUM = "\u00a0\u202f\u2009"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zahlenspalte:
    """Gedeutete Zellen einer Spalte.

    Attributes
    ----------
    wert : ndarray of float
        Zahl nach Verschieben des Kommas; NaN, wo keine steht.
    art : ndarray of int8
        Stelle in `WERTARTEN`, -1 für unlesbar.
    leer, null : ndarray of bool
        Leere Zellen und Zellen mit dem Zeichen für „nichts vorhanden“.
    einheit : str
        ``%`` oder ``‰``, wenn alle Zahlen es tragen; ``gemischt``, wenn manche.
    """

    wert: Any
    art: Any
    leer: Any
    null: Any
    einheit: str = ""


def verschiebung(lieferung: str, katalog: str) -> int | None:
    """Stellen, um die das Komma rückt; None, wenn Einheiten nicht passen.

    Examples
    --------
    >>> verschiebung("prozent", "prozent"), verschiebung("anzahl", "prozent")
    (-2, None)
    """
    if (lieferung, katalog) in STELLEN:
        return STELLEN[lieferung, katalog]
    return 0 if lieferung == katalog else None


def deute_spalte(
    zellen: Any,  # noqa: ANN401 – pyarrow ohne Typen
    *,
    zeichen: Mapping[str, str],
    dezimal: str = ",",
    stellen: int = 0,
    klammern: str = "",
) -> Zahlenspalte:
    """Deutet Text als Zahl oder vereinbartes Zeichen.

    Parameters
    ----------
    zellen : pyarrow.Array of string
        Zellen ohne Rand.
    zeichen : Mapping
        Zeichen der Quelle → ``null``, ``gesperrt``, ``fehlt``, ``nicht sinnvoll``.
    dezimal : str, default=","
        Dezimalzeichen; das andere trennt Tausender.
    stellen : int, default=0
        So viele Stellen rückt das Komma nach rechts (-2: Prozent zu Anteil).
    klammern : str, default=""
        ``zahl`` oder ``fehlt``: was „(12,1)“ heißt; leer: unlesbar.

    Examples
    --------
    >>> s = deute_spalte(pa.array(["12,1", "1.234", "-", ".", "", "abc"]),
    ...                  zeichen={"-": "null", ".": "gesperrt"})
    >>> s.wert.tolist()[:3], s.art.tolist(), s.leer.tolist()[4]
    ([12.1, 1234.0, 0.0], [0, 0, 0, 1, 2, -1], True)
    """
    n = len(zellen)
    schnell = _reine_zahlen(zellen, dezimal, stellen)
    if schnell is not None:
        nirgends = np.zeros(n, dtype=np.bool_)
        art = np.zeros(n, dtype=np.int8)
        return Zahlenspalte(wert=schnell, art=art, leer=nirgends, null=nirgends)
    woerter = pc.dictionary_encode(zellen)
    eindeutig, nummern = woerter.dictionary, woerter.indices.to_numpy()
    je_wort = _deute_woerter(
        eindeutig, zeichen=zeichen, dezimal=dezimal, stellen=stellen, klammern=klammern
    )
    return Zahlenspalte(
        wert=je_wort.wert[nummern],
        art=je_wort.art[nummern],
        leer=je_wort.leer[nummern],
        null=je_wort.null[nummern],
        einheit=je_wort.einheit,
    )


def ganze_zahlen(zellen: Any) -> Any:  # noqa: ANN401
    """Zellen als ganze Zahlen, wenn jede schlicht aus Ziffern besteht; sonst None."""
    try:
        zahlen = pc.cast(zellen, pa.int64())
    except pa.ArrowInvalid:
        return None
    # pyarrow liest auch „0x1F“ als Zahl.
    return None if pc.any(pc.match_substring(zellen, "x")).as_py() else zahlen


def _reine_zahlen(zellen: Any, dezimal: str, stellen: int) -> Any:  # noqa: ANN401
    """Werte, wenn jede Zelle eine schlichte Zahl ist; sonst None.

    Nur, wenn kein Tausenderzeichen vorkommt: sonst müsste jede Gruppe geprüft werden.
    """
    if len(zellen) == 0:
        return None
    if not stellen and (zahlen := ganze_zahlen(zellen)) is not None:
        return pc.cast(zahlen, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    tausender = "." if dezimal == "," else ","
    if pc.any(pc.match_substring(zellen, tausender)).as_py():
        return None
    schlicht = pc.match_substring_regex(zellen, rf"^-?[0-9]+(?:[{dezimal}][0-9]+)?$")
    if not pc.all(schlicht).as_py():
        return None
    return _als_zahl(pc.replace_substring(zellen, dezimal, "."), stellen)


def _als_zahl(text: Any, stellen: int) -> Any:  # noqa: ANN401
    if stellen:
        text = pc.binary_join_element_wise(text, f"e{stellen}", "")
    return pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False)


def _deute_woerter(
    woerter: Any,  # noqa: ANN401
    *,
    zeichen: Mapping[str, str],
    dezimal: str,
    stellen: int,
    klammern: str,
) -> Zahlenspalte:
    """Deutet jede vorkommende Schreibweise einmal."""
    n = len(woerter)
    art = np.full(n, UNLESBAR, dtype=np.int8)
    wert = np.full(n, np.nan)
    texte = woerter.to_pylist()
    leer = np.fromiter((t == "" for t in texte), np.bool_, n)
    art[leer] = FEHLT
    null = np.zeros(n, dtype=np.bool_)
    for i, text in enumerate(texte):
        marke = zeichen.get(text) or zeichen.get(GLEICHE_ZEICHEN.get(text, ""))
        if marke is not None:
            art[i] = NUMMER[marke]
            null[i] = marke == "null"
    wert[null] = 0.0
    rest = np.flatnonzero(art == UNLESBAR)
    kern, einheiten, geklammert = _kern(woerter.take(pa.array(rest)), klammern)
    ist_zahl, schlicht = _zahlform(kern, dezimal)
    gut = rest[ist_zahl]
    if len(gut):
        wert[gut] = _als_zahl(schlicht.filter(pa.array(ist_zahl)), stellen)
        art[gut] = ZAHL
    if klammern == "fehlt":
        weg = rest[ist_zahl & geklammert]
        wert[weg], art[weg] = np.nan, FEHLT
    arten = set(einheiten[ist_zahl].tolist())
    einheit = arten.pop() if len(arten) == 1 else ("gemischt" if arten else "")
    return Zahlenspalte(wert=wert, art=art, leer=leer, null=null, einheit=einheit)


def _kern(texte: Any, klammern: str) -> tuple[Any, Any, Any]:  # noqa: ANN401
    """Zahl ohne Einheitszeichen und Klammern; dazu Einheit und Klammer je Zelle."""
    geklammert = pc.match_substring_regex(texte, r"^\(.*\)$")
    if klammern:
        texte = pc.replace_substring_regex(texte, r"^\((.*)\)$", r"\1")
    einheiten = np.array(
        [t[-1] if t[-1:] in ("%", "‰") else "" for t in texte.to_pylist()], dtype=object
    )
    kern = pc.replace_substring_regex(texte, rf"[\s{LEERRAUM}]*[%‰]$", "")
    return kern, einheiten, geklammert.to_numpy(zero_copy_only=False)


def _zahlform(kern: Any, dezimal: str) -> tuple[Any, Any]:  # noqa: ANN401
    """Welche Texte Zahlen sind, und ihre Schreibung mit Dezimalpunkt."""
    tausender = r"[.]" if dezimal == "," else "[,]"
    gruppe = rf"(?:{tausender}|[ {LEERRAUM}])"
    muster = (
        rf"^[-−+]?(?:[0-9]+|[0-9]{{1,3}}(?:{gruppe}[0-9]{{3}})+)"
        rf"(?:[{dezimal}][0-9]+)?$"
    )
    ist_zahl = pc.match_substring_regex(kern, muster).to_numpy(zero_copy_only=False)
    ohne = pc.replace_substring_regex(kern, gruppe, "")
    ohne = pc.replace_substring(ohne, "−", "-")
    ohne = pc.replace_substring_regex(ohne, r"^[+]", "")
    return ist_zahl, pc.replace_substring(ohne, dezimal, ".")


def dezimalzeichen(spalten: list[Any]) -> str:
    """Dezimalzeichen aller Zahlen zusammen.

    Returns
    -------
    str
        ``","``, ``"."``, ``"offen"`` (kommt keines vor oder nur mehrdeutig wie
        „1.234“) oder ``"gemischt"``.

    Examples
    --------
    >>> dezimalzeichen([pa.array(["12,1", "1.234"])])
    ','
    >>> dezimalzeichen([pa.array(["12.1"])]), dezimalzeichen([pa.array(["1.234"])])
    ('.', 'offen')
    >>> dezimalzeichen([pa.array(["12.1", "3,5"])])
    'gemischt'
    """
    komma = punkt = False
    for spalte in spalten:
        if ganze_zahlen(spalte) is not None:
            continue
        komma = komma or _kommt_vor(spalte, ",", "[.]")
        punkt = punkt or _kommt_vor(spalte, ".", "[,]")
    if komma and punkt:
        return "gemischt"
    return "," if komma else "." if punkt else "offen"


def _kommt_vor(spalte: Any, zeichen: str, anderes: str) -> bool:  # noqa: ANN401
    """Gibt es eine Zahl, in der `zeichen` nur das Dezimalzeichen sein kann?"""
    mit = pc.match_substring(spalte, zeichen)
    if not pc.any(mit).as_py():
        return False
    muster = (
        rf"^[-−+(]?[0-9]+(?:{anderes}[0-9]{{3}})*[{zeichen}]"
        r"(?:[0-9]{1,2}|[0-9]{4,})(?:[^0-9].*)?$"
        rf"|^[-−+(]?(?:0|[0-9]{{4,}})[{zeichen}][0-9]+"
        rf"|^[-−+(]?[0-9]+(?:{anderes}[0-9]{{3}})+[{zeichen}][0-9]+"
    )
    return bool(pc.any(pc.match_substring_regex(spalte, muster)).as_py())


def mehrdeutig(spalte: Any) -> Any:  # noqa: ANN401
    """Maske der Zahlen wie „1.234“ oder „1,234“, die beides heißen können."""
    muster = r"^[-−+]?[1-9][0-9]{0,2}(?:[.][0-9]{3}|[,][0-9]{3})$"
    maske = pc.match_substring_regex(spalte, muster)
    return maske.to_numpy(zero_copy_only=False)


def nachkommastellen(spalte: Any) -> Any:  # noqa: ANN401
    """Zahl der Ziffern nach dem Dezimalkomma je Zelle, höchstens sechs.

    Examples
    --------
    >>> nachkommastellen(pa.array(["4,05", "1.234", "-", ""])).tolist()
    [2.0, 0.0, 0.0, 0.0]
    """
    hinten = pc.replace_substring_regex(spalte, r"^(?:[^,]*$|.*,)", "")
    laengen = pc.utf8_length(hinten).to_numpy(zero_copy_only=False)
    return np.minimum(laengen, 6).astype(np.float64)
