"""Was lässt sich übernehmen? Fertige Schritte früherer und abgebrochener Läufe.

Übernommen wird nach Schlüssel und nur, was noch genau die Prüfsumme seines Manifests
oder Journals hat; so steht am Ende dasselbe wie nach einem vollständigen Neubau.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quartierstools.ausgabe import packen
from quartierstools.ausgabe.manifest import MANIFEST, lies_manifest
from quartierstools.ausgabe.werkbank import BELEGE
from quartierstools.fehler import Aufruffehler
from quartierstools.lauf.journal import SCHRITTE, Fertig, Journal
from quartierstools.lauf.sperre import ist_gesperrt

Json = dict[str, Any]

TEIL, SPERRE = ".teil", ".sperre"
"""Endungen des verborgenen Ordners eines Laufs und seiner Sperrdatei."""

DRUCKBILD = "anhang/druckbild.json"
"""Belege und Druckbild je Schriftstück, in jedem Lauf."""

RUECKSCHAU = 5
"""So viele fertige Läufe werden nach Übernehmbarem durchsucht."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """Ein übernehmbarer Schritt und wo seine Dateien liegen."""

    ordner: Path
    fertig: Fertig
    belege: Mapping[str, object]


class Vorrat:
    """Fertige Schritte im Ausgabeordner eines Projekts.

    Parameters
    ----------
    ordner : Path
        Etwa ``ausgaben/bochum``; darf fehlen.
    """

    def __init__(self, ordner: Path) -> None:
        self._funde: dict[str, Fund] = {}
        self.letztes: Json = {}
        for lauf, manifest in _manifeste(ordner):
            self.letztes = self.letztes or manifest
            for fund in _aus_manifest(lauf, manifest):
                self._funde.setdefault(fund.fertig.schluessel, fund)
        for teil in verlassene(ordner):
            for fertig in Journal(teil).lies().values():
                fund = Fund(
                    ordner=teil / SCHRITTE / fertig.name, fertig=fertig, belege={}
                )
                self._funde.setdefault(fertig.schluessel, fund)

    def finde(self, schluessel: str) -> Fund | None:
        """Der Fund zu einem Schlüssel; seine Dateien sind noch ungeprüft."""
        return self._funde.get(schluessel)

    def unversehrt(self, schluessel: str) -> bool:
        """Ob alles da ist und jede Prüfsumme stimmt; schreibt nichts."""
        fund = self.finde(schluessel)
        return fund is not None and all(
            _gelesen(fund, name) is not None for name in fund.fertig.dateien
        )

    def uebernimm(self, schluessel: str, ziel: Path) -> bool:
        """Legt die Dateien eines Schritts nach `ziel`; falsch, wenn etwas nicht stimmt.

        Jede Datei wird beim Kopieren geprüft; bei einem Mangel bleibt nichts liegen.
        """
        fund = self.finde(schluessel)
        if fund is None:
            return False
        for name in fund.fertig.dateien:
            inhalt = _gelesen(fund, name)
            if inhalt is None:
                shutil.rmtree(ziel, ignore_errors=True)
                return False
            packen.schreibe(ziel / name, inhalt)
        for dokument, eintraege in fund.belege.items():
            text = json.dumps({dokument: eintraege}, ensure_ascii=False)
            packen.schreibe(ziel / belegdatei(dokument), text)
        return True


def belegdatei(dokument: str) -> str:
    """Wo die Belege eines Schriftstücks auf das Manifest warten."""
    return f"{BELEGE}/{dokument.replace('/', '--')}.json"


def verlassene(ordner: Path) -> list[Path]:
    """Verborgene Ordner abgebrochener Läufe, an denen niemand mehr rechnet."""
    return sorted(
        teil
        for teil in ordner.glob(f".*{TEIL}")
        if not ist_gesperrt(teil.with_suffix(SPERRE))
    )


def _gelesen(fund: Fund, name: str) -> bytes | None:
    """Inhalt einer Datei, wenn ihre Prüfsumme stimmt."""
    with suppress(OSError):
        inhalt = (fund.ordner / name).read_bytes()
        if hashlib.sha256(inhalt).hexdigest() == fund.fertig.dateien[name]:
            return inhalt
    return None


def _manifeste(ordner: Path) -> Iterator[tuple[Path, Json]]:
    """Die jüngsten Läufe mit lesbarem Manifest, neuester zuerst."""
    dateien: Sequence[Path] = [
        datei
        for datei in ordner.glob(f"*/{MANIFEST}")
        if not datei.parent.name.startswith(".")
    ]
    for datei in sorted(dateien, key=_alter)[:RUECKSCHAU]:
        try:
            manifest = lies_manifest(datei.parent, ("ausgaben", "schritte"))
        except Aufruffehler:  # ein kaputter früherer Lauf hält den neuen nicht auf
            continue
        yield datei.parent, manifest


def _alter(datei: Path) -> tuple[float, str]:
    with suppress(OSError):
        return -datei.stat().st_mtime, str(datei)
    return 0.0, str(datei)


def _druckbilder(lauf: Path, summe: str) -> Json:
    """Belege und Druckbilder eines Laufs; leer, wenn die Prüfsumme nicht stimmt."""
    with suppress(OSError, ValueError):
        inhalt = (lauf / DRUCKBILD).read_bytes()
        if hashlib.sha256(inhalt).hexdigest() == summe:
            return dict(json.loads(inhalt))
    return {}


def _aus_manifest(lauf: Path, manifest: Json) -> Iterator[Fund]:
    summen = manifest.get("ausgaben", {})
    belege = _druckbilder(lauf, summen.get(DRUCKBILD, ""))
    for name, eintrag in manifest.get("schritte", {}).items():
        with suppress(KeyError, TypeError):
            fertig = Fertig(
                name=name,
                schluessel=eintrag["schluessel"],
                dateien={datei: summen[datei] for datei in eintrag["ausgaben"]},
            )
            eigene = {dokument: belege[dokument] for dokument in eintrag["belege"]}
            yield Fund(ordner=lauf, fertig=fertig, belege=eigene)
