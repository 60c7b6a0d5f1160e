"""Baut Lieferungen, die sich nicht als Text aufschreiben lassen.

Jede Funktion schreibt in einen Ordner und gibt die Datei zurück, die geprüft wird;
wer eine andere Zuordnung braucht, gibt Änderungen als zweites Ergebnis.
"""

import json
import sqlite3
import struct
import zipfile
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
import typst
import xlsxwriter
from eingang_hilfe import FAELLE

ORT = FAELLE / "kleinstadt"
KOPF = ["Nr", "Bezirk", "Arbeitslose", "Bevölkerung"]
ZEILEN = [
    ["010", "Vöde", 40, 1000],
    ["011", "Großer Weg", 55, 1100],
    ["020", "Am Ring", 63, 900],
    ["021", "Hamme/Nord", 12, 600],
]


def flaechen() -> gpd.GeoDataFrame:
    """Flächen der Kleinstadt mit Zahlen."""
    rahmen = gpd.read_file(ORT / "gebiete.geojson")[["schluessel", "name", "geometry"]]
    return rahmen.assign(
        arbeitslose=[z[2] for z in ZEILEN], bevoelkerung=[z[3] for z in ZEILEN]
    )


def schreibe_mappe(datei: Path, blaetter: dict[str, list[list[object]]], **formate):
    """Excel-Mappe aus Zeilen; `formate` sind Zahlenformate je Spaltenname."""
    with xlsxwriter.Workbook(datei) as mappe:
        for name, zeilen in blaetter.items():
            blatt = mappe.add_worksheet(name)
            for r, zeile in enumerate(zeilen):
                for c, wert in enumerate(zeile):
                    muster = formate.get(str(zeilen[0][c]))
                    form = mappe.add_format({"num_format": muster}) if muster else None
                    if isinstance(wert, str) and wert.startswith("="):
                        blatt.write_formula(r, c, wert, form, 0)
                    elif isinstance(wert, str):
                        blatt.write_string(r, c, wert, form)
                    elif wert is not None:
                        blatt.write_number(r, c, wert, form)
    return datei


def _mappe(ordner: Path, zeilen=None, name="alo_2024.xlsx", **formate) -> Path:
    inhalt = {"Tabelle": zeilen or [KOPF, *ZEILEN]}
    return schreibe_mappe(ordner / name, inhalt, **formate)


# Excel


def excel_personen(ordner):
    zeilen = [["BG-Nummer", "Bezirk"], ["31704BG0012345", "Vöde"]]
    return schreibe_mappe(ordner / "kunden.xlsx", {"Kunden": zeilen})


def excel_formel(ordner):
    zeilen = [KOPF, ["010", "Vöde", "=1+1", 1000], *ZEILEN[1:]]
    return _mappe(ordner, zeilen)


def excel_packungsbombe(ordner):
    datei = _mappe(ordner)
    with zipfile.ZipFile(datei, "a", zipfile.ZIP_DEFLATED) as archiv:
        archiv.writestr("xl/media/bild.bin", b"\0" * 60_000_000)
    return datei


def excel_entitaeten(ordner):
    datei = _mappe(ordner)
    bombe = (
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
        "<sst><si><t>&b;</t></si></sst>"
    )
    return _ersetze(datei, "xl/sharedStrings.xml", bombe)


def _ersetze(datei: Path, eintrag: str, inhalt: str) -> Path:
    with zipfile.ZipFile(datei) as archiv:
        teile = {n: archiv.read(n) for n in archiv.namelist()}
    teile[eintrag] = inhalt.encode()
    with zipfile.ZipFile(datei, "w", zipfile.ZIP_DEFLATED) as archiv:
        for name, daten in teile.items():
            archiv.writestr(name, daten)
    return datei


def excel_pfad(ordner):
    return _ersetze(_mappe(ordner), "../../boese.xml", "<a/>")


def excel_abgeschnitten(ordner):
    datei = _mappe(ordner)
    datei.write_bytes(datei.read_bytes()[:1500])
    return datei


def excel_fremdes_archiv(ordner):
    datei = ordner / "alo_2024.xlsx"
    with zipfile.ZipFile(datei, "w") as archiv:
        archiv.writestr("brief.txt", "Hallo")
    return datei


def excel_alt(ordner):
    datei = ordner / "alo_2024.xlsx"
    datei.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    return datei


def excel_prozentformat(ordner):
    kopf = ["Nr", "Bezirk", "Anteil"]
    zeilen = [kopf, ["010", "Vöde", 0.041], ["011", "Großer Weg", 0.052]]
    spalten = [{"spalte": "Anteil", "indikator": "B01", "einheit": "anteil"}]
    return _mappe(ordner, zeilen, Anteil="0.0%"), {"spalten": spalten}


def excel_zahlschluessel(ordner):
    return _mappe(ordner, [KOPF, [10, *ZEILEN[0][1:]], [11, *ZEILEN[1][1:]]])


def excel_zwei_blaetter(ordner):
    blaetter = {"2023": [KOPF, *ZEILEN], "2024": [KOPF, *ZEILEN]}
    return schreibe_mappe(ordner / "alo_2024.xlsx", blaetter)


def excel_falsches_blatt(ordner):
    return _mappe(ordner), {"blatt": "2025"}


def excel_verbunden(ordner):
    datei = ordner / "alo_2024.xlsx"
    with xlsxwriter.Workbook(datei) as mappe:
        blatt = mappe.add_worksheet("Tabelle")
        for r, zeile in enumerate([KOPF, *ZEILEN]):
            blatt.write_row(r, 0, zeile)
        blatt.merge_range(1, 1, 2, 1, "Vöde")
    return datei


def excel_gemischt(ordner):
    zeilen = [
        ["Nr", "Bezirk", "Anteil"],
        ["010", "Vöde", 4.1],
        ["011", "Großer Weg", "5.2"],
    ]
    spalten = [{"spalte": "Anteil", "indikator": "B01"}]
    return _mappe(ordner, zeilen), {"spalten": spalten}


# Pfade


def verknuepfung(ordner):
    ziel = ordner / "anderswo.txt"
    ziel.write_text("Nr;Bezirk\n010;Vöde\n", encoding="utf-8")
    datei = ordner / "alo_2024.csv"
    datei.symlink_to(ziel)
    return datei


def ordner_als_datei(ordner):
    datei = ordner / "alo_2024.csv"
    datei.mkdir()
    return datei


def fehlende_datei(ordner):
    return ordner / "alo_2024.csv"


def viele_spalten(ordner):
    datei = ordner / "alo_2024.csv"
    kopf = ";".join(f"S{i}" for i in range(2500))
    werte = ";".join("1" for _ in range(2500))
    datei.write_text(f"{kopf}\n{werte}\n", encoding="utf-8")
    return datei


# Parquet


def parquet_falscher_fuss(ordner):
    datei = ordner / "alo_2024.parquet"
    pq.write_table(pa.table({"Nr": ["010"], "Arbeitslose": [40]}), datei)
    roh = datei.read_bytes()
    datei.write_bytes(roh[:-8] + struct.pack("<I", 2_000_000_000) + b"PAR1")
    return datei


def parquet_riesig(ordner):
    datei = ordner / "alo_2024.parquet"
    pq.write_table(pa.table({"Nr": pa.array([1] * 2_000_001, pa.int8())}), datei)
    return datei


def parquet_verschachtelt(ordner):
    datei = ordner / "alo_2024.parquet"
    pq.write_table(pa.table({"Nr": ["010"], "Werte": [[1, 2]]}), datei)
    return datei


# Flächen


def _geojson(ordner: Path, rahmen: gpd.GeoDataFrame, name="bezirke.geojson") -> Path:
    datei = ordner / name
    datei.write_text(rahmen.to_json(drop_id=True, to_wgs84=False), encoding="utf-8")
    return datei


def _mit_form(stelle: int, form) -> gpd.GeoDataFrame:
    rahmen = flaechen()[["schluessel", "name", "geometry"]]
    formen = list(rahmen.geometry)
    formen[stelle] = form
    return rahmen.set_geometry(formen, crs="EPSG:4326")


def geojson_abgeschnitten(ordner):
    datei = _geojson(ordner, flaechen())
    datei.write_text(datei.read_text(encoding="utf-8")[:700], encoding="utf-8")
    return datei


def geojson_tief(ordner):
    datei = ordner / "bezirke.geojson"
    datei.write_text('{"a":' * 5000 + "1" + "}" * 5000, encoding="utf-8")
    return datei


def flaeche_schleife(ordner):
    ecken = [(7.2, 51.4), (7.25, 51.45), (7.25, 51.4), (7.2, 51.45), (7.2, 51.4)]
    return _geojson(ordner, _mit_form(0, shapely.Polygon(ecken)))


def flaeche_ueberlappt(ordner):
    return _geojson(ordner, _mit_form(0, shapely.box(7.2, 51.4, 7.251, 51.45)))


def flaeche_luecke(ordner):
    ganz = shapely.box(7.2, 51.4, 7.25, 51.45)
    loch = shapely.box(7.21, 51.41, 7.22, 51.42)
    return _geojson(ordner, _mit_form(0, ganz.difference(loch)))


def flaeche_doppelt(ordner):
    rahmen = flaechen()
    return _geojson(ordner, rahmen.iloc[[0, 0, 1, 2, 3]].reset_index(drop=True))


def flaeche_fehlt(ordner):
    return _geojson(ordner, flaechen().iloc[:3])


def flaeche_fremd(ordner):
    rahmen = flaechen()
    rahmen.loc[0, "schluessel"] = "900"
    return _geojson(ordner, rahmen)


def flaeche_punkte(ordner):
    rahmen = flaechen()
    punkte = [form.representative_point() for form in rahmen.geometry]
    return _geojson(ordner, rahmen.set_geometry(punkte, crs="EPSG:4326"))


def flaeche_utm_als_grad(ordner):
    datei = _geojson(ordner, flaechen().to_crs("EPSG:25832"))
    inhalt = json.loads(datei.read_text(encoding="utf-8"))
    inhalt.pop("crs", None)
    datei.write_text(json.dumps(inhalt), encoding="utf-8")
    return datei


def flaeche_vertauscht(ordner):
    rahmen = flaechen()
    gedreht = shapely.transform(rahmen.geometry.values, lambda k: k[:, ::-1])
    return _geojson(ordner, rahmen.set_geometry(list(gedreht), crs="EPSG:4326"))


def flaeche_meer(ordner):
    rahmen = flaechen()
    formen = list(rahmen.geometry.translate(-30, 0))
    return _geojson(ordner, rahmen.set_geometry(formen, crs="EPSG:4326"))


def flaeche_leer(ordner):
    datei = _geojson(ordner, flaechen())
    inhalt = json.loads(datei.read_text(encoding="utf-8"))
    inhalt["features"][0]["geometry"] = None
    datei.write_text(json.dumps(inhalt), encoding="utf-8")
    return datei


def flaeche_verschoben(ordner):
    formen = [
        shapely.box(7.2, 51.4, 7.249, 51.45),
        shapely.box(7.249, 51.4, 7.3, 51.45),
    ]
    rahmen = flaechen()[["schluessel", "name", "geometry"]]
    formen += list(rahmen.geometry)[2:]
    return _geojson(ordner, rahmen.set_geometry(formen, crs="EPSG:4326"))


def _shapefile(ordner: Path) -> Path:
    datei = ordner / "bezirke.shp"
    kurz = {"schluessel": "schluessel", "arbeitslose": "alo", "bevoelkerung": "bev"}
    flaechen().rename(columns=kurz).to_file(
        datei, driver="ESRI Shapefile", encoding="UTF-8"
    )
    return datei


def shapefile_ohne_prj(ordner):
    datei = _shapefile(ordner)
    datei.with_suffix(".prj").unlink()
    return datei


def shapefile_ohne_dbf(ordner):
    datei = _shapefile(ordner)
    datei.with_suffix(".dbf").unlink()
    return datei


def dbf_zwei_gigabyte(ordner):
    datei = _shapefile(ordner)
    dbf = datei.with_suffix(".dbf")
    roh = bytearray(dbf.read_bytes())
    roh[4:8] = struct.pack("<I", 2_000_000_000)
    dbf.write_bytes(bytes(roh))
    return datei


def shp_zwei_gigabyte(ordner):
    datei = _shapefile(ordner)
    roh = bytearray(datei.read_bytes())
    roh[24:28] = struct.pack(">i", 1_073_741_823)
    datei.write_bytes(bytes(roh))
    return datei


def gpkg_zwei_ebenen(ordner):
    datei = ordner / "bezirke.gpkg"
    flaechen().to_file(datei, layer="bezirke", driver="GPKG")
    flaechen().to_file(datei, layer="viertel", driver="GPKG")
    return datei


def vrt_als_geojson(ordner):
    datei = ordner / "bezirke.geojson"
    datei.write_text(
        "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd"
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        encoding="utf-8",
    )
    return datei


def gpkg_als_shapefile(ordner):
    datei = ordner / "bezirke.shp"
    with sqlite3.connect(datei) as verbindung:
        verbindung.execute("create table t (a)")
    verbindung.close()
    return datei


GML_KOPF = (
    '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" '
    'xmlns:gml="http://www.opengis.net/gml/3.2" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:k="http://k.example">'
)


def gml_bombe(ordner):
    datei = ordner / "bezirke.gml"
    datei.write_text(
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'
        f"{GML_KOPF}<wfs:member>&b;</wfs:member></wfs:FeatureCollection>",
        encoding="utf-8",
    )
    return datei


def gml_verweis(ordner):
    datei = ordner / "bezirke.gml"
    datei.write_text(
        f"{GML_KOPF}<wfs:member><k:b><k:form "
        'xlink:href="http://boese.example/f.gml"/></k:b></wfs:member>'
        "</wfs:FeatureCollection>",
        encoding="utf-8",
    )
    return datei


# PDF


def pdf_keines(ordner):
    datei = ordner / "sozialbericht.pdf"
    datei.write_bytes(b"Das ist kein PDF." * 20)
    return datei


def pdf_abgeschnitten(ordner):
    datei = ordner / "sozialbericht.pdf"
    roh = typst.compile(b"= Tabelle\n#lorem(200)", format="pdf")
    datei.write_bytes(roh[:400])
    return datei


def pdf_ohne_tabelle(ordner):
    datei = ordner / "sozialbericht.pdf"
    datei.write_bytes(typst.compile(b"= Vorwort\n#lorem(80)", format="pdf"))
    return datei
