import io
import math
import re
import time

import matplotlib as mpl
import pandas as pd
import pytest
from beispielstadt import (
    WORT,
    anteil,
    beitraege,
    bilder,
    gebiete,
    grenzen,
    profil,
    stufen,
    typen,
    wertart,
    werte,
)
from lxml import etree
from PIL import Image
from test_karte import BOESE

from quartierstools.darstellung import (
    balken_beitraege,
    klassenkarte,
    lagekarte,
    punktstreifen,
    typenprofil,
)
from quartierstools.darstellung.lagekarte import himmelsrichtung
from quartierstools.darstellung.leinwand import darstellbar, textbreite, umbrochen
from quartierstools.fehler import Ausgabefehler, Gebietsfehler

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def alle():
    return bilder()


def test_jedes_bild_ist_lesbares_svg_ohne_schrift_und_verweis(alle):
    for name, bild in alle.items():
        wurzel = etree.fromstring(bild.svg.encode())
        assert wurzel.tag == f"{SVG}svg", name
        tags = {element.tag for element in wurzel.iter()}
        assert not tags & {f"{SVG}text", f"{SVG}image", f"{SVG}script"}
        for element in wurzel.iter():
            verweis = element.get("href")
            assert verweis is None or verweis.startswith("#")


def test_jede_kennung_im_svg_ist_einmalig_und_wird_gebraucht(alle):
    gesehen = set()
    for bild in alle.values():
        kennungen = re.findall(r' id="([^"]+)"', bild.svg)
        genutzt = set(re.findall(r'(?:href="#|url\(#)([^")]+)', bild.svg))
        assert len(kennungen) == len(set(kennungen))
        assert set(kennungen) == genutzt
        assert gesehen.isdisjoint(kennungen)
        gesehen |= set(kennungen)


def test_png_ist_ein_bild_mit_genug_punkten_und_ohne_programmnamen(alle):
    for bild in alle.values():
        png = Image.open(io.BytesIO(bild.png))
        png.load()
        assert png.width >= 400
        assert "Software" not in png.info


def test_jedes_svg_bleibt_klein(alle):
    assert max(len(bild.svg.encode()) for bild in alle.values()) < 60_000


def test_jedes_bild_ist_schnell(alle):
    assert alle
    for zeichne in (
        lambda: klassenkarte(anteil(), gebiete(), grenzen(), gebietswort=WORT),
        lambda: lagekarte(gebiete(), "12", grenzen()),
        lambda: punktstreifen(werte(), "12", titel="x", wertart=wertart()),
        lambda: balken_beitraege(beitraege(), titel="x", gebietsname="y"),
        lambda: typenprofil(profil()),
    ):
        zeiten = []
        for _ in range(3):
            anfang = time.process_time()
            zeichne()
            zeiten.append(time.process_time() - anfang)
        # Ruhig gemessen höchstens 0,23 s; der Rest ist Luft für volle Rechner.
        assert min(zeiten) < 0.5


def test_eine_eigene_matplotlib_vorgabe_aendert_kein_bild(alle):
    eigene = {"svg.fonttype": "none", "font.size": 30, "lines.linewidth": 9}
    with mpl.rc_context(eigene):
        nochmal = lagekarte(gebiete(), "12", grenzen(), hinweis="angenähert")
    assert nochmal == alle["lagekarte"]


def test_karte_auf_papier_hat_dieselben_farben_wie_die_klassen():
    bild = anteil()
    svg = klassenkarte(bild, gebiete(), grenzen()).svg
    for klasse in bild.legende:
        # Flächen je Klasse und ein Feld in der Legende.
        if klasse.muster == "voll":
            erwartet = bild.anzahlen[klasse.schluessel] + 1
            assert svg.count(f"fill:{klasse.farbe}") == erwartet
    luecken = [k for k in bild.legende if k.wertart != "Zahl"]
    assert svg.count("<pattern") == len(luecken) == 3


def test_alternativtext_der_karte_nennt_jedes_gebiet_genau_einmal():
    text = klassenkarte(anteil(), gebiete(), gebietswort=WORT).alternativtext
    for name in gebiete()["name"]:
        assert len(re.findall(rf"{name}\b", text)) == 1
    assert "Gesperrt: 1 Bezirk (Ort 40)." in text
    assert "Liegt nicht vor: 3 Bezirke (Ort 11, Ort 23 und Ort 24)." in text


def test_karte_auf_papier_verlangt_dieselben_gebiete():
    with pytest.raises(Gebietsfehler, match="ohne Fläche"):
        klassenkarte(anteil(), gebiete().drop("10"))


@pytest.mark.parametrize(
    ("gebiet", "lage"),
    [
        ("10", "im Südwesten"),
        ("14", "im Südosten"),
        ("62", "im Norden"),
        ("30", "im Westen"),
        ("32", "in der Mitte"),
        ("64", "im Nordosten"),
    ],
)
def test_himmelsrichtung_stimmt(gebiet, lage):
    assert himmelsrichtung(gebiete(), gebiet) == lage
    assert lage in lagekarte(gebiete(), gebiet).alternativtext


def test_lagekarte_hebt_genau_die_gewaehlten_hervor():
    eins, zwei = lagekarte(gebiete(), "12"), lagekarte(gebiete(), ["12", "33"])
    assert eins.svg.count("fill:#1f5a96") == 1
    assert zwei.svg.count("fill:#1f5a96") == 2


def test_lagekarte_nennt_fremde_schluessel():
    with pytest.raises(Gebietsfehler, match="99"):
        lagekarte(gebiete(), "99")


def ruhige_kreise(svg: str) -> list[str]:
    """Die Teilwege des einen Pfads, der alle übrigen Gebiete als Kreise zeigt."""
    (weg,) = re.findall(r'<path d="(M[^"]+)"[^>]*fill:#dde4ea', svg)
    return [teil.strip() for teil in weg.split("M") if teil.strip()]


def test_streifen_zaehlt_punkte_und_nennt_luecken():
    bild = punktstreifen(
        werte(), "12", titel="Anteil", einheit="Prozent", wertart=wertart(),
        namen={"12": "Hamme"}, gebietswort=WORT,
    )  # fmt: skip
    # Von Hand: 30 Gebiete, 3 fehlen, 1 gesperrt, 1 nicht sinnvoll → 25 Werte.
    assert bild.alternativtext == (
        "Punktstreifen Anteil: 25 Bezirke mit Werten von 2,0 bis 12,4\u00a0Prozent. "
        "Hervorgehoben: Hamme, 2,7\u00a0Prozent. 1 Bezirk: gesperrt; "
        "3 Bezirke: liegt nicht vor; 1 Bezirk: nicht sinnvoll."
    )
    assert len(ruhige_kreise(bild.svg)) == 24
    assert bild.svg.count("fill:#1f5a96") == 1


def test_streifen_eines_gebiets_ohne_wert_sagt_warum():
    bild = punktstreifen(werte(), "40", titel="Anteil", wertart=wertart())
    assert "Hervorgehoben: 40, gesperrt." in bild.alternativtext
    assert "fill:#1f5a96" not in bild.svg


def test_streifen_ganz_ohne_werte_bleibt_ein_bild():
    leer = pd.Series({"10": None, "11": None}, dtype=float)
    bild = punktstreifen(leer, "10", titel="Anteil")
    assert "keine Werte" in bild.alternativtext


def test_streifen_zeigt_nicht_mehr_als_geschrieben_steht():
    """Aus der Lage eines Punktes lässt sich keine weitere Stelle ablesen."""
    genau = pd.Series({"10": 1.0, "11": 5.04, "12": 9.0})
    rund = pd.Series({"10": 1.0, "11": 5.0, "12": 9.0})
    erstes, zweites = (punktstreifen(w, "10", titel="x") for w in (genau, rund))
    assert erstes == zweites


def test_streifen_mit_gleichen_werten_verdeckt_keinen_punkt():
    gleich = pd.Series({f"{i}": 5.0 for i in range(4)})
    svg = punktstreifen(gleich, "0", titel="x").svg
    assert len(set(ruhige_kreise(svg))) == 3


def test_streifen_verlangt_ein_bekanntes_gebiet():
    with pytest.raises(Gebietsfehler, match="99"):
        punktstreifen(werte(), "99", titel="x", wertart=wertart())


def test_beitraege_addieren_sich_zur_summe():
    # Von Hand: 1,31 − 0,22 = 1,09.
    text = balken_beitraege(
        beitraege(), titel="Bedarfsindex", gebietsname="Ort 12"
    ).alternativtext
    assert text == (
        "Beiträge zu Bedarfsindex in Ort 12: Langzeitarbeitslose +1,31 und "
        "ELB-Quote −0,22; Summe 1,09."
    )


def test_fehlender_beitrag_ergibt_keine_summe():
    luecke = pd.Series({"A": 1.0, "B": None})
    with pytest.raises(Ausgabefehler, match=r"\['B'\]"):
        balken_beitraege(luecke, titel="x", gebietsname="y")


def test_typenprofil_nennt_jeden_wert_mit_vorzeichen():
    text = typenprofil(profil()).alternativtext
    assert "Typ A: Arbeitslosenanteil −0,8 und Haushalte mit Kindern 0,0." in text
    assert "Typ B: Arbeitslosenanteil +1,2 und Haushalte mit Kindern −0,3." in text


def test_typenprofil_mit_luecke_wird_abgelehnt():
    mit_luecke = profil()
    mit_luecke.loc["A", "Arbeitslosenanteil"] = math.nan
    with pytest.raises(Ausgabefehler, match="ohne Werte"):
        typenprofil(mit_luecke)


def test_boese_namen_brechen_kein_bild():
    orte = gebiete(BOESE)
    for bild in (
        klassenkarte(typen(), orte, grenzen()),
        lagekarte(orte, "11"),
        punktstreifen(werte(), "20", titel=BOESE["21"], namen=BOESE, wertart=wertart()),
        balken_beitraege(
            pd.Series(dict.fromkeys(BOESE.values(), 1.0)),
            titel="x",
            gebietsname="y",
        ),
        typenprofil(
            pd.DataFrame({name: [1.0] for name in BOESE.values()}, index=["A"])
        ),
    ):
        etree.fromstring(bild.svg.encode())
    assert BOESE["11"] in lagekarte(orte, "11").alternativtext


def test_unbekannte_zeichen_werden_zum_kaestchen():
    assert darstellbar("Süd 🙂\u202e\n") == "Süd □  "


def test_umbruch_verliert_kein_wort():
    text = "ein ziemlich langer Satz über die Lage im Bezirk"
    zeilen = umbrochen(text, 7, 60)
    assert " ".join(zeilen) == text
    assert all(textbreite(z, 7) <= 60 or " " not in z for z in zeilen)


@pytest.mark.parametrize("bild", [anteil(), stufen(), typen()])
def test_reihenfolge_aendert_die_karte_auf_papier_nicht(bild):
    gemischt = gebiete().sample(frac=1, random_state=2)
    umgekehrt = bild.fuer(bild.klasse.index[::-1])
    assert klassenkarte(umgekehrt, gemischt, grenzen().iloc[::-1]) == klassenkarte(
        bild, gebiete(), grenzen()
    )
