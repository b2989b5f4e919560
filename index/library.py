"""How do documents get into a library, and out of it?"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.changes import hash_file, moved_from, vanished_files
from index.database import FILE_NAME, Database
from index.documents import ReadDocument, Reading, Refusal
from index.encoder import Encoder
from index.errors import (
    LibraryError,
    LibraryFull,
    LibraryMissing,
    LibraryUnreadable,
)
from index.folders import FoundFile, find_files
from index.library_encoder import LibraryEncoder
from index.lock import writer_lock
from index.model_files import find_model
from index.naming import document_id
from index.preparing import prepare_document
from index.readers import ReaderPool, reading_limits
from index.rows import LibraryDocument, NewDocument, hash_text
from index.settings import Settings
from index.snapshot import publish_snapshot
from index.store import Store
from index.writing import ReadFile, Writer

_COMMIT_EVERY = 64
"""Documents of a corpus stored in one transaction: a killed `add` loses at most so many."""

_ROOM_BYTES = 1_000_000
"""tantivy does not say that a disk is full; with less room than this it is taken to be."""


@dataclass(frozen=True, slots=True)
class AddProgress:
    """How far adding has come."""

    position: int
    """Number of the file, from 1."""
    total: int
    path: str
    stage: Literal["reading", "embedding", "writing"]
    done: int = 0
    of: int = 0
    """Within the stage: so many texts (or documents of a corpus) of so many."""


@dataclass(frozen=True, slots=True)
class AddResult:
    """What became of one file."""

    path: str
    status: Literal["added", "updated", "unchanged", "refused"]
    reason: str = ""
    """Why it was refused, or a remark on what was read."""
    documents: int = 0
    """Documents that the file holds."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file that is to be stored, and what will be reported of it."""

    result: AddResult
    file_hash: str
    reading: Reading
    known_hash: str | None
    """Of the file as it was last read; empty when damage was found in what is stored of it."""
    moved_from: str | None
    """Path of a vanished file with the same bytes."""


class Library:
    """One indexed set of documents: a folder on disk. Safe to share between threads."""

    def __init__(self, folder: Path, settings: Settings, encoder: Encoder | None) -> None:
        self.folder = folder
        self.settings = settings
        self.store = Store(self._open_or_create(encoder))
        self._encoder = LibraryEncoder(self.store.database, settings, encoder)

    @classmethod
    def open(
        cls, folder: Path | str, *, settings: Settings | None = None, encoder: Encoder | None = None
    ) -> Library:
        """Open the library in ``folder``, making an empty one when there is none.

        Raises a :class:`LibraryError` when the folder cannot be used.
        """
        # Not resolve(): a library behind a link keeps the name that the person gave it.
        return cls(Path(os.path.abspath(folder)), settings or Settings(), encoder)  # noqa: PTH100

    def add(self, paths: Iterable[Path | str]) -> list[AddResult]:
        """Add or update files and folders; return what became of each file."""
        return [event for event in self.add_each(paths) if isinstance(event, AddResult)]

    def add_each(
        self, paths: Iterable[Path | str], *, only: Collection[str] | None = None
    ) -> Iterator[AddProgress | AddResult]:
        """Add or update files and folders, reporting on the way; ``only`` files of these paths.

        A file whose result was reported stays, whatever happens after; closing the iterator
        cancels the rest. Raises :class:`LibraryBusy` when another process is writing.
        """
        files = find_files(paths)
        if only is not None:
            files = [file for file in files if str(file.path) in only]
        with (
            writer_lock(self.folder),
            self._published_after(),
            ReaderPool(reading_limits(self.settings)) as readers,
        ):
            for position, file in enumerate(files, start=1):
                yield from self._add_file(file, position, len(files), readers)

    def plan_each(self, paths: Iterable[Path | str]) -> Iterator[AddProgress | AddResult]:
        """Say what :meth:`add_each` would do, and change nothing."""
        files = find_files(paths)
        with ReaderPool(reading_limits(self.settings)) as readers:
            for position, file in enumerate(files, start=1):
                for step in self._look_at(file, position, len(files), readers):
                    yield step.result if isinstance(step, _Found) else step

    def vanished(self, paths: Iterable[Path | str]) -> list[str]:
        """List the files of the library under the folders ``paths`` that are no longer there."""
        return vanished_files(self.store, [Path(os.path.abspath(path)) for path in paths])  # noqa: PTH100

    def prune(self, paths: Iterable[Path | str]) -> list[str]:
        """Remove the documents of vanished files under ``paths``; return the files' paths."""
        with writer_lock(self.folder), self._published_after():
            gone = self.vanished(paths)
            numbers = [document.number for path in gone for document in self._of_file(path)]
            if gone:
                Writer(self.store.database).remove(numbers)
        return gone

    def remove(self, names: Iterable[str]) -> list[str]:
        """Remove documents by name; return the names of those that were there.

        From the moment this returns nothing of them is found or quoted.
        """
        with writer_lock(self.folder), self._published_after():
            numbers = self.store.numbers_of(names)
            if numbers:
                Writer(self.store.database).remove(numbers.values())
        return sorted(numbers)

    def documents(self) -> list[LibraryDocument]:
        """List the documents, by name."""
        return self.store.documents()

    def text(self, document_id: str) -> str:
        """Return the stored text of the document with this id; ``KeyError`` if there is none."""
        number = self.store.number_of_id(document_id)
        if number is None:
            raise KeyError(document_id)
        return self.store.text(number)

    def find_text(self, document_id: str) -> str | None:
        """Return the stored text of the document with this id, ``None`` if there is none."""
        number = self.store.number_of_id(document_id)
        return None if number is None else self.store.text(number)

    # Opening

    def _open_or_create(self, encoder: Encoder | None) -> Database:
        with suppress(LibraryMissing):
            return Database.open(self.folder)
        if self.folder.is_dir() and any(
            not path.name.startswith(("writer.", FILE_NAME)) for path in self.folder.iterdir()
        ):
            raise LibraryUnreadable(
                f"The folder {self.folder} holds other files and no library. Name an empty or a "
                "new folder for the library."
            )
        model = find_model(self.settings.model)
        identity = encoder.identity if encoder else model.identity
        dimension = encoder.dimension if encoder else model.dimension
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryUnreadable(
                f"The folder {self.folder} cannot be made ({error.strerror}). Name another one "
                "for the library."
            ) from error
        return Database.create(self.folder, model=identity, dimension=dimension)

    @property
    def encoder(self) -> Encoder:
        """The model that embeds this library's documents, loaded at its first use."""
        return self._encoder.get()

    @contextmanager
    def _published_after(self) -> Iterator[None]:
        """Bring the derived indexes up to date at the end, however the end is reached."""
        done = False
        try:
            yield
            done = True
        finally:
            try:
                publish_snapshot(self.store)
            except (OSError, RuntimeError, ValueError) as error:  # tantivy raises the last two
                # The truth is safe and readers rebuild from it; only the next start is slower.
                # What went wrong before says more than this.
                if done:
                    raise _not_published(self.folder, error) from error

    # Adding

    def _add_file(
        self, file: FoundFile, position: int, total: int, readers: ReaderPool
    ) -> Iterator[AddProgress | AddResult]:
        for step in self._look_at(file, position, total, readers):
            if not isinstance(step, _Found):
                yield step
                continue
            path = str(file.path)
            for stage in self._store_reading(file, step):
                yield AddProgress(position, total, path, *stage)
            yield step.result

    def _look_at(
        self, file: FoundFile, position: int, total: int, readers: ReaderPool
    ) -> Iterator[AddProgress | AddResult | _Found]:
        """Yield what becomes of a file, or what was found in it and is to be stored."""
        path = str(file.path)
        if not _is_unicode(path):
            shown = path.encode(errors="replace").decode()
            reason = f"The name of {shown} is not valid Unicode. Rename it and add it again."
            yield AddResult(shown, "refused", reason)
            return
        yield AddProgress(position, total, path, "reading")
        if file.is_empty_folder:
            yield AddResult(path, "refused", f"The folder {path} holds no files to add.")
            return
        known_hash = self.store.file_hash(path)
        file_hash = hash_file(file.path) or ""
        if file_hash and file_hash == known_hash:
            yield AddResult(path, "unchanged", documents=len(self._of_file(path)))
            return
        reading = readers.read(file.path)
        if isinstance(reading, Refusal):
            yield AddResult(path, "refused", reading.message)
            return
        old = None
        if file_hash and known_hash is None:
            old = moved_from(self.store, path, file_hash)
        moved = [f"It was moved from {old}."] if old else []
        result = AddResult(
            path,
            "added" if known_hash is None else "updated",
            " ".join([*moved, *reading.remarks]),
            documents=len(reading.documents),
        )
        yield _Found(result, file_hash, reading, known_hash, old)

    def _store_reading(
        self, file: FoundFile, found: _Found
    ) -> Iterator[tuple[Literal["embedding", "writing"], int, int]]:
        """Embed and store the documents of a file that are new or changed."""
        path, reading = str(file.path), found.reading
        old = {document.info.id: document for document in self._of_file(path)}
        is_sound = found.known_hash != ""
        changed = [d for d in reading.documents if not (is_sound and _is_stored(d, path, old))]
        writer = Writer(self.store.database)
        ready: list[NewDocument] = []
        for number, document in enumerate(changed):
            for step in prepare_document(
                document,
                path=path,
                base=file.base,
                encoder=self.encoder,
                passage_tokens=self.settings.passage_tokens,
                known=self.store.vectors_of_text(hash_text(document.text)),
            ):
                if isinstance(step, NewDocument):
                    ready.append(step)
                elif len(changed) == 1:
                    yield "embedding", *step
                else:
                    yield "embedding", number, len(changed)
            if len(ready) >= _COMMIT_EVERY:
                writer.put_documents(ready)
                ready = []
        yield "writing", 0, 1
        kept = {document_id(path, document.corpus_id) for document in reading.documents}
        gone = [document.number for key, document in old.items() if key not in kept]
        if found.moved_from:
            gone += [document.number for document in self._of_file(found.moved_from)]
        finished = ReadFile(path, found.file_hash, " ".join(reading.remarks))
        writer.put_documents(ready, finished=finished, gone=gone, forgotten=found.moved_from)

    def _of_file(self, path: str) -> list[LibraryDocument]:
        return self.store.documents_of_file(path)


def _is_stored(document: ReadDocument, path: str, old: dict[str, LibraryDocument]) -> bool:
    """Whether the library holds just this document already."""
    stored = old.get(document_id(path, document.corpus_id))
    return stored is not None and (
        stored.info.sha256,
        stored.info.title,
        stored.info.source,
        stored.info.published,
    ) == (hash_text(document.text), document.title, document.source, document.published)


def _not_published(folder: Path, error: Exception) -> LibraryError:
    """Say why the search index of the library in ``folder`` could not be written."""
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    kind = (
        LibraryFull if full or shutil.disk_usage(folder).free < _ROOM_BYTES else LibraryUnreadable
    )
    return kind(
        f"The documents are stored, but the search index in {folder} could not be written "
        f"({error}). Free some space or check the permissions; searching works meanwhile."
    )


def _is_unicode(path: str) -> bool:
    """Whether a database and a page can hold this path; a file system takes any bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
