"""Do the documents agree? Which quotes say the same, and where do they differ?

A difference is never resolved in silence, and never made up: two values count as differing only
when both sentences are about the whole of the question and come from different documents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer_types import NAMES, AnswerType
from assistant.evidence import FEATURES
from assistant.highlights import list_items
from assistant.models import Difference, Value
from assistant.questions import Kind, Question
from assistant.quoting import Draft
from index.spelling import same_name, sound_key
from index.words import terms, words

_RELATED = FEATURES.index("related")
_COUNTS = FEATURES.index("counts")
_MEANING = FEATURES.index("quote_meaning")
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
_ON_TOPIC = 0.6
"""Share of the question's weighty words (or related ones) that a sentence must hold before it can
disagree."""
_NEAR_BEST = 0.8
"""… and of the share that the best sentence holds."""
_AS_NEAR = 0.55
"""… and of the best sentence's cosine: two sentences on one matter are about as near to it."""
_AS_NEAR_ALONE = 0.75
"""… nearer still where one answer is right, and a mere mention would pass for another."""
_LAST_DAY = 31
_CALENDAR = re.compile(r"\d|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")


@dataclass(frozen=True, slots=True)
class Item:
    """One value in its normal form."""

    terms: frozenset[str]
    short: str = ""
    """The name itself, if it is an acronym."""
    initials: str = ""
    """Those of a name of several words: "US" and "United States" are one."""

    def is_one_with(self, other: Item) -> bool:
        """Whether both are one value: equal, or one a shorter form of the other."""
        return (
            _is_part(self.terms, other.terms)
            or _is_part(other.terms, self.terms)
            or bool(self.short and self.short == other.initials)
            or bool(other.short and other.short == self.initials)
        )


def _is_part(terms: frozenset[str], whole: frozenset[str]) -> bool:
    """Whether all terms stand in ``whole``, a name in another spelling included."""
    return all(
        term in whole or any(_is_spelled_like(term, known) for known in whole) for term in terms
    )


def _is_spelled_like(one: str, other: str) -> bool:
    """Whether two words are one name, a letter apart: "Tarhouna" is Tarhuna, Niger no Nigeria."""
    if not (one.isalpha() and other.isalpha()) or sound_key(one) != sound_key(other):
        return False
    return same_name(one, other, most=1)


Reading = frozenset[Item]
"""What a quote gives: the items of a list, one as a rule."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Which quotes support each other, and the differences between documents."""

    support: tuple[tuple[int, ...], ...]
    differences: tuple[Difference, ...]
    agreeing: frozenset[int]
    """Numbers of the documents that agree with the first quote; near-copies count once."""


def main_quotes(support: Sequence[int], differences: Sequence[Difference]) -> list[int]:
    """Return the quotes that make the answer: the first, what supports it, and all that differ.

    The others are weaker passages. ``support`` is the first quote's.
    """
    named = {0, *support}
    for difference in differences:
        for value in difference.values:
            named.update(value.quotes)
    return sorted(named)


def compare(question: Question, drafts: Sequence[Draft]) -> Agreement:
    """Compare what the quotes give as the answer."""
    readings = [_reading(question, draft) for draft in drafts]
    support = tuple(
        tuple(
            other
            for other in range(len(drafts))
            if other != one
            and (
                same_wording(drafts[one].text, drafts[other].text)
                or _is_same(question, readings[one], readings[other])
            )
        )
        for one in range(len(drafts))
    )
    return Agreement(support, _differences(question, drafts, readings), _agreeing(drafts, support))


def _agreeing(drafts: Sequence[Draft], support: Sequence[Sequence[int]]) -> frozenset[int]:
    counted: list[Draft] = []
    for at in (0, *support[0]) if drafts else ():
        if not any(same_wording(drafts[at].text, other.text) for other in counted):
            counted.append(drafts[at])
    return frozenset(draft.evidence.number for draft in counted)


def _differences(
    question: Question, drafts: Sequence[Draft], readings: Sequence[Reading | None]
) -> tuple[Difference, ...]:
    """Group what the quotes on the matter give; more than one group is a difference."""
    if question.kind is Kind.WHO:
        return ()  # several people may each do what is asked about; names then differ in peace
    groups: list[_Group] = []
    for at, reading in enumerate(readings):
        if reading is None or not _is_on_topic(question, drafts[at], drafts[0]):
            continue
        for group in groups:
            if _agree(question, group.reading, reading) or _belongs(drafts[at], reading, group):
                group.join(at, reading)
                break
        else:
            groups.append(_Group(reading, [at], drafts[at].evidence.number))
    if len({group.document for group in groups}) < 2:
        return ()  # one document's several figures are about several things
    return (
        Difference(
            values=tuple(
                Value(text=_highlighted(drafts[group.best]), quotes=tuple(group.members))
                for group in groups
            )
        ),
    )


@dataclass(slots=True)
class _Group:
    """Quotes that give the same value."""

    reading: Reading
    members: list[int]
    document: int
    """Number of the document that gave it first."""
    best: int = -1
    """The quote that gives it most fully."""

    def __post_init__(self) -> None:
        self.best = self.members[0]

    def join(self, at: int, reading: Reading) -> None:
        self.members.append(at)
        if len(reading) > len(self.reading):
            self.reading, self.best = reading, at


def _belongs(draft: Draft, reading: Reading, group: _Group) -> bool:
    """Whether a shorter or longer list is another sentence of the document that gave the list."""
    return draft.evidence.number == group.document and (
        reading <= group.reading or group.reading <= reading
    )


def _is_on_topic(question: Question, draft: Draft, best: Draft) -> bool:
    """Whether a sentence is about the whole of the question, nearly as much as the best one."""
    features, first = draft.evidence.features, best.evidence.features
    as_near = _AS_NEAR if question.wants_several else _AS_NEAR_ALONE
    return bool(
        features[_RELATED] >= max(_ON_TOPIC, _NEAR_BEST * first[_RELATED])
        and features[_MEANING] >= as_near * first[_MEANING]
    )


def _reading(question: Question, draft: Draft) -> Reading | None:
    if draft.highlight is None or question.answer_type not in _COMPARABLE:
        return None
    if not draft.evidence.spans:
        return None  # the mark is a guess at the answer, not a figure or a name
    if question.counted and not draft.evidence.features[_COUNTS]:
        return None
    text = _highlighted(draft)
    if question.answer_type in NAMES:
        items = list_items(text, question.answer_type)
        if not items:
            return None  # "from mass graves" names no place that another could differ from
        return frozenset(_name(item) for item in items)
    if question.answer_type is AnswerType.DATE and not _CALENDAR.search(text):
        return None  # "Wednesday" may be the very day that another document names by its date
    return frozenset({Item(frozenset(terms(text)))})


def _agree(question: Question, one: Reading | None, other: Reading | None) -> bool:
    """Whether two values are the same: "25 November" and "25 November 2020" are."""
    if one is None or other is None:
        return False
    if question.wants_several or question.kind is Kind.LIST:
        return len(one) == len(other) and all(
            any(item.is_one_with(match) for match in other) for item in one
        )
    return any(item.is_one_with(match) for item in one for match in other)


def _name(text: str) -> Item:
    found = [word.plain.replace(".", "") for word in words(text) if not word.is_stop]
    if len(found) > 1:
        return Item(frozenset(found), initials="".join(word[0] for word in found))
    is_short = text.replace(".", "").isupper()
    return Item(frozenset(found), short=found[0] if found and is_short else "")


def _is_same(question: Question, one: Reading | None, other: Reading | None) -> bool:
    """Whether two values agree and are equally precise.

    "November 2020" does not contradict "25 November 2020", and it does not confirm it either.
    """
    if not _agree(question, one, other):
        return False
    return question.answer_type is not AnswerType.DATE or _has_day(one) == _has_day(other)


def _has_day(reading: Reading | None) -> bool:
    return any(
        term.isdigit() and int(term) <= _LAST_DAY for item in reading or () for term in item.terms
    )


def _highlighted(draft: Draft) -> str:
    start, end = draft.highlight or (draft.start, draft.end)
    return draft.evidence.text[start:end]


def same_wording(one: str, other: str) -> bool:
    """Whether two quotes are near-copies of one text: the same words but for one in ten."""
    first, second = (set(re.findall(r"\w+", text.lower())) for text in (one, other))
    if not first or not second:
        return False
    return len(first & second) / len(first | second) >= 0.9
