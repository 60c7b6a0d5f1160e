"""Wie kommt jede Grenze nur einmal in die Datei? Flächen als Netz aus Bögen.

Nachbarn teilen sich Bögen; vereinfacht und gerundet wird gemeinsam. Deshalb gibt es
keine Spalten und Überlappungen, und Stadtgrenze und Stadtbezirke folgen aus
denselben Bögen. Auseinandergenommen wird das Netz in ``vorlagen/karte``.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from quartierstools.fehler import Ausgabefehler

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

ZEICHEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_!$()*+;=@^"
"""Ziffern von `gepackt`: ohne 0–9, Komma, Punkt, Schrägstrich, Anführungszeichen."""

METER_JE_GRAD = 111_320.0
STUFEN_METER = (2.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0)
"""Zulässige Abweichungen vereinfachter Grenzen, feinste zuerst."""

GROB_AB_GRAD = 0.01
VIELE = 1000
"""Sind die Gebiete viele und im Mittel größer (rund ein Kilometer), genügen vier
Nachkommastellen: zehn Meter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Netz:
    """Flächen als Bögen.

    Attributes
    ----------
    stellen : int
        Nachkommastellen der Koordinaten in Grad.
    boegen : tuple of ndarray of int, shape (n, 2)
        Punkte in 10 hoch −`stellen` Grad; Nachbarn verweisen auf denselben Bogen.
    flaechen : tuple
        Je Gebiet Teile, je Teil Ringe, je Ring Verweise: ``2 · Nummer``, rückwärts
        ``2 · Nummer + 1``.
    """

    stellen: int
    boegen: tuple["NDArray[np.int64]", ...]
    flaechen: tuple[list[list[list[int]]], ...]

    def ring(self, verweise: Sequence[int]) -> "NDArray[np.int64]":
        """Punkte eines Rings, der erste am Ende wiederholt."""
        stuecke = [
            self.boegen[v >> 1][::-1] if v & 1 else self.boegen[v >> 1]
            for v in verweise
        ]
        return np.concatenate([stuecke[0], *(s[1:] for s in stuecke[1:])])

    def felder(self) -> dict[str, object]:
        """Felder für die Datei, Zahlen gepackt."""
        punkte: list[int] = []
        x = y = 0
        for bogen in self.boegen:
            schritte = np.diff(bogen, axis=0, prepend=[[x, y]])
            punkte += [len(bogen), *schritte.ravel().tolist()]
            x, y = bogen[-1].tolist()
        verweise: list[int] = []
        zuletzt = 0
        for teile in self.flaechen:
            verweise.append(len(teile))
            for ringe in teile:
                verweise.append(len(ringe))
                for ring in ringe:
                    verweise.append(len(ring))
                    for verweis in ring:
                        verweise.append(verweis - zuletzt)
                        zuletzt = verweis
        return {
            "stellen": self.stellen,
            "anzahl": len(self.boegen),
            "boegen": gepackt(punkte),
            "flaechen": gepackt(verweise),
        }


def gepackt(zahlen: Iterable[int]) -> str:
    """Ganze Zahlen als kurzer Text: je Zeichen fünf Bit, das sechste heißt „weiter“.

    Examples
    --------
    >>> gepackt([0, 1, -1, 15, 16])
    'ACDegB'
    """
    teile = []
    for zahl in zahlen:
        rest = -2 * zahl + 1 if zahl < 0 else 2 * zahl
        while rest > 31:  # noqa: PLR2004 – fünf Bit
            teile.append(ZEICHEN[32 | rest & 31])
            rest >>= 5
        teile.append(ZEICHEN[rest])
    return "".join(teile)


def gepackte_punkte(punkte: "NDArray[np.float64]", stellen: int) -> str:
    """Punkte in Grad (Länge, Breite) als Schritte von einem zum nächsten."""
    ganz = np.rint(punkte * 10**stellen).astype(np.int64)
    return gepackt(np.diff(ganz, axis=0, prepend=0).ravel().tolist())


def netz(flaechen: "Sequence[BaseGeometry]") -> Netz:
    """Flächen gemeinsam vereinfachen, runden und in Bögen zerlegen.

    Vereinfacht wird nur, wenn es viele Punkte sind, und nur so weit wie nötig; beide
    Seiten einer Grenze bleiben dieselbe Linie.

    Parameters
    ----------
    flaechen : sequence of Polygon or MultiPolygon
        In Grad (EPSG:4326).

    Raises
    ------
    Ausgabefehler
        Wenn eine Geometrie keine Fläche ist.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> gemeinsam = netz([box(7, 51, 7.1, 51.1), box(7.1, 51, 7.2, 51.1)])
    >>> len(gemeinsam.boegen)
    3
    """
    import shapely  # noqa: PLC0415 – lädt GEOS

    for nummer, geometrie in enumerate(flaechen):
        if geometrie.geom_type not in {"Polygon", "MultiPolygon"}:
            raise Ausgabefehler(
                f"Fläche Nr. {nummer + 1} ist ein {geometrie.geom_type}. Erwartet "
                "werden Polygon oder MultiPolygon."
            )
    feld = np.asarray(flaechen, dtype=object)
    kante = math.sqrt(float(np.median(shapely.area(feld))))
    stellen = 4 if kante > GROB_AB_GRAD and len(feld) > VIELE else 5
    return vereinfacht(_zerlegt(feld, stellen))


def vereinfacht(genau: Netz, *, hoechstens: int = 0) -> Netz:
    """Netz mit weniger Punkten; Knoten bleiben stehen.

    Vereinfacht wird jeder Bogen für sich und damit für beide Nachbarn zugleich.

    Parameters
    ----------
    genau : Netz
        Wie geliefert.
    hoechstens : int, default=0
        So viele Punkte dürfen bleiben; 0: zwölf je Gebiet, mindestens 50.000.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> genau = netz([box(7, 51, 7.1, 51.1)])
    >>> vereinfacht(genau) is genau
    True
    """
    import shapely  # noqa: PLC0415 – lädt GEOS

    erlaubt = hoechstens or max(50_000, 12 * len(genau.flaechen))
    if sum(map(len, genau.boegen)) <= erlaubt:
        return genau
    punkte = np.concatenate(genau.boegen)
    breite = math.radians(float(np.median(punkte[:, 1])) / 10**genau.stellen)
    massstab = np.array([math.cos(breite), 1.0]) * METER_JE_GRAD / 10**genau.stellen
    nummern = np.repeat(np.arange(len(genau.boegen)), [len(b) for b in genau.boegen])
    linien = shapely.linestrings(punkte * massstab, indices=nummern)
    for abweichung in STUFEN_METER:
        grob = shapely.simplify(linien, abweichung, preserve_topology=False)
        if shapely.get_num_coordinates(grob).sum() <= erlaubt:
            break
    ecken, herkunft = shapely.get_coordinates(grob, return_index=True)
    ganze = np.rint(ecken / massstab).astype(np.int64)
    enden = np.flatnonzero(np.diff(herkunft)) + 1
    boegen = np.split(ganze, enden)
    for ringe in (ring for teile in genau.flaechen for teil in teile for ring in teil):
        if sum(len(boegen[v >> 1]) - 1 for v in ringe) < 3:  # noqa: PLR2004 – Dreieck
            for v in ringe:
                boegen[v >> 1] = genau.boegen[v >> 1]
    return replace(genau, boegen=tuple(boegen))


def _zerlegt(flaechen: "NDArray[np.object_]", stellen: int) -> Netz:
    ringe, bau = _ganze_ringe(flaechen, stellen)
    nummern = _nummern(ringe)
    knoten = _knoten(nummern)
    boegen: list[NDArray[np.int64]] = []
    bekannt: dict[bytes, int] = {}
    verweise = []
    for ring, ecken in zip(ringe, nummern, strict=True):
        verweise.append(
            [
                _verweis(ring[stelle], ecken[stelle], boegen, bekannt)
                for stelle in _schnitte(ecken, knoten)
            ]
        )
    flaechen_neu = tuple(
        [[verweise[nummer] for nummer in teil] for teil in teile] for teile in bau
    )
    return Netz(stellen=stellen, boegen=tuple(boegen), flaechen=flaechen_neu)


def _ganze_ringe(
    flaechen: "NDArray[np.object_]", stellen: int
) -> tuple[list["NDArray[np.int64]"], list[list[list[int]]]]:
    """Alle Ringe gerundet und offen; je Gebiet und Teil ihre Nummern."""
    ringe: list[NDArray[np.int64]] = []
    bau: list[list[list[int]]] = []
    for flaeche in flaechen:
        teile: list[list[int]] = []
        for teil in getattr(flaeche, "geoms", [flaeche]):
            nummern = []
            for ring in (teil.exterior, *teil.interiors):
                punkte = _offen(np.asarray(ring.coords)[:, :2], stellen)
                if len(punkte) >= 3:  # noqa: PLR2004 – weniger ist keine Fläche
                    nummern.append(len(ringe))
                    ringe.append(punkte)
                elif ring is teil.exterior:
                    break
            if nummern:
                teile.append(nummern)
        if not teile:
            # Kleiner als ein Rundungsschritt: ein Dreieck, damit sie da ist.
            ort = flaeche.representative_point()
            punkt = np.rint(np.array([ort.x, ort.y]) * 10**stellen).astype(np.int64)
            teile.append([len(ringe)])
            ringe.append(punkt + np.array([[0, 0], [1, 0], [0, 1]]))
        bau.append(teile)
    return ringe, bau


def _offen(punkte: "NDArray[np.float64]", stellen: int) -> "NDArray[np.int64]":
    """Ganze Punkte ohne Stillstand und ohne den wiederholten ersten."""
    ganz = np.rint(punkte * 10**stellen).astype(np.int64)
    bewegt = (ganz != np.roll(ganz, -1, axis=0)).any(axis=1)
    bleibt: NDArray[np.int64] = ganz[bewegt]
    return bleibt


def _nummern(ringe: Sequence["NDArray[np.int64]"]) -> list["NDArray[np.int64]"]:
    """Je Ring die Nummern seiner Ecken; gleiche Punkte haben gleiche Nummern."""
    alle = np.concatenate(ringe)
    schluessel = (alle[:, 0] + 2**30) * 2**31 + (alle[:, 1] + 2**30)
    nummern = np.unique(schluessel, return_inverse=True)[1].astype(np.int64)
    return np.split(nummern, np.cumsum([len(r) for r in ringe])[:-1])


def _knoten(nummern: Sequence["NDArray[np.int64]"]) -> "NDArray[np.bool_]":
    """Ecken, an denen sich die Nachbarn unterscheiden: dort enden Bögen."""
    ecken = np.concatenate(nummern)
    davor = np.concatenate([np.roll(r, 1) for r in nummern])
    danach = np.concatenate([np.roll(r, -1) for r in nummern])
    anzahl = int(ecken.max()) + 1
    paar = np.minimum(davor, danach) * anzahl + np.maximum(davor, danach)
    kleinstes = np.full(anzahl, np.iinfo(np.int64).max)
    groesstes = np.full(anzahl, -1, dtype=np.int64)
    np.minimum.at(kleinstes, ecken, paar)
    np.maximum.at(groesstes, ecken, paar)
    verschieden: NDArray[np.bool_] = kleinstes != groesstes
    return verschieden


def _schnitte(
    ecken: "NDArray[np.int64]", knoten: "NDArray[np.bool_]"
) -> list["NDArray[np.int64]"]:
    """Stellen im Ring, je Bogen von Knoten zu Knoten."""
    laenge = len(ecken)
    orte = np.flatnonzero(knoten[ecken])
    if not len(orte):
        # Ohne Nachbarn: ein geschlossener Bogen, begonnen an der kleinsten Ecke.
        anfang = int(np.argmin(ecken))
        return [np.arange(anfang, anfang + laenge + 1) % laenge]
    enden = np.append(orte[1:], orte[0] + laenge)
    return [np.arange(a, e + 1) % laenge for a, e in zip(orte, enden, strict=True)]


def _verweis(
    punkte: "NDArray[np.int64]",
    ecken: "NDArray[np.int64]",
    boegen: list["NDArray[np.int64]"],
    bekannt: dict[bytes, int],
) -> int:
    """Verweis auf einen bekannten Bogen, vorwärts oder rückwärts, oder ein neuer."""
    gefunden = bekannt.get(ecken.tobytes())
    if gefunden is not None:
        return gefunden
    nummer = len(boegen)
    boegen.append(punkte)
    bekannt[ecken[::-1].tobytes()] = 2 * nummer + 1
    bekannt[ecken.tobytes()] = 2 * nummer
    return 2 * nummer
