"""Tag, Ordner, Sprache, Zeitzone, Streuung und Arbeiterzahl ändern kein Byte."""

import itertools
import os
import shutil
import subprocess
import sys

import pytest
from hausmittel import baue_kleines_haus, umgebung

from quartierstools.ausgabe.manifest import sha256

UHR = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static long versatz(void) {
    const char *tage = getenv("TAGE");
    return tage ? atol(tage) * 86400L : 0;
}
int clock_gettime(clockid_t art, struct timespec *zeit) {
    static int (*echt)(clockid_t, struct timespec *);
    if (!echt) echt = dlsym(RTLD_NEXT, "clock_gettime");
    int code = echt(art, zeit);
    if (art == CLOCK_REALTIME || art == CLOCK_REALTIME_COARSE)
        zeit->tv_sec += versatz();
    return code;
}
int gettimeofday(struct timeval *restrict zeit, void *restrict zone) {
    struct timespec genau;
    (void)zone;
    int code = clock_gettime(CLOCK_REALTIME, &genau);
    zeit->tv_sec = genau.tv_sec;
    zeit->tv_usec = genau.tv_nsec / 1000;
    return code;
}
time_t time(time_t *ziel) {
    struct timespec genau;
    clock_gettime(CLOCK_REALTIME, &genau);
    if (ziel) *ziel = genau.tv_sec;
    return genau.tv_sec;
}
"""
"""Stellt die Uhr eines Prozesses und aller seiner Kinder um TAGE Tage um."""

FAELLE = [
    {"tage": "0", "arbeiter": "1", "PYTHONHASHSEED": "0", "TZ": "UTC"},
    {
        "tage": "400",
        "arbeiter": "2",
        "PYTHONHASHSEED": "1",
        "TZ": "Pacific/Auckland",
        "LC_ALL": "de_DE.UTF-8",
        "LANG": "de_DE.UTF-8",
    },
    {
        "tage": "-4000",
        "arbeiter": "3",
        "PYTHONHASHSEED": "4242",
        "TZ": "America/St_Johns",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
    },
]


def summen(ordner):
    return {
        p.relative_to(ordner).as_posix(): sha256(p)
        for p in sorted(ordner.rglob("*"))
        if p.is_file()
    }


@pytest.fixture
def uhr(tmp_path):
    """Bibliothek, die die Uhr verstellt; übersprungen ohne Übersetzer."""
    uebersetzer = shutil.which("cc")
    if uebersetzer is None or sys.platform != "linux":
        pytest.skip("Die Uhr lässt sich hier nicht verstellen (Linux mit cc).")
    quelle, ziel = tmp_path / "uhr.c", tmp_path / "uhr.so"
    quelle.write_text(UHR, encoding="utf-8")
    befehl = [uebersetzer, "-shared", "-fPIC", "-O1", str(quelle), "-o", str(ziel)]
    subprocess.run([*befehl, "-ldl"], check=True, capture_output=True)
    return ziel


def mit_anderer_uhr(uhr, tage):
    return {"LD_PRELOAD": str(uhr), "TAGE": tage}


def test_die_uhr_ist_wirklich_verstellt(uhr):
    programm = "import datetime, time; print(datetime.date.today(), time.time())"
    tage = [
        subprocess.run(
            [sys.executable, "-c", programm],
            env=umgebung() | mit_anderer_uhr(uhr, versatz),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for versatz in ("0", "400")
    ]
    assert tage[0][0] != tage[1][0]
    assert 399 < (float(tage[1][1]) - float(tage[0][1])) / 86400 < 401


@pytest.mark.parametrize("fall", FAELLE[1:], ids=lambda fall: fall["LANG"])
def test_die_sprache_ist_wirklich_umgestellt(fall):
    programm = (
        "import locale; locale.setlocale(locale.LC_ALL, '');"
        "print(locale.localeconv()['decimal_point'])"
    )
    ergebnis = subprocess.run(
        [sys.executable, "-c", programm],
        env=umgebung() | {"LC_ALL": fall["LC_ALL"]},
        capture_output=True,
        text=True,
        check=False,
    )
    if ergebnis.returncode and os.environ.get("QUARTIER_BROWSER") != "pflicht":
        pytest.skip(f"Die Spracheinstellung {fall['LC_ALL']} ist nicht eingerichtet.")
    assert ergebnis.stdout.strip() == ",", ergebnis.stderr


def test_der_loeser_wartet_nicht_auf_die_uhr(uhr):
    """Mit eigenem Thread blieb CBC bei gestellter Uhr in einem von 50 Fällen stehen."""
    programm = (
        "import pandas as pd\n"
        "from quartierstools.angebote.standorte import waehle_standorte\n"
        "orte = [f'{n:02}' for n in range(12)]\n"
        "weg = pd.DataFrame(\n"
        "    {o: [float((7 * i * (j + 1)) % 31 + 1) for i in range(12)]\n"
        "     for j, o in enumerate(orte)}, index=orte)\n"
        "bedarf = pd.Series(range(1, 13), index=orte, dtype=float)\n"
        "vorschlaege = waehle_standorte(weg, bedarf, anzahl=3, alternativen=150)\n"
        "print(len(vorschlaege))\n"
    )
    ergebnis = subprocess.run(
        [sys.executable, "-c", programm],
        env=umgebung() | mit_anderer_uhr(uhr, "400"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ergebnis.stdout.split() == ["150"], ergebnis.stderr


@pytest.mark.lang
def test_gleiche_pruefsummen_an_jedem_tag_und_ort(tmp_path, uhr):
    ergebnisse, kennungen = [], []
    for nummer, fall in enumerate(FAELLE):
        haus = tmp_path / f"haus {nummer} ä" / ("tief" * nummer or "flach")
        haus.mkdir(parents=True)
        baue_kleines_haus(haus, ["06"])
        anders = {k: v for k, v in fall.items() if k.isupper()}
        befehl = [sys.executable, "-m", "quartierstools", "lauf"]
        befehl += ["--projekt", "kleinstadt", "-P", "varianten=100"]
        befehl += ["--parallel", fall["arbeiter"]]
        ergebnis = subprocess.run(
            befehl,
            cwd=haus,
            env=umgebung() | anders | mit_anderer_uhr(uhr, fall["tage"]),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert ergebnis.returncode == 0, ergebnis.stdout + ergebnis.stderr
        (ordner,) = (haus / "ausgaben" / "kleinstadt").iterdir()
        kennungen.append(ordner.name)
        ergebnisse.append(summen(ordner))
    assert len(set(kennungen)) == 1
    for eins, zwei in itertools.pairwise(ergebnisse):
        assert eins == zwei
