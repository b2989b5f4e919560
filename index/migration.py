"""How does a library of an older format become one of this format? In one transaction.

A step leads from each older format to the next. The steps run together: a process that is killed
meanwhile leaves the old library, and of several that try at once the first one does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.database import Database

FORMAT = 2
"""Raised whenever the tables, or what their columns mean, change.

    1   the first
    2   files.remark: what is to be known of a file that was read, such as pages that are missing;
        documents found by the hash of their text
"""

_STEPS: dict[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE files ADD COLUMN remark TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX documents_by_sha256 ON documents (sha256)",
    ),
}
"""Statements that lead from a format to the next."""


def can_migrate(written: object) -> bool:
    """Whether there is a way from the format that is written in a library to this one."""
    return isinstance(written, int) and written in _STEPS


def migrate(database: Database) -> None:
    """Bring the library to this format; whoever comes second finds it done."""
    with database.writing() as connection:
        query = "SELECT value FROM meta WHERE key = 'format'"
        written = int(str(connection.execute(query).fetchall()[0][0]))
        while written < FORMAT:
            for statement in _STEPS[written]:
                connection.execute(statement)
            written += 1
        connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (FORMAT,))
