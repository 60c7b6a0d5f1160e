"""Was steht ganz oben? „Das Wichtigste in Kürze“: dafür, dagegen, nicht bekannt."""

from quartierstools.auswertung import Bedarf, Messung, mit_grund
from quartierstools.begruendung import saetze
from quartierstools.begruendung.kennzahlen import (
    bedarf_oder_fehler,
    hat_wert,
    median,
    ohne_wert_satz,
    staerkster,
    traegt,
    wort,
)
from quartierstools.begruendung.stoff import Stoff
from quartierstools.begruendung.worte import weitere
from quartierstools.dokument import (
    Inhalt,
    Kasten,
    Liste,
    Textstueck,
    inhalt,
    kursiv,
    offen,
)
from quartierstools.schreibweise import aufzaehlung

OHNE_ZAHLEN = "Zahlen sprechen hier weder dafür noch dagegen."

VERWORFEN = "Fachleute vor Ort sehen den Bedarf hier nicht."

URTEIL = {
    "Hinweis": "; fachliche Bestätigung steht aus.",
    "fachlich bestätigt": ", fachlich bestätigt.",
    "verworfen": "; Fachleute vor Ort sehen den Bedarf hier nicht.",
}


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
    """Was dafür spricht; tragen die Zahlen nicht, zuerst das Argument des Menschen."""
    if not hat_wert(stoff):
        return argument(stoff) or inhalt(f"{ohne_zahl(stoff)} {OHNE_ZAHLEN}")
    if traegt(stoff):
        return zahlensatz(stoff)
    eigenes = argument(stoff)
    vor = inhalt(*eigenes, " ") if eigenes else ()
    return (
        *vor,
        *inhalt("Die Zahlen allein tragen den Vorschlag nicht: "),
        *zahlensatz(stoff),
    )


def ohne_zahl(stoff: Stoff) -> str:
    """Warum es keine Zahl gibt."""
    if isinstance(stoff.ergebnis, Messung):
        return stoff.ergebnis.satz
    return ohne_wert_satz(stoff)


def argument(stoff: Stoff) -> Inhalt:
    """Erstes Argument, das nicht aus Zahlen kommt; leer, wenn keines da ist."""
    if not stoff.vorhaben.dafuer:
        return ()
    return stoff.schrift.aussage(stoff.vorhaben.dafuer[0])


def zahlensatz(stoff: Stoff) -> Inhalt:
    """Stärkste Zahl mit Vergleich und Quelle."""
    ergebnis = bedarf_oder_fehler(stoff)
    kennung = staerkster(stoff)
    indikator = stoff.katalog.indikatoren[kennung]
    zelle = stoff.freigabe.zelle(stoff.gebiet, kennung)
    lage = lage_in_worten(stoff, kennung)
    verweis = f" {stoff.schrift.quelle(zelle.quelle, kennung)}" if zelle.quelle else ""
    wert = stoff.schrift.zelle(zelle)
    if len(stoff.vergleiche) == 1:
        return inhalt(
            wert,
            f" {indikator.bezeichnung} – ",
            *_mit_median(lage, median(stoff, kennung)),
            f".{verweis}",
        )
    eingestuft = saetze.einstufung(
        ergebnis, stoff.gebiet, ebene_mehrere=stoff.projekt.ebene.kurz_mehrere
    )
    vor = f"{ergebnis.worte.vor_wort} {eingestuft}".strip()
    return inhalt(
        f"{vor}; am stärksten trägt {saetze.mit_artikel(indikator)} bei: ",
        wert,
        ", ",
        *_mit_median(lage, median(stoff, kennung)),
        f".{verweis}",
    )


def _mit_median(lage: str, wert: Textstueck) -> Inhalt:
    """„etwas über dem Median von 6,5 Prozent“, „der höchste … (Median: …)“."""
    if lage.endswith("Median"):
        return inhalt(f"{lage} von ", wert)
    return inhalt(f"{lage} (Median: ", wert, ")")


def lage_in_worten(stoff: Stoff, kennung: str) -> str:
    """Lage eines Werts unter den vorliegenden, mit dem passenden Wort."""
    stand = stoff.vergleiche[kennung]
    return saetze.lagesatz(
        stand,
        gesamt=len(stoff.freigabe.gebiete),
        gleichauf=saetze.namen(stoff.freigabe, stand.gleichauf[: saetze.GENANNT]),
        wort=wort(stoff, kennung),
    )


def staerkstes_dagegen(stoff: Stoff) -> Inhalt:
    """Erster Satz des ersten Gegenarguments und das nächste Gebiet."""
    teile: list[Textstueck] = []
    if stoff.status == "verworfen":
        teile += inhalt(f"{VERWORFEN} ")
    if stoff.vorhaben.dagegen:
        erstes = stoff.vorhaben.dagegen[0]
        kurz = erstes.model_copy(update={"text": saetze.erster_satz(erstes.text)})
        teile += stoff.schrift.aussage(kurz)
    nachbar = nachbarsatz(stoff)
    if nachbar:
        teile += inhalt((" " if teile else "") + nachbar)
    return tuple(teile) or (offen("Gegenargument"),)


def nachbarsatz(stoff: Stoff) -> str:
    """Wer gleichauf oder mindestens ebenso eingestuft ist."""
    if isinstance(stoff.ergebnis, Messung):
        return ""
    if len(stoff.vergleiche) == 1 and traegt(stoff):
        stand = next(iter(stoff.vergleiche.values()))
        gleich = saetze.namen(stoff.freigabe, stand.gleichauf[: saetze.GENANNT])
        if gleich:
            verb = "hat" if len(gleich) == 1 else "haben"
            return f"{aufzaehlung(gleich)} {verb} denselben Wert."
    gleich = saetze.gleiche_klasse(stoff.ergebnis, stoff.gebiet)
    if not gleich:
        return ""
    genannt = saetze.namen(stoff.freigabe, gleich[: saetze.GENANNT])
    rest = len(gleich) - len(genannt)
    if rest:
        genannt.append(weitere(rest, stoff.projekt.ebene))
    verb = "ist" if len(gleich) == 1 else "sind"
    return f"{aufzaehlung(genannt)} {verb} mindestens ebenso eingestuft."


def nicht_bekannt(stoff: Stoff) -> str:
    """Was niemand weiß, als Halbsatz."""
    punkte = list(stoff.vorhaben.nicht_bekannt)
    if isinstance(stoff.ergebnis, Bedarf) and stoff.ergebnis.messung.art == "Näherung":
        fehlend = stoff.ergebnis.messung.fehlend
        punkte = punkte or [aufzaehlung(mit_grund(stoff.freigabe, fehlend))]
    return f"{saetze.reihe(punkte)}." if punkte else "[offen]"


def sicherheit(stoff: Stoff) -> str:
    """Status der Aussage."""
    grund = (
        "Aus Zahlen nicht messbar"
        if isinstance(stoff.ergebnis, Messung)
        else "Hinweis aus Daten"
    )
    if isinstance(stoff.ergebnis, Bedarf) and stoff.ergebnis.messung.art == "Näherung":
        grund = "Hinweis aus einer Näherung"
    if isinstance(stoff.ergebnis, Bedarf) and not hat_wert(stoff):
        grund = "Hier ohne Zahlen"
    return f"{grund}{URTEIL[stoff.status]}"
