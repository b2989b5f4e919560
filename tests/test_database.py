"""Promises of the one SQLite file: whole changes, and errors that say what to do."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import apsw
import pytest

from index.database import FILE_NAME, Database
from index.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryFormat,
    LibraryFull,
    LibraryMissing,
    LibraryUnreadable,
)
from index.migration import FORMAT


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database.create(tmp_path, model="tiny@1", dimension=32)


def test_the_file_is_opened_safely(database) -> None:
    """Write-ahead log, full sync, foreign keys, an untrusted schema, deletions overwritten."""
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "secure_delete": 1,
    }
    assert {name: database.rows(f"PRAGMA {name}")[0][0] for name in expected} == expected
    # 3.7.0 to 3.51.2 can lose committed writes.
    assert tuple(map(int, apsw.sqlite_lib_version().split("."))) >= (3, 51, 3)


def test_making_it_twice_changes_nothing(database, tmp_path) -> None:
    """A second process that makes the same library finds it made."""
    Database.create(tmp_path, model="other@2", dimension=7)
    assert database.meta("model") == "tiny@1"
    assert database.meta("dimension") == 32


def test_a_change_is_whole_or_not_at_all(database) -> None:
    """After an error inside, nothing of the transaction is there."""
    with pytest.raises(LibraryError), database.writing() as connection:
        connection.execute("INSERT INTO files (path, sha256) VALUES ('a', 'b'); SELECT nothing")
    assert database.rows("SELECT path, sha256 FROM files") == []
    with database.writing() as connection:
        connection.execute("INSERT INTO files (path, sha256) VALUES ('a', 'b')")
    assert database.rows("SELECT path, sha256 FROM files") == [("a", "b")]


def test_a_reading_sees_one_state(database, tmp_path) -> None:
    """What is written meanwhile is not seen before the reading ends, and nobody waits."""
    with database.reading():
        assert database.rows("SELECT path, sha256 FROM files") == []
        with Database.open(tmp_path).writing() as connection:
            connection.execute("INSERT INTO files (path, sha256) VALUES ('a', 'b')")
        with database.reading():  # within another: the same state
            assert database.rows("SELECT path, sha256 FROM files") == []
        assert database.rows("SELECT path, sha256 FROM files") == []
    assert len(database.rows("SELECT path, sha256 FROM files")) == 1


def test_threads_have_connections_of_their_own(database) -> None:
    """A thread's open transaction is not another thread's."""
    seen: list[object] = []
    with database.writing() as connection:
        connection.execute("INSERT INTO files (path, sha256) VALUES ('a', 'b')")
        thread = threading.Thread(
            target=lambda: seen.extend(database.rows("SELECT path, sha256 FROM files"))
        )
        thread.start()
        thread.join()
    assert seen == []


@pytest.mark.parametrize("written", [0, FORMAT + 1, "later", None])
def test_another_format_is_refused(database, tmp_path, written) -> None:
    """An older or newer library is not touched; the message says what to do."""
    with database.writing() as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (written,))
    with pytest.raises(LibraryFormat, match="askdocs add FILES --library NEW-FOLDER"):
        Database.open(tmp_path)


def test_no_library_is_said_so(tmp_path) -> None:
    """Opening makes nothing, and the message says how to make a library."""
    with pytest.raises(LibraryMissing, match="askdocs add"):
        Database.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_was_never_finished_is_no_library(tmp_path) -> None:
    """A process killed while it made the file leaves nothing that stands in the way."""
    (tmp_path / FILE_NAME).touch()
    with pytest.raises(LibraryMissing):
        Database.open(tmp_path)
    assert Database.create(tmp_path, model="m", dimension=1).meta("format") == FORMAT


def test_another_program_s_database_is_refused(tmp_path) -> None:
    """A SQLite file with other tables is neither used nor changed."""
    other = sqlite3.connect(tmp_path / FILE_NAME)
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    with pytest.raises(LibraryDamaged):
        Database.open(tmp_path)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (apsw.FullError("full"), LibraryFull),
        (apsw.BusyError("busy"), LibraryBusy),
        (apsw.NotADBError("odd"), LibraryDamaged),
        (apsw.CorruptError("bad"), LibraryDamaged),
        (apsw.CantOpenError("no"), LibraryUnreadable),
        (apsw.ReadOnlyError("no"), LibraryUnreadable),
        (apsw.PermissionsError("no"), LibraryUnreadable),
        (apsw.IOError("disk"), LibraryError),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_every_error_of_sqlite_becomes_ours(database, fault, error) -> None:
    """Nobody above has to know SQLite; the message names the place."""
    with pytest.raises(error) as raised, database.writing():
        raise fault
    assert str(database.path.parent) in str(raised.value)
    assert raised.value.__cause__ is fault


def test_every_sqlite_error_is_a_library_error(database) -> None:
    """No class of apsw's errors gets through, those to come included."""
    kinds = [
        kind
        for kind in vars(apsw).values()
        if isinstance(kind, type) and issubclass(kind, apsw.Error)
    ]
    assert len(kinds) > 20
    for kind in kinds:
        with pytest.raises(LibraryError), database.reading():
            raise kind("fault")


def test_a_full_disk_rolls_back_and_says_so(database) -> None:
    """SQLite's own "full" error, raised for real: nothing is half written, and reading works."""
    database._connection.execute("PRAGMA max_page_count = 20")
    rows = [("first", "x"), *((str(number), "x" * 5000) for number in range(1000))]
    with pytest.raises(LibraryFull, match="Nothing was lost"), database.writing() as connection:
        connection.executemany("INSERT INTO files (path, sha256) VALUES (?, ?)", rows)
    assert database.rows("SELECT path, sha256 FROM files") == []
    assert database.rows("PRAGMA integrity_check") == [("ok",)]
    with database.writing() as connection:
        connection.execute("INSERT INTO files (path, sha256) VALUES ('first', 'x')")
