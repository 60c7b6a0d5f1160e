"""Was gibt es, was fehlt? Bestand der Angebote und Lücken je Zielgruppe."""

from quartierstools.angebote.luecke import (
    Kategorie,
    Luecke,
    angebote_fuer,
    lage,
    luecke,
)

__all__ = ["Kategorie", "Luecke", "angebote_fuer", "lage", "luecke"]


def __dir__() -> list[str]:
    """Was das Zimmer anbietet."""
    return __all__
