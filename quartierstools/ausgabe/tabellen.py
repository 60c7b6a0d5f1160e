"""Wie kommen Zahlen nachrechenbar in eine Excel-Mappe?

Je Thema ein Blatt, vorn eines mit Hinweisen und Quellen. Zahlen bleiben Zahlen,
Gesperrtes und Fehlendes steht als Wort da, und kein Text wird je zur Formel.
"""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from itertools import count
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from quartierstools.ausgabe.gestalt import GESTALT, Gestalt
from quartierstools.ausgabe.packen import druckbar, packe_neu
from quartierstools.ausgabe.tabellenblatt import (
    Blatt,
    Druckspalte,
    Spaltenform,
    druckspalten,
    zeilenhoehe,
    zelltext,
)
from quartierstools.fehler import Ausgabefehler
from quartierstools.schreibweise import WERTART_TEXT, datum_text

__all__ = ["Blatt", "Spaltenform", "arbeitsmappe", "blattnamen"]

_KOPFZEILE = 2
_BREIT_AB, _SEHR_BREIT_AB = 4, 12
_A3, _A4 = 8, 9
_EINE_SEITE_BIS = 40
_PUNKTRASTER = 18
"""Muster „6,25 % Grau“ in Excel: auch im Schwarzweißdruck zu sehen."""
_NAME_MAX = 31
_NICHT_IM_NAMEN = re.compile(r"[\[\]:*?/\\]")
_FUELLER = frozenset({"mit", "ohne", "und", "von", "für", "in", "der", "des"})
_HINWEISBLATT = "Hinweise und Quellen"


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
    >>> import pandas as pd
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
        ("Nachweis", kennung),
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
    """Höchstens so lang, gekürzt an einem Wort und nie hinter „mit“ oder „für“."""
    if len(text.encode("utf-16-le")) // 2 > laenge:
        worte = text[: laenge + 1].split(" ")[:-1]
        fueller = [n for n, wort in enumerate(worte) if wort in _FUELLER]
        kurz = " ".join(worte[: fueller[-1]] if fueller else worte)
        text = kurz or text
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
        seite.write_string(0, 0, zelltext(titel), self._titel)
        umbrochen = self._format(text_wrap=True)
        zeile = 1
        for satz in self._stempel:
            zeile += 1
            seite.write_string(zeile, 0, "Achtung", self._warnung)
            seite.write_string(zeile, 1, zelltext(satz), self._warnung)
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
                seite.write_string(zeile, 0, zelltext(links), umbrochen)
                seite.write_string(zeile, 1, zelltext(rechts), umbrochen)

    def blatt(self, name: str, blatt: Blatt) -> None:
        """Titel, fester Kopf, Werte, Hinweise."""
        seite = self._mappe.add_worksheet(name)
        seite.hide_gridlines(2)
        seite.set_row(0, 24)
        seite.set_row(1, 18)
        seite.write_string(0, 0, zelltext(blatt.titel), self._titel)
        if self._stempel:
            warnung = zelltext(" ".join(self._stempel))
            seite.write_string(1, 0, warnung, self._warnung)
        spalten = druckspalten(blatt)
        breiten = {n: spalte.breite for n, spalte in enumerate(spalten)}
        # Der Pfeil des Filters verdeckt drei Zeichen.
        titel = {n: spalte.titel for n, spalte in enumerate(spalten)}
        innen = {n: breite - 3 for n, breite in breiten.items()}
        seite.set_row(_KOPFZEILE, zeilenhoehe(titel, innen))
        for nummer, spalte in enumerate(spalten):
            kopf = self._kopf(rechts=spalte.rechts)
            seite.write_string(_KOPFZEILE, nummer, spalte.titel, kopf)
            seite.set_column(nummer, nummer, spalte.breite)
            for stelle, wert in enumerate(spalte.werte, _KOPFZEILE + 1):
                self._zelle(seite, (stelle, nummer), wert, spalte)
        for stelle, zeile in enumerate(zip(*(s.werte for s in spalten), strict=True)):
            texte = {n: w for n, w in enumerate(zeile) if isinstance(w, str)}
            seite.set_row(stelle + _KOPFZEILE + 1, zeilenhoehe(texte, breiten))
        letzte = _KOPFZEILE + len(blatt.tabelle)
        seite.freeze_panes(_KOPFZEILE + 1, 2 if len(spalten) > _BREIT_AB else 1)
        seite.repeat_rows(0, _KOPFZEILE)
        if len(blatt.tabelle):
            seite.autofilter(_KOPFZEILE, 0, letzte, len(spalten) - 1)
        seite.set_landscape()
        seite.set_paper(_A3 if len(spalten) > _SEHR_BREIT_AB else _A4)
        seite.fit_to_pages(1, 1 if len(blatt.tabelle) <= _EINE_SEITE_BIS else 0)
        seite.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        seite.set_footer("&L&8&A&R&8Seite &P von &N")
        seite.print_area(
            0, 0, letzte + 2 + len(self._fuss(blatt, spalten)), len(spalten) - 1
        )
        self._schreibe_fuss(seite, self._fuss(blatt, spalten), letzte + 2, breiten)

    def _schreibe_fuss(
        self,
        seite: Worksheet,
        saetze: Sequence[str],
        erste: int,
        breiten: Mapping[int, float],
    ) -> None:
        """Sätze unter der Tabelle, über alle Spalten und in ganzer Höhe."""
        klein = self._format(font_size=9, font_color=self._g.nebentext, text_wrap=True)
        weite = {0: sum(breiten.values())}
        for stelle, satz in enumerate(saetze, erste):
            text = zelltext(satz)
            seite.set_row(stelle, zeilenhoehe({0: text}, weite))
            if len(breiten) > 1:
                seite.merge_range(stelle, 0, stelle, len(breiten) - 1, "", klein)
            seite.write_string(stelle, 0, text, klein)

    @staticmethod
    def _fuss(blatt: Blatt, spalten: Sequence[Druckspalte]) -> list[str]:
        """Hinweise des Blatts; vorn, was die Wörter statt Zahlen heißen."""
        woerter = {w for s in spalten for w in s.werte if isinstance(w, str)}
        legende = [
            satz
            for satz in _LESEHINWEISE
            if satz.split("“")[0].removeprefix("„") in woerter
        ]
        return [*legende, *blatt.hinweise]

    def _zelle(
        self, seite: Worksheet, ort: tuple[int, int], wert: object, spalte: Druckspalte
    ) -> None:
        rand = {"bottom": 1, "bottom_color": self._g.haarlinie}
        if isinstance(wert, str):
            aussehen = self._luecke(wert) if wert in WERTART_TEXT.values() else {}
            richtung = "right" if spalte.rechts else "left"
            form = self._format(align=richtung, text_wrap=True, **rand, **aussehen)
            seite.write_string(*ort, zelltext(wert), form)
        else:
            zahlform = self._format(num_format=spalte.form.zahlenformat, **rand)
            seite.write_number(*ort, wert, zahlform)

    def _luecke(self, wort: str) -> dict[str, Any]:
        """Kursiv und grau; Gesperrtes zusätzlich mit Punktraster hinterlegt."""
        aussehen: dict[str, Any] = {"italic": True, "font_color": self._g.nebentext}
        if wort == WERTART_TEXT["gesperrt"]:
            raster = {"fg_color": self._g.haarlinie, "bg_color": self._g.papier}
            aussehen |= {"pattern": _PUNKTRASTER, **raster}
        return aussehen


_LESEHINWEISE = (
    "„gesperrt“: Der Wert ist zum Schutz einzelner Menschen nicht veröffentlicht.",
    "„liegt nicht vor“: Es gibt für diesen Ort keinen Wert. Das ist keine Null.",
    "„nicht sinnvoll“: Nicht ausgewiesen, die Bezugszahl ist zu klein. Kein Geheimnis.",
)
