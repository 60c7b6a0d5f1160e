"""An welchen Wörtern hängt eine Aussage? Texte als Zeichenfolgen mit Sätzen."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from quartierstools.nachpruefung.abdruck import Druckzahl
from quartierstools.nachpruefung.zahlen import (
    MONATE,
    WERT,
    Zeichen,
    glatt,
    saetze,
    zeichen,
)

_RICHTUNG = """
    über unter höher niedriger höchste höchster höchsten höchstes niedrigste
    niedrigster niedrigsten niedrigstes mehr weniger größer kleiner stieg sank
    gestiegen gesunken steigt sinkt nicht kein keine keinem keinen keiner ohne nie
    deutlich etwas kaum rund genau mindestens höchstens vor nach seit bis ab
    zugenommen abgenommen doppelt halb alle allen jede jeder fast einigen
    überdurchschnittlich unterdurchschnittlich plus minus am um
"""

RICHTUNG = frozenset((*_RICHTUNG.split(), *MONATE))
"""Wörter, die eine Zahl einordnen, verneinen oder datieren."""

_FUELLWORTE = """
    der die das den dem des ein eine einer einem einen und oder im in an auf zu
"""

FUELLWORTE = frozenset(_FUELLWORTE.split())
"""Wörter, die hinter einer Zahl nicht ihr Bezug sind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Woerterbuch:
    """Namen, an denen Aussagen hängen, als Zeichenfolgen.

    Attributes
    ----------
    orte : dict
        Erstes Wort eines Namens → alle Namen, die so beginnen.
    kennzahlen : frozenset
        Wörter aus Namen von Kennzahlen.
    """

    orte: dict[str, tuple[tuple[str, ...], ...]]
    kennzahlen: frozenset[str]

    @classmethod
    def aus_namen(cls, orte: Iterable[str], kennzahlen: Iterable[str]) -> "Woerterbuch":
        """Aus den Listen des Manifests."""
        nach_anfang: dict[str, list[tuple[str, ...]]] = {}
        for name in sorted(set(orte)):
            folge = tuple(z.schluessel for z in zeichen(glatt(name)))
            if folge:
                nach_anfang.setdefault(folge[0], []).append(folge)
        worte = {
            z.schluessel
            for name in kennzahlen
            for z in zeichen(glatt(name))
            if not z.ist_zahl and len(z.schluessel) > 4  # noqa: PLR2004 – kein Füllwort
        }
        return cls(
            orte={k: tuple(v) for k, v in nach_anfang.items()},
            kennzahlen=frozenset(worte),
        )

    def art(self, folge: Sequence[str]) -> list[str]:
        """Je Zeichen ``Gebiet``, ``Richtung``, ``Kennzahl`` oder leer."""
        arten = [
            "Richtung"
            if wort in RICHTUNG
            else "Kennzahl"
            if wort in self.kennzahlen
            else ""
            for wort in folge
        ]
        for stelle, wort in enumerate(folge):
            for name in self.orte.get(wort, ()):
                if tuple(folge[stelle : stelle + len(name)]) == name:
                    arten[stelle : stelle + len(name)] = ["Gebiet"] * len(name)
        return arten


@dataclass(slots=True)
class Folge:
    """Zeichen eines Textes mit ihrem Satz."""

    zeichen: list[Zeichen] = field(default_factory=list)
    satz: list[int] = field(default_factory=list)
    saetze: list[tuple[str, str, str]] = field(default_factory=list)
    zahlen: list[Druckzahl | None] = field(default_factory=list)
    worte: list[str] = field(default_factory=list)
    arten: list[str] = field(default_factory=list)

    def fuege_an(
        self, text: str, ort: str, art: str, zahlen: Sequence[Druckzahl] = ()
    ) -> None:
        """Hängt einen Text an; Zeilen und Bilder sind je ein Satz."""
        offen = list(zahlen)
        spannen = [(0, len(text))] if art != "text" else list(saetze(text))
        folge = zeichen(text)
        for von, bis in spannen:
            nummer = len(self.saetze)
            self.saetze.append((ort, text[von:bis].strip(), art))
            for z in folge:
                if von <= z.von < bis:
                    self.zeichen.append(z)
                    self.satz.append(nummer)
                    self.worte.append(z.schluessel)
                    belegt = offen.pop(0) if z.ist_zahl and offen else None
                    self.zahlen.append(belegt)

    def spanne(self, satz: int) -> tuple[int, int]:
        """Erste Stelle eines Satzes und die hinter der letzten."""
        return bisect_left(self.satz, satz), bisect_right(self.satz, satz)

    def worte_je_satz(self) -> list[Counter[str]]:
        """Wörter jedes Satzes mit ihrer Häufigkeit."""
        gezaehlt: list[Counter[str]] = [Counter() for _ in self.saetze]
        for wort, satz in zip(self.worte, self.satz, strict=True):
            gezaehlt[satz][wort] += 1
        return gezaehlt

    def mit_wert(self) -> frozenset[int]:
        """Sätze, die einen Wert nennen."""
        return frozenset(
            satz
            for z, satz in zip(self.zeichen, self.satz, strict=True)
            if z.ist_zahl and z.klasse == WERT
        )
