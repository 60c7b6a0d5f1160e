"""Was steht in der Datei? Zellen als Text, mit Herkunft jeder Zeile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from quartierstools.fehler import Befund

if TYPE_CHECKING:
    import numpy as np

Raster = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rohtabelle:
    """Eine gelesene, noch ungedeutete Tabelle.

    Attributes
    ----------
    name : str
        Datei für Meldungen.
    blatt : str
        Tabellenblatt, Ebene oder Seite; leer, wenn es nur eine Tabelle gibt.
    zellen : pyarrow.Table
        Alle Zellen als Text ohne Rand; Spaltennamen in NFC, jeder einmal.
    zeilen : ndarray of int
        Nummer jeder Zeile in der Datei.
    zeilenwort : str
        Wie eine Zeile in Meldungen heißt („Zeile“, „Fläche“).
    titel : tuple of str
        Zeilen über der Tabelle.
    fussnoten : tuple of str
        Zeilen unter der Tabelle.
    zahlzellen : Mapping
        Spalte → Maske der Zellen, die in der Datei als Zahl stehen.
    dezimal : str
        ``","``, ``"."`` oder leer (noch offen).
    merkmale : tuple of (str, str)
        Was beim Lesen erkannt wurde („Trennzeichen“, „Kodierung“).
    hinweise : tuple of Befund
        Was auffiel.
    flaechen : GeoSeries or None
        Geometrie je Zeile, wenn die Datei Flächen enthält.
    """

    name: str
    zellen: Any
    zeilen: "np.ndarray[Any, np.dtype[np.int64]]"
    blatt: str = ""
    zeilenwort: str = "Zeile"
    titel: tuple[str, ...] = ()
    fussnoten: tuple[str, ...] = ()
    zahlzellen: Mapping[str, "np.ndarray[Any, np.dtype[np.bool_]]"] = field(
        default_factory=dict
    )
    dezimal: str = ""
    merkmale: tuple[tuple[str, str], ...] = ()
    hinweise: tuple[Befund, ...] = ()
    flaechen: Any = None

    @property
    def spalten(self) -> list[str]:
        """Spaltennamen in der Reihenfolge der Datei."""
        return list(self.zellen.column_names)

    def spalte(self, name: str) -> Any:  # noqa: ANN401 – pyarrow ohne Typen
        """Zellen einer Spalte als pyarrow-Feld."""
        return self.zellen.column(name).combine_chunks()

    def texte(self, name: str) -> list[str]:
        """Zellen einer Spalte als Liste."""
        gelesen: list[str] = self.spalte(name).to_pylist()
        return gelesen

    @property
    def quelle(self) -> str:
        """Datei und Blatt für Meldungen."""
        return f"{self.name}, Blatt „{self.blatt}“" if self.blatt else self.name

    def ort(self, stelle: int | None = None, spalte: str = "", gebiet: str = "") -> str:
        """Ort für Meldungen: Datei, Blatt, Zeile, Spalte, Gebiet."""
        teile = [self.quelle]
        if stelle is not None:
            teile.append(f"{self.zeilenwort} {self.zeilen[stelle]}")
        if spalte:
            teile.append(f"Spalte „{spalte}“")
        if gebiet:
            teile.append(gebiet)
        return ", ".join(teile)


def texttabelle(spalten: Sequence[str], zeilen: Raster) -> Any:  # noqa: ANN401
    """Texttabelle aus Zeilen gleicher Länge."""
    felder = list(zip(*zeilen, strict=True)) if zeilen else [()] * len(spalten)
    return pa.table(
        {
            name: pa.array(feld, type=pa.string())
            for name, feld in zip(spalten, felder, strict=True)
        }
    )
