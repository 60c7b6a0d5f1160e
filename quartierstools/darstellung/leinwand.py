"""Wie wird eine Zeichnung zu SVG und PNG mit immer gleichen Bytes?

Ohne pyplot, ohne Systemschrift: Schrift ist DejaVu Sans aus matplotlib, Text im
SVG sind Pfade. Alle Zeichnungen gehen durch `als_bild`.
"""

import base64
import hashlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quartierstools.darstellung.farben import GRAU, PAPIER, TINTE
from quartierstools.dokument import Bild

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

Kasten = tuple[float, float, float, float]
"""Links, unten, rechts, oben in Punkten."""
PUNKTE_JE_MM = 72 / 25.4
PNG_DPI = 200
_EINSTELLUNG = {
    "svg.fonttype": "path",
    "svg.hashsalt": "quartierstools",
    "path.simplify": False,
    "hatch.linewidth": 0.6,
    "axes.unicode_minus": True,
    "text.usetex": False,
    "text.parse_math": False,
}
_AUSSEHEN = ("axes.", "hatch.", "lines.", "patch.", "path.", "svg.", "text.")
_LANGE_ZAHL = re.compile(r"-?\d+\.\d{3,}")
_MASSE = re.compile(r'(?: x| y| width| height)="[^"]*"|translate\([^)]*\)')
_BUCHSTABE = re.compile(r' d="([^"]*)" transform="scale\(0\.015625\)"')
_PFAD = re.compile(r' d="([^"]*)"(?! transform="scale\(0\.015625\)")')
_VERSATZ = re.compile(r'(<use [^>]*)transform="translate\(([-\d.]+) 0\)"')
_BEFEHL = re.compile(r"([MLQCz])([^MLQCz]*)")
_KENNUNG = re.compile(r' id="([^"]*)"')


@cache
def schrift(*, fett: bool = False) -> "FontProperties":
    """DejaVu Sans aus dem Paket matplotlib, nie vom System."""
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415

    return FontProperties(fname=_schriftdatei(fett=fett))


def _schriftdatei(*, fett: bool) -> Path:
    import matplotlib as mpl  # noqa: PLC0415 – kostet 0,3 s Import

    name = "DejaVuSans-Bold.ttf" if fett else "DejaVuSans.ttf"
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / name


@cache
def _vorrat(*, fett: bool = False) -> frozenset[int]:
    """Zeichen, die DejaVu Sans kennt."""
    from matplotlib.font_manager import get_font  # noqa: PLC0415

    return frozenset(get_font(_schriftdatei(fett=fett)).get_charmap())


@cache
def darstellbar(text: str, *, fett: bool = False) -> str:
    """Text, den die Schrift setzen kann: Unbekanntes wird zum Kästchen.

    Steuerzeichen (auch solche der Schreibrichtung) und Umbrüche werden zu
    Leerzeichen; im Alternativtext bleibt das Original.
    """
    vorrat = _vorrat(fett=fett)
    sichtbar = (" " if unicodedata.category(z)[0] in "CZ" else z for z in text)
    return "".join(z if ord(z) in vorrat else "□" for z in sichtbar)


def schreibe(  # noqa: PLR0913 – Ort, Größe und Ausrichtung eines Textes
    flaeche: "Axes",
    x: float,
    y: float,
    text: str,
    *,
    groesse: float = 8,
    fett: bool = False,
    farbe: str = TINTE,
    waagerecht: str = "left",
    senkrecht: str = "center",
    **weitere: Any,  # noqa: ANN401 – reicht an matplotlib durch
) -> None:
    """Schreibt reinen Text; `$` und `_` haben keine Bedeutung."""
    flaeche.text(
        x,
        y,
        darstellbar(text, fett=fett),
        fontproperties=schrift(fett=fett),
        fontsize=groesse,
        color=farbe,
        ha=waagerecht,
        va=senkrecht,
        **weitere,
    )


@cache
def textbreite(text: str, groesse: float, *, fett: bool = False) -> float:
    """Breite eines Textes in Punkten (1/72 Zoll)."""
    from matplotlib.textpath import TextToPath  # noqa: PLC0415

    if not text:
        return 0.0
    breite, _, _ = TextToPath().get_text_width_height_descent(
        darstellbar(text, fett=fett), schrift(fett=fett), ismath=False
    )
    # Gemessen wird in der Größe der Schrift; hier zählt die gewünschte.
    return float(breite) * groesse / schrift(fett=fett).get_size_in_points()


def umbrochen(
    text: str, groesse: float, breite: float, *, fett: bool = False
) -> list[str]:
    """Text in Zeilen höchstens der angegebenen Breite (in Punkten)."""
    zeilen = [""]
    for wort in text.split():
        versuch = f"{zeilen[-1]} {wort}".strip()
        if zeilen[-1] and textbreite(versuch, groesse, fett=fett) > breite:
            zeilen.append(wort)
        else:
            zeilen[-1] = versuch
    return zeilen


def gekuerzt(text: str, groesse: float, breite: float, *, fett: bool = False) -> str:
    """Text, notfalls mit „…“ am Ende, höchstens so breit wie angegeben."""
    if textbreite(text, groesse, fett=fett) <= breite:
        return text
    while text and textbreite(f"{text}…", groesse, fett=fett) > breite:
        text = text[:-1].rstrip()
    return f"{text}…"


def als_bild(
    zeichne: Callable[["Axes"], None],
    *,
    breite_mm: float,
    hoehe_mm: float,
    alternativtext: str,
    titel: str = "",
    breite: float = 1.0,
    raster: bool = True,
) -> Bild:
    """Zeichnet auf eine leere Fläche in Punkten und gibt SVG und PNG zurück.

    Parameters
    ----------
    zeichne : callable
        Bekommt eine Fläche, deren Einheit ein Punkt ist (1/72 Zoll), Ursprung
        unten links, ohne Achsen.
    breite_mm, hoehe_mm : float
        Größe des Bildes.
    alternativtext, titel, breite
        Wie in `Bild`.
    raster : bool, default=True
        Ob auch ein PNG entsteht; nur Word braucht es.
    """
    import matplotlib as mpl  # noqa: PLC0415 – kostet 0,3 s Import
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    vorgaben: Any = _voreinstellung()
    with mpl.rc_context(vorgaben):
        blatt = Figure(
            figsize=(breite_mm / 25.4, hoehe_mm / 25.4), dpi=72, facecolor=PAPIER
        )
        FigureCanvasAgg(blatt)
        flaeche = blatt.add_axes((0, 0, 1, 1))
        flaeche.set_axis_off()
        flaeche.set_xlim(0, breite_mm * PUNKTE_JE_MM)
        flaeche.set_ylim(0, hoehe_mm * PUNKTE_JE_MM)
        zeichne(flaeche)
        svg, png = _svg(blatt), _png(blatt) if raster else b""
    return Bild(
        svg=svg, png=png, alternativtext=alternativtext, titel=titel, breite=breite
    )


@cache
def _voreinstellung() -> dict[str, Any]:
    """Vorgaben von matplotlib; eine eigene ``matplotlibrc`` ändert kein Bild."""
    import matplotlib as mpl  # noqa: PLC0415 – kostet 0,3 s Import

    aussehen = {
        name: wert
        for name, wert in mpl.rcParamsDefault.items()
        if name.startswith(_AUSSEHEN)
    }
    return aussehen | _EINSTELLUNG


def _svg(blatt: "Figure") -> str:
    puffer = io.StringIO()
    blatt.savefig(puffer, format="svg", metadata={"Date": None, "Creator": None})
    text = puffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*\n\s*", " ", text).replace("> <", "><")
    text = re.sub(r"<g>(<path [^>]*/>)</g>", r"\1", text)
    text = _MASSE.sub(lambda t: _LANGE_ZAHL.sub(_kurz, t[0]), text)
    text = _BUCHSTABE.sub(_buchstabenpfad, _PFAD.sub(_flaechenpfad, text))
    text = _VERSATZ.sub(lambda t: f'{t[1]}x="{round(float(t[2]), 1):g}"', text)
    text = text.replace("xlink:href", "href")
    text = re.sub(r'style="[^"]*"', lambda t: re.sub(r"([:;]) ", r"\1", t[0]), text)
    text = text.replace(f'<g style="fill:{TINTE}"', "<g")
    return _eigene_kennungen(text.replace("<svg ", f'<svg fill="{TINTE}" ', 1))


def _kurz(treffer: re.Match[str]) -> str:
    """Zwei Nachkommastellen genügen: ein Hundertstel Punkt."""
    return f"{float(treffer[0]):.2f}".rstrip("0").rstrip(".")


def _knapp(pfad: str, je_punkt: float) -> list[str]:
    """Pfad in ganzen Schritten von 1/`je_punkt`; Befehle nur beim Wechsel."""
    teile: list[str] = []
    letzter, x, y = "", 0, 0
    for befehl, zahlen in _BEFEHL.findall(pfad):
        werte = [round(float(zahl) * je_punkt) for zahl in zahlen.split()]
        if befehl == "M" or not werte:
            teile.append(befehl)
            schritte = werte
        else:
            teile.append("" if befehl == letzter else befehl.lower())
            schritte = [w - (x, y)[i % 2] for i, w in enumerate(werte)]
        teile += map(str, schritte)
        letzter = befehl
        x, y = werte[-2:] or (x, y)
    return teile


def _flaechenpfad(treffer: re.Match[str]) -> str:
    """Ein Zehntel Punkt genügt auf Papier."""
    teile = (_zehntel(teil) for teil in _knapp(treffer[1], 10))
    return f' d="{_verbunden(teile)}"'


def _buchstabenpfad(treffer: re.Match[str]) -> str:
    """Buchstaben auf 400 Schritte je Geviert."""
    return f' d="{_verbunden(_knapp(treffer[1], 1 / 16))}" transform="scale(.25)"'


def _zehntel(teil: str) -> str:
    """Zahl in Zehnteln als kürzester Text: 12 → „1.2“, 30 → „3“, −4 → „-.4“."""
    if teil.isalpha() or not teil:
        return teil
    vorzeichen, ziffern = ("-", teil[1:]) if teil[0] == "-" else ("", teil)
    ganz, bruch = ziffern[:-1], ziffern[-1]
    return f"{vorzeichen}{ganz}.{bruch}" if bruch != "0" else vorzeichen + (ganz or "0")


def _verbunden(teile: Iterable[str]) -> str:
    """Zahlen mit Leerzeichen getrennt, wo es nötig ist."""
    return re.sub(r" ?([A-Za-z]) ?| (?=-)", r"\1", " ".join(t for t in teile if t))


def _eigene_kennungen(svg: str) -> str:
    """Kurze Kennungen je Bild: Mehrere Bilder in einer Seite stören sich nicht."""
    summe = hashlib.sha256(svg.encode("utf-8")).digest()
    vorsatz = f"b{base64.b32encode(summe).decode('ascii')[:4].lower()}"
    genutzt = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    alte = [alt for alt in dict.fromkeys(_KENNUNG.findall(svg)) if alt in genutzt]
    neu = {alt: f"{vorsatz}{nummer}" for nummer, alt in enumerate(alte)}
    svg = _KENNUNG.sub(lambda t: f' id="{neu[t[1]]}"' if t[1] in neu else "", svg)
    return re.sub(
        r'(href="#|url\(#)([^")]+)', lambda t: f"{t[1]}{neu.get(t[2], t[2])}", svg
    )


def _png(blatt: "Figure") -> bytes:
    puffer = io.BytesIO()
    blatt.savefig(puffer, format="png", dpi=PNG_DPI, metadata={"Software": None})
    return puffer.getvalue()


def kaesten(
    flaeche: "Axes",
    rechtecke: Sequence[Kasten],
    *,
    deckkraft: float,
    ebene: float,
) -> None:
    """Weiße Unterlagen für Beschriftungen, alle in einem Pfad."""
    ringe = [
        [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
        for x0, y0, x1, y1 in rechtecke
    ]
    vieleck(
        flaeche, ringe, fuellung=PAPIER, staerke=0, ebene=ebene, deckkraft=deckkraft
    )


def vieleck(  # noqa: PLR0913 – Füllung, Schraffur und Linie
    flaeche: "Axes",
    ringe: Sequence[Any],
    *,
    fuellung: str = "none",
    schraffur: str = "",
    linie: str = TINTE,
    staerke: float = 0.5,
    ebene: float = 1,
    deckkraft: float | None = None,
) -> None:
    """Fläche aus Ringen (Außenringe und Löcher), gefüllt und umrandet."""
    from matplotlib.patches import PathPatch  # noqa: PLC0415 – kostet 0,3 s Import
    from matplotlib.path import Path as Zug  # noqa: PLC0415

    if not ringe:
        return
    # add_artist statt add_patch: Die Grenzen der Fläche stehen schon fest.
    flaeche.add_artist(
        PathPatch(
            Zug.make_compound_path(*(Zug(ring, closed=True) for ring in ringe)),
            facecolor=fuellung,
            edgecolor=linie if staerke else "none",
            hatch=schraffur or None,
            hatchcolor=GRAU,
            linewidth=staerke,
            joinstyle="round",
            zorder=ebene,
            alpha=deckkraft,
            clip_on=False,
        )
    )
