"""Wo zuerst? Dominanz, dann ein offener gewichteter Vergleich.

Öffentlich stehen nur Klasse, Haltbarkeit und Abstand; Rangbänder gibt es nur intern
und in der Erkundung. Ein Fachurteil steht daneben und kann die Daten überstimmen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from quartierstools.katalog.angebotsmodelle import Angebotsregeln, Kriterium
from quartierstools.schreibweise import aufzaehlung, zahl_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

STELLEN = 12
"""Auf so viele Stellen gerundet wird verglichen: Rundungsreste zählen nicht."""

BAND = (0.05, 0.95)
"""Ein Rangband umfasst die mittleren 90 % der Rechenvarianten."""

NUR_INTERN = ("stufe", "uebertroffen_von", "punkte", "rang_von", "rang_bis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rangfolge:
    """Auswahl der Gebiete für eine Zielgruppe.

    Attributes
    ----------
    satz : str
        Nach welchen Kriterien verglichen wurde, oder warum nicht.
    kriterien : DataFrame
        Index `kriterium`: `bezeichnung`, `gewicht`, `benutzt`, `grund`.
    tafel : DataFrame
        Je Gebiet, nach Schlüssel geordnet: `klasse`, `wort`, `haltbarkeit`,
        `abstand`, `nach_daten` (``ausgewählt``, ``nicht ausgewählt`` oder ``nicht
        eingestuft``), `urteil` (Status oder leer), `urteil_text` (wer, wann; Name nur
        intern), `urteil_grund`, `ergebnis` (nach Daten und Urteil) und `gilt`
        (``Daten`` oder ``Fachurteil``, wenn es überstimmt oder allein entscheidet).
        Nur intern dazu: `stufe` (1: von keinem Gebiet übertroffen), `uebertroffen_von`
        (Zahl), `punkte` (0 bis 1), `rang_von`, `rang_bis`.
    knapp : DataFrame
        Nicht ausgewählte Gebiete knapp unter der Grenze: `wort`, `abstand`
        (Standardabweichungen bis zur Auswahl), `haltbarkeit`, `satz`.
    """

    satz: str
    kriterien: pd.DataFrame
    tafel: pd.DataFrame
    knapp: pd.DataFrame

    @property
    def ausgewaehlt(self) -> tuple[str, ...]:
        """Gebiete, die nach Daten und Urteil ausgewählt sind, nach Schlüssel."""
        gewaehlt = self.tafel["ergebnis"] == "ausgewählt"
        return tuple(map(str, self.tafel.index[gewaehlt]))


def rangfolge(  # noqa: PLR0913
    einstufung: pd.DataFrame,
    werte: pd.DataFrame,
    urteile: pd.DataFrame,
    *,
    kriterien: Mapping[str, Kriterium],
    regeln: Angebotsregeln,
    grenze: float,
    intern: bool,
    startwert: int = 0,
) -> Rangfolge:
    """Vergleicht Gebiete und stellt das Fachurteil daneben.

    Parameters
    ----------
    einstufung : DataFrame
        Je Gebiet `klasse`, `wort`, `index`, `haltbarkeit`, `abstand`; fehlend, wenn
        nicht messbar.
    werte : DataFrame
        Gebiete × Kriterien; mehr heißt: eher zuerst.
    urteile : DataFrame
        Jüngste Fachurteile, Index `gebiet`: `urteil`, `urteil_text`, `urteil_grund`.
    grenze : float
        Index, ab dem ein Gebiet nach Daten ausgewählt ist.
    intern : bool
        Ob Stufen, Punkte und Rangbänder dabei sind.
    startwert : int, default=0
        Für die gezogenen Gewichte.
    """
    einstufung = einstufung.sort_index()
    stand = _kriterien(werte, kriterien)
    tafel = einstufung[["klasse", "wort", "haltbarkeit", "abstand"]].copy()
    tafel["nach_daten"] = _nach_daten(einstufung["klasse"], regeln.auswahl_ab_klasse)
    tafel = tafel.join(urteile[["urteil", "urteil_text", "urteil_grund"]])
    for spalte in ("urteil", "urteil_text", "urteil_grund"):
        tafel[spalte] = tafel[spalte].astype("object").fillna("")
    tafel = tafel.join(ergebnis_mit_urteil(tafel["nach_daten"], tafel["urteil"]))
    benutzt = list(stand.index[stand["benutzt"]])
    if intern:
        vergleich = gewichteter_vergleich(
            werte.reindex(einstufung.index)[benutzt],
            stand.loc[benutzt, "gewicht"],
            spanne=regeln.gewichtsspanne,
            varianten=regeln.varianten,
            startwert=startwert,
        )
        tafel = tafel.join(vergleich)
    return Rangfolge(
        satz=_satz(stand),
        kriterien=stand,
        tafel=tafel.rename_axis("gebiet"),
        knapp=_knapp(einstufung, tafel, grenze, regeln.knapp_abstand),
    )


def ergebnis_mit_urteil(
    nach_daten: "pd.Series[str]", urteil: "pd.Series[str]"
) -> pd.DataFrame:
    """Auswahl nach Daten und Fachurteil.

    Ein bestätigtes Gebiet wird ausgewählt, ein verworfenes nicht, auch gegen die
    Daten; ein Hinweis ändert nichts.

    Examples
    --------
    >>> daten = pd.Series(["ausgewählt", "nicht ausgewählt"], index=["10", "11"])
    >>> urteil = pd.Series(["verworfen", "Hinweis"], index=["10", "11"])
    >>> ergebnis_mit_urteil(daten, urteil).loc["10"].tolist()
    ['nicht ausgewählt', 'Fachurteil']
    """
    ergebnis = nach_daten.mask(urteil == "fachlich bestätigt", "ausgewählt")
    ergebnis = ergebnis.mask(urteil == "verworfen", "nicht ausgewählt")
    ausgewaehlt = nach_daten == "ausgewählt"
    anders = (ergebnis == "ausgewählt") != ausgewaehlt
    # Ohne Einstufung haben die Daten nichts entschieden.
    anders |= (nach_daten == "nicht eingestuft") & (ergebnis != nach_daten)
    gilt = pd.Series("Daten", index=nach_daten.index, dtype="object")
    return pd.DataFrame({"ergebnis": ergebnis, "gilt": gilt.mask(anders, "Fachurteil")})


def gewichteter_vergleich(
    werte: pd.DataFrame,
    gewichte: "pd.Series[float]",
    *,
    spanne: float,
    varianten: int,
    startwert: int = 0,
) -> pd.DataFrame:
    """Dominanz, Punkte und Rangband; Gebiete mit fehlenden Werten bleiben ohne.

    Parameters
    ----------
    werte : DataFrame
        Gebiete × Kriterien; mehr heißt: eher zuerst.
    gewichte : Series
        Je Kriterium.
    spanne : float
        Jedes Gewicht wird gleichverteilt um bis zu diesen Anteil geändert.
    varianten : int
        Zahl der Züge; dazu kommt je Kriterium der Vergleich ohne es.

    Returns
    -------
    DataFrame
        `stufe`, `uebertroffen_von` (Int64), `punkte` (0 bis 1), `rang_von`,
        `rang_bis` (Int64; 1: zuerst).

    Examples
    --------
    >>> lage = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [3.0, 2.0, 1.5]},
    ...                     index=["10", "11", "12"])
    >>> gewichteter_vergleich(lage, pd.Series({"a": 1.0, "b": 1.0}), spanne=0,
    ...                       varianten=1)["stufe"].tolist()
    [1, 1, 1]
    """
    folge = werte.index
    voll = werte.dropna().sort_index()
    leer = pd.DataFrame(index=folge, columns=list(NUR_INTERN), dtype="Float64")
    if voll.empty or voll.shape[1] == 0:
        return leer.astype({s: "Int64" for s in NUR_INTERN if s != "punkte"})
    zahlen = np.round(voll.to_numpy(float), STELLEN)
    dominiert = dominanz(zahlen)
    breite = np.ptp(zahlen, axis=0)
    normiert = np.where(
        breite > 0, (zahlen - zahlen.min(axis=0)) / np.where(breite > 0, breite, 1), 0.0
    )
    gewicht = np.asarray(gewichte.reindex(voll.columns), dtype=np.float64)
    raenge = _raenge(normiert @ _varianten(gewicht, spanne, varianten, startwert).T)
    tafel = pd.DataFrame(
        {
            "stufe": _stufen(dominiert),
            "uebertroffen_von": dominiert.sum(axis=0),
            "punkte": normiert @ (gewicht / gewicht.sum()),
            "rang_von": np.quantile(raenge, BAND[0], axis=1, method="lower"),
            "rang_bis": np.quantile(raenge, BAND[1], axis=1, method="higher"),
        },
        index=voll.index,
    ).reindex(folge)
    return tafel.astype({s: "Int64" for s in NUR_INTERN if s != "punkte"})


def dominanz(zahlen: "NDArray[np.float64]") -> "NDArray[np.bool_]":
    """Wer wen übertrifft: nirgends niedriger und mindestens einmal höher.

    Examples
    --------
    >>> dominanz(np.array([[2.0, 2.0], [1.0, 2.0], [3.0, 0.0]])).tolist()
    [[False, True, False], [False, False, False], [False, False, False]]
    """
    nie_niedriger = (zahlen[:, None, :] >= zahlen[None, :, :]).all(axis=2)
    einmal_hoeher = (zahlen[:, None, :] > zahlen[None, :, :]).any(axis=2)
    return np.asarray(nie_niedriger & einmal_hoeher, dtype=np.bool_)


def _stufen(dominiert: "NDArray[np.bool_]") -> "NDArray[np.int64]":
    """Stufe 1: von keinem übertroffen; Stufe 2: nur von Stufe 1; und so fort."""
    stufe = np.zeros(len(dominiert), dtype=np.int64)
    nummer = 0
    while (stufe == 0).any():
        nummer += 1
        offen = stufe == 0
        vorn = offen & ~dominiert[offen].any(axis=0)
        stufe[vorn] = nummer
    return stufe


def _varianten(
    gewicht: "NDArray[np.float64]", spanne: float, anzahl: int, startwert: int
) -> "NDArray[np.float64]":
    """Gewichte je Variante: wie gesetzt, gezogen, und je Kriterium ohne es."""
    zufall = np.random.default_rng(startwert)
    gezogen = gewicht * zufall.uniform(1 - spanne, 1 + spanne, (anzahl, len(gewicht)))
    alle = [gewicht[None, :], gezogen]
    if len(gewicht) > 1:
        alle.append(gewicht[None, :] * (1 - np.eye(len(gewicht))))
    gestapelt = np.vstack(alle)
    return np.asarray(gestapelt / gestapelt.sum(axis=1, keepdims=True), dtype=float)


def _raenge(punkte: "NDArray[np.float64]") -> "NDArray[np.int64]":
    """Rang je Spalte, 1 für den höchsten; gleiche Punkte, gleicher Rang."""
    gerundet = np.round(punkte, STELLEN)
    geordnet = np.sort(gerundet, axis=0)
    hoeher = [
        len(spalte) - np.searchsorted(spalte, werte, side="right")
        for spalte, werte in zip(geordnet.T, gerundet.T, strict=True)
    ]
    return np.array(hoeher).T + 1


def _kriterien(werte: pd.DataFrame, kriterien: Mapping[str, Kriterium]) -> pd.DataFrame:
    """Welche Kriterien benutzt werden und warum andere nicht."""
    zeilen = {}
    for kennung, kriterium in kriterien.items():
        reihe = werte[kennung] if kennung in werte else pd.Series(dtype="float64")
        if kriterium.gewicht == 0:
            grund = "Gewicht null"
        elif 3 * reihe.notna().sum() < 2 * max(len(werte), 1):
            grund = "für weniger als zwei Drittel der Gebiete bekannt"
        elif reihe.dropna().eq(reihe.dropna().iloc[0]).all():
            grund = "überall gleich"
        else:
            grund = ""
        zeilen[kennung] = {
            "bezeichnung": kriterium.bezeichnung,
            "gewicht": kriterium.gewicht,
            "benutzt": not grund,
            "grund": grund,
        }
    spalten = ["bezeichnung", "gewicht", "benutzt", "grund"]
    tafel = pd.DataFrame.from_dict(zeilen, orient="index", columns=spalten)
    return tafel.astype({"gewicht": "float64", "benutzt": bool}).rename_axis(
        "kriterium"
    )


def _nach_daten(klasse: pd.Series, ab: int) -> "pd.Series[str]":
    text = pd.Series("nicht eingestuft", index=klasse.index, dtype="object")
    drin = (klasse >= ab).fillna(value=False).astype(bool)
    return text.mask(klasse.notna(), "nicht ausgewählt").mask(drin, "ausgewählt")


def _knapp(
    einstufung: pd.DataFrame,
    tafel: pd.DataFrame,
    grenze: float,
    hoechstens: float,
) -> pd.DataFrame:
    """Gebiete, weder nach Daten noch durch Urteil ausgewählt, mit wenig Abstand."""
    fehlt = (grenze - einstufung["index"]).clip(lower=0).round(STELLEN)
    nicht = (tafel[["nach_daten", "ergebnis"]] == "nicht ausgewählt").all(axis=1)
    knapp = nicht & (fehlt <= hoechstens)
    knappe = pd.DataFrame(
        {
            "wort": einstufung.loc[knapp, "wort"],
            "abstand": fehlt[knapp],
            "haltbarkeit": einstufung.loc[knapp, "haltbarkeit"],
        }
    )
    knappe["satz"] = [
        f"Es fehlen {zahl_text(a, stellen=2)} Standardabweichungen bis zur Grenze."
        for a in knappe["abstand"]
    ]
    return knappe.rename_axis("gebiet")


def _mit_gewicht(name: str, gewicht: float) -> str:
    """Name und Gewicht in einer Klammer, auch wenn der Name schon eine hat."""
    text = f"Gewicht {zahl_text(gewicht, stellen=1)}"
    if name.endswith(")"):
        return f"{name[:-1]}; {text})"
    return f"{name} ({text})"


def _satz(stand: pd.DataFrame) -> str:
    benutzt = stand[stand["benutzt"]]
    if benutzt.empty:
        return "Ein Vergleich ist nicht möglich: Kein Kriterium liegt vor."
    namen = [
        _mit_gewicht(str(z["bezeichnung"]), float(z["gewicht"]))
        for _, z in benutzt.iterrows()
    ]
    text = f"Verglichen nach {aufzaehlung(namen)}."
    ohne = stand[~stand["benutzt"]]
    if len(ohne):
        gruende = [
            f"{aufzaehlung(list(namen_dazu))}: {grund}"
            for grund, namen_dazu in ohne.groupby("grund", sort=False)["bezeichnung"]
        ]
        text += f" Nicht dabei: {'; '.join(gruende)}."
    return text
