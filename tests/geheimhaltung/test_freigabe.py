"""Enthält die Freigabe nur, was hinausdarf, und bleibt das Muster eingefroren?"""

import dataclasses
import json
import pickle
import struct
from pathlib import Path

import pandas as pd
import pytest
from tabellenbau import BEZIRKE, TAG, ZAHLEN, aufbau, mit_werten, stadt, tabelle, zeile

from quartierstools.eingang import Datenstand, lies_datenstand
from quartierstools.fehler import Ausgabefehler, Datenfehler
from quartierstools.geheimhaltung import Freigabe, gib_frei
from quartierstools.geheimhaltung.ablage import eingefroren, lies_muster
from quartierstools.geheimhaltung.bericht import angriffsbericht
from quartierstools.geheimhaltung.geheimnisse import geheimnisse
from quartierstools.geheimhaltung.muster import aus_json, musterkennung, sperrmuster
from quartierstools.geheimhaltung.partitionen import lade_partitionen
from quartierstools.katalog import Projektordner, finde_projekt

DATEN = Path(__file__).parents[2] / "daten"


@pytest.fixture(scope="module")
def muster_stadt():
    return lies_datenstand(finde_projekt("musterstadt", daten=DATEN))


@pytest.fixture
def klein(muster_stadt):
    return mit_werten(muster_stadt, stadt(ZAHLEN, BEZIRKE))


def test_gesperrtes_ist_in_der_freigabe_nicht_mehr_vorhanden(klein):
    freigabe = gib_frei(klein)
    gesperrt = freigabe.werte[freigabe.werte["wertart"] == "gesperrt"]
    assert sorted(gesperrt["gebiet"]) == ["11", "12"]
    assert gesperrt[["wert", "zaehler", "nenner"]].isna().all(axis=None)
    zelle = freigabe.zelle("11", "B01")
    assert (zelle.wert, zelle.zaehler, zelle.nenner) == (None, None, None)
    assert zelle.wertart == "gesperrt"
    assert freigabe.gesperrt == 2


def test_freigabe_kennt_den_datenstand_nicht(klein):
    freigabe = gib_frei(klein)
    felder = [getattr(freigabe, f.name) for f in dataclasses.fields(Freigabe)]
    assert not any(isinstance(feld, Datenstand) for feld in felder)
    kopie = pickle.loads(pickle.dumps(freigabe))  # noqa: S301 – eigene Daten
    assert kopie.gesperrt == freigabe.gesperrt
    # Auch im Speicherabbild steht kein gesperrter Anteil.
    assert repr(4 / 1000) not in repr(kopie.werte.to_dict("records"))


def test_abgelegte_freigabe_enthaelt_keinen_gesperrten_wert_auch_nicht_als_bytes(
    muster_stadt,
):
    # So legt der Lauf sie in .zwischen ab.
    freigabe = gib_frei(muster_stadt)
    inhalt = pickle.dumps(freigabe, protocol=pickle.HIGHEST_PROTOCOL)
    gesperrt = (freigabe.werte["wertart"] == "gesperrt").to_numpy()
    frei = set(freigabe.werte["wert"].dropna())
    geheim = set(muster_stadt.werte.loc[gesperrt, "wert"].dropna()) - frei
    gepackt = {struct.pack("<d", w) for w in geheim}
    # Kurze Zahlen (9/512) bestehen fast nur aus Nullbytes und kommen auch sonst vor.
    lang = {b for b in gepackt if b[:4] != bytes(4)}
    assert len(lang) > 50
    assert not [b for b in lang if b in inhalt]


def test_pruefsummen_verraten_keine_datei_mit_verborgenem(muster_stadt):
    freigabe = gib_frei(muster_stadt)
    verborgen = freigabe.werte["wertart"].isin(["gesperrt", "nicht sinnvoll"])
    dateien = set(freigabe.werte.loc[verborgen, "datei"])
    assert dateien
    for datei in dateien:
        assert freigabe.pruefsummen[datei] != muster_stadt.pruefsummen[datei]
    assert (
        freigabe.pruefsummen["angebote.csv"]
        == (muster_stadt.pruefsummen["angebote.csv"])
    )


def test_pruefsumme_bestaetigt_auch_keine_gerundete_fallzahl(klein):
    """Nichts ist gesperrt; ob 21 oder 22 gezählt wurde, sagt auch keine Prüfsumme."""
    genau = stadt({"B01": dict.fromkeys(BEZIRKE, 21)}, BEZIRKE)
    je_rundung = {
        rundung: gib_frei(mit_werten(klein, genau, rundung=rundung)).pruefsummen
        for rundung in (0, 5)
    }
    anders = stadt({"B01": {**dict.fromkeys(BEZIRKE, 21), "11": 22}}, BEZIRKE)
    geraten = gib_frei(mit_werten(klein, anders, rundung=5)).pruefsummen
    assert "x" not in je_rundung[0]
    assert je_rundung[5]["x"] == geraten["x"]
    # Auch was schon rund geliefert war, ist daran nicht zu erkennen.
    rund = stadt({"B01": dict.fromkeys(BEZIRKE, 20)}, BEZIRKE)
    assert "x" in gib_frei(mit_werten(klein, rund, rundung=5)).pruefsummen


def test_widerspruch_zwischen_teilen_und_ganzem_wird_gesagt(klein):
    """Jeder Teil zählt 50, das Ganze nur 30: Die Regel gilt nicht, und das steht da."""
    stand = mit_werten(klein, stadt(ZAHLEN, BEZIRKE))
    assert not [s for s in gib_frei(stand).pruefstand if "Zusammenhang" in s]
    partition = next(p for p in lade_partitionen(stand.katalog) if p.art == "summe")
    ganzes, *teile = (
        name.partition(".")[0] for name in (partition.ganzes, *partition.teile)
    )
    zahlen = {t: dict.fromkeys(BEZIRKE, 50) for t in teile}
    zahlen[ganzes] = dict.fromkeys(BEZIRKE, 30)
    falsch = mit_werten(klein, stadt(zahlen, BEZIRKE))
    saetze = [s for s in gib_frei(falsch).pruefstand if "Zusammenhang" in s]
    assert saetze
    assert partition.id in saetze[0]


def test_mittel_aus_der_freigabe_kennt_den_gesperrten_wert_nicht(klein, muster_stadt):
    anders = {"B01": {**ZAHLEN["B01"], "11": 5, "12": 19}}
    zwilling = mit_werten(muster_stadt, stadt(anders, BEZIRKE))
    eins, zwei = gib_frei(klein), gib_frei(zwilling)
    # Bei gleicher Summe ist beiden Veröffentlichungen nichts Verschiedenes anzusehen.
    pd.testing.assert_frame_equal(eins.werte, zwei.werte)
    pd.testing.assert_frame_equal(eins.tabelle(["B01"]), zwei.tabelle(["B01"]))


def test_interne_fassung_enthaelt_alles(klein):
    freigabe = gib_frei(klein, "intern")
    assert freigabe.gesperrt == 0
    assert freigabe.muster == ""
    assert geheimnisse(klein, freigabe).liste == ()


def test_nur_internes_bleibt_drinnen(muster_stadt):
    zahlen = {"J08": dict.fromkeys(BEZIRKE, 50)}
    freigabe = gib_frei(mit_werten(muster_stadt, stadt(zahlen, BEZIRKE)))
    assert set(freigabe.werte["wertart"]) == {"gesperrt"}
    assert freigabe.werte["zaehler"].isna().all()


def test_kleine_bezugszahl_ist_nicht_sinnvoll_und_nicht_gesperrt(muster_stadt):
    werte = stadt({"B01": {**ZAHLEN["B01"], "12": 40}}, BEZIRKE)
    klein = (werte["gebiet"] == "12") & (werte["ebene"] == "gebiet")
    freigabe = gib_frei(
        mit_werten(muster_stadt, werte.assign(nenner=werte["nenner"].mask(klein, 99)))
    )
    zelle = freigabe.zelle("22", "B01")
    assert zelle.wertart == "Zahl"
    # 11 (4 Fälle) ist geheim; 12 muss es dafür auch sein. Ohne 11 stünde 12 so da:
    assert freigabe.zelle("12", "B01").wertart == "gesperrt"
    offen = stadt({"B01": {**ZAHLEN["B01"], "11": 14, "12": 40}}, BEZIRKE)
    freigabe = gib_frei(
        mit_werten(muster_stadt, offen.assign(nenner=offen["nenner"].mask(klein, 99)))
    )
    zelle = freigabe.zelle("12", "B01")
    assert (zelle.wertart, zelle.wert, zelle.zaehler) == ("nicht sinnvoll", None, None)
    assert freigabe.gesperrt == 0


def test_in_musterstadt_ist_kein_gesperrter_anteil_ein_quotient(muster_stadt):
    # B06 = B05/B01: In 053 fehlte der Anteil nur wegen seines Nenners unter 100.
    freigabe = gib_frei(muster_stadt)
    assert freigabe.zelle("053", "B06", stichtag="2024-12-31").wertart == (
        "nicht sinnvoll"
    )
    for kennung in ("B05", "B01"):
        assert freigabe.zelle("053", kennung, stichtag="2024-12-31").wertart == "Zahl"
    bericht = angriffsbericht(muster_stadt, freigabe)
    assert not set(bericht["zaehlung"]) & set(freigabe.katalog.indikatoren)


def test_bericht_findet_den_gesperrten_quotienten(muster_stadt):
    # Ein Muster, das B06 sperrt und B05 wie B01 offen lässt, verbirgt nichts.
    zahlen = {
        "B01": dict.fromkeys(BEZIRKE, 80),
        "B05": dict.fromkeys(BEZIRKE, 40),
    }
    anteil = [zeile("11", "B06", 40, 80)]
    werte = pd.concat([stadt(zahlen, BEZIRKE), tabelle(anteil)], ignore_index=True)
    stand = mit_werten(muster_stadt, werte)
    gut = sperrmuster(stand)
    zelle = ("gebiet", "11", "B06", TAG)
    schlecht = dataclasses.replace(
        gut, gesperrt=gut.gesperrt | {zelle}, unsicher=gut.unsicher - {zelle}
    )
    bericht = angriffsbericht(stand, gib_frei(stand, muster=schlecht))
    assert bericht.loc[~bericht["geschuetzt"], "zaehlung"].tolist() == ["B06"]
    assert angriffsbericht(stand, gib_frei(stand))["geschuetzt"].all()


def test_anteile_gehen_nur_mit_den_stellen_des_profils_hinaus(muster_stadt):
    zahlen = {"B01": {**ZAHLEN["B01"], "11": 123}}
    werte = stadt(zahlen, BEZIRKE, nenner=1789)
    stand = mit_werten(muster_stadt, werte)
    # 123/1789 = 0,068753…; aus 16 Stellen folgen 123 und 1789 durch Kettenbruch.
    assert gib_frei(stand).zelle("11", "B01").wert == 0.069
    assert gib_frei(stand, "intern").zelle("11", "B01").wert == 123 / 1789
    ohne = werte.assign(zaehler=pd.NA, nenner=pd.NA).astype(
        {"zaehler": "Int64", "nenner": "Int64"}
    )
    assert gib_frei(mit_werten(muster_stadt, ohne)).zelle("11", "B01").wert == 0.069


def test_kein_freigegebener_anteil_der_musterstadt_hat_mehr_als_eine_stelle(
    muster_stadt,
):
    freigabe = gib_frei(muster_stadt)
    einheit = freigabe.werte["indikator"].map(
        {k: i.einheit for k, i in freigabe.katalog.indikatoren.items()}
    )
    for art, stellen in (("prozent", 3), ("je_100", 1)):
        werte = freigabe.werte.loc[einheit == art, "wert"].dropna()
        assert len(werte) > 0
        assert (werte.round(stellen) == werte).all()


def test_was_die_quelle_veroeffentlicht_hat_bleibt_genau():
    stand = lies_datenstand(finde_projekt("berlin", daten=DATEN))
    pd.testing.assert_series_equal(gib_frei(stand).werte["wert"], stand.werte["wert"])


def test_gleiche_zaehlung_im_katalog_heisst_gleich(muster_stadt):
    # Was der Katalog mit denselben Worten zählt, kennt der Angreifer als dasselbe.
    katalog = muster_stadt.katalog
    name = {}
    for partition in lade_partitionen(katalog):
        if partition.art == "gleich":
            for teil in (partition.ganzes, *partition.teile):
                name[teil] = partition.ganzes
    worte = {}
    for kennung, indikator in katalog.indikatoren.items():
        for art in ("zaehler", "nenner"):
            text = getattr(indikator, art)
            if text and kennung != "K08":  # Musterstadt benennt K08 anders
                zaehlung = f"{kennung}.{art}"
                worte.setdefault(text, set()).add(name.get(zaehlung, zaehlung))
    assert {t: n for t, n in worte.items() if len(n) > 1} == {}


def test_hinweis_einer_gesperrten_zelle_geht_nicht_hinaus(klein):
    stand = dataclasses.replace(
        klein, werte=klein.werte.assign(hinweis="aus 4 Fällen geschätzt")
    )
    frei = gib_frei(stand).werte
    assert set(frei.loc[frei["wertart"] == "gesperrt", "hinweis"]) == {""}
    assert "aus 4 Fällen geschätzt" in set(frei["hinweis"])


def test_einzelwert_nennt_keine_gesperrte_zelle(klein):
    vorlage = klein.einzelwerte.iloc[[0]].assign(zitierfaehig="ja")
    zeilen = [
        vorlage.assign(gebiet="11", bezeichnung="Arbeitslosenanteil"),
        vorlage.assign(gebiet="21", bezeichnung="Arbeitslosenanteil"),
        vorlage.assign(gebiet="11", bezeichnung="Besuche im Stadtteilladen"),
    ]
    stand = dataclasses.replace(klein, einzelwerte=pd.concat(zeilen, ignore_index=True))
    frei = gib_frei(stand).einzelwerte
    assert frei[["gebiet", "bezeichnung"]].to_numpy().tolist() == [
        ["21", "Arbeitslosenanteil"],
        ["11", "Besuche im Stadtteilladen"],
    ]
    assert len(gib_frei(stand, "intern").einzelwerte) == 3


def test_nur_gelieferter_anteil_wird_aus_gerundeten_zahlen_gebildet(muster_stadt):
    # 16,0 % neben rund 25 Fällen: Von 23 bis 27 passt nur 4/25. Gerundet: 5/25.
    werte = stadt({"B01": dict.fromkeys(BEZIRKE, 250)}, BEZIRKE)
    anteil = zeile("11", "B06", None, 250, wert=0.1640)
    stand = mit_werten(
        muster_stadt,
        pd.concat([werte, tabelle([anteil])], ignore_index=True),
        rundung=10,
    )
    # 0,164 · 250 = 41 → 40; 40/250 = 16,0 %
    assert gib_frei(stand).zelle("11", "B06").wert == 0.16


def test_rundung_trifft_fallzahlen_und_anteile(muster_stadt):
    stand = mit_werten(
        muster_stadt, stadt(ZAHLEN, BEZIRKE, nenner=1002), rundung=5, min_zaehler=3
    )
    zelle = gib_frei(stand).zelle("11", "B01")
    assert (zelle.zaehler, zelle.nenner) == (5, 1000)
    assert zelle.wert == pytest.approx(0.005)
    assert gib_frei(stand, "intern").zelle("11", "B01").zaehler == 4


def test_gerundete_freigabe_haelt_dem_angriff_stand(muster_stadt):
    stand = mit_werten(muster_stadt, stadt(ZAHLEN, BEZIRKE), rundung=10)
    bericht = angriffsbericht(stand, gib_frei(stand))
    assert bericht["geschuetzt"].all()


def test_pruefstand_sagt_was_nicht_pruefbar_war(klein):
    (satz,) = gib_frei(klein).pruefstand
    assert "nicht prüfbar" in satz


def test_muster_wird_abgelegt_und_wiederbenutzt(klein, tmp_path):
    erstes = gib_frei(klein, ordner=tmp_path)
    (datei,) = tmp_path.iterdir()
    assert datei.name == f"muster-{musterkennung(klein)[:16]}.json"
    zeit = datei.stat().st_mtime_ns
    zweites = gib_frei(klein, ordner=tmp_path)
    assert zweites.muster == erstes.muster
    assert datei.stat().st_mtime_ns == zeit
    pd.testing.assert_frame_equal(erstes.werte, zweites.werte)


def test_abgelegtes_muster_gilt_statt_neu_zu_rechnen(klein, tmp_path):
    gib_frei(klein, ordner=tmp_path)
    (datei,) = tmp_path.iterdir()
    inhalt = json.loads(datei.read_text(encoding="utf-8"))
    inhalt["gesperrt"][TAG]["B01/gebiet"] = "11 12 13"
    datei.write_text(json.dumps(inhalt), encoding="utf-8")
    assert gib_frei(klein, ordner=tmp_path).gesperrt == 3


def test_oeffentliche_kennung_bestaetigt_keine_vermutung(klein, muster_stadt):
    # Zwei Datenstände, die veröffentlicht gleich aussehen, heißen öffentlich gleich.
    anders = {"B01": {**ZAHLEN["B01"], "11": 5, "12": 19}}
    zwilling = mit_werten(muster_stadt, stadt(anders, BEZIRKE))
    assert musterkennung(zwilling) != musterkennung(klein)
    assert gib_frei(zwilling).muster == gib_frei(klein).muster


def test_musterdatei_enthaelt_keine_werte_und_keine_gruende(klein, tmp_path):
    eingefroren(klein, tmp_path)
    (datei,) = tmp_path.iterdir()
    text = datei.read_text(encoding="utf-8")
    assert "primaer" not in text
    inhalt = json.loads(text)
    assert inhalt["gesperrt"] == {TAG: {"B01/gebiet": "11 12"}}
    assert aus_json(text) == sperrmuster(klein)


def test_neuer_datenstand_erweitert_und_entsperrt_nie(klein, muster_stadt, tmp_path):
    erstes = eingefroren(klein, tmp_path)
    # Eine Korrektur hebt 11 von 4 auf 14: Für sich dürfte es jetzt hinaus.
    neu = {"B01": {**ZAHLEN["B01"], "11": 14}}
    spaeter = mit_werten(
        muster_stadt,
        pd.concat(
            [stadt(neu, BEZIRKE), stadt(ZAHLEN, BEZIRKE, tag="2024-12-31")],
            ignore_index=True,
        ),
    )
    zweites = eingefroren(spaeter, tmp_path)
    assert erstes.gesperrt <= zweites.gesperrt
    assert zweites.vorgaenger == (erstes.kennung,)
    assert len(lies_muster(tmp_path)) == 2
    assert gib_frei(spaeter, ordner=tmp_path).zelle("11", "B01", stichtag=TAG).wert is (
        None
    )


def test_frueher_veroeffentlichtes_schuetzt_nicht_mehr(klein, muster_stadt, tmp_path):
    # Erst erscheint nur Bezirk 1 ohne 11 und ohne Summe; dann alles. 12 und 13 sind
    # bekannt, also hilft nur, die Summe des Bezirks zu sperren.
    werte = klein.werte
    teil = werte[werte["gebiet"].isin(["12", "13"])]
    eingefroren(mit_werten(muster_stadt, teil), tmp_path)
    freigabe = gib_frei(klein, ordner=tmp_path)
    gesperrt = freigabe.werte[freigabe.werte["wertart"] == "gesperrt"]
    assert {"11", "1"} <= set(gesperrt["gebiet"])
    assert not {"12", "13"} & set(gesperrt["gebiet"])
    bericht = angriffsbericht(klein, freigabe, fruehere=[teil])
    assert bericht["geschuetzt"].all()


def test_nicht_mehr_zu_schuetzendes_wird_genannt(klein, muster_stadt):
    locker = mit_werten(muster_stadt, klein.werte, min_zaehler=3)
    frueher = sperrmuster(locker)
    assert frueher.gesperrt == frozenset()
    streng = sperrmuster(klein, frueher=[frueher])
    assert streng.ungeschuetzt == (("gebiet", "11", "B01", TAG),)
    assert ("gebiet", "11", "B01", TAG) in streng.gesperrt


def test_kennung_haengt_an_daten_und_regeln_nicht_an_der_reihenfolge(
    klein, muster_stadt
):
    gemischt = dataclasses.replace(klein, werte=klein.werte.iloc[::-1])
    assert musterkennung(gemischt) == musterkennung(klein)
    streng = mit_werten(muster_stadt, klein.werte, min_zaehler=11)
    assert musterkennung(streng) != musterkennung(klein)
    andere = klein.werte.assign(zaehler=klein.werte["zaehler"] + 1)
    assert musterkennung(mit_werten(muster_stadt, andere)) != musterkennung(klein)


def test_fremdes_muster_wird_abgelehnt(klein, muster_stadt):
    fremd = sperrmuster(mit_werten(muster_stadt, klein.werte, min_zaehler=11))
    with pytest.raises(Ausgabefehler, match="anderen Datenstand"):
        gib_frei(klein, muster=fremd)


def test_partition_mit_unbekanntem_indikator_ist_ein_fehler(muster_stadt, tmp_path):
    (tmp_path / "katalog").mkdir()
    eintrag = "p1:\n  art: summe\n  ganzes: B99.zaehler\n  teile: [B01.zahler, B02]\n"
    (tmp_path / "katalog" / "partitionen.yaml").write_text(eintrag, encoding="utf-8")
    with pytest.raises(Datenfehler) as fehler:
        lade_partitionen(muster_stadt.katalog, Projektordner(tmp_path))
    assert len(fehler.value.befunde) == 3


def test_standardpartitionen_nennen_nur_bekannte_indikatoren(muster_stadt):
    partitionen = lade_partitionen(muster_stadt.katalog)
    assert {p.art for p in partitionen} == {"gleich", "summe", "teilmenge", "differenz"}


def test_musterstadt_haelt_dem_angriff_stand(muster_stadt):
    freigabe = gib_frei(muster_stadt)
    assert freigabe.gesperrt > 0
    bericht = angriffsbericht(muster_stadt, freigabe)
    assert len(bericht) > 0
    assert bericht["geschuetzt"].all(), bericht[~bericht["geschuetzt"]].to_string()


def test_bochum_hat_nichts_zu_sperren_und_sagt_warum():
    stand = lies_datenstand(finde_projekt("bochum", daten=DATEN))
    freigabe = gib_frei(stand)
    assert freigabe.gesperrt == 0
    assert any("keine Fallzahlen" in satz for satz in freigabe.pruefstand)


def test_geheimnisse_sind_genau_die_luecken_der_freigabe(klein):
    gefunden = geheimnisse(klein, gib_frei(klein)).liste
    assert {(g.ort, g.indikator) for g in gefunden} == {
        (("gebiet", "11"), "B01"),
        (("gebiet", "12"), "B01"),
    }
    eines = next(g for g in gefunden if g.ort == ("gebiet", "11"))
    assert eines.formen["0.4"] == "anteil"
    assert eines.formen["4"] == "anzahl"


def test_einzelne_zelle_ohne_summe_braucht_keine_zweite():
    plan = aufbau({"11": "1", "12": "1"})
    from quartierstools.geheimhaltung.sperrliste import sperrliste  # noqa: PLC0415
    from quartierstools.katalog import Regelprofil  # noqa: PLC0415

    werte = tabelle([zeile("11", "A", 4), zeile("12", "A", 40)])
    liste = sperrliste(werte, plan, Regelprofil(id="p", version="1"))
    assert len(liste.gesperrt) == 1
