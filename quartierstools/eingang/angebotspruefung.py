"""Stimmt der Angebotsbestand in sich? Alle Mängel auf einmal.

Geprüft wird am Text, wie er in der Datei oder im Bogen steht. Fristen zählen vom
Bezugsdatum des Projekts.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from quartierstools.eingang.schutz import sicherer_text, zellbefund
from quartierstools.eingang.tabelle import befunde_je_zeile
from quartierstools.fehler import Befund, meinten_sie
from quartierstools.katalog import Katalog
from quartierstools.katalog.einzugsgebiet import lies_einzugsgebiet
from quartierstools.schreibweise import datum_text

STATUS = ("laufend", "ungeprüft", "beendet", "einmalig")
OHNE_ORT = ("stadtweit", "wechselnd", "unklar")
KENNUNG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
GANZE_ZAHL = re.compile(r"[0-9]{0,6}")
STUNDEN = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{1,2})?)?")
GRAD = re.compile(r"(?:-?[0-9]{1,3}(?:[,.][0-9]{1,9})?)?")
TAG = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TAGE = ("beginn", "ende", "pruefdatum")
WOCHE = 168
"""Stunden einer Woche."""
TOLERANZ = 0.001
"""So viele Grad (rund 100 Meter) darf ein Punkt neben seiner Fläche liegen."""
MONATE = {
    name: nummer
    for nummer, name in enumerate(
        (
            *("januar", "februar", "märz", "april", "mai", "juni", "juli"),
            *("august", "september", "oktober", "november", "dezember"),
        ),
        start=1,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bestandsort:
    """Womit ein Bestand verglichen wird.

    Attributes
    ----------
    gebiete, stadtbezirke : GeoDataFrame
        Flächen mit Index `gebiet`.
    quartiere : Mapping
        Quartiersname → Gebiet; leer, wenn mehrdeutig.
    """

    katalog: Katalog
    gebiete: gpd.GeoDataFrame
    stadtbezirke: gpd.GeoDataFrame
    quartiere: Mapping[str, str]


def pruefe_angebote(roh: pd.DataFrame, ort: Bestandsort) -> list[Befund]:
    """Alle Mängel eines Bestands, in der Folge der Zeilen.

    Parameters
    ----------
    roh : DataFrame
        Zellen als Text, dazu `zeile` und `datei`.
    ort : Bestandsort
        Katalog und Flächen.
    """
    befunde = [
        *_zellen(roh),
        *_kennungen(roh, ort),
        *_zahlen(roh),
        *_zeiten(roh, ort.katalog.projekt.bezugsdatum),
        *_orte(roh, ort),
    ]
    folge = {str(z): n for n, z in enumerate(roh["zeile"])}
    return sorted(befunde, key=lambda b: folge.get(_zeile(b), -1))


def _zeile(befund: Befund) -> str:
    treffer = re.search(r"Zeile ([0-9]+)", befund.ort)
    return treffer[1] if treffer else ""


def _je_wert(
    roh: pd.DataFrame, spalte: str, mangel: Callable[[str], str], *, erwartet: str
) -> list[Befund]:
    """Ein Befund je Zelle, zu der `mangel` einen Satz sagt."""
    saetze = roh[spalte].map(mangel)
    return befunde_je_zeile(
        roh.assign(**{spalte: saetze}),
        saetze != "",
        spalte=spalte,
        erwartet=erwartet,
        was=str,
    )


def _zellen(roh: pd.DataFrame) -> list[Befund]:
    befunde = []
    for spalte in roh.columns.difference(["zeile", "datei"], sort=False):
        befunde += _je_wert(
            roh, spalte, _gefaehrlich, erwartet="Text ohne Formel und ohne HTML"
        )
    for spalte in ("name", "traeger"):
        befunde += befunde_je_zeile(
            roh, roh[spalte] == "", spalte=spalte, erwartet="eine Angabe"
        )
    return befunde


def _gefaehrlich(text: str) -> str:
    grund = zellbefund(text)
    return f"„{sicherer_text(text)}“ enthält {grund}." if grund else ""


def _kennungen(roh: pd.DataFrame, ort: Bestandsort) -> list[Befund]:
    katalog = ort.katalog
    gruppen = [*sorted(katalog.zielgruppen), "kontext"]
    felder = sorted(katalog.wirkungsfelder)
    passt = roh["id"].map(lambda t: KENNUNG.fullmatch(t) is not None)
    befunde = befunde_je_zeile(
        roh,
        ~passt,
        spalte="id",
        erwartet="Kleinbuchstaben, Ziffern und Bindestriche, höchstens 80 Zeichen",
    )
    befunde += befunde_je_zeile(
        roh,
        roh["id"].duplicated(keep=False) & passt,
        spalte="id",
        erwartet="jede Kennung nur einmal",
    )
    befunde += befunde_je_zeile(
        roh, ~roh["status"].isin(STATUS), spalte="status", erwartet=", ".join(STATUS)
    )
    befunde += _je_wert(
        roh,
        "zielgruppen",
        lambda t: listenmangel(t, gruppen) or ("" if t else "Die Zielgruppe fehlt."),
        erwartet=f"Kennungen mit Komma aus {', '.join(gruppen)}",
    )
    befunde += _je_wert(
        roh,
        "wirkungsfeld",
        lambda t: listenmangel(t, felder),
        erwartet=f"Kennungen mit Komma aus {', '.join(felder)} oder leer",
    )
    return befunde


def listenmangel(text: str, erlaubt: list[str]) -> str:
    """Was an einer Liste mit Kommas nicht stimmt, als Satz; leer, wenn alles passt.

    Examples
    --------
    >>> listenmangel("021,,", ["021"]), listenmangel("021,021", ["021"])
    ('In „021,,“ steht zwischen zwei Kommas nichts.', '„021“ steht doppelt.')
    """
    if not text:
        return ""
    teile = [teil.strip() for teil in text.split(",")]
    if "" in teile:
        return f"In „{sicherer_text(text)}“ steht zwischen zwei Kommas nichts."
    doppelt = sorted({t for t in teile if teile.count(t) > 1})
    if doppelt:
        return f"„{sicherer_text(doppelt[0])}“ steht doppelt."
    fremd = [t for t in teile if t not in erlaubt]
    if fremd:
        return (
            f"„{sicherer_text(fremd[0])}“ passt nicht.{meinten_sie(fremd[0], erlaubt)}"
        )
    return ""


def _zahlen(roh: pd.DataFrame) -> list[Befund]:
    befunde = befunde_je_zeile(
        roh,
        ~_passt(roh["plaetze"], GANZE_ZAHL),
        spalte="plaetze",
        erwartet="eine ganze Zahl mit höchstens sechs Ziffern (0 bis 9) oder leer",
    )
    stunden = roh["stunden"].str.replace(",", ".")
    falsch = ~_passt(roh["stunden"], STUNDEN)
    zu_viel = pd.to_numeric(stunden.mask(falsch, ""), errors="coerce") > WOCHE
    befunde += befunde_je_zeile(
        roh,
        falsch | zu_viel,
        spalte="stunden",
        erwartet="Stunden je Woche, etwa 12,5, höchstens 168, oder leer",
    )
    return befunde


def _passt(spalte: "pd.Series[str]", muster: re.Pattern[str]) -> "pd.Series[bool]":
    return spalte.map(lambda t: muster.fullmatch(t) is not None).astype(bool)


def _zeiten(roh: pd.DataFrame, bezugsdatum: date) -> list[Befund]:
    befunde = []
    gelesen = {}
    for spalte in TAGE:
        gelesen[spalte] = roh[spalte].map(_tag)
        befunde += befunde_je_zeile(
            roh,
            (roh[spalte] != "") & gelesen[spalte].isna(),
            spalte=spalte,
            erwartet="ein Datum wie 2027-05-31 oder leer",
        )
    heute = pd.Timestamp(bezugsdatum)
    tag = f"Bezugsdatum {datum_text(bezugsdatum)}"
    beginn, ende = gelesen["beginn"], gelesen["ende"]
    laufend = roh["status"] == "laufend"
    vergleiche = (
        ("ende", ende < beginn, "ein Ende nach dem Beginn"),
        ("ende", laufend & (ende < heute), f"bei „laufend“ ein Ende nach dem {tag}"),
        (
            "ende",
            (roh["status"] == "beendet") & (ende > heute),
            f"bei „beendet“ ein Ende vor dem {tag}",
        ),
        (
            "beginn",
            laufend & (beginn > heute),
            f"bei „laufend“ ein Beginn bis zum {tag}",
        ),
        ("pruefdatum", gelesen["pruefdatum"] > heute, f"ein Tag bis zum {tag}"),
        (
            "stand",
            roh["stand"].map(lambda t: in_der_zukunft(t, bezugsdatum)),
            f"ein Stand bis zum {tag}",
        ),
    )
    for spalte, falsch, erwartet in vergleiche:
        befunde += befunde_je_zeile(
            roh, falsch.astype(bool), spalte=spalte, erwartet=erwartet
        )
    return befunde


def _tag(text: str) -> Any:  # noqa: ANN401 – Tag oder NaT
    if not TAG.fullmatch(text):
        return pd.NaT
    return pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")


def in_der_zukunft(stand: str, bezugsdatum: date) -> bool:
    """Ob ein freier Stand („2023“, „Oktober 2023“) nach dem Bezugsdatum liegt.

    Examples
    --------
    >>> tag = date(2026, 11, 1)
    >>> [in_der_zukunft(t, tag) for t in ("2024/25", "Dezember 2026", "2027")]
    [False, True, True]
    """
    if TAG.fullmatch(stand):
        gelesen = _tag(stand)
        return bool(pd.notna(gelesen) and gelesen > pd.Timestamp(bezugsdatum))
    jahre = [int(j) for j in re.findall(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", stand)]
    if not jahre or min(jahre) < bezugsdatum.year:
        return False
    if min(jahre) > bezugsdatum.year:
        return True
    genannt = [n for name, n in MONATE.items() if name in stand.lower()]
    return bool(genannt) and min(genannt) > bezugsdatum.month


def _orte(roh: pd.DataFrame, ort: Bestandsort) -> list[Befund]:
    bezirke = [f"stadtbezirk:{b}" for b in ort.stadtbezirke.index]
    erlaubt = [*map(str, ort.gebiete.index), *OHNE_ORT, *bezirke]

    def gebietsmangel(text: str) -> str:
        satz = listenmangel(text, erlaubt)
        teile = [t.strip() for t in text.split(",")]
        if not satz and len(teile) > 1 and set(teile) & set(OHNE_ORT):
            allein = min(set(teile) & set(OHNE_ORT))
            return f"„{allein}“ steht neben anderen Angaben."
        return satz

    befunde = _je_wert(
        roh,
        "gebiete",
        gebietsmangel,
        erwartet="Gebietsschlüssel mit Komma, stadtbezirk:SCHLÜSSEL oder eines von "
        f"{', '.join(OHNE_ORT)}",
    )

    def einzugsmangel(text: str) -> str:
        einzug = lies_einzugsgebiet(text)
        if einzug.maengel:
            return einzug.maengel[0]
        fremd = [g for g in einzug.anteile if g not in ort.gebiete.index]
        fremd += [b for b in einzug.stadtbezirke if b not in ort.stadtbezirke.index]
        return f"„{sicherer_text(fremd[0])}“ gibt es nicht." if fremd else ""

    befunde += _je_wert(
        roh,
        "einzugsgebiet",
        einzugsmangel,
        erwartet="Gebiete mit Leerzeichen, mit Anteil (021:0,5 022), "
        "stadtbezirk:SCHLÜSSEL oder stadtweit",
    )
    return befunde + _punkte(roh, ort)


def _punkte(roh: pd.DataFrame, ort: Bestandsort) -> list[Befund]:
    befunde = []
    lesbar = pd.Series(data=True, index=roh.index)
    for spalte in ("breite", "laenge"):
        passt = _passt(roh[spalte], GRAD)
        lesbar &= passt
        befunde += befunde_je_zeile(
            roh, ~passt, spalte=spalte, erwartet="Grad (WGS 84), etwa 51,48165"
        )
    halb = (roh["breite"] == "") != (roh["laenge"] == "")
    befunde += befunde_je_zeile(
        roh,
        halb,
        spalte="breite",
        erwartet="Breite und Länge zusammen oder keine von beiden",
    )
    mit_punkt = roh[lesbar & ~halb & (roh["breite"] != "")]
    stadt = ort.gebiete.geometry.union_all() if len(mit_punkt) else None
    for _, zeile in mit_punkt.iterrows():
        punkt = Point(grad(zeile["laenge"]), grad(zeile["breite"]))
        flaechen = _flaechen(zeile["gebiete"], ort) or [stadt]
        if min(f.distance(punkt) for f in flaechen) > TOLERANZ:
            wo = zeile["gebiete"] if _flaechen(zeile["gebiete"], ort) else "der Stadt"
            befunde.append(
                Befund(
                    ort=f"{zeile['datei']}, Zeile {zeile['zeile']}, Spalte breite",
                    was=f"Der Punkt {zeile['breite']}; {zeile['laenge']} liegt nicht "
                    f"in {wo}.",
                    erwartet="ein Punkt in einem der genannten Gebiete",
                    rat="Sind Breite und Länge vertauscht, oder stimmt das Gebiet "
                    "nicht?",
                )
            )
    return befunde


def grad(text: str) -> float:
    """Grad aus Text mit Komma oder Punkt.

    Examples
    --------
    >>> grad("51,48")
    51.48
    """
    return float(text.replace(",", "."))


def _flaechen(gebiete: str, ort: Bestandsort) -> list[BaseGeometry]:
    gefunden: list[BaseGeometry] = []
    for teil in (t.strip() for t in gebiete.split(",")):
        if teil in ort.gebiete.index:
            gefunden.append(ort.gebiete.geometry[teil])
        bezirk = teil.removeprefix("stadtbezirk:")
        if teil.startswith("stadtbezirk:") and bezirk in ort.stadtbezirke.index:
            gefunden.append(ort.stadtbezirke.geometry[bezirk])
    return gefunden


def angebotshinweise(roh: pd.DataFrame, ort: Bestandsort) -> list[Befund]:
    """Was ein Mensch klären muss: mehrdeutige Quartiere, erschließbare Gebiete."""
    hinweise = []
    for _, zeile in roh.iterrows():
        genannt = _quartiere(str(zeile["ort"]), ort.quartiere)
        stelle = f"{zeile['datei']}, Zeile {zeile['zeile']}, Spalte gebiete"
        gebiete = {t.strip() for t in str(zeile["gebiete"]).split(",")}
        for quartier in genannt:
            gebiet = ort.quartiere[quartier]
            if not gebiet and gebiete & set(map(str, ort.gebiete.index)):
                was = f"„{quartier}“ ist mehrdeutig, eingetragen ist ein Gebiet."
                rat = "Bitte von einem Menschen bestätigen lassen."
            elif gebiet and gebiete == {"unklar"}:
                was = f"„{quartier}“ liegt in {gebiet}, eingetragen ist „unklar“."
                rat = "Bitte prüfen und eintragen."
            elif gebiet and gebiete & set(map(str, ort.gebiete.index)) - {gebiet}:
                if gebiet in gebiete:
                    continue
                was = f"„{quartier}“ liegt in {gebiet}, eingetragen ist ein anderes."
                rat = "Bitte prüfen."
            else:
                continue
            hinweise.append(Befund(ort=stelle, was=was, rat=rat, schwere="hinweis"))
    return hinweise


def _quartiere(ort: str, quartiere: Mapping[str, str]) -> list[str]:
    return [q for q in quartiere if re.search(rf"(?<!\w){re.escape(q)}(?!\w)", ort)]
