"""Wo läge ein neues Angebot günstig? Freigegebener Bedarf und mögliche Orte."""

import pandas as pd

from quartierstools.angebote.erreichbarkeit import verfahrenssatz
from quartierstools.angebote.standorte import Standortwahl, Ziel, waehle_standorte
from quartierstools.angebote.wege import gebietspunkte, wege
from quartierstools.auswertung.angebotslage import Angebotslage
from quartierstools.geheimhaltung import Freigabe
from quartierstools.schreibweise import mehrzahl, zahl_text


def standorte(
    freigabe: Freigabe,
    lage: Angebotslage,
    *,
    anzahl: int = 0,
    ziel: Ziel = "größte Abdeckung",
) -> Standortwahl | None:
    """Vorschläge für Orte, die Menschen ohne bekannten Platz erreichen.

    Parameters
    ----------
    anzahl : int, default=0
        Zahl neuer Orte; 0: wie im Katalog.
    ziel : str, default="größte Abdeckung"
        Oder „kürzeste Wege“.

    Returns
    -------
    Standortwahl or None
        None ohne Kandidaten oder ohne freigegebene Fallzahlen.
    """
    regeln = freigabe.katalog.angebotsregeln
    orte = freigabe.orte
    if len(orte) and regeln.kandidaten:
        orte = orte[orte["art"].isin(regeln.kandidaten)]
    bedarf = lage.mengenluecke.tafel["ohne_bekannten_platz"]
    if orte.empty or not bedarf.fillna(0).sum():
        return None
    strecken = wege(
        gebietspunkte(freigabe.gebiete),
        orte[["breite", "laenge"]].astype("float64"),
        regeln,
        freigabe.wegenetz,
    )
    zahl = min(anzahl or regeln.standorte, len(orte))
    vorschlaege = waehle_standorte(
        strecken.minuten,
        bedarf,
        anzahl=zahl,
        ziel=ziel,
        reichweite=regeln.reichweite_minuten,
        alternativen=regeln.alternativen,
    )
    return Standortwahl(
        ziel=ziel,
        satz=f"Gesucht: {mehrzahl(zahl, 'Ort', 'Orte')} unter {zahl_text(len(orte))}, "
        f"Ziel {ziel}, Bedarf: Menschen ohne bekannten Platz. "
        f"{verfahrenssatz(strecken.wegart, regeln)} Ein Vorschlag zum Prüfen vor Ort.",
        vorschlaege=vorschlaege,
        kandidaten=orte,
        bedarf=pd.Series(bedarf),
    )
