"""Ist das eine Datei oder eine Adresse? Adressen erkennen und ohne Kennwort zeigen.

Eine Adresse nennt ihre Ebene nach ``#``: ``WFS:https://…#bezirke``,
``postgresql://nutzer@rechner/datenbank#schema.tabelle``. Kennwörter stehen in keiner
Meldung.
"""

import re
from urllib.parse import urlsplit, urlunsplit

from quartierstools.eingang.schutz import sicherer_text

VORSAETZE = {"WFS:": "wfs", "OAPIF:": "ogc_api"}

_GEHEIM = re.compile(
    r"(?i)(?<=[?&])[^=&#]*(?:token|key|passw|pwd|kennwort|secret|auth|sig)[^=&#]*"
    r"=[^&#]*&?"
)
"""Angabe hinter dem Fragezeichen, deren Name nach einem Zugang klingt."""


def adressart(text: str) -> str:
    """Art einer Adresse (``wfs``, ``ogc_api``, ``postgis``) oder leer für Dateien.

    Examples
    --------
    >>> adressart("WFS:https://karten.example/wfs"), adressart("a.csv")
    ('wfs', '')
    >>> adressart("https://karten.example/ows?service=WFS")
    'wfs'
    >>> adressart("postgresql://leser@rechner/stadt#bezirke")
    'postgis'
    """
    for vorsatz, art in VORSAETZE.items():
        if text.upper().startswith(vorsatz):
            return art
    if text.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        return "postgis"
    if text.lower().startswith(("http://", "https://")):
        return "wfs" if "wfs" in text.lower() else "ogc_api"
    return ""


def ohne_kennwort(adresse: str) -> str:
    """Adresse, wie sie in ``lieferung.yaml`` stehen darf; sonst unverändert.

    Examples
    --------
    >>> ohne_kennwort("postgresql://leser:geheim@rechner:5432/stadt#bezirke")
    'postgresql://leser@rechner:5432/stadt#bezirke'
    >>> ohne_kennwort("WFS:https://karten.example/wfs?map=a#e")
    'WFS:https://karten.example/wfs?map=a#e'
    >>> ohne_kennwort("WFS:https://karten.example/wfs?api_key=7&map=a&token=9#e")
    'WFS:https://karten.example/wfs?map=a#e'
    """
    kopf, doppelt, rest = adresse.partition("://")
    stelle, schraeg, pfad = rest.partition("/")
    zugang, klammeraffe, rechner = stelle.rpartition("@")
    nutzer = zugang.partition(":")[0]
    ohne = f"{kopf}{doppelt}{nutzer}{klammeraffe}{rechner}{schraeg}{pfad}"
    return re.sub(r"[?&]+(?=#|$)", "", _GEHEIM.sub("", ohne)) if doppelt else ohne


def adresse_text(adresse: str) -> str:
    """Adresse für Meldungen, ohne Kennwort.

    Examples
    --------
    >>> adresse_text("postgresql://leser:geheim@rechner:5432/stadt#bezirke")
    'postgresql://leser@rechner:5432/stadt#bezirke'
    >>> adresse_text("WFS:https://a:b@karten.example/wfs?token=1#e")
    'WFS:https://a@karten.example/wfs#e'
    """
    vorsatz = next((v for v in VORSAETZE if adresse.upper().startswith(v)), "")
    try:
        teile = urlsplit(adresse[len(vorsatz) :])
        ort = teile.hostname or ""
        hafen = f":{teile.port}" if teile.port else ""
        nutzer = f"{teile.username}@" if teile.username else ""
    except ValueError:
        return f"{vorsatz}(unlesbare Adresse)"
    ohne = (teile.scheme, f"{nutzer}{ort}{hafen}", teile.path, "", teile.fragment)
    return sicherer_text(vorsatz + urlunsplit(ohne), 120)
