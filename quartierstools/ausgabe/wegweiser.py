"""Wo steht was? Verweise der Einstiegsseite auf jede Datei eines Laufs."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from quartierstools.auswertung import Auswertung
from quartierstools.schreibweise import mehrzahl

FORMATE = {
    "html": "Seite",
    "docx": "Word",
    "pdf": "PDF",
    "xlsx": "Excel",
    "csv": "CSV",
    "json": "JSON",
    "jsonl": "JSONL",
    "ipynb": "Notebook",
    "geojson": "GeoJSON",
    "gpkg": "GeoPackage",
    "parquet": "Parquet",
    "svg": "SVG",
    "png": "PNG",
    "zip": "ZIP",
}
"""Endung → wie das Format heißt; die Reihenfolge gilt auch im Wegweiser."""

TEILE = {
    "kurzfassungen": "Kurzfassungen und Vorblatt",
    "oparl": "Eintrag fürs Ratsinformationssystem (OParl)",
}
"""Name einer Datei im Ordner eines Vorhabens → wie sie heißt."""

ZUKLAPPEN_AB = 40
"""So lange Listen sind zuerst zugeklappt."""

EINSTIEG = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verweis:
    """Ein Schriftstück in allen Formaten; das erste trägt den Namen."""

    name: str
    ziele: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verweisgruppe:
    """Verweise unter einer Überschrift, auf Wunsch in Abschnitten.

    Attributes
    ----------
    abschnitte : tuple of (str, tuple of Verweis)
        Zwischentitel (leer: keiner) und Verweise.
    zugeklappt : bool
        Lange Listen öffnen sich erst auf Klick.
    """

    titel: str
    abschnitte: tuple[tuple[str, tuple[Verweis, ...]], ...]
    zugeklappt: bool = False


def wegweiser(
    namen: Collection[str], auswertung: Auswertung
) -> tuple[Verweisgruppe, ...]:
    """Jede Datei des Laufs genau einmal, geordnet, wie man liest.

    Parameters
    ----------
    namen : Collection of str
        Pfade der Dateien im Laufordner; die Einstiegsseite zählt nicht.
    """
    uebrig = _nach_stamm(set(namen) - {EINSTIEG})
    return tuple(
        gruppe
        for gruppe in (
            _einfach("Zuerst", _hauptseiten(uebrig)),
            _einfach("Berichte je Zielgruppe", _berichte(uebrig, auswertung)),
            _begruendungen(uebrig, auswertung),
            _einfach("Auszüge je Stadtbezirk", _auszuege(uebrig, auswertung)),
            _steckbriefe(uebrig, auswertung),
            _einfach("Tabellen und Nachweise", _nachweise(uebrig)),
            _notebooks(uebrig),
            _einfach("Weitere Dateien", _rest(uebrig)),
        )
        if any(teil for _, teil in gruppe.abschnitte)
    )


def verweistexte(gruppen: Collection[Verweisgruppe]) -> list[str]:
    """Was der Wegweiser an Text zeigt, in Lesereihenfolge."""
    texte: list[str] = []
    for gruppe in gruppen:
        texte.append(gruppe.titel)
        for titel, verweise in gruppe.abschnitte:
            texte += [titel] if titel else []
            texte += [_verweistext(verweis) for verweis in verweise]
    return texte


def _verweistext(verweis: Verweis) -> str:
    """Name, dann jedes weitere Format mit dem Namen für Vorleseprogramme."""
    erstes, *weitere = (format_ for format_, _ in verweis.ziele)
    klammer = f" ({erstes})" if erstes not in {"", "Seite"} else ""
    rest = [f" · {format_} – {verweis.name}" for format_ in weitere]
    return "".join([verweis.name, klammer, *rest])


Staemme = dict[str, dict[str, str]]


def _nach_stamm(namen: Collection[str]) -> Staemme:
    """Pfad ohne Endung → Endung → Pfad."""
    staemme: Staemme = {}
    for name in sorted(namen):
        pfad = PurePosixPath(name)
        stamm = pfad.with_suffix("").as_posix()
        staemme.setdefault(stamm, {})[pfad.suffix.removeprefix(".")] = name
    return staemme


def _nimm(uebrig: Staemme, stamm: str, name: str) -> Iterator[Verweis]:
    """Verweis auf alle Formate eines Stamms; danach ist er vergeben."""
    formate = uebrig.pop(stamm, None)
    if formate:
        folge = sorted(
            formate, key=lambda f: (list(FORMATE).index(f) if f in FORMATE else 99, f)
        )
        ziele = tuple((FORMATE.get(f, f or "Datei"), formate[f]) for f in folge)
        yield Verweis(name=name, ziele=ziele)


def _ohne_format(verweis: Verweis) -> Verweis:
    """Wo die Überschrift das Format schon nennt."""
    (_, ziel), *weitere = verweis.ziele
    return Verweis(name=verweis.name, ziele=(("", ziel), *weitere))


def _einfach(titel: str, verweise: Iterator[Verweis]) -> Verweisgruppe:
    return Verweisgruppe(titel=titel, abschnitte=(("", tuple(verweise)),))


def _hauptseiten(uebrig: Staemme) -> Iterator[Verweis]:
    yield from _nimm(uebrig, "karte", "Karte")
    yield from _nimm(uebrig, "angebote/angebotslage", "Angebote und Lücke")
    yield from _nimm(uebrig, "datenpruefung", "Datenprüfung")
    yield from _nimm(uebrig, "datenanforderung", "Datenanforderung")


def _berichte(uebrig: Staemme, auswertung: Auswertung) -> Iterator[Verweis]:
    for kennung in auswertung.projekt.zielgruppen:
        name = auswertung.katalog.zielgruppen[kennung].bezeichnung
        yield from _nimm(uebrig, f"zielgruppen/{kennung}/bericht", f"Bericht {name}")
        yield from _ordner(uebrig, f"zielgruppen/{kennung}/", name)


def _begruendungen(uebrig: Staemme, auswertung: Auswertung) -> Verweisgruppe:
    vorhaben = list(auswertung.katalog.vorhaben.values())
    verweise: list[Verweis] = []
    for eines in vorhaben:
        stamm = f"vorhaben/{eines.id}/begruendung"
        verweise += _nimm(uebrig, stamm, f"Begründung {eines.name}")
        verweise += _ordner(uebrig, f"vorhaben/{eines.id}/", eines.name)
    return Verweisgruppe(
        titel="Begründungen je Vorhaben", abschnitte=(("", tuple(verweise)),)
    )


def _auszuege(uebrig: Staemme, auswertung: Auswertung) -> Iterator[Verweis]:
    for schluessel, name in auswertung.freigabe.stadtbezirke["name"].items():
        stamm = f"stadtbezirke/{schluessel}/auszug"
        yield from _nimm(uebrig, stamm, f"Auszug Stadtbezirk {name}")


def _ordner(uebrig: Staemme, vorsatz: str, name: str) -> Iterator[Verweis]:
    """Was sonst noch in einem Ordner liegt."""
    for stamm in sorted(s for s in uebrig if s.startswith(vorsatz)):
        rest = stamm.removeprefix(vorsatz)
        teil = TEILE.get(rest, rest.replace("-", " ").replace("/", ", "))
        yield from _nimm(uebrig, stamm, f"{teil} {name}")


def _steckbriefe(uebrig: Staemme, auswertung: Auswertung) -> Verweisgruppe:
    """Der Band zuerst, dann die Gebiete nach Stadtbezirken."""
    gebiete = auswertung.freigabe.gebiete
    baende = list(_nimm(uebrig, "steckbriefe/alle", "Alle Steckbriefe in einem Band"))
    abschnitte: list[tuple[str, tuple[Verweis, ...]]] = [("", tuple(baende))]
    for schluessel, teil in gebiete.groupby("stadtbezirk", sort=True):
        titel = f"Stadtbezirk {teil['stadtbezirk_name'].iloc[0]}"
        stamm = f"steckbriefe/alle-{schluessel}"
        verweise = list(_nimm(uebrig, stamm, f"Band {titel}"))
        for gebiet, name in teil["name"].sort_index().items():
            verweise += map(_ohne_format, _nimm(uebrig, f"steckbriefe/{gebiet}", name))
        abschnitte.append((titel, tuple(verweise)))
    return Verweisgruppe(
        titel="Steckbriefe je Gebiet (PDF)",
        abschnitte=tuple((t, v) for t, v in abschnitte if v),
        zugeklappt=len(gebiete) > ZUKLAPPEN_AB,
    )


def _nachweise(uebrig: Staemme) -> Iterator[Verweis]:
    yield from _nimm(uebrig, "anhang/tabellen", "Tabellen")
    yield from _nimm(uebrig, "anhang/druckbild", "Gedruckte Aussagen mit Belegen")
    for stamm in sorted(s for s in uebrig if s.startswith("anhang/")):
        name = stamm.removeprefix("anhang/").replace("-", " ")
        yield from _nimm(uebrig, stamm, f"Anhang {name}")
    yield from _nimm(uebrig, "manifest", "Manifest mit Prüfsummen und Belegen")
    yield from _nimm(uebrig, "ro-crate-metadata", "Beschreibung als RO-Crate")
    yield from _nimm(uebrig, "protokoll", "Protokoll des Laufs")


def _notebooks(uebrig: Staemme) -> Verweisgruppe:
    verweise: list[Verweis] = []
    for stamm in sorted(s for s in uebrig if s.startswith("notebooks/")):
        name = stamm.removeprefix("notebooks/")
        verweise += map(_ohne_format, _nimm(uebrig, stamm, name))
    titel = mehrzahl(len(verweise), "Notebook", "Notebooks")
    return Verweisgruppe(
        titel=f"{titel}: jeder Schritt zum Nachvollziehen",
        abschnitte=(("", tuple(verweise)),),
        zugeklappt=True,
    )


def _rest(uebrig: Staemme) -> Iterator[Verweis]:
    for stamm in sorted(uebrig):
        yield from _nimm(uebrig, stamm, stamm)
