"""Ähnlichstes Gebiet, auslaufende Angebote, geltendes Fachurteil."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hausmittel import bestand
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.angebote.kalender import kalender
from quartierstools.angebote.luecke import kategorientafel, luecke
from quartierstools.angebote.urteile import geltende, urteilsliste
from quartierstools.angebote.zwilling import abstaende, zwillinge
from quartierstools.katalog.angebotsmodelle import Angebotsregeln

HEUTE = date(2026, 11, 1)
BEZIRKE = pd.Series({"011": "1", "012": "1", "021": "2"}).rename_axis("gebiet")


def test_abstand_von_hand():
    # x: Mittel 2, Streuung √2 (population: Werte 0, 2, 4 → √(8/3) = 1,63299).
    # 10 ↔ 11: 2/1,63299 = 1,22474; y gleich → √((1,5 + 0)/2) = 0,86603.
    lage = pd.DataFrame(
        {"x": [0.0, 2.0, 4.0], "y": [1.0, 1.0, 4.0]}, index=["10", "11", "12"]
    )
    weite = abstaende(lage, "10", ["12", "11"], mindestens=2)
    assert list(weite.index) == ["11", "12"]
    assert weite["11"] == pytest.approx(np.sqrt(1.5 / 2))


def test_zu_wenige_gemeinsame_indikatoren_ergeben_keinen_zwilling():
    lage = pd.DataFrame(
        {"x": [0.0, 1.0, 9.0], "y": [0.0, np.nan, 5.0]}, index=["10", "11", "12"]
    )
    assert list(abstaende(lage, "10", ["11", "12"], mindestens=2).index) == ["12"]
    assert abstaende(lage, "11", ["10"], mindestens=2).empty


def test_zwilling_nennt_angebot_beginn_und_keine_wirkung():
    lage = pd.DataFrame({"x": [0.0, 1.0, 9.0]}, index=["10", "11", "12"])
    gefunden = zwillinge(
        lage,
        {"11": ["b", "a"], "12": ["c"], "10": []},
        mindestens=1,
        namen={"10": "Ort A", "11": "Ort B", "12": "Ort C"},
        beginn={"a": date(2024, 5, 1), "c": date(2020, 1, 1)},
        bezeichnungen={"x": "Anteil"},
    )
    assert set(gefunden) == {"10"}
    zwilling = gefunden["10"]
    assert zwilling.zwilling == "11"
    assert zwilling.angebote == ("a", "b")
    assert zwilling.seit == date(2024, 5, 1)
    assert zwilling.weitere == ("12",)
    assert "seit 01.05.2024" in zwilling.satz
    assert "belegt keine Wirkung" in zwilling.satz


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=3, max_size=3),
        min_size=3,
        max_size=7,
    ),
    st.randoms(use_true_random=False),
)
def test_zwilling_haengt_nicht_an_der_reihenfolge(werte, zufall):
    lage = pd.DataFrame(
        werte, index=[f"{n:02}" for n in range(len(werte))], dtype="float64"
    )
    folge = list(lage.index)
    zufall.shuffle(folge)
    eins = abstaende(lage, "00", list(lage.index), mindestens=2)
    zwei = abstaende(lage.loc[folge], "00", folge, mindestens=2)
    pd.testing.assert_series_equal(eins, zwei)
    assert "00" not in eins.index


def endend(**felder):
    return {"gebiete": "011", "pruefdatum": "2026-10-01", **felder}


def rechne(*angebote):
    return kalender(
        bestand(*angebote),
        zielgruppe="jugendliche",
        stadtbezirke=BEZIRKE,
        betroffene=pd.Series({"011": 80.0, "012": np.nan, "021": 20.0}),
        regeln=Angebotsregeln(id="probe"),
        bezugsdatum=HEUTE,
    )


@pytest.mark.parametrize(
    ("ende", "frist"),
    [
        ("2026-10-31", None),  # schon vorbei
        ("2026-11-01", "vor dem nächsten Bericht"),
        ("2027-11-01", "vor dem nächsten Bericht"),
        ("2027-11-02", "knapp danach"),
        ("2028-02-01", "knapp danach"),
        ("2028-02-02", None),
    ],
)
def test_fristen_des_kalenders_von_hand(ende, frist):
    # Bericht nach 12 Monaten: 01.11.2027; drei Monate Nachlauf: 01.02.2028.
    assert rechne(endend(ende=ende))["frist"].to_list() == ([frist] if frist else [])


def test_wer_danach_ohne_ist_steht_mit_menschen_da():
    tafel = rechne(endend(ende="2027-03-31", gebiete="011,021"))
    assert tafel.loc["a0", "danach_ohne"] == ("011", "021")
    assert tafel.loc["a0", "betroffene"] == 100
    assert "in 2 Gebieten kein anderes" in tafel.loc["a0", "satz"]


def test_ein_bleibendes_angebot_am_ort_faengt_auf():
    bleibt = endend(ende="2030-12-31")
    tafel = rechne(endend(ende="2027-03-31"), bleibt)
    assert tafel.loc["a0", "danach_ohne"] == ()
    assert np.isnan(tafel.loc["a0", "betroffene"])


@pytest.mark.parametrize(
    "anderes",
    [
        {"ende": "2027-06-30"},  # endet selbst vor dem Bericht
        {"pruefdatum": "2024-01-01"},  # ungeprüft
        {"gebiete": "stadtweit"},  # nicht am Ort
        {"zielgruppen": "fachkraefte"},
    ],
)
def test_was_nicht_auffaengt(anderes):
    tafel = rechne(endend(ende="2027-03-31"), endend(**anderes))
    assert tafel.loc["a0", "danach_ohne"] == ("011",)


def test_zwei_gleich_endende_fangen_einander_nicht_auf():
    tafel = rechne(endend(ende="2027-12-01"), endend(ende="2027-03-31"))
    assert tafel.loc["a1", "danach_ohne"] == ()
    assert tafel.loc["a0", "danach_ohne"] == ("011",)


def urteile(*zeilen):
    namen = ["gebiet", "urteil", "datum", "name"]
    tafel = pd.DataFrame(
        zeilen, columns=namen, index=[f"u{n}" for n in range(len(zeilen))]
    )
    return tafel.assign(
        datum=pd.to_datetime(tafel["datum"]),
        zielgruppe="jugendliche",
        begruendung="Grund",
        funktion="Leitung",
        einrichtung="Haus",
    )


def test_das_juengste_urteil_gilt_und_das_aeltere_bleibt_stehen():
    liste = urteilsliste(
        urteile(
            ("011", "verworfen", "2025-01-01", "A"),
            ("011", "Hinweis", "2026-01-01", "B"),
        ),
        "jugendliche",
    )
    assert list(liste.index) == ["u1", "u0"]
    assert liste["gilt"].to_list() == [True, False]
    assert geltende(liste).loc["011", "urteil"] == "Hinweis"


def test_name_steht_nur_wo_er_freigegeben_ist():
    voll = urteile(("011", "Hinweis", "2026-01-01", "Erika Probe"))
    intern = urteilsliste(voll, "jugendliche")
    oeffentlich = urteilsliste(voll.drop(columns="name"), "jugendliche")
    assert intern.loc["u0", "urteil_text"] == "Erika Probe, Leitung, Haus, 01.01.2026"
    assert oeffentlich.loc["u0", "urteil_text"] == "Leitung, Haus, 01.01.2026"
    assert "name" not in oeffentlich


def test_ohne_urteile_bleibt_die_liste_leer():
    liste = urteilsliste(pd.DataFrame(), "jugendliche")
    assert liste.empty
    assert geltende(liste).empty


# --- Bestand mit wechselndem und offenem Ort ---------------------------------------

ORT = {"stadtbezirk": "1", "zielgruppe": "jugendliche", "bezugsdatum": HEUTE}
ORT |= {"gruppe_text": "Jugendliche", "ebene": "Bezirk"}


def test_wechselnde_beratung_verbietet_kein_angebot_bekannt():
    angebote = bestand({"gebiete": "wechselnd", "name": "Beratung"})
    ergebnis = luecke(angebote, gebiet="011", **ORT)
    assert ergebnis.kategorie == "Ort wechselnd/offen"


def test_ein_beendetes_angebot_verschweigt_die_wechselnde_beratung_nicht():
    angebote = bestand(
        {"gebiete": "011", "status": "ungeprüft"},
        {"gebiete": "wechselnd", "name": "Beratung"},
    )
    ergebnis = luecke(angebote, gebiet="011", **ORT)
    assert ergebnis.kategorie == "nur ungeprüfte Einträge"
    assert (
        ergebnis.vorbehalt == "„Beratung“: Orte wechseln; ob hier, ist nicht bekannt."
    )


def test_unklarer_ort_steht_als_vorbehalt():
    angebote = bestand({"gebiete": "unklar", "name": "Treff"})
    ergebnis = luecke(angebote, gebiet="011", **ORT)
    assert ergebnis.kategorie == "kein Angebot bekannt"
    assert ergebnis.vorbehalt == "„Treff“: Ort nicht eindeutig; ob hier, ist offen."


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "gebiete": st.sampled_from(
                    ["011", "012", "stadtweit", "wechselnd", "unklar", "stadtbezirk:1"]
                ),
                "status": st.sampled_from(["laufend", "beendet", "ungeprüft"]),
                "ende": st.sampled_from([None, "2026-10-31", "2027-11-01"]),
                "pruefdatum": st.sampled_from([None, "2026-10-01"]),
                "plaetze": st.sampled_from([None, 12]),
            }
        ),
        min_size=1,
        max_size=5,
    )
)
def test_tafel_sagt_dasselbe_wie_das_einzelne_gebiet(zeilen):
    angebote = bestand(*zeilen)
    felder = {k: v for k, v in ORT.items() if k != "stadtbezirk"}
    tafel = kategorientafel(angebote, stadtbezirke=BEZIRKE, **felder)
    for gebiet, bezirk in BEZIRKE.items():
        eines = luecke(angebote, gebiet=gebiet, **{**ORT, "stadtbezirk": bezirk})
        zeile = tafel.loc[gebiet]
        assert zeile["kategorie"] == eines.kategorie
        assert zeile["satz"] == eines.satz
        assert zeile["vorbehalt"] == eines.vorbehalt
        assert set(zeile["angebote"]) == set(eines.angebote.index)


def test_einzugsgebiet_zaehlt_als_hier():
    angebote = bestand({"gebiete": "021", "pruefdatum": "2026-10-01", "plaetze": 5})
    angebote = angebote.assign(einzugsgebiet="021:0,5 011")
    assert luecke(angebote, gebiet="011", **ORT).kategorie == "vorhanden"
    assert luecke(angebote, gebiet="012", **ORT).kategorie == "kein Angebot bekannt"
