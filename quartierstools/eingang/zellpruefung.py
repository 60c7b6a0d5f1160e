"""Was stimmt an einzelnen Zellen einer Lieferung nicht?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from quartierstools.eingang.beobachtungen import Beobachtungen
from quartierstools.eingang.deutung import UNLESBAR, ZAHL, Zahlenspalte, ganze_zahlen
from quartierstools.eingang.gebietszeilen import Gebietszeilen
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.pruefung import HOECHSTENS_GEBAUT, begrenzt
from quartierstools.eingang.schutz import sicherer_text, zellbefund
from quartierstools.eingang.zuordnung import Spaltenbedeutung
from quartierstools.fehler import Befund
from quartierstools.schreibweise import mehrzahl, zahl_text

MONATE = "Jan|Feb|Mrz|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez"
EXCEL_DATUM = re.compile(
    rf"\d{{1,2}}\.\s?(?:{MONATE})|(?:{MONATE})[a-z]*[. ]\s?\d"
    r"|\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?$"
)
EXCEL_FEHLER = re.compile(
    r"#(?:NV|N/A|DIV/0!|BEZUG!|REF!|WERT!|VALUE!|NAME\?|ZAHL!|NUM!)"
)
HOECHSTE_FALLZAHL = 10**12
EINHEITSZEICHEN: Mapping[str, tuple[str, ...]] = {
    "%": ("prozent", "prozentpunkte"),
    "‰": ("promille", "je_1000"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feld:
    """Zellen einer Rolle und wo sie in der Rohtabelle stehen."""

    spalte: str
    zellen: Any
    stellen: Any
    bedeutung: Spaltenbedeutung


@dataclass(frozen=True, slots=True, kw_only=True)
class Zellpruefung:
    """Prüft Zellen einer Rohtabelle, deren Gebiete bekannt sind."""

    roh: Rohtabelle
    zeilen: Gebietszeilen

    def _ort(self, stelle: int, spalte: str) -> str:
        return self.roh.ort(stelle, sicherer_text(spalte), self.zeilen.name(stelle))

    def doppelte(self, feld: Feld, schluessel: Any) -> list[Befund]:  # noqa: ANN401
        """Gebiete, die für einen Stichtag mehrfach stehen."""
        reihe = pd.Series(schluessel[feld.stellen])
        doppelt = feld.stellen[reihe.duplicated().to_numpy()]
        return begrenzt(
            [
                Befund(
                    ort=self._ort(int(i), feld.spalte),
                    was="Dieses Gebiet steht für den Stichtag schon einmal da.",
                    erwartet="eine Zeile je Gebiet und Stichtag",
                    rat="Bitte die doppelte Zeile entfernen lassen; welche gilt, weiß "
                    "nur die Quelle.",
                )
                for i in doppelt[:HOECHSTENS_GEBAUT]
            ]
        )

    def unlesbare(
        self, feld: Feld, gedeutet: Zahlenspalte, zeichen: Mapping[str, str]
    ) -> list[Befund]:
        """Zellen, die weder Zahl noch vereinbartes Zeichen sind."""
        befunde = []
        for i in feld.stellen[gedeutet.art == UNLESBAR][:HOECHSTENS_GEBAUT]:
            text = feld.zellen[int(i)].as_py()
            was, rat = zellgrund(text)
            befunde.append(
                Befund(
                    ort=self._ort(int(i), feld.spalte),
                    was=f"„{sicherer_text(text)}“ {was}",
                    erwartet="eine Zahl wie 12,1 oder ein Zeichen "
                    f"({' '.join(sorted(zeichen))})",
                    rat=rat,
                )
            )
        return begrenzt(befunde)

    def einheitszeichen(
        self, feld: Feld, gedeutet: Zahlenspalte, einheit: str
    ) -> list[Befund]:
        """Tragen die Zahlen ein anderes Zeichen (%, ‰), als zugeordnet ist?"""
        zeichen, rolle = gedeutet.einheit, feld.bedeutung.rolle
        if not zeichen:
            return []
        if rolle == "wert" and einheit in EINHEITSZEICHEN.get(zeichen, ()):
            return []
        als = einheit if rolle == "wert" else rolle
        was = (
            "Manche Zellen tragen % oder ‰, andere nicht."
            if zeichen == "gemischt"
            else f"Die Zahlen tragen {zeichen}, zugeordnet ist {als}."
        )
        return [
            Befund(
                ort=f"{self.roh.quelle}, Spalte „{sicherer_text(feld.spalte)}“",
                was=was,
                erwartet="eine Einheit für die ganze Spalte, wie zugeordnet",
                rat="Bitte einheit in lieferung.yaml anpassen (prozent, promille, "
                "anteil) oder neu liefern lassen.",
            )
        ]

    def krumme(self, feld: Feld, gedeutet: Zahlenspalte) -> list[Befund]:
        """Fallzahlen, die nicht ganz oder nicht mindestens null sind."""
        zahl = gedeutet.art == ZAHL
        with np.errstate(invalid="ignore"):
            krumm = zahl & (gedeutet.wert != np.floor(gedeutet.wert))
            falsch = krumm | (
                zahl & ((gedeutet.wert < 0) | (gedeutet.wert > HOECHSTE_FALLZAHL))
            )
        return begrenzt(
            [
                Befund(
                    ort=self._ort(int(i), feld.spalte),
                    was=f"„{sicherer_text(feld.zellen[int(i)].as_py())}“ ist keine "
                    "Fallzahl.",
                    erwartet="eine ganze Zahl ab 0",
                    rat="Ist die Spalte ein Anteil? Dann rolle: wert zuordnen.",
                )
                for i in feld.stellen[falsch][:HOECHSTENS_GEBAUT]
            ]
        )

    def abweichungen(
        self,
        feld: Feld,
        werte: Beobachtungen,
        *,
        stellen: Any,  # noqa: ANN401
        verschoben: int,
        einheit: str,
    ) -> list[Befund]:
        """Passt der gelieferte Wert zu Zähler und Nenner, bis auf Rundung?"""
        luft = 0.51 * 10.0 ** (verschoben - _nachkommastellen(feld.zellen))
        with np.errstate(invalid="ignore"):
            falsch = np.abs(werte.gegeben - werte.wert) > luft
        faktor = 100.0 if einheit == "prozent" else 1.0
        return begrenzt(
            [
                Befund(
                    ort=self._ort(int(stellen[i]), feld.spalte),
                    was="Geliefert sind "
                    f"{zahl_text(werte.gegeben[i] * faktor, stellen=2)}, aus Zähler "
                    "und Nenner ergeben sich "
                    f"{zahl_text(werte.wert[i] * faktor, stellen=2)}.",
                    erwartet="Wert = Zähler / Nenner, bis auf Rundung",
                    rat="Gehören Wert, Zähler und Nenner zur selben Abgrenzung? "
                    "Einheit und Spalten prüfen.",
                )
                for i in np.flatnonzero(falsch)[:HOECHSTENS_GEBAUT]
            ]
        )

    def leere(self, anzahl_je_spalte: Mapping[str, int]) -> list[Befund]:
        """Hinweis auf leere Zellen je Spalte."""
        return [
            Befund(
                ort=f"{self.roh.quelle}, Spalte „{sicherer_text(spalte)}“",
                was=f"{mehrzahl(anzahl, 'Zelle ist', 'Zellen sind')} leer.",
                rat="Leeres gilt als „liegt nicht vor“, nie als null.",
                schwere="hinweis",
            )
            for spalte, anzahl in anzahl_je_spalte.items()
            if anzahl
        ]


def _nachkommastellen(zellen: Any) -> int:  # noqa: ANN401
    """Größte Zahl von Ziffern nach dem Dezimalzeichen, höchstens sechs."""
    ziffern = pc.replace_substring_regex(zellen, r"[^0-9.,]", "")
    hinten = pc.replace_substring_regex(ziffern, r"^(?:[^,.]*$|.*[,.])", "")
    return min(pc.max(pc.utf8_length(hinten)).as_py() or 0, 6)


def zellgrund(text: str) -> tuple[str, str]:
    """Warum eine Zelle keine Zahl ist, und was zu tun ist."""
    if EXCEL_FEHLER.match(text):
        return (
            "ist ein Rechenfehler aus Excel.",
            "Bitte die Zelle in Excel berichtigen.",
        )
    if EXCEL_DATUM.match(text):
        return (
            "ist ein Datum; Excel hat wohl eine Zahl verwandelt.",
            "Bitte die Spalte als Text oder Zahl formatieren und neu liefern lassen.",
        )
    if re.fullmatch(r"[<>≤≥].*", text):
        return (
            "ist eine Spanne.",
            'Bitte in lieferung.yaml unter zeichen erklären, etwa "<10": gesperrt.',
        )
    if re.fullmatch(r"\(.*\)", text):
        return (
            "steht in Klammern (Aussagewert eingeschränkt).",
            "Bitte klammern: zahl oder klammern: fehlt in lieferung.yaml angeben.",
        )
    if re.fullmatch(r"[-+]?[\d.,]+[eE][+-]?\d+", text):
        return (
            "steht in Potenzschreibweise.",
            "Bitte die Spalte in Excel als Zahl formatieren und neu speichern.",
        )
    if re.fullmatch(r"[\d.,\s−+-]+", text):
        return (
            "ist keine lesbare Zahl.",
            "Bitte Tausender- und Dezimalzeichen prüfen (1.234,5).",
        )
    return (
        "ist weder Zahl noch vereinbartes Zeichen.",
        "Zelle berichtigen oder Zeichen in lieferung.yaml unter zeichen erklären.",
    )


def zellbefunde(roh: Rohtabelle) -> list[Befund]:
    """Formeln, HTML und Steuerzeichen in Zellen; nichts davon wird übernommen."""
    befunde = []
    for spalte in roh.spalten:
        zellen = roh.spalte(spalte)
        if ganze_zahlen(zellen) is not None:
            continue
        maske = pc.match_substring_regex(
            zellen,
            r"^[\s]*[=@+-]|[<\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[^\x00-\x7fÄÖÜäöüß]|"
            "(?i)javascript:",
        ).to_numpy(zero_copy_only=False)
        if not maske.any():
            continue
        auffaellig = zellen.filter(pa.array(maske))
        boese = {
            w: g for w in pc.unique(auffaellig).to_pylist() if (g := zellbefund(w))
        }
        if not boese:
            continue
        texte = zellen.to_pylist()
        befunde += begrenzt(
            [
                Befund(
                    ort=roh.ort(int(i), sicherer_text(spalte)),
                    was=f"In „{sicherer_text(texte[i])}“ steht {boese[texte[i]]}.",
                    erwartet="eine Zahl, ein Zeichen oder gewöhnlicher Text",
                    rat="Die Datei wurde nicht übernommen; bitte als Werte neu "
                    "liefern lassen.",
                )
                for i in np.flatnonzero(maske)
                if texte[i] in boese
            ][:1000]
        )
    return befunde
