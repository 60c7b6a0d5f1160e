"""Wie rufe ich es? Der Befehl `quartier`.

Exit 0 = gut, 1 = fachlicher Mangel, 2 = falscher Aufruf. Schwere Bibliotheken laden
erst im Befehl, damit `quartier --help` sofort antwortet.
"""

import io
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
import typer.core
import typer.rich_utils

from quartierstools import cli_angebote, cli_lieferung
from quartierstools.fehler import Aufruffehler, Quartiersfehler, meinten_sie

typer.rich_utils.OPTIONS_PANEL_TITLE = "Optionen"
typer.rich_utils.COMMANDS_PANEL_TITLE = "Befehle"
typer.rich_utils.ARGUMENTS_PANEL_TITLE = "Angaben"
typer.rich_utils.ERRORS_PANEL_TITLE = "Falscher Aufruf"
typer.rich_utils.DEFAULT_STRING = "[Vorgabe: {}]"
typer.rich_utils.REQUIRED_LONG_STRING = "[Pflicht]"


ABGEBROCHEN = 130
ABGEBROCHEN_SATZ = "Abgebrochen. In der Ausgabe steht nichts Halbes."


class Befehl(typer.core.TyperCommand):
    """Befehl mit deutscher Hilfe."""

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401 – Kontext von typer
        """Aufrufzeile."""
        return super().get_usage(ctx).replace("Usage:", "Aufruf:")

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401
        """Option für die Hilfe."""
        return _deutsch(super().get_help_option(ctx))


class Befehlsgruppe(typer.core.TyperGroup):
    """Befehlsgruppe mit deutscher Hilfe."""

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401
        """Aufrufzeile."""
        return super().get_usage(ctx).replace("Usage:", "Aufruf:")

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401
        """Option für die Hilfe."""
        return _deutsch(super().get_help_option(ctx))


def _deutsch(option: Any) -> Any:  # noqa: ANN401
    if option is not None:
        option.help = "Zeigt diese Hilfe."
    return option


app = typer.Typer(
    name="quartier",
    cls=Befehlsgruppe,
    options_metavar="[OPTIONEN]",
    subcommand_metavar="BEFEHL [ANGABEN]",
    help="Vom Sozialraum zum passenden Angebot: prüfen, vergleichen, begründen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--hilfe", "--help", "-h"]},
)

for _befehl in cli_angebote.app.registered_commands:
    _befehl.cls = Befehl
app.add_typer(cli_angebote.app, cls=Befehlsgruppe)

for _befehl in cli_lieferung.app.registered_commands:
    _befehl.cls, _befehl.options_metavar = Befehl, "[OPTIONEN]"
    app.registered_commands.append(_befehl)

REIHENFOLGE = (
    *("neu", "indikatoren", "pruefe", "uebernimm", "ueberfuehre", "abgleich"),
    "lauf",
)
"""Befehle auf dem Weg von der Lieferung zum Lauf; die übrigen folgen in der Hilfe."""

Projekt = Annotated[str, typer.Option(help="Ordnername unter daten oder ein Pfad.")]


@app.callback()
def quartier() -> None:
    """Vom Sozialraum zum passenden Angebot: prüfen, vergleichen, begründen."""


@app.command(cls=Befehl, options_metavar="[OPTIONEN]")
def lauf(  # noqa: PLR0913, PLR0917 – jede Option ist ein Argument
    projekt: Projekt = "bochum",
    profil: Annotated[
        str, typer.Option(help="Parametersatz aus daten/PROJEKT/profile.")
    ] = "standard",
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "-P", metavar="name=wert", help="Ein Parameter; mehrfach möglich."
        ),
    ] = None,
    ausgabe: Annotated[
        Path | None, typer.Option(help="Zielordner statt ausgaben.")
    ] = None,
    parallel: Annotated[
        int | None, typer.Option(min=1, help="Zahl der Arbeiter; Vorgabe: Kerne.")
    ] = None,
    fassung: Annotated[
        str | None, typer.Option(help="oeffentlich (Vorgabe) oder intern.")
    ] = None,
    zeitgrenze: Annotated[
        float, typer.Option(min=0, help="Sekunden je Notebook; 0: ohne Grenze.")
    ] = 1800,
    speichergrenze: Annotated[
        int, typer.Option(min=0, help="MB je Notebook; 0: ohne Grenze.")
    ] = 0,
    motor: Annotated[
        str, typer.Option(help="lokal oder dask (mehrere Rechner).")
    ] = "lokal",
    scheduler: Annotated[
        str, typer.Option(help="Zu --motor dask: Adresse, etwa tcp://rechner:8786.")
    ] = "",
    ablage: Annotated[
        str, typer.Option(help="Zu --motor dask: gemeinsamer Speicher, file:///….")
    ] = "",
    protokoll: Annotated[
        Path | None, typer.Option(help="Jedes Ereignis als JSON-Zeile in diese Datei.")
    ] = None,
    *,
    trocken: Annotated[
        bool, typer.Option("--trocken", help="Sagt, was liefe und warum.")
    ] = False,
    neu: Annotated[
        bool, typer.Option("--neu", help="Rechnet alles, auch Unverändertes.")
    ] = False,
    fortsetzen: Annotated[
        bool, typer.Option("--fortsetzen", help="Führt einen abgebrochenen Lauf fort.")
    ] = False,
    rocrate: Annotated[
        bool, typer.Option("--rocrate", help="Legt ro-crate-metadata.json dazu.")
    ] = False,
) -> None:
    """Führt die Standardauswertung aus: Karte, Berichte, Begründungen, Steckbriefe.

    Gerechnet wird nur, was sich geändert hat. Ende 0: alles gelungen; 1: ein Notebook
    oder die Eingaben haben einen Mangel; 2: falscher Aufruf; 130: abgebrochen.
    """
    from contextlib import ExitStack  # noqa: PLC0415

    from quartierstools.lauf import hauptlauf  # noqa: PLC0415
    from quartierstools.lauf.anzeige import Anzeige, Zeilenprotokoll  # noqa: PLC0415

    werte: dict[str, object] = dict(_paare(parameter or []))
    if fassung is not None:
        werte["fassung"] = fassung
    auftraggeber = hauptlauf.Auftraggeber(
        ort=projekt,
        profil=profil,
        werte=werte,
        ausgabe=ausgabe,
        arbeiter=parallel,
        neu=neu,
        fortsetzen=fortsetzen,
        zeitgrenze=zeitgrenze,
        speichergrenze=speichergrenze,
        motor=motor,
        scheduler=scheduler,
        ablage=ablage,
        rocrate=rocrate,
    )
    _verlange_ort(ausgabe, "--ausgabe")
    _verlange_ort(protokoll, "--protokoll")
    anzeige = Anzeige()
    if trocken:
        anzeige.zeige_vorschau(hauptlauf.sieh_voraus(auftraggeber))
        return
    with ExitStack() as stapel:
        beobachter: list[Any] = [stapel.enter_context(anzeige)]
        if protokoll is not None:
            beobachter.append(stapel.enter_context(Zeilenprotokoll(protokoll)))
        ergebnis = hauptlauf.laufe(auftraggeber, beobachter)
    anzeige.schluss(ergebnis)
    if ergebnis.misserfolge:
        raise typer.Exit(1)


@app.command(cls=Befehl, options_metavar="[OPTIONEN]")
def pruefe(
    dateien: Annotated[
        list[str] | None,
        typer.Argument(help="Lieferungen; ohne Angabe das Projekt.", metavar="DATEI…"),
    ] = None,
    projekt: Projekt = "bochum",
    bericht: Annotated[
        Path | None,
        typer.Option(help="Ziel statt ausgaben/PROJEKT/pruefung/datenpruefung.html."),
    ] = None,
) -> None:
    """Prüft Lieferungen oder ein Projekt und nennt jeden Mangel auf einmal."""
    from quartierstools.eingang import lies_datenstand  # noqa: PLC0415
    from quartierstools.eingang.pruefbericht import pruefe_dateien  # noqa: PLC0415
    from quartierstools.geheimhaltung.ablage import pruefe_ablage  # noqa: PLC0415
    from quartierstools.katalog import finde_projekt, hauswurzel  # noqa: PLC0415

    _verlange_ort(bericht, "--bericht")
    ordner = finde_projekt(projekt, daten=hauswurzel() / "daten")
    quellen = [datei if "://" in datei else Path(datei) for datei in dateien or []]
    ergebnis = pruefe_dateien(quellen, projekt=ordner)
    cli_lieferung.zeige_pruefung(ergebnis, ordner, bericht)
    if weiter := cli_lieferung.naechster_befehl(ergebnis, dateien or [], projekt):
        typer.echo(weiter)
    muster = ""
    if ergebnis.in_ordnung and not quellen:
        muster = pruefe_ablage(lies_datenstand(ordner))
    if muster:
        typer.echo(muster)
    if muster or not ergebnis.in_ordnung:
        raise typer.Exit(1)


@app.command(cls=Befehl, options_metavar="[OPTIONEN]")
def durchsicht(
    ort: Annotated[
        Path,
        typer.Argument(
            help="Ordner eines fertigen Laufs oder eine Datei (docx, pdf, html).",
            metavar="ORDNER|DATEI",
        ),
    ],
    projekt: Annotated[
        str | None, typer.Option(help="Vorgabe: das Projekt aus manifest.json.")
    ] = None,
    lauf: Annotated[
        Path | None, typer.Option(help="Zu einer Datei: der Ordner ihres Laufs.")
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option("--json", help="Schreibt die Zahlenprüfung als JSON."),
    ] = None,
    *,
    angriff: Annotated[
        bool, typer.Option("--angriff", help="Versucht, Gesperrtes zurückzurechnen.")
    ] = False,
    nachrechnen: Annotated[
        bool, typer.Option("--nachrechnen", help="Rechnet neu und vergleicht Bytes.")
    ] = False,
) -> None:
    """Prüft fertige Dateien: jede Zahl belegt, nichts Gesperrtes, nichts Fremdes."""
    from quartierstools.ausgabe.packen import schreibe  # noqa: PLC0415
    from quartierstools.lauf.durchsicht import (  # noqa: PLC0415
        als_json,
        pruefe_schriftstueck,
        sieh_durch,
    )

    if ort.is_dir():
        ergebnis = sieh_durch(ort, projekt=projekt, angriff=angriff)
    else:
        ergebnis = pruefe_schriftstueck(ort, lauf)
    for zeile in ergebnis.zeilen:
        typer.echo(zeile)
    if json is not None:
        schreibe(json, als_json(ergebnis))
    if nachrechnen:
        _rechne_nach(ort, projekt)
    if not ergebnis.in_ordnung:
        raise typer.Exit(1)


def _rechne_nach(ordner: Path, projekt: str | None) -> None:
    """Wiederholt einen Lauf; Ende 1, wenn eine Datei andere Bytes hat."""
    from quartierstools.lauf.nachrechnen import rechne_nach  # noqa: PLC0415

    nachrechnung = rechne_nach(ordner, projekt)
    for zeile in nachrechnung.zeilen:
        typer.echo(zeile)
    if not nachrechnung.in_ordnung:
        raise typer.Exit(1)


@app.command(cls=Befehl, options_metavar="[OPTIONEN]")
def vergleiche(
    frueher: Annotated[Path, typer.Argument(help="Ordner des früheren Laufs.")],
    spaeter: Annotated[Path, typer.Argument(help="Ordner des späteren Laufs.")],
    bericht: Annotated[
        Path | None,
        typer.Option(help="Ziel der Seite statt neben dem späteren Lauf."),
    ] = None,
) -> None:
    """Sagt in Worten, was sich zwischen zwei Läufen änderte."""
    from quartierstools.ausgabe.html import html_seite  # noqa: PLC0415
    from quartierstools.ausgabe.packen import schreibe  # noqa: PLC0415
    from quartierstools.lauf import vergleich  # noqa: PLC0415

    ergebnis = vergleich.vergleiche(frueher, spaeter)
    for zeile in vergleich.bildschirmzeilen(ergebnis):
        typer.echo(zeile)
    name = f"vergleich-{ergebnis.eins}-{ergebnis.zwei}.html"
    ziel = bericht or spaeter.resolve().parent / name
    schreibe(ziel, html_seite(vergleich.vergleichsdokument(ergebnis)))
    typer.echo(f"Seite: {ziel}")


@app.command(cls=Befehl, options_metavar="[OPTIONEN]")
def abgleich(
    pdf: Annotated[Path, typer.Argument(help="Bericht mit Tabellenseiten.")],
    projekt: Projekt = "bochum",
    uebernehmen: Annotated[
        str | None,
        typer.Option(
            help="Schreibt das Ergebnis in den Bestand, als „veröffentlicht“ oder "
            "„amtlich geliefert“.",
            metavar="HERKUNFT",
        ),
    ] = None,
) -> None:
    """Vergleicht abgelesene Werte mit einem Bericht und übernimmt sie auf Wunsch."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from quartierstools.eingang.abgleich import abgleich as gleiche_ab  # noqa: PLC0415
    from quartierstools.eingang.uebernahme import (  # noqa: PLC0415
        nacharbeit,
        uebernimm,
    )
    from quartierstools.katalog import finde_projekt, hauswurzel  # noqa: PLC0415

    ordner = finde_projekt(projekt, daten=hauswurzel() / "daten")
    ergebnis = gleiche_ab(pdf, ordner)
    tabelle = Table(title="Abgleich", title_justify="left")
    for spalte in ergebnis.tabelle:
        tabelle.add_column(str(spalte))
    for zeile in ergebnis.tabelle.astype(str).itertuples(index=False):
        tabelle.add_row(*zeile)
    Console(highlight=False, markup=False).print(tabelle)
    for befund in ergebnis.befunde:
        typer.echo(f"  - {befund}")
    typer.echo(ergebnis.satz)
    if uebernehmen is None:
        typer.echo("Nichts geschrieben; zum Übernehmen --uebernehmen HERKUNFT angeben.")
    else:
        for datei in uebernimm(ergebnis, ordner, herkunft=_herkunft(uebernehmen)):
            typer.echo(f"Geschrieben: {datei}")
        for satz in nacharbeit(ordner):
            typer.echo(f"Bitte prüfen: {satz}")
    if not ergebnis.in_ordnung:
        raise typer.Exit(1)


def _herkunft(text: str) -> Any:  # noqa: ANN401 – einer von zwei Texten
    erlaubt = ("veröffentlicht", "amtlich geliefert")
    if text not in erlaubt:
        raise Aufruffehler(
            f"--uebernehmen kennt „{text}“ nicht.{meinten_sie(text, erlaubt)} "
            f"Erlaubt: {' oder '.join(erlaubt)}."
        )
    return text


@app.command(cls=Befehl, options_metavar="[OPTIONEN]")
def neu(
    ordner: Annotated[Path, typer.Argument(help="Neuer oder leerer Ordner.")],
    stadt: Annotated[str, typer.Option(help="Name der Stadt.")],
    breite: Annotated[
        int, typer.Option(min=1, max=16, help="Stellen eines Gebietsschlüssels.")
    ] = 2,
    bezugsdatum: Annotated[
        str, typer.Option(help="JJJJ-MM-TT; alle Fristen zählen von hier.")
    ] = "",
) -> None:
    """Legt ein leeres Projekt an; die README darin sagt, was zu füllen ist."""
    from quartierstools.eingang.neu import lege_an  # noqa: PLC0415

    dateien = lege_an(ordner, stadt=stadt, breite=breite, bezugsdatum=bezugsdatum)
    typer.echo(f"{len(dateien)} Dateien angelegt in {ordner}.")
    typer.echo(
        f"Weiter mit {ordner / 'README.md'}, dann: quartier pruefe --projekt {ordner}"
    )


Anschluss = Annotated[int, typer.Option(min=0, max=65535, help="Port; 0: ein freier.")]
OhneBrowser = Annotated[
    bool, typer.Option("--ohne-browser", help="Öffnet keinen Browser.")
]


@app.command(cls=Befehl, options_metavar="[OPTIONEN]")
def lab(*, ohne_browser: OhneBrowser = False, port: Anschluss = 0) -> None:
    """Öffnet JupyterLab mit den Notebooks und einer Startseite."""
    from quartierstools.erkundung.oeffnen import laborbefehl  # noqa: PLC0415

    _oeffne(laborbefehl, ohne_browser=ohne_browser, port=port)


@app.command(cls=Befehl, options_metavar="[OPTIONEN]")
def tafel(*, ohne_browser: OhneBrowser = False, port: Anschluss = 0) -> None:
    """Zeigt die Erkundung als Tafel im Browser, ohne Quelltext."""
    from quartierstools.erkundung.oeffnen import tafelbefehl  # noqa: PLC0415

    _oeffne(tafelbefehl, ohne_browser=ohne_browser, port=port)


def _oeffne(baue: Any, *, ohne_browser: bool, port: int) -> NoReturn:  # noqa: ANN401
    """Startet einen Server im Haus und wartet, bis er endet."""
    import subprocess  # noqa: PLC0415

    from quartierstools.erkundung.oeffnen import umgebung  # noqa: PLC0415
    from quartierstools.katalog import hauswurzel  # noqa: PLC0415

    wurzel = hauswurzel()
    befehl = baue(wurzel, browser=not ohne_browser, anschluss=port)
    ende = subprocess.run(befehl, check=False, cwd=wurzel, env=umgebung())  # noqa: S603
    raise typer.Exit(ende.returncode)


def _verlange_ort(pfad: Path | None, option: str) -> None:
    """Ein leerer Pfad hieße: der Ordner, in dem man gerade steht."""
    if pfad is not None and (not pfad.name or "\0" in str(pfad)):
        raise Aufruffehler(
            f"{option} ist leer. Bitte einen Ort angeben oder weglassen."
        )


def _paare(angaben: list[str]) -> dict[str, str]:
    """Macht aus ``name=wert`` ein Wörterbuch; alles bleibt Text."""
    falsch = [angabe for angabe in angaben if "=" not in angabe]
    if falsch:
        raise Aufruffehler(
            f"-P erwartet name=wert, nicht {', '.join(map(repr, falsch))}. "
            "Beispiel: -P anzahl_typen=4"
        )
    paare = [angabe.split("=", 1) for angabe in angaben]
    namen = [name for name, _ in paare]
    doppelt = sorted({name for name in namen if namen.count(name) > 1})
    if doppelt:
        raise Aufruffehler(f"-P nennt {', '.join(doppelt)} mehrfach.")
    return {name.strip(): wert for name, wert in paare}


def _stelle(befehl: typer.models.CommandInfo) -> int:
    name = getattr(befehl.callback, "__name__", "")
    return REIHENFOLGE.index(name) if name in REIHENFOLGE else len(REIHENFOLGE)


app.registered_commands.sort(key=_stelle)


def haupt() -> None:
    """Einstieg der Befehlszeile: deutsche Meldung statt Traceback."""
    signal.signal(signal.SIGTERM, _beende)
    for strom in (sys.stdout, sys.stderr):
        # Ein Bildschirm ohne Umlaute soll nichts verhindern.
        if isinstance(strom, io.TextIOWrapper):
            strom.reconfigure(errors="replace")
    try:
        code = app(standalone_mode=False)
    except Aufruffehler as fehler:
        _melde(str(fehler), 2)
    except Quartiersfehler as fehler:
        _melde(str(fehler), 1)
    except (KeyboardInterrupt, typer.Abort):
        _melde(ABGEBROCHEN_SATZ, ABGEBROCHEN)
    except Exception as fehler:
        if getattr(fehler, "exit_code", None) != 2:  # noqa: PLR2004 – kein Bedienfehler
            raise
        _melde(_bedienfehler(fehler), 2)
    else:
        if code == ABGEBROCHEN:  # typer macht aus Strg+C einen Rückgabewert
            _melde(ABGEBROCHEN_SATZ, ABGEBROCHEN)
        raise SystemExit(code or 0)


def _beende(_nummer: int, _rahmen: FrameType | None) -> NoReturn:
    """Beendet wie Strg+C, damit der Lauf hinter sich aufräumt."""
    raise KeyboardInterrupt


def _bedienfehler(fehler: Exception) -> str:
    """Deutsche Fassung eines Fehlers der Befehlszeile."""
    name = getattr(fehler, "option_name", "")
    moeglich = getattr(fehler, "possibilities", None) or []
    vorschlag = f" Meinten Sie {moeglich[0]}?" if moeglich else ""
    art = type(fehler).__name__
    if art == "NoSuchOption":
        return f"Die Option {name} gibt es nicht.{vorschlag} Hilfe: quartier --hilfe"
    if art == "BadOptionUsage":
        return f"Nach {name} fehlt der Wert. Hilfe: quartier --hilfe"
    if art == "MissingParameter":
        angabe = getattr(getattr(fehler, "param", None), "name", "")
        return f"Es fehlt eine Angabe: {angabe}. Hilfe: quartier --hilfe"
    if art == "BadParameter":
        angabe = getattr(getattr(fehler, "param", None), "name", "")
        return f"Der Wert für {angabe} passt nicht. Hilfe: quartier --hilfe"
    befehle = ", ".join(sorted(getattr(typer.main.get_command(app), "commands", ())))
    if art == "NoArgsIsHelpError":
        return "Es fehlt ein Befehl; er steht darüber."
    return f"Diesen Aufruf gibt es nicht. Befehle: {befehle}. Hilfe: quartier --hilfe"


def _melde(text: str, code: int) -> None:
    typer.echo(text, err=True)
    raise SystemExit(code)
