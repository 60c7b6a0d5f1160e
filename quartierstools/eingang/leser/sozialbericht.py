"""Wie lesen wir Tabellenseiten eines Sozialberichts (PDF)?

Eine Seite trägt einen Indikator, eine Zeile ein Gebiet, Spalten trennen zwei oder
mehr Leerzeichen. Zeilen findet der Name des Gebiets, nie die Zeilennummer; Spalten
findet ihr rechter Rand, damit eine leere Zelle keine andere verschiebt.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from quartierstools.eingang.leser.kopf import ZAHLARTIG, ZEICHEN, spaltennamen
from quartierstools.eingang.leser.rohtabelle import Rohtabelle, texttabelle
from quartierstools.eingang.namen import Gebietssuche, Gebietsverzeichnis
from quartierstools.eingang.pruefregeln import Pruefregeln
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.fehler import Befund, Datenfehler

FELD = re.compile(r"\S+(?: \S+)*")
SCHLUESSEL_DAVOR = re.compile(r"(\d{1,8})\s+(?=\D)")
JAHR = re.compile(r"(?:19|20)\d\d")
MINDESTZEILEN = 3
HOECHSTENS_SEITEN = 2000
STICHTAG = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Berichtszeile:
    """Ein Gebiet auf einer Tabellenseite.

    Attributes
    ----------
    zeile : int
        Zeile auf der Seite, ab 1.
    name : str
        Name, wie er im Bericht steht.
    ebene, gebiet : str
        Zugeordnetes Gebiet.
    zellen : tuple of str
        Text je Spalte; leer, wo nichts steht.
    """

    zeile: int
    name: str
    ebene: str
    gebiet: str
    zellen: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uebrige:
    """Zeile mit Zahlen, deren Name zu keinem Gebiet passt.

    Attributes
    ----------
    zeile : int
        Zeile auf der Seite, ab 1.
    name : str
        Wie er im Bericht steht.
    vorschlag : str
        Welches Gebiet gemeint sein könnte.
    """

    zeile: int
    name: str
    vorschlag: str = ""

    @property
    def satz(self) -> str:
        """Befund in einem Satz."""
        frage = f" Meinten Sie {self.vorschlag}?" if self.vorschlag else ""
        return f"„{sicherer_text(self.name)}“ gehört zu keinem Gebiet.{frage}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Berichtsseite:
    """Eine Tabellenseite eines Berichts.

    Attributes
    ----------
    seite : int
        Nummer im PDF, ab 1.
    titel : str
        Text über der Tabelle.
    stichtag : str
        Erstes Datum im Titel als ``JJJJ-MM-TT``; leer, wenn keines da steht.
    spalten : tuple of str
        Spaltenköpfe der Zahlenspalten (ohne Gebiet).
    zeilen : tuple of Berichtszeile
        Gefundene Gebiete in der Reihenfolge der Seite.
    fehlend : tuple of str
        Schlüssel der Gebiete, die auf der Seite nicht vorkommen.
    fussnoten : tuple of str
        Text unter der Tabelle.
    befunde : tuple of Befund
        Was sich nicht eindeutig lesen ließ.
    uebrige : tuple of Uebrige
        Zeilen mit Zahlen, die zu keinem Gebiet gehören; sie zählen nicht mit.
    """

    seite: int
    titel: str
    stichtag: str
    spalten: tuple[str, ...]
    zeilen: tuple[Berichtszeile, ...]
    fehlend: tuple[str, ...]
    fussnoten: tuple[str, ...]
    befunde: tuple[Befund, ...]
    uebrige: tuple[Uebrige, ...] = ()


def lies_berichtsseiten(
    datei: Path, *, name: str, verzeichnis: Gebietsverzeichnis, regeln: Pruefregeln
) -> tuple[Berichtsseite, ...]:
    """Alle Tabellenseiten eines Berichts.

    Als Tabellenseite gilt eine Seite, auf der mindestens drei Zeilen mit dem Namen
    eines Gebiets beginnen und eine Zahl oder ein Zeichen tragen.

    Raises
    ------
    Datenfehler
        Wenn das PDF beschädigt, verschlüsselt oder ein Bild ohne Text ist.
    """
    suche = Gebietssuche(verzeichnis)
    seiten = []
    texte = _seitentexte(datei, name, regeln)
    for nummer, text in enumerate(texte, start=1):
        seite = deute_seite(text, seite=nummer, name=name, suche=suche)
        if seite is not None:
            seiten.append(seite)
    if not seiten:
        leer = not any(text.strip() for text in texte)
        befund = Befund(
            ort=name,
            was="Die Seiten sind Bilder ohne Text."
            if leer
            else "Keine Seite enthält eine Tabelle mit Gebietsnamen.",
            erwartet="Tabellenseiten mit einer Zeile je Gebiet",
            rat="Bitte das PDF mit Textebene liefern lassen."
            if leer
            else "Bitte prüfen, ob es der richtige Bericht ist.",
        )
        raise Datenfehler(name, [befund])
    return tuple(seiten)


def _seitentexte(datei: Path, name: str, regeln: Pruefregeln) -> list[str]:
    import logging  # noqa: PLC0415

    import pypdf  # noqa: PLC0415 – nur für PDF

    # pypdf meldet Schäden über logging; hier werden sie zu einem Befund.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        leser = pypdf.PdfReader(datei)
        verschluesselt = leser.is_encrypted
        if not verschluesselt and len(leser.pages) <= min(
            HOECHSTENS_SEITEN, regeln.hoechstens_zeilen
        ):
            return [
                seite.extract_text(
                    extraction_mode="layout",
                    layout_mode_space_vertically=False,
                    layout_mode_scale_weight=1.0,
                )
                for seite in leser.pages
            ]
        was = (
            "Das PDF ist verschlüsselt."
            if verschluesselt
            else f"Das PDF hat mehr als {HOECHSTENS_SEITEN} Seiten."
        )
    except Exception:  # noqa: BLE001 – pypdf wirft bei Schäden vieles
        was = "Das PDF ist beschädigt oder abgeschnitten."
    befund = Befund(
        ort=name,
        was=was,
        erwartet="ein vollständiges PDF ohne Kennwort",
        rat="Bitte neu ausgeben lassen.",
    )
    raise Datenfehler(name, [befund])


Felder = list[tuple[int, int, str]]


def _felder(zeile: str) -> Felder:
    """Felder einer Zeile mit linkem und rechtem Rand."""
    return [(m.start(), m.end(), m.group()) for m in FELD.finditer(zeile)]


def deute_seite(
    text: str, *, seite: int, name: str, suche: Gebietssuche
) -> Berichtsseite | None:
    """Deutet den Text einer Seite; None, wenn es keine Tabellenseite ist."""
    zeilen = text.split("\n")
    treffer: list[tuple[int, str, str, str, Felder]] = []
    for nummer, zeile in enumerate(zeilen):
        gefunden = _gebiet(_felder(zeile), suche)
        if gefunden is not None:
            treffer.append((nummer, *gefunden))
    if len(treffer) < MINDESTZEILEN:
        return None
    befunde = _doppelte(treffer, suche, f"{name}, Seite {seite}")
    raender = _spaltenraender([felder for *_, felder in treffer])
    gelesen = []
    for nummer, titel, ebene, gebiet, felder in treffer:
        zellen, unklar = _zellen(felder, raender)
        gelesen.append(
            Berichtszeile(
                zeile=nummer + 1, name=titel, ebene=ebene, gebiet=gebiet, zellen=zellen
            )
        )
        if unklar:
            befunde.append(
                Befund(
                    ort=f"{name}, Seite {seite}, Zeile {nummer + 1}, {titel}",
                    was=f"„{sicherer_text(unklar)}“ lässt sich keiner Spalte zuordnen.",
                    erwartet=f"{len(raender)} Spalten wie in den anderen Zeilen",
                    rat="Bitte den Wert im Bericht nachsehen und von Hand eintragen.",
                )
            )
    erste, letzte = treffer[0][0], treffer[-1][0]
    kopf = [z for z in zeilen[:erste] if z.strip()]
    titel, spalten = _kopf(kopf, raender)
    da = {gebiet for _, _, ebene, gebiet, _ in treffer if ebene == "gebiet"}
    tag = STICHTAG.search(titel) or STICHTAG.search(" ".join(kopf))
    return Berichtsseite(
        seite=seite,
        titel=titel,
        stichtag=f"{tag[3]}-{int(tag[2]):02d}-{int(tag[1]):02d}" if tag else "",
        spalten=spalten,
        zeilen=tuple(gelesen),
        fehlend=tuple(k for k in suche.verzeichnis.schluessel("gebiet") if k not in da),
        fussnoten=tuple(z.strip() for z in zeilen[letzte + 1 :] if z.strip()),
        befunde=tuple(befunde),
        uebrige=tuple(_uebrige(zeilen, {n for n, *_ in treffer}, suche)),
    )


def _uebrige(
    zeilen: Sequence[str], treffer: set[int], suche: Gebietssuche
) -> list[Uebrige]:
    """Zeilen der Tabelle, die aussehen wie ein Gebiet mit Zahlen, aber keines sind."""
    namen = {
        nummer: name
        for nummer, zeile in enumerate(zeilen)
        if nummer not in treffer and (name := _zeilenname(zeile))
    }
    beginn = min(treffer)
    while beginn - 1 in namen:  # gleich über der ersten gefundenen Zeile
        beginn -= 1
    return [
        Uebrige(zeile=nummer + 1, name=name, vorschlag=suche.nach_name(name).vorschlag)
        for nummer, name in namen.items()
        if nummer >= beginn
    ]


def _zeilenname(zeile: str) -> str:
    """Text vor den Zahlen einer Zeile; leer, wenn sie keine Tabellenzeile ist."""
    felder = [text for _, _, text in _felder(zeile)]
    if len(felder) > 1 and felder[0].isdigit() and not _ist_wert(felder[1]):
        felder = felder[1:]  # die Nummer vor dem Namen
    if len(felder) < 2 or not any(map(str.isalpha, felder[0])):  # noqa: PLR2004
        return ""
    werte = felder[1:]
    jahre = all(JAHR.fullmatch(w) for w in werte)  # ein Spaltenkopf
    return "" if jahre or not all(map(_ist_wert, werte)) else felder[0]


def _gebiet(felder: Felder, suche: Gebietssuche) -> tuple[str, str, str, Felder] | None:
    """Name, Ebene, Schlüssel und Zahlenfelder, wenn die Zeile ein Gebiet nennt."""
    if len(felder) < 2:  # noqa: PLR2004
        return None
    rest = felder
    if rest[0][2].isdigit() and not ZAHLARTIG.fullmatch(rest[1][2]):
        rest = rest[1:]
    titel = SCHLUESSEL_DAVOR.sub("", rest[0][2], count=1)
    werte = rest[1:]
    if not werte or not all(_ist_wert(f[2]) for f in werte):
        return None
    fund = suche.nach_name(titel)
    if fund.art not in ("genau", "variante"):
        return None
    return titel, fund.ebene, fund.schluessel, werte


def _ist_wert(text: str) -> bool:
    return text in ZEICHEN or ZAHLARTIG.fullmatch(text) is not None


def _doppelte(
    treffer: Sequence[tuple[int, str, str, str, Felder]], suche: Gebietssuche, ort: str
) -> list[Befund]:
    gesehen: set[tuple[str, str]] = set()
    befunde = []
    for nummer, _, ebene, gebiet, _ in treffer:
        if (ebene, gebiet) in gesehen:
            befunde.append(
                Befund(
                    ort=f"{ort}, Zeile {nummer + 1}",
                    was=f"{suche.verzeichnis.name(ebene, gebiet)} steht mehrfach.",
                    erwartet="eine Zeile je Gebiet",
                    rat="Stehen zwei Tabellen auf der Seite? Bitte von Hand eintragen.",
                )
            )
        gesehen.add((ebene, gebiet))
    return befunde


def _spaltenraender(zeilen: Sequence[Felder]) -> list[tuple[int, int]]:
    """Linker und rechter Rand jeder Zahlenspalte, aus den vollständigen Zeilen."""
    breite = max(len(felder) for felder in zeilen)
    volle = [felder for felder in zeilen if len(felder) == breite]
    return [
        (min(f[i][0] for f in volle), max(f[i][1] for f in volle))
        for i in range(breite)
    ]


def _zellen(
    felder: Felder, raender: Sequence[tuple[int, int]]
) -> tuple[tuple[str, ...], str]:
    """Text je Spalte; dazu das erste Feld, das sich nicht zuordnen ließ."""
    zellen = [""] * len(raender)
    if len(felder) == len(raender):
        return tuple(text for _, _, text in felder), ""
    for links, rechts, text in felder:
        passend = [
            i for i, (von, bis) in enumerate(raender) if links < bis and rechts > von
        ]
        if len(passend) != 1 or zellen[passend[0]]:
            return tuple(zellen), text
        zellen[passend[0]] = text
    return tuple(zellen), ""


def _kopf(
    zeilen: Sequence[str], raender: Sequence[tuple[int, int]]
) -> tuple[str, tuple[str, ...]]:
    """Titel und Spaltenköpfe: Kopfzeilen haben Felder über mehreren Spalten."""
    kopf: list[list[str]] = []
    titel = list(zeilen)
    while titel:
        felder = _felder(titel[-1])
        teile = _kopfteile(felder, raender)
        if not any(teile) or (kopf and len(felder) < 2):  # noqa: PLR2004
            break
        kopf.insert(0, ["", *teile])
        titel.pop()
    namen = spaltennamen(kopf)[1:] if kopf else []
    namen = [n or f"Spalte {i}" for i, n in enumerate(namen, start=1)]
    if not namen:
        namen = [f"Spalte {i}" for i in range(1, len(raender) + 1)]
    return " ".join(" ".join(z.split()) for z in titel), tuple(namen)


def _kopfteile(felder: Felder, raender: Sequence[tuple[int, int]]) -> list[str]:
    """Text je Spalte; steht ein Feld über mehreren, entscheidet jedes Wort."""
    teile = [""] * len(raender)
    if len(felder) < 2 and len(raender) > 1:  # noqa: PLR2004
        return teile
    for links, rechts, text in felder:
        ueber = [i for i, (v, b) in enumerate(raender) if links < b and rechts > v]
        if len(ueber) == 1:
            teile[ueber[0]] = f"{teile[ueber[0]]} {text}".strip()
            continue
        for wort in re.finditer(r"\S+", text) if ueber else ():
            beginn = links + wort.start()
            spalte = sum(beginn >= bis for _, bis in raender[:-1])
            teile[spalte] = f"{teile[spalte]} {wort.group()}".strip()
    return teile


def lies_sozialbericht(
    datei: Path, *, name: str, verzeichnis: Gebietsverzeichnis, regeln: Pruefregeln
) -> list[Rohtabelle]:
    """Tabellenseiten als Rohtabellen mit den Spalten „Gebiet“, „Name“ und Werten.

    Raises
    ------
    Datenfehler
        Wenn das PDF nicht lesbar ist oder eine Zeile nicht eindeutig.
    """
    seiten = lies_berichtsseiten(
        datei, name=name, verzeichnis=verzeichnis, regeln=regeln
    )
    befunde = [befund for seite in seiten for befund in seite.befunde]
    if befunde:
        raise Datenfehler(name, befunde)
    return [als_rohtabelle(seite, name) for seite in seiten]


def als_rohtabelle(seite: Berichtsseite, name: str) -> Rohtabelle:
    """Rohtabelle einer Seite."""
    spalten = _eindeutig(["Gebiet", *seite.spalten])
    zeilen = [[z.name, *z.zellen] for z in seite.zeilen]
    return Rohtabelle(
        name=name,
        blatt=f"Seite {seite.seite}",
        zellen=texttabelle(spalten, zeilen),
        zeilen=np.array([z.zeile for z in seite.zeilen], dtype=np.int64),
        titel=(seite.titel,) if seite.titel else (),
        fussnoten=seite.fussnoten,
        hinweise=tuple(
            Befund(
                ort=f"{name}, Seite {seite.seite}, Zeile {u.zeile}",
                was=u.satz,
                erwartet="ein Gebiet, ein Stadtbezirk oder die Stadt",
                rat="Die Zeile wird nicht gelesen; hat sich ein Name geändert?",
                schwere="hinweis",
            )
            for u in seite.uebrige
        ),
        dezimal=",",
        merkmale=(("Seite", str(seite.seite)),),
    )


def _eindeutig(namen: Sequence[str]) -> list[str]:
    gesehen: dict[str, int] = {}
    ergebnis = []
    for name in namen:
        gesehen[name] = gesehen.get(name, 0) + 1
        ergebnis.append(name if gesehen[name] == 1 else f"{name} ({gesehen[name]})")
    return ergebnis
