"""Welche Wörter gehören nicht in einen Typnamen? Liste gegen Stigmatisierung."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

LISTE = "woerter.yaml"


@cache
def wortliste() -> dict[str, str]:
    """Wortstamm → was stattdessen zu schreiben ist."""
    import yaml  # noqa: PLC0415

    text = files("quartierstools.analyse").joinpath(LISTE).read_text(encoding="utf-8")
    return {e["stamm"]: e["stattdessen"] for e in yaml.safe_load(text)}


def beanstandungen(text: str) -> list[str]:
    """Ein Satz je beanstandetem Wort; leer, wenn nichts zu beanstanden ist.

    Examples
    --------
    >>> beanstandungen("Sozialer Brennpunkt")
    ['„brennpunkt“ vermeiden: Gebiet mit erhöhtem Unterstützungsbedarf.']
    >>> beanstandungen("Arbeitslosenanteil über dem Mittel")
    []
    """
    klein = text.casefold()
    return [
        f"„{stamm}“ vermeiden: {rat}."
        for stamm, rat in wortliste().items()
        if stamm in klein
    ]
