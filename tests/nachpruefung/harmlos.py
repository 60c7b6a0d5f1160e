"""Was Menschen an einer Begründung ändern, ohne dass eine Zahl leidet.

Jede Änderung bekommt den Text von ``word/document.xml`` oder der HTML-Seite und gibt
ihn verändert zurück.
"""

import re
from collections.abc import Callable

ABSATZ = re.compile(r"<w:p>(?:(?!<w:p[ >]).)*?</w:p>|<w:p [^>]*>.*?</w:p>", re.DOTALL)
NEU = "<w:p><w:r><w:t>%s</w:t></w:r></w:p>"


def _absatz_mit(roh: str, wort: str) -> str:
    return next(a for a in ABSATZ.findall(roh) if wort in a)


def _vor_absatz(roh: str, wort: str, neu: str) -> str:
    alt = _absatz_mit(roh, wort)
    return roh.replace(alt, neu + alt, 1)


def zerteilte_laeufe(roh: str) -> str:
    """Word zerlegt einen Textlauf nach drei Zeichen."""
    return re.sub(
        r"<w:r>((?:(?!</w:r>).)*?)<w:t(?: [^>]*)?>([^<&]{6,})</w:t></w:r>",
        lambda t: (
            f'<w:r>{t[1]}<w:t xml:space="preserve">{t[2][:3]}</w:t></w:r>'
            f'<w:r>{t[1]}<w:t xml:space="preserve">{t[2][3:]}</w:t></w:r>'
        ),
        roh,
    )


def verschoben(roh: str) -> str:
    """Ein Absatz wandert ans Ende."""
    alt = _absatz_mit(roh, "Erreicht werden")
    ohne = roh.replace(alt, "", 1)
    return re.sub(r"(<w:sectPr)", lambda t: alt + t[1], ohne, count=1)


def zeilen_umgestellt(roh: str) -> str:
    """Zwei Tabellenzeilen tauschen den Platz."""
    zeilen = re.findall(r"<w:tr>.*?</w:tr>|<w:tr .*?</w:tr>", roh, re.DOTALL)
    if len(zeilen) < 3:
        return roh
    eins, zwei = zeilen[1], zeilen[2]
    return roh.replace(eins, "\0", 1).replace(zwei, eins, 1).replace("\0", zwei, 1)


def _ersetze(alt: str, neu: str) -> Callable[[str], str]:
    return lambda roh: roh.replace(alt, neu)


def _einmal(muster: str, neu: str) -> Callable[[str], str]:
    return lambda roh: re.sub(muster, neu, roh, count=1, flags=re.DOTALL)


def _dazu(text: str, vor: str = "Bezug: ") -> Callable[[str], str]:
    return lambda roh: _vor_absatz(roh, vor, NEU % text)


def _ohne(wort: str) -> Callable[[str], str]:
    return lambda roh: roh.replace(_absatz_mit(roh, wort), "", 1)


WORD: dict[str, Callable[[str], str]] = {
    "unverändert": lambda roh: roh,
    "Läufe zerteilt": zerteilte_laeufe,
    "weiches Leerzeichen statt geschütztem": _ersetze("\u00a0", " "),
    "Prozentzeichen statt Wort": _ersetze("\u00a0Prozent", "\u00a0%"),
    "Prozent ausgeschrieben": _ersetze("\u00a0%", "\u00a0Prozent"),
    "schmales Leerzeichen": _ersetze("\u00a0", "\u202f"),
    "alles fett": _ersetze("<w:r>", "<w:r><w:rPr><w:b/></w:rPr>"),
    "gerade Anführungszeichen": lambda roh: roh.replace("„", '"').replace("“", '"'),
    "Gedankenstrich kurz": _ersetze(" – ", " - "),
    "weiche Trennstriche": _ersetze("Beratung", "Be\u00adra\u00adtung"),
    "Ligaturen": lambda roh: re.sub(
        r">[^<]+<", lambda t: t[0].replace("fi", "\ufb01").replace("fl", "\ufb02"), roh
    ),
    "neuer Satz ohne Zahl": _dazu("Die Verwaltung dankt allen Beteiligten."),
    "neuer Satz mit Gebiet": _dazu("Die Bezirksvertretung wurde beteiligt."),
    "neuer Satz mit Richtungswort": _dazu("Mehr dazu steht in der Anlage."),
    "neuer Satz mit Rechtsstelle": _dazu("Grundlage ist § 22 SGB II."),
    "neuer Satz mit Datum": _dazu("Beraten am 12.03.2026 im Ausschuss."),
    "neue Überschrift": _dazu("Stellungnahme der Fachabteilung"),
    "neuer Gruß": _dazu("Mit freundlichen Grüßen"),
    "Satz mit Verweis": _dazu("Einzelheiten nennt die Anlage [1]."),
    "Absatz gestrichen": _ohne("Erreicht werden"),
    "Überschrift gestrichen": _ohne("Auswirkungen"),
    "Auswirkungen gestrichen": _ohne("Finanziell"),
    "Quellen gestrichen": _ohne("Quellen "),
    "Absatz verschoben": verschoben,
    "Zeilen umgestellt": zeilen_umgestellt,
    "Zeile gestrichen": _einmal(r"(</w:tr>)<w:tr>.*?</w:tr>", r"\1"),
    "Feld ausgefüllt": _einmal(r"\[offen: [^\]]+\]", "Der Ausschuss nimmt Kenntnis."),
    "Feld mit Beschlussart": _einmal(r"\[offen\]", "Kenntnisnahme"),
    "Feld mit Datum": _einmal(r"\[offen: Beschluss, Datum\]", "Rat, 14.12.2025"),
    "Feld mit Zahl": _einmal(
        r"\[offen\](?=</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t[^>]*>; Bericht)",
        "35 Beratungen",
    ),
    "Umbruch im Absatz": _ersetze(
        " Gemessen werden", "</w:t><w:br/><w:t>Gemessen werden"
    ),
    "Tabulator": _ersetze("Finanziell: ", "Finanziell:</w:t><w:tab/><w:t>"),
    "gestrichen im Änderungsmodus": lambda roh: _vor_absatz(
        roh,
        "Bezug: ",
        "<w:p><w:del><w:r><w:delText>alt 99,9 Prozent</w:delText></w:r></w:del></w:p>",
    ),
    "eingefügt im Änderungsmodus": lambda roh: _vor_absatz(
        roh, "Bezug: ", f"<w:ins>{NEU % 'Siehe Anlage.'}</w:ins>"
    ),
    "Silbentrennung mit Bindestrich": _ersetze("Zielgruppe", "Ziel-\ngruppe"),
    "Wort ohne Bezug ersetzt": _ersetze("Vorschlag: ", "Antrag: "),
    "Stempel gestrichen": _ohne('w:val="Stempel"'),
}
"""Änderungen an einer Word-Datei."""
