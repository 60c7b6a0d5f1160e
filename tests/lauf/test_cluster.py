"""Derselbe Plan auf einem Dask-Cluster gibt dieselben Bytes."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from hausmittel import baue_kleines_haus, quartier, umgebung

from quartierstools.ausgabe.manifest import sha256
from quartierstools.fehler import Aufruffehler, Lauffehler
from quartierstools.lauf.cluster import VERSUCHE, Cluster
from quartierstools.lauf.fracht import entpacke, packe, pruefsumme
from quartierstools.lauf.hauptlauf import Auftraggeber, laufe
from quartierstools.lauf.motor import waehle_motor

pytest.importorskip("distributed")

KURZ = ("--projekt", "kleinstadt", "-P", "varianten=100")
BEREITS = 60


@pytest.fixture(scope="module")
def haus(tmp_path_factory):
    """Haus mit fünf Gebieten."""
    ordner = tmp_path_factory.mktemp("haus")
    baue_kleines_haus(ordner, ["06"])
    return ordner


def summen(ordner):
    return {
        p.relative_to(ordner).as_posix(): sha256(p)
        for p in sorted(ordner.rglob("*"))
        if p.is_file()
    }


@pytest.fixture(scope="module")
def soll(haus):
    """Prüfsummen des Laufs auf einem Rechner."""
    ergebnis = quartier("lauf", *KURZ, "--ausgabe", str(haus / "soll"), ort=haus)
    assert ergebnis.returncode == 0, ergebnis.stderr
    (ordner,) = (haus / "soll" / "kleinstadt").iterdir()
    return summen(ordner)


@contextmanager
def prozess(*befehl):
    """Dienst im Hintergrund; er endet mit dem Block."""
    mit = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + befehl[0], *befehl[1:]],
        env=umgebung() | {"PYTHONWARNINGS": "ignore"},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        yield mit
    finally:
        if mit.poll() is None:
            os.killpg(mit.pid, signal.SIGKILL)
        mit.communicate()


@contextmanager
def scheduler():
    """Echter Scheduler auf diesem Rechner; gibt seine Adresse."""
    fest = ("--host", "127.0.0.1", "--port", "0", "--dashboard-address", ":0")
    with prozess("dask_scheduler", *fest) as dienst:
        frist = time.monotonic() + BEREITS
        for zeile in dienst.stderr:
            assert time.monotonic() < frist
            if treffer := re.search(r"tcp://127\.0\.0\.1:\d+", zeile):
                yield treffer[0]
                return
        pytest.fail("Der Scheduler startet nicht.")


def arbeiter(adresse, ordner):
    return prozess(
        *("dask_worker", adresse, "--nthreads", "1", "--no-nanny", "--no-dashboard"),
        *("--local-directory", str(ordner)),
    )


@pytest.mark.lang
@pytest.mark.parametrize("mit_ablage", [True, False])
def test_ein_arbeiter_stirbt_mittendrin_und_die_bytes_bleiben(
    haus, soll, tmp_path, mit_ablage
):
    protokoll, ausgabe = tmp_path / "protokoll.jsonl", tmp_path / "aus"
    ablage = tmp_path / "ablage"
    with (
        scheduler() as adresse,
        arbeiter(adresse, tmp_path / "a") as opfer,
        arbeiter(adresse, tmp_path / "b"),
    ):
        befehl = ["lauf", *KURZ, "--motor", "dask", "--scheduler", adresse]
        befehl += ["--ausgabe", str(ausgabe), "--protokoll", str(protokoll)]
        befehl += ["--ablage", ablage.as_uri()] if mit_ablage else []
        with subprocess.Popen(
            [sys.executable, "-m", "quartierstools", *befehl],
            cwd=haus,
            env=umgebung(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as lauf:
            frist = time.monotonic() + 4 * BEREITS
            while not protokoll.exists() or '"ende"' not in protokoll.read_text():
                assert lauf.poll() is None, lauf.communicate()
                assert time.monotonic() < frist
                time.sleep(0.05)
            opfer.kill()
            aus, fehler = lauf.communicate(timeout=6 * BEREITS)
        assert lauf.returncode == 0, aus + fehler
        assert opfer.wait() == -signal.SIGKILL
    (ordner,) = (ausgabe / "kleinstadt").iterdir()
    assert summen(ordner) == soll
    if mit_ablage:
        assert [p for p in ablage.rglob("*") if p.is_file()] == []


@pytest.fixture
def kleiner_cluster():
    """Cluster in diesem Prozess: ein Faden, gemeinsamer Speicher."""
    from distributed import Client, LocalCluster  # noqa: PLC0415

    from quartierstools.lauf import cluster_arbeiter  # noqa: PLC0415

    with (
        LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            processes=False,
            dashboard_address=":0",
            protocol="tcp",
            host="127.0.0.1",
        ) as cluster,
        Client(cluster),
    ):
        yield cluster.scheduler_address
    cluster_arbeiter.schliesse()


class Mithoerer:
    """Zählt mit, wie viele Notebooks zugleich begonnen und nicht fertig sind."""

    def __init__(self):
        self.laufend, self.begonnen, self.hoechstens = set(), [], 0

    def sieh_plan(self, vorschau):
        self.geplant = [v.schritt.name for v in vorschau.zu_rechnen]

    def sieh_beginn(self, schritt):
        self.begonnen.append(schritt.name)
        self.laufend.add(schritt.name)
        self.hoechstens = max(self.hoechstens, len(self.laufend))

    def sieh_ende(self, schritt, **_):
        self.laufend.remove(schritt.name)

    def sieh_hinweis(self, satz):
        pass


def verliere(monkeypatch, name, wie_oft):
    """Der Cluster verwirft ein Notebook, nachdem er es angenommen hat."""
    verschicke, offen = Cluster._verschicke, [name] * wie_oft

    def verschicke_und_verliere(self, auftrag, *speicher):
        zukunft = verschicke(self, auftrag, *speicher)
        if auftrag.name in offen:
            offen.remove(auftrag.name)
            self._klient.cancel([zukunft])
        return zukunft

    monkeypatch.setattr(Cluster, "_verschicke", verschicke_und_verliere)


def laufe_dort(adresse, ausgabe, *mithoerer, ablage=""):
    return laufe(
        Auftraggeber(
            ort="kleinstadt",
            werte={"varianten": "100"},
            ausgabe=ausgabe,
            motor="dask",
            scheduler=adresse,
            ablage=ablage,
        ),
        mithoerer,
    )


@pytest.mark.lang
def test_ein_verlorenes_notebook_wird_noch_einmal_verschickt(
    haus, soll, tmp_path, monkeypatch, kleiner_cluster
):
    monkeypatch.chdir(haus)
    verliere(monkeypatch, "35_angebote", VERSUCHE - 1)
    ergebnis = laufe_dort(kleiner_cluster, tmp_path)
    assert ergebnis.misserfolge == ()
    assert summen(ergebnis.ordner) == soll


@pytest.mark.lang
def test_immer_wieder_verloren_ist_ein_fehler_mit_rat(
    haus, tmp_path, monkeypatch, kleiner_cluster
):
    monkeypatch.chdir(haus)
    verliere(monkeypatch, "35_angebote", VERSUCHE)
    with pytest.raises(Lauffehler, match=r"35_angebote nicht zurück.*--fortsetzen"):
        laufe_dort(kleiner_cluster, tmp_path)


@pytest.mark.parametrize(
    ("ablage", "grund"),
    [
        ("gibtesnicht://x", "diese Art von Adresse ist unbekannt"),
        ("file:///dev/null/x", "kein Ordner"),
    ],
)
def test_unbrauchbare_ablage_sagt_auf_deutsch_warum(ablage, grund):
    cluster = Cluster("tcp://127.0.0.1:1", ablage=ablage)
    with pytest.raises(Aufruffehler, match=grund):
        cluster._lege(f"{ablage}/stand.zip", b"inhalt")


@pytest.mark.lang
def test_ablage_im_speicher_und_gleiche_bytes(
    haus, soll, tmp_path, monkeypatch, kleiner_cluster
):
    monkeypatch.chdir(haus)
    mithoerer = Mithoerer()
    ablage = "memory://quartier"
    ergebnis = laufe_dort(kleiner_cluster, tmp_path, mithoerer, ablage=ablage)
    assert ergebnis.misserfolge == ()
    assert sorted(mithoerer.begonnen) == sorted(mithoerer.geplant)
    assert mithoerer.laufend == set()
    # Ein Faden rechnet eines; das nächste kann gemeldet sein, ehe dieses ankommt.
    assert mithoerer.hoechstens <= 3 < len(mithoerer.geplant)
    assert summen(ergebnis.ordner) == soll


def test_haltbarkeit_und_ziehungen_sind_auf_dem_cluster_dieselben(kleiner_cluster):
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    from quartierstools.analyse import Typisierung, haltbarkeit  # noqa: PLC0415

    wuerfel = np.random.default_rng(7)
    tafel = pd.DataFrame(
        wuerfel.normal(size=(700, 3)) + 4 * wuerfel.integers(3, size=(700, 1)),
        index=pd.Index([f"{n:04d}" for n in range(700)], name="gebiet"),
        columns=["A01", "A02", "A03"],
    )

    def rechne():
        modell = Typisierung(anzahl_typen=3, random_state=1).fit(tafel)
        return haltbarkeit(tafel, n_varianten=200), modell

    hier, typen_hier = rechne()
    auftraggeber = Auftraggeber(motor="dask", scheduler=kleiner_cluster)
    with waehle_motor(auftraggeber) as cluster, cluster.verteilt():
        dort, typen_dort = rechne()
    pd.testing.assert_frame_equal(hier.haltbarkeit, dort.haltbarkeit)
    pd.testing.assert_frame_equal(hier.klassenanteile, dort.klassenanteile)
    pd.testing.assert_series_equal(typen_hier.typ_, typen_dort.typ_)
    pd.testing.assert_frame_equal(typen_hier.typen_, typen_dort.typen_)


def test_ohne_scheduler_sagt_die_meldung_was_fehlt():
    with (
        pytest.raises(Aufruffehler, match="--scheduler"),
        waehle_motor(Auftraggeber(motor="dask")),
    ):
        pass


def test_unbekannter_motor_bekommt_einen_vorschlag():
    with (
        pytest.raises(Aufruffehler, match="dask"),
        waehle_motor(Auftraggeber(motor="dusk")),
    ):
        pass


def test_scheduler_ohne_motor_dask_ist_ein_falscher_aufruf():
    with (
        pytest.raises(Aufruffehler, match="--motor dask"),
        waehle_motor(Auftraggeber(scheduler="tcp://127.0.0.1:1")),
    ):
        pass


def test_fehlendes_paket_wird_beim_namen_genannt(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(Aufruffehler, match=r"distributed.*quartierstools\[cluster\]"),
        waehle_motor(Auftraggeber(motor="dask", scheduler="tcp://127.0.0.1:1")),
    ):
        pass


def test_niemand_antwortet(monkeypatch):
    monkeypatch.setattr("quartierstools.lauf.cluster.GEDULD", 1)
    with (
        pytest.raises(Aufruffehler, match="antwortet kein Dask-Cluster"),
        waehle_motor(Auftraggeber(motor="dask", scheduler="tcp://127.0.0.1:9")),
    ):
        pass


def test_veraenderte_sendung_wird_abgelehnt(tmp_path):
    (tmp_path / "a.txt").write_text("A", encoding="utf-8")
    sendung = packe(tmp_path)
    assert packe(tmp_path) == sendung
    with pytest.raises(Lauffehler, match="andere Prüfsumme"):
        entpacke(sendung + b"x", pruefsumme(sendung), tmp_path / "neu")
    assert not (tmp_path / "neu").exists()
