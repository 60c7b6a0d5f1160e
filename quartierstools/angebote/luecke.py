"""Was gibt es in einem Gebiet für eine Zielgruppe, und was ist nicht bekannt?

Fristen zählen vom Bezugsdatum des Projekts. „Kein Angebot bekannt“ heißt nie
„kein Angebot“: Der Bestand ist eine Liste gefundener Einträge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

Kategorie = Literal[
    "kein Angebot bekannt",
    "nur ungeprüfte Einträge",
    "nur stadtweit",
    "Ort wechselnd/offen",
    "vorhanden, Umfang unbekannt",
    "vorhanden",
    "läuft aus (≤ 12 Monate)",
    "beendet",
]

MONATE = 12
"""Prüffrist und Vorwarnzeit für auslaufende Angebote."""

SAETZE: Mapping[str, str] = {
    "kein Angebot bekannt": "Im Bestand ist hier kein Angebot für {gruppe} bekannt. "
    "Das heißt nicht, dass es keines gibt.",
    "nur ungeprüfte Einträge": "Der Bestand nennt hier Angebote für {gruppe}; von "
    "denen an diesem Ort ist keines in den letzten zwölf Monaten geprüft.",
    "nur stadtweit": "Für {gruppe} nennt der Bestand hier nur stadtweite Angebote.",
    "Ort wechselnd/offen": "Der Bestand nennt Angebote für {gruppe}, deren Ort "
    "wechselt oder nicht auf den {ebene} genau bekannt ist.",
    "vorhanden, Umfang unbekannt": "Ein geprüftes Angebot für {gruppe} ist vorhanden, "
    "die Zahl der Plätze ist nicht bekannt.",
    "vorhanden": "Für {gruppe} ist ein geprüftes Angebot mit bekannter Platzzahl "
    "vorhanden.",
    "läuft aus (≤ 12 Monate)": "Das geprüfte Angebot für {gruppe} läuft in den "
    "nächsten zwölf Monaten aus.",
    "beendet": "Das bekannte Angebot für {gruppe} ist beendet; ein Nachfolger ist "
    "nicht bekannt.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Luecke:
    """Einordnung des Bestands für ein Gebiet und eine Zielgruppe.

    Attributes
    ----------
    kategorie : str
        Eine der acht Kategorien.
    satz : str
        Dasselbe als Satz.
    angebote : DataFrame
        Angebote der Zielgruppe, die hier wirken können, mit `bezug` und `lage`.
    """

    gebiet: str
    zielgruppe: str
    kategorie: Kategorie
    satz: str
    angebote: pd.DataFrame


def lage(angebot: "pd.Series[str]", bezugsdatum: date) -> str:
    """Stand eines Angebots am Bezugsdatum.

    Returns
    -------
    str
        ``beendet``, ``läuft aus``, ``geprüft`` oder ``ungeprüft``.

    Examples
    --------
    >>> zeile = pd.Series({"status": "laufend", "ende": pd.Timestamp("2027-05-31"),
    ...                    "pruefdatum": pd.Timestamp("2026-06-01")})
    >>> lage(zeile, date(2026, 11, 1))
    'läuft aus'
    """
    heute = pd.Timestamp(bezugsdatum)
    ende = pd.Timestamp(angebot["ende"])
    if angebot["status"] in ("beendet", "einmalig") or ende < heute:
        return "beendet"
    geprueft = pd.Timestamp(angebot["pruefdatum"])
    frist = heute - pd.DateOffset(months=MONATE)
    if angebot["status"] == "ungeprüft" or pd.isna(geprueft) or geprueft < frist:
        return "ungeprüft"
    if ende <= heute + pd.DateOffset(months=MONATE):
        return "läuft aus"
    return "geprüft"


def bezug(orte: str, gebiet: str, stadtbezirk: str) -> str:
    """Wie ein Angebot zu einem Gebiet liegt.

    Returns
    -------
    str
        ``hier``, ``stadtbezirk``, ``stadtweit``, ``wechselnd`` oder leer.

    Examples
    --------
    >>> bezug("16,18", "18", "1"), bezug("stadtbezirk:2", "24", "2")
    ('hier', 'stadtbezirk')
    """
    genannt = [teil.strip() for teil in orte.split(",")]
    if gebiet in genannt:
        return "hier"
    if f"stadtbezirk:{stadtbezirk}" in genannt:
        return "stadtbezirk"
    return next((o for o in ("stadtweit", "wechselnd") if o in genannt), "")


def angebote_fuer(
    angebote: pd.DataFrame,
    *,
    gebiet: str,
    stadtbezirk: str,
    bezugsdatum: date,
    zielgruppe: str = "",
) -> pd.DataFrame:
    """Angebote, die in einem Gebiet wirken können.

    Parameters
    ----------
    angebote : DataFrame
        Bestand, Index `angebot`.
    zielgruppe : str, default=""
        Leer: alle Zielgruppen.

    Returns
    -------
    DataFrame
        Teil des Bestands mit den Spalten `bezug` und `lage`; was hier liegt zuerst.
    """
    bezuege = angebote["gebiete"].map(lambda orte: bezug(orte, gebiet, stadtbezirk))
    passt = bezuege != ""
    if zielgruppe:
        passt &= angebote["zielgruppen"].map(
            lambda text: zielgruppe in [teil.strip() for teil in text.split(",")]
        )
    auswahl = angebote[passt].assign(bezug=bezuege[passt])
    lagen = [lage(zeile, bezugsdatum) for _, zeile in auswahl.iterrows()]
    folge = {"hier": 0, "stadtbezirk": 1, "wechselnd": 2, "stadtweit": 3}
    auswahl = auswahl.assign(lage=pd.Series(lagen, index=auswahl.index, dtype="object"))
    ordnung = pd.DataFrame(
        {
            "beendet": auswahl["lage"] == "beendet",
            "ort": auswahl["bezug"].map(folge).astype("int64"),
            "status": auswahl["status"] != "laufend",
        },
        index=auswahl.index,
    )
    return auswahl.loc[
        ordnung.sort_values(["beendet", "ort", "status"], kind="stable").index
    ]


def luecke(
    angebote: pd.DataFrame,
    *,
    gebiet: str,
    stadtbezirk: str,
    zielgruppe: str,
    gruppe_text: str,
    ebene: str,
    bezugsdatum: date,
) -> Luecke:
    """Ordnet den Bestand einer der acht Kategorien zu.

    Parameters
    ----------
    gruppe_text : str
        Zielgruppe, wie sie nach „für“ im Satz steht.
    ebene : str
        Kurzer Name der Raumebene im Satz.
    """
    auswahl = angebote_fuer(
        angebote,
        gebiet=gebiet,
        stadtbezirk=stadtbezirk,
        bezugsdatum=bezugsdatum,
        zielgruppe=zielgruppe,
    )
    kategorie = _kategorie(auswahl)
    satz = SAETZE[kategorie].format(gruppe=gruppe_text, ebene=ebene)
    return Luecke(
        gebiet=gebiet,
        zielgruppe=zielgruppe,
        kategorie=kategorie,
        satz=satz,
        angebote=auswahl,
    )


def _kategorie(auswahl: pd.DataFrame) -> Kategorie:
    hier = auswahl[auswahl["bezug"] == "hier"]
    aktiv = auswahl[auswahl["lage"] != "beendet"]
    geprueft = hier[hier["lage"].isin(["geprüft", "läuft aus"])]
    if len(geprueft):
        if (geprueft["lage"] == "läuft aus").all():
            return "läuft aus (≤ 12 Monate)"
        bleibend = geprueft[geprueft["lage"] == "geprüft"]
        bekannt = bleibend["plaetze"].notna().any()
        return "vorhanden" if bekannt else "vorhanden, Umfang unbekannt"
    if (hier["lage"] == "ungeprüft").any():
        return "nur ungeprüfte Einträge"
    if aktiv["bezug"].isin(["wechselnd", "stadtbezirk"]).any():
        return "Ort wechselnd/offen"
    if (aktiv["bezug"] == "stadtweit").any():
        return "nur stadtweit"
    return "beendet" if len(hier) else "kein Angebot bekannt"
