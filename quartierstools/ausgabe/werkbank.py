"""Womit arbeitet ein Notebook? Ergebnisse eines Ortes und ein Platz zum Schreiben.

`oeffne` gibt eine `Werkbank`. Im Lauf sagen Umgebungsvariablen, wohin geschrieben
wird und wo schon Gerechnetes liegt; von Hand geöffnet, schreibt ein Notebook nach
``ausgaben/<projekt>/werkbank`` und rechnet selbst.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from quartierstools.ausgabe import packen
from quartierstools.ausgabe.druckbild import druckbild
from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.auswertung.einstellung import als_folge
from quartierstools.begruendung.beleg import Beleg
from quartierstools.begruendung.stempel import (
    fassungszeile,
    stempel,
    wasserzeichen,
)
from quartierstools.dokument import Dokument
from quartierstools.fehler import Aufruffehler
from quartierstools.geheimhaltung import Fassung
from quartierstools.katalog import hauswurzel

if TYPE_CHECKING:
    from quartierstools.ausgabe.gestalt import Gestalt

UMGEBUNG = {
    "ordner": "QUARTIER_LAUFORDNER",
    "speicher": "QUARTIER_SPEICHER",
    "lauf": "QUARTIER_LAUF",
    "daten": "QUARTIER_DATEN",
}
"""Umgebungsvariablen, über die ein Lauf seine Notebooks unterrichtet."""

BELEGE = ".belege"
"""Ordner im halben Lauf, in dem die Belege auf das Manifest warten."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Werkbank:
    """Auswertung eines Ortes und der Ordner, in den geschrieben wird.

    Attributes
    ----------
    auswertung : Auswertung
        Freigegebene Werte und Ergebnisse.
    ordner : Path
        Ziel aller Dateien.
    lauf : str
        Kennung für Fußzeilen; leer außerhalb eines Laufs.
    """

    auswertung: Auswertung
    ordner: Path
    lauf: str

    def __repr__(self) -> str:
        # Ohne Pfade: Die Darstellung landet in veröffentlichten Notebooks.
        return f"Werkbank({self.auswertung.ort!r})"

    def _repr_markdown_(self) -> str:
        """Ort, Stempel und Fassung; steht in jedem Notebook oben."""
        freigabe = self.auswertung.freigabe
        teile = [f"**{self.auswertung.projekt.stadt}**", *stempel(freigabe)]
        teile += [t for t in (wasserzeichen(freigabe), fassungszeile(freigabe)) if t]
        return " · ".join(teile)

    @property
    def gestalt(self) -> "Gestalt":
        """Farben der Stadt."""
        from quartierstools.ausgabe.stadtgestalt import stadtgestalt  # noqa: PLC0415

        return stadtgestalt(self.auswertung.projekt)

    def schreibe_karte(self) -> "Dateien":
        """``karte.html``: alle Ebenen in einer Datei."""
        from quartierstools.ausgabe.kartenblatt import kartenblatt  # noqa: PLC0415

        inhalt = kartenblatt(self.auswertung, lauf=self.lauf)
        return self._schreibe({"karte.html": inhalt})

    def schreibe_datenpruefung(self) -> "Dateien":
        """``datenpruefung.html``: was vorliegt und was fehlt."""
        from quartierstools.ausgabe.datenlage import datenpruefung  # noqa: PLC0415

        dokument = datenpruefung(self.auswertung, lauf=self.lauf)
        return self._dokument(dokument, "datenpruefung", ("html",))

    def schreibe_datenanforderung(self) -> "Dateien":
        """``datenanforderung.html`` und ``.docx``: was fehlt und von wem."""
        from quartierstools.ausgabe.datenanforderung import (  # noqa: PLC0415
            datenanforderung,
        )

        dokument = datenanforderung(self.auswertung, lauf=self.lauf)
        return self._dokument(dokument, "datenanforderung", ("docx", "html"))

    def schreibe_anhang(self) -> "Dateien":
        """``anhang/tabellen.xlsx``: alle Tabellen mit Quellen."""
        from quartierstools.ausgabe.anhang import anhang  # noqa: PLC0415

        inhalt = anhang(self.auswertung, lauf=self.lauf)
        return self._schreibe({"anhang/tabellen.xlsx": inhalt})

    def schreibe_angebotslage(self) -> "Dateien":
        """``angebote/angebotslage.html``: Bestand, Lücke, Auswahl, Standorte."""
        from quartierstools.ausgabe.angebotslage import angebotsseite  # noqa: PLC0415

        dokument = angebotsseite(self.auswertung, lauf=self.lauf)
        return self._dokument(dokument, "angebote/angebotslage", ("html",))

    def schreibe_bericht(self, zielgruppe: str) -> "Dateien":
        """``zielgruppen/<id>/bericht``: Bericht einer Zielgruppe."""
        from quartierstools.ausgabe.bericht import bericht  # noqa: PLC0415

        dokument, belege = bericht(self.auswertung, zielgruppe, lauf=self.lauf)
        name = f"zielgruppen/{zielgruppe}/bericht"
        return self._dokument(dokument, name, ("html", "pdf"), belege)

    def schreibe_begruendung(self, vorhaben: str) -> "Dateien":
        """``vorhaben/<id>/``: Begründung und Kurzfassungen eines Vorhabens."""
        from quartierstools.begruendung.fassungen import kurzfassungen  # noqa: PLC0415
        from quartierstools.begruendung.vorlage import begruende  # noqa: PLC0415

        text = begruende(self.auswertung, vorhaben, lauf=self.lauf)
        name = f"vorhaben/{vorhaben}/begruendung"
        lang = self._dokument(text.dokument, name, ("docx", "html", "pdf"), text.belege)
        kurz = kurzfassungen(self.auswertung, vorhaben, lauf=self.lauf)
        name = f"vorhaben/{vorhaben}/kurzfassungen"
        blatt = self._dokument(kurz.dokument, name, ("docx", "html"), kurz.belege)
        inhalt = json.dumps(kurz.als_eintrag(), ensure_ascii=False, indent=1) + "\n"
        daten = self._schreibe({f"{name}.json": inhalt})
        namen = (*lang.namen, *blatt.namen, *daten.namen)
        rats = self._schreibe_drucksache(vorhaben, namen, text.dokument.gattung)
        return Dateien((*namen, *rats.namen))

    def _schreibe_drucksache(
        self, vorhaben: str, namen: Sequence[str], gattung: str
    ) -> "Dateien":
        """``vorhaben/<id>/oparl.json``: Eintrag fürs Ratsinformationssystem."""
        from quartierstools.ausgabe.oparl import (  # noqa: PLC0415
            drucksache,
            drucksache_text,
        )

        dateien = {name: (self.ordner / name).read_bytes() for name in namen}
        paper = drucksache(self.auswertung, vorhaben, dateien, gattung=gattung)
        return self._schreibe(
            {f"vorhaben/{vorhaben}/oparl.json": drucksache_text(paper)}
        )

    def schreibe_steckbrief(self, gebiet: str) -> "Dateien":
        """``steckbriefe/<schluessel>.pdf``: Steckbrief eines Gebiets."""
        from quartierstools.ausgabe.steckbrief import steckbrief  # noqa: PLC0415
        from quartierstools.ausgabe.steckbriefband import lege_ab  # noqa: PLC0415

        dokument, belege = steckbrief(self.auswertung, gebiet, lauf=self.lauf)
        if self.auswertung.speicher is not None:
            lege_ab(self.auswertung.speicher, gebiet, dokument)
        return self._dokument(dokument, f"steckbriefe/{gebiet}", ("pdf",), belege)

    def schreibe_stadtbezirk(self, stadtbezirk: str) -> "Dateien":
        """``stadtbezirke/<schluessel>/auszug``: Auszug für die Bezirksvertretung."""
        from quartierstools.ausgabe.stadtbezirksauszug import (  # noqa: PLC0415
            stadtbezirksauszug,
        )

        dokument, belege = stadtbezirksauszug(
            self.auswertung, stadtbezirk, lauf=self.lauf
        )
        name = f"stadtbezirke/{stadtbezirk}/auszug"
        return self._dokument(dokument, name, ("docx", "html", "pdf"), belege)

    def schreibe_steckbriefband(self) -> "Dateien":
        """``steckbriefe/alle.pdf``; bei vielen Gebieten ein Band je Stadtbezirk."""
        from quartierstools.ausgabe.pdf import band_bytes  # noqa: PLC0415
        from quartierstools.ausgabe.steckbriefband import baende  # noqa: PLC0415

        gestalt = self.gestalt
        dateien: dict[str, str | bytes] = {
            f"steckbriefe/{name}.pdf": band_bytes(band, gestalt=gestalt)
            for name, band in baende(self.auswertung, lauf=self.lauf)
        }
        return self._schreibe(dateien)

    def schreibe_einstieg(self, misserfolge: Sequence[str] = ()) -> "Dateien":
        """``index.html``: Einstieg mit Verweisen auf alles Geschriebene."""
        from quartierstools.ausgabe.einstieg import einstieg  # noqa: PLC0415
        from quartierstools.ausgabe.html import html_seite  # noqa: PLC0415
        from quartierstools.ausgabe.manifest import (  # noqa: PLC0415
            MANIFEST,
            ausgabenamen,
        )
        from quartierstools.ausgabe.wegweiser import (  # noqa: PLC0415
            verweistexte,
            wegweiser,
        )

        dokument = einstieg(self.auswertung, misserfolge=misserfolge, lauf=self.lauf)
        # Das Manifest entsteht zuletzt; verwiesen wird schon darauf.
        namen = {*ausgabenamen(self.ordner), MANIFEST}
        gruppen = wegweiser(namen, self.auswertung)
        seite = html_seite(dokument, gruppen=gruppen, gestalt=self.gestalt)
        self._merke(dokument, "index", ("html",), verweise=verweistexte(gruppen))
        return self._schreibe({"index.html": seite})

    def _dokument(
        self,
        dokument: Dokument,
        name: str,
        formate: Sequence[str],
        belege: Sequence[Beleg] = (),
    ) -> "Dateien":
        """Schreibt ein Dokument in mehreren Formaten; Belege für das Manifest."""
        from quartierstools.ausgabe.stadtgestalt import stadtlogo  # noqa: PLC0415

        gestalt = self.gestalt
        dokument = replace(dokument, logo=dokument.logo or stadtlogo(self.auswertung))
        dateien = {f"{name}.{f}": _in_format(dokument, f, gestalt) for f in formate}
        self._merke(dokument, name, formate, belege)
        return self._schreibe(dateien)

    def _merke(
        self,
        dokument: Dokument,
        name: str,
        formate: Sequence[str],
        belege: Sequence[Beleg] = (),
        verweise: Sequence[str] = (),
    ) -> None:
        """Legt Belege und Druckbild bereit, bis das Manifest sie aufnimmt."""
        if not self.lauf:
            return
        eintrag = {
            "belege": [beleg.als_eintrag() for beleg in belege],
            "formate": sorted(formate),
            "druckbild": druckbild(dokument, verweise),
        }
        ablage = f"{BELEGE}/{name.replace('/', '--')}.json"
        packen.schreibe(
            self.ordner / ablage, json.dumps({name: eintrag}, ensure_ascii=False)
        )

    def _schreibe(self, dateien: dict[str, str | bytes]) -> "Dateien":
        for name, inhalt in dateien.items():
            packen.schreibe(self.ordner / name, inhalt)
        return Dateien(tuple(dateien))


@dataclass(frozen=True, slots=True)
class Dateien:
    """Namen geschriebener Dateien; im Notebook als Liste zu lesen."""

    namen: tuple[str, ...]

    def _repr_markdown_(self) -> str:
        return "Geschrieben:\n" + "\n".join(f"- `{name}`" for name in self.namen)


def _in_format(dokument: Dokument, form: str, gestalt: "Gestalt") -> str | bytes:
    if form == "html":
        from quartierstools.ausgabe.html import html_seite  # noqa: PLC0415

        return html_seite(dokument, gestalt=gestalt)
    if form == "docx":
        from quartierstools.ausgabe.word import word_bytes  # noqa: PLC0415

        return word_bytes(dokument, gestalt=gestalt)
    from quartierstools.ausgabe.pdf import pdf_bytes  # noqa: PLC0415

    return pdf_bytes(dokument, gestalt=gestalt, fremde_zeichen="kennung")


def oeffne(  # noqa: PLR0913 – je Parameter eine Wahl
    projekt: str,
    *,
    fassung: Fassung = "oeffentlich",
    anzahl_typen: int | None = None,
    varianten: int = 1000,
    startwert: int = 0,
    gewichte: Sequence[str] = (),
    typmerkmale: Sequence[str] = (),
    verfahren: str = "kmeans",
    datenstand: str = "",
    aenderung: str = "",
) -> Werkbank:
    """Öffnet ein Projekt zum Auswerten und Schreiben.

    Parameters
    ----------
    projekt : str
        Ordnername unter ``daten`` oder Pfad.
    fassung : str, default="oeffentlich"
        ``oeffentlich`` oder ``intern``.
    anzahl_typen : int, optional
        2 bis 8; ohne Angabe aus den Daten vorgeschlagen.
    varianten : int, default=1000
        Rechenvarianten für die Haltbarkeit.
    startwert : int, default=0
        Startwert aller Zufallszüge.
    gewichte : sequence of str, optional
        Je Eintrag ``zielgruppe:indikator=gewicht``; 0 lässt den Indikator weg.
    typmerkmale : sequence of str, optional
        Indikatoren der Gruppen; ohne Angabe wie im Projekt.
    verfahren : str, default="kmeans"
        Verfahren der Gruppen: ``kmeans``, ``ward`` oder ``gemischt``.
    datenstand : str, default=""
        ``JJJJ-MM-TT``: nur Werte bis zu diesem Tag.
    aenderung : str, default=""
        Wer warum von der Vorgabe abweicht; steht in jeder Ausgabe.

    Examples
    --------
    >>> werkbank = oeffne("bochum")
    >>> werkbank.auswertung.bedarf("jugendliche").art
    'nicht messbar'
    """
    if not isinstance(projekt, str):
        raise Aufruffehler(
            f"Das Projekt ist ein Text, nicht „{projekt}“: ein Ordnername unter daten, "
            "etwa „bochum“, oder ein Pfad."
        )
    einstellung = Einstellung(
        fassung=fassung,
        anzahl_typen=anzahl_typen or 0,
        varianten=varianten,
        startwert=startwert,
        gewichte=als_folge(gewichte),
        typmerkmale=als_folge(typmerkmale),
        verfahren=verfahren,
        datenstand=datenstand,
        aenderung=aenderung,
    )
    umgebung = {name: os.environ.get(v, "") for name, v in UMGEBUNG.items()}
    daten = Path(umgebung["daten"]) if umgebung["daten"] else hauswurzel() / "daten"
    speicher = Path(umgebung["speicher"]) if umgebung["speicher"] else None
    auswertung = Auswertung(
        ort=projekt, daten=daten, einstellung=einstellung, speicher=speicher
    )
    ordner = (
        Path(umgebung["ordner"])
        if umgebung["ordner"]
        else hauswurzel() / "ausgaben" / auswertung.projekt.id / "werkbank"
    )
    return Werkbank(auswertung=auswertung, ordner=ordner, lauf=umgebung["lauf"])
