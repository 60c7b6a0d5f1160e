"""Was zeigt die Karte eines Laufs? Ebenen, Profile und Hinweise zusammengestellt."""

from quartierstools.angebote import angebote_fuer
from quartierstools.ausgabe.klassenbilder import alle_ebenen, vorhandene_indikatoren
from quartierstools.auswertung import Auswertung, Bedarf
from quartierstools.begruendung.beleg import wert_text
from quartierstools.begruendung.stempel import fassungszeile, stempel, wasserzeichen
from quartierstools.darstellung import Kartenbild, karte_html
from quartierstools.schreibweise import mehrzahl


def kartenblatt(auswertung: Auswertung, *, lauf: str = "") -> str:
    """Karte als eine HTML-Datei ohne Anfrage an Dritte."""
    freigabe, projekt = auswertung.freigabe, auswertung.projekt
    ebene = projekt.ebene
    return karte_html(
        Kartenbild(
            titel=f"Karte {projekt.stadt}",
            untertitel=f"{len(freigabe.gebiete)} {ebene.mehrere}",
            gebiete=freigabe.gebiete[["name", "stadtbezirk_name", "geometry"]].rename(
                columns={"stadtbezirk_name": "stadtbezirk"}
            ),
            grenzen=freigabe.stadtbezirke[["name", "geometry"]],
            ebenen=alle_ebenen(auswertung),
            quelle=projekt.kartenquelle,
            hinweise=(projekt.grenzhinweis,) if projekt.grenzhinweis else (),
            stempel=stempel(freigabe),
            wasserzeichen=wasserzeichen(freigabe),
            profile={
                str(g): _profil(auswertung, str(g)) for g in freigabe.gebiete.index
            },
            fassung=fassungszeile(freigabe),
            kennung=lauf,
            gebietswort=(ebene.kurz, ebene.kurz_mehrere),
        )
    )


def _profil(auswertung: Auswertung, gebiet: str) -> tuple[tuple[str, str], ...]:
    """Zeilen des Profils: Zielgruppen, Kennzahlen, Angebote."""
    freigabe, katalog = auswertung.freigabe, auswertung.katalog
    zeilen = []
    for kennung in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(kennung)
        name = katalog.zielgruppen[kennung].bezeichnung
        if not isinstance(ergebnis, Bedarf):
            zeilen.append((name, "nicht messbar"))
            continue
        wort = ergebnis.tafel["wort"].loc[gebiet]
        naeherung = " (Näherung)" if ergebnis.messung.art == "Näherung" else ""
        text = wort if isinstance(wort, str) else "ohne Einstufung"
        zeilen.append((name + naeherung, text))
    for kennung in vorhandene_indikatoren(freigabe):
        zelle = freigabe.zelle(gebiet, kennung)
        indikator = katalog.indikatoren[kennung]
        text = wert_text(zelle.wert, indikator, wertart=zelle.wertart)
        zeilen.append((indikator.bezeichnung, text))
    hier = angebote_fuer(
        freigabe.angebote,
        gebiet=gebiet,
        stadtbezirk=str(freigabe.gebiete.loc[gebiet, "stadtbezirk"]),
        bezugsdatum=auswertung.projekt.bezugsdatum,
    )
    bekannt = hier[(hier["bezug"] == "hier") & (hier["lage"] != "beendet")]
    angebote = (
        mehrzahl(len(bekannt), "Eintrag", "Einträge") if len(bekannt) else "keine"
    )
    zeilen.append(("Im Bestand bekannte Angebote hier", angebote))
    return tuple(zeilen)
