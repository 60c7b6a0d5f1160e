"""Was steht in Word-, Excel- und PDF-Dateien, auch in Randtexten und Eigenschaften?"""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from quartierstools.geheimhaltung.ertrag import Ertrag, Lesefehler, zipteile
from quartierstools.geheimhaltung.stellen import Stelle, tabellenstellen

Unterleser = Callable[[str, bytes, Ertrag], None]

WORTTEILE = re.compile(
    r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"
)
BEILAGEN = (".png", ".jpg", ".jpeg", ".svg", ".gif", ".xlsx", ".docx", ".csv", ".pdf")
FREMDE_ART = re.compile(r"(image|attachedTemplate|oleObject|frame|subDocument|"
                        r"externalLink|video|audio|package)")  # fmt: skip
OHNE_TEXT = re.compile(r"(styles|theme\d*|fontTable|numbering|settings|webSettings|"
                       r"calcChain|\[Content_Types\])\.xml$")  # fmt: skip
NEBENTEILE = ("docProps/", "xl/comments", "xl/charts", "xl/drawings", "customXml",
              "xl/externalLinks", "xl/persons", "xl/threadedComments",
              "xl/pivotCache")  # fmt: skip
"""Teile einer Arbeitsmappe neben den Blättern, in denen Werte stehen können."""

KOPF_UND_FUSS = re.compile(r"(?:odd|even|first)(?:Header|Footer)")
HOECHSTZELLEN = 2_000_000
UNSICHTBAR = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
FLIESSTEXT = 50
"""Ab so vielen Zeichen gilt eine gedruckte Zeile als Fließtext."""


def _baum(inhalt: bytes, name: str) -> Element:
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415

    try:
        wurzel: Element = fromstring(inhalt)
    except (ParseError, DefusedXmlException, ValueError) as fehler:
        raise Lesefehler(f"„{name}“ ist kein sicheres XML ({fehler}).") from fehler
    return wurzel


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def lies_docx(inhalt: bytes, ertrag: Ertrag, unterleser: Unterleser) -> None:
    """Text, Tabellen, Kopf und Fuß, Anmerkungen, Alternativtexte, Eigenschaften."""
    for name, daten in zipteile(inhalt):
        if name.lower().endswith(BEILAGEN):
            unterleser(name, daten, ertrag)
        elif name.endswith(".rels"):
            _verweise(name, daten, ertrag)
        elif name.endswith(".xml"):
            wurzel = _baum(daten, name)
            ertrag.rohtexte.append((name, daten.decode("utf-8", errors="replace")))
            if WORTTEILE.fullmatch(name):
                _wortteil(name, wurzel, ertrag)
            elif not OHNE_TEXT.search(name):
                _jedes_element(name, wurzel, ertrag)
            _jedes_merkmal(name, wurzel, ertrag)


def _verweise(name: str, daten: bytes, ertrag: Ertrag) -> None:
    """Beziehungen, die beim Öffnen etwas von außen laden."""
    for element in _baum(daten, name):
        extern = element.get("TargetMode", "").lower() == "external"
        ziel = element.get("Target", "")
        ertrag.rohtexte.append((name, ziel))
        if extern and FREMDE_ART.search(element.get("Type", "")):
            ertrag.adressen.append((name, ziel))


def _jedes_element(name: str, wurzel: Element, ertrag: Ertrag) -> None:
    for element in wurzel.iter():
        if element.text and element.text.strip():
            ertrag.text(f"{name}, {_name(element)}", element.text)


def _jedes_merkmal(name: str, wurzel: Element, ertrag: Ertrag) -> None:
    """Attribute, in denen Sätze stehen können: Variablen, Eingabehinweise."""
    for element in wurzel.iter():
        for wert in element.attrib.values():
            if " " in wert.strip():
                ertrag.text(f"{name}, Attribut in {_name(element)}", wert)


class _Wort:
    """Liest einen Teil einer Word-Datei in Lesereihenfolge."""

    def __init__(self, name: str, ertrag: Ertrag) -> None:
        self._name, self._ertrag = name, ertrag
        self._rahmen: dict[int, str] = {}
        self._tabellen = 0
        self._davor = ""

    def lies(self, knoten: Element) -> None:
        """Absätze und Tabellen unterhalb eines Knotens."""
        for kind in knoten:
            if _name(kind) == "p":
                self._absatz(kind)
            elif _name(kind) == "tbl":
                self._tabelle(kind)
            elif _name(kind) not in {"sectPr", "tblPr", "tblGrid"}:
                self.lies(kind)

    def _umgebung(self) -> tuple[str, ...]:
        return tuple(self._rahmen[stufe] for stufe in sorted(self._rahmen))

    def _absatz(self, absatz: Element) -> None:
        text = _absatztext(absatz)
        stufe = _stufe(absatz)
        if stufe is not None and text.strip():
            self._rahmen = {s: t for s, t in self._rahmen.items() if s < stufe}
            self._rahmen[stufe] = text.strip()
        self._ertrag.text(self._name, text, self._umgebung())
        self._davor = text.strip() or self._davor
        _alternativtexte(self._name, absatz, self._ertrag, self._umgebung())
        for kind in absatz.iter():
            if _name(kind) == "txbxContent":
                self.lies(kind)

    def _tabelle(self, tabelle: Element) -> None:
        self._tabellen += 1
        zeilen = [list(_zellen(z)) for z in tabelle if _name(z) == "tr"]
        rahmen = (*self._umgebung(), *([self._davor] if self._davor else []))
        self._ertrag.stellen += tabellenstellen(
            zeilen,
            datei=self._ertrag.datei,
            ort=f"{self._name}, Tabelle {self._tabellen}",
            rahmen=rahmen,
        )
        _alternativtexte(self._name, tabelle, self._ertrag, rahmen)


def _zellen(zeile: Element) -> Iterator[str]:
    for zelle in zeile.iter():
        if _name(zelle) == "tc":
            absaetze = [_absatztext(p) for p in zelle.iter() if _name(p) == "p"]
            yield " ".join(a for a in absaetze if a.strip())
            for kind in zelle.iter():
                if _name(kind) == "gridSpan":
                    weite = next(iter(kind.attrib.values()), "1")
                    for _ in range(min(int(weite), 50) - 1 if weite.isdigit() else 0):
                        yield ""


def _absatztext(absatz: Element) -> str:
    teile = []
    for element in absatz.iter():
        if _name(element) in {"t", "delText", "instrText"}:
            teile.append(element.text or "")
        elif _name(element) in {"tab", "br", "cr"}:
            teile.append(" ")
        elif _name(element) == "noBreakHyphen":
            teile.append("-")
    return "".join(teile)


def _stufe(absatz: Element) -> int | None:
    """Überschriftenstufe eines Absatzes; 0 ist der Titel."""
    for element in absatz.iter():
        if _name(element) == "pStyle":
            wert = next(iter(element.attrib.values()), "")
            if re.fullmatch(r"(Title|Titel)", wert):
                return 0
            treffer = re.search(r"(?:Heading|berschrift)\s*(\d)", wert)
            return int(treffer[1]) if treffer else None
    return None


def _alternativtexte(
    name: str, knoten: Element, ertrag: Ertrag, rahmen: tuple[str, ...]
) -> None:
    for element in knoten.iter():
        if _name(element) in {
            "docPr",
            "cNvPr",
            "tblCaption",
            "tblDescription",
            "alias",
        }:
            for wert in element.attrib.values():
                if len(wert) > 2:  # noqa: PLR2004 – keine Nummern
                    ertrag.text(f"{name}, Alternativtext", wert, rahmen)


def _wortteil(name: str, wurzel: Element, ertrag: Ertrag) -> None:
    _Wort(name, ertrag).lies(wurzel)


def lies_xlsx(inhalt: bytes, ertrag: Ertrag, unterleser: Unterleser) -> None:
    """Alle Blätter, auch verborgene, mit Kommentaren, Namen und Eigenschaften."""
    from openpyxl import load_workbook  # noqa: PLC0415 – nur für Excel

    for name, daten in zipteile(inhalt):
        _mappenteil(name, daten, ertrag, unterleser)
    try:
        mappen = [
            load_workbook(io.BytesIO(inhalt), data_only=werte)
            for werte in (True, False)
        ]
    except Exception as fehler:
        raise Lesefehler(f"Die Arbeitsmappe ist nicht lesbar ({fehler}).") from fehler
    for nummer, mappe in enumerate(mappen):
        for blatt in mappe.worksheets:
            if blatt.max_row * blatt.max_column > HOECHSTZELLEN:
                raise Lesefehler(f"Blatt „{blatt.title}“ ist zu groß.")
            _blatt(blatt, ertrag, nur_formeln=bool(nummer))
        for name, eintrag in mappe.defined_names.items():
            ertrag.text(f"Name {name}", str(eintrag.value))
        mappe.close()


def _mappenteil(
    name: str, daten: bytes, ertrag: Ertrag, unterleser: Unterleser
) -> None:
    if name.endswith(".rels"):
        _verweise(name, daten, ertrag)
    elif name.endswith(".xml"):
        wurzel = _baum(daten, name)
        ertrag.rohtexte.append((name, daten.decode("utf-8", errors="replace")))
        if name.startswith(NEBENTEILE):
            _jedes_element(name, wurzel, ertrag)
            _alternativtexte(name, wurzel, ertrag, ())
        for rand in (e for e in wurzel.iter() if KOPF_UND_FUSS.fullmatch(_name(e))):
            ertrag.text(f"{name}, Kopf- oder Fußzeile", rand.text or "")
        _jedes_merkmal(name, wurzel, ertrag)
    elif name.lower().endswith(BEILAGEN):
        unterleser(name, daten, ertrag)


def _blatt(blatt: Any, ertrag: Ertrag, *, nur_formeln: bool) -> None:  # noqa: ANN401
    zeilen = [[_zelltext(z.value) for z in zeile] for zeile in blatt.iter_rows()]
    titel = next((z for zeile in zeilen for z in zeile if z), "")
    if nur_formeln:
        for nummer, zeile in enumerate(zeilen):
            for text in zeile:
                if text.startswith("="):
                    ertrag.text(f"{blatt.title}, Zeile {nummer + 1}, Formel", text)
        return
    ertrag.stellen += tabellenstellen(
        zeilen,
        datei=ertrag.datei,
        ort=f"Blatt {blatt.title}",
        rahmen=(blatt.title, titel),
    )


def _zelltext(wert: object) -> str:
    return "" if wert is None else repr(wert) if isinstance(wert, float) else str(wert)


def lies_pdf(inhalt: bytes, ertrag: Ertrag, unterleser: Unterleser) -> None:
    """Seitentext zeilenweise, Alternativtexte, Anmerkungen, Anhänge, Eigenschaften."""
    from pypdf import PdfReader  # noqa: PLC0415 – nur für PDF

    try:
        leser = PdfReader(io.BytesIO(inhalt))
        if leser.is_encrypted:
            leser.decrypt("")
        titel = ""
        for name, wert in (leser.metadata or {}).items():
            titel = str(wert) if name == "/Title" else titel
            ertrag.text(f"Eigenschaft {name}", str(wert))
            ertrag.rohtexte.append((f"Eigenschaft {name}", str(wert)))
        for nummer, seite in enumerate(leser.pages, 1):
            _seite(seite.extract_text() or "", nummer, titel, ertrag)
        _objekte(leser, ertrag, titel, unterleser)
        for name, beilagen in leser.attachments.items():
            for beilage in beilagen:
                unterleser(str(name), beilage, ertrag)
    except Exception as fehler:
        raise Lesefehler(f"Die PDF-Datei ist nicht lesbar ({fehler}).") from fehler


def _seite(text: str, nummer: int, titel: str, ertrag: Ertrag) -> None:
    """Zeilen mit den Zeilen davor als Rahmen; dazu der Text über Zeilen hinweg."""
    rahmen = (titel,) if titel else ()
    ertrag.rohtexte.append((f"Seite {nummer}", text))
    text = UNSICHTBAR.sub("", text)
    zeilen = [z.strip() for z in text.splitlines() if z.strip()]
    for stelle, zeile in enumerate(zeilen):
        ertrag.stellen.append(
            Stelle(
                datei=ertrag.datei,
                ort=f"Seite {nummer}, Zeile {stelle + 1}",
                text=zeile,
                zeile=_name_davor(zeilen, stelle),
                spalte=tuple(_kopf_davor(zeilen, stelle)),
                rahmen=rahmen,
                art="seitenzeile",
            )
        )
    for absatz in _absaetze(zeilen):
        ertrag.text(f"Seite {nummer}", absatz, rahmen)


def _name_davor(zeilen: list[str], stelle: int) -> tuple[str, ...]:
    """Beginnt eine Zeile mit einer Zahl, steht ihr Name umbrochen darüber."""
    if not re.match(r"[-−+]?\d", zeilen[stelle]):
        return ()
    davor: list[str] = []
    for zeile in reversed(zeilen[max(0, stelle - 3) : stelle]):
        if "%" in zeile or zeile.endswith("."):
            break
        davor.insert(0, zeile)
    return (re.sub(r"(?<=[a-zäöüß])- (?=[a-zäöüß])", "", " ".join(davor)),)


def _absaetze(zeilen: list[str]) -> Iterator[str]:
    """Fließtext über Zeilen hinweg; die letzte Zeile eines Absatzes ist kurz."""
    absatz: list[str] = []
    for zeile in zeilen:
        absatz.append(zeile)
        if len(zeile) < FLIESSTEXT:
            if len(absatz) > 1:
                yield re.sub(r"(?<=[a-zäöüß])- (?=[a-zäöü])", "", " ".join(absatz))
            absatz = []
    if len(absatz) > 1:
        yield " ".join(absatz)


def _kopf_davor(zeilen: list[str], stelle: int, hoechstens: int = 60) -> Iterator[str]:
    """Nächste Zeilen davor, die keine Zahl enthalten: mögliche Tabellenköpfe."""
    gefunden = 0
    for davor in reversed(zeilen[max(0, stelle - hoechstens) : stelle]):
        if not re.search(r"\d", davor):
            yield davor
            gefunden += 1
            if gefunden == 4:  # noqa: PLR2004 – ein Kopf ist selten höher
                return


PDF_TEXTE = ("/Alt", "/ActualText", "/Contents", "/E", "/TU", "/V", "/DV", "/T",
             "/Title", "/Subj", "/RC", "/NM")  # fmt: skip
"""Einträge der PDF-Struktur, die Text enthalten."""


def _objekte(
    leser: Any,  # noqa: ANN401
    ertrag: Ertrag,
    titel: str,
    unterleser: Unterleser,
) -> None:
    """Texte in der Struktur und Handlungen, die etwas öffnen."""
    rahmen = (titel,) if titel else ()
    gesehen: set[int] = set()
    stapel: list[Any] = [leser.trailer.get("/Root")]
    while stapel:
        roh = stapel.pop()
        nummer = getattr(roh, "idnum", None)
        if nummer is not None:
            if nummer in gesehen:
                continue
            gesehen.add(nummer)
        objekt = roh.get_object() if hasattr(roh, "get_object") else roh
        if isinstance(objekt, dict):
            if objekt.get("/Type") == "/Metadata" and hasattr(objekt, "get_data"):
                unterleser("Beschreibung.xml", objekt.get_data(), ertrag)
            for name in PDF_TEXTE:
                wert = objekt.get(name)
                if isinstance(wert, str):
                    ertrag.text(f"Struktur {name}", wert, rahmen)
            if objekt.get("/S") in {"/Launch", "/JavaScript", "/SubmitForm", "/GoToR",
                                    "/ImportData", "/Rendition"}:  # fmt: skip
                ertrag.adressen.append(("Handlung", str(objekt.get("/S"))))
            stapel += list(objekt.values())
        elif isinstance(objekt, list):
            stapel += list(objekt)
