"""Wie wird aus einem Dokument eine Word-Datei, an der man weiterarbeitet?

Echte Formatvorlagen, Tabellenköpfe, Alternativtexte, deutsche Sprache. Offene Felder
sind Inhaltssteuerelemente: anklicken, schreiben, fertig; die Markierung verschwindet.
"""

import io
from datetime import datetime, time
from typing import Any, Final

import docx
from docx.blkcntnr import BlockItemContainer
from docx.document import Document as Worddokument
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Emu, Length, Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from quartierstools.ausgabe.gestalt import GESTALT, Gestalt, fusszeile
from quartierstools.ausgabe.packen import druckbar, packe_neu, saeubere_png
from quartierstools.ausgabe.pdf import svg_als_png
from quartierstools.ausgabe.word_listen import NS, neue_zaehlung
from quartierstools.ausgabe.word_stile import TABELLE, ZELLRAND, richte_stile_ein
from quartierstools.dokument import (
    Absatz,
    Bild,
    Block,
    Dokument,
    Felder,
    Inhalt,
    Kasten,
    Liste,
    Nebeneinander,
    Seitenumbruch,
    Tabelle,
    Textstueck,
    Ueberschrift,
)

_RAND_SEITE, _RAND_OBEN, _RAND_UNTEN = Mm(22), Mm(20), Mm(19)
_TEXTBREITE: Final = Mm(210 - 2 * 22)
_UNTEILBAR_BIS = 9
_TWIP = 635
_VML = (
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)


def word_bytes(dokument: Dokument, *, gestalt: Gestalt = GESTALT) -> bytes:
    """Word-Datei (docx) mit Formatvorlagen, bearbeitbar und barrierefrei.

    Parameters
    ----------
    dokument : Dokument
        Inhalt; `stand` ist auch Zeitstempel der Datei. Zwei Blöcke `Nebeneinander`
        stehen in Word untereinander, damit die Lesereihenfolge eindeutig bleibt.
    gestalt : Gestalt, default=GESTALT
        Farben und Schriftgrade.

    Returns
    -------
    bytes
        Gleiche Eingabe, gleiche Bytes.

    Raises
    ------
    Ausgabefehler
        Wenn ein Bild kein vollständiges PNG ist.

    Examples
    --------
    >>> from datetime import date
    >>> datei = word_bytes(Dokument(titel="T", gattung="Muster", bloecke=(),
    ...                             stand=date(2023, 12, 31)))
    >>> datei[:2]
    b'PK'
    """
    word = docx.Document()
    _leere_vorlage(word)
    richte_stile_ein(word, gestalt, dokument.sprache)
    _setze_eigenschaften(word, dokument)
    _richte_seite_ein(word, dokument, gestalt)
    schreiber = _Schreiber(word)
    for satz in dokument.stempel:
        schreiber.absatz(satz, "Stempel")
    gattung = schreiber.absatz(dokument.gattung, "Gattung")
    if dokument.herausgeber or dokument.logo:
        gattung.add_run("\t", style="Herausgeber")
        if dokument.logo:
            schreiber.grafik(gattung, dokument.logo, hoehe=Mm(9))
        text = f" {druckbar(dokument.herausgeber)}"
        gattung.add_run(text, style="Herausgeber")
    schreiber.absatz(dokument.titel, "Title")
    if dokument.untertitel:
        schreiber.absatz(dokument.untertitel, "Subtitle")
    for block in dokument.bloecke:
        schreiber.block(block)
    ziel = io.BytesIO()
    word.save(ziel)
    return packe_neu(ziel.getvalue())


class _Schreiber:
    """Hängt Blöcke an die Word-Datei an; zählt Felder und Bilder fortlaufend."""

    def __init__(self, word: Worddokument) -> None:
        self._word = word
        self._felder = 0
        self._bilder = 0
        self._zaehler: dict[str, int] = {}
        self._neue_seite = False

    def absatz(self, text: str, stil: str) -> Paragraph:
        absatz = self._word.add_paragraph(druckbar(text), style=stil)
        if self._neue_seite:
            absatz.paragraph_format.page_break_before = True
            self._neue_seite = False
        return absatz

    def block(self, block: Block) -> None:
        match block:
            case Ueberschrift():
                self.absatz(block.text, f"Heading {block.stufe}")
            case Absatz():
                klein = block.art == "klein"
                self._satz(block.inhalt, "Kleingedrucktes" if klein else "Normal")
            case Liste():
                self._liste(block)
            case Tabelle():
                self._tabelle(block)
            case Bild():
                self._bild(block)
            case Felder():
                self._felderblock(block)
            case Kasten():
                self._kasten(block)
            case Nebeneinander():
                self.block(block.links)
                self.block(block.rechts)
            case Seitenumbruch():
                self._neue_seite = True

    def _satz(self, stuecke: Inhalt, stil: str) -> Paragraph:
        absatz = self.absatz("", stil)
        self._fuelle(absatz, stuecke)
        return absatz

    def _fuelle(
        self, absatz: Paragraph, stuecke: Inhalt, *, fett: bool = False
    ) -> None:
        for stueck in stuecke:
            if stueck.art == "offen":
                self._felder += 1
                absatz._p.append(_offenes_feld(stueck, self._felder))  # noqa: SLF001
            else:
                stil = _ZEICHENSTIL[stueck.fett or fett, stueck.kursiv]
                absatz.add_run(druckbar(stueck.text), style=stil)

    def _liste(self, liste: Liste, stil: str = "") -> list[Paragraph]:
        vorgabe = "List Number" if liste.nummeriert else "List Bullet"
        zaehlung = 0
        if liste.nummeriert:
            zaehlung = neue_zaehlung(self._word, kasten=bool(stil))
        absaetze = [self._satz(punkt, stil or vorgabe) for punkt in liste.punkte]
        for absatz in absaetze if zaehlung else []:
            nummer = absatz._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
            nummer.get_or_add_ilvl().val = 0
            nummer.get_or_add_numId().val = zaehlung
        return absaetze

    def _felderblock(self, felder: Felder) -> None:
        for name, wert in felder.paare:
            absatz = self.absatz("", "Feld")
            absatz.add_run(f"{druckbar(name)}\t", style="Feldname")
            self._fuelle(absatz, wert)
        if felder.paare:
            absatz.paragraph_format.space_after = Pt(8)

    def _kasten(self, kasten: Kasten) -> None:
        name = f"Kasten {kasten.art}"
        letzter = self.absatz(kasten.titel, f"{name} Titel")
        letzter.paragraph_format.space_before = Pt(6)
        for teil in kasten.bloecke:
            if isinstance(teil, Liste):
                letzter = [letzter, *self._liste(teil, f"{name} Liste")][-1]
            else:
                letzter = self._satz(teil.inhalt, name)
        letzter.paragraph_format.space_after = Pt(10)

    def _bild(self, bild: Bild) -> None:
        absatz = self.absatz("", "Bild")
        absatz.paragraph_format.keep_with_next = bool(bild.titel)
        self.grafik(absatz, bild, breite=Emu(round(_TEXTBREITE * bild.breite)))
        if bild.titel:
            self._beschriftung("Abbildung", bild.titel)

    def grafik(
        self,
        absatz: Paragraph,
        bild: Bild,
        *,
        breite: Length | None = None,
        hoehe: Length | None = None,
    ) -> None:
        """Bild im Absatz, mit Namen und Alternativtext."""
        self._bilder += 1
        png = bild.png or svg_als_png(bild.svg, breite_mm=(breite or Mm(60)) / Mm(1))
        datei = io.BytesIO(saeubere_png(png))
        grafik = absatz.add_run().add_picture(datei, width=breite, height=hoehe)
        rahmen = grafik._inline  # noqa: SLF001
        # Ohne diese Angaben rückt LibreOffice das Bild ein.
        for seite in ("distT", "distB", "distL", "distR"):
            rahmen.set(seite, "0")
        angaben = rahmen.docPr
        angaben.set("name", f"Grafik {self._bilder}")
        angaben.set("descr", druckbar(bild.alternativtext))
        if bild.titel:
            angaben.set("title", druckbar(bild.titel))

    def _beschriftung(self, art: str, titel: str) -> Paragraph:
        """„Tabelle 1: …“ mit Zählfeld: Word nummeriert neu, wenn etwas dazukommt."""
        self._zaehler[art] = nummer = self._zaehler.get(art, 0) + 1
        absatz = self.absatz("", "Caption")
        absatz.add_run(f"{art} ")
        _feld(absatz, f"SEQ {art} \\* ARABIC", str(nummer))
        absatz.add_run(f": {druckbar(titel)}")
        return absatz

    def _tabelle(self, tabelle: Tabelle) -> None:
        titel = self._beschriftung("Tabelle", tabelle.titel)
        titel.paragraph_format.keep_with_next = True
        zeilen, spalten = len(tabelle.zeilen), len(tabelle.spalten)
        netz = self._word.add_table(zeilen + 1, spalten, style=TABELLE)
        _richte_tabelle_ein(netz, tabelle)
        zusammen = zeilen <= _UNTEILBAR_BIS
        for zelle, spalte in zip(netz.rows[0].cells, tabelle.spalten, strict=True):
            rechts = spalte.ausrichtung == "rechts"
            stil = "Tabellenkopf rechts" if rechts else "Tabellenkopf"
            self._zelle(zelle, (Textstueck(spalte.titel),), stil)
        for nummer, zeile in enumerate(tabelle.zeilen):
            fett = nummer in tabelle.hervorgehoben
            zellen = netz.rows[nummer + 1].cells
            for zelle, spalte, text in zip(zellen, tabelle.spalten, zeile, strict=True):
                rechts = spalte.ausrichtung == "rechts"
                stil = "Tabellenzahl" if rechts else "Tabellentext"
                absatz = self._zelle(zelle, text, stil, fett=fett)
                if zusammen and (nummer + 1 < zeilen or tabelle.fussnote):
                    absatz.paragraph_format.keep_with_next = True
        # Ohne Absatz dazwischen verschmilzt Word zwei Tabellen zu einer.
        stil = "Kleingedrucktes" if tabelle.fussnote else "Tabellenende"
        self.absatz(tabelle.fussnote, stil)

    def _zelle(
        self,
        zelle: BlockItemContainer,
        stuecke: Inhalt,
        stil: str,
        *,
        fett: bool = False,
    ) -> Paragraph:
        absatz: Paragraph = zelle.paragraphs[0]
        absatz.style = stil
        self._fuelle(absatz, stuecke, fett=fett)
        return absatz


_ZEICHENSTIL = {
    (False, False): None,
    (True, False): "Strong",
    (False, True): "Emphasis",
    (True, True): "Intense Emphasis",
}


def _leere_vorlage(word: Worddokument) -> None:
    """Vorschaubild und Beigaben der mitgelieferten Leervorlage entfallen."""
    for rels in (word.part.package.rels, word.part.rels):
        for kennung, rel in list(rels.items()):
            if rel.reltype.rsplit("/", 1)[-1] in _UEBERFLUESSIG:
                del rels[kennung]


_UEBERFLUESSIG = {"thumbnail", "customXml", "stylesWithEffects", "extended-properties"}


def _setze_eigenschaften(word: Worddokument, dokument: Dokument) -> None:
    zeit = datetime.combine(dokument.stand, time())
    angaben = word.core_properties
    angaben.title = druckbar(dokument.titel)[:255]
    angaben.subject = druckbar(dokument.gattung)[:255]
    angaben.author = druckbar(dokument.herausgeber)[:255]
    angaben.last_modified_by = angaben.author
    angaben.comments = druckbar(" ".join(dokument.stempel))[:255]
    angaben.identifier = druckbar(dokument.kennung)[:255]
    angaben.category = druckbar(dokument.fassung)[:255]
    angaben.keywords = ""
    angaben.language = dokument.sprache
    angaben.created = angaben.modified = zeit
    angaben.revision = 1


def _richte_seite_ein(word: Worddokument, dokument: Dokument, gestalt: Gestalt) -> None:
    abschnitt = word.sections[0]
    abschnitt.page_width, abschnitt.page_height = Mm(210), Mm(297)
    abschnitt.left_margin = abschnitt.right_margin = _RAND_SEITE
    abschnitt.top_margin, abschnitt.bottom_margin = _RAND_OBEN, _RAND_UNTEN
    abschnitt.header_distance = abschnitt.footer_distance = Mm(10)
    # Auf Seite 1 stehen die Stempel im Text, wo auch ein Vorleseprogramm sie findet.
    abschnitt.different_first_page_header_footer = True
    koepfe = (abschnitt.first_page_header, abschnitt.header)
    for nummer, kopf in enumerate(koepfe, 1):
        absatz = kopf.paragraphs[0]
        if nummer == len(koepfe):
            absatz.add_run(druckbar(" ".join(dokument.stempel)))
        if dokument.wasserzeichen:
            bild = _wasserzeichen(druckbar(dokument.wasserzeichen), gestalt, nummer)
            absatz.add_run()._r.append(bild)  # noqa: SLF001
    for fuss in (abschnitt.first_page_footer, abschnitt.footer):
        absatz = fuss.paragraphs[0]
        absatz.add_run(f"{druckbar(fusszeile(dokument))}\tSeite ")
        _feld(absatz, "PAGE")
        absatz.add_run(" von ")
        _feld(absatz, "NUMPAGES")


def _feld(absatz: Paragraph, befehl: str, stand: str = "1") -> None:
    """Feld, das Word selbst fortschreibt; `stand` ist der Wert bis dahin."""
    feld = parse_xml(
        f'<w:fldSimple {NS} w:instr=" {befehl} "><w:r><w:t>{stand}</w:t></w:r>'
        "</w:fldSimple>"
    )
    absatz._p.append(feld)  # noqa: SLF001


def _offenes_feld(stueck: Textstueck, nummer: int) -> Any:  # noqa: ANN401 - lxml
    """Inhaltssteuerelement, das nach dem Ausfüllen zu gewöhnlichem Text wird."""
    feld = parse_xml(
        f'<w:sdt {NS}><w:sdtPr><w:alias w:val="Offenes Feld"/><w:tag w:val="offen"/>'
        f'<w:id w:val="{nummer}"/><w:temporary/><w:showingPlcHdr/></w:sdtPr>'
        '<w:sdtContent><w:r><w:rPr><w:rStyle w:val="OffenesFeld"/></w:rPr>'
        '<w:t xml:space="preserve"/></w:r></w:sdtContent></w:sdt>'
    )
    feld.find(f".//{qn('w:t')}").text = druckbar(stueck.text).replace("\n", " ")
    return feld


def _wasserzeichen(text: str, gestalt: Gestalt, nummer: int) -> Any:  # noqa: ANN401 - lxml
    """Schriftzug hinter dem Text, wie Word ihn selbst anlegt."""
    breite = min(470, 26 * len(text))
    hoehe = min(110, round(breite / (0.52 * max(len(text), 1))))
    bild = parse_xml(
        f'<w:pict {NS} {_VML}><v:shapetype id="_x0000_t136" coordsize="21600,21600" '
        'o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>'
        '<v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>'
        '<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>'
        '<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/>'
        '<v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/>'
        '</v:formulas><v:path textpathok="t" o:connecttype="custom" '
        'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
        'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/>'
        '<o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
        f'<v:shape id="PowerPlusWaterMarkObject{nummer}" '
        f'o:spid="_x0000_s{2048 + nummer}" type="#_x0000_t136" '
        'style="position:absolute;margin-left:0;margin-top:0;'
        f"width:{breite}pt;height:{hoehe}pt;rotation:328;"
        "z-index:-251658752;mso-position-horizontal:center;"
        "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        'mso-position-vertical-relative:margin" o:allowincell="f" '
        f'fillcolor="{gestalt.wasserzeichen}" stroked="f"><v:textpath/></v:shape>'
        "</w:pict>"
    )
    form = bild.find("{urn:schemas-microsoft-com:vml}shape")
    schrift = form.find("{urn:schemas-microsoft-com:vml}textpath")
    schrift.set("style", 'font-family:"Arial";font-size:1pt;font-weight:bold')
    schrift.set("string", text)
    form.set("alt", text)
    return bild


def _richte_tabelle_ein(netz: Table, tabelle: Tabelle) -> None:
    """Feste Breiten, Kopfzeile als Kopf gekennzeichnet, Zeilen unteilbar."""
    # Der Zellrand ragt beiderseits hinaus; so fluchtet die Schrift mit dem Text.
    gesamt = round(_TEXTBREITE / _TWIP) + 2 * ZELLRAND
    summe = sum(spalte.anteil for spalte in tabelle.spalten)
    breiten = [round(gesamt * s.anteil / summe) for s in tabelle.spalten]
    netz.autofit = False
    angaben = netz._tbl.tblPr  # noqa: SLF001
    breite = angaben.find(qn("w:tblW"))
    breite.set(qn("w:type"), "dxa")
    breite.set(qn("w:w"), str(sum(breiten)))
    kennzeichen = angaben.find(qn("w:tblLook"))
    for name in list(kennzeichen.attrib):
        del kennzeichen.attrib[name]
    for name, wert in (("val", "0620"), ("firstRow", "1"), ("noHBand", "1")):
        kennzeichen.set(qn(f"w:{name}"), wert)
    beschriftung = OxmlElement("w:tblCaption")
    beschriftung.set(qn("w:val"), druckbar(tabelle.titel))
    angaben.append(beschriftung)
    for spalte, weite in zip(netz.columns, breiten, strict=True):
        spalte.width = Emu(weite * _TWIP)
    for nummer, zeile in enumerate(netz.rows):
        for zelle, weite in zip(zeile.cells, breiten, strict=True):
            zelle.width = Emu(weite * _TWIP)
        eigenschaften = zeile._tr.get_or_add_trPr()  # noqa: SLF001
        eigenschaften.append(OxmlElement("w:cantSplit"))
        if nummer == 0:
            eigenschaften.append(OxmlElement("w:tblHeader"))
