"""Verlauf, Statusfeld, Stadtwert: dieselben Zahlen im Bild und im Alternativtext."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.analyse import statusmatrix
from quartierstools.darstellung import Verlauf, punktstreifen, statusfeld, verlaufstafel
from quartierstools.darstellung.farben import BLAU
from quartierstools.darstellung.verlauf import abschnitte, achse
from quartierstools.fehler import Ausgabefehler

TAGE = ["2020-12-31", "2021-12-31", "2022-12-31", "2023-12-31"]


def verlauf(gebiet=(10.04, 11.0, None, 13.0), **angaben):
    vorgabe = {
        "titel": "Arbeitslosenanteil",
        "einheit": "Prozent",
        "gebiet": pd.Series(list(gebiet), index=TAGE, dtype="float64"),
        "stadt": pd.Series([8.0, 8.5, 8.2, 8.1], index=TAGE),
    }
    return Verlauf(**(vorgabe | angaben))


def tafel(*verlaeufe, name="Nordstadt"):
    return verlaufstafel(verlaeufe, gebietsname=name, raster=False)


def test_alternativtext_nennt_jeden_wert_und_keine_luecke():
    assert tafel(verlauf()).alternativtext == (
        "Arbeitslosenanteil (Prozent), Nordstadt: 2020 10,0, 2021 11,0 und 2023 13,0; "
        "Stadt: 2020 8,0 und 2023 8,1."
    )


def test_bruch_steht_im_text_und_trennt_die_linie():
    ohne = tafel(verlauf(gebiet=(1.0, 2.0, 3.0, 4.0)))
    mit = tafel(
        verlauf(gebiet=(1.0, 2.0, 3.0, 4.0), brueche={"2022-01-01": "neues Verfahren"})
    )
    assert mit.alternativtext.endswith("Bruch ab 2022: neues Verfahren.")
    assert mit.svg != ohne.svg


@pytest.mark.parametrize(
    ("vorhanden", "brueche", "zuege"),
    [
        ([0, 1, 2, 3], [], [[0, 1, 2, 3]]),
        ([0, 1, 3], [], [[0, 1], [3]]),
        ([0, 1, 2, 3], ["2022-12-31"], [[0, 1], [2, 3]]),
        ([0, 1, 2, 3], ["2022-01-01"], [[0, 1], [2, 3]]),
        ([0, 1, 2, 3], ["2020-01-01"], [[0, 1, 2, 3]]),
        ([0, 3], ["2022-06-30"], [[0], [3]]),
        ([], [], []),
    ],
)
def test_linien_enden_an_luecken_und_bruechen(vorhanden, brueche, zuege):
    werte = {TAGE[i]: float(i) for i in vorhanden}
    soll = [[TAGE[i] for i in zug] for zug in zuege]
    assert abschnitte(werte, TAGE, brueche) == soll


def test_gebiet_ohne_werte_sagt_es():
    leer = verlauf(gebiet=(None,) * 4)
    assert "Nordstadt: liegt nicht vor; Stadt: 2020 8,0" in tafel(leer).alternativtext


def test_luecken_stehen_mit_ihrem_grund_in_bild_und_text():
    luecken = {"2022-12-31": "gesperrt"}
    mit, ohne = tafel(verlauf(luecken=luecken)), tafel(verlauf())
    assert "und 2023 13,0 (2022 gesperrt); Stadt" in mit.alternativtext
    assert mit.svg != ohne.svg
    leer = verlauf(gebiet=(None,) * 4, luecken=dict.fromkeys(TAGE, "nicht sinnvoll"))
    assert (
        "Nordstadt: 2020, 2021, 2022 und 2023 nicht sinnvoll; Stadt"
        in tafel(leer).alternativtext
    )


def test_aus_dem_bild_laesst_sich_nicht_mehr_ablesen_als_geschrieben_steht():
    genau, rund = (
        verlauf(gebiet=(10.04, 11.04, 12.04, 13.04)),
        verlauf(gebiet=(10.0, 11.0, 12.0, 13.0)),
    )
    assert tafel(genau) == tafel(rund)


def test_ein_stichtag_ist_kein_verlauf():
    einer = verlauf()
    kurz = Verlauf(titel="x", gebiet=einer.gebiet[:1], stadt=einer.stadt[:1])
    with pytest.raises(Ausgabefehler, match="mindestens zwei Stichtagen"):
        tafel(kurz)
    with pytest.raises(Ausgabefehler, match="allen"):
        tafel()


def test_reihenfolge_der_stichtage_ist_egal():
    gerade = verlauf()
    umgekehrt = Verlauf(
        titel=gerade.titel,
        einheit=gerade.einheit,
        gebiet=gerade.gebiet.iloc[::-1],
        stadt=gerade.stadt.iloc[::-1],
    )
    assert tafel(gerade) == tafel(umgekehrt)


@given(st.lists(st.floats(-1000, 1000), min_size=1, max_size=8))
def test_achse_enthaelt_jeden_wert_und_hat_eine_mindestspanne(werte):
    unten, oben = achse(werte)
    assert unten <= min(werte) + 1e-5
    assert oben >= max(werte) - 1e-5
    groesster = max(abs(min(werte)), abs(max(werte)))
    assert oben - unten >= 0.4 * groesster - 1e-4


def test_statusfeld_nennt_zahl_und_namen_jeder_zelle():
    status = pd.Series({"10": 1, "11": 4, "12": 4}, dtype="Int64")
    dynamik = pd.Series({"10": 2, "11": 3, "12": 3}, dtype="Int64")
    matrix = statusmatrix(status, dynamik, namen={"10": "Ost", "11": "Nord"})
    bild = statusfeld(
        matrix.gebiete,
        titel="Bedarfsindex",
        statusworte=["unter", "um", "über", "deutlich über"],
        gebietswort=("Bezirk", "Bezirke"),
        raster=False,
    )
    assert bild.alternativtext == (
        "Status und Dynamik, Bedarfsindex. unter, bleibt ähnlich: 1 Bezirk (Ost). "
        "deutlich über, nimmt zu: 2 Bezirke (Nord und 12)."
    )


def test_statusfeld_verlangt_passende_worte():
    with pytest.raises(Ausgabefehler, match="je Zeile und Spalte ein Wort"):
        statusfeld(pd.DataFrame({"a": [()]}), titel="x", statusworte=["eins", "zwei"])


def test_volle_zelle_zaehlt_den_rest():
    viele = tuple(f"Ein ziemlich langer Bezirksname {n}" for n in range(40))
    bild = statusfeld(
        pd.DataFrame({"+": [viele], "0": [()], "-": [()]}),
        titel="x",
        statusworte=["um"],
        raster=False,
    )
    assert all(name in bild.alternativtext for name in viele)
    assert len(re.findall("<path", bild.svg)) < 200


def test_streifen_zeigt_den_stadtwert_auch_ausserhalb_der_werte():
    werte = pd.Series([2.0, 3.0, 4.0], index=["10", "11", "12"])
    ohne = punktstreifen(werte, "11", titel="x", raster=False)
    mit = punktstreifen(werte, "11", titel="x", stadtwert=9.96, raster=False)
    assert "Stadt: 10,0" in mit.alternativtext
    assert "Stadt" not in ohne.alternativtext
    assert mit.svg != ohne.svg


def test_ohne_raster_entsteht_kein_png_und_dasselbe_svg():
    mit = verlaufstafel([verlauf()], gebietsname="Nord")
    ohne = verlaufstafel([verlauf()], gebietsname="Nord", raster=False)
    assert mit.png[:4] == b"\x89PNG"
    assert ohne.png == b""
    assert mit.svg == ohne.svg
    assert BLAU in ohne.svg
