"""Nimmt aus einem ausgeführten Notebook, was nicht in die Öffentlichkeit gehört."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from quartierstools.ausgabe import packen

Json = dict[str, Any]


def ohne_quelltext(datei: Path) -> None:
    """Entfernt Programmtext und Aufrufketten; Texte, Ergebnisse und Meldung bleiben.

    Parameters
    ----------
    datei : Path
        Ausgeführtes Notebook; fehlt es oder ist es unlesbar, geschieht nichts.
    """
    with suppress(FileNotFoundError, ValueError):
        notebook = json.loads(datei.read_text(encoding="utf-8"))
        text = json.dumps(
            bereinigt(notebook), ensure_ascii=False, indent=1, sort_keys=True
        )
        packen.schreibe(datei, text + "\n")


def bereinigt(notebook: Json) -> Json:
    """Notebook ohne Programmtext und Aufrufketten.

    Examples
    --------
    >>> zelle = {"cell_type": "code", "source": "1 / 0", "metadata": {}, "outputs": [
    ...     {"output_type": "error", "ename": "E", "evalue": "x", "traceback": ["1"]}]}
    >>> sauber = bereinigt({"cells": [zelle]})["cells"][0]
    >>> sauber["source"], sauber["outputs"][0]["traceback"]
    ('', ['E: x'])
    """
    zellen = [
        _bereinigt(zelle) if zelle.get("cell_type") == "code" else zelle
        for zelle in notebook.get("cells", [])
    ]
    return {**notebook, "cells": zellen}


def _bereinigt(zelle: Json) -> Json:
    ausgaben = [
        {**a, "traceback": [f"{a.get('ename', '')}: {a.get('evalue', '')}"]}
        if a.get("output_type") == "error"
        else a
        for a in zelle.get("outputs", [])
    ]
    return {**zelle, "source": "", "outputs": ausgaben}
