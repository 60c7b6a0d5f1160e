"""PDF: Normen, Struktur, Text, Seitenzahl."""

import io
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
from hausmittel import pdf_marken
from hypothesis import given, settings
from hypothesis import strategies as st
from musterdokumente import (
    FEINDLICH,
    STEMPEL,
    begruendung,
    bild,
    feindlich,
    in_zwei_prozessen,
    punktstreifen,
    steckbrief,
    zellen,
)
from pypdf.generic import DictionaryObject

from quartierstools.ausgabe.packen import druckbar
from quartierstools.ausgabe.pdf import pdf_bytes
from quartierstools.ausgabe.schriften import darstellbar, fehlende_zeichen
from quartierstools.dokument import (
    Absatz,
    Dokument,
    Spalte,
    Tabelle,
    Textstueck,
    Ueberschrift,
    fett,
    inhalt,
    kursiv,
)
from quartierstools.fehler import Ausgabefehler


def lies(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def wurzel(leser: pypdf.PdfReader) -> DictionaryObject:
    return leser.trailer["/Root"]


def namen(leser: pypdf.PdfReader) -> list[str]:
    return [str(marke["/S"]) for marke in pdf_marken(leser)]


def text(leser: pypdf.PdfReader) -> str:
    return "\n".join(seite.extract_text() for seite in leser.pages)


def ohne_umbruch(gesetzt: str) -> str:
    """Text ohne Zeilenwechsel, Trennstriche am Zeilenende und Leerraum."""
    return re.sub(r"\s", "", re.sub(r"[-\u2010\u00ad]\n", "", gesetzt))


def schlicht(*bloecke: object, titel: str = "Titel") -> Dokument:
    return Dokument(
        titel=titel, gattung="Muster", bloecke=bloecke, stand=date(2023, 12, 31)
    )


def test_datei_ist_pdf_ua_und_pdf_a_zugleich():
    leser = lies(pdf_bytes(begruendung()))
    angaben = wurzel(leser)
    xmp = angaben["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert angaben["/Lang"] == "de-DE"
    assert angaben["/MarkInfo"]["/Marked"]
    assert angaben["/ViewerPreferences"]["/DisplayDocTitle"]
    assert leser.metadata.title == begruendung().titel
    assert leser.metadata.author == "Stadt Bochum"


def test_zeitstempel_ist_der_datenstand():
    leser = lies(pdf_bytes(begruendung()))
    assert leser.metadata["/CreationDate"] == "D:20231231000000Z"
    assert leser.metadata["/ModDate"] == "D:20231231000000Z"


def test_ueberschriften_stehen_in_ordnung_und_als_lesezeichen():
    leser = lies(pdf_bytes(steckbrief()))
    stufen = [int(n[2]) for n in namen(leser) if re.fullmatch(r"/H\d", n)]
    assert stufen[0] == 1
    assert stufen.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(stufen))
    assert leser.outline[0]["/Title"] == "Wattenscheid-Mitte"
    erste = [e["/Title"] for e in leser.outline[1] if not isinstance(e, list)]
    assert erste[:2] == ["Was es hier gibt", "Kennzahlen"]


def test_tabellen_haben_koepfe_und_beschriftung():
    leser = lies(pdf_bytes(begruendung()))
    gefunden = namen(leser)
    assert gefunden.count("/Table") == 2
    assert gefunden.count("/Caption") == 2
    assert gefunden.count("/TH") == 5
    koepfe = [m for m in pdf_marken(leser) if m["/S"] == "/TH"]
    assert all("/Column" in str(m["/A"]) for m in koepfe)


def test_jedes_bild_hat_seinen_alternativtext():
    leser = lies(pdf_bytes(steckbrief()))
    alternativen = [m["/Alt"] for m in pdf_marken(leser) if m["/S"] == "/Figure"]
    assert len(alternativen) == 3
    assert alternativen[0] == (
        "Umriss der Stadt Bochum, Wattenscheid-Mitte im Westen hervorgehoben."
    )


def test_bild_ohne_svg_nimmt_das_png():
    nur_png = replace(bild(punktstreifen(), "Ein Bild"), svg="")
    leser = lies(pdf_bytes(schlicht(nur_png)))
    assert len(leser.pages[0].images) == 1


def test_nur_die_vier_schnitte_stecken_in_der_datei():
    leser = lies(pdf_bytes(steckbrief()))
    schriften = {
        str(schrift.get_object()["/BaseFont"])
        for seite in leser.pages
        for schrift in seite["/Resources"]["/Font"].values()
    }
    assert schriften
    assert all("DejaVuSans" in name and "+" in name for name in schriften)


@pytest.mark.parametrize("dokument", [begruendung(), steckbrief()])
def test_muster_passt_auf_zwei_seiten(dokument):
    assert len(lies(pdf_bytes(dokument)).pages) == 2


def test_seite_eins_der_begruendung_endet_nach_abschnitt_drei():
    seiten = [seite.extract_text() for seite in lies(pdf_bytes(begruendung())).pages]
    assert "3 Bedarf der Zielgruppe" in seiten[0]
    assert "4 Was es gibt" not in seiten[0]


def test_stempel_fuss_und_wasserzeichen_stehen_auf_jeder_seite():
    dokument = replace(begruendung(), wasserzeichen="synthetische Daten")
    leser = lies(pdf_bytes(dokument))
    for nummer, seite in enumerate(leser.pages, 1):
        gesetzt = seite.extract_text()
        assert STEMPEL[0] in gesetzt
        assert "synthetische Daten" in gesetzt
        assert f"Seite {nummer} von 2" in gesetzt
        assert (
            "Fassung öffentlich · Bezugsdatum 31.12.2023 · Nachweis 3f9a1c27be04"
            in gesetzt
        )


def test_tabellenkopf_steht_auf_jeder_seite_wieder():
    lang = Tabelle(
        titel="Alle Bezirke",
        spalten=(Spalte("Bezirk"), Spalte("Prozent", "rechts")),
        zeilen=tuple(zellen(f"Bezirk {i}", f"{i},0") for i in range(120)),
    )
    leser = lies(pdf_bytes(schlicht(Ueberschrift("Werte"), lang)))
    assert len(leser.pages) > 1
    assert all("Prozent" in seite.extract_text() for seite in leser.pages)
    assert "Bezirk 0" in leser.pages[0].extract_text()


def test_kleine_tabelle_wird_nicht_geteilt():
    klein = Tabelle(
        titel="Kleine Tabelle",
        spalten=(Spalte("Bezirk"),),
        zeilen=tuple(zellen(f"Zeile {i}") for i in range(9)),
    )
    fuelle = tuple(Absatz(inhalt(f"Absatz {i}.")) for i in range(46))
    leser = lies(pdf_bytes(schlicht(*fuelle, Ueberschrift("Kopf"), klein)))
    letzte = leser.pages[1].extract_text()
    assert all(f"Zeile {i}" in letzte for i in range(9))
    assert "Kopf" in letzte
    assert "Kleine Tabelle" in letzte


def test_zelle_laenger_als_eine_seite_geht_nicht_verloren():
    riesig = Tabelle(
        titel="Riesig",
        spalten=(Spalte("Text"),),
        zeilen=(zellen(" ".join(f"wort{i}" for i in range(2500))),),
    )
    gesetzt = text(lies(pdf_bytes(schlicht(riesig))))
    assert "wort0 " in gesetzt
    assert "wort2499" in gesetzt


@pytest.mark.parametrize(
    "name", [n for n in FEINDLICH if not re.search(r"[\u0590-\u06ff]", n)]
)
def test_gelesener_text_ist_der_name(name):
    leser = lies(pdf_bytes(schlicht(Absatz(inhalt(name)), titel=name)))
    assert ohne_umbruch(text(leser)).count(ohne_umbruch(druckbar(name))) == 2
    assert leser.metadata.title == druckbar(name)
    assert leser.outline[0]["/Title"] == druckbar(name)


def test_schrift_von_rechts_nach_links_bleibt_lesbar():
    gesetzt = text(lies(pdf_bytes(schlicht(Absatz(inhalt("שלום עולם"))))))
    assert set("שלוםעולם") <= set(gesetzt)


def test_feindliches_dokument_wird_gesetzt():
    gesetzt = ohne_umbruch(text(lies(pdf_bytes(feindlich()))))
    assert "#panic(sys)" in gesetzt
    assert "<script>alert(1)</script>" in gesetzt


def test_fehlende_zeichen_werden_alle_genannt():
    dokument = schlicht(Absatz(inhalt("Haus 日 und 🛝")), titel="Tokio 本")
    with pytest.raises(Ausgabefehler) as fehler:
        pdf_bytes(dokument)
    for zeichen in ("„日“ (U+65E5)", "„本“ (U+672C)", "„🛝“ (U+1F6DD)"):
        assert zeichen in str(fehler.value)


def test_fehlende_zeichen_lassen_sich_als_kennung_schreiben():
    dokument = schlicht(Absatz(inhalt("Haus 日")), bild(punktstreifen(), "Alt 日"))
    leser = lies(pdf_bytes(dokument, fremde_zeichen="kennung"))
    assert "Haus [U+65E5]" in text(leser)
    assert [m["/Alt"] for m in pdf_marken(leser) if m["/S"] == "/Figure"] == ["Alt 日"]


def test_jedes_darstellbare_zeichen_haelt_die_normen_ein():
    zeichen = [chr(code) for code in sorted(darstellbar())]
    for i in range(0, len(zeichen), 1500):
        stueck = " ".join(druckbar(z) for z in zeichen[i : i + 1500])
        beide = Textstueck(stueck, fett=True, kursiv=True)
        satz = inhalt(stueck, fett(stueck), kursiv(stueck), beide)
        assert pdf_bytes(schlicht(Absatz(satz)))[:4] == b"%PDF"


def test_arabische_zeichen_auf_lateinischen_buchstaben_halten_den_lauf_nicht_auf():
    satz = kursiv("x\u064b x\u064c")
    leser = lies(pdf_bytes(schlicht(Absatz(inhalt(satz))), fremde_zeichen="kennung"))
    assert "x[U+064B] x[U+064C]" in text(leser)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80))
def test_kein_text_bringt_den_satz_zum_absturz(zufall):
    dokument = schlicht(
        Absatz(inhalt(zufall)),
        Tabelle(titel=zufall, spalten=(Spalte(zufall),), zeilen=(zellen(zufall),)),
        titel=f"T{zufall}",
    )
    assert pdf_bytes(dokument, fremde_zeichen="kennung")[:4] == b"%PDF"
    if not fehlende_zeichen(druckbar(zufall)):
        assert pdf_bytes(dokument)[:4] == b"%PDF"


def test_unlesbare_grafik_gibt_deutsche_meldung():
    kaputt = replace(bild(punktstreifen(), "x"), svg="<svg><g></svg>")
    with pytest.raises(Ausgabefehler, match="„Titel“ lässt sich nicht als PDF setzen"):
        pdf_bytes(schlicht(kaputt))


def test_pdf_ist_in_jeder_umgebung_gleich(tmp_path: Path):
    code = (
        "import musterdokumente as m\n"
        "from quartierstools.ausgabe.pdf import pdf_bytes\n"
        "from quartierstools.ausgabe.packen import sha256\n"
        "print([sha256(pdf_bytes(d)) for d in (m.steckbrief(), m.feindlich())])"
    )
    eins, zwei = in_zwei_prozessen(code, tmp_path)
    assert eins == zwei
    assert len(eins) > 100
