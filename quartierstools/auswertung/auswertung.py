"""Was gehört zu einem Lauf zusammen? Freigabe, Bedarf, Typen – einmal gerechnet.

Die `Auswertung` rechnet jedes Ergebnis beim ersten Gebrauch. Mit einem
Speicherordner legt sie es dort ab, damit spätere Notebooks es nur noch lesen.
"""

import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self, TypeVar

from quartierstools.angebote.standorte import Standortwahl
from quartierstools.auswertung.angebotslage import Angebotslage, angebotslage
from quartierstools.auswertung.bedarf import Bedarf, bedarf
from quartierstools.auswertung.einstellung import Einstellung, angewandt
from quartierstools.auswertung.messung import Messung
from quartierstools.auswertung.standorte import standorte
from quartierstools.auswertung.szenario import Szenarioergebnis, rechne_szenario
from quartierstools.auswertung.typen import Typen, typen
from quartierstools.eingang import Datenstand, lies_datenstand
from quartierstools.geheimhaltung import Freigabe, gib_frei, musterordner
from quartierstools.katalog import Katalog, Projekt, Projektordner, finde_projekt

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Auswertung:
    """Ergebnisse eines Projekts unter einer Einstellung.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> auswertung = oeffne("bochum").auswertung
    >>> auswertung.projekt.stadt, len(auswertung.freigabe.gebiete)
    ('Bochum', 30)
    >>> auswertung.bedarf("langzeitarbeitslose").gueltig
    24
    """

    ort: str
    daten: Path
    einstellung: Einstellung
    speicher: Path | None = None

    @property
    def freigabe(self) -> Freigabe:
        """Freigegebene Werte."""
        return self._einmal("freigabe", self._gib_frei)

    @property
    def katalog(self) -> Katalog:
        """Katalog des Projekts."""
        return self.freigabe.katalog

    @property
    def projekt(self) -> Projekt:
        """Angaben zum Ort."""
        return self.freigabe.katalog.projekt

    def bedarf(self, zielgruppe: str) -> Bedarf | Messung:
        """Bedarf oder Potential einer Zielgruppe, oder warum nicht messbar."""
        gruppe = self.katalog.zielgruppe(zielgruppe)
        return self._einmal(
            f"bedarf-{gruppe.id}",
            lambda: bedarf(
                self.freigabe,
                gruppe,
                varianten=self.einstellung.varianten,
                startwert=self.einstellung.startwert,
            ),
        )

    def angebotslage(self, zielgruppe: str) -> Angebotslage:
        """Bestand, Lücke, Wege und Auswahl einer Zielgruppe."""
        gruppe = self.katalog.zielgruppe(zielgruppe)
        return self._einmal(
            f"angebotslage-{gruppe.id}",
            lambda: angebotslage(
                self.freigabe,
                gruppe,
                self.bedarf(gruppe.id),
                startwert=self.einstellung.startwert,
            ),
        )

    def standorte(self, zielgruppe: str) -> Standortwahl | None:
        """Vorschläge für neue Standorte; None ohne Kandidaten oder Fallzahlen."""
        gruppe = self.katalog.zielgruppe(zielgruppe)
        return self._einmal(
            f"standorte-{gruppe.id}",
            lambda: standorte(self.freigabe, self.angebotslage(gruppe.id)),
        )

    def szenarien(self, zielgruppe: str) -> tuple[Szenarioergebnis, ...]:
        """Ergebnisse der Szenarien aus dem Katalog des Projekts."""
        gruppe = self.katalog.zielgruppe(zielgruppe)
        einstellung = self.einstellung
        return self._einmal(
            f"szenarien-{gruppe.id}",
            lambda: tuple(
                rechne_szenario(
                    szenario,
                    self.freigabe,
                    self.bedarf(gruppe.id),
                    self.angebotslage(gruppe.id),
                    varianten=einstellung.varianten,
                    startwert=einstellung.startwert,
                )
                for _, szenario in sorted(self.katalog.szenarien.items())
                if szenario.zielgruppe == gruppe.id
            ),
        )

    def typen(self) -> Typen:
        """Gruppen ähnlicher Gebiete."""
        return self._einmal(
            "typen",
            lambda: typen(
                self.freigabe,
                anzahl=self.einstellung.anzahl_typen,
                verfahren=self.einstellung.verfahren,
                startwert=self.einstellung.startwert,
            ),
        )

    @classmethod
    def aus_freigabe(
        cls, freigabe: Freigabe, *, ordner: Projektordner, einstellung: Einstellung
    ) -> Self:
        """Auswertung, deren Freigabe schon gerechnet ist."""
        neu = cls(
            ort=ordner.wurzel.name, daten=ordner.wurzel.parent, einstellung=einstellung
        )
        _IM_PROZESS[neu._schluessel("freigabe")] = angewandt(freigabe, einstellung)
        return neu

    def lege_ab(self, speicher: Path) -> Self:
        """Dieselbe Auswertung, die ihre Ergebnisse in `speicher` ablegt und findet."""
        neu = replace(self, speicher=speicher)
        freigabe = self.freigabe
        neu._einmal("freigabe", lambda: freigabe)  # noqa: SLF001 – eigene Art
        return neu

    def _gib_frei(self) -> Freigabe:
        """Gibt mit dem eingefrorenen Muster des Projekts frei, wie der Lauf.

        In einem schreibgeschützten Projekt gilt das gerechnete Muster nur im
        Speicher; es ist dasselbe, das ein Lauf ablegen würde.
        """
        ordner = finde_projekt(self.ort, daten=self.daten)
        stand: Datenstand = lies_datenstand(ordner)
        freigabe = gib_frei(
            stand,
            self.einstellung.fassung,
            ordner=musterordner(stand),
            ablegen_noetig=False,
        )
        return angewandt(freigabe, self.einstellung)

    def _schluessel(self, name: str) -> tuple[object, ...]:
        return (self.ort, self.daten, self.einstellung, self.speicher, name)

    def _einmal(self, name: str, rechne: Callable[[], T]) -> T:
        speicher = self.speicher
        schluessel = self._schluessel(name)
        if schluessel not in _IM_PROZESS:
            ergebnis = (
                rechne()
                if speicher is None
                else _ueber_datei(speicher / f"{name}.pickle", rechne)
            )
            _IM_PROZESS[schluessel] = ergebnis
        return _IM_PROZESS[schluessel]  # type: ignore[return-value]


def _ueber_datei(datei: Path, rechne: Callable[[], T]) -> T:
    """Liest ein abgelegtes Ergebnis oder rechnet und legt es ab."""
    if not datei.is_file():
        datei.parent.mkdir(parents=True, exist_ok=True)
        daneben = datei.with_suffix(f".{os.getpid()}.teil")
        daneben.write_bytes(pickle.dumps(rechne(), protocol=pickle.HIGHEST_PROTOCOL))
        daneben.replace(datei)
    gelesen: T = pickle.loads(datei.read_bytes())  # noqa: S301 – eigene Ablage
    return gelesen


_IM_PROZESS: dict[tuple[object, ...], object] = {}
"""Ergebnisse, die dieser Prozess schon gerechnet oder gelesen hat."""
