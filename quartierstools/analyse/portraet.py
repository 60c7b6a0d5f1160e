"""Wie lässt sich ein Typ beschreiben? Entwürfe, die ein Mensch bestätigt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from quartierstools.analyse.pruefung import vorzeichen
from quartierstools.analyse.wortwahl import beanstandungen
from quartierstools.fehler import Katalogfehler
from quartierstools.schreibweise import aufzaehlung, zahl_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from quartierstools.analyse.typisierung import Typisierung

AUFFAELLIG = 0.5
"""Ab so vielen Standardabweichungen vom Mittel prägt ein Merkmal einen Typ."""

ENTWURF = "Entwurf: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Typname:
    """Name eines Typs; bestätigt ist er erst mit Person oder Gremium und Datum.

    Attributes
    ----------
    name : str
        Beschreibend, ohne Wertung.
    bestaetigt_von : str
        Wer ihn bestätigt hat; leer heißt Entwurf.
    am : str
        Datum der Bestätigung.

    Examples
    --------
    >>> Typname(name="Alte Arbeiterviertel", bestaetigt_von="Ausschuss").name
    'Alte Arbeiterviertel'
    """

    name: str
    bestaetigt_von: str = ""
    am: str = ""

    @property
    def bestaetigt(self) -> bool:
        """Ob der Name ohne „Entwurf“ gedruckt werden darf."""
        return bool(self.bestaetigt_von and self.am)


def lies_typnamen(pfad: Path) -> dict[str, Typname]:
    """Liest Typnamen aus einer Datei und weist stigmatisierende zurück.

    Parameters
    ----------
    pfad : Path
        YAML: Buchstabe → ``name``, ``bestaetigt_von``, ``am``.

    Raises
    ------
    Katalogfehler
        Bei unbekannten Feldern, fehlendem Namen oder beanstandeten Wörtern.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> datei = Path(tempfile.mkdtemp()) / "typnamen.yaml"
    >>> _ = datei.write_text("A: {name: Alte Arbeiterviertel}", encoding="utf-8")
    >>> lies_typnamen(datei)["A"].name
    'Alte Arbeiterviertel'
    """
    import yaml  # noqa: PLC0415

    inhalt = yaml.safe_load(pfad.read_text(encoding="utf-8")) or {}
    befunde, namen = [], {}
    for typ, felder in inhalt.items():
        eintrag = felder if isinstance(felder, dict) else {"name": felder}
        fremd = sorted(set(eintrag) - {"name", "bestaetigt_von", "am"})
        if fremd or not eintrag.get("name"):
            befunde.append(
                f"Typ {typ}: erwartet werden `name`, `bestaetigt_von`, `am`"
                + (f", nicht {aufzaehlung(fremd)}." if fremd else "; `name` fehlt.")
            )
            continue
        werte = {f: "" if w is None else str(w) for f, w in eintrag.items()}
        befunde += [f"Typ {typ}: {satz}" for satz in beanstandungen(werte["name"])]
        namen[str(typ)] = Typname(**werte)
    if befunde:
        raise Katalogfehler(f"{pfad.name}: " + " ".join(befunde))
    return namen


def portraets(
    modell: Typisierung,
    *,
    bezeichnungen: Mapping[str, str] | None = None,
    einheiten: Mapping[str, str] | None = None,
    kontext: Collection[str] = (),
    namen: Mapping[str, Typname] | None = None,
    einheit: str = "Bezirke",
) -> pd.DataFrame:
    r"""Beschreibt jeden Typ mit Namen, Werten und Vergleich.

    Parameters
    ----------
    modell : Typisierung
        Gelernte Typen; bei „nur Beschreibung“ ohne Vorgabe gibt es keine Portraets.
    bezeichnungen : mapping, optional
        Merkmal → Name im Text.
    einheiten : mapping, optional
        Merkmal → Einheit hinter der Zahl, etwa ``"%"``.
    kontext : collection of str
        Merkmale, die nie in einem Typnamen stehen.
    namen : mapping, optional
        Buchstabe → Name aus `lies_typnamen`.
    einheit : str, default="Bezirke"
        Wie die Gebiete heißen.

    Returns
    -------
    DataFrame
        Je Buchstabe ``name`` (mit „Entwurf: “, solange nicht bestätigt),
        ``bestaetigt``, ``anzahl_gebiete``, ``stabilitaet`` (Wort) und ``satz``.

    Examples
    --------
    >>> from quartierstools.analyse import Typisierung
    >>> lage = pd.DataFrame({"B01": [1, 1.2, 0.8, 1.1, 9, 9.2, 8.8, 9.1]})
    >>> tabelle = portraets(Typisierung().fit(lage), einheiten={"B01": "%"})
    >>> print(tabelle.loc["B", "name"])
    Entwurf: B01 über dem Mittel
    >>> print(tabelle.loc["B", "satz"].replace("\xa0", " "))
    Typ B (4 Bezirke): B01 im Mittel 9,0 % (alle 8 Bezirke: 5,0 %).
    """
    spalten = ["name", "bestaetigt", "anzahl_gebiete", "stabilitaet", "satz"]
    zeilen = {
        typ: _portraet(
            modell,
            str(typ),
            _Worte(
                bezeichnungen=bezeichnungen or {},
                einheiten=einheiten or {},
                kontext=frozenset(kontext),
                einheit=einheit,
            ),
            (namen or {}).get(str(typ)),
        )
        for typ in modell.typen_.index
    }
    tabelle = pd.DataFrame.from_dict(zeilen, orient="index", columns=spalten)
    tabelle.index.name = "typ"
    return tabelle


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worte:
    """Wie Merkmale und Gebiete im Text heißen."""

    bezeichnungen: Mapping[str, str]
    einheiten: Mapping[str, str]
    kontext: frozenset[str]
    einheit: str

    def wert(self, merkmal: str, zahl: float) -> str:
        einheit = self.einheiten.get(merkmal, "")
        return zahl_text(zahl, stellen=1) + (f"\u00a0{einheit}" if einheit else "")

    def name(self, merkmal: str) -> str:
        return self.bezeichnungen.get(merkmal, merkmal)


def _portraet(
    modell: Typisierung, typ: str, worte: _Worte, vorgabe: Typname | None
) -> dict[str, Any]:
    z = pd.Series(modell.zentren_z_.loc[typ], dtype="float64")
    # Stärken zuerst: Merkmale, deren Abweichung weniger Bedarf heißt.
    bedarf = z * vorzeichen(modell.richtungen, list(z.index))
    folge = sorted(z.index, key=lambda m: (round(bedarf[m], 9) > 0, -abs(z[m]), str(m)))
    anzahl = int(modell.typen_["anzahl_gebiete"].loc[typ])
    name = vorgabe or Typname(name=namensentwurf(z.loc[folge], worte=worte))
    gueltig = modell.eingabe_.dropna()
    alle, n = gueltig.mean(), len(gueltig)
    werte = [
        f"{worte.name(m)} im Mittel {worte.wert(m, modell.zentren_.loc[typ, m])} "
        f"(alle {n} {worte.einheit}: {worte.wert(m, float(alle.loc[m]))})"
        for m in folge
    ]
    return {
        "name": name.name if name.bestaetigt else f"{ENTWURF}{name.name}",
        "bestaetigt": name.bestaetigt,
        "anzahl_gebiete": anzahl,
        "stabilitaet": modell.typen_.loc[typ, "stabilitaet"],
        "satz": f"Typ {typ} ({anzahl} {worte.einheit}): {aufzaehlung(werte)}.",
    }


def namensentwurf(z: pd.Series, *, worte: _Worte) -> str:
    """„X unter, Y über dem Mittel“ aus den stärksten Abweichungen; ohne Kontext."""
    stark = [
        (m, float(wert))
        for m, wert in z.items()
        if abs(wert) >= AUFFAELLIG and m not in worte.kontext
    ]
    if not stark:
        return "nahe am Mittel"
    seiten = []
    for lage in dict.fromkeys("über" if w > 0 else "unter" for _, w in stark):
        dabei = [worte.name(str(m)) for m, w in stark if (w > 0) == (lage == "über")]
        seiten.append(f"{aufzaehlung(dabei)} {lage}")
    return f"{', '.join(seiten)} dem Mittel"
