"""Womit wird ein Angebotsbestand verglichen? Katalog, Flächen, Quartiere, Szenarien."""

import pandas as pd

from quartierstools.eingang.angebotspruefung import Bestandsort
from quartierstools.eingang.gebiete import lies_gebiete
from quartierstools.eingang.standortdaten import lies_quartiere
from quartierstools.fehler import Befund
from quartierstools.katalog import Katalog, Projektordner, lade_katalog


def bestandsort(ordner: Projektordner) -> Bestandsort:
    """Womit ein Angebotsbestand verglichen wird, ohne den Bestand selbst.

    Raises
    ------
    Datenfehler, Katalogfehler
        Mit allen Mängeln von Katalog und Flächen.
    """
    katalog = lade_katalog(ordner)
    gebiete, bezirke = lies_gebiete(ordner, katalog)
    return Bestandsort(
        katalog=katalog,
        gebiete=gebiete,
        stadtbezirke=bezirke,
        quartiere=lies_quartiersnamen(ordner, gebiete.index),
    )


def lies_quartiersnamen(ordner: Projektordner, gebiete: pd.Index) -> dict[str, str]:
    """Quartiersname → Gebiet; leer, wenn mehrdeutig."""
    tafel = lies_quartiere(ordner.wurzel / "katalog" / "quartiere.csv", gebiete)
    return {str(q): str(g) for q, g in tafel["gebiet"].items()}


def szenariobefunde(
    katalog: Katalog, gebiete: pd.Index, angebote: pd.Index | None
) -> list[Befund]:
    """Szenarien nennen nur Gebiete und Angebote, die es gibt."""
    befunde = []
    for szenario in katalog.szenarien.values():
        ort = f"katalog/szenarien.yaml, {szenario.id}"
        genannt = [g for neu in szenario.neu for g in neu.gebiete]
        befunde += [
            Befund(
                ort=ort,
                was=f"Das Gebiet „{schluessel}“ gibt es nicht.",
                erwartet="ein Schlüssel aus gebiete.geojson",
            )
            for schluessel in genannt
            if schluessel not in gebiete
        ]
        befunde += [
            Befund(
                ort=ort,
                was=f"Das Angebot „{kennung}“ gibt es nicht.",
                erwartet="eine id aus angebote.csv",
            )
            for kennung in szenario.endet
            if angebote is not None and kennung not in angebote
        ]
    return befunde
