"""Was fehlt, wozu und von wem? Die Datenanforderung eines Laufs."""

from quartierstools.ausgabe.rahmen import schriftstueck
from quartierstools.auswertung import Auswertung, Bedarf
from quartierstools.dokument import (
    Absatz,
    Block,
    Dokument,
    Inhalt,
    Liste,
    Spalte,
    Tabelle,
    Ueberschrift,
    inhalt,
)
from quartierstools.schreibweise import aufzaehlung


def fehlende_indikatoren(auswertung: Auswertung) -> list[tuple[str, list[str]]]:
    """Indikatoren, die Zielgruppen fehlen, mit den Zielgruppen; nützlichste zuerst.

    Returns
    -------
    list of (str, list of str)
        Kennung und Zielgruppen. Zuerst, was eine Zielgruppe überhaupt erst messbar
        macht, dann, was vielen Zielgruppen dient.
    """
    wozu: dict[str, list[str]] = {}
    dringend: set[str] = set()
    for kennung in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(kennung)
        messung = ergebnis.messung if isinstance(ergebnis, Bedarf) else ergebnis
        for indikator in messung.fehlend:
            wozu.setdefault(indikator, []).append(kennung)
            if messung.art != "direkt":
                dringend.add(indikator)
    return sorted(
        wozu.items(), key=lambda paar: (paar[0] not in dringend, -len(paar[1]), paar[0])
    )


def datenanforderung(auswertung: Auswertung, *, lauf: str = "") -> Dokument:
    """Schriftstück an die Stellen, die liefern können."""
    ebene = auswertung.projekt.ebene
    bloecke: list[Block] = [
        Absatz(inhalt(_einleitung(auswertung))),
        Ueberschrift("Fehlende Indikatoren"),
        _tabelle(auswertung),
    ]
    luecken = _luecken(auswertung)
    if luecken:
        bloecke += [Ueberschrift("Lücken in gelieferten Indikatoren"), Liste(luecken)]
    bestaetigen = _zu_bestaetigen(auswertung)
    if bestaetigen:
        bloecke += [Ueberschrift("Zu bestätigen"), Liste(bestaetigen)]
    bloecke += [
        Ueberschrift("Form der Lieferung"),
        Liste(
            (
                inhalt(
                    f"Zähler und Nenner je {ebene.kurz}, dazu Stadtbezirk und Stadt; "
                    "nur Anteile erlauben keine Intervalle."
                ),
                inhalt("Stichtag, Abgrenzung und Quelle je Indikator."),
                inhalt("Nur zusammengefasste Zahlen, keine Angaben zu Personen."),
                inhalt(
                    "Gesperrtes als Punkt (.), Fehlendes leer, Null als Strich (-)."
                ),
            )
        ),
    ]
    return schriftstueck(
        auswertung,
        titel="Datenanforderung",
        gattung="Datenanforderung",
        untertitel=f"Was für {auswertung.projekt.stadt} fehlt, wozu und von wem",
        bloecke=bloecke,
        lauf=lauf,
    )


def _einleitung(auswertung: Auswertung) -> str:
    ohne, genaehert = [], []
    for kennung in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(kennung)
        messung = ergebnis.messung if isinstance(ergebnis, Bedarf) else ergebnis
        name = auswertung.katalog.zielgruppen[kennung].bezeichnung
        if messung.art == "nicht messbar":
            ohne.append(name)
        elif messung.art == "Näherung":
            genaehert.append(name)
    teile = []
    if ohne:
        teile.append(f"Nicht messbar: {aufzaehlung(ohne)}.")
    if genaehert:
        teile.append(f"Nur durch eine Näherung messbar: {aufzaehlung(genaehert)}.")
    if not teile:
        teile.append("Alle Zielgruppen sind direkt messbar.")
    return " ".join(teile)


def _tabelle(auswertung: Auswertung) -> Tabelle:
    katalog = auswertung.katalog
    zeilen: list[tuple[Inhalt, ...]] = []
    for kennung, gruppen in fehlende_indikatoren(auswertung):
        indikator = katalog.indikatoren[kennung]
        namen = aufzaehlung([katalog.zielgruppen[g].bezeichnung for g in gruppen])
        zaehlung = indikator.zaehler
        if indikator.nenner:
            zaehlung += f" je {indikator.nenner}"
        zeilen.append(
            (
                inhalt(f"{indikator.bezeichnung} ({kennung})"),
                inhalt(zaehlung),
                inhalt(namen),
                inhalt(indikator.lieferant),
            )
        )
    if not zeilen:
        zeilen.append(tuple(inhalt("–") for _ in range(4)))
    return Tabelle(
        titel="Nützlichste zuerst",
        spalten=(
            Spalte("Indikator", anteil=2),
            Spalte("Zählung", anteil=2.4),
            Spalte("Wozu", anteil=1.6),
            Spalte("Von wem", anteil=1.8),
        ),
        zeilen=tuple(zeilen),
    )


def _luecken(auswertung: Auswertung) -> tuple[Inhalt, ...]:
    return tuple(
        inhalt(f"{befund.ort}: {befund.was}") for befund in auswertung.freigabe.hinweise
    )


def _zu_bestaetigen(auswertung: Auswertung) -> tuple[Inhalt, ...]:
    """Werte, deren Stichtag angenommen oder unbekannt ist, und Herkunft."""
    freigabe, katalog = auswertung.freigabe, auswertung.katalog
    werte = freigabe.werte
    punkte = []
    for kennung in sorted(set(werte["indikator"])):
        zeilen = werte[werte["indikator"] == kennung]
        name = katalog.indikatoren[kennung].bezeichnung
        offen = sorted(set(zeilen["stichtag_belegt"]) - {"ja"})
        herkunft = {katalog.quellen[q].herkunft for q in set(zeilen["quelle"])}
        teile = []
        if "nein" in offen:
            teile.append("Stichtag angenommen")
        if "unbekannt" in offen:
            teile.append("Stichtag unbekannt")
        if "abgelesen" in herkunft:
            teile.append("Werte abgelesen")
        if teile:
            punkte.append(inhalt(f"{name}: {aufzaehlung(teile)}."))
    return tuple(punkte)
