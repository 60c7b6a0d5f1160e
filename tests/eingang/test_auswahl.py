"""Ordner, Nebendateien und mehrere Blätter: Was gemeint ist, wird einzeln geprüft."""

import shutil

import pytest
from lieferungsbau import KOPF, ZEILEN, flaechen, schreibe_mappe

from quartierstools.eingang.auswahl import lieferdateien
from quartierstools.eingang.pruefbericht import pruefe_dateien
from quartierstools.eingang.pruefdarstellung import als_bildschirmtabelle
from quartierstools.eingang.zuordnung import finde_zuordnungen

BLAETTER = """
arbeitslose:
  datei: "zahlen.xlsx"
  blatt: Arbeitslose
  schluessel: Nr
  name: Bezirk
  quelle: statistik
  stichtag: "2024-12-31"
  spalten:
    - {spalte: Arbeitslose, indikator: B01, rolle: zaehler}
    - {spalte: Bevölkerung, indikator: B01, rolle: nenner}
anteile:
  datei: "zahlen.xlsx"
  blatt: Anteile
  schluessel: Nr
  quelle: statistik
  stichtag: "2024-12-31"
  spalten: [{spalte: Anteil, indikator: B05}]
"""


@pytest.fixture
def mappe(tmp_path):
    anteile = [["Nr", "Anteil"], *([z[0], 20 + i] for i, z in enumerate(ZEILEN))]
    blaetter = {"Arbeitslose": [KOPF, *ZEILEN], "Anteile": anteile}
    datei = schreibe_mappe(tmp_path / "zahlen.xlsx", blaetter)
    (tmp_path / "lieferung.yaml").write_text(BLAETTER, encoding="utf-8")
    return datei


def test_je_blatt_ein_eintrag(mappe, kleinstadt):
    assert [z.id for z in finde_zuordnungen(mappe)] == ["arbeitslose", "anteile"]
    bericht = pruefe_dateien([mappe], kleinstadt.ordner)
    assert bericht.in_ordnung, bericht.fehler
    assert [(t.blatt, t.indikatoren) for t in bericht.tabellen] == [
        ("Arbeitslose", ("B01",)),
        ("Anteile", ("B05",)),
    ]


@pytest.mark.parametrize("ersatz", ["blatt: Arbeitslose", 'blatt: ""'])
def test_zwei_eintraege_fuer_dasselbe_blatt_sind_ein_fehler(mappe, kleinstadt, ersatz):
    beiblatt = mappe.with_name("lieferung.yaml")
    beiblatt.write_text(BLAETTER.replace("blatt: Anteile", ersatz), encoding="utf-8")
    bericht = pruefe_dateien([mappe], kleinstadt.ordner)
    assert "Mehrere Einträge passen auf die Datei" in str(bericht.fehler[0])


def test_ordner_mit_shapefile_ist_eine_lieferung(tmp_path, kleinstadt):
    kurz = {"arbeitslose": "Alo", "bevoelkerung": "Bev", "schluessel": "Nr"}
    flaechen().rename(columns=kurz).to_file(
        tmp_path / "bezirke.shp", driver="ESRI Shapefile", encoding="UTF-8"
    )
    (tmp_path / "lieferung.yaml").write_text(
        "f: {datei: bezirke.shp, schluessel: Nr, name: name, "
        "quelle: statistik, stichtag: '2024-12-31', spalten: ["
        "{spalte: Alo, indikator: B01, rolle: zaehler}, "
        "{spalte: Bev, indikator: B01, rolle: nenner}]}\n",
        encoding="utf-8",
    )
    for gewaehlt in ([tmp_path], sorted(tmp_path.iterdir())):
        bericht = pruefe_dateien(gewaehlt, kleinstadt.ordner)
        assert bericht.in_ordnung, bericht.fehler
        assert [t.datei for t in bericht.tabellen] == ["bezirke.shp"]


def test_nebendatei_ohne_shapefile_bleibt_ein_mangel(tmp_path, kleinstadt):
    datei = tmp_path / "bezirke.dbf"
    datei.write_bytes(b"x")
    bericht = pruefe_dateien([datei], kleinstadt.ordner)
    assert "Dieses Format kennt quartierstools nicht" in str(bericht.fehler[0])


def test_leerer_ordner_bleibt_ein_mangel(tmp_path, kleinstadt):
    assert lieferdateien([tmp_path]) == [tmp_path]
    assert not pruefe_dateien([tmp_path], kleinstadt.ordner).in_ordnung


def test_aufgefuellte_schluessel_gelten_auch_fuer_die_flaechen(tmp_path, kleinstadt):
    rahmen = flaechen()
    rahmen["schluessel"] = rahmen["schluessel"].str.lstrip("0")
    datei = tmp_path / "bezirke.gpkg"
    rahmen.to_file(datei, driver="GPKG")
    (tmp_path / "lieferung.yaml").write_text(
        "f: {datei: bezirke.gpkg, schluessel: schluessel, schluessel_auffuellen: ja, "
        "quelle: statistik, stichtag: '2024-12-31', spalten: ["
        "{spalte: arbeitslose, indikator: B01, rolle: zaehler}, "
        "{spalte: bevoelkerung, indikator: B01, rolle: nenner}]}\n",
        encoding="utf-8",
    )
    bericht = pruefe_dateien([datei], kleinstadt.ordner)
    assert bericht.in_ordnung, bericht.fehler


def test_schmaler_bildschirm_zerteilt_keinen_dateinamen(tmp_path, kleinstadt):
    from rich.console import Console  # noqa: PLC0415

    ziel = tmp_path / "kleinstadt"
    shutil.copytree(kleinstadt.ordner.wurzel, ziel)
    datei = ziel / "bestand" / "arbeitsmarkt_und_grundsicherung_2024.csv"
    kopf = "ebene;gebiet;indikator;stichtag;wert;quelle;stichtag_belegt\n"
    zeilen = [f"gebiet;{k};B05;2024-12-31;x;statistik;ja" for k in range(100, 130)]
    datei.write_text(kopf + "\n".join(zeilen) + "\n", encoding="utf-8")
    bericht = pruefe_dateien([], type(kleinstadt.ordner)(ziel))
    bildschirm = Console(width=80, record=True, file=(tmp_path / "x").open("w"))
    with bildschirm.file:
        bildschirm.print(als_bildschirmtabelle(bericht, bildschirm.width))
    gezeigt = bildschirm.export_text()
    assert "bestand/arbeitsmarkt_und_grundsicherung_2024.csv, Zeile 2" in gezeigt
    assert "Dazu kommen 27" in gezeigt.replace("\xa0", " ")
    assert len(bericht.fehler) == 30
