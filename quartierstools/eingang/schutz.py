"""Ist eine Datei harmlos? Größe, Pfad, Archiv, XML und Zellen vor dem Lesen prüfen.

Nichts wird hier repariert: Was gefährlich oder unglaubwürdig ist, wird abgelehnt.
"""

import lzma
import re
import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from quartierstools.eingang.pruefregeln import MB, Pruefregeln
from quartierstools.fehler import Befund
from quartierstools.schreibweise import zahl_text

STEUERZEICHEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\ufeff\ufffe]"
)
FORMEL = re.compile(r"^\s*(?:[=@]|[+\-](?![\s\d.,]*[%‰]?\s*$))")
HTML = re.compile(r"<\s*/?\s*[A-Za-z!?]|javascript:", re.IGNORECASE)
DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
ANFANG = 4096
ARCHIVSCHAEDEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
"""Was `zipfile` bei beschädigten oder verschlüsselten Archiven wirft."""
TEXTLAENGE = 60


def sicherer_text(text: str, laenge: int = TEXTLAENGE) -> str:
    r"""Text für Meldungen: ohne Steuerzeichen, eine Zeile, gekürzt.

    Examples
    --------
    >>> sicherer_text("a\x1b[31mb")
    'a\\x1b[31mb'
    >>> sicherer_text("x" * 100, 5)
    'xxxxx…'
    """
    sauber = "".join(
        c
        if c == " " or unicodedata.category(c)[0] not in "CZ"
        else c.encode("unicode_escape").decode("ascii")
        for c in text[: laenge + 1]
    )
    return f"{sauber[:laenge]}…" if len(sauber) > laenge else sauber


def zellbefund(text: str) -> str:
    """Warum eine Zelle abgelehnt wird; leer, wenn sie harmlos ist.

    Examples
    --------
    >>> zellbefund("=cmd|' /C calc'!A0"), zellbefund("<b>Hamme</b>")
    ('eine Formel', 'HTML')
    >>> zellbefund("-"), zellbefund("-12,3"), zellbefund("<10"), zellbefund("Hamme")
    ('', '', '', '')
    """
    if STEUERZEICHEN.search(text):
        return "ein unsichtbares Steuerzeichen"
    if FORMEL.search(text):
        return "eine Formel"
    if HTML.search(text):
        return "HTML"
    return ""


def dateibefunde(datei: Path, name: str, regeln: Pruefregeln) -> list[Befund]:
    """Fehlt die Datei, ist sie leer, zu groß, kein gewöhnlicher Inhalt?"""
    if datei.is_symlink():
        return [
            Befund(
                ort=name,
                was="Das ist eine Verknüpfung auf eine andere Datei.",
                erwartet="die Datei selbst",
                rat="Bitte die Datei an diese Stelle kopieren.",
            )
        ]
    try:
        zustand = datei.stat()
    except (OSError, ValueError):
        return [Befund(ort=name, was="Die Datei fehlt.", rat="Bitte den Pfad prüfen.")]
    if not stat.S_ISREG(zustand.st_mode):
        return [Befund(ort=name, was="Das ist keine Datei.", erwartet="eine Datei")]
    if zustand.st_size == 0:
        return [
            Befund(
                ort=name,
                was="Die Datei ist leer (0 Byte).",
                erwartet="eine Tabelle oder Flächen",
                rat="Bitte neu liefern lassen.",
            )
        ]
    if zustand.st_size > regeln.hoechstens_mb * MB:
        return [
            Befund(
                ort=name,
                was=f"Die Datei ist {zahl_text(zustand.st_size / MB)} MB groß.",
                erwartet=f"höchstens {regeln.hoechstens_mb} MB",
                rat="Bitte nur die benötigten Gebiete und Spalten liefern lassen.",
            )
        ]
    return []


def archivbefunde(datei: Path, name: str, regeln: Pruefregeln) -> list[Befund]:
    """Prüft ein ZIP-Archiv (XLSX, Shapefile): Größe, Packungsgrad, Pfade, XML."""
    try:
        with zipfile.ZipFile(datei) as archiv:
            eintraege = archiv.infolist()
            befunde = _eintragsbefunde(eintraege, name, regeln)
            if befunde:
                return befunde
            for eintrag in eintraege:
                if eintrag.filename.lower().endswith((".xml", ".rels", ".gml", ".vml")):
                    with archiv.open(eintrag) as strom:
                        befunde += xml_befunde(strom, f"{name}, {eintrag.filename}")
    except (*ARCHIVSCHAEDEN, OSError):
        return [
            Befund(
                ort=name,
                was="Das Archiv ist beschädigt oder verschlüsselt.",
                erwartet="eine vollständige Datei ohne Kennwort",
                rat="Bitte neu speichern oder neu liefern lassen.",
            )
        ]
    return befunde


def _eintragsbefunde(
    eintraege: list[zipfile.ZipInfo], name: str, regeln: Pruefregeln
) -> list[Befund]:
    befunde = []
    entpackt = sum(e.file_size for e in eintraege)
    gepackt = max(1, sum(e.compress_size for e in eintraege))
    if entpackt > regeln.hoechstens_entpackt_mb * MB or (
        entpackt > 10 * MB and entpackt / gepackt > regeln.hoechstens_packungsgrad
    ):
        befunde.append(
            Befund(
                ort=name,
                was=f"Das Archiv würde entpackt {zahl_text(entpackt / MB)} MB groß.",
                erwartet=f"höchstens {regeln.hoechstens_entpackt_mb} MB und höchstens "
                f"das {regeln.hoechstens_packungsgrad}-Fache der Dateigröße",
                rat="Die Datei wurde nicht geöffnet; bitte bei der Quelle nachfragen.",
            )
        )
    for eintrag in eintraege:
        pfad = PurePosixPath(eintrag.filename.replace("\\", "/"))
        if pfad.is_absolute() or ".." in pfad.parts or ":" in eintrag.filename:
            befunde.append(
                Befund(
                    ort=name,
                    was=f"Das Archiv enthält den Pfad "
                    f"„{sicherer_text(eintrag.filename)}“.",
                    erwartet="Dateien innerhalb des Archivs",
                    rat="Die Datei wurde nicht geöffnet; bitte bei der Quelle "
                    "nachfragen.",
                )
            )
    return befunde


def xml_befunde(strom: IO[bytes], name: str) -> list[Befund]:
    """Lehnt XML mit Dokumenttyp oder Entitäten ab, ohne es zu deuten."""
    anfang = strom.read(ANFANG)
    if anfang[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in anfang[:64]:
        anfang = anfang.replace(b"\0", b"")
    rest = anfang
    while rest:
        if DTD.search(rest.replace(b"\0", b"")):
            return [
                Befund(
                    ort=name,
                    was="Die Datei erklärt eigene XML-Entitäten (DOCTYPE).",
                    erwartet="XML ohne DOCTYPE",
                    rat="So lassen sich Dateien bauen, die beim Lesen den Speicher "
                    "füllen; sie wurde nicht gelesen. Bitte neu ausgeben lassen.",
                )
            ]
        naechstes = strom.read(1 << 20)
        rest = rest[-32:] + naechstes if naechstes else b""
    return []
