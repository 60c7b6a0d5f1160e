"""Jahre, zwei Karten, Unterschied, Streubild, Angebote und Suche im echten Browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from beispielstadt import andere_gruppe, anteil, gebiete, jahre, karte, stufen
from playwright.sync_api import expect

from quartierstools.darstellung import Kacheldienst, differenzbild, karte_html

pytestmark = pytest.mark.browser
EBENEN = (stufen(), jahre(), andere_gruppe(), anteil())


@pytest.fixture
def oeffne(oeffne_seite, tmp_path):
    def _oeffne(breite=1280, **weitere):
        datei = tmp_path / f"karte{len(list(tmp_path.iterdir()))}.html"
        felder = {"ebenen": EBENEN} | weitere
        datei.write_text(karte_html(karte(**felder)), encoding="utf-8")
        return oeffne_seite(datei, breite=breite)

    return _oeffne


@pytest.fixture
def seite(oeffne):
    offen = oeffne()
    offen.check('input[name="ebene"][value="1"]')
    return offen


def ansicht(seite, art):
    seite.check(f'input[name="ansicht"][value="{art}"]', force=True)


def name(seite, gebiet, blatt=1):
    flaeche = seite.locator(f'#blatt{blatt} path[data-gebiet="{gebiet}"]')
    return flaeche.get_attribute("aria-label")


def axe_befunde(seite):
    ergebnis = Axe().run(seite)
    return [(b["id"], b["nodes"][0]["html"]) for b in ergebnis.response["violations"]]


def test_jahre_beginnen_beim_neuesten_und_klassen_bleiben_fest(seite):
    knoepfe = seite.locator('input[name="jahr"]')
    werte = knoepfe.evaluate_all("k => k.map(e => [e.value, e.checked])")
    assert werte == [["2024", True], ["2023", False], ["2022", False], ["", False]]
    texte = seite.locator("#legende li > span:last-child").all_inner_texts()
    klassen = [t.split("\n")[0] for t in texte]
    seite.check('input[name="jahr"][value="2022"]', force=True)
    spaeter = seite.locator("#legende li > span:last-child").all_inner_texts()
    assert [t.split("\n")[0] for t in spaeter] == klassen
    assert spaeter != texte
    assert "31.12.2022" in seite.locator("caption").inner_text()
    bild = jahre().bilder["2022"]
    for gebiet in ("10", "40", "60"):
        assert bild.wert_text(gebiet) in name(seite, gebiet)
        assert bild.klasse_von(gebiet).text in name(seite, gebiet)


def test_ebene_ohne_das_jahr_sperrt_den_knopf_und_zeigt_ihr_neuestes(seite):
    seite.check('input[name="jahr"][value="2022"]', force=True)
    seite.check('input[name="ebene"][value="2"]')
    assert seite.locator('input[name="jahr"][value="2022"]').is_disabled()
    assert seite.locator('input[name="jahr"]:checked').get_attribute("value") == "2024"


def test_bruch_in_der_reihe_steht_da_und_sperrt_den_vergleich(seite):
    expect(seite.locator("#bruchhinweis")).to_contain_text("ab 2023: neues Verfahren")
    ansicht(seite, "unterschied")
    wahl = seite.locator("#gegen option")
    assert wahl.evaluate_all("o => o.map(e => [e.value, e.disabled])") == [
        ["1/2023", False],
        ["1/2022", True],
        ["2/2024", False],
    ]
    assert "nicht vergleichbar" in wahl.nth(1).inner_text()


@pytest.mark.parametrize("gegen", ["1/2023", "2/2024"])
def test_unterschied_im_browser_ist_der_aus_python(seite, gegen):
    """Klasse, Zahl, Farbe und Muster je Gebiet stimmen mit `differenzbild` überein."""
    ansicht(seite, "unterschied")
    seite.select_option("#gegen", gegen)
    nummer, jahr = gegen.split("/")
    bild = differenzbild(jahre(), "2024", EBENEN[int(nummer)], jahr)
    assert seite.locator("#kartentitel").inner_text() == bild.titel
    for gebiet in bild.klasse.index:
        klasse = bild.klasse_von(gebiet)
        assert klasse.text in name(seite, gebiet)
        flaeche = seite.locator(f'path[data-gebiet="{gebiet}"]')
        erwartet = klasse.farbe if klasse.muster == "voll" else klasse.farbe[1:]
        assert erwartet in flaeche.get_attribute("fill")
    texte = seite.locator("#legende li > span:last-child").all_inner_texts()
    assert [t.split("\n")[0] for t in texte] == [k.text for k in bild.legende]
    assert bild.hinweise[0] in seite.locator("#legende").inner_text()


def test_ohne_vergleichbares_sagt_die_karte_es(seite):
    seite.check('input[name="ebene"][value="0"]')
    ansicht(seite, "unterschied")
    expect(seite.locator("#gegen")).to_be_disabled()
    assert "nichts Vergleichbares" in seite.locator("#gegen").inner_text()


def test_zwei_karten_zeigen_denselben_ausschnitt_und_dieselbe_auswahl(seite):
    ansicht(seite, "zwei")
    assert "2023" in seite.locator("#blatttitel2").inner_text()
    assert "2,4" in name(seite, "12", 2)
    lage = (
        "quartierskarte.blaetter.map(b => [b.karte.getCenter().lat,"
        " b.karte.getCenter().lng, b.karte.getZoom()])"
    )
    erste, zweite = seite.evaluate(lage)
    assert erste == pytest.approx(zweite, abs=6e-4)
    seite.locator("#blatt2").get_by_role("button", name="Karte vergrößern").click()
    erste, zweite = seite.evaluate(lage)
    assert erste == pytest.approx(zweite, abs=6e-4)
    seite.locator('#blatt2 path[data-gebiet="12"]').focus()
    seite.keyboard.press("Enter")
    assert seite.locator("#profiltitel").inner_text() == "Profil: Ort 12"
    assert seite.locator('path[aria-pressed="true"]').count() == 2
    seite.keyboard.press("Escape")
    assert seite.evaluate("document.activeElement.closest('#blatt2') !== null")
    assert seite.locator("#legende2 li").count() >= 4


@pytest.mark.parametrize("art", ["eine", "zwei", "unterschied"])
@pytest.mark.parametrize("breite", [1280, 400])
def test_axe_findet_in_keiner_ansicht_etwas(oeffne, art, breite):
    seite = oeffne(breite=breite)
    seite.check('input[name="ebene"][value="1"]')
    ansicht(seite, art)
    seite.check("#angebotewahl")
    seite.locator("summary").click()
    seite.locator('#blatt1 path[data-gebiet="12"]').focus()
    seite.keyboard.press("Enter")
    seite.fill("#suchfeld", "Ort 1")
    assert axe_befunde(seite) == []
    assert seite.evaluate("document.documentElement.scrollWidth") <= breite
    assert seite.fehler == []
    assert seite.anfragen == [seite.adresse]


def test_karte_tabelle_und_streubild_teilen_eine_auswahl(seite):
    punkt = seite.locator('#streubild [data-punkt="2"]')
    punkt.dispatch_event(
        "click",
        punkt.evaluate(
            "e => { const r = e.getBoundingClientRect();"
            " return { clientX: r.x + r.width / 2, clientY: r.y + r.height / 2,"
            " bubbles: true }; }"
        ),
    )
    assert seite.locator("#profiltitel").inner_text() == "Profil: Ort 12"
    assert "Ort 12" in seite.locator("tr.gewaehlt").inner_text()
    pfad = seite.locator('path[data-gebiet="12"]')
    assert pfad.get_attribute("aria-pressed") == "true"
    assert seite.locator("#streuauswahl text").text_content() == "Ort 12"
    seite.locator("#tabelle").get_by_role("button", name="Ort 11", exact=True).click()
    expect(seite.locator(".streusatz")).to_contain_text("fehlt mindestens einer")


def test_streubild_zeichnet_nur_gebiete_mit_beiden_werten(seite):
    seite.select_option("#achsex", "1")
    seite.select_option("#achsey", "2")
    assert seite.locator("#streubild [data-punkt]").count() == 25
    beschreibung = seite.locator("#streubild svg").get_attribute("aria-label")
    assert "25 Bezirke mit beiden Werten, 5 Bezirke ohne, 2024" in beschreibung


def test_angebote_haben_formen_nur_am_bekannten_ort(seite):
    seite.check("#angebotewahl")
    assert seite.locator(".leaflet-marker-icon.angebot").count() == 1
    zahlen = seite.locator("#blatt1 .angebotszahl")
    assert zahlen.count() == 1
    assert zahlen.inner_text().split() == ["1", "1"]
    # Das Zeichen der Klasse weicht aus und bleibt in jeder Fläche stehen.
    assert seite.locator("#blatt1 .zeichenebene .marke").count() == 30
    formen = seite.locator("#angebotslegende path").evaluate_all(
        "p => p.map(e => e.getAttribute('d'))"
    )
    assert len(set(formen)) == 3
    legende = seite.locator("#angebotslegende").inner_text()
    assert "3 weitere gelten für Stadtbezirke" in legende


def test_angebote_lassen_sich_nach_zielgruppe_und_stand_filtern(seite):
    liste = seite.locator("#angebotsliste")
    assert "Altes Angebot" not in liste.inner_text()
    seite.locator("summary").click()
    seite.check('input[name="angebotsstand"][value="3"]')
    assert "Altes Angebot" in liste.inner_text()
    seite.uncheck('input[name="angebotsgruppe"][value="0"]')
    text = liste.inner_text()
    assert "Altes Angebot" not in text
    assert "Treff am Markt" not in text
    assert "Lotsen" in text
    expect(seite.locator("#meldung")).to_have_text("3 Angebote passen zum Filter.")
    assert "das heißt nicht" in text


def test_profil_nennt_angebote_verlauf_und_intervall(seite):
    seite.locator('path[data-gebiet="33"]').focus()
    seite.keyboard.press("Enter")
    text = seite.locator("#profilinhalt").inner_text()
    for wort in ("Lotsen", "Beratung", "Bruch: neues Verfahren", "Intervall"):
        assert wort in text
    seite.get_by_role("button", name="Schließen").click()
    seite.locator('path[data-gebiet="34"]').focus()
    seite.keyboard.press("Enter")
    text = seite.locator("#profilinhalt").inner_text()
    assert "kein Angebot bekannt; das heißt nicht, dass es keines gibt" in text


@pytest.mark.parametrize(
    ("wort", "profil"), [("ort 44", "Profil: Ort 44"), ("21", "Profil: Ort 21")]
)
def test_suche_oeffnet_das_profil_eines_gebiets(seite, wort, profil):
    seite.fill("#suchfeld", wort)
    seite.keyboard.press("Enter")
    expect(seite.locator("#profiltitel")).to_have_text(profil)
    expect(seite.locator("#profiltitel")).to_be_focused()


def test_suche_findet_stadtbezirk_und_angebot_und_meldet_leere(seite):
    stufe = "quartierskarte.blaetter[0].karte.getZoom()"
    vorher = seite.evaluate(stufe)
    seite.fill("#suchfeld", "Teil 3")
    seite.locator("#treffer button").click()
    assert seite.evaluate(stufe) > vorher
    seite.fill("#suchfeld", "altes ang")
    seite.locator("#treffer button").click()
    expect(seite.locator("#profiltitel")).to_have_text("Profil: Ort 12")
    assert "Altes Angebot" in seite.locator("#angebotsliste").inner_text()
    seite.fill("#suchfeld", "gibt es nicht")
    expect(seite.locator("#meldung")).to_have_text("Kein Treffer.")


def test_fremder_hintergrund_fragt_erst_nach_dem_klick(oeffne_seite, tmp_path):
    dienst = Kacheldienst(
        name="Beispieldienst",
        nachweis="© Beispieldienst",
        adresse="https://kacheln.example.org/{z}/{x}/{y}.png",
    )
    datei = tmp_path / "karte.html"
    datei.write_text(karte_html(karte(hintergrund=dienst)), encoding="utf-8")
    seite = oeffne_seite(datei)
    seite.check('input[name="ebene"][value="1"]')
    seite.get_by_role("button", name="Karte vergrößern").click()
    assert seite.anfragen == [seite.adresse]
    assert "kacheln.example.org" in seite.locator(".zustimmung").inner_text()
    assert axe_befunde(seite) == []
    seite.get_by_role("button", name="Zustimmen").click()
    seite.wait_for_timeout(300)
    fremd = {a for a in seite.anfragen if a != seite.adresse and a[:5] != "data:"}
    assert fremd
    assert all(a.startswith("https://kacheln.example.org/") for a in fremd)
    expect(seite.locator("#hintergrundnachweis")).to_be_visible()
    seite.get_by_role("button", name="Hintergrund wieder entfernen").click()
    assert seite.locator("img.leaflet-tile").count() == 0


def test_alle_namen_haben_bei_1280_platz_und_nichts_ueberlappt(seite):
    gesetzt = seite.locator("#blatt1 .zeichenebene .name").all_inner_texts()
    assert {" ".join(t.split()) for t in gesetzt} == set(gebiete()["name"])
    kaesten = seite.locator("#blatt1 .zeichenebene > span").evaluate_all(
        "m => m.map(e => { const r = e.getBoundingClientRect();"
        " return [r.left, r.top, r.right, r.bottom]; })"
    )
    for n, a in enumerate(kaesten):
        for b in kaesten[n + 1 :]:
            quer = min(a[2], b[2]) - max(a[0], b[0])
            hoch = min(a[3], b[3]) - max(a[1], b[1])
            assert not (quer > 2 and hoch > 2), (a, b)


def test_druck_von_zwei_karten_passt_auf_a4(seite, tmp_path):
    from pypdf import PdfReader  # noqa: PLC0415

    ansicht(seite, "zwei")
    datei = tmp_path / "karte.pdf"
    seite.pdf(path=datei, prefer_css_page_size=True, print_background=True)
    leser = PdfReader(datei)
    breite, hoehe = (float(m) for m in leser.pages[0].mediabox[2:])
    assert (round(breite), round(hoehe)) == (595, 842)
    erste = leser.pages[0].extract_text()
    assert "Anteil über Jahre 2024" in erste
    assert "Anteil über Jahre 2023" in erste
    assert not re.search("Angebote filtern|verglichen mit", erste)
