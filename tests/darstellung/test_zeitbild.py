"""Jahre mit festen Klassen und Unterschiede, von Hand nachgerechnet."""

from dataclasses import replace

import pandas as pd
import pytest
from beispielstadt import andere_gruppe, anteil, gebiete, grenzen, jahre, stufen

from quartierstools.darstellung import (
    Zeitbild,
    differenzbild,
    karte_html,
    klassenkarte,
    wertebild,
)
from quartierstools.darstellung.karte import Kartenbild
from quartierstools.darstellung.zeitbild import stufe
from quartierstools.fehler import Ausgabefehler


def reihe(*werte):
    return pd.Series(werte, index=pd.Index(list("abcdef")[: len(werte)], name="gebiet"))


def ebene(jahre_werte, spanne=None, **weitere):
    bilder = {
        jahr: wertebild(w, titel="Anteil", grenzen=[5], einheit="Prozent")
        for jahr, w in jahre_werte.items()
    }
    spannen = (
        {
            j: pd.DataFrame({"unten": w - spanne, "oben": w + spanne})
            for j, w in jahre_werte.items()
        }
        if spanne
        else {}
    )
    return Zeitbild(kennung="x", bilder=bilder, intervalle=spannen, **weitere)


def test_unterschied_von_hand():
    """Größter Unterschied 5,0; halb 2,5; glatt 2,0: darüber heißt es „mehr als“."""
    zwei = ebene(
        {"2024": reihe(6.0, 6.0, 6.0, 6.0, 6.0), "2023": reihe(1.0, 4.0, 6.0, 8.0, 9.0)}
    )
    bild = differenzbild(zwei, "2024", zwei, "2023")
    assert bild.werte.tolist() == [5.0, 2.0, 0.0, -2.0, -3.0]
    assert bild.klasse.tolist() == ["5", "4", "3", "2", "1"]
    assert bild.klassen[4].text == "um mehr als 2,0\u00a0Prozentpunkte gestiegen"
    assert bild.klassen[2].text == "unverändert"
    assert bild.einheit == "Prozentpunkte"


def test_ueberlappende_intervalle_sind_kein_belastbarer_unterschied():
    """±1,0: 6,0 gegen 4,1 überlappt (5,0 ≤ 5,1), 6,0 gegen 3,9 nicht (5,0 > 4,9)."""
    zwei = ebene({"2024": reihe(6.0, 6.0), "2023": reihe(4.1, 3.9)}, spanne=1.0)
    bild = differenzbild(zwei, "2024", zwei, "2023")
    assert bild.klasse_von("a").text == "kein belastbarer Unterschied"
    assert bild.klasse_von("b").zeichen in ("+", "++")


def test_gesperrt_geht_vor_nicht_sinnvoll_und_fehlt():
    art = pd.Series(
        ["gesperrt", "fehlt", "nicht sinnvoll", "Zahl"], index=reihe(1, 2, 3, 4).index
    )
    andere = pd.Series(["fehlt", "nicht sinnvoll", "Zahl", "gesperrt"], index=art.index)
    werte = reihe(1.0, 2.0, 3.0, 4.0)
    bilder = {
        jahr: wertebild(werte.where(a == "Zahl"), titel="A", grenzen=[2], wertart=a)
        for jahr, a in (("2024", art), ("2023", andere))
    }
    zwei = Zeitbild(kennung="x", bilder=bilder)
    bild = differenzbild(zwei, "2024", zwei, "2023")
    assert bild.klasse.tolist() == [
        "gesperrt", "nicht sinnvoll", "nicht sinnvoll", "gesperrt",
    ]  # fmt: skip
    assert bild.werte.isna().all()


def test_ueber_einen_bruch_gruppen_ohne_verwandtschaft_und_klassen_ohne_werte_nicht():
    lang, andere = jahre(), andere_gruppe()
    with pytest.raises(Ausgabefehler, match="neues Verfahren"):
        differenzbild(lang, "2024", lang, "2022")
    with pytest.raises(Ausgabefehler, match="selben Jahr"):
        differenzbild(lang, "2023", andere, "2024")
    with pytest.raises(Ausgabefehler, match="misst nicht dasselbe"):
        differenzbild(lang, "2024", replace(andere, kennung="fremd"), "2024")
    klassen = Zeitbild.aus(stufen(), kennung="s")
    with pytest.raises(Ausgabefehler, match="Nur Ebenen mit Werten"):
        differenzbild(klassen, "", klassen, "")
    with pytest.raises(Ausgabefehler, match="vorhanden: 2024, 2023, 2022"):
        differenzbild(lang, "2024", lang, "2019")


def test_andere_klassen_in_einem_jahr_werden_abgelehnt():
    bilder = {"2024": anteil(), "2023": wertebild(reihe(1.0), titel="Anteil")}
    with pytest.raises(Ausgabefehler, match="feste"):
        Zeitbild(kennung="x", bilder=bilder)


def test_bruch_ohne_jahr_wird_abgelehnt():
    with pytest.raises(Ausgabefehler, match="2020"):
        replace(jahre(), brueche={"2020": "x"})


@pytest.mark.parametrize("hoechster", range(1, 3000, 7))
def test_stufe_ist_glatt_und_hoechstens_die_haelfte(hoechster):
    schritt = stufe(hoechster)
    assert str(schritt).rstrip("0") in ("1", "2", "5")
    assert schritt <= max(hoechster / 2, 1)
    assert hoechster / 2 < schritt * 2.5 or schritt == 1


def test_papier_und_browser_zeigen_dieselben_klassen_und_farben():
    """Ein Bild, zwei Darstellungen: Farben, Klassen, Zahl je Klasse."""
    import json  # noqa: PLC0415
    import re  # noqa: PLC0415

    zeit = jahre()
    bilder = [zeit.neuestes, differenzbild(zeit, "2024", zeit, "2023")]
    for bild in bilder:
        papier = klassenkarte(bild, gebiete(), grenzen())
        html = karte_html(
            Kartenbild(titel="K", gebiete=gebiete(), ebenen=(bild,), grenzen=grenzen())
        )
        roh = re.search(r'id="kartendaten">(.*?)</script>', html, re.DOTALL)[1]
        [ebene_] = json.loads(roh)["ebenen"]
        genutzt = [k for k in bild.legende if bild.anzahlen[k.schluessel]]
        for klasse in genutzt:
            assert klasse.farbe in papier.svg
            eintrag = next(k for k in ebene_["klassen"] if k["text"] == klasse.text)
            assert (eintrag["farbe"], eintrag["muster"], eintrag["zeichen"]) == (
                klasse.farbe, klasse.muster, klasse.zeichen,
            )  # fmt: skip
            zahl = bild.anzahlen[klasse.schluessel]
            assert re.search(
                rf"{re.escape(klasse.text)}: {zahl} Gebiete?",
                papier.alternativtext,
                re.IGNORECASE,
            )
