"""Wo gibt es das schon? Das ähnlichste Gebiet, in dem ein Angebot vorhanden ist."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Zwilling:
    """Ähnlichstes Gebiet mit Angebot zu einem Gebiet ohne.

    Attributes
    ----------
    gebiet, zwilling : str
        Schlüssel.
    abstand : float
        Mittlere Abweichung der gemeinsamen Indikatoren in Standardabweichungen.
    indikatoren : tuple of str
        Indikatoren, die in beiden Gebieten vorliegen.
    angebote : tuple of str
        Geprüfte Angebote der Zielgruppe im Zwilling.
    seit : date or None
        Frühester bekannter Beginn.
    weitere : tuple of str
        Die nächstähnlichen Gebiete mit Angebot.
    satz : str
        Dasselbe als Satz; sagt, dass Ähnlichkeit keine Wirkung belegt.
    """

    gebiet: str
    zwilling: str
    abstand: float
    indikatoren: tuple[str, ...]
    angebote: tuple[str, ...]
    seit: date | None
    weitere: tuple[str, ...]
    satz: str
