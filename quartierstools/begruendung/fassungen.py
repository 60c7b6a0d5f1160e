"""Wie lang darf es sein? Ein Satz, ein Absatz, Einfache Sprache, Vorblatt."""

from collections.abc import Sequence
from dataclasses import dataclass

from quartierstools.auswertung import Auswertung, Bedarf
from quartierstools.begruendung import saetze
from quartierstools.begruendung.beleg import Beleg, stichtag_text
from quartierstools.begruendung.einfach import KENNZEICHEN, einfache_saetze
from quartierstools.begruendung.kennzahlen import (
    hat_wert,
    ohne_wert_satz,
    staerkster,
    traegt,
)
from quartierstools.begruendung.kuerze import (
    VERWORFEN,
    dafuer,
    lage_in_worten,
    nicht_bekannt,
    sicherheit,
    staerkstes_dagegen,
)
from quartierstools.begruendung.stempel import fassungszeile, stempel, wasserzeichen
from quartierstools.begruendung.stoff import Stoff, feld, stoff_fuer
from quartierstools.dokument import (
    Absatz,
    Block,
    Dokument,
    Felder,
    Inhalt,
    Kasten,
    Liste,
    Ueberschrift,
    fett,
    inhalt,
    reiner_text,
)
from quartierstools.geheimhaltung import Zelle
from quartierstools.katalog import Formular, Vorhaben
from quartierstools.schreibweise import datum_text, gross

FRAGEWOERTER = ("ob", "wie", "was", "wer", "welche", "welcher", "wo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kurzfassungen:
    """Kürzere Fassungen einer Begründung mit ihren Belegen.

    Attributes
    ----------
    satz, absatz : Inhalt
        Die Begründung in einem Satz und in einem Absatz.
    einfach : tuple of Inhalt
        Entwurf in Einfacher Sprache, ein Satz je Eintrag.
    formulare : tuple of (str, tuple of (str, Inhalt))
        Vorblätter der Stadt: Bezeichnung und Felder in ihrer Reihenfolge.
    dokument : Dokument
        Alle Fassungen auf einem Blatt.
    """

    vorhaben: Vorhaben
    satz: Inhalt
    absatz: Inhalt
    einfach: tuple[Inhalt, ...]
    formulare: tuple[tuple[str, tuple[tuple[str, Inhalt], ...]], ...]
    dokument: Dokument
    belege: tuple[Beleg, ...]

    def als_eintrag(self) -> dict[str, object]:
        """Reiner Text aller Fassungen, für die JSON-Datei."""
        return {
            "vorhaben": self.vorhaben.id,
            "satz": reiner_text(self.satz),
            "absatz": reiner_text(self.absatz),
            "einfach": {
                "hinweis": KENNZEICHEN,
                "saetze": [reiner_text(s) for s in self.einfach],
            },
            "formulare": {
                name: {feld_: reiner_text(wert) for feld_, wert in felder}
                for name, felder in self.formulare
            },
            "belege": [beleg.als_eintrag() for beleg in self.belege],
        }


def kurzfassungen(
    auswertung: Auswertung, kennung: str, *, lauf: str = ""
) -> Kurzfassungen:
    """Schreibt die kürzeren Fassungen der Begründung eines Vorhabens.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> kurz = kurzfassungen(oeffne("bochum").auswertung, "jugendberufsagentur-hamme")
    >>> reiner_text(kurz.einfach[-1])
    'Noch ist nichts entschieden.'
    """
    stoff = stoff_fuer(auswertung, kennung, lauf=lauf)
    satz = ein_satz(stoff)
    absatz = ein_absatz(stoff)
    einfach = einfache_saetze(stoff)
    formulare = tuple(
        (f.bezeichnung, _felder(stoff, f, absatz)) for f in stoff.katalog.alle_formulare
    )
    return Kurzfassungen(
        vorhaben=stoff.vorhaben,
        satz=satz,
        absatz=absatz,
        einfach=einfach,
        formulare=formulare,
        dokument=_dokument(stoff, satz, absatz, einfach, formulare),
        belege=stoff.schrift.belege,
    )


def ein_satz(stoff: Stoff) -> Inhalt:
    """Die Begründung in einem Satz: Zahl, Prüfung, was nicht bekannt ist."""
    was = saetze.ohne_punkt(stoff.vorhaben.kurzvorschlag)
    offen = _nicht_bekannt_ist(stoff)
    if not isinstance(stoff.ergebnis, Bedarf):
        gruppe, je = stoff.gruppe.gruppe_text, stoff.projekt.ebene.kurz
        vor = f"Für {gruppe} liegen je {je} keine ausreichenden Zahlen vor; zu prüfen"
        return inhalt(f"{vor} ist der Vorschlag: {was}{offen}.")
    if not hat_wert(stoff):
        vor = saetze.ohne_punkt(ohne_wert_satz(stoff))
        return inhalt(f"{vor}; zu prüfen ist der Vorschlag: {was}{offen}.")
    urteil = (
        "spricht dafür, diesen Vorschlag zu prüfen"
        if traegt(stoff)
        else "begründet für sich keinen Vorrang; zu prüfen ist der Vorschlag dennoch"
    )
    return inhalt(*_befund(stoff), f" {urteil}: {was}{offen}.")


def _befund(stoff: Stoff) -> Inhalt:
    """„Der Arbeitslosenanteil in Hamme (9,4 Prozent, etwas über dem Median)“."""
    kennung = staerkster(stoff)
    indikator = stoff.katalog.indikatoren[kennung]
    zelle = stoff.freigabe.zelle(stoff.gebiet, kennung)
    wert = stoff.schrift.zelle(zelle)
    return inhalt(
        f"{gross(saetze.mit_artikel(indikator))} {stoff.wo} (",
        wert,
        f"{_wann(zelle)}, {lage_in_worten(stoff, kennung)})",
    )


def _wann(zelle: Zelle) -> str:
    """„ am 31.12.2023“; ein angenommener oder unbekannter Stichtag wird so genannt."""
    if zelle.stichtag_belegt == "unbekannt":
        return ", Stichtag unbekannt"
    angenommen = "" if zelle.stichtag_belegt == "ja" else "angenommenen Stichtag "
    return f" am {angenommen}{datum_text(zelle.stichtag)}"


def _nicht_bekannt_ist(stoff: Stoff) -> str:
    """„; nicht bekannt ist, ob …“ oder leer."""
    verworfen = f"; {saetze.ohne_punkt(VERWORFEN)}" if _verworfen(stoff) else ""
    text = saetze.ohne_punkt(nicht_bekannt(stoff))
    if text == "[offen]":
        return verworfen
    ist = "ist, " if text.split(maxsplit=1)[0] in FRAGEWOERTER else "sind: "
    return f"{verworfen}; nicht bekannt {ist}{text}"


def _verworfen(stoff: Stoff) -> bool:
    return stoff.status == "verworfen"


def ein_absatz(stoff: Stoff) -> Inhalt:
    """Die Begründung in einem Absatz: Vorschlag, dafür, dagegen, offen, Sicherheit."""
    return inhalt(
        f"Vorschlag: {stoff.vorhaben.kurzvorschlag} Dafür: ",
        *dafuer(stoff),
        " Dagegen: ",
        *staerkstes_dagegen(stoff),
        f" Nicht bekannt: {nicht_bekannt(stoff)}",
        f" Nullvariante: {stoff.vorhaben.nullvariante}",
        f" Sicherheit: {sicherheit(stoff)}{_zahlenstand(stoff)}",
    )


def _zahlenstand(stoff: Stoff) -> str:
    """„ Stichtag der Zahlen: 31.12.2023 (angenommen).“; ohne Wert leer."""
    if not isinstance(stoff.ergebnis, Bedarf) or not hat_wert(stoff):
        return ""
    text = stichtag_text(stoff.freigabe.zelle(stoff.gebiet, staerkster(stoff)))
    return f" Stichtag der Zahlen: {text.removeprefix('Stichtag ')}."


def _felder(
    stoff: Stoff, formular: Formular, absatz: Inhalt
) -> tuple[tuple[str, Inhalt], ...]:
    """Felder eines Vorblatts; was niemand angegeben hat, bleibt offen."""
    anlagen = f"Begründung; Steckbrief {stoff.ort}; Tabellen mit Quellen"
    fertig: dict[str, Inhalt] = {"anlagen": inhalt(anlagen), "absatz": absatz}
    paare = []
    for name in formular.felder:
        aus = formular.aus.get(name, "")
        wert = fertig.get(aus) or (feld(str(getattr(stoff.vorhaben, aus, ""))),)
        paare.append((name, wert))
    return tuple(paare)


def _dokument(
    stoff: Stoff,
    satz: Inhalt,
    absatz: Inhalt,
    einfach: Sequence[Inhalt],
    formulare: Sequence[tuple[str, tuple[tuple[str, Inhalt], ...]]],
) -> Dokument:
    """Alle Fassungen auf einem Blatt, Einfache Sprache als Entwurf gekennzeichnet."""
    bloecke: list[Block] = [
        Ueberschrift("In einem Satz"),
        Absatz(satz),
        Ueberschrift("In einem Absatz"),
        Absatz(absatz),
        Ueberschrift("In Einfacher Sprache"),
        Kasten(titel=KENNZEICHEN, bloecke=(Liste(tuple(einfach)),), art="hinweis"),
    ]
    quellen = (fett("Quellen "), *stoff.schrift.quellenliste())
    bloecke.append(Absatz(quellen, art="klein"))
    hinweise = {f.bezeichnung: f.hinweis for f in stoff.katalog.alle_formulare}
    for name, felder in formulare:
        bloecke += [Ueberschrift(f"Vorblatt: {name}"), Felder(paare=felder)]
        if hinweise[name]:
            bloecke.append(Absatz(inhalt(hinweise[name]), art="klein"))
    return Dokument(
        titel=stoff.vorhaben.name,
        gattung="Kurzfassungen und Vorblatt",
        untertitel=f"Zielgruppe {stoff.gruppe.bezeichnung}",
        bloecke=tuple(bloecke),
        stempel=stempel(stoff.freigabe),
        wasserzeichen=wasserzeichen(stoff.freigabe),
        stand=stoff.projekt.bezugsdatum,
        kennung=stoff.lauf,
        fassung=fassungszeile(stoff.freigabe),
        herausgeber=stoff.projekt.herausgeber,
    )
