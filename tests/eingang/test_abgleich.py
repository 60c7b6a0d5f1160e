"""Abgleich mit dem Bericht: im Seitenbild des Sozialberichts, am echten Bochum."""

import csv
import io
import shutil
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from quartierstools.eingang import lies_datenstand
from quartierstools.eingang.abgleich import Abgleich, abgleich
from quartierstools.eingang.abgleichswerte import als_text, stimmt_ueberein
from quartierstools.eingang.uebernahme import nacharbeit, saetze, uebernimm
from quartierstools.fehler import Aufruffehler, Datenfehler, Katalogfehler
from quartierstools.geheimhaltung import gib_frei
from quartierstools.katalog import Projektordner

BOCHUM = Path(__file__).parents[2] / "daten" / "bochum"
BESTAND = "bestand/sozialbericht_2024.csv"
FEHLENDE = {"11", "17", "26", "38", "39", "49"}
TITEL = {
    "K06": "Ausländische Bevölkerung",
    "K12": "Alt-Jung-Quotient",
    "B01": "Arbeitslose",
    "K08": "Haushalte mit Kindern",
    "J09": "Gymnasialempfehlungen",
}
STADTWERT = {"K06": "17,0", "K12": "190", "B01": "6,4", "K08": "19,0", "J09": "44,0"}


@dataclass
class Seite:
    """Eine Tabellenseite: Überschrift, Zeilen (Name, Wert), Fußnote."""

    titel: str
    zeilen: list[tuple[str, str]]
    fuss: str = "Quelle: Statistikstelle (nachgestellt)."
    koepfe: tuple[str, ...] = ("Anteil",)
    mehr: dict[str, str] = field(default_factory=dict)


def pdf(datei: Path, seiten: list[Seite]) -> Path:
    """Setzt Tabellenseiten: eine Zeile je Gebiet, Spalten durch Abstand getrennt."""
    teile = ['#set page(paper: "a4", margin: 2cm)\n#set text(lang: "de", size: 9pt)']
    teile.append("= Sozialbericht\nVorwort ohne Tabelle.")
    for seite in seiten:
        spalten = ", ".join(["7cm", *["3cm"] * len(seite.koepfe)])
        rechts = ", ".join(["left", *["right"] * len(seite.koepfe)])
        zellen = ["Gebiet", *seite.koepfe]
        for name, wert in seite.zeilen:
            zellen += [name, *([seite.mehr[name]] if seite.mehr else []), wert]
        felder = ", ".join(f'"{zelle}"' for zelle in zellen)
        teile.append(
            f"#pagebreak()\n= {seite.titel}\n#table(columns: ({spalten}), stroke: none,"
            f" inset: 2.5pt, align: ({rechts}), {felder})\n{seite.fuss}"
        )
    datei.write_bytes(typst.compile("\n".join(teile).encode(), format="pdf"))
    return datei


@pytest.fixture
def ordner(tmp_path) -> Projektordner:
    """Das echte Projekt Bochum als Kopie."""
    ziel = tmp_path / "bochum"
    shutil.copytree(BOCHUM, ziel)
    return Projektordner(ziel)


@pytest.fixture
def seiten(bochum) -> dict[str, Seite]:
    """Ein Bericht, der die abgelesenen Werte bestätigt und die Lücken füllt."""
    with (BOCHUM / BESTAND).open(encoding="utf-8", newline="") as datei:
        alt = {
            (z["gebiet"], z["indikator"]): z["wert"]
            for z in csv.DictReader(datei, delimiter=";")
        }
    bericht = {}
    for kennung, titel in TITEL.items():
        sonst = STADTWERT[kennung]
        zeilen = [
            (name, alt.get((schluessel, kennung), sonst))
            for schluessel, name in bochum.gebiete["name"].items()
        ]
        zeilen += [(f"Stadtbezirk {n}", sonst) for n in bochum.bezirke["name"]]
        zeilen.append(("Bochum insgesamt", sonst))
        bericht[kennung] = Seite(f"{titel} am 31.12.2023", zeilen)
    return bericht


def ohne(seite: Seite, *namen: str) -> Seite:
    return replace(seite, zeilen=[z for z in seite.zeilen if z[0] not in namen])


def mit(seite: Seite, name: str, wert: str) -> Seite:
    zeilen = [(n, wert if n == name else w) for n, w in seite.zeilen]
    return replace(seite, zeilen=zeilen)


def urteile(ergebnis: Abgleich, indikator: str) -> dict[str, str]:
    return {w.gebiet: w.urteil for w in ergebnis.werte if w.indikator == indikator}


def zeilen_von(ordner: Projektordner) -> list[dict[str, str]]:
    text = (ordner.wurzel / BESTAND).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def inhalte(ordner: Projektordner) -> dict[str, bytes]:
    return {
        ordner.name_von(p): p.read_bytes()
        for p in sorted(ordner.wurzel.rglob("*"))
        if p.is_file()
    }


# --- Vergleichen -----------------------------------------------------------------


def test_richtiger_bericht_bestaetigt_alles_und_fuellt_die_luecken(ordner, seiten):
    datei = pdf(ordner.wurzel.parent / "bericht.pdf", list(seiten.values()))
    vorher = inhalte(ordner)
    ergebnis = abgleich(datei, ordner)
    assert ergebnis.befunde == ()
    assert len(ergebnis.werte) == 5 * (30 + 6 + 1)
    for kennung in TITEL:
        gefunden = urteile(ergebnis, kennung)
        neu = {gebiet for gebiet, urteil in gefunden.items() if urteil == "neu"}
        assert neu == FEHLENDE | {"1", "2", "3", "4", "5", "6", "stadt"}
        assert set(gefunden.values()) == {"bestätigt", "neu"}
    assert {w.stichtag for w in ergebnis.werte} == {"2023-12-31"}
    assert {w.stichtag_belegt for w in ergebnis.werte} == {"ja"}
    assert ergebnis.satz == "185 Werte: 120 bestätigt und 65 neu."
    assert inhalte(ordner) == vorher, "der Abgleich selbst schreibt nichts"


def test_reihenfolge_der_seiten_und_zeilen_ist_egal(ordner, seiten):
    gerade = abgleich(pdf(ordner.wurzel.parent / "a.pdf", [*seiten.values()]), ordner)
    umgekehrt = [
        replace(s, zeilen=s.zeilen[::-1]) for s in reversed(list(seiten.values()))
    ]
    gedreht = abgleich(pdf(ordner.wurzel.parent / "b.pdf", umgekehrt), ordner)

    def kern(ergebnis):
        return [(w.gebiet, w.indikator, w.wert, w.urteil) for w in ergebnis.werte]

    assert kern(gerade) == kern(gedreht)
    assert gerade.werte[0].seite == 4
    assert gedreht.werte[0].seite == 4, "B01 steht in beiden Berichten in der Mitte"


def test_namen_gelten_auch_mit_umlaut_und_stadt_davor(ordner, seiten):
    umbenannt = {
        "Kornharpen/Voede-Abzweig": "Kornharpen / Vöde-Abzweig",
        "Günnigfeld": "Bochum-Guennigfeld",
        "Hamme": "Bochum-Hamme",
        "Stadtbezirk Süd": "Stadtbezirk Bochum-Sued",
    }
    seite = seiten["B01"]
    zeilen = [(umbenannt.get(n, n), w) for n, w in seite.zeilen]
    seiten["B01"] = replace(seite, zeilen=zeilen)
    ergebnis = abgleich(pdf(ordner.wurzel.parent / "a.pdf", [*seiten.values()]), ordner)
    assert ergebnis.befunde == ()
    assert "nicht gefunden" not in urteile(ergebnis, "B01").values()


@pytest.mark.parametrize(
    ("im_bericht", "urteil", "wert"),
    [
        ("4,0", "bestätigt", "4,0"),
        ("4,04", "bestätigt", "4,04"),
        ("4,05", "berichtigt", "4,05"),  # kaufmännisch 4,1
        ("4", "bestätigt", "4"),
        ("5,3", "berichtigt", "5,3"),
        ("4,0 %", "bestätigt", "4,0"),
        (".", "berichtigt", "."),
        ("/", "nicht gefunden", ""),
    ],
)
def test_grumme_wird_auf_der_groeberen_stelle_verglichen(
    ordner, seiten, im_bericht, urteil, wert
):
    # Grumme (10), B01: abgelesen sind 4,0 Prozent.
    seiten["B01"] = mit(seiten["B01"], "Grumme", im_bericht)
    ergebnis = abgleich(pdf(ordner.wurzel.parent / "a.pdf", [seiten["B01"]]), ordner)
    (grumme,) = [w for w in ergebnis.werte if (w.gebiet, w.indikator) == ("10", "B01")]
    assert (grumme.abgelesen, grumme.im_pdf) == ("4,0", im_bericht)
    assert (grumme.urteil, grumme.wert) == (urteil, wert)


def test_fehlende_zeilen_bleiben_luecken(ordner, seiten):
    seiten["B01"] = ohne(seiten["B01"], "Grumme", "Hordel", "Bochum insgesamt")
    ergebnis = abgleich(pdf(ordner.wurzel.parent / "a.pdf", [*seiten.values()]), ordner)
    gefunden = urteile(ergebnis, "B01")
    fehlend = {g for g, u in gefunden.items() if u == "nicht gefunden"}
    assert fehlend == {"10", "17", "stadt"}
    assert ergebnis.in_ordnung
    (hinweis,) = ergebnis.befunde
    assert "28 von 30 Gebieten" in hinweis.was
    assert "Grumme (10) und Hordel (17)" in hinweis.was


def test_vertauschte_seite_faellt_auf_und_wird_nicht_uebernommen(ordner, seiten):
    b01, k08 = seiten["B01"], seiten["K08"]
    seiten["B01"] = replace(b01, zeilen=k08.zeilen)
    seiten["K08"] = replace(k08, zeilen=b01.zeilen)
    ergebnis = abgleich(pdf(ordner.wurzel.parent / "a.pdf", [*seiten.values()]), ordner)
    assert ergebnis.gesperrt == {"B01", "K08"}
    assert "von 24 bisherigen Werten" in str(ergebnis.befunde[0])
    vorher = inhalte(ordner)
    with pytest.raises(Datenfehler, match="nichts übernommen"):
        uebernimm(ergebnis, ordner, herkunft="veröffentlicht")
    assert inhalte(ordner) == vorher
    geaendert = uebernimm(
        ergebnis, ordner, herkunft="veröffentlicht", indikatoren=["K06", "K12", "J09"]
    )
    assert len(geaendert) == 2


def test_gepruefte_seite_gilt_auch_gegen_die_abgelesenen_werte(ordner, seiten):
    seite = seiten["B01"]
    zeilen = [(n, "20,0") for n, _ in seite.zeilen]
    datei = pdf(ordner.wurzel.parent / "a.pdf", [replace(seite, zeilen=zeilen)])
    assert abgleich(datei, ordner).gesperrt == {"B01"}
    angaben = ordner.katalog("abgleich")
    text = angaben.read_text(encoding="utf-8")
    neu = text.replace("B01:\n", "B01:\n  geprueft: ja\n")
    angaben.write_text(neu, encoding="utf-8")
    ergebnis = abgleich(datei, ordner)
    assert ergebnis.in_ordnung
    assert list(urteile(ergebnis, "B01").values()).count("berichtigt") == 24


def test_zu_wenige_gebiete_sind_ein_fehler(ordner, seiten):
    namen = [n for n, _ in seiten["B01"].zeilen[:12]]
    seiten["B01"] = ohne(seiten["B01"], *namen)
    ergebnis = abgleich(pdf(ordner.wurzel.parent / "a.pdf", [*seiten.values()]), ordner)
    assert ergebnis.gesperrt == {"B01"}
    assert "18 von 30 Gebieten" in ergebnis.befunde[0].was


@pytest.mark.parametrize("stelle", [3, 30])
def test_ein_gebiet_zu_viel_ist_ein_fehler(ordner, seiten, stelle):
    zeilen = list(seiten["B01"].zeilen)
    zeilen.insert(stelle, ("Neubochum", "7,7"))
    seiten["B01"] = replace(seiten["B01"], zeilen=zeilen)
    ergebnis = abgleich(pdf(ordner.wurzel.parent / "a.pdf", [*seiten.values()]), ordner)
    assert ergebnis.gesperrt == {"B01"}
    (fehler,) = ergebnis.befunde
    assert "„Neubochum“ gehört zu keinem Gebiet" in fehler.was
    assert "30 Gebiete" in fehler.erwartet


def test_doppelte_zeile_ist_ein_fehler(ordner, seiten):
    zeilen = [*seiten["B01"].zeilen, ("Hamme", "9,9")]
    seiten["B01"] = replace(seiten["B01"], zeilen=zeilen)
    ergebnis = abgleich(pdf(ordner.wurzel.parent / "a.pdf", [*seiten.values()]), ordner)
    assert ergebnis.gesperrt == {"B01"}
    assert "Hamme (16) steht mehrfach" in str(ergebnis.befunde[0])


def test_zwei_seiten_mit_derselben_ueberschrift_sind_ein_fehler(ordner, seiten):
    doppelt = [*seiten.values(), seiten["B01"]]
    ergebnis = abgleich(pdf(ordner.wurzel.parent / "a.pdf", doppelt), ordner)
    assert ergebnis.gesperrt == {"B01"}
    assert "Seiten 4 und 7" in ergebnis.befunde[0].was
    angaben = ordner.katalog("abgleich")
    text = angaben.read_text(encoding="utf-8")
    angaben.write_text(text.replace("B01:\n", "B01:\n  seite: 7\n"), encoding="utf-8")
    eindeutig = abgleich(ordner.wurzel.parent / "a.pdf", ordner)
    assert eindeutig.befunde == ()
    assert {w.seite for w in eindeutig.werte if w.indikator == "B01"} == {7}
    # Eine verwechselte Seitenzahl fällt weiter auf.
    angaben.write_text(text.replace("B01:\n", "B01:\n  seite: 5\n"), encoding="utf-8")
    assert abgleich(ordner.wurzel.parent / "a.pdf", ordner).gesperrt == {"B01"}


def test_fremdes_messkonzept_wird_abgelehnt(ordner, seiten):
    titel = "Arbeitslose: Arbeitslosenquote am 31.12.2023"
    seiten["B01"] = replace(seiten["B01"], titel=titel)
    ergebnis = abgleich(pdf(ordner.wurzel.parent / "a.pdf", [*seiten.values()]), ordner)
    assert ergebnis.gesperrt == {"B01"}
    assert "Erwerbspersonen" in str(ergebnis.befunde[0])


def test_mehrere_spalten_verlangen_eine_festlegung(ordner, seiten):
    seite = seiten["B01"]
    mehr = {name: "1.234" for name, _ in seite.zeilen}
    breit = replace(seite, koepfe=("Anzahl", "Prozent"), mehr=mehr)
    datei = pdf(ordner.wurzel.parent / "a.pdf", [breit])
    ergebnis = abgleich(datei, ordner)
    assert ergebnis.gesperrt == {"B01"}
    assert "„Anzahl“ und „Prozent“" in str(ergebnis.befunde[0])
    angaben = ordner.katalog("abgleich")
    text = angaben.read_text(encoding="utf-8")
    neu = text.replace("B01:\n", "B01:\n  spalte: Prozent\n")
    angaben.write_text(neu, encoding="utf-8")
    assert "berichtigt" not in urteile(abgleich(datei, ordner), "B01").values()


def test_anteile_von_null_bis_eins_werden_umgerechnet(ordner, seiten):
    zeilen = [
        (n, f"{float(w.replace(',', '.')) / 100:.3f}".replace(".", ","))
        for n, w in seiten["B01"].zeilen
    ]
    datei = pdf(ordner.wurzel.parent / "a.pdf", [replace(seiten["B01"], zeilen=zeilen)])
    assert abgleich(datei, ordner).gesperrt == {"B01"}
    angaben = ordner.katalog("abgleich")
    text = angaben.read_text(encoding="utf-8")
    angaben.write_text(text.replace("prozent", "anteil", 1), encoding="utf-8")
    ergebnis = abgleich(datei, ordner)
    assert "berichtigt" not in urteile(ergebnis, "B01").values()
    assert {w.wert for w in ergebnis.werte if w.gebiet == "10"} == {"4,0", ""}


@pytest.mark.parametrize(
    ("titel", "fuss", "stichtag", "belegt"),
    [
        ("Arbeitslose am 30.06.2024", "Quelle.", "2024-06-30", "ja"),
        ("Arbeitslose", "Stand: 31. Dezember 2023.", "2023-12-31", "ja"),
        ("Arbeitslose", "Quelle: Statistikstelle 2024.", "2023-12-31", "nein"),
    ],
)
def test_stichtag_ist_nur_belegt_wenn_ihn_die_seite_nennt(
    ordner, seiten, titel, fuss, stichtag, belegt
):
    seite = replace(seiten["B01"], titel=titel, fuss=fuss)
    ergebnis = abgleich(pdf(ordner.wurzel.parent / "a.pdf", [seite]), ordner)
    b01 = [w for w in ergebnis.werte if w.indikator == "B01"]
    assert {(w.stichtag, w.stichtag_belegt) for w in b01} == {(stichtag, belegt)}


@pytest.mark.parametrize(
    ("inhalt", "meldung"),
    [(b"Gebiet;Wert\nHamme;1\n", "beschädigt"), (b"", "leer"), (None, "fehlt|nicht")],
)
def test_kein_pdf_wird_mit_grund_abgelehnt(ordner, inhalt, meldung):
    datei = ordner.wurzel.parent / "bericht.pdf"
    if inhalt is not None:
        datei.write_bytes(inhalt)
    with pytest.raises(Datenfehler, match=meldung):
        abgleich(datei, ordner)


def test_verschluesseltes_pdf_wird_abgelehnt(ordner, seiten):
    offen = pdf(ordner.wurzel.parent / "offen.pdf", [seiten["B01"]])
    schreiber = pypdf.PdfWriter(clone_from=offen)
    schreiber.encrypt("geheim", algorithm="RC4-128")
    zu = ordner.wurzel.parent / "zu.pdf"
    schreiber.write(zu)
    with pytest.raises(Datenfehler, match="verschlüsselt"):
        abgleich(zu, ordner)


def test_unbekannte_angaben_im_katalog_werden_genannt(ordner, seiten):
    datei = pdf(ordner.wurzel.parent / "a.pdf", [seiten["B01"]])
    angaben = ordner.katalog("abgleich")
    angaben.write_text(
        "B0I: {ueberschrift: [Arbeitslose]}\n"
        "B01: {ueberschrift: [Arbeitslose], einheit: anzahl}\n",
        encoding="utf-8",
    )
    with pytest.raises(Datenfehler) as fehler:
        abgleich(datei, ordner)
    assert "„B0I“ kennt der Katalog nicht" in str(fehler.value)
    assert "„anzahl“ lässt sich nicht in „prozent“ umrechnen" in str(fehler.value)
    angaben.unlink()
    with pytest.raises(Katalogfehler, match=r"abgleich\.yaml fehlt"):
        abgleich(datei, ordner)


# --- Übernehmen ------------------------------------------------------------------


@pytest.fixture
def ergebnis(ordner, seiten) -> Abgleich:
    """Ein Bericht mit einer Berichtigung und zwei fehlenden Zeilen bei B01."""
    seiten["B01"] = mit(seiten["B01"], "Grumme", "4,4")
    seiten["B01"] = ohne(seiten["B01"], "Altenbochum", "Hordel")
    seiten["J09"] = replace(seiten["J09"], titel="Gymnasialempfehlungen")
    datei = pdf(ordner.wurzel.parent / "bericht.pdf", list(seiten.values()))
    return abgleich(datei, ordner)


def test_uebernahme_schreibt_werte_und_quelle_und_sonst_nichts(ordner, ergebnis):
    vorher = inhalte(ordner)
    geaendert = uebernimm(ergebnis, ordner, herkunft="veröffentlicht")
    nachher = inhalte(ordner)
    namen = {ordner.name_von(p) for p in geaendert}
    assert namen == {BESTAND, "katalog/quellen.yaml"}
    assert {n for n in nachher if vorher.get(n) != nachher[n]} == namen
    quellen = nachher["katalog/quellen.yaml"]
    assert quellen.startswith(vorher["katalog/quellen.yaml"])
    zeilen = {(z["gebiet"], z["indikator"]): z for z in zeilen_von(ordner)}
    assert len(zeilen) == 5 * 37 - 1  # Hordel B01 fehlt weiterhin
    grumme = zeilen["10", "B01"]
    assert (grumme["wert"], grumme["quelle"]) == ("4,4", "sozialbericht_2024_bericht")
    assert (grumme["stichtag_belegt"], grumme["guete"]) == ("ja", "A")
    assert grumme["hinweis"] == "berichtigt, vorher 4,0; PDF-S. 4"
    assert zeilen["stadt", "B01"]["ebene"] == "stadt"
    assert zeilen["1", "K08"]["ebene"] == "stadtbezirk"
    assert ("17", "B01") not in zeilen
    eintrag = lies_datenstand(ordner).katalog.quellen["sozialbericht_2024_bericht"]
    assert eintrag.zitat == "Stadt Bochum, Sozialbericht 2024"
    assert eintrag.herkunft == "veröffentlicht"
    assert eintrag.fundstellen["B01"] == "PDF-S. 4"


def test_nicht_gefundene_zeilen_behalten_ihre_bytes(ordner, ergebnis):
    vorher = (ordner.wurzel / BESTAND).read_bytes().splitlines(keepends=True)
    uebernimm(ergebnis, ordner, herkunft="veröffentlicht")
    nachher = (ordner.wurzel / BESTAND).read_bytes().splitlines(keepends=True)
    gleich = [a for a, b in zip(vorher, nachher, strict=False) if a == b]
    assert gleich[0] == vorher[0]
    assert [z for z in gleich if z.startswith(b"gebiet;13;B01")] == gleich[1:]
    assert len(gleich) == 2


@pytest.mark.parametrize(("umbruch", "marke"), [("\r\n", ""), ("\n", "\ufeff")])
def test_zeilenenden_und_marke_bleiben(ordner, seiten, umbruch, marke):
    datei = ordner.wurzel / BESTAND
    text = marke + datei.read_text(encoding="utf-8").replace("\n", umbruch)
    datei.write_bytes(text.encode())
    ziel = pdf(ordner.wurzel.parent / "a.pdf", list(seiten.values()))
    uebernimm(abgleich(ziel, ordner), ordner, herkunft="veröffentlicht")
    roh = datei.read_bytes().decode()
    assert roh.startswith(f"{marke}ebene;")
    assert roh.count("\n") == roh.count(umbruch)
    assert len(lies_datenstand(ordner).werte) == 5 * 37


def test_zweite_uebernahme_aendert_nichts(ordner, seiten):
    datei = pdf(ordner.wurzel.parent / "a.pdf", list(seiten.values()))
    uebernimm(abgleich(datei, ordner), ordner, herkunft="veröffentlicht")
    nachher = inhalte(ordner)
    wieder = abgleich(datei, ordner)
    assert {w.urteil for w in wieder.werte} == {"bestätigt"}
    assert uebernimm(wieder, ordner, herkunft="veröffentlicht") == []
    assert inhalte(ordner) == nachher


def test_nach_und_nach_uebernehmen_ergibt_dasselbe(ordner, seiten, tmp_path):
    datei = pdf(tmp_path / "a.pdf", list(seiten.values()))
    zweiter = Projektordner(tmp_path / "zwei" / "bochum")
    shutil.copytree(ordner.wurzel, zweiter.wurzel)
    uebernimm(abgleich(datei, ordner), ordner, herkunft="veröffentlicht")
    for kennung in TITEL:
        uebernimm(
            abgleich(datei, zweiter),
            zweiter,
            herkunft="veröffentlicht",
            indikatoren=[kennung],
        )
    alle, einzeln = (lies_datenstand(o) for o in (ordner, zweiter))
    spalten = ["ebene", "gebiet", "indikator", "wert", "quelle", "stichtag_belegt"]
    assert alle.werte[spalten].equals(einzeln.werte[spalten])
    kennung = "sozialbericht_2024_bericht"
    a, b = (s.katalog.quellen[kennung].fundstellen for s in (alle, einzeln))
    assert dict(a) == dict(b)


def test_stempel_faellt_wert_fuer_wert_und_nur_amtlich_mit_stichtag(ordner, ergebnis):
    uebernimm(ergebnis, ordner, herkunft="veröffentlicht")
    assert not gib_frei(lies_datenstand(ordner)).zelle("10", "B01").amtlich
    datei = ordner.wurzel.parent / "bericht.pdf"
    wieder = abgleich(datei, ordner)
    uebernimm(wieder, ordner, herkunft="amtlich geliefert")
    freigabe = gib_frei(lies_datenstand(ordner))
    assert freigabe.zelle("10", "B01").amtlich
    assert freigabe.zelle("stadt", "B01", ebene="stadt").amtlich
    assert not freigabe.zelle("13", "B01").amtlich, "nicht gefunden: noch abgelesen"
    assert not freigabe.zelle("10", "J09").amtlich, "die Seite nennt keinen Stichtag"
    assert not freigabe.amtlich


def test_vollstaendig_amtlich_hebt_den_stempel(ordner, seiten):
    datei = pdf(ordner.wurzel.parent / "a.pdf", list(seiten.values()))
    assert not gib_frei(lies_datenstand(ordner)).amtlich
    uebernimm(abgleich(datei, ordner), ordner, herkunft="amtlich geliefert")
    assert gib_frei(lies_datenstand(ordner)).amtlich


def test_werte_aus_anderer_quelle_werden_nie_ueberschrieben(ordner, seiten):
    quellen = ordner.katalog("quellen")
    text = quellen.read_text(encoding="utf-8")
    quellen.write_text(
        text + "akg:\n  herausgeber: BA\n  titel: AkG\n  zitat: BA, AkG\n"
        "  herkunft: amtlich geliefert\n",
        encoding="utf-8",
    )
    bestand = ordner.wurzel / BESTAND
    alt = bestand.read_text(encoding="utf-8")
    neu = alt.replace(
        "gebiet;10;B01;2023-12-31;4,0;;;sozialbericht_2024;nein;A;",
        "gebiet;10;B01;2023-12-31;;41;1000;akg;ja;A;",
    )
    assert neu != alt
    bestand.write_text(neu, encoding="utf-8")
    datei = pdf(ordner.wurzel.parent / "a.pdf", list(seiten.values()))
    ergebnis = abgleich(datei, ordner)
    (hinweis,) = ergebnis.befunde
    assert "Grumme (10)" in hinweis.was
    uebernimm(ergebnis, ordner, herkunft="veröffentlicht")
    assert "gebiet;10;B01;2023-12-31;;41;1000;akg;ja;A;\n" in bestand.read_text(
        encoding="utf-8"
    )


def test_geaenderter_bestand_verlangt_einen_neuen_abgleich(ordner, ergebnis):
    bestand = ordner.wurzel / BESTAND
    text = bestand.read_text(encoding="utf-8")
    zeile = "gebiet;10;B01;2023-12-31;4,0"
    bestand.write_text(text.replace(zeile, f"{zeile[:-3]}9,9"), encoding="utf-8")
    vorher = inhalte(ordner)
    with pytest.raises(Datenfehler, match="seit dem Abgleich geändert"):
        uebernimm(ergebnis, ordner, herkunft="veröffentlicht")
    assert inhalte(ordner) == vorher


def test_was_nicht_lesbar_waere_wird_nicht_geschrieben(ordner, seiten):
    seiten["B01"] = mit(seiten["B01"], "Hordel", "123,4")
    datei = pdf(ordner.wurzel.parent / "a.pdf", list(seiten.values()))
    vorher = inhalte(ordner)
    with pytest.raises(Datenfehler, match=r"123\.4 Prozent"):
        uebernimm(abgleich(datei, ordner), ordner, herkunft="veröffentlicht")
    assert inhalte(ordner) == vorher


@pytest.mark.parametrize(
    ("felder", "meldung"),
    [
        ({"herkunft": "abgelesen"}, "Herkunft „abgelesen“"),
        ({"herkunft": "veröffentlicht", "quelle": "../x"}, "ist keine Kennung"),
        ({"herkunft": "veröffentlicht", "indikatoren": ["A01"]}, "enthält A01 nicht"),
    ],
)
def test_falscher_aufruf_wird_erklaert(ordner, ergebnis, felder, meldung):
    with pytest.raises(Aufruffehler, match=meldung):
        uebernimm(ergebnis, ordner, **felder)


def test_vorhandene_quelle_anderer_herkunft_bleibt(ordner, ergebnis):
    with pytest.raises(Datenfehler, match="mit der Herkunft „abgelesen“"):
        uebernimm(
            ergebnis, ordner, herkunft="veröffentlicht", quelle="sozialbericht_2024"
        )


def test_nacharbeit_nennt_saetze_die_nicht_mehr_stimmen(ordner, seiten):
    datei = pdf(ordner.wurzel.parent / "a.pdf", list(seiten.values()))
    uebernimm(abgleich(datei, ordner), ordner, herkunft="amtlich geliefert")
    saetze_zur_pruefung = nacharbeit(ordner)
    assert any("Diagrammen abgelesen" in satz for satz in saetze_zur_pruefung)
    assert any(satz.startswith("HERKUNFT.md") for satz in saetze_zur_pruefung)
    (ordner.wurzel / "HERKUNFT.md").unlink()
    assert len(nacharbeit(ordner)) == len(saetze_zur_pruefung) - 1


# --- Eigenschaften ---------------------------------------------------------------


@given(
    st.lists(st.lists(st.text(alphabet='a;"\n\r\x0b\u2028 ', max_size=6), max_size=4))
)
def test_saetze_ergeben_wieder_die_datei(zeilen):
    puffer = io.StringIO(newline="")
    csv.writer(puffer, delimiter=";", lineterminator="\n").writerows(zeilen)
    text = puffer.getvalue()
    assert "".join(s.text for s in saetze(text)) == text
    gelesen = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert len(saetze(text)) == len(gelesen)


@given(
    st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 3), st.integers(0, 3)
)
def test_vergleich_ist_seitenverkehrt_derselbe(a, b, stellen_a, stellen_b):
    links, rechts = Decimal(a).scaleb(-stellen_a), Decimal(b).scaleb(-stellen_b)
    assert stimmt_ueberein(links, rechts) == stimmt_ueberein(rechts, links)
    assert stimmt_ueberein(links, links)
    assert Decimal(als_text(links).replace(",", ".")) == links
