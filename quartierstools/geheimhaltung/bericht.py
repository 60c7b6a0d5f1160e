"""Hält die Veröffentlichung dem Angriff stand? Bericht für die Prüfenden.

Der Bericht kennt die Schutzbreiten und damit, was klein ist: Er ist intern.
"""

from collections.abc import Sequence

import pandas as pd

from quartierstools.eingang import Datenstand
from quartierstools.geheimhaltung.angriff import angriff, verratene_quotienten
from quartierstools.geheimhaltung.freigabe import Freigabe
from quartierstools.geheimhaltung.groessen import groessen
from quartierstools.geheimhaltung.muster import aufbau_von
from quartierstools.geheimhaltung.sperrliste import schutzbreiten

SCHLUESSEL = ["zaehlung", "ebene", "gebiet", "stichtag"]


def angriffsbericht(
    stand: Datenstand,
    freigabe: Freigabe,
    *,
    fruehere: Sequence[pd.DataFrame] = (),
    anderswo: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Greift eine Freigabe an und vergleicht mit den Schutzbreiten.

    Parameters
    ----------
    stand : Datenstand
        Woraus die Freigabe entstand.
    freigabe : Freigabe
        Was veröffentlicht wird.
    fruehere, anderswo
        Siehe `angriff`.

    Returns
    -------
    DataFrame
        Eine Zeile je schutzbedürftiger oder gesperrter Zählung: Spalten wie
        `angriff`, dazu `soll` (verlangte Breite) und `geschuetzt`. Was
        veröffentlicht ist, steht mit Breite 0 darin, ebenso jeder gesperrte
        Anteil, der sich als Quotient bekannter Zahlen ergibt.
    """
    aufbau = aufbau_von(stand)
    soll = schutzbreiten(stand.werte, aufbau, freigabe.profil)
    bekannt = _auch_unsicheres(stand, freigabe)
    gezaehlt = groessen(bekannt, aufbau)
    gesperrt = (bekannt["wertart"] == "gesperrt").tolist()
    paare = zip(gezaehlt.zaehler, gezaehlt.nenner, gesperrt, strict=True)
    gefragt = {s for z, n, zu in paare if zu for s in (z, n) if s is not None}
    bereiche = angriff(
        bekannt,
        aufbau,
        rundung=freigabe.profil.rundung if freigabe.fassung == "oeffentlich" else 0,
        fruehere=fruehere,
        anderswo=anderswo,
        nur=gefragt | soll.keys(),
    )
    quotienten = verratene_quotienten(bekannt, aufbau, bereiche)
    tabelle = mit_soll(bereiche, soll)
    verraten = quotienten.assign(soll=1.0, geschuetzt=False)
    return (
        pd.concat([tabelle, verraten], ignore_index=True)
        if len(verraten)
        else (tabelle)
    )


def _auch_unsicheres(stand: Datenstand, freigabe: Freigabe) -> pd.DataFrame:
    """Die Freigabe, dazu alles nur wegen kleiner Bezugszahl Zurückgehaltene.

    Es ist kein Geheimnis: Wer danach fragt, darf es erfahren.
    """
    frei = freigabe.werte
    unsicher = (frei["wertart"] == "nicht sinnvoll") & (
        stand.werte["wertart"] == "Zahl"
    )
    spalten = ["wert", "wertart", "zaehler", "nenner"]
    voll = {s: frei[s].mask(unsicher, stand.werte[s]) for s in spalten}
    return frei.assign(**voll)


def mit_soll(
    bereiche: pd.DataFrame, soll: dict[tuple[str, str, str, str], float]
) -> pd.DataFrame:
    """Ergänzt Schutzbreiten und das Urteil je Zählung."""
    tabelle = bereiche.set_index(SCHLUESSEL)
    verlangt = pd.Series(soll, dtype="float64").rename("soll")
    verlangt.index = (
        pd.MultiIndex.from_tuples(list(soll) or [], names=SCHLUESSEL)
        if soll
        else tabelle.index[:0]
    )
    alle = tabelle.reindex(tabelle.index.union(verlangt.index, sort=True))
    alle["soll"] = verlangt.reindex(alle.index)
    alle["breite"] = alle["breite"].fillna(0.0)
    alle["geschuetzt"] = ~(alle["breite"] < alle["soll"])
    return alle.reset_index()
