"""Was heißt ein Spaltenname? Eindeutig ist nur, was Wort für Wort im Katalog steht.

Alles Ähnliche wird gefragt und nie geraten: „15 bis unter 65“ kann die Bevölkerung
meinen oder die Beschäftigten.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quartierstools.eingang.namen import UMSCHRIFT
from quartierstools.katalog import Katalog
from quartierstools.katalog.modelle import Indikator

ANTEILSWORT = re.compile(r"anteil|quote|prozent|promille|%|‰|rate\b|dichte")
ABKUERZUNGEN: Mapping[str, str] = {
    "alo": "arbeitslose",
    "bev": "bevoelkerung",
    "bg": "bedarfsgemeinschaften",
    "einwohner": "einwohnerzahl",
    "elb": "erwerbsfaehige leistungsberechtigte",
    "hh": "haushalte",
    "lza": "langzeitarbeitslose",
    "nef": "nicht erwerbsfaehige leistungsberechtigte",
    "svb": "sozialversicherungspflichtig beschaeftigte",
}
FUELLWOERTER = frozenset(
    (
        *("in", "der", "die", "das", "den", "des", "und", "oder", "von", "am", "im"),
        *("an", "mit", "je", "zu", "zum", "insgesamt", "absolut", "anzahl", "dar"),
        *("darunter", "davon", "jahre", "jahren", "prozent", "promille"),
    )
)
DARUNTER = re.compile(r"^\s*(?:dar|darunter|davon)\b\.?:?\s*", re.IGNORECASE)
ENDUNG = re.compile(r"(?<=\w{4})(?:ern|en|er|em|es|e|n|s)$")
MINDESTGUETE = 0.45
"""Ab dieser Ähnlichkeit wird nachgefragt."""
HOECHSTENS = 4
"""So viele Möglichkeiten nennt eine Frage."""


@dataclass(frozen=True, slots=True)
class _Moeglich:
    indikator: str
    rolle: str
    soll: str


@dataclass(slots=True, kw_only=True)
class Spaltenworte:
    """Bedeutungen und offene Fragen zu den Spalten einer Tabelle.

    Attributes
    ----------
    eindeutig : list of (spalte, indikator, rolle)
        Wort für Wort im Katalog; jede Rolle eines Indikators nur einmal.
    offen : dict
        Spalte → was sie heißen könnte, ähnlichste Möglichkeit zuerst.
    """

    eindeutig: list[tuple[str, str, str]] = field(default_factory=list)
    offen: dict[str, tuple[str, ...]] = field(default_factory=dict)


def deute_namen(
    namen: Sequence[str], katalog: Katalog, titel: str = ""
) -> Spaltenworte:
    """Vergleicht Spaltennamen mit Bezeichnung, Zähler und Nenner des Katalogs.

    Parameters
    ----------
    namen : Sequence of str
        Spalten mit Zahlen, in der Reihenfolge der Tabelle („dar.“ meint die davor).
    katalog : Katalog
        Indikatoren.
    titel : str, default=""
        Überschrift der Tabelle, wenn sie die Spalte erklärt.

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel, lade_katalog
    >>> katalog = lade_katalog(finde_projekt("bochum", daten=hauswurzel() / "daten"))
    >>> worte = deute_namen(["SvB am Wohnort", "15 bis unter 65"], katalog)
    >>> worte.eindeutig
    [('SvB am Wohnort', 'B10', 'zaehler')]
    >>> list(worte.offen)
    ['15 bis unter 65']
    """
    alle = list(_moeglichkeiten(katalog.indikatoren))
    worte = Spaltenworte()
    nur_nenner: list[str] = []
    fuer_namen = dict(zip(namen, _mit_oberbegriff(namen, titel), strict=True))
    for name in namen:
        passend = _nach_art(name, alle)
        genau = _genaue(name, fuer_namen[name], passend, katalog.indikatoren)
        worte.eindeutig += [(name, m.indikator, m.rolle) for m in genau]
        if not genau:
            nur_nenner.append(name)
    gezaehlt = {k for _, k, rolle in worte.eindeutig if rolle == "zaehler"}
    for name in namen:
        nenner = [
            m.indikator
            for m in alle
            if m.rolle == "nenner"
            and m.indikator in gezaehlt
            and _fassungen(name) & _fassungen(m.soll)
        ]
        worte.eindeutig += [(name, kennung, "nenner") for kennung in nenner]
        if nenner and name in nur_nenner:
            nur_nenner.remove(name)
    for name in nur_nenner:
        if fragen := _fragen(fuer_namen[name], _nach_art(name, alle), gezaehlt):
            worte.offen[name] = fragen
    _frage_nach_doppelten(worte, katalog.indikatoren)
    return worte


def _moeglichkeiten(indikatoren: Mapping[str, Indikator]) -> Iterator[_Moeglich]:
    for kennung, indikator in sorted(indikatoren.items()):
        yield _Moeglich(kennung, "wert", indikator.bezeichnung)
        rolle = "zaehler" if indikator.nenner else "wert"
        yield _Moeglich(kennung, rolle, indikator.zaehler)
        if indikator.nenner:
            yield _Moeglich(kennung, "nenner", indikator.nenner)


def _nach_art(name: str, alle: Sequence[_Moeglich]) -> list[_Moeglich]:
    """Eine Spalte mit „%“ oder „Anteil“ ist ein Wert, eine ohne kein Anteil."""
    anteil = ANTEILSWORT.search(_klein(name)) is not None
    return [
        m
        for m in alle
        if (m.rolle == "wert" and (anteil or not ANTEILSWORT.search(_klein(m.soll))))
        or (m.rolle != "wert" and not anteil)
    ]


def _mit_oberbegriff(namen: Sequence[str], titel: str) -> Iterator[tuple[str, ...]]:
    """Lesarten je Name: allein, mit der Spalte davor („dar.“), mit dem Titel."""
    oben = ""
    for name in namen:
        lesarten = [name]
        if DARUNTER.match(name):
            lesarten.append(f"{oben} {DARUNTER.sub('', name)}".strip())
        else:
            oben = name
        if titel:
            lesarten.append(f"{titel} {name}")
        yield tuple(lesarten)


def _genaue(
    name: str,
    lesarten: Sequence[str],
    alle: Sequence[_Moeglich],
    indikatoren: Mapping[str, Indikator],
) -> list[_Moeglich]:
    """Werte und Zähler, die Wort für Wort passen; mehrere Werte sind eine Frage."""
    if name in indikatoren:
        return [_Moeglich(name, "wert", name)]
    for text in lesarten:
        fassungen = _fassungen(text)
        gefunden = {
            (m.indikator, m.rolle): m
            for m in alle
            if m.rolle != "nenner" and fassungen & _fassungen(m.soll)
        }
        werte = {k for k, rolle in gefunden if rolle == "wert"}
        if len(werte) > 1 or (werte and len(gefunden) > 1):
            return []
        if gefunden:
            return list(gefunden.values())
    return []


def _fragen(
    lesarten: Sequence[str], alle: Sequence[_Moeglich], gezaehlt: set[str]
) -> tuple[str, ...]:
    """Ähnliche Bedeutungen als Text, ähnlichste zuerst; gleiche Texte zusammen.

    Zuerst stehen Nenner, deren Zähler diese Tabelle schon enthält.
    """
    guete: dict[tuple[str, str], float] = {}
    kennungen: dict[tuple[str, str], list[str]] = {}
    for m in alle:
        wie = max(_naehe(text, m.soll) for text in lesarten)
        if wie < MINDESTGUETE:
            continue
        schluessel = (m.rolle, m.soll)
        erwartet = m.rolle == "nenner" and m.indikator in gezaehlt
        guete[schluessel] = max(guete.get(schluessel, 0.0), wie + erwartet)
        kennungen.setdefault(schluessel, []).append(m.indikator)
    folge = sorted(guete, key=lambda s: (-guete[s], s))
    return tuple(
        f"{', '.join(dict.fromkeys(kennungen[s]))} als {s[0]} ({s[1]})"
        for s in folge[:HOECHSTENS]
    )


def _naehe(text: str, soll: str) -> float:
    """Ähnlichkeit von 0 bis 1; alle Wörter enthalten zählt mindestens 0,5."""
    enthalten = any(
        eins and eins <= zwei for eins in _fassungen(text) for zwei in _fassungen(soll)
    )
    a, b = _dreier(text), _dreier(soll)
    wie = 2 * len(a & b) / max(1, len(a) + len(b))
    return max(wie, 0.5 + wie / 2) if enthalten else wie


def _frage_nach_doppelten(
    worte: Spaltenworte, indikatoren: Mapping[str, Indikator]
) -> None:
    """Zwei Spalten für dieselbe Rolle: beide fragen."""
    gleiche: dict[tuple[str, str], list[str]] = {}
    for name, kennung, rolle in worte.eindeutig:
        gleiche.setdefault((kennung, rolle), []).append(name)
    doppelt = {s: n for s, n in gleiche.items() if len(n) > 1}
    worte.eindeutig = [e for e in worte.eindeutig if e[1:] not in doppelt]
    for (kennung, rolle), namen in doppelt.items():
        frage = f"{kennung} als {rolle} ({indikatoren[kennung].bezeichnung})"
        for name in namen:
            worte.offen[name] = (*worte.offen.get(name, ()), frage)


def _klein(text: str) -> str:
    return text.casefold().replace("ß", "ss").translate(UMSCHRIFT)


def _fassungen(text: str) -> set[frozenset[str]]:
    """Wortstämme mit und ohne den Zusatz in Klammern."""
    klein = _klein(text)
    ohne = re.sub(r"\([^)]*\)", " ", klein)
    return {stamm for t in (klein, ohne) if (stamm := _staemme(t))}


def _staemme(klein: str) -> frozenset[str]:
    woerter = re.findall(r"[a-z0-9]+", klein)
    voll = " ".join(ABKUERZUNGEN.get(w, w) for w in woerter).split()
    return frozenset(ENDUNG.sub("", w) for w in voll if w not in FUELLWOERTER)


def _dreier(text: str) -> set[str]:
    """Dreiergruppen von Buchstaben, ohne Füllwörter; für zusammengesetzte Wörter."""
    ohne = ANTEILSWORT.sub(" ", _klein(text))
    return {
        wort[i : i + 3] for wort in _staemme(ohne) for i in range(max(1, len(wort) - 2))
    }
