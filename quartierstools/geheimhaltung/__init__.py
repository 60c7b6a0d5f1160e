"""Was darf hinaus? Sperren, freigeben, fertige Dateien durchsehen."""

from quartierstools.geheimhaltung.ablage import musterordner
from quartierstools.geheimhaltung.freigabe import (
    FASSUNG_TEXT,
    Fassung,
    Freigabe,
    Zelle,
    pruefe_fassung,
)
from quartierstools.geheimhaltung.freigeben import gib_frei

__all__ = [
    "FASSUNG_TEXT",
    "Fassung",
    "Freigabe",
    "Zelle",
    "gib_frei",
    "musterordner",
    "pruefe_fassung",
]


def __dir__() -> list[str]:
    """Was das Zimmer anbietet."""
    return __all__
