"""Das Bild des Hauses zeigt die Zimmer, die der Importvertrag nennt, in ihrer Folge."""

import configparser
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from hausmittel import WURZEL

SVG = "{http://www.w3.org/2000/svg}"


def schichten() -> list[list[str]]:
    vertrag = configparser.ConfigParser()
    vertrag.read(WURZEL / ".importlinter", encoding="utf-8")
    zeilen = vertrag["importlinter:contract:haus"]["layers"].split("\n")
    return [re.findall(r"quartierstools\.(\w+)", z) for z in zeilen if z.strip()]


def test_bild_zeigt_die_zimmer_in_der_folge_des_vertrags():
    baum = ET.parse(WURZEL / "docs" / "bilder" / "haus.svg")  # noqa: S314 – eigenes Bild
    orte = [
        (float(t.get("y")), float(t.get("x")), t.text)
        for t in baum.iter(f"{SVG}text")
        if t.get("class") == "zimmer"
    ]
    hoehe = {name: y for y, _, name in orte}
    erwartet = schichten()
    assert sorted(hoehe) == sorted(n for schicht in erwartet for n in schicht)
    for oben, unten in pairwise(erwartet):
        for eines in oben:
            for anderes in unten:
                assert hoehe[eines] <= hoehe[anderes], (eines, anderes)


def test_alternativtext_nennt_jedes_zimmer():
    text = (WURZEL / "docs" / "architektur.md").read_text(encoding="utf-8")
    alternativ = re.search(r"!\[([^]]+)\]\(bilder/haus\.svg\)", text)[1]
    fehlend = [n for s in schichten() for n in s if n not in alternativ]
    assert fehlend == ["cli_angebote", "cli_lieferung"]  # Teile von cli
