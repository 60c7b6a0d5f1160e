"""Was sieht man während des Laufs? Balken am Bildschirm, Zeilen ohne Bildschirm."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

if TYPE_CHECKING:
    from quartierstools.lauf.hauptlauf import Laufergebnis


class Anzeige:
    """Fortschritt und Schlusstabelle eines Laufs."""

    def __init__(self, konsole: Console | None = None) -> None:
        self.konsole = konsole or Console(highlight=False)
        self._balken = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self.konsole,
            disable=not self.konsole.is_terminal,
            transient=True,
        )
        self._aufgabe: TaskID | None = None

    def __enter__(self) -> Self:
        self._balken.start()
        self._aufgabe = self._balken.add_task("Eingaben prüfen", total=None)
        return self

    def __exit__(
        self,
        art: type[BaseException] | None,
        fehler: BaseException | None,
        spur: TracebackType | None,
    ) -> None:
        self._balken.stop()

    def melde(self, fertig: int, gesamt: int, titel: str) -> None:
        """Zeigt einen erledigten Schritt."""
        if self._aufgabe is not None and self.konsole.is_terminal:
            self._balken.update(
                self._aufgabe, completed=fertig, total=gesamt, description=titel[:40]
            )
        elif fertig == gesamt or fertig % 10 == 0:
            self.konsole.print(f"{fertig} von {gesamt} Notebooks fertig")

    def schluss(self, ergebnis: "Laufergebnis") -> None:
        """Kurze Tabelle: was entstand, wo, was man zuerst öffnet."""
        zahlen = _zaehle(ergebnis.dateien)
        tabelle = Table(title=f"Lauf {ergebnis.kennung}", title_justify="left")
        tabelle.add_column("Was")
        tabelle.add_column("Zahl", justify="right")
        tabelle.add_column("Wo")
        for was, (zahl, wo) in zahlen.items():
            tabelle.add_row(was, str(zahl), wo)
        self.konsole.print(tabelle)
        for misserfolg in ergebnis.misserfolge:
            self.konsole.print(
                f"Nicht gelungen: {misserfolg.auftrag.name}: {misserfolg.meldung}",
                style="bold",
                markup=False,
            )
        self.konsole.print("Zuerst öffnen:", markup=False)
        self.konsole.print(
            str(ergebnis.ordner / "index.html"), markup=False, soft_wrap=True
        )


ARTEN = (
    ("Übersicht, Karte, Datenprüfung", ".html", ""),
    ("Datenanforderung", ".docx", ""),
    ("Berichte je Zielgruppe", "", "zielgruppen"),
    ("Begründungen je Vorhaben", "", "vorhaben"),
    ("Steckbriefe je Gebiet", "", "steckbriefe"),
    ("Auszüge je Stadtbezirk", "", "stadtbezirke"),
    ("Tabellen", "", "anhang"),
    ("Ausgeführte Notebooks", "", "notebooks"),
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
