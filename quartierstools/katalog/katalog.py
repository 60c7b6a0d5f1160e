"""Was gilt an diesem Ort? Standardkatalog plus Ergänzungen des Projekts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from quartierstools.fehler import Befund, Datenfehler, Katalogfehler, meinten_sie
from quartierstools.katalog.angebotsmodelle import (
    Angebotsregeln,
    Kriterium,
    Szenario,
    Wirkungsfeld,
)
from quartierstools.katalog.eintrag import Eintrag, lies_eintraege, lies_eintrag
from quartierstools.katalog.modelle import (
    Formular,
    Indikator,
    Klassenworte,
    Projekt,
    Quelle,
    Regelprofil,
    Vorhaben,
    Wortwahl,
    Zielgruppe,
)
from quartierstools.katalog.orte import STANDARD, Projektordner

E = TypeVar("E", bound=Eintrag)

BEVOELKERUNG = "bevoelkerung"
"""Dimension der Merkmale, die Menschen nach Alter und Herkunft zählen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Katalog:
    """Alles, was fachlich gilt und sich ohne Code ändern lässt."""

    projekt: Projekt
    indikatoren: Mapping[str, Indikator]
    quellen: Mapping[str, Quelle]
    zielgruppen: Mapping[str, Zielgruppe]
    klassenworte: Mapping[str, Klassenworte]
    regelprofile: Mapping[str, Regelprofil]
    wortwahl: Wortwahl
    formulare: Mapping[str, Formular]
    vorhaben: Mapping[str, Vorhaben]
    wirkungsfelder: Mapping[str, Wirkungsfeld]
    kriterien: Mapping[str, Kriterium]
    angebotsregeln: Angebotsregeln
    szenarien: Mapping[str, Szenario]

    def indikator(self, kennung: str) -> Indikator:
        """Indikator zu einer Kennung, oder ein Fehler mit Vorschlag."""
        return _hole(self.indikatoren, kennung, "Den Indikator")

    def zielgruppe(self, kennung: str) -> Zielgruppe:
        """Zielgruppe zu einer Kennung, oder ein Fehler mit Vorschlag."""
        return _hole(self.zielgruppen, kennung, "Die Zielgruppe")

    @property
    def regelprofil(self) -> Regelprofil:
        """Geheimhaltungsregeln des Projekts."""
        return _hole(self.regelprofile, self.projekt.regelprofil, "Das Regelprofil")

    @property
    def formular(self) -> Formular:
        """Vorlagenformular des Projekts."""
        return _hole(self.formulare, self.projekt.formular, "Das Formular")

    def worte(self, zielgruppe: Zielgruppe) -> Klassenworte:
        """Klassenwörter nach dem Blick der Zielgruppe."""
        return self.klassenworte[zielgruppe.blick]


def _hole(eintraege: Mapping[str, E], kennung: str, was: str) -> E:
    if kennung not in eintraege:
        raise Katalogfehler(
            f"{was} „{kennung}“ kennt der Katalog nicht."
            f"{meinten_sie(kennung, list(eintraege))} "
            f"Bekannt: {', '.join(sorted(eintraege))}."
        )
    return eintraege[kennung]


def _lies(modell: type[E], name: str, ordner: Projektordner) -> dict[str, E]:
    """Standard plus Projekt; gleiche Kennung im Projekt ersetzt den Standard."""
    eintraege: dict[str, E] = {}
    for datei in (STANDARD / f"{name}.yaml", ordner.katalog(name)):
        if datei.is_file():
            eintraege |= lies_eintraege(modell, datei)
    return eintraege


def lade_katalog(ordner: Projektordner) -> Katalog:
    """Liest den ganzen Katalog eines Projekts und prüft die Verweise.

    Raises
    ------
    Katalogfehler, Datenfehler
        Mit allen Mängeln aller Dateien.
    """
    vorhaben = [lies_eintrag(Vorhaben, datei) for datei in ordner.vorhaben]
    katalog = Katalog(
        projekt=lies_eintrag(Projekt, ordner.projekt),
        indikatoren=_lies(Indikator, "indikatoren", ordner),
        quellen=_lies(Quelle, "quellen", ordner),
        zielgruppen=_lies(Zielgruppe, "zielgruppen", ordner),
        klassenworte=_lies(Klassenworte, "klassenworte", ordner),
        regelprofile=_lies(Regelprofil, "regelprofile", ordner),
        wortwahl=_lies(Wortwahl, "wortwahl", ordner)["standard"],
        formulare=_lies(Formular, "formulare", ordner),
        vorhaben={v.id: v for v in sorted(vorhaben, key=lambda v: v.id)},
        wirkungsfelder=_lies(Wirkungsfeld, "wirkungsfelder", ordner),
        kriterien=_lies(Kriterium, "kriterien", ordner),
        angebotsregeln=_lies(Angebotsregeln, "angebotsregeln", ordner)["standard"],
        szenarien=_lies(Szenario, "szenarien", ordner),
    )
    befunde = _verweise(katalog, len(vorhaben))
    if befunde:
        raise Datenfehler(f"Katalog von „{katalog.projekt.id}“", befunde)
    return katalog


def _verweise(katalog: Katalog, anzahl_vorhaben: int) -> list[Befund]:
    """Jeder Verweis muss ein Ziel haben, jede Kennung einmalig sein."""
    gesucht: list[tuple[str, str, Mapping[str, Eintrag]]] = []
    projekt = katalog.projekt
    gesucht += [("projekt.yaml", z, katalog.zielgruppen) for z in projekt.zielgruppen]
    gesucht += [
        ("projekt.yaml, typen", i, katalog.indikatoren)
        for i in projekt.typen.indikatoren
    ]
    gesucht.append(("projekt.yaml", projekt.regelprofil, katalog.regelprofile))
    gesucht.append(("projekt.yaml", projekt.formular, katalog.formulare))
    for gruppe in katalog.zielgruppen.values():
        kennungen = [*(g.indikator for g in gruppe.index), *gruppe.hemmnisse]
        kennungen += [*(n.indikator for n in gruppe.naeherung), *gruppe.kontext]
        ort = f"zielgruppen.yaml, {gruppe.id}"
        gesucht += [(ort, kennung, katalog.indikatoren) for kennung in kennungen]
    for vorhaben in katalog.vorhaben.values():
        ort = f"vorhaben/{vorhaben.id}.yaml"
        gesucht.append((ort, vorhaben.zielgruppe, katalog.zielgruppen))
        aussagen = (*vorhaben.anlass, *vorhaben.ausgangslage, *vorhaben.rahmen)
        gesucht += [
            (ort, a.quelle, katalog.quellen)
            for a in (*aussagen, *vorhaben.dagegen)
            if a.quelle
        ]
    gesucht += _angebotsverweise(katalog)
    befunde = [
        Befund(
            ort=ort,
            was=f"„{kennung}“ ist im Katalog nicht beschrieben."
            f"{meinten_sie(kennung, list(ziele))}",
            rat="Schreibweise prüfen oder Eintrag im Ordner katalog/ ergänzen.",
        )
        for ort, kennung, ziele in gesucht
        if kennung not in ziele
    ]
    befunde += _wertende_kontexte(katalog)
    if len(katalog.vorhaben) < anzahl_vorhaben:
        was = "Zwei Vorhaben tragen dieselbe id."
        befunde.append(Befund(ort="vorhaben/", was=was, rat="Bitte eine ändern."))
    return befunde


def _angebotsverweise(
    katalog: Katalog,
) -> list[tuple[str, str, Mapping[str, Eintrag]]]:
    """Verweise der Regeln und Szenarien auf Zielgruppen und Indikatoren."""
    gesucht: list[tuple[str, str, Mapping[str, Eintrag]]] = []
    ort = "angebotsregeln.yaml, betroffene"
    for gruppe, indikator in katalog.angebotsregeln.betroffene.items():
        gesucht += [(ort, gruppe, katalog.zielgruppen)]
        gesucht += [(ort, indikator, katalog.indikatoren)]
    for szenario in katalog.szenarien.values():
        ort = f"szenarien.yaml, {szenario.id}"
        gesucht.append((ort, szenario.zielgruppe, katalog.zielgruppen))
        gesucht += [(ort, i, katalog.indikatoren) for i in szenario.gewichte]
    return gesucht


def _wertende_kontexte(katalog: Katalog) -> list[Befund]:
    """Kontextmerkmale (Herkunft, Alter) dürfen nie Bedarf oder Gruppen begründen."""
    gewertet = [
        (f"zielgruppen.yaml, {gruppe.id}", kennung)
        for gruppe in katalog.zielgruppen.values()
        for kennung in (
            *(g.indikator for g in gruppe.index),
            *(n.indikator for n in gruppe.naeherung),
        )
    ]
    gruppiert = [("projekt.yaml, typen", i) for i in katalog.projekt.typen.indikatoren]
    indikatoren = katalog.indikatoren
    befunde = [
        Befund(
            ort=ort,
            was=f"„{kennung}“ ist ein Kontextmerkmal oder hat keine Richtung und darf "
            "nicht in den Index.",
            rat="Einen anderen Indikator wählen.",
        )
        for ort, kennung in gewertet
        if (i := indikatoren.get(kennung)) is not None
        and (i.kontext or i.richtung == "neutral")
    ]
    befunde += [
        Befund(
            ort=ort,
            was=f"„{kennung}“ beschreibt Alter, Herkunft oder Größe der Bevölkerung "
            "und darf nicht in die vorgegebenen Gruppen.",
            rat="Einen anderen Indikator wählen.",
        )
        for ort, kennung in gruppiert
        if (i := indikatoren.get(kennung)) is not None
        and i.kontext
        and (i.ohne_einstufung or i.dimension == BEVOELKERUNG)
    ]
    return befunde
