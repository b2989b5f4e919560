"""Which acronyms does a text define? "Government of National Accord (GNA)" defines GNA."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.words import words

_IN_BRACKETS = re.compile(r"\(([^\W\d_][\w&.-]{1,9})\)")
_BEFORE_LONG = re.compile(r"\b([A-Z][A-Z&.]{0,8}[A-Z])\s\(([^()]{6,80})\)")
_LOOKBACK = 120
"""Characters before the bracket in which the long form must stand."""
_SMALL_WORDS = frozenset({"of", "the", "and", "for", "to", "in", "on", "de", "la", "du", "des"})


def find_acronyms(text: str) -> Iterator[tuple[str, str]]:
    """Yield (acronym, long form) for every definition in ``text``, both as they are written."""
    for match in _IN_BRACKETS.finditer(text):
        short = match.group(1)
        if sum(letter.isupper() for letter in short) < 2:
            continue
        before = text[max(0, match.start() - _LOOKBACK) : match.start()]
        long_form = _long_form_at_end(short, before)
        if long_form:
            yield short, long_form
    for match in _BEFORE_LONG.finditer(text):
        if _initials_match(match.group(1), match.group(2)):
            yield match.group(1), match.group(2).strip()


def _long_form_at_end(short: str, before: str) -> str | None:
    """Return the shortest run of words at the end of ``before`` whose initials spell ``short``."""
    starts = [word.start for word in words(before)]
    letters = _letters(short)
    for start in reversed(starts[-2 * len(letters) - 2 :]):
        candidate = before[start:].strip()
        if re.search(r"[.;:!?()\n]\s", candidate):
            return None
        if _initials_match(short, candidate):
            return candidate
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
