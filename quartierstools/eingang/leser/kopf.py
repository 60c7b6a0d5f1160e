"""Wo beginnt und endet die Tabelle? Titel, mehrzeilige Köpfe und Fußnoten trennen."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from quartierstools.eingang.leser.rohtabelle import Raster
from quartierstools.eingang.schutz import sicherer_text, zellbefund
from quartierstools.fehler import Befund

ZAHLARTIG = re.compile(r"[-−+(]?\d[\d.,\s\u00a0\u202f]*\s*[%‰]?\)?")
ZEICHEN = frozenset({"-", "–", "—", ".", "/", "x", "X", "...", "…", "•", "·", "*"})
JAHR = re.compile(r"(?:19|20)\d\d")
FUSSNOTE = re.compile(
    r"(?:Quelle|Anmerkung|Hinweis|Stand|Erstellt|Legende|Zeichenerklärung|Datenstand"
    r"|Auswertung|Bearbeitung|Fußnote|Berechnung|Datenbasis)\b.*|©.*|\(c\).*|[*¹²³].*"
    r"|\d\).*|[-./x…]+\s*=.*",
    re.IGNORECASE | re.DOTALL,
)
HOECHSTENS_KOPF = 5
LANGER_TEXT = 60
"""Längerer Text allein in einer Zeile ist eine Fußnote, kein Gebietsname."""
VERBINDER = " | "


@dataclass(frozen=True, slots=True)
class Aufteilung:
    """Welche Zeilen (ab 0) wozu gehören."""

    kopf_von: int
    kopf_bis: int
    ende: int
    titel: tuple[str, ...]
    fussnoten: tuple[str, ...]
    nummernzeile: bool = False


def teile_auf(
    raster: Raster, *, kopfzeile: int | None = None, kopfzeilen: int | None = None
) -> Aufteilung:
    """Trennt Titel, Kopf, Körper und Fußnoten eines Rasters.

    Parameters
    ----------
    raster : Sequence of Sequence of str
        Zeilen der Datei, Zellen ohne Rand.
    kopfzeile, kopfzeilen : int, optional
        Erste Kopfzeile (ab 1) und Zahl der Kopfzeilen, falls bekannt.

    Examples
    --------
    >>> a = teile_auf([["Arbeitslose"], ["Nr.", "Name", "Zahl"], ["10", "A", "5"],
    ...                [""], ["Quelle: BA"]])
    >>> a.kopf_von, a.kopf_bis, a.ende, a.titel, a.fussnoten
    (1, 2, 3, ('Arbeitslose',), ('Quelle: BA',))
    """
    fuellung = [sum(bool(z) for z in zeile) for zeile in raster]
    breite = max(fuellung, default=0)
    genug = max(2, (breite + 1) // 2)
    voll = [i for i, n in enumerate(fuellung) if n >= min(genug, max(breite, 1))]
    start = kopfzeile - 1 if kopfzeile else (voll[0] if voll else 0)
    bis = start + (kopfzeilen or 1)
    while not kopfzeilen and bis < len(raster) and _weiterer_kopf(raster, start, bis):
        bis += 1
    while not kopfzeile and start > 0 and _ist_gruppenzeile(raster[start - 1]):
        start -= 1
    nummern = bis < len(raster) and _ist_nummernzeile(raster[bis])
    ende = _ende(raster, bis)
    return Aufteilung(
        kopf_von=start,
        kopf_bis=bis,
        ende=ende,
        titel=tuple(_zeilentexte(raster[:start])),
        fussnoten=tuple(_zeilentexte(raster[ende:])),
        nummernzeile=nummern,
    )


def _zeilentexte(zeilen: Raster) -> list[str]:
    return [text for z in zeilen if (text := " ".join(c for c in z if c))]


def _weiterer_kopf(raster: Raster, start: int, bis: int) -> bool:
    """Gehört die Zeile noch zum Kopf? Nur, wenn er bisher Lücken oder Doppel hat."""
    namen = [n for n in spaltennamen(raster[start:bis]) if n]
    breite = max((len(z) for z in raster[start : bis + 1]), default=0)
    fertig = len(namen) == breite and len(set(namen)) == breite
    zeile = raster[bis]
    gefuellt = sum(bool(z) for z in zeile)
    daten = bool(zeile) and ZAHLARTIG.fullmatch(zeile[0]) is not None
    return (
        not fertig
        and not daten
        and gefuellt > 0
        and bis - start < HOECHSTENS_KOPF
        and not _ist_koerper(zeile, gefuellt)
    )


def _ist_koerper(zeile: Sequence[str], gefuellt: int) -> bool:
    """Zahlen oder Zeichen rechts der ersten Spalte, keine bloßen Jahre."""
    rechts = [z for z in zeile[1:] if z]
    werte = [z for z in rechts if z in ZEICHEN or ZAHLARTIG.fullmatch(z)]
    return gefuellt > 1 and bool(werte) and not all(JAHR.fullmatch(z) for z in rechts)


def _ist_gruppenzeile(zeile: Sequence[str]) -> bool:
    """Überschriften über mehreren Spalten: etwas rechts, keine Zahl, kein Titel."""
    rechts = [z for z in zeile[1:] if z]
    return bool(rechts) and not _ist_koerper(zeile, len(rechts) + bool(zeile[0]))


def _ist_nummernzeile(zeile: Sequence[str]) -> bool:
    zahlen = [z.strip("()") for z in zeile if z]
    return len(zahlen) > 2 and zahlen == [str(i + 1) for i in range(len(zahlen))]  # noqa: PLR2004


def _ende(raster: Raster, beginn: int) -> int:
    """Erste Zeile nach dem Körper: darunter nur Leeres und Fußnoten."""
    ende = len(raster)
    while ende > beginn and _ist_fussnote(raster[ende - 1]):
        ende -= 1
    return ende


def _ist_fussnote(zeile: Sequence[str]) -> bool:
    gefuellt = [z for z in zeile if z]
    if not gefuellt:
        return True
    if FUSSNOTE.fullmatch(gefuellt[0]):
        return not _ist_koerper(zeile, len(gefuellt))
    return len(gefuellt) == 1 and len(gefuellt[0]) > LANGER_TEXT and len(zeile) > 1


def spaltennamen(kopf: Raster) -> list[str]:
    """Ein Name je Spalte; mehrzeilige Köpfe mit „ | “ verbunden, in NFC.

    Verbundene Überschriften gelten für alle Spalten bis zur nächsten.

    Examples
    --------
    >>> spaltennamen([["", "Arbeitslose", ""], ["Nr.", "insg.", "Frauen"]])
    ['Nr.', 'Arbeitslose | insg.', 'Arbeitslose | Frauen']
    """
    breite = max((len(z) for z in kopf), default=0)
    teile: list[list[str]] = [[] for _ in range(breite)]
    for nummer, zeile in enumerate(kopf):
        letzte, letzte_oben = "", [""] * breite
        for i in range(breite):
            text = " ".join(zeile[i].split()) if i < len(zeile) else ""
            oben = list(teile[i])
            if text:
                letzte, letzte_oben = text, oben
            elif nummer < len(kopf) - 1 and letzte and oben == letzte_oben:
                text = letzte
            if text and text not in teile[i]:
                teile[i].append(text)
    return [unicodedata.normalize("NFC", VERBINDER.join(t)) for t in teile]


def kopfbefunde(namen: Sequence[str], ort: str) -> list[Befund]:
    """Leere, doppelte und gefährliche Spaltennamen."""
    befunde = []
    for nummer, name in enumerate(namen, start=1):
        grund = zellbefund(name)
        if grund:
            befunde.append(
                Befund(
                    ort=f"{ort}, Kopfzeile, Spalte {nummer}",
                    was=f"Im Spaltennamen „{sicherer_text(name)}“ steht {grund}.",
                    erwartet="ein Name aus gewöhnlichen Zeichen",
                    rat="Bitte bei der Quelle nachfragen und neu liefern lassen.",
                )
            )
    doppelt = sorted({n for n in namen if n and list(namen).count(n) > 1})
    befunde += [
        Befund(
            ort=f"{ort}, Kopfzeile",
            was=f"Die Spalte „{sicherer_text(n)}“ steht {list(namen).count(n)}-mal.",
            erwartet="jeder Spaltenname nur einmal",
            rat="Bitte eine der Spalten umbenennen oder entfernen.",
        )
        for n in doppelt
    ]
    return befunde
