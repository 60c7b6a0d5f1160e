"""Welche Zählungen hängen zusammen? Partitionen aus dem Katalog lesen."""

from quartierstools.fehler import Befund, Datenfehler, meinten_sie
from quartierstools.katalog import Katalog, Projektordner
from quartierstools.katalog.eintrag import lies_eintraege
from quartierstools.katalog.orte import STANDARD
from quartierstools.katalog.regelmodelle import Partition

NAME = "partitionen"
ENDUNGEN = (".zaehler", ".nenner")


def lade_partitionen(
    katalog: Katalog, ordner: Projektordner | None = None
) -> tuple[Partition, ...]:
    """Partitionen des Standards, ergänzt um die des Projekts.

    Parameters
    ----------
    katalog : Katalog
        Kennt die Indikatoren.
    ordner : Projektordner, default=None
        Ohne Angabe gilt nur der Standard.

    Returns
    -------
    tuple of Partition
        Nach Kennung sortiert.

    Raises
    ------
    Datenfehler
        Wenn eine Zählung keinen Indikator des Katalogs nennt.
    """
    eintraege = lies_eintraege(Partition, STANDARD / f"{NAME}.yaml")
    if ordner is not None and ordner.katalog(NAME).is_file():
        eintraege |= lies_eintraege(Partition, ordner.katalog(NAME))
    befunde = [befund for p in eintraege.values() for befund in _verweise(p, katalog)]
    if befunde:
        raise Datenfehler(f"{NAME}.yaml", befunde)
    return tuple(eintraege[kennung] for kennung in sorted(eintraege))


def _verweise(partition: Partition, katalog: Katalog) -> list[Befund]:
    befunde = []
    for name in (partition.ganzes, *partition.teile):
        indikator, punkt, endung = name.partition(".")
        soll_punkt = partition.art != "differenz"
        if bool(punkt) != soll_punkt or (punkt and f".{endung}" not in ENDUNGEN):
            erwartet = "B01.zaehler oder B01.nenner" if soll_punkt else "B01"
            befunde.append(
                Befund(
                    ort=f"{NAME}.yaml, {partition.id}",
                    was=f"„{name}“ ist keine Zählung.",
                    erwartet=erwartet,
                )
            )
        elif indikator not in katalog.indikatoren:
            befunde.append(
                Befund(
                    ort=f"{NAME}.yaml, {partition.id}",
                    was=f"„{indikator}“ kennt der Katalog nicht."
                    f"{meinten_sie(indikator, list(katalog.indikatoren))}",
                    rat="Schreibweise prüfen oder Indikator ergänzen.",
                )
            )
    return befunde
