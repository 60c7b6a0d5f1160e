"""Was auszuführen ist, was gerade läuft und was daraus geworden ist."""

import json
import os
import shutil
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from quartierstools.fehler import Aufruffehler, Ausgabefehler
from quartierstools.lauf.reinschrift import (
    MITSCHRIFT,
    gerettet,
    reinschrift,
    schreibe_notebook,
    vorlaeufig,
    wurzeln_dieses_prozesses,
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Auftrag:
    """Ein Notebook, das auszuführen ist.

    Attributes
    ----------
    name : str
        Wie der Auftrag in Meldungen heißt.
    notebook : Path
        Die Vorlage; sie wird nicht verändert.
    ziel : Path
        Wo das ausgeführte Notebook stehen soll.
    parameter : Mapping of str to object
        Werte für die Zelle mit dem Tag ``parameters``: Text, Zahlen, Wahrheitswerte,
        Listen, Abbildungen, Pfade und Tage (als ``JJJJ-MM-TT``).
    umgebung : Mapping of str to str
        Zusätzliche Umgebungsvariablen.
    ordner : Path or None
        Arbeitsordner des Notebooks; ohne Angabe der des Aufrufers.

    Examples
    --------
    >>> Auftrag(name="probe", notebook=Path("a.ipynb"), ziel=Path("b.ipynb")).parameter
    {}
    """

    name: str
    notebook: Path
    ziel: Path
    parameter: Mapping[str, object] = field(default_factory=dict)
    umgebung: Mapping[str, str] = field(default_factory=dict)
    ordner: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ergebnis:
    """Was aus einem Auftrag geworden ist.

    Attributes
    ----------
    auftrag : Auftrag
        Der Auftrag selbst.
    gelungen : bool
        Ob alle Zellen durchgelaufen sind und die Datei am Ziel steht.
    meldung : str
        Leer oder auf Deutsch, woran es lag.
    dauer : float
        Sekunden vom Start bis zum Ergebnis.
    spitze_mb : float or None
        Größter Speicherbedarf in MB; unbekannt beim Verfahren ``spawn``.

    Examples
    --------
    >>> auftrag = Auftrag(name="probe", notebook=Path("a.ipynb"), ziel=Path("b.ipynb"))
    >>> ergebnis = Ergebnis(
    ...     auftrag=auftrag, gelungen=True, meldung="", dauer=1.5, spitze_mb=None
    ... )
    >>> ergebnis.gelungen
    True
    """

    auftrag: Auftrag
    gelungen: bool
    meldung: str
    dauer: float
    spitze_mb: float | None


class Lauf:
    """Ein Auftrag auf seinem Weg durch die Werkstatt."""

    def __init__(
        self,
        auftrag: Auftrag,
        nummer: int,
        ordner: Path,
        speichergrenze: int | None = None,
    ) -> None:
        self.auftrag = auftrag
        self._speichergrenze = speichergrenze
        self.nummer = nummer
        self.versuche = 0
        self.beginn = 0.0
        self.ziel = auftrag.ziel.absolute()
        self.vorlage = auftrag.notebook.absolute()
        self.arbeitsordner = (auftrag.ordner or Path()).absolute()
        self.privat = ordner / f"auftrag-{nummer}"
        self.marke = f"{os.getpid()}-{nummer}"
        self._parameter = _als_json(auftrag)

    def nachricht(self) -> Json:
        """Der Auftrag, wie ihn der Arbeiter bekommt."""
        return {
            "nummer": self.nummer,
            "notebook": str(self.vorlage),
            "ziel": str(self.ziel),
            "parameter": self._parameter,
            "umgebung": dict(self.auftrag.umgebung),
            "ordner": str(self.arbeitsordner),
            "privat": str(self.privat),
            "marke": self.marke,
            "speichergrenze": self._speichergrenze,
        }

    def rette(self, meldung: str) -> str:
        """Schreibt, was von einem gestorbenen Notebook da ist; ergänzt die Meldung."""
        try:
            notebook, stelle = gerettet(self.privat / MITSCHRIFT, self.vorlage, meldung)
            vorlage = json.loads(self.vorlage.read_text(encoding="utf-8"))
            sauber = reinschrift(
                notebook,
                kennungen={z["id"] for z in vorlage["cells"] if "id" in z},
                wurzeln=wurzeln_dieses_prozesses(self.arbeitsordner),
            )
            schreibe_notebook(sauber, self.ziel, marke=self.marke)
        except (OSError, ValueError, KeyError, Ausgabefehler) as fehler:
            return f"{meldung} Das Notebook ließ sich nicht retten: {fehler}"
        return f"{meldung} Das war in der {stelle}. Zelle." if stelle else meldung

    def raeume_auf(self) -> None:
        """Entfernt alles Vorläufige."""
        shutil.rmtree(self.privat, ignore_errors=True)
        with suppress(OSError):
            vorlaeufig(self.ziel, self.marke).unlink(missing_ok=True)


class Schub:
    """Alle Aufträge eines Aufrufs: was wartet, was läuft, was fertig ist."""

    def __init__(self, laeufe: list[Lauf], zeitgrenze: float | None) -> None:
        self.offen = deque(laeufe)
        self.laufend: dict[int, Lauf] = {}
        self._reihenfolge = [lauf.nummer for lauf in laeufe]
        self._fertig: dict[int, Ergebnis] = {}
        self._zeitgrenze = zeitgrenze
        self._abgelaufen: set[int] = set()

    def beginne(self) -> Lauf:
        """Nimmt den nächsten wartenden Auftrag in Arbeit."""
        lauf = self.offen.popleft()
        lauf.beginn = time.monotonic()
        lauf.versuche += 1
        self.laufend[lauf.nummer] = lauf
        return lauf

    def nochmal(self, nummer: int) -> bool:
        """Stellt einen Auftrag noch einmal an, aber nur einmal."""
        if self.laufend[nummer].versuche > 1:
            return False
        lauf = self.laufend.pop(nummer)
        lauf.raeume_auf()
        self.offen.appendleft(lauf)
        return True

    def naechste_frist(self) -> float | None:
        """Sekunden, bis der nächste Auftrag überfällig ist."""
        if self._zeitgrenze is None:
            return None
        beginne = [
            lauf.beginn
            for lauf in self.laufend.values()
            if lauf.nummer not in self._abgelaufen
        ]
        if not beginne:
            return None
        return max(0.0, min(beginne) + self._zeitgrenze - time.monotonic())

    def ueberfaellige(self) -> list[Lauf]:
        """Aufträge, deren Zeit abgelaufen ist; jeder nur einmal."""
        jetzt = time.monotonic()
        faellig = [
            lauf
            for lauf in self.laufend.values()
            if self._zeitgrenze is not None
            and jetzt - lauf.beginn >= self._zeitgrenze
            and lauf.nummer not in self._abgelaufen
        ]
        self._abgelaufen |= {lauf.nummer for lauf in faellig}
        return faellig

    def beende(self, nummer: int, nachricht: Json) -> Ergebnis:
        """Macht aus der Nachricht des Arbeiters ein Ergebnis."""
        lauf = self.laufend.pop(nummer)
        dauer = time.monotonic() - lauf.beginn
        if "ende" in nachricht:
            gelungen = False
            meldung = lauf.rette(self._todesursache(nummer, nachricht["ende"]))
        else:
            gelungen, meldung = nachricht["gelungen"], nachricht["meldung"]
            if not gelungen and not lauf.ziel.exists() and lauf.vorlage.exists():
                meldung = lauf.rette(meldung)  # etwa ohne Speicher zum Schreiben
        lauf.raeume_auf()
        self._fertig[nummer] = Ergebnis(
            auftrag=lauf.auftrag,
            gelungen=gelungen,
            meldung=meldung,
            dauer=dauer,
            spitze_mb=nachricht["spitze_mb"],
        )
        return self._fertig[nummer]

    def ergebnisse(self) -> list[Ergebnis]:
        """Alle Ergebnisse in der Reihenfolge der Aufträge."""
        return [self._fertig[nummer] for nummer in self._reihenfolge]

    def _todesursache(self, nummer: int, ende: int) -> str:
        if nummer in self._abgelaufen:
            grenze = f"{self._zeitgrenze:g}".replace(".", ",")
            return f"Nach {grenze} Sekunden abgebrochen (Zeitgrenze)."
        kill, absturz = -9, -11
        if ende == kill:
            return (
                "Der Prozess wurde gewaltsam beendet (Signal 9); "
                "oft reicht der Arbeitsspeicher nicht."
            )
        if ende == absturz:
            return "Der Prozess ist abgestürzt (Signal 11)."
        if ende < 0:
            return f"Der Prozess wurde beendet (Signal {-ende})."
        return f"Der Prozess hat sich selbst beendet (Code {ende})."


def _als_json(auftrag: Auftrag) -> Json:
    def ersatz(wert: object) -> object:
        if isinstance(wert, Path):
            return str(wert)
        if isinstance(wert, date):
            return wert.isoformat()
        if isinstance(wert, Mapping):
            return dict(wert)
        raise TypeError(f"{wert!r}")

    try:
        werte: Json = json.loads(json.dumps(dict(auftrag.parameter), default=ersatz))
    except (TypeError, ValueError) as fehler:
        raise Aufruffehler(
            f"{auftrag.name}: {fehler} kann kein Parameter sein. "
            "Erlaubt sind Text, Zahlen, ja/nein, Listen, Pfade und Tage."
        ) from fehler
    return werte
