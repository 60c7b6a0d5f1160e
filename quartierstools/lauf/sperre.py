"""Rechnet gerade jemand denselben Lauf? Eine Sperre, die mit dem Prozess stirbt."""

import os
from contextlib import suppress
from pathlib import Path


class Sperre:
    """Sperrdatei neben einem Lauf.

    Die Sperre gehört dem Prozess, nicht der Datei: Stirbt er, ist sie frei, auch wenn
    die Datei liegen bleibt. Wo das Dateisystem keine Sperren kennt, wird nicht
    gesperrt.

    Parameters
    ----------
    datei : Path
        Wird angelegt und nach `gib` wieder entfernt.

    Examples
    --------
    >>> import tempfile
    >>> ort = Path(tempfile.mkdtemp()) / ".lauf.sperre"
    >>> eine, andere = Sperre(ort), Sperre(ort)
    >>> eine.nimm(), andere.nimm()
    (True, False)
    >>> eine.gib(); andere.nimm()
    True
    >>> andere.gib(); ort.exists()
    False
    """

    def __init__(self, datei: Path) -> None:
        self.datei = datei
        self._griff: int | None = None

    def nimm(self) -> bool:
        """Nimmt die Sperre; falsch, wenn ein anderer Prozess sie hält.

        Raises
        ------
        OSError
            Wenn sich die Datei nicht anlegen lässt.
        """
        while True:
            griff = os.open(self.datei, os.O_RDWR | os.O_CREAT, 0o666)
            if not _sperre(griff):
                os.close(griff)
                return False
            if self._ist_noch_da(griff):
                self._griff = griff
                return True
            # Ein anderer hat sie gerade freigegeben und entfernt; noch einmal.
            os.close(griff)

    def gib(self) -> None:
        """Entfernt die Datei und gibt die Sperre frei."""
        if self._griff is None:
            return
        griff, self._griff = self._griff, None
        if os.name == "nt":  # dort lässt sich Offenes nicht löschen
            os.close(griff)
            with suppress(OSError):
                self.datei.unlink()
            return
        with suppress(OSError):
            self.datei.unlink()
        os.close(griff)

    def _ist_noch_da(self, griff: int) -> bool:
        try:
            return os.path.samestat(os.fstat(griff), self.datei.stat())
        except FileNotFoundError:
            return False


def ist_gesperrt(datei: Path) -> bool:
    """Ob ein lebender Prozess die Sperrdatei hält."""
    if not datei.exists():
        return False
    try:
        griff = os.open(datei, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _sperre(griff)
    finally:
        os.close(griff)


def _sperre(griff: int) -> bool:
    """Sperrt ohne zu warten; wahr auch, wo es keine Sperren gibt."""
    try:
        if os.name == "nt":
            import msvcrt  # noqa: PLC0415

            msvcrt.locking(griff, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(griff, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True
