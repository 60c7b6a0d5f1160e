"""Wie lesen wir eine CSV-Datei, ohne etwas zu verlieren oder zu erraten?

Alle Zellen bleiben Text, jede Zeile behält ihre Nummer; gedeutet wird später.
"""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from quartierstools.eingang.leser.textdatei import schnell_gelesen
from quartierstools.eingang.personen import personenspalten
from quartierstools.fehler import Befund, Datenfehler, meinten_sie, systemgrund
from quartierstools.katalog.datei import dateimangel


def lies_csv(
    datei: Path,
    *,
    name: str,
    pflicht: Sequence[str],
    weitere: Sequence[str] = (),
    adressen: Sequence[str] = (),
) -> pd.DataFrame:
    """Liest eine CSV-Datei (UTF-8, Semikolon) als Text.

    Parameters
    ----------
    datei : Path
        Zu lesende Datei.
    name : str
        Name für Meldungen, meist der Pfad im Projekt.
    pflicht, weitere : Sequence of str
        Spalten, die da sein müssen oder dürfen; andere sind ein Fehler.
    adressen : Sequence of str
        Davon Adressen von Einrichtungen, nicht von Menschen.

    Returns
    -------
    DataFrame
        Alle erlaubten Spalten als Text (fehlende leer), dazu `zeile` ab 2 und
        `datei`.

    Raises
    ------
    Datenfehler
        Wenn die Datei nicht lesbar ist, Spalten nicht passen, eine Zeile zu viele
        oder zu wenige Felder hat oder Angaben zu Personen enthält.
    """
    text = _text(datei, name)
    leser = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    try:
        kopf = [feld.strip() for feld in next(leser, [])]
    except csv.Error:
        raise Datenfehler(name, [_zu_lang(name, 1)]) from None
    befunde = _kopfbefunde(kopf, name, pflicht, weitere, adressen)
    if befunde:
        raise Datenfehler(name, befunde)
    tabelle, nummern = _zeilen(text, kopf, name)
    for spalte in (*pflicht, *weitere):
        if spalte not in tabelle:
            tabelle[spalte] = pd.Series("", index=tabelle.index, dtype="object")
    gelesen: pd.DataFrame = tabelle.assign(zeile=nummern, datei=name)
    return gelesen


def _zeilen(text: str, kopf: list[str], name: str) -> tuple[pd.DataFrame, list[int]]:
    """Zellen ohne Rand und Zeilennummern; zuerst der schnelle Weg."""
    zeilen = text.split("\n")
    if not zeilen.pop() and (schnell := schnell_gelesen(zeilen[1:], kopf, ";")):
        spalten = {
            s: pd.Series(schnell.column(s).to_pylist(), dtype="object") for s in kopf
        }
        return pd.DataFrame(spalten), list(range(2, len(zeilen) + 1))
    leser = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    next(leser)
    paare: list[tuple[int, list[str]]] = []
    nummer = leser.line_num + 1
    try:
        for felder in leser:
            if any(felder):
                paare.append((nummer, felder))
            nummer = leser.line_num + 1
    except csv.Error:
        raise Datenfehler(name, [_zu_lang(name, nummer)]) from None
    befunde = [
        Befund(
            ort=f"{name}, Zeile {n}",
            was=f"Hier stehen {len(felder)} Felder.",
            erwartet=f"{len(kopf)} wie in der Kopfzeile",
            rat="Die Datei ist womöglich abgeschnitten; bitte neu liefern lassen.",
        )
        for n, felder in paare
        if len(felder) != len(kopf)
    ]
    if not text.endswith("\n"):
        befunde.append(
            Befund(
                ort=f"{name}, letzte Zeile",
                was="Die Datei endet mitten in einer Zeile.",
                erwartet="ein Zeilenende",
                rat="Sie ist womöglich abgeschnitten; bitte prüfen und neu speichern.",
            )
        )
    if befunde:
        raise Datenfehler(name, befunde)
    tabelle = pd.DataFrame([f for _, f in paare], columns=kopf, dtype="object")
    ohne_rand = tabelle.apply(lambda spalte: spalte.str.strip())
    return ohne_rand, [n for n, _ in paare]


def _zu_lang(name: str, zeile: int) -> Befund:
    return Befund(
        ort=f"{name}, Zeile {zeile}",
        was="Ein Feld ist ungewöhnlich lang.",
        erwartet="Text von höchstens 100.000 Zeichen",
        rat="Fehlt ein schließendes Anführungszeichen? Bitte prüfen.",
    )


def _text(datei: Path, name: str) -> str:
    mangel = dateimangel(datei, name)
    if mangel is not None:
        raise Datenfehler(name, [mangel])
    try:
        roh = datei.read_bytes()
    except OSError as fehler:
        was = f"Die Datei lässt sich nicht lesen ({systemgrund(fehler)})."
        befund = Befund(ort=name, was=was, rat="Bitte die Rechte prüfen.")
        raise Datenfehler(name, [befund]) from None
    if b"\0" in roh:
        befund = Befund(
            ort=name,
            was="Die Datei enthält Nullzeichen.",
            erwartet="reiner Text in UTF-8",
            rat="Vermutlich ist es keine CSV-Datei; bitte als „CSV UTF-8“ speichern.",
        )
        raise Datenfehler(name, [befund])
    try:
        text = roh.decode("utf-8-sig")
    except UnicodeDecodeError as fehler:
        zeile = roh[: fehler.start].count(b"\n") + 1
        befund = Befund(
            ort=f"{name}, Zeile {zeile}",
            was="Hier steht ein Zeichen, das kein UTF-8 ist.",
            erwartet="eine Datei in UTF-8",
            rat="Bitte als „CSV UTF-8“ speichern.",
        )
        raise Datenfehler(name, [befund]) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _kopfbefunde(
    kopf: Sequence[str],
    name: str,
    pflicht: Sequence[str],
    weitere: Sequence[str],
    adressen: Sequence[str],
) -> list[Befund]:
    ort, erlaubt = f"{name}, Kopfzeile", [*pflicht, *weitere]
    if mangel := _trennzeichenbefund(kopf, ort, erlaubt):
        return [mangel]
    personen = personenspalten([k for k in kopf if k not in adressen])
    if personen:
        return [
            Befund(
                ort=ort,
                was=f"Die Spalten {', '.join(personen)} beschreiben einzelne Menschen.",
                erwartet="nur zusammengefasste Zahlen je Gebiet",
                rat="Die Datei wurde nicht gelesen; bitte löschen und nur Aggregate "
                "liefern lassen.",
            )
        ]
    befunde = [
        Befund(
            ort=ort,
            was=f"Die Spalte „{spalte}“ fehlt.",
            erwartet=f"die Spalten {', '.join(pflicht)}",
            rat="Bitte ergänzen.",
        )
        for spalte in pflicht
        if spalte not in kopf
    ]
    befunde += [
        Befund(
            ort=ort,
            was=f"Die Spalte „{spalte}“ gibt es hier nicht."
            f"{meinten_sie(spalte, erlaubt)}",
            erwartet=f"nur {', '.join(erlaubt)}",
        )
        for spalte in kopf
        if spalte not in erlaubt
    ]
    doppelt = sorted({s for s in kopf if list(kopf).count(s) > 1})
    befunde += [
        Befund(
            ort=ort,
            was=f"Die Spalte „{s}“ steht mehrfach.",
            erwartet="jede Spalte einmal",
            rat="Bitte eine umbenennen oder löschen.",
        )
        for s in doppelt
    ]
    return befunde


def _trennzeichenbefund(
    kopf: Sequence[str], ort: str, erlaubt: Sequence[str]
) -> Befund | None:
    """Ein einziges Feld mit mehreren bekannten Spalten: falsches Trennzeichen."""
    for zeichen, wort in ((",", "Komma"), ("\t", "Tabulator"), ("|", "|")):
        teile = [t.strip().strip('"') for t in kopf[0].split(zeichen)] if kopf else []
        if len(kopf) == 1 and len(set(teile) & set(erlaubt)) > 1:
            return Befund(
                ort=ort,
                was=f"Trennzeichen ist {wort}.",
                erwartet="Semikolon",
                rat="Bitte mit Semikolon speichern (in Excel „CSV UTF-8“ mit deutschen "
                "Ländereinstellungen); Dezimalzeichen ist das Komma.",
            )
    return None


def befunde_je_zeile(
    tabelle: pd.DataFrame,
    falsch: "pd.Series[bool]",
    *,
    spalte: str,
    erwartet: str,
    rat: str = "",
    was: Callable[[str], str] = "„{}“ passt nicht.".format,
) -> list[Befund]:
    """Ein Befund je Zeile, in der `falsch` wahr ist."""
    betroffen = tabelle.loc[falsch.fillna(value=True)]
    return [
        Befund(
            ort=f"{datei}, Zeile {zeile}, Spalte {spalte}",
            was=was(str(wert)),
            erwartet=erwartet,
            rat=rat,
        )
        for datei, zeile, wert in zip(
            betroffen["datei"], betroffen["zeile"], betroffen[spalte], strict=True
        )
    ]


def ohne_befund(tabelle: pd.DataFrame, befunde: Sequence[Befund | str]) -> pd.DataFrame:
    """Zeilen, über die kein Befund spricht; sie lassen sich weiter prüfen."""
    beanstandet = {
        b.ort.rpartition(", Spalte ")[0] for b in befunde if not isinstance(b, str)
    }
    orte = tabelle["datei"] + ", Zeile " + tabelle["zeile"].astype(str)
    return tabelle[~orte.isin(beanstandet)]
