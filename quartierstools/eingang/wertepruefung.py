"""Stimmen die Werte mit der Zeit überein? Stichtage, Sprünge, alle Prüfungen."""

from datetime import date

import numpy as np
import pandas as pd

from quartierstools.eingang.ausreisser import ausreisserbefunde
from quartierstools.eingang.pruefung import (
    HOECHSTENS_GEBAUT,
    Pruefung,
    anteilbefunde,
    begrenzt,
    einheitsbefunde,
    fallzahlbefunde,
    spannenbefunde,
    summenbefunde,
    vollstaendigkeitsbefunde,
    zeilen_von,
)
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.fehler import Befund
from quartierstools.katalog.modelle import EINHEIT_TEXT
from quartierstools.schreibweise import datum_text, zahl_text


def alle_befunde(pruefung: Pruefung) -> list[Befund]:
    """Alle Prüfungen der Werte; Fehler zuerst."""
    befunde = [
        *fallzahlbefunde(pruefung),
        *anteilbefunde(pruefung),
        *einheitsbefunde(pruefung),
        *ausreisserbefunde(pruefung),
        *summenbefunde(pruefung),
        *spannenbefunde(pruefung),
        *stichtagbefunde(pruefung),
        *vorjahrbefunde(pruefung),
        *vollstaendigkeitsbefunde(pruefung),
    ]
    return sorted(befunde, key=lambda b: b.schwere != "fehler")


def verbundbefunde(pruefung: Pruefung) -> list[Befund]:
    """Was sich erst prüfen lässt, wenn Zähler und Nenner zusammenkommen.

    Summen, Stichtage und Lücken hat schon die Prüfung der einzelnen Datei gemeldet.
    """
    befunde = [
        *fallzahlbefunde(pruefung),
        *anteilbefunde(pruefung),
        *ausreisserbefunde(pruefung),
        *spannenbefunde(pruefung),
        *vorjahrbefunde(pruefung),
    ]
    return sorted(befunde, key=lambda b: b.schwere != "fehler")


def stichtagbefunde(pruefung: Pruefung) -> list[Befund]:
    """Stichtage nach dem Bezugsdatum und mitten im Monat."""
    bezug = pruefung.katalog.projekt.bezugsdatum
    werte = pruefung.werte
    datei = str(werte["datei"].iloc[0]) if len(werte) else ""
    befunde = []
    for text in sorted({str(t) for t in werte["stichtag"].unique()}):
        tag = date.fromisoformat(text)
        if tag > bezug:
            befunde.append(
                Befund(
                    ort=f"{datei}, Stichtag {datum_text(tag)}",
                    was=f"Der Stichtag liegt nach dem Bezugsdatum {datum_text(bezug)}.",
                    erwartet="ein Stichtag bis zum bezugsdatum in projekt.yaml",
                    rat="Bitte Jahr prüfen oder bezugsdatum anpassen.",
                )
            )
        elif 1 < tag.day < 28:  # noqa: PLR2004 – Monatsränder sind üblich
            befunde.append(
                Befund(
                    ort=f"{datei}, Stichtag {datum_text(tag)}",
                    was="Der Stichtag liegt mitten im Monat.",
                    erwartet="meist ein Monatsende, etwa 31.12.2024",
                    rat="Bitte prüfen.",
                    schwere="hinweis",
                )
            )
    return befunde


def vorjahrbefunde(pruefung: Pruefung) -> list[Befund]:
    """Sprünge und verwechselte Einheiten gegenüber dem vorigen Stichtag."""
    werte = pruefung.werte
    if pruefung.vorher is None and werte["stichtag"].nunique() < 2:  # noqa: PLR2004
        return []
    spalten = ["ebene", "gebiet", "indikator", "stichtag", "wert", "datei", "zeile"]
    jetzt = werte[spalten].assign(neu=True)
    frueher = jetzt.iloc[:0] if pruefung.vorher is None else pruefung.vorher
    reihe = (
        pd.concat(
            [jetzt, frueher.reindex(columns=spalten).assign(neu=False)],
            ignore_index=True,
        )
        if len(frueher)
        else jetzt
    )
    if reihe["stichtag"].nunique() < 2:  # noqa: PLR2004
        return []
    schluessel = ["ebene", "gebiet", "indikator"]
    for spalte in (*schluessel, "stichtag"):
        reihe[spalte] = reihe[spalte].astype(str)
    reihe = reihe[reihe["wert"].notna()].drop_duplicates([*schluessel, "stichtag"])
    reihe = reihe.sort_values([*schluessel, "stichtag"], kind="stable")
    je_gebiet = reihe.groupby(schluessel, sort=False)
    reihe = reihe.assign(
        alt=je_gebiet["wert"].shift(), alter_tag=je_gebiet["stichtag"].shift()
    )
    reihe = reihe[reihe["neu"].astype(bool) & reihe["alt"].notna()]
    befunde: list[Befund] = []
    for kennung, alle in reihe.groupby("indikator", sort=True):
        gruppe, brueche = _ohne_bruch(pruefung, str(kennung), alle)
        befunde += brueche
        befunde += _faktorbefund(pruefung, str(kennung), gruppe) or begrenzt(
            _spruenge(pruefung, str(kennung), gruppe)
        )
    return befunde


def _ohne_bruch(
    pruefung: Pruefung, kennung: str, reihe: pd.DataFrame
) -> tuple[pd.DataFrame, list[Befund]]:
    """Vergleiche ohne Zeitreihenbruch, und ein Hinweis je Bruch.

    Über einen Bruch hinweg sagt ein Sprung nichts: Es wird anders gemessen.
    """
    indikator = pruefung.katalog.indikatoren[kennung]
    if not indikator.brueche:
        return reihe, []
    paare = reihe[["alter_tag", "stichtag"]].drop_duplicates()
    saetze = {
        (von, bis): indikator.bruch_zwischen(von, bis)
        for von, bis in paare.itertuples(index=False)
    }
    je_zeile = [
        saetze[von, bis]
        for von, bis in zip(reihe["alter_tag"], reihe["stichtag"], strict=True)
    ]
    gebrochen = np.array([bool(satz) for satz in je_zeile], dtype=bool)
    datei = str(reihe["datei"].iloc[0])
    hinweise = [
        Befund(
            ort=f"{datei}, {kennung}",
            was=f"{satz}. Davor und danach ist nicht vergleichbar.",
            rat="Über den Bruch hinweg wird keine Entwicklung gerechnet.",
            schwere="hinweis",
        )
        for satz in sorted({satz for satz in je_zeile if satz})
    ]
    return reihe[~gebrochen], hinweise


def _faktorbefund(
    pruefung: Pruefung, kennung: str, gruppe: pd.DataFrame
) -> list[Befund]:
    """Liegen fast alle Werte um den Faktor 10 oder 100 daneben?"""
    paare = gruppe[(gruppe["alt"] != 0) & (gruppe["wert"] * gruppe["alt"] > 0)]
    if len(paare) < pruefung.regeln.mindestzahl_einheit:
        return []
    stellen = np.log10(paare["wert"].to_numpy() / paare["alt"].to_numpy())
    mitte = float(np.median(stellen))
    streuung = float(np.median(np.abs(stellen - mitte)))
    gerundet = round(mitte)
    if abs(gerundet) not in (1, 2, 3) or abs(mitte - gerundet) > 0.2 or streuung > 0.2:  # noqa: PLR2004
        return []
    wort = "das" if gerundet > 0 else "ein"
    wie = (
        f"{wort} {10 ** abs(gerundet)}-Fache"
        if gerundet > 0
        else (f"ein {10 ** abs(gerundet)}stel")
    )
    return [
        Befund(
            ort=f"{gruppe['datei'].iloc[0]}, Spalte "
            f"„{sicherer_text(pruefung.spaltenname(kennung, 'wert'))}“, {kennung}",
            was=f"Fast alle Werte sind {wie} des vorigen Stichtags.",
            erwartet="Werte in derselben Einheit wie zuvor",
            rat="Prozent, Promille oder Anteil verwechselt? Bitte einheit in "
            "lieferung.yaml prüfen.",
        )
    ]


def _spruenge(pruefung: Pruefung, kennung: str, gruppe: pd.DataFrame) -> list[Befund]:
    regeln, einheit = pruefung.regeln, pruefung.einheit(kennung)
    faktor = 100.0 if einheit == "prozent" else 1.0
    schwelle = regeln.sprung_fallzahl if einheit == "anzahl" else regeln.sprung_punkte
    jetzt, alt = gruppe["wert"] * faktor, gruppe["alt"] * faktor
    abstand = (jetzt - alt).abs()
    auffaellig = (abstand > schwelle) & (abstand > regeln.sprung_anteil * alt.abs())
    stellen = 0 if einheit == "anzahl" else 1
    name = pruefung.katalog.indikatoren[kennung].bezeichnung
    wort = f" {EINHEIT_TEXT[einheit]}" if EINHEIT_TEXT[einheit] else ""
    return [
        Befund(
            ort=pruefung.ort(zeile),
            was=f"{kennung} ({name}) springt von "
            f"{zahl_text(zeile.alt * faktor, stellen=stellen)} "
            f"({datum_text(date.fromisoformat(zeile.alter_tag))}) auf "
            f"{zahl_text(zeile.wert * faktor, stellen=stellen)}{wort}.",
            rat="Bitte bei der Quelle nachfragen, ob das stimmt.",
            schwere="hinweis",
        )
        for zeile in zeilen_von(gruppe[auffaellig].head(HOECHSTENS_GEBAUT))
    ]
