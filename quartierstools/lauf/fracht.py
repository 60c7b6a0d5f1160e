"""Dateien eines Ordners als eine Sendung mit Prüfsumme."""

import hashlib
import io
import zipfile
from pathlib import Path, PurePosixPath

from quartierstools.ausgabe.packen import PACKDATUM
from quartierstools.fehler import Lauffehler
from quartierstools.lauf.journal import dateien_in


def packe(ordner: Path) -> bytes:
    """Alle Dateien eines Ordners; gleicher Inhalt, gleiche Bytes."""
    ziel = io.BytesIO()
    with zipfile.ZipFile(ziel, "w") as archiv:
        for name in dateien_in(ordner):
            eintrag = zipfile.ZipInfo(name, PACKDATUM)
            eintrag.compress_type = zipfile.ZIP_DEFLATED
            archiv.writestr(eintrag, (ordner / name).read_bytes(), compresslevel=1)
    return ziel.getvalue()


def entpacke(sendung: bytes, summe: str, ordner: Path) -> None:
    """Legt eine Sendung in `ordner` ab, wenn ihre Prüfsumme stimmt.

    Raises
    ------
    Lauffehler
        Wenn die Sendung verändert ist oder aus dem Ordner hinausführt.

    Examples
    --------
    >>> import tempfile
    >>> ort = Path(tempfile.mkdtemp())
    >>> _ = (ort / "a.txt").write_text("A")
    >>> gepackt = packe(ort)
    >>> entpacke(gepackt, pruefsumme(gepackt), ort / "kopie")
    >>> (ort / "kopie" / "a.txt").read_text()
    'A'
    """
    if pruefsumme(sendung) != summe:
        raise Lauffehler(
            "Eine Sendung kam verändert an (andere Prüfsumme). Bitte den Lauf mit "
            "--fortsetzen wiederholen und den gemeinsamen Speicher prüfen."
        )
    with zipfile.ZipFile(io.BytesIO(sendung)) as archiv:
        for name in archiv.namelist():
            teile = PurePosixPath(name)
            if teile.is_absolute() or ".." in teile.parts:
                raise Lauffehler(f"Eine Sendung enthält einen fremden Pfad: {name}.")
            ziel = ordner / name
            ziel.parent.mkdir(parents=True, exist_ok=True)
            ziel.write_bytes(archiv.read(name))


def pruefsumme(sendung: bytes) -> str:
    """SHA-256 einer Sendung."""
    return hashlib.sha256(sendung).hexdigest()
