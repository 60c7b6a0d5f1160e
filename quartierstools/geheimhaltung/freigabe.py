"""Was darf hinaus? Die Freigabe ist die einzige Tür zwischen Eingang und Ausgabe.

Alles Weitere rechnet mit dem, was die `Freigabe` enthält. Gesperrtes ist darin
nicht mehr vorhanden: weder als Wert noch als Zähler, also auch nicht in Mittel,
Streuung, Index, Klasse oder Typ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from quartierstools.fehler import Aufruffehler, Befund, meinten_sie
from quartierstools.katalog import Katalog, Quelle, Regelprofil
from quartierstools.katalog.regelmodelle import Partition
from quartierstools.kurzbild import kurzbild

Fassung = Literal["oeffentlich", "intern"]

FASSUNG_TEXT: Mapping[str, str] = {"oeffentlich": "öffentlich", "intern": "intern"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Zelle:
    """Ein Wert mit allem, was ihn verteidigt.

    Attributes
    ----------
    wert : float or None
        Anteil zwischen 0 und 1 oder Zahl in der Einheit des Indikators; None,
        wenn `wertart` nicht „Zahl“ ist.
    stichtag_belegt : str
        ``ja``, ``nein`` (angenommen) oder ``unbekannt``.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> freigabe = oeffne("musterstadt").auswertung.freigabe
    >>> freigabe.zelle("011", "B05").wertart
    'Zahl'
    """

    gebiet: str
    indikator: str
    stichtag: date
    wert: float | None
    wertart: str
    quelle: Quelle | None = None
    zaehler: int | None = None
    nenner: int | None = None
    stichtag_belegt: str = "unbekannt"
    guete: str = ""
    datei: str = ""
    zeile: int = 0

    @property
    def amtlich(self) -> bool:
        """Amtlich geliefert und mit belegtem Stichtag."""
        herkunft = self.quelle.herkunft if self.quelle else ""
        return herkunft == "amtlich geliefert" and self.stichtag_belegt == "ja"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Freigabe:
    """Freigegebener Stand eines Ortes.

    Attributes
    ----------
    fassung : str
        ``oeffentlich`` oder ``intern``.
    werte : DataFrame
        Beobachtungen; Gesperrtes trägt nur noch `wertart` „gesperrt“, was wegen
        kleiner Bezugszahl nicht ausgewiesen wird, „nicht sinnvoll“. Anteile sind
        in der öffentlichen Fassung auf `profil.stellen_anteil` gerundet.
    pruefsummen : Mapping
        SHA-256 je Eingabedatei; bei Dateien mit gesperrten Zellen nur über die
        freigegebenen Werte.
    muster : str
        Öffentliche Kennung des Sperrmusters, leer in der internen Fassung.
    pruefstand : tuple of str
        Regeln, die sich mit dieser Lieferung nicht prüfen ließen, als Sätze.
    partitionen : tuple of Partition
        Wie Zählungen zusammenhängen.
    fachurteile, beschluesse : DataFrame
        Mit Funktion, Einrichtung und Datum; `name` nur in der internen Fassung.
    orte, wegenetz : DataFrame
        Mögliche Standorte; Kanten für Fußwege oder None.
    abweichungen : tuple of str
        Worin die Rechnung von der Vorgabe des Katalogs abweicht, als Sätze.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> freigabe = oeffne("musterstadt").auswertung.freigabe
    >>> freigabe.stichtag("B05"), freigabe.liegt_vor("B05")
    ('2024-12-31', True)
    """

    fassung: Fassung
    profil: Regelprofil
    katalog: Katalog
    gebiete: gpd.GeoDataFrame
    stadtbezirke: gpd.GeoDataFrame
    werte: pd.DataFrame
    angebote: pd.DataFrame
    einzelwerte: pd.DataFrame
    hinweise: tuple[Befund, ...]
    pruefsummen: Mapping[str, str]
    muster: str = ""
    pruefstand: tuple[str, ...] = ()
    partitionen: tuple[Partition, ...] = ()
    fachurteile: pd.DataFrame = field(default_factory=pd.DataFrame)
    beschluesse: pd.DataFrame = field(default_factory=pd.DataFrame)
    orte: pd.DataFrame = field(default_factory=pd.DataFrame)
    wegenetz: pd.DataFrame | None = None
    abweichungen: tuple[str, ...] = ()
    _ablage: dict[str, Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Keine Freigabe ohne klare Fassung."""
        pruefe_fassung(self.fassung)

    def __repr__(self) -> str:
        ort = self.katalog.projekt.id
        return f"Freigabe({ort!r}, {self.fassung!r}, {self.gesperrt} gesperrt)"

    def _repr_html_(self) -> str:
        """Fassung, Umfang und Zahl der gesperrten Zellen."""
        zahlen = self.werte[self.werte["wertart"] == "Zahl"]
        return kurzbild(
            f"Freigabe {self.katalog.projekt.stadt}",
            [
                ("Fassung", FASSUNG_TEXT[self.fassung]),
                ("Gebiete", str(len(self.gebiete))),
                ("Indikatoren mit Werten", str(zahlen["indikator"].nunique())),
                ("Gesperrte Zellen", str(self.gesperrt)),
                ("Regelprofil", f"{self.profil.id} {self.profil.version}"),
            ],
            saetze=self.abweichungen,
        )

    @property
    def gesperrt(self) -> int:
        """Zahl der gesperrten Zellen."""
        return int((self.werte["wertart"] == "gesperrt").sum())

    def stichtag(self, indikator: str) -> str | None:
        """Neuester Stichtag mit freigegebenen Gebietswerten, sonst None."""
        self.katalog.indikator(indikator)
        if "stichtage" not in self._ablage:
            werte = self.werte
            zahlen = werte[(werte["wertart"] == "Zahl") & (werte["ebene"] == "gebiet")]
            neueste = zahlen.groupby("indikator")["stichtag"].max()
            self._ablage["stichtage"] = neueste.to_dict()
        tag = self._ablage["stichtage"].get(indikator)
        return None if tag is None else str(tag)

    def liegt_vor(self, indikator: str) -> bool:
        """Ob es für mindestens zwei Drittel der Gebiete einen Wert gibt."""
        tag = self.stichtag(indikator)
        if tag is None:
            return False
        zeilen = self._zeilen(indikator)
        zahlen = zeilen[(zeilen["wertart"] == "Zahl") & (zeilen["stichtag"] == tag)]
        return 3 * len(zahlen) >= 2 * len(self.gebiete)

    def _zeilen(self, indikator: str, ebene: str = "gebiet") -> pd.DataFrame:
        if "gruppen" not in self._ablage:
            gruppen = self.werte.groupby(["indikator", "ebene"], sort=False)
            self._ablage["gruppen"] = dict(iter(gruppen))
        leer = self.werte.iloc[:0]
        zeilen: pd.DataFrame = self._ablage["gruppen"].get((indikator, ebene), leer)
        return zeilen

    def _nummer(self, *schluessel: str) -> int | None:
        """Zeilennummer zu Ebene, Gebiet, Indikator und Stichtag."""
        if "nummern" not in self._ablage:
            spalten = [
                self.werte[s] for s in ("ebene", "gebiet", "indikator", "stichtag")
            ]
            self._ablage["nummern"] = {
                zeile: nummer for nummer, zeile in enumerate(zip(*spalten, strict=True))
            }
        nummer: int | None = self._ablage["nummern"].get(schluessel)
        return nummer

    def tabelle(
        self, indikatoren: Sequence[str], *, stichtag: str | None = None
    ) -> pd.DataFrame:
        """Gebiete × Indikatoren; was keine Zahl ist, fehlt.

        Parameters
        ----------
        indikatoren : Sequence of str
            Spalten.
        stichtag : str, default=None
            Ohne Angabe der neueste je Indikator.
        """
        spalten = {}
        for indikator in indikatoren:
            tag = self._tag(indikator, stichtag)
            zeilen = self._zeilen(indikator)
            zeilen = zeilen[zeilen["stichtag"] == tag].set_index("gebiet")
            spalten[indikator] = zeilen["wert"].reindex(self.gebiete.index)
        return pd.DataFrame(spalten, index=self.gebiete.index)

    def wertarten(
        self, indikator: str, *, stichtag: str | None = None
    ) -> "pd.Series[str]":
        """Je Gebiet: Zahl, gesperrt, fehlt oder nicht sinnvoll."""
        tag = self._tag(indikator, stichtag)
        zeilen = self._zeilen(indikator)
        zeilen = zeilen[zeilen["stichtag"] == tag].set_index("gebiet")
        return zeilen["wertart"].reindex(self.gebiete.index).fillna("fehlt")

    def zeilennummern(
        self, indikator: str, *, stichtag: str | None = None
    ) -> dict[str, list[int]]:
        """Zeilen der freigegebenen Gebietswerte eines Indikators, je Datei."""
        tag = self._tag(indikator, stichtag)
        zeilen = self._zeilen(indikator)
        da = zeilen[(zeilen["stichtag"] == tag) & (zeilen["wertart"] == "Zahl")]
        gruppen = da.groupby("datei")["zeile"]
        return {str(d): [int(z) for z in nummern] for d, nummern in gruppen}

    def zelle(
        self,
        gebiet: str,
        indikator: str,
        *,
        ebene: str = "gebiet",
        stichtag: str | None = None,
    ) -> Zelle:
        """Ein Wert mit Herkunft; auch wenn er fehlt oder gesperrt ist.

        Parameters
        ----------
        gebiet : str
            Schlüssel auf der Ebene; für die Stadt „stadt“.
        indikator : str
            Kennung aus dem Katalog.
        ebene : str, default="gebiet"
            ``gebiet``, ``stadtbezirk`` oder ``stadt``.
        stichtag : str, default=None
            JJJJ-MM-TT; ohne Angabe der neueste.

        Raises
        ------
        Katalogfehler
            Für einen unbekannten Indikator.
        Aufruffehler
            Für ein unbekanntes Gebiet oder einen Stichtag, der kein Datum ist.
        """
        self._verlange_gebiet(gebiet, ebene)
        tag = self._tag(indikator, stichtag) or str(self.katalog.projekt.bezugsdatum)
        nummer = self._nummer(ebene, gebiet, indikator, tag)
        kopf = {
            "gebiet": gebiet,
            "indikator": indikator,
            "stichtag": date.fromisoformat(tag),
        }
        if nummer is None:
            return Zelle(**kopf, wert=None, wertart="fehlt")  # type: ignore[arg-type]
        zeile = self.werte.iloc[nummer]
        return Zelle(
            **kopf,  # type: ignore[arg-type]
            wert=float(zeile["wert"]) if zeile["wertart"] == "Zahl" else None,
            wertart=zeile["wertart"],
            quelle=self.katalog.quellen[zeile["quelle"]],
            zaehler=None if pd.isna(zeile["zaehler"]) else int(zeile["zaehler"]),
            nenner=None if pd.isna(zeile["nenner"]) else int(zeile["nenner"]),
            stichtag_belegt=zeile["stichtag_belegt"],
            guete=zeile["guete"],
            datei=zeile["datei"],
            zeile=int(zeile["zeile"]),
        )

    def gebietszeile(self, gebiet: str, ebene: str = "gebiet") -> "pd.Series[Any]":
        """Name, Ortsangabe und was sonst zu einem Gebiet oder Stadtbezirk steht.

        Raises
        ------
        Aufruffehler
            Wenn es das Gebiet nicht gibt; mit Vorschlag.

        Examples
        --------
        >>> from quartierstools import oeffne
        >>> oeffne("bochum").auswertung.freigabe.gebietszeile("24")["name"]
        'Wattenscheid-Mitte'
        """
        self._verlange_gebiet(gebiet, ebene)
        tabelle = self.gebiete if ebene == "gebiet" else self.stadtbezirke
        zeile: pd.Series[Any] = tabelle.loc[gebiet]
        return zeile

    def _verlange_gebiet(self, gebiet: str, ebene: str) -> None:
        """Ein Tippfehler soll nicht aussehen wie ein fehlender Wert."""
        ebenen = {"gebiet": self.gebiete, "stadtbezirk": self.stadtbezirke}
        if ebene in ebenen:
            verlange_schluessel(gebiet, ebenen[ebene]["name"], ebene)
        elif (ebene, gebiet) != ("stadt", "stadt"):
            raise Aufruffehler(
                f"„{gebiet}“ auf der Ebene „{ebene}“ gibt es nicht. Erwartet wird die "
                "Ebene „gebiet“, „stadtbezirk“ oder „stadt“; für die ganze Stadt "
                'gebiet="stadt", ebene="stadt".'
            )

    def _tag(self, indikator: str, stichtag: str | None) -> str | None:
        """Der gefragte Stichtag oder der neueste."""
        neuester = self.stichtag(indikator)
        if stichtag is None:
            return neuester
        if not _ist_datum(stichtag):
            raise Aufruffehler(
                f"Der Stichtag „{stichtag}“ ist kein Datum. Erwartet wird ein Text "
                f"JJJJ-MM-TT, etwa „{neuester or self.katalog.projekt.bezugsdatum}“."
            )
        return stichtag

    @property
    def amtlich(self) -> bool:
        """Ob jeder Wert amtlich geliefert ist und einen belegten Stichtag hat."""
        herkunft = self.werte["quelle"].map(lambda q: self.katalog.quellen[q].herkunft)
        belegt = self.werte["stichtag_belegt"] == "ja"
        return bool(((herkunft == "amtlich geliefert") & belegt).all())


def pruefe_fassung(fassung: str) -> None:
    """Es gibt genau zwei Fassungen; alles andere ist ein Schreibfehler.

    Raises
    ------
    Aufruffehler
        Für jedes andere Wort, auch „öffentlich“ mit Umlaut.

    Examples
    --------
    >>> pruefe_fassung("intern")
    """
    if fassung not in FASSUNG_TEXT:
        umgeschrieben = str(fassung).strip().casefold().replace("ö", "oe")
        raise Aufruffehler(
            f"Die Fassung „{fassung}“ gibt es nicht."
            f"{meinten_sie(umgeschrieben, list(FASSUNG_TEXT))} Erwartet wird "
            "„oeffentlich“ (was hinaus darf) oder „intern“ (alle Werte)."
        )


def verlange_schluessel(
    schluessel: str, namen: "pd.Series[str]", was: str = "gebiet"
) -> None:
    """Nennt, was gemeint sein könnte, wenn es den Schlüssel nicht gibt.

    Parameters
    ----------
    schluessel : str
        Gefragter Schlüssel.
    namen : Series of str, Index Schlüssel
        Was es gibt.
    was : str, default="gebiet"
        ``gebiet`` oder ``stadtbezirk``.

    Raises
    ------
    Aufruffehler
        Wenn der Schlüssel nicht im Index steht.

    Examples
    --------
    >>> verlange_schluessel("Nord", pd.Series({"1": "Mitte", "2": "Nord"}))
    Traceback (most recent call last):
    quartierstools.fehler.Aufruffehler: Das Gebiet „Nord“ gibt es nicht. Meinten ...
    """
    if isinstance(schluessel, str) and schluessel in namen.index:
        return
    artikel = {"gebiet": "Das Gebiet", "stadtbezirk": "Den Stadtbezirk"}[was]
    text = str(schluessel)
    nach_name = {str(name): str(k) for k, name in namen.items()}
    if text in nach_name:
        rat = f" Meinten Sie den Schlüssel „{nach_name[text]}“?"
    elif text in namen.index:
        rat = f" Schlüssel sind Text: „{text}“ in Anführungszeichen."
    else:
        rat = meinten_sie(text, [*map(str, namen.index), *nach_name])
    beispiele = ", ".join(f"„{k}“ ({name})" for k, name in namen.iloc[:3].items())
    raise Aufruffehler(
        f"{artikel} „{text}“ gibt es nicht.{rat} Erwartet wird ein Schlüssel als Text, "
        f"etwa {beispiele}."
    )


def _ist_datum(text: object) -> bool:
    try:
        date.fromisoformat(str(text))
    except ValueError:
        return False
    return isinstance(text, str)
