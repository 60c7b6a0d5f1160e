"""Wie sähen Lieferungen für Musterstadt aus? Dieselben Zahlen in jeder üblichen Form.

Jede Datei trägt Unarten, die in echten Lieferungen vorkommen; ``lieferung.yaml`` sagt,
wie sie zu lesen ist. Aufgerufen von `erzeuge.py`; gleiche Zahlen, gleiche Bytes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import Polygon

STAND = "2024-12-31"
ERSTELLT = datetime(2025, 3, 3, tzinfo=UTC)

Ort = tuple[str, str]
Zahlen = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Stoff:
    """Was geliefert wird.

    Attributes
    ----------
    zahlen : Mapping
        (Ebene, Schlüssel, Indikator, Stichtag) → Wert, Zähler und Nenner als Text.
    namen : Mapping
        (Ebene, Schlüssel) → Name, in der Reihenfolge der Gebiete.
    flaechen : Mapping
        Schlüssel → Fläche in Länge und Breite.
    """

    zahlen: Mapping[tuple[str, str, str, str], Zahlen]
    namen: Mapping[Ort, str]
    flaechen: Mapping[str, Polygon]

    @classmethod
    def from_zeilen(
        cls,
        zeilen: Iterable[Sequence[str]],
        *,
        namen: Mapping[Ort, str],
        flaechen: Mapping[str, Polygon],
    ) -> "Stoff":
        """Stoff aus den Zeilen des Bestands."""
        zahlen = {
            (z[0], z[1], z[2], z[3]): (str(z[4]), str(z[5]), str(z[6])) for z in zeilen
        }
        return cls(zahlen=zahlen, namen=namen, flaechen=flaechen)

    @property
    def orte(self) -> list[Ort]:
        """Gebiete, Stadtbezirke, Stadt."""
        return list(self.namen)

    @property
    def gebiete(self) -> list[Ort]:
        """Nur die Gebiete."""
        return [ort for ort in self.namen if ort[0] == "gebiet"]

    def wert(self, ort: Ort, indikator: str, stichtag: str = STAND) -> str:
        """Wert, wie er im Bestand steht."""
        return self.zahlen[*ort, indikator, stichtag][0]

    def zaehler(self, ort: Ort, indikator: str, stichtag: str = STAND) -> int:
        """Zähler als Zahl."""
        return int(self.zahlen[*ort, indikator, stichtag][1] or 0)

    def nenner(self, ort: Ort, indikator: str, stichtag: str = STAND) -> int:
        """Nenner als Zahl."""
        return int(self.zahlen[*ort, indikator, stichtag][2] or 0)

    def prozent(self, ort: Ort, indikator: str) -> str:
        """Anteil mit einer Nachkommastelle und Dezimalkomma."""
        zaehler, nenner = self.zaehler(ort, indikator), self.nenner(ort, indikator)
        # Kaufmännisch auf ganzen Zahlen, damit kein Gleitkomma entscheidet.
        zehntel = (2000 * zaehler + nenner) // (2 * nenner)
        return f"{zehntel // 10},{zehntel % 10}"


def tausender(zahl: int) -> str:
    """Zahl mit Tausenderpunkt; null als „-“."""
    return f"{zahl:,}".replace(",", ".") if zahl else "-"


def schreibweise(name: str) -> str:
    """Name in der Schreibung eines Amtes, das keine Umlaute kennt."""
    for umlaut, ersatz in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ü", "Ue")):
        name = name.replace(umlaut, ersatz)
    return name


def bezeichnung(stoff: Stoff, ort: Ort) -> str:
    """Zeilenname mit Ebene: „Stadtbezirk Südtal“, „Musterstadt insgesamt“."""
    ebene, name = ort[0], stoff.namen[ort]
    if ebene == "stadtbezirk":
        return f"Stadtbezirk {name}"
    return f"{name} insgesamt" if ebene == "stadt" else name


# --- Text ------------------------------------------------------------------------

KOPF_ARBEITSLOSE = (
    *("Nr.", "Bezirk", "Stichtag", "Arbeitslose", "dar. Frauen", "dar. unter 25"),
    *("dar. langzeitarbeitslos", "Rechtskreis SGB III", "Rechtskreis SGB II"),
    *("Bev. 15-64", "Frauen 15-64", "Bev. 15-24", "Anteil in %"),
)


def arbeitslose_csv(stoff: Stoff, stichtag: str) -> bytes:
    """Windows-1252, Semikolon, Tausenderpunkt, Vorspann, Fußnoten, CRLF."""
    tag = date.fromisoformat(stichtag).strftime("%d.%m.%Y")
    zeilen = [
        ["Arbeitslose in Musterstadt nach Bezirken, Wohnort"],
        [f"Stand: {tag}"],
        [],
        list(KOPF_ARBEITSLOSE),
    ]
    for ort in stoff.orte:
        arbeitslose, frauen, unter_25, lang, sgb2 = (
            stoff.zaehler(ort, kennung, stichtag)
            for kennung in ("B01", "B02", "B03", "B05", "B09")
        )
        nenner = [stoff.nenner(ort, k, stichtag) for k in ("B01", "B02", "B03")]
        anteil = f"{100 * arbeitslose / nenner[0]:.2f}".replace(".", ",")
        zahlen = [arbeitslose, frauen, unter_25, lang, arbeitslose - sgb2, sgb2]
        nr = ort[1] if ort[0] == "gebiet" else ""
        name = schreibweise(bezeichnung(stoff, ort))
        felder = [*map(tausender, [*zahlen, *nenner]), anteil]
        zeilen.append([nr, name, tag, *felder])
    zeilen += [
        [],
        ["- = nichts vorhanden"],
        ["Quelle: eigene Auszählung (erfunden) – §"],
    ]
    text = "".join(";".join(zeile) + "\r\n" for zeile in zeilen)
    return text.encode("cp1252")


# --- Arbeitsmappen ---------------------------------------------------------------


def _mappe(datei: Path) -> Any:  # noqa: ANN401 – xlsxwriter ohne Typen
    import xlsxwriter  # noqa: PLC0415

    mappe = xlsxwriter.Workbook(str(datei))
    mappe.set_properties({"created": ERSTELLT.replace(tzinfo=None)})
    return mappe


Gruppen = Sequence[tuple[str, Sequence[tuple[str, str, str]]]]
LEISTUNGEN: Gruppen = (
    (
        "Erwerbsfähige Leistungsberechtigte",
        (
            ("insgesamt", "A02", "zaehler"),
            ("unter 25 Jahren", "J01", "zaehler"),
            ("im Langzeitbezug", "A09", "zaehler"),
        ),
    ),
    ("Kinder", (("unter 15", "A03", "zaehler"), ("unter 18", "A04", "zaehler"))),
    (
        "Bevölkerung",
        (
            ("15 bis Regelaltersgrenze", "A02", "nenner"),
            ("15 bis 24", "J01", "nenner"),
            ("17 bis Regelaltersgrenze", "A09", "nenner"),
            ("unter 15", "A03", "nenner"),
            ("unter 18", "A04", "nenner"),
        ),
    ),
)
BESCHAEFTIGTE: Gruppen = (
    (
        "Beschäftigte am Wohnort",
        (
            ("Frauen", "B11", "zaehler"),
            ("Männer", "B12", "zaehler"),
            ("insgesamt", "B10", "zaehler"),
            ("ohne deutschen Pass", "B14", "zaehler"),
        ),
    ),
    (
        "Bevölkerung 15 bis 64",
        (
            ("Frauen", "B11", "nenner"),
            ("Männer", "B12", "nenner"),
            ("insgesamt", "B10", "nenner"),
            ("ohne deutschen Pass", "B14", "nenner"),
        ),
    ),
)


def schreibe_mappe(
    stoff: Stoff,
    ziel: Path,
    *,
    blatt: str,
    gruppen: Gruppen,
    orte: Sequence[Ort],
    schluessel_als_zahl: bool,
) -> Path:
    """Verbundene Köpfe, ein Blatt mit Erläuterungen davor, Fußnoten darunter."""
    mappe = _mappe(ziel)
    fett = mappe.add_format({"bold": True, "align": "center"})
    vorblatt = mappe.add_worksheet("Erläuterungen")
    vorblatt.write_column(0, 0, ["Erfundene Zahlen", "Zeichen: - nichts vorhanden"])
    seite = mappe.add_worksheet(blatt)
    seite.write(0, 0, f"{blatt} in Musterstadt", fett)
    seite.write(1, 0, "Stand: 31.12.2024")
    seite.merge_range(3, 0, 4, 0, "Nr.", fett)
    seite.merge_range(3, 1, 4, 1, "Bezirk", fett)
    spalte = 2
    for titel, unten in gruppen:
        seite.merge_range(3, spalte, 3, spalte + len(unten) - 1, titel, fett)
        for name, kennung, rolle in unten:
            seite.write(4, spalte, name, fett)
            zahlen = [getattr(stoff, rolle)(ort, kennung) for ort in orte]
            seite.write_column(5, spalte, [zahl or "-" for zahl in zahlen])
            spalte += 1
    for zeile, ort in enumerate(orte, start=5):
        nr = ort[1] if ort[0] == "gebiet" else ""
        seite.write(zeile, 0, int(nr) if schluessel_als_zahl else nr)
        seite.write_string(zeile, 1, bezeichnung(stoff, ort))
    seite.write(6 + len(orte), 0, "1) Stand der Auszählung: März 2025")
    mappe.close()
    return ziel


# --- Spalten und Flächen ---------------------------------------------------------


def schreibe_parquet(stoff: Stoff, ziel: Path) -> Path:
    """Lange Tabelle: alle Stichtage, Merkmal als Spalte, Zahlen als Zahlen."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    woerter = {"K01": "Einwohner", "K08": "Haushalte mit Kindern"}
    zeilen = [
        (stoff.namen[ort] if ort[0] != "stadt" else "Stadt", wort, tag, *zahlen)
        for (*ort_teile, kennung, tag), zahlen in stoff.zahlen.items()
        if (wort := woerter.get(kennung)) and (ort := (ort_teile[0], ort_teile[1]))
    ]
    ganz = pa.int32()
    spalten = {
        "bezirk": pa.array([z[0] for z in zeilen]),
        "merkmal": pa.array([z[1] for z in zeilen]).dictionary_encode(),
        "stichtag": pa.array([date.fromisoformat(z[2]) for z in zeilen]),
        "anzahl": pa.array([int(z[3]) if z[3] else None for z in zeilen], ganz),
        "teil": pa.array([int(z[4]) if z[4] else None for z in zeilen], ganz),
        "ganzes": pa.array([int(z[5]) if z[5] else None for z in zeilen], ganz),
    }
    pq.write_table(pa.table(spalten), ziel)
    return ziel


def schreibe_geopackage(stoff: Stoff, ziel: Path) -> Path:
    """Flächen in UTM mit dem Platzsaldo als Attribut."""
    import geopandas as gpd  # noqa: PLC0415
    import pyogrio  # noqa: PLC0415

    # Sonst schreibt GDAL die Uhrzeit in die Datei.
    pyogrio.set_gdal_config_options(
        {"OGR_CURRENT_DATE": ERSTELLT.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
    )
    saldo = [float(stoff.wert(o, "C03").replace(",", ".")) for o in stoff.gebiete]
    tabelle = gpd.GeoDataFrame(
        {
            "bez_nr": [k for _, k in stoff.gebiete],
            "bez_name": [stoff.namen[o] for o in stoff.gebiete],
            "saldo_ue3": saldo,
        },
        geometry=[stoff.flaechen[k] for _, k in stoff.gebiete],
        crs="EPSG:4326",
    ).to_crs("EPSG:25832")
    tabelle["geometry"] = tabelle.geometry.set_precision(0.1, mode="pointwise")
    ziel.unlink(missing_ok=True)
    tabelle.to_file(ziel, layer="kita_2024", driver="GPKG", index=False)
    return ziel


def schreibe_shapefile(stoff: Stoff, ziel: Path) -> list[Path]:
    """Spaltennamen mit höchstens zehn Zeichen, Windows-1252, vereinfachte Flächen."""
    import geopandas as gpd  # noqa: PLC0415

    tabelle = gpd.GeoDataFrame(
        {
            "BEZ_NR": [k for _, k in stoff.gebiete],
            "BEZIRK": [stoff.namen[o] for o in stoff.gebiete],
            "GERINGF_AU": [stoff.zaehler(o, "B15") for o in stoff.gebiete],
            "BEV_15_64": [stoff.nenner(o, "B15") for o in stoff.gebiete],
        },
        # Gemeinsame Grenzen bleiben gemeinsam.
        geometry=shapely.coverage_simplify(
            [stoff.flaechen[k] for _, k in stoff.gebiete], tolerance=0.0005
        ),
        crs="EPSG:4326",
    ).to_crs("EPSG:25832")
    tabelle.to_file(
        ziel,
        driver="ESRI Shapefile",
        encoding="CP1252",
        index=False,
        DBF_DATE_LAST_UPDATE=ERSTELLT.strftime("%Y-%m-%d"),
    )
    return sorted(ziel.parent.glob(f"{ziel.stem}.*"))


# --- Tabellenseiten --------------------------------------------------------------

SEITEN = (
    ("B01", "Arbeitslose", "Anteil an der Bevölkerung von 15 bis unter 65 Jahren", ()),
    ("A03", "Kinder unter 15 Jahren in Grundsicherung", "Anteil an allen Kindern", ()),
    ("K08", "Haushalte mit Kindern", "Anteil an allen Haushalten", ("024", "053")),
)
"""Indikator, Überschrift, Spaltenkopf, Gebiete ohne Zeile."""


def bericht_pdf(stoff: Stoff) -> bytes:
    """Ein Indikator je Seite, eine Zeile je Gebiet, Spalten durch Abstand getrennt."""
    import typst  # noqa: PLC0415

    teile = [
        '#set page(paper: "a4", margin: 2cm)',
        '#set text(lang: "de", size: 9pt)',
        "= Sozialbericht Musterstadt 2025",
        "Alle Zahlen sind erfunden.",
    ]
    for kennung, titel, spalte, ohne in SEITEN:
        zellen = []
        for ort in stoff.orte:
            if ort[1] in ohne and ort[0] == "gebiet":
                continue
            name = bezeichnung(stoff, ort)
            # „-“ allein wäre für typst eine Aufzählung.
            wert = stoff.prozent(ort, kennung) if stoff.zaehler(ort, kennung) else "-"
            zellen += [name, tausender(stoff.nenner(ort, kennung)), wert]
        felder = ", ".join(_als_text(zelle) for zelle in zellen)
        teile += [
            "#pagebreak()",
            f"= {titel} am 31.12.2024",
            "#table(columns: (7cm, 3cm, 4cm), stroke: none, inset: 3pt,",
            "align: (left, right, right),",
            f"[Bezirk], [Basis], [Prozent], {felder})",
            f"{spalte}. Quelle: Stadt Musterstadt (erfunden).",
        ]
    text = "\n".join(teile)
    return typst.compile(
        text.encode(), format="pdf", timestamp=int(ERSTELLT.timestamp())
    )


def _als_text(zelle: str) -> str:
    sauber = re.sub(r'(["\\])', r"\\\1", zelle)
    return f'"{sauber}"'


def schreibe(stoff: Stoff, ordner: Path) -> list[Path]:
    """Schreibt alle Lieferungen nach `ordner` und gibt die Dateien zurück."""
    ordner.mkdir(parents=True, exist_ok=True)
    texte = {
        "arbeitslose_2023.csv": arbeitslose_csv(stoff, "2023-12-31"),
        "arbeitslose_2024.csv": arbeitslose_csv(stoff, STAND),
        "sozialbericht_2025.pdf": bericht_pdf(stoff),
    }
    for name, inhalt in texte.items():
        (ordner / name).write_bytes(inhalt)
    dateien = [ordner / name for name in texte]
    dateien.append(
        schreibe_mappe(
            stoff,
            ordner / "grundsicherung_2024.xlsx",
            blatt="Leistungsberechtigte",
            gruppen=LEISTUNGEN,
            orte=stoff.orte,
            schluessel_als_zahl=False,
        )
    )
    dateien.append(
        schreibe_mappe(
            stoff,
            ordner / "beschaeftigte_2024.xlsx",
            blatt="Beschäftigte",
            gruppen=BESCHAEFTIGTE,
            orte=stoff.gebiete,
            schluessel_als_zahl=True,
        )
    )
    dateien.append(schreibe_parquet(stoff, ordner / "bevoelkerung.parquet"))
    dateien.append(schreibe_geopackage(stoff, ordner / "kita_2024.gpkg"))
    return dateien + schreibe_shapefile(stoff, ordner / "minijob_2024.shp")
