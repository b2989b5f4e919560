"""How does a library travel as one file? As a zip of its truth and a list of what it must be.

What comes in is trusted in nothing: names, sizes and hashes are checked while it is unpacked, the
tables must be ours and no others, and every text must match its hash, before it becomes a library.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import IO

from index.database import FILE_NAME, Database
from index.errors import LibraryFormat, LibraryFull, LibraryUnreadable, UsageError
from index.inspection import inspect_truth
from index.lock import writer_lock
from index.snapshot import publish_snapshot
from index.store import Store

_MANIFEST = "manifest.json"
_KIND = "askdocs library"
_LARGEST_MANIFEST = 100_000
_CHUNK = 1 << 20


def export_library(folder: Path, target: Path) -> int:
    """Write the library in ``folder`` into the new file ``target``; return how many documents.

    It is one consistent state, whoever writes meanwhile. A file that exists is never overwritten.
    """
    if target.exists():
        raise UsageError(f"{target} exists already. Name a new file.")
    store = Store(Database.open(folder))
    try:
        with tempfile.TemporaryDirectory(prefix=".export-", dir=target.absolute().parent) as made:
            copy = Path(made) / FILE_NAME
            store.database.copy_to(copy)
            packed = Path(made) / "packed"
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                manifest = {
                    "kind": _KIND,
                    "format": store.database.meta("format"),
                    "bytes": copy.stat().st_size,
                    "sha256": _hash(copy),
                }
                archive.writestr(_MANIFEST, json.dumps(manifest, sort_keys=True))
                archive.write(copy, FILE_NAME)
            _sync(packed)
            packed.replace(target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    return store.count_documents()


def import_library(source: Path, folder: Path) -> int:
    """Make the new library ``folder`` from the file ``source``; return how many documents.

    Raises :class:`LibraryFormat` when the file is no whole and healthy library; then ``folder``
    is not made.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} holds something already. Name a new folder for the library.")
    # Beside its place, so that one renaming puts it there; always under the same name, so that
    # the next import throws away what a killed one left.
    beside = folder.absolute().with_name(f".{folder.name}.importing")
    try:
        beside.mkdir(parents=True, exist_ok=True)
        with writer_lock(beside):
            made = beside / "library"
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
            try:
                _unpack(source, made / FILE_NAME)
                count = _check(source, made)
                if folder.exists():
                    folder.rmdir()
                os.replace(made, folder)  # noqa: PTH105 - a folder that does not exist, in one step
            finally:
                shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    return count


def _unpack(source: Path, target: Path) -> None:
    """Unpack the truth, counting what really comes out of the archive."""
    try:
        with zipfile.ZipFile(source) as archive:
            if sorted(archive.namelist()) != sorted((_MANIFEST, FILE_NAME)):
                raise _not_a_library(source)
            with archive.open(_MANIFEST) as stream:
                manifest = json.loads(stream.read(_LARGEST_MANIFEST))
            if manifest.get("kind") != _KIND:
                raise _not_a_library(source)
            room = shutil.disk_usage(target.parent).free
            if int(manifest["bytes"]) > room:
                raise LibraryFull(f"The library in {source} needs more room than is left on disk.")
            with archive.open(FILE_NAME) as stream, target.open("wb") as written:
                sha256 = _copy(stream, written, most=int(manifest["bytes"]))
            if sha256 != manifest["sha256"]:
                raise _not_a_library(source)
    except (
        zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError, RuntimeError,
        NotImplementedError, EOFError, zlib.error,
    ) as error:  # fmt: skip
        raise _not_a_library(source) from error


def _copy(stream: IO[bytes], written: IO[bytes], *, most: int) -> str:
    digest = hashlib.sha256()
    count = 0
    while data := stream.read(_CHUNK):
        count += len(data)
        if count > most:
            raise ValueError("more than was said")
        digest.update(data)
        written.write(data)
    return digest.hexdigest()


def _check(source: Path, made: Path) -> int:
    """Check the tables and every text, migrate if need be, and make the search index."""
    if not Database.has_our_tables(made):
        raise _not_a_library(source)
    store = Store(Database.open(made))
    faults = inspect_truth(store)
    if faults:
        raise LibraryFormat(
            f"The library in {source} is damaged: {faults[0].detail} Export it again where it is."
        )
    publish_snapshot(store)
    count = store.count_documents()
    store.database.close()
    for leftover in made.glob(f"{FILE_NAME}-*"):
        with suppress(OSError):
            leftover.unlink()
    return count


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _not_a_library(source: Path) -> LibraryFormat:
    return LibraryFormat(
        f"{source} is no library that askdocs export wrote, or it was damaged on its way. Export "
        "it again where it is."
    )


def _cannot_write(place: Path, error: OSError) -> LibraryUnreadable:
    return LibraryUnreadable(
        f"{place} cannot be written ({error.strerror}). Check the folder, its permissions and the "
        "room on its disk."
    )
