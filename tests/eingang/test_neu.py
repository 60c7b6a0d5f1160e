"""Ein neuer Ort: leer angelegt, abgelehnt bis gefüllt, dann bis zum Ergebnis."""

import json
from pathlib import Path

import pytest
from hausmittel import quartier

from quartierstools.eingang import lies_datenstand
from quartierstools.eingang.neu import BESTAND, TABELLEN, lege_an
from quartierstools.fehler import Aufruffehler, Datenfehler
from quartierstools.katalog import Projektordner, Vorhaben
from quartierstools.katalog.eintrag import deute, lies_yaml
from quartierstools.katalog.orte import kennung_aus

NAMEN = {"11": "Altdorf", "12": "Neudorf", "21": "Oberfeld", "22": "Unterfeld"}
ZAEHLER = {"11": 210, "12": 340, "21": 150, "22": 260}


@pytest.fixture
def ziel(tmp_path) -> Path:
    return tmp_path / "kleindorf"


def ersetze(datei: Path, **felder: str) -> None:
    """Füllt leere Felder einer YAML-Datei."""
    text = datei.read_text(encoding="utf-8")
    for feld, wert in felder.items():
        leer = f'{feld}: ""'
        assert leer in text, feld
        text = text.replace(leer, f'{feld}: "{wert}"', 1)
    datei.write_text(text, encoding="utf-8")


def fuelle_ort(ordner: Path) -> None:
    ersetze(
        ordner / "projekt.yaml", bezugsdatum="2026-11-01", kartenquelle="© Kleindorf"
    )


def fuelle_quellen(ordner: Path) -> None:
    ersetze(
        ordner / "katalog" / "quellen.yaml",
        herausgeber="Stadt Kleindorf",
        titel="Kleinräumige Zahlen",
        zitat="Stadt Kleindorf, Kleinräumige Zahlen",
        herkunft="amtlich geliefert",
    )


def fuelle_flaechen(ordner: Path) -> None:
    merkmale = []
    for stelle, (schluessel, name) in enumerate(NAMEN.items()):
        x, y = 7.2 + 0.02 * (stelle % 2), 51.4 + 0.02 * (stelle // 2)
        ring = [[x, y], [x + 0.02, y], [x + 0.02, y + 0.02], [x, y + 0.02], [x, y]]
        felder = {"schluessel": schluessel, "name": name, "stadtbezirk": schluessel[0]}
        merkmale.append(
            {
                "type": "Feature",
                "properties": felder,
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    inhalt = {"type": "FeatureCollection", "features": merkmale}
    (ordner / "gebiete.geojson").write_text(json.dumps(inhalt), encoding="utf-8")


def fuelle_werte(ordner: Path) -> None:
    zeilen = [";".join(BESTAND)]
    for schluessel, zaehler in ZAEHLER.items():
        rest = "meine_quelle;ja;A;"
        zeilen += [
            f"gebiet;{schluessel};B01;2024-12-31;;{zaehler};4100;{rest}",
            f"gebiet;{schluessel};K08;2024-12-31;{zaehler / 12:.1f};;;{rest}".replace(
                ".", ","
            ),
        ]
    text = "\n".join(zeilen) + "\n"
    (ordner / "bestand" / "werte.csv").write_text(text, encoding="utf-8")


SCHRITTE = (
    ("Das Feld „bezugsdatum“ fehlt", fuelle_ort),
    ("Das Feld „zitat“ fehlt", fuelle_quellen),
    ("gebiete.geojson: Die Datei fehlt", fuelle_flaechen),
    ("Die Beispielzeile steht noch da", fuelle_werte),
)


def test_leerer_ordner_nennt_alles_auf_einmal_und_wird_schritt_fuer_schritt_gut(ziel):
    lege_an(ziel, stadt="Kleindorf")
    for nummer, (_, fuelle) in enumerate(SCHRITTE):
        with pytest.raises(Datenfehler) as fehler:
            lies_datenstand(Projektordner(ziel))
        saetze = "\n".join(map(str, fehler.value.befunde))
        for stelle, (meldung, _) in enumerate(SCHRITTE):
            assert (meldung in saetze) is (stelle >= nummer), (nummer, meldung, saetze)
        fuelle(ziel)
    stand = lies_datenstand(Projektordner(ziel))
    assert list(stand.gebiete["name"]) == list(NAMEN.values())
    assert len(stand.werte) == 8
    assert stand.angebote.empty


def test_vorgabe_verlangt_keine_gruppen_und_erklaert_sie(ziel):
    lege_an(ziel, stadt="Kleindorf")
    projekt = lies_yaml(ziel / "projekt.yaml")
    assert projekt["typen"]["indikatoren"] == []
    anleitung = (ziel / "README.md").read_text(encoding="utf-8")
    assert "`zielgruppen`" in anleitung
    assert "`typen`" in anleitung


def test_anleitung_nennt_jeden_schritt_und_jede_datei(ziel):
    dateien = lege_an(ziel, stadt="Kleindorf", breite=3)
    assert all(datei.is_file() for datei in dateien)
    assert {p.relative_to(ziel) for p in dateien} == {
        p.relative_to(ziel) for p in ziel.rglob("*") if p.is_file()
    }
    text = (ziel / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# Kleindorf")
    assert "$" not in text
    assert "gebiet;001;B01" in text
    for datei in dateien:
        assert datei.name == "README.md" or datei.name in text, datei.name
    beispiele = [z for z in text.splitlines() if z.startswith("gebiet;001;")]
    assert {z.count(";") for z in beispiele} == {len(BESTAND) - 1}


def test_tabellen_haben_genau_eine_kopfzeile(ziel):
    lege_an(ziel, stadt="Kleindorf")
    for name, kopf in TABELLEN.items():
        zeilen = (ziel / name).read_text(encoding="utf-8").splitlines()
        assert zeilen[0].split(";") == list(kopf)
        assert len(zeilen) == (2 if name == "bestand/werte.csv" else 1)


def test_beispielvorhaben_ist_unwirksam_und_ohne_rauten_gueltig(ziel, tmp_path):
    lege_an(ziel, stadt="Kleindorf")
    assert Projektordner(ziel).vorhaben == []
    zeilen = (ziel / "vorhaben" / "beispiel.txt").read_text(encoding="utf-8")
    assert all(z.startswith("#") or not z for z in zeilen.splitlines())
    _, _, rest = zeilen.partition("\n\n")
    wirksam = tmp_path / "vorhaben.yaml"
    wirksam.write_text("\n".join(z[2:] for z in rest.splitlines()), encoding="utf-8")
    vorhaben = deute(Vorhaben, lies_yaml(wirksam), ort="vorhaben.yaml")
    assert vorhaben.id == "beratung-im-quartier"
    assert vorhaben.zustaendigkeit == vorhaben.beschlussart == ""


@pytest.mark.parametrize(
    "stadt", ['Neu "Ulm"', "Bad: Ort", "#Stadt", "no", "12", "O'Hara $x \\ {y}"]
)
def test_jeder_name_bleibt_text(ziel, stadt):
    lege_an(ziel, stadt=stadt, bezugsdatum="2026-11-01", breite=4)
    projekt = lies_yaml(ziel / "projekt.yaml")
    assert projekt["stadt"] == stadt
    assert projekt["herausgeber"] == f"Stadt {stadt}"
    assert projekt["bezugsdatum"] == "2026-11-01"
    assert projekt["schluessel_breite"] == "4"


@pytest.mark.parametrize(
    ("felder", "meldung"),
    [
        ({"stadt": " "}, "„stadt“ ist leer"),
        ({"stadt": "A\nid: b"}, "„stadt“ ist leer oder unbrauchbar"),
        ({"stadt": "A", "kennung": "../b"}, "„../b“ ist keine Kennung"),
        ({"stadt": "A", "kennung": "anders"}, "passt nicht zum Ordner"),
        ({"stadt": "A", "kennung": "Ä"}, "„Ä“ ist keine Kennung"),
        ({"stadt": "A", "bezugsdatum": "1.11.2026"}, "ist kein Bezugsdatum"),
        ({"stadt": "A", "breite": 0}, "nicht 0 Stellen"),
        ({"stadt": "A", "ebene": {"eines": "Bezirk"}}, "nicht genau die Felder"),
    ],
)
def test_falsche_angaben_werden_erklaert_und_nichts_entsteht(ziel, felder, meldung):
    with pytest.raises(Aufruffehler, match=meldung):
        lege_an(ziel, **felder)
    assert list(ziel.parent.iterdir()) == []


def test_alle_maengel_auf_einmal(ziel):
    with pytest.raises(Aufruffehler) as fehler:
        lege_an(ziel, stadt="", kennung="A B", breite=99)
    assert len(str(fehler.value).splitlines()) == 3


def test_nur_leere_ordner_werden_gefuellt(ziel):
    ziel.mkdir()
    lege_an(ziel, stadt="Kleindorf")
    vorher = (ziel / "projekt.yaml").read_bytes()
    with pytest.raises(Aufruffehler, match="nicht leer"):
        lege_an(ziel, stadt="Anderswo")
    assert (ziel / "projekt.yaml").read_bytes() == vorher
    datei = ziel.parent / "datei"
    datei.write_text("x", encoding="utf-8")
    with pytest.raises(Aufruffehler, match="kein Ordner"):
        lege_an(datei, stadt="Kleindorf")
    assert datei.read_text(encoding="utf-8") == "x"
    assert sorted(p.name for p in ziel.parent.iterdir()) == ["datei", "kleindorf"]


def test_kennung_kommt_aus_dem_ordner(tmp_path):
    lege_an(tmp_path / "Mülheim Ruhr", stadt="Mülheim an der Ruhr")
    projekt = lies_yaml(tmp_path / "Mülheim Ruhr" / "projekt.yaml")
    assert projekt["id"] == "muelheim-ruhr"
    assert kennung_aus("  ") == ""


@pytest.mark.lang
def test_gefuelltes_projekt_laeuft_bis_zum_ergebnis(ziel, tmp_path):
    lege_an(ziel, stadt="Kleindorf")
    for _, fuelle in SCHRITTE:
        fuelle(ziel)
    ergebnis = quartier(
        "lauf", "--projekt", str(ziel), "--ausgabe", str(tmp_path / "aus")
    )
    assert ergebnis.returncode == 0, ergebnis.stdout + ergebnis.stderr
    (lauf,) = (tmp_path / "aus" / "kleindorf").iterdir()
    assert not lauf.name.endswith("-unvollstaendig")
    assert {p.stem for p in lauf.glob("steckbriefe/*.pdf")} >= set(NAMEN)
    seite = (lauf / "index.html").read_text(encoding="utf-8")
    assert "Kleindorf" in seite


def test_gescheitertes_anlegen_hinterlaesst_nichts(ziel, monkeypatch):
    def scheitert(*_args, **_kwargs):
        raise OSError("Platte voll")

    monkeypatch.setattr(Path, "rename", scheitert)
    with pytest.raises(OSError, match="Platte voll"):
        lege_an(ziel, stadt="Kleindorf")
    monkeypatch.undo()
    assert list(ziel.parent.iterdir()) == []
