"""Jede Meldung, die das Handbuch erklärt, gibt es; hier wird jede hervorgerufen."""

import json
import re
import shutil
from dataclasses import replace

import pytest
from hausmittel import WURZEL, freigabe_aus, glatt

from quartierstools import oeffne
from quartierstools.auswertung import Einstellung
from quartierstools.auswertung.typen import typen
from quartierstools.eingang import lies_datenstand
from quartierstools.eingang.pruefbericht import pruefe_dateien
from quartierstools.erkundung.profil import speichere_profil
from quartierstools.fehler import Quartiersfehler
from quartierstools.geheimhaltung import gib_frei, musterordner
from quartierstools.geheimhaltung.durchsicht import durchsicht_bytes
from quartierstools.geheimhaltung.geheimnisse import geheimnisse
from quartierstools.katalog import Projektordner, finde_projekt
from quartierstools.lauf.hauptlauf import _gesperrt
from quartierstools.lauf.parameter import pruefe_parameter

pytestmark = pytest.mark.lang

SEITE = WURZEL / "docs" / "handbuch" / "fehler.md"
DATEN = WURZEL / "daten"


def zitate() -> list[str]:
    """Was auf der Seite als Meldung steht: Begriffe der Liste."""
    text = SEITE.read_text(encoding="utf-8")
    return re.findall(r"^`([^`\n]+)`\n: ", text, re.MULTILINE)


def passt(begriff: str, meldung: str) -> bool:
    """Ob eine Meldung so lautet; „…“ steht für Namen und Zahlen."""
    muster = ".+".join(map(re.escape, begriff.strip("…").split("…")))
    return re.search(muster, meldung) is not None


def gemeldet(tue) -> list[str]:
    with pytest.raises(Quartiersfehler) as fehler:
        tue()
    return [str(fehler.value)]


def aufruf(ort) -> list[str]:
    notebook = WURZEL / "notebooks" / "30_bedarf.ipynb"
    anders = Einstellung(aenderung="Probe")
    speichere_profil(anders, ort, "probe")

    def doppelt():
        with _gesperrt(ort / "lauf"), _gesperrt(ort / "lauf"):
            pass

    return [
        *gemeldet(lambda: pruefe_parameter([notebook], {"anzahl_typn": "4"})),
        *gemeldet(lambda: finde_projekt("bohum", daten=DATEN)),
        *gemeldet(doppelt),
        *gemeldet(
            lambda: oeffne("bochum", gewichte=["jugendliche:K02=1"]).auswertung.freigabe
        ),
        *gemeldet(
            lambda: speichere_profil(replace(anders, fassung="intern"), ort, "probe")
        ),
    ]


def eingaben(ort) -> list[str]:
    projekt = shutil.copytree(DATEN / "bochum", ort / "kopie")
    yaml = projekt / "projekt.yaml"
    text = yaml.read_text(encoding="utf-8")
    yaml.write_text(text.replace("jugendliche", "jugendlich", 1), encoding="utf-8")
    namen = ort / "namen.csv"
    namen.write_text("Gebiet;Geburtsdatum\n24;01.01.1980\n", encoding="utf-8")
    fremd = ort / "fremd.csv"
    fremd.write_text("Gebiet;Kuckuck\n24;3\n", encoding="utf-8")
    bochum = Projektordner(DATEN / "bochum")
    befunde = [
        *pruefe_dateien([], projekt=Projektordner(projekt)).befunde,
        *pruefe_dateien([namen, fremd], projekt=bochum).befunde,
    ]
    return [str(befund) for befund in befunde]


def geheimes(ort) -> list[str]:
    projekt = shutil.copytree(DATEN / "musterstadt", ort / "musterstadt")
    ordner = Projektordner(projekt)
    stand = lies_datenstand(ordner)
    freigabe = gib_frei(stand, ordner=musterordner(stand))
    gesperrt = freigabe.werte.query(
        "wertart == 'gesperrt' and ebene == 'gebiet' and indikator == 'B05'"
    ).iloc[0]
    felder = ["gebiet", "indikator", "stichtag"]
    roh = stand.werte[
        (stand.werte[felder] == gesperrt[felder]).all(axis=1)
        & (stand.werte["ebene"] == "gebiet")
    ].iloc[0]
    genau = f"{100 * roh['zaehler'] / roh['nenner']:.9f}"
    seite = f'<p>{genau}</p><img src="https://example.org/x.png">'
    funde = durchsicht_bytes("seite.html", seite.encode(), geheimnisse(stand, freigabe))
    (datei,) = musterordner(stand).glob("muster-*.json")
    muster = json.loads(datei.read_text(encoding="utf-8"))
    muster["gesperrt"].pop("2024-12-31")
    datei.write_text(json.dumps(muster), encoding="utf-8")
    return [
        *map(str, funde),
        *gemeldet(lambda: gib_frei(stand, ordner=musterordner(stand))),
    ]


def ergebnisse() -> list[str]:
    zu_wenig = freigabe_aus({"A03": [1, 2, None], "B05": [1, None, 2]})
    return [
        oeffne("bochum").auswertung.bedarf("jugendliche").satz,
        typen(zu_wenig).begruendung,
    ]


def test_jede_erklaerte_meldung_gibt_es(tmp_path):
    texte = [*aufruf(tmp_path), *eingaben(tmp_path), *geheimes(tmp_path), *ergebnisse()]
    meldungen = [glatt(zeile) for text in texte for zeile in text.splitlines()]
    begriffe = zitate()
    assert len(begriffe) > 12
    erfunden = [b for b in begriffe if not any(passt(b, m) for m in meldungen)]
    assert erfunden == []
