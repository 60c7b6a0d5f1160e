"""Ein IPython-Kern im eigenen Prozess: ohne Ports, ohne Fäden, ohne Warten.

Der Kern ist der von ipykernel; ersetzt ist nur der Weg der Nachrichten. Statt über
Netzwerkbuchsen gehen sie in zwei Schlangen, aus denen nbclient liest. Damit schreibt
nbclient dieselben Ausgaben ins Notebook wie mit einem Kern im eigenen Prozess.
"""

import asyncio
import codecs
import importlib
import io
import logging
import os
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from queue import Empty
from typing import Any

import comm
from ipykernel import eventloops, ipkernel
from ipykernel.compiler import XCachingCompiler
from IPython.core.getipython import get_ipython
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session
from traitlets.config import Config

from quartierstools.fehler import Lauffehler
from quartierstools.lauf.aufraeumen import unveraendert

Nachricht = dict[str, Any]

LoserKern = Any
"""Der Kern, ohne Typprüfung: ipykernel ist nur zum Teil typisiert."""

BILDER = "module://matplotlib_inline.backend_inline"
"""Zeichenfläche, die Abbildungen als Ausgabe in die Zelle legt."""


class Postfach(Session):
    """Sitzung, deren Sendungen in Schlangen landen statt auf einer Leitung."""

    def __init__(self, **eigenschaften: object) -> None:
        # Ohne Schlüssel warnt jupyter_client; unterschrieben wird hier nichts.
        super().__init__(key=b"postfach", **eigenschaften)
        self.ausgaben: deque[Nachricht] = deque()
        self.antworten: deque[Nachricht] = deque()

    def send(  # type: ignore[override]  # noqa: PLR0913, PLR0917 - Form von dort
        self,
        stream: object,  # noqa: ARG002
        msg_or_type: Nachricht | str,
        content: Nachricht | None = None,
        parent: Nachricht | None = None,
        ident: object = None,  # noqa: ARG002
        buffers: list[bytes] | None = None,
        track: bool = False,  # noqa: ARG002, FBT001, FBT002
        header: Nachricht | None = None,
        metadata: Nachricht | None = None,
    ) -> Nachricht:
        """Legt die Nachricht ab, so wie sie die Leitung verlassen hätte."""
        if isinstance(msg_or_type, str):
            nachricht: Nachricht = self.msg(
                msg_or_type,
                content=content,
                parent=parent,
                header=header,
                metadata=metadata,
            )
        else:
            nachricht = msg_or_type
        # Der Umweg über JSON ist gewollt: Tupel werden Listen, nichts bleibt geteilt.
        abgelegt = nachricht | {
            "content": self.unpack(self.pack(nachricht["content"])),
            "buffers": list(buffers or ()),
        }
        antwort = nachricht["msg_type"].endswith("_reply")
        (self.antworten if antwort else self.ausgaben).append(abgelegt)
        return nachricht


class Umleitung:
    """Fängt ein, was an Python vorbei auf Ausgang 1 oder 2 geschrieben wird.

    Parameters
    ----------
    nummer : int
        Der umgeleitete Dateideskriptor, 1 oder 2.
    ordner : Path
        Wo die Zwischendatei liegen darf.
    """

    def __init__(self, nummer: int, ordner: Path) -> None:
        self._nummer = nummer
        self._vorher = os.dup(nummer)
        datei = ordner / f"ausgang-{nummer}"
        # Zwei Zugänge mit eigenem Zeiger: auch wer nebenher schreibt, hängt an.
        with datei.open("ab") as schreiben:
            os.dup2(schreiben.fileno(), nummer)
        self._lesen = datei.open("rb", buffering=0)
        self._deuten = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def neues(self) -> str:
        """Was seit dem letzten Aufruf dazugekommen ist."""
        return self._deuten.decode(self._lesen.read())

    def schliesse(self) -> None:
        """Stellt den vorigen Ausgang wieder her."""
        os.dup2(self._vorher, self._nummer)
        os.close(self._vorher)
        self._lesen.close()


class Strom(io.TextIOBase):
    """`sys.stdout` oder `sys.stderr` der Zellen; sammelt, bis jemand leert."""

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, kern: LoserKern, name: str, umleitung: Umleitung) -> None:
        self._kern = kern
        self.name = name
        self._umleitung = umleitung
        self._teile: list[str] = []
        self._mitten_in_der_zeile = False
        self._prozess = os.getpid()

    def writable(self) -> bool:
        """Der Strom nimmt Text an."""
        return True

    def fileno(self) -> int:
        """Der umgeleitete Ausgang; auch Unterprozesse schreiben ins Notebook."""
        return {"stdout": 1, "stderr": 2}[self.name]

    def write(self, text: str) -> int:
        """Merkt sich `text` hinter allem, was am Strom vorbei geschrieben wurde."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._prozess:
            # Ein vom Notebook geforktes Kind hat nur eine Kopie der Schlangen.
            os.write(self.fileno(), text.encode(errors="replace"))
            return len(text)
        if not self._mitten_in_der_zeile:
            self._teile.append(self._umleitung.neues())
        self._teile.append(text)
        self._mitten_in_der_zeile = bool(text) and not text.endswith("\n")
        return len(text)

    def flush(self) -> None:
        """Gibt das Gesammelte als eine Ausgabe an die laufende Zelle."""
        if os.getpid() != self._prozess:
            return
        text = "".join([*self._teile, self._umleitung.neues()])
        self._teile.clear()
        self._mitten_in_der_zeile = False
        if text:
            inhalt = {"name": self.name, "text": text}
            self._kern.session.send(
                None, "stream", inhalt, parent=self._kern.get_parent("shell")
            )


class Uebersetzer(XCachingCompiler):
    """Benennt Zellen wie ipykernel, nur ohne Prozessnummer.

    Der Name steht in Warnungen; an seiner Form erkennt IPython, dass es eine Zelle ist.
    """

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """Name der Zelle, unter dem Warnungen und Quelltext sie kennen."""
        name: str = super().get_code_name(raw_code, code, number)  # type: ignore[no-untyped-call]
        return f"/ipykernel_0/{Path(name).name}"


class Kern(ipkernel.IPythonKernel):
    """Kern von ipykernel, der Anfragen sofort und im selben Prozess erledigt."""

    compiler_class = Uebersetzer
    # Wird nur mit dem Faden verglichen, in dem ein Unterkern liefe.
    shell_channel_thread: Any = type("KeinFaden", (), {"parent_thread": None})()

    async def erledige(self, anfrage: Nachricht) -> None:
        """Führt eine Zelle aus; Ausgaben und Antwort liegen danach im Postfach."""
        kern: LoserKern = self
        kern.set_parent([], anfrage, "shell")
        zustand = partial(kern.session.send, None, "status", parent=anfrage)
        zustand({"execution_state": "busy"})
        await kern.execute_request(None, [], anfrage)
        zustand({"execution_state": "idle"})

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Es wartet nie eine zweite Anfrage."""


class _Leitung:
    """Kanal, wie nbclient ihn erwartet."""

    def __init__(self, schlange: deque[Nachricht]) -> None:
        self._schlange = schlange
        self.rueckpost: deque[Nachricht] = deque()

    async def get_msg(self, timeout: float | None = None) -> Nachricht:  # noqa: ARG002, ASYNC109
        """Die älteste Nachricht; es ist immer schon alles da."""
        if not self._schlange:
            raise Empty
        return self._schlange.popleft()

    def send(self, nachricht: Nachricht) -> None:
        """Nimmt Rückmeldungen der Ausgabe-Widgets an den Kern an."""
        self.rueckpost.append(nachricht)


class Klient:
    """Gegenstück zum Kern, in der Form eines Kernel-Klienten von Jupyter."""

    allow_stdin = False

    def __init__(self, kern: LoserKern) -> None:
        self._kern = kern
        self.session: Postfach = kern.session
        self.iopub_channel = _Leitung(self.session.ausgaben)
        self.shell_channel = _Leitung(self.session.antworten)

    async def execute(
        self, code: str, *, store_history: bool = True, stop_on_error: bool = True
    ) -> str:
        """Führt `code` aus und gibt die Kennung der Anfrage zurück."""
        self._verteile_rueckpost()
        anfrage = self.session.msg(
            "execute_request",
            {
                "code": code,
                "silent": False,
                "store_history": store_history,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": stop_on_error,
            },
        )
        await self._kern.erledige(anfrage)
        # Angestoßene Nebenaufgaben dürfen zwischen zwei Zellen weiterlaufen.
        await asyncio.sleep(0)
        return str(anfrage["header"]["msg_id"])

    def kernel_info(self) -> str:
        """Fragt den Kern nach Sprache und Fassung."""
        anfrage = self.session.msg("kernel_info_request", {})
        self.session.send(
            None, "kernel_info_reply", self._kern.kernel_info, parent=anfrage
        )
        return str(anfrage["header"]["msg_id"])

    async def is_alive(self) -> bool:
        """Der Kern lebt, solange dieser Prozess lebt."""
        return True

    def _verteile_rueckpost(self) -> None:
        while self.shell_channel.rueckpost:
            nachricht = self.shell_channel.rueckpost.popleft()
            self._kern.set_parent([], nachricht, "shell")
            self._kern.comm_manager.comm_msg(None, None, nachricht | {"buffers": []})


@contextmanager
def sitzung() -> Iterator[Klient]:
    """Frischer Kern für ein Notebook; danach ist der Prozess wie vorher.

    Yields
    ------
    Klient
        Darüber führt nbclient die Zellen aus.

    Raises
    ------
    Lauffehler
        Wenn der Prozess selbst schon ein Notebook ausführt.
    """
    if get_ipython() is not None or Kern.initialized():
        raise Lauffehler(
            "Die warme Maschine läuft nicht innerhalb eines anderen Notebooks. "
            "Nehmen Sie quartierstools.lauf.fuehre_aus oder die Maschine „nbclient“."
        )
    with ExitStack() as stapel:
        stapel.enter_context(unveraendert())
        ordner = stapel.enter_context(
            tempfile.TemporaryDirectory(prefix="quartier-", ignore_cleanup_errors=True)
        )
        kern = _starte_kern(Path(ordner))
        stapel.callback(_beende_kern, kern)
        _leite_um(kern, Path(ordner), stapel)
        _richte_abbildungen_ein(kern)
        sys.path.insert(0, "")
        yield Klient(kern)


def _starte_kern(ordner: Path) -> LoserKern:
    # Sonst warnt der Debugger auf dem Fehlerausgang des Aufrufers.
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    einstellungen = Config()
    einstellungen.HistoryManager.enabled = False
    # Beim Laden bestimmt ipykernel, wer Kanäle zu Widgets öffnet; ein zuvor
    # geladenes Paket kann das geändert haben.
    comm.create_comm = ipkernel._create_comm  # noqa: SLF001
    comm.get_comm_manager = ipkernel._get_comm_manager  # noqa: SLF001
    kern: LoserKern = Kern.instance(
        config=einstellungen,
        log=logging.getLogger(__name__),
        session=Postfach(),
        profile_dir=ProfileDir(location=str(ordner)),
    )
    kern._execute_sleep = 0  # noqa: SLF001
    # Ohne Kernel-Anwendung findet die Shell ihren Kern nicht selbst.
    kern.shell.enable_gui = partial(eventloops.enable_gui, kernel=kern)
    return kern


def _beende_kern(kern: LoserKern) -> None:
    import atexit  # noqa: PLC0415

    shell = kern.shell
    shell.configurables.clear()
    atexit.unregister(shell.atexit_operations)
    with suppress(AttributeError):
        shell.restore_sys_module_state()
    kern.comm_manager.comms.clear()
    type(shell).clear_instance()
    Kern.clear_instance()


def _leite_um(kern: LoserKern, ordner: Path, stapel: ExitStack) -> None:
    for nummer, name in ((1, "stdout"), (2, "stderr")):
        getattr(sys, name).flush()
        umleitung = Umleitung(nummer, ordner)
        stapel.callback(umleitung.schliesse)
        setattr(sys, name, Strom(kern, name, umleitung))


def _richte_abbildungen_ein(kern: LoserKern) -> None:
    """Wählt die Zeichenfläche wie ein Jupyter-Kern, auch wenn pyplot schon da ist."""
    flaeche = os.environ.get("MPLBACKEND") or BILDER
    os.environ["MPLBACKEND"] = flaeche
    if "matplotlib" not in sys.modules:
        return
    import matplotlib as mpl  # noqa: PLC0415

    mpl.rcParams["backend"] = flaeche
    if flaeche == BILDER and "matplotlib.pyplot" in sys.modules:
        zeichnen: Any = importlib.import_module("IPython.core.pylabtools")
        inline: Any = importlib.import_module("matplotlib_inline.backend_inline")
        inline.InlineBackend.clear_instance()
        vars(inline.configure_inline_support).pop("current_backend", None)
        zeichnen.activate_matplotlib(flaeche)
        inline.configure_inline_support(kern.shell, flaeche)
