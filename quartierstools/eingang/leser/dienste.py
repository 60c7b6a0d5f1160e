"""Wie lesen wir Adressen? WFS, OGC API Features und PostGIS."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from quartierstools.eingang.adressen import VORSAETZE, adressart, adresse_text
from quartierstools.eingang.leser.geodaten import aus_rahmen, lies_quelle
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.pruefregeln import Pruefregeln
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.schreibweise import zahl_text

ZEITGRENZE = 60
VERBINDUNGSGRENZE = 10
HTTP = {
    "GDAL_HTTP_TIMEOUT": str(ZEITGRENZE),
    "GDAL_HTTP_CONNECTTIMEOUT": str(VERBINDUNGSGRENZE),
    "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_CURL_VERBOSE": "NO",
    "OGR_WFS_PAGING_ALLOWED": "ON",
    "OGR_WFS_USE_STREAMING": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
}
TABELLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?")


def _getrennt(adresse: str) -> tuple[str, str]:
    ohne, _, ebene = adresse.partition("#")
    return ohne, ebene


def lies_dienst(adresse: str, *, ebene: str = "", regeln: Pruefregeln) -> Rohtabelle:
    """Liest eine Ebene eines WFS oder einer OGC API Features.

    Parameters
    ----------
    adresse : str
        ``WFS:https://…`` oder ``OAPIF:https://…``, wahlweise mit ``#Ebene``.

    Raises
    ------
    Datenfehler
        Wenn die Adresse nicht antwortet, die Ebene fehlt oder es kein Dienst ist.
    """
    name = adresse_text(adresse)
    ohne, anhang = _getrennt(adresse)
    vorsatz = next((v for v in VORSAETZE if ohne.upper().startswith(v)), "")
    if not vorsatz:
        vorsatz = "WFS:" if adressart(adresse) == "wfs" else "OAPIF:"
    else:
        ohne = ohne[len(vorsatz) :]
    if not ohne.lower().startswith(("http://", "https://")):
        befund = Befund(
            ort=name,
            was="Das ist keine Adresse im Netz.",
            erwartet=f"{vorsatz}https://…",
            rat="Dateien bitte ohne Vorsatz angeben.",
        )
        raise Datenfehler(name, [befund])
    with gdal_einstellungen(HTTP):
        return lies_quelle(
            vorsatz + ohne,
            name=name,
            ebene=ebene or anhang,
            optionen={},
            regeln=regeln,
            beschaedigt="Die Adresse antwortet nicht als Geodatendienst.",
        )


@contextmanager
def gdal_einstellungen(werte: dict[str, str]) -> Iterator[None]:
    """Setzt GDAL-Einstellungen für die Dauer eines Lesens."""
    import pyogrio  # noqa: PLC0415

    vorher = {name: pyogrio.get_gdal_config_option(name) for name in werte}
    pyogrio.set_gdal_config_options(dict(werte))
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(vorher)


def lies_datenbank(
    adresse: str, *, tabelle: str = "", regeln: Pruefregeln
) -> Rohtabelle:
    """Liest eine Tabelle oder Sicht aus PostgreSQL/PostGIS, nur lesend.

    Parameters
    ----------
    adresse : str
        ``postgresql://nutzer@rechner/datenbank``, wahlweise mit
        ``#schema.tabelle``. Das Kennwort gehört in die Datei ``.pgpass``.

    Raises
    ------
    Datenfehler
        Wenn die Datenbank nicht antwortet oder die Tabelle fehlt.
    """
    name = adresse_text(adresse)
    ohne, anhang = _getrennt(adresse)
    gesucht = tabelle or anhang
    if not TABELLE.fullmatch(gesucht):
        befund = Befund(
            ort=name,
            was=f"„{sicherer_text(gesucht)}“ ist kein Tabellenname.",
            erwartet="eine Adresse wie postgresql://nutzer@rechner/db#schema.tabelle",
            rat="Bitte die Tabelle nach # oder als blatt in lieferung.yaml angeben.",
        )
        raise Datenfehler(name, [befund])
    import sqlalchemy as sa  # noqa: PLC0415 – nur für Datenbanken

    einstellungen = (
        f"-c default_transaction_read_only=on -c statement_timeout={ZEITGRENZE * 1000}"
    )
    try:
        ziel = sa.engine.make_url(ohne).set(drivername="postgresql+psycopg")
        maschine = sa.create_engine(
            ziel,
            poolclass=sa.pool.NullPool,
            connect_args={
                "connect_timeout": VERBINDUNGSGRENZE,
                "options": einstellungen,
            },
        )
        with maschine.connect() as verbindung:
            rahmen = _tabelle(verbindung, gesucht, name, regeln)
            geladen = aus_rahmen(rahmen, name)
    except sa.exc.SQLAlchemyError as fehler:
        befund = Befund(
            ort=name,
            was=_datenbankgrund(fehler),
            erwartet="eine erreichbare Datenbank mit Leserecht",
            rat="Bitte Adresse, Anmeldung (.pgpass) und Netz prüfen.",
        )
        # Ohne Verweis auf die Ursache: Sie könnte das Kennwort enthalten.
        raise Datenfehler(name, [befund]) from None
    return geladen


def _datenbankgrund(fehler: Exception) -> str:
    text = str(getattr(fehler, "orig", fehler)).lower()
    if "does not exist" in text or "existiert nicht" in text:
        return "Datenbank, Tabelle oder Nutzer gibt es nicht."
    if "password" in text or "authentication" in text or "passwort" in text:
        return "Die Anmeldung an der Datenbank ist gescheitert."
    if "timeout" in text:
        return "Die Datenbank antwortet nicht rechtzeitig."
    return "Die Datenbank ist nicht erreichbar."


def _tabelle(
    verbindung: Any,  # noqa: ANN401
    tabelle: str,
    name: str,
    regeln: Pruefregeln,
) -> Any:  # noqa: ANN401
    import geopandas as gpd  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415
    import sqlalchemy as sa  # noqa: PLC0415

    schema, _, kurz = tabelle.rpartition(".")
    pruefer = sa.inspect(verbindung)
    namen = [
        *pruefer.get_table_names(schema=schema or None),
        *pruefer.get_view_names(schema=schema or None),
    ]
    if kurz not in namen:
        befund = Befund(
            ort=name,
            was=f"Die Tabelle „{tabelle}“ gibt es nicht.",
            erwartet=f"eine von {', '.join(sorted(namen)[:8]) or 'keiner'}",
            rat="Bitte Namen, Schema und Leserecht prüfen.",
        )
        raise Datenfehler(name, [befund])
    geometrie = _geometriespalte(verbindung, schema, kurz)
    ziel = sa.table(kurz, schema=schema or None)
    anzahl = verbindung.execute(sa.select(sa.func.count()).select_from(ziel)).scalar()
    if anzahl > regeln.hoechstens_zeilen:
        befund = Befund(
            ort=name,
            was=f"Die Tabelle hat {zahl_text(anzahl)} Zeilen.",
            erwartet=f"höchstens {zahl_text(regeln.hoechstens_zeilen)}",
        )
        raise Datenfehler(name, [befund])
    abfrage = sa.select(sa.text("*")).select_from(ziel)
    if not geometrie:
        return pd.read_sql(abfrage, verbindung)
    rahmen = gpd.read_postgis(abfrage, verbindung, geom_col=geometrie)
    return rahmen.rename_geometry("geometry")


def _geometriespalte(verbindung: Any, schema: str, tabelle: str) -> str:  # noqa: ANN401
    """Name der Geometriespalte; leer, wenn es keine (oder kein PostGIS) gibt."""
    import sqlalchemy as sa  # noqa: PLC0415

    frage = sa.text(
        "select a.attname from pg_attribute a "
        "join pg_class c on c.oid = a.attrelid "
        "join pg_namespace n on n.oid = c.relnamespace "
        "join pg_type t on t.oid = a.atttypid "
        "where c.relname = :tabelle and t.typname in ('geometry', 'geography') "
        "and n.nspname = coalesce(nullif(:schema, ''), current_schema()) "
        "order by a.attnum limit 1"
    )
    gefunden = verbindung.execute(frage, {"tabelle": tabelle, "schema": schema})
    return str(gefunden.scalar() or "")
