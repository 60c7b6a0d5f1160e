"""Woran messen wir Lieferungen? Schwellen, Grenzen und Messkonzepte als Daten."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from quartierstools.fehler import Katalogfehler
from quartierstools.katalog import Projektordner
from quartierstools.katalog.eintrag import Eintrag, deute, lies_yaml

DATEI = Path(__file__).parent / "pruefregeln.yaml"
MB = 1_000_000


class Messkonzept(Eintrag):
    """Wörter, die nicht zu einem Indikator passen, und der Satz dazu."""

    indikatoren: tuple[str, ...]
    fremd: tuple[str, ...]
    satz: str


class Pruefregeln(Eintrag):
    """Schwellen und Grenzen der Datenprüfung.

    Attributes
    ----------
    sprung_anteil : float
        Relative Änderung gegenüber dem Vorjahr, ab der ein Hinweis erscheint.
    sprung_punkte, sprung_fallzahl : float
        Zugleich nötige Änderung in Prozentpunkten (oder der Einheit) und in Personen.
    mindestzahl_einheit : int
        Ab so vielen Zahlen wird auf verwechselte Einheiten geprüft.
    flaeche_luecke_qm, flaeche_abweichung : float
        Ab wann Lücken, Überlappungen und Abweichungen vom Stadtbezirk zählen.
    hoechstens_mb, hoechstens_entpackt_mb, hoechstens_packungsgrad : int
        Größen, ab denen eine Datei nicht gelesen wird.
    hoechstens_zeilen, hoechstens_spalten, hoechstens_zellen : int
        Ausmaße, ab denen eine Tabelle nicht gelesen wird.
    messkonzepte : tuple of Messkonzept
        Wörter, die ein anderes Messkonzept bezeichnen.
    """

    id: str = "standard"
    version: str
    sprung_anteil: Annotated[float, Field(gt=0)] = 0.5
    sprung_punkte: Annotated[float, Field(ge=0)] = 3.0
    sprung_fallzahl: Annotated[float, Field(ge=0)] = 30
    mindestzahl_einheit: Annotated[int, Field(ge=1)] = 5
    flaeche_luecke_qm: Annotated[float, Field(gt=0)] = 500
    flaeche_abweichung: Annotated[float, Field(gt=0)] = 0.01
    hoechstens_mb: Annotated[int, Field(ge=1)] = 500
    hoechstens_entpackt_mb: Annotated[int, Field(ge=1)] = 1000
    hoechstens_packungsgrad: Annotated[int, Field(ge=2)] = 200
    hoechstens_zeilen: Annotated[int, Field(ge=1)] = 2_000_000
    hoechstens_spalten: Annotated[int, Field(ge=1)] = 2000
    hoechstens_zellen: Annotated[int, Field(ge=1)] = 40_000_000
    messkonzepte: tuple[Messkonzept, ...] = ()


def lies_pruefregeln(ordner: Projektordner | None = None) -> Pruefregeln:
    """Prüfregeln eines Projekts; ohne eigene Datei die mitgelieferten.

    Ein Projekt nennt nur, was es ändert.

    Raises
    ------
    Katalogfehler, Datenfehler
        Wenn die Datei nicht lesbar ist oder Felder nicht passen.

    Examples
    --------
    >>> lies_pruefregeln().hoechstens_mb
    500
    """
    eigene = ordner.katalog("pruefregeln") if ordner else None
    if eigene is None or not eigene.is_file():
        return _standard()
    felder = _standardfelder(DATEI) | _standardfelder(eigene)
    return deute(Pruefregeln, felder, ort=eigene.name)


@lru_cache(maxsize=1)
def _standard() -> Pruefregeln:
    return deute(Pruefregeln, _standardfelder(DATEI), ort=DATEI.name)


def _standardfelder(datei: Path) -> dict[str, object]:
    inhalt = lies_yaml(datei)
    felder = inhalt.get("standard") if isinstance(inhalt, Mapping) else None
    if not isinstance(felder, Mapping):
        raise Katalogfehler(f"{datei.name}: erwartet wird der Eintrag „standard:“.")
    return dict(felder)
