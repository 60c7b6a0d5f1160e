"""Was zeigt die Karte eines Laufs? Ebenen, Angebote, Profile und Hinweise."""

import pandas as pd

from quartierstools.angebote import lage
from quartierstools.ausgabe.klassenbilder import alle_ebenen
from quartierstools.auswertung import Auswertung, Bedarf
from quartierstools.begruendung.bestandstext import standtext
from quartierstools.begruendung.stempel import fassungszeile, stempel, wasserzeichen
from quartierstools.darstellung import (
    Angebotsbild,
    Kacheldienst,
    Kartenbild,
    karte_html,
)
from quartierstools.geheimhaltung import Freigabe

UMFELD = "Umfeld, ohne eigene Zielgruppe"


def kartenblatt(auswertung: Auswertung, *, lauf: str = "") -> str:
    """Karte als eine HTML-Datei ohne Anfrage an Dritte."""
    return karte_html(kartenbild(auswertung, lauf=lauf))


def kartenbild(auswertung: Auswertung, *, lauf: str = "") -> Kartenbild:
    """Alles, was die Karte eines Laufs zeigt; nur Freigegebenes."""
    freigabe, projekt = auswertung.freigabe, auswertung.projekt
    ebene = projekt.ebene
    return Kartenbild(
        titel=f"Karte {projekt.stadt}",
        untertitel=f"{len(freigabe.gebiete)} {ebene.mehrere}",
        gebiete=freigabe.gebiete[["name", "stadtbezirk_name", "geometry"]].rename(
            columns={"stadtbezirk_name": "stadtbezirk"}
        ),
        grenzen=freigabe.stadtbezirke[["name", "geometry"]],
        ebenen=alle_ebenen(auswertung),
        angebote=angebotsbild(freigabe),
        hintergrund=_hintergrund(freigabe),
        quelle=projekt.kartenquelle,
        hinweise=(projekt.grenzhinweis,) if projekt.grenzhinweis else (),
        stempel=stempel(freigabe),
        wasserzeichen=wasserzeichen(freigabe),
        profile=_profile(auswertung),
        fassung=fassungszeile(freigabe),
        kennung=lauf,
        gebietswort=(ebene.kurz, ebene.kurz_mehrere),
    )


def angebotsbild(freigabe: Freigabe) -> Angebotsbild | None:
    """Angebote des Bestands für die Karte; None ohne Bestand.

    Spalten ``breite`` und ``laenge`` geben den Ort; ohne sie steht ein Angebot beim
    Gebiet oder nur in der Liste, wie der Bestand es nennt.
    """
    bestand = freigabe.angebote
    if bestand.empty:
        return None
    bezirke = dict(
        zip(
            freigabe.gebiete["stadtbezirk"].astype(str),
            freigabe.gebiete["stadtbezirk_name"].astype(str),
            strict=True,
        )
    )
    bezugsdatum = freigabe.katalog.projekt.bezugsdatum
    zeilen = {
        str(kennung): _angebot(angebot, bezirke, lage(angebot, bezugsdatum))
        for kennung, angebot in bestand.iterrows()
    }
    tabelle = pd.DataFrame.from_dict(zeilen, orient="index").rename_axis("angebot")
    genannt = {g for gruppen in tabelle["zielgruppen"] for g in gruppen}
    katalog = freigabe.katalog
    namen = {
        z: katalog.zielgruppen[z].bezeichnung
        for z in katalog.projekt.zielgruppen
        if z in genannt
    }
    weitere = {
        z: katalog.zielgruppen[z].bezeichnung if z in katalog.zielgruppen else UMFELD
        for z in sorted(genannt - set(namen))
    }
    return Angebotsbild(angebote=tabelle, zielgruppen=namen | weitere)


def _angebot(
    angebot: "pd.Series[str]", bezirke: dict[str, str], stand: str
) -> dict[str, object]:
    """Eine Zeile des Bestands in den Feldern der Karte."""
    orte = [teil.strip() for teil in str(angebot["gebiete"]).split(",")]
    kopf = "stadtbezirk:"
    nummern = [o.removeprefix(kopf) for o in orte if o.startswith(kopf)]
    weit = next((o for o in orte if o in ("stadtweit", "wechselnd", "unklar")), "")
    gruppen = [teil.strip() for teil in str(angebot["zielgruppen"]).split(",")]
    return {
        "name": angebot["name"],
        "traeger": angebot["traeger"],
        "ort": angebot["ort"],
        "stand": ("beendet; " if stand == "beendet" else "")
        + standtext(pd.Series({**angebot, "lage": stand})),
        "lage": stand,
        "zielgruppen": tuple(g for g in gruppen if g),
        "gebiete": tuple(o for o in orte if o.isalnum() and o != weit),
        "stadtbezirke": tuple(bezirke.get(n, n) for n in nummern),
        "reichweite": weit,
        "laenge": angebot.get("laenge", float("nan")),
        "breite": angebot.get("breite", float("nan")),
    }


def _hintergrund(freigabe: Freigabe) -> Kacheldienst | None:
    dienst = freigabe.katalog.projekt.kartendienst
    if dienst is None:
        return None
    return Kacheldienst(
        name=dienst.name, adresse=dienst.adresse, nachweis=dienst.nachweis
    )


def _profile(auswertung: Auswertung) -> dict[str, tuple[tuple[str, str], ...]]:
    """Was nicht aus den Ebenen folgt: nicht Messbares und, nur intern, Rangbänder."""
    zielgruppen = auswertung.katalog.zielgruppen
    ergebnisse = {
        zielgruppen[z].bezeichnung: auswertung.bedarf(z)
        for z in auswertung.projekt.zielgruppen
    }
    nicht = tuple(
        (name, "nicht messbar")
        for name, ergebnis in ergebnisse.items()
        if not isinstance(ergebnis, Bedarf)
    )
    gebiete = [str(g) for g in auswertung.freigabe.gebiete.index]
    if auswertung.freigabe.fassung != "intern":
        return dict.fromkeys(gebiete, nicht) if nicht else {}
    baender = {
        f"{name}: Rangband (intern)": ergebnis.sensitivitaet.rangbaender
        for name, ergebnis in ergebnisse.items()
        if isinstance(ergebnis, Bedarf)
    }
    return {
        g: (*nicht, *((name, _rangband(band, g)) for name, band in baender.items()))
        for g in gebiete
    }


def _rangband(band: pd.DataFrame, gebiet: str) -> str:
    """„Rang 3 bis 7“; 1 ist der höchste Index."""
    zeile = band[["rang_von", "rang_bis"]].reindex([gebiet]).dropna()
    if zeile.empty:
        return "ohne Rang"
    [[von, bis]] = zeile.astype("int64").to_numpy().tolist()
    return f"Rang {von}" if von == bis else f"Rang {von} bis {bis}"
