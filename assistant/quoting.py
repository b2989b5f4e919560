"""How does a sentence become a quotation that can stand alone?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer_types import Span
from assistant.evidence import Evidence
from assistant.highlights import find_highlight
from assistant.models import Quote
from assistant.questions import Question


@dataclass(frozen=True, slots=True)
class Draft:
    """A quotation being made: one unbroken span of a document."""

    evidence: Evidence
    start: int
    end: int
    highlight: Span | None

    @property
    def text(self) -> str:
        """The quotation, word for word."""
        return self.evidence.text[self.start : self.end]

    def overlaps(self, other: Draft) -> bool:
        """Whether both quote some of the same place."""
        return (
            self.evidence.number == other.evidence.number
            and self.start < other.end
            and other.start < self.end
        )


def draft_quotes(question: Question, ordered: Sequence[Evidence], most: int) -> list[Draft]:
    """Make up to ``most`` quotations, best first, none over the same place as another."""
    drafts: list[Draft] = []
    # A heading names the matter and says nothing about it.
    telling = [evidence for evidence in ordered if evidence.sentence.kind != "heading"]
    for evidence in telling or ordered:
        draft = _draft(question, evidence)
        if not any(draft.overlaps(other) for other in drafts) and not _repeats(draft, drafts):
            drafts.append(draft)
        if len(drafts) == most:
            break
    return drafts


def to_quote(draft: Draft, support: Sequence[int]) -> Quote:
    """Give a draft its citation."""
    sentence = draft.evidence.sentence
    return Quote(
        text=draft.text,
        start=draft.start,
        end=draft.end,
        highlight=draft.highlight,
        document=draft.evidence.document,
        page=sentence.page,
        section=sentence.section,
        support=tuple(support),
    )


def _draft(question: Question, evidence: Evidence) -> Draft:
    return Draft(evidence, evidence.start, evidence.end, find_highlight(question, evidence))


def _repeats(draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether the same document was quoted with the same words from another place."""
    return any(
        draft.evidence.number == other.evidence.number and _same_words(draft.text, other.text)
        for other in drafts
    )


def _same_words(one: str, other: str) -> bool:
    return re.findall(r"\w+", one.lower()) == re.findall(r"\w+", other.lower())
