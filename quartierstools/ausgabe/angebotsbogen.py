"""Wie tragen Träger ihre Angebote ein? Ein Excel-Bogen mit Auswahllisten.

Eine Zeile je Angebot, gefüllt mit dem bekannten Bestand. `quartier angebote lies`
prüft den zurückgegebenen Bogen.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import xlsxwriter

from quartierstools.ausgabe.packen import druckbar, packe_neu
from quartierstools.katalog import Katalog
from quartierstools.schreibweise import datum_text

BLATT = "Angebote"
LEERZEILEN = 50
TAGE = ("beginn", "ende", "pruefdatum")
ZAHLEN = ("plaetze", "stunden", "breite", "laenge")
ERLAEUTERUNG: Mapping[str, str] = {
    "id": "Kurze Kennung. Bei neuen Angeboten leer lassen.",
    "name": "Name des Angebots. Pflicht.",
    "traeger": "Wer das Angebot trägt. Pflicht.",
    "ort": "Adresse oder Ort, wie Sie ihn nennen.",
    "breite": "Geografische Breite (WGS 84), wenn bekannt, etwa 51,48165.",
    "laenge": "Geografische Länge (WGS 84), wenn bekannt, etwa 7,21648.",
    "gebiete": "Wo es stattfindet: Schlüssel mit Komma, stadtbezirk:SCHLÜSSEL, "
    "stadtweit, wechselnd oder unklar.",
    "einzugsgebiet": "Für wen es da ist, wenn anders als „gebiete“: Schlüssel mit "
    "Leerzeichen, auf Wunsch mit Anteil der Plätze (021:0,5 022), "
    "stadtbezirk:SCHLÜSSEL oder stadtweit.",
    "zielgruppen": "Kennung aus der Liste; mehrere mit Komma. Pflicht.",
    "wirkungsfeld": "Kennung aus der Liste; mehrere mit Komma.",
    "plaetze": "Zahl der Plätze. Leer heißt: nicht bekannt, nie null.",
    "stunden": "Stunden je Woche, etwa 12,5.",
    "umfang": "In Worten, etwa „zweimal im Monat“.",
    "zugang": "offen, zugewiesen oder Gutschein.",
    "finanzierung": "Wer zahlt, bis wann.",
    "beginn": "Erster Tag.",
    "ende": "Letzter Tag; leer, wenn unbefristet oder nicht bekannt.",
    "status": "laufend, ungeprüft, beendet oder einmalig. Pflicht.",
    "pruefdatum": "Tag, an dem Sie diese Zeile bestätigen.",
    "stand": "Stand der Fundstelle, wenn nicht bestätigt.",
    "beschreibung": "Ein bis zwei Sätze.",
    "adresse_quelle": "Fundstelle.",
    "hinweis": "Was offen ist.",
}
ANLEITUNG = (
    "Eine Zeile je Angebot. Vorhandene Zeilen bitte prüfen und berichtigen.",
    "Neue Angebote stehen darunter, in den leeren Zeilen.",
    "Stimmt eine Zeile, tragen Sie bei „pruefdatum“ den heutigen Tag ein.",
    "Bestätigt gilt ein Angebot zwölf Monate.",
    "Was Sie nicht wissen, lassen Sie leer. Leer heißt „nicht bekannt“.",
    "Bitte keine Namen von Teilnehmenden, keine Telefonnummern, keine Formeln.",
    "Zeilen, die Sie löschen, bleiben im Bestand.",
    "Ist ein Angebot zu Ende, setzen Sie „status“ auf „beendet“.",
)


def angebotsbogen(
    bestand: pd.DataFrame,
    *,
    katalog: Katalog,
    gebiete: "pd.Series[str]",
    stadtbezirke: "pd.Series[str]",
    status: Sequence[str],
) -> bytes:
    """Bogen als xlsx; gleicher Bestand, gleiche Bytes.

    Parameters
    ----------
    bestand : DataFrame
        Bestand als Text, eine Spalte je Feld in der Folge des Bogens.
    gebiete, stadtbezirke : Series
        Schlüssel → Name.
    status : Sequence of str
        Erlaubte Zustände.
    """
    ziel = io.BytesIO()
    mappe = xlsxwriter.Workbook(
        ziel,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    projekt = katalog.projekt
    mappe.set_properties(
        {
            "title": f"Angebote in {druckbar(projekt.stadt)}",
            "author": druckbar(projekt.herausgeber),
            "created": datetime.combine(projekt.bezugsdatum, datetime.min.time()),
        }
    )
    listen = {
        "status": list(status),
        "zugang": ["offen", "zugewiesen", "Gutschein"],
        "zielgruppen": [*projekt.zielgruppen, "kontext"],
        "wirkungsfeld": sorted(katalog.wirkungsfelder),
        "gebiete": [*map(str, gebiete.index), "stadtweit", "wechselnd", "unklar"],
    }
    spalten = [s for s in ERLAEUTERUNG if s in bestand.columns]
    formate = _formate(mappe)
    _anleitung(mappe, formate, spalten, katalog, gebiete, stadtbezirke)
    blatt = mappe.add_worksheet(BLATT)
    bezuege = _listenblatt(mappe, listen)
    _tabelle(blatt, bestand[spalten], formate)
    letzte = len(bestand) + LEERZEILEN
    for nummer, spalte in enumerate(spalten):
        regel = _regel(spalte, bezuege, projekt.bezugsdatum)
        if regel:
            blatt.data_validation(1, nummer, letzte, nummer, regel)
    mappe.get_worksheet_by_name("Anleitung").activate()
    mappe.close()
    return packe_neu(ziel.getvalue())


def _formate(mappe: xlsxwriter.Workbook) -> dict[str, Any]:
    grund = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    return {
        "kopf": mappe.add_format({**grund, "bold": True, "bg_color": "#E6E6E6"}),
        "titel": mappe.add_format({**grund, "bold": True, "font_size": 14}),
        "text": mappe.add_format({**grund, "num_format": "@", "text_wrap": True}),
        "tag": mappe.add_format({**grund, "num_format": "yyyy-mm-dd"}),
        "zahl": mappe.add_format({**grund, "num_format": "General"}),
    }


def _tabelle(blatt: Any, bestand: pd.DataFrame, formate: Mapping[str, Any]) -> None:  # noqa: ANN401
    for nummer, spalte in enumerate(bestand.columns):
        art = "tag" if spalte in TAGE else "zahl" if spalte in ZAHLEN else "text"
        breit = 32 if spalte in ("name", "traeger", "beschreibung") else 16
        blatt.set_column(nummer, nummer, breit, formate[art])
        blatt.write_string(0, nummer, spalte, formate["kopf"])
        blatt.write_comment(0, nummer, ERLAEUTERUNG[spalte], {"author": ""})
        for zeile, text in enumerate(bestand[spalte], start=1):
            if not text:
                continue
            if spalte in TAGE:
                tag = datetime.combine(date.fromisoformat(text), datetime.min.time())
                blatt.write_datetime(zeile, nummer, tag, formate["tag"])
            elif spalte in ZAHLEN:
                zahl = float(text.replace(",", "."))
                blatt.write_number(zeile, nummer, zahl, formate["zahl"])
            else:
                blatt.write_string(zeile, nummer, druckbar(text), formate["text"])
    blatt.freeze_panes(1, 2)


def _listenblatt(
    mappe: xlsxwriter.Workbook, listen: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Verborgenes Blatt mit den Auswahllisten; gibt ihre Bereiche zurück."""
    blatt = mappe.add_worksheet("Listen")
    blatt.hide()
    bezuege = {}
    for nummer, (name, werte) in enumerate(listen.items()):
        blatt.write_string(0, nummer, name)
        for zeile, wert in enumerate(werte, start=1):
            blatt.write_string(zeile, nummer, druckbar(wert))
        spalte = xlsxwriter.utility.xl_col_to_name(nummer, col_abs=True)
        bezuege[name] = f"=Listen!{spalte}$2:{spalte}${len(werte) + 1}"
    return bezuege


def _regel(
    spalte: str, bezuege: Mapping[str, str], bezugsdatum: date
) -> dict[str, Any] | None:
    """Prüfregel einer Spalte; Listen mit mehreren Werten warnen nur."""
    hilfe = {"input_title": spalte, "input_message": ERLAEUTERUNG[spalte][:255]}
    if spalte in bezuege:
        streng = spalte == "status"
        return {
            **hilfe,
            "validate": "list",
            "source": bezuege[spalte],
            "error_type": "stop" if streng else "information",
            "error_title": "Bitte prüfen",
            "error_message": "Der Wert steht nicht in der Liste. Mehrere Werte mit "
            "Komma sind erlaubt, außer bei status.",
        }
    if spalte in TAGE:
        bis = bezugsdatum if spalte == "pruefdatum" else date(2100, 12, 31)
        return {
            **hilfe,
            "validate": "date",
            "criteria": "between",
            "minimum": date(1950, 1, 1),
            "maximum": bis,
            "error_type": "stop" if spalte != "pruefdatum" else "warning",
            "error_title": "Bitte prüfen",
            "error_message": "Erwartet wird ein Datum wie 31.05.2027"
            + (f", bis {datum_text(bis)}." if spalte == "pruefdatum" else "."),
        }
    grenzen = {
        "plaetze": ("integer", 0, 999_999),
        "stunden": ("decimal", 0, 168),
        "breite": ("decimal", -90, 90),
        "laenge": ("decimal", -180, 180),
    }
    if spalte in grenzen:
        art, unten, oben = grenzen[spalte]
        return {
            **hilfe,
            "validate": art,
            "criteria": "between",
            "minimum": unten,
            "maximum": oben,
            "error_title": "Bitte prüfen",
            "error_message": f"Erwartet wird eine Zahl von {unten} bis {oben}.",
        }
    return {**hilfe, "validate": "any"} if spalte in ("id", "einzugsgebiet") else None


def _anleitung(
    mappe: xlsxwriter.Workbook,
    formate: Mapping[str, Any],
    spalten: Sequence[str],
    katalog: Katalog,
    gebiete: "pd.Series[str]",
    stadtbezirke: "pd.Series[str]",
) -> None:
    """Erstes Blatt: was einzutragen ist und welche Schlüssel es gibt."""
    blatt = mappe.add_worksheet("Anleitung")
    blatt.set_column(0, 0, 24, formate["text"])
    blatt.set_column(1, 1, 100, formate["text"])
    felder = katalog.wirkungsfelder
    gruppen = katalog.zielgruppen
    abschnitte: list[tuple[str, list[tuple[str, str]]]] = [
        ("So geht es", [(str(n), satz) for n, satz in enumerate(ANLEITUNG, start=1)]),
        ("Spalten", [(s, ERLAEUTERUNG[s]) for s in spalten]),
        (
            "Zielgruppen",
            [(g, gruppen[g].bezeichnung) for g in katalog.projekt.zielgruppen]
            + [("kontext", "Familie und Nachbarschaft, keine der Zielgruppen")],
        ),
        ("Wirkungsfelder", [(f, felder[f].bezeichnung) for f in sorted(felder)]),
        ("Gebiete", [(str(k), str(n)) for k, n in gebiete.items()]),
        (
            "Stadtbezirke",
            [(f"stadtbezirk:{k}", str(n)) for k, n in stadtbezirke.items()],
        ),
    ]
    titel = f"Angebote in {katalog.projekt.stadt}: eintragen und bestätigen"
    blatt.write_string(0, 0, druckbar(titel), formate["titel"])
    zeile = 2
    for ueberschrift, eintraege in abschnitte:
        blatt.write_string(zeile, 0, ueberschrift, formate["kopf"])
        for links, rechts in eintraege:
            zeile += 1
            blatt.write_string(zeile, 0, druckbar(links), formate["text"])
            blatt.write_string(zeile, 1, druckbar(rechts), formate["text"])
        zeile += 2
