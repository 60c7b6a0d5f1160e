"""Was bedeuten die Spalten einer Lieferung? Zuordnung als Datei, jedes Jahr wieder.

``lieferung.yaml`` neben der Lieferung beschreibt eine oder mehrere Dateien; `datei`
darf ein Muster sein („arbeitslose_*.csv“), damit sie im nächsten Jahr noch passt.
"""

import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path, PurePath
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from quartierstools.eingang.adressen import adressart, ohne_kennwort
from quartierstools.eingang.deutung import Liefereinheit
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.katalog.datei import dateimangel
from quartierstools.katalog.eintrag import Eintrag, JaNein, lies_eintraege
from quartierstools.schreibweise import aufzaehlung

DATEINAME = "lieferung.yaml"
LIEFERUNGEN = "lieferungen"
"""Ordner eines Projekts; seine ``lieferung.yaml`` gilt auch für Dienste."""
HOECHSTENS_BYTE = 1_000_000
DATUM = r"\d{4}-\d{2}-\d{2}"
Format = Literal[
    "csv",
    "xlsx",
    "parquet",
    "geojson",
    "gpkg",
    "shapefile",
    "gml",
    "wfs",
    "ogc_api",
    "postgis",
    "sozialbericht_pdf",
]
ENDUNGEN: Mapping[str, Format] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".geojson": "geojson",
    ".json": "geojson",
    ".gpkg": "gpkg",
    ".shp": "shapefile",
    ".gml": "gml",
    ".pdf": "sozialbericht_pdf",
}
Wertart = Literal["gesperrt", "fehlt", "null", "nicht sinnvoll"]


def _tag(text: str) -> str:
    if not _ist_tag(text):
        raise PydanticCustomError("date_parsing", "kein Tag")
    return text


def _ist_tag(text: str) -> bool:
    try:
        return re.fullmatch(DATUM, text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


Datum = Annotated[str, AfterValidator(_tag)]
"""Tag als ``JJJJ-MM-TT``, den es im Kalender gibt."""


class Spaltenbedeutung(Eintrag):
    """Was eine Spalte (oder in langen Tabellen eine Bezeichnung) enthält.

    Attributes
    ----------
    spalte : str
        Name der Spalte; in langen Tabellen die Bezeichnung in `indikator_spalte`.
    indikator : str
        Kennung aus dem Katalog.
    rolle : str
        ``wert``, ``zaehler`` oder ``nenner``. Dieselbe Spalte darf für mehrere
        Indikatoren Nenner sein.
    einheit : str
        Einheit der Lieferung; leer: wie im Katalog.
    stichtag : str
        Nur, wenn die Spalte einen eigenen Stichtag hat.
    """

    spalte: str
    indikator: str
    rolle: Literal["wert", "zaehler", "nenner"] = "wert"
    einheit: Liefereinheit | None = None
    stichtag: Datum | None = None


class Zuordnung(Eintrag):
    """Beschreibung einer Lieferung: wo was steht und was es bedeutet.

    Attributes
    ----------
    datei : str
        Dateiname oder Muster ohne Pfad; bei Diensten die Adresse.
    format : str
        Leer: nach der Endung.
    blatt : str
        Tabellenblatt, Ebene, Tabelle der Datenbank oder „Seite 46“.
    schluessel, name : str
        Spalte mit dem Gebietsschlüssel, Spalte mit dem Namen; eine genügt.
    schluessel_auffuellen : bool
        Erlaubt, dass Schlüssel als Zahl geliefert sind; führende Nullen werden
        ergänzt und gemeldet.
    ebene : str
        ``gebiet``, ``stadtbezirk``, ``stadt`` oder ``alle``.
    form : str
        ``breit`` (eine Spalte je Größe) oder ``lang`` (eine Zeile je Größe).
    stichtag, stichtag_spalte : str
        Stichtag der ganzen Lieferung oder Spalte mit dem Stichtag.
    quelle : str
        Kennung aus ``katalog/quellen.yaml``.
    zeichen : Mapping
        Abweichende Zeichen dieser Lieferung.
    klammern : str
        Was „(12,1)“ heißt: ``zahl`` oder ``fehlt``.
    rundung : int
        Auf Vielfache davon hat die Quelle gerundet (0: gar nicht).
    ohne_gebiet : tuple of str
        Zeilen, die zu keinem Gebiet gehören („nicht zuordenbar“).
    uebergehen : tuple of str
        Spalten, die bewusst nicht gelesen werden.
    offen : Mapping
        Spalte → was sie heißen könnte; muss beantwortet sein, bevor etwas gilt.
    """

    id: str = ""
    datei: str
    format: Format | None = None
    blatt: str = ""
    kopfzeile: Annotated[int, Field(ge=1)] | None = None
    kopfzeilen: Annotated[int, Field(ge=1, le=9)] | None = None
    trennzeichen: Literal[";", ",", "|", "Tabulator"] | None = None
    kodierung: str = ""
    dezimal: Literal["Komma", "Punkt"] | None = None
    form: Literal["breit", "lang"] = "breit"
    ebene: Literal["gebiet", "stadtbezirk", "stadt", "alle"] = "alle"
    schluessel: str = ""
    schluessel_auffuellen: JaNein = False
    name: str = ""
    quelle: str
    stichtag: Datum | None = None
    stichtag_spalte: str = ""
    stichtag_belegt: Literal["ja", "nein", "unbekannt"] = "ja"
    spalten: tuple[Spaltenbedeutung, ...] = ()
    indikator_spalte: str = ""
    wert_spalte: str = ""
    zaehler_spalte: str = ""
    nenner_spalte: str = ""
    zeichen: Mapping[str, Wertart] = {}
    klammern: Literal["", "zahl", "fehlt"] = ""
    rundung: Annotated[int, Field(ge=0, le=100)] = 0
    guete: Literal["", "A", "B"] = ""
    hinweis: str = ""
    ohne_gebiet: tuple[str, ...] = ()
    uebergehen: tuple[str, ...] = ()
    offen: Mapping[str, tuple[str, ...]] = {}

    def maengel(self) -> list[Befund]:
        """Was an dieser Zuordnung nicht zusammenpasst."""
        einzeln = all(s.stichtag for s in self.spalten)
        saetze = []
        if not self.spalten and not self.offen:
            saetze.append("Es fehlt spalten.")
        if not self.schluessel and not self.name:
            saetze.append("Es fehlt schluessel oder name.")
        if not self.stichtag and not self.stichtag_spalte and not einzeln:
            saetze.append("Es fehlt stichtag oder stichtag_spalte.")
        if self.stichtag and self.stichtag_spalte:
            saetze.append("stichtag und stichtag_spalte schließen sich aus.")
        if self.form == "lang" and not self.indikator_spalte:
            saetze.append("Lange Tabellen brauchen indikator_spalte.")
        if self.form == "lang" and not (self.wert_spalte or self.zaehler_spalte):
            saetze.append("Lange Tabellen brauchen wert_spalte oder zaehler_spalte.")
        if not adressart(self.datei) and PurePath(self.datei).name != self.datei:
            saetze.append(f"datei ist „{sicherer_text(self.datei)}“.")
        rat = "Das Format steht in daten/README.md."
        erwartet = {"datei": "ein Dateiname oder Muster ohne Pfad"}
        return [
            Befund(
                ort=f"{DATEINAME}, {self.id}" if self.id else DATEINAME,
                was=satz,
                erwartet=erwartet.get(satz.split(" ", 1)[0], ""),
                rat=rat,
            )
            for satz in saetze
        ] + self._doppelte()

    def _doppelte(self) -> list[Befund]:
        """Zwei Spalten für dieselbe Rolle: Eine ist falsch, welche, weiß ein Mensch.

        In langen Tabellen dürfen es zwei Bezeichnungen sein (eine wurde umbenannt).
        """
        gleiche: dict[tuple[str, str, str], list[str]] = {}
        for s in self.spalten if self.form == "breit" else ():
            schluessel = (s.indikator, s.rolle, s.stichtag or "")
            gleiche.setdefault(schluessel, []).append(s.spalte)
        return [
            Befund(
                ort=f"{DATEINAME}, {self.id}" if self.id else DATEINAME,
                was=f"Als {rolle} von {sicherer_text(kennung)} sind mehrere Spalten "
                f"genannt: {aufzaehlung([f'„{sicherer_text(n)}“' for n in namen])}.",
                erwartet="je Indikator und Rolle eine Spalte",
                rat="Bitte die falsche Zeile streichen oder ihr den richtigen "
                "Indikator geben; quartier indikatoren zeigt alle.",
            )
            for (kennung, rolle, _), namen in gleiche.items()
            if len(namen) > 1
        ]

    def offene_fragen(self) -> list[Befund]:
        """Je unbeantworteter Spalte ein Mangel; vorher wird nichts übernommen."""
        return [
            Befund(
                ort=f"{DATEINAME}, {self.id}, Spalte „{sicherer_text(spalte)}“",
                was="Was die Spalte bedeutet, ist nicht eindeutig."
                + (f" Möglich: {'; '.join(moeglich)}." if moeglich else ""),
                erwartet="ein Eintrag unter spalten oder uebergehen, keiner unter "
                "offen",
                rat="Bitte entscheiden und die Spalte unter offen streichen; quartier "
                "indikatoren zeigt alle Kennungen.",
            )
            for spalte, moeglich in self.offen.items()
        ]

    def rollen(self) -> dict[str, frozenset[str]]:
        """Welche Rollen je Indikator geliefert sind."""
        if self.form == "lang":
            da = {
                rolle
                for rolle, spalte in (
                    ("wert", self.wert_spalte),
                    ("zaehler", self.zaehler_spalte),
                    ("nenner", self.nenner_spalte),
                )
                if spalte
            }
            return {s.indikator: frozenset(da) for s in self.spalten}
        ergebnis: dict[str, set[str]] = {}
        for s in self.spalten:
            ergebnis.setdefault(s.indikator, set()).add(s.rolle)
        return {kennung: frozenset(r) for kennung, r in ergebnis.items()}

    @property
    def dateiformat(self) -> Format | None:
        """Angegebenes Format oder das nach der Endung."""
        return self.format or dateiformat(self.datei)

    def passt(self, datei: str) -> bool:
        """Beschreibt diese Zuordnung eine Datei dieses Namens?"""
        if adressart(self.datei):
            return ohne_kennwort(self.datei) == ohne_kennwort(datei)
        return fnmatch.fnmatchcase(PurePath(datei).name, self.datei)


def dateiformat(datei: str) -> Format | None:
    """Format einer Datei oder Adresse; None, wenn unbekannt.

    Examples
    --------
    >>> dateiformat("a.CSV"), dateiformat("postgresql://h/d#t"), dateiformat("a.doc")
    ('csv', 'postgis', None)
    """
    art = adressart(datei)
    if art in ("wfs", "ogc_api", "postgis"):
        return art  # type: ignore[return-value]
    return ENDUNGEN.get(PurePath(datei).suffix.lower())


def lies_zuordnungen(datei: Path) -> dict[str, Zuordnung]:
    """Liest ``lieferung.yaml``: ``kennung: {felder}`` je Lieferung.

    Raises
    ------
    Katalogfehler, Datenfehler
        Mit allen Mängeln der Datei.
    """
    zuordnungen = lies_eintraege(Zuordnung, datei)
    befunde = [b for z in zuordnungen.values() for b in z.maengel()]
    if befunde:
        raise Datenfehler(DATEINAME, befunde)
    return zuordnungen


def finde_zuordnungen(
    datei: Path | str, *, fuer_adressen: Path | None = None
) -> list[Zuordnung]:
    """Zuordnungen, die neben der Datei liegen: eine, oder eine je Blatt.

    Parameters
    ----------
    datei : Path or str
        Datei oder Adresse.
    fuer_adressen : Path, optional
        Ordner, dessen ``lieferung.yaml`` für Adressen gilt.

    Raises
    ------
    Datenfehler
        Wenn mehrere dasselbe Blatt beschreiben.
    """
    ist_adresse = isinstance(datei, str) and bool(adressart(datei))
    ordner = fuer_adressen if ist_adresse else Path(datei).parent
    if ordner is None:
        return []
    name = str(datei) if ist_adresse else Path(datei).name
    beiblatt = ordner / DATEINAME
    if not (beiblatt.exists() or beiblatt.is_symlink()):
        return []
    mangel = dateimangel(beiblatt, DATEINAME, hoechstens=HOECHSTENS_BYTE)
    if mangel is not None:
        raise Datenfehler(DATEINAME, [mangel])
    passend = [z for z in lies_zuordnungen(beiblatt).values() if z.passt(name)]
    blaetter = {z.blatt for z in passend}
    if len(passend) > 1 and ("" in blaetter or len(blaetter) < len(passend)):
        raise Datenfehler(DATEINAME, [_mehrere(ohne_kennwort(name), passend)])
    return passend


def _mehrere(name: str, passend: Sequence[Zuordnung]) -> Befund:
    return Befund(
        ort=f"{DATEINAME}, {sicherer_text(name)}",
        was="Mehrere Einträge passen auf die Datei: "
        f"{', '.join(sicherer_text(z.id) for z in passend)}.",
        erwartet="genau ein Eintrag, oder je Blatt einer",
        rat="Bitte die Muster in datei genauer fassen oder blatt angeben.",
    )


def zuordnung_text(zuordnungen: Iterable[Zuordnung]) -> str:
    """Inhalt von ``lieferung.yaml``; `lies_zuordnungen` liest ihn wieder.

    Examples
    --------
    >>> z = Zuordnung(id="a", datei="a_*.csv", schluessel="Nr.", quelle="q",
    ...               stichtag="2024-12-31",
    ...               spalten=[{"spalte": "Alo", "indikator": "B01"}])
    >>> print(zuordnung_text([z]))
    a:
      datei: a_*.csv
      schluessel: Nr.
      quelle: q
      stichtag: '2024-12-31'
      spalten:
      - spalte: Alo
        indikator: B01
    <BLANKLINE>
    """
    inhalt = {
        z.id: _wie_gelesen(z.model_dump(exclude={"id"}, exclude_defaults=True))
        for z in zuordnungen
    }
    return yaml.safe_dump(inhalt, allow_unicode=True, sort_keys=False, width=88)


def _wie_gelesen(wert: object) -> object:
    if isinstance(wert, bool):
        return "ja" if wert else "nein"
    if isinstance(wert, Mapping):
        return {k: _wie_gelesen(v) for k, v in wert.items()}
    if isinstance(wert, Sequence) and not isinstance(wert, str):
        return [_wie_gelesen(v) for v in wert]
    return wert


STICHTAGE = (
    (re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)\b"), (3, 2, 1)),
    (re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b"), (1, 2, 3)),
)


def stichtag_in(text: str) -> str:
    """Erstes Datum in einem Text als ``JJJJ-MM-TT``; leer, wenn keines da steht.

    Examples
    --------
    >>> stichtag_in("Stand: 31.12.2024"), stichtag_in("2024-06-30"), stichtag_in("2024")
    ('2024-12-31', '2024-06-30', '')
    """
    for muster, (jahr, monat, tag) in STICHTAGE:
        for fund in muster.finditer(text):
            wann = f"{fund[jahr]}-{int(fund[monat]):02d}-{int(fund[tag]):02d}"
            if _ist_tag(wann):
                return wann
    return ""
