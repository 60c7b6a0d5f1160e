"""Welche Zahlen folgen aus der Auswertung? Ein zweiter, unabhängiger Rechenweg.

Texte setzen Zahlen ein; hier werden dieselben Größen noch einmal aus den
freigegebenen Werten gerechnet, jede mit den Wörtern, neben denen sie stehen darf.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from quartierstools.analyse import wilson
from quartierstools.angebote import angebote_fuer
from quartierstools.angebote.luecke import lage
from quartierstools.auswertung import Auswertung, Bedarf, lieferstand
from quartierstools.begruendung.beleg import (
    Beleg,
    herkunft,
    rundung_text,
    wert_text,
)
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog import Indikator
from quartierstools.nachpruefung.angebotsfakten import angebotsfakten
from quartierstools.nachpruefung.bildfakten import bildfakten
from quartierstools.nachpruefung.fakt import Fakt, fakt
from quartierstools.schreibweise import datum_text, prozent_text, zahl_text

MITTE = ("mittler", "median", "mittel", "durchschnitt")
ENDEN = ("niedrig", "höchst", "kleinst", "größt", "spanne", "bis", "reich")
VARIANTEN = ("variant", "hält in", "haltbar")
LUECKEN = {
    "gesperrt": ("gesperrt",),
    "fehlt": ("liegt nicht vor", "ohne wert", "fehl"),
    "nicht sinnvoll": ("nicht sinnvoll",),
}
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
    gesammelt: dict[str, list[Fakt]] = {}
    for einer in _alle(auswertung):
        gesammelt.setdefault(einer.schluessel, []).append(einer)
    return Faktenverzeichnis(
        fakten={k: tuple(v) for k, v in gesammelt.items()},
        gesamtheiten=tuple(_gesamtheiten(auswertung)),
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


def _alle(auswertung: Auswertung) -> Iterator[Fakt]:
    yield from _zaehlungen(auswertung)
    yield from _messungen(auswertung)
    yield from _indikatoren(auswertung.freigabe)
    yield from _werte(auswertung.freigabe)
    yield from _bestand(auswertung)
    yield from _bestandszahlen(auswertung)
    yield from angebotsfakten(auswertung)
    yield from bildfakten(auswertung)
    yield from _regeln(auswertung)


def _ebenenworte(freigabe: Freigabe) -> tuple[str, ...]:
    ebene = freigabe.katalog.projekt.ebene
    worte = {ebene.kurz, ebene.kurz_mehrere, ebene.kurz_dativ_mehrere}
    worte |= {ebene.eines, ebene.mehrere, "gebiet", "werte"}
    return tuple(sorted(w.lower() for w in worte if w))


def _zaehlungen(auswertung: Auswertung) -> Iterator[Fakt]:
    freigabe = auswertung.freigabe
    worte = _ebenenworte(freigabe)
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
    worte = _ebenenworte(freigabe)
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


def _indikatoren(freigabe: Freigabe) -> Iterator[Fakt]:
    worte = _ebenenworte(freigabe)
    for kennung in sorted(set(freigabe.werte["indikator"])):
        if freigabe.stichtag(kennung) is None:
            continue
        indikator = freigabe.katalog.indikatoren[kennung]
        felder = {"indikator": kennung, **herkunft(freigabe, kennung)}
        werte = freigabe.tabelle([kennung])[kennung].dropna()
        yield from fakt(
            zahl_text(len(werte)),
            f"vorliegende Werte, {indikator.bezeichnung}",
            "anzahl",
            worte,
            **felder,
        )
        for formel, wert, eines in (
            ("median", werte.median(), MITTE),
            ("mittel", werte.mean(), MITTE),
            ("minimum", werte.min(), ENDEN),
            ("maximum", werte.max(), ENDEN),
        ):
            yield from fakt(
                wert_text(float(wert), indikator),
                f"{formel.capitalize()}, {indikator.bezeichnung}",
                formel,
                eines,
                **felder,
            )
        for wert in (werte.min(), werte.max()):
            yield from fakt(
                zahl_text(
                    float(wert) * (100 if indikator.einheit == "prozent" else 1),
                    stellen=indikator.stellen,
                ),
                f"Spanne, {indikator.bezeichnung}",
                "spanne",
                ENDEN,
                alle=(indikator.bezeichnung,),
                **felder,
            )
        arten = freigabe.wertarten(kennung).value_counts()
        for art, worte_ in LUECKEN.items():
            yield from fakt(
                zahl_text(int(arten.get(art, 0))),
                f"Gebiete, Wert {art}, {indikator.bezeichnung}",
                "anzahl",
                worte_,
                alle=(indikator.bezeichnung,),
                **felder,
            )
        yield from _vollstaendigkeit(freigabe, indikator)


def _vollstaendigkeit(freigabe: Freigabe, indikator: Indikator) -> Iterator[Fakt]:
    """Wie viele Werte je Stichtag vorliegen, gesperrt sind und fehlen."""
    eigene = freigabe.werte[
        (freigabe.werte["ebene"] == "gebiet")
        & (freigabe.werte["indikator"] == indikator.id)
    ]
    for tag, teil in eigene.groupby("stichtag"):
        arten = teil["wertart"].value_counts()
        jahr, monat, rest = str(tag).split("-")
        anzahlen = {
            "vorliegend": int(arten.get("Zahl", 0)),
            "gesperrt": int(arten.get("gesperrt", 0)),
            "nicht sinnvoll": int(arten.get("nicht sinnvoll", 0)),
        }
        anzahlen["geliefert"] = sum(anzahlen.values())
        anzahlen["fehlend"] = len(freigabe.gebiete) - anzahlen["geliefert"]
        for was, anzahl in anzahlen.items():
            yield from fakt(
                zahl_text(anzahl),
                f"Werte {was}, {indikator.bezeichnung}, {rest}.{monat}.{jahr}",
                "anzahl",
                (),
                alle=(indikator.bezeichnung, f"{rest}.{monat}.{jahr}"),
                indikator=indikator.id,
                stichtag=f"{rest}.{monat}.{jahr}",
            )


def _werte(freigabe: Freigabe) -> Iterator[Fakt]:
    """Jeder freigegebene Wert, und sein Intervall, wo Fallzahlen vorliegen."""
    namen = {
        **{str(k): str(v) for k, v in freigabe.gebiete["name"].items()},
        **{str(k): str(v) for k, v in freigabe.stadtbezirke["name"].items()},
        "stadt": "Stadt",
    }
    zeilen = freigabe.werte[freigabe.werte["wertart"] == "Zahl"]
    grenzen = wilson(
        zeilen["zaehler"].astype("float64"), zeilen["nenner"].astype("float64")
    )
    neueste = {k: freigabe.stichtag(k) for k in set(zeilen["indikator"])}
    spalten = zip(
        *(zeilen[s] for s in ("gebiet", "indikator", "stichtag", "wert", "quelle")),
        *(zeilen[s] for s in ("datei", "zeile")),
        grenzen["unten"],
        grenzen["oben"],
        strict=True,
    )
    for gebiet, kennung, tag, wert, quelle, datei, zeile, unten, oben in spalten:
        indikator = freigabe.katalog.indikatoren[kennung]
        ort = namen.get(gebiet, "Stadt")
        jahr = () if tag == neueste[kennung] else (str(tag)[:4],)
        felder = {
            "gebiet": gebiet,
            "indikator": kennung,
            "stichtag": datum_text(pd.Timestamp(tag).date()),
            "quelle": quelle,
            "einheit": indikator.einheit,
            "rundung": rundung_text(indikator.stellen),
            "datei": datei,
            "zeile": int(zeile),
            "pruefsumme": freigabe.pruefsummen.get(datei, ""),
        }
        was = f"{indikator.bezeichnung}, {ort}"
        namen_ = (indikator.bezeichnung, indikator.spaltenname)
        yield from fakt(
            wert_text(float(wert), indikator),
            was,
            "",
            namen_,
            alle=jahr,
            ort=ort,
            **felder,
        )
        if indikator.einheit == "prozent":
            # In Verläufen steht die Einheit am Anfang, die Zahl neben dem Jahr.
            yield from fakt(
                zahl_text(float(wert) * 100, stellen=indikator.stellen),
                was,
                "",
                namen_,
                alle=(str(tag)[:4],),
                ort=ort,
                **felder,
            )
        if indikator.einheit == "prozent" and pd.notna(unten) and not jahr:
            for grenze in (unten, oben):
                kurz = zahl_text(float(grenze) * 100, stellen=1)
                for text in (kurz, f"{kurz} Prozent"):
                    yield from fakt(
                        text,
                        f"95-%-Intervall nach Wilson, {was}",
                        "wilson",
                        namen_,
                        ort=ort,
                        **felder,
                    )


def _bestand(auswertung: Auswertung) -> Iterator[Fakt]:
    for name, schluessel, anzahl in _angebotszahlen(auswertung):
        yield from fakt(
            zahl_text(anzahl),
            f"bekannte Angebote, {name}",
            "anzahl",
            ("angebot", "eintr"),
            ort=name,
            gebiet=schluessel,
            datei="angebote.csv",
        )
    yield from fakt(
        zahl_text(len(auswertung.freigabe.angebote)),
        "Einträge im Bestand",
        "anzahl",
        ("angebot", "eintr", "bestand"),
        datei="angebote.csv",
    )


def _bestandszahlen(auswertung: Auswertung) -> Iterator[Fakt]:
    """Laufende, ungeprüfte und ungezählte Einträge; Gebiete je Stadtbezirk."""
    freigabe = auswertung.freigabe
    bestand = freigabe.angebote
    if len(bestand):
        tag = auswertung.projekt.bezugsdatum
        lagen = bestand.apply(lambda zeile: lage(zeile, tag), axis=1)
        aktiv = bestand[lagen != "beendet"]
        for was, anzahl in (
            ("laufende Einträge", len(aktiv)),
            ("ungeprüfte Einträge", int((lagen == "ungeprüft").sum())),
            ("laufende Einträge ohne Plätze", int(aktiv["plaetze"].isna().sum())),
        ):
            yield from fakt(
                zahl_text(anzahl), was, "anzahl", ("eintr",), datei="angebote.csv"
            )
    je_bezirk = freigabe.gebiete["stadtbezirk_name"].value_counts()
    for name, anzahl in je_bezirk.items():
        yield from fakt(
            zahl_text(int(anzahl)),
            f"Gebiete im Stadtbezirk {name}",
            "anzahl",
            _ebenenworte(freigabe),
            ort=str(name),
            datei="gebiete.geojson",
        )
    quellen = len(set(freigabe.werte["quelle"]))
    yield from fakt(zahl_text(quellen), "Quellen der Werte", "anzahl", ("quelle",))


def _angebotszahlen(auswertung: Auswertung) -> Iterator[tuple[str, str, int]]:
    freigabe = auswertung.freigabe
    if freigabe.angebote.empty:
        return
    for schluessel, zeile in freigabe.gebiete.iterrows():
        alle = angebote_fuer(
            freigabe.angebote,
            gebiet=str(schluessel),
            stadtbezirk=str(zeile["stadtbezirk"]),
            bezugsdatum=auswertung.projekt.bezugsdatum,
        )
        hier = (alle["bezug"] == "hier") & (alle["lage"] != "beendet")
        yield str(zeile["name"]), str(schluessel), int(hier.sum())


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


def _gesamtheiten(auswertung: Auswertung) -> Iterator[tuple[str, int]]:
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
    for name, _, anzahl in _angebotszahlen(auswertung):
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
