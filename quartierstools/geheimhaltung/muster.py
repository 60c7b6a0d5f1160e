"""Welche Zellen sind an diesem Datenstand gesperrt? Das eingefrorene Muster.

Das Muster wird je Datenstand und Regelprofil einmal gerechnet und abgelegt.
Spätere Läufe benutzen es unverändert; ein neuer Datenstand erweitert die
früheren Muster: Gesperrtes bleibt gesperrt, und was schon veröffentlicht ist,
gilt als bekannt und schützt nichts mehr.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from quartierstools.eingang import Datenstand
from quartierstools.fehler import Katalogfehler
from quartierstools.geheimhaltung.groessen import Aufbau
from quartierstools.geheimhaltung.partitionen import lade_partitionen
from quartierstools.geheimhaltung.regeln import BEDARFSGEMEINSCHAFTEN
from quartierstools.geheimhaltung.sperrliste import (
    SPALTEN,
    Sperrliste,
    Zellschluessel,
    sperrliste,
)
from quartierstools.katalog import Katalog

FORMAT = 2
"""Steigt, wenn sich die Wahl der Sperrungen oder die Datei ändert."""

LESBAR = (1, 2)
"""Formate früherer Läufe; in 1 gab es „unsicher“ noch nicht."""

EBENEN = frozenset({"gebiet", "stadtbezirk", "stadt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sperrmuster(Sperrliste):
    """Sperrliste eines Datenstands mit ihrer Herkunft.

    Attributes
    ----------
    kennung : str
        Prüfsumme über Daten, Regeln und Partitionen. Sie gehört nicht in eine
        Veröffentlichung: Wer bis auf wenige Zellen alles kennt, könnte damit
        Vermutungen über die fehlenden bestätigen.
    vorgaenger : tuple of str
        Kennungen früherer Muster, die hier eingingen.
    """

    kennung: str
    profil: str
    version: str
    vorgaenger: tuple[str, ...] = ()

    @property
    def oeffentliche_kennung(self) -> str:
        """Kurze Prüfsumme über das Muster allein; verrät keine Werte."""
        zellen = (repr(sorted(self.gesperrt)), repr(sorted(self.unsicher)))
        teile = (self.profil, self.version, *zellen)
        return hashlib.sha256("\x1e".join(teile).encode()).hexdigest()[:16]

    def als_json(self) -> str:
        """Inhalt der Musterdatei; gleiche Muster, gleiche Zeichen."""
        inhalt = {
            "format": FORMAT,
            "kennung": self.kennung,
            "profil": self.profil,
            "version": self.version,
            "vorgaenger": list(self.vorgaenger),
            "bestmoeglich": self.bestmoeglich,
            "ungeschuetzt": [list(z) for z in self.ungeschuetzt],
            "gesperrt": _geordnet(self.gesperrt),
            "unsicher": _geordnet(self.unsicher),
            "offen": _geordnet(self.offen),
        }
        return f"{json.dumps(inhalt, ensure_ascii=False, indent=1)}\n"


def _geordnet(zellen: frozenset[Zellschluessel]) -> dict[str, dict[str, str]]:
    """Stichtag → Indikator/Ebene → Gebiete in einer Zeile."""
    baum: dict[str, dict[str, list[str]]] = {}
    for ebene, gebiet, indikator, tag in sorted(zellen):
        baum.setdefault(tag, {}).setdefault(f"{indikator}/{ebene}", []).append(gebiet)
    return {
        tag: {k: " ".join(g) for k, g in sorted(zweig.items())}
        for tag, zweig in sorted(baum.items())
    }


def _gelesen(baum: Mapping[str, Mapping[str, str]]) -> frozenset[Zellschluessel]:
    zellen = frozenset(
        (kopf.rpartition("/")[2], gebiet, kopf.rpartition("/")[0], str(tag))
        for tag, zweig in baum.items()
        for kopf, gebiete in zweig.items()
        for gebiet in gebiete.split()
    )
    for ebene, _, indikator, tag in zellen:
        if ebene not in EBENEN or not indikator:
            raise ValueError(ebene)
        date.fromisoformat(tag)
    return zellen


def aus_json(text: str, *, name: str = "Muster") -> Sperrmuster:
    """Liest den Inhalt einer Musterdatei.

    Raises
    ------
    Katalogfehler
        Wenn die Datei kein Muster dieses Formats ist.
    """
    try:
        inhalt = json.loads(text)
        _verlange_format(inhalt["format"])
        return Sperrmuster(
            kennung=_text(inhalt["kennung"]),
            profil=_text(inhalt["profil"]),
            version=_text(inhalt["version"]),
            gesperrt=_gelesen(inhalt["gesperrt"]),
            offen=_gelesen(inhalt["offen"]),
            unsicher=_gelesen(inhalt.get("unsicher", {})),
            vorgaenger=tuple(_text(v) for v in inhalt["vorgaenger"]),
            bestmoeglich=inhalt["bestmoeglich"] is True,
            ungeschuetzt=tuple(
                (_text(e), _text(g), _text(i), _text(t))
                for e, g, i, t in inhalt["ungeschuetzt"]
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as fehler:
        raise unlesbar(name) from fehler


def unlesbar(name: str) -> Katalogfehler:
    """Meldung über eine Datei, die kein Muster ist."""
    return Katalogfehler(
        f"{name} ist kein lesbares Sperrmuster (Format {FORMAT}). Erwartet wird "
        "die unveränderte Datei eines früheren Laufs; bitte aus der Sicherung "
        "zurückholen. Ohne frühere Muster könnten zwei Veröffentlichungen "
        "zusammen Gesperrtes verraten."
    )


def _verlange_format(nummer: object) -> None:
    if nummer not in LESBAR or isinstance(nummer, bool):
        raise ValueError(nummer)


def _text(wert: object) -> str:
    if not isinstance(wert, str):
        raise TypeError(wert)
    return wert


def musterkennung(
    stand: Datenstand,
    *,
    anderswo: pd.DataFrame | None = None,
    beitraege: pd.DataFrame | None = None,
) -> str:
    """Prüfsumme über alles, wovon ein Muster abhängt; Reihenfolge ist egal."""
    katalog, werte = stand.katalog, stand.werte
    spalten = [
        s
        for s in (
            *SPALTEN,
            "wertart",
            "wert",
            "zaehler",
            "nenner",
            BEDARFSGEMEINSCHAFTEN,
        )
        if s in werte
    ]
    zeilen = sorted(
        "\x1f".join("" if pd.isna(w) else repr(w) for w in zeile)
        for zeile in werte[spalten].itertuples(index=False, name=None)
    )
    teile = [
        str(FORMAT),
        katalog.regelprofil.model_dump_json(),
        *(p.model_dump_json() for p in lade_partitionen(katalog, stand.ordner)),
        *(
            f"{k}={i.einheit},{i.nur_intern}"
            for k, i in sorted(katalog.indikatoren.items())
        ),
        *(f"{g}<{b}" for g, b in sorted(stand.gebiete["stadtbezirk"].items(), key=str)),
        *zeilen,
    ]
    for tabelle in (anderswo, beitraege):
        if tabelle is not None:
            teile += sorted(tabelle.to_csv(index=False).splitlines())
    return hashlib.sha256("\x1e".join(teile).encode()).hexdigest()


def aufbau_von(stand: Datenstand) -> Aufbau:
    """Aufbau der Zahlen eines Projekts."""
    katalog = stand.katalog
    return Aufbau(
        stadtbezirk=stand.gebiete["stadtbezirk"],
        einheiten={k: i.einheit for k, i in katalog.indikatoren.items()},
        partitionen=lade_partitionen(katalog, stand.ordner),
    )


def nur_intern(katalog: Katalog) -> frozenset[str]:
    """Indikatoren, die nie hinausgehen."""
    return frozenset(k for k, i in katalog.indikatoren.items() if i.nur_intern)


_IM_PROZESS: OrderedDict[str, Sperrmuster] = OrderedDict()
"""Zuletzt gerechnete Muster dieses Prozesses."""


def sperrmuster(
    stand: Datenstand,
    *,
    frueher: Sequence[Sperrmuster] = (),
    anderswo: pd.DataFrame | None = None,
    beitraege: pd.DataFrame | None = None,
) -> Sperrmuster:
    """Rechnet das Muster eines Datenstands.

    Parameters
    ----------
    stand : Datenstand
        Geprüfte Eingaben.
    frueher : Sequence of Sperrmuster, default=()
        Muster früherer Veröffentlichungen.
    anderswo : DataFrame, default=None
        Aussagen anderer Stellen, siehe `groessen`.
    beitraege : DataFrame, default=None
        Einzelbeiträge zu Summen, siehe `gruende`.
    """
    kennung = musterkennung(stand, anderswo=anderswo, beitraege=beitraege)
    vorgaenger = tuple(sorted(m.kennung for m in frueher))
    merkname = "".join((kennung, *vorgaenger))
    if merkname not in _IM_PROZESS:
        katalog = stand.katalog
        liste = sperrliste(
            stand.werte,
            aufbau_von(stand),
            katalog.regelprofil,
            frueher=frueher,
            anderswo=anderswo,
            beitraege=beitraege,
            nur_intern=nur_intern(katalog),
        )
        _IM_PROZESS[merkname] = Sperrmuster(
            gesperrt=liste.gesperrt,
            offen=liste.offen,
            unsicher=liste.unsicher,
            bestmoeglich=liste.bestmoeglich,
            ungeschuetzt=liste.ungeschuetzt,
            kennung=kennung,
            profil=katalog.regelprofil.id,
            version=katalog.regelprofil.version,
            vorgaenger=vorgaenger,
        )
        while len(_IM_PROZESS) > 8:  # noqa: PLR2004 – nur ein Zwischenspeicher
            _IM_PROZESS.popitem(last=False)
    return _IM_PROZESS[merkname]
