"""Band aller Steckbriefe: Inhalt, Lesezeichen, Normen; unabhängige Prüfer."""

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pypdf
import pytest
from musterdokumente import begruendung, steckbrief

from quartierstools.ausgabe import steckbriefband as modul
from quartierstools.ausgabe.pdf import Band, band_bytes, pdf_bytes
from quartierstools.ausgabe.pdf_inhalt import dokument_daten
from quartierstools.fehler import Ausgabefehler

STAND = date(2023, 12, 31)
NAMEN = ("Erstes", "Zweites", "Drittes")


@pytest.fixture(scope="module")
def band() -> Band:
    teile = [dokument_daten(replace(steckbrief(), titel=name)) for name in NAMEN]
    return Band(
        titel="Steckbriefe Musterstadt",
        untertitel="3 Bezirke",
        gruppen=(("Stadtbezirk Nord", tuple(teile[:2])), ("Süd", tuple(teile[2:]))),
        stand=STAND,
        fusszeile="Steckbriefe · Lauf abc",
    )


@pytest.fixture(scope="module")
def leser(band) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(band_bytes(band)))


def stufen(leser: pypdf.PdfReader) -> list[int]:
    """Stufe jeder Überschrift in Lesereihenfolge."""
    gefunden: list[int] = []

    def geh(knoten: object) -> None:
        knoten = getattr(knoten, "get_object", lambda: knoten)()
        if isinstance(knoten, list):
            for kind in knoten:
                geh(kind)
        elif isinstance(knoten, dict):
            art = str(knoten.get("/S", ""))
            if art[:2] == "/H" and art[2:].isdigit():
                gefunden.append(int(art[2:]))
            geh(knoten.get("/K", []))

    geh(leser.trailer["/Root"]["/StructTreeRoot"])
    return gefunden


def test_inhalt_nennt_jedes_dokument_mit_seite(leser):
    text = leser.pages[0].extract_text()
    for name, seite in zip(NAMEN, (2, 4, 6), strict=True):
        assert f"{name}\n{seite}" in text or f"{name} {seite}" in text
        assert name in leser.pages[seite - 1].extract_text()
    assert "Stadtbezirk Nord" in text
    assert len(leser.pages) == 7


def test_verweise_des_inhalts_springen_auf_die_seite(leser):
    ziele = [a.get_object() for a in leser.pages[0]["/Annots"]]
    assert len(ziele) == 3
    assert all(z["/Subtype"] == "/Link" for z in ziele)


def test_lesezeichen_je_dokument(leser):
    assert leser.outline[0]["/Title"] == "Steckbriefe Musterstadt"
    zweite = [e["/Title"] for e in leser.outline[1] if not isinstance(e, list)]
    assert zweite == ["Inhalt", *NAMEN]


def test_ueberschriften_ueberspringen_keine_stufe(leser):
    gefunden = stufen(leser)
    assert gefunden[0] == 1
    assert gefunden.count(1) == 1
    assert gefunden.count(2) == 4
    assert all(b - a <= 1 for a, b in pairwise(gefunden))


def test_band_haelt_dieselben_normen_ein(leser):
    xmp = leser.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert leser.metadata["/CreationDate"] == "D:20231231000000Z"
    assert all("Lauf abc" in s.extract_text() for s in leser.pages)


def test_gleicher_band_gleiche_bytes(band):
    assert band_bytes(band) == band_bytes(band)


def test_leerer_band_faellt_auf():
    with pytest.raises(Ausgabefehler, match="kein Dokument"):
        band_bytes(Band(titel="T", gruppen=(), stand=STAND))


@pytest.fixture
def ohne_rechnung(monkeypatch):
    """Steckbriefe zählen statt rechnen."""
    gerechnet = []

    def gezaehlt(_auswertung, gebiet, **_):
        gerechnet.append(gebiet)
        return replace(steckbrief(), titel=f"Blatt {gebiet}"), ()

    monkeypatch.setattr(modul, "steckbrief", gezaehlt)
    return gerechnet


def test_ein_band_fuer_alle_sonst_einer_je_stadtbezirk(
    auswertung, ohne_rechnung, monkeypatch
):
    gebiete = auswertung.freigabe.gebiete
    ((name, einer),) = modul.baende(auswertung)
    assert name == "alle"
    assert sum(len(teile) for _, teile in einer.gruppen) == len(gebiete)
    assert ohne_rechnung == sorted(gebiete.index)
    monkeypatch.setattr(modul, "EIN_BAND_BIS", 5)
    mehrere = dict(modul.baende(auswertung))
    bezirke = sorted(set(gebiete["stadtbezirk"]))
    assert list(mehrere) == [f"alle-{b}" for b in bezirke]


def test_abgelegtes_wird_gelesen_statt_gerechnet(auswertung, ohne_rechnung, tmp_path):
    mit_ablage = replace(auswertung, speicher=tmp_path)
    mit_ablage = mit_ablage.aus_freigabe(
        auswertung.freigabe,
        ordner=_Ordner(auswertung.daten / auswertung.ort),
        einstellung=auswertung.einstellung,
    ).lege_ab(tmp_path)
    erstes = str(auswertung.freigabe.gebiete.index.min())
    modul.lege_ab(tmp_path, erstes, replace(steckbrief(), titel="Abgelegt"))
    ((_, band),) = modul.baende(mit_ablage)
    assert erstes not in ohne_rechnung
    titel = [d["titel"] for _, teile in band.gruppen for d in teile]
    assert titel[0] == "Abgelegt"


class _Ordner:
    def __init__(self, wurzel):
        self.wurzel = wurzel


PRUEFER = {
    # Programm → Aufruf und Rückgabe, wenn nichts zu beanstanden ist.
    "qpdf": (["--check"], 0),
    "pdfua": (["check"], 0),
    # TAG-002: Am Kopf der Folgeseiten steht der Stempel von Seite 1 noch einmal.
    "outloud": (["--fail-on", "error", "--skip", "TAG-002"], 0),
}


@pytest.mark.lang
@pytest.mark.parametrize("programm", sorted(PRUEFER))
@pytest.mark.parametrize("was", ["steckbrief", "begruendung", "band"])
def test_unabhaengiger_pruefer_beanstandet_nichts(tmp_path, band, programm, was):
    """Die Prüfer gehören nicht zur Umgebung; wo einer da ist, muss er zustimmen."""
    ort = shutil.which(programm)
    if ort is None:
        pytest.skip(f"{programm} ist nicht installiert")
    datei = tmp_path / f"{was}.pdf"
    inhalt = {
        "steckbrief": lambda: pdf_bytes(steckbrief()),
        "begruendung": lambda: pdf_bytes(begruendung()),
        "band": lambda: band_bytes(band),
    }
    datei.write_bytes(inhalt[was]())
    angaben, soll = PRUEFER[programm]
    ergebnis = subprocess.run(
        [ort, *angaben, str(datei)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ergebnis.returncode == soll, ergebnis.stdout + ergebnis.stderr
