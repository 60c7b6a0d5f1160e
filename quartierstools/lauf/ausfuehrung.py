"""Führt ein Notebook im eigenen Prozess aus, mit nbclient als Schreiber.

Dieses Modul lädt papermill, nbclient und ipykernel (rund eine Sekunde); wer nur die
Anmeldung braucht, nimmt `quartierstools.lauf.maschine`.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager
from papermill.log import logger

from quartierstools.lauf.grenze import begrenzt
from quartierstools.lauf.sitzung import Klient, sitzung

if TYPE_CHECKING:
    from nbformat import NotebookNode

Mitschrift = Callable[["NotebookNode", int], None]


class _Kernverwalter:
    """Sagt nbclient, dass der Kern schon läuft."""

    has_kernel = True


class _Notebookklient(PapermillNotebookClient):
    """Klient von papermill, der einen Kern im eigenen Prozess benutzt."""

    def __init__(
        self,
        verwalter: NotebookExecutionManager,
        klient: Klient,
        laeufer: asyncio.Runner,
        speichergrenze: int | None,
        **einstellungen: object,
    ) -> None:
        super().__init__(verwalter, km=_Kernverwalter(), **einstellungen)
        self.kc = klient
        self._laeufer = laeufer
        self._speichergrenze = speichergrenze

    def execute_cell(self, cell: "NotebookNode", cell_index: int) -> "NotebookNode":
        """Führt eine Zelle in der einen Ereignisschleife des Notebooks aus."""
        with begrenzt(self._speichergrenze):
            zelle: NotebookNode = self._laeufer.run(
                self.async_execute_cell(cell, cell_index)
            )
        return zelle

    def wait_for_reply(
        self, msg_id: str, cell: "NotebookNode | None" = None
    ) -> dict[str, Any] | None:
        """Holt eine Antwort des Kerns."""
        antwort: dict[str, Any] | None = self._laeufer.run(
            self.async_wait_for_reply(msg_id, cell)
        )
        return antwort


class ImProzess(Engine):
    """Papermill-Maschine ohne Kernel-Prozess; siehe `WarmeMaschine`."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        mitschrift: Mitschrift | None = None,
        speichergrenze: int | None = None,
        **einstellungen: object,
    ) -> "NotebookNode":
        """Führt das Notebook aus; vor jeder Zelle ruft es `mitschrift`."""
        bekannt = {
            name: wert
            for name, wert in einstellungen.items()
            if name in _Notebookklient.class_trait_names()
        }
        if mitschrift is not None:
            bekannt["on_cell_start"] = lambda cell, cell_index: mitschrift(  # noqa: ARG005
                nb_man.nb, cell_index
            )
        with sitzung() as klient, asyncio.Runner() as laeufer:
            notebook: NotebookNode = _Notebookklient(
                nb_man,
                klient,
                laeufer,
                speichergrenze,
                kernel_name=kernel_name,
                log=logger,
                **bekannt,
            ).execute()
            return notebook
