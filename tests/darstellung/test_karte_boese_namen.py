"""Feindliche und fremde Namen überall in der Karte: nichts läuft, nichts bricht."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from beispielstadt import ANGEBOTE, anteil, gebiete, jahre, karte, stufen
from boese_namen import NAMEN

from quartierstools.darstellung import Angebotsbild, karte_html

pytestmark = pytest.mark.browser


def angebote(namen):
    """Angebote, deren Name, Träger, Ort und Zielgruppe feindlich sind."""
    import pandas as pd  # noqa: PLC0415

    zeilen = {
        f"a{n}": {
            "name": name,
            "traeger": namen[n - 1],
            "ort": namen[n - 2],
            "stand": namen[n - 3],
            "lage": ANGEBOTE["treff"][1],
            "zielgruppen": ("z",),
            "gebiete": ("10",),
            "stadtbezirke": (),
            "reichweite": "",
            "laenge": 7.01 if n % 2 else None,
            "breite": 51.41 if n % 2 else None,
        }
        for n, name in enumerate(namen)
    }
    tabelle = pd.DataFrame.from_dict(zeilen, orient="index").rename_axis("angebot")
    return Angebotsbild(angebote=tabelle, zielgruppen={"z": namen[3]}, titel=namen[4])


def boese_karte(namen):
    flaechen = gebiete(dict(zip(gebiete().index, namen, strict=False)))
    flaechen["stadtbezirk"] = [namen[int(g[0])] for g in flaechen.index]
    return karte(
        gebiete=flaechen,
        grenzen=flaechen.dissolve("stadtbezirk").reset_index()[
            ["stadtbezirk", "geometry"]
        ],
        titel=namen[0],
        untertitel=namen[1],
        stempel=(namen[2],),
        hinweise=(namen[3],),
        quelle=namen[4],
        kennung=namen[5],
        fassung=namen[6],
        angebote=angebote(namen),
        profile={"10": ((namen[7], namen[8]),)},
        ebenen=(stufen(), jahre(), anteil(hinweise=(namen[9],))),
    )


def test_es_sind_genug_namen_und_keiner_doppelt():
    assert len(set(NAMEN)) == len(NAMEN) >= 60
    assert max(map(len, NAMEN)) >= 80


@pytest.mark.parametrize("anfang", [0, 22, 34, 48])
def test_namen_werden_gezeigt_und_nie_ausgefuehrt(oeffne_seite, tmp_path, anfang):
    namen = [*NAMEN[anfang:], *NAMEN[:anfang]][:30]
    datei = tmp_path / "karte.html"
    datei.write_text(karte_html(boese_karte(namen)), encoding="utf-8")
    seite = oeffne_seite(datei)
    for nummer in range(3):
        seite.check(f'input[name="ebene"][value="{nummer}"]')
    seite.check("#angebotewahl")
    for art in ("unterschied", "zwei", "eine"):
        seite.check('input[name="ebene"][value="1"]')
        seite.check(f'input[name="ansicht"][value="{art}"]', force=True)
    for gebiet, name in zip(gebiete().index, namen, strict=False):
        seite.locator(f'#blatt1 path[data-gebiet="{gebiet}"]').focus()
        gezeigt = seite.locator(".tipp bdi").first.evaluate("e => e.textContent")
        assert gezeigt == name
        seite.keyboard.press("Enter")
        titel = seite.locator("#profiltitel bdi").evaluate("e => e.textContent")
        assert titel == name
        zelle = seite.locator("#tabelle [data-spalte], tr[data-gebiet] bdi")
        assert zelle.count() > 0
    for wort in ("<", "a", '"', "/"):
        seite.fill("#suchfeld", wort)
    assert seite.evaluate("document.title").split() == namen[0].split()
    assert seite.locator("img, iframe, main script, style + h1").count() == 0
    assert seite.fehler == []
    assert [a for a in seite.anfragen if a[:5] != "data:"] == [seite.adresse]
    assert seite.evaluate("document.documentElement.scrollWidth") <= 1280
    ergebnis = Axe().run(seite).response["violations"]
    assert [(b["id"], b["nodes"][0]["html"]) for b in ergebnis] == []
