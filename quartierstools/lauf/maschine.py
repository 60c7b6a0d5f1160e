"""Die warme Maschine: Notebooks ohne eigenen Kernel-Prozess ausführen.

Papermill findet sie unter dem Namen ``quartier``. Das Modul selbst lädt nichts Teures:
papermill lädt es bei jedem Import, auch wenn niemand die Maschine benutzt.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode


class WarmeMaschine:
    """Papermill-Maschine, die Zellen im eigenen Prozess ausführt.

    Ausgaben, Zähler, Fehler, Abbildungen und Widget-Zustand stehen danach im Notebook,
    wie papermills eigene Maschine sie schreibt; es entfallen Start und Ende eines
    Kernels und das erneute Laden der Bibliotheken. Ein Notebook, das seinen Prozess
    beendet, beendet damit auch den Aufrufer: Für mehrere oder unsichere Notebooks ist
    `quartierstools.lauf.fuehre_aus` da.

    Raises
    ------
    Lauffehler
        Wenn der Prozess selbst schon ein Notebook ausführt.
    PapermillExecutionError
        Wenn eine Zelle scheitert; das Notebook ist bis dahin geschrieben.

    Notes
    -----
    Die Klasse erfüllt die Schnittstelle von ``papermill.engines.Engine``, erbt aber
    nicht davon: papermill lädt sie, während es selbst noch geladen wird.

    Examples
    --------
    >>> import papermill
    >>> from papermill.engines import papermill_engines
    >>> papermill_engines.get_engine("quartier").__name__
    'WarmeMaschine'
    """

    @classmethod
    def execute_notebook(
        cls, nb: "NotebookNode", kernel_name: str, **einstellungen: object
    ) -> "NotebookNode":
        """Führt `nb` aus; die Einstellungen sind die von ``Engine``."""
        from quartierstools.lauf.ausfuehrung import ImProzess  # noqa: PLC0415

        fertig: NotebookNode = ImProzess.execute_notebook(
            nb, kernel_name, **einstellungen
        )
        return fertig

    @classmethod
    def nb_kernel_name(cls, nb: "NotebookNode", name: str | None = None) -> str:
        """Name des Kernels; ein Notebook ohne Angabe ist ein Python-Notebook."""
        return name or nb.metadata.get("kernelspec", {}).get("name") or "python3"

    @classmethod
    def nb_language(cls, nb: "NotebookNode", language: str | None = None) -> str:
        """Sprache des Notebooks; ohne Angabe Python."""
        return language or nb.metadata.get("language_info", {}).get("name") or "python"
