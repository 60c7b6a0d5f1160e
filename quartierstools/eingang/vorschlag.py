"""Was könnten die Spalten einer neuen Lieferung bedeuten? Ein Vorschlag zum Prüfen.

Der Vorschlag wird nie ohne Menschen übernommen: Er steht in der Datenprüfung und
lässt sich als ``lieferung.yaml`` speichern.
"""

import re
from collections.abc import Sequence
from pathlib import Path, PurePath

import pyarrow.compute as pc

from quartierstools.eingang.deutung import deute_spalte
from quartierstools.eingang.leser.kopf import ZAHLARTIG, ZEICHEN
from quartierstools.eingang.leser.oeffnen import oeffne, quellenname
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.namen import UMSCHRIFT, Gebietssuche, Gebietsverzeichnis
from quartierstools.eingang.pruefregeln import Pruefregeln, lies_pruefregeln
from quartierstools.eingang.spaltenworte import deute_namen
from quartierstools.eingang.zuordnung import Zuordnung, stichtag_in
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.katalog import Katalog
from quartierstools.schreibweise import aufzaehlung

SCHLUESSELWORT = re.compile(
    r"schluessel|kennziffer|kennung|gebietsnr|_nr|^nr|nummer|plr_id|^id$|^sb$|^gebiet$"
    r"|bezirksnr|raum_?id"
)
NAMENSWORT = re.compile(
    r"name|bezeichnung|ortsteil|bezirk|stadtteil|gebiet|raum|viertel"
)
STICHTAGSWORT = re.compile(r"stichtag|datum|stand|berichtsmonat")
INDIKATORWORT = re.compile(r"^indikator|merkmal|kennzahl|groesse")
WERTWORT = re.compile(r"^wert$|^anzahl$|auspraegung")
JAHR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
MINDESTGUETE = 0.5
PROBE = 500


def vorschlag_zuordnung(
    datei: Path | str,
    katalog: Katalog,
    *,
    verzeichnis: Gebietsverzeichnis | None = None,
    regeln: Pruefregeln | None = None,
    blatt: str = "",
) -> Zuordnung:
    """Schlägt vor, was die Spalten einer Lieferung bedeuten.

    Parameters
    ----------
    datei : Path or str
        Datei oder Adresse.
    katalog : Katalog
        Indikatoren, deren Bezeichnung, Zähler und Nenner verglichen werden.
    verzeichnis : Gebietsverzeichnis, optional
        Gebiete, an denen Schlüssel- und Namensspalte erkannt werden.
    blatt : str, default=""
        Blatt oder Ebene, wenn die Datei mehrere hat.

    Returns
    -------
    Zuordnung
        `stichtag_belegt` ist „nein“, wenn das Datum nur aus dem Dateinamen stammt.
        Spalten, deren Bedeutung nicht Wort für Wort im Katalog steht, sind `offen`.

    Raises
    ------
    Datenfehler
        Wenn die Datei nicht lesbar ist oder Gebiet, Stichtag oder Werte nicht zu
        erkennen sind.
    """
    regeln = regeln or lies_pruefregeln()
    tabellen = oeffne(datei, verzeichnis=verzeichnis, regeln=regeln)
    passend = [t for t in tabellen if not blatt or t.blatt == blatt]
    return vorschlag_fuer(
        passend[0],
        katalog,
        datei=str(datei) if isinstance(datei, str) else datei.name,
        verzeichnis=verzeichnis,
        mit_blatt=len(tabellen) > 1,
    )


def vorschlag_fuer(
    roh: Rohtabelle,
    katalog: Katalog,
    *,
    datei: str,
    verzeichnis: Gebietsverzeichnis | None = None,
    mit_blatt: bool = False,
) -> Zuordnung:
    """Vorschlag für eine gelesene Tabelle, siehe `vorschlag_zuordnung`."""
    schluessel, name = _gebietsspalten(roh, verzeichnis)
    stichtag_spalte = _stichtagspalte(roh)
    stichtag, belegt = ("", "ja") if stichtag_spalte else _stichtag(roh, datei)
    spalten, offen, form = _bedeutungen(
        roh, katalog, {schluessel, name, stichtag_spalte}
    )
    befunde = []
    ort = quellenname(datei)
    if not schluessel and not name:
        befunde.append(
            Befund(
                ort=ort,
                was="Keine Spalte sieht nach Gebieten aus: "
                f"{aufzaehlung([f'„{s}“' for s in roh.spalten[:6]])}.",
                erwartet="eine Spalte mit Schlüsseln oder Namen der Gebiete",
                rat="Bitte schluessel oder name in lieferung.yaml angeben.",
            )
        )
    if not stichtag and not stichtag_spalte:
        befunde.append(
            Befund(
                ort=ort,
                was="Ein Stichtag ist nicht zu erkennen.",
                erwartet="ein Datum im Titel, in einer Spalte oder im Dateinamen",
                rat="Bitte stichtag in lieferung.yaml angeben.",
            )
        )
    if not spalten and not offen:
        befunde.append(
            Befund(
                ort=ort,
                was="Keine Spalte ähnelt einem Indikator des Katalogs.",
                erwartet="Spaltennamen wie Bezeichnung, Zähler oder Nenner im Katalog",
                rat="Bitte spalten in lieferung.yaml angeben; quartier indikatoren "
                "zeigt alle Kennungen.",
            )
        )
    if befunde:
        raise Datenfehler(ort, befunde)
    quellen = list(katalog.quellen)
    felder = {
        "id": re.sub(r"[^a-z0-9]+", "_", _form(PurePath(datei).stem)).strip("_")
        or "lieferung",
        "datei": JAHR.sub("*", datei) if "://" not in datei else datei,
        "blatt": roh.blatt if mit_blatt else "",
        "schluessel": schluessel,
        "name": name,
        "quelle": quellen[0] if len(quellen) == 1 else "bitte_eintragen",
        "stichtag": None if stichtag_spalte else stichtag,
        "stichtag_spalte": stichtag_spalte,
        "stichtag_belegt": belegt,
        "form": form,
        "spalten": spalten,
        "offen": offen,
    }
    if form == "lang":
        felder |= {
            "indikator_spalte": _spalte(roh, INDIKATORWORT),
            "wert_spalte": _spalte(roh, WERTWORT),
        }
    return Zuordnung.model_validate(felder)


def _form(text: str) -> str:
    return text.casefold().replace("ß", "ss").translate(UMSCHRIFT)


def _spaltenform(text: str) -> str:
    return re.sub(r"[\W_]+", "_", _form(text)).strip("_")


def _spalte(roh: Rohtabelle, muster: re.Pattern[str]) -> str:
    return next((s for s in roh.spalten if muster.search(_spaltenform(s))), "")


def _gebietsspalten(
    roh: Rohtabelle, verzeichnis: Gebietsverzeichnis | None
) -> tuple[str, str]:
    """Spalten mit Schlüssel und Name; mit Verzeichnis am Inhalt erkannt."""
    if verzeichnis is None:
        schluessel = _spalte(roh, SCHLUESSELWORT)
        uebrig = [s for s in roh.spalten if s != schluessel]
        name = next((s for s in uebrig if NAMENSWORT.search(_spaltenform(s))), "")
        return schluessel, name
    suche = Gebietssuche(verzeichnis)
    proben = {s: [t for t in roh.texte(s)[:PROBE] if t] for s in roh.spalten}
    bekannt = {
        s: sum(suche.nach_schluessel(t).art in ("genau", "breite") for t in p) / len(p)
        for s, p in proben.items()
        if p
    }
    benannt = {
        s: sum(suche.nach_name(t).art in ("genau", "variante") for t in set(p))
        / len(set(p))
        for s, p in proben.items()
        if p and not all(ZAHLARTIG.fullmatch(t) for t in p[:20])
    }
    schluessel = _beste({s: g for s, g in bekannt.items() if not _gezaehlt(roh, s)})
    name = _beste({s: g for s, g in benannt.items() if s != schluessel})
    return schluessel, name


def _gezaehlt(roh: Rohtabelle, spalte: str) -> bool:
    """Mehrfach vorkommende kleine Zahlen sind eher Werte als Schlüssel."""
    texte = roh.texte(spalte)[:PROBE]
    if SCHLUESSELWORT.search(_spaltenform(spalte)):
        return False
    return len(set(texte)) < len(texte)


def _beste(guete: dict[str, float]) -> str:
    gut = {s: g for s, g in guete.items() if g > MINDESTGUETE}
    return max(gut, key=lambda s: gut[s]) if gut else ""


def _stichtagspalte(roh: Rohtabelle) -> str:
    """Spalte mit einem Datum je Zeile; sie gilt auch im nächsten Jahr."""
    for spalte in roh.spalten:
        if not STICHTAGSWORT.search(_spaltenform(spalte)):
            continue
        texte = [t for t in roh.texte(spalte)[:PROBE] if t]
        if texte and all(stichtag_in(t) for t in texte):
            return spalte
    return ""


def _stichtag(roh: Rohtabelle, datei: str) -> tuple[str, str]:
    for text in (*roh.titel, *roh.spalten, *roh.fussnoten):
        tag = stichtag_in(text)
        if tag:
            return tag, "ja"
    tag = stichtag_in(datei)
    if tag:
        return tag, "nein"
    jahr = JAHR.search(PurePath(datei).stem) if "://" not in datei else None
    return (f"{jahr[1]}-12-31", "nein") if jahr else ("", "ja")


def _bedeutungen(
    roh: Rohtabelle, katalog: Katalog, vergeben: set[str]
) -> tuple[list[dict[str, object]], dict[str, tuple[str, ...]], str]:
    indikator, wert = _spalte(roh, INDIKATORWORT), _spalte(roh, WERTWORT)
    if indikator and wert and indikator not in vergeben:
        texte: Sequence[str] = pc.unique(roh.spalte(indikator)).to_pylist()
        return *_passende(list(texte), katalog), "lang"
    frei = [s for s in roh.spalten if s not in vergeben and _hat_zahlen(roh, s)]
    titel = ohne_tag(roh.titel[-1]) if roh.titel else ""
    return *_passende(frei, katalog, titel), "breit"


def ohne_tag(titel: str) -> str:
    """Titel ohne Datum und Präpositionen davor."""
    return re.sub(
        r"\b(?:am|zum|Stand:?|Stichtag:?)?\s*\d{1,2}\.\s?\d{1,2}\.\s?\d{4}", "", titel
    )


def _hat_zahlen(roh: Rohtabelle, spalte: str) -> bool:
    zellen = roh.spalte(spalte)[:PROBE]
    gedeutet = deute_spalte(zellen, zeichen=dict.fromkeys(ZEICHEN, "fehlt"))
    lesbar = (gedeutet.art >= 0).sum()
    return bool(lesbar > len(zellen) / 2 and (~gedeutet.leer).any())


def _passende(
    texte: Sequence[str], katalog: Katalog, titel: str = ""
) -> tuple[list[dict[str, object]], dict[str, tuple[str, ...]]]:
    """Bedeutung je Spalte, soweit eindeutig, und die offenen Fragen."""
    worte = deute_namen(texte, katalog, titel)
    spalten: list[dict[str, object]] = []
    for text, kennung, rolle in worte.eindeutig:
        bedeutung: dict[str, object] = {
            "spalte": text,
            "indikator": kennung,
            "rolle": rolle,
        }
        if rolle == "wert" and _einheit(text):
            bedeutung["einheit"] = _einheit(text)
        spalten.append(bedeutung)
    return spalten, worte.offen


def _einheit(text: str) -> str:
    klein = text.casefold()
    if "‰" in klein or "promille" in klein:
        return "promille"
    return "prozent" if "%" in klein or "prozent" in klein else ""
