"""Welche Zahlen tragen die Ausgangslage? Tabellen und mittlere Werte mit Beleg."""

from quartierstools.auswertung import Bedarf, Messung
from quartierstools.begruendung import saetze
from quartierstools.begruendung.beleg import stichtag_text, wert_text
from quartierstools.begruendung.stoff import Stoff
from quartierstools.dokument import (
    Absatz,
    Block,
    Inhalt,
    Spalte,
    Tabelle,
    Textstueck,
    inhalt,
)
from quartierstools.schreibweise import WERTART_TEXT, aufzaehlung, gross


def bedarf_oder_fehler(stoff: Stoff) -> Bedarf:
    """Messbares Ergebnis; wer hier landet, hat es vorher geprüft."""
    if isinstance(stoff.ergebnis, Messung):
        raise TypeError(stoff.ergebnis.satz)
    return stoff.ergebnis


def staerkster(stoff: Stoff) -> str:
    """Indikator mit dem größten Beitrag zum Index des Gebiets."""
    beitraege = bedarf_oder_fehler(stoff).modell.beitraege_.loc[stoff.gebiet]
    return str(beitraege.fillna(0).sort_index().idxmax())


def median(stoff: Stoff, kennung: str) -> Textstueck:
    """Mittlerer Wert als belegte Zahl."""
    indikator = stoff.katalog.indikatoren[kennung]
    stand = stoff.vergleiche[kennung]
    return stoff.schrift.rechnung(
        wert_text(stand.median, indikator),
        f"mittlerer Wert (Median) von {stand.anzahl} Werten",
        indikator=kennung,
        formel="median",
    )


def median_kurz(stoff: Stoff, kennung: str) -> Textstueck:
    """Mittlerer Wert mit Prozentzeichen für Tabellen."""
    stand = stoff.vergleiche[kennung]
    return stoff.schrift.rechnung(
        wert_text(stand.median, stoff.katalog.indikatoren[kennung], kurz=True),
        f"mittlerer Wert (Median) von {stand.anzahl} Werten",
        indikator=kennung,
        formel="median",
    )


def gebietstabelle(stoff: Stoff) -> Tabelle:
    """Ein Indikator: dieses Gebiet, die nächsten, Mitte, Ende, Lücken."""
    (kennung, stand), *_ = stoff.vergleiche.items()
    indikator = stoff.katalog.indikatoren[kennung]
    zelle = stoff.freigabe.zelle(stoff.gebiet, kennung)
    zeilen: list[tuple[Inhalt, ...]] = []
    gezeigt = [stoff.gebiet, *stand.gleichauf[:2]]
    gezeigt += [g for g in stand.naechste if g not in gezeigt][
        : max(0, 3 - len(gezeigt))
    ]
    for schluessel in gezeigt:
        wert = stoff.schrift.zelle(stoff.freigabe.zelle(schluessel, kennung), kurz=True)
        zeilen.append((inhalt(*saetze.namen(stoff.freigabe, [schluessel])), (wert,)))
    bezirken = stoff.projekt.ebene.kurz_dativ_mehrere
    mitte = f"mittlerer Wert (Median) von {stand.anzahl} {bezirken}"
    zeilen.append((inhalt(mitte), (median_kurz(stoff, kennung),)))
    ende = stand.niedrigstes if indikator.richtung == "hoch" else stand.hoechstes
    if ende not in gezeigt:
        wort = "niedrigster" if indikator.richtung == "hoch" else "höchster"
        name = saetze.namen(stoff.freigabe, [ende])[0]
        wert = stoff.schrift.zelle(stoff.freigabe.zelle(ende, kennung), kurz=True)
        zeilen.append((inhalt(f"{wort} Wert ({name})"), (wert,)))
    stadt = stoff.freigabe.zelle("stadt", kennung, ebene="stadt")
    zeilen.append(
        (
            inhalt(f"Stadt {stoff.projekt.stadt}"),
            (stoff.schrift.zelle(stadt, kurz=True),),
        )
    )
    if stand.fehlend:
        fehlt = ", ".join(saetze.namen(stoff.freigabe, stand.fehlend))
        zeilen.append((inhalt(fehlt), inhalt(WERTART_TEXT["fehlt"])))
    verweis = stoff.schrift.quelle(zelle.quelle, kennung) if zelle.quelle else ""
    titel = f"{indikator.bezeichnung}, {stichtag_text(zelle)} {verweis}".strip()
    return Tabelle(
        titel=titel,
        spalten=(
            Spalte(gross(stoff.projekt.ebene.kurz), anteil=3),
            Spalte("Wert", "rechts"),
        ),
        zeilen=tuple(zeilen),
        hervorgehoben=frozenset({0}),
    )


def indikatortabelle(stoff: Stoff) -> Tabelle:
    """Mehrere Indikatoren: Gebiet, Stadtbezirk, Stadt, mittlerer Wert."""
    bezirk = str(stoff.freigabe.gebiete.loc[stoff.gebiet, "stadtbezirk"])
    zeilen: list[tuple[Inhalt, ...]] = []
    verweise, tage = [], set()
    for kennung in stoff.vergleiche:
        indikator = stoff.katalog.indikatoren[kennung]
        zellen = [
            stoff.freigabe.zelle(stoff.gebiet, kennung),
            stoff.freigabe.zelle(bezirk, kennung, ebene="stadtbezirk"),
            stoff.freigabe.zelle("stadt", kennung, ebene="stadt"),
        ]
        tage.add(stichtag_text(zellen[0]))
        if zellen[0].quelle is not None:
            verweise.append(stoff.schrift.quelle(zellen[0].quelle, kennung))
        werte = [(stoff.schrift.zelle(z, kurz=True),) for z in zellen]
        zeilen.append(
            (inhalt(indikator.bezeichnung), *werte, (median_kurz(stoff, kennung),))
        )
    anzahlen = {stand.anzahl for stand in stoff.vergleiche.values()}
    wenigste, meiste = min(anzahlen), max(anzahlen)
    anzahl = f"{meiste}" if wenigste == meiste else f"{wenigste} bis {meiste}"
    quellen = " ".join(dict.fromkeys(verweise))
    return Tabelle(
        titel=f"Kennzahlen, {aufzaehlung(sorted(tage))} {quellen}".strip(),
        spalten=(
            Spalte("Kennzahl", anteil=3.2),
            Spalte(stoff.ort, "rechts", 1.3),
            Spalte("Stadtbezirk", "rechts", 1.2),
            Spalte("Stadt", "rechts"),
            Spalte(f"Mittlerer Wert von {anzahl}", "rechts", 1.4),
        ),
        zeilen=tuple(zeilen),
    )


def einzelwerte(stoff: Stoff) -> list[Block]:
    """Ältere veröffentlichte Werte, gebündelt, als nicht vergleichbar benannt."""
    gruppen: dict[tuple[str, str], list[str]] = {}
    for kennung in stoff.vorhaben.einzelwerte:
        if kennung in stoff.freigabe.einzelwerte.index:
            zeile = stoff.freigabe.einzelwerte.loc[kennung]
            schluessel = (str(zeile["bezeichnung"]), str(zeile["stichtag"]))
            gruppen.setdefault(schluessel, []).append(kennung)
    if not gruppen:
        return []
    teile: list[str | Textstueck] = ["Außerdem veröffentlicht: "]
    for nummer, ((bezeichnung, tag), kennungen) in enumerate(gruppen.items()):
        teile.append(f"{'; ' if nummer else ''}{bezeichnung} am {tag}: ")
        verweise = []
        for stelle, kennung in enumerate(kennungen):
            wert, verweis = stoff.schrift.einzelwert(kennung)
            ort = stoff.schrift.ortsname(
                str(stoff.freigabe.einzelwerte.loc[kennung, "gebiet"])
            )
            teile += [f"{', ' if stelle else ''}{ort} ", wert]
            verweise.append(verweis)
        teile.append(f" {' '.join(dict.fromkeys(verweise))}")
    teile.append(". Diese Messungen sind mit der Tabelle nicht vergleichbar.")
    return [Absatz(inhalt(*teile))]
