"""Womit wurde gerechnet? Messung, Gewichte und Gruppenmerkmale eines Laufs.

Steht im Manifest, damit ein Vergleich zweier Läufe eine geänderte Methode benennt
und nicht nur eine geänderte Datei.
"""

from collections.abc import Mapping

from quartierstools.auswertung.auswertung import Auswertung
from quartierstools.auswertung.einstellung import gewichte_von
from quartierstools.auswertung.messung import messung


def methodenblatt(auswertung: Auswertung) -> dict[str, dict[str, object]]:
    """Je Zielgruppe die Messung mit Gewichten; dazu Merkmale und Verfahren der Gruppen.

    Returns
    -------
    dict
        ``zielgruppen``: Bezeichnung → ``art`` und ``gewichte`` (Kennung und Name des
        Indikators → Gewicht); ``gruppen``: ``verfahren`` und ``merkmale``.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> blatt = methodenblatt(oeffne("bochum").auswertung)
    >>> blatt["zielgruppen"]["Langzeitarbeitslose"]
    {'art': 'Näherung', 'gewichte': {'B01 Arbeitslosenanteil': 1.0}}
    """
    katalog = auswertung.katalog
    gruppen: dict[str, object] = {}
    for kennung in auswertung.projekt.zielgruppen:
        gruppe = katalog.zielgruppen[kennung]
        gemessen = messung(auswertung.freigabe, gruppe)
        gewichte = gewichte_von(gruppe)
        gruppen[gruppe.bezeichnung] = {
            "art": gemessen.art,
            "gewichte": {
                f"{i} {katalog.indikatoren[i].bezeichnung}": gewichte.get(i, 1.0)
                for i in gemessen.indikatoren
            },
        }
    merkmale = auswertung.projekt.typen.indikatoren
    return {
        "zielgruppen": gruppen,
        "gruppen": {
            "verfahren": auswertung.einstellung.verfahren,
            "merkmale": [f"{i} {katalog.indikatoren[i].bezeichnung}" for i in merkmale],
        },
    }


def messweise(eintrag: Mapping[str, object]) -> str:
    """Messung und Gewichte einer Zielgruppe in Worten.

    Examples
    --------
    >>> messweise({"art": "direkt", "gewichte": {"B01 A": 1.0, "Z01 B": 2.5}})
    'direkt mit B01 A (Gewicht 1), Z01 B (Gewicht 2,5)'
    >>> messweise({"art": "nicht messbar", "gewichte": {}})
    'nicht messbar'
    """
    gewichte = eintrag["gewichte"]
    if not isinstance(gewichte, Mapping) or not gewichte:
        return str(eintrag["art"])
    teile = [
        f"{name} (Gewicht {f'{float(gewicht):g}'.replace('.', ',')})"
        for name, gewicht in sorted(gewichte.items())
    ]
    return f"{eintrag['art']} mit {', '.join(teile)}"
