"""Was ist an einer Auswertung wählbar, und was weicht von der Vorgabe ab?

Gewichte, Merkmale und Datenstand lassen sich ändern, ohne den Katalog zu ändern.
Jede Abweichung steht danach als Satz in der Freigabe und damit in jeder Ausgabe.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date
from numbers import Integral
from typing import Any, Self

from quartierstools.fehler import Aufruffehler, meinten_sie
from quartierstools.geheimhaltung import Fassung, Freigabe, pruefe_fassung
from quartierstools.katalog import Katalog, Zielgruppe
from quartierstools.katalog.modelle import Gewichtet
from quartierstools.schreibweise import aufzaehlung, datum_text, zahl_text

GEWICHT = re.compile(
    r"(?P<gruppe>[^:=]+):(?P<indikator>[^:=]+)=(?P<wert>\d+(?:[.,]\d+)?)"
)
KOPF = "So lässt sich nicht rechnen:"
VERFAHREN = ("kmeans", "ward", "gemischt")
"""Verfahren der Gruppen; das erste ist die Vorgabe."""
TAG = re.compile(r"\d{4}-\d{2}-\d{2}")
TYPENZAHLEN = range(2, 9)
"""Wie viele Gruppen sich wählen lassen."""
HOECHSTGEWICHT = 10.0
"""Mehr als das Zehnfache macht aus dem Index einen einzelnen Indikator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Einstellung:
    """Was an einer Auswertung wählbar ist.

    Attributes
    ----------
    fassung : str
        ``oeffentlich`` oder ``intern``.
    anzahl_typen : int
        0: aus den Daten vorgeschlagen, sonst 2 bis 8.
    varianten : int
        Rechenvarianten für die Haltbarkeit.
    startwert : int
        Startwert aller Zufallszüge.
    gewichte : tuple of str
        Je Eintrag ``zielgruppe:indikator=gewicht``; 0 lässt den Indikator weg.
    typmerkmale : tuple of str
        Indikatoren der Gruppen; leer: wie im Projekt.
    verfahren : str
        Verfahren der Gruppen: ``kmeans``, ``ward`` oder ``gemischt``.
    datenstand : str
        ``JJJJ-MM-TT``: nur Werte bis zu diesem Tag; leer: alle.
    aenderung : str
        Wer warum von der Vorgabe abweicht, in einem Satz.

    Raises
    ------
    Aufruffehler
        Wenn eine Angabe von der falschen Art oder unmöglich ist; alle Mängel in
        einer Meldung. Was der Katalog kennt, prüft `angewandt`.

    Examples
    --------
    >>> Einstellung(gewichte=("langzeitarbeitslose:B05=2",), aenderung="Probe").fassung
    'oeffentlich'
    """

    fassung: Fassung = "oeffentlich"
    anzahl_typen: int = 0
    varianten: int = 1000
    startwert: int = 0
    gewichte: tuple[str, ...] = ()
    typmerkmale: tuple[str, ...] = ()
    verfahren: str = "kmeans"
    datenstand: str = ""
    aenderung: str = ""

    def __post_init__(self) -> None:
        """Nennt alle Angaben, mit denen sich nicht rechnen lässt."""
        pruefe_fassung(self.fassung)
        maengel = [*_zahlmaengel(self), *_listenmaengel(self)]
        if maengel:
            raise Aufruffehler("\n  - ".join([KOPF, *maengel]))

    @classmethod
    def aus_parametern(cls, parameter: Mapping[str, object]) -> Self:
        """Einstellung aus den Parametern eines Notebooks; Fremdes bleibt außen vor.

        Examples
        --------
        >>> Einstellung.aus_parametern({"projekt": "bochum", "anzahl_typen": None})
        ... # doctest: +ELLIPSIS
        Einstellung(fassung='oeffentlich', anzahl_typen=0, ...)
        """
        eigene = {f.name for f in fields(cls)}
        gewaehlt = {
            name: tuple(wert) if isinstance(wert, list) else wert
            for name, wert in parameter.items()
            if name in eigene and wert is not None
        }
        return cls(**gewaehlt)  # type: ignore[arg-type]


def _zahlmaengel(einstellung: Einstellung) -> list[str]:
    """Zahlen, die keine sind oder nicht gehen."""
    moeglich: dict[str, tuple[str, Callable[[Any], bool]]] = {
        "anzahl_typen": ("2 bis 8", lambda zahl: zahl == 0 or zahl in TYPENZAHLEN),
        "varianten": ("ab 1", lambda zahl: zahl >= 1),
        "startwert": ("ab 0", lambda zahl: zahl >= 0),
    }
    maengel = []
    for name, (wort, geht) in moeglich.items():
        wert: object = getattr(einstellung, name)
        ganz = isinstance(wert, Integral) and not isinstance(wert, bool)
        if not ganz or not geht(wert):
            maengel.append(
                f"{name}: „{wert}“ geht nicht; erwartet wird eine ganze Zahl, {wort}."
            )
    return maengel


def _listenmaengel(einstellung: Einstellung) -> list[str]:
    """Was eine Folge von Texten sein soll und keine ist."""
    beispiele = {
        "gewichte": '["langzeitarbeitslose:B05=2"]',
        "typmerkmale": '["B01", "B05"]',
    }
    return [
        f"{name}: Erwartet wird eine Liste von Texten, etwa {beispiel}."
        for name, beispiel in beispiele.items()
        if not isinstance(getattr(einstellung, name), tuple)
        or not all(isinstance(e, str) for e in getattr(einstellung, name))
    ]


def als_folge(werte: object) -> tuple[str, ...]:
    """Eine Liste aus einem Notebook als Tupel; ein einzelner Text ist keine Liste.

    Examples
    --------
    >>> als_folge(["B01", "B05"])
    ('B01', 'B05')
    >>> als_folge("B01")
    'B01'
    """
    if isinstance(werte, Sequence) and not isinstance(werte, str):
        return tuple(werte)
    return werte  # type: ignore[return-value]


def angewandt(freigabe: Freigabe, einstellung: Einstellung) -> Freigabe:
    """Freigabe mit den gewählten Gewichten, Merkmalen und Stichtagen.

    Parameters
    ----------
    freigabe : Freigabe
        Stand nach dem Katalog; bleibt unverändert.
    einstellung : Einstellung
        Was anders sein soll.

    Returns
    -------
    Freigabe
        Mit einem Satz je Abweichung in ``abweichungen``; ohne Abweichung dieselbe.

    Raises
    ------
    Aufruffehler
        Unbekannte Zielgruppe, unbekannter Indikator, unmögliches Gewicht oder kein
        Wert bis zum gewählten Tag; alle Mängel in einer Meldung.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> freigabe = oeffne("musterstadt").auswertung.freigabe
    >>> anders = angewandt(freigabe, Einstellung(verfahren="ward"))
    >>> print(anders.abweichungen[0])
    Abweichend von der Vorgabe: Gruppen nach dem Verfahren „ward“.
    """
    katalog = freigabe.katalog
    maengel = _maengel(katalog, einstellung)
    werte = freigabe.werte
    if einstellung.datenstand and not maengel:
        werte = werte[werte["stichtag"] <= einstellung.datenstand]
        if werte.empty:
            maengel.append(
                f"datenstand: Bis {einstellung.datenstand} liegt kein Wert vor."
            )
    if maengel:
        raise Aufruffehler("\n  - ".join([KOPF, *maengel]))
    gruppen, saetze = _gewichtet(katalog, einstellung.gewichte)
    merkmale = einstellung.typmerkmale or katalog.projekt.typen.indikatoren
    if set(merkmale) != set(katalog.projekt.typen.indikatoren):
        namen = [katalog.indikatoren[i].bezeichnung for i in merkmale]
        saetze.append(f"Gruppen aus {aufzaehlung(namen)}.")
    if einstellung.verfahren != VERFAHREN[0]:
        saetze.append(f"Gruppen nach dem Verfahren „{einstellung.verfahren}“.")
    if len(werte) < len(freigabe.werte):
        tag = datum_text(date.fromisoformat(einstellung.datenstand))
        saetze.append(f"Nur Werte bis {tag}.")
    if not saetze:
        return freigabe
    if einstellung.aenderung:
        saetze.append(f"Grund der Abweichung: {einstellung.aenderung.rstrip('.')}.")
    else:
        saetze.append("Ein Grund ist nicht angegeben (Parameter aenderung).")
    return replace(
        freigabe,
        katalog=_katalog(katalog, gruppen, merkmale),
        werte=werte,
        abweichungen=tuple(f"Abweichend von der Vorgabe: {s}" for s in saetze[:1])
        + tuple(saetze[1:]),
    )


def _maengel(katalog: Katalog, einstellung: Einstellung) -> list[str]:
    """Alle Mängel der Wahl, bevor etwas gerechnet wird."""
    maengel = [m for g in einstellung.gewichte for m in _gewichtmaengel(katalog, g)]
    for indikator in einstellung.typmerkmale:
        maengel += _merkmalmaengel(katalog, indikator)
    doppelt = [i for i, n in Counter(einstellung.typmerkmale).items() if n > 1]
    if doppelt:
        maengel.append(f"typmerkmale: {aufzaehlung(doppelt)} steht mehrfach da.")
    if einstellung.verfahren not in VERFAHREN:
        rat = meinten_sie(einstellung.verfahren, VERFAHREN)
        maengel.append(f"verfahren: „{einstellung.verfahren}“ ist unbekannt.{rat}")
    if einstellung.datenstand and not _ist_tag(einstellung.datenstand):
        maengel.append(
            f"datenstand: „{einstellung.datenstand}“ ist kein Tag; erwartet wird "
            "JJJJ-MM-TT."
        )
    return maengel + _leere_gruppen(katalog, einstellung.gewichte, maengel)


def _gewichtmaengel(katalog: Katalog, eintrag: str) -> list[str]:
    """Was an einem Eintrag wie ``langzeitarbeitslose:B05=2`` nicht geht."""
    teile = GEWICHT.fullmatch(eintrag.strip())
    if teile is None:
        erwartet = "zielgruppe:indikator=gewicht, etwa langzeitarbeitslose:B05=2"
        return [f"gewichte: „{eintrag}“ – erwartet wird {erwartet}."]
    maengel = []
    gruppe, kennung = teile["gruppe"], teile["indikator"]
    if gruppe not in katalog.projekt.zielgruppen:
        rat = meinten_sie(gruppe, list(katalog.projekt.zielgruppen))
        maengel.append(f"gewichte: Zielgruppe „{gruppe}“ ist unbekannt.{rat}")
    gewicht, indikator = _zahl(teile["wert"]), katalog.indikatoren.get(kennung)
    if indikator is None:
        rat = meinten_sie(kennung, list(katalog.indikatoren))
        maengel.append(f"gewichte: Indikator „{kennung}“ ist unbekannt.{rat}")
    elif gewicht and not indikator.wertet:
        maengel.append(
            f"gewichte: „{indikator.bezeichnung}“ ({kennung}) ist ein Kontextmerkmal "
            "oder hat keine Richtung und darf nicht in den Index. Bitte weglassen."
        )
    if gewicht > HOECHSTGEWICHT:
        maengel.append(f"gewichte: {eintrag} – ein Gewicht liegt zwischen 0 und 10.")
    return maengel


def _merkmalmaengel(katalog: Katalog, kennung: str) -> list[str]:
    """Warum ein Indikator keine Gruppen bilden kann."""
    indikator = katalog.indikatoren.get(kennung)
    if indikator is None:
        rat = meinten_sie(kennung, list(katalog.indikatoren))
        return [f"typmerkmale: Indikator „{kennung}“ ist unbekannt.{rat}"]
    if indikator.gruppiert:
        return []
    grund = "Alter, Herkunft oder Größe der Bevölkerung und darf keine Gruppen bilden"
    name = f"„{indikator.bezeichnung}“ ({kennung})"
    return [f"typmerkmale: {name} beschreibt {grund}. Bitte weglassen."]


def _leere_gruppen(
    katalog: Katalog, gewichte: tuple[str, ...], maengel: list[str]
) -> list[str]:
    """Zielgruppen, denen die Wahl jeden Indikator nimmt."""
    if maengel:
        return []
    gruppen, _ = _gewichtet(katalog, gewichte)
    return [
        f"gewichte: Für {gruppe.dativ} bliebe kein Indikator übrig."
        for gruppe in gruppen.values()
        if not gruppe.index
    ]


def gewichte_von(gruppe: Zielgruppe) -> dict[str, float]:
    """Gewicht je Indikator im Index einer Zielgruppe.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> freigabe = oeffne("musterstadt").auswertung.freigabe
    >>> gewichte_von(freigabe.katalog.zielgruppen["jugendliche"])
    {'J01': 1.0, 'A03': 1.0, 'B03': 1.0}
    """
    return {g.indikator: g.gewicht for g in gruppe.index}


def _gewichtet(
    katalog: Katalog, gewichte: tuple[str, ...]
) -> tuple[dict[str, Zielgruppe], list[str]]:
    """Geänderte Zielgruppen und je Änderung ein Satz."""
    neu: dict[str, dict[str, float]] = {}
    for eintrag in gewichte:
        teile = GEWICHT.fullmatch(eintrag.strip())
        if teile is None:
            continue
        vorgabe = gewichte_von(katalog.zielgruppen[teile["gruppe"]])
        stand = neu.setdefault(teile["gruppe"], dict(vorgabe))
        stand[teile["indikator"]] = _zahl(teile["wert"])
    gruppen, saetze = {}, []
    for kennung in sorted(neu):
        gruppe = katalog.zielgruppen[kennung]
        vorgabe, stand = gewichte_von(gruppe), neu[kennung]
        anders = {i: g for i, g in stand.items() if g != vorgabe.get(i, 0.0)}
        if not anders:
            continue
        bleibt = tuple(
            Gewichtet(indikator=i, gewicht=g) for i, g in stand.items() if g > 0
        )
        gruppen[kennung] = gruppe.model_copy(
            update={
                "index": bleibt,
                "mindestens": min(gruppe.mindestens, max(len(bleibt), 1)),
            }
        )
        saetze.append(_satz(katalog, gruppe, anders, vorgabe))
    return gruppen, saetze


def _satz(
    katalog: Katalog,
    gruppe: Zielgruppe,
    anders: dict[str, float],
    vorgabe: dict[str, float],
) -> str:
    teile = [
        f"{katalog.indikatoren[i].bezeichnung} {_gewicht_text(g)} "
        f"statt {_gewicht_text(vorgabe.get(i, 0.0))}"
        for i, g in anders.items()
    ]
    return f"Gewichte für {gruppe.bezeichnung}: {aufzaehlung(teile)}."


def _gewicht_text(gewicht: float) -> str:
    return zahl_text(gewicht, stellen=0 if gewicht == int(gewicht) else 2)


def _katalog(
    katalog: Katalog, gruppen: dict[str, Zielgruppe], merkmale: tuple[str, ...]
) -> Katalog:
    typen = katalog.projekt.typen.model_copy(update={"indikatoren": merkmale})
    return replace(
        katalog,
        projekt=katalog.projekt.model_copy(update={"typen": typen}),
        zielgruppen={**katalog.zielgruppen, **gruppen},
    )


def _ist_tag(text: str) -> bool:
    with suppress(ValueError):
        return bool(TAG.fullmatch(text)) and bool(date.fromisoformat(text))
    return False


def _zahl(text: str) -> float:
    return float(text.replace(",", "."))
