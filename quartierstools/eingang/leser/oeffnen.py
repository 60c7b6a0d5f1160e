"""Welcher Leser passt? Formate an einer Stelle auf Leser verteilt."""

from pathlib import Path

from quartierstools.eingang.adressen import adresse_text
from quartierstools.eingang.leser.dienste import lies_datenbank, lies_dienst
from quartierstools.eingang.leser.geodaten import lies_geodaten
from quartierstools.eingang.leser.mappe import lies_mappe
from quartierstools.eingang.leser.parquetdatei import lies_parquetdatei
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.leser.sozialbericht import lies_sozialbericht
from quartierstools.eingang.leser.textdatei import Schreibart, lies_textdatei
from quartierstools.eingang.namen import Gebietsverzeichnis
from quartierstools.eingang.personen import personenbefunde
from quartierstools.eingang.pruefregeln import Pruefregeln
from quartierstools.eingang.schutz import dateibefunde, sicherer_text
from quartierstools.eingang.zuordnung import ENDUNGEN, Zuordnung, dateiformat
from quartierstools.fehler import Befund, Datenfehler

ADRESSEN = ("wfs", "ogc_api", "postgis")


def quellenname(quelle: Path | str) -> str:
    """Name einer Datei oder Adresse für Meldungen, ohne Ordner und Kennwort.

    Examples
    --------
    >>> quellenname(Path("/daten/2024/a.csv"))
    'a.csv'
    """
    if isinstance(quelle, str) and dateiformat(quelle) in ADRESSEN:
        return adresse_text(quelle)
    return sicherer_text(Path(quelle).name)


def oeffne(
    quelle: Path | str,
    *,
    zuordnung: Zuordnung | None = None,
    verzeichnis: Gebietsverzeichnis | None = None,
    regeln: Pruefregeln,
) -> list[Rohtabelle]:
    """Liest eine Datei oder Adresse; je Blatt, Ebene oder Seite eine Tabelle.

    Parameters
    ----------
    quelle : Path or str
        Datei oder Adresse (``WFS:``, ``OAPIF:``, ``postgresql://``).
    zuordnung : Zuordnung, optional
        Bekannte Schreibweise; sonst wird sie erkannt.
    verzeichnis : Gebietsverzeichnis, optional
        Nötig für Berichte als PDF.

    Raises
    ------
    Datenfehler
        Wenn die Datei gefährlich, beschädigt oder unbekannt ist oder einzelne
        Menschen beschreibt.
    """
    name = quellenname(quelle)
    art = zuordnung.dateiformat if zuordnung else None
    art = art or dateiformat(str(quelle))
    if art is None:
        befund = Befund(
            ort=name,
            was="Dieses Format kennt quartierstools nicht.",
            erwartet=f"eine Datei mit der Endung {', '.join(ENDUNGEN)} oder eine "
            "Adresse (WFS:, OAPIF:, postgresql://)",
            rat="Bitte als CSV oder XLSX liefern lassen.",
        )
        raise Datenfehler(name, [befund])
    blatt = zuordnung.blatt if zuordnung else ""
    if art in ADRESSEN:
        lies = lies_datenbank if art == "postgis" else lies_dienst
        ebene = {"tabelle" if art == "postgis" else "ebene": blatt}
        tabellen = [lies(str(quelle), regeln=regeln, **ebene)]
    else:
        befunde = dateibefunde(Path(quelle), name, regeln)
        if befunde:
            raise Datenfehler(name, befunde)
        tabellen = _datei(Path(quelle), name, art, zuordnung, verzeichnis, regeln)
    befunde = [befund for tabelle in tabellen for befund in personenbefunde(tabelle)]
    if befunde:
        raise Datenfehler(name, befunde)
    return tabellen


def _datei(
    datei: Path,
    name: str,
    art: str,
    zuordnung: Zuordnung | None,
    verzeichnis: Gebietsverzeichnis | None,
    regeln: Pruefregeln,
) -> list[Rohtabelle]:
    blatt = zuordnung.blatt if zuordnung else ""
    schreibart = _schreibart(zuordnung)
    if art == "csv":
        return [lies_textdatei(datei, name=name, art=schreibart, regeln=regeln)]
    if art == "xlsx":
        return lies_mappe(datei, name=name, blatt=blatt, art=schreibart, regeln=regeln)
    if art == "parquet":
        return [lies_parquetdatei(datei, name=name, regeln=regeln)]
    if art == "sozialbericht_pdf":
        return _berichtsseiten(datei, name, blatt, verzeichnis, regeln)
    return [lies_geodaten(datei, name=name, art=art, ebene=blatt, regeln=regeln)]


def _schreibart(zuordnung: Zuordnung | None) -> Schreibart:
    if zuordnung is None:
        return Schreibart()
    trennzeichen = zuordnung.trennzeichen or ""
    return Schreibart(
        kodierung=zuordnung.kodierung,
        trennzeichen="\t" if trennzeichen == "Tabulator" else trennzeichen,
        kopfzeile=zuordnung.kopfzeile,
        kopfzeilen=zuordnung.kopfzeilen,
    )


def _berichtsseiten(
    datei: Path,
    name: str,
    blatt: str,
    verzeichnis: Gebietsverzeichnis | None,
    regeln: Pruefregeln,
) -> list[Rohtabelle]:
    if verzeichnis is None:
        befund = Befund(
            ort=name,
            was="Berichte als PDF lassen sich nur mit einem Projekt lesen.",
            erwartet="die Gebietsnamen des Projekts",
            rat="Bitte --projekt angeben.",
        )
        raise Datenfehler(name, [befund])
    with datei.open("rb") as strom:
        if b"%PDF-" not in strom.read(1024):
            befund = Befund(
                ort=name,
                was="Der Inhalt passt nicht zur Endung der Datei.",
                erwartet="ein PDF",
                rat="Bitte bei der Quelle nachfragen und neu liefern lassen.",
            )
            raise Datenfehler(name, [befund])
    seiten = lies_sozialbericht(
        datei, name=name, verzeichnis=verzeichnis, regeln=regeln
    )
    if not blatt:
        return seiten
    gewaehlt = [seite for seite in seiten if seite.blatt == blatt]
    if gewaehlt:
        return gewaehlt
    befund = Befund(
        ort=name,
        was=f"„{sicherer_text(blatt)}“ ist keine Tabellenseite.",
        erwartet=f"eine von {', '.join(s.blatt for s in seiten)}",
        rat="Bitte blatt in lieferung.yaml anpassen.",
    )
    raise Datenfehler(name, [befund])
