"""Welche Schriften stecken in unseren Dateien?

Genau vier Schnitte von DejaVu Sans, mitgebracht vom matplotlib-Paket: nie der ganze
Ordner (darin liegt „LastResort“, das fremde Zeichen still zu Platzhaltern macht) und
nie die Schriften des Rechners (dann hinge die Datei vom Rechner ab).
"""

import atexit
import os
import shutil
import tempfile
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from quartierstools.fehler import Ausgabefehler

FAMILIE = "DejaVu Sans"
DATEIEN = (
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSans-Oblique.ttf",
    "DejaVuSans-BoldOblique.ttf",
)

_AKZENTE = frozenset({"Mn", "Me"})
_NICHT_SETZBAR = _AKZENTE | {"Co"}


def schriftdateien() -> tuple[Path, ...]:
    """Pfade der vier Schriftdateien.

    Raises
    ------
    Ausgabefehler
        Wenn das matplotlib-Paket oder eine Datei darin fehlt.

    Examples
    --------
    >>> [datei.name for datei in schriftdateien()][:2]
    ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']
    """
    paket = find_spec("matplotlib")
    if paket is None or paket.origin is None:
        raise Ausgabefehler(
            "Die Schriften für das PDF fehlen: das Paket matplotlib ist nicht "
            "installiert. Bitte die Umgebung aus requirements.lock neu anlegen."
        )
    ordner = Path(paket.origin).parent / "mpl-data" / "fonts" / "ttf"
    fehlend = [name for name in DATEIEN if not (ordner / name).is_file()]
    if fehlend:
        raise Ausgabefehler(
            f"Im Paket matplotlib fehlen die Schriften {', '.join(fehlend)}. "
            "Bitte die Umgebung aus requirements.lock neu anlegen."
        )
    return tuple(ordner / name for name in DATEIEN)


@lru_cache(maxsize=1)
def schriftordner() -> Path:
    """Ordner, in dem nur die vier Schriften liegen; besteht bis zum Prozessende."""
    ordner = Path(tempfile.mkdtemp(prefix="quartier-schriften-"))
    for datei in schriftdateien():
        shutil.copyfile(datei, ordner / datei.name)
    atexit.register(_raeume_auf, ordner, os.getpid())
    return ordner


def _raeume_auf(ordner: Path, prozess: int) -> None:
    # Geforkte Kinder erben den Aufruf, der Ordner gehört aber dem Elternprozess.
    if os.getpid() == prozess:
        shutil.rmtree(ordner, ignore_errors=True)


@lru_cache(maxsize=2)
def darstellbar(*, in_jedem_schnitt: bool = False) -> frozenset[int]:
    """Codepunkte, für die es ein Zeichen gibt, das ein PDF/A zeigen darf.

    Parameters
    ----------
    in_jedem_schnitt : bool, default=False
        Nur Zeichen, die auch fett und kursiv vorliegen; sonst genügt der aufrechte
        Schnitt, der für die anderen einspringt.

    Examples
    --------
    >>> ord("ß") in darstellbar(), ord("日") in darstellbar()
    (True, False)
    """
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 - 0,3 s, nur fürs PDF

    dateien = schriftdateien() if in_jedem_schnitt else schriftdateien()[:1]
    schnitte = [frozenset(FT2Font(str(datei)).get_charmap()) for datei in dateien]
    vorhanden = frozenset.intersection(*schnitte)
    # PDF/A verbietet privat belegte Zeichen. Lose Akzente verfälschen den Text, den
    # ein Leseprogramm zu ihrem Buchstaben findet. U+1680 setzt typst als fehlend.
    fremd = {
        code for code in vorhanden if unicodedata.category(chr(code)) in _NICHT_SETZBAR
    }
    return vorhanden - fremd - {0x1680}


def fehlende_zeichen(text: str, *, in_jedem_schnitt: bool = False) -> tuple[str, ...]:
    r"""Zeichen des Textes, für die die Schrift nichts hat, in Codepunktfolge.

    Parameters
    ----------
    text : str
        Beliebiger Text; Zeilenwechsel und Tabulator zählen nicht. Buchstaben mit
        Akzent zählen als ein Zeichen, wo es eines gibt.
    in_jedem_schnitt : bool, default=False
        Siehe `darstellbar`.

    Examples
    --------
    >>> fehlende_zeichen("Straße „Wat?“ Łódź"), fehlende_zeichen("日本\n日")
    ((), ('日', '本'))
    """
    bekannt = darstellbar(in_jedem_schnitt=in_jedem_schnitt)
    zeichen = set(verbunden(text)) - {"\n", "\t"}
    return tuple(sorted(z for z in zeichen if ord(z) not in bekannt))


def verbunden(text: str) -> str:
    r"""Text, in dem Buchstabe und loser Akzent ein Zeichen sind, wo es eines gibt.

    Anders als die Normalform NFC bleibt jedes einzelne Zeichen, wie es ist.

    Examples
    --------
    >>> verbunden("Stra\u0308sse"), verbunden("q\u0301") == "q\u0301"
    ('Strässe', True)
    """
    teile: list[str] = []
    for zeichen in text:
        if teile and unicodedata.category(zeichen) in _AKZENTE:
            teile[-1] += zeichen
        else:
            teile.append(zeichen)
    return "".join(
        unicodedata.normalize("NFC", teil) if len(teil) > 1 else teil for teil in teile
    )
