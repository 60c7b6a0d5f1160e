"""Zwei Schriftstücke wie im Muster: eine Begründung und ein Steckbrief."""

import struct
import subprocess
import sys
import zlib
from datetime import date
from pathlib import Path

from quartierstools.dokument import (
    Absatz,
    Bild,
    Dokument,
    Felder,
    Inhalt,
    Kasten,
    Liste,
    Nebeneinander,
    Seitenumbruch,
    Spalte,
    Tabelle,
    Ueberschrift,
    fett,
    inhalt,
    kursiv,
    offen,
)

STAND = date(2023, 12, 31)
STEMPEL = (
    "ENTWURF – nicht als Vorlage freigegeben.",
    "Die Bezirkswerte sind abgelesen und nicht gegen den Sozialbericht geprüft.",
)
FEINDLICH = (
    "<script>alert(1)</script>",
    "\"Gänse\"-'Füßchen' & <b>",
    "#let x = 1; #panic(sys) $x^2$ *fett* _schräg_ \\ @ref `raw`",
    "=HYPERLINK(0)",
    "{{ 7*7 }} {% raw %}",
    "שלום עולם",
    "مرحبا",
    "Straße/Weg\\Pfad " + "x" * 80,
    "😀 Haus",
    "a\x07b",
    "links\u202egeh\u202c",
)


def png(breite: int = 40, hoehe: int = 20) -> bytes:
    """Kleines blaues PNG mit einem Text- und einem Zeiteintrag."""

    def teil(art: bytes, daten: bytes) -> bytes:
        pruef = zlib.crc32(art + daten)
        return struct.pack(">I", len(daten)) + art + daten + struct.pack(">I", pruef)

    zeilen = (b"\x00" + b"\x1d\x5a\x9e" * breite) * hoehe
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            teil(b"IHDR", struct.pack(">IIBBBBB", breite, hoehe, 8, 2, 0, 0, 0)),
            teil(b"tEXt", b"Software\x00Zeichner 1.0"),
            teil(b"tIME", struct.pack(">HBBBBB", 2026, 1, 2, 3, 4, 5)),
            teil(b"IDAT", zlib.compress(zeilen)),
            teil(b"IEND", b""),
        ]
    )


def punktstreifen() -> str:
    """SVG: 24 Punkte auf einer Linie, einer hervorgehoben."""
    punkte = "".join(
        f'<circle cx="{20 + 15 * i}" cy="20" r="4" fill="#8fa8c4"/>' for i in range(23)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 40">'
        '<line x1="10" y1="20" x2="390" y2="20" stroke="#5f7794"/>'
        f'{punkte}<circle cx="372" cy="20" r="7" fill="#14315c"/></svg>'
    )


def lagekarte() -> str:
    """SVG: Umriss einer Stadt mit einem dunklen Bezirk."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 120">'
        '<path d="M10 60 L60 10 L150 15 L190 60 L150 110 L60 105 Z" fill="#e8eff7" '
        'stroke="#5f7794" stroke-width="2"/>'
        '<path d="M20 60 L55 35 L80 60 L55 85 Z" fill="#14315c"/></svg>'
    )


def bild(svg: str, alternativtext: str, titel: str = "", breite: float = 1.0) -> Bild:
    return Bild(
        svg=svg, png=png(), alternativtext=alternativtext, titel=titel, breite=breite
    )


def zellen(*texte: str) -> tuple[Inhalt, ...]:
    return tuple(inhalt(text) for text in texte)


def begruendung() -> Dokument:
    """Begründung des Vorhabens Wattenscheid-Mitte, Wortlaut des Musters."""
    return Dokument(
        titel="Jobcenter-Beratung im Quartier: Wattenscheid-Mitte",
        gattung="Begründung",
        untertitel="Zielgruppe Langzeitarbeitslose · Stadtbezirk Wattenscheid",
        stempel=STEMPEL,
        stand=STAND,
        kennung="3f9a1c27be04",
        herausgeber="Stadt Bochum",
        bloecke=(*_kurz(), *_anlass_bis_bedarf(), *_angebote_bis_wirkung(), *_rest()),
    )


def _kurz() -> tuple[Absatz | Felder | Kasten, ...]:
    return (
        Absatz(
            inhalt(
                "Vorlage Nr. ",
                offen(),
                " · Beratungsfolge ",
                offen("etwa Bezirksvertretung Wattenscheid, Fachausschuss"),
            )
        ),
        Kasten(
            titel="Das Wichtigste in Kürze",
            art="kurz",
            bloecke=(
                Liste(
                    (
                        inhalt(
                            kursiv("Vorschlag:"),
                            " Das Jobcenter berät regelmäßig an einem vertrauten Ort "
                            "in Wattenscheid-Mitte.",
                        ),
                        inhalt(
                            kursiv("Dafür:"),
                            " 12,1 Prozent Arbeitslosenanteil – mit Kruppwerke der "
                            "höchste der 24 vorliegenden Werte; der mittlere Wert ist "
                            "6,5 Prozent. [1]",
                        ),
                        inhalt(
                            kursiv("Dagegen:"),
                            " In Wattenscheid gibt es bereits einen Standort des "
                            "Jobcenters. Kruppwerke hat denselben Anteil. [1, 5]",
                        ),
                        inhalt(
                            kursiv("Nicht bekannt:"),
                            " wie viele Langzeitarbeitslose hier leben und ob die "
                            "Quartiersberatung hier schon stattfindet.",
                        ),
                        inhalt(
                            kursiv("Sicherheit:"),
                            " Hinweis aus Daten; fachliche Bestätigung steht aus.",
                        ),
                    )
                ),
            ),
        ),
        Absatz(inhalt(fett("Beschlussvorschlag: "), offen("Art und Wortlaut"))),
    )


def _anlass_bis_bedarf() -> tuple[Ueberschrift | Absatz | Tabelle, ...]:
    return (
        Ueberschrift("1 Anlass"),
        Absatz(
            inhalt(
                "Die kommunale Arbeitsmarktstrategie will Bedarfe im Quartier an Daten "
                "erkennen und mit den Beteiligten passende Angebote schaffen; "
                "Langzeitarbeitslose sind eine ihrer drei Zielgruppen. Als Beispiel "
                "nennt die Stadt Beratung des Jobcenters in Quartieren, „in denen der "
                "SGB II-Bezug besonders hoch ist“. [6] Wattenscheid-Mitte war neben "
                "Kruppwerke, Hamme und Querenburg Fokusstadtteil von „Zusammen im "
                "Quartier“ (Juni 2023 bis Ende 2024). [6] Bezug: ",
                offen("Beschluss, Datum"),
            )
        ),
        Ueberschrift("2 Ausgangslage"),
        Absatz(
            inhalt(
                "Wattenscheid-Mitte hat ein Stadtteilmanagement („WAT bewegen“, AWO "
                "Ruhr-Mitte im Auftrag der Stadt) und ein Familiengrundschulzentrum an "
                "der Gertrudisschule; an solche Orte kann Beratung anknüpfen. [5] Am "
                "31.12.2023 lebten hier 23.205 Menschen, 31 Prozent des Stadtbezirks "
                "(73.680). [3]"
            )
        ),
        Tabelle(
            titel="Arbeitslosenanteil, 31.12.2023 (Stichtag angenommen) [1]",
            spalten=(Spalte("Bezirk", anteil=4), Spalte("Prozent", "rechts", 1.2)),
            zeilen=(
                zellen("Wattenscheid-Mitte", "12,1"),
                zellen("Kruppwerke", "12,1"),
                zellen("Günnigfeld", "11,1"),
                zellen("mittlerer Wert von 24 Bezirken (Median)", "6,5"),
                zellen("niedrigster Wert (Stiepel)", "2,2"),
                zellen("Stadt Bochum", "liegt nicht vor"),
                zellen(
                    "Gleisdreieck, Hordel, Westenfeld, Harpen/Rosenberg, "
                    "Kornharpen/Voede-Abzweig, Langendreer-Alter Bahnhof",
                    "liegt nicht vor",
                ),
            ),
            hervorgehoben=frozenset({0}),
        ),
        Absatz(
            inhalt(
                "Zum SGB-II-Bezug gibt es nur ältere Werte: am 31.12.2018 in "
                "Wattenscheid-Mitte 28,8, in Querenburg 21,1, in "
                "Wiemelhausen/Brenschede 5,6 und in Stiepel 2,4 Prozent. [2] Beide "
                "Messungen sind nicht miteinander vergleichbar."
            )
        ),
        Ueberschrift("3 Bedarf der Zielgruppe"),
        Absatz(
            inhalt(
                "Der Arbeitslosenanteil zählt alle Arbeitslosen und ist für "
                "Langzeitarbeitslose eine Näherung. Stadtweit waren im Dezember 2025 "
                "von 17.499 Arbeitslosen 7.171 ein Jahr oder länger arbeitslos, rund "
                "41 Prozent. [4] Ob der Anteil in Wattenscheid-Mitte höher oder "
                "niedriger ist, ist nicht bekannt."
            )
        ),
        Absatz(
            inhalt(
                "Die Einstufung „deutlich über dem Mittel der 24 Bezirke“ hält in "
                "allen geprüften Rechenvarianten. Ein Unterschied zwischen "
                "Wattenscheid-Mitte, Kruppwerke und Günnigfeld lässt sich daraus nicht "
                "ableiten. [R]"
            )
        ),
        Absatz(
            inhalt(
                "Einschätzung vor Ort: ",
                offen("Jobcenter, AWO, Stadtteilmanagement; Datum"),
                ". Status: ",
                fett("Hinweis"),
                ".",
            )
        ),
    )


def _angebote_bis_wirkung() -> tuple[Ueberschrift | Absatz | Tabelle, ...]:
    return (
        Ueberschrift("4 Was es gibt"),
        Tabelle(
            titel="Angebote für Langzeitarbeitslose [5]",
            spalten=(
                Spalte("Angebot", anteil=3),
                Spalte("Ort", anteil=3),
                Spalte("Stand", anteil=1.6),
            ),
            zeilen=(
                zellen(
                    "Jobcenter, Standort Wattenscheid",
                    "Friedrich-Ebert-Straße 7",
                    "2023",
                ),
                zellen(
                    "Jobcenter-Beratung im Quartier, zweimal im Monat",
                    "wechselnd; ob hier: nicht bekannt",
                    "ohne Prüfdatum",
                ),
                zellen(
                    "Gute Bochumer Arbeit (§§ 16e, 16i SGB II)",
                    "stadtweit; 86 Stellen bei der Stadt besetzt",
                    "Oktober 2023",
                ),
                zellen(
                    "Wattenscheider Berufsbildungszentrum, SKFM",
                    "Wattenscheid",
                    "Profil ungeprüft",
                ),
            ),
            fussnote="Weitere Angebote für Langzeitarbeitslose im Bezirk sind nicht "
            "bekannt. Das heißt nicht, dass es keine gibt: Der Bestand ist eine "
            "Fundliste ohne Prüfdatum.",
        ),
        Ueberschrift("5 Vorschlag"),
        Absatz(
            inhalt(
                "Beratung in dem Rhythmus, den das Jobcenter in anderen Quartieren "
                "nutzt (zweimal im Monat [5]); Ort ",
                offen(),
                ", Umfang ",
                offen(),
                ", Beginn und Laufzeit ",
                offen(),
                ", Zugang ohne Termin.",
            )
        ),
        Absatz(
            inhalt(
                "Zuständigkeit: Das Jobcenter ist eine gemeinsame Einrichtung; über "
                "seinen Personaleinsatz beschließt nicht der Rat. Möglich sind "
                "Kenntnisnahme, ein städtischer Raum oder der Auftrag an die "
                "Verwaltung, sich in der Trägerversammlung dafür einzusetzen. [von der "
                "Verwaltung zu prüfen]"
            )
        ),
        Ueberschrift("6 Wirkung und Messung"),
        Absatz(
            inhalt(
                "Erreicht werden sollen Menschen ohne Kontakt zum Jobcenter. [5] "
                "Gemessen werden Erstkontakte, davon ohne früheren Kontakt, und "
                "Vermittlungen in weitere Hilfen; Zielwert ",
                offen(),
                "; Bericht nach zwölf Monaten. Der Arbeitslosenanteil des Bezirks "
                "taugt nicht als Erfolgsmaß.",
            )
        ),
    )


def _rest() -> tuple[Ueberschrift | Absatz | Liste, ...]:
    return (
        Ueberschrift("7 Was dagegen spricht und was sonst möglich ist"),
        Liste(
            (
                inhalt(
                    kursiv("Ein Standort ist schon da."),
                    " In Querenburg und Gerthe hat das Jobcenter Standorte aufgegeben, "
                    "in Linden bis Ende 2024; [5] das Argument des kurzen Wegs wiegt "
                    "dort mehr.",
                ),
                inhalt(
                    kursiv("Nächster Bezirk:"),
                    " Kruppwerke, gleicher Anteil, mit Stadtteilkoordination (halbe "
                    "Stelle) als Anknüpfung. Günnigfeld, 11,1 Prozent; im Bestand kein "
                    "ortsfestes Angebot für die Zielgruppe, Einsatzorte der "
                    "Quartiersberatung offen.",
                ),
                inhalt(
                    kursiv("Nullvariante:"),
                    " Beratung bleibt am Standort Wattenscheid.",
                ),
                inhalt(
                    kursiv("Die Abwägung kehrt sich um,"),
                    " wenn die Beratung hier bereits stattfindet, wenn "
                    "Langzeitarbeitslosigkeit in Kruppwerke oder Günnigfeld häufiger "
                    "ist oder wenn Westenfeld einen höheren Wert hat.",
                ),
            )
        ),
        Ueberschrift("8 Grenzen der Daten"),
        Absatz(
            inhalt(
                "24 von 30 Bezirken; nur Anteile, keine Fallzahlen, deshalb keine "
                "Intervalle; Nenner und Stichtag nicht bestätigt; abgelesen, nicht "
                "amtlich geliefert. Aussagen gelten für Bezirke, nicht für Menschen. "
                "Zusammenhänge sind keine Ursachen."
            )
        ),
        Ueberschrift("9 Auswirkungen"),
        Absatz(inhalt("Finanziell: ", offen(), " · Klimarelevant: ", offen())),
        Absatz(
            inhalt(
                fett("Quellen"),
                " [1] Stadt Bochum, Sozialbericht 2024, PDF-S. 46, mittelbar "
                "abgelesen; vor Verwendung prüfen · [2] Ortsteile kompakt 2019, nach "
                "WR/WAZ 2019 · [3] WAZ, Dezember 2024 · [4] Bochum-Journal, "
                "Arbeitsmarkt Dezember 2025 · [5] Angebotsbestand, Einzelbelege in "
                "Anlage 2 · [6] Stadt Bochum, Pressemitteilung zum Abschluss von "
                "„Zusammen im Quartier“, November 2024; Projektseite · [R] eigene "
                "Rechnung, Anlage 3",
            ),
            art="klein",
        ),
    )


KENNZAHLEN = (
    ("Arbeitslosenanteil", "12,1 %", "liegt nicht vor", "6,7 % (Median 6,5)",
     "deutlich über; hält in allen Varianten", "31.12.2023 angenommen, A"),
    ("Haushalte mit Kindern", "18,8 %", "liegt nicht vor", "17,2 %", "um",
     "31.12.2023 angenommen, A"),
    ("Gymnasialempfehlung (Kontext)", "25,6 %", "liegt nicht vor", "50,3 %",
     "unter; kleine Jahrgänge", "Schuljahr unbekannt, A"),
    ("Alt-Jung-Quotient (Kontext)", "147", "liegt nicht vor", "197", "unter",
     "31.12.2023, A"),
    ("Ausländische Bevölkerung (Kontext, kein Bedarf)", "27,1 %", "16,7 %", "15,7 %",
     "ohne Einstufung", "31.12.2023, A"),
    ("Intervall, Trend", "–", "–", "–", "Fallzahlen fehlen; ein Stichtag", "–"),
)  # fmt: skip

ORTE = (
    ("Jobcenter, Standort Wattenscheid", "L", "in Betrieb, ungeprüft", "–"),
    ("Stadtteilmanagement „WAT bewegen“", "alle", "in Betrieb, ungeprüft", "–"),
    ("Familiengrundschulzentrum Gertrudisschule", "F", "in Betrieb, ungeprüft", "–"),
    ("Kindertreff Wattenscheid", "F, J", "befristet, ungeprüft", "Mai 2027"),
    ("Wattenscheider Berufsbildungszentrum, SKFM", "J, L", "Profil ungeprüft", "–"),
)


def steckbrief(
    name: str = "Wattenscheid-Mitte", *, wasserzeichen: str = ""
) -> Dokument:
    """Steckbrief eines Bezirks auf zwei Seiten."""
    return Dokument(
        titel=name,
        gattung="Steckbrief",
        untertitel="Statistischer Bezirk 24 · Stadtbezirk Wattenscheid",
        stempel=("Entwurf – abgelesen, nicht amtlich geprüft.",),
        wasserzeichen=wasserzeichen,
        stand=STAND,
        kennung="3f9a1c27be04",
        herausgeber="Stadt Bochum",
        bloecke=(*_seite_1(name), Seitenumbruch(), *_seite_2()),
    )


def _seite_1(
    name: str,
) -> tuple[Nebeneinander | Ueberschrift | Tabelle | Absatz | Bild, ...]:
    return (
        Nebeneinander(
            Felder(
                paare=(
                    ("Schlüssel", inhalt("24")),
                    ("Datenstand", inhalt("31.12.2023, angenommen")),
                    ("Einwohner", inhalt("23.205 (31.12.2023)")),
                    (
                        "In einem Satz",
                        inhalt(
                            f"{name} hat mit Kruppwerke den höchsten der 24 "
                            "vorliegenden Arbeitslosenanteile und fünf bekannte Orte "
                            "mit Angeboten."
                        ),
                    ),
                )
            ),
            bild(
                lagekarte(),
                f"Umriss der Stadt Bochum, {name} im Westen hervorgehoben.",
                "Lage in der Stadt, Innengrenzen angenähert",
            ),
            0.62,
        ),
        Ueberschrift("Was es hier gibt"),
        Tabelle(
            titel="Angebote und Orte",
            spalten=(
                Spalte("Name", anteil=4),
                Spalte("Zielgruppe", anteil=1.4),
                Spalte("Status, Prüfdatum", anteil=2.4),
                Spalte("Laufzeitende", anteil=1.6),
            ),
            zeilen=tuple(zellen(*zeile) for zeile in ORTE),
            fussnote="L Langzeitarbeitslose, J junge Erwachsene, F Familien.",
        ),
        Ueberschrift("Kennzahlen"),
        Tabelle(
            titel="Bezirk, Stadt und Mittel der vorliegenden Bezirke",
            spalten=(
                Spalte("Kennzahl", anteil=2.6),
                Spalte("Bezirk", "rechts", 1.1),
                Spalte("Stadtbezirk", "rechts", 1.5),
                Spalte("Stadt", "rechts", 1.3),
                Spalte("Mittel von 24", "rechts", 1.5),
                Spalte("Lage", anteil=2),
                Spalte("Stichtag, Güte", anteil=2),
            ),
            zeilen=tuple(
                zellen(k, b, "liegt nicht vor", s, m, lage, g)
                for k, b, s, m, lage, g in KENNZAHLEN
            ),
        ),
        bild(
            punktstreifen(),
            "Punktstreifen Arbeitslosenanteil: 24 Bezirke von 2,2 bis 12,1 Prozent, "
            f"{name} ganz rechts; sechs Bezirke ohne Wert.",
            "Arbeitslosenanteil in 24 Bezirken; sechs Bezirke ohne Wert",
        ),
        bild(
            punktstreifen(),
            "Punktstreifen Haushalte mit Kindern: 24 Bezirke.",
            "Haushalte mit Kindern in 24 Bezirken; sechs Bezirke ohne Wert",
        ),
    )


def _seite_2() -> tuple[Ueberschrift | Tabelle | Absatz | Liste | Kasten | Felder, ...]:
    return (
        Ueberschrift("Zielgruppen"),
        Liste(
            (
                inhalt(
                    fett("Langzeitarbeitslose: "),
                    "Näherung. Es fehlt die Zahl der Langzeitarbeitslosen je Bezirk.",
                ),
                inhalt(
                    fett("Junge Erwachsene: "),
                    "nicht messbar. Es fehlt die Arbeitslosigkeit unter 25 Jahren.",
                ),
                inhalt(
                    fett("Familien: "),
                    "nicht messbar. Es fehlen Haushalte im Leistungsbezug mit Kindern.",
                ),
            )
        ),
        Ueberschrift("Ähnliche Bezirke"),
        Absatz(
            inhalt(
                "Obere Gruppe, Verbleib 97 Prozent bei drei Gruppen; ab vier Gruppen "
                "ein Grenzfall. Die Gruppe beschreibt, sie bewertet nicht."
            )
        ),
        Ueberschrift("Fachliche Einschätzung"),
        Felder(
            paare=(
                ("Funktion", inhalt(offen("Einrichtung, Funktion"))),
                ("Datum", inhalt(offen("TT.MM.JJJJ"))),
                ("Status", inhalt(fett("Hinweis"), " – nicht fachlich bestätigt")),
            )
        ),
        Ueberschrift("Teilräume und Zuordnung"),
        Absatz(inhalt("Ortskern Wattenscheid; die Grenze zu Westenfeld ist offen.")),
        Ueberschrift("Weitere veröffentlichte Einzelwerte", 2),
        Tabelle(
            titel="Nicht mit den Kennzahlen vergleichbar",
            spalten=(
                Spalte("Angabe", anteil=3),
                Spalte("Wert", "rechts"),
                Spalte("Stichtag", anteil=1.4),
                Spalte("Quelle", anteil=2),
            ),
            zeilen=(
                zellen("SGB-II-Quote", "28,8 %", "31.12.2018", "WR/WAZ 2019"),
                zellen("Einwohner", "23.205", "31.12.2023", "WAZ 2024"),
                zellen("unter 18 Jahren", "16,5 %", "31.12.2018", "WR/WAZ 2019"),
            ),
        ),
        Kasten(
            titel="Grenzen der Daten",
            art="warnung",
            bloecke=(
                Absatz(
                    inhalt(
                        "24 von 30 Bezirken; nur Anteile, keine Fallzahlen. Aussagen "
                        "gelten für Bezirke, nicht für Menschen."
                    )
                ),
                Liste(
                    (inhalt("Nenner nicht bestätigt"), inhalt("Stichtag angenommen")),
                    nummeriert=True,
                ),
            ),
        ),
        Absatz(inhalt("Quelle: Stadt Bochum, Sozialbericht 2024."), art="klein"),
    )


def feindlich() -> Dokument:
    """Dokument, in dem an jeder Stelle ein feindlicher Name steht."""
    namen = FEINDLICH
    return Dokument(
        titel=namen[0],
        gattung=namen[1],
        untertitel=namen[2],
        stempel=namen[:4],
        wasserzeichen=namen[4],
        stand=STAND,
        kennung=namen[0],
        herausgeber=namen[1],
        bloecke=(
            *(Ueberschrift(name) for name in namen),
            Absatz(tuple(fett(n) for n in namen)),
            Liste(tuple(inhalt(kursiv(n)) for n in namen)),
            Tabelle(
                titel=namen[0],
                spalten=(Spalte(namen[1]), Spalte(namen[5], "rechts")),
                zeilen=tuple(zellen(n, n) for n in namen),
                fussnote=namen[2],
            ),
            Felder(paare=tuple((n, inhalt(offen(n))) for n in namen)),
            Kasten(titel=namen[2], bloecke=(Absatz(inhalt(*namen)),)),
            bild(punktstreifen(), namen[1], namen[0]),
        ),
    )


def in_zwei_prozessen(code: str, ordner: Path) -> tuple[str, str]:
    """Ausgabe desselben Programms unter zwei Umgebungen.

    Zeitzone, Hash-Startwert, Sprache und Arbeitsordner sind verschieden.
    """
    ausgaben = []
    for zone, startwert, sprache in (
        ("Pacific/Kiritimati", "1", "C"),
        ("America/Los_Angeles", "4711", "C.UTF-8"),
    ):
        arbeit = ordner / startwert
        arbeit.mkdir()
        umgebung = {
            "TZ": zone,
            "PYTHONHASHSEED": startwert,
            "LC_ALL": sprache,
            "PYTHONPATH": str(Path(__file__).parent),
            "PATH": "/usr/bin:/bin",
            "HOME": str(arbeit),
        }
        lauf = subprocess.run(
            [sys.executable, "-c", code],
            env=umgebung,
            cwd=arbeit,
            capture_output=True,
            text=True,
            check=True,
        )
        ausgaben.append(lauf.stdout)
    return ausgaben[0], ausgaben[1]
