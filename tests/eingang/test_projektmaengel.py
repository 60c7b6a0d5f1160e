"""Was an einem Projektordner nicht stimmt, wird gesagt: alles auf einmal, auf Deutsch.

Jeder Fall verdirbt eine Kopie der Kleinstadt an genau einer Stelle.
"""

import json
import os
import shutil
from pathlib import Path

import pytest
from eingang_hilfe import FAELLE

from quartierstools.eingang import lies_datenstand
from quartierstools.eingang.pruefbericht import pruefe_dateien
from quartierstools.fehler import Datenfehler
from quartierstools.katalog import Projektordner, lade_katalog

VORHABEN = """id: probe
name: Probe
zielgruppe: langzeitarbeitslose
gebiete: ["010"]
vorschlag: V
kurzvorschlag: K
wirkung: {ziel: Z, messung: [M]}
nullvariante: N
"""
EINZELWERTE = (
    "id;ebene;gebiet;bezeichnung;wert;einheit;stichtag;quelle;fundstelle;zitierfaehig\n"
)
WERTE = (
    "ebene;gebiet;indikator;stichtag;wert;zaehler;nenner;quelle;stichtag_belegt;"
    "guete;hinweis\n"
)


@pytest.fixture
def ort(tmp_path) -> Path:
    ziel = tmp_path / "kleinstadt"
    shutil.copytree(FAELLE / "kleinstadt", ziel)
    (ziel / "vorhaben").mkdir()
    (ziel / "vorhaben" / "probe.yaml").write_text(VORHABEN, encoding="utf-8")
    return ziel


def maengel(ort: Path) -> list[str]:
    """Befunde des Projekts; die Datenprüfung muss dasselbe sagen."""
    ordner = Projektordner(ort)
    with pytest.raises(Datenfehler) as fehler:
        lies_datenstand(ordner)
    bericht = pruefe_dateien([], ordner)
    saetze = [str(b) for b in fehler.value.befunde]
    assert sorted(map(str, bericht.fehler)) == sorted(saetze)
    for befund in bericht.fehler:
        assert befund.erwartet or befund.rat, befund
    return saetze


def der_mangel(ort: Path) -> str:
    saetze = maengel(ort)
    assert len(saetze) == 1, saetze
    return saetze[0]


def ersetze(datei: Path, alt: str, neu: str) -> None:
    text = datei.read_text(encoding="utf-8")
    assert alt in text
    datei.write_text(text.replace(alt, neu, 1), encoding="utf-8")


def aendere_flaechen(ort: Path, aendere) -> None:
    datei = ort / "gebiete.geojson"
    inhalt = json.loads(datei.read_text(encoding="utf-8"))
    aendere(inhalt)
    datei.write_text(json.dumps(inhalt, ensure_ascii=False), encoding="utf-8")


def test_unverdorben_ist_alles_gut(ort):
    stand = lies_datenstand(Projektordner(ort))
    assert len(stand.werte) == 7
    assert pruefe_dateien([], Projektordner(ort)).in_ordnung


# Flächen


def setze(feld, wert):
    def aendere(inhalt):
        inhalt["features"][0]["properties"][feld] = wert

    return aendere


def ring(aendere_ring):
    def aendere(inhalt):
        form = inhalt["features"][0]["geometry"]
        form["coordinates"][0] = aendere_ring(form["coordinates"][0])

    return aendere


def gleiche_flaeche(inhalt):
    eins, zwei = inhalt["features"][:2]
    ring_ = eins["geometry"]["coordinates"][0]
    # Anderer Anfang, andere Richtung: Es bleibt dieselbe Fläche.
    gedreht = [*ring_[1:], ring_[1]][::-1]
    zwei["geometry"] = {"type": "Polygon", "coordinates": [gedreht]}


def vertausche_alle(inhalt):
    for merkmal in inhalt["features"]:
        ringe = merkmal["geometry"]["coordinates"]
        merkmal["geometry"]["coordinates"] = [[[y, x] for x, y in r] for r in ringe]


def crs(name):
    return lambda inhalt: inhalt.update(
        crs={"type": "name", "properties": {"name": name}}
    )


@pytest.mark.parametrize(
    ("aendere", "satz"),
    [
        (vertausche_alle, "gebiete.geojson: Länge und Breite sind vertauscht"),
        (ring(lambda r: [[y, x] for x, y in r]), "010: Länge und Breite sind vertau"),
        (gleiche_flaeche, "011: Die Fläche ist dieselbe wie bei 010"),
        (crs("urn:ogc:def:crs:EPSG::25832"), "Koordinatensystem „urn:ogc:def:crs:EPS"),
        (lambda i: i.update(crs=7), "nennt das Koordinatensystem „unbekannt“"),
        (ring(lambda r: r[:-1]), "(010): Ein Ring ist nicht geschlossen"),
        (ring(lambda r: r[:3]), "Ein Ring hat weniger als vier Punkte"),
        (ring(lambda r: [["7.2", "51.4"], *r[1:]]), 'Die Koordinate ["7.2", "51.4"]'),
        (ring(lambda r: [[7.2], *r[1:]]), "Ein Punkt hat keine Länge und Breite"),
        (ring(lambda r: [r[0], r[2], r[1], r[3], r[0]]), "überschneidet sich selbst"),
        (ring(lambda r: [[x + 20, y] for x, y in r]), "liegt nicht in Deutschland"),
        (setze("einwohner", "7"), "Das Feld „einwohner“ gibt es hier nicht"),
        (setze("hinweiss", "7"), "Meinten Sie „hinweis“?"),
        (setze("name", 7), "„name“ ist 7, kein Text"),
        (setze("name", ["a"]), '„name“ ist ["a"], kein Text'),
        (setze("schluessel", 10), "Der Schlüssel 10 ist eine Zahl"),
        (setze("schluessel", "../010"), "Der Schlüssel „../010“ enthält unerlaubte"),
        (setze("name", "Vö\nde"), "steht ein Zeilenumbruch oder Tabulator"),
        (setze("name", "Vö\x07de"), "steht ein unsichtbares Steuerzeichen"),
        (setze("name", "Vö\u202ede"), "steht ein unsichtbares Steuerzeichen"),
        (setze("name", "<b>Vöde</b>"), "steht HTML"),
        (setze("name", "=1+1"), "steht eine Formel"),
        (setze("name", "V" * 121), "„name“ ist 121 Zeichen lang"),
        (setze("name", " Vöde"), "stehen Leerzeichen"),
        (setze("name", "GROSSER  Weg"), "Der Name „Großer Weg“ steht mehrfach"),
        (setze("schluessel", "011"), "Der Schlüssel „011“ steht mehrfach"),
        (lambda i: i.update(features=[]), "Die Datei enthält keine Fläche"),
        (lambda i: i["features"].append(3), "Fläche 5: Hier steht kein Objekt"),
        (lambda i: i["features"][0].update(geometry=None), "Die Fläche ist leer"),
        (lambda i: i["features"][0].update(geometry=[1]), "Hier steht keine Fläche"),
        (
            lambda i: i["features"][0]["geometry"].update(type="Point"),
            "Hier steht Point",
        ),
        (
            lambda i: i["features"][0]["geometry"].update(coordinates="x"),
            "hat keine lesbaren Koordinaten",
        ),
    ],
)
def test_flaechen(ort, aendere, satz):
    aendere_flaechen(ort, aendere)
    assert satz in der_mangel(ort)


def test_doppelter_schluessel_im_geojson(ort):
    datei = ort / "gebiete.geojson"
    ersetze(datei, '"schluessel": "010"', '"schluessel": "099", "schluessel": "010"')
    assert "Der Schlüssel „schluessel“ steht in einem Objekt zweimal" in der_mangel(ort)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"features": NaN}', "{}", "7", ""])
def test_kein_geojson(ort, text):
    (ort / "gebiete.geojson").write_text(text, encoding="utf-8")
    assert "kein vollständiges GeoJSON" in der_mangel(ort)


def test_marke_am_anfang_stoert_nicht(ort):
    datei = ort / "gebiete.geojson"
    datei.write_bytes(b"\xef\xbb\xbf" + datei.read_bytes())
    assert len(lies_datenstand(Projektordner(ort)).gebiete) == 4


def test_gleicher_name_in_anderem_stadtbezirk_ist_erlaubt(ort):
    aendere_flaechen(ort, setze("name", "Am Ring"))
    assert (
        list(lies_datenstand(Projektordner(ort)).gebiete["name"]).count("Am Ring") == 2
    )


@pytest.mark.parametrize(("anzahl", "wort"), [(1, "1 Gebiet."), (2, "2 Gebiete.")])
def test_zu_wenige_gebiete(ort, anzahl, wort):
    aendere_flaechen(ort, lambda i: i.update(features=i["features"][:anzahl]))
    satz = der_mangel(ort)
    assert f"Das Projekt hat {wort} Erwartet: mindestens 3 Gebiete" in satz.replace(
        "\xa0", " "
    )


# Bestand


@pytest.mark.parametrize(
    ("zeile", "satz"),
    [
        ("gebiet;010;B01;2024-12-31;9,9;38;1000;statistik;ja;;", "Angegeben ist der W"),
        ("gebiet;010;B01;2024-12-31;3,9;38;1000;statistik;ja;;", "Angegeben ist der W"),
        ("gebiet;010;B01;2024-12-31;;38;1000;statistik;ja;C;", "Spalte guete: „C“"),
        (
            "gebiet;010;B01;2024-12-31;;38;1000;statistik;ja;;=cmd|' /C calc'!A0",
            "Spalte hinweis: In „=cmd|' /C calc'!A0“ steht eine Formel",
        ),
        ("gebiet;010;B01;2024-12-31;;38;1000;statistik;ja;;@x", "steht eine Formel"),
        ("gebiet;010;B01;2024-12-31;;38;1000;statistik;ja;;-x", "steht eine Formel"),
        ("gebiet;010;B01;2024-12-31;;38;1000;statistik;ja;;<b>", "steht HTML"),
        ("gebiet;SCHLUESSEL;B01;J;;;;s;ja;;", "Die Beispielzeile steht noch da"),
    ],
)
def test_bestandszeile(ort, zeile, satz):
    datei = ort / "bestand" / "neu.csv"
    datei.write_text(f"{WERTE}{zeile}\n", encoding="utf-8")
    mangel = der_mangel(ort)
    assert satz in mangel
    assert mangel.startswith("bestand/neu.csv, Zeile 2, Spalte ")


@pytest.mark.parametrize("wert", ["3,8", "3,80", "4"])
def test_gerundeter_wert_neben_fallzahlen_ist_erlaubt(ort, wert):
    zeile = f"gebiet;010;B01;2024-12-31;{wert};38;1000;statistik;ja;;\n"
    (ort / "bestand" / "neu.csv").write_text(WERTE + zeile, encoding="utf-8")
    assert len(lies_datenstand(Projektordner(ort)).werte) == 8


def test_tabelle_ohne_zeilen(ort):
    (ort / "bestand" / "leer.csv").write_text(WERTE, encoding="utf-8")
    assert "bestand/leer.csv: Unter der Kopfzeile steht keine Zeile" in der_mangel(ort)


def test_endung_in_grossbuchstaben_wird_gelesen(ort):
    zeile = "gebiet;010;B01;2024-12-31;;38;1000;statistik;ja;;\n"
    (ort / "bestand" / "x.CSV").write_text(WERTE + zeile, encoding="utf-8")
    stand = lies_datenstand(Projektordner(ort))
    assert "bestand/x.CSV" in set(stand.werte["datei"])
    assert "bestand/x.CSV" in stand.pruefsummen


def ordner_statt_datei(pfad):
    pfad.mkdir()


def tote_verknuepfung(pfad):
    pfad.symlink_to(pfad.parent / "gibtsnicht")


def leitung(pfad):
    os.mkfifo(pfad)


@pytest.mark.parametrize(
    "name",
    [
        "bestand/x.csv",
        "angebote.csv",
        "einzelwerte.csv",
        "katalog/zielgruppen.yaml",
        "vorhaben/x.yaml",
        "stadtbezirke.geojson",
        "gebiete.geojson",
        "projekt.yaml",
    ],
)
@pytest.mark.parametrize("baue", [ordner_statt_datei, tote_verknuepfung, leitung])
def test_was_keine_datei_ist_haelt_nicht_auf(ort, name, baue):
    (ort / name).unlink(missing_ok=True)
    baue(ort / name)
    saetze = [s for s in maengel(ort) if Path(name).name in s]
    assert len(saetze) == 1, saetze
    assert "Das ist " in saetze[0]


def test_gute_und_schlechte_zeilen_werden_zusammen_geprueft(ort):
    zeilen = (
        "gebiet;999;B01;2024-12-31;;38;1000;statistik;ja;;\n"
        "gebiet;010;B01;2024-12-31;;1200;1000;statistik;ja;;\n"
        "gebiet;011;B01;2024-12-31;;viele;1000;statistik;ja;;\n"
    )
    (ort / "bestand" / "neu.csv").write_text(WERTE + zeilen, encoding="utf-8")
    saetze = "\n".join(maengel(ort))
    assert "Zeile 2, Spalte gebiet: Den Schlüssel „999“" in saetze
    assert "Zeile 3, Spalte zaehler: Der Zähler 1200 ist größer" in saetze
    assert "Zeile 4, Spalte zaehler: „viele“" in saetze


# Einzelwerte


@pytest.mark.parametrize(
    ("zeile", "satz"),
    [
        ("a;gebiet;999;B;1;%;2024;Q;F;ja", "Spalte gebiet: Den Schlüssel „999“"),
        ("a;viertel;010;B;1;%;2024;Q;F;ja", "Spalte ebene: „viertel“ passt nicht"),
        ("a;gebiet;010;=1+A1;1;%;2024;Q;F;ja", "Spalte bezeichnung: In „=1+A1“ steht"),
    ],
)
def test_einzelwerte(ort, zeile, satz):
    (ort / "einzelwerte.csv").write_text(f"{EINZELWERTE}{zeile}\n", encoding="utf-8")
    assert satz in der_mangel(ort)


def test_unklarer_ort_eines_einzelwerts_ist_erlaubt(ort):
    zeile = "a;unklar;PLZ 44787;B;1;%;2024;Q;F;ja\n"
    (ort / "einzelwerte.csv").write_text(EINZELWERTE + zeile, encoding="utf-8")
    assert len(lies_datenstand(Projektordner(ort)).einzelwerte) == 1


# Katalog


@pytest.mark.parametrize(
    ("datei", "alt", "neu", "satz"),
    [
        ("vorhaben/probe.yaml", '["010"]', '["010", "010"]', "nennt 010 mehrfach"),
        ("vorhaben/probe.yaml", '["010"]', "[]", "„gebiete“ ist leer. Erwartet: minde"),
        ("projekt.yaml", "[langzeitarbeitslose]", "[]", "„zielgruppen“ ist leer"),
        (
            "projekt.yaml",
            "[langzeitarbeitslose]",
            "[langzeitarbeitslose, langzeitarbeitslose]",
            "„zielgruppen“ nennt langzeitarbeitslose mehrfach",
        ),
        (
            "projekt.yaml",
            "schluessel_breite: 3",
            "schluessel_breite: 3.0",
            "ganze Zahl",
        ),
        (
            "projekt.yaml",
            "schluessel_breite: 3",
            "schluessel_breite: 1_0",
            "ganze Zahl",
        ),
        ("projekt.yaml", '"2026-11-01"', "1790000000", "ein Datum wie 2023-12-31"),
        (
            "projekt.yaml",
            "id: kleinstadt",
            "id: grossstadt",
            "id ist „grossstadt“",
        ),
        ("projekt.yaml", "stadt: Klein", "stadt: \u202eKlein", "unsichtbares Steuerz"),
        ("projekt.yaml", "eines:", "einess:", "Meinten Sie „eines“?"),
        ("projekt.yaml", "stadt: Kleinstadt", "stadt: !!int 7", "kein lesbares YAML"),
        (
            "katalog/quellen.yaml",
            "titel: Arbeitsmarkt",
            "titel: Arbeitsmarkt\n  id: anders",
            "Hier steht id: anders, der Eintrag heißt statistik",
        ),
    ],
)
def test_katalog(ort, datei, alt, neu, satz):
    ersetze(ort / datei, alt, neu)
    saetze = maengel(ort)
    assert any(satz in s for s in saetze), saetze
    assert all(datei.rpartition("/")[2].split(".")[0] in s for s in saetze)


@pytest.mark.parametrize("name", ["quelen.yaml", "Quellen.YAML", "notizen.yml"])
def test_unbekannte_katalogdatei(ort, name):
    (ort / "katalog" / name).write_text("a: {b: c}\n", encoding="utf-8")
    assert f"katalog/{name}: Eine Datei dieses Namens wird nicht" in der_mangel(ort)


@pytest.mark.parametrize(
    ("text", "satz"),
    [
        ("[" * 50_000, "Ebenen tief verschachtelt"),
        ("a:\n" + "".join(" " * i + "b:\n" for i in range(1, 200)), "Ebenen tief"),
        ("a: &x [1]\nb: *x\n", "Verweise (&anker, *anker) werden nicht gelesen"),
        (
            "a: &a [x, x]\n"
            + "".join(
                f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n"
                for i in range(24)
            ),
            "Verweise (&anker, *anker) werden nicht gelesen",
        ),
    ],
)
def test_bomben_in_yaml(ort, text, satz):
    (ort / "katalog" / "quellen.yaml").write_text(text, encoding="utf-8")
    assert satz in der_mangel(ort)


def test_riesige_yaml_datei_wird_nicht_gelesen(ort):
    with (ort / "katalog" / "quellen.yaml").open("wb") as strom:
        strom.truncate(3_000_000_000)
    assert "Die Datei ist 3000,0 MB groß. Erwartet: höchstens 5 MB" in der_mangel(ort)


def test_alle_dateien_melden_zusammen(ort):
    ersetze(ort / "projekt.yaml", 'bezugsdatum: "2026-11-01"', "")
    ersetze(ort / "katalog" / "quellen.yaml", "titel: Arbeitsmarkt", "")
    aendere_flaechen(ort, setze("name", ""))
    (ort / "bestand" / "leer.csv").write_text(WERTE, encoding="utf-8")
    saetze = "\n".join(maengel(ort))
    for satz in (
        "projekt.yaml: Das Feld „bezugsdatum“ fehlt",
        "quellen.yaml, statistik: Das Feld „titel“ fehlt",
        "„name“ fehlt oder ist leer",
        "leer.csv: Unter der Kopfzeile steht keine Zeile",
    ):
        assert satz in saetze


def test_bruch_verbietet_den_vergleich(ort):
    """Ein Sprung über einen Zeitreihenbruch ist kein Alarm, sondern ein Bruch."""
    zeile = "gebiet;010;B01;2024-12-31;;380;1000;statistik;ja;;\n"
    (ort / "bestand" / "neu.csv").write_text(WERTE + zeile, encoding="utf-8")
    ordner = Projektordner(ort)
    assert "B01 (Arbeitslosenanteil) springt" in str(
        pruefe_dateien([], ordner).hinweise
    )
    (ort / "katalog" / "indikatoren.yaml").write_text(
        "B01: {bezeichnung: Arbeitslosenanteil, zaehler: A, nenner: B, richtung: hoch, "
        "dimension: arbeit, lieferant: BA, brueche: [{jahr: 2024, grund: neu}]}\n",
        encoding="utf-8",
    )
    hinweise = str(pruefe_dateien([], ordner).hinweise)
    assert "springt" not in hinweise
    assert "Zeitreihenbruch 2024: neu. Davor und danach" in hinweise
    katalog = lade_katalog(ordner)
    assert katalog.brueche("2023-12-31", "2024-12-31") == {
        "B01": "Zeitreihenbruch 2024: neu"
    }
    assert katalog.brueche("2024-12-31", "2025-12-31") == {}


@pytest.mark.parametrize(
    ("anteile", "auffaellig"),
    [
        (["4,0", "5,1", "0,04", "3,9"], True),
        (["0,4", "0,51", "40,1", "0,39"], True),
        (["4,0", "5,1", "0,5", "3,9"], False),
        (["0,2", "0,9", "5,0", "30,0"], False),
    ],
)
def test_einzelner_wert_in_anderer_einheit(ort, anteile, auffaellig):
    regeln = ort / "katalog" / "pruefregeln.yaml"
    regeln.write_text("standard: {mindestzahl_einheit: 4}\n", encoding="utf-8")
    zeilen = "".join(
        f"gebiet;{k};B05;2024-12-31;{w};;;statistik;ja;;\n"
        for k, w in zip(("010", "011", "020", "021"), anteile, strict=True)
    )
    (ort / "bestand" / "neu.csv").write_text(WERTE + zeilen, encoding="utf-8")
    hinweise = str(pruefe_dateien([], Projektordner(ort)).hinweise)
    assert ("Bitte prüfen: Anteil statt Prozent" in hinweise) is auffaellig
