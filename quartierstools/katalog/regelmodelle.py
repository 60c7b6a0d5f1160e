"""Welche Regeln der Geheimhaltung gelten? Profil, Ausnahmen, Dominanz, Partitionen."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from quartierstools.katalog.eintrag import Eintrag, JaNein


class Regelausnahme(Eintrag):
    """Abweichende Regeln für einen Indikator; Leeres gilt wie im Profil.

    Attributes
    ----------
    grund : str
        Warum die Ausnahme gilt; steht in keiner Ausgabe.
    """

    min_zaehler: Annotated[int, Field(ge=3)] | None = None
    min_nenner: Annotated[int, Field(ge=1)] | None = None
    min_einwohner: Annotated[int, Field(ge=0)] | None = None
    min_bg: Annotated[int, Field(ge=0)] | None = None
    komplement: JaNein | None = None
    null_veroeffentlichen: JaNein | None = None
    grund: str = ""


class Dominanz(Eintrag):
    """Wann wenige Beiträge eine Summe (Euro, Stunden) beherrschen.

    Attributes
    ----------
    anzahl, hoechstanteil : int
        n-k-Regel: Die `anzahl` größten Beiträge machen mehr als `hoechstanteil`
        Prozent der Summe aus.
    abstand : int
        p-Prozent-Regel: Wer die Summe um den zweitgrößten Beitrag mindert, kennt
        den größten auf weniger als `abstand` Prozent genau.
    indikatoren : tuple of str
        Indikatoren, die Summen statt Köpfe zählen.
    """

    anzahl: Annotated[int, Field(ge=1)] = 2
    hoechstanteil: Annotated[int, Field(ge=50, le=100)] = 85
    abstand: Annotated[int, Field(ge=1, le=100)] = 10
    indikatoren: tuple[str, ...] = ()


class Regelprofil(Eintrag):
    """Regeln der Geheimhaltung; `beschreibung` ist der Satz für jede Ausgabe.

    Attributes
    ----------
    min_zaehler : int
        Kleinster Zähler, der hinausgeht; nie unter 3 (BA-Statistik).
    min_nenner, min_einwohner : int
        Darunter ist ein Anteil nicht sinnvoll. Das schützt vor Fehlschlüssen,
        nicht Menschen: Solche Werte dürfen sich aus anderen ergeben.
    min_bg : int
        So viele Bedarfsgemeinschaften müssen dahinterstehen, wo sie geliefert
        sind.
    komplement : bool
        Auch der Rest bis zum Nenner muss `min_zaehler` erreichen.
    rundung : int
        0, 5 oder 10: Fallzahlen gehen auf Vielfache gerundet hinaus, jede für
        sich; Anteile entstehen aus den gerundeten Zahlen.
    stellen_anteil : int
        Nachkommastellen, mit denen Anteile (in Prozent), Prozentpunkte und Werte je
        100 oder je 1.000 hinausgehen.
    schutzbreite : int
        So breit bleibt das Intervall, auf das sich ein gesperrter Wert eingrenzen
        lässt; 0 heißt: wie `min_zaehler`.
    je_indikator : Mapping
        Abweichungen je Kennung.

    Examples
    --------
    >>> profil = Regelprofil(id="p", version="1", je_indikator={
    ...     "B03": {"min_zaehler": 5}})
    >>> profil.fuer("B03").min_zaehler, profil.fuer("B01").min_zaehler
    (5, 10)
    """

    id: str
    version: str
    min_zaehler: Annotated[int, Field(ge=3)] = 10
    min_nenner: Annotated[int, Field(ge=1)] = 100
    min_einwohner: Annotated[int, Field(ge=0)] = 300
    min_bg: Annotated[int, Field(ge=0)] = 3
    komplement: JaNein = True
    null_veroeffentlichen: JaNein = True
    rundung: Annotated[int, Field(ge=0, le=10, multiple_of=5)] = 0
    stellen_anteil: Annotated[int, Field(ge=0, le=2)] = 1
    schutzbreite: Annotated[int, Field(ge=0)] = 0
    dominanz: Dominanz = Dominanz()
    je_indikator: Mapping[str, Regelausnahme] = {}

    def fuer(self, indikator: str) -> "Regelprofil":
        """Profil mit den Abweichungen eines Indikators."""
        ausnahme = self.je_indikator.get(indikator)
        if ausnahme is None:
            return self
        werte = ausnahme.model_dump(exclude={"grund"}, exclude_none=True)
        return self.model_copy(update=werte)

    @property
    def breite(self) -> int:
        """Mindestbreite des Intervalls um einen gesperrten Wert."""
        return self.schutzbreite or self.min_zaehler

    @property
    def beschreibung(self) -> str:
        """Ein Satz über die geltenden Zahlen, für jede Ausgabe."""
        rest = " und einem Rest bis zum Nenner" if self.komplement else ""
        null = " (oder null)" if self.null_veroeffentlichen else ""
        teile = [f"einem Zähler{rest} von mindestens {self.min_zaehler}{null}"]
        if self.min_bg:
            teile.append(f"mindestens {self.min_bg} Bedarfsgemeinschaften")
        satz = f"Veröffentlicht werden nur Werte mit {' und '.join(teile)}"
        satz += "; was sich zurückrechnen ließe, ist mitgesperrt"
        satz += (
            f"; verlässlich sind Werte mit einem Nenner ab {self.min_nenner} und in "
            f"Gebieten ab {self.min_einwohner} Einwohnern, sonst steht „nicht sinnvoll“"
        )
        if self.rundung:
            satz += f"; Fallzahlen sind auf Vielfache von {self.rundung} gerundet"
        if self.je_indikator:
            kennungen = ", ".join(sorted(self.je_indikator))
            satz += f"; eigene Schwellen gelten für {kennungen}"
        return f"{satz}."


class Partition(Eintrag):
    """Wie Zählungen verschiedener Indikatoren zusammenhängen.

    Zählungen heißen ``<Indikator>.zaehler`` oder ``<Indikator>.nenner``. Wer
    einen Teil sperrt, muss wissen, woraus er sich errechnen ließe.

    Attributes
    ----------
    art : str
        ``gleich``: dieselbe Zählung; ``summe``: die Teile ergeben das Ganze;
        ``teilmenge``: jeder Teil ist im Ganzen enthalten, der Unterschied zählt
        selbst Menschen; ``differenz``: der Indikator `ganzes` ist der erste der
        Indikatoren `teile` minus den zweiten und wird mit ihnen gesperrt.
    """

    id: str
    art: Literal["gleich", "summe", "teilmenge", "differenz"]
    ganzes: str
    teile: Annotated[tuple[str, ...], Field(min_length=1)]
    satz: str = ""
