"""Was steht in einer HTML- oder SVG-Datei, auch wenn man es nicht sieht?"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes

from quartierstools.geheimhaltung.ertrag import Ertrag
from quartierstools.geheimhaltung.stellen import (
    Stelle,
    json_stellen,
    tabellenstellen,
)

VERWEISENDE = frozenset(
    {"use", "image", "script", "feimage", "pattern", "lineargradient",
     "radialgradient", "filter", "textpath", "tref"}
)  # fmt: skip
"""SVG-Elemente, deren Verweis geladen wird."""

LADEND: dict[str, frozenset[str]] = {
    "src": frozenset(),
    "srcset": frozenset(),
    "data-src": frozenset(),
    "poster": frozenset(),
    "background": frozenset(),
    "formaction": frozenset(),
    "action": frozenset({"form"}),
    "data": frozenset({"object"}),
    "code": frozenset({"applet"}),
    "ping": frozenset({"a", "area"}),
    "href": frozenset({"link", "base"}) | VERWEISENDE,
    "xlink:href": VERWEISENDE,
}
"""Attribute, die etwas laden; leere Menge: in jedem Element."""

TEXTATTRIBUTE = frozenset(
    {"alt", "title", "aria-label", "aria-description", "aria-valuetext", "content",
     "value", "placeholder", "label", "summary", "abbr", "srcdoc", "desc"}
)  # fmt: skip
BLOECKE = frozenset(
    {"p", "li", "div", "section", "article", "aside", "header", "footer", "main",
     "figcaption", "figure", "dt", "dd", "blockquote", "pre", "summary", "details",
     "option", "caption", "title", "text", "desc", "br", "hr", "tr", "table", "ul",
     "ol", "nav", "form", "label", "button", "legend", "fieldset", "h1", "h2", "h3",
     "h4", "h5", "h6", "td", "th", "body", "head", "metadata", "g", "svg", "select"}
)  # fmt: skip
OFFENE_FORMATE = {"table:table": "table", "table:table-row": "tr",
                  "table:table-cell": "td", "text:p": "p", "text:h": "h2",
                  "a:p": "p"}  # fmt: skip
"""Elemente aus ODT, ODS und PPTX und was sie in HTML wären."""

UEBERSCHRIFTEN = ("h1", "h2", "h3", "h4", "h5", "h6")
CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
CSS_IMPORT = re.compile(r"@import\s+(?:url\()?\s*['\"]?([^'\");\s]+)", re.IGNORECASE)
SKRIPT_LADEN = re.compile(
    r"(?:\b(?:fetch|importScripts|import|sendBeacon|EventSource|WebSocket|Worker"
    r"|tileLayer|Request)\s*\(|\.open\s*\(\s*['\"][A-Za-z]+['\"]\s*,"
    r"|\.(?:src|href)\s*=|\bfrom)\s*['\"`]((?:https?:|wss?:|ftp:)?//[^'\"`\s]+)"
)
JSON_TYPEN = ("json", "geo+json", "ld+json", "importmap")
DATENADRESSE = re.compile(r"data:([\w.+/-]*)((?:;[\w=.-]+)*),(.*)", re.DOTALL)

Unterleser = Callable[[str, bytes, Ertrag], None]


def lies_html(inhalt: str, ertrag: Ertrag, unterleser: Unterleser) -> None:
    """Sammelt Texte, Tabellen, eingebettete Daten und geladene Adressen.

    Parameters
    ----------
    inhalt : str
        HTML oder SVG.
    ertrag : Ertrag
        Hier kommt alles hinein.
    unterleser : Callable
        Liest eingebettete Dateien (Name, Bytes).
    """
    leser = _Leser(ertrag, unterleser)
    leser.feed(inhalt)
    leser.close()
    leser.schliesse()
    ertrag.rohtexte.append(("", re.sub(r"base64,[A-Za-z0-9+/=\s]+", "", inhalt)))


class _Leser(HTMLParser):
    """Liest Element für Element; Tabellen werden am Ende als Ganzes gemerkt."""

    def __init__(self, ertrag: Ertrag, unterleser: Unterleser) -> None:
        super().__init__(convert_charrefs=True)
        self._ertrag, self._unterleser = ertrag, unterleser
        self._puffer: list[str] = []
        self._element = ""
        self._titel = ""
        self._ueberschriften: dict[str, str] = {}
        self._tabellen: list[_Tabelle] = []
        self._roh: str | None = None
        self._rohtyp = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        merkmale = {name: wert or "" for name, wert in attrs}
        tag = OFFENE_FORMATE.get(tag, tag)
        if tag in BLOECKE:
            self._schliesse_text()
            self._element = tag
        if tag == "table":
            self._tabellen.append(_Tabelle())
        elif tag == "tr" and self._tabellen:
            self._tabellen[-1].neue_zeile()
        elif tag in {"td", "th"} and self._tabellen:
            self._tabellen[-1].neue_zelle(merkmale, kopf=tag == "th")
        elif tag in {"script", "style"}:
            self._schliesse_text()
            self._roh, self._rohtyp = tag, merkmale.get("type", "")
        self._attribute(tag, merkmale)
        if _ist_code(merkmale.get("class", "")):
            self._ertrag.code.append((self._ort(), "Zelle mit Programmcode"))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in {"script", "style"}:
            self.handle_endtag(tag)
        else:
            self._roh = None

    def handle_endtag(self, tag: str) -> None:
        tag = OFFENE_FORMATE.get(tag, tag)
        if tag in {"script", "style"}:
            self._roh = None
        if tag in BLOECKE:
            self._schliesse_text()
        if tag == "table" and self._tabellen:
            self._merke_tabelle(self._tabellen.pop())

    def handle_data(self, data: str) -> None:
        if self._roh == "style":
            self._stil(data)
        elif self._roh == "script":
            self._skript(data)
        else:
            self._puffer.append(data)

    def handle_comment(self, data: str) -> None:
        self._ertrag.text(f"Kommentar in {self._ort()}", data, self._rahmen())

    def unknown_decl(self, data: str) -> None:
        self._puffer.append(data.removeprefix("CDATA["))

    def _ort(self) -> str:
        return f"Zeile {self.getpos()[0]}"

    def _rahmen(self) -> tuple[str, ...]:
        namen = (self._titel, *self._ueberschriften.values())
        return tuple(name for name in namen if name)

    def schliesse(self) -> None:
        """Merkt, was am Ende noch offen ist."""
        self._schliesse_text()
        while self._tabellen:
            self._merke_tabelle(self._tabellen.pop())

    def _schliesse_text(self) -> None:
        text = " ".join("".join(self._puffer).split())
        self._puffer.clear()
        if not text:
            return
        if self._element == "title" and not self._titel:
            self._titel = text
        if self._element in UEBERSCHRIFTEN:
            stufe = UEBERSCHRIFTEN.index(self._element)
            for tiefer in UEBERSCHRIFTEN[stufe:]:
                self._ueberschriften.pop(tiefer, None)
            self._ueberschriften[self._element] = text
        if self._element == "caption" and self._tabellen:
            self._tabellen[-1].titel = text
        if self._tabellen and self._tabellen[-1].offen:
            self._tabellen[-1].ergaenze(text)
        else:
            self._ertrag.text(self._ort(), text, self._rahmen())

    def _merke_tabelle(self, tabelle: "_Tabelle") -> None:
        self._ertrag.stellen += tabellenstellen(
            tabelle.zeilen,
            datei=self._ertrag.datei,
            ort=f"Tabelle vor {self._ort()}",
            rahmen=(*self._rahmen(), *([tabelle.titel] if tabelle.titel else [])),
            kopfzeilen=tabelle.kopfzeilen,
            orte=self._ertrag.orte,
        )

    def _attribute(self, tag: str, merkmale: dict[str, str]) -> None:
        for name, wert in merkmale.items():
            laedt = name in LADEND and (not LADEND[name] or tag in LADEND[name])
            if laedt:
                for adresse in _adressen(name, wert):
                    self._adresse(adresse)
            if name == "style":
                self._stil(wert)
            elif name.startswith("on"):
                self._skript(wert)
            elif name in TEXTATTRIBUTE or name.startswith("data-"):
                self._textattribut(tag, name, wert, merkmale)
        if merkmale.get("http-equiv", "").lower() == "refresh":
            ziel = merkmale.get("content", "").partition("=")[2]
            self._adresse(ziel.strip(" '\""))

    def _textattribut(
        self, tag: str, name: str, wert: str, merkmale: dict[str, str]
    ) -> None:
        if name == "srcdoc":
            self._unterleser("rahmen.html", wert.encode(), self._ertrag)
        elif wert.lstrip()[:1] in {"{", "["}:
            self._json(wert, f"{self._ort()}, {name}")
        elif len(wert.strip()) > 0:
            andere = tuple(
                w
                for n, w in merkmale.items()
                if n != name
                and (n in TEXTATTRIBUTE or n.startswith("data-") or n == "id")
            )
            self._ertrag.stellen.append(
                Stelle(
                    datei=self._ertrag.datei,
                    ort=f"{self._ort()}, {tag}, Attribut {name}",
                    text=wert.strip(),
                    zeile=andere,
                    spalte=(name.removeprefix("data-"),),
                    rahmen=self._rahmen(),
                    art="daten" if name.startswith("data-") else "text",
                )
            )

    def _adresse(self, adresse: str) -> None:
        if adresse.startswith("data:"):
            self._datenadresse(adresse)
        elif adresse:
            self._ertrag.adressen.append((self._ort(), adresse))

    def _datenadresse(self, adresse: str) -> None:
        treffer = DATENADRESSE.match(adresse)
        if treffer is None or not treffer[3]:
            return
        try:
            inhalt = (
                base64.b64decode(treffer[3])
                if "base64" in treffer[2]
                else unquote_to_bytes(treffer[3])
            )
        except (binascii.Error, ValueError):
            return
        endung = treffer[1].rpartition("/")[2].partition("+")[0] or "txt"
        if endung not in {"woff2", "woff", "ttf", "otf", "font-woff2"}:
            self._unterleser(f"eingebettet.{endung}", inhalt, self._ertrag)

    def _stil(self, text: str) -> None:
        for muster in (CSS_URL, CSS_IMPORT):
            for adresse in muster.findall(text):
                self._adresse(adresse.strip())

    def _skript(self, text: str) -> None:
        if self._roh == "script" and any(t in self._rohtyp for t in JSON_TYPEN):
            self._json(text, self._ort())
            return
        self._ertrag.adressen += [
            (self._ort(), adresse) for adresse in SKRIPT_LADEN.findall(text)
        ]
        for nummer, daten in enumerate(json_im_skript(text)):
            self._ertrag.stellen += json_stellen(
                daten,
                datei=self._ertrag.datei,
                ort=f"Skript bei {self._ort()}, Daten {nummer + 1}",
                rahmen=self._rahmen(),
                orte=self._ertrag.orte,
            )

    def _json(self, text: str, ort: str) -> None:
        try:
            daten = json.loads(text)
        except (ValueError, RecursionError):
            self._ertrag.text(ort, text, self._rahmen())
            return
        self._ertrag.stellen += json_stellen(
            daten,
            datei=self._ertrag.datei,
            ort=ort,
            rahmen=self._rahmen(),
            orte=self._ertrag.orte,
        )


def _ist_code(klassen: str) -> bool:
    namen = set(klassen.split())
    return bool(namen & {"jp-InputArea", "input_area", "jp-CodeCell-input"})


def _adressen(name: str, wert: str) -> list[str]:
    if name == "srcset" and not wert.startswith("data:"):
        return [teil.split()[0] for teil in wert.split(",") if teil.split()]
    return [wert.strip()]


def json_im_skript(text: str, *, mindestens: int = 12) -> list[object]:
    """Werte in JSON-Schreibweise, die in einem Skript stehen.

    Examples
    --------
    >>> json_im_skript('const d = {"010": {"B03": 0.043}}; zeige(d);')
    [{'010': {'B03': 0.043}}]
    """
    leser = json.JSONDecoder()
    gefunden: list[object] = []
    stelle = 0
    for treffer in re.finditer(r"[{\[]\s*(?=[\"\[{\d-])", text):
        if treffer.start() < stelle:
            continue
        try:
            wert, ende = leser.raw_decode(text, treffer.start())
        except (ValueError, RecursionError):
            continue
        if ende - treffer.start() >= mindestens:
            gefunden.append(wert)
            stelle = ende
    return gefunden


class _Tabelle:
    """Zeilen und Zellen einer HTML-Tabelle."""

    def __init__(self) -> None:
        self.titel = ""
        self.zeilen: list[list[str]] = []
        self.kopfzeilen = 0
        self._spanne = 1
        self._nur_kopf = True

    @property
    def offen(self) -> bool:
        """Ob gerade eine Zelle gefüllt wird."""
        return bool(self.zeilen and self.zeilen[-1])

    def neue_zeile(self) -> None:
        """Beginnt eine Zeile; vorher nur Kopfzellen heißt Kopfzeile."""
        if self.zeilen and self._nur_kopf and self.kopfzeilen == len(self.zeilen) - 1:
            self.kopfzeilen += 1
        self.zeilen.append([])
        self._nur_kopf = True

    def neue_zelle(self, merkmale: dict[str, str], *, kopf: bool) -> None:
        """Beginnt eine Zelle, bei Bedarf über mehrere Spalten."""
        if not self.zeilen:
            self.zeilen.append([])
        spanne = merkmale.get("colspan", "1")
        self._spanne = min(int(spanne), 50) if spanne.isdigit() else 1
        self._nur_kopf &= kopf
        self.zeilen[-1] += [""] * max(1, self._spanne)

    def ergaenze(self, text: str) -> None:
        """Text der laufenden Zelle, in jeder Spalte, über die sie reicht."""
        for stelle in range(1, max(1, self._spanne) + 1):
            davor = self.zeilen[-1][-stelle]
            self.zeilen[-1][-stelle] = f"{davor} {text}".strip()
