"""Wie wird begründet, dass es so viele Typen gibt oder keine?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quartierstools.analyse.guete import stabilitaetswort
from quartierstools.analyse.normierungen import WINZIG
from quartierstools.schreibweise import gross, zahl_text

if TYPE_CHECKING:
    from quartierstools.analyse.anzahl import Anzahlpruefung


def _vergleichsworte(pruefung: Anzahlpruefung, k: int) -> str:
    zeile: dict[Any, Any] = pruefung.tabelle.loc[k].to_dict()
    gleich = abs(zeile["silhouette_geprueft"] - zeile["silhouette"]) <= WINZIG
    frei = "" if gleich else "ohne Zwang zum räumlichen Zusammenhang "
    return (
        f"{frei}Silhouette {zahl_text(zeile['silhouette_geprueft'], stellen=2)}, dort "
        f"im Mittel {zahl_text(zeile['silhouette_strukturlos'], stellen=2)}; "
        f"ebenso klar oder klarer in {pruefung.ebenso_klar} von "
        f"{pruefung.vergleiche} Fällen"
    )


def satz_ohne_beleg(grund: str, pruefung: Anzahlpruefung | None) -> str:
    """„Kein Beleg für getrennte Typen: …“ mit dem einen Grund, der zutrifft."""
    anfang = "Kein Beleg für getrennte Typen: "
    schluss = "; die Gebiete werden nur beschrieben."
    if pruefung is None:
        return f"{anfang}{gross(grund)}{schluss}"
    k = pruefung.beste
    worte = _vergleichsworte(pruefung, k)
    if not pruefung.belegt:
        return (
            f"{anfang}Die Gruppen sind nicht klarer getrennt als in Zufallsdaten "
            f"ohne Gruppen (bei {k} Gruppen {worte}){schluss}"
        )
    gruende = str(pruefung.tabelle["grund"].loc[k])
    if not gruende:
        return f"{anfang}Keine Einteilung erfüllt alle Bedingungen zugleich{schluss}"
    return (
        f"{anfang}Bei {k} Gruppen heben sich die Daten zwar von Zufallsdaten ab "
        f"({worte}), aber {gruende}{schluss}"
    )


def satz_zur_zahl(
    pruefung: Anzahlpruefung, k: int, hemmt: str, *, vorgabe: bool
) -> str:
    """„3 Typen vorgeschlagen: …“ oder „3 Typen vorgegeben: …“."""
    zeile: dict[Any, Any] = pruefung.tabelle.loc[k].to_dict()
    anfang = f"{k} Typen vorgegeben: " if vorgabe else f"{k} Typen vorgeschlagen: "
    worte = _vergleichsworte(pruefung, k)
    if hemmt:
        return f"{anfang}{gross(hemmt)}; die Typen sind nur eine Beschreibung."
    if not pruefung.belegt:
        return (
            f"{anfang}Kein Beleg, dass sie getrennt sind (in Zufallsdaten "
            f"ohne Gruppen: {worte}); sie sind nur eine Beschreibung."
        )
    if not zeile["zulaessig"]:
        return (
            f"{anfang}{gross(zeile['grund'])} ({worte}); sie sind nur eine "
            "Beschreibung."
        )
    return (
        f"{anfang}Sie sind klarer getrennt als in Zufallsdaten ohne Gruppen "
        f"({worte}), bleiben bei Wiederholung erkennbar (kleinste "
        f"Jaccard-Zahl {zahl_text(zeile['jaccard_min'], stellen=2)}: "
        f"{stabilitaetswort(float(zeile['jaccard_min']))}), und der kleinste Typ hat "
        f"{int(zeile['kleinster_typ'])} Gebiete."
    )
