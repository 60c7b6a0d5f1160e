"""Wie wird aus einem Kartenbild eine einzige HTML-Datei ohne Anfrage an Dritte?

folium baut Karte und Ebenen, die Flächen liegen gepackt daneben; Leaflet kommt
aus dem Paket XStatic-Leaflet und steht samt Bildern in der Datei. Eine
Inhaltsregel (CSP) erlaubt nur die Skripte, die hier mit Prüfsumme genannt sind.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from itertools import count, groupby
from threading import Lock
from typing import TYPE_CHECKING, Any

from quartierstools.darstellung.karte import (
    Kartenbild,
    kartendaten,
    sicheres_json,
)

if TYPE_CHECKING:
    import folium
    from jinja2 import Template

_SPERRE = Lock()
_LEER: Mapping[str, Any] = {"type": "FeatureCollection", "features": []}


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
        HTML ohne jede Anfrage nach außen; gleiche Eingabe, gleiche Zeichen.
    """
    daten = kartendaten(karte)
    flaeche, skript = _folium_teile(karte)
    leaflet_js, leaflet_css = _leaflet()
    skripte = [leaflet_js, _vorlage("entpacken.js"), skript, _vorlage("karte.js")]
    return _html_vorlage().render(
        karte=karte,
        flaeche=flaeche,
        daten=sicheres_json(daten),
        skripte=skripte,
        regel=_inhaltsregel(skripte),
        stile=[leaflet_css, _vorlage("karte.css")],
        gruppen=_gruppen(karte),
        umfang=len(karte.gebiete),
    )


def _gruppen(karte: Kartenbild) -> list[tuple[str, list[tuple[int, str]]]]:
    """Ebenen nach Überschrift; Nachbarn mit gleicher Überschrift stehen zusammen."""
    nummeriert = enumerate(karte.ebenen)
    return [
        (gruppe, [(nummer, ebene.titel) for nummer, ebene in ebenen])
        for gruppe, ebenen in groupby(nummeriert, key=lambda paar: paar[1].gruppe)
    ]


def _folium_teile(karte: Kartenbild) -> tuple[str, str]:
    """Kartenelement und Skript von folium, ohne Kopf und ohne fremde Dateien."""
    import folium  # noqa: PLC0415 – kostet 1 s Import
    from folium.map import CustomPane  # noqa: PLC0415

    with feste_kennungen():
        blatt = _blatt()
        flaechen = folium.GeoJson(dict(_LEER), smooth_factor=0.4)
        rollen = {"karte": blatt, "flaechen": flaechen.add_to(blatt)}
        if karte.grenzen is not None:
            CustomPane("grenzen", z_index=410, pointer_events=False).add_to(blatt)
            linien = folium.GeoJson(
                dict(_LEER), smooth_factor=0.4, interactive=False, pane="grenzen"
            )
            rollen["grenzen"] = linien.add_to(blatt)
        wurzel: Any = blatt.get_root()
        wurzel.render()
        flaeche, skript = wurzel.html.render(), wurzel.script.render()
    knapp = "\n".join(z.strip() for z in skript.splitlines() if z.strip())
    namen = {rolle: element.get_name() for rolle, element in rollen.items()}
    return flaeche.strip(), "\n".join([knapp, *_fuellzeilen(namen)])


def _fuellzeilen(namen: Mapping[str, str]) -> list[str]:
    """Füllt die leeren Ebenen aus den eingebetteten Daten und benennt sie."""
    gefuellt = [
        f'{name}_add(entpackt("{rolle}"));'
        for rolle, name in namen.items()
        if rolle != "karte"
    ]
    uebergabe = ",".join(f"{rolle}:{name}" for rolle, name in namen.items())
    return [*gefuellt, f"window.quartierskarte={{{uebergabe}}};"]


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
        max_zoom=17,
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


def _inhaltsregel(skripte: list[str]) -> str:
    """Inhaltsregel: keine Anfrage, nur genau diese Skripte."""
    summen = " ".join(
        "'sha256-"
        + base64.b64encode(hashlib.sha256(s.encode("utf-8")).digest()).decode("ascii")
        + "'"
        for s in skripte
    )
    return (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src {summen}; base-uri 'none'; form-action 'none'"
    )
