"""Wie kommt das Ergebnis eines Abgleichs in den Bestand, ohne anderes zu berühren?

Geschrieben werden nur Zeilen, über die der Abgleich geurteilt hat, und der Eintrag
der Quelle; jede andere Zeile behält ihre Bytes. Erst wird in einer Kopie geprüft, dann
ersetzt.
"""

import csv
import io
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from quartierstools.eingang.abgleich import Abgleich, Wertvergleich
from quartierstools.eingang.bestand import PFLICHT
from quartierstools.eingang.datenstand import lies_datenstand
from quartierstools.fehler import (
    Aufruffehler,
    Ausgabefehler,
    Befund,
    Datenfehler,
    systemgrund,
)
from quartierstools.katalog import Katalog, Projektordner, lade_katalog
from quartierstools.katalog.modelle import Quelle
from quartierstools.schreibweise import aufzaehlung

Berichtsherkunft = Literal["veröffentlicht", "amtlich geliefert"]
KOPF = (
    *("ebene", "gebiet", "indikator", "stichtag", "wert", "zaehler", "nenner"),
    *("quelle", "stichtag_belegt", "guete", "hinweis"),
)
FELDER = ("herausgeber", "titel", "zitat", "herkunft", "lizenz", "adresse")
KENNUNG = re.compile(r"[a-z0-9][a-z0-9_-]*")
KENNUNGSTEIL: Mapping[str, str] = {
    "veröffentlicht": "bericht",
    "amtlich geliefert": "amtlich",
}


def uebernimm(
    abgleich: Abgleich,
    ordner: Projektordner,
    *,
    herkunft: Berichtsherkunft,
    quelle: str = "",
    indikatoren: Sequence[str] | None = None,
) -> list[Path]:
    """Schreibt bestätigte, berichtigte und neue Werte in den Bestand.

    Überschrieben wird nur, was abgelesen war (und bestätigtes Veröffentlichtes, wenn
    der Bericht amtlich geliefert ist); Werte aus anderen Quellen bleiben. Was nicht
    gefunden wurde, behält seine Zeile. Ein zweiter Aufruf ändert nichts mehr.

    Der Stempel „Entwurf – nicht amtlich geprüft“ folgt weiter allein aus den Daten,
    Wert für Wert (`Zelle.amtlich`): Er fällt erst, wo die Herkunft „amtlich geliefert“
    ist *und* der Stichtag auf der Seite steht (``stichtag_belegt: ja``). Wer den
    veröffentlichten Bericht abgleicht, wählt „veröffentlicht“: Dann sind die Werte
    richtig abgeschrieben, aber der Stempel bleibt; die Statistikstelle hat sie nicht
    geliefert. „amtlich geliefert“ gilt nur, wenn die Stelle, die den Bericht
    verantwortet, das PDF für diesen Zweck übergeben hat. Werte ohne Stichtag auf der
    Seite und nicht gefundene Werte behalten den Stempel in jedem Fall, und mit ihnen
    jede Ausgabe, die sie verwendet.

    Was Menschen geschrieben haben, ändert sich nicht; `nacharbeit` nennt es.

    Parameters
    ----------
    abgleich : Abgleich
        Ergebnis von `abgleich` für dasselbe Projekt.
    ordner : Projektordner
        Wohin geschrieben wird.
    herkunft : {"veröffentlicht", "amtlich geliefert"}
        Was der Bericht ist; entscheidet ein Mensch.
    quelle : str, optional
        Kennung des neuen Eintrags in ``katalog/quellen.yaml``; sonst aus der alten
        Kennung gebildet.
    indikatoren : Sequence of str, optional
        Nur diese; sonst alle des Abgleichs.

    Returns
    -------
    list of Path
        Geänderte und neue Dateien; leer, wenn alles schon so war.

    Raises
    ------
    Datenfehler
        Wenn ein gewählter Indikator Fehler hat, der Bestand sich seit dem Abgleich
        geändert hat oder das Ergebnis nicht lesbar wäre. Dann ändert sich nichts.
    """
    if herkunft not in KENNUNGSTEIL:
        raise Aufruffehler(
            f"Herkunft „{herkunft}“ gibt es hier nicht. Erwartet: veröffentlicht oder "
            "amtlich geliefert."
        )
    katalog = lade_katalog(ordner)
    gewaehlt = _gewaehlt(abgleich, indikatoren)
    kennung = quelle or _neue_kennung(gewaehlt, katalog, herkunft)
    if not KENNUNG.fullmatch(kennung):
        raise Aufruffehler(
            f"„{kennung}“ ist keine Kennung. Erwartet: Kleinbuchstaben, Ziffern, „_“ "
            "und „-“, etwa sozialbericht_2024_bericht."
        )
    zu_schreiben = [w for w in gewaehlt if _schreibbar(w, herkunft)]
    if not zu_schreiben:
        return []
    inhalte = _bestandsdateien(zu_schreiben, ordner, kennung)
    eintrag = _quelleneintrag(zu_schreiben, katalog, kennung, herkunft, abgleich)
    quellen = ordner.katalog("quellen")
    text = quellen.read_bytes().decode("utf-8") if quellen.is_file() else ""
    neu = _quellentext(text, eintrag, katalog.quellen.get(kennung))
    # Zuerst die Quelle: Ein Eintrag ohne Werte schadet nicht, Werte ohne Quelle schon.
    inhalte = {quellen: neu.encode()} | inhalte
    geaendert = {
        datei: inhalt
        for datei, inhalt in inhalte.items()
        if not datei.is_file() or datei.read_bytes() != inhalt
    }
    if geaendert:
        _pruefe_kopie(geaendert, ordner)
        ersetze_dateien(geaendert)
    return list(geaendert)


def nacharbeit(ordner: Projektordner) -> tuple[str, ...]:
    """Was nach einer Übernahme ein Mensch lesen und vielleicht ändern muss."""
    projekt = lade_katalog(ordner).projekt
    saetze_zur_pruefung = [
        f"projekt.yaml, hinweise: Stimmt das noch? „{satz}“"
        for satz in projekt.hinweise
    ]
    if (ordner.wurzel / "HERKUNFT.md").is_file():
        satz = "HERKUNFT.md: Bitte die Herkunft der übernommenen Werte nachtragen."
        saetze_zur_pruefung.append(satz)
    satz = "katalog/quellen.yaml: Bitte das Zitat der neuen Quelle prüfen."
    return (*saetze_zur_pruefung, satz)


def _gewaehlt(
    abgleich: Abgleich, indikatoren: Sequence[str] | None
) -> list[Wertvergleich]:
    bekannt = {w.indikator for w in abgleich.werte}
    auswahl = set(bekannt if indikatoren is None else indikatoren)
    if fremd := auswahl - bekannt:
        raise Aufruffehler(
            f"Der Abgleich enthält {', '.join(sorted(fremd))} nicht. Enthalten: "
            f"{', '.join(sorted(bekannt))}."
        )
    if auswahl & abgleich.gesperrt:
        # Ein gesperrter Indikator hat mindestens einen Fehler unter den Befunden.
        fehler = [b for b in abgleich.befunde if b.schwere == "fehler"]
        raise Datenfehler(f"{abgleich.pdf}: nichts übernommen", fehler)
    return [w for w in abgleich.werte if w.indikator in auswahl]


def _schreibbar(wert: Wertvergleich, herkunft: Berichtsherkunft) -> bool:
    """Neu, abgelesen, oder veröffentlicht und nun amtlich bestätigt."""
    if wert.urteil == "nicht gefunden":
        return False
    if wert.bisher is None or wert.bisher.herkunft == "abgelesen":
        return True
    steigt = (wert.bisher.herkunft, herkunft) == ("veröffentlicht", "amtlich geliefert")
    return steigt and wert.urteil == "bestätigt"


def _neue_kennung(
    werte: Iterable[Wertvergleich], katalog: Katalog, herkunft: str
) -> str:
    """Kennung des Eintrags, der an die Stelle des abgelesenen tritt."""
    alte = _alte_quelle(werte, katalog)
    return f"{alte.id if alte else 'bericht'}_{KENNUNGSTEIL[herkunft]}"


def _alte_quelle(werte: Iterable[Wertvergleich], katalog: Katalog) -> Quelle | None:
    abgelesen = [
        katalog.quellen[w.bisher.quelle]
        for w in werte
        if w.bisher and w.bisher.herkunft == "abgelesen"
    ]
    uebrig = [q for q in katalog.quellen.values() if q.herkunft == "abgelesen"]
    return next(iter([*abgelesen, *uebrig]), None)


# --- Bestand ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Satz:
    """Ein Datensatz einer CSV-Datei mit seinen Bytes und der ersten Zeilennummer."""

    zeile: int
    text: str


def saetze(text: str) -> list[_Satz]:
    r"""Zerlegt eine CSV-Datei in Datensätze; zusammengefügt ergeben sie den Text.

    Examples
    --------
    >>> [s.text for s in saetze('a;b\n"x\ny";1\n')]
    ['a;b\n', '"x\ny";1\n']
    """
    fertig: list[_Satz] = []
    offen, beginn = "", 1
    for nummer, zeile in enumerate(io.StringIO(text, newline=""), start=1):
        offen += zeile
        if offen.count('"') % 2 == 0:
            fertig.append(_Satz(beginn, offen))
            offen, beginn = "", nummer + 1
    return [*fertig, _Satz(beginn, offen)] if offen else fertig


def _bestandsdateien(
    werte: Sequence[Wertvergleich], ordner: Projektordner, kennung: str
) -> dict[Path, bytes]:
    """Neuer Inhalt jeder betroffenen Bestandstabelle."""
    heimat = _heimat(werte, ordner, kennung)
    je_datei: dict[Path, list[Wertvergleich]] = {}
    for wert in werte:
        datei = (
            ordner.wurzel / wert.bisher.datei if wert.bisher else heimat[wert.indikator]
        )
        je_datei.setdefault(datei, []).append(wert)
    return {
        datei: _neuer_inhalt(datei, teil, kennung)
        for datei, teil in sorted(je_datei.items())
    }


def _heimat(
    werte: Sequence[Wertvergleich], ordner: Projektordner, kennung: str
) -> dict[str, Path]:
    """Datei für neue Zeilen: wo der Indikator schon steht, sonst eine neue."""
    da = {w.indikator: ordner.wurzel / w.bisher.datei for w in werte if w.bisher}
    neue = ordner.wurzel / "bestand" / f"{kennung}.csv"
    sonst = min(da.values(), default=neue)
    return {w.indikator: da.get(w.indikator, sonst) for w in werte}


def _neuer_inhalt(datei: Path, werte: Sequence[Wertvergleich], kennung: str) -> bytes:
    text = (
        datei.read_bytes().decode("utf-8") if datei.is_file() else ";".join(KOPF) + "\n"
    )
    marke = "\ufeff" if text.startswith("\ufeff") else ""
    alte = saetze(text.removeprefix(marke))
    umbruch = "\r\n" if alte[0].text.endswith("\r\n") else "\n"
    kopf = [feld.strip() for feld in _felder(alte[0].text)]
    ersetzt = {w.bisher.zeile: w for w in werte if w.bisher}
    teile = []
    for satz in alte:
        wert = ersetzt.get(satz.zeile)
        if wert is None:
            teile.append(satz.text)
            continue
        _verlange_unveraendert(satz, kopf, wert)
        teile.append(_zeile(kopf, wert, kennung, umbruch))
    if not teile[-1].endswith(("\n", "\r")):
        teile[-1] += umbruch
    teile += [_zeile(kopf, w, kennung, umbruch) for w in werte if w.bisher is None]
    return (marke + "".join(teile)).encode()


def _felder(satz: str) -> list[str]:
    return next(csv.reader(io.StringIO(satz, newline=""), delimiter=";"))


def _verlange_unveraendert(
    satz: _Satz, kopf: Sequence[str], wert: Wertvergleich
) -> None:
    """Der Bestand muss noch der sein, mit dem verglichen wurde."""
    felder = dict(zip(kopf, map(str.strip, _felder(satz.text)), strict=False))
    bisher = wert.bisher
    erwartet = (wert.ebene, wert.gebiet, wert.indikator)
    gefunden = tuple(felder.get(name, "") for name in PFLICHT[:3])
    gleich = bisher is not None and felder.get("wert", "") in ("", bisher.text)
    if gefunden == erwartet and gleich:
        return
    befund = Befund(
        ort=f"{bisher.datei if bisher else ''}, Zeile {satz.zeile}",
        was="Die Zeile hat sich seit dem Abgleich geändert.",
        erwartet=f"{wert.name}, {wert.indikator}, Wert {wert.abgelesen}",
        rat="Bitte den Abgleich wiederholen.",
    )
    raise Datenfehler("Übernahme", [befund])


def _zeile(kopf: Sequence[str], wert: Wertvergleich, kennung: str, umbruch: str) -> str:
    stelle = f"PDF-S. {wert.seite}"
    vorher = f"{wert.urteil}, vorher {wert.abgelesen}; " if wert.bisher else ""
    felder = {
        "ebene": wert.ebene,
        "gebiet": wert.gebiet,
        "indikator": wert.indikator,
        "stichtag": wert.stichtag,
        "wert": wert.wert,
        "quelle": kennung,
        "stichtag_belegt": wert.stichtag_belegt,
        "guete": "A",
        "hinweis": f"{vorher}{stelle}",
    }
    puffer = io.StringIO(newline="")
    schreiber = csv.writer(puffer, delimiter=";", lineterminator=umbruch)
    schreiber.writerow([felder.get(name, "") for name in kopf])
    return puffer.getvalue()


# --- Quelle ----------------------------------------------------------------------


def _quellentext(
    text: str,
    eintrag: Quelle,
    vorhanden: Quelle | None,
) -> str:
    """Inhalt von ``quellen.yaml`` mit dem Eintrag; alles andere bleibt stehen."""
    zeilen = [f"    {k}: {_ja(v)}\n" for k, v in eintrag.fundstellen.items()]
    if vorhanden is None:
        felder = eintrag.model_dump(include=set(FELDER), exclude_defaults=True)
        block = [f"{eintrag.id}:\n"]
        block += [f"  {f}: {_ja(felder[f])}\n" for f in FELDER if f in felder]
        block += ["  fundstellen:\n", *zeilen]
        abstand = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        return text + abstand + "".join(block)
    fehlend = [
        f"    {k}: {_ja(v)}\n"
        for k, v in eintrag.fundstellen.items()
        if k not in vorhanden.fundstellen
    ]
    kopf = re.compile(
        rf"^{re.escape(eintrag.id)}:[^\n]*\n(?:[ #][^\n]*\n|\n)*?  fundstellen:[ ]*\n",
        re.MULTILINE,
    )
    return kopf.sub(lambda m: m.group() + "".join(fehlend), text, count=1)


def _ja(text: str) -> str:
    """Text in Anführungszeichen, wie YAML ihn liest."""
    return json.dumps(text, ensure_ascii=False)


def _quelleneintrag(
    werte: Sequence[Wertvergleich],
    katalog: Katalog,
    kennung: str,
    herkunft: Berichtsherkunft,
    abgleich: Abgleich,
) -> Quelle:
    """Eintrag für den Bericht; nennt je Indikator die Seite."""
    vorhanden = katalog.quellen.get(kennung)
    if vorhanden is not None and vorhanden.herkunft != herkunft:
        befund = Befund(
            ort=f"katalog/quellen.yaml, {kennung}",
            was=f"Die Quelle gibt es schon, mit der Herkunft „{vorhanden.herkunft}“.",
            erwartet=f"eine Quelle mit der Herkunft „{herkunft}“",
            rat="Bitte eine andere Kennung wählen.",
        )
        raise Datenfehler("Übernahme", [befund])
    alte = vorhanden or _alte_quelle(werte, katalog)
    titel = alte.titel if alte else Path(abgleich.pdf).stem
    herausgeber = alte.herausgeber if alte else katalog.projekt.herausgeber
    return Quelle(
        id=kennung,
        herausgeber=herausgeber,
        titel=titel,
        zitat=f"{herausgeber}, {titel}",
        herkunft=herkunft,
        lizenz=alte.lizenz if alte else "",
        adresse=alte.adresse if alte else "",
        fundstellen={w.indikator: f"PDF-S. {w.seite}" for w in werte},
    )


# --- Schreiben -------------------------------------------------------------------


def _pruefe_kopie(inhalte: Mapping[Path, bytes], ordner: Projektordner) -> None:
    """Liest eine Kopie mit den neuen Inhalten; ein Mangel bricht ab."""
    with tempfile.TemporaryDirectory() as zwischen:
        kopie = Projektordner(Path(zwischen) / ordner.wurzel.name)
        shutil.copytree(ordner.wurzel, kopie.wurzel)
        for datei, inhalt in inhalte.items():
            ziel = kopie.wurzel / datei.relative_to(ordner.wurzel)
            ziel.parent.mkdir(parents=True, exist_ok=True)
            ziel.write_bytes(inhalt)
        lies_datenstand(kopie)


def ersetze_dateien(inhalte: Mapping[Path, bytes]) -> None:
    """Legt alle neuen Dateien daneben und tauscht sie dann nacheinander ein.

    Raises
    ------
    Ausgabefehler
        Wenn der Ort nicht beschreibbar ist.
    """
    neben = {datei: datei.with_name(f".{datei.name}.neu") for datei in inhalte}
    try:
        for datei, inhalt in inhalte.items():
            datei.parent.mkdir(parents=True, exist_ok=True)
            neben[datei].write_bytes(inhalt)
            if datei.is_file():
                shutil.copymode(datei, neben[datei])
        for datei, neue in neben.items():
            neue.replace(datei)
    except OSError as fehler:
        orte = sorted({str(datei.parent) for datei in inhalte})
        raise Ausgabefehler(
            f"In {aufzaehlung(orte)} lässt sich nicht schreiben "
            f"({systemgrund(fehler)}). Bitte Platz und Rechte prüfen und den Befehl "
            "noch einmal aufrufen."
        ) from fehler
    finally:
        for neue in neben.values():
            with suppress(OSError):
                neue.unlink(missing_ok=True)
