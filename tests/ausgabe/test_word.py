"""Word: Formatvorlagen, Tabellenköpfe, Alternativtexte, Sprache."""

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from musterdokumente import (
    STEMPEL,
    begruendung,
    bild,
    feindlich,
    in_zwei_prozessen,
    punktstreifen,
    steckbrief,
)

from quartierstools.ausgabe.packen import druckbar
from quartierstools.ausgabe.word import word_bytes
from quartierstools.dokument import Absatz, Dokument, Liste, inhalt, texte


def teile(datei: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(datei)) as archiv:
        return {name: archiv.read(name) for name in archiv.namelist()}


def hauptteil(datei: bytes) -> etree._Element:
    return etree.fromstring(teile(datei)["word/document.xml"])


def volltext(knoten: etree._Element) -> str:
    absaetze = knoten.iter(qn("w:p"))
    return "\n".join(absatztext(absatz) for absatz in absaetze)


def absatztext(absatz: etree._Element) -> str:
    """Text samt Inhaltssteuerelementen, Zeilenwechsel und Tabulatoren."""
    zeichen = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    return "".join(
        k.text or "" if k.tag == qn("w:t") else zeichen.get(k.tag, "")
        for k in absatz.iter()
        if k.getparent().tag == qn("w:r")
    )


@pytest.mark.parametrize("dokument", [begruendung(), steckbrief(), feindlich()])
def test_jeder_text_des_dokuments_steht_in_der_datei(dokument):
    wurzel = hauptteil(word_bytes(dokument))
    gesamt = volltext(wurzel)
    alternativen = {knoten.get("descr") for knoten in wurzel.iter(qn("wp:docPr"))}
    for text in texte(dokument):
        zeile = druckbar(text)
        teilsaetze = zeile.split(": ", 1) if zeile not in gesamt else [zeile]
        assert zeile in alternativen or all(t in gesamt for t in teilsaetze), zeile


def test_formatvorlagen_statt_handarbeit():
    word = docx.Document(io.BytesIO(word_bytes(begruendung())))
    stile = [absatz.style.name for absatz in word.paragraphs]
    assert stile[:5] == ["Stempel", "Stempel", "Gattung", "Title", "Subtitle"]
    assert stile.count("Heading 1") == 9
    assert {"Caption", "List Bullet", "Kleingedrucktes", "Kasten kurz Liste"} <= set(
        stile
    )
    benutzt = {p.style.style_id for p in word.paragraphs}
    assert benutzt <= {s.style_id for s in word.styles}
    wurzel = hauptteil(word_bytes(begruendung()))
    for name in ("w:b", "w:i", "w:color", "w:sz", "w:rFonts"):
        assert list(wurzel.iter(qn(name))) == [], name


def test_tabellen_haben_kopfzeile_unteilbare_zeilen_und_breite():
    wurzel = hauptteil(word_bytes(begruendung()))
    tabellen = list(wurzel.iter(qn("w:tbl")))
    assert len(tabellen) == 2
    for tabelle in tabellen:
        zeilen = tabelle.findall(qn("w:tr"))
        koepfe = [z for z in zeilen if z.find(f".//{qn('w:tblHeader')}") is not None]
        assert koepfe == zeilen[:1]
        assert all(z.find(f".//{qn('w:cantSplit')}") is not None for z in zeilen)
        stil = tabelle.find(f".//{qn('w:tblStyle')}").get(qn("w:val"))
        assert stil == "Quartierstabelle"
        gitter = [int(g.get(qn("w:w"))) for g in tabelle.iter(qn("w:gridCol"))]
        breite = int(tabelle.find(f".//{qn('w:tblW')}").get(qn("w:w")))
        assert sum(gitter) == breite
        assert tabelle.find(f".//{qn('w:tblCaption')}").get(qn("w:val"))
        assert tabelle.getnext().tag == qn("w:p")


def test_jedes_bild_hat_alternativtext_und_eigene_nummer():
    wurzel = hauptteil(word_bytes(steckbrief()))
    angaben = list(wurzel.iter(qn("wp:docPr")))
    assert len(angaben) == 3
    assert angaben[0].get("descr").startswith("Umriss der Stadt Bochum")
    assert len({a.get("id") for a in angaben}) == 3
    assert [a.get("name") for a in angaben] == ["Grafik 1", "Grafik 2", "Grafik 3"]


def test_sprache_titel_und_zeit_kommen_aus_dem_dokument():
    datei = word_bytes(begruendung())
    stile = etree.fromstring(teile(datei)["word/styles.xml"])
    sprachen = {k.get(qn("w:val")) for k in stile.iter(qn("w:lang"))}
    assert sprachen == {"de-DE"}
    angaben = docx.Document(io.BytesIO(datei)).core_properties
    assert angaben.title == begruendung().titel
    assert angaben.subject == "Begründung"
    assert angaben.author == "Stadt Bochum"
    assert angaben.language == "de-DE"
    assert angaben.identifier == "3f9a1c27be04"
    assert (
        str(angaben.created) == str(angaben.modified) == ("2023-12-31 00:00:00+00:00")
    )


def test_reste_der_leeren_vorlage_sind_weg():
    datei = teile(word_bytes(begruendung()))
    assert not [n for n in datei if "thumbnail" in n or "customXml" in n]
    assert b"en-US" not in datei["word/styles.xml"]
    # python-docx bringt „Microsoft Macintosh Word“ als Programm mit.
    assert not [n for n, inhalt in datei.items() if b"Macintosh" in inhalt]


def test_offene_felder_sind_steuerelemente_die_man_findet():
    wurzel = hauptteil(word_bytes(begruendung()))
    felder = list(wurzel.iter(qn("w:sdt")))
    assert len(felder) == 11
    kennungen = [f.find(f".//{qn('w:id')}").get(qn("w:val")) for f in felder]
    assert len(set(kennungen)) == 11
    stile = {f.find(f".//{qn('w:rStyle')}").get(qn("w:val")) for f in felder}
    assert stile == {"OffenesFeld"}
    assert all(f.find(f".//{qn('w:temporary')}") is not None for f in felder)
    assert felder[2].find(f".//{qn('w:t')}").text == "[offen: Art und Wortlaut]"


def test_stempel_und_seitenzahlen_auf_jeder_seite():
    word = docx.Document(io.BytesIO(word_bytes(begruendung())))
    assert word.paragraphs[0].text == STEMPEL[0]
    abschnitt = word.sections[0]
    assert abschnitt.different_first_page_header_footer
    assert abschnitt.header.paragraphs[0].text == " ".join(STEMPEL)
    for fuss in (abschnitt.footer, abschnitt.first_page_footer):
        absatz = fuss.paragraphs[0]
        felder = [f.get(qn("w:instr")) for f in absatz._p.iter(qn("w:fldSimple"))]
        assert felder == [" PAGE ", " NUMPAGES "]
        assert absatz.text.startswith("Begründung · Fassung öffentlich · Bezugsdatum")


def test_wasserzeichen_steht_hinter_jeder_seite():
    datei = teile(word_bytes(steckbrief(wasserzeichen='synthetisch "<&>')))
    koepfe = [roh for name, roh in datei.items() if "header" in name]
    assert len(koepfe) == 2
    for roh in koepfe:
        baum = etree.fromstring(roh)
        formen = baum.iter("{urn:schemas-microsoft-com:vml}textpath")
        (schrift,) = [form for form in formen if form.get("string")]
        assert schrift.get("string") == 'synthetisch "<&>'
    ohne = teile(word_bytes(steckbrief()))
    assert not [n for n, roh in ohne.items() if "header" in n and b"textpath" in roh]


def test_jede_zahlenliste_beginnt_bei_eins():
    liste = Liste((inhalt("a"), inhalt("b")), nummeriert=True)
    dokument = Dokument(
        titel="T",
        gattung="G",
        bloecke=(liste, Absatz(inhalt("dazwischen")), liste),
        stand=begruendung().stand,
    )
    datei = teile(word_bytes(dokument))
    wurzel = etree.fromstring(datei["word/document.xml"])
    nummern = [k.get(qn("w:val")) for k in wurzel.iter(qn("w:numId"))]
    assert nummern[0] == nummern[1] != nummern[2] == nummern[3]
    listen = etree.fromstring(datei["word/numbering.xml"])
    anfaenge = list(listen.iter(qn("w:startOverride")))
    assert [a.get(qn("w:val")) for a in anfaenge] == ["1", "1"]


def test_seitenumbruch_haengt_am_naechsten_absatz():
    word = docx.Document(io.BytesIO(word_bytes(steckbrief())))
    neue = [p.text for p in word.paragraphs if p.paragraph_format.page_break_before]
    assert neue == ["Zielgruppen"]
    assert not any("w:br " in p._p.xml for p in word.paragraphs)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_kein_text_macht_die_datei_unlesbar(zufall):
    dokument = Dokument(
        titel=zufall,
        gattung=zufall,
        bloecke=(Absatz(inhalt(zufall)),),
        stand=begruendung().stand,
        kennung=zufall,
    )
    assert druckbar(zufall) in volltext(hauptteil(word_bytes(dokument)))


def test_word_ist_in_jeder_umgebung_gleich(tmp_path: Path):
    code = (
        "import musterdokumente as m\n"
        "from quartierstools.ausgabe.word import word_bytes\n"
        "from quartierstools.ausgabe.packen import sha256\n"
        "docs = (m.steckbrief(wasserzeichen='x'), m.feindlich())\n"
        "print([sha256(word_bytes(d)) for d in docs])"
    )
    eins, zwei = in_zwei_prozessen(code, tmp_path)
    assert eins == zwei
    assert len(eins) > 100


@pytest.mark.lang
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice fehlt")
def test_libreoffice_oeffnet_die_datei_und_setzt_zwei_seiten(tmp_path: Path):
    datei = tmp_path / "begruendung.docx"
    datei.write_bytes(word_bytes(begruendung()))
    subprocess.run(
        [
            shutil.which("soffice"),
            f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(datei),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    leser = pypdf.PdfReader(tmp_path / "begruendung.pdf")
    gesetzt = "\n".join(seite.extract_text() for seite in leser.pages)
    assert len(leser.pages) == 2
    for erwartet in ("[offen: Art und Wortlaut]", STEMPEL[0], "Seite 2 von 2"):
        assert erwartet in gesetzt


def test_tabellen_und_abbildungen_zaehlt_word_selbst():
    """Beschriftungen tragen SEQ-Felder: Ein Verzeichnis lässt sich einfügen."""
    wurzel = hauptteil(word_bytes(steckbrief()))
    befehle = [f.get(qn("w:instr")).split() for f in wurzel.iter(qn("w:fldSimple"))]
    zaehlfelder = [b[1] for b in befehle if b[0] == "SEQ"]
    assert zaehlfelder.count("Tabelle") == len(list(wurzel.iter(qn("w:tbl"))))
    assert "Abbildung" in zaehlfelder
    texte = [
        "".join(t.text or "" for t in p.iter(qn("w:t")))
        for p in wurzel.iter(qn("w:p"))
        if (stil := p.find(f".//{qn('w:pStyle')}")) is not None
        and stil.get(qn("w:val")) == "Caption"
    ]
    nummern = [t.split(":")[0] for t in texte if t.startswith("Tabelle")]
    assert nummern == [f"Tabelle {n}" for n in range(1, len(nummern) + 1)]


def test_bild_ohne_png_wird_aus_dem_svg_gerastert():
    ohne = replace(bild(punktstreifen(), "Punkte"), png=b"")
    dokument = replace(steckbrief(), bloecke=(ohne,))
    archiv = zipfile.ZipFile(io.BytesIO(word_bytes(dokument)))
    medien = [n for n in archiv.namelist() if n.startswith("word/media/")]
    assert len(medien) == 1
    assert archiv.read(medien[0])[:8] == b"\x89PNG\r\n\x1a\n"
    assert word_bytes(dokument) == word_bytes(dokument)


@pytest.mark.lang
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice fehlt")
def test_bearbeitet_und_neu_gespeichert_bleibt_alles_erhalten(tmp_path: Path):
    """docx → docx durch LibreOffice: Stile, Köpfe, Alternativtexte, Sprache bleiben."""
    datei = tmp_path / "steckbrief.docx"
    datei.write_bytes(word_bytes(steckbrief()))
    ziel = tmp_path / "neu"
    subprocess.run(
        [
            shutil.which("soffice"),
            f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}",
            "--headless",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(ziel),
            str(datei),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    vorher, nachher = docx.Document(datei), docx.Document(ziel / "steckbrief.docx")
    stile = [
        [
            (p.style.name.lower(), p.text)
            for p in d.paragraphs
            if "eading" in p.style.name
        ]
        for d in (vorher, nachher)
    ]
    assert stile[0] == stile[1] != []
    assert nachher.core_properties.title == vorher.core_properties.title
    alternativen = [
        [e.get("descr") for e in d.element.iter(qn("wp:docPr"))]
        for d in (vorher, nachher)
    ]
    assert sorted(alternativen[0]) == sorted(alternativen[1]) != []
    koepfe = [len(list(d.element.iter(qn("w:tblHeader")))) for d in (vorher, nachher)]
    assert koepfe[0] == koepfe[1] == len(vorher.tables)
    assert (
        "de-DE"
        in zipfile.ZipFile(ziel / "steckbrief.docx").read("word/styles.xml").decode()
    )
