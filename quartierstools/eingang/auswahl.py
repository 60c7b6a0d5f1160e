"""Welche Dateien sind gemeint? Ordner auflösen, Nebendateien beiseite."""

from collections.abc import Sequence
from pathlib import Path

from quartierstools.eingang.adressen import adressart
from quartierstools.eingang.zuordnung import DATEINAME, ENDUNGEN

NEBEN = (".dbf", ".shx", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".qmd", ".qpj")
"""Teile eines Shapefiles; gelesen werden sie mit der .shp-Datei."""


def lieferdateien(quellen: Sequence[Path | str]) -> list[Path | str]:
    """Dateien und Adressen, die einzeln zu prüfen sind.

    Ein Ordner steht für alle lesbaren Dateien darin. ``lieferung.yaml`` und die
    Nebendateien eines mitgenannten Shapefiles werden mit ihrer Datei gelesen.

    Examples
    --------
    >>> [str(d) for d in lieferdateien([Path("a.shp"), Path("a.dbf"), Path("b.dbf")])]
    ['a.shp', 'b.dbf']
    """
    einzeln: list[Path | str] = []
    for quelle in quellen:
        if isinstance(quelle, str) and adressart(quelle):
            einzeln.append(quelle)
        elif Path(quelle).is_dir() and not Path(quelle).is_symlink():
            einzeln += _im_ordner(Path(quelle)) or [quelle]
        else:
            einzeln.append(quelle)
    formen = {
        Path(q).with_suffix("")
        for q in einzeln
        if not (isinstance(q, str) and adressart(q))
        and Path(q).suffix.lower() == ".shp"
    }
    return [q for q in dict.fromkeys(einzeln) if not _nebenbei(q, formen)]


def _im_ordner(ordner: Path) -> list[Path | str]:
    return [
        p
        for p in sorted(ordner.iterdir())
        if p.suffix.lower() in ENDUNGEN and not p.name.startswith(".")
    ]


def _nebenbei(quelle: Path | str, formen: set[Path]) -> bool:
    if isinstance(quelle, str) and adressart(quelle):
        return False
    pfad = Path(quelle)
    if pfad.name == DATEINAME:
        return True
    return pfad.suffix.lower() in NEBEN and pfad.with_suffix("") in formen
