"""Findet die Durchsicht, was durchgerutscht ist – und nur das?"""

import dataclasses
import io
import json
import zipfile
import zlib

import pytest
from dateibau import ALLE, GROESSE, png, satz

from quartierstools.fehler import Aufruffehler
from quartierstools.geheimhaltung import ertrag as ertrag_modul
from quartierstools.geheimhaltung.durchsicht import (
    Regeln,
    durchsicht,
    durchsicht_bytes,
)
from quartierstools.geheimhaltung.geheimnisse import (
    VERGLEICH,
    Geheimnis,
    Geheimnisse,
    formen,
)

ORT = ("gebiet", "063")
WERT = {"wert": 7 / 162, "zaehler": 7, "nenner": 162}
FREI = {
    (("gebiet", "061"), "B03"): {"wert": 0.081, "zaehler": 81, "nenner": 1000},
    (("gebiet", "062"), "B03"): {"wert": 0.06, "zaehler": 60, "nenner": 1000},
    (ORT, "B05"): {"wert": 0.052, "zaehler": 52, "nenner": 1000},
}
GEHEIM = Geheimnisse(
    liste=(
        Geheimnis(
            ort=ORT,
            name="Forsthaus",
            indikator="B03",
            bezeichnung=GROESSE,
            stichtag="2023-12-31",
            formen=formen(WERT, "prozent", 1),
        ),
    ),
    erlaubt={k: frozenset(formen(w, "prozent", 1)) for k, w in FREI.items()},
    offene_tage={k: frozenset({"2023-12-31"}) for k in FREI},
    orte={
        "Mittel": (VERGLEICH, "Mittel"),
        "Stadt": ("stadt", "stadt"),
        "Musterstadt": ("stadt", "stadt"),
        "061": ("gebiet", "061"),
        "Kalkwerk": ("gebiet", "061"),
        "062": ("gebiet", "062"),
        "Ulmenhof": ("gebiet", "062"),
        "063": ORT,
        "Forsthaus": ORT,
    },
    indikatoren={
        "B03": "B03",
        GROESSE: "B03",
        "B05": "B05",
        "Langzeitarbeitslosenanteil": "B05",
    },
)


def test_zerrissener_strom_im_archiv_ist_ein_lesefehler():
    """Die Blockart 3 gibt es in Deflate nicht: zlib scheitert vor der Prüfsumme."""
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as archiv:
        archiv.writestr("blatt.xml", "".join(f"<c>{n * n}</c>" for n in range(3000)))
    inhalt = bytearray(puffer.getvalue())
    inhalt[30 + len("blatt.xml")] = 0xFF
    with pytest.raises(zlib.error):
        zipfile.ZipFile(io.BytesIO(inhalt)).read("blatt.xml")
    with pytest.raises(ertrag_modul.Lesefehler, match="nicht lesbar"):
        list(ertrag_modul.zipteile(bytes(inhalt)))


def arten(funde):
    return {fund.art for fund in funde}


@pytest.mark.parametrize(
    ("endung", "bau"), ALLE, ids=lambda w: getattr(w, "__name__", w)
)
def test_durchgerutschter_wert_wird_in_jeder_dateiart_gefunden(endung, bau):
    funde = durchsicht_bytes(f"datei.{endung}", bau("4,3"), GEHEIM)
    assert arten(funde) == {"gesperrt"}, funde
    for fund in funde:
        assert "Forsthaus" in fund.was
        # Der Fund selbst verrät nichts.
        assert "4,3" not in fund.was
        assert "4,3" not in fund.ort


@pytest.mark.parametrize(
    ("endung", "bau"), ALLE, ids=lambda w: getattr(w, "__name__", w)
)
def test_saubere_datei_gibt_keinen_alarm(endung, bau):
    assert durchsicht_bytes(f"datei.{endung}", bau("gesperrt"), GEHEIM) == []


def test_dieselbe_zahl_an_anderer_stelle_ist_kein_alarm():
    texte = [
        "Der Jugendarbeitslosenanteil in Kalkwerk beträgt 4,3 Prozent.",
        "Der Langzeitarbeitslosenanteil in Forsthaus beträgt 4,3 Prozent.",
        "Im Mittel beträgt der Jugendarbeitslosenanteil 4,3 Prozent.",
        "Der Jugendarbeitslosenanteil ist in Forsthaus gesperrt, in Kalkwerk 4,3 %.",
        "Forsthaus liegt auf Rang 7 von 30 und hat 7 Angebote.",
        "Forsthaus hat 4,3 km Radwege.",
        "Abschnitt 4.3: Forsthaus",
    ]
    for text in texte:
        assert durchsicht_bytes("a.txt", text.encode(), GEHEIM) == [], text


def test_unverwechselbar_genaue_zahl_gilt_ueberall():
    text = json.dumps({"x": [0.1, 7 / 162]})
    assert arten(durchsicht_bytes("a.json", text.encode(), GEHEIM)) == {"gesperrt"}
    prozent = f"{700 / 162:.9f}"
    assert arten(durchsicht_bytes("a.txt", prozent.encode(), GEHEIM)) == {"gesperrt"}


@pytest.mark.parametrize(
    "text",
    [
        "Der Jugendarbeitslosenanteil in Forsthaus beträgt rund 4 Prozent.",
        "Der Jugendarbeitslosenanteil in Forsthaus beträgt 4 %.",
        "In Forsthaus liegt der Jugendarbeitslosenanteil bei vier Prozent.",
        "Jugendarbeitslosenanteil in Forsthaus: sieben Jugendliche sind arbeitslos.",
        "Jugendarbeitslosenanteil in Forsthaus: 7 junge Menschen.",
        "Jugendarbeitslosenanteil in Forsthaus: Sieben von 162 jungen Menschen.",
        "Vom Jugendarbeitslosenanteil in Forsthaus sind eine von 25 Personen betroffen",
    ],
)
def test_gerundet_oder_in_worten_wird_gefunden(text):
    assert arten(durchsicht_bytes("a.txt", text.encode(), GEHEIM)) == {"gesperrt"}


@pytest.mark.parametrize(
    "text",
    [
        "Der Jugendarbeitslosenanteil in Kalkwerk beträgt vier Prozent.",
        "Forsthaus gehört zu den vier Prozent der größten Flächen.",
        "Beim Jugendarbeitslosenanteil liegt Forsthaus auf Rang 7 von 30.",
        "Jugendarbeitslosenanteil: Forsthaus ist gesperrt wie in 7 von 30 Bezirken.",
        "Jugendarbeitslosenanteil: In Forsthaus gibt es sieben Angebote.",
        "Jugendarbeitslosenanteil: Forsthaus hält in 4 % der Rechenvarianten nicht.",
    ],
)
def test_worte_ohne_bezug_sind_kein_alarm(text):
    assert durchsicht_bytes("a.txt", text.encode(), GEHEIM) == []


def test_drei_von_vier_nennt_den_anteil():
    formen_75 = formen({"wert": 0.75, "zaehler": 9, "nenner": 12}, "prozent", 1)
    geheim = dataclasses.replace(
        GEHEIM, liste=(dataclasses.replace(GEHEIM.liste[0], formen=formen_75),)
    )
    for text in (
        "Jugendarbeitslosenanteil in Forsthaus: drei von vier jungen Menschen.",
        "Jugendarbeitslosenanteil in Forsthaus: drei Viertel der jungen Menschen.",
        "Jugendarbeitslosenanteil in Forsthaus: 75 Prozent.",
    ):
        funde = durchsicht_bytes("a.txt", text.encode(), geheim)
        assert arten(funde) == {"gesperrt"}, text
    fremd = "Jugendarbeitslosenanteil in Forsthaus: drei von vier Merkmalen fehlen."
    assert durchsicht_bytes("a.txt", fremd.encode(), geheim) == []


def test_einfacher_bruch_ist_nicht_unverwechselbar():
    zwei_drittel = formen({"wert": 2 / 3, "zaehler": 6, "nenner": 9}, "prozent", 1)
    assert "roh" not in zwei_drittel.values()
    assert "roh" in formen(WERT, "prozent", 1).values()
    geheim = dataclasses.replace(
        GEHEIM, liste=(dataclasses.replace(GEHEIM.liste[0], formen=zwei_drittel),)
    )
    sauber = json.dumps({"gebiet": "061", "haltbarkeit": 2 / 3})
    assert durchsicht_bytes("a.json", sauber.encode(), geheim) == []
    verrat = json.dumps({"gebiet": "063", "B03": 2 / 3})
    assert arten(durchsicht_bytes("a.json", verrat.encode(), geheim)) == {"gesperrt"}


def test_anderer_stichtag_mit_gleicher_zahl_ist_erlaubt():
    frei = {**FREI, (ORT, "B03"): {"wert": 0.0432, "zaehler": 8, "nenner": 185}}
    geheim = Geheimnisse(
        liste=GEHEIM.liste,
        erlaubt={k: frozenset(formen(w, "prozent", 1)) for k, w in frei.items()},
        offene_tage={**GEHEIM.offene_tage, (ORT, "B03"): frozenset({"2022-12-31"})},
        orte=GEHEIM.orte,
        indikatoren=GEHEIM.indikatoren,
    )
    vorjahr = "Der Jugendarbeitslosenanteil in Forsthaus betrug 2022 4,3 Prozent."
    assert durchsicht_bytes("a.txt", vorjahr.encode(), geheim) == []
    jetzt = "Der Jugendarbeitslosenanteil in Forsthaus betrug 2023 4,3 Prozent."
    assert arten(durchsicht_bytes("a.txt", jetzt.encode(), geheim)) == {"gesperrt"}


@pytest.mark.parametrize(
    "quelltext",
    [
        '<img src="https://fremd.example/a.png">',
        '<link rel="stylesheet" href="//cdn.example/a.css">',
        '<script src="http://cdn.example/a.js"></script>',
        "<style>body{background:url('https://fremd.example/a.png')}</style>",
        "<style>@import 'https://fremd.example/a.css';</style>",
        '<p style="background:url(https://fremd.example/x)">a</p>',
        "<script>fetch('https://fremd.example/daten')</script>",
        "<script>import x from 'https://fremd.example/m.js'</script>",
        "<script>var k=new WebSocket('wss://fremd.example')</script>",
        "<script>L.tileLayer('https://{s}.tile.example/{z}/{x}/{y}.png')</script>",
        '<meta http-equiv="refresh" content="0; url=https://fremd.example">',
        '<svg><image href="https://fremd.example/a.png"/></svg>',
        '<svg><use xlink:href="https://fremd.example/a.svg#x"/></svg>',
        '<iframe src="https://fremd.example"></iframe>',
        '<img srcset="https://fremd.example/a.png 2x">',
        '<form action="https://fremd.example/ab">x</form>',
        '<a ping="https://fremd.example/p" href="#a">a</a>',
        '<object data="https://fremd.example/o"></object>',
        '<base href="https://fremd.example/">',
        "<body onload=\"fetch('https://fremd.example')\">",
        '<img src="file:///c/bild.png">',
    ],
)
def test_fremde_adresse_wird_gefunden(quelltext):
    assert "adresse" in arten(durchsicht_bytes("a.html", quelltext.encode()))


@pytest.mark.parametrize(
    "quelltext",
    [
        '<a href="https://www.bochum.de">Stadt</a>',
        '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>',
        "<p>Quelle: https://statistik.arbeitsagentur.de/home/x</p>",
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
        '<link rel="icon" href="data:,">',
        '<script>var ns="http://www.w3.org/2000/svg";</script>',
        '<use href="#muster"/>',
        '<script src="karte.js"></script>',
        "<p>und/oder, 1/2, km/h, /Kapitel/</p>",
    ],
)
def test_nennung_ohne_laden_ist_erlaubt(quelltext):
    assert durchsicht_bytes("a.html", quelltext.encode()) == []


@pytest.mark.parametrize(
    "text",
    [
        "gelesen aus /home/anna/daten/bestand.csv",
        "File /opt/projekt/lauf.py",
        "C:\\Users\\anna\\bestand.xlsx",
        "\\\\server\\sozial\\daten.xlsx",
        "file:///srv/daten/a.csv",
        "/Users/anna/x.ipynb",
    ],
)
def test_pfad_einer_maschine_wird_gefunden(text):
    assert arten(durchsicht_bytes("a.txt", text.encode())) == {"pfad"}
    notebook = {"cells": [{"cell_type": "markdown", "source": text}], "metadata": {}}
    assert "pfad" in arten(durchsicht_bytes("a.ipynb", json.dumps(notebook).encode()))


def test_code_im_notebook_ist_je_nach_regel_ein_fund():
    zelle = {"cell_type": "code", "source": "import os", "metadata": {}, "outputs": []}
    roh = json.dumps({"cells": [zelle], "metadata": {}}).encode()
    assert durchsicht_bytes("a.ipynb", roh) == []
    streng = Regeln(code_erlaubt=False)
    assert arten(durchsicht_bytes("a.ipynb", roh, regeln=streng)) == {"code"}
    seite = b'<div class="jp-InputArea jp-Cell-inputArea"><pre>x = 1</pre></div>'
    assert arten(durchsicht_bytes("a.html", seite, regeln=streng)) == {"code"}


def test_abbruchmeldung_ist_immer_ein_fund():
    text = b"Traceback (most recent call last)\n  ValueError"
    assert arten(durchsicht_bytes("a.txt", text)) == {"code"}


def _zip(teile, **weitere):
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED, **weitere) as mappe:
        for name, inhalt in teile.items():
            mappe.writestr(name, inhalt)
    return puffer.getvalue()


VERWEIS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'relationships"><Relationship Id="r1" TargetMode="External" Type="http://schemas.'
    b'openxmlformats.org/officeDocument/2006/relationships/%s" '
    b'Target="https://fremd.example/a"/></Relationships>'
)


@pytest.mark.parametrize(
    ("art", "erwartet"),
    [
        (b"image", {"adresse"}),
        (b"attachedTemplate", {"adresse"}),
        (b"hyperlink", set()),
    ],
)
def test_word_laedt_nichts_von_aussen(art, erwartet):
    roh = _zip({"word/_rels/document.xml.rels": VERWEIS % art})
    assert arten(durchsicht_bytes("a.docx", roh)) == erwartet


BOMBE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><w:document xmlns:w="w">&c;</w:document>"""


@pytest.mark.parametrize(
    ("name", "inhalt"),
    [
        ("bombe.zip", _zip({"a.txt": b"0" * 60_000_000})),
        ("bombe.docx", _zip({"word/document.xml": b" " * 60_000_000})),
        ("entitaeten.docx", _zip({"word/document.xml": BOMBE})),
        ("kaputt.docx", _zip({"word/document.xml": b"<w:document"})),
        ("kaputt.xlsx", _zip({"xl/workbook.xml": b"<a/>"})),
        ("abgebrochen.zip", _zip({"a.csv": b"a;b"})[:40]),
        ("kaputt.pdf", b"%PDF-1.7\nkein Inhalt"),
        ("kaputt.json", b'{"a": '),
        ("kaputt.ipynb", b"[]"),
        ("kaputt.png", png()[:40]),
        ("tief.json", b"[" * 200_000),
        ("null.csv", b"a;b\n\0\0;1"),
        ("unbekannt.bin", b"\0\1\2\3"),
        ("kaputt.gz", b"\x1f\x8b\x08\0kaputt"),
    ],
    ids=lambda w: w if isinstance(w, str) else "",
)
def test_kaputtes_und_bomben_werden_gemeldet_nicht_ausgefuehrt(name, inhalt):
    funde = durchsicht_bytes(name, inhalt, GEHEIM)
    assert arten(funde) == {"unlesbar"}
    assert all(fund.was and fund.rat for fund in funde)


def test_verschachtelte_archive_enden():
    inhalt = b"a;b"
    for _ in range(8):
        inhalt = _zip({"innen.zip": inhalt})
    assert arten(durchsicht_bytes("a.zip", inhalt)) == {"unlesbar"}


def test_zu_grosse_datei_wird_nicht_gelesen(tmp_path, monkeypatch):
    monkeypatch.setattr("quartierstools.geheimhaltung.durchsicht.HOECHSTBYTES", 10)
    (tmp_path / "gross.txt").write_bytes(b"x" * 11)
    assert arten(durchsicht(tmp_path)) == {"unlesbar"}
    assert ertrag_modul.HOECHSTBYTES > 10


def test_ordner_wird_ganz_durchgesehen_und_geordnet(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "satz.txt").write_text(satz("4,3"), encoding="utf-8")
    (tmp_path / "a.html").write_text('<img src="https://x.example/a">')
    (tmp_path / "gut.txt").write_text(satz("gesperrt"), encoding="utf-8")
    funde = durchsicht(tmp_path, GEHEIM)
    assert [(f.datei, f.art) for f in funde] == [
        ("a.html", "adresse"),
        ("b/satz.txt", "gesperrt"),
    ]
    assert durchsicht(tmp_path / "gut.txt", GEHEIM) == []


def test_verknuepfung_wird_nicht_verfolgt(tmp_path):
    ziel = tmp_path / "ziel.txt"
    ziel.write_text("a")
    ordner = tmp_path / "aus"
    ordner.mkdir()
    (ordner / "link.txt").symlink_to(ziel)
    assert arten(durchsicht(ordner)) == {"unlesbar"}


def test_fehlender_ordner_ist_ein_falscher_aufruf(tmp_path):
    with pytest.raises(Aufruffehler, match="gibt es nicht"):
        durchsicht(tmp_path / "nichts")


def test_geheimnis_zeigt_seine_zahlen_nicht_in_der_anzeige():
    assert "4.3" not in repr(GEHEIM.liste[0])
