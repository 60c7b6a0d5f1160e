"""Welche Sätze ergeben sich aus den Fakten? Ein Gedanke je Satz, kein „weil“."""

import re
from collections.abc import Sequence

from quartierstools.auswertung import Bedarf
from quartierstools.begruendung.vergleich import Vergleich
from quartierstools.begruendung.worte import vergleichssatz
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog import Indikator
from quartierstools.schreibweise import (
    aufzaehlung,
    gross,
    prozent_text,
    zahlwort,
)

FAST_ALLE = 0.995
"""Ab dieser Haltbarkeit sagt der Text „in allen geprüften Rechenvarianten“."""


GENANNT = 3
"""So viele gleich oder höher eingestufte Gebiete nennt ein Satz beim Namen."""


def namen(freigabe: Freigabe, schluessel: Sequence[str]) -> list[str]:
    """Namen der Gebiete in der Reihenfolge der Schlüssel."""
    return [str(freigabe.gebiete.loc[s, "name"]) for s in schluessel]


def mit_artikel(indikator: Indikator) -> str:
    """Bezeichnung mit bestimmtem Artikel.

    Examples
    --------
    >>> i = Indikator(id="A02", bezeichnung="ELB-Quote", artikel="die", zaehler="ELB",
    ...               dimension="x", lieferant="BA")
    >>> mit_artikel(i)
    'die ELB-Quote'
    """
    return f"{indikator.artikel} {indikator.bezeichnung}"


def vorliegende(anzahl: int, gesamt: int) -> str:
    """„der 24 vorliegenden Werte“ oder „der 30 Werte“.

    Examples
    --------
    >>> vorliegende(24, 30), vorliegende(30, 30)
    ('der 24 vorliegenden Werte', 'der 30 Werte')
    """
    return f"der {zahlwort(anzahl)} {'vorliegenden ' if anzahl < gesamt else ''}Werte"


def lagesatz(
    stand: Vergleich, *, gesamt: int, gleichauf: Sequence[str], wort: str = ""
) -> str:
    """Stellung ohne Rang: höchster, niedrigster, über oder unter dem Median.

    Parameters
    ----------
    stand : Vergleich
        Fakten.
    gesamt : int
        Zahl aller Gebiete.
    gleichauf : Sequence of str
        Namen der Gebiete mit demselben gedruckten Wert.
    wort : str, default=""
        Ergebnis von `vergleichswort`; leer: die Lage ohne Abstufung.
    """
    menge = vorliegende(stand.anzahl, gesamt)
    match stand.lage:
        case "höchster" | "niedrigster":
            mit = f"mit {aufzaehlung(list(gleichauf))} " if gleichauf else ""
            vorbehalt = f", {vergleichssatz(wort)}" if wort.startswith("kein") else ""
            return f"{mit}der {stand.lage[:-1]} {menge}{vorbehalt}"
        case "über" | "unter":
            return vergleichssatz(wort or stand.lage)
        case "gleich":
            return "so hoch wie der Median"
        case _:
            return "liegt nicht vor"


def einstufung(ergebnis: Bedarf, gebiet: str, *, ebene_mehrere: str) -> str:
    """Klassenwort mit Vergleichsmaßstab, etwa „über dem Mittel der 24 Bezirke“.

    `ebene_mehrere` steht im Genitiv und ohne Artikel („Bezirke“).
    """
    wort = ergebnis.tafel.loc[gebiet, "wort"]
    if not isinstance(wort, str):
        return "ohne Einstufung"
    return f"{wort} der {zahlwort(ergebnis.gueltig)} {ebene_mehrere}"


def haltbarkeitssatz(
    ergebnis: Bedarf, gebiet: str, *, ebene_mehrere: str, grenzabstand: float
) -> str:
    """Wie sicher die Einstufung ist, in Worten; den Abstand nennt der Bericht."""
    wort = einstufung(ergebnis, gebiet, ebene_mehrere=ebene_mehrere)
    anteil = float(ergebnis.tafel["haltbarkeit"].loc[gebiet])
    menge = prozent_text(anteil, stellen=0)
    varianten = "allen" if anteil >= FAST_ALLE else f"{menge} der"
    if not bool(ergebnis.tafel["grenzfall"].loc[gebiet]):
        return f"Die Einstufung „{wort}“ hält in {varianten} geprüften Rechenvarianten."
    knapp = abs(float(ergebnis.tafel["abstand"].loc[gebiet])) < grenzabstand
    verbindung = ", liegt aber" if anteil >= FAST_ALLE else " und liegt"
    zusatz = f"{verbindung} knapp neben der Klassengrenze" if knapp else ""
    # Wo die oberste Klasse nicht oft genug hält, zählt der Anteil beide Klassen.
    gesenkt = bool(ergebnis.tafel["gesenkt"].loc[gebiet])
    haelt = "Sie oder die höhere gilt" if gesenkt else "Sie hält"
    return (
        f"Die Einstufung „{wort}“ ist ein Grenzfall: {haelt} in {varianten} geprüften "
        f"Rechenvarianten{zusatz}."
    )


def gleiche_klasse(ergebnis: Bedarf, gebiet: str) -> list[str]:
    """Andere Gebiete mit mindestens der gezeigten Klasse, nach Schlüssel.

    Nach dem Index geordnet wäre die Aufzählung eine Rangliste.
    """
    klasse = ergebnis.klasse
    if klasse.isna()[gebiet]:
        return []
    dabei = (klasse >= klasse[gebiet]).fillna(value=False).drop(gebiet)
    return sorted(map(str, dabei.index[dabei]))


def gleich_eingestuft(ergebnis: Bedarf, gebiet: str) -> list[str]:
    """Andere Gebiete mit genau derselben gezeigten Klasse, nach Schlüssel."""
    klasse = ergebnis.klasse
    return [
        schluessel
        for schluessel in gleiche_klasse(ergebnis, gebiet)
        if klasse[schluessel] == klasse[gebiet]
    ]


def ununterscheidbar(eigener: str, andere: Sequence[str], *, dativ_mehrere: str) -> str:
    """Satz, dass die Daten zwischen gleich eingestuften Gebieten nicht trennen.

    Examples
    --------
    >>> ununterscheidbar("A", ["B", "C", "D", "E"], dativ_mehrere="Bezirken")
    'Zwischen A, B, C, D und E trennt die Einstufung nicht.'
    >>> ununterscheidbar("A", ["B", "C", "D", "E", "F"], dativ_mehrere="Bezirken")
    'Zwischen A, B, C, D und zwei weiteren Bezirken trennt die Einstufung nicht.'
    """
    if not andere:
        return ""
    genannt = [eigener, *andere]
    rest = len(andere) - GENANNT
    if rest > 1:
        genannt = [
            eigener,
            *andere[:GENANNT],
            f"{zahlwort(rest)} weiteren {dativ_mehrere}",
        ]
    return f"Zwischen {aufzaehlung(genannt)} trennt die Einstufung nicht."


def reihe(teile: Sequence[str]) -> str:
    """Aufzählung; deutlicher getrennt, wo ein Glied selbst „und“ oder Komma enthält.

    Examples
    --------
    >>> reihe(["ob A", "ob B"]), reihe(["ob A und B", "ob C"])
    ('ob A und ob B', 'ob A und B sowie ob C')
    >>> reihe(["A, davon neu", "B", "C"])
    'A, davon neu; B sowie C'
    """
    if len(teile) > 1 and any(", " in t or " und " in t for t in teile):
        letzter = ", sowie " if ", " in teile[-2] else " sowie "
        return f"{'; '.join(teile[:-1])}{letzter}{teile[-1]}"
    return aufzaehlung(teile)


def erster_satz(text: str) -> str:
    """Der erste Satz eines Texts; Abkürzungen wie „e. V.“ enden keinen Satz.

    Examples
    --------
    >>> erster_satz("Der Verein e. V. berät. Das bindet Stunden.")
    'Der Verein e. V. berät.'
    """
    return re.split(r"(?<=[a-zäöüß“]{2}[.!?])\s+(?=[A-ZÄÖÜ„])", text, maxsplit=1)[0]


def ohne_punkt(text: str) -> str:
    """Satz ohne Punkt am Ende, für Einschübe."""
    return text.strip().removesuffix(".")


def satz(text: str) -> str:
    """Satz mit großem Anfang und Punkt.

    Examples
    --------
    >>> satz("wie viele hier leben")
    'Wie viele hier leben.'
    """
    fertig = gross(text.strip())
    return fertig if fertig.endswith((".", "!", "?", "“")) else f"{fertig}."
