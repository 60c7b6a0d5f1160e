"""Was änderte sich, wenn ein Angebot endet oder eines dazukommt? Nur am Bildschirm."""

import pandas as pd

from quartierstools.angebote import luecke
from quartierstools.angebote.luecke import bezug
from quartierstools.geheimhaltung import Freigabe
from quartierstools.schreibweise import aufzaehlung, zahl_text, zahlwort

GENANNT = 6


def waehlbare_szenarien(
    freigabe: Freigabe, zielgruppe: str, gebiet: str
) -> list[tuple[str, str]]:
    """Szenarien einer Zielgruppe: jedes laufende Angebot endet, eines kommt dazu."""
    laufend = _laufende(freigabe, zielgruppe)
    szenarien = [
        (f"endet:{kennung}", f"endet: {name}") for kennung, name in laufend.items()
    ]
    if gebiet:
        name = str(freigabe.gebiete.loc[gebiet, "name"])
        szenarien.insert(0, (f"neu:{gebiet}", f"neues Angebot: {name}"))
    return szenarien


def _laufende(freigabe: Freigabe, zielgruppe: str) -> dict[str, str]:
    bestand = freigabe.angebote
    passt = bestand["zielgruppen"].map(
        lambda text: zielgruppe in [teil.strip() for teil in text.split(",")]
    ) & ~bestand["status"].isin(["beendet", "einmalig"])
    namen = bestand.loc[passt, "name"].sort_values(kind="stable")
    return {str(kennung): str(name) for kennung, name in namen.items()}


def szenariosatz(freigabe: Freigabe, zielgruppe: str, szenario: str) -> str:
    """Wer gewinnt, wer verliert, in einem Satz; leer ohne gültiges Szenario."""
    art, _, ziel = szenario.partition(":")
    if art == "endet" and ziel in _laufende(freigabe, zielgruppe):
        nachher = freigabe.angebote.drop(index=ziel)
        orte = str(freigabe.angebote.loc[ziel, "gebiete"])
        anfang = f"Wenn „{_laufende(freigabe, zielgruppe)[ziel]}“ endet,"
    elif art == "neu" and ziel in freigabe.gebiete.index:
        nachher = _mit_neuem(freigabe, zielgruppe, ziel)
        orte = ziel
        anfang = f"Mit einem neuen Angebot ({freigabe.gebiete.loc[ziel, 'name']})"
    else:
        return ""
    betroffen = _betroffene(freigabe, nachher, zielgruppe, orte)
    if not betroffen:
        return f"{anfang} ändert sich in keinem Gebiet die Einordnung des Bestands."
    teile = [f"{name} („{vor}“ → „{nach}“)" for name, vor, nach in betroffen[:GENANNT]]
    rest = len(betroffen) - len(teile)
    if rest:
        teile.append(f"{zahl_text(rest)} weitere")
    anzahl = zahlwort(len(betroffen))
    wort = "Gebiet" if len(betroffen) == 1 else "Gebieten"
    anzahl = "einem" if len(betroffen) == 1 else anzahl
    return (
        f"{anfang} ändert sich der Bestand in {anzahl} {wort}: {aufzaehlung(teile)}. "
        "Ein Szenario sagt nichts über die Wirkung."
    )


def _mit_neuem(freigabe: Freigabe, zielgruppe: str, gebiet: str) -> pd.DataFrame:
    """Bestand mit einem gedachten, eben geprüften Angebot ohne Platzzahl."""
    zeile = freigabe.angebote.reindex(
        pd.Index(["gedachtes-angebot"], name=freigabe.angebote.index.name)
    )
    texte = zeile.columns[[pd.api.types.is_string_dtype(t) for t in zeile.dtypes]]
    zeile = zeile.fillna(dict.fromkeys(texte, "")).assign(
        name="gedachtes Angebot",
        gebiete=gebiet,
        zielgruppen=zielgruppe,
        status="laufend",
        pruefdatum=pd.Timestamp(freigabe.katalog.projekt.bezugsdatum),
    )
    return pd.concat([freigabe.angebote, zeile])


def _betroffene(
    freigabe: Freigabe, nachher: pd.DataFrame, zielgruppe: str, orte: str
) -> list[tuple[str, str, str]]:
    projekt = freigabe.katalog.projekt
    gruppe = freigabe.katalog.zielgruppen[zielgruppe]
    gefunden: list[tuple[str, str, str]] = []
    for gebiet, zeile in freigabe.gebiete.iterrows():
        stadtbezirk = str(zeile["stadtbezirk"])
        if not bezug(orte, str(gebiet), stadtbezirk):
            continue
        vor, nach = (
            luecke(
                bestand,
                gebiet=str(gebiet),
                stadtbezirk=stadtbezirk,
                zielgruppe=zielgruppe,
                gruppe_text=gruppe.bezeichnung,
                ebene=projekt.ebene.kurz,
                bezugsdatum=projekt.bezugsdatum,
            ).kategorie
            for bestand in (freigabe.angebote, nachher)
        )
        if vor != nach:
            gefunden.append((str(zeile["name"]), str(vor), str(nach)))
    return gefunden
