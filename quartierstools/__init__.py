"""Vom Sozialraum zum passenden Angebot, mit Begründungen, die der Rat prüfen kann.

Die öffentlichen Namen werden erst beim ersten Gebrauch geladen; der Import selbst
kostet und ändert nichts.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quartierstools.analyse import Bedarfsindex, Dynamik, Typisierung
    from quartierstools.ausgabe.werkbank import oeffne
    from quartierstools.begruendung.vorlage import begruende

__all__ = ["Bedarfsindex", "Dynamik", "Typisierung", "begruende", "oeffne"]

__version__ = "0.1.0"

_HERKUNFT = {
    "Bedarfsindex": "quartierstools.analyse",
    "Dynamik": "quartierstools.analyse",
    "Typisierung": "quartierstools.analyse",
    "begruende": "quartierstools.begruendung.vorlage",
    "oeffne": "quartierstools.ausgabe.werkbank",
}

ZIMMER = (
    *("analyse", "angebote", "ausgabe", "auswertung", "begruendung", "darstellung"),
    *("eingang", "erkundung", "geheimhaltung", "katalog", "lauf", "nachpruefung"),
)
"""Ein Zimmer je Frage; siehe docs/architektur.md."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 – lädt beliebige Namen
    """Lädt einen öffentlichen Namen oder ein Zimmer beim ersten Gebrauch."""
    if name in ZIMMER:
        return import_module(f"quartierstools.{name}")
    if name not in _HERKUNFT:
        raise AttributeError(f"quartierstools hat keinen Namen {name!r}.")
    return getattr(import_module(_HERKUNFT[name]), name)


def __dir__() -> list[str]:
    """Die öffentlichen Namen und die Zimmer, nicht das Werkzeug darunter."""
    return [*__all__, *ZIMMER]
