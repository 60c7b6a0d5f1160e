"""Was muss auf jeder Seite stehen? Entwurf, Muster, Fassung.

Der Stempel folgt allein aus den Daten; kein Parameter hebt ihn auf.
"""

from quartierstools.geheimhaltung import FASSUNG_TEXT, Freigabe

ENTWURF = "Entwurf – nicht amtlich geprüft"
MUSTER = "Muster mit synthetischen Daten – keine Vorlage"
WASSERZEICHEN = "synthetische Daten"
ABWEICHEND = "Sonderrechnung – weicht von der Vorgabe ab"
INTERN = "Interne Fassung – nicht zur Veröffentlichung"


def stempel(freigabe: Freigabe) -> tuple[str, ...]:
    """Stempel für jede Ausgabe eines Standes, wichtigster zuerst."""
    gesetzt = []
    if freigabe.katalog.projekt.synthetisch:
        gesetzt.append(MUSTER)
    elif not freigabe.amtlich:
        gesetzt.append(ENTWURF)
    if freigabe.abweichungen:
        gesetzt.append(ABWEICHEND)
    if freigabe.fassung == "intern":
        gesetzt.append(INTERN)
    return tuple(gesetzt)


def fassungszeile(freigabe: Freigabe) -> str:
    """Für wen die Ausgabe ist und nach welchen Regeln gesperrt wurde.

    Steht auf jeder Seite; die interne Fassung sperrt nicht.
    """
    text = FASSUNG_TEXT[freigabe.fassung]
    if freigabe.fassung == "intern":
        return text
    profil = freigabe.profil
    return f"{text}, Regelprofil {profil.id} {profil.version}"


def wasserzeichen(freigabe: Freigabe) -> str:
    """Wasserzeichen hinter jeder Seite, leer bei echten Daten."""
    return WASSERZEICHEN if freigabe.katalog.projekt.synthetisch else ""
