"""Orte, MapServer und PostGIS für die Tests des Eingangs."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from quartierstools.eingang.gebiete import lies_gebiete
from quartierstools.eingang.namen import Gebietsverzeichnis
from quartierstools.katalog import Katalog, Projektordner, lade_katalog

DATEN = Path(__file__).parents[2] / "daten"
FAELLE = Path(__file__).parents[1] / "faelle" / "eingang"


@dataclass(frozen=True)
class Ort:
    """Ein Projekt mit allem, was ein Leser braucht."""

    ordner: Projektordner
    katalog: Katalog
    gebiete: gpd.GeoDataFrame
    bezirke: gpd.GeoDataFrame
    verzeichnis: Gebietsverzeichnis


def lies_ort(wurzel: Path) -> Ort:
    ordner = Projektordner(wurzel)
    katalog = lade_katalog(ordner)
    gebiete, bezirke = lies_gebiete(ordner, katalog)
    verzeichnis = Gebietsverzeichnis.from_flaechen(
        gebiete,
        bezirke,
        stadt=katalog.projekt.stadt,
        breite=katalog.projekt.schluessel_breite,
    )
    return Ort(ordner, katalog, gebiete, bezirke, verzeichnis)


MAPFILE = """MAP
  NAME "kleinstadt"
  EXTENT 7.2 51.4 7.3 51.5
  PROJECTION "init=epsg:4326" END
  WEB
    METADATA
      "ows_enable_request" "*"
      "ows_title" "Kleinstadt"
      "ows_srs" "EPSG:4326 EPSG:25832"
      "wfs_onlineresource" "{adresse}?"
      "oga_onlineresource" "{adresse}/kleinstadt/ogcapi"
      "oga_enable_request" "*"
    END
  END
  OUTPUTFORMAT
    NAME "geojson"
    DRIVER "OGR/GEOJSON"
    MIMETYPE "application/json; subtype=geojson; charset=utf-8"
    FORMATOPTION "FORM=SIMPLE"
    FORMATOPTION "STORAGE=memory"
    FORMATOPTION "LCO:NATIVE_MEDIA_TYPE=application/vnd.geo+json"
  END
  LAYER
    NAME "bezirke"
    TYPE POLYGON
    STATUS ON
    CONNECTIONTYPE OGR
    CONNECTION "{datei}"
    DATA "bezirke"
    PROJECTION "init=epsg:4326" END
    TEMPLATE "leer.html"
    METADATA
      "ows_title" "Bezirke"
      "gml_include_items" "all"
      "ows_include_items" "all"
      "gml_featureid" "schluessel"
      "gml_types" "auto"
      "gml_schluessel_type" "Character"
      "wfs_getfeature_formatlist" "geojson"
    END
  END
END
"""


def starte_server(art: str, ziel: Path) -> tuple[subprocess.Popen[str], str]:
    """Startet `dienstserver.py` und gibt Prozess und Adresse zurück."""
    befehl = [sys.executable, str(Path(__file__).with_name("dienstserver.py"))]
    prozess = subprocess.Popen(
        [*befehl, art, str(ziel)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    hafen = prozess.stdout.readline().strip()
    return prozess, f"http://127.0.0.1:{hafen}"


def beende(prozess: subprocess.Popen[str]) -> None:
    prozess.terminate()
    prozess.wait(timeout=10)
    prozess.stdout.close()


def starte_mapserver(ordner: Path, flaechen: Path) -> tuple[subprocess.Popen[str], str]:
    """Startet MapServer (CGI) auf Loopback und gibt Prozess und Adresse zurück.

    `flaechen` ist ein GeoPackage mit der Ebene „bezirke“. Der Aufrufer beendet den
    Prozess mit `beende`.
    """
    programm = shutil.which("mapserv") or "/usr/lib/cgi-bin/mapserv"
    cgi = ordner / "cgi-bin"
    cgi.mkdir(parents=True)
    karte, einstellung = ordner / "kleinstadt.map", ordner / "mapserver.conf"
    huelle = cgi / "mapserv"
    huelle.write_text(
        f"#!/bin/sh\nexport MAPSERVER_CONFIG_FILE={einstellung}\n"
        'case "$PATH_INFO" in */ogcapi*) ;; *) '
        f"export MS_MAPFILE={karte};; esac\nexec {programm}\n",
        encoding="utf-8",
    )
    huelle.chmod(0o755)
    prozess, server = starte_server("cgi", ordner)
    adresse = f"{server}/cgi-bin/mapserv"
    karte.write_text(MAPFILE.format(adresse=adresse, datei=flaechen), encoding="utf-8")
    einstellung.write_text(
        'CONFIG\n  ENV\n    MS_MAP_PATTERN "."\n'
        f'    OGCAPI_HTML_TEMPLATE_DIRECTORY "{ordner}/"\n  END\n'
        f'  MAPS\n    kleinstadt "{karte}"\n  END\nEND\n',
        encoding="utf-8",
    )
    return prozess, adresse


def _als_postgres(befehl: list[str]) -> subprocess.CompletedProcess[str]:
    nutzer = [] if os.geteuid() else ["runuser", "-u", "postgres", "--"]
    return subprocess.run(
        [*nutzer, *befehl], capture_output=True, text=True, check=False, cwd="/"
    )


def starte_postgis(name: str, kennwort: str) -> str | None:
    """Legt Nutzer und Datenbank mit PostGIS an; startet den Cluster, wenn er ruht.

    Gibt die Adresse zurück oder None, wenn PostgreSQL mit PostGIS fehlt.
    """
    if not Path("/usr/bin/pg_ctlcluster").is_file():
        return None
    stand = subprocess.run(
        ["/usr/bin/pg_lsclusters", "-h"], capture_output=True, text=True, check=False
    ).stdout.split()
    if len(stand) < 4:
        return None
    version, cluster, hafen, zustand = stand[:4]
    if "online" not in zustand:
        subprocess.run(
            ["/usr/bin/pg_ctlcluster", version, cluster, "start"], check=False
        )
    befehle = (
        f"create role {name} login password '{kennwort}'",
        f"create database {name} owner {name}",
    )
    for befehl in befehle:
        if _als_postgres(["psql", "-p", hafen, "-qc", befehl]).returncode:
            return None
    erweiterung = ["psql", "-p", hafen, "-d", name, "-qc", "create extension postgis"]
    if _als_postgres(erweiterung).returncode:
        raeume_postgis_auf(name, hafen)
        return None
    return f"postgresql://{name}:{kennwort}@127.0.0.1:{hafen}/{name}"


def raeume_postgis_auf(name: str, hafen: str) -> None:
    for befehl in (f"drop database if exists {name}", f"drop role if exists {name}"):
        _als_postgres(["psql", "-p", hafen, "-qc", befehl])
