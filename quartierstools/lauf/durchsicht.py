"""Ist ein fertiger Lauf sauber? Durchsicht mit dem Stand, aus dem er entstand."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quartierstools.ausgabe.manifest import MANIFEST, lies_manifest
from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.eingang import Datenstand, lies_datenstand
from quartierstools.fehler import Aufruffehler, Quartiersfehler
from quartierstools.geheimhaltung import Freigabe, gib_frei, musterordner
from quartierstools.geheimhaltung.bericht import angriffsbericht
from quartierstools.geheimhaltung.durchsicht import durchsicht
from quartierstools.geheimhaltung.geheimnisse import geheimnisse
from quartierstools.katalog import finde_projekt, hauswurzel
from quartierstools.nachpruefung.nachrechnen import rechne_nach
from quartierstools.nachpruefung.pruefung import (
    Zahlenpruefung,
    pruefe_datei,
    pruefe_lauf,
)
from quartierstools.nachpruefung.unversehrt import (
    Dateivergleich,
    vergleiche_dateien,
)
from quartierstools.schreibweise import mehrzahl


@dataclass(frozen=True, slots=True, kw_only=True)
class Durchsicht:
    """Ergebnis in Zeilen für den Bildschirm; nennt nie einen gesperrten Wert.

    Attributes
    ----------
    eintrag : Mapping
        Zahlenprüfung für ``--json``.
    dateien : Mapping
        Dateivergleich für ``--json``; leer bei einem einzelnen Schriftstück.
    """

    zeilen: tuple[str, ...]
    in_ordnung: bool
    eintrag: Mapping[str, Any] = field(default_factory=dict)
    dateien: Mapping[str, Any] = field(default_factory=dict)


def pruefe_schriftstueck(datei: Path, lauf: Path | None = None) -> Durchsicht:
    """Prüft die Zahlen einer einzelnen Datei gegen den Lauf, aus dem sie stammt.

    Parameters
    ----------
    datei : Path
        Word, PDF oder HTML; darf umbenannt und neu gespeichert sein.
    lauf : Path, optional
        Ordner des Laufs; ohne Angabe der nächste aufwärts mit einem Manifest.

    Raises
    ------
    Aufruffehler
        Wenn Datei oder Manifest fehlen oder die Datei zu keinem Schriftstück passt.
    """
    if lauf is None:
        orte = [o for o in datei.resolve().parents if (o / MANIFEST).is_file()]
        if not orte:
            raise Aufruffehler(
                f"Zu „{datei}“ ist kein Lauf bekannt. Bitte mit --lauf den Ordner "
                "angeben, aus dem die Datei stammt, etwa ausgaben/bochum/<lauf>."
            )
        lauf = orte[0]
    ergebnis = pruefe_datei(datei, lies_manifest(lauf))
    return Durchsicht(
        zeilen=(
            *ergebnis.zeilen(),
            f"Geprüft: {ergebnis.satz_belegt}.",
            *_urteil(ergebnis),
        ),
        in_ordnung=ergebnis.in_ordnung,
        eintrag=ergebnis.als_eintrag(),
    )


def als_json(ergebnis: Durchsicht) -> str:
    """Dateivergleich und Zahlenprüfung als JSON-Text."""
    eintrag = {
        "in_ordnung": ergebnis.in_ordnung,
        "dateien": ergebnis.dateien,
        "zahlenpruefung": ergebnis.eintrag,
    }
    return json.dumps(eintrag, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _urteil(pruefung: Zahlenpruefung) -> list[str]:
    """Ob die Zahlen belegt sind; nichts, wo es nichts zu belegen gab."""
    if funde := len(pruefung.funde):
        stellen = mehrzahl(funde, "Stelle passt", "Stellen passen")
        return [f"{stellen} nicht zum Beleg."]
    return ["Jede Zahl der geprüften Texte ist belegt."] if pruefung.werte else []


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
    kopf = lies_manifest(ordner)
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
    vergleich = vergleiche_dateien(ordner, kopf["ausgaben"])
    zeilen += [f"  - {satz}" for satz in vergleich.funde]
    zeilen += vergleich.hinweise
    geprueft = [vergleich.satz]
    pruefung = pruefe_lauf(ordner, kopf) if "abdrucke" in kopf else None
    falsch = 0
    if pruefung is None:
        zeilen.append("Zahlen nicht geprüft: Das Manifest enthält keine Abdrucke.")
    else:
        zeilen += pruefung.zeilen()
        falsch = (
            0 if geaendert else _rechne_nach(pruefung, stand, freigabe, zeilen, kopf)
        )
        geprueft.append(pruefung.satz_belegt)
    zeilen.append(f"Geprüft: {', '.join(geprueft)}.")
    zeilen += _schluss(vergleich, pruefung)
    return Durchsicht(
        zeilen=tuple(zeilen),
        in_ordnung=not funde
        and not offen
        and not falsch
        and not vergleich.funde
        and (pruefung is None or pruefung.in_ordnung),
        eintrag=pruefung.als_eintrag() if pruefung else {},
        dateien=vergleich.als_eintrag(),
    )


def _schluss(vergleich: Dateivergleich, pruefung: Zahlenpruefung | None) -> list[str]:
    """Urteil über Dateien und Zahlen; „belegt“ nur, wenn beides stimmt."""
    urteil = _urteil(pruefung) if pruefung else []
    if not vergleich.funde:
        return urteil
    anzahl = mehrzahl(len(vergleich.funde), "Datei weicht", "Dateien weichen")
    satz = (
        f"{anzahl} vom Lauf ab. Bitte den Ordner neu kopieren oder den Lauf neu "
        "rechnen; eine bearbeitete Word-Fassung prüft quartier durchsicht DATEI."
    )
    return [*(urteil if pruefung and pruefung.funde else []), satz]


def _rechne_nach(
    pruefung: Zahlenpruefung,
    stand: Datenstand,
    freigabe: Freigabe,
    zeilen: list[str],
    kopf: Mapping[str, Any],
) -> int:
    """Rechnet die Belege nach; Zahl der Abweichungen."""
    gewaehlt: dict[str, Any] = next(iter(kopf.get("parameter", {}).values()), {})
    einstellung = Einstellung.aus_parametern(gewaehlt)
    intern = einstellung.fassung == "intern"
    try:
        auswertung = Auswertung.aus_freigabe(
            gib_frei(stand, "intern") if intern else freigabe,
            ordner=stand.ordner,
            einstellung=einstellung,
        )
        ergebnis = rechne_nach(pruefung.belege, auswertung)
    except Quartiersfehler as fehler:
        zeilen.append(f"Belege nicht nachgerechnet: {fehler}")
        return 0
    gut = sum(ergebnis.bestaetigt.values())
    rest = sum(ergebnis.ungeprueft.values())
    zeilen.append(
        f"Belege nachgerechnet: {gut} stimmen, {len(ergebnis.abweichungen)} weichen "
        f"ab, {rest} sind Zählungen, Texte oder Einzelwerte ohne Rechenweg."
    )
    zeilen += [f"  - {satz}" for satz in ergebnis.abweichungen]
    return len(ergebnis.abweichungen)


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
