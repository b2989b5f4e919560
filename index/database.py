"""How is the one SQLite file opened, and how does a change happen whole or not at all?

SQLite's errors become ours here; every other module asks through this one.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from index.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryFormat,
    LibraryFull,
    LibraryMissing,
    LibraryUnreadable,
)
from index.migration import FORMAT, can_migrate, migrate

FILE_NAME = "library.sqlite"
DERIVED_FOLDER = "derived"
"""Made with the first change, so that its presence tells an emptied library from a new one."""
_BUSY_MS = 10_000
_PATIENCE_MS = 2_000

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,                      -- empty: damage was found, so read it anew
    remark TEXT NOT NULL DEFAULT ''            -- for the person: what of the file was not read
) WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: a stale index finds nothing
    id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    corpus_id TEXT,
    base TEXT NOT NULL,                        -- the name it has while no other document has it
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    source TEXT,
    published TEXT,
    sha256 TEXT NOT NULL,
    text TEXT NOT NULL,
    words TEXT NOT NULL                        -- JSON: its share of the vocabulary
);
CREATE INDEX documents_by_path ON documents (path);
CREATE INDEX documents_by_base ON documents (base);
CREATE INDEX documents_by_sha256 ON documents (sha256);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    vector BLOB NOT NULL,                      -- float32, unit length
    terms TEXT NOT NULL,                       -- first line the title's, then a line a sentence
    sentences TEXT NOT NULL,                   -- JSON: [start, end, kind, section, page, opens]
    sentence_vectors BLOB NOT NULL             -- float16, a row a sentence
);
CREATE INDEX passages_by_document ON passages (document, ordinal);
CREATE TABLE vocabulary (
    word TEXT PRIMARY KEY, sound TEXT NOT NULL,
    documents INTEGER NOT NULL, capitals INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX vocabulary_by_sound ON vocabulary (sound);
CREATE TABLE acronyms (
    document INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
    short TEXT NOT NULL, long TEXT NOT NULL
);
CREATE INDEX acronyms_by_document ON acronyms (document);
"""
_TABLES_AND_MORE = (
    "SELECT type || ' ' || name, sql FROM sqlite_schema"
    " WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
)
_MIGRATED = {"table files"}
"""What was brought up to date reads otherwise than what was made so."""

Row = tuple[Any, ...]
"""What SQLite gives: which column holds what is known only where the query stands."""


class Database:
    """The SQLite file of one library: a connection for each thread. Safe to share."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._local = threading.local()

    @classmethod
    def create(cls, folder: Path, *, model: str, dimension: int) -> Database:
        """Make the file with its tables; leave it as it is when they are there already."""
        database = cls(folder)
        with database.writing() as connection:
            exists = connection.execute(
                "SELECT 1 FROM sqlite_schema WHERE name = 'meta'"
            ).fetchone()
            if not exists:
                connection.execute(_SCHEMA)
                for key, value in (
                    ("format", FORMAT),
                    ("model", model),
                    ("dimension", dimension),
                    ("generation", 0),
                ):
                    connection.execute("INSERT INTO meta VALUES (?, ?)", (key, value))
        return database

    @classmethod
    def open(cls, folder: Path) -> Database:
        """Open an existing file and check that this version can use it."""
        database = cls(folder)
        if not database.path.is_file() or not database.has_tables():
            raise LibraryMissing(
                f"There is no library at {folder}. Make one by adding documents: "
                f"askdocs add FILES --library {folder}"
            )
        written = database.meta("format")
        if can_migrate(written):
            try:
                migrate(database)
            except LibraryUnreadable as error:
                raise LibraryFormat(
                    f"The library at {folder} was made by an older version and has to be brought "
                    "up to date, which needs the right to write to it. Do this once from an "
                    f"account that has it: askdocs list --library {folder}"
                ) from error
        elif written != FORMAT:
            raise LibraryFormat(
                f"The library at {folder} has format {written}, and this version of Askdocs "
                f"uses format {FORMAT}. Use a newer version, or make a new library from your "
                f"documents: askdocs add FILES --library NEW-FOLDER"
            )
        return database

    def has_tables(self) -> bool:
        """Whether the file was made to its end; a process can be killed while making it.

        Raises :class:`LibraryDamaged` where there must have been tables once.
        """
        if self.rows("SELECT 1 FROM sqlite_schema WHERE name = 'meta'"):
            return True
        if (self.path.parent / DERIVED_FOLDER).is_dir() or self.rows("SELECT 1 FROM sqlite_schema"):
            raise LibraryDamaged(
                f"The library file {self.path} has lost its contents. Move the folder away and "
                "add your documents to a new library."
            )
        return False

    @property
    def _connection(self) -> apsw.Connection:
        connection: apsw.Connection | None = getattr(self._local, "connection", None)
        if connection is None or self._has_changed(connection):
            with self._explained():
                state = _state_of_unwritable(self.path)
                connection = (
                    _connect(self.path) if state is None else _connect_unwritable(self.path)
                )
            self._local.connection, self._local.state = connection, state
        return connection

    def _has_changed(self, connection: apsw.Connection) -> bool:
        """Whether somebody wrote to a file that was opened as one that nobody writes to."""
        if self._local.state is None or connection.in_transaction:
            return False
        return bool(self._local.state != _state_of_unwritable(self.path))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn SQLite's errors into ours."""
        try:
            yield
        except apsw.FullError as error:
            raise LibraryFull(
                f"The disk that holds {self.path.parent} is full. Nothing was lost; free some "
                "space and do it again."
            ) from error
        except apsw.BusyError as error:
            raise LibraryBusy(
                f"The library at {self.path.parent} is being written to. Try again shortly."
            ) from error
        except (apsw.NotADBError, apsw.CorruptError, UnicodeDecodeError) as error:
            raise LibraryDamaged(
                f"The library file {self.path} is damaged ({error}). Move the folder away and "
                "add your documents to a new library."
            ) from error
        except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError) as error:
            raise LibraryUnreadable(
                f"The library file {self.path} cannot be opened or written ({error}). Check the "
                "permissions of the folder."
            ) from error
        except apsw.Error as error:
            raise LibraryError(f"The library file {self.path} cannot be used: {error}") from error

    @contextmanager
    def writing(self) -> Iterator[apsw.Connection]:
        """One transaction: all of it is committed, or, after an error, none of it."""
        with self._explained():
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # After a full disk SQLite has rolled back by itself, and ROLLBACK would raise.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view of the library for all that is read inside."""
        with self._explained():
            connection = self._connection
            if connection.in_transaction:
                yield
                return
            connection.execute("BEGIN")
            try:
                yield
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Run one query and return all its rows."""
        with self._explained():
            return self._connection.execute(sql, values).fetchall()

    def meta(self, key: str) -> object:
        """Return one fact about the library, such as its format, model or generation."""
        rows = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    @classmethod
    def has_our_tables(cls, folder: Path) -> bool:
        """Whether the file has the tables of a library of some format, and nothing else.

        A file from elsewhere could hold triggers and views, which would run with our statements.
        """
        database = cls(folder)
        try:
            found = {str(row[0]): row[1] for row in database.rows(_TABLES_AND_MORE)}
        except LibraryError:
            return False
        finally:
            database.close()
        with tempfile.TemporaryDirectory() as empty:
            ours = cls.create(Path(empty), model="", dimension=1)
            known = {str(row[0]): row[1] for row in ours.rows(_TABLES_AND_MORE)}
            ours.close()
        return found.keys() == known.keys() and all(
            found[name] == known[name] for name in found if name not in _MIGRATED
        )

    def copy_to(self, target: Path) -> None:
        """Write one consistent state of the library into a new file, compact."""
        self.rows("VACUUM INTO ?", (str(target),))

    def close(self) -> None:
        """Close this thread's connection."""
        connection: apsw.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def truncate_log(self) -> None:
        """Empty the write-ahead log into the file, as far as readers allow it now.

        A reader in the middle of a question holds it up. It is waited for as long as a question
        takes; what is left then is emptied after the next change.
        """
        with self._explained():
            connection = self._connection
            connection.set_busy_timeout(_PATIENCE_MS)
            try:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                connection.set_busy_timeout(_BUSY_MS)


def _connect(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(_BUSY_MS)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        "secure_delete=ON",  # what was removed is gone from the file too
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _connect_unwritable(path: Path) -> apsw.Connection:
    connection = apsw.Connection(
        f"{path.absolute().as_uri()}?immutable=1",
        flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
    )
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def _state_of_unwritable(path: Path) -> tuple[int, int] | None:
    """Return what changes when others write to a file that we may only read.

    ``None`` where SQLite can do its ordinary work: even a reader needs the write-ahead log, or a
    folder to make one in.
    """
    if os.access(path.parent, os.W_OK) or path.with_name(f"{path.name}-wal").exists():
        return None
    if not path.is_file():
        return None
    state = path.stat()
    return state.st_mtime_ns, state.st_size
