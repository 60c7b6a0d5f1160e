"""Wie lesen wir Excel-Mappen? Blätter, verbundene Köpfe, Formeln, Ausgeblendetes."""

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from quartierstools.eingang.leser.kopf import kopfbefunde, spaltennamen, teile_auf
from quartierstools.eingang.leser.rohtabelle import Rohtabelle, texttabelle
from quartierstools.eingang.leser.textdatei import Schreibart
from quartierstools.eingang.pruefregeln import Pruefregeln
from quartierstools.eingang.schutz import archivbefunde, dateibefunde, sicherer_text
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.schreibweise import aufzaehlung

BEREICH = re.compile(r"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)")


@dataclass(slots=True)
class _Blatt:
    """Rohe Zellen eines Blattes, während es gelesen wird."""

    name: str
    zeilen: list[list[str]] = field(default_factory=list)
    zahlen: list[list[bool]] = field(default_factory=list)
    formeln: list[tuple[int, int]] = field(default_factory=list)
    verbunden: list[tuple[int, int, int, int]] = field(default_factory=list)
    versteckt: list[int] = field(default_factory=list)


def lies_mappe(
    datei: Path, *, name: str, blatt: str, art: Schreibart, regeln: Pruefregeln
) -> list[Rohtabelle]:
    """Liest die Tabellen einer Mappe (XLSX), je Blatt eine.

    Parameters
    ----------
    blatt : str
        Name des Blattes; leer: alle Blätter mit einer Tabelle.

    Raises
    ------
    Datenfehler
        Wenn die Mappe beschädigt oder gefährlich ist, das Blatt fehlt oder
        Formeln enthält.
    """
    mappe = _mappe(datei, name, regeln)
    namen = [b.title for b in mappe.worksheets]
    if blatt and blatt not in namen:
        befund = Befund(
            ort=name,
            was=f"Das Blatt „{sicherer_text(blatt)}“ gibt es nicht.",
            erwartet=f"eines von {aufzaehlung([sicherer_text(n) for n in namen])}",
            rat="Bitte blatt in lieferung.yaml anpassen.",
        )
        raise Datenfehler(name, [befund])
    tabellen: list[Rohtabelle] = []
    befunde: list[Befund | str] = []
    for arbeitsblatt in mappe.worksheets:
        if blatt and arbeitsblatt.title != blatt:
            continue
        try:
            gelesen = _gelesenes_blatt(arbeitsblatt, name, regeln)
            _ergaenze_aufbau(datei, arbeitsblatt, gelesen)
            tabelle = _rohtabelle(gelesen, name, art)
        except Datenfehler as fehler:
            befunde += fehler.befunde
            continue
        if tabelle is not None:
            tabellen.append(tabelle)
    mappe.close()
    if not tabellen and not befunde:
        befunde.append(
            Befund(
                ort=name,
                was="Kein Blatt enthält eine Tabelle.",
                erwartet="eine Kopfzeile und darunter eine Zeile je Gebiet",
                rat="Bitte prüfen, ob es die richtige Datei ist.",
            )
        )
    if befunde:
        raise Datenfehler(name, befunde)
    return tabellen


def lies_blattzellen(
    datei: Path, *, name: str, blatt: str, regeln: Pruefregeln
) -> tuple[list[list[str]], list[tuple[int, int]]]:
    """Zellen eines Blatts als Text und die Stellen von Formeln (ab null).

    Raises
    ------
    Datenfehler
        Wenn die Mappe nicht lesbar ist oder das Blatt fehlt.
    """
    befunde = dateibefunde(datei, name, regeln)
    if befunde:
        raise Datenfehler(name, befunde)
    mappe = _mappe(datei, name, regeln)
    try:
        if blatt not in mappe.sheetnames:
            befund = Befund(
                ort=name,
                was=f"Das Blatt „{blatt}“ fehlt.",
                erwartet="ein Bogen, wie ihn quartier angebote formular schreibt",
            )
            raise Datenfehler(name, [befund])
        gelesen = _gelesenes_blatt(mappe[blatt], name, regeln)
    finally:
        mappe.close()
    return gelesen.zeilen, gelesen.formeln


def _mappe(datei: Path, name: str, regeln: Pruefregeln) -> Any:  # noqa: ANN401
    with datei.open("rb") as strom:
        anfang = strom.read(8)
    if anfang.startswith(b"\xd0\xcf\x11\xe0"):
        befund = Befund(
            ort=name,
            was="Das ist eine alte Excel-Datei (.xls) oder eine mit Kennwort.",
            erwartet="eine Mappe im Format .xlsx ohne Kennwort",
            rat="Bitte in Excel als „Excel-Arbeitsmappe (.xlsx)“ speichern.",
        )
        raise Datenfehler(name, [befund])
    befunde = archivbefunde(datei, name, regeln)
    if befunde:
        raise Datenfehler(name, befunde)
    import openpyxl  # noqa: PLC0415 – nur für Excel-Dateien

    try:
        return openpyxl.load_workbook(
            datei, read_only=True, data_only=False, keep_links=False
        )
    except Exception:  # noqa: BLE001 – openpyxl wirft bei Schäden vieles
        befund = Befund(
            ort=name,
            was="Die Excel-Datei ist beschädigt.",
            erwartet="eine lesbare Mappe (.xlsx)",
            rat="Bitte in Excel öffnen, reparieren lassen und neu speichern.",
        )
        raise Datenfehler(name, [befund]) from None


def _gelesenes_blatt(blatt: Any, name: str, regeln: Pruefregeln) -> _Blatt:  # noqa: ANN401
    gelesen = _Blatt(name=blatt.title)
    blatt.reset_dimensions()
    zellen = 0
    for nummer, zeile in enumerate(blatt.iter_rows()):
        texte, zahlen = [], []
        for spalte, zelle in enumerate(zeile):
            if zelle.data_type == "f":
                gelesen.formeln.append((nummer, spalte))
            text, zahl = _zelltext(zelle)
            texte.append(text)
            zahlen.append(zahl)
        zellen += len(texte)
        gelesen.zeilen.append(texte)
        gelesen.zahlen.append(zahlen)
        if zellen > regeln.hoechstens_zellen or len(texte) > regeln.hoechstens_spalten:
            befund = Befund(
                ort=f"{name}, Blatt „{blatt.title}“",
                was="Das Blatt ist größer, als eine Lieferung sein kann.",
                erwartet=f"höchstens {regeln.hoechstens_spalten} Spalten und "
                f"{regeln.hoechstens_zellen} Zellen",
                rat="Bitte leere formatierte Bereiche löschen.",
            )
            raise Datenfehler(name, [befund])
    while gelesen.zeilen and not any(gelesen.zeilen[-1]):
        gelesen.zeilen.pop()
        gelesen.zahlen.pop()
    return gelesen


def _zelltext(zelle: Any) -> tuple[str, bool]:  # noqa: ANN401
    """Text einer Zelle, wie ihn die Quelle meint, und ob sie eine Zahl ist."""
    wert = zelle.value
    if wert is None:
        return "", False
    if isinstance(wert, bool):
        return ("WAHR" if wert else "FALSCH"), False
    if isinstance(wert, (int, float)):
        genau = Decimal(repr(wert))
        if "%" in str(zelle.number_format or ""):
            return f"{_dezimaltext(genau * 100)} %", True
        return _dezimaltext(genau), True
    if isinstance(wert, datetime):
        return wert.date().isoformat() if wert.time().isoformat() == "00:00:00" else (
            wert.isoformat()
        ), False
    if isinstance(wert, date):
        return wert.isoformat(), False
    return str(wert).strip(), False


def _dezimaltext(zahl: Decimal) -> str:
    """Zahl ohne Tausenderpunkt und Exponent, mit Dezimalkomma.

    Examples
    --------
    >>> _dezimaltext(Decimal("12.10")), _dezimaltext(Decimal("1E+3"))
    ('12,1', '1000')
    """
    if not zahl.is_finite():
        return str(zahl)
    text = f"{zahl:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


def _ergaenze_aufbau(datei: Path, blatt: Any, gelesen: _Blatt) -> None:  # noqa: ANN401
    """Liest verbundene und ausgeblendete Bereiche, die openpyxl nicht nennt."""
    pfad = blatt._worksheet_path  # noqa: SLF001 – es gibt keinen öffentlichen Weg
    with zipfile.ZipFile(datei) as archiv, archiv.open(pfad) as strom:
        for knoten, felder in _knoten(strom):
            if knoten == "mergeCell":
                treffer = BEREICH.fullmatch(felder.get("ref", ""))
                if treffer:
                    a, b, c, d = treffer.groups()
                    gelesen.verbunden.append(
                        (int(b) - 1, _spaltennummer(a), int(d) - 1, _spaltennummer(c))
                    )
            elif felder.get("hidden") in ("1", "true") and knoten == "row":
                gelesen.versteckt.append(int(felder.get("r", "0")))


def _knoten(strom: Any) -> Iterator[tuple[str, dict[str, str]]]:  # noqa: ANN401
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415

    for _, knoten in iterparse(strom, events=("end",), forbid_dtd=True):
        name = knoten.tag.rpartition("}")[2]
        if name in ("mergeCell", "row"):
            yield name, dict(knoten.attrib)
            knoten.clear()


def _spaltennummer(buchstaben: str) -> int:
    nummer = 0
    for zeichen in buchstaben:
        nummer = nummer * 26 + ord(zeichen) - 64
    return nummer - 1


def _rohtabelle(gelesen: _Blatt, name: str, art: Schreibart) -> Rohtabelle | None:
    breite = max((len(z) for z in gelesen.zeilen), default=0)
    raster = [[*z, *[""] * (breite - len(z))] for z in gelesen.zeilen]
    if breite < 2 or sum(any(z) for z in raster) < 2:  # noqa: PLR2004
        return None
    teilung = teile_auf(raster, kopfzeile=art.kopfzeile, kopfzeilen=art.kopfzeilen)
    kopf = [list(z) for z in raster[teilung.kopf_von : teilung.kopf_bis]]
    _fuelle_verbundene(kopf, teilung.kopf_von, gelesen.verbunden, raster)
    namen = [unicodedata.normalize("NFC", n) for n in spaltennamen(kopf)]
    namen += [""] * (breite - len(namen))
    ort = f"{name}, Blatt „{gelesen.name}“"
    von, bis = teilung.kopf_bis + teilung.nummernzeile, teilung.ende
    leer = [
        i
        for i, n in enumerate(namen)
        if not n and not any(z[i] for z in raster[von:bis])
    ]
    befunde = kopfbefunde([n for i, n in enumerate(namen) if i not in leer], ort)
    befunde += _formelbefunde(gelesen.formeln, namen, von, bis, ort)
    befunde += _verbundene_zellen(gelesen.verbunden, namen, von, bis, ort)
    if befunde:
        raise Datenfehler(name, befunde)
    spalten = [i for i in range(breite) if i not in leer]
    koerper = [i for i in range(von, bis) if any(raster[i])]
    beschriftung = [namen[i] or f"Spalte {i + 1}" for i in spalten]
    zahlen = {
        titel: np.array(
            [i < len(z) and z[i] for z in (gelesen.zahlen[k] for k in koerper)],
            dtype=np.bool_,
        )
        for titel, i in zip(beschriftung, spalten, strict=True)
    }
    return Rohtabelle(
        name=name,
        blatt=gelesen.name,
        zellen=texttabelle(
            beschriftung, [[raster[k][i] for i in spalten] for k in koerper]
        ),
        zeilen=np.array([k + 1 for k in koerper], dtype=np.int64),
        titel=teilung.titel,
        fussnoten=teilung.fussnoten,
        zahlzellen={k: v for k, v in zahlen.items() if v.any()},
        merkmale=(("Blatt", gelesen.name),),
        hinweise=tuple(_hinweise(gelesen, ort, bis, teilung.fussnoten)),
    )


def _fuelle_verbundene(
    kopf: list[list[str]],
    von: int,
    verbunden: list[tuple[int, int, int, int]],
    raster: list[list[str]],
) -> None:
    """Trägt den Text verbundener Kopfzellen in jede ihrer Zellen ein."""
    for zeile_a, spalte_a, zeile_b, spalte_b in verbunden:
        for zeile in range(zeile_a, zeile_b + 1):
            if not von <= zeile < von + len(kopf):
                continue
            for spalte in range(spalte_a, min(spalte_b + 1, len(kopf[0]))):
                kopf[zeile - von][spalte] = raster[zeile_a][spalte_a]


def _formelbefunde(
    formeln: list[tuple[int, int]], namen: list[str], von: int, bis: int, ort: str
) -> list[Befund]:
    return [
        Befund(
            ort=f"{ort}, Zeile {zeile + 1}, Spalte „{namen[spalte]}“",
            was="Hier steht eine Formel.",
            erwartet="ein fester Wert",
            rat="Bitte in Excel kopieren und als Werte einfügen.",
        )
        for zeile, spalte in formeln
        if von <= zeile < bis
    ]


def _verbundene_zellen(
    verbunden: list[tuple[int, int, int, int]],
    namen: list[str],
    von: int,
    bis: int,
    ort: str,
) -> list[Befund]:
    return [
        Befund(
            ort=f"{ort}, Zeile {zeile_a + 1}, Spalte „{namen[spalte_a]}“",
            was=f"Hier sind Zellen bis Zeile {zeile_b + 1} verbunden.",
            erwartet="ein Wert in jeder Zeile",
            rat="Bitte die Verbindung aufheben und jede Zeile ausfüllen.",
        )
        for zeile_a, spalte_a, zeile_b, _ in verbunden
        if von <= zeile_a < bis and spalte_a < len(namen)
    ]


def _hinweise(
    gelesen: _Blatt, ort: str, bis: int, fussnoten: tuple[str, ...]
) -> list[Befund]:
    hinweise = []
    versteckt = [z for z in gelesen.versteckt if z <= bis]
    if versteckt:
        gezeigt = aufzaehlung([str(z) for z in versteckt[:5]])
        hinweise.append(
            Befund(
                ort=ort,
                was=f"Zeilen sind ausgeblendet, etwa {gezeigt}.",
                rat="Gelesen wurden sie trotzdem; bitte prüfen, ob ein Filter aktiv "
                "war.",
                schwere="hinweis",
            )
        )
    if fussnoten:
        text = aufzaehlung([f"„{sicherer_text(t)}“" for t in fussnoten[:2]])
        hinweise.append(
            Befund(
                ort=f"{ort}, ab Zeile {bis + 1}",
                was=f"Unter der Tabelle stehen Anmerkungen: {text}.",
                rat="Sie zählen nicht zu den Werten.",
                schwere="hinweis",
            )
        )
    return hinweise
