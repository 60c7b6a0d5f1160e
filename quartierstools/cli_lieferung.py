"""Befehle rund um Lieferungen: `uebernimm`, `ueberfuehre` und `indikatoren`."""

import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quartierstools.fehler import Aufruffehler

if TYPE_CHECKING:
    from quartierstools.eingang.lieferuebernahme import Lieferuebernahme
    from quartierstools.eingang.pruefergebnis import Pruefbericht
    from quartierstools.katalog import Projektordner

app = typer.Typer(name="lieferung")

PRUEFBERICHT = Path("pruefung", "datenpruefung.html")
VORSCHLAG = "lieferung.vorschlag.yaml"
HOECHSTENS = 20
"""So viele geänderte Werte stehen einzeln auf dem Bildschirm."""

Projekt = Annotated[str, typer.Option(help="Ordnername unter daten oder ein Pfad.")]


def zeige_pruefung(
    ergebnis: "Pruefbericht", ordner: "Projektordner", ziel: Path | None = None
) -> None:
    """Zeigt Befunde, schreibt den Bericht und, wenn es einen gibt, den Vorschlag."""
    from rich.console import Console  # noqa: PLC0415

    from quartierstools.ausgabe.html import html_seite  # noqa: PLC0415
    from quartierstools.ausgabe.packen import schreibe  # noqa: PLC0415
    from quartierstools.eingang.pruefdarstellung import (  # noqa: PLC0415
        als_bildschirmtabelle,
        pruefdokument,
    )
    from quartierstools.katalog import hauswurzel  # noqa: PLC0415

    bildschirm = Console(highlight=False)
    if ergebnis.befunde:
        bildschirm.print(als_bildschirmtabelle(ergebnis, bildschirm.width))
    ziel = ziel or hauswurzel() / "ausgaben" / ordner.wurzel.name / PRUEFBERICHT
    schreibe(ziel, html_seite(pruefdokument(ergebnis)))
    typer.echo(f"Bericht (intern): {ziel}")
    if ergebnis.vorschlaege:
        vorschlag = ziel.with_name(VORSCHLAG)
        schreibe(vorschlag, "".join(ergebnis.vorschlaege).encode())
        typer.echo(
            f"Vorschlag: {vorschlag}; bitte prüfen, offene Fragen beantworten und als "
            "lieferung.yaml neben die Lieferung legen."
        )
    typer.echo(ergebnis.satz)


def naechster_befehl(
    ergebnis: "Pruefbericht", dateien: Sequence[str], projekt: str
) -> str:
    """Was nach einer Prüfung von Lieferungen kommt; leer, wenn erst Mängel."""
    from quartierstools.eingang.adressen import (  # noqa: PLC0415
        adressart,
        ohne_kennwort,
    )

    if not ergebnis.in_ordnung or ergebnis.werte is None or ergebnis.vorschlaege:
        return ""
    namen = shlex.join(ohne_kennwort(d) if adressart(d) else d for d in dateien)
    return (
        "Noch steht nichts im Bestand. Weiter mit: quartier uebernimm "
        f"{namen} --projekt {shlex.quote(projekt)}"
    )


@app.command()
def uebernimm(
    dateien: Annotated[
        list[str],
        typer.Argument(
            help="Lieferungen, alle zusammengehörigen auf einmal.", metavar="DATEI…"
        ),
    ],
    projekt: Projekt = "bochum",
    *,
    ersetzen: Annotated[
        bool,
        typer.Option(
            "--ersetzen", help="Auch Werte, die schon anders im Bestand stehen."
        ),
    ] = False,
) -> None:
    """Prüft Lieferungen und schreibt ihre Werte nach bestand/.

    Zähler und Nenner dürfen in verschiedenen Dateien stehen. Bei einem Mangel wird
    nichts geschrieben. Ende 0: übernommen oder schon so da; 1: ein Mangel, eine offene
    Frage oder ein Wert, der schon anders dasteht.
    """
    from quartierstools.eingang.lieferuebernahme import (  # noqa: PLC0415
        uebernimm_lieferungen,
    )
    from quartierstools.katalog import finde_projekt, hauswurzel  # noqa: PLC0415

    ordner = finde_projekt(projekt, daten=hauswurzel() / "daten")
    quellen = [datei if "://" in datei else Path(datei) for datei in dateien]
    ergebnis = uebernimm_lieferungen(quellen, ordner, ersetzen=ersetzen)
    zeige_pruefung(ergebnis.bericht, ordner)
    for zeile in _uebernahmezeilen(ergebnis, ordner, projekt):
        typer.echo(zeile)
    if not ergebnis.in_ordnung:
        raise typer.Exit(1)


def _uebernahmezeilen(
    ergebnis: "Lieferuebernahme", ordner: "Projektordner", projekt: str
) -> list[str]:
    from quartierstools.schreibweise import datum_text  # noqa: PLC0415

    zeilen = [
        f"{z['indikator']} {z['bezeichnung']}, "
        f"{datum_text(date.fromisoformat(str(z['stichtag'])))}: {z['neu']} neu, "
        f"{z['gleich']} gleich, {z['geändert']} geändert"
        for z in ergebnis.uebersicht.to_dict("records")
    ]
    gezeigt = ergebnis.aenderungen[:HOECHSTENS]
    zeilen += [f"  geändert: {aenderung}" for aenderung in gezeigt]
    if rest := len(ergebnis.aenderungen) - len(gezeigt):
        zeilen.append(f"  und {rest} weitere geänderte Werte")
    for wort, dateien in (
        ("Gesichert", ergebnis.gesichert),
        ("Geschrieben", ergebnis.geschrieben),
        ("Entfernt (ohne eigene Werte)", ergebnis.entfernt),
    ):
        zeilen += [f"{wort}: {ordner.name_von(datei)}" for datei in dateien]
    zeilen.append(ergebnis.satz)
    if ergebnis.in_ordnung:
        zeilen.append(
            f"Weiter mit: quartier pruefe --projekt {projekt}, dann quartier lauf "
            f"--projekt {projekt}"
        )
    return zeilen


@app.command()
def ueberfuehre(
    tabellen: Annotated[
        list[Path],
        typer.Argument(
            help="Bestandstabellen mit den alten Schlüsseln.", metavar="TABELLE…"
        ),
    ],
    bruecke: Annotated[
        Path,
        typer.Option(help="CSV mit alt, neu, gewicht.", metavar="DATEI"),
    ],
    projekt: Projekt = "bochum",
    ziel: Annotated[
        Path | None,
        typer.Option(help="Ordner für die neuen Tabellen.", metavar="ORDNER"),
    ] = None,
) -> None:
    """Rechnet Werte auf neue Gebietsgrenzen um.

    Umbenanntes und Zusammengelegtes ist genau und passt in den Bestand. Wo ein
    Gebiet geteilt wurde, entsteht eine Schätzung in einer eigenen Tabelle, die
    kein Lauf liest. Gesperrtes bleibt gesperrt, Fehlendes fehlt.
    """
    from quartierstools.eingang.ueberfuehrung import (  # noqa: PLC0415
        ANZAHLEN,
        schreibe_ueberfuehrung,
        ueberfuehre_bestand,
    )
    from quartierstools.katalog import finde_projekt, hauswurzel  # noqa: PLC0415
    from quartierstools.schreibweise import datum_text  # noqa: PLC0415

    ordner = finde_projekt(projekt, daten=hauswurzel() / "daten")
    ergebnis = ueberfuehre_bestand(tabellen, bruecke, ordner)
    ziel = ziel or hauswurzel() / "ausgaben" / ordner.wurzel.name / "neue_grenzen"
    if ziel.resolve() == (ordner.wurzel / "bestand").resolve():
        raise Aufruffehler(
            "In bestand/ gehört nur, was genau ist. Bitte mit --ziel einen anderen "
            "Ordner wählen."
        )
    dateien = schreibe_ueberfuehrung(ergebnis, ziel, tabellen[0].stem)
    for z in ergebnis.uebersicht.to_dict("records"):
        tag = datum_text(date.fromisoformat(str(z["stichtag"])))
        zahlen = ", ".join(f"{z[wort]} {wort}" for wort in ANZAHLEN)
        typer.echo(f"{z['indikator']}, {tag}: {zahlen}")
    for datei in dateien:
        typer.echo(f"Geschrieben (intern): {datei}")
    if not dateien:
        typer.echo("Nichts geschrieben: Kein Wert ließ sich umrechnen.")
    if not ergebnis.geschaetzt.empty:
        typer.echo("Schätzungen gehen in keinen Lauf ein.")
    if not ergebnis.genau.empty:
        typer.echo(
            f"Weiter mit: {dateien[0].name} nach bestand/ legen, dann quartier pruefe "
            f"--projekt {shlex.quote(projekt)}"
        )


@app.command()
def indikatoren(
    projekt: Projekt = "bochum",
    zielgruppe: Annotated[
        str | None, typer.Option(help="Nur, was diese Zielgruppe verwendet.")
    ] = None,
) -> None:
    """Zeigt alle Indikatoren: Kennung, Name, Einheit, Zähler, Nenner, wofür."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from quartierstools.katalog import finde_projekt, hauswurzel  # noqa: PLC0415
    from quartierstools.katalog.katalog import lade_stammkatalog  # noqa: PLC0415
    from quartierstools.katalog.verzeichnis import (  # noqa: PLC0415
        indikatorenverzeichnis,
    )

    ordner = finde_projekt(projekt, daten=hauswurzel() / "daten")
    verzeichnis = indikatorenverzeichnis(*lade_stammkatalog(ordner), zielgruppe)
    tabelle = Table(title=f"Indikatoren ({projekt})", title_justify="left")
    for kopf in ("Kennung", "Name", "Einheit", "Zähler", "Nenner", "Zielgruppen"):
        tabelle.add_column(kopf, no_wrap=kopf == "Kennung", overflow="fold")
    for zeile in verzeichnis:
        tabelle.add_row(*map(Text, zeile))
    Console(highlight=False).print(tabelle)
    typer.echo(
        "Einen eigenen Indikator beschreiben: katalog/indikatoren.yaml, siehe "
        "daten/README.md."
    )
