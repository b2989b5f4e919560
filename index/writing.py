"""How does a document enter or leave the truth? In one transaction, with all that belongs to it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass

import apsw
import numpy as np

from index.database import Database
from index.naming import NamedFile, tell_apart
from index.rows import NewDocument, StoredSentence, hash_text


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file whose documents are all stored."""

    path: str
    sha256: str
    remark: str


class Writer:
    """Changes to the truth. Only the holder of the library's lock may have one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_documents(
        self,
        documents: Sequence[NewDocument],
        *,
        finished: ReadFile | None = None,
        gone: Iterable[int] = (),
        forgotten: str | None = None,
    ) -> None:
        """Store documents, each in place of the one with the same id.

        ``finished`` is the file whose last documents these are; ``gone`` are the numbers of
        documents that it no longer holds, and ``forgotten`` is the path that it was moved from.
        """
        with self._database.writing() as connection:
            leaving = {*gone, *_stored_numbers(connection, documents)}
            for number in leaving:
                _delete(connection, number)
            for document in documents:
                _put(connection, document)
            _rename(connection, {document.base for document in documents})
            if finished is not None:
                connection.execute(
                    "INSERT OR REPLACE INTO files VALUES (?, ?, ?)", astuple(finished)
                )
            connection.execute("DELETE FROM files WHERE path = ?", (forgotten,))
            _count_change(connection)
        if leaving:
            self._database.truncate_log()  # it still holds the pages of what was replaced

    def mark_damaged(self, paths: Iterable[str]) -> None:
        """Have the files at ``paths`` read and stored anew when they are added again."""
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE files SET sha256 = '' WHERE path = ?", [(path,) for path in paths]
            )

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove documents, with every passage, vector and word of theirs."""
        with self._database.writing() as connection:
            for number in numbers:
                _delete(connection, number)
            connection.execute("DELETE FROM files WHERE path NOT IN (SELECT path FROM documents)")
            _count_change(connection)
        # The write-ahead log still holds the pages of what was removed.
        self._database.truncate_log()


def _count_change(connection: apsw.Connection) -> None:
    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
    # Tells this state from every other, also from one that a backup brings back.
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('change', ?)", (secrets.token_hex(16),))


def _stored_numbers(connection: apsw.Connection, documents: Sequence[NewDocument]) -> set[int]:
    """Return the numbers under which older forms of ``documents`` are stored."""
    rows = connection.execute(
        "SELECT number FROM documents WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([document.id for document in documents]),),
    ).fetchall()
    return {int(str(row[0])) for row in rows}


def _put(connection: apsw.Connection, document: NewDocument) -> None:
    connection.execute(
        "INSERT INTO documents (id, path, corpus_id, base, name, title, source, published,"
        " sha256, text, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document.id,
            document.path,
            document.corpus_id,
            document.base,
            f"\0{document.id}",  # until _rename gives it its real one
            document.title,
            document.source,
            document.published,
            hash_text(document.text),
            document.text,
            json.dumps([[word, capital] for word, _, capital in document.vocabulary]),
        ),
    )
    number = connection.last_insert_rowid()
    connection.executemany(
        "INSERT INTO passages (document, ordinal, vector, terms, sentences, sentence_vectors)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                number,
                ordinal,
                passage.vector.astype(np.float32).tobytes(),
                "\n".join(" ".join(line) for line in passage.terms),
                json.dumps([_place(sentence) for sentence in passage.sentences]),
                passage.sentence_vectors.astype(np.float16).tobytes(),
            )
            for ordinal, passage in enumerate(document.passages)
        ],
    )
    connection.executemany(
        "INSERT INTO vocabulary VALUES (?, ?, 1, ?) ON CONFLICT (word) DO UPDATE"
        " SET documents = documents + 1, capitals = capitals + excluded.capitals",
        [(word, sound, int(capital)) for word, sound, capital in document.vocabulary],
    )
    connection.executemany(
        "INSERT INTO acronyms VALUES (?, ?, ?)",
        [(number, short, long) for short, long in document.acronyms],
    )


def _place(sentence: StoredSentence) -> tuple[object, ...]:
    # dataclasses.astuple copies deeply, which was a quarter of the time of storing.
    return (
        sentence.start,
        sentence.end,
        sentence.kind,
        sentence.section,
        sentence.page,
        sentence.opens_block,
    )


def _delete(connection: apsw.Connection, number: int) -> None:
    row = connection.execute(
        "SELECT words, base FROM documents WHERE number = ?", (number,)
    ).fetchone()
    if row is None:
        return
    with suppress(ValueError, TypeError):  # damaged: what is then left over, the inspection mends
        words = [(int(capital), word) for word, capital in json.loads(str(row[0]))]
        connection.executemany(
            "UPDATE vocabulary SET documents = documents - 1, capitals = capitals - ?"
            " WHERE word = ?",
            words,
        )
    connection.execute("DELETE FROM vocabulary WHERE documents <= 0")
    connection.execute("DELETE FROM documents WHERE number = ?", (number,))
    _rename(connection, {str(row[1])})


def _rename(connection: apsw.Connection, bases: Iterable[str]) -> None:
    """Give every document of these base names the name that tells it from the others."""
    for base in sorted(bases):
        rows = connection.execute(
            "SELECT number, path, corpus_id FROM documents WHERE base = ? ORDER BY path, number",
            (base,),
        ).fetchall()
        names = tell_apart([NamedFile(str(r[1]), base, r[2] is not None) for r in rows])
        for row, name in zip(rows, names, strict=True):
            connection.execute(
                "UPDATE documents SET name = ? WHERE number = ?",
                (_unused(connection, name, int(str(row[0]))), row[0]),
            )


def _unused(connection: apsw.Connection, name: str, number: int) -> str:
    """Return ``name``, or, when a document of another base name has it, the name numbered."""
    candidate, count = name, 1
    while connection.execute(
        "SELECT 1 FROM documents WHERE name = ? AND number <> ?", (candidate, number)
    ).fetchone():
        count += 1
        candidate = f"{name} ({count})"
    return candidate
