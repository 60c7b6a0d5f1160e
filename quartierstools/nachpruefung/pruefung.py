"""Stimmt jede Zahl der fertigen Dateien? Die Prüfung eines Laufs oder einer Datei."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quartierstools.fehler import Aufruffehler
from quartierstools.nachpruefung.abdruck import ARTEN, UNBELEGT, Aussage
from quartierstools.nachpruefung.folge import Woerterbuch
from quartierstools.nachpruefung.gegenueberstellung import (
    Fund,
    Gegenueberstellung,
    stelle_gegenueber,
)
from quartierstools.nachpruefung.lesen import ENDUNGEN, Lesestelle, lies
from quartierstools.nachpruefung.zahlen import KLASSEN, WERT, glatt, zeichen
from quartierstools.schreibweise import mehrzahl, prozent_text, zahl_text

NICHT_GEPRUEFT = {
    ".xlsx": "Tabellen (Excel)",
    ".ipynb": "Notebooks",
    ".csv": "Tabellen (CSV)",
    ".zip": "Archive",
}
"""Dateiarten eines Laufs, deren Zahlen diese Prüfung nicht liest."""

HOECHSTENS = 40
"""So viele Funde zeigt der Bildschirm; alle stehen in der JSON-Datei."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateipruefung:
    """Ergebnis einer Datei; `vergleich` fehlt, wenn sie nicht geprüft wurde."""

    datei: str
    schriftstueck: str
    vergleich: Gegenueberstellung | None = None
    grund: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zahlenpruefung:
    """Ergebnis für einen Lauf oder eine Datei."""

    dateien: tuple[Dateipruefung, ...]
    belege: Mapping[str, Mapping[str, Any]]

    @property
    def geprueft(self) -> list[tuple[Dateipruefung, Gegenueberstellung]]:
        """Geprüfte Dateien mit ihrem Vergleich."""
        return [(d, d.vergleich) for d in self.dateien if d.vergleich is not None]

    @property
    def arten(self) -> Counter[str]:
        """Zahl der Zahlen je Belegart oder Klasse."""
        gesamt: Counter[str] = Counter()
        for _, vergleich in self.geprueft:
            gesamt.update(vergleich.arten)
        return gesamt

    @property
    def funde(self) -> list[tuple[str, Fund]]:
        """Datei und Fund."""
        return [(d.datei, f) for d, v in self.geprueft for f in v.funde]

    @property
    def hinweise(self) -> list[tuple[str, Fund]]:
        """Von Hand Eingetragenes und Daten in hinzugefügten Sätzen."""
        return [(d.datei, f) for d, v in self.geprueft for f in v.hinweise]

    @property
    def in_ordnung(self) -> bool:
        """Ob jede geprüfte Zahl belegt ist."""
        return not self.funde

    @property
    def werte(self) -> int:
        """Zahl der Werte; Daten, Nummern und dergleichen zählen nicht."""
        return sum(n for art, n in self.arten.items() if art in ARTEN)

    @property
    def anteil(self) -> float | None:
        """Anteil der Werte mit Beleg; None, wenn kein Wert gelesen wurde."""
        return 1 - self.arten[UNBELEGT] / self.werte if self.werte else None

    @property
    def satz_belegt(self) -> str:
        """Wie viele Werte einen Beleg haben."""
        if not self.werte:
            return "kein Wert gelesen, also keiner belegt"
        belegt = self.werte - self.arten[UNBELEGT]
        return (
            f"{zahl_text(belegt)} von {mehrzahl(self.werte, 'Wert', 'Werten')} "
            "mit Beleg"
        )

    def zeilen(self) -> Iterator[str]:
        """Bericht für den Bildschirm."""
        arten = self.arten
        dateien = mehrzahl(len(self.geprueft), "Datei", "Dateien")
        yield f"Zahlenprüfung: {zahl_text(arten.total())} Zahlen in {dateien}."
        if self.anteil is not None:
            yield (
                f"  davon Werte: {zahl_text(self.werte)}, belegt "
                f"{prozent_text(self.anteil, stellen=1)}"
            )
        for namen in (ARTEN, {k: v for k, v in KLASSEN.items() if k != WERT}):
            for art, name in namen.items():
                if arten[art]:
                    yield f"    {zahl_text(arten[art]):>8}  {name}"
        yield from self._fundzeilen()
        for grund, anzahl in sorted(Counter(self._ungeprueft()).items()):
            yield f"nicht geprüft: {grund} ({anzahl})"

    def _ungeprueft(self) -> list[str]:
        return [d.grund for d in self.dateien if d.vergleich is None]

    def _fundzeilen(self) -> Iterator[str]:
        for datei, fund in self.funde[:HOECHSTENS]:
            yield f"  - {datei}, {fund.ort}: {self.satz(fund)}"
        rest = len(self.funde) - HOECHSTENS
        if rest > 0:
            yield f"  … und {mehrzahl(rest, 'weiterer Fund', 'weitere Funde')}"
        for datei, fund in self.hinweise[:HOECHSTENS]:
            yield (
                f"  Hinweis: {datei}, {fund.ort}: {fund.art} „{fund.steht}“, ohne "
                f"Beleg; bitte selbst prüfen. „{_kurz(fund.satz)}“"
            )

    def satz(self, fund: Fund) -> str:
        """Was steht, was im Beleg steht, in welchem Satz."""
        steht = f"„{fund.steht}“" if fund.steht else "fehlt etwas"
        teile = [f"{fund.art}: {steht}"]
        eintrag = self.belege.get(fund.beleg, {})
        if fund.erwartet:
            teile.append(f"gedruckt war „{fund.erwartet}“")
        if eintrag:
            teile.append(f"im Beleg steht {eintrag['text']} ({_kurz(eintrag['was'])})")
        elif not fund.erwartet:
            teile.append("kein Beleg")
        return f"{'; '.join(teile)}. Satz: „{_kurz(fund.satz)}“"

    def als_eintrag(self) -> dict[str, Any]:
        """Für ``--json``."""
        return {
            "zahlen": self.arten.total(),
            "arten": dict(sorted(self.arten.items())),
            "anteil_belegt": self.anteil,
            "in_ordnung": self.in_ordnung,
            "dateien": [
                {
                    "datei": d.datei,
                    "schriftstueck": d.schriftstueck,
                    "nicht_geprueft": d.grund,
                    "arten": dict(d.vergleich.arten) if d.vergleich else {},
                    "funde": [asdict(f) for f in d.vergleich.funde]
                    if d.vergleich
                    else [],
                    "hinweise": [asdict(f) for f in d.vergleich.hinweise]
                    if d.vergleich
                    else [],
                }
                for d in self.dateien
            ],
            "belege": {k: dict(v) for k, v in sorted(self._genannte().items())},
        }

    def _genannte(self) -> dict[str, Mapping[str, Any]]:
        genannt = {f.beleg for _, f in (*self.funde, *self.hinweise)}
        return {k: self.belege[k] for k in genannt if k in self.belege}


def _kurz(text: str, laenge: int = 160) -> str:
    return text if len(text) <= laenge else f"{text[: laenge - 1]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vorlage:
    """Was ein Manifest über seine Schriftstücke weiß."""

    abdrucke: Mapping[str, Mapping[str, Any]]
    belege: Mapping[str, Mapping[str, Any]]
    je_stueck: Mapping[str, Sequence[str]]
    woerter: Woerterbuch

    def aussagen(self, name: str) -> list[Aussage]:
        """Abdruck eines Schriftstücks."""
        return [Aussage.aus_eintrag(a) for a in self.abdrucke[name]["aussagen"]]

    def eigene(self, name: str) -> dict[str, Mapping[str, Any]]:
        """Belege eines Schriftstücks."""
        return {k: self.belege[k] for k in self.je_stueck.get(name, ())}


def vorlage(manifest: Mapping[str, Any]) -> Vorlage:
    """Liest Abdrucke, Belege und Namen aus einem Manifest.

    Raises
    ------
    Aufruffehler
        Wenn das Manifest noch keine Abdrucke enthält.
    """
    if "abdrucke" not in manifest:
        raise Aufruffehler(
            "Das Manifest enthält keine Abdrucke der Schriftstücke. Bitte den Lauf neu "
            "rechnen (quartier lauf) und dann noch einmal prüfen."
        )
    stuecke = manifest["belege"]
    namen = manifest.get("woerter", {})
    return Vorlage(
        abdrucke=manifest["abdrucke"],
        belege={b["kennung"]: b for liste in stuecke.values() for b in liste},
        je_stueck={n: [b["kennung"] for b in liste] for n, liste in stuecke.items()},
        woerter=Woerterbuch.aus_namen(
            namen.get("orte", ()), namen.get("kennzahlen", ())
        ),
    )


def pruefe_lauf(ordner: Path, manifest: Mapping[str, Any]) -> Zahlenpruefung:
    """Prüft jede Datei eines Laufs, die ein Schriftstück ist."""
    stand = vorlage(manifest)
    ergebnisse = []
    for datei in sorted(p for p in ordner.rglob("*") if p.is_file()):
        name = datei.relative_to(ordner).as_posix()
        stueck = name.rpartition(".")[0]
        if stueck in stand.abdrucke and datei.suffix in ENDUNGEN:
            ergebnisse.append(_pruefe(name, stueck, lies(datei), stand))
        elif datei.suffix in {*ENDUNGEN, *NICHT_GEPRUEFT}:
            grund = _grund(name, datei.suffix)
            ergebnisse.append(
                Dateipruefung(datei=name, schriftstueck=stueck, grund=grund)
            )
    return Zahlenpruefung(dateien=tuple(ergebnisse), belege=stand.belege)


def _grund(name: str, endung: str) -> str:
    """Warum eine Datei nicht geprüft wird."""
    if name.startswith("steckbriefe/alle"):
        return "Steckbriefband, gebunden aus den geprüften Steckbriefen"
    if name == "karte.html":
        return "Karte (zeigt die Freigabe; hier nur auf Gesperrtes durchgesehen)"
    ohne = f"{name}: das Manifest nennt ihre erlaubten Zahlen nicht"
    return NICHT_GEPRUEFT.get(endung, ohne)


def pruefe_datei(datei: Path, manifest: Mapping[str, Any]) -> Zahlenpruefung:
    """Prüft eine einzelne Datei, auch umbenannt oder neu gespeichert."""
    stand = vorlage(manifest)
    stellen = lies(datei)
    name = naechstes_schriftstueck(stellen, stand)
    ergebnis = _pruefe(datei.name, name, stellen, stand)
    return Zahlenpruefung(dateien=(ergebnis,), belege=stand.belege)


def naechstes_schriftstueck(stellen: Sequence[Lesestelle], stand: Vorlage) -> str:
    """Schriftstück des Laufs, dem ein gelesener Text am ähnlichsten ist.

    Raises
    ------
    Aufruffehler
        Wenn keines ihm gleicht.
    """
    worte = Counter(z.schluessel for s in stellen for z in zeichen(glatt(s.text)))
    guete: list[tuple[float, str]] = []
    for name in stand.abdrucke:
        eigene = Counter(
            z.schluessel for a in stand.aussagen(name) for z in zeichen(a.text)
        )
        gemeinsam = (worte & eigene).total()
        guete.append((gemeinsam / max(1, eigene.total(), worte.total()), name))
    bestes = max(guete, default=(0.0, ""))
    if bestes[0] < 0.3:  # noqa: PLR2004 – kaum gemeinsame Wörter
        raise Aufruffehler(
            "Die Datei gleicht keinem Schriftstück dieses Laufs. Erwartet wird eine "
            "Fassung einer Begründung, eines Berichts oder Steckbriefs; bitte mit "
            "--lauf den Ordner angeben, aus dem sie stammt."
        )
    return bestes[1]


def _pruefe(
    datei: str, name: str, stellen: Sequence[Lesestelle], stand: Vorlage
) -> Dateipruefung:
    vergleich = stelle_gegenueber(
        stand.aussagen(name), stellen, stand.woerter, stand.eigene(name)
    )
    return Dateipruefung(datei=datei, schriftstueck=name, vergleich=vergleich)
