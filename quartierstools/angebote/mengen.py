"""Reichen die bekannten Plätze? Betroffene minus erreichbare Plätze, mit Intervall.

Gerechnet wird nur, wo Fallzahlen freigegeben und Plätze bekannt sind. Ohne Platzzahl
gibt es keine Versorgungsquote; nicht bekannte Plätze sind nicht null Plätze.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from quartierstools.analyse import wilson
from quartierstools.angebote.plaetze import platztafel
from quartierstools.schreibweise import zahl_text

HUNDERT = 100

WINZIG = 1e-9
"""Unterschied, der nur vom Runden beim Addieren kommt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mengenluecke:
    """Betroffene und Plätze einer Zielgruppe.

    Attributes
    ----------
    indikator : str
        Sein Zähler zählt die Betroffenen; leer, wenn keiner vorliegt.
    stichtag : str
        Stichtag der Betroffenen; leer, wenn keiner vorliegt.
    satz : str
        Was verrechnet ist oder warum nichts.
    tafel : DataFrame
        Je Gebiet `betroffene`, `betroffene_unten`, `betroffene_oben` (Menschen),
        `je_100`, `je_100_unten`, `je_100_oben` (Betroffene je 100 des Nenners),
        `plaetze` (geprüfte, hier erreichbare; fehlend, wenn keine bekannt),
        `plaetze_weit` (davon Anteil an Angeboten für Stadtbezirk oder Stadt),
        `plaetze_ungeprueft` (nie mitgerechnet), `ohne_platzzahl` (Zahl geprüfter
        Angebote hier ohne Platzzahl), `luecke`, `luecke_unten`, `luecke_oben`
        (Betroffene minus Plätze; negativ: mehr Plätze als Betroffene),
        `ohne_bekannten_platz` (Betroffene, für die kein Platz bekannt ist, nie
        negativ), `lage` (``Lücke``, ``Überdeckung``, ``kein belastbarer
        Unterschied``, ``keine Platzzahl bekannt``, ``keine Fallzahl``) und `satz`.
    nicht_zugeordnet : tuple of str
        Angebote mit Plätzen, die sich keinem Gebiet zuordnen ließen.
    """

    indikator: str
    stichtag: str
    satz: str
    tafel: pd.DataFrame
    nicht_zugeordnet: tuple[str, ...] = ()

    @property
    def verrechenbar(self) -> bool:
        """Ob es für mindestens ein Gebiet eine Lücke in Plätzen gibt."""
        return bool(self.tafel["luecke"].notna().any())


def mengenluecke(  # noqa: PLR0913
    fallzahlen: pd.DataFrame,
    angebote: pd.DataFrame,
    *,
    stadtbezirke: "pd.Series[str]",
    summen: Mapping[str, float],
    indikator: str = "",
    stichtag: str = "",
    bezeichnung: str = "",
    sicherheit: float = 0.95,
) -> Mengenluecke:
    """Rechnet Betroffene gegen geprüfte, erreichbare Plätze.

    Parameters
    ----------
    fallzahlen : DataFrame
        Je Gebiet `zaehler` (Betroffene) und `nenner`, fehlend ohne Freigabe.
    angebote : DataFrame
        Bestand der Zielgruppe mit der Spalte `lage`.
    stadtbezirke : Series
        Stadtbezirk je Gebiet.
    summen : Mapping
        Veröffentlichte Betroffene je Stadtbezirk und für ``stadt``.
    bezeichnung : str, default=""
        Was der Zähler zählt, für den Satz.
    sicherheit : float, default=0.95
        Überdeckung der Intervalle.

    Examples
    --------
    >>> ergebnis = mengenluecke(
    ...     pd.DataFrame({"zaehler": [80.0], "nenner": [1000.0]}, index=["011"]),
    ...     pd.DataFrame({"gebiete": ["011"], "lage": ["geprüft"], "plaetze": [30]},
    ...                  index=["a"]),
    ...     stadtbezirke=pd.Series({"011": "1"}), summen={})
    >>> zeile = ergebnis.tafel.loc["011"]
    >>> float(zeile["luecke"]), zeile["lage"]
    (50.0, 'Lücke')
    """
    betroffene = fallzahlen["zaehler"].astype("float64")
    plaetze, nicht_zugeordnet = platztafel(
        angebote, betroffene=betroffene, stadtbezirke=stadtbezirke, summen=summen
    )
    tafel = _mit_bereich(fallzahlen, sicherheit).join(plaetze)
    for ende, gegen in (("", ""), ("_unten", "_unten"), ("_oben", "_oben")):
        tafel[f"luecke{ende}"] = tafel[f"betroffene{gegen}"] - tafel["plaetze"]
    offen = tafel["betroffene"] - tafel["plaetze"].fillna(0)
    tafel["ohne_bekannten_platz"] = offen.clip(lower=0)
    tafel["lage"] = _lagen(tafel)
    tafel["satz"] = [_satz(zeile, bezeichnung) for _, zeile in tafel.iterrows()]
    return Mengenluecke(
        indikator=indikator if betroffene.notna().any() else "",
        stichtag=stichtag if betroffene.notna().any() else "",
        satz=_gesamtsatz(tafel, bezeichnung),
        tafel=tafel.rename_axis("gebiet"),
        nicht_zugeordnet=nicht_zugeordnet,
    )


def poissonbereich(
    anzahl: "pd.Series[float]", *, sicherheit: float = 0.95
) -> pd.DataFrame:
    """Bereich um eine Zahl ohne Nenner (Garwood, exakt).

    Returns
    -------
    DataFrame
        `unten`, `oben`; fehlend, wo die Anzahl fehlt.

    References
    ----------
    .. [1] Garwood, F. (1936), Biometrika 28, S. 437–442.

    Examples
    --------
    >>> poissonbereich(pd.Series({"a": 10.0})).round(2).loc["a"].tolist()
    [4.8, 18.39]
    """
    from scipy.stats import chi2  # noqa: PLC0415

    rest = (1 - sicherheit) / 2
    unten = chi2.ppf(rest, 2 * anzahl) / 2
    oben = chi2.ppf(1 - rest, 2 * (anzahl + 1)) / 2
    bereich = pd.DataFrame({"unten": unten, "oben": oben}, index=anzahl.index)
    bereich.loc[anzahl == 0, "unten"] = 0.0
    return bereich.where(anzahl.notna(), axis=0)


def _mit_bereich(fallzahlen: pd.DataFrame, sicherheit: float) -> pd.DataFrame:
    """Betroffene und Häufigkeit mit Zufallsbereich."""
    x = fallzahlen["zaehler"].astype("float64")
    n = fallzahlen["nenner"].astype("float64").where(lambda r: r > 0)
    anteil = wilson(x, n, sicherheit=sicherheit)
    ohne_nenner = poissonbereich(x.where(n.isna()), sicherheit=sicherheit)
    return pd.DataFrame(
        {
            "betroffene": x,
            "betroffene_unten": (anteil["unten"] * n).fillna(ohne_nenner["unten"]),
            "betroffene_oben": (anteil["oben"] * n).fillna(ohne_nenner["oben"]),
            "je_100": anteil["anteil"] * HUNDERT,
            "je_100_unten": anteil["unten"] * HUNDERT,
            "je_100_oben": anteil["oben"] * HUNDERT,
        }
    )


def _lagen(tafel: pd.DataFrame) -> "pd.Series[str]":
    lage = pd.Series("kein belastbarer Unterschied", index=tafel.index, dtype="object")
    lage = lage.mask(tafel["luecke_unten"] > 0, "Lücke")
    lage = lage.mask(tafel["luecke_oben"] < 0, "Überdeckung")
    lage = lage.mask(tafel["plaetze"].isna(), "keine Platzzahl bekannt")
    return lage.mask(tafel["betroffene"].isna(), "keine Fallzahl")


def platzzahl(plaetze: float) -> str:
    """Ganze Plätze; ein Anteil unter einem Platz ist nicht null.

    Examples
    --------
    >>> platzzahl(0.21), platzzahl(0.0), platzzahl(3.6)
    ('unter 1', '0', '4')
    """
    return "unter 1" if 0 < plaetze < 1 else zahl_text(plaetze)


def platzangabe(zeile: Mapping[Any, Any]) -> str:
    """Woher die Plätze kommen: bekannt oder nur rechnerischer Anteil.

    Parameters
    ----------
    zeile : Mapping
        `plaetze` und `plaetze_weit` einer Zeile von `Mengenluecke.tafel`.

    Examples
    --------
    >>> platzangabe({"plaetze": 20.0, "plaetze_weit": float("nan")})
    'bekannt sind 20 geprüfte Plätze'
    >>> platzangabe({"plaetze": 3.6, "plaetze_weit": 3.6})
    'rechnerisch 4 Plätze als Anteil an Angeboten für Stadt oder Stadtbezirk'
    """
    plaetze, weit = float(zeile["plaetze"]), float(zeile["plaetze_weit"])
    anteil = "Anteil an Angeboten für Stadt oder Stadtbezirk"
    if weit >= plaetze - WINZIG:
        wort = "Platz" if platzzahl(plaetze) in {"1", "unter 1"} else "Plätze"
        return f"rechnerisch {platzzahl(plaetze)} {wort} als {anteil}"
    text = f"bekannt sind {platzzahl(plaetze)} geprüfte Plätze"
    return f"{text}, davon {platzzahl(weit)} als {anteil}" if weit > 0 else text


def _satz(zeile: "pd.Series[Any]", bezeichnung: str) -> str:
    """Ein Gebiet in Worten; ohne Platzzahl keine Rechnung."""
    if zeile["lage"] == "keine Fallzahl":
        return "Hier liegt keine freigegebene Fallzahl vor."
    was = f" ({bezeichnung})" if bezeichnung else ""
    menschen = f"Gezählt sind {zahl_text(zeile['betroffene'])} Menschen{was}"
    if zeile["lage"] == "keine Platzzahl bekannt":
        return f"{menschen}; Plätze sind hier keine bekannt, gerechnet wird nichts."
    text = f"{menschen}, {platzangabe(zeile.to_dict())}."
    unten, oben = zahl_text(zeile["luecke_unten"]), zahl_text(zeile["luecke_oben"])
    bereich = f"(Zufallsbereich {unten} bis {oben})"
    unterschied = abs(zeile["luecke"])
    if zeile["lage"] == "Lücke":
        text += (
            f" Das sind {zahl_text(unterschied)} Menschen mehr als Plätze {bereich}."
        )
    elif zeile["lage"] == "Überdeckung":
        text += (
            f" Das sind {zahl_text(unterschied)} Plätze mehr als Menschen {bereich}."
        )
    else:
        text += f" Der Unterschied ist nicht belastbar {bereich}."
    if zeile["ohne_platzzahl"]:
        text += " Dazu kommen geprüfte Angebote ohne bekannte Platzzahl."
    return text


def _gesamtsatz(tafel: pd.DataFrame, bezeichnung: str) -> str:
    if tafel["betroffene"].isna().all():
        return (
            "Für diese Zielgruppe liegen keine freigegebenen Fallzahlen vor; Plätze "
            "werden nicht verrechnet."
        )
    was = bezeichnung or "die Betroffenen"
    if tafel["plaetze"].isna().all():
        return f"Gezählt ist: {was}. Platzzahlen geprüfter Angebote sind keine bekannt."
    return (
        f"Gezählt ist: {was}. Abgezogen sind nur geprüfte Plätze; mehrere Gebiete "
        "teilen sie nach Einzugsgebiet oder im Verhältnis der Gezählten. Nicht jeder "
        "Mensch braucht einen Platz, und nicht jedes Angebot ist bekannt."
    )
