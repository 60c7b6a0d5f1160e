"""Die Beispiele in CONTRIBUTING und im Handbuch laufen, wie sie dort stehen."""

import inspect
import re
import shutil

import pytest
from hausmittel import WURZEL

from quartierstools.analyse.normierungen import NORMIERUNGEN
from quartierstools.eingang import lies_datenstand
from quartierstools.katalog import Projektordner

CONTRIBUTING = WURZEL / "CONTRIBUTING.md"
ANLEITUNGEN = WURZEL / "docs" / "handbuch" / "anleitungen"
DATEI = re.compile(r"# daten/bochum/(\S+)\n")


def bloecke(text: str, sprache: str) -> list[str]:
    return re.findall(rf"^```{sprache}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def abschnitt(titel: str) -> str:
    text = CONTRIBUTING.read_text(encoding="utf-8")
    return text.split(f"## {titel}\n", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]


def lege_an(text: str, projekt) -> None:
    """Schreibt jeden Block, dessen erste Zeile eine Datei nennt, ins Projekt."""
    for block in (*bloecke(text, "yaml"), *bloecke(text, "text")):
        if treffer := DATEI.match(block):
            ziel = projekt / treffer[1]
            inhalt = block[treffer.end() :]
            if ziel.suffix == ".yaml" and ziel.is_file():
                inhalt = ziel.read_text(encoding="utf-8") + inhalt
            ziel.write_text(inhalt, encoding="utf-8")


@pytest.fixture
def projekt(tmp_path):
    return shutil.copytree(WURZEL / "daten" / "bochum", tmp_path / "bochum")


@pytest.mark.parametrize(
    ("titel", "anzahl"),
    [
        ("Einen Indikator ergänzen", 1),
        ("Eine Normierung ergänzen", 2),
        ("Ein Diagramm ergänzen", 2),
        pytest.param("Ein Notebook ergänzen", 2, marks=pytest.mark.lang),
    ],
)
def test_beispiel_laeuft_mit_seinem_test(titel, anzahl, projekt, tmp_path):
    bekannt = dict(NORMIERUNGEN)
    text = abschnitt(titel)
    lege_an(text, projekt)
    teile = bloecke(text, "python")
    assert len(teile) == anzahl
    namen: dict[str, object] = {}
    try:
        for teil in teile:
            exec(teil, namen)  # noqa: S102 – eigene Beispiele
        tests = {n: w for n, w in namen.items() if n.startswith("test_")}
        assert len(tests) == 1
        for test in tests.values():
            erlaubt = {"projekt": projekt, "ordner": tmp_path}
            test(**{n: erlaubt[n] for n in inspect.signature(test).parameters})
    finally:
        NORMIERUNGEN.clear()
        NORMIERUNGEN.update(bekannt)


@pytest.mark.parametrize("seite", ["neuer_indikator", "neue_zielgruppe"])
def test_anleitung_ergibt_ein_gueltiges_projekt(seite, projekt):
    text = (ANLEITUNGEN / f"{seite}.md").read_text(encoding="utf-8")
    vorher = lies_datenstand(Projektordner(projekt)).katalog
    lege_an(text, projekt)
    nachher = lies_datenstand(Projektordner(projekt)).katalog
    neu = {
        *(set(nachher.indikatoren) - set(vorher.indikatoren)),
        *(set(nachher.zielgruppen) - set(vorher.zielgruppen)),
    }
    assert len(neu) == 1
