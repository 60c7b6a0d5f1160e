"""Was steht ganz oben? „Das Wichtigste in Kürze“: dafür, dagegen, nicht bekannt."""

from quartierstools.auswertung import Bedarf, Messung
from quartierstools.begruendung import saetze
from quartierstools.begruendung.kennzahlen import median, staerkster
from quartierstools.begruendung.stoff import Stoff
from quartierstools.dokument import (
    Inhalt,
    Kasten,
    Liste,
    Textstueck,
    inhalt,
    kursiv,
    offen,
)
from quartierstools.schreibweise import aufzaehlung, zahlwort

GENANNT = 3
"""So viele gleich oder höher eingestufte Gebiete nennt die Kürze beim Namen."""


def in_kuerze(stoff: Stoff) -> Kasten:
    """„Das Wichtigste in Kürze“ mit dem stärksten Gegenargument."""
    punkte = [
        (kursiv("Vorschlag: "), *inhalt(stoff.vorhaben.kurzvorschlag)),
        (kursiv("Dafür: "), *dafuer(stoff)),
        (kursiv("Dagegen: "), *staerkstes_dagegen(stoff)),
        (kursiv("Nicht bekannt: "), *inhalt(nicht_bekannt(stoff))),
        (kursiv("Sicherheit: "), *inhalt(sicherheit(stoff))),
    ]
    return Kasten(
        titel="Das Wichtigste in Kürze", bloecke=(Liste(tuple(punkte)),), art="kurz"
    )


def dafuer(stoff: Stoff) -> Inhalt:
    """Stärkste Zahl für das Vorhaben mit Vergleich."""
    if isinstance(stoff.ergebnis, Messung):
        return inhalt(stoff.ergebnis.satz)
    kennung = staerkster(stoff)
    indikator = stoff.katalog.indikatoren[kennung]
    zelle = stoff.freigabe.zelle(stoff.gebiet, kennung)
    stand = stoff.vergleiche[kennung]
    lage = saetze.lagesatz(
        stand,
        gesamt=len(stoff.freigabe.gebiete),
        gleichauf=saetze.namen(stoff.freigabe, stand.gleichauf),
    )
    verweis = f" {stoff.schrift.quelle(zelle.quelle, kennung)}" if zelle.quelle else ""
    wert = stoff.schrift.zelle(zelle)
    if len(stoff.vergleiche) == 1:
        return inhalt(
            wert,
            f" {indikator.bezeichnung} – {lage}; der mittlere Wert ist ",
            median(stoff, kennung),
            f".{verweis}",
        )
    eingestuft = saetze.einstufung(
        stoff.ergebnis, stoff.gebiet, ebene_mehrere=stoff.projekt.ebene.kurz_mehrere
    )
    vor = f"{stoff.ergebnis.worte.vor_wort} {eingestuft}".strip()
    am_ende = stand.lage in ("höchster", "niedrigster")
    return inhalt(
        f"{vor}; am stärksten trägt {saetze.mit_artikel(indikator)} bei: ",
        wert,
        f", {lage}" if am_ende else "",
        " (mittlerer Wert: ",
        median(stoff, kennung),
        f").{verweis}",
    )


def staerkstes_dagegen(stoff: Stoff) -> Inhalt:
    """Erstes Gegenargument und das nächste Gebiet."""
    teile: list[Textstueck] = []
    if stoff.vorhaben.dagegen:
        teile += stoff.schrift.aussage(stoff.vorhaben.dagegen[0])
    nachbar = nachbarsatz(stoff)
    if nachbar:
        teile += inhalt((" " if teile else "") + nachbar)
    return tuple(teile) or inhalt(f"{offen('Gegenargument').text}")


def nachbarsatz(stoff: Stoff) -> str:
    """Wer gleichauf oder mindestens ebenso eingestuft ist."""
    if isinstance(stoff.ergebnis, Messung):
        return ""
    if len(stoff.vergleiche) == 1:
        stand = next(iter(stoff.vergleiche.values()))
        gleich = saetze.namen(stoff.freigabe, stand.gleichauf)
        if gleich:
            verb = "hat" if len(gleich) == 1 else "haben"
            return f"{aufzaehlung(gleich)} {verb} denselben Anteil."
    gleich = saetze.gleiche_klasse(
        stoff.ergebnis, stoff.gebiet, hoechstens=len(stoff.freigabe.gebiete)
    )
    if not gleich:
        return ""
    genannt = saetze.namen(stoff.freigabe, gleich[:GENANNT])
    rest = len(gleich) - len(genannt)
    if rest:
        genannt.append("ein weiterer" if rest == 1 else f"{zahlwort(rest)} weitere")
    verb = "ist" if len(gleich) == 1 else "sind"
    return f"{aufzaehlung(genannt)} {verb} mindestens ebenso eingestuft."


def nicht_bekannt(stoff: Stoff) -> str:
    """Was niemand weiß, als Halbsatz."""
    punkte = list(stoff.vorhaben.nicht_bekannt)
    if isinstance(stoff.ergebnis, Bedarf) and stoff.ergebnis.messung.art == "Näherung":
        fehlt = [
            stoff.katalog.indikatoren[i].bezeichnung
            for i in stoff.ergebnis.messung.fehlend
        ]
        punkte = punkte or [aufzaehlung(fehlt)]
    return f"{aufzaehlung(punkte)}." if punkte else "[offen]"


def sicherheit(stoff: Stoff) -> str:
    """Status der Aussage."""
    status = {
        "Hinweis": "Hinweis aus Daten; fachliche Bestätigung steht aus.",
        "fachlich bestätigt": "Hinweis aus Daten, fachlich bestätigt.",
        "verworfen": "Hinweis aus Daten, fachlich verworfen.",
    }
    return status[stoff.vorhaben.status]
