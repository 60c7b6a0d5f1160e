"""Ist das eine Datei oder eine Adresse? Adressen erkennen und ohne Kennwort zeigen.

Eine Adresse nennt ihre Ebene nach ``#``: ``WFS:https://…#bezirke``,
``postgresql://nutzer@rechner/datenbank#schema.tabelle``. Kennwörter stehen in keiner
Meldung.
"""

import re
from urllib.parse import unquote, urlsplit, urlunsplit

from quartierstools.eingang.schutz import sicherer_text

VORSAETZE = {"WFS:": "wfs", "OAPIF:": "ogc_api"}

ZUGANG = frozenset(
    {
        *("key", "pass", "pw", "pwd", "passfile", "jwt", "ticket", "sid", "bearer"),
        *("sessionid", "jsessionid", "auth", "authorization", "signature", "sig"),
        *("credential", "credentials", "accesskey", "authkey"),
    }
)
"""Namen von Angaben hinter dem Fragezeichen, die einen Zugang nennen."""

ZUGANGSTEIL = re.compile("token$|passw|kennwort|secret|apikey")
"""Teile solcher Namen; verglichen wird ohne Striche und klein."""


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
    if not doppelt:
        return adresse
    if adressart(adresse) == "postgis":
        # In Kennwörtern für Datenbanken stehen auch / ? und #.
        zugang, klammeraffe, ab_rechner = rest.rpartition("@")
        pfad = ""
    else:
        stelle, schraeg, pfad = rest.partition("/")
        zugang, klammeraffe, ab_rechner = stelle.rpartition("@")
        pfad = f"{schraeg}{pfad}"
    nutzer = zugang.partition(":")[0]
    return _ohne_zugang(f"{kopf}{doppelt}{nutzer}{klammeraffe}{ab_rechner}{pfad}")


def _ohne_zugang(adresse: str) -> str:
    """Adresse ohne die Angaben, die einen Zugang nennen."""
    kopf, frage, rest = adresse.partition("?")
    angaben, raute, ebene = rest.partition("#")
    teile = [t for t in re.split("[&;]", angaben) if t]
    bleibt = [t for t in teile if not _nennt_zugang(t.partition("=")[0])]
    if len(bleibt) < len(teile):
        angaben = "&".join(bleibt)
    angaben = angaben.rstrip("&")
    return f"{kopf}{frage if angaben else ''}{angaben}{raute}{ebene}"


def _nennt_zugang(name: str) -> bool:
    blank = re.sub("[-_.]", "", unquote(name)).lower()
    return blank in ZUGANG or bool(ZUGANGSTEIL.search(blank))


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
        teile = urlsplit(ohne_kennwort(adresse)[len(vorsatz) :])
        ort = teile.hostname or ""
        hafen = f":{teile.port}" if teile.port else ""
        nutzer = f"{teile.username}@" if teile.username else ""
    except ValueError:
        return f"{vorsatz}(unlesbare Adresse)"
    ohne = (teile.scheme, f"{nutzer}{ort}{hafen}", teile.path, "", teile.fragment)
    return sicherer_text(vorsatz + urlunsplit(ohne), 120)
