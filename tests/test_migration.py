"""Is a library of an older format brought up to date, whole or not at all?"""

from __future__ import annotations

import threading

import pytest

from index.database import Database
from index.library import Library
from index.migration import FORMAT


def make_old(library) -> None:
    """Turn a library into one of format 1: its table of files has no remarks."""
    with library.store.database.writing() as connection:
        connection.execute("CREATE TABLE old (path TEXT PRIMARY KEY, sha256 TEXT) WITHOUT ROWID")
        connection.execute("INSERT INTO old SELECT path, sha256 FROM files")
        connection.execute("DROP TABLE files")
        connection.execute("ALTER TABLE old RENAME TO files")
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
