"""Welche Parameter gehören zu einem Profil? ``profile/NAME.yaml`` eines Projekts."""

import re
from pathlib import Path

from quartierstools.fehler import Aufruffehler, meinten_sie
from quartierstools.katalog.datei import mit_endung
from quartierstools.katalog.eintrag import lies_yaml

STANDARD = "standard"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def lies_profil(projekt: Path, name: str) -> dict[str, object]:
    """Parameter eines Profils; „standard“ darf fehlen.

    Raises
    ------
    Aufruffehler
        Wenn es das Profil nicht gibt oder der Name ein Pfad ist.
    Katalogfehler
        Wenn die Datei nicht lesbar ist.
    """
    ordner = projekt / "profile"
    vorhanden = sorted({STANDARD, *(p.stem for p in mit_endung(ordner, [".yaml"]))})
    datei = ordner / f"{name}.yaml"
    gibt_es = NAME.fullmatch(name) and (datei.exists() or datei.is_symlink())
    if name == STANDARD and not gibt_es:
        return {}
    if not gibt_es:
        raise Aufruffehler(
            f"Das Profil „{name}“ gibt es nicht.{meinten_sie(name, vorhanden)} "
            f"Vorhanden: {', '.join(vorhanden)}. Eigene Profile liegen als "
            "profile/NAME.yaml im Projekt."
        )
    gelesen = lies_yaml(datei)
    return dict(gelesen) if isinstance(gelesen, dict) else {}
