"""Eine erdachte Stadt aus 5 × 6 Rechtecken, dazu Werte mit allen drei Lücken."""

import hashlib
import sys
from dataclasses import replace

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from quartierstools.darstellung import (
    Angebotsbild,
    Kartenbild,
    Klassenbild,
    Zeitbild,
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


ANGEBOTE = {
    "treff": ("Treff am Markt", "geprüft", ("jugend",), ("10",), (), "", 7.01, 51.41),
    "beratung": ("Beratung", "geprüft", ("arbeit",), ("33",), (), "", None, None),
    "lotsen": (
        "Lotsen",
        "läuft aus",
        ("arbeit", "jugend"),
        ("33",),
        (),
        "",
        None,
        None,
    ),
    "mobil": (
        "Mobile Hilfe",
        "ungeprüft",
        ("arbeit",),
        (),
        (),
        "wechselnd",
        None,
        None,
    ),
    "stadt": ("Stadtbüro", "geprüft", ("jugend",), (), (), "stadtweit", None, None),
    "bezirk": ("Bezirksbüro", "geprüft", ("jugend",), (), ("Teil 2",), "", None, None),
    "alt": ("Altes Angebot", "beendet", ("jugend",), ("12",), (), "", None, None),
}
"""Name, Stand, Zielgruppen, Gebiete, Stadtbezirke, Reichweite, Länge, Breite."""


def angebote() -> Angebotsbild:
    spalten = [
        "name", "lage", "zielgruppen", "gebiete", "stadtbezirke", "reichweite",
        "laenge", "breite",
    ]  # fmt: skip
    tabelle = pd.DataFrame.from_dict(ANGEBOTE, orient="index", columns=spalten)
    tabelle = tabelle.assign(traeger="Träger", ort="", stand="Stand 2024")
    return Angebotsbild(
        angebote=tabelle.rename_axis("angebot"),
        zielgruppen={"jugend": "Jugendliche", "arbeit": "Langzeitarbeitslose"},
    )


def jahre() -> Zeitbild:
    """Drei Jahre; 2022 anders gemessen, 2023 → 2024 nur „14“ belastbar gestiegen."""
    neu = anteil()
    alt = (werte() - 0.3).mask(werte().index == "14", 1.0)
    reihen = {"2024": werte(), "2023": alt, "2022": werte() + 4}
    bilder = {
        jahr: replace(
            wertebild(
                reihe,
                titel="Anteil über Jahre",
                grenzen=neu.grenzen,
                einheit="Prozent",
                wertart=wertart(),
                gruppe="Indikatoren",
            ),
            stand=f"31.12.{jahr}",
        )
        for jahr, reihe in reihen.items()
    }
    spannen = {
        jahr: pd.DataFrame({"unten": r - 0.4, "oben": r + 0.4})
        for jahr, r in reihen.items()
    }
    return Zeitbild(
        kennung="jahre",
        bilder=bilder,
        intervalle=spannen,
        brueche={"2023": "neues Verfahren"},
        vergleichbar=("andere",),
    )


def andere_gruppe() -> Zeitbild:
    """Dasselbe für eine andere Gruppe, nur 2024 und ohne Fallzahlen."""
    bild = replace(
        wertebild(
            werte() + 1.2,
            titel="Anteil der Frauen",
            einheit="Prozent",
            wertart=wertart(),
            gruppe="Indikatoren",
        ),
        stand="31.12.2024",
    )
    return Zeitbild(kennung="andere", bilder={"2024": bild}, vergleichbar=("jahre",))


def karte(**weitere) -> Kartenbild:
    felder = {
        "titel": "Musterstadt: Bedarf",
        "untertitel": "30 Bezirke",
        "gebiete": gebiete(),
        "grenzen": grenzen(),
        "ebenen": (stufen(), anteil(), typen()),
        "angebote": angebote(),
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
