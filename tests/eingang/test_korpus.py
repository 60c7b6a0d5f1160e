"""Kaputte Lieferungen: jede wird verstanden oder mit der erwarteten Meldung abgelehnt.

Fälle stehen in ``tests/faelle/eingang/*.yaml``. Ein Fall nennt `text` (oder `hex`)
und `datei` oder einen `bauer` aus `lieferungsbau.py`, dazu `zuordnung` (Änderungen an
der üblichen), `fehler` und `hinweise` (Teile der Meldungen) und `geheim` (Text, der
in keiner Meldung stehen darf). Fehlt `fehler`, muss die Lieferung angenommen werden.
"""

import os
import tempfile
from pathlib import Path

import lieferungsbau
import pytest
import yaml
from eingang_hilfe import FAELLE
from rich.console import Console

from quartierstools.dokument import texte
from quartierstools.eingang.bestand import lies_bestand
from quartierstools.eingang.lieferung import lies_lieferung
from quartierstools.eingang.pruefbericht import pruefe_dateien
from quartierstools.eingang.pruefdarstellung import (
    als_bildschirmtabelle,
    pruefdokument,
)
from quartierstools.eingang.zuordnung import finde_zuordnungen
from quartierstools.fehler import Datenfehler, Katalogfehler

FAELLE_LISTE = [
    fall | {"gruppe": datei.stem}
    for datei in sorted(FAELLE.glob("*.yaml"))
    for fall in yaml.safe_load(datei.read_text(encoding="utf-8"))
]
UEBLICH = {
    "datei": "alo_*",
    "schluessel": "Nr",
    "name": "Bezirk",
    "quelle": "statistik",
    "stichtag": "2024-12-31",
    "spalten": [
        {"spalte": "Arbeitslose", "indikator": "B01", "rolle": "zaehler"},
        {"spalte": "Bevölkerung", "indikator": "B01", "rolle": "nenner"},
    ],
}


def schreibe(fall: dict, ordner: Path) -> Path:
    """Legt Lieferung und lieferung.yaml an."""
    zuordnung = fall.get("zuordnung", {})
    if "bauer" in fall:
        gebaut = getattr(lieferungsbau, fall["bauer"])(ordner)
        datei, eigene = gebaut if isinstance(gebaut, tuple) else (gebaut, {})
        zuordnung = zuordnung | eigene
    else:
        datei = ordner / fall["datei"]
        roh = (
            bytes.fromhex(fall["hex"])
            if "hex" in fall
            else fall["text"].encode(fall.get("kodierung", "utf-8"))
        )
        datei.write_bytes(roh)
    inhalt = fall.get("beiblatt") or yaml.safe_dump(
        {"fall": UEBLICH | zuordnung}, allow_unicode=True
    )
    (ordner / "lieferung.yaml").write_text(inhalt, encoding="utf-8")
    return datei


def spuren(*ordner: Path) -> dict[str, tuple[int, int]]:
    """Alle Dateien mit Größe und Änderungszeit."""
    return {
        str(p): (p.lstat().st_size, p.lstat().st_mtime_ns)
        for o in ordner
        for p in sorted(o.rglob("*"))
    }


def test_der_korpus_ist_gross_genug():
    kaputt = [f for f in FAELLE_LISTE if f.get("fehler")]
    assert len(kaputt) >= 60
    assert len({f["name"] for f in FAELLE_LISTE}) == len(FAELLE_LISTE)


@pytest.mark.parametrize(
    "fall", FAELLE_LISTE, ids=lambda f: f"{f['gruppe']}: {f['name']}"
)
def test_fall(fall, tmp_path, kleinstadt, monkeypatch):
    lieferung, arbeit = tmp_path / "lieferung", tmp_path / "arbeit"
    ablage = tmp_path / "tmp"
    for ordner in (lieferung, arbeit, ablage):
        ordner.mkdir()
    datei = schreibe(fall, lieferung)
    monkeypatch.chdir(arbeit)
    monkeypatch.setenv("TMPDIR", str(ablage))
    monkeypatch.setattr(tempfile, "tempdir", str(ablage))
    vorher = spuren(tmp_path)

    bericht = pruefe_dateien([datei], kleinstadt.ordner)

    assert spuren(tmp_path) == vorher, "Die Prüfung hat etwas geschrieben."
    meldungen = [str(b) for b in bericht.fehler]
    erwartet = fall.get("fehler", [])
    for teil in erwartet:
        assert any(teil in m for m in meldungen), (teil, meldungen)
    for meldung in meldungen:
        assert any(teil in meldung for teil in erwartet), f"unerwartet: {meldung}"
    for teil in fall.get("hinweise", []):
        assert any(teil in str(b) for b in bericht.hinweise), bericht.hinweise
    for befund in bericht.fehler:
        assert befund.erwartet or befund.rat, befund
    pruefe_anzeige(bericht, fall.get("geheim", []), lieferung)
    pruefe_uebernahme(datei, kleinstadt, abgelehnt=bool(erwartet))


def pruefe_anzeige(bericht, geheim, ordner):
    """Bildschirm und Schriftstück zeigen alles, aber keine Steuerzeichen."""
    bildschirm = Console(width=120, record=True, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    with bildschirm.file:
        bildschirm.print(als_bildschirmtabelle(bericht))
        gezeigt = bildschirm.export_text()
    ganz = "\n".join([*texte(pruefdokument(bericht)), gezeigt])
    assert "\x1b" not in ganz
    assert "\u202e" not in ganz
    assert str(ordner) not in ganz
    for wort in geheim:
        assert wort not in ganz


def pruefe_uebernahme(datei, ort, *, abgelehnt):
    """Was einen Mangel hat, wird nie übernommen; nichts wird still repariert."""
    try:
        zuordnungen = finde_zuordnungen(datei)
    except (Datenfehler, Katalogfehler):
        return
    if len(zuordnungen) != 1:
        return
    (zuordnung,) = zuordnungen
    if not abgelehnt:
        werte = lies_lieferung(
            datei, zuordnung, katalog=ort.katalog, verzeichnis=ort.verzeichnis
        )
        assert len(werte)
        return
    with pytest.raises(Datenfehler):
        lies_lieferung(
            datei,
            zuordnung,
            katalog=ort.katalog,
            verzeichnis=ort.verzeichnis,
            vorher=bestand(ort),
        )


def bestand(ort):
    dateien = [(d, ort.ordner.name_von(d)) for d in ort.ordner.bestand]
    return lies_bestand(dateien, ort.katalog, ort.gebiete, ort.bezirke.index)
