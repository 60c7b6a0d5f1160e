"""Was steht in den zehn Kapiteln? Je Kapitel eine Funktion aus dem Stoff."""

from quartierstools.auswertung import Bedarf, Messung
from quartierstools.begruendung import lagetexte, saetze
from quartierstools.begruendung.bestandstext import angebotstabelle
from quartierstools.begruendung.kennzahlen import (
    belastbar,
    einzelwerte,
    gebietstabelle,
    hat_wert,
    indikatortabelle,
    ohne_wert_satz,
    staerkster,
)
from quartierstools.begruendung.stoff import Stoff, bestand_in, feld
from quartierstools.begruendung.worte import unterscheidbar
from quartierstools.dokument import (
    Absatz,
    Block,
    Inhalt,
    Liste,
    Textstueck,
    fett,
    inhalt,
    kursiv,
    offen,
)
from quartierstools.schreibweise import gross, prozent_text, zahlwort

HOECHSTENS_ANGEBOTE = 5

OHNE_BESTAND = (
    "Ein Bestand der Angebote liegt nicht vor. Eine Lücke lässt sich nicht zeigen."
)

ZUFALL = "Die Fallzahl ist klein; der Unterschied zum Median kann auch Zufall sein."

FUNDLISTE = (
    "Nicht aufgeführte Angebote sind nicht bekannt; der Bestand ist eine Fundliste."
)

MITTEL_UND_MEDIAN = (
    "„Mittel“ ist der Durchschnitt der vorliegenden Werte; über und unter dem "
    "„Median“ liegen gleich viele."
)


def beschlussvorschlag(stoff: Stoff) -> list[Block]:
    """Wortlaut setzt die Verwaltung; Beschlussart und Zuständigkeit ein Mensch."""
    v = stoff.vorhaben
    hinweis = inhalt(" [von der Verwaltung zu prüfen]") if v.zustaendigkeit else ()
    return [
        Absatz((fett("Beschlussvorschlag: "), feld(v.beschlussvorschlag, "Wortlaut"))),
        Absatz(
            (
                fett("Beschlussart: "),
                feld(v.beschlussart, ""),
                fett(" · Zuständigkeit: "),
                feld(v.zustaendigkeit, ""),
                *hinweis,
            )
        ),
    ]


def anlass(stoff: Stoff) -> Inhalt:
    """Auftrag und Bezug."""
    teile: list[Textstueck] = []
    for aussage in stoff.vorhaben.anlass:
        teile += [*stoff.schrift.aussage(aussage), Textstueck(" ")]
    frueher = lagetexte.mit_abstand(lagetexte.beschlusssatz(stoff))
    if frueher:
        teile += [*frueher, Textstueck(" ")]
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
        stufe = einstufung(stoff, stoff.ergebnis)
        knapp = lagetexte.knappsatz(stoff)
        bloecke.append(Absatz(lagetexte.mit_abstand(stufe, knapp)))
    bloecke.append(Absatz(einschaetzung(stoff)))
    return bloecke


def einschaetzung(stoff: Stoff) -> Inhalt:
    """Fachurteil und eigene Angabe neben den Daten, dazu der Status."""
    text = lagetexte.urteilssatz(stoff.lage, stoff.gebiet)
    eigene = stoff.vorhaben.fachliche_einschaetzung
    ohne = not text and not eigene
    angabe = offen("Einrichtung, Funktion, Datum") if ohne else Textstueck(eigene)
    return (
        Textstueck("Einschätzung vor Ort: "),
        *lagetexte.mit_abstand(text, (angabe,) if angabe.text else ()),
        Textstueck(" Status: "),
        fett(f"{stoff.status}."),
    )


def einstufung(stoff: Stoff, ergebnis: Bedarf) -> Inhalt:
    """Wie sicher die Einstufung ist und wovon sie nicht zu trennen ist."""
    mehrere = stoff.projekt.ebene.kurz_mehrere
    if not hat_wert(stoff):
        return inhalt(ohne_wert_satz(stoff))
    satz = saetze.haltbarkeitssatz(
        ergebnis,
        stoff.gebiet,
        ebene_mehrere=mehrere,
        grenzabstand=stoff.katalog.wortwahl.grenzabstand,
    )
    gerechnet = _haltbarkeit(stoff, ergebnis, satz)
    andere = saetze.namen(
        stoff.freigabe, saetze.gleich_eingestuft(ergebnis, stoff.gebiet)
    )
    zusatz = saetze.ununterscheidbar(
        stoff.ort, andere, dativ_mehrere=stoff.projekt.ebene.kurz_dativ_mehrere
    )
    verweis = stoff.schrift.eigene_rechnung()
    zufall = "" if belastbar(stoff) else f" {ZUFALL}"
    return inhalt(*gerechnet, zufall, f" {zusatz}" if zusatz else "", f" {verweis}")


def _haltbarkeit(stoff: Stoff, ergebnis: Bedarf, satz: str) -> Inhalt:
    """Satz zur Haltbarkeit; der Beleg hängt an ihrer Zahl, sonst am ganzen Satz."""
    anteil = float(ergebnis.tafel["haltbarkeit"].loc[stoff.gebiet])
    vorn, zahl, hinten = satz.partition(prozent_text(anteil, stellen=0))
    if not zahl:
        was = f"Haltbarkeit {anteil:.4f}"
        return inhalt(stoff.schrift.rechnung(satz, was, formel="haltbarkeit"))
    beleg = stoff.schrift.rechnung(
        zahl,
        f"Haltbarkeit {anteil:.4f}, {stoff.ort}",
        gebiet=stoff.gebiet,
        formel="haltbarkeit",
    )
    return inhalt(vorn, beleg, hinten)


def was_es_gibt(stoff: Stoff) -> list[Block]:
    """Bekannte Angebote und was daraus nicht folgt."""
    if stoff.freigabe.angebote.empty:
        return [Absatz(inhalt(OHNE_BESTAND))]
    bloecke: list[Block] = []
    auswahl = stoff.luecke.angebote
    auswahl = auswahl[auswahl["lage"] != "beendet"]
    if len(auswahl):
        titel = f"Angebote für {stoff.gruppe.gruppe_text}, die hier wirken können"
        bloecke.append(angebotstabelle(auswahl.head(HOECHSTENS_ANGEBOTE), titel))
    rest = len(auswahl) - HOECHSTENS_ANGEBOTE
    weitere = f" {gross(mehrzahl_satz(rest))} in der Anlage." if rest > 0 else ""
    text = f"{stoff.luecke.satz}{weitere} {FUNDLISTE if len(auswahl) else ''}".strip()
    bloecke.append(
        Absatz(
            lagetexte.mit_abstand(
                text,
                lagetexte.vorbehalt(stoff),
                *lagetexte.auslaufsaetze(stoff),
                lagetexte.mengensatz(stoff),
                lagetexte.zwillingssatz(stoff),
                lagetexte.seither(stoff),
            )
        )
    )
    return bloecke


def bestandswort(stoff: Stoff, kategorie: str) -> str:
    """Kategorie eines Gebiets; ohne Bestand gibt es keine."""
    return "liegt nicht vor" if stoff.freigabe.angebote.empty else kategorie


def mehrzahl_satz(anzahl: int) -> str:
    """„ein weiteres steht“ oder „drei weitere stehen“."""
    if anzahl == 1:
        return "ein weiteres steht"
    return f"{zahlwort(anzahl)} weitere stehen"


def vorschlag(stoff: Stoff) -> Inhalt:
    """Vorgeschlagenes Angebot: was, von wem, wo, wie viel, wie lange, für wen."""
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
    return (*zeile, Textstueck("."))


def wirkung(stoff: Stoff) -> Inhalt:
    """Was erreicht und woran es gemessen werden soll."""
    wirkung = stoff.vorhaben.wirkung
    gemessen = saetze.reihe([saetze.ohne_punkt(m) for m in wirkung.messung])
    return (
        Textstueck(
            f"{saetze.satz(wirkung.ziel)} Gemessen werden: {gemessen}; Zielwert "
        ),
        feld(wirkung.zielwert, ""),
        Textstueck("; Bericht "),
        feld(wirkung.bericht, ""),
        Textstueck(
            ". Kennzahlen des Gebiets taugen nicht als Erfolgsmaß eines einzelnen "
            "Angebots."
        ),
    )


def alternativen(stoff: Stoff) -> Liste:
    """Was sonst möglich ist; die Nullvariante zuletzt."""
    punkte = [stoff.schrift.aussage(a) for a in stoff.vorhaben.alternativen]
    punkte.append((kursiv("Nullvariante: "), *inhalt(stoff.vorhaben.nullvariante)))
    return Liste(tuple(punkte))


def was_dagegen_spricht(stoff: Stoff) -> Liste:
    """Stärkstes Gegenargument, nächste Gebiete, Umkehr."""
    punkte: list[Inhalt] = []
    for nummer, gegen in enumerate(stoff.vorhaben.dagegen):
        kopf = () if nummer else (kursiv("Stärkstes Gegenargument: "),)
        punkte.append((*kopf, *stoff.schrift.aussage(gegen)))
    if not punkte:
        punkte.append((kursiv("Stärkstes Gegenargument: "), offen()))
    punkte += naechste_gebiete(stoff)
    if stoff.vorhaben.umkehr:
        bedingungen = ", ".join(stoff.vorhaben.umkehr[:-1])
        letzte = stoff.vorhaben.umkehr[-1]
        text = f"{bedingungen} oder {letzte}." if bedingungen else f"{letzte}."
        punkte.append((kursiv("Die Abwägung kehrt sich um, "), *inhalt(text)))
    return Liste(tuple(punkte))


def naechste_gebiete(stoff: Stoff) -> list[Inhalt]:
    """Die nächsten Gebiete mit Wert und Angebotslage, stärkste Alternative zuerst."""
    if isinstance(stoff.ergebnis, Messung):
        return []
    tafel = stoff.ergebnis.tafel.drop(stoff.gebiet).dropna(subset=["index"])
    folge = tafel.sort_index().sort_values("index", ascending=False, kind="stable")
    kennung = staerkster(stoff)
    indikator = stoff.katalog.indikatoren[kennung]
    eigene = stoff.freigabe.zelle(stoff.gebiet, kennung)
    punkte: list[Inhalt] = []
    for schluessel in map(str, folge.index[:2]):
        stand = bestand_in(stoff.freigabe, schluessel, stoff.gruppe)
        zelle = stoff.freigabe.zelle(schluessel, kennung)
        gleich = unterscheidbar(eigene, zelle) is False
        zusatz = f" ({stoff.katalog.wortwahl.ohne_unterschied})" if gleich else ""
        punkte.append(
            inhalt(
                kursiv("Nächstes Gebiet: " if not punkte else "Danach: "),
                f"{saetze.namen(stoff.freigabe, [schluessel])[0]}, ",
                f"{indikator.bezeichnung} " if not punkte else "",
                stoff.schrift.zelle(zelle),
                f"{zusatz}; Bestand: {bestandswort(stoff, stand.kategorie)}.",
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
    # Der erste Hinweis steht schon im Warnkasten auf Seite 1.
    saetze_ += list(stoff.projekt.hinweise[1 if im_warnkasten(stoff) else 0 :])
    saetze_ += list(stoff.gruppe.hinweise)
    if stoff.freigabe.gesperrt:
        saetze_.append("Kleine Fallzahlen sind gesperrt.")
    if isinstance(stoff.ergebnis, Bedarf):
        saetze_.append(MITTEL_UND_MEDIAN)
    saetze_.append(
        f"Aussagen gelten für {stoff.projekt.ebene.kurz_mehrere}, nicht für "
        "Menschen. Zusammenhänge sind keine Ursachen."
    )
    return inhalt(" ".join(saetze_))


def im_warnkasten(stoff: Stoff) -> bool:
    """Ob der erste Hinweis des Projekts schon im Warnkasten steht."""
    return not stoff.freigabe.amtlich or stoff.projekt.synthetisch


def auswirkungen(stoff: Stoff) -> Inhalt:
    """Finanzen und Klima bleiben offene Felder."""
    return (
        Textstueck("Finanziell: "),
        feld(stoff.vorhaben.kosten, ""),
        Textstueck(" · Klimarelevant: "),
        feld(stoff.vorhaben.klima, ""),
    )
