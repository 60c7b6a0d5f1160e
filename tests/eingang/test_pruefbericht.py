"""Sagt die Datenprüfung alles, auch ohne Projekt und ohne Zuordnung?"""

import random
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typst
import xlsxwriter
from lieferungsbau import KOPF, ZEILEN, flaechen, schreibe_mappe

from quartierstools.dokument import texte
from quartierstools.eingang.leser.oeffnen import oeffne
from quartierstools.eingang.pruefbericht import pruefe_dateien
from quartierstools.eingang.pruefdarstellung import pruefdokument
from quartierstools.eingang.pruefregeln import lies_pruefregeln
from quartierstools.eingang.spaltenworte import deute_namen
from quartierstools.eingang.vorschlag import vorschlag_zuordnung
from quartierstools.eingang.zuordnung import (
    Zuordnung,
    lies_zuordnungen,
    zuordnung_text,
)
from quartierstools.fehler import Datenfehler
from quartierstools.katalog import Projektordner

GUT = "".join(";".join(map(str, z)) + "\n" for z in [KOPF, *ZEILEN])


def test_ohne_projekt_werden_sicherheit_und_personen_geprueft(tmp_path):
    datei = tmp_path / "a.csv"
    datei.write_text(GUT, encoding="utf-8")
    bericht = pruefe_dateien([datei])
    assert bericht.in_ordnung
    assert bericht.tabellen[0].zeilen == 4
    datei.write_text(GUT.replace("Vöde", "=1+1"), encoding="utf-8")
    assert "steht eine Formel" in str(pruefe_dateien([datei]).fehler[0])


def test_ohne_zuordnung_entsteht_ein_vorschlag_der_sich_speichern_laesst(
    tmp_path, kleinstadt
):
    datei = tmp_path / "arbeitslose_2024.csv"
    datei.write_text("Arbeitsmarkt am 31.12.2024;;;\n" + GUT, encoding="utf-8")
    bericht = pruefe_dateien([datei], kleinstadt.ordner)
    # „Bevölkerung“ allein sagt nicht, von wann bis wann: gefragt, nicht geraten.
    (frage,) = bericht.fehler
    assert "Spalte „Bevölkerung“" in frage.ort
    assert "Bevölkerung 15 bis unter 65" in frage.was
    assert bericht.tabellen[0].zuordnung == "Vorschlag"
    assert bericht.stand == date(2026, 11, 1)
    (tmp_path / "lieferung.yaml").write_text(bericht.vorschlaege[0], "utf-8")
    (zuordnung,) = lies_zuordnungen(tmp_path / "lieferung.yaml").values()
    assert (zuordnung.schluessel, zuordnung.name) == ("Nr", "Bezirk")
    assert zuordnung.datei == "arbeitslose_*.csv"
    assert zuordnung.quelle == "statistik"
    rollen = {(s.spalte, s.rolle) for s in zuordnung.spalten}
    assert ("Arbeitslose", "zaehler") in rollen
    zweiter = pruefe_dateien([datei], kleinstadt.ordner)
    assert zweiter.tabellen[0].zuordnung == "lieferung.yaml"
    assert [b.was for b in zweiter.fehler] == [frage.was]
    bedeutung = {"spalte": "Bevölkerung", "indikator": "B01", "rolle": "nenner"}
    beantwortet = Zuordnung.model_validate(
        zuordnung.model_dump()
        | {"spalten": [*zuordnung.model_dump()["spalten"], bedeutung], "offen": {}}
    )
    (tmp_path / "lieferung.yaml").write_text(zuordnung_text([beantwortet]), "utf-8")
    assert pruefe_dateien([datei], kleinstadt.ordner).in_ordnung


def test_vorschlag_bleibt_nach_speichern_gleich(tmp_path, kleinstadt):
    datei = tmp_path / "anteile_2024.csv"
    datei.write_text("Nr;Arbeitslosenanteil in %\n010;4,1\n011;5,2\n", "utf-8")
    vorschlag = vorschlag_zuordnung(
        datei, kleinstadt.katalog, verzeichnis=kleinstadt.verzeichnis
    )
    assert vorschlag.stichtag == "2024-12-31"
    assert vorschlag.stichtag_belegt == "nein"
    assert vorschlag.spalten[0].indikator == "B01"
    assert vorschlag.spalten[0].einheit == "prozent"
    ablage = tmp_path / "lieferung.yaml"
    ablage.write_text(zuordnung_text([vorschlag]), encoding="utf-8")
    assert list(lies_zuordnungen(ablage).values()) == [vorschlag]


def test_ohne_erkennbares_sagt_der_vorschlag_was_fehlt(tmp_path, kleinstadt):
    datei = tmp_path / "brief.csv"
    datei.write_text("Thema;Text\nA;B\nC;D\n", encoding="utf-8")
    with pytest.raises(Datenfehler) as fehler:
        vorschlag_zuordnung(
            datei, kleinstadt.katalog, verzeichnis=kleinstadt.verzeichnis
        )
    text = str(fehler.value)
    assert "Keine Spalte sieht nach Gebieten aus" in text
    assert "Ein Stichtag ist nicht zu erkennen" in text
    assert "Keine Spalte ähnelt einem Indikator" in text


def test_alle_dateien_in_einem_bericht_fehler_zuerst(tmp_path, kleinstadt):
    gut, kaputt = tmp_path / "alo_2024.csv", tmp_path / "zerstoert.csv"
    gut.write_text(GUT, encoding="utf-8")
    kaputt.write_bytes(b"a;b\n\0;1\n")
    bericht = pruefe_dateien([gut, kaputt, tmp_path / "fehlt.csv"], kleinstadt.ordner)
    assert [t.datei for t in bericht.tabellen] == [
        "alo_2024.csv",
        "zerstoert.csv",
        "fehlt.csv",
    ]
    schweren = [b.schwere for b in bericht.befunde]
    assert schweren == sorted(schweren, key=lambda s: s != "fehler")
    assert len(bericht.fehler) >= 2
    ganz = " ".join(texte(pruefdokument(bericht)))
    assert "Nullzeichen" in ganz
    assert "fehlt.csv" in ganz


def test_projekt_ohne_dateien_prueft_den_bestand(bochum):
    bericht = pruefe_dateien([], bochum.ordner)
    assert bericht.in_ordnung, bericht.fehler
    assert any("24 von 30 Gebieten" in b.was for b in bericht.hinweise)
    assert sum(t.wertarten["Zahl"] for t in bericht.tabellen) == 120


def test_bericht_haengt_nicht_von_der_zeilenreihenfolge_ab(tmp_path, kleinstadt):
    zeilen = GUT.splitlines(keepends=True)
    berichte = []
    for nummer, reihenfolge in enumerate(([1, 2, 3, 4], [4, 2, 1, 3])):
        ordner = tmp_path / str(nummer)
        ordner.mkdir()
        datei = ordner / "arbeitslose_2024.csv"
        inhalt = zeilen[0] + "".join(zeilen[i] for i in reihenfolge)
        datei.write_text(inhalt, encoding="utf-8")
        berichte.append(pruefe_dateien([datei], kleinstadt.ordner))
    assert berichte[0].tabellen == berichte[1].tabellen
    assert berichte[0].vorschlaege == berichte[1].vorschlaege


def test_projekt_aendert_einzelne_pruefregeln(tmp_path):
    (tmp_path / "katalog").mkdir()
    datei = tmp_path / "katalog" / "pruefregeln.yaml"
    datei.write_text("standard: {sprung_anteil: 0.1}\n", encoding="utf-8")
    eigene = lies_pruefregeln(Projektordner(tmp_path))
    assert eigene.sprung_anteil == 0.1
    assert eigene.messkonzepte == lies_pruefregeln().messkonzepte
    datei.write_text("standard: {sprung: 0.1}\n", encoding="utf-8")
    with pytest.raises(Datenfehler, match="„sprung“ gibt es hier nicht"):
        lies_pruefregeln(Projektordner(tmp_path))


def test_ausgeblendete_zeilen_fallen_auf(tmp_path, regeln):
    datei = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(datei) as mappe:
        blatt = mappe.add_worksheet("A")
        for r, zeile in enumerate([KOPF, *ZEILEN]):
            blatt.write_row(r, 0, zeile)
        blatt.set_row(2, None, None, {"hidden": True})
    (roh,) = oeffne(datei, regeln=regeln)
    assert any("ausgeblendet, etwa 3" in h.was for h in roh.hinweise)


@pytest.mark.lang
@pytest.mark.parametrize("endung", ["xlsx", "gpkg", "parquet", "geojson", "pdf"])
def test_zufaellig_beschaedigte_dateien_werfen_nie_etwas_anderes(
    tmp_path, kleinstadt, endung
):
    datei = tmp_path / f"alo_2024.{endung}"
    if endung == "xlsx":
        schreibe_mappe(datei, {"A": [KOPF, *ZEILEN]})
    elif endung == "parquet":
        spalten = dict(zip(KOPF, map(list, zip(*ZEILEN, strict=True)), strict=True))
        pq.write_table(pa.table(spalten), datei)
    elif endung == "pdf":
        datei.write_bytes(typst.compile(b"= A\n#lorem(50)", format="pdf"))
    else:
        flaechen().to_file(datei)
    roh = datei.read_bytes()
    zufall = random.Random(7)  # noqa: S311 – kein Geheimnis
    for _ in range(120):
        teil = bytearray(roh[: zufall.randint(1, len(roh))])
        for _ in range(zufall.randint(0, 8)):
            teil[zufall.randrange(len(teil))] = zufall.randrange(256)
        datei.write_bytes(bytes(teil))
        pruefe_dateien([datei], kleinstadt.ordner)


@pytest.mark.parametrize("kopf", ["x" * 200_000 + ";b", "a;" + "y" * 200_000])
def test_ueberlanges_feld_wird_benannt(tmp_path, kopf):
    datei = tmp_path / "a.csv"
    datei.write_text(f"{kopf}\n1;2\n", encoding="utf-8")
    (mangel,) = pruefe_dateien([datei]).fehler
    assert "a.csv, Zeile 1: Ein Feld ist ungewöhnlich lang" in str(mangel)


def test_unmoegliches_datum_im_titel_ist_kein_stichtag(tmp_path, kleinstadt):
    datei = tmp_path / "alo.csv"
    datei.write_text("Arbeitsmarkt am 31.02.2024;;;\n" + GUT, encoding="utf-8")
    bericht = pruefe_dateien([datei], kleinstadt.ordner)
    assert "Ein Stichtag ist nicht zu erkennen" in str(bericht.fehler[0])


NAMEN = [
    "15 bis unter 65",
    "Haushalte",
    "Haushalte mit Kindern",
    "Arbeitslose",
    "dar. Langzeitarbeitslose",
    "dar. unter 25 Jahre",
    "ELB unter 25",
    "SvB am Wohnort",
    "Arbeitslosenanteil in %",
]


def test_nur_wort_fuer_wort_gleiches_gilt_alles_andere_wird_gefragt(kleinstadt):
    worte = deute_namen(NAMEN, kleinstadt.katalog)
    assert set(worte.eindeutig) == {
        ("Arbeitslose", "B01", "zaehler"),
        ("Arbeitslose", "B06", "nenner"),
        ("dar. Langzeitarbeitslose", "B05", "zaehler"),
        ("dar. Langzeitarbeitslose", "B06", "zaehler"),
        ("ELB unter 25", "J01", "zaehler"),
        ("SvB am Wohnort", "B10", "zaehler"),
        ("Arbeitslosenanteil in %", "B01", "wert"),
    }
    assert set(worte.offen) == set(NAMEN) - {name for name, _, _ in worte.eindeutig}
    # „dar.“ meint die Spalte davor.
    erste = worte.offen["dar. unter 25 Jahre"][0]
    assert erste == "B03 als zaehler (Arbeitslose 15 bis unter 25)"


def test_zwei_spalten_fuer_dieselbe_rolle_werden_beide_gefragt(kleinstadt):
    worte = deute_namen(["Arbeitslose", "Arbeitslose insgesamt"], kleinstadt.katalog)
    assert worte.eindeutig == []
    assert set(worte.offen) == {"Arbeitslose", "Arbeitslose insgesamt"}


def test_gespeicherte_zuordnung_nennt_je_rolle_eine_spalte(tmp_path, kleinstadt):
    datei = tmp_path / "arbeitslose_2024.csv"
    datei.write_text(GUT, encoding="utf-8")
    (tmp_path / "lieferung.yaml").write_text(
        "a:\n  datei: arbeitslose_*.csv\n  schluessel: Nr\n  quelle: statistik\n"
        "  stichtag: 2024-12-31\n  spalten:\n"
        "    - {spalte: Arbeitslose, indikator: B01, rolle: zaehler}\n"
        "    - {spalte: Bevölkerung, indikator: B01, rolle: zaehler}\n",
        encoding="utf-8",
    )
    bericht = pruefe_dateien([datei], kleinstadt.ordner)
    (mangel,) = bericht.fehler
    assert "„Arbeitslose“ und „Bevölkerung“" in mangel.was


def test_stichtagspalte_gilt_auch_fuer_das_naechste_jahr(tmp_path, kleinstadt):
    datei = tmp_path / "alo_2024.csv"
    zeilen = "010;31.12.2024;4,1\n011;31.12.2024;5,2\n"
    kopf = "Stand 31.12.2024;;\nNr;Stichtag;Arbeitslosenanteil in %\n"
    datei.write_text(kopf + zeilen, "utf-8")
    vorschlag = vorschlag_zuordnung(
        datei, kleinstadt.katalog, verzeichnis=kleinstadt.verzeichnis
    )
    assert vorschlag.stichtag_spalte == "Stichtag"
    assert vorschlag.stichtag is None
    assert vorschlag.stichtag_belegt == "ja"
    (tmp_path / "lieferung.yaml").write_text(zuordnung_text([vorschlag]), "utf-8")
    spaeter = tmp_path / "alo_2025.csv"
    spaeter.write_text((kopf + zeilen).replace("2024", "2025"), "utf-8")
    bericht = pruefe_dateien([spaeter], kleinstadt.ordner)
    assert bericht.in_ordnung, bericht.fehler
    assert bericht.tabellen[0].stichtage == ("2025-12-31",)
