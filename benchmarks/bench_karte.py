"""Wie groß und wie schnell ist die Karte bei 30 bis 33.000 Gebieten, und gegen folium?

Aufruf: ``python benchmarks/bench_karte.py [n ...]``; ohne Zahlen alle vier Größen.
Je Größe derselbe Satz Ebenen: als Karte des Projekts und als folium mit einer
Ebene und einem Hinweisfeld je Thema und Jahr, ohne Legende (die holt folium als d3
aus dem Netz). Gemessen wird im Chromium.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

GROESSEN: dict[int, tuple[int, int]] = {
    30: (40, 10),
    542: (12, 1),
    5_000: (6, 1),
    33_000: (3, 1),
}
"""Gebiete → Themen und Jahre."""
ECKEN_JE_KANTE = 6
GRENZE_S = 240


def gebiete(n: int, samen: int = 7) -> gpd.GeoDataFrame:
    """Voronoi-Zellen um feste Zufallspunkte, Ränder gezackt, Nachbarn ohne Spalt."""
    import shapely  # noqa: PLC0415

    zufall = np.random.default_rng(samen)
    seite = 0.2 * np.sqrt(n / 30)
    punkte = zufall.random((n, 2)) * seite
    rahmen = shapely.box(0, 0, seite, seite)
    zellen = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(punkte), ordered=True)
    )
    zellen = shapely.intersection(zellen, rahmen)
    zellen = shapely.transform(zellen, _auf_raster)
    zellen = shapely.segmentize(zellen, seite / np.sqrt(n) / ECKEN_JE_KANTE)
    zellen = shapely.transform(zellen, lambda p: _zittern(_auf_raster(p)))
    verschoben = shapely.transform(zellen, lambda p: p + np.array([7.0, 51.0]))
    schluessel = [f"{i:06}" for i in range(n)]
    bezirk = [f"Teil {int(x / seite * 4)}{int(y / seite * 4)}" for x, y in punkte]
    tabelle = pd.DataFrame(
        {"name": [f"Ortsteil {s}" for s in schluessel], "stadtbezirk": bezirk},
        index=pd.Index(schluessel, name="gebiet"),
    )
    return gpd.GeoDataFrame(tabelle, geometry=verschoben, crs=4326)


def _auf_raster(p: np.ndarray) -> np.ndarray:
    """Neun Stellen: gemeinsame Ränder haben wirklich dieselben Punkte."""
    return np.round(p, 9)


def _zittern(p: np.ndarray) -> np.ndarray:
    """Verschiebt jeden Punkt um ein Stück, das nur von seinem Ort abhängt."""
    k = 6000.0
    return p + 4e-5 * np.column_stack(
        [np.sin(k * p[:, 1] + 2 * k * p[:, 0]), np.cos(k * p[:, 0] - k * p[:, 1])]
    )


def werte(
    n: int, themen: int, jahre: int
) -> Iterator[tuple[str, dict[str, pd.Series]]]:
    """Themen mit ein paar Lücken, feste Zufallszahlen."""
    zufall = np.random.default_rng(11)
    index = pd.Index([f"{i:06}" for i in range(n)], name="gebiet")
    for thema in range(themen):
        basis = zufall.gamma(4, 3, n)
        yield (
            f"Kennzahl {thema + 1}",
            {
                str(2024 - j): pd.Series(basis + zufall.normal(0, 1, n), index=index)
                .clip(0, 100)
                .mask(zufall.random(n) < 0.03)
                for j in range(jahre)
            },
        )


def eigene_karte(n: int) -> tuple[str, float, int]:
    """HTML, Sekunden Rechenzeit und Bytes ohne Leaflet."""
    from quartierstools.darstellung import Kartenbild, Zeitbild, karte_html, wertebild  # noqa: PLC0415
    from quartierstools.darstellung.karte_html import _leaflet  # noqa: PLC0415

    flaechen = gebiete(n)
    grenzen = flaechen.dissolve("stadtbezirk").reset_index()[
        ["stadtbezirk", "geometry"]
    ]
    beginn = time.process_time()
    ebenen = []
    for titel, reihen in werte(n, *GROESSEN[n]):
        neuestes = wertebild(
            next(iter(reihen.values())), titel=titel, einheit="Prozent"
        )
        bilder = {
            jahr: wertebild(
                reihe, titel=titel, einheit="Prozent", grenzen=neuestes.grenzen,
                stand=f"31.12.{jahr}",
            )
            for jahr, reihe in reihen.items()
        }  # fmt: skip
        spannen = {
            j: pd.DataFrame({"unten": (r - 1.5).clip(0), "oben": r + 1.5})
            for j, r in reihen.items()
        }
        ebenen.append(Zeitbild(kennung=titel, bilder=bilder, intervalle=spannen))
    karte = Kartenbild(
        titel="Karte", gebiete=flaechen, ebenen=tuple(ebenen), grenzen=grenzen
    )
    html = karte_html(karte)
    dauer = time.process_time() - beginn
    leaflet = sum(len(teil.encode()) for teil in _leaflet())
    return html, dauer, len(html.encode()) - leaflet


def plain_folium(n: int) -> tuple[str, float, int]:
    """Dasselbe, wie man es mit folium allein schreibt: eine Ebene je Thema und Jahr."""
    import branca  # noqa: PLC0415
    import folium  # noqa: PLC0415

    flaechen = gebiete(n)
    beginn = time.process_time()
    karte = folium.Map(location=[51.1, 7.1], zoom_start=10, tiles=None)
    for titel, reihen in werte(n, *GROESSEN[n]):
        for jahr, reihe in reihen.items():
            farben = branca.colormap.linear.Blues_05.scale(
                0, float(reihe.max())
            ).to_step(4)
            tabelle = flaechen.assign(wert=reihe.round(1))

            def stil(f: dict, farben: object = farben) -> dict:
                wert = f["properties"]["wert"]
                return {
                    "fillColor": "#ffffff" if wert is None else farben(wert),
                    "weight": 0.5,
                    "fillOpacity": 1,
                }

            blase = folium.GeoJsonTooltip(["name", "wert"])
            folium.GeoJson(
                tabelle.to_json(),
                name=f"{titel} {jahr}",
                style_function=stil,
                show=False,
                tooltip=blase,
            ).add_to(karte)
    folium.LayerControl().add_to(karte)
    html = karte.get_root().render()
    return html, time.process_time() - beginn, len(html.encode())


def im_browser(datei: Path, *, eigene: bool) -> tuple[float | None, float | None]:
    """Millisekunden bis bedienbar und für einen Ebenenwechsel; None: misslingt."""
    from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415

    warte = "new Promise(f => requestAnimationFrame(() => setTimeout(f)))"
    with sync_playwright() as spiel:
        browser = spiel.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        seite = browser.new_page(viewport={"width": 1280, "height": 900})
        seite.set_default_timeout(GRENZE_S * 1000)
        if not eigene:
            _mit_lokalem_leaflet(seite)
        try:
            seite.goto(datei.as_uri(), wait_until="load")
            bereit = seite.evaluate(
                f"(async () => {{ await {warte}; return performance.now(); }})()"
            )
            griff = (
                "input[name=ebene][value='1']"
                if eigene
                else ".leaflet-control-layers-overlays input"
            )
            wechsel = seite.evaluate(
                "(async () => { const a = performance.now(); "
                f'document.querySelector("{griff}").click(); await {warte}; '
                "return performance.now() - a; })()"
            )
        except Error:
            bereit = wechsel = None
        browser.close()
    return bereit, wechsel


def _mit_lokalem_leaflet(seite: object) -> None:
    """folium ruft Leaflet aus dem Netz; hier kommt es von der Platte, sonst nichts."""
    from importlib.resources import files  # noqa: PLC0415

    skript = (files("xstatic.pkg.leaflet") / "data" / "leaflet.js").read_text(
        encoding="utf-8"
    )

    def antworte(weg: object) -> None:
        adresse = weg.request.url
        if adresse.endswith("leaflet.js"):
            weg.fulfill(body=skript, content_type="text/javascript")
        elif adresse.startswith("http"):
            weg.fulfill(
                body="",
                content_type="text/javascript"
                if adresse.endswith(".js")
                else "text/css",
            )
        else:
            weg.continue_()

    seite.route("**/*", antworte)


def miss(art: str, n: int) -> None:
    """Eine Karte bauen, öffnen, umschalten; druckt eine Zeile JSON."""
    import resource  # noqa: PLC0415

    html, dauer, ohne = (eigene_karte if art == "quartierstools" else plain_folium)(n)
    spitze = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with tempfile.TemporaryDirectory() as ordner:
        datei = Path(ordner) / "karte.html"
        datei.write_text(html, encoding="utf-8")
        bereit, wechsel = im_browser(datei, eigene=art == "quartierstools")
    print(
        json.dumps([art, n, len(html.encode()), ohne, dauer, spitze, bereit, wechsel])
    )


KOPF = (
    "Gebiete", "Themen × Jahre", "Werkzeug", "MB", "ohne Leaflet kB",
    "bauen s (Rechenzeit)",
    "Speicher MB", "bedienbar s", "Ebene wechseln ms",
)  # fmt: skip


def zeile(*zellen: object) -> None:
    """Druckt eine Tabellenzeile mit deutschem Komma."""
    texte = [
        f"{z:,}".translate(str.maketrans(",.", ".,"))
        if isinstance(z, int | float)
        else str(z)
        for z in zellen
    ]
    print(f"| {' | '.join(texte)} |", flush=True)


def main() -> None:
    """Startet je Größe und Werkzeug einen Prozess und druckt die Tabelle."""
    zeile(*KOPF)
    zeile(*["---"] * len(KOPF))
    for n in [int(z) for z in sys.argv[1:]] or list(GROESSEN):
        themen, jahre = GROESSEN[n]
        for art in ("quartierstools", "folium"):
            befehl = [sys.executable, __file__, "-", art, str(n)]
            lauf = subprocess.run(  # noqa: S603
                befehl, capture_output=True, text=True, check=False
            )
            kopf = (n, f"{themen} × {jahre}", art)
            if lauf.returncode:
                zeile(*kopf, *["scheitert"] * 6)
                continue
            _, _, ganz, ohne, dauer, spitze, bereit, wechsel = json.loads(lauf.stdout)
            zeile(
                *kopf,
                round(ganz / 1e6, 2),
                round(ohne / 1e3),
                round(dauer, 1),
                round(spitze),
                round(bereit / 1e3, 1) if bereit else "öffnet nicht",
                round(wechsel) if wechsel else "–",
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["-"]:
        miss(sys.argv[2], int(sys.argv[3]))
    else:
        main()
