"""Wie rechnen wir Werte auf neue Grenzen um? Genau, wo es geht; sonst als Schätzung.

Genau sind Umbenennungen und Zusammenlegungen ganzer Gebiete. Wird ein altes Gebiet
geteilt, ist jede Zahl danach eine Schätzung nach Flächenanteilen und trägt
`geschaetzt`. Gesperrtes und Fehlendes wird nie überbrückt.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from quartierstools.eingang.beobachtungen import FAKTOR
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.leser.textdatei import Schreibart, lies_textdatei
from quartierstools.eingang.pruefregeln import lies_pruefregeln
from quartierstools.eingang.pruefung import begrenzt
from quartierstools.eingang.schutz import dateibefunde, sicherer_text, zellbefund
from quartierstools.fehler import Befund, Datenfehler, meinten_sie
from quartierstools.katalog import Katalog
from quartierstools.schreibweise import aufzaehlung, zahl_text

GANZ = 0.001
"""Um so viel darf die Summe der Gewichte eines alten Gebiets von 1 abweichen."""
SPLITTER = 0.01
"""Kleinere Anteile sind Ungenauigkeiten der Grenzen, keine Teilungen."""
VORRANG = ("gesperrt", "fehlt", "nicht sinnvoll")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schluesselbruecke:
    """Welches alte Gebiet mit welchem Anteil in welchem neuen liegt.

    Attributes
    ----------
    tabelle : DataFrame
        Spalten `alt`, `neu` (Text), `gewicht` (0 bis 1, Anteil des alten Gebiets;
        je altem Gebiet in der Summe 1), `genau` (das neue Gebiet besteht aus
        ganzen alten) und `splitter` (dem neuen fehlen entfallene kleine Anteile).
    """

    tabelle: pd.DataFrame

    @classmethod
    def from_tabelle(
        cls, tabelle: pd.DataFrame, *, splitter: float = SPLITTER
    ) -> "Schluesselbruecke":
        """Brücke aus einer Tabelle mit `alt`, `neu`, `gewicht`.

        Anteile unter `splitter` entfallen, die übrigen werden wieder zu 1 ergänzt.
        Entfiele von einem alten Gebiet zusammen mehr als `splitter`, bleibt alles
        stehen; es gilt dann als geteilt.

        Examples
        --------
        >>> t = pd.DataFrame({"alt": ["1", "2", "3", "3"],
        ...                   "neu": ["A", "A", "B", "C"],
        ...                   "gewicht": [1.0, 0.9995, 0.6, 0.4]})
        >>> Schluesselbruecke.from_tabelle(t).tabelle["genau"].tolist()
        [True, True, False, False]
        """
        klein = tabelle["gewicht"] < splitter
        entfiele = tabelle["gewicht"].where(klein, 0.0).groupby(tabelle["alt"])
        klein &= entfiele.transform("sum") <= splitter
        splitterig = set(tabelle["neu"][klein & (tabelle["gewicht"] > 0)])
        gross = tabelle[~klein][["alt", "neu", "gewicht"]]
        summe = gross.groupby("alt")["gewicht"].transform("sum")
        gross = gross.assign(gewicht=gross["gewicht"] / summe)
        geteilt = gross.groupby("alt")["neu"].transform("nunique") > 1
        unsicher = gross.assign(geteilt=geteilt).groupby("neu")["geteilt"]
        fertig = gross.assign(
            genau=~unsicher.transform("any"), splitter=gross["neu"].isin(splitterig)
        )
        fertig = fertig.sort_values(["neu", "alt"], ignore_index=True)
        return cls(tabelle=fertig)

    @property
    def neue(self) -> list[str]:
        """Schlüssel der neuen Gebiete, sortiert."""
        return sorted(set(self.tabelle["neu"]))


def lies_schluesselbruecke(
    datei: Path,
    *,
    alt: str = "alt",
    neu: str = "neu",
    gewicht: str = "gewicht",
    splitter: float = SPLITTER,
) -> Schluesselbruecke:
    """Liest eine Brücke aus einer CSV-Datei.

    Parameters
    ----------
    alt, neu, gewicht : str
        Spaltennamen.
    splitter : float
        Anteile darunter gelten als Ungenauigkeit der Grenzen.

    Raises
    ------
    Datenfehler
        Wenn Spalten fehlen, ein Paar doppelt steht oder die Gewichte eines alten
        Gebiets nicht 1 ergeben.
    """
    regeln, name = lies_pruefregeln(), sicherer_text(datei.name)
    befunde = dateibefunde(datei, name, regeln)
    if befunde:
        raise Datenfehler(name, befunde)
    roh = lies_textdatei(datei, name=name, art=Schreibart(), regeln=regeln)
    befunde = [
        Befund(
            ort=f"{name}, Kopfzeile",
            was=f"Die Spalte „{s}“ fehlt.{meinten_sie(s, roh.spalten)}",
            erwartet=f"die Spalten {alt}, {neu} und {gewicht}",
        )
        for s in (alt, neu, gewicht)
        if s not in roh.spalten
    ]
    if befunde:
        raise Datenfehler(name, befunde)
    zahlen = pd.to_numeric(
        pd.Series(roh.texte(gewicht), dtype=object).str.replace(",", ".", regex=False),
        errors="coerce",
    )
    tabelle = pd.DataFrame(
        {"alt": roh.texte(alt), "neu": roh.texte(neu), "gewicht": zahlen}, dtype=object
    ).astype({"gewicht": "float64"})
    befunde = _befunde(tabelle, roh, alt, neu, gewicht)
    if befunde:
        raise Datenfehler(name, befunde)
    return Schluesselbruecke.from_tabelle(tabelle, splitter=splitter)


def _befunde(
    tabelle: pd.DataFrame, roh: Rohtabelle, alt: str, neu: str, gewicht: str
) -> list[Befund]:
    if tabelle.empty:
        return [
            Befund(
                ort=roh.quelle,
                was="Unter der Kopfzeile steht keine Zeile.",
                erwartet="eine Zeile je altem und neuem Gebiet",
                rat="Bitte ausfüllen.",
            )
        ]
    falsch = tabelle["gewicht"].isna() | ~tabelle["gewicht"].between(0, 1 + GANZ)
    befunde = _schluesselbefunde(tabelle, roh, alt, neu)
    befunde += [
        Befund(
            ort=roh.ort(int(i), gewicht),
            was=f"„{sicherer_text(roh.texte(gewicht)[int(i)])}“ ist kein Anteil.",
            erwartet="eine Zahl von 0 bis 1",
            rat="Bitte den Anteil des alten Gebiets eintragen.",
        )
        for i in np.flatnonzero(falsch.to_numpy())
    ]
    doppelt = tabelle.duplicated(["alt", "neu"]).to_numpy()
    befunde += [
        Befund(
            ort=roh.ort(int(i), alt),
            was="Dieses Paar aus altem und neuem Gebiet steht schon einmal da.",
            erwartet="jedes Paar nur einmal",
            rat="Bitte eine der Zeilen löschen.",
        )
        for i in np.flatnonzero(doppelt)
    ]
    # Wo ein Anteil schon falsch ist, sagt die Summe nichts Neues.
    lesbar = tabelle[~falsch.groupby(tabelle["alt"]).transform("any")]
    summe = lesbar.groupby("alt")["gewicht"].sum()
    befunde += [
        Befund(
            ort=f"{roh.quelle}, {alt} {sicherer_text(str(k))}",
            was=f"Die Gewichte ergeben {zahl_text(float(s), stellen=3)}.",
            erwartet="1,000 je altem Gebiet",
            rat="Fehlt ein neues Gebiet?",
        )
        for k, s in summe.items()
        if abs(s - 1) > GANZ
    ]
    return begrenzt(befunde)


def _schluesselbefunde(
    tabelle: pd.DataFrame, roh: Rohtabelle, alt: str, neu: str
) -> list[Befund]:
    """Leere Schlüssel und solche, die keine Tabelle annimmt."""
    befunde = []
    for spalte, name in (("alt", alt), ("neu", neu)):
        for stelle, text in enumerate(tabelle[spalte]):
            mangel = "" if text else "nichts"
            mangel = mangel or zellbefund(text)
            if mangel:
                befunde.append(
                    Befund(
                        ort=roh.ort(stelle, name),
                        was=f"Als Schlüssel steht hier {mangel}.",
                        erwartet="der Schlüssel eines Gebiets",
                        rat="Bitte die Zeile berichtigen oder löschen.",
                    )
                )
    return befunde


def ueberfuehre(
    werte: pd.DataFrame, bruecke: Schluesselbruecke, *, katalog: Katalog
) -> pd.DataFrame:
    """Rechnet Gebietswerte auf neue Gebiete um.

    Parameters
    ----------
    werte : DataFrame
        Wie von `lies_bestand`; nur die Ebene „gebiet“ wird umgerechnet, Stadtbezirk
        und Stadt bleiben.
    bruecke : Schluesselbruecke
        Alte und neue Schlüssel.
    katalog : Katalog
        Einheit je Indikator.

    Returns
    -------
    DataFrame
        Gleiche Spalten und `geschaetzt` (bool). Fallzahlen werden addiert, bei
        geteilten Gebieten nach Anteil und gerundet; Anteile entstehen neu aus den
        ungerundeten Fallzahlen. Anteile ohne Fallzahlen gehen nur über, wo genau ein
        ganzes altes Gebiet zum neuen wird oder im neuen aufgeht; sonst „fehlt“.

    Raises
    ------
    Datenfehler
        Wenn ein Gebiet der Werte in der Brücke nicht vorkommt oder ein neues Gebiet
        Werte aus verschiedenen Quellen bekäme.
    """
    unten = werte[werte["ebene"].astype(str) == "gebiet"]
    fremd = sorted(set(unten["gebiet"].astype(str)) - set(bruecke.tabelle["alt"]))
    if fremd:
        befunde = [
            Befund(
                ort=f"Schlüsselbrücke, {sicherer_text(k)}",
                was=f"Für das Gebiet „{sicherer_text(k)}“ gibt es keinen neuen "
                "Schlüssel.",
                erwartet="eine Zeile je altem Gebiet",
                rat="Bitte die Brücke ergänzen.",
            )
            for k in fremd
        ]
        raise Datenfehler("Schlüsselbrücke", befunde)
    paare = unten.assign(gebiet=unten["gebiet"].astype(str)).merge(
        bruecke.tabelle, left_on="gebiet", right_on="alt", how="inner"
    )
    paare = paare.sort_values(["neu", "alt"], kind="stable")
    gruppen = paare.groupby(["neu", "indikator", "stichtag"], observed=True, sort=True)
    _pruefe_quellen(gruppen)
    anzahl_alte = bruecke.tabelle.groupby("neu")["alt"].nunique().to_dict()
    zeilen = [
        _umgerechnet(
            teile,
            neu=str(neu),
            vollzaehlig=len(teile) == int(anzahl_alte[neu]),
            einheit=katalog.indikatoren[str(kennung)].einheit,
        )
        for (neu, kennung, _), teile in gruppen
    ]
    neue = pd.DataFrame(zeilen, columns=[*werte.columns, "geschaetzt"])
    oben = werte[werte["ebene"].astype(str) != "gebiet"].assign(geschaetzt=False)
    ganz = pd.concat([neue, oben.astype(object)], ignore_index=True)
    return ganz.astype(
        {"wert": "float64", "zaehler": "Int64", "nenner": "Int64", "geschaetzt": bool}
    )


def _umgerechnet(
    teile: pd.DataFrame, *, neu: str, vollzaehlig: bool, einheit: str
) -> dict[str, object]:
    """Eine Beobachtung für ein neues Gebiet."""
    genau = bool(teile["genau"].all())
    erste = teile.iloc[0]
    felder = {s: erste[s] for s in teile.columns if s not in SPALTEN_BRUECKE}
    felder |= {"gebiet": neu, "zaehler": pd.NA, "nenner": pd.NA, "wert": np.nan}
    felder["geschaetzt"] = not genau
    felder |= _schwaechste(teile)
    arten = set(teile["wertart"])
    luecke = next((art for art in VORRANG if art in arten), "")
    if luecke or not vollzaehlig:
        return felder | {"wertart": luecke or "fehlt"}
    gewicht = teile["gewicht"].to_numpy()
    if einheit == "anzahl":
        wert = float((teile["wert"].to_numpy() * gewicht).sum())
        return felder | {"wert": wert, "wertart": "Zahl"}
    if teile["zaehler"].notna().all() and teile["nenner"].notna().all():
        oben = float((teile["zaehler"].to_numpy(dtype=float) * gewicht).sum())
        unten = float((teile["nenner"].to_numpy(dtype=float) * gewicht).sum())
        if unten == 0:
            return felder | {"wertart": "nicht sinnvoll", "zaehler": 0, "nenner": 0}
        wert = oben / unten * FAKTOR.get(einheit, 1.0)
        return felder | {
            "wert": wert,
            "wertart": "Zahl",
            "zaehler": round(oben),
            "nenner": round(unten),
        }
    if len(teile) == 1:
        return felder | {"wert": float(erste["wert"]), "wertart": "Zahl"}
    return felder | {"wertart": "fehlt"}


def _schwaechste(teile: pd.DataFrame) -> dict[str, object]:
    """Angaben zur Güte: Ein Ganzes ist nie besser belegt als sein schwächster Teil."""
    return {
        spalte: next(wort for wort in folge if wort in set(teile[spalte]))
        for spalte, folge in GUETE.items()
        if spalte in teile.columns and set(teile[spalte]) <= set(folge)
    } | _hinweise(teile)


def _hinweise(teile: pd.DataFrame) -> dict[str, object]:
    """Die Hinweise aller Teile, jeder einmal."""
    if "hinweis" not in teile.columns:
        return {}
    return {"hinweis": "; ".join(h for h in dict.fromkeys(teile["hinweis"]) if h)}


def _pruefe_quellen(gruppen: Any) -> None:  # noqa: ANN401 – Art von pandas
    befunde = [
        Befund(
            ort=f"Schlüsselbrücke, neu {sicherer_text(str(neu))}",
            was=f"{kennung}, {tag}: Die Teile stammen aus verschiedenen Quellen "
            f"({aufzaehlung(sorted(set(teile['quelle'])))}).",
            erwartet="eine Quelle je Indikator und Stichtag",
            rat="Bitte die Tabellen nach Quellen trennen.",
        )
        for (neu, kennung, tag), teile in gruppen
        if "quelle" in teile.columns and len(set(teile["quelle"])) > 1
    ]
    if befunde:
        raise Datenfehler("Schlüsselbrücke", begrenzt(befunde))


SPALTEN_BRUECKE = ("alt", "neu", "gewicht", "genau", "splitter")
GUETE = {"stichtag_belegt": ("nein", "unbekannt", "ja"), "guete": ("B", "", "A")}
"""Spalte → Worte vom schwächsten zum stärksten."""
