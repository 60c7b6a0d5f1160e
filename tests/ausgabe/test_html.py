"""HTML: vollständig, barrierefrei, wörtlich."""

import re
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from musterdokumente import (
    FEINDLICH,
    STEMPEL,
    begruendung,
    feindlich,
    in_zwei_prozessen,
    steckbrief,
)
from playwright.sync_api import sync_playwright

from quartierstools.ausgabe.html import html_seite
from quartierstools.ausgabe.packen import druckbar
from quartierstools.dokument import (
    Absatz,
    Dokument,
    inhalt,
    texte,
)
from quartierstools.fehler import Ausgabefehler

CHROMIUM = "/usr/bin/chromium"
SCHALTER = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
OHNE_ENDE = {"meta", "link", "img", "br", "col"}


class Leser(HTMLParser):
    """Sammelt Elemente und Text und prüft die Schachtelung."""

    def __init__(self) -> None:
        super().__init__()
        self.offen: list[str] = []
        self.elemente: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.elemente.append((tag, dict(attrs)))
        if tag not in OHNE_ENDE:
            self.offen.append(tag)
        if tag == "br":
            self.text += "\n"

    def handle_endtag(self, tag):
        assert self.offen.pop() == tag

    def handle_data(self, data):
        self.text += data

    def alle(self, *namen: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.elemente if tag in namen]


def lies(seite: str) -> Leser:
    leser = Leser()
    leser.feed(seite)
    leser.close()
    assert leser.offen == []
    return leser


def seite_mit(text: str) -> str:
    dokument = Dokument(
        titel=text,
        gattung="Muster",
        bloecke=(Absatz(inhalt(text)),),
        stand=date(2023, 12, 31),
    )
    return html_seite(dokument)


@pytest.mark.parametrize("dokument", [begruendung(), steckbrief(), feindlich()])
def test_jeder_text_des_dokuments_steht_in_der_seite(dokument):
    leser = lies(html_seite(dokument))
    alternativen = {attrs.get("alt") for attrs in leser.alle("img")}
    for text in texte(dokument):
        zeile = druckbar(text)
        teile = zeile.split(": ", 1) if zeile not in leser.text else [zeile]
        assert zeile in alternativen or all(t in leser.text for t in teile), zeile


def test_seite_hat_sprache_titel_und_landmarken():
    leser = lies(html_seite(begruendung(), verweise=[("Karte", "karte.html")]))
    assert leser.elemente[0] == ("html", {"lang": "de-DE"})
    for marke in ("main", "header", "footer", "h1", "title", "nav"):
        assert len(leser.alle(marke)) == 1
    assert {"href": "karte.html"} in leser.alle("a")
    sprung = leser.alle("a")[0]
    assert sprung["href"] == f"#{leser.alle('main')[0]['id']}"


def test_ueberschriften_ohne_luecke_und_kennungen_eindeutig():
    leser = lies(html_seite(steckbrief()))
    stufen = [int(tag[1]) for tag, _ in leser.elemente if re.fullmatch(r"h\d", tag)]
    assert stufen[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(stufen))
    kennungen = [a["id"] for _, a in leser.elemente if "id" in a]
    assert len(kennungen) == len(set(kennungen))


def test_tabellen_haben_beschriftung_und_koepfe():
    leser = lies(html_seite(begruendung()))
    assert len(leser.alle("caption")) == len(leser.alle("table")) == 2
    spalten = [a for a in leser.alle("th") if a.get("scope") == "col"]
    zeilen = [a for a in leser.alle("th") if a.get("scope") == "row"]
    assert (len(spalten), len(zeilen)) == (5, 11)


def test_stempel_stehen_vor_dem_titel_und_offenes_ist_markiert():
    seite = html_seite(begruendung())
    assert seite.index(STEMPEL[0]) < seite.index("<h1>")
    assert '<mark class="offen">[offen: Art und Wortlaut]</mark>' in seite
    assert seite.count('<mark class="offen">') == 11


def test_wasserzeichen_nur_wenn_gesetzt():
    seite = html_seite(steckbrief(wasserzeichen="synthetische Daten"))
    body = lies(seite).alle("body")[0]
    assert body == {"data-wasserzeichen": "synthetische Daten"}
    assert lies(html_seite(steckbrief())).alle("body") == [{}]


def test_bilder_liegen_als_daten_in_der_seite():
    leser = lies(html_seite(steckbrief()))
    bilder = leser.alle("img")
    assert len(bilder) == 3
    for bild in bilder:
        assert bild["src"].startswith("data:image/svg+xml;base64,")
        assert bild["alt"]


@pytest.mark.parametrize("name", FEINDLICH)
def test_feindlicher_name_erscheint_woertlich(name):
    leser = lies(seite_mit(name))
    assert leser.alle("script") == []
    assert leser.text.count(druckbar(name)) == 3


@settings(deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_kein_text_bricht_die_seite_auf(text):
    leser = lies(seite_mit(text))
    schlicht = lies(seite_mit("Text"))
    ohne = {"br", "bdi"}
    assert [t for t, _ in leser.elemente if t not in ohne] == [
        t for t, _ in schlicht.elemente
    ]


@pytest.mark.parametrize(
    "ziel",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:x",
        "java\tscript:x",
        "data:text/html,x",
        "//fremd.example",
        "/\\fremd.example",
        "vbscript:x",
    ],
)
def test_gefaehrliche_verweise_werden_abgelehnt(ziel):
    with pytest.raises(Ausgabefehler, match="Verweisziele"):
        html_seite(begruendung(), verweise=[("x", ziel)])


@pytest.mark.parametrize(
    "ziel",
    ["karte.html", "a/b.pdf#seite=2", "../x", "#inhalt", "https://x.y", "mailto:a@b"],
)
def test_uebliche_verweise_sind_erlaubt(ziel):
    verweise = lies(html_seite(begruendung(), verweise=[("x", ziel)])).alle("a")
    assert verweise[1] == {"href": ziel}


def test_seite_ist_in_jeder_umgebung_gleich(tmp_path: Path):
    code = (
        "import sys, musterdokumente as m\n"
        "from quartierstools.ausgabe.html import html_seite\n"
        "from quartierstools.ausgabe.packen import sha256\n"
        "print([sha256(html_seite(d)) for d in (m.begruendung(), m.feindlich())])"
    )
    eins, zwei = in_zwei_prozessen(code, tmp_path)
    assert eins == zwei
    assert len(eins) > 100


@pytest.mark.browser
@pytest.mark.parametrize("breite", [1280, 400])
def test_axe_findet_nichts_und_niemand_wird_gefragt(tmp_path: Path, breite: int):
    dokumente = (
        begruendung(),
        steckbrief(wasserzeichen="synthetische Daten"),
        feindlich(),
    )
    with sync_playwright() as spiel:
        browser = spiel.chromium.launch(executable_path=CHROMIUM, args=SCHALTER)
        for nummer, dokument in enumerate(dokumente):
            datei = tmp_path / f"{nummer}.html"
            seite = html_seite(dokument, verweise=[("Karte", "karte.html")])
            datei.write_text(seite, encoding="utf-8")
            blatt = browser.new_page(viewport={"width": breite, "height": 900})
            anfragen: list[str] = []
            dialoge: list[str] = []
            blatt.on("request", lambda a, ziel=anfragen: ziel.append(a.url))
            blatt.on("dialog", lambda d, ziel=dialoge: ziel.append(d.message))
            blatt.goto(datei.as_uri())
            befund = Axe().run(blatt)
            assert befund.response["violations"] == []
            fremd = [a for a in anfragen if not a.startswith(("file:", "data:"))]
            assert (fremd, dialoge) == ([], [])
            assert blatt.evaluate("document.documentElement.scrollWidth") <= breite
            blatt.close()
        browser.close()
