"""Kleine Lagen von Hand, aus denen Begründungen entstehen: Werte, Fallzahlen, Bestand.

Jede Lage ändert eine Sache an derselben Ausgangslage: zwölf Orte, der erste ist der
des Vorhabens.
"""

import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
from hausmittel import bestand, freigabe_aus

from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.begruendung import kapitel
from quartierstools.begruendung.einfach import einfache_saetze
from quartierstools.begruendung.fassungen import ein_satz
from quartierstools.begruendung.kuerze import in_kuerze
from quartierstools.begruendung.stoff import Stoff, stoff_fuer
from quartierstools.dokument import Absatz, Block, Liste, Tabelle, reiner_text
from quartierstools.katalog import Aussage, Projektordner, Vorhaben
from quartierstools.katalog.projektmodelle import Wirkung

_NUMMER = itertools.count()

ANDERE = (0.03, 0.035, 0.04, 0.045, 0.05, 0.055, 0.06, 0.065, 0.07, 0.08, 0.1)
"""Anteile der elf anderen Orte; mit dem ersten zusammen zwölf."""

VORHABEN = Vorhaben(
    id="probe",
    name="Beratung: Probe",
    zielgruppe="langzeitarbeitslose",
    gebiete=("010",),
    vorschlag="Beratung an zwei Vormittagen.",
    kurzvorschlag="Eine Beratung kommt in den Treff am Ort.",
    anlass=(Aussage(text="Der Rat hat um eine Prüfung gebeten."),),
    nicht_bekannt=("wie viele Menschen kommen",),
    wirkung=Wirkung(ziel="Erreicht werden sollen Menschen ohne Beratung.", messung=()),
    dagegen=(Aussage(text="Ein neuer Ort bindet Stunden. Sie fehlen anderswo."),),
    nullvariante="Die Beratung bleibt, wo sie ist.",
    umkehr=("wenn es die Beratung am Ort schon gibt",),
    einfach=("Eine Beratung soll an diesen Ort kommen.",),
    einfach_dagegen="Andere Orte bekommen dann weniger Beratung.",
)


def lage(  # noqa: PLR0913 – jede Eigenschaft einer Lage ein Name
    erster: object = 0.12,
    andere: Sequence[object] = ANDERE,
    *,
    indikator: str = "B01",
    werte: Mapping[str, Sequence[object]] | None = None,
    nenner: int = 0,
    angebote: pd.DataFrame | None = None,
    aendere: Mapping[str, Mapping[str, object]] | None = None,
    wo: str = "",
    stichtag_belegt: str = "ja",
    urteile: Sequence[Mapping[str, object]] = (),
    beschluesse: Sequence[Mapping[str, object]] = (),
    frueher: Sequence[object] = (),
    **vorhaben: object,
) -> Auswertung:
    """Auswertung einer Lage; `nenner` macht aus Anteilen Fallzahlen."""
    reihen = werte or {indikator: [erster, *andere]}
    freigabe = freigabe_aus(reihen, aendere=aendere)
    tabelle = freigabe.werte.assign(stichtag_belegt=stichtag_belegt)
    if frueher:
        davor = freigabe_aus({next(iter(reihen)): list(frueher)}).werte
        davor = davor.assign(stichtag="2022-12-31", stichtag_belegt="ja")
        tabelle = pd.concat([davor, tabelle], ignore_index=True)
    if nenner:
        zahl = tabelle["wertart"] == "Zahl"
        zaehler = (tabelle["wert"] * nenner).round()
        tabelle = tabelle.assign(
            zaehler=zaehler.where(zahl).astype("Int64"),
            nenner=pd.Series(nenner, index=tabelle.index).where(zahl).astype("Int64"),
            wert=(zaehler / nenner).where(zahl),
        )
    flaechen = freigabe.gebiete.copy()
    if wo:
        flaechen.loc["010", "wo"] = wo
        flaechen.loc["010", "name"] = wo.rsplit(maxsplit=1)[-1]
    katalog = freigabe.katalog
    quellen = {
        k: q.model_copy(update={"herkunft": "amtlich geliefert"})
        for k, q in katalog.quellen.items()
    }
    projekt = katalog.projekt.model_copy(update={"synthetisch": False, "hinweise": ()})
    probe = VORHABEN.model_copy(update=vorhaben)
    katalog = dataclasses.replace(
        katalog, projekt=projekt, quellen=quellen, vorhaben={"probe": probe}
    )
    freigabe = dataclasses.replace(
        freigabe,
        werte=tabelle,
        gebiete=flaechen,
        katalog=katalog,
        fachurteile=_tafel(urteile, FACHURTEIL, "urteil_id"),
        beschluesse=_tafel(beschluesse, BESCHLUSS, "beschluss_id"),
        angebote=bestand(angebot(gebiete="011")) if angebote is None else angebote,
    )
    ordner = Projektordner(Path(f"probe-{next(_NUMMER)}"))
    einstellung = Einstellung(varianten=200)
    return Auswertung.aus_freigabe(freigabe, ordner=ordner, einstellung=einstellung)


FACHURTEIL = {
    "gebiet": "010",
    "zielgruppe": "langzeitarbeitslose",
    "urteil": "fachlich bestätigt",
    "begruendung": "Die Nachfrage am Ort ist groß.",
    "funktion": "Leitung",
    "einrichtung": "Treff am Markt",
    "datum": "2026-10-01",
}

BESCHLUSS = {
    "gebiet": "010",
    "zielgruppe": "langzeitarbeitslose",
    "vorhaben": "",
    "angebot": "",
    "beschluss": "beschlossen",
    "begruendung": "Die Mittel sind gesichert.",
    "funktion": "Ausschuss",
    "einrichtung": "Sozialausschuss",
    "datum": "2023-05-10",
    "kennung": "b-1",
}


def _tafel(
    zeilen: Sequence[Mapping[str, object]], vorgabe: Mapping[str, object], name: str
) -> pd.DataFrame:
    """Urteile oder Beschlüsse wie nach der Freigabe."""
    if not zeilen:
        return pd.DataFrame()
    tabelle = pd.DataFrame([{**vorgabe, **z} for z in zeilen])
    tabelle["datum"] = pd.to_datetime(tabelle["datum"])
    tabelle.index = pd.Index([f"z{n}" for n in range(len(tabelle))], name=name)
    return tabelle


def angebot(**felder: object) -> dict[str, object]:
    """Geprüftes Angebot am Ort für Langzeitarbeitslose."""
    return {
        "name": "Beratung am Markt",
        "ort": "Markt 1",
        "gebiete": "010",
        "zielgruppen": "langzeitarbeitslose",
        "status": "laufend",
        "pruefdatum": "2026-06-01",
        **felder,
    }


def text(auswertung: Auswertung) -> str:
    """Was die Begründung zu dieser Lage sagt, ein Satz oder Punkt je Zeile."""
    stoff = stoff_fuer(auswertung, "probe")
    zeilen = ["Kürze", *_zeilen(in_kuerze(stoff).bloecke)]
    zeilen += ["", "Anlass", reiner_text(kapitel.anlass(stoff))]
    zeilen += ["", "Ausgangslage", *_zeilen(kapitel.ausgangslage(stoff))]
    zeilen += ["", "Zielgruppe", *_zeilen(kapitel.bedarf_der_zielgruppe(stoff))]
    zeilen += ["", "Angebote", *_zeilen(kapitel.was_es_gibt(stoff))]
    zeilen += ["", "Dagegen", *_zeilen([kapitel.was_dagegen_spricht(stoff)])]
    zeilen += ["", "Ein Satz", reiner_text(ein_satz(stoff))]
    zeilen += ["", "Einfach", *(reiner_text(s) for s in einfache_saetze(stoff))]
    return "\n".join(zeilen).replace("\xa0", "~")


def stoff(auswertung: Auswertung) -> Stoff:
    """Stoff des Vorhabens dieser Lage."""
    return stoff_fuer(auswertung, "probe")


def _zeilen(bloecke: Sequence[Block]) -> list[str]:
    zeilen: list[str] = []
    for block in bloecke:
        match block:
            case Absatz(inhalt=stuecke):
                zeilen.append(reiner_text(stuecke).strip())
            case Liste(punkte=punkte):
                zeilen += [f"- {reiner_text(punkt)}" for punkt in punkte]
            case Tabelle():
                zeilen.append(block.titel)
                kopf = [s.titel for s in block.spalten]
                rest = [[reiner_text(z) for z in zeile] for zeile in block.zeilen]
                zeilen += [" | ".join(zeile) for zeile in [kopf, *rest]]
                zeilen += [block.fussnote] if block.fussnote else []
    return zeilen


DREI = {
    "B05": [0.04, 0.01, 0.012, 0.014, 0.015, 0.016, 0.018, 0.02, 0.022, 0.025, 0.03],
    "A09": [0.14, 0.03, 0.035, 0.04, 0.042, 0.045, 0.05, 0.055, 0.06, 0.08, 0.1],
    "A02": [0.19, 0.05, 0.055, 0.06, 0.065, 0.07, 0.08, 0.085, 0.09, 0.11, 0.15],
}

POTENTIAL = {
    "B11": [0.4, 0.5, 0.52, 0.54, 0.55, 0.56, 0.57, 0.58, 0.6, 0.62, 0.64],
    "B15": [0.1, 0.05, 0.055, 0.056, 0.058, 0.06, 0.062, 0.064, 0.066, 0.07, 0.08],
}


def _gespiegelt(reihen: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Der erste Ort bekommt das andere Ende jeder Reihe."""
    fertig = {}
    for kennung, reihe in reihen.items():
        neu = list(reihe)
        ende = max(reihe) if reihe[0] == min(reihe) else min(reihe)
        stelle = neu.index(ende)
        neu[0], neu[stelle] = neu[stelle], neu[0]
        fertig[kennung] = neu
    return fertig


def _mitten(reihen: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Der erste Ort bekommt den mittleren Wert jeder Reihe."""
    fertig = {}
    for kennung, reihe in reihen.items():
        neu = list(reihe)
        stelle = neu.index(sorted(reihe)[len(reihe) // 2])
        neu[0], neu[stelle] = neu[stelle], neu[0]
        fertig[kennung] = neu
    return fertig


def _mit(reihen: Mapping[str, Sequence[object]], kennung: str, stelle: int, wert):
    neu = {k: list(v) for k, v in reihen.items()}
    neu[kennung][stelle] = wert
    return neu


def _fachkraefte(werte, **felder):
    return lage(werte=werte, zielgruppe="fachkraefte", **felder)


LAGEN: Mapping[str, Callable[[], Auswertung]] = {
    # Stellung eines Werts
    "hoechster": lambda: lage(0.12),
    "hoechster-mit-einem": lambda: lage(0.1),
    "hoechster-mit-zweien": lambda: lage(0.1, (*ANDERE[:-2], 0.1, 0.1)),
    "deutlich-ueber": lambda: lage(0.095),
    "ueber": lambda: lage(0.081),
    "etwas-ueber": lambda: lage(0.068),
    "kaum-ueber": lambda: lage(0.058),
    "gleich": lambda: lage(0.055, (*ANDERE[:5], 0.055, *ANDERE[6:])),
    "kaum-unter": lambda: lage(0.054, (*ANDERE[:5], 0.0555, *ANDERE[6:])),
    "etwas-unter": lambda: lage(0.044),
    "unter": lambda: lage(0.031, (0.01, *ANDERE[1:])),
    "niedrigster": lambda: lage(0.02),
    "grenzfall": lambda: lage(0.0775),
    # Lücken
    "ohne-wert": lambda: lage(None),
    "gesperrt": lambda: lage("gesperrt"),
    "ein-ort-fehlt": lambda: lage(0.12, (*ANDERE[:-1], None)),
    "ein-ort-gesperrt": lambda: lage(0.12, (*ANDERE[:-1], "gesperrt")),
    "vier-orte-fehlen": lambda: lage(0.12, (*ANDERE[:-4], None, None, None, None)),
    "stichtag-angenommen": lambda: lage(0.12, stichtag_belegt="nein"),
    "stichtag-unbekannt": lambda: lage(0.12, stichtag_belegt="unbekannt"),
    "nicht-messbar": lambda: lage(0.12, zielgruppe="jugendliche"),
    "nicht-messbar-mit-argument": lambda: lage(
        0.12,
        zielgruppe="jugendliche",
        dafuer=(Aussage(text="Am Ort gibt es einen Treff mit freien Räumen."),),
    ),
    # Richtung und Blick
    "niedrige-richtung-niedrigster": lambda: lage(
        0.02, aendere={"B01": {"richtung": "niedrig"}}
    ),
    "niedrige-richtung-hoechster": lambda: lage(
        0.12, aendere={"B01": {"richtung": "niedrig"}}
    ),
    "potential-hoch": lambda: _fachkraefte(POTENTIAL),
    "potential-mittel": lambda: _fachkraefte(_mitten(POTENTIAL)),
    "potential-niedrig": lambda: _fachkraefte(_gespiegelt(POTENTIAL)),
    # Mehrere Indikatoren
    "drei-hoch": lambda: lage(werte=DREI),
    "drei-mittel": lambda: lage(werte=_mitten(DREI)),
    "drei-niedrig": lambda: lage(werte=_gespiegelt(DREI)),
    "drei-eigener-fehlt": lambda: lage(werte=_mit(DREI, "A09", 0, None)),
    "drei-anderer-fehlt": lambda: lage(werte=_mit(DREI, "A09", 10, "gesperrt")),
    # Fallzahlen und Intervalle
    "viele-faelle": lambda: lage(0.1, nenner=4000),
    "wenige-faelle": lambda: lage(0.08, nenner=150),
    "hoechster-wenige-faelle": lambda: lage(0.11, nenner=60),
    "zum-naechsten-kein-unterschied": lambda: lage(0.105, nenner=800),
    # Angebote
    "nur-ungeprueft": lambda: lage(angebote=bestand(angebot(pruefdatum=None))),
    "nur-stadtweit": lambda: lage(angebote=bestand(angebot(gebiete="stadtweit"))),
    "wechselnder-ort": lambda: lage(angebote=bestand(angebot(gebiete="wechselnd"))),
    "im-stadtbezirk": lambda: lage(angebote=bestand(angebot(gebiete="stadtbezirk:1"))),
    "umfang-unbekannt": lambda: lage(angebote=bestand(angebot())),
    "vorhanden": lambda: lage(angebote=bestand(angebot(plaetze=20))),
    "laeuft-aus": lambda: lage(angebote=bestand(angebot(ende="2027-03-31"))),
    "beendet": lambda: lage(angebote=bestand(angebot(status="beendet"))),
    "ohne-bestand": lambda: lage(angebote=bestand()),
    "viele-angebote": lambda: lage(
        angebote=bestand(*(angebot(name=f"Angebot {n}") for n in range(8)))
    ),
    # Urteile von Menschen und offene Felder
    "fachlich-bestaetigt": lambda: lage(
        status="fachlich bestätigt",
        fachliche_einschaetzung="Leitung, Treff am Markt, 01.10.2026: trifft zu.",
    ),
    "fachlich-verworfen": lambda: lage(
        status="verworfen",
        fachliche_einschaetzung="Leitung, Treff am Markt, 01.10.2026: kein Bedarf.",
    ),
    "ohne-gegenargument": lambda: lage(dagegen=()),
    "nichts-unbekannt": lambda: lage(nicht_bekannt=()),
    "unbekanntes-mit-und": lambda: lage(
        nicht_bekannt=("ob der Treff öffnet und wen er erreicht", "wie viele kommen")
    ),
    # Urteile, Beschlüsse, Mengen, Ähnlichkeit
    "fachurteil-neben-den-daten": lambda: lage(0.12, urteile=[{}]),
    "fachurteil-verwirft-die-daten": lambda: lage(
        0.12,
        urteile=[
            {"urteil": "verworfen", "begruendung": "Die meisten sind nur kurz hier."}
        ],
    ),
    "fachurteil-gegen-die-daten": lambda: lage(0.05, urteile=[{}]),
    "knapp-unter-der-grenze": lambda: lage(0.0765),
    "beschluss-ohne-werte": lambda: lage(
        0.12, beschluesse=[{"beschluss": "vertagt", "datum": "2026-05-10"}]
    ),
    "beschluss-mit-werten": lambda: lage(
        werte={"B05": [0.04, *ANDERE], "A09": [0.14, *ANDERE]},
        frueher=[0.05, *ANDERE],
        beschluesse=[{}],
    ),
    "zwilling": lambda: lage(
        werte=DREI, angebote=bestand(angebot(gebiete="019", beginn="2025-01-01"))
    ),
    "zu-wenige-plaetze": lambda: lage(
        werte=DREI, nenner=3000, angebote=bestand(angebot(plaetze=20))
    ),
    "mehr-plaetze-als-menschen": lambda: lage(
        werte=DREI, nenner=3000, angebote=bestand(angebot(plaetze=400))
    ),
    "plaetze-etwa-wie-menschen": lambda: lage(
        werte=DREI, nenner=3000, angebote=bestand(angebot(plaetze=121))
    ),
    "menschen-ohne-platzzahl": lambda: lage(
        werte=DREI, nenner=3000, angebote=bestand(angebot())
    ),
    # Grammatik
    "in-der-suedinnenstadt": lambda: lage(wo="in der Südinnenstadt"),
    "im-gleisdreieck": lambda: lage(wo="im Gleisdreieck"),
}
