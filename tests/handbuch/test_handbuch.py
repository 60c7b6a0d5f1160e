"""Das Handbuch baut ohne Warnung, jedes Beispiel läuft, kein Verweis geht ins Leere."""

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hausmittel import WURZEL, umgebung

pytestmark = pytest.mark.lang

LADEND = {"script": "src", "img": "src", "link": "href", "iframe": "src"}


class Leser(HTMLParser):
    """Sammelt Ziele, Anker und was der Browser von selbst lädt."""

    def __init__(self) -> None:
        super().__init__()
        self.ziele: list[str] = []
        self.anker: set[str] = set()
        self.geladen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        werte = {name: wert or "" for name, wert in attrs}
        self.anker |= {werte[n] for n in ("id", "name") if n in werte}
        if tag == "a" and "href" in werte:
            self.ziele.append(werte["href"])
        if LADEND.get(tag) in werte:
            self.geladen.append(werte[LADEND[tag]])


@pytest.fixture(scope="module")
def buch(tmp_path_factory) -> Path:
    ziel = tmp_path_factory.mktemp("buch")
    bau = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-E"),
            *("-b", "html", str(WURZEL / "docs" / "handbuch"), str(ziel)),
        ],
        env={**umgebung(), "PYTHONPATH": os.environ.get("PYTHONPATH", "")},
        capture_output=True,
        text=True,
        check=False,
        cwd=WURZEL,
        timeout=900,
    )
    assert bau.returncode == 0, bau.stderr[-3000:]
    return ziel


@pytest.fixture(scope="module")
def seiten(buch) -> dict[Path, Leser]:
    gelesen = {}
    for datei in sorted(buch.rglob("*.html")):
        leser = Leser()
        leser.feed(datei.read_text(encoding="utf-8"))
        gelesen[datei] = leser
    assert len(gelesen) > 20
    return gelesen


def test_keine_seite_laedt_etwas_aus_dem_netz(seiten):
    fremd = {
        (seite.name, adresse)
        for seite, leser in seiten.items()
        for adresse in leser.geladen
        if urlsplit(adresse).netloc
    }
    assert fremd == set()


def test_jeder_verweis_im_buch_hat_ein_ziel(seiten):
    tot = []
    for seite, leser in seiten.items():
        for ziel in leser.ziele:
            teile = urlsplit(ziel)
            if teile.scheme or teile.netloc:
                continue
            datei = (
                (seite.parent / unquote(teile.path)).resolve() if teile.path else seite
            )
            anker = unquote(teile.fragment)
            if not datei.exists() or (
                anker and datei in seiten and anker not in seiten[datei].anker
            ):
                tot.append((seite.name, ziel))
    assert tot == []


def test_beispiele_haben_ausgaben(buch):
    text = (buch / "erste_schritte.html").read_text(encoding="utf-8")
    assert "Freigabe Bochum" in text
    assert "Nicht messbar" in text


def test_das_geruest_des_buchs_ist_deutsch(buch):
    text = (buch / "anleitungen" / "neue_grenzen.html").read_text(encoding="utf-8")
    for deutsch in ("Zum Inhalt springen", "Auf dieser Seite", "Zurück", "Weiter"):
        assert deutsch in text
    for englisch in ("Skip to content", "On this page", "Previous", ">Next<"):
        assert englisch not in text
