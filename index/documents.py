"""A document as a reader hands it over: its text, and the places a person knows in it.

``Block`` spans are counted in code points of ``ReadDocument.text``, in order, not overlapping;
what lies between them (blank lines, list marks, heading signs) belongs to no sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

BlockKind = Literal["paragraph", "heading", "item", "cell", "boilerplate"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text that no sentence crosses.

    ``boilerplate`` marks what is never evidence: menus, "Read also" lines, site notices.
    """

    start: int
    end: int
    kind: BlockKind
    section: str | None = None
    """The nearest heading above; for a heading block, itself."""
    page: int | None = None
    """Page, slide or sheet, counted from 1."""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"Block from {self.start} to {self.end} is empty or reversed.")


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What a reader found in a file. ``text`` is stored as it stands and never edited after."""

    text: str
    blocks: tuple[Block, ...]
    title: str
    source: str | None = None
    published: str | None = None
    """ISO date, as precise as the document states it: ``2020-11-21``, ``2020-11`` or ``2020``."""
    corpus_id: str | None = None
    """The id of a line of a JSONL corpus; ``None`` for a file of its own."""


class RefusalReason(StrEnum):
    """Why a file was not read."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    NO_TEXT = "no text"
    NOT_TEXT = "not text"
    UNSUPPORTED = "unsupported"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too large"
    HOSTILE = "hostile"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not read, and why, in words for the person who added it."""

    reason: RefusalReason
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: one document, or the lines of a corpus."""

    documents: tuple[ReadDocument, ...]
    remarks: tuple[str, ...] = ()
    """What the person should know: a guessed encoding, lines of a corpus that were refused."""
