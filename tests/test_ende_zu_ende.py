"""Zwei echte Läufe: was entsteht, womit es belegt ist und dass es gleich bleibt."""

import hashlib
import io
import json
import re
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from tempfile import gettempdir

import pytest
from hausmittel import (
    WURZEL,
    docx_kopfzeilen,
    glatt,
    kartendaten,
    lies_html,
    pdf_seiten,
    quartier,
    rechne_lauf,
    xlsx_blaetter,
)

from quartierstools.begruendung.stempel import ENTWURF, INTERN
from quartierstools.katalog import Projektordner, lade_katalog


@pytest.fixture(scope="module")
def katalog(lauf):
    return lade_katalog(Projektordner(WURZEL / "daten" / lauf.projekt))


@pytest.fixture(scope="module")
def schluessel(lauf):
    return kartendaten(lauf.pfad("karte.html"))["gebiete"]["schluessel"]


def test_genau_diese_dateien_entstehen(lauf, katalog, schluessel):
    vorhaben = list(katalog.vorhaben)
    gruppen = katalog.projekt.zielgruppen
    flaechen = WURZEL / "daten" / lauf.projekt / "stadtbezirke.geojson"
    merkmale = json.loads(flaechen.read_text(encoding="utf-8"))["features"]
    stadtbezirke = [m["properties"]["schluessel"] for m in merkmale]
    notebooks = [
        "10_datenlage",
        "20_typisierung",
        *(f"30_bedarf-{z}" for z in gruppen),
        "35_angebote",
        *(f"40_begruendung-{v}" for v in vorhaben),
        *(f"50_steckbrief-{s}" for s in schluessel),
        *(f"60_stadtbezirk-{s}" for s in stadtbezirke),
        "70_steckbriefband",
    ]
    soll = {
        *("index.html", "karte.html", "datenpruefung.html", "manifest.json"),
        *("datenanforderung.html", "datenanforderung.docx", "protokoll.jsonl"),
        "anhang/tabellen.xlsx",
        "angebote/angebotslage.html",
        *(f"zielgruppen/{z}/bericht.{e}" for z in gruppen for e in ("html", "pdf")),
        *(
            f"vorhaben/{v}/begruendung.{e}"
            for v in vorhaben
            for e in ("docx", "html", "pdf")
        ),
        *(
            f"vorhaben/{v}/kurzfassungen.{e}"
            for v in vorhaben
            for e in ("docx", "html", "json")
        ),
        *(
            f"stadtbezirke/{s}/auszug.{e}"
            for s in stadtbezirke
            for e in ("docx", "html", "pdf")
        ),
        *(f"vorhaben/{v}/oparl.json" for v in vorhaben),
        *(f"steckbriefe/{s}.pdf" for s in (*schluessel, "alle")),
        *(f"notebooks/{n}.ipynb" for n in notebooks),
    }
    ist = set(lauf.namen())
    zusatz = {n for n in ist - soll if n.startswith("anhang/")}
    assert soll - ist == set()
    assert ist - soll - zusatz == set()
    assert len(schluessel) == 30


def test_manifest_beschreibt_jede_datei_mit_ihrer_pruefsumme(lauf):
    ist = {
        name: hashlib.sha256(lauf.pfad(name).read_bytes()).hexdigest()
        for name in lauf.namen()
        if name != "manifest.json"
    }
    assert lauf.manifest["ausgaben"] == ist


def test_manifest_nennt_jede_eingabe_mit_ihrer_pruefsumme(lauf):
    ordner = Projektordner(WURZEL / "daten" / lauf.projekt)
    ist = {
        ordner.name_von(d): hashlib.sha256(d.read_bytes()).hexdigest()
        for d in ordner.eingaben()
    }
    genannt = lauf.manifest["eingaben"]
    assert set(genannt) == set(ist)
    anders = {name for name in ist if genannt[name] != ist[name]}
    # Die Prüfsumme einer Datei mit Gesperrtem würde geratene Werte bestätigen.
    bestand = {n for n in ist if n.startswith("bestand/")}
    geheim = bestand if lauf.projekt == "musterstadt" else set()
    # Fachurteile und Beschlüsse enthalten Namen: Die Prüfsumme gilt ohne sie.
    mit_namen = {"fachurteile.csv", "beschluesse.csv"} & set(ist)
    assert anders == {*geheim, *mit_namen, "einzelwerte.csv"}
    assert lauf.manifest["kennung"] == lauf.kennung
    assert lauf.manifest["projekt"] == lauf.projekt
    assert lauf.manifest["fassung"] == "oeffentlich"


def test_alle_notebooks_sind_gelungen(lauf):
    protokoll = lauf.pfad("protokoll.jsonl").read_text(encoding="utf-8")
    assert '"gelungen": false' not in protokoll
    assert protokoll.count("\n") == len(lauf.namen(".ipynb"))


def test_anzeige_sagt_was_entstand_und_was_man_zuerst_oeffnet(lauf):
    assert f"Lauf {lauf.kennung}" in lauf.anzeige
    assert lauf.anzeige.strip().endswith("index.html")
    assert "Nicht gelungen" not in lauf.anzeige


def test_nichts_halbes_bleibt_liegen(lauf):
    assert [p.name for p in lauf.ordner.parent.iterdir()] == [lauf.kennung]
    versteckt = [n for n in lauf.namen() if any(t[0] == "." for t in n.split("/"))]
    assert versteckt == []


def rohtexte(datei):
    """Bytes einer Datei; bei Word und Excel die ihrer Teile."""
    roh = datei.read_bytes()
    if datei.suffix not in (".docx", ".xlsx"):
        return [roh]
    with zipfile.ZipFile(io.BytesIO(roh)) as archiv:
        return [archiv.read(name) for name in archiv.namelist()]


def test_kein_pfad_dieser_maschine_in_einer_ausgabe(lauf):
    spuren = [
        str(WURZEL),
        str(lauf.ordner.parent),
        f"{Path.home()}/",
        f"{gettempdir()}/",
    ]
    spuren += ["file://", "\\Users\\", sys.prefix]
    gefunden = {
        (name, spur)
        for name in lauf.namen()
        for roh in rohtexte(lauf.pfad(name))
        for spur in spuren
        if spur.encode() in re.sub(rb"https?://[^\s\"<;]+", b"", roh)
    }
    assert gefunden == set()


LADEND = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "link": ("href",),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "object": ("data",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
}


class Nachladen(HTMLParser):
    """Sammelt, was ein Browser von selbst holen würde."""

    def __init__(self):
        super().__init__()
        self.ziele = []

    def handle_starttag(self, tag, attrs):
        for name, wert in attrs:
            if name in LADEND.get(tag, ()) and wert:
                self.ziele.append(wert)


def test_keine_seite_laedt_etwas_nach(lauf):
    for name in lauf.namen(".html"):
        seite = lauf.pfad(name).read_text(encoding="utf-8")
        leser = Nachladen()
        leser.feed(seite)
        fremd = [z for z in leser.ziele if not z.startswith(("data:", "#"))]
        assert fremd == [], name
        stil = "\n".join(re.findall(r"<style[^>]*>(.*?)</style>", seite, re.DOTALL))
        assert not re.search(r"@import|url\(\s*['\"]?(?!data:|#|['\"]?#)", stil), name


def test_verweise_des_einstiegs_fuehren_zu_dateien(lauf):
    leser = lies_html(lauf.pfad("index.html"))
    ziele = [a["href"] for t, a in leser.elemente if t == "a" and a.get("href")]
    dateien = [z for z in ziele if not z.startswith("#")]
    assert [z for z in dateien if not lauf.pfad(z.split("#")[0]).is_file()] == []
    assert len(dateien) >= 40


def test_schluessel_sind_ueberall_text(lauf, schluessel):
    """010 darf nirgends zu 10 werden: nicht im Dateinamen, nicht in Excel."""
    assert all(isinstance(s, str) for s in schluessel)
    breite = 3 if lauf.projekt == "musterstadt" else 2
    assert {len(s) for s in schluessel} == {breite}
    blaetter = xlsx_blaetter(lauf.pfad("anhang/tabellen.xlsx"))
    gezaehlt = 0
    for zeilen in blaetter.values():
        koepfe = [n for n, z in enumerate(zeilen) if z and z[0] == "Schlüssel"]
        for kopf in koepfe:
            spalte = [z[0] for z in zeilen[kopf + 1 : kopf + 31]]
            assert spalte == schluessel
            gezaehlt += 1
    assert gezaehlt >= 3
    for name in lauf.namen(".html"):
        if name.endswith("bericht.html"):
            zeilen = [z for z in lies_html(lauf.pfad(name)).zeilen if len(z) > 4]
            zahlen = {z[1] for z in zeilen if re.fullmatch(r"\d+", z[1])}
            assert not zahlen or set(schluessel) <= zahlen


def test_belege_des_manifests_haben_eindeutige_kennungen(lauf):
    for name, eintraege in lauf.manifest["belege"].items():
        kennungen = [e["kennung"] for e in eintraege]
        assert len(kennungen) == len(set(kennungen)), name
        assert all(re.fullmatch(r"[0-9a-f]{12}", k) for k in kennungen)


def test_jeder_beleg_des_manifests_steht_im_schriftstueck(lauf):
    """Die gedruckte Zahl eines Belegs findet man im PDF der Begründung.

    Alle Schriftstücke samt Alternativtexten prüft satzweise tests/nachpruefung.
    """
    belege = lauf.manifest["belege"]
    gedruckt = {n: e for n, e in belege.items() if n.endswith("/begruendung")}
    assert len(gedruckt) >= 3
    for name, eintraege in gedruckt.items():
        text = _ohne_satz(lauf.text(f"{name}.pdf"))
        werte = [str(e["text"]) for e in eintraege if e["art"] == "wert"]
        fehlend = [wert for wert in werte if _ohne_satz(wert) not in text]
        assert fehlend == [], name


def _ohne_satz(text):
    """Ohne Leerzeichen, Trennstriche und Großschreibung am Satzanfang."""
    return re.sub(r"[\s-]", "", glatt(text)).lower()


def test_in_pdf_und_word_steht_kein_heutiges_datum(lauf):
    """Zeitstempel folgen dem Bezugsdatum des Projekts."""
    from docx import Document  # noqa: PLC0415
    from pypdf import PdfReader  # noqa: PLC0415

    for name in lauf.namen(".pdf"):
        angaben = PdfReader(lauf.pfad(name)).metadata or {}
        tage = [str(v)[2:10] for k, v in angaben.items() if "Date" in k]
        assert set(tage) <= {"20261101"}, name
    for name in lauf.namen(".docx"):
        eigenschaften = Document(str(lauf.pfad(name))).core_properties
        assert eigenschaften.created.strftime("%Y%m%d") == "20261101", name


@pytest.mark.lang
def test_zweiter_lauf_hat_dieselben_bytes(lauf, tmp_path):
    befehl = ("lauf", "--projekt", lauf.projekt, "--ausgabe", str(tmp_path))
    assert quartier(*befehl, "--parallel", "1").returncode == 0
    (zweiter,) = (tmp_path / lauf.projekt).iterdir()
    assert zweiter.name == lauf.kennung
    for name in lauf.namen():
        assert (zweiter / name).read_bytes() == lauf.pfad(name).read_bytes(), name


@pytest.mark.lang
def test_interne_fassung_ist_auf_jeder_seite_so_benannt(gemeinsam):
    lauf = rechne_lauf(
        gemeinsam, "intern", "bochum", "--fassung", "intern", "-P", "anzahl_typen=3"
    )
    for name in lauf.namen(".pdf"):
        for seite in pdf_seiten(lauf.pfad(name)):
            assert ENTWURF in glatt(seite), name
            assert INTERN in glatt(seite), name
    for name in lauf.namen(".html"):
        assert ENTWURF in glatt(lauf.text(name)), name
        assert INTERN in glatt(lauf.text(name)), name
    for name in lauf.namen(".docx"):
        kopf = glatt(" ".join(docx_kopfzeilen(lauf.pfad(name)).values()))
        assert ENTWURF in kopf, name
        assert INTERN in kopf, name
