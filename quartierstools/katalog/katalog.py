"""Was gilt an diesem Ort? Standardkatalog plus Ergänzungen des Projekts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
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
    Quelle,
    Wortwahl,
    Zielgruppe,
)
from quartierstools.katalog.orte import STANDARD, Projektordner, kennung_aus
from quartierstools.katalog.projektmodelle import Projekt, Vorhaben
from quartierstools.katalog.regelmodelle import Regelprofil

E = TypeVar("E", bound=Eintrag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Katalog:
    """Alles, was fachlich gilt und sich ohne Code ändern lässt.

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel, lade_katalog
    >>> katalog = lade_katalog(finde_projekt("bochum", daten=hauswurzel() / "daten"))
    >>> katalog.indikatoren["B01"].bezeichnung
    'Arbeitslosenanteil'
    """

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

    def eintrag_vorhaben(self, kennung: str) -> Vorhaben:
        """Vorhaben zu einer Kennung, oder ein Fehler mit Vorschlag."""
        return _hole(self.vorhaben, kennung, "Das Vorhaben")

    @property
    def regelprofil(self) -> Regelprofil:
        """Geheimhaltungsregeln des Projekts."""
        return _hole(self.regelprofile, self.projekt.regelprofil, "Das Regelprofil")

    @property
    def formular(self) -> Formular:
        """Vorlagenformular des Projekts."""
        return _hole(self.formulare, self.projekt.formular, "Das Formular")

    def brueche(self, von: str, bis: str) -> dict[str, str]:
        """Indikatoren mit Zeitreihenbruch zwischen zwei Stichtagen, mit Satz.

        Passt zu ``Dynamik.fit(brueche=…)``: Über einen Bruch hinweg gibt es keine
        Entwicklung.
        """
        saetze = {k: i.bruch_zwischen(von, bis) for k, i in self.indikatoren.items()}
        return {k: satz for k, satz in sorted(saetze.items()) if satz}

    @property
    def alle_formulare(self) -> tuple[Formular, ...]:
        """Das Formular des Projekts und die weiteren, in dieser Reihenfolge."""
        namen = (self.projekt.formular, *self.projekt.weitere_formulare)
        return tuple(_hole(self.formulare, n, "Das Formular") for n in namen)

    def worte(self, zielgruppe: Zielgruppe) -> Klassenworte:
        """Klassenwörter nach dem Blick der Zielgruppe."""
        return self.klassenworte[zielgruppe.blick]


def _hole(eintraege: Mapping[str, E], kennung: str, was: str) -> E:
    if kennung not in eintraege:
        raise Katalogfehler(
            f"{was} „{kennung}“ kennt der Katalog nicht."
            f"{meinten_sie(kennung, list(eintraege))} "
            f"Bekannt: {', '.join(sorted(eintraege)) or 'keines'}."
        )
    return eintraege[kennung]


@dataclass(slots=True)
class _Leser:
    """Liest die Dateien eines Projekts und sammelt, was nicht stimmt."""

    ordner: Projektordner
    befunde: list[Befund | str]

    def eintrag(self, modell: type[E], datei: Path) -> E | None:
        """Ein Eintrag; None, wenn er Mängel hat."""
        try:
            return lies_eintrag(modell, datei)
        except (Datenfehler, Katalogfehler) as fehler:
            self.befunde += self._im_projekt(fehler, datei)
        return None

    def _im_projekt(
        self, fehler: Datenfehler | Katalogfehler, datei: Path
    ) -> list[Befund]:
        """Befunde mit dem Pfad im Projekt statt des bloßen Dateinamens."""
        name = self.ordner.name_von(datei)
        return [
            replace(b, ort=name + b.ort.removeprefix(datei.name))
            if b.ort.startswith(datei.name)
            else b
            for b in als_befunde(fehler, datei.name)
        ]

    def eintraege(self, modell: type[E], name: str) -> dict[str, E]:
        """Standard plus Projekt; gleiche Kennung im Projekt ersetzt den Standard."""
        eintraege = (
            lies_eintraege(modell, STANDARD / f"{name}.yaml")
            if (STANDARD / f"{name}.yaml").is_file()
            else {}
        )
        eigene = self.ordner.katalog(name)
        if eigene.exists() or eigene.is_symlink():
            try:
                eintraege |= lies_eintraege(modell, eigene)
            except (Datenfehler, Katalogfehler) as fehler:
                self.befunde += self._im_projekt(fehler, eigene)
        return eintraege


def als_befunde(fehler: Datenfehler | Katalogfehler, ort: str) -> list[Befund]:
    """Befunde eines Fehlers; ein Satz ohne Ort bekommt `ort`.

    Examples
    --------
    >>> fehler = Katalogfehler("a.yaml, Zeile 2: „x“ steht doppelt.")
    >>> als_befunde(fehler, "a.yaml")[0].ort
    'a.yaml, Zeile 2'
    """
    if isinstance(fehler, Datenfehler):
        return [
            b if isinstance(b, Befund) else Befund(ort=ort, was=b)
            for b in fehler.befunde
        ]
    text = str(fehler)
    stelle, trenner, satz = text.partition(": ")
    if not (trenner and stelle.startswith(ort)):
        stelle, satz = ort, text
    was, bitte, rat = satz.partition(" Bitte ")
    rat = f"Bitte {rat}" if bitte else "Bitte berichtigen und noch einmal prüfen."
    return [Befund(ort=stelle, was=was, rat=rat)]


def lade_stammkatalog(
    ordner: Projektordner,
) -> tuple[dict[str, Indikator], dict[str, Zielgruppe]]:
    """Indikatoren und Zielgruppen, auch wenn das Projekt noch unvollständig ist.

    Raises
    ------
    Datenfehler
        Wenn ``indikatoren.yaml`` oder ``zielgruppen.yaml`` des Projekts Mängel hat.
    """
    leser = _Leser(ordner, [])
    indikatoren = leser.eintraege(Indikator, "indikatoren")
    zielgruppen = leser.eintraege(Zielgruppe, "zielgruppen")
    if leser.befunde:
        raise Datenfehler("Katalog", leser.befunde)
    return indikatoren, zielgruppen


def lade_katalog(ordner: Projektordner) -> Katalog:
    """Liest den ganzen Katalog eines Projekts und prüft die Verweise.

    Raises
    ------
    Datenfehler
        Mit allen Mängeln aller Dateien.

    Examples
    --------
    >>> from quartierstools.katalog import finde_projekt, hauswurzel, lade_katalog
    >>> katalog = lade_katalog(finde_projekt("bochum", daten=hauswurzel() / "daten"))
    >>> katalog.projekt.id
    'bochum'
    """
    leser = _Leser(ordner, _fremde_dateien(ordner))
    projekt = leser.eintrag(Projekt, ordner.projekt)
    gelesen = [leser.eintrag(Vorhaben, datei) for datei in ordner.vorhaben]
    vorhaben = [v for v in gelesen if v is not None]
    indikatoren = leser.eintraege(Indikator, "indikatoren")
    quellen = leser.eintraege(Quelle, "quellen")
    zielgruppen = leser.eintraege(Zielgruppe, "zielgruppen")
    klassenworte = leser.eintraege(Klassenworte, "klassenworte")
    regelprofile = leser.eintraege(Regelprofil, "regelprofile")
    wortwahl = leser.eintraege(Wortwahl, "wortwahl")["standard"]
    formulare = leser.eintraege(Formular, "formulare")
    wirkungsfelder = leser.eintraege(Wirkungsfeld, "wirkungsfelder")
    kriterien = leser.eintraege(Kriterium, "kriterien")
    angebotsregeln = leser.eintraege(Angebotsregeln, "angebotsregeln")["standard"]
    szenarien = leser.eintraege(Szenario, "szenarien")
    titel = f"Katalog von „{projekt.id if projekt else ordner.wurzel.name}“"
    if projekt is None or leser.befunde:
        raise Datenfehler(titel, [*leser.befunde, *_ordnername(projekt, ordner)])
    katalog = Katalog(
        projekt=projekt,
        indikatoren=indikatoren,
        quellen=quellen,
        zielgruppen=zielgruppen,
        klassenworte=klassenworte,
        regelprofile=regelprofile,
        wortwahl=wortwahl,
        formulare=formulare,
        vorhaben={v.id: v for v in sorted(vorhaben, key=lambda v: v.id)},
        wirkungsfelder=wirkungsfelder,
        kriterien=kriterien,
        angebotsregeln=angebotsregeln,
        szenarien=szenarien,
    )
    befunde = _ordnername(projekt, ordner) + _verweise(katalog, len(vorhaben))
    if befunde:
        raise Datenfehler(titel, befunde)
    return katalog


def _ordnername(projekt: Projekt | None, ordner: Projektordner) -> list[Befund]:
    """Die id steht auf jeder Ausgabe, der Ordnername im Aufruf: beides dasselbe."""
    soll = kennung_aus(ordner.wurzel.name)
    if projekt is None or not soll or projekt.id == soll:
        return []
    return [
        Befund(
            ort="projekt.yaml",
            was=f"id ist „{projekt.id}“, der Ordner heißt „{ordner.wurzel.name}“.",
            erwartet=f"id: {soll}",
            rat="Bitte id oder Ordner umbenennen, sonst landen Ausgaben am falschen "
            "Ort.",
        )
    ]


def _fremde_dateien(ordner: Projektordner) -> list[Befund | str]:
    """Dateien im Ordner ``katalog``, die niemand liest."""
    return [
        Befund(
            ort=ordner.name_von(datei),
            was=f"Eine Datei dieses Namens wird nicht gelesen.{vorschlag}",
            erwartet="ein Name aus daten/README.md, klein und mit der Endung .yaml",
            rat="Bitte umbenennen oder aus dem Ordner nehmen.",
        )
        for datei, vorschlag in ordner.fremde()
    ]


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
    formulare = (projekt.formular, *projekt.weitere_formulare)
    gesucht += [("projekt.yaml", f, katalog.formulare) for f in formulare]
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
            for a in (
                *aussagen,
                *vorhaben.dafuer,
                *vorhaben.dagegen,
                *vorhaben.alternativen,
            )
            if a.quelle
        ]
    gesucht += _angebotsverweise(katalog)
    befunde = [
        Befund(
            ort=ort,
            was=f"„{kennung}“ ist im Katalog nicht beschrieben."
            f"{meinten_sie(kennung, list(ziele))}",
            rat=f"{_bekannte(ziele, katalog)}Schreibweise prüfen oder Eintrag im "
            "Ordner katalog/ ergänzen.",
        )
        for ort, kennung, ziele in gesucht
        if kennung not in ziele
    ]
    befunde += _wertende_kontexte(katalog)
    if len(katalog.vorhaben) < anzahl_vorhaben:
        was = "Zwei Vorhaben tragen dieselbe id."
        befunde.append(Befund(ort="vorhaben/", was=was, rat="Bitte eine ändern."))
    return befunde


def _bekannte(ziele: Mapping[str, Eintrag], katalog: Katalog) -> str:
    """Was es gibt; bei den vielen Indikatoren der Befehl, der alle zeigt."""
    if ziele is katalog.indikatoren:
        return "quartier indikatoren zeigt alle Kennungen. "
    return f"Bekannt: {', '.join(sorted(ziele)) or 'nichts'}. "


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
        if (i := indikatoren.get(kennung)) is not None and not i.wertet
    ]
    befunde += [
        Befund(
            ort=ort,
            was=f"„{kennung}“ beschreibt Alter, Herkunft oder Größe der Bevölkerung "
            "und darf nicht in die vorgegebenen Gruppen.",
            rat="Einen anderen Indikator wählen.",
        )
        for ort, kennung in gruppiert
        if (i := indikatoren.get(kennung)) is not None and not i.gruppiert
    ]
    return befunde
