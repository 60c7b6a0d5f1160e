"""Was kommt in die Datei? Geometrie einmal, Werte als Felder je Ebene und Jahr.

Lücken stehen als Zeichen der amtlichen Statistik in den Werten: „.“ gesperrt, „/“
liegt nicht vor, „x“ nicht sinnvoll. Was nicht freigegeben ist, steht nicht da.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quartierstools.darstellung.farben import MUSTER, UNTERSCHIED
from quartierstools.darstellung.karte import Kartenbild, Profilzeilen, bezirksnamen
from quartierstools.darstellung.klassenbild import Klasse, Klassenbild
from quartierstools.darstellung.topologie import gepackte_punkte, netz
from quartierstools.darstellung.zeitbild import (
    OHNE_FALLZAHLEN,
    UEBERLAPPT,
    Zeitbild,
    unterschiedseinheit,
)
from quartierstools.schreibweise import gerundet, gerundete

if TYPE_CHECKING:
    import geopandas as gpd

LUECKENZEICHEN: Mapping[str, str] = {
    "gesperrt": ".",
    "fehlt": "/",
    "nicht sinnvoll": "x",
}
"""Wertart → Zeichen in den eingebetteten Werten."""


def kartendaten(karte: Kartenbild) -> dict[str, Any]:
    """Felder für die Karte im Browser, nach Gebietsschlüssel geordnet.

    Returns
    -------
    dict
        ``gebiete`` (Felder ``schluessel``, ``name``, ``bezirk``), ``netz`` (Bögen,
        Flächen und Mitten, gepackt), ``bezirke``, ``bezirksorte``, ``ebenen`` (je
        Jahr ``werte`` gerundet wie geschrieben oder das Zeichen der Lücke),
        ``profile``, ``angebote``, ``muster``. Enthält nichts, was nicht auch zu
        lesen ist.
    """
    gebiete = karte.gebiete.sort_index()
    zugehoerig = [str(b) for b in gebiete["stadtbezirk"]]
    bezirke = sorted(set(zugehoerig))
    platz = {name: nummer for nummer, name in enumerate(bezirke)}
    angebote = karte.angebote
    return {
        "gebiete": {
            "schluessel": list(gebiete.index),
            "name": [str(n) for n in gebiete["name"]],
            "bezirk": [platz[b] for b in zugehoerig],
        },
        "netz": _netz(gebiete),
        "bezirke": bezirke,
        "bezirksorte": _bezirksorte(karte.grenzen),
        "ebenen": [_ebene(e, gebiete.index) for e in karte.zeitbilder],
        "unterschied": _unterschied(),
        "profile": _profile(karte.profile, gebiete.index),
        "angebote": angebote.felder(gebiete.index, bezirke) if angebote else None,
        "hintergrund": _hintergrund(karte),
        "muster": {
            name: [m.kachel, m.pfad] for name, m in MUSTER.items() if name != "voll"
        },
        "wort": list(karte.gebietswort),
    }


def _netz(gebiete: "gpd.GeoDataFrame") -> dict[str, object]:
    gemeinsam = netz(list(gebiete.geometry))
    mitten = gebiete.geometry.representative_point()
    orte = np.column_stack([mitten.x, mitten.y])
    return gemeinsam.felder() | {"mitten": gepackte_punkte(orte, gemeinsam.stellen)}


def _bezirksorte(grenzen: "gpd.GeoDataFrame | None") -> list[list[Any]]:
    if grenzen is None:
        return []
    orte = grenzen.geometry.representative_point()
    paare = zip(bezirksnamen(grenzen), orte, strict=True)
    return sorted([n, round(float(o.x), 5), round(float(o.y), 5)] for n, o in paare)


def _klasse(klasse: Klasse) -> dict[str, str]:
    return {
        "text": klasse.text,
        "farbe": klasse.farbe,
        "muster": klasse.muster,
        "zeichen": klasse.zeichen,
        "art": klasse.wertart,
    }


def _ebene(ebene: Zeitbild, gebiete: pd.Index) -> dict[str, Any]:
    bild = ebene.neuestes
    felder: dict[str, Any] = {
        "kennung": ebene.kennung,
        "titel": bild.titel,
        "kopf": bild.kopf,
        "klassen": [_klasse(k) for k in bild.klassen],
        "geordnet": bild.geordnet,
        "einheit": bild.einheit,
        "stellen": bild.stellen,
        "vergleichbar": list(ebene.vergleichbar),
        "zeiten": [_zeit(ebene, jahr, gebiete) for jahr in ebene.jahre],
    }
    if bild.grenzen is not None:
        felder["grenzen"] = [gerundeter_wert(g, bild.stellen) for g in bild.grenzen]
    if bild.zusatz is not None:
        felder["zusatz_titel"] = bild.zusatz_titel
    if ebene.beitraege is not None:
        tafel = ebene.beitraege.reindex(gebiete)
        felder["beitraege"] = {
            str(merkmal): ["" if pd.isna(t) else str(t) for t in tafel[merkmal]]
            for merkmal in tafel.columns
        }
    return felder


def _zeit(ebene: Zeitbild, jahr: str, gebiete: pd.Index) -> dict[str, Any]:
    bild = ebene.bilder[jahr].fuer(gebiete)
    felder: dict[str, Any] = {
        "jahr": jahr,
        "stand": bild.stand,
        "quelle": bild.quelle,
        "hinweise": list(bild.hinweise),
    }
    if bild.werte is not None:
        felder["werte"] = werte_mit_luecken(bild)
    if bild.werte is None or bild.grenzen is None:
        nummer = {k.schluessel: i for i, k in enumerate(bild.klassen)}
        felder["klasse"] = [nummer[k] for k in bild.klasse]
    if bild.zusatz is not None:
        felder["zusatz"] = ["" if pd.isna(z) else str(z) for z in bild.zusatz]
    if jahr in ebene.intervalle:
        grenzen = ebene.intervalle[jahr].reindex(gebiete)
        grenzen = grenzen.where(bild.wertart == "Zahl", axis=0)
        for seite in ("unten", "oben"):
            felder[seite] = _gedruckt(grenzen[seite], bild.stellen)
    if jahr in ebene.brueche:
        felder["bruch"] = ebene.brueche[jahr]
    return felder


def werte_mit_luecken(bild: Klassenbild) -> list[float | int | str]:
    """Gedruckte Werte; statt einer Zahl das Zeichen der Lücke.

    Examples
    --------
    >>> from quartierstools.darstellung import wertebild
    >>> art = pd.Series({"10": "Zahl", "11": "gesperrt", "12": "fehlt"})
    >>> werte_mit_luecken(wertebild(pd.Series({"10": 12.149, "11": None, "12": None}),
    ...                             titel="Anteil", wertart=art))
    [12.1, '.', '/']
    """
    runde = _gedruckt(pd.Series(bild.werte), bild.stellen)
    paare = zip(runde, bild.wertart, strict=True)
    return [
        LUECKENZEICHEN[art] if art != "Zahl" or wert is None else wert
        for wert, art in paare
    ]


def _gedruckt(reihe: pd.Series, stellen: int) -> list[float | int | None]:
    """Werte mit genau den Stellen, die gezeigt werden; ganze Zahlen ohne Komma."""
    runde = gerundete(reihe.astype("float64").tolist(), stellen)
    if stellen:
        return list(runde)
    return [None if wert is None else int(wert) for wert in runde]


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


def _unterschied() -> dict[str, Any]:
    """Farben und Sätze der Unterschiede; gerechnet werden sie im Browser."""
    return {
        "klassen": [list(eintrag) for eintrag in UNTERSCHIED],
        "einheit": ["Prozent", unterschiedseinheit("Prozent")],
        "mit": UEBERLAPPT,
        "ohne": OHNE_FALLZAHLEN,
    }


def _profile(
    profile: Mapping[str, Profilzeilen] | None, gebiete: pd.Index
) -> list[list[list[str]]]:
    if not profile:
        return []
    return [[[n, t] for n, t in profile.get(g, ())] for g in gebiete]


def _hintergrund(karte: Kartenbild) -> dict[str, str] | None:
    dienst = karte.hintergrund
    if dienst is None:
        return None
    return {"name": dienst.name, "adresse": dienst.adresse, "nachweis": dienst.nachweis}


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
