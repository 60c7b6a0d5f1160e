"""Welche Zahlen folgen aus der Auswertung? Ein zweiter, unabhängiger Rechenweg.

Texte setzen Zahlen ein; hier werden dieselben Größen noch einmal aus den
freigegebenen Werten gerechnet, jede mit den Wörtern, neben denen sie stehen darf.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from quartierstools.angebote import angebote_fuer
from quartierstools.auswertung import Auswertung, Bedarf, lieferstand
from quartierstools.begruendung.beleg import (
    Beleg,
    herkunft,
    rundung_text,
)
from quartierstools.geheimhaltung import Freigabe
from quartierstools.nachpruefung.angebotsfakten import angebotsfakten
from quartierstools.nachpruefung.bestandsfakten import angebotszahlen, bestandsfakten
from quartierstools.nachpruefung.bildfakten import bildfakten
from quartierstools.nachpruefung.fakt import Fakt, fakt
from quartierstools.nachpruefung.wertfakten import ebenenworte, wertfakten
from quartierstools.schreibweise import prozent_text, zahl_text

VARIANTEN = ("variant", "hält in", "haltbar")
LIEFERWORTE = {
    "fehlt": ("indikator", "fehl"),
    "gesperrt": ("zu oft gesperrt",),
    "nicht sinnvoll": ("meist nicht sinnvoll",),
    "zu wenige": ("zu selten", "zu wenige"),
}
REGELWORTE = ("regel", "nenner", "zähler", "einwohn", "mindest", "bedarfsgemein")
ABSTAND = ("standardabweich", "abstand")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faktenverzeichnis:
    """Fakten nach ihrer Zahl und Gesamtheiten, von denen ein Rest bleiben kann."""

    fakten: dict[str, tuple[Fakt, ...]]
    gesamtheiten: tuple[tuple[str, int], ...]

    def finde(self, schluessel: str, *kontexte: str) -> Beleg | None:
        """Erster passender Fakt; enge Kontexte gehen vor weiten."""
        kandidaten = self.fakten.get(schluessel, ())
        for kontext in kontexte:
            for kandidat in kandidaten:
                if kandidat.passt(kontext):
                    return kandidat.beleg
        return None


def faktenverzeichnis(auswertung: Auswertung) -> Faktenverzeichnis:
    """Alle zählbaren und gerechneten Größen einer Auswertung.

    Examples
    --------
    >>> from quartierstools import oeffne
    >>> verzeichnis = faktenverzeichnis(oeffne("bochum").auswertung)
    >>> verzeichnis.finde("30", "24 von 30 bezirken haben einen wert").formel
    'anzahl'
    """
    je_gebiet = list(angebotszahlen(auswertung))
    gesammelt: dict[str, list[Fakt]] = {}
    for einer in _alle(auswertung, je_gebiet):
        gesammelt.setdefault(einer.schluessel, []).append(einer)
    return Faktenverzeichnis(
        fakten={k: tuple(v) for k, v in gesammelt.items()},
        gesamtheiten=tuple(_gesamtheiten(auswertung, je_gebiet)),
    )


def namensliste(freigabe: Freigabe) -> dict[str, list[str]]:
    """Namen der Gebiete und Kennzahlen, an denen Aussagen hängen."""
    katalog = freigabe.katalog
    orte = {str(name) for name in freigabe.gebiete["name"]}
    orte |= {str(name) for name in freigabe.stadtbezirke["name"]}
    namen = {katalog.indikatoren[k].bezeichnung for k in freigabe.werte["indikator"]}
    namen |= {katalog.indikatoren[k].spaltenname for k in freigabe.werte["indikator"]}
    return {
        "orte": sorted(orte | {katalog.projekt.stadt}),
        "kennzahlen": sorted(namen),
    }


def _alle(
    auswertung: Auswertung, je_gebiet: Sequence[tuple[str, str, int]]
) -> Iterator[Fakt]:
    yield from _zaehlungen(auswertung)
    yield from _messungen(auswertung)
    yield from wertfakten(auswertung.freigabe)
    yield from bestandsfakten(auswertung, je_gebiet)
    yield from _orte_und_quellen(auswertung.freigabe)
    yield from angebotsfakten(auswertung)
    yield from bildfakten(auswertung)
    yield from _regeln(auswertung)


def _zaehlungen(auswertung: Auswertung) -> Iterator[Fakt]:
    freigabe = auswertung.freigabe
    worte = ebenenworte(freigabe)
    gesamt = len(freigabe.gebiete)
    yield from fakt(
        zahl_text(gesamt),
        "Zahl der Gebiete",
        "anzahl",
        worte,
        datei="gebiete.geojson",
        pruefsumme=freigabe.pruefsummen.get("gebiete.geojson", ""),
    )
    yield from fakt(
        zahl_text(len(freigabe.stadtbezirke)),
        "Zahl der Stadtbezirke",
        "anzahl",
        ("stadtbezirk", "bezirksregion", "bezirke"),
        datei="stadtbezirke.geojson",
    )
    yield from fakt(
        zahl_text(freigabe.gesperrt), "gesperrte Werte", "anzahl", ("gesperrt",)
    )
    hinweise = len(freigabe.hinweise)
    for anzahl in {hinweise, max(0, hinweise - 1)}:
        yield from fakt(zahl_text(anzahl), "Hinweise", "anzahl", ("lücke", "hinweis"))
    gruppen = len(auswertung.projekt.zielgruppen)
    yield from fakt(zahl_text(gruppen), "Zielgruppen", "anzahl", ("zielgruppe",))


def _messungen(auswertung: Auswertung) -> Iterator[Fakt]:
    freigabe = auswertung.freigabe
    worte = ebenenworte(freigabe)
    for kennung in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(kennung)
        gruppe = auswertung.katalog.zielgruppe(kennung).bezeichnung
        messung = ergebnis.messung if isinstance(ergebnis, Bedarf) else ergebnis
        yield from fakt(
            zahl_text(len(messung.fehlend)),
            f"fehlende Indikatoren, {gruppe}",
            "anzahl",
            ("indikator", "fehl"),
        )
        lagen = [lieferstand(freigabe, k).lage for k in messung.fehlend]
        for art in sorted(set(lagen)):
            yield from fakt(
                zahl_text(lagen.count(art)),
                f"Indikatoren, {art}, {gruppe}",
                "anzahl",
                LIEFERWORTE[art],
            )
        if not isinstance(ergebnis, Bedarf):
            continue
        yield from fakt(
            zahl_text(ergebnis.gueltig),
            f"Gebiete mit Index, {gruppe}",
            "anzahl",
            worte,
            eingaben=_eingaben(freigabe, messung.indikatoren),
        )
        yield from fakt(
            zahl_text(len(freigabe.gebiete) - ergebnis.gueltig),
            f"Gebiete ohne Index, {gruppe}",
            "anzahl",
            ("liegt nicht vor", "gesperrt", "ohne"),
        )
        anzahlen = ergebnis.klasse.value_counts()
        for nummer, wort in enumerate(ergebnis.worte.klassen, start=1):
            yield from fakt(
                zahl_text(int(anzahlen.get(nummer, 0))),
                f"Gebiete „{wort}“, {gruppe}",
                "anzahl",
                (wort,),
            )
        yield from _haltbarkeiten(auswertung, ergebnis, gruppe)


def _haltbarkeiten(
    auswertung: Auswertung, ergebnis: Bedarf, gruppe: str
) -> Iterator[Fakt]:
    freigabe = auswertung.freigabe
    eingaben = _eingaben(freigabe, ergebnis.messung.indikatoren)
    einstellung = auswertung.einstellung
    weg = f"{einstellung.varianten} Varianten, Startwert {einstellung.startwert}"
    for gebiet, zeile in ergebnis.tafel.iterrows():
        if pd.isna(zeile["klasse"]):
            continue
        name = str(freigabe.gebiete.loc[gebiet, "name"])
        yield from fakt(
            prozent_text(float(zeile["haltbarkeit"]), stellen=0),
            f"Haltbarkeit der Einstufung, {gruppe}, {name} ({weg})",
            "haltbarkeit",
            VARIANTEN,
            ort=name,
            gebiet=str(gebiet),
            eingaben=eingaben,
            rundung=rundung_text(0),
        )
        yield from fakt(
            zahl_text(abs(float(zeile["abstand"])), stellen=2),
            f"Abstand zur Klassengrenze, {gruppe}, {name}",
            "abstand",
            ABSTAND,
            ort=name,
            gebiet=str(gebiet),
            eingaben=eingaben,
            rundung=rundung_text(2),
        )


def _eingaben(freigabe: Freigabe, indikatoren: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        eingabe
        for kennung in indikatoren
        for eingabe in herkunft(freigabe, kennung).get("eingaben", ())
    )


def _orte_und_quellen(freigabe: Freigabe) -> Iterator[Fakt]:
    je_bezirk = freigabe.gebiete["stadtbezirk_name"].value_counts()
    for name, anzahl in je_bezirk.items():
        yield from fakt(
            zahl_text(int(anzahl)),
            f"Gebiete im Stadtbezirk {name}",
            "anzahl",
            ebenenworte(freigabe),
            ort=str(name),
            datei="gebiete.geojson",
        )
    quellen = len(set(freigabe.werte["quelle"]))
    yield from fakt(zahl_text(quellen), "Quellen der Werte", "anzahl", ("quelle",))


def _regeln(auswertung: Auswertung) -> Iterator[Fakt]:
    wortwahl = auswertung.katalog.wortwahl
    yield from fakt(
        prozent_text(wortwahl.haltbarkeit_deutlich, stellen=0),
        "Haltbarkeit, ab der die oberste Klasse erscheint",
        "regel",
        VARIANTEN,
        datei="wortwahl.yaml",
    )
    yield from fakt(
        zahl_text(wortwahl.grenzabstand, stellen=1),
        "Abstand, unter dem ein Gebiet Grenzfall heißt",
        "regel",
        ABSTAND,
        datei="wortwahl.yaml",
    )
    profil = auswertung.freigabe.profil
    for text in (profil.beschreibung, *auswertung.freigabe.pruefstand):
        yield from fakt(
            text,
            f"Regelprofil {profil.id}",
            "regel",
            REGELWORTE,
            datei="regelprofile.yaml",
        )
    yield from fakt(
        auswertung.typen().begruendung,
        "Gruppen ähnlicher Gebiete",
        "typen",
        ("silhouette", "typ", "grupp"),
    )
    yield from fakt("95 %", "Sicherheit der Intervalle", "regel", ("intervall",))


def _gesamtheiten(
    auswertung: Auswertung, je_gebiet: Sequence[tuple[str, str, int]]
) -> Iterator[tuple[str, int]]:
    """Mengen, von denen ein Text einige nennt und den Rest zählt."""
    freigabe = auswertung.freigabe
    katalog = auswertung.katalog
    yield "vorliegende Kennzahlen", len(set(freigabe.werte["indikator"]))
    yield (
        "öffentliche Kennzahlen",
        sum(
            not katalog.indikatoren[k].nur_intern
            for k in set(freigabe.werte["indikator"])
        ),
    )
    for name, _, anzahl in je_gebiet:
        yield f"Angebote, {name}", anzahl
    for vorhaben in katalog.vorhaben.values():
        gebiet = vorhaben.gebiete[0]
        wirkend = angebote_fuer(
            freigabe.angebote,
            gebiet=gebiet,
            stadtbezirk=str(freigabe.gebiete.loc[gebiet, "stadtbezirk"]),
            bezugsdatum=auswertung.projekt.bezugsdatum,
            zielgruppe=katalog.zielgruppe(vorhaben.zielgruppe).id,
        )
        anzahl = int((wirkend["lage"] != "beendet").sum())
        yield f"Angebote der Zielgruppe, {vorhaben.name}", anzahl
    for kennung in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(kennung)
        if not isinstance(ergebnis, Bedarf):
            continue
        klasse = ergebnis.klasse.dropna()
        for nummer in sorted(set(klasse)):
            anzahl = int((klasse >= nummer).sum()) - 1
            yield f"andere Gebiete mindestens ebenso eingestuft, {kennung}", anzahl
            anzahl = int((klasse == nummer).sum()) - 1
            yield f"andere Gebiete ebenso eingestuft, {kennung}", anzahl
