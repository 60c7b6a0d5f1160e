"""Wie zählt und trennt unsere Word-Datei? Listen und Grundeinstellungen."""

from docx.document import Document
from docx.oxml.parser import parse_xml

from quartierstools.ausgabe.gestalt import Gestalt

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PUNKT, ZAHL, KASTENPUNKT, KASTENZAHL = 1, 2, 3, 4
"""Nummern der Listen: Punkte, Zahlen und beide im Kasten."""

KASTENRAND = 170
EINZUG = 340
"""Rand eines Kastens und Einzug einer Liste in Zwanzigstelpunkt."""


def richte_listen_ein(dokument: Document, g: Gestalt) -> None:
    """Vier Listen: Punkte und Zahlen, im Text und im Kasten."""
    wurzel = dokument.part.numbering_part.element
    for kind in list(wurzel):
        wurzel.remove(kind)
    arten = (
        (PUNKT, "bullet", "•", EINZUG),
        (ZAHL, "decimal", "%1.", EINZUG),
        (KASTENPUNKT, "bullet", "•", KASTENRAND + EINZUG),
        (KASTENZAHL, "decimal", "%1.", KASTENRAND + EINZUG),
    )
    farbe = f'<w:color w:val="{g.blau.removeprefix("#").upper()}"/>'
    for nummer, format_, text, einzug in arten:
        stufe = (
            '<w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{format_}"/><w:lvlText w:val="{text}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{einzug}" '
            f'w:hanging="{EINZUG}"/></w:pPr><w:rPr>{farbe}</w:rPr></w:lvl>'
        )
        wurzel.append(
            parse_xml(
                f'<w:abstractNum {NS} w:abstractNumId="{nummer}">'
                f'<w:multiLevelType w:val="singleLevel"/>{stufe}</w:abstractNum>'
            )
        )
    for nummer, *_ in arten:
        wurzel.append(
            parse_xml(
                f'<w:num {NS} w:numId="{nummer}"><w:abstractNumId w:val="{nummer}"/>'
                "</w:num>"
            )
        )


def neue_zaehlung(dokument: Document, *, kasten: bool) -> int:
    """Nummer einer Zahlenliste, die wieder bei 1 beginnt."""
    wurzel = dokument.part.numbering_part.element
    nummer = len(wurzel.num_lst) + 1
    art = KASTENZAHL if kasten else ZAHL
    neu = parse_xml(
        f'<w:num {NS} w:numId="{nummer}"><w:abstractNumId w:val="{art}"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    wurzel.append(neu)
    return nummer


def richte_einstellungen_ein(dokument: Document, sprache: str) -> None:
    """Deutsche Vorgaben und Silbentrennung; Spuren der Leervorlage entfallen."""
    wurzel = dokument.settings.element
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    for name in (
        "savePreviewPicture",
        "rsids",
        "proofState",
        "doNotAutoCompressPictures",
    ):
        for kind in wurzel.findall(f"{w}{name}"):
            wurzel.remove(kind)
    for name, wert in (("decimalSymbol", ","), ("listSeparator", ";")):
        for kind in wurzel.findall(f"{w}{name}"):
            kind.set(f"{w}val", wert)
    for kind in wurzel.findall(f"{w}themeFontLang"):
        kind.set(f"{w}val", sprache)
        kind.attrib.pop(f"{w}eastAsia", None)
    tabulator = wurzel.find(f"{w}defaultTabStop")
    if tabulator is not None:
        stelle = list(wurzel).index(tabulator) + 1
        wurzel.insert(stelle, parse_xml(f"<w:autoHyphenation {NS}/>"))
