"""Wie wird aus einem Kartenbild eine einzige HTML-Datei ohne Anfrage an Dritte?

folium baut die beiden Karten, die Flächen liegen als Netz daneben; Leaflet kommt
aus dem Paket XStatic-Leaflet und steht samt Bildern in der Datei. Eine
Inhaltsregel (CSP) erlaubt nur die Skripte, die hier mit Prüfsumme genannt sind.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from itertools import count, groupby
from threading import Lock
from typing import TYPE_CHECKING, Any

from quartierstools.darstellung.karte import Kartenbild
from quartierstools.darstellung.kartendaten import kartendaten, sicheres_json

if TYPE_CHECKING:
    import folium
    from jinja2 import Template

_SPERRE = Lock()


@contextmanager
def feste_kennungen() -> Iterator[None]:
    """Zählt die Kennungen von folium durch, statt sie auszuwürfeln.

    Gilt nur im ``with``-Block; danach arbeitet folium wieder wie vorher.
    """
    import branca.element  # noqa: PLC0415 – folium kostet 1 s Import

    element: Any = branca.element.Element
    zaehler = count(1)
    with _SPERRE:
        vorher = element.__dict__["_generate_id"]
        element._generate_id = classmethod(  # noqa: SLF001
            lambda cls: str(next(zaehler))  # noqa: ARG005
        )
        try:
            yield
        finally:
            element._generate_id = vorher  # noqa: SLF001


def karte_html(karte: Kartenbild) -> str:
    """Interaktive Karte als vollständige HTML-Datei.

    Parameters
    ----------
    karte : Kartenbild
        Geprüfte Angaben zur Karte.

    Returns
    -------
    str
        HTML ohne jede Anfrage nach außen; gleiche Eingabe, gleiche Zeichen. Nur mit
        `hintergrund` fragt die Seite einen Dienst, und erst nach einem Klick.
    """
    daten = kartendaten(karte)
    vergleich = len(karte.ebenen) > 1 or len(karte.zeitbilder[0].jahre) > 1
    blaetter, skript = _folium_teile(2 if vergleich else 1)
    leaflet_js, leaflet_css = _leaflet()
    skripte = [leaflet_js, skript, programm()]
    return _html_vorlage().render(
        karte=karte,
        blaetter=blaetter,
        daten=sicheres_json(daten),
        skripte=skripte,
        regel=_inhaltsregel(
            skripte, karte.hintergrund.wirt if karte.hintergrund else ""
        ),
        stile=[leaflet_css, _vorlage("karte.css")],
        gruppen=_gruppen(karte),
        umfang=len(karte.gebiete),
        vergleich=vergleich,
        unterschied=_vergleichbar(karte),
        streubild=sum(e.neuestes.werte is not None for e in karte.zeitbilder) > 1,
    )


def _gruppen(karte: Kartenbild) -> list[tuple[str, list[tuple[int, str]]]]:
    """Ebenen nach Überschrift; Nachbarn mit gleicher Überschrift stehen zusammen."""
    nummeriert = enumerate(karte.zeitbilder)
    return [
        (gruppe, [(nummer, ebene.titel) for nummer, ebene in ebenen])
        for gruppe, ebenen in groupby(
            nummeriert, key=lambda paar: paar[1].neuestes.gruppe
        )
    ]


def _vergleichbar(karte: Kartenbild) -> bool:
    """Ob sich irgendeine Ebene von einer anderen oder sich selbst abziehen lässt."""
    messbar = [e for e in karte.zeitbilder if e.neuestes.werte is not None]
    kennungen = {e.kennung for e in messbar}
    return any(len(e.jahre) > 1 or kennungen & set(e.vergleichbar) for e in messbar)


@cache
def programm() -> str:
    """Das Programm der Karte: alle Teile aus ``vorlagen/karte`` der Reihe nach.

    Die Teile teilen sich einen Namensraum; es gibt keinen Bauschritt.
    """
    ordner = files("quartierstools.darstellung") / "vorlagen" / "karte"
    namen = sorted(datei.name for datei in ordner.iterdir() if datei.name[-3:] == ".js")
    teile = [(ordner / name).read_text(encoding="utf-8").strip() for name in namen]
    return "\n".join(["(function () {", '"use strict";', *teile, "})();"])


def _folium_teile(anzahl: int) -> tuple[list[str], str]:
    """Kartenelemente und ihr Skript von folium, ohne Kopf und fremde Dateien."""
    with feste_kennungen():
        karten = [_blatt() for _ in range(anzahl)]
        flaechen, skripte = [], []
        for karte in karten:
            wurzel: Any = karte.get_root()
            wurzel.render()
            flaechen.append(wurzel.html.render().strip())
            skripte.append(wurzel.script.render())
    zeilen = "\n".join(skripte).splitlines()
    namen = ",".join(karte.get_name() for karte in karten)
    knapp = [z.strip() for z in zeilen if z.strip()]
    return flaechen, "\n".join([*knapp, f"window.quartierskarten=[{namen}];"])


def _blatt() -> "folium.Map":
    """Leere Karte ohne Kacheln, ohne Bewegung, ohne Leaflet-Verweis."""
    import folium  # noqa: PLC0415 – kostet 1 s Import

    return folium.Map(
        location=[0, 0],
        zoom_start=1,
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        keyboard=False,
        scroll_wheel_zoom=False,
        zoom_snap=0.1,
        zoom_delta=0.5,
        zoom_animation=False,
        fade_animation=False,
        double_click_zoom=False,
        max_zoom=18,
    )


@cache
def _vorlage(name: str) -> str:
    ordner = files("quartierstools.darstellung") / "vorlagen"
    return (ordner / name).read_text(encoding="utf-8")


@cache
def _html_vorlage() -> "Template":
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415

    umgebung = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return umgebung.from_string(_vorlage("karte.html"))


@cache
def _leaflet() -> tuple[str, str]:
    """Skript und Stil von Leaflet, Bilder als Daten eingebettet."""
    ordner = files("xstatic.pkg.leaflet") / "data"
    skript = (ordner / "leaflet.js").read_text(encoding="utf-8")
    stil = (ordner / "leaflet.css").read_text(encoding="utf-8")

    def eingebettet(treffer: re.Match[str]) -> str:
        bild = (ordner / treffer[1]).read_bytes()
        return f"url(data:image/png;base64,{base64.b64encode(bild).decode('ascii')})"

    stil = re.sub(r"url\((images/[\w.-]+\.png)\)", eingebettet, stil)
    stil = re.sub(r"^\s*behavior:.*$", "", stil, flags=re.MULTILINE)
    return re.sub(r"//# sourceMappingURL=.*", "", skript).strip(), stil


def _inhaltsregel(skripte: list[str], bilder: str = "") -> str:
    """Inhaltsregel: nur genau diese Skripte; Bilder höchstens von einem Wirt."""
    summen = " ".join(
        "'sha256-"
        + base64.b64encode(hashlib.sha256(s.encode("utf-8")).digest()).decode("ascii")
        + "'"
        for s in skripte
    )
    quelle = f"data: {bilder}".strip()
    return (
        f"default-src 'none'; img-src {quelle}; style-src 'unsafe-inline'; "
        f"script-src {summen}; base-uri 'none'; form-action 'none'"
    )
