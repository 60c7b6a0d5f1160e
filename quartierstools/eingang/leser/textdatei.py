"""Wie lesen wir CSV-Lieferungen? Kodierung, Trennzeichen, Kopf und Zeilennummern."""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from quartierstools.eingang.leser.kopf import (
    Aufteilung,
    kopfbefunde,
    spaltennamen,
    teile_auf,
)
from quartierstools.eingang.leser.rohtabelle import Rohtabelle, texttabelle
from quartierstools.eingang.pruefregeln import Pruefregeln
from quartierstools.eingang.schutz import STEUERZEICHEN, sicherer_text
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.schreibweise import aufzaehlung, zahl_text

TRENNZEICHEN = (";", "\t", "|", ",")
TRENNWORT = {";": "Semikolon", "\t": "Tabulator", "|": "Senkrechtstrich", ",": "Komma"}
PROBE = 200
"""So viele Zeilen vom Anfang und Ende genügen für Trennzeichen, Kopf, Fußnoten."""
VERLESEN = re.compile(
    "Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u2022\u2026\u2030\u2122]|â€|\ufffd"
)
DOS_UMLAUT = re.compile(r"(?<=[A-Za-z])[„”™šŽ\u0081](?=[a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schreibart:
    """Wie eine CSV-Datei geschrieben ist; leere Felder werden erkannt."""

    kodierung: str = ""
    trennzeichen: str = ""
    kopfzeile: int | None = None
    kopfzeilen: int | None = None


def lies_textdatei(
    datei: Path, *, name: str, art: Schreibart, regeln: Pruefregeln
) -> Rohtabelle:
    """Liest eine CSV-Datei als Text.

    Raises
    ------
    Datenfehler
        Bei unbekannter Kodierung, Nullzeichen, uneinheitlicher Feldzahl, offenen
        Anführungszeichen, doppelten oder gefährlichen Spaltennamen.
    """
    text, kodierung, hinweise = entschluesselt(datei.read_bytes(), name, art.kodierung)
    zeilen = text.split("\n")
    del text
    abgeschlossen = zeilen[-1] == ""
    if abgeschlossen:
        zeilen.pop()
    else:
        hinweise.append(
            Befund(
                ort=f"{name}, letzte Zeile",
                was="Die letzte Zeile hat kein Zeilenende.",
                rat="Bitte prüfen, ob die Datei vollständig ist.",
                schwere="hinweis",
            )
        )
    try:
        trennzeichen = art.trennzeichen or _trennzeichen(zeilen, name)
        kopf, koerper, teilung, fusszeilen = _probe(zeilen, trennzeichen, art)
    except csv.Error:
        raise Datenfehler(name, [_zu_lang(zeilen, name)]) from None
    namen = spaltennamen(kopf)
    while namen and not namen[-1] and _letzte_spalte_leer(koerper, len(namen)):
        namen.pop()
    befunde = kopfbefunde(namen, name)
    if len(namen) > regeln.hoechstens_spalten or not namen:
        befunde.append(_ausmass(name, f"{len(namen)} Spalten", "hoechstens_spalten"))
    if befunde:
        raise Datenfehler(name, befunde)
    spalten = [n or f"Spalte {i}" for i, n in enumerate(namen, start=1)]
    von, bis = teilung.kopf_bis + teilung.nummernzeile, len(zeilen) - fusszeilen
    del zeilen[bis:], zeilen[:von]
    zellen, nummern = _gelesen(zeilen, von + 1, spalten, trennzeichen, name)
    if len(nummern) > regeln.hoechstens_zeilen or zellen.nbytes > 4 * 10**9:
        was = f"{zahl_text(len(nummern))} Zeilen"
        raise Datenfehler(name, [_ausmass(name, was, "hoechstens_zeilen")])
    if teilung.fussnoten:
        hinweise.append(_fussnotenhinweis(name, bis + 1, teilung.fussnoten))
    return Rohtabelle(
        name=name,
        zellen=zellen,
        zeilen=nummern,
        titel=teilung.titel,
        fussnoten=teilung.fussnoten,
        merkmale=(
            ("Kodierung", kodierung),
            ("Trennzeichen", TRENNWORT.get(trennzeichen, trennzeichen)),
        ),
        hinweise=tuple(hinweise),
    )


def _zu_lang(zeilen: list[str], name: str) -> Befund:
    grenze = csv.field_size_limit()
    stelle = next((i for i, z in enumerate(zeilen, start=1) if len(z) > grenze), 1)
    return Befund(
        ort=f"{name}, Zeile {stelle}",
        was="Ein Feld ist ungewöhnlich lang.",
        erwartet="Zellen von höchstens 100.000 Zeichen",
        rat="Fehlt ein Zeilenende oder ein Anführungszeichen? Bitte neu ausgeben.",
    )


def _ausmass(name: str, was: str, regel: str) -> Befund:
    return Befund(
        ort=name,
        was=f"Die Tabelle hat {was}.",
        erwartet=f"mindestens 1 und nicht mehr als die Prüfregel {regel} erlaubt",
        rat="Bitte nur die benötigten Gebiete und Spalten liefern lassen.",
    )


def _fussnotenhinweis(name: str, zeile: int, fussnoten: tuple[str, ...]) -> Befund:
    gezeigt = aufzaehlung([f"„{sicherer_text(t)}“" for t in fussnoten[:2]])
    return Befund(
        ort=f"{name}, ab Zeile {zeile}",
        was=f"Unter der Tabelle stehen Anmerkungen: {gezeigt}.",
        rat="Sie zählen nicht zu den Werten.",
        schwere="hinweis",
    )


def entschluesselt(
    roh: bytes, name: str, vorgabe: str = ""
) -> tuple[str, str, list[Befund]]:
    """Text mit einheitlichen Zeilenenden, Kodierung und Hinweise.

    Raises
    ------
    Datenfehler
        Wenn die Datei kein Text ist oder keine Kodierung passt.
    """
    text, kodierung = _dekodiert(roh, name, vorgabe)
    stelle = text.find("\0")
    if stelle >= 0:
        zeile = text.count("\n", 0, stelle) + 1
        raise Datenfehler(
            name,
            [
                Befund(
                    ort=f"{name}, Zeile {zeile}",
                    was="Die Datei enthält Nullzeichen.",
                    erwartet="reiner Text",
                    rat="Vermutlich ist es keine CSV-Datei; bitte als „CSV UTF-8“ "
                    "speichern.",
                )
            ],
        )
    verlesen = _zerstoert(text, kodierung)
    if verlesen:
        zeile = text.count("\n", 0, verlesen.start()) + 1
        raise Datenfehler(
            name,
            [
                Befund(
                    ort=f"{name}, Zeile {zeile}",
                    was="Umlaute sind zerstört: „"
                    f"{sicherer_text(_umgebung(text, verlesen.start()))}“.",
                    erwartet="Umlaute wie in „Günnigfeld“",
                    rat="Die Datei wurde mit falscher Kodierung gespeichert; bitte als "
                    "„CSV UTF-8“ neu ausgeben oder die Kodierung in lieferung.yaml "
                    "angeben (etwa kodierung: cp850).",
                )
            ],
        )
    hinweise = []
    windows = text.count("\r\n")
    wagen, zeilen = text.count("\r") - windows, text.count("\n") - windows
    if sum(n > 0 for n in (windows, wagen, zeilen)) > 1:
        hinweise.append(
            Befund(
                ort=name,
                was="Die Datei mischt verschiedene Zeilenenden.",
                rat="Gelesen wurde jede Art als Zeilenende; bitte prüfen, ob die Datei "
                "aus mehreren zusammengesetzt ist.",
                schwere="hinweis",
            )
        )
    if windows or wagen:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, kodierung, hinweise


def _zerstoert(text: str, kodierung: str) -> re.Match[str] | None:
    """Erste Stelle mit zerstörten Umlauten; die Vorprüfung spart die Suche."""
    if any(zeichen in text for zeichen in ("Ã", "â€", "\ufffd")):
        fund = VERLESEN.search(text)
        if fund:
            return fund
    return DOS_UMLAUT.search(text) if kodierung == "Windows-1252" else None


def _umgebung(text: str, stelle: int) -> str:
    return text[max(0, stelle - 8) : stelle + 8].replace("\n", " ").replace("\r", " ")


def _dekodiert(roh: bytes, name: str, vorgabe: str) -> tuple[str, str]:
    if vorgabe:
        try:
            return roh.decode(vorgabe), vorgabe
        except (UnicodeDecodeError, LookupError):
            befund = Befund(
                ort=name,
                was=f"Die Datei lässt sich nicht als „{sicherer_text(vorgabe)}“ lesen.",
                erwartet="die Kodierung, in der sie gespeichert ist",
                rat="Bitte kodierung in lieferung.yaml prüfen oder weglassen.",
            )
            raise Datenfehler(name, [befund]) from None
    if roh[:2] in (b"\xff\xfe", b"\xfe\xff"):
        versuche = [("utf-16", "UTF-16")]
    else:
        versuche = [("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")]
    for kodierung, wort in versuche:
        try:
            text = roh.decode(kodierung)
        except UnicodeDecodeError:
            continue
        mit_marke = wort == "UTF-8" and roh.startswith(b"\xef\xbb\xbf")
        return text, "UTF-8 mit Marke (BOM)" if mit_marke else wort
    text = roh.decode("latin-1")
    fund = STEUERZEICHEN.search(text)
    if fund is None:
        return text, "ISO 8859-1"
    zeile = text.count("\n", 0, fund.start()) + 1
    befund = Befund(
        ort=f"{name}, Zeile {zeile}",
        was="Die Kodierung der Datei ist nicht erkennbar.",
        erwartet="UTF-8, UTF-16, Windows-1252 oder ISO 8859-1",
        rat="Bitte als „CSV UTF-8“ speichern.",
    )
    raise Datenfehler(name, [befund])


def _trennzeichen(zeilen: list[str], name: str) -> str:
    """Trennzeichen, das die meisten Zeilen in gleich viele Felder teilt."""
    probe = [z for z in zeilen[:PROBE] if z.strip()]
    guete: list[tuple[float, int, str]] = []
    for zeichen in TRENNZEICHEN:
        anzahl = Counter(
            len(f) for f in csv.reader(probe, delimiter=zeichen) if len(f) > 1
        )
        if anzahl:
            felder, haeufigkeit = max(
                anzahl.items(), key=lambda paar: (paar[1], paar[0])
            )
            guete.append((haeufigkeit / len(probe), felder, zeichen))
    if guete:
        # Semikolon vor Komma: Kommas stehen auch in Zahlen.
        return max(guete, key=lambda g: (round(g[0], 1), -TRENNZEICHEN.index(g[2])))[2]
    befund = Befund(
        ort=f"{name}, Kopfzeile",
        was="Die Datei hat nur eine Spalte.",
        erwartet="Spalten, getrennt durch Semikolon, Tabulator, Komma oder |",
        rat="Bitte als CSV mit Semikolon speichern.",
    )
    raise Datenfehler(name, [befund])


Zeilen = list[list[str]]


def _probe(
    zeilen: list[str], trennzeichen: str, art: Schreibart
) -> tuple[Zeilen, Zeilen, Aufteilung, int]:
    """Kopf, Beispielzeilen, Aufteilung und Zahl der Zeilen unter der Tabelle."""

    def raster(auswahl: list[str]) -> Zeilen:
        return [
            [z.strip() for z in next(csv.reader([zeile], delimiter=trennzeichen), [])]
            for zeile in auswahl
        ]

    oben = raster(zeilen[:PROBE])
    teilung = teile_auf(oben, kopfzeile=art.kopfzeile, kopfzeilen=art.kopfzeilen)
    unten = raster(zeilen[-PROBE:]) if len(zeilen) > PROBE else oben
    ende = teilung.ende
    if len(zeilen) > PROBE:
        ganz = teile_auf([*oben[: teilung.kopf_bis], *unten])
        ende = ganz.ende - teilung.kopf_bis
        fusszeilen = len(unten) - ende
        fussnoten = tuple(t for z in unten[ende:] if (t := " ".join(c for c in z if c)))
        teilung = Aufteilung(
            kopf_von=teilung.kopf_von,
            kopf_bis=teilung.kopf_bis,
            ende=len(zeilen) - fusszeilen,
            titel=teilung.titel,
            fussnoten=fussnoten,
            nummernzeile=teilung.nummernzeile,
        )
    else:
        fusszeilen = len(zeilen) - ende
    kopf = oben[teilung.kopf_von : teilung.kopf_bis]
    return kopf, oben[teilung.kopf_bis : teilung.ende], teilung, fusszeilen


def _letzte_spalte_leer(koerper: Zeilen, breite: int) -> bool:
    return all(len(z) < breite or not z[breite - 1] for z in koerper)


def _gelesen(
    zeilen: list[str], ab: int, spalten: list[str], trennzeichen: str, name: str
) -> tuple[Any, "np.ndarray[Any, np.dtype[np.int64]]"]:
    """Zellen und Zeilennummern; erst schnell, bei Besonderheiten Zeile für Zeile."""
    schnell = schnell_gelesen(zeilen, spalten, trennzeichen)
    if schnell is not None:
        return schnell, np.arange(ab, ab + len(zeilen), dtype=np.int64)
    felder, nummern, befunde = [], [], []
    leser = csv.reader((z + "\n" for z in zeilen), delimiter=trennzeichen, strict=True)
    breite = len(spalten)
    while True:
        zeile = ab + leser.line_num
        try:
            feld = [z.strip() for z in next(leser)]
        except StopIteration:
            break
        except csv.Error:
            befunde.append(
                Befund(
                    ort=f"{name}, Zeile {zeile}",
                    was="Ein Anführungszeichen wird nicht geschlossen.",
                    erwartet='Text in "…", innere Anführungszeichen doppelt',
                    rat="Bitte die Zelle berichtigen oder neu ausgeben lassen.",
                )
            )
            break
        while len(feld) > breite and not feld[-1]:
            feld.pop()
        if not any(feld):
            continue
        if len(feld) != breite:
            befunde.append(_feldzahl(name, zeile, len(feld), breite))
            continue
        felder.append(feld)
        nummern.append(zeile)
    if befunde:
        raise Datenfehler(name, befunde)
    return texttabelle(spalten, felder), np.array(nummern, dtype=np.int64)


def _feldzahl(name: str, zeile: int, ist: int, soll: int) -> Befund:
    zu_wenig = "Die Zeile ist womöglich abgeschnitten; bitte neu liefern lassen."
    zu_viel = (
        "Steht das Trennzeichen in einer Zahl oder einem Namen? Dann die Zelle in "
        "Anführungszeichen setzen oder Semikolons verwenden."
    )
    return Befund(
        ort=f"{name}, Zeile {zeile}",
        was=f"Hier stehen {ist} Felder.",
        erwartet=f"{soll} wie in der Kopfzeile",
        rat=zu_wenig if ist < soll else zu_viel,
    )


def schnell_gelesen(zeilen: list[str], spalten: list[str], trennzeichen: str) -> Any:  # noqa: ANN401
    """Tabelle über pyarrow, oder None, wenn Zeilen einzeln gelesen werden müssen."""
    if not zeilen or not all(zeilen):
        return None
    roh = "\n".join(zeilen).encode("utf-8")
    if b'"' in roh:
        return None
    try:
        tabelle = pacsv.read_csv(
            pa.BufferReader(roh),
            read_options=pacsv.ReadOptions(column_names=spalten, use_threads=False),
            parse_options=pacsv.ParseOptions(
                delimiter=trennzeichen, quote_char=False, ignore_empty_lines=False
            ),
            convert_options=pacsv.ConvertOptions(
                column_types={s: pa.string() for s in spalten},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if tabelle.num_rows != len(zeilen):
        return None
    rand = [pc.utf8_trim_whitespace(spalte) for spalte in tabelle.columns]
    leer = pc.equal(rand[0], "")
    for spalte in rand[1:]:
        if not pc.any(leer).as_py():
            break
        leer = pc.and_(leer, pc.equal(spalte, ""))
    if pc.any(leer).as_py():
        return None
    return pa.table(rand, names=spalten)
