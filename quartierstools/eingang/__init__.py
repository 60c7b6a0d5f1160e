"""Was liegt vor? Lieferungen lesen, deuten, prüfen."""

from quartierstools.eingang.datenstand import Datenstand, lies_datenstand, pruefsummen

__all__ = ["Datenstand", "lies_datenstand", "pruefsummen"]


def __dir__() -> list[str]:
    """Was das Zimmer anbietet."""
    return __all__
