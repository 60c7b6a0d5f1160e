"""Welche Zahlen stehen in den Bildern der Berichte? Beiträge, Gruppen, Entwicklung."""

from collections.abc import Iterator

import pandas as pd

from quartierstools.analyse import wasserfall
from quartierstools.auswertung import Auswertung, Bedarf
from quartierstools.nachpruefung.angebotsfakten import satzfakten
from quartierstools.nachpruefung.fakt import Fakt, fakt
from quartierstools.schreibweise import zahl_text

BEITRAGSWORTE = ("beiträge zu",)


def bildfakten(auswertung: Auswertung) -> Iterator[Fakt]:
    """Fakten aller messbaren Zielgruppen und der Gruppen."""
    for kennung in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(kennung)
        if isinstance(ergebnis, Bedarf):
            yield from _beitraege(auswertung, ergebnis)
    yield from _gruppen(auswertung)


def _beitraege(auswertung: Auswertung, ergebnis: Bedarf) -> Iterator[Fakt]:
    """Beitrag jedes Indikators und ihre Summe, je Gebiet mit Index."""
    indikatoren = auswertung.katalog.indikatoren
    namen = auswertung.freigabe.gebiete["name"]
    gruppe = ergebnis.zielgruppe.bezeichnung
    for gebiet in ergebnis.index.dropna().index:
        ort = str(namen[gebiet])
        stufen = wasserfall(ergebnis.modell, gebiet)["beitrag"]
        texte = {
            indikatoren[str(k)].spaltenname: zahl_text(
                float(b), stellen=1, vorzeichen=True
            )
            for k, b in stufen.items()
        }
        texte["Abstand zum Mittel"] = zahl_text(float(stufen.sum()), stellen=1)
        for name, text in texte.items():
            yield from fakt(
                text,
                f"Beitrag {name}, {gruppe}, {ort}",
                "beitrag",
                BEITRAGSWORTE,
                alle=(name,),
                ort=ort,
                gebiet=str(gebiet),
            )


def _gruppen(auswertung: Auswertung) -> Iterator[Fakt]:
    """Lage jeder Gruppe je Merkmal und Zahl ihrer Gebiete."""
    ergebnis = auswertung.typen()
    indikatoren = auswertung.katalog.indikatoren
    for buchstabe, zeile in ergebnis.abweichungen.iterrows():
        name = f"{ergebnis.wort} {buchstabe}"
        for kennung, wert in zeile.items():
            if pd.isna(wert):
                continue
            merkmal = indikatoren[str(kennung)].bezeichnung
            yield from fakt(
                zahl_text(float(wert), stellen=1, vorzeichen=True),
                f"{merkmal}, {name}, in Standardabweichungen",
                "gruppenmittel",
                (),
                alle=(name, merkmal, "standardabweichungen"),
            )
        yield from fakt(
            zahl_text(int((ergebnis.typ == buchstabe).sum())),
            f"Gebiete, {name}",
            "anzahl",
            (),
            alle=(name,),
        )
    yield from satzfakten(ergebnis.begruendung, "Prüfung der Gruppen")
