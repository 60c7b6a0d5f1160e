"""Befehle für Träger: `quartier angebote formular` und `quartier angebote lies`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="angebote",
    help="Angebote eintragen und bestätigen: Bogen schreiben, Bogen lesen.",
    no_args_is_help=True,
    subcommand_metavar="BEFEHL [ANGABEN]",
)

Projekt = Annotated[str, typer.Option(help="Ordnername unter daten oder ein Pfad.")]


@app.command()
def formular(
    ziel: Annotated[Path, typer.Argument(help="Neue Datei mit der Endung .xlsx.")],
    projekt: Projekt = "bochum",
) -> None:
    """Schreibt den Bogen für Träger, gefüllt mit dem bekannten Bestand."""
    from quartierstools.ausgabe.angebotsbogen import angebotsbogen  # noqa: PLC0415
    from quartierstools.ausgabe.packen import schreibe  # noqa: PLC0415
    from quartierstools.eingang.angebote import lies_roh  # noqa: PLC0415
    from quartierstools.eingang.angebotspruefung import STATUS  # noqa: PLC0415
    from quartierstools.eingang.datenstand import lies_datenstand  # noqa: PLC0415
    from quartierstools.fehler import Aufruffehler  # noqa: PLC0415
    from quartierstools.katalog import finde_projekt, hauswurzel  # noqa: PLC0415

    if ziel.suffix.lower() != ".xlsx":
        raise Aufruffehler(f"„{ziel.name}“ endet nicht auf .xlsx. Bitte so nennen.")
    stand = lies_datenstand(finde_projekt(projekt, daten=hauswurzel() / "daten"))
    inhalt = angebotsbogen(
        lies_roh(stand.ordner.angebote),
        katalog=stand.katalog,
        gebiete=stand.gebiete["name"],
        stadtbezirke=stand.stadtbezirke["name"],
        status=STATUS,
    )
    schreibe(ziel, inhalt)
    typer.echo(f"Bogen mit {len(stand.angebote)} Angeboten: {ziel}")


@app.command()
def lies(
    datei: Annotated[Path, typer.Argument(help="Ausgefüllter Bogen (.xlsx).")],
    projekt: Projekt = "bochum",
    *,
    uebernehmen: Annotated[
        bool, typer.Option("--uebernehmen", help="Schreibt angebote.csv.")
    ] = False,
) -> None:
    """Prüft einen Bogen und zeigt, was sich im Bestand ändern würde."""
    from quartierstools.ausgabe.packen import schreibe  # noqa: PLC0415
    from quartierstools.eingang.angebotsbogen import vergleiche_bogen  # noqa: PLC0415
    from quartierstools.eingang.angebotskontext import bestandsort  # noqa: PLC0415
    from quartierstools.eingang.schutz import sicherer_text  # noqa: PLC0415
    from quartierstools.katalog import finde_projekt, hauswurzel  # noqa: PLC0415

    ordner = finde_projekt(projekt, daten=hauswurzel() / "daten")
    vergleich = vergleiche_bogen(datei, ordner.angebote, bestandsort(ordner))
    for aenderung in vergleich.aenderungen.to_dict("records"):
        bisher, kuenftig = (
            sicherer_text(str(aenderung[s])) or "leer" for s in ("bisher", "kuenftig")
        )
        typer.echo(
            f"{aenderung['art']}: {aenderung['angebot']}, {aenderung['spalte']}: "
            f"{bisher} → {kuenftig}"
        )
    typer.echo(vergleich.satz)
    if not uebernehmen:
        typer.echo("Nichts geschrieben; zum Übernehmen --uebernehmen angeben.")
        return
    schreibe(ordner.angebote, vergleich.als_csv())
    typer.echo("angebote.csv ist geschrieben; bitte mit quartier pruefe prüfen.")
