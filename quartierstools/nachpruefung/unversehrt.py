"""Sind die Dateien eines Laufs noch die, die er schrieb? Vergleich der Prüfsummen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from quartierstools.ausgabe.manifest import MANIFEST, sha256
from quartierstools.fehler import systemgrund
from quartierstools.schreibweise import mehrzahl, zahl_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateivergleich:
    """Dateien eines Ordners gegen die Prüfsummen seines Manifests.

    Attributes
    ----------
    genannt : int
        So viele Dateien nennt das Manifest.
    fehlend, geaendert, zusaetzlich : tuple of str
        Namen im Ordner, sortiert.
    unlesbar : tuple of tuple
        Name und Grund.
    verborgen : tuple of str
        Zusätzliche verborgene Dateien; sie sind nur einen Hinweis wert.
    """

    genannt: int
    fehlend: tuple[str, ...] = ()
    geaendert: tuple[str, ...] = ()
    zusaetzlich: tuple[str, ...] = ()
    unlesbar: tuple[tuple[str, str], ...] = ()
    verborgen: tuple[str, ...] = ()

    @property
    def funde(self) -> tuple[str, ...]:
        """Je Abweichung ein Satz."""
        return (
            *(
                f"{n}: fehlt; der Lauf hatte diese Datei geschrieben."
                for n in self.fehlend
            ),
            *(
                f"{n}: wurde nach dem Lauf geändert; seine Zahlen sind nicht mehr die "
                "des Laufs."
                for n in self.geaendert
            ),
            *(f"{n}: lässt sich nicht lesen ({g})." for n, g in self.unlesbar),
            *(
                f"{n}: stammt nicht aus dem Lauf; ihre Zahlen hat er nicht belegt."
                for n in self.zusaetzlich
            ),
        )

    @property
    def hinweise(self) -> tuple[str, ...]:
        """Je verborgener Datei ein Satz."""
        return tuple(
            f"Hinweis: {n} ist verborgen und stammt nicht aus dem Lauf."
            for n in self.verborgen
        )

    @property
    def unveraendert(self) -> int:
        """So viele Dateien haben noch ihre Prüfsumme."""
        return self.genannt - sum(
            map(len, (self.fehlend, self.geaendert, self.unlesbar))
        )

    @property
    def satz(self) -> str:
        """Wie viele Dateien unverändert sind.

        Examples
        --------
        >>> Dateivergleich(genannt=3, fehlend=("karte.html",)).satz
        '2 von 3 Dateien nach Prüfsumme unverändert'
        """
        alle = mehrzahl(self.genannt, "Datei", "Dateien")
        return f"{zahl_text(self.unveraendert)} von {alle} nach Prüfsumme unverändert"

    def als_eintrag(self) -> dict[str, Any]:
        """Für ``--json``."""
        return {
            "genannt": self.genannt,
            "unveraendert": self.unveraendert,
            "fehlend": list(self.fehlend),
            "geaendert": list(self.geaendert),
            "unlesbar": dict(self.unlesbar),
            "zusaetzlich": [*self.zusaetzlich, *self.verborgen],
        }


def vergleiche_dateien(ordner: Path, ausgaben: Mapping[str, str]) -> Dateivergleich:
    """Vergleicht einen Laufordner mit den Prüfsummen seines Manifests.

    Parameters
    ----------
    ordner : Path
        Ordner des Laufs.
    ausgaben : Mapping
        Name im Ordner und SHA-256, der Block ``ausgaben`` des Manifests.
    """
    vorhanden = {
        datei.relative_to(ordner).as_posix()
        for datei in ordner.rglob("*")
        if datei.is_file()
    }
    geaendert, unlesbar = [], []
    for name in sorted(ausgaben.keys() & vorhanden):
        try:
            if sha256(ordner / name) != ausgaben[name]:
                geaendert.append(name)
        except OSError as fehler:
            unlesbar.append((name, systemgrund(fehler)))
    dazu = sorted(vorhanden - ausgaben.keys() - {MANIFEST})
    verborgen = [n for n in dazu if _ist_verborgen(n)]
    return Dateivergleich(
        genannt=len(ausgaben),
        fehlend=tuple(sorted(ausgaben.keys() - vorhanden)),
        geaendert=tuple(geaendert),
        zusaetzlich=tuple(n for n in dazu if not _ist_verborgen(n)),
        unlesbar=tuple(unlesbar),
        verborgen=tuple(verborgen),
    )


def _ist_verborgen(name: str) -> bool:
    return any(teil.startswith(".") for teil in PurePosixPath(name).parts)
