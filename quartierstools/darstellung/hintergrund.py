"""Woher kommt ein Kartenhintergrund, und wer muss vorher zustimmen?

Vorgabe ist keiner: Stadtgrenze und Stadtbezirke stehen in der Datei. Ein fremder
Kacheldienst kommt nur auf ausdrückliche Wahl hinein und wird erst nach einem Klick
gefragt, weil dabei die IP-Adresse der Leserin an ihn geht.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from quartierstools.fehler import Ausgabefehler

PLATZHALTER = ("{z}", "{x}", "{y}")
WIRT = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kacheldienst:
    """Ein fremder Dienst für den Hintergrund, nur mit Zustimmung.

    Attributes
    ----------
    name : str
        Wie der Dienst im Knopf heißt.
    adresse : str
        ``https://…/{z}/{x}/{y}.png``.
    nachweis : str
        Quellenangabe, die der Dienst verlangt.

    Raises
    ------
    Ausgabefehler
        Wenn die Adresse kein ``https`` ist oder Platzhalter fehlen.

    Examples
    --------
    >>> Kacheldienst(name="Beispiel", nachweis="© Beispiel",
    ...              adresse="https://kacheln.example.org/{z}/{x}/{y}.png").wirt
    'https://kacheln.example.org'
    """

    name: str
    adresse: str
    nachweis: str

    def __post_init__(self) -> None:
        teile = urlsplit(self.adresse)
        fehlend = [p for p in PLATZHALTER if p not in self.adresse]
        sauber = teile.scheme == "https" and WIRT.fullmatch(teile.netloc)
        if fehlend or not sauber or not self.name or not self.nachweis:
            raise Ausgabefehler(
                f"Kacheldienst „{self.name}“: „{self.adresse}“ geht nicht. Erwartet "
                "werden Name, Nachweis und eine Adresse der Form "
                "https://wirt/{z}/{x}/{y}.png; ohne Dienst bleibt die Karte ganz."
            )

    @property
    def wirt(self) -> str:
        """Einzige fremde Adresse, welche die Inhaltsregel dann erlaubt."""
        return f"https://{urlsplit(self.adresse).netloc}"
