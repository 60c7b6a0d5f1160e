import base64
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from beispielstadt import (
    angebote,
    anteil,
    gebiete,
    grenzen,
    jahre,
    karte,
    stufen,
    werte,
)
from branca.element import Element
from shapely.geometry import Polygon

from quartierstools.darstellung import Kacheldienst, Zeitbild, karte_html, wertebild
from quartierstools.darstellung.karte_html import _leaflet, feste_kennungen, programm
from quartierstools.darstellung.kartendaten import kartendaten, sicheres_json
from quartierstools.fehler import Ausgabefehler, Gebietsfehler

BOESE = {
    "10": "<script>document.title='gehackt'</script>",
    "11": "</script><img src=x onerror=\"document.title='gehackt'\">",
    "12": 'O\'Neil "Quote" & `Söhne` ${1+1} {{ 7*7 }}',
    "13": "\u202eךלמ\u202c שכונה",
    "14": "x" * 80,
    "20": "Straße/Weg-Nord (Süd) 🙂 \u2028 Ende",
    "21": "-->]]><!--",
}


class Seite(HTMLParser):
    """Sammelt Elemente mit ihren Attributen und den Text je Skript."""

    def __init__(self, html):
        super().__init__()
        self.elemente, self.skripte = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elemente.append((tag, dict(attrs)))
        if tag == "script":
            self.skripte.append("")

    def handle_data(self, data):
        if self.elemente and self.elemente[-1][0] == "script":
            self.skripte[-1] += data


def eingebettet(html):
    treffer = re.search(r'id="kartendaten">(.*?)</script>', html, re.DOTALL)
    return json.loads(treffer[1])


def test_rahmen_der_seite_ist_vollstaendig():
    seite = Seite(karte_html(karte()))
    namen = [tag for tag, _ in seite.elemente]
    assert ("html", {"lang": "de"}) in seite.elemente
    for einmal in ("title", "h1", "main", "header", "footer"):
        assert namen.count(einmal) == 1


def test_keine_adresse_im_gesamten_geruest():
    """Weder Verweis noch Bild noch Skript zeigt nach außen."""
    for tag, attribute in Seite(karte_html(karte())).elemente:
        for name in ("src", "href", "action", "data", "srcset"):
            wert = attribute.get(name) or ""
            assert wert == "" or wert.startswith(("#", "data:")), tag


def test_keine_fremden_bibliotheken_ausser_leaflet():
    html = karte_html(karte())
    assert "Leaflet 1.9.3" in html
    for fremd in ("jquery", "bootstrap", "fontawesome", "awesome-markers", "cdn."):
        assert fremd not in html.lower()
    assert "sourceMappingURL" not in html
    assert re.findall(r"url\((?!data:|#)[^)]*\)", _leaflet()[1]) == []


def test_inhaltsregel_nennt_genau_die_eingebetteten_skripte():
    html = karte_html(karte())
    seite = Seite(html)
    regel = next(
        a["content"]
        for tag, a in seite.elemente
        if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    skripte = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    summen = {
        "sha256-" + base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()
        for s in skripte
    }
    assert set(re.findall(r"sha256-[\w+/=]+", regel)) == summen
    assert len(summen) == 3
    assert "default-src 'none'" in regel
    assert "unsafe-inline" not in regel.split("script-src")[1]


def test_stempel_quelle_hinweis_und_kennung_stehen_als_text_da():
    html = karte_html(karte(wasserzeichen="Synthetische Daten"))
    for text in (
        "Entwurf – nicht amtlich geprüft",
        "© OpenStreetMap-Mitwirkende (ODbL)",
        "Grenzen angenähert.",
        "muster-1",
        "Fassung: öffentlich",
    ):
        assert text in html
    assert html.index("Entwurf") < html.index('class="kartenrahmen"')
    assert html.count("Synthetische Daten") >= 4
    assert "Synthetische Daten" not in karte_html(karte())


def test_boese_namen_bleiben_daten():
    html = karte_html(
        karte(
            gebiete=gebiete(BOESE),
            titel=BOESE["11"],
            quelle=BOESE["10"],
            stempel=(BOESE["11"],),
            hinweise=(BOESE["21"],),
            wasserzeichen=BOESE["10"],
            ebenen=(stufen(), anteil(hinweise=(BOESE["11"],))),
            angebote=replace(
                angebote(),
                angebote=angebote().angebote.assign(name=BOESE["11"], ort=BOESE["10"]),
                titel=BOESE["21"],
            ),
            profile={"10": ((BOESE["10"], BOESE["11"]),)},
        )
    )
    seite = Seite(html)
    # Vier Skripte (Daten und drei Programme), kein Bild, kein fremdes Attribut.
    assert [tag for tag, _ in seite.elemente].count("script") == 4
    assert "img" not in [tag for tag, _ in seite.elemente]
    assert not any("onerror" in a for _, a in seite.elemente)
    assert eingebettet(html)["gebiete"]["name"][:7] == list(BOESE.values())


def test_json_kann_das_skript_nicht_beenden():
    text = sicheres_json(list(BOESE.values()))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == list(BOESE.values())


def test_daten_enthalten_nur_gerundete_werte_und_keine_luecken():
    daten = kartendaten(karte())
    ebene = daten["ebenen"][1]
    [zeit] = ebene["zeiten"]
    fest = dict(zip(daten["gebiete"]["schluessel"], zeit["werte"], strict=True))
    assert fest["12"] == 2.7
    luecken = {g: w for g, w in fest.items() if isinstance(w, str)}
    assert luecken == {"11": "/", "23": "/", "24": "/", "40": ".", "64": "x"}
    assert None not in fest.values()
    assert "werte" not in daten["ebenen"][0]["zeiten"][0]


def test_gesperrtes_steht_nirgends_in_der_datei():
    """Der Rohwert 77,123 eines gesperrten Gebiets darf nicht vorkommen."""
    roh = werte().copy()
    roh["40"] = 77.123
    art = pd.Series("Zahl", index=roh.index).mask(roh.isna(), "fehlt")
    art["40"] = "gesperrt"
    with pytest.raises(Ausgabefehler):
        wertebild(roh, titel="x", wertart=art)
    bild = wertebild(roh.mask(art == "gesperrt"), titel="x", wertart=art)
    html = karte_html(karte(ebenen=(bild,)))
    assert "77.1" not in html.split('id="kartendaten">')[1].split("</script>")[0]


def test_reihenfolge_der_lieferung_aendert_kein_zeichen():
    gemischt = karte(
        gebiete=gebiete().sample(frac=1, random_state=3),
        grenzen=grenzen().iloc[::-1],
        ebenen=tuple(bild.fuer(bild.klasse.index[::-1]) for bild in karte().ebenen),
        angebote=replace(angebote(), angebote=angebote().angebote.iloc[::-1]),
    )
    assert karte_html(gemischt) == karte_html(karte())


def test_folium_ist_danach_wie_vorher():
    vorher = Element.__dict__["_generate_id"]
    karte_html(karte())
    assert Element.__dict__["_generate_id"] is vorher
    with pytest.raises(RuntimeError), feste_kennungen():
        raise RuntimeError
    assert Element.__dict__["_generate_id"] is vorher
    assert Element()._id != Element()._id


def test_karte_und_ebene_muessen_zusammenpassen():
    with pytest.raises(Gebietsfehler) as fehler:
        karte(gebiete=gebiete().drop("10"))
    assert "ohne Fläche (10)" in str(fehler.value)


def test_falsches_koordinatensystem_und_fehlende_spalten_auf_einmal():
    falsch = gebiete().to_crs(25832).drop(columns="name")
    with pytest.raises(Ausgabefehler, match="EPSG:4326") as fehler:
        karte(gebiete=falsch)
    assert "['name']" in str(fehler.value)


def test_gebiet_ohne_flaeche_wird_genannt():
    leer = gebiete()
    leer.loc["12", "geometry"] = None
    with pytest.raises(Ausgabefehler, match="Ohne Fläche sind 12"):
        karte(gebiete=leer)


def test_gebiet_ohne_namen_oder_stadtbezirk_wird_genannt():
    luecke = gebiete()
    luecke.loc["12", "stadtbezirk"] = None
    with pytest.raises(Ausgabefehler, match="„stadtbezirk“ steht nichts bei 12"):
        karte(gebiete=luecke)


def test_leere_angebotsliste_bleibt_leer():
    leer = replace(angebote(), angebote=angebote().angebote.iloc[:0])
    assert eingebettet(karte_html(karte(angebote=leer)))["angebote"]["liste"] == []


def test_karte_ohne_ebene_wird_abgelehnt():
    with pytest.raises(Ausgabefehler, match="keine Ebene"):
        karte(ebenen=())


def test_profil_fuer_fremdes_gebiet_wird_abgelehnt():
    with pytest.raises(Gebietsfehler, match="99"):
        karte(profile={"99": (("a", "b"),)})


def test_angebot_ohne_ort_bekommt_keinen_punkt():
    liste = eingebettet(karte_html(karte()))["angebote"]["liste"]
    orte = {a["name"]: a["ort"] for a in liste}
    assert orte.pop("Treff am Markt") == [7.01, 51.41]
    assert set(orte.values()) == {None}


def test_angebote_mit_halben_koordinaten_fremdem_stand_und_gruppe_auf_einmal():
    tabelle = angebote().angebote.assign(breite=[51.4, 51.5, *[None] * 5])
    tabelle.loc["treff", "lage"] = "neu"
    tabelle["zielgruppen"] = [*tabelle["zielgruppen"][:-1], ("unbekannt",)]
    with pytest.raises(Ausgabefehler) as fehler:
        replace(angebote(), angebote=tabelle)
    for wort in ("beratung", "['neu']", "['unbekannt']"):
        assert wort in str(fehler.value)


def test_karte_geht_ohne_grenzen_angebote_und_profile():
    html = karte_html(karte(grenzen=None, angebote=None, profile=None))
    assert 'class="angeboteteil"' not in html
    assert eingebettet(html)["bezirksorte"] == []


def test_jahre_neueste_zuerst_mit_bruch_und_intervallen():
    [ebene] = kartendaten(karte(ebenen=(jahre(),)))["ebenen"]
    assert [z["jahr"] for z in ebene["zeiten"]] == ["2024", "2023", "2022"]
    assert [z.get("bruch") for z in ebene["zeiten"]] == [None, "neues Verfahren", None]
    stelle = sorted(gebiete().index).index("40")
    assert all(z["werte"][stelle] == "." for z in ebene["zeiten"])
    assert all(z["unten"][stelle] is None for z in ebene["zeiten"])
    assert ebene["grenzen"] == [4.0, 6.5, 9.0]


def test_ohne_gewaehlten_dienst_erlaubt_die_inhaltsregel_keinen_wirt():
    assert "img-src data:;" in karte_html(karte())
    dienst = Kacheldienst(
        name="Beispiel", nachweis="© B", adresse="https://k.example.org/{z}/{x}/{y}.png"
    )
    html = karte_html(karte(hintergrund=dienst))
    assert "img-src data: https://k.example.org;" in html


@pytest.mark.parametrize(
    "adresse",
    [
        "http://k.example.org/{z}/{x}/{y}.png",
        "https://k.example.org/kachel.png",
        "https://k.example.org; script-src */{z}/{x}/{y}",
    ],
)
def test_unsicherer_dienst_wird_abgelehnt(adresse):
    with pytest.raises(Ausgabefehler, match="Kacheldienst"):
        Kacheldienst(name="B", nachweis="© B", adresse=adresse)


def test_das_programm_besteht_aus_kurzen_lesbaren_teilen():
    ordner = files("quartierstools.darstellung") / "vorlagen" / "karte"
    teile = sorted(t.name for t in ordner.iterdir() if t.name.endswith(".js"))
    assert len(teile) > 10
    stelle = 0
    for name in teile:
        text = (ordner / name).read_text(encoding="utf-8").strip()
        assert text.startswith("/*"), name
        assert text.count("\n") < 300, name
        stelle = programm().index(text, stelle)
    for verboten in ("innerHTML", "eval(", "document.write", "fetch(", "XMLHttp"):
        assert verboten not in programm()


@pytest.mark.skipif(shutil.which("node") is None, reason="node fehlt")
def test_das_programm_ist_gueltiges_javascript(tmp_path):
    datei = tmp_path / "karte.js"
    datei.write_text(programm(), encoding="utf-8")
    subprocess.run(["node", "--check", str(datei)], check=True)  # noqa: S607


def test_eingaben_der_karte_bleiben_unveraendert():
    flaechen = gebiete()
    karte_html(karte(gebiete=flaechen))
    pd.testing.assert_frame_equal(flaechen, gebiete())


def zackig(anzahl_seite, punkte_je_rand):
    """Gitter mit gezackten Rändern, damit die Geometrie Gewicht hat."""
    zufall = np.random.default_rng(1)
    zeilen = []
    for i in range(anzahl_seite**2):
        x, y = divmod(i, anzahl_seite)
        winkel = np.linspace(0, 2 * np.pi, punkte_je_rand, endpoint=False)
        halb = 0.004 * (1 + 0.2 * zufall.random(punkte_je_rand))
        ring = np.column_stack(
            [
                7 + x * 0.01 + halb * np.cos(winkel),
                51 + y * 0.01 + halb * np.sin(winkel),
            ]
        )
        zeilen.append((f"{i:04d}", f"Ort {i}", f"Teil {x}", Polygon(ring)))
    tabelle = pd.DataFrame(
        zeilen, columns=["gebiet", "name", "stadtbezirk", "geometry"]
    )
    return gpd.GeoDataFrame(tabelle.set_index("gebiet"), crs=4326)


@pytest.mark.parametrize(
    ("seite", "ecken", "ebenen", "viele_jahre", "grenze_kb"),
    [(6, 150, 40, 10, 500), (24, 80, 8, 3, 1500)],
)
def test_groesse_ohne_leaflet(seite, ecken, ebenen, viele_jahre, grenze_kb):
    """36 Gebiete × 40 × 10 unter 500 kB, 576 Gebiete unter 1,5 MB, mit Intervallen."""
    flaechen = zackig(seite, ecken)
    zufall = np.random.default_rng(5)
    tafel = []
    for nummer in range(ebenen):
        reihen = {
            str(2024 - j): pd.Series(
                zufall.gamma(4, 3, len(flaechen)), index=flaechen.index
            )
            for j in range(viele_jahre)
        }
        bilder = {
            jahr: wertebild(
                r, titel=f"Kennzahl {nummer}", grenzen=[6, 11, 15], einheit="Prozent"
            )
            for jahr, r in reihen.items()
        }
        spannen = {
            j: pd.DataFrame({"unten": r - 1, "oben": r + 1}) for j, r in reihen.items()
        }
        tafel.append(Zeitbild(kennung=f"k{nummer}", bilder=bilder, intervalle=spannen))
    html = karte_html(
        karte(
            gebiete=flaechen,
            grenzen=None,
            ebenen=tuple(tafel),
            profile=None,
            angebote=None,
        )
    )
    leaflet = sum(len(teil.encode()) for teil in _leaflet())
    assert len(html.encode()) - leaflet < grenze_kb * 1000
