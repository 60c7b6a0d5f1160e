"""Wie sehen unsere Schriftstücke aus? Farben, Größen und Abstände, einmal bestimmt.

CSS, Satzvorlage (PDF), Word und Excel lesen dieselbe `Gestalt`. Eine Stadt mit
eigenen Farben gibt eine andere `Gestalt` mit; zu schwache Kontraste fallen sofort auf.
"""

import re
from dataclasses import asdict, dataclass

from quartierstools.darstellung.farben import kontrast
from quartierstools.dokument import Dokument
from quartierstools.fehler import Ausgabefehler
from quartierstools.schreibweise import datum_text

_FARBE = re.compile(r"#[0-9a-f]{6}")

TEXTKONTRAST = 4.5
"""Mindestkontrast von Text zu Grund (WCAG 2.2, 1.4.3)."""

LINIENKONTRAST = 3.0
"""Mindestkontrast von bedeutungstragenden Linien zum Grund (WCAG 2.2, 1.4.11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gestalt:
    """Farben (``#rrggbb``), Schriftgrößen in Punkt und Seitenränder in Millimetern.

    Parameters
    ----------
    dunkelblau, text, nebentext, blau : str
        Titel und Köpfe, Fließtext, Kleingedrucktes, Verweise und Balken.
    hellblau, papier : str
        Flächen von Tabellenköpfen und Kästen, Grund der Seite.
    linie, haarlinie : str
        Linien, die etwas bedeuten; feine Linien zwischen Tabellenzeilen.
    warn_text, warn_flaeche, warn_linie : str
        Stempel und Warnkästen.
    offen_text, offen_flaeche : str
        Unausgefüllte Felder.
    wasserzeichen : str
        Schrift hinter der Seite; hell genug, dass Text darüber lesbar bleibt.
    grad_* : float
        Schriftgrade in Punkt für die Schrift des PDFs (DejaVu Sans, sehr große
        Mittellänge).
    word_* : float
        Schriftgrade in Punkt für die Schrift in Word (Arial).
    rand_seite, rand_oben, rand_unten : float
        Seitenränder auf A4 in Millimetern.

    Raises
    ------
    Ausgabefehler
        Wenn eine Farbe falsch geschrieben ist oder ein Kontrast nicht reicht.

    Examples
    --------
    >>> kontrast(Gestalt().text, Gestalt().papier) > 4.5
    True
    """

    dunkelblau: str = "#14315c"
    text: str = "#1c2733"
    nebentext: str = "#46556a"
    blau: str = "#1d5a9e"
    hellblau: str = "#e8eff7"
    papier: str = "#ffffff"
    linie: str = "#5f7794"
    haarlinie: str = "#c3cfdc"
    warn_text: str = "#5a3300"
    warn_flaeche: str = "#fff3d9"
    warn_linie: str = "#a65f00"
    offen_text: str = "#3d2f00"
    offen_flaeche: str = "#fff0a8"
    wasserzeichen: str = "#e6ebf1"
    grad_titel: float = 16.0
    grad_stufe1: float = 11.4
    grad_stufe2: float = 10.0
    grad_stufe3: float = 9.4
    grad_text: float = 9.4
    grad_tabelle: float = 8.5
    grad_klein: float = 7.6
    grad_rand: float = 6.8
    word_titel: float = 18.0
    word_stufe1: float = 12.5
    word_stufe2: float = 11.0
    word_stufe3: float = 10.0
    word_text: float = 10.0
    word_tabelle: float = 9.0
    word_klein: float = 8.5
    rand_seite: float = 19.0
    rand_oben: float = 18.0
    rand_unten: float = 17.0

    def __post_init__(self) -> None:
        falsch = [
            f"{name}={wert!r}"
            for name, wert in asdict(self).items()
            if isinstance(wert, str) and not _FARBE.fullmatch(wert)
        ]
        if falsch:
            raise Ausgabefehler(
                f"Gestalt: {', '.join(falsch)} ist keine Farbe. Erwartet: #rrggbb "
                "mit kleinen Buchstaben. Bitte im Katalog berichtigen."
            )
        schwach = [
            f"{vorn} auf {hinten} ({kontrast(a, b):.1f} statt {soll})"
            for vorn, hinten, soll in self._paare()
            if kontrast(a := getattr(self, vorn), b := getattr(self, hinten)) < soll
        ]
        if schwach:
            raise Ausgabefehler(
                f"Gestalt: zu wenig Kontrast: {'; '.join(schwach)}. "
                "Bitte die Schriftfarbe dunkler oder die Fläche heller wählen."
            )

    @staticmethod
    def _paare() -> list[tuple[str, str, float]]:
        schrift = ("text", "nebentext", "dunkelblau", "blau")
        flaechen = ("papier", "hellblau", "wasserzeichen")
        return [
            *((s, f, TEXTKONTRAST) for s in schrift for f in flaechen),
            ("text", "warn_flaeche", TEXTKONTRAST),
            ("warn_text", "warn_flaeche", TEXTKONTRAST),
            ("warn_text", "papier", TEXTKONTRAST),
            ("offen_text", "offen_flaeche", TEXTKONTRAST),
            ("linie", "papier", LINIENKONTRAST),
            ("warn_linie", "papier", LINIENKONTRAST),
            ("warn_linie", "warn_flaeche", LINIENKONTRAST),
        ]


GESTALT = Gestalt()
"""Vorgabe: blau-weiß, ruhig."""


def css_variablen(gestalt: Gestalt = GESTALT) -> str:
    """Farben der Gestalt als CSS-Variablen für ``:root``.

    Examples
    --------
    >>> css_variablen().splitlines()[1].strip()
    '--dunkelblau: #14315c;'
    """
    farben = [
        f"  --{name.replace('_', '-')}: {wert};"
        for name, wert in asdict(gestalt).items()
        if isinstance(wert, str)
    ]
    return "\n".join([":root {", *farben, "}"])


def fusszeile(dokument: Dokument) -> str:
    """Angaben für den Fuß jeder Seite: Gattung, Fassung, Stand, Nachweis.

    Der Nachweis ist der Anfang des Schlüssels seines Schritts: gleiche Eingaben,
    gleicher Nachweis, auch in einem anderen Lauf.

    Examples
    --------
    >>> from datetime import date
    >>> fusszeile(Dokument(titel="T", gattung="Steckbrief", bloecke=(),
    ...                    stand=date(2023, 12, 31), kennung="ab12"))
    'Steckbrief · Fassung öffentlich · Bezugsdatum 31.12.2023 · Nachweis ab12'
    """
    teile = [
        dokument.gattung,
        f"Fassung {dokument.fassung}" if dokument.fassung else "",
        f"Bezugsdatum {datum_text(dokument.stand)}",
        f"{dokument.kennungswort} {dokument.kennung}" if dokument.kennung else "",
    ]
    return " · ".join(teil for teil in teile if teil)
