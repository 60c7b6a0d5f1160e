"""Was man während eines Laufs sieht: Balken, Zeilen, Protokoll."""

import io
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from quartierstools.fehler import Ausgabefehler
from quartierstools.lauf.anzeige import Anzeige, Zeilenprotokoll
from quartierstools.lauf.plan import Schritt
from quartierstools.lauf.vorschau import Vorgesehen, Vorschau


def schritt(nummer):
    return Schritt(
        name=f"50_steckbrief-{nummer:02d}",
        titel=f"Steckbrief {nummer:02d}",
        notebook=Path("50_steckbrief.ipynb"),
    )


def vorschau(anzahl, uebernommen=0):
    schritte = [
        Vorgesehen(
            schritt=schritt(n),
            schluessel=f"{n:064d}",
            rechnen=n >= uebernommen,
            gruende=("neu",) if n >= uebernommen else ("unverändert",),
        )
        for n in range(anzahl)
    ]
    return Vorschau(kennung="0123456789ab", schritte=tuple(schritte))


@dataclass
class Schirm:
    """Konsole, deren Text man lesen kann."""

    terminal: bool

    def __post_init__(self):
        self.strom = io.StringIO()
        self.konsole = Console(
            file=self.strom, force_terminal=self.terminal, width=80, highlight=False
        )

    @property
    def text(self):
        return self.strom.getvalue()


def spiele(anzeige, plan, scheitert=()):
    with anzeige:
        anzeige.sieh_plan(plan)
        for s in plan.zu_rechnen:
            anzeige.sieh_beginn(s.schritt)
            anzeige.sieh_ende(
                s.schritt,
                gelungen=s.schritt.name not in scheitert,
                meldung="Zelle [3] bricht ab: [x]",
                dauer=0.1,
            )


def test_ohne_bildschirm_eine_zeile_je_zehn_notebooks():
    schirm = Schirm(terminal=False)
    spiele(Anzeige(schirm.konsole), vorschau(25, uebernommen=2))
    assert schirm.text.splitlines() == [
        "25 Notebooks: 23 zu rechnen, 2 unverändert übernommen.",
        "10 von 23 Notebooks fertig",
        "20 von 23 Notebooks fertig",
        "23 von 23 Notebooks fertig",
    ]


def test_misserfolg_steht_sofort_da_und_klammern_bleiben():
    schirm = Schirm(terminal=False)
    spiele(Anzeige(schirm.konsole), vorschau(2), scheitert={"50_steckbrief-01"})
    zeile = "Nicht gelungen: 50_steckbrief-01: Zelle [3] bricht ab: [x]"
    assert zeile in schirm.text


def test_am_bildschirm_ein_balken_und_eine_zeile_je_arbeiter():
    schirm = Schirm(terminal=True)
    anzeige = Anzeige(schirm.konsole)
    plan = vorschau(5)
    with anzeige:
        anzeige.sieh_plan(plan)
        for nummer in (0, 1):
            anzeige.sieh_beginn(schritt(nummer))
        zeilen = [a.description for a in anzeige._balken.tasks]
        assert zeilen == ["Notebooks", "  1: Steckbrief 00", "  2: Steckbrief 01"]
        anzeige.sieh_ende(schritt(0), gelungen=True, meldung="", dauer=0.1)
        anzeige.sieh_beginn(schritt(2))
        zeilen = [a.description for a in anzeige._balken.tasks]
        assert zeilen == ["Notebooks", "  1: Steckbrief 02", "  2: Steckbrief 01"]
        gesamt = anzeige._balken.tasks[0]
        assert (gesamt.completed, gesamt.total) == (1, 5)


def test_vorschau_fasst_gleiches_zusammen():
    schirm = Schirm(terminal=False)
    Anzeige(schirm.konsole).zeige_vorschau(vorschau(7, uebernommen=3))
    assert "50_steckbrief (3-mal)" in schirm.text
    assert "50_steckbrief (4-mal)" in schirm.text
    assert schirm.text.splitlines()[-1] == "Geschrieben wurde nichts."


def test_protokoll_ist_eine_json_zeile_je_ereignis(tmp_path):
    datei = tmp_path / "tief" / "protokoll.jsonl"
    plan = vorschau(2, uebernommen=1)
    with Zeilenprotokoll(datei) as protokoll:
        protokoll.sieh_plan(plan)
        protokoll.sieh_hinweis("Hinweis „x“")
        protokoll.sieh_beginn(schritt(1))
        protokoll.sieh_ende(schritt(1), gelungen=False, meldung="aus", dauer=1.23456)
    zeilen = [json.loads(z) for z in datei.read_text(encoding="utf-8").splitlines()]
    assert [z["ereignis"] for z in zeilen] == ["plan", "hinweis", "beginn", "ende"]
    assert zeilen[0]["zu_rechnen"] == ["50_steckbrief-01"]
    assert zeilen[0]["uebernommen"] == ["50_steckbrief-00"]
    assert zeilen[-1] | {"zeit": 0} == {
        "zeit": 0,
        "ereignis": "ende",
        "notebook": "50_steckbrief-01",
        "gelungen": False,
        "meldung": "aus",
        "dauer": 1.235,
    }


def test_protokoll_an_unmoeglichem_ort(tmp_path):
    (tmp_path / "datei").write_text("x", encoding="utf-8")
    with (
        pytest.raises(Ausgabefehler, match="--protokoll"),
        Zeilenprotokoll(tmp_path / "datei" / "p.jsonl"),
    ):
        pass


@pytest.mark.parametrize(
    ("anzahl", "uebernommen", "satz"),
    [
        (1, 0, "1 Notebook, alle zu rechnen."),
        (3, 3, "3 Notebooks, alle unverändert."),
        (3, 1, "3 Notebooks: 2 zu rechnen, 1 unverändert übernommen."),
    ],
)
def test_zusammenfassung_der_vorschau(anzahl, uebernommen, satz):
    assert vorschau(anzahl, uebernommen).satz == satz
