"""Wie entsteht Musterstadt? Erfundene Flächen und Werte aus einem festen Startwert.

Aufruf: ``python daten/musterstadt/erzeuge.py [ZIELORDNER]``. Gleicher Startwert,
gleiche Bytes. Geschrieben werden ``gebiete.geojson``, ``stadtbezirke.geojson``,
``bestand/*.csv``, ``orte.csv``, ``wegenetz.csv`` und die Lieferungen
(`lieferformen.py`); in ``angebote.csv`` nur die Punkte. Die übrigen Dateien sind von
Hand geschrieben (HERKUNFT.md).
"""

import csv
import json
import re
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import lieferformen
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Delaunay
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

STARTWERT = 20231231
STICHTAGE = tuple(f"{jahr}-12-31" for jahr in range(2019, 2025))
ERSTER = 4
"""Stelle des Stichtags 2023: ab hier wird gezogen, davor zurückgerechnet."""
BRUCH = 3
"""Stelle des Stichtags 2022: ab hier misst K08 nach dem neuen Verfahren."""

Zahlen = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gebiet:
    """Ein erfundener statistischer Bezirk.

    Attributes
    ----------
    anteile : Mapping
        Anteil der Grundmuster (``H``, ``F``, ``R``, ``S``, ``D``), Summe 1.
    einwohner : int
        Größe zum ersten Stichtag, ungefähr.
    """

    schluessel: str
    name: str
    wo: str
    anteile: Mapping[str, float]
    einwohner: int
    teilraum: str = ""

    @property
    def stadtbezirk(self) -> str:
        """Schlüssel des Stadtbezirks: die ersten beiden Stellen."""
        return self.schluessel[:2]


STADTBEZIRKE = {
    "01": ("Innenstadt", "in der Innenstadt"),
    "02": ("Unterstadt", "in der Unterstadt"),
    "03": ("Nordfeld", ""),
    "04": ("Oststadt", "in der Oststadt"),
    "05": ("Südtal", "im Südtal"),
    "06": ("Westkamp", ""),
}

# Schlüssel; Name; Ortsangabe (leer: „in NAME“); Grundmuster; Einwohner; Teilraum.
# H: mehr Grundsicherung, weniger Beschäftigung · F: viele Familien, viel
# Beschäftigung, zu wenig Kita-Plätze · R: älter, ruhig · S: viele Studierende ·
# D: Randlage mit wenigen Menschen, in der Fallzahlen klein und auch null sind
GEBIETSLISTE = """
010;Altmarkt;am Altmarkt;R;6900;
011;Nordstadt;in der Nordstadt;H;16800;
012;Gerberviertel;im Gerberviertel;H;11900;
013;Am Mühlgraben;am Mühlgraben;R;5600;
014;Güterbahnhof;am Güterbahnhof;H60F40;9300;
015;Alte Seilerei;in der Alten Seilerei;F;7700;
020;Am Hafen;am Hafen;H;12600;
021;Werftsiedlung;in der Werftsiedlung;H;14200;Kranwiese
022;Alte Ziegelei;in der Alten Ziegelei;H;8300;
023;Lotsenkamp;;F50R50;7400;
024;Deichfeld;im Deichfeld;F;6200;
030;Ulmenhof;im Ulmenhof;F85H15;11400;
031;Wiesengrund;im Wiesengrund;F;12900;
032;Kirschgarten;im Kirschgarten;R;8800;
033;Haselbrink;;R;5300;
034;Nordfelder Heide;in der Nordfelder Heide;F;9700;
040;Hochschulberg;auf dem Hochschulberg;S;10400;
041;Osthang;am Osthang;F;10100;
042;Eulenbusch;im Eulenbusch;R;7200;
043;Neue Gärten;in den Neuen Gärten;F;13300;Gleisbogen
044;Kalkwerk;am Kalkwerk;H80R20;9900;
050;Schlehental;im Schlehental;R;8100;
051;Pappelallee;in der Pappelallee;F;8900;
052;Brunnensiedlung;in der Brunnensiedlung;H;13700;Untere Brunnenstraße
053;Talmühle;an der Talmühle;R;4700;
060;Westkamp-Dorf;;F;10800;
061;Webereiviertel;im Webereiviertel;H;11100;
062;Gartenstadt am Anger;in der Gartenstadt am Anger;R70H30;7900;
063;Forsthaus;am Forsthaus;D;240;
064;Tannenkoppel;auf der Tannenkoppel;D;880;
"""


def _anteile(muster: str) -> dict[str, float]:
    if len(muster) == 1:
        return {muster: 1.0}
    paare = zip(muster[::3], (muster[1:3], muster[4:6]), strict=True)
    return {buchstabe: int(prozent) / 100 for buchstabe, prozent in paare}


def _lies_gebiete(liste: str) -> tuple[Gebiet, ...]:
    zeilen = [zeile.split(";") for zeile in liste.strip().splitlines()]
    return tuple(
        Gebiet(
            schluessel=schluessel,
            name=name,
            wo=wo,
            anteile=_anteile(muster),
            einwohner=int(einwohner),
            teilraum=teilraum,
        )
        for schluessel, name, wo, muster, einwohner, teilraum in zeilen
    )


GEBIETE = _lies_gebiete(GEBIETSLISTE)


# --- Flächen ---------------------------------------------------------------------

# Offene Nordsee: Dort wohnt niemand, und Längen sind kaum verzerrt.
MITTE_LAENGE, MITTE_BREITE = 6.5, 54.95
KM_JE_GRAD_BREITE = 111.2
KM_JE_GRAD_LAENGE = KM_JE_GRAD_BREITE * float(np.cos(np.radians(MITTE_BREITE)))
STELLEN = 5
RASTER_KM = 1e-4
NUR_ENDPUNKTE = 2


def umriss(zufall: np.random.Generator) -> Polygon:
    """Stadtgrenze in Kilometern um den Nullpunkt: eine gewellte Ellipse."""
    winkel = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    radius = np.ones_like(winkel)
    for welle in range(2, 60):
        hoehe = 0.085 / welle * zufall.normal()
        radius += hoehe * np.cos(welle * winkel + zufall.uniform(0, 2 * np.pi))
    punkte = np.column_stack(
        [8.6 * radius * np.cos(winkel), 6.9 * radius * np.sin(winkel)]
    )
    return Polygon(punkte)


def mittelpunkte(rand: Polygon, anzahl: int, zufall: np.random.Generator) -> Zahlen:
    """Gleichmäßig verteilte Punkte (Lloyd), zur Mitte hin dichter."""
    wolke = zufall.normal(size=(60_000, 2)) * np.array([4.6, 3.7])
    wolke = wolke[shapely.contains_xy(rand, wolke)]
    punkte: Zahlen = wolke[:anzahl].copy()
    for _ in range(60):
        abstand = ((wolke[:, None, :] - punkte[None, :, :]) ** 2).sum(axis=2)
        naechster = abstand.argmin(axis=1)
        punkte = np.array([wolke[naechster == i].mean(axis=0) for i in range(anzahl)])
    return punkte


def ordne_zu(punkte: Zahlen) -> dict[str, Point]:
    """Verteilt die Schlüssel: Innenstadt in die Mitte, die anderen im Kreis."""
    von_innen = np.argsort((punkte**2).sum(axis=1), kind="stable")
    gruppen = {sb: [g for g in GEBIETE if g.stadtbezirk == sb] for sb in STADTBEZIRKE}
    innen, aussen = np.split(von_innen, [len(gruppen["01"])])
    # Norden (03) zuerst, dann gegen den Uhrzeigersinn: West, Südwest, Süd, Ost.
    winkel = np.arctan2(punkte[aussen, 1], punkte[aussen, 0])
    gedreht = (winkel - np.radians(60)) % (2 * np.pi)
    reihe = [*innen, *aussen[np.argsort(gedreht, kind="stable")]]
    orte: dict[str, Point] = {}
    for stadtbezirk in ("01", "03", "06", "02", "05", "04"):
        gebiete = gruppen[stadtbezirk]
        teil, reihe = reihe[: len(gebiete)], reihe[len(gebiete) :]
        teil = sorted(teil, key=lambda i: float((punkte[i] ** 2).sum()))
        orte |= {
            g.schluessel: Point(*punkte[i]) for g, i in zip(gebiete, teil, strict=True)
        }
    return orte


def gewellt(
    anfang: Zahlen, ende: Zahlen, zufall: np.random.Generator, *, tiefe: int = 4
) -> list[Zahlen]:
    """Linie von `anfang` bis vor `ende`, die Mitte jeweils seitlich versetzt."""
    quer = np.array([anfang[1] - ende[1], ende[0] - anfang[0]])
    mitte = (anfang + ende) / 2 + quer * float(np.clip(zufall.normal(), -2, 2)) * 0.055
    if tiefe == 0:
        return [anfang]
    erste = gewellt(anfang, mitte, zufall, tiefe=tiefe - 1)
    return erste + gewellt(mitte, ende, zufall, tiefe=tiefe - 1)


def in_grad(punkte: Zahlen) -> Zahlen:
    """Kilometer um den Nullpunkt → Länge und Breite, gerundet."""
    massstab = np.array([KM_JE_GRAD_LAENGE, KM_JE_GRAD_BREITE])
    grad: Zahlen = punkte / massstab + np.array([MITTE_LAENGE, MITTE_BREITE])
    return grad.round(STELLEN)


def grenzlinien(
    rand: Polygon, orte: Iterable[Point], zufall: np.random.Generator
) -> list[LineString]:
    """Grenzstücke zwischen je zwei Gebieten, jedes genau einmal, in Grad.

    Weil Nachbarn dasselbe Stück benutzen, gibt es weder Lücken noch
    Überschneidungen.
    """
    zellen = shapely.voronoi_polygons(MultiPoint(list(orte)), extend_to=rand)
    innen = [z.intersection(rand).boundary for z in zellen.geoms]
    netz = shapely.line_merge(
        shapely.union_all([rand.boundary, *innen], grid_size=RASTER_KM)
    )
    stuecke = sorted(
        (shapely.get_coordinates(linie) for linie in netz.geoms),
        key=lambda k: tuple(k.mean(axis=0)),
    )
    linien = []
    for stueck in stuecke:
        gerade = [np.asarray(p) for p in stueck]
        if len(gerade) == NUR_ENDPUNKTE:
            gerade = [*gewellt(gerade[0], gerade[1], zufall), gerade[1]]
        linien.append(LineString(in_grad(np.array(gerade))))
    return linien


def flaechen() -> dict[str, Polygon]:
    """Fläche je Gebiet, Schlüssel → Polygon in Länge und Breite."""
    zufall = np.random.default_rng([STARTWERT, 1])
    rand = umriss(zufall)
    orte = ordne_zu(mittelpunkte(rand, len(GEBIETE), zufall))
    linien = grenzlinien(rand, orte.values(), zufall)
    ringe = list(shapely.polygonize(linien).geoms)
    gefunden: dict[str, Polygon] = {}
    for schluessel, ort in orte.items():
        punkt = Point(*in_grad(np.array([[ort.x, ort.y]]))[0])
        treffer = [ring for ring in ringe if ring.contains(punkt)]
        if len(treffer) != 1 or len(ringe) != len(GEBIETE):
            raise ValueError(f"Gebiet {schluessel} hat keine eindeutige Fläche.")
        gefunden[schluessel] = treffer[0]
    return gefunden


def _ring(flaeche: Polygon) -> list[list[float]]:
    """Außenring gegen den Uhrzeigersinn, ab dem westlichsten Punkt."""
    punkte = [tuple(p) for p in shapely.get_coordinates(flaeche.exterior)[:-1]]
    if not flaeche.exterior.is_ccw:
        punkte.reverse()
    start = punkte.index(min(punkte))
    gedreht = [*punkte[start:], *punkte[:start], punkte[start]]
    return [[round(x, STELLEN), round(y, STELLEN)] for x, y in gedreht]


def geojson(eintraege: Iterable[tuple[dict[str, str], BaseGeometry]]) -> str:
    """Flächen mit Eigenschaften, ein Gebiet je Zeile; leere Felder entfallen."""
    zeilen = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {k: v for k, v in felder.items() if v},
                "geometry": {"type": "Polygon", "coordinates": [_ring(flaeche)]},
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for felder, flaeche in eintraege
    ]
    kopf = '{"type":"FeatureCollection","features":[\n'
    return kopf + ",\n".join(zeilen) + "\n]}\n"


def gebiete_geojson(flaeche: Mapping[str, Polygon]) -> str:
    """Inhalt von ``gebiete.geojson``."""
    return geojson(
        (
            {
                "schluessel": g.schluessel,
                "name": g.name,
                "stadtbezirk": g.stadtbezirk,
                "wo": g.wo,
                "teilraum": g.teilraum,
            },
            flaeche[g.schluessel],
        )
        for g in GEBIETE
    )


def stadtbezirke_geojson(flaeche: Mapping[str, Polygon]) -> str:
    """Inhalt von ``stadtbezirke.geojson``: Vereinigung der Gebiete."""
    return geojson(
        (
            {"schluessel": schluessel, "name": name, "wo": wo},
            shapely.coverage_union_all(
                [flaeche[g.schluessel] for g in GEBIETE if g.stadtbezirk == schluessel]
            ),
        )
        for schluessel, (name, wo) in STADTBEZIRKE.items()
    )


# --- Werte -----------------------------------------------------------------------

# Erwarteter Anteil je Grundmuster; dann, auf der Logit-Skala, die Ladung auf die
# gemeinsamen Faktoren Armut und Erwerb und die eigene Streuung. Alter: an allen; elb,
# alo: an den über 24-Jährigen im Erwerbsalter; lang_*: an elb und alo.
MERKMALE = """
merkmal         H     F     R     S     D armut erwerb eigen
unter_15    0.155  0.16 0.112 0.085 0.125   0.3      0  0.04
jung        0.118 0.096 0.086   0.3 0.085   0.1      0  0.04
ab_65       0.175  0.19 0.285  0.11 0.245  -0.2      0  0.06
ausland      0.27   0.1  0.09  0.24  0.06   0.6      0  0.12
elb          0.16  0.06 0.064 0.085 0.035     1      0  0.05
elb_jung    0.205 0.072 0.074  0.05 0.035     1      0   0.1
kind        0.315  0.11 0.115  0.22  0.06     1      0  0.06
alo         0.108 0.038 0.043 0.052 0.028   0.8      0  0.06
alo_jung    0.044 0.016 0.018 0.012  0.01   0.7      0  0.12
lang_alo     0.45  0.36  0.42  0.38   0.4   0.2      0  0.06
lang_elb      0.7  0.58  0.64  0.55  0.62   0.2      0  0.06
svb_frauen  0.465 0.605  0.54   0.4 0.565  -0.2      1  0.03
svb_ausland 0.415 0.545  0.48 0.345   0.5  -0.1      1  0.08
minijob     0.076 0.057 0.062 0.098 0.065   0.1   -0.6  0.08
familien    0.205 0.265  0.15 0.095  0.21   0.2      0  0.06
"""
KITA = {"H": -0.035, "F": -0.095, "R": 0.05, "S": 0.01, "D": -0.03}


def _lies_merkmale(tabelle: str) -> dict[str, dict[str, float]]:
    kopf, *zeilen = (zeile.split() for zeile in tabelle.strip().splitlines())
    return {
        name: dict(zip(kopf[1:], map(float, zahlen), strict=True))
        for name, *zahlen in zeilen
    }


LAGEN = _lies_merkmale(MERKMALE)

STREUUNG_ARMUT, STREUUNG_ERWERB, STREUUNG_KITA = 0.20, 0.12, 0.030
# Veränderung je Jahr für alle, und Streuung zwischen Gebieten.
TREND = {"alo": 0.04, "alo_jung": 0.05, "svb_frauen": 0.03, "svb_ausland": 0.06}
STREUUNG_JAHR, STREUUNG_VORJAHR = 0.05, 0.03
# Ein Jahr, in dem alle mehr Arbeitslose haben, und das Jahr danach.
KONJUNKTUR = {"2020-12-31": 0.12, "2021-12-31": 0.07}
# So viel höher (Logit) lag K08 nach dem alten Verfahren.
ALTES_VERFAHREN = 0.22


def _logit(anteil: float) -> float:
    return float(np.log(anteil / (1 - anteil)))


def _anteil(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def lage(gebiet: Gebiet, zufall: np.random.Generator) -> dict[str, float]:
    """Erwartete Anteile eines Gebiets auf der Logit-Skala; ``kita`` als Anteil."""
    armut = STREUUNG_ARMUT * float(np.clip(zufall.normal(), -1.8, 1.8))
    erwerb = STREUUNG_ERWERB * float(np.clip(zufall.normal(), -1.8, 1.8))
    logits = {}
    for name, werte_von in LAGEN.items():
        mitte = sum(w * _logit(werte_von[m]) for m, w in gebiet.anteile.items())
        gemeinsam = werte_von["armut"] * armut + werte_von["erwerb"] * erwerb
        logits[name] = mitte + gemeinsam + werte_von["eigen"] * float(zufall.normal())
    kita = sum(w * KITA[m] for m, w in gebiet.anteile.items())
    logits["kita"] = kita + STREUUNG_KITA * float(zufall.normal())
    return logits


def bevoelkerung(insgesamt: int, anteil: Mapping[str, float]) -> dict[str, int]:
    """Köpfe nach Alter und Gruppe, in sich stimmig."""
    unter_15 = round(insgesamt * anteil["unter_15"])
    jung = round(insgesamt * anteil["jung"])
    im_alter = insgesamt - unter_15 - round(insgesamt * anteil["ab_65"])
    bis_grenze = im_alter + round(insgesamt * 0.012)
    return {
        "insgesamt": insgesamt,
        "unter_15": unter_15,
        "kita": round(unter_15 * 3.4 / 15),
        "jung": jung,
        "im_alter": im_alter,
        "bis_grenze": bis_grenze,
        "bis_grenze_ab_17": bis_grenze - round(jung * 0.19),
        "frauen": round(im_alter * 0.495),
        "ausland": round(im_alter * anteil["ausland"]),
        "haushalte": round(insgesamt / (1.62 + 1.6 * anteil["familien"])),
    }


def zaehle(
    koepfe: Mapping[str, int], anteil: Mapping[str, float], zufall: np.random.Generator
) -> dict[str, tuple[int, int]]:
    """Zähler und Nenner je Indikator; Teilmengen entstehen durch Ziehen daraus."""

    def ziehe(anzahl: int, wahrscheinlichkeit: float) -> int:
        return int(zufall.binomial(anzahl, wahrscheinlichkeit))

    elb_jung = ziehe(koepfe["jung"], anteil["elb_jung"])
    elb = elb_jung + ziehe(koepfe["bis_grenze"] - koepfe["jung"], anteil["elb"])
    alo_jung = ziehe(koepfe["jung"], anteil["alo_jung"])
    alo_alt = ziehe(koepfe["im_alter"] - koepfe["jung"], anteil["alo"])
    lang = ziehe(alo_alt, anteil["lang_alo"]) + ziehe(alo_jung, 0.1)
    saldo = round(koepfe["kita"] * anteil["kita"])
    return {
        "A02": (elb, koepfe["bis_grenze"]),
        "A03": (ziehe(koepfe["unter_15"], anteil["kind"]), koepfe["unter_15"]),
        "A09": (ziehe(elb, anteil["lang_elb"]), koepfe["bis_grenze_ab_17"]),
        "B01": (alo_jung + alo_alt, koepfe["im_alter"]),
        "B03": (alo_jung, koepfe["jung"]),
        "B05": (lang, koepfe["im_alter"]),
        "B11": (ziehe(koepfe["frauen"], anteil["svb_frauen"]), koepfe["frauen"]),
        "B14": (ziehe(koepfe["ausland"], anteil["svb_ausland"]), koepfe["ausland"]),
        "B15": (ziehe(koepfe["im_alter"], anteil["minijob"]), koepfe["im_alter"]),
        "C03": (saldo, koepfe["kita"]),
        "J01": (elb_jung, koepfe["jung"]),
        "K01": (koepfe["insgesamt"], 0),
        "K08": (ziehe(koepfe["haushalte"], anteil["familien"]), koepfe["haushalte"]),
    }


def zaehle_gruppen(
    koepfe: Mapping[str, int],
    anteil: Mapping[str, float],
    zellen: Mapping[str, tuple[int, int]],
    zufall: np.random.Generator,
) -> dict[str, tuple[int, int]]:
    """Gruppen, die sich mit anderen ergänzen oder in ihnen liegen.

    Frauen und Männer ergeben alle Beschäftigten; unter 15 und 15 bis 17 Jahre ergeben
    unter 18; was unter den Arbeitslosen nicht zum SGB II gehört, gehört zum SGB III.
    """

    def ziehe(anzahl: int, wahrscheinlichkeit: float) -> int:
        return int(zufall.binomial(anzahl, wahrscheinlichkeit))

    maenner = koepfe["im_alter"] - koepfe["frauen"]
    mehr = 0.22 + 0.04 * float(zufall.normal())
    svb_maenner = ziehe(maenner, _anteil(_logit(anteil["svb_frauen"]) + mehr))
    arbeitslose = zellen["B01"][0]
    elb_jung, jung = zellen["J01"]
    kinder, unter_15 = zellen["A03"]
    schueler = round(jung * min(0.3, 0.033 / anteil["jung"]))
    anteil_schueler = min(0.6, schueler * anteil["kind"] / (jung * anteil["elb_jung"]))
    schueler_elb = min(ziehe(elb_jung, anteil_schueler), schueler)
    return {
        "A04": (kinder + schueler_elb, unter_15 + schueler),
        "B02": (ziehe(arbeitslose, 0.44), koepfe["frauen"]),
        "B06": (zellen["B05"][0], arbeitslose),
        "B09": (ziehe(arbeitslose, 0.7), arbeitslose),
        "B10": (zellen["B11"][0] + svb_maenner, koepfe["im_alter"]),
        "B12": (svb_maenner, maenner),
    }


Zellen = dict[tuple[str, str, str], tuple[int, int]]


def _anteile_aus(logits: Mapping[str, float]) -> dict[str, float]:
    anteil = {n: _anteil(x) for n, x in logits.items() if n != "kita"}
    return {**anteil, "kita": logits["kita"]}


def _frueher(
    logits: Mapping[str, float], zufall: np.random.Generator
) -> dict[str, float]:
    """Lage ein Jahr zuvor."""
    vorher = {
        name: logits[name]
        - TREND.get(name, 0.0)
        + STREUUNG_VORJAHR * float(zufall.normal())
        for name in LAGEN
    }
    return vorher | {"kita": logits["kita"] - 0.008 + 0.008 * float(zufall.normal())}


def _wie_gemessen(logits: Mapping[str, float], stelle: int) -> dict[str, float]:
    """Lage mit Konjunktur und, vor dem Bruch, nach dem alten Verfahren gemessen."""
    mehr = KONJUNKTUR.get(STICHTAGE[stelle], 0.0)
    alt = ALTES_VERFAHREN if stelle < BRUCH else 0.0
    return {
        **logits,
        "alo": logits["alo"] + mehr,
        "alo_jung": logits["alo_jung"] + mehr,
        "familien": logits["familien"] + alt,
    }


def werte() -> Zellen:
    """Zähler und Nenner je Gebiet, Indikator und Stichtag."""
    # Ein Zufallsstrom je Teil: Wer einen ändert, lässt die Zahlen der anderen stehen.
    zufall, davor, gruppen = (
        np.random.default_rng([STARTWERT, strom]) for strom in (2, 3, 4)
    )
    zellen: Zellen = {}

    def trage_ein(
        gebiet: Gebiet,
        stelle: int,
        lage_jetzt: Mapping[str, float],
        insgesamt: int,
        strom: np.random.Generator,
    ) -> None:
        anteil = _anteile_aus(lage_jetzt)
        koepfe = bevoelkerung(insgesamt, anteil)
        gezaehlt = zaehle(koepfe, anteil, strom)
        gezaehlt |= zaehle_gruppen(koepfe, anteil, gezaehlt, gruppen)
        for indikator, zelle in gezaehlt.items():
            zellen[gebiet.schluessel, indikator, STICHTAGE[stelle]] = zelle

    for gebiet in GEBIETE:
        logits = lage(gebiet, zufall)
        frueher = dict(logits)
        for jahr in range(len(STICHTAGE) - ERSTER):
            if jahr:
                for name in LAGEN:
                    eigen = STREUUNG_JAHR * float(zufall.normal())
                    logits[name] += TREND.get(name, 0.0) + eigen
                logits["kita"] += 0.008 + 0.012 * float(zufall.normal())
            schwankung = 1 + jahr * 0.004 * zufall.normal()
            insgesamt = round(gebiet.einwohner * schwankung)
            trage_ein(gebiet, ERSTER + jahr, logits, insgesamt, zufall)
        wachstum = 0.004 * float(davor.normal())
        for stelle in range(ERSTER - 1, -1, -1):
            frueher = _frueher(frueher, davor)
            insgesamt = round(gebiet.einwohner * (1 + wachstum * (stelle - ERSTER)))
            gemessen = _wie_gemessen(frueher, stelle)
            trage_ein(gebiet, stelle, gemessen, insgesamt, davor)
    return zellen


LIEFERUNGEN: dict[str, tuple[str, tuple[str, ...]]] = {
    "arbeitsmarkt": (
        "muster_arbeitsmarkt",
        (
            *("A02", "A03", "A04", "A09", "B01", "B02", "B03", "B05", "B06", "B09"),
            *("B10", "B11", "B12", "B14", "B15", "J01"),
        ),
    ),
    "betreuung": ("muster_jugendamt", ("C03",)),
    "bevoelkerung": ("muster_melderegister", ("K01", "K08")),
}
KOPF = (
    "ebene",
    "gebiet",
    "indikator",
    "stichtag",
    "wert",
    "zaehler",
    "nenner",
    "quelle",
    "stichtag_belegt",
    "guete",
    "hinweis",
)
NUR_WERT = {"K01", "C03"}
BRUCHHINWEIS = "Altes Verfahren der Haushaltegenerierung; ab 2022 anders gemessen"


def _zeile(
    ort: tuple[str, str], indikator: str, stichtag: str, zelle: tuple[int, int]
) -> list[str]:
    zaehler, nenner = zelle
    wert = ""
    if indikator == "K01":
        wert = str(zaehler)
    elif indikator == "C03":
        wert = f"{100 * zaehler / nenner:.2f}".replace(".", ",")
    if indikator not in NUR_WERT and not nenner:
        return [*ort, indikator, stichtag, "x", "", ""]
    zahlen = ["", ""] if indikator in NUR_WERT else [str(zaehler), str(nenner)]
    return [*ort, indikator, stichtag, wert, *zahlen]


def bestandszeilen(
    zellen: Zellen, indikatoren: Sequence[str], quelle: str
) -> list[list[str]]:
    """Zeilen einer Datei: alle Gebiete, dann Stadtbezirke, dann die Stadt."""
    orte = {("gebiet", g.schluessel): [g.schluessel] for g in GEBIETE}
    for stadtbezirk in STADTBEZIRKE:
        teile = [g.schluessel for g in GEBIETE if g.stadtbezirk == stadtbezirk]
        orte["stadtbezirk", stadtbezirk] = teile
    orte["stadt", "stadt"] = [g.schluessel for g in GEBIETE]
    zeilen = []
    for stichtag in STICHTAGE:
        for indikator in indikatoren:
            alt = indikator == "K08" and stichtag < STICHTAGE[BRUCH]
            for ort, teile in orte.items():
                summe = np.sum([zellen[t, indikator, stichtag] for t in teile], axis=0)
                zelle = (int(summe[0]), int(summe[1]))
                zeile = _zeile(ort, indikator, stichtag, zelle)
                zeilen.append([*zeile, quelle, "ja", "A", BRUCHHINWEIS if alt else ""])
    return zeilen


# --- Orte und Wege ---------------------------------------------------------------

ORTSARTEN = (("schule", "Schule", "Grundschule"), ("treff", "Treffpunkt", "Treffpunkt"))
KREUZUNGEN = 400
"""Knoten des erfundenen Wegenetzes."""
HAUSABSTAND = 0.00012
"""Grad je Hausnummer: Häuser derselben Straße liegen nebeneinander."""


def _punkt_in(flaeche: Polygon, zufall: np.random.Generator) -> tuple[float, float]:
    """Zufälliger Punkt im Inneren einer Fläche, Länge und Breite."""
    innen = flaeche.buffer(-0.001)
    west, sued, ost, nord = innen.bounds
    while True:
        x, y = zufall.uniform(west, ost), zufall.uniform(sued, nord)
        if innen.contains(Point(x, y)):
            return x, y


def _grad(wert: float) -> str:
    return f"{wert:.{STELLEN}f}".replace(".", ",")


def ortszeilen(flaeche: Mapping[str, Polygon]) -> list[list[str]]:
    """Inhalt von ``orte.csv``: je Gebiet eine Schule und ein Treffpunkt."""
    zeilen = [["id", "name", "art", "breite", "laenge", "quelle"]]
    for gebiet in GEBIETE:
        zufall = np.random.default_rng([STARTWERT, 11, int(gebiet.schluessel)])
        for kuerzel, art, wort in ORTSARTEN:
            x, y = _punkt_in(flaeche[gebiet.schluessel], zufall)
            kennung = f"{kuerzel}-{gebiet.schluessel}"
            name = f"{wort} {gebiet.name}"
            zeilen.append([kennung, name, art, _grad(y), _grad(x), "erfunden"])
    return zeilen


def wegezeilen(flaeche: Mapping[str, Polygon]) -> list[list[str]]:
    """Inhalt von ``wegenetz.csv``: zufällige Kreuzungen, benachbarte verbunden."""
    zufall = np.random.default_rng([STARTWERT, 12])
    stadt = shapely.coverage_union_all(list(flaeche.values()))
    punkte = np.array([_punkt_in(stadt, zufall) for _ in range(KREUZUNGEN)])
    je_grad = np.array([KM_JE_GRAD_LAENGE, KM_JE_GRAD_BREITE]) * 1000
    dreiecke = Delaunay(punkte * je_grad).simplices
    paare = {
        (min(a, b), max(a, b))
        for dreieck in dreiecke.tolist()
        for a, b in zip(dreieck, [*dreieck[1:], dreieck[0]], strict=True)
    }
    zeilen = [["von_breite", "von_laenge", "nach_breite", "nach_laenge", "meter"]]
    for von, nach in sorted(paare):
        gerade = float(np.hypot(*((punkte[von] - punkte[nach]) * je_grad)))
        meter = gerade * (1 + 0.25 * zufall.random())
        ecken = (punkte[von][1], punkte[von][0], punkte[nach][1], punkte[nach][0])
        zeilen.append([*map(_grad, ecken), f"{meter:.0f}"])
    return zeilen


def angebotszeilen(flaeche: Mapping[str, Polygon]) -> list[list[str]]:
    """``angebote.csv`` von Hand, mit Punkten für Adressen in einem Gebiet."""
    vorlage = Path(__file__).parent / "angebote.csv"
    with vorlage.open(encoding="utf-8", newline="") as datei:
        kopf, *zeilen = csv.reader(datei, delimiter=";")
    stelle = {name: nummer for nummer, name in enumerate(kopf)}
    for zeile in zeilen:
        gebiet = zeile[stelle["gebiete"]].split(",")[0]
        adresse = re.fullmatch(r"(.+?) ([0-9]+)", zeile[stelle["ort"]])
        if gebiet not in flaeche or not adresse:
            zeile[stelle["breite"]] = zeile[stelle["laenge"]] = ""
            continue
        strasse = zlib.crc32(adresse[1].encode())
        zufall = np.random.default_rng([STARTWERT, 13, strasse])
        x, y = _punkt_in(flaeche[gebiet], zufall)
        x += HAUSABSTAND * (int(adresse[2]) % 10)
        zeile[stelle["breite"]], zeile[stelle["laenge"]] = _grad(y), _grad(x)
    return [kopf, *zeilen]


def erzeuge(ziel: Path) -> list[Path]:
    """Schreibt Flächen, Werte und Lieferungen nach `ziel`; gibt die Dateien zurück."""
    (ziel / "bestand").mkdir(parents=True, exist_ok=True)
    flaeche = flaechen()
    texte = {
        "gebiete.geojson": gebiete_geojson(flaeche),
        "stadtbezirke.geojson": stadtbezirke_geojson(flaeche),
    }
    dateien = []
    for name, text in texte.items():
        dateien.append(ziel / name)
        dateien[-1].write_text(text, encoding="utf-8", newline="\n")
    zellen = werte()
    zeilen: list[list[str]] = []
    for name, (quelle, indikatoren) in LIEFERUNGEN.items():
        zeilen_der_datei = bestandszeilen(zellen, indikatoren, quelle)
        zeilen += zeilen_der_datei
        dateien.append(ziel / "bestand" / f"{name}.csv")
        with dateien[-1].open("w", encoding="utf-8", newline="") as datei:
            schreiber = csv.writer(datei, delimiter=";", lineterminator="\n")
            schreiber.writerow(KOPF)
            schreiber.writerows(zeilen_der_datei)
    for name, inhalt in (
        ("orte.csv", ortszeilen(flaeche)),
        ("wegenetz.csv", wegezeilen(flaeche)),
        ("angebote.csv", angebotszeilen(flaeche)),
    ):
        dateien.append(ziel / name)
        with dateien[-1].open("w", encoding="utf-8", newline="") as datei:
            csv.writer(datei, delimiter=";", lineterminator="\n").writerows(inhalt)
    namen = {("gebiet", g.schluessel): g.name for g in GEBIETE}
    namen |= {("stadtbezirk", k): name for k, (name, _) in STADTBEZIRKE.items()}
    namen["stadt", "stadt"] = "Musterstadt"
    stoff = lieferformen.Stoff.from_zeilen(zeilen, namen=namen, flaechen=flaeche)
    return dateien + lieferformen.schreibe(stoff, ziel / "lieferungen")


if __name__ == "__main__":
    ordner = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for geschrieben in erzeuge(ordner):
        print(geschrieben.relative_to(ordner).as_posix())
