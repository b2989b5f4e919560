"""Which words does a text hold, in the form in which they are matched?

A *term* is a word in its normal form: case, accents, possessives and endings removed, number
words as digits, months spelled out. Terms are a view: the text itself is never changed.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer
from anyascii import anyascii

_LETTERS = r"(?:[^\W\d_]++[\u0300-\u036f]*+)++"
"""Letters, with the accents that may stand after them as characters of their own."""
_WORD = re.compile(
    r"(?:[A-Za-z]\.){2,}(?![A-Za-z])(?:['\u2019]s\b)?"  # U.S., a.m.
    r"|\d+(?:[.,]\d+)*"  # 1,000 and 3.5 are one word
    rf"|{_LETTERS}(?:\N{{SOFT HYPHEN}}{_LETTERS})*+(?:['\u2019]{_LETTERS})*+"
)
_POSSESSIVE = re.compile(r"['\u2019]s$|['\u2019]$")
_MONTH_OF_MAY = re.compile(
    r"(?<=\d\s)May\b|(?<=\bin\s)May\b|(?<=\bof\s)May\b|(?<=\bby\s)May\b|(?<=since\s)May\b"
    r"|(?<=until\s)May\b|(?<=early\s)May\b|(?<=late\s)May\b|(?<=last\s)May\b|\bMay(?=,?\s\d)"
)
"""May beside a number or a word of time is a month; everywhere else it is the small word."""
_NOT_IN_A_TERM = re.compile(r"[^A-Za-z0-9']+")
_LONGEST_WORD = 64
"""Longer runs of letters are data (keys, encoded files), not words."""

STOP_WORDS = frozenset(
    """a about above after again against all also am an and any are as at be because been before
    being below between both but by can could did do does doing down during each few for from
    further had has have having he her here hers herself him himself his how i if in into is it
    its itself just many me more most much my myself no nor not of off on once only or other our
    ours ourselves out over own same she should so some such than that the their theirs them
    themselves then there these they this those through to too under until up upon us very was
    we were what when where which while who whom whose why will with would you your yours
    yourself yourselves anybody anyone anything tell please say says said does's let lets shall
    may might must
    """.split()
)

_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "hundred": "100"}
_MONTHS = {
    month[:3]: month
    for month in (
        "january february march april june july august september october november december"
    ).split()
} | {"sept": "september"}
_SAME = {"usa": "us.", "u.s": "us.", "u.k": "uk", "u.n": "un", "e.u": "eu"}
"""Spellings of one word that no rule finds. ``us.`` is the country, ``us`` the pronoun."""

_local = threading.local()


class Word(NamedTuple):
    """A word of a text: its term, and where it stands."""

    term: str
    """Normal form; two words match when their terms are equal."""
    plain: str
    """Lower case, without accents, not stemmed."""
    start: int
    end: int
    is_stop: bool


def words(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` in order, stop words included and marked."""
    shouting = text.isupper() and len(text.split()) > 1
    for match in _WORD.finditer(text):
        surface = match.group()
        if len(surface) > _LONGEST_WORD:
            continue
        if surface == "May" and _MONTH_OF_MAY.match(text, match.start()):
            yield Word("may", "may", match.start(), match.end(), is_stop=False)
            continue
        plain, term, is_stop = _normal_form(surface, shouting)
        yield Word(term, plain, match.start(), match.end(), is_stop)


def plain_forms(text: str) -> set[str]:
    """Return the different plain forms of the words of ``text``, small words included."""
    shouting = text.isupper() and len(text.split()) > 1
    return {
        _normal_form(surface, shouting)[0]
        for surface in set(_WORD.findall(text))
        if len(surface) <= _LONGEST_WORD
    }


def terms(text: str) -> list[str]:
    """Return the terms of ``text`` in order, stop words left out."""
    return [word.term for word in words(text) if not word.is_stop]


# The flag is positional because it is half of the cache's key.
@lru_cache(maxsize=1 << 17)
def _normal_form(surface: str, shouting: bool) -> tuple[str, str, bool]:  # noqa: FBT001
    """Return (plain form, term, is a stop word)."""
    if surface[0].isdigit():
        return surface, _normal_number(surface), False
    plain = surface.replace("\N{SOFT HYPHEN}", "")
    plain = _POSSESSIVE.sub("", plain).replace("\u2019", "'")
    if not plain.isascii():
        # What has no letters in ASCII stays itself, and so still matches itself.
        plain = _NOT_IN_A_TERM.sub("", anyascii(plain)).strip("'") or plain
    dotted = "." in plain
    is_acronym = dotted or (plain.isupper() and len(plain) > 1 and not shouting)
    plain = plain.lower().rstrip(".")
    if plain in _SAME:
        return plain, _SAME[plain], False
    if dotted:
        return plain, plain.replace(".", ""), False
    if plain in STOP_WORDS:
        # WHO, US, IT in capitals are names, not the small words they look like.
        return (plain, plain + ".", False) if is_acronym else (plain, plain, True)
    if plain in _NUMBERS:
        return plain, _NUMBERS[plain], False
    if plain in _MONTHS:
        plain = _MONTHS[plain]
    return plain, _stem(plain), False


def _normal_number(surface: str) -> str:
    """1,000 and 1000 are one number; 3.5 keeps its point."""
    whole = (
        surface.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", surface) else surface
    )
    return whole.rstrip(".,")


def _stem(word: str) -> str:
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:  # a stemmer keeps a state of its own: one for each thread
        stemmer = _local.stemmer = Stemmer.Stemmer("english")
    return str(stemmer.stemWord(word))
