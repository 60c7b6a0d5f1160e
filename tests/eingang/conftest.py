"""Projekte und echte Dienste für die Tests des Eingangs."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from eingang_hilfe import (
    DATEN,
    FAELLE,
    Ort,
    beende,
    lies_ort,
    raeume_postgis_auf,
    starte_mapserver,
    starte_postgis,
)

from quartierstools.eingang.pruefregeln import Pruefregeln, lies_pruefregeln


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "dienst: braucht MapServer oder PostgreSQL mit PostGIS"
    )


@pytest.fixture(scope="session")
def bochum() -> Ort:
    return lies_ort(DATEN / "bochum")


@pytest.fixture(scope="session")
def kleinstadt() -> Ort:
    """Vier Gebiete in zwei Stadtbezirken, dreistellige Schlüssel mit Null vorn."""
    return lies_ort(FAELLE / "kleinstadt")


@pytest.fixture(scope="session")
def regeln() -> Pruefregeln:
    return lies_pruefregeln()


@pytest.fixture(scope="session")
def mapserver(tmp_path_factory, kleinstadt) -> Iterator[str]:
    """Adresse eines echten MapServers mit den Flächen der Kleinstadt."""
    if not (shutil.which("mapserv") or Path("/usr/lib/cgi-bin/mapserv").is_file()):
        pytest.skip("MapServer ist nicht installiert (cgi-mapserver).")
    ordner = tmp_path_factory.mktemp("mapserver")
    flaechen = ordner / "bezirke.gpkg"
    lieferung = kleinstadt.gebiete.reset_index(names="schluessel")
    lieferung = lieferung[["schluessel", "name", "geometry"]]
    lieferung["arbeitslose"] = [40, 55, 63, 12]
    lieferung["bevoelkerung"] = [1000, 1100, 900, 600]
    lieferung.to_file(flaechen, layer="bezirke", driver="GPKG")
    prozess, adresse = starte_mapserver(ordner / "www", flaechen)
    yield adresse
    beende(prozess)


@pytest.fixture(scope="session")
def postgis(kleinstadt) -> Iterator[str]:
    """Adresse einer echten PostGIS-Datenbank mit den Flächen der Kleinstadt."""
    name = f"quartierstest_{secrets.token_hex(4)}"
    adresse = starte_postgis(name, secrets.token_hex(8))
    if adresse is None:
        pytest.skip("PostgreSQL mit PostGIS ist nicht installiert.")
    maschine = sa.create_engine(adresse.replace("://", "+psycopg://"))
    anlegen = (
        "create table bezirke (schluessel text, name text, arbeitslose integer, "
        "bevoelkerung integer, geom geometry(Polygon, 4326))"
    )
    einfuegen = sa.text(
        "insert into bezirke values (:schluessel, :name, :arbeitslose, "
        ":bevoelkerung, st_geomfromtext(:flaeche, 4326))"
    )
    zahlen = zip((40, 55, 63, 12), (1000, 1100, 900, 600), strict=True)
    with maschine.begin() as verbindung:
        verbindung.execute(sa.text(anlegen))
        for (schluessel, zeile), (oben, unten) in zip(
            kleinstadt.gebiete.iterrows(), zahlen, strict=True
        ):
            felder = {"schluessel": schluessel, "name": zeile["name"]}
            felder |= {"arbeitslose": oben, "bevoelkerung": unten}
            verbindung.execute(einfuegen, {**felder, "flaeche": zeile.geometry.wkt})
        sicht = (
            "create view zahlen as select schluessel, arbeitslose, "
            "'2024-12-31' as stichtag from bezirke"
        )
        verbindung.execute(sa.text(sicht))
    maschine.dispose()
    yield adresse
    raeume_postgis_auf(name, adresse.rpartition(":")[2].partition("/")[0])
