"""Zu welchem Gebiet gehört jede Zeile einer Lieferung?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

import numpy as np
import pandas as pd

from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.namen import Fund, Gebietssuche, Gebietsverzeichnis
from quartierstools.eingang.pruefung import begrenzt
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.eingang.zuordnung import Zuordnung
from quartierstools.fehler import Befund
from quartierstools.schreibweise import aufzaehlung

ALLE = ("gebiet", "stadtbezirk", "stadt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gebietszeilen:
    """Gebiet je Zeile.

    Attributes
    ----------
    gebiet : ndarray of int
        Stelle in `paare` je Zeile der Rohtabelle; -1 ohne Gebiet.
    gueltig : ndarray of int
        Stellen der Zeilen mit Gebiet.
    paare : list of (ebene, schluessel)
        Vorkommende Gebiete.
    """

    gebiet: Any
    gueltig: Any
    paare: list[tuple[str, str]]
    verzeichnis: Gebietsverzeichnis

    def name(self, stelle: int) -> str:
        """Name und Schlüssel des Gebiets einer Zeile."""
        nummer = int(self.gebiet[stelle])
        return self.verzeichnis.name(*self.paare[nummer]) if nummer >= 0 else ""


@dataclass(slots=True)
class _Sammlung:
    befunde: list[Befund] = field(default_factory=list)
    varianten: dict[str, str] = field(default_factory=dict)
    aufgefuellt: list[str] = field(default_factory=list)
    ohne: list[str] = field(default_factory=list)


def ordne_zu(
    roh: Rohtabelle, zuordnung: Zuordnung, verzeichnis: Gebietsverzeichnis
) -> tuple[Gebietszeilen, list[Befund]]:
    """Ordnet jede Zeile einem Gebiet zu, nach Schlüssel, sonst nach Name.

    Steht beides da, müssen sie zusammenpassen. Nichts wird geraten: Ähnliches ist
    ein Vorschlag im Befund.
    """
    ebenen = ALLE if zuordnung.ebene == "alle" else (zuordnung.ebene,)
    suche = Gebietssuche(verzeichnis, ebenen=ebenen)
    schluessel = roh.texte(zuordnung.schluessel) if zuordnung.schluessel else None
    namen = roh.texte(zuordnung.name) if zuordnung.name else None
    sammlung = _Sammlung()
    sammlung.befunde += _zahlschluessel(roh, zuordnung)
    gebiet, paare = _schnell(schluessel, namen, suche, len(roh.zeilen))
    nummer_von = {paar: nummer for nummer, paar in enumerate(paare)}
    gemerkt: dict[tuple[str, str], tuple[str, str] | None] = {}
    for i in np.flatnonzero(gebiet < 0).tolist():
        text = (schluessel[i] if schluessel else "", namen[i] if namen else "")
        if gemerkt.get(text) is None:
            gemerkt[text] = _paar(text, i, roh, zuordnung, suche, sammlung)
        paar = gemerkt[text]
        if paar is not None:
            gebiet[i] = nummer_von.setdefault(paar, len(nummer_von))
    zeilen = Gebietszeilen(
        gebiet=gebiet,
        gueltig=np.flatnonzero(gebiet >= 0),
        paare=list(nummer_von),
        verzeichnis=verzeichnis,
    )
    return zeilen, [*begrenzt(sammlung.befunde), *_hinweise(roh, zuordnung, sammlung)]


def _schnell(
    schluessel: list[str] | None,
    namen: list[str] | None,
    suche: Gebietssuche,
    anzahl: int,
) -> tuple[Any, list[tuple[str, str]]]:
    """Zeilen, deren Schlüssel (und Name, wenn da) genau passen; sonst -1."""
    if schluessel is None:
        return np.full(anzahl, -1, dtype=np.int64), []
    eindeutig = suche.eindeutige
    gebiet = pd.Index(list(eindeutig), dtype=object).get_indexer(
        pd.Index(schluessel, dtype=object)
    )
    paare = list(eindeutig.values())
    if namen is not None and paare:
        soll = np.array([suche.verzeichnis.namen[p] for p in paare], dtype=object)
        gleich = soll[gebiet] == np.array(namen, dtype=object)
        gebiet = np.where(gleich, gebiet, -1)
    return gebiet.astype(np.int64), paare


def _zahlschluessel(roh: Rohtabelle, zuordnung: Zuordnung) -> list[Befund]:
    """Schlüssel, die als Zahl gespeichert sind, haben führende Nullen verloren."""
    maske = roh.zahlzellen.get(zuordnung.schluessel)
    if maske is None or zuordnung.schluessel_auffuellen:
        return []
    stelle = int(np.argmax(maske))
    return [
        Befund(
            ort=roh.ort(stelle, zuordnung.schluessel),
            was=f"Der Schlüssel {roh.texte(zuordnung.schluessel)[stelle]} ist als Zahl "
            "gespeichert; führende Nullen gehen so verloren.",
            erwartet="Schlüssel als Text",
            rat="Bitte die Spalte als Text liefern lassen oder in lieferung.yaml "
            "schluessel_auffuellen: ja angeben.",
        )
    ]


def _paar(
    text: tuple[str, str],
    stelle: int,
    roh: Rohtabelle,
    zuordnung: Zuordnung,
    suche: Gebietssuche,
    sammlung: _Sammlung,
) -> tuple[str, str] | None:
    schluessel, name = _aufgefuellt(text[0], zuordnung, suche, sammlung), text[1]
    if {schluessel, name} & set(zuordnung.ohne_gebiet):
        sammlung.ohne.append(name or schluessel)
        return None
    spalte = zuordnung.schluessel if schluessel else zuordnung.name
    if schluessel:
        fund = suche.nach_schluessel(schluessel)
        if fund.art == "genau" and name:
            return _abgeglichen(fund, text, stelle, roh, zuordnung, suche, sammlung)
    elif name:
        fund = suche.nach_name(name)
        if fund.art == "variante":
            sammlung.varianten[name] = fund.vorschlag
    else:
        fund = Fund("leer")
    if fund.art in ("genau", "variante"):
        return fund.ebene, fund.schluessel
    if fund.art == "fremd" and schluessel and name:
        nach_name = suche.nach_name(name)
        if nach_name.art in ("genau", "variante"):
            verzeichnis = suche.verzeichnis
            vorschlag = verzeichnis.name(nach_name.ebene, nach_name.schluessel)
            fund = Fund("fremd", vorschlag=vorschlag)
    if fund.art == "leer" and not zuordnung.name:
        sammlung.befunde.append(_ohne_schluessel(roh.ort(stelle, spalte)))
        return None
    sammlung.befunde.append(
        _fremd(fund, schluessel or name, roh.ort(stelle, spalte), suche.verzeichnis)
    )
    return None


def _aufgefuellt(
    schluessel: str, zuordnung: Zuordnung, suche: Gebietssuche, sammlung: _Sammlung
) -> str:
    """Schlüssel mit führenden Nullen, wo die Zuordnung es erlaubt."""
    if not zuordnung.schluessel_auffuellen or not schluessel.isdigit():
        return schluessel
    voll = schluessel.zfill(suche.verzeichnis.breite)
    if voll == schluessel or suche.nach_schluessel(schluessel).art == "genau":
        return schluessel
    sammlung.aufgefuellt.append(schluessel)
    return voll


def _abgeglichen(
    fund: Fund,
    text: tuple[str, str],
    stelle: int,
    roh: Rohtabelle,
    zuordnung: Zuordnung,
    suche: Gebietssuche,
    sammlung: _Sammlung,
) -> tuple[str, str] | None:
    """Schlüssel gefunden: Passt auch der Name?"""
    paar = (fund.ebene, fund.schluessel)
    soll = suche.verzeichnis.namen.get(paar, "")
    if normalize("NFC", text[1]) == soll or fund.ebene == "stadt":
        return paar
    nach_name = suche.nach_name(text[1])
    if (nach_name.ebene, nach_name.schluessel) == paar:
        sammlung.varianten[text[1]] = soll
        return paar
    if nach_name.art == "mehrdeutig" and suche.verzeichnis.name(*paar) in (
        nach_name.vorschlag.split(" oder ")
    ):
        return paar
    sammlung.befunde.append(
        Befund(
            ort=roh.ort(stelle, zuordnung.name),
            was=f"Zum Schlüssel „{sicherer_text(text[0])}“ steht der Name "
            f"„{sicherer_text(text[1])}“.",
            erwartet=f"„{soll}“",
            rat="Sind Zeilen verrutscht oder hat sich die Gliederung geändert? Für "
            "geänderte Grenzen gibt es die Schlüsselbrücke.",
        )
    )
    return None


def _ohne_schluessel(ort: str) -> Befund:
    """Summenzeilen haben oft nur einen Namen."""
    return Befund(
        ort=ort,
        was="Hier steht kein Schlüssel.",
        erwartet="ein Schlüssel, oder ein Name in einer zugeordneten Spalte",
        rat="Ist es eine Summenzeile („Stadt insgesamt“)? Dann in lieferung.yaml neben "
        "schluessel auch name angeben; sonst die Zeile entfernen lassen.",
    )


def _fremd(fund: Fund, text: str, ort: str, verzeichnis: Gebietsverzeichnis) -> Befund:
    if fund.art == "leer":
        return Befund(
            ort=ort,
            was="Hier steht kein Gebiet.",
            erwartet="ein Schlüssel oder Name",
            rat="Bitte ergänzen oder die Zeile entfernen lassen.",
        )
    if fund.art == "mehrdeutig":
        return Befund(
            ort=ort,
            was=f"„{sicherer_text(text)}“ kann {fund.vorschlag} sein.",
            erwartet="ein eindeutiges Gebiet",
            rat="Bitte ebene in lieferung.yaml angeben oder Schlüssel liefern lassen.",
        )
    if fund.art == "breite":
        return Befund(
            ort=ort,
            was=f"Der Schlüssel „{sicherer_text(text)}“ hat "
            f"{len(text)} Zeichen. Meinten Sie „{fund.vorschlag}“?",
            erwartet=f"{verzeichnis.breite} Zeichen mit führenden Nullen",
            rat="Bitte die Spalte als Text liefern lassen oder in lieferung.yaml "
            "schluessel_auffuellen: ja angeben.",
        )
    vorschlag = f" Meinten Sie {fund.vorschlag}?" if fund.vorschlag else ""
    return Befund(
        ort=ort,
        was=f"Ein Gebiet „{sicherer_text(text)}“ gibt es nicht.{vorschlag}",
        erwartet=f"eines der {len(verzeichnis.schluessel('gebiet'))} Gebiete, ein "
        "Stadtbezirk oder die Stadt",
        rat="Schreibweise prüfen; Zeilen ohne Gebiet in lieferung.yaml unter "
        "ohne_gebiet nennen.",
    )


def _hinweise(
    roh: Rohtabelle, zuordnung: Zuordnung, sammlung: _Sammlung
) -> list[Befund]:
    hinweise = []
    spalte = zuordnung.name or zuordnung.schluessel
    if sammlung.varianten:
        paare = [
            f"„{sicherer_text(a)}“ als „{b}“"
            for a, b in list(sammlung.varianten.items())[:6]
        ]
        hinweise.append(
            Befund(
                ort=f"{roh.quelle}, Spalte „{spalte}“",
                was=f"Namen sind anders geschrieben; gelesen wurde {_liste(paare)}.",
                rat="Bitte prüfen, ob dieselben Gebiete gemeint sind.",
                schwere="hinweis",
            )
        )
    if sammlung.aufgefuellt:
        gezeigt = _liste([f"„{s}“" for s in dict.fromkeys(sammlung.aufgefuellt)])
        hinweise.append(
            Befund(
                ort=f"{roh.quelle}, Spalte „{zuordnung.schluessel}“",
                was=f"Führende Nullen wurden wie vereinbart ergänzt: {gezeigt}.",
                schwere="hinweis",
            )
        )
    if sammlung.ohne:
        gezeigt = _liste(
            [f"„{sicherer_text(s)}“" for s in dict.fromkeys(sammlung.ohne)]
        )
        hinweise.append(
            Befund(
                ort=roh.quelle,
                was=f"Zeilen ohne Gebiet wurden wie vereinbart ausgelassen: {gezeigt}.",
                rat="Sie fehlen in den Summen der Gebiete.",
                schwere="hinweis",
            )
        )
    return hinweise


def _liste(teile: Sequence[str]) -> str:
    gezeigt = list(teile[:6])
    if len(teile) > len(gezeigt):
        gezeigt.append(f"{len(teile) - len(gezeigt)} weitere")
    return aufzaehlung(gezeigt)
