"""Was hat ein Träger eingetragen? Den Bogen lesen, prüfen, mit dem Bestand vergleichen.

Zeilen, die im Bogen fehlen, bleiben im Bestand: Ein Träger sieht oft nur seine.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from quartierstools.eingang.angebote import SPALTENFOLGE, lies_roh
from quartierstools.eingang.angebotspruefung import (
    Bestandsort,
    grad,
    pruefe_angebote,
)
from quartierstools.eingang.leser.mappe import lies_blattzellen
from quartierstools.eingang.pruefregeln import lies_pruefregeln
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.katalog.orte import kennung_aus
from quartierstools.schreibweise import mehrzahl

BLATT = "Angebote"
KENNUNGSLAENGE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Bogenvergleich:
    """Was ein Bogen am Bestand ändern würde.

    Attributes
    ----------
    aenderungen : DataFrame
        `angebot`, `art` (``neu`` oder ``geändert``), `spalte`, `bisher`, `kuenftig`.
    bestand : DataFrame
        Bestand, wie er danach wäre, als Text.
    fehlend : tuple of str
        Angebote des Bestands, die im Bogen nicht stehen; sie bleiben.
    """

    aenderungen: pd.DataFrame
    bestand: pd.DataFrame
    fehlend: tuple[str, ...]

    @property
    def satz(self) -> str:
        """Ergebnis in einem Satz."""
        arten = self.aenderungen.groupby("art")["angebot"].nunique()
        neu, anders = int(arten.get("neu", 0)), int(arten.get("geändert", 0))
        return (
            f"{mehrzahl(neu, 'neues Angebot', 'neue Angebote')}, "
            f"{mehrzahl(anders, 'geändertes', 'geänderte')}; "
            f"{mehrzahl(len(self.fehlend), 'Angebot', 'Angebote')} des Bestands nicht "
            "im Bogen, unverändert."
        )

    def als_csv(self) -> str:
        """Inhalt von ``angebote.csv`` nach der Übernahme."""
        strom = io.StringIO()
        schreiber = csv.writer(strom, delimiter=";", lineterminator="\n")
        schreiber.writerow(SPALTENFOLGE)
        schreiber.writerows(self.bestand[list(SPALTENFOLGE)].itertuples(index=False))
        return strom.getvalue()


def vergleiche_bogen(datei: Path, bestand: Path, ort: Bestandsort) -> Bogenvergleich:
    """Liest einen Bogen, prüft ihn und vergleicht ihn mit dem Bestand.

    Parameters
    ----------
    datei : Path
        Ausgefüllter Bogen (.xlsx).
    bestand : Path
        ``angebote.csv`` des Projekts; darf fehlen.

    Raises
    ------
    Datenfehler
        Mit allen Mängeln des Bogens und des Bestands, der entstünde.
    """
    alt = lies_roh(bestand)
    neu = _mit_kennungen(lies_bogen(datei), set(alt["id"]))
    befunde = pruefe_angebote(neu, ort) if len(neu) else []
    if befunde:
        raise Datenfehler(datei.name, befunde)
    alt_je_id = alt.set_index("id", drop=False)
    neu = _mit_alter_schreibweise(neu, alt_je_id)
    zeilen = []
    for _, zeile in neu.iterrows():
        kennung = zeile["id"]
        vorhanden = kennung in alt_je_id.index
        vorher = alt_je_id.loc[kennung] if vorhanden else pd.Series(dtype="object")
        zeilen += [
            {
                "angebot": kennung,
                "art": "geändert" if vorhanden else "neu",
                "spalte": spalte,
                "bisher": str(vorher.get(spalte, "")),
                "kuenftig": zeile[spalte],
            }
            for spalte in SPALTENFOLGE
            if str(vorher.get(spalte, "")) != zeile[spalte]
            and not (spalte == "id" and vorhanden)
        ]
    spalten = ["angebot", "art", "spalte", "bisher", "kuenftig"]
    geaendert = neu.set_index("id", drop=False)
    bleibt = alt[~alt["id"].isin(geaendert.index)]
    ersetzt = [geaendert.loc[k] for k in alt["id"] if k in geaendert.index]
    dazu = neu[~neu["id"].isin(alt["id"])].sort_values("id")
    zusammen = pd.concat([bleibt, pd.DataFrame(ersetzt, columns=alt.columns)])
    folge = {k: n for n, k in enumerate(alt["id"])}
    zusammen = zusammen.sort_values("id", key=lambda s: s.map(folge), kind="stable")
    return Bogenvergleich(
        aenderungen=pd.DataFrame(zeilen, columns=spalten),
        bestand=pd.concat([zusammen, dazu], ignore_index=True),
        fehlend=tuple(bleibt["id"]),
    )


def lies_bogen(datei: Path) -> pd.DataFrame:
    """Zeilen des Bogens als Text mit `zeile` und `datei`; leere Zeilen entfallen.

    Raises
    ------
    Datenfehler
        Wenn die Mappe nicht lesbar ist, Spalten fehlen oder Formeln darin stehen.
    """
    name = datei.name
    zeilen, formeln = lies_blattzellen(
        datei, name=name, blatt=BLATT, regeln=lies_pruefregeln()
    )
    kopf = [text.strip() for text in zeilen[0]] if zeilen else []
    befunde = [
        Befund(ort=f"{name}, Kopfzeile", was=f"Die Spalte „{s}“ fehlt.")
        for s in SPALTENFOLGE
        if s not in kopf
    ]
    befunde += [
        Befund(
            ort=f"{name}, Zeile {zeile + 1}, Spalte {spalte + 1}",
            was="Hier steht eine Formel.",
            erwartet="ein fester Wert",
        )
        for zeile, spalte in formeln
    ]
    if befunde:
        raise Datenfehler(name, befunde)
    stelle = {s: kopf.index(s) for s in SPALTENFOLGE}
    gelesen = []
    for nummer, felder in enumerate(zeilen[1:], start=2):
        werte = {
            s: felder[n].strip() if n < len(felder) else "" for s, n in stelle.items()
        }
        if any(werte.values()):
            gelesen.append({**werte, "zeile": nummer, "datei": name})
    return pd.DataFrame(
        gelesen, columns=[*SPALTENFOLGE, "zeile", "datei"], dtype="object"
    )


def _mit_kennungen(bogen: pd.DataFrame, vergeben: set[str]) -> pd.DataFrame:
    """Neue Angebote ohne Kennung bekommen eine aus ihrem Namen."""
    kennungen: list[str] = []
    benutzt = {*vergeben, *bogen["id"]}
    for kennung, name in zip(bogen["id"], bogen["name"], strict=True):
        if kennung:
            kennungen.append(kennung)
            continue
        wurzel = angebotskennung(name)
        vorschlag, nummer = wurzel, 2
        while vorschlag in benutzt:
            vorschlag, nummer = f"{wurzel}-{nummer}", nummer + 1
        benutzt.add(vorschlag)
        kennungen.append(vorschlag)
    return bogen.assign(id=pd.Series(kennungen, index=bogen.index, dtype="object"))


def angebotskennung(name: str) -> str:
    """Kennung aus dem Namen eines Angebots.

    Examples
    --------
    >>> angebotskennung("Übergangslotsen Kalkwerk (neu)"), angebotskennung("!!!")
    ('uebergangslotsen-kalkwerk-neu', 'angebot')
    """
    return kennung_aus(name)[:KENNUNGSLAENGE].strip("-_") or "angebot"


def _mit_alter_schreibweise(bogen: pd.DataFrame, alt: pd.DataFrame) -> pd.DataFrame:
    """Dieselbe Zahl bleibt geschrieben, wie sie war („6,55890“, nicht „6,5589“)."""
    spalten = {}
    for spalte in ("breite", "laenge", "stunden"):
        bisher = bogen["id"].map(alt[spalte]).fillna("").astype("object")
        gleich = [
            bool(a and b) and grad(a) == grad(b)
            for a, b in zip(bisher, bogen[spalte], strict=True)
        ]
        spalten[spalte] = bogen[spalte].mask(pd.Series(gleich, bogen.index), bisher)
    return bogen.assign(**spalten)
