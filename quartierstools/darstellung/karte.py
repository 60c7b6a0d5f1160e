"""Was steht auf der Karte? Gebiete, Ebenen, Punkte und alles, was dazugehört.

`Kartenbild` prüft, dass Flächen und Klassen zusammenpassen; `kartendaten` macht
daraus die Felder, die in der Datei eingebettet werden: Geometrie einmal, Werte
als Felder in der Reihenfolge der Gebiete.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quartierstools.darstellung.farben import MUSTER
from quartierstools.darstellung.klassenbild import (
    Klassenbild,
    genannt,
    gleiche_gebiete,
    pruefe_index,
)
from quartierstools.fehler import Ausgabefehler, Gebietsfehler
from quartierstools.schreibweise import gerundet

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

GRAD_STELLEN = 5
"""Nachkommastellen der Koordinaten, rund ein Meter."""

Profilzeilen = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kartenbild:
    """Alles, was eine interaktive Karte zeigt.

    Attributes
    ----------
    titel, untertitel : str
        Überschrift der Seite und Zeile darunter.
    gebiete : GeoDataFrame, EPSG:4326, Index ``gebiet``
        Flächen mit den Spalten ``name`` und ``stadtbezirk``.
    grenzen : GeoDataFrame or None
        Stadtbezirke mit der Spalte ``stadtbezirk`` (oder ``name``), EPSG:4326.
    ebenen : tuple of Klassenbild
        Was sich zeigen lässt; die erste ist beim Öffnen sichtbar.
    punkte : DataFrame or None
        Angebote mit ``lat``, ``lon``, ``name`` und ``text``.
    punkte_titel : str
        Überschrift der Angebotsliste.
    quelle : str
        Herkunft der Geometrie und der Werte, als Text unter der Karte.
    hinweise : tuple of str
        Sätze unter der Karte („Grenzen innerhalb der Stadtbezirke angenähert“).
    stempel : tuple of str
        Sätze über der Karte, die niemand übersehen darf.
    wasserzeichen : str
        Leer oder Text für Band und Fläche („Synthetische Daten“).
    profile : Mapping of str to tuple of (Name, Text)
        Zeilen des Profils je Gebiet, zusätzlich zu den Ebenen.
    fassung, kennung : str
        Stehen in der Fußzeile.
    gebietswort : tuple of str
        Einzahl und Mehrzahl, etwa „Bezirk“, „Bezirke“.

    Raises
    ------
    Gebietsfehler
        Wenn Gebiete doppelt sind oder Ebenen, Profile und Flächen nicht
        zusammenpassen.
    Ausgabefehler
        Wenn eine Spalte, die Ebenen oder das Koordinatensystem fehlen.
    """

    titel: str
    gebiete: "gpd.GeoDataFrame"
    ebenen: tuple[Klassenbild, ...]
    untertitel: str = ""
    grenzen: "gpd.GeoDataFrame | None" = None
    punkte: pd.DataFrame | None = None
    punkte_titel: str = "Angebote"
    quelle: str = ""
    hinweise: tuple[str, ...] = ()
    stempel: tuple[str, ...] = ()
    wasserzeichen: str = ""
    profile: Mapping[str, Profilzeilen] | None = None
    fassung: str = "öffentlich"
    kennung: str = ""
    gebietswort: tuple[str, str] = ("Gebiet", "Gebiete")

    def __post_init__(self) -> None:
        if not self.ebenen:
            raise Ausgabefehler(
                f"Die Karte „{self.titel}“ hat keine Ebene. Bitte mindestens ein "
                "Klassenbild angeben."
            )
        pruefe_flaechen(self.gebiete, {"name", "stadtbezirk"}, self.titel)
        pruefe_index(self.gebiete.index, f"Karte „{self.titel}“")
        if self.grenzen is not None:
            pruefe_flaechen(self.grenzen, set(), f"{self.titel}: Stadtbezirke")
        for ebene in self.ebenen:
            gleiche_gebiete(
                self.gebiete.index,
                ebene.klasse.index,
                was=f"Karte und Klassenbild „{ebene.titel}“",
                links="ohne Fläche",
                rechts="ohne Klasse",
            )
        fremd = set(self.profile or {}) - set(self.gebiete.index)
        if fremd:
            raise Gebietsfehler(
                f"Karte „{self.titel}“: Profile ohne Fläche ({genannt(list(fremd))}). "
                "Bitte Profile nur für Gebiete der Karte angeben."
            )
        if self.punkte is not None:
            _pruefe_punkte(self.punkte, self.titel)


def _pruefe_punkte(punkte: pd.DataFrame, titel: str) -> None:
    fehlend = sorted({"lat", "lon", "name", "text"} - set(punkte.columns))
    if fehlend:
        raise Ausgabefehler(f"Karte „{titel}“: Den Punkten fehlen Spalten {fehlend}.")
    orte = punkte[["lat", "lon"]].to_numpy(dtype="float64")
    ohne_ort = punkte.index[~np.isfinite(orte).all(axis=1)]
    if len(ohne_ort):
        raise Ausgabefehler(
            f"Karte „{titel}“: Punkte ohne Koordinaten ({genannt(ohne_ort)}). Bitte "
            "nur Angebote mit Ort auf die Karte geben."
        )


def pruefe_flaechen(
    flaechen: "gpd.GeoDataFrame", spalten: set[str], titel: str
) -> None:
    """Verlangt EPSG:4326, nicht leere Flächen und die genannten Spalten.

    Raises
    ------
    Ausgabefehler
        Mit allen Mängeln auf einmal.
    """
    befunde = []
    if flaechen.crs is None or flaechen.crs.to_epsg() != 4326:  # noqa: PLR2004
        befunde.append(
            f"Das Koordinatensystem ist {flaechen.crs}, erwartet wird EPSG:4326; "
            "bitte vorher gebiete.to_crs(4326)."
        )
    fehlend = sorted(spalten - set(flaechen.columns))
    if fehlend:
        befunde.append(f"Es fehlen die Spalten {fehlend}.")
    for spalte in sorted(spalten & set(flaechen.columns)):
        ohne = flaechen.index[flaechen[spalte].isna()]
        if len(ohne):
            befunde.append(f"In „{spalte}“ steht nichts bei {genannt(ohne)}.")
    leer = flaechen.index[flaechen.geometry.isna() | flaechen.geometry.is_empty]
    if len(leer):
        befunde.append(f"Ohne Fläche sind {genannt(leer)}.")
    if not len(flaechen):
        befunde.append("Es gibt keine Flächen.")
    if befunde:
        raise Ausgabefehler(f"Flächen für „{titel}“: {' '.join(befunde)}")


def kartendaten(karte: Kartenbild) -> dict[str, Any]:
    """Felder für die Karte im Browser, nach Gebietsschlüssel geordnet.

    Returns
    -------
    dict
        ``gebiete`` (Felder ``schluessel``, ``name``, ``bezirk``, ``mitte``),
        ``flaechen`` und ``grenzen`` (gepackt),
        ``bezirke``, ``ebenen`` (``klassen``, ``klasse`` als Nummer je Gebiet,
        ``werte`` gerundet wie geschrieben oder null), ``profile``, ``punkte``,
        ``muster``. Enthält nichts, was nicht auch zu lesen ist.
    """
    gebiete = karte.gebiete.sort_index()
    mitten = gebiete.geometry.representative_point()
    zugehoerig = [str(b) for b in gebiete["stadtbezirk"]]
    bezirke = sorted(set(zugehoerig))
    return {
        "gebiete": {
            "schluessel": list(gebiete.index),
            "name": [str(n) for n in gebiete["name"]],
            "bezirk": [bezirke.index(b) for b in zugehoerig],
            "mitte": [_punkt(p.x, p.y) for p in mitten],
        },
        "flaechen": gepackte_flaechen(list(gebiete.geometry)),
        "bezirke": bezirke,
        "bezirksorte": _bezirksorte(karte.grenzen),
        "grenzen": _grenzen(karte.grenzen),
        "ebenen": [_ebene(e.fuer(gebiete.index)) for e in karte.ebenen],
        "profile": _profile(karte.profile, gebiete.index),
        "punkte": _punkte(karte.punkte),
        "muster": {
            name: [m.kachel, m.pfad] for name, m in MUSTER.items() if name != "voll"
        },
        "wort": list(karte.gebietswort),
    }


def _punkt(lon: float, lat: float) -> list[float]:
    return [round(float(lon), GRAD_STELLEN), round(float(lat), GRAD_STELLEN)]


def bezirksnamen(grenzen: "gpd.GeoDataFrame") -> list[str]:
    """Namen der Stadtbezirke aus Spalte ``stadtbezirk`` oder ``name``."""
    for spalte in ("stadtbezirk", "name"):
        if spalte in grenzen:
            return [str(name) for name in grenzen[spalte]]
    return [str(name) for name in grenzen.index]


def geordnete_grenzen(grenzen: "gpd.GeoDataFrame") -> "gpd.GeoDataFrame":
    """Stadtbezirke nach Namen, unabhängig von der Reihenfolge der Lieferung."""
    namen = bezirksnamen(grenzen)
    return grenzen.iloc[sorted(range(len(namen)), key=namen.__getitem__)]


def _bezirksorte(grenzen: "gpd.GeoDataFrame | None") -> list[list[Any]]:
    if grenzen is None:
        return []
    orte = grenzen.geometry.representative_point()
    paare = zip(bezirksnamen(grenzen), orte, strict=True)
    return sorted([name, *_punkt(ort.x, ort.y)] for name, ort in paare)


def _grenzen(grenzen: "gpd.GeoDataFrame | None") -> list[Any]:
    if grenzen is None:
        return []
    return gepackte_flaechen(list(geordnete_grenzen(grenzen).geometry))


def _ebene(bild: Klassenbild) -> dict[str, Any]:
    nummer = {k.schluessel: i for i, k in enumerate(bild.legende)}
    anzahlen = bild.anzahlen
    ebene: dict[str, Any] = {
        "titel": bild.titel,
        "kopf": bild.kopf,
        "klassen": [
            {
                "text": k.text,
                "farbe": k.farbe,
                "muster": k.muster,
                "zeichen": k.zeichen,
                "zahl": k.wertart == "Zahl",
                "anzahl": anzahlen[k.schluessel],
            }
            for k in bild.legende
        ],
        "klasse": [nummer[k] for k in bild.klasse],
        "geordnet": bild.geordnet,
        "stand": bild.stand,
        "quelle": bild.quelle,
        "hinweise": list(bild.hinweise),
    }
    if bild.werte is not None:
        ebene |= {
            "werte": [gerundeter_wert(w, bild.stellen) for w in bild.werte],
            "einheit": bild.einheit,
            "stellen": bild.stellen,
        }
    if bild.zusatz is not None:
        ebene |= {
            "zusatz": ["" if pd.isna(z) else str(z) for z in bild.zusatz],
            "zusatz_titel": bild.zusatz_titel,
        }
    return ebene


def gerundeter_wert(wert: float, stellen: int) -> float | int | None:
    """Wert mit genau den Stellen, die gezeigt werden; fehlend wird None.

    Examples
    --------
    >>> gerundeter_wert(12.149, 1), gerundeter_wert(228.0, 0)
    (12.1, 228)
    """
    if pd.isna(wert):
        return None
    genau = gerundet(float(wert), stellen)
    return float(genau) if stellen else int(genau)


def _profile(
    profile: Mapping[str, Profilzeilen] | None, gebiete: pd.Index
) -> list[list[list[str]]]:
    if profile is None:
        return []
    return [[[n, t] for n, t in profile.get(g, ())] for g in gebiete]


def _punkte(punkte: pd.DataFrame | None) -> list[list[Any]]:
    if punkte is None:
        return []
    texte = punkte["text"].astype("object").where(punkte["text"].notna(), "")
    spalten = (punkte["lon"], punkte["lat"], punkte["name"], texte)
    return sorted(
        [*_punkt(lon, lat), str(name), str(text)]
        for lon, lat, name, text in zip(*spalten, strict=True)
    )


def gepackte_flaechen(geometrien: Sequence["BaseGeometry"]) -> list[Any]:
    """Flächen als ganze Zahlen: erster Punkt, danach Schritte zum nächsten.

    Einheit ist 10⁻⁵ Grad; auseinandergenommen wird in ``vorlagen/entpacken.js``.
    Namen und Eigenschaften stehen in `kartendaten`.

    Returns
    -------
    list
        Je Gebiet Teile, je Teil Ringe, je Ring ``[x, y, dx, dy, …]``.

    Raises
    ------
    Ausgabefehler
        Wenn eine Geometrie keine Fläche ist.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> gepackte_flaechen([box(7, 51, 7.1, 51.1)])
    [[[[710000, 5100000, 0, 10000, -10000, 0, 0, -10000, 10000, 0]]]]
    """
    return [_gepackt(nummer, geometrie) for nummer, geometrie in enumerate(geometrien)]


def _gepackt(nummer: int, geometrie: "BaseGeometry") -> list[list[list[int]]]:
    if geometrie.geom_type not in {"Polygon", "MultiPolygon"}:
        raise Ausgabefehler(
            f"Fläche Nr. {nummer + 1} ist ein {geometrie.geom_type}. Erwartet werden "
            "Polygon oder MultiPolygon."
        )
    teile = getattr(geometrie, "geoms", [geometrie])
    return [[_schritte(r.coords) for r in (t.exterior, *t.interiors)] for t in teile]


def _schritte(punkte: Sequence[Sequence[float]]) -> list[int]:
    """Ring als Anfang und Schritte; durchs Runden Zusammengefallenes entfällt."""
    ganz = np.rint(np.asarray(punkte)[:, :2] * 10**GRAD_STELLEN).astype(np.int64)
    schritte = np.diff(ganz, axis=0)
    bewegt = schritte[(schritte != 0).any(axis=1)]
    liste: list[int] = np.concatenate([ganz[:1], bewegt]).ravel().tolist()
    return liste


def sicheres_json(daten: object) -> str:
    r"""JSON für ein ``<script>``-Element: kein Zeichen kann es beenden.

    Examples
    --------
    >>> sicheres_json("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(daten, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    ersatz = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
    ersatz |= {"\u2028": "\\u2028", "\u2029": "\\u2029"}
    for zeichen, folge in ersatz.items():
        text = text.replace(zeichen, folge)
    return text
