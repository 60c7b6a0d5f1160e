"""Wie liest der Rat es? Die Begründung eines Vorhabens auf höchstens zwei Seiten."""

from collections.abc import Sequence
from dataclasses import dataclass

from quartierstools.auswertung import Auswertung
from quartierstools.begruendung import kapitel
from quartierstools.begruendung.beleg import Beleg
from quartierstools.begruendung.kuerze import in_kuerze
from quartierstools.begruendung.stempel import (
    ENTWURF,
    MUSTER,
    fassungszeile,
    stempel,
    wasserzeichen,
)
from quartierstools.begruendung.stoff import Stoff, feld, stoff_fuer
from quartierstools.begruendung.worte import abkuerzungen
from quartierstools.dokument import (
    Absatz,
    Block,
    Dokument,
    Inhalt,
    Kasten,
    Textstueck,
    Ueberschrift,
    fett,
    inhalt,
    offene_felder,
    texte,
    woerter,
)
from quartierstools.katalog import Vorhaben
from quartierstools.kurzbild import kurzbild


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Begruendung:
    """Fertige Begründung mit ihren Belegen.

    Attributes
    ----------
    dokument : Dokument
        Inhalt ohne Format.
    belege : tuple of Beleg
        Jede gedruckte Zahl mit Herkunft.
    """

    vorhaben: Vorhaben
    dokument: Dokument
    belege: tuple[Beleg, ...]

    def __repr__(self) -> str:
        return f"Begruendung({self.vorhaben.id!r}, {self.woerter} Wörter)"

    def _repr_html_(self) -> str:
        """Titel, Stempel und Umfang; der Text steht in den Ausgaben."""
        return kurzbild(
            f"{self.dokument.gattung}: {self.dokument.titel}",
            [
                ("Wörter", str(self.woerter)),
                ("Offene Felder", str(self.offene_felder)),
                ("Belegte Zahlen", str(len(self.belege))),
            ],
            saetze=[" · ".join(self.dokument.stempel)],
        )

    @property
    def woerter(self) -> int:
        """Wortzahl samt Tabellen und Quellen."""
        return woerter(self.dokument)

    @property
    def offene_felder(self) -> int:
        """Felder, die ein Mensch ausfüllen muss."""
        return offene_felder(self.dokument)


def begruende(auswertung: Auswertung, kennung: str, *, lauf: str = "") -> Begruendung:
    """Schreibt die Begründung eines Vorhabens.

    Parameters
    ----------
    auswertung : Auswertung
        Freigegebene Werte und Ergebnisse.
    kennung : str
        Kennung des Vorhabens im Katalog.
    lauf : str, default=""
        Lauf-Kennung für die Fußzeile.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> auswertung = oeffne("bochum").auswertung
    >>> text = begruende(auswertung, "jobcenter-beratung-wattenscheid-mitte")
    >>> text.woerter <= 900, text.dokument.stempel
    (True, ('Entwurf – nicht amtlich geprüft',))
    """
    stoff = stoff_fuer(auswertung, kennung, lauf=lauf)
    bloecke: list[Block] = [
        in_kuerze(stoff),
        *kapitel.beschlussvorschlag(stoff),
        Ueberschrift("1 Anlass und Auftrag"),
        Absatz(kapitel.anlass(stoff)),
        Ueberschrift("2 Ausgangslage"),
        *kapitel.ausgangslage(stoff),
        Ueberschrift(f"3 {kapitel.bedarfstitel(stoff)}"),
        *kapitel.bedarf_der_zielgruppe(stoff),
        Ueberschrift("4 Bestehende Angebote und Lücke"),
        *kapitel.was_es_gibt(stoff),
        Ueberschrift("5 Vorgeschlagenes Angebot"),
        Absatz(kapitel.vorschlag(stoff)),
        Ueberschrift("6 Erwartete Wirkung und Messung"),
        Absatz(kapitel.wirkung(stoff)),
        Ueberschrift("7 Alternativen und Nullvariante"),
        kapitel.alternativen(stoff),
        Ueberschrift("8 Was dagegen spricht"),
        kapitel.was_dagegen_spricht(stoff),
        Ueberschrift("9 Grenzen der Daten"),
        Absatz(kapitel.grenzen(stoff)),
        Ueberschrift("10 Auswirkungen"),
        Absatz(kapitel.auswirkungen(stoff)),
    ]
    erklaert = erklaerte_abkuerzungen(stoff, bloecke)
    if erklaert:
        bloecke.append(Absatz(inhalt(f"Abkürzungen: {erklaert}"), art="klein"))
    quellen = (fett("Quellen "), *stoff.schrift.quellenliste())
    bloecke.append(Absatz(quellen, art="klein"))
    return Begruendung(
        vorhaben=stoff.vorhaben,
        dokument=dokument_aus(stoff, tuple(bloecke)),
        belege=stoff.schrift.belege,
    )


def dokument_aus(stoff: Stoff, bloecke: tuple[Block, ...]) -> Dokument:
    """Rahmen des Schriftstücks mit Stempel und Wasserzeichen."""
    gattung = "Muster einer Begründung" if stoff.projekt.synthetisch else "Begründung"
    bezirk = stoff.freigabe.gebiete.loc[stoff.gebiet, "stadtbezirk_name"]
    return Dokument(
        titel=stoff.vorhaben.name,
        gattung=gattung,
        untertitel=f"Zielgruppe {stoff.gruppe.bezeichnung} · Stadtbezirk {bezirk}",
        bloecke=(warnkasten(stoff, bloecke), *bloecke),
        stempel=stempel(stoff.freigabe),
        wasserzeichen=wasserzeichen(stoff.freigabe),
        stand=stoff.projekt.bezugsdatum,
        kennung=stoff.lauf,
        fassung=fassungszeile(stoff.freigabe),
        herausgeber=stoff.projekt.herausgeber,
    )


def warnkasten(stoff: Stoff, bloecke: tuple[Block, ...]) -> Block:
    """Warnkasten: was fehlt, bis der Text eine Vorlage sein kann."""
    zeile = formularzeile(stoff)
    probe = Dokument(
        titel="",
        gattung="",
        bloecke=(*bloecke, Absatz(zeile)),
        stand=stoff.projekt.bezugsdatum,
    )
    anzahl = offene_felder(probe)
    gesetzt = stempel(stoff.freigabe)
    grund = ""
    if MUSTER in gesetzt:
        grund = " Alle Namen und Zahlen sind erfunden."
    elif ENTWURF in gesetzt and stoff.projekt.hinweise:
        grund = f" {stoff.projekt.hinweise[0]}"
    text = f"Nicht als Vorlage freigegeben.{grund} Offene Felder: {anzahl}."
    return Kasten(
        titel=gesetzt[0] if gesetzt else "Entwurf",
        bloecke=(Absatz(inhalt(text)), Absatz(zeile)),
        art="warnung",
    )


def formularzeile(stoff: Stoff) -> Inhalt:
    """Felder des Vorblatts, die über der Begründung stehen und offen sein können."""
    formular = stoff.katalog.formular
    teile: list[Textstueck] = []
    for name in formular.kopf:
        wert = str(getattr(stoff.vorhaben, formular.aus.get(name, ""), ""))
        trenner = " · " if teile else ""
        teile += [Textstueck(f"{trenner}{name} "), feld(wert, "")]
    return tuple(teile)


def erklaerte_abkuerzungen(stoff: Stoff, bloecke: Sequence[Block]) -> str:
    """Was die Abkürzungen in diesen Blöcken heißen."""
    probe = Dokument(
        titel="", gattung="", bloecke=tuple(bloecke), stand=stoff.projekt.bezugsdatum
    )
    return abkuerzungen(texte(probe), stoff.katalog.wortwahl)
