r"""Wie werden Dateien Byte für Byte wiederholbar? Säubern, packen, schreiben.

Alle Formate gehen hier durch: feste Zeiten statt der Uhr, feste Reihenfolge statt
Zufall, `\n` statt der Zeilenenden des Rechners. Geschrieben wird nebenan und dann
umbenannt; eine halbe Datei steht nie am Ziel.
"""

import base64
import copy
import hashlib
import io
import json
import os
import re
import struct
import tempfile
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quartierstools.fehler import Ausgabefehler, systemgrund

PACKDATUM = (1980, 1, 1, 0, 0, 0)
"""Kleinster Zeitpunkt, den ein ZIP-Eintrag kennt."""

_ERSTER_EINTRAG = "[Content_Types].xml"
_UNIX = 3
_PNG_KENNUNG = b"\x89PNG\r\n\x1a\n"
_PNG_BEHALTEN = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"pHYs", b"IDAT", b"IEND"}
)
# Richtungszeichen (kehren fremden Text um) und Byte-Order-Mark
_VERBOTEN = frozenset({*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF})
_NICHTZEICHEN = range(0xFDD0, 0xFDF0)
_ZELLE_WEG = ("papermill", "execution", "ExecuteTime", "collapsed", "scrolled")
_NOTEBOOK_WEG = ("papermill", "widgets", "execution", "signature")
_WIDGET = "application/vnd.jupyter.widget-view+json"
_SVG_WEG = re.compile(r"<!--.*?-->|<metadata\b.*?</metadata>\s*", re.DOTALL)
_ADRESSE = re.compile(r" at 0x[0-9a-fA-F]{6,}")


def sha256(inhalt: bytes | str) -> str:
    """Prüfsumme eines Inhalts; Text zählt als UTF-8.

    Examples
    --------
    >>> sha256("Wattenscheid")[:12]
    '26d9502960c8'
    """
    roh = inhalt.encode() if isinstance(inhalt, str) else inhalt
    return hashlib.sha256(roh).hexdigest()


def druckbar(text: str) -> str:
    r"""Text ohne Zeichen, die kein Format wörtlich zeigen kann.

    Steuerzeichen, einzelne Ersatzzeichen (Surrogate), Richtungsumkehr und
    Nichtzeichen werden sichtbar als ``[U+XXXX]`` geschrieben; Zeilenwechsel und
    Tabulator bleiben.

    Examples
    --------
    >>> druckbar("a\x07b"), druckbar("Zeile\nzwei"), druckbar("x\u202ey")
    ('a[U+0007]b', 'Zeile\nzwei', 'x[U+202E]y')
    """
    einheitlich = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(zeichenkennung(z) if _ist_stoerend(z) else z for z in einheitlich)


def zeichenkennung(zeichen: str) -> str:
    """Lesbare Kennung eines Zeichens.

    Examples
    --------
    >>> zeichenkennung("日")
    '[U+65E5]'
    """
    return f"[U+{ord(zeichen):04X}]"


def _ist_stoerend(zeichen: str) -> bool:
    code = ord(zeichen)
    if zeichen in "\n\t":
        return False
    nichtzeichen = code & 0xFFFE == 0xFFFE or code in _NICHTZEICHEN  # noqa: PLR2004
    if nichtzeichen or code in _VERBOTEN:
        return True
    return unicodedata.category(zeichen) in {"Cc", "Cs"}


def packe_neu(archiv: bytes) -> bytes:
    """ZIP-Datei (docx, xlsx) mit festen Zeiten und fester Reihenfolge neu gepackt.

    Parameters
    ----------
    archiv : bytes
        Gültiges ZIP.

    Returns
    -------
    bytes
        Gleicher Inhalt; `[Content_Types].xml` zuerst, dann nach Namen sortiert.

    Raises
    ------
    Ausgabefehler
        Wenn die Bytes kein ZIP sind.
    """
    ziel = io.BytesIO()
    try:
        quelle = zipfile.ZipFile(io.BytesIO(archiv))
    except zipfile.BadZipFile as fehler:
        raise Ausgabefehler(
            "Die Datei sollte ein ZIP-Archiv (docx, xlsx) sein, ist aber keines."
        ) from fehler
    with quelle, zipfile.ZipFile(ziel, "w") as neu:
        namen = sorted(quelle.namelist(), key=lambda n: (n != _ERSTER_EINTRAG, n))
        for name in namen:
            eintrag = zipfile.ZipInfo(name, PACKDATUM)
            eintrag.compress_type = zipfile.ZIP_DEFLATED
            # Sonst steht hier das Betriebssystem, auf dem gepackt wurde.
            eintrag.create_system = _UNIX
            eintrag.external_attr = 0o600 << 16
            neu.writestr(eintrag, quelle.read(name), compresslevel=6)
    return ziel.getvalue()


def saeubere_png(bild: bytes) -> bytes:
    """PNG ohne Text-, Zeit- und Kameraangaben; Bildpunkte und Auflösung bleiben.

    Raises
    ------
    Ausgabefehler
        Wenn die Bytes kein vollständiges PNG sind.
    """
    if not bild.startswith(_PNG_KENNUNG):
        raise Ausgabefehler("Das Bild ist kein PNG. Bitte als PNG erzeugen.")
    teile, stelle = [_PNG_KENNUNG], len(_PNG_KENNUNG)
    art = b""
    while art != b"IEND":
        if stelle + 12 > len(bild):
            raise Ausgabefehler("Das PNG ist abgeschnitten. Bitte neu erzeugen.")
        (laenge,) = struct.unpack(">I", bild[stelle : stelle + 4])
        art = bild[stelle + 4 : stelle + 8]
        ende = stelle + 12 + laenge
        if art in _PNG_BEHALTEN:
            teile.append(bild[stelle:ende])
        stelle = ende
    return b"".join(teile)


def saeubere_svg(svg: str) -> str:
    """SVG ohne Vorspann, Metadaten und zufällige Kennungen.

    Kennungen werden in der Reihenfolge ihres Auftretens zu ``k1``, ``k2`` …; Verweise
    darauf ziehen mit.

    Raises
    ------
    Ausgabefehler
        Wenn kein ``<svg``-Element enthalten ist.

    Examples
    --------
    >>> saeubere_svg('<?xml version="1.0"?><svg><g id="pQ7"/><use href="#pQ7"/></svg>')
    '<svg><g id="k1"/><use href="#k1"/></svg>'
    """
    anfang = svg.find("<svg")
    if anfang < 0:
        raise Ausgabefehler("Die Grafik enthält kein <svg>-Element.")
    text = svg[anfang:].replace("\r\n", "\n").strip()
    text = re.sub(_SVG_WEG, "", text)
    kennungen = re.findall(r'\sid="([^"]+)"', text)
    neu = {alt: f"k{nr}" for nr, alt in enumerate(dict.fromkeys(kennungen), 1)}

    def ersetze(treffer: re.Match[str]) -> str:
        alt = treffer["id"]
        return f"{treffer['vor']}{neu.get(alt, alt)}{treffer['nach']}"

    muster = (
        r'(?P<vor>\sid="|href="#|url\(#|aria-labelledby="|aria-describedby=")'
        r'(?P<id>[^")]+)(?P<nach>["\)])'
    )
    return re.sub(muster, ersetze, text)


def als_bytes(inhalt: bytes | str) -> bytes:
    r"""Text als UTF-8 mit ``\n`` und Zeilenende am Schluss; Bytes bleiben.

    Examples
    --------
    >>> als_bytes("a\r\nb"), als_bytes(b"a\r\n")
    (b'a\nb\n', b'a\r\n')
    """
    if isinstance(inhalt, bytes):
        return inhalt
    text = inhalt.replace("\r\n", "\n").replace("\r", "\n")
    return (text if text.endswith("\n") or not text else f"{text}\n").encode()


def schreibe(ziel: Path, inhalt: bytes | str) -> str:
    r"""Schreibt eine Datei ganz oder gar nicht und gibt ihre Prüfsumme zurück.

    Parameters
    ----------
    ziel : Path
        Zieldatei; fehlende Ordner werden angelegt, eine alte Datei wird ersetzt.
    inhalt : bytes or str
        Text wird als UTF-8 mit ``\n`` geschrieben.

    Returns
    -------
    str
        SHA-256 der geschriebenen Bytes.

    Raises
    ------
    Ausgabefehler
        Wenn der Ort nicht beschreibbar ist.
    """
    roh = als_bytes(inhalt)
    neben: str | None = None
    try:
        ziel.parent.mkdir(parents=True, exist_ok=True)
        nummer, neben = tempfile.mkstemp(dir=ziel.parent, prefix=f".{ziel.name[:40]}.")
        with os.fdopen(nummer, "wb") as datei:
            datei.write(roh)
        # mkstemp erlaubt nur dem Eigentümer das Lesen.
        Path(neben).chmod(0o644)
        Path(neben).replace(ziel)
    except OSError as fehler:
        if neben is not None:
            Path(neben).unlink(missing_ok=True)
        raise Ausgabefehler(
            f"„{ziel}“ lässt sich nicht schreiben ({systemgrund(fehler)}). Bitte "
            "prüfen, ob der Ordner beschreibbar ist und genug Platz hat."
        ) from fehler
    return sha256(roh)


def saeubere_notebook(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Notebook ohne Zeiten, Laufspuren, Widget-Zustand und Zufallskennungen.

    Parameters
    ----------
    notebook : mapping
        Notebook im Format 4, auch ein `NotebookNode`; bleibt unverändert.

    Returns
    -------
    dict
        Gesäuberte Kopie. Zellkennungen folgen aus Stelle, Art und Inhalt der Zelle;
        aufeinanderfolgende Textausgaben desselben Stroms sind zusammengezogen,
        Speicheradressen entfernt, Bilder ohne Metadaten.
    """
    neu: dict[str, Any] = json.loads(json.dumps(copy.deepcopy(dict(notebook))))
    neu["metadata"] = _ohne(neu.get("metadata", {}), _NOTEBOOK_WEG)
    zellen: list[dict[str, Any]] = neu.get("cells", [])
    for stelle, zelle in enumerate(zellen):
        zelle["metadata"] = _ohne(zelle.get("metadata", {}), _ZELLE_WEG)
        quelle = _als_text(zelle.get("source", ""))
        zelle["id"] = sha256(f"{stelle}|{zelle.get('cell_type')}|{quelle}")[:12]
        if "outputs" in zelle:
            zelle["outputs"] = _saeubere_ausgaben(zelle["outputs"])
    neu["nbformat"] = 4
    neu["nbformat_minor"] = max(5, int(neu.get("nbformat_minor", 5)))
    return neu


def notebook_text(notebook: Mapping[str, Any]) -> str:
    r"""Gesäubertes Notebook als JSON-Text, fertig zum Schreiben.

    Examples
    --------
    >>> notebook_text({"cells": [], "metadata": {"papermill": {}}})[-40:]
    '\n "nbformat": 4,\n "nbformat_minor": 5\n}\n'
    """
    gesaeubert = saeubere_notebook(notebook)
    return f"{json.dumps(gesaeubert, ensure_ascii=False, indent=1, sort_keys=True)}\n"


def _ohne(angaben: Mapping[str, Any], weg: tuple[str, ...]) -> dict[str, Any]:
    return {name: wert for name, wert in angaben.items() if name not in weg}


def _als_text(inhalt: str | list[str]) -> str:
    return inhalt if isinstance(inhalt, str) else "".join(inhalt)


def _saeubere_ausgaben(ausgaben: list[dict[str, Any]]) -> list[dict[str, Any]]:
    fertig: list[dict[str, Any]] = []
    for ausgabe in ausgaben:
        if "data" in ausgabe:
            daten = _saeubere_daten(ausgabe["data"])
            if daten:
                fertig.append({**ausgabe, "data": daten})
        elif ausgabe.get("output_type") == "stream":
            _haenge_strom_an(fertig, ausgabe)
        else:
            fertig.append(ausgabe)
    return fertig


def _haenge_strom_an(fertig: list[dict[str, Any]], ausgabe: dict[str, Any]) -> None:
    """Wie oft der Kernel den Strom zerteilt, hängt von der Uhr ab."""
    text = _ADRESSE.sub("", _als_text(ausgabe.get("text", "")))
    letzte = fertig[-1] if fertig else {}
    if letzte.get("output_type") == "stream" and letzte["name"] == ausgabe["name"]:
        letzte["text"] += text
    else:
        fertig.append({**ausgabe, "text": text})


def _saeubere_daten(daten: Mapping[str, Any]) -> dict[str, Any]:
    rest = {art: wert for art, wert in daten.items() if art != _WIDGET}
    # Neben einem Widget steht nur dessen Python-Name; der sagt niemandem etwas.
    if _WIDGET in daten and set(rest) <= {"text/plain"}:
        return {}
    for art, wert in rest.items():
        if art == "image/png":
            roh = saeubere_png(base64.b64decode(_als_text(wert)))
            rest[art] = f"{base64.b64encode(roh).decode()}\n"
        elif art == "image/svg+xml":
            rest[art] = saeubere_svg(_als_text(wert))
        elif art.startswith("text/") and isinstance(wert, str | list):
            rest[art] = _ADRESSE.sub("", _als_text(wert))
    return rest
