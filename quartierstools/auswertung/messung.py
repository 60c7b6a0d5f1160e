"""Wie gut lässt sich der Bedarf einer Zielgruppe messen?

Direkt (genug Index-Indikatoren), durch eine Näherung unter eigenem Namen, oder
gar nicht. „Nicht messbar“ ist ein Ergebnis: keine Klasse, keine Farbe, kein Rang,
sondern eine Datenanforderung.
"""

from dataclasses import dataclass
from typing import Literal

from quartierstools.auswertung.lieferstand import mangelsatz
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog import Zielgruppe
from quartierstools.schreibweise import aufzaehlung

Art = Literal["direkt", "Näherung", "nicht messbar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Messung:
    """Womit eine Zielgruppe gemessen wird.

    Attributes
    ----------
    art : str
        ``direkt``, ``Näherung`` oder ``nicht messbar``.
    indikatoren : tuple of str
        Verwendete Indikatoren, im Sinn des Katalogs sortiert.
    fehlend : tuple of str
        Index-Indikatoren, die nicht zu gebrauchen sind; warum, sagt `lieferstand`.
    satz : str
        Dasselbe als Satz für Texte.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> auswertung = oeffne("bochum").auswertung
    >>> ergebnis = auswertung.bedarf("jugendliche")
    >>> ergebnis.art, ergebnis.indikatoren
    ('nicht messbar', ())
    """

    art: Art
    indikatoren: tuple[str, ...]
    fehlend: tuple[str, ...]
    satz: str


def messung(freigabe: Freigabe, zielgruppe: Zielgruppe) -> Messung:
    """Entscheidet anhand der freigegebenen Werte, wie gemessen wird."""
    katalog = freigabe.katalog
    gewuenscht = [g.indikator for g in zielgruppe.index]
    vorhanden = tuple(i for i in gewuenscht if freigabe.liegt_vor(i))
    fehlend = tuple(i for i in gewuenscht if i not in vorhanden)
    namen = [katalog.indikatoren[i].bezeichnung for i in vorhanden]
    if len(vorhanden) >= zielgruppe.mindestens:
        satz = f"Direkt gemessen mit {aufzaehlung(namen)}."
        return Messung(art="direkt", indikatoren=vorhanden, fehlend=fehlend, satz=satz)
    for ersatz in zielgruppe.naeherung:
        if freigabe.liegt_vor(ersatz.indikator):
            return Messung(
                art="Näherung",
                indikatoren=(ersatz.indikator,),
                fehlend=fehlend,
                satz=ersatz.satz,
            )
    satz = f"Nicht messbar: {mangelsatz(freigabe, fehlend)}"
    return Messung(art="nicht messbar", indikatoren=(), fehlend=fehlend, satz=satz)
