"""Passen die Flächen zusammen? Koordinatensystem, Gültigkeit, Überlappungen, Lücken."""

from typing import Any

import numpy as np

from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.namen import Gebietsverzeichnis
from quartierstools.eingang.pruefregeln import Pruefregeln
from quartierstools.eingang.pruefung import begrenzt
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.fehler import Befund
from quartierstools.schreibweise import aufzaehlung, zahl_text

FLAECHENTYPEN = ("Polygon", "MultiPolygon")
METRISCH = "EPSG:25832"
"""UTM 32N; für Flächenvergleiche auch etwas außerhalb genau genug."""
DEUTSCHLAND = (5.5, 47.0, 15.5, 55.5)


def flaechenbefunde(
    roh: Rohtabelle,
    *,
    regeln: Pruefregeln,
    verzeichnis: Gebietsverzeichnis | None = None,
    gebiete: Any = None,  # noqa: ANN401
    schluessel: str = "",
    auffuellen: bool = False,
) -> list[Befund]:
    """Prüft die Flächen einer Lieferung.

    Parameters
    ----------
    roh : Rohtabelle
        Mit `flaechen`.
    verzeichnis : Gebietsverzeichnis, optional
        Erwartete Gebiete; sonst werden nur die Flächen selbst geprüft.
    gebiete : GeoDataFrame, optional
        Flächen des Projekts zum Vergleich der Lage.
    schluessel : str, default=""
        Spalte mit dem Gebietsschlüssel, für Meldungen und Vergleich.
    auffuellen : bool, default=False
        Ob führende Nullen wie vereinbart ergänzt werden (schluessel_auffuellen).
    """
    flaechen = roh.flaechen
    namen = roh.texte(schluessel) if schluessel in roh.spalten else []
    if auffuellen and verzeichnis is not None:
        namen = [_aufgefuellt(n, verzeichnis) for n in namen]
    if flaechen.crs is None:
        return [
            Befund(
                ort=roh.quelle,
                was="Das Koordinatensystem ist nicht angegeben.",
                erwartet="etwa EPSG:25832 oder EPSG:4326",
                rat="Bitte mit Koordinatensystem (.prj) neu ausgeben lassen.",
            )
        ]
    befunde = begrenzt(_einzelne(roh, namen))
    if befunde:
        return befunde
    befunde += _lage(roh, flaechen)
    if befunde:
        return befunde
    metrisch = flaechen.to_crs(METRISCH)
    befunde += begrenzt(_ueberlappungen(roh, metrisch, namen, regeln))
    befunde += begrenzt(_luecken(roh, metrisch, regeln))
    if verzeichnis is not None and namen:
        befunde += _gebietsbefunde(roh, namen, verzeichnis)
    if gebiete is not None and namen:
        befunde += begrenzt(_versatz(roh, metrisch, namen, gebiete, regeln))
    return befunde


def _aufgefuellt(schluessel: str, verzeichnis: Gebietsverzeichnis) -> str:
    bekannt = verzeichnis.schluessel("stadtbezirk")
    if not schluessel.isdigit() or schluessel in bekannt:
        return schluessel
    return schluessel.zfill(verzeichnis.breite)


def _ort(roh: Rohtabelle, namen: list[str], stelle: int) -> str:
    gebiet = sicherer_text(namen[stelle]) if namen else ""
    return roh.ort(stelle, gebiet=gebiet)


def _einzelne(roh: Rohtabelle, namen: list[str]) -> list[Befund]:
    import shapely  # noqa: PLC0415

    befunde = []
    for i, form in enumerate(roh.flaechen):
        ort = _ort(roh, namen, i)
        if form is None or form.is_empty:
            befunde.append(
                Befund(
                    ort=ort,
                    was="Die Fläche ist leer.",
                    erwartet="eine Fläche",
                    rat="Bitte ergänzen lassen.",
                )
            )
        elif form.geom_type not in FLAECHENTYPEN:
            befunde.append(
                Befund(
                    ort=ort,
                    was=f"Hier steht ein {form.geom_type}.",
                    erwartet="eine Fläche (Polygon)",
                    rat="Bitte Flächen statt Punkten oder Linien liefern lassen.",
                )
            )
        elif not np.isfinite(form.bounds).all():
            befunde.append(
                Befund(
                    ort=ort,
                    was="Die Koordinaten sind keine endlichen Zahlen.",
                    erwartet="gültige Koordinaten",
                )
            )
        elif not form.is_valid:
            grund = shapely.is_valid_reason(form).partition("[")[0]
            wort = {
                "Self-intersection": "schneidet sich selbst",
                "Ring Self-intersection": "berührt sich selbst",
            }.get(grund, "ist nicht gültig")
            befunde.append(
                Befund(
                    ort=ort,
                    was=f"Die Fläche {wort}.",
                    erwartet="eine gültige Fläche ohne Überschneidung",
                    rat="Bitte im GIS reparieren.",
                )
            )
    return befunde


def _lage(roh: Rohtabelle, flaechen: Any) -> list[Befund]:  # noqa: ANN401
    """Liegen die Flächen nach ihrem Koordinatensystem in Deutschland?"""
    west, sued, ost, nord = flaechen.total_bounds
    if flaechen.crs.is_geographic and not (
        -180 <= west <= ost <= 180 and -90 <= sued <= nord <= 90  # noqa: PLR2004
    ):
        return [
            Befund(
                ort=roh.quelle,
                was=f"Die Koordinaten reichen von {zahl_text(west)} bis "
                f"{zahl_text(ost)}, angegeben ist Länge und Breite in Grad.",
                erwartet="Koordinaten im angegebenen Koordinatensystem",
                rat="Vermutlich sind es UTM-Koordinaten; bitte mit richtigem "
                "Koordinatensystem neu ausgeben lassen.",
            )
        ]
    w, s, o, n = flaechen.to_crs("EPSG:4326").total_bounds
    if DEUTSCHLAND[0] <= w <= o <= DEUTSCHLAND[2] and (
        DEUTSCHLAND[1] <= s <= n <= DEUTSCHLAND[3]
    ):
        return []
    vertauscht = DEUTSCHLAND[0] <= s <= n <= DEUTSCHLAND[2] and (
        DEUTSCHLAND[1] <= w <= o <= DEUTSCHLAND[3]
    )
    was = (
        "Länge und Breite sind vertauscht."
        if vertauscht
        else "Die Flächen liegen nach ihren Koordinaten nicht in Deutschland."
    )
    return [
        Befund(
            ort=roh.quelle,
            was=was,
            erwartet="Flächen in Deutschland",
            rat="Bitte Koordinatensystem und Achsenfolge prüfen.",
        )
    ]


def _ueberlappungen(
    roh: Rohtabelle,
    flaechen: Any,  # noqa: ANN401
    namen: list[str],
    regeln: Pruefregeln,
) -> list[Befund]:
    links, rechts = flaechen.sindex.query(flaechen.values, predicate="intersects")
    paare = links < rechts
    links, rechts = links[paare], rechts[paare]
    groesse = flaechen.values[links].intersection(flaechen.values[rechts]).area
    befunde = []
    for i, j, qm in zip(links, rechts, groesse, strict=True):
        if qm >= regeln.flaeche_luecke_qm:
            andere = sicherer_text(namen[j]) if namen else f"Fläche {roh.zeilen[j]}"
            befunde.append(
                Befund(
                    ort=_ort(roh, namen, int(i)),
                    was=f"Die Fläche überlappt „{andere}“ auf {zahl_text(qm)} m².",
                    erwartet="Flächen, die sich nur berühren",
                    rat="Bitte im GIS bereinigen lassen; steht ein Gebiet doppelt?",
                )
            )
    return befunde


def _luecken(roh: Rohtabelle, flaechen: Any, regeln: Pruefregeln) -> list[Befund]:  # noqa: ANN401
    import shapely  # noqa: PLC0415

    ganz = shapely.union_all(flaechen.values)
    befunde = []
    for teil in shapely.get_parts(ganz):
        for ring in teil.interiors:
            loch = shapely.Polygon(ring)
            if loch.area >= regeln.flaeche_luecke_qm:
                ort = f"{roh.quelle}, bei {zahl_text(loch.centroid.x)} Ost, "
                befunde.append(
                    Befund(
                        ort=ort + f"{zahl_text(loch.centroid.y)} Nord (UTM 32)",
                        was=f"Zwischen den Flächen ist eine Lücke von "
                        f"{zahl_text(loch.area)} m².",
                        erwartet="Flächen, die das Stadtgebiet lückenlos bedecken",
                        rat="Fehlt ein Gebiet? Sonst bitte im GIS bereinigen lassen.",
                    )
                )
    return befunde


def _gebietsbefunde(
    roh: Rohtabelle, namen: list[str], verzeichnis: Gebietsverzeichnis
) -> list[Befund]:
    ebene = _ebene(namen, verzeichnis)
    erwartet = set(verzeichnis.schluessel(ebene))
    fremd = sorted(set(namen) - erwartet)
    fehlend = sorted(erwartet - set(namen))
    befunde = []
    if fremd:
        befunde.append(
            Befund(
                ort=roh.quelle,
                was="Diese Gebiete kennt das Projekt nicht: "
                f"{aufzaehlung([f'„{sicherer_text(n)}“' for n in fremd[:6]])}.",
                erwartet=f"die {len(erwartet)} Gebiete des Projekts",
                rat="Hat sich die Gliederung geändert? Dann hilft die Schlüsselbrücke.",
            )
        )
    if fehlend:
        gezeigt = [verzeichnis.name(ebene, k) for k in fehlend[:6]]
        befunde.append(
            Befund(
                ort=roh.quelle,
                was=f"Es fehlen {len(fehlend)} von {len(erwartet)} Gebieten: "
                f"{aufzaehlung(gezeigt)}.",
                erwartet="eine Fläche je Gebiet",
                rat="Bitte vollständig liefern lassen.",
            )
        )
    doppelt = sorted({n for n in namen if namen.count(n) > 1})
    befunde += [
        Befund(
            ort=roh.quelle,
            was=f"Das Gebiet „{sicherer_text(n)}“ steht mehrfach.",
            erwartet="eine Fläche je Gebiet",
            rat="Mehrteilige Gebiete bitte als MultiPolygon liefern lassen.",
        )
        for n in doppelt
    ]
    return befunde


def _ebene(namen: list[str], verzeichnis: Gebietsverzeichnis) -> str:
    """Ebene, zu der die meisten Schlüssel gehören."""
    treffer = {
        ebene: len(set(namen) & set(verzeichnis.schluessel(ebene)))
        for ebene in ("gebiet", "stadtbezirk")
    }
    return "stadtbezirk" if treffer["stadtbezirk"] > treffer["gebiet"] else "gebiet"


def _versatz(
    roh: Rohtabelle,
    flaechen: Any,  # noqa: ANN401
    namen: list[str],
    gebiete: Any,  # noqa: ANN401
    regeln: Pruefregeln,
) -> list[Befund]:
    """Hinweis, wenn eine gelieferte Fläche anders liegt als die des Projekts."""
    bekannt = gebiete.geometry.to_crs(METRISCH)
    befunde = []
    for i, (name, form) in enumerate(zip(namen, flaechen, strict=True)):
        if name not in bekannt.index:
            continue
        soll = bekannt[name]
        anteil = soll.symmetric_difference(form).area / soll.area
        if anteil > regeln.flaeche_abweichung:
            befunde.append(
                Befund(
                    ort=_ort(roh, namen, i),
                    was="Die Fläche weicht um "
                    f"{zahl_text(anteil * 100, stellen=1)} Prozent von der des "
                    "Projekts ab.",
                    rat="Haben sich Grenzen geändert?",
                    schwere="hinweis",
                )
            )
    return befunde
