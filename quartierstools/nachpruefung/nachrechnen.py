"""Stimmt ein Beleg mit den Daten überein? Werte nachlesen, Rechnungen nachrechnen.

Gerechnet wird aus der Freigabe, nie aus dem ungesperrten Stand: Was gesperrt ist,
kann hier weder bestätigt noch verraten werden.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from quartierstools.analyse import wilson
from quartierstools.auswertung import Auswertung, Bedarf
from quartierstools.begruendung.beleg import wert_text
from quartierstools.geheimhaltung import Freigabe
from quartierstools.nachpruefung.zahlen import glatt, zahlen
from quartierstools.schreibweise import prozent_text, zahl_text

Eintrag = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nachrechnung:
    """Ergebnis der Belege eines Laufs.

    Attributes
    ----------
    bestaetigt : Mapping
        Wie viele Belege je Rechenweg übereinstimmen.
    ungeprueft : Mapping
        Wie viele je Rechenweg sich hier nicht nachrechnen lassen.
    abweichungen : tuple of str
        Sätze: was im Beleg steht und was die Daten ergeben.
    """

    bestaetigt: Mapping[str, int]
    ungeprueft: Mapping[str, int]
    abweichungen: tuple[str, ...]


def rechne_nach(belege: Mapping[str, Eintrag], auswertung: Auswertung) -> Nachrechnung:
    """Vergleicht jeden Beleg mit der Freigabe.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> beleg = {"art": "rechnung", "formel": "median", "indikator": "B01",
    ...          "text": "6,5 Prozent", "was": "Median"}
    >>> rechne_nach({"a": beleg}, oeffne("bochum").auswertung).bestaetigt
    {'median': 1}
    """
    bestaetigt: Counter[str] = Counter()
    ungeprueft: Counter[str] = Counter()
    abweichungen: list[str] = []
    for kennung, eintrag in sorted(belege.items()):
        weg = str(eintrag.get("formel") or eintrag["art"])
        erwartet = _erwartet(eintrag, auswertung, belege)
        if erwartet is None:
            ungeprueft[weg] += 1
        elif _zahl(eintrag["text"]) in {_zahl(text) for text in erwartet}:
            bestaetigt[weg] += 1
        else:
            abweichungen.append(
                f"Beleg {kennung} ({eintrag['was']}): gedruckt {eintrag['text']}, die "
                f"Daten ergeben {' oder '.join(dict.fromkeys(erwartet))}."
            )
    return Nachrechnung(
        bestaetigt=dict(sorted(bestaetigt.items())),
        ungeprueft=dict(sorted(ungeprueft.items())),
        abweichungen=tuple(abweichungen),
    )


def _zahl(text: str) -> str:
    """Vergleichsform der ersten Zahl ohne Rücksicht auf fehlende Einheit."""
    gefunden = zahlen(glatt(text))
    return gefunden[0].schluessel.rstrip("%") if gefunden else text


def _erwartet(
    eintrag: Eintrag, auswertung: Auswertung, belege: Mapping[str, Eintrag]
) -> list[str] | None:
    """Was die Daten ergeben; None, wenn es sich nicht nachrechnen lässt."""
    freigabe = auswertung.freigabe
    formel = str(eintrag.get("formel", ""))
    if formel in AUS_BELEGEN:
        return _aus_belegen(formel, eintrag, belege)
    if formel in AUS_WERTEN and eintrag.get("indikator"):
        return _aus_werten(formel, str(eintrag["indikator"]), freigabe)
    if formel == "wilson":
        return _intervall(eintrag, freigabe)
    if formel in {"haltbarkeit", "abstand"}:
        return _aus_bedarf(formel, eintrag, auswertung)
    genannt = all(eintrag.get(feld) for feld in ("indikator", "gebiet", "zeile"))
    return _wert(eintrag, freigabe) if genannt and not formel else None


AUS_WERTEN: Mapping[str, Callable[["pd.Series[float]"], float]] = {
    "median": lambda werte: float(werte.median()),
    "mittel": lambda werte: float(werte.mean()),
    "minimum": lambda werte: float(werte.min()),
    "maximum": lambda werte: float(werte.max()),
}

AUS_BELEGEN: Mapping[str, Callable[[list[float]], float]] = {
    "differenz": lambda werte: werte[0] - werte[1],
    "verhaeltnis": lambda werte: werte[0] / werte[1],
    "summe": sum,
}


def _aus_werten(formel: str, kennung: str, freigabe: Freigabe) -> list[str] | None:
    werte = freigabe.tabelle([kennung])[kennung].dropna()
    if werte.empty:
        return None
    indikator = freigabe.katalog.indikatoren[kennung]
    return [wert_text(AUS_WERTEN[formel](werte), indikator)]


def _aus_belegen(
    formel: str, eintrag: Eintrag, belege: Mapping[str, Eintrag]
) -> list[str] | None:
    """Rechnet mit den gedruckten Werten der genannten Belege."""
    werte = [
        float(wert)
        for kennung in eintrag.get("eingaben", ())
        if (wert := belege.get(kennung, {}).get("wert")) is not None
    ]
    if len(werte) != len(eintrag.get("eingaben", ())) or not werte:
        return None
    ergebnis = AUS_BELEGEN[formel](werte)
    gedruckt = zahlen(glatt(str(eintrag["text"])))[0]
    stellen = max(0, -int(gedruckt.wert.as_tuple().exponent)) if gedruckt.wert else 0
    faktor = 100 if eintrag.get("einheit") in {"prozent", "prozentpunkte"} else 1
    return [zahl_text(ergebnis * faktor, stellen=stellen)]


def _wert(eintrag: Eintrag, freigabe: Freigabe) -> list[str] | None:
    """Gedruckter Wert der Zelle, die der Beleg nennt."""
    kennung, gebiet = str(eintrag["indikator"]), str(eintrag["gebiet"])
    werte = freigabe.werte
    zeile = int(eintrag.get("zeile", 0))
    passt = werte[
        (werte["indikator"] == kennung)
        & (werte["gebiet"] == gebiet)
        & (werte["datei"] == eintrag.get("datei", ""))
        & (werte["zeile"] == zeile)
    ]
    if passt.empty:
        return ["nichts in dieser Zeile"]
    indikator = freigabe.katalog.indikatoren[kennung]
    erste = passt.iloc[0]
    wert = float(erste["wert"]) if erste["wertart"] == "Zahl" else None
    return [wert_text(wert, indikator, wertart=str(erste["wertart"]))]


def _intervall(eintrag: Eintrag, freigabe: Freigabe) -> list[str] | None:
    zelle = freigabe.werte[
        (freigabe.werte["datei"] == eintrag.get("datei", ""))
        & (freigabe.werte["zeile"] == int(eintrag.get("zeile", 0)))
        & (freigabe.werte["indikator"] == eintrag.get("indikator"))
    ]
    if zelle.empty or zelle[["zaehler", "nenner"]].isna().any(axis=None):
        return None
    grenzen = wilson(
        zelle["zaehler"].astype("float64"), zelle["nenner"].astype("float64")
    ).iloc[0]
    return [
        zahl_text(float(grenzen[seite]) * 100, stellen=1) for seite in ("unten", "oben")
    ]


def _aus_bedarf(
    formel: str, eintrag: Eintrag, auswertung: Auswertung
) -> list[str] | None:
    """Haltbarkeit oder Abstand aus dem neu gerechneten Bedarf."""
    gefunden, als_anteil = [], formel == "haltbarkeit"
    for kennung in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(kennung)
        gebiet = str(eintrag.get("gebiet", ""))
        if not isinstance(ergebnis, Bedarf) or gebiet not in ergebnis.tafel.index:
            continue
        wert = abs(float(ergebnis.tafel[formel].astype("float64").loc[gebiet]))
        if pd.isna(wert):
            continue
        text = zahl_text(wert, stellen=2)
        gefunden.append(prozent_text(wert, stellen=0) if als_anteil else text)
    return gefunden or None
