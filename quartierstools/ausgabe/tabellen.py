"""Wie kommen Zahlen nachrechenbar in eine Excel-Mappe?

Je Thema ein Blatt, vorn eines mit Hinweisen und Quellen. Zahlen bleiben Zahlen,
Gesperrtes und Fehlendes steht als Wort da, und kein Text wird je zur Formel.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import count
from typing import Any, Literal

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from quartierstools.ausgabe.gestalt import GESTALT, Gestalt
from quartierstools.ausgabe.packen import druckbar, packe_neu
from quartierstools.fehler import Ausgabefehler
from quartierstools.schreibweise import WERTART_TEXT, datum_text

_KOPFZEILE = 2
_BREITE_MIN, _BREITE_MAX = 9, 48
_NAME_MAX = 31
_ZELLE_MAX = 32_767
_NICHT_IM_NAMEN = re.compile(r"[\[\]:*?/\\]")
_HINWEISBLATT = "Hinweise und Quellen"


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


def arbeitsmappe(  # noqa: PLR0913 - Kopfangaben der Mappe, alle mit Namen
    blaetter: Sequence[Blatt],
    *,
    titel: str,
    stand: date,
    stempel: Sequence[str] = (),
    hinweise: Sequence[str] = (),
    quellen: Sequence[str] = (),
    herausgeber: str = "",
    kennung: str = "",
    fassung: str = "öffentlich",
    gestalt: Gestalt = GESTALT,
) -> bytes:
    """Excel-Mappe (xlsx) mit Hinweisblatt und einem Blatt je Thema.

    Parameters
    ----------
    blaetter : sequence of Blatt
        Reihenfolge der Reiter nach dem Hinweisblatt.
    titel : str
        Titel der Mappe.
    stand : date
        Datum aus den Daten; auch Zeitstempel der Datei.
    stempel, hinweise, quellen : sequence of str
        Warnungen, Erläuterungen und Quellenangaben; die Stempel stehen auch auf
        jedem Blatt.
    herausgeber, kennung, fassung : str
        Angaben für Hinweisblatt und Dateieigenschaften.
    gestalt : Gestalt, default=GESTALT
        Farben.

    Returns
    -------
    bytes
        Gleiche Eingabe, gleiche Bytes.

    Raises
    ------
    Ausgabefehler
        Wenn kein Blatt da ist oder ein Wert sich nicht schreiben lässt.

    Examples
    --------
    >>> tabelle = pd.DataFrame({"anteil": [0.121]}, index=pd.Index(["24"],
    ...                        name="gebiet"))
    >>> blatt = Blatt(name="Anteile", titel="Anteile", tabelle=tabelle,
    ...               formen={"anteil": Spaltenform(art="anteil", stellen=1)})
    >>> arbeitsmappe([blatt], titel="T", stand=date(2023, 12, 31))[:2]
    b'PK'
    """
    if not blaetter:
        raise Ausgabefehler(f"Arbeitsmappe „{titel}“: Es gibt kein Blatt zu schreiben.")
    ziel = io.BytesIO()
    mappe = xlsxwriter.Workbook(
        ziel,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    mappe.set_properties(
        {
            "title": druckbar(titel)[:255],
            "subject": f"Fassung {druckbar(fassung)}",
            "author": druckbar(herausgeber)[:255],
            "keywords": druckbar(kennung)[:255],
            "comments": druckbar(" ".join(stempel))[:255],
            # Das Format kennt keine Zeitzone; Mitternacht des Datenstands.
            "created": datetime.combine(stand, time()),
        }
    )
    namen = blattnamen([_HINWEISBLATT, *(blatt.name for blatt in blaetter)])
    schreiber = _Schreiber(mappe, gestalt, tuple(map(druckbar, stempel)))
    angaben = (
        ("Stand", datum_text(stand)),
        ("Herausgeber", herausgeber),
        ("Fassung", fassung),
        ("Lauf", kennung),
    )
    inhalt = [
        (name, druckbar(blatt.titel))
        for name, blatt in zip(namen[1:], blaetter, strict=True)
    ]
    schreiber.hinweisblatt(namen[0], titel, angaben, inhalt, hinweise, quellen)
    for name, blatt in zip(namen[1:], blaetter, strict=True):
        schreiber.blatt(name, blatt)
    mappe.close()
    return packe_neu(ziel.getvalue())


def blattnamen(wuensche: Sequence[str]) -> list[str]:
    """Erlaubte, verschiedene Reiternamen in gleicher Reihenfolge.

    Examples
    --------
    >>> blattnamen(["Bedarf", "bedarf", "A/B", "'x'"])
    ['Bedarf', 'bedarf (2)', 'A-B', 'x']
    """
    vergeben: set[str] = {"history", "verlauf"}
    namen = []
    for wunsch in wuensche:
        kern = _NICHT_IM_NAMEN.sub("-", druckbar(wunsch)).replace("\n", " ").strip("' ")
        kern = _kuerze(kern or "Blatt", _NAME_MAX)
        name = kern
        for nummer in count(2):
            if name.casefold() not in vergeben:
                break
            anhang = f" ({nummer})"
            name = f"{_kuerze(kern, _NAME_MAX - len(anhang))}{anhang}"
        vergeben.add(name.casefold())
        namen.append(name)
    return namen


def _kuerze(text: str, laenge: int) -> str:
    # Excel zählt UTF-16-Einheiten: ein Emoji zählt doppelt.
    while len(text.encode("utf-16-le")) // 2 > laenge:
        text = text[:-1]
    return text.rstrip("' ")


class _Schreiber:
    """Schreibt Blätter mit einheitlichen Formaten."""

    def __init__(
        self, mappe: xlsxwriter.Workbook, gestalt: Gestalt, stempel: tuple[str, ...]
    ) -> None:
        self._mappe = mappe
        self._g = gestalt
        self._stempel = stempel
        self._formate: dict[tuple[tuple[str, Any], ...], Format] = {}

    def _format(self, **angaben: Any) -> Format:  # noqa: ANN401 - Angaben von xlsxwriter
        voll = {
            "font_name": "Arial",
            "font_size": 10,
            "font_color": self._g.text,
            "valign": "top",
        } | angaben
        schluessel = tuple(sorted(voll.items()))
        if schluessel not in self._formate:
            self._formate[schluessel] = self._mappe.add_format(voll)
        return self._formate[schluessel]

    @property
    def _titel(self) -> Format:
        return self._format(bold=True, font_size=14, font_color=self._g.dunkelblau)

    @property
    def _warnung(self) -> Format:
        return self._format(
            bold=True, font_color=self._g.warn_text, bg_color=self._g.warn_flaeche
        )

    def _kopf(self, *, rechts: bool) -> Format:
        return self._format(
            bold=True,
            font_color=self._g.dunkelblau,
            bg_color=self._g.hellblau,
            top=2,
            top_color=self._g.dunkelblau,
            bottom=1,
            bottom_color=self._g.linie,
            text_wrap=True,
            valign="bottom",
            align="right" if rechts else "left",
        )

    def hinweisblatt(
        self,
        name: str,
        titel: str,
        angaben: Sequence[tuple[str, str]],
        inhalt: Sequence[tuple[str, str]],
        hinweise: Sequence[str],
        quellen: Sequence[str],
    ) -> None:
        """Vorn: was das ist, was zu beachten ist, woher es kommt."""
        seite = self._mappe.add_worksheet(name)
        seite.hide_gridlines(2)
        seite.set_column(0, 0, 26)
        seite.set_column(1, 1, 90)
        seite.set_landscape()
        seite.set_paper(9)
        seite.fit_to_pages(1, 0)
        seite.write_string(0, 0, _zelltext(titel), self._titel)
        umbrochen = self._format(text_wrap=True)
        zeile = 1
        for satz in self._stempel:
            zeile += 1
            seite.write_string(zeile, 0, "Achtung", self._warnung)
            seite.write_string(zeile, 1, _zelltext(satz), self._warnung)
        abschnitte = (
            ("Angaben", [(n, w) for n, w in angaben if w]),
            ("Blätter", list(inhalt)),
            ("Hinweise", [("", h) for h in (*_LESEHINWEISE, *hinweise)]),
            ("Quellen", [(f"[{nr}]", q) for nr, q in enumerate(quellen, 1)]),
        )
        for ueberschrift, paare in abschnitte:
            if not paare:
                continue
            zeile += 2
            kopf = self._kopf(rechts=False)
            seite.write_string(zeile, 0, ueberschrift, kopf)
            seite.write_string(zeile, 1, "", kopf)
            for links, rechts in paare:
                zeile += 1
                seite.write_string(zeile, 0, _zelltext(links), umbrochen)
                seite.write_string(zeile, 1, _zelltext(rechts), umbrochen)

    def blatt(self, name: str, blatt: Blatt) -> None:
        """Titel, fester Kopf, Werte, Hinweise."""
        seite = self._mappe.add_worksheet(name)
        seite.hide_gridlines(2)
        seite.set_row(0, 24)
        seite.set_row(1, 18)
        seite.write_string(0, 0, _zelltext(blatt.titel), self._titel)
        if self._stempel:
            warnung = _zelltext(" ".join(self._stempel))
            seite.write_string(1, 0, warnung, self._warnung)
        spalten = _spalten(blatt)
        for nummer, spalte in enumerate(spalten):
            kopf = self._kopf(rechts=spalte.rechts)
            seite.write_string(_KOPFZEILE, nummer, spalte.titel, kopf)
            seite.set_column(nummer, nummer, spalte.breite)
            for stelle, wert in enumerate(spalte.werte, _KOPFZEILE + 1):
                self._zelle(seite, (stelle, nummer), wert, spalte)
        letzte = _KOPFZEILE + len(blatt.tabelle)
        seite.freeze_panes(_KOPFZEILE + 1, 1)
        seite.repeat_rows(_KOPFZEILE)
        if len(blatt.tabelle):
            seite.autofilter(_KOPFZEILE, 0, letzte, len(spalten) - 1)
        seite.set_landscape()
        seite.set_paper(9)
        seite.fit_to_pages(1, 0)
        seite.set_footer("&L&8&A&R&8Seite &P von &N")
        klein = self._format(font_size=9, font_color=self._g.nebentext)
        for stelle, satz in enumerate(blatt.hinweise, letzte + 2):
            seite.write_string(stelle, 0, _zelltext(satz), klein)

    def _zelle(
        self, seite: Worksheet, ort: tuple[int, int], wert: object, spalte: "_Spalte"
    ) -> None:
        rand = {"bottom": 1, "bottom_color": self._g.haarlinie}
        if isinstance(wert, str):
            grau = {"italic": True, "font_color": self._g.nebentext}
            aussehen = grau if wert in WERTART_TEXT.values() and wert else {}
            richtung = "right" if spalte.rechts else "left"
            form = self._format(align=richtung, text_wrap=True, **rand, **aussehen)
            seite.write_string(*ort, _zelltext(wert), form)
        else:
            zahlform = self._format(num_format=spalte.form.zahlenformat, **rand)
            seite.write_number(*ort, wert, zahlform)


_LESEHINWEISE = (
    "„gesperrt“: Der Wert ist zum Schutz einzelner Menschen nicht veröffentlicht.",
    "„liegt nicht vor“: Es gibt für diesen Ort keinen Wert. Das ist keine Null.",
    "„nicht sinnvoll“: Nicht ausgewiesen, die Bezugszahl ist zu klein. Kein Geheimnis.",
)


@dataclass(frozen=True, slots=True)
class _Spalte:
    titel: str
    form: Spaltenform
    werte: list[str | float | int]

    @property
    def rechts(self) -> bool:
        return any(not isinstance(wert, str) for wert in self.werte)

    @property
    def breite(self) -> float:
        """Breite in Zeichen: passend zum Inhalt, der Kopf darf umbrechen."""
        laengen = [len(w) if isinstance(w, str) else 10 for w in self.werte]
        kopf = max((len(wort) for wort in re.split(r"[\s-]", self.titel)), default=0)
        inhalt = max(laengen, default=0)
        # Drei Zeichen Platz für den Pfeil des Filters.
        return min(max(kopf + 3, inhalt + 1, _BREITE_MIN), _BREITE_MAX)


def _spalten(blatt: Blatt) -> list[_Spalte]:
    tabelle = blatt.tabelle
    index = [_wert(w, "Zahl", blatt.name) for w in tabelle.index.tolist()]
    kopf = druckbar(str(tabelle.index.name or "Zeile"))
    spalten = [_Spalte(_zelltext(kopf), Spaltenform(), index)]
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
            _Spalte(
                _zelltext(f"{titel} ({einheit})" if einheit else titel),
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


def _zelltext(text: str) -> str:
    sauber = druckbar(text)
    return sauber if len(sauber) <= _ZELLE_MAX else f"{sauber[: _ZELLE_MAX - 1]}…"
