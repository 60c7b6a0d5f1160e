"""Wie viel Speicher darf ein Notebook belegen? Eine Grenze, die der Kern durchsetzt."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STATUS = Path("/proc/self/status")


@contextmanager
def begrenzt(mb: int | None) -> Iterator[None]:
    """Begrenzt, was dieser Prozess zusätzlich belegen darf.

    Wer mehr verlangt, bekommt einen ``MemoryError``; danach gilt die alte Grenze
    wieder, damit sich das Notebook noch schreiben lässt. Unter Windows gibt es keine
    solche Grenze.

    Parameters
    ----------
    mb : int or None
        Megabyte über dem, was schon belegt ist; None: ohne Grenze.
    """
    try:
        import resource  # noqa: PLC0415 – fehlt unter Windows
    except ImportError:
        mb = None
    if mb is None:
        yield
        return
    vorher, hart = resource.getrlimit(resource.RLIMIT_DATA)
    grenze = _belegt() + (mb << 20)
    if hart != resource.RLIM_INFINITY:
        grenze = min(grenze, hart)
    resource.setrlimit(resource.RLIMIT_DATA, (grenze, hart))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (vorher, hart))


def grenzsatz(mb: int | None) -> str:
    """Was in der Meldung steht, wenn die Grenze erreicht ist.

    Examples
    --------
    >>> grenzsatz(500)
    'Das Notebook braucht mehr Speicher als erlaubt (Speichergrenze 500 MB).'
    """
    if mb is None:
        return "Der Arbeitsspeicher reicht nicht."
    return f"Das Notebook braucht mehr Speicher als erlaubt (Speichergrenze {mb} MB)."


def _belegt() -> int:
    """Bytes, die der Prozess jetzt belegt; 0, wo sich das nicht lesen lässt."""
    with suppress(OSError, ValueError, IndexError):
        for zeile in STATUS.read_text(encoding="ascii").splitlines():
            if zeile.startswith("VmData:"):
                return int(zeile.split()[1]) << 10
    return 0
