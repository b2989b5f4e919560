"""What is a document called, when several files have the same name?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A document as naming sees it."""

    path: str
    """Absolute path of its file."""
    base: str
    """Path relative to the folder that was added, or the id of a corpus line."""
    is_corpus_line: bool


def document_id(path: str, corpus_id: str | None) -> str:
    """Derive a document's id from its absolute path and, for a corpus line, its id there."""
    key = path if corpus_id is None else f"{path}\0{corpus_id}"
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def tell_apart(files: Sequence[NamedFile]) -> list[str]:
    """Give files of the same base name as much of their parents' path as tells them apart.

    >>> tell_apart([NamedFile("/a/x/notes.txt", "notes.txt", False),
    ...             NamedFile("/a/y/notes.txt", "notes.txt", False)])
    ['x/notes.txt', 'y/notes.txt']
    """
    if len(files) <= 1:
        return [file.base for file in files]
    heads = [_parents(file) for file in files]
    longest = max(map(len, heads), default=0)
    names = [file.base for file in files]
    for depth in range(1, longest + 1):
        names = [
            "/".join([*head[-depth:], file.base]) for head, file in zip(heads, files, strict=True)
        ]
        if len(set(names)) == len(names):
            return names
    # Only lines of one corpus can share path and base, and their ids are unique there.
    return names


def _parents(file: NamedFile) -> list[str]:
    """Folders (for a corpus line, and the file) that stand before the base name."""
    parts = [part.rstrip("/\\") for part in PurePath(file.path).parts]  # the root's own slash
    if file.is_corpus_line:
        return parts
    return parts[: len(parts) - len(PurePath(file.base).parts)]
