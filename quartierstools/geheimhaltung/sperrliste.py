"""Welche Zellen eines Bestands gehen nicht hinaus? Vom Grund zur Sperrliste.

Erst sperrt das Regelprofil, dann folgt alles mit derselben Zählung, zuletzt
ergänzt die Wahl (`sperrung`), was sich sonst zurückrechnen ließe.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import ceil

import pandas as pd

from quartierstools.geheimhaltung.aufgaben import Lage, Teilaufgabe, aufgaben
from quartierstools.geheimhaltung.groessen import (
    Aufbau,
    Groessen,
    Schluessel,
    groessen,
)
from quartierstools.geheimhaltung.regeln import UNSICHER, gruende, zu_klein
from quartierstools.geheimhaltung.sperrung import beurteile, waehle
from quartierstools.katalog import Regelprofil

Zellschluessel = tuple[str, str, str, str]
"""Ebene, Gebiet, Indikator, Stichtag."""

UNAUSGEWIESEN = 0.1
"""Kosten einer Sperrung, wo wegen kleiner Bezugszahl ohnehin kein Wert steht."""

SPALTEN = ["ebene", "gebiet", "indikator", "stichtag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sperrliste:
    """Was gesperrt und was veröffentlicht ist; ohne Werte, ohne Gründe.

    Attributes
    ----------
    gesperrt, offen : frozenset
        Zellen als (Ebene, Gebiet, Indikator, Stichtag).
    unsicher : frozenset
        Zellen, die wegen kleiner Bezugszahl nicht ausgewiesen werden. Sie sind
        kein Geheimnis und schützen deshalb auch keines.
    bestmoeglich : bool
        Ob nachweislich nicht weniger gesperrt werden konnte.
    ungeschuetzt : tuple of Zellschluessel
        Zellen, die sich nicht mehr schützen lassen, weil früher zu viel
        veröffentlicht wurde oder die Lieferung selbst sie preisgibt.
    """

    gesperrt: frozenset[Zellschluessel]
    offen: frozenset[Zellschluessel]
    unsicher: frozenset[Zellschluessel] = frozenset()
    bestmoeglich: bool = True
    ungeschuetzt: tuple[Zellschluessel, ...] = ()

    def sperrt(self, werte: pd.DataFrame) -> "pd.Series[bool]":
        """Je Zeile des Bestands, ob sie gesperrt ist."""
        return _treffer(werte, self.gesperrt)

    def weist_nicht_aus(self, werte: pd.DataFrame) -> "pd.Series[bool]":
        """Je Zeile, ob sie wegen kleiner Bezugszahl nicht ausgewiesen wird."""
        return _treffer(werte, self.unsicher)


def _treffer(
    werte: pd.DataFrame, zellen: AbstractSet[Zellschluessel]
) -> "pd.Series[bool]":
    gefragt = zip(*(werte[s] for s in SPALTEN), strict=True)
    treffer = [zelle in zellen for zelle in gefragt]
    return pd.Series(treffer, index=werte.index, dtype=bool)


def sperrliste(
    werte: pd.DataFrame,
    aufbau: Aufbau,
    profil: Regelprofil,
    *,
    frueher: Sequence[Sperrliste] = (),
    anderswo: pd.DataFrame | None = None,
    beitraege: pd.DataFrame | None = None,
    nur_intern: AbstractSet[str] = frozenset(),
) -> Sperrliste:
    """Sperrliste einer Wertetabelle.

    Parameters
    ----------
    werte : DataFrame
        Beobachtungen, siehe `groessen`.
    aufbau : Aufbau
        Stadtbezirke, Einheiten, Partitionen.
    profil : Regelprofil
        Schwellen.
    frueher : Sequence of Sperrliste, default=()
        Frühere Veröffentlichungen: Gesperrtes bleibt gesperrt, Offenes gilt als
        bekannt und schützt nichts.
    anderswo : DataFrame, default=None
        Aussagen anderer Stellen, siehe `groessen`.
    beitraege : DataFrame, default=None
        Einzelbeiträge zu Summen, siehe `gruende`.
    nur_intern : AbstractSet of str, default=frozenset()
        Indikatoren, die nie hinausgehen.
    """
    buch = _Buch(werte, aufbau, profil, anderswo)
    buch.sperre_interne(nur_intern)
    buch.sperre_primaer(beitraege)
    buch.sperre_wie_frueher(frueher)
    buch.sperre_sekundaer()
    return buch.liste(frueher)


def schutzbreiten(
    werte: pd.DataFrame,
    aufbau: Aufbau,
    profil: Regelprofil,
    *,
    beitraege: pd.DataFrame | None = None,
) -> dict[Schluessel, float]:
    """Welche Zählungen zu schützen sind und wie breit ihr Bereich bleiben muss.

    Reste zwischen Teil und Ganzem heißen wie beim Angriff
    ``B01.zaehler − B05.zaehler``.
    """
    buch = _Buch(werte, aufbau, profil)
    buch.sperre_primaer(beitraege)
    return buch.schutz


@dataclass(frozen=True, slots=True, kw_only=True)
class Luecken:
    """Was einer vorgelegten Sperrliste fehlt.

    Attributes
    ----------
    offen_gelassen : tuple of Zellschluessel
        Zellen, die nicht hinausdürfen und nicht als gesperrt oder unsicher
        geführt sind.
    errechenbar : tuple of Zellschluessel
        Gesperrte Zellen, die sich aus den offenen zurückrechnen lassen.
    ungeschuetzt : tuple of Zellschluessel
        Zellen, die sich auch mit mehr Sperrungen nicht schützen lassen.
    """

    offen_gelassen: tuple[Zellschluessel, ...]
    errechenbar: tuple[Zellschluessel, ...]
    ungeschuetzt: tuple[Zellschluessel, ...]


def luecken(
    liste: Sperrliste,
    werte: pd.DataFrame,
    aufbau: Aufbau,
    profil: Regelprofil,
    *,
    frueher: Sequence[Sperrliste] = (),
    nur_intern: AbstractSet[str] = frozenset(),
) -> Luecken:
    """Prüft eine vorgelegte Sperrliste gegen Regeln und Summen.

    Parameters
    ----------
    liste : Sperrliste
        Was gesperrt sein soll.
    werte, aufbau, profil, frueher, nur_intern
        Siehe `sperrliste`.
    """
    buch = _Buch(werte, aufbau, profil)
    buch.sperre_interne(nur_intern)
    buch.sperre_primaer(None)
    buch.sperre_wie_frueher(frueher)
    return buch.luecken(liste)


def teilaufgaben(
    werte: pd.DataFrame, aufbau: Aufbau, profil: Regelprofil
) -> tuple[Teilaufgabe, ...]:
    """Netze, über die `sperrliste` entscheidet; für Nachrechnungen."""
    buch = _Buch(werte, aufbau, profil)
    buch.sperre_primaer(None)
    return tuple(aufgaben(buch.lage()))


class _Buch:
    """Führt Buch, welche Zeilen und Zählungen gesperrt sind."""

    def __init__(
        self,
        werte: pd.DataFrame,
        aufbau: Aufbau,
        profil: Regelprofil,
        anderswo: pd.DataFrame | None = None,
    ) -> None:
        werte = werte.sort_values(SPALTEN, kind="stable", ignore_index=True)
        self._werte, self._profil = werte, profil
        self._groessen: Groessen = groessen(werte, aufbau, anderswo=anderswo)
        self._einheit = werte["indikator"].map(aufbau.einheiten)
        self._partitionen = aufbau.partitionen
        self._zellen: list[Zellschluessel] = list(
            zip(*(werte[s] for s in SPALTEN), strict=True)
        )
        self._zeilen: dict[Schluessel, list[int]] = {}
        for nummer in range(len(werte)):
            for schluessel in self._paar(nummer):
                self._zeilen.setdefault(schluessel, []).append(nummer)
        self._gesperrt: set[int] = set()
        self._unsicher: set[int] = set()
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

    def sperre_interne(self, nur_intern: AbstractSet[str]) -> None:
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
            if grund in UNSICHER:
                self._unsicher.add(nummer)
            elif grund:
                self._gesperrt.add(nummer)
                self._schuetze_zeile(nummer, grund)
            elif geliefert[nummer]:
                self._schuetze_zeile(nummer, "")
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
        if zaehler:
            self._schuetze(zaehler, breite)
        if nenner and self._ist_klein(self._groessen.werte[nenner], nummer):
            self._schuetze(nenner, breite)

    def _ist_klein(self, zahl: int | None, nummer: int) -> bool:
        return zu_klein(zahl, self._profil.fuer(self._zellen[nummer][2]))

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
        """Der Unterschied zwischen Teil und Ganzem zählt auch Menschen.

        Stehen beide nur im Nenner, ist er eine Bevölkerungszahl und öffentlich.
        """
        werte = self._groessen.werte
        zaehlend = {s[0] for s in self._groessen.zaehler if s is not None}
        for teil, ganzes in self._groessen.teilmengen:
            if teil[0] not in zaehlend and ganzes[0] not in zaehlend:
                continue
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
                elif indikator == partition.ganzes and self._unsicher & set(da):
                    self._unsicher.add(nummer)

    def sperre_wie_frueher(self, frueher: Sequence[Sperrliste]) -> None:
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
        for teil in aufgaben(self.lage()):
            wahl = waehle(teil.aufgabe)
            self._bestmoeglich &= wahl.bestmoeglich
            for nummer in sorted(wahl.gesperrt):
                self._gesperrt.update(self._zeilen[teil.schluessel[nummer]])
            self._ungeschuetzt.update(teil.schluessel[n] for n in wahl.ungeschuetzt)
        self._ungeschuetzt |= self._bekannt & set(self._schutz)
        self._ziehe_nach()

    def _verlust(self, nummer: int) -> float:
        """Was verloren geht, wenn eine Zeile gesperrt wird."""
        if nummer in self._gesperrt:
            return 0.0
        return UNAUSGEWIESEN if nummer in self._unsicher else 1.0

    def luecken(self, liste: Sperrliste) -> Luecken:
        """Vergleicht eine vorgelegte Liste mit dem, was primär gesperrt sein muss."""
        zahl = self._werte["wertart"].eq("Zahl").tolist()
        verborgen = liste.gesperrt | liste.unsicher
        offen_gelassen = {
            self._zellen[n]
            for n in self._gesperrt
            if zahl[n] and self._zellen[n] not in liste.gesperrt
        } | {
            self._zellen[n]
            for n in self._unsicher
            if zahl[n] and self._zellen[n] not in verborgen
        }
        errechenbar: set[Schluessel] = set()
        ungeschuetzt = self._bekannt & set(self._schutz)
        for teil in aufgaben(self.lage()):
            gewaehlt = [
                n
                for n in teil.aufgabe.kandidaten
                if self._ganz_gesperrt(teil.schluessel[n], liste)
            ]
            urteil = beurteile(teil.aufgabe, gewaehlt)
            errechenbar.update(teil.schluessel[n] for n in urteil.zu_eng)
            ungeschuetzt.update(teil.schluessel[n] for n in urteil.ungeschuetzt)
        return Luecken(
            offen_gelassen=tuple(sorted(offen_gelassen)),
            errechenbar=self._als_zellen(errechenbar),
            ungeschuetzt=self._als_zellen(ungeschuetzt),
        )

    def _ganz_gesperrt(self, schluessel: Schluessel, liste: Sperrliste) -> bool:
        return all(self._zellen[n] in liste.gesperrt for n in self._zeilen[schluessel])

    def _als_zellen(
        self, schluessel: AbstractSet[Schluessel]
    ) -> tuple[Zellschluessel, ...]:
        """Zeilen mit Zahl, in denen eine der Zählungen steht."""
        zahl = self._werte["wertart"].eq("Zahl").tolist()
        zellen = {
            self._zellen[n]
            for s in schluessel
            for n in self._zeilen.get(s, ())
            if zahl[n]
        }
        return tuple(sorted(zellen))

    def lage(self) -> Lage:
        """Zustand der Zählungen nach der primären Sperrung."""
        werte = self._groessen.werte
        zaehlend = {s[0] for s in self._groessen.zaehler if s is not None}
        geschuetzt = {(s[0], s[3]) for s in self._schutz}
        offene = {
            s: sum(self._verlust(n) for n in zeilen)
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
        nullen -= self._verraeterische_summen(nullen)
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
            zeilen={s: offene.get(s, 0.0) for s in werte},
            rundung=self._profil.rundung,
        )

    def _verraeterische_summen(
        self, nullen: AbstractSet[Schluessel]
    ) -> set[Schluessel]:
        """Summen von null über geschützten Teilen: Sie verrieten jeden Teil.

        Geschützt ist eine Null, wo alle außer ihr gezählt würden; die Summen darüber
        dürfen dann selbst gesperrt werden, sonst wäre sie nicht zu schützen.
        """
        summen = [
            (terme[0][0], {name for name, _ in terme[1:]})
            for terme in (g.terme for g in self._groessen.gleichungen)
            if terme[0][0] in nullen
            and terme[0][1] > 0
            and all(gewicht < 0 for _, gewicht in terme[1:])
        ]
        gefunden: set[Schluessel] = set()
        while True:
            verborgen = gefunden | set(self._schutz)
            weitere = {
                ganzes
                for ganzes, teile in summen
                if ganzes not in gefunden and verborgen & teile
            }
            if not weitere:
                return gefunden
            gefunden |= weitere

    def liste(self, frueher: Sequence[Sperrliste]) -> Sperrliste:
        """Ergebnis als unveränderlicher Wert."""
        zahl = self._werte["wertart"].eq("Zahl").tolist()
        gesperrt = {z for n, z in enumerate(self._zellen) if n in self._gesperrt}
        verborgen = self._gesperrt | self._unsicher
        offen = {
            z for n, z in enumerate(self._zellen) if n not in verborgen and zahl[n]
        }
        alles_gesperrt = frozenset(gesperrt).union(*(m.gesperrt for m in frueher))
        unsicher = {self._zellen[n] for n in self._unsicher} - alles_gesperrt
        return Sperrliste(
            gesperrt=alles_gesperrt,
            offen=frozenset(offen).union(*(m.offen for m in frueher)),
            unsicher=frozenset(unsicher),
            bestmoeglich=self._bestmoeglich,
            ungeschuetzt=self._als_zellen(self._ungeschuetzt),
        )
