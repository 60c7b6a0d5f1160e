"""Welche Werte in welchen Klassen? Karte, Legende, Tabelle und Text lesen dasselbe.

Ein `Klassenbild` trägt je Gebiet eine Klasse mit Wort, Farbe, Muster und Zeichen.
„liegt nicht vor“, „gesperrt“ und „nicht sinnvoll“ sind eigene Klassen und nie
eine Zahl.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from quartierstools.darstellung.farben import LUECKEN, Blick
from quartierstools.fehler import Ausgabefehler, Gebietsfehler
from quartierstools.schreibweise import FEST, WERTART_TEXT, zahl_text

GENANNT = 10
"""So viele Gebiete nennt eine Fehlermeldung."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Klasse:
    """Ein Eintrag der Legende.

    Attributes
    ----------
    schluessel : str
        Kennung innerhalb des Bildes.
    text : str
        Wort oder Bereich, wie er in Legende, Tabelle und Text steht.
    farbe : str
        ``#rrggbb``.
    muster : str
        Name aus `farben.MUSTER`.
    zeichen : str
        Kurzes Zeichen in der Fläche („3“, „B“, „…“).
    wertart : str
        ``Zahl`` oder die Art der Lücke.
    """

    schluessel: str
    text: str
    farbe: str
    muster: str = "voll"
    zeichen: str = ""
    wertart: str = "Zahl"


def luecken() -> tuple[Klasse, ...]:
    """Die drei Klassen ohne Zahl.

    Examples
    --------
    >>> [k.text for k in luecken()]
    ['liegt nicht vor', 'gesperrt', 'nicht sinnvoll']
    """
    return tuple(
        Klasse(
            schluessel=art,
            text=WERTART_TEXT[art],
            farbe=luecke.farbe,
            muster=luecke.muster,
            zeichen=luecke.zeichen,
            wertart=art,
        )
        for art, luecke in LUECKEN.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Klassenbild:
    """Klassen je Gebiet samt Wörtern, Farben, Werten und Lücken.

    Attributes
    ----------
    titel : str
        Was gezeigt wird, etwa „Arbeitslosenanteil“.
    klasse : Series of str, Index ``gebiet``
        Schlüssel der Klasse jedes Gebiets.
    klassen : tuple of Klasse
        Alle Klassen in der Reihenfolge der Legende, Lücken zuletzt.
    wertart : Series of str
        ``Zahl``, ``gesperrt``, ``fehlt`` oder ``nicht sinnvoll``.
    werte : Series of float or None
        Werte in `einheit`, fehlend wo `wertart` keine Zahl ist. None, wenn nur
        die Klasse gezeigt wird (etwa beim Bedarfsindex in der öffentlichen
        Fassung).
    grenzen : tuple of float or None
        Innere Klassengrenzen, wenn die Klasse allein aus dem Wert folgt.
    einheit, stellen
        Wie ein Wert geschrieben wird: „12,1 Prozent“.
    blick : str
        ``bedarf``, ``potential`` oder ``neutral``.
    geordnet : bool
        False bei Typen.
    stand, quelle : str
        Stichtag und Quelle, wie sie unter der Legende stehen.
    zusatz : Series of str or None
        Ein weiterer Text je Gebiet, etwa die Haltbarkeit der Klasse; leer bei
        Lücken.
    zusatz_titel : str
        Spaltenkopf dazu.
    gruppe : str
        Überschrift in der Ebenenwahl der Karte.
    hinweise : tuple of str
        Sätze unter der Legende.

    Raises
    ------
    Gebietsfehler
        Wenn Klassen, Werte und Wertarten nicht dieselben Gebiete haben.
    Ausgabefehler
        Wenn eine Klasse fehlt oder eine Lücke einen Wert trägt.
    """

    titel: str
    klasse: pd.Series
    klassen: tuple[Klasse, ...]
    wertart: pd.Series
    werte: pd.Series | None = None
    grenzen: tuple[float, ...] | None = None
    einheit: str = ""
    stellen: int = 1
    blick: Blick = "neutral"
    geordnet: bool = True
    stand: str = ""
    quelle: str = ""
    zusatz: pd.Series | None = None
    zusatz_titel: str = ""
    gruppe: str = ""
    hinweise: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        pruefe_index(self.klasse.index, f"Klassenbild „{self.titel}“")
        for name, reihe in self._reihen().items():
            gleiche_gebiete(
                self.klasse.index,
                reihe.index,
                was=f"Klassenbild „{self.titel}“",
                links="ohne Klasse",
                rechts=f"ohne {name}",
            )
        self._pruefe_klassen()
        self._pruefe_luecken()

    def _reihen(self) -> dict[str, pd.Series]:
        reihen = {"Wertart": self.wertart, "Wert": self.werte, "Zusatz": self.zusatz}
        return {name: reihe for name, reihe in reihen.items() if reihe is not None}

    def _pruefe_klassen(self) -> None:
        bekannt = [k.schluessel for k in self.klassen]
        doppelt = sorted({k for k in bekannt if bekannt.count(k) > 1})
        fremd = sorted({str(k) for k in self.klasse.unique()} - set(bekannt))
        if doppelt or fremd:
            raise Ausgabefehler(
                f"Klassenbild „{self.titel}“: doppelte Klassen {doppelt}, Klassen "
                f"ohne Eintrag {fremd}. Erwartet wird jede Klasse genau einmal mit "
                f"Text; vorhanden sind {bekannt}."
            )

    def _pruefe_luecken(self) -> None:
        arten = {k.schluessel: k.wertart for k in self.klassen}
        wertart = self.wertart.reindex(self.klasse.index)
        schief = self.klasse.index[self.klasse.map(arten) != wertart]
        if len(schief):
            raise Ausgabefehler(
                f"Klassenbild „{self.titel}“: Klasse und Wertart widersprechen sich "
                f"bei {genannt(schief)}. Lücken brauchen ihre eigene Klasse."
            )
        luecke = self.klasse.index[wertart != "Zahl"]
        trotzdem: list[str] = []
        if self.werte is not None:
            trotzdem += self.werte[luecke].dropna().index.to_list()
        if self.zusatz is not None:
            trotzdem += [g for g in luecke if self.zusatz[g]]
        if trotzdem:
            raise Ausgabefehler(
                f"Klassenbild „{self.titel}“: Bei {genannt(trotzdem)} "
                "steht ein Wert oder Zusatz, obwohl die Wertart keine Zahl ist. "
                "Solche Werte dürfen nicht in die Darstellung; bitte vorher sperren."
            )

    @property
    def anzahlen(self) -> dict[str, int]:
        """Zahl der Gebiete je Klasse, auch 0, in der Reihenfolge der Legende."""
        gezaehlt = self.klasse.value_counts()
        return {k.schluessel: int(gezaehlt.get(k.schluessel, 0)) for k in self.klassen}

    @property
    def legende(self) -> tuple[Klasse, ...]:
        """Einträge der Legende: alle Klassen, Lücken nur, wenn es sie gibt."""
        anzahlen = self.anzahlen
        return tuple(
            k for k in self.klassen if k.wertart == "Zahl" or anzahlen[k.schluessel]
        )

    @property
    def kopf(self) -> str:
        """Überschrift der Legende; nennt die Einheit, wenn die Klassen sie nicht tun.

        Examples
        --------
        >>> from quartierstools.darstellung import wertebild
        >>> wertebild(pd.Series({"10": 228.0}), titel="Alt-Jung-Quotient", stellen=0,
        ...           grenzen=[200], einheit="je 100 unter 18-Jährige").kopf
        'Alt-Jung-Quotient, je 100 unter 18-Jährige'
        """
        steht_da = any(self.einheit in klasse.text for klasse in self.klassen)
        return self.titel if steht_da else f"{self.titel}, {self.einheit}"

    def fuer(self, gebiete: pd.Index) -> "Klassenbild":
        """Dasselbe Bild, genau in der Reihenfolge von `gebiete`.

        Raises
        ------
        Gebietsfehler
            Wenn ein Gebiet keine Klasse oder eine Klasse kein Gebiet hat; die
            Meldung nennt beide Seiten.
        """
        reihen = (self.klasse, *self._reihen().values())
        if all(reihe.index.equals(gebiete) for reihe in reihen):
            return self
        gleiche_gebiete(
            gebiete,
            self.klasse.index,
            was=f"Karte und Klassenbild „{self.titel}“",
            links="ohne Fläche",
            rechts="ohne Klasse",
        )
        zusatz = None if self.zusatz is None else self.zusatz.reindex(gebiete)
        return replace(
            self,
            klasse=self.klasse.reindex(gebiete),
            wertart=self.wertart.reindex(gebiete),
            werte=None if self.werte is None else self.werte.reindex(gebiete),
            zusatz=zusatz,
        )

    def klasse_von(self, gebiet: str) -> Klasse:
        """Legendeneintrag eines Gebiets."""
        schluessel = self.klasse[gebiet]
        return next(k for k in self.klassen if k.schluessel == schluessel)

    def wert_text(self, gebiet: str) -> str:
        """Geschriebener Wert oder die Aussage der Lücke; ohne Werte das Klassenwort.

        Examples
        --------
        >>> from quartierstools.darstellung import wertebild
        >>> bild = wertebild(pd.Series({"10": 12.1}), titel="Anteil", grenzen=[5],
        ...                  einheit="Prozent")
        >>> bild.wert_text("10") == "12,1\u00a0Prozent"
        True
        """
        klasse = self.klasse_von(gebiet)
        if klasse.wertart != "Zahl" or self.werte is None:
            return klasse.text
        return mit_einheit(self.werte[gebiet], self.einheit, self.stellen)

    def aussage(self, gebiet: str) -> str:
        """Wert und Klasse in Worten, wie Karte und Tabelle sie vorlesen."""
        klasse = self.klasse_von(gebiet)
        if klasse.wertart == "Zahl" and not self.geordnet:
            benannt = f" {klasse.zeichen}: " in klasse.text
            return klasse.text if benannt else f"Typ {klasse.zeichen}: {klasse.text}"
        if klasse.wertart != "Zahl" or self.werte is None:
            return klasse.text
        return f"{self.wert_text(gebiet)}, Klasse {klasse.zeichen}: {klasse.text}"


def mit_einheit(wert: float, einheit: str, stellen: int) -> str:
    """Zahl und Einheit, durch ein geschütztes Leerzeichen verbunden.

    Examples
    --------
    >>> mit_einheit(12.05, "Prozent", 1) == "12,1\u00a0Prozent"
    True
    """
    zahl = zahl_text(wert, stellen=stellen)
    return f"{zahl}{FEST}{einheit}" if einheit else zahl


def genannt(gebiete: Sequence[str] | pd.Index) -> str:
    """Schlüssel für eine Meldung, höchstens zehn."""
    alle = sorted({str(g) for g in gebiete})
    rest = len(alle) - GENANNT
    return ", ".join(alle[:GENANNT]) + (f" … und {rest} weitere" if rest > 0 else "")


def pruefe_index(index: pd.Index, was: str) -> None:
    """Verlangt eindeutige Schlüssel aus Text.

    Raises
    ------
    Gebietsfehler
        Wenn ein Schlüssel doppelt oder keine Zeichenkette ist.
    """
    keine_texte = [repr(g) for g in index.tolist() if not isinstance(g, str)]
    doppelt = index[index.duplicated()]
    if keine_texte:
        raise Gebietsfehler(
            f"{was}: Gebietsschlüssel müssen Text sein, nicht {keine_texte[:GENANNT]}. "
            'Bitte mit führenden Nullen als Text lesen (dtype="str").'
        )
    if len(doppelt):
        raise Gebietsfehler(f"{was}: Gebiete stehen mehrfach da: {genannt(doppelt)}.")


def gleiche_gebiete(
    erwartet: pd.Index, erhalten: pd.Index, *, was: str, links: str, rechts: str
) -> None:
    """Verlangt dieselben Gebiete auf beiden Seiten, die Reihenfolge ist egal.

    Raises
    ------
    Gebietsfehler
        Mit beiden Seiten: was nur `erhalten` kennt (`links`) und was nur
        `erwartet` kennt (`rechts`).
    """
    pruefe_index(erhalten, was)
    ueberzaehlig = erhalten.difference(erwartet)
    fehlend = erwartet.difference(erhalten)
    if len(ueberzaehlig) or len(fehlend):
        teile = [
            f"{len(menge)} {wort} ({genannt(menge)})"
            for menge, wort in ((fehlend, rechts), (ueberzaehlig, links))
            if len(menge)
        ]
        raise Gebietsfehler(
            f"{was} passen nicht zusammen: {'; '.join(teile)}. Erwartet werden auf "
            "beiden Seiten dieselben Gebiete; Lücken als „fehlt“ eintragen."
        )
