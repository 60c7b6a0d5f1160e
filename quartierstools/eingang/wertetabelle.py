"""Wie sieht die lange Wertetabelle aus? Blöcke je Indikator zusammenfügen, ausgeben."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from quartierstools.eingang.beobachtungen import Beobachtungen
from quartierstools.eingang.deutung import WERTARTEN
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.katalog import Katalog

SPALTEN = [
    "ebene",
    "gebiet",
    "indikator",
    "stichtag",
    "quelle",
    "stichtag_belegt",
    "guete",
    "hinweis",
    "datei",
    "zeile",
    "wert",
    "wertart",
    "zaehler",
    "nenner",
]
SCHLUESSEL = ["ebene", "gebiet", "indikator", "stichtag"]
BESTAND = [
    *SCHLUESSEL,
    "wert",
    "zaehler",
    "nenner",
    "quelle",
    "stichtag_belegt",
    "guete",
    "hinweis",
]
FEST = ("quelle", "stichtag_belegt", "guete", "hinweis", "datei")
EBENEN = ["gebiet", "stadtbezirk", "stadt"]
ZEICHEN = {"gesperrt": ".", "fehlt": "...", "nicht sinnvoll": "x", "null": "-"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Beobachtungen eines Indikators.

    Attributes
    ----------
    stellen : ndarray of int
        Zeile der Rohtabelle je Beobachtung.
    gebiet, tag : ndarray of int
        Stelle in der Liste der Gebiete und in `tage`.
    """

    indikator: str
    stellen: Any
    gebiet: Any
    tag: Any
    tage: Sequence[str]
    werte: Beobachtungen


def leere_werte() -> pd.DataFrame:
    """Wertetabelle ohne Zeilen."""
    return pd.DataFrame({spalte: pd.Series(dtype=object) for spalte in SPALTEN})


def _kategorien(nummern: Any, woerter: Sequence[str]) -> pd.Categorical:  # noqa: ANN401
    art = pd.CategoricalDtype(pd.Index(list(woerter), dtype=object))
    return pd.Categorical.from_codes(nummern, dtype=art)


def lange_tabelle(
    bloecke: Sequence[Block],
    paare: Sequence[tuple[str, str]],
    zeilen: Any,  # noqa: ANN401
    fest: Mapping[str, str],
) -> pd.DataFrame:
    """Fügt Blöcke zusammen; Texte sind Kategorien, damit viele Zeilen passen.

    Parameters
    ----------
    paare : Sequence of (ebene, schluessel)
        Vorkommende Gebiete.
    zeilen : ndarray of int
        Zeilennummer je Stelle der Rohtabelle.
    fest : Mapping
        Spalten mit einem Wert für alle Zeilen.
    """
    if not bloecke:
        return leere_werte()
    tage = sorted({t for b in bloecke for t in b.tage})
    kennungen = list(dict.fromkeys(b.indikator for b in bloecke))
    schluessel = sorted({k for _, k in paare})
    laengen = [len(b.stellen) for b in bloecke]
    gebiet = np.concatenate([b.gebiet for b in bloecke])
    tag = np.concatenate(
        [
            np.array([tage.index(t) for t in b.tage], dtype=np.int16)[b.tag]
            for b in bloecke
        ]
    )
    nummern = [kennungen.index(b.indikator) for b in bloecke]
    indikator = np.repeat(np.array(nummern, dtype=np.int16), laengen)
    ebene_von = np.array([EBENEN.index(e) for e, _ in paare], dtype=np.int8)
    stelle_von = {k: i for i, k in enumerate(schluessel)}
    schluessel_von = np.array([stelle_von[k] for _, k in paare], dtype=np.int32)
    einerlei = np.zeros(len(gebiet), dtype=np.int8)
    felder: dict[str, Any] = {
        "ebene": _kategorien(ebene_von[gebiet], EBENEN),
        "gebiet": _kategorien(schluessel_von[gebiet], schluessel),
        "indikator": _kategorien(indikator, kennungen),
        "stichtag": _kategorien(tag, tage),
        **{spalte: _kategorien(einerlei, [fest[spalte]]) for spalte in FEST},
        "zeile": np.concatenate([zeilen[b.stellen] for b in bloecke]),
        "wert": np.concatenate([b.werte.wert for b in bloecke]),
        "wertart": _kategorien(
            np.concatenate([b.werte.art for b in bloecke]), WERTARTEN
        ),
        "zaehler": _ganzzahlen([b.werte.zaehler for b in bloecke]),
        "nenner": _ganzzahlen([b.werte.nenner for b in bloecke]),
    }
    return pd.DataFrame(felder, copy=False)


def _ganzzahlen(teile: Sequence[Any]) -> pd.arrays.IntegerArray:
    zahlen = np.concatenate(
        [t.to_numpy(dtype=np.int64, na_value=0) for t in teile], dtype=np.int64
    )
    return pd.arrays.IntegerArray(zahlen, np.concatenate([t.isna() for t in teile]))


def bestandszeilen(werte: pd.DataFrame, katalog: Katalog) -> pd.DataFrame:
    """Text im Format von ``bestand/*.csv``, den `lies_bestand` gleich wieder liest.

    Sind Zähler und Nenner da, bleibt `wert` leer: Er entsteht aus ihnen.

    Returns
    -------
    DataFrame
        Nur Text, Spalten wie in ``daten/README.md``.
    """
    einheit = (
        werte["indikator"]
        .astype(object)
        .map({k: i.einheit for k, i in katalog.indikatoren.items()})
    )
    gezaehlt = werte["zaehler"].notna() & werte["nenner"].notna()
    texte = []
    for zeile, masse, voll in zip(werte.itertuples(), einheit, gezaehlt, strict=True):
        ohne_nenner = zeile.zaehler is not pd.NA and not voll
        if str(zeile.wertart) == "Zahl" and ohne_nenner and zeile.wert == 0:
            wert = _zeichen_fuer("null", katalog, str(zeile.quelle)) or "0"
        elif str(zeile.wertart) == "Zahl":
            stellen = 2 if masse == "prozent" else 0
            wert = "" if voll else _dezimaltext(float(str(zeile.wert)), stellen)
        elif str(zeile.wertart) == "nicht sinnvoll" and voll:
            wert = ""
        else:
            wert = _zeichen_fuer(str(zeile.wertart), katalog, str(zeile.quelle))
        texte.append(wert)
    spalten = {s: werte[s].astype(object).to_numpy() for s in SCHLUESSEL}
    spalten |= {"wert": np.array(texte, dtype=object)}
    for spalte in ("zaehler", "nenner"):
        zahlen = werte[spalte].where(gezaehlt).astype(object)
        spalten[spalte] = zahlen.map(lambda z: "" if z is pd.NA else str(z)).to_numpy()
    spalten |= {s: werte[s].astype(object).to_numpy() for s in BESTAND[7:]}
    return pd.DataFrame(spalten, dtype=object)[BESTAND]


def _zeichen_fuer(art: str, katalog: Katalog, kennung: str) -> str:
    """Zeichen, das die Quelle für diese Wertart hat; das übliche zuerst."""
    quelle = katalog.quellen.get(kennung)
    zeichen = quelle.zeichen if quelle else {}
    ueblich = ZEICHEN[art]
    eigene = sorted(z for z, wert in zeichen.items() if wert == art)
    if not zeichen or zeichen.get(ueblich) == art:
        return ueblich
    if eigene or art == "null":
        return eigene[0] if eigene else ""
    befund = Befund(
        ort=f"katalog/quellen.yaml, {kennung}",
        was=f"Unter zeichen steht keines für „{art}“, die Lieferung enthält solche "
        "Werte.",
        erwartet=f'ein Zeichen, etwa "{ueblich}": {art}',
        rat="Bitte dort ergänzen.",
    )
    raise Datenfehler("Übernahme", [befund])


def _dezimaltext(wert: float, stellen: int) -> str:
    """Genauer Wert mit Komma, um `stellen` nach rechts gerückt."""
    text = f"{Decimal(repr(wert)).scaleb(stellen):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")
