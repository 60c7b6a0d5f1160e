"""Baut fertige Dateien jeder Art, sauber oder mit einem durchgerutschten Wert."""

import base64
import gzip
import io
import json
import struct
import zipfile
import zlib
from datetime import date

import docx
import openpyxl
import pypdf
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from pypdf.annotations import Text

from quartierstools.ausgabe.html import html_seite
from quartierstools.ausgabe.pdf import pdf_bytes
from quartierstools.ausgabe.word import word_bytes
from quartierstools.dokument import (
    Absatz,
    Bild,
    Dokument,
    Spalte,
    Tabelle,
    Ueberschrift,
    inhalt,
)

GEBIETE = {"061": "Kalkwerk", "062": "Ulmenhof", "063": "Forsthaus"}
ANDERE = {"061": "8,1", "062": "6,0"}
GROESSE = "Jugendarbeitslosenanteil"
TITEL = f"{GROESSE} (B03)"


def png(text: tuple[str, str] | None = None, *, art: bytes = b"tEXt") -> bytes:
    """Ein Bildpunkt mit einem Textfeld."""

    def abschnitt(name, daten):
        pruefsumme = zlib.crc32(name + daten)
        return (
            struct.pack(">I", len(daten)) + name + daten + struct.pack(">I", pruefsumme)
        )

    teile = [
        b"\x89PNG\r\n\x1a\n",
        abschnitt(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
    ]
    if text is not None:
        name, wert = (t.encode() for t in text)
        felder = {
            b"tEXt": name + b"\0" + wert,
            b"zTXt": name + b"\0\0" + zlib.compress(wert),
            b"iTXt": name + b"\0\1\0de\0\0" + zlib.compress(wert),
            b"eXIf": wert,
        }
        teile.append(abschnitt(art, felder[art]))
    teile += [abschnitt(b"IDAT", zlib.compress(b"\0\0")), abschnitt(b"IEND", b"")]
    return b"".join(teile)


def svg(beschreibung: str) -> str:
    """Kleine Grafik mit Titel und Beschreibung."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="img">'
        f"<title>{GROESSE} je Bezirk</title><desc>{beschreibung}</desc>"
        '<rect width="9" height="9"/></svg>'
    )


def satz(wert: str) -> str:
    """Satz über Forsthaus; `wert` ist „gesperrt“ oder die Zahl."""
    ist = "ist gesperrt" if wert == "gesperrt" else f"beträgt {wert} Prozent"
    return f"Der {GROESSE} in Forsthaus {ist}. In Kalkwerk beträgt er 8,1 Prozent."


def dokument(
    *, zelle: str = "gesperrt", text: str = "gesperrt", bild: str = "gesperrt"
) -> Dokument:
    """Schriftstück mit Tabelle, Absatz und Bild."""
    werte = {**ANDERE, "063": zelle}
    zeilen = tuple(
        (
            inhalt(GEBIETE[g]),
            inhalt(w if w == "gesperrt" else f"{w} %"),
            inhalt("7,2 %"),
        )
        for g, w in werte.items()
    )
    return Dokument(
        titel="Bericht über junge Menschen",
        gattung="Bericht",
        stand=date(2026, 11, 1),
        herausgeber="Stadt Musterstadt",
        bloecke=(
            Ueberschrift("Ausgangslage"),
            Absatz(inhalt(satz(text))),
            Tabelle(
                titel=f"{GROESSE} am 31.12.2023",
                spalten=(
                    Spalte("Bezirk"),
                    Spalte(GROESSE, "rechts"),
                    Spalte("Mittel", "rechts"),
                ),
                zeilen=zeilen,
            ),
            Bild(svg=svg("Balken"), png=png(), alternativtext=f"Balken. {satz(bild)}"),
        ),
    )


def html_tabelle(wert):
    return html_seite(dokument(zelle=wert)).encode()


def html_satz(wert):
    return html_seite(dokument(text=wert)).encode()


def html_alternativtext(wert):
    return html_seite(dokument(bild=wert)).encode()


def html_tooltip(wert):
    zahl = wert if wert == "gesperrt" else f"{wert} %"
    return (
        f"<html><body><h2>{GROESSE}</h2><svg>"
        f'<path aria-label="Kalkwerk: 8,1 %"/><path aria-label="Forsthaus: {zahl}"/>'
        "</svg></body></html>"
    ).encode()


def html_kommentar(wert):
    return f"<html><body><!-- {satz(wert)} --><p>Text</p></body></html>".encode()


def _json_zahl(wert):
    return None if wert == "gesperrt" else float(wert.replace(",", "."))


def html_karte(wert):
    daten = {
        "gebiete": {"schluessel": list(GEBIETE), "name": list(GEBIETE.values())},
        "ebenen": [
            {
                "titel": GROESSE,
                "klassen": [{"text": "unter dem Mittel", "anzahl": 2}],
                "klasse": [0, 0, 1],
                "werte": [8.1, 6.0, _json_zahl(wert)],
                "stellen": 1,
            }
        ],
    }
    text = json.dumps(daten, ensure_ascii=False)
    kopf = '<script type="application/json" id="kartendaten">'
    return f"<html><head>{kopf}{text}</script></head><body></body></html>".encode()


def html_skript(wert):
    daten = {"061": {"B03": 0.081}, "063": {"B03": None}}
    if wert != "gesperrt":
        daten["063"]["B03"] = round(_json_zahl(wert) / 100, 4)
    return f"<script>var daten = {json.dumps(daten)};\nzeige(daten);</script>".encode()


def html_datenattribut(wert):
    zahl = "" if wert == "gesperrt" else wert
    return (
        f'<p id="x" data-gebiet="063" data-indikator="B03" data-wert="{zahl}">.</p>'
    ).encode()


def html_rahmen(wert):
    innen = f"<p>{satz(wert)}</p>".replace('"', "&quot;")
    return f'<iframe srcdoc="{innen}"></iframe>'.encode()


def html_bild_im_bild(wert):
    roh = base64.b64encode(svg(satz(wert)).encode()).decode()
    return f'<img alt="" src="data:image/svg+xml;base64,{roh}">'.encode()


def svg_datei(wert):
    return svg(satz(wert)).encode()


def word_tabelle(wert):
    return word_bytes(dokument(zelle=wert))


def word_satz(wert):
    return word_bytes(dokument(text=wert))


def word_alternativtext(wert):
    return word_bytes(dokument(bild=wert))


def _word(aendere):
    mappe = docx.Document()
    mappe.add_paragraph("Bericht")
    aendere(mappe)
    puffer = io.BytesIO()
    mappe.save(puffer)
    return puffer.getvalue()


def word_kopfzeile(wert):
    return _word(lambda m: m.sections[0].header.add_paragraph(satz(wert)))


def word_eigenschaft(wert):
    def aendere(mappe):
        mappe.core_properties.comments = satz(wert)

    return _word(aendere)


def word_bild(wert):
    bild = png(("Description", satz(wert)))
    return _word(lambda m: m.add_picture(io.BytesIO(bild)))


def _mit_teilen(inhalt, teile):
    """Office-Datei mit weiteren oder ersetzten Teilen."""
    puffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(inhalt)) as alt,
        zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as neu,
    ):
        for name in alt.namelist():
            if name not in teile:
                neu.writestr(name, alt.read(name))
        for name, text in teile.items():
            neu.writestr(name, text)
    return puffer.getvalue()


def _beilage_xml(wert):
    return (
        f'<?xml version="1.0"?><daten xmlns="urn:x"><satz>{satz(wert)}</satz></daten>'
    )


def _eigene_eigenschaft(wert):
    return (
        '<?xml version="1.0"?><Properties xmlns="urn:p" xmlns:vt="urn:vt">'
        f'<property name="Notiz"><vt:lpwstr>{satz(wert)}</vt:lpwstr></property>'
        "</Properties>"
    )


def word_custom_xml(wert):
    return _mit_teilen(_word(_nichts), {"customXml/item1.xml": _beilage_xml(wert)})


def word_custom_xml_merkmal(wert):
    """Der Wert steht im Attribut, nicht im Text."""
    xml = f'<?xml version="1.0"?><d xmlns="urn:x" notiz="{satz(wert)}"/>'
    return _mit_teilen(_word(_nichts), {"customXml/item2.xml": xml})


def word_eigene_eigenschaft(wert):
    teile = {"docProps/custom.xml": _eigene_eigenschaft(wert)}
    return _mit_teilen(_word(_nichts), teile)


def word_verborgen(wert):
    def aendere(mappe):
        mappe.add_paragraph().add_run(satz(wert)).font.hidden = True

    return _word(aendere)


def word_mappe_darin(wert):
    inhalt = {"word/embeddings/mappe.xlsx": excel_zelle(wert)}
    return _mit_teilen(_word(_nichts), inhalt)


def word_variable(wert):
    def aendere(mappe):
        from docx.oxml import parse_xml  # noqa: PLC0415

        raum = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        mappe.settings.element.append(
            parse_xml(
                f'<w:docVars xmlns:w="{raum}">'
                f'<w:docVar w:name="notiz" w:val="{satz(wert)}"/></w:docVars>'
            )
        )

    return _word(aendere)


def _nichts(_mappe):
    """Ändert nichts."""


def _pdf(aendere):
    schreiber = pypdf.PdfWriter()
    schreiber.add_blank_page(width=100, height=100)
    aendere(schreiber)
    puffer = io.BytesIO()
    schreiber.write(puffer)
    return puffer.getvalue()


def pdf_anhang(wert):
    return _pdf(lambda s: s.add_attachment("werte.csv", csv_breit(wert)))


def pdf_anhang_mappe(wert):
    return _pdf(lambda s: s.add_attachment("werte.xlsx", excel_zelle(wert)))


def pdf_eigenschaft(wert):
    return _pdf(lambda s: s.add_metadata({"/Subject": satz(wert)}))


def pdf_xmp(wert):
    """Beschreibung im XMP-Paket statt im Eigenschaftsverzeichnis."""
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:description>{satz(wert)}</dc:description>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )

    def aendere(schreiber):
        strom = pypdf.generic.DecodedStreamObject()
        strom.set_data(xmp.encode())
        strom[pypdf.generic.NameObject("/Type")] = pypdf.generic.NameObject("/Metadata")
        strom[pypdf.generic.NameObject("/Subtype")] = pypdf.generic.NameObject("/XML")
        nummer = schreiber._add_object(strom.flate_encode())
        schreiber._root_object[pypdf.generic.NameObject("/Metadata")] = nummer

    return _pdf(aendere)


def pdf_anmerkung(wert):
    notiz = Text(rect=(10, 10, 20, 20), text=satz(wert))
    return _pdf(lambda s: s.add_annotation(page_number=0, annotation=notiz))


def pdf_lesezeichen(wert):
    return _pdf(lambda s: s.add_outline_item(title=satz(wert), page_number=0))


def pdf_tabelle(wert):
    return pdf_bytes(dokument(zelle=wert))


def pdf_satz(wert):
    return pdf_bytes(dokument(text=wert))


def pdf_alternativtext(wert):
    return pdf_bytes(dokument(bild=wert))


def _excel(aendere):
    mappe = openpyxl.Workbook()
    blatt = mappe.active
    blatt.title = "Werte"
    blatt.append(["Neuester Wert je Gebiet"])
    blatt.append(["Schlüssel", "Name", TITEL])
    blatt.append(["061", "Kalkwerk", 0.081])
    blatt.append(["062", "Ulmenhof", 0.06])
    blatt.append(["063", "Forsthaus", "gesperrt"])
    aendere(mappe)
    puffer = io.BytesIO()
    mappe.save(puffer)
    return puffer.getvalue()


def _roh(wert):
    return "gesperrt" if wert == "gesperrt" else 7 / 162


def excel_zelle(wert):
    def aendere(mappe):
        mappe["Werte"]["C5"] = _roh(wert)
        mappe["Werte"]["C5"].number_format = "0.0%"

    return _excel(aendere)


def excel_verborgen(wert):
    def aendere(mappe):
        blatt = mappe.create_sheet("intern")
        blatt.sheet_state = "hidden"
        blatt.append(["Name", GROESSE])
        blatt.append(["Forsthaus", wert if wert == "gesperrt" else _json_zahl(wert)])

    return _excel(aendere)


def excel_kommentar(wert):
    def aendere(mappe):
        mappe["Werte"]["C5"].comment = Comment(satz(wert), "Amt")

    return _excel(aendere)


def excel_fallzahl(wert):
    def aendere(mappe):
        mappe["Werte"]["D2"] = "Zähler"
        mappe["Werte"]["D3"] = 81
        mappe["Werte"]["D5"] = None if wert == "gesperrt" else 7

    return _excel(aendere)


def excel_eigene_eigenschaft(wert):
    teile = {"docProps/custom.xml": _eigene_eigenschaft(wert)}
    return _mit_teilen(_excel(_nichts), teile)


def excel_kopfzeile(wert):
    def aendere(mappe):
        mappe["Werte"].oddFooter.center.text = satz(wert)

    return _excel(aendere)


def excel_name(wert):
    def aendere(mappe):
        mappe.defined_names["notiz"] = DefinedName("notiz", attr_text=f'"{satz(wert)}"')

    return _excel(aendere)


def excel_hinweis_zur_eingabe(wert):
    def aendere(mappe):
        pruefung = DataValidation(type="whole", prompt=satz(wert))
        pruefung.add("A1")
        mappe["Werte"].add_data_validation(pruefung)

    return _excel(aendere)


def excel_verborgene_spalte(wert):
    def aendere(mappe):
        blatt = mappe["Werte"]
        blatt["H2"], blatt["H5"] = GROESSE, _roh(wert)
        blatt.column_dimensions["H"].hidden = True

    return _excel(aendere)


def excel_diagramm(wert):
    """Die Zahlen stehen noch im Zwischenspeicher des Diagramms."""
    zahl = "" if wert == "gesperrt" else repr(_roh(wert))
    xml = (
        '<?xml version="1.0"?><c:chartSpace xmlns:c="urn:c">'
        f"<c:v>{GROESSE}</c:v><c:v>Forsthaus</c:v><c:v>{zahl}</c:v></c:chartSpace>"
    )
    return _mit_teilen(_excel(_nichts), {"xl/charts/chart1.xml": xml})


def csv_breit(wert):
    zeilen = ["schluessel;name;B03", "061;Kalkwerk;8,1", f"063;Forsthaus;{wert}"]
    return "\r\n".join(zeilen).encode("cp1252")


def csv_lang(wert):
    zahl = "" if wert == "gesperrt" else "7"
    kopf = "ebene;gebiet;indikator;stichtag;zaehler;nenner;zeile"
    zeilen = [
        kopf,
        "gebiet;061;B03;2023-12-31;81;1000;7",
        f"gebiet;063;B03;2023-12-31;{zahl};;7",
    ]
    return "\n".join(zeilen).encode()


def json_saetze(wert):
    zeilen = [
        {"gebiet": "061", "indikator": "B03", "wert": 0.081, "zeile": 7},
        {"gebiet": "063", "indikator": "B03", "wert": None, "zeile": 7},
    ]
    if wert != "gesperrt":
        zeilen[1]["wert"] = round(7 / 162, 4)
    return json.dumps(zeilen).encode()


def json_z_wert(wert):
    z = None if wert == "gesperrt" else -1.37
    eintrag = {"gebiet": "063", "indikator": "B03", "z_wert": z, "zeile": 7}
    return json.dumps({"belege": [eintrag]}).encode()


def geojson(wert):
    flaechen = [
        {
            "type": "Feature",
            "properties": {"schluessel": g, "name": n, "B03": None},
            "geometry": None,
        }
        for g, n in GEBIETE.items()
    ]
    flaechen[2]["properties"]["B03"] = _json_zahl(wert)
    return json.dumps({"type": "FeatureCollection", "features": flaechen}).encode()


def jsonl(wert):
    return f'{{"ereignis": "start"}}\n{{"satz": "{satz(wert)}"}}\n'.encode()


def _notebook(zellen):
    return json.dumps(
        {"cells": zellen, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    ).encode()


def _ausgabe(daten):
    return {
        "cell_type": "code",
        "source": ["werte.head()"],
        "metadata": {},
        "outputs": [{"output_type": "display_data", "data": daten, "metadata": {}}],
    }


def notebook_text(wert):
    zeilen = [f"{'name':>10}  {GROESSE}\n", "Kalkwerk   8,1\n", f"Forsthaus  {wert}"]
    zeilen[2] += "" if wert == "gesperrt" else " %"
    return _notebook([_ausgabe({"text/plain": zeilen})])


def notebook_html(wert):
    return _notebook([_ausgabe({"text/html": html_tabelle(wert).decode()})])


def notebook_markdown(wert):
    zelle = {"cell_type": "markdown", "source": satz(wert), "metadata": {}}
    return _notebook([zelle])


def notebook_bild(wert):
    bild = base64.b64encode(png(("Title", satz(wert)))).decode()
    return _notebook([_ausgabe({"image/png": bild})])


def notebook_metadaten(wert):
    inhalt = json.loads(_notebook([]))
    inhalt["metadata"] = {"notiz": satz(wert)}
    return json.dumps(inhalt).encode()


def notebook_anhang(wert):
    bild = base64.b64encode(png(("Title", satz(wert)))).decode()
    zelle = {
        "cell_type": "markdown",
        "source": "Bild",
        "metadata": {},
        "attachments": {"a.png": {"image/png": bild}},
    }
    return _notebook([zelle])


def notebook_strom(wert):
    zelle = _ausgabe({})
    zelle["outputs"] = [
        {"output_type": "stream", "name": "stderr", "text": [satz(wert)]}
    ]
    return _notebook([zelle])


def notebook_bedienelement(wert):
    inhalt = json.loads(_notebook([]))
    inhalt["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {
            "state": {"a": {"state": {"value": satz(wert)}}}
        }
    }
    return json.dumps(inhalt).encode()


def notebook_json(wert):
    daten = {"gebiet": "063", "indikator": "B03", "wert": _json_zahl(wert)}
    return _notebook([_ausgabe({"application/json": daten})])


def svg_eigenschaft(wert):
    rdf = f"<rdf:RDF><dc:description>{satz(wert)}</dc:description></rdf:RDF>"
    return f"<svg><metadata>{rdf}</metadata><rect/></svg>".encode()


def svg_kommentar(wert):
    return f"<svg><!-- {satz(wert)} --><rect/></svg>".encode()


def svg_merkmal(wert):
    zahl = "" if wert == "gesperrt" else wert
    return (
        f'<svg><title>{GROESSE}</title><path data-name="Forsthaus" '
        f'data-indikator="B03" data-wert="{zahl}"/></svg>'
    ).encode()


def bild_exif(wert):
    return png(("", satz(wert)), art=b"eXIf")


def bild_anhaengsel(wert):
    return png() + (b"" if wert == "gesperrt" else satz(wert).encode())


def jpg_kommentar(wert):
    text = satz(wert).encode()
    laenge = struct.pack(">H", len(text) + 2)
    return b"\xff\xd8\xff\xfe" + laenge + text + b"\xff\xda\0\x02\xff\xd9"


def bild_text(wert):
    return png(("Description", satz(wert)))


def bild_gepackt(wert):
    return png(("Description", satz(wert)), art=b"zTXt")


def bild_international(wert):
    return png(("XML", satz(wert)), art=b"iTXt")


def textdatei(wert):
    return satz(wert).encode()


def fallzahl_im_satz(wert):
    if wert == "gesperrt":
        return b"Jugendarbeitslosenanteil in Forsthaus: gesperrt."
    return b"Jugendarbeitslosenanteil in Forsthaus: 7 von 162 jungen Menschen."


def archiv(wert):
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as mappe:
        mappe.writestr("anlage/werte.csv", csv_breit(wert))
    return puffer.getvalue()


def offenes_dokument(wert):
    """Text und Tabelle einer ODT-Datei."""
    puffer = io.BytesIO()
    inhalt = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:o" '
        'xmlns:text="urn:t"><office:body><text:h>Bericht</text:h>'
        f"<text:p>{satz(wert)}</text:p></office:body></office:document-content>"
    )
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as mappe:
        mappe.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        mappe.writestr("content.xml", inhalt)
    return puffer.getvalue()


def offene_tabelle(wert):
    """Zellen einer ODS-Datei."""
    zahl = "gesperrt" if wert == "gesperrt" else f"{wert} %"
    zeilen = [("Bezirk", GROESSE), ("Kalkwerk", "8,1 %"), ("Forsthaus", zahl)]
    zellen = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell><text:p>{z}</text:p></table:table-cell>" for z in zeile
        )
        + "</table:table-row>"
        for zeile in zeilen
    )
    inhalt = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:o" '
        'xmlns:table="urn:tab" xmlns:text="urn:t"><office:body>'
        f"<table:table>{zellen}</table:table></office:body></office:document-content>"
    )
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as mappe:
        mappe.writestr("content.xml", inhalt)
    return puffer.getvalue()


def folien(wert):
    puffer = io.BytesIO()
    inhalt = (
        '<?xml version="1.0"?><p:sld xmlns:p="urn:p" xmlns:a="urn:a"><a:p><a:r>'
        f"<a:t>{satz(wert)}</a:t></a:r></a:p></p:sld>"
    )
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as mappe:
        mappe.writestr("ppt/slides/slide1.xml", inhalt)
    return puffer.getvalue()


def archiv_im_archiv(wert):
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w") as mappe:
        mappe.writestr("innen.zip", archiv(wert))
    return puffer.getvalue()


def archiv_mit_dokument(wert):
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w") as mappe:
        mappe.writestr("bericht.odt", offenes_dokument(wert))
        mappe.writestr("bericht.docx", word_satz("gesperrt"))
    return puffer.getvalue()


def gepackt(wert):
    return gzip.compress(satz(wert).encode(), mtime=0)


BAUTEN = {
    "html": [
        html_tabelle,
        html_satz,
        html_alternativtext,
        html_tooltip,
        html_kommentar,
        html_karte,
        html_skript,
        html_datenattribut,
        html_rahmen,
        html_bild_im_bild,
    ],
    "svg": [svg_datei, svg_eigenschaft, svg_kommentar, svg_merkmal],
    "docx": [
        word_tabelle,
        word_satz,
        word_alternativtext,
        word_kopfzeile,
        word_eigenschaft,
        word_bild,
        word_custom_xml,
        word_custom_xml_merkmal,
        word_eigene_eigenschaft,
        word_verborgen,
        word_mappe_darin,
        word_variable,
    ],
    "pdf": [
        pdf_tabelle,
        pdf_satz,
        pdf_alternativtext,
        pdf_anhang,
        pdf_anhang_mappe,
        pdf_eigenschaft,
        pdf_xmp,
        pdf_anmerkung,
        pdf_lesezeichen,
    ],
    "xlsx": [
        excel_zelle,
        excel_verborgen,
        excel_kommentar,
        excel_fallzahl,
        excel_eigene_eigenschaft,
        excel_kopfzeile,
        excel_name,
        excel_hinweis_zur_eingabe,
        excel_verborgene_spalte,
        excel_diagramm,
    ],
    "csv": [csv_breit, csv_lang],
    "json": [json_saetze, json_z_wert],
    "geojson": [geojson],
    "jsonl": [jsonl],
    "ipynb": [
        notebook_text,
        notebook_html,
        notebook_markdown,
        notebook_bild,
        notebook_metadaten,
        notebook_anhang,
        notebook_strom,
        notebook_bedienelement,
        notebook_json,
    ],
    "png": [
        bild_text,
        bild_gepackt,
        bild_international,
        bild_exif,
        bild_anhaengsel,
    ],
    "jpg": [jpg_kommentar],
    "odt": [offenes_dokument],
    "ods": [offene_tabelle],
    "pptx": [folien],
    "gz": [gepackt],
    "txt": [textdatei, fallzahl_im_satz],
    "zip": [archiv, archiv_im_archiv, archiv_mit_dokument],
}
ALLE = [(endung, bau) for endung, bauten in BAUTEN.items() for bau in bauten]
