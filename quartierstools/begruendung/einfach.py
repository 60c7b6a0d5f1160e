"""Wie sagt man es einfach? Hauptsätze mit höchstens zwölf Wörtern, als Entwurf.

Einfache Sprache entsteht nicht von selbst: Der Text ist ein Entwurf nach festen
Mustern und gehört vor Gebrauch geprüft, am besten von Menschen der Zielgruppe.
"""

import re
from collections.abc import Mapping

from quartierstools.auswertung import Messung
from quartierstools.begruendung.kennzahlen import (
    hat_wert,
    median,
    staerkster,
    wort,
)
from quartierstools.begruendung.stoff import Stoff
from quartierstools.dokument import Inhalt, inhalt
from quartierstools.katalog import Wortwahl

KENNZEICHEN = "Entwurf – Einfache Sprache, vor Gebrauch prüfen lassen"

BESTAND: Mapping[str, tuple[str, ...]] = {
    "kein Angebot bekannt": (
        "Wir kennen hier kein Angebot für diese Menschen.",
        "Vielleicht gibt es trotzdem eines.",
    ),
    "nur ungeprüfte Einträge": (
        "Vielleicht gibt es hier schon ein Angebot.",
        "Das ist noch nicht geprüft.",
    ),
    "nur stadtweit": ("Wir kennen nur Angebote für die ganze Stadt.",),
    "Ort wechselnd/offen": (
        "Es gibt ein Angebot an wechselnden Orten.",
        "Vielleicht kommt es auch hierher.",
    ),
    "vorhanden, Umfang unbekannt": (
        "Hier gibt es schon ein Angebot.",
        "Wir kennen die Zahl von Plätzen nicht.",
    ),
    "vorhanden": ("Hier gibt es schon ein Angebot mit Plätzen.",),
    "läuft aus (≤ 12 Monate)": (
        "Hier gibt es ein Angebot.",
        "Es endet in weniger als einem Jahr.",
    ),
    "beendet": (
        "Hier gab es ein Angebot.",
        "Es ist zu Ende.",
    ),
}

HOEHE: Mapping[str, str] = {
    "deutlich über": "Der Wert ist hier viel höher.",
    "über": "Der Wert ist hier höher.",
    "etwas über": "Der Wert ist hier etwas höher.",
    "kaum über": "Der Wert ist hier fast gleich.",
    "so hoch wie": "Der Wert ist hier gleich.",
    "kaum unter": "Der Wert ist hier fast gleich.",
    "etwas unter": "Der Wert ist hier etwas niedriger.",
    "unter": "Der Wert ist hier niedriger.",
    "deutlich unter": "Der Wert ist hier viel niedriger.",
}

URTEIL: Mapping[str, str] = {
    "Hinweis": "Fachleute müssen den Vorschlag noch prüfen.",
    "fachlich bestätigt": "Fachleute vor Ort bestätigen den Bedarf.",
    "verworfen": "Fachleute vor Ort sehen hier keinen Bedarf.",
}

NEBENSATZ = re.compile(
    r",|\b(?:weil|dass|wenn|ob|obwohl|damit|sodass|nachdem|bevor|während|sofern)\b",
    re.IGNORECASE,
)
GENITIV = re.compile(
    r"\b(?:des|eines|dessen|deren|wegen|trotz|während|aufgrund|infolge)\b"
    r"|\b(?!(?:An|Auf|Aus|Bei|Für|Hinter|In|Mit|Nach|Neben|Seit|Unter|Von|Vor|Zu)\b)"
    r"[A-ZÄÖÜ][\wäöüß-]+ (?:der|einer|ihrer|seiner|unserer|aller) [A-ZÄÖÜ]",
)


def maengel(satz: str, wortwahl: Wortwahl) -> list[str]:
    """Was an einem Satz nicht einfach ist; leer, wenn nichts zu beanstanden ist.

    Geprüft wird, was sich mit Regeln prüfen lässt: Länge, Nebensätze, Genitiv, ein
    Satz je Aussage. Verständlichkeit prüfen Menschen.

    Examples
    --------
    >>> w = Wortwahl(id="w", verboten={}, ursache=())
    >>> maengel("Die Beratung ist ohne Termin.", w)
    []
    >>> maengel("Die Zahl der Plätze ist klein, weil Geld fehlt.", w)
    ['Nebensatz oder Komma', 'Genitiv']
    """
    gefunden = []
    # Ein Komma zwischen Ziffern gehört zur Zahl.
    ohne_zahlen = re.sub(r"\d+(?:\.\d{3})*(?:,\d+)?", "0", satz)
    if len(satz.split()) > wortwahl.einfach_woerter:
        gefunden.append(f"mehr als {wortwahl.einfach_woerter} Wörter")
    if NEBENSATZ.search(ohne_zahlen):
        gefunden.append("Nebensatz oder Komma")
    if GENITIV.search(satz):
        gefunden.append("Genitiv")
    if not re.fullmatch(r"[^.!?;:]+[.!?]", ohne_zahlen):
        gefunden.append("nicht genau ein Satz")
    return gefunden


def einfache_saetze(stoff: Stoff) -> tuple[Inhalt, ...]:
    """Die Begründung in Einfacher Sprache, ein Satz je Eintrag."""
    v = stoff.vorhaben
    kopf = [f"Es geht um einen Ort in {stoff.projekt.stadt}."]
    kopf.append(f"Der Ort heißt {stoff.ort}.")
    if stoff.projekt.synthetisch:
        kopf = ["Alle Zahlen und Namen sind erfunden."]
        kopf.append(f"Der Ort heißt {stoff.ort}.")
    vorschlag = v.einfach or ("Der Vorschlag steht im langen Text.",)
    dagegen = ("Etwas spricht auch dagegen.", v.einfach_dagegen)
    return (
        *map(inhalt, kopf),
        *map(inhalt, stoff.gruppe.einfach),
        *map(inhalt, vorschlag),
        *_zahlen(stoff),
        *map(inhalt, _bestand(stoff)),
        *(map(inhalt, dagegen) if v.einfach_dagegen else ()),
        inhalt(URTEIL[stoff.status]),
        inhalt("Noch ist nichts entschieden."),
    )


def _bestand(stoff: Stoff) -> tuple[str, ...]:
    if stoff.freigabe.angebote.empty:
        return ("Wir haben keine Liste von Angeboten.",)
    return BESTAND[stoff.luecke.kategorie]


def _zahlen(stoff: Stoff) -> list[Inhalt]:
    """Die stärkste Zahl, der Median und das Wort dazu."""
    if isinstance(stoff.ergebnis, Messung):
        return [inhalt("Für diese Menschen fehlen hier Zahlen.")]
    if not hat_wert(stoff):
        return [inhalt("Für diesen Ort fehlen Zahlen.")]
    kennung = staerkster(stoff)
    gezaehlt = stoff.katalog.indikatoren[kennung].einfach
    if not gezaehlt:
        return [inhalt("Die Zahlen stehen im langen Text.")]
    zelle = stoff.freigabe.zelle(stoff.gebiet, kennung)
    saetze: list[Inhalt] = [
        inhalt(f"Gezählt wurden {gezaehlt}."),
        inhalt("Hier sind es ", stoff.schrift.zelle(zelle), "."),
        inhalt("Der Wert in der Mitte ist ", median(stoff, kennung), "."),
    ]
    urteil = wort(stoff, kennung)
    saetze.append(inhalt(HOEHE.get(urteil, "Der Unterschied ist nicht sicher.")))
    if stoff.ergebnis.messung.art == "Näherung":
        saetze.append(inhalt("Die Zahl passt nur ungefähr."))
    if stoff.gruppe.blick == "potential":
        saetze.append(inhalt("Die Zahl zeigt Möglichkeiten und keine Probleme."))
    return saetze
