"""Womit wird erkundet? JupyterLab für die Planung, eine Tafel für die Runde."""

import os
import sys
from pathlib import Path

VORLAGEN = Path(__file__).parent / "vorlagen" / "jupyter"
"""Suchpfad für Jupyter: enthält die Vorlage der Tafel ohne fremde Adressen."""

EINSTELLUNGEN = Path(__file__).parent / "vorlagen" / "jupyter_config"
"""Vorgaben für JupyterLab: deutsch, Startseite gesetzt, nichts aus dem Netz."""

ERKUNDUNG = Path("notebooks", "00_erkundung.ipynb")
STARTSEITE = "notebooks/start.md"


def laborbefehl(wurzel: Path, *, browser: bool = True, anschluss: int = 0) -> list[str]:
    """Befehl, der JupyterLab mit der Startseite öffnet.

    Parameters
    ----------
    wurzel : Path
        Das Haus; JupyterLab sieht nur diesen Ordner.
    browser : bool, default=True
        Ob sich der Browser öffnet.
    anschluss : int, default=0
        Portnummer; 0: eine freie.

    Examples
    --------
    >>> laborbefehl(Path("haus"))[-1]
    '--ServerApp.ip=127.0.0.1'
    """
    befehl = [sys.executable, "-m", "jupyterlab", "--notebook-dir", str(wurzel)]
    befehl += [
        f"--LabApp.default_url=/lab/tree/{STARTSEITE}",
        # Weder Nachrichten noch Erweiterungen aus dem Netz.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # etwa in einem Container
        befehl.append("--allow-root")
    return [*befehl, *_server(browser=browser, anschluss=anschluss, art="ServerApp")]


def tafelbefehl(wurzel: Path, *, browser: bool = True, anschluss: int = 0) -> list[str]:
    """Befehl, der die Erkundung als Tafel im Browser zeigt, ohne Quelltext.

    Nur dieser Rechner erreicht die Tafel.

    Examples
    --------
    >>> tafelbefehl(Path("haus"))[4:5]
    ['--template=quartier']
    """
    befehl = [sys.executable, "-m", "voila", str(wurzel / ERKUNDUNG)]
    befehl += ["--template=quartier", "--strip_sources=True"]
    # Rechnet niemand mehr mit einer geschlossenen Seite, endet ihr Kern.
    befehl += [
        "--MappingKernelManager.cull_idle_timeout=600",
        "--MappingKernelManager.cull_interval=60",
    ]
    return [*befehl, *_server(browser=browser, anschluss=anschluss, art="Voila")]


def _server(*, browser: bool, anschluss: int, art: str) -> list[str]:
    schalter = [] if browser else ["--no-browser"]
    port = [f"--port={anschluss}"] if anschluss else []
    return [*schalter, *port, f"--{art}.ip=127.0.0.1"]


def umgebung() -> dict[str, str]:
    """Umgebung beider Befehle: findet die Vorlage, rechnet ruhig."""
    return {
        **os.environ,
        "JUPYTER_PATH": _davor(VORLAGEN, "JUPYTER_PATH"),
        "JUPYTER_CONFIG_PATH": _davor(EINSTELLUNGEN, "JUPYTER_CONFIG_PATH"),
        "OMP_NUM_THREADS": "1",
    }


def _davor(pfad: Path, name: str) -> str:
    """Suchpfad aus der Umgebung mit einem Ordner davor."""
    vorher = os.environ.get(name, "")
    return os.pathsep.join(teil for teil in (str(pfad), vorher) if teil)
