"""Welche Zahlen stehen in einem Text, und von welcher Art ist jede?

Jede Ziffernfolge und jedes Zahlwort wird ein `Zeichen`; nichts wird übergangen.
Daten, Verweise, Rechtsstellen, Anschriften und Gliederungsnummern bekommen durch
eine Regel ihre Klasse und werden gesondert gezählt.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

WERT = "wert"
"""Klasse einer Zahl, die einen Beleg braucht."""

KLASSEN = {
    WERT: "Zahl",
    "datum": "Datum oder Jahr",
    "recht": "Rechtsstelle",
    "verweis": "Quellenverweis",
    "fundstelle": "Seite, Tabelle oder Ausgabe einer Quelle",
    "gliederung": "Gliederungsnummer",
    "seite": "Seitenzahl",
    "kennung": "Schlüssel oder Kennung",
    "anschrift": "Hausnummer oder Postleitzahl",
    "vorlage": "Nummer einer Vorlage",
}
"""Klassen und wie sie in Berichten heißen."""

MONATE = (
    "januar",
    "februar",
    "märz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
)

ZAHLWERTE = {
    "null": 0,
    "eins": 1,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
    "elf": 11,
    "zwölf": 12,
}

EINHEITEN = {
    "prozentpunkte": "pp",
    "prozentpunkten": "pp",
    "prozentpunkt": "pp",
    "%-punkte": "pp",
    "prozent": "%",
    "%": "%",
    "promille": "‰",
    "‰": "‰",
    "euro": "€",
    "eur": "€",
    "€": "€",
    "tsd.": "tsd",
    "tausend": "tsd",
    "mio.": "mio",
    "millionen": "mio",
    "million": "mio",
}
"""Schreibweisen einer Einheit; „Prozent“ und „%“ sagen dasselbe."""

_EINHEIT = "|".join(re.escape(e) for e in sorted(EINHEITEN, key=len, reverse=True))
_WORTZAHL = "|".join(ZAHLWERTE)
_MONAT = "|".join(MONATE)
_ZAEHLT = r"weitere|einzige|Jahr|Monat|Woche|Tag\b|Stunde|Minute"
"""Vor diesen Wörtern ist „ein“ eine Anzahl und kein Artikel."""

ZEICHEN = re.compile(
    rf"""
    (?P<datum>\b\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:\d{{4}}|\d{{2}})(?!\d)
              |\b\d{{4}}-\d{{2}}-\d{{2}}(?!\d))
    |(?P<kennung>\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{{8,}}\b
              |\b[A-Z]{{1,3}}\d{{1,4}}[a-z]?\b)
    |(?P<zahl>(?:(?<![\w.,)\]%])(?:[-+\u2212\u2013]|[+\u2212]\s)(?=\d))?
              \d+(?:[.,]\d+)*(?P<zusatz>[a-z](?!\w))?
              (?P<einheit>[\s-]{{0,2}}(?:{_EINHEIT})(?!\w))?)
    |(?P<wortzahl>\b(?:{_WORTZAHL})(?P<endung>mal|fach|er|te[nmrs]?)?\b
              |\b(?:erste|dritte|siebte)(?P<folge>[nmrs]?)\b)
    |(?P<eins>\beinmal\b
              |\bein(?:e[nmrs]?)?(?=\s(?:{_ZAEHLT})|\svon\s)
              |(?:(?<=\bnur\s)|(?<=\bgenau\s))ein(?:e[nmrs]?)?\b)
    |(?P<wort>[^\W\d_]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)

Regel = tuple[str, re.Pattern[str]]

REGELN: tuple[Regel, ...] = (
    ("seite", re.compile(r"\bSeite\s+\d+\s+von\s+\d+", re.IGNORECASE)),
    ("verweis", re.compile(r"\[\d+(?:\s*,\s*\d+)*\]")),
    (
        "vorlage",
        re.compile(r"\b(?:Vorlage|Drucksache|Antrag)[\w-]*\s+(?:Nr\.\s*)?[\d/.-]+"),
    ),
    (
        "recht",
        re.compile(
            r"(?:§+|\bParagraf(?:en)?|\bArt(?:ikel|\.)|\bAbs(?:atz|\.))\s*\d+\s?[a-z]?\b"
            r"(?:\s*(?:,|und|bis|ff\.|Abs(?:atz|\.)|Satz|Nr\.)\s*\d*\s?[a-z]?\b)*"
        ),
    ),
    (
        "datum",
        re.compile(
            rf"\b\d{{1,2}}\.\s(?:{_MONAT})\b(?:\s\d{{4}})?|\b(?:{_MONAT})\s\d{{4}}\b"
            r"|(?<![\d.,/])(?:19|20)\d{2}\s?[/–-]\s?(?:19|20)?\d{2}(?![\d.,]\d|\d|\s?%)"
            r"|(?<![\d.,/])(?:19|20)\d{2}(?!\d|[.,]\d|\s?(?:%|Prozent|€|Euro))",
            re.IGNORECASE,
        ),
    ),
    ("fundstelle", re.compile(r"(?<![\d./])\d{1,2}/(?:19|20)\d{2}(?!\d)")),
    (
        "fundstelle",
        re.compile(
            r"\b(?:PDF-)?(?:S\.|Seiten?|Tabellen?|Tab\.|Abb\.|Abbildung|Blatt|Kapitel|"
            r"Heft|Zeilen?)\s*\d+(?:\s*(?:,|und|bis|–|-)\s*\d+(?![\d.,%]*\s?[%P]))*"
        ),
    ),
    ("kennung", re.compile(r"(?<=[^\W\d_]\s)\(\d{2,8}\)(?=\s\||$)")),
    ("kennung", re.compile(r"\bKennung\s+[\w-]*\d[\w-]*")),
    ("kennung", re.compile(r"\b\w*\d\w*_[\w-]+|\b[a-z]+(?:/[\w-]+){2,}")),
    (
        "kennung",
        re.compile(
            r"\b(?:Schlüssel|Stadtbezirk|Regelprofil(?:\s\w+)?|Fassung|Lauf|Nachweis|Kennung|Nr\.)\s+\w*\d\w*"
        ),
    ),
    (
        "anschrift",
        re.compile(
            r"\b[\w.-]*(?:straße|str\.|platz|weg|allee|ring|gasse|ufer|damm|hof|markt|"
            r"steig|kamp|chaussee|promenade)\s\d+\s?[a-z]?\b(?:\s?[–-]\s?\d+[a-z]?)?",
            re.IGNORECASE,
        ),
    ),
    ("anschrift", re.compile(r"(?<![\d.,])\d{5}\s(?=[A-ZÄÖÜ][a-zäöü])")),
)
"""Rechtschreibregeln, nach denen eine Zahl nicht als Wert zählt; die erste gilt."""

GLIEDERUNG = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2})*)\.?\s+(?=[A-ZÄÖÜ][^.]{0,70}$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zeichen:
    """Ein Wort oder eine Zahl an ihrer Stelle im Text.

    Attributes
    ----------
    art : str
        ``wort`` oder ``zahl``.
    schluessel : str
        Vergleichsform: kleingeschriebenes Wort, oder Zahl mit Einheit.
    klasse : str
        Bei Zahlen eine der `KLASSEN`, bei Wörtern leer.
    wert : Decimal or None
        Wert der Zahl in ihrer Einheit; None, wenn die Schreibweise nicht deutsch
        ist.
    """

    art: str
    schluessel: str
    text: str
    von: int
    bis: int
    klasse: str = ""
    wert: Decimal | None = None
    einheit: str = ""

    @property
    def ist_zahl(self) -> bool:
        """Ob es eine Zahl ist, gleich welcher Klasse."""
        return self.art == "zahl"


def glatt(text: str) -> str:
    r"""Text ohne Trennstellen, geschützte Leerzeichen und Ligaturen.

    Examples
    --------
    >>> glatt("Lang\u00adzeit-\nbezug ﬁndet 12,1\u00a0%")
    'Langzeitbezug findet 12,1 %'
    >>> glatt("Wattenscheid-\nMitte")
    'Wattenscheid-Mitte'
    """
    sauber = re.sub(r"(?<=\d)\u00ad\s*(?=\d)", "-", text)
    sauber = re.sub(r"\u00ad\s*", "", sauber)
    sauber = re.sub(r"[\u200b-\u200d\u2060\ufeff]", "", sauber)
    sauber = unicodedata.normalize("NFKC", sauber)
    sauber = re.sub(r"(?<=[^\W\d_])-[ \t]*\n\s*(?=[a-zäöüß])", "", sauber)
    sauber = re.sub(r"(?<=[^\W\d_])-[ \t]*\n\s*(?=[^\W\d_])", "-", sauber)
    return re.sub(r"\s+", " ", sauber).strip()


@lru_cache(maxsize=65536)
def zeichen(text: str) -> tuple[Zeichen, ...]:
    """Wörter und Zahlen eines geglätteten Textes in ihrer Reihenfolge.

    Examples
    --------
    >>> [z.schluessel for z in zeichen("rund 12,1 Prozent in drei von 24 Bezirken")]
    ['rund', '12,1%', 'in', '3', 'von', '24', 'bezirken']
    >>> [(z.text, z.klasse) for z in zeichen("§ 22 SGB II am 31.12.2023") if z.ist_zahl]
    [('22', 'recht'), ('31.12.2023', 'datum')]
    """
    klasse = _klassen(text)
    return tuple(_zeichen(treffer, klasse) for treffer in ZEICHEN.finditer(text))


def zahlen(text: str) -> list[Zeichen]:
    """Nur die Zahlen eines geglätteten Textes.

    Examples
    --------
    >>> [z.text for z in zahlen("9–15 Plätze, −4,7 Punkte, zweimal im Monat")]
    ['9', '15', '−4,7', 'zweimal']
    """
    return [z for z in zeichen(text) if z.ist_zahl]


def saetze(text: str) -> Iterator[tuple[int, int]]:
    """Anfang und Ende jedes Satzes; Abkürzungen und Daten trennen nicht.

    Examples
    --------
    >>> t = "Am 31.12.2023 waren es 12,1 Prozent. [1] Danach sank der Anteil."
    >>> [t[a:b] for a, b in saetze(t)]
    ['Am 31.12.2023 waren es 12,1 Prozent. [1]', 'Danach sank der Anteil.']
    """
    anfang = 0
    for treffer in SATZENDE.finditer(text):
        davor = text[: treffer.start()].rpartition(" ")[2].lstrip("(„")
        danach = text[treffer.end() :].partition(" ")[0].lower()
        if davor in ABKUERZUNGEN or (davor[-1:].isdigit() and danach in MONATE):
            continue
        yield anfang, treffer.start("leer")
        anfang = treffer.end()
    if anfang < len(text):
        yield anfang, len(text)


SATZENDE = re.compile(r"[.!?][“\"»)]?(?:\s\[\d+\])*(?P<leer>\s+)(?=[„\"(]?[A-ZÄÖÜ\d])")

ABKUERZUNGEN = frozenset(
    {"Nr", "ca", "S", "PDF-S", "vgl", "bzw", "Abs", "z", "B", "e", "V", "u", "a",
     "Str", "Mio", "Tsd", "gGmbH", "St", "Dr", "d", "h", "inkl", "max", "min", "je"}
)  # fmt: skip


def _klassen(text: str) -> Callable[[int], str]:
    """Klasse einer Zahl nach der Stelle, an der sie steht."""
    spannen = [
        (treffer.start(), treffer.end(), name)
        for name, muster in REGELN
        for treffer in muster.finditer(text)
    ]
    kopf = GLIEDERUNG.match(text)
    if kopf:
        spannen.append((kopf.start(1), kopf.end(1), "gliederung"))

    def klasse(stelle: int) -> str:
        for von, bis, name in spannen:
            if von <= stelle < bis:
                return name
        return WERT

    return klasse


def _zeichen(treffer: re.Match[str], klasse: Callable[[int], str]) -> Zeichen:
    text, von, bis = treffer.group(), treffer.start(), treffer.end()
    if treffer["wort"]:
        return Zeichen(art="wort", schluessel=text.lower(), text=text, von=von, bis=bis)
    ziffer = von + len(text) - len(text.lstrip("+-−– "))
    eigene, einheit = klasse(ziffer), ""
    wert: Decimal | None = None
    if treffer["datum"]:
        eigene, schluessel = "datum", re.sub(r"\s", "", text)
    elif treffer["kennung"]:
        eigene, schluessel = "kennung", text.lower()
    elif treffer["zahl"]:
        schluessel, wert, einheit = _ziffern(treffer)
    else:
        schluessel, wert = _zahlwort(treffer)
    return Zeichen(
        art="zahl",
        schluessel=schluessel,
        text=text,
        von=von,
        bis=bis,
        klasse=eigene,
        wert=wert,
        einheit=einheit,
    )


ORDNUNG = {"erste": 1, "dritte": 3, "siebte": 7}


def _zahlwort(treffer: re.Match[str]) -> tuple[str, Decimal]:
    """Vergleichsform und Wert eines Zahlworts; Ordnungszahlen mit Punkt."""
    text, endung = treffer.group().lower(), (treffer["endung"] or "").lower()
    if treffer["folge"] is not None:
        wert = ORDNUNG[text.removesuffix(treffer["folge"].lower())]
        return f"{wert}.", Decimal(wert)
    wert = ZAHLWERTE.get(text.removesuffix(endung), 1)
    if text.endswith("mal"):
        return f"{wert}mal", Decimal(wert)
    return f"{wert}{'.' if endung.startswith('te') else ''}", Decimal(wert)


DEUTSCH = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")


def _ziffern(treffer: re.Match[str]) -> tuple[str, Decimal | None, str]:
    """Vergleichsform, Wert und Einheit einer Zahl aus Ziffern."""
    roh, zusatz = treffer["zahl"], treffer["zusatz"] or ""
    endung = treffer["einheit"] or ""
    einheit = EINHEITEN.get(endung.strip(" -\u00a0").lower(), "")
    stamm = roh.removesuffix(endung).removesuffix(zusatz).strip()
    ohne = stamm.lstrip("+-−– ")
    vorzeichen = {"+": "+", "": ""}.get(stamm[: len(stamm) - len(ohne)].strip(), "−")
    schluessel = f"{vorzeichen}{ohne}{zusatz}{einheit}"
    if DEUTSCH.fullmatch(ohne) is None:
        return schluessel, None, einheit
    wert = Decimal(ohne.replace(".", "").replace(",", "."))
    glatt_ = f"{vorzeichen}{ohne.replace('.', '')}{zusatz}{einheit}"
    return glatt_, -wert if vorzeichen == "−" else wert, einheit
