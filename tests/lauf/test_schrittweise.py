"""Nur was sich ändert, wird neu gerechnet; das Ergebnis ist wie ganz neu gebaut."""

import json
import shutil

import pytest
from hausmittel import Lauf, baue_kleines_haus, quartier

from quartierstools.ausgabe.manifest import sha256
from quartierstools.lauf.hauptlauf import Auftraggeber, laufe, sieh_voraus
from quartierstools.lauf.vorschau import FERTIG, UNVERAENDERT

pytestmark = pytest.mark.lang

KURZ = {"varianten": 100, "startwert": 3}


@pytest.fixture(scope="module")
def vorlage(tmp_path_factory):
    """Haus mit fünf Gebieten und einem fertigen Lauf darin."""
    ordner = tmp_path_factory.mktemp("haus")
    baue_kleines_haus(ordner, ["06"])
    projekt = ordner / "daten" / "kleinstadt"
    (projekt / "profile").mkdir()
    (projekt / "profile" / "kurz.yaml").write_text("varianten: 100\nstartwert: 3\n")
    befehl = ("lauf", "--projekt", "kleinstadt", "--profil", "kurz")
    ergebnis = quartier(*befehl, ort=ordner)
    assert ergebnis.returncode == 0, ergebnis.stdout + ergebnis.stderr
    return ordner


@pytest.fixture
def haus(vorlage, tmp_path, monkeypatch):
    """Eigene Kopie des Hauses samt Lauf."""
    ordner = tmp_path / "haus"
    shutil.copytree(vorlage, ordner)
    monkeypatch.chdir(ordner)
    return ordner


def auftrag(**felder):
    vorgabe = {"ort": "kleinstadt", "profil": "kurz", "arbeiter": 2}
    return Auftraggeber(**{**vorgabe, **felder})


def inhalte(ordner):
    return {
        p.relative_to(ordner).as_posix(): sha256(p)
        for p in sorted(ordner.rglob("*"))
        if p.is_file()
    }


def laufende(vorschau):
    return {s.schritt.name: s.gruende for s in vorschau.zu_rechnen}


def wie_ganz_neu(haus, **felder):
    """Rechnet erst nur das Geänderte, dann alles an anderem Ort; gibt den ersten."""
    ergebnis = laufe(auftrag(**felder))
    neubau = laufe(auftrag(**felder, neu=True, ausgabe=haus / "neubau"))
    assert neubau.vorschau.zu_rechnen == neubau.vorschau.schritte
    assert inhalte(ergebnis.ordner) == inhalte(neubau.ordner)
    return ergebnis


def test_ohne_aenderung_laeuft_nichts_und_alles_bleibt_gleich(haus):
    (ordner,) = (haus / "ausgaben" / "kleinstadt").iterdir()
    vorher = inhalte(ordner)
    ergebnis = laufe(auftrag())
    assert ergebnis.vorschau.zu_rechnen == ()
    assert {g for s in ergebnis.vorschau.schritte for g in s.gruende} == {UNVERAENDERT}
    assert ergebnis.ordner.name == ordner.name
    assert inhalte(ordner) == vorher
    assert [p.name for p in ordner.parent.iterdir()] == [ordner.name]


def test_trocken_schreibt_nichts_und_nennt_den_grund(haus):
    vorher = inhalte(haus)
    ergebnis = quartier(
        *("lauf", "--projekt", "kleinstadt", "--profil", "kurz", "--trocken"),
        *("-P", "varianten=120"),
        ort=haus,
    )
    assert ergebnis.returncode == 0, ergebnis.stderr
    assert "Parameter: varianten 100 → 120" in ergebnis.stdout
    assert "Geschrieben wurde nichts." in ergebnis.stdout
    assert inhalte(haus) == vorher


def test_trocken_friert_auch_kein_sperrmuster_ein(haus):
    projekt = haus / "daten" / "kleinstadt"
    shutil.rmtree(projekt / "geheimhaltung", ignore_errors=True)
    vorher = inhalte(haus)
    assert sieh_voraus(auftrag()).schritte
    assert inhalte(haus) == vorher


def test_geaendertes_vorhaben_rechnet_nur_seine_begruendung(haus):
    datei = min((haus / "daten" / "kleinstadt" / "vorhaben").glob("*.yaml"))
    text = datei.read_text(encoding="utf-8")
    kopf = next(z for z in text.splitlines() if z.startswith("name:"))
    neu = kopf.rstrip('"') + ' (neu)"'
    datei.write_text(text.replace(kopf, neu), encoding="utf-8")
    erwartet = f"Eingabe geändert: vorhaben/{datei.name}"
    ergebnis = wie_ganz_neu(haus)
    assert laufende(ergebnis.vorschau) == {
        "10_datenlage": (erwartet,),
        f"40_begruendung-{datei.stem}": (erwartet,),
        "60_stadtbezirk-06": (erwartet,),
    }


def test_geaenderte_einzelwerte_lassen_karte_und_berichte_stehen(haus):
    datei = haus / "daten" / "kleinstadt" / "einzelwerte.csv"
    text = datei.read_text(encoding="utf-8")
    assert ";318;" in text
    datei.write_text(text.replace(";318;", ";319;"), encoding="utf-8")
    ergebnis = wie_ganz_neu(haus)
    arten = {name.split("-")[0] for name in laufende(ergebnis.vorschau)}
    assert arten == {
        *("10_datenlage", "40_begruendung", "50_steckbrief"),
        *("60_stadtbezirk", "70_steckbriefband"),
    }


@pytest.mark.parametrize(
    "name", ["angebote.csv", "projekt.yaml", "bestand/bevoelkerung.csv"]
)
def test_andere_eingaben_rechnen_alles(haus, name):
    datei = haus / "daten" / "kleinstadt" / name
    text = datei.read_text(encoding="utf-8")
    anders = text.replace("ja;A;\n", "ja;B;\n", 1) if "bestand" in name else f"{text}\n"
    assert anders != text
    datei.write_text(anders, encoding="utf-8")
    vorschau = sieh_voraus(auftrag())
    assert vorschau.zu_rechnen == vorschau.schritte


def test_geaendertes_profil_rechnet_mit_neuem_parameter(haus):
    profil = haus / "daten" / "kleinstadt" / "profile" / "kurz.yaml"
    profil.write_text("varianten: 100\nstartwert: 3\n# Anmerkung\n", encoding="utf-8")
    assert list(laufende(sieh_voraus(auftrag()))) == ["10_datenlage"]
    profil.write_text("varianten: 130\nstartwert: 3\n", encoding="utf-8")
    vorschau = sieh_voraus(auftrag())
    assert vorschau.zu_rechnen == vorschau.schritte


def test_geaendertes_notebook_rechnet_nur_sich(haus):
    datei = haus / "notebooks" / "50_steckbrief.ipynb"
    inhalt = json.loads(datei.read_text(encoding="utf-8"))
    inhalt["cells"][0]["source"] = "# Steckbrief, geändert"
    datei.write_text(json.dumps(inhalt), encoding="utf-8")
    ergebnis = wie_ganz_neu(haus)
    gruende = laufende(ergebnis.vorschau)
    assert set(gruende.values()) == {("Notebook geändert",)}
    assert {n.split("-")[0] for n in gruende} == {"50_steckbrief"}


def test_veraenderte_ausgabe_wird_nicht_uebernommen(haus):
    (ordner,) = (haus / "ausgaben" / "kleinstadt").iterdir()
    karte = ordner / "karte.html"
    richtig = sha256(karte)
    karte.write_text("von Hand geändert", encoding="utf-8")
    ergebnis = laufe(auftrag())
    assert laufende(ergebnis.vorschau) == {
        "20_typisierung": ("Ausgabe fehlt oder wurde verändert",)
    }
    assert sha256(ergebnis.ordner / "karte.html") == richtig


def test_neu_rechnet_alles_und_ergibt_dieselben_bytes(haus):
    (ordner,) = (haus / "ausgaben" / "kleinstadt").iterdir()
    vorher = inhalte(ordner)
    ergebnis = laufe(auftrag(neu=True))
    assert ergebnis.vorschau.zu_rechnen == ergebnis.vorschau.schritte
    assert inhalte(ergebnis.ordner) == vorher


def test_nach_der_reparatur_laeuft_nur_das_gescheiterte(haus):
    datei = haus / "notebooks" / "40_begruendung.ipynb"
    heil = datei.read_text(encoding="utf-8")
    inhalt = json.loads(heil)
    inhalt["cells"][-1]["source"] = "raise ValueError('Absicht')"
    datei.write_text(json.dumps(inhalt), encoding="utf-8")
    kaputt = laufe(auftrag(werte={"startwert": "4"}))
    assert kaputt.ordner.name.endswith("-unvollstaendig")
    assert list((kaputt.ordner / "fehler").iterdir())
    nochmal = sieh_voraus(auftrag(werte={"startwert": "4"}))
    assert set(laufende(nochmal).values()) == {("zuletzt gescheitert",)}
    datei.write_text(heil, encoding="utf-8")
    ergebnis = wie_ganz_neu(haus, werte={"startwert": "4"})
    assert set(laufende(ergebnis.vorschau).values()) == {("Notebook geändert",)}
    assert not ergebnis.misserfolge


def test_fertige_schritte_eines_abgebrochenen_laufs_gelten_als_fertig(haus):
    class Halt:
        fertig = 0

        def sieh_ende(self, _schritt, **_):
            self.fertig += 1
            if self.fertig == 4:
                raise KeyboardInterrupt

        def __getattr__(self, name):
            return lambda *_: None

    werte = {"startwert": "5"}
    with pytest.raises(KeyboardInterrupt):
        laufe(auftrag(werte=werte), [Halt()])
    sichtbar = list((haus / "ausgaben" / "kleinstadt").glob("[!.]*"))
    assert len(sichtbar) == 1
    vorschau = sieh_voraus(auftrag(werte=werte))
    fertig = [s for s in vorschau.schritte if s.gruende == (FERTIG,)]
    assert len(fertig) == 4
    ergebnis = wie_ganz_neu(haus, werte=werte, fortsetzen=True)
    assert len(ergebnis.vorschau.zu_rechnen) == len(ergebnis.vorschau.schritte) - 4


def test_oeffentliche_notebooks_sind_ohne_programmtext(haus):
    (ordner,) = (haus / "ausgaben" / "kleinstadt").iterdir()
    lauf = Lauf(projekt="kleinstadt", ordner=ordner)
    for name in lauf.namen(".ipynb"):
        zellen = json.loads(lauf.pfad(name).read_text(encoding="utf-8"))["cells"]
        assert {"".join(z["source"]) for z in zellen if z["cell_type"] == "code"} == {
            ""
        }
        assert any(z.get("outputs") for z in zellen)


def test_manifest_nennt_je_schritt_schluessel_und_ausgaben(haus):
    (ordner,) = (haus / "ausgaben" / "kleinstadt").iterdir()
    manifest = Lauf(projekt="kleinstadt", ordner=ordner).manifest
    genannt = [n for s in manifest["schritte"].values() for n in s["ausgaben"]]
    assert len(genannt) == len(set(genannt))
    eigene = {"index.html", "protokoll.jsonl", "anhang/druckbild.json"}
    assert set(genannt) | eigene == set(manifest["ausgaben"])
    belegte = [d for s in manifest["schritte"].values() for d in s["belege"]]
    assert sorted([*belegte, "index"]) == sorted(manifest["abdrucke"])
    assert {"code", "notebooks", "programm", "versionen", "regelprofil"} <= set(
        manifest
    )
