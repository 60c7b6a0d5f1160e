"""Was ergibt sich aus mehreren Lieferungen zusammen? Zähler und Nenner finden sich.

Oft liefert eine Stelle die Zähler (Jobcenter), eine andere die Nenner
(Einwohnermeldeamt). Zusammen gehören sie nach Ebene, Gebiet, Indikator und Stichtag;
ergänzt oder geschätzt wird nichts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from quartierstools.eingang.beobachtungen import FAKTOR
from quartierstools.eingang.namen import Gebietsverzeichnis
from quartierstools.eingang.pruefung import begrenzt, zeilen_von
from quartierstools.eingang.wertetabelle import SCHLUESSEL, SPALTEN, leere_werte
from quartierstools.fehler import Befund
from quartierstools.katalog import Katalog
from quartierstools.schreibweise import aufzaehlung, datum_text, mehrzahl, zahl_text

NENNER_ORT = "nenner_ort"
"""Spalte: Datei und Zeile des Nenners, wenn er aus einer anderen Datei stammt."""
ROLLENWORT = {"wert": "Wert", "zaehler": "Zähler", "nenner": "Nenner"}
HALBE = 0.51
"""So viel der letzten gelieferten Stelle darf Runden ausmachen."""
EINE_ANGABE = "eine Angabe je Gebiet, Indikator und Stichtag"
RAT_EINE = "Welche gilt, weiß nur die Quelle; die andere Datei bitte weglassen."
BELEGT = ("nein", "unbekannt", "ja")
Schluessel = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lieferteil:
    """Eine gedeutete Tabelle und welche Rollen sie je Indikator enthält."""

    werte: pd.DataFrame
    rollen: Mapping[str, frozenset[str]]

    @property
    def halb(self) -> list[str]:
        """Indikatoren, denen hier Zähler oder Nenner fehlt."""
        return sorted(k for k, r in self.rollen.items() if ist_halb(r))


@dataclass(frozen=True, slots=True, kw_only=True)
class Zusammenfuehrung:
    """Werte aller Lieferungen zusammen.

    Attributes
    ----------
    werte : DataFrame
        Spalten wie bei `lies_bestand`, dazu `nenner_ort`; Textspalten als `object`.
    verbunden : DataFrame
        Die Zeilen davon, die erst durch eine zweite Datei entstanden.
    befunde : tuple of Befund
        Widersprüche zwischen Dateien (Fehler), offene Hälften (Hinweis).
    """

    werte: pd.DataFrame
    verbunden: pd.DataFrame
    befunde: tuple[Befund, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Angabe:
    """Was eine Datei in einer Rolle sagt; ohne Zahl steht in `art`, warum."""

    zahl: float | None
    art: str
    zeile: Any
    nichts: bool = False

    @property
    def ort(self) -> str:
        return f"{self.zeile.datei}, Zeile {self.zeile.zeile}"


_Halbe = dict[Schluessel, dict[str, _Angabe]]
"""Je Wert die Angaben nach Rolle, über die Dateien hinweg."""


def ist_halb(rollen: frozenset[str] | set[str]) -> bool:
    """Ob zu diesen Rollen Zähler oder Nenner fehlt.

    Examples
    --------
    >>> ist_halb({"zaehler", "wert"}), ist_halb({"wert"}), ist_halb({"nenner"})
    (True, False, True)
    """
    return rollen != {"wert"} and not {"zaehler", "nenner"} <= rollen


def fuehre_zusammen(
    teile: Sequence[Lieferteil], katalog: Katalog, verzeichnis: Gebietsverzeichnis
) -> Zusammenfuehrung:
    """Verbindet Zähler und Nenner verschiedener Dateien und vergleicht Doppeltes.

    Parameters
    ----------
    teile : Sequence of Lieferteil
        Gedeutete Tabellen ohne Mängel, in beliebiger Reihenfolge.
    katalog : Katalog
        Einheiten und Namen der Indikatoren.
    verzeichnis : Gebietsverzeichnis
        Namen der Gebiete für Meldungen.
    """
    halbe: _Halbe = {}
    befunde: list[Befund] = []
    ganze: list[pd.DataFrame] = []
    for teil in teile:
        offen = teil.werte["indikator"].astype(object).isin(teil.halb)
        ganze.append(_als_text(teil.werte[~offen]))
        befunde += _sammle(_als_text(teil.werte[offen]), teil, halbe, verzeichnis)
    verbunden, neue = _verbinde(halbe, katalog, verzeichnis)
    befunde += neue
    alle = pd.concat([*ganze, verbunden], ignore_index=True)
    alle, doppelte = _ohne_doppelte(alle, katalog, verzeichnis)
    return Zusammenfuehrung(
        werte=alle.sort_values(SCHLUESSEL, kind="stable", ignore_index=True),
        verbunden=verbunden[verbunden[NENNER_ORT] != ""].reset_index(drop=True),
        befunde=(*begrenzt(befunde), *doppelte),
    )


def _als_text(werte: pd.DataFrame) -> pd.DataFrame:
    """Ohne Kategorien, damit sich Tabellen aneinanderfügen lassen."""
    ergebnis = werte.copy()
    for spalte in ergebnis.columns:
        if isinstance(ergebnis[spalte].dtype, pd.CategoricalDtype):
            ergebnis[spalte] = ergebnis[spalte].astype(object)
    return _mit_arten(ergebnis.assign(**{NENNER_ORT: ""}))


def _mit_arten(werte: pd.DataFrame) -> pd.DataFrame:
    """Fallzahlen als ganze Zahlen mit Lücken, auch in leeren Tabellen."""
    arten = {"wert": "float64", "zaehler": "Int64", "nenner": "Int64"}
    return werte.astype(arten)


def _sammle(
    werte: pd.DataFrame,
    teil: Lieferteil,
    halbe: _Halbe,
    verzeichnis: Gebietsverzeichnis,
) -> list[Befund]:
    """Trägt jede Angabe bei ihrem Wert ein; Widersprüche sind Befunde."""
    befunde = []
    for zeile in zeilen_von(werte):
        schluessel = (zeile.ebene, zeile.gebiet, zeile.indikator, zeile.stichtag)
        eintrag = halbe.setdefault(schluessel, {})
        for rolle, angabe in _angaben(zeile, teil.rollen[zeile.indikator]):
            vorher = eintrag.setdefault(rolle, angabe)
            if (vorher.zahl, vorher.art) != (angabe.zahl, angabe.art):
                befunde.append(_widerspruch(vorher, angabe, rolle, verzeichnis))
    return befunde


def _angaben(zeile: Any, rollen: frozenset[str]) -> Iterator[tuple[str, _Angabe]]:  # noqa: ANN401
    ohne = "fehlt" if zeile.wertart == "Zahl" else zeile.wertart
    for rolle in ("zaehler", "nenner"):
        if rolle not in rollen:
            continue
        zahl = getattr(zeile, rolle)
        da = not pd.isna(zahl)
        # „-“ heißt „nichts vorhanden“ und gilt auch über einem Nenner von null.
        nichts = rolle == "zaehler" and "wert" not in rollen and zeile.wertart == "Zahl"
        art = "Zahl" if da else ohne
        yield (
            rolle,
            _Angabe(zahl=float(zahl) if da else None, art=art, zeile=zeile)
            if not nichts
            else _Angabe(zahl=0.0, art="Zahl", zeile=zeile, nichts=True),
        )
    if "wert" in rollen:
        zahl = float(zeile.wert) if zeile.wertart == "Zahl" else None
        yield "wert", _Angabe(zahl=zahl, art=zeile.wertart, zeile=zeile)


def _widerspruch(
    vorher: _Angabe, angabe: _Angabe, rolle: str, verzeichnis: Gebietsverzeichnis
) -> Befund:
    zeile = angabe.zeile
    name = verzeichnis.name(zeile.ebene, zeile.gebiet)
    return Befund(
        ort=f"{vorher.ort}; {angabe.ort}, {name}",
        was=f"Zwei Dateien nennen verschiedene Angaben für {zeile.indikator} "
        f"({ROLLENWORT[rolle]}): {_angabentext(vorher)} und {_angabentext(angabe)}.",
        erwartet=EINE_ANGABE,
        rat=RAT_EINE,
    )


def _angabentext(angabe: _Angabe) -> str:
    return angabe.art if angabe.zahl is None else zahl_text(angabe.zahl)


def _verbinde(
    halbe: _Halbe,
    katalog: Katalog,
    verzeichnis: Gebietsverzeichnis,
) -> tuple[pd.DataFrame, list[Befund]]:
    """Eine Zeile je Wert, zu dem alles da ist; der Rest wird benannt."""
    zeilen: list[dict[str, object]] = []
    befunde: list[Befund] = []
    offen: dict[tuple[str, str, str], list[_Angabe]] = {}
    saetze: dict[Befund, list[str]] = {}
    ganz: set[tuple[str, str]] = set()
    for (_, _, kennung, tag), angaben in sorted(halbe.items()):
        if {"zaehler", "nenner"} <= set(angaben) or "wert" in angaben:
            einheit = katalog.indikatoren[kennung].einheit
            zeilen.append(_zeile(angaben, einheit))
            ganz.add((kennung, tag))
            befunde += _abweichung(angaben, einheit, verzeichnis)
        else:
            rolle = "zaehler" if "zaehler" in angaben else "nenner"
            offen.setdefault((kennung, tag, rolle), []).append(angaben[rolle])
    for (kennung, tag, rolle), fehlende in sorted(offen.items()):
        if rolle == "nenner" and (kennung, tag) in ganz:
            continue  # Für diese Gebiete ist kein Zähler geliefert: eine Lücke.
        teilweise = (kennung, tag) in ganz
        satz = _haelfte(tag, rolle, fehlende, verzeichnis, teilweise=teilweise)
        saetze.setdefault(satz, []).append(kennung)
    befunde += [
        replace(satz, ort=f"{satz.ort}, {', '.join(kennungen)}")
        for satz, kennungen in saetze.items()
    ]
    leer = _als_text(leere_werte())
    if not zeilen:
        return leer, befunde
    return _mit_arten(pd.DataFrame(zeilen)[list(leer.columns)]), befunde


def _zeile(angaben: Mapping[str, _Angabe], einheit: str) -> dict[str, object]:
    z, n, w = (angaben.get(rolle) for rolle in ("zaehler", "nenner", "wert"))
    haupt = z or w or n
    if haupt is None:
        return {}
    wert, art = _wert(z, n, w, einheit)
    felder = {spalte: getattr(haupt.zeile, spalte) for spalte in SPALTEN}
    andere = n if n is not None and z is not None else None
    belegt = [a.zeile.stichtag_belegt for a in (haupt, andere) if a is not None]
    guete = [a.zeile.guete for a in (haupt, andere) if a is not None]
    return felder | {
        "wert": wert,
        "wertart": art,
        "zaehler": _ganz(z),
        "nenner": _ganz(n),
        "stichtag_belegt": min(belegt, key=BELEGT.index),
        "guete": "B" if "B" in guete else guete[0],
        NENNER_ORT: andere.ort if andere is not None else "",
    }


def _ganz(angabe: _Angabe | None) -> object:
    return pd.NA if angabe is None or angabe.zahl is None else int(angabe.zahl)


def _wert(
    z: _Angabe | None, n: _Angabe | None, w: _Angabe | None, einheit: str
) -> tuple[float, str]:
    """Wert und Wertart; ein Zeichen für gesperrt geht immer vor."""
    nan = float("nan")
    for marke in (w, z, n):
        if marke is not None and marke.art in ("gesperrt", "nicht sinnvoll"):
            return nan, marke.art
    if z is None or n is None:
        return (w.zahl, "Zahl") if w and w.zahl is not None else (nan, "fehlt")
    if z.nichts:
        return 0.0, "Zahl"
    if z.zahl is None or n.zahl is None:
        return nan, "fehlt"
    if n.zahl == 0:
        return nan, "nicht sinnvoll"
    return z.zahl / n.zahl * FAKTOR.get(einheit, 1.0), "Zahl"


def _abweichung(
    angaben: Mapping[str, _Angabe], einheit: str, verzeichnis: Gebietsverzeichnis
) -> list[Befund]:
    """Passt der gelieferte Wert zu Zähler und Nenner, bis auf Rundung?"""
    if set(angaben) != {"wert", "zaehler", "nenner"}:
        return []
    gegeben, (wert, art) = (
        angaben["wert"],
        _wert(angaben["zaehler"], angaben["nenner"], None, einheit),
    )
    if gegeben.zahl is None or art != "Zahl":
        return []
    if _bis_auf_rundung(gegeben.zahl, wert, einheit):
        return []
    faktor = _anzeigefaktor(einheit)
    zeile = gegeben.zeile
    name = verzeichnis.name(zeile.ebene, zeile.gebiet)
    return [
        Befund(
            ort=f"{gegeben.ort}; {angaben['nenner'].ort}, {name}",
            was=f"{zeile.indikator}: Geliefert sind "
            f"{zahl_text(gegeben.zahl * faktor, stellen=2)}, aus Zähler und Nenner "
            f"ergeben sich {zahl_text(wert * faktor, stellen=2)}.",
            erwartet="Wert = Zähler / Nenner, bis auf Rundung",
            rat="Gehören beide Dateien zum selben Stichtag und zur selben Abgrenzung?",
        )
    ]


def _anzeigefaktor(einheit: str) -> float:
    """Womit ein Wert mal genommen in der Lieferung steht."""
    return 100.0 if einheit == "prozent" else 1.0


def _bis_auf_rundung(gegeben: float, genau: float, einheit: str) -> bool:
    """Ob ein gelieferter Wert der gerundete genaue sein kann."""
    faktor = _anzeigefaktor(einheit)
    gezeigt = round(gegeben * faktor, 6)
    stellen = len(f"{gezeigt:f}".rstrip("0").partition(".")[2])
    return abs(gezeigt - genau * faktor) <= HALBE * 10.0**-stellen


def _haelfte(
    tag: str,
    rolle: str,
    angaben: Sequence[_Angabe],
    verzeichnis: Gebietsverzeichnis,
    *,
    teilweise: bool,
) -> Befund:
    """Hinweis auf Zähler ohne Nenner oder Nenner ohne Zähler."""
    fehlt = "Nenner" if rolle == "zaehler" else "Zähler"
    dateien = sorted({str(a.zeile.datei) for a in angaben})
    wann = datum_text(date.fromisoformat(tag))
    if teilweise:
        namen = [verzeichnis.name(a.zeile.ebene, a.zeile.gebiet) for a in angaben[:6]]
        rest = len(angaben) - len(namen)
        namen += [f"{rest} weitere"] if rest else []
        wo = f" für {aufzaehlung(namen)}"
    else:
        wo = f" ({mehrzahl(len(angaben), 'Zeile', 'Zeilen')})"
    return Befund(
        ort=f"{aufzaehlung(dateien)}, {wann}",
        was=f"Zum {ROLLENWORT[rolle]} fehlt der {fehlt}{wo}.",
        erwartet="Zähler und Nenner, in einer Datei oder in zwei mitgenannten",
        rat="Diese Zeilen werden nicht übernommen. "
        + (
            f"Fehlt der {fehlt} in der Quelle, bleibt eine Lücke."
            if teilweise
            else f"Bitte die Datei mit dem {fehlt} im selben Aufruf nennen."
        ),
        schwere="hinweis",
    )


def _ohne_doppelte(
    werte: pd.DataFrame, katalog: Katalog, verzeichnis: Gebietsverzeichnis
) -> tuple[pd.DataFrame, list[Befund]]:
    """Derselbe Wert aus zwei Dateien steht einmal da; verschiedene sind ein Mangel.

    Ein gerundeter Anteil weicht den Fallzahlen, zu denen er passt.
    """
    if not werte.duplicated(SCHLUESSEL).any():
        return werte, []
    befunde = []
    ohne_paar = werte["zaehler"].isna() | werte["nenner"].isna()
    werte = werte.iloc[ohne_paar.to_numpy(dtype=bool).argsort(kind="stable")]
    mehrfach = werte.duplicated(SCHLUESSEL, keep=False)
    for _, gruppe in werte[mehrfach].groupby(SCHLUESSEL, sort=True):
        erste, *weitere = zeilen_von(gruppe)
        name = verzeichnis.name(erste.ebene, erste.gebiet)
        befunde += [
            Befund(
                ort=f"{erste.datei}, Zeile {erste.zeile}; {zeile.datei}, Zeile "
                f"{zeile.zeile}, {name}",
                was=f"{erste.indikator} steht in zwei Dateien mit verschiedenen "
                "Angaben.",
                erwartet=EINE_ANGABE,
                rat=RAT_EINE,
            )
            for zeile in weitere
            if not _gleich(erste, zeile, katalog.indikatoren[erste.indikator].einheit)
        ]
    return werte.drop_duplicates(SCHLUESSEL, ignore_index=True), begrenzt(befunde)


def _gleich(erste: Any, zeile: Any, einheit: str) -> bool:  # noqa: ANN401
    """Dieselbe Angabe, oder der gerundete Anteil zu denselben Fallzahlen."""
    if _gehalt(erste) == _gehalt(zeile):
        return True
    gerundet = pd.isna(zeile.nenner) and not pd.isna(erste.nenner)
    zahlen = erste.wertart == zeile.wertart == "Zahl"
    return gerundet and zahlen and _bis_auf_rundung(zeile.wert, erste.wert, einheit)


def _gehalt(zeile: Any) -> tuple[str, ...]:  # noqa: ANN401
    teile = (zeile.wertart, zeile.wert, zeile.zaehler, zeile.nenner)
    return tuple("" if pd.isna(t) else str(t) for t in teile)
