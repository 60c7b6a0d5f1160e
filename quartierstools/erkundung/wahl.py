"""Was ist in der Erkundung gewählt? Ein fester Wert, aus dem alles Gezeigte folgt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from quartierstools.auswertung import Einstellung, gewichte_von
from quartierstools.auswertung.messung import messung
from quartierstools.geheimhaltung import Fassung, Freigabe
from quartierstools.katalog import Katalog

BEDARF, GRUPPEN = "bedarf", "gruppen"
"""Ebenen der Karte neben den einzelnen Indikatoren."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wahl:
    """Stand der Bedienung.

    Attributes
    ----------
    gewichte : Mapping
        Indikator → Gewicht 0 bis 10 für die gewählte Zielgruppe; leer: Vorgabe.
    ebene : str
        ``bedarf``, ``gruppen`` oder die Kennung eines Indikators.
    quer, hoch : str
        Indikatoren der Achsen des Streubilds.
    typmerkmale : tuple of str
        Indikatoren, nach denen sich Gruppen bilden; leer: Vorgabe.
    gebiet, vergleich : str
        Gewähltes Gebiet und eines zum Vergleich; leer: keines.
    szenario : str
        ``endet:<angebot>``, ``neu:<gebiet>``, ``katalog:<szenario>`` oder leer.
    """

    zielgruppe: str
    gewichte: Mapping[str, float] = field(default_factory=dict)
    ebene: str = BEDARF
    datenstand: str = ""
    verfahren: str = "kmeans"
    anzahl_typen: int = 0
    typmerkmale: tuple[str, ...] = ()
    quer: str = ""
    hoch: str = ""
    gebiet: str = ""
    vergleich: str = ""
    szenario: str = ""

    def einstellung(self, katalog: Katalog, fassung: Fassung) -> Einstellung:
        """Dieselbe Wahl, wie ein Lauf sie liest; nennt nur, was abweicht."""
        vorgabe = gewichte_von(katalog.zielgruppen[self.zielgruppe])
        anders = tuple(
            f"{self.zielgruppe}:{indikator}={gewicht:g}"
            for indikator, gewicht in sorted(self.gewichte.items())
            if gewicht != vorgabe.get(indikator, 0.0)
        )
        return Einstellung(
            fassung=fassung,
            anzahl_typen=self.anzahl_typen,
            verfahren=self.verfahren,
            gewichte=anders,
            typmerkmale=self.typmerkmale,
            datenstand=self.datenstand,
        )


def anfangswahl(freigabe: Freigabe) -> Wahl:
    """Wahl beim Öffnen: die erste messbare Zielgruppe mit den Gewichten der Vorgabe."""
    katalog = freigabe.katalog
    messbar = [
        z
        for z in katalog.projekt.zielgruppen
        if messung(freigabe, katalog.zielgruppen[z]).art != "nicht messbar"
    ]
    gruppe = (messbar or list(katalog.projekt.zielgruppen))[0]
    return mit_zielgruppe(Wahl(zielgruppe=gruppe), freigabe, gruppe)


def mit_zielgruppe(wahl: Wahl, freigabe: Freigabe, gruppe: str) -> Wahl:
    """Wechselt die Zielgruppe; Gewichte und Achsen folgen ihrer Vorgabe."""
    gewichte = gewichte_von(freigabe.katalog.zielgruppen[gruppe])
    genutzt = messung(freigabe, freigabe.katalog.zielgruppen[gruppe]).indikatoren
    da = [i for i in genutzt if freigabe.liegt_vor(i)]
    andere = [i for i in waehlbar(freigabe) if i not in da]
    achsen = [*da, *andere, "", ""]
    return replace(
        wahl,
        zielgruppe=gruppe,
        gewichte=dict(gewichte),
        ebene=BEDARF,
        quer=achsen[0],
        hoch=achsen[1],
        szenario="",
    )


def waehlbar(freigabe: Freigabe) -> list[str]:
    """Indikatoren mit Werten für die meisten Gebiete; Wertung vor Kontext."""
    indikatoren = freigabe.katalog.indikatoren
    da = [i for i in sorted(set(freigabe.werte["indikator"])) if freigabe.liegt_vor(i)]
    return sorted(da, key=lambda i: (indikatoren[i].kontext, i))


def lies_wahl(angabe: Mapping[str, Any], freigabe: Freigabe) -> Wahl:
    """Macht aus dem, was die Ansicht schickt, eine gültige Wahl.

    Unbekanntes fällt auf die Vorgabe zurück: Die Ansicht kann einen Stand nennen,
    den es nach einem Wechsel des Projekts nicht mehr gibt.
    """
    katalog = freigabe.katalog
    vorgabe = anfangswahl(freigabe)
    gruppe = str(angabe.get("zielgruppe", ""))
    if gruppe not in katalog.projekt.zielgruppen:
        return vorgabe
    wahl = mit_zielgruppe(vorgabe, freigabe, gruppe)
    da = set(waehlbar(freigabe))
    gebiete = set(map(str, freigabe.gebiete.index))
    tage = set(map(str, freigabe.werte["stichtag"].unique()))
    gewichte = {
        str(i): min(max(float(g), 0.0), 10.0)
        for i, g in dict(angabe.get("gewichte") or wahl.gewichte).items()
        if i in katalog.indikatoren and katalog.indikatoren[i].wertet
    }

    def aus(name: str, erlaubt: set[str], sonst: str = "") -> str:
        wert = str(angabe.get(name) or "")
        return wert if wert in erlaubt else sonst

    anzahl = int(angabe.get("anzahl_typen") or 0)
    return replace(
        wahl,
        gewichte=gewichte if any(gewichte.values()) else wahl.gewichte,
        ebene=aus("ebene", da | {BEDARF, GRUPPEN}, BEDARF),
        datenstand=aus("datenstand", tage),
        verfahren=aus("verfahren", {"kmeans", "ward", "gemischt"}, "kmeans"),
        anzahl_typen=anzahl if anzahl in range(2, 9) else 0,
        typmerkmale=_merkmale(angabe.get("typmerkmale"), freigabe),
        quer=aus("quer", da, wahl.quer),
        hoch=aus("hoch", da, wahl.hoch),
        gebiet=aus("gebiet", gebiete),
        vergleich=aus("vergleich", gebiete),
        szenario=str(angabe.get("szenario") or ""),
    )


def gruppierbar(freigabe: Freigabe) -> list[str]:
    """Indikatoren, nach denen sich Gruppen bilden lassen; die der Vorgabe zuerst."""
    vorgabe = freigabe.katalog.projekt.typen.indikatoren
    indikatoren = freigabe.katalog.indikatoren
    weitere = [i for i in waehlbar(freigabe) if indikatoren[i].gruppiert]
    return list(dict.fromkeys([*vorgabe, *weitere]))


def _merkmale(angabe: Any, freigabe: Freigabe) -> tuple[str, ...]:  # noqa: ANN401
    """Gewählte Merkmale in fester Ordnung; leer, wo sie die der Vorgabe sind."""
    gewaehlt = set(map(str, angabe or ()))
    if gewaehlt == set(freigabe.katalog.projekt.typen.indikatoren):
        return ()
    return tuple(i for i in gruppierbar(freigabe) if i in gewaehlt)
