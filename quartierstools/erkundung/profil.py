"""Wie wird aus dem Erkundeten eine Standardauswertung? Ein Profil für den Lauf."""

import re
from pathlib import Path

import yaml

from quartierstools.ausgabe import packen
from quartierstools.auswertung import Einstellung
from quartierstools.fehler import Aufruffehler, Ausgabefehler, systemgrund

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,7}")
HOECHSTENS = 60


def profiltext(einstellung: Einstellung, projekt: str, name: str) -> str:
    """Inhalt eines Profils; nennt nur, was von der Vorgabe abweicht.

    Examples
    --------
    >>> wahl = Einstellung(gewichte=("jugendliche:J01=2",), aenderung="Probe")
    >>> print(profiltext(wahl, "musterstadt", "probe"), end="")
    # Aus der Erkundung. Rechnen mit:
    #   quartier lauf --projekt musterstadt --profil probe
    gewichte:
    - jugendliche:J01=2
    aenderung: Probe
    """
    werte: dict[str, object] = {}
    if einstellung.fassung == "intern":
        werte["fassung"] = "intern"
    if einstellung.anzahl_typen:
        werte["anzahl_typen"] = einstellung.anzahl_typen
    for feld in ("gewichte", "typmerkmale"):
        if gewaehlt := getattr(einstellung, feld):
            werte[feld] = list(gewaehlt)
    if einstellung.verfahren != "kmeans":
        werte["verfahren"] = einstellung.verfahren
    for feld in ("datenstand", "aenderung"):
        if gewaehlt := getattr(einstellung, feld):
            werte[feld] = gewaehlt
    kopf = (
        "# Aus der Erkundung. Rechnen mit:\n"
        f"#   quartier lauf --projekt {projekt} --profil {name}\n"
    )
    return kopf + yaml.safe_dump(
        werte, allow_unicode=True, sort_keys=False, width=10_000
    )


def speichere_profil(
    einstellung: Einstellung, ordner: Path, name: str, *, ersetzen: bool = False
) -> Path:
    """Schreibt ``profile/<name>.yaml`` in einen Projektordner.

    Raises
    ------
    Aufruffehler
        Unzulässiger Name, keine Abweichung, fehlender Grund oder ein anderes Profil
        gleichen Namens.
    Ausgabefehler
        Wenn sich der Ordner nicht beschreiben lässt.
    """
    maengel = []
    if not NAME.fullmatch(name) or len(name) > HOECHSTENS:
        maengel.append(
            f"Der Name „{name[:HOECHSTENS]}“ passt nicht: erlaubt sind kleine "
            "Buchstaben, Ziffern und Bindestriche, etwa „mehr-langzeit“."
        )
    if name == "standard":
        maengel.append("„standard“ ist vergeben; bitte einen anderen Namen wählen.")
    if not einstellung.aenderung:
        maengel.append("Bitte angeben, wer warum von der Vorgabe abweicht.")
    if maengel:
        raise Aufruffehler(" ".join(maengel))
    ziel = ordner / "profile" / f"{name}.yaml"
    text = profiltext(einstellung, ordner.name, name)
    try:
        if ziel.is_file() and not ersetzen and ziel.read_text(encoding="utf-8") != text:
            raise Aufruffehler(
                f"Ein Profil „{name}“ gibt es schon, mit anderem Inhalt. Bitte anders "
                "nennen oder „ersetzen“ wählen."
            )
        packen.schreibe(ziel, text)
    except OSError as fehler:
        raise Ausgabefehler(
            f"{ziel.parent} lässt sich nicht beschreiben ({systemgrund(fehler)}). "
            "Bitte Rechte prüfen."
        ) from fehler
    return ziel
