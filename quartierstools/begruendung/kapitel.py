"""Was steht in den neun Kapiteln? Je Kapitel eine Funktion aus dem Stoff."""

from quartierstools.auswertung import Bedarf, Messung
from quartierstools.begruendung import saetze
from quartierstools.begruendung.bestandstext import angebotstabelle
from quartierstools.begruendung.kennzahlen import (
    einzelwerte,
    gebietstabelle,
    indikatortabelle,
    staerkster,
)
from quartierstools.begruendung.stoff import Stoff, bestand_in, feld
from quartierstools.dokument import (
    Absatz,
    Block,
    Inhalt,
    Liste,
    Textstueck,
    fett,
    inhalt,
    kursiv,
)
from quartierstools.schreibweise import aufzaehlung, gross, zahlwort

HOECHSTENS_ANGEBOTE = 6


def beschlussvorschlag(stoff: Stoff) -> Inhalt:
    """Wortlaut setzt die Verwaltung."""
    return (feld(stoff.vorhaben.beschlussvorschlag, "Art und Wortlaut"),)


def anlass(stoff: Stoff) -> Inhalt:
    """Auftrag und Bezug."""
    teile: list[Textstueck] = []
    for aussage in stoff.vorhaben.anlass:
        teile += [*stoff.schrift.aussage(aussage), Textstueck(" ")]
    return (
        *teile,
        Textstueck("Bezug: "),
        feld(stoff.vorhaben.bezug, "Beschluss, Datum"),
    )


def ausgangslage(stoff: Stoff) -> list[Block]:
    """Anknüpfungspunkte zuerst, dann Zahlen."""
    teile: list[Textstueck] = []
    for aussage in stoff.vorhaben.ausgangslage:
        teile += [*stoff.schrift.aussage(aussage), Textstueck(" ")]
    bloecke: list[Block] = [Absatz(tuple(teile))] if teile else []
    if isinstance(stoff.ergebnis, Bedarf):
        einzig = len(stoff.vergleiche) == 1
        bloecke.append(gebietstabelle(stoff) if einzig else indikatortabelle(stoff))
    bloecke += einzelwerte(stoff)
    return bloecke


def bedarfstitel(stoff: Stoff) -> str:
    """Überschrift nach dem Blick der Zielgruppe."""
    return (
        "Potential der Zielgruppe"
        if stoff.gruppe.blick == "potential"
        else "Bedarf der Zielgruppe"
    )


def bedarf_der_zielgruppe(stoff: Stoff) -> list[Block]:
    """Wie gemessen wird, was das heißt, was Menschen vor Ort sagen."""
    teile: list[Textstueck] = []
    if isinstance(stoff.ergebnis, Messung):
        teile += inhalt(f"{stoff.ergebnis.satz} ")
    else:
        teile += inhalt(f"{stoff.ergebnis.messung.satz} ")
    for aussage in stoff.vorhaben.rahmen:
        teile += [*stoff.schrift.aussage(aussage), Textstueck(" ")]
    bloecke: list[Block] = [Absatz(tuple(teile))]
    if isinstance(stoff.ergebnis, Bedarf):
        bloecke.append(Absatz(einstufung(stoff, stoff.ergebnis)))
    bloecke.append(
        Absatz(
            (
                Textstueck("Einschätzung vor Ort: "),
                feld(
                    stoff.vorhaben.fachliche_einschaetzung,
                    "Einrichtung, Funktion, Datum",
                ),
                Textstueck(" Status: "),
                fett(f"{stoff.vorhaben.status}."),
            )
        )
    )
    return bloecke


def einstufung(stoff: Stoff, ergebnis: Bedarf) -> Inhalt:
    """Wie sicher die Einstufung ist und wovon sie nicht zu trennen ist."""
    mehrere = stoff.projekt.ebene.kurz_mehrere
    if ergebnis.klasse.isna()[stoff.gebiet]:
        return inhalt(f"Für {stoff.ort} liegt kein vollständiger Wert vor.")
    satz = saetze.haltbarkeitssatz(ergebnis, stoff.gebiet, ebene_mehrere=mehrere)
    anteil = float(ergebnis.tafel["haltbarkeit"].loc[stoff.gebiet])
    gerechnet = stoff.schrift.rechnung(satz, f"Haltbarkeit {anteil:.4f}")
    andere = saetze.namen(
        stoff.freigabe, saetze.gleich_eingestuft(ergebnis, stoff.gebiet)[:3]
    )
    zusatz = saetze.ununterscheidbar(stoff.ort, andere)
    verweis = stoff.schrift.eigene_rechnung()
    return inhalt(gerechnet, f" {zusatz}" if zusatz else "", f" {verweis}")


def was_es_gibt(stoff: Stoff) -> list[Block]:
    """Bekannte Angebote und was daraus nicht folgt."""
    bloecke: list[Block] = []
    auswahl = stoff.luecke.angebote
    auswahl = auswahl[auswahl["lage"] != "beendet"]
    if len(auswahl):
        titel = f"Angebote für {stoff.gruppe.bezeichnung}, die hier wirken können"
        bloecke.append(angebotstabelle(auswahl.head(HOECHSTENS_ANGEBOTE), titel))
    rest = len(auswahl) - HOECHSTENS_ANGEBOTE
    weitere = f" {gross(mehrzahl_satz(rest))} in der Anlage." if rest > 0 else ""
    text = (
        f"{stoff.luecke.satz}{weitere} Nicht aufgeführte Angebote sind nicht "
        "bekannt; der Bestand ist eine Fundliste."
    )
    bloecke.append(Absatz(inhalt(text)))
    return bloecke


def mehrzahl_satz(anzahl: int) -> str:
    """„ein weiteres steht“ oder „drei weitere stehen“."""
    if anzahl == 1:
        return "ein weiteres steht"
    return f"{zahlwort(anzahl)} weitere stehen"


def vorschlag(stoff: Stoff) -> list[Block]:
    """Vorgeschlagenes Angebot und Zuständigkeit."""
    v = stoff.vorhaben
    felder = (
        ("Träger", v.traeger),
        ("Ort", v.ort),
        ("Umfang", v.umfang),
        ("Beginn und Laufzeit", v.laufzeit),
        ("Zugang", v.zugang),
    )
    zeile: list[Textstueck] = [Textstueck(f"{v.vorschlag} ")]
    for nummer, (name, wert) in enumerate(felder):
        zeile += [Textstueck(f"{'; ' if nummer else ''}{name}: "), feld(wert, "")]
    zeile.append(Textstueck("."))
    zustaendig = (Textstueck("Zuständigkeit: "), feld(v.zustaendigkeit, ""))
    hinweis = inhalt(" [von der Verwaltung zu prüfen]") if v.zustaendigkeit else ()
    return [Absatz(tuple(zeile)), Absatz((*zustaendig, *hinweis))]


def wirkung(stoff: Stoff) -> Inhalt:
    """Was erreicht und woran es gemessen werden soll."""
    wirkung = stoff.vorhaben.wirkung
    gemessen = aufzaehlung([m.rstrip(".") for m in wirkung.messung])
    return (
        Textstueck(f"{wirkung.ziel} Gemessen werden: {gemessen}; Zielwert "),
        feld(wirkung.zielwert, ""),
        Textstueck("; Bericht "),
        feld(wirkung.bericht, ""),
        Textstueck(
            ". Kennzahlen des Gebiets taugen nicht als Erfolgsmaß eines einzelnen "
            "Angebots."
        ),
    )


def was_dagegen_spricht(stoff: Stoff) -> Liste:
    """Gegenargumente, nächste Gebiete, Nullvariante, Umkehr."""
    punkte: list[Inhalt] = [stoff.schrift.aussage(a) for a in stoff.vorhaben.dagegen]
    punkte += naechste_gebiete(stoff)
    punkte.append((kursiv("Nullvariante: "), *inhalt(stoff.vorhaben.nullvariante)))
    if stoff.vorhaben.umkehr:
        bedingungen = ", ".join(stoff.vorhaben.umkehr[:-1])
        letzte = stoff.vorhaben.umkehr[-1]
        text = f"{bedingungen} oder {letzte}." if bedingungen else f"{letzte}."
        punkte.append((kursiv("Die Abwägung kehrt sich um, "), *inhalt(text)))
    return Liste(tuple(punkte))


def naechste_gebiete(stoff: Stoff) -> list[Inhalt]:
    """Das nächste Gebiet mit Wert und Angebotslage, stärkste Alternative zuerst."""
    if isinstance(stoff.ergebnis, Messung):
        return []
    tafel = stoff.ergebnis.tafel.drop(stoff.gebiet).dropna(subset=["index"])
    folge = tafel.sort_index().sort_values("index", ascending=False, kind="stable")
    punkte: list[Inhalt] = []
    for schluessel in list(folge.index[:2]):
        kennung = staerkster(stoff)
        indikator = stoff.katalog.indikatoren[kennung]
        stand = bestand_in(stoff.freigabe, schluessel, stoff.gruppe)
        punkte.append(
            inhalt(
                kursiv("Nächstes Gebiet: " if not punkte else "Danach: "),
                f"{saetze.namen(stoff.freigabe, [schluessel])[0]}, ",
                f"{indikator.bezeichnung} ",
                stoff.schrift.zelle(stoff.freigabe.zelle(schluessel, kennung)),
                f"; Bestand: {stand.kategorie}.",
            )
        )
    return punkte


def grenzen(stoff: Stoff) -> Inhalt:
    """Was die Daten nicht sagen."""
    saetze_ = []
    if isinstance(stoff.ergebnis, Bedarf):
        gesamt = len(stoff.freigabe.gebiete)
        saetze_.append(
            f"{stoff.ergebnis.gueltig} von {gesamt} "
            f"{stoff.projekt.ebene.kurz_dativ_mehrere} haben einen Wert."
        )
    saetze_ += list(stoff.freigabe.abweichungen)
    saetze_ += list(stoff.projekt.hinweise)
    saetze_ += list(stoff.gruppe.hinweise)
    if stoff.freigabe.gesperrt:
        saetze_.append("Kleine Fallzahlen sind gesperrt.")
    saetze_.append(
        f"Aussagen gelten für {stoff.projekt.ebene.kurz_mehrere}, nicht für "
        "Menschen. Zusammenhänge sind keine Ursachen."
    )
    return inhalt(" ".join(saetze_))


def auswirkungen(stoff: Stoff) -> Inhalt:
    """Finanzen und Klima bleiben offene Felder."""
    return (
        Textstueck("Finanziell: "),
        feld(stoff.vorhaben.kosten, ""),
        Textstueck(" · Klimarelevant: "),
        feld(stoff.vorhaben.klima, ""),
    )
