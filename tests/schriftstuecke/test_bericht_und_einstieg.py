"""Bericht, Einstieg, Datenprüfung, Datenanforderung: Wortlaut und Gleichklang."""

import dataclasses
from pathlib import Path

import pytest
from hausmittel import als_goldtext, pruefe_gold

from quartierstools.ausgabe import bericht as berichtmodul
from quartierstools.ausgabe.bericht import _ueberblick, bericht
from quartierstools.ausgabe.datenanforderung import (
    datenanforderung,
    wuensche,
)
from quartierstools.ausgabe.datenlage import datenpruefung
from quartierstools.ausgabe.einstieg import einstieg
from quartierstools.ausgabe.klassenbilder import (
    alle_ebenen,
    anzeigewerte,
    luecken_art,
    vorhandene_indikatoren,
)
from quartierstools.auswertung import Bedarf, Messung
from quartierstools.dokument import Bild, Kasten, Tabelle, Ueberschrift, texte

BILD = Bild(svg="<svg/>", png=b"", alternativtext="Bild")


@pytest.fixture(autouse=True)
def _ohne_bilder(monkeypatch):
    """Karten zeichnen kostet Sekunden und wird anderswo geprüft."""
    monkeypatch.setattr(berichtmodul, "klassenkarte", lambda *_, **__: BILD)


GOLD = Path(__file__).parent / "golddateien"


def gemessen(auswertung):
    """Ergebnisse aller messbaren Zielgruppen."""
    alle = [auswertung.bedarf(z) for z in auswertung.projekt.zielgruppen]
    return [e for e in alle if isinstance(e, Bedarf)]


def test_ueberblick_und_einstieg_zeichen_fuer_zeichen(auswertung):
    zeilen = [
        *(
            f"{e.zielgruppe.id}: {_ueberblick(auswertung, e)}"
            for e in gemessen(auswertung)
        ),
        "---",
        *texte(einstieg(auswertung)),
    ]
    pruefe_gold(GOLD / f"{auswertung.projekt.id}-einstieg.txt", als_goldtext(zeilen))


def test_ueberblick_zaehlt_jedes_gebiet_genau_einmal(auswertung):
    for ergebnis in gemessen(auswertung):
        anzahlen = ergebnis.klasse.value_counts()
        assert int(anzahlen.sum()) == ergebnis.gueltig
        satz = _ueberblick(auswertung, ergebnis)
        assert f"der {ergebnis.gueltig} Bezirke mit Wert (von 30)" in satz


def test_bericht_ist_nach_schluessel_geordnet_nie_nach_bedarf(auswertung):
    schluessel = list(auswertung.freigabe.gebiete.index)
    for ergebnis in gemessen(auswertung):
        dokument, _ = bericht(auswertung, ergebnis.zielgruppe.id)
        tabelle = next(b for b in dokument.bloecke if isinstance(b, Tabelle))
        assert [z[1][0].text for z in tabelle.zeilen] == schluessel


def test_bericht_tabelle_und_tafel_sagen_dasselbe(auswertung):
    for ergebnis in gemessen(auswertung):
        dokument, _ = bericht(auswertung, ergebnis.zielgruppe.id)
        tabelle = next(b for b in dokument.bloecke if isinstance(b, Tabelle))
        for zeile in tabelle.zeilen:
            gebiet, wort = zeile[1][0].text, zeile[-3][0].text
            soll = ergebnis.tafel["wort"].loc[gebiet]
            assert wort == (soll if isinstance(soll, str) else "ohne Einstufung")


def test_nicht_messbar_zeigt_weder_tabelle_noch_klasse(auswertungen):
    dokument, belege = bericht(auswertungen["bochum"], "jugendliche")
    assert belege == ()
    titel = [b.titel for b in dokument.bloecke if isinstance(b, Tabelle)]
    assert titel == ["Bestand der Angebote für Jugendliche mit besonderem Bedarf"]
    kasten = dokument.bloecke[0]
    assert isinstance(kasten, Kasten)
    assert kasten.titel == "So gemessen: nicht messbar"
    text = "\n".join(texte(dokument))
    assert "keine Klasse, keine Karte, keine Reihenfolge" in text


def test_naeherung_steht_in_einem_warnkasten(auswertungen):
    dokument, _ = bericht(auswertungen["bochum"], "langzeitarbeitslose")
    kasten = dokument.bloecke[0]
    assert (kasten.titel, kasten.art) == ("So gemessen: Näherung", "warnung")


def test_jedes_gebiet_steht_genau_einmal_im_bestand(auswertung):
    for kennung in auswertung.projekt.zielgruppen:
        dokument, _ = bericht(auswertung, kennung)
        (bestand,) = (
            b
            for b in dokument.bloecke
            if isinstance(b, Tabelle) and b.titel.startswith("Bestand der Angebote")
        )
        namen = [n for z in bestand.zeilen for n in z[2][0].text.split(", ")]
        assert sorted(namen) == sorted(auswertung.freigabe.gebiete["name"])
        assert sum(int(z[1][0].text) for z in bestand.zeilen) == 30


def test_einstieg_nennt_misserfolge_zuerst(auswertungen):
    dokument = einstieg(auswertungen["bochum"], misserfolge=["30_bedarf: kaputt"])
    erster = dokument.bloecke[0]
    assert (erster.titel, erster.art) == ("Nicht gelungen", "warnung")
    assert "30_bedarf: kaputt" in texte(dokument)
    ohne = einstieg(auswertungen["bochum"])
    assert "Nicht gelungen" not in texte(ohne)


def test_einstieg_nennt_genau_die_gebiete_der_obersten_klasse(auswertung):
    text = "\n".join(texte(einstieg(auswertung)))
    namen = auswertung.freigabe.gebiete["name"]
    for ergebnis in gemessen(auswertung):
        oben = ergebnis.klasse.index[(ergebnis.klasse == 4).fillna(value=False)]
        for gebiet in oben:
            assert namen[gebiet] in text
        if oben.empty:
            assert "kein Gebiet" in text


def test_wuensche_stehen_nach_ihrem_nutzen(auswertungen):
    """Bochum: Was eine Zielgruppe erst messbar macht, steht vor der Näherung."""
    gefunden = wuensche(auswertungen["bochum"])
    assert [w.indikator for w in gefunden] == [
        *("J01", "A03", "B03"),
        *("B11", "B14", "B15"),
        *("B05", "A09", "A02"),
    ]
    assert [w.nutzen for w in gefunden] == (
        ["macht messbar"] * 6 + ["ersetzt eine Näherung"] * 3
    )
    assert not any(w.geliefert for w in gefunden)


def test_zu_oft_gesperrtes_hat_einen_eigenen_abschnitt(auswertungen):
    """Musterstadt liefert B03; ein Drittel der Bezirke ist gesperrt."""
    (wunsch,) = wuensche(auswertungen["musterstadt"])
    werte = auswertungen["musterstadt"].freigabe.werte
    eigene = werte[(werte["indikator"] == "B03") & (werte["ebene"] == "gebiet")]
    neueste = eigene[eigene["stichtag"] == eigene["stichtag"].max()]
    arten = neueste["wertart"].value_counts()
    assert (wunsch.stand.mit_wert, wunsch.stand.gesperrt) == (
        arten["Zahl"],
        arten["gesperrt"],
    )
    alle = texte(datenanforderung(auswertungen["musterstadt"]))
    stelle = alle.index("Geliefert, aber zu oft gesperrt")
    assert alle[stelle + 1].startswith("Jugendarbeitslosenanteil (B03): ")
    assert "Fehlende Indikatoren" not in alle


def test_vollstaendige_messung_fordert_nur_was_fehlt(auswertungen):
    for wunsch in wuensche(auswertungen["musterstadt"]):
        for gruppe in wunsch.zielgruppen:
            ergebnis = auswertungen["musterstadt"].bedarf(gruppe)
            messung = ergebnis if isinstance(ergebnis, Messung) else ergebnis.messung
            assert wunsch.indikator in messung.fehlend


def test_datenanforderung_sagt_von_wem_und_wozu(auswertungen):
    dokument = datenanforderung(auswertungen["bochum"])
    tabelle = next(b for b in dokument.bloecke if isinstance(b, Tabelle))
    assert len(tabelle.zeilen) == 9
    for zeile in tabelle.zeilen:
        assert all(zelle and zelle[0].text.strip() for zelle in zeile)
    titel = [b.text for b in dokument.bloecke if isinstance(b, Ueberschrift)]
    assert "Zu bestätigen" in titel


def test_datenpruefung_zaehlt_alle_gebiete(auswertung):
    dokument = datenpruefung(auswertung)
    tabelle = next(b for b in dokument.bloecke if isinstance(b, Tabelle))
    for zeile in tabelle.zeilen:
        wert, *luecken = (int(zeile[n][0].text) for n in (2, 3, 4, 5))
        assert wert + sum(luecken) == 30
        assert wert > 0
    gesamt = sum(int(z[3][0].text) for z in tabelle.zeilen)
    assert gesamt <= auswertung.freigabe.gesperrt


def test_datenpruefung_nennt_angenommene_stichtage(auswertungen):
    dokument = datenpruefung(auswertungen["bochum"])
    tabelle = next(b for b in dokument.bloecke if isinstance(b, Tabelle))
    tage = {zeile[0][0].text: zeile[1][0].text for zeile in tabelle.zeilen}
    assert tage["Arbeitslosenanteil"] == "31.12.2023 (angenommen)"
    assert tage["Ausländeranteil"] == "31.12.2023"
    assert tage["Anteil der Gymnasialempfehlungen"] == "unbekannt"
    assert "Kein Wert ist gesperrt." in "\n".join(texte(dokument))


def test_datenpruefung_der_internen_fassung_warnt(auswertungen):
    auswertung = auswertungen["bochum"]
    intern = dataclasses.replace(auswertung.freigabe, fassung="intern")
    probe = dataclasses.replace(auswertung, ort="intern-probe")
    from quartierstools.auswertung import auswertung as modul  # noqa: PLC0415

    modul._IM_PROZESS[probe._schluessel("freigabe")] = intern
    text = "\n".join(texte(datenpruefung(probe)))
    assert "darf nicht veröffentlicht werden" in text


def test_gelesene_dateien_stehen_mit_pruefsumme_da(auswertung):
    text = texte(datenpruefung(auswertung))
    for name, summe in auswertung.freigabe.pruefsummen.items():
        assert name in text
        assert summe[:16] in text


def test_karte_bericht_und_tafel_haben_dieselben_klassen(auswertung):
    ebenen = {e.titel: e for e in alle_ebenen(auswertung)}
    for ergebnis in gemessen(auswertung):
        titel = f"{ergebnis.zielgruppe.bezeichnung}: {ergebnis.groesse}"
        assert titel in ebenen


def test_wertung_steht_vor_kontext(auswertung):
    kennungen = vorhandene_indikatoren(auswertung.freigabe)
    indikatoren = auswertung.katalog.indikatoren
    kontext = [indikatoren[k].kontext for k in kennungen]
    assert kontext == sorted(kontext)


def test_anzeigewerte_in_der_gedruckten_einheit(auswertungen):
    """12,1 Prozent liegen als 0,121 vor und werden als 12,1 gezeigt."""
    werte = anzeigewerte(auswertungen["bochum"].freigabe, "B01")
    assert werte["24"] == pytest.approx(12.1)
    assert werte["17"] != werte["17"]


def test_luecken_art_gesperrt_schlaegt_fehlt(auswertungen):
    freigabe = auswertungen["musterstadt"].freigabe
    art = luecken_art(freigabe, ["J01", "A03", "B03"])
    b03 = freigabe.wertarten("B03")
    gesperrt = b03.index[b03 == "gesperrt"]
    assert len(gesperrt)
    assert set(art[gesperrt]) == {"gesperrt"}
    assert set(art) <= {"Zahl", "gesperrt", "fehlt", "nicht sinnvoll"}
    assert art["011"] == "Zahl"
