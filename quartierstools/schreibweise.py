"""Wie schreiben wir Zahlen, Daten und Aufzählungen in deutschen Texten?

Die einzige Stelle, an der gerundet und in Text verwandelt wird. Gerundet wird
kaufmännisch auf der dezimalen Schreibweise der Zahl (0,2875 → 28,8 Prozent).
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

FEST = "\u00a0"
"""Geschütztes Leerzeichen: Zahl und Einheit stehen in einer Zeile."""

ZAHLWOERTER = (
    "null",
    "eins",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
)

WERTART_TEXT = {
    "Zahl": "",
    "gesperrt": "gesperrt",
    "fehlt": "liegt nicht vor",
    "nicht sinnvoll": "nicht sinnvoll",
}
"""Was statt einer Zahl geschrieben wird."""


KNAPP = 1e-6
"""Näher an der Hälfte entscheidet die dezimale Schreibweise."""
KNAPP_BIS = 1e9
"""Größere Zahlen rundet immer die dezimale Schreibweise."""


def gerundet(wert: float, stellen: int = 0) -> Decimal:
    """Kaufmännisch gerundeter Wert.

    Examples
    --------
    >>> gerundet(2.5), gerundet(0.125, 2), gerundet(-0.04, 1)
    (Decimal('3'), Decimal('0.13'), Decimal('0.0'))
    """
    genau = Decimal(repr(float(wert)))
    ergebnis = genau.quantize(Decimal(1).scaleb(-stellen), rounding=ROUND_HALF_UP)
    return abs(ergebnis) if ergebnis == 0 else ergebnis


def gerundete(werte: Iterable[float], stellen: int = 0) -> list[float | None]:
    """Viele Werte kaufmännisch gerundet wie mit `gerundet`; fehlend wird None.

    Nur wo die Entscheidung knapp ist, wird dezimal gerechnet.

    Examples
    --------
    >>> gerundete([0.125, 12.149, float("nan"), -2.5], 2)
    [0.13, 12.15, None, -2.5]
    """
    zehner = 10**stellen
    ergebnis: list[float | None] = []
    for wert in werte:
        if wert != wert:  # noqa: PLR0124 – NaN ist sich selbst nie gleich
            ergebnis.append(None)
            continue
        stufe = abs(wert) * zehner + 0.5
        ganz = math.floor(stufe)
        if stufe < KNAPP_BIS and KNAPP < stufe - ganz < 1 - KNAPP:
            ergebnis.append((-ganz if wert < 0 and ganz else ganz) / zehner)
        else:
            ergebnis.append(float(gerundet(wert, stellen)))
    return ergebnis


def zahl_text(wert: float, *, stellen: int = 0, vorzeichen: bool = False) -> str:
    """Zahl mit Komma, Tausenderpunkt und echtem Minuszeichen.

    Parameters
    ----------
    wert : float
        Endliche Zahl.
    stellen : int, default=0
        Nachkommastellen.
    vorzeichen : bool, default=False
        Schreibt auch ein Plus.

    Examples
    --------
    >>> zahl_text(23205), zahl_text(-1234.56, stellen=1), zahl_text(0.3, stellen=2)
    ('23.205', '−1.234,6', '0,30')
    >>> zahl_text(1.2, stellen=1, vorzeichen=True)
    '+1,2'
    """
    zahl = gerundet(wert, stellen)
    text = f"{abs(zahl):,}".replace(",", "\0").replace(".", ",").replace("\0", ".")
    if zahl < 0:
        return f"−{text}"
    return f"+{text}" if vorzeichen and zahl > 0 else text


def prozent_text(anteil: float, *, stellen: int = 1, kurz: bool = False) -> str:
    """Anteil (0 bis 1) als Prozent, mit geschütztem Leerzeichen.

    Examples
    --------
    >>> prozent_text(0.121) == "12,1\u00a0Prozent"
    True
    >>> prozent_text(0.2875, kurz=True) == "28,8\u00a0%"
    True
    """
    genau = float(Decimal(repr(float(anteil))) * 100)
    einheit = "%" if kurz else "Prozent"
    return f"{zahl_text(genau, stellen=stellen)}{FEST}{einheit}"


def datum_text(tag: date) -> str:
    """Datum als TT.MM.JJJJ.

    Examples
    --------
    >>> datum_text(date(2023, 12, 31))
    '31.12.2023'
    """
    return f"{tag.day:02d}.{tag.month:02d}.{tag.year:04d}"


def zahlwort(anzahl: int, *, gross: bool = False) -> str:
    """Ganze Zahl bis zwölf als Wort, darüber in Ziffern.

    Examples
    --------
    >>> zahlwort(6), zahlwort(24), zahlwort(3, gross=True)
    ('sechs', '24', 'Drei')
    """
    text = ZAHLWOERTER[anzahl] if 0 <= anzahl < len(ZAHLWOERTER) else zahl_text(anzahl)
    return text.capitalize() if gross else text


def mehrzahl(anzahl: int, eins: str, viele: str) -> str:
    """Zahl mit passendem Wort.

    Examples
    --------
    >>> mehrzahl(1, "Bezirk", "Bezirke"), mehrzahl(24, "Bezirk", "Bezirke")
    ('1 Bezirk', '24 Bezirke')
    """
    return f"{zahl_text(anzahl)} {eins if anzahl == 1 else viele}"


def aufzaehlung(teile: Sequence[str], *, wort: str = "und") -> str:
    """Aufzählung mit Kommas und „und“ vor dem letzten Glied.

    Examples
    --------
    >>> aufzaehlung(["Hamme", "Hordel", "Laer"]), aufzaehlung(["Hamme"])
    ('Hamme, Hordel und Laer', 'Hamme')
    """
    if len(teile) <= 1:
        return "".join(teile)
    return f"{', '.join(teile[:-1])} {wort} {teile[-1]}"


def gross(satz: str) -> str:
    """Satzanfang groß, der Rest bleibt.

    Examples
    --------
    >>> gross("der Wert liegt vor.")
    'Der Wert liegt vor.'
    """
    return satz[:1].upper() + satz[1:]
