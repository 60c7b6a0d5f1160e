"""Baut kleine Wertetabellen für die Geheimhaltung, wie sie der Eingang liefert."""

import dataclasses
from collections.abc import Mapping, Sequence

import pandas as pd

from quartierstools.eingang import Datenstand
from quartierstools.geheimhaltung.angriff import angriff, verratene_quotienten
from quartierstools.geheimhaltung.bericht import mit_soll
from quartierstools.geheimhaltung.groessen import Aufbau, groessen
from quartierstools.geheimhaltung.rundung import runde_fallzahlen
from quartierstools.geheimhaltung.sperrliste import (
    Sperrliste,
    schutzbreiten,
    sperrliste,
)
from quartierstools.katalog import Regelprofil
from quartierstools.katalog.regelmodelle import Partition

TAG = "2023-12-31"
NENNER = 1000
PROFIL = Regelprofil(id="probe", version="1")
FRAUEN_MAENNER = Partition(
    id="geschlecht",
    art="summe",
    ganzes="G.zaehler",
    teile=("F.zaehler", "M.zaehler"),
)


BEZIRKE = {"11": "1", "12": "1", "13": "1", "21": "2", "22": "2", "23": "2"}
ZAHLEN = {"B01": {"11": 4, "12": 20, "13": 50, "21": 30, "22": 40, "23": 60}}


def mit_werten(stand: Datenstand, werte: pd.DataFrame, **regeln) -> Datenstand:
    """Datenstand mit sechs Gebieten und den Regeln des Standardprofils."""
    quelle = next(iter(stand.katalog.quellen))
    werte = werte.assign(
        quelle=quelle, stichtag_belegt="ja", guete="A", hinweis="", datei="x", zeile=2
    )
    gebiete = stand.gebiete.iloc[: len(BEZIRKE)].assign(
        stadtbezirk=list(BEZIRKE.values())
    )
    gebiete.index = pd.Index(list(BEZIRKE), name=stand.gebiete.index.name)
    profil = stand.katalog.regelprofil.model_copy(update=regeln)
    katalog = dataclasses.replace(
        stand.katalog, regelprofile={**stand.katalog.regelprofile, "standard": profil}
    )
    return dataclasses.replace(stand, katalog=katalog, werte=werte, gebiete=gebiete)


def zeile(  # noqa: PLR0913
    gebiet: str,
    indikator: str,
    zaehler: int | None,
    nenner: int | None = NENNER,
    *,
    ebene: str = "gebiet",
    tag: str = TAG,
    wert: float | None = None,
    art: str = "Zahl",
) -> dict[str, object]:
    """Eine Beobachtung."""
    if wert is None and zaehler is not None and nenner:
        wert = zaehler / nenner
    return {
        "ebene": ebene,
        "gebiet": gebiet,
        "indikator": indikator,
        "stichtag": tag,
        "wert": wert,
        "wertart": art,
        "zaehler": zaehler,
        "nenner": nenner,
    }


def tabelle(zeilen: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Tabelle mit den Typen des Eingangs."""
    roh = pd.DataFrame(list(zeilen))
    return roh.assign(
        wert=roh["wert"].astype("float64"),
        zaehler=roh["zaehler"].astype("Int64"),
        nenner=roh["nenner"].astype("Int64"),
    )


def stadt(
    zahlen: Mapping[str, Mapping[str, int]],
    bezirke: Mapping[str, str],
    *,
    nenner: int = NENNER,
    tag: str = TAG,
) -> pd.DataFrame:
    """Gebiete mit ihren Summen: `zahlen[indikator][gebiet]`."""
    zeilen = []
    namen = sorted(set(bezirke.values()))
    for indikator, je_gebiet in zahlen.items():
        for gebiet, z in je_gebiet.items():
            zeilen.append(zeile(gebiet, indikator, z, nenner, tag=tag))
        for bezirk in namen:
            eigene = [g for g in je_gebiet if bezirke[g] == bezirk]
            summe = sum(je_gebiet[g] for g in eigene)
            zeilen.append(
                zeile(
                    bezirk,
                    indikator,
                    summe,
                    nenner * len(eigene),
                    ebene="stadtbezirk",
                    tag=tag,
                )
            )
        zeilen.append(
            zeile(
                "stadt",
                indikator,
                sum(je_gebiet.values()),
                nenner * len(je_gebiet),
                ebene="stadt",
                tag=tag,
            )
        )
    return tabelle(zeilen)


def aufbau(
    bezirke: Mapping[str, str],
    partitionen: Sequence[Partition] = (),
    einheiten: Mapping[str, str] | None = None,
) -> Aufbau:
    """Aufbau mit lauter Anteilen."""
    standard = dict.fromkeys(("G", "F", "M", "T", "A", "B"), "prozent")
    return Aufbau(
        stadtbezirk=pd.Series(dict(bezirke)),
        einheiten={**standard, "K01": "anzahl", **(einheiten or {})},
        partitionen=tuple(partitionen),
    )


def veroeffentlicht(
    werte: pd.DataFrame, liste: Sperrliste, plan: Aufbau, rundung: int = 0
) -> pd.DataFrame:
    """Was nach Sperrung und Rundung in der Tabelle steht.

    Was nur wegen kleiner Bezugszahl fehlt, kennt der Angreifer trotzdem.
    """
    gesperrt = liste.sperrt(werte)
    offen = werte.assign(
        wert=werte["wert"].mask(gesperrt),
        zaehler=werte["zaehler"].mask(gesperrt),
        nenner=werte["nenner"].mask(gesperrt),
        wertart=werte["wertart"].mask(gesperrt, "gesperrt"),
    )
    offen = runde_fallzahlen(offen, plan, rundung)
    anteile = werte["indikator"].map(plan.einheiten) == "prozent"
    return offen.assign(wert=offen["wert"].mask(anteile, offen["wert"].round(3)))


def angegriffen(
    werte: pd.DataFrame,
    plan: Aufbau,
    profil: Regelprofil = PROFIL,
    *,
    liste: Sperrliste | None = None,
    fruehere: Sequence[pd.DataFrame] = (),
    anderswo: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Sperrt, veröffentlicht, greift an und vergleicht mit den Schutzbreiten."""
    if liste is None:
        liste = sperrliste(werte, plan, profil, anderswo=anderswo)
    frei = veroeffentlicht(werte, liste, plan, profil.rundung)
    soll = schutzbreiten(werte, plan, profil)
    gezaehlt = groessen(frei, plan)
    paare = zip(gezaehlt.zaehler, gezaehlt.nenner, liste.sperrt(werte), strict=True)
    gefragt = {s for z, n, zu in paare if zu for s in (z, n) if s is not None}
    bereiche = angriff(
        frei,
        plan,
        rundung=profil.rundung,
        fruehere=fruehere,
        anderswo=anderswo,
        nur=gefragt | soll.keys(),
    )
    if profil.rundung:
        return mit_soll(bereiche, soll)
    quotienten = verratene_quotienten(frei, plan, bereiche)
    verraten = quotienten.assign(soll=1.0, geschuetzt=False)
    return pd.concat([mit_soll(bereiche, soll), verraten]).astype({"geschuetzt": bool})


def gesperrte(liste: Sperrliste, indikator: str | None = None) -> set[str]:
    """Gesperrte Orte, auf Wunsch nur eines Indikators."""
    return {g for _, g, i, _ in liste.gesperrt if indikator in {None, i}}
