"""An answer and its quotes, as every user of the assistant receives them.

Offsets count Unicode code points of the document's stored text; ``end`` is exclusive.
Numbers called "quote indices" count from 0 within the answer's own ``quotes`` (or ``nearest``).
"""

from __future__ import annotations

from typing import Literal

from index.models import DocumentInfo, FrozenModel


class Quote(FrozenModel):
    """One unbroken span of a document, shown word for word."""

    text: str
    start: int
    end: int
    highlight: tuple[int, int] | None
    """The answer inside the quote, as offsets into the document's stored text."""
    document: DocumentInfo
    page: int | None
    section: str | None
    support: tuple[int, ...]
    """Indices of the other quotes that say the same."""


class Value(FrozenModel):
    """One of several differing values, with the quotes that give it."""

    text: str
    quotes: tuple[int, ...]


class Difference(FrozenModel):
    """Documents that give different figures, dates or names for the same thing."""

    values: tuple[Value, ...]


class Inference(FrozenModel):
    """What a phrase of a quote means, worked out from its document: never part of the quote."""

    quote: int
    text: str
    means: str


class Version(FrozenModel):
    """What produced an answer: with the question, all that its bytes depend on."""

    askdocs: str
    library: str
    """Digest over the documents' ids and hashes: equal contents, equal digest."""
    model: str


class Answer(FrozenModel):
    """A template's sentence and the quotations that stand behind it."""

    question: str
    status: Literal["answered", "not_found", "reply"]
    text: str
    rule: str
    confidence: float
    """0 to 1: probability that the first of ``quotes`` (or ``nearest``) is right."""
    quotes: tuple[Quote, ...]
    nearest: tuple[Quote, ...]
    searched: str
    differences: tuple[Difference, ...]
    inferred: tuple[Inference, ...]
    version: Version


class Turn(FrozenModel):
    """One earlier utterance of a conversation."""

    role: Literal["user", "assistant"]
    text: str
