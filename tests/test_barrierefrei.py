"""Jede PDF-Datei beider Läufe: Aufbau für Vorleseprogramme. Word auf zwei Seiten."""

import re
import shutil
import subprocess
from itertools import pairwise

import pypdf
import pytest
from hausmittel import pdf_marken, pdf_seiten

ARTEN = ("stadtbezirke/", "steckbriefe/", "vorhaben/", "zielgruppen/")

SOFFICE = shutil.which("soffice")


def maengel(datei):
    """Was einem Vorleseprogramm fehlte, in Worten."""
    leser = pypdf.PdfReader(datei)
    wurzel = leser.trailer["/Root"]
    gefunden = []
    if wurzel.get("/Lang") != "de-DE":
        gefunden.append("Sprache fehlt")
    if not (leser.metadata and (leser.metadata.title or "").strip()):
        gefunden.append("Titel fehlt")
    if not wurzel.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        gefunden.append("Titel wird nicht angezeigt")
    if not leser.outline:
        gefunden.append("keine Lesezeichen")
    alle = pdf_marken(leser)
    namen = [str(m["/S"]) for m in alle]
    stufen = [int(n[2]) for n in namen if re.fullmatch(r"/H\d", n)]
    if not stufen or stufen[0] != 1:
        gefunden.append("keine Überschrift der ersten Stufe am Anfang")
    if any(b - a > 1 for a, b in pairwise(stufen)):
        gefunden.append(f"Stufe übersprungen: {stufen}")
    ohne = [
        m for m in alle if m["/S"] == "/Figure" and not str(m.get("/Alt", "")).strip()
    ]
    if ohne:
        gefunden.append(f"{len(ohne)} Bilder ohne Alternativtext")
    if namen.count("/TH") < namen.count("/Table"):
        gefunden.append("Tabelle ohne Kopfzelle")
    return gefunden


def test_jede_pdf_datei_ist_fuer_vorleseprogramme_gebaut(lauf):
    namen = lauf.namen(".pdf")
    assert {n.split("/")[0] + "/" for n in namen} == set(ARTEN)
    beanstandet = {n: m for n in namen if (m := maengel(lauf.pfad(n)))}
    assert beanstandet == {}


def test_alternativtexte_nennen_namen_statt_schluessel(lauf):
    """„Stadtbezirk 01“ oder „B01“ hilft niemandem."""
    for name in lauf.namen(".pdf"):
        if name == "steckbriefe/alle.pdf":
            continue
        for marke in pdf_marken(pypdf.PdfReader(lauf.pfad(name))):
            text = str(marke.get("/Alt", ""))
            assert not re.search(r"Stadtbezirk \d|\b[A-Z]\d\d\b|\bnan\b", text), name


@pytest.mark.lang
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice fehlt")
def test_word_begruendung_hat_auch_in_libreoffice_zwei_seiten(lauf, tmp_path):
    dateien = [n for n in lauf.namen(".docx") if n.endswith("/begruendung.docx")]
    assert len(dateien) >= 3
    for name in dateien:
        ziel = tmp_path / name.split("/")[1]
        befehl = [SOFFICE, f"-env:UserInstallation=file://{tmp_path}/profil"]
        befehl += ["--headless", "--convert-to", "pdf", "--outdir", str(ziel)]
        subprocess.run(
            [*befehl, str(lauf.pfad(name))],
            check=True,
            capture_output=True,
            timeout=300,
        )
        assert len(pdf_seiten(ziel / "begruendung.pdf")) <= 2, name
