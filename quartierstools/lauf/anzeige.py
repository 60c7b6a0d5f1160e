"""Was sieht man während des Laufs? Balken am Bildschirm, Zeilen ohne Bildschirm.

Am Bildschirm gibt es einen Balken für den ganzen Lauf mit Restzeit und darunter eine
Zeile je Arbeiter; ohne Bildschirm steht je zehn Notebooks eine Zeile da.
"""

import json
import time
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from quartierstools.fehler import Ausgabefehler, systemgrund

if TYPE_CHECKING:
    from quartierstools.lauf.hauptlauf import Laufergebnis
    from quartierstools.lauf.plan import Schritt
    from quartierstools.lauf.vorschau import Vorgesehen, Vorschau

JE_ZEILE = 10
"""Ohne Bildschirm steht nach so vielen Notebooks eine Zeile da."""


class Anzeige:
    """Fortschritt und Schlusstabelle eines Laufs."""

    def __init__(self, konsole: Console | None = None) -> None:
        self.konsole = konsole or Console(highlight=False)
        self._balken = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[stand]}"),
            TimeRemainingColumn(),
            console=self.konsole,
            disable=not self.konsole.is_terminal,
            transient=True,
        )
        self._aufgabe = TaskID(0)
        self._plaetze: list[tuple[TaskID, str]] = []
        self._fertig = self._gesamt = 0

    def __enter__(self) -> Self:
        self._balken.start()
        self._aufgabe = self._balken.add_task("Eingaben prüfen", total=None, stand="")
        return self

    def __exit__(
        self,
        art: type[BaseException] | None,
        fehler: BaseException | None,
        spur: TracebackType | None,
    ) -> None:
        self._balken.stop()

    def sieh_plan(self, vorschau: "Vorschau") -> None:
        """Sagt, wie viel zu rechnen ist."""
        self._gesamt = len(vorschau.zu_rechnen)
        self._drucke(vorschau.satz)
        self._zeige_stand()

    def sieh_hinweis(self, satz: str) -> None:
        """Zeigt einen Hinweis über dem Balken."""
        self._drucke(satz)

    def sieh_beginn(self, schritt: "Schritt") -> None:
        """Zeigt in einer freien Zeile, woran ein Arbeiter sitzt."""
        titel = schritt.titel[:40]
        for nummer, (zeile, name) in enumerate(self._plaetze):
            if not name:
                self._plaetze[nummer] = (zeile, schritt.name)
                self._balken.reset(zeile, description=f"  {nummer + 1}: {titel}")
                return
        nummer = len(self._plaetze) + 1
        zeile = self._balken.add_task(f"  {nummer}: {titel}", total=None, stand="")
        self._plaetze.append((zeile, schritt.name))

    def sieh_ende(
        self,
        schritt: "Schritt",
        *,
        gelungen: bool,
        meldung: str,
        dauer: float,  # noqa: ARG002 – steht im Protokoll
    ) -> None:
        """Zählt einen erledigten Schritt; ein Misserfolg steht sofort da."""
        self._fertig += 1
        for nummer, (zeile, name) in enumerate(self._plaetze):
            if name == schritt.name:
                self._plaetze[nummer] = (zeile, "")
                self._balken.update(zeile, description=f"  {nummer + 1}: frei")
        if not gelungen:
            self._drucke(f"Nicht gelungen: {schritt.name}: {meldung}")
        self._zeige_stand()
        if not self.konsole.is_terminal and (
            self._fertig == self._gesamt or self._fertig % JE_ZEILE == 0
        ):
            self._drucke(f"{self._fertig} von {self._gesamt} Notebooks fertig")

    def schluss(self, ergebnis: "Laufergebnis") -> None:
        """Kurze Tabelle: was entstand, wo, was scheiterte, was man zuerst öffnet."""
        zahlen = _zaehle(ergebnis.dateien)
        tabelle = Table(title=f"Lauf {ergebnis.kennung}", title_justify="left")
        tabelle.add_column("Was")
        tabelle.add_column("Dateien", justify="right")
        tabelle.add_column("Wo")
        for was, (zahl, wo) in zahlen.items():
            tabelle.add_row(was, str(zahl), wo)
        self.konsole.print(tabelle)
        schritte, misserfolge = ergebnis.vorschau.schritte, ergebnis.misserfolge
        if misserfolge:
            self.konsole.print(
                f"Gelungen: {len(schritte) - len(misserfolge)}, "
                f"nicht gelungen: {len(misserfolge)}",
                markup=False,
            )
        for misserfolg in misserfolge:
            self.konsole.print(
                f"Nicht gelungen: {misserfolg.auftrag.name}: {misserfolg.meldung}",
                style="bold",
                markup=False,
            )
        self.konsole.print("Zuerst öffnen:", markup=False)
        self.konsole.print(
            str(ergebnis.ordner / "index.html"), markup=False, soft_wrap=True
        )

    def zeige_vorschau(self, vorschau: "Vorschau") -> None:
        """Tabelle für --trocken: was liefe und warum."""
        tabelle = Table(title=f"Lauf {vorschau.kennung}", title_justify="left")
        for spalte in ("Notebook", "Läuft", "Warum"):
            tabelle.add_column(spalte, overflow="fold")
        for (notebook, rechnen, warum), gruppe in groupby(vorschau.schritte, _zeile):
            schritte = list(gruppe)
            name = schritte[0].schritt.name if len(schritte) == 1 else notebook
            anzahl = "" if len(schritte) == 1 else f" ({len(schritte)}-mal)"
            tabelle.add_row(name + anzahl, "ja" if rechnen else "nein", warum)
        self.konsole.print(tabelle)
        self._drucke(vorschau.satz)
        self._drucke("Geschrieben wurde nichts.")

    def _zeige_stand(self) -> None:
        self._balken.update(
            self._aufgabe,
            completed=self._fertig,
            total=max(self._gesamt, 1),
            description="Notebooks",
            stand=f"{self._fertig} von {self._gesamt}",
        )

    def _drucke(self, satz: str) -> None:
        self.konsole.print(satz, markup=False, soft_wrap=True)


class Zeilenprotokoll:
    """Schreibt jedes Ereignis als JSON-Zeile, für Maschinen (``--protokoll``).

    Felder: ``zeit`` (Sekunden seit Beginn), ``ereignis`` (``plan``, ``hinweis``,
    ``beginn``, ``ende``) und je Ereignis ``notebook``, ``gelungen``, ``meldung``,
    ``dauer``, ``zu_rechnen``, ``uebernommen``.
    """

    def __init__(self, datei: Path) -> None:
        self._datei = datei
        self._strom: IO[str] | None = None
        self._null = time.monotonic()

    def __enter__(self) -> Self:
        try:
            self._datei.parent.mkdir(parents=True, exist_ok=True)
            self._strom = self._datei.open("w", encoding="utf-8", newline="\n")
        except OSError as fehler:
            raise Ausgabefehler(
                f"Das Protokoll „{self._datei}“ lässt sich nicht schreiben "
                f"({systemgrund(fehler)}). Bitte mit --protokoll einen anderen Ort "
                "wählen."
            ) from fehler
        return self

    def __exit__(
        self,
        art: type[BaseException] | None,
        fehler: BaseException | None,
        spur: TracebackType | None,
    ) -> None:
        if self._strom is not None:
            self._strom.close()

    def sieh_plan(self, vorschau: "Vorschau") -> None:
        """Siehe `quartierstools.lauf.vorschau.Beobachter`."""
        neu = [s.schritt.name for s in vorschau.zu_rechnen]
        alt = [s.schritt.name for s in vorschau.schritte if not s.rechnen]
        self._schreibe(
            "plan", kennung=vorschau.kennung, zu_rechnen=neu, uebernommen=alt
        )

    def sieh_hinweis(self, satz: str) -> None:
        """Siehe `quartierstools.lauf.vorschau.Beobachter`."""
        self._schreibe("hinweis", meldung=satz)

    def sieh_beginn(self, schritt: "Schritt") -> None:
        """Siehe `quartierstools.lauf.vorschau.Beobachter`."""
        self._schreibe("beginn", notebook=schritt.name)

    def sieh_ende(
        self, schritt: "Schritt", *, gelungen: bool, meldung: str, dauer: float
    ) -> None:
        """Siehe `quartierstools.lauf.vorschau.Beobachter`."""
        self._schreibe(
            "ende",
            notebook=schritt.name,
            gelungen=gelungen,
            meldung=meldung,
            dauer=round(dauer, 3),
        )

    def _schreibe(self, ereignis: str, **felder: Any) -> None:  # noqa: ANN401 – JSON
        if self._strom is None:
            return
        zeit = round(time.monotonic() - self._null, 3)
        zeile = {"zeit": zeit, "ereignis": ereignis, **felder}
        self._strom.write(json.dumps(zeile, ensure_ascii=False) + "\n")
        self._strom.flush()


def _zeile(s: "Vorgesehen") -> tuple[str, bool, str]:
    """Was Schritte gemeinsam haben, die in einer Zeile der Vorschau stehen."""
    return s.schritt.notebook.stem, s.rechnen, "; ".join(s.gruende)


ARTEN = (
    ("Übersicht, Karte, Datenprüfung", ".html", ""),
    ("Datenanforderung", ".docx", ""),
    ("Berichte je Zielgruppe", "", "zielgruppen"),
    ("Begründungen je Vorhaben", "", "vorhaben"),
    ("Steckbriefe je Gebiet", "", "steckbriefe"),
    ("Auszüge je Stadtbezirk", "", "stadtbezirke"),
    ("Tabellen", "", "anhang"),
    ("Ausgeführte Notebooks", "", "notebooks"),
    ("Gescheiterte Notebooks", "", "fehler"),
)


def _zaehle(dateien: tuple[str, ...]) -> dict[str, tuple[int, str]]:
    """Zahl der Dateien je Art und ihr Ordner."""
    zahlen = {}
    for was, endung, ordner in ARTEN:
        passend = [
            name
            for name in dateien
            if (name.startswith(f"{ordner}/") if ordner else "/" not in name)
            and name.endswith(endung)
        ]
        if passend:
            zahlen[was] = (len(passend), f"{ordner}/" if ordner else ".")
    return zahlen
