"""Welche Zahl meint ein Wort? „zwölf“, „drei von vier“, „ein Viertel“."""

import re
from collections.abc import Iterator

EINER = ("null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht",
         "neun", "zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn",
         "sechzehn", "siebzehn", "achtzehn", "neunzehn")  # fmt: skip
ZEHNER = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig",
          "neunzig")  # fmt: skip


def _worte() -> dict[str, int]:
    """Grundzahlen von 2 bis 100; „ein“ ist meist ein Artikel."""
    worte = {wort: zahl for zahl, wort in enumerate(EINER) if zahl != 1}
    worte |= {"eins": 1, "hundert": 100, "einhundert": 100}
    for nummer, zehner in enumerate(ZEHNER, 2):
        worte[zehner] = 10 * nummer
        for zahl, einer in enumerate(EINER[1:10], 1):
            worte[f"{einer}und{zehner}"] = 10 * nummer + zahl
    ohne_umlaut = str.maketrans({"ö": "oe", "ü": "ue", "ß": "ss"})
    return worte | {wort.translate(ohne_umlaut): zahl for wort, zahl in worte.items()}


ZAHLWORTE = _worte()
BRUECHE = {"hälfte": 2, "drittel": 3, "viertel": 4, "fünftel": 5, "achtel": 8,
           "zehntel": 10}  # fmt: skip
ORDNUNG = {"zweite": 2, "dritte": 3, "vierte": 4, "fünfte": 5, "sechste": 6,
           "siebte": 7, "achte": 8, "neunte": 9, "zehnte": 10}  # fmt: skip

_WORT = "|".join(sorted(ZAHLWORTE, key=lambda w: (-len(w), w)))
WORT = re.compile(rf"\b(?:{_WORT})\b", re.IGNORECASE)
_ZAHL = rf"(?:\d{{1,7}}|{_WORT}|ein(?:e[rs]?)?)"
VON = re.compile(
    rf"(?<![\w.,])(?P<teil>{_ZAHL})\s+von\s+(?P<ganzes>{_ZAHL})\b(?![.,]\d)",
    re.IGNORECASE,
)
BRUCH = re.compile(
    rf"\b(?:(?P<teil>{_WORT}|ein)\s+)?(?P<nenner>{'|'.join(BRUECHE)})\b", re.IGNORECASE
)
JEDE = re.compile(
    rf"\bjede[rsnm]?\s+(?P<nte>{'|'.join(ORDNUNG)})[rsnm]?\b", re.IGNORECASE
)
RANG = re.compile(r"(?:Rang|Platz|Stelle|Seite|Nummer|Nr\.)\s*$")
SACHEN = re.compile(
    r"\s*(?:\w+\s+)?(?:Bezirk|Gebiet|Stadt|Quartier|Planungsr|Ort|Merkmal|Indikator|"
    r"Kennzahl|Angebot|Rechen|Variante|Jahr|Monat|Wert|Punkt|Gruppe|Klasse|Zielgruppe)",
    re.IGNORECASE,
)
"""Was danach steht, wenn nicht Menschen gezählt werden."""


def wortzahlen(text: str) -> Iterator[tuple[str, int]]:
    """Ausgeschriebene Zahlen mit ihrer Stelle.

    Examples
    --------
    >>> list(wortzahlen("zwölf Personen, einundzwanzig Fälle"))
    [('12', 0), ('21', 16)]
    """
    for treffer in WORT.finditer(text):
        yield str(ZAHLWORTE[treffer[0].lower()]), treffer.start()


def wortanteile(text: str) -> Iterator[tuple[int, int]]:
    """Anteile in ganzen Prozent aus „x von y“, Brüchen und „jeder vierte“.

    Examples
    --------
    >>> list(wortanteile("Drei von vier jungen Menschen, jede fünfte Frau"))
    [(75, 0), (20, 31)]
    >>> list(wortanteile("Rang 3 von 4, drei von vier Bezirken, zwei Drittel"))
    [(67, 38)]
    """
    for treffer in VON.finditer(text):
        teil, ganzes = _zahl(treffer["teil"]), _zahl(treffer["ganzes"])
        davor, danach = text[: treffer.start()], text[treffer.end() :]
        gemeint = not RANG.search(davor) and not SACHEN.match(danach)
        if gemeint and 0 <= teil <= ganzes and ganzes > 1:
            yield _prozent(teil, ganzes), treffer.start()
    for treffer in JEDE.finditer(text):
        if not SACHEN.match(text[treffer.end() :]):
            yield _prozent(1, ORDNUNG[treffer["nte"].lower()]), treffer.start()
    for treffer in BRUCH.finditer(text):
        teil = _zahl(treffer["teil"] or "ein")
        ganzes = BRUECHE[treffer["nenner"].lower()]
        danach = text[treffer.end() :].removeprefix(" der")
        if teil < ganzes and not SACHEN.match(danach):
            yield _prozent(teil, ganzes), treffer.start()


def _zahl(wort: str) -> int:
    if wort.isdigit():
        return int(wort)
    return ZAHLWORTE.get(wort.lower(), 1)


def _prozent(teil: int, ganzes: int) -> int:
    return (200 * teil + ganzes) // (2 * ganzes)
