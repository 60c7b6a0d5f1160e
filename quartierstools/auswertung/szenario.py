"""Was wäre, wenn? Neues Angebot, Ende eines Angebots, andere Gewichte."""

from dataclasses import dataclass, replace

import pandas as pd

from quartierstools.angebote.luecke import Kategorie
from quartierstools.auswertung.angebotslage import (
    Angebotslage,
    kategorien,
    mengen,
    zielgruppenbestand,
)
from quartierstools.auswertung.bedarf import Bedarf, bedarf
from quartierstools.auswertung.messung import Messung
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog import Zielgruppe
from quartierstools.katalog.angebotsmodelle import Szenario
from quartierstools.schreibweise import mehrzahl

GUETE: tuple[Kategorie, ...] = (
    "kein Angebot bekannt",
    "beendet",
    "nur stadtweit",
    "Ort wechselnd/offen",
    "nur ungeprüfte Einträge",
    "läuft aus (≤ 12 Monate)",
    "vorhanden, Umfang unbekannt",
    "vorhanden",
)
"""Kategorien, die schlechteste zuerst."""

SPALTEN = (
    *("kategorie_vorher", "kategorie_nachher", "klasse_vorher", "klasse_nachher"),
    *("luecke_vorher", "luecke_nachher", "wirkung", "satz"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Szenarioergebnis:
    """Vergleich vorher – nachher.

    Attributes
    ----------
    name, satz : str
        Was angenommen wurde; was sich ändert.
    tafel : DataFrame
        Je Gebiet, nur wo sich etwas ändert: `kategorie_vorher`, `kategorie_nachher`,
        `klasse_vorher`, `klasse_nachher`, `luecke_vorher`, `luecke_nachher`,
        `wirkung` (``gewinnt``, ``verliert`` oder ``ändert sich``) und `satz`.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> auswertung = oeffne("musterstadt").auswertung
    >>> (ergebnis,) = auswertung.szenarien("jugendliche")
    >>> ergebnis.name, ergebnis.gewinnt, ergebnis.verliert
    ('Neues Angebot am Kalkwerk mit 40 Plätzen', ('044',), ())
    """

    name: str
    satz: str
    tafel: pd.DataFrame

    @property
    def gewinnt(self) -> tuple[str, ...]:
        """Gebiete, die besser dastehen."""
        return tuple(map(str, self.tafel.index[self.tafel["wirkung"] == "gewinnt"]))

    @property
    def verliert(self) -> tuple[str, ...]:
        """Gebiete, die schlechter dastehen."""
        return tuple(map(str, self.tafel.index[self.tafel["wirkung"] == "verliert"]))


def rechne_szenario(
    szenario: Szenario,
    freigabe: Freigabe,
    ergebnis: Bedarf | Messung,
    lage: Angebotslage,
    *,
    varianten: int = 1000,
    startwert: int = 0,
) -> Szenarioergebnis:
    """Rechnet ein Szenario gegen die heutige Lage.

    „Gewinnt“ heißt: bessere Kategorie, mehr Plätze oder höhere Klasse im Vergleich.

    Parameters
    ----------
    ergebnis : Bedarf or Messung
        Heutiger Bedarf.
    lage : Angebotslage
        Heutige Lage derselben Zielgruppe.
    """
    gruppe = lage.zielgruppe
    gedacht = gedachter_bestand(szenario, freigabe)
    neu = _mit_bestand(freigabe, gedacht)
    kategorie = kategorien(neu, gruppe, gedacht)
    menge = mengen(neu, gruppe, zielgruppenbestand(neu, gruppe))
    tafel = pd.DataFrame(
        {
            "kategorie_vorher": lage.kategorie["kategorie"],
            "kategorie_nachher": kategorie["kategorie"],
            "klasse_vorher": lage.rangfolge.tafel["klasse"],
            "klasse_nachher": _klassen(
                szenario, freigabe, ergebnis, gruppe, varianten, startwert
            ).reindex(kategorie.index),
            "luecke_vorher": lage.mengenluecke.tafel["luecke"],
            "luecke_nachher": menge.tafel["luecke"],
        }
    )
    plaetze = (lage.mengenluecke.tafel["plaetze"], menge.tafel["plaetze"])
    tafel["wirkung"] = _wirkung(tafel, *plaetze)
    tafel = tafel[tafel["wirkung"] != ""]
    namen = freigabe.gebiete["name"]
    tafel["satz"] = [_satz(str(namen[g]), zeile) for g, zeile in tafel.iterrows()]
    return Szenarioergebnis(
        name=szenario.name,
        satz=_gesamtsatz(szenario, tafel["wirkung"]),
        tafel=tafel.reindex(columns=list(SPALTEN)).rename_axis("gebiet"),
    )


def gedachter_bestand(szenario: Szenario, freigabe: Freigabe) -> pd.DataFrame:
    """Bestand, wie er im Szenario wäre; neue Angebote gelten als geprüft."""
    angebote = freigabe.angebote
    bleibt = angebote.drop(index=[k for k in szenario.endet if k in angebote.index])
    if not szenario.neu:
        return bleibt
    heute = pd.Timestamp(freigabe.katalog.projekt.bezugsdatum)
    texte = {s: "" for s in angebote.columns if not _ist_zahl_oder_tag(angebote[s])}
    zeilen = [
        {
            **texte,
            "zeile": 0,
            "name": neu.name,
            "gebiete": ",".join(neu.gebiete),
            "zielgruppen": szenario.zielgruppe,
            "status": "laufend",
            "pruefdatum": heute,
            "plaetze": pd.NA if neu.plaetze is None else neu.plaetze,
        }
        for neu in szenario.neu
    ]
    kennungen = [f"szenario-{n}" for n in range(1, len(zeilen) + 1)]
    dazu = pd.DataFrame(zeilen, index=pd.Index(kennungen, name=angebote.index.name))
    dazu = dazu.reindex(columns=angebote.columns)
    dazu = dazu.astype({s: angebote[s].dtype for s in angebote.columns})
    return pd.concat([bleibt, dazu]).sort_index()


def _ist_zahl_oder_tag(spalte: pd.Series) -> bool:
    typ = pd.api.types
    return typ.is_numeric_dtype(spalte) or typ.is_datetime64_any_dtype(spalte)


def _mit_bestand(freigabe: Freigabe, angebote: pd.DataFrame) -> Freigabe:
    return replace(freigabe, angebote=angebote)


def _klassen(
    szenario: Szenario,
    freigabe: Freigabe,
    ergebnis: Bedarf | Messung,
    gruppe: Zielgruppe,
    varianten: int,
    startwert: int,
) -> pd.Series:
    """Klassen mit den Gewichten des Szenarios."""
    if isinstance(ergebnis, Messung):
        return pd.Series(dtype="Int64")
    if not szenario.gewichte:
        return ergebnis.klasse
    gewichtet = tuple(
        g.model_copy(update={"gewicht": szenario.gewichte.get(g.indikator, g.gewicht)})
        for g in gruppe.index
    )
    anders = gruppe.model_copy(
        update={"index": tuple(g for g in gewichtet if g.gewicht > 0)}
    )
    neu = bedarf(freigabe, anders, varianten=varianten, startwert=startwert)
    return neu.klasse if isinstance(neu, Bedarf) else pd.Series(dtype="Int64")


def _wirkung(
    tafel: pd.DataFrame, vorher: "pd.Series[float]", nachher: "pd.Series[float]"
) -> "pd.Series[str]":
    """Was sich je Gebiet ändert; leer, wo nichts."""
    guete = {k: n for n, k in enumerate(GUETE)}
    schritte = pd.DataFrame(
        {
            "kategorie": tafel["kategorie_nachher"].map(guete)
            - tafel["kategorie_vorher"].map(guete),
            "plaetze": (nachher.fillna(0) - vorher.fillna(0)).round(6),
            "klasse": (tafel["klasse_nachher"] - tafel["klasse_vorher"])
            .astype("Float64")
            .fillna(0)
            .astype("float64"),
        }
    )
    besser, schlechter = (schritte > 0).any(axis=1), (schritte < 0).any(axis=1)
    text = pd.Series("", index=tafel.index, dtype="object")
    text = text.mask(besser, "gewinnt").mask(schlechter, "verliert")
    return text.mask(besser & schlechter, "ändert sich")


def _satz(ort: str, zeile: pd.Series) -> str:
    teile = []
    if zeile["kategorie_vorher"] != zeile["kategorie_nachher"]:
        teile.append(
            f"Bestand „{zeile['kategorie_vorher']}“ → „{zeile['kategorie_nachher']}“"
        )
    if str(zeile["klasse_vorher"]) != str(zeile["klasse_nachher"]):
        teile.append(f"Klasse {zeile['klasse_vorher']} → {zeile['klasse_nachher']}")
    return f"{ort}: {'; '.join(teile) or 'andere Zahl bekannter Plätze'}."


def _gesamtsatz(szenario: Szenario, wirkung: "pd.Series[str]") -> str:
    zahlen = wirkung.value_counts()
    gewinnt, verliert = (
        mehrzahl(int(zahlen.get(w, 0)), "Gebiet", "Gebiete")
        for w in ("gewinnt", "verliert")
    )
    return (
        f"{szenario.name}: {gewinnt} mit besserer, {verliert} mit schlechterer Lage im "
        "Vergleich zu heute. Das ist ein Gedankenspiel, keine Vorhersage."
    )
