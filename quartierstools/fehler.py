"""Was schiefgehen kann: alle Fehler, die quartierstools absichtlich auslöst.

Jede Meldung sagt auf Deutsch, was wo steht, was erwartet war und was nun zu tun ist.
"""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

HOECHSTENS = 10
"""So viele Befunde stehen in einer Meldung; alle stehen in `befunde`."""

SYSTEMGRUENDE = {
    errno.EACCES: "es fehlen die Rechte",
    errno.EBUSY: "ein anderes Programm benutzt sie gerade",
    errno.EDQUOT: "das Kontingent ist erschöpft",
    errno.EEXIST: "dort steht schon eine Datei dieses Namens",
    errno.EFBIG: "die Datei ist zu groß",
    errno.EINVAL: "der Name ist dort nicht erlaubt",
    errno.EIO: "der Datenträger ist gestört",
    errno.EISDIR: "dort steht ein Ordner",
    errno.ELOOP: "Verknüpfungen führen im Kreis",
    errno.EMFILE: "zu viele Dateien sind offen",
    errno.ENAMETOOLONG: "der Name ist zu lang",
    errno.ENOENT: "diesen Ort gibt es nicht",
    errno.ENOSPC: "der Datenträger ist voll",
    errno.ENOTDIR: "ein Teil des Pfades ist kein Ordner",
    errno.ENOTEMPTY: "der Ordner ist nicht leer",
    errno.EPERM: "es fehlen die Rechte",
    errno.EROFS: "der Datenträger ist schreibgeschützt",
}
"""Warum das Betriebssystem eine Datei verweigert."""


class Quartiersfehler(Exception):
    """Wurzel aller Fehler, die quartierstools absichtlich auslöst."""


class Aufruffehler(Quartiersfehler):
    """Der Befehl oder ein Parameter ist falsch geschrieben (Exit 2)."""


class Katalogfehler(Quartiersfehler):
    """Ein Katalogeintrag oder eine Projektdatei ist nicht lesbar oder unstimmig."""


class Gebietsfehler(Quartiersfehler):
    """Gebietsschlüssel fehlen, sind doppelt oder passen nicht zusammen."""


class Ausgabefehler(Quartiersfehler):
    """Eine Ausgabe lässt sich nicht oder nicht vollständig schreiben."""


class Lauffehler(Quartiersfehler):
    """Ein Lauf oder eines seiner Notebooks ist gescheitert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Befund:
    """Ein Mangel in gelieferten Daten: wo, was, was war erwartet, was nun.

    Attributes
    ----------
    ort : str
        Datei, Zeile und Spalte, so genau wie bekannt
        (``"bestand/x.csv, Zeile 12, Spalte wert"``).
    was : str
        Was dort steht, als ganzer Satz.
    erwartet : str
        Was dort stehen müsste.
    rat : str
        Was jetzt zu tun ist.
    schwere : str
        ``"fehler"`` bricht ab, ``"hinweis"`` wird nur gezeigt.

    Examples
    --------
    >>> print(Befund(ort="a.csv, Zeile 2", was="„x“ ist keine Zahl.",
    ...              erwartet="eine Zahl wie 12,1", rat="Zelle berichtigen."))
    a.csv, Zeile 2: „x“ ist keine Zahl. Erwartet: eine Zahl wie 12,1. Zelle berichtigen.
    """

    ort: str
    was: str
    erwartet: str = ""
    rat: str = ""
    schwere: str = "fehler"

    def __str__(self) -> str:
        teile = [f"{self.ort}: {self.was}"]
        if self.erwartet:
            teile.append(f"Erwartet: {self.erwartet}.")
        if self.rat:
            teile.append(self.rat)
        return " ".join(teile)


class Datenfehler(Quartiersfehler):
    """Eine Lieferung ist nicht in Ordnung; `befunde` nennt jeden Mangel.

    Parameters
    ----------
    was : str
        Worum es geht, etwa der Dateiname.
    befunde : Sequence of Befund or str
        Alle Mängel auf einmal.
    """

    def __init__(self, was: str, befunde: Sequence[Befund | str]) -> None:
        self.befunde = list(befunde)
        zeilen = [f"  - {befund}" for befund in self.befunde[:HOECHSTENS]]
        if len(self.befunde) > HOECHSTENS:
            zeilen.append(f"  … und {len(self.befunde) - HOECHSTENS} weitere")
        zahl = "1 Mangel" if len(self.befunde) == 1 else f"{len(self.befunde)} Mängel"
        super().__init__("\n".join([f"{was}: {zahl}", *zeilen]))


def meinten_sie(falsch: str, erlaubt: Sequence[str]) -> str:
    """Satz „Meinten Sie …?“, wenn etwas Ähnliches erlaubt ist, sonst leer.

    Examples
    --------
    >>> meinten_sie("anzahl_typn", ["anzahl_typen", "fassung"])
    ' Meinten Sie „anzahl_typen“?'
    >>> meinten_sie("xyz", ["fassung"])
    ''
    """
    nah = get_close_matches(falsch, erlaubt, n=1, cutoff=0.6)
    return f" Meinten Sie „{nah[0]}“?" if nah else ""


def systemgrund(fehler: OSError) -> str:
    """Warum das Betriebssystem eine Datei verweigert, auf Deutsch.

    Examples
    --------
    >>> systemgrund(FileExistsError(errno.EEXIST, "File exists"))
    'dort steht schon eine Datei dieses Namens'
    >>> systemgrund(OSError(4711, "Strange"))
    'Fehler 4711 des Betriebssystems'
    """
    if fehler.errno is None:
        return str(fehler) or "Grund unbekannt"
    nummer = fehler.errno
    return SYSTEMGRUENDE.get(nummer, f"Fehler {nummer} des Betriebssystems")
