"""Do the documents agree? Which quotes say the same, and where do they differ?

A difference is never resolved in silence, and never made up: two values count as differing only
when both sentences are about the whole of the question and come from different documents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer_types import AnswerType
from assistant.evidence import FEATURES
from assistant.highlights import list_items
from assistant.models import Difference, Value
from assistant.questions import Kind, Question
from assistant.quoting import Draft
from index.words import terms

_WORDS = FEATURES.index("words")
_CONTEXT = FEATURES.index("context")
_COMPARABLE = frozenset(
    {
        AnswerType.DATE,
        AnswerType.NUMBER,
        AnswerType.MONEY,
        AnswerType.PERCENT,
        AnswerType.DURATION,
        AnswerType.PERSON,
        AnswerType.PLACE,
        AnswerType.NAME,
    }
)
_NAMES = frozenset({AnswerType.PERSON, AnswerType.PLACE, AnswerType.NAME})
_ON_TOPIC = 0.6
"""Share of the question's weighty words that a sentence must hold before it can disagree."""
_NEAR_BEST = 0.8
"""… and, of the share that the best sentence holds."""

Reading = frozenset[frozenset[str]]
"""A value in its normal form: the items of a list (one, as a rule), each a set of terms."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Which quotes support each other, and the differences between documents."""

    support: tuple[tuple[int, ...], ...]
    differences: tuple[Difference, ...]


def compare(question: Question, drafts: Sequence[Draft]) -> Agreement:
    """Compare what the quotes give as the answer."""
    readings = [_reading(question, draft) for draft in drafts]
    support = tuple(
        tuple(
            other
            for other in range(len(drafts))
            if other != one
            and (
                _same_wording(drafts[one].text, drafts[other].text)
                or _agree(question, readings[one], readings[other])
            )
        )
        for one in range(len(drafts))
    )
    return Agreement(support, _differences(question, drafts, readings))


def _differences(
    question: Question, drafts: Sequence[Draft], readings: Sequence[Reading | None]
) -> tuple[Difference, ...]:
    if not drafts or question.answer_type not in _COMPARABLE or readings[0] is None:
        return ()
    floor = max(_ON_TOPIC, _NEAR_BEST * float(drafts[0].evidence.features[_CONTEXT]))
    groups: list[tuple[Reading, list[int]]] = []
    for at, reading in enumerate(readings):
        if reading is None or not _is_on_topic(drafts[at], floor):
            continue
        for known, members in groups:
            if _agree(question, known, reading):
                members.append(at)
                break
        else:
            groups.append((reading, [at]))
    if len(groups) < 2 or 0 not in groups[0][1]:
        return ()
    documents = {drafts[at].evidence.number for _, members in groups for at in members}
    own = {drafts[at].evidence.number for at in groups[0][1]}
    if documents == own and not (question.wants_several or _spread(groups, drafts)):
        return ()
    return (
        Difference(
            values=tuple(
                Value(text=_highlighted(drafts[members[0]]), quotes=tuple(members))
                for _, members in groups
            )
        ),
    )


def _spread(groups: Sequence[tuple[Reading, list[int]]], drafts: Sequence[Draft]) -> bool:
    """Whether some value stands in a document that the first value does not stand in."""
    own = {drafts[at].evidence.number for at in groups[0][1]}
    return any(drafts[at].evidence.number not in own for _, members in groups[1:] for at in members)


def _is_on_topic(draft: Draft, floor: float) -> bool:
    features = draft.evidence.features
    return bool(features[_WORDS] >= _ON_TOPIC and features[_CONTEXT] >= floor)


def _reading(question: Question, draft: Draft) -> Reading | None:
    if draft.highlight is None or question.answer_type not in _COMPARABLE:
        return None
    text = _highlighted(draft)
    if question.answer_type in _NAMES:
        items = list_items(text, question.answer_type) or [text]
        return frozenset(frozenset(terms(item)) for item in items)
    return frozenset({frozenset(terms(text))})


def _agree(question: Question, one: Reading | None, other: Reading | None) -> bool:
    """Whether two values are the same: "25 November" and "25 November 2020" are."""
    if one is None or other is None:
        return False
    if question.wants_several or question.kind is Kind.LIST:
        return len(one) == len(other) and all(
            any(item <= match or match <= item for match in other) for item in one
        )
    return any(item <= match or match <= item for item in one for match in other)


def _highlighted(draft: Draft) -> str:
    start, end = draft.highlight or (draft.start, draft.end)
    return draft.evidence.text[start:end]


def _same_wording(one: str, other: str) -> bool:
    """Whether two quotes are near-copies of one text: the same words but for one in ten."""
    first, second = (set(re.findall(r"\w+", text.lower())) for text in (one, other))
    if not first or not second:
        return False
    return len(first & second) / len(first | second) >= 0.9
