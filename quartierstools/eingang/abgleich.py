"""Stimmen abgelesene Werte mit dem veröffentlichten Bericht überein?

Verglichen wird Wert für Wert mit den Tabellenseiten des PDF; geschrieben wird hier
nichts (siehe `uebernahme`). Welche Seite zu welchem Indikator gehört, sagt
``katalog/abgleich.yaml`` über Wörter der Überschrift.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from quartierstools.eingang.abgleichseiten import (
    Seitenangabe,
    Seitenfund,
    finde_seiten,
    lies_seitenangaben,
)
from quartierstools.eingang.abgleichswerte import (
    Bisher,
    Gelesen,
    Schluessel,
    bisherige_werte,
    liegt_vor,
    stimmt_ueberein,
    unlesbar,
)
from quartierstools.eingang.datenstand import Datenstand, lies_datenstand
from quartierstools.eingang.leser.sozialbericht import lies_berichtsseiten
from quartierstools.eingang.namen import Gebietsverzeichnis
from quartierstools.eingang.pruefregeln import lies_pruefregeln
from quartierstools.eingang.schutz import dateibefunde, sicherer_text
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.katalog import Projektordner
from quartierstools.schreibweise import aufzaehlung, mehrzahl

Urteil = Literal["bestätigt", "berichtigt", "neu", "nicht gefunden"]
URTEILE: tuple[Urteil, ...] = ("bestätigt", "berichtigt", "neu", "nicht gefunden")
EBENEN = ("gebiet", "stadtbezirk", "stadt")
MINDESTVERGLEICH = 5
"""Ab so vielen verglichenen Werten fällt eine vertauschte Seite auf."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wertvergleich:
    """Ein Wert des Berichts neben dem bisherigen.

    Attributes
    ----------
    ebene, gebiet, name, indikator : str
        Wofür der Wert steht.
    abgelesen : str
        Bisheriger Wert in der Einheit des Katalogs; leer, wenn keiner da war.
    im_pdf : str
        Text im Bericht; leer, wenn die Zeile oder Zelle fehlt.
    urteil : str
        ``bestätigt``, ``berichtigt``, ``neu`` oder ``nicht gefunden``.
    seite : int or None
        Seite im PDF, ab 1.
    wert : str
        Was in den Bestand käme; leer bei „nicht gefunden“.
    stichtag, stichtag_belegt : str
        Stichtag, unter dem der Wert stünde, und ob die Seite ihn nennt.
    bisher : Bisher or None
        Zeile des Bestands, die denselben Wert meint.
    """

    ebene: str
    gebiet: str
    name: str
    indikator: str
    abgelesen: str
    im_pdf: str
    urteil: Urteil
    seite: int | None
    wert: str
    stichtag: str
    stichtag_belegt: str
    bisher: Bisher | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Abgleich:
    """Ergebnis eines Abgleichs; ändert nichts.

    Attributes
    ----------
    pdf, pruefsumme : str
        Name und SHA-256 des Berichts.
    werte : tuple of Wertvergleich
        Alle Gebiete, Stadtbezirke und die Stadt je Indikator.
    befunde : tuple of Befund
        Fehler zuerst; ein Fehler verbietet die Übernahme seines Indikators.
    gesperrt : frozenset of str
        Indikatoren mit Fehlern.
    """

    pdf: str
    pruefsumme: str
    werte: tuple[Wertvergleich, ...]
    befunde: tuple[Befund, ...]
    gesperrt: frozenset[str]

    @property
    def in_ordnung(self) -> bool:
        """Ob sich alles übernehmen lässt."""
        return not self.gesperrt

    @property
    def satz(self) -> str:
        """Ergebnis in einem Satz."""
        anzahl = Counter(w.urteil for w in self.werte)
        teile = [f"{anzahl[u]} {u}" for u in URTEILE if anzahl[u]]
        return f"{mehrzahl(len(self.werte), 'Wert', 'Werte')}: {aufzaehlung(teile)}."

    @property
    def tabelle(self) -> pd.DataFrame:
        """Eine Zeile je Wert: was da war, was im Bericht steht, Urteil, Seite."""
        felder = {
            "Gebiet": [w.name for w in self.werte],
            "Indikator": [w.indikator for w in self.werte],
            "abgelesen": [w.abgelesen for w in self.werte],
            "im PDF": [w.im_pdf for w in self.werte],
            "Urteil": [w.urteil for w in self.werte],
            "Seite": [str(w.seite or "") for w in self.werte],
        }
        return pd.DataFrame(felder, dtype="object")


def abgleich(pdf: Path, ordner: Projektordner) -> Abgleich:
    """Vergleicht den Bestand eines Projekts mit den Tabellen eines Berichts.

    Parameters
    ----------
    pdf : Path
        Bericht mit Tabellenseiten: ein Indikator je Seite, eine Zeile je Gebiet.
    ordner : Projektordner
        Projekt mit ``katalog/abgleich.yaml``.

    Raises
    ------
    Datenfehler, Katalogfehler
        Wenn Projekt oder PDF nicht lesbar sind. Was sich lesen lässt, aber nicht
        zusammenpasst, steht in `Abgleich.befunde`.
    """
    stand = lies_datenstand(ordner)
    regeln = lies_pruefregeln(ordner)
    angaben = lies_seitenangaben(ordner, stand.katalog)
    name = sicherer_text(pdf.name)
    befunde = dateibefunde(pdf, name, regeln)
    if befunde:
        raise Datenfehler(name, befunde)
    projekt = stand.katalog.projekt
    verzeichnis = Gebietsverzeichnis.from_flaechen(
        stand.gebiete,
        stand.stadtbezirke,
        stadt=projekt.stadt,
        breite=projekt.schluessel_breite,
    )
    seiten = lies_berichtsseiten(pdf, name=name, verzeichnis=verzeichnis, regeln=regeln)
    funde = finde_seiten(
        pdf, seiten, angaben, katalog=stand.katalog, verzeichnis=verzeichnis
    )
    bisher = bisherige_werte(stand, list(angaben))
    teile = [_vergleiche(f, bisher, stand, verzeichnis, name) for f in funde]
    alle = [b for _, teil in teile for b in teil]
    return Abgleich(
        pdf=name,
        pruefsumme=hashlib.sha256(pdf.read_bytes()).hexdigest(),
        werte=tuple(w for werte, _ in teile for w in werte),
        befunde=tuple(sorted(alle, key=lambda b: b.schwere != "fehler")),
        gesperrt=frozenset(
            fund.angabe.id
            for fund, (_, teil) in zip(funde, teile, strict=True)
            if any(b.schwere == "fehler" for b in teil)
        ),
    )


def _vergleiche(
    fund: Seitenfund,
    bisher: Mapping[Schluessel, Sequence[Bisher]],
    stand: Datenstand,
    verzeichnis: Gebietsverzeichnis,
    pdf: str,
) -> tuple[list[Wertvergleich], list[Befund]]:
    """Alle Gebiete eines Indikators, dazu was dabei auffiel."""
    kennung = fund.angabe.id
    befunde = list(fund.befunde)
    werte = []
    bezug = str(stand.katalog.projekt.bezugsdatum)
    tage = [b.stichtag for k, alte in bisher.items() if k[2] == kennung for b in alte]
    for ebene in EBENEN:
        for gebiet in verzeichnis.schluessel(ebene):
            alte = bisher.get((ebene, gebiet, kennung), [])
            alt = _dieselbe(alte, fund.stichtag)
            tag = fund.stichtag or (alt.stichtag if alt else max(tage, default=bezug))
            zelle, text = fund.zellen.get((ebene, gebiet), (None, ""))
            if zelle is not None and unlesbar(zelle):
                befunde.append(_unlesbar(fund, pdf, verzeichnis, (ebene, gebiet), text))
            werte.append(
                Wertvergleich(
                    ebene=ebene,
                    gebiet=gebiet,
                    name=verzeichnis.name(ebene, gebiet),
                    indikator=kennung,
                    abgelesen=alt.text if alt else "",
                    im_pdf=text,
                    urteil=_urteil(zelle, alt),
                    seite=fund.seite if text else None,
                    wert=zelle.text if zelle and liegt_vor(zelle) else "",
                    stichtag=tag,
                    stichtag_belegt="ja" if fund.stichtag else "nein",
                    bisher=alt,
                )
            )
    befunde += _widerspruch(werte, fund, pdf) + _fremde_quellen(werte, fund, pdf)
    return werte, befunde


def _dieselbe(alte: Sequence[Bisher], stichtag: str) -> Bisher | None:
    """Zeile mit dem Stichtag der Seite, sonst die jüngste mit angenommenem."""
    gleich = [b for b in alte if b.stichtag == stichtag]
    angenommen = [b for b in alte if b.stichtag_belegt != "ja" or not stichtag]
    passend = gleich or angenommen
    return passend[-1] if passend else None


def _urteil(zelle: Gelesen | None, alt: Bisher | None) -> Urteil:
    if zelle is None or not liegt_vor(zelle):
        return "nicht gefunden"
    if alt is None:
        return "neu"
    if zelle.zahl is None or alt.zahl is None:
        return "bestätigt" if zelle.text == alt.text else "berichtigt"
    return "bestätigt" if stimmt_ueberein(alt.zahl, zelle.zahl) else "berichtigt"


def _unlesbar(
    fund: Seitenfund,
    pdf: str,
    verzeichnis: Gebietsverzeichnis,
    ort: tuple[str, str],
    text: str,
) -> Befund:
    return Befund(
        ort=f"{pdf}, Seite {fund.seite}, {verzeichnis.name(*ort)}",
        was=f"„{sicherer_text(text)}“ ist weder Zahl noch vereinbartes Zeichen.",
        erwartet="eine Zahl wie 12,1 oder ein Zeichen (- . / x ...)",
        rat="Der Wert bleibt, wie er ist; bitte im Bericht nachsehen.",
        schwere="hinweis",
    )


def _widerspruch(
    werte: Sequence[Wertvergleich], fund: Seitenfund, pdf: str
) -> list[Befund]:
    """Stimmt weniger als die Hälfte, ist es vermutlich die falsche Seite."""
    anzahl = Counter(w.urteil for w in werte if w.abgelesen)
    verglichen = anzahl["bestätigt"] + anzahl["berichtigt"]
    if verglichen < MINDESTVERGLEICH or 2 * anzahl["bestätigt"] >= verglichen:
        return []
    kennung = fund.angabe.id
    geprueft = fund.angabe.geprueft
    return [
        Befund(
            ort=f"{pdf}, Seite {fund.seite}, {kennung}",
            was=f"Nur {anzahl['bestätigt']} von {verglichen} bisherigen Werten stehen "
            "so auf dieser Seite.",
            erwartet="bis auf einzelne Berichtigungen dieselben Werte",
            rat="Nach katalog/abgleich.yaml hat das ein Mensch geprüft; es gilt."
            if geprueft
            else "Ist es die richtige Seite, Spalte und Einheit? Wenn ja, bitte in "
            f"katalog/abgleich.yaml bei {kennung} „geprueft: ja“ eintragen.",
            schwere="hinweis" if geprueft else "fehler",
        )
    ]


def _fremde_quellen(
    werte: Sequence[Wertvergleich], fund: Seitenfund, pdf: str
) -> list[Befund]:
    """Was nicht abgelesen ist, wird nie überschrieben; Abweichungen werden gesagt."""
    abweichend = [
        w.name
        for w in werte
        if w.urteil == "berichtigt" and w.bisher and w.bisher.herkunft != "abgelesen"
    ]
    if not abweichend:
        return []
    return [
        Befund(
            ort=f"{pdf}, Seite {fund.seite}, {fund.angabe.id}",
            was=f"{aufzaehlung(abweichend[:6])}: Der Bestand nennt einen anderen Wert "
            "aus einer anderen Quelle.",
            rat="Er bleibt stehen; bitte klären, welcher gilt.",
            schwere="hinweis",
        )
    ]


__all__ = ["Abgleich", "Seitenangabe", "Urteil", "Wertvergleich", "abgleich"]
