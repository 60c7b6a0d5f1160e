"""Der warme Prozess: lädt einmal, was alle Notebooks brauchen, und führt sie aus.

Er läuft als eigenes Programm und spricht mit dem Aufrufer in JSON-Zeilen über seine
Standardleitungen. Mit ``fork`` bekommt jedes Notebook ein frisch geforktes Kind; mit
``spawn`` führt der Prozess selbst eines nach dem anderen aus und räumt dazwischen auf.
"""

import atexit
import gc
import importlib
import json
import os
import queue
import random
import selectors
import shutil
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from quartierstools.fehler import Quartiersfehler
from quartierstools.lauf.aufraeumen import unveraendert
from quartierstools.lauf.grenze import grenzsatz
from quartierstools.lauf.reinschrift import (
    MITSCHRIFT,
    reinschrift,
    schreibe_mit,
    schreibe_notebook,
    wurzeln_dieses_prozesses,
)

Json = dict[str, Any]

NACHSEHEN = 15
"""So oft wird nach dem Ende der Leitung geprüft, ob der Aufrufer noch lebt."""

LAENGSTE_MELDUNG = 4000

AUFWAERMEN = """\
import sys
if "pandas" in sys.modules:
    import pandas
    display(pandas.DataFrame({"a": [1.5]}, index=["x"]))
if "matplotlib.pyplot" in sys.modules:
    from matplotlib import pyplot
    pyplot.plot([1, 2])
    pyplot.title("Äß 1")
"""


def haupt() -> None:
    """Liest den Startauftrag, wärmt auf und arbeitet, bis die Leitung endet."""
    leitung, aufrufer = _Leitung(), os.getppid()
    start = leitung.warte()
    if start is None:
        return
    try:
        waerme_auf(start["vorwaermen"], Path(start["ordner"]))
    except Exception as fehler:  # noqa: BLE001 - jede Ursache gehört in die Meldung
        leitung.sende({"startfehler": f"{type(fehler).__name__}: {fehler}"})
        return
    leitung.sende({"bereit": os.getpid()})

    def hinterlasse_nichts() -> None:
        # Lebt der Aufrufer noch, räumt er seine Werkstatt selbst auf.
        ordner = start["werkstatt" if _verwaist(aufrufer) else "ordner"]
        shutil.rmtree(ordner, ignore_errors=True)

    if start["verfahren"] == "fork":
        _Gabel(leitung).arbeite()
        hinterlasse_nichts()
    else:
        _arbeite_selbst(leitung, hinterlasse_nichts)


def _verwaist(aufrufer: int) -> bool:
    """Ob der Aufrufer gestorben ist.

    Ein Sterbender schließt seine Leitungen, kurz bevor seine Kinder einen neuen Vater
    bekommen; deshalb wird ein paarmal nachgesehen.
    """
    for _ in range(NACHSEHEN):
        if os.getppid() != aufrufer:
            return True
        time.sleep(0.02)
    return False


def waerme_auf(module: Sequence[str], ordner: Path) -> None:
    """Lädt `module` und führt zur Probe ein kleines Notebook aus.

    Parameters
    ----------
    module : Sequence of str
        Namen importierbarer Module.
    ordner : Path
        Für vorläufige Dateien; die Probe wird wieder entfernt.
    """
    # jsonschema prüfte damit Adressen, die in Notebooks nicht vorkommen; der Import
    # kostet rund eine Sekunde. None heißt für Python: nicht installiert.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    for name in ("numpy", "papermill", "quartierstools.lauf.ausfuehrung", *module):
        importlib.import_module(name)
    if sys.modules["rfc3987_syntax"] is None:
        del sys.modules["rfc3987_syntax"]
    probe = ordner / "probe"
    probe.mkdir(parents=True)
    quelle = probe / "probe.ipynb"
    zellen = [(AUFWAERMEN, []), ("1 / 0", ["raises-exception"])]
    quelle.write_text(json.dumps(_notebook(zellen)), encoding="utf-8")
    bearbeite(
        {
            "notebook": str(quelle),
            "ziel": str(probe / "fertig.ipynb"),
            "parameter": {"probe": 1},
            "umgebung": {},
            "ordner": str(probe),
            "privat": str(probe / "privat"),
            "marke": "0",
        }
    )
    shutil.rmtree(probe)
    gc.collect()
    gc.freeze()


def bearbeite(auftrag: Json) -> Json:
    """Führt ein Notebook in diesem Prozess aus und schreibt es an seinen Platz.

    Parameters
    ----------
    auftrag : dict
        ``notebook``, ``ziel``, ``ordner``, ``privat`` (eigener vorläufiger Ordner)
        als Pfade, ``parameter``, ``umgebung`` und ``marke``; dazu auf Wunsch
        ``speichergrenze`` in MB.

    Returns
    -------
    dict
        ``gelungen`` und ``meldung``; es wird nie ein Fehler ausgelöst.
    """
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    with unveraendert():
        try:
            _richte_ein(auftrag)
            _fuehre_aus(auftrag)
        except PapermillExecutionError as fehler:
            meldung = (
                f"Zelle [{fehler.exec_count}] bricht ab: {fehler.ename}: "
                f"{fehler.evalue}".removesuffix(": ")
            )
            if fehler.ename.endswith("MemoryError"):
                satz = grenzsatz(auftrag.get("speichergrenze"))
                meldung = f"Zelle [{fehler.exec_count}] bricht ab: {satz}"
        except MemoryError:
            meldung = grenzsatz(auftrag.get("speichergrenze"))
        except FileNotFoundError as fehler:
            meldung = f"„{fehler.filename}“ gibt es nicht."
        except Quartiersfehler as fehler:
            meldung = str(fehler)
        except Exception as fehler:  # noqa: BLE001 - ein Auftrag, eine Meldung
            meldung = f"Das Notebook lässt sich nicht ausführen: {fehler!r}"
        else:
            return {"gelungen": True, "meldung": ""}
    return {"gelungen": False, "meldung": meldung[:LAENGSTE_MELDUNG]}


def _richte_ein(auftrag: Json) -> None:
    privat = Path(auftrag["privat"])
    privat.mkdir(parents=True, exist_ok=True)
    os.environ.pop("MPLBACKEND", None)
    for name in ("TMPDIR", "TEMP", "TMP"):
        os.environ[name] = str(privat)
    tempfile.tempdir = None
    os.environ.update(auftrag["umgebung"])
    # Ohne Startwert soll ein Notebook trotzdem zweimal dasselbe zeigen.
    random.seed(0)
    import numpy as np  # noqa: PLC0415

    np.random.seed(0)  # noqa: NPY002


def _fuehre_aus(auftrag: Json) -> None:
    from papermill.execute import execute_notebook  # noqa: PLC0415

    quelle, ziel = Path(auftrag["notebook"]), Path(auftrag["ziel"])
    privat, ordner = Path(auftrag["privat"]), Path(auftrag["ordner"])
    roh = privat / "ausgefuehrt.ipynb"
    vorlage = json.loads(quelle.read_text(encoding="utf-8"))
    try:
        execute_notebook(
            _woertlich(quelle),
            _woertlich(roh),
            auftrag["parameter"],
            engine_name="quartier",
            kernel_name="python3",
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=str(ordner),
            mitschrift=partial(schreibe_mit, privat / MITSCHRIFT),
            speichergrenze=auftrag.get("speichergrenze"),
        )
    finally:
        if roh.exists():
            schreibe_notebook(
                reinschrift(
                    json.loads(roh.read_text(encoding="utf-8")),
                    kennungen={z["id"] for z in vorlage["cells"] if "id" in z},
                    wurzeln=wurzeln_dieses_prozesses(ordner),
                ),
                ziel,
                marke=auftrag["marke"],
            )
        tempfile.tempdir = None


def _woertlich(pfad: Path) -> str:
    """Pfad, in dem papermill keine Platzhalter findet."""
    return str(pfad).replace("{", "{{").replace("}", "}}")


def _notebook(zellen: Sequence[tuple[str, list[str]]]) -> Json:
    return {
        "cells": [
            {
                "cell_type": "code",
                "id": f"probe-{nummer}",
                "metadata": {"tags": marken},
                "source": quelltext,
                "outputs": [],
                "execution_count": None,
            }
            for nummer, (quelltext, marken) in enumerate(zellen)
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


class _Leitung:
    """Die beiden Standardleitungen, in Sicherheit gebracht vor den Notebooks."""

    def __init__(self) -> None:
        self.eingang = os.dup(0)
        self.ausgang = os.dup(1)
        leer = os.open(os.devnull, os.O_RDONLY)
        os.dup2(leer, 0)
        os.close(leer)
        os.dup2(2, 1)
        self._rest = b""
        self._zeilen: list[bytes] = []

    def sende(self, nachricht: Json) -> None:
        """Schreibt eine Zeile an den Aufrufer; ist er fort, endet der Prozess bald."""
        zeile = json.dumps(nachricht).encode() + b"\n"
        with suppress(BrokenPipeError):
            while zeile:
                zeile = zeile[os.write(self.ausgang, zeile) :]

    def lies(self) -> bool:
        """Liest, was da ist; falsch am Ende der Leitung."""
        stueck = os.read(self.eingang, 1 << 16)
        *neue, self._rest = (self._rest + stueck).split(b"\n")
        self._zeilen += neue
        return bool(stueck)

    def nachrichten(self) -> Iterator[Json]:
        """Alle vollständig gelesenen Nachrichten."""
        while self._zeilen:
            yield json.loads(self._zeilen.pop(0))

    def warte(self) -> Json | None:
        """Die nächste Nachricht; nichts am Ende der Leitung."""
        while not self._zeilen:
            if not self.lies():
                return None
        return next(self.nachrichten())

    def schliesse(self) -> None:
        """Gibt die Leitungen frei; gebraucht im geforkten Kind."""
        os.close(self.eingang)
        os.close(self.ausgang)


def _arbeite_selbst(leitung: _Leitung, am_ende: Callable[[], None]) -> NoReturn:
    auftraege: queue.SimpleQueue[Json] = queue.SimpleQueue()

    def lausche() -> None:
        while leitung.lies():
            for nachricht in leitung.nachrichten():
                auftraege.put(nachricht)
        # Der Aufrufer ist fort; auch ein hängendes Notebook hört nun auf.
        am_ende()
        os._exit(0)

    threading.Thread(target=lausche, daemon=True).start()
    while True:
        auftrag = auftraege.get()
        ergebnis = bearbeite(auftrag)
        gc.collect()
        leitung.sende(ergebnis | {"nummer": auftrag["nummer"], "spitze_mb": None})


class _Gabel:
    """Forkt je Auftrag ein Kind, sammelt Ergebnisse ein und bricht auf Wunsch ab."""

    def __init__(self, leitung: _Leitung) -> None:
        self._leitung = leitung
        self._kinder: dict[int, tuple[int, int]] = {}
        self._wecker, weckt = os.pipe()
        for ende in (self._wecker, weckt):
            os.set_blocking(ende, False)
        signal.set_wakeup_fd(weckt, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _nichts)

    def arbeite(self) -> None:
        """Nimmt Aufträge an, bis die Leitung endet; beendet dann alle Kinder."""
        with selectors.DefaultSelector() as waehler:
            waehler.register(self._leitung.eingang, selectors.EVENT_READ)
            waehler.register(self._wecker, selectors.EVENT_READ)
            offen = True
            while offen:
                bereit = {schluessel.fd for schluessel, _ in waehler.select()}
                if self._wecker in bereit:
                    with suppress(BlockingIOError):
                        os.read(self._wecker, 1 << 12)
                    self._sammle_ein()
                if self._leitung.eingang in bereit:
                    offen = self._leitung.lies()
                    for nachricht in self._leitung.nachrichten():
                        self._nimm_an(nachricht)
        for pid in self._kinder:
            _toete(pid)
        for pid in self._kinder:
            os.waitpid(pid, 0)

    def _nimm_an(self, nachricht: Json) -> None:
        if "abbruch" in nachricht:
            for pid, (nummer, _) in self._kinder.items():
                if nummer == nachricht["abbruch"]:
                    _toete(pid)
            return
        lesen, schreiben = os.pipe()
        vater = os.getpid()
        with warnings.catch_warnings():
            # Ab Python 3.12 warnt fork, sobald irgendein Faden läuft.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            os.close(lesen)
            self._lebe_als_kind(nachricht, schreiben, vater)
        os.close(schreiben)
        os.set_blocking(lesen, False)
        self._kinder[pid] = (nachricht["nummer"], lesen)

    def _lebe_als_kind(self, auftrag: Json, antwort: int, vater: int) -> NoReturn:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            _stirb_mit(vater)
            self._leitung.schliesse()
            os.write(antwort, json.dumps(bearbeite(auftrag)).encode())
            # Ein geforktes Kind darf nicht durch den Rest des Programms laufen, soll
            # aber aufräumen, was das Notebook für das Ende angemeldet hat.
            atexit._run_exitfuncs()  # noqa: SLF001
            code = 0
        finally:
            os._exit(code)

    def _sammle_ein(self) -> None:
        for pid, (nummer, lesen) in list(self._kinder.items()):
            fertig, status, verbrauch = os.wait4(pid, os.WNOHANG)
            if not fertig:
                continue
            # Auch was das Notebook selbst gestartet hat, endet mit ihm.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            del self._kinder[pid]
            try:
                text = os.read(lesen, 1 << 16)
            except BlockingIOError:
                text = b""
            os.close(lesen)
            je_mb = 1 << (20 if sys.platform == "darwin" else 10)
            ende = os.waitstatus_to_exitcode(status)
            ergebnis = json.loads(text) if text else {"ende": ende}
            self._leitung.sende(
                ergebnis | {"nummer": nummer, "spitze_mb": verbrauch.ru_maxrss / je_mb}
            )


def _nichts(_nummer: int, _rahmen: FrameType | None) -> None:
    """Das Signal soll nur den Weckruf auslösen."""


def _toete(pid: int) -> None:
    for beende in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            beende(pid, signal.SIGKILL)


def _stirb_mit(vater: int) -> None:
    """Bindet das Leben des Kindes an seinen Vater (nur Linux)."""
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415

    pr_set_pdeathsig = 1
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != vater:
        os._exit(1)
