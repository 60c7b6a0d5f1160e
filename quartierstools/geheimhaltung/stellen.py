"""Woraus besteht eine fertige Datei? Stellen: ein Text und was ihn umgibt."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

SATZENDE = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÄÖÜ„(\[])|\n+|\s[·•|]\s")
KENNUNG = re.compile(r"0\d+|[A-Z]{1,3}\d{1,3}[a-z]?")
"""Gebietsschlüssel mit führender Null oder Kennung eines Indikators."""

DATUM = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}\.\d{2}\.\d{4}")
HOECHSTLAENGE = 200
"""Längere Texte sind keine Beschriftung."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stelle:
    """Ein Stück einer Datei, in dem eine Zahl stehen kann.

    Attributes
    ----------
    datei : str
        Name der Datei im durchgesehenen Ordner.
    ort : str
        Wo in der Datei („Tabelle 2, Zeile 3“, „ebenen/0/werte/4“).
    text : str
        Der Text selbst; bei Zellen nur der Inhalt der Zelle.
    zeile, spalte : tuple of str
        Beschriftungen derselben Zeile und Spalte, Geschwister im JSON.
    rahmen : tuple of str
        Titel, Überschriften, Namen darüber; gilt nur, wenn Näheres schweigt.
    art : str
        ``text``, ``zelle`` (Tabelle) oder ``daten`` (JSON, Attribute).
    """

    datei: str
    ort: str
    text: str
    zeile: tuple[str, ...] = ()
    spalte: tuple[str, ...] = ()
    rahmen: tuple[str, ...] = ()
    art: str = "text"


def saetze(stelle: Stelle) -> Iterator[Stelle]:
    """Zerlegt einen Text in Sätze; der ganze Text bleibt als Rahmen."""
    teile = [t for t in SATZENDE.split(stelle.text) if t and t.strip()]
    if len(teile) <= 1:
        yield stelle
        return
    for nummer, teil in enumerate(teile):
        davor = teile[nummer - 1] if nummer else ""
        yield replace(
            stelle,
            text=teil,
            rahmen=(*stelle.rahmen, *([davor] if davor else [])),
        )


def beschriftung(text: str) -> bool:
    """Ob eine Zelle Beschriftung ist: kurz und nicht nur eine Zahl.

    Examples
    --------
    >>> beschriftung("Forsthaus"), beschriftung("4,3 %"), beschriftung("062")
    (True, False, True)
    """
    knapp = text.strip()
    if not knapp or len(knapp) > HOECHSTLAENGE:
        return False
    if KENNUNG.fullmatch(knapp):
        return True
    return re.search(r"[A-Za-zÄÖÜäöüß]{2}", knapp.replace("Prozent", "")) is not None


def tabellenstellen(
    zeilen: Sequence[Sequence[str]],
    *,
    datei: str,
    ort: str,
    rahmen: tuple[str, ...] = (),
    kopfzeilen: int = 0,
    orte: frozenset[str] = frozenset(),
) -> Iterator[Stelle]:
    """Zellen einer Tabelle mit Zeilen- und Spaltenbeschriftung.

    Parameters
    ----------
    zeilen : Sequence of Sequence of str
        Zellinhalte; kürzere Zeilen gelten als rechts leer.
    kopfzeilen : int, default=0
        Zahl der sicheren Kopfzeilen. Ohne Angabe gelten alle Beschriftungen
        darüber in derselben Spalte.
    orte : frozenset of str
        Schlüssel und Namen der Gebiete; daran zeigt sich, ob eine Spalte ohne Kopf
        Zeilen nur durchzählt.
    """
    koepfe: dict[int, list[str]] = {}
    nummern = bool(orte) and _durchgezaehlt(zeilen, orte)
    for nummer, zeile in enumerate(zeilen):
        benennend = zeile[1:] if nummern and nummer else zeile
        namen = tuple(z.strip() for z in benennend if _zeilenname(z))
        for stelle, inhalt in enumerate(zeile):
            if inhalt.strip():
                yield Stelle(
                    datei=datei,
                    ort=f"{ort}, Zeile {nummer + 1}, Spalte {stelle + 1}",
                    text=inhalt.strip(),
                    zeile=tuple(n for n in namen if n != inhalt.strip()),
                    spalte=tuple(koepfe.get(stelle, ())),
                    rahmen=(*rahmen, *koepfe.get(stelle - 1, ())),
                    art="zelle",
                )
        for stelle, inhalt in enumerate(zeile):
            kopf = nummer < kopfzeilen or (not kopfzeilen and _nur_namen(zeile))
            if kopf and beschriftung(inhalt):
                koepfe.setdefault(stelle, []).append(inhalt.strip())


def _durchgezaehlt(zeilen: Sequence[Sequence[str]], orte: frozenset[str]) -> bool:
    """Ob die erste Spalte ohne Kopf nur Zeilen zählt: 17, 18, 19 …

    Stünden dort Gebiete, wäre jede Zahl ein Schlüssel; eine fremde zeigt, dass
    es Zeilennummern sind.
    """
    kopf, *spalte = (zeile[0].strip() if zeile else "" for zeile in zeilen)
    if kopf or len(spalte) < 3 or not all(z.isdecimal() for z in spalte):  # noqa: PLR2004
        return False
    zahlen = list(map(int, spalte))
    folge = list(range(zahlen[0], zahlen[0] + len(zahlen)))
    return zahlen == folge and not orte.issuperset(spalte)


def _zeilenname(inhalt: str) -> bool:
    knapp = inhalt.strip()
    schluessel = re.fullmatch(r"\d{1,8}", knapp) or DATUM.fullmatch(knapp)
    return beschriftung(knapp) or schluessel is not None


def _nur_namen(zeile: Sequence[str]) -> bool:
    gefuellt = [z for z in zeile if z.strip()]
    return bool(gefuellt) and all(beschriftung(z) for z in gefuellt)


def json_stellen(
    daten: object,
    *,
    datei: str,
    ort: str = "",
    rahmen: tuple[str, ...] = (),
    orte: frozenset[str] = frozenset(),
) -> Iterator[Stelle]:
    """Blätter eines JSON-Baums; gleich lange Listen gehören zu Gebietslisten.

    Parameters
    ----------
    orte : frozenset of str
        Schlüssel und Namen der Gebiete; Listen daraus benennen Positionen.
    """
    achsen = _achsen(daten, orte)
    yield from _zweig(daten, datei, ort, (), rahmen, achsen)


def _achsen(daten: object, orte: frozenset[str]) -> dict[int, list[tuple[str, ...]]]:
    """Länge → Namen je Position, aus Listen, die fast nur Gebiete nennen."""
    gefunden: dict[int, list[tuple[str, ...]]] = {}
    for liste in _listen(daten):
        texte = [str(e) for e in liste if isinstance(e, str | int)]
        treffer = sum(t in orte for t in texte)
        if len(liste) >= 3 and treffer >= 0.8 * len(liste):  # noqa: PLR2004
            gefunden.setdefault(len(liste), []).append(tuple(str(e) for e in liste))
    return gefunden


def _listen(daten: object) -> Iterator[list[object]]:
    stapel = [daten]
    while stapel:
        knoten = stapel.pop()
        if isinstance(knoten, list):
            yield knoten
            stapel += [k for k in knoten if isinstance(k, list | dict)]
        elif isinstance(knoten, dict):
            stapel += [k for k in knoten.values() if isinstance(k, list | dict)]


def _zweig(
    knoten: object,
    datei: str,
    ort: str,
    zeile: tuple[str, ...],
    rahmen: tuple[str, ...],
    achsen: Mapping[int, list[tuple[str, ...]]],
) -> Iterator[Stelle]:
    if isinstance(knoten, dict):
        namen = {k: str(v) for k, v in knoten.items() if _ist_name(k, v)}
        for name, wert in knoten.items():
            andere = tuple(t for k, t in namen.items() if k != name)
            if isinstance(wert, dict | list):
                weiter = (*rahmen, *andere, str(name))
                yield from _zweig(wert, datei, f"{ort}/{name}", zeile, weiter, achsen)
            else:
                yield _blatt(
                    wert,
                    datei,
                    f"{ort}/{name}",
                    (*zeile, *andere),
                    (str(name),),
                    rahmen,
                )
    elif isinstance(knoten, list):
        stumm = all(isinstance(k, int | float) for k in knoten)
        benannt = _benannt(knoten)
        for nummer, wert in enumerate(knoten):
            eigene = zeile
            if len(knoten) in achsen and not benannt:
                eigene = (*zeile, *(a[nummer] for a in achsen[len(knoten)]))
            elif stumm and len(knoten) > HOECHSTLAENGE:
                continue
            if isinstance(wert, dict | list):
                yield from _zweig(
                    wert, datei, f"{ort}/{nummer}", eigene, rahmen, achsen
                )
            else:
                yield _blatt(wert, datei, f"{ort}/{nummer}", eigene, (), rahmen)
    else:
        yield _blatt(knoten, datei, ort, zeile, (), rahmen)


def _benannt(knoten: list[object]) -> bool:
    """Ob jedes Glied eine eigene Kennung trägt, wie die Ebenen der Karte.

    Dann zählt die Liste etwas anderes auf als Gebiete, auch wenn sie so lang ist.
    """
    kennungen = [k.get("kennung") for k in knoten if isinstance(k, dict)]
    return (
        len(kennungen) == len(knoten)
        and all(isinstance(k, str) and k for k in kennungen)
        and len(set(map(str, kennungen))) == len(knoten)
    )


def _ist_name(schluessel: object, wert: object) -> bool:
    if isinstance(wert, str):
        return len(wert) <= HOECHSTLAENGE
    return isinstance(wert, int) and str(schluessel).lower() in SCHLUESSELNAMEN


SCHLUESSELNAMEN = frozenset(
    {"gebiet", "schluessel", "schlüssel", "id", "key", "bezirk", "code", "nr"}
)
"""Felder, in denen eine Zahl ein Gebiet nennt."""


def _blatt(
    wert: object,
    datei: str,
    ort: str,
    zeile: Iterable[str],
    spalte: tuple[str, ...],
    rahmen: tuple[str, ...],
) -> Stelle:
    text = wert if isinstance(wert, str) else "" if wert is None else repr(wert)
    return Stelle(
        datei=datei,
        ort=ort.lstrip("/") or "Wurzel",
        text=text,
        zeile=tuple(zeile),
        spalte=spalte,
        rahmen=rahmen,
        art="daten",
    )
