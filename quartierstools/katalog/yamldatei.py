"""Wie lesen wir YAML gefahrlos? Nur Text, Listen und Abbildungen, begrenzt tief.

Jeder Wert bleibt Text (``010`` bleibt ``"010"``). Verweise (``&anker``, ``*anker``)
und Marken (``!!…``) werden abgelehnt: Verweise auf Verweise füllen sonst den Speicher.
"""

from pathlib import Path
from typing import Any

import yaml

from quartierstools.fehler import Katalogfehler, systemgrund
from quartierstools.katalog.datei import MB, dateimangel

HOECHSTENS_TIEF = 20
"""So tief darf verschachtelt sein; die eigenen Dateien brauchen höchstens sechs."""
HOECHSTENS_BYTE = 5 * MB


class TextLoader(yaml.SafeLoader):
    """YAML-Leser, der jeden Wert als Text liest und doppelte Schlüssel meldet."""

    tiefe = 0

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401
        """Baut einen Knoten, wenn er weder Verweis noch Marke noch zu tief ist."""
        ereignis: Any = self.peek_event()  # type: ignore[no-untyped-call]
        zeile = ereignis.start_mark.line + 1
        if isinstance(ereignis, yaml.AliasEvent):
            raise Katalogfehler(
                f"Zeile {zeile}: Verweise (&anker, *anker) werden nicht gelesen. "
                "Bitte ausschreiben."
            )
        if getattr(ereignis, "tag", None) is not None:
            raise Katalogfehler(
                f"Zeile {zeile} ist kein lesbares YAML: Marken mit Ausrufezeichen "
                "werden nicht gelesen. Text mit ! bitte in Anführungszeichen setzen."
            )
        self.tiefe += 1
        if self.tiefe > HOECHSTENS_TIEF:
            raise Katalogfehler(
                f"Zeile {zeile}: Die Datei ist mehr als {HOECHSTENS_TIEF} Ebenen tief "
                "verschachtelt. Bitte den Aufbau mit daten/README.md vergleichen."
            )
        try:
            return super().compose_node(parent, index)
        finally:
            self.tiefe -= 1


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
        Wenn die Datei fehlt, keine gewöhnliche Datei, zu groß, nicht UTF-8 oder kein
        YAML ist, ein Schlüssel doppelt steht oder sie Verweise enthält.
    """
    mangel = dateimangel(datei, datei.name, hoechstens=HOECHSTENS_BYTE)
    if mangel is not None and not datei.exists() and not datei.is_symlink():
        raise Katalogfehler(
            f"{datei.name} fehlt im Ordner {datei.parent}. Bitte anlegen; das Format "
            "steht in daten/README.md."
        )
    if mangel is not None:
        raise Katalogfehler(str(mangel))
    try:
        text = datei.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Katalogfehler(
            f"{datei.name} ist nicht in UTF-8 gespeichert. Bitte im Editor als UTF-8 "
            "speichern."
        ) from None
    except OSError as fehler:
        raise Katalogfehler(
            f"{datei.name} lässt sich nicht lesen ({systemgrund(fehler)}). Bitte die "
            "Rechte prüfen."
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
