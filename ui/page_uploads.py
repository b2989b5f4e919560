"""Where does a file go that is dropped on the page? Into the library's own folder of uploads.

A library knows a file by its absolute path, and Gradio puts an upload into a folder of its own
each time; so an upload is moved to one fixed place, where the same name means the same document.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

UPLOADS = "files"
"""Folder of the uploads, inside the library."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in, in its place, with what stood there before."""

    path: Path
    previous: Path | None

    def keep(self) -> None:
        """Let the new file stay: the library has read it."""
        if self.previous is not None:
            shutil.rmtree(self.previous.parent, ignore_errors=True)

    def undo(self) -> None:
        """Put back what was there: the library did not take the new file."""
        if self.previous is None:
            self.path.unlink(missing_ok=True)
        else:
            self.previous.replace(self.path)
            self.previous.parent.rmdir()


def safe_name(name: str) -> str:
    """Return the last part of a file name, without what could lead elsewhere or hide the file."""
    last = re.split(r"[/\\]", name)[-1]
    return _UNSAFE.sub("", last).lstrip(".").strip() or "file"


def take_in(file: Path, library: Path, *, taken: Container[str] = ()) -> Upload:
    """Move an uploaded file to its place in the library folder.

    ``taken`` are the names of files dropped together with it: two of one name are two documents.

    :raises OSError: there is no room, or no permission, for it.
    """
    folder = library / UPLOADS
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / safe_name(file.name)
    number = 2
    while path.name in taken:
        path = folder / f"{Path(safe_name(file.name)).stem} ({number}){path.suffix}"
        number += 1
    previous = None
    if path.exists():
        previous = Path(mkdtemp(dir=folder, prefix=".previous-")) / path.name
        path.replace(previous)
    try:
        shutil.move(file, path)
    except OSError:
        Upload(path, previous).undo()
        raise
    with suppress(OSError):
        file.parent.rmdir()
    return Upload(path, previous)
