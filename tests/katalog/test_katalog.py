"""Der Standardkatalog und was ein Projekt daran ändern darf."""

import re
import shutil

import pytest
from hausmittel import PROJEKTE, WURZEL

from quartierstools.fehler import Aufruffehler, Datenfehler, Katalogfehler
from quartierstools.katalog import (
    Projektordner,
    finde_projekt,
    hauswurzel,
    lade_katalog,
)

KONTEXT = ("K03", "K05", "K06", "K07")
"""Alter, Staatsangehörigkeit, Migrationsgeschichte: nie Bedarf, nie Gruppe."""


@pytest.fixture
def projekt(tmp_path):
    """Kopie von Musterstadt, die ein Test verderben darf."""
    ziel = tmp_path / "musterstadt"
    shutil.copytree(WURZEL / "daten" / "musterstadt", ziel)
    return Projektordner(ziel)


def ersetze(datei, alt, neu):
    text = datei.read_text(encoding="utf-8")
    assert alt in text, f"{alt!r} steht nicht in {datei.name}"
    datei.write_text(text.replace(alt, neu, 1), encoding="utf-8")


def ergaenze(projekt, name, text):
    datei = projekt.katalog(name)
    alt = datei.read_text(encoding="utf-8") if datei.is_file() else ""
    datei.write_text(f"{alt}\n{text}\n", encoding="utf-8")


@pytest.fixture(scope="module", params=PROJEKTE)
def katalog(request):
    return lade_katalog(Projektordner(WURZEL / "daten" / request.param))


def test_kein_kontextmerkmal_im_index_oder_in_den_vorgegebenen_gruppen(katalog):
    gewichtet = {g.indikator for z in katalog.zielgruppen.values() for g in z.index}
    hemmnisse = {h for z in katalog.zielgruppen.values() for h in z.hemmnisse}
    naeherungen = {
        n.indikator for z in katalog.zielgruppen.values() for n in z.naeherung
    }
    gruppiert = set(katalog.projekt.typen.indikatoren)
    gewertet = gewichtet | hemmnisse | naeherungen
    assert (gewertet | gruppiert).isdisjoint(KONTEXT)
    indikatoren = katalog.indikatoren
    assert [k for k in sorted(gewertet) if indikatoren[k].kontext] == []
    assert [k for k in sorted(gruppiert) if indikatoren[k].ohne_einstufung] == []
    assert [k for k in KONTEXT if not indikatoren[k].kontext] == []


def test_wer_menschen_nach_alter_und_herkunft_zaehlt_ist_kontext(katalog):
    bevoelkerung = {
        i.id for i in katalog.indikatoren.values() if i.dimension == "bevoelkerung"
    }
    assert bevoelkerung >= {*KONTEXT, "K02", "K04", "K12"}
    assert [k for k in bevoelkerung if not katalog.indikatoren[k].kontext] == []
    herkunft = {i.id for i in katalog.indikatoren.values() if i.ohne_einstufung}
    assert herkunft == {"K05", "K06", "K07"}


def test_je_dimension_hoechstens_ein_merkmal_in_den_gruppen(katalog):
    dimensionen = [
        katalog.indikatoren[i].dimension for i in katalog.projekt.typen.indikatoren
    ]
    assert len(dimensionen) == len(set(dimensionen)) <= 4


def test_jeder_indikator_ist_fuer_den_satz_geruestet(katalog):
    for indikator in katalog.indikatoren.values():
        assert indikator.bezeichnung[0].isupper()
        assert "Quote" not in indikator.bezeichnung or indikator.artikel == "die"
        assert indikator.zaehler
        assert indikator.lieferant
        if indikator.einheit in ("prozent", "je_100", "je_1000"):
            assert indikator.nenner, indikator.id


def test_klassenworte_des_potentials_nennen_nie_bedarf(katalog):
    worte = katalog.klassenworte["potential"]
    assert all(w.startswith("Potential") for w in worte.klassen)
    assert worte.groesse == "Potentialindex"


@pytest.mark.parametrize("kennung", KONTEXT)
def test_kontextmerkmal_wird_im_index_abgelehnt(projekt, kennung):
    ergaenze(
        projekt,
        "zielgruppen",
        f"""
probe:
  bezeichnung: Probe
  dativ: Probe
  kurz: P
  beschreibung: Probe.
  index: [{{indikator: {kennung}}}]
""",
    )
    with pytest.raises(Datenfehler, match=f"„{kennung}“ ist ein Kontextmerkmal"):
        lade_katalog(projekt)


def test_merkmal_ohne_richtung_wird_im_index_abgelehnt(projekt):
    ergaenze(
        projekt,
        "indikatoren",
        "X01: {bezeichnung: Probe, zaehler: z, dimension: probe, lieferant: l}",
    )
    ergaenze(
        projekt,
        "zielgruppen",
        "probe: {bezeichnung: P, dativ: P, kurz: P, beschreibung: P, "
        "index: [{indikator: X01}]}",
    )
    with pytest.raises(Datenfehler, match="hat keine Richtung"):
        lade_katalog(projekt)


def test_kontextmerkmal_wird_als_naeherung_abgelehnt(projekt):
    ergaenze(
        projekt,
        "zielgruppen",
        """
probe:
  bezeichnung: Probe
  dativ: Probe
  kurz: P
  beschreibung: Probe.
  index: [{indikator: B05}]
  naeherung: [{indikator: K06, satz: Probe.}]
""",
    )
    with pytest.raises(Datenfehler, match="„K06“ ist ein Kontextmerkmal"):
        lade_katalog(projekt)


@pytest.mark.parametrize("kennung", [*KONTEXT, "K02", "K04", "K12"])
def test_alter_und_herkunft_werden_in_den_gruppen_abgelehnt(projekt, kennung):
    ersetze(projekt.projekt, "[A03, B05, B11, C03]", f"[A03, B05, {kennung}]")
    with pytest.raises(Datenfehler, match=f"„{kennung}“ beschreibt Alter, Herkunft"):
        lade_katalog(projekt)


def test_alle_falschen_verweise_stehen_in_einer_meldung(projekt):
    ersetze(projekt.projekt, "regelprofil: standard", "regelprofil: standart")
    ersetze(projekt.projekt, "A03, B05", "A03, B0S")
    vorhaben = projekt.vorhaben[0]
    ersetze(vorhaben, "zielgruppe: ", "zielgruppe: x")
    with pytest.raises(Datenfehler) as fehler:
        lade_katalog(projekt)
    text = str(fehler.value)
    assert "„standart“ ist im Katalog nicht beschrieben. Meinten Sie „st" in text
    assert "„B0S“ ist im Katalog nicht beschrieben." in text
    assert f"vorhaben/{vorhaben.stem}.yaml" in text
    assert len(fehler.value.befunde) == 3


def test_unbekannte_quelle_einer_aussage_wird_gemeldet(projekt):
    ersetze(projekt.vorhaben[0], "quelle: ", "quelle: un")
    with pytest.raises(Datenfehler, match="ist im Katalog nicht beschrieben"):
        lade_katalog(projekt)


def test_zwei_vorhaben_mit_gleicher_kennung_sind_ein_fehler(projekt):
    eins = projekt.vorhaben[0]
    shutil.copy(eins, eins.with_name("kopie.yaml"))
    with pytest.raises(Datenfehler, match="Zwei Vorhaben tragen dieselbe id"):
        lade_katalog(projekt)


def test_projekt_ersetzt_eintraege_des_standards(projekt):
    ergaenze(
        projekt,
        "indikatoren",
        "A03: {bezeichnung: Eigener Name, zaehler: z, nenner: n, richtung: hoch, "
        "dimension: grundsicherung, lieferant: l}",
    )
    katalog = lade_katalog(projekt)
    assert katalog.indikator("A03").bezeichnung == "Eigener Name"
    assert katalog.indikator("B01").bezeichnung == "Arbeitslosenanteil"


def test_unbekannte_kennung_macht_einen_vorschlag(katalog):
    with pytest.raises(Katalogfehler, match="Meinten Sie „jugendliche“"):
        katalog.zielgruppe("jugendlich")
    with pytest.raises(Katalogfehler, match="kennt der Katalog nicht"):
        katalog.indikator("Z99")


@pytest.mark.parametrize("wert", ["2", "0", "-1"])
def test_mindestfallzahl_unter_drei_wird_abgelehnt(projekt, wert):
    ergaenze(projekt, "regelprofile", f"lax: {{version: 1, min_zaehler: {wert}}}")
    with pytest.raises(Datenfehler, match="mindestens 3"):
        lade_katalog(projekt)


def test_projekt_wird_am_namen_und_am_pfad_gefunden(tmp_path, projekt):
    daten = WURZEL / "daten"
    assert finde_projekt("bochum", daten=daten).wurzel == daten / "bochum"
    pfad = str(projekt.wurzel)
    assert finde_projekt(pfad, daten=daten).wurzel == projekt.wurzel
    with pytest.raises(Aufruffehler, match="Meinten Sie „bochum“"):
        finde_projekt("bohcum", daten=daten)
    (tmp_path / "leer").mkdir()
    with pytest.raises(Aufruffehler, match=r"fehlt projekt\.yaml"):
        finde_projekt(str(tmp_path / "leer"), daten=daten)


def test_hauswurzel_sucht_aufwaerts():
    assert hauswurzel(WURZEL / "daten" / "bochum") == WURZEL
    assert hauswurzel(WURZEL) == WURZEL


def test_versteckte_und_amtliche_ordner_sind_keine_eingabe(projekt):
    for ordner in (".cache", "amtlich"):
        (projekt.wurzel / ordner).mkdir()
        (projekt.wurzel / ordner / "x.csv").write_text("a;b\n", encoding="utf-8")
    namen = [projekt.name_von(d) for d in projekt.eingaben()]
    assert namen == sorted(namen)
    assert not any(n.startswith((".cache", "amtlich")) for n in namen)
    assert "bestand/arbeitsmarkt.csv" in namen


def test_jede_datei_die_der_katalog_liest_ist_auch_bekannt(projekt):
    """Sonst lehnte die Prüfung eine Datei ab, die der Lauf liest."""
    quelltexte = [
        p.read_text(encoding="utf-8") for p in (WURZEL / "quartierstools").rglob("*.py")
    ]
    muster = re.compile(r'(?:leser\.eintraege\(\w+, |ordner\.katalog\()"(\w+)"')
    namen = {name for text in quelltexte for name in muster.findall(text)}
    assert {"quellen", "pruefregeln", "zielgruppen"} <= namen
    for name in namen:
        projekt.katalog(name).touch()
    assert projekt.fremde() == []
