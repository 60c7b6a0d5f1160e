"""Der Plan eines Laufs: Reihenfolge, Parameter, verständliche Ablehnung."""

import shutil

import pytest
from hausmittel import PROJEKTE, WURZEL

from quartierstools.auswertung import Einstellung
from quartierstools.fehler import Aufruffehler
from quartierstools.katalog import Projektordner, lade_katalog
from quartierstools.lauf.parameter import lies_parameter
from quartierstools.lauf.plan import NOTEBOOKS, VORBEHALTEN, plane


@pytest.fixture(scope="module", params=PROJEKTE)
def katalog(request):
    return lade_katalog(Projektordner(WURZEL / "daten" / request.param))


def entwirf(katalog, werte=None, ordner=WURZEL / "notebooks", stadtbezirke=()):
    return plane(
        katalog,
        ("010", "24"),
        ordner=ordner,
        projekt=katalog.projekt.id,
        werte=werte or {},
        stadtbezirke=stadtbezirke,
    )


def test_erst_datenlage_und_typen_dann_alles_andere(katalog):
    erste, zweite, dritte = entwirf(katalog).stufen
    assert [s.name for s in erste] == ["10_datenlage", "20_typisierung"]
    gruppen = [f"30_bedarf-{z}" for z in katalog.projekt.zielgruppen]
    vorhaben = [f"40_begruendung-{v}" for v in sorted(katalog.vorhaben)]
    assert [s.name for s in zweite] == [
        *gruppen,
        "35_angebote",
        *vorhaben,
        "50_steckbrief-010",
        "50_steckbrief-24",
    ]
    assert [s.name for s in dritte] == ["70_steckbriefband"]


def test_je_stadtbezirk_ein_auszug(katalog):
    plan = entwirf(katalog, stadtbezirke=["1", "2"])
    letzte = plan.schritte[-3:-1]
    assert [s.name for s in letzte] == ["60_stadtbezirk-1", "60_stadtbezirk-2"]
    assert [s.parameter["stadtbezirk"] for s in letzte] == ["1", "2"]


def test_jeder_schritt_heisst_anders(katalog):
    namen = [s.name for s in entwirf(katalog).schritte]
    assert len(namen) == len(set(namen))


def test_schluessel_bleiben_text_mit_fuehrender_null(katalog):
    parameter = entwirf(katalog).schritte[-3].parameter
    assert parameter["gebiet"] == "010"
    assert isinstance(parameter["gebiet"], str)


def test_alle_notebooks_bekommen_dieselben_einstellungen(katalog):
    plan = entwirf(katalog, {"anzahl_typen": "4", "startwert": "7"})
    for schritt in plan.schritte:
        assert schritt.parameter["anzahl_typen"] == 4
        assert schritt.parameter["startwert"] == 7
        assert schritt.parameter["projekt"] == katalog.projekt.id


def test_ohne_angabe_setzt_der_plan_nur_wozu_er_da_ist(katalog):
    gesetzt = [set(s.parameter) for s in entwirf(katalog).schritte]
    assert gesetzt[:2] == [{"projekt"}] * 2
    assert gesetzt[2] == {"projekt", "zielgruppe"}
    assert gesetzt[-2] == {"projekt", "gebiet"}
    assert gesetzt[-1] == {"projekt"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_vorgaben_der_notebooks_sind_die_der_auswertung(name):
    """Sonst rechnete der Lauf anders als ein von Hand geöffnetes Notebook."""
    parameter = lies_parameter(WURZEL / "notebooks" / name)
    vorgaben = {p.name: p.vorgabe for p in parameter.values()}
    soll = Einstellung()
    for feld in ("fassung", "varianten", "startwert"):
        assert vorgaben[feld] == getattr(soll, feld)
    assert (vorgaben["anzahl_typen"] or 0) == soll.anzahl_typen


@pytest.mark.parametrize("name", VORBEHALTEN)
def test_was_der_plan_setzt_ist_vorbehalten(katalog, name):
    with pytest.raises(Aufruffehler, match=f"{name} setzt der Plan selbst"):
        entwirf(katalog, {name: "x"})


def test_tippfehler_im_parameter_macht_einen_vorschlag(katalog):
    with pytest.raises(Aufruffehler, match="Meinten Sie „anzahl_typen“"):
        entwirf(katalog, {"anzahl_typn": "4"})


@pytest.mark.parametrize(
    ("name", "wert"),
    [
        ("anzahl_typen", "1"),
        ("anzahl_typen", "9"),
        ("anzahl_typen", "vier"),
        ("anzahl_typen", "3,5"),
        ("varianten", "99"),
        ("varianten", "-5"),
        ("startwert", "-1"),
        ("fassung", "geheim"),
        ("fassung", "öffentlich"),
        ("fassung", ""),
    ],
)
def test_falscher_wert_nennt_den_parameter_und_bricht_ab(katalog, name, wert):
    with pytest.raises(Aufruffehler, match=name):
        entwirf(katalog, {name: wert})


def test_alle_falschen_werte_auf_einmal(katalog):
    with pytest.raises(Aufruffehler) as fehler:
        entwirf(katalog, {"anzahl_typen": "x", "varianten": "y", "startwrt": "1"})
    for name in ("anzahl_typen", "varianten", "startwrt"):
        assert name in str(fehler.value)


def test_fehlendes_notebook_wird_benannt(katalog, tmp_path):
    ordner = tmp_path / "notebooks"
    shutil.copytree(WURZEL / "notebooks", ordner)
    (ordner / "30_bedarf.ipynb").unlink()
    (ordner / "40_begruendung.ipynb").unlink()
    with pytest.raises(
        Aufruffehler, match=r"fehlen Notebooks: 30_bedarf\.ipynb, 40_begruendung\.ipynb"
    ):
        entwirf(katalog, ordner=ordner)


def test_jedes_notebook_im_ordner_gehoert_zum_plan():
    """Mit 00 beginnt, was zum Erkunden von Hand geöffnet wird."""
    namen = sorted(p.name for p in (WURZEL / "notebooks").glob("*.ipynb"))
    assert [n for n in namen if not n.startswith("00_")] == [*NOTEBOOKS]
