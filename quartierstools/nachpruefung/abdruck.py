"""Was wird als belegt im Manifest bewahrt? Jede gedruckte Zahl mit ihrem Beleg.

Aus dem Druckbild eines Schriftstücks wird sein Abdruck: je Aussage der Wortlaut und
je Zahl, worauf sie ruht. Was sich nicht belegen lässt, steht als unbelegt da.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quartierstools.begruendung.beleg import Beleg
from quartierstools.nachpruefung.fakten import Faktenverzeichnis
from quartierstools.nachpruefung.textquellen import Textverzeichnis
from quartierstools.nachpruefung.zahlen import WERT, Zeichen, glatt, saetze, zeichen

UNBELEGT = "unbelegt"

KURZER_BELEG = 4
"""So viele Wörter hat höchstens ein Beleg, der eine Zahl belegt und keinen Satz."""

ARTEN = {
    "wert": "Wert des Bestands",
    "einzelwert": "veröffentlichter Einzelwert",
    "rechnung": "Rechnung",
    "aussage": "Aussage mit Quelle",
    "text": "Text der Verwaltung",
    "wortlaut": "fester Wortlaut",
    UNBELEGT: "ohne Beleg",
}
"""Worauf eine Zahl ruhen kann, und wie es in Berichten heißt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Druckzahl:
    """Eine Zahl im Abdruck: ihr Text, ihre Klasse oder Belegart, ihr Beleg."""

    text: str
    art: str
    beleg: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aussage:
    """Eine gedruckte Aussage mit ihren Zahlen in Lesereihenfolge."""

    art: str
    ort: str
    text: str
    zahlen: tuple[Druckzahl, ...]

    def als_eintrag(self) -> dict[str, object]:
        """Für das Manifest."""
        return {
            "art": self.art,
            "ort": self.ort,
            "text": self.text,
            "zahlen": [[z.text, z.art, z.beleg] for z in self.zahlen],
        }

    @classmethod
    def aus_eintrag(cls, eintrag: Mapping[str, Any]) -> "Aussage":
        """Aus dem Manifest gelesen."""
        return cls(
            art=eintrag["art"],
            ort=eintrag["ort"],
            text=eintrag["text"],
            zahlen=tuple(
                Druckzahl(text=text, art=art, beleg=beleg)
                for text, art, beleg in eintrag["zahlen"]
            ),
        )


@dataclass(slots=True, kw_only=True)
class Beweis:
    """Belegt die Zahlen eines Schriftstücks und sammelt, was dazukommt."""

    fakten: Faktenverzeichnis
    texte: Textverzeichnis
    belege: dict[str, dict[str, Any]] = field(default_factory=dict)
    _titel: str = ""
    _offen: int = 0
    _nummer: int = 0
    _zeilen: dict[str, int] = field(default_factory=dict)

    def abdruck(self, druckbild: Sequence[Mapping[str, Any]]) -> list[Aussage]:
        """Abdruck eines Schriftstücks aus seinem Druckbild."""
        texte = [_text(stelle) for stelle in druckbild]
        self._offen = sum(text.count("[offen") for text in texte)
        koepfe = [
            text
            for text, stelle in zip(texte, druckbild, strict=True)
            if stelle["art"] == "text" and not stelle["ort"]
        ]
        self._titel = " ".join(koepfe[:2])
        self._zeilen = {}
        for stelle in druckbild:
            if stelle["art"] == "zeile":
                ort = str(stelle["ort"])
                self._zeilen[ort] = self._zeilen.get(ort, 0) + 1
        aussagen = []
        for stelle in druckbild:
            self._nummer = self._nummer + 1 if stelle["art"] == "zeile" else 0
            aussagen.append(self._aussage(stelle))
        return aussagen

    def _aussage(self, stelle: Mapping[str, Any]) -> Aussage:
        text = _text(stelle)
        folge = zeichen(text)
        eigene = self._stuecke(stelle, text)
        zahlen = tuple(
            self._zahl(folge, nummer, text, stelle, eigene)
            for nummer, z in enumerate(folge)
            if z.ist_zahl
        )
        return Aussage(art=stelle["art"], ort=stelle["ort"], text=text, zahlen=zahlen)

    def _stuecke(
        self, stelle: Mapping[str, Any], text: str
    ) -> list[tuple[int, int, Sequence[str]]]:
        """Wo im glatten Text welches Textstück mit welchen Belegen steht."""
        spannen, ab = [], 0
        for stueck, belege in stelle["teile"]:
            sauber = glatt(stueck)
            von = text.find(sauber, ab)
            if von < 0 or not sauber:
                continue
            ab = von + len(sauber)
            if belege:
                spannen.append((von, ab, belege))
        return spannen

    def _zahl(
        self,
        folge: Sequence[Zeichen],
        nummer: int,
        text: str,
        stelle: Mapping[str, Any],
        eigene: Sequence[tuple[int, int, Sequence[str]]],
    ) -> Druckzahl:
        z = folge[nummer]
        gesetzt = self._gesetzt(z, eigene)
        if gesetzt:
            art = str(self.belege[gesetzt]["art"])
            return Druckzahl(text=z.text, art=art, beleg=gesetzt)
        if z.klasse != WERT:
            return Druckzahl(text=z.text, art=z.klasse)
        if z.von == 0 and text.startswith(f"{self._nummer} | "):
            return Druckzahl(text=z.text, art="gliederung")  # laufende Nummer
        beleg = (
            self._gezaehlt(z, text, stelle)
            or self._gerechnet(z, text, stelle)
            or self.texte.finde(*_zellfolge(folge, nummer, text))
            or self.texte.finde(folge, nummer)
            or self._rest(z, text, stelle)
        )
        if beleg is None:
            return Druckzahl(text=z.text, art=UNBELEGT)
        return Druckzahl(text=z.text, art=beleg.art, beleg=self._merke(beleg))

    def _merke(self, beleg: Beleg) -> str:
        kennung = beleg.kennung
        self.belege.setdefault(kennung, beleg.als_eintrag())
        return kennung

    def _gesetzt(
        self, z: Zeichen, eigene: Sequence[tuple[int, int, Sequence[str]]]
    ) -> str:
        """Beleg, den der Text selbst an dieser Stelle gesetzt hat."""
        for von, bis, belege in eigene:
            if not (von <= z.von and z.bis <= bis + len(z.einheit) + 1):
                continue
            for kennung in belege:
                eintrag = self.belege.get(kennung, {})
                gedruckt = zeichen(glatt(str(eintrag.get("text", ""))))
                if len(gedruckt) <= KURZER_BELEG and z.schluessel in {
                    g.schluessel for g in gedruckt
                }:
                    return kennung
        return ""

    def _gezaehlt(
        self, z: Zeichen, text: str, stelle: Mapping[str, Any]
    ) -> Beleg | None:
        """Eine Anzahl, deren Gegenstände daneben aufgezählt sind."""
        if z.wert is None or z.einheit or z.wert != int(z.wert):
            return None
        if "offene felder" in text[max(0, z.von - 20) : z.von].lower():
            return _rechnung(z, "offene Felder dieses Schriftstücks", self._offen)
        rest = text[z.bis :]
        klammer = re.match(r"[^().]{0,40}\(([^()]+)\)", rest)
        liste = klammer[1] if klammer else ""
        if stelle["art"] == "zeile":
            liste = rest.partition("| ")[2]
        anzahl = len([t for t in re.split(r",\s|\sund\s", liste) if t.strip()])
        if liste and anzahl == int(z.wert):
            return _rechnung(z, f"aufgezählt: {liste[:120]}", anzahl)
        return None

    def _gerechnet(
        self, z: Zeichen, text: str, stelle: Mapping[str, Any]
    ) -> Beleg | None:
        satz = next((text[a:b] for a, b in saetze(text) if a <= z.von < b), text)
        nah = _umgebung(text, z)
        rahmen = f"{text} {stelle['kontext']}"
        weit = f"{rahmen} {stelle['ort']} {self._titel}"
        return self.fakten.finde(
            z.schluessel, *(k.lower() for k in (nah, satz, rahmen, weit))
        )

    def _rest(self, z: Zeichen, text: str, stelle: Mapping[str, Any]) -> Beleg | None:
        """„Drei weitere“: Gesamtheit weniger die genannten."""
        danach = text[z.bis : z.bis + 10].lower()
        if "weiter" not in danach or z.wert is None:
            return None
        genannt = {
            self._zeilen.get(str(stelle["ort"]), 0),
            *_genannte(text[: z.von].strip()),
            *_genannte(_satzanfang(text, z)),
        }
        for name, gesamt in self.fakten.gesamtheiten:
            for anzahl in sorted(genannt):
                if anzahl and gesamt - anzahl == int(z.wert):
                    was = f"{name}: {gesamt} weniger {anzahl} genannte"
                    return Beleg(art="rechnung", text=z.text, was=was, formel="rest")
        return None


def _genannte(aufzaehlung: str) -> tuple[int, int]:
    """Zahl der Namen einer Aufzählung, mit und ohne den Satzanfang davor."""
    teile = len(re.split(r",\s|\sund\s", aufzaehlung))
    return teile, teile - 1


def _satzanfang(text: str, z: Zeichen) -> str:
    anfang = next((a for a, b in saetze(text) if a <= z.von < b), 0)
    return text[anfang : z.von].strip()


def _rechnung(z: Zeichen, was: str, anzahl: int) -> Beleg | None:
    if z.wert is None or int(z.wert) != anzahl:
        return None
    return Beleg(art="rechnung", text=z.text, was=was, formel="zaehlung")


def _text(stelle: Mapping[str, Any]) -> str:
    return glatt("".join(text for text, _ in stelle["teile"]))


def _umgebung(text: str, z: Zeichen, weite: int = 45) -> str:
    return text[max(0, z.von - weite) : z.bis + weite]


def _zellfolge(
    folge: Sequence[Zeichen], nummer: int, text: str
) -> tuple[Sequence[Zeichen], int]:
    """Zeichen derselben Tabellenzelle und die Stelle der Zahl darin."""
    z = folge[nummer]
    von = text.rfind(" | ", 0, z.von)
    bis = text.find(" | ", z.bis)
    bis = len(text) if bis < 0 else bis
    zelle = [g for g in folge if von < g.von and g.bis <= bis]
    return zelle, zelle.index(z)


def bilde_abdrucke(
    druckbilder: Mapping[str, Mapping[str, Any]],
    fakten: Faktenverzeichnis,
    texte: Textverzeichnis,
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, dict[str, Any]]]:
    """Belege und Abdrucke aller Schriftstücke eines Laufs.

    Parameters
    ----------
    druckbilder : Mapping
        Je Schriftstück `belege`, `formate` und `druckbild`.

    Returns
    -------
    belege : dict
        Je Schriftstück seine Belege, samt den hier gefundenen.
    abdrucke : dict
        Je Schriftstück `formate` und `aussagen`.
    """
    belege, abdrucke = {}, {}
    for name, eintrag in sorted(druckbilder.items()):
        eigene = {b["kennung"]: dict(b) for b in eintrag["belege"]}
        beweis = Beweis(fakten=fakten, texte=texte, belege=eigene)
        aussagen = beweis.abdruck(eintrag["druckbild"])
        if beweis.belege:
            belege[name] = list(beweis.belege.values())
        abdrucke[name] = {
            "formate": list(eintrag["formate"]),
            "aussagen": [a.als_eintrag() for a in aussagen],
        }
    return belege, abdrucke
