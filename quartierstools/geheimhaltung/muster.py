"""Welche Zellen sind an diesem Datenstand gesperrt? Das eingefrorene Muster.

Das Muster wird je Datenstand und Regelprofil einmal gerechnet und abgelegt.
Spätere Läufe benutzen es unverändert; ein neuer Datenstand erweitert die
früheren Muster: Gesperrtes bleibt gesperrt, und was schon veröffentlicht ist,
gilt als bekannt und schützt nichts mehr.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import pandas as pd

from quartierstools.eingang import Datenstand
from quartierstools.fehler import Katalogfehler
from quartierstools.geheimhaltung.aufgaben import Lage, aufgaben
from quartierstools.geheimhaltung.groessen import Groessen, Schluessel, groessen
from quartierstools.geheimhaltung.partitionen import lade_partitionen
from quartierstools.geheimhaltung.regeln import gruende
from quartierstools.geheimhaltung.sperrung import waehle
from quartierstools.katalog import Regelprofil
from quartierstools.katalog.modelle import Partition

FORMAT = 1
"""Steigt, wenn sich die Wahl der Sperrungen oder die Datei ändert."""

ORDNER = "geheimhaltung"
"""Ordner im Projekt, in dem Muster liegen."""

Zellschluessel = tuple[str, str, str, str]
"""Ebene, Gebiet, Indikator, Stichtag."""

SPALTEN = ["ebene", "gebiet", "indikator", "stichtag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sperrmuster:
    """Was an einem Datenstand gesperrt und was veröffentlicht ist.

    Enthält keine Werte und sagt nicht, warum eine Zelle gesperrt ist.

    Attributes
    ----------
    kennung : str
        Prüfsumme über Daten, Regeln und Partitionen.
    gesperrt, offen : frozenset
        Zellen als (Ebene, Gebiet, Indikator, Stichtag).
    vorgaenger : tuple of str
        Kennungen früherer Muster, die hier eingingen.
    bestmoeglich : bool
        Ob nachweislich nicht weniger gesperrt werden konnte.
    ungeschuetzt : tuple of Zellschluessel
        Zellen, die sich nicht mehr schützen lassen, weil früher zu viel
        veröffentlicht wurde oder die Lieferung selbst sie preisgibt.
    """

    kennung: str
    profil: str
    version: str
    gesperrt: frozenset[Zellschluessel]
    offen: frozenset[Zellschluessel]
    vorgaenger: tuple[str, ...] = ()
    bestmoeglich: bool = True
    ungeschuetzt: tuple[Zellschluessel, ...] = ()

    def sperrt(self, werte: pd.DataFrame) -> "pd.Series[bool]":
        """Je Zeile des Bestands, ob sie gesperrt ist."""
        zellen = zip(*(werte[s] for s in SPALTEN), strict=True)
        treffer = [zelle in self.gesperrt for zelle in zellen]
        return pd.Series(treffer, index=werte.index, dtype=bool)

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
    return frozenset(
        (kopf.rpartition("/")[2], gebiet, kopf.rpartition("/")[0], tag)
        for tag, zweig in baum.items()
        for kopf, gebiete in zweig.items()
        for gebiet in gebiete.split()
    )


def aus_json(text: str, *, name: str = "Muster") -> Sperrmuster:
    """Liest den Inhalt einer Musterdatei.

    Raises
    ------
    Katalogfehler
        Wenn die Datei kein Muster dieses Formats ist.
    """
    try:
        inhalt = json.loads(text)
        if inhalt["format"] != FORMAT:
            raise ValueError(inhalt["format"])
        return Sperrmuster(
            kennung=str(inhalt["kennung"]),
            profil=str(inhalt["profil"]),
            version=str(inhalt["version"]),
            gesperrt=_gelesen(inhalt["gesperrt"]),
            offen=_gelesen(inhalt["offen"]),
            vorgaenger=tuple(inhalt["vorgaenger"]),
            bestmoeglich=bool(inhalt["bestmoeglich"]),
            ungeschuetzt=tuple(
                (str(e), str(g), str(i), str(t))
                for e, g, i, t in inhalt["ungeschuetzt"]
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as fehler:
        raise Katalogfehler(
            f"{name} ist kein lesbares Sperrmuster (Format {FORMAT}). Erwartet wird "
            "die unveränderte Datei eines früheren Laufs; bitte aus der Sicherung "
            "zurückholen. Ohne frühere Muster könnten zwei Veröffentlichungen "
            "zusammen Gesperrtes verraten."
        ) from fehler


def lies_muster(ordner: Path) -> tuple[Sperrmuster, ...]:
    """Alle Muster eines Ordners, nach Dateinamen sortiert."""
    dateien = sorted(ordner.glob("muster-*.json"))
    return tuple(
        aus_json(datei.read_text(encoding="utf-8"), name=datei.name)
        for datei in dateien
    )


def schreibe_muster(muster: Sperrmuster, ordner: Path) -> Path:
    """Legt ein Muster ab; eine vorhandene Datei bleibt, wie sie ist."""
    ziel = ordner / f"muster-{muster.kennung[:16]}.json"
    if not ziel.exists():
        ordner.mkdir(parents=True, exist_ok=True)
        daneben = ziel.with_suffix(".teil")
        daneben.write_text(muster.als_json(), encoding="utf-8", newline="\n")
        daneben.replace(ziel)
    return ziel


def eingefroren(stand: Datenstand, ordner: Path) -> Sperrmuster:
    """Das abgelegte Muster des Datenstands; beim ersten Mal gerechnet und abgelegt.

    Parameters
    ----------
    stand : Datenstand
        Geprüfte Eingaben.
    ordner : Path
        Ordner der Muster, üblich ``<projekt>/geheimhaltung``. Er gehört gesichert.
    """
    vorhandene = lies_muster(ordner)
    kennung = musterkennung(stand)
    for muster in vorhandene:
        if muster.kennung == kennung:
            return muster
    neu = sperrmuster(stand, frueher=vorhandene)
    schreibe_muster(neu, ordner)
    return neu


def musterkennung(
    stand: Datenstand,
    *,
    anderswo: pd.DataFrame | None = None,
    beitraege: pd.DataFrame | None = None,
) -> str:
    """Prüfsumme über alles, wovon ein Muster abhängt, unabhängig von der Reihenfolge."""
    katalog, werte = stand.katalog, stand.werte
    spalten = [
        s
        for s in (
            *SPALTEN,
            "wertart",
            "wert",
            "zaehler",
            "nenner",
            "bedarfsgemeinschaften",
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
        _IM_PROZESS[merkname] = muster_aus_werten(
            stand.werte,
            stadtbezirk=stand.gebiete["stadtbezirk"],
            einheiten={k: i.einheit for k, i in katalog.indikatoren.items()},
            profil=katalog.regelprofil,
            partitionen=lade_partitionen(katalog, stand.ordner),
            frueher=frueher,
            anderswo=anderswo,
            beitraege=beitraege,
            nur_intern={k for k, i in katalog.indikatoren.items() if i.nur_intern},
            kennung=kennung,
        )
        while len(_IM_PROZESS) > 8:  # noqa: PLR2004 – nur ein Zwischenspeicher
            _IM_PROZESS.popitem(last=False)
    return _IM_PROZESS[merkname]


def muster_aus_werten(  # noqa: PLR0913 – alles, wovon ein Muster abhängt
    werte: pd.DataFrame,
    *,
    stadtbezirk: "pd.Series[str]",
    einheiten: Mapping[str, str],
    profil: Regelprofil,
    partitionen: Sequence[Partition] = (),
    frueher: Sequence[Sperrmuster] = (),
    anderswo: pd.DataFrame | None = None,
    beitraege: pd.DataFrame | None = None,
    nur_intern: Set[str] = frozenset(),
    kennung: str = "",
) -> Sperrmuster:
    """Muster aus einer Wertetabelle, ohne Projekt darum herum.

    `nur_intern` nennt Indikatoren, die nie hinausgehen; die übrigen Angaben wie
    in `sperrmuster` und `groessen`.
    """
    schreiber = _Schreiber.beginne(
        werte,
        stadtbezirk=stadtbezirk,
        einheiten=einheiten,
        profil=profil,
        partitionen=partitionen,
        anderswo=anderswo,
    )
    schreiber.sperre_interne(nur_intern)
    schreiber.sperre_primaer(beitraege)
    schreiber.sperre_wie_frueher(frueher)
    schreiber.sperre_sekundaer()
    return schreiber.muster(kennung, frueher)


def schutzbreiten(
    werte: pd.DataFrame,
    *,
    stadtbezirk: "pd.Series[str]",
    einheiten: Mapping[str, str],
    profil: Regelprofil,
    partitionen: Sequence[Partition] = (),
    beitraege: pd.DataFrame | None = None,
) -> dict[Schluessel, float]:
    """Welche Zählungen zu schützen sind und wie breit ihr Bereich bleiben muss.

    Reste zwischen Teil und Ganzem heißen wie beim Angriff
    ``B01.zaehler − B05.zaehler``.
    """
    schreiber = _Schreiber.beginne(
        werte,
        stadtbezirk=stadtbezirk,
        einheiten=einheiten,
        profil=profil,
        partitionen=partitionen,
    )
    schreiber.sperre_primaer(beitraege)
    return schreiber.schutz


class _Schreiber:
    """Führt Buch, welche Zeilen und Zählungen gesperrt sind."""

    @classmethod
    def beginne(
        cls,
        werte: pd.DataFrame,
        *,
        stadtbezirk: "pd.Series[str]",
        einheiten: Mapping[str, str],
        profil: Regelprofil,
        partitionen: Sequence[Partition],
        anderswo: pd.DataFrame | None = None,
    ) -> "_Schreiber":
        """Ordnet die Zeilen und stellt die Zählungen auf."""
        geordnet = werte.sort_values(SPALTEN, kind="stable", ignore_index=True)
        zaehlungen = groessen(
            geordnet,
            stadtbezirk=stadtbezirk,
            einheiten=einheiten,
            partitionen=partitionen,
            anderswo=anderswo,
        )
        return cls(geordnet, zaehlungen, profil, einheiten, partitionen)

    def __init__(
        self,
        werte: pd.DataFrame,
        zaehlungen: Groessen,
        profil: Regelprofil,
        einheiten: Mapping[str, str],
        partitionen: Sequence[Partition],
    ) -> None:
        self._werte, self._groessen, self._profil = werte, zaehlungen, profil
        self._einheit = werte["indikator"].map(einheiten)
        self._partitionen = partitionen
        self._zellen: list[Zellschluessel] = list(
            zip(*(werte[s] for s in SPALTEN), strict=True)
        )
        self._zeilen: dict[Schluessel, list[int]] = {}
        for nummer in range(len(werte)):
            for schluessel in self._paar(nummer):
                self._zeilen.setdefault(schluessel, []).append(nummer)
        self._gesperrt: set[int] = set()
        self._schutz: dict[Schluessel, float] = {}
        self._restschutz: dict[tuple[Schluessel, Schluessel], float] = {}
        self._bekannt: set[Schluessel] = set()
        self._bestmoeglich = True
        self._ungeschuetzt: set[Schluessel] = set()

    def _paar(self, nummer: int) -> list[Schluessel]:
        paar = (self._groessen.zaehler[nummer], self._groessen.nenner[nummer])
        return [s for s in paar if s is not None]

    def _breite(self, nummer: int) -> float:
        return float(self._profil.fuer(self._zellen[nummer][2]).breite)

    def _schuetze(self, schluessel: Schluessel, breite: float) -> None:
        self._schutz[schluessel] = max(self._schutz.get(schluessel, 0.0), breite)

    @property
    def schutz(self) -> dict[Schluessel, float]:
        """Schutzbreite je Zählung und je Rest."""
        reste = {
            (f"{ganzes[0]} − {teil[0]}", *teil[1:]): breite
            for (teil, ganzes), breite in self._restschutz.items()
        }
        return {**self._schutz, **reste}

    def sperre_interne(self, nur_intern: Set[str]) -> None:
        """Zeilen von Indikatoren, die nie hinausgehen."""
        self._gesperrt.update(
            n for n, zelle in enumerate(self._zellen) if zelle[2] in nur_intern
        )

    def sperre_primaer(self, beitraege: pd.DataFrame | None) -> None:
        """Sperrt, was für sich zu klein ist, und alles mit derselben Zählung."""
        gefunden = gruende(
            self._werte, self._einheit, self._profil, beitraege=beitraege
        ).tolist()
        geliefert = self._werte["wertart"].eq("gesperrt").tolist()
        for nummer, grund in enumerate(gefunden):
            if grund:
                self._gesperrt.add(nummer)
            if grund or geliefert[nummer]:
                self._schuetze_zeile(nummer, grund)
        self._schuetze_verhaeltnisse()
        self._schuetze_reste()
        self._ziehe_nach()

    def _schuetze_zeile(self, nummer: int, grund: str) -> None:
        zaehler, nenner = self._groessen.zaehler[nummer], self._groessen.nenner[nummer]
        breite = self._breite(nummer)
        if grund == "dominanz" and zaehler:
            wert = self._groessen.werte[zaehler] or 0
            anteil = self._profil.dominanz.abstand / 100
            breite = max(breite, float(ceil(2 * anteil * wert)))
        if zaehler and not (grund == "nenner" and self._steht_anderswo(zaehler)):
            self._schuetze(zaehler, breite)
        if nenner and self._ist_klein(self._groessen.werte[nenner], nummer):
            self._schuetze(nenner, breite)

    def _steht_anderswo(self, schluessel: Schluessel) -> bool:
        """Ob eine Zeile mit ausreichendem Nenner dieselbe Zählung zeigen darf."""
        nenner = [self._groessen.nenner[n] for n in self._zeilen[schluessel]]
        grenzen = [
            self._profil.fuer(self._zellen[n][2]).min_nenner
            for n in self._zeilen[schluessel]
        ]
        return any(
            n is not None and n != schluessel and (self._groessen.werte[n] or 0) >= g
            for n, g in zip(nenner, grenzen, strict=True)
        )

    def _ist_klein(self, zahl: int | None, nummer: int) -> bool:
        regeln = self._profil.fuer(self._zellen[nummer][2])
        if zahl == 0:
            return not regeln.null_veroeffentlichen
        return zahl is not None and 0 < zahl < regeln.min_zaehler

    def _schuetze_verhaeltnisse(self) -> None:
        """Ein Anteil mit bekanntem Nenner verrät den Zähler wie eine Zahl."""
        werte = self._groessen.werte
        for zaehler, nenner, unten, oben in self._groessen.anteile:
            n = werte.get(nenner)
            if n is None or werte.get(zaehler) is not None:
                continue
            mitte = round((unten + oben) / 2 * n)
            for nummer in self._zeilen[zaehler]:
                if self._ist_klein(mitte, nummer):
                    self._schuetze(zaehler, self._breite(nummer))

    def _schuetze_reste(self) -> None:
        """Der Unterschied zwischen Teil und Ganzem zählt auch Menschen."""
        werte = self._groessen.werte
        for teil, ganzes in self._groessen.teilmengen:
            klein, gross = werte.get(teil), werte.get(ganzes)
            if klein is None or gross is None:
                continue
            nummer = self._zeilen[teil][0]
            regeln = self._profil.fuer(self._zellen[nummer][2])
            rest = gross - klein
            if regeln.komplement and self._ist_klein(rest, nummer) and rest:
                self._restschutz[(teil, ganzes)] = float(regeln.breite)

    def _ziehe_nach(self) -> None:
        """Sperrt jede Zeile mit einer geschützten Zählung und deren Differenzen."""
        for schluessel in self._schutz:
            self._gesperrt.update(self._zeilen.get(schluessel, ()))
        nummern = {zelle: n for n, zelle in enumerate(self._zellen)}
        for partition in (p for p in self._partitionen if p.art == "differenz"):
            for zelle, nummer in nummern.items():
                ebene, gebiet, indikator, tag = zelle
                teile = [(ebene, gebiet, t, tag) for t in partition.teile]
                da = [nummern[t] for t in teile if t in nummern]
                if indikator == partition.ganzes and self._gesperrt & set(da):
                    self._gesperrt.add(nummer)

    def sperre_wie_frueher(self, frueher: Sequence[Sperrmuster]) -> None:
        """Früher Gesperrtes bleibt gesperrt, früher Offenes gilt als bekannt."""
        gesperrt = frozenset().union(*(m.gesperrt for m in frueher))
        offen = frozenset().union(*(m.offen for m in frueher))
        for nummer, zelle in enumerate(self._zellen):
            if zelle in gesperrt:
                self._gesperrt.add(nummer)
            if zelle in offen:
                self._bekannt.update(self._paar(nummer))

    def sperre_sekundaer(self) -> None:
        """Sperrt das Nötige dazu, Netz für Netz."""
        for teil in aufgaben(self._lage()):
            wahl = waehle(teil.aufgabe)
            self._bestmoeglich &= wahl.bestmoeglich
            for nummer in sorted(wahl.gesperrt):
                self._gesperrt.update(self._zeilen[teil.schluessel[nummer]])
            self._ungeschuetzt.update(
                teil.schluessel[n]
                for n in wahl.ungeschuetzt
                if n < len(teil.schluessel)
            )
        self._ungeschuetzt |= self._bekannt & set(self._schutz)
        self._ziehe_nach()

    def _lage(self) -> Lage:
        werte = self._groessen.werte
        zaehlend = {s[0] for s in self._groessen.zaehler if s is not None}
        geschuetzt = {(s[0], s[3]) for s in self._schutz}
        offene = {
            s: sum(n not in self._gesperrt for n in zeilen)
            for s, zeilen in self._zeilen.items()
        }
        reine_nenner = {
            s for s in werte if s[0] not in zaehlend and (s[0], s[3]) not in geschuetzt
        }
        nullen = {
            s
            for s, w in werte.items()
            if w == 0 and self._profil.null_veroeffentlichen and s not in self._schutz
        }
        ohnehin = {
            s for s, anzahl in offene.items() if not anzahl and s not in reine_nenner
        }
        fest = (reine_nenner | nullen | self._bekannt) - set(self._schutz)
        return Lage(
            groessen=self._groessen,
            schutz={s: b for s, b in self._schutz.items() if s not in self._bekannt},
            restschutz=self._restschutz,
            ohnehin=ohnehin - fest,
            fest=fest | (self._bekannt & set(self._schutz)),
            zeilen={s: offene.get(s, 0) for s in werte},
            rundung=self._profil.rundung,
        )

    def muster(self, kennung: str, frueher: Sequence[Sperrmuster]) -> Sperrmuster:
        """Ergebnis als unveränderlicher Wert."""
        zahl = self._werte["wertart"].eq("Zahl").tolist()
        gesperrt = {z for n, z in enumerate(self._zellen) if n in self._gesperrt}
        offen = {
            z for n, z in enumerate(self._zellen) if n not in self._gesperrt and zahl[n]
        }
        ungeschuetzt = {
            self._zellen[n]
            for s in self._ungeschuetzt
            for n in self._zeilen.get(s, ())
            if zahl[n]
        }
        return Sperrmuster(
            kennung=kennung,
            profil=self._profil.id,
            version=self._profil.version,
            gesperrt=frozenset(gesperrt).union(*(m.gesperrt for m in frueher)),
            offen=frozenset(offen).union(*(m.offen for m in frueher)),
            vorgaenger=tuple(sorted(m.kennung for m in frueher)),
            bestmoeglich=self._bestmoeglich,
            ungeschuetzt=tuple(sorted(ungeschuetzt)),
        )
