"""Ein warmer Prozess aus der Sicht des Aufrufers."""

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

Json = dict[str, Any]

Post = queue.SimpleQueue[tuple["Prozess", Json | None]]
"""Nachrichten aller Prozesse; statt einer Nachricht nichts, wenn einer endet."""

GEDULD = 10.0
"""Sekunden, die ein Prozess zum Aufhören bekommt, bevor er beendet wird."""

UMGEBUNG = {
    # Kleine Daten: mehr Fäden kosten mehr, als sie bringen, und stören beim Forken.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    # Sonst startet pyarrow beim Laden einen Faden; geforkt wird nur ohne.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "MPLBACKEND": "agg",
    # Gleiche Bytes auf jedem Rechner: weder Sprache noch Zeitzone wirken mit.
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


class Prozess:
    """Ein warmer Prozess und der Faden, der seine Nachrichten liest."""

    def __init__(self, post: Post, ordner: Path) -> None:
        self.bereit = False
        self.laeufe: set[int] = set()
        self._ordner = ordner
        self._protokoll = ordner.with_suffix(".log")
        ordner.mkdir()
        umgebung = {
            name: wert
            for name, wert in os.environ.items()
            if name not in {"COLUMNS", "LINES"}
        }
        with self._protokoll.open("wb") as fehlerausgang:
            self._popen = subprocess.Popen(
                # -P: kein Modul aus dem Arbeitsordner verdrängt ein installiertes.
                [
                    sys.executable,
                    "-P",
                    "-c",
                    "from quartierstools.lauf.arbeiter import haupt; haupt()",
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=fehlerausgang,
                env=umgebung | UMGEBUNG,
                cwd=ordner,
                # Strg+C gilt dem Aufrufer; er beendet seine Prozesse selbst.
                start_new_session=True,
            )
        self._leser = threading.Thread(target=self._lies, args=(post,), daemon=True)
        self._leser.start()

    @property
    def ende(self) -> int:
        """Code oder negatives Signal, mit dem der Prozess geendet hat."""
        return self._popen.wait()

    def sende(self, nachricht: Json) -> None:
        """Schickt eine Nachricht; ist der Prozess tot, meldet es der Leser."""
        if self._popen.stdin is None:
            return
        with suppress(OSError, ValueError):
            self._popen.stdin.write(json.dumps(nachricht).encode() + b"\n")
            self._popen.stdin.flush()

    def toete(self) -> None:
        """Beendet den Prozess gewaltsam."""
        self._popen.kill()

    def beende(self, *, sofort: bool = False) -> None:
        """Wartet das Ende des Prozesses ab und gibt alles frei."""
        if sofort or not self.bereit:
            self.toete()
        if self._popen.stdin is not None:
            with suppress(OSError):
                self._popen.stdin.close()
        try:
            self._popen.wait(GEDULD)
        except subprocess.TimeoutExpired:
            self.toete()
            self._popen.wait()
        self._leser.join()
        if self._popen.stdout is not None:
            self._popen.stdout.close()
        shutil.rmtree(self._ordner, ignore_errors=True)

    def letzte_worte(self) -> str:
        """Das Ende seines Protokolls."""
        text = self._protokoll.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-5:])

    def _lies(self, post: Post) -> None:
        if self._popen.stdout is None:
            return
        for zeile in self._popen.stdout:
            with suppress(json.JSONDecodeError):
                post.put((self, json.loads(zeile)))
        post.put((self, None))
