"""Die Karte im echten Browser: ohne Netz, mit Tastatur, für Vorleseprogramme."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from beispielstadt import anteil, gebiete, karte, stufen, typen
from playwright.sync_api import expect
from pypdf import PdfReader
from test_karte import BOESE

from quartierstools.darstellung import karte_html
from quartierstools.darstellung.farben import TINTE, kontrast

pytestmark = pytest.mark.browser


@pytest.fixture
def oeffne(oeffne_seite, tmp_path):
    """Öffnet eine Karte ohne Netz; jede Anfrage und jeder Fehler wird gemerkt."""

    def _oeffne(kartenbild, breite=1280, hoehe=900):
        datei = tmp_path / f"karte{len(list(tmp_path.iterdir()))}.html"
        datei.write_text(karte_html(kartenbild), encoding="utf-8")
        return oeffne_seite(datei, breite=breite, hoehe=hoehe)

    return _oeffne


@pytest.fixture
def seite(oeffne):
    return oeffne(karte())


def fokus(seite):
    return seite.evaluate("document.activeElement.dataset.gebiet || null")


def auf_karte(seite, gebiet="10"):
    seite.locator(f'path[data-gebiet="{gebiet}"]').focus()


def spalte(seite, nummer):
    return seite.locator(f"#tabelle tbody tr > :nth-child({nummer})").all_inner_texts()


def axe_befunde(seite):
    ergebnis = Axe().run(seite)
    return [(b["id"], b["nodes"][0]["html"]) for b in ergebnis.response["violations"]]


def test_eine_datei_keine_anfrage_kein_fehler(seite):
    for nummer in range(3):
        seite.check(f'input[name="ebene"][value="{nummer}"]')
    auf_karte(seite)
    seite.keyboard.press("Enter")
    assert seite.anfragen == [seite.adresse]
    assert seite.fehler == []
    assert seite.locator("path[data-gebiet]").count() == 30


@pytest.mark.parametrize("breite", [1280, 800, 400])
def test_axe_findet_nichts(oeffne, breite):
    seite = oeffne(karte(wasserzeichen="Synthetische Daten"), breite=breite)
    assert axe_befunde(seite) == []
    auf_karte(seite, "12")
    seite.keyboard.press("Enter")
    seite.check('input[name="ebene"][value="2"]')
    assert axe_befunde(seite) == []


@pytest.mark.parametrize("breite", [1280, 400, 320])
def test_nichts_ragt_ueber_den_rand(oeffne, breite):
    seite = oeffne(karte(gebiete=gebiete(BOESE)), breite=breite)
    assert seite.evaluate("document.documentElement.scrollWidth") <= breite


def test_genau_ein_tabstopp_und_pfeile_zum_nachbarn(seite):
    """Das Gitter steht fest: rechts 11, oben 20 → Osten, Norden, zurück."""
    assert seite.locator('path[data-gebiet][tabindex="0"]').count() == 1
    auf_karte(seite, "22")
    for taste, ziel in (
        ("ArrowRight", "23"),
        ("ArrowUp", "33"),
        ("ArrowLeft", "32"),
        ("ArrowDown", "22"),
    ):
        seite.keyboard.press(taste)
        assert fokus(seite) == ziel
    assert seite.locator('path[data-gebiet][tabindex="0"]').count() == 1


def test_am_rand_sagt_die_karte_dass_es_nicht_weitergeht(seite):
    auf_karte(seite, "10")
    seite.keyboard.press("ArrowDown")
    assert fokus(seite) == "10"
    expect(seite.locator("#meldung")).to_have_text("Kein Bezirk weiter im Süden.")


def test_mit_tabulator_kommt_man_von_oben_auf_die_karte(seite):
    for _ in range(30):
        seite.keyboard.press("Tab")
        if fokus(seite):
            break
    assert fokus(seite) == "10"


def test_jede_flaeche_liest_sich_in_worten_vor(seite):
    seite.check('input[name="ebene"][value="1"]')

    def gelesen(gebiet):
        flaeche = seite.locator(f'path[data-gebiet="{gebiet}"]')
        return flaeche.get_attribute("aria-label")

    assert gelesen("12") == (
        "Ort 12, Stadtbezirk Teil 1, Arbeitslosenanteil: 2,7\u00a0Prozent, "
        "Klasse 1: unter 4,0\u00a0Prozent"
    )
    assert gelesen("11").endswith("Arbeitslosenanteil: liegt nicht vor")
    assert gelesen("40").endswith("Arbeitslosenanteil: gesperrt")
    assert gelesen("64").endswith("Arbeitslosenanteil: nicht sinnvoll")


@pytest.mark.parametrize("nummer", [0, 1, 2])
def test_karte_sagt_im_browser_dasselbe_wie_das_klassenbild(seite, nummer):
    """Zwei Sprachen, eine Schreibweise: JavaScript und Python stimmen überein."""
    bild = (stufen(), anteil(), typen())[nummer]
    seite.check(f'input[name="ebene"][value="{nummer}"]')
    for gebiet in bild.klasse.index:
        name = seite.locator(f'path[data-gebiet="{gebiet}"]').get_attribute(
            "aria-label"
        )
        assert bild.klasse_von(gebiet).text in name
        assert bild.wert_text(gebiet) in name


def test_ebene_wechselt_legende_tabelle_farben_und_meldung(seite):
    def eintraege():
        return seite.locator("#legende li").all_inner_texts()

    vorher = eintraege()
    flaeche = seite.locator('path[data-gebiet="14"]')
    alt = flaeche.get_attribute("fill")
    seite.check('input[name="ebene"][value="1"]')
    assert eintraege() != vorher
    assert seite.locator("#legende li").count() == 4 + 3
    legende = " ".join(eintraege())
    for wort in ("liegt nicht vor", "gesperrt", "nicht sinnvoll"):
        assert wort in legende
    assert re.search(r"liegt nicht vor\s+3 Bezirke", legende)
    assert re.search(r"gesperrt\s+1 Bezirk\b", legende)
    assert seite.locator("caption").inner_text() == (
        "Arbeitslosenanteil, Stand: 31.12.2023"
    )
    assert seite.locator("#kartentitel").inner_text().startswith("Arbeitslosenanteil")
    expect(seite.locator("#meldung")).to_contain_text("zeigt jetzt Arbeitslosenanteil")
    assert flaeche.get_attribute("fill") != alt


def test_luecken_sind_schraffiert_und_beschriftet_nie_nur_farbig(seite):
    seite.check('input[name="ebene"][value="1"]')
    muster = {
        gebiet: seite.locator(f'path[data-gebiet="{gebiet}"]').get_attribute("fill")
        for gebiet in ("11", "40", "64", "12")
    }
    assert len({muster[g] for g in ("11", "40", "64")}) == 3
    assert all(muster[g].startswith("url(#") for g in ("11", "40", "64"))
    assert muster["12"].startswith("#")
    zeichen = seite.locator(".zeichenebene .marke").all_inner_texts()
    assert {"…", "•", "x", "1", "2", "3", "4"} == set(zeichen)
    assert len(zeichen) == 30


def test_namen_auf_dunklem_grund_oder_muster_haben_eine_helle_unterlage(seite):
    seite.check('input[name="ebene"][value="1"]')
    bild, ohne_unterlage = (
        anteil(),
        seite.locator(".zeichenebene .name:not(.aufmuster)"),
    )
    assert ohne_unterlage.count() > 0
    for text in ohne_unterlage.all_inner_texts():
        klasse = bild.klasse_von(text.split()[-1])
        assert klasse.muster == "voll"
        assert kontrast(TINTE, klasse.farbe) >= 4.5
    dunkel = [g for g in bild.klasse.index if bild.klasse[g] == "4"]
    texte = seite.locator(".zeichenebene .aufmuster").all_inner_texts()
    assert {f"Ort {g}" for g in dunkel} <= {" ".join(t.split()) for t in texte}


def test_eingabe_oeffnet_das_profil_und_escape_fuehrt_zurueck(seite):
    auf_karte(seite, "12")
    seite.keyboard.press("Enter")
    titel = seite.locator("#profiltitel")
    expect(titel).to_be_focused()
    assert titel.inner_text() == "Profil: Ort 12"
    inhalt = seite.locator("#profilinhalt").inner_text()
    for text in ("unter dem Mittel", "2,7\u00a0Prozent", "Typ A", "Status: Hinweis"):
        assert text in inhalt
    assert seite.locator('path[aria-pressed="true"]').count() == 1
    assert seite.locator("tr.gewaehlt").count() == 1
    seite.keyboard.press("Escape")
    assert fokus(seite) == "12"
    assert titel.inner_text() == "Profil"
    assert seite.locator("tr.gewaehlt").count() == 0


@pytest.mark.parametrize(
    ("gebiet", "aussage"),
    [("11", "liegt nicht vor"), ("40", "gesperrt"), ("64", "nicht sinnvoll")],
)
def test_profil_einer_luecke_nennt_die_luecke_und_keine_zahl(seite, gebiet, aussage):
    auf_karte(seite, gebiet)
    seite.keyboard.press("Enter")
    for titel in ("Bedarf", "Arbeitslosenanteil", "Gruppen"):
        paar = seite.locator("#profilinhalt dl > div", has_text=titel).filter(
            has=seite.locator("dt", has_text=re.compile(f"^{titel}"))
        )
        assert paar.locator("dd").inner_text().strip() == aussage


def test_klick_auf_die_flaeche_oeffnet_das_profil(seite):
    kasten = seite.locator('path[data-gebiet="33"]').bounding_box()
    seite.mouse.click(kasten["x"] + 12, kasten["y"] + 10)
    assert seite.locator("#profiltitel").inner_text() == "Profil: Ort 33"


def test_name_in_der_tabelle_oeffnet_dasselbe_profil(seite):
    knopf = seite.get_by_role("button", name="Ort 12", exact=True).last
    knopf.click()
    assert seite.locator("#profiltitel").inner_text() == "Profil: Ort 12"
    seite.get_by_role("button", name="Schließen").click()
    expect(knopf).to_be_focused()


def test_auf_dem_handy_kommt_das_profil_ins_bild_und_zurueck_zur_karte(oeffne):
    seite = oeffne(karte(), breite=400, hoehe=800)
    seite.locator(".kartenrahmen").first.scroll_into_view_if_needed()
    kasten = seite.locator('path[data-gebiet="33"]').bounding_box()
    seite.mouse.click(kasten["x"] + 6, kasten["y"] + 6)
    expect(seite.locator("#profiltitel")).to_be_in_viewport()
    seite.get_by_role("button", name="Schließen").click()
    expect(seite.locator(".kartenrahmen").first).to_be_in_viewport()
    assert fokus(seite) == "33"


def test_hinweisfeld_bei_maus_und_fokus_und_escape_schliesst_es(seite):
    seite.check('input[name="ebene"][value="1"]')
    seite.locator('path[data-gebiet="33"]').hover(position={"x": 12, "y": 10})
    assert "Ort 33" in seite.locator(".tipp").inner_text()
    auf_karte(seite, "40")
    tipp = seite.locator(".tipp")
    assert "gesperrt" in tipp.inner_text()
    assert not re.search(r"\d,\d", tipp.inner_text())
    seite.keyboard.press("Escape")
    assert seite.locator(".tipp").count() == 0


def test_tabelle_beginnt_nach_schluessel_und_ordnet_auf_wunsch(seite):
    seite.check('input[name="ebene"][value="1"]')
    schluessel = spalte(seite, 1)
    assert schluessel == sorted(schluessel)
    assert seite.locator("thead th[aria-sort]").inner_text().startswith("Schlüssel")
    knopf = seite.locator('[data-spalte="wert"]')
    for richtung, rechne in (("ascending", sorted), ("descending", None)):
        seite.locator('[data-spalte="wert"]').click()
        expect(knopf).to_be_focused()
        kopf = seite.locator("thead th[aria-sort]")
        assert kopf.get_attribute("aria-sort") == richtung
        texte = spalte(seite, 4)
        zahlen = [float(t.replace(",", ".")) for t in texte if re.match(r"[\d,]+$", t)]
        assert zahlen == sorted(zahlen, reverse=rechne is None)
        assert len(zahlen) == 25
        # Lücken stehen immer am Ende, nie als kleinster oder größter Wert.
        assert not any(re.match(r"[\d,]+$", t) for t in texte[25:])


def test_tabelle_ohne_werte_hat_keine_wertspalte_und_zeigt_den_zusatz(seite):
    kopf = seite.locator("thead th").all_inner_texts()
    assert [k.split()[0] for k in kopf] == [
        "Schlüssel",
        "Bezirk",
        "Stadtbezirk",
        "Klasse",
        "Haltbarkeit",
    ]
    assert seite.locator('thead th[scope="col"]').count() == 5
    assert seite.locator('tbody th[scope="row"]').count() == 30


def test_geordnete_spalte_verschwindet_mit_der_ebene(seite):
    seite.check('input[name="ebene"][value="1"]')
    seite.locator('[data-spalte="wert"]').click()
    seite.check('input[name="ebene"][value="0"]')
    schluessel = spalte(seite, 1)
    assert schluessel == sorted(schluessel)


def test_boese_namen_werden_angezeigt_und_nie_ausgefuehrt(oeffne):
    seite = oeffne(
        karte(
            gebiete=gebiete(BOESE),
            titel=BOESE["11"],
            profile={"10": ((BOESE["10"], BOESE["11"]),)},
            ebenen=(anteil(hinweise=(BOESE["11"],)),),
        )
    )
    for schluessel, name in BOESE.items():
        auf_karte(seite, schluessel)
        # innerText fasst Leerraum zusammen; verglichen wird ohne ihn.
        gezeigt = seite.locator(".tipp bdi").evaluate("e => e.textContent")
        assert gezeigt == name
        seite.keyboard.press("Enter")
        titel = seite.locator("#profiltitel bdi").evaluate("e => e.textContent")
        assert titel == name
    assert seite.title() == BOESE["11"]
    assert seite.fehler == []
    assert seite.anfragen == [seite.adresse]
    assert seite.locator("img").count() == 0


def test_stadtbezirke_und_namen_lassen_sich_ausblenden(seite):
    assert seite.locator(".zeichenebene .bezirk").count() == 6
    seite.uncheck("#grenzenwahl")
    assert seite.locator(".zeichenebene .bezirk").count() == 0
    assert seite.locator(".zeichenebene .name").count() > 0
    seite.uncheck("#namenwahl")
    assert seite.locator(".zeichenebene .name").count() == 0


def test_zoomknoepfe_sprechen_deutsch_und_wirken(seite):
    vorher = seite.locator('path[data-gebiet="22"]').bounding_box()["width"]
    seite.get_by_role("button", name="Karte vergrößern").click()
    nachher = seite.locator('path[data-gebiet="22"]').bounding_box()["width"]
    assert nachher > vorher * 1.2
    seite.get_by_role("button", name="Ganzes Gebiet zeigen").click()
    zurueck = seite.locator('path[data-gebiet="22"]').bounding_box()["width"]
    assert abs(zurueck - vorher) < 1
    auf_karte(seite, "22")
    seite.keyboard.press("+")
    assert seite.locator('path[data-gebiet="22"]').bounding_box()["width"] > vorher


def test_druck_zeigt_karte_legende_und_die_ganze_tabelle(seite, tmp_path):
    datei = tmp_path / "karte.pdf"
    seite.pdf(path=datei, prefer_css_page_size=True, print_background=True)
    text = "\n".join(blatt.extract_text() for blatt in PdfReader(datei).pages)
    assert "Entwurf – nicht amtlich geprüft" in text
    assert "liegt nicht vor" in text
    assert all(f"Ort {g}" in text for g in gebiete().index)
    assert "Was soll die Karte zeigen?" not in text


def test_ohne_grenzen_angebote_und_profile_arbeitet_die_karte(oeffne):
    seite = oeffne(karte(grenzen=None, angebote=None, profile=None))
    auf_karte(seite, "12")
    seite.keyboard.press("Enter")
    assert seite.fehler == []
    assert axe_befunde(seite) == []
