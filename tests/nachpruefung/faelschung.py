"""Fälscht fertige Dateien: eine Zahl, eine Einheit, ein Gebiet, ein Wort je Kopie.

Word und HTML werden in der Datei selbst geändert, PDF im gelesenen Text. Jede
Fälschung folgt aus einem Startwert und ist wiederholbar.
"""

import html
import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quartierstools.nachpruefung.lesen import (
    Lesestelle,
    lies_docx,
    lies_html,
    lies_pdf,
)
from quartierstools.nachpruefung.zahlen import WERT, zahlen

WORTE = ("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht")
WORTE += ("neun", "zehn", "elf", "zwölf")
GEGENTEIL = {
    "über": "unter",
    "unter": "über",
    "höchste": "niedrigste",
    "niedrigster": "höchster",
    "mindestens": "höchstens",
    "deutlich": "etwas",
    "allen": "einigen",
    "rund": "genau",
}


@dataclass(frozen=True)
class Vorlage:
    """Ein unversehrtes Schriftstück als Folge änderbarer Textstücke."""

    datei: Path
    stuecke: tuple[str, ...]

    def lies(self, stuecke: Sequence[str] | None = None) -> list[Lesestelle]:
        """Liest die Datei mit (geänderten) Textstücken, wie die Prüfung sie liest."""
        neu = self.stuecke if stuecke is None else stuecke
        if self.datei.suffix == ".pdf":
            return _pdf_mit(self.datei, neu)
        if self.datei.suffix == ".docx":
            return lies_docx(docx_mit(self.datei, neu))
        return lies_html(html_mit(self.datei, neu))


@dataclass(frozen=True)
class Faelschung:
    """Eine gefälschte Kopie und was daran falsch ist."""

    art: str
    vorlage: Vorlage
    stuecke: tuple[str, ...]
    was: str


LAUF = re.compile(r"(<w:t(?: [^>]*)?>)([^<]*)(</w:t>)")
KNOTEN = re.compile(r"(>)([^<>]+)(<(?!/(?:style|script|title)))")


def oeffne(datei: Path) -> Vorlage:
    """Zerlegt eine Datei in ihre änderbaren Textstücke."""
    if datei.suffix == ".pdf":
        stellen = lies_pdf(datei.read_bytes())
        zeilen = [z for s in stellen if s.art == "seite" for z in s.text.split("\n")]
        return Vorlage(datei, tuple(zeilen))
    if datei.suffix == ".docx":
        with zipfile.ZipFile(datei) as archiv:
            roh = archiv.read("word/document.xml").decode()
        return Vorlage(datei, tuple(html.unescape(t) for _, t, _ in LAUF.findall(roh)))
    rumpf = datei.read_text(encoding="utf-8").partition("<body")[2]
    return Vorlage(datei, tuple(html.unescape(t) for _, t, _ in KNOTEN.findall(rumpf)))


def docx_mit(datei: Path, stuecke: Sequence[str]) -> bytes:
    """Word-Datei mit anderen Texten in denselben Läufen."""
    offen = iter(stuecke)
    ziel = io.BytesIO()
    with zipfile.ZipFile(datei) as alt, zipfile.ZipFile(ziel, "w") as neu:
        for name in alt.namelist():
            roh = alt.read(name)
            if name == "word/document.xml":
                roh = LAUF.sub(
                    lambda t: t[1] + html.escape(next(offen), quote=False) + t[3],
                    roh.decode(),
                ).encode()
            neu.writestr(name, roh)
    return ziel.getvalue()


def html_mit(datei: Path, stuecke: Sequence[str]) -> str:
    """HTML-Seite mit anderen Texten in denselben Knoten."""
    offen = iter(stuecke)
    kopf, marke, rumpf = datei.read_text(encoding="utf-8").partition("<body")
    return (
        kopf
        + marke
        + KNOTEN.sub(
            lambda t: t[1] + html.escape(next(offen), quote=False) + t[3], rumpf
        )
    )


def _pdf_mit(datei: Path, stuecke: Sequence[str]) -> list[Lesestelle]:
    offen, stellen = list(stuecke), []
    for stelle in lies_pdf_einmal(datei):
        if stelle.art != "seite":
            stellen.append(stelle)
            continue
        anzahl = stelle.text.count("\n") + 1
        stellen.append(replace(stelle, text="\n".join(offen[:anzahl])))
        offen = offen[anzahl:]
    return stellen


_PDF: dict[Path, list[Lesestelle]] = {}


def lies_pdf_einmal(datei: Path) -> list[Lesestelle]:
    """Gelesenes PDF; die Fälschungen teilen sich das Lesen."""
    if datei not in _PDF:
        _PDF[datei] = lies_pdf(datei.read_bytes())
    return _PDF[datei]


def _werte(text: str, *, ziffern: bool = True):
    return [
        z
        for z in zahlen(text)
        if z.klasse == WERT and (z.text[-1:].isdigit() or z.einheit or not ziffern)
        if not ziffern or any(c.isdigit() for c in z.text)
    ]


def _setze(text: str, z, neu: str) -> str:
    return text[: z.von] + neu + text[z.bis :]


def ziffer(text: str, wuerfel: random.Random) -> str | None:
    """Eine Ziffer durch eine andere ersetzt."""
    if not (werte := _werte(text)):
        return None
    z = wuerfel.choice(werte)
    ort = wuerfel.choice([n for n, c in enumerate(z.text) if c.isdigit()])
    andere = wuerfel.choice([c for c in "123456789" if c != z.text[ort]])
    return _setze(text, z, z.text[:ort] + andere + z.text[ort + 1 :])


def ziffer_dazu(text: str, wuerfel: random.Random) -> str | None:
    """Eine Ziffer eingefügt."""
    if not (werte := _werte(text)):
        return None
    z = wuerfel.choice(werte)
    ort = wuerfel.choice([n for n, c in enumerate(z.text) if c.isdigit()])
    return _setze(text, z, z.text[:ort] + wuerfel.choice("123456789") + z.text[ort:])


def ziffer_weg(text: str, wuerfel: random.Random) -> str | None:
    """Eine Ziffer gestrichen."""
    werte = [z for z in _werte(text) if sum(c.isdigit() for c in z.text) > 1]
    if not werte:
        return None
    z = wuerfel.choice(werte)
    ort = wuerfel.choice([n for n, c in enumerate(z.text) if c.isdigit()])
    return _setze(text, z, z.text[:ort] + z.text[ort + 1 :])


def komma(text: str, wuerfel: random.Random) -> str | None:
    """Das Komma verschoben."""
    werte = [z for z in _werte(text) if "," in z.text]
    if not werte:
        return None
    z = wuerfel.choice(werte)
    ganz, rest = z.text.split(",", 1)
    if len(ganz) > 1 and ganz[-2:].isdigit():
        return _setze(text, z, f"{ganz[:-1]},{ganz[-1]}{rest}")
    return _setze(text, z, f"{ganz}{rest[0]},{rest[1:] or '0'}")


def vorzeichen(text: str, wuerfel: random.Random) -> str | None:
    """Ein Vorzeichen gesetzt oder gestrichen."""
    werte = [z for z in _werte(text) if z.von == 0 or text[z.von - 1] in " (\u00a0"]
    if not werte:
        return None
    z = wuerfel.choice(werte)
    if z.text[0] in "−-–+":
        return _setze(text, z, z.text[1:])
    return _setze(text, z, f"−{z.text}")


def einheit(text: str, wuerfel: random.Random) -> str | None:
    """Eine andere Einheit hinter der Zahl."""
    werte = [z for z in _werte(text) if z.einheit]
    if not werte:
        return None
    z = wuerfel.choice(werte)
    roh = re.split(r"[\s\u00a0]+", z.text)
    if len(roh) < 2:
        return None
    einheiten = ["Prozentpunkte", "Promille", "Euro", "Personen", ""]
    anders = wuerfel.choice([e for e in einheiten if e not in roh])
    return _setze(text, z, f"{roh[0]} {anders}".strip())


def wort(text: str, wuerfel: random.Random) -> str | None:
    """„drei“ wird „vier“."""
    werte = [
        z for z in zahlen(text) if z.klasse == WERT and z.text.lower() in WORTE[1:]
    ]
    if not werte:
        return None
    z = wuerfel.choice(werte)
    neu = wuerfel.choice([w for w in WORTE[2:] if w != z.text.lower()])
    return _setze(text, z, neu.capitalize() if z.text[0].isupper() else neu)


def richtung(text: str, wuerfel: random.Random) -> str | None:
    """„über“ wird „unter“, neben einer Zahl."""
    if not _werte(text, ziffern=False):
        return None
    stellen = [
        m
        for m in re.finditer(rf"\b({'|'.join(GEGENTEIL)})\b", text)
        if m[1] in GEGENTEIL
    ]
    if not stellen:
        return None
    m = wuerfel.choice(stellen)
    return text[: m.start()] + GEGENTEIL[m[1]] + text[m.end() :]


def jahr(text: str, wuerfel: random.Random) -> str | None:
    """Ein anderes Jahr."""
    stellen = [
        z for z in zahlen(text) if z.klasse == "datum" and re.search(r"20\d\d", z.text)
    ]
    if not stellen:
        return None
    z = wuerfel.choice(stellen)
    alt = re.search(r"20\d\d", z.text)[0]
    neu = str(int(alt) + wuerfel.choice([-3, -2, -1, 1, 2]))
    return _setze(text, z, z.text.replace(alt, neu))


EINZELN: dict[str, Callable[[str, random.Random], str | None]] = {
    "Ziffer geändert": ziffer,
    "Ziffer eingefügt": ziffer_dazu,
    "Ziffer gestrichen": ziffer_weg,
    "Komma verschoben": komma,
    "Vorzeichen": vorzeichen,
    "Einheit": einheit,
    "Zahlwort": wort,
    "Richtungswort": richtung,
    "Jahr": jahr,
}


def gebiete_vertauscht(
    stuecke: Sequence[str], wuerfel: random.Random, orte: Sequence[str]
) -> tuple[str, ...] | None:
    """Zwei Gebietsnamen vertauscht, oder ein Gebiet durch ein anderes ersetzt."""
    muster = re.compile(
        "|".join(
            rf"(?<!\w){re.escape(o)}(?!\w)" for o in sorted(orte, key=len, reverse=True)
        )
    )
    stellen = [(n, m) for n, s in enumerate(stuecke) for m in muster.finditer(s)]
    stellen = [(n, m) for n, m in stellen if _nennt_wert(stuecke, n)]
    if not stellen:
        return None
    n, m = wuerfel.choice(stellen)
    neu = wuerfel.choice([o for o in orte if o != m[0]])
    andere = [(k, t) for k, t in stellen if t[0] == neu and k != n]
    ergebnis = list(stuecke)
    ergebnis[n] = ergebnis[n][: m.start()] + neu + ergebnis[n][m.end() :]
    if andere:
        k, t = wuerfel.choice(andere)
        ergebnis[k] = ergebnis[k][: t.start()] + m[0] + ergebnis[k][t.end() :]
    return tuple(ergebnis)


def _nennt_wert(stuecke: Sequence[str], n: int) -> bool:
    """Ob im Stück oder gleich danach ein Wert steht (Zeile einer Tabelle)."""
    return any(_werte(s) for s in stuecke[n : n + 2])


def wert_verschoben(
    stuecke: Sequence[str], wuerfel: random.Random
) -> tuple[str, ...] | None:
    """Der Wert eines Satzes steht in einem anderen."""
    stellen = [
        (n, z)
        for n, s in enumerate(stuecke)
        for z in _werte(s)
        if not _selbst_gezaehlt(stuecke, n)
    ]
    paare = [
        (a, b)
        for a in wuerfel.sample(stellen, min(12, len(stellen)))
        for b in wuerfel.sample(stellen, min(12, len(stellen)))
        if a[0] != b[0] and a[1].schluessel != b[1].schluessel
        if a[1].einheit == b[1].einheit
    ]
    if not paare:
        return None
    (_, z), (k, y) = wuerfel.choice(paare)
    ergebnis = list(stuecke)
    ergebnis[k] = _setze(ergebnis[k], y, z.text)
    return tuple(ergebnis)


def _selbst_gezaehlt(stuecke: Sequence[str], n: int) -> bool:
    """Ob Word die Nummer selbst zählt: „Tabelle 2“, „Seite 1 von 2“."""
    return n > 0 and stuecke[n - 1].endswith(("Tabelle ", "Seite ", "von "))


def faelsche(
    vorlagen: Sequence[Vorlage], anzahl: int, orte: dict[Path, Sequence[str]], start=7
) -> list[Faelschung]:
    """Gefälschte Kopien, reihum über alle Arten und Dateien."""
    wuerfel = random.Random(start)  # noqa: S311 – wiederholbare Fälschungen
    arten = [*EINZELN, "Gebiet vertauscht", "Wert verschoben"]
    kopien: list[Faelschung] = []
    versuche = 0
    while len(kopien) < anzahl and versuche < 60 * anzahl:
        versuche += 1
        art = arten[len(kopien) % len(arten)]
        kopie = _eine(art, wuerfel.choice(vorlagen), wuerfel, orte)
        if kopie is not None:
            kopien.append(kopie)
    return kopien


def _eine(art, vorlage, wuerfel, orte) -> Faelschung | None:
    stuecke = vorlage.stuecke
    if art == "Gebiet vertauscht":
        neu = gebiete_vertauscht(stuecke, wuerfel, orte[vorlage.datei])
    elif art == "Wert verschoben":
        neu = wert_verschoben(stuecke, wuerfel)
    else:
        moeglich = [
            n
            for n, s in enumerate(stuecke)
            if EINZELN[art](s, wuerfel) and not _selbst_gezaehlt(stuecke, n)
        ]
        if not moeglich:
            return None
        n = wuerfel.choice(moeglich)
        geaendert = EINZELN[art](stuecke[n], wuerfel)
        neu = (*stuecke[:n], geaendert, *stuecke[n + 1 :])
    if neu is None or neu == stuecke:
        return None
    was = next(f"{a!r} → {b!r}" for a, b in zip(stuecke, neu, strict=True) if a != b)
    return Faelschung(art=art, vorlage=vorlage, stuecke=tuple(neu), was=was)
