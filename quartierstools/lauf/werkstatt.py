"""Führt viele Notebooks aus: nebeneinander, jedes für sich, keines geht verloren.

Der aufrufende Prozess bleibt leicht; papermill, IPython und pandas lädt erst der warme
Prozess (`quartierstools.lauf.arbeiter`).
"""

import os
import queue
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Self

from quartierstools.fehler import Aufruffehler, Lauffehler
from quartierstools.lauf.auftrag import Auftrag, Ergebnis, Lauf, Schub
from quartierstools.lauf.prozess import Post, Prozess

Verfahren = Literal["fork", "spawn"]

VORWAERMEN = ("pandas", "geopandas", "matplotlib.pyplot", "sklearn.cluster")
"""Was jedes Notebook braucht und deshalb einmal vorab geladen wird."""


def fuehre_aus(
    auftraege: Sequence[Auftrag],
    *,
    arbeiter: int | None = None,
    melde: Callable[[Ergebnis], None] | None = None,
    zeitgrenze: float | None = None,
    vorwaermen: Sequence[str] = VORWAERMEN,
    verfahren: Verfahren | None = None,
) -> list[Ergebnis]:
    """Führt alle Aufträge aus und gibt die Ergebnisse in deren Reihenfolge zurück.

    Wer mehrmals hintereinander ausführt, nimmt eine `Werkstatt`: Sie wärmt nur einmal
    auf.

    Parameters
    ----------
    auftraege : Sequence of Auftrag
        Jedes Ziel darf nur einmal vorkommen.
    arbeiter : int or None
        Wie viele Notebooks zugleich laufen; ohne Angabe so viele wie Prozessoren.
    melde : callable or None
        Wird mit jedem Ergebnis gerufen, sobald es da ist.
    zeitgrenze : float or None
        Sekunden, nach denen ein einzelnes Notebook abgebrochen wird.
    vorwaermen : Sequence of str
        Module, die der warme Prozess vorab lädt.
    verfahren : {"fork", "spawn"} or None
        ``fork``: ein frisches Kind je Notebook. ``spawn``: wiederverwendete Prozesse,
        wo es fork nicht gibt.

    Returns
    -------
    list of Ergebnis
        Eines je Auftrag. Ein Notebook, das scheitert, abstürzt oder die Zeitgrenze
        überschreitet, hält die anderen nicht auf und steht bis dahin am Ziel.

    Raises
    ------
    Aufruffehler
        Wenn ein Ziel doppelt vorkommt oder ein Parameter kein Wert ist.
    Lauffehler
        Wenn der warme Prozess nicht startet.

    Examples
    --------
    >>> fuehre_aus([])
    []
    """
    if not auftraege:
        return []
    with Werkstatt(arbeiter, vorwaermen=vorwaermen, verfahren=verfahren) as werkstatt:
        return werkstatt.fuehre_aus(auftraege, melde=melde, zeitgrenze=zeitgrenze)


class Werkstatt:
    """Hält den warmen Prozess bereit, für einen oder mehrere Schübe von Aufträgen.

    Der Prozess startet sofort im Hintergrund und lädt, während der Aufrufer noch
    anderes tut. Änderungen an ``os.environ`` wirken danach nicht mehr; dafür hat jeder
    Auftrag seine eigene `umgebung`.

    Parameters
    ----------
    arbeiter : int or None
        Wie viele Notebooks zugleich laufen.
    vorwaermen : Sequence of str
        Module, die vorab geladen werden.
    verfahren : {"fork", "spawn"} or None
        Siehe `fuehre_aus`.

    Examples
    --------
    >>> with Werkstatt(1, vorwaermen=()) as werkstatt:
    ...     werkstatt.fuehre_aus([])
    []
    """

    def __init__(
        self,
        arbeiter: int | None = None,
        *,
        vorwaermen: Sequence[str] = VORWAERMEN,
        verfahren: Verfahren | None = None,
    ) -> None:
        if arbeiter is not None and arbeiter < 1:
            raise Aufruffehler(
                f"Es braucht mindestens einen Arbeiter, nicht {arbeiter}."
            )
        self._arbeiter = arbeiter or _prozessoren()
        self._vorwaermen = tuple(vorwaermen)
        self._verfahren = verfahren or ("fork" if hasattr(os, "fork") else "spawn")
        self._post: Post = queue.SimpleQueue()
        self._prozesse: list[Prozess] = []
        self._ordner = Path(tempfile.mkdtemp(prefix="quartier-"))
        self._zaehler = 0
        self._starte(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.schliesse()

    def schliesse(self) -> None:
        """Beendet alle Prozesse und entfernt alle vorläufigen Dateien."""
        while self._prozesse:
            self._prozesse.pop().beende()
        shutil.rmtree(self._ordner, ignore_errors=True)

    def fuehre_aus(
        self,
        auftraege: Sequence[Auftrag],
        *,
        beginn: Callable[[Auftrag], None] | None = None,
        melde: Callable[[Ergebnis], None] | None = None,
        zeitgrenze: float | None = None,
        speichergrenze: int | None = None,
    ) -> list[Ergebnis]:
        """Führt alle Aufträge aus; siehe die Funktion `fuehre_aus`.

        Parameters
        ----------
        beginn : callable or None
            Wird mit jedem Auftrag gerufen, sobald er beginnt.
        speichergrenze : int or None
            MB, die ein Notebook belegen darf (nicht unter Windows).
        """
        if not self._ordner.exists():
            raise Lauffehler("Die Werkstatt ist schon geschlossen.")
        if speichergrenze is not None and speichergrenze < 1:
            raise Aufruffehler(
                f"Die Speichergrenze muss mindestens 1 MB sein, nicht {speichergrenze}."
            )
        schub = Schub(self._nummeriert(auftraege, speichergrenze), zeitgrenze)
        with self._brich_sonst_ab(schub):
            while schub.offen or schub.laufend:
                self._verteile(schub, beginn)
                for ergebnis in self._warte(schub):
                    if melde is not None:
                        melde(ergebnis)
        return schub.ergebnisse()

    def _nummeriert(
        self, auftraege: Sequence[Auftrag], speichergrenze: int | None
    ) -> list[Lauf]:
        laeufe = []
        for auftrag in auftraege:
            self._zaehler += 1
            laeufe.append(Lauf(auftrag, self._zaehler, self._ordner, speichergrenze))
        ziele = Counter(str(lauf.ziel) for lauf in laeufe)
        doppelt = sorted(ziel for ziel, anzahl in ziele.items() if anzahl > 1)
        if doppelt:
            raise Aufruffehler(
                f"Mehrere Aufträge schreiben an dieselbe Stelle: {', '.join(doppelt)}. "
                "Jeder Auftrag braucht sein eigenes Ziel."
            )
        return laeufe

    @contextmanager
    def _brich_sonst_ab(self, schub: Schub) -> Iterator[None]:
        """Lässt bei einem Fehler des Aufrufers nichts weiterlaufen."""
        try:
            yield
        except BaseException:
            while self._prozesse:
                self._prozesse.pop().beende(sofort=self._verfahren == "spawn")
            for lauf in schub.laufend.values():
                lauf.raeume_auf()
            raise

    def _starte(self, anzahl: int) -> None:
        while len(self._prozesse) < anzahl:
            self._zaehler += 1
            ordner = self._ordner / f"prozess-{self._zaehler}"
            prozess = Prozess(self._post, ordner)
            self._prozesse.append(prozess)
            prozess.sende(
                {
                    "verfahren": self._verfahren,
                    "vorwaermen": self._vorwaermen,
                    "ordner": str(ordner),
                    "werkstatt": str(self._ordner),
                }
            )

    def _verteile(self, schub: Schub, beginn: Callable[[Auftrag], None] | None) -> None:
        if not schub.offen:
            return
        je_prozess = self._arbeiter if self._verfahren == "fork" else 1
        gebraucht = min(self._arbeiter, len(schub.offen) + len(schub.laufend))
        self._starte(1 if self._verfahren == "fork" else gebraucht)
        for prozess in self._prozesse:
            while prozess.bereit and schub.offen and len(prozess.laeufe) < je_prozess:
                lauf = schub.beginne()
                prozess.laeufe.add(lauf.nummer)
                prozess.sende(lauf.nachricht())
                if beginn is not None:
                    beginn(lauf.auftrag)

    def _warte(self, schub: Schub) -> Iterator[Ergebnis]:
        try:
            prozess, nachricht = self._post.get(timeout=schub.naechste_frist())
        except queue.Empty:
            for lauf in schub.ueberfaellige():
                self._brich_ab(lauf)
            return
        if prozess not in self._prozesse:
            return
        if nachricht is None:
            yield from self._nach_dem_tod(prozess, schub)
        elif "bereit" in nachricht:
            prozess.bereit = True
        elif "startfehler" in nachricht:
            raise Lauffehler(
                f"Der warme Prozess startet nicht: {nachricht['startfehler']}. "
                "Die Installation prüfen (pip check)."
            )
        elif nachricht["nummer"] in prozess.laeufe:
            prozess.laeufe.remove(nachricht["nummer"])
            yield schub.beende(nachricht["nummer"], nachricht)

    def _brich_ab(self, lauf: Lauf) -> None:
        for prozess in self._prozesse:
            if lauf.nummer not in prozess.laeufe:
                continue
            if self._verfahren == "fork":
                prozess.sende({"abbruch": lauf.nummer})
            else:
                prozess.toete()

    def _nach_dem_tod(self, prozess: Prozess, schub: Schub) -> Iterator[Ergebnis]:
        self._prozesse.remove(prozess)
        prozess.beende()
        if not prozess.bereit:
            raise Lauffehler(
                "Der warme Prozess ist beim Start gestorben. Seine letzten Worte:\n"
                f"{prozess.letzte_worte()}"
            )
        for nummer in sorted(prozess.laeufe):
            # Stirbt die Gabel, kann das Notebook nichts dafür; ein zweiter Versuch.
            if self._verfahren == "fork" and schub.nochmal(nummer):
                continue
            yield schub.beende(nummer, {"ende": prozess.ende, "spitze_mb": None})


def _prozessoren() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
