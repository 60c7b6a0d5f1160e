"""Schreibt ausgeführte Notebooks so, dass gleiche Läufe gleiche Bytes ergeben.

Ein Notebook ist hier das, was in der Datei steht: JSON. Das Modul lädt nichts Schweres,
denn auch der aufrufende Prozess rettet damit, was ein gestorbener Arbeiter hinterließ.
"""

import json
import os
import re
import sys
from collections.abc import Collection, Sequence
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

from quartierstools.fehler import Ausgabefehler, systemgrund

Json = dict[str, Any]

FEHLERMARKE = "papermill-error-cell-tag"
"""So kennzeichnet papermill Zellen, die auf einen Abbruch hinweisen."""

MITSCHRIFT = "mitschrift.jsonl"
"""Datei im Ordner eines Auftrags, aus der sich ein abgebrochenes Notebook rettet."""

STIL = re.compile(r"\bT_[0-9a-f]{5}(?=[_\"\s])")
"""So benennt pandas gestaltete Tabellen, jedes Mal anders."""

ADRESSE = re.compile(r"(?<= at )0x[0-9a-fA-F]{6,16}\b")
WIDGET = "application/vnd.jupyter.widget-view+json"
FLUECHTIG = ("papermill", "execution")


def reinschrift(
    notebook: Json, *, kennungen: Collection[str], wurzeln: Sequence[str] = ()
) -> Json:
    """Notebook ohne alles, was sich von Lauf zu Lauf ändert.

    Es verschwinden Laufzeiten und Pfade von papermill, Widgets, Speicheradressen und
    die Ordner, in denen Pakete liegen; zugefügte Zellen bekommen feste Kennungen.

    Parameters
    ----------
    notebook : dict
        Inhalt einer Notebook-Datei; bleibt unverändert.
    kennungen : Collection of str
        Zellkennungen der Vorlage; alle anderen werden ersetzt.
    wurzeln : Sequence of str
        Ordner, die in Fehlermeldungen weggelassen werden.

    Returns
    -------
    dict
        Neues Notebook.

    Examples
    --------
    >>> zelle = {"cell_type": "code", "id": "x1", "source": "", "outputs": [],
    ...          "metadata": {"tags": ["injected-parameters"], "execution": {}}}
    >>> sauber = reinschrift({"cells": [zelle], "metadata": {}}, kennungen=[])
    >>> sauber["cells"][0]["id"], sauber["cells"][0]["metadata"]
    ('parameter', {'tags': ['injected-parameters']})
    """
    neu = deepcopy(notebook)
    for name in ("papermill", "widgets"):
        neu["metadata"].pop(name, None)
    vergeben = set(kennungen)
    tabellen: dict[str, str] = {}
    for nummer, zelle in enumerate(neu["cells"], start=1):
        _saeubere_metadaten(zelle["metadata"])
        if zelle.get("id") not in kennungen:
            zelle["id"] = _kennung(zelle, nummer, vergeben)
        if "outputs" in zelle:
            zelle["outputs"] = [
                ausgabe
                for ausgabe in zelle["outputs"]
                if _saeubere_ausgabe(ausgabe, wurzeln, tabellen)
            ]
    return neu


def schreibe_notebook(notebook: Json, ziel: Path, *, marke: str) -> Path:
    """Schreibt `notebook` nach `ziel`; dort steht nie ein halbes.

    Parameters
    ----------
    notebook : dict
        Inhalt der Datei.
    ziel : Path
        Zieldatei; fehlende Ordner werden angelegt.
    marke : str
        Macht den vorläufigen Namen eindeutig, siehe `vorlaeufig`.

    Raises
    ------
    Ausgabefehler
        Wenn sich die Datei nicht schreiben lässt.
    """
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    daneben = vorlaeufig(ziel, marke)
    try:
        ziel.parent.mkdir(parents=True, exist_ok=True)
        # Halbe Ersatzzeichen aus Ausgaben dürfen das Schreiben nicht verhindern.
        daneben.write_bytes(text.encode("utf-8", errors="replace"))
        daneben.replace(ziel)
    except OSError as fehler:
        with suppress(OSError):
            daneben.unlink(missing_ok=True)
        grund = systemgrund(fehler)
        raise Ausgabefehler(
            f"„{ziel}“ lässt sich nicht schreiben: {grund}. "
            "Platz und Rechte prüfen, dann neu starten."
        ) from fehler
    return ziel


def vorlaeufig(ziel: Path, marke: str) -> Path:
    """Name, unter dem eine Datei entsteht, bevor sie an ihren Platz rückt.

    Examples
    --------
    >>> vorlaeufig(Path("lauf/bericht.ipynb"), "7").as_posix()
    'lauf/.bericht.ipynb.7'
    """
    return ziel.with_name(f".{ziel.name}.{marke}")


def wurzeln_dieses_prozesses(ordner: Path | None = None) -> list[str]:
    """Ordner, in denen Python Pakete sucht, die längsten zuerst."""
    orte = {str(Path(ort).resolve()) for ort in sys.path if ort}
    orte |= {ort for ort in sys.path if Path(ort).is_absolute()}
    orte.add(str(Path(__file__).resolve().parents[2]))
    if ordner is not None:
        orte.add(str(ordner))
    orte -= {os.sep, str(Path(os.sep).resolve())}
    heim = str(Path.home()) + os.sep
    orte |= {"~" + os.sep + ort.removeprefix(heim) for ort in orte if heim in ort}
    return sorted(orte, key=lambda ort: (-len(ort), ort))


def schreibe_mit(datei: Path, notebook: Json, nummer: int) -> None:
    """Merkt in `datei`, dass Zelle `nummer` beginnt und wie die vorigen aussehen.

    Stirbt der Prozess, macht `gerettet` daraus wieder ein Notebook. Jede Zelle wird
    nur einmal geschrieben.
    """
    zellen = notebook["cells"]
    with datei.open("a", encoding="utf-8", errors="replace") as strom:
        if nummer == 0:
            strom.write(json.dumps({"notebook": notebook}) + "\n")
        else:
            vorige = {"nummer": nummer - 1, "zelle": zellen[nummer - 1]}
            strom.write(json.dumps(vorige) + "\n")


def gerettet(mitschrift: Path, vorlage: Path, meldung: str) -> tuple[Json, int]:
    """Notebook bis zu der Zelle, in der der Prozess starb, mit einem Hinweis davor.

    Parameters
    ----------
    mitschrift : Path
        Von `schreibe_mit`; darf fehlen oder mitten in einer Zeile enden.
    vorlage : Path
        Das nicht ausgeführte Notebook.
    meldung : str
        Was geschehen ist.

    Returns
    -------
    tuple of (dict, int)
        Notebook und Nummer der Zelle ab 1; 0, wenn keine begonnen hat.
    """
    eintraege = _lies_mitschrift(mitschrift)
    if not eintraege:
        notebook = json.loads(vorlage.read_text(encoding="utf-8"))
        stelle = 0
    else:
        notebook = eintraege[0]["notebook"]
        for eintrag in eintraege[1:]:
            notebook["cells"][eintrag["nummer"]] = eintrag["zelle"]
        stelle = len(eintraege)
    hinweis = {
        "cell_type": "markdown",
        "id": "",
        "metadata": {"tags": [FEHLERMARKE]},
        "source": f"**Hier abgebrochen.** {meldung}",
    }
    notebook["cells"].insert(max(stelle - 1, 0), hinweis)
    return notebook, stelle


def _lies_mitschrift(mitschrift: Path) -> list[Json]:
    if not mitschrift.exists():
        return []
    eintraege = []
    for zeile in mitschrift.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            eintraege.append(json.loads(zeile))
        except json.JSONDecodeError:
            break
    return eintraege


def _saeubere_metadaten(metadaten: Json) -> None:
    for name in FLUECHTIG:
        metadaten.pop(name, None)
    if not metadaten.get("tags", True):
        del metadaten["tags"]


def _kennung(zelle: Json, nummer: int, vergeben: set[str]) -> str:
    marken = zelle["metadata"].get("tags", [])
    if "injected-parameters" in marken:
        stamm = "parameter"
    elif FEHLERMARKE in marken:
        stamm = "abbruch"
    else:
        stamm = f"zelle-{nummer}"
    kennung, zaehler = stamm, 1
    while kennung in vergeben:
        zaehler += 1
        kennung = f"{stamm}-{zaehler}"
    vergeben.add(kennung)
    return kennung


def _saeubere_ausgabe(
    ausgabe: Json, wurzeln: Sequence[str], tabellen: dict[str, str]
) -> bool:
    """Säubert an Ort und Stelle; falsch, wenn nichts übrig bleibt."""
    if ausgabe["output_type"] == "stream":
        ausgabe["text"] = _sauber(ausgabe["text"], wurzeln)
    elif ausgabe["output_type"] == "error":
        ausgabe["evalue"] = _sauber(ausgabe["evalue"], wurzeln)
        ausgabe["traceback"] = _sauber(ausgabe["traceback"], wurzeln)
    else:
        daten = ausgabe["data"]
        daten.pop(WIDGET, None)
        for art in daten:
            if art.startswith("text/"):
                daten[art] = _sauber(daten[art], ())
        if "text/html" in daten:
            daten["text/html"] = _zaehle_tabellen(daten["text/html"], tabellen)
        return bool(daten)
    return True


def _zaehle_tabellen(
    text: str | list[str], tabellen: dict[str, str]
) -> str | list[str]:
    """Zählt gestaltete Tabellen durch, statt sie auszuwürfeln."""
    zeilen = [text] if isinstance(text, str) else text

    def nummeriert(fund: re.Match[str]) -> str:
        return tabellen.setdefault(fund[0], f"T_{len(tabellen) + 1:05d}")

    if not any('<table id="T_' in zeile for zeile in zeilen):
        return text
    neue = [STIL.sub(nummeriert, zeile) for zeile in zeilen]
    return neue[0] if isinstance(text, str) else neue


def _sauber(text: str | list[str], wurzeln: Sequence[str]) -> str | list[str]:
    if isinstance(text, list):
        return [str(_sauber(zeile, wurzeln)) for zeile in text]
    for wurzel in wurzeln:
        if wurzel in text:
            text = text.replace(wurzel + os.sep, "")
    return ADRESSE.sub("0x0", text)
