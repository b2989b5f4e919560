"""Where does each sentence of a stretch of text begin and end?

A full stop ends a sentence unless what stands before it (an abbreviation, an initial, a list
number) or after it (a small letter, a comma) speaks against it. Every rule looks at a bounded
stretch around the stop, so the time is linear in the text.
"""

from __future__ import annotations

import re

from index.abbreviations import (
    NUMBERED,
    OPENERS,
    ORGANISATIONS,
    TITLES,
    UNFINISHED,
    WORDS_WITH_STOP,
)
from index.long_sentences import split_long

Span = tuple[int, int]

LOOK_BACK = 28
"""Characters before a stop that are read to find the word it ends."""
LOOK_AHEAD = 60
"""Characters after a stop that are read to judge how the text goes on."""

# A run of marks, the quotes and brackets that close with it, citation numbers, white space.
# Every part is possessive or bounded and the pattern matches at any mark, so it never backtracks.
_STOP = re.compile(
    r"""(?P<mark>[.!?…‽](?:[ \u00a0]?[.!?…‽])*+ | [。！？｡．؟۔।॥])
    (?P<close>(?:["'”’»›)\]}」』】）]|[ \u00a0](?:''|[”’»)\]}](?=\s|$)))*+)
    (?P<cite>(?:[ ]?\[\d{1,3}(?:[,;–-][ ]?\d{1,3}){0,9}\])*+)
    (?P<space>\s*+)""",
    re.VERBOSE,
)
_WORD_BEFORE = re.compile(r"[^\W_](?:[\w.&'’-]*[^\W_])?$")
_NAME_IN_LOWER_CASE = re.compile(r"[a-z]{1,3}(?:-[A-Z]|[A-Z])")
_FIRST_WORD = re.compile(r"[\"'“‘«`(\[]*((?:[^\W_]|['’-])+)([\s,.]?)")
_GLUED = re.compile(r"[“\"‘(]?([A-Z][a-z]*)[\s,]")
_CITATION_AFTER_STOP = re.compile(r"\d{1,3}(?:[,–-]\d{1,3}){0,9}(?=\s+[A-Z“\"])")
_SPEAKER = re.compile(
    r"(?:[A-Z][\w.’'-]+\s){1,3}(?:said|says|asked|told|added|wrote|replied|cried|shouted)\b"
)
_LETTER_OR_DIGIT = re.compile(r"\w")
_NOT_A_WORD_END = re.compile(r"[/@\\=_#~]|www\.|\.\w")
_ALWAYS = frozenset("。！？｡؟۔।॥")


def split_sentences(text: str, start: int, end: int) -> list[Span]:
    """Spans of the sentences of ``text[start:end]``, in order, in code points of ``text``.

    They do not overlap, begin and end with a visible character and together hold every one.
    """
    spans: list[Span] = []
    begin = _skip_space(text, start, end)
    searched = begin
    for stop in _STOP.finditer(text, begin, end):
        if stop.start() < begin:
            continue
        place = _boundary(text, stop, begin, end)
        if place is None or place <= begin:
            continue
        # Marks alone ("* * *", "!") are no sentence: they go with the next one.
        if not _LETTER_OR_DIGIT.search(text, searched, place):
            searched = place
            continue
        spans.extend(split_long(text, begin, place))
        begin = searched = _skip_space(text, place, end)
    last = begin + len(text[begin:end].rstrip())
    if last > begin:
        if spans and not _LETTER_OR_DIGIT.search(text, searched, last):
            spans[-1] = (spans[-1][0], last)
        else:
            spans.extend(split_long(text, begin, last))
    return spans


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _boundary(text: str, stop: re.Match[str], begin: int, end: int) -> int | None:
    """Find the end of the sentence that ``stop`` closes; ``None`` where the sentence goes on."""
    mark, close, after = stop["mark"], stop["close"], stop.end()
    place = stop.end("cite")
    if after >= end:
        return place
    if mark in _ALWAYS:
        return None if close and text[after] == "と" else place
    if not stop["space"]:
        return _glued_boundary(text, stop, begin, end)
    ahead = text[after : min(after + LOOK_AHEAD, end)]
    if ahead[0] in '"”' and _closes_quote(text, begin, stop.start(), ahead):
        place, after = after + 1, after + 1
        ahead = text[after : min(after + LOOK_AHEAD, end)].lstrip()
        if not ahead:
            return place
    if any(sign in close for sign in "\"”’'»") and _SPEAKER.match(ahead):
        return None
    goes_on = _goes_on(ahead)
    if mark != ".":
        return None if goes_on or _is_pause(text, stop, begin) else place
    word = _word_before(text, begin, stop.start())
    if goes_on:
        return place if _small_letter_start(word, close, ahead) else None
    return None if _is_abbreviation(word, begin, stop, ahead) else place


def _closes_quote(text: str, begin: int, stop: int, ahead: str) -> bool:
    """Whether a quote mark that stands by itself after the stop closes a quotation."""
    alone = len(ahead) == 1 or ahead[1].isspace()
    return alone and text.count('"', max(begin, stop - 1000), stop) % 2 == 1


def _goes_on(ahead: str) -> bool:
    first = ahead[0]
    return first.islower() or first in ",;:-–—%&+=*/<>|)]}"


def _is_pause(text: str, stop: re.Match[str], begin: int) -> bool:
    """Dots that leave something out: after a space or inside brackets the sentence goes on."""
    mark = stop["mark"]
    if "?" in mark or "!" in mark:
        return False
    before = text[stop.start() - 1] if stop.start() > begin else " "
    return before.isspace() or before in "[(" or stop["close"][:1] in {"]", ")"}


def _small_letter_start(word: str, close: str, ahead: str) -> bool:
    """Whether a sentence may begin with a small letter here: "iPhone", or careless typing."""
    if close or not ahead[0].islower() or _is_listed(word.lower()) or "." in word:
        return False
    plain_word = len(word) > 3 and word.isalpha() and word.islower()
    return plain_word or (len(word) > 1 and bool(_NAME_IN_LOWER_CASE.match(ahead)))


def _is_listed(word: str) -> bool:
    return word in TITLES or word in WORDS_WITH_STOP or word in ORGANISATIONS or word in NUMBERED


def _word_before(text: str, begin: int, stop: int) -> str:
    found = _WORD_BEFORE.search(text[max(begin, stop - LOOK_BACK) : stop])
    # "Trinity-St. Paul": the part after the hyphen carries the stop.
    return found[0].rpartition("-")[2] if found else ""


def _is_abbreviation(word: str, begin: int, stop: re.Match[str], ahead: str) -> bool:
    """Say whether the stop belongs to ``word`` and the sentence goes on after it."""
    if not word:
        return False
    lower = word.lower()
    if word[0].isdigit() and word[-1].isdigit():
        # "12. The aim" at the start of a sentence is the number of a list item.
        return len(word) <= 5 and stop.start() - len(word) <= begin + 1
    if stop["close"] and lower not in TITLES:
        return lower in {"i.e", "e.g", "cf", "viz"}
    found = _FIRST_WORD.match(ahead)
    next_word = found[1] if found else ""
    opener = next_word in OPENERS and found is not None and found[2] != "."
    if lower in TITLES or lower in UNFINISHED:
        return True
    if lower in NUMBERED:
        numbered = ahead[0].isdigit() or (len(next_word) <= 4 and next_word[-1:].isdigit())
        return numbered or (lower not in {"no", "nos", "art"} and not opener)
    if len(word) == 1 or "." in word or lower in WORDS_WITH_STOP or lower in ORGANISATIONS:
        return not opener and (word[0].isalpha() or len(word) > 1)
    return False


def _glued_boundary(text: str, stop: re.Match[str], begin: int, end: int) -> int | None:
    """Find a sentence end without a space after it: "was said.Then he", "was shown.12 The"."""
    place = stop.end()
    before = text[max(begin, stop.start() - LOOK_BACK) : stop.start()]
    token = before.split()[-1] if before and not before[-1].isspace() else ""
    if not token or _NOT_A_WORD_END.search(token) or len(stop["mark"]) != 1:
        return None
    ahead = text[place : min(place + LOOK_AHEAD, end)]
    word = _word_before(text, begin, stop.start())
    if _is_listed(word.lower()):
        return None
    cited = _CITATION_AFTER_STOP.match(ahead)
    if cited and not stop["close"] and token[-1].islower() and len(word) > 2:
        return place + cited.end()
    glued = _GLUED.match(ahead)
    if glued is None:
        return None
    plain_word = len(word) > 2 and word.isalpha() and word.islower() and len(glued[1]) > 1
    safe_end = bool(stop["close"]) or token[-1] in ')”"]' or token[-4:].isdigit()
    return place if plain_word or safe_end or (glued[1] in OPENERS and len(word) > 1) else None
