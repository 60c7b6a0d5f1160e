"""Welche Klasse hat jedes Gebiet? Karte für Papier.

Dieselben Klassen, Farben, Muster und Zeichen wie in der Karte im Browser.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from quartierstools.darstellung.farben import GRAU, MUSTER, TINTE
from quartierstools.darstellung.karte import geordnete_grenzen, pruefe_flaechen
from quartierstools.darstellung.klassenbild import Klasse, Klassenbild
from quartierstools.darstellung.lagekarte import Blattlage, seitenverhaeltnis
from quartierstools.darstellung.leinwand import (
    PUNKTE_JE_MM,
    Kasten,
    als_bild,
    gekuerzt,
    kaesten,
    schreibe,
    textbreite,
    umbrochen,
    vieleck,
)
from quartierstools.schreibweise import aufzaehlung, gross, mehrzahl

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

    from quartierstools.dokument import Bild

LEGENDE_MM = 52.0
VIELE = 60
"""Darüber werden Grenzlinien dünner und der Alternativtext nennt keine Namen."""


def klassenkarte(
    bild: Klassenbild,
    gebiete: "gpd.GeoDataFrame",
    grenzen: "gpd.GeoDataFrame | None" = None,
    *,
    gebietswort: tuple[str, str] = ("Gebiet", "Gebiete"),
    hinweis: str = "",
    breite_mm: float = 165.0,
) -> "Bild":
    """Karte der Klassen für Papier, mit Legende und Zeichen in jeder Fläche.

    Parameters
    ----------
    bild : Klassenbild
        Dasselbe Bild wie für die Karte im Browser.
    gebiete, grenzen : GeoDataFrame, EPSG:4326
        Flächen und Stadtbezirke.
    gebietswort : tuple of str
        Einzahl und Mehrzahl für die Legende.
    hinweis : str, optional
        Satz unter der Karte.
    breite_mm : float, default=165

    Returns
    -------
    Bild
        Der Alternativtext nennt je Klasse Zahl und Namen der Gebiete.

    Raises
    ------
    Gebietsfehler
        Wenn Flächen und Klassen nicht dieselben Gebiete haben.
    """
    pruefe_flaechen(gebiete, {"name", "stadtbezirk"}, bild.titel)
    geordnet = gebiete.sort_index()
    passend = bild.fuer(geordnet.index)
    karte_mm = breite_mm - LEGENDE_MM
    hoehe_mm = karte_mm * seitenverhaeltnis(geordnet) + 6.0

    def zeichne(flaeche: "Axes") -> None:
        hoehe = flaeche.get_ylim()[1]
        fuss = 6.0 * PUNKTE_JE_MM
        kasten = (2, fuss, karte_mm * PUNKTE_JE_MM - 8, hoehe - fuss - 2)
        lage = Blattlage.passend(geordnet.total_bounds, kasten)
        ringe = lage.ringe(geordnet.geometry)
        _zeichne_klassen(flaeche, passend, ringe)
        if grenzen is not None:
            for umriss in lage.ringe(geordnete_grenzen(grenzen).geometry):
                vieleck(flaeche, umriss, linie=TINTE, staerke=1.4, ebene=2)
        _beschrifte(flaeche, passend, geordnet, lage, ringe)
        x = karte_mm * PUNKTE_JE_MM + 2
        _zeichne_legende(flaeche, passend, gebietswort, x)
        fusszeile = " ".join(t for t in (hinweis, passend.quelle) if t)
        breite = flaeche.get_xlim()[1] - 4
        schreibe(
            flaeche, 2, fuss / 3, gekuerzt(fusszeile, 6, breite), groesse=6, farbe=GRAU
        )

    return als_bild(
        zeichne,
        breite_mm=breite_mm,
        hoehe_mm=hoehe_mm,
        alternativtext=_kartentext(passend, geordnet, gebietswort, hinweis),
        titel=bild.titel,
    )


def _zeichne_klassen(
    flaeche: "Axes", bild: Klassenbild, ringe: Sequence[list[np.ndarray]]
) -> None:
    eintraege = {k.schluessel: k for k in bild.klassen}
    staerke = 0.5 if len(ringe) <= VIELE else 0.25
    for schluessel, umriss in zip(bild.klasse, ringe, strict=True):
        klasse = eintraege[schluessel]
        schraffur = MUSTER[klasse.muster].schraffur
        vieleck(
            flaeche, umriss, fuellung=klasse.farbe, schraffur=schraffur, staerke=staerke
        )


def _beschrifte(
    flaeche: "Axes",
    bild: Klassenbild,
    gebiete: "gpd.GeoDataFrame",
    lage: Blattlage,
    ringe: Sequence[list[np.ndarray]],
) -> None:
    """Zeichen der Klasse in jede Fläche, Namen wo sie hineinpassen."""
    mitten = gebiete.geometry.representative_point()
    orte = lage.punkte(np.column_stack([mitten.x, mitten.y]))
    marken: list[Kasten] = []
    namen: list[Kasten] = []
    masse = [np.ptp(np.vstack(r), axis=0) if r else np.zeros(2) for r in ringe]
    eintraege = {k.schluessel: k for k in bild.klassen}
    for schluessel, (x, y), (breit, hoch) in zip(bild.klasse, orte, masse, strict=True):
        zeichen = eintraege[schluessel].zeichen
        weite = textbreite(zeichen, 6, fett=True) + 4
        kasten = (x - weite / 2, y - 4, x + weite / 2, y + 4)
        if breit > weite and hoch > kasten[3] - kasten[1] and _frei(kasten, marken):
            marken.append(kasten)
            _mittig(flaeche, x, y, zeichen, groesse=6, fett=True)
    for name, (x, y), groesse in zip(gebiete["name"], orte, masse, strict=True):
        namen += _schreibe_name(
            flaeche, str(name), (x, y), groesse, belegt=[*marken, *namen]
        )
    kaesten(flaeche, marken, deckkraft=0.88, ebene=3)
    kaesten(flaeche, namen, deckkraft=0.66, ebene=3)


def _mittig(
    flaeche: "Axes", x: float, y: float, text: str, *, groesse: float, fett: bool
) -> None:
    schreibe(
        flaeche, x, y, text, groesse=groesse, fett=fett, waagerecht="center",
        senkrecht="center_baseline", zorder=4,
    )  # fmt: skip


def _frei(
    kasten: Kasten,
    belegt: Sequence[Kasten],
) -> bool:
    links, unten, rechts, oben = kasten
    return all(
        links >= b[2] or rechts <= b[0] or unten >= b[3] or oben <= b[1] for b in belegt
    )


def _zeilen(name: str) -> list[list[str]]:
    """Ein- und zweizeilige Schreibweise, getrennt an Leerzeichen, - und /."""
    stellen = [i + 1 for i, z in enumerate(name[:-1]) if z in " -/"]
    paare = [[name[:i].strip(), name[i:].strip()] for i in stellen]
    return [[name], *sorted(paare, key=lambda p: max(map(len, p)))[:1]]


def _schreibe_name(
    flaeche: "Axes",
    name: str,
    ort: tuple[float, float],
    masse: np.ndarray,
    *,
    belegt: Sequence[Kasten],
) -> list[Kasten]:
    """Schreibt den Namen über oder unter das Zeichen, wenn er in die Fläche passt."""
    groesse, (x, y) = 5.5, ort
    for zeilen in _zeilen(name):
        weite = max(textbreite(z, groesse) for z in zeilen) + 2
        hoehe = 6.4 * len(zeilen)
        if weite > masse[0] * 0.98 or hoehe + 9 > masse[1]:
            continue
        for mitte in (y + 4.5 + hoehe / 2, y - 4.5 - hoehe / 2):
            unten, oben = mitte - hoehe / 2, mitte + hoehe / 2
            kasten = (x - weite / 2, unten, x + weite / 2, oben)
            if _frei(kasten, belegt):
                for nummer, zeile in enumerate(zeilen):
                    hoch = oben - 6.4 * (nummer + 0.5)
                    _mittig(flaeche, x, hoch, zeile, groesse=groesse, fett=False)
                return [kasten]
    return []


def _zeichne_legende(
    flaeche: "Axes", bild: Klassenbild, gebietswort: tuple[str, str], x: float
) -> None:
    breite = flaeche.get_xlim()[1] - x
    y = flaeche.get_ylim()[1] - 8
    for zeile in umbrochen(bild.kopf, 8.5, breite):
        schreibe(flaeche, x, y, zeile, groesse=8.5)
        y -= 11
    if bild.stand:
        for zeile in umbrochen(f"Stand: {bild.stand}", 6.5, breite):
            schreibe(flaeche, x, y, zeile, groesse=6.5, farbe=GRAU)
            y -= 8.5
    y -= 5
    anzahlen = bild.anzahlen
    for klasse in bild.legende:
        zahl = mehrzahl(anzahlen[klasse.schluessel], *gebietswort)
        y = _zeichne_eintrag(flaeche, klasse, zahl, x, y)
    for hinweis in bild.hinweise:
        for zeile in umbrochen(hinweis, 6.5, breite):
            schreibe(flaeche, x, y, zeile, groesse=6.5, farbe=GRAU)
            y -= 8.5


def _zeichne_eintrag(
    flaeche: "Axes", klasse: Klasse, zahl: str, x: float, y: float
) -> float:
    """Ein Eintrag der Legende; gibt die Höhe für den nächsten zurück."""
    ecken = np.array([[x, y - 4], [x + 17, y - 4], [x + 17, y + 5], [x, y + 5]])
    ring = np.vstack([ecken, ecken[:1]])
    schraffur = MUSTER[klasse.muster].schraffur
    vieleck(flaeche, [ring], fuellung=klasse.farbe, schraffur=schraffur)
    schreibe(
        flaeche, x + 24, y, klasse.zeichen, groesse=7, fett=True, waagerecht="center"
    )
    for zeile in umbrochen(klasse.text, 7, flaeche.get_xlim()[1] - x - 31):
        schreibe(flaeche, x + 31, y, zeile, groesse=7)
        y -= 8.5
    schreibe(flaeche, x + 31, y, zahl, groesse=6, farbe=GRAU)
    return y - 13


def _kartentext(
    bild: Klassenbild,
    gebiete: "gpd.GeoDataFrame",
    gebietswort: tuple[str, str],
    hinweis: str,
) -> str:
    """Alternativtext: je Klasse Zahl und Namen, Lücken ebenso."""
    saetze = [f"Karte: {bild.kopf}{f', Stand {bild.stand}' if bild.stand else ''}."]
    for klasse in bild.legende:
        dabei = gebiete["name"][bild.klasse == klasse.schluessel]
        nennbar = len(dabei) > 0 and len(gebiete) <= VIELE
        namen = f" ({aufzaehlung([str(n) for n in dabei])})" if nennbar else ""
        saetze.append(
            f"{gross(klasse.text)}: {mehrzahl(len(dabei), *gebietswort)}{namen}."
        )
    return " ".join([*saetze, *([f"{hinweis.rstrip('.')}."] if hinweis else [])])
