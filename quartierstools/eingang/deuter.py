"""Wie wird aus zugeordneten Spalten eine Wertetabelle? Ein Durchgang je Lieferung."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from quartierstools.eingang.beobachtungen import (
    Beobachtungen,
    beobachtungen,
    leere_spalte,
)
from quartierstools.eingang.deutung import (
    ZAHL,
    Zahlenspalte,
    deute_spalte,
    verschiebung,
)
from quartierstools.eingang.gebietszeilen import Gebietszeilen, ordne_zu
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.lieferschrift import dezimalwahl, eintragsname, stichtage
from quartierstools.eingang.namen import Gebietsverzeichnis
from quartierstools.eingang.pruefregeln import Pruefregeln
from quartierstools.eingang.pruefung import messkonzeptbefunde
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.eingang.wertetabelle import Block, lange_tabelle, leere_werte
from quartierstools.eingang.zellpruefung import Feld, Zellpruefung, zellbefunde
from quartierstools.eingang.zuordnung import Zuordnung
from quartierstools.fehler import Befund, meinten_sie
from quartierstools.katalog import Katalog, Quelle
from quartierstools.schreibweise import aufzaehlung

UEBLICH: Mapping[str, str] = {"*": "gesperrt"}
"""Zeichen, die in Lieferungen (Bundesagentur für Arbeit) immer dasselbe heißen."""


@dataclass(slots=True, kw_only=True)
class Deuter:
    """Ein Durchgang durch eine Lieferung; sammelt Befunde."""

    roh: Rohtabelle
    zuordnung: Zuordnung
    katalog: Katalog
    verzeichnis: Gebietsverzeichnis
    regeln: Pruefregeln
    quelle: Quelle

    def deute(self) -> tuple[pd.DataFrame, list[Befund]]:
        """Wertetabelle und Befunde; bei Fehlern bleibt die Tabelle leer."""
        befunde = list(self.roh.hinweise)
        befunde += self._spaltenbefunde() + zellbefunde(self.roh)
        befunde += messkonzeptbefunde(self._konzepttexte(), self.regeln)
        if any(b.schwere == "fehler" for b in befunde):
            return leere_werte(), befunde
        zeilen, neue = ordne_zu(self.roh, self.zuordnung, self.verzeichnis)
        befunde += neue
        tage, neue = stichtage(self.roh, self.zuordnung)
        befunde += neue
        dezimal, neue = dezimalwahl(self.roh, self.zuordnung, self.katalog)
        befunde += neue
        felder, neue = self._felder(zeilen)
        befunde += neue
        bloecke, neue = self._bloecke(felder, zeilen, tage, dezimal)
        befunde += neue
        if any(b.schwere == "fehler" for b in befunde):
            return leere_werte(), befunde
        fest = {
            "quelle": self.zuordnung.quelle,
            "stichtag_belegt": self.zuordnung.stichtag_belegt,
            "guete": self.zuordnung.guete,
            "hinweis": self.zuordnung.hinweis,
            "datei": self.roh.quelle,
        }
        werte = lange_tabelle(bloecke, zeilen.paare, self.roh.zeilen, fest)
        if werte.empty:
            befunde.append(
                Befund(
                    ort=self.roh.quelle,
                    was="Keine Zeile gehört zu einem Gebiet.",
                    erwartet="mindestens ein Gebiet mit Werten",
                    rat="Bitte schluessel und name in lieferung.yaml prüfen.",
                )
            )
        return werte, befunde

    def spaltenname(self, indikator: str, rolle: str) -> str:
        """Spalte der Lieferung zu Indikator und Rolle, für Meldungen."""
        passend = [s for s in self.zuordnung.spalten if s.indikator == indikator]
        gleich = [s.spalte for s in passend if s.rolle == rolle]
        return (gleich or [s.spalte for s in passend] or [rolle])[0]

    def _spaltenbefunde(self) -> list[Befund]:
        z, da = self.zuordnung, self.roh.spalten
        gebraucht = [z.schluessel, z.name, z.stichtag_spalte]
        if z.form == "lang":
            gebraucht += [z.indikator_spalte, z.wert_spalte]
            gebraucht += [z.zaehler_spalte, z.nenner_spalte]
        else:
            gebraucht += [s.spalte for s in z.spalten]
        befunde = [
            Befund(
                ort=f"{self.roh.quelle}, Kopfzeile",
                was=f"Die Spalte „{sicherer_text(s)}“ fehlt.{meinten_sie(s, da)}",
                erwartet=f"die Spalten wie in {eintragsname(z)}",
                rat="Hat die Quelle die Spalte umbenannt? Dann lieferung.yaml "
                "anpassen.",
            )
            for s in dict.fromkeys(gebraucht)
            if s and s not in da
        ]
        fremd = [s for s in da if s not in gebraucht and s not in z.uebergehen]
        if fremd:
            namen = [f"„{sicherer_text(s)}“" for s in fremd[:6]]
            if len(fremd) > len(namen):
                namen.append(f"{len(fremd) - len(namen)} weitere")
            befunde.append(
                Befund(
                    ort=f"{self.roh.quelle}, Kopfzeile",
                    was=f"Nicht zugeordnet: {aufzaehlung(namen)}.",
                    rat="Diese Spalten werden nicht gelesen; bewusst Übergangenes "
                    "bitte unter uebergehen nennen.",
                    schwere="hinweis",
                )
            )
        return befunde

    def _konzepttexte(self) -> list[tuple[str, str, str]]:
        texte = [
            (
                f"{self.roh.quelle}, Spalte „{sicherer_text(s.spalte)}“",
                s.indikator,
                s.spalte,
            )
            for s in self.zuordnung.spalten
        ]
        einzige = {s.indikator for s in self.zuordnung.spalten}
        if len(einzige) == 1:
            kennung = next(iter(einzige))
            texte += [(f"{self.roh.quelle}, Titel", kennung, t) for t in self.roh.titel]
        return texte

    def _felder(
        self, zeilen: Gebietszeilen
    ) -> tuple[dict[tuple[str, str], list[Feld]], list[Befund]]:
        """Texte je (Indikator, eigener Stichtag), aus breiter oder langer Form."""
        felder: dict[tuple[str, str], list[Feld]] = {}
        if self.zuordnung.form == "breit":
            for s in self.zuordnung.spalten:
                feld = Feld(
                    spalte=s.spalte,
                    zellen=self.roh.spalte(s.spalte),
                    stellen=zeilen.gueltig,
                    bedeutung=s,
                )
                felder.setdefault((s.indikator, s.stichtag or ""), []).append(feld)
            return felder, []
        z = self.zuordnung
        woerter = pc.dictionary_encode(self.roh.spalte(z.indikator_spalte))
        ort = f"{self.roh.quelle}, Spalte „{sicherer_text(z.indikator_spalte)}“"
        nummer_von = {t: i for i, t in enumerate(woerter.dictionary.to_pylist())}
        nummern = woerter.indices.to_numpy()[zeilen.gueltig]
        bekannt = {s.spalte for s in z.spalten}
        befunde = [
            Befund(
                ort=ort,
                was=f"Die Bezeichnung „{sicherer_text(s)}“ kommt nicht vor."
                f"{meinten_sie(s, list(nummer_von))}",
                erwartet=f"Bezeichnungen wie in {eintragsname(z)}",
                rat="Hat die Quelle sie umbenannt? Dann lieferung.yaml anpassen.",
            )
            for s in sorted(bekannt - set(nummer_von))
        ]
        fremd = sorted(set(nummer_von) - bekannt - set(z.uebergehen))
        if fremd:
            befunde.append(
                Befund(
                    ort=ort,
                    was="Nicht zugeordnet: "
                    f"{aufzaehlung([f'„{sicherer_text(t)}“' for t in fremd[:6]])}.",
                    rat="Diese Zeilen werden nicht gelesen.",
                    schwere="hinweis",
                )
            )
        rollen = (("zaehler", z.zaehler_spalte), ("nenner", z.nenner_spalte))
        for s in z.spalten:
            stellen = zeilen.gueltig[nummern == nummer_von.get(s.spalte, -1)]
            schluessel = (s.indikator, s.stichtag or "")
            if z.wert_spalte:
                zellen = self.roh.spalte(z.wert_spalte)
                felder.setdefault(schluessel, []).append(
                    Feld(
                        spalte=z.wert_spalte,
                        zellen=zellen,
                        stellen=stellen,
                        bedeutung=s,
                    )
                )
            for rolle, spalte in rollen:
                if spalte:
                    bedeutung = s.model_copy(update={"rolle": rolle})
                    zellen = self.roh.spalte(spalte)
                    felder.setdefault(schluessel, []).append(
                        Feld(
                            spalte=spalte,
                            zellen=zellen,
                            stellen=stellen,
                            bedeutung=bedeutung,
                        )
                    )
        return felder, befunde

    def _bloecke(
        self,
        felder: Mapping[tuple[str, str], list[Feld]],
        zeilen: Gebietszeilen,
        tage: tuple[Any, list[str]],
        dezimal: str,
    ) -> tuple[list[Block], list[Befund]]:
        """Ein Block je Indikator und eigenem Stichtag."""
        pruefung = Zellpruefung(roh=self.roh, zeilen=zeilen)
        bloecke: list[Block] = []
        befunde: list[Befund] = []
        leere: dict[str, int] = {}
        nummern, liste = tage
        for (kennung, eigener), teile in felder.items():
            tagnummern = np.zeros_like(nummern) if eigener else nummern
            tagliste = [eigener] if eigener else liste
            schluessel = zeilen.gebiet * len(tagliste) + tagnummern
            stellen = _gemeinsame(teile, schluessel)
            rollen: dict[str, Zahlenspalte] = {}
            for feld in teile:
                gedeutet, neue = self._gedeutet(feld, pruefung, schluessel, dezimal)
                befunde += neue
                leere.setdefault(feld.spalte, 0)
                leere[feld.spalte] += int(gedeutet.leer.sum())
                rollen[feld.bedeutung.rolle] = _ausgerichtet(
                    gedeutet, feld.stellen, stellen, schluessel
                )
            werte = self._beobachtet(rollen, len(stellen), kennung)
            if not befunde:
                befunde += self._abgleich(teile, werte, stellen, pruefung, rollen)
            bloecke.append(
                Block(
                    indikator=kennung,
                    stellen=stellen,
                    gebiet=zeilen.gebiet[stellen].astype(np.int32),
                    tag=tagnummern[stellen].astype(np.int16),
                    tage=tagliste,
                    werte=werte,
                )
            )
        return bloecke, [*befunde, *pruefung.leere(leere)]

    @property
    def _zeichen(self) -> dict[str, str]:
        return {**UEBLICH, **self.quelle.zeichen, **self.zuordnung.zeichen}

    def _verschoben(self, feld: Feld) -> int:
        """Stellen, um die das Komma eines Wertes rückt."""
        if feld.bedeutung.rolle != "wert":
            return 0
        einheit = self.katalog.indikatoren[feld.bedeutung.indikator].einheit
        return verschiebung(feld.bedeutung.einheit or einheit, einheit) or 0

    def _gedeutet(
        self,
        feld: Feld,
        pruefung: Zellpruefung,
        schluessel: Any,  # noqa: ANN401
        dezimal: str,
    ) -> tuple[Zahlenspalte, list[Befund]]:
        gedeutet = deute_spalte(
            feld.zellen.take(pa.array(feld.stellen)),
            zeichen=self._zeichen,
            dezimal=dezimal,
            stellen=self._verschoben(feld),
            klammern=self.zuordnung.klammern,
        )
        indikator = self.katalog.indikatoren[feld.bedeutung.indikator]
        befunde = [
            *pruefung.doppelte(feld, schluessel),
            *pruefung.unlesbare(feld, gedeutet, self._zeichen),
            *pruefung.einheitszeichen(
                feld, gedeutet, feld.bedeutung.einheit or indikator.einheit
            ),
        ]
        if feld.bedeutung.rolle != "wert":
            befunde += pruefung.krumme(feld, gedeutet)
        return gedeutet, befunde

    def _beobachtet(
        self, rollen: Mapping[str, Zahlenspalte], anzahl: int, kennung: str
    ) -> Beobachtungen:
        leer = leere_spalte(anzahl)
        werte = beobachtungen(
            rollen.get("wert", leer),
            rollen.get("zaehler", leer),
            rollen.get("nenner", leer),
            einheit=self.katalog.indikatoren[kennung].einheit,
        )
        if set(rollen) != {"nenner"}:
            return werte
        # Der Zähler steht in einer anderen Datei; ein gesperrter Nenner bleibt es.
        nenner = rollen["nenner"]
        marke = (nenner.art > ZAHL) & ~nenner.leer
        return replace(werte, art=np.where(marke, nenner.art, werte.art))

    def _abgleich(
        self,
        teile: Sequence[Feld],
        werte: Beobachtungen,
        stellen: Any,  # noqa: ANN401
        pruefung: Zellpruefung,
        rollen: Mapping[str, Zahlenspalte],
    ) -> list[Befund]:
        """Wert gegen Zähler und Nenner, wo alle drei geliefert sind."""
        wert = next((f for f in teile if f.bedeutung.rolle == "wert"), None)
        if wert is None or not {"zaehler", "nenner"} <= set(rollen):
            return []
        return pruefung.abweichungen(
            wert,
            werte,
            stellen=stellen,
            verschoben=self._verschoben(wert),
            einheit=self.katalog.indikatoren[wert.bedeutung.indikator].einheit,
        )


def _gemeinsame(teile: Sequence[Feld], schluessel: Any) -> Any:  # noqa: ANN401
    """Stellen, an denen ein Indikator steht: erste Stelle je Gebiet und Stichtag."""
    erste = teile[0].stellen
    if all(t.stellen is erste for t in teile):
        return erste
    alle = np.concatenate([t.stellen for t in teile])
    _, zuerst = np.unique(schluessel[alle], return_index=True)
    return alle[np.sort(zuerst)]


def _ausgerichtet(
    spalte: Zahlenspalte,
    von: Any,  # noqa: ANN401
    nach: Any,  # noqa: ANN401
    schluessel: Any,  # noqa: ANN401
) -> Zahlenspalte:
    """Bringt eine Spalte auf die Reihenfolge der gemeinsamen Stellen."""
    if von is nach:
        return spalte
    index = pd.Index(schluessel[von])
    if index.has_duplicates:
        erste = ~index.duplicated()
        index, auswahl = index[erste], np.flatnonzero(erste)
    else:
        auswahl = np.arange(len(index))
    treffer = index.get_indexer(schluessel[nach])
    da = treffer >= 0
    leer = leere_spalte(len(nach))
    quelle = auswahl[treffer[da]]
    felder = {}
    for name in ("wert", "art", "leer", "null"):
        ziel = getattr(leer, name).copy()
        ziel[da] = getattr(spalte, name)[quelle]
        felder[name] = ziel
    return Zahlenspalte(einheit=spalte.einheit, **felder)
