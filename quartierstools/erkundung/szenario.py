"""Welche Gedankenspiele stehen zur Wahl? Gerechnet wird wie im Bericht."""

from quartierstools.angebote.luecke import hat_gruppe
from quartierstools.auswertung import Szenarioergebnis
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog.angebotsmodelle import NeuesAngebot, Szenario
from quartierstools.schreibweise import mehrzahl

GENANNT = 6
"""So viele Gebiete stehen einzeln da; danach steht nur ihre Zahl."""


def waehlbare_szenarien(
    freigabe: Freigabe, zielgruppe: str, gebiet: str
) -> list[tuple[str, str]]:
    """Szenarien einer Zielgruppe mit ihrer Angabe in der `Wahl`.

    Die des Katalogs, ein neues Angebot im gewählten Gebiet und das Ende jedes
    laufenden Angebots.
    """
    des_katalogs = [
        (f"katalog:{kennung}", szenario.name)
        for kennung, szenario in sorted(freigabe.katalog.szenarien.items())
        if szenario.zielgruppe == zielgruppe
    ]
    neu = (
        [(f"neu:{gebiet}", f"neues Angebot: {freigabe.gebiete.loc[gebiet, 'name']}")]
        if gebiet
        else []
    )
    enden = [
        (f"endet:{kennung}", f"endet: {name}")
        for kennung, name in _laufende(freigabe, zielgruppe).items()
    ]
    return [*des_katalogs, *neu, *enden]


def _laufende(freigabe: Freigabe, zielgruppe: str) -> dict[str, str]:
    bestand = freigabe.angebote
    passt = hat_gruppe(bestand, zielgruppe) & ~bestand["status"].isin(
        ["beendet", "einmalig"]
    )
    namen = bestand.loc[passt, "name"].sort_values(kind="stable")
    return {str(kennung): str(name) for kennung, name in namen.items()}


def szenario_aus(freigabe: Freigabe, zielgruppe: str, angabe: str) -> Szenario | None:
    """Szenario zu einer Angabe der `Wahl`; None, wo es sie nicht gibt.

    Ein gedachtes Angebot hat keine Platzzahl: Wie groß es wäre, ist nicht gewählt.
    """
    art, _, ziel = angabe.partition(":")
    if art == "katalog":
        szenario = freigabe.katalog.szenarien.get(ziel)
        passt = szenario is not None and szenario.zielgruppe == zielgruppe
        return szenario if passt else None
    if art == "endet" and (name := _laufende(freigabe, zielgruppe).get(ziel)):
        titel = f"„{name}“ endet"
        return Szenario(id=art, name=titel, zielgruppe=zielgruppe, endet=(ziel,))
    if art == "neu" and ziel in freigabe.gebiete.index:
        name = f"Neues Angebot: {freigabe.gebiete.loc[ziel, 'name']}"
        neu = NeuesAngebot(name=name, gebiete=(ziel,))
        return Szenario(id=art, name=name, zielgruppe=zielgruppe, neu=(neu,))
    return None


def szenariosaetze(ergebnis: Szenarioergebnis) -> list[str]:
    """Wer gewinnt, wer verliert: ein Satz, dann einer je Gebiet."""
    je_gebiet = list(ergebnis.tafel["satz"])
    rest = len(je_gebiet) - GENANNT
    weitere = [f"Dazu {mehrzahl(rest, 'weiteres Gebiet', 'weitere Gebiete')}."]
    return [ergebnis.satz, *je_gebiet[:GENANNT], *(weitere if rest > 0 else [])]
