"""Stimmt der Bestand? Schlüssel, Zahlen, Anteile, Summen – alle Mängel auf einmal."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from quartierstools.eingang.schutz import sicherer_text, zellbefund
from quartierstools.eingang.tabelle import befunde_je_zeile
from quartierstools.fehler import Befund, meinten_sie
from quartierstools.katalog import Katalog
from quartierstools.katalog.verzeichnis import INDIKATORBEFEHL
from quartierstools.schreibweise import zahl_text

EBENEN = ("gebiet", "stadtbezirk", "stadt")
SCHLUESSEL = ["ebene", "gebiet", "indikator", "stichtag"]
ZAHL = r"[-−]?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,[0-9]+)?"
ANZAHL = r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+"
DATUM = r"\d{4}-\d{2}-\d{2}"
MINDESTZAHL_EINHEIT = 5
"""Ab so vielen Werten fällt auf, wenn alle Prozentwerte unter 1 liegen."""
BEISPIEL = "SCHLUESSEL"
"""Gebiet der Beispielzeile, die `lege_an` in ein neues Projekt schreibt."""


def zeilenbefunde(roh: pd.DataFrame, dateien: Sequence[str]) -> list[Befund]:
    """Was ohne Katalog auffällt: leere Tabellen, Beispielzeilen, Formeln in Texten."""
    befunde = [
        Befund(
            ort=name,
            was="Unter der Kopfzeile steht keine Zeile.",
            erwartet="eine Zeile je Gebiet, Indikator und Stichtag",
            rat="Bitte füllen oder die Datei löschen; das Format steht in "
            "daten/README.md.",
        )
        for name in sorted(set(dateien) - set(roh["datei"]))
    ]
    befunde += befunde_je_zeile(
        roh,
        roh["gebiet"] == BEISPIEL,
        spalte="gebiet",
        was=lambda _: "Die Beispielzeile steht noch da.",
        erwartet="eine Zeile je Gebiet, Indikator und Stichtag",
        rat="Bitte durch die eigenen Werte ersetzen.",
    )
    texte = {t: zellbefund(t) for t in roh["hinweis"].unique()}
    befunde += befunde_je_zeile(
        roh,
        roh["hinweis"].map(texte) != "",
        spalte="hinweis",
        was=lambda text: f"In „{sicherer_text(text)}“ steht {texte[text]}.",
        erwartet="gewöhnlicher Text",
        rat="Ein Hinweis beginnt nicht mit = + - oder @; bitte umformulieren.",
    )
    befunde += befunde_je_zeile(
        roh,
        ~roh["guete"].isin(["", "A", "B"]),
        spalte="guete",
        erwartet="A (sicher zugeordnet), B (erschlossen) oder leer",
        rat="Bitte berichtigen.",
    )
    return befunde


def schluesselbefunde(
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
    for spalte, bekannt, mehr in (
        ("indikator", list(katalog.indikatoren), INDIKATORBEFEHL),
        ("quelle", list(katalog.quellen), ""),
    ):
        befunde += befunde_je_zeile(
            roh,
            ~roh[spalte].isin(bekannt),
            spalte=spalte,
            was=lambda wert, b=bekannt: (  # type: ignore[misc]
                f"„{wert}“ kennt der Katalog nicht.{meinten_sie(wert, b)}"
            ),
            erwartet=f"eine Kennung aus dem Katalog ({_beispiele(bekannt)})",
            rat=f"{mehr}Schreibweise prüfen oder Eintrag im Ordner katalog/ ergänzen.",
        )
    tage = pd.to_datetime(roh["stichtag"], format="%Y-%m-%d", errors="coerce")
    befunde += befunde_je_zeile(
        roh,
        tage.isna() | ~_passt(roh["stichtag"], DATUM),
        spalte="stichtag",
        erwartet="ein Datum wie 2023-12-31",
        rat="Bitte als JJJJ-MM-TT schreiben; Excel stellt Daten gern um, dann die "
        "Spalte als Text formatieren.",
    )
    befunde += befunde_je_zeile(
        roh,
        ~roh["stichtag_belegt"].isin(["ja", "nein", "unbekannt"]),
        spalte="stichtag_belegt",
        erwartet="ja, nein oder unbekannt",
        rat="ja: Die Quelle nennt den Tag. nein: angenommen.",
    )
    befunde += befunde_je_zeile(
        roh,
        roh.duplicated(SCHLUESSEL, keep="first"),
        spalte="gebiet",
        was=lambda wert: f"„{wert}“ steht für Indikator und Stichtag schon einmal da.",
        erwartet="jede Kombination nur einmal",
        rat="Welche Zeile gilt, weiß nur die Quelle; bitte die andere löschen.",
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


def zahlbefunde(roh: pd.DataFrame, katalog: Katalog) -> list[Befund]:
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
        rat="Zelle berichtigen. Ist der Wert geschützt (* oder <3): „.“ schreiben, das "
        "heißt gesperrt, oder die gelieferte Datei mit quartier uebernimm lesen. "
        "Eigene Zeichen erklärt katalog/quellen.yaml.",
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
            roh,
            ~gut,
            spalte=spalte,
            erwartet="eine ganze Zahl ab 0",
            rat="Ist die Fallzahl geschützt (* oder <3): zaehler und nenner leer "
            "lassen und in wert „.“ schreiben, das heißt gesperrt.",
        )
    befunde += befunde_je_zeile(
        roh,
        _passt(roh["zaehler"], ANZAHL) & (roh["nenner"] == ""),
        spalte="nenner",
        was=lambda _: "Zum Zähler fehlt der Nenner.",
        erwartet="eine ganze Zahl",
    )
    return befunde


def wertbefunde(werte: pd.DataFrame, katalog: Katalog) -> list[Befund]:
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
    befunde += befunde_je_zeile(
        werte,
        werte["weicht_ab"] & ~zu_gross,
        spalte="gegeben",
        was=lambda wert: (
            f"Angegeben ist der Wert {zahl_text(float(wert), stellen=2)}, "
            "aus Zähler und Nenner ergibt sich ein anderer."
        ),
        erwartet="Wert = Zähler / Nenner, bis auf Rundung",
        rat="Gehören Wert, Zähler und Nenner zur selben Abgrenzung? Sonst den Wert "
        "leer lassen; er wird gerechnet.",
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


def summenbefunde(werte: pd.DataFrame, gebiete: pd.DataFrame) -> list[Befund]:
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
