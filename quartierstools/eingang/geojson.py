"""Ist eine Flächendatei streng richtig? GeoJSON lesen, ohne etwas zu ergänzen.

Übliche Leser schließen offene Ringe, wandeln Text in Zahlen und nehmen den letzten
von zwei gleichen Schlüsseln. Hier ist das ein Befund.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quartierstools.eingang.schutz import sicherer_text, zellbefund
from quartierstools.fehler import Befund, Datenfehler, meinten_sie
from quartierstools.katalog.datei import MB, dateimangel

FELDER = ("schluessel", "name", "stadtbezirk", "wo", "teilraum", "hinweis")
SCHLUESSEL = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,15}")
HOECHSTENS = 200 * MB
HOECHSTENS_ZEICHEN: Mapping[str, int] = {"hinweis": 400}
NAMENSLAENGE = 120
"""So lang darf ein Text auf einer Karte und in einer Tabelle höchstens sein."""
RINGPUNKTE = 4
LAGE = 2
WGS84 = (
    "urn:ogc:def:crs:OGC:1.3:CRS84",
    "urn:ogc:def:crs:OGC::CRS84",
    "urn:ogc:def:crs:EPSG::4326",
    "EPSG:4326",
)

Merkmal = Mapping[str, Any]


class _Doppelt(ValueError):
    """Ein Objekt nennt denselben Schlüssel zweimal."""


def lies_merkmale(datei: Path, name: str) -> list[Merkmal]:
    """Flächen einer Datei als Feature-Objekte; nur das Gerüst ist geprüft.

    Raises
    ------
    Datenfehler
        Wenn die Datei fehlt, kein GeoJSON ist oder ein anderes Koordinatensystem
        nennt.
    """
    mangel = dateimangel(datei, name, hoechstens=HOECHSTENS)
    if mangel is not None:
        raise Datenfehler(name, [mangel])
    try:
        inhalt = json.loads(
            datei.read_text(encoding="utf-8-sig"),
            object_pairs_hook=_ohne_doppelte,
            parse_constant=_keine_zahl,
        )
    except _Doppelt as fehler:
        befund = Befund(
            ort=name,
            was=f"Der Schlüssel „{sicherer_text(str(fehler))}“ steht in einem Objekt "
            "zweimal.",
            erwartet="jeden Schlüssel einmal",
            rat="Welcher Wert gilt, weiß nur die Quelle; bitte neu ausgeben.",
        )
        raise Datenfehler(name, [befund]) from None
    except (ValueError, RecursionError, OSError):
        raise Datenfehler(name, [_kein_geojson(name)]) from None
    befunde = _geruestbefunde(inhalt, name)
    if befunde:
        raise Datenfehler(name, befunde)
    return list(inhalt["features"])


def _ohne_doppelte(paare: list[tuple[str, Any]]) -> dict[str, Any]:
    gelesen = dict(paare)
    if len(gelesen) < len(paare):
        namen = [k for k, _ in paare]
        raise _Doppelt(next(k for k in namen if namen.count(k) > 1))
    return gelesen


def _keine_zahl(wort: str) -> float:
    raise ValueError(wort)


def _kein_geojson(name: str) -> Befund:
    return Befund(
        ort=name,
        was="Die Datei ist kein vollständiges GeoJSON.",
        erwartet="eine FeatureCollection",
        rat="Sie ist womöglich abgeschnitten; bitte neu ausgeben.",
    )


def _geruestbefunde(inhalt: object, name: str) -> list[Befund]:
    if not isinstance(inhalt, Mapping) or not isinstance(inhalt.get("features"), list):
        return [_kein_geojson(name)]
    befunde = []
    if inhalt.get("type") != "FeatureCollection":
        befunde.append(_kein_geojson(name))
    kennung = _crs(inhalt["crs"]) if inhalt.get("crs") is not None else ""
    if kennung and kennung not in WGS84:
        befunde.append(
            Befund(
                ort=name,
                was="Die Datei nennt das Koordinatensystem "
                f"„{sicherer_text(kennung)}“.",
                erwartet="Länge und Breite in Grad (EPSG:4326)",
                rat="Bitte im GIS nach EPSG:4326 umrechnen und neu ausgeben.",
            )
        )
    if not inhalt["features"]:
        befunde.append(
            Befund(
                ort=name,
                was="Die Datei enthält keine Fläche.",
                erwartet="eine Fläche je Gebiet",
                rat="Bitte neu ausgeben.",
            )
        )
    for nummer, merkmal in enumerate(inhalt["features"], start=1):
        felder = merkmal.get("properties") if isinstance(merkmal, Mapping) else None
        if not isinstance(felder, Mapping):
            befunde.append(
                Befund(
                    ort=f"{name}, Fläche {nummer}",
                    was="Hier steht kein Objekt mit Eigenschaften (properties).",
                    erwartet="ein Feature mit properties und geometry",
                    rat="Bitte im GIS neu ausgeben.",
                )
            )
    return befunde


def _crs(angabe: object) -> str:
    felder = angabe.get("properties") if isinstance(angabe, Mapping) else None
    kennung = felder.get("name") if isinstance(felder, Mapping) else None
    return kennung if isinstance(kennung, str) else "unbekannt"


def feldbefunde(
    merkmale: Sequence[Merkmal], name: str, pflicht: Sequence[str]
) -> list[Befund]:
    """Eigenschaften jeder Fläche: bekannt, Text, sichtbar, jeder Schlüssel einmal.

    Namen dürfen sich nur in verschiedenen Stadtbezirken wiederholen.
    """
    befunde: list[Befund] = []
    gesehen: set[tuple[str, ...]] = set()
    for nummer, merkmal in enumerate(merkmale, start=1):
        felder = merkmal["properties"]
        ort = ort_von(merkmal, nummer, name)
        befunde += [
            Befund(ort=ort, was=f"„{f}“ fehlt oder ist leer.", rat="Bitte ergänzen.")
            for f in pflicht
            if felder.get(f) is None or felder[f] == ""
        ]
        befunde += [
            Befund(
                ort=ort,
                was=f"Das Feld „{sicherer_text(f)}“ gibt es hier nicht."
                f"{meinten_sie(f, FELDER)}",
                erwartet=f"nur {', '.join(FELDER)}",
                rat="Bitte umbenennen oder weglassen.",
            )
            for f in felder
            if f not in FELDER
        ]
        befunde += [b for f in FELDER if (b := _textbefund(felder.get(f), f, ort))]
        for wort, teile, rat in (
            ("Der Schlüssel", ("schluessel",), "Jeder Schlüssel nur einmal."),
            ("Der Name", ("name", "stadtbezirk"), "Gleichnamige bitte unterscheiden."),
        ):
            texte = [felder.get(f) or "" for f in teile]
            form = (wort, *(" ".join(str(t).casefold().split()) for t in texte))
            if form in gesehen and isinstance(texte[0], str) and texte[0]:
                was = f"{wort} „{sicherer_text(texte[0])}“ steht mehrfach."
                befunde.append(Befund(ort=ort, was=was, rat=rat))
            gesehen.add(form)
    return befunde


def ort_von(merkmal: Merkmal, nummer: int, name: str) -> str:
    """Datei und Fläche für Meldungen, mit dem Schlüssel, wenn er lesbar ist."""
    schluessel = merkmal["properties"].get("schluessel")
    zusatz = f" ({sicherer_text(schluessel)})" if isinstance(schluessel, str) else ""
    return f"{name}, Fläche {nummer}{zusatz}"


def _textbefund(wert: object, feld: str, ort: str) -> Befund | None:
    if wert is None or wert == "":
        return None
    if not isinstance(wert, str):
        gezeigt = sicherer_text(json.dumps(wert, ensure_ascii=False))
        was = f"„{feld}“ ist {gezeigt}, kein Text."
        if feld in ("schluessel", "stadtbezirk"):
            was = f"Der Schlüssel {gezeigt} ist eine Zahl."
        return Befund(
            ort=ort,
            was=was,
            erwartet="ein Text in Anführungszeichen, Schlüssel mit führenden Nullen",
            rat="Bitte das Feld im GIS als Text ausgeben.",
        )
    hoechstens = HOECHSTENS_ZEICHEN.get(feld, NAMENSLAENGE)
    grund = zellbefund(wert)
    if not grund and re.search(r"[\n\r\t\u2028\u2029\x85]", wert):
        grund = "ein Zeilenumbruch oder Tabulator"
    if grund:
        was = f"In „{feld}“ („{sicherer_text(wert)}“) steht {grund}."
        erwartet = "gewöhnlicher Text in einer Zeile"
    elif len(wert) > hoechstens:
        was = f"„{feld}“ ist {len(wert)} Zeichen lang („{sicherer_text(wert, 30)}“)."
        erwartet = f"höchstens {hoechstens} Zeichen"
    elif wert != wert.strip():
        was = f"Um „{feld}“ („{sicherer_text(wert)}“) stehen Leerzeichen."
        erwartet = "Text ohne Leerzeichen am Rand"
    elif feld in ("schluessel", "stadtbezirk") and not SCHLUESSEL.fullmatch(wert):
        was = f"Der Schlüssel „{sicherer_text(wert)}“ enthält unerlaubte Zeichen."
        erwartet = "bis zu 16 Ziffern, Buchstaben ohne Umlaut, „-“ und „_“"
    else:
        return None
    return Befund(ort=ort, was=was, erwartet=erwartet, rat="Bitte neu ausgeben.")


def formbefunde(merkmale: Sequence[Merkmal], name: str) -> list[Befund]:
    """Ist jede Geometrie eine Fläche aus geschlossenen Ringen von Zahlen?"""
    befunde = []
    for nummer, merkmal in enumerate(merkmale, start=1):
        was, erwartet = _formmangel(merkmal.get("geometry"))
        if was:
            befunde.append(
                Befund(
                    ort=ort_von(merkmal, nummer, name),
                    was=was,
                    erwartet=erwartet,
                    rat="Bitte im GIS prüfen und neu ausgeben.",
                )
            )
    return befunde


def _formmangel(form: object) -> tuple[str, str]:
    """Was an einer Geometrie nicht stimmt und was erwartet war; sonst leer."""
    if form is None:
        return "Die Fläche ist leer.", "eine Fläche"
    art = form.get("type") if isinstance(form, Mapping) else None
    teile = form.get("coordinates") if isinstance(form, Mapping) else None
    if art not in ("Polygon", "MultiPolygon"):
        gezeigt = sicherer_text(art) if isinstance(art, str) else "keine Fläche"
        return f"Hier steht {gezeigt}.", "eine Fläche (Polygon oder MultiPolygon)"
    flaechen = [teile] if art == "Polygon" else teile
    if not isinstance(flaechen, list) or not all(map(_liste, flaechen)):
        return "Die Fläche hat keine lesbaren Koordinaten.", "Ringe aus Punkten"
    ringe = [ring for flaeche in flaechen for ring in flaeche]
    if not ringe or any(not flaeche for flaeche in flaechen):
        return "Die Fläche ist leer.", "eine Fläche"
    for ring in ringe:
        mangel = _ringmangel(ring)
        if mangel[0]:
            return mangel
    return "", ""


def _ringmangel(ring: object) -> tuple[str, str]:
    if not isinstance(ring, list) or len(ring) < RINGPUNKTE:
        was = "Ein Ring hat weniger als vier Punkte."
        return was, "Ringe aus mindestens vier Punkten in Länge und Breite"
    for punkt in ring:
        if not isinstance(punkt, list) or len(punkt) < LAGE:
            return "Ein Punkt hat keine Länge und Breite.", "Punkte wie [7.2, 51.4]"
        if not all(map(_zahl, punkt)):
            gezeigt = sicherer_text(json.dumps(punkt, ensure_ascii=False))
            return f"Die Koordinate {gezeigt} ist keine Zahl.", "Zahlen ohne Anführung"
    if ring[0] != ring[-1]:
        was = "Ein Ring ist nicht geschlossen."
        return was, "derselbe Punkt am Anfang und am Ende"
    return "", ""


def _liste(wert: object) -> bool:
    return isinstance(wert, list)


def _zahl(wert: object) -> bool:
    return (
        isinstance(wert, int | float)
        and not isinstance(wert, bool)
        and abs(wert) < 1e9  # noqa: PLR2004 – auch Meter sind kleiner
        and math.isfinite(wert)
    )
