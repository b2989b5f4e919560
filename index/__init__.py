"""Finding: which passages of which documents bear on these words?

    Library      documents in and out: ``Library.open(folder).add(paths)``
    Retriever    passages for a query: ``Retriever.open(folder).search(query, k=10)``
    Hit          a passage with its place and score
    Settings     every setting, also an environment variable ``ASKDOCS_…``

Errors are drawn in :mod:`index.errors`. Importing this package loads no model.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.errors import AskdocsError
    from index.library import AddProgress, AddResult, Library
    from index.models import DocumentInfo, Hit
    from index.retriever import Retriever
    from index.rows import LibraryDocument
    from index.settings import Settings

_HOMES = {
    "AddProgress": "index.library",
    "AddResult": "index.library",
    "AskdocsError": "index.errors",
    "DocumentInfo": "index.models",
    "Hit": "index.models",
    "Library": "index.library",
    "LibraryDocument": "index.rows",
    "Retriever": "index.retriever",
    "Settings": "index.settings",
}

__all__ = [
    "AddProgress",
    "AddResult",
    "AskdocsError",
    "DocumentInfo",
    "Hit",
    "Library",
    "LibraryDocument",
    "Retriever",
    "Settings",
]


def __getattr__(name: str) -> object:
    """Import a name when it is first used: importing the package itself stays free."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
