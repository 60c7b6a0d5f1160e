"""Steht in den Sätzen, was gerechnet wurde, und nie mehr?"""

import numpy as np
import pandas as pd
import pytest

from quartierstools.analyse import (
    redundanzen,
    vergleiche_mit_auswahl,
    vergleiche_mit_index,
)
from quartierstools.analyse.pruefung import Merkmalsfehler
from quartierstools.analyse.redundanz import korrelation

from .conftest import gebiete

VERBOTEN = ("weil", "daher", "aufgrund", "infolge", "führt zu", "bedingt durch")
VERBOTEN += ("messen dasselbe", "signifikant", "am besten", "beweist")


@pytest.fixture
def werte():
    rng = np.random.default_rng(2)
    a = rng.normal(size=30)
    return pd.DataFrame(
        {
            "A02": a,
            "A03": a + 0.2 * rng.normal(size=30),
            "B11": -a + 0.3 * rng.normal(size=30),
            "C03": rng.normal(size=30),
            "K06": a,
        },
        index=gebiete(30),
    )


def test_korrelation_von_hand():
    """Abweichungen −1,5 −0,5 0,5 1,5 und −1 −2 1 2: 6 / √(5 · 10)."""
    r, n = korrelation([1, 2, 3, 4], [4, 3, 6, 7])
    assert r == pytest.approx(6 / np.sqrt(50))
    assert n == 4


def test_korrelation_wie_numpy(werte):
    r, _ = korrelation(werte["A02"], werte["C03"])
    assert r == pytest.approx(np.corrcoef(werte["A02"], werte["C03"])[0, 1])


def test_zu_wenige_gebiete_oder_keine_unterschiede_geben_keine_korrelation():
    assert np.isnan(korrelation([1, 2, 3, np.nan], [1, 2, 3, 4])[0])
    assert np.isnan(korrelation([1, 1, 1, 1], [1, 2, 3, 4])[0])


def test_saetze_nur_fuer_aehnliche_paare_ohne_kontext(werte):
    ergebnis = redundanzen(
        werte, kontext=["K06"], bezeichnungen={"A02": "ELB-Quote", "A03": "Kinderarmut"}
    )
    r = ergebnis.korrelation
    assert "K06" not in r.columns
    assert ergebnis.saetze == [
        f"{a} verteilen sich über die Bezirke {wort} (r = {z})."
        for a, wort, z in (
            ("ELB-Quote und Kinderarmut", "ähnlich", komma(r.loc["A02", "A03"])),
            ("ELB-Quote und B11", "gegenläufig", komma(r.loc["A02", "B11"])),
            ("Kinderarmut und B11", "gegenläufig", komma(r.loc["A03", "B11"])),
        )
    ]


def komma(r):
    return (
        f"{abs(r):.2f}".replace(".", ",")
        .replace("0", "0")
        .join(["−" if r < 0 else "", ""])
    )


def test_gegenprobe_steht_in_der_folge_der_schluessel(werte):
    probe = vergleiche_mit_index(werte["A02"], werte[["K06", "C03", "A03"]])
    assert list(probe.tabelle.index) == ["A03", "C03", "K06"]
    assert (probe.tabelle["n"] == 30).all()


def test_gegenprobe_laesst_verwendete_indikatoren_weg(werte):
    probe = vergleiche_mit_index(werte["A02"], werte, verwendet=["A02", "A03", "B11"])
    assert list(probe.tabelle.index) == ["C03", "K06"]


def test_gegenprobe_ohne_gemeinsame_werte_sagt_es(werte):
    probe = vergleiche_mit_index(werte["A02"], werte[["C03"]].where(werte["A02"] > 9))
    assert probe.tabelle.loc["C03", "satz"] == "C03: nicht gerechnet über 0 Gebiete."


def test_fokusgebiete_weder_bestaetigung_noch_widerlegung():
    klasse = pd.Series({"10": 2, "12": 3, "28": 4, "53": pd.NA}, dtype="Int64")
    namen = {"10": "Hamme", "12": "Kruppwerke", "28": "Wattenscheid-Mitte"}
    probe = vergleiche_mit_auswahl(
        klasse,
        ["53", "10", "12", "28"],
        anlass="des Projekts „Zusammen im Quartier“",
        namen=namen | {"53": "Querenburg"},
    )
    assert probe.satz == (
        "Von den 4 Fokusgebieten des Projekts „Zusammen im Quartier“ liegen 2 über der "
        "mittleren Klasse: Kruppwerke und Wattenscheid-Mitte. Ohne Klasse, da Werte "
        "fehlen: Querenburg. Nach welchen Kriterien gewählt wurde, ist nicht belegt. "
        "Die Auswahl bestätigt und widerlegt den Index nicht."
    )
    assert list(probe.tabelle.index) == ["10", "12", "28", "53"]


def test_kein_fokusgebiet_ueber_der_mitte():
    probe = vergleiche_mit_auswahl(
        pd.Series({"10": 1}, dtype="Int64"), ["10"], anlass="des Projekts X"
    )
    assert "liegt keines über der mittleren Klasse." in probe.satz


def test_fremdes_fokusgebiet_ist_ein_fehler():
    with pytest.raises(Merkmalsfehler, match="„99“ steht nicht"):
        vergleiche_mit_auswahl(pd.Series({"10": 1}, dtype="Int64"), ["99"], anlass="x")


def test_kein_satz_benutzt_verbotene_woerter(werte):
    saetze = redundanzen(werte).saetze
    probe = vergleiche_mit_index(werte["A02"], werte)
    saetze += [*probe.tabelle["satz"], probe.vorbehalt]
    for satz in saetze:
        assert not [wort for wort in VERBOTEN if wort in satz]
