"""Zufällig beschädigte Dateien: verstanden oder abgelehnt, nie ein Absturz.

Aus guten Lieferungen und einem guten Projekt werden einzelne Byte verändert oder der
Rest abgeschnitten. Die Prüfung muss zurückkehren und darf nichts liegen lassen.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typst
import yaml
from eingang_hilfe import FAELLE
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from lieferungsbau import KOPF, ZEILEN, flaechen, schreibe_mappe

from quartierstools.dokument import texte
from quartierstools.eingang.lieferung import lies_lieferung
from quartierstools.eingang.pruefbericht import pruefe_dateien
from quartierstools.eingang.pruefdarstellung import pruefdokument
from quartierstools.eingang.zuordnung import finde_zuordnungen
from quartierstools.katalog import Projektordner

BEISPIELE = settings(
    max_examples=int(os.environ.get("QUARTIER_SCHAEDEN", "60")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # Verkleinern dauert zu lange
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SPALTEN = [
    {"spalte": "Alo", "indikator": "B01", "rolle": "zaehler"},
    {"spalte": "Bev", "indikator": "B01", "rolle": "nenner"},
]
LIEFERUNGEN = (
    *("alo.csv", "alo.xlsx", "alo.parquet", "alo.geojson", "alo.gpkg", "alo.gml"),
    *("alo.shp", "alo.dbf", "alo.shx", "alo.prj", "alo.pdf", "lieferung.yaml"),
)
PROJEKTTEILE = (
    *("projekt.yaml", "gebiete.geojson", "stadtbezirke.geojson"),
    *("bestand/arbeitsmarkt_2023.csv", "katalog/quellen.yaml"),
)
SCHADEN = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6
)
ENDE = st.one_of(st.just(1.0), st.floats(0, 1))


class Lager:
    """Ordner mit guten Lieferungen und der Ort dazu; kurz in Fehlermeldungen."""

    def __init__(self, ordner: Path, ort) -> None:
        self.ordner, self.ort = ordner, ort

    def __repr__(self) -> str:
        return "Lager()"


@pytest.fixture(scope="module")
def lager(tmp_path_factory, kleinstadt) -> Lager:
    """Gute Lieferungen in jeder Form, mit lieferung.yaml."""
    ordner = tmp_path_factory.mktemp("lager")
    kopf = ["Nr", "Bezirk", "Alo", "Bev"]
    zeilen = [kopf, *ZEILEN]
    text = "".join(";".join(map(str, z)) + "\n" for z in zeilen)
    (ordner / "alo.csv").write_text(text, encoding="utf-8")
    schreibe_mappe(ordner / "alo.xlsx", {"Tabelle": zeilen})
    spalten = dict(zip(kopf, map(list, zip(*ZEILEN, strict=True)), strict=True))
    pq.write_table(pa.table(spalten), ordner / "alo.parquet")
    rahmen = flaechen().set_axis(["Nr", "Bezirk", "geometry", "Alo", "Bev"], axis=1)
    for endung, treiber in (
        ("geojson", "GeoJSON"),
        ("gpkg", "GPKG"),
        ("shp", "ESRI Shapefile"),
        ("gml", "GML"),
    ):
        rahmen.to_file(ordner / f"alo.{endung}", driver=treiber, encoding="UTF-8")
    zellen = ", ".join(f"[{z}]" for zeile in zeilen for z in zeile[1:])
    seite = f"= Arbeitslose am 31.12.2024\n#table(columns: 3, stroke: none, {zellen})"
    (ordner / "alo.pdf").write_bytes(typst.compile(seite.encode(), format="pdf"))
    eintraege = {
        art: {
            "datei": f"alo.{art}",
            "quelle": "statistik",
            "stichtag": "2024-12-31",
            "spalten": [dict(s) for s in SPALTEN],
            **({"name": "Gebiet"} if art == "pdf" else {"schluessel": "Nr"}),
        }
        for art in ("csv", "xlsx", "parquet", "geojson", "gpkg", "gml", "shp", "pdf")
    }
    inhalt = yaml.safe_dump(eintraege, allow_unicode=True)
    (ordner / "lieferung.yaml").write_text(inhalt, encoding="utf-8")
    return Lager(ordner, kleinstadt)


def beschaedige(datei: Path, schaden: list[tuple[float, int]], ende: float) -> None:
    roh = bytearray(datei.read_bytes())
    for stelle, byte in schaden:
        roh[int(stelle * len(roh))] = byte
    datei.write_bytes(bytes(roh[: round(ende * len(roh))]))


def dateien(ordner: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in ordner.rglob("*") if p.is_file()}


def verlange_ganzen_bericht(bericht) -> None:
    for befund in bericht.fehler:
        assert befund.erwartet or befund.rat, befund
    assert not any("\x1b" in text for text in texte(pruefdokument(bericht)))


def test_unbeschaedigt_wird_jede_lieferung_angenommen(lager):
    bericht = pruefe_dateien([lager.ordner], lager.ort.ordner)
    assert bericht.in_ordnung, bericht.fehler
    assert len(bericht.tabellen) == 8
    assert KOPF[0] == "Nr"


ZERRISSEN = [
    (0.24415408602781777, 201),
    (0.15823077743160563, 68),
    (0.6507113427537425, 36),
]
"""Trifft den gepackten Strom eines Blattes; zlib gab den Fehler roh weiter."""


@BEISPIELE
@given(st.sampled_from(LIEFERUNGEN), SCHADEN, ENDE)
@example("alo.xlsx", ZERRISSEN, 1.0)
def test_beschaedigte_lieferung(lager, name, schaden, ende):
    with tempfile.TemporaryDirectory() as ordner:
        ziel = Path(ordner) / "lieferung"
        shutil.copytree(lager.ordner, ziel)
        beschaedige(ziel / name, schaden, ende)
        nebendatei = name.endswith((".dbf", ".shx", ".prj"))
        art = {"lieferung.yaml": "alo.csv"}.get(name, name)
        datei = ziel / ("alo.shp" if nebendatei else art)
        vorher = dateien(Path(ordner))
        bericht = pruefe_dateien([datei], lager.ort.ordner)
        verlange_ganzen_bericht(bericht)
        assert dateien(Path(ordner)) == vorher
        if bericht.in_ordnung and (zuordnungen := finde_zuordnungen(datei)):
            (zuordnung,) = zuordnungen
            werte = lies_lieferung(
                datei,
                zuordnung,
                katalog=lager.ort.katalog,
                verzeichnis=lager.ort.verzeichnis,
            )
            assert len(werte)
        assert dateien(Path(ordner)) == vorher


@BEISPIELE
@given(st.sampled_from(PROJEKTTEILE), SCHADEN, ENDE)
def test_beschaedigtes_projekt(name, schaden, ende):
    with tempfile.TemporaryDirectory() as ordner:
        ziel = Path(ordner) / "kleinstadt"
        shutil.copytree(FAELLE / "kleinstadt", ziel)
        beschaedige(ziel / name, schaden, ende)
        vorher = dateien(Path(ordner))
        verlange_ganzen_bericht(pruefe_dateien([], Projektordner(ziel)))
        assert dateien(Path(ordner)) == vorher
