"""Was war abgelesen, was steht im Bericht, und ist es dieselbe Zahl?"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa

from quartierstools.eingang.bestand import PFLICHT, WEITERE
from quartierstools.eingang.datenstand import Datenstand
from quartierstools.eingang.deutung import (
    FEHLT,
    GESPERRT,
    NICHT_SINNVOLL,
    UNLESBAR,
    ZAHL,
    deute_spalte,
    verschiebung,
)
from quartierstools.eingang.tabelle import lies_csv
from quartierstools.katalog.modelle import Indikator

FAKTOR: Mapping[str, int] = {"prozent": 100, "je_100": 100, "je_1000": 1000}
ZEICHEN_IM_BESTAND = {GESPERRT: ".", NICHT_SINNVOLL: "x"}

Schluessel = tuple[str, str, str]
"""Ebene, Gebiet, Indikator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bisher:
    """Ein Wert, der schon im Bestand steht.

    Attributes
    ----------
    text : str
        Wert in der Einheit des Katalogs, wie er in der Datei steht; aus Fallzahlen
        gerechnet, wenn nur sie dort stehen.
    zahl : Decimal or None
        Derselbe Wert als Zahl; None bei Zeichen.
    herkunft : str
        Herkunft der Quelle im Katalog.
    """

    text: str
    zahl: Decimal | None
    stichtag: str
    stichtag_belegt: str
    quelle: str
    herkunft: str
    datei: str
    zeile: int


@dataclass(frozen=True, slots=True)
class Gelesen:
    """Eine Zelle des Berichts: Art wie in `deutung`, Text für den Bestand, Zahl."""

    art: int
    text: str
    zahl: Decimal | None


def bisherige_werte(
    stand: Datenstand, indikatoren: Sequence[str]
) -> dict[Schluessel, list[Bisher]]:
    """Werte des Bestands je Ebene, Gebiet und Indikator, ältester Stichtag zuerst."""
    katalog = stand.katalog
    gefunden: dict[Schluessel, list[Bisher]] = {}
    for datei in stand.ordner.bestand:
        name = stand.ordner.name_von(datei)
        roh = lies_csv(datei, name=name, pflicht=PFLICHT, weitere=WEITERE)
        for zeile in roh[roh["indikator"].isin(indikatoren)].to_dict("records"):
            quelle = katalog.quellen[zeile["quelle"]]
            indikator = katalog.indikatoren[zeile["indikator"]]
            text, zahl = _alter_wert(zeile, indikator, quelle.zeichen)
            schluessel = (zeile["ebene"], zeile["gebiet"], zeile["indikator"])
            gefunden.setdefault(schluessel, []).append(
                Bisher(
                    text=text,
                    zahl=zahl,
                    stichtag=zeile["stichtag"],
                    stichtag_belegt=zeile["stichtag_belegt"],
                    quelle=quelle.id,
                    herkunft=quelle.herkunft,
                    datei=name,
                    zeile=int(zeile["zeile"]),
                )
            )
    for werte in gefunden.values():
        werte.sort(key=lambda b: b.stichtag)
    return gefunden


def _alter_wert(
    zeile: Mapping[Hashable, Any], indikator: Indikator, zeichen: Mapping[str, str]
) -> tuple[str, Decimal | None]:
    text = zeile["wert"]
    if not text and zeile["zaehler"].isdigit() and int(zeile["nenner"] or 0):
        faktor = FAKTOR.get(indikator.einheit, 1)
        zahl = Decimal(int(zeile["zaehler"])) * faktor / Decimal(int(zeile["nenner"]))
        stelle = Decimal(1).scaleb(-indikator.stellen)
        return als_text(zahl.quantize(stelle, ROUND_HALF_UP)), zahl
    (gelesen,) = deute_zellen([text or zeile["zaehler"]], zeichen, rueckt=0)
    return text or zeile["zaehler"], gelesen.zahl


def deute_zellen(
    texte: Sequence[str], zeichen: Mapping[str, str], *, rueckt: int
) -> list[Gelesen]:
    """Deutet Zellen des Berichts; `rueckt` bringt sie in die Einheit des Katalogs.

    Examples
    --------
    >>> a, b = deute_zellen(["1.234,50 %", "."], {".": "gesperrt"}, rueckt=0)
    >>> a.text, a.zahl, b.text
    ('1234,50', Decimal('1234.50'), '.')
    >>> deute_zellen(["0,121"], {}, rueckt=2)[0].text
    '12,1'
    """
    spalte = deute_spalte(pa.array([t.strip() for t in texte]), zeichen=zeichen)
    gelesen = []
    for text, art, null in zip(texte, spalte.art, spalte.null, strict=True):
        if art != ZAHL:
            zeichentext = ZEICHEN_IM_BESTAND.get(int(art), "")
            gelesen.append(Gelesen(int(art), zeichentext, None))
            continue
        zahl = Decimal(0) if null else _dezimal(text).scaleb(rueckt)
        gelesen.append(Gelesen(ZAHL, als_text(zahl), zahl))
    return gelesen


def _dezimal(text: str) -> Decimal:
    """Zahl mit allen Nachkommastellen, wie sie dasteht."""
    ziffern = "".join(z for z in text if z in "0123456789,-−")
    return Decimal(ziffern.replace("−", "-").replace(",", "."))


def als_text(zahl: Decimal) -> str:
    """Zahl mit Dezimalkomma und ihren Nachkommastellen."""
    stellen = max(0, -int(zahl.as_tuple().exponent))
    return f"{zahl:.{stellen}f}".replace(".", ",")


def verrueckung(lieferung: str, katalog: str) -> int | None:
    """Stellen, um die das Komma in die Einheit des Katalogs rückt.

    Examples
    --------
    >>> verrueckung("prozent", "prozent"), verrueckung("anteil", "prozent")
    (0, 2)
    >>> verrueckung("anzahl", "prozent") is None
    True
    """
    hin, selbst = verschiebung(lieferung, katalog), verschiebung(katalog, katalog)
    return None if hin is None or selbst is None else hin - selbst


def stimmt_ueberein(abgelesen: Decimal, bericht: Decimal) -> bool:
    """Gleich auf der gröberen der beiden Stellenzahlen, kaufmännisch gerundet.

    Examples
    --------
    >>> stimmt_ueberein(Decimal("4.0"), Decimal("4.04"))
    True
    >>> stimmt_ueberein(Decimal("4.0"), Decimal("4.1"))
    False
    """
    exponent = max(int(z.as_tuple().exponent) for z in (abgelesen, bericht))
    stelle = Decimal(1).scaleb(exponent)
    return abgelesen.quantize(stelle, ROUND_HALF_UP) == bericht.quantize(
        stelle, ROUND_HALF_UP
    )


def unlesbar(gelesen: Gelesen) -> bool:
    """Ob die Zelle weder Zahl noch vereinbartes Zeichen ist."""
    return gelesen.art == UNLESBAR


def liegt_vor(gelesen: Gelesen) -> bool:
    """Ob die Zelle eine Aussage trägt: Zahl, gesperrt oder nicht sinnvoll."""
    return gelesen.art not in (FEHLT, UNLESBAR)
