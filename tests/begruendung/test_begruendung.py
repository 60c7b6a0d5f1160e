"""Die Begründung: Wortlaut, Belege, Länge, Gegenargument – über alle Vorhaben."""

import csv
import dataclasses
import re
import shutil
from pathlib import Path

import pytest
from hausmittel import (
    PROJEKTE,
    WURZEL,
    als_goldtext,
    glatt,
    pruefe_gold,
    verbotenes,
)

from quartierstools.ausgabe.bericht import bericht
from quartierstools.ausgabe.pdf import pdf_bytes
from quartierstools.auswertung import Auswertung, Einstellung, Messung
from quartierstools.begruendung.beleg import ZAHL_IM_TEXT, druckstellen, wert_text
from quartierstools.begruendung.saetze import erster_satz
from quartierstools.begruendung.stempel import ENTWURF, INTERN, MUSTER, stempel
from quartierstools.begruendung.vorlage import begruende
from quartierstools.dokument import Kasten, Tabelle, Ueberschrift, texte
from quartierstools.eingang import lies_datenstand
from quartierstools.geheimhaltung import gib_frei
from quartierstools.katalog import Projektordner
from quartierstools.schreibweise import gerundet, zahl_text

GOLD = Path(__file__).parent / "golddateien"
VORHABEN = sorted(
    (ort, datei.stem)
    for ort in (*PROJEKTE, "berlin")
    for datei in (WURZEL / "daten" / ort / "vorhaben").glob("*.yaml")
)
WATTENSCHEID = "jobcenter-beratung-wattenscheid-mitte"
KAPITEL = [
    "1 Anlass und Auftrag",
    "2 Ausgangslage",
    r"3 (Bedarf|Potential) der Zielgruppe",
    "4 Bestehende Angebote und Lücke",
    "5 Vorgeschlagenes Angebot",
    "6 Erwartete Wirkung und Messung",
    "7 Alternativen und Nullvariante",
    "8 Was dagegen spricht",
    "9 Grenzen der Daten",
    "10 Auswirkungen",
]


@pytest.fixture(scope="module", params=VORHABEN, ids=lambda v: v[1])
def fall(request, auswertungen_alle):
    """Auswertung und Begründung eines Vorhabens."""
    ort, kennung = request.param
    auswertung = auswertungen_alle[ort]
    return auswertung, begruende(auswertung, kennung)


def test_jedes_vorhaben_ist_dabei():
    anzahlen = {"bochum": 4, "musterstadt": 3, "berlin": 1}
    assert {o: [ort for ort, _ in VORHABEN].count(o) for o in anzahlen} == anzahlen


def test_vier_fokusbezirke_von_bochum_und_jede_zielgruppe(auswertungen):
    """Wattenscheid-Mitte, Kruppwerke, Hamme, Querenburg: je ein Vorhaben."""
    vorhaben = auswertungen["bochum"].katalog.vorhaben.values()
    assert {v.gebiete for v in vorhaben} == {("24",), ("15",), ("16",), ("55",)}
    zielgruppen = auswertungen["bochum"].projekt.zielgruppen
    assert {v.zielgruppe for v in vorhaben} == set(zielgruppen)


def test_wortlaut_zeichen_fuer_zeichen(fall):
    auswertung, begruendung = fall
    name = f"{auswertung.projekt.id}-{begruendung.vorhaben.id}.txt"
    pruefe_gold(GOLD / name, als_goldtext(texte(begruendung.dokument)))


def test_hoechstens_neunhundert_woerter(fall):
    auswertung, begruendung = fall
    assert begruendung.woerter <= auswertung.katalog.wortwahl.hoechstwoerter == 900


def test_hoechstens_zwei_seiten_und_dagegen_auf_der_ersten(fall, tmp_path):
    from pypdf import PdfReader  # noqa: PLC0415

    datei = tmp_path / "b.pdf"
    datei.write_bytes(pdf_bytes(fall[1].dokument, fremde_zeichen="kennung"))
    seiten = [seite.extract_text() for seite in PdfReader(datei).pages]
    assert len(seiten) <= 2
    assert "Dagegen: " in glatt(seiten[0])
    assert "Nicht bekannt: " in glatt(seiten[0])


def test_zehn_kapitel_in_ihrer_folge(fall):
    titel = [b.text for b in fall[1].dokument.bloecke if isinstance(b, Ueberschrift)]
    assert len(titel) == len(KAPITEL)
    for muster, text in zip(KAPITEL, titel, strict=True):
        assert re.fullmatch(muster, text)


def test_kuerze_steht_vor_dem_ersten_kapitel(fall):
    bloecke = fall[1].dokument.bloecke
    arten = [type(b).__name__ for b in bloecke[:5]]
    assert arten == ["Kasten", "Kasten", "Absatz", "Absatz", "Ueberschrift"]
    kuerze = bloecke[1]
    assert isinstance(kuerze, Kasten)
    punkte = texte(dataclasses.replace(fall[1].dokument, bloecke=(kuerze,)))
    anfaenge = [t.split(":")[0] for t in punkte if ": " in t][-5:]
    assert anfaenge == [
        "Vorschlag",
        "Dafür",
        "Dagegen",
        "Nicht bekannt",
        "Sicherheit",
    ]


def test_hoechstens_acht_gebiete_mit_zahl(fall):
    """Keine Rangliste: Belegte Werte stehen für höchstens acht Gebiete da."""
    auswertung, begruendung = fall
    gebiete = {
        b.gebiet
        for b in begruendung.belege
        if b.gebiet in auswertung.freigabe.gebiete.index
    }
    assert len(gebiete) <= auswertung.katalog.wortwahl.hoechstgebiete == 8


def test_tabelle_sagt_von_wie_vielen_der_median_ist(fall):
    """Fehlen einem Indikator mehr Werte als dem anderen, stehen beide Zahlen da."""
    auswertung, begruendung = fall
    ergebnis = auswertung.bedarf(begruendung.vorhaben.zielgruppe)
    if isinstance(ergebnis, Messung):
        return
    anzahlen = ergebnis.merkmale.count()
    koepfe = [
        spalte.titel
        for block in begruendung.dokument.bloecke
        if isinstance(block, Tabelle)
        for spalte in block.spalten
        if spalte.titel.startswith("Median von")
    ]
    if len(anzahlen) == 1:
        assert koepfe == []
    else:
        von = " bis ".join(map(str, sorted({anzahlen.min(), anzahlen.max()})))
        assert koepfe == [f"Median von {von}"]


def test_keine_verbotenen_woerter(fall):
    auswertung, begruendung = fall
    text = "\n".join(texte(begruendung.dokument))
    assert verbotenes(text, auswertung.katalog.wortwahl.model_dump()) == []


def test_kein_kontextmerkmal_traegt_die_begruendung(fall):
    auswertung, begruendung = fall
    benutzt = {b.indikator for b in begruendung.belege if b.indikator}
    indikatoren = auswertung.katalog.indikatoren
    assert [k for k in benutzt if indikatoren[k].kontext] == []


def test_jeder_beleg_steht_gedruckt_im_text(fall):
    _, begruendung = fall
    text = "\n".join(texte(begruendung.dokument))
    assert begruendung.belege
    assert [b.text for b in begruendung.belege if b.text not in text] == []


def test_jeder_beleg_fuehrt_zu_datei_zeile_und_wert(fall):
    auswertung, begruendung = fall
    ordner = WURZEL / "daten" / auswertung.projekt.id
    gezaehlt = 0
    for beleg in begruendung.belege:
        if beleg.art in ("rechnung", "aussage"):
            continue
        gezaehlt += 1
        zeile = _zeile(ordner / beleg.datei, beleg.zeile)
        assert zeile["gebiet"] == beleg.gebiet
        assert beleg.pruefsumme == auswertung.freigabe.pruefsummen[beleg.datei]
        if beleg.art == "einzelwert":
            roh = zeile["wert"]
            zahl = zahl_text(int(roh)) if roh.isdigit() else roh
            assert beleg.text.split("\xa0")[0] == zahl
            continue
        assert zeile["indikator"] == beleg.indikator
        indikator = auswertung.katalog.indikatoren[beleg.indikator]
        wert = _wert(zeile, indikator.einheit)
        assert beleg.text in (
            wert_text(wert, indikator),
            wert_text(wert, indikator, kurz=True),
        )
    messbar = not isinstance(
        auswertung.bedarf(begruendung.vorhaben.zielgruppe), Messung
    )
    assert gezaehlt >= 2 or not messbar


def _zeile(datei, nummer):
    """Zeile einer CSV-Datei, gezählt wie im Editor (Kopf ist Zeile 1)."""
    zeilen = datei.read_text(encoding="utf-8-sig").splitlines()
    kopf, inhalt = list(csv.reader([zeilen[0], zeilen[nummer - 1]], delimiter=";"))
    return dict(zip(kopf, inhalt, strict=True))


def _wert(zeile, einheit):
    if zeile.get("zaehler"):
        anteil = int(zeile["zaehler"]) / int(zeile["nenner"])
        return anteil * {"je_1000": 1000, "je_100": 100}.get(einheit, 1)
    zahl = float(zeile["wert"].replace(".", "").replace(",", "."))
    return zahl / 100 if einheit == "prozent" else zahl


def test_jede_zahl_aus_daten_hat_einen_beleg(fall):
    """Jede Zahl mit Prozent in Tabellen und Kürze ist belegt oder ein Median."""
    _, begruendung = fall
    belegt = {b.text for b in begruendung.belege}
    satz = "\n".join(t.text for t in _stuecke(begruendung.dokument) if not t.belege)
    lose = re.findall(r"\d[\d.]*(?:,\d+)?\xa0(?:Prozent|%)", satz)
    assert lose == []
    for tabelle in begruendung.dokument.bloecke:
        if isinstance(tabelle, Tabelle) and "Angebote" not in tabelle.titel:
            for zeile in tabelle.zeilen:
                zahlen = [z for zelle in zeile[1:] for z in zelle]
                for stueck in zahlen:
                    if any(c.isdigit() for c in stueck.text):
                        assert stueck.text in belegt
                        assert stueck.belege


def _stuecke(dokument):
    """Alle Textstücke eines Dokuments."""
    import dataclasses as dc  # noqa: PLC0415

    from quartierstools.dokument import Textstueck  # noqa: PLC0415

    gefunden = []

    def sammle(wert):
        if isinstance(wert, Textstueck):
            gefunden.append(wert)
        elif isinstance(wert, tuple):
            for teil in wert:
                sammle(teil)
        elif dc.is_dataclass(wert):
            for feld in dc.fields(wert):
                sammle(getattr(wert, feld.name))

    sammle(dokument.bloecke)
    return gefunden


def test_belegkennungen_im_text_haben_ihren_beleg(fall):
    _, begruendung = fall
    bekannt = {b.kennung for b in begruendung.belege}
    benutzt = {k for stueck in _stuecke(begruendung.dokument) for k in stueck.belege}
    assert benutzt == bekannt


def test_verweise_und_quellen_gehoeren_zusammen(fall):
    zeilen = texte(fall[1].dokument)
    quellen = next(z for z in zeilen if z.startswith("Quellen "))
    nummern = [int(n) for n in re.findall(r"\[(\d+)\]", quellen)]
    assert nummern == list(range(1, len(nummern) + 1))
    rest = "\n".join(z for z in zeilen if z is not quellen)
    assert {int(n) for n in re.findall(r"\[(\d+)\]", rest)} == set(nummern)


def test_offene_felder_werden_gezaehlt_wie_sie_dastehen(fall):
    _, begruendung = fall
    text = "\n".join(texte(begruendung.dokument))
    assert begruendung.offene_felder == text.count("[offen")
    assert f"Offene Felder: {begruendung.offene_felder}." in text


def test_stempel_folgt_allein_aus_den_daten(fall):
    auswertung, begruendung = fall
    synthetisch = auswertung.projekt.synthetisch
    assert begruendung.dokument.stempel == ((MUSTER,) if synthetisch else (ENTWURF,))
    assert bool(begruendung.dokument.wasserzeichen) is synthetisch
    assert begruendung.dokument.gattung == (
        "Muster einer Begründung" if synthetisch else "Begründung"
    )
    intern = dataclasses.replace(auswertung.freigabe, fassung="intern")
    assert stempel(intern) == (*begruendung.dokument.stempel, INTERN)


def test_amtliche_daten_brauchen_keinen_entwurf(auswertungen):
    """Nur wenn jede Quelle amtlich und jeder Stichtag belegt ist, fällt er weg."""
    freigabe = auswertungen["bochum"].freigabe
    amtlich = {
        k: q.model_copy(update={"herkunft": "amtlich geliefert"})
        for k, q in freigabe.katalog.quellen.items()
    }
    katalog = dataclasses.replace(freigabe.katalog, quellen=amtlich)
    belegt = freigabe.werte.assign(stichtag_belegt="ja")
    sauber = dataclasses.replace(freigabe, katalog=katalog, werte=belegt)
    assert stempel(sauber) == ()
    fast = belegt.copy()
    fast.loc[fast.index[0], "stichtag_belegt"] = "nein"
    assert stempel(dataclasses.replace(sauber, werte=fast)) == (ENTWURF,)


@pytest.fixture(scope="module")
def bochum_kopie(tmp_path_factory):
    """Auswertung einer Kopie von Bochum, deren Dateien ein Test ändert."""

    def lies(aendere):
        ziel = tmp_path_factory.mktemp("kopie") / "bochum"
        shutil.copytree(WURZEL / "daten" / "bochum", ziel)
        aendere(ziel)
        ordner = Projektordner(ziel)
        return Auswertung.aus_freigabe(
            gib_frei(lies_datenstand(ordner)), ordner=ordner, einstellung=Einstellung()
        )

    return lies


def _mische(schritt):
    """Ordnet die Zeilen jeder CSV-Datei um; der Kopf bleibt."""

    def aendere(ordner):
        for datei in [*ordner.glob("bestand/*.csv"), *ordner.glob("*.csv")]:
            kopf, *zeilen = datei.read_text(encoding="utf-8").splitlines()
            folge = sorted(range(len(zeilen)), key=lambda n: (n * schritt) % 1009)
            datei.write_text(
                "\n".join([kopf, *(zeilen[n] for n in folge)]) + "\n", encoding="utf-8"
            )

    return aendere


def _alles(auswertung):
    kennung = WATTENSCHEID
    schrift, _ = bericht(auswertung, "langzeitarbeitslose")
    return [
        *texte(begruende(auswertung, kennung).dokument),
        *texte(schrift),
    ]


@pytest.mark.parametrize("schritt", [1008, 37])
def test_reihenfolge_der_zeilen_ist_egal(bochum_kopie, auswertungen, schritt):
    gemischt = bochum_kopie(_mische(schritt))
    assert _alles(gemischt) == _alles(auswertungen["bochum"])


def _tausche(datei, aendere):
    zeilen = datei.read_text(encoding="utf-8").splitlines()
    datei.write_text("\n".join(map(aendere, zeilen)) + "\n", encoding="utf-8")


def test_doppelte_anteile_aendern_keine_einstufung(bochum_kopie, auswertungen):
    def verdopple(zeile):
        felder = zeile.split(";")
        if felder[2] == "B01":
            doppelt = float(felder[4].replace(",", ".")) * 2
            felder[4] = f"{doppelt:.1f}".replace(".", ",")
        return ";".join(felder)

    datei = "bestand/sozialbericht_2024.csv"
    doppelt = bochum_kopie(lambda o: _tausche(o / datei, verdopple))
    eins = auswertungen["bochum"].bedarf("langzeitarbeitslose").tafel
    zwei = doppelt.bedarf("langzeitarbeitslose").tafel
    assert list(eins["wort"].dropna()) == list(zwei["wort"].dropna())
    assert eins["index"].round(6).equals(zwei["index"].round(6))


def test_umgekehrte_richtung_vertauscht_die_worte(bochum_kopie, auswertungen):
    """Wäre ein niedriger Anteil Bedarf, sagte der Text „niedrigster“ und „unter“."""

    def kehre_um(ordner):
        katalog = ordner / "katalog" / "indikatoren.yaml"
        alt = katalog.read_text(encoding="utf-8") if katalog.is_file() else ""
        katalog.write_text(
            f"{alt}\nB01: {{bezeichnung: Arbeitslosenanteil, zaehler: z, nenner: n, "
            "richtung: niedrig, dimension: arbeitslosigkeit, lieferant: l}\n",
            encoding="utf-8",
        )

    hoch, niedrig = auswertungen["bochum"], bochum_kopie(kehre_um)
    kennung = WATTENSCHEID
    vorher = "\n".join(texte(begruende(hoch, kennung).dokument))
    nachher = "\n".join(texte(begruende(niedrig, kennung).dokument))
    assert "niedrigster Wert (Stiepel)" in vorher
    assert "niedrigster Wert (" not in nachher
    assert "deutlich über dem Mittel der 24" in vorher
    assert "unter dem Mittel der 24" in nachher
    assert "Nächstes Gebiet: Stiepel" in glatt(nachher)


def test_fehlendes_wird_nirgends_null(auswertungen):
    """Die sechs Bezirke ohne Wert stehen als „liegt nicht vor“ da, nie als 0,0."""
    auswertung = auswertungen["bochum"]
    kennung = WATTENSCHEID
    text = "\n".join(texte(begruende(auswertung, kennung).dokument))
    assert not re.search(r"(?<![\d,.])0,0", text)
    assert text.count("liegt nicht vor") >= 2
    werte = auswertung.freigabe.tabelle(["B01"])["B01"]
    assert int(werte.isna().sum()) == 6


def test_gedruckter_median_ist_der_der_vorliegenden_werte(auswertungen):
    """Von Hand: die 24 Anteile sortiert, das Mittel des 12. und 13. ist 6,5 Prozent."""
    datei = WURZEL / "daten" / "bochum" / "bestand" / "sozialbericht_2024.csv"
    with datei.open(encoding="utf-8") as strom:
        werte = sorted(
            float(z["wert"].replace(",", "."))
            for z in csv.DictReader(strom, delimiter=";")
            if z["indikator"] == "B01" and z["ebene"] == "gebiet"
        )
    assert len(werte) == 24
    mitte = (werte[11] + werte[12]) / 2
    assert str(gerundet(mitte, 1)) == "6.5"
    auswertung = auswertungen["bochum"]
    begruendung = begruende(auswertung, WATTENSCHEID)
    assert "6,5\xa0Prozent" in {b.text for b in begruendung.belege}
    assert druckstellen(auswertung.katalog.indikatoren["B01"]) == 3


def test_zahlen_der_aussagen_sind_gefunden_worden(fall):
    """Jede Zahl in einem Satz mit Quelle ist ein Beleg der Art „aussage“."""
    _, begruendung = fall
    v = begruendung.vorhaben
    belegt = {(b.was, b.text) for b in begruendung.belege if b.art == "aussage"}
    saetze = [
        a
        for a in (
            *(*v.anlass, *v.ausgangslage, *v.rahmen, *v.dagegen, *v.alternativen),
            *v.dafuer[:1],
        )
        if a.quelle
    ]
    soll = {(a.text, zahl) for a in saetze for zahl in ZAHL_IM_TEXT.findall(a.text)}
    # Die Kürze zitiert vom stärksten Gegenargument nur den ersten Satz.
    erste = {erster_satz(a.text) for a in v.dagegen[:1]}
    kurz = {(text, zahl) for text in erste for zahl in ZAHL_IM_TEXT.findall(text)}
    assert soll | kurz == belegt
