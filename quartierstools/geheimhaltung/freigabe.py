"""Was darf hinaus? Die Freigabe ist die einzige Tür zwischen Eingang und Ausgabe.

Alles Weitere rechnet mit dem, was die `Freigabe` enthält. Gesperrtes ist darin
nicht mehr vorhanden: weder als Wert noch als Zähler, also auch nicht in Mittel,
Streuung, Index, Klasse oder Typ.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from quartierstools.eingang import Datenstand
from quartierstools.fehler import Ausgabefehler, Befund
from quartierstools.geheimhaltung.ablage import eingefroren, verlange_schutz
from quartierstools.geheimhaltung.groessen import groessen
from quartierstools.geheimhaltung.muster import (
    Sperrmuster,
    aufbau_von,
    musterkennung,
    sperrmuster,
)
from quartierstools.geheimhaltung.partitionen import lade_partitionen
from quartierstools.geheimhaltung.regeln import BEDARFSGEMEINSCHAFTEN, pruefstand
from quartierstools.geheimhaltung.rundung import runde_fallzahlen
from quartierstools.katalog import Katalog, Quelle, Regelprofil
from quartierstools.katalog.modelle import Indikator
from quartierstools.katalog.regelmodelle import Partition
from quartierstools.kurzbild import kurzbild
from quartierstools.schreibweise import gerundet, mehrzahl

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

    def zeilennummern(
        self, indikator: str, *, stichtag: str | None = None
    ) -> dict[str, list[int]]:
        """Zeilen der freigegebenen Gebietswerte eines Indikators, je Datei."""
        tag = stichtag or self.stichtag(indikator)
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
        """Ein Wert mit Herkunft; auch wenn er fehlt oder gesperrt ist."""
        tag = (
            stichtag
            or self.stichtag(indikator)
            or str(self.katalog.projekt.bezugsdatum)
        )
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

    @property
    def amtlich(self) -> bool:
        """Ob jeder Wert amtlich geliefert ist und einen belegten Stichtag hat."""
        herkunft = self.werte["quelle"].map(lambda q: self.katalog.quellen[q].herkunft)
        belegt = self.werte["stichtag_belegt"] == "ja"
        return bool(((herkunft == "amtlich geliefert") & belegt).all())


def gib_frei(
    stand: Datenstand,
    fassung: Fassung = "oeffentlich",
    *,
    muster: Sperrmuster | None = None,
    ordner: Path | None = None,
    ablegen_noetig: bool = True,
) -> Freigabe:
    """Sperrt, was das Regelprofil verlangt, und gibt den Rest frei.

    Die interne Fassung enthält alle Werte und wird auf jeder Seite so benannt.

    Parameters
    ----------
    stand : Datenstand
        Geprüfte Eingaben.
    fassung : str, default="oeffentlich"
        Für wen.
    muster : Sperrmuster, default=None
        Vorgegebenes Muster; es muss zum Datenstand gehören.
    ordner : Path, default=None
        Ordner eingefrorener Muster: Das Muster wird dort gelesen oder, beim
        ersten Mal, abgelegt. Ohne beides wird es nur im Speicher gerechnet.
    ablegen_noetig : bool, default=True
        Falsch: Ist der Ordner schreibgeschützt, gilt das Muster nur im Speicher.

    Raises
    ------
    Ausgabefehler
        Wenn `muster` zu einem anderen Datenstand gehört oder sich nicht ablegen
        lässt.
    Datenfehler
        Wenn das abgelegte Muster etwas vergisst oder sich eine Zelle nicht
        schützen lässt und niemand das in ``hingenommen.csv`` hingenommen hat.

    Examples
    --------
    >>> from quartierstools.eingang import lies_datenstand
    >>> from quartierstools.katalog import finde_projekt, hauswurzel
    >>> ordner = finde_projekt("bochum", daten=hauswurzel() / "daten")
    >>> stand = lies_datenstand(ordner)
    >>> gib_frei(stand)
    Freigabe('bochum', 'oeffentlich', 0 gesperrt)
    """
    katalog, werte = stand.katalog, stand.werte
    profil = katalog.regelprofil
    einzelwerte = stand.einzelwerte
    einheiten = {k: i.einheit for k, i in katalog.indikatoren.items()}
    saetze = pruefstand(stand.werte, einheiten, profil) + _widersprueche(stand)
    if fassung == "oeffentlich":
        muster = _muster(stand, muster, ordner, ablegen_noetig=ablegen_noetig)
        saetze += _hingenommen(verlange_schutz(muster, ordner))
        werte = runde_fallzahlen(
            _ohne(werte, muster), aufbau_von(stand), profil.rundung
        )
        werte = _auf_stellen(werte, katalog)
        einzelwerte = _einzelwerte(stand, werte)
    else:
        einzelwerte = einzelwerte[einzelwerte["zitierfaehig"] != "nein"]
    urteile, beschluesse = (
        _ohne_namen(tabelle) if fassung == "oeffentlich" else tabelle
        for tabelle in (stand.fachurteile, stand.beschluesse)
    )
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
        pruefsummen=(
            _pruefsummen(stand, werte, einzelwerte) if muster else stand.pruefsummen
        ),
        muster=muster.oeffentliche_kennung if muster else "",
        pruefstand=saetze,
        partitionen=lade_partitionen(katalog, stand.ordner),
        fachurteile=urteile,
        beschluesse=beschluesse,
        orte=stand.orte,
        wegenetz=stand.wegenetz,
    )


def _ohne_namen(tabelle: pd.DataFrame) -> pd.DataFrame:
    """Urteile und Beschlüsse ohne den Namen dessen, der geurteilt hat."""
    return tabelle.drop(columns="name", errors="ignore")


def _widersprueche(stand: Datenstand) -> tuple[str, ...]:
    """Zusammenhänge, die nicht gelten, weil die Zahlen ihnen widersprechen."""
    return tuple(
        f"Zusammenhang {zusammenhang}: Teile und Ganzes der Lieferung passen nicht "
        "zueinander; er ist beim Sperren nicht berücksichtigt."
        for zusammenhang in groessen(stand.werte, aufbau_von(stand)).widersprueche
    )


def _pruefsummen(
    stand: Datenstand, frei: pd.DataFrame, einzelwerte: pd.DataFrame
) -> dict[str, str]:
    """Prüfsummen für die Öffentlichkeit.

    Die Prüfsumme einer Datei mit gesperrten oder gerundeten Zellen oder internen
    Einzelwerten würde geratene Werte bestätigen, die einer Datei mit Namen geratene
    Namen. Für solche Dateien steht die Prüfsumme dessen, was freigegeben ist.
    """
    summen = dict(stand.pruefsummen)
    if len(einzelwerte) < len(stand.einzelwerte):
        text = einzelwerte.drop(columns="zeile").to_csv(lineterminator="\n")
        summen["einzelwerte.csv"] = hashlib.sha256(text.encode()).hexdigest()
    for name, tabelle in (
        ("fachurteile.csv", stand.fachurteile),
        ("beschluesse.csv", stand.beschluesse),
    ):
        if name in summen:
            text = (
                _ohne_namen(tabelle).drop(columns="zeile").to_csv(lineterminator="\n")
            )
            summen[name] = hashlib.sha256(text.encode()).hexdigest()
    zahlen = ["wert", "zaehler", "nenner"]
    gleich = frei[zahlen].eq(stand.werte[zahlen]) | stand.werte[zahlen].isna()
    # Wo gerundet wird, darf auch nicht erkennbar sein, was schon vorher rund war.
    gerundet_wird = bool(stand.katalog.regelprofil.rundung)
    verborgen = ~gleich.fillna(value=False).all(axis=1) | gerundet_wird
    for datei in sorted(set(frei.loc[verborgen, "datei"])):
        zeilen = frei[frei["datei"] == datei].drop(columns="zeile")
        text = zeilen.to_csv(index=False, lineterminator="\n")
        summen[str(datei)] = hashlib.sha256(text.encode()).hexdigest()
    return summen


def _muster(
    stand: Datenstand,
    muster: Sperrmuster | None,
    ordner: Path | None,
    *,
    ablegen_noetig: bool,
) -> Sperrmuster:
    if muster is None:
        if ordner is None:
            return sperrmuster(stand)
        return eingefroren(stand, ordner, ablegen_noetig=ablegen_noetig)
    if muster.kennung != musterkennung(stand):
        raise Ausgabefehler(
            "Das Sperrmuster gehört zu einem anderen Datenstand oder Regelprofil. "
            "Erwartet wird das Muster genau dieser Daten; bitte neu rechnen lassen."
        )
    return muster


def _hingenommen(anzahl: int) -> tuple[str, ...]:
    """Satz für die Ausgaben; nennt die Zellen nicht, das hülfe nur Neugierigen."""
    if not anzahl:
        return ()
    satz = (
        f"{mehrzahl(anzahl, 'gesperrter Wert', 'gesperrte Werte')}: nicht zu schützen, "
        "weil schon früher zu viel veröffentlicht war; von der Statistikstelle "
        "hingenommen."
    )
    return (satz,)


def _ohne(werte: pd.DataFrame, muster: Sperrmuster) -> pd.DataFrame:
    """Entfernt Wert, Zähler und Nenner, wo etwas nicht hinausgeht."""
    gesperrt, unsicher = muster.sperrt(werte), muster.weist_nicht_aus(werte)
    felder = {"wert", "zaehler", "nenner", BEDARFSGEMEINSCHAFTEN} & set(werte.columns)
    zahl = werte["wertart"] == "Zahl"
    art = werte["wertart"].mask(unsicher & zahl, "nicht sinnvoll")
    art = art.mask(gesperrt & zahl, "gesperrt")
    weg = gesperrt | unsicher
    leer = {feld: werte[feld].mask(weg) for feld in sorted(felder)}
    if "hinweis" in werte:  # Ein freier Text kann die Zahl nennen.
        leer["hinweis"] = werte["hinweis"].mask(weg, "")
    return werte.assign(**leer, wertart=art)


def _einzelwerte(stand: Datenstand, werte: pd.DataFrame) -> pd.DataFrame:
    """Zitierfähige Einzelwerte, die keine gesperrte Zelle noch einmal nennen."""
    indikatoren = stand.katalog.indikatoren
    zellen = werte.loc[werte["wertart"] == "gesperrt", ["gebiet", "indikator"]]
    genannt = {
        (str(gebiet), name.casefold())
        for gebiet, kennung in zip(*(zellen[s] for s in zellen), strict=True)
        for name in _namen(indikatoren[str(kennung)])
    }
    alle = stand.einzelwerte
    orte = zip(alle["gebiet"], alle["bezeichnung"], strict=True)
    doppelt = [(str(g), str(b).strip().casefold()) in genannt for g, b in orte]
    return alle[(alle["zitierfaehig"] == "ja") & ~pd.Series(doppelt, index=alle.index)]


def _namen(indikator: Indikator) -> set[str]:
    namen = {indikator.id, indikator.bezeichnung, indikator.kurz, indikator.zaehler}
    return {name for name in namen if name}


def _auf_stellen(werte: pd.DataFrame, katalog: Katalog) -> pd.DataFrame:
    """Verhältniswerte auf so viele Stellen, wie das Profil hinauslässt.

    Sechzehn Stellen verrieten Zähler und Nenner, auch ungedruckt in einer Tabelle
    (Kettenbruch). Was die Quelle selbst genauer veröffentlicht hat, bleibt so.
    """
    rueckt = {"prozent": 2, "prozentpunkte": 0, "je_100": 0, "je_1000": 0}
    stellen = {
        kennung: rueckt[i.einheit] + min(katalog.regelprofil.stellen_anteil, i.stellen)
        for kennung, i in katalog.indikatoren.items()
        if i.einheit in rueckt
    }
    offen = {q for q, e in katalog.quellen.items() if e.herkunft == "veröffentlicht"}
    spalten = zip(werte["wert"], werte["indikator"], werte["quelle"], strict=True)
    gerundete = [
        wert
        if pd.isna(wert) or indikator not in stellen or quelle in offen
        else float(gerundet(wert, stellen[indikator]))
        for wert, indikator, quelle in spalten
    ]
    return werte.assign(wert=pd.Series(gerundete, index=werte.index, dtype="float64"))
