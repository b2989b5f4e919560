"""Where are conversations kept? In the library's folder, a folder for each person, as places.

A person is a secret of their browser, of which only the hash is known here. Each conversation is
a file of one line for each exchange; a line that was cut off by a crash is left out. No line holds
a word of a document: :mod:`assistant.kept_answers` says why.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from assistant.kept_answers import KeptAnswer
from index.models import FrozenModel

FOLDER = "conversations"
LISTED = 100
"""Conversations that are listed, the latest first."""

_SECRET = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose conversation, and which: two numbers that a browser made up."""

    person: str
    conversation: str

    def __post_init__(self) -> None:
        if not (_SECRET.fullmatch(self.person) and _SECRET.fullmatch(self.conversation)):
            raise ValueError("A person and a conversation are 32 hexadecimal digits each.")


class KeptExchange(FrozenModel):
    """A question and what came of it, as it is written down."""

    question: str
    asked: str
    """Time in UTC, ISO 8601, to the second."""
    answer: KeptAnswer
    ticked: tuple[str, ...] | None
    """Ids of the documents that were searched; ``None`` for all."""
    documents: int
    """How many there were."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in the list of a person's conversations."""

    id: str
    question: str
    """The first one."""
    asked: str
    """When the last one was asked: a time in UTC, ISO 8601."""


class Conversations:
    """The conversations that are kept with one library. Safe to share between threads."""

    def __init__(self, library: Path) -> None:
        self._folder = library / FOLDER

    def append(self, place: Place, exchange: KeptExchange) -> None:
        """Write down an exchange at the end of its conversation.

        :raises OSError: there is no room, or no permission, for it.
        """
        path = self._path(place)
        for folder in (self._folder, path.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        line = exchange.model_dump_json().encode() + b"\n"
        with path.open("ab") as file:
            # One write for each line: two windows of one person do not tear each other's. The line
            # end in front closes a line that was cut off.
            file.write(b"\n" + line)

    def read(self, place: Place) -> list[KeptExchange]:
        """Return the exchanges of a conversation, oldest first; none for an unknown one."""
        try:
            content = self._path(place).read_bytes()
        except OSError:
            return []
        return [exchange for line in content.splitlines() if (exchange := _read_line(line))]

    def delete(self, place: Place) -> None:
        """Forget a conversation.

        :raises OSError: it cannot be deleted.
        """
        self._path(place).unlink(missing_ok=True)

    def of_person(self, place: Place) -> list[Listed]:
        """List a person's conversations, the latest first."""
        found = []
        with suppress(OSError):
            paths = sorted(
                self._path(place).parent.glob("*.jsonl"),
                key=lambda path: (-path.stat().st_mtime_ns, path.name),
            )
            for path in paths[:LISTED]:
                first = _read_first(path)
                if first is not None and _SECRET.fullmatch(path.stem):
                    latest = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    found.append(Listed(path.stem, first.question, _write_time(latest)))
        return found

    def _path(self, place: Place) -> Path:
        person = hashlib.sha256(place.person.encode()).hexdigest()[:32]
        return self._folder / person / f"{place.conversation}.jsonl"


def now() -> str:
    """Return the time as it is written down."""
    return _write_time(datetime.now(UTC))


def _write_time(time: datetime) -> str:
    return time.isoformat(timespec="seconds")


def _read_first(path: Path) -> KeptExchange | None:
    with path.open("rb") as file:
        return next((exchange for line in file if (exchange := _read_line(line))), None)


def _read_line(line: bytes) -> KeptExchange | None:
    try:
        return KeptExchange.model_validate_json(line)
    except ValidationError:
        return None
