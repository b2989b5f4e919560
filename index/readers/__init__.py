"""What does a file say, and where in its text does each part stand?"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.readers.detection import SUPPORTED_SUFFIXES
    from index.readers.dispatch import read_file
    from index.readers.limits import ReadingLimits, reading_limits
    from index.readers.pool import ReaderPool

_HOMES = {
    "SUPPORTED_SUFFIXES": "index.readers.detection",
    "ReaderPool": "index.readers.pool",
    "ReadingLimits": "index.readers.limits",
    "read_file": "index.readers.dispatch",
    "reading_limits": "index.readers.limits",
}

__all__ = ["SUPPORTED_SUFFIXES", "ReaderPool", "ReadingLimits", "read_file", "reading_limits"]


def __getattr__(name: str) -> object:
    """Import a name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
