"""Wie wird aus einem Dokument eine Seite für den Browser?

Eine Datei, die ohne Netz vollständig ist: Stil und Bilder stecken darin, eine
Sicherheitsregel (CSP) verbietet jede Anfrage nach außen. Jeder Text wird maskiert.
"""

import base64
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import takewhile

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from quartierstools.ausgabe.gestalt import GESTALT, Gestalt, css_variablen, fusszeile
from quartierstools.ausgabe.packen import druckbar, saeubere_png, saeubere_svg
from quartierstools.ausgabe.wegweiser import Verweisgruppe
from quartierstools.dokument import Bild, Block, Dokument, Kasten, Tabelle
from quartierstools.fehler import Ausgabefehler

# Leerraum und Rückstriche deuten Browser um („java\tscript:“, „/\\fremd“).
_ZIEL = re.compile(
    r"(?:(?:https?://|mailto:|#)|(?![a-z][a-z0-9+.-]*:|//))[^\x00-\x20\\]*",
    re.IGNORECASE,
)


def html_seite(
    dokument: Dokument,
    *,
    verweise: Sequence[tuple[str, str]] = (),
    gruppen: Sequence[Verweisgruppe] = (),
    gestalt: Gestalt = GESTALT,
) -> str:
    r"""Vollständige, barrierefreie HTML-Seite.

    Parameters
    ----------
    dokument : Dokument
        Inhalt; jeder Text erscheint wörtlich, auch ``<script>``.
    verweise : sequence of (str, str), default=()
        Name und Ziel für die Verweisliste unter dem Kopf; erlaubt sind relative
        Pfade, Sprungmarken, ``http``, ``https`` und ``mailto``.
    gruppen : sequence of Verweisgruppe, default=()
        Wegweiser; er steht hinter den Kästen am Anfang, vor dem übrigen Inhalt.
    gestalt : Gestalt, default=GESTALT
        Farben der Stadt.

    Returns
    -------
    str
        Text mit ``\n`` als Zeilenende; gleiche Eingabe, gleicher Text.

    Raises
    ------
    Ausgabefehler
        Wenn ein Verweisziel etwas ausführen könnte oder eine Grafik unlesbar ist.

    Examples
    --------
    >>> from datetime import date
    >>> seite = html_seite(Dokument(titel="<b>", gattung="Muster", bloecke=(),
    ...                             stand=date(2023, 12, 31)))
    >>> "<h1>&lt;b&gt;</h1>" in seite
    True
    """
    eigene = [
        ziel
        for gruppe in gruppen
        for _, liste in gruppe.abschnitte
        for verweis in liste
        for ziel in verweis.ziele
    ]
    verboten = [z for _, z in (*verweise, *eigene) if not _ZIEL.fullmatch(z)]
    if verboten:
        raise Ausgabefehler(
            f"Verweisziele {verboten} sind nicht erlaubt. Erwartet: ein relativer "
            "Pfad, eine Sprungmarke oder eine Adresse mit http, https oder mailto."
        )
    stil = f"{css_variablen(gestalt)}\n{_vorlage_text('seite.css')}"
    return _vorlage().render(
        dok=dokument,
        verweise=list(verweise),
        gruppen=list(gruppen),
        kaesten=sum(1 for _ in takewhile(_ist_kasten, dokument.bloecke)),
        stil=Markup(stil),  # noqa: S704 - eigene Datei, keine Eingabe
        fusszeile=fusszeile(dokument),
    )


@lru_cache(maxsize=4)
def _vorlage_text(name: str) -> str:
    ort = files("quartierstools.ausgabe") / "vorlagen" / name
    return ort.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _vorlage() -> Template:
    umgebung = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda wert: druckbar(wert) if type(wert) is str else wert,
        keep_trailing_newline=True,
    )
    umgebung.filters |= {
        "anteil": lambda wert: f"{wert:.4g}",
        "bildquelle": _bildquelle,
        "blockart": _blockart,
        "breiten": _breiten,
        "prozent": lambda wert: f"{100 * wert:.4g}",
        "zeilen": _zeilen,
    }
    return umgebung.from_string(_vorlage_text("seite.html"))


def _ist_kasten(block: Block) -> bool:
    return isinstance(block, Kasten)


def _blockart(block: Block) -> str:
    return type(block).__name__


def _breiten(tabelle: Tabelle) -> list[str]:
    summe = sum(spalte.anteil for spalte in tabelle.spalten)
    return [f"{100 * spalte.anteil / summe:.4g}" for spalte in tabelle.spalten]


def _bildquelle(bild: Bild) -> str:
    """Als Daten-Adresse: darin wird nichts ausgeführt und nichts nachgeladen."""
    if bild.svg:
        art, roh = "svg+xml", saeubere_svg(bild.svg).encode()
    else:
        art, roh = "png", saeubere_png(bild.png)
    return f"data:image/{art};base64,{base64.b64encode(roh).decode()}"


def _zeilen(text: str) -> Markup:
    """Maskierter Text; Schrift von rechts nach links bleibt für sich."""
    sauber = druckbar(text)
    maskiert = escape(sauber).replace("\n", Markup("<br>"))
    if any(unicodedata.bidirectional(zeichen) in {"R", "AL"} for zeichen in sauber):
        return Markup("<bdi>{}</bdi>").format(maskiert)
    return maskiert
