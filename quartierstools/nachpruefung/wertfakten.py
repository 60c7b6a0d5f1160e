"""Welche Zahlen stehen in den freigegebenen Werten? Je Indikator und je Gebiet."""

from collections.abc import Iterator

import pandas as pd

from quartierstools.analyse import wilson
from quartierstools.begruendung.beleg import herkunft, rundung_text, wert_text
from quartierstools.geheimhaltung import Freigabe
from quartierstools.katalog import Indikator
from quartierstools.nachpruefung.fakt import Fakt, fakt
from quartierstools.schreibweise import datum_text, zahl_text

MITTE = ("mittler", "median", "mittel", "durchschnitt")
ENDEN = ("niedrig", "höchst", "kleinst", "größt", "spanne", "bis", "reich")
LUECKEN = {
    "gesperrt": ("gesperrt",),
    "fehlt": ("liegt nicht vor", "ohne wert", "fehl"),
    "nicht sinnvoll": ("nicht sinnvoll",),
}


def wertfakten(freigabe: Freigabe) -> Iterator[Fakt]:
    """Fakten aller Indikatoren, dann jeder freigegebene Wert."""
    yield from _indikatoren(freigabe)
    yield from _werte(freigabe)


def ebenenworte(freigabe: Freigabe) -> tuple[str, ...]:
    """Wörter, neben denen eine Zahl von Gebieten steht."""
    ebene = freigabe.katalog.projekt.ebene
    worte = {ebene.kurz, ebene.kurz_mehrere, ebene.kurz_dativ_mehrere}
    worte |= {ebene.eines, ebene.mehrere, "gebiet", "werte"}
    return tuple(sorted(w.lower() for w in worte if w))


def _indikatoren(freigabe: Freigabe) -> Iterator[Fakt]:
    worte = ebenenworte(freigabe)
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
