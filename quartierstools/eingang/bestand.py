"""Welche Werte liegen vor? Bestandstabellen lesen, deuten, prüfen.

Aus jeder Zeile wird eine Beobachtung mit `wert` (Anteile zwischen 0 und 1) und
`wertart`: Zahl, gesperrt, fehlt oder nicht sinnvoll. Nichts wird ergänzt.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from quartierstools.eingang.beobachtungen import artwoerter, beobachtungen
from quartierstools.eingang.bestandspruefung import (
    BEISPIEL,
    SCHLUESSEL,
    schluesselbefunde,
    summenbefunde,
    wertbefunde,
    zahlbefunde,
    zeilenbefunde,
)
from quartierstools.eingang.deutung import deute_spalte, nachkommastellen
from quartierstools.eingang.tabelle import lies_csv, ohne_befund
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.katalog import Katalog

PFLICHT = ("ebene", "gebiet", "indikator", "stichtag", "quelle", "stichtag_belegt")
WEITERE = ("wert", "zaehler", "nenner", "guete", "hinweis")
ZAHLEN = ("wert", "zaehler", "nenner")
HALBE = 0.51
"""So viel der letzten geschriebenen Stelle darf Runden ausmachen."""


def lies_bestand(
    dateien: Sequence[tuple[Path, str]],
    katalog: Katalog,
    gebiete: pd.DataFrame,
    bezirke: pd.Index,
) -> pd.DataFrame:
    """Liest alle Bestandstabellen eines Projekts.

    Parameters
    ----------
    dateien : Sequence of (Path, str)
        Datei und Name für Meldungen.
    katalog : Katalog
        Kennt Indikatoren und Quellen.
    gebiete : DataFrame
        Index `gebiet`, Spalte `stadtbezirk`.
    bezirke : Index
        Schlüssel der Stadtbezirke.

    Returns
    -------
    DataFrame
        Spalten `ebene`, `gebiet`, `indikator`, `stichtag`, `wert`, `wertart`,
        `zaehler`, `nenner`, `quelle`, `stichtag_belegt`, `guete`, `hinweis`,
        `datei`, `zeile`; sortiert nach Schlüssel.

    Raises
    ------
    Datenfehler
        Mit allen Mängeln aller Dateien.
    """
    roh, befunde = lies_rohbestand(dateien)
    if roh is not None:
        befunde += schluesselbefunde(roh, katalog, gebiete, bezirke)
        befunde += zahlbefunde(roh, katalog)
        werte = _gedeutet(ohne_befund(roh, befunde), katalog)
        befunde += wertbefunde(werte, katalog)
        befunde += summenbefunde(werte, gebiete)
    if befunde or roh is None:
        raise Datenfehler("Bestand", befunde)
    werte = werte.drop(columns=["gegeben", "weicht_ab"])
    return werte.sort_values([*SCHLUESSEL], kind="stable", ignore_index=True)


def lies_rohbestand(
    dateien: Sequence[tuple[Path, str]],
) -> tuple[pd.DataFrame | None, list[Befund | str]]:
    """Liest die Tabellen als Text, ohne sie am Katalog zu messen.

    Returns
    -------
    roh : DataFrame or None
        Zeilen aller lesbaren Dateien, ohne Beispielzeilen; None, wenn keine lesbar
        ist oder keine Zeile bleibt.
    befunde : list of Befund
        Unlesbare Dateien, leere Tabellen, Formeln in Texten.
    """
    if not dateien:
        befund = Befund(
            ort="bestand/",
            was="Hier liegt keine CSV-Datei.",
            erwartet="mindestens eine Wertetabelle",
            rat="Das Format steht in daten/README.md.",
        )
        return None, [befund]
    teile: dict[str, pd.DataFrame] = {}
    befunde: list[Befund | str] = []
    for datei, name in dateien:
        try:
            teile[name] = lies_csv(datei, name=name, pflicht=PFLICHT, weitere=WEITERE)
        except Datenfehler as fehler:
            befunde += fehler.befunde
    if not teile:
        return None, befunde
    roh = pd.concat(teile.values(), ignore_index=True)
    befunde += zeilenbefunde(roh, list(teile))
    roh = roh[roh["gebiet"] != BEISPIEL]
    return (None if roh.empty else roh.reset_index(drop=True)), befunde


def _gedeutet(roh: pd.DataFrame, katalog: Katalog) -> pd.DataFrame:
    """Macht aus Text Werte, Wertarten und Fallzahlen, je Quelle und Einheit."""
    n = len(roh)
    wert, gegeben = np.full(n, np.nan), np.full(n, np.nan)
    weicht_ab = np.zeros(n, dtype=np.bool_)
    art = np.zeros(n, dtype=np.int8)
    fallzahl = {s: np.zeros(n, dtype=np.int64) for s in ("zaehler", "nenner")}
    fehlt = {s: np.ones(n, dtype=np.bool_) for s in fallzahl}
    einheit = roh["indikator"].map(
        {k: i.einheit for k, i in katalog.indikatoren.items()}
    )
    gruppen: dict[Any, Any] = roh.groupby(["quelle", einheit], sort=False).indices
    for (quelle, masseinheit), stellen in gruppen.items():
        zeichen = katalog.quellen[quelle].zeichen
        zellen = {s: pa.array(roh[s].to_numpy()[stellen], pa.string()) for s in ZAHLEN}
        gelesen = beobachtungen(
            deute_spalte(
                zellen["wert"],
                zeichen=zeichen,
                stellen=-2 if masseinheit == "prozent" else 0,
            ),
            deute_spalte(zellen["zaehler"], zeichen=zeichen),
            deute_spalte(zellen["nenner"], zeichen={}),
            einheit=masseinheit,
        )
        wert[stellen], art[stellen] = gelesen.wert, gelesen.art
        faktor = 100.0 if masseinheit == "prozent" else 1.0
        gegeben[stellen] = gelesen.gegeben * faktor
        luft = HALBE * 10.0 ** -nachkommastellen(zellen["wert"])
        with np.errstate(invalid="ignore"):
            abstand = np.abs(gelesen.gegeben - gelesen.wert) * faktor
        weicht_ab[stellen] = abstand > luft
        for spalte, zahlen in fallzahl.items():
            feld = getattr(gelesen, spalte)
            zahlen[stellen] = feld.to_numpy(dtype=np.int64, na_value=0)
            fehlt[spalte][stellen] = feld.isna()
    return roh[
        [*SCHLUESSEL, "quelle", "stichtag_belegt", "guete", "hinweis", "datei", "zeile"]
    ].assign(
        wert=pd.Series(wert, index=roh.index, dtype="float64"),
        gegeben=pd.Series(gegeben, index=roh.index, dtype="float64"),
        weicht_ab=pd.Series(weicht_ab, index=roh.index, dtype="bool"),
        wertart=pd.Series(artwoerter(art), index=roh.index, dtype="object"),
        zaehler=pd.arrays.IntegerArray(fallzahl["zaehler"], fehlt["zaehler"]),
        nenner=pd.arrays.IntegerArray(fallzahl["nenner"], fehlt["nenner"]),
    )


def vollstaendigkeit(werte: pd.DataFrame, gebiete: pd.Index) -> pd.DataFrame:
    """Wie viele Gebiete je Indikator und Stichtag einen Wert haben.

    Returns
    -------
    DataFrame
        Index (`indikator`, `stichtag`); Spalten `vorhanden`, `von`, `satz`.
    """
    zahlen = werte[(werte["ebene"] == "gebiet") & (werte["wertart"] == "Zahl")]
    vorhanden = zahlen.groupby(["indikator", "stichtag"])["gebiet"].nunique()
    tabelle = pd.DataFrame({"vorhanden": vorhanden, "von": len(gebiete)})
    saetze = [f"{n} von {len(gebiete)} Gebieten geliefert" for n in vorhanden]
    return tabelle.assign(satz=saetze)
