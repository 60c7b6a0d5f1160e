"""Worauf ruht eine Zahl im Text? Belege und das Mitschreiben der Quellen."""

import hashlib
import re
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from quartierstools.dokument import Inhalt, Textstueck, inhalt
from quartierstools.geheimhaltung import Freigabe, Zelle
from quartierstools.katalog import Aussage, Indikator, Quelle
from quartierstools.schreibweise import (
    FEST,
    WERTART_TEXT,
    datum_text,
    gerundet,
    mehrzahl,
    prozent_text,
    zahl_text,
)

ZAHL_IM_TEXT = re.compile(r"(?<![\w.,])\d+(?:\.\d{3})*(?:,\d+)?(?![\w])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beleg:
    """Eine gedruckte Zahl und ihre Herkunft.

    Attributes
    ----------
    art : str
        ``wert`` (Zelle des Bestands), ``einzelwert`` (veröffentlicht),
        ``rechnung`` (aus Werten gerechnet), ``aussage`` (Satz eines Menschen mit
        Quelle).
    text : str
        Die Zahl, wie sie gedruckt ist.
    was : str
        Worum es geht: Größe und Gebiet.
    wert, einheit, rundung : str
        Gedruckter Wert in der Einheit des Indikators und wie er gerundet ist.
    ort : str
        Name des Gebiets.
    vergleich : str
        Womit verglichen wird, etwa „30 Bezirke“.
    formel : str
        Rechenweg einer Rechnung: ``median``, ``mittel``, ``anzahl`` …
    eingaben : tuple of str
        Woraus gerechnet ist: Kennungen anderer Belege oder ``datei:zeilen``.
    """

    art: str
    text: str
    was: str
    wert: str = ""
    einheit: str = ""
    rundung: str = ""
    ort: str = ""
    vergleich: str = ""
    formel: str = ""
    eingaben: tuple[str, ...] = ()
    stichtag: str = ""
    quelle: str = ""
    fundstelle: str = ""
    gebiet: str = ""
    indikator: str = ""
    datei: str = ""
    zeile: int = 0
    pruefsumme: str = ""

    @property
    def kennung(self) -> str:
        """Kurze Kennung aus den Feldern mit Inhalt."""
        felder = sorted((k, v) for k, v in asdict(self).items() if v)
        teile = "\x1f".join(f"{name}={wert}" for name, wert in felder)
        return hashlib.sha256(teile.encode()).hexdigest()[:12]

    def als_eintrag(self) -> dict[str, str | int | list[str]]:
        """Felder mit Inhalt, für das Manifest."""
        felder = asdict(self) | {"eingaben": list(self.eingaben)}
        return {"kennung": self.kennung} | {k: v for k, v in felder.items() if v}


def wert_text(
    wert: float | None,
    indikator: Indikator,
    *,
    wertart: str = "Zahl",
    kurz: bool = False,
) -> str:
    """Wert in der Schreibweise seines Indikators oder das Wort für die Lücke.

    Examples
    --------
    >>> b01 = Indikator(id="B01", bezeichnung="Arbeitslosenanteil",
    ...                 zaehler="Arbeitslose", dimension="arbeit", lieferant="BA")
    >>> wert_text(0.121, b01, kurz=True) == "12,1\u00a0%"
    True
    >>> wert_text(None, b01, wertart="fehlt")
    'liegt nicht vor'
    """
    if wert is None or wertart != "Zahl":
        return WERTART_TEXT.get(wertart, wertart)
    if indikator.einheit == "prozent":
        return prozent_text(wert, stellen=indikator.stellen, kurz=kurz)
    text = zahl_text(wert, stellen=indikator.stellen)
    zusatz = {"prozentpunkte": "Prozentpunkte", "je_1000": "je 1.000"}
    einheit = zusatz.get(indikator.einheit, "")
    return f"{text}{FEST}{einheit}" if einheit else text


def druckstellen(indikator: Indikator) -> int:
    """Nachkommastellen des Rohwerts, auf die gedruckt wird."""
    return indikator.stellen + (2 if indikator.einheit == "prozent" else 0)


def rundung_text(stellen: int) -> str:
    """Regel, nach der eine gedruckte Zahl gerundet ist.

    Examples
    --------
    >>> rundung_text(1), rundung_text(0)
    ('kaufmännisch auf 1 Stelle', 'kaufmännisch auf ganze Zahlen')
    """
    if stellen <= 0:
        return "kaufmännisch auf ganze Zahlen"
    return f"kaufmännisch auf {mehrzahl(stellen, 'Stelle', 'Stellen')}"


def zeilen_text(zeilen: Iterable[int]) -> str:
    """Zeilennummern als kurze Spannen.

    Examples
    --------
    >>> zeilen_text([7, 3, 4, 5, 9])
    '3-5,7,9'
    """
    spannen: list[list[int]] = []
    for zeile in sorted(set(zeilen)):
        if spannen and zeile == spannen[-1][1] + 1:
            spannen[-1][1] = zeile
        else:
            spannen.append([zeile, zeile])
    return ",".join(f"{a}-{b}" if a != b else f"{a}" for a, b in spannen)


def stichtag_text(zelle: Zelle) -> str:
    """Stichtag mit Güte: belegt, angenommen oder unbekannt.

    Examples
    --------
    >>> from datetime import date
    >>> z = Zelle(gebiet="24", indikator="B01", stichtag=date(2023, 12, 31), wert=0.1,
    ...           wertart="Zahl", stichtag_belegt="nein")
    >>> stichtag_text(z)
    '31.12.2023 (angenommen)'
    """
    if zelle.stichtag_belegt == "unbekannt":
        return "Stichtag unbekannt"
    zusatz = "" if zelle.stichtag_belegt == "ja" else " (angenommen)"
    return datum_text(zelle.stichtag) + zusatz


class Niederschrift:
    """Schreibt mit, welche Belege und Quellen ein Text benutzt.

    Quellen werden in der Reihenfolge ihres Auftretens nummeriert.

    Parameters
    ----------
    freigabe : Freigabe
        Aus ihr stammen alle Werte.
    """

    def __init__(self, freigabe: Freigabe) -> None:
        self._freigabe = freigabe
        self._belege: dict[str, Beleg] = {}
        self._quellen: dict[str, tuple[str, list[str]]] = {}

    @property
    def belege(self) -> tuple[Beleg, ...]:
        """Belege in der Reihenfolge ihres Auftretens."""
        return tuple(self._belege.values())

    def _merke(self, beleg: Beleg) -> str:
        self._belege[beleg.kennung] = beleg
        return beleg.kennung

    def _nummer(self, schluessel: str, text: str, fundstelle: str = "") -> str:
        _, stellen = self._quellen.setdefault(schluessel, (text, []))
        if fundstelle and fundstelle not in stellen:
            stellen.append(fundstelle)
        return f"[{list(self._quellen).index(schluessel) + 1}]"

    def quelle(self, quelle: Quelle, indikator: str = "") -> str:
        """Verweis wie ``[1]`` auf eine Quelle des Katalogs."""
        fundstelle = quelle.fundstellen.get(indikator, "")
        return self._nummer(quelle.id, quelle.zitat, fundstelle)

    def eigene_rechnung(self) -> str:
        """Verweis auf die eigene Rechnung."""
        return self._nummer("rechnung", "eigene Rechnung, Anlage Tabellen")

    def zelle(self, zelle: Zelle, *, kurz: bool = False) -> Textstueck:
        """Gedruckter Wert mit Beleg; Lücken als Wort ohne Beleg."""
        indikator = self._freigabe.katalog.indikatoren[zelle.indikator]
        text = wert_text(zelle.wert, indikator, wertart=zelle.wertart, kurz=kurz)
        if zelle.wert is None or zelle.quelle is None:
            return Textstueck(text)
        beleg = Beleg(
            art="wert",
            text=text,
            was=f"{indikator.bezeichnung}, {self.ortsname(zelle.gebiet)}",
            wert=str(gerundet(zelle.wert, druckstellen(indikator))),
            einheit=indikator.einheit,
            rundung=rundung_text(indikator.stellen),
            ort=self.ortsname(zelle.gebiet),
            stichtag=stichtag_text(zelle),
            quelle=zelle.quelle.id,
            fundstelle=zelle.quelle.fundstellen.get(zelle.indikator, ""),
            gebiet=zelle.gebiet,
            indikator=zelle.indikator,
            datei=zelle.datei,
            zeile=zelle.zeile,
            pruefsumme=self._freigabe.pruefsummen.get(zelle.datei, ""),
        )
        return Textstueck(text, belege=(self._merke(beleg),))

    def ortsname(self, schluessel: str) -> str:
        """Name eines Gebiets, Stadtbezirks oder der Stadt."""
        for tabelle in (self._freigabe.gebiete, self._freigabe.stadtbezirke):
            if schluessel in tabelle.index:
                return str(tabelle.loc[schluessel, "name"])
        return self._freigabe.katalog.projekt.stadt

    def rechnung(
        self,
        text: str,
        was: str,
        *,
        indikator: str = "",
        formel: str = "",
        gebiet: str = "",
        eingaben: tuple[str, ...] = (),
    ) -> Textstueck:
        """Gerechnete Zahl (Median, Anzahl, Haltbarkeit) mit Beleg.

        Parameters
        ----------
        indikator : str, default=""
            Aus dessen Gebietswerten gerechnet ist; daraus folgen Stichtag, Quelle
            und Eingaben.
        formel : str, default=""
            Rechenweg, etwa ``median``.
        gebiet : str, default=""
            Gebiet, von dem die Rechnung handelt.
        eingaben : tuple of str, default=()
            Kennungen anderer Belege oder ``datei:zeilen``.
        """
        beleg = Beleg(
            art="rechnung",
            text=text,
            was=was,
            indikator=indikator,
            formel=formel,
            gebiet=gebiet,
            ort=self.ortsname(gebiet) if gebiet else "",
        )
        if indikator:
            beleg = replace(beleg, **herkunft(self._freigabe, indikator))
        if eingaben:
            beleg = replace(beleg, eingaben=eingaben)
        return Textstueck(text, belege=(self._merke(beleg),))

    def einzelwert(self, kennung: str) -> tuple[Textstueck, str]:
        """Veröffentlichter Einzelwert als Text und sein Quellenverweis."""
        roh_zeile = self._freigabe.einzelwerte.loc[kennung]
        zeile = {str(k): str(v) for k, v in roh_zeile.items()}
        einheit = {"%": "Prozent", "Personen": "", "Anzahl": ""}.get(
            zeile["einheit"], zeile["einheit"]
        )
        roh = zeile["wert"]
        zahl = zahl_text(int(roh)) if roh.isdigit() else roh
        text = f"{zahl}{FEST}{einheit}" if einheit else zahl
        beleg = Beleg(
            art="einzelwert",
            text=text,
            was=f"{zeile['bezeichnung']}, {self.ortsname(zeile['gebiet'])}",
            stichtag=zeile["stichtag"],
            quelle=zeile["quelle"],
            fundstelle=zeile["fundstelle"],
            gebiet=zeile["gebiet"],
            ort=self.ortsname(zeile["gebiet"]),
            wert=roh,
            einheit=zeile["einheit"],
            datei="einzelwerte.csv",
            zeile=int(zeile["zeile"]),
            pruefsumme=self._freigabe.pruefsummen.get("einzelwerte.csv", ""),
        )
        nummer = self._nummer(f"einzelwert {zeile['quelle']}", zeile["quelle"])
        return Textstueck(text, belege=(self._merke(beleg),)), nummer

    def aussage(self, aussage: Aussage) -> Inhalt:
        """Satz eines Menschen; jede Zahl darin wird ein Beleg mit seiner Quelle."""
        if not aussage.quelle:
            return inhalt(aussage.text)
        quelle = self._freigabe.katalog.quellen[aussage.quelle]
        kennungen = tuple(
            self._merke(
                Beleg(art="aussage", text=zahl, was=aussage.text, quelle=quelle.id)
            )
            for zahl in ZAHL_IM_TEXT.findall(aussage.text)
        )
        verweis = f" {self.quelle(quelle)}"
        return (Textstueck(aussage.text, belege=kennungen), Textstueck(verweis))

    def quellenliste(self) -> Inhalt:
        """„[1] … · [2] …“ in der Reihenfolge der Verweise."""
        teile = [
            f"[{n}] {_mit_fundstellen(text, stellen)}"
            for n, (text, stellen) in enumerate(self._quellen.values(), 1)
        ]
        return inhalt(" · ".join(teile))


def herkunft(freigabe: Freigabe, indikator: str) -> dict[str, Any]:
    """Stichtag, Quelle, Datei und Zeilen der Gebietswerte eines Indikators.

    Returns
    -------
    dict
        Felder eines `Beleg`; leer, wenn es keine Werte gibt.
    """
    tag = freigabe.stichtag(indikator)
    da = freigabe.wertarten(indikator) == "Zahl"
    if tag is None or not da.any():
        return {}
    muster = freigabe.zelle(str(da.index[da][0]), indikator)
    groesse = freigabe.katalog.indikatoren[indikator]
    zeilen = freigabe.zeilennummern(indikator)
    return {
        "einheit": groesse.einheit,
        "rundung": rundung_text(groesse.stellen),
        "stichtag": stichtag_text(muster),
        "quelle": muster.quelle.id if muster.quelle else "",
        "fundstelle": muster.quelle.fundstellen.get(indikator, "")
        if muster.quelle
        else "",
        "datei": muster.datei,
        "pruefsumme": freigabe.pruefsummen.get(muster.datei, ""),
        "vergleich": mehrzahl(
            int(da.sum()),
            freigabe.katalog.projekt.ebene.kurz,
            freigabe.katalog.projekt.ebene.kurz_mehrere,
        ),
        "eingaben": tuple(f"{d}:{zeilen_text(z)}" for d, z in sorted(zeilen.items())),
    }


def _nummer(stelle: str) -> tuple[int, str]:
    """Ordnet „2“ vor „10“ und Worte dahinter."""
    return (int(stelle), "") if stelle.isdecimal() else (sys.maxsize, stelle)


def _mit_fundstellen(zitat: str, stellen: list[str]) -> str:
    """Fügt die Fundstellen hinter dem Titel ein, gleiche Anfänge nur einmal."""
    if not stellen:
        return zitat
    anfang = stellen[0].rpartition(" ")[0]
    gleich = sorted((s.removeprefix(f"{anfang} ") for s in stellen), key=_nummer)
    zusammen = all(s.startswith(f"{anfang} ") for s in stellen)
    text = (
        f"{anfang} {', '.join(gleich)}" if zusammen and anfang else ", ".join(stellen)
    )
    kopf, trenner, rest = zitat.partition(", mittelbar")
    return f"{kopf}, {text}{trenner}{rest}"
