"""Wie wird freigegeben? Sperren, runden, Namen weglassen, Prüfsummen ersetzen.

Der einzige Weg von einem `Datenstand` zu einer `Freigabe`.
"""

import hashlib
from pathlib import Path

import pandas as pd

from quartierstools.eingang import Datenstand
from quartierstools.fehler import Ausgabefehler
from quartierstools.geheimhaltung.ablage import eingefroren, verlange_schutz
from quartierstools.geheimhaltung.freigabe import Fassung, Freigabe, pruefe_fassung
from quartierstools.geheimhaltung.groessen import groessen
from quartierstools.geheimhaltung.muster import (
    Sperrmuster,
    aufbau_von,
    musterkennung,
    sperrmuster,
)
from quartierstools.geheimhaltung.partitionen import lade_partitionen
from quartierstools.geheimhaltung.regeln import BEDARFSGEMEINSCHAFTEN, pruefstand
from quartierstools.geheimhaltung.rundung import runde_fallzahlen
from quartierstools.katalog import Katalog
from quartierstools.katalog.modelle import Indikator
from quartierstools.schreibweise import gerundet, mehrzahl


def gib_frei(
    stand: Datenstand,
    fassung: Fassung = "oeffentlich",
    *,
    muster: Sperrmuster | None = None,
    ordner: Path | None = None,
    ablegen_noetig: bool = True,
) -> Freigabe:
    """Sperrt, was das Regelprofil verlangt, und gibt den Rest frei.

    Die interne Fassung enthält alle Werte und wird auf jeder Seite so benannt.

    Parameters
    ----------
    stand : Datenstand
        Geprüfte Eingaben.
    fassung : str, default="oeffentlich"
        Für wen.
    muster : Sperrmuster, default=None
        Vorgegebenes Muster; es muss zum Datenstand gehören.
    ordner : Path, default=None
        Ordner eingefrorener Muster: Das Muster wird dort gelesen oder, beim
        ersten Mal, abgelegt. Ohne beides wird es nur im Speicher gerechnet.
    ablegen_noetig : bool, default=True
        Falsch: Ist der Ordner schreibgeschützt, gilt das Muster nur im Speicher.

    Raises
    ------
    Aufruffehler
        Wenn es die Fassung nicht gibt; im Zweifel geht nichts hinaus.
    Ausgabefehler
        Wenn `muster` zu einem anderen Datenstand gehört oder sich nicht ablegen
        lässt.
    Datenfehler
        Wenn das abgelegte Muster etwas vergisst oder sich eine Zelle nicht
        schützen lässt und niemand das in ``hingenommen.csv`` hingenommen hat.

    Examples
    --------
    >>> from quartierstools.eingang import lies_datenstand
    >>> from quartierstools.katalog import finde_projekt, hauswurzel
    >>> ordner = finde_projekt("bochum", daten=hauswurzel() / "daten")
    >>> stand = lies_datenstand(ordner)
    >>> gib_frei(stand)
    Freigabe('bochum', 'oeffentlich', 0 gesperrt)
    """
    katalog, werte = stand.katalog, stand.werte
    profil = katalog.regelprofil
    einzelwerte = stand.einzelwerte
    einheiten = {k: i.einheit for k, i in katalog.indikatoren.items()}
    pruefe_fassung(fassung)
    saetze = pruefstand(stand.werte, einheiten, profil) + _widersprueche(stand)
    if fassung != "intern":
        muster = _muster(stand, muster, ordner, ablegen_noetig=ablegen_noetig)
        saetze += _hingenommen(verlange_schutz(muster, ordner))
        werte = runde_fallzahlen(
            _ohne(werte, muster), aufbau_von(stand), profil.rundung
        )
        werte = _auf_stellen(werte, katalog)
        einzelwerte = _einzelwerte(stand, werte)
    else:
        einzelwerte = einzelwerte[einzelwerte["zitierfaehig"] != "nein"]
    urteile, beschluesse = (
        tabelle if fassung == "intern" else _ohne_namen(tabelle)
        for tabelle in (stand.fachurteile, stand.beschluesse)
    )
    return Freigabe(
        fassung=fassung,
        profil=profil,
        katalog=katalog,
        gebiete=stand.gebiete,
        stadtbezirke=stand.stadtbezirke,
        werte=werte,
        angebote=stand.angebote,
        einzelwerte=einzelwerte,
        hinweise=stand.hinweise,
        pruefsummen=(
            _pruefsummen(stand, werte, einzelwerte) if muster else stand.pruefsummen
        ),
        muster=muster.oeffentliche_kennung if muster else "",
        pruefstand=saetze,
        partitionen=lade_partitionen(katalog, stand.ordner),
        fachurteile=urteile,
        beschluesse=beschluesse,
        orte=stand.orte,
        wegenetz=stand.wegenetz,
    )


def _ohne_namen(tabelle: pd.DataFrame) -> pd.DataFrame:
    """Urteile und Beschlüsse ohne den Namen dessen, der geurteilt hat."""
    return tabelle.drop(columns="name", errors="ignore")


def _widersprueche(stand: Datenstand) -> tuple[str, ...]:
    """Zusammenhänge, die nicht gelten, weil die Zahlen ihnen widersprechen."""
    return tuple(
        f"Zusammenhang {zusammenhang}: Teile und Ganzes der Lieferung passen nicht "
        "zueinander; er ist beim Sperren nicht berücksichtigt."
        for zusammenhang in groessen(stand.werte, aufbau_von(stand)).widersprueche
    )


def _pruefsummen(
    stand: Datenstand, frei: pd.DataFrame, einzelwerte: pd.DataFrame
) -> dict[str, str]:
    """Prüfsummen für die Öffentlichkeit.

    Die Prüfsumme einer Datei mit gesperrten oder gerundeten Zellen oder internen
    Einzelwerten würde geratene Werte bestätigen, die einer Datei mit Namen geratene
    Namen. Für solche Dateien steht die Prüfsumme dessen, was freigegeben ist.
    """
    summen = dict(stand.pruefsummen)
    if len(einzelwerte) < len(stand.einzelwerte):
        text = einzelwerte.drop(columns="zeile").to_csv(lineterminator="\n")
        summen["einzelwerte.csv"] = hashlib.sha256(text.encode()).hexdigest()
    for name, tabelle in (
        ("fachurteile.csv", stand.fachurteile),
        ("beschluesse.csv", stand.beschluesse),
    ):
        if name in summen:
            text = (
                _ohne_namen(tabelle).drop(columns="zeile").to_csv(lineterminator="\n")
            )
            summen[name] = hashlib.sha256(text.encode()).hexdigest()
    zahlen = ["wert", "zaehler", "nenner"]
    gleich = frei[zahlen].eq(stand.werte[zahlen]) | stand.werte[zahlen].isna()
    # Wo gerundet wird, darf auch nicht erkennbar sein, was schon vorher rund war.
    gerundet_wird = bool(stand.katalog.regelprofil.rundung)
    verborgen = ~gleich.fillna(value=False).all(axis=1) | gerundet_wird
    for datei in sorted(set(frei.loc[verborgen, "datei"])):
        zeilen = frei[frei["datei"] == datei].drop(columns="zeile")
        text = zeilen.to_csv(index=False, lineterminator="\n")
        summen[str(datei)] = hashlib.sha256(text.encode()).hexdigest()
    return summen


def _muster(
    stand: Datenstand,
    muster: Sperrmuster | None,
    ordner: Path | None,
    *,
    ablegen_noetig: bool,
) -> Sperrmuster:
    if muster is None:
        if ordner is None:
            return sperrmuster(stand)
        return eingefroren(stand, ordner, ablegen_noetig=ablegen_noetig)
    if muster.kennung != musterkennung(stand):
        raise Ausgabefehler(
            "Das Sperrmuster gehört zu einem anderen Datenstand oder Regelprofil. "
            "Erwartet wird das Muster genau dieser Daten; bitte neu rechnen lassen."
        )
    return muster


def _hingenommen(anzahl: int) -> tuple[str, ...]:
    """Satz für die Ausgaben; nennt die Zellen nicht, das hülfe nur Neugierigen."""
    if not anzahl:
        return ()
    satz = (
        f"{mehrzahl(anzahl, 'gesperrter Wert', 'gesperrte Werte')}: nicht zu schützen, "
        "weil schon früher zu viel veröffentlicht war; von der Statistikstelle "
        "hingenommen."
    )
    return (satz,)


def _ohne(werte: pd.DataFrame, muster: Sperrmuster) -> pd.DataFrame:
    """Entfernt Wert, Zähler und Nenner, wo etwas nicht hinausgeht."""
    gesperrt, unsicher = muster.sperrt(werte), muster.weist_nicht_aus(werte)
    felder = {"wert", "zaehler", "nenner", BEDARFSGEMEINSCHAFTEN} & set(werte.columns)
    zahl = werte["wertart"] == "Zahl"
    art = werte["wertart"].mask(unsicher & zahl, "nicht sinnvoll")
    art = art.mask(gesperrt & zahl, "gesperrt")
    weg = gesperrt | unsicher
    leer = {feld: werte[feld].mask(weg) for feld in sorted(felder)}
    if "hinweis" in werte:  # Ein freier Text kann die Zahl nennen.
        leer["hinweis"] = werte["hinweis"].mask(weg, "")
    return werte.assign(**leer, wertart=art)


def _einzelwerte(stand: Datenstand, werte: pd.DataFrame) -> pd.DataFrame:
    """Zitierfähige Einzelwerte, die keine gesperrte Zelle noch einmal nennen."""
    indikatoren = stand.katalog.indikatoren
    zellen = werte.loc[werte["wertart"] == "gesperrt", ["gebiet", "indikator"]]
    genannt = {
        (str(gebiet), name.casefold())
        for gebiet, kennung in zip(*(zellen[s] for s in zellen), strict=True)
        for name in _namen(indikatoren[str(kennung)])
    }
    alle = stand.einzelwerte
    orte = zip(alle["gebiet"], alle["bezeichnung"], strict=True)
    doppelt = [(str(g), str(b).strip().casefold()) in genannt for g, b in orte]
    return alle[(alle["zitierfaehig"] == "ja") & ~pd.Series(doppelt, index=alle.index)]


def _namen(indikator: Indikator) -> set[str]:
    namen = {indikator.id, indikator.bezeichnung, indikator.kurz, indikator.zaehler}
    return {name for name in namen if name}


def _auf_stellen(werte: pd.DataFrame, katalog: Katalog) -> pd.DataFrame:
    """Verhältniswerte auf so viele Stellen, wie das Profil hinauslässt.

    Sechzehn Stellen verrieten Zähler und Nenner, auch ungedruckt in einer Tabelle
    (Kettenbruch). Was die Quelle selbst genauer veröffentlicht hat, bleibt so.
    """
    rueckt = {"prozent": 2, "prozentpunkte": 0, "je_100": 0, "je_1000": 0}
    stellen = {
        kennung: rueckt[i.einheit] + min(katalog.regelprofil.stellen_anteil, i.stellen)
        for kennung, i in katalog.indikatoren.items()
        if i.einheit in rueckt
    }
    offen = {q for q, e in katalog.quellen.items() if e.herkunft == "veröffentlicht"}
    spalten = zip(werte["wert"], werte["indikator"], werte["quelle"], strict=True)
    gerundete = [
        wert
        if pd.isna(wert) or indikator not in stellen or quelle in offen
        else float(gerundet(wert, stellen[indikator]))
        for wert, indikator, quelle in spalten
    ]
    return werte.assign(wert=pd.Series(gerundete, index=werte.index, dtype="float64"))
