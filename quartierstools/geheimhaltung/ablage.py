"""Wo liegen die eingefrorenen Muster, und gelten sie noch? Lesen, prüfen, ablegen.

Einer abgelegten Datei wird nichts geglaubt: Bei jedem Lauf wird nachgerechnet, ob
sie alles sperrt, was die Regeln verlangen, und ob sich nichts zurückrechnen lässt.
"""

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from quartierstools.eingang import Datenstand
from quartierstools.fehler import (
    Ausgabefehler,
    Befund,
    Datenfehler,
    Katalogfehler,
    Quartiersfehler,
    systemgrund,
)
from quartierstools.geheimhaltung.muster import (
    Sperrmuster,
    aufbau_von,
    aus_json,
    musterkennung,
    nur_intern,
    sperrmuster,
    unlesbar,
)
from quartierstools.geheimhaltung.sperrliste import SPALTEN, Zellschluessel, luecken

ORDNER = "geheimhaltung"
"""Ordner im Projekt, in dem Muster liegen."""

HINGENOMMEN = "hingenommen.csv"
"""Zellen, die sich nicht mehr schützen lassen und die jemand hingenommen hat."""

VERAENDERT = (
    "Die Datei wurde verändert: bitte aus der Sicherung zurückholen. Wurde mit diesem "
    "Datenstand noch nichts veröffentlicht, die Datei löschen; der nächste Lauf "
    "rechnet sie neu."
)

HOECHSTBYTES = 50 * 2**20


def musterordner(stand: Datenstand) -> Path | None:
    """Ordner der Muster eines Projekts; None, solange es keine Fallzahlen gibt.

    Examples
    --------
    >>> from quartierstools.eingang import lies_datenstand
    >>> from quartierstools.katalog import finde_projekt, hauswurzel
    >>> ordner = finde_projekt("bochum", daten=hauswurzel() / "daten")
    >>> stand = lies_datenstand(ordner)
    >>> musterordner(stand) is None
    True
    """
    if not stand.werte["zaehler"].notna().any():
        return None
    return stand.ordner.wurzel / ORDNER


def lies_muster(ordner: Path) -> tuple[Sperrmuster, ...]:
    """Alle Muster eines Ordners, nach Dateinamen sortiert.

    Raises
    ------
    Katalogfehler
        Wenn eine Datei unlesbar oder kein Muster ist.
    """
    return tuple(_lies(datei) for datei in sorted(ordner.glob("muster-*.json")))


def _lies(datei: Path) -> Sperrmuster:
    try:
        if datei.stat().st_size > HOECHSTBYTES:
            raise unlesbar(datei.name)
        text = datei.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fehler:
        raise unlesbar(datei.name) from fehler
    return aus_json(text, name=datei.name)


def schreibe_muster(muster: Sperrmuster, ordner: Path) -> Path:
    """Legt ein Muster ab; eine vorhandene Datei bleibt, wie sie ist.

    Raises
    ------
    Ausgabefehler
        Wenn der Ordner sich nicht beschreiben lässt.
    """
    ziel = ordner / f"muster-{muster.kennung[:16]}.json"
    daneben = ziel.with_suffix(f".{os.getpid()}.teil")
    try:
        if not ziel.exists():
            ordner.mkdir(parents=True, exist_ok=True)
            daneben.write_text(muster.als_json(), encoding="utf-8", newline="\n")
            daneben.replace(ziel)
    except OSError as fehler:
        raise Ausgabefehler(
            f"Das Sperrmuster lässt sich nicht in „{ordner.name}“ ablegen "
            f"({systemgrund(fehler)}). Erwartet wird ein beschreibbarer Ordner im "
            "Projekt; bitte Rechte und Platz prüfen. Ohne abgelegtes Muster könnten "
            "zwei Veröffentlichungen zusammen Gesperrtes verraten."
        ) from fehler
    return ziel


def eingefroren(
    stand: Datenstand, ordner: Path, *, ablegen_noetig: bool = True
) -> Sperrmuster:
    """Das abgelegte Muster des Datenstands; beim ersten Mal gerechnet und abgelegt.

    Parameters
    ----------
    stand : Datenstand
        Geprüfte Eingaben.
    ordner : Path
        Ordner der Muster, üblich ``<projekt>/geheimhaltung``. Er gehört gesichert.
    ablegen_noetig : bool, default=True
        Falsch: Lässt sich der Ordner nicht beschreiben, gilt das gerechnete
        Muster nur im Speicher. Es ist dasselbe, das ein Lauf ablegen würde.

    Raises
    ------
    Datenfehler
        Wenn das abgelegte Muster etwas vergisst.
    """
    vorhandene = lies_muster(ordner)
    kennung = musterkennung(stand)
    for muster in vorhandene:
        if muster.kennung == kennung:
            frueher = [m for m in vorhandene if m.kennung in muster.vorgaenger]
            return _geprueft(muster, stand, frueher)
    neu = sperrmuster(stand, frueher=vorhandene)
    try:
        schreibe_muster(neu, ordner)
    except Ausgabefehler:
        if ablegen_noetig:
            raise
    return neu


_GEPRUEFT: set[tuple[Sperrmuster, ...]] = set()
"""Muster, die dieser Prozess schon nachgerechnet hat."""


def _geprueft(
    muster: Sperrmuster, stand: Datenstand, frueher: Sequence[Sperrmuster]
) -> Sperrmuster:
    """Dasselbe Muster, wenn es die Regeln erfüllt.

    Die Kennung steht für Daten, Regeln und Partitionen; ein Muster gleichen Inhalts
    muss deshalb nur einmal je Prozess nachgerechnet werden.
    """
    if (muster, *frueher) not in _GEPRUEFT:
        befunde = musterbefunde(muster, stand, frueher)
        if befunde:
            raise Datenfehler(f"Sperrmuster muster-{muster.kennung[:16]}.json", befunde)
        _GEPRUEFT.add((muster, *frueher))
    return muster


def musterbefunde(
    muster: Sperrmuster, stand: Datenstand, frueher: Sequence[Sperrmuster] = ()
) -> list[Befund]:
    """Was ein vorgelegtes Muster vergisst; leer, wenn es hält.

    Parameters
    ----------
    muster : Sperrmuster
        Gelesenes Muster.
    stand : Datenstand
        Eingaben, zu denen es gehören soll.
    frueher : Sequence of Sperrmuster, default=()
        Seine Vorgänger.
    """
    gefunden = luecken(
        muster,
        stand.werte,
        aufbau_von(stand),
        stand.katalog.regelprofil,
        frueher=frueher,
        nur_intern=nur_intern(stand.katalog),
    )
    fremd = {z for m in frueher for z in m.gesperrt} - muster.gesperrt
    gruppen = [
        (
            tuple(sorted(fremd | set(gefunden.offen_gelassen))),
            "müsste gesperrt sein, das Muster lässt es offen.",
        ),
        (
            gefunden.errechenbar,
            "ist gesperrt, lässt sich aber aus den offenen Werten zurückrechnen.",
        ),
        (
            tuple(sorted(set(gefunden.ungeschuetzt) - set(muster.ungeschuetzt))),
            "lässt sich nicht schützen, das Muster verschweigt es.",
        ),
    ]
    befunde = [
        Befund(ort=_zelle(zelle), was=f"Dieser Wert {was}", rat=VERAENDERT)
        for zellen, was in gruppen
        for zelle in zellen
    ]
    vorhanden = {m.kennung for m in frueher}
    befunde += [
        Befund(
            ort=f"muster-{kennung[:16]}.json",
            was="Dieses frühere Muster fehlt.",
            rat="Bitte aus der Sicherung zurückholen.",
        )
        for kennung in sorted(set(muster.vorgaenger) - vorhanden)
    ]
    return befunde


def _zelle(zelle: Zellschluessel) -> str:
    ebene, gebiet, indikator, tag = zelle
    datum = ".".join(reversed(tag.split("-")))
    return f"{indikator}, {ebene} {gebiet}, {datum}"


def verlange_schutz(muster: Sperrmuster, ordner: Path | None) -> int:
    """Bricht ab, wenn sich etwas nicht schützen lässt und niemand es hinnahm.

    Returns
    -------
    int
        Zahl der hingenommenen Zellen.

    Raises
    ------
    Datenfehler
        Wenn Zellen ungeschützt sind, die nicht in ``hingenommen.csv`` stehen.
    """
    ungeschuetzt = set(muster.ungeschuetzt)
    if not ungeschuetzt:
        return 0
    bekannt = hingenommen(ordner) if ordner else frozenset()
    offen = sorted(ungeschuetzt - bekannt)
    if offen:
        raise Datenfehler(
            "Nicht zu schützen", [_ungeschuetzt(zelle) for zelle in offen]
        )
    return len(ungeschuetzt)


def _ungeschuetzt(zelle: Zellschluessel) -> Befund:
    return Befund(
        ort=_zelle(zelle),
        was="Dieser gesperrte Wert lässt sich aus früheren Veröffentlichungen oder aus "
        "der Lieferung selbst zurückrechnen.",
        erwartet="ein Wert, der geschützt bleibt",
        rat="Die Statistikstelle entscheidet: Summen oder Indikator nicht "
        f"veröffentlichen oder die Zelle mit Grund in {ORDNER}/{HINGENOMMEN} eintragen "
        f"(Spalten {';'.join([*SPALTEN, 'grund'])}).",
    )


def hingenommen(ordner: Path) -> frozenset[Zellschluessel]:
    """Zellen aus ``hingenommen.csv``; jede braucht einen Grund.

    Raises
    ------
    Katalogfehler
        Wenn die Datei unlesbar ist oder ein Grund fehlt.
    """
    datei = ordner / HINGENOMMEN
    if not datei.exists():
        return frozenset()
    try:
        zeilen = list(_zeilen(datei.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as fehler:
        raise Katalogfehler(_satz_zeile("")) from fehler
    return frozenset(zeilen)


def _zeilen(text: Iterable[str]) -> Iterable[Zellschluessel]:
    leser = csv.DictReader(text, delimiter=";")
    for nummer, zeile in enumerate(leser, 2):
        felder = [str(zeile.get(s) or "").strip() for s in (*SPALTEN, "grund")]
        if not all(felder):
            raise Katalogfehler(_satz_zeile(f", Zeile {nummer}"))
        ebene, gebiet, indikator, tag, _ = felder
        yield (ebene, gebiet, indikator, tag)


def _satz_zeile(ort: str) -> str:
    return (
        f"{ORDNER}/{HINGENOMMEN}{ort} ist nicht lesbar oder unvollständig. Erwartet "
        f"werden die Spalten {';'.join([*SPALTEN, 'grund'])}, jede Zeile mit Grund; "
        "bitte ergänzen."
    )


def pruefe_ablage(stand: Datenstand) -> str:
    """Ein Satz darüber, was mit den Mustern eines Projekts nicht stimmt, oder leer."""
    ordner = musterordner(stand)
    if ordner is None:
        return ""
    try:
        vorhandene = lies_muster(ordner)
        kennung = musterkennung(stand)
        for muster in (m for m in vorhandene if m.kennung == kennung):
            frueher = [m for m in vorhandene if m.kennung in muster.vorgaenger]
            verlange_schutz(_geprueft(muster, stand, frueher), ordner)
    except Quartiersfehler as fehler:
        return str(fehler)
    return ""
