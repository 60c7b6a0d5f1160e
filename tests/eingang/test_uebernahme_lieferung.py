"""Von der rohen Lieferung in den Bestand: zwei Stellen, Windows-1252, ein Befehl."""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from eingang_hilfe import DATEN
from hausmittel import quartier
from test_neu import fuelle_flaechen, fuelle_ort

from quartierstools.eingang import lies_datenstand
from quartierstools.eingang.lieferuebernahme import uebernimm_lieferungen
from quartierstools.eingang.neu import lege_an
from quartierstools.eingang.pruefbericht import pruefe_dateien
from quartierstools.eingang.zusammenfuehrung import ist_halb
from quartierstools.fehler import Aufruffehler
from quartierstools.katalog import Projektordner, lade_katalog
from quartierstools.katalog.verzeichnis import indikatorenverzeichnis

MELDEAMT = (
    "Kleindorf, Meldeamt;;;;\n"
    "Nr.;Bezirk;Stichtag;Personen;15 bis unter 65;Haushalte;mit Kindern\n"
    "11;Altdorf;31.12.2024;3.000;2.000;1.500;300\n"
    "12;Neudorf;31.12.2024;4.100;2.500;2.000;500\n"
    "21;Oberfeld;31.12.2024;2.000;1.250;1.000;150\n"
    "22;Unterfeld;31.12.2024;900;500;400;.\n"
    ";Kleindorf insgesamt;31.12.2024;10.000;6.250;4.900;1.000\n"
)
JOBCENTER = (
    "Nr.;Bezirk;Stichtag;Arbeitslose;dar. länger als ein Jahr;Anteil in %\n"
    "11;Altdorf;31.12.2024;100;40;5,0\n"
    "12;Neudorf;31.12.2024;200;*;8,0\n"
    "21;Oberfeld;31.12.2024;25;10;2,0\n"
    "22;Unterfeld;31.12.2024;...;...;...\n"
)
HANDWERTE = {
    # Zähler / Nenner, von Hand gerechnet
    ("11", "B01"): 100 / 2000,
    ("12", "B01"): 200 / 2500,
    ("21", "B01"): 25 / 1250,
    ("11", "B05"): 40 / 2000,
    ("21", "B05"): 10 / 1250,
    ("11", "K08"): 300 / 1500,
    ("12", "K08"): 500 / 2000,
    ("21", "K08"): 150 / 1000,
    ("11", "K01"): 3000,
    ("12", "K01"): 4100,
    ("21", "K01"): 2000,
    ("22", "K01"): 900,
    ("stadt", "K01"): 10000,
    ("stadt", "K08"): 1000 / 4900,
}
ZUORDNUNG = """
meldeamt:
  datei: "meldeamt_*.csv"
  schluessel: "Nr."
  name: "Bezirk"
  stichtag_spalte: "Stichtag"
  quelle: meldeamt
  spalten:
    - {spalte: "Personen", indikator: K01}
    - {spalte: "15 bis unter 65", indikator: B01, rolle: nenner}
    - {spalte: "15 bis unter 65", indikator: B05, rolle: nenner}
    - {spalte: "mit Kindern", indikator: K08, rolle: zaehler}
    - {spalte: "Haushalte", indikator: K08, rolle: nenner}
jobcenter:
  datei: "jobcenter_*.csv"
  schluessel: "Nr."
  name: "Bezirk"
  stichtag_spalte: "Stichtag"
  quelle: jobcenter
  guete: A
  spalten:
    - {spalte: "Arbeitslose", indikator: B01, rolle: zaehler}
    - {spalte: "dar. länger als ein Jahr", indikator: B05, rolle: zaehler}
    - {spalte: "Anteil in %", indikator: B01, rolle: wert, einheit: prozent}
"""
QUELLEN = "".join(
    f'{k}:\n  herausgeber: "{n}"\n  titel: "Zahlen"\n  zitat: "{n}, Zahlen"\n'
    "  herkunft: amtlich geliefert\n"
    for k, n in (("meldeamt", "Meldeamt Kleindorf"), ("jobcenter", "Jobcenter"))
)


@pytest.fixture
def projekt(tmp_path) -> Projektordner:
    """Frisch angelegt: In bestand/werte.csv steht noch die Beispielzeile."""
    ziel = tmp_path / "kleindorf"
    lege_an(ziel, stadt="Kleindorf")
    fuelle_ort(ziel)
    fuelle_flaechen(ziel)
    (ziel / "katalog" / "quellen.yaml").write_text(QUELLEN, encoding="utf-8")
    return Projektordner(ziel)


@pytest.fixture
def dateien(tmp_path) -> list[Path]:
    ordner = tmp_path / "post"
    ordner.mkdir()
    (ordner / "lieferung.yaml").write_text(ZUORDNUNG, encoding="utf-8")
    paare = {"meldeamt_2024.csv": MELDEAMT, "jobcenter_2024.csv": JOBCENTER}
    for name, text in paare.items():
        (ordner / name).write_bytes(text.encode("cp1252"))
    return [ordner / name for name in paare]


def inhalt(projekt: Projektordner) -> dict[str, bytes]:
    return {d.name: d.read_bytes() for d in projekt.bestand}


def aendere(datei: Path, alt: str, neu: str) -> None:
    text = datei.read_bytes().decode("cp1252")
    assert alt in text
    datei.write_bytes(text.replace(alt, neu, 1).encode("cp1252"))


def test_zaehler_und_nenner_aus_zwei_dateien_ergeben_die_handwerte(projekt, dateien):
    ergebnis = uebernimm_lieferungen(dateien, projekt)
    assert ergebnis.in_ordnung, ergebnis.bericht.fehler
    assert sorted(inhalt(projekt)) == [
        "jobcenter_2024-12-31.csv",
        "meldeamt_2024-12-31.csv",
    ]
    werte = lies_datenstand(projekt).werte
    zahlen = werte[werte["wertart"] == "Zahl"]
    gelesen = {(z.gebiet, z.indikator): z.wert for z in zahlen.itertuples()}
    assert gelesen == pytest.approx(HANDWERTE)
    arten = {(z.gebiet, z.indikator): z.wertart for z in werte.itertuples()}
    assert arten["12", "B05"] == "gesperrt"  # * der Bundesagentur
    assert arten["22", "B01"] == "fehlt"
    assert arten["22", "K08"] == "gesperrt"
    assert ("stadt", "B01") not in arten  # Das Jobcenter nennt keine Stadt.


def test_jede_zeile_nennt_datei_zeile_und_pruefsumme_der_lieferung(projekt, dateien):
    uebernimm_lieferungen(dateien, projekt)
    werte = lies_datenstand(projekt).werte
    zeile = werte[(werte["gebiet"] == "11") & (werte["indikator"] == "B01")].iloc[0]
    muster = (
        r"geliefert: jobcenter_2024\.csv, Zeile 2 \(SHA-256 [0-9a-f]{12}…\); "
        r"Nenner: meldeamt_2024\.csv, Zeile 3 \(SHA-256 [0-9a-f]{12}…\)"
    )
    assert re.fullmatch(muster, zeile["hinweis"])
    assert zeile["quelle"] == "jobcenter"
    assert zeile["datei"] == "bestand/jobcenter_2024-12-31.csv"


def test_ein_zweites_mal_aendert_nichts_auch_in_anderer_reihenfolge(projekt, dateien):
    uebernimm_lieferungen(dateien, projekt)
    vorher = inhalt(projekt)
    noch_einmal = uebernimm_lieferungen(dateien[::-1], projekt)
    assert noch_einmal.in_ordnung
    assert noch_einmal.geschrieben == ()
    assert inhalt(projekt) == vorher
    assert noch_einmal.uebersicht["gleich"].sum() > 0
    assert noch_einmal.uebersicht[["neu", "geändert"]].to_numpy().sum() == 0


def test_andere_reihenfolge_der_dateien_schreibt_dieselben_bytes(projekt, dateien):
    kopie = projekt.wurzel.parent / "kopie" / projekt.wurzel.name
    shutil.copytree(projekt.wurzel, kopie)
    uebernimm_lieferungen(dateien, projekt)
    uebernimm_lieferungen(dateien[::-1], Projektordner(kopie))
    assert inhalt(Projektordner(kopie)) == inhalt(projekt)
    for roh in inhalt(projekt).values():
        zeilen = csv.DictReader(roh.decode().splitlines(), delimiter=";")
        kennungen = [zeile["indikator"] for zeile in zeilen]
        assert kennungen == sorted(kennungen)


def test_der_schwaechere_beleg_von_zaehler_und_nenner_gilt(projekt, dateien):
    beiblatt = dateien[0].with_name("lieferung.yaml")
    beiblatt.write_text(
        ZUORDNUNG.replace(
            "  quelle: meldeamt\n", "  quelle: meldeamt\n  stichtag_belegt: nein\n"
        ),
        encoding="utf-8",
    )
    uebernimm_lieferungen(dateien, projekt)
    werte = lies_datenstand(projekt).werte.set_index(["gebiet", "indikator"])
    # Zähler vom Jobcenter (belegt), Nenner vom Meldeamt (nicht belegt).
    assert werte.loc[("11", "B05"), "quelle"] == "jobcenter"
    assert werte.loc[("11", "B05"), "stichtag_belegt"] == "nein"


def test_geaenderter_wert_braucht_eine_anweisung_und_das_alte_bleibt(projekt, dateien):
    uebernimm_lieferungen(dateien, projekt)
    vorher = inhalt(projekt)
    aendere(dateien[1], "100;40;5,0", "120;40;6,0")
    ohne = uebernimm_lieferungen(dateien, projekt)
    assert not ohne.in_ordnung
    (aenderung,) = ohne.aenderungen
    assert "B01, gebiet 11, 31.12.2024" in str(aenderung)
    assert "100 von 2000" in str(aenderung)
    assert "120 von 2000" in str(aenderung)
    assert inhalt(projekt) == vorher
    mit = uebernimm_lieferungen(dateien, projekt, ersetzen=True)
    (gesichert,) = mit.gesichert
    assert gesichert.parent == projekt.wurzel / "lieferungen" / "ersetzt"
    assert gesichert.read_bytes() == vorher["jobcenter_2024-12-31.csv"]
    werte = lies_datenstand(projekt).werte.set_index(["gebiet", "indikator"])
    assert werte.loc[("11", "B01"), "wert"] == pytest.approx(0.06)


def test_werte_einer_anderen_tabelle_bleiben_wo_sie_gleich_sind(projekt, dateien):
    kopf = "ebene;gebiet;indikator;stichtag;zaehler;nenner;quelle;stichtag_belegt\n"
    hand = projekt.wurzel / "bestand" / "werte.csv"
    hand.write_text(
        f"{kopf}gebiet;11;K08;2024-12-31;300;1500;meldeamt;ja\n"
        "gebiet;12;K08;2024-12-31;499;2000;meldeamt;ja\n",
        encoding="utf-8",
    )
    ergebnis = uebernimm_lieferungen(dateien, projekt, ersetzen=True)
    assert [a.ort for a in ergebnis.aenderungen] == ["bestand/werte.csv, Zeile 3"]
    rest = hand.read_text(encoding="utf-8").splitlines()
    assert rest[1:] == ["gebiet;11;K08;2024-12-31;300;1500;meldeamt;ja"]
    lies_datenstand(projekt)


def test_bei_einem_mangel_wird_nichts_geschrieben(projekt, dateien):
    vorher = inhalt(projekt)
    aendere(dateien[1], "Oberfeld", "Oberwald")
    aendere(dateien[0], "1.250", "zwölf")
    ergebnis = uebernimm_lieferungen(dateien, projekt)
    assert not ergebnis.in_ordnung
    orte = {b.ort.split(",")[0] for b in ergebnis.bericht.fehler}
    assert orte == {"meldeamt_2024.csv", "jobcenter_2024.csv"}
    assert inhalt(projekt) == vorher


def test_gelieferter_anteil_muss_zur_anderen_datei_passen(projekt, dateien):
    aendere(dateien[1], "100;40;5,0", "100;40;7,0")
    ergebnis = uebernimm_lieferungen(dateien, projekt)
    assert any("ergeben sich 5,00" in b.was for b in ergebnis.bericht.fehler)


def test_zaehler_ohne_nenner_ist_ein_hinweis_und_keine_luecke(projekt, dateien):
    bericht = pruefe_dateien([dateien[1]], projekt)
    assert bericht.in_ordnung
    saetze = [b.was for b in bericht.hinweise]
    assert "Zum Zähler fehlt der Nenner (4 Zeilen)." in saetze
    (bild,) = bericht.tabellen
    assert bild.haelften == 2  # B05 in Altdorf und Oberfeld; B01 hat einen Wert.
    assert set(bericht.werte["indikator"]) == {"B01"}


def test_zwei_dateien_die_sich_widersprechen_sind_ein_mangel(projekt, dateien):
    zweite = dateien[0].with_name("meldeamt_2024b.csv")
    zweite.write_bytes(dateien[0].read_bytes())
    gleich = pruefe_dateien([*dateien, zweite], projekt)
    assert gleich.in_ordnung, gleich.fehler
    aendere(zweite, "3.000;2.000", "3.000;2.001")
    bericht = pruefe_dateien([*dateien, zweite], projekt)
    assert any("Zwei Dateien nennen verschiedene" in b.was for b in bericht.fehler)


def test_ohne_gespeicherte_zuordnung_wird_nichts_uebernommen(projekt, dateien):
    (dateien[0].parent / "lieferung.yaml").unlink()
    vorher = inhalt(projekt)
    ergebnis = uebernimm_lieferungen(dateien, projekt)
    assert not ergebnis.in_ordnung
    assert inhalt(projekt) == vorher


@pytest.mark.parametrize(
    ("rollen", "halb"),
    [({"wert"}, False), ({"zaehler"}, True), ({"zaehler", "nenner", "wert"}, False)],
)
def test_halb_ist_was_zaehler_oder_nenner_vermisst(rollen, halb):
    assert ist_halb(rollen) is halb


def test_verzeichnis_nennt_verwendung_und_bekannte_zielgruppen(projekt):
    katalog = lade_katalog(projekt)
    alle = indikatorenverzeichnis(katalog.indikatoren, katalog.zielgruppen)
    assert [zeile[0] for zeile in alle] == sorted(katalog.indikatoren)
    b01 = next(zeile for zeile in alle if zeile[0] == "B01")
    assert "langzeitarbeitslose (Näherung)" in b01[5]
    with pytest.raises(Aufruffehler, match="Bekannt: fachkraefte, jugendliche"):
        indikatorenverzeichnis(katalog.indikatoren, katalog.zielgruppen, "rentner")


@pytest.mark.lang
def test_von_der_post_bis_zum_ergebnis_ohne_eine_zeile_code(projekt, dateien, tmp_path):
    ort = str(projekt.wurzel)
    geprueft = quartier("pruefe", *map(str, dateien), "--projekt", ort)
    assert geprueft.returncode == 0, geprueft.stdout + geprueft.stderr
    assert "Weiter mit: quartier uebernimm" in geprueft.stdout
    uebernommen = quartier("uebernimm", *map(str, dateien), "--projekt", ort)
    assert uebernommen.returncode == 0, uebernommen.stdout + uebernommen.stderr
    assert "B01 Arbeitslosenanteil, 31.12.2024: 4 neu" in uebernommen.stdout
    aus = tmp_path / "aus"
    lauf = quartier("lauf", "--projekt", ort, "--ausgabe", str(aus))
    assert lauf.returncode == 0, lauf.stdout + lauf.stderr
    (ordner,) = (aus / "kleindorf").iterdir()
    belege = json.loads((ordner / "manifest.json").read_text(encoding="utf-8"))
    text = json.dumps(belege, ensure_ascii=False)
    assert "bestand/jobcenter_2024-12-31.csv" in text
    tabelle = projekt.wurzel / "bestand" / "jobcenter_2024-12-31.csv"
    with tabelle.open(encoding="utf-8", newline="") as datei:
        zeilen = list(csv.DictReader(datei, delimiter=";"))
    assert {(z["zaehler"], z["nenner"]) for z in zeilen if z["gebiet"] == "21"} == {
        ("25", "1250"),
        ("10", "1250"),
    }


def test_alle_lieferungen_von_musterstadt_stehen_schon_so_im_bestand(tmp_path):
    """Der Bestand entstand unabhängig von den Lieferungen; beide sagen dasselbe."""
    kopie = tmp_path / "musterstadt"
    shutil.copytree(DATEN / "musterstadt", kopie)
    vorher = inhalt(Projektordner(kopie))
    ergebnis = uebernimm_lieferungen([kopie / "lieferungen"], Projektordner(kopie))
    assert ergebnis.in_ordnung, ergebnis.bericht.fehler
    assert ergebnis.uebersicht["gleich"].sum() > 1000
    assert ergebnis.uebersicht[["neu", "geändert"]].to_numpy().sum() == 0
    assert inhalt(Projektordner(kopie)) == vorher
