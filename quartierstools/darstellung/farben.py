"""Welche Farbe, welches Muster? Einmal festgelegt für Karte, Legende und Diagramm.

Abstufungen werden gleichmäßig dunkler (lesbar in Graustufen), Typen tragen
zusätzlich ein Muster und einen Buchstaben, Lücken eine Schraffur auf Weiß. Rot
und Grün als Urteil über Orte kommen nicht vor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from quartierstools.fehler import Ausgabefehler

Blick = Literal["bedarf", "potential", "neutral"]

TINTE = "#14202b"
"""Text und Grenzlinien."""
GRAU = "#4d5a66"
"""Nebentext und Schraffuren; auf Weiß noch gut lesbar."""
PAPIER = "#ffffff"
BLAU = "#1f5a96"
"""Hervorhebung, Bedienelemente."""
RUHIG = "#dde4ea"
"""Flächen und Punkte, die nur den Rahmen bilden."""

ANKER: Mapping[str, tuple[str, str]] = {
    "bedarf": ("#e6f0fa", "#2f72b4"),
    "potential": ("#e0f3f0", "#20807a"),
    "neutral": ("#f0ebf7", "#7c63b0"),
}
"""Hellste und dunkelste Farbe je Blick; auch auf der dunkelsten steht die Grenze."""

UNTERSCHIED: tuple[tuple[str, str, str], ...] = (
    ("#c0762b", "waagerecht", "−−"),
    ("#f2cfa6", "waagerecht", "−"),
    ("#f7f7f5", "voll", "="),
    ("#b9d3ec", "voll", "+"),
    ("#2f72b4", "voll", "++"),
)
"""Farbe, Muster und Zeichen eines Unterschieds, von „niedriger“ bis „höher“.

Orange und Blau hält jedes Auge auseinander; ohne Farbe tut es das Muster."""

HOECHSTENS_STUFEN = 7
SRGB_KNICK = 0.04045
"""Darunter ist die Gammakurve von sRGB eine Gerade (IEC 61966-2-1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Muster:
    """Ein Füllmuster für HTML (Kachel mit Linien) und für matplotlib.

    Attributes
    ----------
    kachel : int
        Kantenlänge der Kachel in Pixeln.
    pfad : str
        SVG-Pfad der Linien in der Kachel.
    schraffur : str
        Zeichen für matplotlib.
    """

    kachel: int
    pfad: str
    schraffur: str


MUSTER: Mapping[str, Muster] = {
    "voll": Muster(kachel=8, pfad="", schraffur=""),
    "schraeg": Muster(kachel=8, pfad="M-2 2L2 -2M0 8L8 0M6 10L10 6", schraffur="////"),
    "kreuz": Muster(kachel=7, pfad="M0 0L7 7M7 0L0 7", schraffur="xxxx"),
    "gitter": Muster(kachel=7, pfad="M3.5 0V7M0 3.5H7", schraffur="++++"),
    "senkrecht": Muster(kachel=8, pfad="M4 0V8", schraffur="|||"),
    "waagerecht": Muster(kachel=8, pfad="M0 4H8", schraffur="---"),
    "gegenschraeg": Muster(
        kachel=10, pfad="M0 0L10 10M-2 8L2 12M8 -2L12 2", schraffur="\\\\\\"
    ),
    "stern": Muster(
        kachel=14, pfad="M0 0L14 14M14 0L0 14M7 0V14M0 7H14", schraffur="x+"
    ),
    "eng_senkrecht": Muster(kachel=4, pfad="M2 0V4", schraffur="||||||"),
    "eng_waagerecht": Muster(kachel=4, pfad="M0 2H4", schraffur="------"),
    "karo": Muster(kachel=12, pfad="M0 0L12 12M12 0L0 12", schraffur="xx"),
}
"""Alle Füllmuster; „voll“ ist eine Fläche ohne Linien."""

TYPEN: tuple[tuple[str, str], ...] = (
    ("#a9cdea", "voll"),
    ("#f3dfa2", "senkrecht"),
    ("#c9b8e4", "waagerecht"),
    ("#f4b994", "gegenschraeg"),
    ("#9fd6c9", "stern"),
    ("#e3b5cf", "eng_senkrecht"),
    ("#d5d3c8", "eng_waagerecht"),
    ("#8fb0b8", "karo"),
)
"""Farbe und Muster der Typen A bis H."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Luecke:
    """Darstellung eines Wertes, der keine Zahl ist."""

    muster: str
    zeichen: str
    farbe: str = PAPIER


LUECKEN: Mapping[str, Luecke] = {
    "fehlt": Luecke(muster="schraeg", zeichen="…"),
    "gesperrt": Luecke(muster="kreuz", zeichen="•"),
    "nicht sinnvoll": Luecke(muster="gitter", zeichen="x"),
}
"""Drei Lücken, drei Schraffuren, drei Zeichen."""


def _linear(farbe: str) -> tuple[float, float, float]:
    """RGB-Anteile ohne Gammakurve."""
    teile = [int(farbe[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    rot, gruen, blau = (
        t / 12.92 if t <= SRGB_KNICK else ((t + 0.055) / 1.055) ** 2.4 for t in teile
    )
    return rot, gruen, blau


def leuchtdichte(farbe: str) -> float:
    """Relative Leuchtdichte nach WCAG 2.2, 0 (schwarz) bis 1 (weiß).

    Examples
    --------
    >>> leuchtdichte("#000000"), round(leuchtdichte("#ffffff"), 6)
    (0.0, 1.0)
    """
    rot, gruen, blau = _linear(farbe)
    return 0.2126 * rot + 0.7152 * gruen + 0.0722 * blau


def kontrast(farbe: str, grund: str) -> float:
    """Kontrastverhältnis nach WCAG 2.2, 1 bis 21; die Reihenfolge ist egal.

    Parameters
    ----------
    farbe, grund : str
        Farben als ``#rrggbb``.

    Examples
    --------
    >>> round(kontrast("#000000", "#ffffff"), 6)
    21.0
    >>> round(kontrast("#777777", "#ffffff"), 2)
    4.48

    References
    ----------
    W3C, WCAG 2.2, „relative luminance“ und „contrast ratio“.
    """
    dunkel, hell = sorted((leuchtdichte(farbe), leuchtdichte(grund)))
    return (hell + 0.05) / (dunkel + 0.05)


def _mischung(hell: str, dunkel: str, anteil: float) -> str:
    """Farbe zwischen zwei Ankern, gleichmäßig in der Gammakurve des Bildschirms."""
    stellen = (1, 3, 5)
    kanaele = [
        int(hell[i : i + 2], 16) * (1 - anteil) + int(dunkel[i : i + 2], 16) * anteil
        for i in stellen
    ]
    return "#" + "".join(f"{int(kanal + 0.5):02x}" for kanal in kanaele)


def stufenfarben(anzahl: int, *, blick: Blick = "bedarf") -> tuple[str, ...]:
    """Farben einer geordneten Abstufung, hell nach dunkel.

    Parameters
    ----------
    anzahl : int
        Zahl der Stufen, 1 bis 7.
    blick : str
        ``bedarf`` (blau), ``potential`` (petrol) oder ``neutral`` (violett).

    Raises
    ------
    Ausgabefehler
        Bei mehr Stufen, als ein Auge auseinanderhält.

    Examples
    --------
    >>> stufenfarben(3)
    ('#e6f0fa', '#8bb1d7', '#2f72b4')
    """
    if not 1 <= anzahl <= HOECHSTENS_STUFEN:
        raise Ausgabefehler(
            f"{anzahl} Klassen lassen sich nicht unterscheiden. Erlaubt sind 1 bis "
            f"{HOECHSTENS_STUFEN}; bitte Klassen zusammenfassen."
        )
    hell, dunkel = ANKER[blick]
    if anzahl == 1:
        return (_mischung(hell, dunkel, 0.5),)
    return tuple(_mischung(hell, dunkel, i / (anzahl - 1)) for i in range(anzahl))
