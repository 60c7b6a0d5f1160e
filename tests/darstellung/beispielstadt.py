"""Eine erdachte Stadt aus 5 × 6 Rechtecken, dazu Werte mit allen drei Lücken."""

import hashlib
import sys

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from quartierstools.darstellung import (
    Kartenbild,
    Klassenbild,
    balken_beitraege,
    karte_html,
    klassenkarte,
    lagekarte,
    punktstreifen,
    stufenbild,
    typenbild,
    typenprofil,
    wertebild,
)

SPALTEN, REIHEN, KANTE = 5, 6, 0.02
WORT = ("Bezirk", "Bezirke")


def gebiete(namen: dict[str, str] | None = None) -> gpd.GeoDataFrame:
    """30 Gebiete „10“ bis „65“: Zehner = Stadtbezirk (von Süd nach Nord)."""
    zeilen = []
    for reihe in range(REIHEN):
        for spalte in range(SPALTEN):
            schluessel = f"{reihe + 1}{spalte}"
            x, y = 7.0 + spalte * KANTE * 1.6, 51.4 + reihe * KANTE
            name = (namen or {}).get(schluessel, f"Ort {schluessel}")
            flaeche = box(x, y, x + KANTE * 1.6, y + KANTE)
            zeilen.append((schluessel, name, f"Teil {reihe + 1}", flaeche))
    tabelle = pd.DataFrame(
        zeilen, columns=["gebiet", "name", "stadtbezirk", "geometry"]
    ).set_index("gebiet")
    return gpd.GeoDataFrame(tabelle, geometry="geometry", crs=4326)


def grenzen() -> gpd.GeoDataFrame:
    return gebiete().dissolve("stadtbezirk").reset_index()[["stadtbezirk", "geometry"]]


def wertart() -> pd.Series:
    art = pd.Series("Zahl", index=gebiete().index)
    art[["11", "23", "24"]] = "fehlt"
    art["40"] = "gesperrt"
    art["64"] = "nicht sinnvoll"
    return art


def werte() -> pd.Series:
    art = wertart()
    roh = pd.Series([2.0 + 0.37 * i for i in range(len(art))], index=art.index)
    return roh.where(art == "Zahl")


def anteil(**weitere) -> Klassenbild:
    return wertebild(
        werte(),
        titel="Arbeitslosenanteil",
        grenzen=[4, 6.5, 9],
        einheit="Prozent",
        wertart=wertart(),
        gruppe="Indikatoren",
        stand="31.12.2023",
        quelle="erdacht",
        **weitere,
    )


def stufen() -> Klassenbild:
    nummern = (werte() > 6).astype("Int64") + 1
    return stufenbild(
        nummern.where(wertart() == "Zahl"),
        titel="Bedarf",
        woerter={1: "unter dem Mittel", 2: "über dem Mittel"},
        wertart=wertart(),
        gruppe="Bedarf",
        zusatz=pd.Series("hält in allen Varianten", index=wertart().index).where(
            wertart() == "Zahl", ""
        ),
        zusatz_titel="Haltbarkeit",
    )


def typen() -> Klassenbild:
    typ = werte().map(lambda w: "A" if w < 5 else "B" if w < 9 else "C", "ignore")
    return typenbild(
        typ,
        titel="Gruppen",
        texte={"A": "wenige Kinder", "B": "einige Kinder", "C": "viele Kinder"},
        wertart=wertart(),
    )


def punkte() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "lat": [51.41, 51.47],
            "lon": [7.01, 7.1],
            "name": ["Treff am Markt", "Beratung"],
            "text": ["offen", None],
        }
    )


def karte(**weitere) -> Kartenbild:
    felder = {
        "titel": "Musterstadt: Bedarf",
        "untertitel": "30 Bezirke",
        "gebiete": gebiete(),
        "grenzen": grenzen(),
        "ebenen": (stufen(), anteil(), typen()),
        "punkte": punkte(),
        "quelle": "© OpenStreetMap-Mitwirkende (ODbL)",
        "hinweise": ("Grenzen angenähert.",),
        "stempel": ("Entwurf – nicht amtlich geprüft",),
        "profile": {"12": (("Fachliche Einschätzung", "Status: Hinweis"),)},
        "kennung": "muster-1",
        "gebietswort": WORT,
    }
    return Kartenbild(**(felder | weitere))


def profil() -> pd.DataFrame:
    return pd.DataFrame(
        {"Arbeitslosenanteil": [-0.84, 1.2], "Haushalte mit Kindern": [0.0, -0.25]},
        index=["A", "B"],
    )


def beitraege() -> pd.Series:
    return pd.Series({"Langzeitarbeitslose": 1.31, "ELB-Quote": -0.22})


def bilder() -> dict:
    return {
        "lagekarte": lagekarte(gebiete(), "12", grenzen(), hinweis="angenähert"),
        "klassenkarte": klassenkarte(anteil(), gebiete(), grenzen(), gebietswort=WORT),
        "typenkarte": klassenkarte(typen(), gebiete(), grenzen(), gebietswort=WORT),
        "streifen": punktstreifen(
            werte(), "12", titel="Anteil", einheit="Prozent", wertart=wertart()
        ),
        "beitraege": balken_beitraege(
            beitraege(), titel="Bedarfsindex", gebietsname="Ort 12"
        ),
        "profil": typenprofil(profil()),
    }


def pruefsummen() -> dict[str, str]:
    inhalte = {"karte": karte_html(karte()).encode("utf-8")}
    for name, bild in bilder().items():
        inhalte[f"{name}.svg"] = bild.svg.encode("utf-8")
        inhalte[f"{name}.png"] = bild.png
        inhalte[f"{name}.txt"] = bild.alternativtext.encode("utf-8")
    return {name: hashlib.sha256(i).hexdigest() for name, i in inhalte.items()}


if __name__ == "__main__":
    for name, summe in pruefsummen().items():
        sys.stdout.write(f"{name} {summe}\n")
