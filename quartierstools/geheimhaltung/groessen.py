"""Was zählt dasselbe, was ergibt sich woraus? Zählungen und ihre Gleichungen.

Jede Zeile des Bestands nennt bis zu zwei Zählungen (Zähler, Nenner). Dieselbe
Zählung kann in mehreren Indikatoren stehen; Gebiete ergeben Stadtbezirk und
Stadt, Teilgruppen ein Ganzes. Aus diesem Wissen rechnen beide: wer sperrt und
wer angreift.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from quartierstools.katalog.regelmodelle import Partition

Schluessel = tuple[str, str, str, str]
"""Zählung, Ebene, Gebiet, Stichtag."""

VERHAELTNISSE: Mapping[str, float] = {"prozent": 1.0, "je_1000": 1000.0}
"""Einheiten, deren Wert Zähler durch Nenner ist, und ihr Faktor."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aufbau:
    """Öffentlich bekannter Aufbau der Zahlen.

    Attributes
    ----------
    stadtbezirk : Series
        Stadtbezirk je Gebiet.
    einheiten : Mapping
        Einheit je Indikator.
    partitionen : tuple of Partition
        Wie Zählungen zusammenhängen.
    """

    stadtbezirk: "pd.Series[str]"
    einheiten: Mapping[str, str]
    partitionen: tuple[Partition, ...] = ()


@dataclass(frozen=True, slots=True)
class Gleichung:
    """Summe über `terme` liegt zwischen `unten` und `oben`."""

    terme: tuple[tuple[Schluessel, float], ...]
    unten: float = 0.0
    oben: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groessen:
    """Zählungen eines Bestands und was über sie bekannt ist.

    Attributes
    ----------
    zaehler, nenner : tuple of (Schluessel or None)
        Zählungen je Zeile des Bestands, in dessen Reihenfolge.
    werte : Mapping
        Ausgewiesener Wert je Zählung, None, wo keiner steht.
    gleichungen : tuple of Gleichung
        Hierarchie, Partitionen und anderswo Veröffentlichtes.
    teilmengen : tuple of (Schluessel, Schluessel)
        Teil und Ganzes.
    anteile : tuple of (Schluessel, Schluessel, float, float)
        Zähler, Nenner und die Grenzen ihres gerundeten Verhältnisses.
    widersprueche : tuple of str
        Partitionen, denen die Zahlen widersprechen; sie gelten nicht.
    """

    zaehler: tuple[Schluessel | None, ...]
    nenner: tuple[Schluessel | None, ...]
    werte: Mapping[Schluessel, int | None]
    gleichungen: tuple[Gleichung, ...]
    teilmengen: tuple[tuple[Schluessel, Schluessel], ...]
    anteile: tuple[tuple[Schluessel, Schluessel, float, float], ...]
    widersprueche: tuple[str, ...]


def groessen(
    werte: pd.DataFrame, aufbau: Aufbau, *, anderswo: pd.DataFrame | None = None
) -> Groessen:
    """Zählungen und Gleichungen eines Bestands oder einer Veröffentlichung.

    Parameters
    ----------
    werte : DataFrame
        Spalten `ebene`, `gebiet`, `indikator`, `stichtag`, `wert`, `wertart`,
        `zaehler`, `nenner`.
    aufbau : Aufbau
        Stadtbezirke, Einheiten, Partitionen.
    anderswo : DataFrame, default=None
        Aussagen anderer Stellen: je Zeile ein Glied mit `aussage`, `ebene`,
        `gebiet`, `indikator`, `stichtag`, `groesse` (``zaehler``/``nenner``),
        `gewicht`, `wert` und `toleranz` der ganzen Aussage.
    """
    einheiten = aufbau.einheiten
    namen = _namen(werte, einheiten, aufbau.partitionen)
    einheit = werte["indikator"].map(einheiten)
    zahlen = _zahlen(werte, (einheit == "anzahl").tolist())
    oben: list[Schluessel | None] = []
    unten: list[Schluessel | None] = []
    bekannt: dict[Schluessel, int | None] = {}
    for (ebene, gebiet, indikator, tag), einer, paar in zip(
        _kennungen(werte), einheit, zahlen, strict=True
    ):
        zaehlt = einer in VERHAELTNISSE or einer == "anzahl" or paar[0] is not None
        z = (namen[(indikator, "zaehler", tag)], ebene, gebiet, tag)
        n = (namen[(indikator, "nenner", tag)], ebene, gebiet, tag)
        oben.append(z if zaehlt else None)
        unten.append(n if zaehlt and einer != "anzahl" else None)
        for schluessel, zahl in zip((oben[-1], unten[-1]), paar, strict=True):
            if schluessel and (zahl is not None or schluessel not in bekannt):
                bekannt[schluessel] = zahl
    anteile = _anteile(werte, einheit, oben, unten)
    anteile += _aus_differenzen(werte, aufbau.partitionen, oben, unten)
    sammlung = _Sammlung(bekannt, aufbau.stadtbezirk)
    sammlung.hierarchie()
    widersprueche = sammlung.partitionen(aufbau.partitionen, namen)
    if anderswo is not None:
        sammlung.anderswo(anderswo, namen)
    koepfe = [
        (z, n)
        for z, n, e in zip(oben, unten, einheit, strict=True)
        if e == "prozent" and z and n
    ]
    return Groessen(
        zaehler=tuple(oben),
        nenner=tuple(unten),
        werte=sammlung.bekannt,
        gleichungen=tuple(sammlung.gleichungen),
        teilmengen=tuple(dict.fromkeys([*koepfe, *sammlung.teilmengen])),
        anteile=tuple(anteile),
        widersprueche=tuple(widersprueche),
    )


def _kennungen(werte: pd.DataFrame) -> Iterable[tuple[str, str, str, str]]:
    spalten = ("ebene", "gebiet", "indikator", "stichtag")
    return zip(*(werte[s].astype(str) for s in spalten), strict=True)


def _zahlen(
    werte: pd.DataFrame, ist_anzahl: Sequence[bool]
) -> list[tuple[int | None, int | None]]:
    """Zähler und Nenner je Zeile; bei Anzahlen ist der Wert der Zähler."""
    zeilen = zip(
        werte["wertart"],
        werte["wert"],
        werte["zaehler"],
        werte["nenner"],
        ist_anzahl,
        strict=True,
    )
    ergebnis: list[tuple[int | None, int | None]] = []
    for art, wert, zaehler, nenner, anzahl in zeilen:
        z = None if pd.isna(zaehler) else int(zaehler)
        if anzahl and z is None and art == "Zahl" and not pd.isna(wert):
            z = round(float(wert))
        ergebnis.append((z, None if pd.isna(nenner) else int(nenner)))
    return ergebnis


def _namen(
    werte: pd.DataFrame,
    einheiten: Mapping[str, str],
    partitionen: Sequence[Partition],
) -> dict[tuple[str, str, str], str]:
    """Name der Zählung je Indikator, Art und Stichtag.

    „gleich“ gilt je Stichtag nur, wenn keine gelieferte Zahl dagegen spricht.
    """
    gelesen = _gelesen(werte, einheiten)
    vorhanden = sorted({(i, t) for _, _, i, t in _kennungen(werte)})
    namen = {
        (indikator, art, tag): f"{indikator}.{art}"
        for indikator, tag in vorhanden
        for art in ("zaehler", "nenner")
    }
    for partition in (p for p in partitionen if p.art == "gleich"):
        for tag in sorted({t for _, t in vorhanden}):
            gemeinsam: dict[tuple[str, str], int] = {}
            for name in (partition.ganzes, *partition.teile):
                indikator, _, art = name.partition(".")
                eigene = gelesen.get((indikator, art, tag), {})
                stimmt = all(gemeinsam.get(o, z) == z for o, z in eigene.items())
                if stimmt and (indikator, art, tag) in namen:
                    namen[(indikator, art, tag)] = partition.ganzes
                    gemeinsam |= eigene
    return namen


def _gelesen(
    werte: pd.DataFrame, einheiten: Mapping[str, str]
) -> dict[tuple[str, str, str], dict[tuple[str, str], int]]:
    ist_anzahl = (werte["indikator"].map(einheiten) == "anzahl").tolist()
    gelesen: dict[tuple[str, str, str], dict[tuple[str, str], int]] = {}
    for (ebene, gebiet, indikator, tag), paar in zip(
        _kennungen(werte), _zahlen(werte, ist_anzahl), strict=True
    ):
        for art, zahl in zip(("zaehler", "nenner"), paar, strict=True):
            if zahl is not None:
                eintrag = gelesen.setdefault((indikator, art, tag), {})
                eintrag[(ebene, gebiet)] = zahl
    return gelesen


def _anteile(
    werte: pd.DataFrame,
    einheit: "pd.Series[str]",
    oben: Sequence[Schluessel | None],
    unten: Sequence[Schluessel | None],
) -> list[tuple[Schluessel, Schluessel, float, float]]:
    """Veröffentlichte Verhältnisse ohne Zähler: Grenzen aus ihren Stellen."""
    ergebnis = []
    spalten = (werte["wertart"], werte["wert"], werte["zaehler"], einheit, oben, unten)
    for art, wert, zaehler, einer, z, n in zip(*spalten, strict=True):
        offen = art == "Zahl" and pd.isna(zaehler) and not pd.isna(wert)
        if offen and einer in VERHAELTNISSE and z and n:
            halb, faktor = halbe_stelle(float(wert), einer), VERHAELTNISSE[einer]
            grenzen = (float(wert) - halb) / faktor, (float(wert) + halb) / faktor
            ergebnis.append((z, n, *grenzen))
    return ergebnis


def _aus_differenzen(
    werte: pd.DataFrame,
    partitionen: Sequence[Partition],
    oben: Sequence[Schluessel | None],
    unten: Sequence[Schluessel | None],
) -> list[tuple[Schluessel, Schluessel, float, float]]:
    """Ein Anteil, der aus dem anderen und dem veröffentlichten Unterschied folgt."""
    differenzen = [p for p in partitionen if p.art == "differenz" and len(p.teile) == 2]  # noqa: PLR2004
    if not differenzen:
        return []
    nummern = {zelle: n for n, zelle in enumerate(_kennungen(werte))}
    zahlen = werte["wert"].where(werte["wertart"] == "Zahl").tolist()
    ergebnis = []
    for partition in differenzen:
        for (ebene, gebiet, indikator, tag), nummer in nummern.items():
            if indikator != partition.ganzes or pd.isna(zahlen[nummer]):
                continue
            paar = [nummern.get((ebene, gebiet, t, tag)) for t in partition.teile]
            for eigen, anderer, richtung in ((0, 1, 1.0), (1, 0, -1.0)):
                offen, bekannt = paar[eigen], paar[anderer]
                if offen is None or bekannt is None:
                    continue
                z, n, rest = oben[offen], unten[offen], zahlen[bekannt]
                if z is None or n is None or pd.isna(rest) or pd.notna(zahlen[offen]):
                    continue
                unterschied = float(zahlen[nummer]) / 100
                mitte = float(rest) + richtung * unterschied
                halb = halbe_stelle(unterschied, "prozent")
                halb += halbe_stelle(float(rest), "prozent")
                ergebnis.append((z, n, mitte - halb, mitte + halb))
    return ergebnis


def halbe_stelle(wert: float, einheit: str) -> float:
    """Halbe letzte Stelle, auf die ein Wert geschrieben war.

    Prozentwerte gelten als auf höchstens eine Nachkommastelle genau gedruckt,
    wenn sie nicht mehr Stellen tragen.

    Examples
    --------
    >>> halbe_stelle(0.571, "prozent"), halbe_stelle(0.57, "prozent")
    (0.0005, 0.0005)
    >>> halbe_stelle(0.57142, "prozent")
    5e-06
    """
    exponent = Decimal(repr(wert)).normalize().as_tuple().exponent
    stellen = -exponent if isinstance(exponent, int) else 0
    mindestens = 3 if einheit == "prozent" else 1
    return float(Decimal(5).scaleb(-max(stellen, mindestens) - 1))


class _Sammlung:
    """Sammelt Gleichungen und lässt weg, was den Zahlen widerspricht."""

    def __init__(
        self,
        bekannt: Mapping[Schluessel, int | None],
        stadtbezirk: "pd.Series[str]",
    ) -> None:
        self.bekannt = dict(bekannt)
        self.gleichungen: list[Gleichung] = []
        self.teilmengen: list[tuple[Schluessel, Schluessel]] = []
        self._kinder: dict[str, list[str]] = {}
        for gebiet, bezirk in sorted(stadtbezirk.items(), key=str):
            self._kinder.setdefault(str(bezirk), []).append(str(gebiet))

    def hierarchie(self) -> None:
        """Gebiete ergeben Stadtbezirke, Stadtbezirke ergeben die Stadt."""
        paare = sorted({(s[0], s[3]) for s in self.bekannt})
        vorhanden = set(self.bekannt)
        alle = [g for gebiete in self._kinder.values() for g in gebiete]
        for name, tag in paare:
            bezirke = [
                b
                for b in sorted(self._kinder)
                if (name, "stadtbezirk", b, tag) in vorhanden
            ]
            for bezirk in sorted(self._kinder) if bezirke else []:
                kinder = [(name, "gebiet", g, tag) for g in self._kinder[bezirk]]
                self._summe((name, "stadtbezirk", bezirk, tag), kinder)
            stadt = (name, "stadt", "stadt", tag)
            if stadt in vorhanden:
                unten = [(name, "stadtbezirk", b, tag) for b in sorted(self._kinder)]
                if not bezirke:
                    unten = [(name, "gebiet", g, tag) for g in alle]
                self._summe(stadt, unten)

    def _summe(self, ganzes: Schluessel, teile: Sequence[Schluessel]) -> bool:
        """Merkt „Ganzes = Summe der Teile“; falsch, wenn Zahlen widersprechen."""
        if not any(t in self.bekannt for t in teile):
            return True
        zahlen = [self.bekannt.get(t) for t in teile]
        summe = self.bekannt.get(ganzes)
        genannt = sum(z for z in zahlen if z is not None)
        vollstaendig = None not in zahlen
        if summe is not None and (
            genannt > summe or (vollstaendig and genannt != summe)
        ):
            return False
        for schluessel in (ganzes, *teile):
            self.bekannt.setdefault(schluessel, None)
        terme = ((ganzes, 1.0), *((t, -1.0) for t in teile))
        self.gleichungen.append(Gleichung(terme))
        return True

    def partitionen(
        self,
        partitionen: Sequence[Partition],
        namen: Mapping[tuple[str, str, str], str],
    ) -> list[str]:
        """Ergänzt Summen und Teilmengen; nennt, was den Zahlen widerspricht."""
        benannt = {(name, tag): name for (_, _, tag), name in namen.items()}
        benannt |= {(f"{i}.{art}", tag): n for (i, art, tag), n in namen.items()}
        orte: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for name, ebene, gebiet, tag in self.bekannt:
            orte.setdefault((name, tag), []).append((ebene, gebiet))
        tage = sorted({tag for _, tag in benannt})
        widersprueche = []
        for partition in partitionen:
            for tag in tage:
                ganzes = benannt.get((partition.ganzes, tag))
                teile = [benannt.get((t, tag)) for t in partition.teile]
                da = [t for t in teile if t is not None]
                if ganzes is None or not da:
                    continue
                ebene_orte = sorted(orte.get((ganzes, tag), []))
                if partition.art == "teilmenge":
                    self._teilmengen(ganzes, da, ebene_orte, tag)
                elif partition.art == "summe" and not self._partition(
                    ganzes, da, ebene_orte, tag, alle=len(da) == len(teile)
                ):
                    widersprueche.append(f"{partition.id}, {tag}")
        return widersprueche

    def _teilmengen(
        self,
        ganzes: str,
        teile: Sequence[str],
        orte: Sequence[tuple[str, str]],
        tag: str,
    ) -> None:
        for ebene, gebiet in orte:
            oben = (ganzes, ebene, gebiet, tag)
            for teil in teile:
                unten = (teil, ebene, gebiet, tag)
                if unten in self.bekannt and self._passt(unten, oben):
                    self.teilmengen.append((unten, oben))

    def _passt(self, teil: Schluessel, ganzes: Schluessel) -> bool:
        klein, gross = self.bekannt.get(teil), self.bekannt.get(ganzes)
        return klein is None or gross is None or klein <= gross

    def _partition(
        self,
        ganzes: str,
        teile: Sequence[str],
        orte: Sequence[tuple[str, str]],
        tag: str,
        *,
        alle: bool,
    ) -> bool:
        """Summe je Ort; fehlt ein Teil ganz, bleiben Teilmengen."""
        if not alle:
            self._teilmengen(ganzes, teile, orte, tag)
            return True
        vorher = len(self.gleichungen)
        for ebene, gebiet in orte:
            glieder = [(t, ebene, gebiet, tag) for t in teile]
            if not self._summe((ganzes, ebene, gebiet, tag), glieder):
                del self.gleichungen[vorher:]
                return False
        return True

    def anderswo(
        self, aussagen: pd.DataFrame, namen: Mapping[tuple[str, str, str], str]
    ) -> None:
        """Ergänzt, was andere Stellen veröffentlicht haben."""
        for _, gruppe in aussagen.groupby("aussage", sort=True):
            terme = []
            for zeile in gruppe.to_dict("records"):
                art, tag = str(zeile["groesse"]), str(zeile["stichtag"])
                eigen = f"{zeile['indikator']}.{art}"
                name = namen.get((str(zeile["indikator"]), art, tag), eigen)
                schluessel = (name, str(zeile["ebene"]), str(zeile["gebiet"]), tag)
                self.bekannt.setdefault(schluessel, None)
                terme.append((schluessel, float(zeile["gewicht"])))
            wert = float(gruppe["wert"].iloc[0])
            spiel = float(gruppe["toleranz"].iloc[0])
            self.gleichungen.append(Gleichung(tuple(terme), wert - spiel, wert + spiel))
