"""Derselbe Plan auf mehreren Rechnern: ein Dask-Cluster führt die Notebooks aus.

Verschickt werden Notebook, Parameter, Freigabe und Vorberechnetes; zurück kommen die
Dateien des Schritts mit Prüfsumme. Fällt ein Rechner aus, übernimmt ein anderer.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from quartierstools.ausgabe import packen
from quartierstools.ausgabe.werkbank import UMGEBUNG
from quartierstools.auswertung import Auswertung
from quartierstools.fehler import Aufruffehler, Lauffehler, systemgrund
from quartierstools.lauf.auftrag import Auftrag, Ergebnis
from quartierstools.lauf.fracht import entpacke, packe, pruefsumme

Json = dict[str, Any]

GEDULD = 15
"""Sekunden, in denen der Scheduler antworten und ein Arbeiter da sein muss."""

VERSUCHE = 3
"""So oft wird ein Notebook verschickt, dessen Antwort unterwegs verloren geht."""

FEHLT = (
    "--motor dask braucht Pakete, die nicht installiert sind ({name}). "
    'Bitte mit pip install "quartierstools[cluster]" nachholen.'
)
AUSGEFALLEN = (
    "Die Rechner fielen dabei wiederholt aus; oft reicht der Arbeitsspeicher nicht."
)


class _Verloren(Exception):
    """Ein Notebook oder seine Antwort ging mit einem Rechner verloren."""


class Cluster:
    """Motor auf einem Dask-Cluster; siehe `quartierstools.lauf.motor.Motor`.

    Parameters
    ----------
    scheduler : str
        Adresse, etwa ``tcp://rechner:8786``.
    ablage : str, default=""
        Gemeinsamer Speicher als fsspec-Adresse, etwa ``file:///ablage``; ohne
        Angabe geht alles über den Scheduler.
    zeitgrenze, speichergrenze : float or None, int or None
        Sekunden und MB je Notebook.
    """

    def __init__(
        self,
        scheduler: str,
        *,
        ablage: str = "",
        zeitgrenze: float | None = None,
        speichergrenze: int | None = None,
    ) -> None:
        if not scheduler:
            raise Aufruffehler(
                "--motor dask braucht --scheduler, etwa tcp://rechner:8786. "
                "Gestartet wird er dort mit: dask scheduler"
            )
        self._scheduler = scheduler
        self._ablage = ablage.rstrip("/")
        self._grenzen = {"zeitgrenze": zeitgrenze, "speichergrenze": speichergrenze}
        self._klient: Any = None
        self._reste: set[str] = set()
        self._schloss = threading.Lock()

    def __enter__(self) -> Self:
        try:
            import distributed  # noqa: PLC0415
            import fsspec  # noqa: F401, PLC0415
        except ImportError as fehler:
            raise Aufruffehler(FEHLT.format(name=fehler.name)) from fehler
        try:
            verbinde: Any = distributed.Client
            self._klient = verbinde(self._scheduler, timeout=GEDULD)
            self._klient.wait_for_workers(1, timeout=GEDULD)
        except (OSError, TimeoutError, ValueError) as fehler:
            self._schliesse()
            raise Aufruffehler(
                f"Unter {self._scheduler} antwortet kein Dask-Cluster mit mindestens "
                f"einem Arbeiter ({type(fehler).__name__}). Bitte Adresse und "
                "Arbeiter prüfen (dask scheduler, dask worker)."
            ) from fehler
        return self

    def __exit__(self, *_: object) -> None:
        self._schliesse()

    def rechne_vor(self, auswertung: Auswertung) -> None:
        """Rechnet Bedarf und Typen; joblib verteilt die Varianten und Ziehungen."""
        logo = auswertung.projekt.gestalt.logo
        if logo and auswertung.speicher is not None:
            # Die Rechner haben den Projektordner nicht.
            name = Path(auswertung.ort) / logo
            inhalt = (auswertung.daten / name).read_bytes()
            packen.schreibe(auswertung.speicher / name, inhalt)
        with self.verteilt():
            auswertung.typen()
            for zielgruppe in auswertung.projekt.zielgruppen:
                auswertung.bedarf(zielgruppe)

    @contextmanager
    def verteilt(self) -> Iterator[None]:
        """Lässt joblib im Block auf diesem Cluster rechnen; gleiche Ergebnisse."""
        import joblib  # noqa: PLC0415

        with self._klient.as_current(), joblib.parallel_config("dask"):
            yield

    def fuehre_aus(
        self,
        auftraege: Sequence[Auftrag],
        *,
        beginn: Callable[[Auftrag], None],
        melde: Callable[[Ergebnis], None],
    ) -> list[Ergebnis]:
        """Siehe `quartierstools.lauf.motor.Motor`."""
        import distributed  # noqa: PLC0415

        der_reihe_nach: Any = distributed.as_completed
        if not auftraege:
            return []
        start = time.monotonic()
        fertig: dict[str, Ergebnis] = {}
        with self._hoert_beginn(auftraege, beginn) as sage_beginn:
            speicher = self._teile_speicher(auftraege[0])
            unterwegs = {self._verschicke(a, *speicher): a for a in auftraege}
            reihe = der_reihe_nach(list(unterwegs))
            verloren: Counter[str] = Counter()
            try:
                for zukunft in reihe:
                    auftrag = unterwegs.pop(zukunft)
                    try:
                        ergebnis = self._empfange(zukunft, auftrag, start)
                    except _Verloren as fehler:
                        verloren[auftrag.name] += 1
                        if verloren[auftrag.name] == VERSUCHE:
                            raise _nicht_zurueck(auftrag, fehler.__cause__) from fehler
                        neu = self._verschicke(auftrag, *speicher)
                        unterwegs[neu] = auftrag
                        reihe.add(neu)
                        continue
                    fertig[auftrag.name] = ergebnis
                    sage_beginn(auftrag.name)
                    with self._schloss:
                        melde(ergebnis)
            except BaseException:
                self._klient.cancel(list(unterwegs))
                raise
        return [fertig[auftrag.name] for auftrag in auftraege]

    @contextmanager
    def _hoert_beginn(
        self, auftraege: Sequence[Auftrag], beginn: Callable[[Auftrag], None]
    ) -> Iterator[Callable[[str], None]]:
        """Meldet jedes Notebook einmal als begonnen, sobald ein Rechner es beginnt."""
        offen = {auftrag.name: auftrag for auftrag in auftraege}

        def sage_beginn(name: str) -> None:
            with self._schloss:
                if (auftrag := offen.pop(name, None)) is not None:
                    beginn(auftrag)

        def hoere(ereignis: tuple[float, str]) -> None:
            sage_beginn(ereignis[1])

        self._klient.subscribe_topic(self._thema(), hoere)
        try:
            yield sage_beginn
        finally:
            self._klient.unsubscribe_topic(self._thema())

    def _thema(self) -> str:
        return f"quartier-beginn-{self._klient.id}"

    def _teile_speicher(self, auftrag: Auftrag) -> tuple[Json, Any]:
        """Legt das Vorberechnete dorthin, wo alle Rechner es holen können.

        Ohne Ablage ist es selbst eine Aufgabe: Stirbt jeder Rechner, der es hält,
        rechnet der Scheduler sie neu. Bloß Verteiltes (``scatter``) wäre verloren.
        """
        import dask  # noqa: PLC0415

        inhalt = packe(Path(auftrag.umgebung[UMGEBUNG["speicher"]]))
        angabe: Json = {"summe": pruefsumme(inhalt), "adresse": ""}
        if self._ablage:
            angabe["adresse"] = self._adresse(f"speicher-{angabe['summe'][:16]}.zip")
            self._lege(angabe["adresse"], inhalt)
            return angabe, None
        with dask.config.set(
            {"distributed.admin.large-graph-warning-threshold": "1TB"}
        ):
            return angabe, self._klient.submit(bytes, inhalt, pure=False)

    def _verschicke(self, auftrag: Auftrag, angabe: Json, inhalt: Any) -> Any:  # noqa: ANN401 – Art von distributed
        from quartierstools.lauf import cluster_arbeiter  # noqa: PLC0415

        kennung = auftrag.umgebung[UMGEBUNG["lauf"]]
        ziel = self._adresse(f"{auftrag.name}-{kennung}.zip") if self._ablage else ""
        paket: Json = {
            "name": auftrag.name,
            "notebook": auftrag.notebook.read_bytes(),
            "parameter": dict(auftrag.parameter),
            "kennung": kennung,
            "thema": self._thema(),
            "stand": cluster_arbeiter.stand_dieses_rechners(),
            "speicher": angabe,
            "ziel": ziel,
            **self._grenzen,
        }
        return self._klient.submit(
            cluster_arbeiter.fuehre_schritt, paket, inhalt, pure=False
        )

    def _empfange(self, zukunft: Any, auftrag: Auftrag, start: float) -> Ergebnis:  # noqa: ANN401 – Art von distributed
        from distributed.scheduler import KilledWorker  # noqa: PLC0415

        try:
            antwort: Json = zukunft.result()
        except KilledWorker:
            dauer = time.monotonic() - start
            return Ergebnis(
                auftrag=auftrag,
                gelungen=False,
                meldung=AUSGEFALLEN,
                dauer=dauer,
                spitze_mb=None,
            )
        except (Lauffehler, Aufruffehler):
            raise
        except Exception as fehler:
            if zukunft.status != "error":
                raise _Verloren from fehler
            raise _nicht_zurueck(auftrag, fehler) from fehler
        if "fremd" in antwort:
            raise Lauffehler(
                "Auf einem Rechner des Clusters liegt ein anderer Stand von "
                "quartierstools oder seinen Paketen; die Ergebnisse wären nicht "
                "dieselben. Bitte überall denselben Stand installieren."
            )
        self._lege_ab(antwort, auftrag)
        return Ergebnis(
            auftrag=auftrag,
            gelungen=antwort["gelungen"],
            meldung=antwort["meldung"],
            dauer=antwort["dauer"],
            spitze_mb=antwort["spitze_mb"],
        )

    def _lege_ab(self, antwort: Json, auftrag: Auftrag) -> None:
        from quartierstools.lauf.cluster_arbeiter import lies  # noqa: PLC0415

        sendung = antwort["sendung"]
        if sendung is None:
            kennung = auftrag.umgebung[UMGEBUNG["lauf"]]
            sendung = lies(self._adresse(f"{auftrag.name}-{kennung}.zip"))
        ordner = Path(auftrag.umgebung[UMGEBUNG["ordner"]])
        entpacke(sendung, antwort["summe"], ordner)

    def _adresse(self, name: str) -> str:
        adresse = f"{self._ablage}/quartier-lauf/{name}"
        if self._ablage:
            self._reste.add(adresse)
        return adresse

    def _lege(self, adresse: str, inhalt: bytes) -> None:
        import fsspec  # noqa: PLC0415

        try:
            with fsspec.open(adresse, "wb", auto_mkdir=True) as strom:
                strom.write(inhalt)
        except (OSError, ValueError, ImportError) as fehler:
            raise Aufruffehler(
                f"In die Ablage {self._ablage} lässt sich nicht schreiben "
                f"({_grund(fehler)}). Erwartet wird eine fsspec-Adresse wie "
                "file:///ablage."
            ) from fehler

    def _schliesse(self) -> None:
        import fsspec  # noqa: PLC0415

        for adresse in sorted(self._reste):
            with suppress(Exception):
                system, pfad = fsspec.core.url_to_fs(adresse)
                system.rm(pfad)
        self._reste.clear()
        if self._klient is not None:
            self._klient.close()
            self._klient = None


def _grund(fehler: Exception) -> str:
    if isinstance(fehler, OSError):
        return systemgrund(fehler)
    if isinstance(fehler, ImportError):
        return "dafür fehlt ein Paket" + (f": {fehler.name}" if fehler.name else "")
    return "diese Art von Adresse ist unbekannt"


def _nicht_zurueck(auftrag: Auftrag, grund: BaseException | None) -> Lauffehler:
    return Lauffehler(
        f"Der Cluster gab {auftrag.name} nicht zurück "
        f"({type(grund).__name__}: {grund}). Ist quartierstools auf jedem Rechner "
        "installiert und der gemeinsame Speicher überall erreichbar? Weiter mit "
        "--fortsetzen."
    )
