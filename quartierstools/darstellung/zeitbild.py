"""Wie sieht dieselbe Größe in mehreren Jahren aus, mit denselben Klassen?

Ein `Zeitbild` ist eine Ebene der Karte: je Jahr ein `Klassenbild`, alle mit
denselben Klassen, dazu Intervalle und Brüche der Reihe. `differenzbild` vergleicht
zwei davon, aber nur, wo sich vergleichen lässt.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from quartierstools.darstellung.farben import UNTERSCHIED
from quartierstools.darstellung.klassenbild import Klasse, Klassenbild, luecken
from quartierstools.fehler import Ausgabefehler
from quartierstools.schreibweise import FEST, gerundet, gerundete, zahl_text

VORRANG = ("gesperrt", "nicht sinnvoll", "fehlt")
"""Welche Lücke ein Unterschied zeigt, wenn eine Seite keine Zahl hat."""
GLEICH = "3"
"""Schlüssel der mittleren Klasse eines Unterschieds."""
OHNE_FALLZAHLEN = (
    "Ohne Fallzahlen: ob ein Unterschied belastbar ist, lässt sich nicht sagen."
)
UEBERLAPPT = (
    "„Kein belastbarer Unterschied“ heißt: die Intervalle (95 Prozent) beider Werte "
    "überlappen sich."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Zeitbild:
    """Eine Ebene der Karte über mehrere Jahre.

    Attributes
    ----------
    kennung : str
        Eindeutig innerhalb der Karte, etwa „B01“.
    bilder : Mapping of str to Klassenbild
        Jahr → Bild; dieselben Klassen in jedem Jahr.
    intervalle : Mapping of str to DataFrame
        Jahr → ``unten``, ``oben`` in der Einheit der Werte; nur wo es Fallzahlen gibt.
    brueche : Mapping of str to str
        Erstes Jahr nach einem Bruch der Reihe → was sich geändert hat.
    vergleichbar : tuple of str
        Kennungen von Ebenen, die dasselbe für eine andere Gruppe messen.
    beitraege : DataFrame of str or None
        Gebiete × Merkmale: Beitrag zur Klasse in Worten, für das Profil.

    Raises
    ------
    Ausgabefehler
        Wenn sich Klassen, Einheit oder Gebiete zwischen den Jahren unterscheiden.
    """

    kennung: str
    bilder: Mapping[str, Klassenbild]
    intervalle: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    brueche: Mapping[str, str] = field(default_factory=dict)
    vergleichbar: tuple[str, ...] = ()
    beitraege: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        if not self.bilder:
            raise Ausgabefehler(f"Die Ebene „{self.kennung}“ hat kein Jahr.")
        erstes = self.neuestes
        befunde = [
            f"{jahr}: andere Klassen, Grenzen, Einheit oder Gebiete als "
            f"{self.jahre[0]}."
            for jahr, bild in sorted(self.bilder.items())
            if not _gleich_gebaut(erstes, bild)
        ]
        fremd = sorted((set(self.intervalle) | set(self.brueche)) - set(self.bilder))
        befunde += [f"{jahr}: Intervall oder Bruch ohne Werte." for jahr in fremd]
        if befunde:
            raise Ausgabefehler(
                f"Ebene „{erstes.titel}“: {' '.join(befunde)} Erwartet werden feste "
                "Klassen über alle Jahre."
            )

    @classmethod
    def aus(cls, bild: Klassenbild, *, kennung: str = "") -> "Zeitbild":
        """Ein einzelnes Klassenbild als Ebene; das Jahr folgt aus dem Stand."""
        jahr = re.search(r"\b\d{4}\b", bild.stand)
        return cls(
            kennung=kennung or bild.titel, bilder={jahr[0] if jahr else "": bild}
        )

    @property
    def jahre(self) -> tuple[str, ...]:
        """Jahre, das neueste zuerst."""
        return tuple(sorted(self.bilder, reverse=True))

    @property
    def neuestes(self) -> Klassenbild:
        """Bild des neuesten Jahres."""
        return self.bilder[self.jahre[0]]

    @property
    def titel(self) -> str:
        """Was die Ebene zeigt."""
        return self.neuestes.titel

    def bruch_zwischen(self, eines: str, anderes: str) -> str:
        """Satz, warum zwei Jahre nicht vergleichbar sind; leer, wenn sie es sind.

        Examples
        --------
        >>> from quartierstools.darstellung import wertebild
        >>> bild = wertebild(pd.Series({"10": 1.0}), titel="Anteil")
        >>> ebene = Zeitbild(kennung="x", bilder={"2023": bild, "2024": bild},
        ...                  brueche={"2024": "neues Verfahren"})
        >>> ebene.bruch_zwischen("2023", "2024")
        'neues Verfahren'
        """
        von, bis = sorted((eines, anderes))
        saetze = [s for jahr, s in sorted(self.brueche.items()) if von < jahr <= bis]
        return "; ".join(saetze)


def _gleich_gebaut(eines: Klassenbild, anderes: Klassenbild) -> bool:
    felder = ("titel", "klassen", "grenzen", "einheit", "stellen", "geordnet")
    return all(
        getattr(eines, name) == getattr(anderes, name) for name in felder
    ) and set(eines.klasse.index) == set(anderes.klasse.index)


def stufe(hoechster: int) -> int:
    """Glatte Zahl (1, 2 oder 5 mal Zehnerpotenz) bis zur Hälfte des größten Betrags.

    Examples
    --------
    >>> [stufe(n) for n in (0, 3, 9, 25, 130)]
    [1, 1, 2, 10, 50]
    """
    grenze, beste, potenz = max(hoechster // 2, 1), 1, 1
    while potenz <= grenze:
        beste = next(potenz * f for f in (5, 2, 1) if potenz * f <= grenze)
        potenz *= 10
    return beste


def differenzbild(
    eines: Zeitbild, jahr: str, anderes: Zeitbild, vergleichsjahr: str
) -> Klassenbild:
    """Unterschied je Gebiet: `eines` minus `anderes`, in fünf Klassen.

    Parameters
    ----------
    eines, anderes : Zeitbild
        Dieselbe Ebene in zwei Jahren oder zwei vergleichbare Gruppen.
    jahr, vergleichsjahr : str
        Jahre der beiden Seiten.

    Returns
    -------
    Klassenbild
        Werte in der Einheit (bei Prozent: Prozentpunkte). Überlappen sich die
        Intervalle, heißt die Klasse „kein belastbarer Unterschied“.

    Raises
    ------
    Ausgabefehler
        Wenn sich die beiden nicht vergleichen lassen, mit dem Grund.
    """
    verlange_vergleich(eines, jahr, anderes, vergleichsjahr)
    a = eines.bilder[jahr]
    b = anderes.bilder[vergleichsjahr].fuer(a.klasse.index)
    art = _gemeinsame_art(a.wertart.reindex(a.klasse.index), b.wertart)
    zehner = 10**a.stellen
    ganze = _ganze(a, art, zehner) - _ganze(b, art, zehner)
    ueberlappt = _ueberlappt(eines, jahr, anderes, vergleichsjahr, a.klasse.index)
    mit_intervall = ueberlappt is not None
    grenze = stufe(int(ganze.abs().max()) if ganze.notna().any() else 0)
    klassen = _klassen(
        grenze / zehner,
        ("gesunken", "gestiegen")
        if eines.kennung == anderes.kennung
        else ("niedriger", "höher"),
        a,
        "kein belastbarer Unterschied" if mit_intervall else "unverändert",
    )
    nummer = ganze.map(lambda d: _nummer(d, grenze), na_action="ignore")
    if ueberlappt is not None:
        nummer = nummer.mask(ueberlappt & (art == "Zahl"), GLEICH)
    return Klassenbild(
        titel=_titel(eines, jahr, anderes, vergleichsjahr),
        klasse=nummer.astype("object").where(art == "Zahl", art).rename("klasse"),
        klassen=klassen,
        wertart=art.rename("wertart"),
        werte=(ganze.astype("float64") / zehner).rename("wert"),
        einheit=unterschiedseinheit(a.einheit),
        stellen=a.stellen,
        quelle=a.quelle,
        hinweise=(UEBERLAPPT if mit_intervall else OHNE_FALLZAHLEN,),
    )


def verlange_vergleich(
    eines: Zeitbild, jahr: str, anderes: Zeitbild, vergleichsjahr: str
) -> None:
    """Bricht ab, wenn zwei Ebenen nicht vergleichbar sind.

    Raises
    ------
    Ausgabefehler
        Mit allen Gründen.
    """
    gruende = [
        f"{ebene.titel} hat kein Jahr {tag}; vorhanden: {', '.join(ebene.jahre)}."
        for ebene, tag in ((eines, jahr), (anderes, vergleichsjahr))
        if tag not in ebene.bilder
    ]
    if eines.neuestes.werte is None or anderes.neuestes.werte is None:
        gruende.append("Nur Ebenen mit Werten lassen sich voneinander abziehen.")
    if eines.kennung == anderes.kennung:
        bruch = eines.bruch_zwischen(jahr, vergleichsjahr)
        gruende += [f"Bruch in der Reihe: {bruch}."] if bruch else []
    elif anderes.kennung not in eines.vergleichbar:
        gruende.append(f"„{anderes.titel}“ misst nicht dasselbe.")
    elif jahr != vergleichsjahr:
        gruende.append("Zwei Gruppen werden nur im selben Jahr verglichen.")
    if gruende:
        raise Ausgabefehler(
            f"Kein Unterschied zwischen „{eines.titel}“ {jahr} und „{anderes.titel}“ "
            f"{vergleichsjahr}: {' '.join(gruende)}"
        )


def unterschiedseinheit(einheit: str) -> str:
    """Einheit eines Unterschieds: aus „Prozent“ werden „Prozentpunkte“."""
    return "Prozentpunkte" if einheit == "Prozent" else einheit


def _titel(eines: Zeitbild, jahr: str, anderes: Zeitbild, vergleichsjahr: str) -> str:
    if eines.kennung == anderes.kennung:
        return f"{eines.titel}: Unterschied {jahr} zu {vergleichsjahr}"
    return f"Unterschied {jahr}: {eines.titel} minus {anderes.titel}"


def _gemeinsame_art(eine: pd.Series, andere: pd.Series) -> pd.Series:
    art = pd.Series("Zahl", index=eine.index)
    for luecke in reversed(VORRANG):
        art = art.mask((eine == luecke) | (andere == luecke), luecke)
    return art


def _ganze(bild: Klassenbild, art: pd.Series, zehner: int) -> pd.Series:
    """Gedruckte Werte als ganze Zahlen ihrer letzten Stelle."""
    werte = pd.Series(bild.werte).reindex(art.index).where(art == "Zahl")
    return werte.map(
        lambda wert: int(gerundet(float(wert), bild.stellen) * zehner),
        na_action="ignore",
    ).astype("Int64")


def _nummer(unterschied: int, grenze: int) -> str:
    if unterschied == 0:
        return GLEICH
    weit = abs(unterschied) > grenze
    if unterschied < 0:
        return "1" if weit else "2"
    return "5" if weit else "4"


def _ueberlappt(
    eines: Zeitbild,
    jahr: str,
    anderes: Zeitbild,
    vergleichsjahr: str,
    gebiete: pd.Index,
) -> pd.Series | None:
    """Ob sich die gedruckten Intervalle überlappen; None ohne Fallzahlen."""
    if jahr not in eines.intervalle or vergleichsjahr not in anderes.intervalle:
        return None
    stellen = eines.neuestes.stellen
    a = gerundete_grenzen(eines.intervalle[jahr].reindex(gebiete), stellen)
    b = gerundete_grenzen(anderes.intervalle[vergleichsjahr].reindex(gebiete), stellen)
    return (a["unten"] <= b["oben"]) & (b["unten"] <= a["oben"])


def gerundete_grenzen(intervall: pd.DataFrame, stellen: int) -> pd.DataFrame:
    """Intervallgrenzen mit genau den Stellen, die gezeigt werden."""
    runde = intervall[["unten", "oben"]].astype("float64")
    return runde.apply(
        lambda reihe: pd.Series(
            gerundete(reihe.tolist(), stellen), index=reihe.index, dtype="float64"
        )
    )


def _klassen(
    schritt: float, worte: tuple[str, str], bild: Klassenbild, mitte: str
) -> tuple[Klasse, ...]:
    einheit = unterschiedseinheit(bild.einheit)
    mass = zahl_text(schritt, stellen=bild.stellen)
    mass += f"{FEST}{einheit}" if einheit == "Prozentpunkte" else ""
    tiefer, hoeher = worte
    texte = (
        f"um mehr als {mass} {tiefer}",
        f"um bis zu {mass} {tiefer}",
        mitte,
        f"um bis zu {mass} {hoeher}",
        f"um mehr als {mass} {hoeher}",
    )
    eigene = tuple(
        Klasse(schluessel=str(n), text=text, farbe=farbe, muster=muster, zeichen=z)
        for n, (text, (farbe, muster, z)) in enumerate(
            zip(texte, UNTERSCHIED, strict=True), start=1
        )
    )
    return (*eigene, *luecken())
