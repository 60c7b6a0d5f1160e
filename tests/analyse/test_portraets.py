"""Sind Portraets, Kurzregel und Beiträge lesbar und ohne Stigma?"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from quartierstools.analyse import (
    Bedarfsindex,
    Typisierung,
    Typname,
    beanstandungen,
    beitragssatz,
    kurzregel,
    lies_typnamen,
    portraets,
    wasserfall,
)
from quartierstools.fehler import Katalogfehler

GOLD = Path(__file__).parent / "golddateien"
NAMEN = {"B01": "Arbeitslosenanteil", "J09": "Gymnasialempfehlungen"}
NAMEN["K08"] = "Haushalte mit Kindern"
EINHEITEN = dict.fromkeys(NAMEN, "%")


@pytest.fixture
def modell(drei_gruppen):
    richtungen = {"B01": "hoch", "J09": "niedrig", "K08": "hoch"}
    return Typisierung(richtungen=richtungen).fit(drei_gruppen + 10)


def test_saetze_stehen_in_der_golddatei(modell):
    """Erneuert wird die Datei nur von Hand und mit Durchsicht."""
    tabelle = portraets(
        modell, bezeichnungen=NAMEN, einheiten=EINHEITEN, kontext=["K08"]
    )
    regel = kurzregel(modell)
    zeilen = [modell.begruendung_, *modell.hinweise_]
    zeilen += [
        f"{n} – {s}" for n, s in zip(tabelle["name"], tabelle["satz"], strict=True)
    ]
    for gebiet in ("001", "012", "027", "003"):
        zeilen.append(regel.warum(gebiet, bezeichnungen=NAMEN, einheiten=EINHEITEN))
        zeilen.append(
            regel.was_waere_anders(gebiet, bezeichnungen=NAMEN, einheiten=EINHEITEN)
        )
    text = "\n".join(zeilen).replace("\u00a0", " ") + "\n"
    assert text == (GOLD / "typen.txt").read_text(encoding="utf-8")


def test_entwurf_bis_zur_bestaetigung(modell):
    namen = {
        "A": Typname(
            name="Ruhige Lage", bestaetigt_von="Sozialkonferenz", am="2026-03-01"
        ),
        "B": Typname(name="Mittlere Lage", bestaetigt_von="Sozialkonferenz"),
    }
    tabelle = portraets(modell, namen=namen)
    assert tabelle["name"].tolist()[:2] == ["Ruhige Lage", "Entwurf: Mittlere Lage"]
    assert tabelle["bestaetigt"].tolist() == [True, False, False]


def test_kontext_steht_nie_im_namen(modell):
    alle = portraets(modell)["name"].str.contains("K08")
    ohne = portraets(modell, kontext=["K08"])["name"].str.contains("K08")
    assert alle.any()
    assert not ohne.any()


def test_nur_kontext_faellt_auf_heisst_nahe_am_mittel(modell):
    namen = portraets(modell, kontext=["B01", "J09", "K08"])["name"]
    assert set(namen) == {"Entwurf: nahe am Mittel"}


def test_ohne_typen_keine_portraets():
    rng = np.random.default_rng(1)
    modell = Typisierung().fit(pd.DataFrame(rng.normal(size=(30, 3))))
    assert portraets(modell).empty


def test_namen_aus_datei(tmp_path):
    datei = tmp_path / "typen.yaml"
    datei.write_text(
        "A: {name: Ruhige Lage, bestaetigt_von: Konferenz, am: 2026-03-01}\n"
        "B: Entwurf\n",
        encoding="utf-8",
    )
    namen = lies_typnamen(datei)
    assert namen["A"].bestaetigt
    assert namen["A"].am == "2026-03-01"
    assert not namen["B"].bestaetigt


def test_stigma_und_fremde_felder_werden_zurueckgewiesen(tmp_path):
    datei = tmp_path / "typen.yaml"
    datei.write_text(
        "A: {name: Sozialer Brennpunkt}\nB: {titel: x}\n", encoding="utf-8"
    )
    with pytest.raises(Katalogfehler) as fehler:
        lies_typnamen(datei)
    assert "Typ A: „brennpunkt“ vermeiden" in str(fehler.value)
    assert "Typ B: erwartet werden `name`" in str(fehler.value)


def test_namensentwuerfe_sind_nie_zu_beanstanden(modell):
    for name in portraets(modell, bezeichnungen=NAMEN)["name"]:
        assert beanstandungen(name) == []


def test_kurzregel_stellt_hoechstens_drei_fragen(modell):
    for fragen in (1, 2, 3):
        regel = kurzregel(modell, fragen=fragen)
        mit_typ = modell.labels_.index[modell.labels_ >= 0]
        assert max(len(regel.weg(g)[0]) for g in mit_typ) <= fragen


def test_kurzregel_zaehlt_ihre_treffer(modell):
    regel = kurzregel(modell)
    mit_typ = modell.labels_[modell.labels_ >= 0]
    treffer = sum(regel.weg(g)[1] == typ for g, typ in mit_typ.items())
    assert (regel.treffer, regel.gebiete) == (treffer, 28)
    assert treffer == 28


def test_kurzregel_gibt_zu_wenn_sie_abweicht(modell):
    """Mit einer Frage lassen sich drei Typen nicht trennen."""
    regel = kurzregel(modell, fragen=1)
    assert regel.treffer < regel.gebiete
    falsch = next(
        g
        for g, typ in modell.labels_[modell.labels_ >= 0].items()
        if regel.weg(g)[1] != typ
    )
    assert "die Kurzregel führt zu Typ" in regel.warum(falsch)


def test_kurzregel_fuer_gruppen_zum_beschreiben():
    x = pd.DataFrame(np.random.default_rng(1).normal(size=(30, 3)), columns=list("abc"))
    regel = kurzregel(Typisierung(beschreibung=3).fit(x))
    assert regel.gebiete == 30
    assert regel.treffer >= 25


def test_die_genannte_aenderung_fuehrt_wirklich_zum_anderen_typ(modell):
    regel = kurzregel(modell)
    for gebiet in modell.labels_.index[modell.labels_ >= 0]:
        satz = regel.was_waere_anders(gebiet)
        merkmal, lage, wert = satz.split(": ")[1].split(" ")[:3]
        grenze = float(wert.replace(",", "."))
        zeile = modell.eingabe_.loc[[gebiet]].copy()
        zeile[merkmal] = grenze + (0.06 if lage == "über" else -0.06)
        neu = modell.buchstaben(zeile).iloc[0]
        assert satz.startswith(f"Typ {neu} wäre näher bei: ")
        assert neu != modell.typ_[gebiet]


def test_wasserfall_endet_beim_index(lage):
    index = Bedarfsindex().fit(lage)
    for gebiet in lage.index:
        stufen = wasserfall(index, gebiet)
        assert stufen["bis"].iloc[-1] == pytest.approx(index.index_[gebiet])
        assert stufen["von"].iloc[0] == 0
        np.testing.assert_allclose(stufen["von"].iloc[1:], stufen["bis"].iloc[:-1])
        assert stufen["beitrag"].abs().round(9).is_monotonic_decreasing


def test_wasserfall_gibt_es_nicht_fuer_faktoren(lage):
    index = Bedarfsindex(normierung="minmax", zusammenfassung="geometrisch").fit(lage)
    with pytest.raises(ValueError, match="Beiträge sind Faktoren"):
        wasserfall(index, "000")


def test_beitragssatz_nennt_dieselben_zahlen_wie_der_wasserfall(lage):
    index = Bedarfsindex().fit(lage)
    satz = beitragssatz(index, "004", name="Hamme")
    for merkmal, beitrag in wasserfall(index, "004")["beitrag"].items():
        if abs(beitrag) >= 0.05:
            zahl = f"{beitrag:+.1f}".replace(".", ",").replace("-", "−")
            assert f"{merkmal} {zahl}" in satz
    assert "dem Mittel der 30 Bezirke" in satz


def test_ein_indikator_heisst_nicht_index(lage):
    modell = Bedarfsindex().fit(lage[["A03"]])
    wert = f"{abs(modell.index_['004']):.1f}".replace(".", ",")
    lagewort = "über" if modell.index_["004"] > 0 else "unter"
    assert beitragssatz(modell, "004", bezeichnungen={"A03": "Kinderarmut"}) == (
        f"004: Kinderarmut {wert} Standardabweichungen {lagewort} dem Mittel der 30 "
        "Bezirke."
    )


def test_beitragssatz_ohne_index_nennt_den_grund(lage):
    luecke = lage.copy()
    luecke.loc["004", "B05"] = np.nan
    index = Bedarfsindex().fit(luecke)
    assert beitragssatz(index, "004") == "004: kein Index (B05: liegt nicht vor)."
    assert wasserfall(index, "004").empty
