"""Vergleichen, nachrechnen, beschreiben: was ein fertiger Lauf über sich verrät."""

import json
import shutil
import warnings

import pytest
from hausmittel import baue_kleines_haus, lies_text, quartier

from quartierstools.fehler import Aufruffehler
from quartierstools.lauf.hauptlauf import Auftraggeber, laufe
from quartierstools.lauf.nachrechnen import rechne_nach
from quartierstools.lauf.tafelvergleich import TABELLEN, klassen, werte
from quartierstools.lauf.vergleich import _texte, vergleiche, vergleichsdokument

pytestmark = pytest.mark.lang


@pytest.fixture(scope="module")
def haus(tmp_path_factory):
    """Haus mit fünf Gebieten."""
    ordner = tmp_path_factory.mktemp("haus")
    baue_kleines_haus(ordner, ["06"])
    return ordner


def rechne(haus, monkeypatch, **werte_):
    monkeypatch.chdir(haus)
    auftrag = Auftraggeber(
        ort="kleinstadt", werte={"varianten": "100", **werte_}, rocrate=True
    )
    return laufe(auftrag).ordner


@pytest.fixture(scope="module")
def frueher(haus):
    """Lauf vor den Änderungen."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return rechne(haus, monkeypatch)


BESTAND = "daten/kleinstadt/bestand/betreuung.csv"


@pytest.fixture(scope="module")
def spaeter(haus, frueher):  # noqa: ARG001 – der frühere zuerst
    """Lauf mit einem anderen Wert und einem anderen Parameter."""
    datei = haus / BESTAND
    zeilen = datei.read_text(encoding="utf-8").splitlines()
    stelle = max(n for n, z in enumerate(zeilen) if z.startswith("gebiet;062;"))
    felder = zeilen[stelle].split(";")
    felder[4] = "7,77"
    zeilen[stelle] = ";".join(felder)
    sicherung = datei.read_text(encoding="utf-8")
    datei.write_text("\n".join(zeilen) + "\n", encoding="utf-8")
    try:
        with pytest.MonkeyPatch.context() as monkeypatch:
            return rechne(haus, monkeypatch, startwert="9")
    finally:
        datei.write_text(sicherung, encoding="utf-8")


def test_ein_lauf_gleicht_sich_selbst(frueher):
    ergebnis = vergleiche(frueher, frueher)
    assert ergebnis.gleich
    assert ergebnis.satz.endswith("sind gleich.")
    assert {a.titel for a in ergebnis.abschnitte} == {
        *("Daten", "Methode", "Werte", "Einstufung", "Texte", "Dateien")
    }


def test_vergleich_nennt_daten_methode_werte_und_texte(frueher, spaeter):
    ergebnis = vergleiche(frueher, spaeter)
    je_titel = {a.titel: a.saetze for a in ergebnis.abschnitte}
    assert je_titel["Daten"] == ("bestand/betreuung.csv: geändert",)
    assert "Parameter startwert: Vorgabe → 9 (alle Notebooks)" in je_titel["Methode"]
    assert any("→" in satz for satz in je_titel["Werte"])
    assert any(": neu „" in satz for satz in je_titel["Texte"])
    assert je_titel["Dateien"] == ()
    assert "änderte sich" in ergebnis.satz


def test_geaenderte_messung_ist_methode_und_steht_in_worten(frueher, tmp_path):
    anders = tmp_path / "anders"
    shutil.copytree(frueher, anders)
    datei = anders / "manifest.json"
    manifest = json.loads(datei.read_text(encoding="utf-8"))
    gruppe = min(manifest["methode"]["zielgruppen"])
    vorher = manifest["methode"]["zielgruppen"][gruppe]
    manifest["methode"]["zielgruppen"][gruppe] = {
        "art": "direkt",
        "gewichte": {"Z01 Eigene Kennzahl": 2.5},
    }
    manifest["methode"]["gruppen"]["merkmale"] = ["Z01 Eigene Kennzahl"]
    manifest["eingaben"]["katalog/zielgruppen.yaml"] = "0" * 64
    datei.write_text(json.dumps(manifest), encoding="utf-8")
    je_titel = {a.titel: a.saetze for a in vergleiche(frueher, anders).abschnitte}
    assert je_titel["Daten"] == ()
    erster, zweiter, *rest = je_titel["Methode"]
    assert erster.startswith(f"{gruppe}: {vorher['art']}")
    assert erster.endswith(" → direkt mit Z01 Eigene Kennzahl (Gewicht 2,5)")
    assert zweiter.endswith(" → Z01 Eigene Kennzahl")
    assert "katalog/zielgruppen.yaml: kam dazu" in rest


def test_vergleich_rueckwaerts_vertauscht_alt_und_neu(frueher, spaeter):
    hin = {a.titel: a.saetze for a in vergleiche(frueher, spaeter).abschnitte}
    her = {a.titel: a.saetze for a in vergleiche(spaeter, frueher).abschnitte}
    assert len(hin["Werte"]) == len(her["Werte"])
    ort, wechsel = hin["Werte"][0].rsplit(": ", 1)
    alt, neu = wechsel.split(" → ")
    assert f"{ort}: {neu} → {alt}" in her["Werte"]


def mappe(ort, werte_, klassen_):
    from openpyxl import Workbook  # noqa: PLC0415

    buch = Workbook()
    blatt = buch.active
    blatt.title = "Werte Arbeit"
    blatt.append(["Titel"])
    blatt.append(["Schlüssel", "Name", "Stadtbezirk", "Anteil (Prozent)", "Zahl"])
    for zeile in werte_:
        blatt.append(zeile)
    zweites = buch.create_sheet("Jugendliche")
    zweites.append(["Schlüssel", "Name", "Einstufung"])
    for zeile in klassen_:
        zweites.append(zeile)
    ziel = ort / TABELLEN
    ziel.parent.mkdir(parents=True)
    buch.save(ziel)
    return ziel


def test_werte_und_klassen_von_hand(tmp_path):
    eins = mappe(
        tmp_path / "a",
        [["01", "Mitte", "1", 0.041, 7], ["02", "Nord", "1", "gesperrt", 5]],
        [["01", "Mitte", "um das Mittel"], ["02", "Nord", "unter dem Mittel"]],
    )
    zwei = mappe(
        tmp_path / "b",
        [["01", "Mitte", "1", 0.05, 7], ["02", "Nord", "1", 0.1, 5]],
        [["01", "Mitte", "über dem Mittel"], ["02", "Nord", "unter dem Mittel"]],
    )
    assert werte(eins, zwei) == [
        "Anteil, Mitte: 4,1\N{NO-BREAK SPACE}% → 5,0\N{NO-BREAK SPACE}%",
        "Anteil, Nord: gesperrt → 10,0\N{NO-BREAK SPACE}%",
    ]
    assert klassen(eins, zwei) == [
        "Jugendliche, Einstufung, Mitte: um das Mittel → über dem Mittel"
    ]
    assert werte(eins, eins) == klassen(zwei, zwei) == []


def test_befehl_vergleiche_schreibt_bildschirm_und_seite(frueher, spaeter, tmp_path):
    seite = tmp_path / "vergleich.html"
    ergebnis = quartier(
        "vergleiche", str(frueher), str(spaeter), "--bericht", str(seite)
    )
    assert ergebnis.returncode == 0, ergebnis.stderr
    assert "bestand/betreuung.csv: geändert" in ergebnis.stdout
    assert "bestand/betreuung.csv: geändert" in lies_text(seite)
    assert vergleichsdokument(vergleiche(frueher, spaeter)).kennung == spaeter.name


def test_der_nachweis_der_fusszeile_ist_keine_aenderung():
    def manifest(fuss, satz):
        aussagen = [{"text": f"Bericht · Stand 01.11.2026 · {fuss}"}, {"text": satz}]
        return {"abdrucke": {"a.pdf": {"aussagen": aussagen}}}

    alt = manifest("Lauf 0123456789ab", "Gleich.")
    assert not _texte(alt, manifest("Nachweis ba9876543210", "Gleich."))
    assert len(_texte(alt, manifest("Nachweis ba9876543210", "Anders."))) == 2


def test_vergleich_ohne_manifest_sagt_was_fehlt(frueher, tmp_path):
    with pytest.raises(Aufruffehler, match=r"manifest\.json"):
        vergleiche(frueher, tmp_path)


def test_verschiedene_projekte_lassen_sich_nicht_vergleichen(frueher, tmp_path):
    fremd = tmp_path / "fremd"
    shutil.copytree(frueher, fremd)
    manifest = json.loads((fremd / "manifest.json").read_text(encoding="utf-8"))
    manifest["projekt"] = "anderswo"
    (fremd / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(Aufruffehler, match="verschiedenen Projekten"):
        vergleiche(frueher, fremd)


def test_nachrechnen_findet_dieselben_bytes_und_jede_abweichung(
    haus, frueher, monkeypatch, tmp_path
):
    monkeypatch.chdir(haus)
    kopie = tmp_path / "kopie"
    shutil.copytree(frueher, kopie)
    gut = rechne_nach(kopie)
    assert gut.in_ordnung, gut.zeilen
    assert "alle mit denselben Bytes" in gut.zeilen[-1]
    (kopie / "karte.html").write_text("von Hand", encoding="utf-8")
    (kopie / "index.html").unlink()
    (kopie / "fremd.txt").write_text("x", encoding="utf-8")
    ergebnis = quartier("durchsicht", str(kopie), "--nachrechnen", ort=haus)
    assert ergebnis.returncode == 1
    assert "anders: karte.html" in ergebnis.stdout
    assert "kommt dazu: index.html" in ergebnis.stdout
    assert "entsteht nicht mehr: fremd.txt" in ergebnis.stdout


def test_nachrechnen_ohne_manifest(tmp_path):
    with pytest.raises(Aufruffehler, match=r"manifest\.json"):
        rechne_nach(tmp_path)


def test_rocrate_liest_die_bibliothek(frueher):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from rocrate.rocrate import ROCrate  # noqa: PLC0415

        crate = ROCrate(str(frueher))
    manifest = json.loads((frueher / "manifest.json").read_text(encoding="utf-8"))
    wurzel = crate.root_dataset
    assert wurzel["identifier"] == frueher.name
    genannt = {e.id for e in crate.get_entities() if e.type == "File"}
    ausgaben = set(manifest["ausgaben"])
    assert genannt == ausgaben - {"ro-crate-metadata.json"} | {"manifest.json"}
    for name in ("karte.html", "anhang/tabellen.xlsx"):
        assert crate.get(name)["sha256"] == manifest["ausgaben"][name]
    assert crate.get("#quartierstools")["softwareVersion"] == manifest["programm"]
