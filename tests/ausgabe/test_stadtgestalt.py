"""Farben und Logo einer Stadt: geprüft, überall dieselben, nie gefährlich."""

import io
import zipfile
from dataclasses import asdict, replace

import pypdf
import pytest
from musterdokumente import begruendung, png, steckbrief

from quartierstools.ausgabe.gestalt import GESTALT
from quartierstools.ausgabe.html import html_seite
from quartierstools.ausgabe.packen import saeubere_png
from quartierstools.ausgabe.pdf import pdf_bytes, svg_als_png
from quartierstools.ausgabe.stadtgestalt import (
    HOECHSTENS_BYTES,
    lies_logo,
    stadtgestalt,
    stadtlogo,
)
from quartierstools.ausgabe.word import word_bytes
from quartierstools.fehler import Ausgabefehler
from quartierstools.katalog.projektmodelle import Stadtgestalt

GUT = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">'
    '<path d="M0 0H8V8H0Z" fill="#123456"/></svg>'
)


def datei(tmp_path, inhalt, name="logo.svg"):
    pfad = tmp_path / name
    pfad.write_bytes(inhalt if isinstance(inhalt, bytes) else inhalt.encode())
    return pfad


def test_musterstadt_hat_eigene_farben_bochum_die_vorgabe(auswertungen):
    muster = stadtgestalt(auswertungen["musterstadt"].projekt)
    assert muster.dunkelblau == "#12403f"
    assert muster.warn_text == GESTALT.warn_text
    assert stadtgestalt(auswertungen["bochum"].projekt) == GESTALT


def test_logo_steht_in_pdf_word_und_html(auswertungen):
    logo = stadtlogo(auswertungen["musterstadt"])
    assert logo is not None
    assert stadtlogo(auswertungen["bochum"]) is None
    dokument = replace(begruendung(), logo=logo)
    seite = html_seite(dokument)
    assert 'class="logo"' in seite
    assert f'alt="{logo.alternativtext}"' in seite
    word = zipfile.ZipFile(io.BytesIO(word_bytes(dokument)))
    assert logo.alternativtext in word.read("word/document.xml").decode()
    assert [n for n in word.namelist() if n.startswith("word/media/")]
    pdf = pypdf.PdfReader(io.BytesIO(pdf_bytes(dokument)))
    assert len(pdf.pages) == 2
    ohne = pypdf.PdfReader(io.BytesIO(pdf_bytes(begruendung())))
    assert len(pdf.pages[0].get_contents().get_data()) > len(
        ohne.pages[0].get_contents().get_data()
    )


def test_farben_der_stadt_stehen_in_jedem_format(auswertungen):
    gestalt = stadtgestalt(auswertungen["musterstadt"].projekt)
    assert "--dunkelblau: #12403f" in html_seite(steckbrief(), gestalt=gestalt)
    word = zipfile.ZipFile(io.BytesIO(word_bytes(steckbrief(), gestalt=gestalt)))
    assert "12403F" in word.read("word/styles.xml").decode()
    assert pdf_bytes(steckbrief(), gestalt=gestalt) != pdf_bytes(steckbrief())


@pytest.mark.parametrize(
    ("farben", "meldung"),
    [
        ({"lila": "#112233"}, "gibt es nicht"),
        ({"dunkelblau": "#ffff00"}, "zu wenig Kontrast"),
    ],
)
def test_falsche_farben_fallen_auf(auswertungen, farben, meldung):
    projekt = auswertungen["bochum"].projekt.model_copy(
        update={"gestalt": Stadtgestalt(farben=farben)}
    )
    with pytest.raises(Ausgabefehler, match=meldung):
        stadtgestalt(projekt)


@pytest.mark.parametrize(
    ("inhalt", "meldung"),
    [
        (GUT.replace("<path", "<script>x</script><path"), "script"),
        (GUT.replace("fill=", "onload='x' fill="), "onload"),
        (GUT.replace("<path", "<image href='http://fremd/'/><path"), "image"),
        (GUT.replace("<path", "<use href='http://fremd/#a'/><path"), "href"),
        (GUT.replace("<path", "<foreignObject/><path"), "foreignObject"),
        (GUT.replace("<path", "<style>*{}</style><path"), "style"),
        (GUT.replace('fill="#123456"', 'fill="url(http://fremd)"'), "fill"),
        (GUT.replace('fill="#123456"', 'style="fill:url(//fremd/x)"'), "style"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + GUT, "DOCTYPE"),
        ("<svg", "Kein lesbares SVG"),
        (b"\xff\xfe\x00", "Weder PNG noch SVG"),
        (GUT + " " * HOECHSTENS_BYTES, "zu groß"),
    ],
)
def test_gefaehrliches_oder_kaputtes_logo_wird_abgelehnt(tmp_path, inhalt, meldung):
    with pytest.raises(Ausgabefehler, match=meldung):
        lies_logo(datei(tmp_path, inhalt), "Wappen")


def test_fehlendes_logo_nennt_keinen_pfad(tmp_path):
    with pytest.raises(Ausgabefehler) as fehler:
        lies_logo(tmp_path / "fehlt.svg", "Wappen")
    assert str(tmp_path) not in str(fehler.value)
    assert "fehlt.svg" in str(fehler.value)


def test_verweis_und_fehlender_text_fallen_zusammen_auf(tmp_path):
    verweis = tmp_path / "verweis.svg"
    verweis.symlink_to(datei(tmp_path, GUT))
    with pytest.raises(Ausgabefehler, match=r"logo_text.*Verweis"):
        lies_logo(verweis, " ")


def test_png_logo_bleibt_png(tmp_path):
    logo = lies_logo(datei(tmp_path, png(), "logo.png"), "Wappen")
    assert logo.svg == ""
    assert saeubere_png(logo.png)
    assert "image/png" in html_seite(replace(steckbrief(), logo=logo))


def test_svg_wird_fuer_word_gerastert_und_bleibt_gleich():
    bild = svg_als_png(GUT, breite_mm=10)
    assert bild[:8] == b"\x89PNG\r\n\x1a\n"
    assert bild == svg_als_png(GUT, breite_mm=10)
    breite = int.from_bytes(bild[16:20], "big")
    assert breite == pytest.approx(10 / 25.4 * 200, abs=1)
    with pytest.raises(Ausgabefehler, match="rastern"):
        svg_als_png("<svg><g>", breite_mm=10)


def test_jede_farbe_der_vorgabe_ist_waehlbar():
    farben = {n: w for n, w in asdict(GESTALT).items() if isinstance(w, str)}
    assert Stadtgestalt(farben=farben).farben == farben
