"""Notebooks für die Tests: aus Text gebaut, damit man sie lesen und prüfen kann."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

VORLAGEN = Path(__file__).parent / "notebooks"


def als_notebook(*zellen: str | tuple[str, str]) -> dict:
    """Notebook aus Quelltexten; ein Paar ist (Tag, Quelltext)."""
    fertig = []
    for nummer, zelle in enumerate(zellen):
        marke, quelltext = zelle if isinstance(zelle, tuple) else ("", zelle)
        text = marke == "markdown"
        eintrag = {
            "cell_type": "markdown" if text else "code",
            "id": f"z{nummer}",
            "metadata": {"tags": [marke]} if marke and not text else {},
            "source": quelltext,
        }
        if not text:
            eintrag |= {"outputs": [], "execution_count": None}
        fertig.append(eintrag)
    kern = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "cells": fertig,
        "metadata": {"kernelspec": kern, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def lies_vorlage(name: str) -> dict:
    """Notebook aus `notebooks/<name>.txt`; Zellen beginnen mit „# %% Tag“."""
    text = (VORLAGEN / f"{name}.txt").read_text(encoding="utf-8")
    zellen = []
    for stueck in text.split("# %%")[1:]:
        marke, _, quelltext = stueck.partition("\n")
        zellen.append((marke.strip(), quelltext.rstrip("\n")))
    return als_notebook(*zellen)


@pytest.fixture
def notebook(tmp_path) -> Callable[..., Path]:
    """Schreibt ein Notebook aus Quelltexten und gibt seinen Pfad."""

    def schreibe(*zellen, name="vorlage"):
        pfad = tmp_path / f"{name}.ipynb"
        pfad.write_text(json.dumps(als_notebook(*zellen)), encoding="utf-8")
        return pfad

    return schreibe


def ausgaben(pfad: Path) -> str:
    """Alles, was die Zellen eines ausgeführten Notebooks zeigen, als Text."""
    teile = []
    for zelle in json.loads(pfad.read_text(encoding="utf-8"))["cells"]:
        for ausgabe in zelle.get("outputs", []):
            text = ausgabe.get("text") or ausgabe.get("data", {}).get("text/plain", "")
            teile.append("".join(text or ausgabe.get("evalue", "")))
    return "\n".join(teil.rstrip("\n") for teil in teile)
