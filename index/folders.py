"""Which files are meant when a person names files and folders?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.database import FILE_NAME


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to add, or a folder in which nothing was found."""

    path: Path
    """Absolute."""
    base: str
    """Path relative to the folder that was added; a file added by itself: its file name."""
    is_empty_folder: bool = False


def find_files(paths: Iterable[Path | str]) -> list[FoundFile]:
    """List the files under ``paths``, each once, in the order given and by name within a folder.

    Hidden files and folders, and folders that hold a library, are passed over. A path that does
    not exist is listed too: reading it says so.
    """
    found: dict[Path, FoundFile] = {}
    for given in paths:
        path = Path(os.path.abspath(given))  # noqa: PTH100 - resolve() would follow links
        is_folder = os.path.isdir(path)  # noqa: PTH112 - is_dir() raises for a name too long
        files = list(_files_in(path)) if is_folder else [FoundFile(path, path.name)]
        for file in files or [FoundFile(path, path.name, is_empty_folder=True)]:
            found.setdefault(file.path, file)
    return list(found.values())


def _files_in(folder: Path) -> Iterator[FoundFile]:
    for parent, folders, files in os.walk(folder):
        if FILE_NAME in files:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                path = Path(parent) / name
                yield FoundFile(path, path.relative_to(folder).as_posix())
