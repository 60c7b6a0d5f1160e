"""Warum ist ein Indikator hier nicht zu gebrauchen?

Ganz fehlen, zu oft gesperrt sein, meist nicht sinnvoll sein und für zu wenige
Gebiete vorliegen sind vier verschiedene Dinge. Alle Ausgaben fragen hier.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from quartierstools.geheimhaltung import Freigabe
from quartierstools.schreibweise import aufzaehlung, gross, zahlwort

if TYPE_CHECKING:
    import pandas as pd

Lieferlage = Literal["nutzbar", "gesperrt", "nicht sinnvoll", "zu wenige", "fehlt"]

MANGEL: dict[Lieferlage, str] = {
    "fehlt": "Je {kurz} liegen nicht vor",
    "gesperrt": "Geliefert, aber zu oft gesperrt",
    "nicht sinnvoll": "Geliefert, aber meist nicht sinnvoll",
    "zu wenige": "Geliefert, aber für zu wenige {kurz_mehrere}",
}
"""Mangel → womit ein Satz ihn nennt, in der Reihenfolge der Sätze."""

ANZAHL: dict[Lieferlage, tuple[str, str]] = {
    "fehlt": ("fehlt", "fehlen"),
    "gesperrt": ("ist zu oft gesperrt", "sind zu oft gesperrt"),
    "nicht sinnvoll": ("ist meist nicht sinnvoll", "sind meist nicht sinnvoll"),
    "zu wenige": ("liegt zu selten vor", "liegen zu selten vor"),
}

KLAMMER: dict[Lieferlage, str] = {
    "gesperrt": " (zu oft gesperrt)",
    "nicht sinnvoll": " (meist nicht sinnvoll)",
    "zu wenige": " (für zu wenige Gebiete)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lieferstand:
    """Was von einem Indikator je Gebiet da ist, am neuesten nutzbaren Stichtag.

    Attributes
    ----------
    lage : str
        ``nutzbar``; sonst der häufigste Grund der Lücken: ``gesperrt``,
        ``nicht sinnvoll`` oder ``zu wenige``; ``fehlt``, wenn gar nichts da ist.
    mit_wert, gesperrt, nicht_sinnvoll : int
        Zahl der Gebiete.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> lieferstand(oeffne("bochum").auswertung.freigabe, "J01").lage
    'fehlt'
    """

    indikator: str
    lage: Lieferlage
    mit_wert: int = 0
    gesperrt: int = 0
    nicht_sinnvoll: int = 0


def lieferstand(freigabe: Freigabe, indikator: str) -> Lieferstand:
    """Zählt, was da ist, und nennt den Grund, wenn es nicht reicht.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> lieferstand(oeffne("musterstadt").auswertung.freigabe, "B03").lage
    'gesperrt'
    """
    arten = zustand(freigabe, indikator).value_counts()
    if set(arten.index) <= {"fehlt"}:
        return Lieferstand(indikator=indikator, lage="fehlt")
    mit_wert, gesperrt, unsicher = (
        int(arten.get(art, 0)) for art in ("Zahl", "gesperrt", "nicht sinnvoll")
    )
    luecken: dict[Lieferlage, int] = {
        "gesperrt": gesperrt,
        "nicht sinnvoll": unsicher,
        "zu wenige": int(arten.get("fehlt", 0)),
    }
    grund = max(luecken, key=lambda lage: luecken[lage])
    return Lieferstand(
        indikator=indikator,
        lage="nutzbar" if freigabe.liegt_vor(indikator) else grund,
        mit_wert=mit_wert,
        gesperrt=gesperrt,
        nicht_sinnvoll=unsicher,
    )


def zustand(freigabe: Freigabe, indikator: str) -> "pd.Series[str]":
    """Wertart je Gebiet am neuesten Stichtag; auch, wenn nirgends eine Zahl steht.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> set(zustand(oeffne("bochum").auswertung.freigabe, "J01"))
    {'fehlt'}
    """
    werte = freigabe.werte
    da = werte[
        (werte["indikator"] == indikator)
        & (werte["ebene"] == "gebiet")
        & (werte["wertart"] != "fehlt")
    ]
    ohne_zahl = None if da.empty else str(da["stichtag"].max())
    tag = freigabe.stichtag(indikator) or ohne_zahl
    return freigabe.wertarten(indikator, stichtag=tag)


def wertluecke(
    freigabe: Freigabe, indikatoren: Iterable[str], gebiete: Sequence[str]
) -> str:
    """Was Gebieten ohne Einstufung fehlt: gesperrt ist nicht dasselbe wie fehlt.

    Leer, wenn für jeden Indikator überall eine Zahl steht.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> wertluecke(oeffne("bochum").auswertung.freigabe, ["B01"], ["17"])
    'ein Wert liegt nicht vor'
    """
    arten = {
        art for k in indikatoren for art in zustand(freigabe, k).reindex(list(gebiete))
    }
    teile = ["liegt nicht vor"] if "fehlt" in arten else []
    gruende = [art for art in ("gesperrt", "nicht sinnvoll") if art in arten]
    if gruende:
        teile.append(f"ist {aufzaehlung(gruende, wort='oder')}")
    return f"ein Wert {aufzaehlung(teile, wort='oder')}" if teile else ""


def mangelsatz(freigabe: Freigabe, indikatoren: Iterable[str]) -> str:
    """Welche Indikatoren warum nicht zu gebrauchen sind, je Grund ein Satz.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> print(mangelsatz(oeffne("bochum").auswertung.freigabe, ["B05", "A02"]))
    Je Bezirk liegen nicht vor: Langzeitarbeitslosenanteil und ELB-Quote.
    """
    ebene = freigabe.katalog.projekt.ebene
    saetze = []
    for lage, kennungen in _nach_grund(freigabe, indikatoren).items():
        anfang = MANGEL[lage].format(kurz=ebene.kurz, kurz_mehrere=ebene.kurz_mehrere)
        namen = [freigabe.katalog.indikatoren[k].bezeichnung for k in kennungen]
        saetze.append(f"{anfang}: {aufzaehlung(namen)}.")
    return " ".join(saetze)


def mangelzahl(freigabe: Freigabe, indikatoren: Iterable[str]) -> str:
    """Wie viele Indikatoren warum nicht zu gebrauchen sind, in Worten.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> mangelzahl(oeffne("bochum").auswertung.freigabe, ["B05", "A02"])
    'Zwei Indikatoren fehlen'
    """
    teile: list[str] = []
    for lage, kennungen in _nach_grund(freigabe, indikatoren).items():
        einer = len(kennungen) == 1
        menge = "ein" if einer else zahlwort(len(kennungen))
        wort = "Indikator" if einer else "Indikatoren"
        teile.append(f"{menge} {wort if not teile else ''}".strip())
        teile[-1] += f" {ANZAHL[lage][0 if einer else 1]}"
    return gross(aufzaehlung(teile))


def mit_grund(freigabe: Freigabe, indikatoren: Iterable[str]) -> list[str]:
    """Bezeichnungen; in Klammern steht, warum Geliefertes nicht zu gebrauchen ist.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> freigabe = oeffne("musterstadt").auswertung.freigabe
    >>> mit_grund(freigabe, ["B03"])
    ['Jugendarbeitslosenanteil (zu oft gesperrt)']
    """
    namen = []
    for kennung in indikatoren:
        zusatz = KLAMMER.get(lieferstand(freigabe, kennung).lage, "")
        namen.append(f"{freigabe.katalog.indikatoren[kennung].bezeichnung}{zusatz}")
    return namen


def _nach_grund(
    freigabe: Freigabe, indikatoren: Iterable[str]
) -> dict[Lieferlage, list[str]]:
    """Grund → Indikatoren; in der Reihenfolge von `MANGEL`, ohne Nutzbares."""
    lagen = {k: lieferstand(freigabe, k).lage for k in indikatoren}
    gefunden = {lage: [k for k in lagen if lagen[k] == lage] for lage in MANGEL}
    return {lage: kennungen for lage, kennungen in gefunden.items() if kennungen}
