"""Wortlaut in vielen Lagen, Wörter nach Richtung, nirgends ein verbotenes Wort."""

import re
from pathlib import Path

import pytest
from hausmittel import pruefe_gold, verbotenes
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from situationen import LAGEN, angebot, bestand, lage, stoff, text

from quartierstools.begruendung.einfach import KENNZEICHEN, einfache_saetze, maengel
from quartierstools.begruendung.fassungen import kurzfassungen
from quartierstools.begruendung.kennzahlen import traegt, wort
from quartierstools.dokument import reiner_text, texte
from quartierstools.katalog import Indikator, Wortwahl
from quartierstools.katalog.eintrag import lies_eintraege
from quartierstools.katalog.orte import STANDARD

GOLD = Path(__file__).parent / "golddateien" / "situationen"
WORTWAHL = lies_eintraege(Wortwahl, STANDARD / "wortwahl.yaml")["standard"]
ZUFALL = {
    "suppress_health_check": [HealthCheck.too_slow],
    # Verkleinern hieße, jede Lage hundertfach neu zu rechnen.
    "phases": (Phase.explicit, Phase.generate),
}
SPIEGEL = {"über": "unter", "unter": "über"}


@pytest.mark.parametrize("name", LAGEN)
def test_wortlaut_der_lage(name):
    pruefe_gold(GOLD / f"{name}.txt", text(LAGEN[name]()))


def test_mindestens_vierzig_lagen_und_keine_verwaiste_datei():
    assert len(LAGEN) >= 40
    assert sorted(d.stem for d in GOLD.glob("*.txt")) == sorted(LAGEN)


def test_keine_zwei_lagen_sagen_dasselbe():
    """Jede Lage hat ihren eigenen Wortlaut, sonst prüft eine von zweien nichts."""
    inhalte = [d.read_text(encoding="utf-8") for d in sorted(GOLD.glob("*.txt"))]
    assert len(set(inhalte)) == len(inhalte)


@pytest.mark.parametrize("datei", sorted(GOLD.parent.rglob("*.txt")), ids=str)
def test_goldtexte_ohne_verbotene_woerter_und_ursachen(datei):
    inhalt = datei.read_text(encoding="utf-8")
    assert verbotenes(inhalt, WORTWAHL.model_dump()) == []
    assert "  " not in inhalt
    assert not re.search(r" [.,;:]|\.\.(?!\.)|,,|\(\)", inhalt)


def test_nur_das_juengste_urteil_gilt():
    frueher = {"datum": "2024-01-01", "urteil": "verworfen"}
    beide = text(lage(0.12, urteile=[frueher, {}]))
    assert beide == text(LAGEN["fachurteil-neben-den-daten"]())


def test_name_des_urteilenden_nur_intern():
    """Öffentlich fehlt die Spalte; intern steht der Name vor der Funktion."""
    intern = text(lage(0.12, urteile=[{"name": "Edda Erfunden"}]))
    assert "(Edda Erfunden, Leitung, Treff am Markt, 01.10.2026)" in intern
    assert "Edda" not in text(LAGEN["fachurteil-neben-den-daten"]())


def spiegle(wort_):
    """„etwas über“ wird „etwas unter“; anderes bleibt."""
    *vor, letztes = wort_.split()
    return " ".join([*vor, SPIEGEL.get(letztes, letztes)])


# Gerade Promille: Der Median steht nie auf der Hälfte; kaufmännisch gerundet wird
# sie nach oben, vor und nach dem Spiegeln.
ANTEILE = st.lists(
    st.integers(5, 100).map(lambda n: n / 500), min_size=12, max_size=12
).filter(lambda w: len(set(w)) > 4)


@settings(max_examples=25, **ZUFALL)
@given(ANTEILE)
def test_vertauschte_richtung_vertauscht_die_woerter(werte):
    """Werte und Richtung gespiegelt: gleiche Klasse, Wörter vertauscht."""
    oben, unten = max(werte), min(werte)
    gespiegelt = [round(oben + unten - w, 3) for w in werte]
    eins = stoff(lage(werte[0], werte[1:]))
    niedrig = {"B01": {"richtung": "niedrig"}}
    zwei = stoff(lage(gespiegelt[0], gespiegelt[1:], aendere=niedrig))
    if getattr(eins.ergebnis, "tafel", None) is None:
        assert getattr(zwei.ergebnis, "tafel", None) is None
        return
    assert traegt(eins) == traegt(zwei)
    assert spiegle(wort(eins, "B01")) == wort(zwei, "B01")


def test_richtung_allein_kehrt_die_einstufung_um():
    """Derselbe hohe Anteil trägt einmal das Vorhaben und einmal nicht."""
    hoch, niedrig = LAGEN["hoechster"](), LAGEN["niedrige-richtung-hoechster"]()
    assert traegt(stoff(hoch))
    assert not traegt(stoff(niedrig))
    assert "deutlich über dem Mittel der zwölf" in text(hoch)
    assert "unter dem Mittel der zwölf" in text(niedrig)
    assert "Die Zahlen allein tragen den Vorschlag nicht" in text(niedrig)


LUECKE = st.sampled_from([None, "gesperrt"])
WERTE = st.lists(
    st.one_of(st.integers(5, 300).map(lambda n: n / 1000), LUECKE),
    min_size=12,
    max_size=12,
)
BESTAND = st.lists(
    st.fixed_dictionaries(
        {
            "gebiete": st.sampled_from(
                ["010", "011", "stadtweit", "wechselnd", "stadtbezirk:1", "unklar"]
            ),
            "status": st.sampled_from(["laufend", "ungeprüft", "beendet"]),
            "pruefdatum": st.sampled_from([None, "2026-06-01", "2020-01-01"]),
            "ende": st.sampled_from([None, "2027-02-28", "2029-12-31", "2024-01-31"]),
            "plaetze": st.sampled_from([None, 12]),
        }
    ),
    max_size=4,
)


@settings(max_examples=30, **ZUFALL)
@given(WERTE, BESTAND, st.sampled_from([0, 80, 5000]), st.booleans())
def test_keine_lage_bringt_verbotene_woerter_oder_kaputte_saetze(
    werte, angebote, nenner, hoch
):
    richtung = {"B01": {"richtung": "hoch" if hoch else "niedrig"}}
    auswertung = lage(
        werte[0],
        werte[1:],
        nenner=nenner,
        aendere=richtung,
        angebote=bestand(*(angebot(**a) for a in angebote)),
    )
    inhalt = text(auswertung)
    assert verbotenes(inhalt, WORTWAHL.model_dump()) == []
    assert not re.search(r"\bnan\b|\bNone\b|<NA>|  ", inhalt)
    assert "gibt es nicht" not in inhalt
    einfach = [reiner_text(s) for s in einfache_saetze(stoff(auswertung))]
    assert [(s, m) for s in einfach if (m := maengel(s, WORTWAHL))] == []


@settings(max_examples=40, **ZUFALL)
@given(WERTE, st.sampled_from([0, 60, 4000]))
def test_deutlich_nur_wo_es_belegt_ist(werte, nenner):
    """Mit Fallzahlen: Intervall ohne Median. Ohne: äußere Klasse, 90 Prozent."""
    s = stoff(lage(werte[0], werte[1:], nenner=nenner))
    if "B01" not in s.vergleiche or "deutlich" not in wort(s, "B01"):
        return
    stand = s.vergleiche["B01"]
    assert abs(stand.abstand) >= 1.5
    if nenner:
        from quartierstools.begruendung.worte import intervall  # noqa: PLC0415

        zelle = s.freigabe.zelle("010", "B01")
        unten, oben = intervall(zelle, s.katalog.indikatoren["B01"])
        assert stand.median < unten or stand.median > oben
    else:
        zeile = s.ergebnis.tafel.loc["010"]
        assert zeile["klasse"] in (1, 4)
        assert zeile["haltbarkeit"] >= 0.9


@pytest.mark.parametrize("ort", ["bochum", "musterstadt", "berlin"])
def test_einfache_sprache_haelt_ihre_regeln(ort, auswertungen_alle):
    auswertung = auswertungen_alle[ort]
    for kennung in auswertung.katalog.vorhaben:
        kurz = kurzfassungen(auswertung, kennung)
        saetze = [reiner_text(s) for s in kurz.einfach]
        grenze = auswertung.katalog.wortwahl
        assert [(s, m) for s in saetze if (m := maengel(s, grenze))] == []
        assert len(saetze) >= 8
        assert KENNZEICHEN in texte(kurz.dokument)


@pytest.mark.parametrize(
    ("satz", "mangel"),
    [
        ("Die Beratung ist offen.", []),
        ("Hier sind es 12,1 Prozent.", []),
        ("In der Stadt gibt es Beratung.", []),
        ("Die Zahl der Menschen ist klein.", ["Genitiv"]),
        ("Das Haus des Trägers ist neu.", ["Genitiv"]),
        ("Menschen kommen, wenn sie wollen.", ["Nebensatz oder Komma"]),
        ("Wir wissen, dass Geld fehlt.", ["Nebensatz oder Komma"]),
        ("Das ist gut. Das bleibt so.", ["nicht genau ein Satz"]),
        ("Kein Satzende", ["nicht genau ein Satz"]),
        (f"Das {'sehr ' * 12}lange.", ["mehr als 12 Wörter"]),
    ],
)
def test_maengel_einfacher_sprache_von_hand(satz, mangel):
    assert maengel(satz, WORTWAHL) == mangel


def test_jeder_index_indikator_hat_einfache_worte(auswertungen_alle):
    for auswertung in auswertungen_alle.values():
        indikatoren = auswertung.katalog.indikatoren
        for gruppe in auswertung.projekt.zielgruppen:
            for g in auswertung.katalog.zielgruppen[gruppe].index:
                indikator = indikatoren[g.indikator]
                assert isinstance(indikator, Indikator)
                satz = f"Gezählt wurden {indikator.einfach}."
                assert indikator.einfach
                assert maengel(satz, auswertung.katalog.wortwahl) == []


def test_kurzfassungen_belegen_jede_zahl(auswertungen_alle):
    for auswertung in auswertungen_alle.values():
        for kennung in auswertung.katalog.vorhaben:
            kurz = kurzfassungen(auswertung, kennung)
            alles = "\n".join(texte(kurz.dokument))
            assert [b.text for b in kurz.belege if b.text not in alles] == []
            prozente = re.findall(r"\d[\d.]*(?:,\d+)?\xa0Prozent", alles)
            assert set(prozente) <= {b.text for b in kurz.belege}


def test_bochum_hat_beschlussvorlage_und_mitteilung(auswertungen_alle):
    auswertung = auswertungen_alle["bochum"]
    kurz = kurzfassungen(auswertung, "jugendberufsagentur-hamme")
    namen = [name for name, _ in kurz.formulare]
    assert namen == ["Beschlussvorlage der Verwaltung", "Mitteilung der Verwaltung"]
    mitteilung = {name: reiner_text(wert) for name, wert in kurz.formulare[1][1]}
    assert mitteilung["Wortlaut"] == reiner_text(kurz.absatz)
    assert mitteilung["Stadtamt"] == "[offen]"
    assert mitteilung["Bezeichnung der Vorlage"] == kurz.vorhaben.name
