"""Was gibt es in einem Gebiet für eine Zielgruppe, und was ist nicht bekannt?

Fristen zählen vom Bezugsdatum des Projekts. „Kein Angebot bekannt“ heißt nie
„kein Angebot“: Der Bestand ist eine Liste gefundener Einträge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from quartierstools.katalog.einzugsgebiet import lies_einzugsgebiet
from quartierstools.schreibweise import aufzaehlung

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
    vorbehalt : str
        Satz, wenn ein Angebot mit wechselndem oder offenem Ort hier sein könnte und
        die Kategorie das nicht schon sagt; sonst leer.

    Examples
    --------
    >>> Luecke(
    ...     gebiet="011", zielgruppe="jugendliche", kategorie="kein Angebot bekannt",
    ...     satz="Im Bestand ist kein Angebot.", angebote=pd.DataFrame(),
    ... ).kategorie
    'kein Angebot bekannt'
    """

    gebiet: str
    zielgruppe: str
    kategorie: Kategorie
    satz: str
    angebote: pd.DataFrame
    vorbehalt: str = ""


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


def lagen(angebote: pd.DataFrame, bezugsdatum: date) -> "pd.Series[str]":
    """Stand jedes Angebots am Bezugsdatum, siehe `lage`."""
    gefunden = [lage(zeile, bezugsdatum) for _, zeile in angebote.iterrows()]
    return pd.Series(gefunden, index=angebote.index, dtype="object", name="lage")


def bezug(orte: str, gebiet: str, stadtbezirk: str, einzug: str = "") -> str:
    """Wie ein Angebot zu einem Gebiet liegt.

    Parameters
    ----------
    orte : str
        Wo das Angebot ist, Spalte `gebiete`.
    einzug : str, default=""
        Für wen es da ist, Spalte `einzugsgebiet`; leer heißt: wo es ist.

    Returns
    -------
    str
        ``hier``, ``stadtbezirk``, ``stadtweit``, ``wechselnd`` oder leer.

    Examples
    --------
    >>> bezug("16,18", "18", "1"), bezug("stadtbezirk:2", "24", "2")
    ('hier', 'stadtbezirk')
    >>> bezug("16", "18", "1", "16:0,7 18"), bezug("16", "18", "1", "stadtweit")
    ('hier', 'stadtweit')
    """
    genannt = [teil.strip() for teil in orte.split(",")]
    fuer = lies_einzugsgebiet(einzug)
    if gebiet in genannt or gebiet in fuer.anteile or stadtbezirk in fuer.stadtbezirke:
        return "hier"
    if f"stadtbezirk:{stadtbezirk}" in genannt:
        return "stadtbezirk"
    if fuer.stadtweit:
        return "stadtweit"
    return next((o for o in ("stadtweit", "wechselnd") if o in genannt), "")


def hat_gruppe(angebote: pd.DataFrame, zielgruppe: str) -> "pd.Series[bool]":
    """Welche Angebote sich an eine Zielgruppe richten."""
    return (
        angebote["zielgruppen"]
        .map(lambda text: zielgruppe in [teil.strip() for teil in text.split(",")])
        .astype(bool)
    )


def _bezuege(angebote: pd.DataFrame, gebiet: str, stadtbezirk: str) -> "pd.Series[str]":
    einzug = angebote.get("einzugsgebiet", pd.Series("", index=angebote.index))
    gefunden = [
        bezug(orte, gebiet, stadtbezirk, fuer)
        for orte, fuer in zip(angebote["gebiete"], einzug, strict=True)
    ]
    return pd.Series(gefunden, index=angebote.index, dtype="object")


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

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> freigabe = oeffne("musterstadt").auswertung.freigabe
    >>> hier = angebote_fuer(
    ...     freigabe.angebote, gebiet="011", stadtbezirk="01",
    ...     bezugsdatum=freigabe.katalog.projekt.bezugsdatum,
    ...     zielgruppe="jugendliche",
    ... )
    >>> list(hier["bezug"].unique())
    ['hier']
    """
    if zielgruppe:
        angebote = angebote[hat_gruppe(angebote, zielgruppe)]
    bezuege = _bezuege(angebote, gebiet, stadtbezirk)
    passt = bezuege != ""
    auswahl = angebote[passt].assign(bezug=bezuege[passt])
    folge = {"hier": 0, "stadtbezirk": 1, "wechselnd": 2, "stadtweit": 3}
    if "lage" not in auswahl:
        auswahl = auswahl.assign(lage=lagen(auswahl, bezugsdatum))
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

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> freigabe = oeffne("musterstadt").auswertung.freigabe
    >>> ergebnis = luecke(
    ...     freigabe.angebote, gebiet="011", stadtbezirk="01",
    ...     zielgruppe="jugendliche", gruppe_text="Jugendliche", ebene="Bezirk",
    ...     bezugsdatum=freigabe.katalog.projekt.bezugsdatum,
    ... )
    >>> ergebnis.satz
    'Für Jugendliche ist ein geprüftes Angebot mit bekannter Platzzahl vorhanden.'
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
        vorbehalt=_vorbehalt(angebote, auswahl, kategorie, zielgruppe, bezugsdatum),
    )


def _vorbehalt(
    angebote: pd.DataFrame,
    auswahl: pd.DataFrame,
    kategorie: Kategorie,
    zielgruppe: str,
    bezugsdatum: date,
) -> str:
    """Satz zu Angeboten, die hier sein könnten, ohne dass es jemand weiß."""
    wechselnd = auswahl[
        (auswahl["bezug"] == "wechselnd") & (auswahl["lage"] != "beendet")
    ]
    unklar = angebote[
        hat_gruppe(angebote, zielgruppe)
        & angebote["gebiete"].str.contains("unklar", regex=False)
    ]
    offen = unklar[lagen(unklar, bezugsdatum) != "beendet"]
    return _vorbehaltsatz(kategorie, sorted(wechselnd["name"]), sorted(offen["name"]))


def _vorbehaltsatz(
    kategorie: Kategorie, wechselnd: Sequence[str], offen: Sequence[str]
) -> str:
    if kategorie in ("vorhanden", "vorhanden, Umfang unbekannt"):
        return ""
    saetze = []
    if wechselnd and kategorie != "Ort wechselnd/offen":
        namen = aufzaehlung([f"„{n}“" for n in sorted(wechselnd)])
        saetze.append(f"{namen}: Orte wechseln; ob hier, ist nicht bekannt.")
    if offen:
        namen = aufzaehlung([f"„{n}“" for n in sorted(offen)])
        saetze.append(f"{namen}: Ort nicht eindeutig; ob hier, ist offen.")
    return " ".join(saetze)


def _kategorie(auswahl: pd.DataFrame) -> Kategorie:
    return kategorie_aus(
        list(
            zip(
                auswahl["bezug"],
                auswahl["lage"],
                auswahl["plaetze"].notna(),
                strict=True,
            )
        )
    )


def kategorie_aus(eintraege: Sequence[tuple[str, str, bool]]) -> Kategorie:
    """Kategorie aus Bezug, Lage und „Platzzahl bekannt“ der Angebote.

    Examples
    --------
    >>> kategorie_aus([("hier", "geprüft", True), ("stadtweit", "geprüft", True)])
    'vorhanden'
    >>> kategorie_aus([("wechselnd", "ungeprüft", False)])
    'Ort wechselnd/offen'
    """
    hier = [(stand, bekannt) for ort, stand, bekannt in eintraege if ort == "hier"]
    staende = {stand for stand, _ in hier}
    if "geprüft" in staende:
        bekannt = any(b for stand, b in hier if stand == "geprüft")
        return "vorhanden" if bekannt else "vorhanden, Umfang unbekannt"
    if "läuft aus" in staende:
        return "läuft aus (≤ 12 Monate)"
    if "ungeprüft" in staende:
        return "nur ungeprüfte Einträge"
    aktiv = {ort for ort, stand, _ in eintraege if stand != "beendet"}
    if aktiv & {"wechselnd", "stadtbezirk"}:
        return "Ort wechselnd/offen"
    if "stadtweit" in aktiv:
        return "nur stadtweit"
    return "beendet" if hier else "kein Angebot bekannt"


def kategorientafel(
    angebote: pd.DataFrame,
    *,
    stadtbezirke: "pd.Series[str]",
    zielgruppe: str,
    gruppe_text: str,
    ebene: str,
    bezugsdatum: date,
) -> pd.DataFrame:
    """Kategorie, Satz und Angebote für alle Gebiete auf einmal.

    Parameters
    ----------
    stadtbezirke : Series
        Stadtbezirk je Gebiet.

    Returns
    -------
    DataFrame
        Je Gebiet `kategorie`, `satz`, `vorbehalt`, `hier` (laufende Angebote am
        Ort), `angebote` und `geprueft_hier` (Tupel der Kennungen).
    """
    gruppe = angebote[hat_gruppe(angebote, zielgruppe)]
    gruppe = gruppe.assign(lage=lagen(gruppe, bezugsdatum)).sort_index()
    einzug = gruppe.get("einzugsgebiet", pd.Series("", index=gruppe.index))
    eintraege = list(
        zip(
            map(str, gruppe.index),
            gruppe["name"],
            gruppe["gebiete"],
            einzug,
            gruppe["lage"],
            gruppe["plaetze"].notna(),
            strict=True,
        )
    )
    offen = [n for _, n, o, _, s, _ in eintraege if "unklar" in o and s != "beendet"]
    zeilen = {}
    for gebiet, bezirk in stadtbezirke.items():
        hier_wirkend = [
            (kennung, name, ort, stand, bekannt)
            for kennung, name, orte, fuer, stand, bekannt in eintraege
            if (ort := bezug(orte, str(gebiet), str(bezirk), fuer))
        ]
        kategorie = kategorie_aus([e[2:] for e in hier_wirkend])
        wechselnd = [
            name
            for _, name, ort, stand, _ in hier_wirkend
            if ort == "wechselnd" and stand != "beendet"
        ]
        hier = [e for e in hier_wirkend if e[2] == "hier"]
        zeilen[gebiet] = {
            "kategorie": kategorie,
            "satz": SAETZE[kategorie].format(gruppe=gruppe_text, ebene=ebene),
            "vorbehalt": _vorbehaltsatz(kategorie, wechselnd, offen),
            "hier": sum(stand != "beendet" for *_, stand, _ in hier),
            "angebote": tuple(e[0] for e in hier_wirkend),
            "geprueft_hier": tuple(
                kennung
                for kennung, _, _, stand, _ in hier
                if stand in ("geprüft", "läuft aus")
            ),
        }
    spalten = ["kategorie", "satz", "vorbehalt", "hier", "angebote", "geprueft_hier"]
    tafel = pd.DataFrame.from_dict(zeilen, orient="index", columns=spalten)
    return tafel.reindex(stadtbezirke.index).rename_axis("gebiet")
