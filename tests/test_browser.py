"""Jede Seite beider Läufe in einem echten Browser, ohne Netz."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from hausmittel import PROJEKTE

pytestmark = pytest.mark.browser


def axe_befunde(seite):
    ergebnis = Axe().run(seite)
    return [(b["id"], b["nodes"][0]["html"]) for b in ergebnis.response["violations"]]


@pytest.mark.parametrize("breite", [1280, pytest.param(400, marks=pytest.mark.lang)])
def test_jede_seite_ist_ohne_netz_und_ohne_befund(lauf, oeffne_seite, breite):
    namen = lauf.namen(".html")
    assert len(namen) >= 8
    for name in namen:
        seite = oeffne_seite(lauf.pfad(name), breite=breite)
        fremd = [a for a in seite.anfragen if not a.startswith("data:")]
        assert fremd == [seite.adresse], name
        assert seite.fehler == [], name
        assert seite.evaluate("document.documentElement.lang").startswith("de"), name
        assert seite.locator("h1").count() == 1, name
        assert seite.title().strip(), name
        assert seite.evaluate("document.documentElement.scrollWidth") <= breite, name
        assert axe_befunde(seite) == [], name
        seite.context.close()


def test_jede_ebene_der_karte_laesst_sich_waehlen(lauf, oeffne_seite):
    seite = oeffne_seite(lauf.pfad("karte.html"))
    ebenen = seite.locator('input[name="ebene"]')
    assert ebenen.count() >= 4
    for nummer in range(ebenen.count()):
        seite.check(f'input[name="ebene"][value="{nummer}"]')
    assert seite.locator("path[data-gebiet]").count() == 30
    assert seite.fehler == []


def test_karte_zeigt_dieselbe_klasse_wie_der_bericht(lauf, oeffne_seite, auswertungen):
    """Höchster Bedarf: das Wort im Profil der Karte ist das der Tafel."""
    auswertung = auswertungen[lauf.projekt]
    tafel = auswertung.bedarf("langzeitarbeitslose").tafel
    gebiet = str(tafel["index"].idxmax())
    seite = oeffne_seite(lauf.pfad("karte.html"))
    seite.locator(f'path[data-gebiet="{gebiet}"]').focus()
    seite.keyboard.press("Enter")
    assert tafel["wort"].loc[gebiet] in seite.locator("body").inner_text()


def test_verweise_des_einstiegs_lassen_sich_oeffnen(lauf, oeffne_seite):
    seite = oeffne_seite(lauf.pfad("index.html"))
    seite.get_by_role("link", name="Karte", exact=True).click()
    assert seite.url.endswith("/karte.html")
    assert seite.locator("h1").count() == 1


def test_beide_orte_werden_geprueft():
    assert PROJEKTE == ("bochum", "musterstadt")
