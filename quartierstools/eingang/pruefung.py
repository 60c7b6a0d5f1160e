"""Stimmen die Werte? Anteile, Summen, Einheiten, Sprünge, Stichtage, Vollständigkeit.

Jede Prüfung ist eine Funktion von der Wertetabelle zu Befunden; keine ändert etwas.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from quartierstools.eingang.namen import Gebietsverzeichnis
from quartierstools.eingang.pruefregeln import Pruefregeln
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.fehler import Befund
from quartierstools.katalog import Katalog
from quartierstools.schreibweise import aufzaehlung, datum_text, mehrzahl, zahl_text

HOECHSTENS = 20
"""So viele gleichartige Befunde werden einzeln genannt."""
HOECHSTENS_GEBAUT = 1000
"""Mehr gleichartige Befunde werden nicht einzeln aufgebaut."""

ANTEILSEINHEITEN = ("prozent",)


def begrenzt(befunde: Sequence[Befund], hoechstens: int = HOECHSTENS) -> list[Befund]:
    """Die ersten Befunde und ein Satz über die übrigen."""
    if len(befunde) <= hoechstens:
        return list(befunde)
    rest = len(befunde) - hoechstens
    wort = mehrzahl(rest, "gleichartige Stelle", "gleichartige Stellen")
    wie = "mindestens " if len(befunde) >= HOECHSTENS_GEBAUT else ""
    letzter = befunde[hoechstens]
    return [
        *befunde[:hoechstens],
        Befund(
            ort=letzter.ort.partition(", Zeile")[0],
            was=f"Dazu kommen {wie}{wort}.",
            rat=letzter.rat,
            schwere=letzter.schwere,
        ),
    ]


def zeilen_von(tabelle: pd.DataFrame) -> Iterator[Any]:
    """Zeilen mit Spalten als Attributen."""
    yield from tabelle.itertuples()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruefung:
    """Was eine Prüfung wissen muss.

    Attributes
    ----------
    werte : DataFrame
        Spalten wie im Bestand, dazu `datei` und `zeile`.
    spaltenname : Callable
        (Indikator, Rolle) → Spaltenname der Lieferung.
    rundung : int
        Auf Vielfache davon hat die Quelle Fallzahlen gerundet.
    vorher : DataFrame or None
        Frühere Werte desselben Projekts.
    zeilenwort : str
        „Zeile“ oder „Fläche“.
    """

    werte: pd.DataFrame
    katalog: Katalog
    verzeichnis: Gebietsverzeichnis
    regeln: Pruefregeln
    spaltenname: Callable[[str, str], str] = lambda _, rolle: rolle
    rundung: int = 0
    vorher: pd.DataFrame | None = None
    zeilenwort: str = "Zeile"

    def ort(self, zeile: Any, rolle: str = "") -> str:  # noqa: ANN401
        """Datei, Zeile, Spalte und Gebiet einer Beobachtung."""
        teile = [str(zeile.datei), f"{self.zeilenwort} {zeile.zeile}"]
        gezaehlt = rolle == "wert" and not pd.isna(getattr(zeile, "zaehler", pd.NA))
        if rolle and not (gezaehlt and self.spaltenname("", "wert") == "wert"):
            spalte = self.spaltenname(str(zeile.indikator), rolle)
            teile.append(f"Spalte „{sicherer_text(spalte)}“")
        teile.append(self.verzeichnis.name(str(zeile.ebene), str(zeile.gebiet)))
        return ", ".join(teile)

    def einheit(self, indikator: str) -> str:
        """Einheit im Katalog."""
        return str(self.katalog.indikatoren[indikator].einheit)


def fallzahlbefunde(pruefung: Pruefung) -> list[Befund]:
    """0 ≤ Zähler ≤ Nenner, wo der Wert ein Anteil ist."""
    werte = pruefung.werte
    anteile = [
        k
        for k in werte["indikator"].unique()
        if pruefung.einheit(str(k)) in ANTEILSEINHEITEN
    ]
    groesser = (werte["zaehler"] > werte["nenner"]).fillna(value=False)
    betroffen = werte["indikator"].isin(anteile).to_numpy(dtype=bool)
    zu_gross = groesser.to_numpy(dtype=bool) & betroffen
    return begrenzt(
        [
            Befund(
                ort=pruefung.ort(zeile, "zaehler"),
                was=f"Der Zähler {zahl_text(zeile.zaehler)} ist größer als der Nenner "
                f"{zahl_text(zeile.nenner)}.",
                erwartet="höchstens so groß wie der Nenner",
                rat="Stimmen Quelle und Stichtag von Zähler und Nenner überein?",
            )
            for zeile in zeilen_von(werte[zu_gross].head(HOECHSTENS_GEBAUT))
        ]
    )


def anteilbefunde(pruefung: Pruefung) -> list[Befund]:
    """Anteile liegen zwischen 0 und 100 Prozent, Anzahlen nicht unter null."""
    werte = pruefung.werte
    befunde = []
    for kennung, gruppe in werte.groupby("indikator", observed=True, sort=False):
        einheit = pruefung.einheit(str(kennung))
        zahlen = gruppe["wert"].to_numpy()
        ohne_fallzahl = (gruppe["zaehler"].isna() | gruppe["nenner"].isna()).to_numpy()
        if einheit == "prozent":
            falsch = ohne_fallzahl & ((zahlen < 0) | (zahlen > 1))
            faktor, wort, erwartet = 100.0, " Prozent", "0 bis 100 Prozent"
        elif einheit in ("anzahl", "stufe"):
            falsch = zahlen < 0
            faktor, wort, erwartet = 1.0, "", "eine Zahl ab 0"
        else:
            continue
        befunde += begrenzt(
            [
                Befund(
                    ort=pruefung.ort(zeile, "wert"),
                    was="Hier stehen "
                    f"{zahl_text(zeile.wert * faktor, stellen=1)}{wort}.",
                    erwartet=erwartet,
                    rat="Bitte Einheit und Zelle prüfen.",
                )
                for zeile in zeilen_von(gruppe[falsch].head(HOECHSTENS_GEBAUT))
            ]
        )
    return befunde


def einheitsbefunde(pruefung: Pruefung) -> list[Befund]:
    """Prozentwerte, die alle unter 1 liegen, sind wohl Anteile von 0 bis 1."""
    werte = pruefung.werte
    anteile = werte[werte["zaehler"].isna()]
    befunde = []
    for kennung, gruppe in anteile.groupby("indikator", observed=True, sort=False):
        if pruefung.einheit(str(kennung)) != "prozent":
            continue
        zahlen = gruppe["wert"].dropna() * 100
        if len(zahlen) >= pruefung.regeln.mindestzahl_einheit and 0 < zahlen.max() <= 1:
            befunde.append(
                Befund(
                    ort=f"{gruppe['datei'].iloc[0]}, Spalte "
                    f"„{sicherer_text(pruefung.spaltenname(str(kennung), 'wert'))}“, "
                    f"{kennung}",
                    was="Alle Werte liegen unter 1 Prozent.",
                    erwartet="Prozentwerte von 0 bis 100",
                    rat="Sind es Anteile von 0 bis 1? Dann in lieferung.yaml einheit: "
                    "anteil angeben oder mal 100 nehmen.",
                )
            )
    return befunde


def summenbefunde(pruefung: Pruefung) -> list[Befund]:
    """Fallzahlen: Gebiete = Stadtbezirk = Stadt, innerhalb der Rundung.

    Sind Gebiete gesperrt oder fehlen sie, darf die Summe der übrigen nicht größer
    sein als die Zahl darüber.
    """
    befunde: list[Befund] = []
    werte, verzeichnis = pruefung.werte, pruefung.verzeichnis
    bezirk_von = verzeichnis.bezirk_von
    gebiete_je = pd.Series(bezirk_von, dtype=object).value_counts()
    alle = pd.Series({"stadt": len(bezirk_von)})
    bezirke = pd.Series({"stadt": len(verzeichnis.schluessel("stadtbezirk"))})
    for ebene, darunter, anzahl in (
        ("stadtbezirk", "gebiet", gebiete_je),
        ("stadt", "gebiet", alle),
        ("stadt", "stadtbezirk", bezirke),
    ):
        oben = werte[werte["ebene"] == ebene]
        if oben.empty:
            continue
        teile = werte[werte["ebene"] == darunter]
        gruppe = (
            "stadt"
            if ebene == "stadt"
            else teile["gebiet"].astype(object).map(bezirk_von)
        )
        befunde += _stufe(pruefung, oben, teile.assign(gruppe=gruppe), anzahl)
    return begrenzt(befunde, 2 * HOECHSTENS)


def _stufe(
    pruefung: Pruefung,
    oben: pd.DataFrame,
    teile: pd.DataFrame,
    anzahl: "pd.Series[int]",
) -> list[Befund]:
    befunde = []
    schluessel = ["indikator", "stichtag", "gruppe"]
    for spalte in ("zaehler", "nenner", "wert"):
        if spalte == "wert":
            zaehlbar = [
                k
                for k in teile["indikator"].unique()
                if pruefung.einheit(str(k)) == "anzahl"
            ]
            teile = teile[teile["indikator"].isin(zaehlbar)]
            oben = oben[oben["indikator"].isin(zaehlbar)]
        if teile.empty:
            continue
        summen = (
            teile.groupby(schluessel, observed=True)[spalte]
            .agg(["sum", "count"])
            .reset_index()
            .rename(columns={"gruppe": "gebiet", "sum": "summe", "count": "anzahl"})
        )
        paare = oben.merge(summen, on=["indikator", "stichtag", "gebiet"], how="inner")
        ganz = (paare["anzahl"] == paare["gebiet"].map(anzahl)).to_numpy(dtype=bool)
        spielraum = (
            pruefung.rundung * (paare["anzahl"] + 1) / 2 + (spalte == "wert") * 1e-6
        )
        abstand = (paare["summe"] - paare[spalte]).astype("float64")
        falsch = np.where(ganz, abstand.abs() > spielraum, abstand > spielraum)
        falsch &= paare[spalte].notna().to_numpy(dtype=bool)
        was = "Hier stehen {}, die Gebiete darunter ergeben {}."
        for zeile in zeilen_von(paare[falsch]):
            hier = zahl_text(getattr(zeile, spalte))
            befunde.append(
                Befund(
                    ort=pruefung.ort(zeile, spalte),
                    was=was.format(hier, zahl_text(zeile.summe)),
                    erwartet="die Summe aller Gebiete darunter"
                    if zeile.anzahl == anzahl.get(str(zeile.gebiet))
                    else "mindestens die Summe der vorliegenden Gebiete",
                    rat="Fehlt ein Gebiet oder stammen die Zeilen aus verschiedenen "
                    "Lieferungen?",
                )
            )
    return befunde


def spannenbefunde(pruefung: Pruefung) -> list[Befund]:
    """Ein Anteil der Stadt liegt nie außerhalb der Anteile aller Gebiete."""
    werte = pruefung.werte
    befunde = []
    anzahl = len(pruefung.verzeichnis.schluessel("gebiet"))
    mit_stadt = set(werte.loc[werte["ebene"] == "stadt", "indikator"])
    for kennung in sorted(mit_stadt):
        gruppe = werte[werte["indikator"] == kennung]
        if pruefung.einheit(str(kennung)) not in ("prozent", "je_100", "je_1000"):
            continue
        oben = gruppe[(gruppe["ebene"] == "stadt") & gruppe["wert"].notna()]
        if oben.empty:
            continue
        prozent = pruefung.einheit(str(kennung)) == "prozent"
        luft = 0.0005 if prozent else 0.05
        unten = gruppe[(gruppe["ebene"] == "gebiet") & gruppe["wert"].notna()]
        for zeile in zeilen_von(oben):
            teile = unten.loc[unten["stichtag"] == zeile.stichtag, "wert"]
            if len(teile) < anzahl:
                continue
            von, bis = float(teile.min()), float(teile.max())
            if von - luft <= zeile.wert <= bis + luft:
                continue
            faktor = 100.0 if prozent else 1.0
            spanne = [zahl_text(w * faktor, stellen=1) for w in (von, bis)]
            befunde.append(
                Befund(
                    ort=pruefung.ort(zeile, "wert"),
                    was=f"Die Stadt hat {zahl_text(zeile.wert * faktor, stellen=1)}, "
                    f"die Gebiete reichen von {spanne[0]} bis {spanne[1]}.",
                    erwartet="ein Stadtwert zwischen kleinstem und größtem Gebiet",
                    rat="Stammen Stadt und Gebiete aus demselben Messkonzept und "
                    "Stichtag?",
                )
            )
    return befunde


def vollstaendigkeitsbefunde(pruefung: Pruefung) -> list[Befund]:
    """Welche Gebiete fehlen je Indikator und Stichtag (Hinweis, keine Null)."""
    werte = pruefung.werte
    befunde = []
    alle = pruefung.verzeichnis.schluessel("gebiet")
    noetig = ["gebiet", "indikator", "stichtag"]
    unten = werte.loc[werte["ebene"] == "gebiet", noetig]
    gesagt: dict[tuple[str, ...], list[str]] = {}
    for (kennung, tag), gruppe in unten.groupby(
        ["indikator", "stichtag"], observed=True, sort=True
    ):
        if gruppe["gebiet"].nunique() < len(alle):
            vorhanden = set(gruppe["gebiet"].astype(str))
            ohne = tuple(k for k in alle if k not in vorhanden)
            tag_text = datum_text(date.fromisoformat(str(tag)))
            gesagt.setdefault(ohne, []).append(f"{kennung} ({tag_text})")
    datei = str(werte["datei"].iloc[0]) if len(werte) else ""
    for ohne, reihen in gesagt.items():
        namen = [pruefung.verzeichnis.name("gebiet", k) for k in ohne[:6]]
        if len(ohne) > len(namen):
            namen.append(f"{len(ohne) - len(namen)} weitere")
        reihe = aufzaehlung([*reihen[:3], *(["weitere"] if len(reihen) > 3 else [])])  # noqa: PLR2004
        befunde.append(
            Befund(
                ort=f"{datei}, {reihe}",
                was=f"{len(alle) - len(ohne)} von {len(alle)} Gebieten sind geliefert; "
                f"es {'fehlt' if len(ohne) == 1 else 'fehlen'} {aufzaehlung(namen)}.",
                rat="Fehlende Gebiete bleiben Lücken („liegt nicht vor“), nie null.",
                schwere="hinweis",
            )
        )
    return befunde


def messkonzeptbefunde(
    texte: Sequence[tuple[str, str, str]], regeln: Pruefregeln
) -> list[Befund]:
    """Lehnt Spalten ab, deren Wörter ein anderes Messkonzept nennen.

    Parameters
    ----------
    texte : Sequence of (ort, indikator, text)
        Was über die Werte eines Indikators gesagt wird: Spaltenkopf, Bezeichnung.
    """
    befunde = []
    for ort, kennung, text in texte:
        klein = f" {text.casefold()} "
        for konzept in regeln.messkonzepte:
            wort = next((w for w in konzept.fremd if w.casefold() in klein), None)
            if kennung in konzept.indikatoren and wort:
                befunde.append(
                    Befund(
                        ort=ort,
                        was=f"„{sicherer_text(text)}“ passt nicht zum Indikator "
                        f"{kennung}. {konzept.satz}",
                        erwartet="Werte im Messkonzept des Katalogs",
                        rat="Bitte die passende Größe liefern lassen oder anders "
                        "zuordnen; Messkonzepte werden nie gemischt.",
                    )
                )
    return befunde
