"""Verrät diese Stelle etwas? Zahl, Ort und Größe müssen zusammenkommen.

Eine gesperrte Fallzahl ist oft eine 7 – und Siebenen gibt es überall. Deshalb gilt
eine Stelle erst als Verrat, wenn sie die Zahl bei ihrem Ort und ihrer Größe zeigt:
in derselben Tabellenzeile und -spalte, im selben JSON-Ast, im selben Satz. Nur
unverwechselbar genaue Zahlen gelten überall.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quartierstools.geheimhaltung.geheimnisse import (
    PROZENT,
    VERGLEICH,
    ZAHL,
    Geheimnis,
    Geheimnisse,
    Ort,
    zahlen,
)
from quartierstools.geheimhaltung.stellen import Stelle
from quartierstools.geheimhaltung.zahlworte import RANG, SACHEN, WORT

ZAEHLWORTE = re.compile(
    r"z(?:ae|ä)hler|fallzahl|f(?:ae|ä)lle|anzahl|personen|menschen|count|absolut",
    re.IGNORECASE,
)
WERTFELDER = re.compile(
    r"wert|werte|anteil|quote|value|zahl|z|z_wert|z-wert|rang|rank|index|beitrag|"
    r"klasse|prozent|rate|unten|oben|intervall|z(?:ae|ä)hler|fallzahl|anzahl|count",
    re.IGNORECASE,
)
NACH_ZAHL = re.compile(
    r"\s*(?:von\s|/|(?:[a-zäöüß]+e[nr]?\s+){0,2}(?:F(?:ä|ae)lle|Personen|Menschen|Kinder|Frauen|Männer|Jugendliche|"
    r"Arbeitslose|Langzeitarbeitslose|Leistungsb|Besch(?:ä|ae)ftigte|Erwerbs|"
    r"Einwohner|Empf(?:ä|ae)nger|Betroffene|ELB|SvB))"
)
VOR_ZAHL = re.compile(
    r"(?:Z(?:ä|ae)hler|Fallzahl|Anzahl|F(?:ä|ae)lle)\W{0,5}(?:\w{1,6}\W){0,2}$"
)
KLASSENWORT = re.compile(r"\b(?:um|unter|über) (?:das|dem) $")
"""„unter dem Mittel“ benennt eine Klasse, keinen Vergleichswert."""

DICHT = 20
"""So nah hinter einer Zahl gehört ein Vergleichswort zu ihr („4,3 % im Mittel“)."""

NUR_ZAHL = re.compile(r"[-−+]?\d[\d.,]*\s*(?:%|Prozent|‰|je 1\.?000)?")


JAHR = re.compile(r"(?:19|20)\d\d")
"""Jahreszahl als eigenes Feld eingebetteter Daten."""


@dataclass(frozen=True, slots=True)
class _Umfeld:
    """Orte und Größen, die eine Stelle nennt: nah und im Rahmen."""

    orte: frozenset[Ort]
    rahmenorte: frozenset[Ort]
    indikatoren: frozenset[str]
    rahmenindikatoren: frozenset[str]
    text: str


class Suche:
    """Sucht Geheimnisse in Stellen.

    Parameters
    ----------
    geheimnisse : Geheimnisse
        Was nicht hinausdarf und was daneben erlaubt ist.
    """

    def __init__(self, geheimnisse: Geheimnisse) -> None:
        self._g = geheimnisse
        self._nach_form: dict[str, list[Geheimnis]] = {}
        self._nach_ort: dict[tuple[Ort, str], list[Geheimnis]] = {}
        for geheimnis in geheimnisse.liste:
            for form in geheimnis.formen:
                self._nach_form.setdefault(form, []).append(geheimnis)
            schluessel = (geheimnis.ort, geheimnis.indikator)
            self._nach_ort.setdefault(schluessel, []).append(geheimnis)
        self._freie_rohformen = {
            form for formen in geheimnisse.erlaubt.values() for form in formen
        }
        self._namen = {
            name: ort for name, ort in geheimnisse.orte.items() if _ist_wort(name)
        }
        self._ortsnamen = _muster(self._namen, nachsilben="s?")
        self._groessen = _muster(geheimnisse.indikatoren, nachsilben="(?:s|es|n)?")

    def treffer(self, stelle: Stelle) -> Iterator[Geheimnis]:
        """Geheimnisse, die an dieser Stelle stehen, jedes einmal."""
        if not self._g.liste:
            return
        gefunden = zahlen(stelle.text)
        if not gefunden:
            return
        moegliche = {
            (form, nummer): geheimnis
            for form in gefunden
            for nummer, geheimnis in enumerate(self._nach_form.get(form, ()))
        }
        allein = stelle.art in {"zelle", "daten"} and NUR_ZAHL.fullmatch(stelle.text)
        if not moegliche and not allein:
            return
        umfeld = self._umfeld(stelle)
        gemeldet = set()
        for (form, _), geheimnis in moegliche.items():
            if id(geheimnis) not in gemeldet and self._verraet(
                stelle, umfeld, geheimnis, form, gefunden[form]
            ):
                gemeldet.add(id(geheimnis))
                yield geheimnis
        for geheimnis in self._zahl_statt_luecke(stelle, umfeld) if allein else ():
            if id(geheimnis) not in gemeldet:
                gemeldet.add(id(geheimnis))
                yield geheimnis

    def _umfeld(self, stelle: Stelle) -> _Umfeld:
        nah = (stelle.text, *stelle.zeile, *stelle.spalte)
        rahmen: tuple[str, ...] = stelle.rahmen
        nahe_groessen = nah
        kurz = stelle.art in {"zelle", "daten"}
        if stelle.art == "seitenzeile":
            # Köpfe über einer gedruckten Zeile sind nur geraten.
            nah = (stelle.text, *stelle.zeile)
            rahmen = (*stelle.rahmen, *stelle.spalte)
            nahe_groessen = nah
        return _Umfeld(
            orte=frozenset(o for o in self._orte(nah) if kurz or o[0] != VERGLEICH),
            rahmenorte=frozenset(self._orte(rahmen)),
            indikatoren=frozenset(self._indikatoren(nahe_groessen)),
            rahmenindikatoren=frozenset(self._indikatoren(rahmen)),
            text=" ".join((*nah, *rahmen)),
        )

    def _orte(self, texte: Iterable[str]) -> set[Ort]:
        """Orte nach Namen; Schlüssel zählen nur, wo kein Name steht."""
        liste = list(texte)
        nach_namen = {
            self._namen[treffer]
            for text in liste
            for treffer in self._ortsnamen.findall(text)
        }
        if nach_namen:
            return nach_namen
        for text in liste[1:] or liste:
            if text in self._g.orte:
                return {self._g.orte[text]}
        return set()

    def _indikatoren(self, texte: Iterable[str]) -> set[str]:
        return {
            self._g.indikatoren[treffer]
            for text in texte
            for treffer in self._groessen.findall(text)
        }

    def _verraet(
        self,
        stelle: Stelle,
        umfeld: _Umfeld,
        geheimnis: Geheimnis,
        form: str,
        positionen: list[int],
    ) -> bool:
        art = geheimnis.formen[form]
        if art == "roh":
            return form not in self._freie_rohformen
        if not self._am_ort(stelle, umfeld, geheimnis, form, positionen):
            return False
        if _anderes_jahr(stelle, geheimnis):
            return False
        if not self._am_tag(umfeld, geheimnis, form):
            return False
        genannt = umfeld.indikatoren or umfeld.rahmenindikatoren
        if art == "ganz" and geheimnis.indikator not in umfeld.indikatoren:
            return False
        if genannt and geheimnis.indikator not in genannt:
            return False
        if any(
            form in self._g.erlaubt.get((geheimnis.ort, anderer), ())
            for anderer in genannt - {geheimnis.indikator}
        ):
            return False
        if art == "anzahl":
            return bool(genannt) and _zaehlt(stelle, umfeld, geheimnis, positionen)
        if genannt:
            return True
        return self._ohne_groesse(stelle, umfeld, geheimnis, form, positionen)

    def _am_ort(
        self,
        stelle: Stelle,
        umfeld: _Umfeld,
        geheimnis: Geheimnis,
        form: str,
        positionen: list[int],
    ) -> bool:
        """Ob der Ort genannt ist und die Zahl nicht einem anderen gehört."""
        orte = umfeld.orte or umfeld.rahmenorte
        if geheimnis.ort not in orte:
            return False
        if any(
            form in self._g.erlaubt.get((ort, geheimnis.indikator), ())
            for ort in umfeld.orte - {geheimnis.ort}
        ):
            return False
        if stelle.art in {"zelle", "daten"}:
            return True
        if not umfeld.orte and "gesperrt" in stelle.text:
            # „Größe gesperrt 6,7 %“: Die Zahlen gehören zu den Vergleichsspalten.
            return False
        return any(
            self._gehoert(stelle.text, position, geheimnis) for position in positionen
        )

    def _gehoert(self, text: str, position: int, geheimnis: Geheimnis) -> bool:
        """Ob von Ort und Größe des Geheimnisses zuletzt die Rede war."""
        orte = [
            (treffer.start(), self._namen[treffer[1]])
            for treffer in self._ortsnamen.finditer(text)
            if not KLASSENWORT.search(text[: treffer.start()])
        ]
        groessen = [
            (treffer.start(), self._g.indikatoren[treffer[1]])
            for treffer in self._groessen.finditer(text)
        ]
        gleich_danach = any(
            ort[0] == VERGLEICH and 0 < stelle - position < DICHT
            for stelle, ort in orte
        )
        davor = [ort for stelle, ort in orte if stelle < position]
        danach = [ort for _, ort in orte if ort[0] != VERGLEICH]
        if gleich_danach or (davor[-1:] or danach[:1] or [geheimnis.ort]) != [
            geheimnis.ort
        ]:
            return False
        davor_groessen = [g for stelle, g in groessen if stelle < position]
        alle = [g for _, g in groessen]
        gemeint = davor_groessen[-1:] or alle[:1] or [geheimnis.indikator]
        return gemeint == [geheimnis.indikator]

    def _am_tag(self, umfeld: _Umfeld, geheimnis: Geheimnis, form: str) -> bool:
        """Steht die Zahl an einem anderen Stichtag frei, muss der Tag genannt sein."""
        schluessel = (geheimnis.ort, geheimnis.indikator)
        if form not in self._g.erlaubt.get(schluessel, ()):
            return True
        jahr = geheimnis.stichtag[:4]
        andere = {tag[:4] for tag in self._g.offene_tage.get(schluessel, ())}
        return jahr in umfeld.text and not any(
            j in umfeld.text for j in andere - {jahr}
        )

    def _ohne_groesse(
        self,
        stelle: Stelle,
        umfeld: _Umfeld,
        geheimnis: Geheimnis,
        form: str,
        positionen: list[int],
    ) -> bool:
        """Ein Anteil beim Ort, ohne dass irgendeine Größe genannt ist."""
        if geheimnis.ort not in umfeld.orte:
            return False
        frei = any(
            form in formen
            for (ort, _), formen in self._g.erlaubt.items()
            if ort == geheimnis.ort
        )
        if frei:
            return False
        prozent = any(
            PROZENT.match(stelle.text, treffer.end())
            for treffer in ZAHL.finditer(stelle.text)
            if treffer.start() in positionen
        )
        return prozent or bool(
            stelle.art == "zelle" and NUR_ZAHL.fullmatch(stelle.text)
        )

    def _zahl_statt_luecke(
        self, stelle: Stelle, umfeld: _Umfeld
    ) -> Iterator[Geheimnis]:
        """Irgendeine Zahl, wo für Ort, Größe und Tag gesperrt stehen müsste."""
        if len(umfeld.orte) != 1 or len(umfeld.indikatoren) != 1:
            return
        (ort,), (kennung,) = umfeld.orte, umfeld.indikatoren
        if not self._ist_wertzelle(stelle, kennung):
            return
        offene = {tag[:4] for tag in self._g.offene_tage.get((ort, kennung), ())}
        for geheimnis in self._nach_ort.get((ort, kennung), ()):
            jahr = geheimnis.stichtag[:4]
            genannt = geheimnis.stichtag in umfeld.text or jahr in umfeld.text
            if not offene or (genannt and not any(j in umfeld.text for j in offene)):
                yield geheimnis
                return

    def _ist_wertzelle(self, stelle: Stelle, kennung: str) -> bool:
        """Ob die Zelle den Wert selbst trägt: Kopf oder Feld nennt Größe oder Wert."""
        koepfe = stelle.spalte
        if any(WERTFELDER.fullmatch(k.strip()) for k in koepfe):
            return True
        if stelle.art == "daten":
            return any(self._g.indikatoren.get(k) == kennung for k in koepfe)
        namen = {n for n, k in self._g.indikatoren.items() if k == kennung}
        kopf = " ".join(koepfe)
        return any(n in kopf for n in namen) and not re.search(
            r"Stichtag|Jahr|Quelle|Zeile|Nenner", kopf
        )


def _anderes_jahr(stelle: Stelle, geheimnis: Geheimnis) -> bool:
    """Ob eingebettete Daten ausdrücklich zu einem anderen Jahr gehören.

    Die Karte legt je Jahr eine Liste ab; eine Intervallgrenze von 2022 darf so
    heißen wie ein gesperrter Anteil von 2021.
    """
    if stelle.art != "daten":
        return False
    jahre = {t for t in stelle.rahmen if JAHR.fullmatch(t)}
    return bool(jahre) and geheimnis.stichtag[:4] not in jahre


def _zaehlt(
    stelle: Stelle, umfeld: _Umfeld, geheimnis: Geheimnis, positionen: list[int]
) -> bool:
    """Ob eine kleine Zahl an dieser Stelle Menschen zählt."""
    if geheimnis.ort not in umfeld.orte and stelle.art == "text":
        return False
    if stelle.art in {"zelle", "daten"}:
        if any(ZAEHLWORTE.search(kopf) for kopf in stelle.spalte):
            return True
        if NUR_ZAHL.fullmatch(stelle.text):
            return any(geheimnis.bezeichnung in kopf for kopf in stelle.spalte)
    for position in positionen:
        treffer = ZAHL.match(stelle.text, position) or WORT.match(stelle.text, position)
        davor = stelle.text[:position]
        if treffer is None or RANG.search(davor):
            continue
        danach = stelle.text[treffer.end() :]
        if VOR_ZAHL.search(davor) or (NACH_ZAHL.match(danach) and not _sachen(danach)):
            return True
    return False


def _sachen(danach: str) -> bool:
    """Ob „7 von 30“ Gebiete, Jahre oder Merkmale zählt."""
    return SACHEN.match(re.sub(r"^\s*von\s+\S+", "", danach)) is not None


def _ist_wort(name: str) -> bool:
    return re.search(r"[A-Za-zÄÖÜäöüß]", name) is not None and name != "stadt"


def _muster(namen: Iterable[str], *, nachsilben: str) -> re.Pattern[str]:
    """Längste Namen zuerst, damit ein kurzer nicht im langen gefunden wird."""
    geordnet = sorted(namen, key=lambda n: (-len(n), n))
    wahl = "|".join(re.escape(n) for n in geordnet) or r"(?!)"
    # Ein Unterstrich trennt: „B03_zaehler“ nennt B03.
    buchstabe = "A-Za-z0-9ÄÖÜäöüß-"
    return re.compile(rf"(?<![{buchstabe}])({wahl}){nachsilben}(?![{buchstabe}])")
