"""Wie läuft es von selbst? Parameter prüfen, Notebooks ausführen, nichts verlieren."""

from quartierstools.lauf.auftrag import Auftrag, Ergebnis
from quartierstools.lauf.parameter import Parameter, lies_parameter, pruefe_parameter
from quartierstools.lauf.werkstatt import Werkstatt, fuehre_aus

__all__ = [
    "Auftrag",
    "Ergebnis",
    "Parameter",
    "Werkstatt",
    "fuehre_aus",
    "lies_parameter",
    "pruefe_parameter",
]


def __dir__() -> list[str]:
    """Was das Zimmer anbietet."""
    return __all__
