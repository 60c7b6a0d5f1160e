"""Ist in den fertigen Dateien etwas durchgerutscht? Gesperrtes, Adressen, Pfade.

Gelesen wird, was wirklich auf der Platte liegt: HTML samt eingebetteten Daten, Word,
Excel, PDF, CSV, JSON, Notebooks, Bilder mit ihren Eigenschaften.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from quartierstools.fehler import Aufruffehler, systemgrund
from quartierstools.geheimhaltung.ertrag import HOECHSTBYTES, Ertrag
from quartierstools.geheimhaltung.geheimnisse import Geheimnisse
from quartierstools.geheimhaltung.lesen import lies
from quartierstools.geheimhaltung.stellen import saetze
from quartierstools.geheimhaltung.verrat import Suche

FREMD = re.compile(r"(?:https?|wss?|ftp|file):|//|[\\]{2}|/[A-Z]", re.IGNORECASE)
PFAD = re.compile(
    r"(?<![\w.:/=+%-])"
    r"(?:/(?:home|root|tmp|Users|work|workspace|builds|var|opt|mnt|srv|media|private|usr"
    r"|etc|data|app|content)/[\w.@~+-][^\s\"'<>|;,)\]}]*"
    r"|file:/{1,3}[^\s\"'<>]+"
    r"|[A-Za-z]:\\{1,2}(?:[\w .-]+\\{1,2})+[\w.-]*"
    r"|\\{2,4}[\w.-]+\\{1,2}[\w$.-]+)"
)
ABBRUCH = re.compile(r"Traceback \(most recent call last\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Regeln:
    """Was die Durchsicht verlangt.

    Attributes
    ----------
    code_erlaubt : bool
        Ob Notebooks ihren Programmcode zeigen dürfen.
    pfade_erlaubt : tuple of str
        Anfänge von Pfaden, die nichts über eine Maschine sagen.
    """

    code_erlaubt: bool = True
    pfade_erlaubt: tuple[str, ...] = ("/usr/bin/env",)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fund:
    """Etwas, das nicht in die Datei gehört; nennt nie den gesperrten Wert.

    Attributes
    ----------
    datei : str
        Pfad im durchgesehenen Ordner.
    ort : str
        Stelle in der Datei.
    art : str
        ``gesperrt``, ``adresse``, ``pfad``, ``code`` oder ``unlesbar``.
    """

    datei: str
    ort: str
    art: str
    was: str
    rat: str = ""

    def __str__(self) -> str:
        ort = f", {self.ort}" if self.ort else ""
        return f"{self.datei}{ort}: {self.was} {self.rat}".rstrip()


def durchsicht(
    ordner: Path,
    geheimnisse: Geheimnisse | None = None,
    *,
    regeln: Regeln | None = None,
) -> list[Fund]:
    """Sieht alle Dateien eines Ordners durch.

    Parameters
    ----------
    ordner : Path
        Fertige Ausgaben; auch eine einzelne Datei.
    geheimnisse : Geheimnisse, default=None
        Gesperrte Werte aus `geheimnisse(stand, freigabe)`; ohne Angabe wird nur
        nach Adressen, Pfaden und Code gesucht.
    regeln : Regeln, default=None
        Was verlangt ist.

    Returns
    -------
    list of Fund
        Nach Datei und Stelle geordnet; leer heißt: nichts gefunden.

    Raises
    ------
    Aufruffehler
        Wenn es den Ordner nicht gibt.
    """
    if not ordner.exists():
        raise Aufruffehler(
            f"Den Ordner „{ordner}“ gibt es nicht. Erwartet wird ein Ordner mit "
            "fertigen Ausgaben, etwa ausgaben/bochum/<lauf>."
        )
    regeln = regeln or Regeln()
    suche = Suche(geheimnisse or Geheimnisse())
    orte = frozenset(geheimnisse.orte) if geheimnisse else frozenset()
    dateien = [ordner] if ordner.is_file() else sorted(ordner.rglob("*"))
    wurzel = ordner.parent if ordner.is_file() else ordner
    funde: list[Fund] = []
    for datei in dateien:
        if datei.is_symlink() or datei.is_file():
            name = datei.relative_to(wurzel).as_posix()
            funde += _datei(datei, name, suche, regeln, orte)
    return sorted(set(funde))


def _datei(
    datei: Path, name: str, suche: Suche, regeln: Regeln, orte: frozenset[str]
) -> list[Fund]:
    if datei.is_symlink():
        return [_unlesbar(name, "", "Ist eine Verknüpfung, keine Datei.")]
    try:
        groesse = datei.stat().st_size
        if groesse > HOECHSTBYTES:
            return [_unlesbar(name, "", f"Ist mit {groesse} Bytes zu groß.")]
        inhalt = datei.read_bytes()
    except OSError as fehler:
        return [
            _unlesbar(name, "", f"Lässt sich nicht öffnen ({systemgrund(fehler)}).")
        ]
    ertrag = Ertrag(datei=name, orte=orte)
    if inhalt:
        lies(name, inhalt, ertrag)
    return _funde(ertrag, suche, regeln)


def durchsicht_bytes(
    name: str,
    inhalt: bytes,
    geheimnisse: Geheimnisse | None = None,
    *,
    regeln: Regeln | None = None,
) -> list[Fund]:
    """Sieht eine Datei durch, bevor sie geschrieben wird."""
    orte = frozenset(geheimnisse.orte) if geheimnisse else frozenset()
    ertrag = Ertrag(datei=name, orte=orte)
    lies(name, inhalt, ertrag)
    suche = Suche(geheimnisse or Geheimnisse())
    return sorted(set(_funde(ertrag, suche, regeln or Regeln())))


def _funde(ertrag: Ertrag, suche: Suche, regeln: Regeln) -> list[Fund]:
    """Alles, was an einer gelesenen Datei zu beanstanden ist."""
    name = ertrag.datei
    return [
        *_gesperrtes(ertrag, suche),
        *_adressen(ertrag),
        *_pfade(ertrag, regeln),
        *_code(ertrag, regeln),
        *(_unlesbar(name, "" if o == name else o, was) for o, was in ertrag.maengel),
    ]


def _gesperrtes(ertrag: Ertrag, suche: Suche) -> Iterator[Fund]:
    for ganze in ertrag.stellen:
        stellen = saetze(ganze) if ganze.art == "text" else (ganze,)
        for stelle in stellen:
            for geheimnis in suche.treffer(stelle):
                tag = ".".join(reversed(geheimnis.stichtag.split("-")))
                yield Fund(
                    datei=ertrag.datei,
                    ort=stelle.ort,
                    art="gesperrt",
                    was=f"Hier steht ein gesperrter Wert: {geheimnis.bezeichnung} "
                    f"({geheimnis.indikator}), {geheimnis.name}, {tag}.",
                    rat="Die Datei darf nicht hinaus; sie muss aus der Freigabe neu "
                    "entstehen.",
                )


def _adressen(ertrag: Ertrag) -> Iterator[Fund]:
    for ort, adresse in ertrag.adressen:
        if FREMD.match(adresse.strip()):
            yield Fund(
                datei=ertrag.datei,
                ort=ort,
                art="adresse",
                was=f"Beim Öffnen würde „{adresse.strip()[:80]}“ geladen.",
                rat="Inhalt in die Datei einbetten oder weglassen.",
            )


def _pfade(ertrag: Ertrag, regeln: Regeln) -> Iterator[Fund]:
    for ort, pfad in gefundene_pfade(ertrag.rohtexte):
        if not pfad.startswith(regeln.pfade_erlaubt):
            yield Fund(
                datei=ertrag.datei,
                ort=ort,
                art="pfad",
                was=f"Hier steht der Pfad einer Maschine: „{pfad[:80]}“.",
                rat="Pfade immer bezogen auf den Projektordner schreiben.",
            )


def gefundene_pfade(texte: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    r"""Absolute Pfade einer Maschine in Texten.

    Examples
    --------
    >>> list(gefundene_pfade([("", "aus /home/anna/daten.csv und und/oder")]))
    [('', '/home/anna/daten.csv')]
    >>> list(gefundene_pfade([("", "https://example.org/home/x, C:\\Users\\a\\b.csv")]))
    [('', 'C:\\Users\\a\\b.csv')]
    """
    for ort, text in texte:
        for treffer in PFAD.finditer(text):
            yield ort, treffer[0]


def _code(ertrag: Ertrag, regeln: Regeln) -> Iterator[Fund]:
    if not regeln.code_erlaubt:
        for ort, zeile in ertrag.code:
            yield Fund(
                datei=ertrag.datei,
                ort=ort,
                art="code",
                was=f"Hier steht Programmcode: „{zeile[:60]}“.",
                rat="Für die Veröffentlichung ohne Code ausgeben.",
            )
    for ort, text in ertrag.rohtexte:
        if ABBRUCH.search(text):
            yield Fund(
                datei=ertrag.datei,
                ort=ort,
                art="code",
                was="Hier steht die Fehlermeldung eines abgebrochenen Programms.",
                rat="Den Lauf wiederholen.",
            )


def _unlesbar(name: str, ort: str, was: str) -> Fund:
    return Fund(
        datei=name,
        ort=ort,
        art="unlesbar",
        was=was,
        rat="Nicht durchgesehen; die Datei darf so nicht hinaus.",
    )
