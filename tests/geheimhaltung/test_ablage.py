"""Wird einem abgelegten Sperrmuster nur geglaubt, was nachgerechnet ist?"""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from tabellenbau import BEZIRKE, TAG, ZAHLEN, mit_werten, stadt, tabelle, zeile

from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.eingang import lies_datenstand
from quartierstools.fehler import Ausgabefehler, Datenfehler, Katalogfehler
from quartierstools.geheimhaltung import ablage, gib_frei
from quartierstools.geheimhaltung.ablage import (
    HINGENOMMEN,
    ORDNER,
    eingefroren,
    hingenommen,
    lies_muster,
    musterordner,
    pruefe_ablage,
    schreibe_muster,
)
from quartierstools.geheimhaltung.muster import aus_json, sperrmuster
from quartierstools.katalog import Projektordner, finde_projekt

DATEN = Path(__file__).parents[2] / "daten"


@pytest.fixture(scope="module")
def muster_stadt():
    return lies_datenstand(finde_projekt("musterstadt", daten=DATEN))


@pytest.fixture
def klein(muster_stadt):
    return mit_werten(muster_stadt, stadt(ZAHLEN, BEZIRKE))


def aendere(ordner, wie):
    """Schreibt die einzige Musterdatei von Hand um."""
    (datei,) = ordner.glob("muster-*.json")
    inhalt = json.loads(datei.read_text(encoding="utf-8"))
    wie(inhalt)
    datei.write_text(json.dumps(inhalt), encoding="utf-8")


def test_muster_das_eine_kleine_zahl_vergisst_wird_abgelehnt(klein, tmp_path):
    gib_frei(klein, ordner=tmp_path)

    def vergiss(inhalt):
        inhalt["gesperrt"][TAG]["B01/gebiet"] = "12"

    aendere(tmp_path, vergiss)
    with pytest.raises(Datenfehler) as fehler:
        gib_frei(klein, ordner=tmp_path)
    assert "B01, gebiet 11, 31.12.2023: Dieser Wert müsste gesperrt sein" in str(
        fehler.value
    )
    assert "aus der Sicherung" in str(fehler.value)


def test_muster_das_die_zweite_sperrung_vergisst_wird_abgelehnt(klein, tmp_path):
    # Nur 11 gesperrt: 74 − 20 − 50 = 4.
    gib_frei(klein, ordner=tmp_path)

    def vergiss(inhalt):
        inhalt["gesperrt"][TAG]["B01/gebiet"] = "11"

    aendere(tmp_path, vergiss)
    with pytest.raises(Datenfehler, match=r"B01, gebiet 11.*zurückrechnen"):
        gib_frei(klein, ordner=tmp_path)


def test_muster_das_unsicheres_vergisst_wird_abgelehnt(muster_stadt, tmp_path):
    stand = mit_werten(muster_stadt, tabelle([zeile("11", "B01", 40, 80)]))
    eingefroren(stand, tmp_path)
    aendere(tmp_path, lambda inhalt: inhalt.update(unsicher={}))
    with pytest.raises(Datenfehler, match="müsste gesperrt sein"):
        gib_frei(stand, ordner=tmp_path)


def test_muster_mit_anderer_aber_sicherer_wahl_gilt(klein, tmp_path):
    # 11 und 13 statt 11 und 12: mehr als nötig, aber sicher.
    gib_frei(klein, ordner=tmp_path)

    def waehle(inhalt):
        inhalt["gesperrt"][TAG]["B01/gebiet"] = "11 13"

    aendere(tmp_path, waehle)
    assert gib_frei(klein, ordner=tmp_path).gesperrt == 2


def test_fehlender_vorgaenger_faellt_auf(klein, muster_stadt, tmp_path):
    erstes = eingefroren(klein, tmp_path)
    spaeter = mit_werten(muster_stadt, stadt(ZAHLEN, BEZIRKE, tag="2024-12-31"))
    eingefroren(spaeter, tmp_path)
    (tmp_path / f"muster-{erstes.kennung[:16]}.json").unlink()
    with pytest.raises(Datenfehler, match="Dieses frühere Muster fehlt"):
        eingefroren(spaeter, tmp_path)


TIEF = b"[" * 200_000


@pytest.mark.parametrize(
    "inhalt",
    [
        b"{}",
        b"",
        b"\xff\xfe{",
        b"\xff\xfe",
        b"\0\0\0",
        b'{"format": 2, "kennung": "a"',
        b"[]",
        b"null",
        b'{"format": true}',
        b'{"format": 99}',
        TIEF,
        b'{"a":' * 50_000,
    ],
    ids=lambda w: repr(w[:12]),
)
def test_kaputte_musterdatei_bricht_mit_deutscher_meldung_ab(klein, tmp_path, inhalt):
    (tmp_path / "muster-kaputt.json").write_bytes(inhalt)
    with pytest.raises(Katalogfehler, match=r"muster-kaputt\.json ist kein lesbares"):
        gib_frei(klein, ordner=tmp_path)


@pytest.mark.parametrize(
    ("feld", "wert"),
    [
        ("gesperrt", []),
        ("gesperrt", {"2023-12-31": []}),
        ("gesperrt", {"2023-12-31": {"B01/gebiet": 11}}),
        ("gesperrt", {"gestern": {"B01/gebiet": "11"}}),
        ("gesperrt", {"2023-12-31": {"B01": "11"}}),
        ("offen", None),
        ("unsicher", "11"),
        ("kennung", 7),
        ("vorgaenger", [None]),
        ("vorgaenger", 3),
        ("ungeschuetzt", [["a"]]),
        ("ungeschuetzt", [[1, 2, 3, 4]]),
    ],
    ids=repr,
)
def test_falsche_felder_im_muster_werden_abgelehnt(klein, feld, wert):
    inhalt = json.loads(sperrmuster(klein).als_json())
    inhalt[feld] = wert
    with pytest.raises(Katalogfehler, match="kein lesbares Sperrmuster"):
        aus_json(json.dumps(inhalt))


def test_ordner_statt_musterdatei_bricht_mit_deutscher_meldung_ab(klein, tmp_path):
    (tmp_path / "muster-a.json").mkdir()
    with pytest.raises(Katalogfehler, match=r"muster-a\.json ist kein lesbares"):
        gib_frei(klein, ordner=tmp_path)


def test_uebergrosse_musterdatei_wird_nicht_gelesen(klein, tmp_path, monkeypatch):
    monkeypatch.setattr(ablage, "HOECHSTBYTES", 10)
    (tmp_path / "muster-a.json").write_text("x" * 11)
    with pytest.raises(Katalogfehler):
        gib_frei(klein, ordner=tmp_path)


def test_muster_des_ersten_formats_ist_noch_lesbar(klein):
    inhalt = json.loads(sperrmuster(klein).als_json())
    inhalt["format"] = 1
    del inhalt["unsicher"]
    assert aus_json(json.dumps(inhalt)).unsicher == frozenset()


def test_schreibgeschuetztes_projekt_gibt_eine_deutsche_meldung(klein, tmp_path):
    # Wo der Ordner hinmüsste, liegt eine Datei: Anlegen scheitert für jeden.
    ziel = tmp_path / ORDNER
    ziel.write_text("")
    with pytest.raises(Ausgabefehler, match="lässt sich nicht in „geheimhaltung“"):
        gib_frei(klein, ordner=ziel)
    assert [p.name for p in tmp_path.iterdir()] == [ORDNER]
    # Ein Notebook darf trotzdem lesen, mit demselben Muster.
    nur_gelesen = gib_frei(klein, ordner=ziel, ablegen_noetig=False)
    assert nur_gelesen.muster == gib_frei(klein).muster


def test_volle_platte_beim_ablegen_gibt_eine_deutsche_meldung(
    klein, tmp_path, monkeypatch
):
    def voll(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", voll)
    with pytest.raises(Ausgabefehler, match="Rechte und Platz"):
        schreibe_muster(sperrmuster(klein), tmp_path / "neu")


def frueher_offen(muster_stadt, klein, ordner):
    """Früher erschien mit Mindestzahl 3 auch die 4; jetzt gilt 10."""
    locker = mit_werten(muster_stadt, klein.werte, min_zaehler=3)
    schreibe_muster(sperrmuster(locker), ordner)


def test_nicht_mehr_zu_schuetzendes_bricht_ab_und_laesst_sich_hinnehmen(
    klein, muster_stadt, tmp_path
):
    frueher_offen(muster_stadt, klein, tmp_path)
    for _ in range(2):  # auch das abgelegte Muster bricht ab
        with pytest.raises(Datenfehler) as fehler:
            gib_frei(klein, ordner=tmp_path)
        assert "B01, gebiet 11, 31.12.2023" in str(fehler.value)
        assert HINGENOMMEN in str(fehler.value)
    zeilen = f"ebene;gebiet;indikator;stichtag;grund\ngebiet;11;B01;{TAG};Altbestand\n"
    (tmp_path / HINGENOMMEN).write_text(zeilen, encoding="utf-8")
    freigabe = gib_frei(klein, ordner=tmp_path)
    assert freigabe.zelle("11", "B01").wertart == "gesperrt"
    # Gesagt wird es, aber nicht, wo.
    (satz,) = [s for s in freigabe.pruefstand if "hingenommen" in s]
    assert satz.startswith("1 gesperrter Wert: nicht zu schützen")
    assert "11" not in satz
    assert "B01" not in satz


def test_ohne_ordner_bricht_ungeschuetztes_auch_ab(klein, muster_stadt):
    locker = sperrmuster(mit_werten(muster_stadt, klein.werte, min_zaehler=3))
    with pytest.raises(Datenfehler, match="Nicht zu schützen"):
        gib_frei(klein, muster=sperrmuster(klein, frueher=[locker]))


def test_verschwiegenes_ungeschuetztes_faellt_auf(klein, muster_stadt, tmp_path):
    frueher_offen(muster_stadt, klein, tmp_path)
    muster = eingefroren(klein, tmp_path)
    datei = tmp_path / f"muster-{muster.kennung[:16]}.json"
    inhalt = json.loads(datei.read_text(encoding="utf-8"))
    inhalt["ungeschuetzt"] = []
    datei.write_text(json.dumps(inhalt), encoding="utf-8")
    with pytest.raises(Datenfehler, match="das Muster verschweigt es"):
        gib_frei(klein, ordner=tmp_path)


@pytest.mark.parametrize(
    "inhalt",
    [
        b"\xff\xfe\0",
        b"ebene;gebiet\ngebiet;11\n",
        b"ebene;gebiet;indikator;stichtag;grund\ngebiet;11;B01;2023-12-31;\n",
    ],
)
def test_hingenommenes_ohne_grund_oder_kaputt_ist_ein_fehler(tmp_path, inhalt):
    (tmp_path / HINGENOMMEN).write_bytes(inhalt)
    with pytest.raises(Katalogfehler, match=r"hingenommen\.csv"):
        hingenommen(tmp_path)


@pytest.fixture
def kopie(tmp_path):
    """Ein Projekt mit Fallzahlen zum Verändern."""
    ziel = tmp_path / "musterstadt"
    shutil.copytree(
        DATEN / "musterstadt", ziel, ignore=shutil.ignore_patterns("lieferungen")
    )
    return ziel


def test_pruefe_bemerkt_kaputte_und_veraenderte_muster(kopie):
    stand = lies_datenstand(Projektordner(kopie))
    assert pruefe_ablage(stand) == ""
    (datei,) = (kopie / ORDNER).glob("muster-*.json")
    gut = datei.read_bytes()
    datei.write_bytes(b"\xff\xfe")
    assert "kein lesbares Sperrmuster" in pruefe_ablage(stand)
    inhalt = json.loads(gut)
    for zweig in inhalt["gesperrt"].values():
        zweig.pop("B05/gebiet")
    datei.write_text(json.dumps(inhalt), encoding="utf-8")
    assert "müsste gesperrt sein" in pruefe_ablage(stand)


def test_ohne_fallzahlen_gibt_es_kein_muster():
    stand = lies_datenstand(finde_projekt("bochum", daten=DATEN))
    assert musterordner(stand) is None
    assert pruefe_ablage(stand) == ""


def test_notebook_von_hand_benutzt_das_muster_des_projekts(kopie):
    stand = lies_datenstand(Projektordner(kopie))
    (datei,) = (kopie / ORDNER).glob("muster-*.json")
    inhalt = json.loads(datei.read_text(encoding="utf-8"))
    # Mehr gesperrt als nötig: Nur wer die Datei liest, weiß davon.
    mehr = inhalt["gesperrt"]["2024-12-31"]
    mehr["K08/gebiet"] = f"010 {mehr.get('K08/gebiet', '')}".strip()
    datei.write_text(json.dumps(inhalt), encoding="utf-8")
    im_lauf = gib_frei(stand, ordner=musterordner(stand))
    auswertung = Auswertung(
        ort="musterstadt", daten=kopie.parent, einstellung=Einstellung()
    )
    von_hand = auswertung.freigabe
    assert von_hand.zelle("010", "K08", stichtag="2024-12-31").wertart == "gesperrt"
    assert von_hand.muster == im_lauf.muster
    pd.testing.assert_frame_equal(von_hand.werte, im_lauf.werte)


def test_notebook_von_hand_legt_das_muster_ab_oder_kommt_ohne_aus(kopie):
    shutil.rmtree(kopie / ORDNER)
    (kopie / ORDNER).write_text("")
    auswertung = Auswertung(
        ort="musterstadt", daten=kopie.parent, einstellung=Einstellung(startwert=1)
    )
    assert auswertung.freigabe.gesperrt > 0
    (kopie / ORDNER).unlink()
    auswertung = Auswertung(
        ort="musterstadt", daten=kopie.parent, einstellung=Einstellung(startwert=2)
    )
    assert len(lies_muster(kopie / ORDNER)) == 0
    assert auswertung.freigabe.gesperrt > 0
    assert len(lies_muster(kopie / ORDNER)) == 1
