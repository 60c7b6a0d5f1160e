"""Was lässt sich aus allem Veröffentlichten zurückrechnen? Der Angreifer.

Er kennt jede veröffentlichte Zahl, jede Summe, jede Partition, gerundete Anteile,
frühere Ausgaben und was andere Stellen veröffentlicht haben – und er weiß, dass
Menschen ganze Zahlen sind. Ein rein lineares Programm ist zu schwach: Neben einem
Anteil von 57,1 Prozent lässt es für einen Nenner unter 10 alles von 1 bis 9 zu,
ganzzahlig bleibt nur 7.
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import ceil, floor

import numpy as np
import pandas as pd

from quartierstools.geheimhaltung.aufgaben import Verbund, gerundete_grenzen
from quartierstools.geheimhaltung.groessen import (
    Aufbau,
    Groessen,
    Schluessel,
    groessen,
)
from quartierstools.geheimhaltung.spanne import Netz, Zahlen, ganzzahlig, netz

SPALTEN = ["zaehlung", "ebene", "gebiet", "stichtag", "unten", "oben", "breite"]

Glied = tuple[tuple[tuple[int, float], ...], float, float]


def angriff(
    veroeffentlicht: pd.DataFrame,
    aufbau: Aufbau,
    *,
    rundung: int = 0,
    fruehere: Sequence[pd.DataFrame] = (),
    anderswo: pd.DataFrame | None = None,
    vorwissen: pd.DataFrame | None = None,
    nur: Collection[Schluessel] | None = None,
) -> pd.DataFrame:
    """Bereich, auf den sich jede nicht veröffentlichte Zählung eingrenzen lässt.

    Parameters
    ----------
    veroeffentlicht : DataFrame
        Wertetabelle wie `Freigabe.werte`; Gesperrtes ohne Zahl. Zeilen mit Wert,
        aber ohne Zähler gelten als gerundet gedruckte Anteile.
    aufbau : Aufbau
        Öffentlich bekannter Aufbau der Zahlen.
    rundung : int, default=0
        Vielfaches, auf das die Fallzahlen gerundet sind.
    fruehere : Sequence of DataFrame, default=()
        Frühere Veröffentlichungen desselben Bestands, gleiche Spalten.
    anderswo : DataFrame, default=None
        Aussagen anderer Stellen (Summen, Mehrjahresmittel), siehe `groessen`.
    vorwissen : DataFrame, default=None
        Grenzen, die der Angreifer mitbringt: `ebene`, `gebiet`, `indikator`,
        `groesse`, `stichtag`, `unten`, `oben`.
    nur : Collection of Schluessel, default=None
        Nur diese Unbekannten ausrechnen; ohne Angabe alle.

    Raises
    ------
    ValueError
        Wenn `vorwissen` eine Zählung nennt, die in der Veröffentlichung nicht
        vorkommt (gleiche Zählungen heißen nach ihrem Ganzen).

    Returns
    -------
    DataFrame
        Eine Zeile je Unbekannter: `zaehlung` (``B01.zaehler`` oder der Rest
        ``B01.zaehler − B05.zaehler``), `ebene`, `gebiet`, `stichtag`, `unten`,
        `oben`, `breite`. Unbegrenztes ist unendlich; widersprechen sich die
        Angaben, steht ``nan``.
    """
    bekannt = groessen(_alles(veroeffentlicht, fruehere), aufbau, anderswo=anderswo)
    angreifer = _Angreifer(bekannt, rundung, _grenzen(vorwissen, bekannt))
    zeilen = [
        (*name, unten, oben, oben - unten)
        for name, (unten, oben) in angreifer.bereiche(nur).items()
    ]
    return pd.DataFrame(zeilen, columns=SPALTEN)


def verratene_quotienten(
    veroeffentlicht: pd.DataFrame, aufbau: Aufbau, bereiche: pd.DataFrame
) -> pd.DataFrame:
    """Gesperrte Anteile, die als Quotient zweier bekannter Zählungen feststehen.

    Parameters
    ----------
    veroeffentlicht, aufbau
        Siehe `angriff`.
    bereiche : DataFrame
        Ergebnis von `angriff` auf dieselbe Veröffentlichung.

    Returns
    -------
    DataFrame
        Spalten wie `angriff`; `zaehlung` ist die Kennung des Indikators, `unten`
        und `oben` der Quotient.
    """
    bekannt = groessen(veroeffentlicht, aufbau)
    spalten = [bereiche[s] for s in SPALTEN[:-1]]
    fest: dict[Schluessel, float] = {
        (str(z), str(e), str(g), str(t)): float(unten)
        for z, e, g, t, unten, oben in zip(*spalten, strict=True)
        if unten == oben
    }
    fest |= {s: float(w) for s, w in bekannt.werte.items() if w is not None}
    zeilen = []
    orte = [veroeffentlicht[s] for s in ("indikator", "ebene", "gebiet", "stichtag")]
    for *ort, art, z, n in zip(
        *orte,
        veroeffentlicht["wertart"],
        bekannt.zaehler,
        bekannt.nenner,
        strict=True,
    ):
        if art == "gesperrt" and z in fest and n in fest and fest[n]:
            quotient = fest[z] / fest[n]
            zeilen.append((*map(str, ort), quotient, quotient, 0.0))
    return pd.DataFrame(zeilen, columns=SPALTEN)


def _alles(
    veroeffentlicht: pd.DataFrame, fruehere: Sequence[pd.DataFrame]
) -> pd.DataFrame:
    """Neueste Ausgabe; wo sie schweigt, spricht die jüngste frühere."""
    spalten = ["ebene", "gebiet", "indikator", "stichtag"]
    tabellen = [veroeffentlicht, *reversed(list(fruehere))]
    alles = pd.concat(
        [t.assign(_alter=alter) for alter, t in enumerate(tabellen)], ignore_index=True
    )
    alles["_stumm"] = (alles["wertart"] != "Zahl").astype(int)
    geordnet = alles.sort_values([*spalten, "_stumm", "_alter"], kind="stable")
    return geordnet.drop_duplicates(spalten).drop(columns=["_alter", "_stumm"])


def _grenzen(
    vorwissen: pd.DataFrame | None, bekannt: Groessen
) -> dict[Schluessel, tuple[float, float]]:
    if vorwissen is None:
        return {}
    vorhanden = set(bekannt.werte)
    ergebnis = {}
    for zeile in vorwissen.to_dict("records"):
        name = f"{zeile['indikator']}.{zeile['groesse']}"
        orte = (str(zeile["ebene"]), str(zeile["gebiet"]), str(zeile["stichtag"]))
        schluessel = (name, *orte)
        if schluessel not in vorhanden:
            raise ValueError(f"Vorwissen über Unbekanntes: {schluessel}.")
        ergebnis[schluessel] = (float(zeile["unten"]), float(zeile["oben"]))
    return ergebnis


class _Angreifer:
    """Stellt die Ungleichungen auf und löst sie Netz für Netz."""

    def __init__(
        self,
        bekannt: Groessen,
        rundung: int,
        vorwissen: Mapping[Schluessel, tuple[float, float]],
    ) -> None:
        self._bekannt, self._rundung = bekannt, rundung
        zahlen = [w for w in bekannt.werte.values() if w is not None]
        # Weit über allem Bekannten; wer bis dorthin kommt, ist nicht begrenzt.
        self._weit = 10.0 * max(zahlen, default=0) + 1000.0
        self._fest: dict[Schluessel, int] = {}
        self._namen: list[Schluessel] = []
        self._nummer: dict[Schluessel, int] = {}
        self._unten: list[float] = []
        self._oben: list[float] = []
        self._glieder: list[Glied] = []
        for name in sorted(bekannt.werte):
            self._nimm_auf(name, vorwissen.get(name))
        for teil, ganzes in bekannt.teilmengen:
            self._teilmenge(teil, ganzes)
        for gleichung in bekannt.gleichungen:
            self._bedingung(gleichung.terme, gleichung.unten, gleichung.oben)
        for zaehler, nenner, unten, oben in bekannt.anteile:
            if rundung:
                self._gerundeter_anteil(zaehler, nenner, unten, oben)
                continue
            self._bedingung(((zaehler, 1.0), (nenner, -unten)), -1e-9, np.inf)
            self._bedingung(((zaehler, 1.0), (nenner, -oben)), -np.inf, 1e-9)

    def _gerundeter_anteil(
        self, zaehler: Schluessel, nenner: Schluessel, unten: float, oben: float
    ) -> None:
        """Der Anteil ist aus gerundeten Zahlen gerechnet und nennt die eine davon.

        Bei großem Nenner passen mehrere Vielfache zu seinen gedruckten Stellen.
        """
        bezug = self._bekannt.werte.get(nenner)
        if bezug is None:
            return
        schritt = self._rundung
        erstes = ceil(unten * bezug / schritt - 1e-9) * schritt
        letztes = floor(oben * bezug / schritt + 1e-9) * schritt
        if erstes > letztes:  # nicht aus Vielfachen gerechnet
            erstes = letztes = round((unten + oben) / 2 * bezug)
        grenzen = (
            float(gerundete_grenzen(erstes, schritt)[0]),
            float(gerundete_grenzen(letztes, schritt)[1]),
        )
        self._bedingung(((zaehler, 1.0),), *grenzen)

    def _nimm_auf(self, name: Schluessel, grenzen: tuple[float, float] | None) -> None:
        wert = self._bekannt.werte[name]
        if wert is not None and not self._rundung:
            self._fest[name] = wert
            return
        unten, oben = 0.0, self._weit
        if wert is not None:
            unten, oben = map(float, gerundete_grenzen(wert, self._rundung))
        if grenzen is not None:
            unten, oben = max(unten, grenzen[0]), min(oben, grenzen[1])
        self._neu(name, unten, oben)

    def _neu(self, name: Schluessel, unten: float, oben: float) -> int:
        nummer = len(self._namen)
        self._namen.append(name)
        self._nummer[name] = nummer
        self._unten.append(unten)
        self._oben.append(oben)
        return nummer

    def _teilmenge(self, teil: Schluessel, ganzes: Schluessel) -> None:
        """Der Rest bis zum Ganzen ist selbst eine Zählung."""
        if teil in self._fest and ganzes in self._fest:
            return
        name = (f"{ganzes[0]} − {teil[0]}", *teil[1:])
        if name not in self._nummer:
            self._neu(name, 0.0, self._weit)
            self._bedingung(((ganzes, 1.0), (teil, -1.0), (name, -1.0)), 0.0, 0.0)

    def _bedingung(
        self,
        terme: Sequence[tuple[Schluessel, float]],
        unten: float,
        oben: float,
    ) -> None:
        fest = sum(g * self._fest[name] for name, g in terme if name in self._fest)
        glieder: dict[int, float] = {}
        for name, gewicht in terme:
            if name not in self._fest:
                nummer = self._nummer[name]
                glieder[nummer] = glieder.get(nummer, 0.0) + gewicht
        if glieder:
            paare = tuple(sorted(glieder.items()))
            self._glieder.append((paare, unten - fest, oben - fest))

    def bereiche(
        self, nur: Collection[Schluessel] | None = None
    ) -> dict[Schluessel, tuple[float, float]]:
        """Ganzzahliger Bereich je Unbekannter, die nicht selbst veröffentlicht ist."""
        gesucht = {
            nummer
            for nummer, name in enumerate(self._namen)
            if self._bekannt.werte.get(name) is None and (nur is None or name in nur)
        }
        verbund = Verbund(len(self._namen))
        for glieder, _, _ in self._glieder:
            for nummer, _ in glieder:
                verbund.verbinde(glieder[0][0], nummer)
        netze: dict[int, list[int]] = {}
        for nummer in range(len(self._namen)):
            netze.setdefault(verbund.kopf(nummer), []).append(nummer)
        bedingungen: dict[int, list[Glied]] = {}
        for eintrag in self._glieder:
            bedingungen.setdefault(verbund.kopf(eintrag[0][0][0]), []).append(eintrag)
        ergebnis: dict[Schluessel, tuple[float, float]] = {}
        for kopf in sorted(netze):
            gefragt = gesucht.intersection(netze[kopf])
            if gefragt:
                glieder_hier = bedingungen.get(kopf, [])
                ergebnis |= self._loese(netze[kopf], glieder_hier, gefragt)
        return dict(sorted(ergebnis.items()))

    def _loese(
        self, nummern: list[int], bedingungen: list[Glied], gefragt: AbstractSet[int]
    ) -> dict[Schluessel, tuple[float, float]]:
        neu = {alt: i for i, alt in enumerate(nummern)}
        stueck = netz(
            [[(neu[n], g) for n, g in glieder] for glieder, _, _ in bedingungen],
            [unten for _, unten, _ in bedingungen],
            [oben for _, _, oben in bedingungen],
            groesse=len(nummern),
        )
        unten = np.array([self._unten[n] for n in nummern])
        oben = np.array([self._oben[n] for n in nummern])
        return {
            self._namen[n]: self._bereich(stueck, neu[n], unten, oben)
            for n in sorted(gefragt)
        }

    def _bereich(
        self, stueck: Netz, nummer: int, unten: Zahlen, oben: Zahlen
    ) -> tuple[float, float]:
        tief, hoch = float(unten[nummer]), float(oben[nummer])
        if stueck.matrix.shape[0]:
            tief, hoch = ganzzahlig(stueck, nummer, unten, oben)
        return tief, float("inf") if hoch >= self._weit - 1 else hoch
