"""Welches Gebiet ist gemeint? Schlüssel und Namen einer Lieferung zuordnen.

Schlüssel sind Text fester Breite. Namen gelten als gleich, wenn sie sich nur in
Umlaut-Schreibweise, Groß- und Kleinschreibung, Bindestrichen oder dem Vorsatz der
Stadt unterscheiden; alles andere ist ein Mangel mit Vorschlag.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

import pandas as pd

UMSCHRIFT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e"}
)
GATTUNG = re.compile(
    r"^(?:stadtbezirk|statistischer bezirk|stat\. bezirk|stadtteil|ortsteil|bezirk)"
    r"(?:\s+\d+)?[\s:-]+",
)
GATTUNG_VORN = re.compile(r"^(?:Stadtbezirk|Statistischer Bezirk|Bezirk)\s+")
STADTWOERTER = frozenset(
    {
        "stadt",
        "gesamtstadt",
        "insgesamt",
        "gesamt",
        "summe",
        "zusammen",
        "stadtinsgesamt",
        "stadtgesamt",
    }
)


def namensform(name: str, stadt: str = "") -> str:
    """Vergleichsform eines Gebietsnamens.

    Examples
    --------
    >>> namensform("Bochum-Hamme", "Bochum") == namensform("HAMME", "Bochum")
    True
    >>> namensform("Korn / Vöde-Abzweig") == namensform("Korn/Voede Abzweig")
    True
    >>> namensform("Stadtbezirk Mitte"), namensform("Großer Weg")
    ('mitte', 'grosserweg')
    """
    text = unicodedata.normalize("NFC", name).casefold().replace("ß", "ss").strip()
    text = GATTUNG.sub("", text)
    text = _ohne_vorsatz(text.translate(UMSCHRIFT), stadt)
    return re.sub(r"[\W_]+", "", text)


def _ohne_vorsatz(text: str, stadt: str) -> str:
    kurz = stadt.casefold().translate(UMSCHRIFT)
    if (
        kurz
        and text.startswith(kurz)
        and re.match(r"\s*[-–\s]\s*\S", text[len(kurz) :])
    ):
        return text[len(kurz) :].lstrip(" -–")
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Gebietsverzeichnis:
    """Alle Gebiete eines Projekts mit ihren Schlüsseln und Namen.

    Attributes
    ----------
    namen : Mapping
        (Ebene, Schlüssel) → Name.
    stadt : str
        Name der Stadt, als Vorsatz von Gebietsnamen überlesen.
    breite : int
        Stellen eines Gebietsschlüssels.
    bezirk_von : Mapping
        Gebiet → Stadtbezirk.
    """

    namen: Mapping[tuple[str, str], str]
    stadt: str
    breite: int
    bezirk_von: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_flaechen(
        cls, gebiete: pd.DataFrame, bezirke: pd.DataFrame, *, stadt: str, breite: int
    ) -> "Gebietsverzeichnis":
        """Verzeichnis aus den Flächen eines Projekts."""
        namen = {("gebiet", str(k)): str(n) for k, n in gebiete["name"].items()}
        namen |= {("stadtbezirk", str(k)): str(n) for k, n in bezirke["name"].items()}
        namen["stadt", "stadt"] = stadt
        bezirk_von = {str(k): str(b) for k, b in gebiete["stadtbezirk"].items()}
        return cls(namen=namen, stadt=stadt, breite=breite, bezirk_von=bezirk_von)

    def schluessel(self, ebene: str) -> list[str]:
        """Schlüssel einer Ebene, sortiert."""
        return sorted(k for e, k in self.namen if e == ebene)

    def name(self, ebene: str, schluessel: str) -> str:
        """Name und Schlüssel für Meldungen."""
        if ebene == "stadt":
            return self.stadt
        wort = "Stadtbezirk " if ebene == "stadtbezirk" else ""
        return f"{wort}{self.namen.get((ebene, schluessel), '?')} ({schluessel})"


@dataclass(frozen=True, slots=True)
class Fund:
    """Ergebnis für einen Schlüssel oder Namen.

    Attributes
    ----------
    art : str
        ``genau``, ``variante`` (anders geschrieben), ``mehrdeutig``, ``breite``
        (Zahl der Stellen), ``fremd``.
    vorschlag : str
        Was gemeint sein könnte.
    """

    art: str
    ebene: str = ""
    schluessel: str = ""
    vorschlag: str = ""


class Gebietssuche:
    """Sucht Gebiete nach Schlüssel und Name; merkt sich, was sie schon fand."""

    def __init__(
        self,
        verzeichnis: Gebietsverzeichnis,
        *,
        ebenen: Sequence[str] = ("gebiet", "stadtbezirk", "stadt"),
    ) -> None:
        self.verzeichnis = verzeichnis
        self.ebenen = tuple(ebenen)
        self._nach_schluessel: dict[str, list[tuple[str, str]]] = {}
        for ebene, schluessel in verzeichnis.namen:
            if ebene in ebenen:
                paare = self._nach_schluessel.setdefault(schluessel, [])
                paare.append((ebene, schluessel))
        self._mit_stadt = "stadt" in ebenen

    @cached_property
    def _nach_form(self) -> dict[str, list[tuple[str, str]]]:
        formen: dict[str, list[tuple[str, str]]] = {}
        for (ebene, schluessel), name in self.verzeichnis.namen.items():
            if ebene in self.ebenen:
                stadt = self.verzeichnis.stadt if ebene != "stadt" else ""
                formen.setdefault(namensform(name, stadt), []).append(
                    (ebene, schluessel)
                )
        return formen

    @cached_property
    def _ganze_stadt(self) -> frozenset[str]:
        """Formen, die die ganze Stadt meinen: „Stadt Bochum“, „Bochum insgesamt“."""
        stadt = namensform(self.verzeichnis.stadt)
        vorn = {f"{wort}{stadt}" for wort in (*STADTWOERTER, "kreisfreiestadt", "")}
        hinten = {f"{form}{wort}" for form in vorn for wort in STADTWOERTER}
        return frozenset({*STADTWOERTER, *vorn, *hinten})

    @property
    def eindeutige(self) -> dict[str, tuple[str, str]]:
        """Schlüssel, die nur ein Gebiet bezeichnen, mit Ebene."""
        return {k: p[0] for k, p in self._nach_schluessel.items() if len(p) == 1}

    def nach_schluessel(self, text: str) -> Fund:
        """Gebiet zu einem Schlüssel."""
        treffer = self._nach_schluessel.get(text, [])
        if len(treffer) == 1:
            return Fund("genau", *treffer[0])
        if treffer:
            return Fund("mehrdeutig", vorschlag=self._liste(treffer))
        if self._mit_stadt and namensform(text) in self._ganze_stadt:
            return Fund("genau", "stadt", "stadt")
        kern = text.lstrip("0")
        aehnlich = [k for k in self._nach_schluessel if k.lstrip("0") == kern and kern]
        if aehnlich:
            return Fund("breite", vorschlag=aehnlich[0])
        nah = get_close_matches(text, list(self._nach_schluessel), n=1, cutoff=0.8)
        return Fund("fremd", vorschlag=nah[0] if nah else "")

    def nach_name(self, text: str) -> Fund:
        """Gebiet zu einem Namen."""
        stadt = self.verzeichnis.stadt
        form = namensform(text, stadt)
        treffer = self._nach_form.get(form, [])
        if "stadtbezirk" in text.casefold():
            treffer = [t for t in treffer if t[0] == "stadtbezirk"] or treffer
        if len(treffer) > 1:
            return Fund("mehrdeutig", vorschlag=self._liste(treffer))
        if treffer:
            name = self.verzeichnis.namen[treffer[0]]
            ohne = GATTUNG_VORN.sub("", text.strip())
            art = "genau" if _gleich(name, ohne) or _gleich(name, text) else "variante"
            return Fund(art, *treffer[0], vorschlag=name)
        if self._mit_stadt and {form, namensform(text)} & self._ganze_stadt:
            return Fund("genau", "stadt", "stadt")
        nah = get_close_matches(form, list(self._nach_form), n=1, cutoff=0.75)
        vorschlag = self._liste(self._nach_form[nah[0]]) if nah else ""
        return Fund("fremd", vorschlag=vorschlag)

    def _liste(self, paare: Sequence[tuple[str, str]]) -> str:
        return " oder ".join(self.verzeichnis.name(*paar) for paar in paare)


def _gleich(a: str, b: str) -> bool:
    return unicodedata.normalize("NFC", a) == unicodedata.normalize("NFC", b.strip())
