"""Wer rechnet? Dieser Rechner oder ein Cluster, mit demselben Plan."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from quartierstools.auswertung import Auswertung
from quartierstools.fehler import Aufruffehler, meinten_sie
from quartierstools.lauf.auftrag import Auftrag, Ergebnis
from quartierstools.lauf.vorbereitung import MOTOREN, Auftraggeber
from quartierstools.lauf.werkstatt import VORWAERMEN, Werkstatt

WARM = (
    *VORWAERMEN,
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "pyarrow.pandas_compat",
    "typst",
    "quartierstools.ausgabe.werkbank",
    "quartierstools.ausgabe.steckbrief",
    "quartierstools.ausgabe.html",
    "quartierstools.ausgabe.pdf",
    "quartierstools.ausgabe.steckbriefband",
    "quartierstools.analyse.bedarfsindex",
    "quartierstools.analyse.typisierung",
    "quartierstools.analyse.sensitivitaet",
)
"""Module, die der warme Prozess einmal lädt."""


class Motor(Protocol):
    """Führt Aufträge aus und gibt ihre Ergebnisse in deren Reihenfolge."""

    def rechne_vor(self, auswertung: Auswertung) -> None:
        """Rechnet Teures, das alle Notebooks brauchen, wenn es sich vorab lohnt."""

    def fuehre_aus(
        self,
        auftraege: Sequence[Auftrag],
        *,
        beginn: Callable[[Auftrag], None],
        melde: Callable[[Ergebnis], None],
    ) -> list[Ergebnis]:
        """Führt alle aus; `beginn` und `melde` hören den Fortschritt."""


class Lokal:
    """Motor auf diesem Rechner: die warme Werkstatt mit ihren Grenzen."""

    def __init__(
        self, werkstatt: Werkstatt, zeitgrenze: float | None, speichergrenze: int | None
    ) -> None:
        self._werkstatt = werkstatt
        self._zeitgrenze = zeitgrenze
        self._speichergrenze = speichergrenze

    def rechne_vor(self, auswertung: Auswertung) -> None:
        """Nichts: Das erste Notebook rechnet und legt für alle ab."""

    def fuehre_aus(
        self,
        auftraege: Sequence[Auftrag],
        *,
        beginn: Callable[[Auftrag], None],
        melde: Callable[[Ergebnis], None],
    ) -> list[Ergebnis]:
        """Siehe `Motor`."""
        return self._werkstatt.fuehre_aus(
            auftraege,
            beginn=beginn,
            melde=melde,
            zeitgrenze=self._zeitgrenze,
            speichergrenze=self._speichergrenze,
        )


@contextmanager
def waehle_motor(auftraggeber: Auftraggeber) -> Iterator[Motor]:
    """Der gewählte Motor; er wärmt schon auf, während noch geplant wird.

    Raises
    ------
    Aufruffehler
        Wenn es den Motor nicht gibt, etwas zu ihm fehlt oder er nicht antwortet.
    """
    name = auftraggeber.motor
    if name not in MOTOREN:
        raise Aufruffehler(
            f"Den Motor „{name}“ gibt es nicht.{meinten_sie(name, MOTOREN)} "
            f"Erlaubt: {' oder '.join(MOTOREN)}."
        )
    zeitgrenze = auftraggeber.zeitgrenze or None
    speichergrenze = auftraggeber.speichergrenze or None
    if name == "dask":
        from quartierstools.lauf.cluster import Cluster  # noqa: PLC0415

        with Cluster(
            auftraggeber.scheduler,
            ablage=auftraggeber.ablage,
            zeitgrenze=zeitgrenze,
            speichergrenze=speichergrenze,
        ) as cluster:
            yield cluster
        return
    if auftraggeber.scheduler or auftraggeber.ablage:
        raise Aufruffehler("--scheduler und --ablage gehören zu --motor dask.")
    with Werkstatt(arbeiter=auftraggeber.arbeiter, vorwaermen=WARM) as werkstatt:
        yield Lokal(werkstatt, zeitgrenze, speichergrenze)
