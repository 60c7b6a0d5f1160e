"""Wo ist der Bedarf hoch, welche Gebiete ähneln sich, und wie sicher ist das?

Tabellen hinein, Tabellen heraus; das Gebiet bleibt der Index. Die Namen werden erst
beim ersten Gebrauch geladen, damit der Import nichts kostet.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quartierstools.analyse.bedarfsindex import Bedarfsindex
    from quartierstools.analyse.beitraege import beitragssatz, wasserfall
    from quartierstools.analyse.dynamik import Dynamik
    from quartierstools.analyse.gegenprobe import (
        Fokusprobe,
        Gegenprobe,
        vergleiche_mit_auswahl,
        vergleiche_mit_index,
    )
    from quartierstools.analyse.guete import stabilitaetswort
    from quartierstools.analyse.portraet import Typname, lies_typnamen, portraets
    from quartierstools.analyse.raum import Raumbefund, raumbefund
    from quartierstools.analyse.redundanz import Redundanz, redundanzen
    from quartierstools.analyse.sensitivitaet import Sensitivitaet, haltbarkeit
    from quartierstools.analyse.statusdynamik import StatusDynamik, statusmatrix
    from quartierstools.analyse.typisierung import Typisierung
    from quartierstools.analyse.unsicherheit import (
        intervalle,
        schrumpfe,
        wilson,
        wilson_differenz,
        zugsatz,
    )
    from quartierstools.analyse.warum import Kurzregel, kurzregel
    from quartierstools.analyse.wiedererkennung import (
        Wanderung,
        Wiedererkennung,
        gleiche_buchstaben,
        wanderung,
    )
    from quartierstools.analyse.wortwahl import beanstandungen
    from quartierstools.analyse.zeitreihe import (
        abschnitte,
        gebrochen,
        veraenderungssatz,
    )

__all__ = [
    "Bedarfsindex",
    "Dynamik",
    "Fokusprobe",
    "Gegenprobe",
    "Kurzregel",
    "Raumbefund",
    "Redundanz",
    "Sensitivitaet",
    "StatusDynamik",
    "Typisierung",
    "Typname",
    "Wanderung",
    "Wiedererkennung",
    "abschnitte",
    "beanstandungen",
    "beitragssatz",
    "gebrochen",
    "gleiche_buchstaben",
    "haltbarkeit",
    "intervalle",
    "kurzregel",
    "lies_typnamen",
    "portraets",
    "raumbefund",
    "redundanzen",
    "schrumpfe",
    "stabilitaetswort",
    "statusmatrix",
    "veraenderungssatz",
    "vergleiche_mit_auswahl",
    "vergleiche_mit_index",
    "wanderung",
    "wasserfall",
    "wilson",
    "wilson_differenz",
    "zugsatz",
]

_HERKUNFT = {
    "Bedarfsindex": "bedarfsindex",
    "Dynamik": "dynamik",
    "Fokusprobe": "gegenprobe",
    "Gegenprobe": "gegenprobe",
    "Kurzregel": "warum",
    "Raumbefund": "raum",
    "Redundanz": "redundanz",
    "Sensitivitaet": "sensitivitaet",
    "StatusDynamik": "statusdynamik",
    "Typisierung": "typisierung",
    "Typname": "portraet",
    "Wanderung": "wiedererkennung",
    "Wiedererkennung": "wiedererkennung",
    "abschnitte": "zeitreihe",
    "beanstandungen": "wortwahl",
    "beitragssatz": "beitraege",
    "gebrochen": "zeitreihe",
    "gleiche_buchstaben": "wiedererkennung",
    "haltbarkeit": "sensitivitaet",
    "intervalle": "unsicherheit",
    "kurzregel": "warum",
    "lies_typnamen": "portraet",
    "portraets": "portraet",
    "raumbefund": "raum",
    "redundanzen": "redundanz",
    "schrumpfe": "unsicherheit",
    "stabilitaetswort": "guete",
    "statusmatrix": "statusdynamik",
    "veraenderungssatz": "zeitreihe",
    "vergleiche_mit_auswahl": "gegenprobe",
    "vergleiche_mit_index": "gegenprobe",
    "wanderung": "wiedererkennung",
    "wasserfall": "beitraege",
    "wilson": "unsicherheit",
    "wilson_differenz": "unsicherheit",
    "zugsatz": "unsicherheit",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Lädt einen öffentlichen Namen beim ersten Gebrauch."""
    if name not in _HERKUNFT:
        raise AttributeError(f"{__name__!r} hat keinen Namen {name!r}.")
    return getattr(import_module(f"{__name__}.{_HERKUNFT[name]}"), name)


def __dir__() -> list[str]:
    """Die öffentlichen Namen."""
    return __all__
