"""Was steht in einer Lieferung? Zugeordnete Spalten werden Werte des Bestands.

Ergebnis ist die lange Tabelle, die auch `lies_bestand` liefert; was sich nicht
verstehen lässt, wird mit Datei, Zeile, Spalte und Gebiet gemeldet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from quartierstools.eingang.deuter import Deuter
from quartierstools.eingang.deutung import verschiebung
from quartierstools.eingang.leser.oeffnen import oeffne, quellenname
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.namen import Gebietsverzeichnis
from quartierstools.eingang.pruefregeln import Pruefregeln, lies_pruefregeln
from quartierstools.eingang.pruefung import Pruefung
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.eingang.wertepruefung import alle_befunde
from quartierstools.eingang.wertetabelle import (
    SCHLUESSEL,
    bestandszeilen,
    leere_werte,
)
from quartierstools.eingang.zuordnung import Zuordnung
from quartierstools.fehler import Befund, Datenfehler, meinten_sie
from quartierstools.katalog import Katalog, Quelle
from quartierstools.schreibweise import aufzaehlung

__all__ = ["Lieferung", "bestandszeilen", "deute_lieferung", "lies_lieferung"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lieferung:
    """Eine gedeutete und geprüfte Lieferung.

    Attributes
    ----------
    werte : DataFrame
        Wie von `lies_bestand`; Textspalten sind Kategorien. Leer, wenn Fehler das
        Deuten verhindern.
    befunde : tuple of Befund
        Fehler und Hinweise.
    roh : tuple of Rohtabelle
        Was gelesen wurde.
    rollen : Mapping
        Indikator → gelieferte Rollen (``wert``, ``zaehler``, ``nenner``).
    """

    werte: pd.DataFrame
    befunde: tuple[Befund, ...]
    roh: tuple[Rohtabelle, ...]
    rollen: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def fehler(self) -> list[Befund]:
        """Befunde, die eine Übernahme verbieten."""
        return [b for b in self.befunde if b.schwere == "fehler"]


def lies_lieferung(
    datei: Path | str,
    zuordnung: Zuordnung,
    *,
    katalog: Katalog,
    verzeichnis: Gebietsverzeichnis,
    regeln: Pruefregeln | None = None,
    vorher: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Liest eine Lieferung als Tabelle im Format des Bestands.

    Parameters
    ----------
    datei : Path or str
        Datei oder Adresse.
    zuordnung : Zuordnung
        Was die Spalten bedeuten.
    katalog : Katalog
        Indikatoren und Quellen.
    verzeichnis : Gebietsverzeichnis
        Gebiete des Projekts.
    regeln : Pruefregeln, optional
        Schwellen; sonst die mitgelieferten.
    vorher : DataFrame, optional
        Frühere Werte, gegen die auf Sprünge geprüft wird.

    Returns
    -------
    DataFrame
        Spalten wie bei `lies_bestand`, sortiert nach Ebene, Gebiet, Indikator,
        Stichtag.

    Raises
    ------
    Datenfehler
        Mit allen Mängeln; Hinweise brechen nicht ab.
    """
    lieferung = deute_lieferung(
        datei,
        zuordnung,
        katalog=katalog,
        verzeichnis=verzeichnis,
        regeln=regeln,
        vorher=vorher,
    )
    if lieferung.fehler:
        raise Datenfehler(quellenname(datei), lieferung.fehler)
    werte = lieferung.werte.copy()
    for spalte in werte.columns:
        if isinstance(werte[spalte].dtype, pd.CategoricalDtype):
            werte[spalte] = werte[spalte].astype(object)
    return werte.sort_values(SCHLUESSEL, kind="stable", ignore_index=True)


def deute_lieferung(
    datei: Path | str,
    zuordnung: Zuordnung,
    *,
    katalog: Katalog,
    verzeichnis: Gebietsverzeichnis,
    regeln: Pruefregeln | None = None,
    vorher: pd.DataFrame | None = None,
    quelle: Quelle | None = None,
) -> Lieferung:
    """Wie `lies_lieferung`, aber mit Hinweisen und ohne Abbruch bei Fehlern.

    Mit `quelle` gelten deren Zeichen, auch wenn der Katalog sie nicht kennt (für
    Vorschläge).
    """
    regeln = regeln or lies_pruefregeln()
    befunde = zuordnung.maengel()
    if befunde or not zuordnung.spalten:
        befunde += zuordnung.offene_fragen()
        return Lieferung(werte=leere_werte(), befunde=tuple(befunde), roh=())
    try:
        tabellen = oeffne(
            datei, zuordnung=zuordnung, verzeichnis=verzeichnis, regeln=regeln
        )
        quelle = quelle or _quelle(zuordnung, katalog)
        tabelle = _eine(tabellen, quellenname(datei))
    except Datenfehler as fehler:
        befunde = [*_nur(fehler), *zuordnung.offene_fragen()]
        return Lieferung(werte=leere_werte(), befunde=tuple(befunde), roh=())
    deuter = Deuter(
        roh=tabelle,
        zuordnung=zuordnung,
        katalog=katalog,
        verzeichnis=verzeichnis,
        regeln=regeln,
        quelle=quelle,
    )
    werte, befunde = deuter.deute()
    if not any(b.schwere == "fehler" for b in befunde) and len(werte):
        befunde += alle_befunde(
            Pruefung(
                werte=werte,
                katalog=katalog,
                verzeichnis=verzeichnis,
                regeln=regeln,
                spaltenname=deuter.spaltenname,
                rundung=zuordnung.rundung,
                vorher=vorher,
                zeilenwort=tabelle.zeilenwort,
            )
        )
    befunde += zuordnung.offene_fragen()
    befunde = sorted(befunde, key=lambda b: b.schwere != "fehler")
    return Lieferung(
        werte=werte,
        befunde=tuple(befunde),
        roh=(tabelle,),
        rollen=zuordnung.rollen(),
    )


def _nur(fehler: Datenfehler) -> tuple[Befund, ...]:
    return tuple(
        b if isinstance(b, Befund) else Befund(ort="", was=b) for b in fehler.befunde
    )


def _quelle(zuordnung: Zuordnung, katalog: Katalog) -> Quelle:
    ort = f"lieferung.yaml, {zuordnung.id}"
    befunde = []
    if zuordnung.quelle not in katalog.quellen:
        befunde.append(
            Befund(
                ort=ort,
                was=f"Die Quelle „{sicherer_text(zuordnung.quelle)}“ kennt der Katalog "
                f"nicht.{meinten_sie(zuordnung.quelle, list(katalog.quellen))}",
                erwartet="eine Kennung aus katalog/quellen.yaml",
                rat="Bitte dort eintragen: wer, was, wie zitiert.",
            )
        )
    befunde += [
        Befund(
            ort=ort,
            was=f"Den Indikator „{sicherer_text(s.indikator)}“ kennt der Katalog nicht."
            f"{meinten_sie(s.indikator, list(katalog.indikatoren))}",
            erwartet="eine Kennung aus dem Katalog",
            rat="Schreibweise prüfen oder Eintrag im Ordner katalog/ ergänzen.",
        )
        for s in zuordnung.spalten
        if s.indikator not in katalog.indikatoren
    ]
    for s in zuordnung.spalten:
        indikator = katalog.indikatoren.get(s.indikator)
        if s.rolle != "wert" or indikator is None or s.einheit is None:
            continue
        if verschiebung(s.einheit, indikator.einheit) is None:
            befunde.append(
                Befund(
                    ort=ort,
                    was=f"{s.indikator} ist im Katalog in {indikator.einheit} "
                    f"angegeben, geliefert wird {s.einheit}.",
                    erwartet="eine Einheit, die sich umrechnen lässt",
                    rat="Bitte einheit prüfen.",
                )
            )
    if befunde:
        raise Datenfehler(ort, befunde)
    return katalog.quellen[zuordnung.quelle]


def _eine(tabellen: Sequence[Rohtabelle], name: str) -> Rohtabelle:
    if len(tabellen) == 1:
        return tabellen[0]
    befund = Befund(
        ort=name,
        was=f"Die Datei enthält {len(tabellen)} Tabellen.",
        erwartet=f"blatt: eines von {aufzaehlung([t.blatt for t in tabellen[:8]])}",
        rat="Bitte blatt in lieferung.yaml angeben; je Blatt ein Eintrag.",
    )
    raise Datenfehler(name, [befund])
