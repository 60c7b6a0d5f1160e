"""Wie werden alle Steckbriefe zu einem Band? Gegliedert nach Stadtbezirken.

Im Lauf legt jeder Steckbrief seinen Satz ab; der Band bindet ihn und rechnet nur,
was fehlt. Beides ergibt dieselben Bytes.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from quartierstools.ausgabe import packen
from quartierstools.ausgabe.gestalt import fusszeile
from quartierstools.ausgabe.pdf import Band
from quartierstools.ausgabe.pdf_inhalt import dokument_daten
from quartierstools.ausgabe.rahmen import schriftstueck
from quartierstools.ausgabe.steckbrief import steckbrief
from quartierstools.auswertung import Auswertung
from quartierstools.dokument import Dokument
from quartierstools.schreibweise import mehrzahl

EIN_BAND_BIS = 120
"""Bei mehr Gebieten entsteht ein Band je Stadtbezirk."""

ABLAGE = "steckbriefe"


def lege_ab(speicher: Path, gebiet: str, dokument: Dokument) -> None:
    """Legt den Satz eines Steckbriefs für den Band ab."""
    text = json.dumps(dokument_daten(dokument), ensure_ascii=False)
    packen.schreibe(speicher / ABLAGE / f"{gebiet}.json", text)


def baende(auswertung: Auswertung, *, lauf: str = "") -> Iterator[tuple[str, Band]]:
    """Dateiname und Band: einer für alle oder je Stadtbezirk einer.

    Parameters
    ----------
    auswertung : Auswertung
        Mit Speicher werden abgelegte Steckbriefe gelesen statt gerechnet.
    lauf : str
        Kennung für die Fußzeile.
    """
    gebiete = auswertung.freigabe.gebiete
    stadt = auswertung.projekt.stadt
    if len(gebiete) <= EIN_BAND_BIS:
        yield "alle", _band(auswertung, gebiete, f"Steckbriefe {stadt}", lauf)
        return
    for schluessel, teil in gebiete.groupby("stadtbezirk", sort=True):
        name = str(teil["stadtbezirk_name"].iloc[0])
        titel = f"Steckbriefe {stadt}, {name}"
        yield f"alle-{schluessel}", _band(auswertung, teil, titel, lauf)


def _band(auswertung: Auswertung, gebiete: pd.DataFrame, titel: str, lauf: str) -> Band:
    ebene = auswertung.projekt.ebene
    gruppen: dict[str, list[dict[str, Any]]] = {}
    for gebiet, zeile in gebiete.sort_index().iterrows():
        ueberschrift = f"Stadtbezirk {zeile['stadtbezirk_name']}"
        daten = _satz(auswertung, str(gebiet), lauf)
        gruppen.setdefault(ueberschrift, []).append(daten)
    rahmen = schriftstueck(
        auswertung, titel=titel, gattung="Steckbriefe", bloecke=(), lauf=lauf
    )
    return Band(
        titel=titel,
        untertitel=mehrzahl(len(gebiete), ebene.eines, ebene.mehrere),
        fusszeile=fusszeile(rahmen),
        gruppen=tuple((name, tuple(teile)) for name, teile in gruppen.items()),
        stand=auswertung.projekt.bezugsdatum,
    )


def _satz(auswertung: Auswertung, gebiet: str, lauf: str) -> dict[str, Any]:
    """Abgelegter Satz eines Steckbriefs, sonst neu gerechnet."""
    if auswertung.speicher is not None:
        datei = auswertung.speicher / ABLAGE / f"{gebiet}.json"
        if datei.is_file():
            gelesen: dict[str, Any] = json.loads(datei.read_text(encoding="utf-8"))
            return gelesen
    return dokument_daten(steckbrief(auswertung, gebiet, lauf=lauf)[0])
