"""Was steht in einer Word-, PDF- oder HTML-Datei? Text in Lesereihenfolge.

Robust gegen das, was Word und LibreOffice beim Speichern ändern: zerteilte
Textläufe, weiche Trennstriche, Ligaturen, Seitenköpfe, Inhaltssteuerelemente.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from defusedxml.ElementTree import fromstring

from quartierstools.fehler import Aufruffehler
from quartierstools.nachpruefung.zahlen import glatt

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ENDUNGEN = (".docx", ".html", ".htm", ".pdf")

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BILD = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
ERSATZ = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
TRENNER = " | "


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesestelle:
    """Ein gelesenes Stück Text.

    Attributes
    ----------
    ort : str
        „Absatz 12“, „Tabelle 1, Zeile 3“, „Seite 2“.
    art : str
        ``text``, ``zeile``, ``bild`` oder ``rahmen`` (Kopf- und Fußzeilen).
    """

    ort: str
    art: str
    text: str


def lies(datei: Path) -> list[Lesestelle]:
    """Text einer Datei in Lesereihenfolge.

    Raises
    ------
    Aufruffehler
        Wenn die Endung nicht passt oder die Datei sich nicht lesen lässt.
    """
    leser = {".docx": lies_docx, ".pdf": lies_pdf}.get(datei.suffix.lower())
    if datei.suffix.lower() not in ENDUNGEN:
        raise Aufruffehler(
            f"„{datei.name}“ lässt sich nicht nachprüfen. Erwartet wird eine Datei "
            f"mit der Endung {', '.join(ENDUNGEN)}."
        )
    try:
        inhalt = datei.read_bytes()
        if leser:
            return leser(inhalt)
        return lies_html(inhalt.decode("utf-8", errors="replace"))
    except FileNotFoundError as fehler:
        raise Aufruffehler(f"Die Datei „{datei}“ gibt es nicht.") from fehler
    except Exception as fehler:
        raise Aufruffehler(
            f"„{datei.name}“ lässt sich nicht lesen ({type(fehler).__name__}). Bitte "
            "die Datei neu speichern und noch einmal prüfen."
        ) from fehler


def lies_docx(inhalt: bytes) -> list[Lesestelle]:
    """Absätze, Tabellenzeilen, Alternativtexte, Fußnoten, Kopf- und Fußzeilen."""
    stellen: list[Lesestelle] = []
    with zipfile.ZipFile(io.BytesIO(inhalt)) as archiv:
        namen = sorted(archiv.namelist())
        haupt = [n for n in namen if re.fullmatch(r"word/document\d*\.xml", n)]
        weitere = [n for n in namen if re.fullmatch(r"word/(foot|end)notes\.xml", n)]
        rahmen = [n for n in namen if re.fullmatch(r"word/(header|footer)\d*\.xml", n)]
        for name in (*haupt, *weitere, *rahmen):
            wurzel = fromstring(archiv.read(name))
            art = "rahmen" if name in rahmen else "text"
            stellen += _Wordleser(art).lies(wurzel)
    return stellen


class _Wordleser:
    """Geht durch den Rumpf einer Word-Datei und zählt Absätze und Tabellen."""

    def __init__(self, art: str) -> None:
        self._art = art
        self._absatz = 0
        self._tabelle = 0

    def lies(self, knoten: "Element") -> Iterator[Lesestelle]:
        """Stellen unter einem Knoten; Inhaltssteuerelemente sind durchsichtig."""
        for kind in knoten:
            if kind.tag == f"{W}p":
                self._absatz += 1
                yield from self._aus_absatz(kind)
            elif kind.tag == f"{W}tbl":
                self._tabelle += 1
                yield from self._aus_tabelle(kind)
            elif kind.tag != ERSATZ:
                yield from self.lies(kind)

    def _aus_absatz(self, absatz: "Element") -> Iterator[Lesestelle]:
        ort = f"Absatz {self._absatz}"
        for bild in absatz.iter(BILD):
            yield Lesestelle(ort=ort, art="bild", text=glatt(bild.get("descr") or ""))
        text = glatt("".join(_lauf(absatz)))
        if text:
            yield Lesestelle(ort=ort, art=self._art, text=text)

    def _aus_tabelle(self, tabelle: "Element") -> Iterator[Lesestelle]:
        for nummer, zeile in enumerate(tabelle.iter(f"{W}tr"), start=1):
            zellen = [
                glatt("\n".join("".join(_lauf(p)) for p in zelle.iter(f"{W}p")))
                for zelle in zeile.iter(f"{W}tc")
            ]
            ort = f"Tabelle {self._tabelle}, Zeile {nummer}"
            yield Lesestelle(ort=ort, art="zeile", text=TRENNER.join(zellen))


def _lauf(knoten: "Element") -> Iterator[str]:
    """Text eines Absatzes ohne Gestrichenes und ohne Feldbefehle."""
    for kind in knoten:
        name = kind.tag.rpartition("}")[2]
        if name in {"del", "moveFrom", "instrText", "pPr", "rPr"} or kind.tag == ERSATZ:
            continue
        if name == "t":
            yield kind.text or ""
        elif name in {"tab", "br", "cr"}:
            yield " "
        elif name == "noBreakHyphen":
            yield "-"
        else:
            yield from _lauf(kind)


def lies_pdf(inhalt: bytes) -> list[Lesestelle]:
    """Text je Seite in der Folge, in der er gesetzt ist, und Alternativtexte.

    Wasserzeichen (gedrehte Schrift) bleiben draußen.
    """
    from pypdf import PdfReader  # noqa: PLC0415

    pdf = PdfReader(io.BytesIO(inhalt))
    stellen = [
        Lesestelle(ort=f"Seite {nummer}", art="seite", text=seite.extract_text((0,)))
        for nummer, seite in enumerate(pdf.pages, start=1)
    ]
    texte = _alternativtexte(pdf.root_object.get("/StructTreeRoot"))
    stellen += [Lesestelle(ort="Grafik", art="bild", text=glatt(t)) for t in texte]
    return stellen


def _alternativtexte(wurzel: Any) -> Iterator[str]:  # noqa: ANN401 – PDF-Objekt
    """Alternativtexte im Strukturbaum eines barrierefreien PDF."""
    offen, gesehen = [wurzel], set()
    while offen:
        knoten = offen.pop()
        if hasattr(knoten, "get_object"):
            knoten = knoten.get_object()
        if isinstance(knoten, list):
            offen += reversed(knoten)
        if not isinstance(knoten, dict) or id(knoten) in gesehen:
            continue
        gesehen.add(id(knoten))
        if knoten.get("/Alt"):
            yield str(knoten["/Alt"])
        if "/K" in knoten:
            offen.append(
                knoten.raw_get("/K") if hasattr(knoten, "raw_get") else knoten["/K"]
            )


BLOECKE = frozenset(
    {"p", "li", "div", "section", "header", "footer", "main", "figcaption", "dt", "dl",
     "caption", "title", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table",
     "body", "nav", "figure", "article", "aside", "br", "hr"}
)  # fmt: skip
STUMM = frozenset({"script", "style", "title", "template"})


def lies_html(inhalt: str) -> list[Lesestelle]:
    """Absätze, Tabellenzeilen und Alternativtexte einer Seite.

    Examples
    --------
    >>> [s.text for s in lies_html("<p>Es sind <b>12,1</b>&nbsp;%.</p>")]
    ['Es sind 12,1 %.']
    """
    leser = _Htmlleser()
    leser.feed(inhalt)
    leser.close()
    leser.schliesse()
    return leser.stellen


class _Htmlleser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stellen: list[Lesestelle] = []
        self._puffer: list[str] = []
        self._zellen: list[str] | None = None
        self._stumm = 0
        self._fuss = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in STUMM:
            self._stumm += 1
        elif tag == "tr":
            self.schliesse()
            self._zellen = []
        elif tag in {"td", "th"}:
            self._puffer.clear()
        elif tag == "img":
            self.schliesse()
            self._merke("bild", dict(attrs).get("alt") or "")
        elif tag == "dd":
            self._puffer.append(" ")
        elif tag in BLOECKE:
            self.schliesse()
        if tag == "footer":
            self._fuss += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in STUMM:
            self._stumm = max(0, self._stumm - 1)
        elif tag in {"td", "th"} and self._zellen is not None:
            self._zellen.append(glatt("".join(self._puffer)))
            self._puffer.clear()
        elif tag == "tr" and self._zellen is not None:
            self._merke("zeile", TRENNER.join(self._zellen))
            self._zellen = None
        elif tag in BLOECKE and tag != "dt":
            self.schliesse()
        if tag == "footer":
            self._fuss = max(0, self._fuss - 1)

    def handle_data(self, data: str) -> None:
        if not self._stumm:
            self._puffer.append(data)

    def schliesse(self) -> None:
        """Merkt, was bis hier gelesen ist; in Zellen trennt ein Block nur."""
        if self._zellen is not None:
            self._puffer.append(" ")
            return
        text = "".join(self._puffer)
        self._puffer.clear()
        self._merke("rahmen" if self._fuss else "text", text)

    def _merke(self, art: str, text: str) -> None:
        sauber = glatt(text)
        if sauber:
            ort = f"Zeile {self.getpos()[0]}"
            self.stellen.append(Lesestelle(ort=ort, art=art, text=sauber))
