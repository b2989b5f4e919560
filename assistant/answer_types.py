"""Which parts of a sentence could be a date, a number, a name … at all?

Each finder returns spans of the text it is given, in order. They are patterns, not knowledge:
a capital run is a possible name, and the question decides whether one was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

Span = tuple[int, int]


class AnswerType(StrEnum):
    """What would satisfy a question."""

    PERSON = "person"
    PLACE = "place"
    NAME = "name"
    """A person, place, organisation or work: any proper name."""
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DURATION = "duration"
    REASON = "reason"
    SPEECH = "speech"
    DEFINITION = "definition"
    ANY = "any"


FIGURES = frozenset(
    {
        AnswerType.DATE,
        AnswerType.NUMBER,
        AnswerType.MONEY,
        AnswerType.PERCENT,
        AnswerType.DURATION,
    }
)
"""Types whose absence is certain: a sentence without any figure gives no date and no number."""

NAMES = frozenset({AnswerType.PERSON, AnswerType.PLACE, AnswerType.NAME})
"""Types that a proper name satisfies."""

_MONTH = (
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\b|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?+)"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2})"
_DATE = re.compile(
    rf"\b(?:{_WEEKDAY},?\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?\b"
    rf"|\b(?:{_WEEKDAY},?\s+)?{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:\s*,\s*{_YEAR}|\s+{_YEAR})?"
    rf"|\b(?:(?:early|late|mid)[ -])?{_MONTH}(?:\s+of)?\s+{_YEAR}\b"
    rf"|\b{_YEAR}-\d{{2}}(?:-\d{{2}})?\b"
    rf"|\b(?i:in|of|during|since|until|by|last|this|early|late|mid)[ -](?P<month>{_MONTH})"
    rf"(?!,?\s+(?:of\s+)?(?:\d{{1,2}}\b|{_YEAR}\b))"
    rf"|\b(?:(?:early|late|mid)[ -])?(?:the\s+)?(?P<decade>{_YEAR}s)\b"
    rf"|\b{_YEAR}\b(?!\s+(?:people|men|soldiers|troops|times|miles|km|dollars))"
    rf"|\b(?:(?:early|late|mid)[ -])?(?:the\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)|[a-z]+(?:teenth|first|"
    r"second|third|fourth|fifth|sixth|seventh|eighth|ninth|tieth))(?:\s+(?:and|to)\s+\d{1,2}"
    r"(?:st|nd|rd|th))?\s+centur(?:y|ies)\b"
    rf"|\b(?:last|next|this)\s+(?:week|month|year|{_WEEKDAY})\b"
    rf"|\b{_WEEKDAY}s?\b|\b(?:yesterday|today|tomorrow)\b"
    r"|\b\d+\s?(?:BC|BCE|AD|CE)\b"
)
_CARDINAL = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety)(?:-[a-z]+)?|(?:a\s)?hundred|(?:a\s)?dozen|half)"
)
_SCALE = r"(?:hundred|thousand|million|billion|trillion|bn|m)"
_FIGURE = r"(?<!\d[.,])\d++(?:[.,]\d++)*+"
"""Never tried again from its middle: "1,1,1,…" over a whole sentence would take minutes."""
_UNIT = (
    r"(?:square\s)?(?:km²?|kilomet(?:er|re)s?|met(?:er|re)s?|cm|mm|miles?|feet|foot|ft|inch(?:es)?"
    r"|acres?|hectares?|kg|kilograms?|grams?|mg|tons?|tonnes?|lit(?:er|re)s?|degrees|mph|km/h"
    r"|years\sold|hours?\sold|times)"
)
_NUMBER = re.compile(
    rf"\b(?:{_FIGURE}(?:\s?(?:to|-|–)\s?{_FIGURE})?(?:\s{_SCALE})?"
    rf"|{_CARDINAL}(?:\s{_SCALE})*|(?:hundreds|thousands|dozens|millions|scores)\b)\b"
    rf"(?:\s?{_UNIT}\b)?(?![.,]?\d|%)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    rf"(?:US|A|C)?[$€£¥]\s?{_FIGURE}(?:\s?{_SCALE}\b)?"
    rf"|\b(?:{_FIGURE}|{_CARDINAL})(?:\s{_SCALE})*\s(?:(?:US|U\.S\.)\s)?"
    r"(?:dollars?|euros?|pounds?|cents?|yen|francs?|rupees?)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    rf"\b(?:{_FIGURE}|{_CARDINAL})\s?(?:%|(?:per\s?cent|percent(?:age points?)?)\b)", re.IGNORECASE
)
_DURATION = re.compile(
    rf"\b(?:{_FIGURE}(?:\s?(?:to|-|–|or)\s?{_FIGURE})?|{_CARDINAL}|an?|several|few)[\s-]"
    r"(?:second|minute|hour|day|night|week|month|year|decade|centur)(?:s|ies|y)?\b(?:-old)?",
    re.IGNORECASE,
)
_NAME_WORD = (
    r"(?:(?:[A-Z]\.){2,}(?!\w)|[^\W\d_a-z][\w'’.&-]*\w|[^\W\d_a-z]\.?"
    r"|(?:al|el|de|van|von|bin|ibn|la|le|di)-\w+)"
)
_NAME_LINK = r"(?:\s+(?:of|the|de|la|du|van|von|bin|ibn|der|for)\s+(?:the\s+)?|\s+|\s?&\s?)"
_NAME = re.compile(rf"{_NAME_WORD}(?:{_NAME_LINK}{_NAME_WORD}|\s+\d+\b)*")
_ONLY_DATE = re.compile(rf"(?:{_MONTH}|{_WEEKDAY})(?:\s\d+)*")
_NOT_NAMES = frozenset(
    """The A An In On At It He She They We I This That These Those There However But And Or If When
    While As For From By With After Before Since During Although Though Because Its His Her Their
    Some Many Most All Both Each Such Other Another No Not Also Then Thus Hence What Which Who Where
    Why How Is Are Was Were Has Have Had Do Does Did Of To Under According Despite Following Prior
    Last Next Once Until Our My Your One Two Three Several Among Between Over Through Yet So
    """.split()
)
LIST_JOINT = re.compile(r"[\s,;()]*(?:and|or|as well as|&)?\s*(?:the\s+)?", re.IGNORECASE)
"""What may stand between two items of one list, brackets as in "(UAE)" included."""
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|from|to|into|of|across|throughout|outside|around|through|towards?)\s"
    r"(?:the\s|central\s|northern\s|southern\s|eastern\s|western\s)*$",
    re.IGNORECASE,
)
_PLACE_WORDS_LENGTH = 50
"""Characters before a name in which its word of place is looked for."""
_REASON = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|as a result of|thanks to|in order to|so that|so as to"
    r"|since|citing|saying (?:that )?(?:it|he|she|they)|the reason (?:is|was)"
    r"|(?:was|were|is|are) caused by|"
    r"in response to|on the grounds that|for fear|as (?:it|he|she|they|the)\b|to (?:avoid|prevent"
    r"|protect|ensure|allow|help|make|reduce|increase|improve|stop|get|keep|gain))\b[^;.!?]*",
    re.IGNORECASE,
)
_SPEECH = re.compile(r"[\"“”„«][^\"“”»]{3,}[\"”“»]|(?<=\bsaid\s)that\s[^;.!?]+")
_DEFINITION = re.compile(
    r"(?<=\s)(?:is|are|was|were)\s(?:an?|the|one of|any)?\s?[^;.!?]+|(?<=,\s)(?:an?|the)\s[^,;.]+"
    r"|(?:refers? to|means?|stands for|is called|is known as|(?:is|are) defined as)\s[^;.!?]+"
)


def find_spans(text: str, answer_type: AnswerType) -> list[Span]:
    """Return the parts of ``text`` that could be an answer of this type, in order."""
    finder = _FINDERS.get(answer_type)
    return finder(text) if finder else []


def find_names(text: str) -> list[Span]:
    """Return capital runs that are not merely the first word of the text."""
    found: list[Span] = []
    for match in _NAME.finditer(text):
        start, end = match.span()
        first = match.group().split()[0]
        while (first in _NOT_NAMES or first.isdigit()) and start < end:
            start += len(first)
            while start < end and text[start].isspace():
                start += 1
            first = text[start:end].split(maxsplit=1)[0] if start < end else ""
        if text[start:end].endswith("'s") or text[start:end].endswith("’s"):
            end -= 2
        is_letter = end - start == 1 and text[start] in "AI"
        if start < end and not is_letter and not _ONLY_DATE.fullmatch(text[start:end]):
            found.append((start, end))
    return found


def _find_dates(text: str) -> list[Span]:
    found: list[Span] = []
    for match in _DATE.finditer(text):
        group = next((name for name in ("month", "decade") if match.group(name)), None)
        found.append(match.span(group) if group == "month" else match.span())
    return found


def _find_places(text: str) -> list[Span]:
    """Names after a word of place come first; without one, every name may be a place."""
    names = find_names(text)
    placed: list[Span] = []
    for start, end in names:
        follows = bool(placed) and LIST_JOINT.fullmatch(text, placed[-1][1], start) is not None
        before = text[max(0, start - _PLACE_WORDS_LENGTH) : start]
        if follows or _PLACE_BEFORE.search(before):
            placed.append((start, end))
    return placed or names


def _find_persons(text: str) -> list[Span]:
    """Names of two or more words come first; without one, every name may be a person."""
    names = find_names(text)
    full = [
        (start, end)
        for start, end in names
        if " " in text[start:end] and not re.search(r"\b(?:of|the|for|and|&)\b", text[start:end])
    ]
    return full or names


def _all_of(pattern: re.Pattern[str]) -> Callable[[str], list[Span]]:
    return lambda text: [match.span() for match in pattern.finditer(text)]


_FINDERS: dict[AnswerType, Callable[[str], list[Span]]] = {
    AnswerType.PERSON: _find_persons,
    AnswerType.PLACE: _find_places,
    AnswerType.NAME: find_names,
    AnswerType.DATE: _find_dates,
    AnswerType.NUMBER: _all_of(_NUMBER),
    AnswerType.MONEY: _all_of(_MONEY),
    AnswerType.PERCENT: _all_of(_PERCENT),
    AnswerType.DURATION: _all_of(_DURATION),
    AnswerType.REASON: _all_of(_REASON),
    AnswerType.SPEECH: _all_of(_SPEECH),
    AnswerType.DEFINITION: _all_of(_DEFINITION),
}
