"""Findet die Durchsicht jede Fälschung, und beschuldigt sie niemanden zu Unrecht?"""

import io
import zipfile
from collections import Counter

import pytest
from faelschung import faelsche
from harmlos import WORD
from schriftstuecke_hilfe import Schriftstuecke, aus_laeufen

from quartierstools.nachpruefung.gegenueberstellung import EINGEFUEGT, VON_HAND
from quartierstools.nachpruefung.lesen import lies_docx

PFLICHT = (
    "Ziffer geändert",
    "Ziffer eingefügt",
    "Ziffer gestrichen",
    "Komma verschoben",
    "Einheit",
    "Gebiet vertauscht",
)


@pytest.fixture(scope="module")
def schriftstuecke(laeufe) -> Schriftstuecke:
    return aus_laeufen(laeufe)


def _gefunden(schriftstuecke, anzahl: int, start: int):
    alle, gefunden, verfehlt = Counter(), Counter(), []
    for kopie in faelsche(schriftstuecke.vorlagen, anzahl, schriftstuecke.orte, start):
        stellen = kopie.vorlage.lies(kopie.stuecke)
        ergebnis = schriftstuecke.pruefe(kopie.vorlage.datei, stellen)
        alle[kopie.art] += 1
        if ergebnis.funde:
            gefunden[kopie.art] += 1
        else:
            verfehlt.append((kopie.art, kopie.vorlage.datei.name, kopie.was))
    return alle, gefunden, verfehlt


def test_unversehrte_dateien_werden_nicht_beanstandet(schriftstuecke):
    falsch = [
        (vorlage.datei.name, fund)
        for vorlage in schriftstuecke.vorlagen
        for fund in schriftstuecke.pruefe(vorlage.datei, vorlage.lies()).funde
    ]
    assert falsch == []


def test_eine_stichprobe_von_faelschungen_wird_gefunden(schriftstuecke):
    alle, gefunden, verfehlt = _gefunden(schriftstuecke, 55, 1)
    assert alle.total() == 55
    assert (gefunden.total(), verfehlt) == (55, [])


@pytest.mark.lang
def test_fuenfhundert_faelschungen_werden_gefunden(schriftstuecke):
    alle, gefunden, verfehlt = _gefunden(schriftstuecke, 500, 7)
    assert alle.total() == 500
    assert [v for v in verfehlt if v[0] in PFLICHT] == []
    assert gefunden.total() >= 0.99 * alle.total(), verfehlt


@pytest.fixture(scope="module")
def begruendungen(schriftstuecke):
    return [
        v.datei for v in schriftstuecke.vorlagen if v.datei.name == "begruendung.docx"
    ]


def _xml(datei) -> str:
    with zipfile.ZipFile(datei) as archiv:
        return archiv.read("word/document.xml").decode()


def _mit(datei, aendere) -> list:
    neu = aendere(_xml(datei))
    ziel = io.BytesIO()
    with zipfile.ZipFile(datei) as alt, zipfile.ZipFile(ziel, "w") as archiv:
        for name in alt.namelist():
            inhalt = neu.encode() if name == "word/document.xml" else alt.read(name)
            archiv.writestr(name, inhalt)
    return lies_docx(ziel.getvalue())


@pytest.mark.parametrize("was", WORD)
def test_harmlose_aenderung_wird_nicht_beanstandet(schriftstuecke, begruendungen, was):
    wirksam = 0
    for datei in begruendungen:
        stellen = _mit(datei, WORD[was])
        ergebnis = schriftstuecke.pruefe(datei, stellen)
        assert ergebnis.funde == (), (datei.parent.name, ergebnis.funde)
        wirksam += _xml(datei) != WORD[was](_xml(datei))
    assert wirksam >= (was != "unverändert")


def test_genug_harmlose_aenderungen():
    assert len(WORD) >= 30


def test_von_hand_getippte_zahl_nennt_ort_und_naechsten_beleg(
    schriftstuecke, begruendungen
):
    datei = next(d for d in begruendungen if "wattenscheid" in d.parent.name)
    neu = "<w:p><w:r><w:t>Rund 12,3 Prozent sind betroffen.</w:t></w:r></w:p>"

    def tippe(roh: str) -> str:
        anfang = roh.index("<w:p>")
        return roh[:anfang] + neu + roh[anfang:]

    (fund,) = schriftstuecke.pruefe(datei, _mit(datei, tippe)).funde
    assert (fund.art, fund.steht) == ("ohne Beleg", "12,3 Prozent")
    assert fund.satz == "Rund 12,3 Prozent sind betroffen."
    assert fund.ort.startswith("Absatz")
    stand, _ = schriftstuecke.staende[datei]
    assert stand.belege[fund.beleg]["text"].startswith("12,")


def test_ausgefuellte_felder_sind_hinweise_keine_funde(schriftstuecke, begruendungen):
    datei = begruendungen[0]

    def fuelle(roh: str) -> str:
        return roh.replace("[offen: Beschluss, Datum]", "Rat, 35 Plätze, 14.12.2025")

    ergebnis = schriftstuecke.pruefe(datei, _mit(datei, fuelle))
    assert ergebnis.funde == ()
    assert {h.art for h in ergebnis.hinweise} <= {VON_HAND, EINGEFUEGT}
    assert "35" in {h.steht for h in ergebnis.hinweise}
