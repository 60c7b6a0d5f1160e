"""Was fehlt, wozu und von wem? Die Datenanforderung eines Laufs, nach Nutzen."""

from dataclasses import dataclass, replace
from typing import Literal

from quartierstools.angebote.luecke import lage
from quartierstools.ausgabe.rahmen import schriftstueck
from quartierstools.auswertung import (
    Auswertung,
    Bedarf,
    Lieferstand,
    Messung,
    lieferstand,
)
from quartierstools.begruendung.lagetexte import urteil
from quartierstools.begruendung.worte import abkuerzungen
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
    texte,
)
from quartierstools.katalog import Zielgruppe
from quartierstools.schreibweise import aufzaehlung, mehrzahl

Nutzen = Literal["macht messbar", "ersetzt eine Näherung", "macht genauer"]

RANG: dict[str, int] = {
    "macht messbar": 0,
    "ersetzt eine Näherung": 1,
    "macht genauer": 2,
}

JE_ART: dict[str, Nutzen] = {
    "nicht messbar": "macht messbar",
    "Näherung": "ersetzt eine Näherung",
    "direkt": "macht genauer",
}

HOECHSTENS_NAMEN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wunsch:
    """Ein Indikator, der fehlt, und was er nützt.

    Attributes
    ----------
    zielgruppen : tuple of str
        Kennungen der Zielgruppen, denen er fehlt.
    nutzen : str
        Was er der Zielgruppe bringt, der er am meisten nützt.
    stand : Lieferstand
        Was da ist und warum es nicht reicht.
    """

    indikator: str
    zielgruppen: tuple[str, ...]
    nutzen: Nutzen
    stand: Lieferstand

    @property
    def geliefert(self) -> bool:
        """Ob der Indikator geliefert ist, aber nicht reicht."""
        return self.stand.lage != "fehlt"


def wuensche(auswertung: Auswertung) -> list[Wunsch]:
    """Indikatoren, die Zielgruppen fehlen; nützlichste zuerst.

    Zuerst, was eine Zielgruppe überhaupt erst messbar macht, dann, was eine Näherung
    ersetzt; bei Gleichstand, was mehr Zielgruppen dient, dann in der Reihenfolge des
    Katalogs.
    """
    wozu: dict[str, list[str]] = {}
    nutzen: dict[str, Nutzen] = {}
    for kennung in auswertung.projekt.zielgruppen:
        messung = _messung(auswertung, kennung)
        eigener = JE_ART[messung.art]
        for indikator in messung.fehlend:
            wozu.setdefault(indikator, []).append(kennung)
            bisher = nutzen.setdefault(indikator, eigener)
            nutzen[indikator] = min(bisher, eigener, key=lambda n: RANG[n])
    folge = list(wozu)
    gefunden = [_wunsch(auswertung, i, wozu[i], nutzen[i]) for i in folge]
    return sorted(
        gefunden,
        key=lambda w: (
            RANG[w.nutzen],
            -len(w.zielgruppen),
            folge.index(w.indikator),
        ),
    )


def _wunsch(
    auswertung: Auswertung, indikator: str, gruppen: list[str], nutzen: Nutzen
) -> Wunsch:
    return Wunsch(
        indikator=indikator,
        zielgruppen=tuple(gruppen),
        nutzen=nutzen,
        stand=lieferstand(auswertung.freigabe, indikator),
    )


def _messung(auswertung: Auswertung, kennung: str) -> Messung:
    ergebnis = auswertung.bedarf(kennung)
    return ergebnis.messung if isinstance(ergebnis, Bedarf) else ergebnis


def datenanforderung(auswertung: Auswertung, *, lauf: str = "") -> Dokument:
    """Schriftstück an die Stellen, die liefern können."""
    ebene = auswertung.projekt.ebene
    alle = wuensche(auswertung)
    fehlend = [w for w in alle if not w.geliefert]
    bloecke: list[Block] = [Absatz(inhalt(_einleitung(auswertung)))]
    if fehlend:
        bloecke.append(Ueberschrift("Fehlende Indikatoren"))
        bloecke.append(_tabelle(auswertung, fehlend))
    abschnitte = (
        ("Geliefert, aber zu oft gesperrt", _gesperrt(auswertung, alle)),
        ("Geliefert, aber für zu wenige Gebiete", _zu_wenige(auswertung, alle)),
        ("Lücken in gelieferten Indikatoren", _luecken(auswertung)),
        ("Fallzahlen", _fallzahlen(auswertung)),
        ("Zu bestätigen", _zu_bestaetigen(auswertung)),
        ("Angebote", _angebote(auswertung)),
        ("Fachliche Einschätzungen", _einschaetzungen(auswertung)),
    )
    for titel, punkte in abschnitte:
        if punkte:
            bloecke += [Ueberschrift(titel), Liste(punkte)]
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
    schrift = schriftstueck(
        auswertung,
        titel="Datenanforderung",
        gattung="Datenanforderung",
        untertitel=f"Was für {auswertung.projekt.stadt} fehlt, wozu und von wem",
        bloecke=bloecke,
        lauf=lauf,
    )
    erklaert = abkuerzungen(texte(schrift), auswertung.katalog.wortwahl)
    if not erklaert:
        return schrift
    absatz = Absatz(inhalt(f"Abkürzungen: {erklaert}"), art="klein")
    return replace(schrift, bloecke=(*schrift.bloecke, absatz))


def _einleitung(auswertung: Auswertung) -> str:
    ohne, genaehert = [], []
    for kennung in auswertung.projekt.zielgruppen:
        messung = _messung(auswertung, kennung)
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


def frage(gruppe: Zielgruppe) -> str:
    """Welche Frage ein Indikator dieser Zielgruppe beantwortet.

    Examples
    --------
    >>> from quartierstools.ausgabe.werkbank import oeffne
    >>> gruppen = oeffne("bochum").auswertung.katalog.zielgruppen
    >>> frage(gruppen["fachkraefte"])
    'Wo gibt es Fachkräftepotentiale?'
    >>> frage(gruppen["langzeitarbeitslose"])
    'Wo brauchen Langzeitarbeitslose Unterstützung?'
    """
    if gruppe.blick == "potential":
        return f"Wo gibt es {gruppe.gruppe_text}?"
    return f"Wo brauchen {gruppe.gruppe_text} Unterstützung?"


def _tabelle(auswertung: Auswertung, fehlend: list[Wunsch]) -> Tabelle:
    katalog = auswertung.katalog
    zeilen: list[tuple[Inhalt, ...]] = []
    for nummer, wunsch in enumerate(fehlend, start=1):
        indikator = katalog.indikatoren[wunsch.indikator]
        fragen = [frage(katalog.zielgruppen[g]) for g in wunsch.zielgruppen]
        zaehlung = indikator.zaehler
        if indikator.nenner:
            zaehlung += f" je {indikator.nenner}"
        zeilen.append(
            (
                inhalt(str(nummer)),
                inhalt(f"{indikator.bezeichnung} ({wunsch.indikator})"),
                inhalt(zaehlung),
                inhalt(f"{' '.join(fragen)} {_gross(wunsch.nutzen)}."),
                inhalt(indikator.lieferant),
            )
        )
    return Tabelle(
        titel="Nützlichste zuerst",
        spalten=(
            Spalte("Nr.", "rechts", 0.5),
            Spalte("Indikator", anteil=2.5),
            Spalte("Zählung", anteil=2.3),
            Spalte("Für welche Frage", anteil=1.7),
            Spalte("Von wem", anteil=1.6),
        ),
        zeilen=tuple(zeilen),
        fussnote="Zuerst, was eine Zielgruppe messbar macht, dann, was eine Näherung "
        "ersetzt; bei Gleichstand in der Reihenfolge des Katalogs.",
    )


def _gross(text: str) -> str:
    return text[:1].upper() + text[1:]


def _gesperrt(auswertung: Auswertung, alle: list[Wunsch]) -> tuple[Inhalt, ...]:
    """Was da ist, aber wegen kleiner Fallzahlen kaum hinausgeht, und was hilft."""
    ebene = auswertung.projekt.ebene
    punkte = []
    for wunsch in alle:
        if wunsch.stand.lage != "gesperrt":
            continue
        indikator = auswertung.katalog.indikatoren[wunsch.indikator]
        menge = mehrzahl(wunsch.stand.gesperrt, ebene.kurz, ebene.kurz_mehrere)
        punkte.append(
            inhalt(
                f"{indikator.bezeichnung} ({wunsch.indikator}): {menge} gesperrt, "
                f"{wunsch.stand.mit_wert} mit Wert; für eine Einstufung reicht das "
                "nicht. "
                "Es hilft: Mittel über mehrere Stichtage, größere Gebiete oder eine "
                f"gröbere Altersgruppe. Von wem: {indikator.lieferant}."
            )
        )
    return tuple(punkte)


def _zu_wenige(auswertung: Auswertung, alle: list[Wunsch]) -> tuple[Inhalt, ...]:
    """Was für zu wenige Gebiete da ist oder meist auf zu kleinen Zahlen ruht."""
    ebene = auswertung.projekt.ebene
    gesamt = len(auswertung.freigabe.gebiete)
    punkte = []
    for wunsch in alle:
        stand, indikator = (
            wunsch.stand,
            auswertung.katalog.indikatoren[wunsch.indikator],
        )
        if stand.lage not in {"zu wenige", "nicht sinnvoll"}:
            continue
        menge = f"{stand.mit_wert} von {gesamt} {ebene.kurz_dativ_mehrere}"
        rat = (
            "Es hilft: größere Gebiete oder Mittel über mehrere Stichtage"
            if stand.lage == "nicht sinnvoll"
            else f"Es hilft: die übrigen {ebene.kurz_mehrere}"
        )
        unsicher = (
            f", {stand.nicht_sinnvoll} nicht sinnvoll" if stand.nicht_sinnvoll else ""
        )
        punkte.append(
            inhalt(
                f"{indikator.bezeichnung} ({wunsch.indikator}): Wert in {menge}"
                f"{unsicher}; für eine Einstufung reicht das nicht. {rat}. "
                f"Von wem: {indikator.lieferant}."
            )
        )
    return tuple(punkte)


def _luecken(auswertung: Auswertung) -> tuple[Inhalt, ...]:
    """Gleiche Lücken mehrerer Indikatoren in einem Punkt."""
    gleiche: dict[str, list[str]] = {}
    for befund in auswertung.freigabe.hinweise:
        gleiche.setdefault(befund.was, []).append(befund.ort)
    return tuple(inhalt(f"{'; '.join(orte)}: {was}") for was, orte in gleiche.items())


def _fallzahlen(auswertung: Auswertung) -> tuple[Inhalt, ...]:
    """Indikatoren mit Anteilen ohne Zähler: ohne sie gibt es keine Intervalle."""
    werte, katalog = auswertung.freigabe.werte, auswertung.katalog
    anteile = werte[(werte["wertart"] == "Zahl") & (werte["ebene"] == "gebiet")]
    ohne = sorted(
        kennung
        for kennung in set(anteile["indikator"])
        if katalog.indikatoren[kennung].nenner
        and anteile.loc[anteile["indikator"] == kennung, "zaehler"].isna().all()
    )
    lieferanten: dict[str, list[str]] = {}
    for kennung in ohne:
        indikator = katalog.indikatoren[kennung]
        lieferanten.setdefault(indikator.lieferant, []).append(indikator.bezeichnung)
    return tuple(
        inhalt(
            f"Zähler und Nenner zu: {aufzaehlung(namen)}. Wozu: Intervalle und die "
            f"Zahl der Menschen. Von wem: {lieferant}."
        )
        for lieferant, namen in sorted(lieferanten.items())
    )


def _angebote(auswertung: Auswertung) -> tuple[Inhalt, ...]:
    """Was am Bestand der Angebote zu prüfen ist; ohne Bestand: dass er fehlt."""
    bestand = auswertung.freigabe.angebote
    if bestand.empty:
        text = "Ein Bestand der Angebote liegt nicht vor. Wozu: ohne ihn keine Lücke. "
        return (inhalt(f"{text}Von wem: Fachämter und Träger."),)
    tag = auswertung.projekt.bezugsdatum
    lagen = bestand.apply(lambda zeile: lage(zeile, tag), axis=1)
    aktiv = bestand[lagen != "beendet"]
    punkte = []
    ungeprueft = int((lagen == "ungeprüft").sum())
    if ungeprueft:
        punkte.append(
            f"{ungeprueft} von {len(aktiv)} laufenden Einträgen sind in den letzten "
            "zwölf Monaten nicht geprüft. Wozu: was es gibt. Von wem: die Träger."
        )
    ohne_plaetze = int(aktiv["plaetze"].isna().sum())
    if ohne_plaetze:
        punkte.append(
            f"{ohne_plaetze} von {len(aktiv)} laufenden Einträgen nennen keine Plätze. "
            "Wozu: ob sie reichen. Von wem: die Träger."
        )
    unklar = aktiv.loc[aktiv["gebiete"].str.contains("unklar"), "name"]
    if len(unklar):
        namen = sorted(map(str, unklar))
        genannt = "; ".join(namen[:HOECHSTENS_NAMEN])
        rest = len(namen) - HOECHSTENS_NAMEN
        genannt += f"; {rest} weitere in der Anlage" if rest > 0 else ""
        punkte.append(
            f"Ort nicht zugeordnet: {genannt}. Wozu: wo es etwas gibt. "
            "Von wem: Ortskundige vor Ort."
        )
    return tuple(map(inhalt, punkte))


def _einschaetzungen(auswertung: Auswertung) -> tuple[Inhalt, ...]:
    """Vorhaben, zu denen noch niemand vor Ort etwas gesagt hat."""
    namen, punkte = auswertung.freigabe.gebiete["name"], []
    for vorhaben in auswertung.katalog.vorhaben.values():
        if vorhaben.status != "Hinweis" or vorhaben.fachliche_einschaetzung:
            continue
        lage = auswertung.angebotslage(vorhaben.zielgruppe)
        ohne = [g for g in vorhaben.gebiete if urteil(lage, g) is None]
        if not ohne:
            continue
        zu = f" zu {aufzaehlung([str(namen[g]) for g in ohne])}"
        wozu = zu if len(ohne) < len(vorhaben.gebiete) else ""
        punkte.append(
            inhalt(
                f"{vorhaben.name}: Einschätzung vor Ort{wozu} steht aus. Wozu: ob der "
                "Hinweis trägt. Von wem: Träger und Fachämter."
            )
        )
    return tuple(punkte)


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
