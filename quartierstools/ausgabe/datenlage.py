"""Was liegt vor und was wurde geprüft? Die Datenprüfung eines Laufs."""

from typing import TYPE_CHECKING

from quartierstools.ausgabe.rahmen import grenzen_der_daten, schriftstueck
from quartierstools.auswertung import Auswertung
from quartierstools.dokument import (
    Absatz,
    Block,
    Dokument,
    Kasten,
    Liste,
    Spalte,
    Tabelle,
    Ueberschrift,
    inhalt,
)
from quartierstools.geheimhaltung import Freigabe
from quartierstools.schreibweise import datum_text, mehrzahl, zahl_text

if TYPE_CHECKING:
    import pandas as pd

ARTEN = ("Zahl", "gesperrt", "nicht sinnvoll")


def datenpruefung(auswertung: Auswertung, *, lauf: str = "") -> Dokument:
    """Schriftstück über Vollständigkeit, Herkunft und Sperrung."""
    freigabe = auswertung.freigabe
    bloecke: list[Block] = []
    if freigabe.hinweise:
        punkte = tuple(inhalt(f"{b.ort}: {b.was}") for b in freigabe.hinweise)
        anzahl = mehrzahl(len(punkte), "Lücke", "Lücken")
        titel = f"{anzahl} in den Daten"
        bloecke.append(Kasten(titel=titel, bloecke=(Liste(punkte),), art="warnung"))
    bloecke += [
        Ueberschrift("Werte je Indikator und Stichtag"),
        _vollstaendigkeit(freigabe),
        Ueberschrift("Geheimhaltung"),
        Absatz(inhalt(_sperrung(freigabe))),
        *_pruefstand(freigabe),
        Ueberschrift("Gelesene Dateien"),
        _dateien(freigabe),
        Ueberschrift("Grenzen der Daten"),
        grenzen_der_daten(freigabe),
    ]
    return schriftstueck(
        auswertung,
        titel="Datenprüfung",
        gattung="Datenprüfung",
        untertitel=f"{auswertung.projekt.stadt}: was vorliegt und was fehlt",
        bloecke=bloecke,
        lauf=lauf,
    )


def _vollstaendigkeit(freigabe: Freigabe) -> Tabelle:
    katalog = freigabe.katalog
    unten = freigabe.werte[freigabe.werte["ebene"] == "gebiet"]
    gruppen: dict[tuple[str, ...], list[str]] = {}
    for (kennung, tag), teil in unten.groupby(["indikator", "stichtag"], sort=True):
        quellen = sorted({katalog.quellen[q].herkunft for q in teil["quelle"]})
        da = [int((teil["wertart"] == art).sum()) for art in ARTEN]
        anzahlen = (*da, len(freigabe.gebiete) - sum(da))
        gleich = (str(kennung), *map(zahl_text, anzahlen), ", ".join(quellen))
        gruppen.setdefault(gleich, []).append(_mit_guete(str(tag), teil))
    zeilen = [
        (
            inhalt(katalog.indikatoren[kennung].bezeichnung),
            inhalt(", ".join(tage)),
            *(inhalt(text) for text in rest),
        )
        for (kennung, *rest), tage in gruppen.items()
    ]
    return Tabelle(
        titel="Zahl der Gebiete mit Wert, gesperrt und ohne Wert",
        fussnote="„nicht sinnvoll“: Die Bezugszahl ist so klein, dass ein Anteil "
        "nichts aussagt. Die vier Zahlen einer Zeile ergeben alle Gebiete.",
        spalten=(
            Spalte("Indikator", anteil=3),
            Spalte("Stichtage", anteil=1.6),
            Spalte("Wert", "rechts"),
            Spalte("gesperrt", "rechts"),
            Spalte("nicht sinnvoll", "rechts"),
            Spalte("liegt nicht vor", "rechts", 1.2),
            Spalte("Herkunft", anteil=1.4),
        ),
        zeilen=tuple(zeilen),
    )


def _tag(tag: str) -> str:
    jahr, monat, rest = tag.split("-")
    return f"{rest}.{monat}.{jahr}"


def _mit_guete(tag: str, teil: "pd.DataFrame") -> str:
    """Stichtag; dazu, ob ihn die Quelle nennt oder ob er nur angenommen ist."""
    belegt = set(teil["stichtag_belegt"])
    if belegt == {"unbekannt"}:
        return "unbekannt"
    return _tag(tag) + ("" if belegt == {"ja"} else " (angenommen)")


def _sperrung(freigabe: Freigabe) -> str:
    profil = freigabe.profil
    if freigabe.fassung == "intern":
        return (
            "Interne Fassung: Es ist nichts gesperrt. Diese Ausgabe darf nicht "
            "veröffentlicht werden."
        )
    gesperrt = mehrzahl(freigabe.gesperrt, "Wert ist", "Werte sind")
    if freigabe.gesperrt == 0:
        gesperrt = "Kein Wert ist"
    return (
        f"Regelprofil „{profil.id}“, Fassung {profil.version}: {profil.beschreibung} "
        f"{gesperrt} gesperrt."
    )


def _pruefstand(freigabe: Freigabe) -> list[Block]:
    """Regeln, die sich mit dieser Lieferung nicht prüfen lassen."""
    if not freigabe.pruefstand:
        return []
    return [Liste(tuple(inhalt(satz) for satz in freigabe.pruefstand))]


def _dateien(freigabe: Freigabe) -> Tabelle:
    zeilen = tuple(
        (inhalt(name), inhalt(summe[:16]))
        for name, summe in sorted(freigabe.pruefsummen.items())
    )
    return Tabelle(
        titel=f"Bezugsdatum {datum_text(freigabe.katalog.projekt.bezugsdatum)}",
        fussnote="Bei Dateien mit gesperrten Werten steht die Prüfsumme der "
        "freigegebenen Werte.",
        spalten=(Spalte("Datei", anteil=2), Spalte("Prüfsumme (SHA-256, Anfang)")),
        zeilen=zeilen,
    )
