r"""Wie werden Dateien Byte für Byte wiederholbar? Säubern, packen, schreiben.

Alle Formate gehen hier durch: feste Zeiten statt der Uhr, feste Reihenfolge statt
Zufall, `\n` statt der Zeilenenden des Rechners. Geschrieben wird nebenan und dann
umbenannt; eine halbe Datei steht nie am Ziel.
"""

import hashlib
import io
import os
import re
import struct
import tempfile
import unicodedata
import zipfile
from pathlib import Path

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
_SVG_WEG = re.compile(r"<!--.*?-->|<metadata\b.*?</metadata>\s*", re.DOTALL)


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
