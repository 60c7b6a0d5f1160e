"""Was darf hinaus? Die Freigabe ist die einzige Tür zwischen Eingang und Ausgabe.

Alles Weitere rechnet mit dem, was die `Freigabe` enthält. Gesperrtes ist darin
nicht mehr vorhanden: weder als Wert noch als Zähler, also auch nicht in Mittel,
Streuung, Index, Klasse oder Typ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import geopandas as gpd
import pandas as pd

from quartierstools.eingang import Datenstand
from quartierstools.fehler import Befund
from quartierstools.geheimhaltung.regeln import primaer, sekundaer
from quartierstools.katalog import Katalog, Quelle, Regelprofil

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Freigabe:
    """Freigegebener Stand eines Ortes.

    Attributes
    ----------
    fassung : str
        ``oeffentlich`` oder ``intern``.
    werte : DataFrame
        Beobachtungen; Gesperrtes trägt nur noch `wertart` „gesperrt“.
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

    @property
    def gesperrt(self) -> int:
        """Zahl der gesperrten Zellen."""
        return int((self.werte["wertart"] == "gesperrt").sum())

    def stichtag(self, indikator: str) -> str | None:
        """Neuester Stichtag mit freigegebenen Gebietswerten, sonst None."""
        zeilen = self._zeilen(indikator)
        zahlen = zeilen[zeilen["wertart"] == "Zahl"]
        return max(zahlen["stichtag"]) if len(zahlen) else None

    def liegt_vor(self, indikator: str) -> bool:
        """Ob es für mindestens zwei Drittel der Gebiete einen Wert gibt."""
        tag = self.stichtag(indikator)
        if tag is None:
            return False
        zeilen = self._zeilen(indikator)
        zahlen = zeilen[(zeilen["wertart"] == "Zahl") & (zeilen["stichtag"] == tag)]
        return 3 * len(zahlen) >= 2 * len(self.gebiete)

    def _zeilen(self, indikator: str, ebene: str = "gebiet") -> pd.DataFrame:
        werte = self.werte
        return werte[(werte["indikator"] == indikator) & (werte["ebene"] == ebene)]

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
            tag = stichtag or self.stichtag(indikator)
            zeilen = self._zeilen(indikator)
            zeilen = zeilen[zeilen["stichtag"] == tag].set_index("gebiet")
            spalten[indikator] = zeilen["wert"].reindex(self.gebiete.index)
        return pd.DataFrame(spalten, index=self.gebiete.index)

    def wertarten(
        self, indikator: str, *, stichtag: str | None = None
    ) -> "pd.Series[str]":
        """Je Gebiet: Zahl, gesperrt, fehlt oder nicht sinnvoll."""
        tag = stichtag or self.stichtag(indikator)
        zeilen = self._zeilen(indikator)
        zeilen = zeilen[zeilen["stichtag"] == tag].set_index("gebiet")
        return zeilen["wertart"].reindex(self.gebiete.index).fillna("fehlt")

    def zelle(
        self,
        gebiet: str,
        indikator: str,
        *,
        ebene: str = "gebiet",
        stichtag: str | None = None,
    ) -> Zelle:
        """Ein Wert mit Herkunft; auch wenn er fehlt oder gesperrt ist."""
        tag = (
            stichtag
            or self.stichtag(indikator)
            or str(self.katalog.projekt.bezugsdatum)
        )
        zeilen = self._zeilen(indikator, ebene)
        treffer = zeilen[(zeilen["gebiet"] == gebiet) & (zeilen["stichtag"] == tag)]
        kopf = {
            "gebiet": gebiet,
            "indikator": indikator,
            "stichtag": date.fromisoformat(tag),
        }
        if treffer.empty:
            return Zelle(**kopf, wert=None, wertart="fehlt")  # type: ignore[arg-type]
        zeile = treffer.iloc[0]
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

    @property
    def amtlich(self) -> bool:
        """Ob jeder Wert amtlich geliefert ist und einen belegten Stichtag hat."""
        herkunft = self.werte["quelle"].map(lambda q: self.katalog.quellen[q].herkunft)
        belegt = self.werte["stichtag_belegt"] == "ja"
        return bool(((herkunft == "amtlich geliefert") & belegt).all())


def gib_frei(stand: Datenstand, fassung: Fassung = "oeffentlich") -> Freigabe:
    """Sperrt, was das Regelprofil verlangt, und gibt den Rest frei.

    Die interne Fassung enthält alle Werte und wird auf jeder Seite so benannt.

    Parameters
    ----------
    stand : Datenstand
        Geprüfte Eingaben.
    fassung : str, default="oeffentlich"
        Für wen.
    """
    katalog, werte = stand.katalog, stand.werte
    profil = katalog.regelprofil
    einzelwerte = stand.einzelwerte
    if fassung == "oeffentlich":
        einheit = werte["indikator"].map(lambda i: katalog.indikatoren[i].einheit)
        gesperrt = primaer(werte, einheit, profil)
        gesperrt = sekundaer(werte, gesperrt, stand.gebiete["stadtbezirk"], profil)
        intern = werte["indikator"].map(lambda i: katalog.indikatoren[i].nur_intern)
        werte = _ohne(werte, gesperrt | intern.astype(bool))
        einzelwerte = einzelwerte[einzelwerte["zitierfaehig"] == "ja"]
    else:
        einzelwerte = einzelwerte[einzelwerte["zitierfaehig"] != "nein"]
    return Freigabe(
        fassung=fassung,
        profil=profil,
        katalog=katalog,
        gebiete=stand.gebiete,
        stadtbezirke=stand.stadtbezirke,
        werte=werte,
        angebote=stand.angebote,
        einzelwerte=einzelwerte,
        hinweise=stand.hinweise,
        pruefsummen=stand.pruefsummen,
    )


def _ohne(werte: pd.DataFrame, gesperrt: "pd.Series[bool]") -> pd.DataFrame:
    """Entfernt Wert, Zähler und Nenner gesperrter Zellen."""
    return werte.assign(
        wert=werte["wert"].mask(gesperrt),
        zaehler=werte["zaehler"].mask(gesperrt),
        nenner=werte["nenner"].mask(gesperrt),
        wertart=werte["wertart"].mask(
            gesperrt & (werte["wertart"] == "Zahl"), "gesperrt"
        ),
    )
