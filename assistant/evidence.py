"""What is known of a sentence that could answer?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from assistant.answer_types import Span
from index.models import DocumentInfo
from index.retriever import RankedPassage
from index.rows import StoredSentence

FEATURES = (
    "meaning",
    "quote_meaning",
    "words",
    "quote_words",
    "related",
    "words_bm25",
    "same_form",
    "passage",
    "document",
    "title",
    "early",
    "context",
    "covered",
    "surroundings",
    "nearness",
    "names",
    "type",
    "type_missing",
    "figure_missing",
    "counts",
    "defines",
    "speaks",
    "gives_reason",
    "previous",
    "leans",
    "asks",
    "heading",
    "short",
    "long",
    "opens",
    "adds",
)
"""Names of the features, in the order of a feature vector; where each is worked out, in
``assistant/weighing.py``, says what it is."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the learned judge says of a sentence."""

    score: float
    """Log odds that it answers, about: above 0 is rather yes."""
    answer: Span
    """Where it sees the answer, if the sentence holds one; offsets into the text."""


@dataclass(frozen=True)
class Evidence:
    """A sentence that could answer, with the one before it where it cannot stand alone."""

    ranked: RankedPassage
    """The passage that it stands in."""
    row: int
    """Which of the passage's sentences it is, counted from 0."""
    text: str
    """Stored text of the whole document."""
    start: int
    """Where the quotation starts: at the sentence, or at the one before, if it leans on it."""
    features: npt.NDArray[np.float64]
    """(features,) in the order of :data:`FEATURES`."""
    spans: tuple[Span, ...]
    """Possible answers of the type asked for and not in the question; offsets into the text."""
    verdict: Verdict | None = None
    """The learned judge's, where it was asked."""

    @property
    def document(self) -> DocumentInfo:
        """The document that it stands in."""
        return self.ranked.document

    @property
    def number(self) -> int:
        """Its document's number in the store."""
        return self.ranked.passage.document

    @property
    def sentence(self) -> StoredSentence:
        """The sentence's place and kind."""
        return self.ranked.passage.sentences[self.row]

    @property
    def end(self) -> int:
        """Where the quotation ends."""
        return self.sentence.end

    @cached_property
    def sentence_text(self) -> str:
        """The sentence alone, word for word."""
        return self.text[self.sentence.start : self.sentence.end]

    @cached_property
    def quote(self) -> str:
        """The quotation, word for word."""
        return self.text[self.start : self.end]

    @property
    def place(self) -> tuple[str, int]:
        """What ties are broken by."""
        return (self.document.id, self.sentence.start)
