"""Wie ist eine Lieferung geschrieben? Stichtage und Dezimalzeichen, nie geraten."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from quartierstools.eingang.deutung import dezimalzeichen, mehrdeutig
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.pruefung import begrenzt
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.eingang.zuordnung import Zuordnung, stichtag_in
from quartierstools.fehler import Befund
from quartierstools.katalog import Katalog


def eintragsname(zuordnung: Zuordnung) -> str:
    """Datei und Eintrag der Zuordnung, für Meldungen."""
    return f"lieferung.yaml, {zuordnung.id}" if zuordnung.id else "lieferung.yaml"


def stichtage(
    roh: Rohtabelle, z: Zuordnung
) -> tuple[tuple[Any, list[str]], list[Befund]]:
    """Nummer des Stichtags je Zeile und die Liste der Stichtage."""
    n = len(roh.zeilen)
    befunde = []
    if not z.stichtag_spalte:
        if z.stichtag:
            befunde = _titeltag(roh, z, z.stichtag)
        return (np.zeros(n, dtype=np.int64), [z.stichtag or ""]), befunde
    feld = pc.dictionary_encode(roh.spalte(z.stichtag_spalte))
    texte, nummern = feld.dictionary.to_pylist(), feld.indices.to_numpy()
    tage = [_tag(text) for text in texte]
    for nummer, (text, tag) in enumerate(zip(texte, tage, strict=True)):
        if not tag:
            stelle = int(np.argmax(nummern == nummer))
            befunde.append(
                Befund(
                    ort=roh.ort(stelle, z.stichtag_spalte),
                    was=f"„{sicherer_text(text)}“ ist kein Stichtag.",
                    erwartet="ein Datum wie 31.12.2024 oder 2024-12-31",
                    rat="Bitte den genauen Tag liefern lassen.",
                )
            )
    return (nummern.astype(np.int64), tage), begrenzt(befunde)


def _titeltag(roh: Rohtabelle, z: Zuordnung, stichtag: str) -> list[Befund]:
    """Nennt der Titel einen anderen Stichtag als die Zuordnung?"""
    for text in roh.titel:
        tag = stichtag_in(text)
        if tag and tag != stichtag:
            return [
                Befund(
                    ort=f"{roh.quelle}, Titel",
                    was=f"Im Titel steht der Stichtag {tag}, in "
                    f"{eintragsname(z)} {stichtag}.",
                    erwartet="derselbe Stichtag",
                    rat="Ist es die Datei des richtigen Jahres?",
                )
            ]
    return []


def dezimalwahl(
    roh: Rohtabelle, z: Zuordnung, katalog: Katalog
) -> tuple[str, list[Befund]]:
    """Dezimalzeichen der Lieferung; nie geraten."""
    if z.dezimal:
        return {"Komma": ",", "Punkt": "."}[z.dezimal], []
    spalten = {s: roh.spalte(s) for s in _wertspalten(z) if s in roh.spalten}
    gefunden = dezimalzeichen([_textzellen(roh, s) for s in spalten])
    if gefunden in (",", "."):
        if gefunden == "." and roh.zahlzellen:
            return ",", [_dezimalbefund(roh, "gemischt")]
        return gefunden, []
    if gefunden == "gemischt":
        return ",", [_dezimalbefund(roh, "gemischt")]
    if not roh.dezimal and _nur_mehrdeutig(roh, z, katalog, spalten):
        return ",", [_dezimalbefund(roh, "mehrdeutig")]
    return ",", []


def _wertspalten(z: Zuordnung) -> list[str]:
    if z.form == "lang":
        namen = [z.wert_spalte, z.zaehler_spalte, z.nenner_spalte]
    else:
        namen = [s.spalte for s in z.spalten]
    return [n for n in dict.fromkeys(namen) if n]


def _nur_mehrdeutig(
    roh: Rohtabelle, z: Zuordnung, katalog: Katalog, spalten: Mapping[str, Any]
) -> bool:
    """Gibt es „1.234“ in einer Spalte, die keine Fallzahlen enthält?"""
    zaehlend = {
        s.spalte
        for s in z.spalten
        if s.rolle != "wert" or katalog.indikatoren[s.indikator].einheit == "anzahl"
    }
    return any(
        bool(mehrdeutig(_textzellen(roh, name)).any())
        for name in spalten
        if name not in zaehlend and z.form == "breit"
    )


def _dezimalbefund(roh: Rohtabelle, grund: str) -> Befund:
    was = {
        "gemischt": "Die Datei mischt Dezimalkomma und Dezimalpunkt.",
        "mehrdeutig": "Zahlen wie „1.234“ können 1234 oder 1,234 heißen.",
    }
    return Befund(
        ort=roh.quelle,
        was=was[grund],
        erwartet="ein einheitliches Dezimalzeichen",
        rat="Bitte dezimal: Komma oder dezimal: Punkt in lieferung.yaml angeben "
        "oder neu ausgeben lassen.",
    )


def _tag(text: str) -> str:
    tag = stichtag_in(text)
    if not tag or len(text) > 10:  # noqa: PLR2004 – mehr als ein Datum
        return ""
    try:
        return pd.Timestamp(tag).date().isoformat()
    except ValueError:
        return ""


def _textzellen(roh: Rohtabelle, spalte: str) -> Any:  # noqa: ANN401
    """Zellen, die in der Datei Text sind; Zahlzellen tragen keine Schreibweise."""
    zellen = roh.spalte(spalte)
    maske = roh.zahlzellen.get(spalte)
    return zellen if maske is None else zellen.filter(pa.array(~maske))
