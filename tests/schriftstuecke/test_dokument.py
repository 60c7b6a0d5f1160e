"""Das Dokumentmodell: was darin steht, wird gezählt, gelesen, geprüft."""

from datetime import date

import pytest

from quartierstools.dokument import (
    Absatz,
    Bild,
    Dokument,
    Felder,
    Kasten,
    Liste,
    Nebeneinander,
    Seitenumbruch,
    Spalte,
    Tabelle,
    Ueberschrift,
    fett,
    inhalt,
    offen,
    offene_felder,
    reiner_text,
    texte,
    woerter,
)
from quartierstools.fehler import Ausgabefehler


def dokument(*bloecke, **felder):
    vorgabe = {"titel": "Titel", "gattung": "Muster", "stand": date(2024, 1, 1)}
    return Dokument(**{**vorgabe, **felder}, bloecke=bloecke)


ALLES = (
    Ueberschrift("Kapitel eins"),
    Absatz(inhalt("Ein ", fett("Satz"), ".")),
    Liste((inhalt("Punkt"), inhalt("noch einer"))),
    Tabelle(
        titel="Tabelle T",
        spalten=(Spalte("A"), Spalte("B")),
        zeilen=((inhalt("x"), inhalt("y z")),),
        fussnote="Fuß",
    ),
    Bild(svg="<svg/>", png=b"", alternativtext="Alt Text", titel="Bild B"),
    Felder(paare=(("Feld", inhalt("Wert")),)),
    Kasten(titel="Kasten K", bloecke=(Absatz(inhalt("drin")),)),
    Nebeneinander(Absatz(inhalt("links")), Absatz(inhalt("rechts"))),
    Seitenumbruch(),
)


def test_jeder_text_kommt_in_lesereihenfolge():
    assert texte(dokument(*ALLES, untertitel="Unter", stempel=("Stempel",))) == [
        *("Titel", "Unter", "Stempel", "Kapitel eins", "Ein Satz.", "Punkt"),
        *("noch einer", "Tabelle T", "A", "B", "x", "y z", "Fuß", "Bild B"),
        *("Alt Text", "Feld: Wert", "Kasten K", "drin", "links", "rechts"),
    ]


def test_woerter_zaehlen_ohne_bilder_und_stempel():
    """Titel 1, Kapitel 2, Satz 2, Punkte 3, Tabelle 2+2+3+1, Feld 2, Kasten 3, 2."""
    assert woerter(dokument(*ALLES, stempel=("zählt nicht",))) == 23


def test_offene_felder_zaehlen_ueberall():
    offenes = (
        Absatz((offen("Beschluss"),)),
        Liste(((offen(),), inhalt("fest"))),
        Tabelle(titel="T", spalten=(Spalte("A"),), zeilen=(((offen("x"),),),) * 2),
        Kasten(titel="K", bloecke=(Absatz((offen("y"),)),)),
    )
    assert offene_felder(dokument(*offenes)) == 5


def test_schiefe_tabelle_wird_abgelehnt():
    with pytest.raises(Ausgabefehler, match=r"Zeilen \[1\] haben nicht 2 Zellen"):
        Tabelle(
            titel="T",
            spalten=(Spalte("A"), Spalte("B")),
            zeilen=((inhalt("x"), inhalt("y")), (inhalt("x"),)),
        )


@pytest.mark.parametrize("alternativtext", ["", "  ", "\n"])
def test_bild_ohne_alternativtext_wird_abgelehnt(alternativtext):
    with pytest.raises(Ausgabefehler, match="keinen Alternativtext"):
        Bild(svg="<svg/>", png=b"", alternativtext=alternativtext)


def test_leere_teile_fallen_weg():
    assert reiner_text(inhalt("a", "", fett("b"))) == "ab"
    assert len(inhalt("a", "", "b")) == 2
