"""Dieselben Zahlen in jedem Format: Kommt immer dasselbe heraus?"""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typst
import xlsxwriter
from lieferungsbau import KOPF, ZEILEN, flaechen, schreibe_mappe

from quartierstools.eingang.leser.sozialbericht import (
    lies_berichtsseiten,
    lies_sozialbericht,
)
from quartierstools.eingang.lieferung import deute_lieferung, lies_lieferung
from quartierstools.eingang.zuordnung import (
    Zuordnung,
    finde_zuordnungen,
    zuordnung_text,
)

FALLZAHLEN = [
    {"spalte": "Arbeitslose", "indikator": "B01", "rolle": "zaehler"},
    {"spalte": "Bevölkerung", "indikator": "B01", "rolle": "nenner"},
]


def zuordnung(**weitere) -> Zuordnung:
    felder = {
        "id": "alo",
        "datei": "alo_*",
        "schluessel": "Nr",
        "name": "Bezirk",
        "quelle": "statistik",
        "stichtag": "2024-12-31",
        "spalten": FALLZAHLEN,
    }
    return Zuordnung.model_validate(felder | weitere)


def lies(datei, ort, **weitere) -> pd.DataFrame:
    return lies_lieferung(
        datei,
        zuordnung(**weitere),
        katalog=ort.katalog,
        verzeichnis=ort.verzeichnis,
    )


def verlange_zahlen(werte):
    assert werte["gebiet"].tolist() == ["010", "011", "020", "021"]
    assert werte["zaehler"].tolist() == [40, 55, 63, 12]
    assert werte["nenner"].tolist() == [1000, 1100, 900, 600]
    assert werte["wert"].tolist() == [0.04, 0.05, 0.07, 0.02]
    assert set(werte["wertart"]) == {"Zahl"}
    assert set(werte["stichtag"]) == {"2024-12-31"}


def als_text(trenner=";", ende="\n") -> str:
    zeilen = [KOPF, *ZEILEN]
    return "".join(trenner.join(map(str, z)) + ende for z in zeilen)


@pytest.mark.parametrize("trenner", [";", ",", "\t", "|"], ids=repr)
@pytest.mark.parametrize(
    "kodierung", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"]
)
@pytest.mark.parametrize("ende", ["\n", "\r\n"], ids=repr)
def test_csv_in_jeder_schreibweise(tmp_path, kleinstadt, trenner, kodierung, ende):
    datei = tmp_path / "alo_2024.csv"
    datei.write_bytes(als_text(trenner, ende).encode(kodierung))
    verlange_zahlen(lies(datei, kleinstadt))


def test_csv_mit_titel_gruppenkopf_tausenderpunkt_und_fussnoten(tmp_path, kleinstadt):
    datei = tmp_path / "alo_2024.csv"
    text = (
        "Arbeitslose nach Bezirken, Stand: 31.12.2024;;;\n\n"
        ";;Arbeitslose;;Bevölkerung\n"
        "Nr;Bezirk;insg.;Frauen;15 bis 64\n"
        "1;2;3;4;5\n"
        '010;"Vöde";40;.;1.000\n'
        "011;Großer Weg;55;-;1.100\n"
        "020;Am Ring;63;/;900\n"
        "021;Hamme/Nord;12;x;600\n\n"
        ". = Zahlenwert gesperrt;;;;\n"
        "Quelle: Statistikstelle;;;;\n"
    )
    datei.write_text(text, encoding="utf-8")
    spalten = [
        {"spalte": "Arbeitslose | insg.", "indikator": "B01", "rolle": "zaehler"},
        {"spalte": "Bevölkerung | 15 bis 64", "indikator": "B01", "rolle": "nenner"},
    ]
    uebergehen = ["Arbeitslose | Frauen"]
    verlange_zahlen(lies(datei, kleinstadt, spalten=spalten, uebergehen=uebergehen))


@pytest.mark.parametrize(
    ("texte", "einheit", "dezimal"),
    [
        (["4,0", "5,0", "7,0", "2,0"], "prozent", None),
        (["4.0", "5.0", "7.0", "2.0"], "prozent", None),
        (["4,0 %", "5,0 %", "7,0 %", "2,0 %"], "prozent", None),
        (["40 ‰", "50 ‰", "70 ‰", "20 ‰"], "promille", None),
        (["0,04", "0,05", "0,07", "0,02"], "anteil", None),
        (["4.000", "5.000", "7.000", "2.000"], "prozent", "Punkt"),
    ],
    ids=["Komma", "Punkt", "Prozentzeichen", "Promille", "Anteil", "drei Stellen"],
)
def test_anteile_in_jeder_schreibweise(tmp_path, kleinstadt, texte, einheit, dezimal):
    datei = tmp_path / "alo_2024.csv"
    zeilen = [f"{z[0]};{t}\n" for z, t in zip(ZEILEN, texte, strict=True)]
    datei.write_text("Nr;Anteil\n" + "".join(zeilen), encoding="utf-8")
    spalten = [{"spalte": "Anteil", "indikator": "B01", "einheit": einheit}]
    werte = lies(datei, kleinstadt, name="", spalten=spalten, dezimal=dezimal)
    assert werte["wert"].tolist() == [0.04, 0.05, 0.07, 0.02]


def test_vier_zustaende_ueberleben(tmp_path, kleinstadt):
    datei = tmp_path / "alo_2024.csv"
    datei.write_text("Nr;Anteil\n010;-\n011;.\n020;...\n021;x\n", encoding="utf-8")
    spalten = [{"spalte": "Anteil", "indikator": "B01"}]
    werte = lies(datei, kleinstadt, name="", spalten=spalten)
    arten = ["Zahl", "gesperrt", "fehlt", "nicht sinnvoll"]
    assert werte["wertart"].tolist() == arten
    assert werte["wert"].tolist()[0] == 0.0
    assert werte["wert"].isna().tolist() == [False, True, True, True]


def test_eigene_zeichen_und_klammern_einer_lieferung(tmp_path, kleinstadt):
    datei = tmp_path / "alo_2024.csv"
    datei.write_text("Nr;Anteil\n010;<10\n011;(5,5)\n020;–\n021;k. A.\n", "utf-8")
    werte = lies(
        datei,
        kleinstadt,
        name="",
        spalten=[{"spalte": "Anteil", "indikator": "B01"}],
        zeichen={"<10": "gesperrt", "k. A.": "fehlt"},
        klammern="zahl",
    )
    assert werte["wertart"].tolist() == ["gesperrt", "Zahl", "Zahl", "fehlt"]
    assert werte["wert"].tolist()[1:3] == [0.055, 0.0]


def test_lange_tabelle(tmp_path, kleinstadt):
    zeilen = ["Nr;Merkmal;Tag;Wert\n"]
    for nr, _, oben, unten in reversed(ZEILEN):
        zeilen.append(f"{nr};Alo;31.12.2024;{oben}\n")
        zeilen.append(f"{nr};Bev;31.12.2024;{unten}\n")
    datei = tmp_path / "alo_2024.csv"
    datei.write_text("".join(zeilen), encoding="utf-8")
    spalten = [
        {"spalte": "Alo", "indikator": "B01", "rolle": "zaehler"},
        {"spalte": "Bev", "indikator": "B01", "rolle": "nenner"},
    ]
    lang = {"form": "lang", "indikator_spalte": "Merkmal", "wert_spalte": "Wert"}
    werte = lies(
        datei,
        kleinstadt,
        name="",
        spalten=spalten,
        stichtag=None,
        stichtag_spalte="Tag",
        **lang,
    )
    verlange_zahlen(werte)


def test_mehrere_jahre_in_spalten(tmp_path, kleinstadt):
    datei = tmp_path / "alo_2024.csv"
    zeilen = [f"{z[0]};{z[2] / 10};{z[2] / 10 + 1}\n" for z in ZEILEN]
    datei.write_text("Nr;2023;2024\n" + "".join(zeilen), encoding="utf-8")
    spalten = [
        {"spalte": j, "indikator": "B01", "stichtag": f"{j}-12-31"}
        for j in ("2023", "2024")
    ]
    werte = lies(datei, kleinstadt, name="", stichtag=None, spalten=spalten)
    erste = werte[werte["gebiet"] == "010"]
    assert dict(zip(erste["stichtag"], erste["wert"], strict=True)) == {
        "2023-12-31": 0.04,
        "2024-12-31": 0.05,
    }


def test_excel_mit_verbundenem_kopf_titel_und_fussnoten(tmp_path, kleinstadt):
    datei = tmp_path / "alo_2024.xlsx"
    with xlsxwriter.Workbook(datei) as mappe:
        blatt = mappe.add_worksheet("Tabelle 1")
        mappe.add_worksheet("Erläuterungen").write(0, 0, "Nur Text")
        blatt.merge_range("A1:E1", "Arbeitslose am 31.12.2024")
        blatt.merge_range("A3:A4", "Nr")
        blatt.merge_range("B3:B4", "Bezirk")
        blatt.merge_range("C3:D3", "Arbeitslose")
        blatt.write_row("C4", ["insgesamt", "Frauen"])
        blatt.merge_range("E3:E4", "Bevölkerung")
        for r, (nr, name, oben, unten) in enumerate(ZEILEN, start=4):
            blatt.write_row(r, 0, [nr, name, oben, ".", unten])
        blatt.write(9, 0, "Quelle: Statistikstelle Kleinstadt")
    spalten = [
        {"spalte": "Arbeitslose | insgesamt", "indikator": "B01", "rolle": "zaehler"},
        {"spalte": "Bevölkerung", "indikator": "B01", "rolle": "nenner"},
    ]
    werte = lies(datei, kleinstadt, spalten=spalten)
    verlange_zahlen(werte)
    assert werte["zeile"].tolist() == [5, 6, 7, 8]


def test_excel_blatt_und_aufgefuellte_schluessel(tmp_path, kleinstadt):
    zahlen = [[int(z[0]), *z[1:]] for z in ZEILEN]
    blaetter = {"2023": [KOPF, *ZEILEN], "2024": [KOPF, *zahlen]}
    datei = schreibe_mappe(tmp_path / "alo_2024.xlsx", blaetter)
    lieferung = deute_lieferung(
        datei,
        zuordnung(blatt="2024", schluessel_auffuellen=True),
        katalog=kleinstadt.katalog,
        verzeichnis=kleinstadt.verzeichnis,
    )
    verlange_zahlen(lieferung.werte.astype({"gebiet": object}).sort_values("gebiet"))
    assert any("Führende Nullen wurden" in b.was for b in lieferung.befunde)


def test_excel_prozentformat_gilt_wie_angezeigt(tmp_path, kleinstadt):
    zeilen = [["Nr", "Anteil"], *([z[0], z[2] / 1000] for z in ZEILEN)]
    datei = tmp_path / "alo_2024.xlsx"
    schreibe_mappe(datei, {"A": zeilen}, Anteil="0.0%")
    spalten = [{"spalte": "Anteil", "indikator": "B01"}]
    werte = lies(datei, kleinstadt, name="", spalten=spalten)
    assert werte["wert"].tolist() == [0.04, 0.055, 0.063, 0.012]


def test_parquet(tmp_path, kleinstadt):
    spalten = dict(zip(KOPF, map(list, zip(*ZEILEN, strict=True)), strict=True))
    datei = tmp_path / "alo_2024.parquet"
    pq.write_table(pa.table(spalten), datei)
    verlange_zahlen(lies(datei, kleinstadt))


@pytest.mark.parametrize(
    ("endung", "treiber"),
    [
        ("geojson", "GeoJSON"),
        ("gpkg", "GPKG"),
        ("shp", "ESRI Shapefile"),
        ("gml", "GML"),
    ],
)
@pytest.mark.parametrize("epsg", [4326, 25832])
def test_flaechen_in_jedem_format(tmp_path, kleinstadt, endung, treiber, epsg):
    if (endung, epsg) == ("geojson", 25832):
        pytest.skip("GeoJSON ist immer in Länge und Breite.")
    datei = tmp_path / f"alo_2024.{endung}"
    rahmen = flaechen().rename(columns={"arbeitslose": "alo", "bevoelkerung": "bev"})
    rahmen.to_crs(epsg).to_file(datei, driver=treiber, encoding="UTF-8")
    vorher = {p.name for p in tmp_path.iterdir()}
    spalten = [
        {"spalte": "alo", "indikator": "B01", "rolle": "zaehler"},
        {"spalte": "bev", "indikator": "B01", "rolle": "nenner"},
    ]
    werte = lies(
        datei, kleinstadt, schluessel="schluessel", name="name", spalten=spalten
    )
    verlange_zahlen(werte)
    assert {p.name for p in tmp_path.iterdir()} == vorher


def test_zuordnung_gilt_naechstes_jahr_wieder(tmp_path, kleinstadt):
    z = zuordnung(stichtag=None, stichtag_spalte="Tag")
    (tmp_path / "lieferung.yaml").write_text(zuordnung_text([z]), encoding="utf-8")
    for jahr in ("2023", "2024"):
        datei = tmp_path / f"alo_{jahr}.csv"
        zeilen = [f"{n};{b};31.12.{jahr};{o};{u}\n" for n, b, o, u in ZEILEN]
        datei.write_text(
            "Nr;Bezirk;Tag;Arbeitslose;Bevölkerung\n" + "".join(zeilen), "utf-8"
        )
        (gefunden,) = finde_zuordnungen(datei)
        assert gefunden == z
        werte = lies_lieferung(
            datei,
            gefunden,
            katalog=kleinstadt.katalog,
            verzeichnis=kleinstadt.verzeichnis,
        )
        assert set(werte["stichtag"]) == {f"{jahr}-12-31"}


SEITE = """#set page(paper: "a4")
#set text(size: 9pt)
= Arbeitslose am 31.12.2023
#table(columns: 4, stroke: none, align: (left, left, right, right),
{zeilen})
Quelle: Bundesagentur für Arbeit
"""


def bericht(tmp_path, bochum, ohne=("11", "17"), leer=("16",), namen=None):
    """Tabellenseite wie im Sozialbericht: Bezirke, Stadtbezirke, Stadt."""
    zellen = ["Nr.", "Statistischer Bezirk", "Arbeitslose", "Anteil in %"]
    for i, (nr, name) in enumerate(bochum.gebiete["name"].items()):
        if nr not in ohne:
            anzahl = "" if nr in leer else f"{1000 + 37 * i}"
            wie = (namen or {}).get(nr, name)
            zellen += [nr, wie, anzahl, f"{4 + i / 10:.1f}".replace(".", ",")]
    for name in bochum.bezirke["name"]:
        zellen += ["", f"Stadtbezirk {name}", "2.900", "6,1"]
    zellen += ["", "Bochum insgesamt", "17.499", "5,9"]
    zeilen = ", ".join(f"[{zelle}]" for zelle in zellen)
    datei = tmp_path / "Sozialbericht.pdf"
    seiten = SEITE.format(zeilen=zeilen)
    quelltext = f"= Vorwort\n#lorem(60)\n#pagebreak()\n{seiten}"
    datei.write_bytes(typst.compile(quelltext.encode(), format="pdf"))
    return datei


def test_tabellenseite_des_sozialberichts(tmp_path, bochum, regeln):
    datei = bericht(tmp_path, bochum)
    (seite,) = lies_berichtsseiten(
        datei, name=datei.name, verzeichnis=bochum.verzeichnis, regeln=regeln
    )
    assert (seite.seite, seite.stichtag) == (2, "2023-12-31")
    assert seite.spalten == ("Arbeitslose", "Anteil in %")
    assert seite.fehlend == ("11", "17")
    assert len(seite.zeilen) == 28 + 6 + 1
    je_gebiet = {(z.ebene, z.gebiet): z.zellen for z in seite.zeilen}
    assert je_gebiet["gebiet", "10"] == ("1000", "4,0")
    assert je_gebiet["gebiet", "16"] == ("", "4,5")
    assert je_gebiet["gebiet", "24"] == ("1370", "5,0")
    assert je_gebiet["stadtbezirk", "2"] == ("2.900", "6,1")
    assert je_gebiet["stadt", "stadt"] == ("17.499", "5,9")
    assert not seite.befunde
    assert not seite.uebrige


def test_zeilen_ohne_gebiet_werden_genannt(tmp_path, bochum, regeln):
    datei = bericht(tmp_path, bochum, namen={"10": "Grummme", "36": "Neustadtteil"})
    (seite,) = lies_berichtsseiten(
        datei, name=datei.name, verzeichnis=bochum.verzeichnis, regeln=regeln
    )
    assert [u.name for u in seite.uebrige] == ["Grummme", "Neustadtteil"]
    assert seite.uebrige[0].vorschlag == "Grumme (10)"
    (roh,) = lies_sozialbericht(
        datei, name=datei.name, verzeichnis=bochum.verzeichnis, regeln=regeln
    )
    hinweise = [str(h) for h in roh.hinweise]
    assert "„Grummme“ gehört zu keinem Gebiet. Meinten Sie Grumme (10)?" in hinweise[0]
    assert "Seite 2, Zeile " in hinweise[1]


def test_sozialbericht_als_lieferung(tmp_path, bochum):
    datei = bericht(tmp_path, bochum)
    z = Zuordnung(
        datei=datei.name,
        blatt="Seite 2",
        name="Gebiet",
        quelle="sozialbericht_2024",
        stichtag="2023-12-31",
        spalten=[{"spalte": "Anteil in %", "indikator": "B01"}],
        uebergehen=["Arbeitslose"],
    )
    werte = lies_lieferung(
        datei, z, katalog=bochum.katalog, verzeichnis=bochum.verzeichnis
    )
    gebiete = werte[werte["ebene"] == "gebiet"].set_index("gebiet")["wert"]
    assert gebiete["24"] == 0.05
    assert "11" not in gebiete
    assert werte["ebene"].value_counts().to_dict() == {
        "gebiet": 28,
        "stadtbezirk": 6,
        "stadt": 1,
    }
