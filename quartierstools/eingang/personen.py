"""Beschreibt eine Tabelle einzelne Menschen? Dann wird sie nicht gelesen.

Geprüft werden Spaltennamen und Muster in den Zellen. Keine Meldung nennt einen
Inhalt; nur die Spalte und die Art der Angabe.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow.compute as pc

from quartierstools.eingang.deutung import ganze_zahlen
from quartierstools.eingang.leser.kopf import VERBINDER
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.namen import UMSCHRIFT
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.fehler import Befund
from quartierstools.schreibweise import aufzaehlung

SPALTENNAMEN = re.compile(
    r"(?:^|_)(?:vornamen?|nachnamen?|familienname|geburtsname|zuname|rufname"
    r"|geburtsdatum|geburtstag|geb_?dat(?:um)?|geb_am|geburtsort"
    r"|bg_?(?:nr|nummer|id)|kunden_?(?:nr|nummer)|kd_?nr"
    r"|(?:sozial)?versicherungs_?(?:nr|nummer)|sv_?(?:nr|nummer)|rv_?nummer"
    r"|steuer_?(?:id|nummer)|iban|kontonummer|haus_?(?:nr|nummer)|hnr|strasse"
    r"|wohnanschrift|anschrift|telefon(?:nummer)?|handy(?:nummer)?|mobil(?:nummer)?"
    r"|e_?mail(?:_adresse)?|personalausweis(?:nummer)?|passnummer|aktenzeichen"
    r"|klient(?:in)?_name|name_(?:klient|kunde|person|kind|mutter|vater))(?:_|$)"
)
EINZELMERKMALE = frozenset(
    {"alter", "geschlecht", "geburtsjahr", "staatsangehoerigkeit", "familienstand"}
)
ZAEHLSPALTE = re.compile(r"anzahl|zahl|wert|personen|bestand|summe|zaehler|faelle")
SICHER = (
    ("BG-Nummern", r"\b[0-9]{5}\s?(?:BG|//)\s?[0-9]{7}\b"),
    ("Kundennummern", r"\b[0-9]{3}[A-Z][0-9]{6}\b"),
    ("Kontonummern", r"\bDE[0-9]{2}\s?(?:[0-9]{4}\s?){4}[0-9]{2}\b"),
    (
        "Versicherungsnummern",
        r"\b[0-9]{2}\s?[0-3][0-9][01][0-9]{3}\s?[A-Z]\s?[0-9]{3}\b",
    ),
    ("E-Mail-Adressen", r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+\.[a-z]{2,}"),
)
STRASSE = (
    r"(?i)(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ufer|damm|ring)\s*[0-9]{1,4}"
    r"\s?[a-z]?$"
)
EIN_NAME = r"[A-ZÄÖÜ][a-zäöüß'-]+(?:[ -][A-ZÄÖÜ][a-zäöüß'-]+)?"
HAEUFIG = (
    ("Straßen mit Hausnummer", STRASSE, 0.1),
    ("Namen von Menschen", rf"^{EIN_NAME}, {EIN_NAME}$", 0.5),
)
MINDESTENS = 3
DATUM = (
    r"^(?:[0-3]?[0-9]\.[01]?[0-9]\.(?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9])$"
)
MINDESTENS_TAGE = 8
SPANNE_TAGE = 3 * 365


def personenspalten(namen: Sequence[str]) -> list[str]:
    """Spaltennamen, die auf Angaben zu einzelnen Menschen hinweisen.

    Examples
    --------
    >>> personenspalten(["Gebiet", "BG-Nr.", "Geb.-Datum", "Anzahl BG"])
    ['BG-Nr.', 'Geb.-Datum']
    >>> personenspalten(["Straße", "Hausnummer", "Name", "Straßenverkehr"])
    ['Straße', 'Hausnummer']
    """
    return [n for n in namen if SPALTENNAMEN.search(_form(n))]


def _form(name: str) -> str:
    teil = (
        name.rsplit(VERBINDER, maxsplit=1)[-1]
        .casefold()
        .replace("ß", "ss")
        .translate(UMSCHRIFT)
    )
    return re.sub(r"[\W_]+", "_", teil).strip("_")


def personenbefunde(roh: Rohtabelle) -> list[Befund]:
    """Ein Befund, wenn die Tabelle einzelne Menschen beschreibt; sonst keiner."""
    spalten = personenspalten(roh.spalten)
    if spalten:
        gezeigt = aufzaehlung([f"„{sicherer_text(s)}“" for s in spalten])
        wort = "Die Spalte" if len(spalten) == 1 else "Die Spalten"
        verb = "weist" if len(spalten) == 1 else "weisen"
        was = f"{wort} {gezeigt} {verb} auf einzelne Menschen oder Adressen hin."
        return [_befund(roh, was)]
    merkmale = {_form(s) for s in roh.spalten} & EINZELMERKMALE
    gezaehlt = any(ZAEHLSPALTE.search(_form(s)) for s in roh.spalten)
    if len(merkmale) > 1 and not gezaehlt and len(roh.zeilen) >= MINDESTENS:
        return [
            _befund(
                roh,
                f"Merkmale wie {aufzaehlung(sorted(merkmale))} ohne Anzahl sprechen "
                "für eine Zeile je Mensch.",
            )
        ]
    for spalte in roh.spalten:
        art = _inhalt(roh.spalte(spalte))
        if art:
            was = f"Die Spalte „{sicherer_text(spalte)}“ enthält {art}."
            return [_befund(roh, was)]
    return []


def _befund(roh: Rohtabelle, was: str) -> Befund:
    return Befund(
        ort=roh.quelle,
        was=was,
        erwartet="nur zusammengefasste Zahlen je Gebiet",
        rat="Die Datei wurde nicht gelesen; bitte löschen und nur Aggregate liefern "
        "lassen.",
    )


def _inhalt(zellen: Any) -> str:  # noqa: ANN401
    """Art der persönlichen Angaben in einer Spalte; leer, wenn keine erkannt."""
    if ganze_zahlen(zellen) is not None:
        return ""
    text = zellen.filter(pc.match_substring_regex(zellen, r"[^0-9.,%‰ −-]"))
    lang = pc.filter(zellen, pc.greater(pc.utf8_length(zellen), 5))
    if len(text) == 0 and len(lang) == 0:
        return ""
    if len(text):
        woerter = pc.unique(text)
        for art, muster in SICHER:
            if pc.any(pc.match_substring_regex(woerter, muster)).as_py():
                return art
        for art, muster, anteil in HAEUFIG:
            treffer = pc.sum(pc.match_substring_regex(woerter, muster)).as_py() or 0
            if treffer >= MINDESTENS and treffer >= anteil * len(woerter):
                return art
    return "Geburtsdaten" if _viele_tage(pc.unique(lang)) else ""


def _viele_tage(woerter: Any) -> bool:  # noqa: ANN401
    """Viele verschiedene Tage über Jahre, meist mitten im Monat: Geburtsdaten."""
    daten = woerter.filter(pc.match_substring_regex(woerter, DATUM)).to_pylist()
    tage = [t for text in daten if (t := _tag(text)) is not None]
    if len(tage) < max(MINDESTENS_TAGE, len(woerter) // 2):
        return False
    mitten = sum(1 < t.day < 28 for t in tage)  # noqa: PLR2004 – Monatsränder sind Stichtage
    spanne = max(tage) - min(tage)
    return spanne.days > SPANNE_TAGE and mitten > len(tage) / 2


def _tag(text: str) -> date | None:
    try:
        if "-" in text:
            return date.fromisoformat(text)
        tag, monat, jahr = text.split(".")
        return date(int(jahr), int(monat), int(tag))
    except ValueError:
        return None
