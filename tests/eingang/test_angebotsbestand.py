"""Was am Angebotsbestand auffallen muss, alles auf einmal, nie als Absturz."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from hausmittel import WURZEL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartierstools.eingang.angebote import SPALTENFOLGE, lies_angebote
from quartierstools.eingang.angebotskontext import bestandsort
from quartierstools.eingang.beschluesse import beschlusskennung, lies_beschluesse
from quartierstools.eingang.datenstand import lies_datenstand
from quartierstools.eingang.standortdaten import (
    lies_orte,
    lies_quartiere,
    lies_wegenetz,
)
from quartierstools.eingang.urteile import lies_fachurteile
from quartierstools.fehler import Datenfehler
from quartierstools.geheimhaltung import gib_frei
from quartierstools.katalog import Projektordner

ZEILE = {
    "id": "probe",
    "name": "Probe",
    "traeger": "Träger",
    "gebiete": "021",
    "zielgruppen": "jugendliche",
    "status": "laufend",
}
URTEIL = {
    "id": "u1",
    "gebiet": "021",
    "zielgruppe": "jugendliche",
    "urteil": "Hinweis",
    "begruendung": "Grund",
    "funktion": "Leitung",
    "einrichtung": "Haus",
    "datum": "2026-09-01",
}
BESCHLUSS = {
    **{k: v for k, v in URTEIL.items() if k != "urteil"},
    "beschluss": "beschlossen",
}


@pytest.fixture(scope="module")
def ort():
    return bestandsort(Projektordner(WURZEL / "daten" / "musterstadt"))


def schreibe(datei: Path, zeilen, spalten) -> Path:
    strom = io.StringIO()
    schreiber = csv.DictWriter(
        strom, spalten, delimiter=";", lineterminator="\n", restval=""
    )
    schreiber.writeheader()
    schreiber.writerows(zeilen)
    datei.write_text(strom.getvalue(), encoding="utf-8")
    return datei


def lies(tmp_path, ort, *zeilen):
    datei = schreibe(
        tmp_path / "angebote.csv", [{**ZEILE, **z} for z in zeilen], SPALTENFOLGE
    )
    return lies_angebote(datei, ort)


def befunde(tmp_path, ort, *zeilen):
    with pytest.raises(Datenfehler) as fehler:
        lies(tmp_path, ort, *zeilen)
    return [str(b) for b in fehler.value.befunde]


@pytest.mark.parametrize(
    ("felder", "spalte"),
    [
        ({"status": "ungeprüft", "beginn": "2026-05-01", "ende": "2026-04-30"}, "ende"),
        ({"gebiete": "021,,"}, "gebiete"),
        ({"gebiete": "021,021"}, "gebiete"),
        ({"gebiete": "021,stadtweit"}, "gebiete"),
        ({"gebiete": "O21"}, "gebiete"),
        ({"id": "../x"}, "id"),
        ({"id": ""}, "id"),
        ({"name": ""}, "name"),
        ({"ende": "2026-10-31"}, "ende"),
        ({"status": "beendet", "ende": "2026-11-02"}, "ende"),
        ({"beginn": "2026-11-02"}, "beginn"),
        ({"pruefdatum": "2026-11-02"}, "pruefdatum"),
        ({"pruefdatum": "2026-02-30"}, "pruefdatum"),
        ({"pruefdatum": "١٢.٣.٢٠٢٦"}, "pruefdatum"),
        ({"stand": "2027"}, "stand"),
        ({"stand": "Dezember 2026"}, "stand"),
        ({"plaetze": "9" * 30}, "plaetze"),
        ({"plaetze": "٣٠"}, "plaetze"),
        ({"plaetze": "-3"}, "plaetze"),
        ({"plaetze": "2,5"}, "plaetze"),
        ({"stunden": "169"}, "stunden"),
        ({"stunden": "viele"}, "stunden"),
        ({"breite": "54,9"}, "breite"),
        ({"breite": "54,94", "laenge": "6,49"}, "breite"),
        ({"breite": "6,44", "laenge": "54,89"}, "breite"),
        ({"name": "=HYPERLINK()"}, "name"),
        ({"traeger": "<b>x</b>"}, "traeger"),
        ({"hinweis": "@SUM(A1)"}, "hinweis"),
        ({"wirkungsfeld": "beratng"}, "wirkungsfeld"),
        ({"zielgruppen": "jugend"}, "zielgruppen"),
        ({"zielgruppen": ""}, "zielgruppen"),
        ({"zielgruppen": "jugendliche,,"}, "zielgruppen"),
        ({"status": "läuft"}, "status"),
        ({"einzugsgebiet": "021:0,7 022:0,7"}, "einzugsgebiet"),
        ({"einzugsgebiet": "021 021"}, "einzugsgebiet"),
        ({"einzugsgebiet": "999"}, "einzugsgebiet"),
        ({"einzugsgebiet": "stadtbezirk:99"}, "einzugsgebiet"),
        ({"einzugsgebiet": "021 stadtweit"}, "einzugsgebiet"),
    ],
)
def test_jeder_mangel_nennt_zeile_und_spalte(tmp_path, ort, felder, spalte):
    gefunden = befunde(tmp_path, ort, felder)
    assert len(gefunden) == 1, gefunden
    assert gefunden[0].startswith(f"angebote.csv, Zeile 2, Spalte {spalte}: ")


def test_alle_maengel_stehen_auf_einmal_in_der_folge_der_zeilen(tmp_path, ort):
    gefunden = befunde(
        tmp_path,
        ort,
        {"id": "a", "status": "x", "plaetze": "x"},
        {"id": "b", "beginn": "x"},
        {"id": "c", "gebiete": "021,,"},
    )
    zeilen = [g.split(",")[1].strip() for g in gefunden]
    assert zeilen == ["Zeile 2", "Zeile 2", "Zeile 3", "Zeile 4"]


def test_doppelte_kennung_nennt_beide_zeilen(tmp_path, ort):
    assert len(befunde(tmp_path, ort, {}, {"name": "Zweites"})) == 2


def test_gueltige_angaben_werden_gedeutet(tmp_path, ort):
    flaeche = ort.gebiete.geometry["021"].representative_point()
    tabelle = lies(
        tmp_path,
        ort,
        {
            "breite": f"{flaeche.y:.5f}".replace(".", ","),
            "laenge": f"{flaeche.x:.5f}",
            "einzugsgebiet": "021:0,5 022",
            "wirkungsfeld": "beratung,sprache",
            "plaetze": "30",
            "stunden": "12,5",
            "beginn": "2025-01-01",
            "ende": "2026-11-01",
            "pruefdatum": "2026-11-01",
            "stand": "November 2026",
        },
    )
    zeile = tabelle.loc["probe"]
    assert zeile["plaetze"] == 30
    assert zeile["stunden"] == 12.5
    assert zeile["breite"] == pytest.approx(flaeche.y, abs=1e-5)


def test_alte_dateien_ohne_neue_spalten_bleiben_gueltig(tmp_path, ort):
    datei = schreibe(tmp_path / "angebote.csv", [ZEILE], list(ZEILE))
    tabelle = lies_angebote(datei, ort)
    assert tabelle.loc["probe", "einzugsgebiet"] == ""
    assert tabelle["breite"].isna().all()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    spalte=st.sampled_from([s for s in SPALTENFOLGE if s != "id"]),
    text=st.text(st.characters(blacklist_categories=["Cs"]), max_size=40),
)
def test_beliebiger_text_ist_gueltig_oder_ein_befund(tmp_path, ort, spalte, text):
    maengel = []
    try:
        lies(tmp_path, ort, {spalte: text})
    except Datenfehler as fehler:
        maengel = [str(b) for b in fehler.befunde]
    assert all("angebote.csv" in m for m in maengel)


# --- Bochum: die 61 gefundenen Einträge --------------------------------------------


@pytest.fixture(scope="module")
def bochum():
    return lies_datenstand(Projektordner(WURZEL / "daten" / "bochum"))


def test_bochum_hat_61_eintraege_und_keinen_geprueften(bochum):
    angebote = bochum.angebote
    assert len(angebote) == 61
    assert angebote["pruefdatum"].isna().all()
    zahlen = angebote["status"].value_counts().to_dict()
    assert zahlen == {"laufend": 36, "ungeprüft": 17, "beendet": 7, "einmalig": 1}


def test_was_vorbei_oder_zu_pruefen_ist_steht_auch_so_da(bochum):
    angebote = bochum.angebote
    pruefen = angebote["beschreibung"].str.contains("prüfen")
    assert set(angebote.loc[pruefen, "status"]) == {"ungeprüft"}
    vorbei = angebote["ende"] < "2026-11-01"
    assert set(angebote.loc[vorbei, "status"]) == {"beendet"}


def test_mehrdeutige_quartiere_bleiben_fuer_einen_menschen(bochum):
    ordner = bochum.ordner.wurzel / "katalog" / "quartiere.csv"
    quartiere = lies_quartiere(ordner, bochum.gebiete.index)
    offen = quartiere[quartiere["zuordnung"] == "mehrdeutig"]
    assert {"Steinkuhl", "Ehrenfeld"} <= set(offen.index)
    assert set(offen["gebiet"]) == {""}
    assert quartiere.loc["Westend", "gebiet"] == "15"
    assert bochum.angebote.loc["juma", "gebiete"] == "unklar"
    assert not [b for b in bochum.hinweise if "angebote.csv" in b.ort]


def test_mehrdeutiges_quartier_mit_gebiet_wird_gemeldet(tmp_path):
    ordner = tmp_path / "bochum"
    shutil.copytree(WURZEL / "daten" / "bochum", ordner)
    datei = ordner / "angebote.csv"
    text = datei.read_text(encoding="utf-8")
    alt = "Markstraße (Steinkuhl);unklar;"
    assert text.count(alt) == 1
    datei.write_text(text.replace(alt, "Markstraße (Steinkuhl);55;"), encoding="utf-8")
    stand = lies_datenstand(Projektordner(ordner))
    saetze = [str(b) for b in stand.hinweise if "angebote.csv" in b.ort]
    assert len(saetze) == 1
    assert "„Steinkuhl“ ist mehrdeutig" in saetze[0]


# --- Fachurteile und Beschlüsse -----------------------------------------------------


@pytest.mark.parametrize(
    ("felder", "spalte"),
    [
        ({"urteil": "gut"}, "urteil"),
        ({"gebiet": "999"}, "gebiet"),
        ({"zielgruppe": "alle"}, "zielgruppe"),
        ({"datum": "2026-11-02"}, "datum"),
        ({"datum": "gestern"}, "datum"),
        ({"begruendung": ""}, "begruendung"),
        ({"funktion": ""}, "funktion"),
        ({"einrichtung": "=1+1"}, "einrichtung"),
        ({"id": "Ü"}, "id"),
    ],
)
def test_mangel_am_fachurteil_steht_mit_spalte(tmp_path, ort, felder, spalte):
    datei = schreibe(tmp_path / "fachurteile.csv", [{**URTEIL, **felder}], list(URTEIL))
    with pytest.raises(Datenfehler) as fehler:
        lies_fachurteile(datei, ort.katalog, ort.gebiete.index)
    assert [f"Spalte {spalte}" in str(b) for b in fehler.value.befunde] == [True]


def test_zwei_urteile_am_selben_tag_muss_ein_mensch_klaeren(tmp_path, ort):
    zwei = [URTEIL, {**URTEIL, "id": "u2", "urteil": "verworfen"}]
    datei = schreibe(tmp_path / "fachurteile.csv", zwei, list(URTEIL))
    with pytest.raises(Datenfehler, match="ein Mensch entscheiden"):
        lies_fachurteile(datei, ort.katalog, ort.gebiete.index)


@pytest.mark.parametrize(
    ("felder", "spalte"),
    [
        ({"beschluss": "ja"}, "beschluss"),
        ({"gebiet": "999"}, "gebiet"),
        ({"angebot": "gibt-es-nicht"}, "angebot"),
        ({"vorhaben": "gibt-es-nicht"}, "vorhaben"),
    ],
)
def test_mangel_am_beschluss_steht_mit_spalte(tmp_path, ort, felder, spalte):
    zeile = {**BESCHLUSS, "angebot": "", "vorhaben": "", **felder}
    datei = schreibe(tmp_path / "beschluesse.csv", [zeile], list(zeile))
    with pytest.raises(Datenfehler) as fehler:
        lies_beschluesse(datei, ort.katalog, ort.gebiete.index, ort.gebiete.index)
    assert [f"Spalte {spalte}" in str(b) for b in fehler.value.befunde] == [True]


def test_kennung_eines_beschlusses_folgt_nur_aus_dem_inhalt():
    zeile = {**BESCHLUSS, "angebot": "", "vorhaben": ""}
    gleich = {**zeile, "id": "anders", "begruendung": "neu gefasst", "name": "X"}
    assert beschlusskennung(zeile) == beschlusskennung(gleich)
    for feld in ("datum", "gebiet", "zielgruppe", "beschluss", "einrichtung"):
        assert beschlusskennung({**zeile, feld: "x"}) != beschlusskennung(zeile)


def test_oeffentlich_fehlt_der_name_und_die_pruefsumme_verraet_ihn_nicht(tmp_path):
    ordner = tmp_path / "musterstadt"
    shutil.copytree(WURZEL / "daten" / "musterstadt", ordner)
    erste = gib_frei(lies_datenstand(Projektordner(ordner)))
    intern = gib_frei(lies_datenstand(Projektordner(ordner)), "intern")
    for name in ("fachurteile", "beschluesse"):
        assert "name" not in getattr(erste, name)
        assert "name" in getattr(intern, name)
    datei = ordner / "fachurteile.csv"
    text = datei.read_text(encoding="utf-8")
    datei.write_text(text.replace("Edda Erfunden", "Ganz Anders"), encoding="utf-8")
    zweite = gib_frei(lies_datenstand(Projektordner(ordner)))
    assert zweite.pruefsummen["fachurteile.csv"] == erste.pruefsummen["fachurteile.csv"]
    andere = gib_frei(lies_datenstand(Projektordner(ordner)), "intern")
    assert (
        andere.pruefsummen["fachurteile.csv"] != intern.pruefsummen["fachurteile.csv"]
    )


# --- Orte und Wegenetz --------------------------------------------------------------


def test_orte_aus_offenen_daten_liegen_im_richtigen_gebiet(bochum):
    orte = lies_orte(bochum.ordner.wurzel, bochum.gebiete)
    assert orte.index.is_unique
    schule = orte[orte["name"] == "Amtmann-Kreyenfeld-Schule"].iloc[0]
    assert bochum.gebiete.loc[schule["gebiet"], "stadtbezirk"] == "4"
    assert orte["breite"].between(51.3, 51.6).all()


def test_kaputte_orte_und_kanten_werden_gemeldet(tmp_path, bochum):
    kopf = "id;name;art;breite;laenge\n"
    (tmp_path / "orte.csv").write_text(f"{kopf}a;=x;b;51,4;zz\n", encoding="utf-8")
    with pytest.raises(Datenfehler) as fehler:
        lies_orte(tmp_path, bochum.gebiete)
    assert len(fehler.value.befunde) == 2
    netz = tmp_path / "wegenetz.csv"
    netz.write_text("von_breite;von_laenge;nach_breite;nach_laenge\n", encoding="utf-8")
    with pytest.raises(Datenfehler, match="keine Kante"):
        lies_wegenetz(netz)
    assert lies_wegenetz(tmp_path / "fehlt.csv") is None
