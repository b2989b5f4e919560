"""Where is a sentence divided that is too long to be quoted whole?"""

from __future__ import annotations

import re
from itertools import pairwise

LONGEST_QUOTE = 90
"""Words of the longest sentence that stays whole, and of the longest part of another."""
SHORTEST_PART = 6
"""Words of the shortest part worth quoting by itself."""
_FORCED_PART = 66
"""Words that parts have at most before their cuts move to meet a comma."""

_PLACE = re.compile(r";\s+|\s*\n\s*")
_WORD = re.compile(r"\S+")


def split_long(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Divide the sentence ``text[start:end]`` into parts of at most ``LONGEST_QUOTE`` words.

    Parts end at a semicolon or a line end; failing that, at a comma or a space.
    """
    if end - start < 2 * LONGEST_QUOTE or _words(text, start, end) <= LONGEST_QUOTE:
        return [(start, end)]
    parts: list[tuple[int, int]] = []
    for first, last in _merge(text, _pieces(text, start, end)):
        if _words(text, first, last) > LONGEST_QUOTE:
            parts.extend(_cut(text, first, last))
        else:
            parts.append((first, last))
    return parts


def _words(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    begin = start
    for place in _PLACE.finditer(text, start, end):
        stop = place.start() + (1 if text[place.start()] == ";" else 0)
        if stop > begin and place.end() < end:
            pieces.append((begin, stop))
            begin = place.end()
    return [*pieces, (begin, end)]


def _merge(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring pieces joined while they fit, so that parts are as long as may be."""
    merged: list[tuple[int, int]] = []
    held = 0
    for start, end in pieces:
        count = _words(text, start, end)
        fits = held + count <= LONGEST_QUOTE
        if merged and (fits or min(held, count) < SHORTEST_PART):
            merged[-1] = (merged[-1][0], end)
            held += count
        else:
            merged.append((start, end))
            held = count
    return merged


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Parts of nearly equal length, each cut moved to the nearest comma within reach."""
    words = [(word.start(), word.end()) for word in _WORD.finditer(text, start, end)]
    count = -(-len(words) // _FORCED_PART)
    # Both cuts of a part may move, away from each other.
    reach = (LONGEST_QUOTE - -(-len(words) // count)) // 2
    cuts: list[int] = []
    for part in range(1, count):
        middle = part * len(words) // count
        near = sorted(
            range(max(1, middle - reach), min(len(words), middle + reach + 1)),
            key=lambda place: (abs(place - middle), place),
        )
        commas = [place for place in near if text[words[place - 1][1] - 1] in ",:"]
        cut = commas[0] if commas else middle
        if not cuts or cut > cuts[-1]:
            cuts.append(cut)
    edges = [0, *cuts, len(words)]
    return [(words[first][0], words[last - 1][1]) for first, last in pairwise(edges)]
