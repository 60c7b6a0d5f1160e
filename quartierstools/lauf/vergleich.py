"""Was ist zwischen zwei Läufen anders? Daten, Methode, Werte, Klassen, Texte.

Verglichen werden die Manifeste, die Tabellen des Anhangs und die Abdrucke der
Schriftstücke; gerechnet wird nichts.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from quartierstools.ausgabe.manifest import lies_manifest
from quartierstools.auswertung.methodenblatt import messweise
from quartierstools.dokument import (
    Absatz,
    Block,
    Dokument,
    Inhalt,
    Kasten,
    Liste,
    Ueberschrift,
    fett,
    inhalt,
)
from quartierstools.fehler import Aufruffehler
from quartierstools.lauf.tafelvergleich import TABELLEN, klassen, werte
from quartierstools.schreibweise import aufzaehlung, mehrzahl

Json = dict[str, Any]

PROJEKT = "projekt.yaml"
KATALOG = "katalog/"
DATEN_IM_KATALOG = frozenset(
    f"{KATALOG}{name}" for name in ("quellen.yaml", "quartiere.csv", "abgleich.yaml")
)
"""Dateien im Katalog, die Daten beschreiben und nicht sagen, wie gerechnet wird."""

NACHWEIS = re.compile(r" · (?:Nachweis|Lauf) [0-9a-f]{12}\b")
"""Kennung am Ende einer Fußzeile."""

ZEIGT = 500
"""So viele Unterschiede je Abschnitt stehen in der Seite, der Rest als Zahl."""

ZEIGT_KURZ = 8
"""So viele stehen am Bildschirm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abschnitt:
    """Unterschiede einer Art; leer heißt unverändert."""

    titel: str
    saetze: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vergleich:
    """Unterschiede zweier Läufe.

    Attributes
    ----------
    eins, zwei : str
        Kennungen, der frühere zuerst.
    abschnitte : tuple of Abschnitt
        Immer dieselben in derselben Reihenfolge.
    """

    eins: str
    zwei: str
    stadt: str
    stand: date
    fassung: str
    abschnitte: tuple[Abschnitt, ...]

    @property
    def gleich(self) -> bool:
        """Ob gar nichts anders ist."""
        return not any(a.saetze for a in self.abschnitte)

    @property
    def satz(self) -> str:
        """Ergebnis in einem Satz."""
        if self.gleich:
            return f"Die Läufe {self.eins} und {self.zwei} sind gleich."
        anders = [a.titel for a in self.abschnitte if a.saetze]
        ohne = [a.titel for a in self.abschnitte if not a.saetze]
        satz = f"Von {self.eins} zu {self.zwei} änderte sich: {aufzaehlung(anders)}."
        return f"{satz} Unverändert: {aufzaehlung(ohne)}." if ohne else satz


def vergleiche(eins: Path, zwei: Path) -> Vergleich:
    """Vergleicht zwei fertige Laufordner.

    Parameters
    ----------
    eins, zwei : Path
        Ordner mit ``manifest.json``; der frühere zuerst.

    Raises
    ------
    Aufruffehler
        Wenn ein Manifest fehlt oder unbrauchbar ist, oder wenn die Läufe zu
        verschiedenen Orten gehören.
    """
    frueher, spaeter = lies_manifest(eins), lies_manifest(zwei)
    if frueher["projekt"] != spaeter["projekt"]:
        raise Aufruffehler(
            f"Die Läufe gehören zu verschiedenen Projekten ({frueher['projekt']} und "
            f"{spaeter['projekt']}). Verglichen werden zwei Läufe desselben Projekts."
        )
    tafeln = [ordner / TABELLEN for ordner in (eins, zwei)]
    abschnitte = (
        Abschnitt(titel="Daten", saetze=tuple(_daten(frueher, spaeter))),
        Abschnitt(titel="Methode", saetze=tuple(_methode(frueher, spaeter))),
        Abschnitt(titel="Werte", saetze=tuple(werte(*tafeln))),
        Abschnitt(titel="Einstufung", saetze=tuple(klassen(*tafeln))),
        Abschnitt(titel="Texte", saetze=tuple(_texte(frueher, spaeter))),
        Abschnitt(titel="Dateien", saetze=tuple(_dateien(frueher, spaeter))),
    )
    intern = "intern" in (frueher.get("fassung"), spaeter.get("fassung"))
    return Vergleich(
        eins=eins.resolve().name,
        zwei=zwei.resolve().name,
        stadt=str(spaeter["projekt"]),
        stand=date.fromisoformat(str(spaeter["bezugsdatum"])),
        fassung="intern" if intern else "öffentlich",
        abschnitte=abschnitte,
    )


def vergleichsdokument(vergleich: Vergleich) -> Dokument:
    """Der Vergleich als Schriftstück."""
    bloecke: list[Block] = [
        Kasten(
            titel="Kurz gesagt",
            bloecke=(Absatz(inhalt(vergleich.satz)),),
            art="kurz",
        )
    ]
    for abschnitt in vergleich.abschnitte:
        bloecke.append(Ueberschrift(abschnitt.titel))
        if not abschnitt.saetze:
            bloecke.append(Absatz(inhalt("Unverändert.")))
            continue
        punkte: list[Inhalt] = [_punkt(s) for s in abschnitt.saetze[:ZEIGT]]
        rest = len(abschnitt.saetze) - ZEIGT
        if rest > 0:
            punkte.append(inhalt(f"und {rest} weitere"))
        bloecke.append(Liste(tuple(punkte)))
    return Dokument(
        titel=f"Was sich änderte: {vergleich.eins} → {vergleich.zwei}",
        gattung="Vergleich zweier Läufe",
        bloecke=tuple(bloecke),
        stand=vergleich.stand,
        kennung=vergleich.zwei,
        kennungswort="Lauf",
        fassung=vergleich.fassung,
    )


def bildschirmzeilen(vergleich: Vergleich) -> list[str]:
    """Der Vergleich für den Bildschirm, gekürzt."""
    zeilen = [vergleich.satz]
    for abschnitt in vergleich.abschnitte:
        if not abschnitt.saetze:
            continue
        zeilen += ["", f"{abschnitt.titel}:"]
        zeilen += [f"  - {satz}" for satz in abschnitt.saetze[:ZEIGT_KURZ]]
        rest = len(abschnitt.saetze) - ZEIGT_KURZ
        if rest > 0:
            zeilen.append(f"  … und {rest} weitere (siehe Seite)")
    return zeilen


def _punkt(satz: str) -> Inhalt:
    kopf, trenner, rest = satz.partition(": ")
    return (fett(kopf + trenner), *inhalt(rest)) if trenner else inhalt(satz)


def _daten(eins: Json, zwei: Json) -> list[str]:
    saetze = _eingaben(eins, zwei, methode=False)
    if eins["bezugsdatum"] != zwei["bezugsdatum"]:
        saetze.append(f"Bezugsdatum: {eins['bezugsdatum']} → {zwei['bezugsdatum']}")
    return saetze


def _eingaben(eins: Json, zwei: Json, *, methode: bool) -> list[str]:
    alt, neu = (
        {n: s for n, s in m["eingaben"].items() if _ist_methode(n) == methode}
        for m in (eins, zwei)
    )
    return _unterschiede(
        alt,
        neu,
        dazu=lambda n: f"{n}: kam dazu",
        fort=lambda n: f"{n}: gibt es nicht mehr",
        anders=lambda n: f"{n}: geändert",
    )


def _ist_methode(name: str) -> bool:
    """Ob eine Eingabe sagt, wie gerechnet wird, und nicht, womit."""
    return name == PROJEKT or (
        name.startswith(KATALOG) and name not in DATEN_IM_KATALOG
    )


def _messweisen(eins: Json, zwei: Json) -> list[str]:
    """Was sich an Messung, Gewichten und Gruppen änderte; älteren Läufen fehlt es."""
    if "methode" not in eins or "methode" not in zwei:
        return []
    alt, neu = eins["methode"], zwei["methode"]
    saetze = _unterschiede(
        alt["zielgruppen"],
        neu["zielgruppen"],
        dazu=lambda n: f"{n}: kam dazu, {messweise(neu['zielgruppen'][n])}",
        fort=lambda n: f"{n}: gibt es nicht mehr",
        anders=lambda n: (
            f"{n}: {messweise(alt['zielgruppen'][n])} → "
            f"{messweise(neu['zielgruppen'][n])}"
        ),
    )
    for was in ("verfahren", "merkmale"):
        vorher, nachher = (m["gruppen"][was] for m in (alt, neu))
        if vorher != nachher:
            texte = [
                aufzaehlung(w) if isinstance(w, list) else str(w)
                for w in (vorher, nachher)
            ]
            saetze.append(f"Gruppen, {was.capitalize()}: {' → '.join(texte)}")
    return saetze


def _methode(eins: Json, zwei: Json) -> list[str]:
    saetze = _messweisen(eins, zwei) + _eingaben(eins, zwei, methode=True)
    if eins["fassung"] != zwei["fassung"]:
        saetze.append(f"Fassung: {eins['fassung']} → {zwei['fassung']}")
    if eins["regelprofil"] != zwei["regelprofil"]:
        alt, neu = (
            f"{m['regelprofil']['id']} {m['regelprofil']['version']}"
            for m in (eins, zwei)
        )
        saetze.append(f"Regeln der Geheimhaltung: {alt} → {neu}")
    saetze += _parameter(eins["parameter"], zwei["parameter"])
    if eins.get("code") != zwei.get("code"):
        saetze.append("Programm: anderer Stand des Codes")
    saetze += _unterschiede(
        eins.get("notebooks", {}),
        zwei.get("notebooks", {}),
        dazu=lambda n: f"Notebook {n}: kam dazu",
        fort=lambda n: f"Notebook {n}: gibt es nicht mehr",
        anders=lambda n: f"Notebook {n}: geändert",
    )
    alt, neu = eins["versionen"], zwei["versionen"]
    saetze += [
        f"Paket {name}: {alt.get(name, 'fehlt')} → {neu.get(name, 'fehlt')}"
        for name in sorted(alt.keys() | neu.keys())
        if alt.get(name) != neu.get(name)
    ]
    return saetze


def _parameter(eins: Mapping[str, Json], zwei: Mapping[str, Json]) -> list[str]:
    """Geänderte Parameter; gleiche Änderung in vielen Notebooks ist ein Satz."""
    je_aenderung: dict[str, list[str]] = {}
    gemeinsam = sorted(eins.keys() & zwei.keys())
    for schritt in gemeinsam:
        alt, neu = eins[schritt], zwei[schritt]
        for name in sorted(alt.keys() | neu.keys()):
            if alt.get(name) != neu.get(name):
                wechsel = f"{alt.get(name, 'Vorgabe')} → {neu.get(name, 'Vorgabe')}"
                je_aenderung.setdefault(f"{name}: {wechsel}", []).append(schritt)
    saetze = []
    for aenderung, schritte in sorted(je_aenderung.items()):
        alle = len(schritte) == len(gemeinsam)
        wo = "alle Notebooks" if alle else aufzaehlung(schritte[:3])
        if len(schritte) > 3 and not alle:  # noqa: PLR2004 – so viele stehen da
            wo = mehrzahl(len(schritte), "Notebook", "Notebooks")
        saetze.append(f"Parameter {aenderung} ({wo})")
    return saetze


def _texte(eins: Json, zwei: Json) -> list[str]:
    """Neue und entfallene Sätze je Schriftstück, in Lesereihenfolge."""
    alt, neu = eins.get("abdrucke", {}), zwei.get("abdrucke", {})
    saetze = []
    for name in sorted(alt.keys() & neu.keys()):
        vorher, nachher = _zeilen(alt[name]), _zeilen(neu[name])
        vergleich = difflib.SequenceMatcher(None, vorher, nachher, autojunk=False)
        for art, a, b, c, d in vergleich.get_opcodes():
            if art == "equal":
                continue
            saetze += [f"{name}: entfallen „{z}“" for z in vorher[a:b]]
            saetze += [f"{name}: neu „{z}“" for z in nachher[c:d]]
    return saetze


def _zeilen(abdruck: Json) -> list[str]:
    """Aussagen ohne den Nachweis der Fußzeile; er ändert sich mit jeder Eingabe."""
    aussagen = abdruck.get("aussagen", [])
    return [NACHWEIS.sub("", str(a["text"])) for a in aussagen if a.get("text")]


def _dateien(eins: Json, zwei: Json) -> list[str]:
    return _unterschiede(
        eins["ausgaben"],
        zwei["ausgaben"],
        dazu=lambda n: f"{n}: kam dazu",
        fort=lambda n: f"{n}: gibt es nicht mehr",
        anders=None,
    )


def _unterschiede(
    eins: Mapping[str, object],
    zwei: Mapping[str, object],
    *,
    dazu: Callable[[str], str],
    fort: Callable[[str], str],
    anders: Callable[[str], str] | None,
) -> list[str]:
    saetze = []
    for name in sorted(eins.keys() | zwei.keys()):
        if name not in eins:
            saetze.append(dazu(name))
        elif name not in zwei:
            saetze.append(fort(name))
        elif anders is not None and eins[name] != zwei[name]:
            saetze.append(anders(name))
    return saetze
