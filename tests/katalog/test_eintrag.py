"""YAML als Text, alle Mängel auf einmal, deutsche Sätze."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.fehler import HOECHSTENS, Datenfehler, Katalogfehler, meinten_sie
from quartierstools.katalog.eintrag import (
    Eintrag,
    JaNein,
    deute,
    lies_eintraege,
    lies_eintrag,
    lies_yaml,
)


class Probe(Eintrag):
    """Eintrag mit jeder Art Feld."""

    id: str
    bezeichnung: str
    tag: date = date(2000, 1, 1)
    zahl: float = 0.0
    ganz: int = 0
    offen: JaNein = False
    liste: tuple[str, ...] = ()


@pytest.fixture
def datei(tmp_path):
    def schreibe(text, name="probe.yaml"):
        pfad = tmp_path / name
        pfad.write_bytes(text if isinstance(text, bytes) else text.encode())
        return pfad

    return schreibe


@pytest.mark.parametrize(
    "wert",
    ["010", "1e3", "0x1F", "yes", "no", "on", "null", "~", "1_000", "12:30"],
)
def test_jeder_wert_bleibt_text(datei, wert):
    """YAML 1.1 macht aus 010 die Zahl 8, aus no False, aus 12:30 die Zahl 750."""
    assert lies_yaml(datei(f"a: {wert}")) == {"a": wert}


def test_datum_bleibt_text_bis_das_modell_es_deutet(datei):
    pfad = datei("id: x\nbezeichnung: y\ntag: 2023-12-31\n")
    assert lies_yaml(pfad)["tag"] == "2023-12-31"
    assert lies_eintrag(Probe, pfad).tag == date(2023, 12, 31)


@given(st.from_regex(r"0[0-9]{1,5}", fullmatch=True))
def test_fuehrende_nullen_ueberleben(schluessel):
    gelesen = deute(Probe, {"id": schluessel, "bezeichnung": schluessel}, ort="x")
    assert gelesen.id == gelesen.bezeichnung == schluessel


def test_schluessel_mit_fuehrender_null_bleiben_verschieden(datei):
    pfad = datei("010:\n  bezeichnung: a\n10:\n  bezeichnung: b\n")
    assert list(lies_eintraege(Probe, pfad)) == ["010", "10"]


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", "x: {a: 1, a: 2}\n"])
def test_doppelte_schluessel_sind_ein_fehler(datei, text):
    with pytest.raises(Katalogfehler, match=r"probe.yaml, Zeile \d: „a“ steht doppelt"):
        lies_yaml(datei(text))


@pytest.mark.parametrize(("text", "soll"), [("ja", True), ("Nein", False)])
def test_wahrheitswerte_heissen_ja_und_nein(datei, text, soll):
    pfad = datei(f"id: x\nbezeichnung: y\noffen: {text}\n")
    assert lies_eintrag(Probe, pfad).offen is soll


def test_anderes_als_ja_und_nein_ist_ein_fehler(datei):
    with pytest.raises(Datenfehler, match="ja oder nein"):
        lies_eintrag(Probe, datei("id: x\nbezeichnung: y\noffen: vielleicht\n"))


def test_alle_maengel_auf_einmal(datei):
    pfad = datei("id: x\nbezeichnug: y\nganz: viel\ntag: 31.12.2023\noffen: kaum\n")
    with pytest.raises(Datenfehler) as fehler:
        lies_eintrag(Probe, pfad)
    assert len(fehler.value.befunde) == 5
    text = str(fehler.value)
    assert text.startswith("probe.yaml: 5 Mängel\n")
    for satz in (
        "Das Feld „bezeichnug“ gibt es hier nicht. Meinten Sie „bezeichnung“?",
        "Das Feld „bezeichnung“ fehlt. Bitte ergänzen.",
        "„ganz“ ist 'viel'. Erwartet: eine ganze Zahl.",
        "„tag“ ist '31.12.2023'. Erwartet: ein Datum wie 2023-12-31.",
        "„offen“ ist 'kaum'. Erwartet: ja oder nein.",
    ):
        assert satz in text


def test_maengel_mehrerer_eintraege_stehen_zusammen(datei):
    pfad = datei("a:\n  bezeichnung: x\n  zahl: y\nb: {}\nc: Text\n")
    with pytest.raises(Datenfehler) as fehler:
        lies_eintraege(Probe, pfad)
    orte = [befund.ort for befund in fehler.value.befunde]
    assert orte == ["probe.yaml, a", "probe.yaml, b", "probe.yaml, c"]


def test_viele_maengel_werden_gekuerzt_gezeigt_aber_behalten():
    fehler = Datenfehler("x", [f"Mangel {n}" for n in range(HOECHSTENS + 3)])
    assert len(fehler.befunde) == HOECHSTENS + 3
    assert str(fehler).endswith("… und 3 weitere")
    assert str(fehler).count("\n") == HOECHSTENS + 1


@pytest.mark.parametrize(
    ("inhalt", "satz"),
    [
        (b"a: \xe4", "nicht in UTF-8 gespeichert"),
        (b"a: b: c", "Zeile 1, Spalte 5 ist kein lesbares YAML"),
        (b"a: [1", "kein lesbares YAML"),
        (b"a: !!python/object/apply:os.system [echo]", "kein lesbares YAML"),
    ],
)
def test_unlesbares_wird_auf_deutsch_erklaert(datei, inhalt, satz):
    with pytest.raises(Katalogfehler, match=satz):
        lies_yaml(datei(inhalt))


def test_fehlende_datei_wird_benannt(tmp_path):
    with pytest.raises(Katalogfehler, match=r"fehlt\.yaml fehlt im Ordner"):
        lies_yaml(tmp_path / "fehlt.yaml")


@pytest.mark.parametrize("inhalt", ["", "Text", "- a\n- b\n"])
def test_datei_ohne_felder_ist_ein_fehler(datei, inhalt):
    with pytest.raises((Datenfehler, Katalogfehler), match=r"name: wert|id: felder"):
        lies_eintrag(Probe, datei(inhalt))
    with pytest.raises((Datenfehler, Katalogfehler), match=r"name: wert|id: felder"):
        lies_eintraege(Probe, datei(inhalt))


def test_eintraege_sind_unveraenderlich(datei):
    eintrag = lies_eintrag(Probe, datei("id: x\nbezeichnung: y\n"))
    with pytest.raises(ValueError, match="frozen"):
        eintrag.bezeichnung = "z"


def test_leere_felder_gelten_als_nicht_angegeben(datei):
    eintrag = lies_eintrag(Probe, datei('id: x\nbezeichnung: y\nzahl:\nganz: ""\n'))
    assert (eintrag.zahl, eintrag.ganz) == (0.0, 0)


def test_meinten_sie_nur_bei_aehnlichem():
    assert meinten_sie("anzal", ["anzahl_typen", "anzahl"]) == " Meinten Sie „anzahl“?"
    assert meinten_sie("ganz anders", ["anzahl_typen"]) == ""
    assert meinten_sie("x", []) == ""
