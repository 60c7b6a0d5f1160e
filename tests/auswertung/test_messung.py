"""Direkt, Näherung oder nicht messbar – die Grenze liegt bei zwei Dritteln."""

import dataclasses

import pandas as pd
import pytest
from hausmittel import freigabe_aus

from quartierstools.auswertung.messung import messung

# Sechs Gebiete: vier Werte sind genau zwei Drittel, drei sind zu wenig.
VIER = [0.1, 0.2, 0.3, 0.4, None, None]
DREI = [0.1, 0.2, 0.3, None, None, None]
GESPERRT = [0.1, 0.2, 0.3, "gesperrt", None, None]
NULLEN = [0.0, 0.0, 0.0, 0.1, None, None]


def miss(werte, zielgruppe="langzeitarbeitslose"):
    freigabe = freigabe_aus(werte)
    return messung(freigabe, freigabe.katalog.zielgruppe(zielgruppe))


@pytest.mark.parametrize(
    ("werte", "art", "indikatoren"),
    [
        ({"B05": VIER, "A09": VIER}, "direkt", ("B05", "A09")),
        ({"A09": VIER, "B05": VIER, "A02": VIER}, "direkt", ("B05", "A09", "A02")),
        ({"B05": VIER, "A09": NULLEN}, "direkt", ("B05", "A09")),
        ({"B05": VIER, "A09": DREI, "B01": VIER}, "Näherung", ("B01",)),
        ({"B05": VIER, "A09": GESPERRT, "B01": VIER}, "Näherung", ("B01",)),
        ({"B05": VIER, "B01": VIER}, "Näherung", ("B01",)),
        ({"B05": VIER, "A09": DREI, "B01": DREI}, "nicht messbar", ()),
        ({"B05": VIER}, "nicht messbar", ()),
    ],
    ids=lambda x: "-".join(x) if isinstance(x, dict) else "",
)
def test_art_der_messung(werte, art, indikatoren):
    stand = miss(werte)
    assert (stand.art, stand.indikatoren) == (art, indikatoren)


def test_fehlende_stehen_in_der_reihenfolge_des_katalogs():
    assert miss({"B01": VIER}).fehlend == ("B05", "A09", "A02")
    assert miss({"B05": VIER, "A02": VIER}).fehlend == ("A09",)


def test_satz_der_naeherung_sagt_was_sie_nicht_misst():
    assert miss({"B01": VIER}).satz.endswith("eine Näherung.")


def test_satz_nennt_alles_was_fehlt():
    satz = miss({"K01": VIER}, "jugendliche").satz
    assert satz.startswith("Nicht messbar: Je Bezirk liegen nicht vor: ")
    assert satz.endswith(" und Jugendarbeitslosenanteil.")


def test_zielgruppe_ohne_naeherung_ist_nicht_messbar():
    assert miss({"B01": VIER, "J01": VIER}, "jugendliche").art == "nicht messbar"


def test_aelterer_stichtag_ersetzt_keinen_neuen():
    """2023 vollständig, 2024 nur drei von sechs: Der neueste Stand ist zu dünn."""
    freigabe = freigabe_aus({"B01": DREI})
    alt = freigabe_aus({"B01": [0.1] * 6}).werte.assign(stichtag="2023-12-31")
    beide = pd.concat([freigabe.werte, alt], ignore_index=True)
    freigabe = dataclasses.replace(freigabe, werte=beide)
    gruppe = freigabe.katalog.zielgruppe("langzeitarbeitslose")
    assert messung(freigabe, gruppe).art == "nicht messbar"
