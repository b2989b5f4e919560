"""Which files of a library were renamed, and which have vanished?

A file is known by its bytes: where a new path holds just what a vanished one held, the file was
moved, and its documents move with it. Nothing is embedded again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from index.store import Store


def hash_file(path: Path) -> str | None:
    """Hash a file; ``None`` when it cannot be read, which reading it will explain."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def moved_from(store: Store, path: str, file_hash: str) -> str | None:
    """Return the vanished path whose file held the same bytes, of several the first by name."""
    candidates = store.files_with_hash(file_hash)
    return next((old for old in candidates if old != path and _is_gone(old)), None)


def vanished_files(store: Store, folders: Iterable[Path]) -> list[str]:
    """List the files of the library that stood under one of ``folders`` and are gone, by name.

    A folder that is itself gone, or in which nothing is left, says nothing: it may be the place of
    a disk that is not plugged in.
    """
    there = [folder for folder in folders if _holds_anything(folder)]
    return [
        path
        for path in store.file_paths()
        if any(Path(path).is_relative_to(folder) for folder in there) and _is_gone(path)
    ]


def _is_gone(path: str) -> bool:
    """Whether there is certainly no such file; what cannot be looked at is not known to be gone."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return any(map(_holds_anything, list(Path(path).parents)[:-1]))
    except (OSError, ValueError):
        return False
    return False


def _holds_anything(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(True for _ in entries)
    except OSError:
        return False
