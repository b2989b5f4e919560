"""Who is writing to a library? One process at a time, for the length of one operation."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import LibraryBusy, LibraryUnreadable

_LOCK = "writer.lock"
_HOLDER = "writer.json"
_PATIENCE_SECONDS = 1.0


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the library in ``folder`` for writing; raise :class:`LibraryBusy` if another does."""
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=_PATIENCE_SECONDS)
    except Timeout as error:
        raise LibraryBusy(
            f"The library at {folder} is being written to by {_holder(folder)}. Wait until that "
            "has finished, then do this again. Asking questions works meanwhile."
        ) from error
    except OSError as error:
        raise LibraryUnreadable(
            f"The library at {folder} cannot be written to ({error.strerror}). Check the "
            "permissions of the folder."
        ) from error
    holder = folder / _HOLDER
    try:
        command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]]) or "python"
        with suppress(OSError):  # a full disk: whoever waits is told less, nothing else is lost
            holder.write_text(json.dumps({"process": os.getpid(), "command": command}))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(folder: Path) -> str:
    try:
        holder = json.loads((folder / _HOLDER).read_text())
        return f"process {holder['process']} ({holder['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
