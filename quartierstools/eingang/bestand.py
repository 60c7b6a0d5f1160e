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
import pyarrow.compute as pc

from quartierstools.eingang.beobachtungen import artwoerter, beobachtungen
from quartierstools.eingang.deutung import deute_spalte
from quartierstools.eingang.tabelle import befunde_je_zeile, lies_csv
from quartierstools.fehler import Befund, Datenfehler, meinten_sie
from quartierstools.katalog import Katalog
from quartierstools.schreibweise import mehrzahl

PFLICHT = ("ebene", "gebiet", "indikator", "stichtag", "quelle", "stichtag_belegt")
WEITERE = ("wert", "zaehler", "nenner", "guete", "hinweis")
EBENEN = ("gebiet", "stadtbezirk", "stadt")
SCHLUESSEL = ["ebene", "gebiet", "indikator", "stichtag"]
ZAHLEN = ("wert", "zaehler", "nenner")
ZAHL = r"[-−]?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,[0-9]+)?"
ANZAHL = r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+"
DATUM = r"\d{4}-\d{2}-\d{2}"
MINDESTZAHL_EINHEIT = 5
"""Ab so vielen Werten fällt auf, wenn alle Prozentwerte unter 1 liegen."""


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
    if not dateien:
        befund = Befund(
            ort="bestand/",
            was="Hier liegt keine CSV-Datei.",
            erwartet="mindestens eine Wertetabelle",
            rat="Das Format steht in daten/README.md.",
        )
        raise Datenfehler("bestand/", [befund])
    teile: list[pd.DataFrame] = []
    befunde: list[Befund | str] = []
    for datei, name in dateien:
        try:
            teile.append(lies_csv(datei, name=name, pflicht=PFLICHT, weitere=WEITERE))
        except Datenfehler as fehler:
            befunde += fehler.befunde
    if befunde:
        raise Datenfehler("Bestand", befunde)
    roh = pd.concat(teile, ignore_index=True)
    befunde += _schluesselbefunde(roh, katalog, gebiete, bezirke)
    befunde += _zahlbefunde(roh, katalog)
    if befunde:
        raise Datenfehler("Bestand", befunde)
    werte = _gedeutet(roh, katalog)
    befunde += _wertbefunde(werte, katalog)
    befunde += _summenbefunde(werte, gebiete)
    if befunde:
        raise Datenfehler("Bestand", befunde)
    return werte.sort_values([*SCHLUESSEL], kind="stable", ignore_index=True)


def _schluesselbefunde(
    roh: pd.DataFrame, katalog: Katalog, gebiete: pd.DataFrame, bezirke: pd.Index
) -> list[Befund]:
    """Ebene, Gebiet, Indikator, Stichtag und Quelle müssen bekannt sein."""
    je_ebene = {
        "gebiet": list(gebiete.index),
        "stadtbezirk": list(bezirke),
        "stadt": ["stadt"],
    }
    befunde = befunde_je_zeile(
        roh, ~roh["ebene"].isin(EBENEN), spalte="ebene", erwartet=", ".join(EBENEN)
    )
    for ebene, schluessel in je_ebene.items():
        fremd = (roh["ebene"] == ebene) & ~roh["gebiet"].isin(schluessel)
        befunde += befunde_je_zeile(
            roh,
            fremd,
            spalte="gebiet",
            was=lambda wert, s=schluessel: (  # type: ignore[misc]
                f"Den Schlüssel „{wert}“ gibt es nicht.{_nah(wert, s)}"
            ),
            erwartet=f"ein Schlüssel der Ebene {ebene} ({_beispiele(schluessel)})",
            rat="Führende Nullen und Schreibweise prüfen.",
        )
    for spalte, bekannt in (
        ("indikator", list(katalog.indikatoren)),
        ("quelle", list(katalog.quellen)),
    ):
        befunde += befunde_je_zeile(
            roh,
            ~roh[spalte].isin(bekannt),
            spalte=spalte,
            was=lambda wert, b=bekannt: (  # type: ignore[misc]
                f"„{wert}“ kennt der Katalog nicht.{meinten_sie(wert, b)}"
            ),
            erwartet=f"eine Kennung aus dem Katalog ({_beispiele(bekannt)})",
            rat="Schreibweise prüfen oder Eintrag im Ordner katalog/ ergänzen.",
        )
    tage = pd.to_datetime(roh["stichtag"], format="%Y-%m-%d", errors="coerce")
    befunde += befunde_je_zeile(
        roh,
        tage.isna() | ~_passt(roh["stichtag"], DATUM),
        spalte="stichtag",
        erwartet="ein Datum wie 2023-12-31",
    )
    befunde += befunde_je_zeile(
        roh,
        ~roh["stichtag_belegt"].isin(["ja", "nein", "unbekannt"]),
        spalte="stichtag_belegt",
        erwartet="ja, nein oder unbekannt",
    )
    befunde += befunde_je_zeile(
        roh,
        roh.duplicated(SCHLUESSEL, keep="first"),
        spalte="gebiet",
        was=lambda wert: f"„{wert}“ steht für Indikator und Stichtag schon einmal da.",
        erwartet="jede Kombination nur einmal",
    )
    return befunde


def _nah(wert: str, schluessel: Sequence[str]) -> str:
    mit_null = [s for s in schluessel if s.lstrip("0") == wert.lstrip("0")]
    return f" Meinten Sie „{mit_null[0]}“?" if mit_null else ""


def _beispiele(schluessel: Sequence[str], anzahl: int = 3) -> str:
    gezeigt = ", ".join(list(schluessel)[:anzahl])
    return f"{gezeigt}, …" if len(schluessel) > anzahl else gezeigt


def _passt(spalte: "pd.Series[Any]", muster: str) -> "pd.Series[bool]":
    """Welche Zellen ganz auf das Muster passen."""
    zellen = pa.array(spalte.to_numpy(), pa.string())
    maske = pc.match_substring_regex(zellen, f"^(?:{muster})$")
    return pd.Series(maske.to_numpy(zero_copy_only=False), index=spalte.index)


def _zahlbefunde(roh: pd.DataFrame, katalog: Katalog) -> list[Befund]:
    """Zellen müssen Zahl oder vereinbartes Zeichen sein."""
    ist_zeichen = pd.Series(data=False, index=roh.index)
    zaehlerzeichen = ist_zeichen.copy()
    for kennung, zeilen in roh.groupby("quelle").groups.items():
        quelle = katalog.quellen.get(str(kennung))
        zeichen = list(quelle.zeichen) if quelle else []
        ist_zeichen[zeilen] = roh.loc[zeilen, "wert"].isin(zeichen)
        zaehlerzeichen[zeilen] = roh.loc[zeilen, "zaehler"].isin(zeichen)
    ist_zahl = _passt(roh["wert"], ZAHL)
    leer = roh["wert"] == ""
    befunde = befunde_je_zeile(
        roh,
        ~(ist_zahl | ist_zeichen | leer),
        spalte="wert",
        was="„{}“ ist weder Zahl noch vereinbartes Zeichen.".format,
        erwartet="eine Zahl wie 12,1 oder ein Zeichen (- . / x ...)",
        rat="Zelle berichtigen oder Zeichen in katalog/quellen.yaml erklären.",
    )
    befunde += befunde_je_zeile(
        roh,
        leer & (roh["zaehler"] == ""),
        spalte="wert",
        was=lambda _: "Weder Wert noch Zähler sind angegeben.",
        erwartet="eine Zahl oder ein Zeichen",
        rat="Liegt der Wert nicht vor, die Zeile weglassen.",
    )
    for spalte in ("zaehler", "nenner"):
        gut = _passt(roh[spalte], ANZAHL) | (roh[spalte] == "")
        if spalte == "zaehler":
            gut |= zaehlerzeichen
        befunde += befunde_je_zeile(
            roh, ~gut, spalte=spalte, erwartet="eine ganze Zahl ab 0"
        )
    befunde += befunde_je_zeile(
        roh,
        _passt(roh["zaehler"], ANZAHL) & (roh["nenner"] == ""),
        spalte="nenner",
        was=lambda _: "Zum Zähler fehlt der Nenner.",
        erwartet="eine ganze Zahl",
    )
    return befunde


def _gedeutet(roh: pd.DataFrame, katalog: Katalog) -> pd.DataFrame:
    """Macht aus Text Werte, Wertarten und Fallzahlen, je Quelle und Einheit."""
    n = len(roh)
    wert = np.full(n, np.nan)
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
        for spalte, zahlen in fallzahl.items():
            feld = getattr(gelesen, spalte)
            zahlen[stellen] = feld.to_numpy(dtype=np.int64, na_value=0)
            fehlt[spalte][stellen] = feld.isna()
    return roh[
        [*SCHLUESSEL, "quelle", "stichtag_belegt", "guete", "hinweis", "datei", "zeile"]
    ].assign(
        wert=pd.Series(wert, index=roh.index, dtype="float64"),
        wertart=pd.Series(artwoerter(art), index=roh.index, dtype="object"),
        zaehler=pd.arrays.IntegerArray(fallzahl["zaehler"], fehlt["zaehler"]),
        nenner=pd.arrays.IntegerArray(fallzahl["nenner"], fehlt["nenner"]),
    )


def _wertbefunde(werte: pd.DataFrame, katalog: Katalog) -> list[Befund]:
    """Anteile zwischen 0 und 100 Prozent, Zähler nicht größer als Nenner."""
    einheit = werte["indikator"].map(lambda i: katalog.indikatoren[i].einheit)
    anteil = einheit == "prozent"
    zu_gross = anteil & (werte["zaehler"] > werte["nenner"]).fillna(value=False)
    befunde = befunde_je_zeile(
        werte,
        zu_gross,
        spalte="zaehler",
        was="Der Zähler {} ist größer als der Nenner.".format,
        erwartet="höchstens so groß wie der Nenner",
        rat="Stimmen Quelle und Stichtag von Zähler und Nenner überein?",
    )
    ausserhalb = anteil & ~zu_gross & ((werte["wert"] < 0) | (werte["wert"] > 1))
    befunde += befunde_je_zeile(
        werte,
        ausserhalb,
        spalte="wert",
        was=lambda wert: f"Der Anteil beträgt {float(wert) * 100:g} Prozent.",
        erwartet="0 bis 100 Prozent",
    )
    for kennung, gruppe in werte[anteil & werte["zaehler"].isna()].groupby("indikator"):
        zahlen = gruppe["wert"].dropna() * 100
        verdaechtig = len(zahlen) >= MINDESTZAHL_EINHEIT and 0 < zahlen.max() <= 1
        if verdaechtig:
            befunde.append(
                Befund(
                    ort=f"{gruppe['datei'].iloc[0]}, {kennung}",
                    was="Alle Werte liegen unter 1 Prozent.",
                    erwartet="Prozentwerte von 0 bis 100",
                    rat="Sind es Anteile von 0 bis 1? Dann mal 100 nehmen.",
                )
            )
    return befunde


def _summenbefunde(werte: pd.DataFrame, gebiete: pd.DataFrame) -> list[Befund]:
    """Fallzahlen der Gebiete müssen Stadtbezirk und Stadt ergeben."""
    unten = werte[werte["ebene"] == "gebiet"]
    je_bezirk = unten.assign(gruppe=unten["gebiet"].map(gebiete["stadtbezirk"]))
    ebenen = (
        ("stadtbezirk", je_bezirk, gebiete["stadtbezirk"].value_counts()),
        ("stadt", unten.assign(gruppe="stadt"), pd.Series({"stadt": len(gebiete)})),
    )
    befunde = []
    for ebene, teile, anzahl in ebenen:
        oben = werte[werte["ebene"] == ebene]
        for spalte in ("zaehler", "nenner"):
            summe = teile.groupby(["indikator", "stichtag", "gruppe"])[spalte]
            summen = summe.agg(["sum", "count"]).reset_index()
            vollstaendig = summen["count"] == summen["gruppe"].map(anzahl)
            paare = oben.merge(
                summen[vollstaendig].rename(columns={"gruppe": "gebiet"}),
                on=["indikator", "stichtag", "gebiet"],
            )
            befunde += befunde_je_zeile(
                paare,
                paare[spalte].notna() & (paare[spalte] != paare["sum"]),
                spalte=spalte,
                was="{} ist nicht die Summe der Gebiete.".format,
                erwartet="die Summe aller Gebiete darunter",
                rat="Fehlt ein Gebiet oder stammen die Zeilen aus verschiedenen "
                "Lieferungen?",
            )
    return befunde


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
    saetze = [
        f"{mehrzahl(int(n), 'Gebiet', 'Gebiete')} von {len(gebiete)} mit Wert"
        for n in vorhanden
    ]
    return tabelle.assign(satz=saetze)
