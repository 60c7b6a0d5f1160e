"""Notebooks für die Messungen des Laufs."""

import json
from collections.abc import Sequence
from pathlib import Path


def notebook(ziel: Path, quelltexte: Sequence[tuple[str, str]]) -> Path:
    """Schreibt ein Notebook aus Paaren von Marke und Quelltext."""
    zellen = [
        {
            "cell_type": "code",
            "id": f"z{nummer}",
            "metadata": {"tags": [marke]} if marke else {},
            "source": text,
            "outputs": [],
            "execution_count": None,
        }
        for nummer, (marke, text) in enumerate(quelltexte)
    ]
    kern = {"name": "python3", "display_name": "Python 3", "language": "python"}
    inhalt = {
        "cells": zellen,
        "metadata": {"kernelspec": kern, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    ziel.write_text(json.dumps(inhalt), encoding="utf-8")
    return ziel
