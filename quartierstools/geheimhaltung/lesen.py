"""Wie wird aus einer fertigen Datei, was man darin lesen kann? Nach Dateiart."""

import base64
import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from quartierstools.geheimhaltung.ertrag import (
    HOECHSTBYTES,
    HOECHSTTIEFE,
    Ertrag,
    Lesefehler,
    als_text,
    zipteile,
)
from quartierstools.geheimhaltung.lesen_buero import lies_docx, lies_pdf, lies_xlsx
from quartierstools.geheimhaltung.lesen_html import lies_html
from quartierstools.geheimhaltung.stellen import json_stellen, tabellenstellen

PNG = b"\x89PNG\r\n\x1a\n"
HOECHSTPIXELTEXT = 2**20


def lies(name: str, inhalt: bytes, ertrag: Ertrag) -> None:
    """Liest eine Datei oder einen eingebetteten Inhalt; Mängel werden gemerkt.

    Parameters
    ----------
    name : str
        Dateiname; die Endung entscheidet, bei Unbekanntem der Inhalt.
    inhalt : bytes
        Rohe Bytes.
    ertrag : Ertrag
        Hier kommt alles hinein.
    """
    if ertrag.tiefe > HOECHSTTIEFE:
        ertrag.maengel.append((name, "Ist zu tief verschachtelt."))
        return
    leser = LESER.get(_art(name, inhalt))
    ertrag.tiefe += 1
    try:
        if len(inhalt) > HOECHSTBYTES:
            raise Lesefehler(f"Ist mit {len(inhalt)} Bytes zu groß.")  # noqa: TRY301
        if leser is None:
            raise Lesefehler("Die Dateiart ist unbekannt.")  # noqa: TRY301
        leser(inhalt, ertrag)
    except Lesefehler as fehler:
        ertrag.maengel.append((name, str(fehler)))
    except RecursionError:
        ertrag.maengel.append((name, "Ist zu tief verschachtelt."))
    finally:
        ertrag.tiefe -= 1


def _eingebettet(name: str, inhalt: bytes, ertrag: Ertrag) -> None:
    vorher = len(ertrag.stellen)
    lies(name, inhalt, ertrag)
    for nummer in range(vorher, len(ertrag.stellen)):
        stelle = ertrag.stellen[nummer]
        ertrag.stellen[nummer] = replace(stelle, ort=f"{name}, {stelle.ort}")


def _art(name: str, inhalt: bytes) -> str:
    """Dateiart aus Inhalt und Endung; der Inhalt hat das letzte Wort."""
    endung = PurePosixPath(name.lower()).suffix.lstrip(".")
    if inhalt.startswith(PNG):
        return "png"
    if inhalt.startswith(b"%PDF"):
        return "pdf"
    if inhalt.startswith(b"PK\x03\x04"):
        return endung if endung in {"docx", "xlsx", "xlsm", "pptx"} else "zip"
    if inhalt.startswith(b"\x1f\x8b"):
        return "gz"
    if inhalt.startswith(b"\xff\xd8"):
        return "jpg"
    if endung in LESER:
        return endung
    anfang = inhalt[:400].lstrip().lower()
    if anfang.startswith((b"<!doctype html", b"<html", b"<svg", b"<?xml")):
        return "html"
    return "txt" if inhalt and b"\0" not in inhalt[:4000] else endung


def _lies_html(inhalt: bytes, ertrag: Ertrag) -> None:
    lies_html(als_text(inhalt), ertrag, _eingebettet)


def _lies_text(inhalt: bytes, ertrag: Ertrag) -> None:
    text = als_text(inhalt)
    ertrag.rohtexte.append(("", text))
    for nummer, zeile in enumerate(text.splitlines(), 1):
        ertrag.text(f"Zeile {nummer}", zeile)


def _lies_css(inhalt: bytes, ertrag: Ertrag) -> None:
    lies_html(f"<style>{als_text(inhalt)}</style>", ertrag, _eingebettet)


def _lies_js(inhalt: bytes, ertrag: Ertrag) -> None:
    lies_html(f"<script>{als_text(inhalt)}</script>", ertrag, _eingebettet)


def _lies_csv(inhalt: bytes, ertrag: Ertrag) -> None:
    text = als_text(inhalt)
    ertrag.rohtexte.append(("", text))
    kopf = text.partition("\n")[0]
    trenner = max(";\t,|", key=kopf.count)
    try:
        zeilen = list(csv.reader(io.StringIO(text), delimiter=trenner))
    except csv.Error as fehler:
        raise Lesefehler(f"Die CSV-Datei ist nicht lesbar ({fehler}).") from fehler
    ertrag.stellen += tabellenstellen(zeilen, datei=ertrag.datei, ort="CSV")


def _lies_json(inhalt: bytes, ertrag: Ertrag) -> None:
    text = als_text(inhalt)
    ertrag.rohtexte.append(("", text))
    _merke_json(text, "", ertrag)


def _merke_json(text: str, ort: str, ertrag: Ertrag) -> None:
    try:
        daten = json.loads(text)
    except ValueError as fehler:
        raise Lesefehler(f"Das JSON ist nicht lesbar ({fehler}).") from fehler
    ertrag.stellen += json_stellen(daten, datei=ertrag.datei, ort=ort, orte=ertrag.orte)


def _lies_jsonl(inhalt: bytes, ertrag: Ertrag) -> None:
    text = als_text(inhalt)
    ertrag.rohtexte.append(("", text))
    for nummer, zeile in enumerate(text.splitlines(), 1):
        if zeile.strip():
            _merke_json(zeile, f"Zeile {nummer}", ertrag)


def _lies_notebook(inhalt: bytes, ertrag: Ertrag) -> None:
    """Zellen, Ausgaben und Anhänge eines Notebooks."""
    text = als_text(inhalt)
    ertrag.rohtexte.append(("", text))
    try:
        notebook = json.loads(text)
        zellen = notebook["cells"]
    except (ValueError, KeyError, TypeError) as fehler:
        raise Lesefehler(f"Das Notebook ist nicht lesbar ({fehler}).") from fehler
    vorher = len(ertrag.stellen)
    ertrag.stellen += json_stellen(
        notebook.get("metadata", {}), datei=ertrag.datei, ort="Metadaten"
    )
    for nummer, zelle in enumerate(zellen, 1):
        if isinstance(zelle, dict):
            _zelle(zelle, f"Zelle {nummer}", ertrag)
    werte = tuple(w for z in zellen for w in _parameterwerte(z))
    for nummer in range(vorher, len(ertrag.stellen)):
        stelle = ertrag.stellen[nummer]
        ertrag.stellen[nummer] = replace(stelle, rahmen=(*werte, *stelle.rahmen))


def _parameterwerte(zelle: object) -> list[str]:
    """Texte der Parameter: Für welches Gebiet ist dieses Notebook gelaufen?"""
    if not isinstance(zelle, dict):
        return []
    marken = dict(zelle.get("metadata", {})).get("tags", [])
    if "injected-parameters" not in marken:
        return []
    return re.findall(r"=\s*[\"']([^\"'\n]+)[\"']", _verbunden(zelle.get("source", "")))


def _zelle(zelle: Mapping[str, Any], ort: str, ertrag: Ertrag) -> None:
    quelle = _verbunden(zelle.get("source", ""))
    if zelle.get("cell_type") == "code" and quelle.strip():
        ertrag.code.append((ort, quelle.strip().splitlines()[0]))
    for zeile in quelle.splitlines():
        ertrag.text(f"{ort}, Quelltext", zeile)
    ertrag.stellen += json_stellen(
        zelle.get("metadata", {}), datei=ertrag.datei, ort=f"{ort}, Metadaten"
    )
    for ausgabe in zelle.get("outputs", []):
        for art, daten in _ausgaben(ausgabe):
            _ausgabe(art, daten, ort, ertrag)
    for name, arten in dict(zelle.get("attachments", {})).items():
        for art, daten in dict(arten).items():
            _ausgabe(art, daten, f"{ort}, Anhang {name}", ertrag)


def _ausgaben(ausgabe: Mapping[str, Any]) -> list[tuple[str, Any]]:
    texte = [("text/plain", ausgabe[k]) for k in ("text", "traceback") if k in ausgabe]
    daten = ausgabe.get("data", {})
    return [*texte, *(daten.items() if isinstance(daten, dict) else [])]


def _verbunden(inhalt: object) -> str:
    if isinstance(inhalt, list):
        return "".join(str(zeile) for zeile in inhalt)
    return str(inhalt)


def _ausgabe(art: str, daten: object, ort: str, ertrag: Ertrag) -> None:
    if "html" in art or "svg" in art:
        _eingebettet(f"{ort}.html", _verbunden(daten).encode(), ertrag)
    elif art.startswith("image/") or art == "application/pdf":
        try:
            roh = base64.b64decode(_verbunden(daten))
        except ValueError:
            ertrag.maengel.append((ort, "Das Bild ist nicht lesbar."))
            return
        _eingebettet(f"{ort}.{art.rpartition('/')[2]}", roh, ertrag)
    elif isinstance(daten, dict) or (isinstance(daten, list) and "json" in art):
        ertrag.stellen += json_stellen(
            daten, datei=ertrag.datei, ort=ort, orte=ertrag.orte
        )
    else:
        _lies_ausgabetext(_verbunden(daten), ort, ertrag)


def _lies_ausgabetext(text: str, ort: str, ertrag: Ertrag) -> None:
    """Textausgabe: Zeilen mit ihrem Kopf, wie bei einer gedruckten Tabelle."""
    zeilen = text.splitlines()
    kopf = zeilen[0].strip() if zeilen else ""
    for zeile in zeilen:
        ertrag.text(ort, zeile, (kopf,) if zeile.strip() != kopf else ())


def _lies_png(inhalt: bytes, ertrag: Ertrag) -> None:
    """Textfelder eines PNG-Bildes."""
    stelle, art = len(PNG), b""
    while art != b"IEND" and stelle + 8 <= len(inhalt):
        laenge = int.from_bytes(inhalt[stelle : stelle + 4], "big")
        art = inhalt[stelle + 4 : stelle + 8]
        daten = inhalt[stelle + 8 : stelle + 8 + laenge]
        if len(daten) < laenge:
            raise Lesefehler("Das Bild bricht mitten in einem Abschnitt ab.")
        if art in {b"tEXt", b"zTXt", b"iTXt", b"eXIf"}:
            text = _bildtext(art, daten)
            ertrag.text(f"Bildeigenschaft {art.decode()}", text)
            ertrag.rohtexte.append(("Bildeigenschaft", text))
        stelle += 12 + laenge
    if art != b"IEND":
        raise Lesefehler("Das Bild hat kein Ende.")
    rest = inhalt[stelle:].strip(b"\0")
    if rest:
        ertrag.text("Anhängsel am Bild", rest.decode("utf-8", errors="replace"))


def _bildtext(art: bytes, daten: bytes) -> str:
    name, _, rest = daten.partition(b"\0")
    if art == b"zTXt":
        rest = _entpackt(rest[1:])
    elif art == b"iTXt":
        gepackt, rest = rest[:1] == b"\1", rest[2:]
        _, _, rest = rest.partition(b"\0")
        _, _, rest = rest.partition(b"\0")
        rest = _entpackt(rest) if gepackt else rest
    elif art == b"eXIf":
        name, rest = b"", daten
    texte = (name.decode("latin-1"), rest.decode("utf-8", errors="replace"))
    return ": ".join(t for t in texte if t).replace("\0", " ")


def _entpackt(daten: bytes) -> bytes:
    strom = zlib.decompressobj()
    try:
        inhalt = strom.decompress(daten, HOECHSTPIXELTEXT)
    except zlib.error as fehler:
        raise Lesefehler(f"Ein Textfeld ist beschädigt ({fehler}).") from fehler
    if strom.unconsumed_tail:
        raise Lesefehler("Ein Textfeld wächst beim Auspacken über 1 MB.")
    return inhalt


def _lies_jpg(inhalt: bytes, ertrag: Ertrag) -> None:
    """Lesbare Folgen in den Eigenschaften eines JPEG-Bildes."""
    stelle = 2
    while stelle + 4 <= len(inhalt) and inhalt[stelle] == 0xFF:  # noqa: PLR2004
        art, laenge = (
            inhalt[stelle + 1],
            int.from_bytes(inhalt[stelle + 2 : stelle + 4]),
        )
        if art == 0xDA:  # noqa: PLR2004 – ab hier Bildpunkte
            return
        if 0xE0 <= art <= 0xEF or art == 0xFE:  # noqa: PLR2004
            text = inhalt[stelle + 4 : stelle + 2 + laenge].decode(
                "utf-8", errors="replace"
            )
            ertrag.text("Bildeigenschaft", text.replace("\0", " "))
            ertrag.rohtexte.append(("Bildeigenschaft", text))
        stelle += 2 + laenge


def _lies_bytes(inhalt: bytes, ertrag: Ertrag) -> None:
    """Lesbare Folgen in Bildern und Schriften, deren Aufbau niemand auswertet."""
    for folge in re.findall(rb"[\x20-\x7e\xc3\x80-\xbf]{8,}", inhalt):
        text = folge.decode("utf-8", errors="replace")
        ertrag.text("lesbare Folge", text)
        ertrag.rohtexte.append(("lesbare Folge", text))


def _lies_zip(inhalt: bytes, ertrag: Ertrag) -> None:
    for name, daten in zipteile(inhalt):
        _eingebettet(name, daten, ertrag)


def _lies_gz(inhalt: bytes, ertrag: Ertrag) -> None:
    try:
        with gzip.open(io.BytesIO(inhalt)) as strom:
            daten = strom.read(HOECHSTBYTES + 1)
    except (OSError, EOFError, zlib.error) as fehler:
        raise Lesefehler(f"Das Archiv ist nicht lesbar ({fehler}).") from fehler
    _eingebettet("inhalt", daten, ertrag)


def _lies_docx(inhalt: bytes, ertrag: Ertrag) -> None:
    lies_docx(inhalt, ertrag, _eingebettet)


def _lies_xlsx(inhalt: bytes, ertrag: Ertrag) -> None:
    lies_xlsx(inhalt, ertrag, _eingebettet)


def _lies_pdf(inhalt: bytes, ertrag: Ertrag) -> None:
    lies_pdf(inhalt, ertrag, _eingebettet)


LESER: Mapping[str, Callable[[bytes, Ertrag], None]] = {
    **dict.fromkeys(("html", "htm", "xhtml", "svg", "xml"), _lies_html),
    **dict.fromkeys(("txt", "md", "yaml", "yml", "log", "toml", "py"), _lies_text),
    **dict.fromkeys(("csv", "tsv"), _lies_csv),
    **dict.fromkeys(("json", "geojson"), _lies_json),
    **dict.fromkeys(("jsonl", "ndjson"), _lies_jsonl),
    **dict.fromkeys(("jpg", "jpeg"), _lies_jpg),
    **dict.fromkeys(("xlsx", "xlsm"), _lies_xlsx),
    **dict.fromkeys(("docx",), _lies_docx),
    **dict.fromkeys(("gif", "webp", "ico", "bmp", "tif", "tiff"), _lies_bytes),
    **dict.fromkeys(("woff", "woff2", "ttf", "otf"), _lies_bytes),
    "css": _lies_css,
    "js": _lies_js,
    "ipynb": _lies_notebook,
    "pdf": _lies_pdf,
    "png": _lies_png,
    **dict.fromkeys(("zip", "pptx", "odt", "ods", "odp"), _lies_zip),
    "gz": _lies_gz,
}
"""Leser je Dateiart; Endungen in Kleinbuchstaben."""
