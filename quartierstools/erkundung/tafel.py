"""Wie bedient man die Erkundung? Auswahl oben, verbundene Ansicht, Profil speichern."""

from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from quartierstools.ausgabe.werkbank import oeffne
from quartierstools.begruendung.stempel import stempel
from quartierstools.erkundung.profil import speichere_profil
from quartierstools.erkundung.rechner import Rechner
from quartierstools.erkundung.wahl import Wahl, anfangswahl, lies_wahl
from quartierstools.fehler import Quartiersfehler
from quartierstools.geheimhaltung import Fassung
from quartierstools.katalog import finde_projekt, hauswurzel

VORLAGEN = Path(__file__).parent / "vorlagen"
TEILE = (
    "werkzeug.js",
    "bedienfeld.js",
    "karte.js",
    "liste.js",
    "streubild.js",
    "profil.js",
    "ansicht.js",
)
"""Quelltexte der Ansicht in der Reihenfolge, in der sie zusammengesetzt werden."""


class Ansicht(anywidget.AnyWidget):
    """Karte, Reihenfolge, Streubild und Profil, die sich gemeinsam ändern.

    Die Ansicht schickt eine `wahl`, bekommt ein `bild` und rechnet selbst nichts.
    """

    _esm = "\n".join((VORLAGEN / teil).read_text("utf-8") for teil in TEILE)
    _css = (VORLAGEN / "ansicht.css").read_text("utf-8")
    grund = traitlets.Dict().tag(sync=True)
    wahl = traitlets.Dict().tag(sync=True)
    bild = traitlets.Dict().tag(sync=True)


class Erkundung(ipywidgets.VBox):
    """Schreibtisch der Planerin: wählen, vergleichen, als Profil speichern.

    Parameters
    ----------
    projekt : str, default="bochum"
        Ordnername unter ``daten`` oder Pfad.
    fassung : str, default="oeffentlich"
        ``oeffentlich`` oder ``intern``; Rangbänder gibt es nur intern.

    Examples
    --------
    >>> tafel = Erkundung("bochum")
    >>> tafel.ansicht.bild["titel"]
    'Langzeitarbeitslose: Arbeitslosenanteil'
    """

    def __init__(
        self, projekt: str = "bochum", fassung: Fassung = "oeffentlich"
    ) -> None:
        self.ansicht = Ansicht()
        self._projekte = _projekte(projekt)
        self._projekt = ipywidgets.Dropdown(
            options=self._projekte, value=projekt, description="Projekt"
        )
        self._fassung = ipywidgets.Dropdown(
            options=[("öffentlich", "oeffentlich"), ("intern", "intern")],
            value=fassung,
            description="Fassung",
        )
        self._name = _feld("Profilname", "etwa mehr-langzeit")
        self._wer = _feld("Wer", "Funktion, etwa Sozialplanung")
        self._warum = _feld("Warum", "ein Satz")
        self._ersetzen = ipywidgets.Checkbox(
            value=False, description="vorhandenes ersetzen", indent=False
        )
        self._knopf = ipywidgets.Button(description="Als Profil speichern")
        self._meldung = ipywidgets.HTML()
        self._stempel = ipywidgets.HTML()
        self._lade()
        for feld in (self._projekt, self._fassung):
            feld.observe(self._neues_projekt, names="value")
        self.ansicht.observe(self._neue_wahl, names="wahl")
        self._knopf.on_click(self._speichere)
        super().__init__(
            children=[
                ipywidgets.HBox([self._projekt, self._fassung]),
                self._stempel,
                self.ansicht,
                ipywidgets.HBox(
                    [self._name, self._wer, self._warum],
                    layout=ipywidgets.Layout(flex_flow="row wrap"),
                ),
                ipywidgets.HBox([self._ersetzen, self._knopf]),
                self._meldung,
            ]
        )

    @property
    def wahl(self) -> Wahl:
        """Was gerade gewählt ist."""
        return lies_wahl(self.ansicht.wahl, self._rechner.basis)

    def _lade(self) -> None:
        werkbank = oeffne(self._projekt.value, fassung=self._fassung.value)
        freigabe = werkbank.auswertung.freigabe
        self._rechner = Rechner(basis=freigabe)
        self._stempel.value = (
            f"<strong>{_maskiert(' · '.join(stempel(freigabe)))}</strong>"
        )
        wahl = anfangswahl(freigabe)
        bild = self._rechner.bild(wahl)
        with self.ansicht.hold_sync():
            self.ansicht.grund = self._rechner.grund()
            self.ansicht.bild = {**bild, "wahl": _als_angabe(wahl), "nummer": 0}
            self.ansicht.wahl = _als_angabe(wahl)

    def _neues_projekt(self, _aenderung: object) -> None:
        try:
            self._lade()
        except Quartiersfehler as fehler:
            self._sage(str(fehler))
        else:
            self._sage("")

    def _neue_wahl(self, aenderung: dict[str, Any]) -> None:
        angabe = aenderung["new"]
        wahl = lies_wahl(angabe, self._rechner.basis)
        try:
            bild = self._rechner.bild(wahl)
        except Quartiersfehler as fehler:
            self._sage(str(fehler))
            return
        self.ansicht.bild = {
            **bild,
            "wahl": _als_angabe(wahl),
            "nummer": angabe.get("nummer", 0),
        }

    def _speichere(self, _knopf: object) -> None:
        wer, warum = self._wer.value.strip(), self._warum.value.strip()
        from dataclasses import replace  # noqa: PLC0415

        freigabe = self._rechner.basis
        einstellung = self.wahl.einstellung(freigabe.katalog, freigabe.fassung)
        aenderung = f"{warum.rstrip('.')} ({wer})" if wer and warum else ""
        ordner = finde_projekt(self._projekt.value, daten=hauswurzel() / "daten")
        try:
            ziel = speichere_profil(
                replace(einstellung, aenderung=aenderung),
                ordner.wurzel,
                self._name.value.strip(),
                ersetzen=self._ersetzen.value,
            )
        except Quartiersfehler as fehler:
            self._sage(str(fehler))
            return
        self._sage(
            f"Gespeichert: {ziel.name}. Rechnen mit: quartier lauf --projekt "
            f"{ordner.wurzel.name} --profil {ziel.stem}"
        )

    def _sage(self, text: str) -> None:
        self._meldung.value = f'<p role="status">{_maskiert(text)}</p>' if text else ""


def erkunde(projekt: str = "bochum", fassung: Fassung = "oeffentlich") -> Erkundung:
    """Öffnet die Erkundung eines Projekts.

    Examples
    --------
    >>> erkunde("musterstadt").wahl.zielgruppe
    'jugendliche'
    """
    return Erkundung(projekt, fassung)


def _als_angabe(wahl: Wahl) -> dict[str, Any]:
    """Wahl in der Form, in der die Ansicht sie schickt."""
    return {
        **{f: getattr(wahl, f) for f in wahl.__slots__},
        "gewichte": dict(wahl.gewichte),
        "typmerkmale": list(wahl.typmerkmale),
    }


def _projekte(gewaehlt: str) -> list[str]:
    """Projekte unter ``daten``, dazu das gewählte."""
    daten = hauswurzel() / "daten"
    namen = sorted(p.parent.name for p in daten.glob("*/projekt.yaml"))
    return namen if gewaehlt in namen else [gewaehlt, *namen]


def _feld(name: str, beispiel: str) -> ipywidgets.Text:
    return ipywidgets.Text(description=name, placeholder=beispiel)


def _maskiert(text: str) -> str:
    from html import escape  # noqa: PLC0415

    return escape(text).replace("\n", "<br>")
