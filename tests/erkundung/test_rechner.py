"""Die Ansicht zeigt, was der Lauf rechnet, und nie mehr als freigegeben ist."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from quartierstools import oeffne
from quartierstools.ausgabe.klassenbilder import gruppenbild
from quartierstools.auswertung import angewandt
from quartierstools.auswertung.bedarf import bedarf
from quartierstools.auswertung.typen import typen
from quartierstools.erkundung.flaechen import zeichnung
from quartierstools.erkundung.rechner import Rechner
from quartierstools.erkundung.wahl import Wahl, anfangswahl, lies_wahl, mit_zielgruppe
from quartierstools.fehler import Katalogfehler


@pytest.fixture(scope="module")
def oeffentlich():
    return Rechner(basis=oeffne("musterstadt").auswertung.freigabe)


@pytest.fixture(scope="module")
def intern():
    return Rechner(basis=oeffne("musterstadt", fassung="intern").auswertung.freigabe)


def test_anfang_ist_die_erste_messbare_zielgruppe():
    bochum = oeffne("bochum").auswertung.freigabe
    assert anfangswahl(bochum).zielgruppe == "langzeitarbeitslose"


def test_ansicht_zeigt_dieselben_klassen_wie_der_lauf(oeffentlich):
    wahl = replace(
        anfangswahl(oeffentlich.basis), gewichte={"J01": 2.5, "A03": 1.0, "B03": 1.0}
    )
    einstellung = wahl.einstellung(oeffentlich.basis.katalog, "oeffentlich")
    freigabe = angewandt(oeffentlich.basis, einstellung)
    gerechnet = bedarf(
        freigabe, freigabe.katalog.zielgruppe(wahl.zielgruppe), varianten=1000
    )
    gezeigt = [
        None if k in ("fehlt", "gesperrt", "nicht sinnvoll") else int(k)
        for k in oeffentlich.bild(wahl)["klasse"]
    ]
    erwartet = [None if pd.isna(k) else int(k) for k in gerechnet.klasse]
    assert gezeigt == erwartet


def test_frueherer_datenstand_rechnet_neu(oeffentlich):
    heute = anfangswahl(oeffentlich.basis)
    frueher = replace(heute, datenstand="2022-12-31")
    vorher, nachher = (oeffentlich.bild(wahl) for wahl in (heute, frueher))
    assert nachher["beitraege"] != vorher["beitraege"]
    assert nachher == Rechner(basis=oeffentlich.basis).bild(frueher)


def test_einstellung_nennt_nur_was_abweicht(oeffentlich):
    katalog = oeffentlich.basis.katalog
    wahl = anfangswahl(oeffentlich.basis)
    assert wahl.einstellung(katalog, "oeffentlich").gewichte == ()
    anders = replace(wahl, gewichte={**wahl.gewichte, "J01": 0.25})
    assert anders.einstellung(katalog, "oeffentlich").gewichte == (
        "jugendliche:J01=0.25",
    )


def test_rangbaender_gibt_es_nur_intern(oeffentlich, intern):
    offen = oeffentlich.bild(anfangswahl(oeffentlich.basis))
    assert offen["folge"]["rang"] is False
    assert not {"rang", "index"} & {k for z in offen["folge"]["zeilen"] for k in z}
    drin = intern.bild(anfangswahl(intern.basis))
    baender = [z["rang"] for z in drin["folge"]["zeilen"] if "rang" in z]
    assert all(1 <= von <= bis <= 30 for von, bis in baender)
    assert baender


def test_oeffentlich_stehen_gebiete_einer_klasse_nach_namen(oeffentlich):
    bild = oeffentlich.bild(anfangswahl(oeffentlich.basis))
    namen = list(oeffentlich.basis.gebiete["name"])
    je_klasse: dict[str, list[str]] = {}
    for zeile in bild["folge"]["zeilen"]:
        je_klasse.setdefault(zeile["wort"], []).append(namen[zeile["stelle"]])
    assert all(teil == sorted(teil) for teil in je_klasse.values())


def test_herabgestufte_gebiete_halten_mindestens_ihre_klasse():
    bochum = oeffne("bochum")
    basis = bochum.auswertung.freigabe
    tafel = bochum.auswertung.bedarf("langzeitarbeitslose").tafel
    folge = Rechner(basis=basis).bild(anfangswahl(basis))["folge"]["zeilen"]
    gezeigt = {basis.gebiete.index[z["stelle"]] for z in folge if z["mindestens"]}
    assert gezeigt == set(tafel.index[tafel["gesenkt"]])
    assert gezeigt


def test_gesperrtes_erreicht_die_ansicht_nicht(oeffentlich, intern):
    """Was intern eine Zahl ist und öffentlich gesperrt, steht in keinem Bild."""
    offen, drin = oeffentlich.basis, intern.basis
    gesperrt = [
        (g, i)
        for i in ("J01", "A03", "B03", "B05", "B06")
        for g, art in offen.wertarten(i).items()
        if art == "gesperrt"
    ]
    assert gesperrt
    for gebiet, indikator in gesperrt:
        zelle = drin.zelle(str(gebiet), indikator)
        wahl = replace(
            anfangswahl(offen), gebiet=str(gebiet), ebene="bedarf", quer=indikator
        )
        bild = oeffentlich.bild(wahl)
        stelle = list(offen.gebiete.index).index(gebiet)
        assert bild["quer"][stelle] is None
        texte = dict(bild["steckblatt"][0]["werte"])
        name = offen.katalog.indikatoren[indikator].bezeichnung
        assert texte.get(name, "gesperrt") in ("gesperrt", "liegt nicht vor")
        assert zelle.wert is not None


def test_bild_ist_gueltiges_json_ohne_nan(oeffentlich):
    bild = oeffentlich.bild(anfangswahl(oeffentlich.basis))
    json.loads(json.dumps([oeffentlich.grund(), bild], allow_nan=False))


def test_bild_haengt_nicht_von_der_reihenfolge_der_wahlen_ab(oeffentlich):
    wahl = anfangswahl(oeffentlich.basis)
    andere = replace(wahl, gewichte={**wahl.gewichte, "J01": 3.0})
    erst = json.dumps(oeffentlich.bild(wahl))
    frisch = Rechner(basis=oeffentlich.basis)
    frisch.bild(andere)
    assert json.dumps(frisch.bild(wahl)) == erst


def test_unbekanntes_faellt_auf_die_vorgabe_zurueck(oeffentlich):
    freigabe = oeffentlich.basis
    assert lies_wahl({}, freigabe) == anfangswahl(freigabe)
    wahl = lies_wahl(
        {
            "zielgruppe": "langzeitarbeitslose",
            "gewichte": {"B05": 99, "unsinn": 1, "A02": -1},
            "ebene": "<script>",
            "gebiet": "999",
            "datenstand": "gestern",
            "anzahl_typen": 40,
            "verfahren": "raten",
        },
        freigabe,
    )
    assert wahl.gewichte == {"B05": 10.0, "A02": 0.0}
    assert (wahl.ebene, wahl.gebiet, wahl.datenstand) == ("bedarf", "", "")
    assert (wahl.anzahl_typen, wahl.verfahren) == (0, "kmeans")


def test_wechsel_der_zielgruppe_setzt_gewichte_und_achsen(oeffentlich):
    wahl = mit_zielgruppe(
        anfangswahl(oeffentlich.basis), oeffentlich.basis, "fachkraefte"
    )
    assert set(wahl.gewichte) == {"B11", "B14", "B15"}
    assert wahl.quer in wahl.gewichte


def test_jede_zielgruppe_und_ebene_laesst_sich_zeigen(intern):
    for gruppe in intern.basis.katalog.projekt.zielgruppen:
        wahl = mit_zielgruppe(anfangswahl(intern.basis), intern.basis, gruppe)
        for ebene in ("bedarf", "gruppen", "B05"):
            bild = intern.bild(replace(wahl, ebene=ebene))
            assert len(bild["klasse"]) in (0, 30)
            assert sum(k["anzahl"] for k in bild["klassen"]) in (0, 30)
            assert all(bild["saetze"])


def test_eine_ebene_die_es_nicht_gibt_zeigt_keine_andere(intern):
    wahl = replace(anfangswahl(intern.basis), ebene="gibt-es-nicht")
    with pytest.raises(Katalogfehler, match="„gibt-es-nicht“"):
        intern.bild(wahl)


def test_szenario_rechnet_wie_der_bericht():
    auswertung = oeffne("musterstadt").auswertung
    rechner = Rechner(basis=auswertung.freigabe)
    for gruppe in auswertung.projekt.zielgruppen:
        wahl = mit_zielgruppe(anfangswahl(rechner.basis), rechner.basis, gruppe)
        szenarien = sorted(
            k for k, s in auswertung.katalog.szenarien.items() if s.zielgruppe == gruppe
        )
        im_bericht = auswertung.szenarien(gruppe)
        assert len(szenarien) == len(im_bericht) == 1
        for kennung, ergebnis in zip(szenarien, im_bericht, strict=True):
            saetze = rechner.bild(replace(wahl, szenario=f"katalog:{kennung}"))[
                "saetze"
            ]
            assert ergebnis.satz in saetze
            assert set(ergebnis.tafel["satz"].head(6)) <= set(saetze)


def test_szenario_ende_eines_angebots_nennt_wer_verliert(oeffentlich):
    wahl = replace(
        anfangswahl(oeffentlich.basis), szenario="endet:ausbildungslotsen-gueterbahnhof"
    )
    saetze = oeffentlich.bild(wahl)["saetze"]
    satz = next(s for s in saetze if "endet:" in s)
    assert "0 Gebiete mit besserer" in satz
    assert "Gedankenspiel, keine Vorhersage" in satz
    assert any(s.startswith("Güterbahnhof: Bestand") for s in saetze)


def test_szenario_neues_angebot_aendert_nur_sein_gebiet(oeffentlich):
    wahl = anfangswahl(oeffentlich.basis)
    vorher = oeffentlich.bild(wahl)["saetze"]
    neu = oeffentlich.bild(replace(wahl, szenario="neu:013"))["saetze"][len(vorher) :]
    assert neu[0].startswith("Neues Angebot: Am Mühlgraben: 1 Gebiet mit besserer")
    assert [s.split(":")[0] for s in neu[1:]] == ["Am Mühlgraben"]


@pytest.mark.parametrize(
    "angabe", ["neu:999", "endet:x", "katalog:x", "katalog:frauen-doppelt", "unsinn"]
)
def test_unbekanntes_szenario_sagt_nichts(oeffentlich, angabe):
    wahl = anfangswahl(oeffentlich.basis)
    bild = oeffentlich.bild(replace(wahl, szenario=angabe))
    assert bild["saetze"] == oeffentlich.bild(wahl)["saetze"]


def test_jedes_angebotene_szenario_laesst_sich_rechnen(intern):
    wahl = replace(anfangswahl(intern.basis), gebiet="011")
    szenarien = intern.bild(wahl)["szenarien"]
    assert {s.split(":")[0] for s, _ in szenarien} == {"katalog", "neu", "endet"}
    ohne = len(intern.bild(wahl)["saetze"])
    for angabe, _ in szenarien:
        assert len(intern.bild(replace(wahl, szenario=angabe))["saetze"]) > ohne


def test_gewaehlte_merkmale_bilden_die_gruppen_wie_im_lauf(oeffentlich):
    wahl = replace(
        anfangswahl(oeffentlich.basis), ebene="gruppen", typmerkmale=("A03", "B05")
    )
    einstellung = wahl.einstellung(oeffentlich.basis.katalog, "oeffentlich")
    assert einstellung.typmerkmale == ("A03", "B05")
    freigabe = angewandt(oeffentlich.basis, einstellung)
    gerechnet = typen(freigabe)
    assert list(gerechnet.merkmale.columns) == ["A03", "B05"]
    bild = oeffentlich.bild(wahl)
    assert bild["typmerkmale"] == ["A03", "B05"]
    assert bild["klasse"] == list(gruppenbild(freigabe, gerechnet).klasse)
    vorgabe = oeffentlich.bild(replace(wahl, typmerkmale=()))
    assert vorgabe["typmerkmale"] == ["A03", "B05", "B11", "C03"]
    assert vorgabe["klasse"] == list(
        gruppenbild(oeffentlich.basis, typen(oeffentlich.basis)).klasse
    )
    assert vorgabe["klasse"] != bild["klasse"]


def test_merkmale_der_vorgabe_sind_keine_abweichung(oeffentlich):
    angabe = {"zielgruppe": "jugendliche", "typmerkmale": ["C03", "B11", "B05", "A03"]}
    assert lies_wahl(angabe, oeffentlich.basis).typmerkmale == ()


def test_kontext_steht_weder_bei_gewichten_noch_bei_gruppen_zur_wahl(oeffentlich):
    grund = oeffentlich.grund()
    indikatoren = oeffentlich.basis.katalog.indikatoren
    assert grund["wertend"]
    assert not any(indikatoren[i].kontext for i in grund["wertend"])
    assert not {"K02", "K03", "K04"} & {i for i, _ in grund["gruppierbar"]}
    wahl = lies_wahl(
        {
            "zielgruppe": "jugendliche",
            "gewichte": {"J01": 1, "K02": 3},
            "typmerkmale": ["A03", "K02", "gibt-es-nicht"],
        },
        oeffentlich.basis,
    )
    assert wahl.gewichte == {"J01": 1.0}
    assert wahl.typmerkmale == ("A03",)
    assert oeffentlich.bild(replace(wahl, ebene="gruppen"))["saetze"]


def test_gewicht_null_nimmt_den_indikator_aus_dem_index(oeffentlich):
    wahl = anfangswahl(oeffentlich.basis)
    bild = oeffentlich.bild(replace(wahl, gewichte={**wahl.gewichte, "B03": 0.0}))
    assert "B03" not in bild["beitraege"]
    assert "J01" in bild["beitraege"]


def test_zeichnung_teilt_gemeinsame_grenzen(oeffentlich):
    bild = zeichnung(oeffentlich.basis.gebiete, oeffentlich.basis.stadtbezirke)
    assert len(bild.pfade) == len(bild.mitten) == 30
    assert all(p.startswith("M") and p.endswith("Z") for p in bild.pfade)
    assert bild == zeichnung(oeffentlich.basis.gebiete, oeffentlich.basis.stadtbezirke)


def test_nicht_messbar_ist_ein_ergebnis():
    bochum = Rechner(basis=oeffne("bochum").auswertung.freigabe)
    bild = bochum.bild(Wahl(zielgruppe="jugendliche"))
    assert bild["titel"] == "Nicht messbar"
    assert bild["klasse"] == []
    assert "liegen nicht vor" in " ".join(bild["saetze"])
