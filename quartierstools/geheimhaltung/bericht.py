"""Hält die Veröffentlichung dem Angriff stand? Bericht für die Prüfenden.

Der Bericht kennt die Schutzbreiten und damit, was klein ist: Er ist intern.
"""

from collections.abc import Sequence

import pandas as pd

from quartierstools.eingang import Datenstand
from quartierstools.geheimhaltung.angriff import angriff
from quartierstools.geheimhaltung.freigabe import Freigabe
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
        Eine Zeile je schutzbedürftiger Zählung: Spalten wie `angriff`, dazu
        `soll` (verlangte Breite) und `geschuetzt`. Was veröffentlicht ist, steht
        mit Breite 0 darin.
    """
    aufbau = aufbau_von(stand)
    soll = schutzbreiten(stand.werte, aufbau, freigabe.profil)
    bereiche = angriff(
        freigabe.werte,
        aufbau,
        rundung=freigabe.profil.rundung if freigabe.fassung == "oeffentlich" else 0,
        fruehere=fruehere,
        anderswo=anderswo,
        nur=soll.keys(),
    )
    return mit_soll(bereiche, soll)


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
