"""Hinterlässt einen Prozess so, wie er vor einem Notebook war."""

import asyncio
import builtins
import importlib
import locale
import logging
import os
import random
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any


@contextmanager
def unveraendert() -> Iterator[None]:
    """Merkt sich den Zustand des Prozesses und stellt ihn danach wieder her.

    Zurückgestellt werden Arbeitsordner, Umgebung, Pfade, Ausgänge, eingebaute Namen,
    Warnungen, Protokoll, Zufall, Signale, nachgeladene Module aus dem Arbeitsordner
    und die Einstellungen von matplotlib, pandas und numpy. Was ein Notebook *in*
    einem Paket verändert, bleibt verändert; dagegen hilft nur ein eigener Prozess.
    """
    with ExitStack() as stapel:
        stapel.enter_context(warnings.catch_warnings())
        for merke in (
            _ordner,
            _umgebung,
            _sys,
            _eingebaute,
            _module,
            _protokoll,
            _zufall,
            _signale,
            _landeseinstellung,
            _faeden,
            _matplotlib,
            _pandas,
            _numpy,
        ):
            stapel.callback(merke())
        yield


def _ordner() -> Callable[[], None]:
    vorher = Path.cwd()
    return lambda: os.chdir(vorher)


def _umgebung() -> Callable[[], None]:
    vorher = dict(os.environ)

    def stelle_zurueck() -> None:
        for name in os.environ.keys() - vorher.keys():
            del os.environ[name]
        os.environ.update(vorher)

    return stelle_zurueck


def _sys() -> Callable[[], None]:
    namen = [
        "stdout",
        "stderr",
        "stdin",
        "displayhook",
        "excepthook",
        "argv",
        "ps1",
        "ps2",
        "ps3",
    ]
    namen += ["last_type", "last_value", "last_traceback"]
    fehlt = object()
    vorher = {name: getattr(sys, name, fehlt) for name in namen}
    listen = {name: list(getattr(sys, name)) for name in ("path", "meta_path")}
    tiefe = sys.getrecursionlimit()

    def stelle_zurueck() -> None:
        for name, wert in vorher.items():
            if wert is not fehlt:
                setattr(sys, name, wert)
            elif hasattr(sys, name):
                delattr(sys, name)
        for name, liste in listen.items():
            getattr(sys, name)[:] = liste
        sys.setrecursionlimit(tiefe)
        importlib.invalidate_caches()

    return stelle_zurueck


def _eingebaute() -> Callable[[], None]:
    vorher = dict(vars(builtins))

    def stelle_zurueck() -> None:
        for name in vars(builtins).keys() - vorher.keys():
            delattr(builtins, name)
        vars(builtins).update(vorher)

    return stelle_zurueck


def _module() -> Callable[[], None]:
    vorher = dict(sys.modules)
    dauerhaft = {str(Path(p).resolve()) for p in sys.path if p}

    def aus_dem_ordner(modul: object) -> bool:
        datei = getattr(modul, "__file__", None)
        if not datei:
            return False
        orte = {str(ort) for ort in Path(datei).resolve().parents}
        return not orte & dauerhaft

    def stelle_zurueck() -> None:
        for name in sys.modules.keys() - vorher.keys():
            if aus_dem_ordner(sys.modules[name]):
                del sys.modules[name]
        sys.modules["__main__"] = vorher["__main__"]

    return stelle_zurueck


def _protokoll() -> Callable[[], None]:
    wurzel = logging.getLogger()
    vorher = (wurzel.level, list(wurzel.handlers), logging.root.manager.disable)

    def stelle_zurueck() -> None:
        for melder in set(wurzel.handlers) - set(vorher[1]):
            melder.close()
        wurzel.handlers[:] = vorher[1]
        wurzel.setLevel(vorher[0])
        logging.disable(vorher[2])

    return stelle_zurueck


def _zufall() -> Callable[[], None]:
    vorher = random.getstate()
    return lambda: random.setstate(vorher)


def _signale() -> Callable[[], None]:
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    vorher = {s: signal.getsignal(s) for s in signal.valid_signals()}

    def stelle_zurueck() -> None:
        for nummer, behandlung in vorher.items():
            geaendert = signal.getsignal(nummer) is not behandlung
            if behandlung is not None and geaendert:
                with suppress(OSError, ValueError):
                    signal.signal(nummer, behandlung)

    return stelle_zurueck


def _landeseinstellung() -> Callable[[], None]:
    vorher = locale.setlocale(locale.LC_ALL)
    return lambda: (locale.setlocale(locale.LC_ALL, vorher), None)[1]


def _faeden() -> Callable[[], None]:
    """Die Ereignisschleife des Notebooks ist danach nicht mehr die des Prozesses."""

    def stelle_zurueck() -> None:
        with suppress(RuntimeError):
            asyncio.set_event_loop(None)

    return stelle_zurueck


def _matplotlib() -> Callable[[], None]:
    mpl: Any = sys.modules.get("matplotlib")
    vorher = dict.copy(mpl.rcParams) if mpl else None

    def stelle_zurueck() -> None:
        mpl = sys.modules.get("matplotlib")
        if mpl is None:
            return
        pyplot: Any = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            pyplot.close("all")
        werte = mpl.rcParamsDefault if vorher is None else vorher
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dict.update(mpl.rcParams, werte)

    return stelle_zurueck


def _pandas() -> Callable[[], None]:
    einstellungen: Any = sys.modules.get("pandas._config.config")
    if einstellungen is None:
        return _pandas_frisch
    from copy import deepcopy  # noqa: PLC0415

    vorher = deepcopy(einstellungen._global_config)  # noqa: SLF001

    def stelle_zurueck() -> None:
        einstellungen._global_config.clear()  # noqa: SLF001
        einstellungen._global_config.update(vorher)  # noqa: SLF001

    return stelle_zurueck


def _pandas_frisch() -> None:
    pandas: Any = sys.modules.get("pandas")
    if pandas is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pandas.reset_option("all")


def _numpy() -> Callable[[], None]:
    numpy: Any = sys.modules.get("numpy")
    if numpy is None:
        return lambda: None
    druck, fehler = numpy.get_printoptions(), numpy.geterr()
    zufall = numpy.random.get_state()

    def stelle_zurueck() -> None:
        druck.pop("override_repr", None)
        numpy.set_printoptions(**druck)
        numpy.seterr(**fehler)
        numpy.random.set_state(zufall)

    return stelle_zurueck
