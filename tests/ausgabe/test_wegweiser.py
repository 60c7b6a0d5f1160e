"""Die Einstiegsseite: jede Datei genau einmal, Warnungen und Wege zuerst."""

from datetime import date

import pytest

from quartierstools.ausgabe.html import html_seite
from quartierstools.ausgabe.wegweiser import Verweis, Verweisgruppe, wegweiser
from quartierstools.dokument import Absatz, Dokument, Kasten, inhalt
from quartierstools.fehler import Ausgabefehler


def ziele(gruppen):
    return [
        ziel
        for gruppe in gruppen
        for _, verweise in gruppe.abschnitte
        for verweis in verweise
        for _, ziel in verweis.ziele
    ]


def dateien(auswertung):
    return [
        "index.html",
        "karte.html",
        "datenpruefung.html",
        "datenanforderung.docx",
        "datenanforderung.html",
        *(f"zielgruppen/{z}/bericht.pdf" for z in auswertung.projekt.zielgruppen),
        *(f"vorhaben/{v}/begruendung.docx" for v in auswertung.katalog.vorhaben),
        *(f"vorhaben/{v}/oparl.json" for v in auswertung.katalog.vorhaben),
        *(f"steckbriefe/{g}.pdf" for g in auswertung.freigabe.gebiete.index),
        *(
            f"stadtbezirke/{b}/auszug.html"
            for b in auswertung.freigabe.stadtbezirke.index
        ),
        "steckbriefe/alle.pdf",
        "anhang/tabellen.xlsx",
        "notebooks/10_datenlage.ipynb",
        "manifest.json",
        "noch/nie/gesehen.xyz",
        "ohne_endung",
    ]


def test_jede_datei_steht_genau_einmal_da(auswertung):
    namen = dateien(auswertung)
    gefunden = ziele(wegweiser(namen, auswertung))
    assert sorted(gefunden) == sorted(set(namen) - {"index.html"})


def test_reihenfolge_der_dateien_ist_egal(auswertung):
    namen = dateien(auswertung)
    assert wegweiser(namen, auswertung) == wegweiser(namen[::-1], auswertung)


def test_steckbriefe_stehen_nach_stadtbezirken_der_band_zuerst(auswertung):
    gruppen = {g.titel: g for g in wegweiser(dateien(auswertung), auswertung)}
    abschnitte = gruppen["Steckbriefe je Gebiet (PDF)"].abschnitte
    assert abschnitte[0][1][0].name == "Alle Steckbriefe in einem Band"
    bezirke = auswertung.freigabe.gebiete.groupby("stadtbezirk")
    assert [t for t, _ in abschnitte[1:]] == [
        f"Stadtbezirk {teil['stadtbezirk_name'].iloc[0]}" for _, teil in bezirke
    ]


def test_leere_gruppen_entfallen(auswertung):
    assert [g.titel for g in wegweiser(["karte.html"], auswertung)] == ["Zuerst"]


def test_wege_stehen_hinter_den_warnungen_und_vor_dem_inhalt():
    gruppe = Verweisgruppe(
        titel="Zuerst",
        abschnitte=(("", (Verweis(name="<b>Karte", ziele=(("Seite", "k.html"),)),)),),
    )
    warnung = Kasten(titel="Warnung", bloecke=(Absatz(inhalt("W")),), art="warnung")
    seite = html_seite(
        Dokument(
            titel="T",
            gattung="Übersicht",
            bloecke=(warnung, Absatz(inhalt("Danach"))),
            stand=date(2023, 12, 31),
        ),
        gruppen=[gruppe],
    )
    assert seite.index("Warnung") < seite.index("k.html") < seite.index("Danach")
    assert "&lt;b&gt;Karte" in seite


def test_gefaehrliches_ziel_im_wegweiser_wird_abgelehnt():
    gruppe = Verweisgruppe(
        titel="x",
        abschnitte=(("", (Verweis(name="x", ziele=(("Seite", "javascript:x"),)),)),),
    )
    leer = Dokument(titel="T", gattung="G", bloecke=(), stand=date(2023, 12, 31))
    with pytest.raises(Ausgabefehler, match="javascript"):
        html_seite(leer, gruppen=[gruppe])
