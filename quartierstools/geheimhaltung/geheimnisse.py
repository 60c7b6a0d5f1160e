"""Wonach wird in fertigen Dateien gesucht? Gesperrte Werte in ihren Schreibweisen.

Was hier entsteht, enthält die gesperrten Werte selbst: Es dient nur der
Durchsicht, wird nie abgelegt und nie ausgegeben.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from quartierstools.eingang import Datenstand
from quartierstools.geheimhaltung.freigabe import Freigabe
from quartierstools.geheimhaltung.zahlworte import (
    SACHEN,
    WORT,
    wortanteile,
    wortzahlen,
)
from quartierstools.schreibweise import gerundet

Ort = tuple[str, str]
"""Ebene und Schlüssel."""

STADTWORTE = ("Stadt", "Gesamtstadt", "Stadt gesamt", "stadt")
VERGLEICH = "vergleich"
"""Ebene der Vergleichsworte, damit sie kein Ort sind."""

VERGLEICHSWORTE = ("Mittel", "Mittelwert", "Median", "Durchschnitt", "Vergleichswert")
"""Worte, nach denen eine Zahl nicht mehr dem Ort gehört."""

GEDRUCKT = frozenset({"prozent", "je_100", "je_1000", "prozentpunkte"})
"""Einheiten, die mit Nachkommastellen gedruckt werden."""

GENAU = 5
"""Ab so vielen geltenden Ziffern ist eine Zahl unverwechselbar."""

PROZENT = re.compile(r"\s*(?:%|Prozent|‰|v\. ?H\.)")
EINFACH = 40
"""Bis zu diesem Nenner ist ein Bruch alltäglich."""

ZAHL = re.compile(r"(?<![\w.,])[-−+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?(?![\w])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Geheimnis:
    """Ein gesperrter Wert mit den Schreibweisen, in denen er auftauchen kann.

    Attributes
    ----------
    formen : Mapping
        Schreibweise (Punkt als Komma, ohne Tausenderpunkt) → ``anteil``,
        ``anzahl``, ``ganz`` (auf ganze Prozent, geschrieben ``4%``) oder ``roh``
        (unverwechselbar genau).
    """

    ort: Ort
    name: str
    indikator: str
    bezeichnung: str
    stichtag: str
    formen: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Geheimnisse:
    """Alle gesperrten Werte und was daneben erlaubt ist.

    Attributes
    ----------
    erlaubt : Mapping
        Freigegebene Schreibweisen je (Ort, Indikator).
    offene_tage : Mapping
        Stichtage mit freigegebenem Wert je (Ort, Indikator).
    orte, indikatoren : Mapping
        Name oder Schlüssel → Ort; Bezeichnung oder Kennung → Kennung.
    """

    liste: tuple[Geheimnis, ...] = ()
    erlaubt: Mapping[tuple[Ort, str], frozenset[str]] = field(default_factory=dict)
    offene_tage: Mapping[tuple[Ort, str], frozenset[str]] = field(default_factory=dict)
    orte: Mapping[str, Ort] = field(default_factory=dict)
    indikatoren: Mapping[str, str] = field(default_factory=dict)


def geheimnisse(stand: Datenstand, freigabe: Freigabe) -> Geheimnisse:
    """Was der Datenstand enthält und die Freigabe nicht.

    Parameters
    ----------
    stand : Datenstand
        Geprüfte Eingaben mit allen Werten.
    freigabe : Freigabe
        Was veröffentlicht ist; bei der internen Fassung ist nichts geheim.
    """
    katalog = stand.katalog
    orte = _orte(stand)
    # Der Name steht hinter dem Schlüssel und gewinnt.
    namen = {ort: name for name, ort in orte.items()}
    einheiten = {k: i.einheit for k, i in katalog.indikatoren.items()}
    liste: list[Geheimnis] = []
    erlaubt: dict[tuple[Ort, str], set[str]] = {}
    tage: dict[tuple[Ort, str], set[str]] = {}
    paare = zip(_zeilen(stand.werte), _zeilen(freigabe.werte), strict=True)
    for zeile, frei in paare:
        ort = (str(zeile["ebene"]), str(zeile["gebiet"]))
        kennung, tag = str(zeile["indikator"]), str(zeile["stichtag"])
        indikator = katalog.indikatoren[kennung]
        if frei["wertart"] == "Zahl":
            frei_formen = formen(frei, einheiten[kennung], indikator.stellen)
            erlaubt.setdefault((ort, kennung), set()).update(frei_formen)
            tage.setdefault((ort, kennung), set()).add(tag)
        elif zeile["wertart"] == "Zahl" and frei["wertart"] == "gesperrt":
            liste.append(
                Geheimnis(
                    ort=ort,
                    name=namen.get(ort, ort[1]),
                    indikator=kennung,
                    bezeichnung=indikator.bezeichnung,
                    stichtag=tag,
                    formen=formen(zeile, einheiten[kennung], indikator.stellen),
                )
            )
    return Geheimnisse(
        liste=tuple(liste),
        erlaubt={k: frozenset(v) for k, v in erlaubt.items()},
        offene_tage={k: frozenset(v) for k, v in tage.items()},
        orte=orte,
        indikatoren=_indikatoren(stand),
    )


def _orte(stand: Datenstand) -> dict[str, Ort]:
    """Namen und Schlüssel; was zwei Orte meinen kann, meint den kleineren."""
    orte: dict[str, Ort] = {}
    for wort in VERGLEICHSWORTE:
        orte[wort] = (VERGLEICH, wort)
    for wort in (*STADTWORTE, stand.katalog.projekt.stadt):
        orte[wort] = ("stadt", "stadt")
    for ebene, tabelle in (
        ("stadtbezirk", stand.stadtbezirke),
        ("gebiet", stand.gebiete),
    ):
        for schluessel in tabelle.index:
            orte[str(schluessel)] = (ebene, str(schluessel))
            if "name" in tabelle:
                name = str(tabelle.loc[schluessel, "name"])
                orte[name] = (ebene, str(schluessel))
    return orte


def _indikatoren(stand: Datenstand) -> dict[str, str]:
    benutzt = sorted(set(stand.werte["indikator"]))
    namen = {str(k): str(k) for k in benutzt}
    return namen | {stand.katalog.indikatoren[k].bezeichnung: k for k in benutzt}


def _zeilen(werte: pd.DataFrame) -> Iterator[dict[str, object]]:
    spalten = list(werte.columns)
    for zeile in werte.itertuples(index=False, name=None):
        yield {
            s: None if pd.isna(w) else w for s, w in zip(spalten, zeile, strict=True)
        }


def formen(zeile: Mapping[str, object], einheit: str, stellen: int) -> dict[str, str]:
    """Schreibweisen eines Wertes und seiner Fallzahlen.

    Examples
    --------
    >>> zeile = {"wert": 7 / 162, "zaehler": 7, "nenner": 162}
    >>> formen(zeile, "prozent", 1)["4.3"], formen(zeile, "prozent", 1)["7"]
    ('anteil', 'anzahl')
    """
    wert, zaehler = zeile["wert"], zeile["zaehler"]
    gefunden: dict[str, str] = {}
    if zaehler is not None:
        gefunden[str(int(str(zaehler)))] = "anzahl"
    if wert is None:
        return gefunden
    zahl = float(str(wert))
    if einheit == "anzahl":
        return {str(round(zahl)): "anzahl"}
    gedruckt = float(Decimal(repr(zahl)) * 100) if einheit == "prozent" else zahl
    for genau in {stellen, 1, 2} - {0} if einheit in GEDRUCKT else ():
        gefunden[str(abs(gerundet(gedruckt, genau)))] = "anteil"
    if einheit == "prozent":
        gefunden[f"{abs(gerundet(gedruckt))}%"] = "ganz"
    for genau in (3, 4):
        if gerundet(zahl, genau):
            gefunden[str(abs(gerundet(zahl, genau)))] = "anteil"
    return gefunden | _rohformen(zahl) | _rohformen(gedruckt)


def _alltaeglich(zahl: float) -> bool:
    """Ob die Zahl ein einfacher Bruch ist, der auch sonst vorkommt: 2/3, 4/7."""
    return abs(zahl - Fraction(zahl).limit_denominator(EINFACH)) < 1e-9  # noqa: PLR2004


def _rohformen(zahl: float) -> dict[str, str]:
    """Die Zahl selbst und auf sechs Stellen, wenn das unverwechselbar genau ist.

    Einfache Brüche sind es nicht; sie gelten nur bei ihrem Ort als Verrat.
    """
    genau = Decimal(repr(abs(zahl))).normalize()
    gekuerzt = abs(gerundet(zahl, 6)).normalize()
    formen_genau = {
        _knapp(z) for z in (genau, gekuerzt) if len(z.as_tuple().digits) >= GENAU
    }
    anteil = zahl / 100 if zahl > 1 else zahl
    return dict.fromkeys(formen_genau, "anteil" if _alltaeglich(anteil) else "roh")


def _knapp(zahl: Decimal) -> str:
    """Höchstens sieben geltende Ziffern, damit Rundungsreste nicht stören."""
    return f"{float(zahl):.7g}"


def zahlen(text: str) -> dict[str, list[int]]:
    """Zahlen eines Textes in einheitlicher Schreibweise mit ihren Stellen.

    Ganze Prozente heißen ``4%``, ob als Zahl, in Worten oder als „x von y“.

    Examples
    --------
    >>> sorted(zahlen("4,3 Prozent von 1.234 (0.0432104)"))
    ['0.0432104', '1.234', '1234', '4.3']
    >>> sorted(zahlen("rund 4 Prozent, zwölf Fälle, drei von vier Kindern"))
    ['12', '3', '4', '4%', '75%']
    """
    gefunden: dict[str, list[int]] = {}
    for treffer in ZAHL.finditer(text):
        for form in schreibweisen(treffer[0]):
            gefunden.setdefault(form, []).append(treffer.start())
        if treffer[0].isdigit() and _prozent_von_menschen(text, treffer.end()):
            gefunden.setdefault(f"{int(treffer[0])}%", []).append(treffer.start())
    for form, stelle in wortzahlen(text):
        gefunden.setdefault(form, []).append(stelle)
        wort = WORT.match(text, stelle)
        if wort and _prozent_von_menschen(text, wort.end()):
            gefunden.setdefault(f"{form}%", []).append(stelle)
    for prozent, stelle in wortanteile(text):
        gefunden.setdefault(f"{prozent}%", []).append(stelle)
    return gefunden


def _prozent_von_menschen(text: str, ende: int) -> bool:
    """Ob „4 %“ ein Anteil an Menschen sein kann, nicht „4 % der Rechenvarianten“."""
    prozent = PROZENT.match(text, ende)
    return prozent is not None and not SACHEN.match(text[prozent.end() :])


def schreibweisen(roh: str) -> Iterable[str]:
    """Deutungen einer geschriebenen Zahl, deutsch und englisch.

    Examples
    --------
    >>> sorted(schreibweisen("1.234")), sorted(schreibweisen("12,50"))
    (['1.234', '1234'], ['12.50'])
    >>> sorted(schreibweisen("4.3210987654e-02"))
    ['0.04321099']
    """
    text = roh.lstrip("+-−")
    formen = set()
    if "e" in text:
        return {_knapp(Decimal(text.replace(",", ".")))}
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", text):
        formen.add(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d+([.,]\d+)?", text):
        formen.add(text.replace(",", "."))
    weitere = set()
    for form in formen:
        ziffern = form.replace(".", "").strip("0")
        if "." in form and len(ziffern) >= GENAU:
            weitere.add(_knapp(Decimal(form)))
    return formen | weitere
