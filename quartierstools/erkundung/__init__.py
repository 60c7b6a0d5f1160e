"""Was wäre, wenn man anders rechnet? Der Schreibtisch der Planerin in JupyterLab."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quartierstools.erkundung.tafel import Erkundung, erkunde

__all__ = ["Erkundung", "erkunde"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 – lädt beliebige Namen
    """Lädt die Bedienung erst beim ersten Gebrauch."""
    if name not in __all__:
        raise AttributeError(f"erkundung hat keinen Namen {name!r}.")
    return getattr(import_module("quartierstools.erkundung.tafel"), name)


def __dir__() -> list[str]:
    """Was das Zimmer anbietet."""
    return __all__
