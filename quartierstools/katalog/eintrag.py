"""Wie wird aus einer YAML-Datei ein geprüfter, unveränderlicher Eintrag?

Jeder Wert wird zuerst als Text gelesen (``010`` bleibt ``"010"``); erst das
Modell macht daraus Zahl, Datum oder ja/nein. Alle Mängel einer Datei stehen in
einer Meldung.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from quartierstools.fehler import Befund, Datenfehler, Katalogfehler, meinten_sie


class Eintrag(BaseModel):
    """Unveränderlicher Katalogeintrag; unbekannte Felder sind ein Fehler."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _ja_nein(wert: object) -> object:
    woerter = {"ja": True, "nein": False}
    return woerter.get(wert.lower(), wert) if isinstance(wert, str) else wert


JaNein = Annotated[bool, BeforeValidator(_ja_nein)]
"""Wahrheitswert, in YAML als ``ja`` oder ``nein`` geschrieben."""


class TextLoader(yaml.SafeLoader):
    """YAML-Leser, der jeden Wert als Text liest und doppelte Schlüssel meldet."""


TextLoader.yaml_implicit_resolvers = {}


def _abbildung(loader: TextLoader, knoten: yaml.MappingNode) -> dict[str, Any]:
    gelesen: dict[str, Any] = {}
    for schluessel_knoten, wert_knoten in knoten.value:
        schluessel = str(loader.construct_object(schluessel_knoten, deep=True))
        if schluessel in gelesen:
            zeile = schluessel_knoten.start_mark.line + 1
            raise Katalogfehler(f"Zeile {zeile}: „{schluessel}“ steht doppelt.")
        gelesen[schluessel] = loader.construct_object(wert_knoten, deep=True)
    return gelesen


TextLoader.add_constructor("tag:yaml.org,2002:map", _abbildung)


def lies_yaml(datei: Path) -> Any:  # noqa: ANN401 – YAML kann alles enthalten
    """Liest eine YAML-Datei; alle Blätter sind Text.

    Raises
    ------
    Katalogfehler
        Wenn die Datei fehlt, nicht UTF-8 oder kein YAML ist oder ein Schlüssel
        doppelt steht.
    """
    try:
        text = datei.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Katalogfehler(
            f"{datei.name} fehlt im Ordner {datei.parent}. Bitte anlegen; das Format "
            "steht in daten/README.md."
        ) from None
    except UnicodeDecodeError:
        raise Katalogfehler(
            f"{datei.name} ist nicht in UTF-8 gespeichert. Bitte im Editor als UTF-8 "
            "speichern."
        ) from None
    try:
        # TextLoader ist ein SafeLoader: Er baut nur Text, Listen und Abbildungen.
        return yaml.load(text, Loader=TextLoader)  # noqa: S506
    except Katalogfehler as fehler:
        raise Katalogfehler(f"{datei.name}, {fehler}") from None
    except yaml.YAMLError as fehler:
        raise Katalogfehler(f"{datei.name}: {_yaml_meldung(fehler)}") from None


def _yaml_meldung(fehler: yaml.YAMLError) -> str:
    stelle = getattr(fehler, "problem_mark", None)
    wo = f"Zeile {stelle.line + 1}, Spalte {stelle.column + 1}" if stelle else "Datei"
    return (
        f"{wo} ist kein lesbares YAML. Oft fehlt ein Leerzeichen nach dem "
        "Doppelpunkt, die Einrückung springt, oder ein Text mit Doppelpunkt steht "
        "nicht in Anführungszeichen."
    )


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
        befund = Befund(ort=ort, was="Hier stehen keine Felder der Form „name: wert“.")
        raise Datenfehler(ort, [befund])
    try:
        return modell.model_validate(_ohne_leere(werte))
    except ValidationError as fehler:
        felder = list(modell.model_fields)
        befunde = [_befund(mangel, ort, felder) for mangel in fehler.errors()]
        raise Datenfehler(ort, befunde) from None


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
}


def _befund(mangel: Any, ort: str, felder: list[str]) -> Befund:  # noqa: ANN401
    feld = " → ".join(str(teil) for teil in mangel["loc"])
    art, kontext = mangel["type"], mangel.get("ctx", {})
    if art == "missing":
        return Befund(ort=ort, was=f"Das Feld „{feld}“ fehlt.", rat="Bitte ergänzen.")
    if art == "extra_forbidden":
        vorschlag = meinten_sie(str(mangel["loc"][-1]), felder)
        was = f"Das Feld „{feld}“ gibt es hier nicht.{vorschlag}"
        return Befund(ort=ort, was=was, erwartet=f"eines von {', '.join(felder)}")
    was = f"„{feld}“ ist {mangel['input']!r}."
    if art == "literal_error":
        erlaubt = str(kontext.get("expected", "")).replace(" or ", " oder ")
        return Befund(ort=ort, was=was, erwartet=f"eines von {erlaubt}")
    if art == "value_error":
        return Befund(ort=ort, was=f"{was} {kontext.get('error', '')}")
    grenzen = {"ge": "mindestens", "gt": "mehr als", "le": "höchstens", "lt": "unter"}
    grenze = [f"{wort} {kontext[k]}" for k, wort in grenzen.items() if k in kontext]
    erwartet = " und ".join(grenze) or ERWARTUNGEN.get(art, "ein anderer Wert")
    return Befund(ort=ort, was=was, erwartet=erwartet)


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
        try:
            eintraege[schluessel] = deute(
                modell, {**inhalt, "id": schluessel}, ort=f"{datei.name}, {schluessel}"
            )
        except Datenfehler as fehler:
            befunde += fehler.befunde
    if befunde:
        raise Datenfehler(datei.name, befunde)
    return eintraege
