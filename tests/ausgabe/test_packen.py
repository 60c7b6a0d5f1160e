"""Gleiche Bytes: packen, säubern, schreiben."""

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from musterdokumente import png
from PIL import Image

from quartierstools.ausgabe.gestalt import GESTALT, Gestalt
from quartierstools.ausgabe.packen import (
    PACKDATUM,
    druckbar,
    packe_neu,
    saeubere_png,
    saeubere_svg,
    schreibe,
    sha256,
)
from quartierstools.darstellung.farben import kontrast
from quartierstools.fehler import Ausgabefehler


def archiv(namen: list[str], jahr: int) -> bytes:
    ziel = io.BytesIO()
    with zipfile.ZipFile(ziel, "w") as neu:
        for name in namen:
            neu.writestr(zipfile.ZipInfo(name, (jahr, 5, 6, 7, 8, 10)), name * 50)
    return ziel.getvalue()


def test_zip_haengt_weder_von_zeit_noch_von_reihenfolge_ab():
    namen = ["word/b.xml", "[Content_Types].xml", "a.xml"]
    eins, zwei = archiv(namen, 1999), archiv(namen[::-1], 2024)
    assert eins != zwei
    assert packe_neu(eins) == packe_neu(zwei)
    with zipfile.ZipFile(io.BytesIO(packe_neu(eins))) as fertig:
        assert fertig.namelist() == ["[Content_Types].xml", "a.xml", "word/b.xml"]
        assert {e.date_time for e in fertig.infolist()} == {PACKDATUM}
        assert {e.create_system for e in fertig.infolist()} == {3}
        assert fertig.read("a.xml") == b"a.xml" * 50


def test_kein_zip_gibt_deutsche_meldung():
    with pytest.raises(Ausgabefehler, match="ZIP-Archiv"):
        packe_neu(b"kein Archiv")


def test_png_verliert_metadaten_und_behaelt_bildpunkte():
    roh = png()
    sauber = saeubere_png(roh)
    assert b"tEXt" in roh
    assert b"tIME" in roh
    assert b"tEXt" not in sauber
    assert b"tIME" not in sauber
    bilder = [Image.open(io.BytesIO(b)).tobytes() for b in (roh, sauber)]
    assert bilder[0] == bilder[1]
    assert saeubere_png(sauber) == sauber


@pytest.mark.parametrize("kaputt", [b"GIF89a", png()[:-5], png()[:40]])
def test_kaputtes_png_faellt_auf(kaputt):
    with pytest.raises(Ausgabefehler, match=r"PNG|png"):
        saeubere_png(kaputt)


def test_png_mit_falscher_laenge_faellt_auf():
    roh = bytearray(png())
    roh[8:12] = struct.pack(">I", 2**31 - 1)
    with pytest.raises(Ausgabefehler, match="abgeschnitten"):
        saeubere_png(bytes(roh))


def test_svg_mit_zufallskennungen_wird_gleich():
    vorlage = (
        '<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg xmlns="http://www.w3.org/2000/svg"'
        ' aria-labelledby="{0}t"><metadata><d>{1}</d></metadata><!-- {1} -->'
        '<title id="{0}t">T</title><defs><clipPath id="{0}c"><rect/></clipPath></defs>'
        '<g clip-path="url(#{0}c)"/><use xlink:href="#{0}c"/>'
        '<a href="#fremd"/></svg>'
    )
    eins = saeubere_svg(vorlage.format("p1x", "2024-01-01"))
    zwei = saeubere_svg(vorlage.format("zz9", "2026-02-03"))
    assert eins == zwei
    assert eins.startswith("<svg")
    assert 'url(#k2)"' in eins
    assert 'xlink:href="#k2"' in eins
    assert 'aria-labelledby="k1"' in eins
    assert '"#fremd"' in eins
    assert "2024" not in eins
    assert saeubere_svg(eins) == eins


def test_text_ohne_svg_faellt_auf():
    with pytest.raises(Ausgabefehler, match="<svg>"):
        saeubere_svg("<html></html>")


@given(st.text())
def test_druckbarer_text_passt_in_jedes_format(text):
    sauber = druckbar(text)
    sauber.encode()
    assert not any(ord(z) < 32 and z not in "\n\t" for z in sauber)
    assert druckbar(sauber) == sauber


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs", "Sm"])))
def test_gewoehnlicher_text_bleibt_wie_er_ist(text):
    assert druckbar(text) == text


def test_schreiben_legt_ordner_an_und_gibt_die_pruefsumme(tmp_path: Path):
    ziel = tmp_path / "neu" / "ä.txt"
    summe = schreibe(ziel, "Größe\r\nzwei")
    assert ziel.read_bytes() == "Größe\nzwei\n".encode()
    assert summe == sha256(ziel.read_bytes())
    schreibe(ziel, b"\x00\r\n")
    assert ziel.read_bytes() == b"\x00\r\n"
    assert [p.name for p in ziel.parent.iterdir()] == ["ä.txt"]


def test_scheitert_das_schreiben_bleibt_die_alte_datei(tmp_path: Path, monkeypatch):
    ziel = tmp_path / "a.txt"
    schreibe(ziel, "alt")

    def voll(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", voll)
    with pytest.raises(Ausgabefehler, match="nicht schreiben"):
        schreibe(ziel, "neu")
    assert ziel.read_text(encoding="utf-8") == "alt\n"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_gestalt_hat_ueberall_genug_kontrast():
    assert kontrast(GESTALT.text, GESTALT.papier) >= 4.5
    assert kontrast(GESTALT.offen_text, GESTALT.offen_flaeche) >= 4.5


def test_blasse_stadtfarbe_und_falsche_farbe_fallen_auf():
    with pytest.raises(Ausgabefehler, match=r"blau auf papier .* statt 4\.5"):
        Gestalt(blau="#88bbee")
    with pytest.raises(Ausgabefehler, match="#rrggbb"):
        Gestalt(text="navy")
