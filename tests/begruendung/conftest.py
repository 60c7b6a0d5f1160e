"""Auswertungen aller Orte mit Vorhaben, auch der großen."""

import pytest
from hausmittel import WURZEL

from quartierstools.auswertung import Auswertung, Einstellung


@pytest.fixture(scope="session")
def auswertungen_alle(auswertungen):
    """Bochum, Musterstadt und Berlin."""
    berlin = Auswertung(ort="berlin", daten=WURZEL / "daten", einstellung=Einstellung())
    return {**auswertungen, "berlin": berlin}
