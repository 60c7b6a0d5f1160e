"""Der Bogen für Träger: schreiben, ausfüllen, lesen, übernehmen."""

import shutil

import openpyxl
import pytest
from hausmittel import WURZEL
from typer.testing import CliRunner

from quartierstools.ausgabe.angebotsbogen import ERLAEUTERUNG, angebotsbogen
from quartierstools.cli import app
from quartierstools.eingang.angebote import SPALTENFOLGE, lies_roh
from quartierstools.eingang.angebotsbogen import angebotskennung, vergleiche_bogen
from quartierstools.eingang.angebotskontext import bestandsort
from quartierstools.eingang.angebotspruefung import STATUS
from quartierstools.fehler import Datenfehler
from quartierstools.katalog import Projektordner


@pytest.fixture(scope="module")
def ort():
    return bestandsort(Projektordner(WURZEL / "daten" / "musterstadt"))


@pytest.fixture
def bestand(tmp_path):
    ziel = tmp_path / "angebote.csv"
    shutil.copy(WURZEL / "daten" / "musterstadt" / "angebote.csv", ziel)
    return ziel


@pytest.fixture
def bogen(tmp_path, ort, bestand):
    ziel = tmp_path / "bogen.xlsx"
    ziel.write_bytes(schreibe(ort, bestand))
    return ziel


def schreibe(ort, bestand):
    return angebotsbogen(
        lies_roh(bestand),
        katalog=ort.katalog,
        gebiete=ort.gebiete["name"],
        stadtbezirke=ort.stadtbezirke["name"],
        status=STATUS,
    )


def fuelle(bogen, zeile, **felder):
    mappe = openpyxl.load_workbook(bogen)
    blatt = mappe["Angebote"]
    kopf = {z.value: z.column for z in blatt[1]}
    for spalte, wert in felder.items():
        blatt.cell(row=zeile, column=kopf[spalte], value=wert)
    mappe.save(bogen)


def test_jede_spalte_ist_erlaeutert():
    assert tuple(ERLAEUTERUNG) == SPALTENFOLGE


def test_gleicher_bestand_gleiche_bytes(ort, bestand):
    assert schreibe(ort, bestand) == schreibe(ort, bestand)


def test_unveraendert_zurueck_aendert_nichts_auch_nicht_in_bytes(ort, bestand, bogen):
    vergleich = vergleiche_bogen(bogen, bestand, ort)
    assert vergleich.aenderungen.empty
    assert vergleich.fehlend == ()
    assert vergleich.als_csv() == bestand.read_text(encoding="utf-8")


def test_bogen_hat_auswahllisten_und_anleitung(bogen):
    mappe = openpyxl.load_workbook(bogen)
    assert mappe.sheetnames == ["Anleitung", "Angebote", "Listen"]
    assert mappe["Listen"].sheet_state == "hidden"
    blatt = mappe["Angebote"]
    kopf = {z.value: z.column_letter for z in blatt[1]}
    regeln = {
        str(bereich).split(":")[0].rstrip("0123456789"): regel
        for regel in blatt.data_validations.dataValidation
        for bereich in regel.sqref.ranges
    }
    status = regeln[kopf["status"]]
    assert status.type == "list"
    assert status.errorStyle in (None, "stop")
    werte = [z.value for z in mappe["Listen"]["A"][1:]]
    assert [w for w in werte if w] == list(STATUS)
    assert regeln[kopf["plaetze"]].type == "whole"
    assert regeln[kopf["ende"]].type == "date"


def test_bestaetigen_aendern_und_neu_eintragen(ort, bestand, bogen):
    leer = len(lies_roh(bestand)) + 2
    fuelle(bogen, 2, hinweis="bestätigt")
    fuelle(
        bogen,
        leer,
        name="Übergangslotsen Süd",
        traeger="Jugendhilfe Musterstadt e. V.",
        gebiete="050",
        zielgruppen="jugendliche",
        status="laufend",
        plaetze=24,
        stunden=12.5,
    )
    vergleich = vergleiche_bogen(bogen, bestand, ort)
    arten = vergleich.aenderungen.groupby("art")["angebot"].unique().to_dict()
    assert list(arten["neu"]) == ["uebergangslotsen-sued"]
    assert list(arten["geändert"]) == ["abendschule-werftsiedlung"]
    neu = vergleich.bestand.set_index("id").loc["uebergangslotsen-sued"]
    assert (neu["plaetze"], neu["stunden"], neu["gebiete"]) == ("24", "12,5", "050")
    assert vergleich.satz.startswith("1 neues Angebot, 1 geändertes;")


def test_geloeschte_zeilen_bleiben_im_bestand(ort, bestand, bogen):
    mappe = openpyxl.load_workbook(bogen)
    mappe["Angebote"].delete_rows(2)
    mappe.save(bogen)
    vergleich = vergleiche_bogen(bogen, bestand, ort)
    assert vergleich.fehlend == ("abendschule-werftsiedlung",)
    assert vergleich.als_csv() == bestand.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("felder", "satz"),
    [
        ({"plaetze": "viele"}, "Zeile 2, Spalte plaetze"),
        ({"status": "läuft"}, "Zeile 2, Spalte status"),
        ({"hinweis": "=1+1"}, "Hier steht eine Formel"),
        ({"pruefdatum": "2027-01-01"}, "Zeile 2, Spalte pruefdatum"),
    ],
)
def test_maengel_im_bogen_nennen_die_zeile(ort, bestand, bogen, felder, satz):
    fuelle(bogen, 2, **felder)
    with pytest.raises(Datenfehler, match=satz):
        vergleiche_bogen(bogen, bestand, ort)


def test_fremde_mappe_ist_ein_befund(tmp_path, ort, bestand):
    datei = tmp_path / "fremd.xlsx"
    openpyxl.Workbook().save(datei)
    with pytest.raises(Datenfehler, match="Das Blatt „Angebote“ fehlt"):
        vergleiche_bogen(datei, bestand, ort)


def test_kennung_ist_immer_gueltig():
    assert angebotskennung("Straße & Café") == "strasse-cafe"
    assert angebotskennung("!!!") == "angebot"


def test_befehle_schreiben_erst_auf_anweisung(tmp_path):
    ordner = tmp_path / "musterstadt"
    shutil.copytree(WURZEL / "daten" / "musterstadt", ordner)
    bogen, projekt = tmp_path / "b.xlsx", ["--projekt", str(ordner)]
    lauf = CliRunner().invoke(app, ["angebote", "formular", str(bogen), *projekt])
    assert lauf.exit_code == 0, lauf.output
    fuelle(bogen, 2, hinweis="bestätigt")
    vorher = (ordner / "angebote.csv").read_bytes()
    lauf = CliRunner().invoke(app, ["angebote", "lies", str(bogen), *projekt])
    assert "hinweis: leer → bestätigt" in lauf.output
    assert "Nichts geschrieben" in lauf.output
    assert (ordner / "angebote.csv").read_bytes() == vorher
    fuelle(bogen, 3, status="kaputt")
    befehl = ["angebote", "lies", str(bogen), *projekt, "--uebernehmen"]
    assert CliRunner().invoke(app, befehl).exit_code != 0
    assert (ordner / "angebote.csv").read_bytes() == vorher
    fuelle(bogen, 3, status="ungeprüft")
    lauf = CliRunner().invoke(app, befehl)
    assert lauf.exit_code == 0, lauf.output
    assert b"best\xc3\xa4tigt" in (ordner / "angebote.csv").read_bytes()
    assert [p.name for p in ordner.glob(".*")] == []
