"""Verträge über das ganze Haus: Seiten, Stempel, Wörter, Geheimes, Umgebung."""

import ast
import dataclasses
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from hausmittel import (
    WURZEL,
    docx_absaetze,
    docx_kopfzeilen,
    glatt,
    kartendaten,
    lies_html,
    pdf_seiten,
    umgebung,
    verbotenes,
    wortstellen,
    xlsx_blaetter,
)

from quartierstools.ausgabe.anhang import anhang
from quartierstools.ausgabe.bericht import bericht
from quartierstools.ausgabe.datenanforderung import datenanforderung
from quartierstools.ausgabe.datenlage import datenpruefung
from quartierstools.ausgabe.einstieg import einstieg
from quartierstools.ausgabe.html import html_seite
from quartierstools.ausgabe.kartenblatt import kartenblatt
from quartierstools.ausgabe.pdf import pdf_bytes
from quartierstools.ausgabe.steckbrief import steckbrief
from quartierstools.ausgabe.word import word_bytes
from quartierstools.auswertung import Auswertung, Einstellung
from quartierstools.begruendung.beleg import wert_text
from quartierstools.begruendung.stempel import ENTWURF, INTERN, MUSTER, WASSERZEICHEN
from quartierstools.begruendung.vorlage import begruende
from quartierstools.dokument import texte
from quartierstools.katalog.eintrag import lies_yaml

PAKET = WURZEL / "quartierstools"
WORTWAHL = lies_yaml(PAKET / "katalog" / "standard" / "wortwahl.yaml")["standard"]
ENGLISCH = (
    *("source", "sources", "value", "values", "page", "pages", "missing", "area"),
    *("areas", "figure", "figures", "table", "chart", "legend", "close", "loading"),
    *("unknown", "default", "title", "date", "count", "none", "nan"),
    *("error", "warning", "show", "hide", "search", "next", "previous"),
    *("content", "contents", "index of", "of", "the", "and", "not available", "n/a"),
)
UMSCHRIFT = re.compile(
    r"\b(fuer|dafuer|ueber\w*|Ueber\w*|gegenueber|koennen|koennte\w*|muess\w+|duerf\w+"
    r"|Schluessel\w*|Begruendung\w*|begruend\w+|waere\w*|haette\w*|groess\w+|Groess\w+"
    r"|Flaeche\w*|Zaehl\w+|zaehl\w+|naechst\w+|hoechst\w+|gehoer\w+|moeglich\w*"
    r"|Gebaeude|traegt|Traeger|pruef\w+|Pruef\w+|oeffentlich\w*|oeffne\w*|ausfuehr\w+"
    r"|ungueltig\w*|gueltig\w*|Laenge\w*|aender\w+|Aender\w+|erklaer\w+|spaet\w*"
    r"|laeuft|laesst|enthaelt|haelt|fuehr\w+|zurueck\w*|Stueck\w*|haeufig\w*"
    r"|bestaetig\w+|schliess\w+|heisst|weiss|Strasse\w*|Massnahme\w*|aehnlich\w*"
    r"|Erlaeuterung\w*|Waehl\w+|waehl\w+|Woert\w+|woert\w+|Loesung\w*|geloescht"
    r"|Beschaeftig\w+|beschaeftig\w+|Fachkraefte\w*|Naeherung\w*|Veraenderung\w*)\b"
)
OHNE_SATZ = re.compile(
    r"`[^`]*`|\S*[_/\\]\S*|\S+\.(?:yaml|csv|ipynb|json|py)\b|--\w+"
    r"|\b[a-z0-9]+(?:-[a-z0-9]+)+\b"
)


def ohne_namen(text):
    """Text ohne Code, Dateinamen, Pfade, Optionen und Kennungen."""
    return OHNE_SATZ.sub(" ", text)


# --- Seiten ---------------------------------------------------------------------


def test_begruendungen_haben_hoechstens_zwei_seiten(lauf):
    namen = [n for n in lauf.namen(".pdf") if n.startswith("vorhaben/")]
    assert len(namen) == (4 if lauf.projekt == "bochum" else 3)
    for name in namen:
        seiten = pdf_seiten(lauf.pfad(name))
        assert len(seiten) <= 2, name
        assert "Dagegen: " in glatt(seiten[0]), name


def test_jeder_steckbrief_hat_genau_zwei_seiten(lauf):
    alle = [n for n in lauf.namen(".pdf") if n.startswith("steckbriefe/")]
    namen = [n for n in alle if n != "steckbriefe/alle.pdf"]
    assert len(namen) == 30
    anzahlen = {name: len(pdf_seiten(lauf.pfad(name))) for name in namen}
    assert {n: s for n, s in anzahlen.items() if s != 2} == {}


# --- Stempel und Wasserzeichen ----------------------------------------------------


def test_stempel_auf_jeder_seite_jeder_datei(lauf):
    stempel = MUSTER if lauf.projekt == "musterstadt" else ENTWURF
    for name in lauf.namen(".pdf"):
        for nummer, seite in enumerate(pdf_seiten(lauf.pfad(name)), start=1):
            assert stempel in glatt(seite), (name, nummer)
    for name in lauf.namen(".html", ".xlsx"):
        assert stempel in glatt(lauf.text(name)), name
    for name in lauf.namen(".docx"):
        assert steht_auf_jeder_wordseite(lauf.pfad(name), stempel), name


def steht_auf_jeder_wordseite(datei, stempel):
    """Auf Seite 1 im Text, auf jeder weiteren in der Kopfzeile."""
    koepfe = [glatt(kopf) for kopf in docx_kopfzeilen(datei).values()]
    erste = docx_absaetze(datei)[: 2 + len(koepfe)]
    return stempel in glatt("\n".join(erste)) and any(stempel in k for k in koepfe)


def test_wasserzeichen_genau_auf_erfundenen_daten(lauf):
    soll = lauf.projekt == "musterstadt"
    dicht = WASSERZEICHEN.replace(" ", "")
    for name in lauf.namen(".pdf"):
        for seite in pdf_seiten(lauf.pfad(name)):
            rest = re.sub(r"\s", "", seite.replace(MUSTER, ""))
            assert (dicht in rest) is soll, name
    for name in lauf.namen(".html"):
        seite = lauf.pfad(name).read_text(encoding="utf-8")
        assert (WASSERZEICHEN.lower() in seite.replace(MUSTER, "").lower()) is soll, (
            name
        )
    import zipfile  # noqa: PLC0415

    for name in lauf.namen(".docx"):
        with zipfile.ZipFile(lauf.pfad(name)) as archiv:
            koepfe = [archiv.read(n) for n in archiv.namelist() if "header" in n]
        for kopf in koepfe:
            assert (f'string="{WASSERZEICHEN}"'.encode() in kopf) is soll, name


def test_musterstadt_nennt_sich_nie_vorlage(lauf_musterstadt):
    """Als Gattung: in Titel, Kopf, Fuß und Angaben jeder Datei."""
    from docx import Document  # noqa: PLC0415
    from pypdf import PdfReader  # noqa: PLC0415

    lauf = lauf_musterstadt
    for name in lauf.namen(".pdf"):
        angaben = PdfReader(lauf.pfad(name)).metadata or {}
        text = " ".join(map(str, angaben.values())).replace(MUSTER, "")
        assert "Vorlage" not in text, name
        for seite in pdf_seiten(lauf.pfad(name)):
            fuss = next(z for z in glatt(seite).split(" · ") if "Fassung" in z)
            assert "Vorlage" not in fuss.replace(MUSTER, ""), name
    for name in lauf.namen(".html"):
        seite = lauf.pfad(name).read_text(encoding="utf-8")
        (titel,) = re.findall(r"<title>(.*?)</title>", seite, re.DOTALL)
        assert "Vorlage" not in titel.replace(MUSTER, ""), name
    for name in lauf.namen(".docx"):
        angaben = Document(str(lauf.pfad(name))).core_properties
        text = f"{angaben.title} {angaben.subject} {angaben.category}"
        assert "Vorlage" not in text.replace(MUSTER, ""), name
    for name, text in lauf.schriftstuecke().items():
        assert "Beschlussvorlage" not in text, name
        assert "Ratsvorlage" not in text, name


def schriftstuecke(auswertung):
    """Ein Schriftstück jeder Gattung."""
    vorhaben = next(iter(auswertung.katalog.vorhaben))
    return [
        begruende(auswertung, vorhaben).dokument,
        steckbrief(auswertung, "24")[0],
        bericht(auswertung, "langzeitarbeitslose")[0],
        bericht(auswertung, "jugendliche")[0],
        datenpruefung(auswertung),
        datenanforderung(auswertung),
        einstieg(auswertung),
    ]


@pytest.mark.parametrize("fassung", ["oeffentlich", "intern"])
@pytest.mark.parametrize(("anzahl_typen", "startwert"), [(0, 0), (2, 5)])
def test_kein_parameter_hebt_den_entwurf_auf(
    fassung, anzahl_typen, startwert, tmp_path
):
    """Bochums Werte sind abgelesen: In jeder Einstellung steht „Entwurf“ überall."""
    auswertung = Auswertung(
        ort="bochum",
        daten=WURZEL / "daten",
        einstellung=Einstellung(
            fassung=fassung,
            anzahl_typen=anzahl_typen,
            varianten=100,
            startwert=startwert,
        ),
    )
    soll = (ENTWURF, INTERN) if fassung == "intern" else (ENTWURF,)
    dokumente = schriftstuecke(auswertung)
    assert {d.stempel for d in dokumente} == {soll}
    begruendung = dokumente[0]
    datei = tmp_path / "b.pdf"
    datei.write_bytes(pdf_bytes(begruendung, fremde_zeichen="kennung"))
    for seite in pdf_seiten(datei):
        assert all(s in glatt(seite) for s in soll)
    datei = tmp_path / "b.docx"
    datei.write_bytes(word_bytes(begruendung))
    assert all(steht_auf_jeder_wordseite(datei, s) for s in soll)
    datei = tmp_path / "b.xlsx"
    datei.write_bytes(anhang(auswertung))
    erstes = next(iter(xlsx_blaetter(datei).values()))
    assert all(s in str(erstes) for s in soll)
    for seite in (html_seite(begruendung), kartenblatt(auswertung)):
        assert all(s in seite for s in soll)


# --- Wörter -----------------------------------------------------------------------


def test_kein_verbotenes_wort_in_irgendeiner_ausgabe(lauf):
    """Auch nicht in Sätzen, die Menschen im Katalog geschrieben haben."""
    gefunden = {
        (name, wort)
        for name, text in lauf.schriftstuecke().items()
        for wort in verbotenes(text, WORTWAHL)
    }
    assert gefunden == set()


def test_die_wortlisten_greifen():
    """Kontrolle: Ein Satz mit verbotenen Wörtern fällt auf, ein sauberer nicht."""
    schlecht = "Der Brennpunkt ist arm, weil der Wert im Stadtmittel liegt."
    assert verbotenes(schlecht, WORTWAHL) == ["brennpunkt", "Stadtmittel", "weil"]
    assert verbotenes("Der Anteil liegt über dem Mittel. Weile!", WORTWAHL) == []
    assert wortstellen("source of the value", ENGLISCH) != []
    assert UMSCHRIFT.findall("Die Pruefung waere moeglich.")


def test_kein_englisches_wort_in_irgendeiner_ausgabe(lauf):
    gefunden = {
        (name, wort)
        for name, text in lauf.schriftstuecke().items()
        for wort in wortstellen(_ungetrennt(text), ENGLISCH)
        if not _nur_in_eigennamen(lauf, text, wort)
    }
    assert gefunden == set()


def _ungetrennt(text):
    """Ohne Adressen und ohne Trennung am Zeilenende („of-fen“ ist kein „of“)."""
    ohne = re.sub(r"https?://\S+", " ", text)
    return re.sub(r"(?<=[a-zäöüß])-\s(?=[a-zäöüß])", "", ohne)


def _nur_in_eigennamen(lauf, text, wort):
    """Ob ein Wort allein aus Namen und Fundstellen der Eingaben kommt."""
    ordner = WURZEL / "daten" / lauf.projekt
    eingaben = [*ordner.glob("*.csv"), *ordner.glob("katalog/*.yaml")]
    quelle = glatt("\n".join(d.read_text(encoding="utf-8") for d in eingaben))
    muster = re.compile(rf"\S*\s?(?<!\w){re.escape(wort)}(?!\w)\s?\S*", re.IGNORECASE)
    stellen = {m.strip(" ,;()") for m in muster.findall(glatt(text))}
    return all(stelle in quelle for stelle in stellen)


def test_umlaute_in_jeder_ausgabe(lauf):
    gefunden = {
        (name, wort)
        for name, text in lauf.schriftstuecke().items()
        for wort in UMSCHRIFT.findall(ohne_namen(glatt(text)))
    }
    assert gefunden == set()


def saetze_im_code():
    """Zeichenketten des Pakets, die Menschen als Satz lesen; dazu seine Namen."""
    saetze, namen = [], set()
    for datei in sorted(PAKET.rglob("*.py")):
        baum = ast.parse(datei.read_text(encoding="utf-8"))
        for knoten in ast.walk(baum):
            namen |= {getattr(knoten, f, None) for f in ("id", "arg", "attr", "name")}
            if isinstance(knoten, ast.Constant) and isinstance(knoten.value, str):
                text = re.sub(r"(?s)>>>.*?(?:\n\s*\n|\Z)", " ", knoten.value)
                if len(text.split()) >= 3:
                    ort = f"{datei.relative_to(PAKET)}:{knoten.lineno}"
                    saetze.append((ort, text))
    return saetze, namen


def test_umlaute_in_jedem_satz_des_pakets():
    """Erlaubt sind Namen des Codes, Spalten der Dateien und der Wert „oeffentlich“."""
    saetze, namen = saetze_im_code()
    assert len(saetze) > 500
    erlaubt = {*namen, "oeffentlich", "pruefdatum", "uebergehen"}
    gefunden = [
        (ort, wort)
        for ort, satz in saetze
        for wort in UMSCHRIFT.findall(ohne_namen(satz))
        if wort not in erlaubt
    ]
    assert gefunden == []


def test_umlaute_im_standardkatalog_und_in_den_projekten():
    ordner = [PAKET / "katalog" / "standard", *(WURZEL / "daten").glob("*/katalog")]
    dateien = [d for o in ordner for d in o.glob("*.yaml")]
    dateien += (WURZEL / "daten").glob("*/vorhaben/*.yaml")
    gefunden = []
    for datei in dateien:
        for text in _blaetter(yaml.safe_load(datei.read_text(encoding="utf-8"))):
            if len(text.split()) >= 2:
                gefunden += [
                    (datei.name, t) for t in UMSCHRIFT.findall(ohne_namen(text))
                ]
    assert gefunden == []


def _blaetter(wert):
    if isinstance(wert, dict):
        return [t for w in wert.values() for t in _blaetter(w)]
    if isinstance(wert, list):
        return [t for w in wert for t in _blaetter(w)]
    return [wert] if isinstance(wert, str) else []


@pytest.mark.parametrize("kennung", ["K02", "K03", "K04", "K05", "K06", "K07", "K12"])
def test_kontext_traegt_nie_bedarf_oder_gruppen(auswertung, kennung):
    for zielgruppe in auswertung.projekt.zielgruppen:
        ergebnis = auswertung.bedarf(zielgruppe)
        messung = getattr(ergebnis, "messung", ergebnis)
        assert kennung not in messung.indikatoren
    typen = auswertung.typen()
    assert kennung not in typen.merkmale.columns
    bezeichnung = auswertung.katalog.indikatoren[kennung].bezeichnung
    assert not any(bezeichnung in satz for satz in typen.portraets.values())


# --- Geheimes ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def geheim(auswertungen):
    """Gesperrte Zellen Musterstadts mit ihrem internen Wert."""
    offen = auswertungen["musterstadt"].freigabe
    intern = Auswertung(
        ort="musterstadt",
        daten=WURZEL / "daten",
        einstellung=Einstellung(fassung="intern"),
    ).freigabe
    felder = ["ebene", "gebiet", "indikator", "stichtag"]
    beide = offen.werte.merge(intern.werte, on=felder, suffixes=("", "_intern"))
    zellen = beide[(beide["wertart"] == "gesperrt") & beide["wert_intern"].notna()]
    assert len(zellen) > 50
    return zellen


def test_gesperrtes_ist_in_der_freigabe_nicht_mehr_da(auswertungen):
    werte = auswertungen["musterstadt"].freigabe.werte
    gesperrt = werte[werte["wertart"] == "gesperrt"]
    assert gesperrt[["wert", "zaehler", "nenner"]].isna().to_numpy().all()


def test_bericht_zeigt_in_jeder_zelle_nur_freigegebenes(lauf_musterstadt, auswertungen):
    auswertung = auswertungen["musterstadt"]
    freigabe = auswertung.freigabe
    gesperrt = 0
    for zielgruppe in auswertung.projekt.zielgruppen:
        kennungen = auswertung.bedarf(zielgruppe).messung.indikatoren
        datei = lauf_musterstadt.pfad(f"zielgruppen/{zielgruppe}/bericht.html")
        zeilen = {z[1]: z for z in lies_html(datei).zeilen if len(z) > 4}
        for gebiet in freigabe.gebiete.index:
            gedruckt = zeilen[gebiet][2 : 2 + len(kennungen)]
            for text, kennung in zip(gedruckt, kennungen, strict=True):
                zelle = freigabe.zelle(gebiet, kennung)
                indikator = freigabe.katalog.indikatoren[kennung]
                soll = wert_text(
                    zelle.wert, indikator, wertart=zelle.wertart, kurz=True
                )
                assert text == glatt(soll), (gebiet, kennung)
                gesperrt += zelle.wertart == "gesperrt"
    assert gesperrt > 10


def test_karte_zeigt_in_jedem_jahr_nur_freigegebenes(lauf_musterstadt, auswertungen):
    freigabe = auswertungen["musterstadt"].freigabe
    daten = kartendaten(lauf_musterstadt.pfad("karte.html"))
    schluessel = daten["gebiete"]["schluessel"]
    gesperrt = 0
    for ebene in daten["ebenen"]:
        kennung = ebene["kennung"]
        for zeit in ebene["zeiten"] if kennung in freigabe.katalog.indikatoren else []:
            arten = freigabe.wertarten(kennung, stichtag=f"{zeit['jahr']}-12-31")
            for gebiet, wert in zip(schluessel, zeit["werte"], strict=True):
                assert isinstance(wert, str) is (arten[gebiet] != "Zahl")
                gesperrt += wert == "."
    assert gesperrt > 100


def test_mappe_zeigt_fuer_gesperrtes_nie_eine_zahl(lauf_musterstadt, auswertungen):
    freigabe = auswertungen["musterstadt"].freigabe
    mappe = xlsx_blaetter(lauf_musterstadt.pfad("anhang/tabellen.xlsx"))
    gesehen = 0
    for zeilen in (z for name, z in mappe.items() if name.startswith("Werte ")):
        gesehen += _pruefe_werteblatt(zeilen, freigabe)
    assert gesehen > 10


def _pruefe_werteblatt(zeilen, freigabe):
    """Zahl der gesperrten Zellen eines Themas; keine zeigt eine Zahl."""
    kopf = next(z for z in zeilen if z[0] == "Schlüssel")
    spalten = {
        n: treffer[1]
        for n, titel in enumerate(kopf)
        if titel and (treffer := re.search(r"\((\w\d\d)\)", str(titel)))
    }
    assert spalten
    gesperrt = 0
    for zeile in zeilen:
        if not zeile or zeile[0] not in freigabe.gebiete.index:
            continue
        for nummer, kennung in spalten.items():
            art = freigabe.wertarten(kennung)[zeile[0]]
            assert isinstance(zeile[nummer], (int, float)) is (art == "Zahl")
            gesperrt += art == "gesperrt"
    return gesperrt


def test_steckbrief_druckt_keinen_gesperrten_wert(lauf_musterstadt, geheim):
    """Wo eine gesperrte Zahl im Text vorkommt, ist sie dort anders belegt."""
    lauf = lauf_musterstadt
    from quartierstools.katalog import Projektordner, lade_katalog  # noqa: PLC0415

    ordner = Projektordner(WURZEL / "daten" / "musterstadt")
    indikatoren = lade_katalog(ordner).indikatoren
    for gebiet, zellen in geheim[geheim["ebene"] == "gebiet"].groupby("gebiet"):
        name = f"steckbriefe/{gebiet}"
        text = glatt(lauf.text(f"{name}.pdf"))
        belegt = {glatt(e["text"]) for e in lauf.manifest["belege"][name]}
        for zelle in zellen.itertuples():
            gedruckt = glatt(
                wert_text(zelle.wert_intern, indikatoren[zelle.indikator], kurz=True)
            )
            steht_da = re.search(rf"(?<![\d,.−]){re.escape(gedruckt)}", text)
            assert not steht_da or gedruckt in belegt, (name, gedruckt)


def test_kein_beleg_zeigt_auf_eine_gesperrte_zelle(lauf_musterstadt, geheim):
    verboten = {
        (z.gebiet, z.indikator, f"{z.stichtag[8:]}.{z.stichtag[5:7]}.{z.stichtag[:4]}")
        for z in geheim.itertuples()
    }
    for eintraege in lauf_musterstadt.manifest["belege"].values():
        for e in eintraege:
            if e["art"] == "wert":
                ort = (e.get("gebiet"), e.get("indikator"), e["stichtag"])
                assert ort not in verboten


def test_kein_gesperrter_anteil_steht_ungerundet_in_einer_datei(
    lauf_musterstadt, geheim, auswertungen
):
    """Sechs Nachkommastellen zeigt pandas; so genau ist fast jeder Anteil einmalig."""
    offen = auswertungen["musterstadt"].freigabe.werte
    frei = {f"{w:.6f}" for w in offen["wert"].dropna()}
    gesucht = {f"{w:.6f}" for w in geheim["wert_intern"]} - frei
    # Einfache Brüche sind nicht einmalig: Auch eine Haltbarkeit ist einmal 2/3.
    einfach = {f"{z / n:.6f}" for n in range(1, 13) for z in range(n)}
    gesucht = {g for g in gesucht - einfach if not g.endswith("000")}
    assert len(gesucht) > 30
    for name in lauf_musterstadt.namen(".ipynb", ".json", ".html", ".jsonl"):
        roh = lauf_musterstadt.pfad(name).read_text(encoding="utf-8")
        zahlen = {z[:8] for z in re.findall(r"0\.\d{6,}", roh)}
        assert zahlen & gesucht == set(), name


# --- Import und öffentliche Namen -------------------------------------------------


def in_eigenem_prozess(programm):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", programm],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=umgebung(),
        cwd=WURZEL,
        check=False,
    )


def test_import_laedt_keine_fremde_bibliothek():
    ergebnis = in_eigenem_prozess(
        "import sys; vorher = set(sys.modules); import quartierstools\n"
        "neu = {n.split('.')[0] for n in set(sys.modules) - vorher}\n"
        "print(sorted(neu - set(sys.stdlib_module_names)))"
    )
    assert ergebnis.stdout.strip() == "['quartierstools']", ergebnis.stderr


def test_import_aendert_keine_globalen_einstellungen():
    """Weder Fehlerstufen noch Warnungen, Zufall, Sprache oder Umgebung."""
    ergebnis = in_eigenem_prozess(
        "import locale, logging, os, random, signal, sys, warnings\n"
        "import numpy as np, pandas as pd, matplotlib\n"
        "def stand():\n"
        "    return (np.geterr(), logging.root.handlers[:], logging.root.level,\n"
        "            str(np.random.get_state()),\n"
        "            locale.setlocale(locale.LC_ALL), dict(os.environ), os.getcwd(),\n"
        "            signal.getsignal(signal.SIGTERM), sys.path[:],\n"
        "            pd.get_option('display.precision'),\n"
        "            matplotlib.rcParams['font.size'], matplotlib.get_backend(),\n"
        "            np.get_printoptions()['precision'])\n"
        "vorher = stand()\n"
        "import quartierstools, quartierstools.cli\n"
        "import quartierstools.ausgabe.werkbank, quartierstools.lauf.hauptlauf\n"
        "import quartierstools.ausgabe.bericht, quartierstools.ausgabe.steckbrief\n"
        "import quartierstools.ausgabe.kartenblatt, quartierstools.ausgabe.anhang\n"
        "import quartierstools.ausgabe.word, quartierstools.ausgabe.pdf\n"
        "[getattr(quartierstools, n) for n in quartierstools.__all__]\n"
        "nachher = stand()\n"
        "print([n for n, (a, b) in enumerate(zip(vorher, nachher)) if a != b])"
    )
    assert ergebnis.stdout.strip() == "[]", ergebnis.stdout + ergebnis.stderr


OHNE_ANGEBOT = ("ausgabe", "begruendung", "darstellung", "nachpruefung")
"""Zimmer, die nur andere Zimmer benutzen; ihre Namen sind keine öffentlichen."""


def oeffentliche_namen():
    """Jeder Name, den das Paket oder eines seiner Zimmer anbietet."""
    import quartierstools  # noqa: PLC0415

    orte = [quartierstools]
    orte += [
        importlib.import_module(f"quartierstools.{zimmer}")
        for zimmer in quartierstools.ZIMMER
        if zimmer not in OHNE_ANGEBOT
    ]
    return {
        f"{ort.__name__}.{name}": getattr(ort, name)
        for ort in orte
        for name in ort.__all__
    }


def test_jeder_oeffentliche_name_hat_ein_beispiel():
    ohne = [
        name
        for name, wert in oeffentliche_namen().items()
        if getattr(wert, "__module__", "").startswith("quartierstools")
        and ">>>" not in (wert.__doc__ or "")
    ]
    assert ohne == []


def test_jedes_zimmer_beschreibt_was_es_anbietet():
    ohne = []
    for datei in sorted(PAKET.rglob("__init__.py")):
        name = ".".join(datei.relative_to(WURZEL).parent.parts)
        modul = importlib.import_module(name)
        assert (modul.__doc__ or "").strip(), name
        for oeffentlich in getattr(modul, "__all__", []):
            wert = getattr(modul, oeffentlich)
            beschreibbar = callable(wert) and not isinstance(wert, str)
            eigen = getattr(wert, "__module__", "").startswith("quartierstools")
            if beschreibbar and eigen and not (wert.__doc__ or "").strip():
                ohne.append(f"{name}.{oeffentlich}")
    assert ohne == []


def test_unbekannter_name_wird_auf_deutsch_abgelehnt():
    import quartierstools  # noqa: PLC0415

    with pytest.raises(AttributeError, match="hat keinen Namen 'gibtsnicht'"):
        quartierstools.gibtsnicht  # noqa: B018


def test_tabulator_zeigt_namen_und_zimmer_ohne_das_werkzeug():
    import quartierstools  # noqa: PLC0415

    zimmer = sorted(p.parent.name for p in PAKET.glob("*/__init__.py"))
    assert sorted(quartierstools.ZIMMER) == zimmer
    assert dir(quartierstools) == sorted([*quartierstools.__all__, *zimmer])
    for name in zimmer:
        raum = getattr(quartierstools, name)
        erlaubt = set(getattr(raum, "__all__", ()))
        werkzeug = {n for n in dir(raum) if not n.startswith("_")} - erlaubt
        assert werkzeug == set() or name in OHNE_ANGEBOT, (name, werkzeug)


# --- Umgebung ---------------------------------------------------------------------

PROJEKTDATEI = tomllib.loads((WURZEL / "pyproject.toml").read_text(encoding="utf-8"))
SPERREN = ("requirements.lock", "requirements-test.lock")


def gesperrte_versionen(*namen):
    versionen = {}
    for name in namen:
        for zeile in (WURZEL / name).read_text(encoding="utf-8").splitlines():
            if treffer := re.match(
                r"([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", zeile
            ):
                versionen[normal(treffer[1])] = treffer[2]
    return versionen


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("bereich", "dateien"),
    [("laufzeit", SPERREN[:1]), ("bau", SPERREN[:1]), ("test", SPERREN)],
)
def test_jede_abhaengigkeit_ist_passend_gesperrt(bereich, dateien):
    from packaging.requirements import Requirement  # noqa: PLC0415

    projekt = PROJEKTDATEI["project"]
    liste = projekt["dependencies"]
    if bereich != "laufzeit":
        liste = projekt["optional-dependencies"][bereich]
    versionen = gesperrte_versionen(*dateien)
    for text in liste:
        bedarf = Requirement(text)
        assert normal(bedarf.name) in versionen, text
        assert bedarf.specifier.contains(versionen[normal(bedarf.name)]), text


@pytest.mark.parametrize("name", SPERREN)
def test_sperrdatei_hat_pruefsummen_und_keine_adresse(name):
    text = (WURZEL / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    assert "@ file" not in text
    eintraege = re.split(r"(?m)^(?=[A-Za-z0-9])", text)[1:]
    assert len(eintraege) > 20
    assert [e.split()[0] for e in eintraege if "--hash=sha256:" not in e] == []


def test_kein_paket_ist_zweimal_gesperrt():
    eins, zwei = (set(gesperrte_versionen(name)) for name in SPERREN)
    assert eins & zwei == set()


def test_conda_umgebung_nimmt_die_sperrdatei():
    umgebung_ = yaml.safe_load((WURZEL / "environment.yml").read_text(encoding="utf-8"))
    (pip,) = [a["pip"] for a in umgebung_["dependencies"] if isinstance(a, dict)]
    assert pip == ["--require-hashes", "-r requirements.lock"]
    python = next(
        a for a in umgebung_["dependencies"] if str(a).startswith("python=")
    ).split("=")[-1]
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415

    verlangt = SpecifierSet(PROJEKTDATEI["project"]["requires-python"])
    assert verlangt.contains(f"{python}.0")
    assert umgebung_["name"] == PROJEKTDATEI["project"]["name"]


def test_version_steht_ueberall_gleich():
    import quartierstools  # noqa: PLC0415

    assert quartierstools.__version__ == PROJEKTDATEI["project"]["version"]


def test_jede_einstellung_ist_eingefroren():
    """Frozen dataclasses: Wer ein Ergebnis hat, kann es nicht verbiegen."""
    from quartierstools.auswertung import Bedarf, Messung, Typen  # noqa: PLC0415
    from quartierstools.geheimhaltung import Freigabe  # noqa: PLC0415

    for klasse in (Auswertung, Bedarf, Einstellung, Freigabe, Messung, Typen):
        assert dataclasses.fields(klasse)
        assert klasse.__dataclass_params__.frozen, klasse


def test_jeder_text_der_dokumente_ist_ein_satz_oder_wort(auswertungen):
    """Keine Python-Werte im Text: weder None noch nan noch Klammerausdrücke."""
    for dokument in schriftstuecke(auswertungen["bochum"]):
        for text in texte(dokument):
            assert not re.search(r"\b(None|nan|NaT|<NA>|NAType|dtype)\b", text), text


def test_hausordnung_keine_fremden_ordner_im_paket():
    verboten = ("utils", "helpers", "common", "misc")
    namen = {p.stem for p in PAKET.rglob("*.py")} | {p.name for p in PAKET.iterdir()}
    assert namen.isdisjoint(verboten)
    assert Path(PAKET, "py.typed").is_file()
