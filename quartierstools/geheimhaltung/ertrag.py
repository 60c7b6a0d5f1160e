"""Was kam beim Lesen einer fertigen Datei heraus? Und wie viel darf es höchstens?"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from quartierstools.eingang.schutz import ARCHIVSCHAEDEN
from quartierstools.geheimhaltung.stellen import Stelle

HOECHSTBYTES = 200 * 2**20
"""Größer darf keine Datei und kein ausgepackter Inhalt sein."""

HOECHSTVERHAELTNIS = 200
"""Stärker gepackte Inhalte gelten als Bombe, sobald sie über 10 MB wachsen."""

UNVERDAECHTIG = 10 * 2**20
HOECHSTTEILE = 5_000
HOECHSTTIEFE = 4


class Lesefehler(Exception):
    """Eine Datei ist kaputt, zu groß oder gefährlich gepackt."""


@dataclass(slots=True, kw_only=True)
class Ertrag:
    """Gesammeltes aus einer Datei.

    Attributes
    ----------
    stellen : list of Stelle
        Texte und Zahlen mit Umgebung.
    rohtexte, adressen, code : list of (str, str)
        Ort und Inhalt: Text für die Suche nach Pfaden, geladene Adressen,
        Reste von Programmcode.
    maengel : list of (str, str)
        Ort und Satz über Unlesbares.
    """

    datei: str
    orte: frozenset[str] = frozenset()
    tiefe: int = 0
    stellen: list[Stelle] = field(default_factory=list)
    rohtexte: list[tuple[str, str]] = field(default_factory=list)
    adressen: list[tuple[str, str]] = field(default_factory=list)
    code: list[tuple[str, str]] = field(default_factory=list)
    maengel: list[tuple[str, str]] = field(default_factory=list)

    def text(self, ort: str, text: str, rahmen: tuple[str, ...] = ()) -> None:
        """Merkt einen Text ohne Tabelle darum herum."""
        if text.strip():
            self.stellen.append(
                Stelle(datei=self.datei, ort=ort, text=text.strip(), rahmen=rahmen)
            )


def zipteile(inhalt: bytes) -> Iterator[tuple[str, bytes]]:
    """Teile eines Zip-Archivs, solange sie im Rahmen bleiben.

    Raises
    ------
    Lesefehler
        Wenn das Archiv kaputt ist, zu viele oder zu große Teile hat oder ein Teil
        anders groß ist, als er behauptet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(inhalt)) as archiv:
            teile = [t for t in archiv.infolist() if not t.is_dir()]
            if len(teile) > HOECHSTTEILE:
                raise Lesefehler(f"Das Archiv hat {len(teile)} Teile.")
            gesamt = sum(t.file_size for t in teile)
            if gesamt > HOECHSTBYTES or _bombe(gesamt, len(inhalt)):
                raise Lesefehler(
                    f"Das Archiv ({len(inhalt)} Bytes) behauptet, ausgepackt {gesamt} "
                    "Bytes groß zu sein."
                )
            for teil in teile:
                with archiv.open(teil) as strom:
                    daten = strom.read(teil.file_size + 1)
                if len(daten) > teil.file_size:
                    raise Lesefehler(f"„{teil.filename}“ ist größer als angegeben.")
                yield teil.filename, daten
    except ARCHIVSCHAEDEN as fehler:
        raise Lesefehler(f"Das Archiv ist nicht lesbar ({fehler}).") from fehler
    except (OSError, ValueError) as fehler:
        raise Lesefehler(f"Das Archiv ist beschädigt ({fehler}).") from fehler


def _bombe(ausgepackt: int, gepackt: int) -> bool:
    return ausgepackt > UNVERDAECHTIG and ausgepackt > HOECHSTVERHAELTNIS * gepackt


def als_text(inhalt: bytes) -> str:
    """Text in UTF-8, UTF-16 oder Windows-1252.

    Raises
    ------
    Lesefehler
        Wenn der Inhalt kein Text ist.
    """
    if inhalt[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            return inhalt.decode("utf-16")
        except UnicodeDecodeError as fehler:
            raise Lesefehler("Die Datei ist kein lesbares UTF-16.") from fehler
    if b"\0" in inhalt:
        raise Lesefehler("Die Datei enthält Nullbytes und ist kein Text.")
    try:
        return inhalt.decode("utf-8-sig")
    except UnicodeDecodeError:
        return inhalt.decode("cp1252", errors="replace")
