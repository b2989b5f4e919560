"""Which acronyms does a text define? "Government of National Accord (GNA)" defines GNA."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.words import words

Span = tuple[int, int]

_IN_BRACKETS = re.compile(r"\(([^\W\d_][\w&.-]{1,9})\)")
_BEFORE_LONG = re.compile(r"\b([A-Z][A-Z&.]{0,8}[A-Z])\s\(([^()]{6,80})\)")
_LOOKBACK = 120
"""Characters before the bracket in which the long form must stand."""
_SMALL_WORDS = frozenset({"of", "the", "and", "for", "to", "in", "on", "de", "la", "du", "des"})


def find_acronyms(text: str) -> Iterator[tuple[str, str]]:
    """Yield (acronym, long form) for every definition in ``text``, both as they are written."""
    for short, long_form in find_acronym_spans(text):
        yield text[slice(*short)], text[slice(*long_form)]


def find_acronym_spans(text: str) -> Iterator[tuple[Span, Span]]:
    """Yield the places (acronym, long form) of every definition in ``text``."""
    for match in _IN_BRACKETS.finditer(text):
        short = match.group(1)
        if sum(letter.isupper() for letter in short) < 2:
            continue
        place = _long_form_before(short, text, match.start())
        if place:
            yield match.span(1), place
    for match in _BEFORE_LONG.finditer(text):
        long_form = match.group(2)
        if _initials_match(match.group(1), long_form):
            start = match.start(2) + len(long_form) - len(long_form.lstrip())
            yield match.span(1), (start, start + len(long_form.strip()))


def _long_form_before(short: str, text: str, bracket: int) -> Span | None:
    """Return the shortest run of words before a bracket whose initials spell ``short``."""
    first = max(0, bracket - _LOOKBACK)
    before = text[first:bracket].rstrip()
    starts = [word.start for word in words(before)]
    for start in reversed(starts[-2 * len(_letters(short)) - 2 :]):
        candidate = before[start:]
        if re.search(r"[.;:!?()\n]\s", candidate):
            return None
        if _initials_match(short, candidate):
            return first + start, first + len(before)
    return None


def _initials_match(short: str, long_form: str) -> bool:
    """Whether the initials of ``long_form``, small words optional, spell ``short``."""
    surfaces = re.findall(r"[^\W_]+", long_form)
    if len(surfaces) < 2 or surfaces[0].lower() in _SMALL_WORDS:
        return False
    weighty = "".join(word[0] for word in surfaces if word.lower() not in _SMALL_WORDS).lower()
    everything = "".join(word[0] for word in surfaces).lower()
    return _letters(short) in (weighty, everything)


def _letters(short: str) -> str:
    return "".join(letter for letter in short.lower().rstrip("s") if letter.isalnum())
