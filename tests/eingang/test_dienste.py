"""Lesen wir echte Dienste richtig? MapServer (WFS, OGC API Features) und PostGIS."""

import csv
import shutil
from types import SimpleNamespace

import pytest
from eingang_hilfe import FAELLE, beende, starte_server

from quartierstools.cli_lieferung import naechster_befehl
from quartierstools.eingang.adressen import adresse_text, ohne_kennwort
from quartierstools.eingang.leser.dienste import lies_datenbank, lies_dienst
from quartierstools.eingang.lieferuebernahme import uebernimm_lieferungen
from quartierstools.eingang.lieferung import lies_lieferung
from quartierstools.eingang.pruefbericht import pruefe_dateien
from quartierstools.eingang.zuordnung import Zuordnung, zuordnung_text
from quartierstools.fehler import Datenfehler
from quartierstools.katalog import Projektordner

dienst = pytest.mark.dienst


def zuordnung(adresse: str, **weitere) -> Zuordnung:
    return Zuordnung(
        id="dienst",
        datei=adresse,
        schluessel="schluessel",
        name="name",
        quelle="statistik",
        stichtag="2024-12-31",
        spalten=[
            {"spalte": "arbeitslose", "indikator": "B01", "rolle": "zaehler"},
            {"spalte": "bevoelkerung", "indikator": "B01", "rolle": "nenner"},
        ],
        **weitere,
    )


def verlange_werte(werte):
    assert werte["gebiet"].tolist() == ["010", "011", "020", "021"]
    assert werte["zaehler"].tolist() == [40, 55, 63, 12]
    assert werte["wert"].tolist() == [0.04, 0.05, 0.07, 0.02]


@dienst
def test_wfs_eines_echten_mapservers(mapserver, kleinstadt, regeln):
    roh = lies_dienst(f"WFS:{mapserver}?#bezirke", regeln=regeln)
    assert roh.texte("schluessel") == ["010", "011", "020", "021"]
    assert roh.texte("name")[0] == "Vöde"
    assert roh.flaechen.geom_type.tolist() == ["Polygon"] * 4
    adresse = f"WFS:{mapserver}?#bezirke"
    werte = lies_lieferung(
        adresse,
        zuordnung(adresse),
        katalog=kleinstadt.katalog,
        verzeichnis=kleinstadt.verzeichnis,
    )
    verlange_werte(werte)


@dienst
def test_ogc_api_features_eines_echten_mapservers(mapserver, kleinstadt):
    adresse = f"OAPIF:{mapserver}/kleinstadt/ogcapi#bezirke"
    werte = lies_lieferung(
        adresse,
        zuordnung(adresse),
        katalog=kleinstadt.katalog,
        verzeichnis=kleinstadt.verzeichnis,
    )
    verlange_werte(werte)


@dienst
def test_fehlende_ebene_nennt_die_vorhandenen(mapserver, regeln):
    with pytest.raises(Datenfehler, match=r"„viertel“ gibt es nicht.*bezirke"):
        lies_dienst(f"WFS:{mapserver}?#viertel", regeln=regeln)


@dienst
def test_postgis_tabelle_mit_flaechen(postgis, kleinstadt, regeln):
    roh = lies_datenbank(f"{postgis}#public.bezirke", regeln=regeln)
    assert len(roh.flaechen) == 4
    assert roh.flaechen.crs.to_epsg() == 4326
    adresse = f"{postgis}#bezirke"
    werte = lies_lieferung(
        adresse,
        zuordnung(adresse),
        katalog=kleinstadt.katalog,
        verzeichnis=kleinstadt.verzeichnis,
    )
    verlange_werte(werte)


@dienst
def test_postgis_tabelle_ohne_flaechen(postgis, regeln):
    roh = lies_datenbank(f"{postgis}#zahlen", regeln=regeln)
    assert roh.texte("arbeitslose") == ["40", "55", "63", "12"]
    assert roh.flaechen is None


@dienst
def test_postgis_nennt_nie_das_kennwort(postgis, regeln):
    kennwort = postgis.split(":")[2].split("@")[0]
    falsch = postgis.replace(kennwort, "geheimeskennwort")
    for adresse in (f"{postgis}#gibtesnicht", f"{falsch}#bezirke"):
        with pytest.raises(Datenfehler) as fehler:
            lies_datenbank(adresse, regeln=regeln)
        text = f"{fehler.value} {fehler.value.__cause__}"
        assert kennwort not in text
        assert "geheimeskennwort" not in text


@pytest.mark.parametrize(
    ("adresse", "ohne"),
    [
        ("WFS:https://k/wfs?map=a&token=G&x=1#e", "WFS:https://k/wfs?map=a&x=1#e"),
        ("WFS:https://k/wfs?API_KEY=G#e", "WFS:https://k/wfs#e"),
        ("https://k.example?access_token=G", "https://k.example"),
        ("postgresql://l:G@r/stadt?password=G#b", "postgresql://l@r/stadt#b"),
        (
            "postgresql://l@r/s?sslmode=require#b",
            "postgresql://l@r/s?sslmode=require#b",
        ),
        ("postgresql://l:G/G#G@r/s#b", "postgresql://l@r/s#b"),
        ("WFS:https://k/wfs?%74oken=G;map=a#e", "WFS:https://k/wfs?map=a#e"),
        (
            "WFS:https://k/w?keyword=a&design=b#e",
            "WFS:https://k/w?keyword=a&design=b#e",
        ),
        ("https://k/a@b?typename=x", "https://k/a@b?typename=x"),
        ("bericht?token=1.csv", "bericht?token=1.csv"),
    ],
)
def test_kein_zugang_steht_im_vorschlag(adresse, ohne):
    assert ohne_kennwort(adresse) == ohne
    assert ohne_kennwort(ohne) == ohne
    assert "G" not in adresse_text(adresse)


def test_naechster_befehl_wiederholt_kein_kennwort():
    geprueft = SimpleNamespace(in_ordnung=True, werte=(), vorschlaege=())
    quellen = ["postgresql://leser:geheim@rechner/stadt#werte", "jobcenter 2025.csv"]
    satz = naechster_befehl(geprueft, quellen, "bochum")
    assert "geheim" not in satz
    assert "postgresql://leser@rechner/stadt#werte" in satz
    assert "'jobcenter 2025.csv' --projekt bochum" in satz


@dienst
def test_postgis_ist_nur_lesend(postgis, regeln):
    for name in ("bezirke; drop table bezirke", 'bezirke" where 1=1 --', "a.b.c"):
        with pytest.raises(Datenfehler, match="ist kein Tabellenname"):
            lies_datenbank(f"{postgis}#{name}", regeln=regeln)
    assert len(lies_datenbank(f"{postgis}#bezirke", regeln=regeln).zeilen) == 4


BESTAND_B01 = [
    ("010", "B01", "40", "1000"),
    ("011", "B01", "55", "1100"),
    ("020", "B01", "63", "900"),
    ("021", "B01", "12", "600"),
]


@dienst
@pytest.mark.parametrize("art", ["wfs", "postgis"])
def test_gemerkte_zuordnung_bringt_den_dienst_in_den_bestand(request, tmp_path, art):
    """Auch im nächsten Jahr: Die Zuordnung steht einmal im Projekt, ohne Kennwort."""
    adresse = {
        "wfs": lambda: f"WFS:{request.getfixturevalue('mapserver')}?#bezirke",
        "postgis": lambda: f"{request.getfixturevalue('postgis')}#public.bezirke",
    }[art]()
    ort = Projektordner(shutil.copytree(FAELLE / "kleinstadt", tmp_path / "kleinstadt"))
    for tabelle in ort.bestand:
        tabelle.unlink()
    gemerkt = ort.wurzel / "lieferungen" / "lieferung.yaml"
    gemerkt.parent.mkdir(exist_ok=True)
    gemerkt.write_text(zuordnung_text([zuordnung(ohne_kennwort(adresse))]), "utf-8")
    ergebnis = uebernimm_lieferungen([adresse], ort)
    assert ergebnis.in_ordnung, [str(b) for b in ergebnis.bericht.befunde]
    (tabelle,) = ergebnis.geschrieben
    text = tabelle.read_text(encoding="utf-8-sig")
    zeilen = list(csv.DictReader(text.splitlines(), delimiter=";"))
    felder = ("gebiet", "indikator", "zaehler", "nenner")
    assert [tuple(z[f] for f in felder) for z in zeilen] == BESTAND_B01
    assert all("geliefert: " in z["hinweis"] for z in zeilen)
    if art == "postgis":
        kennwort = adresse.split(":")[2].split("@")[0]
        assert kennwort not in text
    assert uebernimm_lieferungen([adresse], ort).geschrieben == ()


@dienst
def test_vorschlag_fuer_eine_datenbank_verraet_kein_kennwort(postgis, tmp_path):
    ort = Projektordner(shutil.copytree(FAELLE / "kleinstadt", tmp_path / "kleinstadt"))
    bericht = pruefe_dateien([f"{postgis}#zahlen"], ort)
    kennwort = postgis.split(":")[2].split("@")[0]
    assert "#zahlen" in "".join(bericht.vorschlaege)
    assert kennwort not in "".join(bericht.vorschlaege)
    raete = [b.rat for b in bericht.befunde]
    assert any("in lieferungen/ des Projekts" in rat for rat in raete)


@pytest.fixture(scope="module")
def falscher_dienst(tmp_path_factory):
    """Server, der auf jede Anfrage dasselbe antwortet."""
    datei = tmp_path_factory.mktemp("dienst") / "antwort"
    datei.write_bytes(b"")
    prozess, adresse = starte_server("antwort", datei)
    yield datei, f"{adresse}/wfs"
    beende(prozess)


BOMBE = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "lol">'
    + b"".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">'.encode()
        for i in range(9)
    )
    + b"]><WFS_Capabilities version='2.0.0'>&j;</WFS_Capabilities>"
)


@pytest.mark.parametrize(
    "text",
    [b"<html>Wartung</html>", b"", BOMBE, b'{"links": []}'],
    ids=["Wartungsseite", "leer", "XML-Bombe", "JSON ohne Sammlungen"],
)
@pytest.mark.parametrize("vorsatz", ["WFS:", "OAPIF:"])
def test_falsche_antwort_ist_ein_befund(falscher_dienst, regeln, text, vorsatz):
    datei, adresse = falscher_dienst
    datei.write_bytes(text)
    with pytest.raises(Datenfehler, match=r"antwortet nicht als Geodatendienst|Ebene"):
        lies_dienst(vorsatz + adresse, regeln=regeln)


def test_nicht_erreichbare_adressen_sind_ein_befund(kleinstadt):
    bericht = pruefe_dateien(
        [
            "WFS:http://127.0.0.1:9/wfs#bezirke",
            "postgresql://leser:geheim@127.0.0.1:9/stadt#bezirke",
            "WFS:/etc/passwd",
            "postgresql://leser:geheim@127.0.0.1:9/stadt",
        ],
        kleinstadt.ordner,
    )
    texte = [str(b) for b in bericht.befunde]
    assert len(bericht.fehler) == 4
    assert "antwortet nicht" in texte[0]
    assert "nicht erreichbar" in texte[1]
    assert "keine Adresse im Netz" in texte[2]
    assert "kein Tabellenname" in texte[3]
    assert "geheim" not in " ".join(texte)
