"""Handwerkszeug der hausweiten Tests: Läufe lesen, Häuser bauen, Gold prüfen."""

import csv
import difflib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject

WURZEL = Path(__file__).resolve().parents[1]
PROJEKTE = ("bochum", "musterstadt")
GOLD = "QUARTIER_GOLD"
GEDULD = 600
"""So lange warten Prozesse auf einen Lauf, den ein anderer rechnet."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def glatt(text: str) -> str:
    """Text mit einfachen Leerzeichen, ohne Trennstellen; so vergleichbar."""
    ohne = re.sub(r"\xad\s*", "", text).replace("\u200b", "").replace("\xa0", " ")
    return " ".join(ohne.split())


class Seitentext(HTMLParser):
    """Sichtbarer Text einer HTML-Seite; Tabellen zeilenweise."""

    STUMM = ("script", "style")
    BLOCK = ("p", "li", "h1", "h2", "h3", "td", "th", "tr", "caption", "div", "title")

    def __init__(self) -> None:
        super().__init__()
        self.teile: list[str] = []
        self.zeilen: list[list[str]] = []
        self.elemente: list[tuple[str, dict[str, str | None]]] = []
        self._stumm = 0
        self._zelle: list[str] | None = None

    def handle_starttag(self, tag, attrs):
        felder = dict(attrs)
        self.elemente.append((tag, felder))
        self.teile += [felder.get("alt") or "", felder.get("title") or "", "\n"]
        self.teile.append(felder.get("aria-label") or "")
        if tag in self.STUMM:
            self._stumm += 1
        if tag == "tr":
            self.zeilen.append([])
        if tag in ("td", "th"):
            self._zelle = []

    def handle_endtag(self, tag):
        if tag in self.STUMM:
            self._stumm -= 1
        if tag in ("td", "th") and self._zelle is not None:
            self.zeilen[-1].append(glatt("".join(self._zelle)))
            self._zelle = None
        if tag in self.BLOCK:
            self.teile.append("\n")

    def handle_data(self, data):
        if self._stumm:
            return
        self.teile.append(data)
        if self._zelle is not None:
            self._zelle.append(data)

    @property
    def text(self) -> str:
        return "".join(self.teile)


def lies_html(datei: Path) -> Seitentext:
    leser = Seitentext()
    leser.feed(datei.read_text(encoding="utf-8"))
    leser.close()
    return leser


def kartendaten(datei: Path) -> dict[str, Any]:
    """Daten, die in einer Karte stecken."""
    seite = datei.read_text(encoding="utf-8")
    treffer = re.search(r'id="kartendaten"[^>]*>(.*?)</script>', seite, re.DOTALL)
    assert treffer, f"{datei.name} enthält keine Kartendaten"
    return json.loads(treffer[1])


@lru_cache(maxsize=256)
def pdf_seiten(datei: Path) -> list[str]:
    """Text je Seite, gemerkt: PDF lesen ist langsam."""
    from pypdf import PdfReader  # noqa: PLC0415

    return [seite.extract_text() for seite in PdfReader(datei).pages]


def pdf_marken(leser: "PdfReader") -> list["DictionaryObject"]:
    """Alle Strukturelemente in Lesereihenfolge, jedes mit seinen Kindern."""
    from pypdf.generic import (  # noqa: PLC0415
        ArrayObject,
        DictionaryObject,
        IndirectObject,
    )

    gesammelt: list[DictionaryObject] = []

    def geh(knoten: object) -> None:
        if isinstance(knoten, IndirectObject):
            knoten = knoten.get_object()
        if isinstance(knoten, ArrayObject):
            for kind in knoten:
                geh(kind)
        elif isinstance(knoten, DictionaryObject):
            if "/S" in knoten:
                gesammelt.append(knoten)
            geh(knoten.get("/K"))

    geh(leser.trailer["/Root"]["/StructTreeRoot"])
    return gesammelt


def _xml_teile(datei: Path, muster: str) -> dict[str, ET.Element]:
    with zipfile.ZipFile(datei) as archiv:
        namen = [n for n in archiv.namelist() if re.fullmatch(muster, n)]
        return {n: ET.fromstring(archiv.read(n)) for n in sorted(namen)}  # noqa: S314


def _absaetze(wurzel: ET.Element) -> list[str]:
    return [
        "".join(stueck.text or "" for stueck in absatz.iter(f"{W}t"))
        for absatz in wurzel.iter(f"{W}p")
    ]


def docx_absaetze(datei: Path) -> list[str]:
    """Absätze aus Text, Kopf- und Fußzeilen."""
    teile = _xml_teile(datei, r"word/(document|header\d*|footer\d*)\.xml")
    return [a for wurzel in teile.values() for a in _absaetze(wurzel)]


def docx_kopfzeilen(datei: Path) -> dict[str, str]:
    """Text je Kopfzeile."""
    teile = _xml_teile(datei, r"word/header\d*\.xml")
    return {name: "\n".join(_absaetze(wurzel)) for name, wurzel in teile.items()}


def xlsx_blaetter(datei: Path) -> dict[str, list[list[object]]]:
    """Zellen je Blatt."""
    from openpyxl import load_workbook  # noqa: PLC0415

    mappe = load_workbook(datei, read_only=True)
    blaetter = {
        b.title: [list(z) for z in b.iter_rows(values_only=True)] for b in mappe
    }
    mappe.close()
    return blaetter


def _xlsx_text(datei: Path) -> str:
    blaetter = xlsx_blaetter(datei)
    zellen = [z for zeilen in blaetter.values() for zeile in zeilen for z in zeile]
    return "\n".join([*blaetter, *(str(z) for z in zellen if z is not None)])


def _karten_text(datei: Path) -> str:
    daten = kartendaten(datei)
    profile = [f"{n}: {w}" for profil in daten["profile"] for n, w in profil]
    ebenen = [t for ebene in daten["ebenen"] for t in _texte(ebene)]
    return "\n".join([*profile, *ebenen])


def _texte(wert: object) -> list[str]:
    """Jeder Text in einem JSON-Wert."""
    match wert:
        case str():
            return [wert]
        case list():
            return [t for w in wert for t in _texte(w)]
        case dict():
            return [t for w in wert.values() for t in _texte(w)]
    return []


def lies_text(datei: Path) -> str:
    """Was ein Mensch in dieser Datei liest."""
    match datei.suffix:
        case ".html":
            text = lies_html(datei).text
            return text + _karten_text(datei) if datei.name == "karte.html" else text
        case ".pdf":
            return "\n".join(pdf_seiten(datei))
        case ".docx":
            return "\n".join(docx_absaetze(datei))
        case ".xlsx":
            return _xlsx_text(datei)
    return datei.read_text(encoding="utf-8")


@dataclass
class Lauf:
    """Fertiger Laufordner."""

    projekt: str
    ordner: Path
    anzeige: str = ""
    _gelesen: dict[str, str] = field(default_factory=dict)

    @property
    def kennung(self) -> str:
        return self.ordner.name

    def namen(self, *endungen: str) -> list[str]:
        """Namen aller Dateien, sortiert."""
        return sorted(
            p.relative_to(self.ordner).as_posix()
            for p in self.ordner.rglob("*")
            if p.is_file() and (not endungen or p.suffix in endungen)
        )

    def pfad(self, name: str) -> Path:
        return self.ordner / name

    def text(self, name: str) -> str:
        """Sichtbarer Text, gemerkt: PDF lesen ist langsam."""
        if name not in self._gelesen:
            self._gelesen[name] = lies_text(self.ordner / name)
        return self._gelesen[name]

    def schriftstuecke(self) -> dict[str, str]:
        """Sichtbarer Text jeder Datei für Menschen."""
        return {n: self.text(n) for n in self.namen(".html", ".pdf", ".docx", ".xlsx")}

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.ordner / "manifest.json").read_text(encoding="utf-8"))


def quartier(
    *angaben: str, ort: Path = WURZEL, frist: float = 300
) -> subprocess.CompletedProcess[str]:
    """Ruft die Befehlszeile in einem eigenen Prozess auf."""
    return subprocess.run(
        [sys.executable, "-m", "quartierstools", *angaben],
        cwd=ort,
        env=umgebung(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=frist,
        check=False,
    )


def einmal(ordner: Path, arbeite: Callable[[Path], None]) -> Path:
    """Führt `arbeite(ordner)` einmal je Testsitzung aus; andere Prozesse warten."""
    fertig, gescheitert = ordner / "fertig", ordner / "gescheitert"
    try:
        ordner.mkdir()
    except FileExistsError:
        frist = time.monotonic() + GEDULD
        while not fertig.exists():
            assert not gescheitert.exists(), gescheitert.read_text(encoding="utf-8")
            assert time.monotonic() < frist, f"{ordner.name} wird nicht fertig"
            time.sleep(0.2)
        return ordner
    try:
        arbeite(ordner)
    except BaseException as fehler:
        gescheitert.write_text(str(fehler), encoding="utf-8")
        raise
    fertig.touch()
    return ordner


def rechne_lauf(gemeinsam: Path, name: str, projekt: str, *weitere: str) -> Lauf:
    """Echter Lauf der Befehlszeile, einmal je Testsitzung."""

    def arbeite(ordner: Path) -> None:
        befehl = ("lauf", "--projekt", projekt, "--ausgabe", str(ordner), *weitere)
        ergebnis = quartier(*befehl)
        assert ergebnis.returncode == 0, ergebnis.stdout + ergebnis.stderr
        (ordner / "anzeige.txt").write_text(ergebnis.stdout, encoding="utf-8")

    ordner = einmal(gemeinsam / f"lauf-{name}", arbeite)
    (ziel,) = (ordner / projekt).iterdir()
    anzeige = (ordner / "anzeige.txt").read_text(encoding="utf-8")
    return Lauf(projekt=projekt, ordner=ziel, anzeige=anzeige)


def umgebung() -> dict[str, str]:
    """Umgebung wie am Arbeitsplatz, ohne Spuren von pytest und ohne Farben."""
    weg = ("PYTEST_CURRENT_TEST", "MPLBACKEND", "FORCE_COLOR")
    fest = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "100", "PYTHONUTF8": "1"}
    return {k: v for k, v in os.environ.items() if k not in weg} | fest


def baue_haus(ordner: Path, projekt: str = "musterstadt") -> Path:
    """Haus aus einem Projekt und den Notebooks; gibt den Projektordner zurück."""
    shutil.copytree(WURZEL / "notebooks", ordner / "notebooks")
    ziel = ordner / "daten" / projekt
    shutil.copytree(WURZEL / "daten" / projekt, ziel)
    return ziel


def baue_kleines_haus(ordner: Path, behalten: Sequence[str] = ("01", "06")) -> Path:
    """Haus mit einem Teil von Musterstadt: wenige Gebiete, kurze Läufe.

    Behalten werden Gebiete, deren Schlüssel mit einem der Anfänge beginnt.
    """
    projekt = baue_haus(ordner)
    projekt = projekt.rename(projekt.with_name("kleinstadt"))
    flaechen = projekt / "gebiete.geojson"
    inhalt = json.loads(flaechen.read_text(encoding="utf-8"))
    inhalt["features"] = [
        f
        for f in inhalt["features"]
        if f["properties"]["schluessel"].startswith(tuple(behalten))
    ]
    schluessel = {f["properties"]["schluessel"] for f in inhalt["features"]}
    bezirke = {f["properties"]["stadtbezirk"] for f in inhalt["features"]}
    flaechen.write_text(json.dumps(inhalt), encoding="utf-8")
    grenzen = projekt / "stadtbezirke.geojson"
    oben = json.loads(grenzen.read_text(encoding="utf-8"))
    oben["features"] = [
        f for f in oben["features"] if f["properties"]["schluessel"] in bezirke
    ]
    grenzen.write_text(json.dumps(oben), encoding="utf-8")
    erlaubt = {"gebiet": schluessel, "stadtbezirk": bezirke}
    for datei in (projekt / "bestand").glob("*.csv"):
        aendere_csv(datei, lambda z: z["gebiet"] in erlaubt.get(z["ebene"], ()))
    aendere_csv(projekt / "einzelwerte.csv", lambda z: z["gebiet"] in schluessel)
    # Szenarien nennen Gebiete und Angebote, die es hier nicht gibt.
    (projekt / "katalog" / "szenarien.yaml").unlink(missing_ok=True)
    for name in ("fachurteile.csv", "beschluesse.csv"):
        if (projekt / name).is_file():
            aendere_csv(projekt / name, lambda z: z["gebiet"] in schluessel)
    orte = {"stadtweit", "wechselnd", *schluessel}
    orte |= {f"stadtbezirk:{b}" for b in bezirke}
    aendere_csv(
        projekt / "angebote.csv",
        lambda z: {o.strip() for o in z["gebiete"].split(",")} <= orte,
    )
    for datei in (projekt / "vorhaben").glob("*.yaml"):
        text = datei.read_text(encoding="utf-8")
        if not any(f'["{s}"]' in text for s in schluessel):
            datei.unlink()
    einstellungen = projekt / "projekt.yaml"
    text = einstellungen.read_text(encoding="utf-8")
    text = text.replace("id: musterstadt", "id: kleinstadt")
    einstellungen.write_text(text, encoding="utf-8")
    return projekt


def aendere_csv(datei: Path, behalte) -> None:
    """Schreibt eine CSV-Datei neu, nur mit den Zeilen, für die `behalte` gilt."""
    text = datei.read_text(encoding="utf-8")
    zeilen = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    kopf = list(zeilen[0])
    ziel = io.StringIO()
    schreiber = csv.DictWriter(ziel, kopf, delimiter=";", lineterminator="\n")
    schreiber.writeheader()
    schreiber.writerows(z for z in zeilen if behalte(z))
    datei.write_text(ziel.getvalue(), encoding="utf-8")


def wortstellen(text: str, woerter: Iterable[str]) -> list[str]:
    """Welche der Wörter als ganze Wörter vorkommen, ohne Rücksicht auf Großes."""
    flach = glatt(text)
    return [
        wort
        for wort in woerter
        if re.search(rf"(?<!\w){re.escape(wort)}(?!\w)", flach, re.IGNORECASE)
    ]


def verbotenes(text: str, wortwahl: Mapping[str, Any]) -> list[str]:
    """Verbotene Wortstämme und Ursachenwörter in einem Text; Adressen zählen nicht."""
    ohne_adressen = re.sub(r"https?://\S+", " ", text)
    flach = glatt(ohne_adressen).lower()
    staemme = [s for s in wortwahl["verboten"] if s.lower() in flach]
    return staemme + wortstellen(ohne_adressen, wortwahl["ursache"])


def pruefe_gold(datei: Path, ist: str) -> None:
    """Vergleicht Zeichen für Zeichen mit einer Golddatei.

    Mit ``QUARTIER_GOLD=neu`` wird die Golddatei geschrieben; der Unterschied gehört
    dann Zeile für Zeile gelesen, bevor er eingecheckt wird.
    """
    ist = ist.rstrip("\n") + "\n"
    if os.environ.get(GOLD) == "neu":
        datei.parent.mkdir(parents=True, exist_ok=True)
        datei.write_text(ist, encoding="utf-8", newline="\n")
        return
    assert datei.is_file(), f"{datei.name} fehlt; mit {GOLD}=neu anlegen und lesen."
    soll = datei.read_text(encoding="utf-8")
    if ist == soll:
        return
    unterschied = "\n".join(
        difflib.unified_diff(
            soll.splitlines(), ist.splitlines(), "gold", "jetzt", lineterm="", n=1
        )
    )
    raise AssertionError(
        f"Der Text weicht von {datei.name} ab. Ist das gewollt, den Unterschied lesen "
        f"und mit {GOLD}=neu pytest tests/{datei.parent.parent.name} erneuern.\n"
        f"{unterschied}"
    )


def als_goldtext(texte: Sequence[str]) -> str:
    """Ein Text je Zeile; das geschützte Leerzeichen sichtbar als „~“."""
    return "\n".join(t.replace("\xa0", "~").replace("\n", "⏎") for t in texte)


def freigabe_aus(
    werte: Mapping[str, Sequence[object]],
    *,
    schluessel: Sequence[str] = (),
    aendere: Mapping[str, Mapping[str, object]] | None = None,
    **felder: object,
):
    """Kleine Freigabe von Hand: je Indikator ein Wert, None oder „gesperrt“ je Gebiet.

    `aendere` ersetzt Felder einzelner Indikatoren im Katalog.
    """
    import geopandas as gpd  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415
    from shapely.geometry import box  # noqa: PLC0415

    from quartierstools.geheimhaltung import Freigabe  # noqa: PLC0415
    from quartierstools.katalog import Projektordner, lade_katalog  # noqa: PLC0415
    from quartierstools.katalog.projektmodelle import Stadtgestalt  # noqa: PLC0415

    anzahl = len(next(iter(werte.values())))
    gebiete = list(schluessel) or [f"{n:03d}" for n in range(10, 10 + anzahl)]
    katalog = lade_katalog(Projektordner(WURZEL / "daten" / "musterstadt"))
    # Die kleine Stadt hat keinen Ordner, also auch kein Logo.
    projekt = katalog.projekt.model_copy(update={"gestalt": Stadtgestalt()})
    katalog = _mit(katalog, projekt=projekt)
    indikatoren = dict(katalog.indikatoren)
    for kennung, neu in (aendere or {}).items():
        indikatoren[kennung] = indikatoren[kennung].model_copy(update=neu)
    flaechen = gpd.GeoDataFrame(
        {
            "name": [f"Ort {g}" for g in gebiete],
            "stadtbezirk": "1",
            "stadtbezirk_name": "Mitte",
            "wo": [f"in Ort {g}" for g in gebiete],
            "teilraum": "",
            "hinweis": "",
        },
        index=pd.Index(gebiete, name="gebiet"),
        geometry=[box(n, 0, n + 1, 1) for n in range(anzahl)],
        crs="EPSG:4326",
    )
    oben = gpd.GeoDataFrame(
        {"name": ["Mitte"]},
        index=pd.Index(["1"], name="gebiet"),
        geometry=[box(0, 0, anzahl, 1)],
        crs="EPSG:4326",
    )
    zeilen = [
        {
            "ebene": "gebiet",
            "gebiet": gebiet,
            "indikator": kennung,
            "stichtag": "2024-12-31",
            "quelle": "muster_arbeitsmarkt",
            "stichtag_belegt": "ja",
            "guete": "A",
            "hinweis": "",
            "datei": "bestand/probe.csv",
            "zeile": nummer,
            "wert": float("nan") if wert == "gesperrt" else wert,
            "wertart": "gesperrt" if wert == "gesperrt" else "Zahl",
            "zaehler": None,
            "nenner": None,
        }
        for kennung, reihe in werte.items()
        for nummer, (gebiet, wert) in enumerate(zip(gebiete, reihe, strict=True), 2)
        if wert is not None
    ]
    tabelle = pd.DataFrame(zeilen).astype(
        {"wert": "float64", "zaehler": "Int64", "nenner": "Int64"}
    )
    vorgabe: dict[str, Any] = {
        "fassung": "oeffentlich",
        "profil": katalog.regelprofil,
        "katalog": _mit(katalog, indikatoren=indikatoren),
        "gebiete": flaechen,
        "stadtbezirke": oben,
        "werte": tabelle,
        "angebote": bestand(),
        "einzelwerte": pd.DataFrame(columns=["ebene", "gebiet"]),
        "hinweise": (),
        "pruefsummen": {"bestand/probe.csv": "00" * 32},
    }
    return Freigabe(**{**vorgabe, **felder})


def _mit(objekt, **felder):
    import dataclasses  # noqa: PLC0415

    return dataclasses.replace(objekt, **felder)


def bestand(*angebote: Mapping[str, object]):
    """Angebotsbestand aus wenigen Feldern je Angebot."""
    import pandas as pd  # noqa: PLC0415

    vorgabe = {
        "name": "Angebot",
        "traeger": "",
        "ort": "",
        "gebiete": "stadtweit",
        "zielgruppen": "jugendliche",
        "plaetze": None,
        "umfang": "",
        "zugang": "",
        "beginn": None,
        "ende": None,
        "status": "laufend",
        "pruefdatum": None,
        "stand": "",
        "beschreibung": "",
        "adresse_quelle": "",
        "hinweis": "",
        "zeile": 2,
        "datei": "angebote.csv",
    }
    tabelle = pd.DataFrame(
        [{**vorgabe, **a} for a in angebote],
        columns=list(vorgabe),
        index=pd.Index([f"a{n}" for n in range(len(angebote))], name="angebot"),
    )
    for spalte in ("beginn", "ende", "pruefdatum"):
        tabelle[spalte] = pd.to_datetime(tabelle[spalte])
    return tabelle.astype({"plaetze": "Int64"})
