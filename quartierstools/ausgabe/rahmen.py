"""Was haben alle Schriftstücke eines Laufs gemeinsam? Stempel, Stand, Fußzeile."""

from collections.abc import Sequence

from quartierstools.ausgabe.stadtgestalt import stadtlogo
from quartierstools.auswertung import Auswertung
from quartierstools.begruendung.stempel import fassungszeile, stempel, wasserzeichen
from quartierstools.dokument import Absatz, Block, Dokument, Inhalt, Liste, inhalt
from quartierstools.geheimhaltung import Freigabe


def schriftstueck(
    auswertung: Auswertung,
    *,
    titel: str,
    gattung: str,
    bloecke: Sequence[Block],
    untertitel: str = "",
    lauf: str = "",
) -> Dokument:
    """Dokument mit Stempel, Wasserzeichen, Fassung und Stand des Projekts."""
    freigabe, projekt = auswertung.freigabe, auswertung.projekt
    return Dokument(
        titel=titel,
        gattung=gattung,
        untertitel=untertitel,
        bloecke=tuple(bloecke),
        stempel=stempel(freigabe),
        wasserzeichen=wasserzeichen(freigabe),
        stand=projekt.bezugsdatum,
        kennung=lauf,
        fassung=fassungszeile(freigabe),
        herausgeber=projekt.herausgeber,
        logo=stadtlogo(auswertung),
    )


def grenzen_der_daten(freigabe: Freigabe) -> Block:
    """Was die Daten nicht sagen, aus den Tatsachen des Standes."""
    projekt, ebene = freigabe.katalog.projekt, freigabe.katalog.projekt.ebene
    saetze = [*freigabe.abweichungen, *projekt.hinweise]
    if freigabe.gesperrt:
        saetze.append(
            "Kleine Fallzahlen sind gesperrt; sie fehlen auch in Mittel, Index und "
            f"Gruppen. Regeln: {freigabe.profil.beschreibung}"
        )
    saetze.append(
        f"Aussagen gelten für {ebene.kurz_mehrere}, nicht für Menschen. "
        "Zusammenhänge sind keine Ursachen."
    )
    saetze.append(
        "Die Daten zeigen, wo man hinsehen sollte; über Angebote entscheiden Menschen."
    )
    return Liste(tuple(inhalt(satz) for satz in saetze))


def quellenabsatz(zeile: Inhalt) -> Block:
    """Quellen in kleiner Schrift."""
    return Absatz((*inhalt("Quellen: "), *zeile), art="klein")
