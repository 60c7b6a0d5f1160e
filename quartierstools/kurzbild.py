"""Wie zeigt sich ein Ergebnis im Notebook? Ein paar Zeilen statt roher Tabellen."""

from collections.abc import Sequence
from html import escape


def kurzbild(
    titel: str,
    zeilen: Sequence[tuple[str, str]],
    *,
    saetze: Sequence[str] = (),
) -> str:
    """HTML eines Ergebnisses: Titel, Sätze, zwei Spalten; alles maskiert.

    Parameters
    ----------
    titel : str
        Was es ist.
    zeilen : sequence of tuple of str
        Bezeichnung und Angabe; Zeilen ohne Angabe entfallen.
    saetze : sequence of str
        Sätze über der Tabelle.

    Examples
    --------
    >>> kurzbild("Typen", [("Anzahl", "3")])
    '<p><strong>Typen</strong></p><table><tr><th>Anzahl</th><td>3</td></tr></table>'
    """
    absaetze = "".join(f"<p>{escape(satz)}</p>" for satz in saetze if satz)
    reihen = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(angabe)}</td></tr>"
        for name, angabe in zeilen
        if angabe
    )
    tabelle = f"<table>{reihen}</table>" if reihen else ""
    return f"<p><strong>{escape(titel)}</strong></p>{absaetze}{tabelle}"


class Kurzbild:
    """Zeigt sich im Notebook als `_kurzbild`, auf dem Bildschirm als Text.

    Für Estimatoren: Die Darstellung von scikit-learn verweist auf fremde Seiten.
    """

    def _kurzbild(self) -> str:
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return self._kurzbild()

    def _repr_mimebundle_(self, **_angaben: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._kurzbild()}
