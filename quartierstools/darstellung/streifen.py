"""Wo liegt ein Gebiet zwischen den anderen? Ein Punkt je Gebiet auf einer Linie.

Gezeichnet wird der gerundete Wert, der auch geschrieben steht; aus dem Bild
lässt sich nicht mehr ablesen als aus der Tabelle.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from quartierstools.darstellung.diagramm import Skala, kreisring, strich
from quartierstools.darstellung.einteilung import wertarten
from quartierstools.darstellung.farben import BLAU, GRAU, RUHIG, TINTE
from quartierstools.darstellung.klassenbild import mit_einheit, pruefe_index
from quartierstools.darstellung.leinwand import (
    als_bild,
    gekuerzt,
    schreibe,
    textbreite,
    vieleck,
)
from quartierstools.fehler import Gebietsfehler
from quartierstools.schreibweise import (
    WERTART_TEXT,
    gerundet,
    mehrzahl,
    zahl_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from quartierstools.dokument import Bild

RADIUS = 2.6
"""Halbmesser eines Punktes in Punkten (1/72 Zoll)."""
VIELE = 60
"""Darüber werden die Punkte halb so groß."""
HOECHSTER_STAPEL = 6 * RADIUS


def punktstreifen(  # noqa: PLR0913 – Größe, Gebiet, Schreibweise
    werte: pd.Series,
    gebiet: str,
    *,
    titel: str,
    einheit: str = "",
    stellen: int = 1,
    wertart: pd.Series | None = None,
    namen: Mapping[str, str] | None = None,
    gebietswort: tuple[str, str] = ("Gebiet", "Gebiete"),
    stadtwert: float | None = None,
    breite_mm: float = 165.0,
    raster: bool = True,
) -> "Bild":
    """Ein Punkt je Gebiet, dieses hervorgehoben, Lücken als Zahl genannt.

    Parameters
    ----------
    werte : Series of float, Index ``gebiet``
        Werte in `einheit`; fehlend, wo keine Zahl vorliegt.
    gebiet : str
        Schlüssel des hervorgehobenen Gebiets; darf selbst eine Lücke sein.
    titel : str
        Name der Größe.
    einheit, stellen
        Wie Werte geschrieben werden.
    wertart : Series of str, optional
        Ohne Angabe gilt ein fehlender Wert als „fehlt“.
    namen : Mapping of str to str, optional
        Name je Schlüssel; ohne Angabe steht der Schlüssel.
    gebietswort : tuple of str
        Einzahl und Mehrzahl.
    stadtwert : float, optional
        Wert der ganzen Stadt in `einheit`; ein senkrechter Strich mit Zahl.
    breite_mm : float, default=165
    raster : bool, default=True
        Ob auch ein PNG entsteht.

    Raises
    ------
    Gebietsfehler
        Wenn `gebiet` nicht vorkommt.
    """
    pruefe_index(werte.index, f"Punktstreifen „{titel}“")
    if gebiet not in werte.index:
        raise Gebietsfehler(
            f"Punktstreifen „{titel}“: Das Gebiet „{gebiet}“ kommt in den Werten nicht "
            "vor. Erwartet wird ein Schlüssel aus dem Index, Lücken als fehlender Wert."
        )
    arten = wertarten(werte, wertart)
    vorhanden = werte[arten == "Zahl"].dropna().sort_index()
    gerundete = vorhanden.map(lambda w: float(gerundet(float(w), stellen)))
    name = str((namen or {}).get(gebiet, gebiet))
    lueckensatz = _lueckensatz(arten, gebietswort)
    eigener = (
        mit_einheit(gerundete[gebiet], einheit, stellen)
        if gebiet in gerundete.index
        else WERTART_TEXT[arten[gebiet]]
    )

    stadt = None if stadtwert is None else float(gerundet(stadtwert, stellen))
    stadttext = "" if stadt is None else f"Stadt {zahl_text(stadt, stellen=stellen)}"

    def zeichne(flaeche: "Axes") -> None:
        breite = flaeche.get_xlim()[1]
        unten = 17.0
        if len(gerundete):
            skala = _streifenskala(gerundete, breite, stadt)
            _zeichne_punkte(flaeche, gerundete, gebiet, unten, stellen, skala)
            if stadt is not None:
                _zeichne_stadt(flaeche, skala(stadt), unten, stadttext, breite)
        if gebiet not in gerundete.index or not len(gerundete):
            schreibe(
                flaeche, 2, 45, gekuerzt(f"{name}: {eigener}", 7.5, breite - 4),
                groesse=7.5, fett=True,
            )  # fmt: skip
        else:
            x = _streifenskala(gerundete, breite, stadt)(gerundete[gebiet])
            _zeichne_namen(flaeche, x, f"{name}: {eigener}")
        if lueckensatz and stadt is None:
            schreibe(
                flaeche, breite / 2, 6, lueckensatz, groesse=6.5, farbe=GRAU,
                waagerecht="center",
            )  # fmt: skip

    return als_bild(
        zeichne,
        breite_mm=breite_mm,
        hoehe_mm=18.5,
        alternativtext=_streifentext(
            titel,
            gerundete,
            (name, eigener),
            einheit,
            stellen,
            gebietswort,
            ". ".join(
                t
                for t in (
                    ""
                    if stadt is None
                    else f"Stadt: {mit_einheit(stadt, einheit, stellen)}",
                    lueckensatz,
                )
                if t
            ),
        ),
        titel=titel
        + (f" ({lueckensatz})" if lueckensatz and stadt is not None else ""),
        raster=raster,
    )


def _lueckensatz(arten: pd.Series, gebietswort: tuple[str, str]) -> str:
    """Zahl der Lücken je Art, etwa „6 Bezirke: liegt nicht vor“."""
    zahlen = {art: int((arten == art).sum()) for art in WERTART_TEXT if art != "Zahl"}
    return "; ".join(
        f"{mehrzahl(zahl, *gebietswort)}: {WERTART_TEXT[art]}"
        for art, zahl in zahlen.items()
        if zahl
    )


def _streifenskala(werte: pd.Series, breite: float, stadt: float | None) -> Skala:
    alle = [*werte, *([] if stadt is None else [stadt])]
    return Skala(float(min(alle)), float(max(alle)), 14.0, breite - 14.0)


def _zeichne_stadt(
    flaeche: "Axes", x: float, unten: float, text: str, breite: float
) -> None:
    """Senkrechter Strich an der Stelle des Stadtwerts, Zahl unter der Linie."""
    strich(flaeche, (x, unten - 7), (x, unten + 9), farbe=TINTE, staerke=1.4)
    halb = textbreite(text, 6.5) / 2
    # Neben den Zahlen an beiden Enden bleibt Platz.
    mitte = min(max(x, halb + 34), breite - halb - 34)
    schreibe(flaeche, mitte, unten - 13, text, groesse=6.5, waagerecht="center")


def _zeichne_punkte(
    flaeche: "Axes",
    werte: pd.Series,
    gebiet: str,
    unten: float,
    stellen: int,
    skala: Skala,
) -> None:
    strich(flaeche, (skala.links - 8, unten - 5), (skala.rechts + 8, unten - 5))
    for wert in dict.fromkeys((float(werte.min()), float(werte.max()))):
        schreibe(
            flaeche, skala(wert), unten - 11, zahl_text(wert, stellen=stellen),
            groesse=6.5, farbe=GRAU, waagerecht="center",
        )  # fmt: skip
    # Hunderte kleiner Punkte sehen mit acht Ecken ebenso rund aus, nur schneller.
    radius, ecken = (RADIUS, 24) if len(werte) <= VIELE else (RADIUS / 2, 8)
    ringe = [
        kreisring(x, unten + hoch, radius, ecken)
        for x, hoch in _gestapelt(werte, gebiet, skala, radius)
    ]
    vieleck(flaeche, ringe, fuellung=RUHIG, linie=TINTE, staerke=0.6, ebene=2)
    if gebiet in werte.index:
        x = skala(werte[gebiet])
        raute = [(x - 4.6, unten), (x, unten + 4.6), (x + 4.6, unten), (x, unten - 4.6)]
        vieleck(
            flaeche, [[*raute, raute[0]]], fuellung=BLAU, linie=TINTE, staerke=0.9,
            ebene=4,
        )  # fmt: skip


def _gestapelt(
    werte: pd.Series, gebiet: str, skala: Skala, radius: float
) -> list[tuple[float, float]]:
    """Lage und Höhe der übrigen Punkte; am selben Platz liegen sie übereinander."""
    weite = 2 * radius
    raute = [(skala(werte[gebiet]), 0.0)] if gebiet in werte.index else []
    lagen: list[tuple[float, float]] = []
    for wert in werte.drop(gebiet, errors="ignore").sort_values(kind="stable"):
        x = skala(float(wert))
        belegt = {round(h / weite) for lage, h in lagen if abs(lage - x) < weite}
        belegt |= {0 for lage, _ in raute if abs(lage - x) < weite}
        stufe = next(s for s in range(len(belegt) + 1) if s not in belegt)
        lagen.append((x, stufe * weite))
    return [(x, min(hoch, HOECHSTER_STAPEL)) for x, hoch in lagen]


def _zeichne_namen(flaeche: "Axes", x: float, text: str) -> None:
    """Name und Wert über der Raute, am Rand nach innen gerückt."""
    breite = flaeche.get_xlim()[1]
    kurz = gekuerzt(text, 7.5, breite - 4, fett=True)
    halb = textbreite(kurz, 7.5, fett=True) / 2
    mitte = min(max(x, halb + 2), breite - halb - 2)
    strich(flaeche, (x, 21), (x, 40), farbe=TINTE, staerke=0.7)
    schreibe(flaeche, mitte, 45, kurz, groesse=7.5, fett=True, waagerecht="center")


def _streifentext(
    titel: str,
    werte: pd.Series,
    eigener: tuple[str, str],
    einheit: str,
    stellen: int,
    gebietswort: tuple[str, str],
    lueckensatz: str,
) -> str:
    name, wert = eigener
    schluss = f" {lueckensatz}." if lueckensatz else ""
    if werte.empty:
        return f"Punktstreifen {titel}: keine Werte. {name}: {wert}.{schluss}"
    kleinster, groesster = (
        zahl_text(float(w), stellen=stellen) for w in (werte.min(), werte.max())
    )
    ende = mit_einheit(float(werte.max()), einheit, stellen).removeprefix(groesster)
    return (
        f"Punktstreifen {titel}: {mehrzahl(len(werte), *gebietswort)} mit Werten von "
        f"{kleinster} bis {groesster}{ende}. Hervorgehoben: {name}, {wert}.{schluss}"
    )
