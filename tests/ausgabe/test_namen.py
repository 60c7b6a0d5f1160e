"""200 Namen durch alle Formate: nichts bricht, nichts wird ausgeführt."""

import dataclasses
import io
import re
import unicodedata
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import docx
import openpyxl
import pandas as pd
import pypdf
import pytest
from hausmittel import freigabe_aus
from namensliste import NAMEN

from quartierstools.ausgabe.html import html_seite
from quartierstools.ausgabe.packen import druckbar, zeichenkennung
from quartierstools.ausgabe.pdf import Band, band_bytes, pdf_bytes
from quartierstools.ausgabe.pdf_inhalt import dokument_daten
from quartierstools.ausgabe.schriften import fehlende_zeichen, verbunden
from quartierstools.ausgabe.steckbrief import steckbrief
from quartierstools.ausgabe.tabellen import Blatt, arbeitsmappe, blattnamen
from quartierstools.ausgabe.word import word_bytes
from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.darstellung import Verlauf, punktstreifen, statusfeld, verlaufstafel
from quartierstools.dokument import Absatz, Dokument, Spalte, Tabelle, inhalt
from quartierstools.katalog import Projektordner

STAND = date(2023, 12, 31)
VON_RECHTS = {"R", "AL"}


def liste() -> Dokument:
    """Ein Absatz je Name, mit Nummer davor und dahinter."""
    return Dokument(
        titel="Namen",
        gattung="Muster",
        bloecke=tuple(
            Absatz(inhalt(f"N{nummer:03}| {name} |E{nummer:03}"))
            for nummer, name in enumerate(NAMEN)
        ),
        stand=STAND,
    )


def gedruckt(name: str) -> str:
    """Name, wie er im PDF steht: Fehlendes als Nummer des Zeichens."""
    text = verbunden(druckbar(name))
    for zeichen in fehlende_zeichen(text):
        text = text.replace(zeichen, zeichenkennung(zeichen))
    return text


def verglichen(text: str) -> str:
    """Ohne Umbrüche, Trennstellen und Unterschiede der Kodierung."""
    ohne = re.sub(r"[-\u2010\u00ad]\n", "-", text)
    ohne = "".join(
        z
        for z in ohne
        if not z.isspace() and unicodedata.category(z) not in ("Cf", "Zl")
    )
    return unicodedata.normalize("NFKC", ohne).replace("-", "")


def aus_rechts(name: str) -> bool:
    return any(unicodedata.bidirectional(z) in VON_RECHTS for z in name)


@pytest.fixture(scope="module")
def gelesen() -> dict[int, str]:
    """Text je Nummer, wie ihn ein Leseprogramm aus dem PDF holt."""
    pdf = pdf_bytes(liste(), fremde_zeichen="kennung")
    text = "\n".join(
        seite.extract_text() for seite in pypdf.PdfReader(io.BytesIO(pdf)).pages
    )
    text = re.sub(r"\nMuster · .*?Seite \d+ von \d+", "", text)
    stuecke = re.findall(r"N(\d{3})\|(.*?)\|\s*E\1", text, re.DOTALL)
    return {int(nummer): stueck for nummer, stueck in stuecke}


def test_es_sind_zweihundert_verschiedene_namen():
    assert len(NAMEN) == len(set(NAMEN)) == 200
    assert max(map(len, NAMEN)) >= 80


def test_pdf_gelesener_text_ist_der_name(gelesen):
    falsch = {}
    for nummer, name in enumerate(NAMEN):
        if aus_rechts(name):
            continue
        ist, soll = verglichen(gelesen.get(nummer, "")), verglichen(gedruckt(name))
        if ist != soll:
            falsch[name] = (ist, soll)
    assert falsch == {}


def test_pdf_von_rechts_nach_links_bleibt_jeder_buchstabe(gelesen):
    """Leseprogramme geben die Richtung verschieden aus; die Buchstaben stimmen."""
    text = "".join(gelesen.values())
    vorrat = set(verglichen(text))
    for name in filter(aus_rechts, NAMEN):
        assert set(verglichen(gedruckt(name))) <= vorrat, name


def test_word_text_ist_der_name():
    word = docx.Document(io.BytesIO(word_bytes(liste())))
    absaetze = [p.text for p in word.paragraphs if re.match(r"N\d{3}\|", p.text)]
    assert absaetze == [
        f"N{nummer:03}| {druckbar(name)} |E{nummer:03}"
        for nummer, name in enumerate(NAMEN)
    ]


def test_excel_zellen_sind_text_und_der_name():
    tabelle = pd.DataFrame(
        {"Name": list(NAMEN)},
        index=pd.Index([f"{n:03}" for n in range(200)], name="Schlüssel"),
    )
    datei = arbeitsmappe(
        [Blatt(name="Namen", titel="Namen", tabelle=tabelle)], titel="T", stand=STAND
    )
    zellen = [z[1] for z in openpyxl.load_workbook(io.BytesIO(datei))["Namen"]][3:203]
    for name, zelle in zip(NAMEN, zellen, strict=True):
        assert zelle.data_type == "s", name
        assert zelle.hyperlink is None
        assert str(zelle.value).replace("_x000D_", "") == druckbar(name), name
    assert len(set(map(str.casefold, blattnamen(NAMEN)))) == 200


class Leser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texte: list[str] = []
        self.marken: set[str] = set()
        self.namen: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.marken.add(tag)
        self.namen |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.texte.append(data)


def test_html_text_ist_der_name_und_nichts_wird_marke():
    tabelle = Tabelle(
        titel="Namen",
        spalten=(Spalte("Nummer"), Spalte("Name")),
        zeilen=tuple((inhalt(f"{i}"), inhalt(n)) for i, n in enumerate(NAMEN)),
    )
    leser = Leser()
    leser.feed(html_seite(dataclasses.replace(liste(), bloecke=(tabelle,))))
    texte = "\n".join(leser.texte)
    fehlend = [n for n in NAMEN if druckbar(n) not in texte]
    assert fehlend == []
    assert not leser.marken & {"script", "b", "svg", "img", "iframe", "object"}
    assert not {n for n in leser.namen if n.startswith("on")}


@pytest.mark.browser
def test_im_browser_wird_kein_name_ausgefuehrt(tmp_path, oeffne_seite):
    datei = tmp_path / "namen.html"
    datei.write_text(html_seite(liste()), encoding="utf-8")
    seite = oeffne_seite(datei)
    gezeigt = seite.locator("main").inner_text()
    assert seite.fehler == []
    assert [a for a in seite.anfragen if not a.startswith(("data:", "file:"))] == []
    assert all(f"N{nummer:03}|" in gezeigt for nummer in range(200))


@pytest.mark.lang
@pytest.mark.parametrize("art", ["streifen", "verlauf", "feld"])
def test_grafiken_bleiben_lesbares_svg_ohne_inhalt_der_ausfuehrt(art):
    werte = pd.Series([1.0, 2.0, 3.0], index=["10", "11", "12"])
    for name in NAMEN:
        if art == "streifen":
            bild = punktstreifen(
                werte, "11", titel=name, namen={"11": name}, raster=False
            )
        elif art == "verlauf":
            reihe = pd.Series({"2022-12-31": 1.0, "2023-12-31": 2.0})
            verlauf = Verlauf(titel=name, gebiet=reihe, stadt=reihe)
            bild = verlaufstafel([verlauf], gebietsname=name, raster=False)
        else:
            tafel = pd.DataFrame({"+": [(name,)], "-": [()]}, index=[1])
            bild = statusfeld(
                tafel, titel=name, statusworte=["um"], dynamikworte=["ab", "zu"],
                raster=False,
            )  # fmt: skip
        wurzel = ET.fromstring(bild.svg)  # noqa: S314 – eigene Grafik
        marken = {str(e.tag).rpartition("}")[2] for e in wurzel.iter()}
        assert marken <= {
            "svg",
            "g",
            "path",
            "use",
            "defs",
            "clipPath",
            "rect",
            "style",
        }
        assert name in bild.alternativtext


@pytest.fixture(scope="module")
def umbenannt(tmp_path_factory):
    """Fünf Gebiete mit Werten, deren Namen es in sich haben."""
    freigabe = freigabe_aus({"B01": [0.02, 0.04, 0.05, 0.06, 0.12]})
    gewaehlt = [
        "<script>alert(1)</script>",
        "Łódzka Dzielnica – שלום עולם",
        NAMEN[len(NAMEN) // 2],
        "日本町 😀",
        "#let x = 1; #panic(sys)",
    ]
    gebiete = freigabe.gebiete.assign(
        name=gewaehlt, wo=[f"in {name}" for name in gewaehlt]
    )
    return Auswertung.aus_freigabe(
        dataclasses.replace(freigabe, gebiete=gebiete),
        ordner=Projektordner(tmp_path_factory.mktemp("namen") / "probe"),
        einstellung=Einstellung(varianten=20),
    )


@pytest.mark.lang
def test_ganze_steckbriefe_und_band_mit_solchen_namen(umbenannt):
    teile = []
    for gebiet, name in umbenannt.freigabe.gebiete["name"].items():
        dokument, _ = steckbrief(umbenannt, str(gebiet))
        leser = pypdf.PdfReader(
            io.BytesIO(pdf_bytes(dokument, fremde_zeichen="kennung"))
        )
        assert leser.metadata.title == gedruckt(name)
        assert leser.outline[0]["/Title"] == gedruckt(name)
        teile.append(dokument_daten(dokument))
    band = Band(titel="Alle", gruppen=(("<b>Mitte", tuple(teile)),), stand=STAND)
    leser = pypdf.PdfReader(io.BytesIO(band_bytes(band)))
    titel = [e["/Title"] for e in leser.outline[1] if not isinstance(e, list)]
    assert titel[1:] == [gedruckt(n) for n in umbenannt.freigabe.gebiete["name"]]
    assert "<b>Mitte" in leser.pages[0].extract_text()
