"""Was ist ein Fakt? Eine gerechnete Zahl und die Wörter, neben denen sie steht."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quartierstools.begruendung.beleg import Beleg
from quartierstools.nachpruefung.zahlen import glatt, zahlen


@dataclass(frozen=True, slots=True, kw_only=True)
class Fakt:
    """Eine gerechnete Zahl und die Wörter, neben denen sie stehen darf.

    Attributes
    ----------
    schluessel : str
        Vergleichsform der Zahl.
    eines : tuple of str
        Mindestens eines dieser Wörter muss in der Aussage oder ihrem Rahmen stehen.
    alle : tuple of str
        Jedes dieser Wörter muss dort stehen.
    ort : str
        Name des Gebiets, das genannt sein muss; leer: keines.
    """

    schluessel: str
    eines: tuple[str, ...]
    beleg: Beleg
    alle: tuple[str, ...] = ()
    ort: str = ""

    def passt(self, kontext: str) -> bool:
        """Ob der kleingeschriebene Kontext die verlangten Wörter enthält."""
        if self.ort and self.ort.lower() not in kontext:
            return False
        if not all(wort in kontext for wort in self.alle):
            return False
        return not self.eines or any(wort in kontext for wort in self.eines)


def fakt(
    text: str,
    was: str,
    formel: str,
    eines: Iterable[str],
    *,
    alle: Iterable[str] = (),
    ort: str = "",
    **felder: object,
) -> Iterator[Fakt]:
    """Ein Fakt je Zahl des Textes; ohne Zahl keiner."""
    beleg = Beleg(
        art="rechnung",
        text=text,
        was=was,
        formel=formel,
        ort=ort,
        **felder,  # type: ignore[arg-type]
    )
    for zahl in zahlen(glatt(text)):
        yield Fakt(
            schluessel=zahl.schluessel,
            eines=tuple(w.lower() for w in eines),
            alle=tuple(w.lower() for w in alle),
            ort=ort,
            beleg=beleg,
        )
