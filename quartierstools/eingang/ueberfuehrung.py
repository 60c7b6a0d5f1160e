"""Was wird aus Werten alter Gebiete nach einer Gebietsreform? Zwei Tabellen.

Genaues steht im Format des Bestands da und kann hinein. Geschätztes steht getrennt und
trägt eine Spalte `geschaetzt`, die kein Bestand kennt: So gerät keine Schätzung als
Zahl in einen Lauf.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from quartierstools.eingang.bestand import lies_bestand
from quartierstools.eingang.gebiete import lies_gebiete
from quartierstools.eingang.schluesselbruecke import (
    Schluesselbruecke,
    lies_schluesselbruecke,
    ueberfuehre,
)
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.eingang.uebernahme import KOPF, ersetze_dateien
from quartierstools.eingang.wertetabelle import bestandszeilen
from quartierstools.fehler import Aufruffehler, Befund, Datenfehler
from quartierstools.katalog import Katalog, Projektordner, lade_katalog
from quartierstools.schreibweise import aufzaehlung, zahl_text

GESCHAETZT = "geschaetzt"
"""Spalte der Schätzungen; `lies_bestand` weist Tabellen mit ihr zurück."""

ANZAHLEN = ("genau", "geschätzt", "gesperrt", "ohne Wert")
HOECHSTENS_ALTE = 6
STELLEN = {"anzahl": 0, "prozent": 4}
"""Nachkommastellen geschätzter Werte je Einheit (Anteile zwischen 0 und 1); sonst 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ueberfuehrung:
    """Werte nach neuen Grenzen.

    Attributes
    ----------
    genau : DataFrame
        Nur Text, Spalten wie in ``daten/README.md``; Umbenanntes und ganz
        Zusammengelegtes, auch Gesperrtes.
    geschaetzt : DataFrame
        Dieselben Spalten und `geschaetzt` (immer ``ja``).
    uebersicht : DataFrame
        Je `indikator` und `stichtag`, wie viele neue Gebiete `genau`, `geschätzt`,
        `gesperrt` und `ohne Wert` sind.
    """

    genau: pd.DataFrame
    geschaetzt: pd.DataFrame
    uebersicht: pd.DataFrame


def ueberfuehre_bestand(
    tabellen: Sequence[Path], bruecke: Path, ordner: Projektordner
) -> Ueberfuehrung:
    """Rechnet Bestandstabellen mit alten Schlüsseln auf die Gebiete eines Projekts um.

    Parameters
    ----------
    tabellen : Sequence of Path
        Tabellen wie in ``bestand/``, mit den alten Schlüsseln.
    bruecke : Path
        CSV mit `alt`, `neu`, `gewicht`.
    ordner : Projektordner
        Projekt mit den neuen Gebieten; sein Katalog gilt.

    Raises
    ------
    Datenfehler
        Mit allen Mängeln der Brücke oder der Tabellen, auch wenn die Brücke zu
        Gebieten führt, die das Projekt nicht hat.
    """
    katalog = lade_katalog(ordner)
    gebiete, bezirke = lies_gebiete(ordner, katalog)
    plan = lies_schluesselbruecke(bruecke)
    _pruefe_ziele(plan, gebiete.index, sicherer_text(bruecke.name))
    alte = pd.DataFrame(
        {"stadtbezirk": ""}, index=pd.Index(sorted(set(plan.tabelle["alt"])))
    )
    werte = lies_bestand(_benannt(tabellen), katalog, alte, bezirke.index)
    # Ob Stadtbezirke ihre Grenzen behielten, weiß die Brücke nicht.
    werte = werte[werte["ebene"].astype(str) != "stadtbezirk"]
    neue = _gerundet(ueberfuehre(werte, plan, katalog=katalog), katalog)
    neue = neue.assign(hinweis=_hinweise(neue, plan))
    da = neue["wertart"] != "fehlt"
    return Ueberfuehrung(
        genau=bestandszeilen(neue[da & ~neue[GESCHAETZT]], katalog),
        geschaetzt=_schaetzzeilen(neue[da & neue[GESCHAETZT]], katalog),
        uebersicht=_uebersicht(neue, len(gebiete)),
    )


def _benannt(tabellen: Sequence[Path]) -> list[tuple[Path, str]]:
    """Jede Tabelle mit einem Namen für Meldungen, der nur ihr gehört."""
    orte = [tabelle.resolve() for tabelle in tabellen]
    doppelt = sorted({ort.name for ort in orte if orte.count(ort) > 1})
    if doppelt:
        raise Aufruffehler(f"{aufzaehlung(doppelt)} ist zweimal angegeben.")
    namen = [sicherer_text(tabelle.name) for tabelle in tabellen]
    if len(set(namen)) < len(namen):
        namen = [f"{n}. {name}" for n, name in enumerate(namen, 1)]
    return list(zip(tabellen, namen, strict=True))


def _schaetzzeilen(neue: pd.DataFrame, katalog: Katalog) -> pd.DataFrame:
    """Mit dem Wert aus ungerundeten Fallzahlen; die gerundeten stehen daneben."""
    zeilen = bestandszeilen(neue, katalog)
    nichts = pd.array([pd.NA] * len(neue), dtype="Int64")
    ohne = neue.assign(zaehler=nichts, nenner=nichts)
    return zeilen.assign(wert=bestandszeilen(ohne, katalog)["wert"], geschaetzt="ja")


def _gerundet(neue: pd.DataFrame, katalog: Katalog) -> pd.DataFrame:
    """Geschätztes mit wenigen Stellen; mehr täuschten Genauigkeit vor."""
    einheiten = {k: i.einheit for k, i in katalog.indikatoren.items()}
    wert = neue["wert"].copy()
    for einheit, zeilen in neue[neue[GESCHAETZT]].groupby(
        neue["indikator"].map(einheiten)
    ):
        stellen = STELLEN.get(str(einheit), 2)
        wert[zeilen.index] = wert[zeilen.index].round(stellen)
    return neue.assign(wert=wert)


def _uebersicht(neue: pd.DataFrame, gesamt: int) -> pd.DataFrame:
    unten = neue[neue["ebene"].astype(str) == "gebiet"]
    zahl = unten["wertart"] == "Zahl"
    merkmale = {
        "genau": zahl & ~unten[GESCHAETZT],
        "geschätzt": zahl & unten[GESCHAETZT],
        "gesperrt": unten["wertart"] == "gesperrt",
    }
    gruppen = unten.assign(**merkmale).groupby(["indikator", "stichtag"], observed=True)
    anzahlen = gruppen[list(merkmale)].sum()
    ohne = gesamt - anzahlen.sum(axis=1)
    return anzahlen.assign(**{"ohne Wert": ohne}).reset_index()


def schreibe_ueberfuehrung(
    ergebnis: Ueberfuehrung, ziel: Path, stamm: str
) -> tuple[Path, ...]:
    """Schreibt ``STAMM_genau.csv`` und ``STAMM_geschaetzt.csv``, soweit gefüllt.

    Raises
    ------
    Aufruffehler
        Wenn eine der Dateien schon da ist; überschrieben wird nichts.
    """
    inhalte = {
        ziel / f"{stamm}_{name}.csv": tabelle.to_csv(
            sep=";", index=False, columns=spalten, lineterminator="\n"
        ).encode()
        for name, tabelle, spalten in (
            ("genau", ergebnis.genau, list(KOPF)),
            ("geschaetzt", ergebnis.geschaetzt, [*KOPF, GESCHAETZT]),
        )
        if not tabelle.empty
    }
    da = [datei.name for datei in inhalte if datei.exists() or datei.is_symlink()]
    if da:
        raise Aufruffehler(
            f"In {ziel} liegt schon {aufzaehlung(da)}. Bitte umbenennen oder mit "
            "--ziel einen anderen Ordner wählen."
        )
    ersetze_dateien(inhalte)
    return tuple(inhalte)


def _pruefe_ziele(plan: Schluesselbruecke, gebiete: pd.Index, name: str) -> None:
    fremd = sorted(set(plan.neue) - set(gebiete))
    if fremd:
        befunde = [
            Befund(
                ort=f"{name}, neu {sicherer_text(k)}",
                was=f"Das Gebiet „{sicherer_text(k)}“ hat das Projekt nicht.",
                erwartet="ein Schlüssel aus gebiete.geojson",
                rat="Ist es die Brücke zu diesen Grenzen?",
            )
            for k in fremd
        ]
        raise Datenfehler(name, befunde)


def _hinweise(neue: pd.DataFrame, plan: Schluesselbruecke) -> list[str]:
    """Woraus jeder Wert entstanden ist; bei Stadtbezirk und Stadt wie bisher."""
    herkunft = {
        str(neu): _herkunft(teile) for neu, teile in plan.tabelle.groupby("neu")
    }
    return [
        sicherer_text("; ".join(t for t in (herkunft[str(gebiet)], hinweis) if t), 400)
        if ebene == "gebiet"
        else str(hinweis)
        for ebene, gebiet, hinweis in zip(
            neue["ebene"], neue["gebiet"], neue["hinweis"], strict=True
        )
    ]


def _herkunft(teile: pd.DataFrame) -> str:
    genau = bool(teile["genau"].all())
    stuecke = [
        str(z.alt) if genau else f"{z.alt} ({_anteil(float(str(z.gewicht)))})"
        for z in teile.itertuples()
    ]
    rest = len(stuecke) - HOECHSTENS_ALTE
    if rest > 0:
        stuecke = [*stuecke[:HOECHSTENS_ALTE], f"{rest} weiteren"]
    weg = "umgerechnet aus" if genau else "geschätzt nach Anteilen von"
    splitter = " ohne Splitter unter 1 %" if bool(teile["splitter"].any()) else ""
    return f"{weg} {aufzaehlung(stuecke)}{splitter}"


def _anteil(gewicht: float) -> str:
    return f"{zahl_text(100 * gewicht, stellen=1)} %"
