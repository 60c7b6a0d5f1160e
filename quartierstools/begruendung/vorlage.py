"""Wie liest der Rat es? Die Begründung eines Vorhabens auf höchstens zwei Seiten."""

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
from quartierstools.dokument import (
    Absatz,
    Block,
    Dokument,
    Inhalt,
    Kasten,
    Ueberschrift,
    fett,
    inhalt,
    offene_felder,
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
        Absatz((fett("Beschlussvorschlag: "), *kapitel.beschlussvorschlag(stoff))),
        Ueberschrift("1 Anlass"),
        Absatz(kapitel.anlass(stoff)),
        Ueberschrift("2 Ausgangslage"),
        *kapitel.ausgangslage(stoff),
        Ueberschrift(f"3 {kapitel.bedarfstitel(stoff)}"),
        *kapitel.bedarf_der_zielgruppe(stoff),
        Ueberschrift("4 Was es gibt"),
        *kapitel.was_es_gibt(stoff),
        Ueberschrift("5 Vorschlag"),
        *kapitel.vorschlag(stoff),
        Ueberschrift("6 Wirkung und Messung"),
        Absatz(kapitel.wirkung(stoff)),
        Ueberschrift("7 Was dagegen spricht und was sonst möglich ist"),
        kapitel.was_dagegen_spricht(stoff),
        Ueberschrift("8 Grenzen der Daten"),
        Absatz(kapitel.grenzen(stoff)),
        Ueberschrift("9 Auswirkungen"),
        Absatz(kapitel.auswirkungen(stoff)),
    ]
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
    """Felder des Vorblatts, die offen sein können."""
    v = stoff.vorhaben
    return (
        *inhalt("Vorlage Nr. "),
        feld(v.vorlage_nr, ""),
        *inhalt(" · Beratungsfolge "),
        feld(v.beratungsfolge, ""),
        *inhalt(" · Beschlussart "),
        feld(v.beschlussart, ""),
    )
