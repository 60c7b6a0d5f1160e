"""Welche Zahlen tragen die Ausgangslage? Tabellen, Mediane und Worte mit Beleg."""

import re

import pandas as pd

from quartierstools.auswertung import Bedarf, Messung
from quartierstools.begruendung import saetze
from quartierstools.begruendung.beleg import stichtag_text, wert_text
from quartierstools.begruendung.stoff import Stoff
from quartierstools.begruendung.vergleich import Vergleich
from quartierstools.begruendung.worte import (
    haelt_aussen,
    intervall,
    vergleichswort,
    zahl_der_gebiete,
)
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

UM_DAS_MITTEL = 2
"""Bis zu dieser Klasse tragen die Zahlen allein kein Vorhaben."""

KURZES_WORT = {"": "–", "so hoch wie": "gleich"}
"""Wie ein Vergleichswort in der Tabelle heißt."""

GENANNTE_LUECKEN = 6
"""So viele Gebiete ohne Wert nennt die Tabelle beim Namen."""

EREIGNIS = re.compile(
    r"beratungen|beratene|kurse|geburten|zuzüge|fortzüge|teilnehm|vermittlungen"
    r"|anträge|übergänge|besuche",
    re.IGNORECASE,
)
"""Was über ein Jahr gezählt wird und keinen Stichtag hat."""


def bedarf_oder_fehler(stoff: Stoff) -> Bedarf:
    """Messbares Ergebnis; wer hier landet, hat es vorher geprüft."""
    if isinstance(stoff.ergebnis, Messung):
        raise TypeError(stoff.ergebnis.satz)
    return stoff.ergebnis


def staerkster(stoff: Stoff) -> str:
    """Indikator mit dem größten Beitrag zum Index des Gebiets."""
    beitraege = bedarf_oder_fehler(stoff).modell.beitraege_.loc[stoff.gebiet]
    return str(beitraege.fillna(0).sort_index().idxmax())


def hat_wert(stoff: Stoff) -> bool:
    """Ob das Gebiet eingestuft ist."""
    if isinstance(stoff.ergebnis, Messung):
        return False
    return not pd.isna(stoff.ergebnis.klasse[stoff.gebiet])


def traegt(stoff: Stoff) -> bool:
    """Ob die Zahlen für das Vorhaben sprechen.

    Die Klasse liegt über dem Mittel, und die stärkste Zahl unterscheidet sich, wo es
    Fallzahlen gibt, belastbar vom Median.
    """
    if isinstance(stoff.ergebnis, Messung) or not hat_wert(stoff):
        return False
    if int(stoff.ergebnis.klasse[stoff.gebiet]) <= UM_DAS_MITTEL:
        return False
    return belastbar(stoff)


def belastbar(stoff: Stoff) -> bool:
    """Ob die stärkste Zahl mehr ist als Zufall; ohne Fallzahlen nicht zu sagen."""
    return wort(stoff, staerkster(stoff)) != stoff.katalog.wortwahl.ohne_unterschied


def ohne_wert_satz(stoff: Stoff) -> str:
    """Warum das Gebiet keine Einstufung hat."""
    zellen = [stoff.freigabe.zelle(stoff.gebiet, k) for k in stoff.vergleiche]
    arten = {zelle.wertart for zelle in zellen}
    gruende = [art for art in ("gesperrt", "nicht sinnvoll") if art in arten]
    if gruende:
        return f"Für {stoff.ort} ist ein Wert {aufzaehlung(gruende, wort='oder')}."
    art = "kein Wert" if len(zellen) == 1 else "nicht jeder Wert"
    return f"Für {stoff.ort} liegt {art} vor."


def median(stoff: Stoff, kennung: str, *, kurz: bool = False) -> Textstueck:
    """Median der vorliegenden Werte als belegte Zahl; `kurz` mit Prozentzeichen."""
    stand = stoff.vergleiche[kennung]
    return stoff.schrift.rechnung(
        wert_text(stand.median, stoff.katalog.indikatoren[kennung], kurz=kurz),
        f"Median von {stand.anzahl} Werten",
        indikator=kennung,
        formel="median",
    )


def wort(stoff: Stoff, kennung: str) -> str:
    """Vergleichswort eines Indikators nach Größe und Intervall."""
    indikator = stoff.katalog.indikatoren[kennung]
    zelle = stoff.freigabe.zelle(stoff.gebiet, kennung)
    wortwahl = stoff.katalog.wortwahl
    return vergleichswort(
        stoff.vergleiche[kennung],
        wortwahl,
        grenzen=intervall(zelle, indikator),
        aussen=haelt_aussen(bedarf_oder_fehler(stoff), stoff.gebiet, wortwahl),
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
    mitte = f"Median von {stand.anzahl} {bezirken}"
    zeilen.append((inhalt(mitte), (median(stoff, kennung, kurz=True),)))
    ende = stand.niedrigstes if indikator.richtung == "hoch" else stand.hoechstes
    if ende not in gezeigt:
        art = "niedrigster" if indikator.richtung == "hoch" else "höchster"
        name = saetze.namen(stoff.freigabe, [ende])[0]
        wert = stoff.schrift.zelle(stoff.freigabe.zelle(ende, kennung), kurz=True)
        zeilen.append((inhalt(f"{art} Wert ({name})"), (wert,)))
    stadt = stoff.freigabe.zelle("stadt", kennung, ebene="stadt")
    zeilen.append(
        (
            inhalt(f"Stadt {stoff.projekt.stadt}"),
            (stoff.schrift.zelle(stadt, kurz=True),),
        )
    )
    zeilen += lueckenzeilen(stoff, stand)
    # Ohne eigenen Wert gilt der Stichtag der anderen.
    if zelle.quelle is None:
        zelle = stoff.freigabe.zelle(stand.hoechstes, kennung)
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


def lueckenzeilen(stoff: Stoff, stand: Vergleich) -> list[tuple[Inhalt, ...]]:
    """Andere Gebiete ohne Wert, Gesperrtes und Fehlendes getrennt."""
    arten = stoff.freigabe.wertarten(stand.indikator)
    zeilen: list[tuple[Inhalt, ...]] = []
    for art, text in WERTART_TEXT.items():
        orte = [g for g in stand.fehlend if arten[g] == art and g != stoff.gebiet]
        if orte:
            zeilen.append((inhalt(_genannt(stoff, orte)), inhalt(text)))
    return zeilen


def _genannt(stoff: Stoff, orte: list[str]) -> str:
    """Namen der Gebiete; ab `GENANNTE_LUECKEN` nur ihre Zahl."""
    if len(orte) > GENANNTE_LUECKEN:
        return f"weitere {zahl_der_gebiete(len(orte), stoff.projekt.ebene)}"
    return ", ".join(saetze.namen(stoff.freigabe, orte))


def indikatortabelle(stoff: Stoff) -> Tabelle:
    """Mehrere Indikatoren: Gebiet, Stadtbezirk, Stadt, Median, Wort.

    Spalten ganz ohne Wert fallen weg; die Fußnote nennt sie.
    """
    bezirk = str(stoff.freigabe.gebiete.loc[stoff.gebiet, "stadtbezirk"])
    orte = {
        stoff.ort: (stoff.gebiet, "gebiet"),
        "Stadtbezirk": (bezirk, "stadtbezirk"),
        "Stadt": ("stadt", "stadt"),
    }
    zellen = {
        name: {
            kennung: stoff.freigabe.zelle(schluessel, kennung, ebene=ebene)
            for kennung in stoff.vergleiche
        }
        for name, (schluessel, ebene) in orte.items()
    }
    gezeigt = [
        name
        for name, spalte in zellen.items()
        if name == stoff.ort or any(z.wertart != "fehlt" for z in spalte.values())
    ]
    ohne = [name for name in orte if name not in gezeigt]
    zeilen: list[tuple[Inhalt, ...]] = []
    verweise, tage = [], set()
    for kennung in stoff.vergleiche:
        eigene = zellen[stoff.ort][kennung]
        tage.add(stichtag_text(eigene))
        if eigene.quelle is not None:
            verweise.append(stoff.schrift.quelle(eigene.quelle, kennung))
        werte = [(stoff.schrift.zelle(zellen[n][kennung], kurz=True),) for n in gezeigt]
        mitte = median(stoff, kennung, kurz=True)
        urteil = wort(stoff, kennung)
        lage = inhalt(KURZES_WORT.get(urteil, urteil))
        name = stoff.katalog.indikatoren[kennung].bezeichnung
        zeilen.append((inhalt(name), *werte, (mitte,), lage))
    quellen = " ".join(dict.fromkeys(verweise))
    return Tabelle(
        titel=f"Kennzahlen, {aufzaehlung(sorted(tage))} {quellen}".strip(),
        spalten=(
            Spalte("Kennzahl", anteil=3.2),
            *(Spalte(n, "rechts", 1.3 if n == stoff.ort else 1.1) for n in gezeigt),
            Spalte(f"Median von {_anzahl(stoff)}", "rechts", 1.2),
            Spalte("Lage zum Median", anteil=1.8),
        ),
        zeilen=tuple(zeilen),
        fussnote=f"{aufzaehlung(ohne)}: liegt nicht vor." if ohne else "",
    )


def _anzahl(stoff: Stoff) -> str:
    """Von wie vielen Werten die Mediane sind, etwa „27 bis 28“."""
    anzahlen = {stand.anzahl for stand in stoff.vergleiche.values()}
    return " bis ".join(map(str, sorted({min(anzahlen), max(anzahlen)})))


JAHRESENDE = "31.12."


def zeitangabe(bezeichnung: str, tag: str) -> str:
    """„ am 31.12.2023“ für Bestände, „ im Jahr 2022“ für Ereignisse eines Jahres.

    Gezählte Ereignisse (Beratungen, Kurse, Geburten) haben keinen Stichtag.

    Examples
    --------
    >>> zeitangabe("Einwohner", "31.12.2023"), zeitangabe("Kurse", "31.12.2022")
    (' am 31.12.2023', ' im Jahr 2022')
    >>> zeitangabe("Quote", "2019"), zeitangabe("Empfehlungen", "Schuljahr 2017/18")
    (' im Jahr 2019', ', Schuljahr 2017/18')
    """
    if re.fullmatch(r"\d{4}", tag):
        return f" im Jahr {tag}"
    if not re.fullmatch(r"\d{2}\.\d{2}\.\d{4}", tag):
        return f", {tag}"
    if tag.startswith(JAHRESENDE) and EREIGNIS.search(bezeichnung):
        return f" im Jahr {tag[-4:]}"
    return f" am {tag}"


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
        zeit = zeitangabe(bezeichnung, tag)
        teile.append(f"{'; ' if nummer else ''}{bezeichnung}{zeit}: ")
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
