"""Parameter der Notebooks: aus der Zelle gelesen, vor dem Start geprüft.

Papermill nimmt jeden Namen und jeden Wert; ein Tippfehler fiele erst im fertigen
Bericht auf, oder nie. Hier bricht er ab, bevor etwas läuft.
"""

import ast
import io
import json
import re
import tokenize
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from pathlib import Path
from types import GenericAlias, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from quartierstools.fehler import Aufruffehler, Lauffehler, meinten_sie

ZAHL = r"[+-]?\d+(?:[.,]\d+)?"
BEREICH = re.compile(rf"(?<![\w.,])({ZAHL})\s+bis\s+({ZAHL})(?![\w])")
UNTEN = re.compile(rf"\bmindestens\s+({ZAHL})")
OBEN = re.compile(rf"\bhöchstens\s+({ZAHL})")
TAG = re.compile(r"\d{4}-\d{2}-\d{2}")
JA = ("ja", "wahr", "true")
NEIN = ("nein", "falsch", "false")
EINFACH: Mapping[str, Any] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "list": list[str],
    "None": NoneType,
}
WORTE = {int: "eine ganze Zahl", float: "eine Zahl", bool: "ja oder nein", str: "Text"}
MEHRZAHL = {int: "ganzen Zahlen", float: "Zahlen", str: "Texten"}


Typ = Any
"""Ein Typ wie ``int``, ``list[str]`` oder ``str | None``."""


class _Unlesbar(ValueError):
    """Ein Text lässt sich nicht als Wert des Typs deuten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """Eine Zeile der Parameterzelle.

    Attributes
    ----------
    name : str
        Name, wie er auf der Befehlszeile steht.
    typ : type
        Python-Typ des Wertes; ein Tag ist `datetime.date`, im Notebook aber Text.
    vorgabe : object
        Wert, der ohne Angabe gilt.
    hilfe : str
        Der Kommentar dahinter; „2 bis 8“, „mindestens 2“ und „höchstens 8“ darin
        gelten als Grenzen für Zahlen.

    Examples
    --------
    >>> anzahl = Parameter(name="anzahl_typen", typ=int, vorgabe=4, hilfe="2 bis 8")
    >>> anzahl.wert("5"), anzahl.beschreibung
    (5, 'eine ganze Zahl von 2 bis 8')
    """

    name: str
    typ: Typ
    vorgabe: object
    hilfe: str = ""

    @property
    def grenzen(self) -> tuple[float | None, float | None]:
        """Kleinster und größter erlaubter Wert, soweit die Hilfe sie nennt."""
        if not {int, float} & set(_einzelne(self.typ)):
            return None, None
        bereich = BEREICH.search(self.hilfe)
        if bereich:
            return _zahl(bereich[1]), _zahl(bereich[2])
        unten, oben = UNTEN.search(self.hilfe), OBEN.search(self.hilfe)
        return (_zahl(unten[1]) if unten else None), (_zahl(oben[1]) if oben else None)

    @property
    def beschreibung(self) -> str:
        """Was erlaubt ist, in Worten."""
        unten, oben = (_schreibe(grenze) for grenze in self.grenzen)
        text = _beschreibe(self.typ)
        if unten and oben:
            return f"{text} von {unten} bis {oben}"
        if unten or oben:
            return f"{text}, {f'mindestens {unten}' if unten else f'höchstens {oben}'}"
        return text

    def wert(self, eingabe: object) -> object:
        """Die geprüfte Eingabe im Typ des Parameters.

        Parameters
        ----------
        eingabe : object
            Text von der Befehlszeile oder ein Wert aus einem Profil.

        Returns
        -------
        object
            Wert, den Papermill in das Notebook schreiben kann.

        Raises
        ------
        Aufruffehler
            Wenn die Eingabe nicht zum Typ passt oder außerhalb der Grenzen liegt.
        """
        from pydantic import Field, TypeAdapter, ValidationError  # noqa: PLC0415

        unten, oben = self.grenzen
        regel: dict[str, Any] = {
            name: grenze
            for name, grenze in (("ge", unten), ("le", oben))
            if grenze is not None
        }
        if float in _einzelne(self.typ):
            regel["allow_inf_nan"] = False
        typ: Any = Annotated[self.typ, Field(**regel)] if regel else self.typ
        try:
            geprueft = TypeAdapter(typ).validate_python(
                _deute(eingabe, self.typ), strict=True
            )
        except (ValidationError, _Unlesbar) as fehler:
            raise Aufruffehler(
                f"{self.name}: „{eingabe}“ passt nicht; "
                f"erwartet wird {self.beschreibung}.{self._rat(eingabe)}"
            ) from fehler
        return geprueft.isoformat() if isinstance(geprueft, date) else geprueft

    def _rat(self, eingabe: object) -> str:
        if _form(self.typ) is Literal:
            return meinten_sie(str(eingabe), [str(w) for w in get_args(self.typ)])
        if self.typ is str and isinstance(eingabe, int | float):
            return " Schlüssel wie „010“ in Anführungszeichen setzen."
        return ""


def lies_parameter(notebook: Path) -> Mapping[str, Parameter]:
    """Liest die Zelle mit dem Tag ``parameters``.

    Parameters
    ----------
    notebook : Path
        Notebook, in dessen Parameterzelle je Zeile ein Wert steht:
        ``anzahl_typen: int = 4  # Zahl der Typen, 2 bis 8``.

    Returns
    -------
    Mapping of str to Parameter
        In der Reihenfolge der Zelle; leer, wenn es keine solche Zelle gibt.

    Raises
    ------
    Lauffehler
        Wenn die Datei kein Notebook ist oder die Zelle anderes enthält.

    Examples
    --------
    >>> from quartierstools.katalog import hauswurzel
    >>> notebook = hauswurzel() / "notebooks" / "30_bedarf.ipynb"
    >>> lies_parameter(notebook)["zielgruppe"].vorgabe
    'langzeitarbeitslose'
    """
    quelltext = _parameterzelle(notebook)
    try:
        baum = ast.parse(quelltext)
    except SyntaxError as fehler:
        raise Lauffehler(
            f"{notebook.name}, Parameterzelle, Zeile {fehler.lineno}: kein gültiges "
            "Python. Je Zeile ein Parameter, keine Befehle mit %."
        ) from fehler
    kommentare = _kommentare(quelltext)
    gelesen = {}
    for knoten in baum.body:
        if isinstance(knoten, ast.Import | ast.ImportFrom):
            continue
        if isinstance(knoten, ast.Expr) and isinstance(knoten.value, ast.Constant):
            continue
        hilfe = kommentare.get(knoten.end_lineno or knoten.lineno, "")
        try:
            parameter = _parameter(knoten, hilfe)
        except (_Unlesbar, Aufruffehler) as fehler:
            raise Lauffehler(
                f"{notebook.name}, Parameterzelle, Zeile {knoten.lineno}: {fehler}"
            ) from fehler
        gelesen[parameter.name] = parameter
    return gelesen


def pruefe_parameter(
    notebooks: Sequence[Path], werte: Mapping[str, object]
) -> dict[Path, dict[str, object]]:
    """Prüft alle Werte, bevor irgendein Notebook läuft.

    Parameters
    ----------
    notebooks : Sequence of Path
        Notebooks, die laufen sollen.
    werte : Mapping of str to object
        Angaben von der Befehlszeile (Text) oder aus einem Profil.

    Returns
    -------
    dict of Path to dict
        Je Notebook die Werte, die es kennt; nicht Angegebenes bleibt weg.

    Raises
    ------
    Aufruffehler
        Wenn ein Name keinem Notebook bekannt ist, ein Typ nicht stimmt oder ein Wert
        außerhalb seiner Grenzen liegt; alles in einer Meldung.
    Lauffehler
        Wenn sich eine Parameterzelle nicht lesen lässt.

    Examples
    --------
    >>> from quartierstools.katalog import hauswurzel
    >>> notebook = hauswurzel() / "notebooks" / "30_bedarf.ipynb"
    >>> pruefe_parameter([notebook], {"anzahl_typen": "4"})[notebook]
    {'anzahl_typen': 4}
    """
    bekannt = {notebook: lies_parameter(notebook) for notebook in notebooks}
    alle = sorted({name for parameter in bekannt.values() for name in parameter})
    # Ein Wörterbuch als geordnete Menge: gleiche Mängel nennt nur das erste Notebook.
    maengel = dict.fromkeys(
        f"{name}: Diesen Parameter kennt kein Notebook.{meinten_sie(name, alle)}"
        for name in werte
        if name not in alle
    )
    geprueft: dict[Path, dict[str, object]] = {}
    for notebook, parameter in bekannt.items():
        geprueft[notebook] = {}
        for name in [name for name in werte if name in parameter]:
            try:
                geprueft[notebook][name] = parameter[name].wert(werte[name])
            except Aufruffehler as fehler:
                maengel[str(fehler)] = None
    if maengel:
        zahl = "Ein Parameter ist" if len(maengel) == 1 else "Parameter sind"
        raise Aufruffehler("\n  - ".join([f"{zahl} falsch angegeben:", *maengel]))
    return geprueft


def _parameterzelle(notebook: Path) -> str:
    try:
        inhalt = json.loads(notebook.read_text(encoding="utf-8"))
        gefunden = [
            "".join(zelle["source"])
            for zelle in inhalt["cells"]
            if "parameters" in zelle["metadata"].get("tags", [])
        ]
    except FileNotFoundError as fehler:
        raise Lauffehler(f"Das Notebook „{notebook}“ gibt es nicht.") from fehler
    except (OSError, ValueError, KeyError, TypeError) as fehler:
        raise Lauffehler(
            f"„{notebook}“ ist kein lesbares Notebook (erwartet: .ipynb, Format 4)."
        ) from fehler
    return gefunden[0] if gefunden else ""


def _kommentare(quelltext: str) -> dict[int, str]:
    return {
        zeichen.start[0]: zeichen.string.lstrip("#").strip()
        for zeichen in tokenize.generate_tokens(io.StringIO(quelltext).readline)
        if zeichen.type == tokenize.COMMENT
    }


def _parameter(knoten: ast.stmt, hilfe: str) -> Parameter:
    ziele: list[ast.expr] = []
    if isinstance(knoten, ast.AnnAssign):
        ziele = [knoten.target]
    elif isinstance(knoten, ast.Assign):
        ziele = knoten.targets
    wert = getattr(knoten, "value", None)
    if len(ziele) != 1 or not isinstance(ziele[0], ast.Name) or wert is None:
        raise _Unlesbar("Erwartet wird „name: typ = wert  # Hilfe“.")
    try:
        vorgabe = ast.literal_eval(wert)
    except ValueError as fehler:
        raise _Unlesbar(
            "Die Vorgabe muss ein fester Wert sein, kein Ausdruck."
        ) from fehler
    if isinstance(knoten, ast.AnnAssign):
        typ = _typ(knoten.annotation)
        hilfe = " ".join([*_anmerkungen(knoten.annotation), hilfe]).strip()
    else:
        typ = _typ_der(vorgabe)
    if str in _einzelne(typ) and _ist_tag(vorgabe):
        typ = date
    parameter = Parameter(name=ziele[0].id, typ=typ, vorgabe=vorgabe, hilfe=hilfe)
    # Ohne Angabe steht die Vorgabe so im Notebook, wie sie da steht: nicht deuten.
    text_erlaubt = {str, date} & set(_einzelne(typ)) or vorgabe in get_args(typ)
    if isinstance(vorgabe, str) and not text_erlaubt:
        raise _Unlesbar(f"„{vorgabe}“ ist Text, erwartet wird {_beschreibe(typ)}.")
    parameter.wert(vorgabe)
    return parameter


def _typ(knoten: ast.expr) -> Typ:
    """Der Typ, den eine Anmerkung nennt, aus einer festen Auswahl."""
    match knoten:
        case ast.Constant(value=None):
            return NoneType
        case ast.Constant(value=str(text)):
            return _typ(ast.parse(text, mode="eval").body)
        case ast.Name(id=name) if name in EINFACH:
            return EINFACH[name]
        case ast.BinOp(left=links, op=ast.BitOr(), right=rechts):
            return _typ(links) | _typ(rechts)
        case ast.Subscript(value=ast.Name(id="list"), slice=innen):
            return GenericAlias(list, (_typ(innen),))
        case ast.Subscript(value=ast.Name(id="Literal"), slice=innen):
            werte = ast.literal_eval(innen)
            return Literal[werte]
        case ast.Subscript(
            value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[erster, *_])
        ):
            return _typ(erster)
    raise _Unlesbar(
        f"Der Typ „{ast.unparse(knoten)}“ ist nicht vorgesehen; erlaubt sind int, "
        "float, str, bool, list[…], Literal[…], Annotated[…] und „… | None“."
    )


def _anmerkungen(knoten: ast.expr) -> list[str]:
    match knoten:
        case ast.Subscript(
            value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[_, *weitere])
        ):
            return [
                teil.value
                for teil in weitere
                if isinstance(teil, ast.Constant) and isinstance(teil.value, str)
            ]
    return []


def _typ_der(vorgabe: object) -> Typ:
    if isinstance(vorgabe, list):
        arten = {type(teil) for teil in vorgabe} or {str}
        return GenericAlias(list, (reduce(or_, sorted(arten, key=str)),))
    if type(vorgabe) in WORTE:
        return type(vorgabe)
    raise _Unlesbar(
        "Ohne Typ muss die Vorgabe Text, Zahl, True/False oder eine Liste sein."
    )


def _ist_tag(vorgabe: object) -> bool:
    if not isinstance(vorgabe, str) or not TAG.fullmatch(vorgabe):
        return False
    with suppress(ValueError):
        date.fromisoformat(vorgabe)
        return True
    return False


def _form(typ: Typ) -> object:
    """Was vor den eckigen Klammern steht, etwa `list`; sonst nichts."""
    return get_origin(typ)


def _einzelne(typ: Typ) -> tuple[Any, ...]:
    """Die Typen einer Auswahl wie ``int | None``, sonst der Typ selbst."""
    return get_args(typ) if _form(typ) in (UnionType, Union) else (typ,)


def _beschreibe(typ: Typ) -> str:
    if typ is date:
        return "ein Tag wie 2023-12-31 oder 31.12.2023"
    if _form(typ) is Literal:
        return f"eines von {', '.join(str(wert) for wert in get_args(typ))}"
    if _form(typ) is list:
        art = MEHRZAHL.get(get_args(typ)[0], "Werten")
        return f"eine Liste von {art}, getrennt durch Kommas (oder Semikolons)"
    moegliche = [teil for teil in _einzelne(typ) if teil is not NoneType]
    if len(moegliche) == 1:
        wort = WORTE.get(moegliche[0]) or _beschreibe(moegliche[0])
        return wort if len(_einzelne(typ)) == 1 else f"{wort} oder nichts"
    return " oder ".join(_beschreibe(teil) for teil in moegliche)


def _deute(eingabe: object, typ: Typ) -> object:
    """Macht aus Text von der Befehlszeile einen Wert; anderes bleibt, wie es ist."""
    if typ is date and isinstance(eingabe, datetime):
        raise _Unlesbar
    if not isinstance(eingabe, str):
        return eingabe
    text = eingabe.strip()
    if _form(typ) is Literal:
        passend = [wert for wert in get_args(typ) if str(wert) == text]
        return passend[0] if passend else eingabe
    if _form(typ) is list:
        return _deute_liste(text, get_args(typ)[0])
    moegliche = [teil for teil in _einzelne(typ) if teil is not NoneType]
    if not text and len(moegliche) < len(_einzelne(typ)):
        return None
    for teil in moegliche:
        with suppress(_Unlesbar):
            return _deute_einzeln(eingabe, teil)
    raise _Unlesbar


def _deute_einzeln(eingabe: str, typ: Typ) -> object:
    text = eingabe.strip()
    if typ is str:
        return eingabe
    if _form(typ) in (list, Literal):
        return _deute(text, typ)
    if typ is bool and text.casefold() in JA + NEIN:
        return text.casefold() in JA
    if typ is int and re.fullmatch(r"[+-]?[0-9]+", text):
        return int(text)
    if typ is float and re.fullmatch(ZAHL + r"(?:[eE][+-]?\d+)?", text):
        return _zahl(text)
    if typ is date:
        for form in ("%Y-%m-%d", "%d.%m.%Y"):
            with suppress(ValueError):
                return datetime.strptime(text, form).date()  # noqa: DTZ007
    raise _Unlesbar


def _deute_liste(text: str, typ: Typ) -> list[object]:
    if text.startswith("["):
        try:
            gelesen = json.loads(text)
        except ValueError as fehler:
            raise _Unlesbar from fehler
        return [_deute(teil, typ) for teil in gelesen]
    # Mit Semikolon getrennt bleibt das Komma für die Nachkommastellen.
    teile = text.split(";" if ";" in text else ",") if text else []
    return [_deute(teil.strip(), typ) for teil in teile]


def _zahl(text: str) -> float:
    return float(text.replace(",", "."))


def _schreibe(grenze: float | None) -> str:
    return "" if grenze is None else f"{grenze:g}".replace(".", ",")
