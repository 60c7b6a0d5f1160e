"""Wie lesen wir Flächendateien? GeoJSON, GeoPackage, Shapefile, GML – nie über Umwege.

Welcher Treiber liest, entscheidet der Anfang der Datei, nicht GDAL: Eine Datei, die
sich als Verweis auf andere Dateien oder Adressen verkleidet, wird nicht geöffnet.
"""

import json
import struct
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from quartierstools.eingang.leser.parquetdatei import tabelle_als_text
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.pruefregeln import Pruefregeln
from quartierstools.eingang.schutz import sicherer_text, xml_befunde
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.schreibweise import aufzaehlung, zahl_text

KOPF_SHP = 100
KOPF_DBF = 32
BESCHAEDIGT = {
    "geojson": "Die Datei ist kein vollständiges GeoJSON.",
    "gpkg": "Die Datei ist kein lesbares GeoPackage.",
    "shapefile": "Das Shapefile ist beschädigt oder unvollständig.",
    "gml": "Die Datei ist kein lesbares GML.",
}
OPTIONEN: Mapping[str, Mapping[str, str]] = {
    "gpkg": {"IMMUTABLE": "YES"},
    "gml": {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO", "REGISTRY": ""},
}


def lies_geodaten(
    datei: Path, *, name: str, art: str, ebene: str, regeln: Pruefregeln
) -> Rohtabelle:
    """Liest Flächen mit ihren Eigenschaften.

    Parameters
    ----------
    art : str
        ``geojson``, ``gpkg``, ``shapefile`` oder ``gml``.
    ebene : str
        Ebene im GeoPackage; leer, wenn es nur eine gibt.

    Returns
    -------
    Rohtabelle
        Mit `flaechen` (GeoSeries mit Koordinatensystem) und `zeilenwort` „Fläche“.

    Raises
    ------
    Datenfehler
        Wenn die Datei beschädigt ist, falsche Größen behauptet oder sich als etwas
        anderes ausgibt.
    """
    befunde = _anfangsbefunde(datei, name, art)
    if befunde:
        raise Datenfehler(name, befunde)
    if art == "geojson":
        _verlange_geojson(datei, name)
    return lies_quelle(
        str(datei),
        name=name,
        ebene=ebene,
        optionen=OPTIONEN.get(art, {}),
        regeln=regeln,
        beschaedigt=BESCHAEDIGT[art],
    )


def lies_quelle(
    adresse: str,
    *,
    name: str,
    ebene: str,
    optionen: Mapping[str, str],
    regeln: Pruefregeln,
    beschaedigt: str,
) -> Rohtabelle:
    """Liest eine GDAL-Quelle über pyogrio; Ausmaße werden vorher geprüft."""
    import pyogrio  # noqa: PLC0415 – GDAL nur, wenn es Flächen gibt

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ebenen = [str(e[0]) for e in pyogrio.list_layers(adresse)]
            gewaehlt = _ebene(ebenen, ebene, name)
            umfang = pyogrio.read_info(adresse, layer=gewaehlt, **optionen)
            _verlange_umfang(umfang, name, regeln)
            # Dienste nennen keine Anzahl; deshalb gilt die Grenze auch beim Lesen.
            grenze = regeln.hoechstens_zeilen + 1
            rahmen = pyogrio.read_dataframe(
                adresse, layer=gewaehlt, max_features=grenze, **optionen
            )
            _verlange_umfang({"features": len(rahmen), "fields": ()}, name, regeln)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as fehler:
        raise Datenfehler(name, [_unlesbar(name, beschaedigt)]) from fehler
    except (pyogrio.errors.GeometryError, UnicodeDecodeError, ValueError) as fehler:
        raise Datenfehler(name, [_unlesbar(name, beschaedigt)]) from fehler
    return aus_rahmen(rahmen, name, gewaehlt if len(ebenen) > 1 else "")


def _unlesbar(name: str, beschaedigt: str) -> Befund:
    return Befund(
        ort=name,
        was=beschaedigt,
        erwartet="eine vollständige Datei, die auch ein GIS öffnet",
        rat="Bitte neu ausgeben lassen.",
    )


def aus_rahmen(rahmen: Any, name: str, blatt: str = "") -> Rohtabelle:  # noqa: ANN401
    """Rohtabelle aus einem GeoDataFrame oder DataFrame."""
    flaechen = rahmen.geometry if "geometry" in rahmen.columns else None
    sachdaten = rahmen.drop(columns="geometry", errors="ignore")
    spalten = {str(s): _arrow(sachdaten[s]) for s in sachdaten.columns}
    roh = tabelle_als_text(pa.table(spalten), name)
    return replace(roh, blatt=blatt, zeilenwort="Fläche", flaechen=flaechen)


def _arrow(spalte: Any) -> Any:  # noqa: ANN401
    try:
        return pa.array(spalte, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if w is None else str(w) for w in spalte], pa.string())


def _ebene(ebenen: list[str], gesucht: str, name: str) -> str:
    if gesucht:
        gleich = [e for e in ebenen if gesucht in (e, e.rpartition(":")[2])]
        if gleich:
            return gleich[0]
    elif len(ebenen) == 1:
        return ebenen[0]
    befund = Befund(
        ort=name,
        was=f"Die Ebene „{sicherer_text(gesucht)}“ gibt es nicht."
        if gesucht
        else f"Hier sind {len(ebenen)} Ebenen.",
        erwartet=f"eine von {aufzaehlung([sicherer_text(e) for e in ebenen[:8]])}"
        if ebenen
        else "eine Ebene mit Flächen",
        rat="Bitte blatt in lieferung.yaml oder #Ebene an der Adresse angeben.",
    )
    raise Datenfehler(name, [befund])


def _verlange_umfang(umfang: Mapping[str, Any], name: str, regeln: Pruefregeln) -> None:
    zeilen, spalten = int(umfang["features"]), len(umfang["fields"])
    if zeilen > regeln.hoechstens_zeilen or spalten > regeln.hoechstens_spalten:
        befund = Befund(
            ort=name,
            was=f"Die Datei nennt {zahl_text(zeilen)} Flächen und {spalten} Felder.",
            erwartet=f"höchstens {zahl_text(regeln.hoechstens_zeilen)} Flächen",
            rat="Sie wurde nicht gelesen; bitte bei der Quelle nachfragen.",
        )
        raise Datenfehler(name, [befund])


def _anfangsbefunde(datei: Path, name: str, art: str) -> list[Befund]:
    """Stimmt der Anfang der Datei mit ihrer Endung überein?"""
    with datei.open("rb") as strom:
        anfang = strom.read(512)
        if art == "gml":
            strom.seek(0)
            if anfang.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
                return xml_befunde(strom, name) or _gml_befunde(datei, name)
    passt = {
        "geojson": anfang.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"),
        "gpkg": anfang.startswith(b"SQLite format 3\0"),
        "shapefile": anfang.startswith(b"\x00\x00\x27\x0a"),
        "gml": False,
    }
    if not passt[art]:
        return [
            Befund(
                ort=name,
                was="Der Inhalt passt nicht zur Endung der Datei.",
                erwartet=f"eine Datei im Format {art}",
                rat="Bitte bei der Quelle nachfragen und neu liefern lassen.",
            )
        ]
    return _shapefilebefunde(datei, name) if art == "shapefile" else []


def _gml_befunde(datei: Path, name: str) -> list[Befund]:
    """Verweise (xlink:href) auf andere Dateien und Adressen werden nicht verfolgt."""
    from defusedxml.ElementTree import ParseError, iterparse  # noqa: PLC0415

    try:
        with datei.open("rb") as strom:
            for _, knoten in iterparse(strom, forbid_dtd=True):
                verweis = next(
                    (w for k, w in knoten.attrib.items() if k.endswith("}href")), "#"
                )
                if not verweis.startswith("#"):
                    return [
                        Befund(
                            ort=name,
                            was=f"Die Datei verweist auf „{sicherer_text(verweis)}“.",
                            erwartet="Flächen, die in der Datei selbst stehen",
                            rat="Sie wurde nicht gelesen; bitte vollständig ausgeben "
                            "lassen.",
                        )
                    ]
                knoten.clear()
    except ParseError:
        return [_unlesbar(name, BESCHAEDIGT["gml"])]
    return []


def _shapefilebefunde(datei: Path, name: str) -> list[Befund]:
    """Fehlende Teile und Größen, die die Köpfe nur behaupten."""
    fehlend = [
        endung
        for endung in (".shx", ".dbf", ".prj")
        if not _teil(datei, endung).is_file()
    ]
    if fehlend:
        return [
            Befund(
                ort=name,
                was=f"Zum Shapefile fehlt {aufzaehlung(fehlend)}.",
                erwartet="die Dateien .shp, .shx, .dbf und .prj nebeneinander",
                rat="Bitte alle Teile liefern lassen, am besten als GeoPackage.",
            )
        ]
    befunde = []
    verweis = [e for e in (".shx", ".dbf", ".prj") if _teil(datei, e).is_symlink()]
    if verweis:
        was = f"{aufzaehlung(verweis)} ist eine Verknüpfung auf eine andere Datei."
        befunde.append(Befund(ort=name, was=was, erwartet="die Datei selbst"))
    for teil in (datei, _teil(datei, ".shx")):
        kopf = teil.read_bytes()[:KOPF_SHP]
        worte = struct.unpack(">i", kopf[24:28])[0] if len(kopf) == KOPF_SHP else -1
        if worte * 2 != teil.stat().st_size:
            befunde.append(_groessenbefund(teil.name, worte * 2, teil.stat().st_size))
    dbf = _teil(datei, ".dbf")
    kopf = dbf.read_bytes()[:KOPF_DBF]
    if len(kopf) < KOPF_DBF:
        return [*befunde, _groessenbefund(dbf.name, KOPF_DBF, len(kopf))]
    saetze, kopflaenge, satzlaenge = struct.unpack("<IHH", kopf[4:12])
    gesagt = kopflaenge + saetze * satzlaenge
    if not gesagt <= dbf.stat().st_size <= gesagt + 1:
        befunde.append(_groessenbefund(dbf.name, gesagt, dbf.stat().st_size))
    return befunde


def _teil(datei: Path, endung: str) -> Path:
    gross = datei.with_suffix(endung.upper())
    return gross if gross.is_file() else datei.with_suffix(endung)


def _groessenbefund(name: str, gesagt: int, ist: int) -> Befund:
    return Befund(
        ort=name,
        was=f"Der Kopf der Datei nennt {zahl_text(gesagt)} Byte, es sind aber "
        f"{zahl_text(ist)}.",
        erwartet="gleiche Größe",
        rat="Die Datei ist abgeschnitten oder gefälscht und wurde nicht gelesen.",
    )


def _verlange_geojson(datei: Path, name: str) -> None:
    """GDAL liest abgeschnittenes GeoJSON teilweise; hier muss es vollständig sein."""
    try:
        inhalt = json.loads(datei.read_text(encoding="utf-8-sig"))
        vollstaendig = inhalt["type"] == "FeatureCollection" and all(
            isinstance(m["properties"] or {}, dict) for m in inhalt["features"]
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        vollstaendig = False
    if not vollstaendig:
        befund = Befund(
            ort=name,
            was=BESCHAEDIGT["geojson"],
            erwartet="eine FeatureCollection in UTF-8",
            rat="Sie ist womöglich abgeschnitten; bitte neu ausgeben.",
        )
        raise Datenfehler(name, [befund])
    befunde = _feldbefunde(inhalt["features"], name)
    if befunde:
        raise Datenfehler(name, befunde)


def _feldbefunde(merkmale: list[Mapping[str, Any]], name: str) -> list[Befund]:
    """Verschachtelte Eigenschaften würde GDAL zu Text machen."""
    for nummer, merkmal in enumerate(merkmale, start=1):
        for feld, wert in (merkmal["properties"] or {}).items():
            if isinstance(wert, (dict, list)):
                titel = sicherer_text(unicodedata.normalize("NFC", str(feld)))
                return [
                    Befund(
                        ort=f"{name}, Fläche {nummer}, Feld „{titel}“",
                        was="Hier steht eine verschachtelte Angabe.",
                        erwartet="eine Zahl oder ein Text",
                    )
                ]
    return []
