"""Wo liegt was? Die einzige Stelle, die den Aufbau eines Projektordners kennt."""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from quartierstools.fehler import Aufruffehler, meinten_sie
from quartierstools.katalog.datei import mit_endung

STANDARD = Path(__file__).parent / "standard"
"""Mitgelieferter Katalog, den jedes Projekt ergänzen oder ändern kann."""

NIE_GERECHNET = ("amtlich", "lieferungen")
"""Teile eines Projekts, aus denen kein Lauf rechnet: Gegenproben, Rohlieferungen."""
NUR_IM_PROJEKT = ("abgleich", "pruefregeln", "quellen", "szenarien")
"""Dateien im Ordner ``katalog``, zu denen es keine mitgelieferte gibt."""


@dataclass(frozen=True, slots=True)
class Projektordner:
    """Ordner eines Ortes, etwa ``daten/bochum``.

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel
    >>> ordner = finde_projekt("bochum", daten=hauswurzel() / "daten")
    >>> ordner.wurzel.name
    'bochum'
    """

    wurzel: Path

    @property
    def projekt(self) -> Path:
        """Name, Ebene, Bezugsdatum und Zielgruppen des Ortes."""
        return self.wurzel / "projekt.yaml"

    @property
    def gebiete(self) -> Path:
        """Flächen der kleinsten Ebene."""
        return self.wurzel / "gebiete.geojson"

    @property
    def stadtbezirke(self) -> Path:
        """Flächen der Stadtbezirke; darf fehlen."""
        return self.wurzel / "stadtbezirke.geojson"

    @property
    def bestand(self) -> list[Path]:
        """Wertetabellen, nach Namen sortiert; was keine Datei ist, meldet das Lesen."""
        return mit_endung(self.wurzel / "bestand", [".csv"])

    @property
    def einzelwerte(self) -> Path:
        """Veröffentlichte Einzelwerte, nicht untereinander vergleichbar."""
        return self.wurzel / "einzelwerte.csv"

    @property
    def angebote(self) -> Path:
        """Bestand der Angebote."""
        return self.wurzel / "angebote.csv"

    @property
    def vorhaben(self) -> list[Path]:
        """Vorhaben, über die entschieden werden soll."""
        return mit_endung(self.wurzel / "vorhaben", [".yaml", ".yml"])

    def katalog(self, name: str) -> Path:
        """Ergänzung des Katalogs, etwa ``quellen``; darf fehlen."""
        return self.wurzel / "katalog" / f"{name}.yaml"

    def eingaben(self) -> list[Path]:
        """Alle Dateien, aus denen ein Lauf rechnet, sortiert."""
        arten = (".yaml", ".yml", ".geojson", ".csv", ".svg", ".png")
        gefunden = [p for p in self.wurzel.rglob("*") if p.suffix.lower() in arten]
        return sorted(p for p in gefunden if p.is_file() and not _versteckt(p, self))

    def fremde(self) -> list[tuple[Path, str]]:
        """Dateien im Ordner ``katalog``, die niemand liest, mit dem nächsten Namen."""
        bekannt = sorted({p.stem for p in STANDARD.glob("*.yaml")} | {*NUR_IM_PROJEKT})
        da = mit_endung(self.wurzel / "katalog", [".yaml", ".yml"])
        return [
            (p, meinten_sie(p.name, [f"{name}.yaml" for name in bekannt]))
            for p in da
            if p.stem not in bekannt or p.suffix != ".yaml"
        ]

    def name_von(self, datei: Path) -> str:
        """Pfad innerhalb des Projekts, mit Schrägstrichen."""
        return datei.relative_to(self.wurzel).as_posix()


def kennung_aus(name: str) -> str:
    """Kennung aus einem Namen: klein, ohne Umlaute, ohne Leerzeichen.

    Examples
    --------
    >>> kennung_aus("Mülheim an der Ruhr"), kennung_aus("Gießen")
    ('muelheim-an-der-ruhr', 'giessen')
    """
    umschrift = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
    klein = unicodedata.normalize("NFC", name).lower().translate(umschrift)
    ohne = unicodedata.normalize("NFKD", klein).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", ohne).strip("-_")


def _versteckt(datei: Path, ordner: Projektordner) -> bool:
    teile = datei.relative_to(ordner.wurzel).parts
    return any(teil.startswith(".") or teil in NIE_GERECHNET for teil in teile)


def hauswurzel(start: Path | None = None) -> Path:
    """Nächster Ordner aufwärts, in dem ``daten`` und ``notebooks`` liegen.

    Raises
    ------
    Aufruffehler
        Wenn es ihn nicht gibt.

    Examples
    --------
    >>> (hauswurzel() / "daten" / "bochum").is_dir()
    True
    """
    ort = (start or Path.cwd()).resolve()
    for ordner in (ort, *ort.parents, Path(__file__).resolve().parents[2]):
        if (ordner / "daten").is_dir() and (ordner / "notebooks").is_dir():
            return ordner
    raise Aufruffehler(
        f"In {ort} und darüber gibt es keinen Ordner mit „daten“ und „notebooks“. "
        "Bitte in den Ordner von quartierstools wechseln."
    )


def finde_projekt(name: str, *, daten: Path) -> Projektordner:
    """Projektordner zu einem Namen unter `daten` oder zu einem Pfad.

    Raises
    ------
    Aufruffehler
        Wenn es den Ordner nicht gibt oder ``projekt.yaml`` darin fehlt.

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel
    >>> finde_projekt("bochum", daten=hauswurzel() / "daten").wurzel.name
    'bochum'
    """
    for wurzel in (daten / name, Path(name)):
        with suppress(OSError, ValueError):  # etwa ein zu langer Name
            if (wurzel / "projekt.yaml").is_file():
                return Projektordner(wurzel.resolve())
    vorhanden = sorted(p.parent.name for p in daten.glob("*/projekt.yaml"))
    ist_ordner = False
    with suppress(OSError, ValueError):
        ist_ordner = Path(name).is_dir()
    if ist_ordner:
        raise Aufruffehler(
            f"Im Ordner „{name}“ fehlt projekt.yaml. Das Format steht in "
            "daten/README.md."
        )
    raise Aufruffehler(
        f"Das Projekt „{name}“ gibt es nicht.{meinten_sie(name, vorhanden)} "
        f"Vorhanden: {', '.join(vorhanden) or 'keines'}; oder einen Pfad angeben."
    )
