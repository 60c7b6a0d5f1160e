"""Was steht auf einem Tabellenblatt? Spalten, Einheiten, Wörter für Lücken."""

import math
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from quartierstools.ausgabe.packen import druckbar
from quartierstools.fehler import Ausgabefehler
from quartierstools.schreibweise import WERTART_TEXT, datum_text

_BREITE_MIN, _BREITE_MAX = 9, 48
_ZELLE_MAX = 32_767
_ZEILE_PUNKT = 13.0
"""Höhe einer Zeile in Punkt bei Arial 10."""
_ZEICHEN_JE_BREITE = 1.1
"""Die Breite zählt Ziffern; Buchstaben sind im Mittel schmaler."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spaltenform:
    """Wie die Zahlen einer Spalte aussehen.

    Attributes
    ----------
    titel : str
        Überschrift; leer nimmt den Namen der Spalte.
    einheit : str
        Steht in Klammern hinter der Überschrift.
    stellen : int
        Nachkommastellen, 0 bis 6.
    art : {"zahl", "anteil"}
        ``"anteil"`` erwartet Werte von 0 bis 1 und zeigt Prozent.
    """

    titel: str = ""
    einheit: str = ""
    stellen: int = 0
    art: Literal["zahl", "anteil"] = "zahl"

    def __post_init__(self) -> None:
        if not 0 <= self.stellen <= 6:  # noqa: PLR2004
            raise Ausgabefehler(
                f"Spaltenform „{self.titel}“: {self.stellen} Nachkommastellen. "
                "Erwartet: 0 bis 6."
            )

    @property
    def zahlenformat(self) -> str:
        """Zahlenformat für Excel; dort erscheint es in der Sprache des Rechners.

        Examples
        --------
        >>> Spaltenform(art="anteil", stellen=1).zahlenformat
        '0.0%'
        >>> Spaltenform().zahlenformat
        '#,##0'
        """
        nachkomma = f".{'0' * self.stellen}" if self.stellen else ""
        return f"0{nachkomma}%" if self.art == "anteil" else f"#,##0{nachkomma}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blatt:
    """Ein Tabellenblatt.

    Attributes
    ----------
    name : str
        Name des Reiters; Verbotenes wird ersetzt, Überlänge gekürzt.
    titel : str
        Überschrift über der Tabelle.
    tabelle : pandas.DataFrame
        Der Index wird zur ersten Spalte (Überschrift: sein Name).
    formen : mapping of str to Spaltenform
        Einheit und Stellen je Spalte; ohne Eintrag ganze Zahlen und Text.
    wertarten : pandas.DataFrame or None
        Gleiche Zeilen, beliebige der Spalten: ``"Zahl"``, ``"gesperrt"``, ``"fehlt"``
        oder ``"nicht sinnvoll"``. Was keine Zahl ist, erscheint als Wort, auch wenn
        die Tabelle dort einen Wert hat.
    hinweise : tuple of str
        Sätze unter der Tabelle.
    """

    name: str
    titel: str
    tabelle: pd.DataFrame
    formen: Mapping[str, Spaltenform] = field(default_factory=dict)
    wertarten: pd.DataFrame | None = None
    hinweise: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        maengel = self._maengel()
        if maengel:
            raise Ausgabefehler(f"Blatt „{self.name}“: {' '.join(maengel)}")

    def _maengel(self) -> list[str]:
        spalten = [str(spalte) for spalte in self.tabelle.columns]
        maengel = []
        if not self.name.strip() or not self.titel.strip():
            maengel.append("Name oder Titel ist leer; beide müssen gesetzt sein.")
        if len(set(spalten)) < len(spalten):
            maengel.append(f"Spalten sind doppelt: {spalten}. Bitte umbenennen.")
        fremd = sorted(set(self.formen) - set(spalten))
        if fremd:
            maengel.append(f"Formen für unbekannte Spalten {fremd}.")
        if self.wertarten is not None:
            if not self.wertarten.index.equals(self.tabelle.index):
                maengel.append("Die Wertarten haben andere Zeilen als die Tabelle.")
            unbekannt = sorted(
                {str(art) for art in self.wertarten.to_numpy().ravel()}
                - set(WERTART_TEXT)
            )
            if unbekannt:
                maengel.append(
                    f"Unbekannte Wertarten {unbekannt}; erlaubt: {list(WERTART_TEXT)}."
                )
        return maengel


@dataclass(frozen=True, slots=True)
class Druckspalte:
    """Eine Spalte, wie sie im Blatt steht: Titel, Form und fertige Zellen."""

    titel: str
    form: Spaltenform
    werte: list[str | float | int]

    @property
    def rechts(self) -> bool:
        """Ob die Spalte Zahlen enthält."""
        return any(not isinstance(wert, str) for wert in self.werte)

    @property
    def breite(self) -> float:
        """Breite in Zeichen: passend zum Inhalt, der Kopf darf umbrechen."""
        laengen = [len(w) if isinstance(w, str) else 10 for w in self.werte]
        kopf = max((len(wort) for wort in re.split(r"[\s-]", self.titel)), default=0)
        inhalt = max(laengen, default=0)
        # Drei Zeichen Platz für den Pfeil des Filters.
        return min(max(kopf + 3, inhalt + 1, _BREITE_MIN), _BREITE_MAX)


def druckspalten(blatt: Blatt) -> list[Druckspalte]:
    """Spalten eines Blatts; vorn der Index."""
    tabelle = blatt.tabelle
    index = [_wert(w, "Zahl", blatt.name) for w in tabelle.index.tolist()]
    kopf = druckbar(str(tabelle.index.name or "Zeile"))
    spalten = [Druckspalte(zelltext(kopf), Spaltenform(), index)]
    for nummer, spalte in enumerate(tabelle.columns):
        name = str(spalte)
        form = blatt.formen.get(name, Spaltenform())
        titel = form.titel or name
        einheit = form.einheit or ("Prozent" if form.art == "anteil" else "")
        werte = tabelle.iloc[:, nummer].tolist()
        arten = ["Zahl"] * len(werte)
        if blatt.wertarten is not None and spalte in blatt.wertarten.columns:
            arten = [str(art) for art in blatt.wertarten[spalte]]
        spalten.append(
            Druckspalte(
                zelltext(f"{titel} ({einheit})" if einheit else titel),
                form,
                [_wert(w, a, blatt.name) for w, a in zip(werte, arten, strict=True)],
            )
        )
    return spalten


def _wert(wert: Any, art: str, blatt: str) -> str | float | int:  # noqa: ANN401 - Zelle
    """Zahl oder Wort; nie leer, nie Null statt eines fehlenden Werts."""
    if art != "Zahl":
        return WERTART_TEXT[art]
    if isinstance(wert, str):
        return wert or WERTART_TEXT["fehlt"]
    if isinstance(wert, bool | np.bool_):
        return "ja" if wert else "nein"
    if wert is None or pd.isna(wert):
        return WERTART_TEXT["fehlt"]
    if isinstance(wert, date):
        return datum_text(wert)
    if isinstance(wert, int | float | np.integer | np.floating):
        if not np.isfinite(wert):
            raise Ausgabefehler(
                f"Blatt „{blatt}“: Eine Zelle ist unendlich. Bitte die Rechnung "
                "prüfen (Division durch null?) und die Zelle als fehlend führen."
            )
        return wert.item() if isinstance(wert, np.generic) else wert
    return str(wert)


def zelltext(text: str) -> str:
    """Text ohne Steuerzeichen, höchstens so lang wie eine Zelle."""
    sauber = druckbar(text)
    return sauber if len(sauber) <= _ZELLE_MAX else f"{sauber[: _ZELLE_MAX - 1]}…"


def zeilenhoehe(texte: Mapping[int, str], breiten: Mapping[int, float]) -> float:
    """Höhe in Punkt, die alle umbrochenen Texte einer Zeile zeigt.

    Parameters
    ----------
    texte : mapping of int to str
        Spalte → Text.
    breiten : mapping of int to float
        Spalte → Breite in Zeichen.

    Examples
    --------
    >>> zeilenhoehe({0: "kurz"}, {0: 9.0}), zeilenhoehe({0: "eins zwei drei"}, {0: 9.0})
    (15.0, 28.0)
    """
    zeilen = 1
    for spalte, text in texte.items():
        platz = max(1, math.floor(breiten[spalte] * _ZEICHEN_JE_BREITE))
        teile = (textwrap.wrap(teil, platz) or [""] for teil in text.split("\n"))
        zeilen = max(zeilen, sum(len(teil) for teil in teile))
    # Mehr als 409 Punkt erlaubt Excel nicht.
    return min(409.0, zeilen * _ZEILE_PUNKT + 2)
