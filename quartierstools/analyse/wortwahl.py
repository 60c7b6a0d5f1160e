"""Welche Wörter gehören nicht in einen Typnamen? Liste gegen Stigmatisierung."""

from __future__ import annotations

from functools import cache


@cache
def wortliste() -> dict[str, str]:
    """Wortstamm → was stattdessen zu schreiben ist; aus dem Katalog."""
    from quartierstools.katalog.eintrag import lies_eintraege  # noqa: PLC0415
    from quartierstools.katalog.modelle import Wortwahl  # noqa: PLC0415
    from quartierstools.katalog.orte import STANDARD  # noqa: PLC0415

    return dict(
        lies_eintraege(Wortwahl, STANDARD / "wortwahl.yaml")["standard"].verboten
    )


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
        if stamm.casefold() in klein
    ]
