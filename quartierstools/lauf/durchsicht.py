"""Ist ein fertiger Lauf sauber? Durchsicht mit dem Stand, aus dem er entstand."""

import json
from dataclasses import dataclass
from pathlib import Path

from quartierstools.ausgabe.manifest import MANIFEST
from quartierstools.eingang import Datenstand, lies_datenstand
from quartierstools.fehler import Aufruffehler
from quartierstools.geheimhaltung import Freigabe, gib_frei, musterordner
from quartierstools.geheimhaltung.bericht import angriffsbericht
from quartierstools.geheimhaltung.durchsicht import durchsicht
from quartierstools.geheimhaltung.geheimnisse import geheimnisse
from quartierstools.katalog import finde_projekt, hauswurzel
from quartierstools.schreibweise import mehrzahl


@dataclass(frozen=True, slots=True, kw_only=True)
class Durchsicht:
    """Ergebnis in Zeilen für den Bildschirm; nennt nie einen gesperrten Wert."""

    zeilen: tuple[str, ...]
    in_ordnung: bool


def sieh_durch(
    ordner: Path, *, projekt: str | None = None, angriff: bool = False
) -> Durchsicht:
    """Sieht die Dateien eines Laufs durch.

    Parameters
    ----------
    ordner : Path
        Fertiger Lauf mit ``manifest.json``.
    projekt : str, optional
        Vorgabe: das Projekt aus dem Manifest.
    angriff : bool, default=False
        Rechnet zusätzlich gegen die Sperrung an.

    Raises
    ------
    Aufruffehler
        Wenn es den Ordner oder das Manifest nicht gibt.
    """
    kopf = _kopf(ordner)
    ort = projekt or str(kopf.get("projekt", ""))
    stand = lies_datenstand(finde_projekt(ort, daten=hauswurzel() / "daten"))
    freigabe = gib_frei(stand, ordner=musterordner(stand), ablegen_noetig=False)
    intern = kopf.get("fassung") == "intern"
    summen = stand.pruefsummen if intern else freigabe.pruefsummen
    geaendert = dict(summen) != kopf.get("eingaben", {})
    zeilen = []
    if geaendert:
        zeilen.append(
            "Hinweis: Die Eingaben haben sich seit dem Lauf geändert; gesucht wird mit "
            "dem heutigen Stand."
        )
    if intern:
        zeilen.append("Hinweis: Dieser Lauf ist intern; Gesperrtes steht darin offen.")
    funde = durchsicht(ordner, geheimnisse(stand, freigabe))
    zeilen += [f"  - {fund}" for fund in funde]
    anzahl = mehrzahl(len(funde), "Fund", "Funde") if funde else "nichts gefunden"
    gesperrt = mehrzahl(freigabe.gesperrt, "gesperrten Wert", "gesperrten Werten")
    zeilen.append(f"Durchgesehen mit {gesperrt}: {anzahl}.")
    offen = _angriff(stand, freigabe, zeilen) if angriff else 0
    return Durchsicht(zeilen=tuple(zeilen), in_ordnung=not funde and not offen)


def _kopf(ordner: Path) -> dict[str, object]:
    datei = ordner / MANIFEST
    if not datei.is_file():
        raise Aufruffehler(
            f"In „{ordner}“ fehlt {MANIFEST}. Erwartet wird der Ordner eines fertigen "
            "Laufs, etwa ausgaben/bochum/<lauf>."
        )
    gelesen = json.loads(datei.read_text(encoding="utf-8"))
    return dict(gelesen)


def _angriff(stand: Datenstand, freigabe: Freigabe, zeilen: list[str]) -> int:
    """Zahl der Zellen, die enger eingegrenzt sind als erlaubt."""
    bericht = angriffsbericht(stand, freigabe)
    offen = int((~bericht["geschuetzt"].astype(bool)).sum())
    urteil = (
        mehrzahl(offen, "ist zu eng eingegrenzt", "sind zu eng eingegrenzt")
        if offen
        else "keine ist zu eng eingegrenzt"
    )
    zeilen.append(f"Angriff auf {len(bericht)} gesperrte Zählungen: {urteil}.")
    return offen
