"""Welche Form hat das Manifest eines Laufs? Jeder Mangel mit seinem Ort."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath

Form = Callable[[object, str], Iterator[str]]
"""Prüft einen Teil des Manifests; nennt Mängel mit ihrem Ort."""

PRUEFSUMME = re.compile(r"[0-9a-f]{64}")


def maengel(manifest: object, nur: Collection[str] = ()) -> list[str]:
    """Was am Manifest nicht die erwartete Form hat; leer heißt: in Ordnung.

    Parameters
    ----------
    manifest : object
        Inhalt von ``manifest.json``.
    nur : Collection of str, optional
        Geprüfte Blöcke; ohne Angabe alle.

    Examples
    --------
    >>> maengel([])
    ['oben: Liste statt benannter Einträge']
    >>> [m for m in maengel({"belege": 5}) if m.startswith("belege")]
    ['belege: Zahl statt benannter Einträge']
    """
    pflicht, kann = (
        {name: form for name, form in formen.items() if not nur or name in nur}
        for formen in (PFLICHT, KANN)
    )
    return list(_felder(pflicht, kann)(manifest, ""))


def _art(wert: object) -> str:
    match wert:
        case None:
            return "nichts"
        case bool():
            return "ja/nein"
        case int() | float():
            return "Zahl"
        case str():
            return "Text" if wert.strip() else "leerer Text"
        case list():
            return "Liste"
        case _:
            return "benannte Einträge"


def _unter(ort: str, name: object) -> str:
    return f"{ort} / {name}" if ort else str(name)


def _irgendwas(_wert: object, _ort: str) -> Iterator[str]:
    yield from ()


def _text(wert: object, ort: str) -> Iterator[str]:
    if not isinstance(wert, str):
        yield f"{ort}: {_art(wert)} statt Text"


def _name(wert: object, ort: str) -> Iterator[str]:
    if not isinstance(wert, str) or not wert.strip():
        yield f"{ort}: {_art(wert)} statt eines Namens"


def _zahl(wert: object, ort: str) -> Iterator[str]:
    if isinstance(wert, bool) or not isinstance(wert, int | float):
        yield f"{ort}: {_art(wert)} statt einer Zahl"


def _tag(wert: object, ort: str) -> Iterator[str]:
    try:
        date.fromisoformat(str(wert))
    except ValueError:
        yield f"{ort}: kein Datum wie 2026-11-01"


def _pruefsumme(wert: object, ort: str) -> Iterator[str]:
    if not isinstance(wert, str) or not PRUEFSUMME.fullmatch(wert):
        yield f"{ort}: keine Prüfsumme (SHA-256)"


def _benannt(form: Form) -> Form:
    def pruefe(wert: object, ort: str) -> Iterator[str]:
        if not isinstance(wert, Mapping):
            yield f"{ort or 'oben'}: {_art(wert)} statt benannter Einträge"
            return
        for name, teil in wert.items():
            yield from form(teil, _unter(ort, name))

    return pruefe


def _liste(form: Form) -> Form:
    def pruefe(wert: object, ort: str) -> Iterator[str]:
        if not isinstance(wert, list):
            yield f"{ort}: {_art(wert)} statt einer Liste"
            return
        for nummer, teil in enumerate(wert, start=1):
            yield from form(teil, _unter(ort, nummer))

    return pruefe


def _felder(
    pflicht: Mapping[str, Form], kann: Mapping[str, Form] | None = None
) -> Form:
    formen = {**pflicht, **(kann or {})}
    benannt = _benannt(_irgendwas)

    def pruefe(wert: object, ort: str) -> Iterator[str]:
        yield from benannt(wert, ort)
        if not isinstance(wert, Mapping):
            return
        for name, form in formen.items():
            if name in wert:
                yield from form(wert[name], _unter(ort, name))
            elif name in pflicht:
                yield f"{_unter(ort, name)}: fehlt"

    return pruefe


def _ausgaben(wert: object, ort: str) -> Iterator[str]:
    """Namen im Ordner des Laufs; ein Lauf ohne Ausgabe ist keiner."""
    yield from _benannt(_pruefsumme)(wert, ort)
    if not isinstance(wert, Mapping):
        return
    if not wert:
        yield f"{ort}: nennt keine einzige Datei"
    for name in wert:
        pfad = PurePosixPath(name)
        if not name or "\0" in name or pfad.is_absolute() or ".." in pfad.parts:
            yield f"{ort} / {name}: liegt nicht im Ordner des Laufs"


def _druckzahl(wert: object, ort: str) -> Iterator[str]:
    if not _ist_druckzahl(wert):
        yield f"{ort}: erwartet Text, Art und Beleg einer Zahl"


def _ist_druckzahl(wert: object) -> bool:
    """Drei Texte."""
    return (
        isinstance(wert, list)
        and list(map(type, wert)) == [str, str, str]  # schnell: es sind sehr viele
    )


def _aussage(wert: object, ort: str) -> Iterator[str]:
    """Eine gedruckte Aussage; große Läufe haben davon Hunderttausende."""
    if not (
        isinstance(wert, dict)
        and type(wert.get("art")) is type(wert.get("ort")) is str
        and type(wert.get("text")) is str
        and isinstance(zahlen := wert.get("zahlen"), list)
        and all(map(_ist_druckzahl, zahlen))
    ):
        yield from _AUSSAGE(wert, ort)


_AUSSAGE = _felder(
    {"art": _text, "ort": _text, "text": _text, "zahlen": _liste(_druckzahl)}
)
_BELEG = _felder({"kennung": _name, "text": _text, "was": _text})
_METHODE = _felder(
    {
        "zielgruppen": _benannt(_felder({"art": _text, "gewichte": _benannt(_zahl)})),
        "gruppen": _felder({"verfahren": _irgendwas, "merkmale": _liste(_text)}),
    }
)
_SCHRITT = _felder({"ausgaben": _liste(_text), "belege": _liste(_text)})

PFLICHT: Mapping[str, Form] = {
    "projekt": _name,
    "fassung": _name,
    "bezugsdatum": _tag,
    "eingaben": _benannt(_text),
    "parameter": _benannt(_benannt(_irgendwas)),
    "regelprofil": _felder({"id": _text, "version": _irgendwas}),
    "versionen": _benannt(_text),
    "ausgaben": _ausgaben,
    "belege": _benannt(_liste(_BELEG)),
}
"""Was jeder Leser eines Manifests voraussetzt; anderes darf dazukommen."""

KANN: Mapping[str, Form] = {
    "abdrucke": _benannt(_felder({"aussagen": _liste(_aussage)})),
    "methode": _METHODE,
    "notebooks": _benannt(_text),
    "schritte": _benannt(_SCHRITT),
    "woerter": _felder({}, {"orte": _liste(_text), "kennzahlen": _liste(_text)}),
}
"""Was älteren Läufen fehlt."""
