"""Wie wird aus einer YAML-Datei ein geprüfter, unveränderlicher Eintrag?

Jeder Wert wird zuerst als Text gelesen (``010`` bleibt ``"010"``); erst das
Modell macht daraus Zahl, Datum oder ja/nein. Alle Mängel einer Datei stehen in
einer Meldung.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from quartierstools.fehler import Befund, Datenfehler, Katalogfehler, meinten_sie
from quartierstools.katalog.yamldatei import lies_yaml

__all__ = [
    "Eintrag",
    "JaNein",
    "Kennungen",
    "deute",
    "einmalig",
    "lies_eintraege",
    "lies_eintrag",
    "lies_yaml",
]

SCHREIBWEISEN: Mapping[type, tuple[str, str]] = {
    int: (r"[+-]?[0-9]+", "int_parsing"),
    float: (r"[+-]?[0-9]+(?:\.[0-9]+)?", "float_parsing"),
    date: (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "date_parsing"),
}
"""Wie Zahl und Tag in YAML stehen; anderes („2.0“, „1_000“) wird nicht gedeutet."""
UNSICHTBAR = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\ufeff\ufffe]"
)
"""Steuer- und Richtungszeichen, die einen Text anders zeigen, als er ist."""


class Eintrag(BaseModel):
    """Unveränderlicher Katalogeintrag; unbekannte Felder sind ein Fehler."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False
    )

    @field_validator("*", mode="before")
    @classmethod
    def _schreibweise(cls, wert: object, info: ValidationInfo) -> object:
        """Texte nur in der vereinbarten Schreibweise deuten."""
        if not isinstance(wert, str) or info.field_name is None:
            return wert
        art = cls.model_fields[info.field_name].annotation
        for typ in (art, *get_args(art)):
            muster, kennung = SCHREIBWEISEN.get(typ, ("", ""))
            if muster and not re.fullmatch(muster, wert.strip()):
                raise PydanticCustomError(kennung, "andere Schreibweise")
        return wert


def einmalig(werte: tuple[str, ...]) -> tuple[str, ...]:
    """Lehnt Listen ab, die etwas zweimal nennen; für Felder eines Eintrags."""
    doppelt = [w for w, anzahl in Counter(werte).items() if anzahl > 1]
    if doppelt:
        raise PydanticCustomError("doppelt", "{was}", {"was": ", ".join(doppelt)})
    return werte


Kennungen = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...], AfterValidator(einmalig)
]
"""Kennungen oder Schlüssel, jede nur einmal."""


def _ja_nein(wert: object) -> object:
    woerter = {"ja": True, "nein": False}
    return woerter.get(wert.lower(), wert) if isinstance(wert, str) else wert


JaNein = Annotated[bool, BeforeValidator(_ja_nein)]
"""Wahrheitswert, in YAML als ``ja`` oder ``nein`` geschrieben."""


E = TypeVar("E", bound=Eintrag)


def deute(modell: type[E], werte: object, *, ort: str) -> E:
    """Macht aus gelesenen Werten einen Eintrag oder meldet alle Mängel.

    Parameters
    ----------
    modell : type of Eintrag
        Was entstehen soll.
    werte : object
        Inhalt der YAML-Datei oder eines Abschnitts.
    ort : str
        Datei und Abschnitt für die Meldung.

    Raises
    ------
    Datenfehler
        Mit einem Befund je Mangel.
    """
    if not isinstance(werte, Mapping):
        befund = Befund(
            ort=ort,
            was="Hier stehen keine Felder der Form „name: wert“.",
            rat="Ist die Datei leer oder abgeschnitten? Das Format steht in "
            "daten/README.md.",
        )
        raise Datenfehler(ort, [befund])
    befunde = _textbefunde(werte, ort)
    eintrag = None
    try:
        eintrag = modell.model_validate(_ohne_leere(werte))
    except ValidationError as fehler:
        befunde += [_befund(mangel, ort, modell) for mangel in fehler.errors()]
    if befunde or eintrag is None:
        raise Datenfehler(ort, befunde)
    return eintrag


def _textbefunde(werte: object, ort: str, feld: str = "") -> list[Befund]:
    """Texte mit unsichtbaren Steuerzeichen, auch tief in Listen und Feldern."""
    if isinstance(werte, Mapping):
        teile = [(str(k), w) for k, w in werte.items()]
        schluessel = [b for k, _ in teile for b in _textbefunde(k, ort, feld)]
        tiefer = [
            b
            for k, w in teile
            for b in _textbefunde(w, ort, f"{feld} → {k}".strip(" →"))
        ]
        return schluessel + tiefer
    if isinstance(werte, Sequence) and not isinstance(werte, str):
        return [b for w in werte for b in _textbefunde(w, ort, feld)]
    if not isinstance(werte, str) or not UNSICHTBAR.search(werte):
        return []
    sichtbar = UNSICHTBAR.sub(lambda z: f"\\u{ord(z[0]):04x}", werte)
    sichtbares_feld = UNSICHTBAR.sub("?", feld)
    return [
        Befund(
            ort=ort,
            was=f"In „{sichtbares_feld}“ steht ein unsichtbares Steuerzeichen: "
            f"„{sichtbar[:80]}“.",
            erwartet="sichtbarer Text",
            rat="Bitte das Zeichen löschen und den Text neu tippen.",
        )
    ]


def _ohne_leere(werte: Mapping[str, object]) -> dict[str, object]:
    """Leere Felder gelten als nicht angegeben."""
    return {k: v for k, v in werte.items() if v not in ("", None)}


ERWARTUNGEN = {
    "date_from_datetime_parsing": "ein Datum wie 2023-12-31",
    "date_parsing": "ein Datum wie 2023-12-31",
    "int_parsing": "eine ganze Zahl",
    "float_parsing": "eine Zahl mit Punkt, etwa 0.5",
    "bool_parsing": "ja oder nein",
    "string_type": "ein Text",
    "tuple_type": "eine Liste",
    "list_type": "eine Liste",
    "dict_type": "Felder der Form „name: wert“",
    "model_type": "Felder der Form „name: wert“",
    "mapping_type": "Felder der Form „name: wert“",
    "finite_number": "eine endliche Zahl",
    "multiple_of": "ein Vielfaches von {multiple_of}",
    "string_pattern_mismatch": "Kleinbuchstaben, Ziffern und Bindestriche",
}
ZEIGEN = 80
"""So viele Zeichen einer falschen Angabe stehen in der Meldung."""


def _befund(mangel: Any, ort: str, modell: type[BaseModel]) -> Befund:  # noqa: ANN401
    feld = " → ".join(_feldteil(teil) for teil in mangel["loc"])
    art, kontext = mangel["type"], mangel.get("ctx", {})
    if art == "missing":
        return Befund(ort=ort, was=f"Das Feld „{feld}“ fehlt.", rat="Bitte ergänzen.")
    if art == "extra_forbidden":
        felder = _felder(modell, mangel["loc"])
        vorschlag = meinten_sie(str(mangel["loc"][-1]), felder)
        was = f"Das Feld „{feld}“ gibt es hier nicht.{vorschlag}"
        return Befund(ort=ort, was=was, erwartet=f"eines von {', '.join(felder)}")
    if art == "doppelt":
        return Befund(
            ort=ort,
            was=f"„{feld}“ nennt {kontext['was']} mehrfach.",
            erwartet="jede Angabe nur einmal",
            rat="Bitte die doppelte streichen.",
        )
    if art == "too_short":
        return Befund(
            ort=ort,
            was=f"„{feld}“ ist leer.",
            erwartet=f"mindestens {kontext.get('min_length', 1)} in der Liste",
            rat="Bitte ergänzen.",
        )
    text = repr(mangel["input"])
    was = f"„{feld}“ ist {text if len(text) <= ZEIGEN else f'{text[:ZEIGEN]}…'}."
    if art == "literal_error":
        erlaubt = str(kontext.get("expected", "")).replace(" or ", " oder ")
        return Befund(ort=ort, was=was, erwartet=f"eines von {erlaubt}")
    if art == "value_error":
        satz = f"{was} {kontext.get('error', '')}"
        return Befund(ort=ort, was=satz, rat="Bitte berichtigen.")
    grenzen = {"ge": "mindestens", "gt": "mehr als", "le": "höchstens", "lt": "unter"}
    grenze = [f"{wort} {kontext[k]}" for k, wort in grenzen.items() if k in kontext]
    muster = ERWARTUNGEN.get(art, "ein anderer Wert")
    erwartet = " und ".join(grenze) or muster.format_map(kontext)
    return Befund(ort=ort, was=was, erwartet=erwartet)


def _feldteil(teil: object) -> str:
    """Stelle in einer Liste zählt ab 1."""
    return f"Nr. {teil + 1}" if isinstance(teil, int) else str(teil)


def _felder(modell: type[BaseModel], ort: Sequence[int | str]) -> list[str]:
    """Erlaubte Felder dort, wo ein unbekanntes steht, auch in inneren Einträgen."""
    for teil in ort[:-1]:
        if not isinstance(teil, str) or teil not in modell.model_fields:
            continue
        art = modell.model_fields[teil].annotation
        innen = [t for t in (art, *get_args(art)) if _ist_modell(t)]
        modell = innen[0] if innen else modell
    return list(modell.model_fields)


def _ist_modell(typ: object) -> bool:
    return isinstance(typ, type) and issubclass(typ, BaseModel)


def lies_eintrag(modell: type[E], datei: Path) -> E:
    """Liest eine Datei, die genau einen Eintrag enthält."""
    return deute(modell, lies_yaml(datei), ort=datei.name)


def lies_eintraege(modell: type[E], datei: Path) -> dict[str, E]:
    """Liest eine Datei ``id: {felder}``; der Schlüssel wird zum Feld ``id``.

    Raises
    ------
    Datenfehler
        Mit den Mängeln aller Einträge auf einmal.
    """
    roh = lies_yaml(datei)
    if not isinstance(roh, Mapping):
        raise Katalogfehler(f"{datei.name}: erwartet werden Einträge „id: felder“.")
    eintraege: dict[str, E] = {}
    befunde: list[Befund | str] = []
    for schluessel, felder in roh.items():
        inhalt = felder if isinstance(felder, Mapping) else {}
        ort = f"{datei.name}, {schluessel}"
        if inhalt.get("id", schluessel) != schluessel:
            was = f"Hier steht id: {inhalt['id']}, der Eintrag heißt {schluessel}."
            befunde.append(Befund(ort=ort, was=was, rat="Bitte id streichen."))
        try:
            eintraege[schluessel] = deute(modell, {**inhalt, "id": schluessel}, ort=ort)
        except Datenfehler as fehler:
            befunde += fehler.befunde
    if befunde:
        raise Datenfehler(datei.name, befunde)
    return eintraege
