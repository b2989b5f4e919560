"""What retrieval hands to the outside: documents as they are cited, and hits.

Offsets count Unicode code points of the document's stored text; ``end`` is exclusive.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class FrozenModel(BaseModel):
    """A value that leaves the house: immutable, and nothing undeclared gets in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DocumentInfo(FrozenModel):
    """A document as a citation names it."""

    id: str
    """Derived from the absolute path (and, for a corpus line, its id): the same on every run."""
    name: str
    """Path relative to the folder that was added, or the id of a corpus line. Unique."""
    title: str
    source: str | None
    published: str | None
    """ISO date, as precise as the document states it: ``2020-11-21``, ``2020-11`` or ``2020``."""
    sha256: str
    """SHA-256 of the stored text, UTF-8 encoded."""


class Hit(FrozenModel):
    """A passage that bears on the query, with its place and score."""

    rank: int
    """1 is best."""
    score: float
    """Fused score, 0 to 1, comparable only within one search."""
    text: str
    start: int
    end: int
    document: DocumentInfo
    page: int | None
    section: str | None
