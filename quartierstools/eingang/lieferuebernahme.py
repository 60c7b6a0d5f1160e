"""Wie kommen geprüfte Lieferungen in den Bestand? Eine Datei je Quelle und Stichtag.

Geschrieben wird erst, wenn kein Mangel bleibt; vorhandene Werte ändern sich nur auf
ausdrückliche Anweisung, und die alte Datei bleibt unter ``lieferungen/ersetzt`` liegen.
"""

import csv
import hashlib
import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from quartierstools.eingang.adressen import adressart
from quartierstools.eingang.auswahl import lieferdateien
from quartierstools.eingang.bestand import lies_bestand
from quartierstools.eingang.bestandspruefung import BEISPIEL
from quartierstools.eingang.gebiete import lies_gebiete
from quartierstools.eingang.leser.oeffnen import quellenname
from quartierstools.eingang.pruefbericht import pruefe_dateien
from quartierstools.eingang.pruefergebnis import Pruefbericht
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.eingang.uebernahme import KOPF, ersetze_dateien, saetze
from quartierstools.eingang.wertetabelle import EBENEN, SCHLUESSEL, bestandszeilen
from quartierstools.eingang.zuordnung import LIEFERUNGEN
from quartierstools.eingang.zusammenfuehrung import NENNER_ORT
from quartierstools.katalog import Katalog, Projektordner, lade_katalog
from quartierstools.katalog.orte import kennung_aus
from quartierstools.schreibweise import datum_text

ERSETZT = Path(LIEFERUNGEN, "ersetzt")
"""Bestandstabellen, wie sie vor einer Änderung waren; kein Lauf liest sie."""
INHALT = ("wert", "zaehler", "nenner", "quelle", "stichtag_belegt")
URTEILE = ("neu", "gleich", "geändert")
STELLEN_PRUEFSUMME = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Aenderung:
    """Ein Wert, der schon anders im Bestand steht."""

    ort: str
    was: str
    bisher: str
    kuenftig: str

    def __str__(self) -> str:
        return f"{self.was}: bisher {self.bisher} ({self.ort}), neu {self.kuenftig}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lieferuebernahme:
    """Ergebnis einer Übernahme.

    Attributes
    ----------
    bericht : Pruefbericht
        Prüfung aller Dateien zusammen.
    uebersicht : DataFrame
        Spalten `indikator`, `bezeichnung`, `stichtag`, `neu`, `gleich`, `geändert`.
    aenderungen : tuple of Aenderung
        Werte, die der Bestand anders kennt.
    geschrieben, gesichert, entfernt : tuple of Path
        Neue und geänderte Tabellen; Sicherungen; Tabellen ohne eigene Zeile.
    satz : str
        Was geschehen ist.
    in_ordnung : bool
        Ob alle Werte im Bestand stehen, eben geschrieben oder schon vorher.
    """

    bericht: Pruefbericht
    uebersicht: pd.DataFrame
    aenderungen: tuple[Aenderung, ...] = ()
    geschrieben: tuple[Path, ...] = ()
    gesichert: tuple[Path, ...] = ()
    entfernt: tuple[Path, ...] = ()
    satz: str = ""
    in_ordnung: bool = True


def uebernimm_lieferungen(
    dateien: Sequence[Path | str], ordner: Projektordner, *, ersetzen: bool = False
) -> Lieferuebernahme:
    """Prüft Lieferungen zusammen und schreibt ihre Werte in den Bestand.

    Zähler und Nenner eines Indikators dürfen in verschiedenen Dateien stehen. Je
    Quelle und Stichtag entsteht ``bestand/QUELLE_STICHTAG.csv``; jede Zeile nennt im
    Hinweis Datei, Zeile und Prüfsumme der Lieferung. Ein zweiter Aufruf ändert nichts.

    Parameters
    ----------
    dateien : Sequence of Path or str
        Dateien, Ordner oder Adressen mit passender ``lieferung.yaml``.
    ordner : Projektordner
        Wohin geschrieben wird.
    ersetzen : bool, default=False
        Ob Werte, die schon anders dastehen, ersetzt werden. Die alte Tabelle bleibt
        unter ``lieferungen/ersetzt`` liegen.

    Returns
    -------
    Lieferuebernahme
        Bei Mängeln, offenen Fragen oder unbestätigten Änderungen ohne Geschriebenes.

    Raises
    ------
    Datenfehler
        Wenn der vorhandene Bestand Mängel hat oder das Ergebnis sie hätte. Dann
        ändert sich nichts.
    """
    bericht = pruefe_dateien(dateien, projekt=ordner)
    leer = pd.DataFrame(columns=["indikator", "bezeichnung", "stichtag", *URTEILE])
    ohne = [t.datei for t in bericht.tabellen if t.zuordnung == "Vorschlag"]
    if not bericht.in_ordnung or ohne or bericht.werte is None or bericht.werte.empty:
        return Lieferuebernahme(
            bericht=bericht,
            uebersicht=leer,
            in_ordnung=False,
            satz=_grund(bericht, ohne),
        )
    katalog = lade_katalog(ordner)
    vorhanden, leere = _vorhandene(ordner, katalog)
    neue = _neue_zeilen(bericht.werte, katalog, _pruefsummen(dateien))
    plan = _Plan.from_zeilen(neue, vorhanden, ordner)
    uebersicht = plan.uebersicht(katalog)
    if plan.aenderungen and not ersetzen:
        return Lieferuebernahme(
            bericht=bericht,
            uebersicht=uebersicht,
            aenderungen=plan.aenderungen,
            in_ordnung=False,
            satz="Nichts übernommen: Der Bestand kennt Werte anders. Bitte ansehen; "
            "mit --ersetzen gelten die gelieferten.",
        )
    inhalte = plan.inhalte()
    if not inhalte:
        return Lieferuebernahme(
            bericht=bericht,
            uebersicht=uebersicht,
            satz="Alles steht schon so im Bestand; nichts geändert.",
        )
    gesichert = plan.sicherungen(inhalte)
    # Wovon nach dem Ersetzen nur die Kopfzeile bliebe, ist gesichert und geht.
    leere = [d for d in leere if d not in inhalte]
    leere += [d for d, inhalt in inhalte.items() if _ohne_werte(inhalt)]
    inhalte = {d: inhalt for d, inhalt in inhalte.items() if d not in leere}
    _pruefe_ergebnis(inhalte, leere, ordner, katalog)
    ersetze_dateien(gesichert)
    # Erst Neues schreiben, dann Altes kürzen: Ein Abbruch dazwischen lässt Werte
    # doppelt stehen (das meldet jede Prüfung), nie verschwinden.
    ersetze_dateien(inhalte)
    for datei in leere:
        datei.unlink(missing_ok=True)
    return Lieferuebernahme(
        bericht=bericht,
        uebersicht=uebersicht,
        aenderungen=plan.aenderungen,
        geschrieben=tuple(inhalte),
        gesichert=tuple(gesichert),
        entfernt=tuple(leere),
        satz="Übernommen.",
    )


def _grund(bericht: Pruefbericht, ohne: Sequence[str]) -> str:
    if not bericht.in_ordnung:
        return "Nichts übernommen: Bitte zuerst die Mängel beheben."
    if ohne:
        return (
            f"Nichts übernommen: Zu {', '.join(ohne)} gibt es nur einen Vorschlag. "
            "Bitte prüfen und als lieferung.yaml neben der Datei speichern, "
            f"für Dienste in {LIEFERUNGEN}/ des Projekts."
        )
    return "Nichts übernommen: In den Dateien steht kein vollständiger Wert."


def _pruefsummen(dateien: Sequence[Path | str]) -> dict[str, str]:
    """Anfang des SHA-256 je gelieferter Datei."""
    summen = {}
    for quelle in lieferdateien(dateien):
        if isinstance(quelle, str) and adressart(quelle):
            continue
        summe = hashlib.sha256(Path(quelle).read_bytes()).hexdigest()
        summen[quellenname(quelle)] = summe[:STELLEN_PRUEFSUMME]
    return summen


def _vorhandene(
    ordner: Projektordner, katalog: Katalog
) -> tuple[pd.DataFrame | None, list[Path]]:
    """Bestand als Text und die Tabellen, in denen noch nichts Eigenes steht."""
    leere = [d for d in ordner.bestand if _ist_leer(d)]
    gefuellt = [(d, ordner.name_von(d)) for d in ordner.bestand if d not in leere]
    if not gefuellt:
        return None, leere
    gebiete, bezirke = lies_gebiete(ordner, katalog)
    werte = lies_bestand(gefuellt, katalog, gebiete, bezirke.index)
    texte = bestandszeilen(werte, katalog)
    return texte.assign(datei=werte["datei"], zeile=werte["zeile"]), leere


def _ist_leer(datei: Path) -> bool:
    """Nur Kopfzeile oder Beispielzeile, wie `quartier neu` sie anlegt."""
    return datei.is_file() and _ohne_werte(datei.read_bytes())


def _ohne_werte(inhalt: bytes) -> bool:
    text = inhalt.decode("utf-8-sig", errors="replace")
    zeilen = [z for z in text.splitlines()[1:] if z.strip(" ;")]
    return all(z.split(";")[1:2] == [BEISPIEL] for z in zeilen)


def _neue_zeilen(
    werte: pd.DataFrame, katalog: Katalog, summen: Mapping[str, str]
) -> pd.DataFrame:
    """Zeilen im Format des Bestands; der Hinweis nennt die Lieferung."""
    zeilen = bestandszeilen(werte, katalog)
    hinweise = []
    for hinweis, datei, zeile, nenner in zip(
        zeilen["hinweis"],
        werte["datei"],
        werte["zeile"],
        werte[NENNER_ORT],
        strict=True,
    ):
        ort = _mit_summe(f"{datei}, Zeile {zeile}", summen)
        teile = [hinweis, f"geliefert: {ort}"]
        if nenner:
            teile.append(f"Nenner: {_mit_summe(nenner, summen)}")
        hinweise.append(sicherer_text("; ".join(t for t in teile if t), 400))
    return zeilen.assign(hinweis=hinweise)


def _mit_summe(ort: str, summen: Mapping[str, str]) -> str:
    name = ort.rpartition(", Zeile ")[0]
    summe = summen.get(name, "") or summen.get(name.partition(", ")[0], "")
    return f"{ort} (SHA-256 {summe}…)" if summe else ort


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Was neu ist, was gleich bleibt, was sich ändern würde."""

    ordner: Projektordner
    neue: pd.DataFrame
    ersetzt: Mapping[str, frozenset[int]]
    aenderungen: tuple[Aenderung, ...]

    @classmethod
    def from_zeilen(
        cls, neue: pd.DataFrame, vorhanden: pd.DataFrame | None, ordner: Projektordner
    ) -> "_Plan":
        """Vergleicht Zeile für Zeile mit dem Bestand."""
        spalten = [*SCHLUESSEL, *INHALT, "datei", "zeile"]
        alt = vorhanden if vorhanden is not None else pd.DataFrame(columns=spalten)
        paare = neue.merge(
            alt[spalten], on=SCHLUESSEL, how="left", suffixes=("", "_alt")
        )
        da = paare["datei"].notna().to_numpy(dtype=bool)
        gleich = da.copy()
        for feld in INHALT:
            gleich &= (paare[feld] == paare[f"{feld}_alt"]).to_numpy(dtype=bool)
        urteil = pd.Series("neu", index=paare.index, dtype=object)
        urteil[da] = "geändert"
        urteil[gleich] = "gleich"
        paare = paare.assign(urteil=urteil)
        anders = paare[paare["urteil"] == "geändert"]
        ersetzt = {
            str(datei): frozenset(int(z) for z in gruppe["zeile"])
            for datei, gruppe in anders.groupby("datei", sort=True)
        }
        aenderungen = tuple(
            Aenderung(
                ort=f"{z['datei']}, Zeile {int(z['zeile'])}",
                was=f"{z['indikator']}, {z['ebene']} {z['gebiet']}, "
                f"{datum_text(date.fromisoformat(z['stichtag']))}",
                bisher=_inhaltstext(z, "_alt"),
                kuenftig=_inhaltstext(z, ""),
            )
            for z in anders.to_dict("records")
        )
        return cls(ordner=ordner, neue=paare, ersetzt=ersetzt, aenderungen=aenderungen)

    def uebersicht(self, katalog: Katalog) -> pd.DataFrame:
        """Je Indikator und Stichtag, wie viele Werte neu, gleich und anders sind."""
        urteile = {u: (self.neue["urteil"] == u).astype(int) for u in URTEILE}
        gruppen = self.neue.assign(**urteile).groupby(["indikator", "stichtag"])
        anzahl = gruppen[list(URTEILE)].sum().reset_index()
        namen = [katalog.indikatoren[k].bezeichnung for k in anzahl["indikator"]]
        anzahl.insert(1, "bezeichnung", namen)
        return anzahl

    def inhalte(self) -> dict[Path, bytes]:
        """Neuer Inhalt jeder betroffenen Tabelle; zuerst die mit neuen Zeilen."""
        schreiben = self.neue[self.neue["urteil"] != "gleich"]
        quellen = schreiben["quelle"].map(kennung_aus)
        ziele = quellen + "_" + schreiben["stichtag"] + ".csv"
        ergebnis: dict[Path, bytes] = {}
        for name, gruppe in schreiben.groupby(ziele, sort=True):
            datei = self.ordner.wurzel / "bestand" / str(name)
            behalten = self._behaltene(datei)
            neue = [
                dict(zip(KOPF, z, strict=True)) for z in gruppe[list(KOPF)].to_numpy()
            ]
            ergebnis[datei] = _als_csv([*behalten, *neue])
        for name, nummern in self.ersetzt.items():
            datei = self.ordner.wurzel / name
            if datei not in ergebnis:
                ergebnis[datei] = _ohne_zeilen(datei, nummern)
        return ergebnis

    def _behaltene(self, datei: Path) -> list[dict[str, str]]:
        """Zeilen der Zieldatei, die bleiben."""
        if not datei.is_file():
            return []
        text = _ohne_zeilen(datei, self._nummern(datei)).decode("utf-8-sig")
        leser = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
        zeilen = [
            {str(k).strip(): str(v or "").strip() for k, v in zeile.items()}
            for zeile in leser
        ]
        return [z for z in zeilen if any(z.values()) and z.get("gebiet") != BEISPIEL]

    def _nummern(self, datei: Path) -> frozenset[int]:
        return self.ersetzt.get(self.ordner.name_von(datei), frozenset())

    def sicherungen(self, inhalte: Mapping[Path, bytes]) -> dict[Path, bytes]:
        """Kopien der Tabellen, aus denen eine Zeile verschwindet."""
        ergebnis = {}
        for datei in inhalte:
            if self._nummern(datei):
                roh = datei.read_bytes()
                summe = hashlib.sha256(roh).hexdigest()[:8]
                name = f"{datei.stem}.{summe}.csv"
                ergebnis[self.ordner.wurzel / ERSETZT / name] = roh
        return ergebnis


def _inhaltstext(zeile: Mapping[object, object], endung: str) -> str:
    wert, zaehler, nenner, quelle = (
        str(zeile[f"{feld}{endung}"])
        for feld in ("wert", "zaehler", "nenner", "quelle")
    )
    zahlen = f"{zaehler} von {nenner}" if zaehler and nenner else wert
    belegt = zeile[f"stichtag_belegt{endung}"]
    return f"{zahlen} [{quelle}, Stichtag belegt: {belegt}]"


def _ohne_zeilen(datei: Path, nummern: frozenset[int]) -> bytes:
    """Inhalt ohne diese Datensätze; jede andere Zeile behält ihre Bytes."""
    text = datei.read_bytes().decode("utf-8")
    bleibt = [satz.text for satz in saetze(text) if satz.zeile not in nummern]
    return "".join(bleibt).encode()


def _als_csv(zeilen: Sequence[Mapping[str, str]]) -> bytes:
    """CSV im Format des Bestands, nach Indikator, Ebene und Gebiet sortiert."""
    puffer = io.StringIO(newline="")
    schreiber = csv.writer(puffer, delimiter=";", lineterminator="\n")
    schreiber.writerow(KOPF)
    felder = [[str(z.get(name, "")) for name in KOPF] for z in zeilen]
    folge = {ebene: stelle for stelle, ebene in enumerate(EBENEN)}
    felder.sort(key=lambda f: (f[2], f[3], folge.get(f[0], len(folge)), f[1]))
    schreiber.writerows(felder)
    return puffer.getvalue().encode()


def _pruefe_ergebnis(
    inhalte: Mapping[Path, bytes],
    leere: Sequence[Path],
    ordner: Projektordner,
    katalog: Katalog,
) -> None:
    """Liest den künftigen Bestand neben dem Projekt; ein Mangel bricht ab."""
    gebiete, bezirke = lies_gebiete(ordner, katalog)
    with tempfile.TemporaryDirectory() as zwischen:
        dateien: list[tuple[Path, str]] = []
        for datei in sorted({*ordner.bestand, *inhalte} - {*leere}):
            quelle = datei
            if datei in inhalte:
                quelle = Path(zwischen) / datei.name
                quelle.write_bytes(inhalte[datei])
            dateien.append((quelle, ordner.name_von(datei)))
        lies_bestand(dateien, katalog, gebiete, bezirke.index)
