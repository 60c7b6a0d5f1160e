"""Welche Indikatoren gibt es, und wofür? Als Tabelle für Menschen."""

from collections.abc import Mapping

from quartierstools.fehler import Aufruffehler, meinten_sie
from quartierstools.katalog.modelle import EINHEIT_TEXT, Indikator, Zielgruppe

INDIKATORBEFEHL = "Alle Kennungen zeigt quartier indikatoren. "
"""Steht im Rat, wo eine Aufzählung von Kennungen gekürzt ist."""


def indikatorenverzeichnis(
    indikatoren: Mapping[str, Indikator],
    zielgruppen: Mapping[str, Zielgruppe],
    zielgruppe: str | None = None,
) -> list[tuple[str, str, str, str, str, str]]:
    """Kennung, Name, Einheit, Zähler, Nenner und Verwendung je Indikator.

    Parameters
    ----------
    indikatoren, zielgruppen : Mapping
        Aus dem Katalog.
    zielgruppe : str, optional
        Nur Indikatoren, die diese Zielgruppe verwendet.

    Raises
    ------
    Aufruffehler
        Wenn es die Zielgruppe nicht gibt; nennt die bekannten.

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel, lade_katalog
    >>> katalog = lade_katalog(finde_projekt("bochum", daten=hauswurzel() / "daten"))
    >>> tabelle = indikatorenverzeichnis(
    ...     katalog.indikatoren, katalog.zielgruppen, "langzeitarbeitslose")
    >>> [(zeile[0], zeile[5]) for zeile in tabelle][:2]
    [('A02', 'langzeitarbeitslose (Index)'), ('A09', 'langzeitarbeitslose (Index)')]
    """
    if zielgruppe is not None and zielgruppe not in zielgruppen:
        raise Aufruffehler(
            f"Die Zielgruppe „{zielgruppe}“ gibt es nicht."
            f"{meinten_sie(zielgruppe, list(zielgruppen))} Bekannt: "
            f"{', '.join(sorted(zielgruppen))}."
        )
    gewaehlt = [
        g
        for k, g in sorted(zielgruppen.items())
        if zielgruppe is None or k == zielgruppe
    ]
    zeilen = []
    for kennung, indikator in sorted(indikatoren.items()):
        wofuer = [
            f"{gruppe.id} ({rolle})"
            for gruppe in gewaehlt
            for rolle in _rollen(gruppe, kennung)
        ]
        if zielgruppe is not None and not wofuer:
            continue
        zeilen.append(
            (
                kennung,
                indikator.bezeichnung,
                EINHEIT_TEXT[indikator.einheit] or "Anzahl",
                indikator.zaehler,
                indikator.nenner or "–",
                ", ".join(wofuer) or "–",
            )
        )
    return zeilen


def _rollen(gruppe: Zielgruppe, kennung: str) -> list[str]:
    """Als was eine Zielgruppe einen Indikator verwendet."""
    rollen = {
        "Index": [g.indikator for g in gruppe.index],
        "Näherung": [n.indikator for n in gruppe.naeherung],
        "Hemmnis": list(gruppe.hemmnisse),
        "Kontext": list(gruppe.kontext),
    }
    return [wort for wort, kennungen in rollen.items() if kennung in kennungen]
