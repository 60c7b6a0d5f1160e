"""Wie entsteht ein Laufordner? Prüfen, planen, ausführen, an den Ort stellen.

Geschrieben wird nebenan; erst der fertige Ordner bekommt seinen Namen. Scheitert
ein Notebook, laufen die anderen weiter, und der Ordner heißt „…-unvollstaendig“.
Was fertig ist, steht im Journal: Ein abgebrochener Lauf geht dort weiter.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from quartierstools.ausgabe.manifest import ausgabenamen
from quartierstools.ausgabe.werkbank import UMGEBUNG
from quartierstools.fehler import Ausgabefehler, Lauffehler, systemgrund
from quartierstools.lauf.abschluss import stelle_fertig
from quartierstools.lauf.auftrag import Auftrag, Ergebnis
from quartierstools.lauf.journal import SCHRITTE, Fertig, Journal
from quartierstools.lauf.motor import Motor, waehle_motor
from quartierstools.lauf.oeffentlich import ohne_quelltext
from quartierstools.lauf.sperre import Sperre
from quartierstools.lauf.vorbereitung import Auftraggeber, Vorbereitung, bereite_vor
from quartierstools.lauf.vorrat import SPERRE, TEIL, Vorrat, verlassene
from quartierstools.lauf.vorschau import Beobachter, Vorgesehen, Vorschau, entscheide
from quartierstools.schreibweise import mehrzahl

__all__ = ["Auftraggeber", "Laufergebnis", "laufe", "sieh_voraus"]

SPEICHER = "zwischen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Laufergebnis:
    """Fertiger Lauf.

    Attributes
    ----------
    ordner : Path
        Wo die Dateien liegen.
    misserfolge : tuple of Ergebnis
        Gescheiterte Notebooks; leer, wenn alles gelang.
    vorschau : Vorschau
        Was gerechnet und was übernommen wurde.
    """

    kennung: str
    ordner: Path
    dateien: tuple[str, ...]
    misserfolge: tuple[Ergebnis, ...]
    vorschau: Vorschau


def laufe(
    auftraggeber: Auftraggeber, beobachter: Sequence[Beobachter] = ()
) -> Laufergebnis:
    """Führt die Standardauswertung eines Projekts aus.

    Gerechnet wird nur, was sich geändert hat; das Ergebnis hat dieselben Bytes wie
    ein vollständiger Neubau.

    Raises
    ------
    Quartiersfehler
        Bei falschem Aufruf, mangelhaften Daten oder unbeschreibbarem Ziel; dann
        steht nichts in der Ausgabe.
    """
    with waehle_motor(auftraggeber) as motor:
        vorbereitung = bereite_vor(auftraggeber)
        ziel = vorbereitung.ziel
        with _schreibfehler(ziel), _gesperrt(ziel):
            teil = ziel.with_name(f".{ziel.name}{TEIL}")
            try:
                ergebnis = _baue(
                    teil, vorbereitung, auftraggeber, motor, tuple(beobachter)
                )
            except BaseException:
                if not Journal(teil).lies():
                    shutil.rmtree(teil, ignore_errors=True)
                raise
            _raeume_auf(ziel.parent, teil)
    return ergebnis


def sieh_voraus(auftraggeber: Auftraggeber) -> Vorschau:
    """Sagt, was ein Lauf rechnen würde und warum; schreibt nichts.

    Raises
    ------
    Quartiersfehler
        Bei falschem Aufruf oder mangelhaften Daten.
    """
    vorbereitung = bereite_vor(auftraggeber, nur_lesen=True)
    ziel = vorbereitung.ziel
    fertig = Journal(ziel.with_name(f".{ziel.name}{TEIL}")).geprueft()
    return entscheide(
        vorbereitung,
        Vorrat(ziel.parent),
        schon_fertig=_paare(fertig),
        neu=auftraggeber.neu,
    )


def _baue(
    teil: Path,
    vorbereitung: Vorbereitung,
    auftraggeber: Auftraggeber,
    motor: Motor,
    beobachter: tuple[Beobachter, ...],
) -> Laufergebnis:
    if auftraggeber.neu:
        shutil.rmtree(teil, ignore_errors=True)
    journal = Journal(teil)
    fertig = journal.geprueft()
    vorrat = Vorrat(vorbereitung.ziel.parent)
    vorschau = entscheide(
        vorbereitung, vorrat, schon_fertig=_paare(fertig), neu=auftraggeber.neu
    )
    for b in beobachter:
        b.sieh_plan(vorschau)
        for satz in _hinweise(auftraggeber, fertig):
            b.sieh_hinweis(satz)
    teil.mkdir(parents=True, exist_ok=True)
    _behalte(teil, {s.schritt.name for s in vorschau.schritte} & set(fertig))
    offen = [
        s
        for s in vorschau.schritte
        if s.rechnen or not _uebernommen(s, teil, vorrat, fertig)
    ]
    misserfolge = _rechne(teil, vorbereitung, offen, motor, journal, beobachter)
    ordner = stelle_fertig(teil, vorbereitung, vorschau, misserfolge)
    return Laufergebnis(
        kennung=vorbereitung.kennung,
        ordner=ordner,
        dateien=tuple(ausgabenamen(ordner)),
        misserfolge=tuple(misserfolge),
        vorschau=vorschau,
    )


def _paare(fertig: dict[str, Fertig]) -> set[tuple[str, str]]:
    return {(f.name, f.schluessel) for f in fertig.values()}


def _hinweise(auftraggeber: Auftraggeber, fertig: dict[str, Fertig]) -> list[str]:
    if fertig:
        anzahl = mehrzahl(len(fertig), "Notebook ist", "Notebooks sind")
        return [f"Ein abgebrochener Lauf geht weiter: {anzahl} schon fertig."]
    if auftraggeber.fortsetzen:
        return ["Fortzusetzen gibt es nichts; der Lauf beginnt von vorn."]
    return []


def _behalte(teil: Path, namen: set[str]) -> None:
    """Entfernt aus einem abgebrochenen Lauf alles, was nicht geprüft fertig ist."""
    shutil.rmtree(teil / SPEICHER, ignore_errors=True)
    for ordner in (teil / SCHRITTE).glob("*"):
        if ordner.name not in namen:
            shutil.rmtree(ordner, ignore_errors=True)


def _uebernommen(
    vorgesehen: Vorgesehen, teil: Path, vorrat: Vorrat, fertig: dict[str, Fertig]
) -> bool:
    name = vorgesehen.schritt.name
    if name in fertig and fertig[name].schluessel == vorgesehen.schluessel:
        return True
    ort = teil / SCHRITTE / name
    shutil.rmtree(ort, ignore_errors=True)
    return vorrat.uebernimm(vorgesehen.schluessel, ort)


def _rechne(
    teil: Path,
    vorbereitung: Vorbereitung,
    offen: Sequence[Vorgesehen],
    motor: Motor,
    journal: Journal,
    beobachter: tuple[Beobachter, ...],
) -> list[Ergebnis]:
    """Führt die Stufen nacheinander aus; ein Misserfolg hält niemanden auf."""
    if not offen:
        return []
    auswertung = vorbereitung.auswertung.lege_ab(teil / SPEICHER)
    motor.rechne_vor(auswertung)
    oeffentlich = auswertung.freigabe.fassung == "oeffentlich"
    gemeinsam = {
        UMGEBUNG["speicher"]: str(teil / SPEICHER),
        UMGEBUNG["daten"]: str(auswertung.daten),
    }
    je_name = {s.schritt.name: s for s in offen}
    misserfolge: list[Ergebnis] = []

    def beginn(auftrag: Auftrag) -> None:
        for b in beobachter:
            b.sieh_beginn(je_name[auftrag.name].schritt)

    def ende(ergebnis: Ergebnis) -> None:
        s = je_name[ergebnis.auftrag.name]
        if oeffentlich:
            ohne_quelltext(ergebnis.auftrag.ziel)
        if ergebnis.gelungen:
            journal.merke(s.schritt.name, s.schluessel)
        else:
            _pruefe_platz(teil)
        for b in beobachter:
            b.sieh_ende(
                s.schritt,
                gelungen=ergebnis.gelungen,
                meldung=ergebnis.meldung,
                dauer=ergebnis.dauer,
            )

    for stufe in vorbereitung.plan.stufen:
        auftraege = [
            _auftrag(je_name[s.name], teil, gemeinsam)
            for s in stufe
            if s.name in je_name
        ]
        ergebnisse = motor.fuehre_aus(auftraege, beginn=beginn, melde=ende)
        misserfolge += [e for e in ergebnisse if not e.gelungen]
    return misserfolge


def _auftrag(s: Vorgesehen, teil: Path, gemeinsam: dict[str, str]) -> Auftrag:
    ort = teil / SCHRITTE / s.schritt.name
    return Auftrag(
        name=s.schritt.name,
        notebook=s.schritt.notebook,
        ziel=ort / "notebooks" / f"{s.schritt.name}.ipynb",
        parameter=s.schritt.parameter,
        umgebung={
            **gemeinsam,
            UMGEBUNG["ordner"]: str(ort),
            UMGEBUNG["lauf"]: s.kennung,
        },
        ordner=s.schritt.notebook.parent,
    )


def _pruefe_platz(teil: Path) -> None:
    """Bricht den Lauf ab, wenn sich gar nichts mehr schreiben lässt."""
    probe = teil / ".probe"
    with probe.open("wb") as strom:
        strom.write(b"\0" * (1 << 16))
        strom.flush()
        os.fsync(strom.fileno())
    probe.unlink()


@contextmanager
def _schreibfehler(ziel: Path) -> Iterator[None]:
    """Macht aus Fehlern des Datenträgers eine Meldung, die weiterhilft."""
    try:
        ziel.parent.mkdir(parents=True, exist_ok=True)
        yield
    except (OSError, Ausgabefehler) as fehler:
        ursache = fehler if isinstance(fehler, OSError) else fehler.__cause__
        if not isinstance(ursache, OSError):
            raise
        weiter = ""
        with suppress(OSError):
            if Journal(ziel.with_name(f".{ziel.name}{TEIL}")).lies():
                weiter = " Was fertig ist, bleibt aufgehoben: weiter mit --fortsetzen."
        raise Ausgabefehler(
            f"In {ziel.parent} lässt sich nicht schreiben ({systemgrund(ursache)}). "
            "Bitte Platz und Rechte prüfen oder mit --ausgabe einen anderen "
            f"Ordner wählen.{weiter}"
        ) from fehler


@contextmanager
def _gesperrt(ziel: Path) -> Iterator[None]:
    """Hält die Sperre dieses Laufs."""
    sperre = Sperre(ziel.with_name(f".{ziel.name}{SPERRE}"))
    if not sperre.nimm():
        raise Lauffehler(
            f"Derselbe Lauf ({ziel.name}) wird gerade schon gerechnet. "
            f"Bitte warten; er steht danach in {ziel.parent}."
        )
    try:
        yield
    finally:
        sperre.gib()


def _raeume_auf(ausgabe: Path, eigener: Path) -> None:
    """Entfernt nach einem fertigen Lauf alles Verborgene, an dem niemand rechnet."""
    for teil in {eigener, *verlassene(ausgabe)}:
        shutil.rmtree(teil, ignore_errors=True)
        if teil != eigener:
            with suppress(OSError):
                teil.with_suffix(SPERRE).unlink(missing_ok=True)
    for alt in ausgabe.glob(".*.alt"):
        shutil.rmtree(alt, ignore_errors=True)
