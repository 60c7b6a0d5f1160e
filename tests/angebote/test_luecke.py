"""Die acht Kategorien, ihre Fristen und Sätze."""

from datetime import date
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
import yaml
from hausmittel import bestand
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.angebote import Kategorie, angebote_fuer, luecke
from quartierstools.angebote.luecke import SAETZE, bezug, lage

FAELLE = yaml.safe_load(
    (Path(__file__).parent / "faelle" / "luecken.yaml").read_text(encoding="utf-8")
)
HEUTE = date(2026, 11, 1)
ORT = {"gebiet": "011", "stadtbezirk": "1", "bezugsdatum": HEUTE}
GEPRUEFT = {"pruefdatum": "2026-10-01"}


def einordnung(angebote, **felder):
    return luecke(
        angebote,
        **{**ORT, **felder},
        zielgruppe="jugendliche",
        gruppe_text="Jugendliche",
        ebene="Bezirk",
    )


@pytest.mark.parametrize("fall", FAELLE, ids=lambda f: f["name"])
def test_kategorie_von_hand(fall):
    angebote = bestand(*({**GEPRUEFT, **a} for a in fall["angebote"]))
    ergebnis = einordnung(angebote)
    assert ergebnis.kategorie == fall["kategorie"]
    vorlage = SAETZE[fall["kategorie"]]
    assert ergebnis.satz == vorlage.format(gruppe="Jugendliche", ebene="Bezirk")


def test_jede_kategorie_hat_faelle_und_einen_satz():
    assert {fall["kategorie"] for fall in FAELLE} == set(get_args(Kategorie))
    assert set(SAETZE) == set(get_args(Kategorie))


@pytest.mark.parametrize("satz", SAETZE.values())
def test_kein_satz_behauptet_dass_es_nichts_gibt(satz):
    assert "kein Angebot vorhanden" not in satz
    assert "gibt es kein" not in satz
    assert "{gruppe}" in satz


@pytest.mark.parametrize(
    ("heute", "ende", "stand"),
    [
        ("2027-02-28", "2028-02-28", "läuft aus"),
        ("2027-02-28", "2028-02-29", "geprüft"),
        ("2028-02-29", "2029-02-28", "läuft aus"),
        ("2028-02-29", "2029-03-01", "geprüft"),
    ],
)
def test_zwoelf_monate_im_schaltjahr(heute, ende, stand):
    zeile = pd.Series({"status": "laufend", "ende": ende, "pruefdatum": heute})
    assert lage(zeile, date.fromisoformat(heute)) == stand


def test_fristen_zaehlen_vom_bezugsdatum_nie_von_heute():
    angebot = bestand({"gebiete": "011", "pruefdatum": "1999-06-01"})
    assert einordnung(angebot, bezugsdatum=date(2000, 1, 1)).kategorie.startswith("vor")
    assert einordnung(angebot).kategorie == "nur ungeprüfte Einträge"


@pytest.mark.parametrize(
    ("orte", "erwartet"),
    [
        ("011", "hier"),
        (" 010 , 011 ", "hier"),
        ("stadtweit,011", "hier"),
        ("stadtbezirk:1", "stadtbezirk"),
        ("stadtbezirk:11", ""),
        ("stadtbezirk:1,stadtweit", "stadtbezirk"),
        ("stadtweit,wechselnd", "stadtweit"),
        ("wechselnd", "wechselnd"),
        ("0111", ""),
        ("", ""),
    ],
)
def test_bezug_von_hand(orte, erwartet):
    assert bezug(orte, "011", "1") == erwartet


def test_was_hier_liegt_steht_zuerst_und_beendetes_zuletzt():
    angebote = bestand(
        {"name": "beendet hier", "gebiete": "011", "status": "beendet"},
        {"name": "stadtweit", "gebiete": "stadtweit"},
        {"name": "wechselnd", "gebiete": "wechselnd"},
        {"name": "Bezirk", "gebiete": "stadtbezirk:1"},
        {"name": "hier ungeprüft", "gebiete": "011", "status": "ungeprüft"},
        {"name": "hier", "gebiete": "011"},
        {"name": "woanders", "gebiete": "012"},
    )
    assert list(angebote_fuer(angebote, **ORT)["name"]) == [
        "hier",
        "hier ungeprüft",
        "Bezirk",
        "wechselnd",
        "stadtweit",
        "beendet hier",
    ]


def test_zielgruppe_wird_als_ganzes_wort_verglichen():
    angebote = bestand(
        {"zielgruppen": "jugendliche, fachkraefte"}, {"zielgruppen": "jugendliche_alt"}
    )
    treffer = angebote_fuer(angebote, **ORT, zielgruppe="jugendliche")
    assert list(treffer.index) == ["a0"]


def test_eingabe_bleibt_unveraendert():
    angebote = bestand({"gebiete": "011"}, {"gebiete": "stadtweit"})
    vorher = angebote.copy(deep=True)
    einordnung(angebote)
    pd.testing.assert_frame_equal(angebote, vorher)


STAENDE = st.fixed_dictionaries(
    {
        "gebiete": st.sampled_from(["011", "012", "stadtweit", "wechselnd"]),
        "status": st.sampled_from(["laufend", "beendet", "ungeprüft", "einmalig"]),
        "ende": st.sampled_from([None, "2026-10-31", "2027-11-01", "2030-01-01"]),
        "pruefdatum": st.sampled_from([None, "2025-10-31", "2026-10-01"]),
        "plaetze": st.sampled_from([None, 0, 12]),
    }
)


@given(st.lists(STAENDE, max_size=5), st.randoms(use_true_random=False))
def test_reihenfolge_der_angebote_aendert_die_kategorie_nicht(angebote, zufall):
    gemischt = angebote.copy()
    zufall.shuffle(gemischt)
    eins, zwei = einordnung(bestand(*angebote)), einordnung(bestand(*gemischt))
    assert eins.kategorie == zwei.kategorie
    assert sorted(eins.angebote["lage"]) == sorted(zwei.angebote["lage"])


@given(st.lists(STAENDE, max_size=4))
def test_ungeprueftes_gilt_nie_als_vorhanden(angebote):
    ohne = [{**a, "status": "ungeprüft"} for a in angebote]
    assert not einordnung(bestand(*ohne)).kategorie.startswith(("vorhanden", "läuft"))
