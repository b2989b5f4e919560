"""Is a library of an older format brought up to date, whole or not at all?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.database import Database
from index.errors import LibraryFormat
from index.library import Library
from index.migration import FORMAT

ROOT = Path(__file__).parent.parent

OPEN = """
import os, signal, sys
import apsw
from index import database

last = int(sys.argv[2])
real, seen = database.Database.writing, [0]

class Counting:
    def __init__(self, connection):
        self.connection = connection
    def execute(self, *arguments):
        seen[0] += 1
        if seen[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.connection.execute(*arguments)

from contextlib import contextmanager
from pathlib import Path

@contextmanager
def writing(self):
    with real(self) as connection:
        yield Counting(connection)
        seen[0] += 1
        if seen[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)

database.Database.writing = writing
opened = database.Database.open(Path(sys.argv[1]))
print(opened.meta("format"))
"""


def make_old(library) -> None:
    """Turn a library into one of format 1: its table of files has no remarks."""
    with library.store.database.writing() as connection:
        connection.execute("CREATE TABLE old (path TEXT PRIMARY KEY, sha256 TEXT) WITHOUT ROWID")
        connection.execute("INSERT INTO old SELECT path, sha256 FROM files")
        connection.execute("DROP TABLE files")
        connection.execute("ALTER TABLE old RENAME TO files")
        connection.execute("DROP INDEX documents_by_sha256")
        connection.execute("UPDATE meta SET value = 1 WHERE key = 'format'")
    library.store.database.close()


def test_an_old_library_answers_as_before(library, small_files, answers, write):
    """Opening an old library brings it up to date; nothing is lost and nothing embedded again."""
    made = library(small_files(5))
    before = answers(made)
    make_old(made)
    opened = Library.open(made.folder)
    assert opened.store.database.meta("format") == FORMAT
    assert answers(opened) == before
    assert all(document.remark == "" for document in opened.documents())


def test_killed_in_the_middle_it_is_still_the_old_library(library, small_files, monkeypatch):
    """An error on the way leaves format 1, and the next opening succeeds."""
    made = library(small_files(3))
    make_old(made)
    real = "ALTER TABLE files ADD COLUMN remark TEXT NOT NULL DEFAULT ''"
    monkeypatch.setattr("index.migration._STEPS", {1: (real, "SELECT * FROM nowhere")})
    with pytest.raises(Exception, match="nowhere"):
        Database.open(made.folder)
    monkeypatch.undo()
    assert Database(made.folder).meta("format") == 1
    assert Library.open(made.folder).store.database.meta("format") == FORMAT


def test_several_that_open_it_at_once_agree(library, small_files):
    """The first one brings it up to date, and the others find it so."""
    made = library(small_files(3))
    make_old(made)
    found = []

    def open_it() -> None:
        found.append(Database.open(made.folder).meta("format"))

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [FORMAT] * 6


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing is killed here so")
@pytest.mark.parametrize("statement", range(1, 6))
def test_killed_at_each_statement(library, small_files, statement) -> None:
    """What is left is the old format or the new one; the next opening goes on."""
    made = library(small_files(3))
    make_old(made)
    process = subprocess.run(
        [sys.executable, "-c", OPEN, str(made.folder), str(statement)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
    )
    assert process.returncode == -signal.SIGKILL
    assert Database(made.folder).meta("format") in {1, FORMAT}
    opened = Library.open(made.folder)
    assert opened.store.database.meta("format") == FORMAT
    assert opened.store.database.rows("PRAGMA integrity_check") == [("ok",)]
    assert len(opened.documents()) == 3


def test_an_older_library_that_may_only_be_read(library, small_files, monkeypatch) -> None:
    """It is refused with the command that brings it up to date."""
    made = library(small_files(3))
    make_old(made)
    monkeypatch.setattr("index.database.os.access", lambda *_: False)
    with pytest.raises(LibraryFormat, match="askdocs list --library"):
        Library.open(made.folder)
    monkeypatch.undo()
    assert Database(made.folder).meta("format") == 1
