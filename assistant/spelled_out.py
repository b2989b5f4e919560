"""Which sentence spells out the acronym that was asked for?

"What is the GNA?" is answered by "Government of National Accord (GNA)", wherever that stands. The
pattern is as good as sure, and the collections that the weights are fitted on hold too few such
questions to learn it from.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.choice import Choice
from assistant.evidence import Evidence
from assistant.questions import Kind, Question
from index.acronyms import find_acronym_spans

_ACRONYM = re.compile(r"(?:the )?((?:[A-Z]\.?){2,8}s?)", re.IGNORECASE)
CONFIDENCE = 0.95
"""Of an acronym spelled out letter by letter."""


def prefer_spelled_out(question: Question, choice: Choice) -> Choice:
    """Put the first sentence that spells out the acronym asked for before all others."""
    if question.kind is not Kind.DEFINITION:
        return choice
    match = _ACRONYM.fullmatch(question.topic)
    if not match:
        return choice
    acronym = _letters(match.group(1))
    for at, evidence in enumerate(choice.ordered):
        if _spells_out(evidence, acronym):
            order = (at, *(row for row in range(len(choice.ordered)) if row != at))
            return replace(
                choice,
                ordered=tuple(choice.ordered[row] for row in order),
                scores=tuple(choice.scores[row] for row in order),
                confidence=max(choice.confidence, CONFIDENCE),
            )
    return choice


def _spells_out(evidence: Evidence, acronym: str) -> bool:
    sentence = evidence.sentence_text
    return any(
        _letters(sentence[slice(*short)]) == acronym for short, _ in find_acronym_spans(sentence)
    )


def _letters(text: str) -> str:
    return text.replace(".", "").lower()
