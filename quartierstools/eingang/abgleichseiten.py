"""Welche Seite eines Berichts gehört zu welchem Indikator? Suche nach Überschriften."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from quartierstools.eingang.abgleichswerte import Gelesen, deute_zellen, verrueckung
from quartierstools.eingang.deutung import Liefereinheit
from quartierstools.eingang.leser.sozialbericht import Berichtsseite
from quartierstools.eingang.namen import UMSCHRIFT, Gebietsverzeichnis
from quartierstools.eingang.pruefregeln import lies_pruefregeln
from quartierstools.eingang.pruefung import messkonzeptbefunde
from quartierstools.eingang.schutz import sicherer_text
from quartierstools.fehler import Befund, Datenfehler, meinten_sie
from quartierstools.katalog import Katalog, Projektordner
from quartierstools.katalog.eintrag import Eintrag, JaNein, lies_eintraege
from quartierstools.katalog.modelle import Quelle
from quartierstools.schreibweise import aufzaehlung

DATEI = "abgleich"
MONATE = (
    *("januar", "februar", "märz", "april", "mai", "juni", "juli", "august"),
    *("september", "oktober", "november", "dezember"),
)
DATUM = re.compile(
    rf"\b(\d{{1,2}})\.\s?(?:(\d{{1,2}})\.\s?|({'|'.join(MONATE)})\s+)((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
STANDWORT = re.compile(r"\b(?:stichtag|stand|zum|am)\b\W*$", re.IGNORECASE)
MINDESTANTEIL = 2 / 3
"""Weniger Gebiete auf einer Seite sind keine Lücke, sondern ein Lesefehler."""


class Seitenangabe(Eintrag):
    """Woran die Seite eines Indikators zu erkennen ist.

    Attributes
    ----------
    ueberschrift : tuple of str
        Eine dieser Wortfolgen steht in der Überschrift, in ganzen Wörtern.
    ohne : tuple of str
        Keine dieser Wortfolgen steht darin.
    spalte : str
        Kopf der Zahlenspalte; nötig, wenn die Seite mehrere hat.
    einheit : str
        Einheit im Bericht; leer: wie im Katalog.
    seite : int
        Legt die Seite fest, wenn die Überschrift auf mehrere passt.
    geprueft : bool
        Ein Mensch hat nachgesehen: Seite, Spalte und Einheit stimmen, auch wenn die
        meisten Werte anders sind als bisher.
    """

    id: str
    ueberschrift: Annotated[tuple[str, ...], Field(min_length=1)]
    ohne: tuple[str, ...] = ()
    spalte: str = ""
    einheit: Liefereinheit | None = None
    seite: Annotated[int, Field(ge=1)] | None = None
    geprueft: JaNein = False

    def passt(self, titel: str) -> bool:
        """Ob die Überschrift diesen Indikator nennt.

        Examples
        --------
        >>> angabe = Seitenangabe(id="B01", ueberschrift=("Arbeitslose",))
        >>> angabe.passt("Arbeitslose am 31.12.2023"), angabe.passt("Arbeitslosenquote")
        (True, False)
        """
        woerter = _woerter(titel)
        hat = any(_enthaelt(woerter, _woerter(u)) for u in self.ueberschrift)
        return hat and not any(_enthaelt(woerter, _woerter(o)) for o in self.ohne)


def _woerter(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().translate(UMSCHRIFT))


def _enthaelt(woerter: Sequence[str], folge: Sequence[str]) -> bool:
    n = len(folge)
    return n > 0 and any(
        list(woerter[i : i + n]) == list(folge) for i in range(len(woerter) - n + 1)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seitenfund:
    """Die Seite eines Indikators, gelesen.

    Attributes
    ----------
    seite : int or None
        Seite im PDF; None, wenn keine eindeutig passt.
    stichtag : str
        ``JJJJ-MM-TT``; leer, wenn die Seite keinen nennt.
    zellen : Mapping
        (Ebene, Gebiet) → gedeutete Zelle und ihr Text.
    """

    angabe: Seitenangabe
    seite: int | None
    stichtag: str
    zellen: Mapping[tuple[str, str], tuple[Gelesen, str]]
    befunde: tuple[Befund, ...]


def lies_seitenangaben(
    ordner: Projektordner, katalog: Katalog
) -> dict[str, Seitenangabe]:
    """Liest ``katalog/abgleich.yaml``.

    Raises
    ------
    Katalogfehler, Datenfehler
        Wenn die Datei fehlt, nicht lesbar ist oder Unbekanntes nennt.
    """
    angaben = lies_eintraege(Seitenangabe, ordner.katalog(DATEI))
    befunde = []
    for kennung, angabe in angaben.items():
        ort = f"katalog/abgleich.yaml, {kennung}"
        indikator = katalog.indikatoren.get(kennung)
        if indikator is None:
            befunde.append(
                Befund(
                    ort=ort,
                    was=f"Den Indikator „{kennung}“ kennt der Katalog nicht."
                    f"{meinten_sie(kennung, list(katalog.indikatoren))}",
                    erwartet="eine Kennung aus dem Katalog",
                )
            )
        elif _rueckt(angabe, katalog) is None:
            befunde.append(
                Befund(
                    ort=ort,
                    was=f"„{angabe.einheit}“ lässt sich nicht in „{indikator.einheit}“ "
                    "umrechnen.",
                    erwartet="die Einheit, in der die Zahlen im Bericht stehen",
                )
            )
    if befunde:
        raise Datenfehler("katalog/abgleich.yaml", befunde)
    return angaben


def _rueckt(angabe: Seitenangabe, katalog: Katalog) -> int | None:
    einheit = katalog.indikatoren[angabe.id].einheit
    return verrueckung(angabe.einheit or einheit, einheit)


def finde_seiten(
    pdf: Path,
    seiten: Sequence[Berichtsseite],
    angaben: Mapping[str, Seitenangabe],
    *,
    katalog: Katalog,
    verzeichnis: Gebietsverzeichnis,
) -> list[Seitenfund]:
    """Sucht zu jedem Indikator seine Seite und deutet ihre Zahlen."""
    name = sicherer_text(pdf.name)
    funde = []
    for angabe in angaben.values():
        passend = _passende(seiten, angabe)
        if len(passend) != 1:
            befund = _keine_oder_mehrere(passend, angabe, name)
            funde.append(
                Seitenfund(
                    angabe=angabe,
                    seite=None,
                    stichtag="",
                    zellen={},
                    befunde=(befund,),
                )
            )
            continue
        funde.append(_gelesen(pdf, passend[0], angabe, katalog, verzeichnis))
    return funde


def _passende(
    seiten: Sequence[Berichtsseite], angabe: Seitenangabe
) -> list[Berichtsseite]:
    if angabe.seite is not None:
        return [s for s in seiten if s.seite == angabe.seite]
    return [s for s in seiten if angabe.passt(s.titel)]


def _keine_oder_mehrere(
    passend: Sequence[Berichtsseite], angabe: Seitenangabe, name: str
) -> Befund:
    gesucht = " oder ".join(f"„{u}“" for u in angabe.ueberschrift)
    ort = f"{name}, {angabe.id}"
    if not passend:
        wo = f"Seite {angabe.seite}" if angabe.seite else "Keine Tabellenseite"
        return Befund(
            ort=ort,
            was=f"{wo} trägt keine Tabelle zu diesem Indikator."
            if angabe.seite
            else f"{wo} trägt die Überschrift {gesucht}.",
            rat="Die Werte bleiben, wie sie sind. Heißt die Überschrift anders? Dann "
            "in katalog/abgleich.yaml ergänzen.",
            schwere="hinweis",
        )
    zahlen = aufzaehlung([str(s.seite) for s in passend])
    return Befund(
        ort=ort,
        was=f"Die Überschrift {gesucht} passt auf die Seiten {zahlen}.",
        erwartet="genau eine Seite je Indikator",
        rat="Bitte in katalog/abgleich.yaml mit ohne oder seite eindeutig machen.",
    )


def _gelesen(
    pdf: Path,
    seite: Berichtsseite,
    angabe: Seitenangabe,
    katalog: Katalog,
    verzeichnis: Gebietsverzeichnis,
) -> Seitenfund:
    ort = f"{sicherer_text(pdf.name)}, Seite {seite.seite}, {angabe.id}"
    befunde = list(seite.befunde)
    spalte, neue = _spalte(seite, angabe, ort)
    befunde += neue
    texte = [(ort, angabe.id, seite.titel)]
    if spalte is not None:
        texte.append((ort, angabe.id, seite.spalten[spalte]))
    befunde += messkonzeptbefunde(texte, lies_pruefregeln())
    befunde += _anzahlbefunde(seite, verzeichnis, ort)
    befunde += _fremde_zeilen(seite, verzeichnis, ort)
    zellen: dict[tuple[str, str], tuple[Gelesen, str]] = {}
    if spalte is not None:
        zeichen = Quelle.model_fields["zeichen"].default
        texte_der_spalte = [z.zellen[spalte] for z in seite.zeilen]
        gelesen = deute_zellen(
            texte_der_spalte, zeichen, rueckt=_rueckt(angabe, katalog) or 0
        )
        zellen = {
            (z.ebene, z.gebiet): (g, t)
            for z, g, t in zip(seite.zeilen, gelesen, texte_der_spalte, strict=True)
        }
    return Seitenfund(
        angabe=angabe,
        seite=seite.seite,
        stichtag=seite.stichtag or stichtag_in([seite.titel, *seite.fussnoten]),
        zellen=zellen,
        befunde=tuple(befunde),
    )


def _spalte(
    seite: Berichtsseite, angabe: Seitenangabe, ort: str
) -> tuple[int | None, list[Befund]]:
    """Stelle der Zahlenspalte; bei mehreren entscheidet `spalte`, nie ein Raten."""
    if len(seite.spalten) == 1 and not angabe.spalte:
        return 0, []
    gesucht = _woerter(angabe.spalte)
    passend = [
        i for i, kopf in enumerate(seite.spalten) if _enthaelt(_woerter(kopf), gesucht)
    ]
    if len(passend) == 1:
        return passend[0], []
    koepfe = aufzaehlung([f"„{sicherer_text(k)}“" for k in seite.spalten])
    befund = Befund(
        ort=ort,
        was=f"Die Seite hat mehrere Zahlenspalten: {koepfe}."
        if not angabe.spalte
        else f"„{angabe.spalte}“ ist nicht genau eine der Spalten {koepfe}.",
        erwartet="eine bestimmte Spalte",
        rat=f"Bitte in katalog/abgleich.yaml bei {angabe.id} das Feld spalte setzen.",
    )
    return None, [befund]


def _anzahlbefunde(
    seite: Berichtsseite, verzeichnis: Gebietsverzeichnis, ort: str
) -> list[Befund]:
    alle = len(verzeichnis.schluessel("gebiet"))
    da = alle - len(seite.fehlend)
    if not seite.fehlend:
        return []
    namen = [verzeichnis.name("gebiet", k) for k in seite.fehlend[:8]]
    zu_wenig = da < MINDESTANTEIL * alle
    return [
        Befund(
            ort=ort,
            was=f"{da} von {alle} Gebieten stehen auf der Seite; es fehlen "
            f"{aufzaehlung(namen)}{' und weitere' if len(seite.fehlend) > 8 else ''}.",  # noqa: PLR2004
            erwartet=f"mindestens {round(MINDESTANTEIL * 100)} Prozent der Gebiete"
            if zu_wenig
            else "",
            rat="Ist es die richtige Gebietsebene, und ist die Seite vollständig?"
            if zu_wenig
            else "Fehlende Gebiete bleiben, wie sie sind.",
            schwere="fehler" if zu_wenig else "hinweis",
        )
    ]


def _fremde_zeilen(
    seite: Berichtsseite, verzeichnis: Gebietsverzeichnis, ort: str
) -> list[Befund]:
    """Zeilen mit Zahlen, deren Name zu keinem Gebiet passt."""
    return [
        Befund(
            ort=f"{ort}, Zeile {zeile.zeile}",
            was=zeile.satz,
            erwartet=f"{len(verzeichnis.schluessel('gebiet'))} Gebiete, die "
            "Stadtbezirke und die Stadt",
            rat="Hat sich ein Zuschnitt oder ein Name geändert? Bitte klären, bevor "
            "Werte übernommen werden.",
        )
        for zeile in seite.uebrige
    ]


def stichtag_in(texte: Sequence[str]) -> str:
    """Stichtag, den eine Seite nennt; leer, wenn keiner oder mehrere dastehen.

    Ein Datum gilt, wenn davor „Stichtag“, „Stand“, „am“ oder „zum“ steht.

    Examples
    --------
    >>> stichtag_in(["Quelle: Statistik; Stand: 31. Dezember 2023"])
    '2023-12-31'
    >>> stichtag_in(["Veröffentlicht 2024", "Stand 1.1.2023, am 2.1.2023"])
    ''
    """
    tage = set()
    for text in texte:
        for fund in DATUM.finditer(text):
            if STANDWORT.search(text[: fund.start()]):
                wort = fund[3]
                monat = MONATE.index(wort.casefold()) + 1 if wort else int(fund[2])
                tage.add(f"{fund[4]}-{monat:02d}-{int(fund[1]):02d}")
    return tage.pop() if len(tage) == 1 else ""
