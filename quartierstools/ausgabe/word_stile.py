"""Welche Formatvorlagen hat unsere Word-Datei?

Nur die, die wir brauchen, alle aus der `Gestalt`. Wer in Word eine Formatvorlage
ändert, ändert das ganze Dokument; Formatierungen von Hand gibt es kaum.
"""

from dataclasses import dataclass

from docx.document import Document
from docx.oxml.parser import parse_xml

from quartierstools.ausgabe.gestalt import Gestalt
from quartierstools.ausgabe.word_listen import (
    EINZUG,
    KASTENPUNKT,
    KASTENRAND,
    NS,
    PUNKT,
    ZAHL,
    richte_einstellungen_ein,
    richte_listen_ein,
)

SCHRIFT = "Arial"
TABELLE = "Quartierstabelle"
ZELLRAND = 85
"""Seitlicher Rand der Tabellenzellen in Zwanzigstelpunkt."""
_RECHTS = 9412
"""Rechter Rand des Textes in Zwanzigstelpunkt (166 Millimeter)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stil:
    name: str
    kennung: str
    art: str = "paragraph"
    basis: str = "Normal"
    folgt: str = ""
    absatz: str = ""
    zeichen: str = ""
    eigen: bool = False

    def xml(self) -> str:
        eigen = ' w:customStyle="1"' if self.eigen else ""
        standard = ' w:default="1"' if self.kennung in _STANDARD else ""
        folgt = f'<w:next w:val="{self.folgt}"/>' if self.folgt else ""
        basis = f'<w:basedOn w:val="{self.basis}"/>' if self.basis else ""
        absatz = f"<w:pPr>{self.absatz}</w:pPr>" if self.absatz else ""
        zeichen = f"<w:rPr>{self.zeichen}</w:rPr>" if self.zeichen else ""
        return (
            f'<w:style {NS} w:type="{self.art}"{standard}{eigen} '
            f'w:styleId="{self.kennung}"><w:name w:val="{self.name}"/>{basis}{folgt}'
            f"<w:qFormat/>{absatz}{zeichen}</w:style>"
        )


_STANDARD = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList"}


def richte_stile_ein(dokument: Document, gestalt: Gestalt, sprache: str) -> None:
    """Ersetzt Formatvorlagen, Listen und Grundeinstellungen der leeren Datei."""
    wurzel = dokument.styles.element
    for kind in list(wurzel):
        wurzel.remove(kind)
    teile = [
        _vorgaben(gestalt, sprache),
        *(stil.xml() for stil in _absatzstile(gestalt)),
        *(stil.xml() for stil in _kastenstile(gestalt)),
        *(stil.xml() for stil in _zeichenstile(gestalt)),
        *_grundstile(gestalt),
    ]
    for teil in teile:
        wurzel.append(parse_xml(teil))
    richte_listen_ein(dokument, gestalt)
    richte_einstellungen_ein(dokument, sprache)


def _rgb(farbe: str) -> str:
    return farbe.removeprefix("#").upper()


def _grad(punkt: float) -> str:
    halbe = round(2 * punkt)
    return f'<w:sz w:val="{halbe}"/><w:szCs w:val="{halbe}"/>'


def _farbe(farbe: str) -> str:
    return f'<w:color w:val="{_rgb(farbe)}"/>'


def _abstand(vor: int, nach: int, zeile: int = 245) -> str:
    return (
        f'<w:spacing w:before="{vor}" w:after="{nach}" w:line="{zeile}" '
        'w:lineRule="auto"/>'
    )


def _vorgaben(gestalt: Gestalt, sprache: str) -> str:
    return (
        f"<w:docDefaults {NS}><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="{SCHRIFT}" w:hAnsi="{SCHRIFT}" w:eastAsia="{SCHRIFT}" '
        f'w:cs="{SCHRIFT}"/>{_farbe(gestalt.text)}{_grad(gestalt.word_text)}'
        f'<w:lang w:val="{sprache}" w:eastAsia="{sprache}" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl/>"
        f"{_abstand(0, 70)}</w:pPr></w:pPrDefault></w:docDefaults>"
    )


def _absatzstile(g: Gestalt) -> list[_Stil]:
    zusammen = "<w:keepNext/><w:keepLines/>"
    rand = '<w:tabs><w:tab w:val="right" w:pos="{}"/></w:tabs>'
    warnrand = "".join(
        f'<w:{seite} w:val="single" w:sz="{staerke}" w:space="4" '
        f'w:color="{_rgb(g.warn_linie)}"/>'
        for seite, staerke in (("top", 18), ("bottom", 4))
    )
    warnung = (
        f'<w:pBdr>{warnrand}</w:pBdr><w:shd w:val="clear" w:color="auto" '
        f'w:fill="{_rgb(g.warn_flaeche)}"/>'
    )
    ueberschriften = [
        _Stil(
            name=f"heading {stufe}",
            kennung=f"Heading{stufe}",
            folgt="Normal",
            absatz=f"{zusammen}<w:suppressAutoHyphens/>{_abstand(vor, nach, 252)}"
            f'<w:outlineLvl w:val="{stufe - 1}"/>',
            zeichen=f"<w:b/><w:bCs/>{_farbe(g.dunkelblau)}{_grad(grad)}",
        )
        for stufe, grad, vor, nach in (
            (1, g.word_stufe1, 160, 50),
            (2, g.word_stufe2, 140, 50),
            (3, g.word_stufe3, 150, 50),
        )
    ]
    return [
        _Stil(name="Normal", kennung="Normal", basis=""),
        _Stil(
            name="Title",
            kennung="Title",
            folgt="Subtitle",
            absatz=f"{zusammen}<w:suppressAutoHyphens/>{_abstand(0, 60, 252)}",
            zeichen=f"<w:b/><w:bCs/>{_farbe(g.dunkelblau)}{_grad(g.word_titel)}",
        ),
        _Stil(
            name="Subtitle",
            kennung="Subtitle",
            folgt="Normal",
            absatz=_abstand(0, 180),
            zeichen=_farbe(g.nebentext),
        ),
        *ueberschriften,
        _Stil(
            name="caption",
            kennung="Caption",
            folgt="Normal",
            absatz=_abstand(140, 70, 252),
            zeichen=f"<w:b/><w:bCs/>{_farbe(g.dunkelblau)}{_grad(g.word_tabelle)}",
        ),
        _Stil(
            name="List Bullet",
            kennung="ListBullet",
            absatz=f'<w:numPr><w:numId w:val="{PUNKT}"/></w:numPr>{_abstand(0, 40)}',
        ),
        _Stil(
            name="List Number",
            kennung="ListNumber",
            absatz=f'<w:numPr><w:numId w:val="{ZAHL}"/></w:numPr>{_abstand(0, 40)}',
        ),
        _Stil(
            name="header",
            kennung="Header",
            absatz=f"{rand.format(_RECHTS)}{_abstand(0, 0, 240)}",
            zeichen=f"<w:b/><w:bCs/>{_farbe(g.warn_text)}{_grad(8)}",
        ),
        _Stil(
            name="footer",
            kennung="Footer",
            absatz='<w:pBdr><w:top w:val="single" w:sz="4" w:space="4" '
            f'w:color="{_rgb(g.linie)}"/></w:pBdr>{rand.format(_RECHTS)}'
            f"{_abstand(0, 0, 240)}",
            zeichen=f"{_farbe(g.nebentext)}{_grad(8)}",
        ),
        _Stil(
            name="Stempel",
            kennung="Stempel",
            eigen=True,
            absatz=f"<w:keepNext/>{warnung}{_abstand(0, 0)}",
            zeichen=f"<w:b/><w:bCs/>{_farbe(g.warn_text)}{_grad(g.word_tabelle)}",
        ),
        _Stil(
            name="Gattung",
            kennung="Gattung",
            eigen=True,
            folgt="Title",
            absatz=f"<w:keepNext/>{rand.format(_RECHTS)}{_abstand(200, 20)}",
            zeichen=f"<w:b/><w:bCs/>{_farbe(g.blau)}",
        ),
        _Stil(
            name="Kleingedrucktes",
            kennung="Kleingedrucktes",
            eigen=True,
            absatz=_abstand(40, 110, 252),
            zeichen=f"{_farbe(g.nebentext)}{_grad(g.word_klein)}",
        ),
        _Stil(
            name="Tabellenende",
            kennung="Tabellenende",
            eigen=True,
            absatz='<w:spacing w:before="0" w:after="60" w:line="60" '
            'w:lineRule="exact"/>',
            zeichen=_grad(2),
        ),
        _Stil(
            name="Bild",
            kennung="Bild",
            eigen=True,
            absatz=_abstand(120, 40, 240),
        ),
        _Stil(
            name="Feld",
            kennung="Feld",
            eigen=True,
            absatz='<w:tabs><w:tab w:val="left" w:pos="2552"/></w:tabs>'
            f'{_abstand(0, 50)}<w:ind w:left="2552" w:hanging="2552"/>',
        ),
        *_tabellenstile(g),
    ]


def _tabellenstile(g: Gestalt) -> list[_Stil]:
    kopf = f"<w:b/><w:bCs/>{_farbe(g.dunkelblau)}"
    rechts = '<w:jc w:val="right"/>'
    return [
        _Stil(
            name="Tabellentext",
            kennung="Tabellentext",
            eigen=True,
            absatz=_abstand(20, 20, 247),
            zeichen=_grad(g.word_tabelle),
        ),
        _Stil(
            name="Tabellenzahl",
            kennung="Tabellenzahl",
            eigen=True,
            basis="Tabellentext",
            absatz=rechts,
        ),
        _Stil(
            name="Tabellenkopf",
            kennung="Tabellenkopf",
            eigen=True,
            basis="Tabellentext",
            absatz="<w:keepNext/>",
            zeichen=kopf,
        ),
        _Stil(
            name="Tabellenkopf rechts",
            kennung="TabellenkopfRechts",
            eigen=True,
            basis="Tabellenkopf",
            absatz=rechts,
        ),
    ]


def _kastenstile(g: Gestalt) -> list[_Stil]:
    """Je Art drei Vorlagen mit gleichem Rand: so wirken die Absätze wie ein Kasten."""
    arten = {
        "kurz": (g.hellblau, g.blau, g.dunkelblau),
        "warnung": (g.warn_flaeche, g.warn_linie, g.warn_text),
        "hinweis": (g.papier, g.blau, g.dunkelblau),
    }
    stile = []
    for art, (flaeche, balken, schrift) in arten.items():
        rand = "".join(
            f'<w:{seite} w:val="single" w:sz="{staerke}" w:space="{weite}" '
            f'w:color="{_rgb(farbe)}"/>'
            for seite, staerke, weite, farbe in (
                ("top", 4, 3, flaeche if art != "hinweis" else g.linie),
                ("left", 24, 6, balken),
                ("bottom", 4, 3, flaeche if art != "hinweis" else g.linie),
                ("right", 4, 6, flaeche if art != "hinweis" else g.linie),
            )
        )
        aussehen = (
            f'<w:pBdr>{rand}</w:pBdr><w:shd w:val="clear" w:color="auto" '
            f'w:fill="{_rgb(flaeche)}"/>{_abstand(0, 0)}'
        )
        name = f"Kasten {art}"
        kennung = f"Kasten{art.capitalize()}"
        stile += [
            _Stil(
                name=name,
                kennung=kennung,
                eigen=True,
                absatz=f'<w:keepLines/>{aussehen}<w:ind w:left="{KASTENRAND}" '
                f'w:right="{KASTENRAND}"/>',
            ),
            _Stil(
                name=f"{name} Titel",
                kennung=f"{kennung}Titel",
                basis=kennung,
                folgt=kennung,
                eigen=True,
                absatz="<w:keepNext/><w:keepLines/>",
                zeichen=f"<w:b/><w:bCs/>{_farbe(schrift)}",
            ),
            _Stil(
                name=f"{name} Liste",
                kennung=f"{kennung}Liste",
                basis=kennung,
                eigen=True,
                absatz=f'<w:numPr><w:numId w:val="{KASTENPUNKT}"/></w:numPr>'
                f'<w:ind w:left="{KASTENRAND + EINZUG}" '
                f'w:right="{KASTENRAND}" w:hanging="{EINZUG}"/>',
            ),
        ]
    return stile


def _zeichenstile(g: Gestalt) -> list[_Stil]:
    def zeichenstil(name: str, zeichen: str, *, eigen: bool = False) -> _Stil:
        return _Stil(
            name=name,
            kennung=name.replace(" ", ""),
            art="character",
            basis="DefaultParagraphFont",
            zeichen=zeichen,
            eigen=eigen,
        )

    mager = '<w:b w:val="0"/><w:bCs w:val="0"/>'
    offen = (
        f'{_farbe(g.offen_text)}<w:u w:val="dash" w:color="{_rgb(g.offen_text)}"/>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{_rgb(g.offen_flaeche)}"/>'
    )
    return [
        zeichenstil("Strong", "<w:b/><w:bCs/>"),
        zeichenstil("Emphasis", "<w:i/><w:iCs/>"),
        zeichenstil("Intense Emphasis", "<w:b/><w:bCs/><w:i/><w:iCs/>"),
        zeichenstil("Offenes Feld", offen, eigen=True),
        zeichenstil("Feldname", f"<w:b/><w:bCs/>{_farbe(g.nebentext)}", eigen=True),
        zeichenstil("Herausgeber", f"{mager}{_farbe(g.nebentext)}", eigen=True),
    ]


def _grundstile(g: Gestalt) -> list[str]:
    linien = "".join(
        f'<w:{seite} w:val="single" w:sz="{staerke}" w:space="0" '
        f'w:color="{_rgb(farbe)}"/>'
        for seite, staerke, farbe in (
            ("top", 12, g.dunkelblau),
            ("bottom", 6, g.linie),
            ("insideH", 4, g.haarlinie),
        )
    )
    raender = "".join(
        f'<w:{seite} w:w="{weite}" w:type="dxa"/>'
        for seite, weite in (
            ("top", 0),
            ("left", ZELLRAND),
            ("bottom", 0),
            ("right", ZELLRAND),
        )
    )
    zeichen = (
        f'<w:style {NS} w:type="character" w:default="1" '
        'w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/>'
        '<w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    )
    liste = (
        f'<w:style {NS} w:type="numbering" w:default="1" w:styleId="NoList">'
        '<w:name w:val="No List"/><w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
    )
    schlicht = (
        f'<w:style {NS} w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        f"<w:tblPr><w:tblCellMar>{raender}</w:tblCellMar></w:tblPr></w:style>"
    )
    tabelle = (
        f'<w:style {NS} w:type="table" w:customStyle="1" w:styleId="{TABELLE}">'
        f'<w:name w:val="{TABELLE}"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders>{linien}</w:tblBorders></w:tblPr>"
        '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders><w:bottom '
        f'w:val="single" w:sz="6" w:space="0" w:color="{_rgb(g.linie)}"/>'
        '</w:tcBorders><w:shd w:val="clear" w:color="auto" '
        f'w:fill="{_rgb(g.hellblau)}"/><w:vAlign w:val="bottom"/></w:tcPr>'
        "</w:tblStylePr></w:style>"
    )
    return [zeichen, liste, schlicht, tabelle]
